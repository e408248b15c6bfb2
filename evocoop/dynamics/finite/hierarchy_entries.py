"""What an experiment file may ask about coexistence at small mutation rates. Data only."""

from __future__ import annotations

from evocoop.core.registry import Entry, Parameter

HIERARCHY_ENTRIES = (
    Entry(
        "hierarchical_chain",
        "evocoop.dynamics.finite.hierarchy:hierarchical_chain",
        "who holds the population, alone or two in stable coexistence, when mutants are rare but coexistence lasts",
        "Vasconcelos, Santos, Santos & Pacheco 2017, Physical Review Letters 118:058301",
        (
            Parameter(
                "population_size",
                "integer",
                "Z, individuals in the population",
                required=True,
                minimum=2,
                maximum=10_000,
            ),
            Parameter(
                "selection_strength",
                "number",
                "beta, how much payoffs count; 0 is chance alone",
                required=True,
                minimum=0.0,
            ),
            Parameter(
                "mutation", "probability", "mu, above 0: chance of a random strategy at an update", required=True
            ),
            Parameter(
                "process",
                "string",
                "who changes, and to what: the update rule",
                default="pairwise",
                choices=("pairwise", "pairwise_linear", "moran", "death_birth"),
            ),
            Parameter(
                "fitness",
                "string",
                "how payoff becomes fitness in birth processes: 1 - w + w payoff, or exp(w payoff)",
                default="linear",
                choices=("linear", "exponential"),
            ),
            Parameter(
                "order",
                "integer",
                "how many strategies may coexist, less one: 0 is the plain limit of rare mutations",
                default=1,
                minimum=0,
                maximum=1,
            ),
        ),
        tags=("finite population", "approximate"),
    ),
)
