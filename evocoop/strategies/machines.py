"""Finite-state machines: what a plan is whose next play follows from a state and the state from the joint plays.

Rules that are machines by their making say which one (:meth:`Rule.read`), and are then played from its table, without
a call for each play. A state is eight words: the chance of cooperation as a bound on 53 random bits, so that a draw u
cooperates if u < bound (0 and 2^53 draw nothing), then the next state after CC, CD, DC, DD, own play first.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

SURE: Final = 1 << 53
"""Bound of a state that cooperates without a draw."""
MOST_STATES: Final = 256
"""Plans of more states are played by their rule."""


class Machine(NamedTuple):
    """A finite-state machine that starts in state 0.

    Args:
        cooperates: probability of C in each state.
        moves: next state of each state after CC, CD, DC, DD, own play first.
    """

    cooperates: tuple[float, ...]
    moves: tuple[tuple[int, int, int, int], ...]

    def words(self) -> NDArray[np.int64]:
        """Return the table a compiled loop reads, array (states, 8)."""
        table = np.zeros((len(self.cooperates), 8), dtype=np.int64)
        table[:, 0] = [math.ceil(p * SURE) for p in self.cooperates]
        table[:, 1:5] = self.moves
        return table


def explore(
    start: Hashable, chance: Callable[[Any], float], after: Callable[[Any, int, int], Hashable]
) -> Machine | None:
    """Return the machine of all states reached from one, or None when there are more than 256.

    Args:
        start: the first state, in any form.
        chance: gives the probability of C in a state.
        after: gives the state after an own play and the opponent's, 0 for C and 1 for D.

    >>> explore(0, lambda last: 1.0 - last, lambda last, mine, theirs: theirs)
    Machine(cooperates=(1.0, 0.0), moves=((0, 1, 0, 1), (0, 1, 0, 1)))
    """
    places: dict[Hashable, int] = {start: 0}
    pending = [start]
    moves = []
    for state in pending:
        row = []
        for joint in range(4):
            to = after(state, joint >> 1, joint & 1)
            if to not in places:
                if len(places) == MOST_STATES:
                    return None
                places[to] = len(places)
                pending.append(to)
            row.append(places[to])
        moves.append((row[0], row[1], row[2], row[3]))
    return Machine(tuple(chance(state) for state in pending), tuple(moves))


def recent(chance: Callable[[int, int, int], float], turns: int, own: int, other: int) -> Machine | None:
    """Return the machine of a player that looks at its first turns' number and at some last plays only.

    Args:
        chance: gives the probability of C from the number of the turn (0, 1, … then always ``turns``), its own last
            plays and the opponent's as bits: bit k is 1 if it defected k + 1 turns ago, 0 before the match.
        turns: from this turn on the number of the turn does not matter.
        own: how many of its own last plays it looks at.
        other: how many of the opponent's.

    >>> recent(lambda turn, mine, theirs: 1.0 - theirs, 0, 0, 1).moves
    ((0, 1, 0, 1), (0, 1, 0, 1))
    """

    def after(state: tuple[int, int, int], play: int, reply: int) -> tuple[int, int, int]:
        turn, mine, theirs = state
        mine, theirs = (mine << 1 | play) & ((1 << own) - 1), (theirs << 1 | reply) & ((1 << other) - 1)
        return (min(turn + 1, turns), mine, theirs)

    return explore((0, 0, 0), lambda state: chance(*state), after)
