"""Matches and tournaments beside the Axelrod library in one run, in CPU seconds of one process.

``python benchmarks/bench_play.py`` prints ratios of whole tournaments and of play alone, nanoseconds a turn by family
beside a bare loop, growth with turns, players and repetitions, and what compiling costs. ``--no-library`` leaves the
library out (no ratios), ``--whole`` lets it play all quick strategies too and not a sample only (minutes), ``--cold``
compiles every strategy anew, in processes of their own; ``--only ratios whole`` runs some parts.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from evocoop.core.jit import kernel
from evocoop.play import moran_process, tournament
from evocoop.play.kernels import chunk_memory, play_chunks
from evocoop.play.seats import Seat
from evocoop.play.setting import terms
from evocoop.strategies.registry import catalogue
from evocoop.strategies.resolve import plan_of

TARGETS = {
    ("TitForTat", "Defector"): 600,
    ("EvolvedFSM16", "Fortress4"): 600,
    ("GTFT", "Random"): 300,
    ("ZDExtort2", "Random"): 300,
    ("EvolvedANN", "Random"): 500,
    ("MetaWinner", "Random"): 300,
    ("MetaMajority", "Random"): 300,
}
"""Pairs of play alone, and the ratio each should reach."""
PLAIN = ("automata", "counts", "flags", "lookup", "memory_one", "schedules", "windows")
"""Families of tables, automata and counters."""
TURNS = 200
MATCHES = 400


def seconds(work: Callable[[], object], least: float = 0.1) -> float:
    """Return the CPU seconds of one call: the best of several, after a first one that does not count."""
    work()
    spent, best = 0.0, float("inf")
    while spent < least:
        start = time.process_time()
        work()
        spent += (took := time.process_time() - start)
        best = min(best, took)
    return best


def play_only(one: str, two: str, turns: int = TURNS, matches: int = MATCHES) -> float:
    """Return native CPU seconds of one match, start and counting included, each under a seed of its own."""
    agreed = terms(turns, 0.0, None, None)
    seats = [Seat(plan_of(name), agreed.setting, turns) for name in (one, two)]
    firsts, seconds_ = (np.array([seat.address]) for seat in seats)
    pairs, seeds = np.zeros((matches, 2), dtype=np.int64), np.arange(matches, dtype=np.int64)
    rules = np.array([turns, 0.0, 0.0, 0.0])
    stream = chunk_memory()
    joint, opening = np.zeros((matches, 1, 4), dtype=np.int64), np.zeros((matches, 1), dtype=np.uint8)
    moves = np.zeros((matches, 16), dtype=np.int64)

    def work() -> None:
        play_chunks(firsts, seconds_, pairs, seeds, rules, stream.ctypes.data, turns, joint, opening, moves, 0, matches)

    return seconds(work) / matches


def library_match(one: str, two: str, turns: int, matches: int) -> float:
    """Return the library's CPU seconds of one match."""
    from evocoop.strategies.axelrod_door import library, make_player
    from evocoop.strategies.resolve import read

    pair = [make_player(read(name)[1]) for name in (one, two)]
    start = time.process_time()
    for seed in range(matches):
        library().Match(pair, turns=turns, seed=seed).play()
    return (time.process_time() - start) / matches


@kernel
def bare_loop(script: Any, plays: Any, joint: Any) -> None:
    """Tit for tat against a script and nothing else: what a loop written for this one pair costs."""
    mine = 0
    for turn in range(len(script)):
        theirs = script[turn]
        plays[turn] = mine
        joint[2 * mine + theirs] += 1
        mine = theirs


def bench_ratios() -> None:
    """Print play alone beside the library."""
    print(f"play alone, {TURNS} turns: native and library µs a match, ratio, target")
    for (one, two), target in TARGETS.items():
        team = one.startswith("Meta")
        ours = play_only(one, two, matches=20 if team else MATCHES)
        theirs = library_match(one, two, TURNS, 1 if team else 20)
        print(f"  {one} v {two}: {1e6 * ours:.1f} {1e6 * theirs:.0f} {theirs / ours:.0f} (target {target})", flush=True)


