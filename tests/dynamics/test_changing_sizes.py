"""Populations whose size changes, against closed forms, exact chains and the deterministic limit."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq
from scipy.stats import chi2

from evocoop.core.errors import InputError
from evocoop.core.jit import PLAIN
from evocoop.dynamics import (
    competition,
    demographic_extinction,
    demographic_fixation,
    ecological,
    payoffs_at_density,
    simulate_demography,
)
from evocoop.dynamics.finite import demography_kernels as kernels
from evocoop.games import NPersonStagHunt, PublicGoods
from evocoop.games.payoffs import PayoffTable

GAME = [[1.0, 0.4], [1.6, 0.5]]


def loss(free, multiplier, size):
    """What a cooperator loses: F(z) of Hauert, Holmes & Doebeli 2006."""
    return 1 + (multiplier - 1) * free ** (size - 1) - multiplier / size * (1 - free**size) / (1 - free)


def logistic(capacity, birth, death, most):
    """Return the generator of a lone strategy's numbers 1 … most, without the row of 0."""
    number = np.arange(1, most + 1)
    up, down = birth * number.astype(float), number * (death + (number - 1) / capacity)
    up[-1] = 0.0
    return np.diag(up[:-1], 1) + np.diag(down[1:], -1) - np.diag(up + down)


@given(st.integers(2, 9), st.floats(0.5, 9), st.tuples(*[st.floats(0.01, 1)] * 3))
@settings(max_examples=30, deadline=None)
def test_public_goods_in_groups_of_all_sizes(size, multiplier, parts):
    """The closed forms of Hauert, Holmes & Doebeli 2006: f_D, and f_C = f_D - F(z)."""
    x, y, free = np.array(parts) / sum(parts)
    found = payoffs_at_density(PublicGoods(group_size=size, multiplier=multiplier, cost=1), [x, y])
    defectors = multiplier * x / (1 - free) * (1 - (1 - free**size) / (size * (1 - free)))
    assert found == pytest.approx([defectors - loss(free, multiplier, size), defectors], abs=1e-9)


def test_payoffs_where_the_game_needs_everybody():
    """A table is played where all places are held: (1-z)^(N-1) times its payoff; who is alone gets what alone pays."""
    hunt = NPersonStagHunt(group_size=4, threshold=2, multiplier=4, cost=1)
    table, held = hunt.payoff_table(), np.array([0.3, 0.2])
    full = [sum(math.comb(3, k) * 0.3 ** (3 - k) * 0.2**k * row[k] for k in range(4)) for row in table.values]
    assert payoffs_at_density(table, held) == pytest.approx(full)
    assert payoffs_at_density(table, held, alone=2) == pytest.approx(np.array(full) + 2 * 0.5**3)
    assert payoffs_at_density(GAME, [0.3, 0.2]) == pytest.approx(np.array(GAME) @ [0.3, 0.2])
    three = PayoffTable(tuple("abc"), np.arange(9.0).reshape(3, 3))
    assert payoffs_at_density(three, [0.1, 0.2, 0.7]) == pytest.approx(three.values @ [0.1, 0.2, 0.7])


def test_free_space_alone_is_logistic_growth():
    """Without payoffs: u(t) = K / (1 + (K/u0 - 1) exp(-(b-d) t)) with K = 1 - d/b."""
    path = ecological([[0.0]], birth=2.0, death=0.5, start=[0.01], time=10)
    capacity = 1 - 0.5 / 2
    exact = capacity / (1 + (capacity / 0.01 - 1) * np.exp(-1.5 * path.times))
    assert path.densities[0, :, 0] == pytest.approx(exact, abs=1e-7)
    assert ecological([[0.0]], birth=0.4, death=0.5, start=[0.5], time=300).extinct.tolist() == [True]


