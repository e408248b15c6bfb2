"""The diffusion limit against the chain it is the limit of, closed forms, and its own quadrature.

Statistical tests have fixed seeds; each compares at most six figures at 4.5 standard errors, a false-alarm rate below
5e-5 for a test.
"""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from evocoop.core.errors import InputError
from evocoop.dynamics import (
    diffusion,
    diffusion_coefficients,
    diffusion_fixation,
    diffusion_stationary,
    fixation_probability,
    fixation_time,
    small_mutation_limit,
    stationary_distribution,
)
from evocoop.dynamics.finite.chain import chain_of
from evocoop.dynamics.finite.setting import setting
from evocoop.games import NPersonStagHunt
from evocoop.games.payoffs import PayoffTable

STAG_HUNT = [[4, 0], [3, 3]]
DILEMMA = [[1, -0.5], [1.5, 0]]
CYCLE = [[0, -1, 1], [1, 0, -1], [-1, 1, 0]]
SIGMAS = 4.5
PROCESSES = ["pairwise", "pairwise_linear", "imitate_if_better", "moran", "death_birth", "introspection"]


@given(
    st.lists(st.floats(0, 2, width=32), min_size=9, max_size=9),
    st.sampled_from(PROCESSES),
    st.floats(0, 1),
    st.sampled_from([0.0, 0.1]),
)
@example([0, 0, 0, 0, 0, 1, 0, 1, 0], "imitate_if_better", 0.0, 0.0)  # ties that rounding would break
@settings(max_examples=30, deadline=None)
def test_drift_and_covariance_are_those_of_a_step_of_the_population(entries, process, strength, mutation):
    """Z E[dx] and Z E[dx dx'] of one step, from the whole transition matrix; three strategies."""
    game, size = np.reshape(entries, (3, 3)) + 0.1, 6
    _same_moments(game, size, process, strength, mutation)


@pytest.mark.parametrize("process", PROCESSES)
def test_moments_in_groups(process):
    rng = np.random.default_rng(4)
    three = PayoffTable(("a", "b", "c"), rng.uniform(0.1, 2, (3, 10)), group_size=4)
    _same_moments(three, 5, process, 0.7, 0.05)
    _same_moments(NPersonStagHunt(group_size=4, threshold=2, multiplier=3.0, cost=1.0), 7, process, 0.3, 0.0)


def _same_moments(game, size, process, strength, mutation):
    chain = chain_of(setting(game, size, process), strength, mutation)
    shares, matrix = chain.states / size, chain.matrix.toarray()
    ask = {"population_size": size, "selection_strength": strength, "mutation": mutation, "process": process}
    drift, covariance = diffusion_coefficients(game, shares, **ask)
    moves = shares[None] - shares[:, None]
    assert drift == pytest.approx(size * (matrix @ shares - shares), abs=1e-13)
    assert covariance == pytest.approx(size * np.einsum("st,sti,stj->sij", matrix, moves, moves), abs=1e-13)


def test_wright_fisher_has_the_multinomial_covariance():
    ask = {"population_size": 40, "selection_strength": 0.5, "mutation": 0.1, "process": "wright_fisher"}
    drift, covariance = diffusion_coefficients(CYCLE, [[0.5, 0.3, 0.2]], **ask, fitness="exponential")
    offspring = np.array([0.5, 0.3, 0.2]) + drift[0]
    assert offspring.sum() == pytest.approx(1)
    expected = (np.diag(offspring) - np.outer(offspring, offspring)) / 40
    assert covariance[0] == pytest.approx(expected, abs=1e-15)


def test_published_coefficients_in_large_populations():
    """x(1-x) tanh(beta (f_A - f_B)/2) and x(1-x)/Z: Traulsen, Claussen & Hauert 2006, Phys Rev E 74:011901."""
    drift, covariance = diffusion_coefficients(
        DILEMMA, [[0.3, 0.7]], population_size=10_000_000, selection_strength=2.0
    )
    assert drift[0, 0] == pytest.approx(0.21 * np.tanh(-0.5), rel=1e-6)
    assert covariance[0, 0, 0] == pytest.approx(0.21 / 1e7, rel=1e-6)


