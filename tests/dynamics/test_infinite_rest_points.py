"""Rest points, stability, evolutionarily stable strategies and equilibria: published figures, judges, properties."""

import warnings
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evocoop.core.errors import InputError, UnknownNameError
from evocoop.dynamics import (
    evolutionarily_stable,
    nash_equilibria,
    nash_equilibria_two_populations,
    replicator,
    replicator_two_populations,
    rest_points,
    rest_points_two_populations,
    trajectory,
    velocities,
)
from evocoop.dynamics.infinite.enclosure import mixed_points
from evocoop.dynamics.infinite.roots import interior_roots
from evocoop.dynamics.infinite.setting import DYNAMICS, EQUALISING, NASH
from evocoop.games import CollectiveRiskDilemma, NPersonSnowdrift, NPersonStagHunt
from evocoop.games.payoffs import PayoffTable, compositions, count_compositions

COORDINATION = np.diag([1.0, 2.0, 3.0])
WHOLE = st.lists(st.integers(-4, 4), min_size=9, max_size=9).map(lambda row: np.reshape(row, (3, 3)).astype(float))


def rock_paper_scissors(win, lose):
    return np.array([[0, -lose, win], [win, 0, -lose], [-lose, win, 0.0]])


def inner(game, **options):
    return sorted(float(p.shares[0]) for p in rest_points(game, **options).points if 0 < p.shares[0] < 1)


def kinds(found):
    return {tuple(np.round(p.shares, 6).tolist()): p.stability for p in found.points}


def test_123_coordination_has_seven_rest_points():
    """Seven, the mixed ones at shares inverse to payoffs; only the corners attract."""
    found = rest_points(COORDINATION)
    assert found.complete
    assert kinds(found) == {
        (1, 0, 0): "stable",
        (0, 1, 0): "stable",
        (0, 0, 1): "stable",
        (0.666667, 0.333333, 0): "saddle",
        (0.75, 0, 0.25): "saddle",
        (0, 0.6, 0.4): "saddle",
        (0.545455, 0.272727, 0.181818): "unstable",
    }


@pytest.mark.parametrize(
    ("noise", "expected"),
    [
        (
            0.1,
            [
                (0, 0, 1),
                (2.06e-9, 0.99999999588, 2.06e-9),
                (3.134e-6, 0.608847703, 0.391149163),
                (0.593264956, 0.254270321, 0.152464723),
                (0.693500188, 0.305810859, 0.000688953),
                (0.781686691, 0.000316930, 0.217996379),
                (0.999909022, 0.000045478, 0.000045499),
            ],
        ),
        (
            0.5,
            [
                (0.002556097, 0.002569334, 0.994874569),
                (0.021964905, 0.953711192, 0.024323903),
                (0.054922795, 0.642206915, 0.30287029),
            ],
        ),
        (1.0, [(0.071024088, 0.077199593, 0.851776319)]),
    ],
)
def test_logit_on_123_coordination(noise, expected):
    """Fixed points of the logit response, computed from the equation with 40 digits."""
    proved = rest_points(COORDINATION, dynamic="logit", noise=noise)
    found = sorted(tuple(p.shares) for p in proved.points)
    assert proved.complete
    assert np.array(found) == pytest.approx(np.array(expected), abs=1.1e-9)


def test_eigenvalues_of_rock_paper_scissors():
    """Hofbauer & Sigmund 1998: -(a-b)/6 +- i (a+b)/(2 sqrt 3) at the centre; logit: -1 +- i/(sqrt 3 eta)."""
    for win, lose, kind in ((2, 1, "stable"), (1, 2, "unstable"), (1, 1, "neutral")):
        centre = rest_points(rock_paper_scissors(win, lose)).points[-1]
        assert centre.stability == kind
        assert centre.eigenvalues.real == pytest.approx(np.full(2, -(win - lose) / 6), abs=1e-12)
        assert abs(centre.eigenvalues.imag) == pytest.approx(np.full(2, (win + lose) / (2 * 3**0.5)), abs=1e-12)
    (one,) = rest_points(rock_paper_scissors(1, 1), dynamic="logit", noise=0.25).points
    assert one.eigenvalues.real == pytest.approx([-1, -1], abs=1e-6)
    assert abs(one.eigenvalues.imag) == pytest.approx(np.full(2, 1 / (3**0.5 * 0.25)), abs=1e-6)


