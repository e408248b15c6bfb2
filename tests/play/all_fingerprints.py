"""Hold the fingerprint of every native strategy, as strategy and as probe, against the Axelrod library's at one seed.

Run alone: ``python tests/play/all_fingerprints.py`` (about ten minutes, nearly all of it the library's).
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator

import axelrod

from evocoop.play import fingerprint
from evocoop.strategies.registry import catalogue


def pairs() -> Iterator[tuple[str, str, int]]:
    """Yield strategy, probe and turns: everybody against two probes, two strategies against everybody as probe."""
    for row in catalogue().values():
        if row.native and row.listed and hasattr(axelrod, row.key):
            turns = 5 if row.classifier["long_run_time"] else 20
            yield from ((row.key, probe, turns) for probe in ("TitForTat", "Random"))
            yield from ((strategy, row.key, turns) for strategy in ("WinStayLoseShift", "Random"))


def main() -> int:
    warnings.simplefilter("ignore")
    compared, different, impossible = 0, [], []
    for strategy, probe, turns in pairs():
        about = {"turns": turns, "repetitions": 1 if turns == 5 else 2, "step": 0.5, "seed": 17}
        theirs = axelrod.AshlockFingerprint(getattr(axelrod, strategy), getattr(axelrod, probe))
        try:
            expected = theirs.fingerprint(progress_bar=False, **about)
        except AttributeError as error:
            impossible.append((strategy, probe, str(error)))
            continue
        compared += 1
        if list(fingerprint(strategy, probe=probe, **about).data.values()) != [float(one) for one in expected.values()]:
            different.append((strategy, probe))
            print("different:", strategy, probe, flush=True)
    print(f"{compared} fingerprints, {len(different)} different; {len(impossible)} that the library cannot take:")
    for case in impossible:
        print("  ", *case)
    return len(different)


if __name__ == "__main__":
    sys.exit(main())
