"""Lines with direct labels: shares along a swept number, trajectories."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from evocoop.report.drawing.base import Row, colours, dashes, data, dodged, number_axis, percent_axis, shapes
from evocoop.report.look import GREY, Style, ink_on
from evocoop.report.words import short

Line = Sequence[tuple[float, float, float]]
"""Points of a line: place, value, standard error."""

HEIGHT = 240


def share_lines(
    lines: Mapping[str, Line],
    look: Mapping[str, Style],
    *,
    x: str,
    y: str | None = "share of the population",
    title: str = "",
    width: int = 560,
    height: int = HEIGHT,
    bands: Sequence[tuple[float, float, str, str]] = (),
    marks: bool = True,
    groups: Mapping[str, str] | None = None,
) -> Any:
    """Return lines of shares in per cent, each labelled at its end.

    Args:
        lines: name → points, shares in [0, 1].
        look: how each name is drawn.
        x: what runs to the right, in words.
        y: what runs up, in words.
        title: of this panel, when there are several.
        width: of the panel.
        height: of the panel.
        bands: stretches to mark above the panel: from, to, who leads, name whose colour it has.
        marks: whether points are marked, beside the lines, with rules for their errors; else errors are shaded.
        groups: line → what it is drawn and labelled as, where several lines look alike.
    """
    scaled = {name: [(at, 100 * v, 100 * e) for at, v, e in points] for name, points in lines.items()}
    highest = max((v + e for points in scaled.values() for _, v, e in points), default=100.0)
    top = 100.0 if highest > 60.0 else max(10.0, 10.0 * math.ceil(highest / 9.0))
    axes = _Axes(x, percent_axis(y, top), 0.0, top, width, height, marks)
    return _chart(scaled, look, axes, title, bands, groups or {})


def value_lines(
    lines: Mapping[str, Line],
    look: Mapping[str, Style],
    *,
    x: str,
    y: str,
    title: str = "",
    width: int = 560,
    height: int = HEIGHT,
    marks: bool = True,
    groups: Mapping[str, str] | None = None,
) -> Any:
    """Return lines of numbers that are not shares, each labelled at its end; ``groups`` as in :func:`share_lines`."""
    import altair as alt

    every = [v + sign * e for points in lines.values() for _, v, e in points for sign in (-1, 1)]
    low, high = min(every), max(every)
    room = 0.06 * (high - low) or 1.0
    low, high = low - room, high + room
    up = {"scale": alt.Scale(domain=[low, high], nice=False, zero=False), "axis": alt.Axis(title=y, tickCount=5)}
    return _chart(lines, look, _Axes(x, up, low, high, width, height, marks), title, (), groups or {})


class _Axes(NamedTuple):
    """What runs where: the axes of a line chart and its size."""

    x: str
    up: dict[str, Any]
    low: float
    high: float
    width: int
    height: int
    marks: bool


def _chart(
    lines: Mapping[str, Line],
    look: Mapping[str, Style],
    axes: _Axes,
    title: str,
    bands: Sequence[tuple[float, float, str, str]],
    groups: Mapping[str, str],
) -> Any:
    import altair as alt

    names = list(dict.fromkeys(groups.get(name, name) for name in lines))
    rows: list[Row] = [
        {
            "x": place,
            "y": value,
            "lo": max(value - error, axes.low),
            "hi": min(value + error, axes.high),
            "s": groups.get(name, name),
            "i": name,
        }
        for name, points in lines.items()
        for place, value, error in points
    ]
    values = [row["x"] for row in rows]
    right = alt.X("x:Q", **number_axis(values, axes.x, at_values=axes.marks))
    base = alt.Chart(data(rows)).encode(x=right, y=alt.Y("y:Q", **axes.up), color=colours(look, names), detail="i:N")
    layers = [base.mark_line(strokeWidth=2).encode(strokeDash=dashes(look, names))]
    if any(row["hi"] > row["lo"] for row in rows) and not axes.marks:
        layers.insert(0, base.mark_area(opacity=0.15).encode(y=alt.Y("lo:Q", **axes.up), y2="hi:Q"))
    elif any(row["hi"] > row["lo"] for row in rows):
        layers.append(base.mark_rule(strokeWidth=1.2).encode(y=alt.Y("lo:Q", **axes.up), y2="hi:Q"))
    if axes.marks:
        layers.append(base.mark_point(size=46, filled=True, opacity=1).encode(shape=shapes(look, names)))
    ends: dict[str, list[float]] = {}
    for name, points in lines.items():
        if points:
            ends.setdefault(groups.get(name, name), []).append(max(points)[1])
    layers += _end_labels({name: sum(some) / len(some) for name, some in ends.items()}, look, axes)
    layers += _bands(bands, values, look, axes.x)
    return alt.layer(*layers).properties(width=axes.width, height=axes.height, **_panel(title))


def _panel(title: str) -> dict[str, Any]:
    if not title:
        return {}
    return {"title": {"text": title, "fontSize": 13, "fontWeight": "bold", "offset": 22, "anchor": "start"}}


def _end_labels(ends: Mapping[str, float], look: Mapping[str, Style], axes: _Axes) -> list[Any]:
    import altair as alt

    width, height, span = axes.width, axes.height, axes.high - axes.low
    places = dodged([height * (axes.high - value) / span for value in ends.values()], height)
    rows = [
        {"y": value, "label": axes.high - span * place / height, "s": name, "text": short(name, 26)}
        for (name, value), place in zip(ends.items(), places, strict=True)
    ]
    names = list(ends)
    base = alt.Chart(data(rows)).encode(color=colours(look, names))
    scale = alt.Scale(domain=[axes.low, axes.high], nice=False, zero=False)
    leader = base.mark_rule(strokeWidth=1, opacity=0.6).encode(
        x=alt.value(width + 4), x2=alt.value(width + 16), y=alt.Y("y:Q", scale=scale), y2="label:Q"
    )
    dot = base.mark_point(size=42, filled=True, opacity=1).encode(
        x=alt.value(width + 22), y=alt.Y("label:Q", scale=scale), shape=shapes(look, names)
    )
    text = (
        alt.Chart(data(rows))
        .mark_text(align="left", baseline="middle", dx=8, fontSize=12)
        .encode(x=alt.value(width + 22), y=alt.Y("label:Q", scale=scale), text="text:N")
    )
    return [leader, dot, text]


def _bands(
    bands: Sequence[tuple[float, float, str, str]], values: Sequence[float], look: Mapping[str, Style], x: str
) -> list[Any]:
    """Return a strip above the panel that says who leads where."""
    import altair as alt

    if not bands:
        return []
    span = (max(values) - min(values)) or 1.0
    rows: list[Row] = []
    for low, high, text, name in bands:
        colour = look[name].colour if name in look else GREY
        fits = (high - low) / span > 0.012 * len(text) + 0.02
        rows.append({"x": low, "x2": high, "text": text if fits else "", "c": colour, "ink": ink_on(colour)})
    base = alt.Chart(data(rows)).encode(x=alt.X("x:Q", **number_axis(values, x)), x2="x2:Q")
    strip = base.mark_rect(stroke="white", strokeWidth=1).encode(
        y=alt.value(-20), y2=alt.value(-4), color=alt.Color("c:N", scale=None)
    )
    middle = [{**row, "x": (row["x"] + row["x2"]) / 2} for row in rows]
    words = (
        alt.Chart(data(middle))
        .mark_text(fontSize=11, baseline="middle", align="center")
        .encode(
            x=alt.X("x:Q", **number_axis(values, x)),
            y=alt.value(-12),
            text="text:N",
            color=alt.Color("ink:N", scale=None),
        )
    )
    return [strip, words]


def beside(charts: Sequence[Any], columns: int = 2) -> Any:
    """Return several panels in rows."""
    import altair as alt

    if len(charts) == 1:
        return charts[0]
    return alt.concat(*charts, columns=columns, spacing=28).resolve_scale(color="independent", shape="independent")
