"""The dynamics of continuous traits an experiment file may name. Data only."""

from __future__ import annotations

from evocoop.core.registry import Entry, Parameter
from evocoop.games.trait_entries import TRAITS

_START = Parameter("start", "vector", "traits at time 0, one number each; the middle of their bounds when left out")
_CHECKS = "evocoop.dynamics.trait_checks"

TRAIT_DYNAMICS = (
    Entry(
        "adaptive_dynamics",
        "evocoop.dynamics.infinite.adaptive:adaptive_dynamics",
        "paths of traits under small, rare mutations: the canonical equation",
        "Dieckmann & Law 1996, J Math Biol 34:579",
        (
            Parameter(
                "starts",
                "integer",
                "starting points spread over the bounds, unless start is given",
                default=10,
                minimum=1,
                maximum=10_000,
            ),
            Parameter("start", "vector", "traits at time 0, one number each"),
            Parameter("time", "number", "how long paths are followed", default=100.0, minimum=1e-9, maximum=1e6),
            Parameter("covariance", "vector", "of mutations: one number for all traits, or one each", default=(1.0,)),
        ),
        tags=(TRAITS, "infinite population"),
        check=f"{_CHECKS}:check_path",
    ),
    Entry(
        "singular_strategies",
        "evocoop.dynamics.infinite.singular:singular_strategies",
        "where selection ceases to push one trait, and whether evolution stops or splits there",
        "Geritz, Kisdi, Meszena & Metz 1998, Evol Ecol 12:35",
        (Parameter("grid", "integer", "points, where the payoff is no polynomial", default=2001, minimum=3),),
        tags=(TRAITS, "infinite population", "exact"),
        check=f"{_CHECKS}:check_one_trait",
    ),
    Entry(
        "pairwise_invasibility",
        "evocoop.dynamics.infinite.adaptive:pairwise_invasibility",
        "which mutants can invade which residents, of one trait",
        "van Tienderen & de Jong 1986, J Theor Biol 122:69; Geritz et al. 1998, Evol Ecol 12:35",
        (Parameter("grid", "integer", "values of the trait", default=51, minimum=2, maximum=501),),
        tags=(TRAITS, "infinite population", "exact"),
        check=f"{_CHECKS}:check_one_trait",
    ),
    Entry(
        "trait_simulation",
        "evocoop.dynamics.finite.trait_simulation:trait_simulation",
        "finite populations of individuals whose traits evolve, and may split",
        "Doebeli, Hauert & Killingback 2004, Science 306:859; Champagnat et al. 2006, Theor Popul Biol 69:297",
        (
            Parameter("population_size", "integer", "Z, individuals", required=True, minimum=2, maximum=100_000),
            Parameter("selection_strength", "number", "beta; 0 is chance alone", required=True, minimum=0.0),
            Parameter("mutation", "probability", "mu, chance of a mutation", default=0.01, minimum=0.0, maximum=1.0),
            Parameter("mutation_size", "number", "sigma, standard deviation of its step", default=0.02, minimum=0.0),
            Parameter("generations", "integer", "how many", default=5000, minimum=1),
            Parameter(
                "process",
                "string",
                "whole generations, or one individual after the other",
                default="wright_fisher",
                choices=("wright_fisher", "pairwise"),
            ),
            _START,
            Parameter("records", "integer", "recorded populations", default=50, minimum=2, maximum=1000),
            Parameter("bins", "integer", "of the histograms", default=50, minimum=2, maximum=500),
            Parameter("replicates", "integer", "number of runs", default=4, minimum=1, maximum=1000),
            Parameter("seed", "integer", "seed of the runs; the cell's own when left out", minimum=0),
        ),
        tags=(TRAITS, "finite population", "simulated"),
        check=f"{_CHECKS}:check_simulation",
    ),
)
"""Entries of the table of dynamics; see :mod:`evocoop.dynamics.registry`."""
