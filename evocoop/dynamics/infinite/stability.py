"""Stability of rest points: by the derivative, by the signs between roots, or by following paths."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from evocoop.core.errors import NumericalError
from evocoop.dynamics.infinite.setting import FloatArray, Flow

ComplexArray = NDArray[np.complex128]

FLAT = 1e-9
PROBES = 32
NEARBY = 1e-3
PATIENCE = 10
MOST_STEPS = 20_000


def by_derivative(values: ComplexArray) -> str:
    """Tell stability from the eigenvalues of the derivative; ``"neutral"`` when they do not tell."""
    parts = values.real
    slack = FLAT * max(1.0, float(np.abs(values).max(initial=0.0)))
    if (parts < -slack).all():
        return "stable"
    if (parts > slack).all():
        return "unstable"
    return "saddle" if (parts > slack).any() else "neutral"


def by_signs(below: int, above: int) -> str:
    """Tell stability on a line from the direction of motion below and above a point; 0 at an end of the line."""
    towards = [sign > 0 for sign in (below,) if sign] + [sign < 0 for sign in (above,) if sign]
    if not towards:
        return "neutral"
    return "stable" if all(towards) else "saddle" if any(towards) else "unstable"


def gain_sign(gains: Sequence[float], share: Fraction) -> int:
    """Return the exact sign of ``sum_k b_k C(d,k) x^k (1-x)^(d-k)`` at a fraction x in (0, 1)."""
    degree, total = len(gains) - 1, Fraction(0)
    for k, gain in enumerate(gains):
        if gain:
            total += Fraction(gain) * math.comb(degree, k) * share**k * (1 - share) ** (degree - k)
    return (total > 0) - (total < 0)


def by_paths(world: Flow, shares: FloatArray, seed: int) -> str:
    """Tell stability where velocities have no derivative: follow paths that start 0.001 away, on all sides.

    A path that comes ten times nearer returns, one that goes ten times farther leaves. ``"saddle"`` when some return
    and some leave; a saddle to which only a set without volume returns is called unstable. ``"neutral"`` when some path
    does neither for long.
    """
    random = np.random.Generator(np.random.Philox(seed))
    away = random.dirichlet(np.ones(len(shares)), PROBES) - shares
    ends: set[bool] = set()
    for start in shares + NEARBY * away / np.abs(away).max(axis=1, keepdims=True):
        end = _returns(world, start, shares)
        if end is None:
            return "neutral"
        ends.add(end)
        if len(ends) == 2:
            return "saddle"
    return "stable" if True in ends else "unstable"


def _returns(world: Flow, start: FloatArray, shares: FloatArray) -> bool | None:
    scale = max(float(np.ptp(world.table.values)), 1e-300)
    stretch = 1.0 if world.dynamic == "best_response" else 1.0 / scale
    here = start
    for _ in range(PATIENCE):
        out = np.empty((2, len(here)))
        if world.follow(here, np.array([0.0, stretch]), 1e-9, MOST_STEPS, out) < 0:
            return None
        here, stretch = out[1], 2.0 * stretch
        distance = float(np.abs(here - shares).max())
        if not NEARBY / 10 < distance < 10 * NEARBY:
            return distance < NEARBY
    return None


def jacobian(world: Flow, shares: FloatArray) -> FloatArray:
    """Return the matrix of derivatives ``d v_i / d x_j`` at a point: exact for the replicator, else by differences."""
    if world.dynamic == "replicator":
        f, slopes = world.payoffs(shares), payoff_slopes(world, shares)
        mean = float(shares @ f)
        return np.asarray(np.diag(f - mean) + shares[:, None] * (slopes - f[None, :] - shares @ slopes))
    n, step = len(shares), 1e-6
    columns = []
    for j in range(n):
        move = np.zeros(n)
        move[j] = step
        two = world.velocities(np.stack([shares + move, shares - move]))
        columns.append((two[0] - two[1]) / (2 * step))
    return np.stack(columns, axis=1)


def payoff_slopes(world: Flow, shares: FloatArray) -> FloatArray:
    """Return ``d f_i / d x_j``, array (n, n)."""
    values, groups, ways = world.arrays
    slopes = np.empty((len(shares), len(shares)))
    for j in range(len(shares)):
        fewer = groups.copy()
        fewer[:, j] -= 1
        chance = np.where(groups[:, j] > 0, ways * groups[:, j], 0.0)
        powers = np.prod(np.where(fewer > 0, shares[None, :] ** np.maximum(fewer, 0), 1.0), axis=1)
        slopes[:, j] = values @ (chance * powers)
    return slopes


def along_simplex(matrix: FloatArray) -> ComplexArray:
    """Return the eigenvalues of a Jacobian for motion within the simplex, sorted by real part, largest first.

    Raises:
        NumericalError: when the Jacobian is not finite.
    """
    n = len(matrix)
    if n == 1:
        return np.empty(0, dtype=np.complex128)
    if not np.isfinite(matrix).all():
        raise NumericalError("the flow is too steep at a rest point to tell its stability; is the noise tiny?")
    basis = np.linalg.qr(np.eye(n)[:, : n - 1] - 1.0 / n)[0]
    values = np.linalg.eigvals(basis.T @ matrix @ basis).astype(np.complex128)
    return values[np.argsort(-values.real, kind="stable")]
