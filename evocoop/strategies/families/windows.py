"""Players that count or compare a few recent plays."""

from __future__ import annotations

from evocoop.strategies.draws import random_choice
from evocoop.strategies.machines import Machine, recent
from evocoop.strategies.plan import Numbers, Plan, Strategies, rule
from evocoop.strategies.state import C, D, Player, count_defections, entry, number, their_play


@rule
def defections_in_window(me: Player) -> int:
    """Defect when the opponent's last plays hold enough defections; table: how many plays, how many defections."""
    return int(count_defections(me.theirs, entry(me, 0)) >= entry(me, 1))


@defections_in_window.read
def _counter(plan: Plan, numbers: Numbers) -> Machine | None:
    plays, enough = plan.table
    return recent(lambda turn, mine, theirs: float(theirs.bit_count() < enough), 0, 0, plays)


@rule
def two_in_a_row(me: Player) -> int:
    """Defect when two of the opponent's last three plays, one after the other, are defections."""
    return int(me.theirs & (me.theirs >> 1) & 3 != 0)


@two_in_a_row.read
def _pairs(plan: Plan, numbers: Numbers) -> Machine | None:
    return recent(lambda turn, mine, theirs: float(theirs & (theirs >> 1) & 3 == 0), 0, 0, 3)


@rule
def chance_by_count(me: Player) -> int:
    """Cooperate first, then by the number of defections in a window.

    numbers: probability to cooperate after 0, 1, 2 … defections; table: turns of cooperation, plays in the window.
    """
    if me.turn < entry(me, 0):
        return C
    return random_choice(me, number(me, count_defections(me.theirs, entry(me, 1))))


@chance_by_count.read
def _by_count(plan: Plan, numbers: Numbers) -> Machine | None:
    kind, plays = plan.table
    return recent(lambda turn, mine, theirs: 1.0 if turn < kind else numbers[theirs.bit_count()], kind, 0, plays)


@rule
def majority(me: Player) -> int:
    """Do what the opponent did more often; table: plays looked at (0 for all), the play in a tie."""
    looked_at, defections = me.turn, me.cd + me.dd
    memory = entry(me, 0)
    if 0 < memory < me.turn:
        looked_at, defections = memory, count_defections(me.theirs, min(memory, 63))
        for turn in range(me.turn - memory, me.turn - 63):
            defections += their_play(me, turn)
    if 2 * defections == looked_at:
        return entry(me, 1)
    return int(2 * defections > looked_at)


@rule
def short_majority(me: Player) -> int:
    """Do what the opponent did clearly more often (by three or more) in ten plays, else what it did last."""
    if me.turn <= 10:
        return C
    lead = 10 - 2 * count_defections(me.theirs, 10)
    if lead >= 3:
        return C
    return D if lead <= -3 else me.theirs & 1


@rule
def slow_for_two(me: Player) -> int:
    """Follow the opponent when it did the same twice, otherwise repeat one's own play."""
    if me.turn < 2:
        return C
    return me.theirs & 1 if (me.theirs ^ me.theirs >> 1) & 1 == 0 else me.mine & 1


@rule
def resurrection(me: Player) -> int:
    """Play tit for tat, but after five plays of one kind of its own play something set.

    table: the play after five cooperations (-1: tit for tat), the play after five defections.
    """
    if me.turn >= 5:
        own = me.mine & 31
        if own == 31:
            return entry(me, 1)
        if own == 0 and entry(me, 0) >= 0:
            return entry(me, 0)
    return me.theirs & 1


@rule
def by_own_last(me: Player) -> int:
    """Play tit for tat for seven turns, then forgive two defections of seven; one after its own D."""
    if me.turn < 2:
        return C
    if me.turn <= 6:
        return me.theirs & 1
    defections = count_defections(me.theirs >> 1, 7)
    return int(defections > (1 if me.mine & 1 else 2))


@rule
def tricky_cooperator(me: Player) -> int:
    """Defect against an opponent that has cooperated on each of the last ten turns (three at least)."""
    return int(me.turn >= 3 and me.theirs & 1023 == 0)


def go_by_majority(memory_depth: float = float("inf"), soft: bool = True) -> Plan:
    """Do what the opponent did more often; in a tie cooperate (soft) or defect (hard)."""
    memory = 0 if memory_depth == float("inf") else int(memory_depth)
    return Plan(majority, table=(memory, C if soft else D))


def hard_majority(memory_depth: float = float("inf")) -> Plan:
    """Do what the opponent did more often, and defect in a tie."""
    return go_by_majority(memory_depth, soft=False)


STRATEGIES: Strategies = {
    "TitFor2Tats": Plan(defections_in_window, table=(2, 2)),
    "TwoTitsForTat": Plan(defections_in_window, table=(2, 1)),
    "HardTitForTat": Plan(defections_in_window, table=(3, 1)),
    "HardTitFor2Tats": Plan(two_in_a_row),
    "SlowTitForTwoTats2": Plan(slow_for_two),
    "GoByMajority": go_by_majority,
    "GoByMajority5": go_by_majority(5),
    "GoByMajority10": go_by_majority(10),
    "GoByMajority20": go_by_majority(20),
    "GoByMajority40": go_by_majority(40),
    "HardGoByMajority": hard_majority,
    "HardGoByMajority5": hard_majority(5),
    "HardGoByMajority10": hard_majority(10),
    "HardGoByMajority20": hard_majority(20),
    "HardGoByMajority40": hard_majority(40),
    "ShortMem": Plan(short_majority),
    "Resurrection": Plan(resurrection, table=(-1, D)),
    "DoubleResurrection": Plan(resurrection, table=(D, C)),
    "SecondByBlack": Plan(chance_by_count, True, (1.0, 1.0, 0.88, 0.68, 0.4, 0.04), (5, 5)),
    "FirstByTullock": Plan(
        chance_by_count, True, tuple(max(0.0, (10 - defections) / 10 - 0.1) for defections in range(11)), (11, 10)
    ),
    "SecondByGrofman": Plan(by_own_last),
    "TrickyCooperator": Plan(tricky_cooperator),
}
