"""The inner loop of proofs about rest points: boxes that are emptied, shown to hold one point, or halved.

Polynomials on the simplex come as Bernstein coefficients between bounds. Every bound allows for all rounding errors
made on the way to it: a sum of K products is off by at most ``(K + factors) 2^-53`` of the sum of their sizes.
"""

from __future__ import annotations

import numpy as np

from evocoop.core.jit import kernel, lean_kernel
from evocoop.dynamics.infinite.kernels import FloatArray, IntArray

UNIT = 2.3e-16
EXPONENTIAL = 4e-15
"""Relative error allowed for an exponential and the quotient made of it."""
TINY = 1e-300
NOTHING, ONE, HALVE = 0, 1, 2
Pair = tuple[float, float]


@lean_kernel
def shares_in(by_logs: bool, box: FloatArray, x: FloatArray) -> None:
    """Fill in bounds (2, n) of all shares in a box (2, n-1): of shares, or of logarithms relative to the last share."""
    m = box.shape[1]
    if by_logs:
        for i in range(m + 1):
            for side in range(2):
                own = box[side, i] if i < m else 0.0
                total = 1.0
                for j in range(m + 1):
                    if j != i:
                        lead = (box[1 - side, j] if j < m else 0.0) - own
                        slack = UNIT * abs(lead)
                        total += np.exp(lead + slack if side == 0 else lead - slack)
                x[side, i] = (
                    1.0 / total * (1.0 - EXPONENTIAL) if side == 0 else 1.0 / total * (1.0 + EXPONENTIAL) + TINY
                )
        return
    low, high = 0.0, 0.0
    for i in range(m):
        x[0, i], x[1, i] = box[0, i], box[1, i]
        low, high = low + box[0, i], high + box[1, i]
    x[0, m] = 1.0 - high - UNIT * (m + 2) * (1.0 + abs(high))
    x[1, m] = 1.0 - low + UNIT * (m + 2) * (1.0 + abs(low))


@lean_kernel
def product(a: float, b: float, c: float, d: float) -> Pair:
    """Return bounds of the product of [a, b] and [c, d], without allowance for rounding."""
    one, two, three, four = a * c, a * d, b * c, b * d
    return min(min(one, two), min(three, four)), max(max(one, two), max(three, four))


@lean_kernel
def weights_in(x: FloatArray, groups: IntArray, ways: FloatArray, w: FloatArray) -> None:
    """Fill in bounds (2, C) of the Bernstein polynomials."""
    for c in range(len(ways)):
        low, high, factors = ways[c], ways[c], 2
        for j in range(groups.shape[1]):
            for _ in range(groups[c, j]):
                low, high = product(low, high, x[0, j], x[1, j])
                factors += 1
        w[0, c] = low - UNIT * factors * abs(low) - TINY
        w[1, c] = high + UNIT * factors * abs(high) + TINY


@lean_kernel
def range_of(low: FloatArray, high: FloatArray, order: IntArray, w: FloatArray) -> Pair:
    """Return bounds of ``sum_c w_c b_c`` for weights within bounds that sum to 1, b_c between low and high.

    ``order`` sorts the coefficients, so that the weight that is left goes to the lowest or to the highest.
    """
    count, held, size, most = len(low), 0.0, 0.0, 0.0
    below, above = 0.0, 0.0
    for c in range(count):
        held += w[0, c]
        size += max(abs(w[0, c]), abs(w[1, c]))
        most = max(most, max(abs(low[c]), abs(high[c])))
        below += min(w[0, c] * low[c], w[0, c] * high[c])
        above += max(w[0, c] * low[c], w[0, c] * high[c])
    left = max(1.0 - held + UNIT * (count + 2) * (1.0 + size), 0.0)
    rest = left
    for k in range(count):
        c = order[k]
        more = min(rest, w[1, c] - w[0, c])
        below += more * low[c]
        rest -= more
    rest = left
    for k in range(count - 1, -1, -1):
        c = order[k]
        more = min(rest, w[1, c] - w[0, c])
        above += more * high[c]
        rest -= more
    slack = UNIT * (4 * count + 8) * most * (1.0 + size)
    return below - slack, above + slack


@lean_kernel
def values_in(
    x: FloatArray, rows: FloatArray, order: IntArray, groups: IntArray, ways: FloatArray, w: FloatArray, f: FloatArray
) -> None:
    """Fill in bounds (2, m) of the polynomials whose coefficients are between rows[0] and rows[1]."""
    weights_in(x, groups, ways, w)
    for i in range(rows.shape[1]):
        f[0, i], f[1, i] = range_of(rows[0, i], rows[1, i], order[i], w)


