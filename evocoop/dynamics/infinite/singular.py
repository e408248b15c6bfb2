"""Singular strategies of one continuous trait: where selection ceases to push, and what happens there."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import comb
from typing import Any, cast

import numpy as np

from evocoop.core.errors import InputError, check_integer
from evocoop.dynamics.infinite.adaptive import one_trait_only
from evocoop.dynamics.infinite.roots import interior_roots
from evocoop.dynamics.infinite.trait_slopes import by_mutant, second
from evocoop.games.payoffs import FloatArray
from evocoop.games.traits import TraitGame

SMALL = 1e-8
KINDS = ("continuously stable", "branching point", "Garden of Eden", "repeller", "degenerate")


@dataclass(frozen=True)
class SingularStrategy:
    """A trait value at which the selection gradient vanishes.

    Args:
        value: x*.
        kind: ``"continuously stable"`` (evolution leads there and stays), ``"branching point"`` (evolution leads there,
            and the population then splits), ``"Garden of Eden"`` (stays if there, but small steps do not lead there),
            ``"repeller"``, or ``"degenerate"`` where second derivatives do not decide.
        convergence_stable: whether small steps lead there: ``pi_yy + pi_yx < 0``.
        evolutionarily_stable: whether no nearby mutant can invade: ``pi_yy < 0``.
        can_invade: whether it invades nearby residents: ``pi_yy + 2 pi_yx < 0``.
        mutually_invasible: whether residents on both sides of it can each invade the other: ``pi_yx < 0``.
        curvature: ``pi_yy``.
        cross: ``pi_yx``.
    """

    value: float
    kind: str
    convergence_stable: bool
    evolutionarily_stable: bool
    can_invade: bool
    mutually_invasible: bool
    curvature: float
    cross: float


@dataclass(frozen=True)
class SingularStrategies:
    """All that was found.

    Args:
        trait: name of the trait.
        points: singular strategies inside the bounds, ascending.
        ends: for the lowest and the highest value, whether selection pushes the trait against it.
        complete: whether it is proved that there are no others.
    """

    trait: str
    points: tuple[SingularStrategy, ...]
    ends: tuple[tuple[float, bool], tuple[float, bool]]
    complete: bool

    @property
    def attractors(self) -> tuple[float, ...]:
        """Where small steps lead: convergence stable points, and ends that hold the trait, ascending."""
        inner = [point.value for point in self.points if point.convergence_stable]
        return tuple(sorted([*inner, *(value for value, holds in self.ends if holds)]))


def singular_strategies(game: TraitGame, *, grid: int = 2001) -> SingularStrategies:
    """Return where the selection gradient of one trait vanishes, and which of Geritz' eight kinds each place is.

    Where the payoff is a polynomial, the gradient is one too; all its roots between the bounds are isolated in exact
    arithmetic, with proof (``complete``). Else changes of sign on a grid are closed in on: touching roots, and pairs of
    roots closer than the grid, can be missed. The kind follows from the second derivatives of ``pi(y, x)`` there: exact
    for polynomials, else good to about 1e-9 of the payoff's scale.

    Args:
        game: a game of one continuous trait.
        grid: points of the grid, for payoffs that are no polynomials.

    Raises:
        InputError: when the game has several traits, or selection is neutral everywhere.

    Source: Geritz, Kisdi, Meszena & Metz 1998, Evol Ecol 12:35; CSS: Eshel 1983, J Theor Biol 103:99.

    >>> from evocoop.games import ContinuousSnowdrift
    >>> [(round(point.value, 12), point.kind) for point in singular_strategies(ContinuousSnowdrift()).points]
    [(0.6, 'branching point')]
    """
    game = one_trait_only(game)
    count = check_integer("grid", grid, minimum=3, maximum=1_000_001)
    table = game.polynomial
    roots, proved = (*_on_a_grid(game, count), False) if table is None else _of_polynomial(table, game.bounds[0])
    points = tuple(_classified(game, root) for root in roots)
    return SingularStrategies(game.traits[0], points, _ends(game), proved)


def _of_polynomial(table: FloatArray, bounds: tuple[float, float]) -> tuple[list[float], bool]:
    """Return the roots of ``sum_ij i c_ij x^(i+j-1)`` inside the bounds, and that there are no others."""
    gradient = [Fraction(0)] * (sum(table.shape) - 1)
    for (i, j), value in np.ndenumerate(table):
        if i:
            gradient[i + j - 1] += i * Fraction(float(value))
    if not any(gradient):
        raise InputError("selection is neutral everywhere: every value of the trait is singular")
    while not gradient[-1]:
        gradient.pop()
    low, high = (Fraction(end) for end in bounds)
    moved = _shifted(gradient, low, high - low)
    degree = len(moved) - 1
    bernstein = [
        sum((moved[i] * comb(k, i) / comb(degree, i) for i in range(k + 1)), Fraction(0)) for k in range(degree + 1)
    ]
    roots, _ = interior_roots(cast("Any", bernstein))
    return [float(low + (high - low) * Fraction(root)) for root in roots], True


def _shifted(row: list[Fraction], start: Fraction, width: Fraction) -> list[Fraction]:
    """Return the coefficients in u of a polynomial in ``start + width u``."""
    found = [Fraction(0)] * len(row)
    for power, value in enumerate(row):
        for k in range(power + 1):
            found[k] += value * comb(power, k) * start ** (power - k) * width**k
    return found


def _on_a_grid(game: TraitGame, count: int) -> tuple[list[float]]:
    from scipy.optimize import brentq

    values = np.linspace(*game.bounds[0], count)
    slopes = by_mutant(game, values[:, None], values[:, None])[:, 0]
    if not slopes.any():
        raise InputError("selection is neutral everywhere: every value of the trait is singular")

    def gradient(x: float) -> float:
        point = np.array([x])
        return float(by_mutant(game, point, point)[0])

    found = [float(x) for x in values[1:-1][slopes[1:-1] == 0.0]]
    for k in np.flatnonzero(slopes[:-1] * slopes[1:] < 0.0):
        found.append(float(brentq(gradient, values[k], values[k + 1], xtol=1e-14)))
    return (sorted(found),)


def _ends(game: TraitGame) -> tuple[tuple[float, bool], tuple[float, bool]]:
    low, high = game.bounds[0]
    slopes = by_mutant(game, np.array([[low], [high]]), np.array([[low], [high]]))[:, 0]
    return (low, bool(slopes[0] < 0.0)), (high, bool(slopes[1] > 0.0))


def _classified(game: TraitGame, value: float) -> SingularStrategy:
    own, cross = second(game, value)
    converges, stays = own + cross, own
    scale = SMALL * max(abs(own), abs(cross), abs(converges))
    if min(abs(converges), abs(stays)) <= scale:
        kind = "degenerate"
    else:
        kind = KINDS[(0 if stays < 0 else 1) if converges < 0 else (2 if stays < 0 else 3)]
    return SingularStrategy(
        value, kind, converges < -scale, stays < -scale, own + 2 * cross < -scale, cross < -scale, own, cross
    )
