"""Runs made by hand: any tables under any names, written as a finished run would be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl

from evocoop.config.experiment import DynamicsAsk, Experiment, GameAsk, SweepAsk
from evocoop.runs.store import Batch, RunDirectory
from evocoop.runs.tables import TABLES, own_columns

TYPES = {"integer": pl.Int64(), "number": pl.Float64(), "text": pl.String(), "boolean": pl.Boolean()}
MATRIX = {"payoffs": [[1.0, 0.0], [0.0, 1.0]]}


def write_run(
    path: Path,
    tables: dict[str, list[dict[str, Any]]],
    *,
    done: bool = True,
    failed: tuple[tuple[int, str], ...] = (),
    **fields: Any,
) -> Path:
    """Write a run whose tables hold the given rows; what a row leaves out is filled in."""
    asked = {
        "name": "by hand",
        "question": "Who emerges?",
        "games": (GameAsk("matrix", "game", MATRIX),),
        "dynamics": (DynamicsAsk("small_mutation_limit", "dynamics"),),
        **fields,
    }
    directory = RunDirectory.create(path, Experiment(**asked), b"# by hand\n")
    (path / "results").mkdir()
    for kind, rows in tables.items():
        table_frame(kind, rows).write_parquet(path / "results" / f"{kind}.parquet")
    with (path / "manifest.jsonl").open("w") as manifest:
        manifest.write(Batch(0, 1, "by hand", {}, failed).line() + "\n")
    if done:
        (path / "DONE").write_text(json.dumps({}))
    return directory.path


def table_frame(kind: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Return rows as a table of a kind, with the columns that every such table has."""
    schema = {column.name: TYPES[column.dtype] for column in own_columns(kind)}
    extra = dict.fromkeys(key for row in rows for key in row if key not in schema)
    filled = {"cell": 0, "replicate": 0, "game": "game", "standard_error": 0.0, "exact": True}
    if TABLES[kind].per_dynamics:
        filled["dynamics"] = "dynamics"
    columns = {name: [row.get(name, filled.get(name)) for row in rows] for name in (*schema, *extra)}
    frame = pl.DataFrame({name: pl.Series(name, columns[name], dtype) for name, dtype in schema.items()})
    return frame.with_columns(pl.Series(name, columns[name], strict=False) for name in extra)


def shares(values: dict[str, float], **more: Any) -> list[dict[str, Any]]:
    """Return rows of long-run shares."""
    return [{"strategy": name, "share": share, **more} for name, share in values.items()]


def swept(key: str, values: list[Any]) -> SweepAsk:
    return SweepAsk("grid", {key: tuple(values)})