@pytest.mark.parametrize("multiplier", [2.6, 3.0, 4.0])
def test_cooperators_and_defectors_last_in_thin_populations(multiplier):
    """Groups of 8: the equilibrium of Hauert, Holmes & Doebeli 2006, F(z) = 0 and z (f_D + b) = d."""
    free = brentq(loss, 1e-9, 1 - 1e-6, args=(multiplier, 8))
    goods = PublicGoods(group_size=8, multiplier=multiplier, cost=1)
    x = (1.2 / free - 1) * (1 - free) / multiplier / (1 - (1 - free**8) / (8 * (1 - free)))
    path = ecological(goods, birth=1.0, death=1.2, start=[0.3, 0.1], time=3000)
    assert path.group_sizes == tuple(range(2, 9)) and not path.extinct.any()
    assert path.final[0] == pytest.approx([x, 1 - free - x], abs=1e-4)
    assert path.shares[0, -1].sum() == pytest.approx(1)


def test_pairs_are_not_saved():
    """Hauert, Holmes & Doebeli 2006: the mechanism fails for the prisoner's dilemma of two, whose players die out."""
    path = ecological(PublicGoods(group_size=2, multiplier=1.8, cost=1), birth=1.0, death=1.2, starts=5, seed=1)
    assert path.extinct.all() and not path.shares[:, -1].any()


def test_competition_settles_where_the_equations_say():
    path = competition([[1, 2], [1.5, 1]], birth=1.5, death=0.5, starts=4, time=400, seed=2)
    assert path.final == pytest.approx(np.tile([0.75, 0.5], (4, 1)), abs=1e-7)
    lost = competition(GAME, starts=3, time=400, seed=2).final
    assert lost == pytest.approx(np.tile([0, 0.5], (3, 1)), abs=1e-7)
    assert competition([[1.0]], death=0.3, start=[2.0]).final[0, 0] == pytest.approx(0.7)


def test_large_populations_follow_the_equations():
    """M = 40,000: fluctuations are about 1/200; held to 6 of them at every tenth of the way."""
    found = simulate_demography(GAME, scale=40_000, death=0.2, start=[4000, 2000], time=20, samples=11, seed=1)
    path = competition(GAME, death=0.2, start=[0.1, 0.05], time=20)
    between = np.transpose([np.interp(found.times, path.times, held) for held in path.densities[0].T])
    assert np.abs(found.counts[0] / 40_000 - between).max() < 0.03


def test_sizes_without_deaths_are_poisson():
    """d = 0: births n, deaths n (n-1)/K, so a zero-truncated Poisson; chi-square, a false alarm in 10,000."""
    capacity, runs = 6.0, 6000
    found = simulate_demography([[1.2]], scale=5, time=12, samples=2, replicates=runs, seed=3)
    assert found.survivors == runs and (found.extinct_at == -1).all() and found.lived == 1
    sizes = np.minimum(found.sizes[:, -1], 13)
    chances = np.array([capacity**k / math.factorial(k) for k in range(1, 60)]) / np.expm1(capacity)
    expected = runs * np.append(chances[:12], chances[12:].sum())
    assert ((np.bincount(sizes, minlength=14)[1:] - expected) ** 2 / expected).sum() < chi2.isf(1e-4, 12)


def test_the_stationary_variance_of_the_logistic():
    """Mean and variance over time in the linear noise approximation: K and b K/(b-d), at K = 200."""
    found = simulate_demography([[1.0]], scale=400, death=0.5, time=100, samples=41, replicates=200, seed=4)
    sizes = found.sizes[:, 8:]
    assert sizes.mean() == pytest.approx(200 - 2, abs=2) and sizes.var() == pytest.approx(400, rel=0.1)
    assert found.size == pytest.approx(198.5, abs=2.5) and found.size_error < 1


