"""The hunt of all minds: the rules played out member by member, and the published games it contains."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evocoop.dynamics import small_mutation_limit
from evocoop.games import (
    Commitment,
    GroupGame,
    MixedHunt,
    NPersonStagHunt,
    QuorumSignalling,
    SharedCarcass,
    mixed_prisoners_dilemma,
    mixed_stag_hunt,
    risk_dominance,
)


def outcome(game, group, keen):
    """Return each member's payoff, written as a story; ``keen`` says which leader-followers go first."""
    n = len(group)
    calls = sum(kind in ("Signaller", "Liar") for kind in group)
    proposers = group.count("Proposer")
    members = sum(kind in ("Proposer", "Accepter", "Signaller", "Hunter", "Faker") for kind in group)
    deal = proposers > 0 and members >= (game.participation or max(2, game.threshold))
    call = calls >= (game.quorum or max(2, game.threshold))
    hunts = [
        kind == "Hunter"
        or (deal and kind in ("Proposer", "Accepter", "Signaller"))
        or (call and kind == "Signaller")
        or (kind == "LeaderFollower" and keen[i])
        for i, kind in enumerate(group)
    ]
    if any(hunts):
        hunts = [h or kind == "LeaderFollower" for h, kind in zip(hunts, group, strict=True)]
    if sum(hunts) >= game.threshold:
        hunts = [h or kind == "Joiner" for h, kind in zip(hunts, group, strict=True)]
    k = sum(hunts)
    prey = 0.0 if k < game.threshold else game.benefit * (k if game.prey == "herd" else game.threshold)
    eats = [h or kind == "Scavenger" or game.reach == "all" for h, kind in zip(hunts, group, strict=True)]
    payoffs = []
    for i, kind in enumerate(group):
        pay = game.leak * prey / sum(eats) if eats[i] and prey else 0.0
        pay += (1 - game.leak) * prey / k - game.cost if hunts[i] else 0.0
        pay += game.hare if not hunts[i] and kind != "Scavenger" else 0.0
        pay -= game.signal_cost if kind in ("Signaller", "Liar") else 0.0
        if deal and kind == "Proposer":
            pay += (group.count("Faker") * game.compensation - game.proposal_cost) / proposers
        pay -= game.compensation if deal and kind == "Faker" else 0.0
        payoffs.append(pay)
    assert len(payoffs) == n
    return np.array(payoffs)


def by_hand(game, group):
    total = np.zeros(len(group))
    followers = [i for i, kind in enumerate(group) if kind == "LeaderFollower"]
    for pattern in range(2 ** len(followers)):
        keen = [False] * len(group)
        chance = 1.0
        for bit, i in enumerate(followers):
            keen[i] = bool(pattern >> bit & 1)
            chance *= game.keenness if keen[i] else 1 - game.keenness
        total += chance * outcome(game, group, keen)
    return total


@settings(max_examples=150)
@given(st.data())
def test_payoffs_agree_with_the_rules_member_by_member(data):
    size = data.draw(st.integers(2, 6))
    several = st.integers(1, size)
    game = MixedHunt(
        group_size=size,
        threshold=data.draw(several),
        leak=data.draw(st.sampled_from([0.0, 0.3, 1.0])),
        reach=data.draw(st.sampled_from(["near", "all"])),
        prey=data.draw(st.sampled_from(["herd", "carcass"])),
        keenness=data.draw(st.sampled_from([0.0, 0.25, 1.0])),
        hare=0.75,
        participation=data.draw(st.none() | several),
        quorum=data.draw(st.none() | several),
    )
    group = data.draw(st.lists(st.sampled_from(game.strategies), min_size=size, max_size=size))
    counts = np.array([[group.count(name) for name in game.strategies]])
    payoffs = dict(zip(game.strategies, game.group_payoffs(counts)[0], strict=True))
    assert [payoffs[kind] for kind in group] == pytest.approx(by_hand(game, group).tolist(), abs=1e-12)


class HuntersOnly(GroupGame):
    """Hunters share among themselves whatever is left to share; the others take hares."""

    def __init__(self, size, threshold, benefit, cost, hare):
        self.group_size, self.threshold = size, threshold
        self.benefit, self.cost, self.hare = benefit, cost, hare

    def payoffs(self, cooperators):
        k = np.asarray(cooperators)
        return np.where(k >= self.threshold, self.benefit, 0.0) - self.cost, np.full(k.shape, float(self.hare))


@pytest.mark.parametrize(
    ("size", "threshold", "root"),
    [
        (2, 2, 0.5),
        (5, 5, 0.5 ** (1 / 4)),
        (5, 2, 1 - 0.5 ** (1 / 4)),
        (5, 3, 0.385728),
        (10, 5, 0.393085),
    ],
)
def test_hunters_and_hares_have_one_unstable_root(size, threshold, root):
    """P(Bin(N-1, x) >= M-1) = (c + h)/b, whatever leaks, because no scavenger waits near by."""
    game = MixedHunt(group_size=size, threshold=threshold, benefit=4, cost=1, hare=1, leak=0.7)
    plain = HuntersOnly(size, threshold, 4, 1, 1)
    assert game.payoff_table(["Hunter", "Hare"]).values == pytest.approx(plain.payoff_table().values)
    assert plain.roots() == pytest.approx([root], abs=1e-6)


def test_hunters_and_scavengers_of_everything_are_the_n_person_stag_hunt():
    """With xi = 1, h = 0 and V = F c k it is Pacheco, Santos, Souza & Skyrms 2009."""
    pacheco = NPersonStagHunt(group_size=5, threshold=3, multiplier=4, cost=0.5)
    for reach in ("near", "all"):
        game = MixedHunt(group_size=5, threshold=3, benefit=2.0, cost=0.5, hare=0, leak=1, reach=reach)
        assert game.payoff_table(["Hunter", "Scavenger"]).values == pytest.approx(pacheco.payoff_table().values)


