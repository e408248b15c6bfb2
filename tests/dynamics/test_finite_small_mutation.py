"""The limit of rare mutations against published models and independently computed figures."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evocoop.core.errors import InputError, NumericalError
from evocoop.dynamics import small_mutation_limit, stationary_distribution
from evocoop.dynamics.logs import eliminate, stationary_logs
from evocoop.games import CollectiveRiskDilemma
from evocoop.games.payoffs import Game

REPEATED = np.array([[30, 1, 30], [50, 10, 14], [29.2, 8.3, 29.2]])
NOISY = np.array(
    [
        [2.989900, 0.040100, 2.960402, 1.515000],
        [4.940100, 1.029900, 1.069002, 2.985000],
        [3.009402, 1.020002, 2.250000, 2.250000],
        [3.965000, 0.535000, 2.250000, 2.951092],
    ]
)


def commitment(cost, compensation, t=2.0, r=1.0, p=0.0, s=-1.0):
    """Payoffs of COMP, C, D, FAKE, FREE in the one-shot dilemma of Han, Pereira, Santos & Lenaerts 2013."""
    return [
        [r - cost / 2, r - cost, 0, s + compensation - cost, r - cost],
        [r, r, s, s, s],
        [0, t, p, p, p],
        [t - compensation, t, p, p, p],
        [r, t, p, p, p],
    ]


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (20, (0.0762591715, 0.352748529, 0.5709923)),
        (50, (0.0453862981, 0.418877859, 0.535735843)),
        (100, (0.0275643428, 0.577608786, 0.394826871)),
    ],
)
def test_allc_alld_tft_under_the_moran_process(size, expected):
    """Imhof, Fudenberg & Nowak 2005, w=1, total payoffs of ten rounds."""
    found = small_mutation_limit(REPEATED, population_size=size, selection_strength=1, process="moran")
    assert found.prevalence == pytest.approx(expected, rel=2e-9)


@pytest.mark.parametrize(
    ("size", "beta", "expected"),
    [
        (50, 0.1, (0.0695951307, 0.375435399, 0.55496947)),
        (100, 0.1, (0.0454530685, 0.37056935, 0.583977581)),
        (100, 0.01, (0.200124807, 0.398360697, 0.401514496)),
    ],
)
def test_allc_alld_tft_under_pairwise_comparison(size, beta, expected):
    found = small_mutation_limit(REPEATED / 10, population_size=size, selection_strength=beta)
    assert found.prevalence == pytest.approx(expected, rel=2e-9)
    if (size, beta) == (100, 0.1):
        rho = np.exp(found.fixation)
        assert rho[0, 1:] == pytest.approx([0.179353247, 0.00655391045], rel=2e-9)
        assert rho[1, ::2] == pytest.approx([7.40594291e-8, 0.0220482211], rel=2e-9)
        assert rho[2, :2] == pytest.approx([0.0144697735, 3.12802592e-5], rel=2e-9)
        assert found.transition_matrix[2, 1] == pytest.approx(3.12802592e-5 / 2, rel=2e-9)


def test_without_a_cost_of_complexity():
    game = np.array([[30, 0, 30], [50, 10, 14], [30, 9, 30]]) / 10
    found = small_mutation_limit(game, population_size=100, selection_strength=0.1)
    assert found.prevalence == pytest.approx([0.0371178864, 0.258173228, 0.704708886], rel=2e-8)


def test_memory_one_strategies_with_errors():
    """ALLC, ALLD, TFT, WSLS with error 0.01."""
    for beta, expected in (
        (0.1, (0.033024619, 0.467465216, 0.165544246, 0.333965919)),
        (1, (0.028122837, 0.633317541, 0.083697474, 0.254862148)),
    ):
        found = small_mutation_limit(NOISY, population_size=100, selection_strength=beta)
        assert found.prevalence == pytest.approx(expected, rel=3e-5)


@pytest.mark.parametrize(
    ("beta", "cost", "compensation", "expected"),
    [
        (0.1, 0.05, 4, (0.81391081, 0.031937991, 0.088241924, 0.016162993, 0.049746283)),
        (0.1, 0.25, 4, (0.68234873, 0.046282207, 0.13936393, 0.026454911, 0.10555022)),
        (0.1, 0.25, 1, (0.26374064, 0.017897257, 0.16909628, 0.43663989, 0.11262593)),
        (0.1, 0.05, 4, (0.8139, 0.0319, 0.0882, 0.0162, 0.0497)),
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
def test_commitment_in_the_prisoners_dilemma(beta, cost, compensation, expected):
    found = small_mutation_limit(commitment(cost, compensation), population_size=100, selection_strength=beta)
    digits = 5.1e-5 if max(len(f"{x}") for x in expected) < 8 else 6e-9
    assert found.prevalence == pytest.approx(expected, abs=digits)


SIGNALLING_150 = [
    ((1, -0.5, 0.5, 0), 0.1, (0.475020813, 0.903362968, 0.951425458)),
    ((1, -0.5, 0.5, 0), 1, (0.268941421, 0.999999988, 0.999999995)),
    ((1, -0.2, 1.2, 0), 0.1, (0.043107255, 0.438064221, 0.638911535)),
    ((1, -0.2, 1.2, 0), 1, (0.0, 0.191337028, 0.370651847)),
    ((1, 0.5, 1.5, 0), 0.1, (0.475020813, 0.686431383, 0.786830221)),
    ((1, 0.5, 1.5, 0), 1, (0.268941421, 0.431185527, 0.558720082)),
]
SIGNALLING_50 = [
    ((1, -1, 0.5, 0), 0.01, (0.466, 0.514, 0.529)),
    ((1, -1, 0.5, 0), 0.1, (0.206, 0.601, 0.717)),
    ((1, -1, 0.5, 0), 1, (0.000, 0.974, 0.989)),
    ((4, 0, 3, 3), 0.01, (0.375, 0.470, 0.500)),
    ((4, 0, 3, 3), 0.1, (0.006, 0.495, 0.648)),
    ((4, 0, 3, 3), 1, (0.000, 0.994, 0.997)),
    ((1, -0.2, 1.2, 0), 0.01, (0.473, 0.516, 0.531)),
    ((1, -0.2, 1.2, 0), 0.1, (0.250, 0.547, 0.667)),
    ((1, -0.2, 1.2, 0), 1, (0.000, 0.272, 0.474)),
    ((1, -1, 2, 0), 0.01, (0.375, 0.466, 0.497)),
    ((1, -1, 2, 0), 0.1, (0.006, 0.220, 0.378)),
    ((1, -1, 2, 0), 1, (0.000, 0.104, 0.220)),
]


@pytest.mark.parametrize(
    ("size", "game", "beta", "expected", "digits"),
    [(150, *row, 1.1e-9) for row in SIGNALLING_150] + [(50, *row, 6e-4) for row in SIGNALLING_50],
)
def test_pre_play_signals_raise_cooperation(size, game, beta, expected, digits):
    """Model of Santos, Pacheco & Skyrms 2011; share of cooperative acts with 1 (or none), 2 and 3 signals."""
    for signals, share in zip((1, 2, 3), expected, strict=True):
        payoffs, cooperates = signalling(game, signals)
        found = small_mutation_limit(payoffs, population_size=size, selection_strength=beta)
        assert found.prevalence @ cooperates == pytest.approx(share, abs=digits)


def signalling(game, signals):
    """Payoffs of all (own signal, act towards each signal); and who cooperates with its own kind."""
    r, s, t, p = game
    base = np.array([[r, s], [t, p]])
    players = [
        (own, tuple(plan >> k & 1 for k in range(signals))) for own in range(signals) for plan in range(2**signals)
    ]
    table = [[base[x[1][y[0]], y[1][x[0]]] for y in players] for x in players]
    return np.array(table), np.array([1 - plan[own] for own, plan in players])


class Quorum(Game):
    """Signalling for a quorum: Pacheco, Vasconcelos, Santos & Skyrms 2015, with the quorum at the threshold."""

    group_size = 9

    def __init__(self, signal_cost):
        self.signal_cost = signal_cost

    @property
    def strategies(self):
        return tuple(f"{i >> 3 & 1}{i >> 2 & 1}|{i >> 1 & 1}{i & 1}" for i in range(16))

    def group_payoffs(self, counts):
        return 0.5 * self.state(counts, 3, True) + 0.5 * self.state(counts, 2, False)

    def state(self, counts, bit, available, threshold=5, multiplier=10.0, cost=0.5):
        kind = np.arange(16)
        signals = kind >> bit & 1
        quorum = (counts @ signals >= threshold)[:, None]
        act = np.where(quorum, kind & 1, kind >> 1 & 1)
        hunters = (counts * act).sum(axis=1, keepdims=True)
        good = np.where(available & (hunters >= threshold), hunters * multiplier * cost / 9, 0.0)
        return good - cost * act - self.signal_cost * signals


@pytest.mark.parametrize(
    ("signal_cost", "expected", "digits"),
    [(0.01, 0.996, 5.1e-4), (0.05, 1.0, 5.1e-4), (0.1, 1.0, 5.1e-4), (0.2, 1.0, 5.1e-4), (0.22, 0.9956, 5.1e-5),
     (0.24, 0.6786, 5.1e-5), (0.25, 0.170, 5.1e-4), (0.26, 0.0196, 5.1e-5), (0.3, 0.0, 5.1e-4)],
)  # fmt: skip
def test_the_signalling_system_fades_at_half_the_cost_of_hunting(signal_cost, expected, digits):
    found = small_mutation_limit(Quorum(signal_cost), population_size=100, selection_strength=5)
    share = dict(zip(found.strategies, found.prevalence, strict=True))
    assert share["10|01"] == pytest.approx(expected, abs=digits)
    assert share["00|00"] == pytest.approx(share["00|01"], abs=1e-4)


def test_elimination_survives_rates_of_ten_to_the_minus_99_and_far_below():
    """A stag hunt under strong selection: an estimate that rounds 1e-99 to 0 would say (1, 0)."""
    found = small_mutation_limit([[4, 0], [3, 3]], population_size=100, selection_strength=2)
    assert found.prevalence.tolist() == pytest.approx([0, 1], abs=1e-80)
    assert found.prevalence[0] == pytest.approx(1.019228031e-99 / 5.441977024e-12, rel=1e-8)
    deep = small_mutation_limit(100 * REPEATED, population_size=100, selection_strength=10)
    assert np.isfinite(deep.log_prevalence).all() and deep.log_prevalence.min() < -9000
    assert deep.residual < 1e-10
    assert deep.prevalence.sum() == pytest.approx(1)


@given(st.integers(2, 7), st.integers(0, 2**32 - 1))
@settings(max_examples=40, deadline=None)
def test_elimination_equals_a_linear_solve_on_tame_chains(n, seed):
    rates = np.random.default_rng(seed).uniform(0.05, 1, (n, n))
    generator = rates - np.diag(rates.sum(axis=1))
    system = np.vstack([generator.T, np.ones(n)])
    solved = np.linalg.lstsq(system, np.append(np.zeros(n), 1.0), rcond=None)[0]
    assert np.exp(stationary_logs(np.log(rates))) == pytest.approx(solved, rel=1e-9)


@given(st.integers(2, 6), st.integers(0, 2**32 - 1), st.sampled_from(["pairwise", "moran", "death_birth"]))
@settings(max_examples=30, deadline=None)
def test_names_do_not_matter(n, seed, process):
    rng = np.random.default_rng(seed)
    game, order = rng.uniform(0, 2, (n, n)), rng.permutation(n)
    args = {"population_size": 20, "selection_strength": 0.5, "process": process}
    straight = small_mutation_limit(game, **args).prevalence
    shuffled = small_mutation_limit(game[np.ix_(order, order)], **args).prevalence
    assert shuffled == pytest.approx(straight[order], rel=1e-9)


def test_many_strengths_at_once():
    found = small_mutation_limit(REPEATED, population_size=30, selection_strength=[0, 0.01, 0.1])
    assert found.prevalence.shape == (3, 3) and found.transition_matrix.shape == (3, 3, 3)
    assert found.prevalence[0] == pytest.approx([1 / 3] * 3)
    one = small_mutation_limit(REPEATED, population_size=30, selection_strength=0.1)
    assert found.prevalence[2] == pytest.approx(one.prevalence, rel=1e-12)
    assert one.transition_matrix.sum(axis=1) == pytest.approx(1)


def test_the_bound_on_mutation_is_reported_and_held():
    """Wu, Gokhale, Wang & Traulsen 2012: 1/(Z ln Z), or Z^-1/2 exp(-Z) where two strategies coexist."""
    hunt, hawk = [[4, 0], [3, 3]], [[-0.5, 2], [0, 1]]
    ask = {"population_size": 50, "selection_strength": 0.1}
    plain, mixed = small_mutation_limit(hunt, **ask), small_mutation_limit(hawk, **ask)
    assert plain.mutation_bound == pytest.approx(1 / (50 * np.log(50))) and plain.coexisting == ()
    assert mixed.mutation_bound == pytest.approx(np.exp(-50) / np.sqrt(50)) and mixed.coexisting == (("0", "1"),)
    small_mutation_limit(hunt, **ask, mutation=1e-3)
    with pytest.raises(NumericalError, match="0 and 1 coexist"):
        small_mutation_limit(hawk, **ask, mutation=1e-3)
    with pytest.raises(NumericalError, match="not small"):
        small_mutation_limit(hunt, **ask, mutation=0.1)
    with pytest.raises(InputError, match="above 0"):
        small_mutation_limit(hunt, **ask, mutation=0)


def test_coexistence_behind_a_barrier_counts():
    """Collective risk: a few contribute in vain, then enough of them live on beside others. The limit waits for their
    end; with mutation 1e-3 one in four does not contribute.
    """
    game = CollectiveRiskDilemma(group_size=6, threshold=3, risk=0.9, contribution=0.1)
    ask = {"population_size": 50, "selection_strength": 5.0}
    limit = small_mutation_limit(game, **ask)
    assert limit.coexisting == (("C", "D"),) and limit.prevalence[0] > 0.999
    assert stationary_distribution(game, mutation=1e-3, **ask).shares[0] == pytest.approx(0.7288, abs=1e-4)
    with pytest.raises(NumericalError, match="C and D coexist"):
        small_mutation_limit(game, mutation=1e-3, **ask)
    twins = np.ones((4, 4)) / 3 + 1e-15 * np.random.default_rng(1).normal(size=(4, 4))
    assert small_mutation_limit(twins, **ask).coexisting == ()


def test_a_chain_that_falls_apart_is_refused():
    with pytest.raises(NumericalError, match="reducible"):
        small_mutation_limit([[2, 0], [0, 1]], population_size=9, selection_strength=0, process="imitate_if_better")


@pytest.mark.parametrize("winner", [0, 1, 2])
def test_a_strategy_that_never_returns_is_never_seen(winner):
    """Zero rates: whatever the order of the strategies, all time goes to the one that is never replaced."""
    game = np.tile(np.where(np.arange(3) == winner, 2.0, np.arange(3) / 5)[:, None], 3)
    found = small_mutation_limit(game, population_size=9, selection_strength=0, process="imitate_if_better")
    assert found.prevalence.tolist() == [float(i == winner) for i in range(3)] and found.residual == 0.0


@given(st.integers(1, 8), st.integers(0, 2**32 - 1), st.floats(0.1, 120))
@settings(max_examples=40, deadline=None)
def test_plain_and_logarithmic_elimination_agree(n, seed, spread):
    """Rates from 1 down to exp(-spread); beyond the range of floats only the logarithms are left."""
    logs = -spread * np.random.default_rng(seed).uniform(size=(3, n, n))
    assert stationary_logs(logs) == pytest.approx(eliminate(logs.copy()), rel=1e-12, abs=1e-11)
    far = 40 * logs
    assert stationary_logs(far) == pytest.approx(eliminate(far.copy()), rel=1e-12, abs=1e-9)
