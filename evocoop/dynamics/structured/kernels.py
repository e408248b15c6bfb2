"""The inner loops of evolution on graphs.

Each node has its strategy, the weight of its neighbours by strategy, and its fitness, worked out again when it is
asked for after a change nearby. Only steps in which something can change are drawn: nodes with unlike neighbours are
kept in a list, and in birth-death the rates at which parents replace unlike neighbours in a tree of sums.

Records of arrays are passed from one small kernel to the next, so these kernels make no arrays and count no references.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from evocoop.core.jit import kernel, lean_kernel
from evocoop.core.streams import below, uniform

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

BIRTH_DEATH, DEATH_BIRTH, PAIRWISE, IMITATION = 0, 1, 2, 3
PAIRS, HOSTED, SAMPLED = 0, 1, 2
REFRESH = 65536


class Net(NamedTuple):
    """A graph: compressed rows, their sums, and whether all weights are 1."""

    indptr: IntArray
    indices: IntArray
    weights: FloatArray
    strengths: FloatArray
    plain: bool


class Play(NamedTuple):
    """How payoffs follow from neighbours.

    Tables of all group sizes lie behind one another in ``values``; the table of size m begins at ``offsets[m]`` and has
    ``columns[m]`` columns. ``choose[a, b]`` are binomials, ``groups`` the compositions of sampled co-players.
    """

    mode: int
    strategies: int
    values: FloatArray
    offsets: IntArray
    columns: IntArray
    choose: FloatArray
    groups: IntArray
    total: bool


class Rule(NamedTuple):
    """The update rule: process, whether fitness is exp(beta f), beta or w, and mu."""

    process: int
    exponential: bool
    strength: float
    mutation: float


class Live(NamedTuple):
    """What changes: strategies, neighbours' weight by strategy, unlike neighbours, who has some, sums, counts.

    ``fit`` is the fitness of each node unless it is ``stale``; ``part`` has room for running sums over neighbours.
    """

    state: IntArray
    near: FloatArray
    unlike: IntArray
    active: IntArray
    place: IntArray
    busy: IntArray
    tree: FloatArray
    counts: IntArray
    part: FloatArray
    fit: FloatArray
    stale: NDArray[np.bool_]


@lean_kernel
def column_of(play: Play, near: FloatArray, more: int, less: int, members: int) -> int:
    """Return the column of co-players ``near`` plus one of ``more`` minus one of ``less`` (-1: none), by rank."""
    rest, column, n = members, 0, play.strategies
    for strategy in range(n - 1):
        rest -= int(near[strategy]) + int(strategy == more) - int(strategy == less)
        if rest <= 0:
            break
        column += int(play.choose[rest + n - 2 - strategy, n - 1 - strategy])
    return column


@lean_kernel
def payoff(net: Net, play: Play, live: Live, node: int) -> float:
    """Return the payoff of a node from all its games."""
    n, own, near = play.strategies, live.state[node], live.near[node]
    earned = 0.0
    if play.mode == PAIRS:
        for other in range(n):
            earned += near[other] * play.values[own * n + other]
        return float(earned) if play.total else float(earned / net.strengths[node])
    degree = net.indptr[node + 1] - net.indptr[node]
    if play.mode == SAMPLED:
        for group in range(len(play.groups)):
            ways = 1.0
            for other in range(n):
                ways *= play.choose[int(near[other]), play.groups[group, other]]
            earned += ways * play.values[own * len(play.groups) + group]
        return float(earned / play.choose[degree, play.groups[0].sum()])
    column = column_of(play, near, -1, -1, degree)
    earned = play.values[play.offsets[degree + 1] + own * play.columns[degree + 1] + column]
    for edge in range(net.indptr[node], net.indptr[node + 1]):
        host = net.indices[edge]
        size = net.indptr[host + 1] - net.indptr[host] + 1
        column = column_of(play, live.near[host], live.state[host], own, size - 1)
        earned += play.values[play.offsets[size] + own * play.columns[size] + column]
    return float(earned) if play.total else float(earned / (degree + 1))


@lean_kernel
def pair_payoff(
    values: FloatArray, near: FloatArray, state: IntArray, strengths: FloatArray, total: bool, node: int
) -> float:
    """Return the payoff of a node from games in pairs; what :func:`payoff` returns in that mode."""
    n, own, earned = near.shape[1], state[node], 0.0
    for other in range(n):
        earned += near[node, other] * values[own * n + other]
    return float(earned) if total else float(earned / strengths[node])


@lean_kernel
def as_fitness(process: int, exponential: bool, strength: float, earned: float) -> float:
    """Return the fitness that a payoff gives; under pairwise comparison the payoff itself."""
    if process == PAIRWISE:
        return earned
    return float(np.exp(strength * earned)) if exponential else 1.0 - strength + strength * earned


@lean_kernel
def fitness(net: Net, play: Play, rule: Rule, live: Live, node: int) -> float:
    """Return the fitness of a node, worked out again if something changed nearby."""
    if live.stale[node]:
        earned = payoff(net, play, live, node)
        live.fit[node] = as_fitness(rule.process, rule.exponential, rule.strength, earned)
        live.stale[node] = False
    return float(live.fit[node])


@lean_kernel
def fitness_around(net: Net, play: Play, rule: Rule, live: Live, node: int) -> None:
    """Bring the fitness of all neighbours of a node up to date."""
    for edge in range(net.indptr[node], net.indptr[node + 1]):
        other = net.indices[edge]
        if live.stale[other]:
            if play.mode == PAIRS:
                earned = pair_payoff(play.values, live.near, live.state, net.strengths, play.total, other)
            else:
                earned = payoff(net, play, live, other)
            live.fit[other] = as_fitness(rule.process, rule.exponential, rule.strength, earned)
            live.stale[other] = False


@lean_kernel
def put(tree: FloatArray, node: int, fit: float, moves: float) -> None:
    """Write a node's fitness and its rate of replacing unlike neighbours into the tree of sums."""
    at = len(tree) // 2 + node
    tree[at, 0], tree[at, 1] = fit, fit * moves
    while at > 1:
        at //= 2
        tree[at, 0] = tree[2 * at, 0] + tree[2 * at + 1, 0]
        tree[at, 1] = tree[2 * at, 1] + tree[2 * at + 1, 1]


