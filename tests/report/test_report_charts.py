"""Charts in one call and the drawings behind them: titles equal to computed values, pictures that can be opened."""

from __future__ import annotations

import math
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evocoop.core.errors import InputError
from evocoop.dynamics import (
    bifurcation,
    invasion_diagram,
    pairwise_invasibility,
    replicator,
    rest_points,
    selection_roots,
    small_mutation_limit,
)
from evocoop.games import Commitment, ContinuousSnowdrift, MatrixGame, NPersonStagHunt, stag_hunt
from evocoop.report import Figure, charts
from evocoop.report.drawing.base import dodged
from evocoop.report.drawing.invasion import Arrow, drawn_arrows
from evocoop.report.drawing.simplex import corners, project
from evocoop.report.look import COLOURS, OTHERS, ink_on, styles
from evocoop.report.sections.gradient import roots
from evocoop.report.words import percent

SPIRAL = MatrixGame(payoffs=[[0, -1, 2], [2, 0, -1], [-1, 2, 0]], strategies=("Rock", "Paper", "Scissors"))
_WAVE = [(0.0, "unstable"), (0.5, "stable"), (1.0, "unstable")]
HUNT = NPersonStagHunt(group_size=10, threshold=5, multiplier=8.0, cost=1.0)


def said(figure: Figure) -> str:
    return figure.title.replace("\u00a0", " ")


def texts(figure: Figure) -> list[str]:
    """Return the texts written into a picture."""
    return ["".join(one.itertext()) for one in ElementTree.fromstring(figure.svg).iter() if one.tag.endswith("}text")]


def check_pictures(figure: Figure, folder: Path) -> None:
    """Check that a figure has its title, its words and its data, and can be written both ways."""
    drawn = ElementTree.fromstring(figure.svg)
    assert drawn.attrib["role"] == "img" and figure.title in drawn.attrib["aria-label"]
    assert figure.png.startswith(b"\x89PNG\r\n")
    assert figure.save(folder / "a.svg").read_text("utf-8") == figure.svg
    assert figure.save(str(folder / "a.png")).stat().st_size > 1000
    assert figure.rows and all(len(row) == len(figure.columns) for row in figure.rows)
    assert figure._repr_svg_() == figure.svg and figure.subtitle and figure.alt


@pytest.mark.parametrize("game", [SPIRAL, MatrixGame(payoffs=np.eye(4), strategies=("A", "B", "C", "D"))])
def test_simplex_shows_where_paths_end(game: Any, tmp_path: Path) -> None:
    figure = charts.simplex(game, starts=6, time=200.0)
    check_pictures(figure, tmp_path)
    assert set(game.strategies) <= set(texts(figure))
    if game is SPIRAL:
        assert said(figure).startswith("All 6 starts end with 33 % ")


def test_simplex_takes_a_trajectory_and_refuses_two_strategies() -> None:
    path = replicator(SPIRAL, starts=[[0.8, 0.1, 0.1]], time=1.0)
    assert charts.simplex(path).rows[0][:2] == [0, 0.0]
    with pytest.raises(InputError, match="three or four strategies, not 2"):
        charts.simplex(stag_hunt())


def test_corners_and_middle_of_the_simplex() -> None:
    for number in (3, 4):
        for place in range(number):
            assert project([float(i == place) for i in range(number)]) == corners(number)[place]
    assert project([1 / 3] * 3) == pytest.approx((0.5, math.sqrt(3) / 6))


def test_trajectories_of_two_and_of_more(tmp_path: Path) -> None:
    # (4, 0; 3, 3): hunting wins from above x = 3/4; starts are spread evenly over the simplex
    figure = charts.trajectories(replicator([[4, 0], [3, 3]], starts=[[0.9, 0.1], [0.5, 0.5], [0.1, 0.9]], time=80.0))
    check_pictures(figure, tmp_path)
    assert said(figure) == "Of 3 starts, 2 end with only 1 and 1 with only 0"
    spiral = charts.trajectories(replicator(SPIRAL, starts=2, time=1.0), start=1)
    assert {"Rock", "Paper", "Scissors"} <= set(texts(spiral))
    with pytest.raises(InputError, match=r"start must be in \[0, 1\], not 5"):
        charts.trajectories(replicator(SPIRAL, starts=2, time=1.0), start=5)


