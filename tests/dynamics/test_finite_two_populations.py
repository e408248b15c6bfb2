"""Two finite populations: closed forms, independence, and one limit against the other."""

import numpy as np
import pytest

from evocoop.core.errors import InputError
from evocoop.dynamics import (
    fixation_probability,
    small_mutation_limit_two_populations,
    stationary_distribution,
    stationary_distribution_two_populations,
)

ONE_BY_ONE = ("pairwise", "pairwise_linear", "moran", "death_birth", "introspection")


def test_fixation_against_a_population_that_stands_still():
    """rho = (1 - e^-bd)/(1 - e^-Zbd), Traulsen, Nowak & Pacheco 2006, with a constant advantage d."""
    battle = np.array([[3.0, 0.0], [0.0, 2.0]]), np.array([[2.0, 0.0], [0.0, 3.0]])
    found = small_mutation_limit_two_populations(*battle, population_size=20, selection_strength=0.3)

    def rho(gain):
        return np.expm1(-0.3 * gain) / np.expm1(-20 * 0.3 * gain)

    steps = found.transition_matrix.reshape(2, 2, 2, 2)
    assert steps[0, 0, 1, 0] == pytest.approx(rho(-3) / 2) and steps[0, 0, 0, 1] == pytest.approx(rho(-2) / 2)
    assert steps[1, 0, 0, 0] == pytest.approx(rho(3) / 2) and steps[0, 0, 1, 1] == 0
    assert found.transition_matrix.sum(axis=1) == pytest.approx(1) and found.residual < 1e-12
    assert found.prevalence[0, 0] == pytest.approx(found.prevalence[1, 1]) and found.prevalence[0, 0] > 0.49


def test_prevalence_under_strong_selection_is_kept_on_logarithms():
    found = small_mutation_limit_two_populations(
        [[1, 1], [0, 0]], [[1, 0], [1, 0]], population_size=100, selection_strength=50
    )
    assert found.prevalence[0, 0] == 1 and found.log_prevalence[1, 1] == pytest.approx(2 * -50 * 99, rel=1e-9)


@pytest.mark.parametrize("process", ONE_BY_ONE)
def test_populations_that_do_not_care_for_each_other_are_independent(process):
    """What one earns depends on its own strategy only, so that each is a population under constant selection."""
    mine, yours = np.array([1.0, 0.6]), np.array([0.9, 0.7])
    ask = {"population_size": 8, "selection_strength": 0.7, "mutation": 0.1, "process": process}
    found = stationary_distribution_two_populations(
        np.tile(mine[:, None], 2), np.tile(yours, (2, 1)), **ask
    ).probabilities.reshape(9, 9)
    rows = stationary_distribution(np.tile(mine[:, None], 2), **ask).probabilities
    columns = stationary_distribution(np.tile(yours[:, None], 2), **ask).probabilities
    assert found == pytest.approx(np.outer(rows, columns), abs=1e-12)


@pytest.mark.parametrize(("n", "m"), [(2, 2), (3, 2), (1, 3)])
def test_rare_mutations_lead_to_the_limit(n, m):
    rng = np.random.default_rng(n)
    games = rng.uniform(size=(n, m)), rng.uniform(size=(n, m))
    ask = {"population_size": 5, "selection_strength": 1.0}
    limit = small_mutation_limit_two_populations(*games, **ask)
    gaps = []
    for mutation in (1e-3, 1e-5):
        found = stationary_distribution_two_populations(*games, mutation=mutation, **ask)
        gaps.append(max(np.abs(found.rows - limit.rows).max(), np.abs(found.columns - limit.columns).max()))
        assert found.residual < 1e-12 and found.row_states.shape[1] == n and found.column_states.shape[1] == m
    assert gaps[1] < 1e-3 and gaps[1] < gaps[0] / 50


def test_fixation_in_wright_fisher_agrees_with_one_population():
    games = [[1.2, 1.2], [1.0, 1.0]], [[1.0, 1.0], [1.0, 1.0]]
    found = small_mutation_limit_two_populations(
        *games, population_size=12, selection_strength=1, process="wright_fisher"
    )
    rho = fixation_probability(games[0], population_size=12, selection_strength=1, process="wright_fisher")
    assert found.transition_matrix[2, 0] == pytest.approx(rho / 2) and found.rows[0] > 0.5 == found.columns[0]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"payoffs": [[1, 2, 3]]}, "one shape"),
        ({"payoffs": [1, 2]}, "matrix of finite numbers"),
        ({"other": [["a", 1], [1, 1]]}, "matrix of numbers"),
        ({"population_size": 1}, "population_size"),
        ({"population_size": 300}, "90,601 states"),
        ({"mutation": 0}, "small_mutation_limit_two_populations"),
        ({"process": "wright_fisher"}, "one individual at a time"),
        ({"selection_strength": -1}, "selection_strength"),
    ],
)
def test_refusals(change, words):
    question = {"payoffs": np.eye(2), "other": np.eye(2), "population_size": 9, "selection_strength": 1}
    with pytest.raises(InputError, match=words):
        stationary_distribution_two_populations(**(question | {"mutation": 0.1} | change))
