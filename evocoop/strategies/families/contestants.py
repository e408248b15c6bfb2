"""Entrants of Axelrod's two tournaments that keep a few flags or counters.

Sources: Axelrod 1980, J Conflict Resolution 24:3-25 and 24:379-403.
"""

from __future__ import annotations

import math
from typing import Final

from evocoop.core.jit import kernel
from evocoop.strategies.draws import random_choice
from evocoop.strategies.families.memory_one import vector
from evocoop.strategies.plan import Plan, Strategies, rule
from evocoop.strategies.state import C, D, Player, count_defections, number

OWED: Final = 0
EXPLOITED: Final = 1


@rule
def shubik(me: Player) -> int:
    """Answer the n-th defection against its cooperation with n defections."""
    if me.i[OWED]:
        me.i[OWED] -= 1
        return D
    if me.theirs & 1 and me.mine & 1 == C:
        me.i[OWED] = me.i[EXPLOITED]
        me.i[EXPLOITED] += 1
        return D
    return C


@rule
def feld(me: Player) -> int:
    """Play tit for tat, but answer a cooperation ever less surely; numbers: first chance, slope, last chance."""
    if me.turn == 0:
        return C
    if me.theirs & 1:
        return D
    return random_choice(me, max(number(me, 0) + number(me, 1) * me.turn, number(me, 2)))


@rule
def gladstein(me: Player) -> int:
    """Defect as often as not until the opponent minds, then apologise and play tit for tat."""
    if me.turn == 0:
        return D
    if me.i[0]:
        return me.theirs & 1
    if me.theirs & 1:
        me.i[0] = 1
        return C
    return int((me.cc + me.cd) / me.turn > 0.5)


@rule
def white(me: Player) -> int:
    """Answer a defection after the tenth turn when floor(ln turn) times the opponent's defections reach the turn."""
    turn = me.turn + 1
    if turn <= 10 or me.theirs & 1 == C:
        return C
    return int(math.floor(math.log(turn)) * (me.cd + me.dd) >= turn)


COOPERATED_CC: Final = 0
COOPERATED_CD: Final = 1
DEADLOCK: Final = 2
ECHO: Final = 3
RELENTS: Final = 4
GIVEN_UP: Final = 5


@kernel
def _judge(me: Player) -> bool:
    """Decide anew whether the opponent is random or unresponsive; return whether it has just been forgiven."""
    was_given_up = me.i[GIVEN_UP] == 1
    answers = me.i[COOPERATED_CC] + me.i[COOPERATED_CD]
    me.i[GIVEN_UP] = int(answers < 3 or (8 <= answers <= 17 and me.i[COOPERATED_CC] / answers < 0.7))
    me.i[COOPERATED_CC] = me.i[COOPERATED_CD] = 0
    if me.i[GIVEN_UP]:
        me.i[DEADLOCK] = me.i[ECHO] = me.i[RELENTS] = 0
    return was_given_up and not me.i[GIVEN_UP]


@rule
def borufsen(me: Player) -> int:
    """Play tit for tat, break deadlocks and echoes, and every 25 turns decide whether to give the opponent up."""
    if me.turn == 0:
        return C
    own, last = me.mine & 1, me.theirs & 1
    if me.turn >= 2 and last == C:
        me.i[COOPERATED_CD if me.mine >> 1 & 1 else COOPERATED_CC] += 1
    if me.turn >= 2 and me.turn % 25 == 1 and _judge(me):
        return D
    if me.i[GIVEN_UP]:
        return D
    me.i[DEADLOCK] = me.i[DEADLOCK] + 1 if own == D and last == D else 0
    if me.i[DEADLOCK] >= 3:
        me.i[DEADLOCK] = me.i[ECHO] = 0
        return C
    crossed = own != last and own == me.theirs >> 1 & 1 and last == me.mine >> 1 & 1
    me.i[ECHO] = me.i[ECHO] + 1 if crossed else 0
    if me.i[ECHO] >= 3:
        me.i[DEADLOCK] = me.i[ECHO] = 0
        me.i[RELENTS] = 1
    if last == D and me.i[RELENTS]:
        me.i[RELENTS] = 0
        return C
    return last


FORGIVES: Final = 0
GRUDGE: Final = 1
PADDING: Final = 2