def test_survivors_are_quasi_stationary_and_lifetimes_exact():
    """Left eigenvector and mean lifetime of the chain itself; chi-square 1 in 10,000, lifetime 5 standard errors."""
    generator = logistic(12.0, 1.0, 0.4, 60)
    ask = {"scale": 12, "death": 0.4, "start": [7]}
    exact = -np.linalg.solve(generator, np.ones(60))[6]
    life = demographic_extinction([[1.0]], **ask, replicates=3000, max_time=1e5, seed=1)
    assert life.censored == 0 and abs(life.time - exact) < 5 * life.time_error < 0.1 * exact
    values, left = np.linalg.eig(generator.T)
    lasting = np.abs(left[:, np.argmax(values.real)].real)
    lasting /= lasting.sum()
    found = simulate_demography([[1.0]], **ask, time=60, samples=2, replicates=6000, seed=2)
    sizes = np.minimum(found.sizes[:, -1], 14)
    expected = found.survivors * np.append(lasting[:13], lasting[13:].sum())
    assert found.survivors < 6000 and (found.sizes[found.extinct_at >= 0, -1] == 0).all()
    assert ((np.bincount(sizes, minlength=15)[1:] - expected) ** 2 / expected).sum() < chi2.isf(1e-4, 13)


def test_runs_that_do_not_end_are_counted():
    found = demographic_extinction([[1.0]], scale=12, death=0.4, start=[7], replicates=1000, max_time=30, seed=1)
    assert found.extinct + found.censored == 1000 and found.censored > 100
    exact = -np.linalg.solve(logistic(12.0, 1.0, 0.4, 60), np.ones(60))[6]
    assert found.time < exact and found.time_interval[1] == math.inf and 1 / found.rate == pytest.approx(exact, rel=0.2)
    short = demographic_fixation([[1, 1], [1, 1]], scale=50, start=[25, 25], replicates=200, max_time=1.0)
    assert short.censored == 200 and short.interval[0] < 0.05 and short.interval[1] > 0.95


@pytest.mark.parametrize("death", [0.0, 0.3])
def test_neutral_fixation_is_the_share_at_the_start(death):
    """Whoever lives last descends from anybody alike; 5 standard errors."""
    found = demographic_fixation([[1, 1], [1, 1]], scale=15, death=death, start=[3, 9], replicates=8000, seed=3)
    assert found.censored == 0 and abs(found.probability - 0.25) < 5 * math.sqrt(0.25 * 0.75 / 8000)


def test_fixation_against_the_chain_of_both_numbers():
    """All states up to 40 of each, solved; 5 standard errors."""
    most, scale, death = 40, 8, 0.2
    from scipy.sparse import lil_matrix
    from scipy.sparse.linalg import spsolve

    rates = 1 / (scale * np.array(GAME))
    states = [(i, j) for i in range(1, most + 1) for j in range(1, most + 1)]
    place = {state: at for at, state in enumerate(states)}
    matrix, right = lil_matrix((len(states),) * 2), np.zeros(len(states))
    for at, (i, j) in enumerate(states):
        moves = {
            (i + 1, j): i if i < most else 0,
            (i, j + 1): j if j < most else 0,
            (i - 1, j): i * (death + (i - 1) * rates[0, 0] + j * rates[0, 1]),
            (i, j - 1): j * (death + (j - 1) * rates[1, 1] + i * rates[1, 0]),
        }
        total = sum(moves.values())
        matrix[at, at] = 1
        for to, rate in moves.items():
            if to in place:
                matrix[at, place[to]] = -rate / total
            elif to[1] == 0:
                right[at] += rate / total
    exact = spsolve(matrix.tocsr(), right)[place[2, 4]]
    found = demographic_fixation(GAME, scale=scale, death=death, start=[2, 4], replicates=8000, seed=5)
    assert abs(found.probability - exact) < 5 * math.sqrt(exact * (1 - exact) / 8000) and 0.05 < exact < 0.95
    other = demographic_fixation(
        GAME, scale=scale, death=death, start=[4, 2], mutant=1, resident=0, replicates=8000, seed=6
    )
    assert abs(other.probability - (1 - exact)) < 5 * math.sqrt(exact * (1 - exact) / 8000)


