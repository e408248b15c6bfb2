"""The games of continuous traits an experiment file may name. Data only."""

from __future__ import annotations

from evocoop.core.registry import Entry, Parameter
from evocoop.games.parameters import base_payoffs, number

TRAITS = "continuous traits"
"""The tag of games and dynamics of continuous traits."""
_TAGS = (TRAITS, "two players")
_HOME = "evocoop.games.traits"
_HIGHEST = Parameter("highest", "number", "the highest effort, above 0", default=1.0, minimum=1e-9)
_NOISE = Parameter(
    "noise", "number", "chance that a move is flipped, above 0, at most 1/2", default=0.01, minimum=1e-9, maximum=0.5
)
_QUADRATIC = ("b1, benefit of a first bit of effort", "b2, by which benefits bend", "c1, its cost", "c2, of costs")


def _bent(b1: float, b2: float, c1: float, c2: float) -> tuple[Parameter, ...]:
    return (
        number("benefit", _QUADRATIC[0], b1, None),
        number("benefit_curvature", _QUADRATIC[1], b2, None),
        number("cost", _QUADRATIC[2], c1, None),
        number("cost_curvature", _QUADRATIC[3], c2, None),
        _HIGHEST,
    )


TRAIT_GAMES = (
    Entry(
        "continuous_snowdrift",
        f"{_HOME}:ContinuousSnowdrift",
        "what both put in benefits both, and each bears the cost of its own effort: B(x + y) - C(y)",
        "Doebeli, Hauert & Killingback 2004, Science 306:859",
        _bent(6.0, -1.4, 4.56, -1.6),
        tags=_TAGS,
    ),
    Entry(
        "continuous_donation",
        f"{_HOME}:ContinuousDonation",
        "the continuous prisoner's dilemma: what one puts in benefits the other alone, B(x) - C(y)",
        "Killingback, Doebeli & Knowlton 1999, Proc R Soc B 266:1723",
        _bent(3.0, 0.0, 1.0, 0.0),
        tags=_TAGS,
    ),
    Entry(
        "continuous_commons",
        f"{_HOME}:ContinuousCommons",
        "two harvest one commons: every effort lowers what a unit of effort yields to both",
        "Gordon 1954, J Polit Econ 62:124; Hardin 1968, Science 162:1243",
        (
            number("yield_alone", "a, what a unit of effort yields in an untouched commons", 3.0, None),
            Parameter("crowding", "number", "b, by how much each unit lowers that", default=1.0, minimum=1e-9),
            number("cost", "c, of a unit of effort", 1.0, None),
            Parameter("highest", "number", "the highest effort, above 0", default=2.0, minimum=1e-9),
        ),
        tags=_TAGS,
    ),
    Entry(
        "joint_effort",
        f"{_HOME}:JointEffort",
        "a joint hunt of two whose success rises in an S around a threshold of their total effort",
        "our hypothesis; quadratic success is Doebeli, Hauert & Killingback 2004, Science 306:859",
        (
            number("prize", "V, what each gets of a kill", 4.0, None),
            number("threshold", "M, the total effort at which half of the hunts succeed", 0.8, None),
            Parameter("steepness", "number", "k, how sharp the threshold is", default=4.0, minimum=1e-9),
            number("cost", "c1, of a first bit of effort", 4.0, None),
            number("cost_curvature", "c2, below 0 where setting off costs most", -2.0, None),
            _HIGHEST,
        ),
        tags=_TAGS,
    ),
    Entry(
        "reactive_dilemma",
        f"{_HOME}:ReactiveDilemma",
        "the prisoner's dilemma repeated for ever: traits p and q, cooperation after C and after D",
        "Nowak & Sigmund 1990, Acta Applicandae Mathematicae 20:247",
        (*base_payoffs(3.0, 2.0, 0.0, -1.0), _NOISE),
        tags=(*_TAGS, "repeated"),
    ),
    Entry(
        "memory_one_dilemma",
        f"{_HOME}:MemoryOneDilemma",
        "the prisoner's dilemma repeated for ever: four traits, cooperation after each outcome",
        "Nowak & Sigmund 1993, Nature 364:56; LaPorte, Hilbe & Nowak 2023, PLoS Comput Biol 19:e1010987",
        (*base_payoffs(3.0, 2.0, 0.0, -1.0), _NOISE),
        tags=(*_TAGS, "repeated"),
    ),
)
"""Entries of the table of games; see :mod:`evocoop.games.registry`."""
