"""One adaptive integrator for all deterministic dynamics: many paths at once, recorded at any times."""

from __future__ import annotations

import numpy as np

from evocoop.core.jit import kernel, lean_kernel
from evocoop.dynamics.infinite.kernels import (
    BEST_RESPONSE,
    LAST_IMITATIVE,
    PROJECTION,
    TOO_FAST,
    TOO_MANY,
    FloatArray,
    IntArray,
    growth,
    on_simplex,
    payoffs_at,
    shares_of,
    velocity,
)
from evocoop.dynamics.infinite.order8 import BETWEEN, ERRORS, LAST, SLOPES, STAGES

FIRST_STEP = 1e-3
SHORTEST = 2e-5
"""The shortest step where velocities jump: paths that slide along a jump are followed that closely."""


@lean_kernel
def rate_of_logs(
    code: int, y: FloatArray, x: FloatArray, f: FloatArray, chances: FloatArray, values: FloatArray, groups: IntArray,
    ways: FloatArray, noise: float, blocks: IntArray, v: FloatArray,
) -> None:  # fmt: skip
    """Fill in the rates of the logarithms of shares, of an imitative dynamic; absent strategies stay absent."""
    shares_of(y, blocks, x)
    payoffs_at(x, values, groups, ways, chances, f)
    growth(code, x, f, noise, blocks, v)
    for i in range(len(y)):
        if np.isinf(y[i]):
            v[i] = 0.0


@lean_kernel
def rate(
    code: int, y: FloatArray, x: FloatArray, f: FloatArray, chances: FloatArray, values: FloatArray, groups: IntArray,
    ways: FloatArray, noise: float, mutation: FloatArray, blocks: IntArray, spare: FloatArray, v: FloatArray,
) -> None:  # fmt: skip
    """Fill in dy/dt: y are logarithms of shares for imitative dynamics, shares for the others."""
    if code <= LAST_IMITATIVE:
        rate_of_logs(code, y, x, f, chances, values, groups, ways, noise, blocks, v)
    else:
        on_simplex(y, blocks, x)
        velocity(code, x, values, groups, ways, noise, mutation, blocks, chances, f, spare, v)


@lean_kernel
def same(x: FloatArray, out: FloatArray) -> None:
    """Fill in the same numbers."""
    for i in range(len(x)):
        out[i] = x[i]


@lean_kernel
def to_shares(code: int, y: FloatArray, blocks: IntArray, x: FloatArray) -> None:
    """Fill in the shares of a state."""
    if code <= LAST_IMITATIVE:
        shares_of(y, blocks, x)
    else:
        on_simplex(y, blocks, x)


@lean_kernel
def of_shares(code: int, x: FloatArray, y: FloatArray) -> None:
    """Fill in the state of shares."""
    for i in range(len(x)):
        y[i] = x[i]
        if code <= LAST_IMITATIVE:
            y[i] = np.log(x[i]) if x[i] > 0.0 else -np.inf


@lean_kernel
def trial_of(y: FloatArray, slopes: FloatArray, stage: int, h: float, trial: FloatArray) -> None:
    """Fill in where a stage of a step is tried."""
    for i in range(len(y)):
        move = 0.0
        for before in range(stage):
            move += STAGES[stage, before] * slopes[before, i]
        trial[i] = y[i] + h * move


@lean_kernel
def stages_of(
    first: int, last: int, code: int, y: FloatArray, h: float, trial: FloatArray, x: FloatArray, f: FloatArray,
    chances: FloatArray, values: FloatArray, groups: IntArray, ways: FloatArray, noise: float, mutation: FloatArray,
    blocks: IntArray, spare: FloatArray, slopes: FloatArray,
) -> None:  # fmt: skip
    """Fill in the slopes of some stages of a step, up to but not with ``last``."""
    for stage in range(first, last):
        trial_of(y, slopes, stage, h, trial)
        rate(code, trial, x, f, chances, values, groups, ways, noise, mutation, blocks, spare, slopes[stage])


@lean_kernel
def error_of(y: FloatArray, slopes: FloatArray, h: float) -> float:
    """Return the error of a step, relative to the larger of 1 and the coordinate; infinite when it cannot be told.

    Two estimates of lower order are joined to one of order 8 (Hairer, Norsett & Wanner 1993, section II.10).
    """
    low, high = 0.0, 0.0
    for i in range(len(y)):
        if np.isinf(y[i]):
            continue
        one, two = 0.0, 0.0
        for stage in range(LAST + 1):
            one += ERRORS[0, stage] * slopes[stage, i]
            two += ERRORS[1, stage] * slopes[stage, i]
        scale = max(1.0, abs(y[i]))
        if not np.isfinite(one + two):
            return np.inf
        low, high = max(low, abs(one) / scale), max(high, abs(two) / scale)
    if high == 0.0:
        return 0.0
    return float(abs(h) * high * high / np.sqrt(high * high + 0.01 * low * low))


