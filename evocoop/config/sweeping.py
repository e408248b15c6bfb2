"""Reads the sweep section: which keys are set to which values, in which combinations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from evocoop.config import catalogue
from evocoop.config.experiment import DynamicsAsk, GameAsk, PlayAsk, SweepAsk, Values
from evocoop.config.parameters import convert
from evocoop.config.problems import Problems
from evocoop.core.errors import InputError, hint
from evocoop.core.locate import Path
from evocoop.core.registry import Parameter

PLAY_PARAMETERS = (
    Parameter("turns", "integer", "turns per match", minimum=1),
    Parameter("repetitions", "integer", "matches per pair", minimum=1),
    Parameter("noise", "probability", "probability that an action is flipped"),
    Parameter("prob_end", "probability", "probability that a match ends after each turn"),
    Parameter("exact", "boolean", "solve pairs exactly"),
)

_ROOTS = ("game", "play", "dynamics")

Targets = dict[str, list[Parameter]]


def read_sweep(
    section: Mapping[str, Any],
    games: Sequence[tuple[Path, GameAsk]],
    dynamics: Sequence[tuple[Path, DynamicsAsk]],
    play: PlayAsk | None,
    problems: Problems,
    limits: Mapping[str, float],
) -> SweepAsk:
    """Return the sweep with every value converted, noting keys that nothing has and values that do not fit."""
    targets = _targets([ask for _, ask in games], [ask for _, ask in dynamics], play)
    mode = section.get("mode", "grid")
    flat = dict(_flatten({key: value for key, value in section.items() if key not in ("mode", "points")}))
    if mode == "list":
        if flat:
            problems.add(("sweep",), 'with mode = "list" every key belongs into a point of points')
        return SweepAsk("list", points=_points(section.get("points"), targets, problems, limits))
    if section.get("points"):
        problems.add(("sweep", "points"), 'is only for mode = "list"')
    axes: dict[str, tuple[Any, ...]] = {}
    for key, (path, values) in flat.items():
        if not isinstance(values, list) or not values:
            problems.add(path, f"must be a list of values, not {str(values)[:60]!r}")
        else:
            axes[key] = tuple(
                _converted(key, value, (*path, number), targets, problems, limits)
                for number, value in enumerate(values)
            )
    lengths = {key: len(values) for key, values in axes.items()}
    if mode == "zip" and len(set(lengths.values())) > 1:
        problems.add(("sweep",), f"zipped lists must be equally long, not {lengths}")
    return SweepAsk(mode if mode in ("grid", "zip") else "grid", dict(sorted(axes.items(), key=_cheapest_last)))


def _cheapest_last(axis: tuple[str, Any]) -> int:
    """Put keys of the dynamics last, so that neighbouring cells share one payoff table."""
    return _ROOTS.index(root) if (root := axis[0].partition(".")[0]) in _ROOTS else 0


def swept_keys(section: Mapping[str, Any]) -> set[str]:
    """Return every dotted key that a sweep section mentions, right or wrong."""
    points = section.get("points")
    listed = [point for point in points if isinstance(point, dict)] if isinstance(points, list) else []
    return {key for part in (section, *listed) for key, _ in _flatten(part)}


def _targets(games: Iterable[GameAsk], dynamics: Iterable[DynamicsAsk], play: PlayAsk | None) -> Targets:
    """Return every key a sweep may set, with the parameters it stands for."""
    found: Targets = {}
    asks: list[tuple[str, Any, GameAsk | DynamicsAsk]] = []
    asks += [("game", catalogue.games(), ask) for ask in games]
    asks += [("dynamics", catalogue.dynamics(), ask) for ask in dynamics]
    for root, registry, ask in asks:
        for parameter in registry.find(ask.name).parameters:
            found.setdefault(f"{root}.{parameter.name}", []).append(parameter)
            found.setdefault(f"{root}.{ask.label}.{parameter.name}", []).append(parameter)
    if play is not None:
        found.update({f"play.{parameter.name}": [parameter] for parameter in PLAY_PARAMETERS})
    return found


def _flatten(section: Mapping[str, Any], path: Path = ("sweep",), prefix: str = "") -> Iterable[tuple[str, Any]]:
    """Yield dotted keys with their place and values, whether written ``"game.cost"`` or ``game.cost``."""
    for key, value in section.items():
        if isinstance(value, dict):
            yield from _flatten(value, (*path, key), f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", ((*path, key), value)


def _short(targets: Targets) -> tuple[str, ...]:
    """Return the keys that need no label."""
    return tuple(key for key in targets if key.count(".") == 1)


def _points(given: Any, targets: Targets, problems: Problems, limits: Mapping[str, float]) -> tuple[Values, ...]:
    if not isinstance(given, list) or not given:
        problems.add(("sweep", "points"), 'is missing: mode = "list" takes a list of points')
        return ()
    points = []
    for number, point in enumerate(given):
        if not isinstance(point, dict):
            continue
        flat = dict(_flatten(point, ("sweep", "points", number)))
        points.append(
            {key: _converted(key, value, path, targets, problems, limits) for key, (path, value) in flat.items()}
        )
        if points[-1].keys() != points[0].keys():
            problems.add(
                ("sweep", "points", number),
                f"every point must set the same keys as the first: {', '.join(points[0]) or 'none'}",
            )
    return tuple(points)


def _converted(
    key: str, value: Any, path: Path, targets: Targets, problems: Problems, limits: Mapping[str, float]
) -> Any:
    if key not in targets:
        place = path[:-1] if isinstance(path[-1], int) else path
        problems.add(place, f"there is no {key!r} to sweep over{hint(key, _short(targets), most=16)}")
        return value
    try:
        for parameter in targets[key]:
            converted = convert(parameter, value, limits)
        return converted
    except InputError as error:
        problems.add(path, str(error))
        return value
