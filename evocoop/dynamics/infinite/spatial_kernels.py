"""The inner loops of the replicator equation in space: one step of explicit Euler, and the third-order method of it."""

from __future__ import annotations

import numpy as np

from evocoop.core.jit import kernel, lean_kernel
from evocoop.dynamics.infinite.kernels import FloatArray, IntArray, payoffs_at


@lean_kernel
def beside(i: int, shift: int, length: int, periodic: bool) -> int:
    """Return the place next to one: around the edge, or itself again where nothing flows out."""
    place = i + shift
    if 0 <= place < length:
        return place
    return place % length if periodic else i


@lean_kernel
def euler(
    u: FloatArray, step: float, scale: FloatArray, periodic: bool, values: FloatArray, groups: IntArray,
    ways: FloatArray, chances: FloatArray, f: FloatArray, spread: FloatArray, out: FloatArray,
) -> None:  # fmt: skip
    """Fill in shares one explicit step later, at every place of a grid.

    Args:
        u: shares (rows, columns, n).
        step: length of the step.
        scale: rate of diffusion of each strategy over the squared spacing (n,).
        periodic: whether the edges are joined; else nothing flows over them.
        values: payoff table (n, C).
        groups: compositions of co-players (C, n).
        ways: multinomial coefficient of each composition.
        chances: room for C numbers.
        f: room for n payoffs.
        spread: room for n numbers.
        out: filled with shares (rows, columns, n).
    """
    rows, columns, n = u.shape
    for a in range(rows):
        up, down = beside(a, -1, rows, periodic), beside(a, 1, rows, periodic)
        for b in range(columns):
            left, right = beside(b, -1, columns, periodic), beside(b, 1, columns, periodic)
            payoffs_at(u[a, b], values, groups, ways, chances, f)
            mean, away = 0.0, 0.0
            for i in range(n):
                mean += u[a, b, i] * f[i]
                around = u[up, b, i] + u[down, b, i] + u[a, left, i] + u[a, right, i] - 4.0 * u[a, b, i]
                spread[i] = scale[i] * around
                away += spread[i]
            for i in range(n):
                out[a, b, i] = u[a, b, i] + step * (u[a, b, i] * (f[i] - mean - away) + spread[i])


@lean_kernel
def blend(u: FloatArray, weight: float, out: FloatArray) -> None:
    """Replace ``out`` by a weighted mean of ``u`` and itself, at least 0 and summing to 1 at every place."""
    rows, columns, n = u.shape
    for a in range(rows):
        for b in range(columns):
            total = 0.0
            for i in range(n):
                out[a, b, i] = max(weight * u[a, b, i] + (1.0 - weight) * out[a, b, i], 0.0)
                total += out[a, b, i]
            for i in range(n):
                out[a, b, i] /= total


@kernel
def advance(
    u: FloatArray, steps: int, step: float, scale: FloatArray, periodic: bool, values: FloatArray, groups: IntArray,
    ways: FloatArray,
) -> None:  # fmt: skip
    """Take steps of the third-order method that is a mean of Euler steps (Shu & Osher 1988), in place."""
    chances, f, spread = np.empty(values.shape[1]), np.empty(u.shape[2]), np.empty(u.shape[2])
    one, two = np.empty_like(u), np.empty_like(u)
    for _ in range(steps):
        euler(u, step, scale, periodic, values, groups, ways, chances, f, spread, one)
        euler(one, step, scale, periodic, values, groups, ways, chances, f, spread, two)
        blend(u, 3.0 / 4.0, two)
        euler(two, step, scale, periodic, values, groups, ways, chances, f, spread, one)
        blend(one, 2.0 / 3.0, u)
