"""The run directory: what is in it, what is missing, and how a finished batch gets there.

::

    experiment.toml    the bytes given
    resolved.json      the question with every default filled in
    provenance.json    versions, seed, behaviour versions
    manifest.jsonl     one line per finished batch: its cells, the checksum of each part, its failed cells
    parts/000000-000127/<kind>.parquet
    results/<kind>.parquet   all parts of a kind in order, once the run is complete
    report.html
    DONE               written last
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evocoop.config.experiment import Experiment
from evocoop.core.errors import InputError, RunError
from evocoop.runs import files
from evocoop.runs.identity import behaviour_hash, canonical, provenance, run_id
from evocoop.runs.plan import Plan

Range = tuple[int, int]


@dataclass(frozen=True)
class Batch:
    """One finished batch: a line of the manifest.

    Args:
        start: its first cell.
        stop: the cell after its last.
        behaviour: hash of the behaviour versions it was computed with.
        parts: kind of table → rows and checksum of its part.
        failed: number and error of each failed cell.
    """

    start: int
    stop: int
    behaviour: str
    parts: dict[str, dict[str, Any]] = field(default_factory=dict)
    failed: tuple[tuple[int, str], ...] = ()

    @property
    def folder(self) -> str:
        """The name of its directory under parts/."""
        return f"{self.start:06d}-{self.stop - 1:06d}"

    def line(self) -> str:
        """Return it as a line of the manifest."""
        return json.dumps({**vars(self), "failed": [list(one) for one in self.failed]}, ensure_ascii=False)

    @classmethod
    def parse(cls, line: str) -> Batch | None:
        """Return the batch of a line, or None when the line is torn or is none."""
        try:
            data = json.loads(line)
            batch = cls(
                int(data["start"]),
                int(data["stop"]),
                str(data["behaviour"]),
                {
                    str(kind): {"rows": int(part["rows"]), "sha256": str(part["sha256"])}
                    for kind, part in data["parts"].items()
                },
                tuple((int(cell), str(error)) for cell, error in data["failed"]),
            )
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
            return None
        plain = all(kind.isidentifier() for kind in batch.parts)
        return batch if 0 <= batch.start < batch.stop and plain else None


@dataclass(frozen=True)
class RunDirectory:
    """One run on disk.

    Args:
        path: the directory.
        experiment: what was asked.
    """

    path: Path
    experiment: Experiment

    @classmethod
    def create(
        cls,
        path: Path,
        experiment: Experiment,
        content: bytes,
        settings: Sequence[str] = (),
        shard: Range | None = None,
    ) -> RunDirectory:
        """Make the directory of a run that does not exist yet.

        Raises:
            RunError: when the directory holds anything already, or cannot be written.
        """
        try:
            path.mkdir(parents=True, exist_ok=True)
            refuse_unless_ours(path, content)
            (path / "parts").mkdir(exist_ok=True)
            files.write_aside(path / "experiment.toml", content)
            about = provenance(experiment, settings)
            files.write_aside(path / "provenance.json", _pretty(about))
            if shard is not None:
                files.write_aside(path / "shard.json", _pretty({"number": shard[0], "count": shard[1]}))
            files.write_aside(path / "resolved.json", _pretty(experiment.to_dict()))
        except OSError as error:
            raise RunError(f"cannot write the run directory {path}: {error.strerror}") from None
        return cls(path, experiment)

    @classmethod
    def open(cls, path: str | os.PathLike[str]) -> RunDirectory:
        """Return the run in a directory.

        Raises:
            InputError: when the directory is not a run.
        """
        where = Path(path)
        try:
            data = json.loads((where / "resolved.json").read_bytes())
            return cls(where, Experiment.from_dict(data))
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            if not where.exists():
                raise InputError(f"there is no directory {path}") from None
            lacking = isinstance(error, (FileNotFoundError, NotADirectoryError))
            reason = "it has no resolved.json" if lacking else "its resolved.json cannot be read"
            raise InputError(f"{path} is not a run directory: {reason}") from None

    @staticmethod
    def exists(path: Path) -> bool:
        """Return whether a directory holds a run."""
        return (path / "resolved.json").is_file()

    @property
    def id(self) -> str:
        """The id of its question as this evocoop would answer it."""
        return run_id(self.experiment)

    @property
    def done(self) -> bool:
        """Whether it is complete."""
        return (self.path / "DONE").is_file()

    @property
    def shard(self) -> Range | None:
        """Number and count of the share of the cells it computes, or None when it computes all."""
        try:
            data = json.loads((self.path / "shard.json").read_bytes())
            return int(data["number"]), int(data["count"])
        except FileNotFoundError:
            return None
        except (ValueError, TypeError, KeyError):
            raise InputError(f"{self.path} is not a run directory: its shard.json cannot be read") from None

    @property
    def span(self) -> Range:
        """The cells it computes: from the first to before the last."""
        cells = len(Plan(self.experiment))
        number, count = self.shard or (1, 1)
        return (number - 1) * cells // count, number * cells // count

    def locked(self) -> contextlib.AbstractContextManager[None]:
        """Hold the run against a second evocoop; raises RunError when one is at work on it."""
        return files.locked(self.path / "lock")

    def about(self) -> dict[str, Any]:
        """Return what the run was made with."""
        try:
            found: dict[str, Any] = json.loads((self.path / "provenance.json").read_bytes())
            return found
        except (OSError, ValueError):
            return {}

    def batches(self) -> list[Batch]:
        """Return the finished batches of the manifest in order of their cells, torn lines left out."""
        try:
            text = (self.path / "manifest.jsonl").read_text("utf-8", "replace")
        except FileNotFoundError:
            return []
        found = [batch for line in text.splitlines() if (batch := Batch.parse(line)) is not None]
        return sorted(found, key=lambda batch: batch.start)

    def trouble(self, batch: Batch, *, thorough: bool = True) -> str | None:
        """Return what is wrong with a batch (stale, missing or damaged parts), or None."""
        if batch.behaviour != behaviour_hash(self.experiment):
            return "stale: computed by another version of what it depends on"
        for kind, part in batch.parts.items():
            path = self.path / "parts" / batch.folder / f"{kind}.parquet"
            if not path.is_file():
                return f"missing part {path.name}"
            if thorough and files.checksum(path) != part["sha256"]:
                return f"damaged part {path.name}"
        return None

    def results_trouble(self) -> str | None:
        """Return what is wrong with the merged results of a complete run, or None."""
        if not self.done or self.shard is not None:
            return None
        try:
            sums = json.loads((self.path / "DONE").read_bytes())["results"]
            wrong = [kind for kind, sha in sums.items() if files.checksum(self.results / f"{kind}.parquet") != sha]
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return "DONE cannot be read"
        return f"damaged or missing results: {', '.join(wrong)}" if wrong else None

    @property
    def results(self) -> Path:
        """Where the merged tables are."""
        return self.path / "results"

    def sound(self) -> list[Batch]:
        """Return the batches that are whole, current and do not overlap an earlier one."""
        kept: list[Batch] = []
        for batch in self.batches():
            if (not kept or kept[-1].stop <= batch.start) and self.trouble(batch) is None:
                kept.append(batch)
        return kept

    def tidy(self, *, retry_failed: bool = False) -> list[Batch]:
        """Keep only sound batches, on disk too, and return them; what was half done is removed."""
        kept = [batch for batch in self.sound() if not (retry_failed and batch.failed)]
        if kept != self.batches() or not self._manifest_ends_well():
            self._reopen()
            files.write_aside(self.path / "manifest.jsonl", "".join(b.line() + "\n" for b in kept).encode())
        elif self.results_trouble() is not None:
            self._reopen()
        folders = {batch.folder for batch in kept}
        (self.path / "parts").mkdir(exist_ok=True)
        for entry in (self.path / "parts").iterdir():
            if entry.name not in folders:
                files.remove(entry)
        return kept

    def _manifest_ends_well(self) -> bool:
        try:
            content = (self.path / "manifest.jsonl").read_bytes()
        except FileNotFoundError:
            return True
        return content.endswith(b"\n") or not content

    def _reopen(self) -> None:
        (self.path / "DONE").unlink(missing_ok=True)

    def add(self, batch: Batch, parts: dict[str, bytes]) -> None:
        """Store a finished batch: its parts first, whole or not at all, then its line in the manifest."""
        files.write_directory_aside(
            self.path / "parts" / batch.folder, {f"{kind}.parquet": content for kind, content in parts.items()}
        )
        with open(self.path / "manifest.jsonl", "ab") as manifest:
            before = manifest.tell()
            try:
                manifest.write(f"{batch.line()}\n".encode())
                manifest.flush()
                os.fsync(manifest.fileno())
            except OSError:
                with contextlib.suppress(OSError):
                    manifest.truncate(before)
                raise

    def finish(self, counts: dict[str, Any]) -> None:
        """Mark the run complete."""
        files.write_aside(self.path / "DONE", _pretty(counts))

    def write_provenance(self, settings: Sequence[str]) -> None:
        """Bring provenance.json up to date with the software at hand."""
        files.write_aside(self.path / "provenance.json", _pretty(provenance(self.experiment, settings)))


def refuse_unless_ours(path: Path, content: bytes) -> None:
    """Raise RunError unless a directory is not there, is empty, or holds only the beginnings of this very run."""
    if not path.exists():
        return
    names = {name for name in os.listdir(path) if not name.endswith(".aside")} - {"lock"}
    begun = names <= {"parts", "experiment.toml", "provenance.json", "shard.json"}
    if begun and "experiment.toml" in names:
        begun = (path / "experiment.toml").read_bytes() == content
    if not begun:
        raise RunError(f"{path} is not empty and is not a run; a directory is never overwritten")


def missing(batches: Iterable[Batch], cells: int) -> Iterator[Range]:
    """Yield the ranges of cells that no batch covers.

    >>> list(missing([Batch(2, 4, "")], 6))
    [(0, 2), (4, 6)]
    """
    at = 0
    for batch in batches:
        if batch.start > at:
            yield at, batch.start
        at = max(at, batch.stop)
    if at < cells:
        yield at, cells


def part_checksum(content: bytes, rows: int) -> dict[str, Any]:
    """Return a part's entry in the manifest."""
    import hashlib

    return {"rows": rows, "sha256": hashlib.sha256(content).hexdigest()}


def _pretty(data: Any) -> bytes:
    canonical(data)  # refuses what is not plain
    return (json.dumps(data, indent=2, ensure_ascii=True) + "\n").encode()
