"""Networks that change: fast linking in closed form, and finite speeds against enumeration and published phases."""

from dataclasses import replace

import numpy as np
import pytest

from evocoop.core.errors import InputError
from evocoop.core.jit import PLAIN
from evocoop.core.streams import stream
from evocoop.dynamics import (
    complete,
    dynamic_network,
    fixation_probability,
    graph_from_edges,
    random_regular,
    rest_points,
    ring,
    simulate_rewiring,
    star,
    stationary_distribution,
)
from evocoop.dynamics.structured import rewiring_kernels as kernels
from evocoop.games import ActiveLinking, PublicGoods, active_linking
from evocoop.games.payoffs import PayoffTable

HARD = [[1.0, -1.0], [2.0, 0.0]]


def laid(edges, nodes):
    """Return the ties of a list of edges."""
    ends = np.array(edges, dtype=np.int64)
    whole = [np.zeros(size, dtype=np.int64) for size in (8 * len(ends) + 4 * nodes, nodes, nodes, nodes, 1)]
    ties = kernels.Ties(ends, np.zeros_like(ends), *whole)
    kernels.lay(ties)
    return ties


def neighbours(edges, node):
    return sorted(int(a + b - node) for a, b in edges if node in (a, b))


def test_fast_links_leave_the_payoffs_of_the_paper():
    """phi = a_i a_j / (a_i a_j + k_ij), Pacheco, Traulsen & Nowak 2006; standard errors shrink with the payoffs."""
    table = PayoffTable(("C", "D"), HARD, np.full((2, 2), 0.3), cooperation=np.array([1.0, 0.0]))
    found = active_linking(table, making=[2.0, 0.5], breaking=[[1, 3], [3, 0.25]])
    there = np.array([[4 / 5, 1 / 4], [1 / 4, 1 / 2]])
    assert found.values == pytest.approx(np.array(HARD) * there)
    assert found.standard_errors == pytest.approx(0.3 * there) and found.self_cooperation().tolist() == [1, 0]
    three = active_linking(np.ones((3, 3)), breaking=[[0, 1, 2], [1, 3, 4], [2, 4, 5]])
    assert three.values == pytest.approx(1 / (1 + np.array([[0, 1, 2], [1, 3, 4], [2, 4, 5]])))
    assert active_linking(HARD, breaking=0).values.tolist() == HARD


def test_a_dilemma_becomes_a_stag_hunt_where_the_exploited_leave():
    game = ActiveLinking(temptation=1.5, sucker=-0.5, making=0.7, breaking_cc=0.2, breaking_dd=2)
    critical = game.critical_breaking
    assert critical == pytest.approx(1.5 * (0.49 + 0.2) - 0.49)
    for rate, kept in ((critical - 1e-6, False), (critical + 1e-6, True)):
        matrix = replace(game, breaking_cd=rate).matrix
        assert (matrix[0, 0] > matrix[1, 0]) == kept
        found = {point.shares[0]: point.stability for point in rest_points(matrix).points}
        assert (found[1.0] == "stable") == kept and found[0.0] == "stable"
    assert np.isnan(ActiveLinking(reward=0, temptation=1).critical_breaking)


def test_every_other_dynamic_takes_linked_payoffs():
    table = active_linking(HARD, making=1, breaking=[[0.1, 5], [5, 1]])
    ask = {"population_size": 20, "selection_strength": 1.0, "mutant": 0, "resident": 1}
    assert fixation_probability(table, **ask) > 100 * fixation_probability(HARD, **ask)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"breaking": [[1, 2], [3, 1]]}, "symmetric"),
        ({"breaking": [1, 2]}, r"shape \(2, 2\)"),
        ({"breaking": -1}, "at least 0"),
        ({"breaking": "x"}, "numbers"),
        ({"making": [1, 2, 3]}, r"shape \(2,\)"),
        ({"making": 0, "breaking": 0}, "above 0 for links of 0-0"),
        ({"payoffs": PublicGoods(group_size=3)}, "groups of 3"),
    ],
)
def test_refusals_of_fast_linking(change, words):
    with pytest.raises(InputError, match=words):
        active_linking(**({"payoffs": HARD, "breaking": 1.0} | change))
    with pytest.raises(InputError, match="making"):
        ActiveLinking(making=0)


def test_links_that_move_stay_in_order():
    """After many moves, with blocks that outgrow the pool, neighbours equal those of the bare list of ends."""
    rng, nodes = np.random.default_rng(1), 30
    graph = random_regular(nodes, 4, seed=1)
    ties = laid([(a, b) for a, b in zip(graph.sources, graph.indices, strict=True) if a < b], nodes)
    hub = 0
    for move in range(4000):
        hub = move // 400
        link, side = int(rng.integers(len(ties.ends))), int(rng.integers(2))
        old, kept = ties.ends[link, side], ties.ends[link, 1 - side]
        to = hub if rng.random() < 0.5 else int(rng.integers(nodes))
        if to in (old, kept) or to in neighbours(ties.ends, kept) or ties.degree[old] == 1:
            continue
        kernels.lead(ties, link, side, to)
        if move % 50 == 0:
            for node in range(nodes):
                near = [kernels.across(ties, node, place) for place in range(ties.degree[node])]
                assert sorted(near) == neighbours(ties.ends, node)
    assert ties.degree.sum() == graph.nodes * 4 and ties.degree.max() > 15


