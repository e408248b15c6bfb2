"""What every function of this room is asked about: payoffs, a graph, an update rule - checked once."""

from __future__ import annotations

from dataclasses import dataclass, is_dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evocoop.core.errors import InputError, UnknownNameError, check_number, check_probability
from evocoop.dynamics.structured.graph import Graph
from evocoop.dynamics.structured.kernels import HOSTED, PAIRS, SAMPLED, Net, Play, Rule
from evocoop.games.payoffs import Game, PayoffTable, as_payoffs, compositions, mutant_and_resident

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

GRAPH_PROCESSES = {
    "birth_death": "a parent is chosen by fitness, its offspring replaces a neighbour",
    "death_birth": "a random node dies, its neighbours compete for its place by fitness",
    "pairwise": "a random node imitates a random neighbour with probability 1/(1+exp(-beta(f_neighbour-f_own)))",
    "imitation": "a random node keeps its strategy or imitates a neighbour, by fitness",
}
FITNESSES = ("linear", "exponential")
GROUPS = ("hosted", "sampled")
MOST_EXPONENT = 300.0
ROLE = 0x677261  # keeps these streams apart from any other room's


@dataclass(frozen=True, eq=False)
class World:
    """A population on a graph that plays a game under an update rule.

    Args:
        graph: the graph.
        strategies: names.
        tables: payoff table of each group size that occurs, array (n, columns) each.
        mode: ``PAIRS``, ``HOSTED`` or ``SAMPLED``.
        process: the update rule.
        exponential: whether fitness is exp(beta f) rather than 1 - w + w f.
        strength: beta or w.
        total: whether the payoffs of a node are added up rather than averaged.
    """

    graph: Graph
    strategies: tuple[str, ...]
    tables: dict[int, FloatArray]
    mode: int
    process: str
    exponential: bool
    strength: float
    total: bool

    @property
    def net(self) -> Net:
        """The graph as kernels read it."""
        graph = self.graph
        return Net(graph.indptr, graph.indices, graph.weights, graph.strengths, not graph.weighted)

    @property
    def play(self) -> Play:
        """The payoffs as kernels read them."""
        largest, n = max(self.tables), len(self.strategies)
        offsets, columns = np.zeros(largest + 1, dtype=np.int64), np.zeros(largest + 1, dtype=np.int64)
        at = 0
        for size, table in self.tables.items():
            offsets[size], columns[size] = at, table.shape[1]
            at += table.size
        values = np.concatenate([np.ravel(table) for table in self.tables.values()])
        groups = compositions(largest - 1, n) if self.mode == SAMPLED else np.zeros((1, n), dtype=np.int64)
        choose = (
            binomials(int(self.graph.degrees.max()) + n, max(n, largest)) if self.mode != PAIRS else np.ones((1, 1))
        )
        return Play(self.mode, n, values, offsets, columns, choose, groups, self.total)

    def rule(self, mutation: float) -> Rule:
        """Return the update rule as kernels read it."""
        return Rule(list(GRAPH_PROCESSES).index(self.process), self.exponential, self.strength, mutation)

    def pair(self, mutant: str | int | None, resident: str | int | None) -> tuple[int, int]:
        """Return the positions of mutant and resident; with two strategies they default to the first and second."""
        return mutant_and_resident(self.strategies, mutant, resident)


def binomials(rows: int, columns: int) -> FloatArray:
    """Return C(a, b), array (rows + 1, columns + 1).

    >>> binomials(3, 2)[3].tolist()
    [1.0, 3.0, 3.0]
    """
    table = np.zeros((rows + 1, columns + 1))
    table[:, 0] = 1.0
    for row in range(1, rows + 1):
        table[row, 1:] = table[row - 1, 1:] + table[row - 1, :-1]
    return table


