"""The index of a regular equilibrium of a bimatrix game, in exact fractions."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

Matrix = Sequence[Sequence[Fraction]]


def equilibrium_index(a: Matrix, b: Matrix, x: Sequence[Fraction], y: Sequence[Fraction]) -> int:
    """Return the index of a Nash equilibrium, +1 or -1, or 0 where it is not regular.

    With supports I and J of k strategies each, and payoffs moved above 0, it is ``(-1)^(k+1) sign(det A_IJ det B_IJ)``.
    Regular means that nothing but I and J are best replies, and that both determinants are not 0. The indices of all
    equilibria add up to +1 when all are regular.

    Args:
        a: payoffs of the rows.
        b: payoffs of the columns.
        x: shares of the rows at the equilibrium.
        y: shares of the columns.

    Source: Shapley 1974, Mathematical Programming Study 1:175; von Stengel 2021, Game Theory Basics, chapter 12.

    >>> one, nil = Fraction(1), Fraction(0)
    >>> equilibrium_index([[one, nil], [nil, one]], [[one, nil], [nil, one]], [one / 2] * 2, [one / 2] * 2)
    -1
    """
    rows, columns = ([i for i, share in enumerate(shares) if share] for shares in (x, y))
    mine = [sum((v * s for v, s in zip(row, y, strict=True)), Fraction(0)) for row in a]
    theirs = [sum((row[j] * s for row, s in zip(b, x, strict=True)), Fraction(0)) for j in range(len(y))]
    if _best(mine) != rows or _best(theirs) != columns or len(rows) != len(columns):
        return 0
    sign = 1 if len(rows) % 2 else -1
    for matrix in (a, b):
        lift = 1 - min(min(row) for row in matrix)
        sign *= _sign([[matrix[i][j] + lift for j in columns] for i in rows])
    return sign


def _best(worth: Sequence[Fraction]) -> list[int]:
    return [i for i, value in enumerate(worth) if value == max(worth)]


def _sign(matrix: list[list[Fraction]]) -> int:
    """Return the sign of a determinant."""
    sign, size = 1, len(matrix)
    for k in range(size):
        pivot = next((i for i in range(k, size) if matrix[i][k]), None)
        if pivot is None:
            return 0
        if pivot != k:
            matrix[k], matrix[pivot] = matrix[pivot], matrix[k]
            sign = -sign
        sign = sign if matrix[k][k] > 0 else -sign
        for i in range(k + 1, size):
            part = matrix[i][k] / matrix[k][k]
            matrix[i] = [v - part * w for v, w in zip(matrix[i], matrix[k], strict=True)]
    return sign
