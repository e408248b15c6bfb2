"""Basins of attraction, bifurcations, phase diagrams, flow fields - and all of it asked for in an experiment file."""

import numpy as np
import pytest

from evocoop.core.errors import InputError
from evocoop.dynamics import basins, bifurcation, bifurcation_of_noise, flow_field, phase_diagram, velocities
from evocoop.dynamics.infinite.areas import divided
from evocoop.dynamics.infinite.fields import corners
from evocoop.dynamics.infinite.setting import DYNAMICS
from evocoop.games import NPersonStagHunt
from evocoop.games.payoffs import PayoffTable


def hunt(multiplier, size=10, threshold=5):
    return NPersonStagHunt(group_size=size, threshold=threshold, multiplier=multiplier, cost=1.0)


def test_stag_hunt():
    """Skyrms 2004: the stag's basin is everything above 3/4, under every dynamic that follows the sign of the gain."""
    for dynamic in ("replicator", "imitative_logit", "best_response", "smith", "bnn", "projection"):
        found = basins([[4, 0], [3, 3]], dynamic=dynamic)
        assert dict(zip(found.attractors, found.shares, strict=True)) == pytest.approx({"0": 0.25, "1": 0.75})
        assert found.exact and not found.standard_errors.any() and (found.bounds[:, 0] == found.shares).all()


def test_n_person_stag_hunt():
    """Pacheco et al. 2009: above x_L = 0.346798 hunting settles at x_R = 0.706795."""
    found = basins(hunt(8.0))
    assert found.attractors == ("70.7 % C + 29.3 % D", "D")
    assert found.strategies == (None, "D")
    assert found.shares == pytest.approx([1 - 0.346798022721, 0.346798022721], abs=1e-11)
    assert basins(hunt(5.0)).shares.tolist() == [1.0]


def test_one_side_of_a_touching_root():
    """Gain (1-2x)^2: the half-stable point holds the lower half."""
    found = basins(PayoffTable(("A", "B"), [[1, -1, 1], [0, 0, 0]], group_size=3))
    assert found.shares.tolist() == [0.5, 0.5] and found.points[:, 0].tolist() == [1.0, 0.5]


def test_nothing_moves():
    found = basins(np.ones((2, 2)))
    assert found.attractors == ("elsewhere",) and found.shares.tolist() == [1.0]


def corner_areas(*weights):
    """Areas of where each of ``a_i x_i`` is largest: the corner, two points of the edges, and the middle point."""
    a = np.array(weights)
    centre, found = (1 / a) / (1 / a).sum(), []
    for i in range(3):
        j, k = (i + 1) % 3, (i + 2) % 3
        side = np.zeros((2, 3))
        side[0, [i, j]] = a[j] / (a[i] + a[j]), a[i] / (a[i] + a[j])
        side[1, [i, k]] = a[k] / (a[i] + a[k]), a[i] / (a[i] + a[k])
        x, y = np.array([np.eye(3)[i], side[0], centre, side[1]])[:, :2].T
        found.append(abs(x @ np.roll(y, -1) - y @ np.roll(x, -1)))
    return np.array(found)


@pytest.mark.parametrize("dynamic", ["best_response", "replicator"])
def test_three_strategies_are_bounded(dynamic):
    """On a diagonal game both keep the order of a_i x_i, and end at the corner where it is largest: known areas."""
    for weights in ((1.0, 1.0, 1.0), (1.0, 2.0, 3.0)):
        areas, widths = corner_areas(*weights), []
        assert areas.sum() == pytest.approx(1.0)
        for starts in (300, 2000):
            found = basins(np.diag(weights), dynamic=dynamic, starts=starts)
            order = [int(name) for name in found.attractors]
            assert not found.exact and starts / 2 < found.starts <= 2.5 * starts and sorted(order) == [0, 1, 2]
            assert (found.bounds[:, 0] < areas[order]).all() and (areas[order] < found.bounds[:, 1]).all()
            assert np.abs(found.shares - areas[order]).max() < 1 / starts
            assert (found.bounds[:, 0] <= found.shares).all() and (found.shares <= found.bounds[:, 1]).all()
            widths.append(np.ptp(found.bounds, axis=1).max())
            assert found.standard_errors == pytest.approx(np.ptp(found.bounds, axis=1) / 4)
        assert widths[1] < widths[0] / 4 and widths[1] < 0.7 * 2 * 1.96 * (0.25 / 2000) ** 0.5, "than that of a sample"


