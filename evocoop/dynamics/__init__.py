"""Dynamics: payoffs in, shares out - infinite, finite and structured populations.

Every function takes a payoff matrix, a game or a PayoffTable and returns numbers or a frozen record.
Names are loaded when first used, so that importing this package stays cheap.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from evocoop.dynamics.finite.estimates import FixationEstimate as FixationEstimate
    from evocoop.dynamics.finite.estimates import StationaryEstimate as StationaryEstimate
    from evocoop.dynamics.finite.estimates import estimate_fixation as estimate_fixation
    from evocoop.dynamics.finite.estimates import estimate_stationary as estimate_stationary
    from evocoop.dynamics.finite.fixation import fixation_probability as fixation_probability
    from evocoop.dynamics.finite.gradient import GradientRoot as GradientRoot
    from evocoop.dynamics.finite.gradient import gradient_of_selection as gradient_of_selection
    from evocoop.dynamics.finite.gradient import selection_roots as selection_roots
    from evocoop.dynamics.finite.invasion import Invasion as Invasion
    from evocoop.dynamics.finite.invasion import InvasionDiagram as InvasionDiagram
    from evocoop.dynamics.finite.invasion import StochasticStability as StochasticStability
    from evocoop.dynamics.finite.invasion import invasion_diagram as invasion_diagram
    from evocoop.dynamics.finite.invasion import stochastic_stability as stochastic_stability
    from evocoop.dynamics.finite.processes import PROCESSES as PROCESSES
    from evocoop.dynamics.finite.sensitivity import FixationSensitivity as FixationSensitivity
    from evocoop.dynamics.finite.sensitivity import Sensitivity as Sensitivity
    from evocoop.dynamics.finite.sensitivity import fixation_sensitivity as fixation_sensitivity
    from evocoop.dynamics.finite.sensitivity import sensitivity as sensitivity
    from evocoop.dynamics.finite.simulation import Simulation as Simulation
    from evocoop.dynamics.finite.simulation import simulate as simulate
    from evocoop.dynamics.finite.small_mutation import SmallMutationLimit as SmallMutationLimit
    from evocoop.dynamics.finite.small_mutation import small_mutation_limit as small_mutation_limit
    from evocoop.dynamics.finite.stationary import StationaryDistribution as StationaryDistribution
    from evocoop.dynamics.finite.stationary import stationary_distribution as stationary_distribution
    from evocoop.dynamics.finite.times import FixationTime as FixationTime
    from evocoop.dynamics.finite.times import fixation_time as fixation_time
    from evocoop.dynamics.infinite.basins import Basins as Basins
    from evocoop.dynamics.infinite.basins import basins as basins
    from evocoop.dynamics.infinite.rest import RestPoint as RestPoint
    from evocoop.dynamics.infinite.rest import RestPoints as RestPoints
    from evocoop.dynamics.infinite.rest import evolutionarily_stable as evolutionarily_stable
    from evocoop.dynamics.infinite.rest import nash_equilibria as nash_equilibria
    from evocoop.dynamics.infinite.rest import rest_points as rest_points
    from evocoop.dynamics.infinite.trajectories import Trajectory as Trajectory
    from evocoop.dynamics.infinite.trajectories import discrete_replicator as discrete_replicator
    from evocoop.dynamics.infinite.trajectories import logit as logit
    from evocoop.dynamics.infinite.trajectories import replicator as replicator
    from evocoop.dynamics.infinite.trajectories import trajectory as trajectory

_HOME = {
    "FixationEstimate": "finite.estimates",
    "FixationSensitivity": "finite.sensitivity",
    "FixationTime": "finite.times",
    "GradientRoot": "finite.gradient",
    "Invasion": "finite.invasion",
    "InvasionDiagram": "finite.invasion",
    "PROCESSES": "finite.processes",
    "Sensitivity": "finite.sensitivity",
    "Simulation": "finite.simulation",
    "SmallMutationLimit": "finite.small_mutation",
    "StationaryDistribution": "finite.stationary",
    "StationaryEstimate": "finite.estimates",
    "StochasticStability": "finite.invasion",
    "estimate_fixation": "finite.estimates",
    "estimate_stationary": "finite.estimates",
    "fixation_probability": "finite.fixation",
    "fixation_sensitivity": "finite.sensitivity",
    "fixation_time": "finite.times",
    "gradient_of_selection": "finite.gradient",
    "invasion_diagram": "finite.invasion",
    "selection_roots": "finite.gradient",
    "sensitivity": "finite.sensitivity",
    "simulate": "finite.simulation",
    "small_mutation_limit": "finite.small_mutation",
    "stationary_distribution": "finite.stationary",
    "stochastic_stability": "finite.invasion",
    "Basins": "infinite.basins",
    "basins": "infinite.basins",
    "RestPoint": "infinite.rest",
    "RestPoints": "infinite.rest",
    "rest_points": "infinite.rest",
    "evolutionarily_stable": "infinite.rest",
    "nash_equilibria": "infinite.rest",
    "Trajectory": "infinite.trajectories",
    "trajectory": "infinite.trajectories",
    "replicator": "infinite.trajectories",
    "logit": "infinite.trajectories",
    "discrete_replicator": "infinite.trajectories",
}

__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return [*globals(), *_HOME]
