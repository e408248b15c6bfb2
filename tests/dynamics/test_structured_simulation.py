"""Simulated populations on graphs and in groups against exact chains, with stated false-alarm rates."""

import numpy as np
import pytest

from evocoop.core.errors import InputError, UnknownNameError
from evocoop.core.jit import PLAIN
from evocoop.core.streams import stream
from evocoop.dynamics import (
    complete,
    fixation_in_groups,
    fixation_in_groups_limit,
    fixation_probability,
    graph_from_edges,
    group_selection,
    lattice,
    multilevel_critical_ratio,
    ring,
    scale_free,
    simulate_groups,
    simulate_on_graph,
    star,
    stationary_distribution,
    structured_fixation,
    structured_population,
)
from evocoop.dynamics.structured import kernels, runs
from evocoop.dynamics.structured.flips import Flips
from evocoop.dynamics.structured.world import GRAPH_PROCESSES, world
from evocoop.games import PublicGoods
from evocoop.games.payoffs import PayoffTable

RULES = tuple(GRAPH_PROCESSES)
GAME = [[1.0, 0.2], [1.3, 0.1]]
ROCK = np.array([[0.0, -1, 1], [1, 0, -1], [-1, 1, 0]])
UNEVEN = graph_from_edges([(0, 1, 0.5), (1, 2, 2.0), (2, 3, 1.5), (3, 0), (0, 2, 0.3), (3, 4)])


@pytest.mark.parametrize("process", RULES)
@pytest.mark.parametrize("graph", [UNEVEN, scale_free(5, 2, seed=1)], ids=lambda graph: graph.name)
def test_long_run_shares_with_mutation(graph, process):
    """The chain over all 2^n states with mutation, by a dense solve; 5 standard errors, 30 runs (t, 29 d.f.).

    Eight comparisons, each a false alarm once in 40,000.
    """
    mutation, asked = 0.1, world(GAME, graph, 0.7, process, "linear", False, "hosted")
    number = np.arange(2**graph.nodes)
    states = (number[:, None] >> np.arange(graph.nodes) & 1).astype(float)
    flips = (1 - mutation) * Flips(asked)(states) + mutation * strays(asked, states, process)
    matrix = np.zeros((len(number), len(number)))
    for node in range(graph.nodes):
        matrix[number, number ^ (1 << node)] = flips[:, node]
    np.fill_diagonal(matrix, 1 - flips.sum(axis=1))
    assert matrix.min() >= 0
    system = np.vstack([matrix.T - np.eye(len(number)), np.ones(len(number))])
    exact = np.linalg.lstsq(system, np.append(np.zeros(len(number)), 1), rcond=None)[0] @ states.mean(axis=1)
    found = simulate_on_graph(
        GAME, graph=graph, selection_strength=0.7, process=process, mutation=mutation, steps=20_000, burn_in=500,
        replicates=30, seed=4,
    )  # fmt: skip
    assert abs(found.shares[0] - exact) < 5 * found.standard_errors[0]
    assert found.standard_errors[0] < 0.02


def strays(asked, states, process):
    """Return the probability that each node flips in a step in which a mutation happens, for two strategies."""
    graph = asked.graph
    if process in ("pairwise", "imitation"):
        return np.full(states.shape, 1 / graph.nodes)  # the focal takes the other strategy
    weights = graph.matrix()
    fitness = Flips(asked).fitness(states)
    if process == "birth_death":
        births = fitness / fitness.sum(axis=1, keepdims=True)
        alike = np.einsum(
            "sp,px,spx->sx", births, weights / graph.strengths[:, None], states[:, :, None] == states[:, None]
        )
        return alike  # the offspring differs from a parent that is like the node it replaces
    contest = np.einsum("sp,px->spx", fitness, weights)
    contest /= contest.sum(axis=1, keepdims=True)
    return (contest * (states[:, :, None] == states[:, None])).sum(axis=1) / graph.nodes


@pytest.mark.parametrize(("process", "well_mixed"), [("pairwise", "pairwise"), ("death_birth", "death_birth")])
def test_three_strategies_on_the_complete_graph(process, well_mixed):
    """The well-mixed chain of three strategies, solved exactly: 6 standard errors, 30 runs, 1 in 10^5 each."""
    game = ROCK + np.array([[0, 0.2, 0.1], [0, 0.1, 0], [0.3, 0, 0]]) + 1.5
    ask = {"selection_strength": 0.8, "mutation": 0.05}
    exact = stationary_distribution(game, population_size=12, process=well_mixed, **ask)
    found = simulate_on_graph(
        game, graph=complete(12), process=process, **ask, steps=10_000, burn_in=1000, replicates=30, seed=2, workers=2
    )
    assert np.abs((found.shares - exact.shares) / found.standard_errors).max() < 6


