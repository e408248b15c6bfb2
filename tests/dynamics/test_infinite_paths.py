"""Paths of deterministic dynamics: closed forms, conserved quantities, invariances, an outside integrator."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evocoop import dynamics
from evocoop.core.errors import InputError, NumericalError, UnknownNameError
from evocoop.dynamics import discrete_replicator, logit, replicator, trajectory, velocities
from evocoop.dynamics.infinite.setting import DYNAMICS
from evocoop.games import NPersonStagHunt
from evocoop.games.payoffs import PayoffTable, compositions, count_compositions

CYCLE = [[0, -1, 1], [1, 0, -1], [-1, 1, 0]]
START = [0.5, 0.3, 0.2]
ENTRIES = st.floats(-2, 2, width=32)
MATRICES = st.lists(ENTRIES, min_size=9, max_size=9).map(lambda row: np.reshape(row, (3, 3)))
STARTS = st.lists(st.floats(0.05, 1), min_size=3, max_size=3).map(lambda row: np.array(row) / sum(row))


def test_rock_paper_scissors():
    """Hofbauer & Sigmund 1998: x1 x2 x3 is conserved; figures integrated with 40 digits; period 11.3982594818."""
    path = replicator(CYCLE, start=START, times=[0, 10, 11.3982594818, 50])
    assert path.shares[0, 1] == pytest.approx([0.505043483, 0.204528724, 0.290427793], abs=6e-10)
    assert path.shares[0, 2] == pytest.approx(START, abs=1e-9)
    assert path.shares[0, 3] == pytest.approx([0.182267264, 0.459642787, 0.358089949], abs=6e-10)


def test_rock_paper_scissors_for_a_long_time():
    path = replicator(CYCLE, start=START, times=np.linspace(0, 2000, 50))
    assert np.abs(path.shares.prod(axis=2) / 0.03 - 1).max() < 1e-9
    whole = replicator(CYCLE, start=START, times=np.linspace(0, 11.3982594818, 4001)[:-1])
    assert whole.shares[0].mean(axis=0) == pytest.approx(np.full(3, 1 / 3), abs=1e-9), "time average over one cycle"


def test_times_within_steps_are_as_good_as_ends_of_steps():
    """Values in between are of order 7: each of 500 times asked for alone (a step ends there) and all at once."""
    times = np.linspace(0, 50, 501)
    for dynamic, bound in (("replicator", 1e-10), ("logit", 1e-10), ("replicator_mutator", 1e-10), ("smith", 1e-9)):
        together = trajectory(CYCLE, dynamic=dynamic, start=START, times=times).shares[0]
        alone = [trajectory(CYCLE, dynamic=dynamic, start=START, times=[0, t]).final[0] for t in times[1:]]
        assert np.abs(together[1:] - alone).max() < bound, dynamic
    path = replicator(CYCLE, start=START, times=np.linspace(0, 100, 10_001)).shares[0]
    assert np.abs(path.prod(axis=1) / 0.03 - 1).max() < 1e-11, "x1 x2 x3 is conserved at every time"
    closed = trajectory([[0.5, 0.5], [0, 0]], start=[0.1, 0.9], times=np.linspace(0, 40, 4001))
    assert closed.shares[0, :, 0] == pytest.approx(1 / (1 + 9 * np.exp(-0.5 * closed.times)), rel=1e-11)


def test_times_may_repeat_and_may_begin_later():
    path = replicator(CYCLE, start=START, times=[3, 3, 5, 5, 13, 13])
    assert (path.shares[0, ::2] == path.shares[0, 1::2]).all() and path.shares[0, 0] == pytest.approx(START)
    assert path.shares[0, 4] == pytest.approx([0.505043483, 0.204528724, 0.290427793], abs=6e-10)


def test_small_cycles_take_two_pi_sqrt_three():
    path = replicator(CYCLE, start=[1 / 3 + 1e-5, 1 / 3 - 1e-5, 1 / 3], times=[0, 2 * np.pi * np.sqrt(3)])
    assert path.final[0] == pytest.approx(path.shares[0, 0], abs=1e-9)


def test_constant_advantage_is_logistic():
    path = replicator([[0.5, 0.5], [0, 0]], start=[0.1, 0.9], times=np.linspace(0, 5, 21))
    assert path.shares[0, :, 0] == pytest.approx(1 / (1 + 9 * np.exp(-0.5 * path.times)), rel=1e-11)
    assert path.final[0, 0] == pytest.approx(0.575120851365, abs=1e-12)


def test_shares_of_losers_are_followed_far_below_the_smallest_share_that_matters():
    """Closed form: x_2/x_1 = 9 exp(-t), kept to relative precision down to 1e-260."""
    path = replicator([[1, 1], [0, 0]], start=[0.1, 0.9], times=[0, 600])
    assert path.final[0, 1] == pytest.approx(9 * np.exp(-600), rel=1e-8)


def test_replicator_mutator_without_selection():
    """All payoffs 1: dx/dt = mu (1 - 2x), so x - 1/2 decays with 2 mu."""
    path = trajectory(np.ones((2, 2)), dynamic="replicator_mutator", mutation=0.1, start=[0.9, 0.1], time=7)
    assert path.shares[0, :, 0] == pytest.approx(0.5 + 0.4 * np.exp(-0.2 * path.times), abs=1e-11)


def test_best_response_towards_a_dominant_strategy():
    path = dynamics.best_response([[2, 2], [1, 1]], start=[0.1, 0.9], time=3)
    assert path.shares[0, :, 1] == pytest.approx(0.9 * np.exp(-path.times), abs=1e-11)


@pytest.mark.parametrize("dynamic", ["best_response", "projection"])
def test_paths_slide_to_the_mixture_where_all_do_equally_well(dynamic):
    """Payoffs -diag(1,2,3): every strategy wants to be rare, and shares settle in inverse proportion, (6,3,2)/11."""
    path = trajectory(-np.diag([1.0, 2, 3]), dynamic=dynamic, starts=3, time=30)
    assert path.final == pytest.approx(np.tile([6 / 11, 3 / 11, 2 / 11], (3, 1)), abs=2e-4)


def test_brown_von_neumann_nash_with_constant_advantage():
    """Gain d constant: dx/dt = d (1-x)^2, so 1 - x = (1-x0) / (1 + (1-x0) d t)."""
    path = dynamics.bnn([[0.5, 0.5], [0, 0]], start=[0.1, 0.9], time=20)
    assert path.shares[0, :, 1] == pytest.approx(0.9 / (1 + 0.9 * 0.5 * path.times), abs=1e-10)


def test_smith_with_constant_advantage():
    path = dynamics.smith([[0.5, 0.5], [0, 0]], start=[0.1, 0.9], time=20)
    assert path.shares[0, :, 1] == pytest.approx(0.9 * np.exp(-0.5 * path.times), abs=1e-11)


def test_projection_with_constant_advantage():
    path = dynamics.projection([[0.5, 0.5], [0, 0]], start=[0.1, 0.9], times=[0, 2, 10])
    assert path.shares[0, 1:, 0] == pytest.approx([0.6, 1.0], abs=1e-4)


def test_logit_without_incentives_goes_to_even_shares():
    path = logit(np.ones((3, 3)), noise=0.2, start=START, time=4)
    assert path.shares[0] == pytest.approx(1 / 3 + (np.array(START) - 1 / 3) * np.exp(-path.times)[:, None], abs=1e-11)


def test_best_experienced_payoff_with_ties():
    """Both strategies always earn the same: each is chosen half of the time, whatever the shares."""
    assert velocities(np.ones((2, 2)), [[0.9, 0.1]], dynamic="best_experienced_payoff") == pytest.approx(
        np.array([[-0.4, 0.4]])
    )
    stag = velocities([[4, 0], [3, 3]], [[0.75, 0.25]], dynamic="best_experienced_payoff")
    assert stag == pytest.approx(np.zeros((1, 2))), "stag is best iff it meets a stag: probability x"


def test_best_experienced_payoff_of_several_trials():
    """Stag pays 4 m/k for m stags met in k trials, hare 3: stag is best iff m > 3k/4 (even chance at m = 3k/4).

    With k = 2 that is both, x^2; with k = 4 all four, and half of the times when three are met: x^4 + 2 x^3 (1-x).
    Three strategies, k = 2: by listing all pairs of meetings of every strategy.
    """
    x = 0.6
    for trials, chance in ((2, x**2), (4, x**4 + 2 * x**3 * (1 - x))):
        moved = velocities([[4, 0], [3, 3]], [[x, 1 - x]], dynamic="best_experienced_payoff", trials=trials)
        assert moved[0, 0] == pytest.approx(chance - x, abs=1e-14)
    matrix, shares = np.random.default_rng(2).integers(0, 4, (3, 3)), np.array(START)
    chosen = np.zeros(3)
    for met in product(range(3), repeat=6):
        earned = [matrix[i, met[2 * i]] + matrix[i, met[2 * i + 1]] for i in range(3)]
        best = np.flatnonzero(np.array(earned) == max(earned))
        chosen[best] += shares[list(met)].prod() / len(best)
    moved = velocities(matrix, [shares], dynamic="best_experienced_payoff", trials=2)[0]
    assert moved == pytest.approx(chosen - shares, abs=1e-13)
    path = dynamics.best_experienced_payoff([[4, 0], [3, 3]], trials=2, start=[0.9, 0.1], time=60)
    assert path.final[0] == pytest.approx([0, 1], abs=1e-6), "x^2 < x: hare"
    with pytest.raises(InputError, match="outcomes"):
        dynamics.best_experienced_payoff(np.eye(5), trials=20)
    with pytest.raises(InputError, match="not of logit"):
        velocities(np.eye(2), [[0.5, 0.5]], dynamic="logit", trials=2)


def test_discrete_replicator():
    """Constant fitness 2 against 1: odds double in every generation."""
    path = discrete_replicator([[2, 2], [1, 1]], start=[0.2, 0.8], generations=10)
    odds = path.shares[0, :, 0] / path.shares[0, :, 1]
    assert odds == pytest.approx(0.25 * 2.0 ** np.arange(11), rel=1e-12)


@pytest.mark.parametrize("group_size", [2, 3, 5])
def test_against_scipy(group_size):
    """The same replicator equation written with plain sums and integrated by SciPy's DOP853."""
    from math import factorial, prod

    from scipy.integrate import solve_ivp

    random = np.random.default_rng(group_size)
    groups = compositions(group_size - 1, 3)
    values = random.normal(size=(3, len(groups)))
    ways = [factorial(group_size - 1) / prod(factorial(k) for k in row) for row in groups.tolist()]

    def equation(_, x):
        f = values @ (ways * np.prod(x**groups, axis=1))
        return x * (f - x @ f)

    table = PayoffTable(("a", "b", "c"), values, group_size=group_size)
    judge = solve_ivp(equation, (0, 5), START, "DOP853", rtol=1e-12, atol=1e-14).y[:, -1]
    assert replicator(table, start=START, time=5).final[0] == pytest.approx(judge, abs=1e-9)