@lean_kernel
def derivative_in(by_logs: bool, x: FloatArray, slopes: FloatArray, jacobian: FloatArray) -> None:
    """Fill in bounds (2, m, m) of the derivative of what must vanish, from slopes (2, m m) along the simplex.

    In shares that is the slopes; in logarithms u, of ``u_i - g_i``, it is ``1 - sum_k x_k x_j (s_ij - s_ik)``.
    """
    m = jacobian.shape[1]
    for i in range(m):
        for j in range(m):
            low, high = slopes[0, i * m + j], slopes[1, i * m + j]
            if by_logs:
                below, above, size = 0.0, 0.0, 0.0
                for k in range(m + 1):
                    if k == j:
                        continue
                    less = low - (slopes[1, i * m + k] if k < m else 0.0)
                    more = high - (slopes[0, i * m + k] if k < m else 0.0)
                    one, two = product(less, more, x[0, k], x[1, k])
                    below, above = below + one, above + two
                    size += max(abs(less), abs(more))
                low, high = product(below, above, x[0, j], x[1, j])
                slack = UNIT * 8 * size
                low, high = (1.0 if i == j else 0.0) - high - slack, (1.0 if i == j else 0.0) - low + slack
            jacobian[0, i, j], jacobian[1, i, j] = low - UNIT * abs(low), high + UNIT * abs(high)


@lean_kernel
def inverted(jacobian: FloatArray, rows: FloatArray, back: FloatArray) -> bool:
    """Fill in the inverse of the middle of a derivative; return whether there is one."""
    m = jacobian.shape[1]
    for i in range(m):
        for j in range(m):
            rows[i, j] = 0.5 * (jacobian[0, i, j] + jacobian[1, i, j])
            rows[i, m + j] = 1.0 if i == j else 0.0
    for column in range(m):
        pivot = column
        for row in range(column + 1, m):
            if abs(rows[row, column]) > abs(rows[pivot, column]):
                pivot = row
        if not abs(rows[pivot, column]) > TINY:
            return False
        for k in range(2 * m):
            rows[column, k], rows[pivot, k] = rows[pivot, k], rows[column, k]
        for row in range(m):
            factor = rows[row, column] / rows[column, column]
            if row != column:
                for k in range(2 * m):
                    rows[row, k] -= factor * rows[column, k]
    for i in range(m):
        for j in range(m):
            back[i, j] = rows[i, m + j] / rows[i, i]
            if not np.isfinite(back[i, j]):
                return False
    return True


@lean_kernel
def narrowed(
    box: FloatArray, middle: FloatArray, worth: FloatArray, jacobian: FloatArray, back: FloatArray, out: FloatArray
) -> None:
    """Fill in the Krawczyk box, ``c - Y F(c) + (1 - Y F'(box)) (box - c)``: every zero in the box lies in it."""
    m = len(middle)
    for i in range(m):
        low, high, size = 0.0, 0.0, abs(middle[i])
        for k in range(m):
            one, two = product(back[i, k], back[i, k], worth[0, k], worth[1, k])
            low, high = low - two, high - one
            size += max(abs(one), abs(two))
        for j in range(m):
            below, above = (1.0, 1.0) if i == j else (0.0, 0.0)
            bulk = below
            for k in range(m):
                one, two = product(back[i, k], back[i, k], jacobian[0, k, j], jacobian[1, k, j])
                below, above = below - two, above - one
                bulk += max(abs(one), abs(two))
            below, above = below - 8 * UNIT * bulk, above + 8 * UNIT * bulk
            reach = max(box[1, j] - middle[j], middle[j] - box[0, j]) * (1.0 + 4 * UNIT)
            far = max(abs(below), abs(above)) * reach
            low, high = low - far, high + far
            size += far
        out[0, i] = middle[i] + low - 16 * UNIT * size - TINY
        out[1, i] = middle[i] + high + 16 * UNIT * size + TINY


@lean_kernel
def look(
    by_logs: bool, box: FloatArray, values: FloatArray, value_order: IntArray, groups: IntArray, ways: FloatArray,
    slopes: FloatArray, slope_order: IntArray, lower: IntArray, lower_ways: FloatArray, middle: FloatArray,
    x: FloatArray, w: FloatArray, f: FloatArray, s: FloatArray, jacobian: FloatArray, rows: FloatArray,
    back: FloatArray, out: FloatArray,
) -> bool:  # fmt: skip
    """Fill in the Krawczyk box of a box; return whether there is one."""
    m = box.shape[1]
    shares_in(by_logs, box, x)
    values_in(x, slopes, slope_order, lower, lower_ways, w, s)
    derivative_in(by_logs, x, s, jacobian)
    if not inverted(jacobian, rows, back):
        return False
    for i in range(m):
        middle[0, i] = 0.5 * (box[0, i] + box[1, i])
        middle[1, i] = middle[0, i]
    shares_in(by_logs, middle, x)
    values_in(x, values, value_order, groups, ways, w, f)
    if by_logs:
        for i in range(m):
            low, high = middle[0, i] - f[1, i], middle[0, i] - f[0, i]
            slack = UNIT * (abs(low) + abs(high))
            f[0, i], f[1, i] = low - slack, high + slack
    narrowed(box, middle[0], f, jacobian, back, out)
    total = 0.0
    for i in range(m):
        total += out[0, i] + out[1, i]
    return bool(np.isfinite(total))


