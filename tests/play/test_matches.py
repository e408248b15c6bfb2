"""Single matches: the library's own at the same seed, their statistics, and what is refused."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evocoop.core.errors import InputError, UnknownNameError
from evocoop.play import BridgeWarning, match

NAMES = ["TitForTat", "Random(0.4)", "GTFT", "ZDExtort2", "EvolvedHMM5", "Alexei", "OmegaTFT", "Gradual", "Adaptive"]
TERMS = [
    {"turns": 1},
    {"turns": 77},
    {},
    {"turns": 60, "noise": 0.1},
    {"turns": 30, "noise": 1.0},
    {"prob_end": 0.02},
    {"prob_end": 1.0},
    {"turns": 15, "prob_end": 0.05},
    {"turns": 40, "game": (2.0, -1.0, 3.0, 0.0)},
]


def _library_match(axelrod, names, seed, game=None, **given):
    from evocoop.strategies.axelrod_door import make_player
    from evocoop.strategies.resolve import read

    if game is not None:
        R, S, T, P = game
        given["game"] = axelrod.Game(r=R, s=S, t=T, p=P)
    return axelrod.Match([make_player(read(name)[1]) for name in names], seed=seed, **given)


@pytest.mark.axelrod
@pytest.mark.parametrize("given", TERMS, ids=str)
def test_a_match_is_the_librarys_at_the_same_seed(given):
    axelrod = pytest.importorskip("axelrod")
    for k, name in enumerate(NAMES):
        pair = (name, NAMES[(k + 3) % len(NAMES)])
        for seed in (0, 7 + k, 2**32 - 1):
            theirs = _library_match(axelrod, pair, seed, **given)
            plays = theirs.play()
            ours = match(*pair, seed=seed, **given)
            assert ours.sequences == tuple("".join(str(both[side]) for both in plays) for side in (0, 1)), (pair, seed)
            assert ours.scores == pytest.approx(theirs.final_score())
            assert ours.scores_per_turn == pytest.approx(theirs.final_score_per_turn())
            assert ours.cooperation == tuple(theirs.cooperation())
            assert ours.normalised_cooperation == tuple(theirs.normalised_cooperation())
            assert ours.winner == (str(theirs.winner()) if theirs.winner() else None)
            assert ours.sparklines() == theirs.sparklines()
            known = {tuple(map(str, state)): count for state, count in theirs.state_distribution().items()}
            assert ours.state_distribution == known


@pytest.mark.axelrod
def test_answers_are_counted_as_the_library_counts_them():
    axelrod = pytest.importorskip("axelrod")
    theirs = _library_match(axelrod, ("Random", "TitForTat"), 3, turns=80, noise=0.05)
    known = axelrod.interaction_utils.compute_state_to_action_distribution(theirs.play())
    ours = match("Random", "TitForTat", turns=80, noise=0.05, seed=3).state_to_action_distribution
    for mine, counts in zip(ours, known, strict=True):
        assert mine == {(tuple(map(str, state)), str(play)): count for (state, play), count in counts.items()}


@pytest.mark.axelrod
def test_shares_of_joint_plays_and_answers():
    found = match("Alternator", "TitForTat", turns=8)
    assert found.sequences == ("CDCDCDCD", "CCDCDCDC")
    assert found.normalised_state_distribution == {("C", "C"): 1 / 8, ("D", "C"): 4 / 8, ("C", "D"): 3 / 8}
    first, second = found.normalised_state_to_action_distribution
    assert first == {(("C", "C"), "D"): 1.0, (("D", "C"), "C"): 1.0, (("C", "D"), "D"): 1.0}
    assert sum(second.values()) == 3.0


def test_player_objects_play_as_their_names_do_and_what_is_not_native_goes_over_the_bridge():
    axelrod = pytest.importorskip("axelrod")
    named = match("GTFT(p=0.3)", "Cycler('CDD')", turns=40, seed=2)
    made = match(axelrod.GTFT(p=0.3), axelrod.Cycler("CDD"), turns=40, seed=2)
    assert (made.sequences, made.labels, made.notes) == (named.sequences, named.labels, ())

    class Mine(axelrod.TitForTat):
        name = "Mine"

        def strategy(self, opponent):
            return axelrod.Action.D if len(self.history) == 7 else super().strategy(opponent)

    with pytest.warns(BridgeWarning, match="Mine: played over the Axelrod library"):
        bridged = match(Mine(), "Random", turns=40, seed=2, noise=0.05)
    plays = axelrod.Match((Mine(), axelrod.Random()), turns=40, seed=2, noise=0.05).play()
    assert bridged.sequences == tuple("".join(str(both[side]) for both in plays) for side in (0, 1))
    assert bridged.notes and bridged.labels == ("Mine", "Random: 0.5")


@pytest.mark.axelrod
def test_darwin_plays_over_the_bridge():
    pytest.importorskip("axelrod")
    with pytest.warns(BridgeWarning, match="Darwin"):
        assert match("Darwin", "Cooperator", turns=3, seed=1).turns == 3


@settings(max_examples=60, deadline=None)
@given(
    pair=st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)),
    turns=st.integers(1, 300),
    seed=st.integers(0, 2**32 - 1),
    noise=st.sampled_from([0.0, 0.01, 0.5, 1.0]),
)
def test_what_adds_up_does(pair, turns, seed, noise):
    found = match(*pair, turns=turns, seed=seed, noise=noise)
    assert found.turns == turns == len(found.sequences[0]) == len(found.sequences[1])
    assert sum(found.state_distribution.values()) == turns
    assert all(sum(counts.values()) == turns - 1 for counts in found.state_to_action_distribution)
    counts = found.state_distribution
    assert found.scores[0] == 3 * counts["C", "C"] + 5 * counts["D", "C"] + counts["D", "D"]
    assert found.scores[0] - found.scores[1] == 5 * (counts["D", "C"] - counts["C", "D"])
    assert match(*pair, turns=turns, seed=seed, noise=noise).sequences == found.sequences


def test_a_longer_match_goes_on_as_the_shorter_one_began():
    """For players that do not know the length; the random streams do not depend on it either."""
    short = match("Random", "ZDExtort2", turns=50, seed=6, noise=0.1)
    long = match("Random", "ZDExtort2", turns=500, seed=6, noise=0.1)
    assert [plays[:50] for plays in long.sequences] == list(short.sequences)


def test_matches_much_longer_than_expected_are_played_to_their_end():
    found = match("TitForTat", "Random", prob_end=0.0004, seed=4)
    assert found.turns == 8529
    with pytest.raises(InputError, match="turns, at most 20000000 are played"):
        match("TitForTat", "Random", prob_end=1e-9, seed=12)


def test_an_asymmetric_game_pays_each_by_its_own_matrix():
    found = match("Cooperator", "Defector", turns=10, seed=1, game=([[3, 0], [5, 1]], [[2, 4], [-1, 0.5]]))
    assert found.scores == (0.0, 40.0)
    found = match("Defector", "Cooperator", turns=10, seed=1, game=([[3, 0], [5, 1]], [[2, 4], [-1, 0.5]]))
    assert found.scores == (50.0, -10.0)


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ({"a": "TitForTatt"}, "unknown strategy 'TitForTatt'; did you mean 'TitForTat'"),
        ({"b": "GTFT(p="}, "cannot read the strategy"),
        ({"b": "GTFT(probability=0.1)"}, "no parameter 'probability'"),
        ({"b": 3}, "not by 3"),
        ({"b": "GTFT(p=1.2)"}, r"GTFT\(p=1.2\): four_vector must hold four probabilities"),
        ({"b": "FlipTransformer(TitForTot)"}, "TitForTot names no strategy; .* did you mean 'TitForTat'"),
        ({"b": "Retaliate(retaliation_threshold='a')"}, "'a' is no number"),
        ({"b": "FlipTransformer(" * 3000}, "more than 64 deep"),
        ({"turns": 1.5}, "turns must be"),
        ({"turns": "many"}, "turns must be"),
        ({"noise": -0.1}, "noise must be"),
        ({"noise": float("nan")}, "noise must be"),
        ({"prob_end": 2}, "prob_end must be"),
        ({"seed": 2**32}, "seed must be"),
        ({"seed": 1.5}, "seed must be"),
        ({"game": "hawk-dove"}, "game must be four payoffs"),
        ({"game": [[1, 2], [3, float("inf")]]}, "finite numbers"),
    ],
)
def test_what_cannot_be_played_is_refused(bad, said):
    asked = {"a": "TitForTat", "b": "Defector", "turns": 10, "seed": 1, **bad}
    with pytest.raises(InputError, match=said):
        match(asked.pop("a"), asked.pop("b"), **asked)


def test_an_unknown_name_brings_all_names():
    with pytest.raises(UnknownNameError) as caught:
        match("Tit", "Defector")
    assert {"TitForTat", "Tit For Tat", "NoisyTransformer"} <= set(caught.value.choices)
