"""Where rest points can be: supports, roots between two strategies, enclosed mixtures, and searches for the rest."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from evocoop.dynamics.infinite.certify import certified
from evocoop.dynamics.infinite.enclosure import mixed_points
from evocoop.dynamics.infinite.roots import interior_roots
from evocoop.dynamics.infinite.setting import EQUALISING, FloatArray, Flow, uniform_points
from evocoop.dynamics.infinite.stability import by_signs, gain_sign, payoff_slopes
from evocoop.dynamics.infinite.supports import equal_payoffs, evolutionary_stability, nash_supports
from evocoop.games.payoffs import PayoffTable

SEARCHES = 400
SAME = 1e-7
SLACK = 1e-10
FLAT = 1e-6
NEARBY, SMALL = 1e-6, 0.05


@dataclass(frozen=True)
class Candidate:
    """A rest point before it is described.

    Args:
        shares: array (n,).
        dimension: of the component of rest points it lies in.
        stability: where it is known exactly, else empty.
        equilibrium: ``"ESS"``, ``"NSS"``, ``"Nash"`` or empty.
    """

    shares: FloatArray
    dimension: int = 0
    stability: str = ""
    equilibrium: str = ""


Candidates = tuple[list[Candidate], bool]
"""Candidates, and whether it is proved that there are no others."""


def gains(table: PayoffTable, pair: Sequence[int]) -> FloatArray:
    """Return what the first of two strategies earns more than the second beside 0 … N-1 co-players of the first."""
    values = table.restrict(list(pair)).values
    return np.asarray((values[0] - values[1])[::-1])


def on_a_line(table: PayoffTable) -> Candidates:
    """Return where the gain of the first of two strategies vanishes, and both ends, with stability from its signs.

    The gain ``f_1 - f_2`` at share x is ``sum_k b_k C(N-1,k) x^k (1-x)^(N-1-k)`` with b_k the gain beside k co-players
    of the first, so its Bernstein coefficients are read off the payoff table. All roots are isolated and all signs
    between them taken in exact fractions.
    """
    row = gains(table, (0, 1)).tolist()
    if not any(row):
        flat = [Candidate(shares, 0, "neutral", "NSS") for shares in np.eye(2)]
        return [*flat, Candidate(np.array([0.5, 0.5]), 1, "neutral", "NSS")], True
    roots, _ = interior_roots(row)
    marks = [Fraction(0), *(Fraction(root) for root in roots), Fraction(1)]
    signs = [0, *(gain_sign(row, (low + high) / 2) for low, high in pairwise(marks)), 0]
    places = [(1.0, len(roots) + 1), (0.0, 0), *((root, k + 1) for k, root in enumerate(roots))]
    found = []
    for share, k in places:
        kind = by_signs(signs[k], signs[k + 1])
        nash = 0.0 < share < 1.0 or (row[0] <= 0.0 if share == 0.0 else row[-1] >= 0.0)
        label = "ESS" if kind == "stable" else "Nash" if nash else ""
        found.append(Candidate(np.array([share, 1.0 - share]), 0, kind, label))
    return found, True


def of_two_players(world: Flow) -> Candidates:
    """Return the rest points of a two-player game by supports, in exact fractions."""
    matrix = world.table.values
    solve = equal_payoffs if world.dynamic in EQUALISING else nash_supports
    found = []
    for one in solve(matrix):
        shares = np.zeros(len(matrix))
        shares[list(one.support)] = [float(share) for share in one.shares]
        found.append(Candidate(shares, one.dimension, "", evolutionary_stability(matrix, shares)))
    return found, True


def of_groups(world: Flow) -> Candidates:
    """Return the rest points of a game in groups: corners, roots of every pair, enclosed mixtures of three and more."""
    n = len(world.table.strategies)
    found: list[tuple[FloatArray, int]] = [(row, 0) for row in np.eye(n)]
    complete = True
    for pair in itertools.combinations(range(n), 2):
        row = gains(world.table, pair).tolist()
        roots = interior_roots(row)[0] if any(row) else [0.5]
        found += [(_wide([root, 1.0 - root], pair, n), 0 if any(row) else 1) for root in roots]
    for size in range(3, n + 1):
        for support in itertools.combinations(range(n), size):
            points, proved = mixed_points(world.table.restrict(support).values, world.table.group_size)
            complete &= proved
            inside = [_wide(point, support, n) for point in points]
            found += [(point, 0) for point in inside]
            if not proved:
                more = [x for x in _equalised(world, np.array(support)) if not _seen(x, inside)]
                found += _by_component(world, support, more)
    everything = [Candidate(shares, dimension, "", _group_nash(world, shares)) for shares, dimension in found]
    if world.dynamic not in EQUALISING:
        everything = [one for one in everything if one.equilibrium]
    return everything, complete


def _by_component(world: Flow, support: tuple[int, ...], points: Sequence[FloatArray]) -> list[tuple[FloatArray, int]]:
    """Return points with the dimension of the component of rest points they lie in; of components, one for each.

    The dimension is told by the rank of the derivative; of all points of one dimension the most even one is kept.
    """
    size, kept = len(support), []
    lying: dict[int, FloatArray] = {}
    for point in points:
        slopes = payoff_slopes(world, point)[np.ix_(support, support)]
        lead = (slopes[:-1] - slopes[-1])[:, :-1] - (slopes[:-1] - slopes[-1])[:, -1:]
        scale = max(1.0, float(np.abs(slopes).max()))
        dimension = size - 1 - int(np.linalg.matrix_rank(lead, tol=FLAT * scale))
        if not dimension:
            kept.append((point, 0))
        elif dimension not in lying or lying[dimension][list(support)].min() < point[list(support)].min():
            lying[dimension] = point
    return [*kept, *((point, dimension) for dimension, point in lying.items())]


def _wide(shares: Sequence[float] | FloatArray, support: Sequence[int], n: int) -> FloatArray:
    wide = np.zeros(n)
    wide[list(support)] = shares
    return wide


def _group_nash(world: Flow, shares: FloatArray) -> str:
    """Return ``"ESS"`` for a strict equilibrium, ``"Nash"`` for any other, or nothing."""
    f = world.payoffs(shares)
    lead = float(shares @ f) - f[shares == 0.0]
    slack = SLACK * max(1.0, float(np.abs(world.table.values).max()))
    if (lead < -slack).any():
        return ""
    return "ESS" if shares.max() == 1.0 and (lead > slack).all() else "Nash"


def _seen(point: FloatArray, others: Sequence[FloatArray]) -> bool:
    return any(np.abs(point - other).max() < 1e-6 for other in others)


def _equalised(world: Flow, support: NDArray[np.int64]) -> Iterator[FloatArray]:
    """Yield points at which the strategies of a support earn the same, by search."""
    n = len(world.table.strategies)

    def off(z: FloatArray) -> FloatArray:
        f = world.payoffs(_wide(np.append(z, 1.0 - z.sum()), support.tolist(), n))[support]
        return np.asarray(f[:-1] - f[-1])

    for z in _zeros(off, len(support), SAME):
        yield _wide(z, support.tolist(), n)


def enclosed(world: Flow, seed: int) -> tuple[list[Candidate], bool, FloatArray]:
    """Return the rest points of dynamics that rest nowhere simple, whether they are all, and where others may be.

    They are proved as far as that goes, and searched elsewhere; a small undecided region keeps only one of those in it.
    """
    n = len(world.table.strategies)
    known = certified(world)
    if known is None:
        return searched(world, seed), False, np.stack([np.zeros((1, n)), np.ones((1, n))], axis=1)
    told = zip(known.points, known.dimensions, known.stability, strict=True)
    found = [Candidate(point, dimension, stability) for point, dimension, stability in told]
    if not len(known.undecided):
        return found, True, known.undecided
    low, high = known.undecided[:, 0] - NEARBY, known.undecided[:, 1] + NEARBY
    small = np.ptp(known.undecided, axis=1).max(axis=1) < SMALL
    for one in searched(world, seed):
        others = [other.shares for other in found]
        near = ((low <= one.shares) & (one.shares <= high)).all(axis=1)
        full = [
            k for k in np.flatnonzero(near & small) if any((low[k] <= x).all() and (x <= high[k]).all() for x in others)
        ]
        if near.any() and not len(full) and not _seen(one.shares, others):
            found.append(one)
    return found, False, known.undecided


def searched(world: Flow, seed: int) -> list[Candidate]:
    """Return the rest points that many searches find; for two strategies, those that a fine grid brackets."""
    n = len(world.table.strategies)
    if n == 2:
        return [Candidate(point) for point in _bracketed(world)]

    def off(z: FloatArray) -> FloatArray:
        return np.asarray(world.velocities(np.append(z, 1.0 - z.sum())[None])[0][:-1])

    return [Candidate(np.clip(point, 0.0, 1.0)) for point in _zeros(off, n, -SAME, seed)]


def _zeros(off, size: int, lowest: float, seed: int = 0) -> Iterator[FloatArray]:  # type: ignore[no-untyped-def]
    from scipy.optimize import root

    seen: list[FloatArray] = []
    for point in uniform_points(SEARCHES, size, seed):
        answer = root(off, point[:-1], method="hybr", tol=1e-13)
        shares = np.append(answer.x, 1.0 - answer.x.sum())
        if shares.min() > lowest and np.abs(off(answer.x)).max() < 1e-9 and not _seen(shares, seen):
            seen.append(shares)
            yield shares


def _bracketed(world: Flow) -> Iterator[FloatArray]:
    """Yield rest points of two strategies: ends where nothing moves, and every change of sign on a fine grid."""
    from scipy.optimize import brentq

    def speed(share: float) -> float:
        return float(world.velocities(np.array([[share, 1.0 - share]]))[0, 0])

    grid = (1.0 - np.cos(np.linspace(0.0, np.pi, 4001))) / 2.0
    moves = world.velocities(np.stack([grid, 1.0 - grid], axis=1))[:, 0]
    still = np.abs(moves) < 1e-14
    for here in np.flatnonzero(still):
        yield np.array([grid[here], 1.0 - grid[here]])
    for k in np.flatnonzero((moves[:-1] * moves[1:] < 0) & ~still[:-1] & ~still[1:]):
        share = float(brentq(speed, grid[k], grid[k + 1], xtol=1e-15))
        if abs(speed(share)) < 1e-6:
            yield np.array([share, 1.0 - share])
