"""What a worker does: compute a range of cells and return finished parts."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from evocoop.config.experiment import Experiment
from evocoop.core.errors import EvocoopError
from evocoop.runs.columns import Tables
from evocoop.runs.plan import Cell, Plan

Evaluate = Callable[[Cell, Tables], None]

_LONGEST_ERROR = 500


@dataclass(frozen=True)
class Outcome:
    """A computed range of cells.

    Args:
        start: its first cell.
        stop: the cell after its last.
        parts: kind of table → bytes of its part.
        rows: kind of table → rows in its part.
        failed: number and error of each failed cell.
        seconds: how long it took; for pacing alone, it goes into no table.
    """

    start: int
    stop: int
    parts: dict[str, bytes]
    rows: dict[str, int]
    failed: tuple[tuple[int, str], ...]
    seconds: float


@lru_cache(maxsize=4)
def _plan(question: str) -> Plan:
    return Plan(Experiment.from_dict(json.loads(question)))


def compute(question: str, start: int, stop: int) -> Outcome:
    """Compute the cells ``start`` to ``stop - 1`` of an experiment given as JSON.

    A cell that fails leaves no rows and is listed with its error; the others go on.
    """
    from evocoop.runs.evaluate import evaluate

    began = time.perf_counter()
    plan = _plan(question)
    tables = Tables(plan.experiment)
    failed = []
    for number in range(start, stop):
        error = attempt(plan.cell(number), tables, evaluate)
        if error is not None:
            failed.append((number, error))
    frames = {kind: rows.frame() for kind, rows in tables if rows.length}
    parts = {}
    for kind, frame in frames.items():
        buffer = io.BytesIO()
        frame.write_parquet(buffer, compression="zstd")
        parts[kind] = buffer.getvalue()
    rows = {kind: frame.height for kind, frame in frames.items()}
    return Outcome(start, stop, parts, rows, tuple(failed), time.perf_counter() - began)


def attempt(cell: Cell, tables: Tables, evaluate: Evaluate) -> str | None:
    """Compute one cell into the tables; when it fails, undo its rows and return the error in words."""
    mark = tables.mark()
    try:
        evaluate(cell, tables)
    except EvocoopError as error:
        tables.rewind(mark)
        return str(error)[:_LONGEST_ERROR]
    except MemoryError:
        tables.rewind(mark)
        return "out of memory"
    except Exception as error:
        tables.rewind(mark)
        return f"{type(error).__name__}: {error}"[:_LONGEST_ERROR]
    return None
