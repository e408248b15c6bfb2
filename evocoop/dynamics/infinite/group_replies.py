"""Paths of the best response dynamic in groups: straight lines towards pure replies, slides along curved ties.

Towards a pure reply payoffs are polynomials in ``s = 1 - exp(-t)``, and the next switch is their first change of sign,
found in Bernstein form. Expected payoffs have degree N - 1 in the shares, so where strategies tie, how payoffs change
is told by their slopes alone, and the way on is an equilibrium of the game with the slopes as payoffs. A mixed one is
followed along the tie in small steps of order 4, which are drawn to the tie.
"""

from __future__ import annotations

import numpy as np

from evocoop.core.jit import kernel, lean_kernel
from evocoop.dynamics.infinite.kernels import TIE, TOO_MANY, FloatArray, IntArray, highest, payoffs_at
from evocoop.dynamics.infinite.replies import CLOSE, ROUND, eliminate, reply

STEP = 0.01
"""Time of a step along a tie."""
SMALLEST = 1e-10
PULL = 10.0
"""How fast a slide is drawn to its tie."""


@lean_kernel
def slopes_at(x: FloatArray, values: FloatArray, groups: IntArray, ways: FloatArray, slopes: FloatArray) -> None:
    """Fill in ``d f_i / d x_j``."""
    n = len(x)
    for i in range(n):
        for j in range(n):
            slopes[i, j] = 0.0
    for c in range(len(ways)):
        for j in range(n):
            if groups[c, j] == 0:
                continue
            chance = ways[c] * groups[c, j]
            for k in range(n):
                for _ in range(groups[c, k] - (1 if k == j else 0)):
                    chance *= x[k]
            for i in range(n):
                slopes[i, j] += values[i, c] * chance


@lean_kernel
def leads_towards(
    k: int, i: int, x: FloatArray, values: FloatArray, groups: IntArray, ways: FloatArray, degree: int, out: FloatArray
) -> None:
    """Fill in Bernstein coefficients of what k earns more than i on the way from x to everybody playing k.

    Coefficient m is that beside m co-players who play k and others drawn from x.
    """
    for m in range(degree + 1):
        out[m] = 0.0
    for c in range(len(ways)):
        chance = ways[c]
        for j in range(len(x)):
            if j != k:
                for _ in range(groups[c, j]):
                    chance *= x[j]
        for m in range(groups[c, k] + 1):
            part = chance
            for step in range(m):
                part *= (groups[c, k] - step) / (degree - step)
            for _ in range(groups[c, k] - m):
                part *= x[k]
            out[m] += (values[k, c] - values[i, c]) * part


@lean_kernel
def first_change(row: FloatArray, degree: int, stack: FloatArray, ends: FloatArray) -> float:
    """Return where in (0, 1) a polynomial in Bernstein form first changes its sign, 1 where it does not."""
    for m in range(degree + 1):
        stack[0, m] = row[m]
    ends[0, 0], ends[0, 1] = 0.0, 1.0
    waiting = 1
    while waiting > 0:
        waiting -= 1
        changes, sign = 0, 0
        for m in range(degree + 1):
            if stack[waiting, m] != 0.0:
                here = 1 if stack[waiting, m] > 0.0 else -1
                changes += sign * here < 0
                sign = here
        if changes == 0:
            continue
        low, high = ends[waiting, 0], ends[waiting, 1]
        if high - low < 1e-15 or waiting + 2 > len(stack):
            if changes % 2 == 1:
                return float(0.5 * (low + high))
            continue
        middle = 0.5 * (low + high)
        for level in range(degree + 1):
            stack[waiting + 1, level] = stack[waiting, 0]
            for m in range(degree - level):
                stack[waiting, m] = 0.5 * (stack[waiting, m] + stack[waiting, m + 1])
        ends[waiting, 0], ends[waiting, 1] = middle, high
        ends[waiting + 1, 0], ends[waiting + 1, 1] = low, middle
        waiting += 2
    return 1.0


