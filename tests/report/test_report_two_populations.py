"""What a report says about two populations is what stands in the tables, each population by itself."""

from __future__ import annotations

from typing import Any

from reading_pages import Page, assert_harmless
from runs_by_hand import swept

from evocoop.report import write_report

NAMES = {"owner": ("Hawk", "Dove"), "intruder": ("Hawk", "Dove")}


def both(
    first: tuple[float, ...], second: tuple[float, ...], value: str = "share", **more: Any
) -> list[dict[str, Any]]:
    """Return one row for each strategy of both populations."""
    pairs = zip(NAMES.items(), (first, second), strict=True)
    return [
        {"population": population, "strategy": name, value: number, **more}
        for (population, names), numbers in pairs
        for name, number in zip(names, numbers, strict=True)
    ]


def states(probabilities: tuple[float, ...], **more: Any) -> list[dict[str, Any]]:
    counts = (((9, 0), (9, 0)), ((9, 0), (0, 9)), ((0, 9), (9, 0)), ((0, 9), (0, 9)))
    return [
        row
        for state, (at, probability) in enumerate(zip(counts, probabilities, strict=True))
        for row in both(*at, value="count", state=state, probability=probability, **more)
    ]


def path(ends: list[tuple[float, float]], **more: Any) -> list[dict[str, Any]]:
    """Return paths that go from the middle to their ends, and stay there."""
    found = []
    for start, (x, y) in enumerate(ends):
        for time in range(11):
            at = min(time / 5, 1.0)
            a, b = 0.5 + at * (x - 0.5), 0.5 + at * (y - 0.5)
            found += both((a, 1 - a), (b, 1 - b), start=start, time=float(time), **more)
    return found


def test_shares_stand_for_each_population_and_pairs_lead_the_report(make_run: Any) -> None:
    tables = {"prevalence": both((0.7, 0.3), (0.3, 0.7)), "stationary": states((0.06, 0.65, 0.25, 0.04))}
    page = Page(write_report(make_run(tables)))
    assert_harmless(page)
    said = "Hawk (owner) meets Dove (intruder) in 65 % of cases, Dove meets Hawk in 25 % and Hawk meets Hawk in 6 %"
    assert said in page.titles and f"In this model, {said}." in page.text
    assert "Most of the population: Hawk in “game: owner” and Dove in “game: intruder”" in page.titles
    assert "game: owner" in page.of("dt")


def test_paths_end_or_keep_moving(make_run: Any) -> None:
    ends = [(1.0, 0.0), (1.0, 0.0), (0.0, 1.0)]
    (title,) = Page(write_report(make_run({"trajectories": path(ends)}))).titles
    said = "Of 3 starts, 2 end with Hawk (owner) and Dove (intruder) and 1 with Dove (owner) and Hawk (intruder)"
    assert title == said
    circling = [{**row, "share": row["share"] if row["time"] % 2 else 1 - row["share"]} for row in path(ends[:1])]
    (title,) = Page(write_report(make_run({"trajectories": circling}))).titles
    assert title == "The path keeps moving"


def test_rest_points_are_told_and_drawn_along_a_sweep(make_run: Any) -> None:
    stable = both((1.0, 0.0), (0.0, 1.0), point=0, stability="stable") + both(
        (0.5, 0.5), (0.5, 0.5), point=1, stability="saddle"
    )
    (title,) = Page(write_report(make_run({"rest_points": stable}))).titles
    assert title == "1 stable rest point of 2: Hawk (owner) and Dove (intruder)"
    rows = []
    for cell, cost in enumerate((1.0, 2.0, 3.0)):
        at = {"cell": cell, "game.cost": cost, "point": 0, "stability": "neutral"}
        rows += both((cost / 4, 1 - cost / 4), (0.5, 0.5), **at)
    page = Page(write_report(make_run({"rest_points": rows}, sweep=swept("game.cost", [1.0, 2.0, 3.0]))))
    assert_harmless(page)
    assert page.titles[0].startswith("None of 1 rest point is stable, but neutral 75 % Dove and 25 % Hawk (owner) and")
    assert "at cost = 3, " in page.titles[0]


def test_payoffs_say_where_nobody_gains_by_changing(make_run: Any) -> None:
    gets = {"owner": ((-1, 2), (0, 1)), "intruder": ((-1, 2), (0, 1))}
    rows = [
        {"population": population, "strategy": a, "opponent": b, "payoff": float(gets[population][i][j])}
        for population in gets
        for i, a in enumerate(NAMES["owner"])
        for j, b in enumerate(NAMES["intruder"])
    ]
    (title,) = Page(write_report(make_run({"payoffs": rows}))).titles
    assert title == "Nobody gains by changing at Hawk with Dove and Dove with Hawk"


def test_old_tables_without_the_column_are_read(make_run: Any, tmp_path: Any) -> None:
    import polars as pl

    made = make_run({"prevalence": [{"strategy": "A", "share": 0.7}, {"strategy": "B", "share": 0.3}]})
    file = made / "results" / "prevalence.parquet"
    pl.read_parquet(file).drop("population").write_parquet(file)
    assert Page(write_report(made)).titles == ["A holds 70 % of the population, ahead of B with 30 %"]
