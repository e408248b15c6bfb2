"""Networks that change with the strategies on them, as experiment files may name them. Data only."""

from __future__ import annotations

from dataclasses import replace

from evocoop.core.registry import Entry, Parameter
from evocoop.dynamics.structured.entries import STRUCTURED_ENTRIES

_KNOWN = {parameter.name: parameter for parameter in STRUCTURED_ENTRIES[0].parameters}

NETWORK_ENTRIES = (
    Entry(
        "dynamic_network",
        "evocoop.dynamics.structured.rewiring:dynamic_network",
        "who holds a network whose members may leave partners for others",
        "Santos, Pacheco & Lenaerts 2006, PLoS Computational Biology 2:e140",
        (
            *(_KNOWN[name] for name in ("graph", "nodes", "degree", "rewiring", "graph_seed", "edges")),
            replace(_KNOWN["selection_strength"], summary="beta, how much payoffs count; 0 is chance alone"),
            Parameter(
                "rewiring_speed",
                "number",
                "W, looks at links for each look at a strategy; 0 is a fixed network",
                required=True,
                minimum=0.0,
                maximum=1e6,
            ),
            Parameter(
                "adverse",
                "matrix",
                "1 where a strategy (row) would leave a partner of another (column), else 0; those that pay it less "
                "than the average when left out",
            ),
            Parameter("total", "boolean", "add up the payoffs of all links instead of averaging them", default=True),
            replace(_KNOWN["mutation"], required=False, default=0.0),
            replace(_KNOWN["steps"], summary="length of a run, in looks at strategies", default=100_000),
            *(_KNOWN[name] for name in ("burn_in", "replicates", "seed")),
        ),
        tags=("structured population", "simulated"),
        check="evocoop.dynamics.changing_asked:check_network",
    ),
)
"""Entries of the table of dynamics; see :mod:`evocoop.dynamics.registry`."""
