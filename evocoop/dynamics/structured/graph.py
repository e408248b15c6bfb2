"""Who meets whom: an undirected, connected graph, with or without weights."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evocoop.core.errors import InputError, check_integer, check_number

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

MOST_LINKS = 20_000_000


@dataclass(frozen=True, eq=False)
class Graph:
    """A connected undirected graph without loops, as compressed rows.

    The neighbours of node x are ``indices[indptr[x]:indptr[x + 1]]``, ascending, and ``weights`` runs beside them;
    every edge stands twice, once for each end. Made by :func:`ring`, :func:`graph_from_edges` and their like.

    Args:
        indptr: array (nodes + 1,).
        indices: array (2 edges,) of neighbours.
        weights: array (2 edges,) of positive edge weights, 1 where none are given.
        name: what it is, in a few words.
        labels: names of the nodes; their numbers where none are given.
    """

    indptr: IntArray
    indices: IntArray
    weights: FloatArray
    name: str
    labels: tuple[str, ...]

    @property
    def nodes(self) -> int:
        """How many nodes there are."""
        return len(self.indptr) - 1

    @property
    def edges(self) -> int:
        """How many edges there are."""
        return len(self.indices) // 2

    @cached_property
    def degrees(self) -> IntArray:
        """Number of neighbours of each node."""
        return np.diff(self.indptr)

    @cached_property
    def strengths(self) -> FloatArray:
        """Sum of the edge weights at each node."""
        return np.add.reduceat(self.weights, self.indptr[:-1])

    @property
    def weighted(self) -> bool:
        """Whether some weight is not 1."""
        return bool((self.weights != 1.0).any())

    @property
    def regular(self) -> bool:
        """Whether all nodes have equally many neighbours and no edge has a weight."""
        return not self.weighted and bool((self.degrees == self.degrees[0]).all())

    @cached_property
    def sources(self) -> IntArray:
        """The node at the near end of each entry of ``indices``."""
        return np.repeat(np.arange(self.nodes), self.degrees)

    def matrix(self) -> FloatArray:
        """Return the weights as a dense symmetric array (nodes, nodes)."""
        dense = np.zeros((self.nodes, self.nodes))
        dense[self.sources, self.indices] = self.weights
        return dense


def graph_from_edges(
    edges: Iterable[Sequence[Any]], *, nodes: int | None = None, name: str = "graph from edges"
) -> Graph:
    """Return the graph of the given edges.

    Args:
        edges: pairs ``(a, b)`` or triples ``(a, b, weight)``; all nodes numbers from 0, or all of them names.
        nodes: number of nodes; the largest number plus one when left out.
        name: what to call it.

    Raises:
        InputError: for a loop, an edge given twice, a weight that is not positive, a node out of range, or a graph
            that falls apart.

    >>> graph_from_edges([("a", "b"), ("b", "c", 2.0)]).degrees.tolist()
    [1, 2, 1]
    """
    rows = [tuple(edge) for edge in edges]
    if not rows or any(len(row) not in (2, 3) for row in rows):
        raise InputError("edges must be pairs (a, b) or triples (a, b, weight), and at least one")
    ends: list[Any] = [end for row in rows for end in row[:2]]
    weights = np.array([check_number("edge weight", row[2]) if len(row) == 3 else 1.0 for row in rows])
    if all(isinstance(end, (int, np.integer)) and not isinstance(end, bool) for end in ends):
        count = check_integer("nodes", max(ends) + 1 if nodes is None else nodes, minimum=2)
        return build(count, np.array(ends, dtype=np.int64).reshape(-1, 2), weights, name)
    labels = list(dict.fromkeys(str(end) for end in ends))
    places = {label: place for place, label in enumerate(labels)}
    pairs = np.array([places[str(end)] for end in ends], dtype=np.int64).reshape(-1, 2)
    return build(len(labels), pairs, weights, name, tuple(labels))


def read_graph(file: str | Path) -> Graph:
    """Return the graph in a text file of one edge a line: two node names and perhaps a weight.

    Columns are parted by spaces, tabs or commas; ``#`` begins a comment; a first line ``source,target`` is skipped.

    Args:
        file: where it is.

    Raises:
        InputError: when the file cannot be read, or does not hold a connected graph.

    >>> import pathlib
    >>> _ = pathlib.Path("triangle.txt").write_text("# three friends\\nAnn Bo\\nBo Cy\\nCy Ann 0.5\\n")
    >>> read_graph("triangle.txt").labels
    ('Ann', 'Bo', 'Cy')
    """
    path = Path(file)
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"graph file {path} cannot be read: {error}") from None
    rows: list[tuple[Any, ...]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.partition("#")[0].replace(",", " ").split()
        if not words or (not rows and [word.lower() for word in words[:2]] == ["source", "target"]):
            continue
        if len(words) not in (2, 3):
            raise InputError(f"{path}, line {number}: an edge is two node names and perhaps a weight, not {line!r}")
        try:
            rows.append((*words[:2], float(words[2])) if len(words) == 3 else tuple(words))
        except ValueError:
            raise InputError(f"{path}, line {number}: the weight must be a number, not {words[2]!r}") from None
    if not rows:
        raise InputError(f"{path} holds no edges")
    return graph_from_edges(_in_order(rows), name=path.stem)


def _in_order(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Return the rows with numbers for nodes where they are numbered from 0 without a gap."""
    names = {word for row in rows for word in row[:2]}
    if names != {str(number) for number in range(len(names))}:
        return rows
    return [(int(row[0]), int(row[1]), *row[2:]) for row in rows]