@settings(max_examples=25, deadline=None)
@given(MATRICES, STARTS, st.lists(ENTRIES, min_size=3, max_size=3))
def test_a_constant_added_to_a_column_changes_nothing(matrix, start, constants):
    for dynamic in ("replicator", "logit", "best_response", "smith", "bnn", "projection"):
        one, two = (velocities(game, [start], dynamic=dynamic) for game in (matrix, matrix + np.array(constants)))
        if dynamic != "best_response":
            assert one == pytest.approx(two, abs=1e-9), dynamic
    paths = [replicator(game, start=start, time=3).final for game in (matrix, matrix + np.array(constants))]
    assert paths[0] == pytest.approx(paths[1], abs=1e-9)


@settings(max_examples=20, deadline=None)
@given(MATRICES, STARTS, st.permutations(range(3)), st.sampled_from(sorted(DYNAMICS)))
def test_other_names_only_permute(matrix, start, order, dynamic):
    positive = matrix + 3
    swapped = positive[np.ix_(order, order)]
    one = velocities(positive, [start], dynamic=dynamic)[0][list(order)]
    assert one == pytest.approx(velocities(swapped, [start[list(order)]], dynamic=dynamic)[0], abs=1e-9)
    assert abs(one.sum()) < 1e-9, "shares keep summing to one"


