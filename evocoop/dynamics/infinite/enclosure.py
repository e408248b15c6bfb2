"""Every mixed rest point of games in groups, enclosed with a proof: Bernstein form on the simplex, halved and halved.

The expected payoff of a strategy against random groups is ``sum_c (N-1)!/prod c_j! prod x_j^c_j values[c]``: a row of a
payoff table holds the Bernstein coefficients of a polynomial on the simplex. Differences of rows must vanish at a rest
point. A piece of the simplex holds none where one of them, or a combination of them, has coefficients of one sign; it
holds at most one where the derivative, from all its coefficients, cannot be singular; else it is halved.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import numpy as np

from evocoop.dynamics.infinite.setting import FloatArray, IntArray
from evocoop.games.payoffs import compositions

MOST_PIECES = 20_000
ROUNDING = 1e-13
INSIDE = 1e-9
SAME = 1e-8


@dataclass(frozen=True)
class Forms:
    """Tables for polynomials of one degree on simplices of n corners.

    Args:
        groups: exponents, array (C, n).
        ways: multinomial coefficients, array (C,).
        up: for each exponent of one degree less and each corner, the place of the exponent one higher there.
        halves: for each pair of corners the matrix (C, C) that moves the second to the middle between them.
    """

    groups: IntArray
    ways: FloatArray
    up: IntArray
    halves: dict[tuple[int, int], FloatArray]


def forms(degree: int, n: int) -> Forms:
    """Return the tables for a degree and a number of corners."""
    groups = compositions(degree, n)
    place = {tuple(row): k for k, row in enumerate(groups.tolist())}
    ways = [math.factorial(degree) / math.prod(math.factorial(k) for k in row) for row in groups.tolist()]
    lower = compositions(degree - 1, n)
    up = np.array([[place[tuple(row + one)] for one in np.eye(n, dtype=int)] for row in lower])
    halves = {}
    for keep, move in itertools.permutations(range(n), 2):
        matrix = np.zeros((len(groups), len(groups)))
        for k, row in enumerate(groups.tolist()):
            for moved in range(row[move] + 1):
                other = list(row)
                other[keep] += moved
                other[move] -= moved
                matrix[k, place[tuple(other)]] += math.comb(row[move], moved) / 2.0 ** row[move]
        halves[keep, move] = matrix
    return Forms(groups, np.array(ways), up, halves)


def mixed_points(values: FloatArray, group_size: int) -> tuple[list[FloatArray], bool]:
    """Return the points at which all n strategies are present and earn the same, and whether there are no others.

    Args:
        values: payoff table, array (n, C).
        group_size: N.

    Returns:
        Shares, each accurate to rounding, and True when it is proved that the list is complete (in floating point, with
        room for rounding); False when points are degenerate or too many pieces would be needed.

    Source: Lane & Riesenfeld 1981, BIT 21:112 (subdivision); Farouki 2012, Comput Aided Geom Des 29:379 (simplices).
    """
    n = len(values)
    tables = forms(group_size - 1, n)
    gains = values[:-1] - values[-1]
    scale = float(np.abs(gains).max())
    if scale == 0.0:
        return [], False
    gains = gains / scale
    found: list[FloatArray] = []
    waiting = [(np.eye(n), gains)]
    pieces, proved = 0, True
    while waiting:
        corners, part = waiting.pop()
        pieces += 1
        verdict, point = _look(corners, part, gains, tables)
        if verdict == "one" and point is not None:
            if all(np.abs(point - other).max() > SAME for other in found):
                found.append(point)
        elif verdict == "split":
            length = np.linalg.norm(corners[:, None] - corners[None, :], axis=2)
            if pieces + len(waiting) > MOST_PIECES or length.max() < 1e-7:
                proved = False
                continue
            one, two = np.unravel_index(int(length.argmax()), length.shape)
            for keep, move in ((int(one), int(two)), (int(two), int(one))):
                fewer = corners.copy()
                fewer[move] = (corners[keep] + corners[move]) / 2.0
                waiting.append((fewer, part @ tables.halves[keep, move].T))
    found.sort(key=lambda point: tuple(-point))
    return found, proved


def _look(corners: FloatArray, part: FloatArray, gains: FloatArray, tables: Forms) -> tuple[str, FloatArray | None]:
    """Return ``"none"``, ``"one"`` with the point (or without, where it lies on the rim), or ``"split"``."""
    if _one_sign(part) or _one_sign(part[:, None] - part[None, :]):
        return "none", None
    slopes = part[:, tables.up]
    slopes = np.moveaxis(slopes[:, :, :-1] - slopes[:, :, -1:], 1, 0)
    middle = slopes.mean(axis=0)
    if np.linalg.cond(middle) > 1e12:
        return "split", None
    back = np.linalg.inv(middle)
    if _one_sign(back @ part):
        return "none", None
    if np.abs(np.eye(len(part)) - back @ slopes).sum(axis=2).max() >= 1.0 - 1e-9:
        return "split", None
    point = _newton(corners.mean(axis=0), gains, tables)
    if point is None or np.linalg.solve(corners.T, point).min() < -SAME / max(float(np.ptp(corners)), SAME):
        return "split", None
    return "one", point if point.min() >= INSIDE else None


def _one_sign(coefficients: FloatArray) -> bool:
    """Return whether some row is above rounding everywhere, or below it everywhere."""
    size = ROUNDING * np.abs(coefficients).max(axis=-1)
    return bool(((coefficients.min(axis=-1) > size) | (coefficients.max(axis=-1) < -size)).any())


def _newton(point: FloatArray, gains: FloatArray, tables: Forms) -> FloatArray | None:
    """Return the root that Newton's method leads to, or None where it leads away."""
    groups, ways = tables.groups, tables.ways
    degree = int(groups[0].sum())
    lower = compositions(degree - 1, len(point))
    fewer = ways[tables.up[:, 0]] * groups[tables.up[:, 0], 0] / degree
    for _ in range(100):
        worth = gains @ (ways * np.prod(point**groups, axis=1))
        chance = fewer * np.prod(point**lower, axis=1)
        slopes = degree * (gains[:, tables.up] * chance[None, :, None]).sum(axis=1)
        step = np.linalg.lstsq(np.vstack([slopes, np.ones(len(point))]), np.append(-worth, 0.0), rcond=None)[0]
        point = point + step
        if np.abs(step).max() < 1e-15:
            break
        if np.abs(point).max() > 10.0:
            return None
    return np.asarray(point)
