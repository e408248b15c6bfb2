"""evocoop: experiments in evolutionary game theory on how cooperation of the human kind emerged."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from evocoop import config, core, dynamics, games, play, report, runs, strategies
    from evocoop.config.load import load_experiment
    from evocoop.play import match, tournament
    from evocoop.runs.face import run
    from evocoop.runs.reading import open_run

__version__ = "0.1.0"

__all__ = [
    "__version__",
    "config",
    "core",
    "dynamics",
    "games",
    "load_experiment",
    "match",
    "open_run",
    "play",
    "report",
    "run",
    "runs",
    "strategies",
    "tournament",
]

_HOMES = {
    "load_experiment": "evocoop.config.load",
    "match": "evocoop.play",
    "open_run": "evocoop.runs.reading",
    "run": "evocoop.runs.face",
    "tournament": "evocoop.play",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    if name in __all__:
        return importlib.import_module(f"evocoop.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