@settings(max_examples=20, deadline=None)
@given(MATRICES, STARTS, st.sampled_from(sorted(DYNAMICS)))
def test_paths_stay_on_the_simplex(matrix, start, dynamic):
    path = trajectory(matrix + 3, dynamic=dynamic, start=start, time=2, tolerance=1e-8)
    assert path.shares.min() >= 0.0
    assert np.abs(path.shares.sum(axis=2) - 1).max() < 1e-12


@pytest.mark.parametrize("dynamic", ["replicator", "maynard_smith_replicator", "imitative_logit"])
def test_absent_strategies_stay_absent(dynamic):
    path = trajectory([[1, 2, 9], [2, 1, 9], [9, 9, 1]], dynamic=dynamic, start=[0.3, 0.7, 0.0], time=80)
    assert not path.shares[:, :, 2].any()
    assert path.final[0, :2] == pytest.approx([0.5, 0.5], abs=1e-6)


def test_faces_of_a_game_are_games():
    """Three strategies of which one is absent: the game of the other two."""
    table = PayoffTable(("a", "b", "c"), np.random.default_rng(3).normal(size=(3, 10)), group_size=4)
    whole = replicator(table, start=[0.4, 0.0, 0.6], time=4).final[0]
    part = replicator(table.restrict(["a", "c"]), start=[0.4, 0.6], time=4).final[0]
    assert whole[[0, 2]] == pytest.approx(part, abs=1e-11)


