"""Chains of configurations against the chain over all states, the product formula and the plain limit."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from evocoop.core.errors import InputError, NumericalError
from evocoop.dynamics import fixation_time, hierarchical_chain, small_mutation_limit, stationary_distribution
from evocoop.dynamics.finite import faces
from evocoop.dynamics.finite.chain import Chain, chain_of
from evocoop.dynamics.finite.edges import coexistences
from evocoop.dynamics.finite.setting import setting
from evocoop.dynamics.finite.stationary import solve
from evocoop.games import MatrixGame, NPersonSnowdrift, NPersonStagHunt
from evocoop.games.payoffs import PayoffTable

HAWK_DOVE = np.array([[-1.0, 2], [0, 1]])
RETALIATOR = np.array([[-1.0, 2, -1], [0, 1, 1], [-1, 1, 1]])
LONER = np.array([[0.7, 0.4, 0.25], [1, 0, 0.25], [0.25, 0.25, 0.25]])
TWO_PLACES = np.array([[0, 1, 0.5], [1, 0, 0.6], [0.55, 0.55, 0]])
THIRD = np.array([[-0.5, 2, 1], [0, 1, 0.2], [0.4, 0.9, 0.3]])
ROCK = np.array([[0, -1, 1], [1, 0, -1], [-1, 1, 0]])


def gaps(payoffs, mutation, **ask):
    """Return the largest error of a mean share: of the chain of configurations, and of the plain limit."""
    whole = stationary_distribution(payoffs, mutation=mutation, **ask).shares
    found = hierarchical_chain(payoffs, mutation=mutation, **ask)
    return np.abs(found.shares - whole).max(), np.abs(found.plain - whole).max(), found.crowded


@pytest.mark.parametrize("game", [HAWK_DOVE, [[4, 0], [3, 3]], [[1, 1], [1, 1]], [[3, 0], [5, 1]]])
@pytest.mark.parametrize("process", ["pairwise", "pairwise_linear", "moran", "death_birth"])
@pytest.mark.parametrize(("size", "mutation"), [(2, 0.3), (3, 1e-9), (30, 0.9), (30, 1e-2), (50, 1e-6)])
def test_two_strategies_are_the_product_formula(game, process, size, mutation):
    """Nothing is neglected: mean shares for any mutation."""
    ask = {"population_size": size, "selection_strength": 0.4, "mutation": mutation, "process": process}
    payoffs = np.array(game) + (2 if process in ("moran", "death_birth") else 0)
    found = hierarchical_chain(payoffs, **ask)
    assert found.exact and found.crowded == 0.0
    assert found.shares == pytest.approx(stationary_distribution(payoffs, **ask).shares, abs=1e-12)
    assert found.prevalence.sum() == pytest.approx(1) and found.shares.sum() == pytest.approx(1)


@pytest.mark.parametrize("game", [RETALIATOR, LONER, TWO_PLACES, THIRD, ROCK, [[3, 0, 2], [5, 1, 1], [2.5, 1, 2]]])
@pytest.mark.parametrize(("size", "beta", "mutation"), [(25, 1.0, 3e-2), (25, 0.3, 1e-4), (40, 2.0, 1e-3), (2, 1, 0.5)])
@pytest.mark.parametrize("process", ["pairwise", "moran", "death_birth"])
def test_three_strategies_are_the_chain_over_all_states(game, size, beta, mutation, process):
    """Nothing is neglected up to three strategies."""
    payoffs = np.array(game) + (2 if process != "pairwise" else 0)
    ask = {"population_size": size, "selection_strength": beta, "mutation": mutation, "process": process}
    if process != "pairwise":
        ask["selection_strength"] = beta / 4
    found = hierarchical_chain(payoffs, **ask)
    assert found.exact and found.crowded == 0.0 and found.residual < 1e-10
    assert found.shares == pytest.approx(stationary_distribution(payoffs, **ask).shares, abs=1e-9)


FOUR = np.array([[0, 1, 0.5, 0.3], [1, 0, 0.6, 0.2], [0.55, 0.55, 0, 0.4], [0.6, 0.2, 0.3, 0.35]])


def test_four_strategies_are_the_chain_without_a_fourth_mutant_among_three():
    """The definition: all states of at most three strategies, and every mutation among these."""
    world = setting(FOUR, 10)
    chain = chain_of(world, 1.0, 1e-3)
    reached = (chain.states > 0).sum(axis=1) < 4
    inner, present = chain.generator[reached][:, reached].toarray(), chain.states[reached] > 0
    new = (present[None] & ~present[:, None]).any(axis=2)
    inner[(present.sum(axis=1) == 3)[:, None] & new] = 0
    np.fill_diagonal(inner, 0)
    np.fill_diagonal(inner, -inner.sum(axis=1))
    weights = solve(Chain(chain.states[reached], csr_matrix(inner)))[0]
    found = hierarchical_chain(FOUR, population_size=10, selection_strength=1.0, mutation=1e-3)
    assert len(found.configurations) > 4 and not found.exact
    assert found.shares == pytest.approx(weights @ chain.states[reached] / 10, abs=1e-9)
    three = present.sum(axis=1) == 3
    assert found.crowded == pytest.approx(weights[three].sum(), abs=1e-9)


CONTEST = np.pad(RETALIATOR, (0, 1), constant_values=0.4)  # hawks, doves, retaliators, and loners who earn 0.4
TABLE = [  # game, Z, beta, mu, error of a mean share at most, that of the plain limit at least
    (FOUR, 20, 1.0, 1e-2, 1.1e-2, 0.39),
    (FOUR, 20, 1.0, 1e-4, 4e-6, 1e-2),
    (FOUR, 30, 2.0, 1e-3, 8e-3, 0.14),
    (FOUR, 30, 2.0, 1e-5, 3e-6, 9e-3),
    (CONTEST, 20, 1.0, 1e-4, 9e-6, 1e-2),
    (CONTEST, 30, 2.0, 1e-2, 1.4e-2, 0.49),
    (CONTEST, 30, 2.0, 1e-4, 3e-4, 0.36),
    (CONTEST, 30, 2.0, 1e-6, 1e-6, 0.17),
]


@pytest.mark.parametrize(("game", "size", "beta", "mutation", "ours", "plain"), TABLE)
def test_four_strategies_against_the_chain_over_all_states(game, size, beta, mutation, ours, plain):
    error, other, crowded = gaps(game, mutation, population_size=size, selection_strength=beta)
    assert error < ours and other > plain and error < crowded / 2


@pytest.mark.parametrize("process", ["pairwise", "moran", "death_birth"])
def test_the_error_falls_with_the_square_of_mutation(process):
    ask = {"population_size": 10, "selection_strength": 0.3, "process": process}
    first, second = (gaps(FOUR + (process != "pairwise"), mutation, **ask)[0] for mutation in (1e-4, 1e-5))
    assert first < 2e-6 and first / second == pytest.approx(100, rel=0.1)


@pytest.mark.parametrize(("game", "size", "beta", "mutation", "plain"), [
    (RETALIATOR, 50, 2.0, 1e-2, 0.87), (RETALIATOR, 50, 2.0, 1e-4, 0.88), (RETALIATOR, 50, 2.0, 1e-6, 0.88),
    (LONER, 50, 2.0, 1e-3, 0.4), (LONER, 50, 2.0, 1e-6, 0.02),
    (TWO_PLACES, 50, 2.0, 1e-5, 0.26), (THIRD, 50, 2.0, 1e-3, 0.43), (THIRD, 50, 2.0, 1e-6, 0.43),
])  # fmt: skip
def test_where_the_plain_limit_is_wrong(game, size, beta, mutation, plain):
    """Mean shares are those of the whole chain, up to its own error, and the plain limit's are far from them."""
    error, other, _ = gaps(game, mutation, population_size=size, selection_strength=beta)
    assert error < 1e-8 and other > plain


