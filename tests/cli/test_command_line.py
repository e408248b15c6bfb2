"""The command line: every refusal is one clear message and exit code 2, every answer goes where it should."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from evocoop.cli.app import app

ROOT = Path(__file__).parents[2]
HEAVY = ("numba", "polars", "altair", "axelrod", "scipy", "torch", "distributed", "vl_convert")
TINY = """
schema_version = 1
[experiment]
name = "tiny"
question = "Who hunts?"
[game]
name = "stag_hunt"
[[dynamics]]
name = "small_mutation_limit"
population_size = 20
selection_strength = 0.1
[sweep]
dynamics.population_size = [{sizes}]
[outputs]
report = false
"""
WITH_PLAY = """
schema_version = 1
[experiment]
name = "played"
question = "Who wins?"
[game]
name = "prisoners_dilemma"
[population]
strategies = ["TitForTat", "Defector"]
[play]
turns = 10
repetitions = 2
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tiny.toml").write_text(TINY.format(sizes="10, 20"))
    (tmp_path / "played.toml").write_text(WITH_PLAY)
    (tmp_path / "empty").mkdir()
    return tmp_path


def call(line: str) -> Result:
    return CliRunner().invoke(app, shlex.split(line))


COMMAND = [sys.executable, "-m", "evocoop"]
SURROUNDINGS = {**os.environ, "PYTHONPATH": str(ROOT)}


def python(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=SURROUNDINGS)
    return done.stdout


REFUSED = {
    "match TitForTat Nobody": "unknown strategy 'Nobody'",
    "match TitForTat Deffector": "did you mean 'Defector'",
    "match TitForTat": "Missing argument 'B'",
    "match TitForTat Defector --turns -1": "turns must be a whole number in [1, 1e+06], not -1",
    "match TitForTat Defector --turns 99999999999": "turns must be",
    "match TitForTat Defector --turns few": "Invalid value for '--turns'",
    "match TitForTat Defector --noise 1.5": "noise must be a finite number in [0, 1], not 1.5",
    "match TitForTat Defector --noise nan": "noise must be a finite number",
    "match TitForTat Defector --seed -1": "seed must be a whole number",
    "match TitForTat Defector --format xml": "unknown format 'xml'; allowed: table, json",
    "match 'TitForTat(p=3)' Defector": "TitForTat has no parameter 'p'",
    "match 'GTFT(p=' Defector": "cannot read the strategy",
    "match 'none.py:x' Defector": "there is no such file",
    "tournament": "Missing argument",
    "tournament TitForTat": "at least two strategies",
    "tournament TitForTat Defector --repetitions 0": "repetitions must be",
    "tournament TitForTat Defector --prob-end 2": "prob_end must be",
    "tournament TitForTat Defector --turns 1000000 --repetitions 100000": "too much for one call",
    "list": "Missing argument",
    "list nothing": "allowed: strategies, games, dynamics",
    "show TitForTatt": "did you mean 'TitForTat'",
    "show replicater": "did you mean 'replicator'",
    "run none.toml": "there is no such file",
    "run empty": "it is a directory",
    "run /dev/zero": "not a regular file",
    "run tiny.toml --set game.cots=1": "unknown key",
    "run tiny.toml --set game": "--set takes key=value",
    "run tiny.toml --seed -1": "experiment.seed: must be at least 0",
    "run tiny.toml --workers 0": "workers must be",
    "run tiny.toml --workers 2 --cluster local:2": "not both",
    "run tiny.toml --cluster nowhere": "--cluster takes",
    "run tiny.toml --shard 3/2": "--shard takes i/n",
    "run tiny.toml --progress loud": "allowed: auto, json, none",
    "run tiny.toml --format xml": "unknown format",
    "run tiny.toml --raise-limit cell=3": "did you mean 'cells'",
    "run tiny.toml --out tiny.toml": "cannot write the run directory",
    "run tiny.toml --out .": "a directory is never overwritten",
    "run tiny.toml --set experiment.replicates=100000": "above the limit of 10000",
    "run tiny.toml --set dynamics.population_size=10000000": "above the limit of 100000",
    "run played.toml --set play.turns=-1": "play.turns: must be at least 1",
    "run played.toml --set play.noise=2": "play.noise: must be at most 1",
    "run played.toml --set play.repetitions=0": "play.repetitions: must be at least 1",
    'run played.toml --set \'population.strategies=["TitForTatt", "Defector"]\'': "did you mean 'TitForTat'",
    'run played.toml --set \'population.strategies=["x.py:f", "Defector"]\'': "population.strategies",
    "run played.toml --set play.turns=1000000 --set play.repetitions=100000 --raise-limit work=60": "above the limit",
    "check tiny.toml --set game.name=stag_hunts": "did you mean 'stag_hunt'",
    "check tiny.toml --set 'game.payoffs=[[1, 2], [3]]'": "game.payoffs",
    "check tiny.toml --set game.reward=nan": "finite number",
    "check tiny.toml --set 'sweep.game.nothing=[1]'": "there is no 'game.nothing'",
    "resume empty": "not a run directory",
    "resume none": "there is no directory none",
    "verify empty": "not a run directory",
    "report empty": "not a run directory",
    "report empty --export gif": "--export must be svg or png",
    "compare empty empty": "not a run directory",
    "merge empty": "not a run directory",
    "merge": "Missing argument",
    "schema more": "unexpected extra argument",
    "doctor --format xml": "unknown format",
    "laws nothing": "allowed:",
    "chase --hunters 0": "hunters must be",
    "nonsense": "No such command 'nonsense'",
    "--nonsense": "No such option",
}