def world(
    payoffs: Any,
    graph: Graph,
    selection_strength: float,
    process: str,
    fitness: str,
    total: bool,
    groups: str,
    pair: tuple[str | int | None, str | int | None] | None = None,
) -> World:
    """Check what is asked and return it; with ``pair`` only mutant and resident are kept, in that order."""
    if not isinstance(graph, Graph):
        raise InputError(f"graph must be a Graph, made by ring, lattice, graph_from_edges, …, not {graph!r}")
    for kind, name, known in (("process", process, GRAPH_PROCESSES), ("fitness", fitness, FITNESSES)):
        if name not in known:
            raise UnknownNameError(kind, name, tuple(known))
    if groups not in GROUPS:
        raise UnknownNameError("groups", groups, GROUPS)
    game = as_payoffs(payoffs)
    strength = check_number("selection_strength", selection_strength, minimum=0.0)
    names = game.strategies
    if len(names) < 2:
        raise InputError("a structured population needs at least two strategies")
    whole = World(graph, names, {}, PAIRS, process, fitness == "exponential", strength, bool(total))
    chosen = None if pair is None else list(whole.pair(*pair))
    mode = PAIRS if game.group_size == 2 else HOSTED if groups == "hosted" else SAMPLED
    tables = {size: _table(game, size, chosen) for size in _sizes(game, graph, mode)}
    kept = names if chosen is None else tuple(names[position] for position in chosen)
    found = replace(whole, strategies=kept, tables=tables, mode=mode)
    _check_fitness(found)
    return found


def check_mutation(mutation: float) -> float:
    """Return the mutation probability, checked."""
    return check_probability("mutation", mutation)


def _sizes(game: Game | PayoffTable, graph: Graph, mode: int) -> list[int]:
    if mode == PAIRS:
        return [2]
    if graph.weighted:
        raise InputError("group games need a graph without weights")
    if mode == SAMPLED:
        if graph.degrees.min() < game.group_size - 1:
            raise InputError(
                f"groups of {game.group_size} cannot be sampled where a node has only {graph.degrees.min()} neighbours"
            )
        return [game.group_size]
    sizes = sorted({int(degree) + 1 for degree in graph.degrees})
    if sizes != [game.group_size] and (len(sizes) == 1 or not is_dataclass(game) or isinstance(game, PayoffTable)):
        raise InputError(
            f"every node hosts a group of itself and its neighbours, here of {sizes[0]} to {sizes[-1]}, but the game "
            f"has group_size {game.group_size}; choose a graph of degree {game.group_size - 1}, or groups='sampled'"
        )
    return sizes


def _table(game: Game | PayoffTable, size: int, chosen: list[int] | None) -> FloatArray:
    sized: Any = game if size == game.group_size else replace(game, group_size=size)  # type: ignore[type-var]
    return np.ascontiguousarray(sized.payoff_table(chosen).values)


def _check_fitness(found: World) -> None:
    """Refuse payoffs that make fitness negative, or so large that sums overflow."""
    low = min(float(table.min()) for table in found.tables.values())
    high = max(float(table.max()) for table in found.tables.values())
    if found.total and found.mode != SAMPLED:
        games = found.graph.strengths if found.mode == PAIRS else found.graph.degrees + 1
        low, high = (min(low * games.min(), low * games.max()), max(high * games.min(), high * games.max()))
    if found.exponential or found.process == "pairwise":
        if found.strength * max(abs(low), abs(high)) > MOST_EXPONENT:
            raise InputError(
                f"selection_strength x payoff must stay within {MOST_EXPONENT:g}, but reaches "
                f"{found.strength * max(abs(low), abs(high)):g}; lower selection_strength or scale the payoffs"
            )
    elif found.strength > 1:
        raise InputError(
            f"selection_strength must lie in [0, 1] for process {found.process!r} with linear fitness, "
            f"not {found.strength:g}; fitness='exponential' takes any"
        )
    elif 1.0 - found.strength + found.strength * low <= 0:
        raise InputError(
            f"payoffs must give positive fitness 1 - w + w f, but one may be {1 - found.strength * (1 - low):g}; "
            "lower selection_strength, shift the payoffs, or use fitness='exponential'"
        )