def test_groups_of_two_are_matrix_games():
    matrix = np.random.default_rng(4).normal(size=(4, 4))
    table = PayoffTable(tuple("abcd"), matrix)
    for dynamic in DYNAMICS:
        shift = 5.0
        one = trajectory(matrix + shift, dynamic=dynamic, starts=3, time=1)
        two = trajectory(PayoffTable(table.strategies, matrix + shift), dynamic=dynamic, starts=3, time=1)
        assert (one.shares == two.shares).all()


def test_many_starts_are_single_starts():
    game = NPersonStagHunt(group_size=5, threshold=3, multiplier=4.0, cost=1.0)
    many = replicator(game, starts=7, time=10)
    assert many.strategies == ("C", "D") and many.shares.shape == (7, 201, 2)
    for start, path in zip(many.shares[:, 0], many.shares, strict=True):
        assert (replicator(game, start=start, time=10).shares[0] == path).all()
    again = trajectory(CYCLE, starts=5, seed=1, time=1)
    assert (again.shares == trajectory(CYCLE, starts=5, seed=1, time=1).shares).all()
    assert (again.shares != trajectory(CYCLE, starts=5, seed=2, time=1).shares).any()


def test_threads_do_not_change_a_bit():
    game = PayoffTable(("a", "b", "c"), np.random.default_rng(9).normal(size=(3, 15)), group_size=5)
    for dynamic in ("replicator", "smith", "best_experienced_payoff"):
        one, many = (trajectory(game, dynamic=dynamic, starts=9, time=5, workers=k).shares for k in (1, 4))
        assert (one == many).all()
    with pytest.raises(InputError, match="workers"):
        trajectory(game, workers=0)


def test_several_games_at_once_are_single_games():
    random = np.random.default_rng(10)
    games = [PayoffTable(("a", "b", "c"), random.normal(size=(3, 6)), group_size=3) for _ in range(4)]
    for dynamic in ("replicator", "logit", "smith"):
        found = dynamics.trajectories(games, dynamic=dynamic, noise=[0.1, 0.2, 0.3, 0.4], starts=3, time=5, workers=2)
        for game, noise, path in zip(games, [0.1, 0.2, 0.3, 0.4], found, strict=True):
            assert (path.shares == trajectory(game, dynamic=dynamic, noise=noise, starts=3, time=5).shares).all()
    with pytest.raises(InputError, match="as many strategies"):
        dynamics.trajectories([np.eye(2), np.eye(3)])
    with pytest.raises(InputError, match="one noise"):
        dynamics.trajectories([np.eye(2)], noise=[0.1, 0.2])


