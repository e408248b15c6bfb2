"""The inner loop of selection between groups that grow, split and die."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from evocoop.core.jit import kernel, lean_kernel
from evocoop.core.streams import below, stream, uniform

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@lean_kernel
def weigh(payoffs: FloatArray, members: IntArray, strength: float, exponential: bool, fitness: FloatArray) -> float:
    """Fill ``fitness`` with that of a member of each strategy and return the sum over all members of a group."""
    size, total = members.sum(), 0.0
    for own in range(len(members)):
        earned = 0.0
        if size > 1:
            for other in range(len(members)):
                earned += payoffs[own, other] * (members[other] - int(other == own))
            earned /= size - 1
        fitness[own] = np.exp(strength * earned) if exponential else 1.0 - strength + strength * earned
        total += fitness[own] * members[own]
    return total


@lean_kernel
def drawn(weights: FloatArray, members: IntArray, draw: float) -> int:
    """Return a strategy drawn by members times weight, at a share ``draw`` of the sum."""
    total = 0.0
    for strategy in range(len(members)):
        total += weights[strategy] * members[strategy]
    left, found = draw * total, -1
    for strategy in range(len(members)):
        if members[strategy] > 0:
            found = strategy
            left -= weights[strategy] * members[strategy]
            if left < 0.0:
                break
    return found


@kernel
def divide(members: IntArray, daughter: IntArray, draws: NDArray[np.uint64]) -> None:
    """Move every member to the daughter group with probability 1/2, until neither group is empty."""
    whole = members.copy()
    while True:
        daughter[:] = 0
        for strategy in range(len(members)):
            for _ in range(whole[strategy]):
                daughter[strategy] += int(uniform(draws) < 0.5)
        if 0 < daughter.sum() < whole.sum():
            break
    members[:] = whole - daughter


@kernel
def compete(
    payoffs: FloatArray, groups: IntArray, largest: int, strength: float, exponential: bool, splitting: float,
    migration: float, mutation: float, draws: NDArray[np.uint64], steps: int, burn_in: int, every: int,
    path: IntArray, shares: FloatArray,
) -> int:  # fmt: skip
    """Let groups grow, split and die for ``steps`` births; return the step at which one strategy was left, or -1.

    Args:
        payoffs: matrix (n, n).
        groups: members of each group, (m, n); changed in place.
        largest: size at which a group is full.
        strength: w or beta.
        exponential: whether fitness is exp(beta f).
        splitting: q, probability that a group grown too large splits rather than loses a member.
        migration: probability that an offspring joins another group.
        mutation: mu.
        draws: the random stream.
        steps: length of the run.
        burn_in: steps not counted in ``shares``.
        every: steps between two records.
        path: (records, n), filled with the counts at steps 0, every, …
        shares: (n,), increased by the shares of the strategies at each step after ``burn_in``.
    """
    m, n = groups.shape
    ones, fitness, counts = np.ones(n), np.zeros((m, n)), groups.sum(axis=0)
    totals = np.zeros(m)
    for group in range(m):
        totals[group] = weigh(payoffs, groups[group], strength, exponential, fitness[group])
    record = 0
    for time in range(steps + 1):
        size, alive = counts.sum(), 0
        for strategy in range(n):
            alive += int(counts[strategy] > 0)
            if time >= burn_in and time < steps:
                shares[strategy] += counts[strategy] / size
        while record < len(path) and record * every <= time:
            path[record] = counts
            record += 1
        if alive == 1 and mutation == 0.0:
            for strategy in range(n):
                shares[strategy] += counts[strategy] / size * max(steps - max(time + 1, burn_in), 0)
            while record < len(path):
                path[record] = counts
                record += 1
            return time
        if time == steps:
            break
        left, group = uniform(draws) * totals.sum(), 0
        while group < m - 1 and left >= totals[group]:
            left -= totals[group]
            group += 1
        child = drawn(fitness[group], groups[group], uniform(draws))
        if mutation > 0.0 and uniform(draws) < mutation:
            other = np.int64(below(draws, n - 1))
            child = int(other + np.int64(other >= child))
        if migration > 0.0 and m > 1 and uniform(draws) < migration:
            other = np.int64(below(draws, m - 1))
            group = int(other + np.int64(other >= group))
        groups[group, child] += 1
        counts[child] += 1
        if groups[group].sum() > largest:
            if m > 1 and uniform(draws) < splitting:
                other = np.int64(below(draws, m - 1))
                other += np.int64(other >= group)
                counts -= groups[other]
                divide(groups[group], groups[other], draws)
                totals[other] = weigh(payoffs, groups[other], strength, exponential, fitness[other])
            else:
                lost = drawn(ones, groups[group], uniform(draws))
                groups[group, lost] -= 1
                counts[lost] -= 1
        totals[group] = weigh(payoffs, groups[group], strength, exponential, fitness[group])
    return -1


@kernel
def compete_all(
    payoffs: FloatArray, first: IntArray, largest: int, strength: float, exponential: bool, splitting: float,
    migration: float, mutation: float, steps: int, burn_in: int, every: int, keys: IntArray, paths: IntArray,
    shares: FloatArray, counts: IntArray, absorbed: IntArray,
) -> None:  # fmt: skip
    """Compete once for each row of ``keys``, members placed in full groups at random; see :func:`compete`."""
    n = payoffs.shape[0]
    m = first.sum() // largest
    for run in range(len(keys)):
        draws = stream(keys[run, 0], keys[run, 1], keys[run, 2], keys[run, 3])
        groups, left = np.zeros((m, n), dtype=np.int64), first.copy()
        ones = np.ones(n)
        for group in range(m):
            for _ in range(largest):
                member = drawn(ones, left, uniform(draws))
                groups[group, member] += 1
                left[member] -= 1
        absorbed[run] = compete(
            payoffs, groups, largest, strength, exponential, splitting, migration, mutation, draws, steps, burn_in,
            every, paths[run], shares[run],
        )  # fmt: skip
        counts[run] = groups.sum(axis=0)
