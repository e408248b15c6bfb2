"""The replicator equation in space: waves with known speed and shape, order of accuracy, conservation, refusals."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from evocoop.core.errors import InputError
from evocoop.dynamics import spatial_replicator
from evocoop.games import NPersonStagHunt

CYCLE = [[0, -1, 1], [1, 0, -1], [-1, 1, 0]]


def coordination(strength, threshold):
    """Payoffs that give dx/dt = s x (1-x) (x-a)."""
    return [[strength * (1 - threshold), -strength * threshold], [0, 0]]


def bistable(places, time, threshold):
    """The front of s = D = 1: 1/(1 + exp((x - ct)/sqrt 2)), c = sqrt(1/2) (1 - 2a)."""
    return 1 / (1 + np.exp((places - np.sqrt(0.5) * (1 - 2 * threshold) * time) / np.sqrt(2)))


def test_second_order_in_space():
    """Halving the spacing quarters the largest error against the explicit front; measured orders 2.003 and 2.004."""
    errors = []
    for places in (40, 80, 160):
        x = (np.arange(places) + 0.5) * 40 / places - 20
        start = bistable(x, 0, 0.3)
        path = spatial_replicator(
            coordination(1, 0.3), shape=places, spacing=40 / places, start=np.stack([start, 1 - start], 1), time=10,
            samples=2,
        )  # fmt: skip
        errors.append(np.abs(path.final[:, 0] - bistable(x, 10, 0.3)).max())
    orders = np.log2(np.array(errors[:-1]) / errors[1:])
    assert orders == pytest.approx([2, 2], abs=0.05)
    assert errors[-1] < 1e-3


@pytest.mark.parametrize("threshold", [0.1, 0.4, 0.5, 0.8])
def test_speed_of_a_front_between_two_conventions(threshold):
    """sqrt(D s/2) (1 - 2a): Hutson & Vickers 1995; the front stands where the basins are equal."""
    path = spatial_replicator(coordination(2, threshold), shape=300, diffusion=0.5, spacing=0.1, time=16)
    assert path.front_speed() == pytest.approx(np.sqrt(0.5) * (1 - 2 * threshold), rel=3e-3, abs=1e-6)
    assert path.front_speed(1) == pytest.approx(-path.front_speed(0), abs=1e-6)


def test_fronts_on_the_coarsest_grid_are_within_two_percent():
    path = spatial_replicator(coordination(1, 0.3), shape=100, spacing=1.19, time=60)
    assert path.front_speed() == pytest.approx(np.sqrt(0.5) * 0.4, rel=0.02)


def test_explicit_front_of_a_dominant_strategy():
    """(1 + exp((x - ct)/sqrt 6))^-2 with c = 5/sqrt 6: Ablowitz & Zeppetella 1979."""
    x = (np.arange(300) + 0.5) * 0.2 - 25

    def wave(time):
        return (1 + np.exp((x - 5 * time / np.sqrt(6)) / np.sqrt(6))) ** -2.0

    start = np.stack([wave(0), 1 - wave(0)], 1)
    path = spatial_replicator([[1, 1], [0, 0]], shape=300, spacing=0.2, start=start, time=5, samples=2)
    assert path.final[50:250, 0] == pytest.approx(wave(5)[50:250], abs=3e-4)


def test_a_wave_on_a_plane_is_the_wave_on_a_line():
    ask = {"spacing": 0.5, "time": 8, "samples": 3, "step": 0.02}
    line = spatial_replicator(coordination(1, 0.2), shape=40, **ask)
    plane = spatial_replicator(coordination(1, 0.2), shape=(40, 5), **ask)
    assert plane.fields == pytest.approx(np.repeat(line.fields[:, :, None], 5, axis=2), abs=1e-14)
    turned = spatial_replicator(
        coordination(1, 0.2), shape=(5, 40), start=np.repeat(line.fields[:1], 5, axis=0), boundary="periodic", **ask
    )
    assert turned.fields.shape == (3, 5, 40, 2)


@pytest.mark.parametrize("rates", [1.0, (0.2, 1.0, 3.0), 0.0])
def test_the_same_everywhere_is_the_ordinary_equation(rates):
    """Rock-paper-scissors from (0.5, 0.3, 0.2) at time 10, integrated with 40 digits (Hofbauer & Sigmund 1998)."""
    path = spatial_replicator(CYCLE, shape=5, diffusion=rates, start=[0.5, 0.3, 0.2], time=10, spacing=0.25)
    assert path.fields[-1] == pytest.approx(np.tile([0.505043483, 0.204528724, 0.290427793], (5, 1)), abs=1e-6)
    assert path.fields.prod(axis=-1) == pytest.approx(np.full((101, 5), 0.03), rel=1e-5), "conserved"


@pytest.mark.parametrize("boundary", ["no_flux", "periodic"])
@pytest.mark.parametrize("shape", [64, (12, 10)])
def test_diffusion_alone_keeps_the_mean_and_evens_out(boundary, shape):
    """Neutral payoffs: the heat equation, whose slowest mode on a ring of length L decays with (2 pi/L)^2 D."""
    path = spatial_replicator(
        np.ones((2, 2)), shape=shape, pattern="random", boundary=boundary, spacing=1.0, time=20, seed=3, samples=5
    )
    assert path.shares[:, 0] == pytest.approx(np.full(5, path.shares[0, 0]), abs=1e-13)
    assert path.final[..., 0].std() < 0.2 * path.fields[0][..., 0].std()
    if shape == 64 and boundary == "periodic":
        wave = 0.5 + 0.4 * np.cos(2 * np.pi * np.arange(64) / 64)
        ask = {"shape": 64, "boundary": boundary, "spacing": 1.0, "time": 50.0, "samples": 2}
        smooth = spatial_replicator(np.ones((2, 2)), start=np.stack([wave, 1 - wave], 1), **ask)
        assert np.ptp(smooth.final[:, 0]) / 0.8 == pytest.approx(np.exp(-50 * (2 * np.pi / 64) ** 2), rel=1e-3)


@given(
    st.lists(st.sampled_from([-2, -1, -0.3, 0, 0.5, 1, 2]), min_size=9, max_size=9),
    st.lists(st.one_of(st.just(0.0), st.floats(0.05, 3)), min_size=3, max_size=3),
)
@settings(max_examples=20, deadline=None)
def test_shares_stay_in_the_simplex_at_the_longest_step(entries, rates):
    game = np.reshape(entries, (3, 3))
    spread, fastest, slowest = np.ptp(game, axis=0).max(), max(rates), min(rates)
    spacing = 1.0 if not any(rates) or spread == 0 else min(1.0, np.sqrt(min(r for r in rates if r) / spread))
    limit = 1 / (4 * (2 * fastest - slowest) / spacing**2 + spread + 1e-9)
    ask = {"shape": (7, 6), "diffusion": rates, "spacing": spacing, "pattern": "random", "step": min(limit, 5.0)}
    path = spatial_replicator(game, **ask, time=20 * min(limit, 5.0), samples=6, seed=1)
    assert path.fields.min() >= 0
    assert path.fields.sum(axis=-1) == pytest.approx(np.ones((6, 7, 6)), abs=1e-12)


@pytest.mark.parametrize("boundary", ["no_flux", "periodic"])
def test_an_outside_integrator_agrees(boundary):
    """Three strategies, unequal rates, a plane: the same equation in NumPy, integrated by SciPy's DOP853."""
    game, rates = np.array([[0, -1, 2], [1, 0, -1], [-1, 1.5, 0]]), np.array([0.3, 1.0, 2.0])
    start = np.random.default_rng(8).dirichlet([2, 2, 2], size=(6, 5))
    ask = {"shape": (6, 5), "spacing": 0.3, "diffusion": rates, "boundary": boundary, "time": 1.5, "samples": 2}

    def velocity(_, flat):
        x = flat.reshape(6, 5, 3)
        wide = np.pad(x, ((1, 1), (1, 1), (0, 0)), mode="wrap" if boundary == "periodic" else "edge")
        around = wide[2:, 1:-1] + wide[:-2, 1:-1] + wide[1:-1, 2:] + wide[1:-1, :-2] - 4 * x
        spread, f = rates * around / 0.3**2, x @ game.T
        mean = (x * f).sum(axis=-1, keepdims=True) + spread.sum(axis=-1, keepdims=True)
        return (x * (f - mean) + spread).ravel()

    theirs = solve_ivp(velocity, (0, 1.5), start.ravel(), method="DOP853", rtol=1e-10, atol=1e-12).y[:, -1]
    ours = spatial_replicator(game, start=start, **ask)
    assert ours.final.ravel() == pytest.approx(theirs, abs=5e-4)
    fine = spatial_replicator(game, start=start, step=ours.step / 8, **ask)
    assert fine.final.ravel() == pytest.approx(theirs, abs=3e-6), "a step an eighth as long: third order gives 1/512"


