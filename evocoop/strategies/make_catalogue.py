"""Write the catalogue of strategies anew: ``python -m evocoop.strategies.make_catalogue [--families-only]``.

With ``--families-only`` the library is not imported: only what evocoop itself says of its native strategies is renewed.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

CATALOGUE = Path(__file__).with_name("catalogue.json")
GENERIC: dict[str, tuple[Any, ...]] = {
    "MemoryOnePlayer": (),
    "ReactivePlayer": ((1.0, 0.0),),
    "MemoryTwoPlayer": (),
    "Cycler": (),
    "FSMPlayer": (),
    "LookerUp": (),
    "Gambler": (),
    "ANN": (17, 1, [0.0] * 19),
    "HMMPlayer": (),
}
"""Parametrised strategies of the library that are in none of its lists, with the arguments of an example."""


_PLAIN: dict[str, Any] = {
    "stochastic": False,
    "memory_depth": None,
    "makes_use_of": [],
    "long_run_time": False,
    "inspects_source": False,
    "manipulates_source": False,
    "manipulates_state": False,
}
LATER: dict[str, dict[str, Any]] = {
    "Momentum": {
        "name": "Momentum",
        "label": "Momentum: 1.0, Alpha: 0.9914655399877477, Threshold: 0.9676595613724907",
        "parameters": {"alpha": 0.9914655399877477, "threshold": 0.9676595613724907},
        "classifier": _PLAIN,
    },
    "FrequencyAnalyzer": {
        "name": "FrequencyAnalyzer",
        "label": "FrequencyAnalyzer",
        "parameters": {},
        "classifier": _PLAIN,
    },
    "EvolvedAttention": {
        "name": "EvolvedAttention",
        "label": "EvolvedAttention",
        "parameters": {},
        "classifier": _PLAIN | {"memory_depth": 200, "long_run_time": True},
    },
}
"""Strategies that axelrod 4.14 added. They are in no team, so that teams are those of 4.13."""


def rows(library: dict[str, Any]) -> dict[str, Any]:
    """Return the catalogue's rows from those of the library, with family and summary added."""
    from evocoop.strategies.families import family_of, native, optional

    families, found = family_of() | dict.fromkeys(optional(), "attention"), native()
    later = {
        key: {"listed": False, "sources": ["Axelrod library 4.14"], **row, "since": "4.14"}
        for key, row in LATER.items()
    }
    library = {key: row for key, row in library.items() if "since" not in row} | later
    extra = set(found) - set(library)
    if extra:
        raise SystemExit(f"not in the library: {', '.join(sorted(extra))}")
    return {
        key: {
            **row,
            "family": families.get(key, ""),
            "native": key in found,
            "summary": _summary(made) if (made := found.get(key) or optional().get(key)) else "",
        }
        for key, row in library.items()
    }


def _summary(made: Any) -> str:
    text = (made.rule.__doc__ if hasattr(made, "rule") else made.__doc__) or ""
    return text.strip().split("\n")[0].split("; table:")[0].split("; numbers:")[0].rstrip(".") + "."


def main(arguments: list[str]) -> None:
    """Write the catalogue."""
    if "--families-only" in arguments:
        data = json.loads(CATALOGUE.read_text(encoding="utf-8"))
    else:
        from evocoop.strategies.axelrod_door import describe_library

        data = describe_library(GENERIC)
    data["strategies"] = rows(data["strategies"])
    lines = ",\n".join(
        f"{json.dumps(key)}: {json.dumps(row, ensure_ascii=False)}" for key, row in data["strategies"].items()
    )
    CATALOGUE.write_text(f'{{"axelrod": "{data["axelrod"]}", "strategies": {{\n{lines}\n}}}}\n', encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
