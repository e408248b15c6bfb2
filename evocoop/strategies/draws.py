"""The random streams of matches: the legacy MT19937 generator, seeded and read as NumPy's ``RandomState`` does.

A stream is 2512 bytes: 624 words of 32 bits and the position of the next word, -1 while the stream holds nothing but
its seed in the first word. A block of words is made at once when its first word is drawn. Seeding is one long chain in
which each step waits for the one before, so streams whose seeds are known beforehand are seeded side by side, 64 at a
time, as columns of one array.

Sources: Matsumoto & Nishimura 1998, "Mersenne twister", ACM TOMACS 8:3-30; the draws repeat those of NumPy's legacy
generator (frozen by NEP 19), which the Axelrod library uses.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from evocoop.core.jit import inner_kernel, kernel, loader, storer
from evocoop.strategies.machines import SURE
from evocoop.strategies.state import C, D, Player, number

_load, _save = loader("u4"), storer("u4")
_get, _set = loader("i8"), storer("i8")

WORDS: Final = 624
SHIFT: Final = 397
STREAM_WORDS: Final = 314
"""Size of a stream in 64-bit words."""
COLUMNS: Final = 64
"""How many streams are seeded side by side."""
COLUMN_WORDS: Final = WORDS * COLUMNS // 2
"""Size of the array of columns in 64-bit words."""
FEW: Final = 6
"""Fewer streams than this are seeded faster one by one."""
_POSITION: Final = 312
_MASK: Final = 0xFFFFFFFF
_ROW: Final = 4 * COLUMNS


@kernel
def start_stream(stream: int, seed: int) -> None:
    """Seed the stream at an address with a 32-bit integer."""
    _save(stream, 0, seed & _MASK)
    _set(stream, _POSITION, -1)


def fresh_streams(memory: NDArray[np.int64]) -> None:
    """Seed the streams that stand in an array (streams, STREAM_WORDS) of zeros with 0."""
    memory[:, _POSITION] = -1


@kernel
def start_alike(stream: int, other: int) -> None:
    """Seed a stream as another one was from which nothing has been drawn yet."""
    if _get(other, _POSITION) < 0:
        start_stream(stream, _load(other, 0))
        return
    for word in range(STREAM_WORDS):
        _set(stream, word, _get(other, word))


@kernel
def _next_block(stream: int, position: int) -> int:
    """Make the words of the next block, and first the first block of all from the seed; return 0, the new position."""
    if position < 0:
        word = _load(stream, 0)
        for i in range(1, WORDS):
            word = (1812433253 * (word ^ (word >> 30)) + i) & _MASK
            _save(stream, i, word)
    for i in range(WORDS - SHIFT):
        _save(stream, i, _twisted(_load(stream, i), _load(stream, i + 1), _load(stream, i + SHIFT)))
    for i in range(WORDS - SHIFT, WORDS - 1):
        _save(stream, i, _twisted(_load(stream, i), _load(stream, i + 1), _load(stream, i + SHIFT - WORDS)))
    last = WORDS - 1
    _save(stream, last, _twisted(_load(stream, last), _load(stream, 0), _load(stream, last + SHIFT - WORDS)))
    return 0


@kernel
def fill_columns(columns: int, rows: int) -> None:
    """Initialise so many rows of the columns at an address, whose first row holds seeds."""
    for i in range(1, rows):
        before, row, place = columns + _ROW * (i - 1), columns + _ROW * i, np.uint32(i)
        for column in range(COLUMNS):
            word = _load(before, column)
            _save(row, column, (1812433253 * (word ^ (word >> 30)) + place) & _MASK)


@kernel
def put_seed(columns: int, column: int, seed: int) -> None:
    """Write the seed of one column."""
    _save(columns, column, seed & _MASK)


@kernel
def put_stream(columns: int, column: int, stream: int) -> int:
    """Write the seed of a stream just started to a column; return the next column."""
    put_seed(columns, column, _load(stream, 0))
    return column + 1


@kernel
def take_column(columns: int, column: int, stream: int) -> None:
    """Start a stream that has been seeded as a column, of which all rows have been filled."""
    for i in range(WORDS):
        _save(stream, i, _load(columns, i * COLUMNS + column))
    _set(stream, _POSITION, WORDS)


SEED_ROWS: Final = SHIFT + 3
"""How many rows must be filled before the first seeds can be read off a column."""


@kernel
def seed_in_column(columns: int, column: int, k: int) -> int:
    """Return the k-th seed (0 or 1) that the stream of a column gives, or -1 if it is one that would be drawn again."""
    row = columns + 4 * column + _ROW * k
    drawn = _tempered(_twisted(_load(row, 0), _load(row, COLUMNS), _load(row, SHIFT * COLUMNS)))
    return -1 if drawn == _MASK else drawn


@kernel
def next_word(stream: int) -> int:
    """Return the next 32 random bits of a stream."""
    i = _get(stream, _POSITION)
    if i < 0 or i == WORDS:
        i = _next_block(stream, i)
    _set(stream, _POSITION, i + 1)
    return _tempered(_load(stream, i))


@kernel
def next_bits(stream: int) -> int:
    """Return the next 53 random bits of a stream, of two words."""
    i = _get(stream, _POSITION)
    if i < 0 or i >= WORDS - 1:
        high, low = next_word(stream), next_word(stream)
    else:
        high, low = _tempered(_load(stream, i)), _tempered(_load(stream, i + 1))
        _set(stream, _POSITION, i + 2)
    return ((high >> 5) << 26) | (low >> 6)


@kernel
def first_bits(stream: int, sure: int) -> int:
    """Return the position of the next bits of a stream just started, its block made; 0 for a player who never draws."""
    return 0 if sure else _next_block(stream, _get(stream, _POSITION))


@kernel
def peek_bits(stream: int, position: int) -> int:
    """Return 53 random bits at a position of a stream."""
    return ((_tempered(_load(stream, position)) >> 5) << 26) | (_tempered(_load(stream, position + 1)) >> 6)


@kernel
def bits_after(stream: int, position: int, bound: int) -> int:
    """Return the position after a play by a bound: further only if the bound is one to draw for."""
    position += 2 * int(bound & (SURE - 1) != 0)
    if position == WORDS:
        return _next_block(stream, position)
    return position


@kernel
def leave_bits(stream: int, position: int, sure: int) -> None:
    """Leave a stream at a position, so that the next draw follows on; one of a player who never draws stays."""
    if not sure:
        _set(stream, _POSITION, position)


@kernel
def next_double(stream: int) -> float:
    """Return the next double of a stream, uniform on [0, 1) with 53 random bits."""
    return next_bits(stream) / 9007199254740992.0


@kernel
def _twisted(word: int, following: int, other: int) -> int:
    """Return the word that takes the place of ``word`` in the next block."""
    both = (word & 0x80000000) | (following & 0x7FFFFFFF)
    return other ^ (both >> 1) ^ (-(both & 1) & 0x9908B0DF)


@kernel
def _tempered(word: int) -> int:
    """Return the random bits that a word gives."""
    word ^= word >> 11
    word ^= (word << 7) & 0x9D2C5680
    word ^= (word << 15) & 0xEFC60000
    return word ^ (word >> 18)


@kernel
def next_below(stream: int, bound: int) -> int:
    """Return an integer uniform on 0 … bound - 1 (bound up to 2^32), by rejection under a mask; none drawn for 1."""
    most = bound - 1
    if most == 0:
        return 0
    mask = most
    mask |= mask >> 1
    mask |= mask >> 2
    mask |= mask >> 4
    mask |= mask >> 8
    mask |= mask >> 16
    value = next_word(stream) & mask
    while value > most:
        value = next_word(stream) & mask
    return value


@kernel
def next_seed(stream: int) -> int:
    """Return a seed drawn as the library draws them, uniform on 0 … 2^32 - 2."""
    return next_below(stream, _MASK)


@kernel
def random(me: Player) -> float:
    """Draw a double uniform on [0, 1) from the player's stream."""
    return next_double(me.stream)


