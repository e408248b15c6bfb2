"""Commitments before a game: payoffs, thresholds and long-run prevalences of the published models."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evocoop.core.errors import InputError
from evocoop.dynamics import small_mutation_limit
from evocoop.games import (
    Commitment,
    GroupCommitment,
    MixedHunt,
    RecognitionCommitment,
    commitment_on,
    mixed_prisoners_dilemma,
    prisoners_dilemma,
    risk_dominance,
    stag_hunt,
)


def prevalence(game, beta=0.1, population_size=100):
    limit = small_mutation_limit(game, population_size=population_size, selection_strength=beta)
    return np.asarray(limit.prevalence)


def test_payoffs_of_the_commitment_game():
    """Han, Pereira, Santos & Lenaerts 2013, payoff matrix."""
    game = Commitment(
        temptation=5, reward=3, punishment=1, sucker=0, proposal_cost=0.5, compensation=2, no_deal=0
    )  # fmt: skip
    assert game.strategies == ("COMP", "C", "D", "FAKE", "FREE")
    assert game.matrix.tolist() == [
        [2.75, 2.5, 0, 1.5, 2.5],
        [3, 3, 0, 0, 0],
        [0, 5, 1, 1, 1],
        [3, 5, 1, 1, 1],
        [3, 5, 1, 1, 1],
    ]


@pytest.mark.parametrize(
    ("beta", "eps", "delta", "shares"),
    [
        (0.1, 0.05, 4, (0.81391081, 0.031937991, 0.088241924, 0.016162993, 0.049746283)),
        (0.1, 0.25, 4, (0.68234873, 0.046282207, 0.13936393, 0.026454911, 0.10555022)),
        (0.1, 0.25, 1, (0.26374064, 0.017897257, 0.16909628, 0.43663989, 0.11262593)),
        (0.1, 0.25, 2, (0.6365, 0.0432, 0.1426, 0.0714, 0.1063)),
        (0.1, 0.5, 4, (0.4782, 0.0522, 0.1941, 0.0385, 0.2371)),
        (0.1, 0.7, 4, (0.3108, 0.0445, 0.2194, 0.0452, 0.3801)),
        (0.1, 0.05, 0, (0.0983, 0.0039, 0.1721, 0.6375, 0.0883)),
        (1.0, 0.5, 4, (0.4222, 0.0505, 0.3960, 0.0396, 0.0918)),
        (1.0, 0.7, 4, (0.0586, 0.0093, 0.1681, 0.0164, 0.7477)),
        (1.0, 0.05, 1, (0.2365, 0.0039, 0.0978, 0.6459, 0.0159)),
        (1.0, 0.05, 1.5, (0.8427, 0.0140, 0.1004, 0.0266, 0.0163)),
    ],
)
def test_commitment_takes_over_when_cheap_and_enforced(beta, eps, delta, shares):
    found = prevalence(Commitment(proposal_cost=eps, compensation=delta), beta)
    assert found == pytest.approx(shares, abs=6e-5)


@given(st.floats(0.1, 5), st.floats(0.1, 5), st.floats(0.1, 5), st.floats(0, 4), st.floats(0, 8))
def test_thresholds_are_where_risk_dominance_flips(greed, gain, fear, eps, delta):
    reward, punishment = gain, 0.0
    game = Commitment(
        temptation=reward + greed,
        reward=reward,
        punishment=punishment,
        sucker=-fear,
        proposal_cost=eps,
        compensation=delta,
    )
    limits = game.thresholds
    for other, below in (("FREE", limits.over_free - eps), ("D", limits.over_defectors - eps)):
        assert risk_dominance(game, "COMP", other) == pytest.approx(1.5 * below if other == "FREE" else below / 2)
    assert risk_dominance(game, "COMP", "FAKE") == pytest.approx(2 * (delta - limits.over_fakers), abs=1e-9)
    assert risk_dominance(game, "C", "COMP") == pytest.approx(1.5 * eps)


def test_thresholds_of_the_donation_game():
    game = commitment_on([[1, -1], [2, 0]], proposal_cost=0.4, compensation=1)
    assert game.thresholds.over_free == pytest.approx(2 * (2 - 1) / 3)
    assert game.thresholds.over_fakers == pytest.approx(1 + 0.3)


def test_commitment_before_any_two_by_two_game():
    hunt = commitment_on(stag_hunt(), proposal_cost=0.2, compensation=1, no_deal=3)
    assert hunt.matrix[2].tolist() == [3, 3, 3, 3, 3]
    assert hunt.matrix[0, 2] == 3
    assert commitment_on(prisoners_dilemma(), proposal_cost=0, compensation=0).base == (3, 0, 5, 1)


RECOGNITION = {  # theta* on a grid of 0.05, share of IRCOM there, share at theta = 1
    (4, 3, 0, -1): {(0.25, 1.0): (0.35, 0.936, 0.758), (0.25, 0.5): (0.65, 0.950, 0.758),
                    (0.5, 1.0): (0.35, 0.885, 0.633), (0.5, 0.5): (0.65, 0.866, 0.633)},
    (2, 1, 0, -1): {(0.25, 1.0): (0.65, 0.654, 0.636), (0.25, 0.5): (0.90, 0.650, 0.636),
                    (0.5, 1.0): (0.70, 0.442, 0.414), (0.5, 0.5): (1.00, 0.414, 0.414)},
    (1.2, 0.2, 0, -1): {(0.25, 1.0): (0.90, 0.272, 0.269), (0.25, 0.5): (1.00, 0.269, 0.269)},
}  # fmt: skip


def recognition(base, eps, accuracy, theta):
    temptation, reward, punishment, sucker = base
    return RecognitionCommitment(
        temptation=temptation, reward=reward, punishment=punishment, sucker=sucker,
        proposal_cost=eps, compensation=2, confidence=theta, accuracy=accuracy,
    )  # fmt: skip


def test_predicting_first_is_best_at_an_intermediate_confidence():
    """The claim of Han, Santos, Lenaerts & Pereira 2015, on our reading of how accuracy grows with confidence."""
    optimum = {}
    for base, cells in RECOGNITION.items():
        for (eps, accuracy), (theta, best, at_one) in cells.items():
            shares = [prevalence(recognition(base, eps, accuracy, i / 20))[0] for i in range(21)]
            assert np.argmax(shares) / 20 == theta
            assert max(shares) == pytest.approx(best, abs=6e-4)
            assert shares[-1] == pytest.approx(at_one, abs=6e-4)
            optimum[base, eps, accuracy] = theta
    easy, middle, harsh = RECOGNITION
    assert optimum[easy, 0.25, 1.0] < optimum[middle, 0.25, 1.0] < optimum[harsh, 0.25, 1.0]
    for base in RECOGNITION:
        assert optimum[base, 0.25, 1.0] <= optimum[base, 0.25, 0.5]


@given(st.floats(0, 1), st.floats(0, 3), st.floats(0, 3))
def test_never_acting_on_a_prediction_is_the_commitment_game(accuracy, eps, delta):
    always = RecognitionCommitment(proposal_cost=eps, compensation=delta, confidence=1, accuracy=accuracy)
    assert always.matrix == pytest.approx(Commitment(proposal_cost=eps, compensation=delta).matrix)


@pytest.mark.parametrize("accuracy", [0.0, 0.5, 1.0])
def test_never_proposing_leaves_the_others_as_they_are(accuracy):
    game = RecognitionCommitment(confidence=0, accuracy=accuracy)
    assert game.matrix[1:, 1:].tolist() == Commitment().matrix[1:, 1:].tolist()
    right = accuracy / 2
    assert game.matrix[0, 1] == pytest.approx(right * 1 + (1 - right) * 2)
    assert game.matrix[2, 0] == pytest.approx(right * 0 + (1 - right) * 2)
    assert game.self_cooperation()[0] == pytest.approx(right)


@given(st.floats(0.1, 5), st.floats(0.1, 3), st.floats(0, 2), st.floats(0, 4))
def test_a_group_of_two_is_the_commitment_game(multiplier, cost, eps, delta):
    group = GroupCommitment(
        group_size=2, multiplier=multiplier, cost=cost, proposal_cost=eps, compensation=delta, participation=2
    )
    half = multiplier * cost / 2
    pair = Commitment(
        temptation=half, reward=2 * half - cost, punishment=0, sucker=half - cost,
        proposal_cost=eps, compensation=delta,
    )  # fmt: skip
    assert group.payoff_table().values == pytest.approx(pair.matrix)


def test_group_deals_share_cost_and_compensation():
    game = GroupCommitment(
        group_size=6, multiplier=3, cost=1, proposal_cost=0.6, compensation=2, participation=4,
        access=0.25, restriction_cost=0.2,
    )  # fmt: skip
    deal = game.group_payoffs(np.array([[2, 1, 1, 1, 1]]))[0]
    good = 3 * 4 / 6
    assert deal == pytest.approx([good - 1 - 0.4 + 1, good - 1, 0.25 * good, good - 2, good - 1])
    assert game.group_payoffs(np.array([[2, 0, 3, 0, 1]]))[0].tolist() == [0, 0, 0, 0, 0]
    free = game.group_payoffs(np.array([[0, 2, 1, 2, 1]]))[0]
    assert free[1:] == pytest.approx([0, 1, 1, 1])


def by_participation(size, multiplier, access):
    """Return the long-run share of proposers for F = 1 … N."""
    return [
        prevalence(GroupCommitment(
            group_size=size, multiplier=multiplier, compensation=4, participation=f, access=access
        ))[0]
        for f in range(1, size + 1)
    ]  # fmt: skip


def test_restricting_refusers_beats_refusing_to_play_more_so_in_larger_groups():
    """Han, Pereira & Lenaerts 2015: with F = N proposers refuse to play unless all commit."""
    leads = []
    for size in (3, 5, 8):
        shares = by_participation(size, 2.0, access=0.2)
        leads.append(max(shares[:-1]) - shares[-1])
    assert 0 < leads[0] < leads[1] < leads[2]


def test_harsher_dilemmas_need_more_participants():
    """Han, Pereira & Lenaerts 2017: the best participation level grows with the harshness of the dilemma."""
    mild, harsh = (int(np.argmax(by_participation(8, multiplier, access=0.2))) + 1 for multiplier in (2.0, 1.5))
    assert (mild, harsh) == (6, 7)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Commitment(proposal_cost=-0.1), "proposal_cost must be a finite number of at least 0, not -0.1"),
        (lambda: Commitment(compensation=math.inf), "compensation"),
        (lambda: Commitment(reward="much"), "reward must be a finite number, not 'much'"),
        (lambda: RecognitionCommitment(confidence=1.5), r"confidence must be a finite number in \[0, 1\]"),
        (lambda: RecognitionCommitment(accuracy=-1), "accuracy"),
        (lambda: RecognitionCommitment(compensation=-1), "compensation"),
        (lambda: commitment_on(np.eye(3), proposal_cost=0, compensation=0), "two strategies"),
        (lambda: GroupCommitment(group_size=3, participation=4), "participation 4 is above the group size 3"),
        (lambda: GroupCommitment(access=2), "access"),
        (lambda: MixedHunt(group_size=3, threshold=4), "above the group size"),
        (lambda: MixedHunt(quorum=0), "quorum must be a whole number of at least 1"),
        (lambda: MixedHunt(reach="far"), "reach cannot be 'far'.*allowed: near, all"),
        (lambda: MixedHunt(prey="carcas"), "did you mean 'carcass'"),
        (lambda: MixedHunt(keenness=1.1), "keenness"),
        (lambda: mixed_prisoners_dilemma(benefit=1, cost=2), "cost must be"),
    ],
)
def test_bad_parameters_are_refused_with_the_reason(make, message):
    with pytest.raises(InputError, match=message):
        make()