def quick() -> list[str]:
    """Return the strategies that are not long-running, by the library's own word."""
    return [row.key for row in catalogue().values() if row.keeps_rules and not row.classifier["long_run_time"]]


def bench_whole(with_library: bool, whole: bool) -> None:
    """Print whole tournaments, scores and ranking included, of a sample and of all."""
    sample = quick() if whole else quick()[::6]
    print(f"whole tournaments, {TURNS} turns, 1 repetition, ranking included: CPU s, ratio")

    def native(names: list[str]) -> Callable[[], object]:
        return lambda: tournament(names, turns=TURNS, repetitions=1, seed=1).summarise()

    ours = seconds(native(sample), least=1.0)
    print(f"  {len(sample)} quick strategies: {ours:.4f}")
    if with_library:
        theirs = library_tournament(sample)
        print(f"  the library: {theirs:.1f}, ratio {theirs / ours:.0f} (target 1000)", flush=True)
    if not whole:
        print(f"  {len(quick())} quick strategies: {seconds(native(quick())):.3f}", flush=True)
    everyone = [row.key for row in catalogue().values() if row.keeps_rules]
    start, clock = time.process_time(), time.perf_counter()
    tournament(everyone, turns=TURNS, repetitions=1, seed=1, workers=2).summarise()
    took = time.process_time() - start, time.perf_counter() - clock
    print(f"  all {len(everyone)}, on 2 threads: {took[0]:.1f} CPU s, {took[1]:.1f} s by the clock (target 120)")


def bench_mixed() -> None:
    """Print mixed tournaments of tables, automata and counters, scores and ranking included, and their ratios."""
    rows = [row for row in catalogue().values() if row.keeps_rules and row.family in PLAIN and not row.since]
    names = [row.key for row in rows]
    print(f"mixed tournaments of tables, automata and counters, {TURNS} turns: players, CPU ms, ratio (target 1000)")
    for count in (15, 60, 150):
        field = random.Random(1).sample(names, count)
        ours = seconds(lambda f=field: tournament(f, turns=TURNS, repetitions=1, seed=1).summarise(), least=0.5)
        print(f"  {count}: {1e3 * ours:.1f}, {library_tournament(field) / ours:.0f}", flush=True)


def bench_moran(with_library: bool) -> None:
    """Print the cost of a step of Moran processes of 40 players with mutation, matches of 100 turns."""
    print("Moran steps of 40 players, 100 turns: microseconds, ratio (target 10000)")
    settled = ["Defector", "TitForTat", "Grudger", "Cooperator", "WinStayLoseShift"] * 8
    chancy = ["Defector", "TitForTat", "GTFT", "Random", "WinStayLoseShift"] * 8
    for label, names, steps, beforehand in (
        ("without chance", settled, 20_000, 0),
        ("with chance", chancy, 300, 0),
        ("with chance, outcomes played beforehand", chancy, 20_000, 100),
    ):
        asked = {"turns": 100, "seed": 1, "mutation": 0.01, "approximate": beforehand}
        moran_process(names, steps=2, **asked)
        start = time.process_time()
        moran_process(names, steps=steps, **asked)
        ours = (time.process_time() - start) / steps
        ratio = f", ratio {library_step(names) / ours:.0f}" if with_library else ""
        print(f"  {label}: {1e6 * ours:.1f}{ratio}", flush=True)


def library_step(names: list[str]) -> float:
    """Return the library's CPU seconds of a step of the same process, its cache filled."""
    from evocoop.strategies.axelrod_door import library

    axelrod = library()
    players = [getattr(axelrod, name)() for name in names]
    process = axelrod.MoranProcess(players, turns=100, seed=1, mutation_rate=0.01, stop_on_fixation=False)
    next(process)
    start = time.process_time()
    next(process)
    next(process)
    return (time.process_time() - start) / 2


def library_tournament(names: list[str]) -> float:
    """Return the library's CPU seconds of the same tournament in one process."""
    from evocoop.strategies.axelrod_door import library, make_player
    from evocoop.strategies.resolve import read

    players = [make_player(read(name)[1]) for name in names]
    start = time.process_time()
    library().Tournament(players, turns=TURNS, repetitions=1, seed=1).play(progress_bar=False).summarise()
    return time.process_time() - start


