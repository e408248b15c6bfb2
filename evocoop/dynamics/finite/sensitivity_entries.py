"""What an experiment file may ask about derivatives: what would change the answer. Data only."""

from __future__ import annotations

from evocoop.core.registry import Entry, Parameter

SMOOTH = ("pairwise", "pairwise_linear", "moran", "death_birth", "wright_fisher", "introspection")
"""Update rules that have derivatives."""
ONE_MUTANT = ("pairwise", "pairwise_linear", "moran", "death_birth")
"""Those of them under which a single mutant takes over or vanishes, one individual at a time."""
MOST_SLOPES = 20_000_000
"""States times states, or times payoffs, up to which the derivatives of every state are solved."""

_POPULATION = Parameter(
    "population_size", "integer", "Z, individuals in the population", required=True, minimum=2, maximum=100_000
)
_SELECTION = Parameter(
    "selection_strength", "number", "beta, how much payoffs count; 0 is chance alone", required=True, minimum=0.0
)
_PROCESS = Parameter(
    "process", "string", "the update rule; those that jump have no derivatives", default="pairwise", choices=SMOOTH
)
_FITNESS = Parameter(
    "fitness",
    "string",
    "how payoff becomes fitness in birth processes: 1 - w + w payoff, or exp(w payoff)",
    default="linear",
    choices=("linear", "exponential"),
)
_SCHWEITZER = "Schweitzer 1968, Journal of Applied Probability 5:401"
_TAGS = ("finite population", "exact", "derivatives")

SENSITIVITY_ENTRIES = (
    Entry(
        "sensitivity",
        "evocoop.dynamics.finite.sensitivity:sensitivity",
        "what would change the long-run shares: derivatives by payoffs, parameters, selection strength and mutation",
        _SCHWEITZER,
        (
            _POPULATION,
            _SELECTION,
            Parameter("mutation", "probability", "mu, above 0; the limit of rare mutations when left out", maximum=1.0),
            _PROCESS,
            _FITNESS,
        ),
        tags=_TAGS,
        check="evocoop.dynamics.asked:check_sensitivity",
    ),
    Entry(
        "fixation_sensitivity",
        "evocoop.dynamics.finite.sensitivity:fixation_sensitivity",
        "what would change the chance that one mutant takes over: derivatives of its logarithm",
        "Traulsen, Nowak & Pacheco 2006, Physical Review E 74:011909 (term by term)",
        (
            _POPULATION,
            _SELECTION,
            Parameter(
                "process",
                "string",
                "the update rule: one that changes one individual at a time and does not jump",
                default="pairwise",
                choices=ONE_MUTANT,
            ),
            _FITNESS,
            Parameter("mutant", "string", "the strategy of the single mutant; all pairs when left out"),
            Parameter("resident", "string", "the strategy of everybody else; all pairs when left out"),
        ),
        tags=_TAGS,
        check="evocoop.dynamics.asked:check_fixation_sensitivity",
    ),
    Entry(
        "stationary_sensitivity",
        "evocoop.dynamics.finite.sensitivity:stationary_sensitivity",
        "what would change the time spent in each state of the population: derivatives of every probability",
        _SCHWEITZER,
        (
            _POPULATION,
            _SELECTION,
            Parameter("mutation", "probability", "mu, above 0", required=True, maximum=1.0),
            _PROCESS,
            _FITNESS,
        ),
        tags=_TAGS,
        check="evocoop.dynamics.asked:check_stationary_sensitivity",
    ),
)
"""Entries of the table of dynamics; see :mod:`evocoop.dynamics.registry`."""
