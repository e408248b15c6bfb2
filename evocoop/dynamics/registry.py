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

_START = Parameter("start", "vector", "shares at time 0, one per strategy, summing to 1")
_STARTS = Parameter(
    "starts", "integer", "starting points spread over the simplex", default=20, minimum=1, maximum=100_000
)
_TIME = Parameter("time", "number", "how long paths are followed", default=100.0, minimum=1e-9, maximum=1e6)
_NOISE = Parameter("noise", "number", "eta, noise of the logit dynamics, above 0", default=0.1, minimum=1e-6)
_MUTANTS = Parameter(
    "mutation", "probability", "of the replicator-mutator dynamic", default=0.01, minimum=0.0, maximum=1.0
)
_SEED = Parameter("seed", "integer", "seed of starting points; the cell's own when left out", minimum=0)
_KIND = Parameter(
    "dynamic",
    "string",
    "which of the deterministic dynamics",
    default="replicator",
    choices=(
        "replicator",
        "maynard_smith",
        "imitative_logit",
        "replicator_mutator",
        "logit",
        "best_response",
        "smith",
        "bnn",
        "projection",
        "best_experienced_payoff",
    ),
)
_SANDHOLM = "Sandholm 2010, Population Games and Evolutionary Dynamics, MIT Press"

_INFINITE_ENTRIES = (
    Entry(
        "replicator",
        "evocoop.dynamics.infinite.trajectories:replicator",
        "paths of the replicator equation: what earns more than the mean grows",
        "Taylor & Jonker 1978, Mathematical Biosciences 40:145",
        (_STARTS, _START, _TIME, _SEED),
        tags=("infinite population",),
    ),
    Entry(
        "logit",
        "evocoop.dynamics.infinite.trajectories:logit",
        "paths of the logit dynamic: everybody turns to the better strategies, with noise",
        "Fudenberg & Levine 1998, The Theory of Learning in Games, MIT Press",
        (_NOISE, _STARTS, _START, _TIME, _SEED),
        tags=("infinite population",),
    ),
    Entry(
        "trajectory",
        "evocoop.dynamics.infinite.trajectories:trajectory",
        "paths of any of the deterministic dynamics",
        _SANDHOLM,
        (_KIND, _STARTS, _START, _TIME, _NOISE, _MUTANTS, _SEED),
        tags=("infinite population",),
    ),
    Entry(
        "discrete_replicator",
        "evocoop.dynamics.infinite.trajectories:discrete_replicator",
        "the replicator map, generation after generation",
        "Maynard Smith 1982, Evolution and the Theory of Games, appendix D",
        (
            _STARTS,
            _START,
            Parameter("generations", "integer", "how many", default=100, minimum=1, maximum=1_000_000),
            Parameter("background", "number", "w, fitness that everybody has", default=0.0),
            _SEED,
        ),
        tags=("infinite population",),
    ),
    Entry(
        "rest_points",
        "evocoop.dynamics.infinite.rest:rest_points",
        "where nothing changes any more, and whether it is stable",
        "Hofbauer & Sigmund 1998, Evolutionary Games and Population Dynamics",
        (_KIND, _NOISE, _MUTANTS, _SEED),
        tags=("infinite population",),
    ),
    Entry(
        "basins",
        "evocoop.dynamics.infinite.basins:basins",
        "how much of all starting points ends where",
        "Skyrms 2004, The Stag Hunt and the Evolution of Social Structure, Cambridge University Press",
        (
            _KIND,
            Parameter(
                "starts",
                "integer",
                "starting points, for three and more strategies",
                default=2000,
                minimum=1,
                maximum=1_000_000,
            ),
            Parameter("time", "number", "how long each is followed", default=1000.0, minimum=1e-9, maximum=1e6),
            _NOISE,
            _MUTANTS,
            _SEED,
        ),
        tags=("infinite population",),
    ),
)

DYNAMICS = Registry("dynamics", (*_FINITE_ENTRIES, *_INFINITE_ENTRIES))
"""All dynamics that an experiment file may name."""
