"""What a report says of ablation, evolving capacities and a chase: words and pictures say what the tables hold."""

from __future__ import annotations

import math
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading_pages import Page, assert_harmless
from runs_by_hand import MATRIX, shares, swept, write_run

from evocoop.cli.summary import print_summary
from evocoop.config.experiment import GameAsk, SweepAsk
from evocoop.report import export_charts, write_report

Effects = dict[str, float]
PAIRS = {("plan", "commit"): (0.43, 0.7), ("signal", "commit"): (-0.62, 0.89), ("plan", "signal"): (0.0, 0.6)}


def ablation(effects: Effects, prices: Effects | None = None, pairs: Any = PAIRS, wide: float = 0.0, **at: Any) -> Any:
    """Return the rows of an ablation: single effects, and pairs with their interaction and joint effect."""
    rows = []
    for name, effect in effects.items():
        for measure, share in (("cooperation", 1.0), ("success", 0.5), ("prevalence", 0.25)):
            value = effect * share
            known = {"break_even": None if prices is None else prices[name], "whole": 0.9}
            rows.append({**row(name, 1, measure, value, wide), **known, **at})
    for (first, second), (interaction, both) in pairs.items():
        if first in effects and second in effects:
            kind = "independent" if abs(interaction) <= wide else "complements" if interaction > 0 else "substitutes"
            rows.append({**row(f"{first} + {second}", 2, "cooperation", both, wide), **at})
            found = row(f"{first} + {second}", 2, "interaction", interaction, wide)
            rows.append({**found, "relation": kind, **at})
    return rows


def row(names: str, taken: int, measure: str, value: float, wide: float) -> dict[str, Any]:
    sampled = {"standard_error": wide / 2, "exact": wide == 0.0}
    ends = {"low": value - wide, "high": value + wide}
    return {"capacities": names, "taken": taken, "measure": measure, "effect": value, **ends, **sampled}


def evolving(paths: dict[str, list[float]], wide: float = 0.05, **at: Any) -> Any:
    """Return the rows of evolving capacities: the path, and its last point as the long run."""
    rows = []
    for name, values in paths.items():
        kind = "outcome" if name == "cooperation" else "capacity"
        for generation, share in [(None, values[-1]), *((10 * i, v) for i, v in enumerate(values, 1))]:
            ends = {"low": max(0.0, share - wide), "high": min(1.0, share + wide), "exact": False}
            rows.append({"trait": name, "kind": kind, "generation": generation, "share": share, **ends, **at})
    return rows


def read(path: Path) -> Page:
    page = Page(write_report(path))
    assert_harmless(page)
    return page


HARD = {"signal": -0.04, "commit": 0.32, "plan": 0.60, "attend": 0.001}
PRICES = {"signal": 0.0, "commit": 0.14, "plan": math.inf, "attend": 0.0}


def test_capacities_are_ranked_and_the_answer_says_why(make_run: Any, capsys: pytest.CaptureFixture[str]) -> None:
    path = make_run({"prevalence": shares({"HumanLike": 0.9, "Hare": 0.1}), "ablation": ablation(HARD, PRICES)})
    page = read(path)
    loss = "ithout plan cooperation falls by 60 points, without commit by 32 and without signal it rises by 4 points"
    assert f"W{loss}" in page.titles
    assert "Commit and plan need one another; signal and commit stand in for one another" in page.titles
    assert (
        "Plan pays at any price tried and commit up to a price of 0.14; signal and attend not even for free"
        in page.titles
    )
    why = f"Why: w{loss}; signal and commit stand in for one another: without both it falls by 89."
    assert why in page.text
    drawn = [text for text in page.of("text") if text in HARD]
    assert drawn[:4] == ["plan", "commit", "signal", "attend"], "the largest effect stands on top"
    assert {"+60", "+32", "−4", "0", "+43", "−62", "not even for free"} <= {
        " ".join(t.split()) for t in page.of("text")
    }
    labels = [a["aria-label"] for tag, a in page.elements if tag == "svg"]
    assert any("plan +60, commit +32" in label for label in labels)
    print_summary(path)
    assert why in capsys.readouterr().out


