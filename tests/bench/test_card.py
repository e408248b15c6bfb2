"""The report card: known characters, the exact Moran process, the field, refusals."""

import numpy as np
import pytest

from evocoop.bench.card import compare, field_of, report_card
from evocoop.core.errors import InputError
from evocoop.play import fingerprint

FIELD = ["Cooperator", "Defector", "Grudger", "Alternator", "WinStayLoseShift", "Random"]


def card(name, **asked):
    return report_card(name, field=FIELD, turns=50, repetitions=3, seed=1, **asked)


def test_the_character_of_tit_for_tat():
    own = card("TitForTat").character
    assert (own.nice, own.opening, own.retaliating, own.steadfast, own.contrite) == (1.0, 1.0, 1.0, 1.0, 1.0)
    assert own.forgiving == 0.0
    assert own.self_play == 3.0


def test_a_defector_is_never_nice_and_is_outscored_by_nobody():
    own = card("SuspiciousTitForTat").character
    assert own.nice == 0.0 and own.opening == 0.0
    worst = card("Cooperator")
    assert worst.character.exploited == ("Defector", 5.0)
    assert worst.partners["worst"][0][0] == "Defector"


def test_invasions_are_those_of_the_exact_moran_process():
    """rho = 1/(1 + sum_k prod_(j<=k) f_C(j)/f_D(j)), fitness equal to payoff per turn, j defectors among 20."""
    result = report_card("Cooperator", field=["Defector"], turns=10, repetitions=2, seed=1)
    total, product = 1.0, 1.0
    for j in range(1, 20):
        product *= 3.0 * (20 - j - 1) / (5.0 * (20 - j) + 1.0 * (j - 1))
        total += product
    assert result.invaders == (("Defector", pytest.approx(20 / total, rel=1e-12)),)
    assert result.invades == 0.0 and result.resists == 0.0
    (pair,) = result.pairs
    assert (pair.opponent, pair.payoff, pair.given) == ("Defector", 0.0, 5.0)
    assert pair.invaded == pytest.approx(20 / total, rel=1e-12) and pair.fixation < 1e-3


def test_standing_counts_the_strategy_itself_and_gives_an_interval():
    found = card("Random")
    assert found.plain.players == len(FIELD)
    low, high = found.plain.interval
    assert 1 <= low <= found.plain.rank <= high + 1 <= len(FIELD) + 1
    assert set(found.robustness) >= {"10 turns", "snowdrift", "stag hunt"}


def test_strategies_that_do_not_exist_in_a_game_stay_away_from_it():
    found = report_card("TitForTat", field=["ZDExtort2", "Defector"], turns=20, repetitions=2, seed=1)
    assert found.plain.players == 3
    assert found.robustness["snowdrift"].players < 3


def test_the_card_holds_the_fingerprint_of_its_seed():
    found = card("Random").fingerprint
    assert found.seed == 1 and found.scores.shape == (21, 21)
    np.testing.assert_array_equal(found.scores, fingerprint("Random", step=0.05, seed=1).scores)


def test_two_strategies_side_by_side():
    both = compare("TitForTat", "Defector", field=FIELD, turns=50, repetitions=2, seed=1)
    assert both.measures["cooperation"][1] == 0.0 < both.measures["cooperation"][0]
    assert both.measures["nice"] == (1.0, 0.0)
    shared = [name for name in FIELD if name != "Defector"]
    assert [(one.opponent, two.opponent) for one, two in both.pairs] == [(name, name) for name in shared]
    kind = both.pairs[0]
    assert (kind[0].payoff, kind[0].given, kind[1].payoff, kind[1].given) == (3.0, 3.0, 5.0, 0.0)
    assert kind[0].fixation == kind[0].invaded == pytest.approx(1.0)


def test_the_field_is_every_native_strategy():
    names = field_of()
    assert "TitForTat" in names and "MetaMajority" in names and len(names) == 240
    assert "MetaMajority" not in field_of(quick=True) and len(field_of(quick=True)) == 222


def test_steps_are_told_to_the_end():
    told: list[tuple[int, int]] = []
    asked = {"field": ["Defector"], "turns": 10, "repetitions": 2, "seed": 1}
    report_card("Cooperator", told=lambda *step: told.append(step), **asked)
    assert told == [(done, 9) for done in range(1, 10)]
    told.clear()
    compare("Cooperator", "TitForTat", told=lambda *step: told.append(step), **asked)
    assert told == [(done, 18) for done in range(1, 19)]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"strategy": "Tit4Tat"}, "unknown strategy"),
        ({"strategy": "TitForTat", "repetitions": 1}, "repetitions"),
        ({"strategy": "TitForTat", "noise": 2}, "noise"),
        ({"strategy": "TitForTat", "field": ["TitForTat"]}, "at least one other"),
    ],
)
def test_bad_cards_are_refused(asked, said):
    with pytest.raises(InputError, match=said):
        report_card(**{"turns": 5, "seed": 1, **asked})
