"""Basins of attraction: how much of the simplex ends where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from evocoop.core.errors import check_integer, check_number
from evocoop.dynamics.infinite.rest import MOST_STRATEGIES, RestPoints, rest_points
from evocoop.dynamics.infinite.setting import FloatArray, Flow, flow, uniform_points
from evocoop.dynamics.infinite.trajectories import MOST_STEPS

NEAR = 1e-3
ELSEWHERE = "elsewhere"


@dataclass(frozen=True)
class Basins:
    """The basins of attraction of a dynamic.

    Args:
        attractors: in words: a strategy, or a mix such as ``"40 % C + 60 % D"``; starts that come to rest at none of
            them in time count as ``"elsewhere"``.
        strategies: for each attractor the one strategy that holds it, or None.
        shares: share of the simplex that ends at each, summing to 1.
        standard_errors: of the shares; 0 where exact.
        exact: whether the shares are computed from the rest points rather than sampled.
        points: shares at each attractor, array (attractors, n); nan for ``"elsewhere"``.
        starts: how many starting points were followed; 0 where exact.
    """

    attractors: tuple[str, ...]
    strategies: tuple[str | None, ...]
    shares: FloatArray
    standard_errors: FloatArray
    exact: bool
    points: FloatArray
    starts: int = 0

    @property
    def bounds(self) -> FloatArray:
        """Lower and upper bound of every share, array (attractors, 2), that hold with 95 % (Clopper & Pearson 1934).

        Where shares are exact both are the share itself.
        """
        if self.exact:
            return np.stack([self.shares, self.shares], axis=1)
        from scipy.stats import beta

        hits = np.round(self.shares * self.starts)
        low = np.where(hits > 0, beta.ppf(0.025, hits, self.starts - hits + 1), 0.0)
        high = np.where(hits < self.starts, beta.ppf(0.975, hits + 1, self.starts - hits), 1.0)
        return np.stack([low, high], axis=1)


def basins(
    payoffs: Any,
    *,
    dynamic: str = "replicator",
    starts: int = 2000,
    time: float = 1000.0,
    noise: float = 0.1,
    mutation: ArrayLike = 0.01,
    seed: int = 0,
) -> Basins:
    """Return the share of all starting points that ends at each attractor.

    Two strategies: exact, the lengths between rest points. Three and more: starts spread uniformly over the simplex
    (scrambled Sobol), each followed until it is within 0.001 of a stable rest point (nearer where rest
    points lie closer) or time is over; the standard error of a share p of S starts is at most ``sqrt(p (1-p) / S)``,
    which is what is given. Starts that come to rest nowhere in time, such as on a cycle, count as ``"elsewhere"``.

    Args:
        payoffs: a square matrix, a game, or a PayoffTable.
        dynamic: see :func:`evocoop.dynamics.trajectory`.
        starts: how many, for three and more strategies.
        time: how long each is followed, above 0.
        noise: eta of the logit dynamics, above 0.
        mutation: of the replicator-mutator dynamic.
        seed: of the starting points.

    Raises:
        InputError: when an argument is refused.

    Source: Skyrms 2004, The Stag Hunt and the Evolution of Social Structure (basins as explanations).

    >>> found = basins([[4, 0], [3, 3]])
    >>> dict(zip(found.attractors, found.shares.tolist(), strict=True))
    {'0': 0.25, '1': 0.75}
    """
    world = flow(payoffs, dynamic, noise=noise, mutation=mutation)
    names = world.table.strategies
    count = check_integer("starts", starts, minimum=1, maximum=10_000_000)
    last = check_number("time", time, minimum=0.0, exclusive=True)
    if len(names) == 1:
        return Basins(names, names, np.ones(1), np.zeros(1), True, np.ones((1, 1)))
    if len(names) == 2:
        return _between(world, rest_points(payoffs, dynamic=dynamic, noise=noise, mutation=mutation))
    known = None
    if len(names) <= MOST_STRATEGIES:
        known = rest_points(payoffs, dynamic=dynamic, noise=noise, mutation=mutation)
    return _sampled(world, known, uniform_points(count, len(names), seed), last)


def in_words(shares: Sequence[float], names: Sequence[str]) -> str:
    """Return a mix in words.

    >>> in_words([0.4, 0.6, 0.0], ["C", "D", "E"])
    '40 % C + 60 % D'
    """
    present = [(share, name) for share, name in zip(shares, names, strict=True) if share > 5e-4]
    if len(present) == 1:
        return present[0][1]
    return " + ".join(f"{100 * share:.3g} % {name}" for share, name in present)


def _between(world: Flow, found: RestPoints) -> Basins:
    """Return the basins of two strategies: every stretch between rest points goes one way."""
    names = world.table.strategies
    rests = sorted({0.0, 1.0, *(float(point.shares[0]) for point in found.points if not point.dimension)})
    ends: dict[float, float] = {}
    still = 0.0
    for low, high in pairwise(rests):
        middle = (low + high) / 2
        speed = float(world.velocities(np.array([[middle, 1.0 - middle]]))[0, 0])
        if speed == 0.0:
            still += high - low
        else:
            end = high if speed > 0 else low
            ends[end] = ends.get(end, 0.0) + high - low
    places = sorted(ends, reverse=True)
    rows = [[place, 1.0 - place] for place in places]
    return _gathered(names, np.array(rows).reshape(-1, 2), [ends[place] for place in places], still, 0, exact=True)


def _gathered(
    names: Sequence[str], points: FloatArray, shares: Sequence[float], still: float, count: int, *, exact: bool
) -> Basins:
    words = [in_words(row, names) for row in points]
    holders = [str(names[int(row.argmax())]) if row.max() > 1 - NEAR else None for row in points]
    sizes = list(shares)
    if still > 0.0:
        words, holders, sizes = [*words, ELSEWHERE], [*holders, None], [*sizes, still]
        points = np.vstack([points, np.full((1, len(names)), np.nan)])
    held = np.array(sizes)
    errors = np.zeros(len(held)) if exact else np.sqrt(held * (1.0 - held) / count)
    return Basins(tuple(words), tuple(holders), held, errors, exact, points, count)


def _sampled(world: Flow, known: RestPoints | None, starts: FloatArray, time: float) -> Basins:
    attractors = [point.shares for point in known.stable] if known is not None else []
    near = _nearness(known)
    counts = [0] * len(attractors)
    still = 0
    for start in starts:
        end, rested = _end_of(world, start, attractors, near, time)
        place = next((k for k, one in enumerate(attractors) if np.abs(one - end).max() < 2 * near), None)
        if place is not None:
            counts[place] += 1
        elif rested and (known is None or not known.complete):
            attractors.append(end)
            counts.append(1)
        else:
            still += 1
    order = sorted((k for k in range(len(counts)) if counts[k]), key=lambda k: -counts[k])
    points = np.array([attractors[k] for k in order]).reshape(-1, starts.shape[1])
    shares = [counts[k] / len(starts) for k in order]
    return _gathered(world.table.strategies, points, shares, still / len(starts), len(starts), exact=False)


def _nearness(known: RestPoints | None) -> float:
    """Return how near to an attractor a path has arrived: nearer than to any other rest point."""
    if known is None or len(known.points) < 2:
        return NEAR
    places = np.array([point.shares for point in known.points])
    apart = np.abs(places[:, None] - places[None, :]).max(axis=2)
    return min(NEAR, float(apart[apart > 1e-7].min(initial=1.0)) / 10)


def _end_of(
    world: Flow, start: FloatArray, attractors: Sequence[FloatArray], near: float, time: float
) -> tuple[FloatArray, bool]:
    """Follow a start, in stretches that double, until it is near an attractor, at rest, or out of time."""
    here, past, stretch = start, 0.0, 10.0
    while past < time:
        stretch = min(stretch, time - past)
        out = np.empty((2, len(here)))
        taken = world.follow(here, np.array([0.0, stretch]), 1e-8, MOST_STEPS, out)
        if taken < 0:
            return here, False
        moved = float(np.abs(out[1] - here).max())
        here, past, stretch = out[1], past + stretch, 2 * stretch
        if any(np.abs(one - here).max() < near for one in attractors):
            return here, True
        if moved < 1e-7 and np.abs(world.velocities(here[None])[0]).max() < 1e-7:
            return here, True
    return here, False
