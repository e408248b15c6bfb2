"""Exact derivatives of long-run shares and fixation probabilities, by one more solve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evocoop.core.errors import InputError, NumericalError, check_probability
from evocoop.dynamics.finite.chain import Chain, chain_of, other_places, state_keys, state_payoffs
from evocoop.dynamics.finite.expected import advantage, group_weights, hypergeometric
from evocoop.dynamics.finite.setting import Setting, check_strength, setting
from evocoop.dynamics.finite.small_mutation import small_mutation_limit
from evocoop.dynamics.finite.stationary import check_memory, solve

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
    """

    strategies: tuple[str, ...]
    shares: FloatArray
    payoffs: FloatArray
    selection_strength: FloatArray
    mutation: FloatArray | None
    population_size: int


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
    """

    mutant: str
    resident: str
    log_probability: float
    payoffs: FloatArray
    selection_strength: float
    population_size: int


def fixation_sensitivity(
    payoffs: Any,
    *,
    population_size: int,
    selection_strength: float,
    mutant: str | int | None = None,
    resident: str | int | None = None,
) -> FixationSensitivity:
    r"""Return the derivatives of ln rho under pairwise comparison with respect to payoffs and beta.

    With S_k the running sums of f_mutant - f_resident and w_k = exp(-beta S_k) / sum exp(-beta S),
    d ln rho / d beta = sum_k w_k S_k, and an advantage at j mutants counts beta sum_{k>=j} w_k.

    Args:
        payoffs: a square matrix, a game, or a PayoffTable.
        population_size: Z, at least 2 and at least the group size.
        selection_strength: beta >= 0.
        mutant: name or position; may be left out with two strategies (the first).
        resident: name or position.

    Raises:
        InputError: for arguments out of range.

    Source: derivative of Traulsen, Nowak & Pacheco 2006, Phys Rev E 74:011909, taken term by term.

    >>> found = fixation_sensitivity([[1, 1], [1, 1]], population_size=10, selection_strength=0)
    >>> round(found.log_probability, 6), found.selection_strength
    (-2.302585, 0.0)
    """
    world = setting(payoffs, population_size)
    strength = check_strength(world.process, selection_strength)
    pair = world.pair(mutant, resident)
    log_rho, by_beta, by_table = (part[0] for part in _pair_derivatives(world, [pair], strength))
    return FixationSensitivity(
        world.strategies[pair[0]],
        world.strategies[pair[1]],
        float(log_rho),
        by_table,
        float(by_beta),
        world.population_size,
    )


def _pair_derivatives(
    world: Setting, pairs: list[tuple[int, int]], strength: float
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return ln rho of first in second, d/d beta, and d/d pair table (pairs, 2, N)."""
    ends = np.array(pairs)
    gains = advantage(world.pairs(ends[:, 0], ends[:, 1]))
    sums = np.concatenate([np.zeros((len(pairs), 1)), np.cumsum(gains, axis=-1)], axis=-1)
    top = (-strength * sums).max(axis=-1, keepdims=True)
    weights = np.exp(-strength * sums - top)
    total = weights.sum(axis=-1, keepdims=True)
    weights /= total
    later = strength * np.cumsum(weights[:, ::-1], axis=-1)[:, -2::-1]
    groups = hypergeometric(world.population_size - 1, world.game.group_size - 1)[:, ::-1]
    by_table = np.stack([later @ groups[:-1], -later @ groups[1:]], axis=1)
    return -(top + np.log(total))[:, 0], (weights * sums).sum(axis=-1), by_table


