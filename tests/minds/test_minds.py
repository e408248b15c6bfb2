"""Single capacities of minds: closed forms, published thresholds, and what follows when they evolve."""

import importlib
import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evocoop import minds
from evocoop.core.errors import InputError, UnknownNameError
from evocoop.dynamics import small_mutation_limit
from evocoop.games.genotypes import CAPACITY_NAMES
from evocoop.games.hunt_rules import attunement
from evocoop.minds import Apology, Collaboration, IntentionRecognition, PartnerMarket, Reasoners, plan_posterior

CHANCE = st.floats(0, 1)


def long_run(game, selection_strength=1.0):
    return small_mutation_limit(game, population_size=100, selection_strength=selection_strength).prevalence


@pytest.mark.parametrize("entry", minds.CAPACITIES, ids=lambda entry: entry.name)
def test_every_capacity_has_a_source_and_a_model_that_exists(entry):
    assert entry.source and entry.summary and entry.ours and entry.cost
    assert entry.kind in ("human-like", "chimp-like")
    if entry.model:
        module, _, attribute = entry.model.partition(":")
        assert hasattr(importlib.import_module(module), attribute)


def test_every_switch_of_the_coordinated_hunt_is_in_the_table():
    assert set(CAPACITY_NAMES) <= {entry.name for entry in minds.CAPACITIES}
    with pytest.raises(UnknownNameError, match="did you mean 'commit'"):
        minds.capacity("comit")


def test_every_exported_name_exists():
    assert all(hasattr(minds, name) for name in minds.__all__)


class TestAttention:
    """Rubinstein 1989, Am Econ Rev 79:385."""

    def test_threshold_of_belief(self):
        assert minds.stag_threshold(benefit=4, cost=1, hare=1) == 0.5

    @given(st.floats(0.001, 1))
    def test_a_lost_message_is_always_more_likely_mine(self, loss):
        assert minds.last_message_lost(loss) > 0.5

    @given(st.floats(0.001, 1), st.floats(0.501, 1))
    def test_private_messages_never_suffice_above_one_half(self, loss, threshold):
        assert minds.signal_depth(loss=loss, threshold=threshold, public=False) is None
        assert minds.signal_depth(loss=loss, threshold=threshold, public=True) == 0

    def test_common_belief(self):
        assert minds.common_belief(accuracy=0.9, people=3, joint=False) == pytest.approx(0.729)


