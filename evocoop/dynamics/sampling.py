"""Shared by everything that simulates: streams of replicates, work for threads, means with their errors."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from evocoop.core.errors import InputError, check_integer

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

Z95 = 1.959963984540054
MOST_STEPS = 2**53
MOST_RECORDED = 100_000_000
MOST_RUNS = 10_000_000


def stream_keys(seed: int, cell: int, replicates: int, role: int) -> IntArray:
    """Return the keys (seed, cell, replicate, role) of the random stream of each run.

    >>> stream_keys(7, 0, 2, 9).tolist()
    [[7, 0, 0, 9], [7, 0, 1, 9]]
    """
    seed = check_integer("seed", seed, minimum=0, maximum=2**63 - 1)
    cell = check_integer("cell", cell, minimum=0, maximum=2**63 - 1)
    runs = check_integer("replicates", replicates, minimum=1, maximum=MOST_RUNS)
    keys = np.empty((runs, 4), dtype=np.int64)
    keys[:, 0], keys[:, 1], keys[:, 2], keys[:, 3] = seed, cell, np.arange(runs), role
    return keys


def check_recorded(what: str, runs: int, numbers_each: int, instead: str) -> None:
    """Refuse to record more than memory holds, saying how much and what to do instead."""
    whole = runs * numbers_each
    if whole > MOST_RECORDED:
        raise InputError(
            f"{what} of {runs:,} runs are {whole:,} numbers ({whole / 2**27:,.1f} GiB), more than the "
            f"{MOST_RECORDED:,} kept; ask for {instead}"
        )


def share_out(work: Callable[[slice], None], runs: int, workers: int) -> None:
    """Do all runs in equal parts on as many threads; each run has its own stream, so the parts do not matter."""
    workers = min(check_integer("workers", workers, minimum=1), runs)
    edges = [runs * k // workers for k in range(workers + 1)]
    parts = [slice(low, high) for low, high in pairwise(edges)]
    if workers == 1:
        work(parts[0])
        return
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(work, parts))


def mean_and_interval(rows: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return mean, standard error and 95 % interval (Student's t between replicates) of each column."""
    mean = rows.mean(axis=0)
    if len(rows) < 2:
        nothing = np.full(rows.shape[1], np.nan)
        return mean, nothing, np.stack([nothing, nothing], axis=1)
    from scipy.special import stdtrit

    error = rows.std(axis=0, ddof=1) / np.sqrt(len(rows))
    reach = error * float(stdtrit(len(rows) - 1, 0.975))
    return mean, error, np.stack([mean - reach, mean + reach], axis=1)


def mean_error(values: FloatArray) -> tuple[float, float]:
    """Return the mean and its standard error; nan where there are too few values."""
    if len(values) < 2:
        return (float(values[0]) if len(values) else float("nan")), float("nan")
    return float(values.mean()), float(values.std(ddof=1) / np.sqrt(len(values)))


def around(mean: float, error: float, runs: int) -> tuple[float, float]:
    """Return the 95 % interval of a mean (Student's t between runs); nan where there are fewer than two.

    >>> [round(end, 3) for end in around(10.0, 1.0, 5)]
    [7.224, 12.776]
    """
    from scipy.special import stdtrit

    reach = error * float(stdtrit(runs - 1, 0.975)) if runs > 1 else float("nan")
    return mean - reach, mean + reach


def wilson(hits: int, trials: int, z: float = Z95) -> tuple[float, float]:
    """Return the score interval of a proportion (Wilson 1927, J Am Stat Assoc 22:209).

    >>> [round(end, 4) for end in wilson(0, 100)]
    [0.0, 0.037]
    """
    share, weight = hits / trials, z * z / trials
    middle = (share + weight / 2) / (1 + weight)
    half = z * np.sqrt(share * (1 - share) / trials + weight / trials / 4) / (1 + weight)
    return max(0.0, float(middle - half)), min(1.0, float(middle + half))


