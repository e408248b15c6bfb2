"""Whether what is asked of continuous traits can be asked of their game. Needs no compiler."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evocoop.core.errors import InputError
from evocoop.games.traits import TraitGame

MOST_MEETINGS = 2e12


def check_path(game: Any, strategies: Sequence[str], given: Mapping[str, Any]) -> None:
    """Raise InputError when the start or the covariance do not fit the traits."""
    start_of(game, given.get("start"))
    covariance = given.get("covariance", [1.0])
    if len(covariance) not in (1, len(game.traits)) or min(covariance) < 0:
        raise InputError(
            f"covariance must be one number of at least 0, or one for each of {', '.join(game.traits)}, "
            f"not {covariance}"
        )


def check_one_trait(game: Any, strategies: Sequence[str], given: Mapping[str, Any]) -> None:
    """Raise InputError when the game has several traits."""
    if len(game.traits) != 1:
        raise InputError(f"this needs a game of one trait, not of {', '.join(game.traits)}")


def check_simulation(game: Any, strategies: Sequence[str], given: Mapping[str, Any]) -> None:
    """Raise InputError when the start does not fit the traits, or the runs would never be over."""
    start_of(game, given.get("start"))
    asked = [int(given.get(name, 2)) for name in ("population_size", "generations", "replicates")]
    check_work(game, asked[0], asked[1], asked[2], str(given.get("process", "")))


def start_of(game: TraitGame, start: Any) -> NDArray[np.float64]:
    """Return the traits that everybody has at first, the middle of their bounds when none are given."""
    low, high = np.array(game.bounds).T
    if start is None:
        return np.asarray((low + high) / 2)
    try:
        given = np.atleast_1d(np.asarray(start, dtype=np.float64))
    except (TypeError, ValueError):
        given = np.zeros(0)
    if given.shape != low.shape or not ((given >= low) & (given <= high)).all():
        said = ", ".join(f"{name} in [{a:g}, {b:g}]" for name, (a, b) in zip(game.traits, game.bounds, strict=True))
        raise InputError(f"start must have {said}, not {start!r}")
    return given


def check_work(game: TraitGame, people: int, generations: int, runs: int, process: str) -> None:
    """Raise InputError when so many meetings would take days."""
    each = people if game.polynomial is None else 10
    whole = float(people) * each * generations * runs * (2 if process == "pairwise" else 1)
    if whole > MOST_MEETINGS:
        raise InputError(
            f"{whole:.2g} meetings would take days; lower population_size, generations or replicates "
            f"(at most {MOST_MEETINGS:.0e})"
        )
