"""The inner loops of simulation: a walk on tabulated states, generations, and meetings under pairwise comparison."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from evocoop.core.jit import kernel
from evocoop.core.streams import below, stream, uniform

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

SELDOM = 0.25  # events rarer than this are waited for by one draw
REFRESH = 65536  # changes between two sums of payoffs from scratch, which undo round-off


@kernel
def walk(
    log_stay: FloatArray,
    cumulative: FloatArray,
    targets: IntArray,
    state: int,
    steps: int,
    burn_in: int,
    every: int,
    key: IntArray,
    occupancy: IntArray,
    path: IntArray,
) -> int:
    """Walk ``steps`` steps, jumping over those that change nothing; return the step of absorption, or -1.

    Args:
        log_stay: log probability to stay, one for each state; 0 marks an absorbing state.
        cumulative: running shares of the ways out, one row for each state, each ending at 1.
        targets: the state each way out leads to.
        state: the first state.
        steps: length of the walk.
        burn_in: steps not counted in the occupancy.
        every: steps between two records.
        key: seed, cell, replicate and role of the random stream.
        occupancy: filled with the number of steps spent in each state, or empty.
        path: filled with the state at steps 0, every, 2 every, …
    """
    draws = stream(key[0], key[1], key[2], key[3])
    time, record, absorbed = 0, 0, -1
    while time <= steps:
        change = steps + 1
        if log_stay[state] == 0.0:
            absorbed = time
        else:
            wait = np.floor(np.log(1.0 - uniform(draws)) / log_stay[state])
            if wait < steps - time:
                change = time + int(wait) + 1
        if len(occupancy) > 0 and min(change, steps) > burn_in:
            occupancy[state] += min(change, steps) - max(time, burn_in)
        while record < len(path) and record * every < change:
            path[record] = state
            record += 1
        if change <= steps:
            share, way = uniform(draws), 0
            while share >= cumulative[state, way]:
                way += 1
            state = targets[state, way]
        time = change
    return absorbed


@kernel
def walk_all(
    log_stay: FloatArray,
    cumulative: FloatArray,
    targets: IntArray,
    starts: IntArray,
    steps: int,
    burn_in: int,
    every: int,
    keys: IntArray,
    occupancy: IntArray,
    paths: IntArray,
    absorbed: IntArray,
) -> None:
    """Walk once for each row of ``keys``; see :func:`walk`."""
    for run in range(len(keys)):
        absorbed[run] = walk(
            log_stay,
            cumulative,
            targets,
            starts[run],
            steps,
            burn_in,
            every,
            keys[run],
            occupancy[run],
            paths[run],
        )


@kernel
def generations(
    offspring: FloatArray,
    absorbing: NDArray[np.bool_],
    places: IntArray,
    keys_of_states: IntArray,
    size: int,
    starts: IntArray,
    steps: int,
    burn_in: int,
    every: int,
    keys: IntArray,
    occupancy: IntArray,
    paths: IntArray,
    absorbed: IntArray,
) -> None:
    """Replace the whole population ``steps`` times, once for each row of ``keys`` (Wright-Fisher).

    Args:
        offspring: running shares of the strategies among offspring, one row for each state.
        absorbing: whether a state is never left.
        places: what one individual of each strategy adds to the key of a state.
        keys_of_states: the keys of all states, ascending.
        size: Z.
        starts: the first state of each run.
        steps: generations.
        burn_in: generations not counted in the occupancy.
        every: generations between two records.
        keys: seed, cell, replicate and role of each random stream.
        occupancy: filled with the number of generations in each state.
        paths: filled with the states at generations 0, every, 2 every, …
        absorbed: filled with the generation from which nothing can change, or -1.
    """
    for run in range(len(keys)):
        draws = stream(keys[run, 0], keys[run, 1], keys[run, 2], keys[run, 3])
        state, record, absorbed[run] = starts[run], 0, -1
        for time in range(steps + 1):
            until = steps if absorbing[state] else time + 1
            if occupancy.shape[1] > 0 and min(until, steps) > max(time, burn_in):
                occupancy[run, state] += min(until, steps) - max(time, burn_in)
            while record < paths.shape[1] and (record * every < until or absorbing[state]):
                paths[run, record] = state
                record += 1
            if absorbing[state]:
                absorbed[run] = time
                break
            if time < steps:
                key = 0
                for _ in range(size):
                    share, strategy = uniform(draws), 0
                    while share >= offspring[state, strategy]:
                        strategy += 1
                    key += places[strategy]
                state = np.searchsorted(keys_of_states, key)


@kernel
def meeting(counts: IntArray, pair: int) -> tuple[int, int]:
    """Return focal and model of one of the sum of k_i (Z - k_i) ordered pairs of individuals that differ."""
    size, focal = counts.sum(), 0
    while pair >= counts[focal] * (size - counts[focal]) and focal < len(counts) - 1:
        pair -= counts[focal] * (size - counts[focal])
        focal += 1
    left, model = pair % max(1, size - counts[focal]), 0
    while model == focal or left >= counts[model]:
        left -= 0 if model == focal else counts[model]
        model += 1
    return focal, model


@kernel
def mutant(counts: IntArray, place: int, other: int) -> tuple[int, int]:
    """Return the strategy of the individual at a place, and the one it mutates to: the ``other``-th of the rest."""
    focal = 0
    while place >= counts[focal]:
        place -= counts[focal]
        focal += 1
    return focal, other + int(other >= focal)


@kernel
def earned(payoffs: FloatArray, counts: IntArray) -> FloatArray:
    """Return the sum of each strategy's payoffs against everybody."""
    sums = np.zeros(len(counts))
    for own in range(len(counts)):
        for other in range(len(counts)):
            sums[own] += payoffs[own, other] * counts[other]
    return sums


