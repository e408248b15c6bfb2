"""Arithmetic on logarithms of positive numbers: sums without overflow, chains solved without subtraction."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from evocoop.core.errors import NumericalError

FloatArray = NDArray[np.float64]

PLAIN_RANGE = 300.0  # products of two rates within this range of logarithms are far from the limits of floats
SMALLEST = 1e-280  # shares above it have lost nothing to underflow


def log_sum(logs: FloatArray, axis: int = -1) -> FloatArray:
    """Return log(sum(exp(logs))) along an axis."""
    top = logs.max(axis=axis, keepdims=True)
    top = np.where(np.isfinite(top), top, 0.0)
    with np.errstate(divide="ignore"):
        total: FloatArray = np.log(np.exp(logs - top).sum(axis=axis)) + np.squeeze(top, axis=axis)
    return total


def log_running_sum(logs: FloatArray) -> FloatArray:
    """Return the logarithms of the running sums along the last axis."""
    with np.errstate(invalid="ignore"):
        sums: FloatArray = np.logaddexp.accumulate(logs, axis=-1)
    return sums


def log_complement(logs: FloatArray) -> FloatArray:
    """Return log(1 - p) from log p, accurate at both ends."""
    small = logs < -0.6931471805599453
    with np.errstate(divide="ignore"):
        return np.where(
            small,
            np.log1p(-np.exp(np.where(small, logs, -1.0))),
            np.log(-np.expm1(np.where(small, -1.0, np.minimum(logs, 0.0)))),
        )


def safe_log(numbers: FloatArray | float) -> FloatArray:
    """Return the logarithms of non-negative numbers, minus infinity at zero, without a warning."""
    with np.errstate(divide="ignore"):
        return np.log(np.asarray(numbers, dtype=np.float64))


def stationary_logs(log_rates: FloatArray) -> FloatArray:
    """Return the log stationary distribution of a chain given the logarithms of its rates.

    States are eliminated one after the other and nothing is subtracted (Grassmann, Taksar & Heyman 1985, Oper Res
    33:1107), so every entry has full relative accuracy however small it is. Rates too far apart for floats are
    eliminated on logarithms, where nothing underflows either.

    Args:
        log_rates: array (..., n, n), ``[r, m]`` = log rate from r to m; the diagonal is not read.

    Raises:
        NumericalError: when the chain is reducible to more than one set of states that is never left.
    """
    work = np.array(log_rates, dtype=np.float64)
    n = work.shape[-1]
    diagonal = np.arange(n)
    work[..., diagonal, diagonal] = work[..., diagonal, diagonal - 1]
    low, high = float(work.min()), float(work.max())
    if low == -np.inf:
        flat = [_from_recurrent(rates) for rates in work.reshape(-1, n, n)]
        return np.stack(flat).reshape(work.shape[:-1])
    if high - low < PLAIN_RANGE:
        shares = _eliminated(np.exp(work - high))
        if shares.min() > SMALLEST:
            return np.log(shares)
    return eliminate(work)


def _eliminated(rates: FloatArray) -> FloatArray:
    """Return the stationary distribution of rates within the range of floats; ``rates`` is used up."""
    n = rates.shape[-1]
    for last in range(n - 1, 0, -1):
        left, column, row = rates[..., :last, :last], rates[..., :last, last, None], rates[..., last, None, :last]
        column /= np.add.reduce(row, axis=-1, keepdims=True)
        left += column * row
    shares = np.ones((*rates.shape[:-2], 1, n))
    for state in range(1, n):
        np.matmul(shares[..., :state], rates[..., :state, state, None], out=shares[..., state, None])
    whole = shares.sum(axis=-1, keepdims=True)
    return (shares / whole if np.isfinite(whole).all() else np.zeros_like(shares))[..., 0, :]


def _from_recurrent(log_rates: FloatArray) -> FloatArray:
    """Return the log stationary distribution when some rates are zero: elimination down to a state always revisited."""
    reach = np.isfinite(log_rates) | np.eye(len(log_rates), dtype=bool)
    for middle in range(len(reach)):
        reach |= reach[:, middle, None] & reach[middle]
    recurrent = np.flatnonzero((reach <= reach.T).all(axis=1))
    if not reach[:, recurrent[0]].all():
        other = next(state for state in recurrent if not reach[state, recurrent[0]])
        raise NumericalError(f"the chain is reducible: states {recurrent[0]} and {other} are never left for each other")
    order = np.roll(np.arange(len(reach)), -recurrent[0])
    logs = np.empty(len(reach))
    logs[order] = eliminate(log_rates[np.ix_(order, order)])
    return logs


def eliminate(
    work: FloatArray,
    plus: Callable[[FloatArray, FloatArray], FloatArray] = np.logaddexp,
    total: Callable[[FloatArray], FloatArray] = log_sum,
) -> FloatArray:
    """Return the log stationary distribution by elimination on logarithms of rates, array (..., n, n), used up.

    Given ``maximum`` for both sums, the same elimination gives the zero-noise limit (stochastic potentials).
    """
    n = work.shape[-1]
    for last in range(n - 1, 0, -1):
        leave = total(work[..., last, :last])
        work[..., :last, last] -= leave[..., None]
        work[..., :last, :last] = plus(
            work[..., :last, :last], work[..., :last, last, None] + work[..., last, None, :last]
        )
    logs = np.zeros(work.shape[:-1])
    for state in range(1, n):
        logs[..., state] = total(logs[..., :state] + work[..., :state, state])
    logs -= total(logs)[..., None]
    return logs


def absorption_logs(
    log_steps: FloatArray, log_exit: FloatArray, log_source: FloatArray, band: int | None = None
) -> FloatArray:
    """Return log x with x = source + steps x, where rows of ``steps`` and ``exit`` together sum to one.

    Elimination without subtraction, as in :func:`stationary_logs`; x counts visits (source 1), times or probabilities.

    Args:
        log_steps: array (n, n), log probability of a step between transient states; the diagonal is not read.
        log_exit: array (n,), log probability of leaving the transient states.
        log_source: array (n,) or (n, m), log of the non-negative right-hand sides.
        band: how far a step reaches at most, where that is known; saves the rest of the work.
    """
    steps, leave = log_steps.copy(), log_exit.copy()
    x = log_source.reshape(len(leave), -1).copy()
    away = np.empty(len(leave))
    width = len(leave) if band is None else band
    for last in range(len(leave) - 1, -1, -1):
        low = slice(max(0, last - width), last)
        away[last] = np.logaddexp(log_sum(steps[last, low]) if last else -np.inf, leave[last])
        if away[last] == -np.inf:
            raise NumericalError("the chain never leaves some of its transient states")
        into = steps[low, last] - away[last]
        steps[low, low] = np.logaddexp(steps[low, low], into[:, None] + steps[last, low])
        leave[low] = np.logaddexp(leave[low], into + leave[last])
        x[low] = np.logaddexp(x[low], into[:, None] + x[last])
    for state in range(len(leave)):
        low = slice(max(0, state - width), state)
        if state:
            x[state] = np.logaddexp(x[state], log_sum(steps[state, low, None] + x[low], axis=0))
        x[state] -= away[state]
    return x.reshape(log_source.shape)