def sensitivity(
    payoffs: Any, *, population_size: int, selection_strength: float, mutation: float | None = None
) -> Sensitivity:
    r"""Return the derivatives of the long-run shares under pairwise comparison with respect to payoffs, beta and mu.

    With mutation: d share / d theta = pi (dP/d theta) z, where (I - P) z = share - mean share, one adjoint solve for
    each strategy. Without: the same on the small-mutation chain.

    Args:
        payoffs: a square matrix, a game, or a PayoffTable.
        population_size: Z, at least 2 and at least the group size.
        selection_strength: beta >= 0.
        mutation: mu in (0, 1]; left out, the limit of rare mutations.

    Raises:
        InputError: for arguments out of range, or too many states.
        NumericalError: when the chain is numerically reducible.

    Source: Schweitzer 1968, J Appl Probab 5:401 (perturbation of stationary distributions).

    >>> found = sensitivity([[3, 0], [5, 1]], population_size=20, selection_strength=0.1)
    >>> bool(found.payoffs[0, 0, 0] > 0), bool(abs(found.payoffs.sum()) < 1e-12)
    (True, True)
    """
    world = setting(payoffs, population_size)
    strength = check_strength(world.process, selection_strength)
    if len(world.strategies) < 2:
        raise InputError("sensitivity needs at least two strategies")
    if mutation is None:
        return _of_limit(world, strength)
    if check_probability("mutation", mutation) == 0:
        raise InputError("mutation must be above 0; leave it out for the limit of rare mutations")
    return _of_chain(world, strength, float(mutation))


def _of_limit(world: Setting, strength: float) -> Sensitivity:
    n = len(world.strategies)
    limit = small_mutation_limit(world.game, population_size=world.population_size, selection_strength=strength)
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
    return Sensitivity(world.strategies, share, by_payoff, by_beta @ lever, None, world.population_size)


def _pair_columns(compositions: IntArray, first: int, second: int) -> IntArray:
    """Return the columns whose co-players follow the two strategies only, by rising number of the second."""
    alone = np.flatnonzero(compositions[:, first] + compositions[:, second] == compositions[0].sum())
    return alone[np.argsort(compositions[alone, second])]


def _of_chain(world: Setting, strength: float, mutation: float) -> Sensitivity:
    check_memory(world)
    chain = chain_of(world, strength, mutation)
    weights, _, _ = solve(chain)
    rest, factors = chain.factor(int(np.argmax(weights)))
    target = chain.states / world.population_size
    share = weights @ target
    adjoint = np.zeros_like(target)
    adjoint[rest] = factors.solve((target - share)[rest])
    by_beta, by_mu, by_payoff = _flows(world, chain, weights, adjoint, strength, mutation)
    table = world.game.payoff_table()
    others, place = other_places(chain.states, world.population_size)
    groups = others / others[0].sum() if table.group_size == 2 else group_weights(others, table.compositions)
    n = len(share)
    slopes = np.zeros((n, n, groups.shape[1]))
    for strategy in range(n):
        for s in range(n):
            felt = np.bincount(place[:, strategy], weights=by_payoff[:, strategy, s], minlength=len(others))
            slopes[s, strategy] = felt @ groups
    return Sensitivity(world.strategies, share, slopes, by_beta, by_mu, world.population_size)


def _flows(
    world: Setting, chain: Chain, weights: FloatArray, adjoint: FloatArray, strength: float, mutation: float
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return d target / d beta and d mu, arrays (n,), and d target / d payoff of each strategy in each state."""
    size, n = world.population_size, adjoint.shape[1]
    states, keys = chain.states, state_keys(chain.states, size)
    own = np.diagonal(state_payoffs(world, states), axis1=1, axis2=2)
    by_beta, by_mu, by_payoff = np.zeros(n), np.zeros(n), np.zeros((len(states), n, n))
    for focal in range(n):
        here = np.flatnonzero(states[:, focal])
        for model in range(n):
            if model == focal:
                continue
            moved = states[here].copy()
            moved[:, focal] -= 1
            moved[:, model] += 1
            gain = adjoint[np.searchsorted(keys, state_keys(moved, size))] - adjoint[here]
            chosen = weights[here] * states[here, focal] / size
            meets = states[here, model] / (size - 1)
            difference = own[here, model] - own[here, focal]
            imitate = np.exp(-np.logaddexp(0.0, -strength * difference))
            slope = chosen * (1 - mutation) * meets * imitate * np.exp(-np.logaddexp(0.0, strength * difference))
            by_beta += (slope * difference) @ gain
            by_mu += (chosen * (1 / (n - 1) - meets * imitate)) @ gain
            by_payoff[here, model] += strength * slope[:, None] * gain
            by_payoff[here, focal] -= strength * slope[:, None] * gain
    return by_beta, by_mu, by_payoff
