"""Capacities switched off, closed forms by hand and by other parts of the package, and what must be refused."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evocoop import minds
from evocoop.core.errors import InputError
from evocoop.games import Commitment, CoordinatedHunt, RecognitionCommitment
from evocoop.games.hunt_rules import attunement
from evocoop.hunt import match_probability
from evocoop.minds import Apology, Collaboration, IntentionRecognition, PartnerMarket, Reasoners, plan_posterior
from evocoop.minds.chimps import calibrated_keenness
from evocoop.play.repeated_game import RepeatedGame

CHANCE = st.floats(0, 1)


class TestSwitchedOff:
    """A capacity that is off leaves the base model."""

    @given(st.floats(0, 5), st.floats(0, 5))
    def test_partners_who_do_not_choose_play_a_scaled_donation_game(self, benefit, cost):
        market = PartnerMarket(benefit=benefit, cost=cost, choosy=0.0)
        assert market.matrix == pytest.approx(market.links[0, 0] * np.array([[benefit - cost, -cost], [benefit, 0.0]]))
        assert market.threshold == math.inf

    @given(CHANCE)
    def test_collaborators_who_recognise_nobody_are_individualists(self, wrong):
        blind = Collaboration(false_positive=0.0, false_negative=1.0).matrix
        assert (blind == 1.0).all()
        assert Collaboration(false_positive=wrong).matrix[1].tolist() == [1.0, 1.0]

    @given(CHANCE, CHANCE, st.sampled_from(["stag_hunt", "donation", "hi_lo"]))
    def test_morality_of_zero_is_selfish(self, team, belief, base):
        selfish, _, moral, _ = Reasoners(base=base, morality=0.0, team=team, belief=belief).acts
        assert moral == selfish

    def test_always_proposing_needs_no_prediction(self):
        """theta = 1 is the commitment game: Han, Santos, Lenaerts & Pereira 2015, Sci Rep 5:9312."""
        assert (RecognitionCommitment(confidence=1.0, accuracy=0.0).matrix == Commitment().matrix).all()

    @given(st.floats(0.0, 0.5), st.floats(0.0, 0.99))
    def test_without_apologisers_it_is_the_repeated_game_with_mistakes(self, mistakes, continuation):
        """Cooperators and defectors as in one round; a Revenger cooperates until the first defection it suffers."""
        found = Apology(mistakes=mistakes, continuation=continuation).matrix
        kept = 1.0 - mistakes
        assert found[3, 3] == pytest.approx(kept**2 + kept * mistakes)  # 1, -1, 2, 0
        assert found[3, 4] == pytest.approx(-kept) and found[4, 3] == pytest.approx(2 * kept)
        assert found[1, 4] == pytest.approx(-(1 - continuation) * kept)

    def test_without_mistakes_revenge_is_the_grudger(self):
        plain = RepeatedGame(
            players=("Grudger", "Cooperator", "Defector"), noise=0.0, prob_end=0.1,
            temptation=2.0, reward=1.0, punishment=0.0, sucker=-1.0,
        )  # fmt: skip
        found = Apology(mistakes=0.0, continuation=0.9).payoff_table(["Revenger", "Cooperator", "Defector"]).values
        assert found == pytest.approx(plain.payoff_table().values)

    @pytest.mark.parametrize("error", [0.0, 0.03])
    def test_plans_among_themselves_are_the_repeated_game(self, error):
        game = IntentionRecognition(error=error, continuation=0.9)
        plain = RepeatedGame(
            players=game.plans, noise=error, prob_end=0.1, temptation=2.0, reward=1.0, punishment=0.0, sucker=-1.0
        )
        assert game.matrix[:4, :4] == pytest.approx(plain.payoff_table().values)
        assert game.self_cooperation()[:4] == pytest.approx(plain.self_cooperation())

    @given(st.floats(0, 5))
    def test_the_cost_of_the_mind_falls_on_its_bearer_alone(self, cost):
        free, paid = IntentionRecognition().matrix, IntentionRecognition(mind_cost=cost).matrix
        assert (paid[:-1] == free[:-1]).all() and paid[-1] == pytest.approx(free[-1] - cost)

    def test_without_coupling_no_attunement(self):
        assert attunement(0.0) == 0.0 and minds.synchrony(0.0) < 0.1

    @given(CHANCE, CHANCE)
    def test_calls_that_are_not_heard_change_nothing(self, keenness, visibility):
        silent = minds.dyad_stag_rate(keenness=keenness, visibility=visibility)
        assert silent == pytest.approx(keenness**2 + 2 * keenness * (1 - keenness) * visibility)


class TestByHand:
    def test_the_recogniser_without_errors(self):
        """It exploits who forgives, defects on who defects, keeps tit for tat, and knows its own kind."""
        w = 0.95
        game = IntentionRecognition(error=0.0, continuation=w, opening="CDDC")
        keep, exploit = 1 / (1 - w), 2 / (1 - w**2)  # of win-stay, lose-shift: 2, 0, 2, 0 …
        opened = {
            "Cooperator": 1 + 2 * w + 2 * w**2 + w**3 + w**4 * 2 * keep,
            "Defector": -1 - w**3,
            "TitForTat": 1 + 2 * w - w**3 + w**4 * keep,
            "WinStayLoseShift": 1 + 2 * w + w**3 + w**4 * exploit,
            "Recogniser": 1 + w**3 + w**4 * keep,
        }
        row = dict(zip(game.strategies, game.matrix[-1], strict=True))
        assert row == pytest.approx({plan: (1 - w) * value for plan, value in opened.items()})

    def test_what_an_opening_does_not_tell_apart_stays_in_doubt(self):
        """C, D, C: tit for tat and win-stay answer alike, and caution against one costs the other's cooperation."""
        assert plan_posterior("CDC", "CCD", error=0.0).tolist() == [0.0, 0.0, 0.5, 0.5]
        short, longer = (IntentionRecognition(error=0.0, opening=plays).matrix[-1, 2] for plays in ("CDC", "CDDC"))
        assert short < 0.2 < 0.8 < longer

    def test_a_plan_is_certain_when_errors_are_impossible(self):
        assert plan_posterior("CDC", "CCC", error=0.0).tolist() == [1.0, 0.0, 0.0, 0.0]

    @given(st.lists(st.tuples(st.sampled_from("CD"), st.sampled_from("CD")), max_size=8), st.floats(0.01, 0.5))
    def test_posterior_is_bayes_rule_on_tit_for_tat_and_the_unconditional(self, plays, error):
        """By recursion over turns; Han, Pereira & Santos 2011, Adaptive Behavior 19:264, for the idea."""
        mine, theirs = ("".join(side) for side in zip(*plays, strict=True)) if plays else ("", "")
        likelihood = np.ones(3)
        for turn, play in enumerate(theirs):
            meant = ["C", "D", mine[turn - 1] if turn else "C"]
            likelihood *= [1 - error if one == play else error for one in meant]
        found = plan_posterior(mine, theirs, plans=["Cooperator", "Defector", "TitForTat"], error=error)
        assert found == pytest.approx(likelihood / likelihood.sum())

    @given(CHANCE, st.floats(0.01, 0.99))
    def test_homo_moralis_hunts_from_its_own_threshold(self, belief, kappa):
        """p > (c+h-kappa b)/((1-kappa) b): Alger & Weibull 2013, Econometrica 81:2269, with b = 4, c = h = 1."""
        threshold = (2 - 4 * kappa) / ((1 - kappa) * 4)
        act = Reasoners(base="stag_hunt", morality=kappa, belief=belief).acts[2]
        assert act == int(belief <= threshold) or belief == pytest.approx(threshold, abs=1e-9)

    def test_two_games_tell_all_four_ways_of_reasoning_apart(self):
        """Only team reasoners donate and take Hi against their belief: Bacharach 2006, Beyond Individual Choice."""
        setting = {"benefit": 4.0, "cost": 2.0, "hare": 1.0, "belief": 0.1, "team": 0.75, "morality": 0.4}
        donation, hi_lo = (Reasoners(base=base, **setting).acts for base in ("donation", "hi_lo"))
        assert donation == (1, 0, 1, 0)  # selfish, team reasoner, homo moralis, altruist; 0 donates
        assert hi_lo == (1, 0, 0, 1)

    @pytest.mark.parametrize(
        ("prey", "hunters", "chance"),
        [(2, 2, 0.5), (2, 3, 0.25), (2, 4, 0.125), (4, 2, 0.25), (4, 3, 0.0625), (4, 4, 0.015625)],
    )
    def test_independent_choosers_match_by_chance(self, prey, hunters, chance):
        """m^(1-N), the null for teams that hold to one prey: Tang et al. 2025, Proc R Soc B 292:20243070."""
        assert match_probability(prey=prey, hunters=hunters) == pytest.approx(chance)

    @pytest.mark.parametrize(("loss", "threshold", "depth"), [(0.2, 0.44, 1), (0.2, 0.45, None), (0.0, 1.0, 1)])
    def test_private_messages_suffice_only_at_small_risk(self, loss, threshold, depth):
        """Stag needs (1-e)/(2-e) >= p*, and (1-0.2)/(2-0.2) = 0.4444: Rubinstein 1989, Am Econ Rev 79:385."""
        assert minds.signal_depth(loss=loss, threshold=threshold, public=False) == depth

    @given(st.floats(0.5, 10), st.floats(0, 3), st.floats(0, 3), CHANCE)
    def test_checking_is_worth_the_better_of_two_regrets(self, benefit, cost, hare, belief):
        """VOI = min(p (b-c-h), (1-p)(c+h)) where the stag is worth it; Howard 1966."""
        gain, loss = benefit - cost - hare, cost + hare
        found = float(minds.value_of_checking(belief, benefit=benefit, cost=cost, hare=hare))
        if gain >= 0:
            assert found == pytest.approx(min(belief * gain, (1 - belief) * loss), abs=1e-9)

    @pytest.mark.parametrize(("roles", "hunts"), [(1, 1.0), (2, 3.0), (3, 5.5), (4, 25 / 3)])
    def test_collecting_roles(self, roles, hunts):
        """K H_K."""
        assert minds.hunts_to_learn(roles) == pytest.approx(hunts)

    @given(st.integers(2, 6), st.integers(0, 30), CHANCE)
    def test_mastery_grows_with_hunts_and_with_generalisation(self, roles, hunts, g):
        known = minds.mastery(roles, hunts, generalisation=g)
        assert minds.mastery(roles, hunts) - 1e-12 <= known <= minds.mastery(roles, hunts + 1, generalisation=g) + 1e-12


