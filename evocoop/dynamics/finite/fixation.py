"""Fixation of one strategy in another: probabilities and times, exact, on logarithms."""

from __future__ import annotations

from typing import Any, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evocoop.core.errors import InputError, NumericalError, check_integer
from evocoop.dynamics.finite.expected import advantage, pair_positions
from evocoop.dynamics.finite.processes import Process, step_logs, two_strategy_logs
from evocoop.dynamics.finite.setting import Setting, blocks, check_room, check_strengths, setting
from evocoop.dynamics.logs import absorption_logs, log_running_sum, log_sum

FloatArray = NDArray[np.float64]

LARGEST_LOG = 1e300
STILL = 1e-12  # a difference of payoffs smaller than this, relative to payoffs, is none


@overload
def fixation_probability(
    payoffs: Any,
    *,
    population_size: int,
    selection_strength: float,
    process: str = ...,
    mutant: str | int | None = ...,
    resident: str | int | None = ...,
    start: int = ...,
    fitness: str = ...,
    log: bool = ...,
) -> float: ...
@overload
def fixation_probability(
    payoffs: Any,
    *,
    population_size: int,
    selection_strength: ArrayLike,
    process: str = ...,
    mutant: str | int | None = ...,
    resident: str | int | None = ...,
    start: int = ...,
    fitness: str = ...,
    log: bool = ...,
) -> float | FloatArray: ...


def fixation_probability(
    payoffs: Any,
    *,
    population_size: int,
    selection_strength: ArrayLike,
    process: str = "pairwise",
    mutant: str | int | None = None,
    resident: str | int | None = None,
    start: int = 1,
    fitness: str = "linear",
    log: bool = False,
) -> float | FloatArray:
    r"""Return the probability that ``start`` mutants take over a population of residents.

    For processes that change one individual at a time, with s_k = prod_{j<=k} T-_j/T+_j,
    rho_i = sum_{k<i} s_k / sum_{k<Z} s_k; under pairwise comparison T-/T+ = exp(-beta(f_mutant - f_resident)). Sums are
    taken on logarithms, so probabilities far below 1e-308 are right when ``log`` is true.

    Args:
        payoffs: a square matrix, a game, or a PayoffTable.
        population_size: Z, at least 2 and at least the group size.
        selection_strength: beta >= 0 (or w in [0, 1]), one number or a list; a list shares the sums of payoffs.
        process: see ``evocoop.dynamics.PROCESSES``.
        mutant: name or position of the invading strategy; may be left out with two strategies (the first).
        resident: name or position of the strategy invaded.
        start: number of mutants at the start, 1 … Z-1.
        fitness: ``"linear"`` or ``"exponential"``, for the birth processes.
        log: return the natural logarithm.

    Returns:
        A float, or an array when ``selection_strength`` is a list.

    Raises:
        InputError: for arguments out of range, or a process in which nothing fixates.

    Source: Traulsen, Nowak & Pacheco 2006, Phys Rev E 74:011909; Hindersin et al. 2019, Sci Rep 9:6946.

    >>> round(fixation_probability([[4, 0], [3, 3]], population_size=100, selection_strength=2, log=True), 6)
    -227.936879
    """
    world = setting(payoffs, population_size, process, fitness)
    strengths = check_strengths(world.process, selection_strength)
    pair = world.pair(mutant, resident)
    start = check_integer("start", start, minimum=1, maximum=world.population_size - 1)
    each = np.atleast_1d(strengths)
    parts = blocks(len(each), world.population_size)
    logs = np.concatenate([log_fixation_from(world, pair, each[some], start) for some in parts])
    answer = logs if log else np.exp(logs)
    return answer if strengths.ndim else float(answer[0])


