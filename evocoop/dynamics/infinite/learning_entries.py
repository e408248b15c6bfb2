"""The entries of learning from play in the table of dynamics. Data only."""

from __future__ import annotations

from evocoop.core.registry import Entry, Parameter

_ROUNDS = Parameter("rounds", "integer", "how many rounds", default=10_000, minimum=1, maximum=1_000_000_000)

LEARNING_ENTRIES = (
    Entry(
        "fictitious_play",
        "evocoop.dynamics.infinite.fictitious:fictitious_play",
        "best replies, or noisy ones, to everything that has been played so far; shares are beliefs, time is rounds",
        "Brown 1951, Activity Analysis of Production and Allocation, 374; Fudenberg & Kreps 1993, GEB 5:320",
        (
            _ROUNDS,
            Parameter(
                "starts", "integer", "starting beliefs spread over the simplex", default=20, minimum=1, maximum=100_000
            ),
            Parameter(
                "start",
                "vector",
                "beliefs before the first round, one per strategy, summing to 1",
                minimum=0.0,
                maximum=1.0,
            ),
            Parameter("weight", "number", "rounds that starting beliefs count for, above 0", default=1.0, minimum=1e-9),
            Parameter("noise", "number", "eta of logit replies; 0 is the best reply", default=0.0, minimum=0.0),
            Parameter(
                "ties",
                "string",
                "what is played among equals",
                default="first",
                choices=("first", "last", "stay", "random"),
            ),
            Parameter("seed", "integer", "seed of noise, ties and starts; the cell's own when left out", minimum=0),
        ),
        tags=("infinite population",),
        check="evocoop.dynamics.asked:check_start",
    ),
    Entry(
        "regret_matching",
        "evocoop.dynamics.infinite.regret:regret_matching",
        "players who switch to what they regret not having played; time is rounds, play tends to correlated equilibria",
        "Hart & Mas-Colell 2000, Econometrica 68:1127",
        (
            _ROUNDS,
            Parameter(
                "regret",
                "string",
                "for not having played another strategy always, or whenever a given one was played",
                default="internal",
                choices=("internal", "external"),
            ),
            Parameter("inertia", "number", "mu over its least value, above 1", default=2.0, minimum=1.000001),
            Parameter("replicates", "integer", "number of runs", default=10, minimum=2, maximum=1_000_000),
            Parameter("seed", "integer", "seed of the runs; the cell's own when left out", minimum=0),
        ),
        tags=("infinite population",),
    ),
    Entry(
        "quantal_response",
        "evocoop.dynamics.infinite.quantal:quantal_response",
        "the equilibrium of noisy best replies, from even shares down to no noise; time is 1/noise",
        "McKelvey & Palfrey 1995, Games and Economic Behavior 10:6",
        (
            Parameter("noise", "vector", "eta at which it is given, above 0; every step when left out", minimum=1e-12),
            Parameter(
                "lowest",
                "number",
                "least eta of the steps, above 0; a thousandth of payoff differences when left out",
                minimum=1e-12,
            ),
        ),
        tags=("infinite population",),
    ),
)
"""Entries of the table of dynamics; see :mod:`evocoop.dynamics.registry`."""
