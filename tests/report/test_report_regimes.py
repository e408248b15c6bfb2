"""Over two swept keys, rest points are drawn as a phase diagram whose title says what is stable where."""

from __future__ import annotations

from typing import Any

import pytest
from reading_pages import Page, assert_harmless

import evocoop
from evocoop.config.experiment import SweepAsk
from evocoop.report import write_report
from evocoop.report.sections.regimes import regime

PLANE = """
schema_version = 1
experiment = {name = "plane", question = "What stays?"}
game = {name = "n_person_stag_hunt", group_size = 10}
dynamics = [{name = "rest_points"}]
sweep = {game.threshold = [2, 5, 9], game.multiplier = [3.0, 6.0, 8.0, 11.0]}
"""


def points(found: dict[tuple[float, float], list[tuple[str, float]]], **more: Any) -> list[dict[str, Any]]:
    """Return rest points of two strategies: (a, b) → stability and share of C of each."""
    rows = []
    for cell, ((a, b), some) in enumerate(found.items()):
        for point, (stability, share) in enumerate(some):
            about = {"cell": cell, "game.a": a, "game.b": b, "point": point, "stability": stability, **more}
            rows += [{"strategy": n, "share": s, **about} for n, s in (("C", share), ("D", 1 - share))]
    return rows


def grid(a: list[float], b: list[float]) -> SweepAsk:
    return SweepAsk("grid", {"game.a": tuple(a), "game.b": tuple(b)})


def test_the_title_says_what_is_stable_where(make_run: Any) -> None:
    both = [("stable", 1.0), ("stable", 0.0), ("unstable", 0.4)]
    found = {(a, b): [("stable", 0.0)] if a < 3 else both for a in (1.0, 2.0, 3.0) for b in (5.0, 6.0)}
    page = Page(write_report(make_run({"rest_points": points(found)}, sweep=grid([1.0, 2.0, 3.0], [5.0, 6.0]))))
    assert_harmless(page)
    (title,) = page.titles
    assert title == "D is stable up to a = 2 and C or D at a = 3 alone"
    assert "In this model: D is stable up to a = 2" in page.text
    assert "largest stable share of C" in page.source


def test_a_hunt_over_its_threshold_and_multiplier(tmp_path: Any) -> None:
    """Pacheco, Santos, Souza & Skyrms 2009: hunters and idlers together from a critical F on, all hunters from N on."""
    (tmp_path / "plane.toml").write_text(PLANE)
    run = evocoop.run(tmp_path / "plane.toml", out=tmp_path / "run")
    page = Page(write_report(run.path))
    assert page.titles[0] == "D or C + D is stable in 5 of 12 settings, D in 4 and C or D at multiplier = 11 alone"


@pytest.mark.parametrize(
    ("some", "stable", "number"),
    [
        ([({"C": 1.0, "D": 0.0}, "stable"), ({"C": 0.0, "D": 1.0}, "stable")], "C or D", 2),
        ([({"C": 0.3, "D": 0.7}, "stable"), ({"C": 0.6, "D": 0.4}, "stable")], "2 × (C + D)", 2),
        ([({"C": 0.3, "D": 0.7}, "neutral")], "nothing (but C + D neutral)", 0),
        ([({"C": 0.3, "D": 0.7}, "unstable")], "nothing", 0),
        ([], "nothing", 0),
    ],
)
def test_what_is_stable_in_words(some: Any, stable: str, number: int) -> None:
    found = regime(some, "C")
    assert (found.stable, found.number) == (stable, number)


def test_long_names_become_letters_that_are_explained(make_run: Any) -> None:
    found = {(a, b): [("stable", 0.5), ("stable", 1.0), ("stable", 0.0)] for a in (1.0, 2.0) for b in (5.0, 6.0)}
    rows = points(found)
    for row in rows:
        row["strategy"] = {"C": "Cooperator in need", "D": "Defector in deed"}[row["strategy"]]
    page = Page(write_report(make_run({"rest_points": rows}, sweep=grid([1.0, 2.0], [5.0, 6.0]))))
    assert "A: Cooperator in need or Defector in deed or Cooperator in need + Defector in deed" in page.text