def build(
    nodes: int, pairs: IntArray, weights: FloatArray | None, name: str, labels: tuple[str, ...] | None = None
) -> Graph:
    """Return the graph of checked pairs, array (edges, 2); see :func:`graph_from_edges`."""
    weights = np.ones(len(pairs)) if weights is None else weights
    if 2 * len(pairs) > MOST_LINKS:
        raise InputError(f"{name} has {len(pairs):,} edges; {MOST_LINKS // 2:,} at most")
    if pairs.min() < 0 or pairs.max() >= nodes:
        raise InputError(f"edges must join nodes 0 to {nodes - 1}, but one names {pairs.max()}")
    if (pairs[:, 0] == pairs[:, 1]).any():
        raise InputError(
            f"edges must join two different nodes, but one joins {pairs[pairs[:, 0] == pairs[:, 1]][0, 0]}"
        )
    if (weights <= 0).any():
        raise InputError(f"edge weights must be above 0, not {weights.min():g}")
    ends = np.concatenate([pairs, pairs[:, ::-1]])
    order = np.lexsort((ends[:, 1], ends[:, 0]))
    ends = ends[order]
    twice = (ends[1:] == ends[:-1]).all(axis=1)
    if twice.any():
        a, b = ends[1:][twice][0]
        raise InputError(f"edges must not be given twice, but {a}-{b} is")
    indptr = np.concatenate([[0], np.cumsum(np.bincount(ends[:, 0], minlength=nodes))]).astype(np.int64)
    graph = Graph(
        indptr,
        np.ascontiguousarray(ends[:, 1]),
        np.concatenate([weights, weights])[order],
        name,
        labels or tuple(str(node) for node in range(nodes)),
    )
    pieces = components(graph)
    if pieces > 1:
        raise InputError(f"{name} falls apart into {pieces} pieces; a structured population needs a connected graph")
    return graph


def components(graph: Graph) -> int:
    """Return how many pieces a graph has that do not hang together."""
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import connected_components

    shape = (graph.nodes, graph.nodes)
    count, _ = connected_components(csr_matrix((graph.weights, graph.indices, graph.indptr), shape=shape), False)
    return int(count)
