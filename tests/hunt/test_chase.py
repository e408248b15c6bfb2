"""The chase: independent choosers scatter as m^(1-N), a shared plan catches what nobody catches alone."""

from xml.etree import ElementTree

import numpy as np
import pytest

from evocoop.core.errors import InputError, UnknownNameError
from evocoop.hunt import ChaseGame, Ground, animation, chase_success, hunt_once, match_probability, strip


@pytest.mark.parametrize(("hunters", "prey"), [(2, 2), (3, 2), (4, 2), (2, 4), (3, 4)])
def test_independent_choosers_all_match_as_often_as_chance_says(hunters, prey):
    """m^(1-N) of first choices agree (Tang et al. 2025's null); 3000 hunts, false alarm 1 in 15000 (4 errors)."""
    hunts = 3000
    ground = Ground(hunters=hunters, prey=prey, threshold=1, mind="independent", steps=1)
    alike = np.mean([len(set(hunt_once(ground, replicate=k).quarries[0])) == 1 for k in range(hunts)])
    chance = match_probability(hunters, prey)
    assert abs(alike - chance) < 4 * np.sqrt(chance * (1 - chance) / hunts)


def test_the_imagined_we_settles_on_one_prey_however_many_there_are():
    """Differences of at least 0.08 asked for, each at least 4 standard errors of 1000 hunts wide."""
    together = [chase_success(prey=m, replicates=1000) for m in (1, 2, 8)]
    alone = [chase_success(prey=m, replicates=1000, mind="independent") for m in (1, 2, 8)]
    assert max(r.success for r in together) - min(r.success for r in together) < 0.06
    assert all(r.agreement > 0.95 for r in together)
    assert alone[0].success > alone[1].success + 0.2 > alone[2].success + 0.4


def test_prey_faster_than_its_hunters_is_caught_by_a_plan_only():
    planned = chase_success(replicates=500)
    straight = chase_success(replicates=500, roles=False)
    assert planned.interval[0] > 0.8 > 0.25 > straight.interval[1]


def test_slow_prey_needs_no_plan():
    assert chase_success(prey_speed=0.8, roles=False, replicates=300).success > 0.97


def test_calls_help_and_noise_in_them_harms():
    clear, noisy, mute = (
        chase_success(prey=8, replicates=1000, **kind) for kind in ({"noise": 0.0}, {"noise": 1.0}, {"signals": False})
    )
    assert clear.interval[0] > noisy.interval[1]
    assert clear.interval[0] > mute.interval[1]


def test_same_seed_same_hunt_for_any_number_of_workers():
    one, two = (chase_success(prey=3, replicates=101, seed=5, workers=workers) for workers in (1, 2))
    assert one == two
    first, again = hunt_once(prey=3, seed=5), hunt_once(prey=3, seed=5)
    assert np.array_equal(first.hunters, again.hunters)
    assert not np.array_equal(first.hunters[0], hunt_once(prey=3, seed=6).hunters[0])


def test_nobody_moves_faster_than_allowed():
    hunt = hunt_once(prey=3, seed=2, prey_speed=1.3)
    for paths, speed in ((hunt.hunters, 1.0), (hunt.prey, 1.3)):
        steps = np.diff(paths, axis=0)
        steps -= hunt.ground.size * np.round(steps / hunt.ground.size)
        assert np.hypot(steps[..., 0], steps[..., 1]).max() <= speed + 1e-9


def test_a_kill_has_enough_hunters_within_reach():
    hunt = hunt_once(threshold=3, seed=3, prey_speed=0.9)
    assert hunt.taken is not None
    way = hunt.hunters[-1] - hunt.prey[-1, hunt.taken]
    way -= hunt.ground.size * np.round(way / hunt.ground.size)
    assert (np.hypot(*way.T) <= hunt.ground.reach).sum() >= 3


def test_roles_are_named_by_place():
    hunt = hunt_once(seed=1)
    assert {hunt.role(h, t) for h in range(4) for t in range(hunt.steps)} <= {"blocker", "driver", "chaser", "ambusher"}


@pytest.mark.parametrize("draw", [strip, animation])
def test_pictures_are_well_formed_and_hold_no_script(draw):
    picture = draw(hunt_once(prey=2, seed=1))
    root = ElementTree.fromstring(picture)
    names = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert "script" not in names and "image" not in names
    assert picture.count("<path") >= 2 and picture.count("<circle") >= 4
    assert root.get("aria-label")


def test_the_game_lets_speed_decide_who_emerges():
    from evocoop.dynamics import small_mutation_limit

    def leader(speed):
        table = ChaseGame(prey_speed=speed, hunts=100).payoff_table()
        assert not table.exact
        result = small_mutation_limit(table, population_size=100, selection_strength=0.3)
        return table.strategies[int(result.prevalence.argmax())]

    assert leader(0.8) in ("Follower", "Opportunist")
    assert leader(1.1) == "Planner"
    assert leader(1.5) == "Hare"


def test_too_few_hunters_earn_their_cost():
    game = ChaseGame(group_size=3, threshold=2, hunts=10)
    alone = game.group_payoffs(np.array([[1, 0, 0, 2]]))[0]
    assert alone[0] == pytest.approx(-0.35)
    assert alone[3] == 1.0


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ({"threshold": 5}, "threshold 5 is above the number of hunters 4"),
        ({"noise": 1.5}, "noise"),
        ({"prey_speed": 0.0}, "prey_speed"),
        ({"sight": 30.0}, "sight must be below half the size"),
        ({"hunters": 0}, "hunters"),
        ({"horizon": -1}, "horizon"),
    ],
)
def test_bad_grounds_are_refused(bad, said):
    with pytest.raises(InputError, match=said):
        Ground(**bad)


def test_unknown_names_are_refused_with_the_nearest():
    with pytest.raises(UnknownNameError, match="independent"):
        Ground(mind="independant")
    with pytest.raises(UnknownNameError, match="hunters"):
        hunt_once(hunter=3)
