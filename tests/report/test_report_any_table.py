"""Whatever tables a run holds, its report is written whole, and a part that fails does not take the others with it."""

from __future__ import annotations

import itertools
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading_pages import Page, assert_harmless
from runs_by_hand import shares, swept, write_run

from evocoop.report import export_charts, gallery, write_report

NAMES = st.lists(st.text(max_size=8), min_size=1, max_size=9, unique=True)
SHARE = st.floats(0.0, 1.0)
FINITE = st.floats(-1e6, 1e6)
ERROR = st.one_of(st.none(), st.floats(0.0, 0.5))
STABILITY = st.sampled_from(["stable", "unstable", "saddle", "neutral", "odd"])
VALUES = st.one_of(
    st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=5, unique=True),
    st.lists(st.integers(0, 9), min_size=1, max_size=5, unique=True),
    st.lists(st.text("ab", max_size=3), min_size=1, max_size=4, unique=True),
)


def storable(name: str) -> str:
    return name.encode("utf-8", "replace").decode()


@st.composite
def any_tables(draw: st.DrawFn) -> dict[str, list[dict[str, Any]]]:
    """Return tables of some kinds, each with rows of any values that its columns allow, along a sweep."""
    names = list(dict.fromkeys(storable(name) for name in draw(NAMES)))
    tables: dict[str, list[dict[str, Any]]] = {}
    for cell, value in enumerate(draw(VALUES)):
        at = {"cell": cell, "game.key": value}
        unsure = {**at, "standard_error": draw(ERROR), "exact": draw(st.booleans())}
        cooperation = draw(st.one_of(st.none(), SHARE))
        new = {
            "prevalence": [
                {**row, "self_cooperation": cooperation} for row in shares({n: draw(SHARE) for n in names}, **unsure)
            ],
            "payoffs": [{"strategy": a, "opponent": b, "payoff": draw(FINITE), **at} for a in names for b in names],
            "rankings": [{"strategy": n, "rank": i, "score": draw(FINITE), **unsure} for i, n in enumerate(names, 1)],
            "fixation": [
                {"mutant": a, "resident": b, "log_probability": draw(st.floats(-900, 0)), "neutral": 0.02, **at}
                for a, b in itertools.permutations(names, 2)
            ],
            "trajectories": [
                {"start": s, "time": float(t), "strategy": n, "share": draw(SHARE), **at}
                for s in range(2)
                for t in range(2)
                for n in names
            ],
            "sizes": [
                {"start": s, "time": float(t), "size": draw(FINITE), "extinct": draw(SHARE), **unsure}
                for s in range(2)
                for t in range(3)
            ],
            "fields": [
                {"time": float(t), "x": float(x), "y": y, "strategy": n, "share": draw(SHARE), **at}
                for t in range(2)
                for y in ((None,), (0.5, 1.5), (None, 1.5))[cell % 3]
                for x in range(2)
                for n in names
            ],
            "rest_points": [
                {"point": 0, "strategy": n, "share": draw(SHARE), "stability": draw(STABILITY), **at} for n in names
            ],
            "basins": [{"attractor": n, "strategy": n, "share": draw(SHARE), **unsure} for n in names],
            "gradient": [{"count": k, "fraction": k / 3, "gradient": draw(FINITE), **at} for k in range(4)],
            "stationary": [
                {"state": s, "strategy": n, "count": s + i, "probability": draw(SHARE), **at}
                for s in range(2)
                for i, n in enumerate(names)
            ],
        }
        kinds = st.sampled_from(["share", "cooperation", "log_fixation", "probability"])
        new["sensitivities"] = [
            {
                "measure": draw(kinds),
                "strategy": n,
                "resident": n,
                "state": s,
                "value": draw(SHARE),
                "parameter": draw(st.sampled_from(["payoff", "game.key", "dynamics.x"])),
                "earner": n,
                "opponent": n,
                "at": draw(FINITE),
                "derivative": draw(FINITE),
                **at,
            }
            for s, n in enumerate(names[:3])
        ]
        for kind, rows in new.items():
            tables.setdefault(kind, []).extend(rows)
    kept = draw(st.sets(st.sampled_from(sorted(tables)), min_size=1))
    return {kind: rows for kind, rows in tables.items() if kind in kept}


@given(any_tables())
@settings(max_examples=10, deadline=None)
def test_any_tables_give_a_whole_report(tables: dict[str, list[dict[str, Any]]]) -> None:
    values = list(dict.fromkeys(row["game.key"] for rows in tables.values() for row in rows))
    with tempfile.TemporaryDirectory() as folder:
        page = Page(write_report(write_run(Path(folder) / "run", tables, sweep=swept("game.key", values))))
    assert_harmless(page)
    assert len(page.titles) <= 16 + len(page.of("aside"))


@given(any_tables(), st.integers(1, 3))
@settings(max_examples=6, deadline=None)
def test_any_tables_of_two_populations_give_a_whole_report(
    tables: dict[str, list[dict[str, Any]]], populations: int
) -> None:
    """Of two, and of one or three, as no run has them."""
    named = {
        kind: [{**row, "population": f"p{number}"} for row in rows for number in range(populations)]
        for kind, rows in tables.items()
        if kind in ("prevalence", "payoffs", "trajectories", "rest_points", "stationary")
    }
    values = list(dict.fromkeys(row["game.key"] for rows in tables.values() for row in rows))
    with tempfile.TemporaryDirectory() as folder:
        page = Page(write_report(write_run(Path(folder) / "run", named or tables, sweep=swept("game.key", values))))
    assert_harmless(page)


def test_a_part_that_fails_leaves_the_others(make_run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(context: Any) -> list[Any]:
        raise ValueError("<b>no</b>")

    broken = ("broken", "A part that fails", 1, fail)
    monkeypatch.setattr(gallery, "_PARTS", (broken, *gallery._PARTS))
    page = Page(write_report(make_run({"prevalence": shares({"A": 0.7, "B": 0.3})})))
    assert "This part could not be drawn (ValueError: <b>no</b>)" in page.text
    assert "A holds 70 % of the population, ahead of B with 30 %" in page.titles


def test_every_chart_is_exported_under_a_name_of_its_own(make_run: Any) -> None:
    rows = [row for game in ("Same name", "same-name") for row in shares({"A": 0.7, "B": 0.3}, game=game)]
    payoffs = [
        {"strategy": a, "opponent": b, "payoff": 1.0, "game": game}
        for game in ("Same name", "same-name")
        for a in "AB"
        for b in "AB"
    ]
    path = make_run({"prevalence": rows, "payoffs": payoffs})
    page = Page(write_report(path))
    files = export_charts(path, "png")
    assert [file.stem for file in files] == [a["id"] for tag, a in page.elements if tag == "figure"]
    assert len({file.name for file in files}) == len(files) == len(page.titles) == 3
    assert all(file.read_bytes().startswith(b"\x89PNG") for file in files)
