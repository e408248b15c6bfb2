"""What keeping a run costs: time per cell beyond the work itself, scaling over workers, Dask beside local processes.

``python benchmarks/bench_runs.py`` prints all figures. Scaling can only be seen on a machine with nothing else to do:
the load is printed, too. Each way to compute is timed in turn, ``--rounds`` times, and the fastest of each is taken.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

SWEEP = """
schema_version = 1
[experiment]
name = "bench"
question = "What does keeping cost?"
[game]
name = "donation"
benefit = 3.0
cost = 1.0
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
HEAVY = """
schema_version = 1
[experiment]
name = "bench-heavy"
question = "Do two workers halve the time?"
replicates = {replicates}
[game]
name = "donation"
benefit = 3.0
cost = 1.0
[[dynamics]]
name = "simulate"
population_size = 100
selection_strength = 0.1
mutation = 0.01
steps = {steps}
replicates = 2
[outputs]
report = false
"""


def sweep(cells: int) -> str:
    inner = 100 if cells >= 1000 else 10
    benefits = ", ".join(f"{2 + number / 1000:g}" for number in range(cells // inner))
    return SWEEP.format(benefits=benefits, strengths=", ".join(f"{0.01 * (1 + n):g}" for n in range(inner)))


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def processor_time() -> float:
    """Return the processor time of this process and of those it has ended, in seconds."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def overhead(cells: int) -> None:
    """Print what planning, storing, merging and resuming cost a cell, beside computing the cells and keeping none."""
    from evocoop.config import parse_experiment
    from evocoop.runs.columns import Tables
    from evocoop.runs.evaluate import evaluate
    from evocoop.runs.plan import Plan
    from evocoop.runs.run import resume, start
    from evocoop.runs.store import RunDirectory

    text = sweep(cells)
    experiment = parse_experiment(text.encode())
    plan = Plan(experiment)
    tables = Tables(experiment)
    for number in range(20):  # compile and warm up
        evaluate(plan.cell(number), tables)

    def bare() -> None:
        for cell in planned:
            function(build_game(cell.game), **cell.dynamics[0].parameters)

    from evocoop.config import catalogue
    from evocoop.runs.evaluate import build_game

    function = catalogue.dynamics().find("small_mutation_limit").load()
    planned = [plan.cell(number) for number in range(len(plan))]
    work = timed(bare)
    with tempfile.TemporaryDirectory() as base:
        path = Path(base) / "run"
        whole = timed(lambda: start(experiment, path, text.encode()))
        again = timed(lambda: resume(RunDirectory.open(path)))
    print(f"{cells} cells: {1e3 * work / cells:.3f} ms a cell of work alone, {1e3 * whole / cells:.3f} ms in a run")
    print(f"  overhead {1e3 * (whole - work) / cells:.3f} ms a cell (target: under 1), opening it again {again:.2f} s")


def scaling(replicates: int, rounds: int) -> None:
    """Print how much faster two workers are than one on cells of 100 ms and more, and Dask beside them."""
    from evocoop.config import parse_experiment
    from evocoop.runs.executors import Engine, dask, local_processes
    from evocoop.runs.run import start
    from evocoop.runs.work import compute

    steps = 1_000_000
    while True:
        text = HEAVY.format(replicates=replicates, steps=steps)
        experiment = parse_experiment(text.encode())
        question = json.dumps(experiment.to_dict())
        compute(question, 0, 1)
        lasts = compute(question, 0, 1).seconds
        if lasts > 0.15:
            break
        steps = int(steps * 0.2 / max(lasts, 1e-3))

    def run(engine: Callable[[], Engine]) -> tuple[float, float]:
        before = processor_time()
        with tempfile.TemporaryDirectory() as base:
            spent = timed(lambda: start(experiment, Path(base) / "run", text.encode(), engine=engine()))
        return spent, processor_time() - before

    ways: dict[str, Callable[[], Engine]] = {
        "1 worker": lambda: local_processes(1),
        "2 workers": lambda: local_processes(2),
        "Dask, 2 workers": lambda: dask("local:2"),
    }
    fastest = dict.fromkeys(ways, (math.inf, math.inf))
    for _ in range(rounds):
        for name, engine in ways.items():
            fastest[name] = tuple(map(min, fastest[name], run(engine)))
    (one, alone), (two, both), (cluster, _) = fastest.values()
    print(f"{replicates} cells of {1e3 * lasts:.0f} ms, starting the workers included; load {os.getloadavg()[0]:.1f}")
    print(f"  1 worker {one:.1f} s, 2 workers {two:.1f} s: {one / two:.2f} times as fast (target: 1.8)")
    at_best = 2 * alone / both
    print(f"  processor time {alone:.1f} s and {both:.1f} s: {at_best:.2f} times as fast on two idle cores, at best")
    print(f"  Dask with 2 workers {cluster:.1f} s: {cluster / two:.2f} times the time of local processes")


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description="What does keeping a run cost?")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--cells", type=int, default=150, help="cells of 100 ms and more, to see scaling")
    asked = parser.parse_args()
    sys.path.insert(0, str(Path(__file__).parents[1]))
    os.environ["PYTHONPATH"] = sys.path[0]  # for workers
    overhead(10_000)
    scaling(asked.cells, asked.rounds)


if __name__ == "__main__":
    main()