def test_gradient_marks_the_roots_that_selection_has(tmp_path: Path) -> None:
    figure = charts.gradient(HUNT, population_size=100, selection_strength=1.0)
    check_pictures(figure, tmp_path)
    known = [
        (root.fraction, root.stability) for root in selection_roots(HUNT, population_size=100, selection_strength=1.0)
    ]
    inner = [(place, kind) for place, kind in known if 0 < place < 1]
    found = [(place, kind) for _, place, kind in figure.rows if 0 < place < 1]
    assert [kind for _, kind in found] == [kind for _, kind in inner] == ["unstable", "stable"]
    assert [place for place, _ in found] == pytest.approx([place for place, _ in inner])
    assert percent(inner[0][0], 1) in figure.title and percent(inner[1][0], 1) in figure.title
    several = charts.gradient({"low": stag_hunt(), "high": HUNT}, population_size=20)
    assert {"low", "high"} <= set(texts(several))


def test_roots_of_a_sampled_gradient() -> None:
    points = [(k / 10, math.sin(2 * math.pi * k / 10)) for k in range(11)]
    assert [(round(place, 9), kind) for place, kind in roots(points)] == [
        (0.0, "unstable"),
        (0.5, "stable"),
        (1.0, "unstable"),
    ]
    assert roots([(0.0, 0.0), (0.5, 0.0), (1.0, 0.0)]) == []


def test_invasion_diagram_names_the_leader_and_its_invaders(tmp_path: Path) -> None:
    game = Commitment(proposal_cost=0.05, compensation=4.0)
    limit = small_mutation_limit(game, population_size=100, selection_strength=0.1)
    figure = charts.invasion(limit)
    check_pictures(figure, tmp_path)
    best = int(np.argmax(limit.prevalence))
    gain = np.exp(limit.fixation[best]) * 100
    invaders = [name for name, z_rho in zip(limit.strategies, gain, strict=True) if z_rho > 1.01]
    assert said(figure) == f"COMP ({percent(limit.prevalence[best])}) can be invaded by C (×{gain[1]:.1f})".replace(
        "\u00a0", " "
    )
    assert invaders == ["C"]
    behind = {(row[0], row[1]): row[2] for row in figure.rows}
    assert behind["D", "COMP"] == pytest.approx(math.exp(limit.fixation[2, 0]) * 100)
    diagram = invasion_diagram(game, population_size=100, selection_strength=0.1)
    assert charts.invasion(diagram).title == figure.title
    with pytest.raises(InputError, match="one strength"):
        charts.invasion(small_mutation_limit(game, population_size=100, selection_strength=[0.1, 1.0]))


def test_arrows_keep_the_strongest_out_of_each_node() -> None:
    arrows = [
        Arrow("a", "b", 3.0),
        Arrow("a", "c", 2.0),
        Arrow("b", "c", 0.5),
        Arrow("c", "a", -1.0),
        Arrow("b", "a", 1e-12),
    ]
    kept = drawn_arrows(arrows, ["a", "b", "c"], most=2)
    assert [(one.resident, one.mutant) for one in kept] == [("a", "b"), ("b", "c")]
    assert arrows[-1].neutral and [one.said for one in arrows[:3]] == ["×20", "×7.4", "×1.6"]


def test_prevalence_bars_hold_the_shares(tmp_path: Path) -> None:
    limit = small_mutation_limit(Commitment(), population_size=50, selection_strength=0.1)
    figure = charts.prevalence(limit)
    check_pictures(figure, tmp_path)
    assert dict(figure.rows) == dict(zip(limit.strategies, limit.prevalence, strict=True))
    assert percent(float(max(limit.prevalence)), 1) in texts(figure)


