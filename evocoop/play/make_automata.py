"""Write the recorded automata of all strategies anew: ``python -m evocoop.play.make_automata``."""

from __future__ import annotations

import json
from pathlib import Path

from evocoop import strategies
from evocoop.play.automata import automaton_of, holds
from evocoop.strategies.plan import Setting
from evocoop.strategies.registry import catalogue, recorded_automata
from evocoop.strategies.resolve import plan_of

AUTOMATA = Path(strategies.__file__).parent / "data" / "automata.json"
DEPTH = 10
"""Length up to which every automaton without chance is held against its strategy on every history."""


def main() -> None:
    """Write them."""
    recorded_automata().clear()
    lines = []
    for key, row in catalogue().items():
        found = automaton_of(key) if row.native and (row.listed or row.since) else None
        chance = row.classifier["stochastic"]
        if found and not chance and not holds(plan_of(key), found, Setting(), DEPTH):
            raise SystemExit(f"the automaton of {key} is not the strategy")
        record = found and {
            "cooperates": [int(p) if p in (0, 1) else float(p) for p in found.cooperates],
            "moves": found.moves.tolist(),
            "verified": None if chance else DEPTH,
        }
        lines.append(f"{json.dumps(key)}: {json.dumps(record)}")
    AUTOMATA.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
