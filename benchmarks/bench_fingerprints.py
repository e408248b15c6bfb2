"""Fingerprints and the evolution of strategies: evocoop beside the Axelrod library on the same work, in one process.

Run alone: ``python benchmarks/bench_fingerprints.py`` (about two minutes, most of it the library). Warm, one thread;
fingerprints are compared before they are timed.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import axelrod

from evocoop.play import (
    evolvable_player,
    evolve_strategies,
    evolving_moran_process,
    fingerprint,
    transitive_fingerprint,
)

POINTS = {"turns": 50, "repetitions": 10, "step": 0.1, "seed": 1}
PANEL = ["TitForTat", "Grudger", "WinStayLoseShift", "Alternator", "Random", "Prober", "GTFT", "EvolvedFSM16"]
SMALL = {"turns": 200, "population_size": 20, "elites": 5}


def timed(work: Callable[[], Any], times: int = 1) -> float:
    found = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return min(found)


def show(task: str, ours: float, theirs: float) -> None:
    print(f"{task:<58} {ours * 1e3:>10.3f} ms {theirs * 1e3:>12.1f} ms {theirs / ours:>8.0f}x", flush=True)


def fingerprints() -> None:
    for name in ("TitForTat", "GTFT", "EvolvedANN5"):
        theirs = axelrod.AshlockFingerprint(getattr(axelrod, name))
        expected = theirs.fingerprint(progress_bar=False, **POINTS)
        assert list(fingerprint(name, **POINTS).data.values()) == [float(score) for score in expected.values()]
        slow = timed(lambda theirs=theirs: theirs.fingerprint(progress_bar=False, **POINTS))
        show(f"Ashlock fingerprint of {name}, 121 points", timed(lambda n=name: fingerprint(n, **POINTS), 3), slow)
    about = {"turns": 50, "repetitions": 50, "seed": 1}
    row = axelrod.TransitiveFingerprint(axelrod.TitForTat)
    row.analyse_cooperation_ratio = lambda file: None
    slow = timed(lambda: row.fingerprint(progress_bar=False, **about))
    fast = timed(lambda: transitive_fingerprint("TitForTat", **about), 3)
    show("transitive fingerprint, 50 opponents (library: play only)", fast, slow)


KINDS: dict[str, dict[str, Any]] = {
    "FSMPlayer": {"num_states": 8},
    "LookerUp": {"parameters": (2, 2, 2)},
    "Gambler": {"parameters": (2, 2, 2)},
    "Cycler": {"cycle_length": 12},
    "ANN": {"num_features": 17, "num_hidden": 10},
    "HMMPlayer": {"num_states": 5},
}


def generation() -> None:
    """What a child costs: crossed, mutated, and played against the panel."""
    others = [getattr(axelrod, name)() for name in PANEL]
    for kind, size in KINDS.items():
        one, two = (getattr(axelrod, f"Evolvable{kind}")(seed=k, **size) for k in range(2))

        def library(one: Any = one, two: Any = two) -> None:
            child = one.crossover(two).mutate()
            for other in others:
                axelrod.Match((child, other), turns=200, seed=1).play()

        def ours(generations: int, kind: str = kind, size: dict[str, Any] = size) -> None:
            evolve_strategies(kind, PANEL, generations=generations, seed=1, **SMALL, **size)

        ours(1)
        fast = (timed(lambda: ours(100), 3) - timed(lambda: ours(0), 3)) / 100 / (SMALL["population_size"] - 5)
        slow = timed(lambda: [library() for _ in range(4)]) / 4
        show(f"a child of {kind} against 8 opponents", fast, slow)


def population() -> None:
    """A step of the Moran process in which every offspring is a mutant."""
    size = {"num_states": 8}
    theirs = axelrod.MoranProcess(
        [axelrod.EvolvableFSMPlayer(seed=k, **size) for k in range(20)],
        turns=100, noise=0.05, seed=1, mutation_method="atomic",
    )  # fmt: skip
    crowd = [evolvable_player("FSMPlayer", seed=k, **size) for k in range(20)]
    slow = timed(lambda: next(theirs))
    for noise in (0.0, 0.05):

        def ours(steps: int, noise: float = noise) -> None:
            evolving_moran_process(crowd, steps=steps, turns=100, noise=noise, seed=1)

        fast = (timed(lambda: ours(301), 2) - timed(lambda: ours(1), 2)) / 300
        show(f"a Moran step of 20 evolving machines, noise {noise} (0.05)", fast, slow)


def operators() -> None:
    for kind, size in KINDS.items():
        theirs = getattr(axelrod, f"Evolvable{kind}")(seed=1, **size)
        ours = evolvable_player(kind, seed=1, compat="axelrod", **size)
        slow = timed(lambda theirs=theirs: [theirs.mutate() for _ in range(200)]) / 200
        show(f"a mutation of {kind}", timed(lambda ours=ours: [ours.mutate() for _ in range(200)]) / 200, slow)


def main() -> None:
    print(f"{'task':<58} {'evocoop':>13} {'axelrod':>15} {'ratio':>9}")
    fingerprints()
    generation()
    population()
    operators()


if __name__ == "__main__":
    main()