@pytest.mark.parametrize("line", REFUSED)
def test_bad_input_is_refused_with_one_message_before_any_work(here: Path, line: str) -> None:
    before = sorted(here.rglob("*"))
    found = call(line)
    assert found.exit_code == 2, found.output
    assert isinstance(found.exception, SystemExit), "a traceback"
    assert found.stdout == ""
    assert REFUSED[line] in found.stderr
    assert found.stderr.count("rror:") == 1
    assert sorted(here.rglob("*")) == before


def test_a_threshold_above_the_group_size_is_refused(here: Path) -> None:
    found = call(f"check '{ROOT}/experiments/n-person-stag-hunt.toml' --set game.threshold=11")
    assert found.exit_code == 2
    assert "threshold 11 is above the group size 10" in found.stderr


def test_set_reaches_every_game_that_has_the_key(here: Path) -> None:
    found = call(f"check '{ROOT}/experiments/agreement-or-sight.toml' --set game.threshold=6")
    assert found.exit_code == 2
    assert found.stderr.count("threshold 6 is above the group size 5") == 4


SHIPPED = sorted((ROOT / "experiments").glob("*.toml"))
LIGHT = [["--help"], ["list", "games"], ["list", "dynamics"], ["list", "strategies"], ["show", "TitForTat"], ["schema"]]
LIGHT += [["check", str(path)] for path in SHIPPED]


def test_help_listing_and_checking_load_nothing_heavy() -> None:
    """One process runs them all one after another; after each, none of the heavy modules is there."""
    code = (
        "import contextlib, io, json, sys\nfrom evocoop.cli import main\nfound = {}\n"
        f"for words in {LIGHT!r}:\n"
        "    with contextlib.redirect_stdout(io.StringIO()):\n"
        "        try: main(words)\n"
        "        except SystemExit as done: code = done.code\n"
        f"    found[' '.join(words)] = [code or 0, [m for m in {HEAVY!r} if m in sys.modules]]\n"
        "print(json.dumps(found))"
    )
    found = json.loads(python(code))
    assert len(found) == len(LIGHT)
    assert {words: told for words, told in found.items() if told != [0, []]} == {}


def test_help_loads_little_more_than_the_command_line_library() -> None:
    """What ``--help`` imports beyond typer and rich is evocoop's own few modules of the command line."""
    code = "import sys\nimport typer, rich\nbefore = set(sys.modules)\n{}\n"
    code += "print(len(before), len(set(sys.modules) - before))"
    inside = "from evocoop.cli import main\nimport io, contextlib\nwith contextlib.redirect_stdout(io.StringIO()):\n"
    inside += "    try: main(['--help'])\n    except SystemExit: pass"
    before, more = map(int, python(code.format(inside)).split())
    assert more < before


def test_a_run_tells_json_on_standard_output_alone_and_progress_on_standard_error(here: Path) -> None:
    words = ["run", "tiny.toml", "--format", "json", "--progress", "json", "--out", "r"]
    done = subprocess.run([*COMMAND, *words], capture_output=True, text=True, timeout=120, env=SURROUNDINGS)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told.keys() == {"directory", "cells", "computed", "failed", "report", "prevalence"}
    assert (told["cells"], told["computed"], told["failed"], told["report"]) == (2, 2, [], None)
    events = [json.loads(line) for line in done.stderr.splitlines() if line.startswith("{")]
    assert [events[0]["stage"], events[-1]["stage"]] == ["started", "finished"]
    assert events[-1]["done"] == events[-1]["cells"] == 2
    assert events[0].keys() == {"stage", "cells", "done", "failed", "reused", "rate", "remaining"}


