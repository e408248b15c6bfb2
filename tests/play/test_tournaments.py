"""Tournaments: the library's own at the same seed, in every measure; invariants; what is refused."""

import itertools

import numpy as np
import pytest

from evocoop.core.errors import InputError, StrategyError, UnknownNameError
from evocoop.play import tournament

MIXED = ["TitForTat", "Random(0.3)", "GTFT", "Defector", "Cycler('CCD')", "EvolvedHMM5", "Alexei", "BushMosteller"]
SMALL = ["Cooperator", "Defector", "TitForTat", "Grudger", "Alternator"]
CHANCE = ["Random", "Random", "FirstByJoss", "ZDExtort2", "NaiveProber(0.2)"]

EXACT = ("ranked_names", "ranking", "wins", "cooperation", "good_partner_matrix", "initial_cooperation_count")
CLOSE = (
    "scores",
    "normalised_scores",
    "payoff_matrix",
    "payoff_stddevs",
    "payoff_diffs_means",
    "score_diffs",
    "match_lengths",
    "normalised_cooperation",
    "cooperating_rating",
    "vengeful_cooperation",
    "good_partner_rating",
    "eigenjesus_rating",
    "eigenmoses_rating",
    "initial_cooperation_rate",
)
COUNTERS = (
    "state_distribution",
    "normalised_state_distribution",
    "state_to_action_distribution",
    "normalised_state_to_action_distribution",
)
CASES = {
    "plain": (MIXED, {"turns": 40, "repetitions": 3}),
    "deterministic": (SMALL, {"turns": 30, "repetitions": 2}),
    "one repetition": (CHANCE, {"turns": 50, "repetitions": 1}),
    "noise": (MIXED, {"turns": 40, "repetitions": 2, "noise": 0.05}),
    "prob_end": (MIXED, {"prob_end": 0.05, "repetitions": 3}),
    "prob_end of deterministic players": (SMALL, {"prob_end": 0.1, "repetitions": 4}),
    "turns and prob_end": (CHANCE, {"turns": 20, "prob_end": 0.05, "repetitions": 3, "noise": 0.02}),
    "edges": (SMALL, {"turns": 20, "repetitions": 2, "edges": [(0, 1), (1, 2), (2, 3), (3, 4), (0, 0)]}),
    "edges with noise": (CHANCE, {"turns": 20, "repetitions": 2, "noise": 0.1, "edges": [(0, 4), (1, 2), (3, 4)]}),
    "another game": (MIXED, {"turns": 30, "repetitions": 2, "game": (2.5, -1.0, 4.0, 0.5)}),
}


def _library_result(axelrod, names, seed, edges=None, game=None, **given):
    from evocoop.strategies.axelrod_door import make_player
    from evocoop.strategies.resolve import read

    players = [make_player(read(name)[1]) for name in names]
    if game is not None and np.ndim(game) == 1:
        R, S, T, P = game
        given["game"] = axelrod.Game(r=R, s=S, t=T, p=P)
    elif game is not None:
        given["game"] = axelrod.AsymmetricGame(np.array(game[0]), np.array(game[1]))
    return axelrod.Tournament(players, edges=edges, seed=seed, **given).play(progress_bar=False)


def _plain(counters):
    """Return counters as numbers, with plays as letters."""
    return [[{_letters(key): float(count) for key, count in cell.items() if count} for cell in row] for row in counters]


def _letters(key):
    return tuple(_letters(part) for part in key) if isinstance(key, tuple) else str(key)


def assert_same(ours, theirs):
    for name in EXACT:
        assert getattr(ours, name) == getattr(theirs, name), name
    for name in CLOSE:
        assert np.allclose(getattr(ours, name), getattr(theirs, name), rtol=1e-12, atol=1e-12), name
    assert [[list(cell) for cell in row] for row in ours.payoffs] == [
        [pytest.approx(cell, rel=1e-12) for cell in row] for row in theirs.payoffs
    ]
    for name in COUNTERS:
        mine, known = _plain(getattr(ours, name)), _plain(getattr(theirs, name))
        for i, j in itertools.product(range(ours.num_players), repeat=2):
            assert mine[i][j] == pytest.approx(known[i][j], rel=1e-12), (name, i, j)
    for mine, known in zip(ours.summarise(), theirs.summarise(), strict=True):
        assert mine._fields == known._fields
        assert (mine.Rank, mine.Name) == (known.Rank, known.Name)
        assert list(mine[2:]) == pytest.approx([float(value) for value in known[2:]], rel=1e-12, abs=1e-15)


