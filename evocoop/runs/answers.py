"""What each kind of result of the dynamics says, as columns of result tables: one small function per kind."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from evocoop.config.experiment import Values
from evocoop.core.errors import EvocoopError
from evocoop.games.payoffs import FloatArray
from evocoop.runs.tables import TABLES

MOST_TIMES = 200


@dataclass(frozen=True)
class Answer:
    """Rows of one kind of table.

    Args:
        kind: the kind of table.
        columns: its own columns.
        standard_error: of the measured value, or None where the dynamics themselves are exact.
    """

    kind: str
    columns: Mapping[str, Any]
    standard_error: FloatArray | None = None

    @property
    def value(self) -> str:
        """The column of the measured value."""
        return TABLES[self.kind].value


Answers = dict[str, Answer]


def answer(name: str, function: Callable[..., Any], payoffs: Any, parameters: Values) -> Answers:
    """Run one of the dynamics on payoffs and return its rows by kind of table.

    Raises:
        EvocoopError: when it gives a result of a kind that no table is made for.
    """
    asked = ASKED.get(name)
    if asked is not None:
        return asked(function, payoffs, parameters)
    result = function(payoffs, **parameters)
    shape = SHAPES.get(type(result).__name__)
    if shape is None:
        raise EvocoopError(f"no table is made for what {name} gives ({type(result).__name__})")
    return shape(result, payoffs)


def _gathered(*answers: Answer) -> Answers:
    return {one.kind: one for one in answers}


def _prevalence(strategies: Sequence[str], shares: FloatArray, payoffs: Any, error: FloatArray | None = None) -> Answer:
    cooperation = getattr(payoffs, "self_cooperation", None)
    known = cooperation() if callable(cooperation) else cooperation
    return Answer(
        "prevalence",
        {
            "strategy": list(strategies),
            "share": shares,
            "self_cooperation": [None] * len(strategies) if known is None else np.asarray(known, dtype=float),
        },
        error,
    )


def small_mutation(result: Any, payoffs: Any) -> Answers:
    """Long-run shares, and fixation probabilities between all pairs."""
    names, size = result.strategies, result.population_size
    pairs = list(itertools.permutations(range(len(names)), 2))
    logs = np.array([result.fixation[resident, mutant] for mutant, resident in pairs])
    fixation = _fixation([(names[mutant], names[resident]) for mutant, resident in pairs], logs, size)
    return _gathered(_prevalence(names, result.prevalence, payoffs), fixation)


def _fixation(pairs: Sequence[tuple[str, str]], logs: FloatArray, size: int) -> Answer:
    return Answer(
        "fixation",
        {
            "mutant": [mutant for mutant, _ in pairs],
            "resident": [resident for _, resident in pairs],
            "log_probability": logs,
            "probability": np.exp(logs),
            "neutral": [1.0 / size] * len(pairs),
        },
    )


def fixation_probability(function: Callable[..., Any], payoffs: Any, parameters: Values) -> Answers:
    """Fixation probabilities of the pair asked for, or of all pairs."""
    names = payoffs.strategies
    pairs = [
        (mutant, resident)
        for mutant, resident in itertools.permutations(names, 2)
        if parameters.get("mutant") in (None, mutant) and parameters.get("resident") in (None, resident)
    ]
    rest = {key: value for key, value in parameters.items() if key not in ("mutant", "resident", "log")}
    logs = [function(payoffs, mutant=mutant, resident=resident, log=True, **rest) for mutant, resident in pairs]
    return _gathered(_fixation(pairs, np.array(logs), parameters["population_size"]))


def gradient(function: Callable[..., Any], payoffs: Any, parameters: Values) -> Answers:
    """The gradient of selection at every count of the first strategy."""
    values = np.asarray(function(payoffs, **parameters))
    count = np.arange(len(values))
    columns = {"count": count, "fraction": count / (len(values) - 1), "gradient": values}
    return _gathered(Answer("gradient", columns))


def stationary(result: Any, payoffs: Any) -> Answers:
    """The stationary distribution state by state, and the mean share of each strategy in it."""
    states, names = np.asarray(result.states), result.strategies
    numbers = np.repeat(np.arange(len(states)), len(names))
    columns = {
        "state": numbers,
        "strategy": list(names) * len(states),
        "count": states.ravel(),
        "probability": np.repeat(result.probabilities, len(names)),
    }
    shares = result.probabilities @ states / result.population_size
    return _gathered(Answer("stationary", columns), _prevalence(names, shares, payoffs))


def trajectory(result: Any, payoffs: Any) -> Answers:
    """The paths at no more than 200 times, and the mean share over all starts at the end."""
    names, count = result.strategies, len(result.times)
    kept = np.unique(np.linspace(0, count - 1, min(count, MOST_TIMES)).round().astype(int))
    shares = result.shares[:, kept]
    starts = len(shares)
    columns = {
        "start": np.repeat(np.arange(starts), len(kept) * len(names)),
        "time": np.tile(np.repeat(result.times[kept], len(names)), starts),
        "strategy": list(names) * (starts * len(kept)),
        "share": shares.ravel(),
    }
    spread = result.final.std(axis=0, ddof=1) / np.sqrt(starts) if starts > 1 else None
    return _gathered(Answer("trajectories", columns), _prevalence(names, result.final.mean(axis=0), payoffs, spread))


def rest_points(result: Any, payoffs: Any) -> Answers:
    """The rest points, one row for each strategy in each."""
    names, points = result.strategies, result.points
    columns = {
        "point": np.repeat(np.arange(len(points)), len(names)),
        "strategy": list(names) * len(points),
        "share": np.concatenate([point.shares for point in points]) if points else np.zeros(0),
        "stability": [point.stability for point in points for _ in names],
    }
    return _gathered(Answer("rest_points", columns))


def basins(result: Any, payoffs: Any) -> Answers:
    """The share of all starting points that ends at each attractor."""
    columns = {"attractor": list(result.attractors), "strategy": list(result.strategies), "share": result.shares}
    return _gathered(Answer("basins", columns, None if result.exact else result.standard_errors))


ASKED: dict[str, Callable[[Callable[..., Any], Any, Values], Answers]] = {
    "fixation_probability": fixation_probability,
    "gradient_of_selection": gradient,
}
"""Dynamics that are called in a way of their own, by name."""

SHAPES: dict[str, Callable[[Any, Any], Answers]] = {
    "SmallMutationLimit": small_mutation,
    "StationaryDistribution": stationary,
    "Trajectory": trajectory,
    "RestPoints": rest_points,
    "Basins": basins,
}
"""What is made of a result, by the name of its class."""
