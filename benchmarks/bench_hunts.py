"""Hunts: decisions a second in the simulated hunt, its cost as groups, roles and stages grow, a race with plain Python.

A hunter-decision is one individual in one hunt: whether it calls, agrees, goes, follows, stays, takes which role.

    python benchmarks/bench_hunts.py
"""

from __future__ import annotations

import os
import subprocess
import sys
import time

MINDS = ("HumanLike", "Hunter", "LeaderFollower", "Hare")
PLAIN = """
import time
from evocoop.games import CoordinatedHunt
from evocoop.hunt import sample_hunts
hunt = CoordinatedHunt(group_size=5, threshold=3, roles=2, noise=0.1, minds={minds!r},
                       capacities=("attend", "signal", "commit", "plan"))
start = time.process_time()
sample_hunts(hunt, [2, 1, 1, 1], hunts=300)
print(time.process_time() - start)
"""


def ecology(group_size: int = 5, roles: int = 2, stages: int = 1):
    from evocoop.games import CoordinatedHunt

    return CoordinatedHunt(
        group_size=group_size,
        threshold=max(2, group_size // 2),
        roles=roles,
        stages=stages,
        noise=0.1,
        desertion=0.05,
        keenness=0.5,
        visibility=0.7,
        capacities=("attend", "signal", "commit", "plan"),
        minds=MINDS,
    )


def hunters_and_hares():
    from evocoop.games import CoordinatedHunt

    return CoordinatedHunt(group_size=5, threshold=3, minds=("Hunter", "Hare"))


def seconds(game, hunts: int, repeats: int = 3) -> float:
    # Seconds of this process's own processor time, so that other work on the machine does not count.
    from evocoop.hunt import sample_hunts

    size = game.group_size
    others = len(game.strategies) - 1
    each = size // (others + 1)
    counts = [size - others * each, *[each] * others]
    sample_hunts(game, counts, hunts=10)
    best = float("inf")
    for seed in range(repeats):
        start = time.process_time()
        sample_hunts(game, counts, hunts=hunts, seed=seed)
        best = min(best, time.process_time() - start)
    return best


def main() -> None:
    hunts = 1_000_000
    took = seconds(ecology(), hunts)
    print(f"five hunters, two roles: {5 * hunts / took / 1e6:.1f} million hunter-decisions a second on one core")
    bare = hunters_and_hares()
    print(f"hunters and hares only: {5 * hunts / seconds(bare, hunts) / 1e6:.1f} million")
    surroundings = {**os.environ, "EVOCOOP_PLAIN": "1"}
    words = [sys.executable, "-c", PLAIN.format(minds=MINDS)]
    plain = float(subprocess.run(words, env=surroundings, capture_output=True, text=True, check=True).stdout)
    print(f"against the same rules as plain Python: {plain / 300 / (took / hunts):.0f} times as fast")
    print("\nnanoseconds a hunt as one of group size N, roles K, stages L grows")
    for name, values in (("group_size", (5, 10, 20, 40)), ("roles", (1, 2, 4, 5)), ("stages", (1, 2, 5, 10))):
        times = [seconds(ecology(**{name: value}), 200_000) / 200_000 * 1e9 for value in values]
        print(f"  {name:<10}", "  ".join(f"{value}: {one:.0f}" for value, one in zip(values, times, strict=True)))


if __name__ == "__main__":
    main()
