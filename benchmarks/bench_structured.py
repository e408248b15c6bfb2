"""Structured populations: evocoop beside the same model written plainly in Python, NumPy and SciPy.

Run alone: ``python benchmarks/bench_structured.py`` (about a minute). No toolkit among the peers has these rules with
these payoffs, so each task is raced against the shortest honest program for it: neighbour lists, payoffs kept up to
date, one step after the other. A ratio above 1 means that evocoop is faster; times are processor time on one thread,
kernels compiled beforehand.
"""

# ruff: noqa: E402 - the number of threads is set before NumPy is loaded
from __future__ import annotations

import os

for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(threads, "1")

import math
import random
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from evocoop.dynamics import (
    Graph,
    critical_benefit_to_cost,
    exact_fixation_on_graph,
    fixation_on_graph,
    lattice,
    random_regular,
    scale_free,
    simulate_groups,
    simulate_on_graph,
    simulate_rewiring,
    small_world,
    star,
)
from evocoop.games import PublicGoods

DONATION = [[4.0, -1.0], [5.0, 0.0]]
SNOWDRIFT = [[1.0, 0.6], [1.4, 0.0]]
STRENGTH = 0.1


class Plain:
    """A population on a graph in plain Python: strategies, neighbours, payoffs kept up to date."""

    def __init__(self, graph: Graph, payoffs: Any, seed: int = 1) -> None:
        ends = zip(graph.indptr[:-1].tolist(), graph.indptr[1:].tolist(), strict=True)
        self.near = [graph.indices[a:b].tolist() for a, b in ends]
        self.payoffs, self.nodes, self.random = payoffs, graph.nodes, random.Random(seed)
        self.state = [self.random.randrange(2) for _ in self.near]
        self.payoff = [0.0] * self.nodes
        for node in range(self.nodes):
            self.earn(node)

    def earn(self, node: int) -> None:
        """Work out the payoff of a node."""
        mine, near = self.payoffs[self.state[node]], self.near[node]
        self.payoff[node] = sum(mine[self.state[other]] for other in near) / len(near)

    def set(self, node: int, new: int) -> None:
        """Give a node a strategy."""
        if new != self.state[node]:
            self.state[node] = new
            self.earn(node)
            for other in self.near[node]:
                self.earn(other)

    def fitness(self, node: int) -> float:
        """Return 1 - w + w f."""
        return 1.0 - STRENGTH + STRENGTH * self.payoff[node]

    def death_birth(self) -> None:
        """Let a node die and its neighbours compete."""
        node = self.random.randrange(self.nodes)
        near = self.near[node]
        parent = self.random.choices(near, [self.fitness(other) for other in near])[0]
        self.set(node, self.mutated(self.state[parent]))

    def birth_death(self) -> None:
        """Let a parent replace a neighbour."""
        parent = self.random.choices(range(self.nodes), [self.fitness(node) for node in range(self.nodes)])[0]
        self.set(self.random.choice(self.near[parent]), self.mutated(self.state[parent]))

    def pairwise(self) -> None:
        """Let a node compare itself with a neighbour."""
        node = self.random.randrange(self.nodes)
        model = self.random.choice(self.near[node])
        gain = self.payoff[model] - self.payoff[node]
        if self.random.random() < 0.01:
            self.set(node, 1 - self.state[node])
        elif self.random.random() < 1.0 / (1.0 + math.exp(-STRENGTH * gain)):
            self.set(node, self.state[model])

    def mutated(self, strategy: int) -> int:
        """Return the strategy, or with 1 % the other."""
        return 1 - strategy if self.random.random() < 0.01 else strategy


