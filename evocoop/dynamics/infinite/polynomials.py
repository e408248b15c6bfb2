"""Velocities as polynomials on the simplex, in exact fractions: by exponents of the shares, which sum to one."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from evocoop.dynamics.infinite.kernels import TIE
from evocoop.dynamics.infinite.setting import Flow
from evocoop.games.payoffs import compositions

Exponents = tuple[int, ...]
Polynomial = dict[Exponents, Fraction]
"""Coefficients by exponents, all of one degree."""
MOST_TERMS = 300_000


def times(one: Mapping[Exponents, Fraction], two: Mapping[Exponents, Fraction]) -> Polynomial:
    """Return the product."""
    found: Polynomial = {}
    for a, x in one.items():
        for b, y in two.items():
            key = tuple(map(int.__add__, a, b))
            found[key] = found.get(key, Fraction(0)) + x * y
    return found


def plus(parts: Iterable[tuple[Fraction | int, Mapping[Exponents, Fraction]]]) -> Polynomial:
    """Return a sum of polynomials with factors."""
    found: Polynomial = {}
    for factor, part in parts:
        for key, value in part.items():
            found[key] = found.get(key, Fraction(0)) + factor * value
    return found


def share(i: int, n: int) -> Polynomial:
    """Return the polynomial x_i."""
    return {tuple(int(k == i) for k in range(n)): Fraction(1)}


def raised(one: Mapping[Exponents, Fraction], more: int) -> Polynomial:
    """Return the same polynomial, so many degrees higher: times the power of the sum of shares, which is one."""
    found, n = dict(one), len(next(iter(one)))
    whole = plus((1, share(i, n)) for i in range(n))
    for _ in range(more):
        found = times(found, whole)
    return found


def payoffs(world: Flow) -> list[Polynomial]:
    """Return expected payoffs, of degree N - 1."""
    values, groups, _ = world.arrays
    rows = [tuple(row) for row in groups.tolist()]
    ways = [math.factorial(sum(row)) // math.prod(math.factorial(k) for k in row) for row in rows]
    return [
        {row: way * Fraction(value) for row, way, value in zip(rows, ways, line, strict=True)}
        for line in values.tolist()
    ]


def logit_leads(world: Flow, last: int) -> list[Polynomial]:
    """Return what each other strategy earns more than one, in units of noise, in shares of the others and it."""
    rows, noise = payoffs(world), Fraction(world.noise)
    order = [*(i for i in range(len(rows)) if i != last), last]
    found = []
    for i in order[:-1]:
        lead = plus([(1 / noise, rows[i]), (-1 / noise, rows[last])])
        found.append({tuple(key[k] for k in order): value for key, value in lead.items()})
    return found


def mutator(world: Flow) -> list[Polynomial]:
    """Return the velocities of the replicator-mutator dynamic, of degree N + 1."""
    n = len(world.table.strategies)
    born = [times(share(j, n), one) for j, one in enumerate(payoffs(world))]
    mean = plus((1, one) for one in born)
    chances = [[Fraction(value) for value in row] for row in world.mutation.tolist()]
    for j, row in enumerate(chances):
        row[j] = 1 - sum(row[:j] + row[j + 1 :], Fraction(0))
    return [
        plus([*((1, raised(times_all(born[j], chances[j][i]), 1)) for j in range(n)), (-1, times(share(i, n), mean))])
        for i in range(n)
    ]


def times_all(one: Mapping[Exponents, Fraction], factor: Fraction) -> Polynomial:
    """Return a multiple."""
    return {key: factor * value for key, value in one.items()}


def experienced(world: Flow) -> list[Polynomial] | None:
    """Return the velocities of the best experienced payoff dynamic, or None where they have too many terms."""
    values, groups, _ = world.arrays
    n, rows = len(values), [tuple(row) for row in groups.tolist()]
    degree, kinds = sum(rows[0]), len(compositions(sum(rows[0]), n))
    if (
        n * len({float(v) for v in values.ravel()}) * kinds**2 * math.comb(n * degree + n - 1, n - 1) ** 0.5
        > MOST_TERMS
    ):
        return None
    chances = _chances(world)
    found = []
    for i in range(n):
        total: Polynomial = {}
        for mine in sorted({float(value) for value in values[i]}):
            own = _where(chances, values[i], mine, mine)
            others = [k for k in range(n) if k != i]
            below = {k: _where(chances, values[k], -math.inf, mine - TIE, last=False) for k in others}
            tied = {k: _where(chances, values[k], mine - TIE, mine + TIE) for k in others}
            for pattern in itertools.product((False, True), repeat=n - 1):
                part = times_all(own, Fraction(1, 1 + sum(pattern)))
                for k, even in zip(others, pattern, strict=True):
                    part = times(part, tied[k] if even else below[k])
                total = plus([(1, total), (1, part)])
        found.append(plus([(1, total), (-1, raised(share(i, n), n * degree - 1))]))
    return found


def _chances(world: Flow) -> list[Polynomial]:
    """Return the chance of each outcome of all trials of one strategy; several outcomes may have the same exponents."""
    _, groups, ways = world.arrays
    return [{tuple(row): Fraction(way)} for row, way in zip(groups.tolist(), ways.tolist(), strict=True)]


def _where(
    chances: Sequence[Polynomial], values: Iterable[float], low: float, high: float, *, last: bool = True
) -> Polynomial:
    """Return the chance that a payoff lies from low to high, or below high."""
    return plus(
        (1, chance)
        for chance, value in zip(chances, values, strict=True)
        if low <= value and (value <= high if last else value < high)
    )


def on_face(one: Mapping[Exponents, Fraction], face: Sequence[int]) -> Polynomial:
    """Return a polynomial where only the strategies of a face are present, in their shares."""
    held = set(face)
    return {
        tuple(key[i] for i in face): value
        for key, value in one.items()
        if all(power == 0 or i in held for i, power in enumerate(key))
    }
