"""Exact fixation on graphs: on small ones from all 2^n states, on cycles, stars and complete graphs of any size."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evocoop.core.errors import InputError, NumericalError, check_integer, check_number
from evocoop.dynamics.logs import absorption_logs, log_sum, safe_log
from evocoop.dynamics.structured.flips import Flips
from evocoop.dynamics.structured.graph import Graph
from evocoop.dynamics.structured.shapes import star
from evocoop.dynamics.structured.world import World, world

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

MOST_NODES = 12
MOST_LUMPED = 3000
CHUNK = 4_000_000


@dataclass(frozen=True, eq=False)
class GraphFixation:
    """Exact fixation of one mutant on a graph.

    Args:
        mutant: the strategy whose fixation is meant.
        resident: the other strategy.
        probability: fixation probability of a mutant at a random node.
        log_probability: its natural logarithm.
        at_birth: fixation probability of a mutant that arises where an offspring is placed: nodes weighted by how often
            they are replaced among equals (their temperature); equals ``probability`` but in birth-death.
        by_node: fixation probability from each node, array (nodes,).
        time: mean steps until either strategy has taken over, from a random node.
        method: ``"states"`` (all 2^n), ``"cycle"``, ``"star"`` or ``"complete"``.
        graph: the graph.
        selection_strength: beta or w.
        process: the update rule.
    """

    mutant: str
    resident: str
    probability: float
    log_probability: float
    at_birth: float
    by_node: FloatArray
    time: float
    method: str
    graph: Graph
    selection_strength: float
    process: str


def exact_fixation_on_graph(
    payoffs: Any,
    *,
    graph: Graph,
    selection_strength: float,
    process: str = "death_birth",
    mutant: str | int | None = None,
    resident: str | int | None = None,
    fitness: str = "linear",
    total: bool = False,
    groups: str = "hosted",
) -> GraphFixation:
    r"""Return the exact probability that one mutant takes over a graph.

    The chain over states is solved as it stands, x_s = sum_t P_st x_t, over all 2^n states. On a cycle mutants stay
    together, on a complete graph their number suffices, on a star that and the hub: these chains are solved by
    elimination on logarithms, at any size up to 3000 nodes, with full relative accuracy.

    Args:
        payoffs: a square matrix, a game, or a PayoffTable.
        graph: a connected graph: of at most 12 nodes, or a cycle, star or complete graph.
        selection_strength: beta >= 0, or w in [0, 1].
        process: ``"birth_death"``, ``"death_birth"``, ``"pairwise"`` or ``"imitation"``.
        mutant: name or position of the invading strategy; may be left out with two strategies (the first).
        resident: name or position of the strategy invaded.
        fitness: ``"linear"`` or ``"exponential"``.
        total: add up the payoffs of all games of a node instead of averaging them.
        groups: ``"hosted"`` or ``"sampled"``.

    Raises:
        InputError: for arguments out of range, or a graph too large.
        NumericalError: when the solution cannot be trusted.

    Sources: Lieberman, Hauert & Nowak 2005, Nature 433:312; Ohtsuki & Nowak 2006, Proc R Soc B 273:2249 (cycles);
    Broom & Rychtář 2008, Proc R Soc A 464:2609 (stars).

    >>> from evocoop.dynamics import ring
    >>> advantage = [[1.1, 1.1], [1, 1]]
    >>> round(exact_fixation_on_graph(
    ...     advantage, graph=ring(10), selection_strength=1, process="birth_death").probability, 12)
    0.147950358984
    """
    asked = world(payoffs, graph, selection_strength, process, fitness, total, groups, (mutant, resident))
    method = shape_of(graph)
    if method == "states":
        by_node, time = _all_states(asked)
        log_by_node = safe_log(by_node)
    else:
        log_by_node, time = _lumped(asked, method)
    log_mean = float(log_sum(log_by_node)) - float(np.log(graph.nodes))
    heat = temperatures(graph) if process == "birth_death" else np.full(graph.nodes, 1.0 / graph.nodes)
    return GraphFixation(
        asked.strategies[0], asked.strategies[1], float(np.exp(log_mean)), log_mean,
        float(heat @ np.exp(log_by_node)), np.exp(log_by_node), time, method, graph, asked.strength, process,
    )  # fmt: skip


def temperatures(graph: Graph) -> FloatArray:
    """Return how often each node is replaced in birth-death among equals, as shares that sum to one."""
    heat = np.zeros(graph.nodes)
    np.add.at(heat, graph.indices, graph.weights / graph.strengths[graph.sources])
    return heat / graph.nodes


def shape_of(graph: Graph) -> str:
    """Return ``"complete"``, ``"cycle"``, ``"star"`` or, for any other graph, ``"states"``."""
    degrees, nodes = graph.degrees, graph.nodes
    if graph.weighted:
        return "states"
    if (degrees == nodes - 1).all():
        return "complete"
    if (degrees == 2).all():
        return "cycle"
    return "star" if graph.edges == nodes - 1 == degrees.max() else "states"


def _lumped(asked: World, method: str) -> tuple[FloatArray, float]:
    """Return ln rho from each node and the mean time, for a graph whose states can be lumped."""
    graph = asked.graph
    if graph.nodes > MOST_LUMPED:
        raise InputError(f"a {method} is solved up to {MOST_LUMPED} nodes, not {graph.nodes}; use fixation_on_graph")
    if method == "star":
        return _star(asked, int(np.argmax(graph.degrees)))
    order = _around(graph) if method == "cycle" else np.arange(graph.nodes)
    states = np.zeros((graph.nodes - 1, graph.nodes))
    states[:, order] = np.tri(graph.nodes - 1, graph.nodes)
    up, down = [], []
    for part, changes in _flips(asked, states):
        up.append((changes * (1 - part)).sum(axis=1))
        down.append((changes * part).sum(axis=1))
    rise, fall = safe_log(np.concatenate(up)), safe_log(np.concatenate(down))
    steps = np.full((len(rise), len(rise)), -np.inf)
    place = np.arange(len(rise) - 1)
    steps[place, place + 1], steps[place + 1, place] = rise[:-1], fall[1:]
    lost, won = np.full(len(rise), -np.inf), np.full(len(rise), -np.inf)
    lost[0], won[-1] = fall[0], rise[-1]
    logs = absorption_logs(steps, np.logaddexp(lost, won), np.stack([won, np.zeros_like(won)], axis=1), band=1)
    return np.full(graph.nodes, logs[0, 0]), float(np.exp(logs[0, 1]))


def _around(graph: Graph) -> IntArray:
    order = [0, int(graph.indices[0])]
    while len(order) < graph.nodes:
        near = graph.indices[graph.indptr[order[-1]] : graph.indptr[order[-1] + 1]]
        order.append(int(near[0] if near[0] != order[-2] else near[1]))
    return np.array(order)


def _flips(asked: World, states: FloatArray) -> Iterator[tuple[FloatArray, FloatArray]]:
    """Yield states and their flips, so many at a time that memory stays small."""
    flips = Flips(asked)
    width = max(1, CHUNK // max(asked.graph.nodes, len(asked.graph.indices)))
    for first in range(0, len(states), width):
        part = states[first : first + width]
        yield part, flips(part)


def _star(asked: World, hub: int) -> tuple[FloatArray, float]:
    """Solve a star: state 2 j + h has j mutant leaves, and a mutant hub when h = 1."""
    nodes = asked.graph.nodes
    leaf = np.delete(np.arange(nodes), hub)
    states = np.zeros((2 * nodes, nodes))
    states[:, leaf] = np.repeat(np.tri(nodes, nodes - 1, -1), 2, axis=0)
    states[1::2, hub] = 1.0
    changes = np.concatenate([found for _, found in _flips(asked, states)])
    last = 2 * nodes - 1
    logs = np.full((2 * nodes, 2 * nodes), -np.inf)
    at = np.arange(2 * nodes)
    logs[at, at ^ 1] = safe_log(changes[:, hub])
    moves = changes[:, leaf]
    logs[at[:-2], at[2:]] = safe_log((moves * (1 - states[:, leaf])).sum(axis=1))[:-2]
    logs[at[2:], at[:-2]] = safe_log((moves * states[:, leaf]).sum(axis=1))[2:]
    inner = slice(1, last)
    won, lost = logs[inner, last], logs[inner, 0]
    sources = np.stack([won, np.zeros_like(won)], axis=1)
    solved = absorption_logs(logs[inner, inner], np.logaddexp(won, lost), sources, band=2)
    by_node = np.full(nodes, solved[1, 0])
    by_node[hub] = solved[0, 0]
    time = (np.exp(solved[0, 1]) + (nodes - 1) * np.exp(solved[1, 1])) / nodes
    return by_node, float(time)


def _all_states(asked: World) -> tuple[FloatArray, float]:
    """Return rho from each node and the mean time, from all 2^n states."""
    from scipy.sparse import csc_matrix
    from scipy.sparse.linalg import splu

    nodes = asked.graph.nodes
    if nodes > MOST_NODES:
        raise InputError(
            f"{asked.graph.name} has 2^{nodes} states; exact fixation takes at most {MOST_NODES} nodes, or a cycle, a "
            "star or a complete graph; use fixation_on_graph"
        )
    number = np.arange(2**nodes)
    states = (number[:, None] >> np.arange(nodes) & 1).astype(float)
    flips = np.concatenate([found for _, found in _flips(asked, states)])
    inner = number[1:-1]
    target = inner[:, None] ^ (1 << np.arange(nodes))
    leave = flips[inner].sum(axis=1)
    stays = (target > 0) & (target < 2**nodes - 1)
    row = np.broadcast_to(inner[:, None] - 1, target.shape)[stays]
    matrix = csc_matrix((-flips[inner][stays], (row, target[stays] - 1)), shape=(len(inner), len(inner)))
    matrix.setdiag(leave)
    won = np.where(target == 2**nodes - 1, flips[inner], 0.0).sum(axis=1)
    solved = splu(matrix).solve(np.stack([won, np.ones(len(inner))], axis=1))
    if not np.isfinite(solved).all() or np.abs(matrix @ solved[:, 0] - won).max() > 1e-10 * max(won.max(), 1e-300):
        raise NumericalError("fixation could not be solved to ten digits; lower selection_strength")
    alone = (1 << np.arange(nodes)) - 1
    return np.maximum(solved[alone, 0], 0.0), float(solved[alone, 1].mean())


def fixation_on_star(
    payoffs: Any = None,
    *,
    leaves: int,
    fitness: float | None = None,
    selection_strength: float = 1.0,
    process: str = "birth_death",
    mutant: str | int | None = None,
    resident: str | int | None = None,
) -> float:
    """Return the exact fixation probability of one mutant at a random node of a star.

    Args:
        payoffs: a square matrix, a game, or a PayoffTable; left out where ``fitness`` is given.
        leaves: number of leaves.
        fitness: r, the constant fitness of the mutant where the residents have 1.
        selection_strength: beta >= 0, or w in [0, 1]; not read with constant fitness.
        process: ``"birth_death"``, ``"death_birth"``, ``"pairwise"`` or ``"imitation"``.
        mutant: name or position of the invading strategy.
        resident: name or position of the strategy invaded.

    Raises:
        InputError: for arguments out of range.

    Sources: Lieberman, Hauert & Nowak 2005, Nature 433:312; Broom & Rychtář 2008, Proc R Soc A 464:2609.

    >>> round(fixation_on_star(leaves=10, fitness=1.1), 12)
    0.176936590632
    """
    leaves = check_integer("leaves", leaves, minimum=2)
    if (payoffs is None) == (fitness is None):
        raise InputError("fixation_on_star takes either payoffs or a constant fitness")
    if fitness is not None:
        r = check_number("fitness", fitness, minimum=0.0, exclusive=True)
        payoffs, selection_strength = [[r, r], [1.0, 1.0]], 1.0
    return exact_fixation_on_graph(
        payoffs,
        graph=star(leaves),
        selection_strength=selection_strength,
        process=process,
        mutant=mutant,
        resident=resident,
    ).probability
