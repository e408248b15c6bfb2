"""Fictitious play: best replies, or noisy ones, to everything that has been played so far."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from evocoop.core.errors import InputError, UnknownNameError, check_integer, check_number
from evocoop.dynamics.infinite import learning_kernels as kernels
from evocoop.dynamics.infinite.setting import FloatArray, Flow, IntArray, flow, points_of
from evocoop.dynamics.infinite.trajectories import Trajectory
from evocoop.dynamics.infinite.two_populations import TwoPopulationTrajectory, _starts, _world

TIES = {"first": kernels.FIRST, "last": kernels.LAST, "stay": kernels.STAY, "random": kernels.RANDOM}
"""What is played among equally good replies."""
MOST_ROUNDS = 1_000_000_000
NEAR = 1e-12


def fictitious_play(
    payoffs: Any,
    *,
    start: ArrayLike | None = None,
    starts: int | ArrayLike | None = None,
    rounds: int = 10_000,
    recorded: ArrayLike | None = None,
    weight: float = 1.0,
    noise: float = 0.0,
    ties: str = "first",
    seed: int = 0,
) -> Trajectory:
    """Return beliefs of fictitious play in a symmetric game, ``x(t) = (w x(0) + counts(t)) / (w + t)``.

    In every round a best reply to the beliefs is played and counted; with ``noise`` above 0 a reply drawn with
    probabilities ``exp(f_i/eta) / sum_j exp(f_j/eta)`` instead (stochastic fictitious play).

    Args:
        payoffs: a square matrix, a game, or a PayoffTable (co-players are drawn from the beliefs, independently).
        start: beliefs before the first round; even when neither this nor ``starts`` is given.
        starts: several of them, or how many to spread over the simplex.
        rounds: how many, at most 1e9; about 200 of them are recorded, evenly spaced in their logarithm.
        recorded: the rounds to record instead, whole numbers in ascending order; 0 is the start.
        weight: how many rounds the starting beliefs count for, above 0.
        noise: eta, at least 0; 0 is the best reply.
        ties: what is played among equals: ``"first"``, ``"last"``, ``"stay"`` (what was played before, if it is among
            them) or ``"random"``. Payoffs are equal when they differ by less than 1e-12 of the largest.
        seed: of random ties, of noise, and of spread starting points.

    Returns:
        A trajectory whose times are rounds and whose shares are beliefs.

    Raises:
        InputError: when an argument is refused.

    Source: Brown 1951, in Activity Analysis of Production and Allocation, 374; stochastic, Fudenberg & Kreps 1993,
    Games Econ Behav 5:320.

    >>> path = fictitious_play([[-1, 2], [0, 1]], rounds=100_000)
    >>> path.final.round(4).tolist()
    [[0.5, 0.5]]
    """
    world = flow(payoffs)
    n = len(world.table.strategies)
    points = points_of(start, starts, n, seed)
    moments, shares = _played(world, points, rounds, recorded, weight, noise, ties, seed)
    return Trajectory(world.table.strategies, moments, shares, "fictitious_play")


def fictitious_play_two_populations(
    payoffs: ArrayLike,
    other: ArrayLike,
    *,
    start: tuple[ArrayLike, ArrayLike] | None = None,
    starts: int | None = None,
    rounds: int = 10_000,
    recorded: ArrayLike | None = None,
    weight: float = 1.0,
    noise: float = 0.0,
    ties: str = "first",
    seed: int = 0,
) -> TwoPopulationTrajectory:
    """Return beliefs of fictitious play in a bimatrix game; both move at once, each against the other's past.

    Args:
        payoffs: A, array (n, m): payoffs of the row player.
        other: B, array (n, m): payoffs of the column player.
        start: what is believed of rows and of columns before the first round; even when left out.
        starts: how many starting points to spread over both simplices.
        rounds: see :func:`fictitious_play`, as all that follow.
        recorded: the rounds to record.
        weight: how many rounds the starting beliefs count for.
        noise: eta, at least 0.
        ties: what is played among equals.
        seed: of random ties, of noise, and of spread starting points.

    Raises:
        InputError: when an argument is refused.

    Source: Brown 1951; convergence in zero-sum games, Robinson 1951, Annals of Mathematics 54:296; cycles, Shapley
    1964, in Advances in Game Theory, 1.

    >>> path = fictitious_play_two_populations([[1, -1], [-1, 1]], [[-1, 1], [1, -1]], rounds=100_000)
    >>> float(abs(path.final[0] - 0.5).max()) < 0.01
    True
    """
    world = _world(payoffs, other)
    points = _starts(start, starts, world.first, len(world.table.strategies) - world.first, seed)
    moments, shares = _played(world, points, rounds, recorded, weight, noise, ties, seed)
    return TwoPopulationTrajectory(moments, shares[:, :, : world.first], shares[:, :, world.first :], "fictitious_play")


def rounds_of(rounds: int, recorded: ArrayLike | None) -> IntArray:
    """Return the rounds to record, checked: those given, or the start and about 200 spread over the logarithm."""
    last = check_integer("rounds", rounds, minimum=1, maximum=MOST_ROUNDS)
    if recorded is None:
        return np.unique(np.concatenate([[0], np.geomspace(1, last, 200).round().astype(np.int64)]))
    try:
        given = np.array(recorded, dtype=np.float64)
    except (TypeError, ValueError):
        raise InputError("recorded must be whole numbers in ascending order") from None
    fits = given.ndim == 1 and len(given) and np.isfinite(given).all() and (given == given.round()).all()
    if not fits or given[0] < 0 or (np.diff(given) <= 0).any() or given[-1] > MOST_ROUNDS:
        raise InputError(f"recorded must be whole numbers in ascending order, from 0 to {MOST_ROUNDS}")
    return given.astype(np.int64)


def _played(
    world: Flow, points: FloatArray, rounds: int, recorded: ArrayLike | None, weight: float, noise: float, ties: str,
    seed: int,
) -> tuple[FloatArray, FloatArray]:  # fmt: skip
    kept = rounds_of(rounds, recorded)
    if ties not in TIES:
        raise UnknownNameError("ties", ties, tuple(TIES))
    heavy = check_number("weight", weight, minimum=0.0, exclusive=True)
    eta = check_number("noise", noise, minimum=0.0)
    keyed = check_integer("seed", seed, minimum=0)
    near = NEAR * float(np.abs(world.table.values).max())
    shares = np.empty((len(points), len(kept), points.shape[1]))
    for one, point in enumerate(points):
        kernels.beliefs(point, heavy, kept, *world.arrays, world.blocks, eta, TIES[ties], near, keyed, one, shares[one])
    return kept.astype(np.float64), shares
