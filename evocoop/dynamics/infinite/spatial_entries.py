"""The entry of the replicator equation in space in the table of dynamics. Data only."""

from __future__ import annotations

from evocoop.core.registry import Entry, Parameter

SPATIAL_ENTRIES = (
    Entry(
        "spatial_replicator",
        "evocoop.dynamics.infinite.spatial:spatial_replicator",
        "strategies that play where they are and diffuse, on a line or a plane: fronts, waves and patterns",
        "Vickers 1989, Journal of Theoretical Biology 140:129; Fisher 1937, Annals of Eugenics 7:355",
        (
            Parameter(
                "shape",
                "vector",
                "places of a line, [200], or rows and columns of a plane",
                default=(200.0,),
                minimum=1,
            ),
            Parameter("spacing", "number", "distance of places; half of sqrt(D/F) when left out", minimum=1e-12),
            Parameter(
                "diffusion", "vector", "D, one rate for all or one for each strategy", default=(1.0,), minimum=0.0
            ),
            Parameter(
                "start",
                "vector",
                "shares, one per strategy, that the pattern is made of; even when left out",
                minimum=0.0,
                maximum=1.0,
            ),
            Parameter(
                "pattern",
                "string",
                "where strategies are at first: in stripes, a patch of the first, one drawn for each place, even",
                default="front",
                choices=("front", "patch", "random", "even"),
            ),
            Parameter(
                "boundary", "string", "what is beyond the edge", default="no_flux", choices=("no_flux", "periodic")
            ),
            Parameter("time", "number", "how long", default=100.0, minimum=1e-9, maximum=1e6),
            Parameter("step", "number", "longest step in time; chosen when left out", minimum=1e-12),
            Parameter("seed", "integer", "seed of the random pattern; the cell's own when left out", minimum=0),
        ),
        tags=("infinite population",),
        check="evocoop.dynamics.infinite.spatial_grid:check_space",
    ),
)
"""Entries of the table of dynamics; see :mod:`evocoop.dynamics.registry`."""
