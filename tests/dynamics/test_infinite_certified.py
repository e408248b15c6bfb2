"""Rest points with proof: logit, replicator-mutator, best experienced payoff, and the intervals that proofs rest on."""

from fractions import Fraction

import numpy as np
import pytest

from evocoop.dynamics import rest_points, velocities
from evocoop.dynamics.infinite import boxes, candidates, certify, polynomials
from evocoop.dynamics.infinite.setting import flow
from evocoop.games import NPersonStagHunt
from evocoop.games.payoffs import PayoffTable, count_compositions

COORDINATION = np.diag([1.0, 2.0, 3.0])
ENCLOSED = ("logit", "replicator_mutator", "best_experienced_payoff")


def random_table(seed, n, group_size):
    values = np.random.default_rng(seed).normal(size=(n, count_compositions(group_size - 1, n)))
    return PayoffTable(tuple("abcd"[:n]), values, group_size=group_size)


@pytest.mark.parametrize(("noise", "count"), [(1.0, 1), (0.5, 3), (0.1, 7), (0.01, 7), (1e-5, 7)])
def test_logit_on_123_coordination(noise, count):
    """7, 3 and 1 quantal responses, for tiny noise one near each of the 7 rest points of the replicator."""
    found = rest_points(COORDINATION, dynamic="logit", noise=noise)
    assert found.complete and len(found.points) == count and not len(found.undecided)
    for point in found.points:
        x = point.shares
        with np.errstate(divide="ignore"):
            leads = np.log(x) - np.log(x.max())
        told = (np.array([1, 2, 3]) * x - (np.array([1, 2, 3]) * x)[x.argmax()]) / noise
        assert np.exp(leads) == pytest.approx(np.exp(told), rel=1e-6, abs=1e-300), "small shares are right as well"


def test_logit_of_more_strategies():
    found = rest_points(np.diag([1.0, 2, 3, 4]), dynamic="logit", noise=0.05)
    assert found.complete and len(found.points) == 15 and len(found.stable) == 4
    searched = rest_points(np.diag([1.0, 2, 3, 4, 5]), dynamic="logit", noise=2.0)
    assert not searched.complete and searched.undecided.tolist() == [[[0] * 5, [1] * 5]]


def test_the_noise_at_which_two_coordinate():
    """McKelvey & Palfrey 1995: on diag(1,1) three quantal responses below noise 1/2, one above, a triple one at 1/2."""
    for noise, count in ((0.4999, 3), (0.5001, 1)):
        found = rest_points(np.eye(2), dynamic="logit", noise=noise)
        assert found.complete and len(found.points) == count
    open_ = rest_points(np.eye(2), dynamic="logit", noise=0.5)
    assert not open_.complete and len(open_.points) == 1
    ((low, high),) = open_.undecided
    assert (low < 0.5).all() and (high > 0.5).all() and (high - low).max() < 1e-3


@pytest.mark.parametrize("mutation", [0.3, 0.2499, 0.01, 1e-9])
def test_mutation_between_two_that_coordinate(mutation):
    """On diag(1,1) dy/dt = y (1/2 - 2 mu - 2 y^2) for y = x - 1/2: rest at 0 and, below mu = 1/4, at both signs."""
    found = rest_points(np.eye(2), dynamic="replicator_mutator", mutation=mutation)
    off = 0.5 * np.sqrt(max(0.0, 1 - 4 * mutation))
    expected = [0.5 - off, 0.5, 0.5 + off] if off else [0.5]
    assert found.complete and [p.shares[0] for p in found.points] == pytest.approx(expected, rel=1e-12, abs=1e-15)
    assert [p.stability for p in found.points] == (["stable", "unstable", "stable"] if off else ["stable"])


@pytest.mark.parametrize("mutation", [0.1, 1e-3, 1e-6, 1e-9])
def test_rare_mutants_shift_all_seven(mutation):
    """Near a corner the two others are held at mu/2 by mutation alone, as they earn almost nothing."""
    found = rest_points(COORDINATION, dynamic="replicator_mutator", mutation=mutation)
    assert found.complete and len(found.points) == 7 and len(found.stable) == 3
    corner = max(found.points, key=lambda point: point.shares[2]).shares
    if mutation < 1e-3:
        assert corner[:2] == pytest.approx(np.full(2, mutation / 2), rel=4 * mutation + 1e-5)
    points = [point.shares for point in found.points]
    assert np.abs(velocities(COORDINATION, points, dynamic="replicator_mutator", mutation=mutation)).max() < 1e-13


def test_one_way_mutation_leaves_faces_on_which_paths_stay():
    chances = [[1, 0, 0], [0.1, 0.9, 0], [0, 0.1, 0.9]]
    found = rest_points(COORDINATION + 1, dynamic="replicator_mutator", mutation=chances)
    assert found.complete and (1.0, 0.0, 0.0) in {tuple(point.shares) for point in found.points}
    edge = rest_points(COORDINATION[:2, :2] + 1, dynamic="replicator_mutator", mutation=[[1, 0], [0.1, 0.9]])
    inside = {round(float(p.shares[0]), 9) for p in found.points if p.shares[2] == 0.0}
    assert inside == {round(float(p.shares[0]), 9) for p in edge.points}