def bench_families() -> None:
    """Print nanoseconds a turn of both players by family, beside a bare loop."""
    turns = 2000
    script = np.random.default_rng(1).integers(0, 2, turns).astype(np.uint8)
    plays, joint = np.zeros(turns, dtype=np.uint8), np.zeros(4, dtype=np.int64)
    bare = seconds(lambda: [bare_loop(script, plays, joint) for _ in range(100)]) / 100 / turns
    print(f"nanoseconds a turn against TitForTat, {turns} turns: median, slowest (a bare loop: {1e9 * bare:.1f})")
    families: dict[str, list[tuple[float, str]]] = {}
    for row in catalogue().values():
        if row.native and row.keeps_rules and not row.is_team:
            few = 2 if row.key == "DBS" else 20
            spent = play_only(row.key, "TitForTat", 200 if row.key == "DBS" else turns, few)
            families.setdefault(row.family, []).append((1e9 * spent / (200 if row.key == "DBS" else turns), row.key))
    for family, costs in families.items():
        middle = statistics.median(cost for cost, _ in costs)
        print(f"  {family}: {middle:.0f}, {max(costs)[0]:.0f} ({max(costs)[1]})", flush=True)


def bench_growth() -> None:
    """Print how cost grows with turns, players and repetitions."""
    names = quick()
    for what, values in {"turns": (50, 200, 800, 3200), "repetitions": (1, 10, 100), "players": (15, 60, 218)}.items():
        spent = []
        for value in values:
            given = {"turns": TURNS, "repetitions": 1, "seed": 1, what: value}
            count = given.pop("players", 60)
            field = names[:: max(1, len(names) // count)][:count]
            spent.append(seconds(lambda f=field, g=given: tournament(f, **g).ranking))
        print(f"{what} {values}: CPU s {', '.join(f'{one:.4f}' for one in spent)}", flush=True)


COMPILE = """
import sys, time
from evocoop.strategies.registry import catalogue
from evocoop.strategies.resolve import plan_of
from evocoop.play import tournament
names = [row.key for row in catalogue().values() if row.native and row.keeps_rules]
names = names if sys.argv[1] == "all" else names[: int(sys.argv[1])]
tournament(["Cooperator"], turns=1, seed=1)
start = time.process_time()
for name in names:
    plan_of(name).compile()
print(len(names), time.process_time() - start)
"""


def bench_cold(count: str) -> None:
    """Print what compiling costs with an empty cache, and loading from a full one."""
    with tempfile.TemporaryDirectory() as folder:
        for state in ("cold", "warm"):
            place = os.environ | {"NUMBA_CACHE_DIR": folder, "PYTHONPATH": os.pathsep.join(sys.path)}
            done = subprocess.run(
                [sys.executable, "-c", COMPILE, count], env=place, capture_output=True, text=True, check=True
            )
            strategies, spent = done.stdout.split()
            each = float(spent) / int(strategies)
            print(
                f"{state}: {strategies} strategies in {float(spent):.1f} CPU s, {each:.3f} each (target 0.3)",
                flush=True,
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--no-library", action="store_true")
    parser.add_argument("--cold", action="store_true")
    parser.add_argument("--whole", action="store_true")
    parts = ("families", "growth", "ratios", "whole", "mixed", "moran", "compile")
    parser.add_argument("--only", nargs="+", choices=parts, default=parts)
    given = parser.parse_args()
    warnings.simplefilter("ignore")
    if "families" in given.only:
        bench_families()
    if "growth" in given.only:
        bench_growth()
    if "ratios" in given.only and not given.no_library:
        bench_ratios()
    if "whole" in given.only:
        bench_whole(not given.no_library, given.whole)
    if "mixed" in given.only and not given.no_library:
        bench_mixed()
    if "moran" in given.only:
        bench_moran(not given.no_library)
    if "compile" in given.only:
        bench_cold("all" if given.cold else "20")


if __name__ == "__main__":
    main()
