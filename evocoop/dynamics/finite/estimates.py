"""Fixation and the long run estimated by simulation, with their uncertainty."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evocoop.core.errors import InputError, check_integer
from evocoop.dynamics.finite.setting import Setting, check_strength, setting
from evocoop.dynamics.finite.simulation import asked
from evocoop.dynamics.finite.tabulated import ROLE, Table
from evocoop.dynamics.sampling import (
    MOST_STEPS,
    FixationEstimate,
    around,
    fixation_estimate,
    mean_and_interval,
    stream_keys,
)

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class StationaryEstimate:
    """A stationary distribution estimated from independent runs.

    Args:
        strategies: names, in the order of the columns of ``states``.
        states: array (S, n) of counts, in the order of :func:`stationary_distribution`.
        probabilities: mean share of time in each state.
        standard_errors: of the probabilities, from the spread between replicates.
        shares: mean share of each strategy.
        shares_errors: standard errors of ``shares``.
        shares_interval: array (n, 2), 95 % confidence intervals of ``shares``.
        population_size: Z.
        replicates: number of runs.
        steps: length of each.
        seed: the seed.
    """

    strategies: tuple[str, ...]
    states: IntArray
    probabilities: FloatArray
    standard_errors: FloatArray
    shares: FloatArray
    shares_errors: FloatArray
    shares_interval: FloatArray
    population_size: int
    replicates: int
    steps: int
    seed: int

    @property
    def interval(self) -> FloatArray:
        """95 % confidence intervals of ``probabilities`` (Student's t between replicates), array (S, 2)."""
        reach = np.array(around(0.0, 1.0, self.replicates))
        ends: FloatArray = self.probabilities[:, None] + self.standard_errors[:, None] * reach
        return ends


def estimate_stationary(
    payoffs: Any,
    *,
    population_size: int,
    selection_strength: float,
    mutation: float,
    process: str = "pairwise",
    fitness: str = "linear",
    steps: int = 100_000,
    burn_in: int | None = None,
    replicates: int = 20,
    seed: int = 0,
    cell: int = 0,
    workers: int = 1,
) -> StationaryEstimate:
    """Return the share of time spent in each state, estimated from replicates that start at random states.

    Args:
        payoffs: a square matrix, a game, or a PayoffTable.
        population_size: Z.
        selection_strength: beta >= 0, or w in [0, 1].
        mutation: mu in (0, 1].
        process: see ``evocoop.dynamics.PROCESSES``.
        fitness: ``"linear"`` or ``"exponential"``, for the birth processes.
        steps: steps of each run.
        burn_in: steps not counted; left out, a tenth of them.
        replicates: number of runs, at least 2.
        seed: the seed.
        cell: a second key.
        workers: threads.

    Raises:
        InputError: for arguments out of range, or too many states to tabulate.

    >>> found = estimate_stationary([[1, 1], [1, 1]], population_size=4, selection_strength=0, mutation=1, steps=20000)
    >>> found.probabilities.round(2).tolist()
    [0.06, 0.25, 0.37, 0.25, 0.06]
    """
    world, strength, mutation = asked(payoffs, population_size, selection_strength, mutation, process, fitness)
    if mutation == 0 and world.process.imitates:
        raise InputError("mutation must be above 0 for a stationary distribution; use estimate_fixation without it")
    steps = check_integer("steps", steps, minimum=1, maximum=MOST_STEPS)
    burn_in = check_integer("burn_in", steps // 10 if burn_in is None else burn_in, minimum=0, maximum=steps - 1)
    keys = stream_keys(seed, cell, check_integer("replicates", replicates, minimum=2), ROLE)
    table = Table.of(world, strength, mutation)
    origin = np.random.Generator(np.random.Philox(key=seed)).integers(len(table.states), size=len(keys))
    occupancy, _, _ = table.run(origin, steps, burn_in, 1, keys, 0, workers=workers)
    shares_of_time = occupancy / (steps - burn_in)
    probabilities, errors, _ = mean_and_interval(shares_of_time)
    shares, shares_errors, interval = mean_and_interval(shares_of_time @ table.states / world.population_size)
    return StationaryEstimate(
        world.strategies,
        table.states,
        probabilities,
        errors,
        shares,
        shares_errors,
        interval,
        world.population_size,
        len(keys),
        steps,
        seed,
    )


def estimate_fixation(
    payoffs: Any,
    *,
    population_size: int,
    selection_strength: float,
    process: str = "pairwise",
    mutant: str | int | None = None,
    resident: str | int | None = None,
    start: int = 1,
    fitness: str = "linear",
    replicates: int = 10_000,
    max_steps: int = 10_000_000,
    seed: int = 0,
    cell: int = 0,
    workers: int = 1,
) -> FixationEstimate:
    """Return fixation probability and times of ``start`` mutants, estimated by simulation.

    Args:
        payoffs: a square matrix, a game, or a PayoffTable.
        population_size: Z.
        selection_strength: beta >= 0, or w in [0, 1].
        process: see ``evocoop.dynamics.PROCESSES``.
        mutant: name or position of the invading strategy; may be left out with two strategies (the first).
        resident: name or position of the strategy invaded.
        start: number of mutants at the start, 1 … Z-1.
        fitness: ``"linear"`` or ``"exponential"``, for the birth processes.
        replicates: number of runs.
        max_steps: a run that is not over by then is censored.
        seed: the seed.
        cell: a second key.
        workers: threads.

    Raises:
        InputError: for arguments out of range, or a process in which nothing fixates.

    >>> found = estimate_fixation([[1, 1], [1, 1]], population_size=5, selection_strength=0, replicates=4000)
    >>> found.censored, found.interval[0] < 0.2 < found.interval[1]
    (0, True)
    """
    whole = setting(payoffs, population_size, process, fitness)
    ends = whole.pair(mutant, resident)
    pair = Setting(whole.game.payoff_table(list(ends)), whole.population_size, whole.process)
    strength = check_strength(whole.process, selection_strength)
    if not whole.process.imitates:
        raise InputError(f"process {process!r} has no absorbing states, so nothing fixates")
    start = check_integer("start", start, minimum=1, maximum=whole.population_size - 1)
    max_steps = check_integer("max_steps", max_steps, minimum=1, maximum=MOST_STEPS)
    keys = stream_keys(seed, cell, replicates, ROLE)
    table = Table.of(pair, strength, 0.0)
    origin = np.full(len(keys), start)
    _, final, absorbed = table.run(origin, max_steps, 0, max_steps, keys, 2, count=False, workers=workers)
    names = whole.strategies[ends[0]], whole.strategies[ends[1]]
    won = final[:, -1] == whole.population_size
    return fixation_estimate(names, won, absorbed, max_steps, whole.population_size, seed)