class TestHunts:
    def test_no_hunt_without_somebody_keen_enough_at_any_size(self):
        """Impact hunters: Gilby et al. 2015, Phil Trans R Soc B 370:20150005."""
        for size in (1, 5, 20):
            chances = 1 - 0.7 ** np.arange(1, size + 1)
            assert len(minds.impact_cascade([0.31] * size, success=chances, meat=1, dilution=5)) == 0
            keen = [0.29, *[0.31] * (size - 1)]
            assert len(minds.impact_cascade(keen, success=chances, meat=1, dilution=5)) == size

    def test_a_cascade_stops_at_its_fixed_point(self):
        """The third asks 0.5 > 0.6 exp(-0.1 * 2) = 0.49, the fourth 0.5 > 0.7 exp(-0.3) = 0.52: three hunt."""
        joined = minds.impact_cascade([0.7, 0.6, 0.1, 0.5], success=[0.5] * 4, meat=1, dilution=0.1)
        assert joined.tolist() == [2, 3, 1] and joined.dtype.kind == "i"

    @pytest.mark.parametrize(("keenness", "visibility"), [(0.7, 1.0), (0.4, 0.2), (0.7, 0.0), (1.0, 0.5)])
    def test_a_pair_is_the_coordinated_hunt_of_two_who_lead_and_follow(self, keenness, visibility):
        setting = {"keenness": keenness, "visibility": visibility}
        hunt = CoordinatedHunt(group_size=2, threshold=2, minds=("LeaderFollower",), **setting)
        assert hunt.own_hunting().success[0] == pytest.approx(minds.dyad_stag_rate(**setting))

    @given(CHANCE, CHANCE)
    def test_keenness_is_calibrated_to_any_rate(self, rate, visibility):
        keenness = calibrated_keenness(rate, visibility=visibility)
        assert 0.0 <= keenness <= 1.0 + 1e-12
        found = minds.dyad_stag_rate(keenness=min(1.0, keenness), visibility=visibility)
        assert found == pytest.approx(rate, abs=1e-9)

    @pytest.mark.parametrize(
        ("site", "hunted", "success", "prey"),
        [("Kanyawara", 0.079, 0.613, 1.28), ("Kasekela", 0.647, 0.623, 1.90), ("Mitumba", 0.480, 0.532, 1.30)],
    )
    def test_sites(self, site, hunted, success, prey):
        """Gilby et al. 2015, Phil Trans R Soc B 370:20150005."""
        entry = next(one for one in minds.SITES if one.name == site)
        assert (entry.hunted, round(entry.success, 3), round(entry.prey, 2)) == (hunted, success, prey)

    def test_every_further_male_multiplies_the_odds(self):
        """+48 % a male at Kanyawara: Gilby et al. 2015."""
        few, more = (minds.party_odds(n, base=0.08, per_male=1.48) for n in (3, 4))
        assert more / (1 - more) == pytest.approx(1.48 * few / (1 - few))

    def test_the_synergy_of_tai(self):
        """0.61 in groups of 3.08 is beyond independence at 0.16: Boesch 2002, Human Nature 13:27."""
        assert 0.61 / minds.independent_success(0.16, 3.08) == pytest.approx(1.47, abs=0.005)