def test_shares_count_only_time_that_was_lived():
    found = simulate_demography(GAME, scale=6, death=0.6, time=200, replicates=50, mutation=0.02, burn_in=10, seed=1)
    assert found.survivors < 25 and found.lived == pytest.approx(found.shares.sum()) and 0 < found.lived < 0.5
    assert (found.counts[found.extinct_at >= 0, -1] == 0).all() and not found.fractions[found.sizes == 0].any()
    neutral = simulate_demography(np.ones((3, 3)), scale=60, time=300, replicates=20, mutation=0.2, burn_in=20, seed=2)
    assert np.abs(neutral.shares - 1 / 3).max() < 5 * neutral.standard_errors.max() < 0.05


def test_same_bits_for_any_number_of_workers():
    ask = {"scale": 20, "death": 0.1, "time": 30, "mutation": 0.01, "seed": 9}
    many = simulate_demography(GAME, **ask, replicates=5, workers=3)
    few = simulate_demography(GAME, **ask, replicates=2)
    assert np.array_equal(many.counts[:2], few.counts) and not np.array_equal(many.counts[0], many.counts[1])


@pytest.mark.skipif(PLAIN, reason="kernels are plain Python already")
def test_compiled_and_plain_runs_are_the_same(monkeypatch):
    ask = {"scale": 10, "death": 0.3, "time": 20, "mutation": 0.05, "replicates": 3, "seed": 4}
    compiled = simulate_demography(GAME, **ask)
    for name, value in vars(kernels).copy().items():
        if hasattr(value, "py_func"):
            monkeypatch.setattr(kernels, name, value.py_func)
    plain = simulate_demography(GAME, **ask)
    assert np.array_equal(compiled.counts, plain.counts) and compiled.shares.tolist() == plain.shares.tolist()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"payoffs": [[1, 0], [2, 1]]}, "above 0"),
        ({"payoffs": PublicGoods(group_size=3)}, "groups of 3"),
        ({"scale": 0}, "scale"),
        ({"scale": 1e9, "payoffs": [[5.0]]}, "individuals"),
        ({"death": -1}, "death"),
        ({"start": [1]}, "2 whole numbers"),
        ({"start": [0, 0]}, "not all 0"),
        ({"start": [0.5, 1]}, "whole numbers"),
        ({"start": "many"}, "whole numbers"),
        ({"burn_in": 100}, "burn_in"),
        ({"time": 1e12, "scale": 1e6}, "too many"),
        ({"samples": 1}, "samples"),
        ({"mutation": 2}, "mutation"),
    ],
)
def test_refusals_of_numbers(change, words):
    with pytest.raises(InputError, match=words):
        simulate_demography(**({"payoffs": GAME, "scale": 10} | change))


def test_other_refusals():
    with pytest.raises(InputError, match="death must be above 0"):
        demographic_extinction([[1.0]], scale=5, death=0)
    with pytest.raises(InputError, match="mutant and resident"):
        demographic_fixation(np.ones((3, 3)), scale=5)
    for change in ({"start": [0.6, 0.6]}, {"start": [1]}, {"start": "x"}, {"start": [-1, 0]}, {"starts": 0}):
        with pytest.raises(InputError, match="start"):
            ecological(GAME, **change)
    with pytest.raises(InputError, match="densities"):
        payoffs_at_density(GAME, [0.6, 0.6])
    with pytest.raises(InputError, match="alone"):
        ecological(GAME, alone="much")
    with pytest.raises(InputError, match="compositions"):
        ecological(PublicGoods(group_size=2000), death=0.1)
    with pytest.raises(InputError, match="above 0"):
        competition([[0, 1], [1, 1]])
    with pytest.raises(InputError, match="groups of 3"):
        competition(PublicGoods(group_size=3))
