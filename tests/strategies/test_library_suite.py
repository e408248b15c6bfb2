"""The plays that the installed library's own tests expect, replayed on the compiled strategies."""

from dataclasses import replace

import pytest

from evocoop.play.entrants import find_entrant
from evocoop.play.matches import play_plans
from evocoop.play.setting import letters, terms

pytestmark = pytest.mark.axelrod

LEAST_CALLS = 977
BRIDGED = {"TestDarwin", "TestMixedTransformer", "TestMixed0", "TestMixed1"}
"""The tests of what is not native: a genome shared by all matches, and players made anew without a seed each turn."""


def _player(player):
    """Return a player of the library for one of a class that its tests derive to fix arguments."""
    cls = type(player)
    if cls.__name__ == "PartialedClass":
        cls = cls.__mro__[1]
    return cls(**player.init_kwargs) if cls is not type(player) else player


def _replayed(call):
    """Return the plays of the native match, or None when a player is not native."""
    pair = [find_entrant(_player(player)) for player in call.players]
    if any(who.plan is None for who in pair):
        return None
    game = call.attributes.get("game")
    R, P, S, T = game.RPST() if game else (3, 1, 0, 5)
    agreed = terms(call.turns, call.noise, None, (R, S, T, P))
    agreed = replace(agreed, known_length=float(call.attributes.get("length", agreed.known_length)))
    if call.attributes and "length" not in call.attributes:
        agreed = replace(agreed, known_length=-1.0)
    plays = play_plans(pair[0].plan, pair[1].plan, agreed, call.seed or 0)
    return letters(plays[0]), letters(plays[1])


def test_all_plays_the_librarys_tests_expect():
    """The same plays in every call of the tests of strategies and transformers; a wrong one is named by its test."""
    pytest.importorskip("axelrod.tests.strategies.test_player")
    from harvest import harvest

    calls = harvest()
    assert len(calls) >= LEAST_CALLS
    played = [(call, _replayed(call)) for call in calls]
    assert {call.test.split(".")[1] for call, plays in played if plays is None} == BRIDGED
    assert sum(plays is not None for _, plays in played) >= LEAST_CALLS
    wrong = [(call, plays) for call, plays in played if plays and not _agrees(plays, call.expected)]
    said = [
        f"{call.test}: {call.players[0]} v {call.players[1]}, {plays} not {call.expected}" for call, plays in wrong[:5]
    ]
    assert not wrong, "\n".join([f"{len(wrong)} of {len(calls)} differ", *said])


def _agrees(plays, expected):
    """Compare as the library's tests do: as far as both go."""
    return all(ours[: len(theirs)] == theirs[: len(ours)] for ours, theirs in zip(plays, expected, strict=True))


def test_a_wrong_play_would_be_noticed():
    assert not _agrees(("CD", "CC"), ("CC", "CC"))
    assert _agrees(("CDC", "CCC"), ("CD", "CC"))