@pytest.mark.parametrize("groups", ["hosted", "sampled"])
@pytest.mark.parametrize("n", [2, 3, 4])
def test_payoffs_of_groups_by_enumeration(groups, n):
    """The kernel's payoff of every node against a list of all groups it is in."""
    from itertools import combinations

    rng = np.random.default_rng(n)
    size = 5 if groups == "hosted" else 3
    table = PayoffTable(
        tuple("abcd"[:n]),
        rng.normal(size=(n, {(2, 5): 5, (3, 5): 15, (4, 5): 35, (2, 3): 3, (3, 3): 6, (4, 3): 10}[n, size])),
        group_size=size,
    )
    graph = lattice(4, 5)
    asked = world(table, graph, 0.01, "pairwise", "linear", False, groups)
    live = kernels.life(graph.nodes, n, int(graph.degrees.max()), False)
    live.state[:] = rng.integers(n, size=graph.nodes)
    kernels.settle(asked.net, asked.play, asked.rule(0.0), live)
    column = {tuple(row): place for place, row in enumerate(table.compositions.tolist())}
    near = [graph.indices[graph.indptr[node] : graph.indptr[node + 1]].tolist() for node in range(graph.nodes)]
    for node in range(graph.nodes):
        if groups == "hosted":
            met = [[x for x in [host, *near[host]] if x != node] for host in [node, *near[node]]]
        else:
            met = list(combinations(near[node], size - 1))
        earned = [
            table.values[live.state[node], column[tuple(np.bincount(live.state[list(group)], minlength=n))]]
            for group in met
        ]
        assert kernels.payoff(asked.net, asked.play, live, node) == pytest.approx(np.mean(earned), rel=1e-12)


@pytest.mark.parametrize("process", RULES)
def test_what_is_remembered_stays_right(process):
    """After many steps sums, neighbours and lists equal those worked out anew."""
    goods = PublicGoods(group_size=5, multiplier=3, cost=0.5)
    for game, graph in ((ROCK + 2, UNEVEN), (ROCK + 2, scale_free(40, 2, seed=1)), (goods, lattice(4, 5))):
        asked = world(game, graph, 0.4, process, "linear", False, "hosted")
        net, play, rule = asked.net, asked.play, asked.rule(0.02)
        n = len(asked.strategies)
        live, again = (
            kernels.life(graph.nodes, n, int(graph.degrees.max()), process == "birth_death") for _ in range(2)
        )
        live.state[:] = np.arange(graph.nodes) % n
        path, spent = np.zeros((11, n), dtype=np.int64), np.zeros(n)
        kernels.evolve(net, play, rule, live, stream(1, 2, 3, 4), 3000, 0, 300, path, spent)
        again.state[:] = live.state
        kernels.settle(net, play, rule, again)
        assert live.near == pytest.approx(again.near, abs=1e-12)
        assert live.tree == pytest.approx(again.tree, rel=1e-9, abs=1e-12)
        for name in ("unlike", "counts", "busy"):
            assert np.array_equal(getattr(live, name), getattr(again, name))
        busy = live.busy[0]
        assert sorted(live.active[:busy]) == np.flatnonzero(live.unlike).tolist()
        assert spent.sum() == 3000 * graph.nodes and (path.sum(axis=1) == graph.nodes).all()


@pytest.mark.skipif(PLAIN, reason="kernels are plain Python already")
def test_compiled_and_plain_runs_are_the_same(monkeypatch):
    asked = world(ROCK + 2, lattice(3, 3), 0.4, "birth_death", "linear", False, "hosted")
    finals = []
    for plain in (False, True):
        if plain:
            for module in (kernels, runs):
                for name, value in vars(module).copy().items():
                    if hasattr(value, "py_func"):
                        monkeypatch.setattr(module, name, value.py_func)
        out = np.zeros((1, 21, 3), dtype=np.int64), np.zeros((1, 3)), np.zeros((1, 9), dtype=np.int64)
        counts, absorbed = np.zeros((1, 3), dtype=np.int64), np.zeros(1, dtype=np.int64)
        first, keys = np.arange(9) % 3, np.array([[1, 2, 3, 4]])
        runs.run_all(asked.net, asked.play, asked.rule(0.05), first, 1, 200, 0, 10, keys, *out, counts, absorbed)
        finals.append([array.tolist() for array in (*out, counts, absorbed)])
    assert finals[0] == finals[1]