def fixation_probabilities(
    payoffs: Any,
    *,
    population_size: int,
    selection_strength: ArrayLike,
    process: str = "pairwise",
    fitness: str = "linear",
    log: bool = False,
) -> FloatArray:
    """Return the fixation probability of every strategy in every other, 1/Z of each in itself.

    Args:
        payoffs: a square matrix, a game, or a PayoffTable, of n strategies.
        population_size: Z, at least 2 and at least the group size.
        selection_strength: beta >= 0 (or w in [0, 1]), one number or a list.
        process: see ``evocoop.dynamics.PROCESSES``.
        fitness: ``"linear"`` or ``"exponential"``, for the birth processes.
        log: return the natural logarithm.

    Returns:
        Array (n, n), or (strengths, n, n) for a list: row resident, column mutant.

    Raises:
        InputError: for arguments out of range.

    Source: see :func:`fixation_probability`, whose figures these are.

    >>> fixation_probabilities([[4, 0], [3, 3]], population_size=4, selection_strength=0).tolist()
    [[0.25, 0.25], [0.25, 0.25]]
    """
    world = setting(payoffs, population_size, process, fitness)
    strengths = check_strengths(world.process, selection_strength)
    logs, _ = log_fixation_matrix(world, np.atleast_1d(strengths))
    answer = logs if log else np.exp(logs)
    return answer if strengths.ndim else answer[0]


def log_fixation_matrix(world: Setting, strengths: FloatArray) -> tuple[FloatArray, list[tuple[int, int]]]:
    """Return log rho, array (strengths, resident, mutant), and the pairs of strategies that can coexist."""
    n, size = len(world.strategies), world.population_size
    check_room(f"{n:,} strategies at {strengths.size:,} strengths", strengths.size * n * n, "fewer of them")
    first, second = pair_positions(n)
    out = np.full((strengths.size, n, n), -np.log(size))
    coexisting: list[tuple[int, int]] = []
    for some in blocks(len(first), size * strengths.size):
        ours, theirs = first[some], second[some]
        contests = world.pairs(ours, theirs)
        out[:, theirs, ours], out[:, ours, theirs] = log_fixation_pairs(world, contests, strengths)
        both = _coexist(contests)
        coexisting += zip(ours[both].tolist(), theirs[both].tolist(), strict=True)
    return out, coexisting


def _coexist(contests: FloatArray) -> FloatArray:
    """Return for each pair whether there is a composition that selection leads to from both sides, array (pairs,)."""
    gains = advantage(contests)
    still = STILL * np.abs(contests).reshape(len(contests), -1).max(axis=1, initial=0.0)[:, None]
    risen = np.logical_or.accumulate(gains > still, axis=1)
    found: FloatArray = (risen & (gains < -still)).any(axis=1)
    return found


def log_fixation_from(world: Setting, pair: tuple[int, int], strengths: FloatArray, start: int) -> FloatArray:
    """Return log rho of ``start`` mutants, array (strengths,)."""
    payoffs = world.pairs(np.array([pair[0]]), np.array([pair[1]]))[0]
    if not world.process.one_at_a_time:
        return np.array([_wright_fisher(world.process, payoffs, float(s))[start] for s in strengths])
    ratios = log_ratios(world.process, payoffs[None], strengths)[:, 0]
    if not np.isfinite(ratios).all():
        return log_fixation(ratios)[:, start]
    sums = np.zeros((len(ratios), ratios.shape[1] + 1))
    np.cumsum(ratios, axis=1, out=sums[:, 1:])
    return log_sum(sums[:, :start]) - log_sum(sums)


