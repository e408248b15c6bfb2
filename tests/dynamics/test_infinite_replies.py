"""Best response paths: straight lines from switch to switch, slides, polygons, zero-sum laws."""

import numpy as np
import pytest

from evocoop.core.errors import NumericalError
from evocoop.dynamics import best_response, replicator_two_populations, rest_points, trajectory
from evocoop.dynamics.infinite.setting import flow
from evocoop.games import NPersonStagHunt
from evocoop.games.payoffs import PayoffTable, compositions

START = [0.5, 0.3, 0.2]


def rock_paper_scissors(win, lose):
    return np.array([[0, -lose, win], [win, 0, -lose], [-lose, win, 0.0]])


def best_payoffs(matrix, path):
    return (path.shares[0] @ np.asarray(matrix).T).max(axis=1)


def test_best_payoff_decays_in_zero_sum_games():
    """Hofbauer 1995: in a symmetric zero-sum game V = max_i (Ax)_i falls as exp(-t), switches and slides included."""
    random = np.random.default_rng(1)
    for n in (3, 4, 5):
        matrix = random.normal(size=(n, n))
        matrix -= matrix.T
        path = best_response(matrix, starts=1, time=12, seed=n)
        best = best_payoffs(matrix, path)
        assert best == pytest.approx(best[0] * np.exp(-path.times), abs=1e-12)


def test_best_payoff_decays_in_two_populations():
    """Harris 1998, Games Econ Behav 22:238: max_i (Ay)_i + max_j (-xA)_j falls as exp(-t)."""
    matrix = np.random.default_rng(2).normal(size=(3, 3))
    path = replicator_two_populations(matrix, -matrix, dynamic="best_response", starts=2, time=6)
    for x, y in zip(path.rows, path.columns, strict=True):
        gap = (y @ matrix.T).max(axis=1) + (-x @ matrix).max(axis=1)
        assert gap == pytest.approx(gap[0] * np.exp(-path.times), abs=1e-12)


def test_good_rock_paper_scissors_arrives():
    """V = max_i (Ax)_i falls as exp(-t) until it is the centre's (win-lose)/3, at t = ln(3 V(0)/(win-lose))."""
    matrix = rock_paper_scissors(2, 1)
    first = (matrix @ START).max()
    arrival = np.log(3 * first)
    path = best_response(matrix, start=START, times=[0, arrival / 2, arrival - 0.01, arrival + 1e-3, 20])
    assert best_payoffs(matrix, path)[1:3] == pytest.approx(first * np.exp(-path.times[1:3]), rel=1e-12)
    assert np.abs(path.shares[0, 2] - 1 / 3).max() > 1e-3
    assert path.shares[0, 3:] == pytest.approx(np.full((2, 3), 1 / 3), abs=1e-5)


def test_shapley_triangle():
    """Gaunersdorfer & Hofbauer 1995: bad rock-paper-scissors ends on a triangle.

    With q = win/lose its corners are the turns of (1, q, q^2) / (1 + q + q^2), and each side takes ln(1/q).
    """
    for win, lose in ((1.0, 2.0), (1.0, 1.5)):
        q, matrix = win / lose, rock_paper_scissors(win, lose)
        corners = np.array([1, q, q * q]) / (1 + q + q * q)
        start = corners[[2, 1, 0]]
        sides = np.log(1 / q) * np.arange(1, 4)
        path = best_response(matrix, start=start, times=[0, *sides])
        assert path.shares[0, 1:] == pytest.approx(np.stack([start[[1, 2, 0]][[1, 2, 0]], start[[1, 2, 0]], start]))
        late = best_response(matrix, start=[0.34, 0.33, 0.33], times=[0, *(60 + np.append(0, sides))]).shares[0]
        assert late[4] == pytest.approx(late[1], abs=1e-9), "one period of the limit"
        seen = best_response(matrix, start=[0.34, 0.33, 0.33], times=[0, *np.linspace(60, 63, 3001)]).shares[0, 1:]
        assert seen.max() == pytest.approx(corners[0], abs=2e-3) and seen.max() <= corners[0] + 1e-12


def test_slides_end_where_all_do_equally_well():
    """Payoffs -diag(1,2,3): one slide along the tie of two, then along that of three, to (6,3,2)/11."""
    path = best_response(-np.diag([1.0, 2, 3]), starts=5, time=40)
    assert path.final == pytest.approx(np.tile([6 / 11, 3 / 11, 2 / 11], (5, 1)), abs=1e-14)
    edge = best_response([[-1, 0], [0, -1]], start=[0.9, 0.1], times=[0, np.log(1.8), 3]).shares[0]
    assert edge[1:] == pytest.approx(np.full((2, 2), 0.5), abs=1e-15), "0.9 exp(-t) = 1/2, then for ever"