class TestWeMode:
    @pytest.mark.parametrize(
        ("q", "share"), [(0.01, 0.0196), (0.05, 0.0909), (0.1, 0.1667), (0.25, 0.3333), (0.5, 0.5)]
    )
    def test_pairs_that_may_move_jointly(self, q, share):
        """2q/(1+2q); the setting of Angus & Newton 2020, PLoS Comput Biol 16:e1007557."""
        assert minds.pair_cooperation(q) == pytest.approx(share, abs=5e-5)
        stay, fall = (1 - q) / 2, 1 - q
        chain = np.array([[1 - fall, fall, 0], [0, 1 - stay, stay], [q, 0, 1 - q]])
        vector = np.linalg.matrix_power(chain, 20_000)[0]
        assert minds.pair_cooperation(q) == pytest.approx(vector[0] + vector[1] / 2, abs=1e-9)

    @pytest.mark.parametrize(("inside", "degree", "ratio"), [(1, 4, 4), (2, 4, 2), (3, 8, 8 / 3), (1, 2, 2), (2, 2, 1)])
    def test_coalitions_need_the_degree_over_the_inner_degree(self, inside, degree, ratio):
        """Lattice pairs and blocks, Moore blocks, rings: Angus & Newton 2015, PLoS Comput Biol 11:e1004587."""
        assert minds.coalition_gain(inside=inside, degree=degree) == pytest.approx(ratio)

    @pytest.mark.parametrize(
        ("wrong", "missed", "share"), [(0, 0, 0), (0.05, 0, 0.0476), (0.1, 0.1, 0.1), (0.3, 0.1, 0.25)]
    )
    def test_recognition_threshold(self, wrong, missed, share):
        """Rusch 2019, Games Econ Behav 114:118."""
        about = {"benefit": 4, "cost": 1, "hare": 1, "false_positive": wrong, "false_negative": missed}
        found = minds.recognition_threshold(**about)
        assert found == pytest.approx(share, abs=5e-5)
        matrix = Collaboration(**about).matrix
        mix = np.array([found, 1 - found])
        assert matrix[0] @ mix == pytest.approx(matrix[1] @ mix, abs=1e-12)

    def test_collaborators_that_never_err_invade_when_rare(self):
        """Newton 2017, Games Econ Behav 104:517."""
        matrix = Collaboration(false_positive=0.0).matrix
        assert matrix[0, 1] >= matrix[1, 1] and matrix[0, 0] > matrix[1, 0]

    @pytest.mark.parametrize(("n", "r", "kappa"), [(2, 1.6, 0.25), (5, 3, 0.1667), (5, 2, 0.375), (10, 3, 0.2593)])
    def test_homo_moralis_contributes_from_a_threshold(self, n, r, kappa):
        """Alger & Weibull 2016, Games Econ Behav 98:56."""
        assert minds.moral_threshold(group_size=n, multiplier=r) == pytest.approx(kappa, abs=5e-5)

    def test_three_games_tell_four_ways_of_reasoning_apart(self):
        """At a belief of 0.2 and a morality of 0.3: above c/b = 1/4, below (c+h)/b = 1/2."""
        acts = [Reasoners(base=base, morality=0.3, belief=0.2).acts for base in ("stag_hunt", "donation", "hi_lo")]
        selfish, team, moral, altruist = zip(*acts, strict=True)
        assert (selfish, team, moral, altruist) == ((1, 1, 1), (0, 0, 0), (1, 0, 0), (1, 0, 1))

    @given(st.floats(0.01, 0.99))
    def test_team_reasoners_hunt_above_the_belief_of_a_selfish_one(self, omega):
        """Stag iff omega > (c+h)/b, the threshold of the individual belief."""
        act = Reasoners(base="stag_hunt", team=omega).acts[1]
        assert act == int(omega <= 0.5)

    @given(CHANCE)
    def test_homo_moralis_donates_from_cost_over_benefit(self, kappa):
        act = Reasoners(base="donation", morality=kappa).acts[2]
        assert act == int(kappa <= 0.25) or kappa == pytest.approx(0.25)


class TestVerification:
    def test_the_value_of_checking_peaks_at_the_threshold(self):
        beliefs = np.linspace(0, 1, 101)
        values = minds.value_of_checking(beliefs, benefit=4, cost=1, hare=1)
        assert values.max() == pytest.approx(1.0) and beliefs[values.argmax()] == 0.5
        assert values[0] == values[-1] == 0.0 and (values >= 0).all()


class TestRoles:
    def test_learning_each_role_by_doing_is_the_collectors_problem(self):
        assert minds.hunts_to_learn(4) == pytest.approx(4 * (1 + 1 / 2 + 1 / 3 + 1 / 4))
        assert minds.hunts_to_learn(4, generalisation=1.0) == 1.0

    @given(st.integers(1, 8), CHANCE)
    def test_generalising_never_takes_longer(self, roles, g):
        assert 1.0 <= minds.hunts_to_learn(roles, generalisation=g) <= minds.hunts_to_learn(roles) + 1e-9


class TestAttunement:
    @pytest.mark.parametrize("coupling", [2.5, 4.0, 8.0])
    def test_many_oscillators_approach_the_closed_form(self, coupling):
        """Kuramoto 1984: sqrt(1 - K_c/K)."""
        assert minds.synchrony(coupling) == pytest.approx(attunement(coupling), abs=0.03)

    def test_below_the_critical_coupling_nothing_is_kept_but_a_remainder(self):
        assert minds.synchrony(0.5 * minds.critical_coupling()) < 3 / 400**0.5

    def test_without_coupling_everybody_keeps_the_own_rhythm(self):
        assert minds.synchrony(0.0) < 3 / 400**0.5


