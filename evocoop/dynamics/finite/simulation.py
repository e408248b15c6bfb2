"""Simulated finite populations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evocoop.core.errors import InputError, check_integer, check_probability
from evocoop.dynamics.finite import simulation_kernels as kernels
from evocoop.dynamics.finite.setting import Setting, check_strength, setting
from evocoop.dynamics.finite.tabulated import ROLE, Table, fits
from evocoop.dynamics.sampling import (
    MOST_STEPS,
    SimulatedRuns,
    check_recorded,
    mean_and_interval,
    share_out,
    stream_keys,
)

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Simulation(SimulatedRuns):
    """Independent runs of a finite population.

    Beside the names, times, counts and means of every :class:`~evocoop.dynamics.sampling.SimulatedRuns`:

    Args:
        population_size: Z.
        selection_strength: beta or w.
        mutation: mu.
        process: the update rule.
        seed: the seed.
    """

    population_size: int
    selection_strength: float
    mutation: float
    process: str
    seed: int


def simulate(
    payoffs: Any,
    *,
    population_size: int,
    selection_strength: float,
    mutation: float = 0.0,
    process: str = "pairwise",
    fitness: str = "linear",
    steps: int = 10_000,
    start: Sequence[int] | None = None,
    replicates: int = 1,
    burn_in: int = 0,
    samples: int = 101,
    seed: int = 0,
    cell: int = 0,
    workers: int = 1,
) -> Simulation:
    """Return simulated runs of a finite population.

    The population is a vector of counts; steps that change nothing are jumped over by one geometric draw. Where
    the states are too many to tabulate, pairwise comparison on a payoff matrix is run meeting by meeting. Every
    replicate has a random stream of its own, so the numbers depend neither on ``workers`` nor on how many are run.

    Args:
        payoffs: a square matrix, a game, or a PayoffTable.
        population_size: Z, at least 2 and at least the group size.
        selection_strength: beta >= 0, or w in [0, 1].
        mutation: mu in [0, 1].
        process: see ``evocoop.dynamics.PROCESSES``.
        fitness: ``"linear"`` or ``"exponential"``, for the birth processes.
        steps: length of a run; one individual may change in a step (Wright-Fisher: a step is a generation).
        start: counts per strategy; left out, as even as can be.
        replicates: number of independent runs.
        burn_in: steps not counted in ``shares``.
        samples: number of recorded times, evenly spaced from 0 to ``steps``.
        seed: the seed.
        cell: a second key, for one of many simulations of an experiment.
        workers: threads.

    Raises:
        InputError: for arguments out of range, or too many states to tabulate.

    >>> run = simulate([[0, 1], [1, 0]], population_size=40, selection_strength=5, steps=2000, seed=1)
    >>> run.counts.shape, bool(abs(run.shares[0] - 0.5) < 0.1)
    ((1, 101, 2), True)
    """
    world, strength, mutation = asked(payoffs, population_size, selection_strength, mutation, process, fitness)
    steps = check_integer("steps", steps, minimum=1, maximum=MOST_STEPS)
    burn_in = check_integer("burn_in", burn_in, minimum=0, maximum=steps - 1)
    samples = check_integer("samples", samples, minimum=1)
    keys = stream_keys(seed, cell, replicates, ROLE)
    first = _start(world, start)
    every = max(1, steps // max(samples - 1, 1))
    records = min(samples, steps // every + 1)
    check_recorded("the recorded counts", len(keys), records * len(world.strategies), "fewer samples or replicates")
    times = np.arange(records) * every
    if fits(world):
        chosen = Table.of(world, strength, mutation)
        origin = np.full(len(keys), chosen.index(first))
        occupancy, paths, absorbed = chosen.run(origin, steps, burn_in, every, keys, len(times), workers=workers)
        counts = chosen.states[paths]
        means = occupancy @ chosen.states / (steps - burn_in) / world.population_size
    else:
        counts, means = _by_meetings(world, strength, mutation, first, steps, burn_in, every, keys, len(times), workers)
        absorbed = np.full(len(keys), -1)
    shares, errors, interval = mean_and_interval(means)
    return Simulation(
        world.strategies, times, counts, shares, errors, interval, absorbed, world.population_size, strength, mutation,
        process, seed,
    )  # fmt: skip


def _by_meetings(
    world: Setting, strength: float, mutation: float, first: IntArray, steps: int, burn_in: int, every: int,
    keys: IntArray, records: int, workers: int,
) -> tuple[IntArray, FloatArray]:  # fmt: skip
    matrix = np.ascontiguousarray(world.game.payoff_table().values)
    paths = np.zeros((len(keys), records, len(first)), dtype=np.int64)
    means = np.zeros((len(keys), len(first)))

    def share(part: slice) -> None:
        for run in range(part.start, part.stop):
            counts = first.copy()
            means[run] = kernels.imitation(
                matrix, counts, steps, burn_in, every, strength, mutation, keys[run], paths[run]
            )

    share_out(share, len(keys), workers)
    return paths, means / world.population_size


def _start(world: Setting, start: Sequence[int] | None) -> IntArray:
    n, size = len(world.strategies), world.population_size
    if start is None:
        return np.array([size // n + (i < size % n) for i in range(n)], dtype=np.int64)
    counts = np.array(start)
    if counts.shape != (n,) or not np.issubdtype(counts.dtype, np.integer) or counts.min() < 0 or counts.sum() != size:
        raise InputError(f"start must hold {n} counts that add up to population_size {size}, not {start!r}")
    return counts.astype(np.int64)


def asked(
    payoffs: Any, population_size: int, selection_strength: float, mutation: float, process: str, fitness: str
) -> tuple[Setting, float, float]:
    """Check what a simulation is asked about; return setting, strength and mutation."""
    world = setting(payoffs, population_size, process, fitness)
    if len(world.strategies) < 2:
        raise InputError("a simulation needs at least two strategies")
    return world, check_strength(world.process, selection_strength), check_probability("mutation", mutation)
