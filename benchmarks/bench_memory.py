"""How much memory do large runs take? A sweep of many cells, a tournament of many strategies and repetitions.

``python benchmarks/bench_memory.py`` measures both at full size (100,000 cells; 240 strategies and 1,000 repetitions,
which takes some minutes), each in a process of its own, whose peak resident memory is printed.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
SWEEP = """
schema_version = 1
[experiment]
name = "sweep"
question = "How much memory do many cells take?"
[game]
name = "donation"
benefit = 3.0
[[dynamics]]
name = "small_mutation_limit"
population_size = 20
selection_strength = 0.1
[sweep]
game.benefit = [{benefits}]
dynamics.selection_strength = [{strengths}]
[outputs]
report = false
"""
TOURNAMENT = """
schema_version = 1
[experiment]
name = "tournament"
question = "How much memory do many repetitions take?"
[game]
name = "prisoners_dilemma"
[population]
strategies = [{strategies}]
[play]
turns = 5
repetitions = {repetitions}
noise = 0.05
[outputs]
report = false
"""


def sweep(cells: int) -> str:
    """Return a sweep of so many cells (whole hundreds): a hundred selection strengths for every benefit."""
    benefits = ", ".join(f"{2 + number / 1000:g}" for number in range(cells // 100))
    return SWEEP.format(benefits=benefits, strengths=", ".join(f"{0.01 * (1 + n):g}" for n in range(100)))


def tournament(strategies: int, repetitions: int) -> str:
    """Return a tournament of so many of the native strategies."""
    from evocoop.strategies.registry import catalogue

    names = [f'"{one.key}"' for one in catalogue().values() if one.listed and one.native][:strategies]
    assert len(names) == strategies, f"only {len(names)} strategies are native"
    return TOURNAMENT.format(strategies=", ".join(names), repetitions=repetitions)


def peak_memory() -> float:
    """Return the peak of this program in MiB; Linux counts what ran in the process before it into ``getrusage``."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)


def measure(text: str) -> None:
    """Run an experiment in this process and print its cells, time, disk space and peak memory."""
    from evocoop.config import parse_experiment
    from evocoop.runs.run import start

    experiment = parse_experiment(text.encode())
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as base:
        finished = start(experiment, Path(base) / "run", text.encode())
        size = sum(file.stat().st_size for file in Path(base).rglob("*") if file.is_file())
    peak = peak_memory()
    assert not finished.failed, finished.failed[0]
    print(f"{time.perf_counter() - began:.0f} s, {size / 1e6:.1f} MB on disk, peak {peak:.0f} MiB")


def child(*words: str) -> float:
    """Measure in a process of its own; print what it says and return its peak memory in MiB."""
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, __file__, *words], stdout=subprocess.PIPE, text=True, check=True, env=surroundings
    )
    print(f"{' '.join(words)}: {done.stdout.strip()}", flush=True)
    return float(done.stdout.split()[-2])


def main() -> None:
    """Measure one experiment here when told which, else all of them in processes of their own."""
    parser = argparse.ArgumentParser(description="How much memory do large runs take?")
    parser.add_argument("what", nargs="*", help="sweep CELLS, or tournament STRATEGIES REPETITIONS; all when left out")
    what = parser.parse_args().what
    if what:
        kind, *sizes = what
        measure((sweep if kind == "sweep" else tournament)(*map(int, sizes)))
        return
    peaks = [child("sweep", str(cells)) for cells in (1_000, 10_000, 100_000)]
    peaks += [child("tournament", "240", str(repetitions)) for repetitions in (10, 100, 1_000)]
    print(f"the largest peak is {max(peaks):.0f} MiB (target: below 1024)")


if __name__ == "__main__":
    main()
