"""Simulated evolution on graphs, and fixation estimated from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evocoop.core.errors import InputError, check_integer
from evocoop.dynamics.sampling import (
    MOST_STEPS,
    FixationEstimate,
    SimulatedRuns,
    check_recorded,
    fixation_estimate,
    mean_and_interval,
    share_out,
    stream_keys,
)
from evocoop.dynamics.structured import runs
from evocoop.dynamics.structured.graph import Graph
from evocoop.dynamics.structured.world import ROLE, World, check_mutation, world

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

MOST_KEPT = 20_000_000


@dataclass(frozen=True, eq=False)
class GraphSimulation(SimulatedRuns):
    """Independent runs of a population on a graph.

    Beside the names, times, counts and means of every :class:`~evocoop.dynamics.sampling.SimulatedRuns`:

    Args:
        final: strategies of the nodes at the end, array (replicates, nodes).
        graph: the graph.
        selection_strength: beta or w.
        mutation: mu.
        process: the update rule.
        seed: the seed.
    """

    final: IntArray
    graph: Graph
    selection_strength: float
    mutation: float
    process: str
    seed: int


def simulate_on_graph(
    payoffs: Any,
    *,
    graph: Graph,
    selection_strength: float,
    process: str = "death_birth",
    mutation: float = 0.0,
    fitness: str = "linear",
    total: bool = False,
    groups: str = "hosted",
    start: Sequence[int] | NDArray[np.integer[Any]] | None = None,
    steps: int = 10_000,
    replicates: int = 1,
    burn_in: int = 0,
    samples: int = 101,
    seed: int = 0,
    cell: int = 0,
    workers: int = 1,
) -> GraphSimulation:
    """Return simulated runs of a population in which everybody plays with, and learns from, the neighbours.

    In a pairwise game the payoff of a node is the mean over its edges (by weight). In a group game every node hosts a
    group of itself and all its neighbours and takes part in those its neighbours host; or (``groups="sampled"``) it
    plays in groups drawn at random among its neighbours, and its payoff is the exact mean over these. Steps in which
    nothing can change are jumped over. Every replicate has a random stream of its own.

    Args:
        payoffs: a square matrix, a game, or a PayoffTable.
        graph: a connected graph.
        selection_strength: beta >= 0 (pairwise comparison, exponential fitness), or w in [0, 1].
        process: ``"birth_death"``, ``"death_birth"``, ``"pairwise"`` or ``"imitation"``.
        mutation: mu in [0, 1]: instead of imitating a node takes another strategy; in birth-death and death-birth the
            offspring does instead of inheriting.
        fitness: ``"linear"``, 1 - w + w f, or ``"exponential"``, exp(beta f).
        total: add up the payoffs of all games of a node instead of averaging them.
        groups: ``"hosted"`` or ``"sampled"``; not read for pairwise games.
        start: counts per strategy, placed at random; or the strategy of every node; left out, as even as can be.
        steps: length of a run; in a step at most one node changes.
        replicates: number of independent runs.
        burn_in: steps not counted in ``shares``.
        samples: number of recorded times, evenly spaced from 0 to ``steps``.
        seed: the seed.
        cell: a second key, for one of many simulations of an experiment.
        workers: threads.

    Raises:
        InputError: for arguments out of range, payoffs that make fitness negative, or groups that do not fit.

    Sources: Ohtsuki, Hauert, Lieberman & Nowak 2006, Nature 441:502 (rules); Santos, Santos & Pacheco 2008, Nature
    454:213 (hosted groups).

    >>> from evocoop.dynamics import ring
    >>> run = simulate_on_graph([[1, 0], [2, 0.5]], graph=ring(20), selection_strength=0.1, steps=500, seed=1)
    >>> run.counts.shape, int(run.counts[0, 0].sum())
    ((1, 101, 2), 20)
    """
    asked = world(payoffs, graph, selection_strength, process, fitness, total, groups)
    mutation = check_mutation(mutation)
    steps = check_integer("steps", steps, minimum=1, maximum=MOST_STEPS)
    burn_in = check_integer("burn_in", burn_in, minimum=0, maximum=steps - 1)
    samples = check_integer("samples", samples, minimum=1)
    runs_asked = check_integer("replicates", replicates, minimum=1)
    if runs_asked * graph.nodes > MOST_KEPT:
        raise InputError(f"replicates x nodes must be at most {MOST_KEPT:,}, not {runs_asked * graph.nodes:,}")
    keys = stream_keys(seed, cell, runs_asked, ROLE)
    first, placing = starting(asked, start)
    every = max(1, steps // max(samples - 1, 1))
    records = min(samples, steps // every + 1)
    check_recorded("the recorded counts", runs_asked, records * len(asked.strategies), "fewer samples or replicates")
    times = np.arange(records) * every
    paths, spent, final, _, absorbed = run(
        asked, mutation, first, placing, steps, burn_in, every, keys, len(times), graph.nodes, workers
    )
    shares, errors, interval = mean_and_interval(spent / (steps - burn_in) / graph.nodes)
    return GraphSimulation(
        asked.strategies, times, paths, shares, errors, interval, absorbed, final, graph, asked.strength, mutation,
        process, seed,
    )  # fmt: skip


def run(
    asked: World, mutation: float, first: IntArray, placing: int, steps: int, burn_in: int, every: int, keys: IntArray,
    records: int, kept: int, workers: int,
) -> tuple[IntArray, FloatArray, IntArray, IntArray, IntArray]:  # fmt: skip
    """Return paths, sums of counts over time, final strategies, final counts and absorption of all runs."""
    n = len(asked.strategies)
    paths = np.zeros((len(keys), records, n), dtype=np.int64)
    spent, counts = np.zeros((len(keys), n)), np.zeros((len(keys), n), dtype=np.int64)
    final, absorbed = np.zeros((len(keys), kept), dtype=np.int64), np.zeros(len(keys), dtype=np.int64)
    common = asked.net, asked.play, asked.rule(mutation), first, placing, steps, burn_in, every

    def share(part: slice) -> None:
        runs.run_all(*common, keys[part], paths[part], spent[part], final[part], counts[part], absorbed[part])

    share_out(share, len(keys), workers)
    return paths, spent, final, counts, absorbed


def starting(asked: World, start: Any) -> tuple[IntArray, int]:
    """Return the strategies of the nodes at the start, and how they are placed."""
    n, nodes = len(asked.strategies), asked.graph.nodes
    counts = np.array([nodes // n + (i < nodes % n) for i in range(n)] if start is None else start)
    whole = np.issubdtype(counts.dtype, np.integer) and counts.ndim == 1 and counts.min(initial=0) >= 0
    if whole and len(counts) == n and counts.sum() == nodes:
        return np.repeat(np.arange(n), counts), runs.SHUFFLED
    if whole and len(counts) == nodes and counts.max() < n:
        return counts.astype(np.int64), runs.IN_PLACE
    raise InputError(
        f"start must hold {n} counts that add up to {nodes} nodes, or {nodes} strategies as numbers 0 to {n - 1}"
    )


def fixation_on_graph(
    payoffs: Any,
    *,
    graph: Graph,
    selection_strength: float,
    process: str = "death_birth",
    mutant: str | int | None = None,
    resident: str | int | None = None,
    start: int = 1,
    fitness: str = "linear",
    total: bool = False,
    groups: str = "hosted",
    replicates: int = 10_000,
    max_steps: int = 100_000_000,
    seed: int = 0,
    cell: int = 0,
    workers: int = 1,
) -> FixationEstimate:
    """Return the probability, estimated by simulation, that mutants at random nodes take over a graph.

    Args:
        payoffs: a square matrix, a game, or a PayoffTable.
        graph: a connected graph.
        selection_strength: beta >= 0, or w in [0, 1].
        process: ``"birth_death"``, ``"death_birth"``, ``"pairwise"`` or ``"imitation"``.
        mutant: name or position of the invading strategy; may be left out with two strategies (the first).
        resident: name or position of the strategy invaded.
        start: number of mutants at the start, at different random nodes.
        fitness: ``"linear"`` or ``"exponential"``.
        total: add up the payoffs of all games of a node instead of averaging them.
        groups: ``"hosted"`` or ``"sampled"``.
        replicates: number of runs.
        max_steps: a run that is not over by then is censored.
        seed: the seed.
        cell: a second key.
        workers: threads.

    Raises:
        InputError: for arguments out of range.

    Source: Lieberman, Hauert & Nowak 2005, Nature 433:312.

    >>> from evocoop.dynamics import star
    >>> found = fixation_on_graph([[1, 1], [1, 1]], graph=star(4), selection_strength=0, replicates=4000)
    >>> found.censored, found.interval[0] < 0.2 < found.interval[1]
    (0, True)
    """
    asked = world(payoffs, graph, selection_strength, process, fitness, total, groups, (mutant, resident))
    start = check_integer("start", start, minimum=1, maximum=graph.nodes - 1)
    max_steps = check_integer("max_steps", max_steps, minimum=1, maximum=MOST_STEPS)
    keys = stream_keys(seed, cell, replicates, ROLE)
    first = np.full(graph.nodes, start, dtype=np.int64)
    _, _, _, counts, absorbed = run(asked, 0.0, first, runs.SCATTERED, max_steps, 0, max_steps, keys, 0, 0, workers)
    won = counts[:, 0] == graph.nodes
    return fixation_estimate(asked.strategies[:2], won, absorbed, max_steps, graph.nodes, seed)  # type: ignore[arg-type]
