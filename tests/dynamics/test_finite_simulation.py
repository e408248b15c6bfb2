"""Simulation against the exact answers, with stated false-alarm rates and fixed seeds."""

import numpy as np
import pytest

from evocoop.core.errors import InputError
from evocoop.core.jit import PLAIN
from evocoop.dynamics import (
    estimate_fixation,
    estimate_stationary,
    fixation_probability,
    fixation_time,
    simulate,
    stationary_distribution,
)
from evocoop.dynamics.finite import simulation_kernels
from evocoop.dynamics.finite.setting import setting
from evocoop.dynamics.finite.tabulated import Table

HAWK = [[-0.5, 2], [0, 0]]
ROCK = np.array([[0.0, -1, 1], [1, 0, -1], [-1, 1, 0]])


@pytest.mark.parametrize("process", ["pairwise", "moran", "death_birth", "wright_fisher", "pairwise_linear"])
def test_estimated_fixation(process):
    """Five standard errors of probability and of time: a false alarm in about 1 of 800,000 for each of two checks."""
    game = [[1.0, 0.9], [1.1, 0.8]]
    ask = {"population_size": 12, "selection_strength": 0.9, "process": process, "mutant": 1, "resident": 0}
    found = estimate_fixation(game, **ask, replicates=8000, seed=5)
    exact, times = fixation_probability(game, **ask), fixation_time(game, **ask)
    assert found.censored == 0 and found.fixed + found.lost == 8000
    assert abs(found.probability - exact) < 5 * np.sqrt(exact * (1 - exact) / 8000)
    assert found.interval[0] < found.probability < found.interval[1]
    assert abs(found.time - times.unconditional) < 5 * found.time_error
    assert abs(found.fixation_time - times.conditional) < 5 * found.fixation_time_error


def test_unfinished_runs_are_counted_not_dropped():
    """Hawk-dove, Z=50, beta=0.1: exactly 0.150298. Dropping the unfinished would bias the answer down."""
    ask = {"population_size": 50, "selection_strength": 0.1, "replicates": 4000, "seed": 1}
    exact = fixation_probability(HAWK, population_size=50, selection_strength=0.1)
    assert exact == pytest.approx(0.150298, abs=5e-7)
    short = estimate_fixation(HAWK, **ask, max_steps=5000)
    assert short.censored > 100 and short.fixed + short.lost + short.censored == 4000
    assert short.fixed / (short.fixed + short.lost) < exact - 0.03
    assert short.interval[0] < exact < short.interval[1]
    times = fixation_time(HAWK, population_size=50, selection_strength=0.1)
    assert short.time < short.time_interval[1] == short.fixation_time_interval[1] == np.inf
    long = estimate_fixation(HAWK, **ask)
    for interval, time in ((long.time_interval, times.unconditional), (long.fixation_time_interval, times.conditional)):
        wide = 2.5 * np.diff(interval)[0] / 2  # about five standard errors
        assert interval[0] < interval[1] and abs(np.mean(interval) - time) < wide
    few = estimate_fixation([[0, 0], [9, 9]], population_size=50, selection_strength=1, replicates=3)
    assert few.fixed == 0 and np.isnan(few.fixation_time_interval).all()
    assert long.censored == 0 and abs(long.probability - exact) < 5 * np.sqrt(exact * (1 - exact) / 4000)


@pytest.mark.parametrize(
    ("game", "process", "size"),
    [(HAWK, "pairwise", 30), (ROCK, "pairwise", 10), (ROCK + 1.5, "wright_fisher", 8), (ROCK, "introspection", 8)],
)
def test_estimated_stationary_distribution(game, process, size):
    """Sum of squared z over S states: mean about S 19/17, deviation about sqrt(3 S); 2.5 S + 40 is 5 deviations off."""
    ask = {"population_size": size, "selection_strength": 0.8, "mutation": 0.05, "process": process}
    exact = stationary_distribution(game, **ask)
    found = estimate_stationary(game, **ask, steps=20_000, replicates=20, seed=3)
    assert found.states.tolist() == exact.states.tolist()
    assert found.probabilities.sum() == pytest.approx(1)
    seen = found.standard_errors > 0
    z = (found.probabilities - exact.probabilities)[seen] / found.standard_errors[seen]
    assert (z**2).sum() < 2.5 * len(z) + 40
    inside = (found.interval[:, 0] <= exact.probabilities) & (exact.probabilities <= found.interval[:, 1])
    assert inside[seen].mean() > 0.8  # 95 % of them, were they independent
    assert np.abs(found.probabilities - exact.probabilities).sum() < 0.15
    assert np.abs(found.shares - exact.shares).max() < 0.04


