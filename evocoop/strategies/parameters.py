"""Tables of parameters that are too long for code, shipped as data with their sources."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def parameter_table(name: str) -> dict[str, Any]:
    """Return the rows of a shipped table, by class name; the file's ``source`` says where they come from."""
    text = files("evocoop.strategies").joinpath("data", f"{name}.json").read_text("utf-8")
    rows: dict[str, Any] = json.loads(text)["rows"]
    return rows
