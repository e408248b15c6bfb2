"""Runs an experiment into a run directory, or takes up one that was left unfinished."""

from __future__ import annotations

import errno
import json
import os
import shutil
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from evocoop.config import catalogue
from evocoop.config.experiment import Experiment
from evocoop.core.errors import InputError, RunError
from evocoop.runs import files
from evocoop.runs.drive import Driver, RunInterrupted
from evocoop.runs.events import Listener, Progress, silent
from evocoop.runs.executors import Engine, in_process, opened
from evocoop.runs.identity import behaviour_hash, canonical, run_id
from evocoop.runs.merging import merge_parts
from evocoop.runs.plan import Plan
from evocoop.runs.store import Batch, Range, RunDirectory, missing, part_checksum, refuse_unless_ours
from evocoop.runs.work import Outcome


@dataclass(frozen=True)
class Finished:
    """A complete run.

    Args:
        path: its directory.
        cells: how many cells it has.
        failed: number and error of each failed cell.
        computed: how many cells this call computed; 0 when the run was there already.
    """

    path: Path
    cells: int
    failed: tuple[tuple[int, str], ...]
    computed: int


def directory_for(experiment: Experiment, base: str | os.PathLike[str] = "runs", shard: Range | None = None) -> Path:
    """Return where a run of this experiment belongs: ``<base>/<slug of its name>/<id>``."""
    name = run_id(experiment)
    if shard is not None:
        name += f"-shard-{shard[0]}-of-{shard[1]}"
    return Path(base) / files.slug(experiment.name) / name


def parse_shard(text: str) -> Range:
    """Return the number and count of a shard given as ``i/n``, counted from 1.

    >>> parse_shard("2/8")
    (2, 8)
    """
    number, _, count = text.partition("/")
    if not (number.isdecimal() and count.isdecimal() and 1 <= int(number) <= int(count) <= 1_000_000):
        raise InputError(f"--shard takes i/n with i from 1 to n, such as 1/8, not {text!r}")
    return int(number), int(count)


def start(
    experiment: Experiment,
    path: Path,
    content: bytes,
    *,
    engine: Engine | None = None,
    listener: Listener = silent,
    settings: Sequence[str] = (),
    shard: Range | None = None,
) -> Finished:
    """Run an experiment into a directory; a run of the same question that is there already is reused or completed.

    Args:
        experiment: what is asked.
        path: the run directory; made when it is not there.
        content: the bytes of the experiment file.
        engine: where to compute; in this process when left out.
        listener: told how far the run is.
        settings: command-line settings that changed the file, for provenance.
        shard: number and count, to compute one share of the cells.

    Raises:
        RunError: when the directory holds something else or is in use.
        RunInterrupted: when it stopped but can be resumed.
    """
    if RunDirectory.exists(path):
        there = RunDirectory.open(path)
        if canonical(there.experiment.to_dict()) != canonical(experiment.to_dict()) or there.shard != shard:
            raise RunError(f"{path} holds the run of another question; a run directory is never overwritten")
        return resume(there, engine=engine, listener=listener, settings=settings)
    try:
        refuse_unless_ours(path, content)
        path.mkdir(parents=True, exist_ok=True)
        with files.locked(path / "lock"):
            directory = RunDirectory.create(path, experiment, content, settings, shard)
            return _work(directory, engine or in_process(), listener, settings)
    except OSError as error:
        raise RunError(f"cannot write the run directory {path}: {error.strerror or error}") from None


def resume(
    directory: RunDirectory,
    *,
    engine: Engine | None = None,
    listener: Listener = silent,
    settings: Sequence[str] | None = None,
    retry_failed: bool = False,
) -> Finished:
    """Compute what is missing, damaged or stale in a run, and nothing else.

    Args:
        directory: the run.
        engine: where to compute; in this process when left out.
        listener: told how far the run is.
        settings: command-line settings, for provenance; those recorded when left out.
        retry_failed: whether to compute failed cells again too.

    Raises:
        InputError: when its question names players that are not in the catalogue.
        RunError: when the run is in use.
        RunInterrupted: when it stopped again.
    """
    if settings is None:
        settings = directory.about().get("settings", [])
    _refuse_unknown_players(directory)
    with directory.locked():
        return _work(directory, engine or in_process(), listener, settings, retry_failed)


def _refuse_unknown_players(directory: RunDirectory) -> None:
    """Raise InputError when a directory, perhaps from elsewhere, names players outside the catalogue, such as code."""
    wrong = catalogue.check_players(directory.experiment.population) if directory.experiment.play is not None else []
    if wrong:
        raise InputError(f"{directory.path} cannot be run: {wrong[0][1]}")


def _work(
    directory: RunDirectory, engine: Engine, listener: Listener, settings: Sequence[str], retry_failed: bool = False
) -> Finished:
    with opened(engine):
        try:
            return _complete(directory, engine, listener, settings, retry_failed)
        except OSError as error:
            reason = "the disk is full" if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG) else str(error)
            raise RunInterrupted(f"cannot write to {directory.path}: {reason}") from None