@pytest.mark.axelrod
@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("seed", [1, 20, 4_000_000_000])
def test_every_measure_is_the_librarys(case, seed):
    axelrod = pytest.importorskip("axelrod")
    names, given = CASES[case]
    theirs = _library_result(axelrod, names, seed, **given)
    ours = tournament(names, seed=seed, **given)
    assert ours.notes == ()
    assert_same(ours, theirs)


ASYMMETRIC = ([[3, 0], [5, 1]], [[2, 4], [-1, 0.5]])


@pytest.mark.axelrod
@pytest.mark.parametrize("given", [{}, {"noise": 0.1}, {"edges": [(1, 0), (2, 3), (4, 2)]}], ids=str)
def test_asymmetric_games_are_scored_as_the_librarys(given):
    axelrod = pytest.importorskip("axelrod")
    names = ["TitForTat", "Random(0.4)", "Defector", "Grudger", "Alternator"]
    asked = {"turns": 25, "repetitions": 2, "game": ASYMMETRIC, **given}
    assert_same(tournament(names, seed=3, **asked), _library_result(axelrod, names, 3, **asked))


@pytest.mark.axelrod
def test_the_librarys_own_games_are_taken():
    axelrod = pytest.importorskip("axelrod")
    names, asked = ["TitForTat", "Random", "Defector"], {"turns": 20, "repetitions": 1, "seed": 1}
    game = axelrod.Game(r=2, s=-1, t=4, p=0.5)
    assert tournament(names, game=game, **asked).scores == tournament(names, game=(2, -1, 4, 0.5), **asked).scores
    uneven = axelrod.AsymmetricGame(*(np.array(side) for side in ASYMMETRIC))
    assert tournament(names, game=uneven, **asked).scores == tournament(names, game=ASYMMETRIC, **asked).scores


def test_a_symmetric_pair_of_matrices_is_a_symmetric_game():
    names = ["TitForTat", "Random", "Defector"]
    one = tournament(names, turns=20, repetitions=2, seed=1, game=([[3, 0], [5, 1]], [[3, 5], [0, 1]]))
    assert one.scores == tournament(names, turns=20, repetitions=2, seed=1).scores
    assert one.payoff_table().values.shape == (3, 3)


@pytest.mark.parametrize("workers", [1, 2, 7])
def test_results_do_not_depend_on_workers(workers):
    names = [*MIXED, *SMALL, *CHANCE[1:]]
    one = tournament(names, turns=30, repetitions=2, seed=5, noise=0.02)
    many = tournament(names, turns=30, repetitions=2, seed=5, noise=0.02, workers=workers)
    assert (one.joint == many.joint).all() and (one.moves == many.moves).all() and (one.opening == many.opening).all()


def test_what_adds_up_does():
    """Wins, turns, joint plays and payoffs, whatever the players do."""
    result = tournament([*MIXED, *CHANCE], prob_end=0.02, repetitions=5, seed=9, noise=0.01)
    n, repetitions = result.num_players, result.repetitions
    joint = result.joint.astype(np.int64)
    moves = result.moves.reshape(-1, 4, 4)
    assert (moves.sum(axis=(1, 2)) == joint.sum(axis=(1, 2)) - repetitions).all()
    lengths = np.array(result.match_lengths)
    assert (lengths == lengths.transpose(0, 2, 1)).all() and lengths.min() >= 1
    wins = np.array(result.wins).sum(axis=0)
    assert (wins <= n * (n - 1) / 2).all()
    assert np.allclose(np.array(result.payoff_diffs_means), -np.array(result.payoff_diffs_means).T)
    assert np.array(result.good_partner_matrix).max() <= repetitions
    assert sorted(result.ranking) == list(range(n))
    medians = [np.median(result.normalised_scores[k]) for k in result.ranking]
    assert medians == sorted(medians, reverse=True)
    for row in result.normalised_state_distribution:
        assert [sum(cell.values()) for cell in row if cell] == pytest.approx([1.0] * (n - 1))
    for k in range(n):
        total = sum(np.array(result.payoffs[k][j]) * lengths[:, k, j] for j in range(n) if j != k)
        assert total == pytest.approx(np.array(result.scores[k]))


def test_a_fresh_seed_is_told_and_gives_the_result_again():
    one = tournament(CHANCE, turns=20, repetitions=2)
    assert tournament(CHANCE, turns=20, repetitions=2, seed=one.seed).scores == one.scores
    assert tournament(CHANCE, turns=20, repetitions=2, seed=one.seed ^ 1).scores != one.scores


PYTHON = """
from evocoop.strategies.state import C, D

def late(me):
    return 3 if me.turn == 60 else C

def early(me):
    return 1 // me.turn

def fine(me):
    return D if me.cd + me.dd else C
"""