@pytest.mark.parametrize(
    ("size", "threshold", "multiplier", "roots"),
    [
        (4, 2, 2, []),
        (4, 2, 3, []),
        (5, 3, 4, [0.412116223447, 0.81550624422]),
        (6, 3, 4.5, [0.388605597213, 0.632057890873]),
        (6, 3, 5, [0.334168761795, 0.722520144049]),
        (10, 5, 6, [0.444550313937, 0.559983861062]),
        (10, 5, 8, [0.346798022721, 0.706795369432]),
        (20, 10, 12, [0.401490359029, 0.616876455161]),
        (10, 5, 12, [0.281208918663]),
        (10, 10, 8, [0.793700525984]),
        (2, 2, 3, [1 / 3]),
        (3, 2, 2.5, [0.455848, 0.877485]),
    ],
)
def test_n_person_stag_hunt(size, threshold, multiplier, roots):
    """Pacheco, Santos, Souza & Skyrms 2009, table 2 and the roots of its equation; outer regimes are told apart."""
    game = NPersonStagHunt(group_size=size, threshold=threshold, multiplier=float(multiplier), cost=1.0)
    found = rest_points(game)
    assert found.complete
    assert inner(game) == pytest.approx(roots, abs=1e-6 if size < 4 else 1e-12)
    assert found.points[1].stability == "stable", "nobody hunting is always stable"
    assert found.points[0].stability == ("stable" if multiplier > size or threshold == size else "unstable")
    assert [p.stability for p in found.points[2:]] == ["unstable", "stable"][: len(roots)]


@pytest.mark.parametrize(
    ("size", "threshold", "critical"),
    [(4, 2, 3.2), (5, 3, 3.30687830688), (6, 3, 4.17391304348), (10, 5, 5.77878103837), (20, 15, 5.71364649054)],
)
def test_critical_multiplier(size, threshold, critical):
    for side, count in ((-1e-9, 0), (1e-9, 2)):
        game = NPersonStagHunt(group_size=size, threshold=threshold, multiplier=critical + side, cost=1.0)
        assert len(inner(game)) == count


@pytest.mark.parametrize(
    ("size", "threshold", "risk", "roots"),
    [
        (6, 3, 0.2, []),
        (6, 3, 0.3, [0.342266628076, 0.459652398828]),
        (6, 3, 0.7, [0.153452507047, 0.688937726727]),
        (6, 3, 0.9, [0.129867569277, 0.722988124522]),
        (6, 3, 1.0, [0.121433333578, 0.735618092318]),
        (4, 2, 0.5, [0.078510547023, 0.688921957892]),
    ],
)
def test_collective_risk(size, threshold, risk, roots):
    """Santos & Pacheco 2011, PNAS 108:10421, contribution 0.1."""
    game = CollectiveRiskDilemma(group_size=size, threshold=threshold, risk=risk, contribution=0.1)
    assert inner(game) == pytest.approx(roots, abs=1e-12)


@pytest.mark.parametrize(
    ("size", "threshold", "ratio", "roots"),
    [
        (2, 1, 0.1, [0.9474]),
        (2, 1, 0.8, [0.3333]),
        (5, 1, 0.3, [0.3864]),
        (10, 1, 0.5, [0.1281]),
        (5, 3, 0.5, [0.210154, 0.830627]),
        (5, 2, 0.3, [0.042581, 0.684656]),
    ],
)
def test_n_person_snowdrift(size, threshold, ratio, roots):
    """Souza, Pacheco & Santos 2009, J Theor Biol 260:581; for two players 1 - r/(2-r)."""
    game = NPersonSnowdrift(group_size=size, threshold=threshold, benefit=1.0, cost=ratio)
    assert inner(game) == pytest.approx(roots, abs=5.1e-5 if len(roots) == 1 else 6e-7)


@settings(max_examples=60, deadline=None)
@given(st.sets(st.integers(1, 9), min_size=1, max_size=6), st.booleans())
def test_every_root_of_a_product_is_found(tenths, flipped):
    """A polynomial built from its roots."""
    roots = sorted(tenth / 10 for tenth in tenths)
    found, simple = interior_roots([(-1) ** flipped * value for value in bernstein(roots)])
    assert simple
    assert found == pytest.approx(roots, abs=1e-8)


def bernstein(roots):
    rising, degree = np.poly(roots)[::-1], len(roots)
    return [sum(comb(k, j) / comb(degree, j) * rising[j] for j in range(k + 1)) for k in range(degree + 1)]


