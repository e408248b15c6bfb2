"""Evolving capacities and knocking them out: what pays stays, what cannot matter does not."""

from dataclasses import replace

import numpy as np
import pytest

from evocoop.core.errors import InputError, UnknownNameError
from evocoop.dynamics import small_mutation_limit
from evocoop.games import CoordinatedHunt
from evocoop.hunt import ablation, evolve

CHIMPS = ("Hare", "LeaderFollower")


def test_two_ways_to_agree_stand_in_for_one_another():
    found = ablation(CoordinatedHunt(threshold=4, hare=2, minds=("HumanLike", *CHIMPS)))
    assert abs(found.effect("signal").cooperation.value) < 1e-9
    assert abs(found.effect("commit").cooperation.value) < 1e-9
    both = found.effect("commit", "signal")
    assert both.relation == "substitutes"
    assert both.interaction.value == pytest.approx(-1, abs=1e-6)
    assert found.baseline["cooperation"].value > 0.999


def test_a_plan_needs_an_agreement_to_hunt_at_all():
    """Roles are filled only by those who plan, and planners hunt only when they agree: neither carries alone."""
    hunt = CoordinatedHunt(
        group_size=4, threshold=4, roles=4, hare=2, prey_per_hunter=8, capacities=("commit", "plan"),
        minds=("HumanLike", *CHIMPS),
    )  # fmt: skip
    found = ablation(hunt)
    assert found.effect("commit", "plan").relation == "complements"
    assert found.effect("plan").cooperation.value > 0.9
    assert found.effect("commit").cooperation.value > 0.9


def test_what_cannot_matter_has_no_effect():
    """Calls where one hunter is enough and hunts anyway, roles where there is one, foresight where the kill is near."""
    hunt = CoordinatedHunt(
        threshold=1, disposition="Hunter", signal_cost=0, capacities=("signal", "generalise", "foresight"),
        minds=("HumanLike", "Hare"),
    )  # fmt: skip
    for effect in (found := ablation(hunt)).effects:
        assert (effect.cooperation.value, effect.success.value, effect.prevalence.value) == (0.0, 0.0, 0.0)
    assert {pair.relation for pair in found.pairs} == {"independent"}
    assert set(found.break_even.values()) == {None}


def test_the_price_at_which_a_capacity_stops_paying_is_where_it_no_longer_outnumbers_its_lack():
    hunt = CoordinatedHunt(threshold=4, hare=2, capacities=("commit",), minds=("HumanLike", *CHIMPS))
    price = ablation(hunt, pairs=False).break_even["commit"]
    assert 0 < price < 2

    def gap(extra):
        names = ("HumanLike", "HumanLike-commit", *CHIMPS)
        shares = small_mutation_limit(
            replace(hunt, minds=names, upkeep=extra), population_size=100, selection_strength=1
        ).prevalence
        return shares[0] - shares[1]

    assert gap(price - 0.01) > 0 > gap(price + 0.01)


def test_several_ecologies_give_intervals():
    hunts = [CoordinatedHunt(threshold=4, hare=h, minds=("HumanLike", *CHIMPS)) for h in (0.5, 1.0, 2.0)]
    found = ablation(hunts, prices=False)
    assert found.ecologies == 3
    effect = found.effect("signal", "commit").cooperation
    assert effect.low < effect.value < effect.high
    assert effect.standard_error > 0


def test_functions_make_ecologies_too_and_simulated_populations_give_errors():
    def maker(capacities):
        return CoordinatedHunt(
            group_size=3, threshold=3, hare=2, minds=("HumanLike", "Hare"), capacities=capacities or ("none",)
        )

    run = {"population_size": 30, "mutation": 0.005, "steps": 40_000, "replicates": 4, "prices": False}
    found = ablation(maker, capacities=["commit", "signal"], **run)
    both = found.effect("commit", "signal").cooperation
    assert both.value > 0.5
    assert both.standard_error > 0
    again = ablation(maker, capacities=["commit", "signal"], **run)
    assert again == found


def test_nothing_to_knock_out_is_refused():
    with pytest.raises(InputError, match="no HumanLike"):
        ablation(CoordinatedHunt(minds=("Hunter", "Hare")))
    with pytest.raises(InputError, match="capacities must be named"):
        ablation(lambda _: CoordinatedHunt())
    with pytest.raises(UnknownNameError):
        ablation(CoordinatedHunt(), pairs=False, prices=False).effect("plan")


def test_agreement_is_kept_where_one_must_agree_and_lost_where_it_only_costs():
    run = {"generations": 1200, "burn_in": 400, "replicates": 6, "seed": 3, "mutation": 0.002, "selection_strength": 3}
    needed = evolve(CoordinatedHunt(threshold=4, hare=2), capacities=["commit"], dispositions=("Hare", "Faker"), **run)
    assert needed.shares[0] > 0.7
    assert needed.cooperation[0] > 0.5
    dear = evolve(
        CoordinatedHunt(threshold=4, hare=2), capacities=["commit"], prices={"commit": 5}, dispositions=("Hare",), **run
    )
    assert dear.shares[0] < 0.05
    assert dear.cooperation[0] < 0.05


def test_without_selection_every_capacity_is_at_one_half():
    """Symmetric mutation: mean 1/2; within 4 standard errors (false alarm below 1e-3 for two capacities, t with 15)."""
    run = evolve(
        CoordinatedHunt(), capacities=["plan", "attune"], selection_strength=0, mutation=0.05, generations=3000,
        burn_in=200, replicates=16, seed=9,
    )  # fmt: skip
    assert (np.abs(run.shares - 0.5) < 5 * run.standard_errors).all()


def test_evolution_gives_the_same_bits_for_any_number_of_workers():
    run = {"capacities": ["commit", "signal"], "dispositions": ("Hare", "Liar"), "generations": 200, "burn_in": 50}
    one, two = (evolve(CoordinatedHunt(noise=0.1), workers=workers, replicates=3, **run) for workers in (1, 2))
    assert np.array_equal(one.capacity_paths, two.capacity_paths)
    assert np.array_equal(one.hunting_paths, two.hunting_paths)


def test_odd_populations_and_unknown_prices_are_refused():
    with pytest.raises(InputError, match="multiple of the group size 5"):
        evolve(CoordinatedHunt(), capacities=["commit"], population_size=99)
    with pytest.raises(UnknownNameError):
        evolve(CoordinatedHunt(), capacities=["commit"], prices={"plan": 1})
