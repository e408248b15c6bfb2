"""Stationary distributions and gradients of selection against published equations and computed figures."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evocoop.core.errors import InputError, NumericalError
from evocoop.dynamics import gradient_of_selection, small_mutation_limit, stationary_distribution
from evocoop.dynamics.finite.chain import chain_of, population_states
from evocoop.dynamics.finite.expected import hypergeometric
from evocoop.dynamics.finite.setting import setting
from evocoop.games.payoffs import PayoffTable

ROCK = np.array([[0, -1, 1], [1, 0, -1], [-1, 1, 0]])
ALL = ("pairwise", "pairwise_linear", "imitate_if_better", "moran", "death_birth", "wright_fisher", "introspection")


def risk(size, threshold, danger, cost):
    """Collective-risk dilemma of Santos & Pacheco 2011 with endowment 1."""
    givers = size - 1 - np.arange(size)
    kept = lambda k: np.where(k >= threshold, 1.0, 1.0 - danger)  # noqa: E731
    return PayoffTable(("C", "D"), [kept(givers + 1) - cost, kept(givers)], group_size=size)


def hunt(size, threshold, multiplier, cost=1.0):
    """N-person stag hunt of Pacheco et al. 2009."""
    hunters = size - 1 - np.arange(size)
    share = lambda k: np.where(k >= threshold, k * multiplier * cost / size, 0.0)  # noqa: E731
    return PayoffTable(("C", "D"), [share(hunters + 1) - cost, share(hunters)], group_size=size)


@pytest.mark.parametrize(
    ("size", "danger", "mutation", "mean", "success", "none", "everyone"),
    [
        (50, 0.2, 0.02, 0.1082396782, 0.0495830574, 0.076292883, 2.96039152e-8),
        (50, 0.7, 0.02, 0.6575406259, 0.8841611368, 7.24672311e-6, 5.23210151e-5),
        (50, 0.9, 0.005, 0.7124776234, 0.9330772782, 6.14309158e-7, 0.00365226297),
        (100, 0.7, 0.01, 0.6733328456, 0.9035921639, 1.60431174e-10, 1.0630271e-7),
        (100, 0.9, 0.01, 0.7078705319, 0.9341713032, 1.74369936e-16, 3.39670346e-7),
    ],
)
def test_collective_risk(size, danger, mutation, mean, success, none, everyone):
    """N=6, M=3, c=0.1, beta=5; success = mean share of groups that reach the threshold."""
    found = stationary_distribution(
        risk(6, 3, danger, 0.1), population_size=size, selection_strength=5, mutation=mutation
    )
    assert found.shares[0] == pytest.approx(mean, abs=6e-11)
    assert found.probabilities[0] == pytest.approx(none, rel=6e-9)
    assert found.probabilities[-1] == pytest.approx(everyone, rel=6e-9)
    reach = hypergeometric(size, 6)[:, 3:].sum(axis=1)
    assert found.probabilities @ reach == pytest.approx(success, abs=6e-11)


@pytest.mark.parametrize(
    ("size", "count", "expected"),
    [
        (20, 5, -0.0588920045),
        (20, 10, -0.00193494588),
        (20, 15, -0.0144834736),
        (100, 25, -0.0450954733),
        (100, 50, 0.0148087393),
        (100, 75, 0.00472806811),
    ],
)
def test_gradient_of_the_stag_hunt(size, count, expected):
    """N=5, M=3, F=4, c=1, beta=1: g(k) = (k/Z)((Z-k)/Z) tanh(beta(f_C - f_D)/2), Pacheco et al. 2009."""
    gradient = gradient_of_selection(hunt(5, 3, 4), population_size=size, selection_strength=1)
    assert gradient.shape == (size + 1,) and gradient[0] == gradient[-1] == 0
    assert gradient[count] == pytest.approx(expected, rel=5e-9)


def test_small_populations_invert_selection():
    """With Z = N everybody shares a group, f_C - f_D = -c for every k; linear goods: c[(F/N)(Z-N)/(Z-1) - 1]."""
    k = np.arange(6)
    whole = gradient_of_selection(hunt(5, 3, 4, 0.7), population_size=5, selection_strength=1)
    assert whole == pytest.approx(k / 5 * (5 - k) / 5 * math.tanh(-0.35), abs=1e-15)
    linear = gradient_of_selection(hunt(5, 1, 4, 0.7), population_size=20, selection_strength=1)
    k = np.arange(21)
    gain = 0.7 * (4 / 5 * 15 / 19 - 1)
    assert linear == pytest.approx(k / 20 * (20 - k) / 20 * math.tanh(gain / 2), abs=1e-14)


def test_rock_paper_scissors():
    """1,326 states; figures by an independent sparse solve."""
    found = stationary_distribution(ROCK, population_size=50, selection_strength=1, mutation=0.01)
    assert len(found.states) == 1326
    assert found.monomorphic == pytest.approx([0.0163954056] * 3, rel=4e-9)
    assert found.monomorphic.sum() == pytest.approx(0.0491862168, rel=2e-9)
    assert found.probabilities.min() == pytest.approx(3.001e-4, rel=2e-4)
    assert found.shares == pytest.approx([1 / 3] * 3, rel=1e-12)
    assert found.residual < 1e-14 and found.error_bound < 1e-10


def test_four_strategies_of_fifty():
    game = np.zeros((4, 4))
    game[:3, :3] = ROCK
    found = stationary_distribution(game, population_size=50, selection_strength=1, mutation=0.02)
    assert len(found.states) == 23426 and found.residual < 1e-13
    assert found.shares[:3] == pytest.approx([found.shares[0]] * 3, rel=1e-9)
    assert found.shares.sum() == pytest.approx(1)


@pytest.mark.parametrize("process", ALL)
@pytest.mark.parametrize("mutation", [0.05, 0.9])
def test_two_strategies_are_the_plain_case_of_many(process, mutation):
    """The product formula equals the general chain solved as a dense linear system."""
    game = np.array([[1.0, 0.2], [1.3, 0.1]])
    ask = {"population_size": 12, "selection_strength": 0.8, "mutation": mutation, "process": process}
    found = stationary_distribution(game, **ask)
    assert found.states[:, 0].tolist() == list(range(13))
    if process != "wright_fisher":
        matrix = chain_of(setting(game, 12, process), 0.8, mutation).matrix.toarray()
        assert matrix.sum(axis=1) == pytest.approx(1, abs=1e-14) and matrix.min() >= 0
        system = np.vstack([matrix.T - np.eye(13), np.ones(13)])
        solved = np.linalg.lstsq(system, np.append(np.zeros(13), 1), rcond=None)[0]
        assert found.probabilities == pytest.approx(solved, abs=1e-12)
        drift = matrix @ np.arange(13) / 1 - np.arange(13)
        factor = 11 / 12 if process == "pairwise" else 1.0
        expected = gradient_of_selection(game, population_size=12, selection_strength=0.8, process=process)
        without = chain_of(setting(game, 12, process), 0.8, 0.0).matrix @ np.arange(13) - np.arange(13)
        assert expected == pytest.approx(factor * without, abs=1e-14)
        assert np.abs(found.probabilities @ drift) < 1e-13


@pytest.mark.parametrize("process", ALL)
def test_copies_of_a_strategy_share_its_part(process):
    """Under neutrality all strategies are equally common; and no name is favoured."""
    ask = {"population_size": 8, "selection_strength": 0.6, "mutation": 0.1, "process": process}
    assert stationary_distribution(np.ones((3, 3)), **ask).shares == pytest.approx([1 / 3] * 3, rel=1e-9)
    game = np.array([[1, 0.2, 0.9], [1.3, 0.1, 0.4], [0.8, 0.5, 1.1]])
    straight = stationary_distribution(game, **ask).shares
    turned = stationary_distribution(np.roll(game, (1, 1), (0, 1)), **ask).shares
    assert turned == pytest.approx(np.roll(straight, 1), rel=1e-9)


@pytest.mark.parametrize("process", ["pairwise", "moran", "death_birth"])
def test_rare_mutations_lead_to_the_small_mutation_limit(process):
    game = np.array([[1, 0.2, 0.9], [1.3, 0.6, 0.4], [0.8, 0.7, 1.1]])
    ask = {"population_size": 10, "selection_strength": 0.7, "process": process}
    limit = small_mutation_limit(game, **ask).prevalence
    gaps = [np.abs(stationary_distribution(game, mutation=mu, **ask).shares - limit).max() for mu in (1e-3, 1e-5)]
    assert gaps[1] < 2e-4 and gaps[1] < gaps[0] / 50


def test_groups_of_three_strategies_agree_with_enumeration():
    """Multivariate hypergeometric payoffs against a sum over every possible group."""
    rng = np.random.default_rng(5)
    table = PayoffTable(("a", "b", "c"), rng.normal(size=(3, 10)), group_size=4)
    states = population_states(7, 3)
    from itertools import combinations

    from evocoop.dynamics.finite.chain import state_payoffs

    payoffs = state_payoffs(setting(table, 7), states)
    column = {tuple(row): c for c, row in enumerate(table.compositions.tolist())}
    state = next(s for s, row in enumerate(states.tolist()) if row == [3, 2, 2])
    for focal in range(3):
        others = [s for s in range(3) for _ in range(states[state, s] - (s == focal))]
        groups = [column[tuple(np.bincount(group, minlength=3))] for group in combinations(others, 3)]
        for played in range(3):
            assert payoffs[state, focal, played] == pytest.approx(table.values[played, groups].mean(), rel=1e-12)


def test_probabilities_far_below_the_smallest_float():
    found = stationary_distribution([[1, 1], [0, 0]], population_size=400, selection_strength=20, mutation=1e-3)
    assert found.probabilities[0] == 0.0 and found.log_probabilities[0] < -2000
    assert found.residual < 1e-9


@given(st.lists(st.floats(-2, 2, width=32), min_size=9, max_size=9), st.floats(-3, 3), st.floats(0.01, 1))
@settings(max_examples=25, deadline=None)
def test_only_payoff_differences_count(entries, shift, mutation):
    game = np.reshape(entries, (3, 3))
    ask = {"population_size": 6, "selection_strength": 1, "mutation": mutation}
    moved = stationary_distribution(game + shift, **ask)
    assert stationary_distribution(game, **ask).probabilities == pytest.approx(moved.probabilities, abs=1e-9)
    assert moved.residual < 1e-13


def test_introspection_of_one_against_a_fixed_alternative():
    """Additive payoffs: every individual is its own two-state chain, so shares are a logit (Couto et al. 2022)."""
    game = np.add.outer([0.0, 0.7, 1.1], [0.3, -0.4, 0.2])
    found = stationary_distribution(game, population_size=9, selection_strength=2, mutation=0, process="introspection")
    weights = np.exp(2 * np.array([0.0, 0.7, 1.1]))
    assert found.shares == pytest.approx(weights / weights.sum(), rel=1e-10)


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"mutation": 0}, InputError, "fixation_probability or small_mutation_limit"),
        ({"mutation": 1.5}, InputError, "mutation"),
        ({"selection_strength": [1, 2]}, InputError, "one number"),
        ({"payoffs": [[1.0]]}, InputError, "two strategies"),
        ({"payoffs": np.eye(5), "population_size": 60}, InputError, r"635,376 states \(about .* GiB"),
        ({"payoffs": np.eye(3), "selection_strength": 60, "mutation": 1e-9}, NumericalError, "numerically reducible"),
        ({"payoffs": np.eye(3), "mutation": 1e-320}, NumericalError, "numerically reducible"),
    ],
)
def test_refusals(change, error, words):
    question = {"payoffs": ROCK, "population_size": 20, "selection_strength": 1, "mutation": 0.01}
    with pytest.raises(error, match=words):
        stationary_distribution(**(question | change))
    with pytest.raises(InputError, match="two strategies"):
        gradient_of_selection(ROCK, population_size=10, selection_strength=1)
