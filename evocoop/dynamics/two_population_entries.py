"""The dynamics of two populations an experiment file may name. Data only."""

from __future__ import annotations

from dataclasses import replace

from evocoop.core.registry import Entry, Parameter
from evocoop.games.two_population_entries import TWO_POPULATIONS

_PROCESSES = ("pairwise", "pairwise_linear", "imitate_if_better", "moran", "death_birth")
_POPULATION = Parameter(
    "population_size", "integer", "Z, individuals in each population", required=True, minimum=2, maximum=100_000
)
_SELECTION = Parameter(
    "selection_strength", "number", "beta, how much payoffs count; 0 is chance alone", required=True, minimum=0.0
)
_PROCESS = Parameter(
    "process",
    "string",
    "who changes, and to what, within each population",
    default="pairwise",
    choices=(*_PROCESSES, "wright_fisher"),
)
_FITNESS = Parameter(
    "fitness",
    "string",
    "how payoff becomes fitness in birth processes: 1 - w + w payoff, or exp(w payoff)",
    default="linear",
    choices=("linear", "exponential"),
)
_FINITE = (TWO_POPULATIONS, "finite population", "exact")

TWO_POPULATION_DYNAMICS = (
    Entry(
        "replicator_two_populations",
        "evocoop.dynamics.infinite.two_populations:replicator_two_populations",
        "paths of two infinite populations that play against each other and learn each among its own",
        "Taylor 1979, Journal of Applied Probability 16:76; Hofbauer & Sigmund 1998, chapter 10",
        (
            Parameter(
                "dynamic",
                "string",
                "which of the deterministic dynamics",
                default="replicator",
                choices=(
                    *("replicator", "maynard_smith_replicator", "imitative_logit", "logit", "best_response", "smith"),
                    *("bnn", "projection", "best_experienced_payoff"),
                ),
            ),
            Parameter(
                "starts",
                "integer",
                "starting points spread over both simplices",
                default=20,
                minimum=1,
                maximum=100_000,
            ),
            Parameter(
                "first_start",
                "vector",
                "shares of the first population at time 0; even when left out",
                minimum=0.0,
                maximum=1.0,
            ),
            Parameter(
                "second_start",
                "vector",
                "shares of the second population at time 0; even when left out",
                minimum=0.0,
                maximum=1.0,
            ),
            Parameter("time", "number", "how long paths are followed", default=100.0, minimum=1e-9, maximum=1e6),
            Parameter("noise", "number", "eta, noise of the logit dynamics, above 0", default=0.1, minimum=1e-6),
            Parameter("seed", "integer", "seed of starting points; the cell's own when left out", minimum=0),
        ),
        tags=(TWO_POPULATIONS, "infinite population"),
        check="evocoop.dynamics.asked:check_two_populations_path",
    ),
    Entry(
        "rest_points_two_populations",
        "evocoop.dynamics.infinite.two_populations:rest_points_two_populations",
        "where two infinite populations rest under the replicator, and whether that is stable",
        "Hofbauer & Sigmund 1998, Evolutionary Games and Population Dynamics, chapter 10",
        tags=(TWO_POPULATIONS, "infinite population"),
        check="evocoop.dynamics.asked:check_two_populations_rest",
    ),
    Entry(
        "small_mutation_limit_two_populations",
        "evocoop.dynamics.finite.two_populations:small_mutation_limit_two_populations",
        "how long two finite populations spend in each pair of strategies when mutants come one at a time",
        "Veller & Hayward 2016, Journal of Economic Theory 162:93",
        (_POPULATION, _SELECTION, _PROCESS, _FITNESS),
        tags=_FINITE,
    ),
    Entry(
        "stationary_distribution_two_populations",
        "evocoop.dynamics.finite.two_populations:stationary_distribution_two_populations",
        "how long two finite populations spend in each state when mutants keep coming",
        "Traulsen, Claussen & Hauert 2005, Physical Review Letters 95:238701",
        (
            _POPULATION,
            _SELECTION,
            Parameter("mutation", "probability", "mu, chance of a random strategy at an update", required=True),
            replace(_PROCESS, choices=(*_PROCESSES, "introspection")),
            _FITNESS,
        ),
        tags=_FINITE,
        check="evocoop.dynamics.asked:check_two_populations_states",
    ),
)
"""Entries of the table of dynamics; see :mod:`evocoop.dynamics.registry`."""
