"""What learning from play says, as columns of result tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from evocoop.config.experiment import Values
from evocoop.games.payoffs import FloatArray


def regret_columns(result: Any) -> tuple[Values, FloatArray, FloatArray, FloatArray]:
    """Return mean paths over runs, their errors, and shares at the end with theirs."""
    shares = result.shares
    mean, error = shares.mean(axis=0), shares.std(axis=0, ddof=1) / np.sqrt(len(shares))
    starts = np.zeros(len(mean), dtype=np.int64)
    return _paths(result.strategies, starts, result.rounds, mean), error.ravel(), mean[-1], error[-1]


def quantal_columns(result: Any) -> Values:
    """Return the branch over 1/noise, cut where it turns back: each piece is a path of its own."""
    precision = result.precision
    back = np.sign(np.diff(precision))
    turns = np.flatnonzero(back[1:] * back[:-1] < 0) + 1
    pieces = np.searchsorted(turns, np.arange(len(precision)), side="left")
    return _paths(result.strategies, pieces, precision, result.shares)


def _paths(strategies: Sequence[str], starts: Any, times: Any, shares: FloatArray) -> Values:
    size = len(strategies)
    return {
        "start": np.repeat(starts, size),
        "time": np.repeat(np.asarray(times, dtype=np.float64), size),
        "strategy": list(strategies) * len(shares),
        "share": shares.ravel(),
    }
