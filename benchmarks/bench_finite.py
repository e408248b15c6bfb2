"""Finite populations: evocoop beside EGTtools on the same tasks, in one process and as whole processes.

Run alone: ``python benchmarks/bench_finite.py`` (about two minutes). A ratio above 1 means that evocoop is faster. Warm
times are processor time, the best of several, each side on one thread (set OMP_NUM_THREADS for more); whole-process
times are by the clock and start a fresh interpreter, with compiled kernels already on disk.
"""

# ruff: noqa: E402 - the number of threads is set before NumPy is loaded
from __future__ import annotations

import os

for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(threads, "1")

import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

ROCK = np.array([[0.0, -1, 1], [1, 0, -1], [-1, 1, 0]])
HAWK = np.array([[-0.5, 2], [0, 0]])
TEN = np.random.default_rng(1).uniform(0, 1, (10, 10))
STEPS = 10**6

HEADER = """
import warnings; warnings.simplefilter("ignore")
import numpy as np
ROCK = np.array([[0.0, -1, 1], [1, 0, -1], [-1, 1, 0]])
HAWK = np.array([[-0.5, 2], [0, 0]])
TEN = np.random.default_rng(1).uniform(0, 1, (10, 10))
"""
WHOLE = {
    "10 strategies, small mutations, Z=100": (
        "from evocoop.dynamics import small_mutation_limit\n"
        "small_mutation_limit(TEN, population_size=100, selection_strength=0.1).prevalence",
        "from egttools.analytical import PairwiseComparison\nfrom egttools.games import Matrix2PlayerGameHolder\n"
        "from egttools.utils import calculate_stationary_distribution\n"
        "game = Matrix2PlayerGameHolder(10, TEN)\n"
        "chain, _ = PairwiseComparison(100, game).calculate_transition_and_fixation_matrix_sml(0.1)\n"
        "calculate_stationary_distribution(chain.T)",
    ),
    "3 strategies, stationary, Z=50": (
        "from evocoop.dynamics import stationary_distribution\n"
        "stationary_distribution(ROCK, population_size=50, selection_strength=1, mutation=0.01).probabilities",
        "from egttools.analytical import PairwiseComparison\nfrom egttools.games import Matrix2PlayerGameHolder\n"
        "from egttools.utils import calculate_stationary_distribution\n"
        "game = Matrix2PlayerGameHolder(3, ROCK)\n"
        "chain = PairwiseComparison(50, game).calculate_transition_matrix(1.0, 0.01)\n"
        "calculate_stationary_distribution(chain.T)",
    ),
    "simulation of 10^6 steps, Z=100": (
        "from evocoop.dynamics import simulate\n"
        "simulate(HAWK, population_size=100, selection_strength=1, mutation=1e-3, steps=10**6).counts",
        "from egttools.numerical import PairwiseComparisonNumerical\n"
        "from egttools.games import Matrix2PlayerGameHolder\n"
        "game = Matrix2PlayerGameHolder(2, HAWK)\n"
        "PairwiseComparisonNumerical(100, game, 1000000).run_with_mutation(10**6, 1.0, 1e-3, [50, 50])",
    ),
}


def best(work: Callable[[], Any], times: int, clock: Callable[[], float] = time.process_time) -> float:
    found = []
    for _ in range(times):
        start = clock()
        work()
        found.append(clock() - start)
    return min(found)


def by_the_clock(argument: list[str]) -> float:
    return best(lambda: subprocess.run(argument, check=True, capture_output=True), 3, time.perf_counter)


def show(task: str, ours: float, theirs: float, gap: str = "") -> None:
    print(f"{task:<46} {ours * 1e3:>11.3f} {theirs * 1e3:>11.1f} {theirs / ours:>9.0f}x  {gap}", flush=True)