def test_areas_of_any_labels():
    """Half planes and a strip: bounds hold and shrink; a small disc is missed, and found once its middle is known."""
    for label, area in (
        (lambda x: (x[:, 0] > 0.3).astype(int), 0.49),
        (lambda x: (np.abs(x[:, 1] - 0.4) < 0.04).astype(int), 0.64**2 - 0.56**2),
    ):
        for most in (1000, 8000):
            found = divided(label, most)
            low, high = found.bounds[found.labels.tolist().index(1)]
            assert low < area < high and found.points <= 2.5 * most
        assert high - low < 0.02 and found.shares[1] == pytest.approx(area, abs=2e-4)

    def disc(x):
        return (((x - [0.31, 0.33, 0.36]) ** 2).sum(axis=1) < 1e-5).astype(np.int64)

    assert divided(disc, 400).labels.tolist() == [0]
    found = divided(disc, 3000, lambda: [np.array([0.0, 0.0, 1.0]), np.array([0.31, 0.33, 0.36])])
    share = np.pi * 1e-5 / (np.sqrt(3) / 2)
    assert found.labels.tolist() == [0, 1] and found.bounds[1, 0] <= share <= found.bounds[1, 1]
    assert found.shares[1] == pytest.approx(share, rel=0.1)


def test_four_strategies_are_sampled():
    """Four equal corners hold a quarter each. False alarm below 1e-4 (four standard errors)."""
    found = basins(np.eye(4), dynamic="best_response", starts=1024)
    assert found.starts == 1024 and found.traced is None
    assert np.abs(found.shares - 0.25).max() < 4 * found.standard_errors.max()
    assert (found.bounds[:, 0] < 0.25).all() and (found.bounds[:, 1] > 0.25).all()
    two = basins(np.eye(4), dynamic="best_response", starts=1024, workers=2)
    assert (two.shares == found.shares).all()


def test_cycles_end_elsewhere():
    cycle = [[0, -1, 1], [1, 0, -1], [-1, 1, 0]]
    found = basins(cycle, starts=16, time=50)
    assert found.attractors == ("elsewhere",) and np.isnan(found.points).all()
    inward = basins(np.array(cycle) + np.array([[0, 0, 1], [1, 0, 0], [0, 1, 0]]), starts=16, time=500)
    assert inward.attractors == ("33.3 % 0 + 33.3 % 1 + 33.3 % 2",) and inward.shares.tolist() == [1.0]
    assert inward.bounds[0].tolist() == pytest.approx([1 - (1 - 0.025 ** (1 / 16)), 1.0]), "16 of 16: Clopper-Pearson"


def test_groups_of_three_strategies():
    random = np.random.default_rng(0)
    table = PayoffTable(("a", "b", "c"), random.normal(size=(3, 15)), group_size=5)
    found = basins(table, starts=64)
    assert "elsewhere" not in found.attractors and found.shares.sum() == pytest.approx(1)
    again = basins(table, starts=64)
    assert (again.shares == found.shares).all() and again.attractors == found.attractors


def test_bifurcation_of_the_hunt():
    """Pacheco et al. 2009: two rest points appear at F* = 5.77878103837; above N = 10 only the threshold is left."""
    found = bifurcation(hunt, [4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 11.0, 12.0], tolerance=1e-10)
    assert found.complete and found.strategies == ("C", "D")
    assert found.critical.mean(axis=1) == pytest.approx([5.77878103837, 10.0], abs=1e-9)
    lines = {branch.stability[0]: branch for branch in found.branches if 0 < branch.shares[0, 0] < 1}
    assert lines["unstable"].values.tolist() == [6, 7, 8, 9, 11, 12] and lines["stable"].values.tolist() == [6, 7, 8, 9]
    assert lines["unstable"].shares[[0, 2, 5], 0] == pytest.approx([0.444550313937, 0.346798022721, 0.281208918663])
    assert lines["stable"].shares[[0, 2], 0] == pytest.approx([0.559983861062, 0.706795369432])


def test_bifurcation_of_given_games():
    found = bifurcation([[[1, 0], [b, 0.5]] for b in (0.5, 1.5)], [0.5, 1.5])
    assert found.critical.tolist() == [[0.5, 1.5]] and [len(one.points) for one in found.found] == [3, 2]


def test_bifurcation_of_the_logit_noise():
    """Coordination on diag(1,1): 2 x (1-x) / eta = 1 at x = 1/2, so three rest points become one at eta = 1/2."""
    found = bifurcation_of_noise(np.eye(2), np.linspace(0.3, 0.7, 5), tolerance=1e-6)
    assert [len(one.points) for one in found.found][::4] == [3, 1]
    assert found.critical.mean() == pytest.approx(0.5, abs=2e-4)
    counts = [
        len(one.points) for one in bifurcation_of_noise(np.diag([1.0, 2, 3]), [0.1, 0.5, 1.0], tolerance=1.0).found
    ]
    assert counts == [7, 3, 1]


def test_phase_diagram_of_the_dilemmas():
    """Harmony, snowdrift, stag hunt and prisoner's dilemma in the plane of T and S (R=1, P=0)."""
    found = phase_diagram(lambda t, s: [[1, s], [t, 0]], [0.5, 1.5], [-0.5, 0.5])
    words = {(t, s): found.descriptions[found.regimes[t, s]] for t in (0, 1) for s in (0, 1)}
    assert words == {
        (0, 0): "stable: 0, 1; unstable: 0 + 1",
        (0, 1): "stable: 0; unstable: 1",
        (1, 0): "stable: 1; unstable: 0",
        (1, 1): "stable: 0 + 1; unstable: 0, 1",
    }


