"""Runs: the same bits however they are computed, nothing overwritten, nothing lost, everything checked."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from pathlib import Path

import polars as pl
import pytest
from small_runs import hunt, read, results

from evocoop.config import parse_experiment
from evocoop.core.errors import InputError, RunError, UnknownNameError
from evocoop.runs import files, open_run
from evocoop.runs.drive import RunInterrupted
from evocoop.runs.executors import dask, in_process, local_processes
from evocoop.runs.identity import run_id
from evocoop.runs.plan import Plan
from evocoop.runs.run import directory_for, merge_runs, parse_shard, resume, start
from evocoop.runs.store import Batch, RunDirectory, missing
from evocoop.runs.tables import TABLES, own_columns
from evocoop.runs.verify import examine

TEXT = hunt()


def run(path: Path, text: str = TEXT, **kwargs: object) -> Path:
    start(read(text), path, text.encode(), **kwargs)  # type: ignore[arg-type]
    return path


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run(tmp_path_factory.mktemp("reference") / "run")


def test_the_directory_holds_what_it_should(reference: Path) -> None:
    names = {path.name for path in reference.iterdir()}
    assert names == {
        "experiment.toml", "resolved.json", "provenance.json", "manifest.jsonl", "parts", "results", "DONE", "lock",
    }  # fmt: skip
    assert (reference / "experiment.toml").read_bytes() == TEXT.encode()
    about = json.loads((reference / "provenance.json").read_text())
    assert about["behaviour_versions"].keys() >= {"runs", "game n_person_stag_hunt", "dynamics small_mutation_limit"}
    assert about["seed"] == 3


def test_no_host_no_user_and_no_time_is_written_anywhere(reference: Path) -> None:
    import getpass
    import socket

    texts = [path.read_text() for path in reference.iterdir() if path.is_file()]
    for kind in open_run(reference).kinds:
        frame = open_run(reference).table(kind).select(pl.col(pl.String)).collect()
        texts += [str(value) for column in frame for value in column.unique()]
    for private in (socket.gethostname(), getpass.getuser(), str(Path.home())):
        assert not [text for text in texts if re.search(rf"\b{re.escape(private)}\b", text)], private
    names = [name for kind in open_run(reference).kinds for name in open_run(reference).table(kind).collect_schema()]
    assert not [name for name in names if "time" in name or "date" in name]


def test_tables_have_the_documented_columns_and_every_parameter_in_every_row(reference: Path) -> None:
    found = open_run(reference)
    assert found.kinds == ("payoffs", "prevalence", "fixation", "gradient")
    for kind in found.kinds:
        frame = found.table(kind).collect()
        own = [column.name for column in own_columns(kind)]
        assert [name for name in frame.columns if "." not in name] == own
        for column in own_columns(kind):
            assert column.nullable or frame[column.name].null_count() == 0, (kind, column.name)
        parameters = ["game.group_size", "game.threshold", "game.multiplier", "game.cost"]
        if TABLES[kind].per_dynamics:
            parameters += ["dynamics.population_size", "dynamics.selection_strength"]
        assert frame.select(parameters).null_count().sum_horizontal().item() == 0
        assert frame["exact"].all()
        assert (frame["standard_error"] == 0).all()
        assert frame["cell"].is_sorted()
    shares = found.table("prevalence").group_by("cell", "dynamics").agg(pl.col("share").sum()).collect()
    assert shares["share"].to_list() == pytest.approx([1.0] * 120)


def test_payoffs_are_written_once_per_game_and_figures_are_the_models_own(reference: Path) -> None:
    from evocoop.dynamics.finite.small_mutation import small_mutation_limit
    from evocoop.games import NPersonStagHunt

    payoffs = open_run(reference).table("payoffs").collect()
    assert payoffs["cell"].unique().to_list() == list(range(0, 120, 3))
    row = payoffs.filter(pl.col("cell") == 24, strategy="C", opponent="2 C + 2 D")
    assert row["payoff"].item() == pytest.approx(3 * row["game.multiplier"].item() / 5 - 1)
    prevalence = open_run(reference).table("prevalence").filter(pl.col("cell") == 26).collect()
    game = NPersonStagHunt(group_size=5, threshold=3, multiplier=3.0, cost=1.0)
    expected = small_mutation_limit(game, population_size=20, selection_strength=1.0).prevalence
    assert prevalence["share"].to_list() == list(expected)


@pytest.mark.usefixtures("small")
def test_the_bits_do_not_depend_on_batches(reference: Path, tmp_path: Path) -> None:
    again = run(tmp_path / "run")
    assert len(RunDirectory.open(again).batches()) > 3 * len(RunDirectory.open(reference).batches())
    assert results(again) == results(reference)


@pytest.mark.usefixtures("small")
def test_two_worker_processes_give_the_same_bits(reference: Path, tmp_path: Path) -> None:
    assert results(run(tmp_path / "run", engine=local_processes(2))) == results(reference)


@pytest.mark.usefixtures("small")
def test_shards_in_any_order_give_the_same_bits(reference: Path, tmp_path: Path) -> None:
    shards = [run(tmp_path / f"shard-{number}", shard=(number, 3)) for number in (3, 1, 2)]
    with pytest.raises(RunInterrupted, match="40 of 120 cells are still missing, the first is cell 40"):
        merge_runs([RunDirectory.open(one) for one in shards[:2]], tmp_path / "merged")
    merge_runs([RunDirectory.open(one) for one in shards[2:]], tmp_path / "merged")
    assert results(tmp_path / "merged") == results(reference)
    other = run(tmp_path / "other", hunt(3))
    with pytest.raises(RunError, match="different questions"):
        merge_runs([RunDirectory.open(one) for one in (shards[0], other)], tmp_path / "mixed")


def test_a_dask_cluster_gives_the_same_bits_and_takes_over_from_a_shard(reference: Path, tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=False, dashboard_address=None, host="127.0.0.1", protocol="tcp"
    ) as cluster:
        assert cluster.scheduler_address.startswith("tcp://127.0.0.1")
        run(tmp_path / "run", shard=(1, 2))
        merge = tmp_path / "merged"
        with pytest.raises(RunInterrupted):
            merge_runs([RunDirectory.open(tmp_path / "run")], merge)
        finished = resume(RunDirectory.open(merge), engine=dask(cluster.scheduler_address))
        assert finished.computed == 60
        assert results(merge) == results(reference)


def test_wrong_cluster_addresses_are_refused() -> None:
    for wrong in ("local", "local:0", "10.0.0.1", "http://x", "local:many"):
        with pytest.raises(InputError, match="--cluster takes"):
            dask(wrong)


@pytest.mark.usefixtures("small")
def test_a_question_asked_again_is_not_computed_again(tmp_path: Path) -> None:
    first = start(read(TEXT), tmp_path / "run", TEXT.encode())
    again = start(read(TEXT), tmp_path / "run", TEXT.encode())
    assert (first.computed, again.computed, again.cells) == (120, 0, 120)


def test_the_id_changes_with_the_question_and_with_behaviour(monkeypatch: pytest.MonkeyPatch) -> None:
    from evocoop.runs import identity

    ids = {run_id(read(text)) for text in (TEXT, TEXT.replace("seed = 3", "seed = 4"), TEXT.replace("0.5", "0.6"))}
    assert len(ids) == 3
    assert run_id(read(TEXT + "\n# a remark\n")) in ids
    monkeypatch.setattr(identity, "BEHAVIOUR_VERSION", 2)
    assert run_id(read(TEXT)) not in ids


def test_a_directory_that_holds_something_else_is_never_overwritten(reference: Path, tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in reference.rglob("*") if path.is_file()}
    with pytest.raises(RunError, match="another question"):
        run(reference, hunt(2))
    assert before == {path: path.read_bytes() for path in reference.rglob("*") if path.is_file()}
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(RunError, match="never overwritten"):
        run(tmp_path)
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "experiment.toml").write_text("mine too")
    with pytest.raises(RunError, match="never overwritten"):
        run(tmp_path / "sub")
    assert (tmp_path / "sub" / "experiment.toml").read_text() == "mine too"
    with pytest.raises(RunError, match="cannot write"):
        run(tmp_path / "notes.txt" / "run")


def test_names_become_harmless_paths_inside_the_base(tmp_path: Path) -> None:
    for name in ("../../etc/passwd", "/abs", "C:\\x", "\0", "..", "ü" * 120, "漢字", "con.", "a/b", " "):
        path = directory_for(
            parse_experiment(TEXT.replace('"A hunt / ../ of five"', json.dumps(name)).encode()), tmp_path
        )
        assert path.parent.parent == tmp_path
        assert path.parent.name.replace("-", "").isalnum()
        assert path.parent.name.isascii()
        assert len(path.parent.name) <= 60
    assert files.slug("漢字") != files.slug("漢")


def test_two_runs_on_one_directory_are_refused(tmp_path: Path) -> None:
    seen: list[str] = []

    def listener(progress: object) -> None:
        if not seen:
            with pytest.raises(RunError, match="is in use by another evocoop") as caught:
                run(tmp_path / "run")
            seen.append(str(caught.value))

    run(tmp_path / "run", listener=listener)
    assert seen


@pytest.mark.usefixtures("small")
def test_ctrl_c_loses_at_most_the_batch_at_hand(reference: Path, tmp_path: Path) -> None:
    def listener(progress: object) -> None:
        if getattr(progress, "done", 0) >= 30:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(tmp_path / "run", listener=listener)
    directory = RunDirectory.open(tmp_path / "run")
    assert not directory.done
    there = sum(batch.stop - batch.start for batch in directory.batches())
    assert 30 <= there < 120
    finished = resume(directory)
    assert finished.computed == 120 - there
    assert results(tmp_path / "run") == results(reference)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    "harm", ["truncate", "flip", "remove", "folder", "torn", "garbage", "results", "done", "orphan"]
)
def test_damage_is_found_and_put_right_alone(reference: Path, tmp_path: Path, harm: str) -> None:
    path = run(tmp_path / "run")
    assert examine(path).whole
    batches = RunDirectory.open(path).batches()
    lost = batches[4].stop - batches[4].start
    part = path / "parts" / batches[4].folder / "gradient.parquet"
    manifest = path / "manifest.jsonl"
    if harm == "truncate":
        part.write_bytes(part.read_bytes()[:-20])
    elif harm == "flip":
        content = bytearray(part.read_bytes())
        content[len(content) // 2] ^= 1
        part.write_bytes(content)
    elif harm == "remove":
        part.unlink()
    elif harm == "folder":
        files.remove(part.parent)
    elif harm == "torn":
        lines = manifest.read_bytes().splitlines(keepends=True)
        manifest.write_bytes(b"".join(lines[:-1]) + lines[-1][:25])
        lost = batches[-1].stop - batches[-1].start
    elif harm == "garbage":
        manifest.write_bytes(manifest.read_bytes() + b'\xff\xfe{"start": "x"}\n[1]\n{"start": 1e999}\n')
        lost = 0
    elif harm == "results":
        (path / "results" / "fixation.parquet").write_bytes(b"PAR1")
        lost = 0
    elif harm == "done":
        (path / "DONE").unlink()
        lost = 0
    elif harm == "orphan":
        (path / "parts" / "000900-000999").mkdir()
        lost = 0
    if harm not in ("garbage", "orphan"):
        assert not examine(path).whole
    finished = resume(RunDirectory.open(path))
    assert finished.computed == lost
    assert examine(path).whole
    assert results(path) == results(reference)


@pytest.mark.usefixtures("small")
def test_stale_batches_are_computed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from evocoop.runs import identity

    path = run(tmp_path / "run")
    monkeypatch.setattr(identity, "BEHAVIOUR_VERSION", 2)
    assert {trouble.partition(":")[0] for _, trouble in examine(path).troubles} == {"stale"}
    assert resume(RunDirectory.open(path)).computed == 120
    assert examine(path).whole
    assert json.loads((path / "provenance.json").read_text())["behaviour_versions"]["runs"] == 2


def test_failed_cells_are_listed_and_the_rest_completes(tmp_path: Path) -> None:
    text = TEXT.replace('"small_mutation_limit"\npopulation_size = 20', '"small_mutation_limit"\npopulation_size = 4')
    text = text.replace("[sweep]", '[sweep]\n"dynamics.population_size" = [4, 20]')
    finished = start(read(text), tmp_path / "run", text.encode())
    assert finished.cells == 240
    assert len(finished.failed) == 120
    assert "population_size must be at least the group size 5, not 4" in finished.failed[0][1]
    frame = open_run(tmp_path / "run").table("prevalence").collect()
    assert frame["cell"].n_unique() == 120
    assert not set(frame["cell"].to_list()) & {cell for cell, _ in finished.failed}
    assert open_run(tmp_path / "run").table("gradient").collect()["cell"].n_unique() == 120, "no half cells"
    assert resume(RunDirectory.open(tmp_path / "run")).computed == 0
    assert resume(RunDirectory.open(tmp_path / "run"), retry_failed=True).computed > 0


def test_what_is_not_a_run_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bad").mkdir()
    for content in (None, b"{", b"[]", b'{"name": 3}', b"\xff", b"[" * 100_000, b'{"sweep": {"mode": 1}}'):
        if content is not None:
            (tmp_path / "bad" / "resolved.json").write_bytes(content)
        with pytest.raises(InputError, match="not a run directory"):
            open_run(tmp_path / "bad")
    with pytest.raises(InputError, match="there is no directory"):
        open_run(tmp_path / "nowhere")
    with pytest.raises(InputError, match="at least one"):
        open_run()


def test_tables_of_several_runs_are_read_together(reference: Path, tmp_path: Path) -> None:
    other = run(tmp_path / "run", hunt(2))
    both = open_run(reference, other).table("prevalence").collect()
    assert both["run"].n_unique() == 2
    assert both.height == 240 + 12
    with pytest.raises(UnknownNameError, match="did you mean 'prevalence'"):
        open_run(reference).table("prevalance")
    with pytest.raises(RunError, match="has no table 'basins'; it has: payoffs"):
        open_run(reference).table("basins")


def test_only_the_tables_asked_for_are_kept(tmp_path: Path) -> None:
    text = TEXT + '\n[outputs]\ntables = ["prevalence"]\n'
    assert open_run(run(tmp_path / "run", text)).kinds == ("prevalence",)


def test_a_cell_is_the_same_alone_as_among_others(reference: Path) -> None:
    from evocoop.runs.work import compute

    alone = compute(json.dumps(read(TEXT).to_dict()), 77, 78)
    frame = open_run(reference).table("prevalence").filter(pl.col("cell") == 77).collect()
    assert pl.read_parquet(alone.parts["prevalence"]).equals(frame)


def test_replicates_have_seeds_of_their_own_and_the_first_has_the_experiments() -> None:
    plan = Plan(read(TEXT.replace("seed = 3", "seed = 3\nreplicates = 4")))
    assert len(plan) == 480
    seeds = [plan.cell(120 * number).seed for number in range(4)]
    assert seeds[0] == 3
    assert len(set(seeds)) == 4
    streams = {plan.cell(number).stream_seed("small_mutation_limit") for number in range(480)}
    assert len(streams) == 480
    with pytest.raises(InputError, match="there is no cell 480"):
        plan.cell(480)


def test_lists_and_zips_visit_their_points() -> None:
    head = TEXT[: TEXT.index("[sweep]")]
    points = '[sweep]\nmode = "list"\npoints = [{ game.multiplier = 2.0 }, { "game.multiplier" = 5 }]\n'
    plan = Plan(read(head + points))
    assert [plan.cell(n).game.parameters["multiplier"] for n in range(2)] == [2.0, 5.0]
    zipped = '[sweep]\nmode = "zip"\ngame.multiplier = [2.0, 5]\ngame.cost = [1.0, 2.0]\n'
    plan = Plan(read(head + zipped))
    assert [(plan.cell(n).game.parameters["multiplier"], plan.cell(n).game.parameters["cost"]) for n in range(2)] == [
        (2.0, 1.0),
        (5.0, 2.0),
    ]
    same = '[sweep]\nmode = "zip"\ngame.multiplier = [2.0, 2.0, 3.0]\ndynamics.selection_strength = [1.0, 2.0, 3.0]\n'
    assert [Plan(read(head + same)).cell(n).leads for n in range(3)] == [True, False, True]


def test_games_with_other_parameters_do_not_repeat_a_sweep_that_is_not_theirs() -> None:
    text = TEXT.replace("[game]", "[[games]]") + '\n[[games]]\nname = "commitment"\n'
    plan = Plan(read(text))
    assert len(plan) == 120 + 3
    assert plan.cell(120).game.name == "commitment"


def test_gaps_between_batches() -> None:
    batches = [Batch(2, 4, ""), Batch(4, 6, ""), Batch(9, 10, "")]
    assert list(missing(batches, 12)) == [(0, 2), (6, 9), (10, 12)]
    assert list(missing([], 0)) == []
    assert parse_shard("2/3") == (2, 3)
    for wrong in ("0/3", "4/3", "1", "a/b", "1/0", "-1/2"):
        with pytest.raises(InputError, match="--shard takes i/n"):
            parse_shard(wrong)


def test_an_engine_that_breaks_is_renewed_and_closed() -> None:
    engine = in_process()
    assert engine.submit(len, [1, 2]).result() == 2
    engine.renew()
    assert engine.submit(len, [1]).result() == 1
    engine.close()
    assert threading.active_count() < 50


@pytest.mark.parametrize("where", ["workers=2", 'cluster="local:2"'])
def test_a_script_without_a_guard_may_ask_for_workers(tmp_path: Path, where: str) -> None:
    """Workers that imported the script would ask for the run again, and so on."""
    (tmp_path / "hunt.toml").write_text(hunt(6), "utf-8")
    script = (
        f"import evocoop\ndone = evocoop.run('hunt.toml', out='run', {where})\nprint(len(done.failed), done.kinds)\n"
    )
    (tmp_path / "script.py").write_text(script, "utf-8")
    found = subprocess.run(
        [sys.executable, "script.py"], cwd=tmp_path, capture_output=True, text=True, timeout=120,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )  # fmt: skip
    assert found.returncode == 0, found.stderr
    assert found.stdout.startswith("0 (") and "Traceback" not in found.stderr
