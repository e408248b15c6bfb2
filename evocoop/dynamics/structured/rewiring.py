"""Networks that change with the strategies on them: whoever is dissatisfied with a partner may look for another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evocoop.core.errors import InputError, check_integer, check_number
from evocoop.dynamics.sampling import (
    MOST_STEPS,
    SimulatedRuns,
    check_recorded,
    mean_and_interval,
    share_out,
    stream_keys,
)
from evocoop.dynamics.structured import rewiring_kernels as kernels
from evocoop.dynamics.structured.graph import Graph
from evocoop.dynamics.structured.runs import SHUFFLED
from evocoop.dynamics.structured.shapes import graph_by_name
from evocoop.dynamics.structured.simulation import starting
from evocoop.dynamics.structured.world import World, check_mutation, world
from evocoop.games.payoffs import as_payoffs

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

MOST_KEPT = 20_000_000
FASTEST = 1e6
ROLE = 0x72657769  # keeps these streams apart from any other room's


@dataclass(frozen=True, eq=False)
class RewiringSimulation(SimulatedRuns):
    """Independent runs of a population on a network whose links are led elsewhere.

    Beside the names, times, counts and means of every :class:`~evocoop.dynamics.sampling.SimulatedRuns`:

    Args:
        absorbed_at: step at which one strategy was left, one for each replicate; -1 if never.
        variances: variance of the number of links of a node, array (replicates, times).
        largest: the most links of any node, array (replicates, times).
        unlike: share of the links that join different strategies, array (replicates, times).
        mean_degrees: mean links of those of each strategy, nan where nobody has it, array (replicates, times, n).
        final: strategies of the nodes at the end, array (replicates, nodes).
        links: the links at the end, array (replicates, links, 2).
        graph: the graph at the start.
        selection_strength: beta.
        rewiring_speed: W.
        mutation: mu.
        seed: the seed.
    """

    variances: FloatArray
    largest: FloatArray
    unlike: FloatArray
    mean_degrees: FloatArray
    final: IntArray
    links: IntArray
    graph: Graph
    selection_strength: float
    rewiring_speed: float
    mutation: float
    seed: int

    @cached_property
    def pieces(self) -> IntArray:
        """Into how many pieces the network of each replicate has fallen apart at the end."""
        from scipy.sparse import csr_matrix
        from scipy.sparse.csgraph import connected_components

        shape = (self.graph.nodes, self.graph.nodes)
        nets = (csr_matrix((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=shape) for ends in self.links)
        return np.array([connected_components(net, False)[0] for net in nets], dtype=np.int64)


def simulate_rewiring(
    payoffs: Any,
    *,
    graph: Graph,
    selection_strength: float,
    rewiring_speed: float,
    adverse: ArrayLike | None = None,
    total: bool = True,
    mutation: float = 0.0,
    start: Sequence[int] | NDArray[np.integer[Any]] | None = None,
    steps: int = 100_000,
    replicates: int = 1,
    burn_in: int = 0,
    samples: int = 101,
    seed: int = 0,
    cell: int = 0,
    workers: int = 1,
) -> RewiringSimulation:
    """Return simulated runs of a population whose members change both their strategies and their partners.

    A look at a strategy is chosen with probability 1/(1 + W): a random node imitates a random neighbour with
    probability 1/(1 + exp(-beta (f_neighbour - f_own))). Else a random link is looked at. One of its ends, A rather
    than B with probability 1/(1 + exp(-beta (f_A - f_B))), prevails; if its partner is adverse to it, it leaves the
    partner for a random neighbour of the partner to whom it is not linked yet. A node keeps its last link, so the
    number of links never changes and nobody is alone, but the network may fall apart.

    Args:
        payoffs: a square matrix, or a game played in pairs.
        graph: the network at the start, without weights.
        selection_strength: beta >= 0.
        rewiring_speed: W >= 0, mean number of looks at links for each look at a strategy; 0 is a fixed graph.
        adverse: square matrix of 0 and 1, whether a strategy (row) would rather leave a partner of another (column).
            Left out: where the partner pays less than strategies do on average; in social dilemmas, defectors.
        total: add up the payoffs of the links of a node instead of averaging them.
        mutation: mu, probability that a node takes another strategy instead of imitating.
        start: counts per strategy, placed at random; or the strategy of every node; left out, as even as can be.
        steps: length of a run, in looks at strategies; a run is over when one strategy is left.
        replicates: number of independent runs.
        burn_in: steps not counted in ``shares``.
        samples: number of recorded times, evenly spaced from 0 to ``steps``.
        seed: the seed.
        cell: a second key, for one of many simulations of an experiment.
        workers: threads.

    Raises:
        InputError: for a game in larger groups, a weighted graph, or arguments out of range.

    Source: Santos, Pacheco & Lenaerts 2006, PLoS Comput Biol 2:e140.

    >>> from evocoop.dynamics import random_regular
    >>> run = simulate_rewiring([[1, -1], [2, 0]], graph=random_regular(60, 10, seed=1), selection_strength=0.05,
    ...     rewiring_speed=10, steps=20_000, seed=1)
    >>> run.counts[0, -1].tolist(), bool(run.variances[0, -1] > 0)
    ([60, 0], True)
    """
    asked = _asked(payoffs, graph, selection_strength, total)
    n, nodes = len(asked.strategies), graph.nodes
    speed = check_number("rewiring_speed", rewiring_speed, minimum=0.0, maximum=FASTEST)
    matrix = np.ascontiguousarray(asked.tables[2])
    choice = kernels.Choice(
        matrix, _adverse(adverse, matrix), asked.strength, speed, check_mutation(mutation), asked.total
    )
    steps = check_integer("steps", steps, minimum=1, maximum=MOST_STEPS)
    burn_in = check_integer("burn_in", burn_in, minimum=0, maximum=steps - 1)
    samples = check_integer("samples", samples, minimum=1)
    runs = check_integer("replicates", replicates, minimum=1)
    if runs * (nodes + 2 * graph.edges) > MOST_KEPT:
        raise InputError(f"replicates x (nodes + 2 links) must be at most {MOST_KEPT:,}; ask for fewer replicates")
    keys = stream_keys(seed, cell, runs, ROLE)
    first, placing = starting(asked, start)
    every = max(1, steps // max(samples - 1, 1))
    records = min(samples, steps // every + 1)
    check_recorded("the recorded counts", runs, records * (2 * n + 3), "fewer samples or replicates")
    ends = np.stack([graph.sources, graph.indices], axis=1)[graph.sources < graph.indices]
    paths, shapes = np.zeros((runs, records, n), dtype=np.int64), np.zeros((runs, records, kernels.DEGREES + n))
    spent, absorbed = np.zeros((runs, n)), np.zeros(runs, dtype=np.int64)
    final, links = np.zeros((runs, nodes), dtype=np.int64), np.zeros((runs, *ends.shape), dtype=np.int64)

    def share(part: slice) -> None:
        out = paths[part], shapes[part], spent[part], final[part], links[part], absorbed[part]
        kernels.change_all(ends, choice, first, placing == SHUFFLED, steps, burn_in, every, keys[part], *out)

    share_out(share, runs, workers)
    shares, errors, interval = mean_and_interval(spent / (steps - burn_in) / nodes)
    variances, largest, unlike = (shapes[:, :, k] for k in (kernels.VARIANCE, kernels.LARGEST, kernels.UNLIKE))
    return RewiringSimulation(
        asked.strategies, np.arange(records) * every, paths, shares, errors, interval, absorbed, variances, largest,
        unlike, shapes[:, :, kernels.DEGREES :], final, links, graph, asked.strength, speed, choice.mutation, seed,
    )  # fmt: skip


def _asked(payoffs: Any, graph: Graph, selection_strength: float, total: bool) -> World:
    game = as_payoffs(payoffs)
    if game.group_size != 2:
        raise InputError(f"links join two; the game is played in groups of {game.group_size}")
    asked = world(game, graph, selection_strength, "pairwise", "linear", total, "hosted")
    if graph.weighted:
        raise InputError("links that are led elsewhere have no weights; give a graph without")
    return asked


def _adverse(given: ArrayLike | None, matrix: FloatArray) -> IntArray:
    if given is None:
        return np.asarray(matrix < matrix.mean(axis=1, keepdims=True), dtype=np.int64)
    try:
        chosen = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError):
        raise InputError(f"adverse must be a matrix of 0 and 1, not {given!r}") from None
    if chosen.shape != matrix.shape or not np.isin(chosen, (0, 1)).all():
        raise InputError(f"adverse must be a matrix of 0 and 1, {len(matrix)} by {len(matrix)}: who would leave whom")
    return chosen.astype(np.int64)


def dynamic_network(
    payoffs: Any,
    *,
    graph: str,
    nodes: int,
    selection_strength: float,
    rewiring_speed: float,
    degree: int = 4,
    rewiring: float = 0.1,
    graph_seed: int = 0,
    edges: Sequence[Sequence[float]] | None = None,
    steps: int = 100_000,
    burn_in: int | None = None,
    **options: Any,
) -> RewiringSimulation:
    """Return the long run of a population on a network that starts as a named graph and changes.

    Args:
        payoffs: a square matrix, or a game played in pairs.
        graph: the graph at the start, as for ``structured_population``.
        nodes: number of nodes.
        selection_strength: beta.
        rewiring_speed: W, looks at links for each look at a strategy.
        degree: neighbours of each node at the start.
        rewiring: probability to rewire an edge of a small world.
        graph_seed: the seed of random graphs.
        edges: rows ``[a, b]`` of a graph of one's own, nodes numbered from 0.
        steps: length of a run, in looks at strategies.
        burn_in: steps not counted; left out, a tenth of them.
        **options: as for ``simulate_rewiring``.

    Raises:
        InputError: for arguments out of range.

    >>> found = dynamic_network([[1, -1], [2, 0]], graph="ring", nodes=30, selection_strength=0.1, rewiring_speed=1,
    ...     steps=2000)
    >>> found.shares.shape
    (2,)
    """
    return simulate_rewiring(
        payoffs,
        graph=graph_by_name(graph, nodes=nodes, degree=degree, rewiring=rewiring, seed=graph_seed, edges=edges),
        selection_strength=selection_strength,
        rewiring_speed=rewiring_speed,
        steps=steps,
        burn_in=steps // 10 if burn_in is None else burn_in,
        **options,
    )
