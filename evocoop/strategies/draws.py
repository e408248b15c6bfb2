"""The random streams of matches: the legacy MT19937 generator, seeded and read as NumPy's ``RandomState`` does.

A stream is 2512 bytes: 624 words of 32 bits, then two integers: the position of the next word and how many words of
the first block have been initialised. Words are initialised and twisted only when they are drawn, since most matches
need few: twisting word i takes the old words i and i + 1 and word i + 397.

Sources: Matsumoto & Nishimura 1998, "Mersenne twister", ACM TOMACS 8:3-30; the draws repeat those of NumPy's legacy
generator (frozen by NEP 19), which the Axelrod library uses.
"""

from __future__ import annotations

from typing import Final

from evocoop.core.jit import kernel, loader, storer
from evocoop.strategies.state import C, D, Player, number

_load, _save = loader("u4"), storer("u4")
_get, _set = loader("i8"), storer("i8")

STREAM_WORDS: Final = 314
"""Size of a stream in 64-bit words."""
_POSITION: Final = 312
_FILLED: Final = 313
_MASK: Final = 0xFFFFFFFF
FIRST_WORDS: Final = 430
"""How many words of a stream are initialised at its first draw."""


@kernel
def start_stream(stream: int, seed: int) -> None:
    """Seed the stream at an address with a 32-bit integer."""
    _save(stream, 0, seed & _MASK)
    _set(stream, _POSITION, 0)
    _set(stream, _FILLED, 1)


@kernel
def start_alike(stream: int, other: int) -> None:
    """Seed a stream as another one was from which nothing has been drawn yet."""
    start_stream(stream, _load(other, 0))


@kernel
def _fill(stream: int, filled: int, wanted: int) -> None:
    word = _load(stream, filled - 1)
    for i in range(filled, wanted):
        word = (1812433253 * (word ^ (word >> 30)) + i) & _MASK
        _save(stream, i, word)
    _set(stream, _FILLED, wanted)


@kernel
def fill_both(one: int, two: int) -> None:
    """Initialise as much of two streams just started as their first draw needs: side by side, since each step waits."""
    first, second = _load(one, 0), _load(two, 0)
    for i in range(1, FIRST_WORDS):
        first = (1812433253 * (first ^ (first >> 30)) + i) & _MASK
        second = (1812433253 * (second ^ (second >> 30)) + i) & _MASK
        _save(one, i, first)
        _save(two, i, second)
    _set(one, _FILLED, FIRST_WORDS)
    _set(two, _FILLED, FIRST_WORDS)


@kernel
def next_word(stream: int) -> int:
    """Return the next 32 random bits of a stream."""
    i = _get(stream, _POSITION)
    filled = _get(stream, _FILLED)
    if filled < 624 and filled < i + 398:
        _fill(stream, filled, min(624, i + FIRST_WORDS))
    j = i + 1 if i < 623 else 0
    k = i + 397 if i < 227 else i - 227
    word = _twisted(_load(stream, i), _load(stream, j), _load(stream, k))
    _save(stream, i, word)
    _set(stream, _POSITION, j)
    return _tempered(word)


@kernel
def next_double(stream: int) -> float:
    """Return the next double of a stream, uniform on [0, 1) with 53 random bits.

    It takes two words, which are made together unless one of them stands at an end of the block.
    """
    i = _get(stream, _POSITION)
    filled = _get(stream, _FILLED)
    if i >= 622 or i == 226 or (filled < 624 and filled < i + 399):
        high, low = next_word(stream), next_word(stream)
    else:
        k = i + 397 if i < 227 else i - 227
        middle = _load(stream, i + 1)
        high = _twisted(_load(stream, i), middle, _load(stream, k))
        low = _twisted(middle, _load(stream, i + 2), _load(stream, k + 1))
        _save(stream, i, high)
        _save(stream, i + 1, low)
        _set(stream, _POSITION, i + 2)
        high, low = _tempered(high), _tempered(low)
    return ((high >> 5) * 67108864.0 + (low >> 6)) / 9007199254740992.0


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
