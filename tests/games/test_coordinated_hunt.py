"""The coordinated hunt: its limit cases, closed forms, refusals and symmetries."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evocoop.core.errors import InputError, UnknownNameError
from evocoop.dynamics import small_mutation_limit
from evocoop.games import (
    CoordinatedHunt,
    NPersonSnowdrift,
    NPersonStagHunt,
    PublicGoods,
    QuorumSignalling,
    attunement,
    commitment_on,
    hunting_range,
    ranked_shares,
    role_coverage,
)
from evocoop.games.commitment import Commitment
from evocoop.games.genotypes import CAPACITY_NAMES, DISPOSITIONS
from evocoop.games.group_game import GroupGame

PAIR = ("Hunter", "Hare")


class Reduced(GroupGame):
    """Hunter and Hare of a coordinated hunt as a game of cooperators and defectors."""

    def __init__(self, **ecology):
        self.game = CoordinatedHunt(minds=PAIR, **ecology)
        self.group_size = self.game.group_size

    def payoffs(self, cooperators):
        k = np.asarray(cooperators, dtype=np.int64)
        found = self.game.group_payoffs(np.stack([k, self.group_size - k], axis=1))
        return found[:, 0], found[:, 1]


def test_two_hunters_play_the_stag_hunt():
    """Unstable point x* = (c + h)/b (Skyrms 2004)."""
    hunt = Reduced(group_size=2, threshold=2, prey_per_hunter=4, cost=1, hare=1)
    assert hunt.game.payoff_table().values.tolist() == [[3.0, -1.0], [1.0, 1.0]]
    assert hunt.roots() == pytest.approx([0.5], abs=1e-9)


HUNTERS_ONLY = {(5, 5): 0.840896, (5, 2): 0.159104, (5, 3): 0.385728, (10, 5): 0.393085}
"""Roots of P(Bin(N-1, x) >= M-1) = (c+h)/b at b = 4, c = h = 1; for M = N ((c+h)/b)^(1/(N-1))."""


@pytest.mark.parametrize(("size", "threshold"), HUNTERS_ONLY)
def test_hunters_who_keep_all_have_one_threshold(size, threshold):
    hunt = Reduced(group_size=size, threshold=threshold, prey_per_hunter=4, cost=1, hare=1)
    assert hunt.roots() == pytest.approx([HUNTERS_ONLY[size, threshold]], abs=1e-6)


@pytest.mark.parametrize(
    ("size", "threshold", "multiplier", "roots"),
    [
        (10, 5, 6, (0.444550, 0.559984)),
        (10, 5, 8, (0.346798, 0.706795)),
        (20, 10, 12, (0.401490, 0.616876)),
        (5, 3, 6, (0.288406,)),
        (3, 2, 2.5, (0.455848, 0.877485)),
    ],
)
def test_spoils_for_all_are_the_n_person_stag_hunt(size, threshold, multiplier, roots):
    """Pacheco, Santos, Souza & Skyrms 2009, Proc R Soc B 276:315."""
    hunt = Reduced(group_size=size, threshold=threshold, prey_per_hunter=multiplier, leakage=1, hare=0, cost=1)
    published = NPersonStagHunt(group_size=size, threshold=threshold, multiplier=multiplier, cost=1)
    assert np.allclose(hunt.payoff_table().values, published.payoff_table().values, atol=1e-12)
    assert hunt.roots() == pytest.approx(roots, abs=1e-6)


@given(st.integers(2, 9), st.floats(0, 12), st.floats(0, 3))
@settings(max_examples=30, deadline=None)
def test_without_a_threshold_spoils_for_all_are_public_goods(size, multiplier, cost):
    hunt = CoordinatedHunt(
        group_size=size, threshold=1, prey_per_hunter=multiplier * cost, leakage=1, hare=0, cost=cost, minds=PAIR
    )
    goods = PublicGoods(group_size=size, multiplier=multiplier, cost=cost)
    assert np.allclose(hunt.payoff_table().values, goods.payoff_table().values, atol=1e-9)


@given(st.integers(2, 8), st.data(), st.floats(0.05, 2), st.floats(0, 2))
@settings(max_examples=30, deadline=None)
def test_one_prey_for_all_with_shared_work_is_the_n_person_snowdrift(size, data, benefit, cost):
    threshold = data.draw(st.integers(1, size))
    hunt = CoordinatedHunt(
        group_size=size, threshold=threshold, prey_value=size * benefit, leakage=1, hare=0, cost=cost, cost_sharing=1,
        minds=PAIR,
    )  # fmt: skip
    drift = NPersonSnowdrift(group_size=size, threshold=threshold, benefit=benefit, cost=cost)
    assert np.allclose(hunt.payoff_table().values, drift.payoff_table().values, atol=1e-9)


@pytest.mark.parametrize(
    ("size", "threshold", "ratio", "roots"),
    [(5, 3, 0.5, (0.210154, 0.830627)), (5, 2, 0.3, (0.042581, 0.684656)), (5, 1, 0.5, (0.260571,))],
)
def test_snowdrift_roots(size, threshold, ratio, roots):
    """Souza, Pacheco & Santos 2009, J Theor Biol 260:581."""
    hunt = Reduced(group_size=size, threshold=threshold, prey_value=size, leakage=1, hare=0, cost=ratio, cost_sharing=1)
    assert hunt.roots() == pytest.approx(roots, abs=5e-6)


def quorum_hunt(signal_cost=0.05, **changes):
    return CoordinatedHunt(
        **{
            "group_size": 9,
            "threshold": 5,
            "leakage": 1,
            "hare": 0,
            "cost": 0.5,
            "prey_per_hunter": 5.0,
            "big_game": 0.5,
        }
        | changes,
        signal_cost=signal_cost,
        minds=QuorumSignalling().strategies,
    )


def test_quorum_codes_play_the_signalling_game():
    """Pacheco, Vasconcelos, Santos & Skyrms 2015, PLoS Comput Biol 11:e1004101."""
    ours, published = quorum_hunt(), QuorumSignalling()
    for i in range(16):
        for j in range(i):
            assert np.allclose(ours.payoff_table([i, j]).values, published.payoff_table([i, j]).values, atol=1e-9)


def test_quorum_codes_switch_off_at_half_the_cost_of_hunting():
    index = quorum_hunt().strategies.index("10|01")
    shares = [
        small_mutation_limit(quorum_hunt(cost), population_size=100, selection_strength=5).prevalence[index]
        for cost in (0.2, 0.24, 0.25, 0.3)
    ]
    assert shares == pytest.approx([1.0, 0.6786, 0.170, 0.0], abs=6e-4)


DEAL = ("Hare+commit", "Hunter", "Hare", "Faker", "Accepter")


@given(st.floats(0.5, 8), st.floats(0, 3), st.floats(-1, 3), st.floats(0, 2), st.floats(0, 4))
@settings(max_examples=30, deadline=None)
def test_two_who_may_propose_play_the_commitment_game(prey, cost, hare, fee, fine):
    """Han, Pereira, Santos & Lenaerts 2013, Sci Rep 3:2695, on R = b-c, S = -c, T = P = h; a refused deal gives h."""
    hunt = CoordinatedHunt(
        group_size=2, threshold=2, prey_per_hunter=prey, cost=cost, hare=hare, proposal_cost=fee, compensation=fine,
        minds=DEAL,
    )  # fmt: skip
    published = commitment_on([[prey - cost, -cost], [hare, hare]], proposal_cost=fee, compensation=fine, no_deal=hare)
    assert np.allclose(hunt.payoff_table().values, published.matrix, atol=1e-9)


def test_commitment_thresholds_of_the_donation_game():
    """With everything shared the hunt is the donation game b = 2, c = 1: 2(b-c)/3 and c + 3 eps/4."""
    hunt = {"group_size": 2, "threshold": 1, "prey_per_hunter": 4, "cost": 3, "hare": 0, "leakage": 1, "minds": DEAL}
    found = CoordinatedHunt(**hunt, proposal_cost=0.05, compensation=4).payoff_table().values
    assert np.allclose(found, Commitment(proposal_cost=0.05, compensation=4).matrix)
    for fee, fine, wins, rival in [
        (2 / 3 - 0.01, 4, True, "Accepter"),
        (2 / 3 + 0.01, 4, False, "Accepter"),
        (0.05, 1.0375 + 0.01, True, "Faker"),
        (0.05, 1.0375 - 0.01, False, "Faker"),
    ]:
        pair = CoordinatedHunt(**hunt, proposal_cost=fee, compensation=fine).payoff_table(["Hare+commit", rival])
        assert (pair.values[0].sum() > pair.values[1].sum()) == wins


NOISY = {0.0: 1.0, 0.05: 0.85911, 0.1: 0.73542, 0.2: 0.53375, 0.3: 0.38392, 0.5: 0.20117, 1.0: 0.09375}


def test_roles_are_filled_as_counted_by_inclusion_and_exclusion():
    assert role_coverage(4, 4) == pytest.approx(math.factorial(4) / 4**4)
    assert (role_coverage(2, 2), role_coverage(3, 3)) == pytest.approx((0.5, 2 / 9))
    assert [role_coverage(4, 4, planners=4, noise=nu) for nu in NOISY] == pytest.approx(list(NOISY.values()), abs=1e-5)
    assert role_coverage(3, 4, planners=3) == 0.0
    assert role_coverage(0, 1) == 0.0


@given(st.integers(1, 7), st.integers(1, 4), st.floats(0, 1), st.data())
@settings(max_examples=40, deadline=None)
def test_coverage_equals_counting_all_assignments(hunters, roles, noise, data):
    planners = data.draw(st.integers(0, min(hunters, 4)))
    distribution = {frozenset(): 1.0}
    for hunter in range(hunters):
        chances = np.full(roles, 1 / roles)
        if hunter < planners:
            chances = noise * chances + (1 - noise) * (np.arange(roles) == hunter % roles)
        following = {}
        for filled, weight in distribution.items():
            for role, chance in enumerate(chances):
                key = filled | {role}
                following[key] = following.get(key, 0.0) + weight * chance
        distribution = following
    counted = distribution.get(frozenset(range(roles)), 0.0)
    assert role_coverage(hunters, roles, planners=planners, noise=noise) == pytest.approx(counted, abs=1e-10)


def test_a_plan_is_worth_more_than_tenfold_in_the_hunt():
    four = {"group_size": 4, "threshold": 4, "roles": 4}
    hunt = CoordinatedHunt(**four, noise=0.1, minds=("Hunter", "Hunter+plan"))
    assert hunt.own_hunting().success.tolist() == pytest.approx([0.09375, 0.73542], abs=1e-5)
    clear = CoordinatedHunt(**four, minds=("Hunter", "Hunter+plan")).own_hunting().success
    assert clear[1] / clear[0] == pytest.approx(32 / 3)
    learner = CoordinatedHunt(**four, practice=0.9, minds=("Hunter+plan", "Hunter+plan+generalise")).own_hunting()
    assert learner.success.tolist() == pytest.approx([0.73542, 1.0], abs=1e-5)


def test_who_does_not_see_the_kill_does_not_start():
    def own(**ecology):
        return CoordinatedHunt(minds=("Hunter", "Hunter+foresight"), **ecology).own_hunting().success.tolist()

    assert own(stages=3, horizon=2) == [0.0, 1.0]
    assert own(stages=3, horizon=3) == [1.0, 1.0]
    assert hunting_range(3, 1, 0.9) == pytest.approx(math.log(1 / 3) / math.log(0.9))
    waits = {"prey_per_hunter": 3, "hare": 1, "cost": 0, "discount": 0.9}
    assert own(stages=10, **waits) == [1.0, 1.0]
    assert own(stages=11, **waits) == [0.0, 0.0]


def test_dominance_leaves_the_last_little_and_ends_the_hunt():
    top, bottom = zip(*(80 * ranked_shares(10, d)[[0, -1]] for d in (0, 0.2, 0.5, 1, 3)), strict=True)
    assert top == pytest.approx([8, 16.8, 31.7, 50.6, 76.0], abs=0.05)
    assert bottom == pytest.approx([8, 2.77, 0.352, 0.006, 0], abs=0.005)
    ranks = [
        CoordinatedHunt(group_size=10, threshold=3, prey_value=80, dominance=d).willing_ranks() for d in (0, 0.5, 1, 3)
    ]
    assert ranks == sorted(ranks, reverse=True)
    assert (ranks[0], ranks[-1]) == (10, 0)
    alone = CoordinatedHunt(group_size=10, threshold=1, prey_value=80, dominance=3).willing_ranks()
    assert alone >= 1


def test_attunement_is_the_order_parameter():
    assert [attunement(k) for k in (1.9, 2.5, 4, 8)] == pytest.approx([0, 0.4472, 0.7071, 0.8660], abs=1e-4)
    hunt = CoordinatedHunt(success=0.5, coupling=4, minds=("Hunter", "Hunter+attune"))
    assert hunt.own_hunting().success.tolist() == pytest.approx([0.5, 0.5 + 0.5 * math.sqrt(0.5)])


def test_we_invades_when_rare_and_mistakes_cost_those_who_make_them():
    """Newton 2017, Games Econ Behav 104:517: weakly dominant everywhere; Rusch 2019, 114:118: not with errors."""
    exact = CoordinatedHunt(prey_per_hunter=4, minds=("Hare+we", "Hare")).payoff_table().values
    assert (exact[0] >= exact[1]).all()
    assert exact[0, 0] > exact[1, 0]
    pair = {"group_size": 2, "threshold": 2, "prey_per_hunter": 4, "false_positive": 0.3, "false_negative": 0.1}
    wrong = CoordinatedHunt(**pair, minds=("Hare+we", "Hare")).payoff_table().values
    assert wrong[0].tolist() == pytest.approx([0.81 * 3 + 0.09 * -1 + 0.1 * 1, 1 - 0.3 * 2])
    sharp = CoordinatedHunt(**pair, minds=("Hare+we+recognise", "Hare")).payoff_table().values
    assert sharp.tolist() == [[3.0, 1.0], [1.0, 1.0]]


@pytest.mark.parametrize(
    ("ecology", "reason"),
    [
        ({"group_size": 3, "threshold": 4}, "threshold 4 is above the group size 3"),
        ({"group_size": 3, "roles": 4}, "roles 4 are more than the group size 3"),
        ({"success": 1.2}, r"success must be .*\[0, 1\]"),
        ({"noise": -0.1}, "noise"),
        ({"cost": -1}, "cost must be .*at least 0"),
        ({"signal_cost": -1}, "signal_cost"),
        ({"horizon": 0}, "horizon must be .*at least 1"),
        ({"stages": 0}, "stages"),
        ({"prey_value": 5, "prey_per_hunter": 4}, "not both"),
        ({"reach": "far"}, "reach"),
        ({"hare": math.nan}, "hare"),
        ({"minds": ()}, "at least one mind"),
        ({"minds": "Hunter"}, "list of names"),
        ({"minds": ("10|01+plan",)}, "quorum code"),
    ],
)
def test_impossible_ecologies_are_refused_with_the_reason(ecology, reason):
    with pytest.raises(InputError, match=reason):
        CoordinatedHunt(**ecology)


def test_unknown_minds_and_capacities_get_a_hint():
    with pytest.raises(UnknownNameError, match="did you mean 'Hunter'"):
        CoordinatedHunt(minds=("Huntr",))
    with pytest.raises(UnknownNameError, match="did you mean 'commit'"):
        CoordinatedHunt(capacities=("comit",))


@pytest.mark.parametrize("disposition", DISPOSITIONS)
def test_without_capacities_both_kinds_are_equal_bit_for_bit(disposition):
    game = CoordinatedHunt(
        capacities=("none",), disposition=disposition, minds=("HumanLike", disposition, "Liar+we"), keenness=0.3,
        visibility=0.7, success=0.8, roles=2, stages=3, desertion=0.1, leakage=0.3, reach="near", dominance=0.5,
        injury=0.2, dilution=1.0, noise=0.1, upkeep=0.5,
    )  # fmt: skip
    human = game.payoff_table(["HumanLike", "Liar+we"]).values
    chimp = game.payoff_table([disposition, "Liar+we"]).values
    assert (human == chimp).all()


@given(st.permutations(range(4)), st.integers(0, 10**6))
@settings(max_examples=25, deadline=None)
def test_the_order_of_minds_does_not_matter(order, seed):
    random = np.random.default_rng(seed)
    names = [*random.choice(list(DISPOSITIONS), 2, replace=False), "Hare+signal+commit", "LeaderFollower+we+plan"]
    ecology = {
        "noise": 0.2,
        "desertion": 0.1,
        "stages": 2,
        "roles": 2,
        "visibility": 0.6,
        "leakage": 0.4,
        "success": 0.7,
    }
    one = CoordinatedHunt(minds=tuple(names), **ecology)
    other = CoordinatedHunt(minds=tuple(names[i] for i in order), **ecology)
    counts = random.multinomial(5, np.ones(4) / 4, size=6)
    assert np.allclose(
        (one.group_payoffs(counts) * (counts > 0))[:, list(order)],
        other.group_payoffs(counts[:, list(order)]) * (counts[:, list(order)] > 0),
    )


@given(st.lists(st.sampled_from(CAPACITY_NAMES), max_size=5, unique=True), st.sampled_from(list(DISPOSITIONS)))
@settings(max_examples=40, deadline=None)
def test_success_is_a_probability_and_every_case_is_counted_once(capacities, disposition):
    name = "+".join([disposition, *capacities])
    game = CoordinatedHunt(
        minds=(name, "Hunter+merit", "Hare+verify"), noise=0.2, visibility=0.5, desertion=0.2, stages=2
    )
    counts = np.array([[5, 0, 0], [3, 1, 1], [1, 2, 2], [0, 5, 0]])[:, : len(game.strategies)]
    counts[:, 0] += 5 - counts.sum(axis=1)
    frame, _ = game._outcomes.frame(counts, True)
    assert np.bincount(frame.group, frame.weight) == pytest.approx(np.ones(4))
    found = game.hunting(counts)
    assert ((found.success >= -1e-12) & (found.success <= 1 + 1e-12)).all()
    assert ((found.hunting >= 0) & (found.hunting <= 1 + 1e-12)).all()


def test_calls_cannot_matter_where_one_hunter_is_enough_and_nobody_needs_them():
    lone = {"group_size": 4, "threshold": 1, "quorum": 1, "signal_cost": 0}
    with_calls = CoordinatedHunt(minds=("Hunter+signal", "Hare"), **lone).payoff_table().values
    without = CoordinatedHunt(minds=("Hunter", "Hare"), **lone).payoff_table().values
    assert (with_calls == without).all()


def test_a_star_spans_every_subset_of_capacities():
    game = CoordinatedHunt(minds=("Hare*signal*commit*plan",))
    assert len(game.strategies) == 8
    assert game.strategies[0] == "Hare"
    assert game.strategies[-1] == "Hare+signal+commit+plan"
