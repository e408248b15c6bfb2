"""Published tournaments run from their shipped files and land on the published figures, as far as these go."""

from pathlib import Path

import polars as pl
import pytest

import evocoop
from evocoop.report.context import Context
from evocoop.report.sections.takeover import figures

FOLDER = Path(__file__).resolve().parents[2] / "experiments"


def run(name, folder, *settings):
    done = evocoop.run(FOLDER / f"{name}.toml", out=folder / "run", settings=["outputs.report=false", *settings])
    assert not done.failed
    return done


HARPER = {
    0.0: {
        "EvolvedLookerUp2_2_2": 2.955,
        "EvolvedHMM5": 2.954,
        "EvolvedFSM16": 2.952,
        "PSOGambler2_2_2": 2.938,
        "EvolvedFSM16Noise05": 2.919,
        "PSOGambler1_1_1": 2.912,
        "EvolvedANN5": 2.912,
        "EvolvedFSM4": 2.910,
        "EvolvedANN": 2.907,
        "PSOGamblerMem1": 2.901,
        "DBS": 2.857,
        "Winner12": 2.849,
        "FoolMeOnce": 2.844,
        "OmegaTFT": 2.841,
    },
    0.05: {
        "DBS": 2.573,
        "EvolvedFSM16Noise05": 2.515,
        "EvolvedFSM4": 2.393,
        "EvolvedHMM5": 2.392,
        "LevelPunisher": 2.388,
        "OmegaTFT": 2.387,
        "SpitefulTitForTat": 2.383,
        "EvolvedFSM16": 2.375,
        "PSOGambler2_2_2_Noise05": 2.371,
        "Adaptive": 2.369,
        "MathConstantHunter": 2.344,
        "OriginalGradual": 2.341,
    },
}
"""Mean scores a turn of Harper et al. 2017, PLoS ONE 12(12):e0188046, tables of the best 15 of 176."""


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


KNIGHT = {
    2: {
        "CollectiveStrategy": 0.6651,
        "Defector": 0.6496,
        "Aggravater": 0.6328,
        "Predator": 0.6301,
        "Handshake": 0.6240,
        "Prober4": 0.6183,
    },
    14: {
        "EvolvedFSM16": 0.2096,
        "PSOGambler2_2_2": 0.2042,
        "EvolvedLookerUp2_2_2": 0.2014,
        "EvolvedANN": 0.2014,
        "EvolvedANN5": 0.2004,
        "EvolvedHMM5": 0.1972,
    },
}
"""Mean fixation probabilities of Knight et al. 2018, PLoS ONE 13(10):e0204981."""


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


FORTRAN_TEN = {
    *("TitForTat", "SecondByBorufsen", "SecondByWmAdams", "SecondByCave", "SecondByHarrington", "SecondByKluepfel"),
    *("SecondByTidemanAndChieruzzi", "SecondByWeiner", "SecondByGraaskampKatzen", "SecondByLeyvraz"),
}
"""The ten that lead when the 63 entries are run again: Knight et al., Revisiting Axelrod's second tournament."""


def test_axelrods_second_tournament(tmp_path):
    done = run("axelrod-second-tournament", tmp_path)
    turns = pl.col("play.turns")
    mean = (pl.col("score") * turns).sum() / turns.sum()
    frame = done.table("rankings").group_by("strategy").agg(score=mean).sort("score", descending=True).collect()
    assert len(FORTRAN_TEN & set(frame["strategy"].head(10))) == 8
    assert frame["strategy"].head(2).to_list() == ["SecondByHarrington", "SecondByRichardHufford"]
    assert frame["strategy"][-1] == "Random"
