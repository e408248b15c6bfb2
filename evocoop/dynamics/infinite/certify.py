"""Rest points of dynamics that rest nowhere simple, with proof: logit, replicator-mutator, best experienced payoff.

Two strategies: the velocity of the polynomial dynamics is isolated in exact fractions. Else boxes are emptied, shown to
hold one point, or halved, in interval arithmetic (Krawczyk 1969, Computing 4:187; Moore, Kearfott & Cloud 2009,
Introduction to Interval Analysis, chapter 8). The logit dynamic rests where ``u_i = (f_i - f_n) / eta`` with
``x_i ~ exp(u_i)``; in these logarithms points with shares of 1e-9 are as plain as any.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from evocoop.dynamics.infinite import boxes, polynomials
from evocoop.dynamics.infinite.polynomials import Exponents, Polynomial
from evocoop.dynamics.infinite.roots import interior_roots
from evocoop.dynamics.infinite.setting import FloatArray, Flow
from evocoop.dynamics.infinite.stability import by_signs
from evocoop.games.payoffs import compositions, count_compositions

MOST_STRATEGIES = 4
MOST_BOXES = {2: 40_000, 3: 150_000, 4: 300_000}
MOST_WORK = 2e8
MOST_DEGREE = 120
MOST_COEFFICIENTS = 3000
LEAST = (1e-7, 1e-5, 1e-3)
"""How narrow undecided boxes get; the next one is tried where that leaves too many."""
MANY = 400
ROOM = 4096
KEPT = 64


@dataclass(frozen=True)
class Certified:
    """What is proved about rest points.

    Args:
        points: shares of each rest point that is proved to exist and to be alone near itself.
        stability: of each where it is known exactly, else empty.
        undecided: lowest and highest shares of regions that may hold others, array (k, 2, n).
        dimensions: of the component that each lies in.
    """

    points: list[FloatArray]
    stability: list[str]
    undecided: FloatArray
    dimensions: list[int] = field(default_factory=list)


def certified(world: Flow) -> Certified | None:
    """Return the rest points that can be proved and where others may be, or None where that would take too long."""
    n = len(world.table.strategies)
    if not 2 <= n <= MOST_STRATEGIES:
        return None
    if world.dynamic == "logit":
        return _of_logit(world)
    if world.dynamic == "replicator_mutator":
        rows: list[Polynomial] | None = polynomials.mutator(world)
    else:
        rows = polynomials.experienced(world)
    if rows is None:
        return None
    if n == 2:
        return _on_a_line(rows[0])
    return _on_the_simplex(rows, n)


def _on_a_line(row: Polynomial) -> Certified | None:
    """Return where the velocity of the first of two strategies vanishes, in exact fractions."""
    nothing = np.empty((0, 2, 2))
    if not any(row.values()):
        flat = [*np.eye(2), np.array([0.5, 0.5])]
        return Certified(flat, ["neutral"] * 3, nothing, [0, 0, 1])
    degree = sum(next(iter(row)))
    if degree > MOST_DEGREE:
        return None
    line = _bernstein(row, degree)
    roots, _ = interior_roots(line)  # type: ignore[arg-type]
    ends = ([0.0] if line[0] == 0 else []) + roots + ([1.0] if line[-1] == 0 else [])
    marks = [Fraction(0), *(Fraction(root) for root in roots), Fraction(1)]
    signs = [0, *(_sign(line, (low + high) / 2) for low, high in pairwise(marks)), 0]
    kinds = [by_signs(signs[k], signs[k + 1]) for k in range(len(marks))]
    told = ([kinds[0]] if line[0] == 0 else []) + kinds[1:-1] + ([kinds[-1]] if line[-1] == 0 else [])
    return Certified([np.array([x, 1.0 - x]) for x in ends], told, nothing, [0] * len(ends))


def _bernstein(row: Mapping[Exponents, Fraction], degree: int) -> list[Fraction]:
    """Return the Bernstein coefficients of a polynomial of two shares, by powers of the first."""
    return [row.get((k, degree - k), Fraction(0)) / math.comb(degree, k) for k in range(degree + 1)]


def _sign(line: Sequence[Fraction], at: Fraction) -> int:
    degree = len(line) - 1
    total = sum(b * math.comb(degree, k) * at**k * (1 - at) ** (degree - k) for k, b in enumerate(line))
    return (total > 0) - (total < 0)


@dataclass(frozen=True)
class Problem:
    """Polynomials in Bernstein form with their slopes along the simplex, bounds (2, rows, C) and what sorts them."""

    values: FloatArray
    value_order: NDArray[np.int64]
    groups: NDArray[np.int64]
    ways: FloatArray
    slopes: FloatArray
    slope_order: NDArray[np.int64]
    lower: NDArray[np.int64]
    lower_ways: FloatArray


def _problem(rows: Sequence[Mapping[Exponents, Fraction]], n: int) -> Problem:
    degree = sum(next(iter(rows[0])))
    groups, lower = compositions(degree, n), compositions(max(degree - 1, 0), n)
    ways = [math.factorial(degree) // math.prod(math.factorial(k) for k in row) for row in groups.tolist()]
    lower_ways = [math.factorial(sum(row)) // math.prod(math.factorial(k) for k in row) for row in lower.tolist()]
    exact = [
        {tuple(key): row.get(tuple(key), Fraction(0)) / way for key, way in zip(groups.tolist(), ways, strict=True)}
        for row in rows
    ]
    slopes = []
    for row, j in itertools.product(exact, range(n - 1)):
        line = []
        for key in lower.tolist():
            up, last = list(key), list(key)
            up[j] += 1
            last[-1] += 1
            line.append(degree * (row[tuple(up)] - row[tuple(last)]) if degree else Fraction(0))
        slopes.append(line)
    values = _bounds([list(row.values()) for row in exact])
    steps = _bounds(slopes)
    return Problem(
        values, np.argsort(values[0], axis=1), np.ascontiguousarray(groups), np.array(ways, dtype=np.float64),
        steps, np.argsort(steps[0], axis=1), np.ascontiguousarray(lower), np.array(lower_ways, dtype=np.float64),
    )  # fmt: skip


def _bounds(rows: Sequence[Sequence[Fraction]]) -> FloatArray:
    """Return the floats next to exact numbers on both sides, array (2, rows, columns)."""
    near = np.array([[float(value) for value in row] for row in rows])
    exact = np.array([[Fraction(float(value)) == value for value in row] for row in rows])
    low = np.where(exact, near, np.nextafter(near, -np.inf))
    return np.stack([low, np.where(exact, near, np.nextafter(near, np.inf))])


def _decided(
    problem: Problem, whole: FloatArray, by_logs: bool, n: int
) -> tuple[FloatArray, FloatArray, FloatArray, bool]:
    """Return boxes with one zero each, enclosures of the zeros, undecided boxes, and whether all of them are there."""
    most = min(MOST_BOXES[n], int(MOST_WORK / (len(problem.ways) * (problem.groups[0].sum() + 4))))
    holds, points, left = (np.empty((ROOM, 2, n - 1)) for _ in range(3))
    for least in LEAST:
        found, open_, _ = boxes.decide(
            by_logs, whole, least, most, problem.values, problem.value_order, problem.groups, problem.ways,
            problem.slopes, problem.slope_order, problem.lower, problem.lower_ways, holds, points, left,
        )  # fmt: skip
        if open_ <= MANY:
            break
    kept: list[int] = []
    doubtful = []
    for k in range(found):
        same = [j for j in kept if not _apart(points[j], points[k])]
        if not same:
            kept.append(k)
        elif not any(_inside(points[k], holds[j]) for j in same):
            doubtful.append(points[k])
    rest = np.concatenate([left[: min(open_, ROOM)], np.array(doubtful).reshape(-1, 2, n - 1)])
    return holds[kept], points[kept], rest, open_ <= ROOM and found < ROOM


def _apart(one: FloatArray, two: FloatArray) -> bool:
    return bool((one[0] > two[1]).any() or (one[1] < two[0]).any())


def _inside(inner: FloatArray, outer: FloatArray) -> bool:
    return bool((inner[0] >= outer[0]).all() and (inner[1] <= outer[1]).all())


def _of_logit(world: Flow) -> Certified | None:
    """Return the quantal responses: for each strategy those in which it is the most frequent, in logarithms beside it.

    Where two strategies are near a tie, only the ratio of these two matters, so boxes are long and few for any noise.
    """
    n = len(world.table.strategies)
    if count_compositions(world.table.group_size - 1, n) > MOST_COEFFICIENTS:
        return None
    kept: list[tuple[int, FloatArray, FloatArray]] = []
    regions = []
    for last in range(n):
        problem = _problem(polynomials.logit_leads(world, last), n)
        whole = np.stack([problem.values[0].min(axis=1), np.minimum(problem.values[1].max(axis=1), 0.0)])
        whole += np.array([[-1e-9], [1e-9]]) * (1.0 + np.abs(whole))
        if (whole[0] > whole[1]).any():
            continue
        holds, points, rest, all_there = _decided(problem, whole, True, n)
        for hold, point in zip(holds, points, strict=True):
            if (point[0] > 0.0).any():
                continue
            told = [_same(last, point, other) for other in kept]
            if None in told:
                rest = np.concatenate([rest, point[None]])
            elif True not in told:
                kept.append((last, hold, point))
        if not all_there:
            rest = np.concatenate([rest, whole[None]])
        regions += [_turned(_share_bounds(box), last) for box in rest]
    found = [_turned(_softmax(point.mean(axis=0))[None], last)[0] for last, _, point in kept]
    return Certified(found, [""] * len(found), _clustered(regions, n), [0] * len(found))


def _same(last: int, point: FloatArray, other: tuple[int, FloatArray, FloatArray]) -> bool | None:
    """Return whether two zeros are the same, in whatever logarithms each is enclosed, or None when it stays open."""
    place, hold, enclosed = other
    logs = _turned(np.hstack([point, np.zeros((2, 1))]), last)
    beside = np.delete(logs - logs[::-1, place, None], place, axis=1)
    beside += np.array([[-1e-15], [1e-15]]) * (1.0 + np.abs(beside))
    if _apart(beside, enclosed):
        return False
    return True if _inside(beside, hold) else None


def _turned(rows: FloatArray, last: int) -> FloatArray:
    """Return columns in the order of strategies, where that of one strategy stands last."""
    return np.insert(rows[:, :-1], last, rows[:, -1], axis=1)


def _softmax(logs: FloatArray) -> FloatArray:
    whole = np.exp(np.append(logs, 0.0) - max(float(logs.max()), 0.0))
    return np.asarray(whole / whole.sum())


def _share_bounds(box: FloatArray) -> FloatArray:
    x = np.empty((2, box.shape[1] + 1))
    boxes.shares_in(True, np.ascontiguousarray(box), x)
    return x


def _on_the_simplex(rows: list[Polynomial], n: int) -> Certified | None:
    """Return the rest points of polynomial velocities, those on faces that paths do not leave included."""
    if count_compositions(sum(next(iter(rows[0]))), n) > MOST_COEFFICIENTS:
        return None
    on_faces, undecided = _on_faces(rows, n)
    scale = max(abs(value) for row in rows for value in row.values())
    if scale == 0:
        return None
    problem = _problem([polynomials.times_all(row, 1 / scale) for row in rows[:-1]], n)
    whole = np.stack([np.zeros(n - 1), np.ones(n - 1)])
    holds, points, rest, all_there = _decided(problem, whole, False, n)
    found = list(on_faces)
    for hold, point in zip(holds, points, strict=True):
        x = np.stack([np.append(point[0], 1.0 - point[1].sum()), np.append(point[1], 1.0 - point[0].sum())])
        x += np.array([[-1e-15], [1e-15]])
        if (x[1] < 0.0).any():
            continue
        if (x[0] > 0.0).all():
            found.append(np.append(point.mean(axis=0), 1.0 - point.mean(axis=0).sum()))
        elif not any(_inside(np.stack([face[:-1], face[:-1]]), hold) for face in on_faces):
            rest = np.concatenate([rest, point[None]])
    if not all_there:
        rest = np.concatenate([rest, whole[None]])
    wide = [np.stack([np.append(low, 1.0 - high.sum()), np.append(high, 1.0 - low.sum())]) for low, high in rest]
    return Certified(found, [""] * len(found), np.concatenate([undecided, _clustered(wide, n)]), [0] * len(found))


def _on_faces(rows: Sequence[Polynomial], n: int) -> tuple[list[FloatArray], FloatArray]:
    """Return rest points with some strategies absent, on faces that paths do not leave, and what is undecided there."""
    found: list[FloatArray] = []
    undecided = [np.empty((0, 2, n))]
    for size in range(1, n):
        for face in itertools.combinations(range(n), size):
            parts = [polynomials.on_face(row, face) for row in rows]
            if any(any(parts[k].values()) for k in range(n) if k not in face):
                continue
            if size == 1:
                found.append(np.eye(n)[face[0]])
                continue
            own = [parts[i] for i in face]
            inner = _on_a_line(own[0]) if size == 2 else _on_the_simplex(own, size)
            if inner is None or any(inner.dimensions):
                undecided.append(_of_face(np.array([[[0.0] * size, [1.0] * size]]), face, n))
                continue
            found += [_of_face(point, face, n) for point in inner.points if point.min() > 0.0]
            undecided.append(_of_face(inner.undecided, face, n))
    return found, np.concatenate(undecided)


def _of_face(shares: FloatArray, face: Sequence[int], n: int) -> FloatArray:
    wide = np.zeros((*shares.shape[:-1], n))
    wide[..., list(face)] = shares
    return wide


def _clustered(regions: Sequence[FloatArray], n: int) -> FloatArray:
    """Return regions of shares, joined where they lie nearer than they are wide, so that a person can read them."""
    joined: list[FloatArray] = []
    for region in regions:
        box = np.clip(region, 0.0, 1.0)
        while True:
            near = next((k for k, other in enumerate(joined) if _near(other, box)), None)
            if near is None:
                break
            other = joined.pop(near)
            box = np.stack([np.minimum(box[0], other[0]), np.maximum(box[1], other[1])])
        joined.append(box)
    if len(joined) > KEPT:
        joined = [np.stack([np.min([box[0] for box in joined], axis=0), np.max([box[1] for box in joined], axis=0)])]
    return np.array(joined).reshape(-1, 2, n)


def _near(one: FloatArray, two: FloatArray) -> bool:
    reach = 1e-6 + max(float(np.ptp(one, axis=0).max()), float(np.ptp(two, axis=0).max()))
    return not _apart(one + np.array([[-reach], [reach]]), two)
