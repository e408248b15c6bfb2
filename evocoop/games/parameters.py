"""Parameters that many games share. Data only."""

from __future__ import annotations

from evocoop.core.registry import Parameter


def number(name: str, summary: str, default: float, minimum: float | None = 0.0) -> Parameter:
    """Return a number with a default."""
    return Parameter(name, "number", summary, default=default, minimum=minimum)


def chance(name: str, summary: str, default: float) -> Parameter:
    """Return a probability with a default."""
    return Parameter(name, "probability", summary, default=default, minimum=0.0, maximum=1.0)


def size(default: int) -> Parameter:
    """Return the group size."""
    return Parameter("group_size", "integer", "N, players in a group", default=default, minimum=2)


def threshold(default: int, who: str) -> Parameter:
    """Return the number of players needed."""
    return Parameter("threshold", "integer", f"M, {who} needed, 1 to N", default=default, minimum=1)


def base_payoffs(temptation: float, reward: float, punishment: float, sucker: float) -> tuple[Parameter, ...]:
    """Return T, R, P and S."""
    return (
        number("temptation", "T: I defect, the other cooperates", temptation, None),
        number("reward", "R: both cooperate", reward, None),
        number("punishment", "P: both defect", punishment, None),
        number("sucker", "S: I cooperate, the other defects", sucker, None),
    )
