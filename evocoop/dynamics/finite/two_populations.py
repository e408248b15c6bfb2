"""Two finite populations that play against each other and learn each among its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evocoop.core.errors import InputError, NumericalError, check_integer, check_probability
from evocoop.dynamics.finite.chain import Chain, as_chain, population_states, state_keys
from evocoop.dynamics.finite.expected import pair_positions
from evocoop.dynamics.finite.fixation import log_fixation_pairs
from evocoop.dynamics.finite.processes import Process, scale_of
from evocoop.dynamics.finite.setting import MOST_INDIVIDUALS, Setting, check_room, check_strength
from evocoop.dynamics.finite.small_mutation import flow_imbalance
from evocoop.dynamics.finite.stationary import MOST_STATES, solve
from evocoop.dynamics.logs import stationary_logs
from evocoop.games.payoffs import as_payoffs, count_compositions
from evocoop.games.two_populations import payoff_matrices

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class TwoPopulationLimit:
    """The long run of two finite populations in the limit of rare mutations.

    Args:
        prevalence: array (n, m), share of time in which all of the first play row i and all of the second column j.
        log_prevalence: its natural logarithm.
        transition_matrix: array (n m, n m) between those states, row by row; a step is a mutant's fate.
        population_size: Z of each population.
        selection_strength: beta or w.
        process: the update rule.
        residual: largest imbalance of the flows through a state, relative to the larger of the two.
    """

    prevalence: FloatArray
    log_prevalence: FloatArray
    transition_matrix: FloatArray
    population_size: int
    selection_strength: float
    process: str
    residual: float

    @property
    def rows(self) -> FloatArray:
        """Share of time of each strategy of the first population."""
        shares: FloatArray = self.prevalence.sum(axis=1)
        return shares

    @property
    def columns(self) -> FloatArray:
        """Share of time of each strategy of the second population."""
        shares: FloatArray = self.prevalence.sum(axis=0)
        return shares


@dataclass(frozen=True, eq=False)
class TwoPopulationDistribution:
    """Long-run shares of time over the states of two finite populations.

    Args:
        row_states: array (S, n) of counts in the first population.
        column_states: array (S, m) of counts in the second.
        probabilities: array (S,), summing to 1.
        population_size: Z of each population.
        selection_strength: beta or w.
        mutation: mu.
        process: the update rule.
        residual: total ``|pi P - pi|``.
        error_bound: bound on the relative error of the solve.
    """

    row_states: IntArray
    column_states: IntArray
    probabilities: FloatArray
    population_size: int
    selection_strength: float
    mutation: float
    process: str
    residual: float
    error_bound: float

    @property
    def rows(self) -> FloatArray:
        """Mean share of each strategy of the first population."""
        shares: FloatArray = self.probabilities @ self.row_states / self.population_size
        return shares

    @property
    def columns(self) -> FloatArray:
        """Mean share of each strategy of the second population."""
        shares: FloatArray = self.probabilities @ self.column_states / self.population_size
        return shares


@dataclass(frozen=True, eq=False)
class _Two:
    """Both payoff matrices, own strategies in rows, and the rule of each population."""

    payoffs: tuple[FloatArray, FloatArray]
    processes: tuple[Process, Process]
    size: int
    strength: float


def _two(payoffs: ArrayLike, other: ArrayLike, size: int, strength: float, process: str, fitness: str) -> _Two:
    first, second = payoff_matrices(payoffs, other)
    size = check_integer("population_size", size, minimum=2, maximum=MOST_INDIVIDUALS)
    tables = first, np.ascontiguousarray(second.T)
    one, two = (Process(process, fitness, scale_of(process, table, axis=0)) for table in tables)
    return _Two(tables, (one, two), size, check_strength(one, strength))


def small_mutation_limit_two_populations(
    payoffs: ArrayLike,
    other: ArrayLike,
    *,
    population_size: int,
    selection_strength: float,
    process: str = "pairwise",
    fitness: str = "linear",
) -> TwoPopulationLimit:
    r"""Return how long two populations spend in each pair of strategies when mutations are rare.

    While the second population all play j, a mutant i' among i in the first has the constant advantage A_i'j - A_ij, so
    that under pairwise comparison rho = (1 - exp(-beta d))/(1 - exp(-Z beta d)). Both populations mutate equally often.

    Args:
        payoffs: A, array (n, m): payoffs of the first population's strategies (rows) against the second's (columns).
        other: B, array (n, m): payoffs of the second population's strategies (columns) against the first's (rows).
        population_size: Z of each population, at least 2.
        selection_strength: beta >= 0, or w in [0, 1].
        process: see ``evocoop.dynamics.PROCESSES``; not ``"introspection"``, in which nothing fixates.
        fitness: ``"linear"`` or ``"exponential"``, for the birth processes.

    Raises:
        InputError: for arguments out of range.
        NumericalError: when some pair of strategies can never be replaced.

    Sources: Veller & Hayward 2016, J Econ Theory 162:93; Omidshafiei et al. 2019, Sci Rep 9:9937.

    >>> pennies = [[1, -1], [-1, 1]], [[-1, 1], [1, -1]]
    >>> found = small_mutation_limit_two_populations(*pennies, population_size=50, selection_strength=1)
    >>> found.prevalence.round(9).tolist()
    [[0.25, 0.25], [0.25, 0.25]]
    """
    two = _two(payoffs, other, population_size, selection_strength, process, fitness)
    n, m = two.payoffs[0].shape
    check_room(f"{n} x {m} pairs of strategies", (n * m) ** 2, "fewer strategies")
    rates = np.full((n, m, n, m), -np.inf)
    for j in range(m):
        rates[:, j, :, j] = _rates(two, 0, j)
    for i in range(n):
        rates[i, :, i, :] = np.logaddexp(rates[i, :, i, :], _rates(two, 1, i))
    flat = rates.reshape(n * m, n * m)
    np.fill_diagonal(flat, -np.inf)
    logs = stationary_logs(flat[None])[0] if n * m > 1 else np.zeros(1)
    steps = np.exp(flat)
    np.fill_diagonal(steps, 1.0 - steps.sum(axis=1))
    return TwoPopulationLimit(
        np.exp(logs).reshape(n, m), logs.reshape(n, m), steps, two.size, two.strength, process,
        flow_imbalance(logs, flat),
    )  # fmt: skip


def _rates(two: _Two, which: int, facing: int) -> FloatArray:
    """Return log rates between the strategies of one population while the other all play ``facing``."""
    earned = two.payoffs[which][:, facing]
    n = len(earned)
    first, second = pair_positions(n)
    contests = np.repeat(np.stack([earned[first], earned[second]], axis=1)[:, :, None], two.size, axis=2)
    world = Setting(as_payoffs(np.zeros((n, n))), two.size, two.processes[which])
    logs = np.full((n, n), -np.inf)
    if n > 1:
        ours, theirs = log_fixation_pairs(world, contests, np.array([two.strength]))
        logs[second, first], logs[first, second] = ours[0], theirs[0]
    rates: FloatArray = logs - np.log(2.0 * max(n - 1, 1))
    return rates


def stationary_distribution_two_populations(
    payoffs: ArrayLike,
    other: ArrayLike,
    *,
    population_size: int,
    selection_strength: float,
    mutation: float,
    process: str = "pairwise",
    fitness: str = "linear",
) -> TwoPopulationDistribution:
    """Return the stationary distribution of two populations: in each step one individual of either may change.

    Everybody plays against all of the other population and learns from the own one, by any rule that changes one
    individual at a time. The chain over all pairs of compositions is solved as that of one population.

    Args:
        payoffs: A, array (n, m): payoffs of the first population's strategies (rows) against the second's (columns).
        other: B, array (n, m): payoffs of the second population's strategies (columns) against the first's (rows).
        population_size: Z of each population, at least 2.
        selection_strength: beta >= 0, or w in [0, 1].
        mutation: mu in (0, 1]; ``"introspection"`` also takes 0.
        process: see ``evocoop.dynamics.PROCESSES``; not ``"wright_fisher"``.
        fitness: ``"linear"`` or ``"exponential"``, for the birth processes.

    Raises:
        InputError: for arguments out of range, or more states than fit in memory.
        NumericalError: when the chain is numerically reducible.

    Source: Traulsen, Claussen & Hauert 2005, Phys Rev Lett 95:238701 (two finite populations in conflict).

    >>> pennies = [[1, -1], [-1, 1]], [[-1, 1], [1, -1]]
    >>> found = stationary_distribution_two_populations(
    ...     *pennies, population_size=10, selection_strength=1, mutation=0.05)
    >>> len(found.probabilities), found.rows.round(9).tolist()
    (121, [0.5, 0.5])
    """
    two = _two(payoffs, other, population_size, selection_strength, process, fitness)
    mutation = check_probability("mutation", mutation)
    if not two.processes[0].one_at_a_time:
        raise InputError("two populations take turns one individual at a time; process 'wright_fisher' does not")
    if mutation == 0 and two.processes[0].imitates:
        raise InputError("mutation must be above 0; use small_mutation_limit_two_populations")
    n, m = two.payoffs[0].shape
    count = count_compositions(two.size, n) * count_compositions(two.size, m)
    if count > MOST_STATES:
        raise InputError(
            f"two populations of {two.size} with {n} and {m} strategies make {count:,} states, more than the "
            f"{MOST_STATES:,} this solver takes; use small_mutation_limit_two_populations, or a smaller population"
        )
    if count == 1:
        raise NumericalError("with one strategy on each side there is nothing to solve")
    rows, columns = population_states(two.size, n), population_states(two.size, m)
    weights, residual, error = solve(_chain_of_two(two, rows, columns, mutation))
    return TwoPopulationDistribution(
        np.repeat(rows, len(columns), axis=0), np.tile(columns, (len(rows), 1)), weights, two.size, two.strength,
        mutation, process, residual, error,
    )  # fmt: skip


def _chain_of_two(two: _Two, rows: IntArray, columns: IntArray, mutation: float) -> Chain:
    """Return the chain over pairs of compositions; each step is taken by either population with probability 1/2."""
    at = np.arange(len(rows) * len(columns)).reshape(len(rows), len(columns))
    parts = []
    for which, (mine, theirs, place) in enumerate(((rows, columns, at), (columns, rows, at.T))):
        payoffs = theirs @ two.payoffs[which].T / two.size
        for state, earned in enumerate(payoffs):
            origin, target, rate = _moves(two, which, mine, earned, mutation)
            parts.append((place[origin, state], place[target, state], 0.5 * rate))
    origins, targets, rates = (np.concatenate(part) for part in zip(*parts, strict=True))
    states = np.hstack([np.repeat(rows, len(columns), axis=0), np.tile(columns, (len(rows), 1))])
    return as_chain(states, origins, targets, rates)


def _moves(
    two: _Two, which: int, mine: IntArray, earned: FloatArray, mutation: float
) -> tuple[IntArray, IntArray, Any]:
    """Return origins, targets and rates of the moves within one population while the other stands still."""
    n = mine.shape[1]
    keys = state_keys(mine, two.size)
    places = np.broadcast_to(earned, (len(mine), n, n))
    logs = two.processes[which].log_adopt(mine.astype(float), places, two.strength)
    rates = np.exp(two.processes[which].log_mutated(logs, mutation)) * (mine / two.size)[:, :, None]
    found = []
    for focal in range(n):
        present = np.flatnonzero(mine[:, focal])
        for adopted in range(n):
            if adopted != focal:
                step = np.eye(n, dtype=np.int64)[adopted] - np.eye(n, dtype=np.int64)[focal]
                target = np.searchsorted(keys, state_keys(mine[present] + step, two.size))
                found.append((present, target, rates[present, focal, adopted]))
    if not found:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64), np.empty(0)
    origins, targets, weights = (np.concatenate(part) for part in zip(*found, strict=True))
    return origins, targets, weights
