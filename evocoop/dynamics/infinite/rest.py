"""Rest points: all of them where that can be proved, with their stability."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evocoop.core.errors import InputError
from evocoop.dynamics.infinite.roots import interior_roots
from evocoop.dynamics.infinite.setting import FloatArray, Flow, flow, uniform_points
from evocoop.dynamics.infinite.supports import equal_payoffs, evolutionary_stability
from evocoop.games.payoffs import PayoffTable

MOST_STRATEGIES = 12
SEARCHES = 400
SAME = 1e-7
FLAT = 1e-9


@dataclass(frozen=True)
class RestPoint:
    """One rest point.

    Args:
        shares: array (n,), summing to 1.
        stability: ``"stable"`` (asymptotically), ``"unstable"``, ``"saddle"`` or ``"neutral"`` (the linear part does
            not tell, or the point lies in a component of rest points).
        eigenvalues: of the Jacobian along the simplex, array (n-1,).
        dimension: of the component of rest points it lies in; 0 when isolated.
        equilibrium: ``"ESS"``, ``"NSS"`` (neutrally stable), ``"Nash"`` or ``""``, for two-player games.
    """

    shares: FloatArray
    stability: str
    eigenvalues: NDArray[np.complex128]
    dimension: int = 0
    equilibrium: str = ""


@dataclass(frozen=True)
class RestPoints:
    """The rest points of a dynamic.

    Args:
        strategies: names, in the order of the shares.
        points: the rest points; of a component of them, one point inside it.
        complete: whether it is proved that there are no others.
        dynamic: the name of the dynamic.
    """

    strategies: tuple[str, ...]
    points: tuple[RestPoint, ...]
    complete: bool
    dynamic: str

    @property
    def stable(self) -> tuple[RestPoint, ...]:
        """The asymptotically stable ones."""
        return tuple(point for point in self.points if point.stability == "stable")


def rest_points(
    payoffs: Any, *, dynamic: str = "replicator", noise: float = 0.1, mutation: ArrayLike = 0.01, seed: int = 0
) -> RestPoints:
    """Return the rest points of a dynamic, each with its stability.

    Replicator, two-player games: every support, ``(A x)_i`` equal on it, in exact fractions: complete, degenerate
    components included. Replicator, groups of N: single strategies, every root of the gain of every pair (certified in
    Bernstein form); interiors of three and more are searched from many starts, and the result is then not called
    complete. All other dynamics are searched; for two strategies on a fine grid of brackets.

    Args:
        payoffs: a square matrix, a game, or a PayoffTable.
        dynamic: see :func:`evocoop.dynamics.trajectory`.
        noise: eta of the logit dynamics, above 0.
        mutation: of the replicator-mutator dynamic.
        seed: of the searches.

    Raises:
        InputError: when an argument is refused.

    Source: Hofbauer & Sigmund 1998, Evolutionary Games and Population Dynamics, chapters 7-8; groups of N, Gokhale &
    Traulsen 2010, PNAS 107:5500; Pena, Lehmann & Noeldeke 2014, J Theor Biol 346:23 (Bernstein form).

    >>> [(p.shares.tolist(), p.stability) for p in rest_points([[4, 0], [3, 3]]).points]
    [([1.0, 0.0], 'stable'), ([0.0, 1.0], 'stable'), ([0.75, 0.25], 'unstable')]
    """
    world = flow(payoffs, dynamic, noise=noise, mutation=mutation)
    n = len(world.table.strategies)
    if n > MOST_STRATEGIES:
        raise InputError(
            f"rest points of {n} strategies have {2**n - 1} supports; choose at most {MOST_STRATEGIES} strategies"
        )
    if world.dynamic in ("replicator", "maynard_smith"):
        found, complete = _equalisers(world, seed)
    else:
        found, complete = [(point, 0) for point in _searched(world, np.arange(n), seed)], False
        if world.imitative:
            found = _vertices_first(n, found)
    points = tuple(_described(world, shares, dimension) for shares, dimension in found)
    return RestPoints(world.table.strategies, points, complete, dynamic)


def _equalisers(world: Flow, seed: int) -> tuple[list[tuple[FloatArray, int]], bool]:
    if world.table.group_size == 2:
        n = len(world.table.strategies)
        found = []
        for one in equal_payoffs(world.table.values):
            shares = np.zeros(n)
            shares[list(one.support)] = [float(share) for share in one.shares]
            found.append((shares, one.dimension))
        return found, True
    return _group_equalisers(world, seed)


def _group_equalisers(world: Flow, seed: int) -> tuple[list[tuple[FloatArray, int]], bool]:
    n = len(world.table.strategies)
    found: list[tuple[FloatArray, int]] = [(row, 0) for row in np.eye(n)]
    complete = n <= 2
    for pair in itertools.combinations(range(n), 2):
        roots, dimension, proved = pair_roots(world.table, pair)
        complete &= proved
        for root in roots:
            shares = np.zeros(n)
            shares[list(pair)] = root, 1.0 - root
            found.append((shares, dimension))
    for size in range(3, n + 1):
        for support in itertools.combinations(range(n), size):
            for shares in _searched(world, np.array(support), seed):
                found.append((shares, 0))
    return found, complete


def pair_roots(table: PayoffTable, pair: Sequence[int]) -> tuple[list[float], int, bool]:
    """Return where two strategies of a group game earn the same: shares of the first, dimension, whether proved.

    The gain ``f_1 - f_2`` at share x is ``sum_k b_k C(N-1,k) x^k (1-x)^(N-1-k)`` with b_k the gain beside k co-players
    of the first, so its Bernstein coefficients are read off the payoff table.
    """
    gain = gains(table, pair)
    if not gain.any():
        return [0.5], 1, True
    roots, proved = interior_roots(gain.tolist())
    return roots, 0, proved


def gains(table: PayoffTable, pair: Sequence[int]) -> FloatArray:
    """Return what the first of two strategies earns more than the second beside 0 … N-1 co-players of the first."""
    values = table.restrict(list(pair)).values
    return np.asarray((values[0] - values[1])[::-1])


def _vertices_first(n: int, found: list[tuple[FloatArray, int]]) -> list[tuple[FloatArray, int]]:
    corners: list[tuple[FloatArray, int]] = [(row, 0) for row in np.eye(n)]
    return corners + [one for one in found if one[0].max() < 1.0 - SAME]


def _searched(world: Flow, support: NDArray[np.int64], seed: int) -> Iterator[FloatArray]:
    """Yield rest points with exactly this support (any support, for dynamics that are not imitative), by search."""
    n = len(world.table.strategies)
    if len(support) == 2 and n == 2:
        yield from _bracketed(world)
        return
    from scipy.optimize import root

    wide = np.zeros((SEARCHES, n))
    wide[:, support] = uniform_points(SEARCHES, len(support), seed)
    seen: list[FloatArray] = []

    def off(z: FloatArray) -> FloatArray:
        x = np.zeros(n)
        x[support] = np.append(z, 1.0 - z.sum())
        if world.dynamic in ("replicator", "maynard_smith"):
            f = world.payoffs(x)[support]
            return np.asarray(f[:-1] - f[-1])
        return np.asarray(world.velocities(x[None])[0][support][:-1])

    for point in wide:
        answer = root(off, point[support][:-1], method="hybr", tol=1e-13)
        shares = np.zeros(n)
        shares[support] = np.append(answer.x, 1.0 - answer.x.sum())
        inside = shares[support].min() > (SAME if world.imitative else -SAME)
        if not inside or np.abs(off(answer.x)).max() > 1e-9:
            continue
        if all(np.abs(shares - other).max() > 1e-6 for other in seen):
            seen.append(shares)
            yield np.clip(shares, 0.0, 1.0)


def _bracketed(world: Flow) -> Iterator[FloatArray]:
    """Yield rest points of two strategies: ends where nothing moves, and every change of sign on a fine grid."""
    from scipy.optimize import brentq

    def speed(share: float) -> float:
        return float(world.velocities(np.array([[share, 1.0 - share]]))[0, 0])

    grid = (1.0 - np.cos(np.linspace(0.0, np.pi, 4001))) / 2.0
    moves = world.velocities(np.stack([grid, 1.0 - grid], axis=1))[:, 0]
    for here in np.flatnonzero(np.abs(moves) < 1e-14):
        yield np.array([grid[here], 1.0 - grid[here]])
    for k in np.flatnonzero(
        (moves[:-1] * moves[1:] < 0) & (np.abs(moves[:-1]) >= 1e-14) & (np.abs(moves[1:]) >= 1e-14)
    ):
        share = float(brentq(speed, grid[k], grid[k + 1], xtol=1e-15))
        if abs(speed(share)) < 1e-6:
            yield np.array([share, 1.0 - share])


def _described(world: Flow, shares: FloatArray, dimension: int) -> RestPoint:
    values = along_simplex(jacobian(world, shares))
    kind = "neutral" if dimension else _kind(values)
    if kind == "neutral" and len(shares) == 2 and not dimension:
        kind = _two_strategies(world, shares)
    equilibrium = evolutionary_stability(world.table.values, shares) if world.table.group_size == 2 else ""
    if equilibrium == "ESS" and world.dynamic == "replicator" and kind == "neutral" and not dimension:
        kind = "stable"
    return RestPoint(shares, kind, values, dimension, equilibrium)


def _kind(values: NDArray[np.complex128]) -> str:
    parts = values.real
    slack = FLAT * max(1.0, float(np.abs(values).max(initial=0.0)))
    if (parts < -slack).all():
        return "stable"
    if (parts > slack).all():
        return "unstable"
    if (parts > slack).any() and (parts < -slack).any():
        return "saddle"
    return "saddle" if (parts > slack).any() else "neutral"


def _two_strategies(world: Flow, shares: FloatArray) -> str:
    """Tell the stability of a flat rest point of two strategies from the direction of motion on either side."""
    step = 1e-4
    sides = [shares[0] + sign * step for sign in (-1, 1) if 0.0 <= shares[0] + sign * step <= 1.0]
    moves = world.velocities(np.array([[side, 1.0 - side] for side in sides]))[:, 0]
    towards = [move * (shares[0] - side) > 0 for move, side in zip(moves, sides, strict=True)]
    if not np.abs(moves).max():
        return "neutral"
    return "stable" if all(towards) else "unstable" if not any(towards) else "saddle"


def jacobian(world: Flow, shares: FloatArray) -> FloatArray:
    """Return the matrix of derivatives ``d v_i / d x_j`` at a point: exact for the replicator, else by differences."""
    if world.dynamic == "replicator":
        f, slopes = world.payoffs(shares), payoff_slopes(world, shares)
        mean = float(shares @ f)
        return np.asarray(np.diag(f - mean) + shares[:, None] * (slopes - f[None, :] - shares @ slopes))
    n, step = len(shares), 1e-6
    columns = []
    for j in range(n):
        move = np.zeros(n)
        move[j] = step
        two = world.velocities(np.stack([shares + move, shares - move]))
        columns.append((two[0] - two[1]) / (2 * step))
    return np.stack(columns, axis=1)


def payoff_slopes(world: Flow, shares: FloatArray) -> FloatArray:
    """Return ``d f_i / d x_j``, array (n, n)."""
    values, groups, ways = world.arrays
    slopes = np.empty((len(shares), len(shares)))
    for j in range(len(shares)):
        fewer = groups.copy()
        fewer[:, j] -= 1
        chance = np.where(groups[:, j] > 0, ways * groups[:, j], 0.0)
        powers = np.prod(np.where(fewer > 0, shares[None, :] ** np.maximum(fewer, 0), 1.0), axis=1)
        slopes[:, j] = values @ (chance * powers)
    return slopes


def along_simplex(matrix: FloatArray) -> NDArray[np.complex128]:
    """Return the eigenvalues of a Jacobian for motion within the simplex, sorted by real part, largest first."""
    n = len(matrix)
    if n == 1:
        return np.empty(0, dtype=np.complex128)
    basis = np.linalg.qr(np.eye(n)[:, : n - 1] - 1.0 / n)[0]
    values = np.linalg.eigvals(basis.T @ matrix @ basis).astype(np.complex128)
    return values[np.argsort(-values.real, kind="stable")]


def evolutionarily_stable(payoffs: Any) -> tuple[RestPoint, ...]:
    """Return the evolutionarily stable and the neutrally stable strategies of a symmetric two-player game.

    x is evolutionarily stable when ``x A y > y A y`` for all y near x other than x.

    Raises:
        InputError: for games in larger groups.

    Source: Maynard Smith & Price 1973, Nature 246:15; Haigh 1975, Adv Appl Prob 7:8.

    >>> [(p.shares.tolist(), p.equilibrium) for p in evolutionarily_stable([[-1, 2], [0, 1]])]
    [([0.5, 0.5], 'ESS')]
    """
    if flow(payoffs).table.group_size != 2:
        raise InputError("evolutionary stability is told for two-player games; see rest_points(…).stable for groups")
    return tuple(point for point in rest_points(payoffs).points if point.equilibrium in ("ESS", "NSS"))


def nash_equilibria(payoffs: Any) -> tuple[RestPoint, ...]:
    """Return the symmetric Nash equilibria of a symmetric two-player game; a component stands for itself by one point.

    x is one when no strategy earns more against x than x does: ``max_i (A x)_i = x A x``.

    Raises:
        InputError: for games in larger groups.

    Source: Nash 1951, Annals of Mathematics 54:286.

    >>> len(nash_equilibria([[4, 0], [3, 3]]))
    3
    """
    if flow(payoffs).table.group_size != 2:
        raise InputError("Nash equilibria are told for two-player games; see rest_points(…) for groups")
    return tuple(point for point in rest_points(payoffs).points if point.equilibrium)
