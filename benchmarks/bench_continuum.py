"""The diffusion limit and the replicator equation in space: evocoop beside NumPy and SciPy on the same tasks.

Run alone: ``python benchmarks/bench_continuum.py`` (about half a minute). Warm, processor time, best of three, ms; a
ratio above 1 means that evocoop is faster. The peers are the textbook programs: Euler-Maruyama on arrays of replicates,
and the method of lines with SciPy's explicit integrator.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

from evocoop.dynamics import diffusion, simulate, spatial_replicator

Floats = NDArray[np.float64]
CYCLE = np.array([[0.0, -1, 1], [1, 0, -1], [-1, 1, 0]])
SIZE, STRENGTH, TIME, STEP, RUNS = 10_000, 0.1, 100.0, 0.05, 200


def best(work: Callable[[], Any]) -> float:
    """Return the shortest of three processor times, in milliseconds, after one that is not counted."""
    times = []
    for _ in range(4):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return 1000 * min(times[1:])


def euler_maruyama() -> Floats:
    """Follow all replicates at once: three strategies, pairwise comparison, clipped at the edge."""
    draws, x = np.random.default_rng(1), np.full((RUNS, 3), 1 / 3)
    for _ in range(round(TIME / STEP)):
        f = x @ CYCLE.T
        won = 1.0 / (1.0 + np.exp(-STRENGTH * (f[:, None, :] - f[:, :, None])))
        flow = x[:, :, None] * x[:, None, :] * won
        new = x + STEP * (flow.sum(axis=1) - flow.sum(axis=2))
        for i, j in ((0, 1), (0, 2), (1, 2)):
            move = np.sqrt((flow[:, i, j] + flow[:, j, i]) * STEP / SIZE) * draws.normal(size=RUNS)
            new[:, i] += move
            new[:, j] -= move
        x = np.maximum(new, 0.0)
        x /= x.sum(axis=1, keepdims=True)
    return x


def lines(side: int, spacing: float, until: float, start: Floats) -> Floats:
    """Integrate the same grid by SciPy's RK45."""

    def velocity(_: float, flat: Floats) -> Floats:
        x = flat.reshape(side, side, 3)
        around = sum(np.roll(x, shift, axis) for shift in (1, -1) for axis in (0, 1)) - 4 * x
        f = x @ CYCLE.T
        rate: Floats = (x * (f - (x * f).sum(axis=-1, keepdims=True)) + around / spacing**2).ravel()
        return rate

    found: Floats = solve_ivp(velocity, (0, until), start.ravel(), rtol=1e-5, atol=1e-7).y[:, -1]
    return found


def main() -> None:
    """Print the table."""
    ask: dict[str, Any] = {"population_size": SIZE, "selection_strength": STRENGTH, "replicates": RUNS, "seed": 1}
    ours = best(lambda: diffusion(CYCLE, **ask, time=TIME, step=STEP, samples=2))
    theirs = best(euler_maruyama)
    label = f"{RUNS} paths of {round(TIME / STEP)} steps, 3 strategies"
    print(f"{label:44}{ours:9.1f}{theirs:10.1f}{theirs / ours:8.1f}x")
    few: dict[str, Any] = {**ask, "replicates": 2}
    chain = best(lambda: simulate(CYCLE, **few, steps=round(TIME * SIZE), samples=2)) * RUNS / 2
    print(f"{f'against the chain itself, Z = {SIZE:,}':44}{ours:9.1f}{chain:10.1f}{chain / ours:8.1f}x")
    side, spacing, until = 96, 0.35, 10.0
    start = np.random.default_rng(2).dirichlet([1, 1, 1], size=(side, side))
    grid: dict[str, Any] = {"shape": (side, side), "spacing": spacing, "boundary": "periodic", "time": until}
    grid["samples"] = 2
    ours = best(lambda: spatial_replicator(CYCLE, start=start, **grid))
    theirs = best(lambda: lines(side, spacing, until, start))
    final = spatial_replicator(CYCLE, start=start, **grid).final
    off = np.abs(final.ravel() - lines(side, spacing, until, start)).max()
    label = f"plane of {side} x {side}, time {until:g}"
    print(f"{label:44}{ours:9.1f}{theirs:10.1f}{theirs / ours:8.1f}x  difference {off:.0e}")


if __name__ == "__main__":
    main()
