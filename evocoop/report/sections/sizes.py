"""Figures of populations whose size changes: how many there are over time, and how many populations died out."""

from __future__ import annotations

from typing import Any

from evocoop.report.context import Context
from evocoop.report.drawing.lines import Line, value_lines
from evocoop.report.figure import Figure
from evocoop.report.look import styles
from evocoop.report.slices import Slice, Slices, read_slices
from evocoop.report.words import number, percent, short, slug

MOST_LINES = 6


def figures(context: Context) -> list[Figure]:
    """Return the size of the population over time, one line for each setting."""
    frame = context.frame("sizes")
    if frame is None:
        return []
    return [_figure(slices) for slices in read_slices(frame, context.experiment.sweep.keys)[:3]]


def course(one: Slice) -> Line:
    """Return (time, size, standard error), the mean over starts where there are several."""
    found: dict[float, list[tuple[float, float]]] = {}
    for row in one.rows():
        found.setdefault(float(row["time"]), []).append((float(row["size"]), float(row["standard_error"] or 0.0)))
    return [
        (time, sum(size for size, _ in some) / len(some), sum(error for _, error in some) / len(some))
        for time, some in sorted(found.items())
    ]


def gone(one: Slice) -> float:
    """Return the share of populations that have died out at the end."""
    rows = one.rows()
    last = max(float(row["time"]) for row in rows)
    some = [float(row["extinct"]) for row in rows if float(row["time"]) == last]
    return sum(some) / len(some)


def _said(one: Slice) -> str:
    line, dead = course(one), gone(one)
    late = [row for row in line if row[0] >= line[-1][0] / 2]
    mean = sum(size for _, size, _ in late) / len(late)
    if dead >= 1.0:
        return "every population dies out"
    size = f"the mean size settles at {number(float(f'{mean:.3g}'))}"
    return f"{size} and {percent(dead)} of populations die out" if dead > 0 else size


def _figure(slices: Slices) -> Figure:
    cells = slices.spread(MOST_LINES)
    lines = {one.said or short(slices.game): course(one) for one in cells}
    said = [f"{f'at {one.said}, ' if one.said else ''}{_said(one)}" for one in cells]
    title = said[0] if len(said) == 1 else f"{said[0]}; {said[-1]}"
    title = title[0].upper() + title[1:]
    rows: list[list[Any]] = [
        [*one.values.values(), course(one)[0][1], course(one)[-1][1], gone(one)] for one in slices.cells
    ]
    return Figure(
        f"sizes-{slug(slices.game)}-{slug(slices.dynamics)}",
        title,
        f"Size of the population over time, the dead counted as 0 · {slices.place}",
        f"Lines of population size over time. {'; '.join(said)}.",
        value_lines(lines, styles(lines), x="time", y="individuals or density", marks=False),
        [*slices.keys, "size at the start", "size at the end", "share died out"],
        rows,
    )