def test_same_bits_for_any_number_of_workers_and_replicates():
    ask = {"graph": lattice(5, 5), "selection_strength": 0.3, "mutation": 0.01, "steps": 2000, "seed": 9}
    many = simulate_on_graph(ROCK + 2, **ask, replicates=5, workers=3)
    one = simulate_on_graph(ROCK + 2, **ask, replicates=5)
    few = simulate_on_graph(ROCK + 2, **ask, replicates=2)
    assert np.array_equal(many.counts, one.counts) and np.array_equal(many.final, one.final)
    assert np.array_equal(few.counts, one.counts[:2]) and not np.array_equal(one.counts[0], one.counts[1])
    assert np.array_equal(many.shares, one.shares) and one.fractions.sum(axis=-1) == pytest.approx(1)


def test_starts_and_absorption():
    checks = (np.indices((4, 4)).sum(axis=0) % 2).ravel()
    found = simulate_on_graph(GAME, graph=lattice(4, 4), selection_strength=0, start=checks, steps=1, samples=2)
    assert found.counts[0, 0].tolist() == [8, 8] and (found.final[0] != checks).sum() <= 1
    sure = simulate_on_graph([[1, 1], [0, 0]], graph=star(9), selection_strength=40, process="pairwise", start=[5, 5],
                             steps=20_000, replicates=4, seed=1)  # fmt: skip
    assert (sure.absorbed_at > 0).all() and (sure.counts[:, -1] == [10, 0]).all() and not sure.final.any()
    still = simulate_on_graph(GAME, graph=ring(5), selection_strength=0.1, start=[5, 0], steps=9)
    assert still.absorbed_at.tolist() == [0] and still.shares.tolist() == [1, 0]


def test_structure_lets_cooperators_live():
    """b/c = 10 on a ring (critical: 2.15) and in a well-mixed population, which is lost to defectors.

    Nowak & May 1992, Nature 359:826, in the stochastic form of Ohtsuki et al. 2006; shares differ by many errors.
    """
    game = [[9, -1], [10, 0]]
    ask = {"selection_strength": 0.05, "mutation": 0.01, "steps": 50_000, "burn_in": 5000, "replicates": 12, "seed": 1}
    tied = simulate_on_graph(game, graph=ring(30), **ask)
    mixed = simulate_on_graph(game, graph=complete(30), **ask)
    assert tied.interval[0, 0] > 0.6 and mixed.interval[0, 1] < 0.4


def test_named_graphs_of_experiment_files():
    found = structured_population(
        GAME, graph="small_world", nodes=20, selection_strength=0.2, mutation=0.05, steps=3000, graph_seed=2, seed=3
    )
    assert found.graph.nodes == 20 and found.shares.sum() == pytest.approx(1) and len(found.counts) == 10
    ask = {"graph": "star", "nodes": 10, "selection_strength": 0.5, "replicates": 4000, "seed": 1}
    rate = structured_fixation([[1, 1], [1, 1]], **ask)
    assert abs(rate.probability - 0.1) < 5 * rate.standard_error and rate.population_size == 10


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"start": [1, 2]}, "add up to 9 nodes"),
        ({"start": [0.5, 8.5]}, "add up to 9 nodes"),
        ({"start": [0] * 8 + [2]}, "strategies as numbers 0 to 1"),
        ({"steps": 0}, "steps"),
        ({"burn_in": 10_000}, "burn_in"),
        ({"mutation": 2}, "mutation"),
        ({"workers": 0}, "workers"),
        ({"replicates": 10**8}, "replicates x nodes"),
        ({"payoffs": [[1.0]]}, "two strategies"),
    ],
)
def test_refusals(change, words):
    question = {"payoffs": GAME, "graph": lattice(3, 3), "selection_strength": 0.5}
    with pytest.raises(InputError, match=words):
        simulate_on_graph(**(question | change))