@lean_kernel
def refresh(net: Net, play: Play, rule: Rule, live: Live, node: int) -> None:
    """Bring a node up to date in the tree of sums."""
    unlike = 0.0
    if live.unlike[node] > 0:
        unlike = max(0.0, 1.0 - live.near[node, live.state[node]] / net.strengths[node])
    put(live.tree, node, fitness(net, play, rule, live, node), unlike)


@lean_kernel
def mark(unlike: IntArray, active: IntArray, place: IntArray, busy: IntArray, node: int) -> None:
    """Put a node on the list of those with unlike neighbours, or take it off."""
    at = place[node]
    if unlike[node] > 0 and at < 0:
        place[node] = busy[0]
        active[busy[0]] = node
        busy[0] += 1
    elif unlike[node] == 0 and at >= 0:
        busy[0] -= 1
        last = active[busy[0]]
        active[at], place[last] = last, at
        place[node] = -1


@lean_kernel
def settle(net: Net, play: Play, rule: Rule, live: Live) -> None:
    """Work out everything from the strategies of the nodes."""
    live.near[:], live.counts[:], live.unlike[:], live.place[:] = 0.0, 0, 0, -1
    live.tree[:], live.busy[0], live.stale[:] = 0.0, 0, True
    nodes = len(live.state)
    for node in range(nodes):
        live.counts[live.state[node]] += 1
        for edge in range(net.indptr[node], net.indptr[node + 1]):
            other = live.state[net.indices[edge]]
            live.near[node, other] += net.weights[edge]
            live.unlike[node] += int(other != live.state[node])
        mark(live.unlike, live.active, live.place, live.busy, node)
    if rule.process == BIRTH_DEATH:
        for node in range(nodes):
            refresh(net, play, rule, live, node)


@lean_kernel
def change(net: Net, play: Play, rule: Rule, live: Live, node: int, new: int) -> None:
    """Give a node another strategy."""
    old, unlike = live.state[node], 0
    live.state[node] = new
    live.counts[old] -= 1
    live.counts[new] += 1
    for edge in range(net.indptr[node], net.indptr[node + 1]):
        other = net.indices[edge]
        live.near[other, old] -= net.weights[edge]
        live.near[other, new] += net.weights[edge]
        live.unlike[other] += int(live.state[other] == old) - int(live.state[other] == new)
        unlike += int(live.state[other] != new)
        mark(live.unlike, live.active, live.place, live.busy, other)
    live.unlike[node] = unlike
    mark(live.unlike, live.active, live.place, live.busy, node)
    live.stale[node] = True
    for edge in range(net.indptr[node], net.indptr[node + 1]):
        other = net.indices[edge]
        live.stale[other] = True
        if play.mode == HOSTED:
            for far in range(net.indptr[other], net.indptr[other + 1]):
                live.stale[net.indices[far]] = True
    if rule.process == BIRTH_DEATH:
        refresh_around(net, play, rule, live, node)


