"""Many draws at once for individuals that vary."""

from __future__ import annotations

from typing import Any

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