def test_the_critical_ratio_of_groups():
    """1 + n/(m-2), Traulsen & Nowak 2006: where the exact product of both levels leaves 1/(nm) at weak selection."""
    for m, n in ((10, 10), (5, 3), (50, 4)):
        critical = multilevel_critical_ratio(groups=m, group_size=n)
        for shift, sign in ((-0.02, -1), (0.02, 1)):
            b = critical + shift
            ask = {"groups": m, "group_size": n, "selection_strength": 1e-6, "fitness": "exponential"}
            excess = m * n * fixation_in_groups_limit([[b - 1, -1], [b, 0]], **ask) - 1
            assert np.sign(excess) == sign and abs(excess) > 1e-9


def test_one_group_is_a_moran_process():
    moran = fixation_probability(GAME, population_size=8, selection_strength=0.5, process="moran")
    limit = fixation_in_groups_limit(GAME, groups=1, group_size=8, selection_strength=0.5)
    assert limit == pytest.approx(moran, rel=1e-13)
    found = fixation_in_groups(GAME, groups=1, group_size=8, selection_strength=0.5, replicates=20_000, seed=1)
    assert abs(found.probability - moran) < 5 * np.sqrt(moran / 20_000)


def test_simulated_groups_near_the_limit_of_rare_splitting():
    """q = 0.002: what is left of the difference is about q; 5 standard errors and 4 % of the figure."""
    for game in ([[2, 0.8], [2.2, 1]], [[1, 1], [1, 1]]):
        ask = {"groups": 4, "group_size": 4, "selection_strength": 0.5}
        exact = fixation_in_groups_limit(game, **ask)
        found = fixation_in_groups(game, **ask, splitting=0.002, replicates=6000, seed=2)
        assert abs(found.probability - exact) < 5 * found.standard_error + 0.04 * exact


def test_splitting_keeps_cooperators_and_migration_loses_them():
    """Traulsen & Nowak 2006: migration works against cooperators; 12 groups of 5, b/c = 8, critical 1.5."""
    game = [[7, -1], [8, 0]]
    ask = {"groups": 12, "group_size": 5, "selection_strength": 0.03, "mutation": 0.002, "steps": 100_000, "seed": 1}
    apart = group_selection(game, **ask, splitting=0.05, replicates=10)
    mixed = group_selection(game, **ask, splitting=0.05, migration=0.5, replicates=10)
    assert apart.interval[0, 0] > 0.6 and mixed.interval[0, 1] < 0.4
    assert apart.fractions.sum(axis=-1) == pytest.approx(1) and apart.counts.sum(axis=-1).max() <= 60


def test_groups_are_the_same_for_any_number_of_workers():
    ask = {"groups": 6, "group_size": 4, "selection_strength": 0.2, "mutation": 0.01, "steps": 500, "seed": 3}
    many = simulate_groups(ROCK + 2, **ask, replicates=5, workers=3)
    few = simulate_groups(ROCK + 2, **ask, replicates=2)
    assert np.array_equal(many.counts[:2], few.counts) and many.counts[0, 0].tolist() == [8, 8, 8]
    over = simulate_groups(GAME, groups=2, group_size=2, selection_strength=0.2, splitting=0.5, steps=3000, seed=1)
    assert over.absorbed_at[0] > 0 and sorted(over.fractions[0, -1]) == [0, 1]


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"groups": 0}, InputError, "groups"),
        ({"groups": 10**5, "group_size": 10**5}, InputError, "groups x group_size"),
        ({"group_size": 1}, InputError, "group_size"),
        ({"splitting": 0}, InputError, "splitting or migration"),
        ({"selection_strength": 1.5}, InputError, "positive fitness"),
        ({"selection_strength": 1e6, "fitness": "exponential"}, InputError, "within 300"),
        ({"fitness": "log"}, UnknownNameError, "linear"),
        ({"payoffs": np.eye(3)}, InputError, "mutant and resident"),
        ({"payoffs": PublicGoods(group_size=3, multiplier=2, cost=1)}, InputError, "groups of 3"),
    ],
)
def test_refusals_of_groups(change, error, words):
    question = {"payoffs": GAME, "groups": 3, "group_size": 3, "selection_strength": 0.5}
    with pytest.raises(error, match=words):
        fixation_in_groups(**(question | change))
    with pytest.raises(InputError, match="groups"):
        multilevel_critical_ratio(groups=2, group_size=5)
    with pytest.raises(InputError, match="start"):
        simulate_groups(GAME, groups=3, group_size=3, selection_strength=0.5, start=[1, 1])
