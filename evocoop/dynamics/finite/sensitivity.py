"""Exact derivatives of fixation probabilities, prevalences and stationary distributions, by one more solve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evocoop.core.errors import InputError, NumericalError, check_probability
from evocoop.dynamics.finite.adjoint import ChainSlopes
from evocoop.dynamics.finite.expected import hypergeometric
from evocoop.dynamics.finite.fixation import log_ratios
from evocoop.dynamics.finite.processes import two_strategy_logs, two_strategy_places
from evocoop.dynamics.finite.sensitivity_entries import MOST_SLOPES
from evocoop.dynamics.finite.setting import Setting, check_strength, setting
from evocoop.dynamics.finite.slopes import check_smooth, log_slopes
from evocoop.dynamics.finite.small_mutation import small_mutation_limit
from evocoop.dynamics.finite.stationary import check_memory

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

WORST_CONDITION = 1e10


@dataclass(frozen=True, eq=False)
class Sensitivity:
    """How the long-run share of each strategy answers to small changes.

    Args:
        strategies: names, in the order of the first axis of every array.
        shares: mean share of each strategy.
        payoffs: array (n, n, columns), ``[s, i, c]`` = d share_s / d payoff of i among co-players c.
        selection_strength: array (n,), d share_s / d beta.
        mutation: array (n,), d share_s / d mu; None in the limit of rare mutations.
        population_size: Z.
        process: the update rule.
    """

    strategies: tuple[str, ...]
    shares: FloatArray
    payoffs: FloatArray
    selection_strength: FloatArray
    mutation: FloatArray | None
    population_size: int
    process: str


@dataclass(frozen=True, eq=False)
class StationarySensitivity:
    """How the share of time in each state of a finite population answers to small changes.

    Args:
        strategies: names, in the order of the columns of ``states``.
        states: array (S, n) of counts, in the order of :func:`stationary_distribution`.
        probabilities: array (S,), the stationary distribution.
        payoffs: array (S, n, columns), ``[s, i, c]`` = d probability_s / d payoff of i among co-players c.
        selection_strength: array (S,), d probability_s / d beta.
        mutation: array (S,), d probability_s / d mu.
        population_size: Z.
        process: the update rule.
    """

    strategies: tuple[str, ...]
    states: IntArray
    probabilities: FloatArray
    payoffs: FloatArray
    selection_strength: FloatArray
    mutation: FloatArray
    population_size: int
    process: str


@dataclass(frozen=True, eq=False)
class FixationSensitivity:
    """How the logarithm of a fixation probability answers to small changes.

    Args:
        mutant: the strategy that fixates.
        resident: the strategy it replaces.
        log_probability: ln rho.
        payoffs: array (2, N), d ln rho / d payoff of mutant (row 0) or resident (row 1) among c residents.
        selection_strength: d ln rho / d beta.
        population_size: Z.
        process: the update rule.
    """

    mutant: str
    resident: str
    log_probability: float
    payoffs: FloatArray
    selection_strength: float
    population_size: int
    process: str


def fixation_sensitivity(
    payoffs: Any,
    *,
    population_size: int,
    selection_strength: float,
    process: str = "pairwise",
    mutant: str | int | None = None,
    resident: str | int | None = None,
    fitness: str = "linear",
) -> FixationSensitivity:
    r"""Return the derivatives of ln rho with respect to payoffs and the strength of selection.

    With s_k = prod_{j<=k} T-_j/T+_j and w_k = s_k / sum s, d ln rho = -sum_j (sum_{k>=j} w_k) d ln(T-_j/T+_j). Under
    pairwise comparison ln(T-_j/T+_j) = -beta (f_mutant - f_resident). (Fixation knows no mutation.)

    Args:
        payoffs: a square matrix, a game, or a PayoffTable.
        population_size: Z, at least 2 and at least the group size.
        selection_strength: beta >= 0, or w in [0, 1].
        process: one that changes one individual at a time and is smooth: ``"pairwise"``, ``"pairwise_linear"`` (its
            scale held fixed), ``"moran"`` or ``"death_birth"``.
        mutant: name or position; may be left out with two strategies (the first).
        resident: name or position.
        fitness: ``"linear"`` or ``"exponential"``, for the birth processes.

    Raises:
        InputError: for arguments out of range, or another process.
        NumericalError: where the probability is 0, so that its logarithm has no slope.

    Source: derivative of Traulsen, Nowak & Pacheco 2006, Phys Rev E 74:011909, taken term by term.

    >>> found = fixation_sensitivity([[1, 1], [1, 1]], population_size=10, selection_strength=0)
    >>> round(found.log_probability, 6), found.selection_strength
    (-2.302585, 0.0)
    """
    world = setting(payoffs, population_size, process, fitness)
    strength = check_strength(world.process, selection_strength)
    pair = world.pair(mutant, resident)
    _check_process(world)
    log_rho, by_beta, by_table = (part[0] for part in _pair_derivatives(world, [pair], strength))
    return FixationSensitivity(
        world.strategies[pair[0]],
        world.strategies[pair[1]],
        float(log_rho),
        by_table,
        float(by_beta),
        world.population_size,
        process,
    )


def _check_process(world: Setting) -> None:
    check_smooth(world.process)
    if not world.process.one_at_a_time:
        raise InputError(
            f"derivatives of fixation probabilities need a process that changes one individual at a time, not "
            f"{world.process.name!r}"
        )


def _pair_derivatives(
    world: Setting, pairs: list[tuple[int, int]], strength: float
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return ln rho of first in second, d/d strength, and d/d pair table (pairs, 2, N)."""
    size = world.population_size
    ends = np.array(pairs)
    payoffs = world.pairs(ends[:, 0], ends[:, 1])
    ratios = log_ratios(world.process, payoffs, np.array([strength]))[0]
    if not np.isfinite(ratios).all():
        raise NumericalError("some step has probability 0, so that ln rho has no slope; lower selection_strength")
    logs = np.concatenate([np.zeros((len(pairs), 1)), np.cumsum(ratios, axis=-1)], axis=-1)
    top = logs.max(axis=-1, keepdims=True)
    weights = np.exp(logs - top)
    total = weights.sum(axis=-1, keepdims=True)
    weights /= total
    later = np.cumsum(weights[:, ::-1], axis=-1)[:, -2::-1]
    by_strength, by_payoff = _ratio_slopes(world, payoffs, strength)
    groups = hypergeometric(size - 1, world.game.group_size - 1)[:, ::-1]
    felt = -later[..., None] * by_payoff
    by_table = np.stack([felt[..., 0] @ groups[:-1], felt[..., 1] @ groups[1:]], axis=1)
    return -(top + np.log(total))[:, 0], 0.0 - (later * by_strength).sum(axis=-1), by_table