@pytest.mark.parametrize("process", ["pairwise", "moran", "death_birth", "wright_fisher"])
@pytest.mark.parametrize("game", [STAG_HUNT, DILEMMA, [[0.5, 2], [1, 0.5]]])
def test_fixation_comes_close_to_the_chain_like_one_over_z(game, process):
    """Z beta = 2 fixed; twice the population at least (nearly) halves the relative difference of each figure."""
    differences = []
    for size in (40, 80):
        ask = {"population_size": size, "selection_strength": 2 / size, "process": process, "fitness": "exponential"}
        ask["start"] = size // 4
        ours, exact = diffusion_fixation(game, **ask), fixation_time(game, **ask)
        steps = 1 if process == "wright_fisher" else size
        pairs = [(ours.probability, exact.probability)] + [
            (steps * getattr(ours, kind), getattr(exact, kind))
            for kind in ("unconditional", "conditional", "extinction")
        ]
        differences.append([abs(a / b - 1) for a, b in pairs])
    for wide, narrow in zip(*differences, strict=True):
        assert narrow < 0.7 * wide or narrow < 2e-3


def test_the_limit_is_not_the_chain_under_strong_selection():
    """At a fixed strength the exponents differ: ln(T-/T+) = beta Delta, in the limit 2 tanh(beta Delta/2)."""
    game = [[0, 0], [1, 1]]
    for size in (50, 200):
        limit = diffusion_fixation(game, population_size=size, selection_strength=2.0).log_probability
        exact = float(fixation_probability(game, population_size=size, selection_strength=2.0, log=True))
        assert limit / size == pytest.approx(-2 * np.tanh(1.0), rel=0.05)
        assert exact / size == pytest.approx(-2.0, rel=0.05)


def test_neutral_closed_forms():
    """Kimura & Ohta 1969 with Z generations per unit: Moran has noise 2x(1-x)/Z, pairwise x(1-x)/(Z-1)."""
    for process, scale in (("moran", 60), ("pairwise", 2 * 59), ("wright_fisher", 120)):
        ask = {"population_size": 60, "selection_strength": 0, "process": process, "start": 20}
        found = diffusion_fixation([[1, 1], [1, 1]], **ask)
        x = 1 / 3
        assert found.probability == pytest.approx(x, rel=1e-12)
        assert found.unconditional == pytest.approx(-scale * (x * np.log(x) + (1 - x) * np.log(1 - x)), rel=1e-10)
        assert found.conditional == pytest.approx(-scale * (1 - x) / x * np.log(1 - x), rel=1e-10)
        assert found.extinction == pytest.approx(-scale * x / (1 - x) * np.log(x), rel=1e-10)


def test_probabilities_below_the_floats_and_mutants_by_name():
    far = diffusion_fixation(STAG_HUNT, population_size=5000, selection_strength=0.5)
    assert far.probability == 0.0
    assert -1e4 < far.log_probability < -800
    back = diffusion_fixation(STAG_HUNT, population_size=100, selection_strength=0.02, mutant=1, resident=0, start=60)
    there = diffusion_fixation(STAG_HUNT, population_size=100, selection_strength=0.02, start=40)
    assert back.probability == pytest.approx(1 - there.probability, rel=1e-10)
    assert back.conditional == pytest.approx(there.extinction, rel=1e-9)


@pytest.mark.parametrize("process", ["pairwise", "moran", "wright_fisher"])
@pytest.mark.parametrize("pressure", [0.2, 2.0])
def test_stationary_mean_comes_close_to_the_chain_like_one_over_z(process, pressure):
    """Z beta = 4 and Z mu fixed, below and above 1/2."""
    differences = []
    for size in (40, 80):
        ask = {"population_size": size, "selection_strength": 4 / size, "mutation": pressure / size}
        ask |= {"process": process, "fitness": "exponential"}
        ours, exact = diffusion_stationary(DILEMMA, **ask), stationary_distribution(DILEMMA, **ask).probabilities
        share = np.arange(size + 1) / size
        mean = exact @ share
        differences.append([abs(ours.shares[0] - mean), abs(ours.variance - exact @ (share - mean) ** 2)])
        assert ours.density.shape == (size + 1,)
        assert ours.shares.sum() == pytest.approx(1)
    for wide, narrow in zip(*differences, strict=True):
        assert narrow < 0.6 * wide or narrow < 1e-5


