"""Compiled loops of learning from play: fictitious play, and regret matching in games of any number of players."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from evocoop.core.jit import kernel
from evocoop.core.streams import below, stream, uniform
from evocoop.dynamics.infinite.kernels import payoffs_at

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

FIRST, LAST, STAY, RANDOM = 0, 1, 2, 3
"""How a best reply is chosen among equals."""
EXTERNAL, INTERNAL = 0, 1
ROLE = 71


@kernel
def _drawn(f: FloatArray, low: int, high: int, noise: float, state: NDArray[np.uint64]) -> int:
    """Return a strategy drawn with probabilities exp(f/noise)/sum."""
    top = f[low:high].max()
    total = 0.0
    for i in range(low, high):
        total += np.exp((f[i] - top) / noise)
    left = uniform(state) * total
    for i in range(low, high):
        left -= np.exp((f[i] - top) / noise)
        if left < 0.0:
            return i
    return high - 1


@kernel
def _best(
    f: FloatArray, low: int, high: int, near: float, ties: int, held: int, state: NDArray[np.uint64]
) -> int:  # fmt: skip
    """Return a best reply; payoffs that differ by no more than ``near`` are equal."""
    top = f[low:high].max()
    if ties == STAY and held >= 0 and f[held] >= top - near:
        return held
    count, chosen = 0, low
    for i in range(low, high):
        if f[i] >= top - near:
            count += 1
            if count == 1 or ties == LAST or (ties == RANDOM and below(state, count) == 0):
                chosen = i
    return chosen


@kernel
def beliefs(
    start: FloatArray, weight: float, rounds: IntArray, values: FloatArray, groups: IntArray, ways: FloatArray,
    blocks: IntArray, noise: float, ties: int, near: float, seed: int, replicate: int, out: FloatArray,
) -> None:  # fmt: skip
    """Fill in the beliefs of fictitious play after each of the rounds, array (rounds, n)."""
    n, populations = len(start), len(blocks) - 1
    state = stream(seed, 0, replicate, ROLE)
    counts, x, f = weight * start, start.copy(), np.empty(n)
    chances, held = np.empty(len(ways)), np.full(populations, -1)
    done = 0
    for row in range(len(rounds)):
        while done < rounds[row]:
            payoffs_at(x, values, groups, ways, chances, f)
            for b in range(populations):
                if noise > 0.0:
                    held[b] = _drawn(f, blocks[b], blocks[b + 1], noise, state)
                else:
                    held[b] = _best(f, blocks[b], blocks[b + 1], near, ties, held[b], state)
            done += 1
            for b in range(populations):
                counts[held[b]] += 1.0
            for i in range(n):
                x[i] = counts[i] / (weight + done)
        out[row] = x


@kernel
def _reply(sums: FloatArray, held: int, size: int, kind: int, most: float, state: NDArray[np.uint64]) -> int:
    """Return the next strategy: by regret for not having played others, of the one held or of all."""
    left = uniform(state)
    if kind == EXTERNAL:
        total = 0.0
        for k in range(size):
            total += max(sums[0, k], 0.0)
        if total <= 0.0:
            return below(state, size)
        for k in range(size):
            left -= max(sums[0, k], 0.0) / total
            if left < 0.0:
                return k
        return size - 1
    for k in range(size):
        if k != held:
            left -= max(sums[held, k], 0.0) / most
            if left < 0.0:
                return k
    return held


@kernel
def _largest(sums: FloatArray, sizes: IntArray, kind: int, done: int) -> float:
    largest = 0.0
    for p in range(len(sizes)):
        for j in range(sizes[p] if kind == INTERNAL else 1):
            for k in range(sizes[p]):
                largest = max(largest, sums[p, j, k] / done)
    return largest


@kernel
def regrets(
    payoffs: FloatArray, sizes: IntArray, strides: IntArray, kind: int, most: FloatArray, rounds: IntArray, seed: int,
    replicate: int, joint: IntArray, played: FloatArray, largest: FloatArray,
) -> None:  # fmt: skip
    """Play, and fill in the joint counts, each player's shares (rounds, players, n) and the largest mean regret.

    ``payoffs`` is (players, profiles); the profile of strategies s is ``sum s[p] strides[p]``.
    """
    players, n = len(sizes), played.shape[2]
    state = stream(seed, 0, replicate, ROLE + 1)
    sums, counts = np.zeros((players, n, n)), np.zeros((players, n))
    held = np.zeros(players, dtype=np.int64)
    done = 0
    for row in range(len(rounds)):
        while done < rounds[row]:
            here = 0
            for p in range(players):
                if done == 0:
                    held[p] = below(state, sizes[p])
                else:
                    held[p] = _reply(sums[p], held[p], sizes[p], kind, most[p] * done, state)
                here += held[p] * strides[p]
            done += 1
            joint[here] += 1
            for p in range(players):
                counts[p, held[p]] += 1.0
                j = held[p] if kind == INTERNAL else 0
                for k in range(sizes[p]):
                    other = here + (k - held[p]) * strides[p]
                    sums[p, j, k] += payoffs[p, other] - payoffs[p, here]
        played[row] = counts / done
        largest[row] = _largest(sums, sizes, kind, done)