def _complete(
    directory: RunDirectory, engine: Engine, listener: Listener, settings: Sequence[str], retry_failed: bool
) -> Finished:
    batches = directory.tidy(retry_failed=retry_failed)
    first, stop = directory.span
    keeper = _Keeper(directory, batches, stop - first, listener)
    ranges = [(max(a, first), b) for a, b in missing(batches, stop) if b > first]
    if ranges or not directory.done:
        listener(keeper.progress("started"))
        _note_versions(directory, settings)
        Driver(json.dumps(directory.experiment.to_dict()), engine, keeper.keep).compute(ranges)
        _conclude(directory, keeper, listener)
    listener(keeper.progress("finished"))
    failed = tuple(one for batch in directory.batches() for one in batch.failed)
    return Finished(directory.path, stop - first, failed, keeper.computed)


def _note_versions(directory: RunDirectory, settings: Sequence[str]) -> None:
    if directory.about().get("id") != directory.id:
        directory.write_provenance(settings)


def _conclude(directory: RunDirectory, keeper: _Keeper, listener: Listener) -> None:
    batches = directory.batches()
    if directory.shard is None:
        listener(keeper.progress("merging"))
        merge_parts(directory, batches)
    failed = sum(len(batch.failed) for batch in batches)
    sums = {path.stem: files.checksum(path) for path in sorted(directory.results.glob("*.parquet"))}
    directory.finish({"cells": keeper.cells, "failed": failed, "id": directory.id, "results": sums})


class _Keeper:
    """Stores outcomes and tells the listener."""

    def __init__(self, directory: RunDirectory, batches: Sequence[Batch], cells: int, listener: Listener) -> None:
        self.directory, self.listener, self.cells = directory, listener, cells
        self.reused = sum(batch.stop - batch.start for batch in batches)
        self.failed = sum(len(batch.failed) for batch in batches)
        self.behaviour = behaviour_hash(directory.experiment)
        self.computed = 0
        self.began = time.monotonic()

    def keep(self, outcome: Outcome) -> None:
        """Store one outcome."""
        parts = {kind: part_checksum(part, outcome.rows[kind]) for kind, part in outcome.parts.items()}
        batch = Batch(outcome.start, outcome.stop, self.behaviour, parts, outcome.failed)
        self.directory.add(batch, outcome.parts)
        self.computed += outcome.stop - outcome.start
        self.failed += len(outcome.failed)
        self.listener(self.progress("working"))

    def progress(self, stage: str) -> Progress:
        """Return how far the run is."""
        spent = time.monotonic() - self.began
        rate = self.computed / spent if self.computed and spent > 0 else 0.0
        return Progress(stage, self.cells, self.reused + self.computed, self.failed, self.reused, rate)


def merge_runs(sources: Sequence[RunDirectory], path: Path, listener: Listener = silent) -> Finished:
    """Gather the batches of shards, or of any runs of one question, into one run and complete it if nothing is missing.

    Raises:
        RunError: when they answer different questions, or cells are still missing.
    """
    first = sources[0]
    question = canonical(first.experiment.to_dict())
    for source in sources[1:]:
        if canonical(source.experiment.to_dict()) != question:
            raise RunError(f"{source.path} and {first.path} answer different questions and cannot be merged")
    content = (first.path / "experiment.toml").read_bytes()
    if not RunDirectory.exists(path):
        refuse_unless_ours(path, content)
        path.mkdir(parents=True, exist_ok=True)
        with files.locked(path / "lock"):
            RunDirectory.create(path, first.experiment, content, first.about().get("settings", []))
    target = RunDirectory.open(path)
    if canonical(target.experiment.to_dict()) != question or target.shard is not None:
        raise RunError(f"{path} holds the run of another question; a run directory is never overwritten")
    with target.locked():
        batches = target.tidy()
        keeper = _Keeper(target, batches, len(Plan(target.experiment)), listener)
        for source in sources:
            _gather(source, target)
        gaps = list(missing(target.batches(), keeper.cells))
        if gaps:
            count = sum(stop - start for start, stop in gaps)
            raise RunInterrupted(f"{count} of {keeper.cells} cells are still missing, the first is cell {gaps[0][0]}")
        _conclude(target, keeper, listener)
    failed = tuple(one for batch in target.batches() for one in batch.failed)
    return Finished(path, keeper.cells, failed, 0)


def _gather(source: RunDirectory, target: RunDirectory) -> None:
    """Copy the sound batches of one run into another that has not got their cells."""
    gaps = deque(missing(target.batches(), len(Plan(target.experiment))))
    for batch in source.sound():
        while gaps and gaps[0][1] <= batch.start:
            gaps.popleft()
        if gaps and gaps[0][0] <= batch.start and batch.stop <= gaps[0][1]:
            folder = source.path / "parts" / batch.folder
            target.add(batch, {kind: (folder / f"{kind}.parquet").read_bytes() for kind in batch.parts})


def free_space(path: Path) -> int:
    """Return the bytes free where a run directory would be written."""
    there = path
    while not there.exists() and there != there.parent:
        there = there.parent
    return shutil.disk_usage(there).free
