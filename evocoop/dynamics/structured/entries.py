"""The structured populations an experiment file may name. Data only."""

from __future__ import annotations

from dataclasses import replace

from evocoop.core.registry import Entry, Parameter

_GRAPH = (
    Parameter(
        "graph",
        "string",
        "who meets whom",
        required=True,
        choices=("ring", "lattice", "complete", "star", "random_regular", "small_world", "scale_free", "edges"),
    ),
    Parameter("nodes", "integer", "individuals on the graph", required=True, minimum=3, maximum=100_000),
    Parameter("degree", "integer", "neighbours of each", default=4, minimum=2, maximum=10_000),
    Parameter("rewiring", "probability", "share of edges led elsewhere in a small world", default=0.1),
    Parameter("graph_seed", "integer", "seed of random graphs", default=0, minimum=0),
    Parameter("edges", "matrix", "a graph of one's own: rows of two nodes, numbered from 0, and perhaps a weight"),
)
_STRENGTH = Parameter(
    "selection_strength", "number", "w or beta, how much payoffs count; 0 is chance alone", required=True, minimum=0.0
)
_FITNESS = Parameter(
    "fitness",
    "string",
    "how payoff becomes fitness: 1 - w + w payoff, or exp(w payoff)",
    default="linear",
    choices=("linear", "exponential"),
)
_RULE = (
    _STRENGTH,
    Parameter(
        "process",
        "string",
        "who changes, and to what: the update rule",
        default="death_birth",
        choices=("birth_death", "death_birth", "pairwise", "imitation"),
    ),
    _FITNESS,
    Parameter("total", "boolean", "add up the payoffs of all games instead of averaging them", default=False),
    Parameter(
        "groups",
        "string",
        "in group games: all groups hosted by a neighbour, or random groups of neighbours",
        default="hosted",
        choices=("hosted", "sampled"),
    ),
)
_MUTATION = Parameter(
    "mutation", "probability", "mu, chance of a random strategy at an update", required=True, minimum=0.0, maximum=1.0
)
_STEPS = Parameter(
    "steps", "integer", "length of a run; one individual may change in a step", default=1_000_000, minimum=1
)
_BURN_IN = Parameter("burn_in", "integer", "steps not counted; a tenth of them when left out", minimum=0)
_RUNS = Parameter("replicates", "integer", "number of runs", default=10, minimum=2, maximum=1_000_000)
_SEED = Parameter("seed", "integer", "seed of the runs; the cell's own when left out", minimum=0)
_MANY = (
    replace(_RUNS, default=10_000),
    Parameter(
        "max_steps", "integer", "a run not over by then is counted as unfinished", default=100_000_000, minimum=1
    ),
    Parameter("mutant", "string", "the strategy of the single mutant; all pairs when left out"),
    Parameter("resident", "string", "the strategy of everybody else; all pairs when left out"),
    _SEED,
)
_GROUPS = (
    Parameter("groups", "integer", "m, number of groups", required=True, minimum=2, maximum=100_000),
    Parameter("group_size", "integer", "n, members of a full group", required=True, minimum=2, maximum=100_000),
    _STRENGTH,
    Parameter("splitting", "probability", "q, chance that a group grown too large divides", default=0.01),
    Parameter("migration", "probability", "chance that an offspring joins another group", default=0.0),
    _FITNESS,
)
_TAGS = ("structured population", "simulated")

STRUCTURED_ENTRIES = (
    Entry(
        "structured_population",
        "evocoop.dynamics.structured.named:structured_population",
        "who holds a graph in the long run, when everybody plays with and learns from the neighbours",
        "Ohtsuki, Hauert, Lieberman & Nowak 2006, Nature 441:502",
        (*_GRAPH, *_RULE, _MUTATION, _STEPS, _BURN_IN, _RUNS, _SEED),
        tags=_TAGS,
    ),
    Entry(
        "structured_fixation",
        "evocoop.dynamics.structured.named:structured_fixation",
        "the chance that one mutant takes over a graph",
        "Lieberman, Hauert & Nowak 2005, Nature 433:312",
        (*_GRAPH, *_RULE, *_MANY),
        tags=_TAGS,
    ),
    Entry(
        "group_selection",
        "evocoop.dynamics.structured.named:group_selection",
        "who holds a population of groups that grow, split and die",
        "Traulsen & Nowak 2006, PNAS 103:10952",
        (*_GROUPS, _MUTATION, _STEPS, _BURN_IN, _RUNS, _SEED),
        tags=_TAGS,
    ),
    Entry(
        "group_fixation",
        "evocoop.dynamics.structured.groups:fixation_in_groups",
        "the chance that one mutant takes over a population of groups",
        "Traulsen & Nowak 2006, PNAS 103:10952",
        (*_GROUPS, *_MANY),
        tags=_TAGS,
    ),
)
"""Entries of the table of dynamics; see :mod:`evocoop.dynamics.registry`."""
