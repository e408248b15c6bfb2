"""The table of dynamics: every name an experiment file may use, its parameters and its source. Data only."""

from __future__ import annotations

from dataclasses import replace

from evocoop.core.registry import Entry, Parameter, Registry
from evocoop.dynamics.capacity_entries import CAPACITY_ENTRIES
from evocoop.dynamics.finite.demography_entries import DEMOGRAPHY_ENTRIES
from evocoop.dynamics.finite.diffusion_entries import diffusion_entries
from evocoop.dynamics.finite.hierarchy_entries import HIERARCHY_ENTRIES
from evocoop.dynamics.finite.sensitivity_entries import SENSITIVITY_ENTRIES
from evocoop.dynamics.infinite.ecological_entries import ECOLOGICAL_ENTRIES
from evocoop.dynamics.infinite.learning_entries import LEARNING_ENTRIES
from evocoop.dynamics.infinite.spatial_entries import SPATIAL_ENTRIES
from evocoop.dynamics.structured.entries import STRUCTURED_ENTRIES
from evocoop.dynamics.structured.network_entries import NETWORK_ENTRIES
from evocoop.dynamics.trait_entries import TRAIT_DYNAMICS
from evocoop.dynamics.two_population_entries import TWO_POPULATION_DYNAMICS

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
_REPLICATES = Parameter("replicates", "integer", "number of runs", default=20, minimum=2, maximum=1_000_000)
_RUNS = (
    Parameter("steps", "integer", "length of a run; one individual may change in a step", default=100_000, minimum=1),
    Parameter("burn_in", "integer", "steps not counted", default=0, minimum=0),
    _REPLICATES,
)
_RUN_SEED = Parameter("seed", "integer", "seed of the runs; the cell's own when left out", minimum=0)

