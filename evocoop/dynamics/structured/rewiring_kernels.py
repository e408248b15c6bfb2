"""The inner loops of networks that change: links that can be led elsewhere, and who leads them where."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from evocoop.core.jit import kernel, lean_kernel
from evocoop.core.streams import below, stream, uniform
from evocoop.dynamics.structured.kernels import shuffle

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

VARIANCE, LARGEST, UNLIKE, DEGREES = 0, 1, 2, 3


class Ties(NamedTuple):
    """Links that can move. The links of a node lie in a block of a pool, with room to grow.

    Args:
        ends: the two ends of each link, (links, 2).
        places: where a link lies in the blocks of its ends, (links, 2).
        pool: numbers of links, block after block.
        first: where the block of each node begins.
        room: how many links fit into it.
        degree: how many there are.
        used: one number, where the last block ends.
    """

    ends: IntArray
    places: IntArray
    pool: IntArray
    first: IntArray
    room: IntArray
    degree: IntArray
    used: IntArray


class Choice(NamedTuple):
    """How strategies and links change.

    Args:
        payoffs: matrix (n, n).
        adverse: whether a strategy would rather leave a partner of another, 0 or 1, (n, n).
        strength: beta.
        speed: W, mean number of looks at links for each look at a strategy.
        mutation: mu.
        total: whether payoffs of links are added up rather than averaged.
    """

    payoffs: FloatArray
    adverse: IntArray
    strength: float
    speed: float
    mutation: float
    total: bool


@lean_kernel
def put(ties: Ties, link: int, side: int) -> None:
    """Enter a link at the end of the block of the node at one of its ends."""
    node = ties.ends[link, side]
    ties.places[link, side] = ties.degree[node]
    ties.pool[ties.first[node] + ties.degree[node]] = link
    ties.degree[node] += 1


@lean_kernel
def lay(ties: Ties) -> None:
    """Lay out all blocks anew, half as large again as they are filled."""
    ties.degree[:] = 0
    for link in range(len(ties.ends)):
        ties.degree[ties.ends[link, 0]] += 1
        ties.degree[ties.ends[link, 1]] += 1
    at = 0
    for node in range(len(ties.degree)):
        ties.first[node] = at
        ties.room[node] = ties.degree[node] + ties.degree[node] // 2 + 2
        at += ties.room[node]
        ties.degree[node] = 0
    ties.used[0] = at
    for link in range(len(ties.ends)):
        put(ties, link, 0)
        put(ties, link, 1)


@lean_kernel
def lead(ties: Ties, link: int, side: int, node: int) -> None:
    """Lead one end of a link to another node."""
    old = ties.ends[link, side]
    ties.degree[old] -= 1
    last, place = ties.pool[ties.first[old] + ties.degree[old]], ties.places[link, side]
    ties.pool[ties.first[old] + place] = last
    ties.places[last, int(ties.ends[last, 0] != old)] = place
    ties.ends[link, side] = node
    if ties.degree[node] == ties.room[node]:
        room = 2 * ties.room[node]
        if ties.used[0] + room > len(ties.pool):
            lay(ties)
            return
        for place in range(ties.degree[node]):
            ties.pool[ties.used[0] + place] = ties.pool[ties.first[node] + place]
        ties.first[node], ties.room[node] = ties.used[0], room
        ties.used[0] += room
    put(ties, link, side)


@lean_kernel
def across(ties: Ties, node: int, place: int) -> int:
    """Return the neighbour at a place in the block of a node."""
    link = ties.pool[ties.first[node] + place]
    return int(ties.ends[link, 0] + ties.ends[link, 1] - node)


@lean_kernel
def earned(choice: Choice, near: IntArray, own: int, degree: int) -> float:
    """Return the payoff of a node of strategy ``own`` with ``near`` neighbours of each strategy."""
    total = 0.0
    for other in range(len(near)):
        total += choice.payoffs[own, other] * near[other]
    return total if choice.total else total / degree


@lean_kernel
def turn(ties: Ties, state: IntArray, near: IntArray, counts: IntArray, node: int, new: int) -> None:
    """Give a node another strategy."""
    old = state[node]
    state[node] = new
    counts[old] -= 1
    counts[new] += 1
    for place in range(ties.degree[node]):
        neighbour = across(ties, node, place)
        near[neighbour, old] -= 1
        near[neighbour, new] += 1


@lean_kernel
def elsewhere(ties: Ties, mover: int, left: int, marks: IntArray, draws: NDArray[np.uint64]) -> int:
    """Return a random neighbour of ``left`` whom ``mover`` is not linked to yet, or -1 where there is none."""
    marks[mover] = 1
    for place in range(ties.degree[mover]):
        marks[across(ties, mover, place)] = 1
    free, found = 0, -1
    for place in range(ties.degree[left]):
        free += 1 - marks[across(ties, left, place)]
    if free > 0:
        chosen = np.int64(below(draws, free))
        for place in range(ties.degree[left]):
            neighbour = across(ties, left, place)
            if marks[neighbour] == 0:
                if chosen == 0:
                    found = neighbour
                    break
                chosen -= 1
    marks[mover] = 0
    for place in range(ties.degree[mover]):
        marks[across(ties, mover, place)] = 0
    return found


@lean_kernel
def reconsider(
    ties: Ties, choice: Choice, state: IntArray, near: IntArray, marks: IntArray, draws: NDArray[np.uint64]
) -> None:
    """Look at a random link: whoever prevails, by payoff, leads it elsewhere if it is adverse."""
    link = below(draws, len(ties.ends))
    a, b = ties.ends[link, 0], ties.ends[link, 1]
    if choice.adverse[state[a], state[b]] + choice.adverse[state[b], state[a]] == 0:
        return
    gain = earned(choice, near[a], state[a], ties.degree[a]) - earned(choice, near[b], state[b], ties.degree[b])
    side = int(uniform(draws) < 1.0 / (1.0 + np.exp(-choice.strength * gain)))  # the end that is led elsewhere
    left, mover = ties.ends[link, side], ties.ends[link, 1 - side]
    if choice.adverse[state[mover], state[left]] == 0 or ties.degree[left] == 1:
        return
    new = elsewhere(ties, mover, left, marks, draws)
    if new < 0:
        return
    lead(ties, link, side, new)
    near[mover, state[left]] -= 1
    near[mover, state[new]] += 1
    near[left, state[mover]] -= 1
    near[new, state[mover]] += 1


@lean_kernel
def imitate(
    ties: Ties, choice: Choice, state: IntArray, near: IntArray, counts: IntArray, draws: NDArray[np.uint64]
) -> None:
    """Let a random node take another strategy, or compare itself with a random neighbour."""
    node = below(draws, len(state))
    if choice.mutation > 0.0 and uniform(draws) < choice.mutation:
        other = np.int64(below(draws, len(counts) - 1))
        turn(ties, state, near, counts, node, int(other + np.int64(other >= state[node])))
        return
    model = across(ties, node, below(draws, ties.degree[node]))
    if state[model] == state[node]:
        return
    gain = earned(choice, near[model], state[model], ties.degree[model])
    gain -= earned(choice, near[node], state[node], ties.degree[node])
    if uniform(draws) < 1.0 / (1.0 + np.exp(-choice.strength * gain)):
        turn(ties, state, near, counts, node, state[model])


@lean_kernel
def measure(ties: Ties, state: IntArray, near: IntArray, counts: IntArray, shape: FloatArray) -> None:
    """Fill in variance and maximum of degrees, share of links between unlike strategies, degree of each strategy."""
    nodes, squares = len(state), 0.0
    shape[:] = 0.0
    for node in range(nodes):
        degree = ties.degree[node]
        squares += float(degree) * degree
        shape[LARGEST] = max(shape[LARGEST], degree)
        shape[UNLIKE] += degree - near[node, state[node]]
        shape[DEGREES + state[node]] += degree
    mean = 2.0 * len(ties.ends) / nodes
    shape[VARIANCE] = squares / nodes - mean * mean
    shape[UNLIKE] /= 2.0 * len(ties.ends)
    for strategy in range(len(counts)):
        shape[DEGREES + strategy] = shape[DEGREES + strategy] / counts[strategy] if counts[strategy] > 0 else np.nan


@kernel
def settle(ties: Ties, state: IntArray, near: IntArray, counts: IntArray) -> None:
    """Count neighbours and strategies from scratch."""
    near[:] = 0
    counts[:] = 0
    for node in range(len(state)):
        counts[state[node]] += 1
    for link in range(len(ties.ends)):
        a, b = ties.ends[link, 0], ties.ends[link, 1]
        near[a, state[b]] += 1
        near[b, state[a]] += 1


@kernel
def change(
    ties: Ties, choice: Choice, state: IntArray, draws: NDArray[np.uint64], steps: int, burn_in: int, every: int,
    path: IntArray, shapes: FloatArray, spent: FloatArray,
) -> int:  # fmt: skip
    """Let strategies and links change for ``steps`` looks at strategies; return when one was left, or -1.

    Args:
        ties: the links; changed in place.
        choice: payoffs and rates.
        state: strategy of each node; changed in place.
        draws: the random stream.
        steps: length of the run.
        burn_in: steps not counted in ``spent``.
        every: steps between two records.
        path: (records, n), filled with the counts at steps 0, every, …
        shapes: (records, 3 + n), filled with what :func:`measure` says of the network.
        spent: (n,), increased by the counts at each step after ``burn_in``.
    """
    n = len(spent)
    near, counts = np.zeros((len(state), n), dtype=np.int64), np.zeros(n, dtype=np.int64)
    marks = np.zeros(len(state), dtype=np.int64)
    settle(ties, state, near, counts)
    looks, record, over = choice.speed / (1.0 + choice.speed), 0, -1
    for time in range(steps + 1):
        if choice.mutation == 0.0 and counts.max() == len(state):
            over = time
        while record < len(path) and record * every <= (steps if over >= 0 else time):
            path[record] = counts
            measure(ties, state, near, counts, shapes[record])
            record += 1
        counted = int(time >= burn_in) if over < 0 else steps - max(time, burn_in)
        for strategy in range(n):
            spent[strategy] += counts[strategy] * counted * int(time < steps)
        if over >= 0 or time == steps:
            break
        while choice.speed > 0.0 and uniform(draws) < looks:
            reconsider(ties, choice, state, near, marks, draws)
        imitate(ties, choice, state, near, counts, draws)
    return over


@kernel
def change_all(
    links: IntArray, choice: Choice, first: IntArray, shuffled: bool, steps: int, burn_in: int, every: int,
    keys: IntArray, paths: IntArray, shapes: FloatArray, spent: FloatArray, final: IntArray, ends: IntArray,
    absorbed: IntArray,
) -> None:  # fmt: skip
    """Run once for each row of ``keys`` from the same links; see :func:`change`.

    Args:
        links: ends of the links at the start, (links, 2).
        choice: payoffs and rates.
        first: strategies of the nodes at the start.
        shuffled: whether to place them at random.
        steps: length of a run.
        burn_in: steps not counted.
        every: steps between two records.
        keys: seed, cell, replicate and role of each random stream.
        paths: filled with the recorded counts.
        shapes: filled with the recorded shapes of the network.
        spent: filled with sums of counts over time.
        final: filled with the strategies at the end.
        ends: filled with the links at the end.
        absorbed: filled with the step at which one strategy was left, or -1.
    """
    nodes = len(first)
    pool = np.zeros(8 * len(links) + 4 * nodes, dtype=np.int64)
    for run in range(len(keys)):
        draws = stream(keys[run, 0], keys[run, 1], keys[run, 2], keys[run, 3])
        ends[run], final[run] = links, first
        ties = Ties(
            ends[run], np.zeros((len(links), 2), dtype=np.int64), pool, np.zeros(nodes, dtype=np.int64),
            np.zeros(nodes, dtype=np.int64), np.zeros(nodes, dtype=np.int64), np.zeros(1, dtype=np.int64),
        )  # fmt: skip
        lay(ties)
        if shuffled:
            shuffle(final[run], draws)
        absorbed[run] = change(
            ties, choice, final[run], draws, steps, burn_in, every, paths[run], shapes[run], spent[run]
        )
