"""Doing the work and keeping it: plan, cells, workers, the run directory, and reading it back."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from evocoop.runs.compare import Comparison as Comparison
    from evocoop.runs.compare import compare_runs as compare_runs
    from evocoop.runs.face import run as run_experiment
    from evocoop.runs.reading import Run as Run
    from evocoop.runs.reading import open_run as open_run
    from evocoop.runs.store import RunDirectory as RunDirectory
    from evocoop.runs.tables import TABLES as TABLES
    from evocoop.runs.verify import Examination as Examination
    from evocoop.runs.verify import examine as examine

_HOMES = {
    "Comparison": "compare:Comparison",
    "Examination": "verify:Examination",
    "Run": "reading:Run",
    "RunDirectory": "store:RunDirectory",
    "TABLES": "tables:TABLES",
    "compare_runs": "compare:compare_runs",
    "examine": "verify:examine",
    "open_run": "reading:open_run",
    "run_experiment": "face:run",
}

__all__ = [
    "TABLES",
    "Comparison",
    "Examination",
    "Run",
    "RunDirectory",
    "compare_runs",
    "examine",
    "open_run",
    "run_experiment",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, _, attribute = _HOMES[name].partition(":")
    return getattr(importlib.import_module(f"{__name__}.{module}"), attribute)


def __dir__() -> list[str]:
    return sorted(__all__)