def test_meetings_agree_with_the_exact_chain(monkeypatch):
    """The path without a table; 30 runs, six standard errors in each of three shares: about 1 in 10^5 (t, 29 d.f.)."""
    monkeypatch.setattr("evocoop.dynamics.finite.tabulated.MOST_TABLE_ENTRIES", 10)
    game = ROCK + np.array([[0, 0.2, 0.1], [0, 0.1, 0], [0.3, 0, 0]])
    ask = {"population_size": 12, "selection_strength": 1.0, "mutation": 0.05}
    exact = stationary_distribution(game, **ask)
    found = simulate(game, **ask, steps=20_000, burn_in=1000, replicates=30, seed=2, workers=2)
    assert np.abs((found.shares - exact.shares) / found.standard_errors).max() < 6
    assert (found.counts.sum(axis=-1) == 12).all() and found.counts.shape == (30, 101, 3)
    alone = simulate(game, **ask, steps=20_000, burn_in=1000, replicates=2, seed=2)
    assert np.array_equal(alone.counts, found.counts[:2])


def test_same_bits_for_any_number_of_workers_and_replicates():
    ask = {"population_size": 20, "selection_strength": 1, "mutation": 0.01, "steps": 3000, "seed": 9}
    many = simulate(ROCK, **ask, replicates=7, workers=3)
    one = simulate(ROCK, **ask, replicates=7)
    few = simulate(ROCK, **ask, replicates=3)
    assert np.array_equal(many.counts, one.counts) and np.array_equal(many.shares, one.shares)
    assert np.array_equal(few.counts, one.counts[:3])
    assert not np.array_equal(one.counts[0], one.counts[1])
    other = simulate(ROCK, **(ask | {"seed": 10}), replicates=1)
    assert not np.array_equal(other.counts[0], one.counts[0])


def test_records_start_at_the_start_and_absorbed_runs_stay():
    found = simulate([[1, 1], [0, 0]], population_size=10, selection_strength=9, steps=5000, start=[3, 7], seed=4)
    assert found.counts[0, 0].tolist() == [3, 7] and found.times[0] == 0 and found.times[-1] == 5000
    assert found.absorbed_at[0] > 0 and found.counts[0, -1].tolist() == [10, 0]
    assert np.isnan(found.standard_errors).all()
    still = simulate([[1, 1], [0, 0]], population_size=10, selection_strength=9, steps=50, start=[10, 0])
    assert still.absorbed_at.tolist() == [0] and still.shares.tolist() == [1, 0]


def test_mean_occupancy_counts_every_step():
    table = Table.of(setting(ROCK, 6), 1.0, 0.1)
    keys = np.array([[1, 2, 3, 4], [1, 2, 4, 4]])
    occupancy, paths, _ = table.run(np.array([0, 5]), 400, 100, 1, keys, 401)
    for run in range(2):
        assert np.array_equal(occupancy[run], np.bincount(paths[run, 100:400], minlength=len(table.states)))
        steps = np.abs(np.diff(table.states[paths[run]], axis=0)).sum(axis=1)
        assert set(steps) <= {0, 2}


@pytest.mark.skipif(PLAIN, reason="kernels are plain Python already")
def test_compiled_and_plain_walks_are_the_same():
    table = Table.of(setting(HAWK, 9), 1.0, 0.1)
    key = np.array([3, 1, 4, 1])
    ways = (table.log_stay, table.cumulative, table.targets, 4, 300, 10, 1, key)
    answers = []
    for function in (simulation_kernels.walk, simulation_kernels.walk.py_func):
        spent, path = np.zeros(10, dtype=np.int64), np.zeros(301, dtype=np.int64)
        answers.append((function(*ways, spent, path), spent.tolist(), path.tolist()))
    assert answers[0] == answers[1]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"start": [1, 2, 3]}, "add up to population_size 20"),
        ({"steps": 0}, "steps"),
        ({"burn_in": 100}, "burn_in"),
        ({"replicates": 0}, "replicates"),
        ({"workers": 0}, "workers"),
        ({"seed": -1}, "seed"),
        ({"payoffs": [[1.0]]}, "two strategies"),
        ({"payoffs": np.eye(8) + 1, "process": "moran"}, "states, too many"),
    ],
)
def test_refusals(change, words):
    question = {"payoffs": ROCK, "population_size": 20, "selection_strength": 1, "mutation": 0.1, "steps": 100}
    with pytest.raises(InputError, match=words):
        simulate(**(question | change))
    with pytest.raises(InputError, match="nothing fixates"):
        estimate_fixation(HAWK, population_size=5, selection_strength=1, process="introspection")
    with pytest.raises(InputError, match="above 0"):
        estimate_stationary(HAWK, population_size=5, selection_strength=1, mutation=0)
