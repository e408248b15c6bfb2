"""Checks one value against a registered parameter and brings it to its one stored form."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from evocoop.core.errors import InputError, check_integer, check_number, hint
from evocoop.core.registry import Parameter

DEEPEST = 6
LARGEST = 2**53
MOST_NUMBERS = 1_000_000


def convert(parameter: Parameter, value: Any, limits: Mapping[str, float]) -> Any:
    """Return ``value`` as the parameter wants it.

    Raises:
        InputError: naming what is allowed, when it is of the wrong kind or out of range.
    """
    maximum = parameter.maximum
    limit = limits.get(parameter.name)
    if limit is not None and isinstance(value, (int, float)) and not isinstance(value, bool) and value > limit:
        raise InputError(
            f"{value:g} is above the limit of {limit:g}; if you mean it, add --raise-limit {parameter.name}={value}"
        )
    if parameter.kind == "integer":
        if isinstance(value, int) and abs(value) > LARGEST:
            raise InputError(f"{_short(value)} is too large: at most {LARGEST} in size")
        return check_integer("it", value, minimum=_whole(parameter.minimum), maximum=_whole(maximum))
    if parameter.kind in ("number", "probability"):
        floor, ceiling = (0.0, 1.0) if parameter.kind == "probability" else (-math.inf, math.inf)
        low = floor if parameter.minimum is None else parameter.minimum
        high = ceiling if maximum is None else maximum
        return check_number("it", _number(value), minimum=low, maximum=high)
    if parameter.kind == "boolean":
        if not isinstance(value, bool):
            raise InputError(f"it must be true or false, not {value!r}")
        return value
    if parameter.kind == "string":
        return _string(parameter, value)
    if parameter.kind in ("vector", "matrix"):
        return _numbers(value, 1 if parameter.kind == "vector" else 2, parameter.minimum, maximum)
    if parameter.kind == "names":
        return _names(value)
    if parameter.kind == "table":
        return _table(value)
    return plain(value)


def plain(value: Any, depth: int = 0) -> Any:
    """Return a value made only of strings, finite numbers, booleans, lists and tables, or raise InputError."""
    if isinstance(value, (str, bool)) or (isinstance(value, int) and abs(value) < 2**63):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    if isinstance(value, list) and depth < DEEPEST:
        return [plain(item, depth + 1) for item in value]
    if isinstance(value, dict) and depth < DEEPEST:
        return {str(key): plain(item, depth + 1) for key, item in value.items()}
    raise InputError(f"it must be made of texts, finite numbers, true, false and lists, not {_short(value)}")


def _number(value: Any) -> Any:
    return value if not isinstance(value, int) or abs(value) < 2**63 else math.inf


def _whole(bound: float | None) -> int | None:
    return None if bound is None or math.isinf(bound) else math.ceil(bound)


def _string(parameter: Parameter, value: Any) -> str:
    if not isinstance(value, str):
        raise InputError(f"it must be a text in quotes, not {_short(value)}")
    if parameter.choices and value not in parameter.choices:
        raise InputError(f"{_short(value)} is not allowed{hint(value, parameter.choices)}")
    return value


def _names(value: Any) -> list[str]:
    if not isinstance(value, list) or not value or not all(isinstance(name, str) and name for name in value):
        raise InputError(f"it must be a list of names in quotes, not {_short(value)}")
    return value


def _table(value: Any) -> dict[str, float]:
    if not isinstance(value, dict) or not value:
        raise InputError(f"it must be a table of names and numbers, such as {{signal = 0.1}}, not {_short(value)}")
    return {str(name): check_number(str(name)[:40], _number(number)) for name, number in value.items()}


def _numbers(value: Any, depth: int, minimum: float | None, maximum: float | None) -> Any:
    wanted = "a list of numbers" if depth == 1 else "a list of rows of numbers, such as [[3, 0], [5, 1]]"
    if not isinstance(value, list) or not value:
        raise InputError(f"it must be {wanted}, not {_short(value)}")
    if len(value) > MOST_NUMBERS:
        raise InputError(f"it has {len(value)} entries; {MOST_NUMBERS} at most")
    if depth == 2 and any(isinstance(row, list) for row in value):
        rows = [_numbers(row, 1, minimum, maximum) for row in value]
        if len({len(row) for row in rows}) > 1:
            raise InputError(f"its rows must be equally long, not of lengths {sorted({len(row) for row in rows})}")
        return rows
    low, high = (-math.inf if minimum is None else minimum), (math.inf if maximum is None else maximum)
    return [check_number("each entry", _number(item), minimum=low, maximum=high) for item in value]


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"
