"""Players that search the whole history."""

from __future__ import annotations

from typing import Final

from evocoop.core.jit import kernel
from evocoop.strategies.draws import STREAM_WORDS, next_double, start_alike
from evocoop.strategies.plan import Plan, Strategies, rule
from evocoop.strategies.state import C, D, Player, keep, my_play, stored, their_play

BROKEN: Final = 0
FOUND: Final = 1
LONGEST: Final = 12


@kernel
def _see(me: Player, skipped: int) -> None:
    """Note which periods the opponent's last play breaks, as bits; so many plays at the beginning do not count."""
    newest = me.turn - 1
    for period in range(1, min(LONGEST, newest - skipped) + 1):
        if their_play(me, newest) != their_play(me, newest - period):
            me.i[BROKEN] |= 1 << period


@kernel
def _period(me: Player, plays: int, shortest: int) -> int:
    """Return the shortest period that is seen whole at least twice in so many plays and never broken, or 0."""
    for period in range(shortest, min(plays // 2, LONGEST) + 1):
        if not me.i[BROKEN] >> period & 1:
            return period
    return 0


@rule
def cycle_hunter(me: Player) -> int:
    """Defect for ever once the opponent repeats a cycle of 3 to 12 plays that are not all alike."""
    _see(me, 0)
    defections = me.cd + me.dd
    if not me.i[FOUND] and 0 < defections < me.turn:
        me.i[FOUND] = _period(me, me.turn, 3)
    return int(me.i[FOUND] > 0)


@rule
def eventual_cycle_hunter(me: Player) -> int:
    """Look every ten turns for a cycle of 3 to 12 plays after the tenth, and defect while there is one."""
    _see(me, 10)
    if me.turn < 10 or me.cd + me.dd == 0:
        return C
    if me.turn % 10 == 0:
        me.i[FOUND] = _period(me, me.turn - 10, 3)
    return int(me.i[FOUND] > 0)


@rule
def calculator(me: Player) -> int:
    """Play tit for tat, at first with a defection in ten; defect for ever if the first 20 plays were a cycle.

    The library gives its defections a stream of their own with the player's seed; it matters where a transformer draws
    from the player's. store: that stream.
    """
    if me.turn == 0:
        start_alike(me.store, me.stream)
    if me.turn <= 20:
        _see(me, 0)
    if me.turn == 20:
        me.i[FOUND] = _period(me, 20, 1)
    if me.i[FOUND]:
        return D
    if 0 < me.turn < 20 and me.theirs & 1 == C:
        return C if next_double(me.store) < 0.9 else D
    return me.theirs & 1


@kernel
def _cooperations(me: Player, begin: int, end: int) -> int:
    """Return how often both players together cooperated from one turn to before another, by running totals."""
    return stored(me, end) - stored(me, begin)


@rule
def math_constant_hunter(me: Player) -> int:
    """Defect when the share of cooperation is about the same in the first, the middle and the last half."""
    n = me.turn
    if n > 0:
        keep(me, n, stored(me, n - 1) + 2 - my_play(me, n - 1) - their_play(me, n - 1))
    defections = me.cd + me.dd
    if n < 8 or defections == 0 or defections == n:
        return C
    half, begin, end = n // 2, n // 4, 3 * n // 4
    first = 0.5 * _cooperations(me, 0, half) / half
    middle = 0.5 * _cooperations(me, begin, end) / (end - begin)
    last = 0.5 * _cooperations(me, half, n) / (n - half)
    return int(abs(first - middle) < 0.2 and abs(first - last) < 0.2)


STRATEGIES: Strategies = {
    "CycleHunter": Plan(cycle_hunter),
    "EventualCycleHunter": Plan(eventual_cycle_hunter),
    "Calculator": Plan(calculator, stochastic=True, store=STREAM_WORDS),
    "MathConstantHunter": Plan(math_constant_hunter, store=lambda turns: turns + 1),
}