def test_the_same_question_is_answered_from_what_is_there(here: Path) -> None:
    first, again = call("run tiny.toml --format json"), call("run tiny.toml --format json")
    assert json.loads(first.stdout)["computed"] == 2
    assert json.loads(again.stdout) == {**json.loads(first.stdout), "computed": 0}
    assert "nothing was computed again" in again.stderr
    directory = json.loads(first.stdout)["directory"]
    assert Path(directory).parent == Path("runs/tiny")
    other = call(f"run tiny.toml --seed 5 --out {directory}")
    assert other.exit_code == 2 and "never overwritten" in other.stderr


def test_failed_cells_give_exit_code_1_and_are_told(here: Path) -> None:
    (here / "some.toml").write_text(
        TINY.format(sizes="2, 20").replace('name = "stag_hunt"', 'name = "n_person_stag_hunt"\ngroup_size = 5')
        .replace("[[dyn", 'threshold = 3\nmultiplier = 4.0\n[[dyn')
    )  # fmt: skip
    found = call("run some.toml --out r --format json")
    assert found.exit_code == 1, found.output
    assert [one["cell"] for one in json.loads(found.stdout)["failed"]] == [0]
    assert "cell 0 failed: population_size must be at least the group size" in found.stderr
    assert call("verify r").exit_code == 1


def test_verify_and_resume_give_3_and_0_around_damage(here: Path) -> None:
    assert call("run tiny.toml --out r").exit_code == 0
    assert json.loads(call("verify r --format json").stdout)["whole"]
    next((here / "r" / "parts").glob("*/prevalence.parquet")).write_bytes(b"PAR1")
    found = call("verify r --format json")
    assert found.exit_code == 3
    assert json.loads(found.stdout)["troubles"][0]["trouble"] == "damaged part prevalence.parquet"
    assert "evocoop resume r" in found.stderr
    assert call("resume r").exit_code == 0
    assert call("verify r").exit_code == 0


def test_shards_are_merged(here: Path) -> None:
    for number in (1, 2):
        assert call(f"run tiny.toml --shard {number}/2 --out shard{number}").exit_code == 0
    half = call("merge shard1 --out half")
    assert half.exit_code == 3 and "1 of 2 cells are still missing" in half.stderr
    found = call("merge shard1 shard2 --out whole --format json")
    assert found.exit_code == 0, found.output
    assert call("run tiny.toml --out direct").exit_code == 0
    assert json.loads(call("compare whole direct --format json").stdout)["changes"] == []
    table = "results/prevalence.parquet"
    assert (here / "whole" / table).read_bytes() == (here / "direct" / table).read_bytes()


def test_a_match_as_json() -> None:
    found = json.loads(call("match TitForTat Alternator --turns 5 --seed 3 --format json").stdout)
    assert found == {
        "players": ["TitForTat", "Alternator"], "sequences": ["CCDCD", "CDCDC"], "scores": [13.0, 13.0], "seed": 3,
    }  # fmt: skip
    fresh = json.loads(call("match Random Random --turns 5 --format json").stdout)
    again = json.loads(call(f"match Random Random --turns 5 --seed {fresh['seed']} --format json").stdout)
    assert fresh == again


def test_a_tournament_as_json_under_the_librarys_names() -> None:
    words = "tournament Cooperator Defector TitForTat --turns 10 --repetitions 3 --seed 1 --format json"
    found = json.loads(call(words).stdout)
    assert found.keys() >= {
        "players", "ranked_names", "ranking", "scores", "normalised_scores", "wins", "payoff_matrix",
        "payoff_stddevs", "match_lengths", "cooperating_rating", "seed",
    }  # fmt: skip
    assert found["payoff_matrix"][1] == pytest.approx([5.0, 1.0, 1.4])
    assert found["scores"][0] == [30, 30, 30]
    assert json.loads(call(words).stdout) == found


def test_a_match_that_ends_by_chance_in_another_game() -> None:
    found = json.loads(call("match Cooperator Defector --prob-end 0.2 --game 3,-1,5,0 --seed 2 --format json").stdout)
    turns = len(found["sequences"][0])
    assert 1 < turns < 200
    assert found["scores"] == [-turns, 5 * turns]


