"""Shows how far a run is: a bar on a terminal, JSON lines for machines, nothing elsewhere."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict

from evocoop.core.errors import UnknownNameError
from evocoop.runs.events import Listener, Progress, silent

STYLES = ("auto", "json", "none")


@contextmanager
def listening(style: str) -> Iterator[Listener]:
    """Give a listener that shows progress on standard error in the style asked for.

    Raises:
        UnknownNameError: when there is no such style.
    """
    if style not in STYLES:
        raise UnknownNameError("progress", style, STYLES)
    if style == "json":
        yield _print_line
    elif style == "auto" and sys.stderr.isatty():
        with _bar() as listener:
            yield listener
    else:
        yield silent


def compile_beforehand(names: Iterable[str] | None = None, style: str = "auto") -> int:
    """Compile strategies (every native one when none are named), show how far that is, and return how many were."""
    from evocoop.play import compile_strategies

    with telling("compiling", style) as told:
        return compile_strategies(names, told=told)


@contextmanager
def telling(stage: str, style: str = "auto") -> Iterator[Callable[[int, int], None]]:
    """Give a function that shows how many of how many steps of a stage are done."""
    begin = time.monotonic()
    with listening(style) as listener:
        yield lambda done, steps: listener(Progress(stage, steps, done, 0, 0, done / (time.monotonic() - begin)))


def _print_line(progress: Progress) -> None:
    print(json.dumps({**asdict(progress), "remaining": progress.remaining}), file=sys.stderr, flush=True)


@contextmanager
def _bar() -> Iterator[Listener]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[failed]}"),
    )
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("cells", total=None, rate="", failed="")

        def listen(progress: Progress) -> None:
            bar.update(
                task,
                description=progress.stage,
                total=progress.cells,
                completed=progress.done,
                rate=f"{progress.rate:.3g} a second" if progress.rate else "",
                failed=f"{progress.failed} failed" if progress.failed else "",
            )

        yield listen