@rule
def weiner(me: Player) -> int:
    """Play tit for tat and forgive at times, but defect when five of twelve plays before the last were defections."""
    last, play = me.theirs & 1, me.theirs & 1
    if me.turn == 0:
        return C
    if me.i[FORGIVES]:
        me.i[FORGIVES] = me.i[PADDING] = 0
        if last == D and me.i[GRUDGE] < me.turn + 1:
            me.i[GRUDGE] += 20
            play = C
    elif last == D:
        me.i[PADDING] += 1
    else:
        me.i[FORGIVES] = me.i[PADDING] % 2
        me.i[PADDING] = 0
    return D if count_defections(me.theirs >> 1, 12) >= 5 else play


INTENDED: Final = 8


@rule
def yamachi(me: Player) -> int:
    """Play what followed more often on the opponent's play and its own; defect when the opponent seems random.

    What it counts is what it meant to play, without the override.
    """
    intended = me.i[INTENDED]
    if me.turn >= 2:
        me.i[4 * (me.theirs >> 2 & 1) + 2 * (intended >> 1 & 1) + (me.theirs >> 1 & 1)] += 1
    seen = 4 * (me.theirs >> 1 & 1) + 2 * (intended & 1)
    play = int(me.turn > 0 and me.i[seen] < me.i[seen + 1])
    me.i[INTENDED] = (intended << 1 | play) & 3
    if me.turn >= 40 and 0.45 < (me.cd + me.dd + 0.5) / (me.turn + 1) < 0.55:
        return D
    return play


AGREEMENTS: Final = 0
STREAK: Final = 1
NEEDED: Final = 2
TESTED_AT: Final = 3
AFTER_C: Final = 4
AFTER_D: Final = 5


@kernel
def _probe(me: Player) -> int:
    """Return D to test a long streak of cooperation, C two turns after a test, or -1 for neither."""
    turn, last = me.turn + 1, me.theirs & 1
    if me.i[TESTED_AT] == 0:
        me.i[STREAK] = 0 if last else me.i[STREAK] + 1
        if me.i[STREAK] >= me.i[NEEDED]:
            me.i[TESTED_AT] = turn
            if me.i[STREAK] == me.i[NEEDED]:
                return D
    elif turn == me.i[TESTED_AT] + 2:
        me.i[TESTED_AT] = me.i[STREAK] = 0
        me.i[AFTER_D if last else AFTER_C] += 1
        me.i[NEEDED] = math.floor(20.0 * me.i[AFTER_D] / me.i[AFTER_C]) + 1
        return C
    return -1


@rule
def hufford(me: Player) -> int:
    """Cooperate with those that agree with its play before, test long streaks of cooperation with a defection."""
    if me.turn == 0:
        me.i[AGREEMENTS] = me.i[STREAK] = me.i[AFTER_C] = me.i[AFTER_D] = 2
        me.i[NEEDED] = 21
        return C
    agrees = int(me.theirs & 1 == me.mine >> 1 & 1)
    me.i[AGREEMENTS] += agrees
    probe = _probe(me)
    if probe >= 0:
        return probe
    share = me.i[AGREEMENTS] / (me.turn + 1)
    recent = 4 - count_defections(me.mine >> 1 ^ me.theirs, 4)
    if share > 0.9 and recent >= 4:
        return C
    return me.theirs & 1 if share >= 0.625 and recent >= 2 else D


def first_by_feld(start_coop_prob: float = 1.0, end_coop_prob: float = 0.5, rounds_of_decay: int = 200) -> Plan:
    """Play tit for tat, but answer a cooperation with a chance that falls linearly from turn to turn."""
    slope = (end_coop_prob - start_coop_prob) / rounds_of_decay
    return Plan(feld, stochastic=True, numbers=(start_coop_prob, slope, end_coop_prob))


STRATEGIES: Strategies = {
    "FirstByShubik": Plan(shubik),
    "FirstByFeld": first_by_feld,
    "FirstByGrofman": vector((1, 2 / 7, 2 / 7, 1)),
    "SecondByGladstein": Plan(gladstein),
    "SecondByWhite": Plan(white),
    "SecondByBorufsen": Plan(borufsen),
    "SecondByWeiner": Plan(weiner),
    "SecondByYamachi": Plan(yamachi),
    "SecondByRichardHufford": Plan(hufford),
}
