"""What a rule sees: the record of one player in one match, and the memory that hangs on it.

Plays are coded 0 for cooperation and 1 for defection throughout, so the joint plays CC, CD, DC, DD are 0, 1, 2, 3 (own
play first) and an empty history reads as one of cooperation.
"""

from __future__ import annotations

from typing import Any, Final, Protocol

import numpy as np

from evocoop.core.jit import caller, kernel, loader, record_at, storer

C: Final = 0
D: Final = 1
WINDOW: Final = 0x7FFFFFFFFFFFFFFF

PLAYER = np.dtype(
    (
        np.record,
        [
            ("turn", "i8"),
            ("mine", "i8"),
            ("theirs", "i8"),
            ("cc", "i8"),
            ("cd", "i8"),
            ("dc", "i8"),
            ("dd", "i8"),
            ("reward", "f8"),
            ("sucker", "f8"),
            ("temptation", "f8"),
            ("punishment", "f8"),
            ("length", "f8"),
            ("rule", "i8"),
            ("address", "i8"),
            ("stochastic", "i8"),
            ("stream", "i8"),
            ("my_plays", "i8"),
            ("played", "i8"),
            ("numbers", "i8"),
            ("table", "i8"),
            ("store", "i8"),
            ("store_words", "i8"),
            ("machine", "i8"),
            ("sure", "i8"),
            ("columns", "i8"),
            ("team", "i8"),
            ("members", "i8"),
            ("block", "i8"),
            ("their_plays", "i8"),
            ("state", "i8"),
            ("i", "i8", (16,)),
            ("x", "f8", (8,)),
        ],
    )
)


class Player(Protocol):
    """The record of one player, as a rule may read it; only ``i`` and ``x`` may be written by a rule."""

    turn: int
    """How many turns have been played."""
    mine: int
    """The player's own last 63 plays: bit k is 1 if it defected k + 1 turns ago."""
    theirs: int
    """The opponent's last 63 plays: bit k is 1 if it defected k + 1 turns ago."""
    cc: int
    """How often both cooperated."""
    cd: int
    """How often the player cooperated and the opponent defected."""
    dc: int
    """How often the player defected and the opponent cooperated."""
    dd: int
    """How often both defected."""
    length: float
    """The length of the match as players know it: turns, inf when it ends by chance, -1 when unknown."""
    reward: float
    """Payoff of the match's game for mutual cooperation."""
    sucker: float
    """Payoff of the match's game for cooperating against a defector."""
    temptation: float
    """Payoff of the match's game for defecting against a cooperator."""
    punishment: float
    """Payoff of the match's game for mutual defection."""
    i: Any
    """Sixteen integers of scratch, 0 when the match starts."""
    x: Any
    """Eight doubles of scratch, 0.0 when the match starts."""
    rule: int
    address: int
    stochastic: int
    stream: int
    my_plays: int
    their_plays: int
    played: int
    numbers: int
    table: int
    store: int
    store_words: int
    team: int
    members: int
    block: int
    machine: int
    """Address of the table of its machine, or 0 when the rule decides."""
    sure: int
    """Whether that machine never draws."""
    state: int
    """State of that machine."""
    columns: int
    """Address of columns in which the streams of a team are seeded side by side, or 0."""


_byte, _set_byte = loader("u1"), storer("u1")
_integer, _set_integer = loader("i8"), storer("i8")
_double, _set_double = loader("f8"), storer("f8")
player_at = record_at(PLAYER)
decide = caller(PLAYER, "rule")
"""``decide(player)``: call the player's rule and return its play."""


@kernel
def number(me: Player, k: int) -> float:
    """Return the k-th of the instance's numbers."""
    return _double(me.numbers, k)  # type: ignore[no-any-return]


@kernel
def entry(me: Player, k: int) -> int:
    """Return the k-th integer of the instance's table."""
    return _integer(me.table, k)  # type: ignore[no-any-return]


@kernel
def my_play(me: Player, turn: int) -> int:
    """Return the player's own play on the given turn; the first turn is 0."""
    return _byte(me.my_plays, turn)  # type: ignore[no-any-return]


@kernel
def their_play(me: Player, turn: int) -> int:
    """Return the opponent's play on the given turn; the first turn is 0."""
    return _byte(me.their_plays, turn)  # type: ignore[no-any-return]


@kernel
def played(me: Player, turn: int) -> int:
    """Return what was played on a turn by the player whose team this one belongs to, or by itself in no team."""
    return _byte(me.played, turn)  # type: ignore[no-any-return]


@kernel
def stored(me: Player, k: int) -> int:
    """Return the k-th word of the player's store as an integer; 0 when the match starts."""
    return _integer(me.store, k)  # type: ignore[no-any-return]


@kernel
def keep(me: Player, k: int, value: int) -> None:
    """Write an integer to the k-th word of the player's store."""
    _set_integer(me.store, k, value)


@kernel
def stored_number(me: Player, k: int) -> float:
    """Return the k-th word of the player's store as a double; 0.0 when the match starts."""
    return _double(me.store, k)  # type: ignore[no-any-return]


@kernel
def keep_number(me: Player, k: int, value: float) -> None:
    """Write a double to the k-th word of the player's store."""
    _set_double(me.store, k, value)


@kernel
def count_defections(window: int, plays: int) -> int:
    """Return how many of the last ``plays`` plays (63 at most) in a window are defections."""
    left = window & ((1 << plays) - 1)
    count = 0
    while left:
        left &= left - 1
        count += 1
    return count


@kernel
def member(me: Player, k: int) -> Player:
    """Return the record of the k-th player of the team."""
    return player_at(me.team + k * SIZE)  # type: ignore[no-any-return]


SIZE: Final = PLAYER.itemsize
_COUNTS: Final = PLAYER.fields["cc"][1]  # type: ignore[index]


@kernel
def advance(player: Player, play: int, reply: int) -> None:
    """Let a player see one turn: its own play and the opponent's."""
    _set_byte(player.my_plays, player.turn, play)
    player.turn += 1
    player.mine = (player.mine << 1 | play) & WINDOW
    player.theirs = (player.theirs << 1 | reply) & WINDOW
    counts, joint = player.address + _COUNTS, 2 * play + reply
    _set_integer(counts, joint, _integer(counts, joint) + 1)


@kernel
def see(player: Player, play: int, reply: int) -> None:
    """Let a machine see one turn: it goes to its next state, and nothing else is kept."""
    player.state = _integer(player.machine, 8 * player.state + 1 + 2 * play + reply)