def _ratio_slopes(world: Setting, payoffs: FloatArray, strength: float) -> tuple[FloatArray, FloatArray]:
    """Return d ln(T-/T+) / d strength, array (pairs, Z-1), and / d payoffs of the two, array (pairs, Z-1, 2)."""
    size = world.population_size
    counts = np.stack([np.arange(size + 1.0), np.arange(size, -1.0, -1.0)], axis=-1)
    logs = two_strategy_logs(world.process, payoffs, strength)
    places = two_strategy_places(payoffs)
    slopes = log_slopes(world.process, counts[1:-1], places[..., 1:-1, :, :], strength, logs[..., 1:-1, :, :])
    by_strength, by_payoff = slopes
    return (
        by_strength[..., 0, 1] - by_strength[..., 1, 0],
        by_payoff[..., 0, 1, :] - by_payoff[..., 1, 0, :],
    )


def sensitivity(
    payoffs: Any,
    *,
    population_size: int,
    selection_strength: float,
    mutation: float | None = None,
    process: str = "pairwise",
    fitness: str = "linear",
) -> Sensitivity:
    r"""Return the derivatives of the long-run shares with respect to payoffs, strength of selection and mutation.

    With mutation: d share / d theta = pi (dP/d theta) z, where (I - P) z = share - mean share, one adjoint solve for
    each strategy. Without: the same on the small-mutation chain.

    Args:
        payoffs: a square matrix, a game, or a PayoffTable.
        population_size: Z, at least 2 and at least the group size.
        selection_strength: beta >= 0, or w in [0, 1].
        mutation: mu in (0, 1]; left out, the limit of rare mutations.
        process: see ``evocoop.dynamics.PROCESSES``; any but ``"imitate_if_better"``, and in the limit of rare mutations
            one that changes one individual at a time. The linear rule's scale is held fixed.
        fitness: ``"linear"`` or ``"exponential"``, for the birth processes.

    Raises:
        InputError: for arguments out of range, or too many states.
        NumericalError: when the chain is numerically reducible.

    Source: Schweitzer 1968, J Appl Probab 5:401 (perturbation of stationary distributions).

    >>> found = sensitivity([[3, 0], [5, 1]], population_size=20, selection_strength=0.1)
    >>> bool(found.payoffs[0, 0, 0] > 0), bool(abs(found.payoffs.sum()) < 1e-12)
    (True, True)
    """
    world, strength = _asked(payoffs, population_size, selection_strength, process, fitness)
    if mutation is None:
        _check_process(world)
        return _of_limit(world, strength)
    slopes = ChainSlopes.of(world, strength, _check_mutation(mutation))
    target = slopes.chain.states / world.population_size
    by_payoff, by_strength, by_mutation = slopes.of_means(target)
    return Sensitivity(
        world.strategies, slopes.weights @ target, by_payoff, by_strength, by_mutation, world.population_size, process
    )