def test_phase_diagram_of_hunts():
    """Pacheco et al. 2009, table 2: nothing, coexistence, coordination along F for N = 5."""
    found = phase_diagram(lambda m, f: hunt(f, 5, int(m)), [2, 3], [2.0, 4.0, 6.0])
    said = [found.descriptions[k] for k in found.regimes[1]]
    assert said[0] == "stable: D; unstable: C" and said[2] == "stable: C, D; unstable: C + D"
    assert said[1] == "stable: C + D, D; unstable: C, C + D"


def test_flow_field():
    cycle = [[0, -1, 1], [1, 0, -1], [-1, 1, 0]]
    field = flow_field(cycle, resolution=6)
    assert field.points.shape == (28, 3) and field.places.shape == field.arrows.shape == (28, 2)
    centre = int(np.abs(field.points - 1 / 3).max(axis=1).argmin())
    assert field.speeds[centre] == pytest.approx(0, abs=1e-15) and field.speeds.max() > 0.1
    solid = flow_field(np.diag([1.0, 2, 3, 4]), resolution=4, dynamic="logit", noise=0.2)
    assert solid.places.shape == (35, 3) and np.abs(solid.velocities.sum(axis=1)).max() < 1e-14


@pytest.mark.parametrize("n", [2, 3, 4, 5])
def test_corners_are_one_apart(n):
    places = corners(n)
    apart = np.linalg.norm(places[:, None] - places[None, :], axis=2)
    assert apart == pytest.approx(1.0 - np.eye(n), abs=1e-12)


def test_refusals():
    with pytest.raises(InputError, match="ascending"):
        bifurcation(hunt, [8.0, 6.0])
    with pytest.raises(InputError, match="one game for each value"):
        bifurcation([np.eye(2)], [1.0, 2.0])
    with pytest.raises(InputError, match="same strategies"):
        bifurcation([np.eye(2), np.eye(3)], [1.0, 2.0])
    with pytest.raises(InputError, match="resolution"):
        flow_field(np.eye(3), resolution=0)
    with pytest.raises(InputError, match="too large"):
        flow_field(np.eye(6), resolution=200)
    with pytest.raises(InputError, match="2 columns"):
        velocities(np.eye(2), [[1, 0, 0]])
    with pytest.raises(InputError, match="starts"):
        basins(np.eye(3), starts=0)


def test_registry_and_functions_agree():
    from evocoop.dynamics.registry import DYNAMICS as REGISTRY

    kinds = next(p for p in REGISTRY.find("rest_points").parameters if p.name == "dynamic").choices
    assert set(kinds) == set(DYNAMICS)
    for name in DYNAMICS:
        assert REGISTRY.find(name).load().__name__ == name


FILE = """
schema_version = 1
[experiment]
name = "infinite"
question = "Where does a hunt of five go?"
[game]
name = "n_person_stag_hunt"
group_size = 5
threshold = 3
multiplier = 4.0
cost = 1.0
[[dynamics]]
name = "replicator"
start = [0.5, 0.5]
time = 200.0
[[dynamics]]
name = "smith"
starts = 4
time = 50.0
[[dynamics]]
name = "discrete_replicator"
background = 10.0
[[dynamics]]
name = "rest_points"
[[dynamics]]
name = "basins"
"""


def test_asked_in_an_experiment_file(tmp_path):
    polars = pytest.importorskip("polars")
    from typer.testing import CliRunner

    from evocoop.cli.app import app

    (tmp_path / "infinite.toml").write_text(FILE, "utf-8")
    done = CliRunner().invoke(app, ["run", str(tmp_path / "infinite.toml"), "--out", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    rows = polars.read_parquet(tmp_path / "out" / "results" / "basins.parquet")
    assert rows.filter(polars.col("attractor") == "D")["share"].item() == pytest.approx(0.412116223447)
    assert rows["exact"].all()
    paths = polars.read_parquet(tmp_path / "out" / "results" / "trajectories.parquet")
    assert paths.group_by("dynamics").agg(polars.col("start").n_unique()).sort("dynamics")["start"].to_list() == [
        20,
        1,
        4,
    ]
    ends = polars.read_parquet(tmp_path / "out" / "results" / "prevalence.parquet").filter(strategy="C")
    assert ends.filter(dynamics="replicator")["share"].item() == pytest.approx(0.81550624422)
    points = polars.read_parquet(tmp_path / "out" / "results" / "rest_points.parquet").filter(strategy="C")
    assert points.filter(stability="stable")["share"].sort().to_list() == pytest.approx([0.0, 0.81550624422])


@pytest.mark.parametrize("n", [2, 3, 4])
def test_attractors_stand_in_the_order_of_the_strategies(n: int) -> None:
    for order in ([1.0, 2.0, 3.0, 4.0], [3.0, 4.0, 1.0, 2.0]):
        found = basins(np.diag(order[:n]), starts=200)
        assert found.attractors == tuple(str(k) for k in range(n))
