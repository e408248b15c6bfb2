"""Worker processes: freshly spawned, without the script that asks for them, and gone when their parent is."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from multiprocessing import get_context, parent_process
from types import ModuleType
from typing import Any


def process_pool(workers: int) -> ProcessPoolExecutor:
    """Return so many worker processes; they are started when there is work for them."""
    return _Pool(workers, mp_context=get_context("spawn"), initializer=_settle_in)


class _Pool(ProcessPoolExecutor):
    """Workers that do not import the script that started them, which would ask for the run again."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Hand over a call; this is when workers are started."""
        with without_script():
            return super().submit(fn, *args, **kwargs)


@contextlib.contextmanager
def without_script() -> Iterator[None]:
    """Hide the main script from processes that are started: all that they need is in evocoop."""
    script = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = script


def _settle_in() -> None:
    """Leave Ctrl-C to the parent, which ends its workers itself, and do not outlive a parent that is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_follow_parent, daemon=True).start()


def _follow_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def kill_pool(executor: Executor) -> None:
    """End all workers at once, whatever they are doing."""
    processes = list((getattr(executor, "_processes", None) or {}).values())
    executor.shutdown(wait=False, cancel_futures=True)
    for process in processes:
        process.kill()
    for process in processes:
        process.join(timeout=5)