def test_sampled_effects_carry_their_intervals(make_run: Any) -> None:
    page = read(make_run({"ablation": ablation(HARD, wide=0.5)}))
    assert "In this model, without plan cooperation falls by 60 points" in page.text and "Why:" not in page.text
    assert "+60 (+10 … +110)" in [" ".join(text.split()) for text in page.of("text")]
    assert "estimated from simulated populations, with 95 % intervals of at most ± 50 points" in page.text
    assert "Signal and commit stand in for one another" in page.titles, "an interval that holds 0 is no relation"
    assert not [title for title in page.titles if "price" in title], "no prices were looked for"


def test_capacities_that_can_be_missed_are_said_to_be_so(make_run: Any) -> None:
    page = read(make_run({"ablation": ablation(dict.fromkeys(HARD, 0.001), pairs={})}))
    assert "Any one capacity can be missed: without it cooperation changes by less than a point" in page.titles


def test_along_a_sweep_it_is_said_where_each_capacity_pays(make_run: Any) -> None:
    rows = []
    for cell, hare in enumerate((1.0, 2.0, 3.0)):
        prices = {"signal": 0.0, "commit": 0.3, "plan": 0.2 if hare < 3 else 0.0, "attend": 0.1 if hare == 3 else 0.0}
        effects = {**HARD, "plan": 0.3 * cell}
        rows += ablation(effects, prices, cell=cell, **{"game.hare": hare})
    page = read(make_run({"ablation": rows}, sweep=swept("game.hare", [1.0, 2.0, 3.0])))
    said = "Commit pays everywhere, plan pays up to hare = 2, attend pays at hare = 3 alone and signal pays nowhere"
    assert said in page.titles
    assert "without plan by 30" in page.titles[0] and "on average over the sweep" in page.titles[0]
    assert "+30 (0 … +60)" in [" ".join(text.split()) for text in page.of("text")]
    assert "hare" in page.of("th") and {"0.30", "0.20", "0.10"} <= set(page.of("text"))


def test_over_two_swept_keys_there_is_a_map_of_regions(make_run: Any) -> None:
    rows, paths = [], []
    points = [(hare, noise) for hare in (1.0, 2.0) for noise in (0.0, 0.1, 0.2)]
    for cell, (hare, noise) in enumerate(points):
        at = {"cell": cell, "game.hare": hare, "game.noise": noise}
        rows += ablation(HARD, {"signal": 0.0, "commit": 0.1, "plan": hare - 1.0, "attend": 0.0}, **at)
        long_run = {"commit": [0.9], "signal": [0.9 if noise > 0.15 else 0.1], "plan": [0.52]}
        paths += evolving(long_run, **at)
    sweep = SweepAsk("grid", {"game.hare": (1.0, 2.0), "game.noise": (0.0, 0.1, 0.2)})
    page = read(make_run({"ablation": rows, "capacities": paths}, sweep=sweep))
    assert "Commit pays everywhere, plan pays at hare = 2 alone and signal and attend pay nowhere" in page.titles
    kept = "ommit is kept everywhere, signal is kept at noise = 0.2 alone and plan is kept nowhere"
    assert f"C{kept}" in page.titles, "what may be chance, 52 % ± 5, is not called kept"
    assert {"commit", "plan + commit", "which pay", "which are kept"} & set(page.of("text")) >= {"commit", "which pay"}


def test_several_games_stand_side_by_side_on_one_scale(make_run: Any) -> None:
    games = tuple(GameAsk("matrix", label, MATRIX) for label in ("easy hunt", "hard hunt"))
    easy = ablation(dict.fromkeys(HARD, 0.0), dict.fromkeys(HARD, 0.0), pairs={}, game="easy hunt")
    hard = ablation(HARD, PRICES, game="hard hunt", cell=1)
    page = read(make_run({"ablation": easy + hard}, games=games))
    assert len(page.titles) == 3
    assert page.titles[0].startswith("In “easy hunt”, any one capacity can be missed")
    assert "in “hard hunt”, without plan cooperation falls by 60 points and without commit by 32" in page.titles[0]
    assert {"easy hunt (points)", "hard hunt (points)"} <= set(page.of("text"))