SMALL = [(0, 1), (0, 2), (1, 2), (2, 3), (3, 4), (1, 4), (4, 5)]
STATE = np.array([0, 1, 0, 1, 1, 0])


def looked_at(total, adverse, strength):
    """Return what one look at a random link may lead to and with what probability, by the words of the paper."""
    edges, found = [tuple(edge) for edge in SMALL], {}
    pay = [sum(HARD[STATE[node]][STATE[other]] for other in neighbours(SMALL, node)) for node in range(6)]
    pay = [p if total else p / len(neighbours(SMALL, node)) for node, p in enumerate(pay)]
    for place, (a, b) in enumerate(edges):
        first = 1 / (1 + np.exp(-strength * (pay[a] - pay[b])))
        for mover, left, chance in ((a, b, first), (b, a, 1 - first)):
            near = neighbours(SMALL, left)
            free = [other for other in near if other != mover and other not in neighbours(SMALL, mover)]
            stays = not adverse[STATE[mover]][STATE[left]] or len(near) == 1 or not free
            for to in [None] if stays else free:
                new = edges if to is None else [*edges[:place], (mover, to), *edges[place + 1 :]]
                key = tuple(sorted(tuple(sorted(edge)) for edge in new))
                found[key] = found.get(key, 0) + chance / len(edges) / (1 if to is None else len(free))
    return found


@pytest.mark.parametrize(("total", "adverse"), [(True, [[0, 1], [0, 1]]), (False, [[1, 0], [1, 1]])])
def test_a_look_at_a_link_by_enumeration(total, adverse):
    """Frequencies of all outcomes of 20,000 looks: chi-square with a false alarm once in 10,000."""
    from scipy.stats import chi2

    expected, runs = looked_at(total, adverse, 0.7), 20_000
    choice = kernels.Choice(np.array(HARD), np.array(adverse), 0.7, 1.0, 0.0, total)
    draws, seen = stream(5, 0, 0, 0), dict.fromkeys(expected, 0)
    ties, marks, counts = laid(SMALL, 6), np.zeros(6, dtype=np.int64), np.zeros(2, dtype=np.int64)
    near = np.zeros((6, 2), dtype=np.int64)
    kernels.settle(ties, STATE, near, counts)
    start = near.copy()
    for _ in range(runs):
        kernels.reconsider(ties, choice, STATE, near, marks, draws)
        key = tuple(sorted(tuple(sorted(edge)) for edge in ties.ends.tolist()))
        seen[key] += 1
        if not np.array_equal(near, start):
            again = np.zeros_like(near)
            kernels.settle(ties, STATE, again, counts)
            assert np.array_equal(near, again) and not marks.any()
            ties.ends[:], near[:] = SMALL, start
            kernels.lay(ties)
    assert sum(expected.values()) == pytest.approx(1) and len(expected) > 5
    score = sum((seen[key] - runs * p) ** 2 / (runs * p) for key, p in expected.items())
    assert score < chi2.isf(1e-4, len(expected) - 1)


@pytest.mark.parametrize("total", [True, False])
def test_a_fixed_complete_network_is_a_well_mixed_population(total):
    """W = 0: the exact chain of pairwise comparison; 5 standard errors of 30 runs, a false alarm in 40,000."""
    ask = {"selection_strength": 0.3, "mutation": 0.05}
    exact = stationary_distribution(
        HARD, population_size=10, **ask | {"selection_strength": 0.3 * (9 if total else 1)}, process="pairwise"
    )
    found = simulate_rewiring(
        HARD, graph=complete(10), rewiring_speed=0, **ask, total=total, steps=20_000, burn_in=500, replicates=30, seed=3
    )
    assert abs(found.shares[0] - exact.shares[0]) < 5 * found.standard_errors[0] < 0.05
    assert (found.variances == 0).all() and (found.largest == 9).all() and (found.pieces == 1).all()


def test_the_published_phases():
    """T = 2, S = -1: slow rewiring is lost to defectors, fast rewiring to cooperators, and the network turns uneven.

    Santos, Pacheco & Lenaerts 2006, at 300 nodes of degree 30 (there 1000): below and above the critical W of about 4.
    Had the outcome an even chance in each run, all 12 would agree once in 2000.
    """
    graph = random_regular(300, 30, seed=1)
    ask = {"graph": graph, "selection_strength": 0.005, "steps": 300_000, "replicates": 12}
    fixed, slow, fast = (simulate_rewiring(HARD, **ask, rewiring_speed=speed, seed=2) for speed in (0, 1, 10))
    for found, winner in ((fixed, 1), (slow, 1), (fast, 0)):
        assert (found.absorbed_at > 0).all() and (found.counts[:, -1, winner] == 300).all()
        assert (found.variances[:, 0] == 0).all()
    assert (fixed.variances == 0).all() and (fast.variances.max(axis=1) > 50).all()
    assert slow.largest.max() > 45 and (fast.unlike[:, -1] == 0).all()


