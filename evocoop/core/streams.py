"""Counter-based random streams: Philox4x32-10.

A draw is a pure function of a key and a counter, ``word = philox(key, counter)``, so any replicate can be computed
alone, on any machine, in any order, and gives the same bits. A stream is keyed by (seed, cell, replicate, role).

Source: Salmon, Moraes, Dror & Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3", SC11; known answers of the
authors' reference vectors are checked in the tests.

In a kernel a stream is a ``uint64[4]`` array ``(key, block, buffered word, words left)`` made by :func:`stream`;
draw with :func:`uniform`, :func:`below` and :func:`geometric`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from evocoop.core.jit import kernel

U32 = np.uint64(0xFFFFFFFF)
_M0 = np.uint64(0xD2511F53)
_M1 = np.uint64(0xCD9E8D57)
_W0 = np.uint64(0x9E3779B9)
_W1 = np.uint64(0xBB67AE85)
_S32 = np.uint64(32)
_S11 = np.uint64(11)
_ONE = np.uint64(1)
_TO_UNIT = 1.0 / 9007199254740992.0


@kernel
def philox(key: np.uint64, low: np.uint64, high: np.uint64) -> tuple[np.uint64, np.uint64]:
    """Return 128 random bits as two 64-bit words for a 64-bit key and a 128-bit counter (10 rounds)."""
    k0, k1 = key & U32, key >> _S32
    c0, c1, c2, c3 = low & U32, low >> _S32, high & U32, high >> _S32
    for _ in range(10):
        p0 = _M0 * c0
        p1 = _M1 * c2
        c0, c1, c2, c3 = (p1 >> _S32) ^ c1 ^ k0, p1 & U32, (p0 >> _S32) ^ c3 ^ k1, p0 & U32
        k0 = (k0 + _W0) & U32
        k1 = (k1 + _W1) & U32
    return c0 | (c1 << _S32), c2 | (c3 << _S32)


@kernel
def mix(seed: np.uint64, cell: np.uint64, replicate: np.uint64, role: np.uint64) -> np.uint64:
    """Return the 64-bit key of the stream (seed, cell, replicate, role), two Philox blocks deep."""
    first, _ = philox(seed, cell, replicate)
    second: np.uint64
    second, _ = philox(first, role, seed)
    return second


@kernel
def stream(seed: int, cell: int, replicate: int, role: int) -> NDArray[np.uint64]:
    """Return the state of the stream (seed, cell, replicate, role), at its first draw."""
    state = np.zeros(4, dtype=np.uint64)
    state[0] = mix(np.uint64(seed), np.uint64(cell), np.uint64(replicate), np.uint64(role))
    return state


@kernel
def next_word(state: NDArray[np.uint64]) -> np.uint64:
    """Advance the stream and return its next 64 bits."""
    if state[3] == np.uint64(1):
        state[3] = np.uint64(0)
        buffered: np.uint64 = state[2]
        return buffered
    first, second = philox(state[0], state[1], np.uint64(0))
    state[1] = state[1] + _ONE
    state[2] = second
    state[3] = np.uint64(1)
    return first


@kernel
def uniform(state: NDArray[np.uint64]) -> float:
    """Return the next double, uniform on [0, 1) with 53 random bits."""
    return (next_word(state) >> _S11) * _TO_UNIT


@kernel
def below(state: NDArray[np.uint64], bound: int) -> int:
    """Return the next integer, uniform on 0 … bound - 1 (bound up to 2^31; bias below 2^-32)."""
    return int(((next_word(state) >> _S32) * np.uint64(bound)) >> _S32)


@kernel
def geometric(state: NDArray[np.uint64], probability: float) -> float:
    """Return how many trials of that probability fail before the first success, ``floor(ln U / ln(1-p))``."""
    if probability >= 1.0:
        return 0.0
    return float(np.floor(np.log(1.0 - uniform(state)) / np.log1p(-probability)))