def test_paths_of_capacities_say_what_is_kept(make_run: Any) -> None:
    paths = {
        "commit": [0.3, 0.7, 0.99],
        "signal": [0.1, 0.1, 0.05],
        "attend": [0.4, 0.6, 0.5],
        "cooperation": [0.2, 0.6, 0.9],
    }
    page = read(make_run({"capacities": evolving(paths)}))
    assert "Commit (99 %) is kept, signal (5 %) is selected against, attend drifts" in page.titles
    assert "In this model, where each capacity can arise on its own, commit (99 %) is kept" in page.text
    assert "95 % intervals of at most ± 5 percentage points" in page.text
    assert {"generation", "share that hunts", "commit"} <= set(page.of("text"))


def chase(steps: int = 12, taken: int | None = 1) -> Any:
    """Return the rows of a hunt in which two hunters walk towards the second of two prey."""
    rows = []
    for step in range(steps):
        for number in range(2):
            at = {"step": step, "number": number, "size": 40.0, "taken": taken, "hunters": "Planner"}
            rows.append({**at, "animal": "hunter", "x": 5.0 + step, "y": 10.0 + 20 * number, "quarry": 1})
            rows.append({**at, "animal": "prey", "x": 20.0, "y": 10.0 + 10 * number, "quarry": None})
    return rows


def test_a_chase_is_drawn_from_the_steps_that_were_kept(make_run: Any, tmp_path: Path) -> None:
    path = make_run({"chases": chase(), "prevalence": shares({"A": 0.6, "B": 0.4})})
    page = read(path)
    assert "2 Planners take their prey after 11 steps" in page.titles
    assert {"step 0", "step 11", "B blocker · D driver · C chaser · A ambusher · diamond: prey"} <= set(page.of("text"))
    assert read(path).source == page.source
    assert "2 Planners catch nothing" in read(make_run({"chases": chase(taken=None)})).titles
    for one in export_charts(path, "svg"):
        ET.parse(one)
    assert any(one.name == "chase-game-planner.svg" for one in export_charts(path, "svg"))
    pictures = [one.read_bytes() for one in export_charts(path, "png") if "chase" in one.name]
    assert pictures and pictures[0].startswith(b"\x89PNG")


def test_the_strip_is_the_one_that_the_hunt_itself_would_draw(make_run: Any) -> None:
    from evocoop.hunt import ChaseGame, strip
    from evocoop.runs.hunts import chase_columns

    hunt = ChaseGame(group_size=3, hunts=2, seed=4).record("Planner")
    columns = {name: np.asarray(values, dtype=object) for name, values in chase_columns("Planner", hunt).items()}
    rows = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
    assert strip(hunt) in read(make_run({"chases": rows})).source


NAMES = st.lists(st.text(min_size=1, max_size=8), min_size=1, max_size=4, unique=True)
SHARE = st.floats(-1.0, 1.0)
PRICE = st.one_of(st.none(), st.just(0.0), st.just(math.inf), st.floats(0.0, 16.0))


@settings(max_examples=12, deadline=None)
@given(st.data())
def test_whatever_the_tables_hold_the_report_is_whole(tmp_path_factory: pytest.TempPathFactory, data: Any) -> None:
    names = [name.encode("utf-8", "replace").decode() for name in data.draw(NAMES)]
    values = data.draw(st.lists(st.one_of(st.floats(-9, 9), st.text("ab")), min_size=1, max_size=4, unique=True))
    rows, paths = [], []
    for cell, value in enumerate(values):
        at = {"cell": cell, "game.key": str(value)}
        effects = {name: data.draw(SHARE) for name in dict.fromkeys(names)}
        pairs = {(a, b): (data.draw(SHARE), data.draw(SHARE)) for a in names for b in names if a < b}
        prices = {name: data.draw(PRICE) for name in names}
        rows += ablation(effects, prices, pairs, data.draw(st.sampled_from([0.0, 0.3])), **at)
        paths += evolving({name: [abs(data.draw(SHARE))] * 2 for name in names}, **at)
    path = tmp_path_factory.mktemp("any") / "run"
    read(write_run(path, {"ablation": rows, "capacities": paths}, sweep=swept("game.key", list(map(str, values)))))
