"""Paths of the best response dynamic between two players: straight lines towards a reply, from switch to switch.

While b is the reply, ``x(t) = b + (x(0) - b) exp(-t)``, and payoffs are linear in ``s = 1 - exp(-t)``, so the next
switch is the first zero of a few linear functions. Where several strategies tie, the path goes on towards an
equilibrium of the game that only those that tie play: a pure one is the next reply, with a mixed one the tie goes on
and the path slides along it (a solution in the sense of Filippov).
"""

from __future__ import annotations

import numpy as np

from evocoop.core.jit import kernel, lean_kernel
from evocoop.dynamics.infinite.integrator import same
from evocoop.dynamics.infinite.kernels import TIE, TOO_MANY, FloatArray, IntArray, highest

MOST_TIED = 12
ROUND = 24
CLOSE = 1e-4
"""Rounds of switches shorter than this, and not growing, are taken together as one slide."""


@lean_kernel
def payoffs_of(values: FloatArray, x: FloatArray, f: FloatArray) -> None:
    """Fill in ``f = values x``."""
    for i in range(len(x)):
        total = 0.0
        for j in range(len(x)):
            total += values[i, j] * x[j]
        f[i] = total


@lean_kernel
def eliminate(rows: FloatArray, size: int) -> bool:
    """Solve a linear system in place, its right side in column ``size``; return whether it has one solution."""
    for column in range(size):
        pivot = column
        for row in range(column + 1, size):
            if abs(rows[row, column]) > abs(rows[pivot, column]):
                pivot = row
        if abs(rows[pivot, column]) < 1e-11:
            return False
        for k in range(size + 1):
            rows[column, k], rows[pivot, k] = rows[pivot, k], rows[column, k]
        for row in range(size):
            factor = rows[row, column] / rows[column, column]
            if row != column and factor != 0.0:
                for k in range(column, size + 1):
                    rows[row, k] -= factor * rows[column, k]
    for row in range(size):
        rows[row, size] /= rows[row, row]
    return True


@lean_kernel
def equaliser(
    values: FloatArray, scale: float, chosen: IntArray, count: int, blocks: IntArray, rows: FloatArray, b: FloatArray
) -> bool:
    """Fill in the one mix of the chosen strategies that lets them all earn the same; return whether there is one."""
    populations = len(blocks) - 1
    size = count + populations
    for row in range(size):
        for column in range(size + 1):
            rows[row, column] = 0.0
    for row in range(count):
        for column in range(count):
            rows[row, column] = values[chosen[row], chosen[column]] / scale
        for block in range(populations):
            if blocks[block] <= chosen[row] < blocks[block + 1]:
                rows[row, count + block] = -1.0
                rows[count + block, row] = 1.0
    for block in range(populations):
        rows[count + block, size] = 1.0
    if not eliminate(rows, size):
        return False
    for i in range(len(b)):
        b[i] = 0.0
    for row in range(count):
        if rows[row, size] <= TIE:
            return False
        b[chosen[row]] = rows[row, size]
    return True


@lean_kernel
def is_reply(values: FloatArray, scale: float, tied: IntArray, blocks: IntArray, b: FloatArray, g: FloatArray) -> bool:
    """Return whether a mix of tied strategies earns most against itself among those tied; fill in its payoffs g."""
    payoffs_of(values, b, g)
    for block in range(len(blocks) - 1):
        best, worst, count = -np.inf, np.inf, 0
        for i in range(blocks[block], blocks[block + 1]):
            if tied[i]:
                best = max(best, g[i])
            if b[i] > 0.0:
                worst = min(worst, g[i])
                count += 1
        if count == 0 or worst < best - TIE * scale:
            return False
    return True


@lean_kernel
def even(tied: IntArray, blocks: IntArray, b: FloatArray) -> None:
    """Fill in the even mix of the tied strategies."""
    for block in range(len(blocks) - 1):
        count = 0
        for i in range(blocks[block], blocks[block + 1]):
            count += tied[i]
        for i in range(blocks[block], blocks[block + 1]):
            b[i] = tied[i] / count


@lean_kernel
def resting(x: FloatArray, tied: IntArray) -> bool:
    """Return whether only tied strategies are present."""
    others = 0
    for i in range(len(x)):
        others += not tied[i] and x[i] > TIE
    return others == 0