def test_roots_of_higher_order_are_told():
    """(1-2x)^2, (3x-1)^2, 3 (x-1/4)^2 (x-3/4) and (2x-1)^3, all exact in Bernstein form."""
    assert interior_roots([1, -1, 1]) == ([0.5], False)
    assert interior_roots([1, -2, 4]) == ([1 / 3], False)
    assert interior_roots([-0.140625, 0.296875, -0.515625, 0.421875]) == ([0.25, 0.75], False)
    assert interior_roots([-1, 1, -1, 1]) == ([0.5], False)


def test_touching_roots_are_half_stable():
    """Gains 1, -1, 1: the gain is (1-2x)^2, never negative."""
    table = PayoffTable(("A", "B"), [[1, -1, 1], [0, 0, 0]], group_size=3)
    found = rest_points(table)
    assert found.complete
    assert kinds(found) == {(1, 0): "stable", (0, 1): "unstable", (0.5, 0.5): "saddle"}
    assert found.points[2].equilibrium == "Nash"


def test_many_roots_up_to_the_bound_of_groups():
    """Gokhale & Traulsen 2010: at most N-1 inner rest points for two strategies; gains of alternating sign reach it."""
    size = 8
    roots = (np.arange(1, size) / size).tolist()
    table = PayoffTable(("A", "B"), [bernstein(roots)[::-1], [0.0] * size], group_size=size)
    assert inner(table) == pytest.approx(roots, abs=1e-9)
    assert [p.stability for p in rest_points(table).points[2:]] == ["unstable", "stable"] * 3 + ["unstable"]


@settings(max_examples=40, deadline=None)
@given(WHOLE)
def test_rest_points_rest_and_are_symmetric_in_names(matrix):
    found = rest_points(matrix)
    for point in found.points:
        assert velocities(matrix, [point.shares]) == pytest.approx(np.zeros((1, 3)), abs=1e-12)
    shifted = rest_points(matrix + np.array([1.0, -2.0, 5.0]))
    assert kinds(shifted) == kinds(found)
    order = [2, 0, 1]
    swapped = kinds(rest_points(matrix[np.ix_(order, order)]))
    isolated = {tuple(np.round(p.shares[order], 6)): p.stability for p in found.points if not p.dimension}
    assert isolated.items() <= swapped.items()


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6))
def test_no_rest_point_is_missed(seed):
    """Paths of a random game, or of a random game in groups of three, end at points that are listed, or go on."""
    random = np.random.default_rng(seed)
    for size in (2, 3):
        table = PayoffTable(("a", "b", "c"), random.normal(size=(3, count_compositions(size - 1, 3))), group_size=size)
        found = rest_points(table)
        assert found.complete
        for end in replicator(table, starts=8, times=[0, 400], tolerance=1e-10, seed=seed).final:
            if np.abs(velocities(table, [end])).max() < 1e-12:
                assert min(np.abs(point.shares - end).max() for point in found.points) < 1e-6


def test_mixtures_of_groups_up_to_the_bound():
    """A game in groups of three whose gains factor into lines: all (N-1)^(n-1) = 4 mixtures are enclosed.

    f_1 - f_3 = (x1-0.2)(x1-0.4), f_2 - f_3 = (x2-0.2)(x2-0.4), f_3 = 0.
    """

    def coefficients(position):
        groups = [(2, 0, 0), (1, 1, 0), (1, 0, 1), (0, 2, 0), (0, 1, 1), (0, 0, 2)]
        polar = lambda a, b: a * b - 0.3 * (a + b) + 0.08  # noqa: E731
        rows = {2: (1, 1), 1: (1, 0), 0: (0, 0)}
        return [polar(*rows[group[position]]) for group in groups]

    values = np.array([coefficients(0), coefficients(1), [0.0] * 6])
    points, proved = mixed_points(values, 3)
    assert proved
    assert sorted((round(x, 9), round(y, 9)) for x, y, _ in points) == [(0.2, 0.2), (0.2, 0.4), (0.4, 0.2), (0.4, 0.4)]


def test_enclosure_agrees_with_fractions():
    for seed in range(30):
        matrix = np.random.default_rng(seed).normal(size=(3, 3))
        points, proved = mixed_points(matrix, 2)
        exact = [p.shares for p in rest_points(matrix).points if p.shares.min() > 0]
        assert proved and len(points) == len(exact)
        assert all(np.allclose(a, b, atol=1e-9) for a, b in zip(points, exact, strict=True))


