"""Structured populations as an experiment file asks for them: graphs by name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from evocoop.dynamics.sampling import FixationEstimate
from evocoop.dynamics.structured.groups import GroupSimulation, simulate_groups
from evocoop.dynamics.structured.shapes import graph_by_name
from evocoop.dynamics.structured.simulation import GraphSimulation, fixation_on_graph, simulate_on_graph


def structured_population(
    payoffs: Any,
    *,
    graph: str,
    nodes: int,
    selection_strength: float,
    mutation: float,
    degree: int = 4,
    rewiring: float = 0.1,
    graph_seed: int = 0,
    edges: Sequence[Sequence[float]] | None = None,
    process: str = "death_birth",
    fitness: str = "linear",
    total: bool = False,
    groups: str = "hosted",
    steps: int = 1_000_000,
    burn_in: int | None = None,
    replicates: int = 10,
    seed: int = 0,
) -> GraphSimulation:
    """Return the long run of a population on a named graph; see ``simulate_on_graph`` and ``graph_by_name``.

    Args:
        payoffs: a square matrix, a game, or a PayoffTable.
        graph: ``"ring"``, ``"lattice"``, ``"complete"``, ``"star"``, ``"random_regular"``, ``"small_world"`` or
            ``"scale_free"``; or ``"edges"``.
        nodes: number of nodes.
        selection_strength: beta or w.
        mutation: mu.
        degree: neighbours of each node.
        rewiring: probability to rewire an edge of a small world.
        graph_seed: the seed of random graphs.
        edges: rows ``[a, b]`` or ``[a, b, weight]`` of a graph of one's own, nodes numbered from 0.
        process: the update rule.
        fitness: ``"linear"`` or ``"exponential"``.
        total: add payoffs up instead of averaging them.
        groups: ``"hosted"`` or ``"sampled"``.
        steps: length of a run.
        burn_in: steps not counted; left out, a tenth of them.
        replicates: number of runs.
        seed: the seed of the runs.

    Raises:
        InputError: for arguments out of range.

    >>> found = structured_population([[1, 0], [1.2, 0.5]], graph="lattice", nodes=16, selection_strength=0.1,
    ...     mutation=0.05, steps=2000)
    >>> found.shares.shape
    (2,)
    """
    return simulate_on_graph(
        payoffs,
        graph=graph_by_name(graph, nodes=nodes, degree=degree, rewiring=rewiring, seed=graph_seed, edges=edges),
        selection_strength=selection_strength,
        process=process,
        mutation=mutation,
        fitness=fitness,
        total=total,
        groups=groups,
        steps=steps,
        burn_in=steps // 10 if burn_in is None else burn_in,
        replicates=replicates,
        seed=seed,
    )


def structured_fixation(
    payoffs: Any,
    *,
    graph: str,
    nodes: int,
    degree: int = 4,
    rewiring: float = 0.1,
    graph_seed: int = 0,
    edges: Sequence[Sequence[float]] | None = None,
    **options: Any,
) -> FixationEstimate:
    """Return an estimate of fixation on a named graph.

    Args:
        payoffs: a square matrix, a game, or a PayoffTable.
        graph: see ``structured_population``.
        nodes: number of nodes.
        degree: neighbours of each node.
        rewiring: probability to rewire an edge of a small world.
        graph_seed: the seed of random graphs.
        edges: rows ``[a, b]`` or ``[a, b, weight]`` of a graph of one's own, nodes numbered from 0.
        **options: as for ``fixation_on_graph``.

    Raises:
        InputError: for arguments out of range.

    >>> found = structured_fixation([[1, 1], [1, 1]], graph="ring", nodes=5, degree=2, selection_strength=0)
    >>> found.interval[0] < 0.2 < found.interval[1]
    True
    """
    found = graph_by_name(graph, nodes=nodes, degree=degree, rewiring=rewiring, seed=graph_seed, edges=edges)
    return fixation_on_graph(payoffs, graph=found, **options)


def group_selection(
    payoffs: Any, *, burn_in: int | None = None, steps: int = 1_000_000, **options: Any
) -> GroupSimulation:
    """Return the long run of a population of groups.

    Args:
        payoffs: a square matrix, or a game played in pairs.
        burn_in: steps not counted; left out, a tenth of them.
        steps: births in a run.
        **options: as for ``simulate_groups``.

    Raises:
        InputError: for arguments out of range.

    >>> found = group_selection([[1, 0], [1.2, 0.5]], groups=4, group_size=3, selection_strength=0.1, mutation=0.05,
    ...     steps=2000)
    >>> found.shares.shape
    (2,)
    """
    return simulate_groups(payoffs, burn_in=steps // 10 if burn_in is None else burn_in, steps=steps, **options)
