"""Derivatives of payoffs by traits: by complex steps where the payoff can take them, else by differences."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from evocoop.games.payoffs import FloatArray
from evocoop.games.traits import TraitGame

STEP = 1e-30
FAR = 1e-3
_WEIGHTS = ((-2, 1 / 12), (-1, -8 / 12), (1, 8 / 12), (2, -1 / 12))


def by_mutant(game: TraitGame, mutant: FloatArray, resident: FloatArray) -> FloatArray:
    """Return ``d pi / d y_k``, array (…, traits).

    A complex step is exact to rounding (Squire & Trapp 1998, SIAM Review 40:110). Differences of order 4 are off by
    about 1e-13 of the fifth derivative; at an edge of the box they are taken two steps of a thousandth of it inside.
    """
    y, x = np.broadcast_arrays(np.asarray(mutant, dtype=np.float64), np.asarray(resident, dtype=np.float64))
    if not game.analytic:
        return _differences(game, lambda at: np.asarray(game.payoff(at, x), dtype=np.float64), y)
    slopes = np.empty(y.shape)
    for k in range(y.shape[-1]):
        moved = y.astype(np.complex128)
        moved[..., k] += 1j * STEP
        slopes[..., k] = np.imag(game.payoff(moved, x)) / STEP
    return slopes


def second(game: TraitGame, at: float) -> tuple[float, float]:
    """Return ``d2 pi / dy2`` and ``d2 pi / dy dx`` where mutant and resident have the same one trait.

    Exact to rounding for polynomials; else differences of first derivatives, off by about 1e-9 of the payoff's scale.
    """
    table = game.polynomial
    if table is not None:
        poly = np.polynomial.polynomial
        return tuple(float(poly.polyval2d(at, at, _derived(table, *orders))) for orders in ((2, 0), (1, 1)))  # type: ignore[return-value]
    point = np.array([at])
    own = _differences(game, lambda y: by_mutant(game, y, point)[..., 0], point)
    cross = _differences(game, lambda x: by_mutant(game, point, x)[..., 0], point)
    return float(own[0]), float(cross[0])


def _derived(table: FloatArray, own: int, other: int) -> FloatArray:
    poly = np.polynomial.polynomial
    return np.asarray(poly.polyder(poly.polyder(table, own, axis=0), other, axis=1))


def _differences(game: TraitGame, function: Callable[[FloatArray], FloatArray], at: FloatArray) -> FloatArray:
    """Return the derivatives of a function of the traits by each of them, array (…, traits)."""
    low, high = np.array(game.bounds).T
    steps = FAR * (high - low)
    centre = np.clip(at, low + 2 * steps, high - 2 * steps)
    slopes = np.zeros(at.shape)
    for k, step in enumerate(steps):
        for times, weight in _WEIGHTS:
            moved = np.where(np.arange(len(steps)) == k, centre, at)
            moved[..., k] += times * step
            slopes[..., k] += weight * function(moved) / step
    return slopes
