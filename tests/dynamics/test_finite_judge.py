"""EGTtools as an outside judge: the same numbers where it is right, and the places where it is not."""

import numpy as np
import pytest

from evocoop.dynamics import (
    estimate_fixation,
    fixation_probabilities,
    fixation_probability,
    gradient_of_selection,
    small_mutation_limit,
    stationary_distribution,
)
from evocoop.dynamics.finite.chain import chain_of
from evocoop.dynamics.finite.setting import setting
from evocoop.games import CollectiveRiskDilemma, NPersonStagHunt

egttools = pytest.importorskip("egttools")
analytical = pytest.importorskip("egttools.analytical")
games = pytest.importorskip("egttools.games")
utils = pytest.importorskip("egttools.utils")

STAG = np.array([[4.0, 0], [3, 3]])
ROCK = np.array([[0.0, -1, 1], [1, 0, -1], [-1, 1, 0]])


def judged(payoffs, size):
    """Return the judge's chain, with the game it must not lose."""
    game = games.Matrix2PlayerGameHolder(len(payoffs), payoffs)
    return analytical.PairwiseComparison(size, game), game


@pytest.mark.parametrize(("n", "size", "beta"), [(2, 30, 0.5), (4, 60, 0.05), (10, 100, 0.1)])
def test_small_mutation_limit(n, size, beta):
    payoffs = np.random.default_rng(n).uniform(size=(n, n))
    judge, _game = judged(payoffs, size)
    chain, fixation = judge.calculate_transition_and_fixation_matrix_sml(beta)
    found = small_mutation_limit(payoffs, population_size=size, selection_strength=beta)
    assert found.transition_matrix == pytest.approx(chain, abs=1e-12)
    assert found.prevalence == pytest.approx(utils.calculate_stationary_distribution(chain.T), abs=1e-10)
    rho = fixation_probabilities(payoffs, population_size=size, selection_strength=beta)
    apart = ~np.eye(n, dtype=bool)
    assert rho[apart] == pytest.approx(fixation[apart], rel=1e-9)


@pytest.mark.parametrize(("n", "size"), [(2, 20), (3, 12), (4, 6)])
def test_full_chain(n, size):
    payoffs = np.random.default_rng(n).normal(size=(n, n))
    judge, _game = judged(payoffs, size)
    theirs = judge.calculate_transition_matrix(0.8, 0.05)
    theirs = theirs.toarray() if hasattr(theirs, "toarray") else theirs
    ours = chain_of(setting(payoffs, size), 0.8, 0.05)
    place = [egttools.calculate_state(size, state) for state in ours.states]
    assert ours.matrix.toarray() == pytest.approx(theirs[np.ix_(place, place)], abs=1e-12)
    found = stationary_distribution(payoffs, population_size=size, selection_strength=0.8, mutation=0.05)
    assert found.probabilities == pytest.approx(utils.calculate_stationary_distribution(theirs.T)[place], abs=1e-10)


def test_gradient_of_a_collective_risk():
    """The judge gives the drift of the chain, Z/(Z-1) times the published gradient; it lists defectors first."""
    game = games.OneShotCRD(1.0, 0.1, 0.7, 6, 3)
    judge = analytical.PairwiseComparison(50, game)
    theirs = [judge.calculate_gradient_of_selection(5.0, np.array([50 - k, k]))[1] for k in range(51)]
    ours = CollectiveRiskDilemma(group_size=6, threshold=3, risk=0.7, contribution=0.1)
    found = gradient_of_selection(ours, population_size=50, selection_strength=5)
    assert found * 50 / 49 == pytest.approx(theirs, abs=1e-12)


@pytest.mark.filterwarnings("ignore:Some of the entries")
def test_the_judge_loses_small_probabilities_and_with_them_the_answer():
    judge, _game = judged(STAG, 100)
    chain, _ = judge.calculate_transition_and_fixation_matrix_sml(2.0)
    assert utils.calculate_stationary_distribution(chain.T).tolist() == [1, 0]
    assert small_mutation_limit(STAG, population_size=100, selection_strength=2).prevalence[1] == 1
    dilemma = np.array([[1, -0.5], [1.5, 0]])
    other, _kept = judged(dilemma, 100)
    assert other.calculate_fixation_probability(0, 1, 1.0) == 0
    rho = fixation_probability(dilemma, population_size=100, selection_strength=1)
    assert rho == pytest.approx(2.856566439e-23, rel=1e-9)


def test_the_judge_drops_unfinished_runs():
    """Hawk-dove, Z=50, beta=0.1: 1000 runs of 500 generations, none of which fixates; exactly 0.150298."""
    numerical = pytest.importorskip("egttools.numerical")
    game = games.Matrix2PlayerGameHolder(2, np.array([[-0.5, 2], [0, 0]]))
    runner = numerical.PairwiseComparisonNumerical(50, game, 100_000)
    assert runner.estimate_fixation_probability(0, 1, 1000, 500, 0.1) < 0.02
    found = estimate_fixation(
        [[-0.5, 2], [0, 0]], population_size=50, selection_strength=0.1, replicates=1000, max_steps=500
    )
    assert found.censored > 100 and found.interval[0] < 0.150298 < found.interval[1]


def test_the_judges_n_person_stag_hunt_needs_a_cost_of_one():
    """Cooperators among 2, 3 and 4 of N=4, F=3, M=2: kFc/N - c (Pacheco et al. 2009)."""
    published = [k * 3 / 4 - 1 for k in (2, 3, 4)]
    assert games.NPlayerStagHunt(4, 3, 2, 1.0).payoffs()[1][2:5].tolist() == pytest.approx(published)
    half = games.NPlayerStagHunt(4, 3, 2, 0.5).payoffs()[1][2:5].tolist()
    assert half == pytest.approx([1.0, 1.75, 1.0])
    ours = NPersonStagHunt(group_size=4, threshold=2, multiplier=3.0, cost=0.5).payoff_table().values[0]
    assert ours[:3][::-1].tolist() == pytest.approx([0.5 * payoff for payoff in published])


def test_the_judges_gradient_is_two_nths_for_n_strategies():
    counts = np.array([10, 10, 10])
    judge, _game = judged(ROCK + np.diag([0.5, 0, 0.2]), 30)
    payoffs = ROCK + np.diag([0.5, 0, 0.2])
    fitness = (payoffs @ counts - np.diag(payoffs)) / 29
    pull = np.tanh((fitness[:, None] - fitness[None, :]) / 2) * counts[:, None] * counts[None, :] / (30 * 29)
    assert judge.calculate_gradient_of_selection(1.0, counts) == pytest.approx(pull.sum(axis=1) * 2 / 3, rel=1e-9)


def test_the_judges_python_chain_does_not_keep_probability_on_faces():
    """Rock-paper-scissors, Z=5, mu=0.05: 1 + mu/2 out of states in which one strategy is missing."""
    dynamics = analytical.StochDynamics(3, ROCK, 5, 2, 0.05)
    chain = dynamics.calculate_full_transition_matrix(1.0)
    whole = np.asarray(chain.sum(axis=0)).ravel()
    assert whole.max() == pytest.approx(1.025) and whole.min() == pytest.approx(1)
