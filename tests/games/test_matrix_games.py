import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evocoop.core.errors import InputError, UnknownNameError
from evocoop.games import (
    MatrixGame,
    NPersonStagHunt,
    PublicGoods,
    classify,
    donation,
    harmony,
    hawk_dove,
    prisoners_dilemma,
    risk_dominance,
    rstp,
    snowdrift,
    stag_hunt,
)

NUMBERS = st.integers(-20, 20).map(float)


@pytest.mark.parametrize(
    ("game", "payoffs"),
    [
        (prisoners_dilemma(), (3, 0, 5, 1)),
        (stag_hunt(temptation=2, reward=4, punishment=2, sucker=0), (4, 0, 2, 2)),
        (snowdrift(benefit=4, cost=2), (3, 2, 4, 0)),
        (harmony(), (3, 1, 2, 0)),
        (donation(benefit=3, cost=1), (2, -1, 3, 0)),
        (hawk_dove(value=2, cost=6), (1, 0, 2, -2)),
    ],
    ids=["pd", "stag hunt", "snowdrift", "harmony", "donation", "hawk-dove"],
)
def test_named_games_have_their_payoffs(game, payoffs):
    assert game.rstp == payoffs
    assert (game.reward, game.sucker, game.temptation, game.punishment) == payoffs
    reward, sucker, temptation, punishment = payoffs
    assert game.payoff_table().values.tolist() == [[reward, sucker], [temptation, punishment]]


def test_axelrods_own_payoffs_are_the_default_dilemma():
    """Axelrod & Hamilton 1981: T=5, R=3, P=1, S=0."""
    assert prisoners_dilemma() == MatrixGame(payoffs=[[3, 0], [5, 1]])
    assert hash(prisoners_dilemma()) == hash(MatrixGame(payoffs=np.array([[3, 0], [5, 1]])))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: prisoners_dilemma(temptation=2), "T > R > P >= S.*stag hunt"),
        (lambda: prisoners_dilemma(temptation=math.nan), "temptation must be a finite number, not nan"),
        (lambda: stag_hunt(temptation=5), "a stag hunt needs .*prisoner's dilemma"),
        (lambda: stag_hunt(temptation=-2, reward=1, punishment=4), "with its strategies swapped"),
        (lambda: harmony(sucker=-1), "harmony game needs .*stag hunt"),
        (lambda: snowdrift(benefit=1, cost=1), r"cost must be a finite number in \(0, 1\), not 1"),
        (lambda: donation(benefit=-1), "benefit must be a finite number above 0"),
        (lambda: hawk_dove(value=4, cost=3), "cost must be a finite number above 4"),
        (lambda: MatrixGame(payoffs=[[1, 2, 3], [4, 5, 6]]), "must be square"),
        (lambda: MatrixGame(payoffs=[[1, 2], [3, math.nan]]), r"entry \(1, 1\) is nan"),
        (lambda: MatrixGame(payoffs=[[1, 2], [3]]), "rows of equal length"),
        (lambda: MatrixGame(payoffs=[[1, 2], [3, 4]], strategies=("A",)), "name 2 strategies"),
        (lambda: MatrixGame(payoffs=[[1, 2], [3, 4]], strategies=("A", "A")), "'A' stands twice"),
        (lambda: MatrixGame(payoffs=[[1, 2], [3, 4]], strategies="AB"), "list of names"),
        (lambda: MatrixGame(payoffs=PublicGoods(group_size=3)), "groups of two"),
        (lambda: rstp(np.eye(3)), "two players with two strategies"),
        (lambda: rstp(PublicGoods(group_size=4)), "in groups of 4"),
        (lambda: classify(PublicGoods(group_size=4)), "groups of two"),
        (lambda: classify([[1, 2]]), "square"),
    ],
)
def test_bad_games_are_refused_with_the_reason(make, message):
    with pytest.raises(InputError, match=message):
        make()


def test_names_of_strategies():
    game = MatrixGame(payoffs=np.arange(9).reshape(3, 3), strategies=["Rock", "Paper", "Scissors"])
    assert game.payoff_table(["Scissors", "Rock"]).values.tolist() == [[8, 6], [2, 0]]
    assert MatrixGame(payoffs=np.eye(3)).strategies == ("0", "1", "2")
    with pytest.raises(UnknownNameError, match="did you mean 'Paper'"):
        game.payoff_table(["Papper"])
    assert game.self_cooperation() is None
    assert prisoners_dilemma().self_cooperation().tolist() == [1, 0]
    with pytest.raises(ValueError, match="read-only"):
        game.matrix[0, 0] = 1


@given(st.lists(NUMBERS, min_size=9, max_size=9), st.permutations(range(3)))
def test_relabelling_permutes_the_table_and_group_payoffs_agree_with_it(entries, order):
    game = MatrixGame(payoffs=np.reshape(entries, (3, 3)))
    whole = game.payoff_table().values
    assert np.array_equal(game.payoff_table(list(order)).values, whole[np.ix_(order, order)])
    from_groups = super(MatrixGame.__mro__[1], game).payoff_table().values
    assert np.array_equal(from_groups, whole)


