"""Two populations that play against each other: paths, rest points and Nash equilibria of bimatrix games."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evocoop.core.errors import InputError, UnknownNameError, check_integer, check_number
from evocoop.dynamics.infinite.index import equilibrium_index
from evocoop.dynamics.infinite.setting import DYNAMICS, FloatArray, Flow, points_of
from evocoop.dynamics.infinite.stability import by_derivative
from evocoop.dynamics.infinite.supports import equalisers
from evocoop.dynamics.infinite.trajectories import follow, moments_of
from evocoop.games.payoffs import PayoffTable
from evocoop.games.two_populations import payoff_matrices

MOST_SUPPORTS = 70_000


@dataclass(frozen=True)
class TwoPopulationTrajectory:
    """Paths of two populations through time.

    Args:
        times: array (T,).
        rows: shares of the first population, array (starts, T, n).
        columns: shares of the second, array (starts, T, m).
        dynamic: the name of the dynamic.
    """

    times: FloatArray
    rows: FloatArray
    columns: FloatArray
    dynamic: str

    @property
    def final(self) -> tuple[FloatArray, FloatArray]:
        """Shares at the last time, arrays (starts, n) and (starts, m)."""
        return self.rows[:, -1], self.columns[:, -1]


@dataclass(frozen=True)
class TwoPopulationPoint:
    """One rest point of two populations.

    Args:
        row: shares of the first population, array (n,).
        column: shares of the second, array (m,).
        stability: ``"stable"``, ``"unstable"``, ``"saddle"`` or ``"neutral"`` under the replicator.
        eigenvalues: of the Jacobian along both simplices, array (n+m-2,).
        dimension: of the component of rest points it lies in; 0 when isolated.
        nash: whether it is a Nash equilibrium.
        index: of a regular equilibrium, +1 or -1 (all add up to +1 when all are regular); else 0.
    """

    row: FloatArray
    column: FloatArray
    stability: str
    eigenvalues: NDArray[np.complex128]
    dimension: int
    nash: bool
    index: int = 0


@dataclass(frozen=True)
class TwoPopulationPoints:
    """The rest points of the replicator with two populations.

    Args:
        points: the rest points; of a component, one point inside it.
        complete: whether it is proved that there are no others.
    """

    points: tuple[TwoPopulationPoint, ...]
    complete: bool


def replicator_two_populations(
    payoffs: ArrayLike,
    other: ArrayLike,
    *,
    start: tuple[ArrayLike, ArrayLike] | None = None,
    starts: int | None = None,
    time: float = 100.0,
    times: ArrayLike | None = None,
    dynamic: str = "replicator",
    noise: float = 0.1,
    tolerance: float = 1e-12,
    seed: int = 0,
) -> TwoPopulationTrajectory:
    """Return paths of two populations, ``dx_i/dt = x_i ((A y)_i - x A y)``, ``dy_j/dt = y_j ((x B)_j - x B y)``.

    The other dynamics of :func:`evocoop.dynamics.trajectory` work as well, each population with payoffs of its own.

    Args:
        payoffs: A, array (n, m): payoffs of the first population's strategies (rows) against the second's (columns).
        other: B, array (n, m): payoffs of the second population's strategies (columns) against the first's (rows).
        start: shares of both at time 0; even shares when neither this nor ``starts`` is given.
        starts: how many starting points to spread over both simplices.
        time: the last time, above 0; 201 times are recorded.
        times: the times to record instead, ascending from the start.
        dynamic: its name; all but ``"replicator_mutator"``.
        noise: eta of the logit dynamics, above 0.
        tolerance: error allowed per step.
        seed: of the spread starting points.

    Raises:
        InputError: when an argument is refused.

    Source: Taylor 1979, J Appl Prob 16:76; Hofbauer & Sigmund 1998, chapter 10.

    >>> path = replicator_two_populations([[1, -1], [-1, 1]], [[-1, 1], [1, -1]], start=([0.6, 0.4], [0.5, 0.5]))
    >>> float(abs(path.rows * (1 - path.rows) * path.columns * (1 - path.columns) - 0.06).max()) < 1e-9
    True
    """
    if dynamic not in DYNAMICS or dynamic == "replicator_mutator":
        raise UnknownNameError("dynamic", dynamic, tuple(name for name in DYNAMICS if name != "replicator_mutator"))
    world = _world(payoffs, other, dynamic, check_number("noise", noise, minimum=0.0, exclusive=True))
    n, m = world.first, len(world.table.strategies) - world.first
    if dynamic == "maynard_smith_replicator" and min(_parts(world)[0].min(), _parts(world)[1].min()) <= 0.0:
        raise InputError("the Maynard Smith replicator divides by mean payoff and needs payoffs above 0")
    points = _starts(start, starts, n, m, seed)
    moments = moments_of(time, times)
    allowed = check_number("tolerance", tolerance, minimum=1e-14, maximum=0.1)
    shares = np.empty((len(points), len(moments), n + m))
    follow([world], points, moments, allowed, shares)
    return TwoPopulationTrajectory(moments, shares[:, :, :n], shares[:, :, n:], dynamic)


def _world(payoffs: ArrayLike, other: ArrayLike, dynamic: str = "replicator", noise: float = 0.1) -> Flow:
    a, b = payoff_matrices(payoffs, other)
    n, m = a.shape
    whole = np.zeros((n + m, n + m))
    whole[:n, n:], whole[n:, :n] = a, b.T
    names = tuple([f"row {i}" for i in range(n)] + [f"column {j}" for j in range(m)])
    return Flow(PayoffTable(names, whole), dynamic, noise, np.eye(n + m), first=n)


def _parts(world: Flow) -> tuple[FloatArray, FloatArray]:
    n = world.first
    return world.table.values[:n, n:], world.table.values[n:, :n].T


def _starts(start: Any, starts: int | None, n: int, m: int, seed: int) -> FloatArray:
    if start is not None and starts is not None:
        raise InputError("give either start (shares of both) or starts (how many), not both")
    if starts is None:
        one, two = (None, None) if start is None else _pair(start)
        return np.hstack([points_of(one, None, n, 0), points_of(two, None, m, 0)])
    return _spread(check_integer("starts", starts, minimum=1, maximum=1_000_000), n, m, seed)


def _pair(start: Any) -> tuple[ArrayLike, ArrayLike]:
    if not isinstance(start, Sequence) or len(start) != 2:
        raise InputError("start must be a pair: shares of the first population, shares of the second")
    return start[0], start[1]


def _spread(count: int, n: int, m: int, seed: int) -> FloatArray:
    """Return points spread uniformly over both simplices together: one scrambled Sobol sequence cut in two."""
    from scipy.stats import qmc

    size = n + m - 2
    whole = 1 << max(0, (count - 1).bit_length())
    checked = check_integer("seed", seed, minimum=0)
    drawn = qmc.Sobol(size, seed=checked).random(whole)[:count] if size else np.empty((count, 0))
    cuts = np.sort(drawn[:, : n - 1], axis=1), np.sort(drawn[:, n - 1 :], axis=1)
    return np.hstack([np.diff(part, axis=1, prepend=0.0, append=1.0) for part in cuts])


def rest_points_two_populations(payoffs: ArrayLike, other: ArrayLike) -> TwoPopulationPoints:
    """Return the rest points of the replicator with two populations, by supports, in exact fractions.

    Both populations rest when in each all strategies present earn the same. Mixtures of both are never attracting.

    Args:
        payoffs: A, array (n, m): payoffs of the first population's strategies (rows) against the second's (columns).
        other: B, array (n, m): payoffs of the second population's strategies (columns) against the first's (rows).

    Raises:
        InputError: when an argument is refused, or there are too many supports.

    Source: Hofbauer & Sigmund 1998, chapter 10.

    >>> found = rest_points_two_populations([[2, 0], [0, 1]], [[1, 0], [0, 2]])
    >>> [(p.row.round(3).tolist(), p.column.round(3).tolist(), p.stability) for p in found.points if p.row.max() < 1]
    [([0.667, 0.333], [0.333, 0.667], 'saddle')]
    """
    world = _world(payoffs, other)
    a, b = _parts(world)
    if (2.0 ** a.shape[0]) * (2.0 ** a.shape[1]) > MOST_SUPPORTS:
        raise InputError(f"{a.shape[0]} by {a.shape[1]} strategies have too many supports; choose fewer (16 in all)")
    exact_a = [[Fraction(float(value)) for value in row] for row in a]
    exact_b = [[Fraction(float(value)) for value in row] for row in b.T]
    points = []
    for rows, columns in itertools.product(_supports(a.shape[0]), _supports(a.shape[1])):
        y = equalisers([[exact_a[i][j] for j in columns] for i in rows])
        x = equalisers([[exact_b[j][i] for i in rows] for j in columns]) if y is not None else None
        if x is not None and y is not None:
            points.append(_point(world, _full(rows, x[0], len(a)), _full(columns, y[0], len(b.T)), x[1] + y[1]))
    return TwoPopulationPoints(tuple(points), not any(point.dimension for point in points))


def nash_equilibria_two_populations(payoffs: ArrayLike, other: ArrayLike) -> TwoPopulationPoints:
    """Return the Nash equilibria of a bimatrix game: the rest points at which nobody could earn more.

    Complete for games without degenerate components; of a component, one point inside it is tried.

    Raises:
        InputError: as :func:`evocoop.dynamics.rest_points_two_populations`.

    Source: Nash 1951, Annals of Mathematics 54:286.

    >>> len(nash_equilibria_two_populations([[2, 0], [0, 1]], [[1, 0], [0, 2]]).points)
    3
    """
    found = rest_points_two_populations(payoffs, other)
    return TwoPopulationPoints(tuple(point for point in found.points if point.nash), found.complete)


def _supports(n: int) -> list[tuple[int, ...]]:
    return [chosen for size in range(1, n + 1) for chosen in itertools.combinations(range(n), size)]


def _full(support: Sequence[int], shares: Sequence[Fraction], n: int) -> tuple[Fraction, ...]:
    held = dict(zip(support, shares, strict=True))
    return tuple(held.get(i, Fraction(0)) for i in range(n))


def _point(world: Flow, x: tuple[Fraction, ...], y: tuple[Fraction, ...], dimension: int) -> TwoPopulationPoint:
    a, b = _parts(world)
    mine, theirs = ([list(map(Fraction, row)) for row in matrix.tolist()] for matrix in (a, b))
    nash = _best(mine, x, y) and _best([list(column) for column in zip(*theirs, strict=True)], y, x)
    row, column = np.array(x, dtype=np.float64), np.array(y, dtype=np.float64)
    values = _eigenvalues(a, b, row, column)
    index = equilibrium_index(mine, theirs, x, y) if nash else 0
    kind = "neutral" if dimension else by_derivative(values) if len(values) else "stable"
    return TwoPopulationPoint(row, column, kind, values, dimension, nash, index)


def _best(matrix: list[list[Fraction]], mine: tuple[Fraction, ...], theirs: tuple[Fraction, ...]) -> bool:
    worth = [sum((value * share for value, share in zip(row, theirs, strict=True)), Fraction(0)) for row in matrix]
    return max(worth) == next(value for value, share in zip(worth, mine, strict=True) if share)


def _eigenvalues(a: FloatArray, b: FloatArray, x: FloatArray, y: FloatArray) -> NDArray[np.complex128]:
    """Return the eigenvalues of the replicator's Jacobian for motion within both simplices, largest real part first."""
    f, g = a @ y, x @ b
    own = np.diag(f - x @ f) - np.outer(x, f)
    theirs = np.diag(g - y @ g) - np.outer(y, g)
    matrix = np.block([[own, x[:, None] * (a - x @ a)], [y[:, None] * (b.T - y @ b.T), theirs]])
    n, m = len(x), len(y)
    basis = np.zeros((n + m, n + m - 2))
    basis[:n, : n - 1] = np.linalg.qr(np.eye(n)[:, : n - 1] - 1.0 / n)[0]
    basis[n:, n - 1 :] = np.linalg.qr(np.eye(m)[:, : m - 1] - 1.0 / m)[0]
    values = np.linalg.eigvals(basis.T @ matrix @ basis).astype(np.complex128)
    return values[np.argsort(-values.real, kind="stable")]
