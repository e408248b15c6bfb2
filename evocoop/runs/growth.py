"""What populations whose size changes leave in result tables: shares of those who live, or of nobody, and sizes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from evocoop.config.experiment import Values
from evocoop.dynamics.infinite.ecological import EXTINCT
from evocoop.games.payoffs import FloatArray
from evocoop.runs.long_run import long_run_shares

NOBODY, FREE = "nobody", "free places"


def shares_with_nobody(result: Any, payoffs: Any) -> tuple[Values, FloatArray]:
    """Return long-run shares, where time after extinction is nobody's; and standard errors."""
    return _shares(result.strategies, result.shares, payoffs), np.append(result.standard_errors, result.lived_error)


def _shares(strategies: Sequence[str], shares: FloatArray, payoffs: Any, nobody: bool = True) -> Values:
    known = getattr(payoffs, "self_cooperation", None)
    cooperation = known() if callable(known) else known
    alike = [None] * len(strategies) if cooperation is None else np.asarray(cooperation, dtype=float).tolist()
    more = [max(0.0, 1.0 - float(shares.sum()))] * nobody
    return {
        "strategy": [*strategies, *[NOBODY] * nobody],
        "share": np.append(shares, more),
        "self_cooperation": [*alike, *[None] * nobody],
    }


def path_columns(result: Any) -> tuple[Values, FloatArray]:
    """Return mean shares over runs at each recorded time, nobody's where runs have died out; and standard errors."""
    whole = np.concatenate([result.fractions, (result.sizes == 0)[..., None]], axis=2)
    names = [*result.strategies, NOBODY]
    columns = _paths(whole.mean(axis=0)[None], result.times, names)
    return columns, whole.std(axis=0, ddof=1).ravel() / np.sqrt(len(whole))


def size_columns(result: Any) -> tuple[Values, FloatArray]:
    """Return mean sizes over runs at each recorded time, and the share of runs that have died out."""
    sizes = result.sizes
    columns = {
        "start": np.zeros(len(result.times), dtype=np.int64),
        "time": np.asarray(result.times, dtype=float),
        "size": sizes.mean(axis=0),
        "extinct": (sizes == 0).mean(axis=0),
    }
    return columns, sizes.std(axis=0, ddof=1) / np.sqrt(len(sizes))


def density_columns(result: Any, payoffs: Any) -> tuple[Values, Values, FloatArray | None, Values]:
    """Return paths, shares in the long run with standard errors between starts, and densities."""
    late = long_run_shares(result.shares, result.times)
    lost = result.limited or bool(result.extinct.any())
    whole = np.column_stack([late, 1.0 - late.sum(axis=1)]) if lost else late
    error = whole.std(axis=0, ddof=1) / np.sqrt(len(late)) if len(late) > 1 else None
    long_run = _shares(result.strategies, late.mean(axis=0), payoffs, lost)
    if result.limited:
        held = np.concatenate([result.densities, np.maximum(1.0 - result.totals, 0.0)[..., None]], axis=2)
        paths = _paths(held, result.times, [*result.strategies, FREE])
    else:
        paths = _paths(result.shares, result.times, result.strategies)
    starts, times = result.totals.shape
    sizes = {
        "start": np.repeat(np.arange(starts), times),
        "time": np.tile(result.times, starts),
        "size": result.totals.ravel(),
        "extinct": (result.totals <= EXTINCT).astype(float).ravel(),
    }
    return paths, long_run, error, sizes


def _paths(shares: FloatArray, times: FloatArray, names: Sequence[str]) -> Values:
    starts, moments, n = shares.shape
    return {
        "start": np.repeat(np.arange(starts), moments * n),
        "time": np.tile(np.repeat(np.asarray(times, dtype=float), n), starts),
        "strategy": list(names) * (starts * moments),
        "share": shares.ravel(),
    }


def lifetimes(found: Sequence[Any]) -> tuple[Values, FloatArray]:
    """Return mean lifetimes of populations of one strategy each; a lower bound where some outlived the run."""
    columns = {
        "mutant": [one.strategies[0] for one in found],
        "resident": [one.strategies[0] for one in found],
        "outcome": ["extinction"] * len(found),
        "steps": [one.time for one in found],
        "log_steps": [float(np.log(one.time)) for one in found],
        "finished": [one.share for one in found],
    }
    return columns, np.array([one.time_error for one in found])
