"""Every native strategy plays as the Axelrod library's does: against a panel, and through every short history."""

from itertools import groupby

import pytest

from evocoop.strategies.registry import catalogue

pytestmark = [pytest.mark.axelrod, pytest.mark.filterwarnings("ignore:Memory (one|two) player is set to default")]

EXAMPLES = {"ANN": f"ANN(17, 1, {[0.25, -0.5] * 9 + [0.5]})", "ReactivePlayer": "ReactivePlayer((0.9, 0.2))"}
"""Strategies that cannot do without arguments."""
GROUP = 12
NATIVE = [row for row in catalogue().values() if row.native and not row.since]


def _groups(teams: bool):
    """Return the names of strategies by family, a dozen of one family at most, or teams one by one."""
    found = []
    chosen = sorted((row for row in NATIVE if row.is_team is teams), key=lambda row: row.family)
    for family, rows in groupby(chosen, key=lambda row: row.family):
        keys = [row.key for row in rows]
        size = 1 if teams else GROUP
        for k in range(0, len(keys), size):
            names = [EXAMPLES.get(key, key) for key in keys[k : k + size]]
            label = keys[k] if size == 1 or len(keys) == 1 else f"{family} {keys[k]} to {keys[k : k + size][-1]}"
            found.append(pytest.param(names, id=label))
    return found


def _conditions(*lengths: int):
    """Return two lengths at two seeds, then noise, an end by chance and another game."""
    from conformance import Conditions

    short, long, noisy = lengths
    return [
        *(Conditions(turns, seed) for turns in (short, long) for seed in (1, 2)),
        Conditions(noisy, 3, noise=0.05),
        Conditions(noisy, 4, noise=0.05),
        Conditions(4 * noisy, 5, prob_end=1 / noisy),
        Conditions(noisy, 6, game=(3.25, 0.5, 4.5, 0.75)),
    ]


def test_every_native_strategy_is_in_a_group():
    named = [name for teams in (False, True) for group in _groups(teams) for name in group.values[0]]
    assert len(named) == len(set(named)) == len(NATIVE) == 249
    assert sum(row.listed for row in NATIVE) == 240


@pytest.mark.parametrize("names", _groups(teams=False))
def test_against_the_panel(names):
    """As first and as second player, at two seeds and two lengths, with noise, and against itself."""
    from conformance import differences

    slow = [name for name in names if name == "DBS"]
    quick = [name for name in names if name not in slow]
    wrong = differences(quick, _conditions(20, 150, 80), driven=False)
    wrong += differences(slow, _conditions(5, 12, 10), driven=False)
    assert not wrong, "\n".join(wrong[:3])


@pytest.mark.parametrize("names", _groups(teams=True))
def test_teams_against_the_panel(names):
    """A few turns at two seeds, and noise: the library builds hundreds of players for each of these matches."""
    from conformance import PANEL, Conditions, compare, label_difference
    from driven import driven_difference, random_scripts

    wrong = [line for name in names for line in label_difference(name)]
    for name in names:
        for k, rival in enumerate(PANEL[:-1]):
            wrong += compare(name, rival, Conditions(6 + k, 1))
            wrong += compare(rival, name, Conditions(12 - k, 2, noise=0.1 * (k % 2)))
        wrong += compare(name, name, Conditions(5, 3))
        wrong += filter(None, [driven_difference(name, random_scripts(3, 20, seed=4))])
    assert not wrong, "\n".join(wrong[:3])


@pytest.mark.parametrize("names", _groups(teams=False))
def test_through_every_history(names):
    """Every sequence of twelve plays of the opponent (seven for the one slow strategy), and long ones of all moods.

    In half of the long ones some plays of the strategy are flipped, so that what it means and what is played differ.
    """
    from driven import all_scripts, driven_difference, moody_scripts

    scripts, few = all_scripts(12), all_scripts(7)
    wrong = [driven_difference(name, few if name == "DBS" else scripts) for name in names]
    for name in names:
        scripts, flips = moody_scripts(4, 60, seed=6) if name == "DBS" else moody_scripts(48, 300, seed=9)
        wrong.append(driven_difference(name, scripts, seed=8, flips=flips))
    assert not any(wrong), "\n".join(filter(None, wrong))


def test_quick_teams_through_every_history():
    from driven import all_scripts, driven_difference

    scripts = all_scripts(12)
    wrong = [driven_difference(name, scripts) for name in ("MemoryDecay", "MetaHunter", "MetaHunterAggressive")]
    assert not any(wrong), "\n".join(filter(None, wrong))


def test_evolvable_players_and_scripts_are_compiled_from_the_object():
    axelrod = pytest.importorskip("axelrod")
    from evocoop import match
    from evocoop.play.entrants import find_entrant

    C, D = axelrod.Action.C, axelrod.Action.D
    players = [
        axelrod.EvolvableFSMPlayer(num_states=4, seed=1),
        axelrod.EvolvableCycler(cycle_length=5, seed=2),
        axelrod.EvolvableLookerUp(parameters=(2, 1, 1), seed=3),
        axelrod.EvolvableGambler(parameters=(1, 2, 0), seed=4),
        axelrod.EvolvableANN(num_features=17, num_hidden=4, seed=5),
        axelrod.EvolvableHMMPlayer(num_states=3, seed=6),
        axelrod.MockPlayer([C, D, D]),
        axelrod.MockPlayer(),
    ]
    for player in players:
        assert find_entrant(player).plan is not None, player
        ours = match(player, "Random", turns=60, seed=9, noise=0.02)
        theirs = axelrod.Match((player, axelrod.Random()), turns=60, seed=9, noise=0.02).play()
        assert ours.sequences == tuple("".join(str(plays[k]) for plays in theirs) for k in (0, 1)), player
        assert ours.labels[0] == str(player)
