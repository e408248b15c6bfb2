"""What an experiment file may ask about the capacities of minds in a coordinated hunt. Data only."""

from __future__ import annotations

from evocoop.core.registry import Entry, Parameter

_POPULATION = Parameter(
    "population_size", "integer", "Z, individuals in the population", default=100, minimum=2, maximum=100_000
)
_SELECTION = Parameter(
    "selection_strength", "number", "beta, how much payoffs count; 0 is chance alone", default=1.0, minimum=0.0
)
_RUNS = Parameter("replicates", "integer", "number of runs, where runs are needed", default=8, minimum=2)
_SEED = Parameter("seed", "integer", "seed of the runs; the cell's own when left out", minimum=0)
_TAGS = ("finite population", "capacities")

CAPACITY_ENTRIES = (
    Entry(
        "ablation",
        "evocoop.hunt.knockouts:ablation",
        "what each capacity of the HumanLike minds carries: each, and each pair, is taken away (coordinated_hunt only)",
        "interaction as departure from additivity: Rothman 1976, Am J Epidemiol 103:506; the measures are ours",
        (
            Parameter("capacities", "names", "those to knock out; all of the hunt's when left out"),
            _POPULATION,
            _SELECTION,
            Parameter(
                "mutation",
                "probability",
                "mu; populations are simulated with it; rare mutation, without sampling, when left out",
            ),
            Parameter(
                "process",
                "string",
                "the update rule of simulated populations",
                default="pairwise",
                choices=(
                    *("pairwise", "pairwise_linear", "imitate_if_better", "moran", "death_birth", "wright_fisher"),
                    "introspection",
                ),
            ),
            Parameter("steps", "integer", "length of a simulated run, half of it burn-in", default=200_000, minimum=2),
            _RUNS,
            Parameter("pairs", "boolean", "whether to knock out pairs", default=True),
            Parameter("prices", "boolean", "whether to look for the price at which each stops paying", default=True),
            Parameter("highest_price", "number", "the highest price tried", default=16.0, minimum=1e-6),
            Parameter("tolerance", "number", "of the price", default=1e-3, minimum=1e-9),
            _SEED,
        ),
        tags=_TAGS,
        check="evocoop.hunt.asked:check_ablation",
    ),
    Entry(
        "capacity_evolution",
        "evocoop.hunt.evolution:evolve",
        "which capacities a population gains and keeps when each can arise on its own (coordinated_hunt only)",
        "Wright 1931, Genetics 16:97; the minds and their hunt are our hypothesis",
        (
            Parameter("capacities", "names", "those that may evolve; all of the hunt's when left out"),
            Parameter("dispositions", "names", "what minds do without capacities", default=("Hare",)),
            Parameter("prices", "table", "capacity = what bearing it costs; the hunt's upkeep for those left out"),
            _POPULATION,
            _SELECTION,
            Parameter("mutation", "probability", "mu, chance that a child gains or loses a capacity", default=0.005),
            Parameter("rounds", "integer", "hunts of everybody in a generation", default=2, minimum=1),
            Parameter("generations", "integer", "how many", default=2000, minimum=1),
            Parameter("burn_in", "integer", "generations that the long run leaves out", default=500, minimum=0),
            Parameter("records", "integer", "points of the recorded paths", default=100, minimum=1, maximum=10_000),
            _RUNS,
            _SEED,
        ),
        tags=(*_TAGS, "simulated"),
        check="evocoop.hunt.asked:check_evolution",
    ),
)