def test_unequal_rates_move_a_front_that_would_stand():
    """With local regulation the slower strategy of a fair coordination game is driven back or not, but not at rest."""
    fair = coordination(1, 0.5)
    standing = spatial_replicator(fair, shape=300, spacing=0.25, time=30).front_speed()
    moving = spatial_replicator(fair, shape=300, spacing=0.25, diffusion=[2.0, 0.5], time=30)
    mirrored = spatial_replicator(fair, shape=300, spacing=0.25, diffusion=[0.5, 2.0], time=30)
    assert abs(standing) < 1e-9
    assert abs(moving.front_speed()) > 0.01
    assert moving.front_speed() == pytest.approx(-mirrored.front_speed(), rel=1e-4)


def test_a_patch_smaller_than_critical_vanishes_and_a_larger_one_spreads():
    """A patch of the better convention needs a certain size: fronts of threshold 0.3 advance, small patches do not."""
    for places, wins in ((20, False), (400, True)):
        path = spatial_replicator(
            coordination(1, 0.3), shape=places, spacing=0.5, pattern="patch", time=40, boundary="periodic"
        )
        assert (path.shares[-1, 0] > path.shares[0, 0]) == wins


def test_groups_and_one_strategy():
    hunt = NPersonStagHunt(group_size=5, threshold=3, multiplier=4.0, cost=1.0)
    path = spatial_replicator(hunt, shape=60, time=20)
    assert path.strategies == ("C", "D")
    assert 0 < path.shares[-1, 0] < 1
    assert path.spacing == pytest.approx(path.front_width / 2)
    alone = spatial_replicator([[1.0]], shape=5, time=1)
    assert (alone.fields == 1).all()


