"""Reading finished runs, one or many, as lazy frames."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from evocoop.config.experiment import Experiment
from evocoop.core.errors import InputError, RunError, UnknownNameError
from evocoop.runs.store import RunDirectory
from evocoop.runs.tables import TABLES

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Run:
    """One or several runs whose tables are read when asked for.

    Args:
        directories: the runs.
    """

    directories: tuple[RunDirectory, ...]

    @property
    def path(self) -> Path:
        """The directory of the first run."""
        return self.directories[0].path

    @property
    def experiment(self) -> Experiment:
        """What the first run was asked."""
        return self.directories[0].experiment

    @property
    def failed(self) -> tuple[tuple[int, str], ...]:
        """Number and error of every failed cell of the first run."""
        return tuple(one for batch in self.directories[0].batches() for one in batch.failed)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of tables there are."""
        return tuple(kind for kind in TABLES if any(_files(one, kind) for one in self.directories))

    def table(self, kind: str) -> pl.LazyFrame:
        """Return one table as a lazy frame; with several runs, stacked, with a column ``run`` (the directory) in
        front.

        Raises:
            UnknownNameError: when there is no such kind of table.
            RunError: when these runs have no table of that kind.
        """
        import polars as pl

        if kind not in TABLES:
            raise UnknownNameError("table", kind, tuple(TABLES))
        found = [(one, files) for one in self.directories if (files := _files(one, kind))]
        if not found:
            have = ", ".join(self.kinds) or "none"
            raise RunError(f"{self.path} has no table {kind!r}; it has: {have}")
        frames = [pl.scan_parquet(files, glob=False) for _, files in found]
        if len(self.directories) == 1:
            return frames[0]
        named = [
            frame.select(pl.lit(str(one.path)).alias("run"), pl.all())
            for frame, (one, _) in zip(frames, found, strict=True)
        ]
        return pl.concat(named, how="diagonal_relaxed")


def open_run(*paths: str | os.PathLike[str]) -> Run:
    """Return the run in a directory, or several runs at once, for reading.

    An unfinished run can be read too: what its finished batches hold.

    Args:
        paths: run directories.

    Returns:
        The run; ``.table("prevalence")`` is a lazy polars frame, ``.experiment`` what was asked.

    Raises:
        InputError: when a directory is not a run.
    """
    if not paths:
        raise InputError("open_run takes at least one run directory")
    return Run(tuple(RunDirectory.open(path) for path in paths))


def _files(directory: RunDirectory, kind: str) -> list[Path]:
    """Return the files that hold a table: the merged one, or the parts while the run is unfinished."""
    merged = directory.path / "results" / f"{kind}.parquet"
    if directory.done and directory.shard is None:
        return [merged] if merged.is_file() else []
    parts = [directory.path / "parts" / b.folder / f"{kind}.parquet" for b in directory.batches() if kind in b.parts]
    return [part for part in parts if part.is_file()]