def log_fixation_pairs(world: Setting, payoffs: FloatArray, strengths: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return log rho of the first in the second and of the second in the first, arrays (strengths, pairs)."""
    if not world.process.one_at_a_time:
        rows = np.array([[_wright_fisher(world.process, g, float(s)) for g in payoffs] for s in strengths])
        back = np.array([[_wright_fisher(world.process, g[::-1, ::-1], float(s)) for g in payoffs] for s in strengths])
        return rows[..., 1], back[..., 1]
    ratios = log_ratios(world.process, payoffs, strengths)
    if not np.isfinite(ratios).all():
        from_all = log_fixation(ratios)
        return from_all[..., 1], log_fixation(-ratios[..., ::-1])[..., 1]
    sums = np.zeros((*ratios.shape[:-1], ratios.shape[-1] + 1))
    np.cumsum(ratios, axis=-1, out=sums[..., 1:])
    both, top = sums[..., -1].copy(), sums.max(axis=-1, keepdims=True)
    sums -= top
    first = -np.log(np.exp(sums, out=sums).sum(axis=-1)) - top[..., 0]
    return first, first + both


def log_fixation(ratios: FloatArray) -> FloatArray:
    """Return log rho for 0 … Z at the start, array (..., Z+1), from log T-/T+ at 1 … Z-1, array (..., Z-1)."""
    if not np.isfinite(ratios).all():
        flat = ratios.reshape(-1, ratios.shape[-1])
        return np.stack([_with_barriers(row) for row in flat]).reshape(*ratios.shape[:-1], -1)
    logs = np.full((*ratios.shape[:-1], ratios.shape[-1] + 2), -np.inf)
    logs[..., 1] = 0.0
    np.cumsum(ratios, axis=-1, out=logs[..., 2:])
    logs[..., 1:] = log_running_sum(logs[..., 1:])
    logs -= logs[..., -1:]
    return logs


def _with_barriers(ratios: FloatArray) -> FloatArray:
    """Return log rho where some steps have probability 0: below the last barrier nothing rises, above all fixate."""
    down_only, up_only = np.flatnonzero(ratios == np.inf), np.flatnonzero(ratios == -np.inf)
    low = int(down_only[-1]) + 1 if len(down_only) else 0
    high = int(up_only[0]) + 1 if len(up_only) else len(ratios) + 1
    if low > high:
        raise NumericalError("neither strategy ever fixates: the two are trapped together")
    logs = np.full(len(ratios) + 2, -np.inf)
    logs[low : high + 1] = log_fixation(ratios[low : high - 1])
    logs[high:] = 0.0
    return logs


def log_ratios(process: Process, payoffs: FloatArray, strengths: FloatArray) -> FloatArray:
    """Return log T-/T+ at 1 … Z-1 individuals of the first, array (strengths, pairs, Z-1).

    Args:
        process: an update rule that changes one individual at a time.
        payoffs: co-player payoffs (pairs, 2, Z).
        strengths: selection strengths (strengths,).

    Raises:
        InputError: when absent strategies can come back by themselves, so that nothing fixates.
        NumericalError: when a state can be left in no direction.
    """
    if not process.imitates:
        raise InputError(
            f"process {process.name!r} has no absorbing states: nothing fixates; use stationary_distribution"
        )
    if process.name == "pairwise":
        gains = advantage(payoffs)
        if float(strengths.max()) * payoffs.shape[-1] > LARGEST_LOG / max(1.0, float(np.abs(gains).max(initial=0.0))):
            raise InputError(f"selection_strength x payoffs x population_size must stay below {LARGEST_LOG:g}")
        return -strengths[:, None, None] * gains
    rows = []
    for strength in strengths:
        up, down = (logs[..., 1:-1] for logs in step_logs(process, payoffs, float(strength)))
        if ((up == -np.inf) & (down == -np.inf)).any():
            raise NumericalError(
                f"under process {process.name!r} neither strategy ever fixates: the two are trapped together"
            )
        rows.append(down - up)
    return np.stack(rows)


def _wright_fisher(process: Process, payoffs: FloatArray, strength: float) -> FloatArray:
    """Return log rho for 0 … Z at the start, by elimination on the whole chain."""
    steps, vanish, fixate = wright_fisher_steps(process, payoffs, strength)
    logs = absorption_logs(steps, np.logaddexp(vanish, fixate), fixate)
    return np.concatenate([[-np.inf], logs, [0.0]])


def wright_fisher_steps(
    process: Process, payoffs: FloatArray, strength: float
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the log steps between 1 … Z-1 individuals of the first, and those to 0 and to Z."""
    size = payoffs.shape[-1]
    check_room(f"all steps of a Wright-Fisher population of {size:,}", 10 * size**2, "estimate_fixation")
    logs = two_strategy_logs(process, payoffs, strength)[1:-1]
    chain = binomial_logs(size, logs[:, 0, 0], logs[:, 0, 1])
    return chain[:, 1:-1], chain[:, 0], chain[:, -1]


def binomial_logs(size: int, log_p: FloatArray, log_q: FloatArray) -> FloatArray:
    """Return log C(Z, k) p^k q^(Z-k) for k = 0 … Z, one row for each p."""
    factorials = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1.0, size + 1)))])
    k = np.arange(size + 1.0)
    with np.errstate(invalid="ignore"):
        wins = np.where(k > 0, k * log_p[:, None], 0.0)
        losses = np.where(k < size, (size - k) * log_q[:, None], 0.0)
    logs: FloatArray = factorials[-1] - factorials - factorials[::-1] + wins + losses
    return logs