def warm() -> None:
    """Time the tasks in this process, both sides loaded and compiled, and compare the answers."""
    from egttools.analytical import PairwiseComparison
    from egttools.games import Matrix2PlayerGameHolder
    from egttools.numerical import PairwiseComparisonNumerical
    from egttools.utils import calculate_stationary_distribution

    from evocoop.dynamics import simulate, small_mutation_limit, stationary_distribution

    print(f"{'warm, one process, ms':<46} {'evocoop':>11} {'egttools':>11} {'ratio':>10}  difference of the answers")
    ten = Matrix2PlayerGameHolder(10, TEN)
    judge = PairwiseComparison(100, ten)

    def theirs() -> Any:
        chain, _ = judge.calculate_transition_and_fixation_matrix_sml(0.1)
        return calculate_stationary_distribution(chain.T)

    def ours() -> Any:
        return small_mutation_limit(TEN, population_size=100, selection_strength=0.1).prevalence

    gap = np.abs(ours() - theirs()).max()
    show("10 strategies, small mutations, Z=100", best(ours, 200), best(theirs, 5), f"{gap:.1e}")

    rock = Matrix2PlayerGameHolder(3, ROCK)
    whole = PairwiseComparison(50, rock)

    def theirs_rock() -> Any:
        return calculate_stationary_distribution(whole.calculate_transition_matrix(1.0, 0.01).T)

    def ours_rock() -> Any:
        found = stationary_distribution(ROCK, population_size=50, selection_strength=1, mutation=0.01)
        return found.probabilities

    gap = np.abs(np.sort(ours_rock()) - np.sort(theirs_rock())).max()
    show("3 strategies, stationary, Z=50", best(ours_rock, 20), best(theirs_rock, 2), f"{gap:.1e}")

    hawk = Matrix2PlayerGameHolder(2, HAWK)
    runner = PairwiseComparisonNumerical(100, hawk, STEPS)
    for mutation in (1e-3, 1e-1):
        ask = {"population_size": 100, "selection_strength": 1, "mutation": mutation, "steps": STEPS}
        simulate(HAWK, **ask)
        show(
            f"simulation of 10^6 steps, 2 strategies, mu={mutation:g}",
            best(lambda ask=ask: simulate(HAWK, **ask), 5),
            best(lambda mutation=mutation: runner.run_with_mutation(STEPS, 1.0, mutation, [50, 50]), 1),
        )
    for game, name in ((ROCK, "3"), (TEN, "10")):
        holder = Matrix2PlayerGameHolder(len(game), game)
        peer = PairwiseComparisonNumerical(100, holder, STEPS)
        ask = {"population_size": 100, "selection_strength": 1, "mutation": 0.01, "steps": STEPS}
        start = simulate(game, **ask).counts[0, 0].tolist()
        show(
            f"simulation of 10^6 steps, {name} strategies, mu=0.01",
            best(lambda game=game, ask=ask: simulate(game, **ask), 3),
            best(lambda peer=peer, start=start: peer.evolve(STEPS, 1.0, 0.01, start), 1),
        )


def whole_processes() -> None:
    """Time fresh interpreters: start-up, imports and the task."""
    print(f"\n{'whole process, ms (imports and all)':<46} {'evocoop':>11} {'egttools':>11} {'ratio':>10}")
    for task, codes in WHOLE.items():
        times = []
        for code in codes:
            argument = [sys.executable, "-c", HEADER + code]
            subprocess.run(argument, check=True, capture_output=True)
            times.append(by_the_clock(argument))
        ours, theirs = times
        print(f"{task:<46} {ours * 1e3:>11.0f} {theirs * 1e3:>11.0f} {theirs / ours:>9.1f}x", flush=True)


def growth() -> None:
    """Show how our own times grow with strategies, population and group."""
    from evocoop.dynamics import fixation_probability, small_mutation_limit, stationary_distribution
    from evocoop.games import NPersonStagHunt

    rng = np.random.default_rng(2)
    print("\ngrowth of our own times, ms")
    print("small mutations, Z=100, n =", end=" ")
    for n in (5, 10, 20, 40, 80):
        game = rng.uniform(size=(n, n))
        took = best(lambda game=game: small_mutation_limit(game, population_size=100, selection_strength=0.1), 5)
        print(f"{n}: {took * 1e3:.2f}", end="  ")
    print("\nsmall mutations, 10 strategies, Z =", end=" ")
    for size in (100, 1000, 10_000):
        took = best(lambda size=size: small_mutation_limit(TEN, population_size=size, selection_strength=0.1), 3)
        print(f"{size}: {took * 1e3:.2f}", end="  ")
    print("\nstationary, 3 strategies, Z =", end=" ")
    for size in (25, 50, 100, 200):
        ask = {"population_size": size, "selection_strength": 1, "mutation": 0.01}
        took = best(lambda ask=ask: stationary_distribution(ROCK, **ask), 2)
        print(f"{size}: {took * 1e3:.1f}", end="  ")
    four = np.zeros((4, 4))
    four[:3, :3] = ROCK
    print("\nstationary, 4 strategies, Z =", end=" ")
    for size in (20, 35, 50):
        ask = {"population_size": size, "selection_strength": 1, "mutation": 0.02}
        took = best(lambda ask=ask: stationary_distribution(four, **ask), 1)
        print(f"{size}: {took * 1e3:.0f}", end="  ")
    print("\nfixation in groups, Z=100, N =", end=" ")
    for group in (2, 5, 10, 50):
        game = NPersonStagHunt(group_size=group, threshold=max(1, group // 2), multiplier=3.0, cost=1.0)
        took = best(lambda game=game: fixation_probability(game, population_size=100, selection_strength=0.1), 5)
        print(f"{group}: {took * 1e3:.2f}", end="  ")
    print("\nfixation, Z=100, number of selection strengths =", end=" ")
    for count in (1, 10, 100, 1000):
        betas = np.linspace(0, 1, count)
        took = best(lambda betas=betas: fixation_probability(HAWK, population_size=100, selection_strength=betas), 5)
        print(f"{count}: {took * 1e3:.2f}", end="  ")
    print()


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    warm()
    whole_processes()
    growth()