def test_a_tournament_without_who_does_not_work_and_with_expectations(here: Path) -> None:
    Path("mine.py").write_text("def late(me):\n    return 7 if me.turn == 60 else 0\n", encoding="utf-8")
    words = "tournament TitForTat GTFT mine.py:late Gradual --repetitions 2 --seed 1 --exact --game 4,0,6,1 --workers 2"
    assert call(words).exit_code == 2
    found = call(f"{words} --leave-out --format json")
    assert found.stderr.splitlines() == [
        "note: left out: mine.py:late against TitForTat, turn 61: a rule returned neither C (0) nor D (1)"
    ]
    told = json.loads(found.stdout)
    assert told["players"] == ["TitForTat", "GTFT", "Gradual"]
    assert told["expected_payoffs"] == [[4.0, 4.0, None], [4.0, 4.0, None], [None, None, None]]
    assert "expected payoffs" in call(f"{words} --leave-out").stdout


@pytest.mark.parametrize("game", ["3,0,5", "a,b,c,d", "3;0;5;1", "1,2,3,nan"])
def test_a_game_that_is_none_is_refused(game: str) -> None:
    found = call(f"match TitForTat Defector --turns 3 --game '{game}'")
    assert found.exit_code == 2 and "four payoffs" in found.stderr


def test_lists_as_json_tell_everything() -> None:
    strategies = json.loads(call("list strategies --format json").stdout)
    assert len(strategies) > 230
    keys = {"name", "label", "native", "family", "citation", "classifier", "parameters", "summary"}
    assert all(one.keys() >= keys for one in strategies)
    gtft = next(one for one in strategies if one["name"] == "GTFT")
    assert gtft["native"] and gtft["family"] and gtft["classifier"]["stochastic"]
    assert [one["name"] for one in gtft["parameters"]] == ["p"]
    for what in ("games", "dynamics"):
        for one in json.loads(call(f"list {what} --format json").stdout):
            assert one["summary"] and all(parameter["summary"] for parameter in one["parameters"]), one["name"]
            assert json.loads(call(f"show {one['name']} --format json").stdout) == one


def test_check_counts_and_estimates_and_measures_when_asked(here: Path) -> None:
    found = json.loads(call("check tiny.toml --format json").stdout)
    assert found["cells"] == 2
    assert 0 < found["estimated_seconds"] < 60
    assert found["estimated_bytes"] > 0
    assert not (here / "runs").exists()
    measured = json.loads(call("check tiny.toml --measure --format json").stdout)
    assert 0 < measured["measured_seconds"] < 60


def test_doctor_and_schema_as_json() -> None:
    doctor = json.loads(call("doctor --format json").stdout)
    assert doctor["well"] and doctor["packages"]["numba"] != "missing"
    assert json.loads(call("schema").stdout)["$schema"].endswith("2020-12/schema")


def test_doctor_compiles_when_asked_to(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    monkeypatch.setattr("evocoop.play.compile_strategies", lambda names, told: asked.append(names) or told(1, 2) or 2)
    found = call("doctor --compile --format json")
    assert json.loads(found.stdout)["well"] and "2 rules" in found.stderr and asked == [None]


def test_hostile_names_reach_the_terminal_harmless(here: Path) -> None:
    found = call("show '\x1b[31mred\x07'")
    assert found.exit_code == 2
    assert "\x1b" not in found.stderr and "\x07" not in found.stderr


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX systems")
@pytest.mark.parametrize(("sign", "workers"), [(signal.SIGINT, "1"), (signal.SIGINT, "2"), (signal.SIGTERM, "1")])
def test_an_interrupt_ends_it_within_seconds_with_exit_code_3_and_how_to_go_on(
    here: Path, sign: signal.Signals, workers: str
) -> None:
    (here / "long.toml").write_text(TINY.format(sizes=", ".join(map(str, range(3, 30_000)))))
    words = [*COMMAND, "run", "long.toml", "--out", "r", "--workers", workers, "--progress", "json"]
    process = subprocess.Popen(words, stderr=subprocess.PIPE, text=True, start_new_session=True, env=SURROUNDINGS)
    assert process.stderr is not None
    for line in process.stderr:
        if '"working"' in line and json.loads(line)["done"] > 1:
            break
    process.send_signal(sign)
    began = time.monotonic()
    said = process.communicate(timeout=60)[1]
    assert time.monotonic() - began < 30, "generous: a loaded machine"
    assert process.returncode == 3, said
    assert "go on with: evocoop resume r" in said
    assert "Traceback" not in said
    assert json.loads(call("verify r --format json").stdout)["sound"] > 1