@lean_kernel
def sliding(
    x: FloatArray, held: IntArray, count: int, values: FloatArray, groups: IntArray, ways: FloatArray,
    chances: FloatArray, f: FloatArray, slopes: FloatArray, rows: FloatArray, b: FloatArray,
) -> bool:  # fmt: skip
    """Fill in the mix b of some strategies that keeps their payoffs equal, and draws them together where they are not.

    Return whether there is one; shares of b may be negative, and payoffs f are filled in as well.
    """
    payoffs_at(x, values, groups, ways, chances, f)
    slopes_at(x, values, groups, ways, slopes)
    scale, mean = 1e-300, 0.0
    for row in range(count):
        mean += f[held[row]] / count
        for column in range(count):
            scale = max(scale, abs(slopes[held[row], held[column]]))
    for row in range(count):
        for column in range(count):
            rows[row, column] = slopes[held[row], held[column]] / scale
        rows[row, count] = -1.0
        rows[row, count + 1] = -PULL * (f[held[row]] - mean) / scale
        rows[count, row] = 1.0
    rows[count, count], rows[count, count + 1] = 0.0, 1.0
    if not eliminate(rows, count + 1):
        return False
    for i in range(len(x)):
        b[i] = 0.0
    for row in range(count):
        b[held[row]] = rows[row, count + 1]
    return True


@lean_kernel
def slide(
    x: FloatArray, h: float, held: IntArray, count: int, values: FloatArray, groups: IntArray, ways: FloatArray,
    chances: FloatArray, f: FloatArray, slopes: FloatArray, rows: FloatArray, moves: FloatArray, out: FloatArray,
) -> bool:  # fmt: skip
    """Fill in where a slide is after one step of the classical method of order 4; return whether it can be told.

    ``moves`` hold the velocities of the four stages, the velocity at the end, and the reply there.
    """
    for stage in range(5):
        part = 0.0 if stage == 0 else (1.0 if stage == 3 else 0.5)
        for i in range(len(x)):
            if stage == 4:
                out[i] = x[i] + h / 6.0 * (moves[0, i] + 2.0 * moves[1, i] + 2.0 * moves[2, i] + moves[3, i])
            else:
                out[i] = x[i] + (part * h * moves[stage - 1, i] if stage > 0 else 0.0)
        if not sliding(out, held, count, values, groups, ways, chances, f, slopes, rows, moves[5]):
            return False
        for i in range(len(x)):
            moves[stage, i] = moves[5, i] - out[i]
    return True


@lean_kernel
def left_tie(held: IntArray, count: int, f: FloatArray, b: FloatArray, slack: float) -> bool:
    """Return whether a reply has lost a strategy, or another strategy earns more than those tied."""
    lowest = f[held[0]]
    for row in range(count):
        lowest = min(lowest, f[held[row]])
        if b[held[row]] < -TIE:
            return True
    for i in range(len(f)):
        if f[i] > lowest + slack and b[i] == 0.0:
            own = 0
            for row in range(count):
                own += held[row] == i
            if own == 0:
                return True
    return False


@lean_kernel
def towards(
    x: FloatArray, b: FloatArray, time: float, after: float, times: FloatArray, record: int, out: FloatArray
) -> int:
    """Record the straight line from x to b at all times up to ``after``; return the next record."""
    while record < len(times) and times[record] <= after:
        left = np.exp(time - times[record])
        for i in range(len(x)):
            out[record, i] = b[i] + (x[i] - b[i]) * left
        record += 1
    return record


@lean_kernel
def along(
    x: FloatArray, end: FloatArray, moves: FloatArray, time: float, h: float, times: FloatArray, record: int,
    out: FloatArray,
) -> int:  # fmt: skip
    """Record a step of a slide at all times in it, by Hermite's cubic; return the next record."""
    while record < len(times) and times[record] <= time + h:
        p = (times[record] - time) / h
        q = 1.0 - p
        for i in range(len(x)):
            value = q * q * (1.0 + 2.0 * p) * x[i] + p * p * (1.0 + 2.0 * q) * end[i]
            out[record, i] = max(value + h * p * q * (q * moves[0, i] - p * moves[4, i]), 0.0)
        record += 1
    return record


@lean_kernel
def next_switch(
    held: int, x: FloatArray, tied: IntArray, values: FloatArray, groups: IntArray, ways: FloatArray, degree: int,
    lead: FloatArray, stack: FloatArray, ends: FloatArray,
) -> tuple[float, int]:  # fmt: skip
    """Return ``s = 1 - exp(-t)`` at the next switch on the way to a pure reply, and to what; 1 and -1 for none."""
    first, place = 1.0, -1
    for i in range(len(x)):
        if i != held:
            leads_towards(held, i, x, values, groups, ways, degree, lead)
            if tied[i]:
                lead[0] = 0.0
            change = first_change(lead, degree, stack, ends)
            if change < first:
                first, place = change, i
    return first, place


