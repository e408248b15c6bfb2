"""Basins of attraction: how much of the simplex ends where."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evocoop.core.errors import check_integer, check_number
from evocoop.dynamics.infinite.areas import FEWEST, divided
from evocoop.dynamics.infinite.rest import MOST_STRATEGIES, RestPoints, rest_points
from evocoop.dynamics.infinite.setting import FloatArray, Flow, IntArray, flow, follow_all, uniform_points
from evocoop.dynamics.infinite.trajectories import MOST_STEPS

NEAR = 1e-3
ELSEWHERE = "elsewhere"


@dataclass(frozen=True)
class Basins:
    """The basins of attraction of a dynamic.

    Args:
        attractors: in words: a strategy, or a mix such as ``"40 % C + 60 % D"``, in the order of the strategies;
            starts that come to rest at none of them in time count as ``"elsewhere"``, which stands last.
        strategies: for each attractor the one strategy that holds it, or None.
        shares: share of the simplex that ends at each, summing to 1.
        standard_errors: of the shares; 0 where exact, a quarter of the width of the bounds where borders were traced.
        exact: whether the shares are computed from the rest points rather than from paths.
        points: shares at each attractor, array (attractors, n); nan for ``"elsewhere"``.
        starts: how many starting points were followed; 0 where exact.
        traced: where the borders of the basins were traced, the area that is settled and that which may be held, array
            (attractors, 2), else None.
    """

    attractors: tuple[str, ...]
    strategies: tuple[str | None, ...]
    shares: FloatArray
    standard_errors: FloatArray
    exact: bool
    points: FloatArray
    starts: int = 0
    traced: FloatArray | None = None

    @property
    def bounds(self) -> FloatArray:
        """Lower and upper bound of every share, array (attractors, 2).

        Where shares are exact both are the share itself. Where borders were traced, the settled area and the area that
        may be held: they hold unless a basin reaches, finer than the triangles, between corners that go elsewhere.
        Where starts were sampled they hold with 95 % (Clopper & Pearson 1934).
        """
        if self.exact:
            return np.stack([self.shares, self.shares], axis=1)
        if self.traced is not None:
            return self.traced
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
    workers: int = 1,
) -> Basins:
    """Return the share of all starting points that ends at each attractor.

    Two strategies: exact, the lengths between rest points. Three: the borders of the basins are traced by triangles
    that are quartered where their corners, or those of triangles they touch, go to several attractors; with S corners
    in all the bounds are about 50/S wide. Four and more: starts spread uniformly over the simplex (scrambled Sobol);
    the standard error of a share p of S starts is at most ``sqrt(p (1-p) / S)``, which is what is given.

    Each start is followed until it is within 0.001 of a stable rest point (nearer where rest points lie closer) or time
    is over. Starts that come to rest nowhere in time, such as on a cycle, count as ``"elsewhere"``.

    Args:
        payoffs: a square matrix, a game, or a PayoffTable.
        dynamic: see :func:`evocoop.dynamics.trajectory`.
        starts: how many are followed, for three and more strategies; with three, how many corners, and about as many
            more are followed to locate borders on edges (less than 45 are spread over the simplex and sampled).
        time: how long each is followed, above 0.
        noise: eta of the logit dynamics, above 0.
        mutation: of the replicator-mutator dynamic.
        seed: of the starting points.
        workers: threads that share the starts; they do not change the numbers.

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
    search = _Search(world, known, last, workers)
    if len(names) == 3 and count >= FEWEST:
        return _traced(search, count)
    return _sampled(search, uniform_points(count, len(names), seed))


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


