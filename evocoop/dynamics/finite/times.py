"""How long fixation takes: mean times until one of two strategies has taken over, exact, on logarithms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evocoop.core.errors import check_integer
from evocoop.dynamics.finite.fixation import log_fixation, log_ratios, wright_fisher_steps
from evocoop.dynamics.finite.processes import step_logs
from evocoop.dynamics.finite.setting import Setting, check_room, check_strengths, setting
from evocoop.dynamics.logs import absorption_logs, log_running_sum, log_sum

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class FixationTime:
    """Mean times, in steps of the process, from ``start`` mutants until they fixate or vanish.

    When ``selection_strength`` is a list, every number is an array over it.

    Args:
        mutant: the strategy whose fixation is meant.
        resident: the other strategy.
        start: mutants at the start.
        unconditional: mean time until either has taken over.
        conditional: mean time of the runs in which the mutant fixates.
        extinction: mean time of the runs in which the mutant vanishes.
        probability: fixation probability.
        log_unconditional: natural logarithm of the first, finite where the time overflows.
        log_conditional: natural logarithm of the second.
        log_extinction: natural logarithm of the third.
        population_size: Z.
        selection_strength: beta or w, as given.
        process: the update rule; a step changes at most one individual, in ``"wright_fisher"`` all Z.
    """

    mutant: str
    resident: str
    start: int
    unconditional: float | FloatArray
    conditional: float | FloatArray
    extinction: float | FloatArray
    probability: float | FloatArray
    log_unconditional: float | FloatArray
    log_conditional: float | FloatArray
    log_extinction: float | FloatArray
    population_size: int
    selection_strength: float | FloatArray
    process: str


def fixation_time(
    payoffs: Any,
    *,
    population_size: int,
    selection_strength: ArrayLike,
    process: str = "pairwise",
    mutant: str | int | None = None,
    resident: str | int | None = None,
    start: int = 1,
    fitness: str = "linear",
) -> FixationTime:
    r"""Return the mean times to fixation of ``start`` mutants, unconditional and conditional on the outcome.

    The mean number of steps spent at j mutants, from i, is s_min (s_Z - s_max) / (s_Z T+_j q_j) with
    q_j = prod_{k<=j} T-_k/T+_k and s_i = sum_{k<i} q_k; times are sums of it, weighted by the fixation probability
    from j for the conditional ones. Only positive terms are added, on logarithms.

    Args:
        payoffs: a square matrix, a game, or a PayoffTable.
        population_size: Z, at least 2 and at least the group size.
        selection_strength: beta >= 0 (or w in [0, 1]), one number or a list.
        process: see ``evocoop.dynamics.PROCESSES``.
        mutant: name or position of the invading strategy; may be left out with two strategies (the first).
        resident: name or position of the strategy invaded.
        start: number of mutants at the start, 1 … Z-1.
        fitness: ``"linear"`` or ``"exponential"``, for the birth processes.

    Raises:
        InputError: for arguments out of range, or a process in which nothing fixates.
        NumericalError: when neither strategy can ever fixate.

    Source: Altrock & Traulsen 2009, New J Phys 11:013012; Ewens 2004, Mathematical Population Genetics, ch. 2.

    >>> found = fixation_time([[1, 1], [1, 1]], population_size=20, selection_strength=0, process="moran")
    >>> round(found.unconditional, 6), round(found.conditional, 6)
    (70.954793, 380.0)
    """
    world = setting(payoffs, population_size, process, fitness)
    strengths = check_strengths(world.process, selection_strength)
    pair = world.pair(mutant, resident)
    start = check_integer("start", start, minimum=1, maximum=world.population_size - 1)
    logs = np.array([log_times(world, pair, float(s), start) for s in np.atleast_1d(strengths)])
    chosen = logs.T if strengths.ndim else logs[0].tolist()
    with np.errstate(over="ignore"):
        plain = np.exp(logs).T if strengths.ndim else np.exp(logs[0]).tolist()
    return FixationTime(
        world.strategies[pair[0]],
        world.strategies[pair[1]],
        start,
        plain[0],
        plain[1],
        plain[2],
        plain[3],
        chosen[0],
        chosen[1],
        chosen[2],
        world.population_size,
        strengths if strengths.ndim else float(strengths),
        process,
    )


def log_times(world: Setting, pair: tuple[int, int], strength: float, start: int) -> FloatArray:
    """Return logs of unconditional, conditional and extinction times and of rho, array (4,)."""
    payoffs = world.pairs(np.array([pair[0]]), np.array([pair[1]]))[0]
    if not world.process.one_at_a_time:
        return _by_elimination(*wright_fisher_steps(world.process, payoffs, strength))[:, start - 1]
    ratios = log_ratios(world.process, payoffs[None], np.array([strength]))[0, 0]
    up, down = (logs[1:-1] for logs in step_logs(world.process, payoffs, strength))
    if np.isfinite(ratios).all():
        return _by_visits(ratios, up, start - 1)
    log_fixation(ratios)  # refuses what never fixates
    check_room(f"the times of {world.population_size:,} with impossible steps", 10 * len(up) ** 2, "estimate_fixation")
    steps = np.full((len(up), len(up)), -np.inf)
    position = np.arange(len(up) - 1)
    steps[position, position + 1], steps[position + 1, position] = up[:-1], down[1:]
    vanish, fixate = np.full(len(up), -np.inf), np.full(len(up), -np.inf)
    vanish[0], fixate[-1] = down[0], up[-1]
    return _by_elimination(steps, vanish, fixate)[:, start - 1]


def _by_visits(ratios: FloatArray, up: FloatArray, start: int) -> FloatArray:
    """Return the four logs of a birth-death chain from its mean numbers of visits to all states, from one."""
    weights = np.concatenate([[0.0], np.cumsum(ratios)])
    below = log_running_sum(weights)[:-1]
    above = log_running_sum(weights[::-1])[::-1][1:]
    whole = log_sum(weights)
    fixate, vanish = below - whole, above - whole
    place = np.arange(len(up))
    visits = below[np.minimum(start, place)] + vanish[np.maximum(start, place)] - up - weights[1:]
    won, lost = fixate[start], vanish[start]
    return np.array([log_sum(visits), log_sum(visits + fixate) - won, log_sum(visits + vanish) - lost, won])


def _by_elimination(steps: FloatArray, vanish: FloatArray, fixate: FloatArray) -> FloatArray:
    """Return the four logs of any absorbing chain."""
    leave = np.logaddexp(vanish, fixate)
    rho, lost = absorption_logs(steps, leave, np.stack([fixate, vanish], axis=1)).T
    sources = np.stack([np.zeros_like(rho), rho, lost], axis=1)
    times = absorption_logs(steps, leave, sources).T
    with np.errstate(invalid="ignore"):
        return np.stack([times[0], times[1] - rho, times[2] - lost, rho])
