"""Fixation on graphs: published figures, the theorem of isothermal graphs, exact against lumped against simulated."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evocoop.core.errors import InputError, UnknownNameError
from evocoop.dynamics import (
    complete,
    exact_fixation_on_graph,
    fixation_on_graph,
    fixation_on_star,
    fixation_probability,
    fixation_time,
    graph_from_edges,
    lattice,
    random_regular,
    ring,
    scale_free,
    small_world,
    star,
)
from evocoop.dynamics.structured import exact
from evocoop.dynamics.structured.world import GRAPH_PROCESSES
from evocoop.games import PublicGoods
from evocoop.games.payoffs import PayoffTable

RULES = tuple(GRAPH_PROCESSES)
GAME = [[1.0, 0.2], [1.3, 0.1]]
WEIGHTED = graph_from_edges([(0, 1, 0.5), (1, 2, 2.0), (2, 3, 1.5), (3, 0), (0, 2, 0.3), (3, 4), (4, 5, 2.0)])
MATRICES = st.lists(st.floats(0.125, 3, width=32), min_size=4, max_size=4).map(lambda x: np.reshape(x, (2, 2)))


@pytest.mark.parametrize(("leaves", "expected"), [(4, 0.252908760312), (10, 0.176936590632), (99, 0.170273850215)])
def test_a_star_amplifies_selection(leaves, expected):
    """Birth-death, r = 1.1 (Lieberman, Hauert & Nowak 2005; exact values of Broom & Rychtář 2008)."""
    assert fixation_on_star(leaves=leaves, fitness=1.1) == pytest.approx(expected, rel=5e-12)


def test_a_large_star_nears_the_square_of_fitness_and_death_birth_suppresses():
    approximate = (1 - 1.1**-2) / (1 - 1.1**-1000)
    assert fixation_on_star(leaves=499, fitness=1.1) == pytest.approx(approximate, rel=5e-3)
    assert fixation_on_star(leaves=99, fitness=1.1, process="death_birth") < 0.02


@pytest.mark.parametrize(
    "graph", [ring(10), complete(10), random_regular(10, 3, seed=1), lattice(3, 3)], ids=lambda g: g.name
)
def test_isothermal_graphs_equal_the_moran_process(graph):
    """Lieberman, Hauert & Nowak 2005: rho = (1 - 1/r)/(1 - r^-N), wherever the mutant arises."""
    found = exact_fixation_on_graph([[1.1, 1.1], [1, 1]], graph=graph, selection_strength=1, process="birth_death")
    moran = (1 - 1 / 1.1) / (1 - 1.1**-graph.nodes)
    assert found.probability == pytest.approx(moran, rel=1e-11)
    assert found.by_node == pytest.approx([moran] * graph.nodes, rel=1e-11)
    assert found.at_birth == pytest.approx(moran, rel=1e-11)


@pytest.mark.parametrize("process", ["death_birth", "pairwise"])
def test_the_complete_graph_is_the_well_mixed_population(process):
    """The same process where focal and model are distinct: probability and time."""
    ask = {"selection_strength": 0.8, "process": process, "mutant": 1, "resident": 0}
    found = exact_fixation_on_graph(GAME, graph=complete(15), **ask)
    assert found.method == "complete"
    assert found.probability == pytest.approx(fixation_probability(GAME, population_size=15, **ask), rel=1e-12)
    assert found.time == pytest.approx(fixation_time(GAME, population_size=15, **ask).unconditional, rel=1e-11)
    moran = fixation_probability(GAME, population_size=15, **(ask | {"process": "moran"}))
    birth = exact_fixation_on_graph(GAME, graph=complete(15), **(ask | {"process": "birth_death"}))
    assert birth.probability == pytest.approx(moran, rel=1e-12)


@pytest.mark.parametrize("process", RULES)
@pytest.mark.parametrize("graph", [ring(7), complete(6), star(5)], ids=lambda g: g.name)
def test_lumped_chains_equal_all_states(graph, process, monkeypatch):
    ask = {"graph": graph, "selection_strength": 0.7, "process": process}
    lumped = exact_fixation_on_graph(GAME, **ask)
    monkeypatch.setattr(exact, "shape_of", lambda graph: "states")
    whole = exact_fixation_on_graph(GAME, **ask)
    assert (lumped.method, whole.method) != ("states", lumped.method)
    assert lumped.by_node == pytest.approx(whole.by_node, rel=1e-11)
    assert lumped.time == pytest.approx(whole.time, rel=1e-11)
    assert lumped.at_birth == pytest.approx(whole.at_birth, rel=1e-11)


def test_cycles_however_they_are_numbered():
    order = [0, 3, 1, 5, 2, 4]
    mixed = graph_from_edges([(order[i], order[(i + 1) % 6]) for i in range(6)])
    for process in RULES:
        ask = {"selection_strength": 0.7, "process": process}
        found = exact_fixation_on_graph(GAME, graph=mixed, **ask)
        assert found.method == "cycle"
        assert found.probability == pytest.approx(
            exact_fixation_on_graph(GAME, graph=ring(6), **ask).probability, rel=1e-13
        )


def test_death_birth_on_a_cycle_by_hand():
    """Donation game on a cycle of N (Ohtsuki & Nowak 2006): an arc of k mutants grows or shrinks at its two borders.

    The neighbours of the node that dies compete: one of the other kind, and one of its own kind further in.
    """
    n, w, b, c = 30, 0.2, 3.0, 1.0
    fit = lambda payoff: 1 - w + w * payoff  # noqa: E731
    lonely, border, inner = fit(-c), fit(b / 2 - c), fit(b - c)  # mutants with 0, 1, 2 mutant neighbours
    far, near, last = fit(0.0), fit(b / 2), fit(b)  # residents with 0, 1, 2 mutant neighbours
    up = [lonely / (lonely + far), *[border / (border + far)] * (n - 4), border / (border + near), 0.5]
    down = [0.5, near / (near + border), *[near / (near + inner)] * (n - 4), last / (last + inner)]
    rho = 1 / (1 + np.cumprod(np.divide(down, up)).sum())
    found = exact_fixation_on_graph([[b - c, -c], [b, 0]], graph=ring(n), selection_strength=w)
    assert found.probability == pytest.approx(rho, rel=1e-12)


@pytest.mark.parametrize("process", RULES)
def test_neutral_mutants(process):
    """Under no selection mutants fixate with probability 1/N on average, whatever the graph and its weights."""
    for graph in (WEIGHTED, scale_free(9, 2, seed=1), star(30)):
        found = exact_fixation_on_graph(GAME, graph=graph, selection_strength=0, process=process)
        assert found.probability == pytest.approx(1 / graph.nodes, rel=1e-11)
    heat = exact_fixation_on_graph(GAME, graph=star(30), selection_strength=0, process="birth_death")
    assert heat.at_birth < heat.probability < 1 / 30  # offspring fall on the hub, from where they are soon replaced


def test_far_below_the_smallest_float():
    found = exact_fixation_on_graph([[0, 0], [1, 1]], graph=ring(300), selection_strength=20, process="pairwise")
    plain = fixation_probability([[0, 0], [1, 1]], population_size=300, selection_strength=20, log=True)
    assert found.probability == 0.0
    assert found.log_probability == pytest.approx(plain, rel=1e-12)
    assert found.log_probability < -5900


@given(MATRICES, st.sampled_from(RULES), st.integers(0, 50))
@settings(max_examples=20, deadline=None)
def test_names_of_nodes_and_strategies_do_not_matter(game, process, seed):
    graph = small_world(7, 4, 0.5, seed=seed)
    order = np.random.default_rng(seed).permutation(7)
    pairs = np.stack([graph.sources, graph.indices], axis=1)
    moved = graph_from_edges([tuple(order[pair].tolist()) for pair in pairs if pair[0] < pair[1]])
    ask = {"selection_strength": 0.6, "process": process}
    first = exact_fixation_on_graph(game, graph=graph, **ask)
    second = exact_fixation_on_graph(game[::-1, ::-1], graph=moved, **ask, mutant=1, resident=0)
    assert first.by_node == pytest.approx(second.by_node[order], rel=1e-9)


@pytest.mark.parametrize("process", RULES)
@pytest.mark.parametrize(
    ("game", "graph", "options"),
    [
        (GAME, small_world(10, 4, 0.3, seed=1), {}),
        (GAME, scale_free(8, 2, seed=1), {"total": True, "fitness": "exponential"}),
        (GAME, WEIGHTED, {}),
        (PublicGoods(group_size=5, multiplier=2.5, cost=0.5), lattice(3, 3), {}),
        (
            PublicGoods(group_size=5, multiplier=2.5, cost=0.5),
            scale_free(8, 2, seed=2),
            {"total": True, "fitness": "exponential"},
        ),
        (PublicGoods(group_size=3, multiplier=2.5, cost=0.5), lattice(3, 3), {"groups": "sampled"}),
    ],
    ids=["pairs", "totals", "weights", "hosted", "hosted of all sizes", "sampled"],
)
def test_simulated_equals_exact(game, graph, options, process):
    """Kernel against an independent vectorised chain: 5 standard errors of rho and of the time.

    48 comparisons, each a false alarm once in 1.7 million: 1 in 36,000 for the whole test.
    """
    ask = {"graph": graph, "selection_strength": 0.5, "process": process} | options
    truth = exact_fixation_on_graph(game, **ask)
    found = fixation_on_graph(game, **ask, replicates=4000, seed=7)
    assert found.censored == 0 and found.fixed + found.lost == 4000
    error = np.sqrt(truth.probability * (1 - truth.probability) / 4000)
    assert abs(found.probability - truth.probability) < 5 * error
    assert abs(found.time - truth.time) < 5 * found.time_error


def test_unfinished_runs_are_counted():
    ask = {"graph": lattice(5, 5), "selection_strength": 0.5, "replicates": 500, "seed": 2}
    found = fixation_on_graph([[1, 1], [1, 1]], **ask, max_steps=30)
    assert found.censored > 50 and found.fixed + found.lost + found.censored == 500
    assert found.interval[0] < 1 / 25 < found.interval[1] and found.standard_error > 0.01


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"graph": 5}, InputError, "must be a Graph"),
        ({"process": "death_berth"}, UnknownNameError, "did you mean 'death_birth'"),
        ({"fitness": "log"}, UnknownNameError, "linear"),
        ({"groups": "all"}, UnknownNameError, "hosted"),
        ({"selection_strength": -1}, InputError, "at least 0"),
        ({"selection_strength": 2}, InputError, r"\[0, 1\]"),
        ({"selection_strength": 1, "payoffs": [[0, 1], [1, 1]]}, InputError, "positive fitness"),
        ({"selection_strength": 1e6, "process": "pairwise"}, InputError, "stay within 300"),
        ({"payoffs": np.eye(3) + 1}, InputError, "mutant and resident"),
        ({"mutant": 0, "resident": 0}, InputError, "differ"),
        ({"graph": lattice(4, 4)}, InputError, "2\\^16 states"),
        ({"graph": ring(4000)}, InputError, "up to 3000"),
        ({"payoffs": PayoffTable(("C", "D"), np.ones((2, 3)), group_size=3)}, InputError, "degree 2"),
        ({"payoffs": PublicGoods(group_size=3, multiplier=2, cost=0.5)}, InputError, "groups='sampled'"),
        (
            {"payoffs": PublicGoods(group_size=6, multiplier=2, cost=0.5), "groups": "sampled"},
            InputError,
            "cannot be sampled",
        ),
        (
            {"payoffs": PublicGoods(group_size=3, multiplier=2, cost=0.5), "graph": WEIGHTED},
            InputError,
            "without weights",
        ),
    ],
)
def test_refusals(change, error, words):
    question = {"payoffs": GAME, "graph": lattice(3, 3), "selection_strength": 0.5}
    with pytest.raises(error, match=words):
        exact_fixation_on_graph(**(question | change))


def test_a_star_takes_payoffs_or_fitness():
    assert fixation_on_star(GAME, leaves=4, process="pairwise") == pytest.approx(
        exact_fixation_on_graph(GAME, graph=star(4), selection_strength=1, process="pairwise").probability
    )
    with pytest.raises(InputError, match="either"):
        fixation_on_star(leaves=4)
    with pytest.raises(InputError, match="fitness"):
        fixation_on_star(leaves=4, fitness=0)
