"""Two populations in experiment files: the tables hold what the functions give, and what does not fit is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evocoop.config import parse_experiment
from evocoop.core.errors import ConfigError
from evocoop.dynamics import (
    replicator_two_populations,
    rest_points_two_populations,
    small_mutation_limit_two_populations,
    stationary_distribution_two_populations,
)
from evocoop.dynamics.registry import DETERMINISTIC, DYNAMICS
from evocoop.games import courtship, owner_intruder
from evocoop.runs import open_run
from evocoop.runs.compare import compare_runs
from evocoop.runs.face import run

ABOUT = 'schema_version = 1\n[experiment]\nname = "two"\nquestion = "Who yields?"\nseed = 3\n'
CONTEST = '[game]\nname = "owner_intruder"\nlabel = "Contest"\n'
COURTSHIP = '[game]\nname = "courtship"\n'
ONE = '[game]\nname = "stag_hunt"\n'


def asked(name: str, **more: Any) -> str:
    lines = [f"{key} = {str(value).lower() if isinstance(value, bool) else value!r}" for key, value in more.items()]
    return "\n".join((f'[[dynamics]]\nname = "{name}"', *lines)) + "\n"


LIMIT = asked("small_mutation_limit_two_populations", population_size=20, selection_strength=0.3)


def done(folder: Path, *parts: str) -> Any:
    path = folder / "file.toml"
    path.write_text("\n".join((ABOUT, *parts, "[outputs]\nreport = false\n")))
    finished = run(path, out=folder / f"run{len(list(folder.iterdir()))}")
    assert not finished.failed
    return open_run(finished.path)


def rows(found: Any, kind: str, **wanted: Any) -> list[dict[str, Any]]:
    return [
        row for row in found.table(kind).collect().to_dicts() if all(row[key] == value for key, value in wanted.items())
    ]


def test_the_limit_gives_shares_and_pairs(tmp_path: Path) -> None:
    found = done(tmp_path, CONTEST, LIMIT)
    judge = small_mutation_limit_two_populations(*owner_intruder().matrices, population_size=20, selection_strength=0.3)
    shares = {(row["population"], row["strategy"]): row["share"] for row in rows(found, "prevalence")}
    assert list(shares) == [("owner", "Hawk"), ("owner", "Dove"), ("intruder", "Hawk"), ("intruder", "Dove")]
    assert list(shares.values()) == pytest.approx([*judge.rows, *judge.columns])
    states = rows(found, "stationary")
    assert len(states) == 16
    pairs = {row["state"]: row["probability"] for row in states}
    assert list(pairs.values()) == pytest.approx(judge.prevalence.ravel())
    (second,) = [row for row in states if row["state"] == 1 and row["population"] == "intruder" and row["count"]]
    assert (second["strategy"], second["count"]) == ("Dove", 20)
    payoffs = {(r["population"], r["strategy"], r["opponent"]): r["payoff"] for r in rows(found, "payoffs")}
    assert payoffs["owner", "Hawk", "Dove"] == 2.0 and payoffs["intruder", "Dove", "Hawk"] == 0.0
    assert len(payoffs) == 8 and all(row["exact"] for row in rows(found, "payoffs"))


def test_paths_and_rest_points_are_those_of_the_functions(tmp_path: Path) -> None:
    found = done(tmp_path, COURTSHIP, asked("replicator_two_populations", first_start=[0.6, 0.4], time=5.0),
                 asked("rest_points_two_populations"))  # fmt: skip
    times = 5.0 * np.linspace(0, 1, 200) ** 2
    judge = replicator_two_populations(*courtship().matrices, start=([0.6, 0.4], [0.5, 0.5]), times=times)
    path = rows(found, "trajectories", population="female", strategy="Coy")
    assert [row["time"] for row in path] == pytest.approx(times)
    assert [row["share"] for row in path] == pytest.approx(judge.columns[0, :, 0])
    inside = [row for row in rows(found, "rest_points", stability="neutral") if row["strategy"] in ("Faithful", "Coy")]
    assert [row["share"] for row in inside] == pytest.approx([5 / 8, 5 / 6])
    points = rest_points_two_populations(*courtship().matrices).points
    assert len(rows(found, "rest_points")) == 4 * len(points)


def test_states_with_mutation_and_strategies_left_out(tmp_path: Path) -> None:
    found = done(tmp_path, CONTEST, 'strategies = ["owner: Hawk", "owner: Dove", "intruder: Hawk"]\n',
                 asked("stationary_distribution_two_populations", population_size=8, selection_strength=0.5,
                       mutation=0.1))  # fmt: skip
    first, second = (matrix[:, :1] for matrix in owner_intruder().matrices)
    judge = stationary_distribution_two_populations(
        first, second, population_size=8, selection_strength=0.5, mutation=0.1
    )
    hawks = rows(found, "stationary", population="owner", strategy="Hawk")
    assert [row["count"] for row in hawks] == judge.row_states[:, 0].tolist()
    assert [row["probability"] for row in hawks] == pytest.approx(judge.probabilities)
    assert rows(found, "prevalence", population="intruder") and len(rows(found, "prevalence")) == 3


def test_every_path_dynamic_is_listed_and_starts_fill_the_square(tmp_path: Path) -> None:
    entry = DYNAMICS.find("replicator_two_populations")
    choices = next(one for one in entry.parameters if one.name == "dynamic").choices
    assert set(choices) == set(DETERMINISTIC) - {"replicator_mutator"}
    sweep = f"[sweep]\ndynamics.dynamic = {[one for one in choices if one != 'maynard_smith_replicator']}\n"
    found = done(tmp_path, CONTEST, asked("replicator_two_populations", starts=32, time=2.0), sweep)
    start = rows(found, "trajectories", time=0.0, strategy="Hawk", cell=0)
    places = np.array([row["share"] for row in start]).reshape(32, 2)
    quarters = (places > 0.5) @ [1, 2]
    assert np.bincount(quarters).tolist() == [8, 8, 8, 8], "a Sobol sequence puts as many into each quarter"


def test_runs_are_compared_population_by_population(tmp_path: Path) -> None:
    one, two = (done(tmp_path, CONTEST, f"advantage = {chance}\n", LIMIT) for chance in (0.5, 0.9))
    compared = compare_runs(one.path, two.path)
    changed = {(change.where, change.strategy) for change in compared.changes}
    assert len(changed) == 4 and all("owner" in where or "intruder" in where for where, _ in changed)


REFUSED = [
    ((ONE, LIMIT), "game 'stag_hunt' is of one population; games of two populations: two_populations, battle_of"),
    ((CONTEST, asked("rest_points")), "dynamics of two populations: replicator_two_populations, rest_points_two"),
    ((CONTEST, asked("fixation_sensitivity", population_size=9, selection_strength=1.0)), "these dynamics are of one"),
    ((CONTEST, "value = 9.0\n", LIMIT), "0 < value < cost"),
    ((CONTEST, 'strategies = ["owner: Hawk"]\n', LIMIT), "leave population 'intruder' at least one"),
    ((CONTEST, 'strategies = ["owner: Hwak", "intruder: Hawk"]\n', LIMIT), "did you mean 'owner: Hawk'"),
    ((CONTEST, asked("replicator_two_populations", first_start=[0.2, 0.2, 0.6])), "2 shares, one for each of Hawk"),
    ((CONTEST, asked("replicator_two_populations", second_start=[0.2, 0.2])), "sum to 1"),
    ((CONTEST, asked("replicator_two_populations", dynamic="maynard_smith_replicator")), "payoffs above 0"),
    ((CONTEST, asked("replicator_two_populations", dynamic="replicator_mutator")), "is not allowed"),
    ((CONTEST, asked("stationary_distribution_two_populations", population_size=300, selection_strength=1.0,
                     mutation=0.1)), "make 90,601 states"),
    ((CONTEST, asked("stationary_distribution_two_populations", population_size=9, selection_strength=1.0,
                     mutation=0.0)), "mutation must be above 0"),
    ((CONTEST, "[play]\nturns = 3\n[population]\nstrategies = ['TitForTat', 'Defector']\n"), "cooperate and defect"),
    (('[game]\nname = "two_populations"\npayoffs = [[1, 2]]\nother = [[1], [2]]\n',), "one shape"),
    (('[game]\nname = "two_populations"\npayoffs = [[1, 2]]\n',), "other: is missing"),
    (('[game]\nname = "owner_intruders"\n',), "did you mean 'owner_intruder'"),
]  # fmt: skip


@pytest.mark.parametrize(("parts", "reason"), REFUSED, ids=[reason for _, reason in REFUSED])
def test_what_does_not_fit_is_refused_with_place_and_reason(parts: tuple[str, ...], reason: str) -> None:
    with pytest.raises(ConfigError) as refusal:
        parse_experiment("\n".join((ABOUT, *parts)).encode(), "x.toml")
    assert reason in "\n".join(refusal.value.problems)
    assert all(problem.startswith("x.toml:") for problem in refusal.value.problems)


def test_games_of_one_and_of_two_populations_stand_in_one_file(tmp_path: Path) -> None:
    games = '[[games]]\nname = "stag_hunt"\n[[games]]\nname = "courtship"\n'
    one = asked("small_mutation_limit", population_size=20, selection_strength=0.3, games=["stag_hunt"])
    found = done(tmp_path, games, one, LIMIT + 'games = ["courtship"]\n')
    assert {(r["game"], r["population"]) for r in rows(found, "prevalence")} == {
        ("stag_hunt", None), ("courtship", "male"), ("courtship", "female"),
    }  # fmt: skip