@pytest.fixture
def mine(tmp_path):
    (tmp_path / "mine.py").write_text(PYTHON)
    return str(tmp_path / "mine.py")


def test_a_strategy_that_fails_is_named_with_opponent_and_turn(mine):
    with pytest.raises(StrategyError, match=r"mine.py:early against Cooperator, turn 1: .*divide by zero"):
        tournament(["TitForTat", f"{mine}:early"], turns=20, seed=1)
    with pytest.raises(StrategyError, match=r"mine.py:late against Defector, turn 61: a rule returned neither C"):
        tournament(["Defector", f"{mine}:late"], turns=100, repetitions=1, seed=1)
    assert tournament(["Defector", f"{mine}:late"], turns=60, repetitions=1, seed=1).scores[0] == [300.0]


@pytest.mark.parametrize("edges", [None, [(0, 1), (0, 2), (1, 3), (3, 4), (2, 4), (0, 0)]], ids=["all", "edges"])
def test_the_tournament_goes_on_without_it_if_asked(mine, edges):
    names = ["Defector", f"{mine}:late", "Random", f"{mine}:early", f"{mine}:fine"]
    with pytest.warns(UserWarning, match="left out"):
        found = tournament(names, turns=100, repetitions=2, seed=1, on_error="leave out", edges=edges)
    left = None if edges is None else [(0, 1), (1, 2), (0, 0)]
    same = tournament([names[0], names[2], names[4]], turns=100, repetitions=2, seed=1, edges=left)
    assert found.players == same.players and found.scores == same.scores
    assert len(found.notes) == 2
    assert "early against Cooperator, turn 1: " in found.notes[0]
    assert "late against Defector, turn 61" in found.notes[1]


@pytest.mark.axelrod
@pytest.mark.filterwarnings("ignore::evocoop.play.BridgeWarning")
def test_players_of_the_librarys_kind_that_fail_are_named_too():
    axelrod = pytest.importorskip("axelrod")

    class Wrong(axelrod.Cooperator):
        name = "Wrong"
        said = "D"

        def strategy(self, opponent):
            return self.said if len(self.history) == 4 else axelrod.Action.C

    class Raising(Wrong):
        name = "Raising"
        said = property(lambda self: 1 / 0)

    with pytest.raises(StrategyError, match="Wrong against TitForTat, turn 5: returned 'D', which is neither Action.C"):
        tournament(["TitForTat", Wrong()], turns=10, seed=1)
    with pytest.raises(StrategyError, match="Raising against TitForTat, turn 5: ZeroDivisionError"):
        tournament(["TitForTat", Raising()], turns=10, seed=1)
    with pytest.warns(UserWarning, match="left out: Raising"):
        found = tournament(["TitForTat", Raising(), "Defector"], turns=10, seed=1, on_error="leave out")
    assert found.players == ("TitForTat", "Defector")


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ({"players": ["TitForTat", "Tit For Tatt"]}, "did you mean 'Tit For Tat'"),
        ({"players": ["TitForTat", "GTFT(q=1)"]}, "GTFT has no parameter 'q'"),
        ({"players": []}, "at least one strategy"),
        ({"players": "TitForTat"}, "must be a list"),
        ({"players": [1]}, "by its name or as a player object, not by 1"),
        ({"turns": 0}, "turns must be a whole number"),
        ({"repetitions": 0}, "repetitions must be a whole number"),
        ({"noise": 1.5}, "noise must be"),
        ({"prob_end": 0.0, "turns": None}, "prob_end must be above 0"),
        ({"seed": -1}, "seed must be"),
        ({"seed": 2**32}, "seed must be"),
        ({"game": (1, 2, 3)}, "game must be four payoffs"),
        ({"game": [[[1, 2], [3, 4]]]}, "two 2 by 2 matrices"),
        ({"game": ASYMMETRIC, "exact": True}, "needs a symmetric game"),
        ({"edges": [(0, 2)]}, "player's position must be"),
        ({"edges": [(0, 0)]}, "'Defector' meets nobody"),
        ({"edges": [(0, "Grudger"), (0, 1)]}, "'Grudger' names no player"),
        ({"edges": [(0, 1, 2)]}, "an edge must name two players"),
        ({"edges": ["TitForTat"]}, "an edge must name two players"),
        ({"on_error": "ignore"}, "on_error must be"),
        ({"workers": 0}, "workers must be a whole number"),
    ],
)
def test_what_cannot_be_played_is_refused(bad, said):
    asked = {"players": ["TitForTat", "Defector"], "turns": 10, "repetitions": 1, "seed": 1, **bad}
    with pytest.raises(InputError, match=said):
        tournament(**asked)


