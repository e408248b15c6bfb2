"""Continuous traits in experiment files: the tables hold what the functions give, and what does not fit is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evocoop.config import parse_experiment
from evocoop.core.errors import ConfigError
from evocoop.dynamics import adaptive_dynamics, pairwise_invasibility, singular_strategies
from evocoop.games import ContinuousSnowdrift, ReactiveDilemma
from evocoop.report import write_report
from evocoop.runs import open_run
from evocoop.runs.face import run

ABOUT = 'schema_version = 1\n[experiment]\nname = "traits"\nquestion = "Do they split?"\nseed = 3\n'
SNOWDRIFT = '[game]\nname = "continuous_snowdrift"\n'
REACTIVE = '[game]\nname = "reactive_dilemma"\n'
STAG = '[game]\nname = "stag_hunt"\n'
SIMULATED = (
    '[[dynamics]]\nname = "trait_simulation"\npopulation_size = 20\nselection_strength = 2.0\ngenerations = 20\n'
    "records = 5\nreplicates = 2\nmutation = 0.3\n"
)
SINGULAR, INVASIBILITY = (
    f'[[dynamics]]\nname = "{name}"\n' for name in ("singular_strategies", "pairwise_invasibility")
)


def done(folder: Path, *parts: str) -> Any:
    path = folder / "file.toml"
    path.write_text("\n".join((ABOUT, *parts)))
    finished = run(path, out=folder / "run")
    assert not finished.failed
    return open_run(finished.path)


def test_one_trait(tmp_path: Path) -> None:
    paths = '[[dynamics]]\nname = "adaptive_dynamics"\nstarts = 3\ntime = 5.0\ncovariance = [0.5]\n'
    found = done(tmp_path, SNOWDRIFT, paths, SINGULAR, INVASIBILITY + "grid = 5\n", SIMULATED)
    game = ContinuousSnowdrift()
    traits = found.table("traits").collect()
    mine = traits.filter(traits["dynamics"] == "adaptive_dynamics")
    judge = adaptive_dynamics(game, starts=3, times=5.0 * np.linspace(0, 1, 101) ** 2, covariance=0.5)
    assert mine["value"].to_list() == pytest.approx(judge.values.ravel().tolist(), abs=1e-9)
    assert mine["exact"].all() and mine["variance"].null_count() == mine.height
    singular = found.table("singular").collect()
    assert singular["value"].to_list() == pytest.approx([0.0, singular_strategies(game).points[0].value, 1.0])
    assert singular["kind"].to_list() == ["repelling end", "branching point", "repelling end"]
    fitness = found.table("invasibility").collect()
    assert fitness["fitness"].to_list() == pairwise_invasibility(game, grid=5).fitness.ravel().tolist()
    assert fitness.filter((fitness["mutant"] == 0.25) & (fitness["resident"] == 0.5))["fitness"][0] == pytest.approx(
        float(game.payoff(0.25, 0.5) - game.payoff(0.5, 0.5))
    )
    simulated = traits.filter(traits["dynamics"] == "trait_simulation")
    assert simulated["time"].to_list() == [0, 5, 10, 15, 20] * 2
    assert not simulated["exact"].any()
    spread = found.table("histograms").collect().group_by("start", "time").agg(found_share()).sort("start", "time")
    assert spread["share"].to_list() == pytest.approx([1.0] * 10)
    page = write_report(tmp_path / "run").read_text("utf-8")
    assert "branching point" in page
    assert "could not be drawn" not in page


def found_share() -> Any:
    import polars as pl

    return pl.col("share").sum()


def test_several_traits(tmp_path: Path) -> None:
    paths = '[[dynamics]]\nname = "adaptive_dynamics"\nstart = [0.9, 0.2]\ntime = 5.0\n'
    found = done(tmp_path, REACTIVE, paths, SIMULATED)
    traits = found.table("traits").collect()
    last = traits.filter(traits["dynamics"] == "adaptive_dynamics")[-2:]
    assert last["trait"].to_list() == ["p", "q"]
    judge = adaptive_dynamics(ReactiveDilemma(), start=[0.9, 0.2], times=[0, 5]).final[0]
    assert last["value"].to_list() == pytest.approx(judge.tolist(), abs=1e-6)
    assert "p = " in write_report(tmp_path / "run").read_text("utf-8")


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ((STAG, SINGULAR), "is of strategies; games of continuous traits: continuous_snowdrift"),
        ((SNOWDRIFT, '[[dynamics]]\nname = "replicator"\n'), "is of continuous traits, and these dynamics are not"),
        ((SNOWDRIFT,), "game.name: game 'continuous_snowdrift' is of continuous traits, so it has no table of payoffs"),
        ((REACTIVE, SINGULAR), "this needs a game of one trait, not of p, q"),
        ((SNOWDRIFT, SIMULATED + "start = [2.0]\n"), "start must have effort in [0, 1]"),
        ((SNOWDRIFT, SIMULATED + "start = [0.1, 0.2]\n"), "start must have effort in [0, 1]"),
        ((REACTIVE, '[[dynamics]]\nname = "adaptive_dynamics"\ncovariance = [1.0, 1.0, 1.0]\n'), "covariance must be"),
        ((SNOWDRIFT + "highest = -1.0\n", SINGULAR), "highest"),
        ((SNOWDRIFT, SINGULAR, '[population]\nstrategies = ["C"]\n'), "has no strategy 'C'"),
    ],
)
def test_what_is_refused(parts: tuple[str, ...], said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_experiment("\n".join((ABOUT, *parts)).encode())
    assert said in str(caught.value)
