"""The diffusion limit and space in experiment files: tables hold what the functions give, the report draws it."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evocoop.config import parse_experiment
from evocoop.core.errors import EvocoopError, InputError
from evocoop.dynamics import diffusion, diffusion_fixation, spatial_replicator, stationary_distribution
from evocoop.report import charts, export_charts, write_report
from evocoop.report.drawing.fields import FieldPanel, fields_picture
from evocoop.runs import open_run
from evocoop.runs.face import run

ABOUT = 'schema_version = 1\n[experiment]\nname = "waves"\nquestion = "Who spreads?"\nseed = 5\n'
GAME = '[[games]]\nname = "matrix"\nlabel = "hunt"\npayoffs = [[4, 0], [3, 3]]\nstrategies = ["stag", "hare <b>"]\n'
NOISE = (
    '[[dynamics]]\nname = "diffusion"\npopulation_size = 40\nselection_strength = 0.1\ntime = 20.0\nseed = 7\n'
    "step = 0.1\n"
)
LINE = '[[dynamics]]\nname = "spatial_replicator"\nlabel = "line"\nshape = [60]\ntime = 5.0\n'
PLANE = (
    '[[dynamics]]\nname = "spatial_replicator"\nlabel = "plane"\nshape = [9, 60]\npattern = "patch"\n\n'
    'start = [0.0, 1.0]\ndiffusion = [1.0, 0.5]\nboundary = "periodic"\ntime = 2.0\n'
)
_FINITE = "population_size = 40\nselection_strength = 0.02\n"
LIMIT = (
    f'[[dynamics]]\nname = "diffusion_fixation"\n{_FINITE}start = 3\n\n'
    f'[[dynamics]]\nname = "diffusion_stationary"\n{_FINITE}mutation = 0.01\n'
)
HUNT = [[4, 0], [3, 3]]


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("runs") / "file.toml"
    path.write_text("\n".join((ABOUT, GAME, NOISE, LINE, PLANE, LIMIT)))
    return run(path, out=path.parent / "run").path


def rows(path: Path, kind: str, dynamics: str) -> list[dict[str, Any]]:
    found = open_run(path).table(kind).collect().to_dicts()
    return [row for row in found if row["dynamics"] == dynamics]


def test_noisy_paths_come_with_their_standard_errors(finished: Path) -> None:
    ask: Any = {"population_size": 40, "selection_strength": 0.1, "time": 20.0, "step": 0.1, "seed": 7}
    runs = diffusion(HUNT, **ask, replicates=20)
    path = [row for row in rows(finished, "trajectories", "diffusion") if row["strategy"] == "stag"]
    assert [row["time"] for row in path] == runs.times.tolist()
    assert [row["share"] for row in path] == pytest.approx(runs.paths[0, :, :, 0].mean(axis=0))
    spread = runs.paths[0, :, :, 0].std(axis=0, ddof=1) / np.sqrt(20)
    assert [row["standard_error"] for row in path] == pytest.approx(spread)
    shares = rows(finished, "prevalence", "diffusion")
    assert [row["share"] for row in shares] == pytest.approx(runs.shares)
    assert [row["standard_error"] for row in shares] == pytest.approx(runs.standard_errors)
    assert not any(row["exact"] for row in shares)


def test_the_limit_of_two_strategies_is_marked_as_approximate(finished: Path) -> None:
    ask: Any = {"population_size": 40, "selection_strength": 0.02}
    chances, times = rows(finished, "fixation", "diffusion_fixation"), rows(finished, "times", "diffusion_fixation")
    assert [row["mutant"] for row in chances] == ["stag", "hare <b>"]
    for k, row in enumerate(chances):
        limit = diffusion_fixation(HUNT, **ask, mutant=k, resident=1 - k, start=3)
        steps = [40 * one for one in (limit.unconditional, limit.conditional, limit.extinction)]
        assert (row["probability"], row["neutral"]) == pytest.approx((limit.probability, 3 / 40))
        assert [one["steps"] for one in times if one["mutant"] == row["mutant"]] == pytest.approx(steps)
    states = [row for row in rows(finished, "stationary", "diffusion_stationary") if row["strategy"] == "stag"]
    chain = stationary_distribution(HUNT, **ask, mutation=0.01).probabilities
    assert [row["count"] for row in states] == list(range(41))
    assert sum(row["probability"] for row in states) == pytest.approx(1.0)
    assert [row["probability"] for row in states] == pytest.approx(chain, abs=3e-3)
    shares = rows(finished, "prevalence", "diffusion_stationary")
    assert not any(row["exact"] or row["standard_error"] is not None for row in (*chances, *times, *states, *shares))


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ('name = "diffusion_fixation"\nstart = 40', "start must be fewer mutants than population_size 40"),
        ('name = "diffusion_fixation"\nmutant = "stagg"', "did you mean 'stag'"),
        ('name = "diffusion_fixation"\nprocess = "introspection"', "'introspection' is not allowed"),
        ('name = "diffusion_stationary"\nmutation = 0.0', "mutation must be above 0"),
        ('name = "diffusion_stationary"', "mutation: is missing"),
    ],
)
def test_what_has_no_limit_is_refused_before_a_run(asked: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        parse_experiment("\n".join((ABOUT, GAME, f"[[dynamics]]\n{asked}\n{_FINITE}")).encode())


def test_fields_hold_places_and_times(finished: Path) -> None:
    wave = spatial_replicator(HUNT, shape=60, time=5.0, pattern="front")
    field = rows(finished, "fields", "line")
    assert {row["y"] for row in field} == {None}
    assert len(field) == 48 * 60 * 2
    last = [row for row in field if row["time"] == 5.0 and row["strategy"] == "stag"]
    assert [row["share"] for row in last] == pytest.approx(wave.final[:, 0])
    assert [row["x"] for row in last] == pytest.approx((np.arange(60) + 0.5) * wave.spacing)
    ends = {row["strategy"]: row["share"] for row in rows(finished, "prevalence", "line")}
    assert ends["stag"] == pytest.approx(wave.shares[-1, 0])
    plane = rows(finished, "fields", "plane")
    assert len({row["time"] for row in plane}) == 3
    assert (len({row["y"] for row in plane}), len({row["x"] for row in plane})) == (9, 48)


def test_the_report_draws_line_and_plane(finished: Path) -> None:
    page = write_report(finished).read_text(encoding="utf-8")
    assert 'id="fields-hunt-line"' in page
    assert 'id="fields-hunt-plane"' in page
    assert "hare <b>" not in page
    drawn = {path.stem: path for path in export_charts(finished)}
    for name in ("fields-hunt-line", "fields-hunt-plane"):
        assert "hare &lt;b&gt;" in drawn[name].read_text(encoding="utf-8")
        ET.fromstring(drawn[name].read_text(encoding="utf-8"))


def test_a_chart_in_one_call() -> None:
    wave = spatial_replicator([[1, 1], [0, 0]], shape=80, time=8.0, samples=20)
    figure = charts.places(wave)
    assert figure.title.startswith("0 spreads from 50")
    assert len(figure.rows) == 20
    assert ET.fromstring(figure.svg).tag.endswith("svg")
    ring = spatial_replicator(HUNT, shape=(12, 12), start=[0.75, 0.25], time=1.0)
    assert charts.places(ring).title.startswith("Nothing changes much")


def test_places_have_the_mixed_colour() -> None:
    """Half black, half white is grey; neighbours alike are drawn as one."""
    shares = np.array([[[1.0, 0.0], [1.0, 0.0], [0.5, 0.5]]])
    drawn = fields_picture(
        [FieldPanel(shares, "", ("", "", ""), ("", "", ""), 30, 10)], [("a", "#000000"), ("b", "#ffffff")]
    )
    assert '<path fill="#000000" d="M0.00 0.00h20.00v10.00h-20.00z"/>' in drawn
    assert '<path fill="#808080" d="M20.00 0.00h10.00v10.00h-10.00z"/>' in drawn


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("shape = [5, 5, 5]", "line, or rows and columns"),
        ("shape = [4.5]", "shape must be a whole number"),
        ("shape = [900, 900]", "too many places to record"),
        ("diffusion = [1.0, 2.0, 3.0]", "each of 2 strategies"),
        ("start = [1.0]", "2 shares"),
        ('pattern = "spiral"', "not allowed"),
    ],
)
def test_what_does_not_fit_is_refused_before_a_run(wrong: str, said: str) -> None:
    text = "\n".join((ABOUT, GAME, '[[dynamics]]\nname = "spatial_replicator"\n', wrong))
    with pytest.raises(InputError, match=said):
        parse_experiment(text.encode())


def test_what_only_payoffs_can_tell_fails_in_its_cell(tmp_path: Path) -> None:
    path = tmp_path / "file.toml"
    path.write_text("\n".join((ABOUT, GAME, '[[dynamics]]\nname = "spatial_replicator"\nspacing = 9.0\n')))
    try:
        found = run(path, out=tmp_path / "run")
    except EvocoopError as error:
        assert "too coarse" in str(error)
    else:
        assert "too coarse" in str(found.failed)
