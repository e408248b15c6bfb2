"""Many draws at once for individuals that vary."""

from __future__ import annotations

from typing import Any

import numpy as np

from evocoop.core.jit import kernel
from evocoop.core.streams import uniform
from evocoop.strategies.draws import next_double


@kernel
def fill_from_library(stream: int, out: Any) -> None:
    """Fill in doubles of the library's stream at an address, one after another."""
    for k in range(len(out)):
        out[k] = next_double(stream)


@kernel
def fill_from_stream(state: Any, out: Any) -> None:
    """Fill in doubles of one of our own streams, one after another."""
    for k in range(len(out)):
        out[k] = uniform(state)


@kernel
def move_from_library(stream: int, rows: Any, chance: float) -> None:
    """Move each probability by up to 1/4 with a chance: a double for each of a row, then one for each that moves."""
    drawn = np.empty(rows.shape[1])
    for row in rows:
        fill_from_library(stream, drawn)
        for k in range(len(row)):
            if drawn[k] < chance:
                row[k] = min(1.0, max(0.0, row[k] + (-1.0 + 2.0 * next_double(stream)) / 4))


@kernel
def move_from_stream(state: Any, rows: Any, chance: float) -> None:
    """Do as :func:`move_from_library` does, with one of our own streams."""
    drawn = np.empty(rows.shape[1])
    for row in rows:
        fill_from_stream(state, drawn)
        for k in range(len(row)):
            if drawn[k] < chance:
                row[k] = min(1.0, max(0.0, row[k] + (-1.0 + 2.0 * uniform(state)) / 4))
