"""Between the limit of rare mutations and the full chain: jumps between whole populations and coexistences of two."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evocoop.core.errors import InputError, NumericalError, check_integer, check_probability
from evocoop.dynamics.finite.configurations import flows_of
from evocoop.dynamics.finite.edges import Edges, edges_of
from evocoop.dynamics.finite.setting import Setting, check_room, check_strength, setting
from evocoop.dynamics.finite.small_mutation import (
    SmallMutationLimit,
    coexistence_bound,
    flow_imbalance,
    rare_mutation_bound,
    small_mutation_limit,
)
from evocoop.dynamics.logs import log_sum, stationary_logs
from evocoop.games.payoffs import count_compositions

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

MOST_COMPOSITIONS = 25_000
MOST_CROWDED = 0.5


@dataclass(frozen=True, eq=False)
class HierarchicalChain:
    r"""The long run of a finite population as jumps between configurations: one strategy alone, or two that coexist.

    Args:
        strategies: names, in the order of the columns of ``compositions`` and of ``shares``.
        configurations: labels: names of the strategies that reign alone, then coexistences such as ``"33 A + 17 B"``.
        compositions: array (C, n) of counts, those of a coexistence at the point where selection stands still.
        prevalence: array (C,), share of time from the arrival at each configuration to that at another; sums to 1.
        log_prevalence: its natural logarithm.
        rates: ``[c, d]``, how often the population leaves c and next arrives at d, per step; 0 on the diagonal.
        log_rates: natural logarithms; minus infinity on the diagonal and where there is no way.
        transition_matrix: ``[c, d]``, probability that d is the configuration after c; 0 on the diagonal.
        shares: array (n,), mean share of each strategy over all time.
        mean_compositions: array (C, n), mean shares while the population belongs to each configuration.
        crowded: share of time with three strategies present, in which mutants of a fourth are neglected; 0 up to three
            strategies, where there is none.
        fixation: ``[r, m]``, natural logarithm of the fixation probability of one m among r, as in the plain limit.
        plain: array (n,), the prevalence of the plain limit of rare mutations, for comparison; both are nan where
            that limit does not exist because a coexistence never ends.
        coexisting: pairs of strategies with a stable coexistence.
        mutation_bound: mutation probabilities below this suffice for the plain limit to hold (Wu et al. 2012).
        population_size: Z.
        selection_strength: beta or w.
        mutation: mu.
        process: the update rule.
        order: 0 for whole populations only, 1 with coexistences of two strategies.
        residual: largest imbalance of the probability flows through a configuration.
        exact: whether nothing is neglected: at order 1 true up to three strategies.
    """

    strategies: tuple[str, ...]
    configurations: tuple[str, ...]
    compositions: IntArray
    prevalence: FloatArray
    log_prevalence: FloatArray
    rates: FloatArray
    log_rates: FloatArray
    transition_matrix: FloatArray
    shares: FloatArray
    mean_compositions: FloatArray
    crowded: float
    fixation: FloatArray
    plain: FloatArray
    coexisting: tuple[tuple[str, str], ...]
    mutation_bound: float
    population_size: int
    selection_strength: float
    mutation: float
    process: str
    order: int
    residual: float
    exact: bool

    @property
    def plain_limit_holds(self) -> bool:
        """Whether mutation is below the bound that suffices for the plain limit of rare mutations."""
        return self.mutation <= self.mutation_bound


def hierarchical_chain(
    payoffs: Any,
    *,
    population_size: int,
    selection_strength: float,
    mutation: float,
    process: str = "pairwise",
    fitness: str = "linear",
    order: int = 1,
) -> HierarchicalChain:
    r"""Return the long run as a chain over the states with one strategy and the stable coexistences of two.

    A population of two strategies i and j is the birth-death chain with mutation mu/(n-1) to the other, exactly. At
    each of its compositions a mutant of each other strategy m arises at rate mu/(n-1); what comes of it is solved
    exactly among i, j and m, mutation between them included, until one has vanished, and then goes on along the edge
    of the other two, until a configuration is met. Neglected are only mutants of a fourth strategy while three are
    present; the share of that time is reported. Up to three strategies nothing is neglected.

    Args:
        payoffs: a square matrix, a game, or a PayoffTable.
        population_size: Z, at least 2 and at least the group size.
        selection_strength: beta >= 0, or w in [0, 1].
        mutation: mu, in (0, 1).
        process: see ``evocoop.dynamics.PROCESSES``; one in which one individual at a time imitates.
        fitness: ``"linear"`` or ``"exponential"``, for the birth processes.
        order: 0, the plain limit of rare mutations, or 1, with coexistences of two strategies.

    Raises:
        InputError: for arguments out of range, or a population too large for three strategies at once.
        NumericalError: when three of more strategies are present for more than half of the time, when mutants come
            before any configuration is met, or when three coexist for so long that what comes after cannot be solved.

    Source: Vasconcelos, Santos, Santos & Pacheco 2017, Phys Rev Lett 118:058301.

    >>> hawk_dove = [[-0.5, 2], [0, 1]]
    >>> found = hierarchical_chain(hawk_dove, population_size=50, selection_strength=1, mutation=1e-4)
    >>> found.configurations, found.prevalence.round(4).tolist()
    (('0', '1', '34 0 + 16 1'), [0.6798, 0.0, 0.3202])
    """
    world = setting(payoffs, population_size, process, fitness)
    strength = check_strength(world.process, selection_strength)
    order = check_integer("order", order, minimum=0, maximum=1)
    mutation = check_probability("mutation", mutation)
    if not 0 < mutation < 1:
        raise InputError(f"mutation must lie between 0 and 1, both excluded, not {mutation:g}")
    if len(world.strategies) < 2:
        raise InputError("hierarchical_chain needs at least two strategies")
    if not world.process.one_at_a_time:
        raise InputError("hierarchical_chain needs a process that changes one individual at a time")
    limit = _limit(world, strength, order)
    return _with_coexistences(world, limit, strength, mutation) if order else _plain(limit, strength, mutation)


def _limit(world: Setting, strength: float, order: int) -> SmallMutationLimit:
    """Return the plain limit; where it does not exist because a coexistence never ends, nan at order 1."""
    process = world.process
    ask: dict[str, Any] = {
        "population_size": world.population_size,
        "process": process.name,
        "fitness": process.fitness,
    }
    try:
        return small_mutation_limit(world.game, selection_strength=strength, **ask)
    except NumericalError:
        if order == 0:
            raise
    n = len(world.strategies)
    shares, pairs, bound = np.full(n, np.nan), np.full((n, n), np.nan), coexistence_bound(world.population_size)
    return SmallMutationLimit(
        world.strategies, shares, shares, pairs, pairs, world.population_size, strength, process.name, np.nan, (), bound
    )


def _plain(limit: SmallMutationLimit, strength: float, mutation: float) -> HierarchicalChain:
    """Return the plain limit of rare mutations as a chain of configurations."""
    n = len(limit.strategies)
    rates = np.log(mutation / (n - 1)) + limit.fixation
    np.fill_diagonal(rates, -np.inf)
    return HierarchicalChain(
        limit.strategies,
        limit.strategies,
        limit.population_size * np.eye(n, dtype=np.int64),
        limit.prevalence,
        limit.log_prevalence,
        np.exp(rates),
        rates,
        _jumps(rates),
        limit.prevalence,
        np.eye(n),
        0.0,
        limit.fixation,
        limit.prevalence,
        limit.coexisting,
        limit.mutation_bound,
        limit.population_size,
        strength,
        mutation,
        limit.process,
        0,
        limit.residual,
        False,
    )


def _with_coexistences(
    world: Setting, limit: SmallMutationLimit, strength: float, mutation: float
) -> HierarchicalChain:
    n, size = len(world.strategies), world.population_size
    _check_work(n, size)
    edges, mixed = edges_of(world, strength, mutation)
    flows = flows_of(world, edges, mixed, strength, mutation)
    log_visits = stationary_logs(flows.jumps)
    log_times = log_visits[:, None] + flows.times
    whole = log_sum(log_times.ravel())
    log_prevalence = log_sum(log_times) - whole
    crowded = 0.0 if n < 4 else float(np.exp(log_sum(log_visits + flows.inside) - whole))
    if crowded > MOST_CROWDED:
        raise NumericalError(
            f"mutation {mutation:g} is not small, or three strategies coexist: three are present for {crowded:.0%} of "
            "the time, and a fourth would come; use stationary_distribution or simulate"
        )
    compositions = _compositions(edges, mixed, n)
    rates = flows.jumps - log_sum(flows.times)[:, None]
    np.fill_diagonal(rates, -np.inf)
    names = [(world.strategies[edges.first[edge]], world.strategies[edges.second[edge]]) for edge, _ in mixed]
    return HierarchicalChain(
        world.strategies,
        (*world.strategies, *(_label(row, world.strategies) for row in compositions[n:])),
        compositions,
        np.exp(log_prevalence),
        log_prevalence,
        np.exp(rates),
        rates,
        _jumps(rates),
        np.exp(log_sum(log_times, axis=0) - whole),
        np.exp(flows.times - log_sum(flows.times)[:, None]),
        crowded,
        limit.fixation,
        limit.prevalence,
        tuple(dict.fromkeys(names)),
        coexistence_bound(size) if mixed else rare_mutation_bound(size),
        size,
        strength,
        mutation,
        limit.process,
        1,
        flow_imbalance(log_visits, flows.jumps),
        n < 4,
    )


def _check_work(n: int, size: int) -> None:
    states = count_compositions(size, 3)
    if n > 2 and states > MOST_COMPOSITIONS:
        raise InputError(
            f"population_size {size} makes {states:,} compositions of three strategies, more than the "
            f"{MOST_COMPOSITIONS:,} this solver takes; use small_mutation_limit, simulate, or a smaller population"
        )
    check_room(
        f"all threes of {n} strategies in a population of {size}",
        math.comb(n, 3) * 9 * (size + 1) ** 2,
        "small_mutation_limit, simulate, fewer strategies or a smaller population",
    )


def _jumps(log_rates: FloatArray) -> FloatArray:
    """Return the probabilities of what comes next."""
    whole = log_sum(log_rates)[:, None]
    matrix: FloatArray = np.exp(log_rates - np.where(np.isfinite(whole), whole, 0.0))
    return matrix


def _compositions(edges: Edges, mixed: list[tuple[int, int]], n: int) -> IntArray:
    counts = edges.size * np.eye(n + len(mixed), n, dtype=np.int64)
    for row, (edge, count) in enumerate(mixed, start=n):
        counts[row, [edges.first[edge], edges.second[edge]]] = count, edges.size - count
    return counts


def _label(counts: IntArray, names: tuple[str, ...]) -> str:
    return " + ".join(f"{count} {name}" for count, name in zip(counts.tolist(), names, strict=True) if count)
