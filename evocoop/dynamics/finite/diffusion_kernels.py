"""The inner loops of the diffusion limit: rates at any shares, and one path of the stochastic differential equation."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from evocoop.core.jit import kernel, lean_kernel
from evocoop.core.streams import stream, uniform

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

CODES = {
    "pairwise": 0,
    "pairwise_linear": 1,
    "imitate_if_better": 2,
    "introspection": 3,
    "moran": 4,
    "death_birth": 5,
    "wright_fisher": 6,
}
LINEAR, IF_BETTER, INTROSPECTION, MORAN, DEATH_BIRTH, WRIGHT_FISHER = 1, 2, 3, 4, 5, 6


@lean_kernel
def payoff_beside(
    x: FloatArray, size: float, focal: int, i: int, values: FloatArray, groups: IntArray, ways: FloatArray
) -> float:
    """Return the payoff of strategy i among the others of a focal individual, at shares that need not be counts.

    The hypergeometric law of co-players is a polynomial in the counts; here it is read between whole numbers.
    """
    n, total = len(x), 0.0
    if len(groups) == n and groups[0, 0] == 1:
        for other in range(n):
            total += values[i, other] * (x[other] * size - (other == focal))
        return total / (size - 1.0)
    for c in range(len(groups)):
        chance, drawn = ways[c], 0
        for other in range(n):
            left = x[other] * size - (other == focal)
            for taken in range(groups[c, other]):
                chance *= (left - taken) / (size - 1.0 - drawn)
                drawn += 1
        total += values[i, c] * chance
    return total


@lean_kernel
def switch(code: int, difference: float, strength: float, scale: float) -> float:
    """Return the probability to take over what earns ``difference`` more."""
    if code == LINEAR:
        return 0.5 + 0.5 * strength * min(max(difference / scale, -1.0), 1.0) if scale > 0.0 else 0.5
    if code == IF_BETTER:
        return 0.5 if abs(difference) <= scale else (1.0 if difference > 0.0 else 0.0)
    chance: float = 1.0 / (1.0 + np.exp(-strength * difference))
    return chance


@lean_kernel
def fitness_of(exponential: bool, payoff: float, top: float, strength: float) -> float:
    """Return fitness, relative to that of payoff ``top`` where it is exponential."""
    fitness: float = np.exp(strength * (payoff - top)) if exponential else max(1.0 - strength + strength * payoff, 0.0)
    return fitness


@lean_kernel
def adopted(
    code: int, exponential: bool, x: FloatArray, size: float, strength: float, scale: float, values: FloatArray,
    groups: IntArray, ways: FloatArray, own: FloatArray, chances: FloatArray,
) -> None:  # fmt: skip
    """Fill in P[j, i], the probability that a focal of strategy j takes over i, without mutation."""
    n = len(x)
    for i in range(n):
        own[i] = payoff_beside(x, size, i, i, values, groups, ways)
    if code < INTROSPECTION:
        for j in range(n):
            chances[j, j] = 0.0
            for i in range(j):
                won = switch(code, own[i] - own[j], strength, scale)
                chances[j, i] = won * x[i] * size / (size - 1.0)
                chances[i, j] = (1.0 - won) * x[j] * size / (size - 1.0)
        return
    if code == INTROSPECTION:
        for j in range(n):
            for i in range(n):
                gain = payoff_beside(x, size, j, i, values, groups, ways) - own[j]
                chances[j, i] = switch(code, gain, strength, scale) / (n - 1.0)
        return
    top = own[0]
    for i in range(n):
        top = max(top, own[i])
    for i in range(n):
        own[i] = fitness_of(exponential, own[i], top, strength)
    for j in range(n):
        total = 0.0
        for i in range(n):
            chances[j, i] = own[i] * max(x[i] * size - (code == DEATH_BIRTH and i == j), 0.0)
            total += chances[j, i]
        for i in range(n):
            chances[j, i] = chances[j, i] / total if total > 0.0 else (1.0 if i == j else 0.0)


@lean_kernel
def exchange(
    code: int, exponential: bool, x: FloatArray, size: float, strength: float, scale: float, mutation: float,
    values: FloatArray, groups: IntArray, ways: FloatArray, own: FloatArray, flow: FloatArray, noise: FloatArray,
) -> None:  # fmt: skip
    """Fill in the flow from j to i in a generation, and the variance of the exchange of each pair i < j.

    Args:
        code: the update rule.
        exponential: whether fitness is exponential.
        x: shares.
        size: Z.
        strength: beta or w.
        scale: what payoff differences are held against.
        mutation: mu.
        values: payoff table (n, C).
        groups: compositions of co-players (C, n).
        ways: multinomial coefficient of each composition.
        own: room for n payoffs.
        flow: filled with the share that goes from j to i per generation, (n, n).
        noise: filled with the variance per generation of what the pair exchanges, (n, n), above the diagonal.
    """
    n = len(x)
    adopted(code, exponential, x, size, strength, scale, values, groups, ways, own, flow)
    if mutation > 0.0:
        for j in range(n):
            for i in range(n):
                stray = (1.0 - flow[j, i] if code >= MORAN else 1.0) * mutation / (n - 1.0)
                flow[j, i] = (1.0 - mutation) * flow[j, i] + stray
    for j in range(n):
        for i in range(j):
            both = flow[0, i] * flow[0, j] if code == WRIGHT_FISHER else x[j] * flow[j, i] + x[i] * flow[i, j]
            noise[i, j] = both / size
    for j in range(n):
        for i in range(n):
            flow[j, i] *= x[j]


@kernel
def coefficients(
    points: FloatArray, code: int, exponential: bool, size: float, strength: float, scale: float, mutation: float,
    values: FloatArray, groups: IntArray, ways: FloatArray, flows: FloatArray, noises: FloatArray,
) -> None:  # fmt: skip
    """Fill in flows and variances of exchanges at many points, (m, n, n) each; see :func:`exchange`."""
    own = np.empty(points.shape[1])
    for row in range(len(points)):
        exchange(
            code, exponential, points[row], size, strength, scale, mutation, values, groups, ways, own, flows[row],
            noises[row],
        )  # fmt: skip


@lean_kernel
def swap(x: FloatArray, i: int, j: int, variance: float, chance: float) -> None:
    """Exchange a random amount between two strategies: mean 0, the given variance, and never more than there is.

    The amount has two values. Where the smaller share is less than a standard deviation it is all lost or, seldom,
    gains what keeps mean and variance: so a strategy vanishes exactly, and selection alone says which way on average.
    """
    variance = min(variance, x[i] * x[j])
    if variance <= 0.0:
        return
    whole, deviation = x[i] + x[j], np.sqrt(variance)
    few, many = (i, j) if x[i] <= x[j] else (j, i)
    if deviation < x[few]:
        x[few] += deviation if chance < 0.5 else -deviation
    else:
        gain = variance / x[few]
        x[few] = x[few] + gain if chance * (x[few] + gain) < x[few] else 0.0
    x[few] = min(x[few], whole)
    x[many] = whole - x[few]


@kernel
def path(
    start: FloatArray, code: int, exponential: bool, size: float, strength: float, scale: float, mutation: float,
    values: FloatArray, groups: IntArray, ways: FloatArray, step: float, every: int, burn_in: int, key: IntArray,
    out: FloatArray, mean: FloatArray,
) -> int:  # fmt: skip
    """Follow one path of the stochastic differential equation; return the step at which it is absorbed, or -1.

    Args:
        start: shares at time 0.
        code: the update rule.
        exponential: whether fitness is exponential.
        size: Z.
        strength: beta or w.
        scale: what payoff differences are held against.
        mutation: mu.
        values: payoff table (n, C).
        groups: compositions of co-players (C, n).
        ways: multinomial coefficient of each composition.
        step: length of a step in generations.
        every: steps between two records.
        burn_in: steps that do not count in the mean.
        key: seed, cell, replicate and role of the random stream.
        out: filled with shares, (records, n).
        mean: filled with the mean shares after the burn-in.
    """
    n, draws = len(start), stream(key[0], key[1], key[2], key[3])
    x, own, flow, noise = start.copy(), np.empty(n), np.empty((n, n)), np.empty((n, n))
    ends = mutation == 0.0 and code != INTROSPECTION
    steps = (len(out) - 1) * every
    mean[:] = 0.0
    out[0] = x
    for time in range(steps + 1):
        alone = ends and x.max() == 1.0
        if alone or time == steps:
            for i in range(n):
                mean[i] = (mean[i] + x[i] * (steps - max(time, burn_in))) / (steps - burn_in)
            for record in range((time - 1) // every + 1, len(out)):
                out[record] = x
            return time if alone else -1
        if time >= burn_in:
            mean += x
        exchange(code, exponential, x, size, strength, scale, mutation, values, groups, ways, own, flow, noise)
        for i in range(n):
            gain = 0.0
            for j in range(n):
                gain += flow[j, i] - flow[i, j]
            x[i] += step * gain
        for i in range(n):
            for j in range(i + 1, n):
                if noise[i, j] > 0.0 and x[i] > 0.0 and x[j] > 0.0:
                    swap(x, i, j, noise[i, j] * step, uniform(draws))
        settle(x)
        if (time + 1) % every == 0:
            out[(time + 1) // every] = x
    return -1


@lean_kernel
def settle(x: FloatArray) -> None:
    """Undo round-off: shares at least 0 that sum to 1, exactly 1 where one strategy is alone."""
    total, present, last = 0.0, 0, 0
    for i in range(len(x)):
        x[i] = max(x[i], 0.0)
        total += x[i]
        if x[i] > 0.0:
            present += 1
            last = i
    for i in range(len(x)):
        x[i] /= total
    if present == 1:
        x[last] = 1.0