@kernel
def random_choice(me: Player, p: float) -> int:
    """Return C with probability p and D otherwise; nothing is drawn when p is exactly 0 or 1."""
    if p == 0.0:
        return D
    if p == 1.0:
        return C
    return C if next_double(me.stream) < p else D


@inner_kernel
def machine_play(me: Player) -> int:
    """Return the next play of a machine, by its table; bits that were not drawn for are not used up."""
    bound = _get(me.machine, 8 * me.state)
    if me.sure:
        return int(bound == 0)
    stream, position = me.stream, _get(me.stream, _POSITION)
    if position < 0 or position >= WORDS - 1:
        return int(bound == 0) if bound & (SURE - 1) == 0 else int(next_bits(stream) >= bound)
    drawn = peek_bits(stream, position)
    _set(stream, _POSITION, position + 2 * int(bound & (SURE - 1) != 0))
    return int(drawn >= bound)


@kernel
def uniform(me: Player, low: float, high: float) -> float:
    """Draw a double uniform on [low, high)."""
    return low + (high - low) * next_double(me.stream)


@kernel
def randint(me: Player, low: int, high: int) -> int:
    """Draw an integer uniform on low … high - 1."""
    return low + next_below(me.stream, high - low)


@kernel
def choice(me: Player, length: int) -> int:
    """Draw a position in a list of the given length, as ``choice(list)`` does."""
    return next_below(me.stream, length)


@kernel
def choice_by(me: Player, first: int, length: int) -> int:
    """Draw a position by the cumulative probabilities ``number(me, first)`` … ``number(me, first + length - 1)``."""
    drawn = next_double(me.stream)
    for k in range(length):
        if drawn < number(me, first + k):
            return k
    return length - 1


@kernel
def random_seed_int(me: Player) -> int:
    """Draw a seed for another stream, uniform on 0 … 2^32 - 2."""
    return next_seed(me.stream)


@kernel
def seed_player(player: Player, seed: int) -> None:
    """Seed the stream of a member of the team; a deterministic one never draws from it."""
    start_stream(player.stream, seed)