class TestPartnerChoice:
    def test_active_linking(self):
        """Pacheco, Traulsen & Nowak 2006, Phys Rev Lett 97:258103: phi 0.5 and 1/6, x* = 1/2."""
        market = PartnerMarket(seeking=0.4, keep_partner=0.16, leave_defector=0.8)
        assert market.links.ravel().tolist() == pytest.approx([0.5, 1 / 6, 1 / 6, 1 / 6])
        assert market.threshold == pytest.approx(0.5)
        mix = np.array([market.threshold, 1 - market.threshold])
        assert market.matrix[0] @ mix == pytest.approx(market.matrix[1] @ mix)

    def test_without_choice_it_is_a_scaled_donation_game(self):
        market = PartnerMarket(leave_defector=0.16)
        assert market.threshold == float("inf")
        assert market.matrix == pytest.approx(0.5 * np.array([[1.0, -1.0], [2.0, 0.0]]))

    def test_who_seeks_too_hard_loses_selectivity(self):
        assert PartnerMarket(seeking=20.0).threshold > PartnerMarket(seeking=0.4).threshold


class TestTechnology:
    """The ordering of Angus & Newton 2015, PLoS Comput Biol 11:e1004587: two regimes of the benefit alpha."""

    def test_sharing_and_technology_take_off_only_at_a_large_benefit(self):
        low, high = (minds.technology_takeoff(alpha, seed=3) for alpha in (1.2, 3.0))
        assert low.long_run[2] < 0.4 < 0.9 < high.long_run[1]
        assert low.growth[2] < 0.2 < 0.7 < high.growth[1]

    def test_nobody_leaves_a_better_convention_for_a_worse_one(self):
        assert minds.technology_takeoff(0.5, generations=100, replicates=2).growth[0] == 0.0

    def test_without_sharing_technology_never_starts(self):
        found = minds.technology_takeoff(3.0, mutation=0.0, generations=50, replicates=2)
        assert found.growth[0] == 0.0 and found.long_run[0] == 0.0

    def test_the_same_bits_on_any_number_of_threads(self):
        one, two = (minds.technology_takeoff(2.5, generations=40, replicates=4, workers=n) for n in (1, 2))
        assert np.array_equal(one.sharing, two.sharing) and np.array_equal(one.level, two.level)


class TestChimpLike:
    def test_the_independence_null_falls_short_of_tai(self):
        """Boesch 2002, Human Nature 13:27: 0.16 alone, 0.61 with 3.08 hunters."""
        assert minds.independent_success(0.16, 3.08) == pytest.approx(0.416, abs=5e-4)

    def test_pairs_are_calibrated_to_the_easy_stag_hunt(self):
        """91 % of trials, Bullinger et al. 2011, Int J Primatol 32:1296."""
        assert minds.dyad_stag_rate() == pytest.approx(0.91, abs=0.005)

    def test_poor_sight_and_risk_part_the_kinds(self):
        """The ordering of Duguid et al. 2014, Proc R Soc B 281:20141973."""
        hard = {"visibility": 0.2, "keenness": 0.4}
        assert minds.dyad_stag_rate(**hard) < 0.5 < 0.9 < minds.dyad_stag_rate(**hard, heard=0.8)

    @given(CHANCE, CHANCE, CHANCE)
    def test_a_pair_that_looks_or_calls_never_does_worse(self, keenness, visibility, heard):
        looking = minds.dyad_stag_rate(keenness=keenness, visibility=visibility)
        assert minds.dyad_stag_rate(keenness=keenness, visibility=visibility, heard=heard) >= looking - 1e-12

    def test_without_an_impact_hunter_no_party_is_large_enough(self):
        chances = [0.3, 0.5, 0.6, 0.65, 0.7]
        assert len(minds.impact_cascade([0.31] * 5, success=chances, meat=1, dilution=2)) == 0
        assert len(minds.impact_cascade([0.29, *[0.31] * 4], success=chances, meat=1, dilution=2)) == 5

    def test_meat_scraps(self):
        """Tennie, Gilby & Mundry 2009, Behav Ecol Sociobiol 63:421; Tai numbers."""
        assert minds.scrap_range(alone=0.16, together=0.61, scraps=1) == pytest.approx(3.8125)

    def test_field_figures(self):
        """Gilby et al. 2015, Phil Trans R Soc B 370:20150005."""
        kanyawara = minds.SITES[0]
        assert (round(kanyawara.success, 3), round(kanyawara.prey, 2)) == (0.613, 1.28)


