"""Result tables cut cell by cell, for charts that show one setting: payoffs, fixation, trajectories and their like."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from evocoop.report.families import line_axis, varying
from evocoop.report.words import as_value, key_name, number, plain

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Slice:
    """The rows of one cell under one of the dynamics.

    Args:
        game: label of the game.
        dynamics: label of the dynamics; empty where there is none.
        cell: number of the cell.
        values: what differs between the cells of this game.
        frame: the rows.
    """

    game: str
    dynamics: str
    cell: int
    values: dict[str, Any]
    frame: pl.DataFrame

    @property
    def said(self) -> str:
        """What is set, in words."""
        return ", ".join(f"{key_name(key, tuple(self.values))} = {number(value)}" for key, value in self.values.items())

    def rows(self) -> list[dict[str, Any]]:
        """Return the rows as plain data."""
        return self.frame.to_dicts()


@dataclass(frozen=True)
class Slices:
    """All cells of one game under one of the dynamics, the first replicate of each.

    Args:
        game: label of the game.
        dynamics: label of the dynamics; empty where there is none.
        keys: what differs between cells.
        cells: in order; sorted along a single number.
    """

    game: str
    dynamics: str
    keys: tuple[str, ...]
    cells: tuple[Slice, ...]

    @property
    def axis(self) -> str | None:
        """The number that tells all cells apart and along which all other keys go one way, or None."""
        return line_axis(self.keys, [one.values for one in self.cells])

    @property
    def place(self) -> str:
        """Game and dynamics, for a subtitle."""
        return " · ".join(plain(one, 40) for one in (self.game, self.dynamics) if one)

    def spread(self, most: int) -> tuple[Slice, ...]:
        """Return at most so many cells, evenly spread, first and last included."""
        if len(self.cells) <= most:
            return self.cells
        if most == 1:
            return (self.cells[0],)
        step = (len(self.cells) - 1) / (most - 1)
        return tuple(self.cells[round(place * step)] for place in range(most))


def read_slices(frame: pl.DataFrame, order: Sequence[str] = ()) -> tuple[Slices, ...]:
    """Return a table cut by game, dynamics and cell."""
    if "replicate" in frame.columns:
        frame = frame.filter(frame["replicate"] == frame["replicate"].min())
    parameters = [name for name in frame.columns if "." in name and not name.endswith(".seed")]
    labels = [name for name in ("game", "dynamics") if name in frame.columns]
    found = []
    for part in frame.partition_by(labels, maintain_order=True):
        keys = varying(part, parameters, order)
        game, dynamics = str(part["game"][0]), str(part["dynamics"][0]) if "dynamics" in part.columns else ""
        cells = []
        for one in part.partition_by("cell", maintain_order=True):
            values = {key: as_value(one[key][0]) for key in keys}
            cells.append(Slice(game, dynamics, int(one["cell"][0]), values, one))
        axis = line_axis(keys, [one.values for one in cells])
        if axis is not None:
            cells.sort(key=lambda one: one.values[axis])
        found.append(Slices(game, dynamics, keys, tuple(cells)))
    return tuple(found)
