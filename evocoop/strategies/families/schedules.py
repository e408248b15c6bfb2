"""Open loops: players that look at nothing but the turn."""

from __future__ import annotations

from evocoop.core.errors import InputError
from evocoop.strategies.draws import random_choice
from evocoop.strategies.machines import Machine, explore, recent
from evocoop.strategies.plan import Numbers, Plan, Strategies, rule
from evocoop.strategies.state import C, D, Player, entry, number


@rule
def always_cooperate(me: Player) -> int:
    """Cooperate always."""
    return C


@always_cooperate.read
def _cooperator(plan: Plan, numbers: Numbers) -> Machine | None:
    return recent(lambda turn, mine, theirs: 1.0, 0, 0, 0)


@rule
def always_defect(me: Player) -> int:
    """Defect always."""
    return D


@always_defect.read
def _defector(plan: Plan, numbers: Numbers) -> Machine | None:
    return recent(lambda turn, mine, theirs: 0.0, 0, 0, 0)


@rule
def cycle_plays(me: Player) -> int:
    """Repeat a list of plays; table: its length, then the plays."""
    return entry(me, 1 + me.turn % entry(me, 0))


@cycle_plays.read
def _cycle(plan: Plan, numbers: Numbers) -> Machine | None:
    length, plays = plan.table[0], plan.table[1:]
    return explore(0, lambda turn: 1.0 - plays[turn], lambda turn, mine, theirs: (turn + 1) % length)


@rule
def toss(me: Player) -> int:
    """Cooperate with one fixed probability; numbers: p."""
    return random_choice(me, number(me, 0))


@toss.read
def _coin(plan: Plan, numbers: Numbers) -> Machine | None:
    return recent(lambda turn, mine, theirs: numbers[0], 0, 0, 0)


def plays(text: str) -> tuple[int, ...]:
    """Return the plays written as C and D.

    >>> plays("CCD")
    (0, 0, 1)
    """
    if not text or set(text) - set("CD"):
        raise InputError(f"plays must be written as a text of C and D, not {text!r}")
    return tuple(C if letter == "C" else D for letter in text)


def cycler(cycle: str = "CCD") -> Plan:
    """Repeat the cycle, for example ``"CCD"``."""
    return Plan(cycle_plays, table=(len(cycle), *plays(cycle)))


def random_player(p: float = 0.5) -> Plan:
    """Cooperate with probability p, whatever happens."""
    if 0 < p < 1:
        return Plan(toss, stochastic=True, numbers=(p,))
    return Plan(always_cooperate if p >= 1 else always_defect)


STRATEGIES: Strategies = {
    "Cooperator": Plan(always_cooperate),
    "Defector": Plan(always_defect),
    "Random": random_player,
    "Cycler": cycler,
    "CyclerDC": cycler("DC"),
    "CyclerCCD": cycler("CCD"),
    "CyclerDDC": cycler("DDC"),
    "CyclerCCCD": cycler("CCCD"),
    "CyclerCCCCCD": cycler("CCCCCD"),
    "CyclerCCCDCD": cycler("CCCDCD"),
}
