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
    change or one change, which is one simple root, located then by bisection to the last bit. A root of higher order
    keeps its changes for ever; after 60 halvings the polynomial is divided by what it has in common with its derivative
    (Euclid, whole numbers), which leaves the same roots, all simple.

    Args:
        coefficients: Bernstein coefficients b_0 … b_d, not all zero.

    Returns:
        The roots, and True when they are all simple; there are no others either way.

    Source: Farouki & Rajan 1987, Computer Aided Geometric Design 4:191; Lane & Riesenfeld 1981, BIT 21:112.

    >>> interior_roots([-1, 1])
    ([0.5], True)
    >>> interior_roots([1, -1, 1])
    ([0.5], False)
    """
    exact = [Fraction(value) for value in coefficients]
    if not any(exact):
        raise ValueError("the polynomial is zero everywhere")
    roots, simple = _isolated(exact, HALVINGS)
    if not simple:
        factors = _square_free(_whole(exact))
        roots, _ = _isolated(factors, 10**9)
        simple = len(factors) == len(exact)
    return roots, simple


def _isolated(exact: list[Fraction], halvings: int) -> tuple[list[float], bool]:
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
        if depth == halvings:
            found.append((middle, False))
            continue
        left, right = _halves(row)
        if left[-1] == 0:
            order = next(k for k, value in enumerate(right) if value)
            found.append((middle, order == 1))
            left, right = _without(left[::-1], order)[::-1], _without(right, order)
        pending += [(low, middle, left, depth + 1), (middle, high, right, depth + 1)]
    return sorted({float(root) for root, _ in found if 0 < root < 1}), all(simple for _, simple in found)


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


def _square_free(whole: Sequence[int]) -> list[Fraction]:
    """Return Bernstein coefficients of the polynomial without repeated factors; ``whole`` are ``b_k C(d,k)``.

    They are the coefficients in t = x/(1-x), whose positive roots are the roots in (0, 1).
    """
    row = list(whole)
    while not row[-1]:
        row.pop()
    row = row[next(k for k, value in enumerate(row) if value) :]
    common, other = row, [k * value for k, value in enumerate(row)][1:]
    while other:
        common, other = other, _remainder(common, other)
    quotient = _quotient(row, common)
    degree = len(quotient) - 1
    return [value / math.comb(degree, k) for k, value in enumerate(quotient)]


def _remainder(row: Sequence[int], by: Sequence[int]) -> list[int]:
    """Return the remainder of a division, times a whole number, without common factors; empty when it is zero."""
    rest = list(row)
    while len(rest) >= len(by):
        factor, shift = rest[-1], len(rest) - len(by)
        rest = [value * by[-1] for value in rest]
        for k, value in enumerate(by):
            rest[shift + k] -= factor * value
        while rest and not rest[-1]:
            rest.pop()
    shared = math.gcd(*rest) if rest else 1
    return [value // shared for value in rest]


def _quotient(row: Sequence[int], by: Sequence[int]) -> list[Fraction]:
    """Return the quotient of a division that leaves nothing."""
    rest = [Fraction(value) for value in row]
    found = [Fraction(0)] * (len(row) - len(by) + 1)
    for place in reversed(range(len(found))):
        found[place] = rest[place + len(by) - 1] / by[-1]
        for k, value in enumerate(by):
            rest[place + k] -= found[place] * value
    return found


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
