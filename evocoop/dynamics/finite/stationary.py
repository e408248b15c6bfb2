"""The full chain with mutation: how much time a finite population spends in each of its states."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evocoop.core.errors import InputError, NumericalError, check_probability
from evocoop.dynamics.finite.chain import Chain, chain_of, multinomial_chain
from evocoop.dynamics.finite.fixation import binomial_logs
from evocoop.dynamics.finite.processes import step_logs, two_strategy_logs
from evocoop.dynamics.finite.setting import Setting, check_room, check_strength, setting
from evocoop.dynamics.finite.small_mutation import flow_imbalance
from evocoop.dynamics.logs import log_sum, safe_log, stationary_logs
from evocoop.games.payoffs import count_compositions

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

MOST_STATES = 60_000
MOST_DENSE_STATES = 3_000
TRUSTED_ERROR = 1e-6


@dataclass(frozen=True, eq=False)
class StationaryDistribution:
    """Long-run shares of time over the states of a finite population.

    Args:
        strategies: names, in the order of the columns of ``states``.
        states: array (S, n) of counts per strategy, ascending; with two strategies row k has k of the first.
        probabilities: array (S,), summing to 1.
        log_probabilities: natural logarithms; with two strategies exact even where the probability underflows.
        population_size: Z.
        selection_strength: beta or w.
        mutation: mu.
        process: the update rule.
        residual: total ``|pi P - pi|`` (two strategies, one change at a time: largest relative flow imbalance).
        error_bound: bound on the relative error of the solve, round-off times the condition of the chain.
    """

    strategies: tuple[str, ...]
    states: IntArray
    probabilities: FloatArray
    log_probabilities: FloatArray
    population_size: int
    selection_strength: float
    mutation: float
    process: str
    residual: float
    error_bound: float

    @property
    def shares(self) -> FloatArray:
        """Mean share of each strategy, array (n,)."""
        mean: FloatArray = self.probabilities @ self.states / self.population_size
        return mean

    @property
    def monomorphic(self) -> FloatArray:
        """Share of time in which everybody follows each strategy, array (n,)."""
        whole = self.states == self.population_size
        alone: FloatArray = np.array([self.probabilities[whole[:, i]].sum() for i in range(len(self.strategies))])
        return alone


def stationary_distribution(
    payoffs: Any,
    *,
    population_size: int,
    selection_strength: float,
    mutation: float,
    process: str = "pairwise",
    fitness: str = "linear",
) -> StationaryDistribution:
    r"""Return the stationary distribution of the population's Markov chain with mutation probability ``mutation``.

    Two strategies: pi_k = pi_0 prod_{j<k} T+_j / T-_(j+1), on logarithms. Three or more: a sparse direct solve of
    pi (P - I) = 0 with one state held fixed, whose condition is known exactly because the inverse is non-negative; the
    answer is refused when round-off could spoil it. With mutation probability mu the focal individual takes one of the
    n-1 other strategies at random instead of imitating (in birth processes: the offspring does instead of inheriting).

    Args:
        payoffs: a square matrix, a game, or a PayoffTable.
        population_size: Z, at least 2 and at least the group size.
        selection_strength: beta >= 0, or w in [0, 1].
        mutation: mu in (0, 1]; ``"introspection"`` also takes 0.
        process: see ``evocoop.dynamics.PROCESSES``.
        fitness: ``"linear"`` or ``"exponential"``, for the birth processes.

    Raises:
        InputError: for arguments out of range, or more states than fit in memory.
        NumericalError: when the chain is numerically reducible.

    Sources: product formula, van Kampen 2007, Stochastic Processes in Physics and Chemistry, ch. VI; states as in
    Traulsen, Claussen & Hauert 2006, Phys Rev E 74:011901.

    >>> game = [[0, -1, 1], [1, 0, -1], [-1, 1, 0]]
    >>> found = stationary_distribution(game, population_size=20, selection_strength=1, mutation=0.01)
    >>> len(found.states), found.shares.round(9).tolist()
    (231, [0.333333333, 0.333333333, 0.333333333])
    """
    world = setting(payoffs, population_size, process, fitness)
    strength = check_strength(world.process, selection_strength)
    mutation = check_probability("mutation", mutation)
    if mutation == 0 and world.process.imitates:
        raise InputError(
            "mutation must be above 0: without it every strategy that is alone stays alone; "
            "use fixation_probability or small_mutation_limit"
        )
    if len(world.strategies) < 2:
        raise InputError("stationary_distribution needs at least two strategies")
    if len(world.strategies) == 2:
        states, logs, residual, error = _two_strategies(world, strength, mutation)
    else:
        states, logs, residual, error = _many_strategies(world, strength, mutation)
    return StationaryDistribution(
        world.strategies,
        states,
        np.exp(logs),
        logs,
        world.population_size,
        strength,
        mutation,
        process,
        residual,
        error,
    )


def _two_strategies(world: Setting, strength: float, mutation: float) -> tuple[IntArray, FloatArray, float, float]:
    size = world.population_size
    payoffs = world.pairs(np.array([0]), np.array([1]))[0]
    if world.process.one_at_a_time:
        up, down = step_logs(world.process, payoffs, strength, mutation)
        logs = birth_death_logs(up, down)
        balance = np.expm1(logs[:-1] + up[:-1] - logs[1:] - down[1:])
        residual = float(np.abs(balance).max())
    else:
        check_room(f"all steps of a Wright-Fisher population of {size:,}", 10 * size**2, "estimate_stationary")
        choice = two_strategy_logs(world.process, payoffs, strength, mutation)
        chain = binomial_logs(size, choice[:, 1, 0], choice[:, 0, 1])
        logs = stationary_logs(chain)
        residual = flow_imbalance(logs, chain)
    counts = np.arange(size + 1)
    states = np.stack([counts, size - counts], axis=1)
    return states, logs, residual, float(np.finfo(float).eps * size * (2 if world.process.one_at_a_time else size))


def birth_death_logs(up: FloatArray, down: FloatArray) -> FloatArray:
    """Return the log stationary distribution of a birth-death chain from log T+ and log T- at states 0 … Z."""
    if not (np.isfinite(up[:-1]).all() and np.isfinite(down[1:]).all()):
        raise NumericalError("the chain is reducible: some state can be left in one direction only")
    logs = np.concatenate([[0.0], np.cumsum(up[:-1] - down[1:])])
    normal: FloatArray = logs - log_sum(logs)
    return normal


def _many_strategies(world: Setting, strength: float, mutation: float) -> tuple[IntArray, FloatArray, float, float]:
    check_memory(world)
    build = chain_of if world.process.one_at_a_time else multinomial_chain
    chain = build(world, strength, mutation)
    probabilities, residual, error = solve(chain)
    return chain.states, safe_log(probabilities), residual, error


def check_memory(world: Setting) -> None:
    """Refuse a state space too large for the direct solve, saying how large it is and what to use instead."""
    n, size = len(world.strategies), world.population_size
    states = count_compositions(size, n)
    most = MOST_STATES if world.process.one_at_a_time else MOST_DENSE_STATES
    if states <= most:
        return
    fill = 8 * states * (1.6 * states ** (1 - 1 / (n - 1)) if world.process.one_at_a_time else states) / 2**30
    raise InputError(
        f"population_size {size} with {n} strategies makes {states:,} states (about {fill:,.1f} GiB to solve), more "
        f"than the {most:,} this solver takes; use small_mutation_limit, simulate, or a smaller population"
    )


def solve(chain: Chain) -> tuple[FloatArray, float, float]:
    """Return the stationary distribution, its residual ``|pi P - pi|`` and a bound on its relative error.

    One state is held fixed and the rest solved. The inverse of that system is non-negative and its row sums are the
    mean times to reach the fixed state, so one more solve gives its condition exactly. A fixed state that is hard to
    reach is replaced by the most likely one.
    """
    fixed = int(np.argmax((chain.states == chain.states.sum(axis=1)[0]).any(axis=1)))
    for _ in range(3):
        weights, longest = chain.solve_with(fixed)
        error = float(np.finfo(float).eps * longest * chain.fastest)
        if error < TRUSTED_ERROR or not math.isfinite(error):
            break
        likely = int(np.argmax(weights)) if np.isfinite(weights).all() else fixed
        if likely == fixed:
            break
        fixed = likely
    if not (error < TRUSTED_ERROR and (weights >= -1e-9 * weights.max()).all()):
        raise NumericalError(
            f"the chain is numerically reducible: some states are reached from others only once in {longest:.3g} "
            "steps, so the solve could not be trusted; raise mutation, lower selection_strength, or use "
            "hierarchical_chain or small_mutation_limit"
        )
    weights = np.maximum(weights, 0.0)
    probabilities = weights / weights.sum()
    residual = float(np.abs(chain.generator.T @ probabilities).sum())
    return probabilities, residual, error