@dataclass(frozen=True, eq=False)
class SimulatedRuns:
    """Independent runs of a population, and the mean shares over them.

    Args:
        strategies: names, in the order of the last axis.
        times: steps at which the counts were recorded.
        counts: array (replicates, times, n).
        shares: mean share of each strategy over time after the burn-in and over replicates.
        standard_errors: of ``shares``, from the spread between replicates; nan with one replicate.
        interval: array (n, 2), 95 % confidence intervals of ``shares``.
        absorbed_at: step from which nothing could change any more, one for each replicate; -1 if never.
    """

    strategies: tuple[str, ...]
    times: IntArray
    counts: IntArray
    shares: FloatArray
    standard_errors: FloatArray
    interval: FloatArray
    absorbed_at: IntArray

    @property
    def fractions(self) -> FloatArray:
        """The recorded counts as shares of the population of the moment."""
        shares: FloatArray = self.counts / self.counts.sum(axis=-1, keepdims=True)
        return shares


@dataclass(frozen=True)
class FixationEstimate:
    """Fixation estimated from independent runs; those unfinished at ``max_steps`` are counted, never dropped.

    Args:
        mutant: the strategy whose fixation is meant.
        resident: the other strategy.
        fixed: runs in which the mutant took over.
        lost: runs in which it vanished.
        censored: runs in which neither had happened after ``max_steps`` steps.
        probability: fixed / runs when nothing is censored; else the middle of what the censored runs leave open.
        standard_error: of the probability: the interval divided by 2 x 1.96, so never zero.
        interval: 95 % interval (Wilson 1927); censored runs count as lost for its lower and as fixed for its upper end.
        time: mean steps of a run, counting ``max_steps`` for a censored one (then it is a lower bound).
        time_error: standard error of it.
        fixation_time: mean steps of the runs in which the mutant fixed; nan if none.
        fixation_time_error: standard error of it.
        population_size: Z.
        replicates: number of runs.
        seed: the seed.
    """

    mutant: str
    resident: str
    fixed: int
    lost: int
    censored: int
    probability: float
    standard_error: float
    interval: tuple[float, float]
    time: float
    time_error: float
    fixation_time: float
    fixation_time_error: float
    population_size: int
    replicates: int
    seed: int

    @property
    def time_interval(self) -> tuple[float, float]:
        """95 % interval of ``time``; open above (infinite) where runs were censored."""
        low, high = around(self.time, self.time_error, self.replicates)
        return low, float("inf") if self.censored else high

    @property
    def fixation_time_interval(self) -> tuple[float, float]:
        """95 % interval of ``fixation_time``; open above where runs were censored, nan where too few fixed."""
        low, high = around(self.fixation_time, self.fixation_time_error, self.fixed)
        return low, float("inf") if self.censored else high


def fixation_estimate(
    pair: tuple[str, str],
    won: NDArray[np.bool_],
    absorbed: IntArray | FloatArray,
    max_steps: float,
    population_size: int,
    seed: int,
) -> FixationEstimate:
    """Return what runs say about fixation.

    Args:
        pair: mutant and resident.
        won: whether the mutant holds everything at the end of each run.
        absorbed: the step, or time, at which each run was over, -1 if it was not.
        max_steps: the step or time at which unfinished runs were broken off.
        population_size: Z.
        seed: the seed.
    """
    over, runs = absorbed >= 0, len(absorbed)
    fixed, censored = int((over & won).sum()), int((~over).sum())
    probability = (fixed + censored / 2) / runs
    times = np.where(over, absorbed, max_steps).astype(float)
    interval = wilson(fixed, runs)[0], wilson(fixed + censored, runs)[1]
    return FixationEstimate(
        *pair, fixed, runs - fixed - censored, censored, probability, (interval[1] - interval[0]) / (2 * Z95), interval,
        *mean_error(times), *mean_error(times[over & won]), population_size, runs, seed,
    )  # fmt: skip
