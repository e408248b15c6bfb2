"""Checks the shape of an experiment file (sections, keys, types) and words each mistake for a person."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ValidationError

from evocoop.config.models import ExperimentFile, ExperimentSection, OutputsSection, PlaySection, PopulationSection
from evocoop.config.problems import Problems

_KEYS: dict[str, type[BaseModel]] = {
    "": ExperimentFile,
    "experiment": ExperimentSection,
    "population": PopulationSection,
    "play": PlaySection,
    "outputs": OutputsSection,
}
_WORDS = {
    "string_type": "must be a text in quotes",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "finite_number": "must be a finite number",
    "bool_type": "must be true or false",
    "list_type": "must be a list",
    "dict_type": "must be a table",
    "model_type": "must be a section (a table)",
    "model_attributes_type": "must be a section (a table)",
}


def check_shape(data: dict[str, Any], problems: Problems) -> None:
    """Note every key that is unknown, missing, of the wrong type or out of range."""
    try:
        ExperimentFile.model_validate(data)
    except ValidationError as errors:
        for error in errors.errors(include_url=False):
            path = tuple(error["loc"])
            if error["type"] == "extra_forbidden":
                problems.unknown_key(path, tuple(_KEYS[".".join(map(str, path[:-1]))].model_fields))
            else:
                problems.add(path, _words(dict(error)))


def _words(error: dict[str, Any]) -> str:
    kind, context = error["type"], error.get("ctx", {})
    if kind == "missing":
        return "is missing"
    if kind == "literal_error":
        return f"must be {context['expected']}, not {_short(error['input'])}"
    if kind in ("greater_than_equal", "less_than_equal"):
        word, bound = ("at least", context.get("ge")) if kind[0] == "g" else ("at most", context.get("le"))
        return f"must be {word} {bound:g}, not {_short(error['input'])}"
    if kind in ("string_too_short", "too_short"):
        return "must not be empty"
    if kind in ("string_too_long", "too_long"):
        return f"is too long: at most {context.get('max_length')} are allowed"
    if kind in _WORDS:
        return f"{_WORDS[kind]}, not {_short(error['input'])}"
    return str(error["msg"]).lower()


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"
