"""Continuous traits: singular strategies, the canonical equation, reactive strategies."""

from __future__ import annotations

from functools import partial

from evocoop.bench.laws.record import Law
from evocoop.dynamics import adaptive_dynamics, selection_gradient, singular_strategies
from evocoop.games import ContinuousCommons, ContinuousSnowdrift, ReactiveDilemma

DOEBELI = "Doebeli, Hauert & Killingback 2004, Science 306:859"
BRANCHING = {"benefit": 6.0, "benefit_curvature": -1.4, "cost": 4.56, "cost_curvature": -1.6}
STOPPING = {"benefit": 7.0, "benefit_curvature": -1.5, "cost": 4.6, "cost_curvature": -1.0}


def _singular(parameters: dict[str, float], kind: str) -> float:
    """The singular effort, if it is of that kind and there is proof that it is the only one; else nan."""
    found = singular_strategies(ContinuousSnowdrift(**parameters))
    only = len(found.points) == 1 and found.complete and found.points[0].kind == kind
    return found.points[0].value if only else float("nan")


def _path() -> float:
    return float(adaptive_dynamics(ContinuousSnowdrift(**STOPPING), start=0.1, times=[0.0, 0.25]).final[0, 0])


def _commons() -> float:
    return singular_strategies(ContinuousCommons(yield_alone=4.0, crowding=2.0, cost=1.0)).points[0].value


def _reactive() -> float:
    """How strongly selection pushes p and q where p - q = c/b, mistakes included."""
    game = ReactiveDilemma(temptation=3.0, reward=2.0, punishment=0.0, sucker=-1.0, noise=0.05)
    return float(abs(selection_gradient(game, at=[0.2 + 1 / 2.7, 0.2])).max())


TRAIT_LAWS = (
    Law("deterministic", "continuous snowdrift b2=-1.4, b1=6, c2=-1.6, c1=4.56: branching at (c1-b1)/(4b2-2c2) = 0.6",
        DOEBELI, 0.6, partial(_singular, BRANCHING, "branching point"), 1e-12),
    Law("deterministic", "continuous snowdrift b2=-1.5, b1=7, c2=-1, c1=4.6: evolution stops at 0.6",
        DOEBELI, 0.6, partial(_singular, STOPPING, "continuously stable"), 1e-12),
    Law("deterministic", "its canonical equation dx/dt = 2.4 - 4x from 0.1: 0.6 - exp(-1)/2 at t = 1/4",
        "Dieckmann & Law 1996, J Math Biol 34:579", 0.4160602794142788, _path, 1e-7),
    Law("deterministic", "continuous commons a=4, b=2, c=1: evolution stops at (a-c)/(3b) = 1/2, beyond the best 3/8",
        "Gordon 1954, J Polit Econ 62:124", 0.5, _commons, 1e-12),
    Law("deterministic", "reactive strategies: selection rests where p - q = c/b, mistakes included (largest push)",
        "Nowak & Sigmund 1990, Acta Applicandae Mathematicae 20:247", 0.0, _reactive, 1e-12),
)  # fmt: skip