class _Search:
    """Follows starts to attractors; those not known from the start are added as paths come to rest at them."""

    def __init__(self, world: Flow, known: RestPoints | None, time: float, workers: int) -> None:
        self.world, self.time, self.workers = world, time, workers
        self.attractors = [point.shares for point in known.stable] if known is not None else []
        self.near = _nearness(known)
        self.open = known is None or not known.complete

    def label(self, starts: FloatArray) -> IntArray:
        """Return which attractor each start ends at, -1 for none."""
        ends, rested = _ends_of(self.world, starts, self.attractors, self.near, self.time, self.workers)
        labels = np.full(len(starts), -1, dtype=np.int64)
        for place, at in enumerate(self.attractors):
            labels[(labels < 0) & (np.abs(ends - at).max(axis=1) < 2 * self.near)] = place
        while self.open and (rested & (labels < 0)).any():
            at = ends[int((rested & (labels < 0)).argmax())]
            labels[(labels < 0) & (np.abs(ends - at).max(axis=1) < 2 * self.near)] = len(self.attractors)
            self.attractors.append(at)
        return labels

    def in_order(self, some: Iterable[int]) -> list[int]:
        """Return some attractors in the order of the strategies: those with most of the first strategy first."""
        return sorted(some, key=lambda k: tuple(-self.attractors[k].round(6)))


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


def _sampled(search: _Search, starts: FloatArray) -> Basins:
    labels = search.label(starts)
    counts = np.bincount(labels[labels >= 0], minlength=len(search.attractors))
    order = search.in_order(int(k) for k in np.flatnonzero(counts))
    points = np.array([search.attractors[k] for k in order]).reshape(-1, starts.shape[1])
    shares = [counts[k] / len(starts) for k in order]
    still = float((labels < 0).mean())
    return _gathered(search.world.table.strategies, points, shares, still, len(starts), exact=False)


def _traced(search: _Search, most: int) -> Basins:
    """Return the basins of three strategies from the areas between their borders."""
    found = divided(search.label, most, lambda: search.attractors)
    place = {int(label): k for k, label in enumerate(found.labels)}
    order = search.in_order(k for k in place if k >= 0)
    points = np.array([search.attractors[k] for k in order]).reshape(-1, 3)
    shares = [float(found.shares[place[k]]) for k in order]
    still = float(found.shares[place[-1]]) if -1 in place else 0.0
    plain = _gathered(search.world.table.strategies, points, shares, still, found.points, exact=False)
    bounds = found.bounds[[place[k] for k in [*order, *([-1] if -1 in place else [])]]]
    return replace(plain, standard_errors=np.ptp(bounds, axis=1) / 4.0, traced=bounds)


def _nearness(known: RestPoints | None) -> float:
    """Return how near to an attractor a path has arrived: nearer than to any other rest point."""
    if known is None or len(known.points) < 2:
        return NEAR
    places = np.array([point.shares for point in known.points])
    apart = np.abs(places[:, None] - places[None, :]).max(axis=2)
    return min(NEAR, float(apart[apart > 1e-7].min(initial=1.0)) / 10)


def _ends_of(
    world: Flow, starts: FloatArray, attractors: Sequence[FloatArray], near: float, time: float, workers: int
) -> tuple[FloatArray, NDArray[np.bool_]]:
    """Follow starts, in stretches that double, until they are near an attractor, at rest, or out of time.

    Return where they end, and whether they arrived or rest.
    """
    here, past, stretch = starts.copy(), 0.0, 10.0
    arrived, going = np.zeros(len(starts), dtype=bool), np.arange(len(starts))
    while past < time and len(going):
        stretch = min(stretch, time - past)
        out = np.empty((len(going), 2, starts.shape[1]))
        taken = follow_all([world], here[going], np.array([0.0, stretch]), 1e-8, MOST_STEPS, out, workers=workers)
        ends = np.where((taken >= 0)[:, None], out[:, 1], here[going])
        still = (np.abs(ends - here[going]).max(axis=1) < 1e-7) & (taken >= 0)
        still[still] = np.abs(world.velocities(ends[still])).max(axis=1) < 1e-7
        close = np.zeros(len(going), dtype=bool)
        for one in attractors:
            close |= np.abs(ends - one).max(axis=1) < near
        here[going] = ends
        arrived[going] = (still | close) & (taken >= 0)
        going = going[~arrived[going] & (taken >= 0)]
        past, stretch = past + stretch, 2 * stretch
    return here, arrived
