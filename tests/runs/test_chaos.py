"""Whatever goes wrong, nothing that was finished is lost, and what is taken up again ends in the same bytes."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import pytest
from small_runs import hunt, read, results

from evocoop.cli.app import app
from evocoop.core.errors import InputError, RunError
from evocoop.runs import drive, files
from evocoop.runs.drive import RunInterrupted
from evocoop.runs.executors import Engine, Here, dask, local_processes
from evocoop.runs.run import resume, start
from evocoop.runs.store import RunDirectory
from evocoop.runs.verify import examine

ROOT = Path(__file__).parents[2]
TEXT = hunt(10)
CELLS = 30
pytestmark = pytest.mark.usefixtures("small")


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    path = tmp_path_factory.mktemp("undisturbed") / "run"
    start(read(TEXT), path, TEXT.encode())
    return results(path)


def kept(path: Path) -> int:
    return sum(batch.stop - batch.start for batch in RunDirectory.open(path).sound())


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_runs_killed_at_fifty_random_moments_lose_nothing() -> None:
    words = [sys.executable, str(ROOT / "tests" / "chaos.py"), "--kills", "50", "--seed", "7"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    assert "all byte for byte as undisturbed" in done.stdout
    assert int(done.stdout.split()[0]) >= 50


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO])
def test_a_disk_that_fills_up_at_any_write_interrupts_and_loses_at_most_a_batch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, undisturbed: dict[str, bytes], error: int
) -> None:
    """The n-th forcing of anything to disk fails, for n = 1, 2, 3, … until the run no longer meets it."""
    monkeypatch.setattr(drive, "MOST_CELLS", 15)
    real, count, limit = os.fsync, 0, 0

    def fsync(handle: int) -> None:
        nonlocal count
        count += 1
        if count == limit:
            raise OSError(error, os.strerror(error))
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    met = 0
    for limit in range(1, 200):
        path, count, told = tmp_path / f"run-{limit}", 0, []
        try:
            start(read(TEXT), path, TEXT.encode(), listener=lambda progress, told=told: told.append(progress.done))
        except RunError as refusal:
            met += 1
            assert "disk is full" in str(refusal) or os.strerror(error) in str(refusal)
            if not RunDirectory.exists(path):  # nothing had begun
                assert not isinstance(refusal, RunInterrupted)
                start(read(TEXT), path, TEXT.encode())
            else:
                assert kept(path) >= max(told, default=0)
                finished = resume(RunDirectory.open(path))
                assert finished.computed <= CELLS - max(told, default=0)
            assert examine(path).whole
        assert results(path) == undisturbed
        assert not list(path.rglob(".*"))
        if count < limit:
            break
    assert met >= 20


def test_a_disk_that_is_really_full_interrupts_with_exit_code_3(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, undisturbed: dict[str, bytes]
) -> None:
    """No file may grow beyond a size, so that parts fit but the merged tables do not; set by the system itself."""
    resource = pytest.importorskip("resource")
    from typer.testing import CliRunner

    (tmp_path / "hunt.toml").write_text(TEXT)
    largest = max(len(content) for content in undisturbed.values())
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest - 1000, before[1]))
    try:
        found = CliRunner().invoke(app, ["run", str(tmp_path / "hunt.toml"), "--out", str(tmp_path / "run")])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert found.exit_code == 3, found.output
    assert "go on with: evocoop resume" in found.stderr
    assert kept(tmp_path / "run") == CELLS
    assert resume(RunDirectory.open(tmp_path / "run")).computed == 0
    assert results(tmp_path / "run") == undisturbed


def test_a_killed_worker_is_replaced(tmp_path: Path, undisturbed: dict[str, bytes]) -> None:
    engine = local_processes(2)
    killed: list[int] = []

    def listener(progress: Any) -> None:
        processes = list((getattr(engine._executor, "_processes", None) or {}).values())
        if processes and not killed and progress.done > 3:
            os.kill(processes[0].pid, signal.SIGKILL)
            killed.append(processes[0].pid)

    finished = start(read(TEXT), tmp_path / "run", TEXT.encode(), engine=engine, listener=listener)
    assert killed
    assert finished.failed == ()
    assert results(tmp_path / "run") == undisturbed


def test_a_killed_worker_of_a_cluster_is_replaced(tmp_path: Path, undisturbed: dict[str, bytes]) -> None:
    """Three workers on the loopback interface, each a process of its own; one is killed while it works."""
    distributed = pytest.importorskip("distributed")
    killed: list[int] = []
    with distributed.LocalCluster(
        n_workers=3, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1"
    ) as cluster:

        def listener(progress: Any) -> None:
            if not killed and progress.done > 3:
                killed.append(cluster.workers[0].pid)
                os.kill(killed[0], signal.SIGKILL)

        engine = dask(cluster.scheduler_address)
        finished = start(read(TEXT), tmp_path / "run", TEXT.encode(), engine=engine, listener=listener)
    assert killed
    assert finished.failed == ()
    assert results(tmp_path / "run") == undisturbed


RUN = """
import sys, time
from pathlib import Path
from evocoop.config import parse_experiment
from evocoop.runs import drive
from evocoop.runs.executors import local_processes
from evocoop.runs.run import start

