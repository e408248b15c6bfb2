"""What the dynamics of continuous traits say, as columns of result tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from evocoop.config.experiment import Values
from evocoop.games.payoffs import FloatArray
from evocoop.games.traits import TraitGame

Found = dict[str, tuple[Values, FloatArray | None]]
"""Kind of table → its columns, and the standard errors of its values where they are sampled."""
TIMES = 101


def columns(function: Callable[..., Any], game: TraitGame, parameters: Values) -> Found:
    """Run dynamics of continuous traits on a game and return what they say, by kind of table."""
    return COLUMNS[function.__name__](function, game, parameters)


def _paths(function: Callable[..., Any], game: TraitGame, parameters: Values) -> Found:
    """The paths at 101 times, more of them in the beginning."""
    given: Values = {"times": parameters["time"] * np.linspace(0.0, 1.0, TIMES) ** 2}
    covariance = parameters["covariance"]
    given["covariance"] = covariance[0] if len(covariance) == 1 else covariance
    given["start" if parameters.get("start") else "starts"] = parameters.get("start") or parameters["starts"]
    found = function(game, **given)
    nothing = [None] * found.values.size
    return {"traits": (_rows(game, found.times, found.values, nothing, nothing), None)}


def _rows(game: TraitGame, times: Any, values: FloatArray, variances: Any, groups: Any) -> Values:
    starts, moments, size = values.shape
    return {
        "start": np.repeat(np.arange(starts), moments * size),
        "time": np.tile(np.repeat(np.asarray(times, dtype=np.float64), size), starts),
        "trait": list(game.traits) * (starts * moments),
        "value": values.ravel(),
        "variance": variances,
        "groups": groups,
    }


def _singular(function: Callable[..., Any], game: TraitGame, parameters: Values) -> Found:
    """The singular strategies between the two ends of the trait."""
    found = function(game, **parameters)
    (low, held), (high, kept) = found.ends
    ends = ["attracting end" if one else "repelling end" for one in (held, kept)]
    points = found.points
    rows: Values = {
        "trait": [found.trait] * (len(points) + 2),
        "value": [low, *(point.value for point in points), high],
        "kind": [ends[0], *(point.kind for point in points), ends[1]],
        "attracts": [held, *(point.convergence_stable for point in points), kept],
        "curvature": [None, *(point.curvature for point in points), None],
        "cross": [None, *(point.cross for point in points), None],
        "complete": [found.complete] * (len(points) + 2),
    }
    return {"singular": (rows, None)}


def _invasibility(function: Callable[..., Any], game: TraitGame, parameters: Values) -> Found:
    """The invasion fitness of every mutant among every resident."""
    found = function(game, **parameters)
    count = len(found.values)
    rows = {
        "trait": [found.trait] * count**2,
        "mutant": np.repeat(found.values, count),
        "resident": np.tile(found.values, count),
        "fitness": found.fitness.ravel(),
    }
    return {"invasibility": (rows, None)}


def _simulated(function: Callable[..., Any], game: TraitGame, parameters: Values) -> Found:
    """Means, variances and groups over time, run by run, and how traits are spread."""
    found = function(game, **parameters)
    groups = np.repeat(found.branches.ravel(), len(game.traits))
    rows = _rows(game, found.generations, found.means, found.variances.ravel(), groups)
    held = np.argwhere(found.histograms > 0)
    run, record, trait, place = held.T
    spread = {
        "start": run,
        "time": found.generations[record].astype(np.float64),
        "trait": [game.traits[k] for k in trait],
        "low": found.edges[trait, place],
        "high": found.edges[trait, place + 1],
        "share": found.histograms[run, record, trait, place],
    }
    unknown = np.full(found.means.size, np.nan), np.full(len(held), np.nan)
    return {"traits": (rows, unknown[0]), "histograms": (spread, unknown[1])}


COLUMNS: dict[str, Callable[[Callable[..., Any], TraitGame, Values], Found]] = {
    "adaptive_dynamics": _paths,
    "singular_strategies": _singular,
    "pairwise_invasibility": _invasibility,
    "trait_simulation": _simulated,
}
"""What is made of the dynamics, by name."""
