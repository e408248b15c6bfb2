"""Invasion diagrams, roots of the gradient, stochastic stability and derivatives."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evocoop.core.errors import InputError, NumericalError
from evocoop.dynamics import (
    fixation_probability,
    fixation_sensitivity,
    invasion_diagram,
    selection_roots,
    sensitivity,
    small_mutation_limit,
    stationary_distribution,
    stationary_sensitivity,
    stochastic_stability,
)
from evocoop.games.payoffs import PayoffTable

REPEATED = np.array([[30, 1, 30], [50, 10, 14], [29.2, 8.3, 29.2]]) / 10


def test_invasion_diagram_of_repeated_cooperation():
    """Imhof, Fudenberg & Nowak 2005: the cycle ALLD -> TFT -> ALLC -> ALLD."""
    game = PayoffTable(("ALLC", "ALLD", "TFT"), REPEATED)
    found = invasion_diagram(game, population_size=100, selection_strength=0.1)
    favoured = {(edge.resident, edge.mutant): edge.advantage for edge in found.arrows}
    assert set(favoured) == {("ALLC", "ALLD"), ("ALLD", "TFT"), ("TFT", "ALLC")}
    assert favoured["ALLC", "ALLD"] == pytest.approx(17.9353247, rel=1e-8)
    assert len(found.edges) == 6 and found.arrows[0].mutant == "ALLD"
    assert {edge.kind for edge in invasion_diagram(np.ones((2, 2)), population_size=9, selection_strength=1).edges} == {
        "neutral"
    }


def test_roots_of_the_hunt_approach_those_of_the_infinite_population():
    """N=5, M=3, F=4: 0.412116 and 0.815506 (Pacheco et al. 2009); at Z=N there are none."""
    hunters = 4 - np.arange(5)
    share = lambda k: np.where(k >= 3, k * 4 / 5, 0.0)  # noqa: E731
    game = PayoffTable(("C", "D"), [share(hunters + 1) - 1, share(hunters)], group_size=5)
    gaps = []
    for size in (100, 1000, 10000):
        roots = selection_roots(game, population_size=size, selection_strength=1)
        assert [root.stability for root in roots] == ["stable", "unstable", "stable", "unstable"]
        gaps.append(max(abs(roots[1].fraction - 0.412116223447), abs(roots[2].fraction - 0.81550624422)))
    assert gaps[0] < 0.06 and gaps[1] < gaps[0] / 7 and gaps[2] < gaps[1] / 7
    none = selection_roots(game, population_size=5, selection_strength=1)
    assert [(root.fraction, root.stability) for root in none] == [(0.0, "stable"), (1.0, "unstable")]


def test_roots_with_mutation_leave_the_ends():
    roots = selection_roots([[0, 0], [0, 0]], population_size=10, selection_strength=1, mutation=0.1)
    assert [(root.count, root.stability) for root in roots] == [(5.0, "stable")]
    still = selection_roots([[0, 0], [0, 0]], population_size=3, selection_strength=1)
    assert [root.stability for root in still] == ["neutral"] * 4


def test_strong_selection_leaves_the_risk_dominant():
    """Kandori, Mailath & Rob 1993: (4,0;3,3) keeps the hare; 123-coordination keeps the third."""
    assert stochastic_stability([[4, 0], [3, 3]], population_size=50).stable == ("1",)
    assert stochastic_stability(np.diag([1, 2, 3]), population_size=30).stable == ("2",)
    assert stochastic_stability(np.ones((3, 3)), population_size=8).stable == ("0", "1", "2")
    with pytest.raises(InputError, match="pairwise"):
        stochastic_stability(np.eye(2), population_size=8, process="moran")


@given(st.integers(2, 5), st.integers(0, 2**32 - 1))
@settings(max_examples=30, deadline=None)
def test_potentials_are_the_limit_of_prevalence(n, seed):
    game = np.random.default_rng(seed).normal(size=(n, n))
    found = stochastic_stability(game, population_size=12)
    limit = small_mutation_limit(game, population_size=12, selection_strength=1e5)
    assert -limit.log_prevalence / 1e5 == pytest.approx(found.potentials, abs=1e-3)
    assert -limit.fixation / 1e5 == pytest.approx(found.costs, abs=1e-3)


def slope(function, step):
    return (function(step) - function(-step)) / (2 * step)


SMOOTH = (
    ("pairwise", "linear"),
    ("pairwise_linear", "linear"),
    ("moran", "linear"),
    ("moran", "exponential"),
    ("death_birth", "linear"),
    ("death_birth", "exponential"),
)
CHAINS = (*SMOOTH, ("wright_fisher", "linear"), ("introspection", "linear"))


@pytest.mark.parametrize(("process", "fitness"), CHAINS)
@pytest.mark.parametrize("mutation", [None, 0.03, 0.7])
@given(st.integers(2, 4), st.integers(0, 2**32 - 1))
@settings(max_examples=3, deadline=None)
def test_derivatives_of_shares_equal_differences(process, fitness, mutation, n, seed):
    """Centred differences with step 1e-5; the entry moved is not the largest nor smallest (the linear rule's scale)."""
    if mutation is None and (process, fitness) not in SMOOTH:
        return
    game, beta = np.random.default_rng(seed).uniform(0.2, 2, size=(n, n)), 0.6
    ask = {"population_size": 6, "process": process, "fitness": fitness}

    def shares(payoffs=game, beta=beta, mutation=mutation):
        if mutation is None:
            return small_mutation_limit(payoffs, selection_strength=beta, **ask).prevalence
        return stationary_distribution(payoffs, selection_strength=beta, mutation=mutation, **ask).shares

    found = sensitivity(game, selection_strength=beta, mutation=mutation, **ask)
    assert found.shares == pytest.approx(shares(), abs=1e-10)
    assert found.selection_strength == pytest.approx(slope(lambda h: shares(beta=beta + h), 1e-5), abs=1e-7)
    i, j = middle(game)
    assert found.payoffs[:, i, j] == pytest.approx(slope(lambda h: shares(moved(game, i, j, h)), 1e-5), abs=1e-7)
    if mutation is None:
        assert found.mutation is None
    else:
        assert found.mutation == pytest.approx(slope(lambda h: shares(mutation=mutation + h), 1e-5), abs=1e-7)


def middle(game):
    return np.unravel_index(np.argsort(game, axis=None)[game.size // 2], game.shape)


def moved(game, i, j, step):
    other = game.copy()
    other[i, j] += step
    return other


@pytest.mark.parametrize(("process", "fitness"), CHAINS)
def test_derivatives_of_every_state_equal_differences_and_sum_to_those_of_shares(process, fitness):
    game = np.random.default_rng(11).uniform(0.2, 2, size=(3, 3))
    ask = {"population_size": 5, "process": process, "fitness": fitness}

    def chances(payoffs=game, beta=0.6, mutation=0.1):
        return stationary_distribution(payoffs, selection_strength=beta, mutation=mutation, **ask).probabilities

    found = stationary_sensitivity(game, selection_strength=0.6, mutation=0.1, **ask)
    assert found.probabilities == pytest.approx(chances(), abs=1e-12) and found.payoffs.shape == (21, 3, 3)
    assert found.selection_strength == pytest.approx(slope(lambda h: chances(beta=0.6 + h), 1e-5), abs=1e-8)
    assert found.mutation == pytest.approx(slope(lambda h: chances(mutation=0.1 + h), 1e-5), abs=1e-8)
    i, j = middle(game)
    assert found.payoffs[:, i, j] == pytest.approx(slope(lambda h: chances(moved(game, i, j, h)), 1e-5), abs=1e-8)
    shares = sensitivity(game, selection_strength=0.6, mutation=0.1, **ask)
    assert np.tensordot(found.states.T / 5, found.payoffs, 1) == pytest.approx(shares.payoffs, abs=1e-12)


@pytest.mark.parametrize(("process", "fitness"), SMOOTH)
@given(st.integers(2, 4), st.integers(0, 2**32 - 1))
@settings(max_examples=4, deadline=None)
def test_derivatives_of_fixation_equal_differences(process, fitness, n, seed):
    game, beta = np.random.default_rng(seed).uniform(0.2, 2, size=(n, n)), 0.6
    ask = {"population_size": 7, "process": process, "fitness": fitness, "mutant": 1, "resident": 0}

    def log_rho(payoffs=game, beta=beta):
        return fixation_probability(payoffs, selection_strength=beta, log=True, **ask)

    rho = fixation_sensitivity(game, selection_strength=beta, **ask)
    assert rho.log_probability == pytest.approx(log_rho(), rel=1e-12)
    assert rho.selection_strength == pytest.approx(slope(lambda h: log_rho(beta=beta + h), 1e-5), abs=1e-7)
    spread = {game.argmax(), game.argmin()}
    for row, strategy in enumerate((1, 0)):
        for column, other in enumerate((1, 0)):
            if process == "pairwise_linear" and strategy * n + other in spread:
                continue
            numeric = slope(lambda h, at=(strategy, other): log_rho(moved(game, *at, h)), 1e-5)
            assert rho.payoffs[row, column] == pytest.approx(numeric, abs=1e-7)


@pytest.mark.parametrize("mutation", [None, 0.05])
def test_derivatives_in_groups(mutation):
    rng = np.random.default_rng(3)
    values = rng.normal(size=(3, 6))
    ask = {"population_size": 8, "selection_strength": 0.6}

    def shares(step, i, c):
        moved = values.copy()
        moved[i, c] += step
        table = PayoffTable(("a", "b", "c"), moved, group_size=3)
        if mutation is None:
            return small_mutation_limit(table, **ask).prevalence
        return stationary_distribution(table, **ask, mutation=mutation).shares

    found = sensitivity(PayoffTable(("a", "b", "c"), values, group_size=3), **ask, mutation=mutation)
    for i in range(3):
        for c in range(6):
            assert found.payoffs[:, i, c] == pytest.approx(slope(lambda h: shares(h, i, c), 1e-5), abs=1e-7)  # noqa: B023


def test_refusals():
    with pytest.raises(NumericalError, match="reducible"):
        sensitivity(np.diag([9, 9, 1]), population_size=80, selection_strength=9)
    with pytest.raises(InputError, match="above 0"):
        sensitivity(np.eye(2), population_size=8, selection_strength=1, mutation=0)
    with pytest.raises(InputError, match="has no derivatives"):
        sensitivity(np.eye(2), population_size=8, selection_strength=1, mutation=0.1, process="imitate_if_better")
    with pytest.raises(InputError, match="one individual at a time"):
        fixation_sensitivity(np.eye(2), population_size=8, selection_strength=1, process="wright_fisher")
    with pytest.raises(InputError, match="fixates"):
        sensitivity(np.eye(2), population_size=8, selection_strength=1, process="introspection")
    with pytest.raises(NumericalError, match="no slope"):
        fixation_sensitivity(np.eye(2), population_size=8, selection_strength=1, process="moran")
    with pytest.raises(InputError, match="fitness above 0"):
        sensitivity(np.eye(2), population_size=8, selection_strength=1, mutation=0.1, process="moran")
    with pytest.raises(InputError, match="use sensitivity"):
        stationary_sensitivity(np.eye(3), population_size=110, selection_strength=1, mutation=0.1)
