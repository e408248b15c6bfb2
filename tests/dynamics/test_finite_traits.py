"""Simulated populations with continuous traits: neutral variance, direction, branching. Seeds are fixed.

Tests against a mean allow four standard errors: with fresh seeds each would fail once in about 16,000 times.
"""

from __future__ import annotations

import numpy as np
import pytest

from evocoop.core.errors import InputError, NumericalError
from evocoop.dynamics import adaptive_dynamics, trait_simulation
from evocoop.dynamics.finite import trait_kernels
from evocoop.games import (
    ContinuousDonation,
    ContinuousSnowdrift,
    JointEffort,
    MemoryOneDilemma,
    ReactiveDilemma,
    TraitFunction,
)

BRANCHING = ContinuousSnowdrift(benefit=6.0, benefit_curvature=-1.4, cost=4.56, cost_curvature=-1.6)
STOPPING = ContinuousSnowdrift(benefit=7.0, benefit_curvature=-1.5, cost=4.6, cost_curvature=-1.0)
SMALL = {"population_size": 30, "selection_strength": 2.0, "generations": 20, "replicates": 3, "records": 5}


@pytest.mark.parametrize(
    ("process", "expected"),
    [("wright_fisher", 40 * 0.1 * 0.005**2), ("pairwise", 39 * 0.1 * 0.005**2 / 0.9)],
)
def test_without_selection_the_variance_settles_where_mutation_and_drift_balance(process, expected):
    """The mean half squared difference of two loses 1/Z (pairwise: by copying) and gains mu sigma^2 a generation."""
    run = trait_simulation(
        ContinuousDonation(), population_size=40, selection_strength=0.0, mutation=0.1, mutation_size=0.005,
        generations=250, replicates=300, records=2, process=process,
    )  # fmt: skip
    found = run.variances[:, -1, 0]
    assert abs(found.mean() - expected) < 4 * found.std(ddof=1) / np.sqrt(300)
    assert (run.variances[:, 0] == 0).all()


def test_the_mean_follows_the_canonical_equation():
    """Selection is weak beside drift, and Z - 1 others give, so that the slope of payoff is -c - b/(Z - 1)."""
    people, mutation, size, strength = 50, 0.1, 0.01, 0.2
    game = ContinuousDonation(benefit=1.0, cost=1.0, highest=2.0)
    run = trait_simulation(
        game, population_size=people, selection_strength=strength, mutation=mutation, mutation_size=size, start=1.5,
        generations=1200, replicates=300, records=5,
    )  # fmt: skip
    late = run.means[:, 1, 0] - run.means[:, -1, 0]
    limit = ContinuousDonation(benefit=1.0, cost=1.0 + 1.0 / (people - 1), highest=2.0)
    path = adaptive_dynamics(limit, start=1.5, times=[0, 900], covariance=people * mutation * size**2 * strength)
    expected = path.values[0, 0, 0] - path.values[0, 1, 0]
    assert expected == pytest.approx(900 * 1e-4 * 50 / 49, rel=1e-6)
    assert abs(late.mean() - expected) < 4 * late.std(ddof=1) / np.sqrt(300)


def test_populations_split_at_the_branching_point_of_doebeli_hauert_and_killingback_2004_and_else_do_not():
    """Of 64 populations with other seeds, all split in the first game and none in the second."""
    asked = {
        "population_size": 300, "selection_strength": 10.0, "mutation": 0.02, "mutation_size": 0.03, "start": 0.1,
        "generations": 2000, "replicates": 3, "process": "pairwise", "records": 5, "seed": 1,
    }  # fmt: skip
    split, stay = trait_simulation(BRANCHING, **asked), trait_simulation(STOPPING, **asked)
    assert (split.branches[:, -1] == 2).all()
    assert (split.branches[:, 0] == 1).all()
    assert (split.variances[:, -1] > 0.15).all()
    assert (stay.branches == 1).all()
    assert stay.means[:, -1, 0] == pytest.approx([0.6] * 3, abs=0.1)
    assert (stay.variances[:, -1] < 0.01).all()


def test_whole_generations_split_too():
    run = trait_simulation(
        BRANCHING, population_size=300, selection_strength=2.0, mutation=0.05, mutation_size=0.03, start=0.6,
        generations=2000, replicates=2, records=2,
    )  # fmt: skip
    assert (run.branches[:, -1] == 2).all()