@given(st.floats(1.1, 5), st.floats(0.1, 1), st.floats(0, 2), st.floats(0, 4))
def test_two_hunters_with_a_deal_are_the_commitment_game(benefit, cost, eps, delta):
    """Han, Pereira, Santos & Lenaerts 2013: COMP, C, D, FAKE, FREE before a stag hunt and a prisoner's dilemma."""
    names = ["Proposer", "Hunter", "Hare", "Faker", "Accepter"]
    hunt = mixed_stag_hunt(benefit=benefit, cost=cost, hare=0.5, proposal_cost=eps, compensation=delta)
    base = Commitment(
        reward=benefit - cost, sucker=-cost, temptation=0.5, punishment=0.5, no_deal=0.5,
        proposal_cost=eps, compensation=delta,
    )  # fmt: skip
    assert hunt.payoff_table(names).values == pytest.approx(base.matrix)
    dilemma = mixed_prisoners_dilemma(benefit=benefit, cost=cost, proposal_cost=eps, compensation=delta)
    donation = Commitment(
        reward=benefit - cost, sucker=-cost, temptation=benefit, punishment=0, proposal_cost=eps, compensation=delta
    )
    assert dilemma.payoff_table(names).values == pytest.approx(donation.matrix)


def test_signallers_and_scavengers_play_the_quorum_game_without_beta():
    """Hunters are 00|11, scavengers 00|00, signallers 10|01 and liars 10|00 of Pacheco et al. 2015."""
    hunt = MixedHunt(group_size=6, threshold=3, benefit=2.5, cost=0.5, hare=0, leak=1, reach="all", signal_cost=0.1)
    quorum = QuorumSignalling(
        group_size=6, threshold=3, multiplier=5, cost=0.5, signal_cost=0.1, state_probability=1
    )  # fmt: skip
    ours = hunt.payoff_table(["Hunter", "Scavenger", "Signaller", "Liar"]).values
    assert ours == pytest.approx(quorum.payoff_table(["00|11", "00|00", "10|01", "10|00"]).values)


def test_leader_followers_reach_the_stag_without_talk_when_one_is_keen():
    """Bullinger et al. 2011: chimpanzee pairs reach the stag by one going first; here with 1 - (1 - kappa)^N."""
    game = replace(mixed_stag_hunt(), keenness=0.7)
    table = game.payoff_table(["LeaderFollower", "Hare"]).values
    assert table[0, 0] == pytest.approx(0.91 * 3 + 0.09 * 1)
    assert table[0, 1] == pytest.approx(0.7 * -1 + 0.3 * 1)
    assert dict(zip(game.strategies, game.self_cooperation(), strict=True))["LeaderFollower"] == pytest.approx(0.91)


def test_nobody_starts_a_hunt_without_a_keen_or_speaking_mind():
    """Gilby et al. 2015: without impact hunters no hunt starts, however many would join."""
    game = MixedHunt(keenness=0)
    counts = np.array([[0, 0, 2, 0, 3, 0, 0, 0, 0, 0]])
    payoffs = game.group_payoffs(counts)[0]
    assert payoffs[2] == payoffs[4] == game.hare
    assert (game.self_cooperation() == [1, 0, 0, 0, 0, 1, 0, 0, 1, 0]).all()


def test_agreement_wins_the_dilemma_and_its_compensation_is_why():
    kept = mixed_prisoners_dilemma(compensation=2)
    bare = mixed_prisoners_dilemma(compensation=0)
    share = {}
    for name, game in (("kept", kept), ("bare", bare)):
        found = small_mutation_limit(game, population_size=50, selection_strength=1.0).prevalence
        share[name] = dict(zip(game.strategies, found, strict=True))
    assert max(share["kept"], key=share["kept"].get) == "Proposer"
    assert share["kept"]["Proposer"] > 4 * share["bare"]["Proposer"]


def test_minds_are_named_for_each_strategy():
    game = MixedHunt()
    assert len(game.minds) == len(game.strategies) == 10
    assert dict(zip(game.strategies, game.minds, strict=True))["Joiner"] == "chimp-like"


@given(*[st.floats(0, 1)] * 3, st.floats(0, 20), st.floats(0, 3))
def test_cooperators_resist_cheaters_when_two_kill_enough(alone, together, scavenged, prey, cost):
    """Packer & Ruttan 1988, two-player form: q2 V/2 - c > s q1 V."""
    game = SharedCarcass(alone=alone, together=together, prey=prey, cost=cost, scavenged=scavenged)
    matrix = game.matrix
    gap = together * prey / 2 - cost - scavenged * alone * prey
    assert matrix[0, 0] - matrix[1, 0] == pytest.approx(gap / 2, abs=1e-9)
    if abs(gap) > 1e-9:
        assert game.cooperators_resist_cheaters == (gap > 0)


def test_nothing_to_scavenge_nothing_to_cheat_for():
    """Packer & Ruttan 1988: no such temptation where nothing can be scavenged."""
    game = SharedCarcass(alone=0.3, together=0.8, prey=10, cost=1, scavenged=0)
    assert game.matrix[2].tolist() == [0, 0, 0, 0]
    assert risk_dominance(game, "Cooperator", "Scavenger") > 0
    assert (game.matrix[3] == game.matrix[3, 0]).all()
    assert math.isclose(game.matrix[1, 1], (3 - 1) / 2)
