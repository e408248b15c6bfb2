"""Learning from play: fictitious play, regret matching and quantal responses."""

from __future__ import annotations

import math
from functools import partial

import numpy as np

from evocoop.bench.laws.record import Law
from evocoop.dynamics import (
    correlated_equilibrium_distance,
    fictitious_play_two_populations,
    nash_equilibria_two_populations,
    quantal_response,
    regret_matching,
)

PENNIES = ((9.0, 0.0), (0.0, 1.0)), ((0.0, 1.0), (1.0, 0.0))
SHAPLEY = np.eye(3), np.roll(np.eye(3), 1, axis=1)
CIRCLE = np.array([[0.0, -1.0, 1.0], [1.0, 0.0, -1.0], [-1.0, 1.0, 0.0]])
GROWTH = 1.4655712318767680**6
"""Of cycles of six runs, each r times as long as the one before: both players are indifferent when they switch."""
MCKELVEY = "McKelvey & Palfrey 1995, Games Econ Behav 10:6"
HART = "Hart & Mas-Colell 2000, Econometrica 68:1127"


def _quantal(noise: float, strategy: int) -> float:
    return float(quantal_response(np.diag([1.0, 2.0, 3.0]), noise=[noise]).shares[0, strategy])


def _odds() -> float:
    """Return ln(p/(1-p)) minus (10 q - 1)/eta, of rows that play the first with p against columns with q."""
    p, _, q, _ = quantal_response(*PENNIES, noise=[0.5]).shares[0]
    return float(math.log(p / (1.0 - p)) - (10.0 * q - 1.0) / 0.5)


def _zero_sum() -> float:
    start = [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]
    x, y = fictitious_play_two_populations(CIRCLE, -CIRCLE, start=start, rounds=200_000).final
    return float((CIRCLE @ y[0]).max() - (x[0] @ CIRCLE).min())


def _shapley() -> float:
    """Return how much longer the last cycle, from one run of the first row to the next, is than the one before."""
    rounds = np.arange(1, 200_001)
    path = fictitious_play_two_populations(
        *SHAPLEY, start=([1.0, 0.0, 0.0], [0.0, 0.0, 1.0]), rounds=200_000, recorded=rounds
    )
    played = np.diff(path.rows[0, :, 0] * (1.0 + rounds)) > 0.5
    turns = np.flatnonzero(np.diff(played.astype(int)) == 1)
    return float((turns[-1] - turns[-2]) / (turns[-2] - turns[-3]))


def _coarse() -> float:
    """Return whether the mean regret is within the bound of every recorded round."""
    found = regret_matching(CIRCLE, regret="external", replicates=20, seed=3)
    return float((found.regrets.mean(axis=0) <= 2.0 * np.sqrt(3.0 / found.rounds)).all())


def _aumann() -> float:
    joint = [[1 / 3, 1 / 3], [1 / 3, 0.0]]
    return correlated_equilibrium_distance([[6.0, 2.0], [7.0, 0.0]], joint).distance


def _indices() -> float:
    random = np.random.default_rng(7)
    game = random.integers(-9, 10, (2, 4, 4)).astype(float)
    return float(sum(point.index for point in nash_equilibria_two_populations(*game).points))


LAWS = (
    *(
        Law("learning", f"diag(1,2,3): quantal response at eta={noise:g}, share {k + 1}", MCKELVEY, value,
            partial(_quantal, noise, k), 5e-7)
        for noise, k, value in ((1.0, 0, 0.071024088), (1.0, 2, 0.851776319), (0.5, 0, 0.002556097))
    ),
    Law("learning", "matching pennies with 9 for 1: log odds of rows are their gain over eta (difference)", MCKELVEY,
        0.0, _odds, 1e-11),
    Law("learning", "rock-paper-scissors: fictitious play closes the gap of values (at 200,000 rounds, below 0.01)",
        "Robinson 1951, Annals of Mathematics 54:296", 0.0, _zero_sum, 0.01),
    Law("learning", "Shapley's game: cycles of fictitious play grow by r^6, with r^3 = r^2 + 1",
        "Shapley 1964, Advances in Game Theory, 1", GROWTH, _shapley, 0.005),
    Law("learning", "rock-paper-scissors: mean external regret over 20 runs is at most 2 sqrt(3/t) (1 = yes)",
        f"{HART}; bound, Cesa-Bianchi & Lugosi 2006, Prediction, Learning, and Games", 1.0, _coarse, 1e-12),
    Law("learning", "chicken: a third on each profile but the worst is a correlated equilibrium (distance)",
        "Aumann 1974, J Math Econ 1:67", 0.0, _aumann, 1e-9),
    Law("learning", "a bimatrix game of 4 by 4: the indices of its equilibria add up to 1",
        "Shapley 1974, Mathematical Programming Study 1:175", 1.0, _indices, 1e-12),
)  # fmt: skip
