"""Infinite populations: paths, periods, rest points and their stability."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from evocoop.bench.laws.record import Law
from evocoop.bench.laws.traits import TRAIT_LAWS
from evocoop.dynamics import basins, best_response, replicator, rest_points

ROCK_PAPER_SCISSORS = ((0.0, -1.0, 1.0), (1.0, 0.0, -1.0), (-1.0, 1.0, 0.0))
START = (0.5, 0.3, 0.2)
HOFBAUER = "Hofbauer & Sigmund 1998, Evolutionary Games and Population Dynamics"
SHAPLEY = "Gaunersdorfer & Hofbauer 1995, Games and Economic Behavior 11:279"
ZERO_SUM = "Hofbauer & Sigmund 1998, Evolutionary Games and Population Dynamics, section 8.4"
LOGIT = "Fudenberg & Levine 1998, The Theory of Learning in Games; rest points of the logit dynamic"


def _path(time: float, position: int) -> float:
    path = replicator(ROCK_PAPER_SCISSORS, start=START, times=(0.0, time))
    return float(path.shares[0, -1, position])


def _drift() -> float:
    path = replicator(ROCK_PAPER_SCISSORS, start=START, times=np.linspace(0.0, 1000.0, 101))
    return float(np.abs(np.log(path.shares[0]).sum(axis=1) - np.log(0.03)).max())


def _return() -> float:
    """Largest distance from the start after one period, int dt over the closed orbit x1 x2 x3 = 0.03."""
    path = replicator(ROCK_PAPER_SCISSORS, start=START, times=(0.0, 11.3982594818))
    return float(np.abs(path.shares[0, -1] - START).max())


def _time_average() -> float:
    """Mean share of the first strategy over one period, by the rule of equal weights (exact for periodic paths)."""
    times = np.linspace(0.0, 11.3982594818, 129)
    path = replicator(ROCK_PAPER_SCISSORS, start=START, times=times)
    return float(path.shares[0, :-1, 0].mean())


def _eigenvalue(win: float, lose: float, part: str) -> float:
    game = ((0.0, -lose, win), (win, 0.0, -lose), (-lose, win, 0.0))
    centre = next(p for p in rest_points(game).points if min(p.shares) > 0.1)
    return float(max(getattr(complex(value), part) for value in centre.eigenvalues))


def _count(payoffs: Any, **options: Any) -> float:
    return float(len(rest_points(payoffs, **options).points))


def _proved(payoffs: Any, **options: Any) -> float:
    """How many rest points there are, with proof; nan without."""
    found = rest_points(payoffs, **options)
    return float(len(found.points)) if found.complete else float("nan")


def _constant_advantage() -> float:
    path = replicator(((0.5, 0.5), (0.0, 0.0)), start=(0.1, 0.9), times=(0.0, 5.0))
    return float(path.shares[0, -1, 0])


def _stag_basin() -> float:
    result = basins(((4.0, 0.0), (3.0, 3.0)))
    return float(dict(zip(result.attractors, result.shares, strict=True)).get("0", np.nan))


def _shapley_side(win: float, lose: float) -> float:
    """Distance from the next corner of the Shapley triangle after ln(lose/win), starting at a corner."""
    game = ((0.0, -lose, win), (win, 0.0, -lose), (-lose, win, 0.0))
    q = win / lose
    corner = np.array([q * q, q, 1.0]) / (1.0 + q + q * q)
    path = best_response(game, start=corner, times=(0.0, np.log(1.0 / q)))
    return float(np.abs(path.final[0] - corner[[2, 0, 1]]).max())


def _best_payoff(win: float, lose: float, time: float) -> float:
    """The highest payoff at a time, relative to that at first, from (0.5, 0.3, 0.2)."""
    game = np.array(((0.0, -lose, win), (win, 0.0, -lose), (-lose, win, 0.0)))
    path = best_response(game, start=START, times=(0.0, time))
    first, last = (path.shares[0] @ game.T).max(axis=1)
    return float(last / first)


def _coordination_basin() -> float:
    """The basin of the third corner of diag(1,2,3)."""
    result = basins(np.diag([1.0, 2.0, 3.0]), starts=500)
    return float(dict(zip(result.attractors, result.shares, strict=True)).get("2", np.nan))


def _rock_paper_scissors() -> list[Law]:
    rows = (
        (10.0, 0, 0.505043483),
        (10.0, 1, 0.204528724),
        (50.0, 2, 0.358089949),
    )
    return [
        Law("deterministic", f"rock-paper-scissors from (0.5,0.3,0.2): share {i + 1} at t={t:g}", HOFBAUER, value,
            partial(_path, t, i), 5e-9)
        for t, i, value in rows
    ]  # fmt: skip


LAWS = (
    *_rock_paper_scissors(),
    Law("deterministic", "rock-paper-scissors: ln(x1 x2 x3) is conserved to t=1000 (largest drift)", HOFBAUER,
        0.0, _drift, 1e-9),
    Law("deterministic", "rock-paper-scissors from (0.5,0.3,0.2) is back after 11.3982594818 (distance)", HOFBAUER,
        0.0, _return, 1e-9),
    Law("deterministic", "rock-paper-scissors: the time average over a period is 1/3", HOFBAUER,
        1 / 3, _time_average, 1e-9),
    Law("deterministic", "generalised rock-paper-scissors, win 2, lose 1: real part -(a-b)/6 at the centre", HOFBAUER,
        -1 / 6, partial(_eigenvalue, 2.0, 1.0, "real"), 1e-9),
    Law("deterministic", "the same: imaginary part (a+b)/(2 sqrt 3)", HOFBAUER,
        3 / (2 * 3**0.5), partial(_eigenvalue, 2.0, 1.0, "imag"), 1e-9),
    Law("deterministic", "generalised rock-paper-scissors, win 1, lose 2: real part +1/6, unstable", HOFBAUER,
        1 / 6, partial(_eigenvalue, 1.0, 2.0, "real"), 1e-9),
    Law("deterministic", "123 coordination diag(1,2,3) has 7 rest points", HOFBAUER, 7.0,
        partial(_count, np.diag([1.0, 2.0, 3.0])), 0.0),
    *(
        Law("deterministic", f"logit at eta={noise:g} on diag(1,2,3) has {count} rest points, with proof", LOGIT,
            float(count), partial(_proved, np.diag([1.0, 2.0, 3.0]), dynamic="logit", noise=noise), 0.0)
        for noise, count in ((0.1, 7), (0.5, 3), (1.0, 1))
    ),
    Law("deterministic", "constant advantage 0.5 from share 0.1: logistic growth to t=5", HOFBAUER,
        0.575120851365, _constant_advantage, 1e-10),
    Law("deterministic", "stag hunt (4,0;3,3): the basin of the stag is a quarter", "Skyrms 2004, The Stag Hunt",
        0.25, _stag_basin, 1e-9),
    Law("deterministic", "123 coordination: the basin of the third corner, where 3 x_3 is largest, is 117/220 (traced)",
        HOFBAUER, 117 / 220, _coordination_basin, 2e-3),
    Law("deterministic", "best response, win 1, lose 2: a side of the Shapley triangle takes ln 2 (distance)",
        SHAPLEY, 0.0, partial(_shapley_side, 1.0, 2.0), 1e-12),
    Law("deterministic", "best response, zero-sum rock-paper-scissors: the best payoff has fallen to exp(-3) at t=3",
        ZERO_SUM, float(np.exp(-3.0)), partial(_best_payoff, 1.0, 1.0, 3.0), 1e-9),
    Law("deterministic", "best response, win 2, lose 1: the best payoff falls from 0.8 to the centre's 1/3 and stays",
        ZERO_SUM, 1 / 2.4, partial(_best_payoff, 2.0, 1.0, 9.0), 1e-9),
    *TRAIT_LAWS,
)  # fmt: skip
