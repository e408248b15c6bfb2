"""Graphs by name: rings, lattices, stars, complete and random graphs."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from evocoop.core.errors import InputError, check_integer, check_probability
from evocoop.dynamics.structured.graph import MOST_LINKS, Graph, build, graph_from_edges

IntArray = NDArray[np.int64]

TRIES = 200


def ring(nodes: int, degree: int = 2) -> Graph:
    """Return a ring in which everybody is joined to the ``degree / 2`` nearest on either side.

    Args:
        nodes: number of nodes, above ``degree``.
        degree: neighbours of each node, even.

    Raises:
        InputError: for numbers out of range.

    >>> ring(5).edges
    5
    """
    nodes = check_integer("nodes", nodes, minimum=3)
    degree = check_integer("degree", degree, minimum=2, maximum=nodes - 1)
    if degree % 2:
        raise InputError(f"degree of a ring must be even, not {degree}")
    _check_links(nodes * degree)
    return build(nodes, _ring_pairs(nodes, degree), None, f"ring of {nodes}, degree {degree}")


def _ring_pairs(nodes: int, degree: int) -> IntArray:
    node = np.arange(nodes)
    return np.concatenate([np.stack([node, (node + step) % nodes], axis=1) for step in range(1, degree // 2 + 1)])


def lattice(rows: int, columns: int, degree: int = 4, *, periodic: bool = True) -> Graph:
    """Return a rectangular lattice.

    Args:
        rows: number of rows, at least 3 where periodic.
        columns: number of columns, likewise.
        degree: 4 neighbours (von Neumann) or 8 (Moore).
        periodic: whether the edges are joined, so that all nodes are alike.

    Raises:
        InputError: for numbers out of range.

    >>> lattice(4, 5, 8).regular
    True
    """
    least = 3 if periodic else 2
    rows = check_integer("rows", rows, minimum=least)
    columns = check_integer("columns", columns, minimum=least)
    if degree not in (4, 8):
        raise InputError(f"degree of a lattice must be 4 or 8, not {degree!r}")
    _check_links(rows * columns * degree)
    row, column = (side.ravel() for side in np.indices((rows, columns)))
    pairs = []
    for down, right in ((0, 1), (1, 0), (1, 1), (1, -1))[: degree // 2]:
        to_row, to_column = row + down, column + right
        inside = (to_row < rows) & (to_column >= 0) & (to_column < columns) | periodic
        there = (to_row % rows) * columns + to_column % columns
        pairs.append(np.stack([row * columns + column, there], axis=1)[inside])
    edge = "torus" if periodic else "sheet"
    return build(rows * columns, np.concatenate(pairs), None, f"{rows} x {columns} {edge}, degree {degree}")


def complete(nodes: int) -> Graph:
    """Return the graph in which everybody is joined to everybody: a well-mixed population.

    Args:
        nodes: number of nodes, at least 2.

    Raises:
        InputError: for numbers out of range.

    >>> complete(4).degrees.tolist()
    [3, 3, 3, 3]
    """
    nodes = check_integer("nodes", nodes, minimum=2)
    _check_links(nodes * (nodes - 1))
    return build(nodes, _all_pairs(nodes), None, f"complete graph of {nodes}")


def _all_pairs(nodes: int) -> IntArray:
    return np.stack(np.triu_indices(nodes, 1), axis=1).astype(np.int64)


def star(leaves: int) -> Graph:
    """Return a star: node 0 is joined to every leaf.

    Args:
        leaves: number of leaves, at least 1.

    Raises:
        InputError: for numbers out of range.

    >>> star(4).degrees.tolist()
    [4, 1, 1, 1, 1]
    """
    leaves = check_integer("leaves", leaves, minimum=1)
    _check_links(2 * leaves)
    leaf = np.arange(1, leaves + 1)
    return build(leaves + 1, np.stack([np.zeros_like(leaf), leaf], axis=1), None, f"star with {leaves} leaves")


def random_regular(nodes: int, degree: int, *, seed: int = 0) -> Graph:
    """Return a random graph in which all have equally many neighbours.

    Args:
        nodes: number of nodes.
        degree: neighbours of each, at least 2; ``nodes * degree`` must be even.
        seed: the seed.

    Raises:
        InputError: for numbers out of range, or when no connected graph is found.

    Source: pairing of stubs, Steger & Wormald 1999, Comb Probab Comput 8:377.

    >>> random_regular(20, 3, seed=1).regular
    True
    """
    nodes = check_integer("nodes", nodes, minimum=3)
    degree = check_integer("degree", degree, minimum=2, maximum=nodes - 1)
    if nodes * degree % 2:
        raise InputError(f"nodes x degree must be even, not {nodes} x {degree}")
    _check_links(nodes * degree)
    inverse = degree > (nodes - 1) // 2

    def pairs(random: np.random.Generator) -> IntArray | None:
        found = _paired_stubs(nodes, nodes - 1 - degree if inverse else degree, random)
        if found is None or not inverse:
            return found
        missing = {tuple(pair) for pair in found.tolist()}
        return np.array([pair for pair in _all_pairs(nodes).tolist() if tuple(pair) not in missing], dtype=np.int64)

    return _connected(nodes, pairs, seed, f"random regular graph of {nodes}, degree {degree}")


def _paired_stubs(nodes: int, degree: int, random: np.random.Generator) -> IntArray | None:
    stubs = np.repeat(np.arange(nodes), degree)
    edges: dict[tuple[int, int], None] = {}
    stuck = 0
    while len(stubs) and stuck < 100:
        random.shuffle(stubs)
        left = []
        for a, b in np.sort(stubs.reshape(-1, 2), axis=1).tolist():
            if a == b or (a, b) in edges:
                left += [a, b]
            else:
                edges[a, b] = None
        stuck = stuck + 1 if len(left) == len(stubs) else 0
        stubs = np.array(left, dtype=np.int64)
    return None if len(stubs) else np.array(list(edges), dtype=np.int64).reshape(-1, 2)


def small_world(nodes: int, degree: int = 4, rewiring: float = 0.1, *, seed: int = 0) -> Graph:
    """Return a ring whose edges have been rewired at random with some probability.

    Args:
        nodes: number of nodes, above ``degree``.
        degree: neighbours on the ring, even.
        rewiring: probability that an edge is led to a random node instead.
        seed: the seed.

    Raises:
        InputError: for numbers out of range, or when no connected graph is found.

    Source: Watts & Strogatz 1998, Nature 393:440.

    >>> small_world(30, 4, 0.2, seed=3).edges
    60
    """
    nodes = check_integer("nodes", nodes, minimum=3)
    degree = check_integer("degree", degree, minimum=2, maximum=nodes - 1)
    if degree % 2:
        raise InputError(f"degree of a small world must be even, not {degree}")
    rewiring = check_probability("rewiring", rewiring)
    _check_links(nodes * degree)

    def pairs(random: np.random.Generator) -> IntArray:
        edges = {(min(a, b), max(a, b)) for a, b in _ring_pairs(nodes, degree).tolist()}
        neighbours = np.full(nodes, degree)
        for a, b in _ring_pairs(nodes, degree).tolist():
            if random.random() >= rewiring or neighbours[a] >= nodes - 1:
                continue
            to = int(random.integers(nodes))
            while to == a or (min(a, to), max(a, to)) in edges:
                to = int(random.integers(nodes))
            edges.remove((min(a, b), max(a, b)))
            edges.add((min(a, to), max(a, to)))
            neighbours[b] -= 1
            neighbours[to] += 1
        return np.array(sorted(edges), dtype=np.int64)

    return _connected(nodes, pairs, seed, f"small world of {nodes}, degree {degree}, rewiring {rewiring:g}")


def scale_free(nodes: int, links: int = 2, *, seed: int = 0) -> Graph:
    """Return a graph grown by preferential attachment: mean degree about ``2 links``, and a few hubs.

    Args:
        nodes: number of nodes, above ``links``.
        links: edges that every new node brings.
        seed: the seed.

    Raises:
        InputError: for numbers out of range.

    Source: Barabási & Albert 1999, Science 286:509; growth starts from a complete graph of ``links + 1``.

    >>> scale_free(50, 2, seed=1).edges
    97
    """
    nodes = check_integer("nodes", nodes, minimum=3)
    links = check_integer("links", links, minimum=1, maximum=nodes - 1)
    _check_links(2 * nodes * links)

    def pairs(random: np.random.Generator) -> IntArray:
        edges = _all_pairs(links + 1).tolist()
        ends = [end for edge in edges for end in edge]
        for new in range(links + 1, nodes):
            chosen: dict[int, None] = {}
            while len(chosen) < links:
                chosen[ends[int(random.integers(len(ends)))]] = None
            for old in chosen:
                edges.append([old, new])
                ends += [old, new]
        return np.array(edges, dtype=np.int64)

    return _connected(nodes, pairs, seed, f"scale-free graph of {nodes}, {links} links a node")


def _connected(nodes: int, pairs: Callable[[np.random.Generator], IntArray | None], seed: int, name: str) -> Graph:
    """Return the first connected graph among ``TRIES`` random ones."""
    seed = check_integer("seed", seed, minimum=0, maximum=2**63 - 1)
    for attempt in range(TRIES):
        found = pairs(np.random.Generator(np.random.Philox(key=seed, counter=attempt << 128)))
        try:
            if found is not None:
                return build(nodes, found, None, name)
        except InputError:
            continue
    raise InputError(f"no connected {name} was found in {TRIES} tries; raise its degree")


def _check_links(links: int) -> None:
    if links > MOST_LINKS:
        raise InputError(f"the graph would have {links // 2:,} edges; {MOST_LINKS // 2:,} at most")


SHAPES = ("ring", "lattice", "complete", "star", "random_regular", "small_world", "scale_free")


def graph_by_name(
    graph: str,
    *,
    nodes: int,
    degree: int = 4,
    rewiring: float = 0.1,
    seed: int = 0,
    edges: Sequence[Sequence[float]] | None = None,
) -> Graph:
    """Return a graph of about that description, as an experiment file gives it.

    Args:
        graph: one of ``SHAPES``, or ``"edges"`` for those given.
        nodes: number of nodes; of a lattice, rows times columns, as square as can be.
        degree: neighbours of each node, on average where the shape is scale-free; not read for stars and complete ones.
        rewiring: probability to rewire an edge of a small world.
        seed: the seed of random graphs.
        edges: rows ``[a, b]`` or ``[a, b, weight]`` of a graph of one's own, nodes numbered from 0.

    Raises:
        InputError: for an unknown shape or numbers out of range.

    >>> graph_by_name("lattice", nodes=12).name
    '3 x 4 torus, degree 4'
    """
    nodes = check_integer("nodes", nodes, minimum=3)
    if (graph == "edges") != (edges is not None):
        raise InputError("edges must be given with graph 'edges', and only then")
    if edges is not None:
        return graph_from_edges([_edge(row) for row in edges], nodes=nodes, name="graph of the edges given")
    if graph == "ring":
        return ring(nodes, degree)
    if graph == "lattice":
        rows = next(side for side in range(math.isqrt(nodes), 0, -1) if nodes % side == 0)
        if rows < 3:
            raise InputError(f"nodes of a lattice must be rows x columns with at least 3 of each, not {nodes}")
        return lattice(rows, nodes // rows, degree)
    if graph == "complete":
        return complete(nodes)
    if graph == "star":
        return star(nodes - 1)
    if graph == "random_regular":
        return random_regular(nodes, degree, seed=seed)
    if graph == "small_world":
        return small_world(nodes, degree, rewiring, seed=seed)
    if graph == "scale_free":
        if degree % 2:
            raise InputError(f"degree of a scale-free graph is twice its links and must be even, not {degree}")
        return scale_free(nodes, degree // 2, seed=seed)
    from evocoop.core.errors import UnknownNameError

    raise UnknownNameError("graph", graph, (*SHAPES, "edges"))


def _edge(row: Sequence[float]) -> tuple[float, ...]:
    """Return an edge with whole numbers for its nodes."""
    if any(float(end) != int(end) for end in row[:2]):
        raise InputError(f"edges must join nodes numbered from 0, not {list(row)!r}")
    return (*(int(end) for end in row[:2]), *row[2:])
