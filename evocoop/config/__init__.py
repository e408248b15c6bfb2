"""What was asked: an experiment file in TOML becomes a checked Experiment, or a list of everything wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from evocoop.config.experiment import DynamicsAsk, Experiment, GameAsk, OutputsAsk, PlayAsk, SweepAsk
    from evocoop.config.load import load_experiment, parse_experiment
    from evocoop.config.schema import json_schema

_HOMES = {
    "DynamicsAsk": "evocoop.config.experiment",
    "Experiment": "evocoop.config.experiment",
    "GameAsk": "evocoop.config.experiment",
    "OutputsAsk": "evocoop.config.experiment",
    "PlayAsk": "evocoop.config.experiment",
    "SweepAsk": "evocoop.config.experiment",
    "json_schema": "evocoop.config.schema",
    "load_experiment": "evocoop.config.load",
    "parse_experiment": "evocoop.config.load",
}

__all__ = [
    "DynamicsAsk",
    "Experiment",
    "GameAsk",
    "OutputsAsk",
    "PlayAsk",
    "SweepAsk",
    "json_schema",
    "load_experiment",
    "parse_experiment",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        import importlib

        return getattr(importlib.import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(_HOMES)