def test_without_coexistence_it_is_the_plain_limit_and_the_way_to_it():
    """Rock-paper-scissors: no configuration but the three; a better hand at one edge breaks the symmetry."""
    ask = {"population_size": 30, "selection_strength": 1.0}
    found = hierarchical_chain(ROCK, mutation=1e-4, **ask)
    assert found.configurations == ("0", "1", "2") and found.coexisting == ()
    assert found.shares == pytest.approx([1 / 3] * 3, abs=1e-12)
    uneven = ROCK * [[1, 1, 1.5], [1, 1, 1], [1, 1, 1]]
    rare = hierarchical_chain(uneven, mutation=1e-9, **ask)
    assert rare.shares == pytest.approx(small_mutation_limit(uneven, **ask).prevalence, abs=1e-6)
    error, _, _ = gaps(uneven, 1e-5, **ask)
    assert error < 1e-9


def test_order_0_is_the_plain_limit():
    ask = {"population_size": 40, "selection_strength": 0.7}
    found = hierarchical_chain(THIRD, mutation=1e-3, order=0, **ask)
    limit = small_mutation_limit(THIRD, **ask)
    assert found.shares.tolist() == found.prevalence.tolist() == limit.prevalence.tolist()
    off = ~np.eye(3, dtype=bool)
    assert found.rates[off] == pytest.approx(5e-4 * np.exp(limit.fixation[off])) and not found.rates[~off].any()
    assert found.transition_matrix.sum(axis=1) == pytest.approx(1) and found.crowded == 0 and not found.exact


