"""The last check before any work: every game of the sweep is built once, and the whole is counted."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from evocoop.config import catalogue
from evocoop.config.experiment import Experiment, GameAsk, SweepAsk, Values
from evocoop.config.locate import Path
from evocoop.config.problems import Problems
from evocoop.core.errors import InputError, hint

MOST_BUILT = 5_000


def check_settings(
    experiment: Experiment, paths: Sequence[Path], problems: Problems, limits: Mapping[str, float]
) -> None:
    """Note games that cannot be built, unknown strategies, and a plan above the limits."""
    cells = sum(len(sweep_of(experiment, game)) for game in experiment.games) * experiment.replicates
    if cells > limits["cells"]:
        problems.add(
            ("sweep",),
            f"{cells} cells are above the limit of {limits['cells']:g}; "
            f"if you mean it, add --raise-limit cells={cells}",
        )
        return
    for path, game in zip(paths, experiment.games, strict=True):
        entry = catalogue.games().find(game.name)
        said: set[str] = set()
        for point, parameters in itertools.islice(_distinct(experiment, game), MOST_BUILT):
            try:
                built = entry.load()(**parameters)
                _check_strategies(experiment, game, built, path, problems)
            except InputError as error:
                if str(error) not in said:
                    problems.add(path, f"{error}{_at(point)}")
                said.add(str(error))


def sweep_of(experiment: Experiment, game: GameAsk) -> SweepAsk:
    """Return the sweep as one game sees it: in a grid, keys of other games alone are left out."""
    sweep = experiment.sweep
    if sweep.mode != "grid":
        return sweep
    names = catalogue.parameter_names(catalogue.games().find(game.name))
    mine = {f"game.{name}" for name in names} | {f"game.{game.label}.{name}" for name in names}
    axes = {key: values for key, values in sweep.axes.items() if not key.startswith("game.") or key in mine}
    return SweepAsk("grid", axes)


def parameters_at(root: str, label: str, known: Sequence[str], values: Values, point: Values) -> Values:
    """Return the parameters of one section at one point of the sweep; a key with the label outranks one without.

    >>> parameters_at("game", "hunt", ["cost"], {"cost": 1.0}, {"game.cost": 2.0})
    {'cost': 2.0}
    """
    found = dict(values)
    for name in known:
        for key in (f"{root}.{name}", f"{root}.{label}.{name}"):
            if key in point:
                found[name] = point[key]
    return found


def _distinct(experiment: Experiment, game: GameAsk) -> Iterator[tuple[Values, Values]]:
    """Yield each different setting of a game in the sweep, with the first point that makes it."""
    sweep = sweep_of(experiment, game)
    known = catalogue.parameter_names(catalogue.games().find(game.name))
    if sweep.mode == "grid":
        sweep = SweepAsk("grid", {key: values for key, values in sweep.axes.items() if key.startswith("game.")})
    seen: set[str] = set()
    for number in range(len(sweep)):
        point = sweep.point(number)
        parameters = parameters_at("game", game.label, known, game.parameters, point)
        mark = json.dumps(parameters, sort_keys=True)
        if mark not in seen:
            seen.add(mark)
            yield {key: value for key, value in point.items() if key.startswith("game.")}, parameters


def _check_strategies(experiment: Experiment, game: GameAsk, built: Any, path: Path, problems: Problems) -> None:
    names = tuple(built.strategies)
    if experiment.play is not None:
        if built.group_size != 2 or len(names) != 2:
            raise InputError("[play] needs a game of two players with two strategies, cooperate and defect")
        return
    kept, place = (
        (game.strategies, (*path, "strategies"))
        if game.strategies
        else (experiment.population, ("population", "strategies"))
    )
    for number, name in enumerate(kept):
        if name not in names:
            problems.add((*place, number), f"{game.name} has no strategy {name!r}{hint(name, names, most=20)}")
        elif name in kept[:number]:
            problems.add((*place, number), f"{name!r} stands twice")


def _at(point: Values) -> str:
    return f" (at {', '.join(f'{key} = {value}' for key, value in point.items())})" if point else ""
