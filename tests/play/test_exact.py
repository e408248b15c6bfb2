"""Expected payoffs: closed forms, published figures, and matches that are really played."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import evocoop
from evocoop.core.errors import InputError
from evocoop.dynamics import small_mutation_limit
from evocoop.play import (
    automaton_of,
    evolvable_player,
    evolve_strategies,
    exact_match,
    fingerprint,
    moran_process,
    tournament,
)
from evocoop.play.automata import Automaton, find_automaton, holds
from evocoop.play.repeated_game import RepeatedGame
from evocoop.strategies.plan import Setting
from evocoop.strategies.registry import catalogue, find, recorded_automata
from evocoop.strategies.resolve import plan_of

PROBABILITY = st.floats(0.02, 0.98)
VECTOR = st.tuples(PROBABILITY, PROBABILITY, PROBABILITY, PROBABILITY)


@pytest.mark.parametrize(
    ("a", "b", "payoffs"),
    [
        ("TitForTat", "TitForTat", (2.25, 2.25)),
        ("Cooperator", "Cooperator", (2.9899, 2.9899)),
        ("Defector", "Defector", (1.0299, 1.0299)),
        ("WinStayLoseShift", "WinStayLoseShift", (2.9511, 2.9511)),
        ("GTFT", "GTFT", (2.9703, 2.9703)),
    ],
)
def test_self_play_with_mistakes_of_one_in_a_hundred(a, b, payoffs):
    """Nowak & Sigmund 1993; figures recomputed from the four-state chain."""
    assert exact_match(a, b, noise=0.01).payoffs == pytest.approx(payoffs, abs=5e-5)


def test_extortion_takes_three_times_the_surplus():
    """Press & Dyson 2012: (s_X - P) = 3 (s_Y - P) against anybody."""
    extort = "MemoryOnePlayer((11/13, 1/2, 7/26, 0))"
    for rival in ("Cooperator", "WinStayLoseShift", "GTFT"):
        mine, other = exact_match(extort, rival).payoffs
        assert mine - 1 == pytest.approx(3 * (other - 1), abs=1e-12)


@settings(max_examples=25, deadline=None)
@given(VECTOR, VECTOR)
def test_memory_one_pairs_follow_the_determinant_of_press_and_dyson(p, q):
    """Long-run payoff as D(p, q, S)/D(p, q, 1), an independent closed form."""
    vector = np.array([3.0, 0.0, 5.0, 1.0])

    def determinant(f):
        rows = [(0, 0), (1, 2), (2, 1), (3, 3)]
        return np.linalg.det([[p[i] * q[j] - (i == 0), p[i] - (i < 2), q[j] - (j < 2), f[i]] for i, j in rows])

    spec = "MemoryOnePlayer(({}, {}, {}, {}))".format
    found = exact_match(spec(*p), spec(*q)).payoffs
    assert found[0] == pytest.approx(determinant(vector) / determinant(np.ones(4)), abs=1e-9)


@pytest.mark.parametrize("terms", [{"turns": 60}, {"turns": 60, "noise": 0.1}, {"prob_end": 0.05, "noise": 0.05},
                                   {"turns": 30, "prob_end": 0.05}])  # fmt: skip
@pytest.mark.parametrize("pair", [
    ("TitForTat", "Random"), ("EvolvedFSM16", "GTFT"), ("Grudger", "FirstByJoss"), ("SecondByBlack", "SelfSteem"),
    ("FirstByAnonymous", "NoisyTransformer(TitForTat, noise=0.2)"),
    ("JossAnnTransformer(GTFT, probability=(0.1, 0.3))", "DualTransformer(ForgiverTransformer(TitFor2Tats, p=0.3))"),
])  # fmt: skip
def test_expectation_and_variance_are_those_of_many_matches(pair, terms):
    """4000 matches; mean within 4.5 standard errors (false alarm 1 in 150000), variance within 25 %."""
    exact = exact_match(*pair, **terms)
    rows = tournament(list(pair), repetitions=4000, seed=1, **terms)
    totals = np.array(rows.scores)
    turns = exact.turns
    for side in (0, 1):
        error = np.sqrt(exact.variances[side] / 4000) + 1e-9
        assert abs(totals[side].mean() - exact.payoffs[side] * turns) < 4.5 * error
        if exact.variances[side] > 1:
            assert totals[side].var() == pytest.approx(exact.variances[side], rel=0.25)


def test_without_chance_it_is_the_match_itself():
    for a, b in (("TitForTat", "Alternator"), ("Predator", "EvolvedFSM6"), ("Capri", "CyclerCCD")):
        played, exact = evocoop.match(a, b, turns=75, seed=1), exact_match(a, b, turns=75)
        assert exact.payoffs == pytest.approx((played.scores[0] / 75, played.scores[1] / 75), abs=1e-12)
        assert exact.variances == (0.0, 0.0)


def test_a_strategy_of_the_user_that_knows_the_length_is_no_automaton(tmp_path):
    """The same rule, once with a grudge on the last turn and once without."""
    text = "def {}(me):\n    return 1 if me.theirs & 1 or {} else 0\n"
    rules = {"goes_on": "me.turn < 0", "ends": "me.length - me.turn == 1", "is_short": "me.length < 20"}
    (tmp_path / "mine.py").write_text("".join(text.format(*rule) for rule in rules.items()), encoding="utf-8")
    assert automaton_of(f"{tmp_path}/mine.py:goes_on").states == 2
    for name in ("ends", "is_short"):
        assert automaton_of(f"{tmp_path}/mine.py:{name}") is None


def test_large_chains_are_solved_as_small_ones_are(monkeypatch):
    """As sparse matrices and as dense ones: an end by chance, and a limit with transient states."""
    pairs = [("APavlov2006", "TitForTat"), ("EvolvedLookerUp2_2_2", "PSOGambler2_2_2"), ("APavlov2011", "FirstByDavis")]
    for terms in ({"prob_end": 0.02, "noise": 0.01}, {"noise": 0.01}):
        for a, b in pairs:
            found = []
            for size in (10_000, 1):
                monkeypatch.setattr("evocoop.play.exact.DENSE", size)
                found.append(exact_match(a, b, **terms))
            assert found[0].states > 30
            for measure in ("payoffs", "variances", "cooperation"):
                assert getattr(found[0], measure) == pytest.approx(getattr(found[1], measure), rel=1e-8, abs=1e-8)


def test_the_limit_varies_where_chance_decides_once_and_for_ever():
    """Six starts in ten cooperate for ever, the others defect for ever."""
    found = exact_match("MemoryOnePlayer((1, 0, 0, 0), initial=C)", "Cooperator")
    assert found.variances == (0.0, 0.0)
    found = exact_match("ALLCorALLD", "Cooperator")
    assert found.payoffs == pytest.approx((0.6 * 3 + 0.4 * 5, 0.6 * 3))
    assert found.variances == pytest.approx((0.6 * 0.4 * 4, 0.6 * 0.4 * 9))


def test_the_limit_remembers_how_the_match_began():
    assert exact_match("Grudger", "SuspiciousTitForTat").payoffs == (1.0, 1.0)
    assert exact_match("TitForTat", "SuspiciousTitForTat").payoffs == (2.5, 2.5)
    assert exact_match("TitForTat", "TitForTat").payoffs == (3.0, 3.0)


@pytest.mark.parametrize(
    ("name", "states"),
    [("Cooperator", 1), ("TitForTat", 2), ("TitFor2Tats", 3), ("Grudger", 2), ("WinStayLoseShift", 2),
     ("TF1", 22), ("CyclerCCCDCD", 6), ("ForgetfulGrudger", 11), ("Random", 1), ("TrickyCooperator", 11), ("MEM2", 19),
     ("FirstByDavis", 20), ("APavlov2006", 100), ("FirstByAnonymous", 1),
     ("NoisyTransformer(TitFor2Tats, noise=0.1)", 3),
     ("FlipTransformer(GTFT)", 2), ("DualTransformer(ForgiverTransformer(TitForTat, p=0.3))", 2)],
)  # fmt: skip
def test_the_smallest_automaton_of_a_strategy(name, states):
    assert automaton_of(name).states == states


@pytest.mark.parametrize(
    "name",
    ["Retaliate", "GoByMajority", "EvolvedANN", "Gradual", "Calculator", "Doubler", "Forgiver", "SecondByGladstein"],
)
def test_strategies_that_count_or_draw_otherwise_have_none(name):
    assert automaton_of(name) is None


def test_a_tournament_says_which_entries_are_exact():
    names = ["TitForTat", "GTFT", "EvolvedANN", "Random"]
    table = tournament(names, turns=30, repetitions=3, seed=1, noise=0.02, exact=True).payoff_table()
    exact = table.standard_errors == 0
    assert exact[:2, :2].all() and exact[0, 3] and exact[3, 0]
    assert not exact[2, 0] and not exact[2, 2]
    assert table.values[0, 1] == pytest.approx(exact_match("TitForTat", "GTFT", turns=30, noise=0.02).payoffs[0])


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"turns": 0}, "turns"),
        ({"noise": -0.1}, "noise"),
        ({"prob_end": 0.0}, "prob_end must be above 0"),
        ({"b": "EvolvedANN"}, "EvolvedANN is no finite automaton"),
    ],
)
def test_bad_questions_are_refused(asked, said):
    with pytest.raises(InputError, match=said):
        exact_match(**{"a": "TitForTat", "b": "Defector", **asked})


@pytest.mark.parametrize(
    "ask",
    [
        lambda: exact_match("Darwin", "TitForTat"),
        lambda: exact_match("TitForTat", "NoisyTransformer(Darwin, noise=0.1)"),
        lambda: moran_process(["Darwin", "TitForTat"]),
        lambda: evolve_strategies("Cycler", ["TitForTat", "Darwin"]),
        lambda: evolvable_player("Darwin"),
        lambda: fingerprint("Darwin", step=0.5, turns=None, exact=True),
        lambda: RepeatedGame(players=["Darwin", "TitForTat"]),
    ],
)
def test_who_plays_over_the_library_is_refused_without_it(ask, monkeypatch):
    monkeypatch.setattr("evocoop.strategies.axelrod_door.library", lambda: pytest.fail("imported the library"))
    with pytest.raises(InputError, match="Darwin"):
        ask()
    assert automaton_of("Darwin") is None


@pytest.mark.parametrize("name", sorted(recorded_automata())[::6])
def test_recorded_automata_are_those_found_anew(name):
    known = recorded_automata()[name]
    if not find(name).native or find(name).is_team:
        assert known is None
        return
    found = find_automaton(plan_of(name), Setting())
    if known is None:
        assert found is None or "length" in find(name).classifier["makes_use_of"]
        return
    assert known["cooperates"] == pytest.approx(found.cooperates, abs=1e-15)
    assert known["moves"] == found.moves.tolist()
    deterministic = not find(name).classifier["stochastic"]
    assert known["verified"] == (10 if deterministic else None)
    assert not deterministic or holds(plan_of(name), found, Setting(), 7)


def test_every_strategy_with_a_short_memory_and_no_chance_has_an_automaton():
    """A strategy that looks back k turns and never draws has at most 1 + 4 + … + 4^k states."""
    for row in catalogue().values():
        depth = row.classifier["memory_depth"]
        if row.listed and row.native and not row.classifier["stochastic"] and depth is not None and not row.is_team:
            known = recorded_automata()[row.key]
            assert known is not None or depth > 3 or "length" in row.classifier["makes_use_of"], row.key


def test_transformed_strategies_are_automata_too():
    assert automaton_of("FlipTransformer(TitForTat)").states == 2
    assert automaton_of("InitialTransformer(TitForTat, [D, D])").states == 3
    assert automaton_of("FinalTransformer(TitForTat, [D])") is None


def test_a_repeated_game_is_the_matrix_of_its_exact_matches():
    names = ("TitForTat", "Defector", "GTFT(p=0.2)")
    game = RepeatedGame(players=names, noise=0.02, prob_end=0.05)
    for i, one in enumerate(names):
        for j, two in enumerate(names):
            met = exact_match(one, two, noise=0.02, prob_end=0.05)
            assert game.payoff_table().values[i, j] == pytest.approx(met.payoffs[0], abs=1e-12)
        assert game.self_cooperation()[i] == pytest.approx(
            exact_match(one, one, noise=0.02, prob_end=0.05).cooperation[0]
        )


def test_win_stay_lose_shift_beats_tit_for_tat_under_noise():
    """Nowak & Sigmund 1993: with mistakes the long run belongs to win-stay, lose-shift where R > (T + P)/2."""
    game = RepeatedGame(players=["Defector", "TitForTat", "GTFT", "WinStayLoseShift"], temptation=4.5, noise=0.01)
    limit = small_mutation_limit(game, population_size=100, selection_strength=1)
    assert np.argmax(limit.prevalence) == 3
    assert limit.prevalence[3] > 0.5


@pytest.mark.parametrize(
    ("players", "said"),
    [
        (["TitForTat", "TitForTat"], "must differ, but TitForTat stands twice"),
        (["TitForTot"], "did you mean 'TitForTat'"),
        (["Darwin"], "Darwin is no finite automaton"),
        ("TitForTat", "must be a list of names"),
    ],
)
def test_refused_repeated_games(players, said):
    with pytest.raises(InputError, match=said):
        RepeatedGame(players=players)


def test_what_was_recorded_is_held_against_the_strategy():
    """One transition or one play changed is noticed."""
    plan, known = plan_of("TF1"), automaton_of("TF1")
    assert holds(plan, known, Setting(), 6)
    for state in range(known.states):
        plays, moves = known.cooperates.copy(), known.moves.copy()
        plays[state] = 1 - plays[state]
        assert not holds(plan, Automaton(plays, known.moves), Setting(), 6)
        moves[state, state % 4] = (moves[state, state % 4] + 1) % known.states
        assert not holds(plan, Automaton(known.cooperates, moves), Setting(), 6)


def test_how_many_strategies_have_a_recorded_automaton():
    """The figures of the documentation."""
    known = [row["verified"] for row in recorded_automata().values() if row is not None]
    assert (known.count(10), known.count(None)) == (88, 34)