def test_lifetime_of_a_coexistence_is_the_mean_time_to_fixation():
    ask = {"population_size": 40, "selection_strength": 1.5}
    found = hierarchical_chain(HAWK_DOVE, mutation=1e-300, **ask)
    count = int(found.compositions[2, 0])
    assert found.configurations[2] == f"{count} 0 + {40 - count} 1" and count == 21
    exact = fixation_time(HAWK_DOVE, start=count, **ask)
    assert 1 / found.rates[2].sum() == pytest.approx(exact.unconditional, rel=1e-10)
    assert found.transition_matrix[2, 0] == pytest.approx(exact.probability, rel=1e-10)


def test_what_comes_of_a_third_mutant_is_solved_exactly():
    """By levels, and by elimination on logarithms, as by a dense linear system; nobody is lost."""
    size, strength = 9, 1.5
    world = setting(THIRD, size)
    face = faces.face_of(world, (0, 1, 2), strength, 1e-2)
    assert face.back.sum(axis=1) == pytest.approx(1, abs=1e-13) and face.back.min() >= 0
    chain = chain_of(world, strength, 1e-2)
    inside = chain.states.min(axis=1) > 0
    matrix = chain.generator.toarray()
    lasts = np.zeros(len(matrix))
    lasts[inside] = np.linalg.solve(-matrix[np.ix_(inside, inside)], np.ones(inside.sum()))
    at = lambda *state: chain.states.tolist().index(list(state))  # noqa: E731
    expected = 4 / 9 * lasts[at(3, 5, 1)] + 5 / 9 * lasts[at(4, 4, 1)]
    assert face.inside[4].sum() == pytest.approx(expected, rel=1e-12)


def test_elimination_on_logarithms_agrees(monkeypatch):
    ask = {"population_size": 16, "selection_strength": 1.5, "mutation": 1e-5}
    plain = hierarchical_chain(THIRD, **ask)
    monkeypatch.setattr(faces, "TRUSTED_ERROR", 0.0)
    careful = hierarchical_chain(THIRD, **ask)
    assert careful.shares == pytest.approx(plain.shares, abs=1e-12)
    assert careful.log_prevalence == pytest.approx(plain.log_prevalence, abs=1e-9)
    assert careful.shares == pytest.approx(stationary_distribution(THIRD, **ask).shares, abs=1e-9)
    monkeypatch.setattr(faces, "MOST_ON_LOGARITHMS", 50)
    with pytest.raises(NumericalError, match="0, 1 and 2 stay together"):
        hierarchical_chain(THIRD, **ask)


