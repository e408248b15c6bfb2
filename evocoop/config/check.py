"""Checks what the sections name against the registries, fills in every default and builds the Experiment."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from evocoop.config import catalogue
from evocoop.config.experiment import (
    KINDS,
    DynamicsAsk,
    Experiment,
    GameAsk,
    OutputsAsk,
    PlayAsk,
    SweepAsk,
    Values,
)
from evocoop.config.parameters import convert
from evocoop.config.problems import Problems
from evocoop.config.settings import check_settings
from evocoop.config.sweeping import read_sweep, swept_keys
from evocoop.core.errors import InputError, UnknownNameError, hint
from evocoop.core.locate import Path
from evocoop.core.registry import Entry, Registry

RESERVED = ("name", "label")


def build(data: dict[str, Any], problems: Problems, limits: Mapping[str, float]) -> Experiment | None:
    """Return the checked experiment, or None after noting what is wrong.

    The data may still be of the wrong shape anywhere: whatever has the right shape is checked all the same, so that
    all mistakes are reported at once.
    """
    about = _section(data, "experiment")
    games = _games(data, problems, limits)
    dynamics = _dynamics(data, [game.label for _, game in games], problems, limits)
    play = _play(data, swept_keys(_section(data, "sweep")), problems, limits)
    sweep = read_sweep(_section(data, "sweep"), games, dynamics, play, problems, limits)
    _check_required(games, dynamics, sweep, problems)
    _check_limit("replicates", about.get("replicates"), ("experiment", "replicates"), problems, limits)
    outputs = _outputs(_section(data, "outputs"), problems)
    population = _names(_section(data, "population").get("strategies"))
    if play is not None:
        _check_population(population, problems)
    if problems.found:
        return None
    experiment = Experiment(
        name=about["name"],
        question=about["question"].strip(),
        expected=about.get("expected", "").strip(),
        source=about.get("source", "").strip(),
        seed=about.get("seed", 0),
        replicates=about.get("replicates", 1),
        games=tuple(game for _, game in games),
        population=population,
        play=play,
        dynamics=tuple(one for _, one in dynamics),
        sweep=sweep,
        outputs=outputs,
    )
    check_settings(experiment, [path for path, _ in games], [path for path, _ in dynamics], problems, limits)
    return experiment


def _section(data: Mapping[str, Any], name: str) -> dict[str, Any]:
    found = data.get(name)
    return found if isinstance(found, dict) else {}


def _names(given: Any) -> tuple[str, ...]:
    return tuple(name for name in given if isinstance(name, str)) if isinstance(given, list) else ()


def _games(data: dict[str, Any], problems: Problems, limits: Mapping[str, float]) -> list[tuple[Path, GameAsk]]:
    one, many = data.get("game"), data.get("games")
    if one is not None and many is not None:
        problems.add(("games",), "give either one [game] or several [[games]], not both")
    if one is None and not many:
        problems.add(("game",), "is missing: name the game in [game], or several in [[games]]")
    sections: list[tuple[Path, Any]] = [(("game",), one)] if one is not None else []
    if isinstance(many, list):
        sections += [(("games", number), section) for number, section in enumerate(many)]
    found = []
    for path, section in sections:
        entry = _entry(section, path, catalogue.games(), problems)
        if entry is None:
            continue
        kept: tuple[str, ...] = ()
        if "strategies" not in catalogue.parameter_names(entry):
            kept = _kept(section.get("strategies"), path, problems)
            section = {key: value for key, value in section.items() if key != "strategies"}
        values = _parameters(entry, section, path, problems, limits, also=("strategies",))
        found.append((path, GameAsk(entry.name, _label(section, entry), values, kept)))
    _check_labels([(path, ask.label) for path, ask in found], problems)
    return found


def _kept(given: Any, path: Path, problems: Problems) -> tuple[str, ...]:
    if given is None:
        return ()
    if not isinstance(given, list) or not given or not all(isinstance(name, str) for name in given):
        problems.add((*path, "strategies"), "must be a list of names of strategies")
        return ()
    return tuple(given)


def _dynamics(
    data: dict[str, Any], labels: list[str], problems: Problems, limits: Mapping[str, float]
) -> list[tuple[Path, DynamicsAsk]]:
    given = data.get("dynamics", [])
    found = []
    for number, section in enumerate(given if isinstance(given, list) else []):
        path: Path = ("dynamics", number)
        entry = _entry(section, path, catalogue.dynamics(), problems)
        if entry is not None:
            asked = _labels(section.get("games"), labels, path, problems)
            section = {key: value for key, value in section.items() if key != "games"}
            values = _parameters(entry, section, path, problems, limits, also=("games",))
            found.append((path, DynamicsAsk(entry.name, _label(section, entry), values, asked)))
    _check_labels([(path, ask.label) for path, ask in found], problems)
    return found


def _labels(given: Any, labels: list[str], path: Path, problems: Problems) -> tuple[str, ...]:
    """Return the labels of the games that dynamics are asked of."""
    if given == []:
        problems.add((*path, "games"), "must name at least one game; leave it out for all of them")
    for number, label in enumerate(_names(given)):
        if label not in labels:
            problems.add((*path, "games", number), f"there is no game {label!r}{hint(label, labels)}")
    return tuple(dict.fromkeys(_names(given)))


def _entry(section: Any, path: Path, registry: Registry, problems: Problems) -> Entry | None:
    if not isinstance(section, dict) or not isinstance(section.get("name"), str):
        return None
    try:
        return registry.find(section["name"])
    except UnknownNameError as error:
        problems.add((*path, "name"), str(error))
        return None


def _label(section: Mapping[str, Any], entry: Entry) -> str:
    label = section.get("label")
    return label if isinstance(label, str) and label else entry.name


def _parameters(
    entry: Entry,
    section: Mapping[str, Any],
    path: Path,
    problems: Problems,
    limits: Mapping[str, float],
    also: tuple[str, ...] = (),
) -> Values:
    """Return every parameter that is given or has a default, converted."""
    allowed = catalogue.parameter_names(entry)
    for key in section:
        if key not in allowed and key not in RESERVED:
            problems.unknown_key((*path, key), (*allowed, "label", *also))
    values: Values = {}
    for parameter in entry.parameters:
        if parameter.name not in section:
            if not parameter.required and parameter.default is not None and parameter.name != "seed":
                values[parameter.name] = _plain_default(parameter.default)
            continue
        try:
            values[parameter.name] = convert(parameter, section[parameter.name], limits)
        except InputError as error:
            problems.add((*path, parameter.name), str(error))
    return values


def _plain_default(value: Any) -> Any:
    return [_plain_default(item) for item in value] if isinstance(value, (list, tuple)) else value


def _check_labels(labelled: list[tuple[Path, str]], problems: Problems) -> None:
    seen: set[str] = set()
    for path, label in labelled:
        if label in seen:
            problems.add(path, f"two sections are called {label!r}; give each its own label")
        seen.add(label)


def _play(
    data: dict[str, Any], swept: Collection[str], problems: Problems, limits: Mapping[str, float]
) -> PlayAsk | None:
    section = data.get("play")
    if not isinstance(section, dict):
        return None
    known = {key: section[key] for key in PlayAsk.__dataclass_fields__ if key in section}
    for key in ("turns", "repetitions"):
        _check_limit(key, known.get(key), ("play", key), problems, limits)
    for key in ("noise", "prob_end"):
        if isinstance(known.get(key), int):
            known[key] = float(known[key])
    if "turns" not in known and ("prob_end" in known or "play.prob_end" in swept):
        known["turns"] = None
    return PlayAsk(**known)


def _check_limit(name: str, value: Any, path: Path, problems: Problems, limits: Mapping[str, float]) -> None:
    if isinstance(value, int) and value > limits[name]:
        problems.add(path, f"is above the limit of {limits[name]:g}; if you mean it, add --raise-limit {name}=VALUE")


def _check_required(
    games: list[tuple[Path, GameAsk]],
    dynamics: list[tuple[Path, DynamicsAsk]],
    sweep: SweepAsk,
    problems: Problems,
) -> None:
    """Note every required parameter that neither its section nor the sweep gives."""
    sections: list[tuple[str, Registry, Path, GameAsk | DynamicsAsk]] = []
    sections += [("game", catalogue.games(), path, ask) for path, ask in games]
    sections += [("dynamics", catalogue.dynamics(), path, ask) for path, ask in dynamics]
    for root, registry, path, ask in sections:
        for parameter in registry.find(ask.name).parameters:
            swept = {f"{root}.{parameter.name}", f"{root}.{ask.label}.{parameter.name}"} & set(sweep.keys)
            given = parameter.name in ask.parameters or swept or (*path, parameter.name) in problems.lines
            if parameter.required and not given:
                problems.add((*path, parameter.name), f"is missing: {parameter.summary}")


def _outputs(section: Mapping[str, Any], problems: Problems) -> OutputsAsk:
    for number, kind in enumerate(_names(section.get("tables"))):
        if kind not in KINDS:
            problems.add(("outputs", "tables", number), f"unknown kind of table {kind!r}{hint(kind, KINDS)}")
    return OutputsAsk(_names(section.get("tables")), section.get("report", True) is not False)


def _check_population(population: tuple[str, ...], problems: Problems) -> None:
    path: Path = ("population", "strategies")
    if not population:
        problems.add(path, "is missing: with [play], name the library strategies that play")
        return
    for position, name in enumerate(population):
        if name in population[:position]:
            problems.add((*path, position), f"{name!r} stands twice")
    for position, message in catalogue.check_players(population):
        problems.add((*path, position), message)