@lean_kernel
def bend(y: FloatArray, new: FloatArray, slopes: FloatArray, h: float, bends: FloatArray) -> None:
    """Fill in the coefficients (7, n) of the values between y and new, of order 7."""
    for i in range(len(y)):
        if np.isinf(y[i]):
            continue
        move = new[i] - y[i]
        bends[0, i] = move
        bends[1, i] = h * slopes[0, i] - move
        bends[2, i] = 2.0 * move - h * (slopes[LAST, i] + slopes[0, i])
        for k in range(4):
            total = 0.0
            for stage in range(SLOPES):
                total += BETWEEN[k, stage] * slopes[stage, i]
            bends[3 + k, i] = h * total


@lean_kernel
def between(y: FloatArray, bends: FloatArray, part: float, out: FloatArray) -> None:
    """Fill in the value after a part of a step, 0 to 1."""
    rest = 1.0 - part
    for i in range(len(y)):
        out[i] = y[i]
        if not np.isinf(y[i]):
            inner = bends[4, i] + rest * (bends[5, i] + part * bends[6, i])
            inner = bends[2, i] + rest * (bends[3, i] + part * inner)
            out[i] += part * (bends[0, i] + rest * (bends[1, i] + part * inner))


@kernel
def path(
    code: int, start: FloatArray, times: FloatArray, values: FloatArray, groups: IntArray, ways: FloatArray,
    noise: float, mutation: FloatArray, blocks: IntArray, tolerance: float, most_steps: int, out: FloatArray,
) -> int:  # fmt: skip
    """Integrate one path (Dormand & Prince, order 8) and record it at all times (values in between, order 7).

    Return the steps taken: or ``TOO_MANY``, or ``TOO_FAST`` when they become too short for velocities that are not
    finite. Arguments as of :func:`paths`, of one start.
    """
    n = len(start)
    y, x, f, chances = np.empty(n), np.empty(n), np.empty(n), np.empty(values.shape[1])
    slopes, trial, bends, here = np.zeros((SLOPES, n)), np.empty(n), np.zeros((7, n)), np.empty(n)
    spare = np.empty(n + 1)
    of_shares(code, start, y)
    rate(code, y, x, f, chances, values, groups, ways, noise, mutation, blocks, spare, slopes[0])
    time, end, step, taken, record = times[0], times[-1], FIRST_STEP, 0, 0
    none = 0 * n  # unlike a literal, which would have kernels of its own compiled
    least = SHORTEST if code in (BEST_RESPONSE, PROJECTION) else 0.0
    while record < len(times) and times[record] == time:
        same(start, out[record])
        record += 1
    while time < end:
        if taken >= most_steps:
            return TOO_MANY
        taken += 1
        last = time + step >= end
        h = end - time if last else step
        stages_of(
            none + 1,
            none + LAST + 1,
            code,
            y,
            h,
            trial,
            x,
            f,
            chances,
            values,
            groups,
            ways,
            noise,
            mutation,
            blocks,
            spare,
            slopes,
        )
        error = error_of(y, slopes, h)
        if not np.isfinite(error) and time + 0.2 * h == time:
            return TOO_FAST
        if error <= tolerance or (h <= least and np.isfinite(error)):
            after = end if last else time + h
            inside = False
            while record < len(times) and times[record] < after:
                if not inside:
                    inside = True
                    stages_of(
                        none + LAST + 1, none + SLOPES, code, y, h, here, x, f, chances, values, groups, ways, noise,
                        mutation, blocks, spare, slopes,
                    )  # fmt: skip
                    bend(y, trial, slopes, h, bends)
                between(y, bends, (times[record] - time) / h, here)
                to_shares(code, here, blocks, out[record])
                record += 1
            while record < len(times) and times[record] == after:
                to_shares(code, trial, blocks, out[record])
                record += 1
            time = after
            same(trial, y)
            if code > LAST_IMITATIVE:
                on_simplex(trial, blocks, y)
            same(slopes[LAST], slopes[0])
        step = max(h * (10.0 if error == 0.0 else min(10.0, max(0.2, 0.9 * (tolerance / error) ** 0.125))), least)
    return taken


@kernel
def paths(
    code: int, starts: FloatArray, which: IntArray, times: FloatArray, values: FloatArray, groups: IntArray,
    ways: FloatArray, noises: FloatArray, mutations: FloatArray, blocks: IntArray, tolerance: float, most_steps: int,
    out: FloatArray, taken: IntArray,
) -> None:  # fmt: skip
    """Integrate many paths, each of one start in one of several games.

    Args:
        code: the dynamic.
        starts: shares at ``times[0]``, array (starts, n).
        which: the game of each start.
        times: ascending times at which shares are recorded.
        values: payoff tables (games, n, C).
        groups: compositions of co-players (C, n).
        ways: multinomial coefficient of each composition (C,).
        noises: of the logit dynamics, one for each game.
        mutations: matrices (games, n, n) of the replicator-mutator dynamic.
        blocks: where the strategies of each population begin, and n.
        tolerance: error allowed in a step, relative to the larger of 1 and the coordinate.
        most_steps: when to give a path up.
        out: array (starts, times, n), filled with shares.
        taken: filled with the steps of each path, or why it was given up.
    """
    for one in range(len(starts)):
        game = which[one]
        taken[one] = path(
            code, starts[one], times, values[game], groups, ways, noises[game], mutations[game], blocks, tolerance,
            most_steps, out[one],
        )  # fmt: skip