def test_every_named_function_is_its_dynamic():
    for name in DYNAMICS:
        path = getattr(dynamics, name)(np.diag([1.0, 2.0, 3.0]) + 1, start=START, time=2)
        assert path.dynamic == name
        assert (path.shares == trajectory(np.diag([1.0, 2, 3]) + 1, dynamic=name, start=START, time=2).shares).all()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"start": [0.5, 0.6]}, "sum to 1"),
        ({"start": [1.2, -0.2]}, "at least 0"),
        ({"start": [0.2, 0.3, 0.5]}, "2 shares"),
        ({"start": [float("nan"), 1]}, "at least 0"),
        ({"start": [0.5, 0.5], "starts": 3}, "not both"),
        ({"starts": 0}, "starts"),
        ({"time": 0}, "time"),
        ({"times": [0, 2, 1]}, "ascending"),
        ({"tolerance": -1}, "tolerance"),
    ],
)
def test_refusals(arguments, said):
    with pytest.raises(InputError, match=said):
        replicator([[1, 0], [0, 1]], **arguments)


def test_more_refusals():
    with pytest.raises(InputError, match="square"):
        replicator([[1, 0, 2], [0, 1, 2]])
    with pytest.raises(InputError, match="finite"):
        replicator([[1, 0], [0, float("inf")]])
    with pytest.raises(UnknownNameError, match="did you mean 'replicator'"):
        trajectory([[1]], dynamic="replicater")
    with pytest.raises(InputError, match="above 0"):
        trajectory([[1, 0], [0, -1]], dynamic="maynard_smith_replicator")
    with pytest.raises(InputError, match="background"):
        discrete_replicator([[1, 0], [0, 1]])
    with pytest.raises(InputError, match="noise"):
        logit([[1, 0], [0, 1]], noise=0.0)
    with pytest.raises(InputError, match="mutation"):
        trajectory([[1, 0], [0, 1]], dynamic="replicator_mutator", mutation=[[1, 1], [0, 1]])


def test_a_path_that_takes_too_many_steps_is_refused(monkeypatch):
    monkeypatch.setattr("evocoop.dynamics.infinite.trajectories.MOST_STEPS", 1000)
    with pytest.raises(NumericalError, match="more than 1000 steps"):
        trajectory([[0, 1e9], [1e9, 0]], dynamic="smith", start=[0.9, 0.1], time=1e6)


@pytest.mark.parametrize("dynamic", ["replicator", "smith"])
def test_payoffs_beyond_floats_are_refused(dynamic):
    with pytest.raises(NumericalError, match="faster than numbers can hold"):
        trajectory([[1e308, -1e308], [-1e308, 1e308]], dynamic=dynamic, start=[0.3, 0.7], time=1)


def test_large_payoffs_are_another_unit_of_time():
    """A path with payoffs 1e12 times larger is the same path 1e12 times faster."""
    slow = replicator(CYCLE, start=START, time=20).shares
    fast = replicator(1e12 * np.array(CYCLE), start=START, time=20e-12).shares
    assert fast == pytest.approx(slow, abs=1e-9)


def test_against_egttools():
    """The replicator field of egttools agrees where it is right: two-player games, and groups of five."""
    egttools = pytest.importorskip("egttools")
    from egttools.analytical import replicator_equation, replicator_equation_n_player

    matrix = np.random.default_rng(5).normal(size=(3, 3))
    points = np.random.default_rng(6).dirichlet(np.ones(3), 20)
    theirs = [replicator_equation(point, matrix) for point in points]
    assert velocities(matrix, points) == pytest.approx(np.array(theirs), abs=1e-12)
    values = np.random.default_rng(7).normal(size=(3, count_compositions(4, 3)))
    table = PayoffTable(("a", "b", "c"), values, group_size=5)
    theirs = [replicator_equation_n_player(point, whole_groups(egttools, values), 5) for point in points]
    assert velocities(table, points) == pytest.approx(np.array(theirs), abs=1e-12)


def whole_groups(egttools, values):
    """The same payoffs by composition of the whole group of five, the player included, in the library's order."""
    place = {tuple(row): k for k, row in enumerate(compositions(4, 3).tolist())}
    whole = np.zeros((3, count_compositions(5, 3)))
    for column in range(whole.shape[1]):
        group = np.array(egttools.sample_simplex(column, 5, 3))
        for i in np.flatnonzero(group):
            others = group.astype(int)
            others[i] -= 1
            whole[i, column] = values[i, place[tuple(others.tolist())]]
    return whole
