"""Kills runs at random moments and looks whether anything is lost; ``python tests/chaos.py --kills 200`` for a night.

A run is started in a child process, killed with signal 9 after a random time, taken up again, killed again, until it is
complete; then the next one starts. After every kill, all that the run had said was finished must be there and sound, so
that at most the batch at hand is lost; and every complete run must equal an undisturbed one byte for byte.

Children are forked from this process, which has imported everything and started no thread, so that a kill costs little.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

HUNT = """
schema_version = 1
[experiment]
name = "chaos"
question = "Is anything lost?"
[game]
name = "n_person_stag_hunt"
group_size = 4
threshold = 2
[[dynamics]]
name = "small_mutation_limit"
population_size = 10
selection_strength = 0.1
[[dynamics]]
name = "gradient_of_selection"
population_size = 10
selection_strength = 0.1
[sweep]
game.multiplier = [{multipliers}]
dynamics.selection_strength = [0.1, 0.5, 1.0]
[outputs]
report = false
""".format(multipliers=", ".join(str(1 + number / 8) for number in range(20)))
CELLS_A_BATCH = 2


@dataclass
class Tally:
    """What happened.

    Args:
        kills: how often a run was killed.
        runs: how many runs were completed.
        before: kills before the first batch was there.
        during: kills between the first and the last batch.
        after: kills while the results were merged.
    """

    kills: int = 0
    runs: int = 0
    before: int = 0
    during: int = 0
    after: int = 0


def work(path: Path, told: int) -> None:
    """Start a run or take it up, and write a line for every batch that is said to be kept."""
    from evocoop.config import parse_experiment
    from evocoop.runs import drive, run

    drive.MOST_CELLS = CELLS_A_BATCH

    def listener(progress: object) -> None:
        os.write(told, f"{progress.stage} {progress.done}\n".encode())  # type: ignore[attr-defined]

    run.start(parse_experiment(HUNT.encode()), path, HUNT.encode(), listener=listener)


def forked(path: Path, patience: float, stage: str) -> tuple[bool, list[str]]:
    """Run :func:`work` in a child, kill it so many seconds after a stage; return whether it was, and its lines."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        code = 1
        try:
            work(path, writing)
            code = 0
        finally:
            os._exit(code)
    os.close(writing)
    os.set_blocking(reading, False)
    lines, deadline = "", None
    while True:
        done, status = os.waitpid(child, os.WNOHANG)
        with contextlib.suppress(BlockingIOError):
            lines += os.read(reading, 1 << 16).decode()
        if done:
            break
        if deadline is None and (not stage or stage in lines):
            deadline = time.monotonic() + patience
        if deadline is not None and time.monotonic() >= deadline:
            os.kill(child, signal.SIGKILL)
            status = os.waitpid(child, 0)[1]
            break
        time.sleep(0.0005)
    os.set_blocking(reading, True)
    while more := os.read(reading, 1 << 16):
        lines += more.decode()
    os.close(reading)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise AssertionError(f"a run failed instead of being killed: {lines[-200:]}")
    return os.WIFSIGNALED(status), lines.split("\n")[:-1]


def kept(path: Path) -> int:
    """Return how many cells are there and sound."""
    from evocoop.runs.store import RunDirectory

    if not RunDirectory.exists(path):
        return 0
    return sum(batch.stop - batch.start for batch in RunDirectory.open(path).sound())


def contents(path: Path) -> dict[str, bytes]:
    """Return the bytes of all result tables."""
    return {file.name: file.read_bytes() for file in sorted((path / "results").iterdir())}


def torment(base: Path, kills: int, seed: int, say: Callable[[str], None] = lambda text: None) -> Tally:
    """Kill runs ``kills`` times and return what happened; raises AssertionError when anything is lost."""
    import evocoop.runs.evaluate
    import evocoop.runs.merging
    import evocoop.runs.run  # noqa: F401 - imported here once, for all children

    chance, tally = random.Random(seed), Tally()
    began = time.monotonic()
    killed, _ = forked(base / "reference", 600.0, "")
    assert not killed
    whole, expected = time.monotonic() - began, contents(base / "reference")
    stages = (("", 0.2 * whole), ("working", 0.3 * whole), ("merging", 0.02))
    while tally.kills < kills:
        path, before = base / f"run-{tally.runs}", 0
        while True:
            stage, longest = chance.choices(stages, (2, 5, 1))[0]
            killed, lines = forked(path, chance.uniform(0.0, longest), stage)
            told = max([before, *(int(line.split()[1]) for line in lines)])
            there = kept(path)
            assert there >= told, f"{told} cells were said to be kept, {there} are there"
            if not killed:
                break
            tally.kills += 1
            tally.before += there == 0
            tally.after += any("merging" in line for line in lines)
            tally.during = tally.kills - tally.before - tally.after
            before = there
        assert contents(path) == expected, "the results of a disturbed run differ"
        assert {one.name for one in path.iterdir() if one.name.startswith(".")} == set(), "something was left behind"
        tally.runs += 1
        shutil.rmtree(path)
        say(f"{tally.kills} kills, {tally.runs} runs completed")
    return tally


def main() -> int:
    """Torment runs as often as asked and print what happened."""
    parser = argparse.ArgumentParser(description="Kill runs at random moments; lose nothing.")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    sys.path.insert(0, str(Path(__file__).parents[1]))
    with tempfile.TemporaryDirectory() as base:
        say = (lambda text: print(text, file=sys.stderr)) if sys.stderr.isatty() else (lambda text: None)
        tally = torment(Path(base), asked.kills, asked.seed, say)
    print(
        f"{tally.kills} kills ({tally.before} before the first batch, {tally.during} while working, "
        f"{tally.after} while merging), {tally.runs} runs completed, all byte for byte as undisturbed"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
