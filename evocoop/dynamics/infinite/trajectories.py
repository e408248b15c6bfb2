"""Paths of deterministic dynamics: the replicator equation and its relatives, many starts at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from evocoop.core.errors import InputError, NumericalError, check_integer, check_number
from evocoop.dynamics.infinite import kernels
from evocoop.dynamics.infinite.setting import FloatArray, Flow, IntArray, flow, follow_all, points_of

MOST_STEPS = 5_000_000


@dataclass(frozen=True)
class Trajectory:
    """Paths of shares through time.

    Args:
        strategies: names, in the order of the last axis.
        times: array (T,).
        shares: array (starts, T, n); every row sums to 1.
        dynamic: the name of the dynamic.
    """

    strategies: tuple[str, ...]
    times: FloatArray
    shares: FloatArray
    dynamic: str

    @property
    def final(self) -> FloatArray:
        """Shares at the last time, array (starts, n)."""
        return self.shares[:, -1]


def trajectory(
    payoffs: Any,
    *,
    dynamic: str = "replicator",
    start: ArrayLike | None = None,
    starts: int | ArrayLike | None = None,
    time: float = 100.0,
    times: ArrayLike | None = None,
    noise: float = 0.1,
    mutation: ArrayLike = 0.01,
    trials: int = 1,
    tolerance: float = 1e-12,
    seed: int = 0,
    workers: int = 1,
) -> Trajectory:
    """Return paths of any of the dynamics in continuous time.

    With ``f_i`` the expected payoff of strategy i against co-players drawn from shares x, and mean payoff ``m``::

        replicator               x_i (f_i - m)
        maynard_smith_replicator x_i (f_i - m) / m
        imitative_logit          x_i exp(f_i/eta) / sum_j x_j exp(f_j/eta) - x_i
        replicator_mutator       sum_j x_j f_j q_ji - x_i m
        logit                    exp(f_i/eta) / sum_j exp(f_j/eta) - x_i
        best_response            share of the best replies - x_i
        smith                    sum_j x_j [f_i - f_j]+ - x_i sum_j [f_j - f_i]+
        bnn                      [f_i - m]+ - x_i sum_j [f_j - m]+
        projection               the projection of f on the directions that stay in the simplex
        best_experienced_payoff  P(i does best when each is tried k times) - x_i, ties broken evenly

    Imitative dynamics are integrated in logarithms, so that shares stay positive; all with the pair of Dormand & Prince
    of order 8 (Hairer, Norsett & Wanner 1993, Solving Ordinary Differential Equations I, section II.10), whose step
    adapts to ``tolerance``; times within a step are read off its continuous extension. Best response goes in
    straight lines from switch to switch instead. Where velocities jump else (projection) steps are never below 2e-5, so
    paths that slide along a jump are good to about 1e-4 only.

    Args:
        payoffs: a square matrix, a game, or a PayoffTable.
        dynamic: one of the names above.
        start: shares at time 0, summing to 1; even shares when neither this nor ``starts`` is given.
        starts: several starting points, or how many to spread over the simplex.
        time: the last time, above 0; 201 times are recorded.
        times: the times to record instead, ascending from the start.
        noise: eta of the logit dynamics, above 0.
        mutation: probability to become another strategy, or a matrix (n, n), of the replicator-mutator dynamic.
        trials: k, how often each strategy is tried, of the best experienced payoff dynamic.
        tolerance: error allowed per step, relative to the larger of 1 and the coordinate.
        seed: of the spread starting points.
        workers: threads that share the starts; they do not change the numbers.

    Raises:
        InputError: when an argument is refused; NumericalError when the path cannot be followed.

    Source: Sandholm 2010, Population Games and Evolutionary Dynamics, MIT Press; best experienced payoff, Sandholm,
    Izquierdo & Izquierdo 2019, Theoretical Economics 14:1377.

    >>> path = trajectory([[0.5, 0.5], [0, 0]], start=[0.1, 0.9], time=5)
    >>> path.final.round(6).tolist()
    [[0.575121, 0.424879]]
    """
    world = flow(payoffs, dynamic, noise=noise, mutation=mutation, trials=trials)
    points = points_of(start, starts, len(world.table.strategies), seed)
    moments = moments_of(time, times)
    allowed = check_number("tolerance", tolerance, minimum=1e-14, maximum=0.1)
    shares = np.empty((len(points), len(moments), points.shape[1]))
    follow([world], points, moments, allowed, shares, workers=workers)
    return Trajectory(world.table.strategies, moments, shares, dynamic)


def trajectories(
    games: Sequence[Any],
    *,
    dynamic: str = "replicator",
    start: ArrayLike | None = None,
    starts: int | ArrayLike | None = None,
    time: float = 100.0,
    times: ArrayLike | None = None,
    noise: float | Sequence[float] = 0.1,
    mutation: ArrayLike = 0.01,
    tolerance: float = 1e-12,
    seed: int = 0,
    workers: int = 1,
) -> tuple[Trajectory, ...]:
    """Return the paths of one dynamic in several games from the same starts, all computed in one go.

    Args:
        games: payoffs (matrices, games or PayoffTables) of one shape: as many strategies, groups of one size.
        dynamic: see :func:`trajectory`, also for what follows.
        start: shares at time 0.
        starts: several starting points, or how many to spread over the simplex.
        time: the last time, above 0; 201 times are recorded.
        times: the times to record instead, ascending from the start.
        noise: eta of the logit dynamics; one, or one for each game.
        mutation: of the replicator-mutator dynamic.
        tolerance: error allowed per step.
        seed: of the spread starting points.
        workers: threads that share the paths; they do not change the numbers.

    Raises:
        InputError: when an argument is refused; NumericalError when a path cannot be followed.

    >>> found = trajectories([[[b, 0], [1, 1]] for b in (1, 2, 4)], start=[0.4, 0.6], time=60)
    >>> [path.final.round(3).tolist() for path in found]
    [[[0.0, 1.0]], [[0.0, 1.0]], [[1.0, 0.0]]]
    """
    noises = [noise] * len(games) if isinstance(noise, (int, float)) else list(noise)
    if not len(games) or len(noises) != len(games):
        raise InputError(f"give at least one game, and one noise or one for each, not {len(games)} and {len(noises)}")
    worlds = [flow(game, dynamic, noise=one, mutation=mutation) for game, one in zip(games, noises, strict=True)]
    if len({world.table.values.shape for world in worlds}) > 1:
        raise InputError("all games must have as many strategies, and groups of one size")
    points = points_of(start, starts, len(worlds[0].table.strategies), seed)
    moments = moments_of(time, times)
    allowed = check_number("tolerance", tolerance, minimum=1e-14, maximum=0.1)
    shares = np.empty((len(worlds) * len(points), len(moments), points.shape[1]))
    which = np.repeat(np.arange(len(worlds)), len(points))
    follow(worlds, np.tile(points, (len(worlds), 1)), moments, allowed, shares, which=which, workers=workers)
    parts = shares.reshape(len(worlds), len(points), len(moments), -1)
    return tuple(
        Trajectory(world.table.strategies, moments, part, dynamic) for world, part in zip(worlds, parts, strict=True)
    )


def follow(
    worlds: Sequence[Flow],
    points: FloatArray,
    moments: FloatArray,
    tolerance: float,
    out: FloatArray,
    *,
    which: IntArray | None = None,
    workers: int = 1,
) -> None:
    """Fill in paths as :func:`follow_all`; refuse them when one takes too many steps, or steps too short."""
    taken = follow_all(worlds, points, moments, tolerance, MOST_STEPS, out, which=which, workers=workers)
    failed = np.flatnonzero(taken < 0)
    if not len(failed):
        return
    point, name = points[failed[0]].round(6).tolist(), worlds[0].dynamic
    if taken[failed[0]] == kernels.TOO_FAST:
        raise NumericalError(
            f"the {name} dynamic moves from {point} faster than numbers can hold; take smaller payoffs"
        )
    raise NumericalError(
        f"the {name} path from {point} needs more than {MOST_STEPS} steps up to time {moments[-1]:g}; take a shorter "
        "time, smaller payoffs, or a larger tolerance"
    )


def moments_of(time: float, times: ArrayLike | None) -> FloatArray:
    """Return the times to record, checked."""
    if times is None:
        return np.linspace(0.0, check_number("time", time, minimum=0.0, exclusive=True), 201)
    try:
        moments = np.array(times, dtype=np.float64)
    except (TypeError, ValueError):
        raise InputError("times must be numbers in ascending order") from None
    if moments.ndim != 1 or not len(moments) or not np.isfinite(moments).all() or (np.diff(moments) < 0).any():
        raise InputError("times must be finite numbers in ascending order")
    return moments


def replicator(
    payoffs: Any,
    *,
    start: ArrayLike | None = None,
    starts: int | ArrayLike | None = None,
    time: float = 100.0,
    times: ArrayLike | None = None,
    tolerance: float = 1e-12,
    seed: int = 0,
    workers: int = 1,
) -> Trajectory:
    """Return paths of the replicator equation, ``dx_i/dt = x_i (f_i - m)``; see :func:`trajectory` for the arguments.

    Raises:
        InputError: when an argument is refused.

    Source: Taylor & Jonker 1978, Math Biosci 40:145; groups of N, Hauert et al. 2006, J Theor Biol 239:195.

    >>> replicator([[4, 0], [3, 3]], start=[0.8, 0.2], time=50).final.round(6).tolist()
    [[1.0, 0.0]]
    """
    return trajectory(
        payoffs,
        start=start,
        starts=starts,
        time=time,
        times=times,
        tolerance=tolerance,
        seed=seed,
        workers=workers,
        dynamic="replicator",
    )


def discrete_replicator(
    payoffs: Any,
    *,
    start: ArrayLike | None = None,
    starts: int | ArrayLike | None = None,
    generations: int = 100,
    background: float = 0.0,
    seed: int = 0,
) -> Trajectory:
    """Return the replicator map, generation after generation: ``x_i' = x_i (w + f_i) / (w + m)``.

    Args:
        payoffs: a square matrix, a game, or a PayoffTable.
        start: shares at first; even shares when neither this nor ``starts`` is given.
        starts: several starting points, or how many to spread over the simplex.
        generations: how many, at least 1.
        background: w, fitness that everybody has; with it all payoffs must be above 0.
        seed: of the spread starting points.

    Raises:
        InputError: when an argument is refused, or some payoff plus background is not above 0.

    Source: Maynard Smith 1982, Evolution and the Theory of Games, appendix D.

    >>> discrete_replicator([[4, 1], [3, 3]], start=[0.9, 0.1], generations=60).final.round(3).tolist()
    [[1.0, 0.0]]
    """
    world = flow(payoffs)
    base = check_number("background", background)
    lowest = world.table.values.min() + base
    if lowest <= 0:
        raise InputError(f"payoffs plus background must be above 0, but the smallest is {lowest:g}; raise background")
    count = check_integer("generations", generations, minimum=1, maximum=10_000_000) + 1
    points = points_of(start, starts, len(world.table.strategies), seed)
    shares = np.empty((len(points), count, points.shape[1]))
    for one, point in enumerate(points):
        kernels.generations(point, count, base, *world.arrays, shares[one])
    return Trajectory(world.table.strategies, np.arange(count, dtype=np.float64), shares, "discrete_replicator")