def test_components_are_reported():
    flat = rest_points(np.ones((3, 3)))
    assert flat.complete and [p.dimension for p in flat.points] == [0, 0, 0, 1, 1, 1, 2]
    assert {p.stability for p in flat.points} == {"neutral"}
    twins = rest_points([[1, 1, 0], [1, 1, 0], [0, 0, 0.5]])
    assert [p.dimension for p in twins.points] == [0, 0, 0, 1, 0, 0, 1]
    assert rest_points(PayoffTable(("A", "B"), np.zeros((2, 4)), group_size=4)).points[2].dimension == 1


def test_components_of_groups_are_reported_once():
    """Groups of three in which nothing matters, and in which two strategies of three are alike."""
    flat = rest_points(PayoffTable(tuple("abc"), np.ones((3, 6)), group_size=3))
    assert [p.dimension for p in flat.points] == [0, 0, 0, 1, 1, 1, 2] and not flat.complete
    alone = [3.0, 0.5, -1.0]
    values = [[alone[row[2]] for row in compositions(2, 3).tolist()]] * 2 + [[1.0] * 6]
    twins = rest_points(PayoffTable(tuple("abc"), values, group_size=3))
    (line,) = [p for p in twins.points if p.shares.min() > 0]
    edges = sorted(
        float(p.shares[2]) for p in twins.points if p.shares[2] > 0 and p.shares.min() == 0 and not p.dimension
    )
    assert line.dimension == 1 and line.shares[2] == pytest.approx(edges[0], abs=1e-9)


def test_part_of_a_component_may_be_in_equilibrium():
    """Strategies 1 and 2 always tie; against more than one half of 2, strategy 3 does better than both."""
    game = [[1, 1, 0], [1, 1, 0], [0, 2, 0]]
    edge = next(p for p in nash_equilibria(game) if p.dimension and p.shares[2] == 0)
    assert 0 < edge.shares[1] < 0.5


@pytest.mark.parametrize("dynamic", EQUALISING)
def test_equalising_dynamics_share_their_rest_points(dynamic):
    assert kinds(rest_points(COORDINATION + 1, dynamic=dynamic)) == kinds(rest_points(COORDINATION))


def test_choosy_imitators_are_as_stable_as_the_replicator():
    """Small noise makes some eigenvalues 1e8 times larger than others; their signs are the replicator's."""
    for seed in range(6):
        table = PayoffTable(tuple("abcd"), np.random.default_rng(seed).uniform(1, 3, (4, 10)), group_size=3)
        expected = kinds(rest_points(table))
        for dynamic in EQUALISING:
            assert kinds(rest_points(table, dynamic=dynamic, noise=0.05)) == expected


@pytest.mark.parametrize("dynamic", NASH)
def test_nash_dynamics_rest_at_equilibria(dynamic):
    """Sandholm 2010. Rock-paper-scissors: good, standard and bad (Hofbauer & Sandholm 2009: zero-sum games attract)."""
    assert [p.shares.tolist() for p in rest_points([[4, 0], [3, 3]], dynamic=dynamic).points] == [
        [1, 0], [0, 1], [0.75, 0.25],
    ]  # fmt: skip
    assert [p.shares.tolist() for p in rest_points([[3, 0], [5, 1]], dynamic=dynamic).points] == [[0, 1]]
    standard = "neutral" if dynamic == "projection" else "stable"
    for win, lose, kind in ((2, 1, "stable"), (1, 1, standard), (1, 2, "unstable")):
        (only,) = rest_points(rock_paper_scissors(win, lose), dynamic=dynamic).points
        assert only.stability == kind


def test_evolutionarily_stable_strategies():
    """Maynard Smith & Price 1973 (hawks and doves), Haigh 1975, and a game with two of them, one mixed."""
    (mixed,) = evolutionarily_stable([[-1, 2], [0, 1]])
    assert mixed.shares.tolist() == [0.5, 0.5] and mixed.equilibrium == "ESS"
    assert [p.equilibrium for p in evolutionarily_stable(rock_paper_scissors(1, 1))] == ["NSS"]
    assert [p.equilibrium for p in evolutionarily_stable(rock_paper_scissors(2, 1))] == ["ESS"]
    assert evolutionarily_stable(rock_paper_scissors(1, 2)) == ()
    found = evolutionarily_stable([[-1, 2, -5], [0, 1, -5], [-3, -3, 1]])
    assert sorted(tuple(p.shares) for p in found) == [(0, 0, 1), (0.5, 0.5, 0)]


