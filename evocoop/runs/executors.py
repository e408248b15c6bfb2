"""Where batches are computed: here, in local processes, or on a Dask cluster; all behind ``concurrent.futures``."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from typing import Any

from evocoop.core.errors import InputError, RunError
from evocoop.core.processes import kill_pool, process_pool, without_script

MOST_WORKERS = 1024


class Here(Executor):
    """Computes at once, in this process."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Return a future that is already done."""
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


class Engine:
    """A place to compute that can be renewed when it breaks.

    Args:
        workers: how many batches it computes at a time.
        open: makes its executor.
        stop: ends an executor at once, whatever it is computing.
        local: whether it computes in this process.
        end: what else to close at the end.
        alive: whether what it depends on can still be reached.
    """

    def __init__(
        self,
        workers: int,
        open: Callable[[], Executor],
        stop: Callable[[Executor], None],
        *,
        local: bool = False,
        end: Callable[[], None] = lambda: None,
        alive: Callable[[], bool] = lambda: True,
    ) -> None:
        self.workers, self.local, self.alive = workers, local, alive
        self._open, self._stop, self._end = open, stop, end
        self._executor: Executor | None = None

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Hand over one batch."""
        if self._executor is None:
            self._executor = self._open()
        return self._executor.submit(function, *arguments)

    def renew(self) -> None:
        """Throw the executor away after a worker died; the next batch gets a fresh one."""
        executor, self._executor = self._executor, None
        if executor is not None:
            self._stop(executor)

    def close(self) -> None:
        """End all workers at once."""
        self.renew()
        self._end()


def in_process() -> Engine:
    """Return the engine that computes in this process."""
    return Engine(1, Here, lambda executor: None, local=True)


def local_processes(workers: int) -> Engine:
    """Return the engine of local worker processes, freshly spawned rather than forked."""
    if workers == 1:
        return in_process()
    return Engine(workers, lambda: process_pool(workers), kill_pool)


def dask(address: str) -> Engine:
    """Return the engine of a Dask cluster: a scheduler's address (``tcp://…``), or ``local:4`` for four workers here.

    Raises:
        InputError: when the address is none, or the extra ``[cluster]`` is not installed.
        RunError: when no scheduler answers.
    """
    try:
        import distributed
    except ImportError:
        raise InputError("--cluster needs the package distributed: pip install 'evocoop[cluster]'") from None
    kind, _, rest = address.partition(":")
    if kind == "local" and rest.isdecimal() and len(rest) < 5 and 0 < int(rest) <= MOST_WORKERS:
        with without_script():
            cluster = distributed.LocalCluster(
                n_workers=int(rest), threads_per_worker=1, processes=True, dashboard_address=None
            )
    elif kind in ("tcp", "tls", "ucx", "ws", "wss") and rest.startswith("//"):
        cluster = address
    else:
        raise InputError(
            f"--cluster takes a scheduler's address such as tcp://10.0.0.1:8786, or local:4, not {address!r}"
        )
    try:
        client = distributed.Client(cluster, timeout="10s", set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise RunError(f"no Dask scheduler answers at {address}: {error}") from None
    return Engine(
        sum(client.nthreads().values()) or 1,
        lambda: client.get_executor(pure=False, retries=1),
        lambda executor: executor.shutdown(wait=False),
        end=lambda: _end(client, cluster),
        alive=lambda: client.status == "running",
    )


def _end(client: Any, cluster: Any) -> None:
    for one in (client,) if isinstance(cluster, str) else (client, cluster):
        with contextlib.suppress(Exception):
            one.close(timeout=5)


@contextlib.contextmanager
def opened(engine: Engine) -> Iterator[Engine]:
    """Close the engine at the end, however it comes."""
    try:
        yield engine
    finally:
        engine.close()
