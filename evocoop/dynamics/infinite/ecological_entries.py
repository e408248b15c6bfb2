"""Large populations whose density changes, as experiment files may name them. Data only."""

from __future__ import annotations

from evocoop.core.registry import Entry, Parameter

_BIRTH = Parameter("birth", "number", "b, rate of births without payoffs", default=1.0, maximum=1e6)
_STARTS = (
    Parameter("starts", "integer", "starting points spread over all densities", default=20, minimum=1, maximum=100_000),
    Parameter("start", "vector", "densities at time 0, one per strategy", minimum=0.0),
)
_SEED = Parameter("seed", "integer", "seed of starting points; the cell's own when left out", minimum=0)
_TAGS = ("infinite population", "variable size")

ECOLOGICAL_ENTRIES = (
    Entry(
        "ecological",
        "evocoop.dynamics.infinite.ecological:ecological",
        "paths of densities where offspring need free places and groups are as large as places are held",
        "Hauert, Holmes & Doebeli 2006, Proceedings of the Royal Society B 273:2565",
        (
            _BIRTH,
            Parameter("death", "number", "d, rate of deaths", default=0.5, minimum=0.0),
            Parameter("alone", "number", "payoff of who meets nobody", default=0.0),
            *_STARTS,
            Parameter("time", "number", "how long paths are followed", default=500.0, minimum=1e-9, maximum=1e6),
            _SEED,
        ),
        tags=_TAGS,
        check="evocoop.dynamics.changing_asked:check_ecological",
    ),
    Entry(
        "competition",
        "evocoop.dynamics.infinite.ecological:competition",
        "paths of densities where who earns more needs less room: competitive Lotka-Volterra equations",
        "Huang, Hauert & Traulsen 2015, PNAS 112:9064",
        (
            _BIRTH,
            Parameter("death", "number", "d, rate of deaths without competition", default=0.0, minimum=0.0),
            *_STARTS,
            Parameter("time", "number", "how long paths are followed", default=100.0, minimum=1e-9, maximum=1e6),
            _SEED,
        ),
        tags=_TAGS,
        check="evocoop.dynamics.changing_asked:check_competition",
    ),
)
"""Entries of the table of dynamics; see :mod:`evocoop.dynamics.registry`."""
