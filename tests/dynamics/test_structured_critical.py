"""Critical benefit-to-cost ratios by coalescence: closed forms, plain linear algebra, exact chains."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evocoop.core.errors import InputError, UnknownNameError
from evocoop.dynamics import (
    coalescence_times,
    complete,
    critical_benefit_to_cost,
    exact_fixation_on_graph,
    graph_from_edges,
    lattice,
    random_regular,
    ring,
    scale_free,
    small_world,
    star,
)
from evocoop.dynamics.structured.world import GRAPH_PROCESSES

RULES = tuple(GRAPH_PROCESSES)
WEIGHTED = graph_from_edges([(0, 1, 0.5), (1, 2, 2.0), (2, 3, 1.5), (3, 0), (0, 2, 0.3), (3, 4), (4, 5, 2.0)])


@pytest.mark.parametrize(
    ("graph", "degree"),
    [(ring(10), 2), (ring(30), 2), (lattice(5, 6), 4), (random_regular(60, 4, seed=1), 4), (complete(12), 11)],
    ids=lambda value: getattr(value, "name", ""),
)
def test_regular_graphs(graph, degree):
    """(N-2)/(N/k-2) under death-birth, Taylor, Day & Wild 2007; negative where N <= 2k."""
    n = graph.nodes
    assert critical_benefit_to_cost(graph) == pytest.approx((n - 2) / (n / degree - 2), rel=1e-10)
    imitation = (n * (degree + 2) - 2 * (degree + 1)) / (n - 2 * (degree + 1))
    assert critical_benefit_to_cost(graph, process="imitation") == pytest.approx(imitation, rel=1e-10)
    for process in ("birth_death", "pairwise"):
        assert critical_benefit_to_cost(graph, process=process) < 0


def test_the_rule_of_thumb_of_large_graphs():
    """b/c > k under death-birth and k + 2 under imitation (Ohtsuki, Hauert, Lieberman & Nowak 2006)."""
    graph = random_regular(250, 3, seed=1)
    assert critical_benefit_to_cost(graph) == pytest.approx(3, abs=0.1)
    assert critical_benefit_to_cost(graph, process="imitation") == pytest.approx(5, abs=0.2)


def test_two_stars_joined_at_their_hubs_support_cooperation_but_one_does_not():
    """Allen et al. 2017: no benefit suffices on a star; two joined at the hubs need 5/2 for many leaves."""
    leaves = 120
    first = [(0, leaf) for leaf in range(1, leaves + 1)]
    second = [(a + leaves + 1, b + leaves + 1) for a, b in first]
    joined = graph_from_edges([*first, *second, (0, leaves + 1)])
    assert critical_benefit_to_cost(joined) == pytest.approx(2.5, abs=0.016)
    assert critical_benefit_to_cost(star(20)) == np.inf


@pytest.mark.parametrize("process", RULES)
@pytest.mark.parametrize(
    "graph",
    [small_world(8, 4, 0.4, seed=1), scale_free(8, 2, seed=3), ring(8), lattice(3, 3), star(6), WEIGHTED],
    ids=lambda graph: graph.name,
)
def test_the_sign_of_weak_selection_in_the_exact_chain(graph, process):
    """The ratio is where the exact fixation probability over all 2^n states leaves 1/N: slopes by differences."""

    def slope(benefit, cost):
        game, w = [[benefit - cost, -cost], [benefit, 0.0]], 1e-4
        ask = {"graph": graph, "process": process, "fitness": "exponential"}
        high, low = (
            exact_fixation_on_graph(game if s > 0 else -np.array(game), selection_strength=w, **ask).probability
            for s in (1, -1)
        )
        return (high - low) / (2 * w)

    by_benefit, by_cost = slope(1.0, 0.0), slope(0.0, 1.0)
    expected = critical_benefit_to_cost(graph, process=process)
    if np.isinf(expected):
        assert abs(by_benefit) < 1e-6 * abs(by_cost)
    else:
        assert -by_cost / by_benefit == pytest.approx(expected, rel=1e-5)


@given(st.integers(5, 12), st.integers(0, 10**6), st.sampled_from(RULES))
@settings(max_examples=20, deadline=None)
def test_coalescence_times_equal_a_plain_solve(nodes, seed, process):
    """All pairs of nodes as unknowns of one linear system."""
    rng = np.random.default_rng(seed)
    plain = small_world(nodes, 4, 0.5, seed=seed)
    pairs = np.stack([plain.sources, plain.indices], axis=1)
    graph = graph_from_edges([(int(a), int(b), float(rng.uniform(0.1, 3))) for a, b in pairs if a < b])
    found = coalescence_times(graph, process=process)
    walk = found.walk - np.diag(np.diag(found.walk))
    lazy = np.diag(walk.sum(axis=1)) - walk
    system = (np.kron(lazy, np.eye(nodes)) + np.kron(np.eye(nodes), lazy)) / 2
    apart = ~np.eye(nodes, dtype=bool).ravel()
    times = np.zeros(nodes * nodes)
    times[apart] = np.linalg.solve(system[np.ix_(apart, apart)], np.ones(apart.sum()))
    assert found.times.ravel() == pytest.approx(times, rel=1e-9, abs=1e-9)
    assert found.values @ lazy == pytest.approx(np.zeros(nodes), abs=1e-12)
    assert (found.values**2 * found.remeeting).sum() == pytest.approx(1 / 1, rel=1e-9)


def test_death_birth_needs_only_times_along_walks():
    """(b/c)* = t_2/(t_3 - t_1), with t_n the mean time for the ends of an n-step walk (Allen et al. 2017)."""
    walk, found = WEIGHTED.matrix() / WEIGHTED.strengths[:, None], coalescence_times(WEIGHTED)
    heat = WEIGHTED.strengths / WEIGHTED.strengths.sum()
    t1, t2, t3 = (heat @ (np.linalg.matrix_power(walk, n) * found.times).sum(axis=1) for n in (1, 2, 3))
    assert critical_benefit_to_cost(WEIGHTED) == pytest.approx(t2 / (t3 - t1), rel=1e-11)


def test_scale_of_weights_does_not_matter_but_for_imitation():
    heavy = graph_from_edges(
        [
            (int(a), int(b), 3 * float(w))
            for a, b, w in zip(WEIGHTED.sources, WEIGHTED.indices, WEIGHTED.weights, strict=True)
            if a < b
        ]
    )
    for process in ("birth_death", "death_birth", "pairwise"):
        light = critical_benefit_to_cost(WEIGHTED, process=process)
        assert critical_benefit_to_cost(heavy, process=process) == pytest.approx(light, rel=1e-10)
    assert critical_benefit_to_cost(heavy, process="imitation") != pytest.approx(45.8068016404839, rel=1e-3)


def test_refusals():
    with pytest.raises(InputError, match="at most 5000"):
        critical_benefit_to_cost(ring(5001))
    with pytest.raises(UnknownNameError, match="pairwise"):
        critical_benefit_to_cost(ring(9), process="pairwize")
    with pytest.raises(InputError, match="must be a Graph"):
        coalescence_times([[0, 1], [1, 0]])
