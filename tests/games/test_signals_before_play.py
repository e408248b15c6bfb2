"""Quorum signals and pre-play signals: payoffs by listing groups, and the published switches and orderings."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evocoop.core.errors import InputError
from evocoop.dynamics import small_mutation_limit
from evocoop.games import NPersonStagHunt, PrePlaySignals, QuorumSignalling, donation, stag_hunt


def limit(game, beta, population_size):
    return np.asarray(small_mutation_limit(game, population_size=population_size, selection_strength=beta).prevalence)


@pytest.mark.parametrize(
    ("signal_cost", "share", "slack"),
    [
        (0.01, 0.996, 5e-4),
        (0.05, 1.000, 5e-4),
        (0.10, 1.000, 5e-4),
        (0.20, 1.000, 5e-4),
        (0.22, 0.9956, 5e-5),
        (0.24, 0.6786, 5e-5),
        (0.25, 0.170, 5e-4),
        (0.26, 0.0196, 5e-5),
        (0.30, 0.000, 5e-4),
    ],
)
def test_honest_signalling_switches_off_at_half_the_cost_of_hunting(signal_cost, share, slack):
    """Pacheco et al. 2015: Z=100, N=9, M=5, F=10, c=0.5, lambda=0.5, selection strength 5; c_S < c/2 needed."""
    game = QuorumSignalling(
        group_size=9, threshold=5, multiplier=10, cost=0.5, signal_cost=signal_cost, state_probability=0.5, quorum=5
    )
    found = dict(zip(game.strategies, limit(game, 5.0, 100), strict=True))
    assert found["10|01"] == pytest.approx(share, abs=slack)
    assert found["00|00"] == pytest.approx(found["00|01"], abs=1e-3)
    if signal_cost > 0.25:
        assert found["00|00"] + found["00|01"] + found["10|01"] > 0.99


def by_hand(game, group):
    """Return the payoff of each member of a group of named strategies, written from the rules alone."""
    payoffs = [0.0] * len(group)
    for state, probability in ((0, game.state_probability), (1, 1 - game.state_probability)):
        signals = [int(name[state]) for name in group]
        quorate = sum(signals) >= (game.quorum or game.threshold)
        acts = [int(name[4 if quorate else 3]) for name in group]
        killed = state == 0 and sum(acts) >= game.threshold
        each = game.multiplier * game.cost * sum(acts) / game.group_size if killed else 0.0
        for i in range(len(group)):
            payoffs[i] += probability * (each - game.cost * acts[i] - game.signal_cost * signals[i])
    return payoffs


@given(st.data(), st.integers(2, 6), st.floats(0, 1), st.floats(0, 1), st.booleans())
def test_quorum_payoffs_agree_with_the_rules_member_by_member(data, size, probability, signal_cost, own_quorum):
    threshold = data.draw(st.integers(1, size))
    game = QuorumSignalling(
        group_size=size, threshold=threshold, multiplier=6, cost=0.7, signal_cost=signal_cost,
        state_probability=probability, quorum=data.draw(st.integers(1, size)) if own_quorum else None,
    )  # fmt: skip
    members = data.draw(st.lists(st.integers(0, 15), min_size=size, max_size=size))
    counts = np.bincount(members, minlength=16)[None, :]
    payoffs = game.group_payoffs(counts)[0]
    for member, expected in zip(members, by_hand(game, [game.strategies[i] for i in members]), strict=True):
        assert payoffs[member] == pytest.approx(expected, abs=1e-12)


def test_without_beta_and_signals_it_is_the_stag_hunt():
    game = QuorumSignalling(group_size=6, threshold=3, multiplier=5, cost=0.5, signal_cost=0, state_probability=1)
    hunt = NPersonStagHunt(group_size=6, threshold=3, multiplier=5, cost=0.5)
    assert game.payoff_table(["00|11", "00|00"]).values == pytest.approx(hunt.payoff_table().values)
    assert dict(zip(game.strategies, game.self_cooperation(), strict=True))["10|01"] == 1


@given(st.sampled_from(QuorumSignalling().strategies), st.floats(0.05, 0.95))
def test_renaming_the_states_of_nature_renames_the_strategies(name, probability):
    """With nothing to hunt in either state only costs are left, and the two states can trade places."""
    game = QuorumSignalling(multiplier=0, state_probability=probability)
    other = QuorumSignalling(multiplier=0, state_probability=1 - probability)
    twin = name[1] + name[0] + name[2:]
    assert game.payoff_table([name]).values == pytest.approx(other.payoff_table([twin]).values)


def test_signal_pairs_stay_small():
    game = QuorumSignalling(group_size=40, threshold=20)
    assert game.payoff_table(["10|01", "00|00"]).values.shape == (2, 40)
    with pytest.raises(InputError, match="choose fewer strategies"):
        game.payoff_table()


STAG, STAG_SKYRMS = [[1, -1], [0.5, 0]], [[4, 0], [3, 3]]
PD, PD_DONATION = [[1, -0.2], [1.2, 0]], [[1, -1], [2, 0]]


@pytest.mark.parametrize(
    ("payoffs", "beta", "cooperation"),
    [
        (STAG, 0.01, (0.466, 0.514, 0.529)),
        (STAG, 0.1, (0.206, 0.601, 0.717)),
        (STAG, 1.0, (0.000, 0.974, 0.989)),
        (STAG_SKYRMS, 0.01, (0.375, 0.470, 0.500)),
        (STAG_SKYRMS, 0.1, (0.006, 0.495, 0.648)),
        (STAG_SKYRMS, 1.0, (0.000, 0.994, 0.997)),
        (PD, 0.01, (0.473, 0.516, 0.531)),
        (PD, 0.1, (0.250, 0.547, 0.667)),
        (PD, 1.0, (0.000, 0.272, 0.474)),
        (PD_DONATION, 0.01, (0.375, 0.466, 0.497)),
        (PD_DONATION, 0.1, (0.006, 0.220, 0.378)),
        (PD_DONATION, 1.0, (0.000, 0.104, 0.220)),
    ],
)
def test_more_signals_more_cooperation(payoffs, beta, cooperation):
    """The ordering of Santos, Pacheco & Skyrms 2011 (Z = 50), to the digits of an independent computation."""
    found = [
        limit(game, beta, 50) @ game.self_cooperation()
        for game in (PrePlaySignals(signals=s, payoffs=payoffs) for s in (1, 2, 3))
    ]
    assert found == pytest.approx(cooperation, abs=6e-4)
    assert found[0] < found[1] < found[2]


@pytest.mark.parametrize(
    ("payoffs", "beta", "cooperation"),
    [
        ([[1, -0.5], [0.5, 0]], 0.1, (0.475020813, 0.903362968, 0.951425458)),
        ([[1, -0.5], [0.5, 0]], 1.0, (1 / (1 + math.e), 0.999999988, 0.999999995)),
        (PD, 0.1, (0.043107255, 0.438064221, 0.638911535)),
        (PD, 1.0, (0.0, 0.191337028, 0.370651847)),
        ([[1, 0.5], [1.5, 0]], 0.1, (0.475020813, 0.686431383, 0.786830221)),
        ([[1, 0.5], [1.5, 0]], 1.0, (0.268941421, 0.431185527, 0.558720082)),
    ],
)
def test_cooperation_with_signals_in_larger_populations(payoffs, beta, cooperation):
    """Z = 150."""
    found = [
        limit(game, beta, 150) @ game.self_cooperation()
        for game in (PrePlaySignals(signals=s, payoffs=payoffs) for s in (1, 2, 3))
    ]
    assert found == pytest.approx(cooperation, abs=1e-8)


@given(st.lists(st.integers(-9, 9), min_size=4, max_size=4))
def test_one_signal_is_no_signal(entries):
    payoffs = np.reshape(entries, (2, 2))
    game = PrePlaySignals(signals=1, payoffs=payoffs)
    assert game.strategies == ("a:C", "a:D")
    assert np.array_equal(game.matrix, payoffs)


def test_signals_decide_what_is_played():
    game = PrePlaySignals(signals=3, payoffs=donation(benefit=3, cost=1))
    assert len(game.strategies) == 24
    table = game.payoff_table(["a:CDD", "b:CCD", "a:DDD"]).values
    assert table.tolist() == [[2, 3, -1], [-1, 2, -1], [3, 3, 0]]
    shakes = dict(zip(game.strategies, game.self_cooperation(), strict=True))
    assert (shakes["a:CDD"], shakes["b:CDD"], shakes["c:DDC"]) == (1, 0, 1)


@given(st.permutations(range(3)))
def test_relabelling_signals_permutes_the_strategies(order):
    """Signal i is called order[i] instead: payoffs between the renamed strategies stay what they were."""
    game = PrePlaySignals(signals=3)

    def renamed(name):
        plan = [""] * 3
        for i in range(3):
            plan[order[i]] = name[2 + i]
        return "abc"[order["abc".index(name[0])]] + ":" + "".join(plan)

    assert np.array_equal(game.payoff_table([renamed(name) for name in game.strategies]).values, game.matrix)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: PrePlaySignals(signals=0), r"signals must be a whole number in \[1, 8\], not 0"),
        (lambda: PrePlaySignals(signals=9), "signals"),
        (lambda: PrePlaySignals(payoffs=np.eye(3)), "two strategies, not of 3"),
        (lambda: PrePlaySignals(payoffs=[[1, math.nan], [0, 0]]), "nan"),
        (lambda: QuorumSignalling(group_size=4), "threshold 5 is above the group size 4"),
        (lambda: QuorumSignalling(quorum=10), "quorum 10 is above the group size 9"),
        (lambda: QuorumSignalling(state_probability=2), "state_probability"),
        (lambda: QuorumSignalling(signal_cost=-0.1), "signal_cost"),
    ],
)
def test_bad_parameters_are_refused_with_the_reason(make, message):
    with pytest.raises(InputError, match=message):
        make()


def test_default_payoffs_are_the_stag_hunt():
    assert PrePlaySignals().payoffs == stag_hunt().payoffs
