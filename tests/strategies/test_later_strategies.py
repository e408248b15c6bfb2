"""Strategies that axelrod 4.14 added: the plays of the library's own classes at the same seed, recorded from 4.14.0."""

import pytest

import evocoop
from evocoop.core.errors import InputError

CYCLE = "Cycler('CCDCDDDC')"
PLAYS = {
    ("Momentum", "Random"): "CCCCCCCCCDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDD",
    ("Momentum(0.8, 0.6)", "Random"): "CCCCCCDCCDDDDDDDDDCDCCDDDDDDDDDDDDDCCCCCCDCCDCDDDDDDDDDDDDDDDDDDDDDDDD",
    ("Momentum(0.8, 0.6)", CYCLE): "CCCCCCDDDCCDCDDDDDCDCDDDDDCDCDDDDDCDCDDDDDCDCDDDDDCDCDDDDDCDCDDDDDCDCD",
    ("FrequencyAnalyzer", "Random"): "CCCDCDDCCDDDDDCDCCCDCCDDCDDCCDDDDDCDCDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDD",
    ("FrequencyAnalyzer", CYCLE): "CCCDCDDDCCCDCDDDCCCDCDDDCCCDCDDDDCDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDD",
}


@pytest.mark.parametrize(("strategy", "opponent"), PLAYS)
def test_plays_as_recorded(strategy, opponent):
    found = evocoop.match(strategy, opponent, turns=70, seed=3, noise=0.02)
    assert found.sequences[0] == PLAYS[strategy, opponent]


@pytest.mark.parametrize(
    ("strategy", "label"),
    [
        ("Momentum", "Momentum: 1.0, Alpha: 0.9914655399877477, Threshold: 0.9676595613724907"),
        ("Momentum(0.8, 0.6)", "Momentum: 1.0, Alpha: 0.8, Threshold: 0.6"),
        ("Momentum(threshold=1)", "Momentum: 1.0, Alpha: 0.9914655399877477, Threshold: 1"),
        ("FrequencyAnalyzer", "FrequencyAnalyzer"),
    ],
)
def test_labels_as_recorded(strategy, label):
    assert evocoop.match(strategy, "TitForTat", turns=1).labels[0] == label


@pytest.mark.axelrod
def test_what_is_not_installed_is_refused_with_the_version_that_has_it():
    with pytest.raises(InputError, match=r"EvolvedAttention came with axelrod 4\.14; axelrod 4\.13"):
        evocoop.match("EvolvedAttention", "TitForTat", turns=1)