class TestAttunement:
    @pytest.mark.parametrize("coupling", [20.0, 100.0])
    def test_strong_coupling_is_integrated_finely_enough(self, coupling):
        assert minds.synchrony(coupling, people=100, time=20) == pytest.approx(attunement(coupling), abs=0.02)

    def test_only_the_ratio_of_coupling_and_spread_counts(self):
        one, ten = minds.synchrony(4, people=50), minds.synchrony(40, people=50, spread=10)
        assert one == pytest.approx(ten, abs=1e-9)

    def test_the_group_falls_into_step_at_the_critical_coupling(self):
        """K_c = 2 gamma: below it a remainder, above it more and more; Kuramoto 1984."""
        assert minds.critical_coupling(0.5) == 1.0
        below, above = minds.synchrony(1.5), minds.synchrony(2.5)
        assert below < 0.15 < 0.4 < above


@pytest.mark.parametrize(("benefit", "cost", "hare"), [(2, 1, 2), (3, 1, 2), (1, 0, 1)])
def test_collaborators_never_gain_where_the_stag_is_no_better_than_the_hare(benefit, cost, hare):
    share = minds.recognition_threshold(
        benefit=benefit, cost=cost, hare=hare, false_positive=0.1, false_negative=0.0
    )  # fmt: skip
    assert share == math.inf
    matrix = Collaboration(benefit=benefit, cost=cost, hare=hare).matrix
    assert matrix[0, 0] <= matrix[1, 0] and matrix[0, 1] < matrix[1, 1]


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: minds.stag_threshold(benefit=0, cost=1, hare=1), "benefit"),
        (lambda: minds.last_message_lost(1.5), "loss"),
        (lambda: minds.signal_depth(loss=0.1, threshold=-1, public=True), "threshold"),
        (lambda: minds.common_belief(accuracy=0.5, people=0, joint=True), "people"),
        (lambda: minds.value_of_checking(1.2, benefit=4, cost=1, hare=1), "belief"),
        (lambda: minds.value_of_checking(math.nan, benefit=4, cost=1, hare=1), "belief"),
        (lambda: minds.mastery(4, -1), "hunts"),
        (lambda: minds.coalition_gain(inside=3, degree=2), "degree"),
        (lambda: minds.pair_cooperation(2), "joint"),
        (lambda: minds.moral_threshold(group_size=1, multiplier=2), "group_size"),
        (
            lambda: minds.recognition_threshold(benefit=4, cost=-1, hare=1, false_positive=0.1, false_negative=0),
            "cost",
        ),
        (lambda: Collaboration(false_positive=1.1), "false_positive"),
        (lambda: Apology(continuation=1.0), "continuation"),
        (lambda: Apology(temptation=math.inf), "temptation"),
        (lambda: IntentionRecognition(mind_cost=-1), "mind_cost"),
        (lambda: IntentionRecognition(opening="C" * 7), "opening"),
        (lambda: IntentionRecognition(plans="TitForTat"), "plans"),
        (lambda: plan_posterior("C", "C", prior=[1, 2, 3]), "prior"),
        (lambda: plan_posterior("C", "X"), "texts of C and D"),
        (lambda: minds.link_share(seeking=-1, breaking=1), "seeking"),
        (lambda: minds.stag_belief(benefit=4, cost=math.nan, hare=1, belief=0.5), "cost"),
        (lambda: minds.impact_cascade([math.nan], success=[0.5], meat=1, dilution=1), "cost"),
        (lambda: minds.impact_cascade([1.0], success=[1.5], meat=1, dilution=1), "probability"),
        (lambda: minds.scrap_range(alone=0, together=0.5, scraps=1), "alone"),
        (lambda: minds.party_odds(0, base=0.1, per_male=1.1), "males"),
        (lambda: calibrated_keenness(1.1), "rate"),
        (lambda: minds.critical_coupling(0), "spread"),
        (lambda: minds.synchrony(1, time=1e9), "steps"),
        (lambda: minds.synchrony(1, people=0), "people"),
    ],
)
def test_what_cannot_be_is_refused(make, said):
    with pytest.raises(InputError, match=said):
        make()
