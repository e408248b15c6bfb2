"""Graphs: their shapes, files and refusals."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evocoop.core.errors import InputError, UnknownNameError
from evocoop.dynamics import (
    complete,
    graph_by_name,
    graph_from_edges,
    lattice,
    random_regular,
    read_graph,
    ring,
    scale_free,
    small_world,
    star,
)
from evocoop.dynamics.structured.shapes import SHAPES


def check(graph):
    dense = graph.matrix()
    assert np.array_equal(dense, dense.T) and not dense.diagonal().any()
    assert graph.degrees.tolist() == (dense > 0).sum(axis=1).tolist()
    assert graph.strengths == pytest.approx(dense.sum(axis=1))
    assert graph.degrees.sum() == 2 * graph.edges == len(graph.weights)
    for node in range(graph.nodes):
        near = graph.indices[graph.indptr[node] : graph.indptr[node + 1]]
        assert (np.diff(near) > 0).all()
    assert np.linalg.matrix_rank(np.diag(dense.sum(axis=1)) - dense) == graph.nodes - 1  # it hangs together


@pytest.mark.parametrize(
    ("graph", "degrees"),
    [
        (ring(7), {2}),
        (ring(9, 4), {4}),
        (lattice(3, 5), {4}),
        (lattice(4, 4, 8), {8}),
        (lattice(3, 3, 8), {8}),
        (lattice(3, 4, periodic=False), {2, 3, 4}),
        (lattice(3, 4, 8, periodic=False), {3, 5, 8}),
        (complete(6), {5}),
        (star(5), {1, 5}),
        (random_regular(20, 3, seed=2), {3}),
        (random_regular(10, 7, seed=2), {7}),
        (random_regular(8, 6, seed=2), {6}),
        (random_regular(7, 6), {6}),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_shapes(graph, degrees):
    check(graph)
    assert set(graph.degrees.tolist()) == degrees
    assert graph.regular == (len(degrees) == 1)


@given(st.integers(6, 40), st.integers(0, 10**6), st.floats(0, 1))
@settings(max_examples=15, deadline=None)
def test_random_shapes(nodes, seed, rewiring):
    world = small_world(nodes, 4, rewiring, seed=seed)
    check(world)
    assert world.edges == 2 * nodes
    free = scale_free(nodes, 2, seed=seed)
    check(free)
    assert free.edges == 3 + 2 * (nodes - 3) and free.degrees.min() >= 2
    again = scale_free(nodes, 2, seed=seed)
    assert np.array_equal(free.indices, again.indices)


def test_without_rewiring_a_small_world_is_a_ring_and_with_it_distances_shrink():
    """Watts & Strogatz 1998: a few shortcuts suffice."""
    from scipy.sparse.csgraph import shortest_path

    plain, tied = small_world(200, 4, 0.0, seed=1), small_world(200, 4, 0.1, seed=1)
    assert np.array_equal(plain.matrix(), ring(200, 4).matrix())
    far, near = (shortest_path(graph.matrix(), unweighted=True).mean() for graph in (plain, tied))
    assert near < far / 3


def test_preferential_attachment_makes_hubs():
    """Barabási & Albert 1999: the largest degree grows as the square root of the number of nodes."""
    assert scale_free(2000, 2, seed=5).degrees.max() > 40
    assert random_regular(2000, 4, seed=5).degrees.max() == 4


def test_edges_with_names_and_weights(tmp_path):
    graph = graph_from_edges([("Ann", "Bo", 2.0), ("Bo", "Cy"), ("Cy", "Ann", 0.5)])
    check(graph)
    assert graph.labels == ("Ann", "Bo", "Cy") and graph.weighted and not graph.regular
    assert graph.strengths.tolist() == [2.5, 3.0, 1.5]
    file = tmp_path / "friends.csv"
    file.write_text("source,target,weight\n# all of them\nAnn, Bo, 2\nBo Cy\n\nCy\tAnn\t0.5  # weak\n")
    assert np.array_equal(read_graph(file).matrix(), graph.matrix()) and read_graph(file).name == "friends"
    file.write_text("2 0\n1 2\n")
    assert read_graph(file).degrees.tolist() == [1, 1, 2]


@pytest.mark.parametrize("shape", SHAPES)
def test_shapes_by_name(shape):
    graph = graph_by_name(shape, nodes=36, degree=4, seed=1)
    check(graph)
    assert graph.nodes == 36


def test_edges_as_an_experiment_file_gives_them():
    graph = graph_by_name("edges", nodes=3, edges=[[0.0, 1.0, 2.0], [1.0, 2.0, 0.5]])
    check(graph)
    assert graph.strengths.tolist() == [2.0, 2.5, 0.5]


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: graph_from_edges([(0, 1), (2, 3)]), "falls apart into 2 pieces"),
        (lambda: graph_from_edges([(0, 1)], nodes=3), "falls apart into 2 pieces"),
        (lambda: graph_from_edges([(0, 0), (0, 1)]), "two different nodes"),
        (lambda: graph_from_edges([(0, 1), (1, 0)]), "given twice"),
        (lambda: graph_from_edges([(0, 1, -1.0)]), "above 0"),
        (lambda: graph_from_edges([(0, 1, float("nan"))]), "edge weight"),
        (lambda: graph_from_edges([(0, 5)], nodes=3), "nodes 0 to 2"),
        (lambda: graph_from_edges([]), "at least one"),
        (lambda: graph_from_edges([(0, 1, 1, 1)]), "pairs"),
        (lambda: ring(5, 3), "even"),
        (lambda: ring(4, 4), "degree"),
        (lambda: lattice(2, 5), "rows"),
        (lambda: lattice(4, 4, 6), "4 or 8"),
        (lambda: complete(1), "nodes"),
        (lambda: complete(100_000), "edges"),
        (lambda: random_regular(5, 3), "even"),
        (lambda: small_world(10, 4, 1.5), "rewiring"),
        (lambda: scale_free(5, 5), "links"),
        (lambda: graph_by_name("lattice", nodes=13), "rows x columns"),
        (lambda: graph_by_name("scale_free", nodes=30, degree=3), "even"),
        (lambda: read_graph("nowhere.txt"), "cannot be read"),
        (lambda: graph_by_name("edges", nodes=3), "edges must be given"),
        (lambda: graph_by_name("ring", nodes=4, degree=2, edges=[[0, 1]]), "only then"),
        (lambda: graph_by_name("edges", nodes=4, edges=[[0, 1], [1, 2]]), "falls apart into 2 pieces"),
        (lambda: graph_by_name("edges", nodes=3, edges=[[0, 1.5], [1, 2]]), "numbered from 0"),
    ],
)
def test_refusals(make, words):
    with pytest.raises(InputError, match=words):
        make()


def test_refusals_name_the_line_and_the_nearest_shape(tmp_path):
    file = tmp_path / "bad.txt"
    file.write_text("a b\na b c d\n")
    with pytest.raises(InputError, match="line 2"):
        read_graph(file)
    file.write_text("a b heavy\n")
    with pytest.raises(InputError, match="'heavy'"):
        read_graph(file)
    file.write_text("# nothing\n")
    with pytest.raises(InputError, match="no edges"):
        read_graph(file)
    with pytest.raises(UnknownNameError, match="'lattice'"):
        graph_by_name("latice", nodes=9)
