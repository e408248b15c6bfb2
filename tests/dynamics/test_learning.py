"""Learning from play: fictitious play, regret matching, quantal responses, and the indices of equilibria."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nashpy
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evocoop.core.errors import EvocoopError, InputError, UnknownNameError
from evocoop.dynamics import (
    correlated_equilibrium_distance,
    fictitious_play,
    fictitious_play_two_populations,
    nash_equilibria_two_populations,
    normal_form,
    quantal_response,
    regret_matching,
    rest_points,
    velocities,
)
from evocoop.games import NPersonStagHunt
from evocoop.games.payoffs import PayoffTable, compositions
from evocoop.report import write_report
from evocoop.runs import open_run
from evocoop.runs.face import run

CIRCLE = np.array([[0.0, -1.0, 1.0], [1.0, 0.0, -1.0], [-1.0, 1.0, 0.0]])
SHAPLEY = np.eye(3), np.roll(np.eye(3), 1, axis=1)
HUNT = [[4, 0], [3, 3]]
STAG = NPersonStagHunt(group_size=5, threshold=3, multiplier=4.0, cost=1.0)


def _turning() -> PayoffTable:
    """Payoffs of nine that pay off with six others: at even shares the first strategy earns hardly more."""
    others = compositions(8, 2)
    return PayoffTable(("up", "down"), np.stack([3.0 * (others[:, 0] >= 6) - 0.4, np.zeros(9)]), group_size=9)


@pytest.mark.parametrize("seed", range(4))
def test_fictitious_play_is_that_of_nashpy_where_there_are_no_ties(seed: int) -> None:
    random = np.random.default_rng(seed)
    a, b = random.normal(size=(2, 3, 4))  # real payoffs: equal replies have probability 0
    counts = [1.0, 2.0, 1.0], [1.0, 1.0, 1.0, 1.0]
    theirs = list(nashpy.Game(a, b).fictitious_play(iterations=300, play_counts=tuple(map(np.array, counts))))
    start = [np.array(one) / 4.0 for one in counts]
    ours = fictitious_play_two_populations(a, b, start=(start[0], start[1]), weight=4.0, recorded=range(1, 301))
    for t, (rows, columns) in enumerate(theirs[1:301], start=1):
        assert ours.rows[0, t - 1] == pytest.approx(rows / (4.0 + t), abs=1e-12)
        assert ours.columns[0, t - 1] == pytest.approx(columns / (4.0 + t), abs=1e-12)


def test_fictitious_play_converges_in_zero_sum_games() -> None:
    start = [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]
    path = fictitious_play_two_populations(CIRCLE, -CIRCLE, start=start, recorded=[100, 1000, 10_000, 100_000])
    gaps = (CIRCLE @ path.columns[0].T).max(axis=0) - (path.rows[0] @ CIRCLE).min(axis=1)
    assert (gaps * np.sqrt(path.times) < 4.0).all() and (np.diff(gaps) < 0).all()
    assert path.final[0] == pytest.approx(np.full((1, 3), 1 / 3), abs=0.01)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(-5, 5), min_size=8, max_size=8))
def test_fictitious_play_converges_in_games_of_two_by_two(payoffs: list[float]) -> None:
    a, b = np.round(np.reshape(payoffs, (2, 2, 2)), 2)  # Miyasawa 1961
    final = fictitious_play_two_populations(a, b, rounds=100_000).final
    x, y = final[0][0], final[1][0]
    gains = (a @ y).max() - x @ a @ y, (x @ b).max() - x @ b @ y
    assert max(gains) < 0.05


def test_shapley_cycles_get_longer_and_beliefs_do_not_settle() -> None:
    start = [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]
    path = fictitious_play_two_populations(*SHAPLEY, start=start, rounds=200_000)
    late = path.rows[0][path.times > 20_000]
    assert (late.max(axis=0) - late.min(axis=0)).min() > 0.2


def test_one_population_learns_the_mixture_and_groups_the_stable_one() -> None:
    assert fictitious_play([[-1, 2], [0, 1]], rounds=50_000).final == pytest.approx(np.full((1, 2), 0.5), abs=1e-3)
    stable = max(p.shares[0] for p in rest_points(STAG).points if p.stability == "stable")
    assert fictitious_play(STAG, start=[0.9, 0.1], rounds=50_000).final[0, 0] == pytest.approx(stable, abs=1e-3)


def test_stochastic_fictitious_play_settles_on_a_quantal_response() -> None:
    noisy = fictitious_play(CIRCLE, noise=0.5, starts=8, rounds=50_000, seed=2).final
    assert noisy == pytest.approx(np.full((8, 3), 1 / 3), abs=0.02)  # each share within 6 standard errors of 0.003
    again = fictitious_play(CIRCLE, noise=0.5, starts=8, rounds=50_000, seed=2).final
    assert (again == noisy).all()


def test_ties_are_broken_as_asked() -> None:
    same = np.ones((2, 2))
    got = {ties: fictitious_play(same, rounds=1000, ties=ties, weight=1e-6).final[0, 0] for ties in ("first", "last")}
    assert got["first"] > 0.999 and got["last"] < 0.001
    assert 0.4 < fictitious_play(same, rounds=1000, ties="random", weight=1e-6).final[0, 0] < 0.6  # 6 standard errors


@pytest.mark.parametrize("regret", ["internal", "external"])
def test_regret_falls_with_time(regret: str) -> None:
    found = regret_matching(CIRCLE, regret=regret, recorded=[100, 1000, 10_000, 100_000], replicates=20, seed=5)
    scaled = found.regrets.mean(axis=0) * np.sqrt(found.rounds)
    if regret == "external":  # Cesa-Bianchi & Lugosi 2006, section 2.1; it holds for the mean, here of 20 runs
        assert scaled.max() < 2.0 * np.sqrt(3.0)
    else:  # no such bound with inertia: it falls more slowly
        assert (np.diff(found.regrets.mean(axis=0)) < 0).all() and found.regrets[:, -1].max() < 0.1
    assert found.joint.sum(axis=(1, 2)) == pytest.approx(1.0)
    last = correlated_equilibrium_distance(CIRCLE, found.joint[0])
    measured = last.regret if regret == "internal" else last.coarse_regret
    assert max(measured, 0.0) == pytest.approx(found.regrets[0, -1], abs=1e-9)


def test_regret_matching_of_shapley_and_of_groups_nears_correlated_equilibria() -> None:
    played = regret_matching(*SHAPLEY, rounds=100_000, replicates=3, seed=1)
    assert all(correlated_equilibrium_distance(SHAPLEY[0], one, SHAPLEY[1]).regret < 0.02 for one in played.joint)
    hunters = regret_matching(NPersonStagHunt(group_size=3, threshold=2, multiplier=4.0, cost=1.0), rounds=5000, seed=1)
    assert hunters.players.shape[2:] == (3, 2) and hunters.joint.shape == (10, 2, 2, 2)
    assert hunters.regrets[:, -1].max() < 0.1


def test_distance_from_correlated_equilibria() -> None:
    chicken = [[6, 2], [7, 0]]
    assert correlated_equilibrium_distance(chicken, [[0.25, 0.375], [0.375, 0]]).distance < 1e-9  # Aumann 1974
    worst = correlated_equilibrium_distance([[3, 0], [5, 1]], [[1, 0], [0, 0]])  # the dilemma has one: both defect
    assert worst.distance == pytest.approx(1.0) and worst.regret == worst.coarse_regret == 2.0
    assert normal_form([[3, 0], [5, 1]])[1][1].tolist() == [[3.0, 5.0], [0.0, 1.0]]


@pytest.mark.parametrize("eta", [2.0, 1.0, 0.5, 0.2])
def test_quantal_responses_rest_under_the_logit_dynamic(eta: float) -> None:
    for game in (np.diag([1.0, 2.0, 3.0]), STAG, [[1, 3, 0], [0, 1, 3], [3, 0, 1]]):
        found = quantal_response(game, noise=[eta])
        speed = velocities(game, found.shares, dynamic="logit", noise=eta)
        assert abs(speed).max() < 1e-12 and found.residuals.max() < 1e-12


def test_the_branch_of_the_coordination_game() -> None:
    found = quantal_response(np.diag([1.0, 2.0, 3.0]), noise=[1.0, 0.5])
    assert found.shares[0] == pytest.approx([0.071024088, 0.077199593, 0.851776319], abs=5e-10)
    assert found.shares[1] == pytest.approx([0.002556097, 0.002569334, 0.994874569], abs=5e-10)
    assert found.support == ("2",) and found.nash and found.regular
    whole = quantal_response(np.diag([1.0, 2.0, 3.0]))
    assert np.isinf(whole.noise[0]) and whole.noise[-1] == pytest.approx(0.003) and whole.residuals.max() < 1e-12


def test_matching_pennies_of_mckelvey_and_palfrey() -> None:
    a, b = np.array([[9.0, 0.0], [0.0, 1.0]]), np.array([[0.0, 1.0], [1.0, 0.0]])
    found = quantal_response(a, b, noise=[3.0, 1.0, 0.3, 0.1])
    p, q = found.shares[:, 0], found.shares[:, 2]
    assert np.log(p / (1 - p)) == pytest.approx((10 * q - 1) / found.noise, rel=1e-10)
    assert np.log(q / (1 - q)) == pytest.approx((1 - 2 * p) / found.noise, rel=1e-10)
    assert found.limit == pytest.approx([0.5, 0.5, 0.1, 0.9], abs=1e-12) and found.nash


def test_the_branch_turns_back_and_is_crossed() -> None:
    assert quantal_response(np.eye(2)).crossings == pytest.approx([0.5], abs=1e-6)  # eta = 1/2, by the derivative
    game = _turning()
    found = quantal_response(game)
    assert len(found.turning_points) == 2 and found.nash
    middle = float(found.turning_points.mean())
    three = quantal_response(game, noise=[middle])
    assert len(three.shares) == 3 and three.residuals.max() < 1e-12
    assert abs(velocities(game, three.shares, dynamic="logit", noise=middle)).max() < 1e-12


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 3), st.integers(2, 4))
def test_branches_end_at_one_of_the_equilibria_and_indices_add_up(seed: int, n: int, m: int) -> None:
    a, b = np.random.default_rng(seed).normal(size=(2, n, m))
    points = nash_equilibria_two_populations(a, b).points
    assert sum(p.index for p in points) == 1
    ours = [np.concatenate([p.row, p.column]) for p in points]
    for theirs in nashpy.Game(a, b).support_enumeration():  # it misses some that rounding puts outside the simplex
        assert min(abs(np.concatenate(theirs) - one).max() for one in ours) < 1e-8
    found = quantal_response(a, b)
    near = [abs(one - found.limit).max() for one in ours]
    assert found.nash and min(near) < 1e-8 and found.residuals.max() < 1e-11


def test_degenerate_equilibria_have_no_index() -> None:
    assert all(p.index == 0 for p in nash_equilibria_two_populations(np.ones((2, 2)), np.ones((2, 2))).points)


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda: fictitious_play(CIRCLE, ties="none"), UnknownNameError),
        (lambda: fictitious_play(CIRCLE, rounds=0), InputError),
        (lambda: fictitious_play(CIRCLE, recorded=[3, 2]), InputError),
        (lambda: fictitious_play(CIRCLE, recorded=[0.5]), InputError),
        (lambda: fictitious_play(CIRCLE, weight=0.0), InputError),
        (lambda: regret_matching(CIRCLE, regret="deep"), UnknownNameError),
        (lambda: regret_matching(CIRCLE, recorded=[0, 5]), InputError),
        (lambda: regret_matching(CIRCLE, inertia=1.0), InputError),
        (lambda: regret_matching(CIRCLE, CIRCLE[:2]), InputError),
        (lambda: correlated_equilibrium_distance(CIRCLE, np.ones((3, 3))), InputError),
        (lambda: correlated_equilibrium_distance(CIRCLE, [0.5, 0.5]), InputError),
        (lambda: quantal_response(CIRCLE, noise=[0.0]), InputError),
        (lambda: quantal_response(CIRCLE, lowest=-1.0), InputError),
    ],
)
def test_refusals(call: Any, error: type[EvocoopError]) -> None:
    with pytest.raises(error):
        call()


def test_learning_in_experiment_files(tmp_path: Path) -> None:
    text = 'schema_version = 1\n[experiment]\nname = "learn"\nquestion = "Who learns what?"\nseed = 5\n'
    text += '[[games]]\nname = "matrix"\nlabel = "hunt"\npayoffs = [[4, 0], [3, 3]]\nstrategies = ["stag", "hare"]\n'
    text += '[[dynamics]]\nname = "fictitious_play"\nstart = [0.9, 0.1]\nrounds = 100\n'
    text += '[[dynamics]]\nname = "regret_matching"\nrounds = 2000\n[[dynamics]]\nname = "quantal_response"\n'
    (tmp_path / "file.toml").write_text(text)
    done = open_run(run(tmp_path / "file.toml", out=tmp_path / "run").path)
    shares = {(row["dynamics"], row["strategy"]): row["share"] for row in done.table("prevalence").collect().to_dicts()}
    assert shares["quantal_response", "hare"] == 1.0
    alone = fictitious_play(HUNT, start=[0.9, 0.1], rounds=100).final[0, 0]
    assert shares["fictitious_play", "stag"] == pytest.approx(alone)
    paths = done.table("trajectories").collect().to_dicts()
    traced = [row["share"] for row in paths if row["dynamics"] == "quantal_response" and row["strategy"] == "stag"]
    assert traced == pytest.approx(quantal_response(HUNT).shares[:, 0])
    assert {row["dynamics"] for row in paths} == {"fictitious_play", "regret_matching", "quantal_response"}
    page = write_report(done.path).read_text("utf-8").replace("\u00a0", " ")
    assert "until rounds 2000" in page and "over 1/noise" in page
