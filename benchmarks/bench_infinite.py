"""Infinite populations: evocoop beside EGTtools on the same tasks, in one process and as whole processes.

Run alone: ``python benchmarks/bench_infinite.py`` (about a minute and a half). A ratio above 1 means that evocoop is
faster. Warm times are the best of several; whole-process times start a fresh interpreter, with compiled kernels already
on disk.
"""

from __future__ import annotations

import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

POINTS, GROUP = 10_000, 5
CYCLE = np.array([[0.0, -1, 1], [1, 0, -1], [-1, 1, 0]])
COORDINATION = np.diag([1.0, 2.0, 3.0])

HEADER = """
import warnings; warnings.simplefilter("ignore")
import numpy as np
random = np.random.default_rng(0)
points = random.dirichlet(np.ones(3), 10_000)
COORDINATION = np.diag([1.0, 2.0, 3.0])
"""
WHOLE = {
    "5-player field, 3 strategies, 10^4 points": (
        "from evocoop.dynamics import velocities\nfrom evocoop.games.payoffs import PayoffTable\n"
        "velocities(PayoffTable(tuple('abc'), random.normal(size=(3, 15)), group_size=5), points)",
        "from egttools.helpers.vectorized import vectorized_replicator_equation_n_player\n"
        "grid = np.ascontiguousarray(points.T.reshape(3, 100, 100))\n"
        "vectorized_replicator_equation_n_player(grid, random.normal(size=(3, 21)), 5)",
    ),
    "field on 10^4 points and rest points, diag(1,2,3)": (
        "from evocoop.dynamics import rest_points, velocities\n"
        "velocities(COORDINATION, points); rest_points(COORDINATION)",
        "from egttools.analytical import replicator_equation\n"
        "from egttools.analytical.utils import find_roots\n"
        "from egttools.helpers.vectorized import vectorized_replicator_equation\n"
        "vectorized_replicator_equation(np.ascontiguousarray(points.T.reshape(3, 100, 100)), COORDINATION)\n"
        "for _ in range(20): find_roots(lambda x: replicator_equation(x, COORDINATION), 3, 30)",
    ),
}


def best(work: Callable[[], Any], times: int) -> float:
    found = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return min(found)


def show(task: str, ours: float, theirs: float, gap: str = "") -> None:
    print(f"{task:<52} {ours * 1e3:>9.3f} {theirs * 1e3:>10.1f} {theirs / ours:>8.4g}x  {gap}", flush=True)


def whole_groups(egttools: Any, values: Any) -> Any:
    """Return payoffs by composition of the whole group, the player included, in the peer's order."""
    from evocoop.games.payoffs import compositions

    place = {tuple(row): k for k, row in enumerate(compositions(GROUP - 1, 3).tolist())}
    whole = np.zeros((3, egttools.calculate_nb_states(GROUP, 3)))
    for column in range(whole.shape[1]):
        group = np.array(egttools.sample_simplex(column, GROUP, 3)).astype(int)
        for i in np.flatnonzero(group):
            whole[i, column] = values[i, place[tuple((group - np.eye(3, dtype=int)[i]).tolist())]]
    return whole


def warm() -> None:
    """Time the tasks in this process, both sides loaded and compiled, and compare the answers."""
    import egttools
    from egttools.analytical.utils import find_roots
    from egttools.helpers import vectorized

    from evocoop.dynamics import rest_points, velocities
    from evocoop.games.payoffs import PayoffTable

    print(f"{'warm, one process, ms':<52} {'evocoop':>9} {'egttools':>10} {'ratio':>9}  difference of the answers")
    random = np.random.default_rng(0)
    points = random.dirichlet(np.ones(3), POINTS)
    grid = np.ascontiguousarray(points.T.reshape(3, 100, 100))
    values = random.normal(size=(3, 15))
    table, theirs = PayoffTable(tuple("abc"), values, group_size=GROUP), whole_groups(egttools, values)

    def field() -> Any:
        return vectorized.vectorized_replicator_equation_n_player(grid, theirs, GROUP)

    gap = np.abs(velocities(table, points) - field().reshape(3, -1).T).max()
    ours = best(lambda: velocities(table, points), 50)
    show("5-player field, 3 strategies, 10^4 points", ours, best(field, 2), f"{gap:.1e}")

    def pairs() -> Any:
        return vectorized.vectorized_replicator_equation(grid, COORDINATION)

    gap = np.abs(velocities(COORDINATION, points) - pairs().reshape(3, -1).T).max()
    ours = best(lambda: velocities(COORDINATION, points), 50)
    show("2-player field, 3 strategies, 10^4 points", ours, best(pairs, 10), f"{gap:.1e}")

    def roots() -> Any:
        return find_roots(lambda x: egttools.analytical.replicator_equation(x, COORDINATION), 3, 30)

    told = f"{len(rest_points(COORDINATION).points)} of 7 with proof, against {len(roots())}"
    show("rest points of diag(1,2,3)", best(lambda: rest_points(COORDINATION), 20), best(roots, 5), told)


