"""Hands out batches, takes in what comes back, and keeps going when a worker dies."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Future, wait
from typing import Any

from evocoop.core.errors import RunError
from evocoop.runs.executors import Engine
from evocoop.runs.store import Range
from evocoop.runs.work import Outcome, compute

TARGET_SECONDS = 2.0
MOST_CELLS = 5_000
MOST_ROWS = 200_000
PATIENCE = 15.0
LIVES = 2


class RunInterrupted(RunError):  # noqa: N818
    """A run that stopped before its end and can be taken up again."""


class Pace:
    """Sizes batches so that each lasts about two seconds and holds a bounded number of rows."""

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self.size = 1

    def learn(self, outcome: Outcome) -> None:
        """Take note of how long a batch took and how many rows it made."""
        cells = outcome.stop - outcome.start
        by_time = TARGET_SECONDS / max(outcome.seconds / cells, 1e-6)
        by_rows = MOST_ROWS * cells / max(1, sum(outcome.rows.values()))
        self.size = int(max(1, min(by_time, by_rows, MOST_CELLS, 50 * self.size)))

    def take(self, pending: deque[Range]) -> Range:
        """Take the next batch off the ranges still to do, smaller towards the end so that no worker idles."""
        start, stop = pending.popleft()
        left = stop - start + sum(end - begin for begin, end in pending)
        size = min(self.size, max(1, -(-left // (2 * self.workers))) if self.workers > 1 else self.size)
        if stop - start > size:
            pending.appendleft((start + size, stop))
            stop = start + size
        return start, stop


class Driver:
    """Computes ranges of cells on an engine.

    Args:
        question: the experiment as JSON.
        engine: where to compute.
        keep: called with every outcome, in the order they come in.
    """

    def __init__(self, question: str, engine: Engine, keep: Callable[[Outcome], None]) -> None:
        self.question, self.engine, self.keep = question, engine, keep
        self.pace = Pace(engine.workers)
        self.pending: deque[Range] = deque()
        self.suspects: deque[Range] = deque()
        self.running: dict[Future[Any], Range] = {}
        self.deaths: Counter[int] = Counter()

    def compute(self, ranges: Iterable[Range]) -> None:
        """Compute all ranges.

        Raises:
            RunInterrupted: when the engine cannot be reached any more.
        """
        self.pending.extend(ranges)
        if not self.engine.local and self.pending:
            self._warm_up()
        while self.pending or self.suspects or self.running:
            self._submit()
            self._collect()

    def _warm_up(self) -> None:
        """Compute the first cell here, so that kernels are compiled once before workers start."""
        start, stop = self.pending.popleft()
        if stop - start > 1:
            self.pending.appendleft((start + 1, stop))
        self._accept(compute(self.question, start, start + 1))

    def _accept(self, outcome: Outcome) -> None:
        self.keep(outcome)
        self.pace.learn(outcome)

    def _submit(self) -> None:
        if self.suspects:  # one at a time, so that it is known which range kills a worker
            if not self.running:
                self._start(self.suspects.popleft())
            return
        window = 1 if self.engine.local else 2 * self.engine.workers
        while self.pending and len(self.running) < window:
            self._start(self.pace.take(self.pending))

    def _start(self, batch: Range) -> None:
        try:
            self.running[self.engine.submit(compute, self.question, *batch)] = batch
        except BrokenExecutor:
            self.suspects.append(batch)
            self.engine.renew()

    def _collect(self) -> None:
        deadline = time.monotonic() + PATIENCE
        done: set[Future[Any]] = set()
        while self.running and not done:
            done = wait(self.running, timeout=0.5, return_when=FIRST_COMPLETED).done
            if self.engine.alive():
                deadline = time.monotonic() + PATIENCE
            elif time.monotonic() > deadline and not done:
                raise RunInterrupted("the scheduler cannot be reached any more")
        broken: list[Range] = []
        for future in done:
            batch = self.running.pop(future)
            try:
                self._accept(future.result())
            except BrokenExecutor:
                broken.append(batch)
            except (CancelledError, ConnectionError, TimeoutError) as error:
                raise RunInterrupted(f"the workers cannot be reached any more: {error}".rstrip(": ")) from None
            except Exception as error:
                if type(error).__name__ != "KilledWorker":  # Dask's name for a task whose workers keep dying
                    raise
                self._suspect(batch, alone=True)
        if broken:
            alone = len(broken) == 1 and not self.running
            broken += self.running.values()
            self.running.clear()
            self.engine.renew()
            for batch in broken:
                self._suspect(batch, alone)

    def _suspect(self, batch: Range, alone: bool) -> None:
        """Run a range again whose worker died; a single cell that kills its worker alone, twice, has failed."""
        start, stop = batch
        if not alone:
            self.suspects.append(batch)
        elif stop - start > 1:
            middle = (start + stop) // 2
            self.suspects.extendleft([(middle, stop), (start, middle)])
        else:
            self.deaths[start] += 1
            if self.deaths[start] < LIVES:
                self.suspects.appendleft(batch)
            else:
                error = "the worker computing it died, twice (out of memory?)"
                self.keep(Outcome(start, stop, {}, {}, ((start, error),), 0.0))
