"""Figures of tournaments: who scores how much."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from evocoop.report.context import Context
from evocoop.report.drawing.bars import bars
from evocoop.report.drawing.lines import value_lines
from evocoop.report.figure import Figure
from evocoop.report.slices import Slices, read_slices
from evocoop.report.words import key_name, listed, number, short, slug

MOST_SHOWN = 30
ENDS = 20
MOST_LINES = 7


def figures(context: Context) -> list[Figure]:
    """Return the standings of each game: dots for one setting, lines of scores along a sweep."""
    frame = context.frame("rankings")
    if frame is None:
        return []
    found = []
    for slices in read_slices(frame, context.experiment.sweep.keys)[:2]:
        found.append(_along(context, slices) if slices.axis else _bars(context, slices))
    return found


def said(rows: Sequence[dict[str, Any]]) -> str:
    """Return who wins, and whether that is beyond chance."""
    first = rows[0]
    if len(rows) == 1:
        return f"{short(first['strategy'])} scores {first['score']:.3f} points a turn"
    error = [float(row["standard_error"] or 0.0) for row in rows]
    alike = [
        short(row["strategy"])
        for row, own in zip(rows[1:], error[1:], strict=True)
        if abs(first["score"] - row["score"]) <= 2 * (error[0] ** 2 + own**2) ** 0.5 + 1e-12
    ]
    lead = f"{short(first['strategy'])} comes first of {len(rows)} with {first['score']:.3f} points a turn"
    if alike:
        return f"{lead}; {listed(alike, most=3)} cannot be told from it"
    return f"{lead}, ahead of {short(rows[1]['strategy'])} with {rows[1]['score']:.3f}"


def _sorted(one: Any) -> list[dict[str, Any]]:
    return sorted(one.rows(), key=lambda row: row["rank"])


def _behind(slices: Slices) -> tuple[list[str], list[list[Any]]]:
    columns = ("rank", "strategy", "score", "standard_error", "wins", "cooperation")
    rows = [[*one.values.values(), *(row[name] for name in columns)] for one in slices.cells for row in _sorted(one)]
    return [*(key_name(key, slices.keys) for key in slices.keys), *(name.replace("_", " ") for name in columns)], rows


def _bars(context: Context, slices: Slices) -> Figure:
    one = slices.cells[0]
    rows = _sorted(one)
    shown = rows if len(rows) <= MOST_SHOWN else [*rows[:ENDS], *rows[-5:]]
    drawn = [(f"{row['rank']}  {short(row['strategy'])}", row["score"], row["standard_error"] or 0.0) for row in shown]
    where = f"At {one.said}, " if one.said else ""
    note = "" if len(shown) == len(rows) else f"The first {ENDS} and the last 5 of {len(rows)} are shown."
    return Figure(
        f"ranking-{slug(slices.game)}",
        where + said(rows),
        f"Mean score a turn; rules show one standard error · {slices.place}",
        f"Dots of scores, one row for each strategy. {said(rows)}.",
        bars(drawn, {}, x="mean score a turn", shares=False, row_height=24),
        *_behind(slices),
        note=note,
    )


def _along(context: Context, slices: Slices) -> Figure:
    key = slices.axis or ""
    name = key_name(key, slices.keys)
    best: dict[str, int] = {}
    for one in slices.cells:
        for row in one.rows():
            best[str(row["strategy"])] = min(best.get(str(row["strategy"]), 10**9), int(row["rank"]))
    names = sorted(best, key=lambda strategy: best[strategy])[:MOST_LINES]
    lines: dict[str, list[tuple[float, float, float]]] = {strategy: [] for strategy in names}
    for one in slices.cells:
        for row in one.rows():
            if str(row["strategy"]) in lines:
                point = (float(one.values[key]), float(row["score"]), float(row["standard_error"] or 0.0))
                lines[str(row["strategy"])].append(point)
    parts = [f"{short(_sorted(one)[0]['strategy'])} at {name} {number(one.values[key])}" for one in slices.cells]
    title = f"First in the tournament: {listed(parts, most=5)}"
    return Figure(
        f"ranking-{slug(slices.game)}",
        title,
        f"Mean score a turn of the strategies that ever rank highest · {slices.place}",
        f"Lines of scores over {name}. {title}.",
        value_lines(lines, context.look, x=name, y="mean score a turn", width=560),
        *_behind(slices),
    )