@lean_kernel
def slide_on(
    x: FloatArray, held: IntArray, count: int, slack: float, values: FloatArray, groups: IntArray, ways: FloatArray,
    chances: FloatArray, f: FloatArray, slopes: FloatArray, rows: FloatArray, moves: FloatArray, end: FloatArray,
) -> float:  # fmt: skip
    """Fill in the end of a step along a tie, shortened so that the tie still holds there; return how long it took."""
    h = STEP
    while slide(x, h, held, count, values, groups, ways, chances, f, slopes, rows, moves, end):
        if h <= SMALLEST or not left_tie(held, count, f, moves[5], slack):
            return h
        h = max(0.5 * h, SMALLEST)
    return 0.0


@lean_kernel
def tie(f: FloatArray, slack: float, tied: IntArray) -> None:
    """Fill in which strategies earn most, or less by no more than a slack."""
    top = highest(f)
    for i in range(len(f)):
        tied[i] = 1 if f[i] >= top - slack else 0


@lean_kernel
def merged(turns: int, spent: float, lasted: float, recent: IntArray, tied: IntArray) -> bool:
    """After each round of switches return True, with all of them tied when they come fast and ever faster."""
    for i in range(len(tied)):
        recent[i] |= tied[i]
    if turns < ROUND:
        return False
    for i in range(len(tied)):
        if spent < CLOSE and spent <= lasted:
            tied[i] = recent[i]
        recent[i] = 0
    return True


@kernel
def path(
    start: FloatArray, times: FloatArray, values: FloatArray, groups: IntArray, ways: FloatArray, most_switches: int,
    out: FloatArray,
) -> int:  # fmt: skip
    """Follow one path and record it at all times; return how many switches and steps it took, or ``TOO_MANY``."""
    n, scale = len(start), 1e-300
    degree = 0 * n
    for j in range(n):
        degree += groups[0, j]
        for c in range(len(ways)):
            scale = max(scale, abs(values[j, c]))
    x, b, f, g, trial = start.copy(), np.zeros(n), np.empty(n), np.empty(n), np.empty(n)
    chances, slopes, moves, end = np.empty(len(ways)), np.empty((n, n)), np.empty((6, n)), np.empty(n)
    rows, lead = np.empty((n + 2, n + 3)), np.empty(degree + 1)
    stack, ends = np.empty((64, degree + 1)), np.empty((64, 2))
    tied, held, recent = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
    blocks = np.zeros(2, dtype=np.int64)
    blocks[1] = n
    nothing = 0 * n  # unlike a literal, which would have kernels of its own compiled
    time, record, switches, turns, begun, lasted = times[0], nothing, nothing, nothing, times[0], np.inf
    payoffs_at(x, values, groups, ways, chances, f)
    tie(f, TIE * scale, tied)
    while record < len(times):
        if switches >= most_switches:
            return TOO_MANY
        switches += 1
        slopes_at(x, values, groups, ways, slopes)
        reply(slopes, degree * scale, x, tied, blocks, held, rows, trial, g, b)
        count, still = nothing, 0.0
        for i in range(n):
            still = max(still, abs(b[i] - x[i]))
            if b[i] > 0.0:
                held[count] = i
                count += 1
        if still < TIE:
            record = towards(x, x, time, np.inf, times, record, out)
            return switches
        if count == 1:
            first, place = next_switch(held[0], x, tied, values, groups, ways, degree, lead, stack, ends)
            until = time - np.log1p(-first) if place >= 0 else np.inf
            record = towards(x, b, time, until, times, record, out)
            for i in range(n):
                x[i] += first * (b[i] - x[i])
            payoffs_at(x, values, groups, ways, chances, f)
            tie(f, TIE * scale, tied)
            tied[held[0]], tied[place] = 1, 1
            time, turns = until, turns + 1
        else:
            h = slide_on(
                x, held, count, 1e-11 * scale, values, groups, ways, chances, f, slopes, rows, moves, end
            )  # fmt: skip
            record = along(x, end, moves, time, h, times, record, out)
            time += h
            for i in range(n):
                x[i] = max(end[i], 0.0)
            payoffs_at(x, values, groups, ways, chances, f)
            tie(f, 1e-10 * scale, tied)
            for row in range(count):
                tied[held[row]] = 1
        if merged(turns, time - begun, lasted, recent, tied):
            turns, lasted, begun = 0, time - begun, time
    return switches


@kernel
def paths(
    starts: FloatArray, which: IntArray, times: FloatArray, values: FloatArray, groups: IntArray, ways: FloatArray,
    most_switches: int, out: FloatArray, taken: IntArray,
) -> None:  # fmt: skip
    """Follow many paths, each of one start in one of several games; arguments as of the integrator's ``paths``."""
    for one in range(len(starts)):
        taken[one] = path(starts[one], times, values[which[one]], groups, ways, most_switches, out[one])
