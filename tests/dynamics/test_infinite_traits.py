"""Continuous traits: payoffs, derivatives, canonical equation, singular strategies and their kinds, invasibility."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evocoop.core.errors import InputError, NumericalError
from evocoop.dynamics import (
    adaptive_dynamics,
    invasion_fitness,
    pairwise_invasibility,
    replicator,
    selection_gradient,
    singular_strategies,
)
from evocoop.games import (
    ContinuousCommons,
    ContinuousDonation,
    ContinuousSnowdrift,
    JointEffort,
    MemoryOneDilemma,
    ReactiveDilemma,
    TraitFunction,
)

BRANCHING = ContinuousSnowdrift(benefit=6.0, benefit_curvature=-1.4, cost=4.56, cost_curvature=-1.6)
STOPPING = ContinuousSnowdrift(benefit=7.0, benefit_curvature=-1.5, cost=4.6, cost_curvature=-1.0)
REPELLING = ContinuousSnowdrift(benefit=3.4, benefit_curvature=-0.5, cost=4.0, cost_curvature=-1.5)
WANING = ContinuousSnowdrift(benefit=7.0, benefit_curvature=-1.5, cost=8.0, cost_curvature=-1.0)
AXELROD = {"temptation": 5.0, "reward": 3.0, "punishment": 1.0, "sucker": 0.0}


@pytest.mark.parametrize(
    ("game", "place", "kind"),
    [
        (BRANCHING, 0.6, "branching point"),
        (STOPPING, 0.6, "continuously stable"),
        (REPELLING, 0.6, "repeller"),
    ],
)
def test_singular_efforts_of_the_snowdrift_game_of_doebeli_hauert_and_killingback_2004(game, place, kind):
    b1, b2, c1, c2 = game.benefit, game.benefit_curvature, game.cost, game.cost_curvature
    found = singular_strategies(game)
    assert found.complete
    (point,) = found.points
    assert point.value == pytest.approx(place, abs=1e-14) == (c1 - b1) / (4 * b2 - 2 * c2)
    assert point.kind == kind
    assert point.curvature == pytest.approx(2 * b2 - 2 * c2)
    assert point.cross == pytest.approx(2 * b2)
    assert point.convergence_stable == (2 * b2 < c2)
    assert point.evolutionarily_stable == (b2 < c2)


def test_without_a_singular_effort_the_trait_goes_to_an_end():
    assert singular_strategies(WANING).attractors == (0.0,)
    assert singular_strategies(REPELLING).attractors == (0.0, 1.0)
    assert singular_strategies(BRANCHING).attractors == pytest.approx((0.6,))


def general(own: float, cross: float) -> TraitFunction:
    """A game with a singular trait 0 and second derivatives ``own`` and ``cross`` there."""
    return TraitFunction(lambda y, x: (own * y * y / 2 + cross * x * y)[..., 0], bounds=[(-1.0, 0.9)], analytic=True)


@pytest.mark.parametrize("own", [-1.0, 1.0])
@pytest.mark.parametrize("cross", [-2.0, -0.75, -0.25, 0.25, 0.75, 2.0])
def test_the_eight_kinds_of_geritz_and_others_1998_agree_with_the_invasion_fitness_around_the_point(own, cross):
    game = general(own, cross)
    point = singular_strategies(game).points[0]
    near = 1e-3

    def fitness(mutant: float, resident: float) -> float:
        return invasion_fitness(game, mutant=mutant, resident=resident)

    assert point.value == pytest.approx(0.0, abs=1e-9)
    assert point.evolutionarily_stable == (fitness(near, 0.0) < 0)
    assert point.can_invade == (fitness(0.0, near) > 0)
    assert point.convergence_stable == (fitness(0.9 * near, near) > 0)
    assert point.mutually_invasible == (fitness(near, -near) > 0 and fitness(-near, near) > 0)
    names = {
        (True, True): "continuously stable",
        (True, False): "branching point",
        (False, True): "Garden of Eden",
        (False, False): "repeller",
    }
    assert point.kind == names[point.convergence_stable, point.evolutionarily_stable]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 9), min_size=1, max_size=3, unique=True))
def test_every_root_of_a_polynomial_gradient_is_found(tenths):
    roots = [tenth / 10 for tenth in tenths]
    gradient = np.polynomial.polynomial.polyfromroots(roots)

    class Given(ContinuousDonation):
        polynomial = np.vstack([np.zeros(len(gradient)), gradient])  # pi(y, x) = y D(x)

    found = singular_strategies(Given())
    assert [point.value for point in found.points] == pytest.approx(sorted(roots), abs=1e-8)
    assert found.complete
    assert found.ends == ((0.0, bool(np.prod(-np.array(roots)) < 0)), (1.0, True))


def test_what_is_no_polynomial_is_searched_on_a_grid_and_says_so():
    game = JointEffort(prize=4.0, threshold=0.5, steepness=4.0, cost=3.0, cost_curvature=-1.0)
    found = singular_strategies(game)
    assert not found.complete
    assert [point.kind for point in found.points] == ["repeller", "continuously stable"]
    for point in found.points:
        s = 1 / (1 + np.exp(-4.0 * (2 * point.value - 0.5)))
        assert 4.0 * 4.0 * s * (1 - s) == pytest.approx(3.0 - 2.0 * point.value, abs=1e-12)
        bend = 4.0 * 16.0 * s * (1 - s) * (1 - 2 * s)
        assert point.curvature == pytest.approx(bend + 2.0, abs=1e-8)
        assert point.cross == pytest.approx(bend, abs=1e-8)


def test_the_commons_is_harvested_more_than_is_best_for_both():
    game = ContinuousCommons(yield_alone=4.0, crowding=2.0, cost=1.0)
    (point,) = singular_strategies(game).points
    assert point.value == pytest.approx(3.0 / 6.0)
    assert point.kind == "continuously stable"
    best = 3.0 / 8.0
    assert game.payoff(best, best) > game.payoff(point.value, point.value)


def test_differences_agree_with_complex_steps_and_with_hand():
    smooth = JointEffort()
    rough = TraitFunction(smooth.payoff, bounds=smooth.bounds)
    at = np.linspace(0.05, 0.95, 7)
    assert selection_gradient(rough, at=at) == pytest.approx(selection_gradient(smooth, at=at), abs=1e-9)
    assert selection_gradient(STOPPING, at=at)[:, 0] == pytest.approx(2.4 - 4.0 * at, abs=1e-13)
    kinds = [[point.kind for point in singular_strategies(game).points] for game in (smooth, rough)]
    assert kinds[0] == kinds[1]
    straight = TraitFunction(lambda y, x: -y[..., 0], bounds=[(0, 1)])
    assert selection_gradient(straight, at=[0.0, 1.0])[:, 0] == pytest.approx([-1.0, -1.0])


def test_reactive_payoffs_are_those_of_the_chain_of_memory_one_strategies():
    random = np.random.default_rng(5)
    reactive, memory = ReactiveDilemma(**AXELROD, noise=0.03), MemoryOneDilemma(**AXELROD, noise=0.03)
    one, two = random.random((2, 50, 2))
    assert reactive.payoff(one, two) == pytest.approx(memory.payoff(one[:, [0, 1, 0, 1]], two[:, [0, 1, 0, 1]]))


def test_memory_one_payoffs_of_classical_strategies():
    """Stationary chain at error 0.01 with (3, 0, 5, 1), as of Nowak & Sigmund 1993."""
    game = MemoryOneDilemma(**AXELROD, noise=0.01)
    shift, tit, generous, defect = [1, 0, 0, 1], [1, 0, 1, 0], [1, 1 / 3, 1, 1 / 3], [0, 0, 0, 0]
    found = game.payoff([shift, shift, tit, generous, defect], [shift, generous, tit, tit, generous])
    assert found == pytest.approx([2.951092, 2.926634, 2.25, 2.924268, 2.359368], abs=1e-6)


def test_reactive_strategies_gain_cooperation_where_p_minus_q_exceeds_cost_to_benefit():
    """Nowak & Sigmund 1990: both traits rise where p - q > c/b and fall where it is less; mistakes shrink p - q."""
    game = ReactiveDilemma(temptation=3.0, reward=2.0, punishment=0.0, sucker=-1.0, noise=0.01)
    random = np.random.default_rng(3)
    points = random.random((300, 2))
    reply = 0.98 * (points[:, 0] - points[:, 1])
    rising = reply > 1 / 3
    slopes = selection_gradient(game, at=points)
    assert ((slopes > 0) == rising[:, None]).all()
    assert rising.any() and not rising.all()


def test_paths_have_the_closed_form_of_a_linear_gradient_and_stop_at_the_edge():
    path = adaptive_dynamics(STOPPING, start=0.1, times=[0, 0.2, 1.0], covariance=0.5)  # dx/dt = 0.5 (2.4 - 4 x)
    assert path.values[0, :, 0] == pytest.approx(0.6 - 0.5 * np.exp(-2.0 * path.times), abs=1e-8)
    down = adaptive_dynamics(ContinuousDonation(), start=0.3, times=[0, 0.2, 0.3, 5.0])
    assert down.values[0, :, 0] == pytest.approx([0.3, 0.1, 0.0, 0.0], abs=1e-8)
    many = adaptive_dynamics(REPELLING, starts=10, time=50)
    assert many.final[:, 0] == pytest.approx([0.0] * 6 + [1.0] * 4, abs=1e-9)


def test_covariance_turns_and_scales_paths():
    game = ReactiveDilemma()
    start, moment = [0.8, 0.2], 1e-6
    slope = selection_gradient(game, at=start)
    for covariance in (2.0, [1.0, 3.0], [[1.0, -0.5], [-0.5, 2.0]]):
        moved = adaptive_dynamics(game, start=start, times=[0.0, moment], covariance=covariance).final[0] - start
        matrix = np.asarray(covariance) * np.eye(2) if np.ndim(covariance) < 2 else np.asarray(covariance)
        assert moved / moment == pytest.approx(matrix @ slope, rel=1e-4)


def test_many_starts_are_the_paths_of_each():
    game = ReactiveDilemma()
    starts = [[0.9, 0.1], [0.5, 0.4], [1.0, 0.0]]
    together = adaptive_dynamics(game, starts=starts, time=20)
    for one, start in enumerate(starts):
        alone = adaptive_dynamics(game, start=start, time=20)
        assert together.values[one] == pytest.approx(alone.values[0], abs=1e-6)
    spread = adaptive_dynamics(game, starts=5, time=1)
    assert spread.values.shape == (5, 201, 2)


def test_a_dimorphism_of_donation_is_decided_as_the_replicator_says():
    game = ContinuousDonation(benefit=3.0, cost=1.0)
    efforts = np.array([0.2, 0.7])
    matrix = game.payoff(efforts[:, None, None], efforts[None, :, None])
    assert invasion_fitness(game, mutant=0.2, resident=0.7) == pytest.approx(0.5)
    assert replicator(matrix, start=[0.01, 0.99], time=200).final[0, 0] == pytest.approx(1.0, abs=1e-6)


def test_pairwise_invasibility_is_the_invasion_fitness():
    pip = pairwise_invasibility(BRANCHING, grid=21)
    assert pip.values.tolist() == np.linspace(0, 1, 21).tolist()
    assert pip.fitness[4, 7] == pytest.approx(invasion_fitness(BRANCHING, mutant=0.2, resident=0.35))
    assert (np.diag(pip.fitness) == 0).all()
    assert (np.delete(pip.fitness[:, 12], 12) > 0).all()
    assert (np.delete(pairwise_invasibility(STOPPING, grid=21).fitness[:, 12], 12) < 0).all()
    assert pip.mutual[11, 13] and (pip.mutual == pip.mutual.T).all()


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda: ContinuousSnowdrift(highest=0), "highest must be a finite number above 0"),
        (lambda: ContinuousSnowdrift(cost=float("nan")), "cost must be a finite number"),
        (lambda: ReactiveDilemma(noise=0.0), "noise must be above 0"),
        (lambda: ReactiveDilemma(noise=0.6), "noise must be a finite number in"),
        (lambda: TraitFunction(lambda y, x: y, bounds=[(1, 0)]), "lowest below highest"),
        (lambda: TraitFunction(lambda y, x: y, bounds=[(0, 1)], traits=["a", "b"]), "1 different names"),
        (lambda: selection_gradient([[1, 2], [3, 4]], at=0.5), "a game of continuous traits is needed"),
        (lambda: selection_gradient(BRANCHING, at=1.5), "at must have effort in [0, 1]"),
        (lambda: selection_gradient(ReactiveDilemma(), at=0.5), "2 numbers, one for each of p, q"),
        (lambda: selection_gradient(BRANCHING, at="much"), "at must be numbers"),
        (lambda: invasion_fitness(BRANCHING, mutant=float("nan"), resident=0.5), "mutant must have effort"),
        (lambda: singular_strategies(ReactiveDilemma()), "needs a game of one trait"),
        (lambda: singular_strategies(ContinuousDonation(cost=0.0)), "neutral everywhere"),
        (lambda: pairwise_invasibility(MemoryOneDilemma()), "needs a game of one trait"),
        (lambda: pairwise_invasibility(BRANCHING, grid=1), "grid must be a whole number"),
        (lambda: adaptive_dynamics(BRANCHING, start=0.5, starts=3), "either start"),
        (lambda: adaptive_dynamics(BRANCHING, time=0), "time must be"),
        (lambda: adaptive_dynamics(BRANCHING, times=[0, 2, 1]), "times must ascend"),
        (lambda: adaptive_dynamics(BRANCHING, covariance=[[1, 2], [3, 4]]), "covariance must be"),
        (lambda: adaptive_dynamics(ReactiveDilemma(), covariance=[[1, 2], [2, 1]]), "negative eigenvalues"),
    ],
)
def test_what_is_refused(ask, said):
    with pytest.raises(InputError, match=said.replace("[", r"\[")):
        ask()


def test_a_payoff_without_slope_is_no_path():
    wild = TraitFunction(lambda y, x: np.log(y - 0.5)[..., 0], bounds=[(0, 1)])
    with np.errstate(all="ignore"), pytest.raises(NumericalError, match="no finite slope"):
        adaptive_dynamics(wild, start=0.2)