@kernel
def imitation(
    payoffs: FloatArray,
    counts: IntArray,
    steps: int,
    burn_in: int,
    every: int,
    strength: float,
    mutation: float,
    key: IntArray,
    path: IntArray,
) -> FloatArray:
    """Imitate by pairwise comparison for ``steps`` steps; return the mean counts after ``burn_in``.

    Payoffs are kept up to date from one change to the next; where most meetings are between individuals alike, the
    waiting time to the next mutation or unlike pair is drawn at once.

    Args:
        payoffs: matrix (n, n), row against column.
        counts: individuals of each strategy at the start; holds those at the end.
        steps: length of the run.
        burn_in: steps not counted in the mean.
        every: steps between two records.
        strength: beta.
        mutation: mu.
        key: seed, cell, replicate and role of the random stream.
        path: (records, n), filled with the counts at steps 0, every, 2 every, …
    """
    n, size = len(counts), counts.sum()
    draws = stream(key[0], key[1], key[2], key[3])
    columns = np.ascontiguousarray(payoffs.T)
    sums, spent, since = earned(payoffs, counts), np.zeros(n), np.full(n, burn_in)
    pairs, like = size * (size - 1), (counts * (counts - 1)).sum()
    time, record, changes = 0, 0, 0
    while time <= steps:
        moving = mutation + (1.0 - mutation) * (pairs - like) / pairs
        next_time, event = steps + 1, 0.0
        if moving < SELDOM and moving > 0.0:
            wait = np.floor(np.log(1.0 - uniform(draws)) / np.log1p(-moving))
            if wait < steps - time:
                next_time, event = time + int(wait) + 1, uniform(draws) * moving
        elif moving > 0.0:
            next_time, event = time + 1, uniform(draws)
        while record < len(path) and record * every < next_time:
            path[record] = counts
            record += 1
        time = next_time
        if time > steps or event >= moving:
            continue
        if event < mutation:
            old, new = mutant(counts, below(draws, size), below(draws, n - 1))
        else:
            pair = min(int((event - mutation) / (1.0 - mutation) * pairs), pairs - like - 1)
            old, new = meeting(counts, pair)
            gain = (sums[new] - payoffs[new, new] - sums[old] + payoffs[old, old]) / (size - 1)
            if uniform(draws) * (1.0 + np.exp(-strength * gain)) >= 1.0:
                continue
        for strategy in (old, new):
            if time > since[strategy]:
                spent[strategy] += counts[strategy] * float(time - since[strategy])
                since[strategy] = time
        like += 2 * (counts[new] - counts[old] + 1)
        counts[old] -= 1
        counts[new] += 1
        changes += 1
        if changes % REFRESH == 0:
            sums = earned(payoffs, counts)
        else:
            sums += columns[new] - columns[old]
    for strategy in range(n):
        spent[strategy] += counts[strategy] * float(steps - since[strategy])
    return spent / (steps - burn_in)
