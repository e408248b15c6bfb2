"""Curves with marked points: gradients of selection with their roots, rest points along a swept number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from evocoop.report.drawing.base import Row, data, dodged, number_axis, percent_axis, plain_looks
from evocoop.report.drawing.simplex import rest_point_layers
from evocoop.report.look import COLOURS
from evocoop.report.words import short

Root = tuple[float, str]


def gradients(
    curves: Mapping[str, Sequence[tuple[float, float]]],
    roots: Mapping[str, Sequence[Root]],
    *,
    x: str,
    width: int = 560,
    height: int = 260,
) -> Any:
    """Return gradients over the share of the first strategy, with their roots marked and each labelled at its peak.

    Args:
        curves: label → (share in [0, 1], gradient).
        roots: label → (share, stability).
        x: what runs to the right, in words.
        width: of the panel.
        height: of the panel.
    """
    import altair as alt

    names = list(curves)
    rows: list[Row] = [{"x": 100 * a, "y": b, "s": name} for name, points in curves.items() for a, b in points]
    across = alt.X(
        "x:Q",
        scale=alt.Scale(domain=[0, 100], nice=False),
        axis=alt.Axis(title=x, labelExpr="datum.value + ' %'", grid=False, tickCount=5),
    )
    every = [row["y"] for row in rows] or [0.0]
    limits = [min(every), max(every)] if max(every) > min(every) else [-1.0, 1.0]
    up = alt.Y(
        "y:Q",
        scale=alt.Scale(domain=limits, nice=False),
        axis=alt.Axis(title="gradient of selection", tickCount=5, format=".3~r"),
    )
    colour = alt.Color(
        "s:N", scale=alt.Scale(domain=names, range=[COLOURS[i % 7] for i in range(len(names))]), legend=None
    )
    dash = alt.StrokeDash(
        "s:N", scale=alt.Scale(domain=names, range=[list(one) for one in plain_looks(names)[0]]), legend=None
    )
    zero = alt.Chart(data([{"y": 0.0}])).mark_rule(color="#8a8a8a").encode(y="y:Q")
    lines = alt.Chart(data(rows)).mark_line(strokeWidth=2).encode(x=across, y=up, color=colour, strokeDash=dash)
    layers = [zero, lines]
    marked = [(100 * place, 0.0, kind) for name in names for place, kind in roots.get(name, ())]
    layers += rest_point_layers(marked, across, up, size=80)
    if len(names) > 1:
        layers += _labels(curves, across, up, colour, height)
    return alt.layer(*layers).properties(width=width, height=height)


def _labels(curves: Mapping[str, Sequence[tuple[float, float]]], x: Any, y: Any, colour: Any, height: int) -> list[Any]:
    """Return a label for each curve, all in one column where the curves lie farthest apart."""
    import altair as alt

    every = [b for points in curves.values() for _, b in points]
    low, high = min(every), max(every)
    span = (high - low) or 1.0
    column = [points[_widest(list(curves.values()))] for points in curves.values()]
    places = dodged([height * (high - b) / span for _, b in column], height, 14.0)
    rows = [
        {"x": 100 * at, "y": high - span * place / height, "s": name, "t": short(name, 26)}
        for name, (at, _), place in zip(curves, column, places, strict=True)
    ]
    halo = alt.Chart(data(rows)).mark_text(fontSize=12, fontWeight="bold", stroke="white", strokeWidth=4)
    text = alt.Chart(data(rows)).mark_text(fontSize=12, fontWeight="bold")
    return [halo.encode(x=x, y=y, text="t:N"), text.encode(x=x, y=y, text="t:N", color=colour)]


def _widest(curves: Sequence[Sequence[tuple[float, float]]]) -> int:
    """Return the place at which the closest two of some curves are farthest apart."""

    def gap(place: int) -> float:
        values = sorted(points[place][1] for points in curves)
        return min(after - before for before, after in pairwise(values))

    shortest = min(len(points) for points in curves)
    return max(range(shortest), key=gap)


def rest_points(
    points: Sequence[tuple[float, float, str]], *, x: str, y: str, width: int = 600, height: int = 280
) -> Any:
    """Return rest points along a swept number: value, share in [0, 1], stability."""
    import altair as alt

    values = [value for value, _, _ in points]
    across = alt.X("x:Q", **number_axis(values, x))
    up = alt.Y("y:Q", **percent_axis(y))
    dots = rest_point_layers([(value, 100 * share, kind) for value, share, kind in points], across, up, size=90)
    return alt.layer(*dots).properties(width=width, height=height)
