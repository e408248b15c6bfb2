"""The entrant of Paul Harrington: a probing tit for tat that looks for random, alternating and hostile opponents.

Eighth in the second tournament: Axelrod 1980, J Conflict Resolution 24:379-403.
"""

from __future__ import annotations

from typing import Final

from evocoop.core.jit import kernel
from evocoop.strategies.draws import random
from evocoop.strategies.plan import Plan, Strategies, rule
from evocoop.strategies.state import C, D, Player, keep, stored

MODE: Final = 0
DEFECTIONS: Final = 1
PATIENCE: Final = 2
WAS_HOSTILE: Final = 3
PLANNED: Final = 4
SINCE_TEST: Final = 5
BURNED: Final = 6
STREAK: Final = 7
PARITY: Final = 8
PARITY_STREAK: Final = 9
LIMIT: Final = 11
HITS: Final = 12

NORMAL: Final = 0
HOSTILE: Final = 1
FAIR_WEATHER: Final = 2


@kernel
def _cooperate(me: Player) -> int:
    """Cooperate, one planned cooperation less, one turn more since the last test."""
    me.i[PLANNED] -= 1
    me.i[SINCE_TEST] += 1
    return C


@kernel
def _reply(me: Player, play: int) -> int:
    """Return a play of the normal mode: a defection counts in the streak of this parity."""
    if play == C:
        return _cooperate(me)
    me.i[PARITY_STREAK + me.i[PARITY]] += 1
    return D


@kernel
def _test(me: Player) -> int:
    """Defect to see what happens, and plan to cooperate twice."""
    me.i[PLANNED], me.i[SINCE_TEST] = 2, 1
    return D


@kernel
def _hostile(me: Player) -> int:
    """Defect until the opponent has defected eleven times more than a third of its cooperations."""
    me.i[PATIENCE] += 1 if me.theirs & 1 else -3
    if me.i[PATIENCE] < 11:
        return D
    me.i[MODE], me.i[WAS_HOSTILE], me.i[PLANNED] = NORMAL, 1, 2
    return C


@kernel
def _statistic(me: Player, total: int) -> float:
    """Return the sum of (expected - observed)² / expected over the cells where more than one turn is expected."""
    chi_squared = 0.0
    for row in range(4):
        for column in range(2):
            in_row = stored(me, 2 * row) + stored(me, 2 * row + 1)
            in_column = stored(me, column) + stored(me, 2 + column) + stored(me, 4 + column) + stored(me, 6 + column)
            expected = in_row * in_column / total
            if expected > 1.0:
                difference = expected - stored(me, 2 * row + column)
                chi_squared += difference * difference / expected
    return chi_squared


@kernel
def _is_random(me: Player) -> bool:
    """Record the opponent's last play and, every 15 turns, return whether it seems to play at random."""
    turn = me.turn + 1
    if turn > 2:
        me.i[DEFECTIONS] += me.theirs & 1
        cell = 2 * (2 * (me.mine >> 1 & 1) + (me.theirs >> 1 & 1)) + (me.theirs & 1)
        keep(me, cell, stored(me, cell) + 1)
    if turn % 15 or turn == 15:
        return False
    total = turn - 2
    share = me.i[DEFECTIONS] / total
    if stored(me, 0) / total >= 0.8 or share < 0.25 or share > 0.75:
        return False
    return _statistic(me, total) <= 3


@kernel
def _meets_parity(me: Player) -> bool:
    """Return whether the opponent's defections on turns of one parity have reached the limit, and forget them then."""
    me.i[PARITY] = 1 - me.i[PARITY]
    place = PARITY_STREAK + me.i[PARITY]
    me.i[place] = me.i[place] + 1 if me.theirs & 1 else 0
    if me.i[place] < me.i[LIMIT]:
        return False
    me.i[place] = 0
    me.i[HITS] += 1
    if me.i[HITS] >= 8:
        me.i[LIMIT] = 3
    return True


@kernel
def _normal(me: Player) -> int:
    """Play tit for tat with streaks watched, a test on turn 37 and tests at random after it."""
    last, turn = me.theirs & 1, me.turn + 1
    me.i[STREAK] = me.i[STREAK] + 1 if last else 0
    if me.i[STREAK] >= 20:
        return _reply(me, D)
    if _meets_parity(me) or me.i[PLANNED] >= 1:
        return _cooperate(me)
    if turn < 37:
        return _reply(me, last)
    if turn == 37:
        return _test(me)
    if me.i[BURNED] or random(me) > me.x[0]:
        return _reply(me, last)
    me.x[0] += 0.05
    return _test(me)


@rule
def harrington(me: Player) -> int:
    """Play tit for tat and test the opponent now and then; defect against those that seem random."""
    if me.turn == 0:
        me.i[SINCE_TEST], me.i[LIMIT], me.x[0] = 3, 5, 0.25
        return C
    if me.i[MODE] == HOSTILE:
        return _hostile(me)
    if not me.i[WAS_HOSTILE] and _is_random(me):
        me.i[MODE] = HOSTILE
        return D
    last = me.theirs & 1
    if me.i[SINCE_TEST] == 2 and last == D:
        me.i[BURNED] = 1
    if me.turn == 37 and last == D and me.cc + me.dc == 36:
        me.i[MODE] = FAIR_WEATHER
        return C
    if me.i[MODE] == FAIR_WEATHER:
        if last == C:
            return _cooperate(me)
        me.i[MODE] = NORMAL
    return _normal(me)


STRATEGIES: Strategies = {
    "SecondByHarrington": Plan(harrington, stochastic=True, store=8),
}