_FINITE_ENTRIES = (
    Entry(
        "small_mutation_limit",
        "evocoop.dynamics.finite.small_mutation:small_mutation_limit",
        "who holds the population, and for how long, when mutants are so rare that they come one at a time",
        "Fudenberg & Imhof 2006, Journal of Economic Theory 131:251",
        (
            *_FINITE,
            replace(
                _MUTATION, required=False, summary="mu; when given, refused unless it is below the bound of the limit"
            ),
        ),
        behaviour_version=2,
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
    Entry(
        "fixation_time",
        "evocoop.dynamics.finite.times:fixation_time",
        "how long it takes until one of two strategies has taken over",
        "Altrock & Traulsen 2009, New Journal of Physics 11:013012",
        (*_FINITE, _MUTANT, _RESIDENT),
        tags=("finite population", "exact"),
    ),
    Entry(
        "simulate",
        "evocoop.dynamics.finite.simulation:simulate",
        "runs of a finite population, step by step",
        "Traulsen & Hauert 2009, Reviews of Nonlinear Dynamics and Complexity 2:25",
        (*_FINITE, replace(_MUTATION, required=False, default=0.0), *_RUNS, _RUN_SEED),
        tags=("finite population", "simulated"),
    ),
    Entry(
        "estimate_stationary",
        "evocoop.dynamics.finite.estimates:estimate_stationary",
        "how long the population spends in each state, estimated from runs",
        "Traulsen & Hauert 2009, Reviews of Nonlinear Dynamics and Complexity 2:25",
        (*_FINITE, _MUTATION, *_RUNS, _RUN_SEED),
        tags=("finite population", "simulated"),
    ),
    Entry(
        "estimate_fixation",
        "evocoop.dynamics.finite.estimates:estimate_fixation",
        "the chance that one mutant takes over, and how long it takes, from runs; unfinished ones are counted",
        "Nowak et al. 2004, Nature 428:646; interval of Wilson 1927",
        (
            *_FINITE,
            replace(_REPLICATES, default=10_000),
            Parameter(
                "max_steps", "integer", "a run not over by then is counted as unfinished", default=10_000_000, minimum=1
            ),
            _MUTANT,
            _RESIDENT,
            _RUN_SEED,
        ),
        tags=("finite population", "simulated"),
    ),
    *diffusion_entries(_FINITE, replace(_MUTATION, required=False, default=0.0), (_MUTANT, _RESIDENT), _RUN_SEED),
)

_START = Parameter("start", "vector", "shares at time 0, one per strategy, summing to 1", minimum=0.0, maximum=1.0)
_STARTS = Parameter(
    "starts", "integer", "starting points spread over the simplex", default=20, minimum=1, maximum=100_000
)
_TIME = Parameter("time", "number", "how long paths are followed", default=100.0, minimum=1e-9, maximum=1e6)
_NOISE = Parameter("noise", "number", "eta, noise of the logit dynamics, above 0", default=0.1, minimum=1e-6)
_MUTANTS = Parameter(
    "mutation", "probability", "of the replicator-mutator dynamic", default=0.01, minimum=0.0, maximum=1.0
)
_TRIALS = Parameter("trials", "integer", "how often each strategy is tried", default=1, minimum=1, maximum=100)
_SEED = Parameter("seed", "integer", "seed of starting points; the cell's own when left out", minimum=0)
DETERMINISTIC = (
    "replicator",
    "maynard_smith_replicator",
    "imitative_logit",
    "replicator_mutator",
    "logit",
    "best_response",
    "smith",
    "bnn",
    "projection",
    "best_experienced_payoff",
)
"""Dynamics in continuous time, each a name of its own."""
_KIND = Parameter(
    "dynamic", "string", "which of the deterministic dynamics", default="replicator", choices=DETERMINISTIC
)
_SANDHOLM = "Sandholm 2010, Population Games and Evolutionary Dynamics, MIT Press"

_FAMILY: tuple[tuple[str, str, str, tuple[Parameter, ...]], ...] = (
    (
        "maynard_smith_replicator",
        "the replicator equation with growth relative to mean payoff; payoffs above 0",
        "Maynard Smith 1982, Evolution and the Theory of Games, appendix D",
        (),
    ),
    (
        "imitative_logit",
        "imitators choose by logit among the strategies they see",
        "Weibull 1995, MIT Press",
        (_NOISE,),
    ),
    (
        "replicator_mutator",
        "the replicator equation with offspring of other strategies",
        "Page & Nowak 2002, Journal of Theoretical Biology 219:93",
        (_MUTANTS,),
    ),
    (
        "logit",
        "paths of the logit dynamic: everybody turns to the better strategies, with noise",
        "Fudenberg & Levine 1998, The Theory of Learning in Games, MIT Press",
        (_NOISE,),
    ),
    ("best_response", "everybody turns to the best replies", "Gilboa & Matsui 1991, Econometrica 59:859", ()),
    ("smith", "pairwise comparison of all strategies", "Smith 1984, Transportation Science 18:245", ()),
    ("bnn", "what earns more than the mean is taken up", "Brown & von Neumann 1950, Theory of Games I:73", ()),
    ("projection", "shares move the way payoffs point", "Lahkar & Sandholm 2008, Games Econ Behav 64:565", ()),
    (
        "best_experienced_payoff",
        "everybody tries each strategy k times and keeps what did best",
        "Sandholm, Izquierdo & Izquierdo 2019, Theoretical Economics 14:1377",
        (_TRIALS,),
    ),
)

_INFINITE_ENTRIES = (
    Entry(
        "replicator",
        "evocoop.dynamics.infinite.trajectories:replicator",
        "paths of the replicator equation: what earns more than the mean grows",
        "Taylor & Jonker 1978, Mathematical Biosciences 40:145",
        (_STARTS, _START, _TIME, _SEED),
        tags=("infinite population",),
        behaviour_version=2,
        check="evocoop.dynamics.asked:check_start",
    ),
    *(
        Entry(
            name,
            f"evocoop.dynamics.infinite.family:{name}",
            summary,
            citation,
            (*own, _STARTS, _START, _TIME, _SEED),
            tags=("infinite population",),
            behaviour_version=2,
            check="evocoop.dynamics.asked:check_start",
        )
        for name, summary, citation, own in _FAMILY
    ),
    Entry(
        "trajectory",
        "evocoop.dynamics.infinite.trajectories:trajectory",
        "paths of any of the deterministic dynamics in continuous time",
        _SANDHOLM,
        (_KIND, _STARTS, _START, _TIME, _NOISE, _MUTANTS, _SEED),
        tags=("infinite population",),
        behaviour_version=2,
        check="evocoop.dynamics.asked:check_start",
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
        check="evocoop.dynamics.asked:check_start",
    ),
    Entry(
        "rest_points",
        "evocoop.dynamics.infinite.rest:rest_points",
        "where nothing changes any more, and whether it is stable",
        "Hofbauer & Sigmund 1998, Evolutionary Games and Population Dynamics",
        (_KIND, _NOISE, _MUTANTS, _SEED),
        tags=("infinite population",),
        behaviour_version=2,
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
        behaviour_version=2,
    ),
    *SPATIAL_ENTRIES,
    *LEARNING_ENTRIES,
)

DYNAMICS = Registry(
    "dynamics",
    (
        *(*_FINITE_ENTRIES, *HIERARCHY_ENTRIES, *SENSITIVITY_ENTRIES, *_INFINITE_ENTRIES, *TWO_POPULATION_DYNAMICS),
        *(*STRUCTURED_ENTRIES, *NETWORK_ENTRIES, *ECOLOGICAL_ENTRIES, *DEMOGRAPHY_ENTRIES, *CAPACITY_ENTRIES),
        *TRAIT_DYNAMICS,
    ),
)
"""All dynamics that an experiment file may name."""
