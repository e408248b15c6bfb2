"""Published tournaments run from their shipped files and land on the published figures, as far as these go."""

from pathlib import Path

import polars as pl
import pytest
from published import HARPER, KNIGHT, QUICK, SECOND, second, tables

import evocoop
from evocoop.report.context import Context
from evocoop.report.sections.takeover import figures

FOLDER = Path(__file__).resolve().parents[2] / "experiments"


def run(name, folder, *settings):
    done = evocoop.run(FOLDER / f"{name}.toml", out=folder / "run", settings=["outputs.report=false", *settings])
    assert not done.failed
    return done


def test_harper_2017(tmp_path):
    """Within 0.02 (the library has changed since) and three standard errors of three repetitions."""
    done = run("harper-2017", tmp_path, "play.repetitions=3")
    frame = done.table("rankings").collect()
    for noise, published in HARPER.items():
        here = frame.filter(pl.col("play.noise") == noise).sort("score", descending=True)
        found = dict(here.select("strategy", "score").iter_rows())
        error = dict(here.select("strategy", "standard_error").iter_rows())
        assert len(found) == 176
        for name, score in published.items():
            assert found[name] == pytest.approx(score, abs=0.02 + 3 * error[name]), name
        first = here["strategy"].head(20).to_list()
        assert len(set(first) & set(published)) >= len(published) - 2


def test_knight_2018(tmp_path):
    """Within 0.006 in pairs, and 0.016 in populations of 14, where the paper sampled outcomes of matches."""
    done = run("knight-2018", tmp_path, "play.repetitions=3", 'outputs.tables=["fixation"]')
    means = done.table("fixation").group_by("dynamics.population_size", "mutant").agg(pl.col("probability").mean())
    frame = means.collect()
    for size, published in KNIGHT.items():
        here = frame.filter(pl.col("dynamics.population_size") == size).sort("probability", descending=True)
        found = dict(here.select("mutant", "probability").iter_rows())
        assert len(found) == 164
        for name, probability in published.items():
            assert found[name] == pytest.approx(probability, abs=0.006 if size == 2 else 0.016), name
        assert here["mutant"][0] == next(iter(published))
    pairs, larger = figures(Context(done))
    assert "CollectiveStrategy takes over most often" in pairs.title.replace("\u00a0", " ")
    assert "EvolvedFSM16 takes over most often" in larger.title.replace("\u00a0", " ") and len(larger.rows) == 164


def test_axelrods_second_tournament(tmp_path):
    names = [name for name, _ in second(run("axelrod-second-tournament", tmp_path))]
    assert len(set(list(SECOND)[:10]) & set(names[:10])) == 8
    assert names[:2] == ["SecondByHarrington", "SecondByRichardHufford"]
    assert names[-1] == "Random"


def test_the_documentation_sets_published_figures_beside_ours(tmp_path):
    """All rows of the quick tournaments; of the others, run with fewer repetitions here, what is published."""
    text = (FOLDER.parent / "docs" / "experiments.md").read_text("utf-8")
    rows = list(filter(None, tables(tmp_path, QUICK)))
    assert len(rows) > 45
    assert [row for row in rows if row not in text] == []
    for digits, groups in ((3, HARPER), (4, KNIGHT)):
        known = [one for published in groups.values() for one in published.items()]
        assert all(f"| {name} | {figure:.{digits}f} | " in text for name, figure in known)
