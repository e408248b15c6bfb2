"""Would the checks of play notice a mistake? Every rule with one constant, comparison or operator changed.

``python benchmarks/all_mutants.py [NAME …]`` changes the rule of every strategy (but teams and tree search) in every
place, drives strategy and mutant through every script of twelve plays and long ones of all moods, and prints the
mutants that answer alike. Each rule has a process of its own, because a mutant may never return. A few minutes.
"""

from __future__ import annotations

import multiprocessing
import sys
from itertools import islice
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "strategies"))

PATIENCE = 20
"""Seconds for one mutant."""


def examine(name: str, first: int, found: Any) -> None:
    """Send what every mutant of a strategy's rule is, from the given one on, and whether it is noticed."""
    import numpy as np
    from driven import all_scripts, drive, moody_scripts
    from mutants import mutants_of_code

    from evocoop.strategies.resolve import plan_of

    plan, scripts = plan_of(name), ((all_scripts(12), None), moody_scripts(48, 300, seed=9))
    known = [drive(plan, some, 7, flips) for some, flips in scripts]
    for said, mutant in islice(mutants_of_code(plan), first, None):
        found.send((said, None))
        try:
            answers = (drive(mutant, some, 7, flips) for some, flips in scripts)
            same = all(np.array_equal(one, other) for one, other in zip(known, answers, strict=True))
        except Exception:
            same = False
        found.send((said, not same))


def watched(name: str) -> dict[str, bool]:
    """Return which mutants of a strategy's rule are noticed; one that never returns, or ends its process, is."""
    noticed: dict[str, bool] = {}
    asked, answered, done = 0, 0, False
    while not done:
        listening, telling = multiprocessing.Pipe(duplex=False)
        process = multiprocessing.Process(target=examine, args=(name, answered, telling))
        process.start()
        telling.close()
        try:
            while listening.poll(PATIENCE):
                said, seen = listening.recv()
                asked, answered = asked + (seen is None), answered + (seen is not None)
                noticed[f"{asked}: {said}"] = True if seen is None else seen
        except EOFError:
            done = asked == answered
        process.kill()
        process.join()
        answered = asked
    return noticed


def main(names: list[str]) -> None:
    """Examine the rules of some strategies, or of all."""
    from evocoop.strategies.registry import catalogue
    from evocoop.strategies.resolve import plan_of

    quick = [row.key for row in catalogue().values() if row.native and row.listed and not row.is_team]
    rules = {plan_of(name).rule: name for name in reversed(names or [name for name in quick if name != "DBS"])}
    total, missed = 0, 0
    for name in reversed(rules.values()):
        noticed = watched(name)
        total += len(noticed)
        for said in [said for said, seen in noticed.items() if not seen]:
            missed += 1
            print(f"{name}: {said}", flush=True)
        print(f"{name}: {len(noticed)} changes; so far {missed} of {total} unnoticed", file=sys.stderr, flush=True)
    print(f"{len(rules)} rules, {total} changes, {missed} unnoticed")


if __name__ == "__main__":
    multiprocessing.set_start_method("spawn")
    main(sys.argv[1:])
