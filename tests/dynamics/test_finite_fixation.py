"""Fixation probabilities against closed forms and published or independently computed figures."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evocoop.core.errors import InputError, NumericalError, UnknownNameError
from evocoop.dynamics import (
    fixation_probabilities,
    fixation_probability,
    fixation_time,
    simulate,
    small_mutation_limit,
    stationary_distribution,
)
from evocoop.dynamics.finite import setting
from evocoop.games import NPersonStagHunt
from evocoop.games.payoffs import PayoffTable

PRISONERS = [[1, -0.5], [1.5, 0]]
STAG = [[4, 0], [3, 3]]
HAWK = [[-0.5, 2], [0, 1]]
MATRICES = st.lists(st.floats(-3, 3, width=32), min_size=4, max_size=4).map(lambda x: np.reshape(x, (2, 2)))
ONE_BY_ONE = ("pairwise", "pairwise_linear", "moran", "death_birth")


@pytest.mark.parametrize(
    ("size", "r", "expected"),
    [
        (10, 1.1, 0.147950358984),
        (100, 1.1, 0.0909156882711),
        (100, 1.01, 0.0157086565598),
        (100, 0.9, 2.95134493492e-6),
        (10, 2, 0.500488758553),
    ],
)
def test_moran_with_constant_selection(size, r, expected):
    """rho = (1 - 1/r)/(1 - r^-Z), Moran 1958."""
    rho = fixation_probability([[r, r], [1, 1]], population_size=size, selection_strength=1, process="moran")
    assert rho == pytest.approx(expected, rel=1e-11)
    assert rho == pytest.approx((1 - 1 / r) / (1 - r**-size), rel=1e-12)


@pytest.mark.parametrize(
    ("game", "size", "beta", "first", "second"),
    [
        (PRISONERS, 100, 0.01, 0.007664145344, 0.01276303376),
        (PRISONERS, 100, 0.1, 0.000307905125, 0.05050318587),
        (PRISONERS, 100, 1, 2.856566439e-23, 0.4025899289),
        (PRISONERS, 50, 0.1, 0.004129151558, 0.05559381488),
        (STAG, 100, 0.01, 0.004147035686, 0.01138610539),
        (STAG, 100, 0.1, 3.370259408e-7, 0.008204225653),
        (STAG, 100, 1, 7.602204511e-51, 5.554976434e-7),
        (STAG, 100, 2, 1.019228e-99, 5.441977024e-12),
        (HAWK, 100, 0.1, 0.07093302732, 0.005011504426),
        (HAWK, 100, 1, 0.632508254, 1.960028683e-12),
    ],
)
def test_fermi_process(game, size, beta, first, second):
    """Traulsen, Nowak & Pacheco 2006; figures computed from its equation with 40 digits."""
    common = {"population_size": size, "selection_strength": beta}
    assert fixation_probability(game, **common, mutant=0, resident=1) == pytest.approx(first, rel=5e-7)
    assert fixation_probability(game, **common, mutant=1, resident=0) == pytest.approx(second, rel=2e-9)


@pytest.mark.parametrize(
    ("d", "size", "w", "expected"),
    [
        (0.45, 100, 1e-4, 1.00006283051),
        (0.45, 1000, 1e-4, 1.00151812531),
        (0.45, 100, 1e-2, 1.00150363601),
        (0.55, 100, 1e-4, 0.999736265257),
        (0.55, 1000, 1e-4, 0.99820007249),
        (0.55, 100, 1e-2, 0.969936861897),
    ],
)
def test_one_third_law(d, size, w, expected):
    """Nowak, Sasaki, Taylor & Fudenberg 2004: a mixed rest point below 1/3 means Z rho > 1."""
    rho = fixation_probability([[3, 0], [2, d]], population_size=size, selection_strength=w, process="moran")
    assert size * rho == pytest.approx(expected, rel=1e-11)


@pytest.mark.parametrize(("rounds", "expected"), [(2, 0.99817), (3, 1.00143), (4, 1.00469), (10, 1.02431)])
def test_one_third_law_of_repeated_cooperation(rounds, expected):
    """Tit for tat among defectors, donation game b=3, c=1 over n rounds: favoured iff n > 2.5."""
    game = [[2 * rounds, -1], [3, 0]]
    rho = fixation_probability(game, population_size=100, selection_strength=1e-4)
    assert 100 * rho == pytest.approx(expected, abs=6e-6)


def test_wright_fisher_with_constant_selection():
    """Haploid, N=50, s=0.02, by an exact linear solve; about twice the Moran value 0.0311992."""
    game = {"payoffs": [[1.02, 1.02], [1, 1]], "population_size": 50, "selection_strength": 1}
    assert fixation_probability(**game, process="wright_fisher") == pytest.approx(0.0450933321897, rel=1e-11)
    assert fixation_probability(**game, process="moran") == pytest.approx(0.0311992, abs=5e-8)


@pytest.mark.parametrize("process", [*ONE_BY_ONE, "wright_fisher", "imitate_if_better"])
def test_neutral_mutants_fixate_with_one_over_z(process):
    for size in (2, 3, 17):
        rho = fixation_probability(np.ones((2, 2)), population_size=size, selection_strength=0.7, process=process)
        assert rho == pytest.approx(1 / size, rel=1e-12)


def test_far_below_the_smallest_float():
    """Closed form: constant disadvantage d, ln rho = ln((e^bd - 1)/(e^(Z b d) - 1))."""
    log = fixation_probability([[0, 0], [1, 1]], population_size=2000, selection_strength=10, log=True)
    assert log == pytest.approx(np.log(np.expm1(10)) - 20000, rel=1e-13)
    assert fixation_probability([[0, 0], [1, 1]], population_size=2000, selection_strength=10) == 0.0


def test_a_list_of_strengths_gives_each_of_its_members():
    betas = [0, 0.01, 0.3, 5]
    for process in ("pairwise", "moran"):
        args = {"population_size": 30, "process": process, "mutant": 1, "resident": 0, "fitness": "exponential"}
        many = fixation_probability(STAG, selection_strength=betas, **args)
        assert many.tolist() == [fixation_probability(STAG, selection_strength=beta, **args) for beta in betas]


def test_groups_of_five_hunters():
    """Z times the fixation probability of one hunter, Z=50, N=5, M=3, beta=0.1; crosses 1 between F=8 and 10."""
    for multiplier, expected in ((4, 0.3489), (6, 0.6642), (8, 0.9772), (10, 1.2449), (12, 1.4718)):
        rho = fixation_probability(hunt(5, 3, multiplier), population_size=50, selection_strength=0.1)
        assert 50 * rho == pytest.approx(expected, abs=5.1e-5)
    exact = {(100, 0.1): 0.00131435955, (100, 1): 1.863716606e-12, (20, 0.1): 0.03077758227, (20, 1): 0.0001921590177}
    exact |= {(10, 0.1): 0.07405824026, (10, 1): 0.002547297006}
    for (size, beta), expected in exact.items():
        rho = fixation_probability(hunt(5, 3, 4), population_size=size, selection_strength=beta)
        assert rho == pytest.approx(expected, rel=1e-9)
    for beta, expected in ((0.1, 0.01310966196), (1, 0.01816155201)):
        args = {"population_size": 100, "selection_strength": beta, "mutant": "D", "resident": "C"}
        assert fixation_probability(hunt(5, 3, 4), **args) == pytest.approx(expected, rel=1e-9)


def hunt(size, threshold, multiplier, cost=1.0):
    """The N-person stag hunt of Pacheco et al. 2009, as a table of two strategies."""
    hunters = size - 1 - np.arange(size)
    share = lambda k: np.where(k >= threshold, k * multiplier * cost / size, 0.0)  # noqa: E731
    return PayoffTable(("C", "D"), [share(hunters + 1) - cost, share(hunters)], group_size=size)


@given(MATRICES, st.integers(2, 40), st.floats(0, 3), st.sampled_from(ONE_BY_ONE))
@settings(max_examples=60, deadline=None)
def test_the_two_fixations_balance(game, size, strength, process):
    """ln rho_B - ln rho_A = sum of ln T-/T+, and neither depends on the order in which strategies are listed."""
    args = {"population_size": size, "selection_strength": min(strength, 0.2), "process": process, "log": True}
    first = fixation_probability(game, **args)
    second = fixation_probability(game, **args, mutant=1, resident=0)
    swapped = fixation_probability(game[::-1, ::-1], **args, mutant=1, resident=0)
    assert first == pytest.approx(swapped, abs=1e-9)
    assert first <= 1e-12 and second <= 1e-12
    if process == "pairwise":
        k = np.arange(1, size)
        gains = (game[0, 0] * (k - 1) + game[0, 1] * (size - k) - game[1, 0] * k - game[1, 1] * (size - k - 1)) / (
            size - 1
        )
        assert second - first == pytest.approx(-args["selection_strength"] * gains.sum(), abs=1e-8)


@given(MATRICES, st.floats(-5, 5), st.floats(0.1, 4), st.integers(2, 60))
@settings(max_examples=40, deadline=None)
def test_only_payoff_differences_count(game, shift, scale, size):
    """Under pairwise comparison a constant added to all payoffs changes nothing and beta scales with payoffs."""
    base = fixation_probability(game, population_size=size, selection_strength=scale, log=True)
    moved = fixation_probability(scale * game + shift, population_size=size, selection_strength=1, log=True)
    assert base == pytest.approx(moved, abs=1e-7)


def test_imitate_if_better_is_infinite_selection():
    strong = fixation_probability(
        [[1, 1], [0, 0]], population_size=9, selection_strength=0, process="imitate_if_better"
    )
    assert strong == 1.0
    assert fixation_probability(STAG, population_size=9, selection_strength=0, process="imitate_if_better") == 0.0
    with pytest.raises(NumericalError, match="trapped"):
        fixation_probability(HAWK, population_size=20, selection_strength=0, process="imitate_if_better")


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"payoffs": [[1, 2]]}, InputError, "square"),
        ({"payoffs": [[1, np.nan], [0, 0]]}, InputError, "finite"),
        ({"population_size": 1}, InputError, "population_size"),
        ({"payoffs": hunt(5, 3, 4), "population_size": 4}, InputError, "group size 5"),
        ({"selection_strength": -1}, InputError, "at least 0"),
        ({"selection_strength": np.inf}, InputError, "finite"),
        ({"selection_strength": "strong"}, InputError, "number"),
        ({"selection_strength": 2, "process": "moran"}, InputError, r"\[0, 1\]"),
        ({"process": "moran", "payoffs": [[-9, 0], [0, 0]]}, InputError, "non-negative fitness"),
        ({"process": "pairwize"}, UnknownNameError, "did you mean 'pairwise'"),
        ({"fitness": "exp"}, UnknownNameError, "exponential"),
        ({"process": "introspection"}, InputError, "nothing fixates"),
        ({"mutant": "X", "resident": 0}, UnknownNameError, "X"),
        ({"mutant": 0, "resident": 0}, InputError, "differ"),
        ({"payoffs": np.eye(3)}, InputError, "mutant and resident"),
        ({"start": 0}, InputError, "start"),
    ],
)
def test_refusals(change, error, words):
    question = {"payoffs": STAG, "population_size": 10, "selection_strength": 1}
    with pytest.raises(error, match=words):
        fixation_probability(**(question | change))


def test_all_pairs_at_once_are_the_pairs_one_by_one():
    payoffs = np.random.default_rng(3).random((4, 4))
    terms = {"population_size": 9, "selection_strength": 0.7, "process": "moran"}
    table = fixation_probabilities(payoffs, log=True, **terms)
    for resident, mutant in itertools.permutations(range(4), 2):
        one = fixation_probability(payoffs, mutant=mutant, resident=resident, log=True, **terms)
        assert table[resident, mutant] == pytest.approx(one, abs=1e-13)
    assert np.exp(np.diag(table)) == pytest.approx(1 / 9)


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda: fixation_probability(STAG, population_size=10**8, selection_strength=1), "in .2, 1e.07"),
        (lambda: fixation_probability(STAG, population_size=20_000, selection_strength=1, process="wright_fisher",
                                      fitness="exponential"), "29.8 GiB.*use estimate_fixation"),
        (lambda: stationary_distribution(STAG, population_size=20_000, selection_strength=1, mutation=0.1,
                                         process="wright_fisher", fitness="exponential"), "use estimate_stationary"),
        (lambda: fixation_time(STAG, population_size=20_000, selection_strength=1, process="imitate_if_better"),
         "29.8 GiB.*use estimate_fixation"),
        (lambda: fixation_probability(NPersonStagHunt(group_size=50, threshold=20, multiplier=3.0, cost=1.0),
                                      population_size=10**7, selection_strength=1), "groups of 50.*3.7 GiB"),
        (lambda: small_mutation_limit(np.eye(100), population_size=5, selection_strength=np.ones(6000)),
         "100 strategies at 6,000 strengths"),
        (lambda: fixation_probability(STAG, population_size=9, selection_strength=1e308), "below 1e.300"),
        (lambda: simulate(STAG, population_size=9, selection_strength=1, samples=10**8, steps=10**8),
         "1.5 GiB.*fewer samples"),
    ],
)  # fmt: skip
def test_what_would_not_fit_is_refused_with_its_size_and_an_alternative(ask, words):
    with pytest.raises(InputError, match=words):
        ask()


def test_large_populations_and_many_pairs_are_taken_in_blocks(monkeypatch):
    """Neutral times in closed form at Z = 20,000; blocks of any size give the same numbers."""
    times = fixation_time(np.ones((2, 2)), population_size=20_000, selection_strength=1, process="moran")
    assert times.conditional == pytest.approx(20_000 * 19_999, rel=1e-9)
    game, betas = np.random.default_rng(4).uniform(size=(6, 6)), np.linspace(0, 2, 7)
    ask = {"population_size": 30, "selection_strength": betas}
    whole = small_mutation_limit(game, **ask), fixation_probability(game, **ask, mutant=0, resident=1)
    monkeypatch.setattr(setting, "AT_ONCE", 100)
    parts = small_mutation_limit(game, **ask), fixation_probability(game, **ask, mutant=0, resident=1)
    assert np.array_equal(whole[0].fixation, parts[0].fixation) and np.array_equal(whole[1], parts[1])
    assert whole[0].coexisting == parts[0].coexisting