def paths() -> None:
    """Time paths beside SciPy's odeint on the peer's field, few times and many, and say what we lose by recording."""
    import egttools
    from scipy.integrate import odeint

    from evocoop.dynamics import replicator, trajectories

    start = [0.5, 0.3, 0.2]

    def equation(x: Any, _: float) -> Any:
        return egttools.analytical.replicator_equation(x, CYCLE)

    def drift(x: Any) -> float:
        return float(np.abs(x.prod(axis=1) / 0.03 - 1).max())

    took = []
    for count in (2, 201, 10_001):
        moments = np.linspace(0, 100, count)
        mine = replicator(CYCLE, start=start, times=moments).shares[0]
        theirs = odeint(equation, start, moments, rtol=1e-10, atol=1e-12)
        took.append(best(lambda moments=moments: replicator(CYCLE, start=start, times=moments), 20))
        peer = best(lambda moments=moments: odeint(equation, start, moments, rtol=1e-10, atol=1e-12), 5)
        said = f"drift {drift(mine):.0e}, {drift(theirs):.0e}"
        show(f"rock-paper-scissors to t=100, {count} times", took[-1], peer, said)
    print(f"10001 times take {took[2] / took[0]:.2f} times as long as 2")
    starts = np.random.default_rng(1).dirichlet(np.ones(3), 1000)
    games = [CYCLE + 0.01 * k * np.eye(3) for k in range(1000)]
    ends = [0.0, 10.0]
    for name, work in (
        ("1000 starts to t=10, one call", lambda: replicator(CYCLE, starts=starts, times=ends)),
        ("the same on two threads", lambda: replicator(CYCLE, starts=starts, times=ends, workers=2)),
        ("1000 starts, one call each", lambda: [replicator(CYCLE, start=x, times=ends) for x in starts]),
        ("1000 games to t=10, one call", lambda: trajectories(games, start=start, times=ends)),
    ):
        print(f"{name:<52} {best(work, 3) * 1e3:>9.3f}", flush=True)


def whole_processes() -> None:
    """Time fresh interpreters: start-up, imports and the task."""
    print(f"\n{'whole process, ms (imports and all)':<52} {'evocoop':>9} {'egttools':>10} {'ratio':>9}")
    for task, codes in WHOLE.items():
        times = []
        for code in codes:
            argument = [sys.executable, "-c", HEADER + code]
            subprocess.run(argument, check=True, capture_output=True)
            times.append(best(lambda argument=argument: subprocess.run(argument, check=True, capture_output=True), 3))
        ours, theirs = times
        print(f"{task:<52} {ours * 1e3:>9.0f} {theirs * 1e3:>10.0f} {theirs / ours:>8.1f}x", flush=True)


PARTS = """
import time; t = [time.perf_counter()]
def lap(name): t.append(time.perf_counter()); print(f"{name} {1e3 * (t[-1] - t[-2]):.0f}", end="  ")
import numpy as np; lap("numpy")
import numba; lap("numba")
from evocoop.dynamics import velocities; from evocoop.games.payoffs import PayoffTable; lap("evocoop")
random = np.random.default_rng(0); points = random.dirichlet(np.ones(3), 10_000)
table = PayoffTable(tuple("abc"), random.normal(size=(3, 15)), group_size=5)
velocities(table, points); lap("load the compiled field, and first field")
velocities(table, points); lap("another field")
"""


def parts() -> None:
    """Show where the time of a whole process goes."""
    print("\nwhere the time of a process with the 5-player field goes, ms", flush=True)
    subprocess.run([sys.executable, "-c", PARTS], check=True)
    print(flush=True)


def growth() -> None:
    """Show how our own times grow with strategies and group."""
    from evocoop.dynamics import basins, replicator, rest_points, velocities
    from evocoop.games.payoffs import PayoffTable, count_compositions

    random = np.random.default_rng(2)

    def table(n: int, group: int) -> PayoffTable:
        values = random.normal(size=(n, count_compositions(group - 1, n)))
        return PayoffTable(tuple(map(str, range(n))), values, group_size=group)

    def line(task: str, sizes: tuple[int, ...], work: Callable[[int], Callable[[], Any]], times: int) -> None:
        print(f"{task} =", end=" ")
        for size in sizes:
            print(f"{size}: {best(work(size), times) * 1e3:.3g}", end="  ", flush=True)
        print()

    def field(n: int, group: int) -> Callable[[], Any]:
        game, points = table(n, group), random.dirichlet(np.ones(n), POINTS)
        return lambda: velocities(game, points)

    def path(n: int) -> Callable[[], Any]:
        game = table(n, 2)
        return lambda: replicator(game, time=100)

    def rest(n: int, group: int) -> Callable[[], Any]:
        game = table(n, group)
        return lambda: rest_points(game)

    print("\ngrowth of our own times, ms (random payoffs)")
    line("field on 10^4 points, 3 strategies, N", (2, 3, 5, 9, 17), lambda size: field(3, size), 5)
    line("field on 10^4 points, groups of 5, n", (2, 3, 4, 6, 8), lambda size: field(size, 5), 3)
    line("path to t=100, two players, n", (2, 3, 5, 10, 20), path, 3)
    line("rest points, two players, n", (2, 3, 4, 6, 8), lambda size: rest(size, 2), 1)
    line("rest points, 2 strategies, N", (2, 5, 10, 20, 50), lambda size: rest(2, size), 1)
    line("rest points, 3 strategies, N", (2, 3, 4, 5), lambda size: rest(3, size), 1)
    for starts in (500, 2000, 20_000):
        wide = np.ptp(basins(COORDINATION, starts=starts).bounds, axis=1).max() / 2
        took = best(lambda starts=starts: basins(COORDINATION, starts=starts), 2) * 1e3
        print(f"basins of diag(1,2,3), {starts} corners: within {100 * wide:.2g} %, {took:.3g} ms")
    for noise in (1.0, 0.1, 0.01, 1e-5):
        found = rest_points(COORDINATION, dynamic="logit", noise=noise)
        took = best(lambda noise=noise: rest_points(COORDINATION, dynamic="logit", noise=noise), 5) * 1e3
        print(f"logit on diag(1,2,3), noise {noise:g}: {len(found.points)}, proved {found.complete}, {took:.3g} ms")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    warm()
    paths()
    whole_processes()
    parts()
    growth()
