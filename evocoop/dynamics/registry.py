"""The table of dynamics: every name an experiment file may use, its parameters and its source. Data only."""

from __future__ import annotations

from dataclasses import replace

from evocoop.core.registry import Entry, Parameter, Registry

_PROCESSES = (
    "pairwise",
    "pairwise_linear",
    "imitate_if_better",
    "moran",
    "death_birth",
    "wright_fisher",
    "introspection",
)

_POPULATION = Parameter(
    "population_size", "integer", "Z, individuals in the population", required=True, minimum=2, maximum=100_000
)
_SELECTION = Parameter(
    "selection_strength", "number", "beta, how much payoffs count; 0 is chance alone", required=True, minimum=0.0
)
_PROCESS = Parameter(
    "process", "string", "who changes, and to what: the update rule", default="pairwise", choices=_PROCESSES
)
_MUTATION = Parameter(
    "mutation", "probability", "mu, chance of a random strategy at an update", required=True, minimum=0.0, maximum=1.0
)
_FITNESS = Parameter(
    "fitness",
    "string",
    "how payoff becomes fitness in birth processes: 1 - w + w payoff, or exp(w payoff)",
    default="linear",
    choices=("linear", "exponential"),
)
_FINITE = (_POPULATION, _SELECTION, _PROCESS, _FITNESS)
_MUTANT = Parameter("mutant", "string", "the strategy of the single mutant; all pairs when left out")
_RESIDENT = Parameter("resident", "string", "the strategy of everybody else; all pairs when left out")

_FINITE_ENTRIES = (
    Entry(
        "small_mutation_limit",
        "evocoop.dynamics.finite.small_mutation:small_mutation_limit",
        "who holds the population, and for how long, when mutants are so rare that they come one at a time",
        "Fudenberg & Imhof 2006, Journal of Economic Theory 131:251",
        _FINITE,
        tags=("finite population", "exact"),
    ),
    Entry(
        "stationary_distribution",
        "evocoop.dynamics.finite.stationary:stationary_distribution",
        "how long the population spends in each state when mutants keep coming",
        "Traulsen & Hauert 2009, Reviews of Nonlinear Dynamics and Complexity 2:25",
        (_POPULATION, _SELECTION, _MUTATION, _PROCESS, _FITNESS),
        tags=("finite population", "exact"),
    ),
    Entry(
        "fixation_probability",
        "evocoop.dynamics.finite.fixation:fixation_probability",
        "the chance that one mutant takes over",
        "Nowak et al. 2004, Nature 428:646; Traulsen et al. 2006, Physical Review E 74:011909",
        (*_FINITE, _MUTANT, _RESIDENT),
        tags=("finite population", "exact"),
    ),
    Entry(
        "gradient_of_selection",
        "evocoop.dynamics.finite.gradient:gradient_of_selection",
        "which way selection pushes two strategies at every composition of the population",
        "Traulsen et al. 2006, Physical Review E 74:011909",
        (*_FINITE, replace(_MUTATION, required=False, default=0.0)),
        tags=("finite population", "exact"),
    ),
)

DYNAMICS = Registry("dynamics", _FINITE_ENTRIES)
"""All dynamics that an experiment file may name."""