@lean_kernel
def clipped(
    by_logs: bool, box: FloatArray, values: FloatArray, value_order: IntArray, groups: IntArray, ways: FloatArray,
    x: FloatArray, w: FloatArray, f: FloatArray,
) -> bool:  # fmt: skip
    """Cut off what surely holds no zero; return whether anything is left."""
    m = box.shape[1]
    if not by_logs:
        low = 0.0
        for i in range(m):
            box[0, i] = max(box[0, i], 0.0)
            low += box[0, i]
        for i in range(m):
            box[1, i] = min(box[1, i], 1.0 - (low - box[0, i]) + 8 * UNIT)
            if box[0, i] > box[1, i]:
                return False
    shares_in(by_logs, box, x)
    values_in(x, values, value_order, groups, ways, w, f)
    for i in range(m):
        if by_logs:
            box[0, i], box[1, i] = max(box[0, i], f[0, i]), min(box[1, i], f[1, i])
            if box[0, i] > box[1, i]:
                return False
        elif f[0, i] > 0.0 or f[1, i] < 0.0:
            return False
    return True


@lean_kernel
def within(inner: FloatArray, outer: FloatArray) -> bool:
    """Return whether a box lies inside another, off its rim."""
    outside = 0
    for i in range(inner.shape[1]):
        outside += inner[0, i] <= outer[0, i] or inner[1, i] >= outer[1, i]
    return outside == 0


@lean_kernel
def assign(source: FloatArray, target: FloatArray) -> None:
    """Fill in the same box."""
    for i in range(source.shape[1]):
        target[0, i], target[1, i] = source[0, i], source[1, i]


@lean_kernel
def settle(
    by_logs: bool, box: FloatArray, known: FloatArray, found: int, values: FloatArray, value_order: IntArray,
    groups: IntArray, ways: FloatArray, slopes: FloatArray, slope_order: IntArray, lower: IntArray,
    lower_ways: FloatArray, middle: FloatArray, x: FloatArray, w: FloatArray, f: FloatArray, s: FloatArray,
    jacobian: FloatArray, rows: FloatArray, back: FloatArray, large: FloatArray, out: FloatArray,
) -> int:  # fmt: skip
    """Narrow a box while it shrinks; return ``NOTHING``, ``ONE`` (in ``large``, enclosed by ``out``) or ``HALVE``."""
    for _ in range(12):
        before = size_of(box)
        if not clipped(by_logs, box, values, value_order, groups, ways, x, w, f):
            return NOTHING
        for k in range(found):
            if within(box, known[k]):
                return NOTHING
        inflate(box, large)
        if look(
            by_logs, large, values, value_order, groups, ways, slopes, slope_order, lower, lower_ways, middle, x, w,
            f, s, jacobian, rows, back, out,
        ):  # fmt: skip
            if within(out, large):
                return ONE
            if not cut_down(box, out):
                return NOTHING
        if not size_of(box) < 0.6 * before:
            return HALVE
    return HALVE


