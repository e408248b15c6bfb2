"""The verbs that compute and keep: run, resume, verify, merge."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from evocoop.cli.guard import INTERRUPTED, SOME_FAILED, say
from evocoop.cli.output import Format, print_json, print_table, print_text, wants_json
from evocoop.core.errors import EvocoopError, InputError, RunError, check_integer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evocoop.runs.executors import Engine
    from evocoop.runs.run import Finished

File = Annotated[Path, typer.Argument(help="Experiment file (TOML).", show_default=False)]
Directory = Annotated[Path, typer.Argument(help="Run directory.", show_default=False)]
Set = Annotated[list[str], typer.Option("--set", metavar="KEY=VALUE", help="Set a key of the file; may be repeated.")]
Seed = Annotated[int | None, typer.Option(help="Seed in place of the file's.", show_default=False)]
Workers = Annotated[int, typer.Option(help="Local worker processes; 1 computes in this process.")]
Cluster = Annotated[
    str | None, typer.Option(help="Dask cluster: tcp://HOST:PORT, or local:N for N workers here.", show_default=False)
]
Raise = Annotated[
    list[str], typer.Option("--raise-limit", metavar="NAME=VALUE", help="Raise a limit, such as cells=500000.")
]
Progress = Annotated[str, typer.Option(metavar="auto|json|none", help="How progress is shown, on standard error.")]


def run(
    file: File,
    set: Set = [],  # noqa: B006
    out: Annotated[
        Path | None, typer.Option(help="Run directory; runs/NAME/ID when left out.", show_default=False)
    ] = None,
    workers: Workers = 1,
    seed: Seed = None,
    cluster: Cluster = None,
    shard: Annotated[str | None, typer.Option(metavar="I/N", help="Compute only the I-th of N shares.")] = None,
    raise_limit: Raise = [],  # noqa: B006
    progress: Progress = "auto",
    format: Format = "table",
) -> None:
    """Run an experiment and report which strategies emerge; the same question asked again is not computed again."""
    from evocoop.config.limits import raised
    from evocoop.config.load import load_experiment, read_bytes
    from evocoop.runs.cost import check_work
    from evocoop.runs.plan import Plan
    from evocoop.runs.run import directory_for, parse_shard, start

    wants_json(format)
    share = parse_shard(shard) if shard else None
    content = read_bytes(file)
    limits = raised(raise_limit)
    experiment = load_experiment(file, overrides=set, seed=seed, limits=limits)
    check_work(Plan(experiment), limits)
    settings = [*(f"--set {one}" for one in set), *([f"--seed {seed}"] if seed is not None else [])]
    where = out if out is not None else directory_for(experiment, shard=share)
    with _going_on(where), _listening(progress) as listener:
        finished = start(
            experiment,
            where,
            content,
            engine=_engine(workers, cluster),
            listener=listener,
            settings=settings,
            shard=share,
        )
    _conclude(finished, format, partial=share is not None)


def resume(
    directory: Directory,
    workers: Workers = 1,
    cluster: Cluster = None,
    failed: Annotated[bool, typer.Option("--failed", help="Compute failed cells again, too.")] = False,
    progress: Progress = "auto",
    format: Format = "table",
) -> None:
    """Go on with a run: compute what is missing, damaged or stale, and nothing else."""
    from evocoop.runs import run as runs
    from evocoop.runs.store import RunDirectory

    wants_json(format)
    there = RunDirectory.open(directory)
    with _going_on(directory), _listening(progress) as listener:
        finished = runs.resume(there, engine=_engine(workers, cluster), listener=listener, retry_failed=failed)
    _conclude(finished, format, partial=there.shard is not None)


def verify(directory: Directory, format: Format = "table") -> None:
    """Recompute the checksum of every part of a run and say what is missing, damaged or stale."""
    from evocoop.runs.verify import examine

    json_wanted = wants_json(format)
    found = examine(directory)
    if json_wanted:
        print_json(found.to_dict())
    elif found.troubles:
        print_table(f"{directory}", ("cells", "trouble"), found.troubles)
    else:
        print_text(f"{directory}: {found.sound} of {found.cells} cells are there and sound")
    if not found.whole:
        say(f"put it right with: evocoop resume {directory}")
        raise typer.Exit(INTERRUPTED)
    if found.failed:
        raise typer.Exit(SOME_FAILED)


def merge(
    directories: Annotated[list[Path], typer.Argument(help="Shards, or runs of one question.", show_default=False)],
    out: Annotated[
        Path | None, typer.Option(help="Run directory to merge into; beside the first when left out.")
    ] = None,
    format: Format = "table",
) -> None:
    """Join shards of one experiment into one complete run."""
    from evocoop.runs.run import merge_runs
    from evocoop.runs.store import RunDirectory

    wants_json(format)
    sources = [RunDirectory.open(one) for one in directories]
    target = out if out is not None else sources[0].path.resolve().parent / sources[0].id
    with _going_on(target):
        finished = merge_runs(sources, target)
    _conclude(finished, format)


def _engine(workers: int, cluster: str | None) -> Engine:
    from evocoop.runs.executors import MOST_WORKERS, dask, local_processes

    check_integer("workers", workers, minimum=1, maximum=MOST_WORKERS)
    if cluster is not None:
        if workers != 1:
            raise InputError("give either --workers or --cluster, not both")
        return dask(cluster)
    return local_processes(workers)


@contextmanager
def _listening(progress: str) -> Iterator[Any]:
    from evocoop.cli.progress import listening

    with listening(progress) as listener:
        yield listener


@contextmanager
def _going_on(where: Path) -> Iterator[None]:
    """Say how to go on when the work inside is interrupted, by Ctrl-C, a polite kill, or a full disk."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    except KeyboardInterrupt:
        say(f"interrupted; go on with: evocoop resume {where}")
        raise typer.Exit(INTERRUPTED) from None
    except RunError as error:
        if type(error).__name__ != "RunInterrupted":
            raise
        say(f"error: {error}\ngo on with: evocoop resume {where}")
        raise typer.Exit(INTERRUPTED) from None
    finally:
        signal.signal(signal.SIGTERM, before)


