"""Gathers the rows of cells column by column and turns them into frames of fixed columns and types."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from evocoop.config import catalogue
from evocoop.config.experiment import Experiment, Values
from evocoop.config.sweeping import PLAY_PARAMETERS
from evocoop.core.registry import Parameter
from evocoop.runs.tables import DYNAMICS_COLUMN, ERROR_COLUMNS, KEY_COLUMNS, TABLES

if TYPE_CHECKING:
    import polars as pl

_KINDS = {"integer": "integer", "number": "number", "probability": "number", "boolean": "boolean"}

Layout = dict[str, str]


def layout(experiment: Experiment, kind: str) -> Layout:
    """Return the columns of a table of this experiment in order, name → type.

    The columns depend on the experiment alone, so that parts written by different workers fit together.
    """
    table = TABLES[kind]
    columns = {column.name: column.dtype for column in KEY_COLUMNS}
    if table.per_dynamics:
        columns[DYNAMICS_COLUMN.name] = DYNAMICS_COLUMN.dtype
    columns.update({column.name: column.dtype for column in table.columns})
    columns.update(_parameter_columns(experiment, table.per_dynamics))
    columns.update({column.name: column.dtype for column in ERROR_COLUMNS})
    return columns


def _parameter_columns(experiment: Experiment, with_dynamics: bool) -> Layout:
    found: Layout = {}

    def add(root: str, parameters: Sequence[Parameter]) -> None:
        for parameter in parameters:
            dtype = _KINDS.get(parameter.kind, "text")
            key = f"{root}.{parameter.name}"
            found[key] = dtype if found.get(key, dtype) == dtype else "text"

    for game in experiment.games:
        add("game", catalogue.games().find(game.name).parameters)
    if experiment.play is not None:
        add("play", PLAY_PARAMETERS)
    if with_dynamics:
        for one in experiment.dynamics:
            add("dynamics", catalogue.dynamics().find(one.name).parameters)
    return found


@dataclass
class Rows:
    """The rows of one kind of table, column by column.

    Args:
        columns: name → type of every column; see :func:`layout`.
    """

    columns: Layout
    values: dict[str, list[Any]] = field(default_factory=dict)
    length: int = 0

    def __post_init__(self) -> None:
        self.values = {name: [] for name in self.columns}

    def extend(self, constant: Values, columns: Mapping[str, Any]) -> None:
        """Add rows: columns of equal length beside values that are the same in all of them."""
        length = len(next(iter(columns.values())))
        for name, dtype in self.columns.items():
            if name in columns:
                found = columns[name]
                self.values[name].extend(found.tolist() if hasattr(found, "tolist") else found)
            else:
                value = constant.get(name)
                self.values[name].extend([_text(value) if dtype == "text" else value] * length)
        self.length += length

    def cut(self, length: int) -> None:
        """Drop all rows after the first ``length``."""
        for values in self.values.values():
            del values[length:]
        self.length = length

    def frame(self) -> pl.DataFrame:
        """Return the rows as a frame."""
        import polars as pl

        types = {"integer": pl.Int64(), "number": pl.Float64(), "text": pl.String(), "boolean": pl.Boolean()}
        return pl.DataFrame(self.values, schema={name: types[dtype] for name, dtype in self.columns.items()})


def _text(value: Any) -> str | None:
    return value if value is None or isinstance(value, str) else json.dumps(value)


class Tables:
    """The rows of all kinds of table that an experiment keeps."""

    def __init__(self, experiment: Experiment) -> None:
        kept = experiment.outputs.tables or tuple(TABLES)
        self._rows = {kind: Rows(layout(experiment, kind)) for kind in kept}

    def __contains__(self, kind: str) -> bool:
        return kind in self._rows

    def __iter__(self) -> Iterator[tuple[str, Rows]]:
        return iter(self._rows.items())

    def add(self, kind: str, constant: Values, columns: Mapping[str, Any]) -> None:
        """Add rows to a table, unless the experiment does not keep it."""
        if kind in self._rows:
            self._rows[kind].extend(constant, columns)

    def mark(self) -> dict[str, int]:
        """Return how long every table is now."""
        return {kind: rows.length for kind, rows in self._rows.items()}

    def rewind(self, mark: Mapping[str, int]) -> None:
        """Cut every table back to a mark."""
        for kind, rows in self._rows.items():
            rows.cut(mark[kind])