def plain_critical(graph: Graph) -> float:
    """Critical ratio under death-birth from the n(n-1)/2 equations of coalescence, one sparse solve (SciPy)."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.linalg import spsolve

    n, walk = graph.nodes, graph.matrix() / graph.strengths[:, None]
    place = {pair: at for at, pair in enumerate((i, j) for i in range(n) for j in range(i))}
    rows, columns, values = [], [], []
    for (i, j), at in place.items():
        for a, b in ((i, j), (j, i)):
            for k in np.flatnonzero(walk[a]).tolist():
                if k != b:
                    rows.append(at)
                    columns.append(place[max(k, b), min(k, b)])
                    values.append(-walk[a, k] / 2)
    matrix = coo_matrix((values, (rows, columns)), shape=(len(place),) * 2).tocsc()
    solved = spsolve(matrix + coo_matrix((np.ones(len(place)), (range(len(place)),) * 2)).tocsc(), np.ones(len(place)))
    times = np.zeros((n, n))
    for (i, j), at in place.items():
        times[i, j] = times[j, i] = solved[at]
    share = graph.strengths / graph.strengths.sum()
    steps = [float(share @ (np.linalg.matrix_power(walk, k) * times).sum(axis=1)) for k in (1, 2, 3)]
    return steps[1] / (steps[2] - steps[0])


def plain_groups(groups: int, group_size: int, splitting: float, steps: int) -> None:
    """Groups that grow and split, in plain Python (two strategies, donation game, no mutation)."""
    rng = random.Random(1)
    members = [[group_size // 2, group_size - group_size // 2] for _ in range(groups)]
    for _ in range(steps):
        rates = []
        for c, d in members:
            others = max(c + d - 1, 1)
            rates.append(c * (1 - STRENGTH + STRENGTH * (4 * (c - 1) - d) / others))
            rates.append(d * (1 - STRENGTH + STRENGTH * 5 * c / others))
        group, kind = divmod(rng.choices(range(2 * groups), rates)[0], 2)
        members[group][kind] += 1
        if sum(members[group]) > group_size:
            if rng.random() < splitting:
                other = rng.choice([g for g in range(groups) if g != group])
                parts = [sum(rng.random() < 0.5 for _ in range(count)) for count in members[group]]
                members[other], members[group] = parts, [m - p for m, p in zip(members[group], parts, strict=True)]
            else:
                c, d = members[group]
                members[group][int(rng.random() * (c + d) >= c)] -= 1


def plain_rewiring(graph: Graph, payoffs: Any, strength: float, speed: float, steps: int) -> None:
    """Strategies and links that change, in plain Python: sets of neighbours, payoffs added up when needed."""
    rng, near = random.Random(1), [set() for _ in range(graph.nodes)]
    links = [[a, b] for a, b in zip(graph.sources.tolist(), graph.indices.tolist(), strict=True) if a < b]
    for a, b in links:
        near[a].add(b)
        near[b].add(a)
    state = [rng.randrange(2) for _ in near]

    def prevails(a: int, b: int) -> bool:
        pay = [sum(payoffs[state[node]][state[other]] for other in near[node]) for node in (a, b)]
        return rng.random() < 1.0 / (1.0 + math.exp(-strength * (pay[0] - pay[1])))

    while steps:
        if rng.random() * (1 + speed) < 1:
            steps -= 1
            node = rng.randrange(graph.nodes)
            model = rng.choice(tuple(near[node]))
            if state[model] != state[node] and prevails(model, node):
                state[node] = state[model]
            if rng.random() < 0.01:
                state[node] = 1 - state[node]
            continue
        link = rng.choice(links)
        if not state[link[0]] and not state[link[1]]:
            continue
        side = int(prevails(link[0], link[1]))
        left, mover = link[side], link[1 - side]
        free = [other for other in near[left] if other != mover and other not in near[mover]]
        if state[left] and len(near[left]) > 1 and free:
            link[side] = rng.choice(free)
            near[left].remove(mover)
            near[mover].remove(left)
            near[mover].add(link[side])
            near[link[side]].add(mover)


def timed(work: Callable[[], Any], times: int = 1) -> float:
    found = []
    for _ in range(times):
        start = time.process_time()
        work()
        found.append(time.process_time() - start)
    return min(found)


def show(task: str, ours: float, theirs: float, unit: str) -> None:
    print(f"{task:<62} {ours:>12,.3g} {theirs:>12,.3g} {theirs / ours:>9,.0f}x  {unit}", flush=True)


def simulations() -> None:
    """Race steps on graphs and births in groups."""
    print(f"{'warm, one process':<62} {'evocoop':>12} {'plain':>12} {'ratio':>10}")
    graphs = (lattice(30, 30), scale_free(900, 2, seed=1), small_world(900, 8, 0.1, seed=1))
    for process, plain_steps in (("death_birth", 20_000), ("pairwise", 50_000), ("birth_death", 1_000)):
        for graph in graphs:
            ask = {"graph": graph, "selection_strength": STRENGTH, "process": process, "mutation": 0.01}
            simulate_on_graph(SNOWDRIFT, **ask, steps=1000)
            ours = timed(lambda ask=ask: simulate_on_graph(SNOWDRIFT, **ask, steps=10**6), 2) / 10**6
            plain = Plain(graph, SNOWDRIFT)
            step = getattr(plain, process)
            theirs = timed(lambda step=step, many=plain_steps: [step() for _ in range(many)]) / plain_steps
            show(f"a step of {process}, {graph.name}", ours * 1e9, theirs * 1e9, "ns")
    ask = {"groups": 20, "group_size": 10, "selection_strength": STRENGTH, "splitting": 0.01}
    simulate_groups([[1, 1], [1, 1]], **ask, steps=10, mutation=0.01)
    ours = timed(lambda: simulate_groups(DONATION, **ask, steps=10**6, mutation=1e-9), 2) / 10**6
    theirs = timed(lambda: plain_groups(20, 10, 0.01, 20_000)) / 20_000
    show("a birth in 20 groups of 10", ours * 1e9, theirs * 1e9, "ns")
    graph, hard = random_regular(1000, 30, seed=1), [[1.0, -1.0], [2.0, 0.0]]
    ask = {"graph": graph, "selection_strength": 0.005, "rewiring_speed": 4.0, "mutation": 0.01}
    simulate_rewiring(hard, **ask, steps=10)
    ours = timed(lambda: simulate_rewiring(hard, **ask, steps=200_000), 2) / 200_000
    theirs = timed(lambda: plain_rewiring(graph, hard, 0.005, 4.0, 5_000)) / 5_000
    show("a look at a strategy and four at links, 1,000 nodes, degree 30", ours * 1e9, theirs * 1e9, "ns")


def solvers() -> None:
    """Race the critical ratio; the answers must agree."""
    for nodes in (30, 60, 120):
        graph = scale_free(nodes, 2, seed=1)
        ours, theirs = critical_benefit_to_cost(graph), plain_critical(graph)
        gap = abs(ours / theirs - 1)
        times = timed(lambda g=graph: critical_benefit_to_cost(g), 5), timed(lambda g=graph: plain_critical(g))
        show(f"critical b/c, scale-free graph of {nodes} (differ by {gap:.0e})", times[0] * 1e3, times[1] * 1e3, "ms")


def growth() -> None:
    """Show how our own times grow."""
    print("\ngrowth of our own times")

    def row(what: str, unit: str, entries: Any) -> None:
        print(f"{what}, {unit}:", "  ".join(f"{key}: {value:.3g}" for key, value in entries), flush=True)

    def step(graph: Graph, process: str, game: Any = SNOWDRIFT, many: int = 300_000) -> float:
        ask = {"graph": graph, "selection_strength": STRENGTH, "process": process, "mutation": 0.01}
        return timed(lambda: simulate_on_graph(game, **ask, steps=many), 2) / many * 1e9

    for process in ("death_birth", "pairwise", "imitation", "birth_death"):
        row(f"a step of {process} on a lattice, nodes", "ns",
            [(side**2, step(lattice(side, side), process)) for side in (10, 30, 100, 300)])  # fmt: skip
        row(f"a step of {process} on 1,000 nodes, degree", "ns",
            [(degree, step(random_regular(1000, degree, seed=1), process)) for degree in (4, 8, 16, 32)])  # fmt: skip
    row("a step of death_birth, hosted public goods, degree", "ns",
        [(n, step(random_regular(1000, n, seed=1), "death_birth",
                  PublicGoods(group_size=n + 1, multiplier=3.0, cost=1.0), many=100_000))
         for n in (4, 8, 16)])  # fmt: skip
    row("critical b/c, random 4-regular graph, nodes", "ms",
        [(n, timed(lambda n=n: critical_benefit_to_cost(random_regular(n, 4, seed=1))) * 1e3)
         for n in (50, 100, 200, 400, 800)])  # fmt: skip
    row("exact fixation from all 2^n states, nodes", "ms",
        [(n, timed(lambda n=n: exact_fixation_on_graph(
            SNOWDRIFT, graph=scale_free(n, 2, seed=1), selection_strength=STRENGTH)) * 1e3)
         for n in (6, 8, 10, 12)])  # fmt: skip
    row("fixation on a star by simulation, 10^4 runs, leaves", "ms",
        [(n, timed(lambda n=n: fixation_on_graph(
            SNOWDRIFT, graph=star(n), selection_strength=STRENGTH, process="birth_death")) * 1e3)
         for n in (5, 10, 20)])  # fmt: skip


if __name__ == "__main__":
    simulations()
    solvers()
    growth()