def test_links_are_kept_and_nobody_is_alone():
    found = simulate_rewiring(
        HARD, graph=star(12), selection_strength=0.2, rewiring_speed=3, mutation=0.05, steps=5000, replicates=3, seed=1
    )
    for ends, state in zip(found.links, found.final, strict=True):
        pairs = {tuple(sorted(pair)) for pair in ends.tolist()}
        assert len(pairs) == 12 and all(a != b for a, b in pairs)
        degrees = np.bincount(ends.ravel(), minlength=13)
        assert degrees.min() >= 1 and state.shape == (13,)
    assert found.pieces.shape == (3,) and found.pieces.min() >= 1
    degrees = np.stack([np.bincount(ends.ravel(), minlength=13) for ends in found.links])
    assert found.variances[:, -1] == pytest.approx(degrees.var(axis=1))
    assert found.largest[:, -1].tolist() == degrees.max(axis=1).tolist()
    for run in range(3):
        met = found.final[run][found.links[run]]
        assert found.unlike[run, -1] == pytest.approx((met[:, 0] != met[:, 1]).mean())
        for strategy in range(2):
            mine = degrees[run][found.final[run] == strategy]
            assert not len(mine) or found.mean_degrees[run, -1, strategy] == pytest.approx(mine.mean())
    assert found.counts[:, -1].tolist() == [np.bincount(state, minlength=2).tolist() for state in found.final]


def test_three_strategies_and_chosen_aversions():
    """Who may be left by nobody is left by nobody; where all are satisfied the network stands still."""
    rock = np.array([[0.0, -1, 1], [1, 0, -1], [-1, 1, 0]])
    ask = {"graph": ring(30, 4), "selection_strength": 0.1, "rewiring_speed": 2, "mutation": 0.02, "steps": 3000}
    still = simulate_rewiring(rock, **ask, adverse=np.zeros((3, 3)), seed=1)
    moved = simulate_rewiring(rock, **ask, seed=1)
    assert (still.variances == 0).all() and (moved.variances[0, 1:] > 0).any()
    assert moved.counts.sum(axis=-1).tolist() == [[30] * 101]


@pytest.mark.skipif(PLAIN, reason="kernels are plain Python already")
def test_compiled_and_plain_runs_are_the_same(monkeypatch):
    ask = {"graph": star(7), "selection_strength": 0.4, "rewiring_speed": 2.0, "mutation": 0.05, "steps": 300}
    compiled = simulate_rewiring(HARD, **ask, seed=4)
    for name, value in vars(kernels).copy().items():
        if hasattr(value, "py_func"):
            monkeypatch.setattr(kernels, name, value.py_func)
    plain = simulate_rewiring(HARD, **ask, seed=4)
    assert np.array_equal(compiled.counts, plain.counts) and np.array_equal(compiled.links, plain.links)
    assert compiled.shares.tolist() == plain.shares.tolist()


def test_same_bits_for_any_number_of_workers_and_replicates():
    ask = {"graph": ring(20, 4), "selection_strength": 0.3, "rewiring_speed": 1, "mutation": 0.01, "steps": 2000}
    many = simulate_rewiring(HARD, **ask, replicates=5, workers=3, seed=9)
    few = simulate_rewiring(HARD, **ask, replicates=2, seed=9)
    assert np.array_equal(many.counts[:2], few.counts) and np.array_equal(many.links[:2], few.links)
    assert not np.array_equal(many.counts[0], many.counts[1]) and many.fractions.sum(axis=-1) == pytest.approx(1)


def test_a_named_network():
    found = dynamic_network(
        HARD, graph="small_world", nodes=20, selection_strength=0.2, rewiring_speed=1, mutation=0.05, steps=3000, seed=3
    )
    assert found.graph.nodes == 20 and found.shares.sum() == pytest.approx(1)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"rewiring_speed": -1}, "rewiring_speed"),
        ({"rewiring_speed": 1e9}, "rewiring_speed"),
        ({"adverse": [[0, 2], [0, 1]]}, "0 and 1"),
        ({"adverse": [[0, 1]]}, "2 by 2"),
        ({"adverse": "cheats"}, "0 and 1"),
        ({"payoffs": PublicGoods(group_size=5)}, "groups of 5"),
        ({"graph": graph_from_edges([(0, 1, 2.0), (1, 2)])}, "without"),
        ({"graph": "ring"}, "Graph"),
        ({"start": [1, 2]}, "add up to 9 nodes"),
        ({"steps": 0}, "steps"),
        ({"replicates": 10**7}, "fewer replicates"),
        ({"mutation": 2}, "mutation"),
    ],
)
def test_refusals(change, words):
    question = {"payoffs": HARD, "graph": ring(9), "selection_strength": 0.5, "rewiring_speed": 1.0}
    with pytest.raises(InputError, match=words):
        simulate_rewiring(**(question | change))