@lean_kernel
def refresh_around(net: Net, play: Play, rule: Rule, live: Live, node: int) -> None:
    """Bring everybody whom a change of a node touches up to date in the tree of sums."""
    refresh(net, play, rule, live, node)
    fitness_around(net, play, rule, live, node)
    for edge in range(net.indptr[node], net.indptr[node + 1]):
        other = net.indices[edge]
        unlike = 0.0
        if live.unlike[other] > 0:
            unlike = max(0.0, 1.0 - live.near[other, live.state[other]] / net.strengths[other])
        put(live.tree, other, live.fit[other], unlike)
        if play.mode == HOSTED:
            for far in range(net.indptr[other], net.indptr[other + 1]):
                if live.stale[net.indices[far]]:
                    refresh(net, play, rule, live, net.indices[far])


@lean_kernel
def by_sum(tree: FloatArray, kind: int, draw: float) -> int:
    """Return the leaf at a share ``draw`` of the sums of one kind."""
    at, left = 1, draw * tree[1, kind]
    while at < len(tree) // 2:
        at *= 2
        if left >= tree[at, kind] and tree[at + 1, kind] > 0.0:
            left -= tree[at, kind]
            at += 1
    return at - len(tree) // 2


@lean_kernel
def neighbour(net: Net, node: int, draws: NDArray[np.uint64]) -> int:
    """Return a neighbour drawn by the weight of its edge."""
    first, end = net.indptr[node], net.indptr[node + 1]
    if net.plain:
        return int(net.indices[first + np.int64(below(draws, end - first))])
    left, edge = uniform(draws) * net.strengths[node], first
    while edge < end - 1 and left >= net.weights[edge]:
        left -= net.weights[edge]
        edge += 1
    return int(net.indices[edge])


@lean_kernel
def unlike_neighbour(net: Net, live: Live, node: int, draws: NDArray[np.uint64]) -> int:
    """Return a neighbour of another strategy, drawn by the weight of its edge."""
    left, found = uniform(draws) * (net.strengths[node] - live.near[node, live.state[node]]), -1
    for edge in range(net.indptr[node], net.indptr[node + 1]):
        if live.state[net.indices[edge]] != live.state[node]:
            found = net.indices[edge]
            left -= net.weights[edge]
            if left < 0.0:
                break
    return found


@lean_kernel
def fit_neighbour(net: Net, play: Play, rule: Rule, live: Live, node: int, draws: NDArray[np.uint64]) -> int:
    """Return a neighbour drawn by weight and fitness; in imitation perhaps the node itself, with weight 1."""
    first, total, part = net.indptr[node], 0.0, live.part
    fitness_around(net, play, rule, live, node)
    for edge in range(first, net.indptr[node + 1]):
        total += net.weights[edge] * live.fit[net.indices[edge]]
        part[edge - first] = total
    if rule.process == IMITATION:
        total += fitness(net, play, rule, live, node)
    draw = uniform(draws) * total
    for edge in range(first, net.indptr[node + 1]):
        if draw < part[edge - first]:
            return int(net.indices[edge])
    return node


@lean_kernel
def another(own: int, n: int, draws: NDArray[np.uint64]) -> np.int64:
    """Return one of the other strategies."""
    drawn = np.int64(below(draws, n - 1))
    return np.int64(drawn + np.int64(drawn >= own))


@lean_kernel
def mutate(net: Net, play: Play, rule: Rule, live: Live, draws: NDArray[np.uint64]) -> None:
    """Take one step in which a mutation happens."""
    nodes = len(live.state)
    if rule.process == BIRTH_DEATH:
        parent = by_sum(live.tree, 0, uniform(draws))
        node, model = neighbour(net, parent, draws), parent
    else:
        node = int(np.int64(below(draws, nodes)))
        model = fit_neighbour(net, play, rule, live, node, draws) if rule.process == DEATH_BIRTH else node
    new = another(live.state[model], play.strategies, draws)
    if new != live.state[node]:
        change(net, play, rule, live, node, int(new))