def test_rare_mutations_leave_the_population_at_its_edges():
    """Zmu far below 1: the edges hold everything, in the ratio of the limit of rare mutations, up to 1/Z."""
    for mutation in (1e-9, 1e-300):
        ask = {"population_size": 200, "selection_strength": 0.01, "mutation": mutation}
        found = diffusion_stationary(DILEMMA, **ask)
        rare = small_mutation_limit(DILEMMA, population_size=200, selection_strength=0.01).prevalence
        assert sum(found.edges) == pytest.approx(1, abs=1e-5)
        assert found.edges[1] / found.edges[0] == pytest.approx(rare[0] / rare[1], rel=0.02)


def test_density_of_coexistence_is_that_of_the_chain():
    ask = {"population_size": 200, "selection_strength": 0.05, "mutation": 0.02}
    ours, exact = diffusion_stationary([[0, 2], [1, 0]], **ask), stationary_distribution([[0, 2], [1, 0]], **ask)
    middle = slice(80, 180)
    assert ours.density[middle] / 200 == pytest.approx(exact.probabilities[middle], rel=0.02)
    whole = ours.density[1:-1].sum() / 200 + sum(ours.edges)
    assert whole == pytest.approx(1, abs=0.01)


def test_introspection_has_a_long_run_without_mutation():
    ask = {"population_size": 100, "selection_strength": 0.5, "mutation": 0.0, "process": "introspection"}
    exact = stationary_distribution(DILEMMA, **ask)
    ours = diffusion_stationary(DILEMMA, **ask)
    assert ours.shares[0] == pytest.approx(exact.probabilities @ np.arange(101) / 100, abs=1e-4)


def test_paths_fixate_as_often_as_quadrature_says():
    """From one half of 50: stag hunt and dilemma; also the mean time, at steps of a twentieth."""
    for game, seed in ((STAG_HUNT, 1), (DILEMMA, 2)):
        ask = {"population_size": 50, "selection_strength": 0.04}
        exact = diffusion_fixation(game, **ask, start=25)
        runs = diffusion(game, **ask, start=[0.5, 0.5], time=1500, step=0.05, samples=2, replicates=4000, seed=seed)
        assert not np.isnan(runs.absorbed_at).any()
        assert runs.fixed[0].sum() == 1
        spread = np.sqrt(exact.probability * (1 - exact.probability) / 4000)
        assert abs(runs.fixed[0, 0] - exact.probability) < SIGMAS * spread
        times = runs.absorbed_at[0]
        assert abs(times.mean() - exact.unconditional) < SIGMAS * times.std() / np.sqrt(4000)


def test_without_selection_the_mean_stays_at_any_step():
    """Three strategies; one of them rare; the chance to fixate is the share at the start, even at steps of a half."""
    start = np.array([0.02, 0.38, 0.6])
    runs = diffusion(
        np.ones((3, 3)), population_size=30, selection_strength=0, start=start, time=1500, step=0.5, replicates=6000,
        samples=3, seed=5,
    )  # fmt: skip
    spread = np.sqrt(start * (1 - start) / 6000)
    assert (np.abs(runs.fixed[0] - start) < SIGMAS * spread).all()
    left = 1 - (runs.paths[0, :, 1] ** 2).sum(axis=1)
    assert left.mean() < 1e-3, "heterozygosity decays with 1/Z: exp(-750/30)"


def test_heterozygosity_decays_with_two_over_z_in_the_moran_process():
    runs = diffusion(
        np.ones((4, 4)), population_size=40, selection_strength=0, process="moran", time=20, replicates=4000, samples=2,
        step=0.05, seed=6,
    )  # fmt: skip
    left = 1 - (runs.final[0] ** 2).sum(axis=1)
    assert abs(left.mean() - 0.75 * np.exp(-1)) < SIGMAS * left.std() / np.sqrt(4000) + 1e-3


def test_long_run_of_paths_is_the_stationary_density():
    for pressure, seed in ((0.4, 7), (3.0, 8)):
        ask = {"population_size": 50, "selection_strength": 0.06, "mutation": pressure / 50}
        exact = diffusion_stationary(STAG_HUNT, **ask)
        runs = diffusion(STAG_HUNT, **ask, time=3000, burn_in=500, step=0.1, replicates=100, samples=101, seed=seed)
        assert abs(runs.shares[0] - exact.shares[0]) < SIGMAS * runs.standard_errors[0]
        squares = ((runs.paths[0, :, 20:, 0] - exact.shares[0]) ** 2).mean(axis=1)
        assert abs(squares.mean() - exact.variance) < SIGMAS * squares.std() / 10


