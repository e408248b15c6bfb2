r"""Weak selection on any graph, exactly: how long ago two nodes had a common ancestor.

Among equals, node j takes the strategy of node k with rate R_jk (the same for all rules but for scale, save that in
birth-death busy nodes are replaced more often). Mean coalescence times solve, for i != j,
0 = 1 + sum_k R_ik (tau_kj - tau_ij) + sum_k R_jk (tau_ik - tau_ij), and tau_ii = 0. Since R is reversible, one
eigendecomposition diagonalises both sums; what is left is one unknown for each node (its remeeting time), found by
conjugate gradients. That costs a few products of matrices instead of a system of n^2/2 unknowns.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evocoop.core.errors import InputError, NumericalError, UnknownNameError
from evocoop.dynamics.structured.graph import Graph
from evocoop.dynamics.structured.world import GRAPH_PROCESSES

FloatArray = NDArray[np.float64]

MOST_NODES = 5000
TRUSTED = 1e-11


@dataclass(frozen=True, eq=False)
class Coalescence:
    """Coalescence times of a graph under neutral drift.

    Args:
        times: array (nodes, nodes), mean steps until the ancestors of two nodes coincide, in units of one update of
            each of the two on average (so that a pair on a complete graph of n takes n - 1).
        remeeting: array (nodes,), mean time until two ancestors that part at a node meet again.
        values: array (nodes,), reproductive value of each node, summing to one.
        walk: array (nodes, nodes), rates at which a node's strategy comes from another.
    """

    times: FloatArray
    remeeting: FloatArray
    values: FloatArray
    walk: FloatArray


def coalescence_times(graph: Graph, *, process: str = "death_birth") -> Coalescence:
    """Return the coalescence times of all pairs of nodes.

    Args:
        graph: a connected graph of at most 5000 nodes.
        process: ``"birth_death"``, ``"death_birth"``, ``"pairwise"`` or ``"imitation"``.

    Raises:
        InputError: for a graph too large or an unknown process.
        NumericalError: when the equations could not be solved to ten digits.

    Source: Allen, Lippner, Chen, Fotouhi, Momeni, Yau & Nowak 2017, Nature 544:227.

    >>> from evocoop.dynamics import complete
    >>> coalescence_times(complete(5)).times[0].round(9).tolist()
    [0.0, 4.0, 4.0, 4.0, 4.0]
    """
    if not isinstance(graph, Graph):
        raise InputError(f"graph must be a Graph, made by ring, lattice, graph_from_edges, …, not {graph!r}")
    if process not in GRAPH_PROCESSES:
        raise UnknownNameError("process", process, tuple(GRAPH_PROCESSES))
    if graph.nodes > MOST_NODES:
        raise InputError(
            f"graph must have at most {MOST_NODES} nodes, not {graph.nodes}: coalescence times fill {graph.nodes} x "
            f"{graph.nodes} matrices; estimate with fixation_on_graph"
        )
    walk, values = neutral_walk(graph, process)
    times, remeeting = _solve(walk, values)
    return Coalescence(times, remeeting, values, walk)


def neutral_walk(graph: Graph, process: str) -> tuple[FloatArray, FloatArray]:
    """Return R_jk, the rate at which j takes the strategy of k among equals, and reproductive values."""
    weights, strengths = graph.matrix(), graph.strengths
    if process == "birth_death":
        walk = weights / strengths
        walk *= graph.nodes / walk.sum()
        values = 1.0 / strengths
    elif process == "imitation":
        walk = weights / (strengths + 1.0)[:, None]
        values = strengths + 1.0
    else:
        walk = weights / strengths[:, None]
        values = strengths.copy()
    return walk, values / values.sum()


def _solve(walk: FloatArray, values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the times and remeeting times of a reversible walk; the unknowns are y = value x remeeting time / 2."""
    root = np.sqrt(values)
    generator = (walk - np.diag(walk.sum(axis=1))) * root[:, None] / root
    rates, modes = np.linalg.eigh((generator + generator.T) / 2)
    gaps = -(rates[:, None] + rates[None, :])
    gaps[-1, -1] = np.inf  # the mode that never decays
    if gaps.min() <= 0:
        raise NumericalError("coalescence times could not be solved: the graph hardly hangs together")
    decay = 2.0 / gaps

    def spread(y: FloatArray) -> FloatArray:
        inner: FloatArray = (modes.T @ (y[:, None] * modes)) * decay
        return inner

    def diagonal(y: FloatArray) -> FloatArray:
        found: FloatArray = np.einsum("ij,ij->i", modes @ spread(y), modes)
        return found

    squares = modes * modes
    y = conjugate_gradients(diagonal, values, 1.0 / np.einsum("ij,ij->i", squares @ decay, squares))
    scale = 1.0 / (values @ y)
    y *= scale
    times = scale - (modes @ spread(y) @ modes.T) / np.outer(root, root)
    worst = float(np.abs(np.diag(times)).max() / times.max())
    if not worst < TRUSTED:
        raise NumericalError(f"coalescence times could not be trusted: they miss zero for a node itself by {worst:.1g}")
    np.fill_diagonal(times, 0.0)
    return np.maximum(times, times.T), y / values


