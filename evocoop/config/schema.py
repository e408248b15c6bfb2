"""The JSON Schema of an experiment file, with the registered names and their parameters, for editors and fuzzers."""

from __future__ import annotations

from typing import Any

from evocoop.config import catalogue
from evocoop.config.experiment import KINDS
from evocoop.config.models import ExperimentFile
from evocoop.core.registry import Parameter, Registry


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of an experiment file."""
    schema = ExperimentFile.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "evocoop experiment"
    sections = schema["$defs"]
    _name_parameters(sections["GameSection"], catalogue.games(), {"strategies": _STRATEGIES})
    _name_parameters(sections["DynamicsSection"], catalogue.dynamics(), {})
    sections["OutputsSection"]["properties"]["tables"]["items"] = {"enum": list(KINDS)}
    sections["SweepSection"]["additionalProperties"] = {
        "anyOf": [{"type": "array", "minItems": 1}, {"type": "object"}],
        "description": "A dotted key, such as game.cost, with the values it takes.",
    }
    schema["oneOf"] = [{"required": ["game"]}, {"required": ["games"]}]
    return schema


_STRATEGIES = {
    "type": "array",
    "items": {"type": "string"},
    "description": "The strategies kept; all of the game's when left out.",
}


def _name_parameters(section: dict[str, Any], registry: Registry, also: dict[str, Any]) -> None:
    """Allow in a section, for each registered name, exactly the parameters of that name."""
    section["properties"]["name"]["enum"] = list(registry.names)
    section["allOf"] = [
        {
            "if": {"properties": {"name": {"const": entry.name}}, "required": ["name"]},
            "then": {
                "description": entry.summary,
                "properties": {
                    **dict.fromkeys(section["properties"], True),
                    **also,
                    **{parameter.name: _parameter(parameter) for parameter in entry.parameters},
                },
                "additionalProperties": False,
            },
        }
        for entry in registry
    ]
    section.pop("additionalProperties", None)


def _parameter(parameter: Parameter) -> dict[str, Any]:
    bounds = {"minimum": parameter.minimum, "maximum": parameter.maximum}
    within = {name: bound for name, bound in bounds.items() if bound is not None}
    numbers = {"type": "array", "items": {"type": "number", **within}, "minItems": 1}
    kinds: dict[str, dict[str, Any]] = {
        "integer": {"type": "integer"},
        "number": {"type": "number"},
        "probability": {"type": "number", "minimum": 0, "maximum": 1},
        "boolean": {"type": "boolean"},
        "string": {"type": "string"},
        "vector": numbers,
        "names": {"type": "array", "items": {"type": "string", "minLength": 1}, "minItems": 1},
        "matrix": {"type": "array", "items": numbers, "minItems": 1},
        "table": {"type": "object", "additionalProperties": {"type": "number"}},
    }
    described = {**kinds.get(parameter.kind, {}), "description": parameter.summary}
    if parameter.kind not in ("vector", "matrix"):
        described.update(within)
    if parameter.choices:
        described["enum"] = list(parameter.choices)
    if parameter.default is not None:
        described["default"] = parameter.default
    return described
