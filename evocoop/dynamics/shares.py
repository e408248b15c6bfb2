"""Shares of strategies as they are given: checked, and scaled to sum to one to the last digit."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from evocoop.core.errors import InputError

FloatArray = NDArray[np.float64]


def as_shares(name: str, given: Any, n: int) -> FloatArray:
    """Return points of the simplex, array (points, n), each row summing to one.

    Raises:
        InputError: when they are not rows of n numbers of at least 0 that sum to one.

    >>> as_shares("starts", [[0.25, 0.75]], 2).tolist()
    [[0.25, 0.75]]
    """
    try:
        points = np.array(given, dtype=np.float64)
    except (TypeError, ValueError):
        raise InputError(f"{name} must be shares, one number for each of {n} strategies") from None
    if points.ndim != 2 or points.shape[1] != n or not len(points):
        raise InputError(f"{name} must hold {n} shares, one for each strategy")
    if not np.isfinite(points).all() or (points < 0).any():
        raise InputError(f"{name} must be shares of at least 0")
    sums = points.sum(axis=1)
    if not np.allclose(sums, 1.0, atol=1e-9):
        raise InputError(f"{name} must sum to 1, not {sums[np.abs(sums - 1.0).argmax()]:.10g}")
    return np.asarray(points / sums[:, None])
