"""Capacities in experiment files: what is asked is what the functions give, and what cannot be asked is refused."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evocoop.config import Experiment, parse_experiment
from evocoop.core.errors import EvocoopError
from evocoop.games import CoordinatedHunt
from evocoop.runs import open_run
from evocoop.runs.face import run
from evocoop.runs.plan import Plan
from evocoop.runs.work import compute

ROOT = Path(__file__).parents[2]
ABOUT = 'schema_version = 1\n[experiment]\nname = "capacities"\nquestion = "Which carries the weight?"\nseed = 5\n'
HUNT = """
[[games]]
name = "coordinated_hunt"
label = "hunt"
threshold = 4
hare = 2.0
capacities = ["signal", "commit"]
minds = ["HumanLike", "Hare", "LeaderFollower"]
"""
OTHER = '[[games]]\nname = "stag_hunt"\n'
ABLATION = '[[dynamics]]\nname = "ablation"\npopulation_size = 50\n'
EVOLUTION = """
[[dynamics]]
name = "capacity_evolution"
label = "evolution"
population_size = 20
generations = 300
burn_in = 100
records = 30
replicates = 3
prices = { commit = 0.2 }
"""


def read(*parts: str) -> Experiment:
    return parse_experiment("\n".join((ABOUT, *parts)).encode())


def rows(path: Path, kind: str) -> list[dict[str, Any]]:
    return open_run(path).table(kind).collect().to_dicts()


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("runs") / "file.toml"
    path.write_text("\n".join((ABOUT, HUNT, ABLATION, EVOLUTION)))
    return run(path, out=path.parent / "run").path


def test_the_table_of_ablation_says_what_ablation_finds(finished: Path) -> None:
    from evocoop.hunt import ablation

    found = ablation(
        CoordinatedHunt(threshold=4, hare=2.0, minds=("HumanLike", "Hare", "LeaderFollower")), population_size=50
    )
    table = rows(finished, "ablation")
    assert {row["measure"] for row in table if row["taken"] == 1} == {"cooperation", "success", "prevalence"}
    for one in (*found.effects, *found.pairs):
        for row in [row for row in table if row["capacities"] == " + ".join(one.capacities)]:
            assert row["effect"] == getattr(one, row["measure"]).value == row["low"] == row["high"]
            assert row["exact"] and row["standard_error"] == 0.0 and row["dynamics.population_size"] == 50
            if row["measure"] == "interaction":
                assert row["relation"] == one.relation == "substitutes" and row["effect"] < -0.5
            elif row["taken"] == 1:
                price = found.break_even[row["capacities"]]
                assert row["break_even"] == (0.0 if price is None else price)
            if row["measure"] != "interaction":
                assert row["whole"] == found.baseline[row["measure"]].value


def test_the_table_of_capacities_says_what_evolution_finds(finished: Path) -> None:
    from evocoop.hunt import evolve

    table = rows(finished, "capacities")
    found = evolve(
        CoordinatedHunt(threshold=4, hare=2.0),
        capacities=("signal", "commit"),
        prices={"commit": 0.2},
        population_size=20,
        generations=300,
        burn_in=100,
        records=30,
        replicates=3,
        seed=table[0]["dynamics.seed"],
    )
    assert json.loads(table[0]["dynamics.prices"]) == {"commit": 0.2}
    late = {row["trait"]: row for row in table if row["generation"] is None}
    for place, name in enumerate(found.capacities):
        assert late[name]["share"] == pytest.approx(found.shares[place], abs=1e-12)
        assert late[name]["standard_error"] == pytest.approx(found.standard_errors[place], abs=1e-12)
        ends = np.clip(found.interval[place], 0.0, 1.0)
        assert [late[name]["low"], late[name]["high"]] == pytest.approx(list(ends), abs=1e-12)
        path = [row["share"] for row in table if row["trait"] == name and row["generation"] is not None]
        assert path == pytest.approx(list(found.capacity_paths[:, :, place].mean(axis=0)), abs=1e-12)
    assert late["cooperation"]["share"] == pytest.approx(found.cooperation[0], abs=1e-12)
    assert late["Hare"]["kind"] == "disposition" and late["success"]["kind"] == "outcome"
    assert not any(row["exact"] for row in table)


def test_a_capacity_that_cannot_matter_shows_no_effect() -> None:
    one = read(HUNT.replace('"commit"]', '"commit", "plan"]'), ABLATION)  # a plan of roles, where there is one role
    table = [row for row in table_of(one, "ablation") if "plan" in row["capacities"]]
    assert [row["effect"] for row in table if row["taken"] == 1] == [0.0] * 3 == [0.0] * len(table[:3])
    assert {row["relation"] for row in table if row["measure"] == "interaction"} == {"independent"}
    assert {row["break_even"] for row in table if row["taken"] == 1} == {0.0}


def table_of(experiment: Experiment, kind: str) -> list[dict[str, Any]]:
    import io

    import polars as pl

    outcome = compute(json.dumps(experiment.to_dict()), 0, len(Plan(experiment)))
    assert not outcome.failed
    return pl.read_parquet(io.BytesIO(outcome.parts[kind])).to_dicts() if kind in outcome.parts else []


def test_simulated_ablation_carries_its_errors() -> None:
    more = "mutation = 0.05\nreplicates = 4\nsteps = 4000\npairs = false\nprices = false\n"
    table = table_of(read(HUNT, ABLATION.replace("50", "10") + more), "ablation")
    assert len(table) == 6 and not any(row["exact"] for row in table)
    assert all(row["low"] <= row["effect"] <= row["high"] and row["break_even"] is None for row in table)
    assert any(row["standard_error"] > 0 for row in table)


def test_dynamics_can_be_asked_of_some_of_the_games() -> None:
    limit = '[[dynamics]]\nname = "small_mutation_limit"\npopulation_size = 20\nselection_strength = 0.1\n'
    one = read(
        HUNT, OTHER, limit, ABLATION, 'games = ["hunt"]\n', "[sweep]\ndynamics.ablation.population_size = [10, 20]"
    )
    assert len(Plan(one)) == 3, "the sweep of the ablation does not multiply the game it is not for"
    assert {row["game"] for row in table_of(one, "ablation")} == {"hunt"}
    assert {row["game"] for row in table_of(one, "prevalence")} == {"hunt", "stag_hunt"}
    assert Experiment.from_dict(json.loads(json.dumps(one.to_dict()))) == one


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ((OTHER, ABLATION), "dynamics[0]: capacities can be asked about in the game coordinated_hunt alone"),
        ((HUNT, OTHER, ABLATION), "in game 'stag_hunt'; say which games it is for: games = [\"LABEL\"]"),
        ((HUNT, OTHER, EVOLUTION), "coordinated_hunt alone"),
        ((HUNT, ABLATION, 'games = ["hant"]'), "there is no game 'hant'; did you mean 'hunt'"),
        ((HUNT, ABLATION, "games = []"), "must name at least one game"),
        ((HUNT.replace('"HumanLike", ', ""), ABLATION), "no HumanLike mind"),
        ((HUNT, ABLATION, 'capacities = ["none"]'), "nothing to knock out"),
        ((HUNT, ABLATION, 'capacities = ["sgnal"]'), "signal"),
        ((HUNT, ABLATION.replace("50", "200"), "mutation = 0.1"), "population_size 200 with 4 minds has too many"),
        ((HUNT, EVOLUTION.replace("= 20", "= 21")), "population_size must be a multiple of the group size 5, not 21"),
        (
            (HUNT, EVOLUTION, "[sweep]\ngame.group_size = [4, 6]"),
            "group size 6, not 20 in game 'hunt' (at game.group_size = 6)",
        ),
        ((HUNT, EVOLUTION, 'dispositions = ["Hunt"]'), "Hunter"),
        ((HUNT, EVOLUTION.replace("commit = 0.2", "verify = 0.2")), "capacity with a price"),
        ((HUNT, EVOLUTION.replace("commit = 0.2", 'commit = "a"')), "commit must be"),
        ((HUNT, EVOLUTION.replace("{ commit = 0.2 }", "3")), "a table of names and numbers"),
        ((HUNT, EVOLUTION.replace("burn_in = 100", "burn_in = 300")), "burn_in 300 must be below generations 300"),
    ],
)
def test_what_cannot_be_asked_is_refused_before_any_work(parts: tuple[str, ...], said: str) -> None:
    with pytest.raises(EvocoopError) as refused:
        read(*parts)
    assert said in str(refused.value)


def test_the_limit_of_what_is_simulated_is_that_of_the_simulation() -> None:
    from evocoop.dynamics.finite import tabulated
    from evocoop.hunt import asked

    assert asked.MOST_TABLE_ENTRIES == tabulated.MOST_TABLE_ENTRIES


def test_only_strategies_that_are_kept_take_part_in_ablation() -> None:
    from evocoop.hunt import ablation

    table = table_of(read(HUNT, 'strategies = ["HumanLike", "Hare"]', ABLATION), "ablation")
    found = ablation(CoordinatedHunt(threshold=4, hare=2.0, minds=("HumanLike", "Hare")), population_size=50)
    for one in found.effects:
        mine = [row for row in table if row["capacities"] == one.capacities[0] and row["measure"] == "prevalence"]
        assert [row["effect"] for row in mine] == [one.prevalence.value]


def test_checking_loads_no_compiler(tmp_path: Path) -> None:
    (tmp_path / "file.toml").write_text("\n".join((ABOUT, HUNT, ABLATION, EVOLUTION)))
    code = (
        "import sys; from evocoop.config import load_experiment; load_experiment(sys.argv[1]);"
        "assert not {'numba', 'polars', 'altair', 'axelrod'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "file.toml")], cwd=ROOT, check=True, timeout=60)


CHASE = """
[game]
name = "chase"
group_size = 3
hunts = 2
[sweep]
game.prey_speed = [0.9, 1.2]
"""


def test_a_chase_is_kept_step_by_step() -> None:
    from evocoop.hunt import ChaseGame

    one = read(CHASE)
    table = table_of(one, "chases")
    assert table == table_of(one, "chases")
    for cell, speed in enumerate((0.9, 1.2)):
        for name in ("Planner", "Opportunist"):
            hunt = ChaseGame(group_size=3, hunts=2, prey_speed=speed, seed=5).record(name)
            mine = [row for row in table if row["cell"] == cell and row["hunters"] == name]
            places = np.concatenate([hunt.hunters, hunt.prey], axis=1).reshape(-1, 2)
            assert np.array_equal([[row["x"], row["y"]] for row in mine], places)
            first = [row["quarry"] for row in mine if row["step"] == 0 and row["animal"] == "hunter"]
            assert first == hunt.quarries[0].tolist() and {row["taken"] for row in mine} == {hunt.taken}


def test_only_the_first_replicate_of_a_chase_is_shown() -> None:
    one = read(CHASE.replace("[0.9, 1.2]", "[1.0]"))
    twice = Experiment.from_dict({**one.to_dict(), "replicates": 2})
    assert len(Plan(twice)) == 2 and {row["replicate"] for row in table_of(twice, "chases")} == {0}