def test_three_strategies_with_mutation_against_the_chain():
    ask = {"population_size": 30, "selection_strength": 0.1, "mutation": 0.05}
    game = [[1, 2, 0], [0.5, 1, 2], [2, 0, 1.5]]
    exact = stationary_distribution(game, **ask)
    runs = diffusion(game, **ask, time=2000, burn_in=200, step=0.1, replicates=100, samples=2, seed=9)
    assert (np.abs(runs.shares - exact.shares) < SIGMAS * runs.standard_errors + 2e-3).all()


def test_huge_populations_follow_the_deterministic_path():
    """Constant advantage 1 under pairwise comparison: dx/dt = tanh(beta/2) x (1-x), logistic."""
    runs = diffusion(
        [[1, 1], [0, 0]], population_size=10_000_000, selection_strength=1.0, start=[0.1, 0.9], time=10, step=0.005
    )
    logistic = 1 / (1 + 9 * np.exp(-np.tanh(0.5) * runs.times))
    assert runs.paths[0, 0, :, 0] == pytest.approx(logistic, abs=3e-3), "standard deviation 3e-4, Euler 6e-4"


def test_same_numbers_for_any_number_of_workers_and_each_path_alone():
    ask = {"population_size": 60, "selection_strength": 0.5, "time": 20, "step": 0.1, "seed": 11}
    starts = [[0.5, 0.3, 0.2], [0.1, 0.1, 0.8]]
    one = diffusion(CYCLE, **ask, starts=starts, replicates=5)
    four = diffusion(CYCLE, **ask, starts=starts, replicates=5, workers=4)
    assert (one.paths == four.paths).all()
    assert (one.paths[0, :3] == diffusion(CYCLE, **ask, start=starts[0], replicates=3).paths[0]).all()
    assert one.paths.shape == (2, 5, 101, 3)
    assert one.paths.min() >= 0
    assert one.paths.sum(axis=-1) == pytest.approx(np.ones((2, 5, 101)), abs=1e-15)
    assert one.step <= 0.1


def test_lost_strategies_stay_lost_without_mutation():
    runs = diffusion(CYCLE, population_size=20, selection_strength=1, time=200, step=0.1, replicates=50, seed=12)
    present = runs.paths[0] > 0
    assert (present[:, 1:] <= present[:, :-1]).all()
    assert present[:, 0].all()
    assert (present[:, -1].sum(axis=1) == 1).any()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"step": 0.6}, "at most 0.5 generations"),
        ({"step": 0.0}, "step"),
        ({"time": -1.0}, "time"),
        ({"start": [0.5, 0.6]}, "sum to 1"),
        ({"start": [0.5, 0.2, 0.3]}, "2 shares"),
        ({"start": [0.5, 0.5], "starts": [[0.5, 0.5]]}, "either start"),
        ({"burn_in": 200.0}, "burn_in"),
        ({"samples": 1}, "samples"),
        ({"population_size": 1}, "population_size"),
        ({"replicates": 1_000_000, "samples": 100}, "fewer samples"),
        ({"time": 1e12, "step": 1e-6}, "longer step"),
        ({"process": "moran", "selection_strength": 0.9}, "non-negative fitness"),
    ],
)
def test_refusals(wrong, said):
    game = DILEMMA if wrong.get("process") != "moran" else [[1, -3], [1, 1]]
    with pytest.raises(InputError, match=said):
        diffusion(game, **({"population_size": 20, "selection_strength": 0.1} | wrong))


def test_refusals_of_quadrature():
    ask = {"population_size": 20, "selection_strength": 0.1}
    with pytest.raises(InputError, match="jumps"):
        diffusion_fixation(DILEMMA, **ask, process="imitate_if_better")
    with pytest.raises(InputError, match="absorbing"):
        diffusion_fixation(DILEMMA, **ask, process="introspection")
    with pytest.raises(InputError, match="two strategies, not 3"):
        diffusion_stationary(CYCLE, **ask, mutation=0.1)
    with pytest.raises(InputError, match="above 0"):
        diffusion_stationary(DILEMMA, **ask, mutation=0.0)
    with pytest.raises(InputError, match="panels"):
        diffusion_fixation([[9, 9], [0, 0]], population_size=10_000_000, selection_strength=1.0)
