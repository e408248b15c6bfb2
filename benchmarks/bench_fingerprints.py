"""Fingerprints and the evolution of strategies: evocoop beside the Axelrod library on the same work, in one process.

Run alone: ``python benchmarks/bench_fingerprints.py`` (about two minutes, most of it the library). Warm, one thread;
fingerprints are compared before they are timed.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import axelrod
import numpy as np

from evocoop.play import evolvable_player, evolve_strategies, fingerprint, transitive_fingerprint

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
    print(f"{task:<58} {ours * 1e3:>10.1f} ms {theirs * 1e3:>12.0f} ms {theirs / ours:>8.0f}x", flush=True)


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


def generation() -> None:
    """One generation of machines against the panel; the library plays the matches, without breeding."""
    players = [axelrod.EvolvableFSMPlayer(num_states=8, seed=k) for k in range(SMALL["population_size"])]
    others = [getattr(axelrod, name)() for name in PANEL]

    def library() -> list[float]:
        return [
            float(np.mean([axelrod.Match((one, other), turns=200, seed=1).play() and 0 for other in others]))
            for one in players
        ]

    slow = timed(library)
    many = timed(lambda: evolve_strategies("FSMPlayer", PANEL, generations=40, num_states=8, seed=1, **SMALL), 3)
    none = timed(lambda: evolve_strategies("FSMPlayer", PANEL, generations=0, num_states=8, seed=1, **SMALL), 3)
    show("a generation of 20 machines against 8 opponents, bred too", (many - none) / 40, slow)


def operators() -> None:
    for kind, size in (("FSMPlayer", {"num_states": 16}), ("ANN", {"num_features": 17, "num_hidden": 10})):
        theirs = getattr(axelrod, f"Evolvable{kind}")(seed=1, **size)
        ours = evolvable_player(kind, seed=1, compat="axelrod", **size)
        slow = timed(lambda theirs=theirs: [theirs.mutate() for _ in range(200)]) / 200
        show(f"a mutation of {kind}", timed(lambda ours=ours: [ours.mutate() for _ in range(200)]) / 200, slow)


def main() -> None:
    print(f"{'task':<58} {'evocoop':>13} {'axelrod':>15} {'ratio':>9}")
    evolve_strategies("FSMPlayer", PANEL, generations=1, num_states=8, seed=1, **SMALL)
    fingerprints()
    generation()
    operators()


if __name__ == "__main__":
    main()