def test_stable_without_being_evolutionarily_stable():
    """Taylor & Jonker 1978: an attractor of the replicator need not be an ESS."""
    game = [[2, 1, 5], [5, 1, 0], [1, 4, 3]]
    centre = next(p for p in rest_points(game).points if p.shares.min() > 0)
    assert centre.shares == pytest.approx(np.array([15, 11, 9]) / 35)
    assert (centre.stability, centre.equilibrium) == ("stable", "Nash")


def test_groups_have_stable_strategies_too():
    found = evolutionarily_stable(NPersonStagHunt(group_size=5, threshold=3, multiplier=4.0, cost=1.0))
    assert [p.shares[0] for p in found] == pytest.approx([0, 0.81550624422])


def test_symmetric_equilibria_against_nashpy():
    nashpy = pytest.importorskip("nashpy")
    for seed in range(12):
        matrix = np.random.default_rng(seed).normal(size=(3, 3))
        theirs = [x for x, y in nashpy.Game(matrix, matrix.T).vertex_enumeration() if np.allclose(x, y, atol=1e-6)]
        ours = [p.shares for p in nash_equilibria(matrix)]
        assert len(ours) == len(theirs)
        assert all(min(np.abs(x - y).max() for y in theirs) < 1e-6 for x in ours)


def test_two_populations_against_nashpy():
    nashpy = pytest.importorskip("nashpy")
    for seed in range(12):
        random = np.random.default_rng(seed)
        shape = tuple(random.integers(2, 4, 2))
        a, b = random.normal(size=shape), random.normal(size=shape)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            theirs = list(nashpy.Game(a, b).vertex_enumeration())
        ours = nash_equilibria_two_populations(a, b)
        assert ours.complete and len(ours.points) == len(theirs) and len(theirs) % 2
        for p in ours.points:
            assert min(np.abs(p.row - x).max() + np.abs(p.column - y).max() for x, y in theirs) < 1e-6


def test_two_populations():
    """Battle of the sexes; matching pennies conserves x(1-x)y(1-y) (Hofbauer & Sigmund 1998, chapter 10)."""
    sexes = rest_points_two_populations([[2, 0], [0, 1]], [[1, 0], [0, 2]])
    assert sexes.complete and sorted(p.stability for p in sexes.points) == [
        "saddle",
        "stable",
        "stable",
        "unstable",
        "unstable",
    ]
    pennies = np.array([[1.0, -1], [-1, 1]])
    path = replicator_two_populations(pennies, -pennies, start=([0.6, 0.4], [0.5, 0.5]), time=500)
    held = path.rows.prod(axis=2) * path.columns.prod(axis=2)
    assert held == pytest.approx(np.full((1, 201), 0.06), rel=1e-9)
    centre = rest_points_two_populations(pennies, -pennies).points[-1]
    assert centre.nash and centre.eigenvalues == pytest.approx(np.array([1j, -1j]), abs=1e-12)


def test_symmetric_play_of_two_populations_is_one_population():
    """From the same shares on both sides of a symmetric game every dynamic runs as in one population."""
    game = np.random.default_rng(8).normal(size=(3, 3)) + 5
    for dynamic in set(DYNAMICS) - {"replicator_mutator", "best_response", "projection"}:
        both = replicator_two_populations(
            game, game.T, dynamic=dynamic, start=([0.2, 0.3, 0.5], [0.2, 0.3, 0.5]), time=3
        )
        assert both.rows == pytest.approx(both.columns, abs=1e-9)
        alone = trajectory(game, dynamic=dynamic, start=[0.2, 0.3, 0.5], time=3)
        assert both.rows == pytest.approx(alone.shares, abs=1e-9), dynamic


def test_refusals():
    with pytest.raises(UnknownNameError, match="did you mean 'logit'"):
        rest_points(COORDINATION, dynamic="logits")
    with pytest.raises(InputError, match="supports"):
        rest_points(np.eye(13))
    with pytest.raises(InputError, match="one shape"):
        rest_points_two_populations([[1, 2]], [[1], [2]])
    with pytest.raises(InputError, match="finite"):
        rest_points_two_populations([[1, float("nan")]], [[1, 2]])
    with pytest.raises(InputError, match="pair"):
        replicator_two_populations([[1, 2]], [[1, 2]], start=[1.0])
    with pytest.raises(UnknownNameError):
        replicator_two_populations([[1, 2]], [[1, 2]], dynamic="replicator_mutator")
    with pytest.raises(InputError, match="16 in all"):
        rest_points_two_populations(np.ones((9, 9)), np.ones((9, 9)))