class TestIntentions:
    def test_posterior_by_hand(self):
        """After C-C, D-C, C-D with errors of 0.1: tit for tat and win-stay answer the defection."""
        found = plan_posterior("CDC", "CCD", error=0.1)
        hand = np.array([0.9 * 0.9 * 0.1, 0.1 * 0.1 * 0.9, 0.9**3, 0.9**3])
        assert found == pytest.approx(hand / hand.sum())

    @given(st.integers(1, 12), st.floats(0.001, 0.4))
    def test_plans_that_act_alike_keep_their_prior_ratio(self, turns, error):
        found = plan_posterior("C" * turns, "C" * turns, error=error, prior=[0.4, 0.1, 0.3, 0.2])
        assert found[0] / found[2] == pytest.approx(4 / 3) and found[0] / found[3] == pytest.approx(2)

    def test_recognisers_emerge_and_the_less_the_more_it_costs(self):
        shares = [long_run(IntentionRecognition(mind_cost=cost))[-1] for cost in (0.0, 0.2, 0.4, 0.6, 0.8)]
        assert shares[0] > 0.95 and shares[-1] < 0.2
        assert all(more >= less - 1e-12 for more, less in itertools.pairwise(shares))

    def test_recognisers_exploit_cooperators_and_are_not_exploited(self):
        matrix = IntentionRecognition().matrix
        assert matrix[-1, 0] > 1.7 and matrix[-1, 1] > -0.15 and matrix[-1, -1] > 0.9

    def test_plans_alone_are_the_repeated_game(self):
        game = IntentionRecognition(plans=("TitForTat", "Defector"), error=0.0, continuation=0.9)
        assert game.matrix[:2, :2] == pytest.approx(np.array([[1.0, -0.1], [0.2, 0.0]]))


class TestApology:
    def test_sincere_apologies_beat_fake_ones_above_the_threshold(self):
        """A sincerity threshold: Martinez-Vaquero, Han, Pereira & Lenaerts 2015, Sci Rep 5:10639; at c in this form."""
        cheap, dear = (long_run(Apology(apology_cost=cost)) for cost in (0.9, 1.1))
        assert cheap[0] < 0.25 and dear[0] > 0.99
        assert Apology().sincerity_threshold == 1.0

    def test_apology_brings_more_cooperation_than_revenge_alone_even_at_high_noise(self):
        game = Apology(mistakes=0.2, apology_cost=1.5)
        alone = game.payoff_table(["Revenger", "Cooperator", "Defector"])
        without = long_run(alone) @ game.self_cooperation()[[1, 3, 4]]
        assert long_run(game) @ game.self_cooperation() > without + 0.5

    def test_without_mistakes_all_who_cooperate_earn_the_reward(self):
        matrix = Apology(mistakes=0.0).matrix
        assert matrix[np.ix_([0, 1, 3], [0, 1, 3])] == pytest.approx(np.ones((3, 3)))
        assert matrix[4, 4] == 0.0

    def test_revenge_after_one_mistake_by_hand(self):
        """Two Revengers: v = R + omega (1-a)^2 v in expectation of a round with mistakes."""
        a, omega = 0.1, 0.9
        one = (1 - a) ** 2 * 1 + (1 - a) * a * (-1 + 2)
        found = Apology(mistakes=a, continuation=omega).matrix[1, 1]
        assert found == pytest.approx((1 - omega) * one / (1 - omega * (1 - a) ** 2))


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Apology(mistakes=2), "mistakes"),
        (lambda: Apology(apology_cost=-1), "apology_cost"),
        (lambda: IntentionRecognition(opening="CX"), "opening"),
        (lambda: IntentionRecognition(plans=["TitForTat", "TitForTat"]), "differ"),
        (lambda: IntentionRecognition(plans=["Adaptive"]).matrix, "Adaptive is no finite automaton"),
        (lambda: plan_posterior("CC", "C"), "equally long"),
        (lambda: plan_posterior("C", "D", plans=["Cooperator"], error=0.0), "no plan"),
        (lambda: PartnerMarket(choosy=3), "choosy"),
        (lambda: Reasoners(base="chess"), "base"),
        (lambda: minds.synchrony(-1), "coupling"),
        (lambda: minds.dyad_stag_rate(keenness=7), "keenness"),
        (lambda: minds.impact_cascade([1], success=[0.1, 0.2], meat=1, dilution=1), "cost"),
        (lambda: minds.hunts_to_learn(0), "roles"),
    ],
)
def test_what_cannot_be_is_refused(make, said):
    with pytest.raises(InputError, match=said):
        make()