@kernel
def decide(
    by_logs: bool, whole: FloatArray, least: float, most: int, values: FloatArray, value_order: IntArray,
    groups: IntArray, ways: FloatArray, slopes: FloatArray, slope_order: IntArray, lower: IntArray,
    lower_ways: FloatArray, holds: FloatArray, points: FloatArray, undecided: FloatArray,
) -> tuple[int, int, int]:  # fmt: skip
    """Enclose every zero in a box: of polynomials (shares), or of ``u - g(x(u))`` (logarithms).

    A box is dropped when it holds none, kept when a larger box is shown to hold exactly one (the Krawczyk box lies
    inside it), and halved otherwise. Return how many zeros, how many undecided boxes, and how many were looked at.

    Args:
        by_logs: whether coordinates are logarithms relative to the last share, or shares without the last.
        whole: the box to search, (2, m).
        least: boxes narrower than this (times the larger of 1 and the coordinate) stay undecided.
        most: how many boxes to look at.
        values: bounds of the Bernstein coefficients, (2, m, C).
        value_order: what sorts them, (m, C).
        groups: exponents (C, n).
        ways: multinomial coefficients (C,).
        slopes: bounds of the coefficients of derivatives along the simplex, (2, m m, C').
        slope_order: what sorts them.
        lower: exponents (C', n).
        lower_ways: multinomial coefficients (C',).
        holds: filled with boxes that hold one zero each, (room, 2, m).
        points: filled with the enclosures of these zeros, (room, 2, m).
        undecided: filled with boxes that may hold zeros, (room, 2, m).
    """
    m = whole.shape[1]
    wide = max(len(ways), len(lower_ways))
    x, w, f, s = np.empty((2, m + 1)), np.empty((2, wide)), np.empty((2, m)), np.empty((2, m * m))
    jacobian, rows, back = np.ones((2, m, m)), np.empty((m, 2 * m)), np.empty((m, m))
    middle, out, large, box = np.empty((2, m)), np.empty((2, m)), np.empty((2, m)), np.empty((2, m))
    stack = np.empty((4000, 2, m))
    assign(whole, stack[0])
    found = 0 * m  # unlike a literal, which would have kernels of its own compiled
    waiting, left, looked = found + 1, found, found
    while waiting > 0:
        waiting -= 1
        assign(stack[waiting], box)
        full = looked >= most or waiting + 2 >= len(stack)
        if not full:
            looked += 1
            verdict = settle(
                by_logs, box, holds, found, values, value_order, groups, ways, slopes, slope_order, lower, lower_ways,
                middle, x, w, f, s, jacobian, rows, back, large, out,
            )  # fmt: skip
            if verdict == NOTHING:
                continue
            if verdict == ONE and found < len(holds):
                assign(large, holds[found])
                assign(out, points[found])
                for _ in range(60):
                    before = size_of(points[found])
                    if not look(
                        by_logs, points[found], values, value_order, groups, ways, slopes, slope_order, lower,
                        lower_ways, middle, x, w, f, s, jacobian, rows, back, out,
                    ) or not cut_down(points[found], out) or not size_of(points[found]) < 0.95 * before:  # fmt: skip
                        break
                found += 1
                continue
        place = direction(box, jacobian, least)
        if full or is_narrow(box, place, least):
            if left < len(undecided):
                assign(box, undecided[left])
            left += 1
            continue
        cut = box[0, place] + 0.4871 * (box[1, place] - box[0, place])
        assign(box, stack[waiting])
        assign(box, stack[waiting + 1])
        stack[waiting, 1, place], stack[waiting + 1, 0, place] = cut, cut
        waiting += 2
    return found, left, looked


@lean_kernel
def cut_down(box: FloatArray, other: FloatArray) -> bool:
    """Leave of a box what it has in common with another; return whether that is anything."""
    empty = 0
    for i in range(box.shape[1]):
        box[0, i], box[1, i] = max(box[0, i], other[0, i]), min(box[1, i], other[1, i])
        empty += box[0, i] > box[1, i]
    return empty == 0


@lean_kernel
def is_narrow(box: FloatArray, place: int, least: float) -> bool:
    """Return whether a box is too narrow in a direction to be halved there."""
    return bool(box[1, place] - box[0, place] <= least * max(1.0, abs(box[0, place])))


@lean_kernel
def direction(box: FloatArray, jacobian: FloatArray, least: float) -> int:
    """Return the direction to halve a box in: that along which the polynomials may change most, unless it is narrow."""
    place, widest, most = 0, 0, -1.0
    for j in range(box.shape[1]):
        wide = box[1, j] - box[0, j]
        if wide > box[1, widest] - box[0, widest]:
            widest = j
        change = 0.0
        for i in range(box.shape[1]):
            change = max(change, max(abs(jacobian[0, i, j]), abs(jacobian[1, i, j])) * wide)
        if change > most:
            place, most = j, change
    return widest if is_narrow(box, place, least) else place


@lean_kernel
def size_of(box: FloatArray) -> float:
    """Return the volume of a box, each side at least a little."""
    volume = 1.0
    for i in range(box.shape[1]):
        volume *= box[1, i] - box[0, i] + 1e-18
    return volume


@lean_kernel
def inflate(box: FloatArray, out: FloatArray) -> None:
    """Fill in a box that is a little larger on all sides."""
    for i in range(box.shape[1]):
        more = 0.1 * (box[1, i] - box[0, i]) + 1e-13 * (1.0 + abs(box[0, i]))
        out[0, i], out[1, i] = box[0, i] - more, box[1, i] + more
