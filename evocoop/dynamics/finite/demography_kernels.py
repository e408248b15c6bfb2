"""The inner loop of populations whose size changes: births, deaths and deadly competition, one event after another."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from evocoop.core.jit import kernel
from evocoop.core.streams import below, stream, uniform

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@kernel
def live(
    rivalry: FloatArray, birth: float, death: float, mutation: float, counts: IntArray, draws: NDArray[np.uint64],
    horizon: float, burn_in: float, every: float, undecided: bool, path: IntArray, spent: FloatArray,
) -> tuple[float, float]:  # fmt: skip
    """Let a population live until ``horizon``; return when one strategy was left and when nobody was, or -1.

    Args:
        rivalry: rate at which one of the row dies of one of the column, (n, n).
        birth: rate at which everybody has offspring.
        death: rate at which everybody dies without competition.
        mutation: probability that an offspring has another strategy.
        counts: individuals of each strategy; changed in place.
        draws: the random stream.
        horizon: the last time.
        burn_in: time not counted in ``spent``.
        every: time between two records.
        undecided: whether to stop where one strategy is left.
        path: (records, n), filled with the counts at times 0, every, …
        spent: (n + 1,), increased by shares x time after ``burn_in``, and at last by size x time.
    """
    n, time, record, decided, extinct = len(counts), 0.0, 0, -1.0, -1.0
    dying, kind = np.zeros(n), np.int64(0)
    while True:
        size, most, deaths = 0, 0, 0.0
        for own in range(n):
            size += counts[own]
            most = max(most, counts[own])
            pressure = death
            for other in range(n):
                pressure += rivalry[own, other] * (counts[other] - int(other == own))
            dying[own] = pressure * counts[own]
            deaths += dying[own]
        if size == most and decided < 0.0:
            decided = time
        if size == 0:
            extinct = time
        total = birth * size + deaths
        over = total == 0.0 or (undecided and decided >= 0.0)
        change = horizon if over else min(horizon, time - np.log(1.0 - uniform(draws)) / total)
        held = change - max(time, burn_in)
        if held > 0.0 and size > 0:
            for own in range(n):
                spent[own] += held * counts[own] / size
            spent[n] += held * size
        while record < len(path) and (record * every < change or change >= horizon):
            path[record] = counts
            record += 1
        if change >= horizon:
            return decided, extinct
        time, left = change, uniform(draws) * total
        if left < birth * size:
            parent, kind = left / birth, np.int64(0)
            while kind < n - 1 and parent >= counts[kind]:
                parent -= counts[kind]
                kind += 1
            while counts[kind] == 0:  # round-off at the very end
                kind -= 1
            if mutation > 0.0 and n > 1 and uniform(draws) < mutation:
                drawn = np.int64(below(draws, n - 1))
                kind = drawn + np.int64(drawn >= kind)
            counts[kind] += 1
        else:
            left -= birth * size
            kind = np.int64(0)
            while kind < n - 1 and left >= dying[kind]:
                left -= dying[kind]
                kind += 1
            while dying[kind] == 0.0:
                kind -= 1
            counts[kind] -= 1


@kernel
def live_all(
    rivalry: FloatArray, birth: float, death: float, mutation: float, first: IntArray, horizon: float, burn_in: float,
    every: float, undecided: bool, keys: IntArray, paths: IntArray, spent: FloatArray, final: IntArray,
    ends: FloatArray,
) -> None:  # fmt: skip
    """Live once for each row of ``keys``; ``final`` gets the last counts, ``ends`` both times; see :func:`live`."""
    for run in range(len(keys)):
        draws = stream(keys[run, 0], keys[run, 1], keys[run, 2], keys[run, 3])
        final[run] = first
        ends[run] = live(
            rivalry, birth, death, mutation, final[run], draws, horizon, burn_in, every, undecided, paths[run],
            spent[run],
        )  # fmt: skip
