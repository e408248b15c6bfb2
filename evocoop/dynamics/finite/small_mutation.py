"""The limit of rare mutations: a chain over the states in which everybody follows one strategy."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evocoop.core.errors import InputError, NumericalError, check_probability
from evocoop.dynamics.finite.fixation import log_fixation_matrix
from evocoop.dynamics.finite.setting import check_strengths, setting
from evocoop.dynamics.logs import stationary_logs

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class SmallMutationLimit:
    """The long run of a finite population in the limit of rare mutations.

    When ``selection_strength`` is a list, every array starts with one axis over it.

    Args:
        strategies: names, in the order of every axis.
        prevalence: share of time spent in each monomorphic state; sums to 1.
        log_prevalence: its natural logarithm, finite even where the share underflows.
        transition_matrix: ``[r, m]``, probability that the next strategy to take over is m when r reigns, rho/(n-1).
        fixation: ``[r, m]``, natural logarithm of the fixation probability of one m among r; -log Z on the diagonal.
        population_size: Z.
        selection_strength: beta, as given.
        process: the update rule.
        residual: largest imbalance of the probability flows through a state, relative to the larger of the two.
        coexisting: pairs of strategies with a stable coexistence, for which the limit asks for very small mutation.
        mutation_bound: mutation probabilities below this suffice for the limit to hold (Wu et al. 2012).
    """

    strategies: tuple[str, ...]
    prevalence: FloatArray
    log_prevalence: FloatArray
    transition_matrix: FloatArray
    fixation: FloatArray
    population_size: int
    selection_strength: float | FloatArray
    process: str
    residual: float
    coexisting: tuple[tuple[str, str], ...]
    mutation_bound: float


def small_mutation_limit(
    payoffs: Any,
    *,
    population_size: int,
    selection_strength: ArrayLike,
    process: str = "pairwise",
    fitness: str = "linear",
    mutation: float | None = None,
) -> SmallMutationLimit:
    r"""Return how often each strategy reigns when mutations are so rare that one fixates or dies before the next.

    The chain moves from r to m with probability rho(m in r)/(n-1); its stationary vector comes from elimination
    without subtraction on the logarithms of rho, so that rates such as 1e-400 neither vanish nor invert the answer.
    Only pairs of strategies are ever asked of the game.

    Args:
        payoffs: a square matrix, a game, or a PayoffTable.
        population_size: Z, at least 2 and at least the group size.
        selection_strength: beta >= 0 (or w in [0, 1]), one number or a list.
        process: see ``evocoop.dynamics.PROCESSES``.
        fitness: ``"linear"`` or ``"exponential"``, for the birth processes.
        mutation: when given, the limit is refused unless mutation is below the sufficient bound: 1/(Z ln Z), or
            Z^(-1/2) exp(-Z) when two strategies coexist.

    Raises:
        InputError: for arguments out of range.
        NumericalError: when some strategy can never be replaced, or ``mutation`` is above the bound.

    Sources: Fudenberg & Imhof 2006, J Econ Theory 131:251; Wu, Gokhale, Wang & Traulsen 2012, J Math Biol 64:803.

    >>> hunt = [[4, 0], [3, 3]]
    >>> small_mutation_limit(hunt, population_size=100, selection_strength=2).prevalence.round(12).tolist()
    [0.0, 1.0]
    """
    world = setting(payoffs, population_size, process, fitness)
    strengths = check_strengths(world.process, selection_strength)
    size = world.population_size
    fixation, pairs = log_fixation_matrix(world, np.atleast_1d(strengths))
    logs = stationary_logs(fixation)
    coexisting = tuple((world.strategies[first], world.strategies[second]) for first, second in pairs)
    bound = coexistence_bound(size) if coexisting else rare_mutation_bound(size)
    if mutation is not None:
        _check_mutation(mutation, bound, coexisting)
    rows = slice(None) if strengths.ndim else 0
    return SmallMutationLimit(
        world.strategies,
        np.exp(logs)[rows],
        logs[rows],
        _transitions(fixation)[rows],
        fixation[rows],
        size,
        strengths if strengths.ndim else float(strengths),
        process,
        flow_imbalance(logs, fixation),
        coexisting,
        bound,
    )


def rare_mutation_bound(population_size: int) -> float:
    """Return 1/(Z ln Z), below which mutation is rare enough where strategies do not coexist (Wu et al. 2012)."""
    return 1.0 / (population_size * math.log(population_size))


def coexistence_bound(population_size: int) -> float:
    """Return Z^(-1/2) exp(-Z), below which mutation is rare enough although strategies coexist (Wu et al. 2012)."""
    return math.exp(-population_size) / math.sqrt(population_size)


def flow_imbalance(logs: FloatArray, log_rates: FloatArray) -> float:
    """Return the largest |inflow - outflow| of a state relative to its outflow, for log weights and log rates."""
    n = logs.shape[-1]
    if n < 2:
        return 0.0
    flows = logs[..., :, None] + log_rates
    flows[..., np.arange(n), np.arange(n)] = -np.inf
    out = np.logaddexp.reduce(flows, axis=-1)
    into = np.logaddexp.reduce(flows, axis=-2)
    empty = np.isneginf(into) & np.isneginf(out)  # never visited: nothing flows either way
    excess = np.subtract(into, out, out=np.zeros_like(out), where=~empty)
    return float(np.abs(np.expm1(excess)).max())


def _transitions(fixation: FloatArray) -> FloatArray:
    n = fixation.shape[-1]
    rates: FloatArray = np.exp(fixation) / max(n - 1, 1)
    diagonal = np.arange(n)
    rates[:, diagonal, diagonal] = 0.0
    rates[:, diagonal, diagonal] = 1.0 - rates.sum(axis=-1)
    return rates


def _check_mutation(mutation: float, bound: float, coexisting: tuple[tuple[str, str], ...]) -> None:
    if check_probability("mutation", mutation) == 0:
        raise InputError("mutation must be above 0; leave it out to take the limit")
    if mutation > bound:
        why = f"because {' and '.join(coexisting[0])} coexist" if coexisting else "at this population size"
        raise NumericalError(
            f"mutation {mutation:g} is not small: the limit of rare mutations is sure only below {bound:.3g} {why} "
            "(Wu et al. 2012); use hierarchical_chain, which knows coexistence of two, or stationary_distribution"
        )