@pytest.mark.parametrize(
    "game", [JointEffort(), ReactiveDilemma(), MemoryOneDilemma(noise=0.1)], ids=lambda g: str(g)[:8]
)
def test_compiled_payoffs_are_those_of_the_game(game):
    random = np.random.default_rng(2)
    code, numbers = game.compiled
    own, other = random.random((2, 20, len(game.traits)))
    room = np.zeros((4, 4))
    found = [trait_kernels.payoff(code, numbers, y, x, room) for y, x in zip(own, other, strict=True)]
    assert found == pytest.approx(game.payoff(own, other), abs=1e-12)


def test_polynomials_meet_everybody_else_by_sums_of_powers():
    code, numbers = BRANCHING.compiled
    traits = np.random.default_rng(4).random((7, 1))
    sums = np.zeros(BRANCHING.polynomial.shape[1])
    trait_kernels.power_sums(traits, sums)
    met = BRANCHING.payoff(traits[:, None], traits[None, :])
    expected = (met.sum(axis=1) - np.diag(met)) / 6
    found = [trait_kernels.mean_payoff(code, numbers, traits, me, sums, np.zeros((4, 4))) for me in range(7)]
    assert found == pytest.approx(expected, abs=1e-12)


def test_a_function_gives_the_same_population_as_the_game_it_is_taken_from():
    own = TraitFunction(BRANCHING.payoff, bounds=BRANCHING.bounds)
    one, two = (trait_simulation(game, mutation=0.2, seed=3, **SMALL) for game in (BRANCHING, own))
    assert one.final == pytest.approx(two.final, abs=1e-9)
    assert one.final.std() > 0


def test_numbers_depend_on_the_seed_and_not_on_the_workers():
    for process in ("wright_fisher", "pairwise"):
        asked = {**SMALL, "process": process, "mutation": 0.2}
        runs = [
            trait_simulation(ReactiveDilemma(), seed=seed, workers=n, **asked) for seed, n in ((1, 1), (1, 3), (2, 1))
        ]
        assert np.array_equal(runs[0].final, runs[1].final)
        assert not np.array_equal(runs[0].final, runs[2].final)


def test_what_is_recorded_fits_together():
    run = trait_simulation(
        ReactiveDilemma(), mutation=0.3, mutation_size=[0.2, 0.0], bins=10, start=[0.2, 0.7], **SMALL
    )
    assert run.generations.tolist() == [0, 5, 10, 15, 20]
    assert run.histograms.sum(axis=-1) == pytest.approx(np.ones((3, 5, 2)))
    assert run.final.mean(axis=1) == pytest.approx(run.means[:, -1])
    assert run.final.var(axis=1, ddof=1) == pytest.approx(run.variances[:, -1])
    assert (run.final[..., 1] == 0.7).all()
    assert ((run.final >= 0) & (run.final <= 1)).all()
    counts, _ = np.histogram(run.final[0, :, 0], bins=run.edges[0])
    assert run.histograms[0, -1, 0] == pytest.approx(counts / 30)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"population_size": 1}, "population_size must be"),
        ({"selection_strength": -1.0}, "selection_strength must be"),
        ({"mutation": 1.5}, "mutation must be"),
        ({"mutation_size": -0.1}, "mutation_size must be"),
        ({"mutation_size": [0.1, 0.1]}, "mutation_size must be"),
        ({"process": "moran"}, "unknown process 'moran'"),
        ({"start": 2.0}, r"start must have effort in \[0, 1\]"),
        ({"records": 1}, "records must be"),
        ({"bins": 1}, "bins must be"),
        ({"generations": 0}, "generations must be"),
        ({"generations": 10**12}, "would take days"),
        ({"bins": 10_000, "records": 10_000, "generations": 10_000, "replicates": 100}, "fewer records or bins"),
    ],
)
def test_what_is_refused(changed, said):
    with pytest.raises(InputError, match=said):
        trait_simulation(BRANCHING, **{**SMALL, **changed})


def test_what_a_function_cannot_do():
    wild = TraitFunction(lambda y, x: np.log(y - x - 0.2)[..., 0], bounds=[(0, 1)])
    with pytest.raises(InputError, match="wright_fisher"):
        trait_simulation(wild, process="pairwise", **SMALL)
    with np.errstate(all="ignore"), pytest.raises(NumericalError, match="not finite"):
        trait_simulation(wild, **SMALL)
