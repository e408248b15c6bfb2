"""Players that test the opponent's plays for randomness: entrants of Axelrod 1980, J Conflict Resolution 24:3-25.

The test is Pearson's with one degree of freedom: of n plays k more are of one kind than of the other, and k² / n passes
the critical value of the level or does not. That is what the library's p-value decides; by rounding the two could only
differ if k² / n equalled the critical value to fifteen digits, and whole numbers k and n do not bring it that near.
"""

from __future__ import annotations

import math
from typing import Final

from evocoop.core.jit import kernel
from evocoop.strategies.draws import randint
from evocoop.strategies.plan import Numbers, Plan, Setting, Strategies, rule
from evocoop.strategies.state import C, D, Player, number, played

RANDOM: Final = 0
NOT_TIT_FOR_TAT: Final = 1
NOT_TWIN: Final = 2
NEXT: Final = 3


@kernel
def _seems_random(me: Player) -> bool:
    """Return whether the opponent's defections and cooperations are near enough to even; numbers: critical value."""
    lead = me.cc + me.dc - me.cd - me.dd
    return lead * lead <= number(me, 0) * me.turn


@kernel
def _compare(me: Player) -> None:
    """Note when the opponent's last play is not what tit for tat, or the player itself, played."""
    last = me.theirs & 1
    if me.turn >= 2 and last != me.mine >> 1 & 1:
        me.i[NOT_TIT_FOR_TAT] = 1
    if last != me.mine & 1 or last != played(me, me.turn - 1):
        me.i[NOT_TWIN] = 1


@rule
def graaskamp(me: Player) -> int:
    """Play tit for tat and defect on turn 51; from turn 57 on answer random players, tit for tat, twins and others.

    Random players get defection for ever, tit for tat and twins get tit for tat, others a defection each 5 to 14 turns.
    """
    if me.turn == 0:
        return C
    _compare(me)
    if me.turn < 56:
        return int(me.theirs & 1 == D or me.turn == 50)
    if me.i[RANDOM] or _seems_random(me):
        me.i[RANDOM] = 1
        return D
    if not (me.i[NOT_TIT_FOR_TAT] and me.i[NOT_TWIN]):
        return me.theirs & 1
    if me.i[NEXT] == 0:
        me.i[NEXT] = randint(me, 5, 15) + me.turn
    if me.turn == me.i[NEXT]:
        me.i[NEXT] = randint(me, 5, 15) + me.turn
        return D
    return C


@rule
def stein_and_rapoport(me: Player) -> int:
    """Play tit for tat, but defect against opponents that seem random, tested every 15 turns, and on the last two."""
    turn = me.turn + 1
    if turn >= 15 and turn % 15 == 0:
        me.i[RANDOM] = int(_seems_random(me))
    if me.length >= turn > me.length - 2:
        return D
    if turn < 5:
        return C
    return D if me.i[RANDOM] else me.theirs & 1


def critical_value(alpha: float) -> float:
    """Return the value of the statistic that is exceeded by chance with probability alpha."""
    from scipy.special import chdtri

    if alpha <= 0 or alpha > 1:
        return math.inf if alpha <= 0 else -1.0
    return float(chdtri(1, alpha))


def _numbers(alpha: float):  # type: ignore[no-untyped-def]
    def numbers(setting: Setting) -> Numbers:
        return (critical_value(alpha),)

    return numbers


def first_by_graaskamp(alpha: float = 0.05) -> Plan:
    """Play tit for tat with a test defection, and defect against players that seem random at level alpha."""
    return Plan(graaskamp, stochastic=True, numbers=_numbers(alpha))


def first_by_stein_and_rapoport(alpha: float = 0.05) -> Plan:
    """Play tit for tat, defect against players that seem random at level alpha, and on the last two turns."""
    return Plan(stein_and_rapoport, numbers=_numbers(alpha))


STRATEGIES: Strategies = {
    "FirstByGraaskamp": first_by_graaskamp,
    "FirstBySteinAndRapoport": first_by_stein_and_rapoport,
}
