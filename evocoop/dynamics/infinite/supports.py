"""Rest points of two-player games: every support, solved in exact fractions, degenerate components included."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from evocoop.dynamics.infinite.setting import FloatArray

Row = list[Fraction]


@dataclass(frozen=True)
class Found:
    """Shares at which all strategies of a support earn the same.

    Args:
        support: positions of the strategies present.
        shares: their shares, exact and positive; in a component, one point inside it.
        dimension: of the set of such points; 0 for an isolated point.
    """

    support: tuple[int, ...]
    shares: tuple[Fraction, ...]
    dimension: int


def equal_payoffs(matrix: FloatArray) -> Iterator[Found]:
    """Yield, for each support S, the points with ``(A x)_i`` equal for all i in S and x_i > 0 exactly for i in S."""
    exact = [[Fraction(float(value)) for value in row] for row in matrix]
    n = len(exact)
    for size in range(1, n + 1):
        for support in itertools.combinations(range(n), size):
            found = equalisers([[exact[i][j] for j in support] for i in support])
            if found is not None:
                yield Found(support, *found)


def nash_supports(matrix: FloatArray) -> Iterator[Found]:
    """Yield, for each support, the symmetric Nash equilibria with exactly that support.

    Isolated ones are checked in exact fractions. Of a component of equalisers the part that is in equilibrium is found
    by linear programmes, in floating point.
    """
    exact = [[Fraction(float(value)) for value in row] for row in matrix]
    for one in equal_payoffs(matrix):
        if one.dimension:
            part = _equilibrium_part(matrix, one.support)
            if part is not None:
                yield part
            continue
        present = list(zip(one.support, one.shares, strict=True))
        f = [sum((row[j] * share for j, share in present), start=Fraction(0)) for row in exact]
        if max(f) == f[one.support[0]]:
            yield one


def _equilibrium_part(matrix: FloatArray, support: tuple[int, ...]) -> Found | None:
    """Return a point inside the Nash equilibria of a support whose equalisers are many, or None when there are none."""
    from scipy.optimize import linprog

    size, first = len(support), support[0]
    lead = (matrix[first] - matrix)[:, list(support)]
    outside = [k for k in range(len(matrix)) if k not in support]
    equal = np.vstack([lead[list(support[1:])], np.ones(size)])
    right = np.append(np.zeros(size - 1), 1.0)
    most = 1.0 + float(np.abs(matrix).max())

    def best(objective: FloatArray) -> FloatArray | None:
        found = linprog(
            -objective, A_ub=-lead[outside] if outside else None, b_ub=np.zeros(len(outside)) if outside else None,
            A_eq=equal, b_eq=right, bounds=[(0, 1)] * size,
        )  # fmt: skip
        return np.asarray(found.x) if found.status == 0 else None

    corners = [corner for goal in (*np.eye(size), *lead[outside]) if (corner := best(goal)) is not None]
    if not corners:
        return None
    inside = np.asarray(np.mean(corners, axis=0))
    if inside.min() < 1e-9:
        return None
    tied = [k for k in outside if abs(lead[k] @ inside) < 1e-9 * most]
    dimension = size - int(np.linalg.matrix_rank(np.vstack([equal, lead[tied]]), tol=1e-9 * most))
    shares = tuple(Fraction(float(share)) for share in inside / inside.sum())
    return Found(support, shares, dimension)


def equalisers(payoffs: Sequence[Row]) -> tuple[tuple[Fraction, ...], int] | None:
    """Return positive shares of the columns that equalise all rows, and the dimension of all such shares, or None."""
    size = len(payoffs[0])
    one = Fraction(1)
    rows = [[a - b for a, b in zip(payoffs[0], row, strict=True)] + [Fraction(0)] for row in payoffs[1:]]
    rows.append([one] * (size + 1))
    pivots = _reduce(rows, size)
    if any(not any(row[:size]) and row[size] for row in rows):
        return None
    free = [column for column in range(size) if column not in pivots]
    if not free:
        shares = tuple(rows[pivots.index(column)][size] for column in range(size))
        return (shares, 0) if min(shares) > 0 else None
    inside = _inside(rows, pivots, free, size)
    return None if inside is None else (inside, len(free))


def _reduce(rows: list[Row], columns: int) -> list[int]:
    """Bring rows to reduced echelon form in place; return the pivot column of each leading row."""
    pivots: list[int] = []
    for column in range(columns):
        rank = len(pivots)
        place = next((k for k in range(rank, len(rows)) if rows[k][column]), None)
        if place is None:
            continue
        rows[rank], rows[place] = rows[place], rows[rank]
        lead = rows[rank][column]
        rows[rank] = [value / lead for value in rows[rank]]
        for k in range(len(rows)):
            factor = rows[k][column]
            if k != rank and factor:
                rows[k] = [a - factor * b for a, b in zip(rows[k], rows[rank], strict=True)]
        pivots.append(column)
    return pivots


def _inside(rows: list[Row], pivots: Sequence[int], free: Sequence[int], size: int) -> tuple[Fraction, ...] | None:
    """Return a point of an affine set well inside the simplex, or None when it does not reach inside.

    A linear programme finds free shares that make the smallest share largest; the point is then made exact.
    """
    from scipy.optimize import linprog

    slope = np.zeros((size, len(free)))
    base = np.zeros(size)
    for row, column in enumerate(pivots):
        base[column] = float(rows[row][size])
        slope[column] = [-float(rows[row][k]) for k in free]
    for k, column in enumerate(free):
        slope[column, k] = 1.0
    bounds = [(0, 1)] * len(free) + [(0, 1)]
    constraints = np.hstack([-slope, np.ones((size, 1))])
    best = linprog(np.append(np.zeros(len(free)), -1.0), A_ub=constraints, b_ub=base, bounds=bounds)
    if best.status != 0 or best.x[-1] < 1e-9:
        return None
    chosen = [Fraction(float(value)).limit_denominator(10**6) for value in best.x[:-1]]
    shares = [Fraction(0)] * size
    for k, column in enumerate(free):
        shares[column] = chosen[k]
    for row, column in enumerate(pivots):
        shares[column] = rows[row][size] - sum((rows[row][c] * shares[c] for c in free), start=Fraction(0))
    return tuple(shares) if min(shares) > 0 else None


def copositive(matrix: FloatArray, strictly: bool, slack: float = 1e-10) -> bool:
    """Return whether ``z M z > 0`` (or >= 0) for all z >= 0 except 0.

    By Kaplan 2000 (Linear Algebra Appl 313:203): no principal submatrix has an eigenvector with all entries positive
    whose eigenvalue is at most 0 (or negative).
    """
    n = len(matrix)
    for size in range(1, n + 1):
        for chosen in itertools.combinations(range(n), size):
            values, vectors = np.linalg.eigh(matrix[np.ix_(chosen, chosen)])
            for value, vector in zip(values, vectors.T, strict=True):
                low = value <= slack if strictly else value < -slack
                if low and _has_positive(vector, values, vectors, value):
                    return False
    return True


def _has_positive(vector: FloatArray, values: FloatArray, vectors: FloatArray, value: float) -> bool:
    """Return whether the eigenspace of an eigenvalue holds a vector with all entries positive."""
    space = vectors[:, np.abs(values - value) < 1e-9]
    if space.shape[1] == 1:
        return bool((vector > 1e-12).all() or (vector < -1e-12).all())
    from scipy.optimize import linprog

    count = space.shape[1]
    constraints = np.hstack([-space, np.ones((len(space), 1))])
    best = linprog(
        np.append(np.zeros(count), -1.0),
        A_ub=constraints,
        b_ub=np.zeros(len(space)),
        bounds=[(-1, 1)] * count + [(0, 1)],
    )
    return bool(best.status == 0 and best.x[-1] > 1e-9)


def evolutionary_stability(matrix: FloatArray, shares: FloatArray, slack: float = 1e-10) -> str:
    """Return ``"ESS"``, ``"NSS"``, ``"Nash"`` or ``""`` for a point of a symmetric two-player game.

    With S the support and B the best replies: x is an ESS iff ``z A z < 0`` for all z != 0 that sum to 0 and are
    non-negative outside S within B; neutrally stable with <= instead of < (Haigh 1975, Adv Appl Prob 7:8; Abakuks 1980,
    J Appl Prob 17:557).
    """
    payoffs = matrix @ shares
    scale = max(1.0, float(np.abs(matrix).max()))
    best = float(shares @ payoffs)
    if payoffs.max() > best + slack * scale:
        return ""
    support = [int(i) for i in np.flatnonzero(shares > slack)]
    replies = [int(i) for i in np.flatnonzero(payoffs >= best - slack * scale)]
    centre, free = support[0], support[1:]
    others = [i for i in replies if i not in support]
    order = [*free, *others]
    if not order:
        return "ESS"
    form = np.array(
        [[matrix[i, j] - matrix[centre, j] - matrix[i, centre] + matrix[centre, centre] for j in order] for i in order]
    )
    form = -(form + form.T) / 2 / scale
    f = len(free)
    inner = form[:f, :f]
    lowest = float(np.linalg.eigvalsh(inner).min()) if f else 1.0
    if lowest > slack:
        rest = form[f:, f:] - form[f:, :f] @ np.linalg.solve(inner, form[:f, f:]) if f else form
        if not others or copositive(rest, strictly=True):
            return "ESS"
        return "NSS" if copositive(rest, strictly=False) else "Nash"
    if lowest < -slack:
        return "Nash"
    if not others:
        return "NSS"
    loose = inner + 1e-7 * np.eye(f)
    rest = form[f:, f:] - form[f:, :f] @ np.linalg.solve(loose, form[:f, f:])
    return "NSS" if copositive(rest, strictly=False, slack=1e-6) else "Nash"
