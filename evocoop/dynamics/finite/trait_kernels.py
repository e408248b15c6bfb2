"""The inner loops of finite populations with continuous traits: payoffs, parents, mutation."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from evocoop.core.jit import kernel
from evocoop.core.streams import below, stream, uniform

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Draws = NDArray[np.uint64]

POLYNOMIAL, JOINT_EFFORT, REACTIVE = 1, 2, 3
"""How payoffs are worked out, as in :mod:`evocoop.games.traits`; 4 is memory one."""


@kernel
def normal(draws: Draws) -> float:
    """Return the next standard normal number (Box & Muller 1958)."""
    radius = np.sqrt(-2.0 * np.log(1.0 - uniform(draws)))
    return float(radius * np.cos(2.0 * np.pi * uniform(draws)))


@kernel
def reflected(value: float, low: float, high: float) -> float:
    """Return a value brought back between two walls by reflection."""
    width = high - low
    place = (value - low) % (2.0 * width)
    return low + (place if place <= width else 2.0 * width - place)


@kernel
def repeated(s: float, o: float, numbers: FloatArray) -> float:
    """Return the payoff at independent rates of cooperation."""
    both, only = numbers[0] * o + numbers[1] * (1.0 - o), numbers[2] * o + numbers[3] * (1.0 - o)
    return float(s * both + (1.0 - s) * only)


@kernel
def determinant(m: FloatArray) -> float:
    """Return the determinant of a 4 by 4 matrix, by minors of its upper and its lower half."""
    total = 0.0
    for i in range(3):
        for j in range(i + 1, 4):
            k = 0
            while k in (i, j):
                k += 1
            n = 6 - i - j - k
            sign = 1.0 if (i + j) % 2 == 1 else -1.0
            total += sign * (m[0, i] * m[1, j] - m[0, j] * m[1, i]) * (m[2, k] * m[3, n] - m[2, n] * m[3, k])
    return total


@kernel
def memory_one(own: FloatArray, other: FloatArray, numbers: FloatArray, m: FloatArray) -> float:
    """Return the payoff of one memory-one strategy against another; ``m`` is room for a 4 by 4 matrix."""
    noise = numbers[4]
    for row in range(4):
        turned = row if row == 0 or row == 3 else 3 - row
        p, q = noise + (1.0 - 2.0 * noise) * own[row], noise + (1.0 - 2.0 * noise) * other[turned]
        m[row, 0] = p * q - (1.0 if row == 0 else 0.0)
        m[row, 1] = p - (1.0 if row < 2 else 0.0)
        m[row, 2] = q - (1.0 if row == 0 or row == 2 else 0.0)
        m[row, 3] = numbers[row]
    gained = determinant(m)
    for row in range(4):
        m[row, 3] = 1.0
    return gained / determinant(m)


@kernel
def payoff(code: int, numbers: FloatArray, own: FloatArray, other: FloatArray, room: FloatArray) -> float:
    """Return ``pi(own, other)`` of a game that is no polynomial."""
    if code == JOINT_EFFORT:
        y = own[0]
        success = 0.5 + 0.5 * np.tanh(0.5 * numbers[2] * (other[0] + y - numbers[1]))
        return float(numbers[0] * success - numbers[3] * y - numbers[4] * y * y)
    if code == REACTIVE:
        noise, hit = numbers[4], 1.0 - 2.0 * numbers[4]
        r, k = hit * (own[0] - own[1]), hit * (other[0] - other[1])
        q, qq = noise + hit * own[1], noise + hit * other[1]
        return repeated((q + r * qq) / (1.0 - r * k), (qq + k * q) / (1.0 - r * k), numbers)
    return memory_one(own, other, numbers, room)


@kernel
def power_sums(traits: FloatArray, sums: FloatArray) -> None:
    """Fill in the sums of the powers of the first trait over the population."""
    sums[:] = 0.0
    for me in range(len(traits)):
        power = 1.0
        for j in range(len(sums)):
            sums[j] += power
            power *= traits[me, 0]


@kernel
def mean_payoff(
    code: int, numbers: FloatArray, traits: FloatArray, me: int, sums: FloatArray, room: FloatArray
) -> float:
    """Return the mean payoff of one individual over all others; polynomials take it from sums of powers."""
    others, total = len(traits) - 1, 0.0
    if code != POLYNOMIAL:
        for other in range(len(traits)):
            if other != me:
                total += payoff(code, numbers, traits[me], traits[other], room)
        return total / others
    y, width, up = traits[me, 0], len(sums), 1.0
    for i in range(len(numbers) // width):
        power, row = 1.0, 0.0
        for j in range(width):
            row += numbers[i * width + j] * (sums[j] - power)
            power *= y
        total += up * row
        up *= y
    return total / others


@kernel
def mutate(trait: FloatArray, box: FloatArray, sizes: FloatArray, draws: Draws) -> None:
    """Move every trait of one individual by a normal step, reflected at the edges of the box."""
    for k in range(len(trait)):
        if sizes[k] > 0.0:
            trait[k] = reflected(trait[k] + sizes[k] * normal(draws), box[k, 0], box[k, 1])


@kernel
def breed(
    traits: FloatArray, young: FloatArray, payoffs: FloatArray, strength: float, mutation: float, box: FloatArray,
    sizes: FloatArray, draws: Draws,
) -> None:  # fmt: skip
    """Replace a population by children of parents drawn by ``exp(strength payoff)``; some of them mutate."""
    running = np.exp(strength * (payoffs - payoffs.max())).cumsum()
    for child in range(len(traits)):
        parent = min(np.searchsorted(running, uniform(draws) * running[-1], side="right"), len(traits) - 1)
        young[child] = traits[parent]
        if uniform(draws) < mutation:
            mutate(young[child], box, sizes, draws)
    traits[:] = young


@kernel
def imitate(
    code: int, numbers: FloatArray, traits: FloatArray, sums: FloatArray, room: FloatArray, strength: float,
    mutation: float, box: FloatArray, sizes: FloatArray, draws: Draws,
) -> None:  # fmt: skip
    """Let as many individuals as there are, one after the other, mutate or compare themselves with another (Fermi)."""
    power_sums(traits, sums)
    for _ in range(len(traits)):
        me = int(np.int64(below(draws, len(traits))))
        before = traits[me, 0]
        if uniform(draws) < mutation:
            mutate(traits[me], box, sizes, draws)
        else:
            model = int(np.int64(below(draws, len(traits) - 1)))
            model += 1 if model >= me else 0
            mine = mean_payoff(code, numbers, traits, me, sums, room)
            theirs = mean_payoff(code, numbers, traits, model, sums, room)
            if uniform(draws) * (1.0 + np.exp(-strength * (theirs - mine))) < 1.0:
                traits[me] = traits[model]
        old, new = 1.0, 1.0
        for j in range(len(sums)):
            sums[j] += new - old
            old *= before
            new *= traits[me, 0]


@kernel
def note(traits: FloatArray, box: FloatArray, shares: FloatArray, means: FloatArray, variances: FloatArray) -> None:
    """Fill in the histogram, mean and variance of every trait of a population."""
    people, bins = len(traits), shares.shape[1]
    shares[:] = 0.0
    for k in range(traits.shape[1]):
        means[k] = traits[:, k].mean()
        variances[k] = ((traits[:, k] - means[k]) ** 2).sum() / (people - 1)
        for me in range(people):
            place = np.int64(bins * (traits[me, k] - box[k, 0]) / (box[k, 1] - box[k, 0]))
            shares[k, min(max(place, 0), bins - 1)] += 1.0 / people


@kernel
def live(
    key: IntArray, code: int, numbers: FloatArray, width: int, traits: FloatArray, pairwise: bool, strength: float,
    mutation: float, box: FloatArray, sizes: FloatArray, moments: IntArray, shares: FloatArray, means: FloatArray,
    variances: FloatArray,
) -> None:  # fmt: skip
    """Run one population up to the last of the moments.

    Args:
        key: seed, cell, replicate and role of the random stream.
        code: how payoffs are worked out.
        numbers: what that needs; for a polynomial its coefficients, row by row.
        width: how many powers of the resident's trait a polynomial has; 1 otherwise.
        traits: (people, traits), changed.
        pairwise: whether individuals imitate one by one; else whole generations follow each other.
        strength: selection strength.
        mutation: chance to mutate.
        box: (traits, 2), lowest and highest values.
        sizes: standard deviation of a mutation of each trait.
        moments: generations to note, ascending.
        shares: (moments, traits, bins), filled with histograms.
        means: (moments, traits), filled.
        variances: (moments, traits), filled.
    """
    draws = stream(key[0], key[1], key[2], key[3])
    payoffs, young = np.zeros(len(traits)), np.zeros(traits.shape)
    sums, room, generation = np.zeros(width), np.zeros((4, 4)), 0
    for place in range(len(moments)):
        while generation < moments[place]:
            if pairwise:
                imitate(code, numbers, traits, sums, room, strength, mutation, box, sizes, draws)
            else:
                power_sums(traits, sums)
                if strength > 0.0:
                    for me in range(len(traits)):
                        payoffs[me] = mean_payoff(code, numbers, traits, me, sums, room)
                breed(traits, young, payoffs, strength, mutation, box, sizes, draws)
            generation += 1
        note(traits, box, shares[place], means[place], variances[place])
