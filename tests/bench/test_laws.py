"""The laws of the field hold, and a law that is wrong is noticed."""

import dataclasses

import pytest

from evocoop.bench.laws import TOPICS, all_laws, check_laws


@pytest.mark.parametrize("topic", TOPICS)
def test_every_law_holds(topic):
    broken = [
        f"{verdict.law.statement}: expected {verdict.law.expected}, ours {verdict.figure}"
        for verdict in check_laws(all_laws([topic]))
        if not verdict.holds
    ]
    assert not broken


def test_there_are_enough_laws_and_each_names_its_source():
    laws = all_laws()
    assert len(laws) >= 60
    assert all(law.citation and law.statement for law in laws)
    assert len({law.statement for law in laws}) == len(laws)


def test_a_wrong_law_does_not_hold():
    law = all_laws(["fixation"])[0]
    wrong = dataclasses.replace(law, expected=law.expected * 1.001 + 1e-3)
    assert [verdict.holds for verdict in check_laws([law, wrong])] == [True, False]
