"""Populations whose size is part of the game: births, deaths, and competition whose rate depends on strategies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evocoop.core.errors import InputError, check_integer, check_number, check_probability
from evocoop.dynamics.finite import demography_kernels as kernels
from evocoop.dynamics.sampling import (
    FixationEstimate,
    around,
    check_recorded,
    fixation_estimate,
    mean_and_interval,
    mean_error,
    share_out,
    stream_keys,
    wilson,
)
from evocoop.games.payoffs import as_payoffs, mutant_and_resident

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

ROLE = 0x64656D6F  # keeps these streams apart from any other room's
MOST_EVENTS = 1e13
MOST_ALIVE = 2**31


@dataclass(frozen=True, eq=False)
class DemographicSimulation:
    """Independent runs of a population whose size changes.

    Args:
        strategies: names, in the order of the last axis.
        times: times at which the counts were recorded.
        counts: array (replicates, times, n).
        shares: mean share of each strategy over time after the burn-in and over replicates; time after extinction
            counts for none of them, so they add up to the share of time that was lived.
        standard_errors: of ``shares``, from the spread between replicates; nan with one replicate.
        interval: array (n, 2), 95 % confidence intervals of ``shares``.
        lived: share of that time in which somebody was alive, mean over replicates.
        lived_error: standard error of it.
        size: mean number of individuals over the same time, 0 after extinction.
        size_error: standard error of it.
        decided_at: when one strategy was left, one for each replicate; -1 if never.
        extinct_at: when nobody was left; -1 if never.
        scale: M.
        birth: b.
        death: d.
        mutation: mu.
        seed: the seed.
    """

    strategies: tuple[str, ...]
    times: NDArray[np.floating[Any]]
    counts: IntArray
    shares: FloatArray
    standard_errors: FloatArray
    interval: FloatArray
    lived: float
    lived_error: float
    size: float
    size_error: float
    decided_at: FloatArray
    extinct_at: FloatArray
    scale: float
    birth: float
    death: float
    mutation: float
    seed: int

    @property
    def sizes(self) -> IntArray:
        """Individuals at the recorded times, array (replicates, times)."""
        return np.asarray(self.counts.sum(axis=-1))

    @property
    def fractions(self) -> FloatArray:
        """The recorded counts as shares of the population; 0 for all where nobody is left."""
        shares: FloatArray = self.counts / np.maximum(self.sizes, 1)[..., None]
        return shares

    @property
    def survivors(self) -> int:
        """Runs in which somebody is left at the end."""
        return int((self.extinct_at < 0).sum())


@dataclass(frozen=True)
class ExtinctionEstimate:
    """How long populations last; those alive at the end are counted, never dropped.

    Args:
        strategies: who lived together.
        start: counts at time 0.
        extinct: runs in which everybody died.
        censored: runs in which somebody was alive at ``max_time``.
        share: of runs that died out in time.
        share_interval: 95 % interval of it (Wilson 1927).
        time: mean time lived, counting ``max_time`` for a censored run (then it bounds the lifetime from below).
        time_error: standard error of it.
        rate: deaths of populations per time lived by all, extinct / sum of times: the hazard that fits best when it is
            constant; its inverse is then the mean lifetime, censored runs included.
        max_time: when runs were broken off.
        replicates: number of runs.
        seed: the seed.
    """

    strategies: tuple[str, ...]
    start: tuple[int, ...]
    extinct: int
    censored: int
    share: float
    share_interval: tuple[float, float]
    time: float
    time_error: float
    rate: float
    max_time: float
    replicates: int
    seed: int

    @property
    def time_interval(self) -> tuple[float, float]:
        """95 % interval of the mean lifetime; open above (infinite) where runs were censored."""
        low, high = around(self.time, self.time_error, self.replicates)
        return low, float("inf") if self.censored else high


@dataclass(frozen=True, eq=False)
class _Land:
    """What a population that grows is asked about, checked."""

    names: tuple[str, ...]
    capacities: FloatArray
    scale: float
    birth: float
    death: float
    mutation: float

    def run(
        self, first: IntArray, keys: IntArray, horizon: float, burn_in: float, every: float, records: int,
        undecided: bool, workers: int,
    ) -> tuple[IntArray, FloatArray, IntArray, FloatArray]:  # fmt: skip
        """Return paths, time spent, final counts, and times of decision and extinction of all runs."""
        n, runs = len(self.names), len(keys)
        largest = max(float(self.capacities.max()) * self.birth, float(first.sum()))
        if 2 * self.birth * largest * horizon * runs > MOST_EVENTS:
            raise InputError(
                f"about {2 * self.birth * largest * horizon * runs:.1g} births and deaths are too many; ask for less "
                "time, fewer runs or a smaller scale"
            )
        paths, final = np.zeros((runs, records, n), dtype=np.int64), np.zeros((runs, n), dtype=np.int64)
        spent, ends = np.zeros((runs, n + 1)), np.zeros((runs, 2))
        rivalry = 1.0 / self.capacities

        def share(part: slice) -> None:
            kernels.live_all(
                rivalry, self.birth, self.death, self.mutation, first, horizon, burn_in, every, undecided, keys[part],
                paths[part], spent[part], final[part], ends[part],
            )  # fmt: skip

        share_out(share, runs, workers)
        return paths, spent, final, ends

    def start(self, given: Sequence[float] | None) -> IntArray:
        """Return the counts at time 0: those given, or all strategies alike, at their mean capacity together."""
        n = len(self.names)
        if given is None:
            whole = (self.birth - self.death) * float(np.diag(self.capacities).mean())
            return np.full(n, max(1, round(whole / n)), dtype=np.int64)
        try:
            counts = np.asarray(given, dtype=np.float64)
        except (TypeError, ValueError):
            counts = np.full(n, np.nan)
        whole_numbers = counts.shape == (n,) and bool((counts == np.floor(counts)).all())
        if not whole_numbers or counts.min() < 0 or not 0 < counts.sum() < MOST_ALIVE:
            raise InputError(f"start must hold {n} whole numbers of at least 0, not all 0, not {given!r}")
        return counts.astype(np.int64)


def _land(payoffs: Any, scale: float, birth: float, death: float, mutation: float = 0.0) -> _Land:
    game = as_payoffs(payoffs)
    if game.group_size != 2:
        raise InputError(f"individuals compete in pairs here; the game is played in groups of {game.group_size}")
    matrix = game.payoff_table().values
    if matrix.min() <= 0:
        raise InputError(
            f"payoffs must be above 0, for they make room: a pair competes at rate 1/(scale x payoff); the smallest is "
            f"{matrix.min():g}, so shift them"
        )
    scale = check_number("scale", scale, minimum=1e-6, maximum=1e9)
    birth = check_number("birth", birth, minimum=0.0, maximum=1e6)
    death = check_number("death", death, minimum=0.0, maximum=1e6)
    if max(birth, 1.0) * scale * matrix.max() > MOST_ALIVE:
        raise InputError(f"scale x payoff must stay below {MOST_ALIVE:,} individuals")
    return _Land(game.strategies, scale * matrix, scale, birth, death, check_probability("mutation", mutation))


def simulate_demography(
    payoffs: Any,
    *,
    scale: float,
    birth: float = 1.0,
    death: float = 0.0,
    mutation: float = 0.0,
    start: Sequence[float] | None = None,
    time: float = 100.0,
    replicates: int = 1,
    burn_in: float = 0.0,
    samples: int = 101,
    seed: int = 0,
    cell: int = 0,
    workers: int = 1,
) -> DemographicSimulation:
    """Return simulated runs of a population whose size follows from the game.

    Everybody has offspring at rate b, dies at rate d, and dies of competition with each other individual at rate
    1/(M a_ij), where a_ij is its payoff against it: who does well needs little room. Alone, strategy i settles at
    (b - d) M a_ii individuals. Every event is drawn, one after the other (Gillespie). A single individual has nobody
    to compete with, so populations die out only where d is above 0.

    Args:
        payoffs: a square matrix of payoffs above 0, or a game played in pairs.
        scale: M, room for how many individuals of payoff 1.
        birth: b, above d if populations are to last.
        death: d.
        mutation: mu, probability that an offspring has another strategy.
        start: counts per strategy; left out, all alike, at their mean capacity together.
        time: length of a run; with b = 1 a unit is the time in which one has one offspring.
        replicates: number of independent runs.
        burn_in: time not counted in ``shares`` and ``size``.
        samples: number of recorded times, evenly spaced from 0 to ``time``.
        seed: the seed.
        cell: a second key, for one of many simulations of an experiment.
        workers: threads.

    Raises:
        InputError: for arguments out of range, payoffs that are not above 0, or a game in larger groups.

    Source: Huang, Hauert & Traulsen 2015, PNAS 112:9064; Gillespie 1976, J Comput Phys 22:403.

    >>> run = simulate_demography([[1, 1], [1, 1]], scale=100, time=20, replicates=4, seed=1)
    >>> run.counts.shape, run.survivors, bool(80 < run.size < 120)
    ((4, 101, 2), 4, True)
    """
    land = _land(payoffs, scale, birth, death, mutation)
    time = check_number("time", time, minimum=1e-9, maximum=1e12)
    burn_in = check_number("burn_in", burn_in, minimum=0.0)
    if burn_in >= time:
        raise InputError(f"burn_in must be below time = {time:g}, not {burn_in:g}")
    samples = check_integer("samples", samples, minimum=2)
    keys = stream_keys(seed, cell, replicates, ROLE)
    check_recorded("the recorded counts", len(keys), samples * len(land.names), "fewer samples or replicates")
    every = time / (samples - 1)
    paths, spent, _, ends = land.run(land.start(start), keys, time, burn_in, every, samples, False, workers)
    n, whole = len(land.names), np.column_stack([spent, spent[:, :-1].sum(axis=1)]) / (time - burn_in)
    means, errors, interval = mean_and_interval(whole)
    return DemographicSimulation(
        land.names, np.arange(samples) * every, paths, means[:n], errors[:n], interval[:n], float(means[n + 1]),
        float(errors[n + 1]), float(means[n]), float(errors[n]), ends[:, 0], ends[:, 1], land.scale, land.birth,
        land.death, land.mutation, seed,
    )  # fmt: skip


def demographic_extinction(
    payoffs: Any,
    *,
    scale: float,
    birth: float = 1.0,
    death: float,
    mutation: float = 0.0,
    start: Sequence[int] | None = None,
    replicates: int = 1000,
    max_time: float = 10_000.0,
    seed: int = 0,
    cell: int = 0,
    workers: int = 1,
) -> ExtinctionEstimate:
    """Return how long a population lasts before everybody has died; see :func:`simulate_demography`.

    Args:
        payoffs: a square matrix of payoffs above 0, or a game played in pairs.
        scale: M.
        birth: b.
        death: d, above 0.
        mutation: mu.
        start: counts per strategy; left out, all alike, at their mean capacity together.
        replicates: number of runs.
        max_time: a population alive by then is censored.
        seed: the seed.
        cell: a second key.
        workers: threads.

    Raises:
        InputError: for arguments out of range.

    Source: Huang, Hauert & Traulsen 2015, PNAS 112:9064.

    >>> found = demographic_extinction([[1.0]], scale=1, death=0.5, start=[1], max_time=1000)
    >>> found.censored, bool(found.share == 1.0)
    (0, True)
    """
    land = _land(payoffs, scale, birth, death, mutation)
    if land.death == 0:
        raise InputError("death must be above 0, or the last individual never dies")
    max_time = check_number("max_time", max_time, minimum=1e-9, maximum=1e12)
    keys, first = stream_keys(seed, cell, replicates, ROLE + 1), land.start(start)
    ends = land.run(first, keys, max_time, max_time, max_time, 0, False, workers)[3][:, 1]
    gone = int((ends >= 0).sum())
    times = np.where(ends >= 0, ends, max_time)
    return ExtinctionEstimate(
        land.names, tuple(first.tolist()), gone, len(keys) - gone, gone / len(keys), wilson(gone, len(keys)),
        *mean_error(times), gone / float(times.sum()), max_time, len(keys), seed,
    )  # fmt: skip


def demographic_fixation(
    payoffs: Any,
    *,
    scale: float,
    birth: float = 1.0,
    death: float = 0.0,
    mutant: str | int | None = None,
    resident: str | int | None = None,
    start: Sequence[int] | None = None,
    replicates: int = 10_000,
    max_time: float = 10_000.0,
    seed: int = 0,
    cell: int = 0,
    workers: int = 1,
) -> FixationEstimate:
    """Return the probability, estimated by simulation, that a mutant outlives the residents of a population that grows.

    One strategy always dies out before the other, so every run that ends is decided, also where the winner dies out
    later. Times are in units of time, not steps; see :func:`simulate_demography`.

    Args:
        payoffs: a square matrix of payoffs above 0, or a game played in pairs.
        scale: M.
        birth: b.
        death: d.
        mutant: name or position of the invading strategy; may be left out with two strategies (the first).
        resident: name or position of the strategy invaded.
        start: mutants and residents at time 0; left out, one mutant among the residents' capacity (b - d) M a.
        replicates: number of runs.
        max_time: a run that is not over by then is censored.
        seed: the seed.
        cell: a second key.
        workers: threads.

    Raises:
        InputError: for arguments out of range.

    Source: Huang, Hauert & Traulsen 2015, PNAS 112:9064.

    >>> found = demographic_fixation([[1, 1], [1, 1]], scale=20, start=[5, 15], replicates=4000)
    >>> found.interval[0] < 0.25 < found.interval[1]
    True
    """
    game = as_payoffs(payoffs)
    pair = mutant_and_resident(game.strategies, mutant, resident)
    land = _land(game.payoff_table(list(pair)), scale, birth, death)
    max_time = check_number("max_time", max_time, minimum=1e-9, maximum=1e12)
    residents = max(1, round((land.birth - land.death) * land.capacities[1, 1]) - 1)
    first = land.start([1, residents] if start is None else start)
    keys = stream_keys(seed, cell, replicates, ROLE + 2)
    _, _, final, ends = land.run(first, keys, max_time, max_time, max_time, 0, True, workers)
    won = final[:, 1] == 0
    return fixation_estimate((land.names[0], land.names[1]), won, ends[:, 0], max_time, int(first.sum()), seed)