def test_best_experienced_payoff():
    """Stag hunt (4,0;3,3), k trials: the polynomial P(stag is best) - x; k = 1 makes it zero everywhere."""
    game = [[4, 0], [3, 3]]
    flat = rest_points(game, dynamic="best_experienced_payoff")
    assert flat.complete and [p.dimension for p in flat.points] == [0, 0, 1]
    assert {p.stability for p in flat.points} == {"neutral"}
    two = rest_points(game, dynamic="best_experienced_payoff", trials=2)
    assert two.complete and [(p.shares[0], p.stability) for p in two.points] == [(0, "stable"), (1, "unstable")]
    four = rest_points(game, dynamic="best_experienced_payoff", trials=8)
    inner = four.points[1].shares[0]
    chance = sum(weight * inner**m * (1 - inner) ** (8 - m) for m, weight in ((8, 1), (7, 8), (6, 14)))
    assert four.complete and chance == pytest.approx(inner, abs=1e-13), "more than 6 of 8 stags, or 6 and luck"
    cycle = rest_points([[0, -1, 1], [1, 0, -1], [-1, 1, 0]], dynamic="best_experienced_payoff")
    assert cycle.complete and cycle.points[0].shares == pytest.approx(np.full(3, 1 / 3), abs=1e-14)


def test_what_cannot_be_decided_is_said():
    """On diag(1,2,3) with one trial the corner of the first has a derivative of zero towards the second."""
    found = rest_points(COORDINATION, dynamic="best_experienced_payoff")
    assert not found.complete and len(found.points) == 3
    ((low, high),) = found.undecided
    assert (low <= [1, 0, 0]).all() and (high >= [1, 0, 0]).all() and (high - low).max() < 1e-5


@pytest.mark.parametrize("dynamic", ENCLOSED)
@pytest.mark.parametrize(("n", "group_size"), [(2, 2), (2, 5), (3, 2), (3, 3)])
def test_searches_find_no_other(dynamic, n, group_size, monkeypatch):
    """Blind searches of random games end at enclosed points, all of which rest.

    With two trials corners are never degenerate: the derivative there is a whole even matrix less the unit matrix.
    """
    monkeypatch.setattr(candidates, "SEARCHES", 30)
    trials = 2 if dynamic == "best_experienced_payoff" and group_size == 2 else 1
    for seed in range(4):
        table = random_table(seed, n, group_size)
        found = rest_points(table, dynamic=dynamic, mutation=0.05, trials=trials)
        assert found.complete or (trials == 1 and dynamic == "best_experienced_payoff")
        world, points = flow(table, dynamic, mutation=0.05, trials=trials), [point.shares for point in found.points]
        if found.complete:
            assert not points or np.abs(world.velocities(np.array(points))).max() < 1e-12
            for other in candidates.searched(world, seed):
                assert min(np.abs(point - other.shares).max() for point in points) < 1e-6


def test_intervals_hold_exact_values():
    """Bounds over random boxes hold the polynomials and their slopes at points of the box, in exact fractions."""
    random = np.random.default_rng(3)
    for n, group_size in ((2, 4), (3, 3), (4, 2)):
        rows = polynomials.mutator(flow(random_table(7, n, group_size), "replicator_mutator", mutation=0.1))[:-1]
        problem = certify._problem(rows, n)
        for _ in range(20):
            middle = random.dirichlet(np.ones(n))[:-1]
            box = np.stack([middle - random.uniform(0, 0.2), middle + random.uniform(0, 0.2)])
            x, w = np.empty((2, n)), np.empty((2, 200))
            f, s = np.empty((2, n - 1)), np.empty((2, (n - 1) ** 2))
            boxes.shares_in(False, box, x)
            boxes.values_in(x, problem.values, problem.value_order, problem.groups, problem.ways, w, f)
            boxes.values_in(x, problem.slopes, problem.slope_order, problem.lower, problem.lower_ways, w, s)
            at = [Fraction(float(value)) for value in random.uniform(box[0], box[1])]
            for i, row in enumerate(rows):
                assert f[0, i] <= exact(row, at) <= f[1, i]
                for j in range(n - 1):
                    assert s[0, i * (n - 1) + j] <= slope(row, at, j) <= s[1, i * (n - 1) + j]


def exact(row, at):
    whole = [*at, 1 - sum(at)]
    total = Fraction(0)
    for powers, value in row.items():
        for share, power in zip(whole, powers, strict=True):
            value *= share**power
        total += value
    return total


def slope(row, at, j):
    """The derivative along the simplex, of the polynomial through degree + 1 points (Lagrange)."""
    degree = sum(next(iter(row)))
    nodes = [Fraction(k, 7) for k in range(-degree // 2, -degree // 2 + degree + 1)]
    total = Fraction(0)
    for node in nodes:
        others = [other for other in nodes if other != node]
        below = Fraction(1)
        for other in others:
            below *= node - other
        above = Fraction(0)
        for skipped in others:
            part = Fraction(1)
            for other in others:
                part *= 1 if other == skipped else -other
            above += part
        moved = [value + (node if k == j else 0) for k, value in enumerate(at)]
        total += exact(row, moved) * above / below
    return total


def test_shares_of_logarithms_are_held():
    random = np.random.default_rng(4)
    for size in (1.0, 30.0, 600.0):
        for _ in range(50):
            low = random.uniform(-size, size, 3)
            box = np.stack([low, low + random.uniform(0, 1, 3)])
            x = np.empty((2, 4))
            boxes.shares_in(True, box, x)
            logs = np.append(random.uniform(box[0], box[1]), 0.0).astype(np.longdouble)
            shares = np.exp(logs - logs.max()) / np.exp(logs - logs.max()).sum()
            assert (x[0] <= shares).all() and (shares <= x[1]).all() and (x[1] - x[0] <= 1.8).all()


def test_groups_of_hunters():
    for dynamic in ENCLOSED:
        found = rest_points(
            NPersonStagHunt(group_size=20, threshold=10, multiplier=12.0, cost=1.0), dynamic=dynamic, mutation=0.01
        )
        assert found.complete
