"""Every root of a polynomial on (0, 1), isolated with a proof: Bernstein form, exact fractions, few sign changes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

HALVINGS = 60


def interior_roots(coefficients: Sequence[float]) -> tuple[list[float], bool]:
    """Return all roots in (0, 1) of ``sum_k b_k C(d,k) x^k (1-x)^(d-k)``, ascending, and whether each is proved simple.

    Floats are fractions, so all arithmetic is exact. The number of sign changes of the coefficients bounds the number
    of roots and has its parity (variation diminishing); intervals are halved (de Casteljau) until every one holds no
    change or one change, which is one simple root, located then by bisection to the last bit. A root of even order
    keeps two changes for ever: it is reported once, in the middle of an interval of 2^-60, and the proof is off.

    Args:
        coefficients: Bernstein coefficients b_0 … b_d, not all zero.

    Returns:
        The roots, and True when each of them is proved to be one simple root and there are no others.

    Source: Farouki & Rajan 1987, Computer Aided Geometric Design 4:191; Lane & Riesenfeld 1981, BIT 21:112.

    >>> interior_roots([-1, 1])
    ([0.5], True)
    >>> interior_roots([1, -1, 1])
    ([0.5], False)
    """
    exact = [Fraction(value) for value in coefficients]
    if not any(exact):
        raise ValueError("the polynomial is zero everywhere")
    whole = _whole(exact)
    found: list[tuple[Fraction, bool]] = []
    pending = [(Fraction(0), Fraction(1), exact, 0)]
    while pending:
        low, high, row, depth = pending.pop()
        changes = _changes(row)
        if changes == 0:
            continue
        if changes == 1:
            found.append((_bisect(low, high, row, whole), True))
            continue
        middle = (low + high) / 2
        if depth == HALVINGS:
            found.append((middle, False))
            continue
        left, right = _halves(row)
        if left[-1] == 0:
            order = next(k for k, value in enumerate(right) if value)
            found.append((middle, order == 1))
            left, right = _without(left[::-1], order)[::-1], _without(right, order)
        pending += [(low, middle, left, depth + 1), (middle, high, right, depth + 1)]
    roots = sorted({(float(root), simple) for root, simple in found if 0 < root < 1})
    return [root for root, _ in roots], all(simple for _, simple in roots)


def _changes(row: Sequence[Fraction]) -> int:
    signs = [value > 0 for value in row if value]
    return sum(a != b for a, b in pairwise(signs))


def _halves(row: list[Fraction]) -> tuple[list[Fraction], list[Fraction]]:
    """Return the coefficients on the lower and the upper half of the interval (de Casteljau)."""
    left, right, current = [row[0]], [row[-1]], row
    while len(current) > 1:
        current = [(a + b) / 2 for a, b in pairwise(current)]
        left.append(current[0])
        right.append(current[-1])
    return left, right[::-1]


def _without(row: list[Fraction], order: int) -> list[Fraction]:
    """Return the coefficients after division by x^order, where the first ``order`` coefficients are zero."""
    degree = len(row) - 1
    rest = row[order:]
    for step in range(order):
        total = degree - step
        rest = [value * Fraction(total, k + order - step) for k, value in enumerate(rest)]
    return rest


def _whole(exact: Sequence[Fraction]) -> list[int]:
    """Return integers proportional to ``b_k C(d,k)``."""
    scale = math.lcm(*(value.denominator for value in exact))
    degree = len(exact) - 1
    return [int(value * scale) * math.comb(degree, k) for k, value in enumerate(exact)]


def _sign(whole: Sequence[int], at: Fraction) -> int:
    """Return the sign of the polynomial at a fraction p/q: of ``sum_k c_k p^k (q-p)^(d-k)``, all integers."""
    p, rest = at.numerator, at.denominator - at.numerator
    total, power = 0, 1
    for value in reversed(whole):
        total, power = total * p + value * power, power * rest
    return (total > 0) - (total < 0)


def _bisect(low: Fraction, high: Fraction, row: list[Fraction], whole: Sequence[int]) -> Fraction:
    """Return the one root of an interval whose coefficients change sign once.

    ``row`` may lack factors that vanish at an end of the interval; their sign does not change inside it, so signs of
    the whole polynomial are compared with that of ``row`` in the middle.
    """
    rising = next(value for value in reversed(row) if value) > 0
    middle = (low + high) / 2
    there = _halves(row)[0][-1]
    if there == 0:
        return middle
    same = (there > 0) == (_sign(whole, middle) > 0)
    for _ in range(HALVINGS):
        sign = _sign(whole, middle)
        if sign == 0:
            return middle
        if (sign > 0) == (rising == same):
            high = middle
        else:
            low = middle
        middle = (low + high) / 2
    return middle