def test_unknown_names_are_refused_even_when_strategies_that_fail_are_left_out():
    with pytest.raises(UnknownNameError, match="did you mean 'Grudger'"):
        tournament(["TitForTat", "Gruger"], turns=5, seed=1, on_error="leave out")


def test_edges_may_go_by_name_and_need_not_join_everybody():
    by_name = tournament(SMALL, turns=10, repetitions=1, seed=2, edges=[("Cooperator", "Defector"), (2, 3), (4, 4)])
    assert by_name.pairs.tolist() == [[0, 1], [2, 3], [4, 4]]
    assert by_name.payoffs[0][2] == [] and by_name.payoff_matrix[0][2] == 0.0
    with pytest.raises(InputError, match="never met"):
        by_name.payoff_table()


def test_tables_say_what_the_result_says(tmp_path):
    import polars as pl

    result = tournament([*MIXED, "TitForTat"], turns=20, repetitions=3, seed=4, noise=0.05)
    paths = result.write(tmp_path / "new" / "folder")
    assert [path.name for path in paths] == [
        "players.parquet",
        "repetitions.parquet",
        "pairs.parquet",
        "matches.parquet",
    ]
    tables = {path.stem: pl.read_parquet(path) for path in paths}
    assert all(tables[name].equals(frame) for name, frame in result.frames().items())
    players, matches, pairs = tables["players"], tables["matches"], tables["pairs"]
    assert players["label"].to_list() == result.ranked_names
    assert players["eigenmoses_rating"].to_list() == [result.eigenmoses_rating[k] for k in result.ranking]
    assert matches.height == 45 * 3 and pairs.height == 81
    assert matches["turns"].unique().to_list() == [20]
    scores = tables["repetitions"].group_by("position", maintain_order=True).agg("score")["score"].to_list()
    assert scores == result.scores
    others = matches.filter(pl.col("first_position") != pl.col("second_position"))
    totals = [
        others.filter(pl.col("first_position") == k)["first_score"].sum()
        + others.filter(pl.col("second_position") == k)["second_score"].sum()
        for k in range(9)
    ]
    assert totals == [sum(row) for row in result.scores]
    row = pairs.filter((pl.col("position") == 1) & (pl.col("opponent_position") == 3)).row(0, named=True)
    assert row["payoff"] == result.payoff_matrix[1][3]
    assert (row["cc"], row["dd"]) == tuple(result.state_distribution[1][3][state] for state in (("C", "C"), ("D", "D")))


def test_tables_of_an_asymmetric_game_keep_both_scores():
    result = tournament(["Cooperator", "Defector"], turns=10, repetitions=1, seed=1, game=ASYMMETRIC)
    rows = result.frames()["matches"].select("first", "second", "first_score", "second_score").rows()
    assert rows == [
        ("Cooperator", "Cooperator", 30.0, 20.0),
        ("Cooperator", "Defector", 0.0, 40.0),
        ("Defector", "Defector", 10.0, 5.0),
    ]


def test_the_table_of_pairs_says_which_payoffs_are_exact():
    result = tournament(["TitForTat", "Random", "GoByMajority"], turns=10, repetitions=1, seed=1, exact=True)
    pairs = result.frames()["pairs"]
    known = {(row["strategy"], row["opponent"]): row["expected_payoff"] for row in pairs.rows(named=True)}
    assert {pair for pair, value in known.items() if value is not None} == {
        pair for pair in known if "GoByMajority" not in pair
    }
    assert known["Random", "Random"] == pytest.approx(2.25)
    assert pairs["exact"].to_list() == [value is not None for value in known.values()]


def test_edges_that_name_a_pair_twice_count_all_its_turns():
    """The library divides the cooperations of both matches by the turns of one."""
    names = ["Cooperator", "Alternator", "Defector"]
    once, twice = [(0, 1), (1, 2)], [(0, 1), (1, 0), (1, 2), (2, 1)]
    one, two = (tournament(names, turns=10, repetitions=2, seed=1, edges=edges) for edges in (once, twice))
    assert np.array(two.normalised_cooperation).max() == 1.0
    for measure in ("normalised_cooperation", "cooperating_rating", "eigenjesus_rating"):
        assert getattr(two, measure) == getattr(one, measure)


@pytest.mark.parametrize("edges", [3, "ab", [3, 4], [(0, 1, 2)], ["ab"]])
def test_edges_that_are_none_are_refused(edges):
    with pytest.raises(InputError, match="edge"):
        tournament(["Cooperator", "Defector"], edges=edges)


@pytest.mark.parametrize("players", [5, [], "TitForTat", None])
def test_players_that_are_none_are_refused(players):
    with pytest.raises(InputError, match="players must be a list"):
        tournament(players)
