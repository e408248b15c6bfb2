"""What the dynamics of two populations say, as columns of result tables: every row has its population."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from evocoop.config.experiment import Values
from evocoop.games.payoffs import FloatArray, IntArray
from evocoop.games.two_populations import TwoPopulationGame
from evocoop.runs.long_run import long_run_shares, moments

_NOT_PASSED = ("first_start", "second_start", "starts", "time")

Found = dict[str, tuple[Values, FloatArray | None]]
"""Kind of table → its columns, and the standard errors of its values where they are sampled."""


def columns(function: Callable[..., Any], game: TwoPopulationGame, parameters: Values) -> Found:
    """Run dynamics of two populations on a game and return what they say, by kind of table."""
    name = function.__name__
    return COLUMNS[name](function, game, parameters)


def payoff_columns(game: TwoPopulationGame) -> Values:
    """Return all payoffs: those of the first population's strategies, then those of the second's."""
    first, second = game.matrices
    mine, theirs = game.names
    rows = [(a, b, game.populations[0], first[i, j]) for i, a in enumerate(mine) for j, b in enumerate(theirs)]
    rows += [(b, a, game.populations[1], second[i, j]) for j, b in enumerate(theirs) for i, a in enumerate(mine)]
    strategy, opponent, population, payoff = zip(*rows, strict=True)
    return {
        "strategy": list(strategy), "opponent": list(opponent), "population": list(population),
        "payoff": np.array(payoff), "standard_error": np.zeros(len(rows)), "exact": [True] * len(rows),
    }  # fmt: skip


def _named(game: TwoPopulationGame) -> tuple[list[str], list[str]]:
    """Return every strategy and its population."""
    mine, theirs = game.names
    first, second = game.populations
    return [*mine, *theirs], [first] * len(mine) + [second] * len(theirs)


def _shares(game: TwoPopulationGame, rows: FloatArray, other: FloatArray) -> Values:
    strategies, populations = _named(game)
    return {
        "strategy": strategies, "population": populations, "share": np.concatenate([rows, other]),
        "self_cooperation": [None] * len(strategies),
    }  # fmt: skip


def _states(game: TwoPopulationGame, rows: IntArray, other: IntArray, probabilities: FloatArray) -> Values:
    """Return rows of states, counts of the first population (S, n) and of the second (S, m)."""
    strategies, populations = _named(game)
    count, size = len(probabilities), len(strategies)
    return {
        "state": np.repeat(np.arange(count), size), "strategy": strategies * count, "population": populations * count,
        "count": np.hstack([rows, other]).ravel(), "probability": np.repeat(probabilities, size),
    }  # fmt: skip


def _limit(function: Callable[..., Any], game: TwoPopulationGame, parameters: Values) -> Found:
    """The share of time of every strategy, and of every pair of them."""
    found = function(*game.matrices, **parameters)
    n, m = found.prevalence.shape
    size = found.population_size
    rows, other = np.repeat(np.eye(n, dtype=np.int64), m, axis=0), np.tile(np.eye(m, dtype=np.int64), (n, 1))
    states = _states(game, size * rows, size * other, found.prevalence.ravel())
    return {"prevalence": (_shares(game, found.rows, found.columns), None), "stationary": (states, None)}


def _distribution(function: Callable[..., Any], game: TwoPopulationGame, parameters: Values) -> Found:
    """The mean share of every strategy, and the share of time spent in each state."""
    found = function(*game.matrices, **parameters)
    states = _states(game, found.row_states, found.column_states, found.probabilities)
    return {"prevalence": (_shares(game, found.rows, found.columns), None), "stationary": (states, None)}


def _paths(function: Callable[..., Any], game: TwoPopulationGame, parameters: Values) -> Found:
    """The paths, recorded the closer the earlier, and the mean shares over all starts in the long run."""
    given = {key: value for key, value in parameters.items() if key not in _NOT_PASSED}
    kept, given["times"] = moments(parameters["time"])
    start = [parameters.get(key) for key in ("first_start", "second_start")]
    if start == [None, None]:
        found = function(*game.matrices, starts=parameters["starts"], **given)
    else:
        both = tuple(_even(one, len(names)) for one, names in zip(start, game.names, strict=True))
        found = function(*game.matrices, start=both, **given)
    strategies, populations = _named(game)
    every = np.concatenate([found.rows, found.columns], axis=2)
    shares = every[:, np.searchsorted(found.times, kept)]
    starts, times, size = shares.shape
    paths = {
        "start": np.repeat(np.arange(starts), times * size),
        "time": np.tile(np.repeat(kept, size), starts),
        "strategy": strategies * (starts * times), "population": populations * (starts * times),
        "share": shares.ravel(),
    }  # fmt: skip
    ends = long_run_shares(every, found.times)
    spread = ends.std(axis=0, ddof=1) / np.sqrt(starts) if starts > 1 else None
    split = len(game.names[0])
    mean = _shares(game, ends.mean(axis=0)[:split], ends.mean(axis=0)[split:])
    return {"trajectories": (paths, None), "prevalence": (mean, spread)}


def _even(given: Sequence[float] | None, size: int) -> list[float]:
    return [1.0 / size] * size if given is None else list(given)


def _rest(function: Callable[..., Any], game: TwoPopulationGame, parameters: Values) -> Found:
    """The rest points, one row for each strategy of both populations in each."""
    points = function(*game.matrices, **parameters).points
    strategies, populations = _named(game)
    count = len(points)
    rest = {
        "point": np.repeat(np.arange(count), len(strategies)),
        "strategy": strategies * count, "population": populations * count,
        "share": np.concatenate([np.concatenate([point.row, point.column]) for point in points]),
        "stability": [point.stability for point in points for _ in strategies],
    }  # fmt: skip
    return {"rest_points": (rest, None)}


COLUMNS: dict[str, Callable[[Callable[..., Any], TwoPopulationGame, Values], Found]] = {
    "replicator_two_populations": _paths,
    "rest_points_two_populations": _rest,
    "small_mutation_limit_two_populations": _limit,
    "stationary_distribution_two_populations": _distribution,
}
"""What is made of the dynamics, by name."""
