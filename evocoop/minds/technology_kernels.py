"""The inner loops of shared intentions and technology: joint moves on rings, reproduction, contests of demes."""

from __future__ import annotations

from typing import Any

import numpy as np

from evocoop.core.jit import kernel
from evocoop.core.streams import below, stream, uniform


@kernel
def neighbours_new(new: Any, me: Any, reach: int) -> int:
    """Return how many of the 2r neighbours on a ring use the new convention."""
    size, found = len(new), 0
    for step in range(1, reach + 1):
        found += new[(me + step) % size] + new[(me - step) % size]
    return found


@kernel
def joint_move(shares: Any, new: Any, me: Any, reach: int, alpha: float, inside: Any) -> None:
    """Let the run of intention sharers around one of them switch together if every member gains."""
    size = len(new)
    inside[:] = 0
    first = me
    while shares[(first - 1) % size] and (first - 1) % size != me:
        first = (first - 1) % size
    last = first
    inside[first] = 1
    while shares[(last + 1) % size] and not inside[(last + 1) % size]:
        last = (last + 1) % size
        inside[last] = 1
    for target in (1, 0):
        moving, gains = 0, True
        for i in range(size):
            if inside[i] and new[i] != target:
                moving += 1
                after, before = 0, 0
                for step in range(-reach, reach + 1):
                    j = (i + step) % size
                    if step:
                        after += 1 if inside[j] or new[j] == target else 0
                        before += 1 if new[j] != target else 0
                worth = (alpha, 1.0) if target else (1.0, alpha)
                gains = gains and after * worth[0] > before * worth[1]
        if moving and gains:
            for i in range(size):
                if inside[i]:
                    new[i] = target
            return


@kernel
def single_move(new: Any, me: Any, reach: int, alpha: float) -> None:
    """Let one individual take the better convention, given its neighbours."""
    modern = neighbours_new(new, me, reach)
    new[me] = 1 if modern * alpha > 2 * reach - modern else 0


@kernel
def live(shares: Any, new: Any, pay: Any, inside: Any, reach: int, alpha: float, periods: int, draws: Any) -> None:
    """Play the periods of one generation in one deme, from everybody on the old convention; fill mean payoffs."""
    size = len(new)
    new[:] = 0
    pay[:] = 0.0
    for _ in range(periods):
        me = np.int64(below(draws, size))
        if shares[me]:
            joint_move(shares, new, me, reach, alpha, inside)
        single_move(new, np.int64(below(draws, size)), reach, alpha)
        for i in range(size):
            modern = neighbours_new(new, i, reach)
            pay[i] += (modern * alpha if new[i] else 2 * reach - modern) / (2 * reach * periods)


@kernel
def reproduce(shares: Any, pay: Any, child: Any, price: float, mutation: float, draws: Any) -> None:
    """Draw the next generation of a deme in proportion to payoffs less the price of sharing intentions."""
    size, total = len(shares), 0.0
    for i in range(size):
        pay[i] = max(0.0, pay[i] - price * shares[i])
        total += pay[i]
    for i in range(size):
        left, parent = uniform(draws) * total, 0
        while parent < size - 1 and left >= pay[parent]:
            left -= pay[parent]
            parent += 1
        child[i] = shares[parent]
        if uniform(draws) < mutation:
            child[i] = 1 - child[i]
    shares[:] = child


@kernel
def history(
    key: Any, demes: int, size: int, reach: int, alpha: float, periods: int, price: float, mutation: float,
    contests: float, out: Any,
) -> None:  # fmt: skip
    """Fill, for every generation, the share that shares intentions and the mean level of technology."""
    draws = stream(key[0], key[1], key[2], key[3])
    shares = np.zeros((demes, size), dtype=np.int64)
    level = np.zeros(demes, dtype=np.int64)
    new, inside = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
    pay, child = np.zeros(size), np.zeros(size, dtype=np.int64)
    for generation in range(out.shape[0]):
        for d in range(demes):
            live(shares[d], new, pay, inside, reach, alpha, periods, draws)
            if new.sum() == size:
                level[d] += 1
            reproduce(shares[d], pay, child, price, mutation, draws)
        if uniform(draws) < contests:
            one, two = np.int64(below(draws, demes)), np.int64(below(draws, demes))
            winner, loser = (one, two) if level[one] >= level[two] else (two, one)
            shares[loser] = shares[winner]
            level[loser] = level[winner]
        out[generation, 0] = shares.mean()
        out[generation, 1] = level.mean()
