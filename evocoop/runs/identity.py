"""Which question is this? The id of a run, and what it was made with."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Sequence
from importlib import metadata
from typing import Any

import evocoop
from evocoop.config import catalogue
from evocoop.config.experiment import Experiment
from evocoop.runs.tables import SCHEMA_VERSION

BEHAVIOUR_VERSION = 1
"""Rises when the way runs turns answers into tables changes the numbers in them."""

_PACKAGES = ("numpy", "scipy", "numba", "polars", "axelrod")


def behaviour_versions(experiment: Experiment) -> dict[str, int]:
    """Return the behaviour version of everything the experiment's numbers depend on."""
    found = {"runs": BEHAVIOUR_VERSION}
    for game in experiment.games:
        found[f"game {game.name}"] = catalogue.games().find(game.name).behaviour_version
    for one in experiment.dynamics:
        found[f"dynamics {one.name}"] = catalogue.dynamics().find(one.name).behaviour_version
    if experiment.play is not None:
        found.update(catalogue.player_versions())
    return dict(sorted(found.items()))


def run_id(experiment: Experiment) -> str:
    """Return the id of the run that answers an experiment: a hash of the question and of what answers it.

    Two runs have the same id exactly when they must give the same tables.
    """
    question = [experiment.to_dict(), behaviour_versions(experiment), SCHEMA_VERSION]
    return hashlib.sha256(canonical(question)).hexdigest()[:12]


def behaviour_hash(experiment: Experiment) -> str:
    """Return a short hash of the behaviour versions, by which a stale batch is known."""
    return hashlib.sha256(canonical([behaviour_versions(experiment), SCHEMA_VERSION])).hexdigest()[:12]


def canonical(data: Any) -> bytes:
    """Return plain data as JSON bytes; the order of keys is kept, because a sweep's order numbers its cells."""
    return json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode(
        "utf-8", "backslashreplace"
    )


def provenance(experiment: Experiment, settings: Sequence[str] = ()) -> dict[str, Any]:
    """Return what a run was made with: versions and seed, but no host, no user and no time."""
    return {
        "evocoop": evocoop.__version__,
        "schema_version": SCHEMA_VERSION,
        "id": run_id(experiment),
        "seed": experiment.seed,
        "settings": list(settings),
        "behaviour_versions": behaviour_versions(experiment),
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
        "packages": {name: _version(name) for name in _PACKAGES},
    }


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"