def test_ties_at_the_start():
    """An equilibrium rests; alike strategies are taken evenly; else the tie goes to the one that will earn more."""
    third = np.full(3, 1 / 3)
    assert best_response(np.eye(3), start=third, time=9).final[0] == pytest.approx(third, abs=1e-15)
    alike = best_response([[1, 1, 1], [1, 1, 1], [0, 0, 0]], start=[0.2, 0.3, 0.5], time=40).final[0]
    assert alike == pytest.approx([0.5, 0.5, 0], abs=1e-15)
    assert best_response(np.diag([1.0, 2, 3]), start=[0.6, 0.3, 0.1], time=40).final[0] == pytest.approx([0, 1, 0])
    assert best_response([[1.0]], time=1).final.tolist() == [[1.0]]


@pytest.mark.parametrize("seed", range(12))
def test_paths_of_random_games(seed):
    """Names only permute, and Euler's method (steps of 0.0005, ties to the first) stays near."""
    random = np.random.default_rng(seed)
    n = 3 + seed % 3
    matrix, start, order = random.normal(size=(n, n)), random.dirichlet(np.ones(n)), random.permutation(n)
    times = np.linspace(0, 3, 7)
    path = best_response(matrix, start=start, times=times).shares[0]
    assert path.min() >= 0 and np.abs(path.sum(axis=1) - 1).max() < 1e-12
    swapped = best_response(matrix[np.ix_(order, order)], start=start[order], times=times).shares[0]
    assert swapped == pytest.approx(path[:, order], abs=2e-5)
    x, step = start.copy(), 5e-4
    for k in range(6000):
        reply = (matrix @ x).argmax()
        x *= 1 - step
        x[reply] += step
        if k % 1000 == 999:
            assert x == pytest.approx(path[(k + 1) // 1000], abs=6e-3)


def test_hunters_stop_where_hunting_stops_to_pay():
    """Pacheco et al. 2009, N=5, M=3, F=4: between the roots everybody turns to hunting, straight up to the second."""
    game = NPersonStagHunt(group_size=5, threshold=3, multiplier=4.0, cost=1.0)
    low, high = 0.412116223447, 0.81550624422
    arrival = np.log((1 - 0.5) / (1 - high))
    path = best_response(game, start=[0.5, 0.5], times=[0, arrival / 2, arrival, 30]).shares[0, :, 0]
    assert path == pytest.approx([0.5, 1 - 0.5 * np.exp(-arrival / 2), high, high], abs=1e-11)
    assert best_response(game, start=[0.4, 0.6], time=9).final[0, 0] == pytest.approx(0.4 * np.exp(-9), rel=1e-12)
    assert best_response(game, start=[0.95, 0.05], time=9).final[0, 0] == pytest.approx(high, abs=1e-11)
    assert best_response(game, start=[low, 1 - low], time=0.5).final[0, 0] < low + 1e-9, "the root is unstable"


def test_groups_whose_members_play_in_pairs():
    """A payoff that is the sum over co-players has the paths of the two-player game."""
    random = np.random.default_rng(12)
    groups = compositions(2, 4)
    for seed in range(6):
        matrix = random.normal(size=(4, 4)) - (2 * np.eye(4) if seed % 2 else 0)
        table = PayoffTable(tuple("abcd"), matrix @ groups.T, group_size=3)
        two = best_response(matrix, starts=2, time=6, seed=seed).shares
        assert best_response(table, starts=2, time=6, seed=seed).shares == pytest.approx(two, abs=1e-9)


@pytest.mark.parametrize("group_size", [3, 5])
def test_slides_along_curved_ties_rest_at_equilibria(group_size):
    """Each strategy earns less the more others play it, not linearly: from everywhere to the same even mixture."""
    groups = compositions(group_size - 1, 3)
    table = PayoffTable(("a", "b", "c"), -(groups.T.astype(float) ** 2), group_size=group_size)
    path = best_response(table, starts=6, time=40)
    assert path.final == pytest.approx(np.full((6, 3), 1 / 3), abs=1e-9)
    gains = [flow(table).payoffs(x) for x in path.shares[0, 20:]]
    assert np.ptp(gains, axis=1).max() < 1e-9, "on the tie of all three"
    random = PayoffTable(("a", "b", "c"), np.random.default_rng(2).normal(size=(3, len(groups))), group_size=group_size)
    ends = best_response(random, starts=12, time=60).final
    rest = [point.shares for point in rest_points(random, dynamic="best_response").points]
    assert all(min(np.abs(end - point).max() for point in rest) < 1e-6 for end in ends)


def test_a_path_with_too_many_switches_is_refused(monkeypatch):
    monkeypatch.setattr("evocoop.dynamics.infinite.trajectories.MOST_STEPS", 100)
    with pytest.raises(NumericalError, match="more than 100 steps"):
        trajectory(rock_paper_scissors(1, 1), dynamic="best_response", start=START, time=10)