def conjugate_gradients(
    apply: Callable[[FloatArray], FloatArray], wanted: FloatArray, tame: FloatArray, most: int = 2000
) -> FloatArray:
    """Return x with apply(x) = wanted to round-off, for a positive definite map; ``tame`` is one over its diagonal."""
    x = tame * wanted
    left = wanted - apply(x)
    way = tame * left
    size = float(left @ way)
    goal, best, idle = 1e-32 * float(wanted @ (tame * wanted)), size, 0
    while size > goal and idle < 50 and most:
        image = apply(way)
        step = size / float(way @ image)
        x = x + step * way
        left = left - step * image
        tamed = tame * left
        again = float(left @ tamed)
        way = tamed + again / size * way
        size, most = again, most - 1
        idle = 0 if size < 0.5 * best else idle + 1
        best = min(best, size)
    return x


def critical_benefit_to_cost(graph: Graph, *, process: str = "death_birth") -> float:
    r"""Return the benefit-to-cost ratio above which weak selection favours cooperation on a graph.

    Cooperators pay c for every neighbour's gain of b (payoffs averaged over edges, by weight); mutants arise at random
    nodes. For death-birth (b/c)* = t_2/(t_3 - t_1), where t_n is the coalescence time of the two ends of a random walk
    of n steps; for the other rules the same calculation with their own replacement: to first order in selection
    rho = 1/n + w sum_ij v_j sum_k m_ijk sum_l a_kl (tau_jl - tau_il) + ..., where m_ijk says how fitness of k changes
    the chance that i replaces j.

    Args:
        graph: a connected graph of at most 5000 nodes.
        process: ``"birth_death"``, ``"death_birth"``, ``"pairwise"`` or ``"imitation"``.

    Returns:
        The ratio. Where it is negative no benefit suffices (and spite is favoured instead); infinite when benefits
        make no difference. On regular graphs it is negative for birth-death and pairwise comparison.

    Raises:
        InputError: for a graph too large or an unknown process.
        NumericalError: when the equations could not be solved to ten digits.

    Sources: Allen et al. 2017, Nature 544:227; Ohtsuki et al. 2006, Nature 441:502; general rules as in McAvoy & Allen
    2021, J Math Biol 82:14.

    >>> from evocoop.dynamics import ring
    >>> round(critical_benefit_to_cost(ring(30)), 9), critical_benefit_to_cost(ring(30), process="pairwise") < 0
    (2.153846154, True)
    """
    found = coalescence_times(graph, process=process)
    play = graph.matrix() / graph.strengths[:, None]
    cost, benefit = _effects(found, graph, process, np.eye(graph.nodes)), _effects(found, graph, process, play)
    if abs(benefit) < 1e-12 * float(found.times.max()):
        return math.inf
    return cost / benefit


def _effects(found: Coalescence, graph: Graph, process: str, gives: FloatArray) -> float:
    """Return what selection gains when every node k earns sum_l ``gives[k, l]`` for the cooperators l, up to scale.

    ``seen[k, j]`` = sum_l gives[k, l] tau[l, j].
    """
    values, walk = found.values, found.walk
    seen = gives @ found.times
    own = np.diag(seen)
    if process == "birth_death":
        mean = gives.sum(axis=0) / graph.nodes @ found.times
        flow = values[:, None] * walk
        at_own = (flow * (seen.T - own[None, :])).sum()
        at_all = (flow * (mean[:, None] - mean[None, :])).sum()
        return float(at_own - at_all)
    if process == "pairwise":
        return float((values[:, None] * walk * (seen.T - own[None, :] - own[:, None] + seen)).sum())
    kept = 1.0 - walk.sum(axis=1)
    steps = walk + np.diag(kept)
    rivals = steps @ seen
    return float((values[:, None] * steps * ((seen.T - own[None, :]) - (np.diag(rivals)[:, None] - rivals))).sum())