def test_rates_of_1e_minus_250_neither_vanish_nor_overflow():
    found = hierarchical_chain(10 * THIRD, population_size=60, selection_strength=30, mutation=1e-8)
    assert found.log_prevalence.min() < -300 and np.isfinite(found.log_prevalence).all()
    assert found.shares.sum() == pytest.approx(1) and found.residual < 1e-9
    assert found.plain[2] == pytest.approx(1) and found.shares[2] < 0.6


def test_groups_with_a_stable_coexistence_behind_an_unstable_one():
    """N-person stag hunt: hunters need company to start, then coexist with others; exact for two strategies."""
    hunt = NPersonStagHunt(group_size=5, threshold=3, multiplier=4.0, cost=1.0)
    ask = {"population_size": 50, "selection_strength": 1.0, "mutation": 1e-3}
    found = hierarchical_chain(hunt, **ask)
    assert found.configurations == ("C", "D", "38 C + 12 D") and found.coexisting == (("C", "D"),)
    assert found.shares == pytest.approx(stationary_distribution(hunt, **ask).shares, abs=1e-12)
    work = NPersonSnowdrift(group_size=5, threshold=1, benefit=1.0, cost=0.5)
    found = hierarchical_chain(work, population_size=50, selection_strength=5.0, mutation=1e-3)
    assert not found.plain_limit_holds and found.prevalence[2] > 0.9


def test_groups_of_three_strategies():
    table = PayoffTable(("a", "b", "c"), np.random.default_rng(0).normal(size=(3, 6)), group_size=3)
    error, _, crowded = gaps(table, 1e-5, population_size=20, selection_strength=1.0)
    assert error < 1e-8 and crowded == 0


def test_a_lasting_coexistence_of_three():
    """Three strategies stay together for long: exact among three, refused among four."""
    game = 1 - np.eye(3)
    ask = {"population_size": 30, "selection_strength": 3.0, "mutation": 1e-3}
    uneven = game * [[1, 1, 1], [1.2, 1, 1], [1, 1, 1]]
    assert hierarchical_chain(uneven, **ask).shares == pytest.approx(
        stationary_distribution(uneven, **ask).shares, abs=1e-9
    )
    with pytest.raises(NumericalError, match="three are present for 9.% of the time"):
        hierarchical_chain(1 - np.eye(4), **ask)
    with pytest.raises(NumericalError, match="0, 1 and 2 stay together"):
        hierarchical_chain(game, population_size=90, selection_strength=30.0, mutation=1e-3)


def test_a_coexistence_that_never_ends_has_no_plain_limit():
    """Who imitates only the better never leaves a stable mixture but by mutation."""
    ask = {"population_size": 30, "selection_strength": 0.0, "process": "imitate_if_better", "mutation": 1e-3}
    with pytest.raises(NumericalError):
        hierarchical_chain(THIRD, order=0, **ask)
    found = hierarchical_chain(THIRD, **ask)
    assert np.isnan(found.plain).all()
    assert found.shares == pytest.approx(stationary_distribution(THIRD, **ask).shares, abs=1e-9)


@given(st.integers(0, 2**32 - 1), st.integers(2, 4), st.integers(3, 12))
@settings(max_examples=25, deadline=None)
def test_names_and_shifts_do_not_matter(seed, n, size):
    rng = np.random.default_rng(seed)
    game, order = rng.normal(size=(n, n)), rng.permutation(n)
    ask = {"population_size": size, "selection_strength": 1.0, "mutation": 1e-5}
    found = hierarchical_chain(game, **ask)
    turned = hierarchical_chain(game[np.ix_(order, order)] + 7.0, **ask)
    assert turned.shares == pytest.approx(found.shares[order], abs=1e-9)
    assert found.prevalence.sum() == pytest.approx(1) and found.residual < 1e-9
    assert found.prevalence @ found.mean_compositions == pytest.approx(found.shares, abs=1e-12)
    assert found.compositions.sum(axis=1).tolist() == [size] * len(found.configurations)