@lean_kernel
def reply(
    values: FloatArray, scale: float, x: FloatArray, tied: IntArray, blocks: IntArray, chosen: IntArray,
    rows: FloatArray, trial: FloatArray, g: FloatArray, b: FloatArray,
) -> None:  # fmt: skip
    """Fill in the reply b that a path takes where strategies tie.

    It rests where it is if that is an equilibrium; goes to the even mix if that is one among those tied; else to the
    equilibrium among those tied with the fewest strategies, and of these to the one that earns most.
    """
    if resting(x, tied) and is_reply(values, scale, tied, blocks, x, g):
        same(x, b)
        return
    even(tied, blocks, b)
    if is_reply(values, scale, tied, blocks, b, g):
        return
    count = 0
    for i in range(len(x)):
        count += tied[i]
    if count > MOST_TIED:
        return
    for size in range(len(blocks) - 1, count + 1):
        found, most = False, 0.0
        for subset in range(1 << count):
            place, taken = 0, 0
            for i in range(len(x)):
                if tied[i]:
                    if subset >> place & 1:
                        if taken < size:
                            chosen[taken] = i
                        taken += 1
                    place += 1
            if taken != size or not equaliser(values, scale, chosen, size, blocks, rows, trial):
                continue
            if is_reply(values, scale, tied, blocks, trial, g):
                worth = 0.0
                for i in range(len(x)):
                    worth += trial[i] * g[i]
                if not found or worth > most:
                    found, most = True, worth
                    same(trial, b)
        if found:
            return


@lean_kernel
def switch(f: FloatArray, g: FloatArray, b: FloatArray, tied: IntArray, blocks: IntArray, scale: float) -> float:
    """Return ``s = 1 - exp(-t)`` at the next switch, 1 when there is none.

    ``tied`` becomes those that tie with the reply there.
    """
    first = 1.0
    for again in range(2):
        for block in range(len(blocks) - 1):
            held = blocks[block]
            for i in range(blocks[block], blocks[block + 1]):
                if b[i] > b[held]:
                    held = i
            for k in range(blocks[block], blocks[block + 1]):
                now, then = f[held] - f[k], g[held] - g[k]
                if again == 0:
                    if b[k] == 0.0 and then < -TIE * scale:
                        first = min(first, max(now, 0.0) / (max(now, 0.0) - then))
                else:
                    gap = (1.0 - first) * now + first * then
                    tied[k] = 1 if b[k] > 0.0 or gap <= TIE * scale else 0
    return first


@kernel
def path(
    start: FloatArray, times: FloatArray, values: FloatArray, blocks: IntArray, most_switches: int, out: FloatArray
) -> int:
    """Follow one path and record it at all times; return how many switches it took, or ``TOO_MANY``."""
    n = len(start)
    x, b, f, g, trial = start.copy(), np.zeros(n), np.empty(n), np.empty(n), np.empty(n)
    tied, chosen, recent = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
    rows = np.empty((n + 2, n + 3))
    scale = 1e-300
    for i in range(n):
        for j in range(n):
            scale = max(scale, abs(values[i, j]))
    time, end, record, switches = times[0], times[-1], 0, 0
    begun, lasted = time, np.inf
    payoffs_of(values, x, f)
    for block in range(len(blocks) - 1):
        low, high = blocks[block], blocks[block + 1]
        for i in range(low, high):
            tied[i] = 1 if f[i] >= highest(f[low:high]) - TIE * scale else 0
    while True:
        reply(values, scale, x, tied, blocks, chosen, rows, trial, g, b)
        payoffs_of(values, x, f)
        payoffs_of(values, b, g)
        part = switch(f, g, b, tied, blocks, scale)
        after = time - np.log1p(-part) if part < 1.0 else np.inf
        while record < len(times) and (times[record] <= after or part >= 1.0):
            left = np.exp(time - times[record])
            for i in range(n):
                out[record, i] = b[i] + (x[i] - b[i]) * left
            record += 1
        if after >= end or record == len(times):
            return switches
        if switches >= most_switches:
            return TOO_MANY
        switches += 1
        time = after
        for i in range(n):
            x[i] += part * (b[i] - x[i])
            recent[i] |= tied[i]
        if switches % ROUND == 0:
            if time - begun < CLOSE and time - begun <= lasted:
                for i in range(n):
                    tied[i] = recent[i]
            begun, lasted = time, time - begun
            for i in range(n):
                recent[i] = 0


@kernel
def paths(
    starts: FloatArray, which: IntArray, times: FloatArray, values: FloatArray, blocks: IntArray, most_switches: int,
    out: FloatArray, taken: IntArray,
) -> None:  # fmt: skip
    """Follow many paths, each of one start in one of several games; arguments as of the integrator's ``paths``."""
    for one in range(len(starts)):
        taken[one] = path(starts[one], times, values[which[one]], blocks, most_switches, out[one])