def stationary_sensitivity(
    payoffs: Any,
    *,
    population_size: int,
    selection_strength: float,
    mutation: float,
    process: str = "pairwise",
    fitness: str = "linear",
) -> StationarySensitivity:
    r"""Return the derivatives of every state's probability with respect to payoffs, strength and mutation.

    d pi_t / d theta = pi (dP/d theta) z, where (I - P) z is 1 at t less pi_t everywhere: one adjoint solve a state.

    Args:
        payoffs: a square matrix, a game, or a PayoffTable.
        population_size: Z, at least 2 and at least the group size.
        selection_strength: beta >= 0, or w in [0, 1].
        mutation: mu in (0, 1].
        process: see ``evocoop.dynamics.PROCESSES``; any but ``"imitate_if_better"``.
        fitness: ``"linear"`` or ``"exponential"``, for the birth processes.

    Raises:
        InputError: for arguments out of range, or too many states; ``sensitivity`` then still gives those of shares.
        NumericalError: when the chain is numerically reducible.

    Source: Schweitzer 1968, J Appl Probab 5:401 (perturbation of stationary distributions).

    >>> found = stationary_sensitivity([[3, 0], [5, 1]], population_size=10, selection_strength=0.1, mutation=0.01)
    >>> found.payoffs.shape, bool(abs(found.selection_strength.sum()) < 1e-12)
    ((11, 2, 2), True)
    """
    world, strength = _asked(payoffs, population_size, selection_strength, process, fitness)
    mutation = _check_mutation(mutation)
    check_memory(world)
    slopes = ChainSlopes.of(world, strength, mutation)
    states, table = slopes.chain.states, world.game.payoff_table().values
    if len(states) * max(len(states), table.size) > MOST_SLOPES:
        raise InputError(
            f"{len(states):,} states times {table.size:,} payoffs are too many derivatives; use sensitivity, which "
            "gives those of the shares, or a smaller population"
        )
    by_payoff, by_strength, by_mutation = slopes.of_means(np.eye(len(states)))
    return StationarySensitivity(
        world.strategies, states, slopes.weights, by_payoff, by_strength, by_mutation, world.population_size, process
    )


def _asked(
    payoffs: Any, population_size: int, selection_strength: float, process: str, fitness: str
) -> tuple[Setting, float]:
    world = setting(payoffs, population_size, process, fitness)
    strength = check_strength(world.process, selection_strength)
    if len(world.strategies) < 2:
        raise InputError("sensitivity needs at least two strategies")
    check_smooth(world.process)
    return world, strength


def _check_mutation(mutation: float) -> float:
    if check_probability("mutation", mutation) == 0:
        raise InputError("mutation must be above 0; leave it out for the limit of rare mutations")
    return float(mutation)


def _of_limit(world: Setting, strength: float) -> Sensitivity:
    n, process = len(world.strategies), world.process
    limit = small_mutation_limit(
        world.game, population_size=world.population_size, selection_strength=strength, process=process.name,
        fitness=process.fitness,
    )  # fmt: skip
    pairs = [(m, r) for r in range(n) for m in range(n) if m != r]
    _, by_beta, by_table = _pair_derivatives(world, pairs, strength)
    flows = limit.log_prevalence[:, None] + limit.fixation
    np.fill_diagonal(flows, -np.inf)
    flows = np.exp(flows - flows.max())
    laplacian = np.diag(flows.sum(axis=1)) - flows + flows.max() / n
    if np.linalg.cond(laplacian) > WORST_CONDITION:
        raise NumericalError("the small-mutation chain is numerically reducible; lower selection_strength")
    inverse = np.linalg.inv(laplacian)
    mutant, resident = np.array(pairs).T
    lever = flows[resident, mutant, None] * (inverse[mutant] - inverse[resident])
    share = limit.prevalence
    lever = share * (lever - (lever @ share)[:, None])
    table = world.game.payoff_table()
    by_payoff = np.zeros((n, *table.values.shape))
    for weight, slope, ends in zip(lever, by_table, pairs, strict=True):
        columns = _pair_columns(table.compositions, *ends)
        for row, strategy in enumerate(ends):
            by_payoff[:, strategy, columns] += weight[:, None] * slope[row]
    return Sensitivity(world.strategies, share, by_payoff, by_beta @ lever, None, world.population_size, process.name)


def _pair_columns(compositions: IntArray, first: int, second: int) -> IntArray:
    """Return the columns whose co-players follow the two strategies only, by rising number of the second."""
    alone = np.flatnonzero(compositions[:, first] + compositions[:, second] == compositions[0].sum())
    return alone[np.argsort(compositions[alone, second])]
