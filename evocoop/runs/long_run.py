"""What counts as the long run of a path that may circle for ever."""

from __future__ import annotations

from typing import Any

import numpy as np

from evocoop.games.payoffs import FloatArray

STILL, NEAR = 0.2, 0.03
PATH_TIMES, LATE_TIMES = 200, 401

_Flags = np.ndarray[Any, np.dtype[np.bool_]]


def moments(time: float) -> tuple[FloatArray, FloatArray]:
    """Return the times of a path that result tables keep, the closer the earlier, and these with many late ones."""
    kept = time * np.linspace(0.0, 1.0, PATH_TIMES) ** 2
    return kept, np.union1d(kept, np.linspace(time / 2.0, time, LATE_TIMES))


def still(shares: FloatArray, times: FloatArray) -> _Flags:
    """Return which paths have come to rest.

    Args:
        shares: array (paths, times, n).
        times: array (times,), ascending.

    Returns:
        Array (paths,): whether no share leaves its last value by 0.03 in the last fifth of the time.
    """
    first, last = float(times[0]), float(times[-1])
    watched = shares[:, times >= last - STILL * (last - first)]
    return np.asarray(np.abs(watched - shares[:, -1:]).max(axis=(1, 2)) < NEAR)


def long_run_shares(shares: FloatArray, times: FloatArray) -> FloatArray:
    """Return the shares in the long run of each path: its end, or its mean over the last half where it circles.

    With ``T`` the last time, a path x circles where ``|x(t) - x(T)| >= 0.03`` for some ``t >= 0.8 T``, and the way that
    it goes from ``T/2`` to ``T`` is twice as long as ``|x(T) - x(T/2)|`` or longer. Then it counts with the mean of
    ``x(t)`` from ``T/2`` to ``T``, weighted by ``sin(pi s)^2`` with ``s = (2t - T) / T``, and otherwise with ``x(T)``.
    Such weights forget where within a turn a window begins and ends: the mean of paths that turn regularly converges as
    ``1/T^3`` instead of ``1/T`` (Das, Saiki, Sander & Yorke 2017, Nonlinearity 30:4111). Over whole turns of a
    replicator path around a rest point it is that point (Hofbauer & Sigmund 1998, section 7.6).

    Args:
        shares: array (paths, times, n), every row sums to 1.
        times: array (times,), ascending from 0.

    Returns:
        Array (paths, n) of shares in [0, 1].

    >>> times = np.linspace(0.0, 100.0, 401)
    >>> circling, resting = 0.5 + 0.3 * np.sin(times), 0.9 - 0.4 * np.exp(-times)
    >>> long_run_shares(np.stack([[circling, 1 - circling], [resting, 1 - resting]]).swapaxes(1, 2), times).round(3)
    array([[0.5, 0.5],
           [0.9, 0.1]])
    """
    from scipy.integrate import trapezoid

    ends, late = shares[:, -1], times >= times[-1] / 2.0
    if np.count_nonzero(late) < 3:
        return ends
    half = shares[:, late]
    way, apart = np.abs(np.diff(half, axis=1)).sum(axis=(1, 2)), np.abs(half[:, -1] - half[:, 0]).sum(axis=1)
    circling = ~still(shares, times) & (way >= 2.0 * apart)
    place = 2.0 * times[late] / times[-1] - 1.0
    weights = np.sin(np.pi * place) ** 2
    means = trapezoid(half * weights[:, None], place, axis=1) / trapezoid(weights, place)
    return np.where(circling[:, None], means, ends)
