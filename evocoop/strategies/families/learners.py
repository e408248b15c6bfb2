"""Players that fill a table as they learn.

Q-learning: Watkins 1989, "Learning from delayed rewards", thesis, King's College Cambridge.
"""

from __future__ import annotations

from typing import Final

from evocoop.core.jit import kernel
from evocoop.strategies.draws import random, random_choice
from evocoop.strategies.plan import Plan, Strategies, rule
from evocoop.strategies.state import C, Player, keep, keep_number, number, stored, stored_number

REMEMBERED: Final = 12
EXPLORATION: Final = 0.1
SLOT: Final = 3
"""Words of a state in the store: its key (0 when the slot is free) and the values of C and of D."""
SPREAD: Final = 0x9E3779B1
BEFORE: Final = 0
PROPOSED: Final = 1


@kernel
def _find(me: Player, key: int) -> int:
    """Return the slot of a state, which takes the next free one when it is new."""
    most = me.store_words // SLOT - 1
    k = (key * SPREAD >> 8) & most
    while stored(me, SLOT * k) != key:
        if stored(me, SLOT * k) == 0:
            keep(me, SLOT * k, key)
            break
        k = (k + 1) & most
    return SLOT * k


@kernel
def _state(me: Player) -> int:
    """Return the key of the state: the opponent's last twelve plays and how often it has cooperated at all."""
    seen = min(me.turn, REMEMBERED)
    return (me.cc + me.dc) << REMEMBERED + 1 | 1 << seen | (me.theirs & ((1 << seen) - 1))


@kernel
def _reward(me: Player, play: int, reply: int) -> float:
    if play == C:
        return me.sucker if reply else me.reward
    return me.punishment if reply else me.temptation


@rule
def q_learner(me: Player) -> int:
    """Learn the worth of each play after the opponent's last twelve, and play the better one nine times of ten.

    numbers: learning rate, discount rate. Learning goes by what it meant to play, whatever noise made of it.
    """
    if me.turn == 0:
        me.i[PROPOSED] = random_choice(me, 0.5)
        me.i[BEFORE] = _find(me, 1 << REMEMBERED)
    state = _find(me, _state(me))
    reply = me.theirs & 1 if me.turn else random_choice(me, 0.5)
    gain = _reward(me, me.i[PROPOSED], reply)
    best = max(stored_number(me, state + 1), stored_number(me, state + 2))
    place, rate = me.i[BEFORE] + 1 + me.i[PROPOSED], number(me, 0)
    old = stored_number(me, place)
    keep_number(me, place, (1.0 - rate) * old + rate * (gain + number(me, 1) * best))
    if random(me) < 1.0 - EXPLORATION:
        play = int(stored_number(me, state + 2) > stored_number(me, state + 1))
    else:
        play = random_choice(me, 0.5)
    me.i[BEFORE], me.i[PROPOSED] = state, play
    return play


def _room(turns: int) -> int:
    """Return the words of a table at most half full, its slots a power of two."""
    return SLOT << (2 * turns + 3).bit_length()


def _learner(learning_rate: float, discount_rate: float) -> Plan:
    return Plan(q_learner, stochastic=True, numbers=(learning_rate, discount_rate), store=_room)


CONTEXTS: Final = 16
WATCHED: Final = 30
SHARE: Final = 0.25


@kernel
def _context(me: Player, ago: int) -> int:
    """Return both players' plays of two turns, the later one so many turns ago, as a number below 16."""
    return (me.theirs >> ago & 3) << 2 | (me.mine >> ago & 3)


@rule
def frequency_analyzer(me: Player) -> int:
    """Watch for 30 turns, then defect unless the opponent cooperated often enough after the same two turns."""
    now = _context(me, 0)
    if me.turn > 5:
        before = _context(me, 1)
        keep(me, before, 1)
        keep(me, CONTEXTS + before, stored(me, CONTEXTS + before) + 1 - (me.theirs & 1))
    if me.turn < WATCHED or not stored(me, now):
        return me.theirs & 1
    return int(stored(me, CONTEXTS + now) / me.turn <= SHARE)


STRATEGIES: Strategies = {
    "FrequencyAnalyzer": Plan(frequency_analyzer, store=2 * CONTEXTS),
    "RiskyQLearner": _learner(0.9, 0.9),
    "ArrogantQLearner": _learner(0.9, 0.1),
    "HesitantQLearner": _learner(0.1, 0.9),
    "CautiousQLearner": _learner(0.1, 0.1),
}