def say(progress):
    workers = getattr(engine._executor, "_processes", None) or {}
    if progress.done > 3 and len(workers) == 2:
        print(progress.done, flush=True)
        time.sleep(600)

if __name__ == "__main__":
    drive.MOST_CELLS = 2
    text = Path(sys.argv[1]).read_bytes()
    engine = local_processes(2)
    start(parse_experiment(text), Path(sys.argv[2]), text, engine=engine, listener=say)
"""


def test_a_killed_parent_takes_its_workers_along_and_loses_nothing(
    tmp_path: Path, undisturbed: dict[str, bytes]
) -> None:
    (tmp_path / "run.py").write_text(RUN)
    (tmp_path / "hunt.toml").write_text(TEXT)
    words = [sys.executable, str(tmp_path / "run.py"), str(tmp_path / "hunt.toml"), str(tmp_path / "run")]
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT)}
    parent = subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=surroundings)
    assert parent.stdout is not None
    told = int(parent.stdout.readline())
    parent.kill()
    assert parent.stdout.read() == ""  # comes to its end only when nobody holds the other side: no worker is left
    assert parent.wait() == -signal.SIGKILL
    assert CELLS > kept(tmp_path / "run") >= told
    assert resume(RunDirectory.open(tmp_path / "run")).computed <= CELLS - told
    assert results(tmp_path / "run") == undisturbed


class Deadly(Here):
    """Computes here, but a certain cell kills the worker that computes it."""

    def __init__(self, deadly: int) -> None:
        self.deadly = deadly

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        _, begin, stop = args
        if begin <= self.deadly < stop:
            future: Future[Any] = Future()
            future.set_exception(BrokenProcessPool("a worker died"))
            return future
        return super().submit(fn, *args, **kwargs)


def test_a_cell_that_kills_its_worker_fails_alone(tmp_path: Path) -> None:
    engine = Engine(2, lambda: Deadly(17), lambda executor: None)
    finished = start(read(TEXT), tmp_path / "run", TEXT.encode(), engine=engine)
    assert [cell for cell, _ in finished.failed] == [17]
    assert "died" in finished.failed[0][1]
    assert kept(tmp_path / "run") == CELLS
    assert resume(RunDirectory.open(tmp_path / "run")).computed == 0


SCHEDULER = """
import distributed, sys, threading
if __name__ == "__main__":
    cluster = distributed.LocalCluster(n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None,
                                       host="127.0.0.1", protocol="tcp")
    print(cluster.scheduler_address, flush=True)
    threading.Event().wait()
"""


def test_a_scheduler_that_goes_away_interrupts_and_nothing_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, undisturbed: dict[str, bytes]
) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr(drive, "PATIENCE", 1.0)
    monkeypatch.setattr(drive, "MOST_CELLS", 2)
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT)}
    scheduler = subprocess.Popen([sys.executable, "-c", SCHEDULER], stdout=subprocess.PIPE, text=True, env=surroundings)
    told: list[int] = []

    def listener(progress: Any) -> None:
        told.append(progress.done)
        if progress.done > 3:
            scheduler.kill()

    try:
        assert scheduler.stdout is not None
        engine = dask(scheduler.stdout.readline().strip())
        with pytest.raises(RunInterrupted, match="cannot be reached any more"):
            start(read(TEXT), tmp_path / "run", TEXT.encode(), engine=engine, listener=listener)
    finally:
        scheduler.kill()
        scheduler.wait()
    assert CELLS > kept(tmp_path / "run") >= told[-1]
    resume(RunDirectory.open(tmp_path / "run"))
    assert results(tmp_path / "run") == undisturbed


def test_a_directory_from_elsewhere_cannot_make_it_run_code(tmp_path: Path) -> None:
    """Players are named in the directory's resolved question; only the catalogue's are played."""
    text = TEXT[: TEXT.index("[game]")] + '[game]\nname = "prisoners_dilemma"\n'
    text += '[population]\nstrategies = ["TitForTat", "Defector"]\n[play]\nturns = 3\n'
    path = tmp_path / "run"
    start(read(text), path, text.encode())
    (tmp_path / "evil.py").write_text(f"open({str(tmp_path / 'hacked')!r}, 'w')\ndef rule(me):\n    return 0\n")
    question = json.loads((path / "resolved.json").read_text())
    question["population"][0] = f"{tmp_path / 'evil.py'}:rule"
    (path / "resolved.json").write_text(json.dumps(question))
    files.remove(path / "parts")
    with pytest.raises(InputError, match="cannot be run"):
        resume(RunDirectory.open(path))
    assert not (tmp_path / "hacked").exists()
