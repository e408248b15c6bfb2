"""The last check before any work: every game of the sweep is built once, and the whole is counted."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from evocoop.config import catalogue
from evocoop.config.experiment import DynamicsAsk, Experiment, GameAsk, SweepAsk, Values
from evocoop.config.problems import Problems
from evocoop.core.errors import InputError, hint
from evocoop.core.locate import Path
from evocoop.games.trait_entries import TRAITS
from evocoop.games.two_population_entries import TWO_POPULATIONS

MOST_BUILT = 5_000


def check_settings(
    experiment: Experiment,
    paths: Sequence[Path],
    dynamics_paths: Sequence[Path],
    problems: Problems,
    limits: Mapping[str, float],
) -> None:
    """Note games that cannot be built, unknown strategies, dynamics not made for a game, a plan above the limits."""
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
    if not problems.found:
        _check_populations(experiment, dynamics_paths, problems)
        _check_traits(experiment, paths, problems)
    if not problems.found:
        _check_dynamics(experiment, dynamics_paths, problems)


def _check_populations(experiment: Experiment, paths: Sequence[Path], problems: Problems) -> None:
    """Note dynamics of two populations, or of continuous traits, that are asked of another game; and the reverse."""
    several = '; say which games it is for: games = ["LABEL"]' if len(experiment.games) > 1 else ""
    for path, one in zip(paths, experiment.dynamics, strict=True):
        for game in filter(one.meets, experiment.games):
            tags = catalogue.games().find(game.name).tags, catalogue.dynamics().find(one.name).tags
            continuous, twos = ([tag in some for some in tags] for tag in (TRAITS, TWO_POPULATIONS))
            if continuous[0] != continuous[1]:
                registry, kind = (catalogue.dynamics(), "dynamics") if continuous[0] else (catalogue.games(), "games")
                fitting = [entry.name for entry in registry if TRAITS in entry.tags]
                are = "is of continuous traits, and these dynamics are not" if continuous[0] else "is of strategies"
                problems.add(
                    (*path, "name"),
                    f"game {game.label!r} {are}; {kind} of continuous traits: {', '.join(fitting)}{several}",
                )
            elif twos[0] != twos[1]:
                registry, kind = (catalogue.dynamics(), "dynamics") if twos[0] else (catalogue.games(), "games")
                fitting = [entry.name for entry in registry if TWO_POPULATIONS in entry.tags]
                are = "is of two populations, and these dynamics are of one" if twos[0] else "is of one population"
                problems.add(
                    (*path, "name"),
                    f"game {game.label!r} {are}; {kind} of two populations: {', '.join(fitting)}{several}",
                )


def _check_traits(experiment: Experiment, paths: Sequence[Path], problems: Problems) -> None:
    """Note games of continuous traits that no dynamics are asked of: they have no table of payoffs to show instead."""
    for path, game in zip(paths, experiment.games, strict=True):
        traits = TRAITS in catalogue.games().find(game.name).tags
        if traits and not any(one.meets(game) for one in experiment.dynamics):
            fitting = [entry.name for entry in catalogue.dynamics() if TRAITS in entry.tags]
            problems.add(
                (*path, "name"),
                f"game {game.label!r} is of continuous traits, so it has no table of payoffs: "
                f"ask for some of its dynamics in [[dynamics]]: {', '.join(fitting)}",
            )


def _check_dynamics(experiment: Experiment, paths: Sequence[Path], problems: Problems) -> None:
    """Note dynamics that cannot be asked of a game at some point of the sweep."""
    for path, one in zip(paths, experiment.dynamics, strict=True):
        entry = catalogue.dynamics().find(one.name)
        said: set[str] = set()
        several = '; say which games it is for: games = ["LABEL"]' if len(experiment.games) > 1 else ""
        for game in experiment.games if entry.check else ():
            for point, built, parameters in _met(experiment, game, one):
                kept = game.strategies or experiment.population or built.strategies
                try:
                    entry.refuse(built, kept, parameters)
                except InputError as error:
                    if str(error) not in said:
                        problems.add(path, f"{error} in game {game.label!r}{_at(point)}{several}")
                    said.add(str(error))


def _met(experiment: Experiment, game: GameAsk, one: DynamicsAsk) -> Iterator[tuple[Values, Any, Values]]:
    """Yield each point at which some dynamics meet a game: what is set, the game, the parameters of the dynamics."""
    if not one.meets(game):
        return
    sweep = sweep_of(experiment, game)
    games, dynamics = catalogue.games().find(game.name), catalogue.dynamics().find(one.name)
    known = catalogue.parameter_names(games), catalogue.parameter_names(dynamics)
    mark, built = "", None
    for number in range(min(len(sweep), MOST_BUILT)):
        point = sweep.point(number)
        parameters = parameters_at("game", game.label, known[0], game.parameters, point)
        if mark != (mark := json.dumps(parameters, sort_keys=True)):
            built = games.load()(**parameters)
        yield point, built, parameters_at("dynamics", one.label, known[1], one.parameters, point)


def sweep_of(experiment: Experiment, game: GameAsk) -> SweepAsk:
    """Return the sweep as one game sees it: in a grid, keys of other games or of dynamics not for it are left out."""
    sweep = experiment.sweep
    if sweep.mode != "grid":
        return sweep
    names = catalogue.parameter_names(catalogue.games().find(game.name))
    mine = {f"game.{name}" for name in names} | {f"game.{game.label}.{name}" for name in names}
    for one in experiment.dynamics:
        if one.meets(game):
            known = catalogue.parameter_names(catalogue.dynamics().find(one.name))
            mine |= {f"dynamics.{name}" for name in known} | {f"dynamics.{one.label}.{name}" for name in known}
    axes = {key: values for key, values in sweep.axes.items() if key.startswith("play.") or key in mine}
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
        if built.group_size != 2 or len(names) != 2 or hasattr(built, "only"):
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
    if kept and hasattr(built, "only") and not problems.found:
        built.only(kept)


def _at(point: Values) -> str:
    return f" (at {', '.join(f'{key} = {value}' for key, value in point.items())})" if point else ""