def test_heat_map_finds_the_best_replies(tmp_path: Path) -> None:
    figure = charts.heat_map(stag_hunt())
    check_pictures(figure, tmp_path)
    assert said(figure) == "Every strategy is a best reply to itself"
    assert said(charts.heat_map(SPIRAL)) == "No strategy is a best reply to itself"
    assert len(charts.heat_map(np.zeros((40, 40))).rows) == 1600
    with pytest.raises(InputError, match="two players, not of groups of 10"):
        charts.heat_map(HUNT)


def test_bifurcation_holds_every_rest_point(tmp_path: Path) -> None:
    values = [5.0, 8.0, 12.0]
    games = [NPersonStagHunt(group_size=10, threshold=5, multiplier=value, cost=1.0) for value in values]
    figure = charts.bifurcation(values, games, parameter="multiplier")
    check_pictures(figure, tmp_path)
    assert said(figure) == "1 stable rest point at multiplier = 5, 2 at 12"
    # Pacheco et al. 2009: at a multiplier of 8 an unstable root at 0.3468 and a stable one at 0.7068
    at8 = sorted((share, kind) for value, share, kind in figure.rows if value == 8.0)
    assert [kind for _, kind in at8] == ["stable", "unstable", "stable", "unstable"]
    assert [round(share, 4) for share, _ in at8] == [0.0, 0.3468, 0.7068, 1.0]
    assert charts.bifurcation(values, [rest_points(game) for game in games]).rows == figure.rows
    found = bifurcation(lambda value: games[values.index(value)] if value in values else games[0], values)
    assert charts.bifurcation(found, parameter="multiplier").rows == figure.rows
    with pytest.raises(InputError, match="one game for each value"):
        charts.bifurcation([1.0], [])
    with pytest.raises(InputError, match="no strategy 'X'"):
        charts.bifurcation(values, games, strategy="X")


def test_mutants_and_residents_in_one_call(tmp_path: Path) -> None:
    """Doebeli, Hauert & Killingback 2004, Science 306:859: at the branching point 0.6 every mutant invades."""
    game = ContinuousSnowdrift(benefit=6.0, benefit_curvature=-1.4, cost=4.56, cost_curvature=-1.6)
    found = pairwise_invasibility(game, grid=21)
    figure = charts.pairwise_invasibility(found)
    check_pictures(figure, tmp_path)
    assert figure.title == f"{percent(found.mutual.sum() / (21 * 20))} of pairs of effort can live side by side"
    among = {round(mutant, 6): gain for mutant, resident, gain in figure.rows if abs(resident - 0.6) < 1e-9}
    assert len(among) == 21 and all(gain > 0 for mutant, gain in among.items() if mutant != 0.6)


def test_only_two_endings_can_be_saved(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"\.svg or \.png"):
        charts.heat_map(stag_hunt()).save(tmp_path / "a.pdf")


def test_labels_keep_apart_and_inside() -> None:
    rng = np.random.default_rng(1)
    for number in range(1, 12):
        wished = rng.uniform(0, 100, number).tolist()
        places = dodged(wished, 240.0, gap=15.0)
        ordered = sorted(places)
        assert all(b - a >= 15.0 - 1e-9 for a, b in pairwise(ordered))
        assert max(places) <= 240.0 + 1e-9
        assert np.argsort(wished).tolist() == np.argsort(places).tolist()


def test_looks_differ_within_the_first_seven_and_by_dash_after() -> None:
    look = styles([f"s{i}" for i in range(21)])
    pairs = {(one.colour, one.dash) for name, one in look.items() if name != OTHERS}
    assert len(pairs) == 21 and len({look[f"s{i}"].colour for i in range(7)}) == 7


@pytest.mark.parametrize("colour", COLOURS)
def test_text_on_every_colour_is_readable(colour: str) -> None:
    """WCAG 2.1: contrast of at least 4.5 to 1 for the text written into bars."""

    def light(one: str) -> float:
        parts = [int(one[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((light(colour), light(ink_on(colour))), reverse=True)
    assert (high + 0.05) / (low + 0.05) >= 4.5


def test_importing_the_report_loads_no_charting_package() -> None:
    heavy = ("altair", "vl_convert", "polars", "numba", "axelrod")
    code = f"import sys, evocoop.report.write; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.strip() == "[]"
