"""Simulated hunts agree with the exact payoffs within their stated errors, and do not depend on the workers."""

import numpy as np
import pytest

from evocoop.core.errors import InputError
from evocoop.games import CoordinatedHunt, role_coverage
from evocoop.hunt import sample_hunts, sampled_table

MINDS = (
    *("LeaderFollower+signal+commit+plan", "Taker+we+recognise", "Hare+we+attune+merit", "Harasser", "Faker", "Joiner"),
    *("Scavenger", "Hare+verify", "Hare+attend+signal+plan+generalise", "ImpactHunter", "Liar", "Myopic+commit+choose"),
)
ECOLOGY = {
    "noise": 0.2, "desertion": 0.1, "stages": 3, "roles": 2, "visibility": 0.6, "leakage": 0.4, "reach": "near",
    "success": 0.7, "dominance": 0.5, "injury": 0.3, "dilution": 1.0, "cost_sharing": 0.5, "big_game": 0.8,
    "false_positive": 0.1, "false_negative": 0.1, "acuity": 0.5, "practice": 0.8,
}  # fmt: skip


def deviations(game, groups, hunts):
    """Return how many standard errors the simulated payoffs, hunting and success lie off the exact ones."""
    found = []
    for number, counts in enumerate(groups):
        sample = sample_hunts(game, counts, hunts=hunts, seed=11, cell=number)
        exact = game.group_payoffs(counts[None])[0]
        here = (counts > 0) & (sample.standard_errors > 0)
        found += list((sample.payoffs - exact)[here] / sample.standard_errors[here])
        told = game.hunting(counts[None])
        chance = game.big_game * float(told.success[0])
        if 0 < chance < 1:
            found.append((sample.success - chance) / np.sqrt(chance * (1 - chance) / hunts))
        if sample.hunting_error:
            found.append((sample.hunting - game.big_game * float(told.hunting[0])) / sample.hunting_error)
    return np.array(found)


def test_simulated_hunts_agree_with_the_exact_ones():
    """About 250 comparisons: all within 5 standard errors (false alarm below 2e-4), 2 exceeded by 2 to 8 % of them."""
    game = CoordinatedHunt(minds=MINDS, **ECOLOGY)
    random = np.random.default_rng(3)
    groups = random.multinomial(5, np.ones(len(MINDS)) / len(MINDS), size=45)
    off = deviations(game, groups, 20_000)
    assert len(off) > 200
    assert np.abs(off).max() < 5
    assert 0.01 < (np.abs(off) > 2).mean() < 0.09


def test_quorum_codes_agree_with_and_without_big_game():
    """Sixteen payoffs within 4.5 standard errors: false alarm about 1e-4."""
    game = CoordinatedHunt(minds=("10|01", "11|11", "01|10", "10|11"), noise=0.1, big_game=0.5, threshold=2)
    groups = [np.array(counts) for counts in ([2, 1, 1, 1], [5, 0, 0, 0], [0, 2, 3, 0], [1, 1, 1, 2])]
    for number, counts in enumerate(groups):
        sample = sample_hunts(game, counts, hunts=20_000, seed=5, cell=number)
        exact = game.group_payoffs(counts[None])[0]
        here = counts > 0
        assert (np.abs(sample.payoffs - exact)[here] <= 4.5 * sample.standard_errors[here] + 1e-12).all()


@pytest.mark.parametrize("noise", [0.0, 0.1, 0.5])
def test_roles_are_filled_as_often_as_the_formula_says(noise):
    """Within 4 standard errors (false alarm 6e-5 each)."""
    game = CoordinatedHunt(group_size=4, threshold=4, roles=4, noise=noise, minds=("Hunter+plan", "Hunter"))
    for planners in (0, 2, 4):
        expected = role_coverage(4, 4, planners=planners, noise=noise)
        sample = sample_hunts(game, [planners, 4 - planners], hunts=40_000, seed=2)
        assert abs(sample.success - expected) <= 4 * np.sqrt(expected * (1 - expected) / 40_000)


def test_the_same_bits_for_any_number_of_workers():
    game = CoordinatedHunt(minds=MINDS, **ECOLOGY)
    one, three = (sample_hunts(game, [1, 1, 1] + [0] * 7 + [1, 1], hunts=20_000, workers=w) for w in (1, 3))
    assert np.array_equal(one.payoffs, three.payoffs, equal_nan=True)
    assert (one.hunting, one.success) == (three.hunting, three.success)


@pytest.mark.parametrize("disposition", ["LeaderFollower", "Joiner", "Hunter", "Taker"])
def test_without_capacities_both_kinds_hunt_equally_bit_for_bit(disposition):
    game = CoordinatedHunt(minds=("HumanLike", disposition), capacities=("none",), disposition=disposition, **ECOLOGY)
    human = sample_hunts(game, [5, 0], hunts=5000, seed=4)
    chimp = sample_hunts(game, [0, 5], hunts=5000, seed=4)
    assert human.payoffs[0] == chimp.payoffs[1]
    assert human.success == chimp.success


def test_a_hunt_without_chance_is_exact():
    table = sampled_table(CoordinatedHunt(minds=("Hunter", "Hare")), hunts=50)
    assert table.exact
    assert np.allclose(table.values, CoordinatedHunt(minds=("Hunter", "Hare")).payoff_table().values)


def test_a_sampled_table_carries_its_errors_and_does_not_depend_on_who_asks():
    game = CoordinatedHunt(minds=("LeaderFollower", "Joiner", "Hare"), success=0.5)
    table = sampled_table(game, hunts=4000, seed=1)
    assert not table.exact
    exact = game.payoff_table()
    assert (np.abs(table.values - exact.values) <= 5 * table.standard_errors + 1e-12).all()
    pair = sampled_table(game, ["LeaderFollower", "Hare"], hunts=4000, seed=1)
    assert np.array_equal(pair.values, table.restrict(["LeaderFollower", "Hare"]).values)


def test_what_cannot_be_simulated_is_refused():
    game = CoordinatedHunt(minds=("Hunter", "Hare"))
    with pytest.raises(InputError, match="add up to the group size 5"):
        sample_hunts(game, [3, 3])
    with pytest.raises(InputError, match="hunts"):
        sample_hunts(game, [3, 2], hunts=1)