@lean_kernel
def select(net: Net, play: Play, rule: Rule, live: Live, draws: NDArray[np.uint64]) -> None:
    """Take one step of a node that has unlike neighbours."""
    if rule.process == BIRTH_DEATH:
        model = by_sum(live.tree, 1, uniform(draws))
        node = unlike_neighbour(net, live, model, draws)
    else:
        node = live.active[np.int64(below(draws, live.busy[0]))]
        if rule.process == PAIRWISE:
            model = neighbour(net, node, draws)
            if live.state[model] != live.state[node]:
                gain = fitness(net, play, rule, live, model) - fitness(net, play, rule, live, node)
                if uniform(draws) * (1.0 + np.exp(-rule.strength * gain)) >= 1.0:
                    model = node
        else:
            model = fit_neighbour(net, play, rule, live, node, draws)
    if live.state[model] != live.state[node]:
        change(net, play, rule, live, node, live.state[model])


@lean_kernel
def evolve(
    net: Net, play: Play, rule: Rule, live: Live, draws: NDArray[np.uint64], steps: int, burn_in: int, every: int,
    path: IntArray, spent: FloatArray,
) -> int:  # fmt: skip
    """Evolve for ``steps`` steps; return the step after which nothing can change any more, or -1.

    Args:
        net: the graph.
        play: payoffs.
        rule: the update rule.
        live: the strategies of the nodes at the start; those at the end afterwards.
        draws: the random stream.
        steps: length of the run.
        burn_in: steps not counted in ``spent``.
        every: steps between two records.
        path: (records, n), filled with the counts at steps 0, every, 2 every, …
        spent: (n,), increased by the sum of the counts over the steps after ``burn_in``.
    """
    settle(net, play, rule, live)
    time, record, absorbed, events = 0, 0, -1, 0
    while time <= steps:
        moving = live.tree[1, 1] / live.tree[1, 0] if rule.process == BIRTH_DEATH else live.busy[0] / len(live.state)
        event, then = rule.mutation + (1.0 - rule.mutation) * moving, steps + 1
        if live.busy[0] == 0 and rule.mutation == 0.0:
            absorbed = time
        else:
            wait = 0.0 if event >= 1.0 else np.floor(np.log(1.0 - uniform(draws)) / np.log1p(-event))
            if wait < steps - time:
                then = time + int(wait) + 1
        passed = min(then, steps) - max(time, burn_in)
        for strategy in range(play.strategies):
            spent[strategy] += live.counts[strategy] * float(max(passed, 0))
        while record < len(path) and record * every < then:
            for strategy in range(play.strategies):
                path[record, strategy] = live.counts[strategy]
            record += 1
        if then <= steps:
            if rule.mutation > 0.0 and uniform(draws) * event < rule.mutation:
                mutate(net, play, rule, live, draws)
            else:
                select(net, play, rule, live, draws)
            events += 1
            if events % REFRESH == 0 and not net.plain:
                settle(net, play, rule, live)
        time = then
    return absorbed


@lean_kernel
def shuffle(state: IntArray, draws: NDArray[np.uint64]) -> None:
    """Put the entries in random order."""
    for last in range(len(state) - 1, 0, -1):
        chosen = np.int64(below(draws, last + 1))
        state[last], state[chosen] = state[chosen], state[last]


@lean_kernel
def scatter(state: IntArray, mutants: int, draws: NDArray[np.uint64]) -> None:
    """Set all entries to 1 but for some random ones, which become 0."""
    state[:] = 1
    left = mutants
    while left > 0:
        node = np.int64(below(draws, len(state)))
        if state[node] == 1:
            state[node] = 0
            left -= 1


@kernel
def life(nodes: int, n: int, degree: int, birth_death: bool) -> Live:
    """Return empty storage for one run on a graph of that largest degree."""
    half = 1
    while half < nodes:
        half *= 2
    return Live(
        np.zeros(nodes, dtype=np.int64),
        np.zeros((nodes, n)),
        np.zeros(nodes, dtype=np.int64),
        np.zeros(nodes, dtype=np.int64),
        np.full(nodes, -1, dtype=np.int64),
        np.zeros(1, dtype=np.int64),
        np.zeros((2 * half if birth_death else 2, 2)),
        np.zeros(n, dtype=np.int64),
        np.zeros(degree),
        np.zeros(nodes),
        np.ones(nodes, dtype=np.bool_),
    )
