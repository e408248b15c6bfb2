"""Dynamics: payoffs in, shares out - infinite, finite and structured populations.

Every function takes a payoff matrix, a game or a PayoffTable and returns numbers or a frozen record.
Names are loaded when first used, so that importing this package stays cheap.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evocoop.core.lazy import exports

if TYPE_CHECKING:
    from evocoop.dynamics.finite.demography import DemographicSimulation as DemographicSimulation
    from evocoop.dynamics.finite.demography import ExtinctionEstimate as ExtinctionEstimate
    from evocoop.dynamics.finite.demography import demographic_extinction as demographic_extinction
    from evocoop.dynamics.finite.demography import demographic_fixation as demographic_fixation
    from evocoop.dynamics.finite.demography import simulate_demography as simulate_demography
    from evocoop.dynamics.finite.diffusion import Diffusion as Diffusion
    from evocoop.dynamics.finite.diffusion import diffusion as diffusion
    from evocoop.dynamics.finite.diffusion import diffusion_coefficients as diffusion_coefficients
    from evocoop.dynamics.finite.diffusion_limit import DiffusionFixation as DiffusionFixation
    from evocoop.dynamics.finite.diffusion_limit import StationaryDensity as StationaryDensity
    from evocoop.dynamics.finite.diffusion_limit import diffusion_fixation as diffusion_fixation
    from evocoop.dynamics.finite.diffusion_limit import diffusion_stationary as diffusion_stationary
    from evocoop.dynamics.finite.estimates import StationaryEstimate as StationaryEstimate
    from evocoop.dynamics.finite.estimates import estimate_fixation as estimate_fixation
    from evocoop.dynamics.finite.estimates import estimate_stationary as estimate_stationary
    from evocoop.dynamics.finite.fixation import fixation_probabilities as fixation_probabilities
    from evocoop.dynamics.finite.fixation import fixation_probability as fixation_probability
    from evocoop.dynamics.finite.gradient import GradientRoot as GradientRoot
    from evocoop.dynamics.finite.gradient import gradient_of_selection as gradient_of_selection
    from evocoop.dynamics.finite.gradient import selection_roots as selection_roots
    from evocoop.dynamics.finite.hierarchy import HierarchicalChain as HierarchicalChain
    from evocoop.dynamics.finite.hierarchy import hierarchical_chain as hierarchical_chain
    from evocoop.dynamics.finite.invasion import Invasion as Invasion
    from evocoop.dynamics.finite.invasion import InvasionDiagram as InvasionDiagram
    from evocoop.dynamics.finite.invasion import StochasticStability as StochasticStability
    from evocoop.dynamics.finite.invasion import invasion_diagram as invasion_diagram
    from evocoop.dynamics.finite.invasion import stochastic_stability as stochastic_stability
    from evocoop.dynamics.finite.processes import PROCESSES as PROCESSES
    from evocoop.dynamics.finite.sensitivity import FixationSensitivity as FixationSensitivity
    from evocoop.dynamics.finite.sensitivity import Sensitivity as Sensitivity
    from evocoop.dynamics.finite.sensitivity import StationarySensitivity as StationarySensitivity
    from evocoop.dynamics.finite.sensitivity import fixation_sensitivity as fixation_sensitivity
    from evocoop.dynamics.finite.sensitivity import sensitivity as sensitivity
    from evocoop.dynamics.finite.sensitivity import stationary_sensitivity as stationary_sensitivity
    from evocoop.dynamics.finite.simulation import Simulation as Simulation
    from evocoop.dynamics.finite.simulation import simulate as simulate
    from evocoop.dynamics.finite.small_mutation import SmallMutationLimit as SmallMutationLimit
    from evocoop.dynamics.finite.small_mutation import small_mutation_limit as small_mutation_limit
    from evocoop.dynamics.finite.stationary import StationaryDistribution as StationaryDistribution
    from evocoop.dynamics.finite.stationary import stationary_distribution as stationary_distribution
    from evocoop.dynamics.finite.times import FixationTime as FixationTime
    from evocoop.dynamics.finite.times import fixation_time as fixation_time
    from evocoop.dynamics.finite.trait_simulation import TraitSimulation as TraitSimulation
    from evocoop.dynamics.finite.trait_simulation import trait_simulation as trait_simulation
    from evocoop.dynamics.finite.two_populations import TwoPopulationDistribution as TwoPopulationDistribution
    from evocoop.dynamics.finite.two_populations import TwoPopulationLimit as TwoPopulationLimit
    from evocoop.dynamics.finite.two_populations import (
        small_mutation_limit_two_populations as small_mutation_limit_two_populations,
    )
    from evocoop.dynamics.finite.two_populations import (
        stationary_distribution_two_populations as stationary_distribution_two_populations,
    )
    from evocoop.dynamics.infinite.adaptive import PairwiseInvasibility as PairwiseInvasibility
    from evocoop.dynamics.infinite.adaptive import TraitPath as TraitPath
    from evocoop.dynamics.infinite.adaptive import adaptive_dynamics as adaptive_dynamics
    from evocoop.dynamics.infinite.adaptive import invasion_fitness as invasion_fitness
    from evocoop.dynamics.infinite.adaptive import pairwise_invasibility as pairwise_invasibility
    from evocoop.dynamics.infinite.adaptive import selection_gradient as selection_gradient
    from evocoop.dynamics.infinite.basins import Basins as Basins
    from evocoop.dynamics.infinite.basins import basins as basins
    from evocoop.dynamics.infinite.bifurcation import Bifurcation as Bifurcation
    from evocoop.dynamics.infinite.bifurcation import Branch as Branch
    from evocoop.dynamics.infinite.bifurcation import PhaseDiagram as PhaseDiagram
    from evocoop.dynamics.infinite.bifurcation import bifurcation as bifurcation
    from evocoop.dynamics.infinite.bifurcation import bifurcation_of_noise as bifurcation_of_noise
    from evocoop.dynamics.infinite.bifurcation import phase_diagram as phase_diagram
    from evocoop.dynamics.infinite.ecological import DensityTrajectory as DensityTrajectory
    from evocoop.dynamics.infinite.ecological import competition as competition
    from evocoop.dynamics.infinite.ecological import ecological as ecological
    from evocoop.dynamics.infinite.ecological import payoffs_at_density as payoffs_at_density
    from evocoop.dynamics.infinite.family import best_experienced_payoff as best_experienced_payoff
    from evocoop.dynamics.infinite.family import best_response as best_response
    from evocoop.dynamics.infinite.family import bnn as bnn
    from evocoop.dynamics.infinite.family import imitative_logit as imitative_logit
    from evocoop.dynamics.infinite.family import logit as logit
    from evocoop.dynamics.infinite.family import maynard_smith_replicator as maynard_smith_replicator
    from evocoop.dynamics.infinite.family import projection as projection
    from evocoop.dynamics.infinite.family import replicator_mutator as replicator_mutator
    from evocoop.dynamics.infinite.family import smith as smith
    from evocoop.dynamics.infinite.fictitious import fictitious_play as fictitious_play
    from evocoop.dynamics.infinite.fictitious import fictitious_play_two_populations as fictitious_play_two_populations
    from evocoop.dynamics.infinite.fields import FlowField as FlowField
    from evocoop.dynamics.infinite.fields import flow_field as flow_field
    from evocoop.dynamics.infinite.fields import velocities as velocities
    from evocoop.dynamics.infinite.quantal import QuantalResponse as QuantalResponse
    from evocoop.dynamics.infinite.quantal import quantal_response as quantal_response
    from evocoop.dynamics.infinite.regret import Correlation as Correlation
    from evocoop.dynamics.infinite.regret import RegretMatching as RegretMatching
    from evocoop.dynamics.infinite.regret import correlated_equilibrium_distance as correlated_equilibrium_distance
    from evocoop.dynamics.infinite.regret import normal_form as normal_form
    from evocoop.dynamics.infinite.regret import regret_matching as regret_matching
    from evocoop.dynamics.infinite.rest import RestPoint as RestPoint
    from evocoop.dynamics.infinite.rest import RestPoints as RestPoints
    from evocoop.dynamics.infinite.rest import evolutionarily_stable as evolutionarily_stable
    from evocoop.dynamics.infinite.rest import nash_equilibria as nash_equilibria
    from evocoop.dynamics.infinite.rest import rest_points as rest_points
    from evocoop.dynamics.infinite.singular import SingularStrategies as SingularStrategies
    from evocoop.dynamics.infinite.singular import SingularStrategy as SingularStrategy
    from evocoop.dynamics.infinite.singular import singular_strategies as singular_strategies
    from evocoop.dynamics.infinite.spatial import SpatialPath as SpatialPath
    from evocoop.dynamics.infinite.spatial import spatial_replicator as spatial_replicator
    from evocoop.dynamics.infinite.spatial_grid import PATTERNS as PATTERNS
    from evocoop.dynamics.infinite.trajectories import Trajectory as Trajectory
    from evocoop.dynamics.infinite.trajectories import discrete_replicator as discrete_replicator
    from evocoop.dynamics.infinite.trajectories import replicator as replicator
    from evocoop.dynamics.infinite.trajectories import trajectories as trajectories
    from evocoop.dynamics.infinite.trajectories import trajectory as trajectory
    from evocoop.dynamics.infinite.two_populations import TwoPopulationPoint as TwoPopulationPoint
    from evocoop.dynamics.infinite.two_populations import TwoPopulationPoints as TwoPopulationPoints
    from evocoop.dynamics.infinite.two_populations import TwoPopulationTrajectory as TwoPopulationTrajectory
    from evocoop.dynamics.infinite.two_populations import (
        nash_equilibria_two_populations as nash_equilibria_two_populations,
    )
    from evocoop.dynamics.infinite.two_populations import replicator_two_populations as replicator_two_populations
    from evocoop.dynamics.infinite.two_populations import rest_points_two_populations as rest_points_two_populations
    from evocoop.dynamics.sampling import FixationEstimate as FixationEstimate
    from evocoop.dynamics.structured.coalescence import Coalescence as Coalescence
    from evocoop.dynamics.structured.coalescence import coalescence_times as coalescence_times
    from evocoop.dynamics.structured.coalescence import critical_benefit_to_cost as critical_benefit_to_cost
    from evocoop.dynamics.structured.exact import GraphFixation as GraphFixation
    from evocoop.dynamics.structured.exact import exact_fixation_on_graph as exact_fixation_on_graph
    from evocoop.dynamics.structured.exact import fixation_on_star as fixation_on_star
    from evocoop.dynamics.structured.graph import Graph as Graph
    from evocoop.dynamics.structured.graph import graph_from_edges as graph_from_edges
    from evocoop.dynamics.structured.graph import read_graph as read_graph
    from evocoop.dynamics.structured.groups import GroupSimulation as GroupSimulation
    from evocoop.dynamics.structured.groups import fixation_in_groups as fixation_in_groups
    from evocoop.dynamics.structured.groups import fixation_in_groups_limit as fixation_in_groups_limit
    from evocoop.dynamics.structured.groups import multilevel_critical_ratio as multilevel_critical_ratio
    from evocoop.dynamics.structured.groups import simulate_groups as simulate_groups
    from evocoop.dynamics.structured.named import group_selection as group_selection
    from evocoop.dynamics.structured.named import structured_fixation as structured_fixation
    from evocoop.dynamics.structured.named import structured_population as structured_population
    from evocoop.dynamics.structured.rewiring import RewiringSimulation as RewiringSimulation
    from evocoop.dynamics.structured.rewiring import dynamic_network as dynamic_network
    from evocoop.dynamics.structured.rewiring import simulate_rewiring as simulate_rewiring
    from evocoop.dynamics.structured.shapes import complete as complete
    from evocoop.dynamics.structured.shapes import graph_by_name as graph_by_name
    from evocoop.dynamics.structured.shapes import lattice as lattice
    from evocoop.dynamics.structured.shapes import random_regular as random_regular
    from evocoop.dynamics.structured.shapes import ring as ring
    from evocoop.dynamics.structured.shapes import scale_free as scale_free
    from evocoop.dynamics.structured.shapes import small_world as small_world
    from evocoop.dynamics.structured.shapes import star as star
    from evocoop.dynamics.structured.simulation import GraphSimulation as GraphSimulation
    from evocoop.dynamics.structured.simulation import fixation_on_graph as fixation_on_graph
    from evocoop.dynamics.structured.simulation import simulate_on_graph as simulate_on_graph
    from evocoop.dynamics.structured.world import GRAPH_PROCESSES as GRAPH_PROCESSES

_HOME = {
    "TraitSimulation": "finite.trait_simulation",
    "trait_simulation": "finite.trait_simulation",
    "PairwiseInvasibility": "infinite.adaptive",
    "TraitPath": "infinite.adaptive",
    "adaptive_dynamics": "infinite.adaptive",
    "invasion_fitness": "infinite.adaptive",
    "pairwise_invasibility": "infinite.adaptive",
    "selection_gradient": "infinite.adaptive",
    "SingularStrategies": "infinite.singular",
    "SingularStrategy": "infinite.singular",
    "singular_strategies": "infinite.singular",
    **dict.fromkeys(("DensityTrajectory", "competition", "ecological", "payoffs_at_density"), "infinite.ecological"),
    **dict.fromkeys(("DemographicSimulation", "ExtinctionEstimate"), "finite.demography"),
    **dict.fromkeys(("demographic_extinction", "demographic_fixation", "simulate_demography"), "finite.demography"),
    "Basins": "infinite.basins",
    "Coalescence": "structured.coalescence",
    "Diffusion": "finite.diffusion",
    "DiffusionFixation": "finite.diffusion_limit",
    "FixationEstimate": "sampling",
    "FixationSensitivity": "finite.sensitivity",
    "FixationTime": "finite.times",
    "GRAPH_PROCESSES": "structured.world",
    "GradientRoot": "finite.gradient",
    "Graph": "structured.graph",
    "GraphFixation": "structured.exact",
    "GraphSimulation": "structured.simulation",
    "GroupSimulation": "structured.groups",
    "HierarchicalChain": "finite.hierarchy",
    "Invasion": "finite.invasion",
    "InvasionDiagram": "finite.invasion",
    "PATTERNS": "infinite.spatial_grid",
    "PROCESSES": "finite.processes",
    "RestPoint": "infinite.rest",
    "RewiringSimulation": "structured.rewiring",
    "dynamic_network": "structured.rewiring",
    "simulate_rewiring": "structured.rewiring",
    "RestPoints": "infinite.rest",
    "Sensitivity": "finite.sensitivity",
    "Simulation": "finite.simulation",
    "SmallMutationLimit": "finite.small_mutation",
    "SpatialPath": "infinite.spatial",
    "StationaryDensity": "finite.diffusion_limit",
    "StationaryDistribution": "finite.stationary",
    "StationaryEstimate": "finite.estimates",
    "StationarySensitivity": "finite.sensitivity",
    "StochasticStability": "finite.invasion",
    "Trajectory": "infinite.trajectories",
    "basins": "infinite.basins",
    "coalescence_times": "structured.coalescence",
    "complete": "structured.shapes",
    "critical_benefit_to_cost": "structured.coalescence",
    "Bifurcation": "infinite.bifurcation",
    "Branch": "infinite.bifurcation",
    "PhaseDiagram": "infinite.bifurcation",
    "bifurcation": "infinite.bifurcation",
    "bifurcation_of_noise": "infinite.bifurcation",
    "phase_diagram": "infinite.bifurcation",
    "FlowField": "infinite.fields",
    "flow_field": "infinite.fields",
    "velocities": "infinite.fields",
    "TwoPopulationDistribution": "finite.two_populations",
    "TwoPopulationLimit": "finite.two_populations",
    "TwoPopulationPoint": "infinite.two_populations",
    "TwoPopulationPoints": "infinite.two_populations",
    "TwoPopulationTrajectory": "infinite.two_populations",
    "nash_equilibria_two_populations": "infinite.two_populations",
    "replicator_two_populations": "infinite.two_populations",
    "rest_points_two_populations": "infinite.two_populations",
    "best_experienced_payoff": "infinite.family",
    "best_response": "infinite.family",
    "bnn": "infinite.family",
    "imitative_logit": "infinite.family",
    "logit": "infinite.family",
    "maynard_smith_replicator": "infinite.family",
    "projection": "infinite.family",
    "replicator_mutator": "infinite.family",
    "smith": "infinite.family",
    "fictitious_play": "infinite.fictitious",
    "fictitious_play_two_populations": "infinite.fictitious",
    "QuantalResponse": "infinite.quantal",
    "quantal_response": "infinite.quantal",
    "Correlation": "infinite.regret",
    "RegretMatching": "infinite.regret",
    "correlated_equilibrium_distance": "infinite.regret",
    "normal_form": "infinite.regret",
    "regret_matching": "infinite.regret",
    "diffusion": "finite.diffusion",
    "diffusion_coefficients": "finite.diffusion",
    "diffusion_fixation": "finite.diffusion_limit",
    "diffusion_stationary": "finite.diffusion_limit",
    "discrete_replicator": "infinite.trajectories",
    "estimate_fixation": "finite.estimates",
    "estimate_stationary": "finite.estimates",
    "evolutionarily_stable": "infinite.rest",
    "exact_fixation_on_graph": "structured.exact",
    "fixation_in_groups": "structured.groups",
    "fixation_in_groups_limit": "structured.groups",
    "fixation_on_graph": "structured.simulation",
    "fixation_on_star": "structured.exact",
    "fixation_probabilities": "finite.fixation",
    "fixation_probability": "finite.fixation",
    "fixation_sensitivity": "finite.sensitivity",
    "fixation_time": "finite.times",
    "gradient_of_selection": "finite.gradient",
    "graph_by_name": "structured.shapes",
    "graph_from_edges": "structured.graph",
    "group_selection": "structured.named",
    "hierarchical_chain": "finite.hierarchy",
    "invasion_diagram": "finite.invasion",
    "lattice": "structured.shapes",
    "multilevel_critical_ratio": "structured.groups",
    "nash_equilibria": "infinite.rest",
    "random_regular": "structured.shapes",
    "read_graph": "structured.graph",
    "replicator": "infinite.trajectories",
    "rest_points": "infinite.rest",
    "ring": "structured.shapes",
    "scale_free": "structured.shapes",
    "selection_roots": "finite.gradient",
    "sensitivity": "finite.sensitivity",
    "simulate": "finite.simulation",
    "simulate_groups": "structured.groups",
    "simulate_on_graph": "structured.simulation",
    "small_mutation_limit": "finite.small_mutation",
    "small_mutation_limit_two_populations": "finite.two_populations",
    "small_world": "structured.shapes",
    "spatial_replicator": "infinite.spatial",
    "star": "structured.shapes",
    "stationary_distribution": "finite.stationary",
    "stationary_distribution_two_populations": "finite.two_populations",
    "stationary_sensitivity": "finite.sensitivity",
    "stochastic_stability": "finite.invasion",
    "structured_fixation": "structured.named",
    "structured_population": "structured.named",
    "trajectories": "infinite.trajectories",
    "trajectory": "infinite.trajectories",
}

__all__ = sorted(_HOME)

__getattr__, __dir__ = exports(__name__, _HOME)
