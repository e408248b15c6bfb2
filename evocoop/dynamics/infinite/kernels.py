"""The inner loops of deterministic dynamics: expected payoffs and velocities."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from evocoop.core.jit import kernel, lean_kernel

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

REPLICATOR, MAYNARD_SMITH, IMITATIVE_LOGIT = 0, 1, 2
"""Imitative dynamics: absent strategies stay absent, so they are integrated in logarithms."""
REPLICATOR_MUTATOR, LOGIT, BEST_RESPONSE, SMITH, BNN, PROJECTION, EXPERIENCED = 3, 4, 5, 6, 7, 8, 9
"""Innovative dynamics, integrated in shares."""
LAST_IMITATIVE = IMITATIVE_LOGIT
TIE = 1e-12
TOO_MANY, TOO_FAST = -1, -2
"""Why a path is given up: too many steps, or velocities that are not finite."""


@lean_kernel
def weights(x: FloatArray, groups: IntArray, ways: FloatArray, out: FloatArray) -> None:
    """Fill in the probability of every composition of co-players, ``(N-1)!/prod c_j! prod x_j^c_j``."""
    n = len(x)
    if len(groups) == n and groups[0, 0] == 1:
        for row in range(n):
            out[row] = x[row]
        return
    for row in range(len(groups)):
        chance = ways[row]
        for j in range(n):
            for _ in range(groups[row, j]):
                chance *= x[j]
        out[row] = chance


@lean_kernel
def payoffs_at(
    x: FloatArray, values: FloatArray, groups: IntArray, ways: FloatArray, chances: FloatArray, f: FloatArray
) -> None:
    """Fill in the chance of every composition and the expected payoffs, ``f_i = sum_c P(c | x) values[i, c]``."""
    weights(x, groups, ways, chances)
    for i in range(len(f)):
        total = 0.0
        for c in range(len(chances)):
            total += values[i, c] * chances[c]
        f[i] = total


@lean_kernel
def growth(code: int, x: FloatArray, f: FloatArray, noise: float, blocks: IntArray, v: FloatArray) -> None:
    """Fill in per-capita growth rates of an imitative dynamic, in each population."""
    for block in range(len(blocks) - 1):
        low, high = blocks[block], blocks[block + 1]
        mean, top = 0.0, f[low]
        for i in range(low, high):
            mean += x[i] * f[i]
            top = max(top, f[i])
        if code == REPLICATOR:
            for i in range(low, high):
                v[i] = f[i] - mean
        elif code == MAYNARD_SMITH:
            for i in range(low, high):
                v[i] = (f[i] - mean) / mean
        else:
            total = 0.0
            for i in range(low, high):
                v[i] = np.exp((f[i] - top) / noise)
                total += x[i] * v[i]
            for i in range(low, high):
                v[i] = v[i] / total - 1.0


@lean_kernel
def imitate(
    code: int, x: FloatArray, values: FloatArray, groups: IntArray, ways: FloatArray, noise: float, blocks: IntArray,
    chances: FloatArray, f: FloatArray, v: FloatArray,
) -> None:  # fmt: skip
    """Fill in the velocity of an imitative dynamic."""
    payoffs_at(x, values, groups, ways, chances, f)
    growth(code, x, f, noise, blocks, v)
    for i in range(len(x)):
        v[i] *= x[i]


@lean_kernel
def imitate_at(
    code: int, points: FloatArray, values: FloatArray, groups: IntArray, ways: FloatArray, noise: float,
    blocks: IntArray, chances: FloatArray, f: FloatArray, out: FloatArray,
) -> None:  # fmt: skip
    """Fill in the velocity of an imitative dynamic at many points."""
    for row in range(len(points)):
        imitate(code, points[row], values, groups, ways, noise, blocks, chances, f, out[row])


@lean_kernel
def innovate(
    code: int, x: FloatArray, f: FloatArray, values: FloatArray, chances: FloatArray, noise: float,
    mutation: FloatArray, spare: FloatArray, v: FloatArray,
) -> None:  # fmt: skip
    """Fill in the velocity of an innovative dynamic."""
    n = len(x)
    mean = 0.0
    for i in range(n):
        mean += x[i] * f[i]
    if code == REPLICATOR_MUTATOR:
        for i in range(n):
            v[i] = -x[i] * mean
            for j in range(n):
                v[i] += x[j] * f[j] * mutation[j, i]
    elif code == LOGIT:
        top, total = highest(f), 0.0
        for i in range(n):
            v[i] = np.exp((f[i] - top) / noise)
            total += v[i]
        for i in range(n):
            v[i] = v[i] / total - x[i]
    elif code == BEST_RESPONSE:
        top, ties = highest(f), 0
        for i in range(n):
            ties += f[i] >= top - TIE
        for i in range(n):
            v[i] = (1.0 / ties if f[i] >= top - TIE else 0.0) - x[i]
    elif code == SMITH:
        for i in range(n):
            v[i] = 0.0
            for j in range(n):
                v[i] += x[j] * max(f[i] - f[j], 0.0) - x[i] * max(f[j] - f[i], 0.0)
    elif code == BNN:
        total = 0.0
        for i in range(n):
            total += max(f[i] - mean, 0.0)
        for i in range(n):
            v[i] = max(f[i] - mean, 0.0) - x[i] * total
    elif code == PROJECTION:
        project(x, f, spare, v)
    else:
        experienced(values, chances, spare, v)
        for i in range(n):
            v[i] -= x[i]


@lean_kernel
def highest(f: FloatArray) -> float:
    """Return the highest payoff."""
    top = f[0]
    for i in range(1, len(f)):
        top = max(top, f[i])
    return float(top)


@lean_kernel
def project(x: FloatArray, f: FloatArray, inside: FloatArray, v: FloatArray) -> None:
    """Fill in the projection of payoffs on the directions that lead nowhere out of the simplex."""
    n = len(x)
    for i in range(n):
        inside[i] = 1.0 if x[i] > 1e-12 else 0.0
    while True:
        total, count = 0.0, 0
        for i in range(n):
            if inside[i] > 0.0:
                total += f[i]
                count += 1
        best, place = total / count, -1
        for i in range(n):
            if inside[i] == 0.0 and f[i] > best:
                best, place = f[i], i
        if place < 0:
            for i in range(n):
                v[i] = f[i] - total / count if inside[i] > 0.0 else 0.0
            return
        inside[place] = 1.0


@lean_kernel
def experienced(values: FloatArray, chances: FloatArray, terms: FloatArray, best: FloatArray) -> None:
    """Fill in how likely each strategy does best when each is tried once against co-players of its own.

    Ties are broken evenly: with ``below_k`` and ``tied_k`` the chances that strategy k does worse or equally well, the
    chance to be chosen is the integral of ``prod_k (below_k + tied_k s)`` over s in [0, 1].
    """
    n = len(values)
    for i in range(n):
        best[i] = 0.0
        for c in range(len(chances)):
            if chances[c] == 0.0:
                continue
            mine, degree = values[i, c], 0
            for power in range(n + 1):
                terms[power] = 0.0
            terms[0] = 1.0
            for k in range(n):
                if k == i:
                    continue
                below, tied = 0.0, 0.0
                for other in range(len(chances)):
                    if values[k, other] < mine - TIE:
                        below += chances[other]
                    elif values[k, other] <= mine + TIE:
                        tied += chances[other]
                degree += 1
                for power in range(degree, 0, -1):
                    terms[power] = terms[power] * below + terms[power - 1] * tied
                terms[0] *= below
            share = 0.0
            for power in range(degree + 1):
                share += terms[power] / (power + 1.0)
            best[i] += chances[c] * share


@lean_kernel
def velocity(
    code: int, x: FloatArray, values: FloatArray, groups: IntArray, ways: FloatArray, noise: float,
    mutation: FloatArray, blocks: IntArray, chances: FloatArray, f: FloatArray, spare: FloatArray, v: FloatArray,
) -> None:  # fmt: skip
    """Fill in dx/dt; each population has its own block of strategies, and two populations play against each other.

    ``spare`` has room for one number more than there are strategies.
    """
    if code <= LAST_IMITATIVE:
        imitate(code, x, values, groups, ways, noise, blocks, chances, f, v)
        return
    payoffs_at(x, values, groups, ways, chances, f)
    for block in range(len(blocks) - 1):
        low, high = blocks[block], blocks[block + 1]
        first, last = 0, len(chances)
        if len(blocks) == 3:
            first, last = blocks[1 - block], blocks[2 - block]
        innovate(
            code, x[low:high], f[low:high], values[low:high, first:last], chances[first:last], noise,
            mutation[low:high, low:high], spare, v[low:high],
        )  # fmt: skip


@lean_kernel
def shares_of(u: FloatArray, blocks: IntArray, x: FloatArray) -> None:
    """Fill in the shares of logarithms that are known up to a common constant in each population."""
    for block in range(len(blocks) - 1):
        low, high = blocks[block], blocks[block + 1]
        top, total = u[low], 0.0
        for i in range(low, high):
            top = max(top, u[i])
        for i in range(low, high):
            x[i] = np.exp(u[i] - top)
            total += x[i]
        for i in range(low, high):
            x[i] /= total


@lean_kernel
def on_simplex(y: FloatArray, blocks: IntArray, x: FloatArray) -> None:
    """Fill in shares that are at least 0 and sum to 1 in each population."""
    for block in range(len(blocks) - 1):
        total = 0.0
        for i in range(blocks[block], blocks[block + 1]):
            x[i] = max(y[i], 0.0)
            total += x[i]
        for i in range(blocks[block], blocks[block + 1]):
            x[i] /= total


@kernel
def generations(
    start: FloatArray, count: int, background: float, values: FloatArray, groups: IntArray, ways: FloatArray,
    out: FloatArray,
) -> None:  # fmt: skip
    """Fill in the shares of generation after generation, ``x_i' = x_i (w + f_i) / (w + mean f)``."""
    x, f, chances = start.copy(), np.empty(len(start)), np.empty(values.shape[1])
    out[0] = x
    for generation in range(1, count):
        payoffs_at(x, values, groups, ways, chances, f)
        total = 0.0
        for i in range(len(x)):
            x[i] *= background + f[i]
            total += x[i]
        for i in range(len(x)):
            x[i] /= total
        out[generation] = x


@kernel
def field(
    code: int, points: FloatArray, values: FloatArray, groups: IntArray, ways: FloatArray, noise: float,
    mutation: FloatArray, blocks: IntArray, out: FloatArray,
) -> None:  # fmt: skip
    """Fill in the velocity at many points."""
    f, chances, spare = np.empty(len(values)), np.empty(values.shape[1]), np.empty(len(values) + 1)
    if code <= LAST_IMITATIVE:
        imitate_at(code, points, values, groups, ways, noise, blocks, chances, f, out)
        return
    for row in range(len(points)):
        velocity(code, points[row], values, groups, ways, noise, mutation, blocks, chances, f, spare, out[row])