def test_where_drift_turns_round():
    assert coexistences(np.array([-1, 1, -1, -0.5, 2.0])) == [1, 4]
    assert coexistences(np.array([-1, 0, 0, 0, 1.0])) == [3]
    assert coexistences(np.array([-np.inf, np.inf])) == [1]
    assert coexistences(np.array([1, -1, -1.0])) == coexistences(np.full(5, 1e-17)) == []


@pytest.mark.parametrize(
    ("change", "error", "match"),
    [
        ({"mutation": 0}, InputError, "mutation must lie between 0 and 1"),
        ({"mutation": 1}, InputError, "mutation must lie between 0 and 1"),
        ({"mutation": float("nan")}, InputError, "mutation"),
        ({"payoffs": FOUR, "mutation": 0.05}, NumericalError, "mutation 0.05 is not small"),
        ({"order": 2}, InputError, r"order must be a whole number in \[0, 1\]"),
        ({"order": True}, InputError, "order"),
        ({"selection_strength": [0.1, 1]}, InputError, "one number"),
        ({"process": "wright_fisher", "selection_strength": 0.1}, InputError, "one individual at a time"),
        ({"process": "introspection"}, InputError, "nothing fixates"),
        ({"process": "pairwize"}, InputError, "did you mean 'pairwise'"),
        ({"population_size": 400}, InputError, "compositions of three strategies"),
        ({"population_size": 1}, InputError, "population_size"),
        ({"payoffs": [[1.0]]}, InputError, "at least two strategies"),
    ],
)
def test_what_cannot_be_answered_is_refused(change, error, match):
    given = {"payoffs": THIRD, "population_size": 30, "selection_strength": 1.0, "mutation": 1e-4, **change}
    with pytest.raises(error, match=match):
        hierarchical_chain(given.pop("payoffs"), **given)


def test_rounds_that_do_not_end_are_refused(monkeypatch):
    monkeypatch.setattr("evocoop.dynamics.finite.configurations.MOST_ROUNDS", 3)
    with pytest.raises(NumericalError, match="mutants come before any configuration"):
        hierarchical_chain(THIRD, population_size=30, selection_strength=1.0, mutation=0.5)


def test_the_plain_limit_points_to_it():
    with pytest.raises(NumericalError, match="use hierarchical_chain"):
        small_mutation_limit(HAWK_DOVE, population_size=50, selection_strength=0.1, mutation=1e-3)


def test_a_run_tells_configurations_shares_and_fixation():
    from evocoop.runs.answers import answer

    game = MatrixGame(payoffs=LONER, strategies=("Worker", "Shirker", "Loner"))
    ask = {"population_size": 30, "selection_strength": 2.0, "mutation": 1e-4}
    found = answer("hierarchical_chain", hierarchical_chain, game, ask)
    assert set(found) == {"prevalence", "stationary", "fixation"}
    states = found["stationary"].columns
    assert len(states["count"]) == 12 and states["count"][-3:].tolist() == [16, 14, 0]
    assert sum(states["probability"][::3]) == pytest.approx(1)
    assert found["fixation"].columns["coexist"] == [True, False, True, False, False, False]
    assert all(one.standard_error is None for one in found.values())
    four = answer("hierarchical_chain", hierarchical_chain, MatrixGame(payoffs=FOUR), {**ask, "mutation": 1e-5})
    assert np.isnan(four["prevalence"].standard_error).all() and four["fixation"].standard_error is None


def test_an_error_that_cannot_be_told_is_not_said_to_be_none():
    from evocoop.cli.summary import _said

    assert _said({"share": 0.5, "standard_error": None, "exact": False}) == ("50.0 %", "± ?")
