"""Joins the parts of a complete run into one file per kind of table, without holding them in memory."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from pathlib import Path

from evocoop.runs import files
from evocoop.runs.store import Batch, RunDirectory
from evocoop.runs.tables import TABLES

ROW_GROUP = 50_000


def merge_parts(directory: RunDirectory, batches: Sequence[Batch]) -> None:
    """Write ``results/<kind>.parquet``: the rows of all parts in the order of the cells.

    The bytes depend on the rows alone, not on how they were divided into batches.
    """
    aside, final = directory.path / ".results.aside", directory.path / "results"
    files.remove(aside)
    aside.mkdir()
    try:
        for kind in TABLES:
            parts = [directory.path / "parts" / b.folder / f"{kind}.parquet" for b in batches if kind in b.parts]
            if parts:
                _join(parts, aside / f"{kind}.parquet")
        files.sync_directory(aside)
    except BaseException as error:
        with contextlib.suppress(OSError):
            files.remove(aside)
        if isinstance(error, Exception) and not isinstance(error, OSError):
            raise OSError(str(error)) from None  # polars has errors of its own for a full disk
        raise
    files.remove(final)
    os.rename(aside, final)
    files.sync_directory(directory.path)


def _join(parts: Sequence[Path], target: Path) -> None:
    import polars as pl

    frame = pl.scan_parquet(list(parts), glob=False)
    frame.sink_parquet(target, compression="zstd", row_group_size=ROW_GROUP, maintain_order=True)
    with open(target, "rb") as file:
        os.fsync(file.fileno())
