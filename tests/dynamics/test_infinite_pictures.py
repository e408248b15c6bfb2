"""Pictures of infinite populations in one call: what they say is what the dynamics found."""

import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest

from evocoop.dynamics import basins, bifurcation, phase_diagram, rest_points, trajectory
from evocoop.games import NPersonStagHunt
from evocoop.report import charts


def written(figure):
    return ["".join(one.itertext()) for one in ElementTree.fromstring(figure.svg).iter() if one.tag.endswith("}text")]


def test_phase_diagram_of_the_dilemmas():
    """Harmony, snowdrift, stag hunt and prisoner's dilemma in the plane of T and S: four regimes, each named."""
    found = phase_diagram(lambda t, s: [[1, s], [t, 0]], [0.5, 1.5], [-0.5, 0.5])
    figure = charts.phase_diagram(found, first="T", second="S")
    assert figure.title == "4 regimes over T and S"
    assert {tuple(row[:2]): row[3] for row in figure.rows} == {
        (0.5, -0.5): "stable: 0, 1; unstable: 0 + 1",
        (0.5, 0.5): "stable: 0; unstable: 1",
        (1.5, -0.5): "stable: 1; unstable: 0",
        (1.5, 0.5): "stable: 0 + 1; unstable: 0, 1",
    }
    texts = written(figure)
    assert {"A", "B", "C", "D", "T", "S", "0.5", "-0.5"} <= {text.replace("\u2212", "-") for text in texts}
    assert all(words in figure.subtitle for words in found.descriptions)
    assert figure.png.startswith(b"\x89PNG")


def test_many_values_make_small_tiles_with_a_legend():
    found = phase_diagram(lambda t, s: [[1, s], [t, 0]], np.linspace(0.1, 1.9, 30), [-0.5, 0.5])
    texts = written(charts.phase_diagram(found))
    assert len(found.descriptions) == 4 and texts.count("A") == 1


def test_basins_as_bars():
    """Skyrms 2004: three quarters of the starting points end with everybody hunting hare."""
    figure = charts.basins([[4, 0], [3, 3]])
    assert figure.title.replace("\u00a0", " ") == "Of all starting points, 75 % at 1 and 25 % at 0 end"
    assert figure.rows == [("1", 0.75, 0.0), ("0", 0.25, 0.0)]
    found = basins(np.diag([1.0, 2, 3]), dynamic="best_response", starts=64)
    sampled = charts.basins(found)
    assert [row[1] for row in sampled.rows] == sorted(found.shares.tolist(), reverse=True)
    errors = dict(zip(found.attractors, found.standard_errors.tolist(), strict=True))
    assert [row[2] for row in sampled.rows] == pytest.approx([errors[row[0]] for row in sampled.rows])


def test_simplex_of_any_dynamic_has_its_own_rest_points():
    """Logit on diag(1,2,3) with noise 0.5 rests at three points only, here with the default 0.1 at seven."""
    figure = charts.simplex(np.diag([1.0, 2, 3]), dynamic="logit", starts=6)
    assert figure.note and len(figure.rows) == 12
    ends = np.array([row[2:] for row in figure.rows[1::2]])
    found = rest_points(np.diag([1.0, 2, 3]), dynamic="logit").stable
    assert all(min(np.abs(end - point.shares).max() for point in found) < 1e-6 for end in ends)
    solid = charts.simplex(trajectory(np.diag([1.0, 2, 3, 4]), dynamic="smith", starts=3, time=5))
    assert solid.columns == ("start", "time", "0", "1", "2", "3")


def test_bifurcation_that_is_found_already():
    found = bifurcation(lambda f: NPersonStagHunt(group_size=10, threshold=5, multiplier=f, cost=1.0), [4.0, 6.0, 8.0])
    figure = charts.bifurcation(found.values, found.found, parameter="F")
    assert len(figure.rows) == sum(len(one.points) for one in found.found) == 2 + 4 + 4
