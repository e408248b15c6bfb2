"""The diffusion limit of a finite population: shares that drift by selection and mutation and jitter by chance."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evocoop.core.errors import InputError, check_integer, check_number
from evocoop.dynamics.finite import diffusion_kernels as kernels
from evocoop.dynamics.finite.setting import Setting
from evocoop.dynamics.finite.simulation import asked
from evocoop.dynamics.sampling import MOST_STEPS, check_recorded, mean_and_interval, share_out, stream_keys
from evocoop.dynamics.shares import as_shares

FloatArray = NDArray[np.float64]
Law = tuple[int, bool, float, float, float, float, FloatArray, NDArray[np.int64], FloatArray]
"""Rule, whether fitness is exponential, Z, strength, scale, mutation, payoffs, compositions, ways."""

ROLE = 0x736465  # keeps these streams apart from any other room's
LONGEST_STEP = 0.5


@dataclass(frozen=True, eq=False)
class Diffusion:
    """Paths of shares in the diffusion limit of a finite population.

    Args:
        strategies: names, in the order of the last axis.
        times: array (T,), in generations.
        paths: array (starts, replicates, T, n) of shares; every row sums to 1.
        shares: mean share of each strategy over time after the burn-in, over starts and replicates.
        standard_errors: of ``shares``, from the spread between replicates; nan with one replicate.
        interval: array (n, 2), 95 % confidence intervals of ``shares``.
        absorbed_at: time from which one strategy is alone for ever, array (starts, replicates); nan where never.
        step: length of a step in generations.
        population_size: Z.
        selection_strength: beta or w.
        mutation: mu.
        process: the update rule.
        seed: the seed.
    """

    strategies: tuple[str, ...]
    times: FloatArray
    paths: FloatArray
    shares: FloatArray
    standard_errors: FloatArray
    interval: FloatArray
    absorbed_at: FloatArray
    step: float
    population_size: int
    selection_strength: float
    mutation: float
    process: str
    seed: int

    @property
    def final(self) -> FloatArray:
        """Shares at the last time, array (starts, replicates, n)."""
        return self.paths[:, :, -1]

    @property
    def fixed(self) -> FloatArray:
        """Share of the replicates in which each strategy is alone at the last time, array (starts, n)."""
        alone: FloatArray = (self.final == 1.0).mean(axis=1)
        return alone


def diffusion(
    payoffs: Any,
    *,
    population_size: int,
    selection_strength: float,
    mutation: float = 0.0,
    process: str = "pairwise",
    fitness: str = "linear",
    start: Sequence[float] | None = None,
    starts: ArrayLike | None = None,
    time: float = 100.0,
    replicates: int = 1,
    step: float = 0.02,
    burn_in: float = 0.0,
    samples: int = 101,
    seed: int = 0,
    cell: int = 0,
    workers: int = 1,
) -> Diffusion:
    r"""Return paths of the stochastic differential equation that a finite population comes close to when it is large.

    With T_ji the probability that in one step of the process an individual of strategy j becomes one of i - the same
    function of the counts as in :func:`simulate`, read between whole numbers - and time in generations of Z steps::

        dx_i = sum_j (T_ji - T_ij) dt + sum_j sqrt((T_ij + T_ji)/Z) dW_ij,    W_ij = -W_ji

    so that each pair of strategies has one noise of its own, shares sum to 1 for ever, and drift and covariance are
    exactly those of a step of the population. For Wright-Fisher a step is a generation and the noise of a pair is
    sqrt(p_i p_j / Z) with p the shares of the offspring.

    Steps are of the weak Euler kind with exchanges of two values (Kloeden & Platen 1992, section 14.1). Near the edge
    an exchange takes all there is or, seldom, gains: mean and variance stay right, shares stay in the simplex, a lost
    strategy is lost exactly, and without selection the mean share is kept at any length of step. The error is of
    order ``step``. With mutation a path stays at the edge until mutants come, as the chain does.

    The equation is close to the chain when selection and mutation per step are weak, of order 1/Z; under strong
    selection large deviations, and so the fixation of the worse strategy, differ at any Z.

    Args:
        payoffs: a square matrix, a game, or a PayoffTable.
        population_size: Z, at least 2 and at least the group size.
        selection_strength: beta >= 0, or w in [0, 1].
        mutation: mu in [0, 1].
        process: see ``evocoop.dynamics.PROCESSES``.
        fitness: ``"linear"`` or ``"exponential"``, for the birth processes.
        start: shares at time 0; even shares when neither this nor ``starts`` is given.
        starts: several starting points, array (starts, n).
        time: the last time in generations, above 0.
        replicates: number of independent paths from each start.
        step: the longest step in generations, at most 0.5.
        burn_in: time that does not count in ``shares``.
        samples: number of recorded times, evenly spaced from 0 to ``time``.
        seed: the seed.
        cell: a second key, for one of many simulations of an experiment.
        workers: threads; the numbers do not depend on them.

    Raises:
        InputError: for arguments out of range.

    Source: Traulsen, Claussen & Hauert 2005, Phys Rev Lett 95:238701, and 2012, Phys Rev E 85:041901.

    >>> run = diffusion([[0, 1], [1, 0]], population_size=100, selection_strength=1, time=200, replicates=50, seed=1)
    >>> run.paths.shape, bool(abs(run.shares[0] - 0.5) < 0.02)
    ((1, 50, 101, 2), True)
    """
    world, strength, mutation = asked(payoffs, population_size, selection_strength, mutation, process, fitness)
    points = _points(start, starts, len(world.strategies))
    samples = check_integer("samples", samples, minimum=2)
    every, length = _steps(time, step, samples)
    steps = (samples - 1) * every
    burn_in = check_number("burn_in", burn_in, minimum=0.0, maximum=time)
    late = min(round(burn_in / length), steps - 1)
    runs = len(points) * check_integer("replicates", replicates, minimum=1)
    check_recorded("the recorded shares", runs, samples * points.shape[1], "fewer samples or replicates")
    keys = stream_keys(seed, cell, runs, ROLE)
    law = arguments(world, strength, mutation)
    paths, means, absorbed = (
        np.empty((runs, samples, points.shape[1])),
        np.empty((runs, points.shape[1])),
        np.empty(runs),
    )

    def share(part: slice) -> None:
        for run in range(part.start, part.stop):
            first, out = points[run // replicates], paths[run]
            absorbed[run] = kernels.path(first, *law, length, every, late, keys[run], out, means[run])

    share_out(share, runs, workers)
    ends = np.where(absorbed < 0, np.nan, absorbed * length).reshape(len(points), -1)
    shares, errors, interval = mean_and_interval(means.reshape(len(points), -1, points.shape[1]).mean(axis=0))
    return Diffusion(
        world.strategies, np.linspace(0.0, time, samples), paths.reshape(len(points), -1, *paths.shape[1:]), shares,
        errors, interval, ends, length, world.population_size, strength, mutation, process, seed,
    )  # fmt: skip


def diffusion_coefficients(
    payoffs: Any,
    shares: ArrayLike,
    *,
    population_size: int,
    selection_strength: float,
    mutation: float = 0.0,
    process: str = "pairwise",
    fitness: str = "linear",
) -> tuple[FloatArray, FloatArray]:
    """Return drift, array (m, n), and covariance, array (m, n, n), per generation of the diffusion limit at shares.

    The other arguments are those of :func:`diffusion`. At shares k/Z without Wright-Fisher they are Z E[dx] and
    Z E[dx dx'] of one step of the population, exactly.

    Args:
        payoffs: a square matrix, a game, or a PayoffTable.
        shares: array (m, n) of shares.
        population_size: Z.
        selection_strength: beta or w.
        mutation: mu.
        process: the update rule.
        fitness: ``"linear"`` or ``"exponential"``.

    Raises:
        InputError: for arguments out of range.

    >>> drift, noise = diffusion_coefficients([[2, 2], [1, 1]], [[0.5, 0.5]], population_size=101, selection_strength=0)
    >>> drift.tolist(), noise[0, 0].round(12).tolist()
    ([[0.0, 0.0]], [0.0025, -0.0025])
    """
    world, strength, mutation = asked(payoffs, population_size, selection_strength, mutation, process, fitness)
    flows, noise = rates(world, strength, mutation, _points(None, shares, len(world.strategies)))
    spread = noise + np.swapaxes(noise, 1, 2)
    covariance = -spread
    covariance[:, range(len(world.strategies)), range(len(world.strategies))] = spread.sum(axis=2)
    return (np.swapaxes(flows, 1, 2) - flows).sum(axis=2), covariance


def arguments(world: Setting, strength: float, mutation: float) -> Law:
    """Return what the kernels want to know: rule, fitness, Z, strength, scale, mutation and the payoffs as arrays."""
    table, process = world.game.payoff_table(), world.process
    groups = np.ascontiguousarray(table.compositions)
    whole = math.factorial(table.group_size - 1)
    try:
        ways = np.array([float(whole // math.prod(math.factorial(int(k)) for k in row)) for row in groups])
    except OverflowError:
        raise InputError(f"groups of {table.group_size} are too large for expected payoffs") from None
    values = np.ascontiguousarray(table.values)
    code = kernels.CODES[process.name]
    if code >= kernels.MORAN:
        process.log_fitness(values, strength)
    size = float(world.population_size)
    return (
        code, process.fitness == "exponential", size, strength, process.scale, mutation, values, groups, ways,
    )  # fmt: skip


def rates(world: Setting, strength: float, mutation: float, points: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return flows [m, j, i] from j to i per generation and variances of the exchanges of pairs i < j, at shares."""
    law = arguments(world, strength, mutation)
    flows, noises = np.zeros((len(points), *[points.shape[1]] * 2)), np.zeros((len(points), *[points.shape[1]] * 2))
    kernels.coefficients(np.ascontiguousarray(points), *law, flows, noises)
    return flows, noises


def _steps(time: float, step: float, samples: int) -> tuple[int, float]:
    """Return how many steps lie between two records, and their length, at most ``step``."""
    time = check_number("time", time, minimum=0.0, exclusive=True)
    step = check_number("step", step, minimum=0.0, exclusive=True)
    if step > LONGEST_STEP:
        raise InputError(
            f"step must be at most {LONGEST_STEP} generations, so that shares stay in the simplex, not {step:g}"
        )
    every = max(1, math.ceil(time / step / (samples - 1) - 1e-9))
    if every * (samples - 1) > MOST_STEPS:
        raise InputError(f"time {time:g} in steps of {step:g} makes too many steps; take a longer step")
    return every, time / every / (samples - 1)


def _points(start: ArrayLike | None, starts: ArrayLike | None, n: int) -> FloatArray:
    if start is not None and starts is not None:
        raise InputError("give either start (one point) or starts (several), not both")
    name = "starts" if starts is not None else "start"
    given = starts if starts is not None else [np.full(n, 1.0 / n) if start is None else start]
    return as_shares(name, given, n)
