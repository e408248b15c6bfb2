"""What continuous populations leave in result tables: noisy paths, and shares place by place."""

from __future__ import annotations

from typing import Any

import numpy as np

from evocoop.config.experiment import Values
from evocoop.games.payoffs import FloatArray

MOST_MOMENTS, MOST_PLACES = 48, 96
MOST_SIDE = 48
_Ints = np.ndarray[Any, np.dtype[np.int64]]


def noisy_columns(found: Any) -> tuple[Values, FloatArray]:
    """Return the columns of mean shares over replicates at each time, from each start; and their standard errors."""
    means = found.paths.mean(axis=1)
    starts, times, n = means.shape
    columns = {
        "start": np.repeat(np.arange(starts), times * n),
        "time": np.tile(np.repeat(found.times, n), starts),
        "strategy": list(found.strategies) * (starts * times),
        "share": means.ravel(),
    }
    runs = found.paths.shape[1]
    spread = found.paths.std(axis=1, ddof=1) / np.sqrt(runs) if runs > 1 else np.full(means.shape, np.nan)
    return columns, spread.ravel()


def density_columns(found: Any) -> Values:
    """Return the columns of a density over shares, state by state: its mass about each count, and that of the edges."""
    size, places = found.population_size, len(found.positions) - 1
    mass = np.where(np.isfinite(found.density), found.density, 0.0) / places
    mass[[0, -1]] = mass[[0, -1]] / 2.0 + found.edges
    first = np.rint(found.positions * size).astype(np.int64)
    return {
        "state": np.repeat(np.arange(places + 1), 2),
        "strategy": list(found.strategies) * (places + 1),
        "count": np.stack([first, size - first], axis=1).ravel(),
        "probability": np.repeat(mass / mass.sum(), 2),
    }


def mean_columns(found: Any) -> Values:
    """Return the columns of shares averaged over all places, at each time."""
    n = len(found.strategies)
    return {
        "start": np.zeros(len(found.times) * n, dtype=np.int64),
        "time": np.repeat(found.times, n),
        "strategy": list(found.strategies) * len(found.times),
        "share": found.shares.ravel(),
    }


def field_columns(found: Any) -> Values:
    """Return the columns of shares at some places and times: many times of a line, few of a plane."""
    plane = found.fields.ndim == 4
    kept = telling_moments(found.fields) if plane else _some(len(found.times), MOST_MOMENTS)
    sides = [_some(side, MOST_SIDE if plane else MOST_PLACES) for side in found.fields.shape[1:-1]]
    shares = found.fields[np.ix_(kept, *sides)]
    marks = np.meshgrid(found.times[kept], *((side + 0.5) * found.spacing for side in sides), indexing="ij")
    n = len(found.strategies)
    time, *places = (np.repeat(mark.ravel(), n) for mark in marks)
    return {
        "time": time,
        "x": places[-1],
        "y": places[0] if plane else [None] * len(time),
        "strategy": list(found.strategies) * (len(time) // n),
        "share": shares.ravel(),
    }


def telling_moments(fields: FloatArray) -> _Ints:
    """Return the first of many moments, the first after half of the way to the last, and the last.

    >>> telling_moments(np.array([[0.0], [0.1], [0.6], [0.9], [1.0]])).tolist()
    [0, 2, 4]
    """
    left = np.abs(fields - fields[-1]).reshape(len(fields), -1).mean(axis=1)
    return np.unique([0, int((left <= left[0] / 2).argmax()), len(fields) - 1])


def _some(length: int, most: int) -> _Ints:
    """Return at most so many places, spread evenly from the first to the last."""
    return np.unique(np.linspace(0, length - 1, min(length, most)).round().astype(np.int64))
