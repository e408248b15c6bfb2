"""Populations whose size changes by chance, as experiment files may name them. Data only."""

from __future__ import annotations

from dataclasses import replace

from evocoop.core.registry import Entry, Parameter

_SCALE = Parameter(
    "scale",
    "number",
    "M, room for how many individuals of payoff 1; payoffs must be above 0",
    required=True,
    minimum=1e-6,
    maximum=1e9,
)
_BIRTH = Parameter("birth", "number", "b, rate of births of everybody", default=1.0, minimum=0.0, maximum=1e6)
_DEATH = Parameter(
    "death", "number", "d, rate of deaths without competition; at 0 nobody dies out", default=0.0, minimum=0.0,
    maximum=1e6,
)  # fmt: skip
_MUTATION = Parameter("mutation", "probability", "mu, chance that an offspring has another strategy", default=0.0)
_RUNS = Parameter("replicates", "integer", "number of runs", default=20, minimum=2, maximum=1_000_000)
_SEED = Parameter("seed", "integer", "seed of the runs; the cell's own when left out", minimum=0)
_MOST = Parameter(
    "max_time", "number", "a run not over by then is counted as unfinished", default=10_000.0, minimum=1e-9
)
_TAGS = ("finite population", "simulated", "variable size")
_SOURCE = "Huang, Hauert & Traulsen 2015, PNAS 112:9064"

DEMOGRAPHY_ENTRIES = (
    Entry(
        "demography",
        "evocoop.dynamics.finite.demography:simulate_demography",
        "who holds a population whose size follows from the game: births, deaths, and competition by payoffs",
        _SOURCE,
        (
            _SCALE,
            _BIRTH,
            _DEATH,
            _MUTATION,
            Parameter(
                "start", "vector", "individuals of each strategy at time 0; all alike when left out", minimum=0.0
            ),
            Parameter("time", "number", "length of a run", default=100.0, minimum=1e-9),
            Parameter("burn_in", "number", "time not counted", default=0.0, minimum=0.0),
            _RUNS,
            _SEED,
        ),
        tags=_TAGS,
        check="evocoop.dynamics.changing_asked:check_demography",
    ),
    Entry(
        "demographic_extinction",
        "evocoop.dynamics.finite.demography:demographic_extinction",
        "how long a population of each strategy lasts before it dies out by chance",
        _SOURCE,
        (
            _SCALE,
            _BIRTH,
            replace(_DEATH, summary="d, rate of deaths without competition, above 0", required=True, default=None),
            _MOST,
            replace(_RUNS, default=1000),
            _SEED,
        ),
        tags=_TAGS,
        check="evocoop.dynamics.changing_asked:check_lifetimes",
    ),
    Entry(
        "demographic_fixation",
        "evocoop.dynamics.finite.demography:demographic_fixation",
        "the chance that one mutant outlives the residents of a population whose size changes",
        _SOURCE,
        (
            _SCALE,
            _BIRTH,
            _DEATH,
            Parameter("mutant", "string", "the strategy of the single mutant; all pairs when left out"),
            Parameter("resident", "string", "the strategy of everybody else; all pairs when left out"),
            _MOST,
            replace(_RUNS, default=10_000),
            _SEED,
        ),
        tags=_TAGS,
        check="evocoop.dynamics.changing_asked:check_fixation",
    ),
)
"""Entries of the table of dynamics; see :mod:`evocoop.dynamics.registry`."""