CASES = [
    ([[3, 0], [5, 1]], "prisoner's dilemma", ("alternation does not pay",), 0),
    ([[2, -1], [3, 0]], "prisoner's dilemma", ("donation", "alternation does not pay"), 0),
    ([[1, -1], [4, 0]], "prisoner's dilemma", ("alternation pays",), 0),
    ([[1, 5], [0, 3]], "prisoner's dilemma", ("alternation does not pay",), 1),
    ([[4, 0], [3, 3]], "stag hunt", ("safe hare", "defection is risk-dominant"), 0),
    ([[4, 0], [2, 2]], "stag hunt", ("safe hare", "equal risk"), 0),
    ([[1, -0.5], [0.5, 0]], "stag hunt", ("equal risk",), 0),
    ([[2, 0], [0, 1]], "stag hunt", ("hi-lo", "cooperation is risk-dominant"), 0),
    ([[1, 0], [0, 1]], "stag hunt", ("pure coordination", "equal risk"), 0),
    ([[1, 0], [0, 2]], "stag hunt", ("hi-lo", "cooperation is risk-dominant"), 1),
    ([[3, 2], [4, 0]], "snowdrift", ("chicken", "shared work"), 0),
    ([[1, 0], [2, -1]], "snowdrift", ("chicken", "shared work"), 0),
    ([[3, 1], [5, 0]], "snowdrift", ("chicken", "shared work"), 0),
    ([[3, 1], [4, 0]], "snowdrift", ("chicken",), 0),
    ([[1, 2], [3, 0]], "snowdrift", ("leader",), 0),
    ([[1, 3], [2, 0]], "snowdrift", ("hero",), 0),
    ([[3, 1], [2, 0]], "harmony", (), 0),
    ([[1, 0], [3, 2]], "deadlock", (), 0),
    ([[1, 0], [1.6, 0]], "borderline", ("between prisoner's dilemma and snowdrift", "weak prisoner's dilemma"), 0),
    ([[1, 0], [1, 0.5]], "borderline", ("between prisoner's dilemma and stag hunt",), 0),
    ([[1, 0], [1, 2]], "borderline", ("between deadlock and stag hunt",), 0),
    ([[1, 0], [0.5, 0]], "borderline", ("between stag hunt and harmony",), 0),
    ([[1, 1], [1, 0]], "borderline", ("between snowdrift and harmony",), 0),
    ([[1, 0], [2, 1]], "borderline", ("mutual defection pays as much as mutual cooperation",), 0),
    ([[2, 5], [2, 5]], "neutral", (), 0),
]


@pytest.mark.parametrize(("matrix", "name", "subcases", "cooperator"), CASES)
def test_classification_of_two_strategies(matrix, name, subcases, cooperator):
    found = classify(matrix)
    assert (found.name, found.subcases, found.cooperator) == (name, subcases, cooperator)
    assert name in str(found)


@given(NUMBERS, NUMBERS, NUMBERS, NUMBERS, st.sampled_from([0.1, 3.0, 1e6]), NUMBERS)
def test_classification_ignores_scale_and_origin_and_finds_the_rest_point(r, s, t, p, factor, shift):
    matrix = np.array([[r, s], [t, p]])
    found = classify(matrix)
    moved = classify(factor * matrix + shift)
    assert (found.name, found.subcases, found.inequalities) == (moved.name, moved.subcases, moved.inequalities)
    swapped = classify(matrix[::-1, ::-1])
    ambiguous = {"deadlock", "harmony", "neutral", "borderline"}
    assert swapped.name == found.name or {swapped.name, found.name} <= ambiguous
    if found.mixed_share is not None:
        x = found.mixed_share if found.cooperator == 0 else 1 - found.mixed_share
        assert 0 < x < 1
        first, second = matrix @ [x, 1 - x]
        assert first == pytest.approx(second, abs=1e-9)


def test_inequalities_say_the_order_and_the_repeated_games_condition():
    assert classify(prisoners_dilemma()).inequalities == ("T > R > P > S", "2R > T + S", "R + S < T + P")
    assert classify([[4, 0], [3, 3]]).inequalities == ("R > T = P > S", "2R > T + S", "R + S < T + P")
    assert classify([[4, 0], [3, 3]]).strict == (0, 1)
    assert classify(prisoners_dilemma()).equilibria == (1,)


@pytest.mark.parametrize(
    ("matrix", "name"),
    [
        ([[0, -1, 1], [1, 0, -1], [-1, 1, 0]], "cyclic"),
        (np.diag([1, 2, 3]), "coordination"),
        ([[1, 1, 1], [2, 2, 2], [0, 0, 0]], "dominance"),
        (np.ones((4, 4)), "neutral"),
        ([[1, 0, 0], [0, 1, 0], [0, 5, 0]], "mixed"),
        ([[7]], "single strategy"),
    ],
)
def test_larger_matrices_get_a_graceful_answer(matrix, name):
    found = classify(matrix)
    assert found.name == name
    assert found.inequalities == ()


def test_a_group_game_of_two_is_classified_through_its_matrix():
    assert classify(NPersonStagHunt(group_size=2, threshold=2, multiplier=3, cost=1)).name == "stag hunt"
    assert classify(PublicGoods(group_size=2, multiplier=1.5, cost=1)).subcases[0] == "donation"


def test_risk_dominance_of_pairs_and_groups():
    assert risk_dominance(stag_hunt(), "C", "D") == -2
    assert risk_dominance(stag_hunt(), "D", "C") == 2
    game = PublicGoods(group_size=5, multiplier=3, cost=1)
    assert risk_dominance(game, "C", "D") == pytest.approx(5 * (3 / 5 - 1))