def _conclude(finished: Finished, format: str, partial: bool = False) -> None:
    """Write the report, print who emerges, and exit with 1 when cells failed."""
    from evocoop.runs.store import RunDirectory

    report = None
    if not partial and RunDirectory.open(finished.path).experiment.outputs.report:
        report = _report(finished.path, again=bool(finished.computed))
    if wants_json(format):
        print_json(_finished_dict(finished, report))
    elif not partial:
        from evocoop.cli.summary import print_summary

        print_summary(finished.path)
    for cell, error in finished.failed[:5]:
        say(f"cell {cell} failed: {error}")
    if len(finished.failed) > 5:
        say(
            f"… and {len(finished.failed) - 5} more failed cells; they are listed in {finished.path / 'manifest.jsonl'}"
        )
    reused = "" if finished.computed else " (answered before; nothing was computed again)"
    say(f"{finished.cells} cells in {finished.path}{reused}")
    if report is not None:
        say(f"report: {report}")
    if finished.failed:
        raise typer.Exit(SOME_FAILED)


def _report(path: Path, again: bool) -> Path | None:
    there = path / "report.html"
    if there.is_file() and not again:
        return there
    from evocoop.report import write_report

    try:
        return Path(write_report(path))
    except EvocoopError as error:
        say(f"no report was written: {error}")
        return None


def _finished_dict(finished: Finished, report: Path | None) -> dict[str, Any]:
    from evocoop.cli.summary import leaders

    return {
        "directory": str(finished.path),
        "cells": finished.cells,
        "computed": finished.computed,
        "failed": [{"cell": cell, "error": error} for cell, error in finished.failed],
        "report": str(report) if report else None,
        "prevalence": leaders(finished.path),
    }