def test_patterns():
    ask = {"shape": 30, "time": 1.0, "samples": 2, "spacing": 0.3}
    front = spatial_replicator(CYCLE, **ask).fields[0]
    assert front.argmax(axis=1).tolist() == [0] * 10 + [1] * 10 + [2] * 10
    patch = spatial_replicator(CYCLE, **ask, pattern="patch").fields[0]
    assert patch[12:18, 0].tolist() == [1] * 6
    assert patch[0].tolist() == [0, 0.5, 0.5]
    some = spatial_replicator(CYCLE, **ask | {"shape": 3000}, pattern="random", start=[0.7, 0.3, 0.0]).fields[0]
    assert some.max(axis=1).min() == 1
    assert abs(some[:, 0].mean() - 0.7) < 4.5 * np.sqrt(0.21 / 3000), "false alarm 7e-6"
    assert spatial_replicator(CYCLE, **ask, start=[0.2, 0.3, 0.5]).fields[0].tolist() == [[0.2, 0.3, 0.5]] * 30


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"step": 1.0}, "above .* the limit"),
        ({"spacing": 5.0}, "too coarse"),
        ({"shape": 10, "spacing": 0.2}, "too short for a front"),
        ({"shape": (2, 5)}, "shape"),
        ({"shape": (5, 5, 5)}, "line, or rows"),
        ({"shape": 5_000_000}, "places"),
        ({"diffusion": -1.0}, "diffusion"),
        ({"diffusion": [1, 2, 3]}, "each of 2 strategies"),
        ({"boundary": "open"}, "boundary"),
        ({"pattern": "spiral"}, "pattern"),
        ({"start": [0.5, 0.6]}, "sum to 1"),
        ({"start": [[0.5, 0.5]]}, "start must hold"),
        ({"start": np.full((200, 2), 0.5), "pattern": "front"}, "not both"),
        ({"samples": 1}, "samples"),
        ({"diffusion": 1e200}, "below 1e\\+100"),
        ({"shape": 2_000_000, "samples": 60}, "fewer samples"),
        ({"shape": 2_000_000, "samples": 2, "time": 1e6}, "too many"),
    ],
)
def test_refusals(wrong, said):
    with pytest.raises(InputError, match=said):
        spatial_replicator(coordination(1, 0.3), **wrong)


def test_speeds_are_refused_where_there_is_no_front():
    left = spatial_replicator(coordination(1, 0.1), shape=40, spacing=0.5, time=60)
    with pytest.raises(InputError, match="no front"):
        left.front_speed()
    ring = spatial_replicator(coordination(1, 0.1), shape=40, spacing=0.5, time=5, boundary="periodic")
    with pytest.raises(InputError, match="line with boundary"):
        ring.front_speed()
    with pytest.raises(InputError, match="unknown strategy"):
        left.front_speed("hare")
