"""A limit of rare mutations comes with how rare they must be."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from reading_pages import Page
from runs_by_hand import shares

import evocoop
from evocoop.report import write_report

FILE = """
schema_version = 1
experiment = {name = "rare", question = "Who holds?"}
game = {name = "hawk_dove", cost = COST, value = 2.0}
dynamics = [{name = "small_mutation_limit", population_size = 20, selection_strength = 0.1}]
"""


def taken(pairs: dict[tuple[str, str], bool], **more: Any) -> list[dict[str, Any]]:
    about = {"log_probability": -2.0, "probability": 0.1, "neutral": 0.05, **more}
    return [{"mutant": a, "resident": b, "coexist": both, **about} for (a, b), both in pairs.items()]


def test_the_bound_and_the_pair_stand_in_tables_and_report(tmp_path: Path) -> None:
    """Wu, Gokhale, Wang & Traulsen 2012: hawks and doves coexist, so mu < Z^(-1/2) exp(-Z)."""
    (tmp_path / "hawks.toml").write_text(FILE.replace("COST", "4.0"))
    run = evocoop.run(tmp_path / "hawks.toml", out=tmp_path / "run")
    assert run.table("prevalence").collect()["mutation_bound"].to_list() == pytest.approx([4.609e-10] * 2, rel=1e-3)
    assert run.table("fixation").collect()["coexist"].to_list() == [True, True]
    page = Page(write_report(run.path))
    said = (
        "sure to hold only below a mutation probability of 4.6e-10, which is very little, because Dove and Hawk can "
        "coexist"
    )
    assert said in page.text
    assert page.text.count("can coexist") == 2, "the answer and the diagram say it"


def test_without_coexistence_the_bound_alone_is_said(make_run: Any) -> None:
    rows = shares({"A": 0.9, "B": 0.1}, mutation_bound=0.0022)
    page = Page(write_report(make_run({"prevalence": rows, "fixation": taken({("A", "B"): False, ("B", "A"): False})})))
    assert "The limit of rare mutations is sure to hold below a mutation probability of 0.0022." in page.text
    assert "can coexist" not in page.text


def test_where_only_some_settings_coexist_both_bounds_are_said(make_run: Any) -> None:
    rows, fixed = [], []
    for cell, (bound, both) in enumerate(((0.0022, False), (1e-45, True))):
        rows += shares({"A": 0.9, "B": 0.1}, mutation_bound=bound, cell=cell, **{"game.key": float(cell)})
        fixed += taken({("A", "B"): both, ("B", "A"): both}, cell=cell, **{"game.key": float(cell)})
    page = Page(write_report(make_run({"prevalence": rows, "fixation": fixed})))
    assert "below a mutation probability of 1e-45 in 1 of 2 settings, which no population has" in page.text
    assert "A and B can coexist; elsewhere below 0.0022" in page.text


def test_nothing_is_said_of_other_dynamics(make_run: Any) -> None:
    page = Page(write_report(make_run({"prevalence": shares({"A": 0.9, "B": 0.1})})))
    assert "rare mutations" not in page.text
