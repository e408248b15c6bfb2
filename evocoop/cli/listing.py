"""The verbs that show what there is: list, show."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from evocoop.cli.output import Format, print_json, print_table, print_text, wants_json
from evocoop.core.errors import UnknownNameError

WHATS = ("strategies", "games", "dynamics")


def list_(
    what: Annotated[str, typer.Argument(metavar="strategies|games|dynamics", show_default=False)],
    format: Format = "table",
) -> None:
    """List the strategies, games or dynamics that can be named."""
    json_wanted = wants_json(format)
    if what not in WHATS:
        raise UnknownNameError("list", what, WHATS)
    rows = _strategies() if what == "strategies" else [_entry(entry, _kind(what)) for entry in _registry(what)]
    if json_wanted:
        print_json(rows)
        return
    columns = ("name", "label", "runs", "summary") if what == "strategies" else ("name", "summary", "citation")
    print_table(f"{len(rows)} {what}", columns, [[_cell(row[column]) for column in columns] for row in rows])


def show(
    name: Annotated[str, typer.Argument(help="Name of a strategy, game or dynamics.", show_default=False)],
    format: Format = "table",
) -> None:
    """Show a strategy, game or dynamics: what it is, its parameters, its source."""
    json_wanted = wants_json(format)
    about = _find(name)
    if json_wanted:
        print_json(about)
        return
    parameters = about.pop("parameters")
    for key, value in about.items():
        if value not in ("", [], {}, None):
            print_text(f"{key}: {_cell(value)}")
    if isinstance(parameters, list) and parameters:
        rows = [[_cell(one[key]) for key in ("name", "kind", "default", "summary")] for one in parameters]
        print_table("parameters", ("name", "kind", "default", "meaning"), rows)


def _registry(what: str) -> Any:
    from evocoop.config import catalogue

    return catalogue.games() if what == "games" else catalogue.dynamics()


def _kind(what: str) -> str:
    return "game" if what == "games" else "dynamics"


def _strategies() -> list[dict[str, Any]]:
    from evocoop.strategies.registry import catalogue

    return [_strategy(one) for one in catalogue().values() if one.listed or one.since]


def _find(name: str) -> dict[str, Any]:
    from evocoop.strategies import registry as strategies

    for what in ("games", "dynamics"):
        if name in (found := _registry(what)):
            return _entry(found.find(name), _kind(what))
    try:
        return _strategy(strategies.find(name))
    except UnknownNameError as error:
        choices = [*_registry("games").names, *_registry("dynamics").names, *error.choices]
        raise UnknownNameError("name", name, choices) from None


def _entry(entry: Any, kind: str) -> dict[str, Any]:
    return {
        "name": entry.name,
        "kind": kind,
        "summary": entry.summary,
        "citation": entry.citation,
        "tags": list(entry.tags),
        "behaviour_version": entry.behaviour_version,
        "parameters": [
            {
                "name": one.name,
                "kind": one.kind,
                "default": "required" if one.required else one.default,
                "summary": one.summary,
                "minimum": one.minimum,
                "maximum": one.maximum,
                "choices": list(one.choices),
            }
            for one in entry.parameters
        ],
    }


def _runs(one: Any) -> str:
    from evocoop.strategies.attention_weights import weights_file

    if one.native or (one.family == "attention" and weights_file() is not None):
        return "compiled"
    return f"not here: needs axelrod {one.since}" if one.since else "bridge to the Axelrod library (slow)"


def _strategy(one: Any) -> dict[str, Any]:
    return {
        "name": one.key,
        "kind": "strategy",
        "label": one.label,
        "summary": one.summary,
        "runs": _runs(one),
        "native": _runs(one) == "compiled",
        "family": one.family,
        "citation": "; ".join(one.sources),
        "classifier": one.classifier,
        "automaton": _automaton(one.key),
        "parameters": [
            {"name": name, "kind": type(value).__name__, "default": value, "summary": ""}
            for name, value in one.parameters.items()
        ],
    }


def _automaton(name: str) -> dict[str, Any] | None:
    """Return the size of a strategy's smallest automaton and how it was found."""
    from evocoop.strategies.registry import recorded_automata

    found = recorded_automata().get(name)
    return found and {"states": len(found["cooperates"]), "verified": found["verified"]}


def _cell(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(str(one) for one in value)
    if isinstance(value, dict):
        return ", ".join(f"{key} {one}" for key, one in value.items() if one not in (False, [], None))
    return "" if value is None else str(value)
