"""Mean fixation times against closed forms and a dense linear solve."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evocoop.core.errors import NumericalError
from evocoop.dynamics import fixation_probability, fixation_time
from evocoop.dynamics.finite.chain import chain_of
from evocoop.dynamics.finite.setting import setting

NEUTRAL = np.ones((2, 2))


def harmonic(n):
    return sum(1 / k for k in range(1, n + 1))


def test_neutral_closed_forms():
    """Moran: Z H(Z-1) and Z(Z-1); pairwise comparison: 2(Z-1)H(Z-1) and 2(Z-1)^2. Altrock & Traulsen 2009."""
    moran = fixation_time(NEUTRAL, population_size=20, selection_strength=1, process="moran")
    assert moran.unconditional == pytest.approx(70.9547931429, rel=1e-11)
    assert moran.unconditional == pytest.approx(20 * harmonic(19), rel=1e-12)
    assert moran.conditional == pytest.approx(380, rel=1e-12)
    fermi = fixation_time(NEUTRAL, population_size=20, selection_strength=1)
    assert fermi.unconditional == pytest.approx(134.814106971, rel=1e-11)
    assert fermi.conditional == pytest.approx(722, rel=1e-12)


def test_moran_with_an_advantage_of_a_tenth():
    found = fixation_time([[1.1, 1.1], [1, 1]], population_size=20, selection_strength=1, process="moran")
    assert found.unconditional == pytest.approx(82.7453084242, rel=1e-11)
    assert found.conditional == pytest.approx(361.70412827, rel=1e-11)
    assert found.probability == pytest.approx(0.106781477066, rel=1e-11)


@given(
    st.lists(st.floats(0, 3, width=32), min_size=4, max_size=4),
    st.integers(3, 12),
    st.floats(0, 1),
    st.sampled_from(["pairwise", "moran", "death_birth", "pairwise_linear"]),
)
@settings(max_examples=40, deadline=None)
def test_times_equal_a_dense_solve(entries, size, strength, process):
    game = np.reshape(entries, (2, 2)) + 0.1
    found = fixation_time(game, population_size=size, selection_strength=strength, process=process)
    matrix = chain_of(setting(game, size, process), strength, 0.0).matrix.toarray()
    inner = np.eye(size - 1) - matrix[1:-1, 1:-1]
    if np.linalg.cond(inner) > 1e8:
        return
    rho = np.linalg.solve(inner, matrix[1:-1, -1])
    assert found.unconditional == pytest.approx(np.linalg.solve(inner, np.ones(size - 1))[0], rel=1e-6)
    assert found.conditional == pytest.approx(np.linalg.solve(inner, rho)[0] / rho[0], rel=1e-6)
    assert found.extinction == pytest.approx(np.linalg.solve(inner, 1 - rho)[0] / (1 - rho[0]), rel=1e-6)
    mean = found.probability * found.conditional + (1 - found.probability) * found.extinction
    assert found.unconditional == pytest.approx(mean, rel=1e-9)


@pytest.mark.parametrize("process", ["pairwise", "wright_fisher", "moran"])
def test_every_process_agrees_with_its_fixation_probability(process):
    game = [[1.2, 0.8], [1.0, 1.0]]
    ask = {"population_size": 15, "selection_strength": 0.5, "process": process, "start": 4}
    found = fixation_time(game, **ask)
    assert found.probability == pytest.approx(fixation_probability(game, **ask), rel=1e-11)
    mean = found.probability * found.conditional + (1 - found.probability) * found.extinction
    assert found.unconditional == pytest.approx(mean, rel=1e-10)


def test_conditional_times_are_symmetric_for_one_mutant():
    """One A among B and one B among A take equally long when they fixate (Taylor, Iwasa & Nowak 2006)."""
    game = [[1.3, 0.4], [1.0, 0.9]]
    there = fixation_time(game, population_size=30, selection_strength=0.9, process="moran")
    back = fixation_time(game, population_size=30, selection_strength=0.9, process="moran", mutant=1, resident=0)
    assert there.conditional == pytest.approx(back.conditional, rel=1e-10)


def test_metastable_coexistence_has_a_time_beyond_the_floats():
    found = fixation_time([[0, 1], [1, 0]], population_size=1000, selection_strength=50)
    assert found.unconditional == np.inf
    assert 1e4 < found.log_unconditional < 1.3e4


def test_strengths_in_a_list_and_barriers():
    many = fixation_time([[4, 0], [3, 3]], population_size=10, selection_strength=[0, 0.5])
    assert many.unconditional[0] == pytest.approx(2 * 9 * harmonic(9))
    sure = fixation_time([[1, 1], [0, 0]], population_size=6, selection_strength=0, process="imitate_if_better")
    assert (sure.probability, sure.extinction) == (1.0, pytest.approx(np.nan, nan_ok=True))
    assert sure.conditional == pytest.approx(sum(30 / (k * (6 - k)) for k in range(1, 6)))
    with pytest.raises(NumericalError, match="trapped"):
        fixation_time([[0, 1], [1, 0]], population_size=9, selection_strength=0, process="imitate_if_better")
