"""Dynamics: payoffs in, shares out - infinite, finite and structured populations.

Every function takes a payoff matrix, a game or a PayoffTable and returns numbers or a frozen record.
Names are loaded when first used, so that importing this package stays cheap.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from evocoop.dynamics.finite.fixation import fixation_probability as fixation_probability
    from evocoop.dynamics.finite.gradient import gradient_of_selection as gradient_of_selection
    from evocoop.dynamics.finite.processes import PROCESSES as PROCESSES
    from evocoop.dynamics.finite.small_mutation import SmallMutationLimit as SmallMutationLimit
    from evocoop.dynamics.finite.small_mutation import small_mutation_limit as small_mutation_limit
    from evocoop.dynamics.finite.stationary import StationaryDistribution as StationaryDistribution
    from evocoop.dynamics.finite.stationary import stationary_distribution as stationary_distribution
    from evocoop.dynamics.finite.times import FixationTime as FixationTime
    from evocoop.dynamics.finite.times import fixation_time as fixation_time

_HOME = {
    "FixationTime": "finite.times",
    "PROCESSES": "finite.processes",
    "SmallMutationLimit": "finite.small_mutation",
    "StationaryDistribution": "finite.stationary",
    "fixation_probability": "finite.fixation",
    "fixation_time": "finite.times",
    "gradient_of_selection": "finite.gradient",
    "small_mutation_limit": "finite.small_mutation",
    "stationary_distribution": "finite.stationary",
}

__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return [*globals(), *_HOME]
