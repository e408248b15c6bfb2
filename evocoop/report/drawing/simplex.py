"""The simplex of three strategies, or of four seen from the side: paths with arrows, rest points, densities."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from evocoop.report.drawing.base import Row, data
from evocoop.report.look import INK, SEQUENTIAL
from evocoop.report.words import short

_TRIANGLE = ((0.0, 0.0), (1.0, 0.0), (0.5, math.sqrt(3) / 2))
_TETRAHEDRON = ((0.0, 0.12), (0.72, 0.0), (1.0, 0.34), (0.52, 0.98))
_HIDDEN = (0, 2)
LARGEST_DOT = 1200.0

Path = Sequence[Sequence[float]]


def corners(number: int) -> tuple[tuple[float, float], ...]:
    """Return where the corners of the simplex of three or four strategies are drawn."""
    return _TRIANGLE if number == 3 else _TETRAHEDRON


def project(shares: Sequence[float]) -> tuple[float, float]:
    """Return where a population state is drawn.

    >>> project([1.0, 0.0, 0.0])
    (0.0, 0.0)
    """
    places = corners(len(shares))
    x = sum(share * place[0] for share, place in zip(shares, places, strict=True))
    y = sum(share * place[1] for share, place in zip(shares, places, strict=True))
    return x, y


def simplex_chart(
    names: Sequence[str],
    paths: Sequence[Path] = (),
    points: Sequence[tuple[Sequence[float], str]] = (),
    density: Sequence[tuple[Sequence[float], float]] = (),
    *,
    size: int = 400,
    title: str = "",
) -> Any:
    """Return the picture of a simplex.

    Args:
        names: three or four strategies.
        paths: population states one after the other.
        points: rest points and their stability.
        density: population states and how likely each is.
        size: width of the panel.
        title: of this panel, when there are several.
    """
    import altair as alt

    x = alt.X("x:Q", scale=alt.Scale(domain=[-0.12, 1.12], nice=False, zero=False), axis=None)
    y = alt.Y(
        "y:Q", scale=alt.Scale(domain=[-0.1, 0.95 if len(names) == 3 else 1.06], nice=False, zero=False), axis=None
    )
    layers = [_density(density, x, y, size)] if density else []
    layers += _edges(len(names), x, y)
    layers += path_layers([[project(state) for state in path] for path in paths], x, y)
    layers += rest_point_layers([(*project(shares), kind) for shares, kind in points], x, y)
    layers += _names(names, x, y)
    named = {"title": {"text": title, "fontSize": 13, "anchor": "start", "offset": 2}} if title else {}
    return alt.layer(*layers).properties(width=size, height=round(size * 1.12 / 1.24), **named)


def _edges(number: int, x: Any, y: Any) -> list[Any]:
    import altair as alt

    places = corners(number)
    solid: list[Row] = []
    hidden: list[Row] = []
    for first in range(number):
        for second in range(first + 1, number):
            rows = solid if number == 3 or (first, second) != _HIDDEN else hidden
            for step, place in enumerate((places[first], places[second])):
                rows.append({"x": place[0], "y": place[1], "i": f"{first}{second}", "o": step})
    found = []
    for rows, dash in ((solid, [1, 0]), (hidden, [4, 4])):
        if rows:
            mark = alt.Chart(data(rows)).mark_line(color="#555555", strokeWidth=1.2, strokeDash=dash)
            found.append(mark.encode(x=x, y=y, detail="i:N", order="o:Q"))
    return found


def path_layers(paths: Sequence[Sequence[tuple[float, float]]], x: Any, y: Any, span: float = 1.0) -> list[Any]:
    """Return lines through places of the picture, each with an arrow head part of the way.

    Args:
        paths: places one after the other.
        x: the channel that runs to the right.
        y: the channel that runs up.
        span: how wide the picture is, in the units of the places.
    """
    import altair as alt

    lines, heads = [], []
    for number, drawn in enumerate(paths):
        lines += [{"x": px, "y": py, "i": number, "o": step} for step, (px, py) in enumerate(drawn)]
        heads += _heads(drawn, 0.02 * span)
    if not lines:
        return []
    line = alt.Chart(data(lines)).mark_line(color="#0072B2", strokeWidth=1.4, opacity=0.85)
    head = alt.Chart(data(heads)).mark_point(shape="triangle", filled=True, size=60, color="#00436b", opacity=1)
    return [
        line.encode(x=x, y=y, detail="i:N", order="o:Q"),
        head.encode(x=x, y=y, angle=alt.Angle("a:Q", scale=None)),
    ]


def _heads(drawn: Sequence[tuple[float, float]], least: float) -> list[dict[str, float]]:
    """Return one arrow head at two fifths of a path's length, none on a path that stands still."""
    steps = [math.dist(a, b) for a, b in pairwise(drawn)]
    total, walked = sum(steps), 0.0
    if total < least:
        return []
    for (x0, y0), (x1, y1), step in zip(drawn, drawn[1:], steps, strict=False):
        walked += step
        if walked >= 0.4 * total and step > 0:
            return [{"x": x1, "y": y1, "a": math.degrees(math.atan2(x1 - x0, y1 - y0))}]
    return []


def rest_point_layers(points: Sequence[tuple[float, float, str]], x: Any, y: Any, size: int = 110) -> list[Any]:
    """Return rest points: filled where stable, open where unstable, half filled where saddles, grey where neutral."""
    import altair as alt

    if not points:
        return []
    fills = {"stable": INK, "neutral": "#9a9a9a"}
    rows = [{"x": px, "y": py, "fill": fills.get(kind, "#ffffff"), "k": kind} for px, py, kind in points]
    dots = (
        alt.Chart(data(rows))
        .mark_point(filled=True, size=size, stroke=INK, strokeWidth=1.6, opacity=1, shape="circle")
        .encode(x=x, y=y, fill=alt.Fill("fill:N", scale=None))
    )
    saddles = [row for row in rows if row["k"] == "saddle"]
    if not saddles:
        return [dots]
    half = alt.Chart(data(saddles)).mark_arc(
        outerRadius=math.sqrt(size / math.pi), innerRadius=0, theta=0, theta2=math.pi, color=INK
    )
    return [dots, half.encode(x=x, y=y)]


def _density(density: Sequence[tuple[Sequence[float], float]], x: Any, y: Any, size: int) -> Any:
    import altair as alt

    top = max(value for _, value in density) or 1.0
    rows = []
    for shares, value in density:
        px, py = project(shares)
        rows.append({"x": px, "y": py, "v": 100 * value})
    area = min(max(4.0, (size * 0.9 / math.sqrt(2 * max(1, len(density)))) ** 2 * 1.5), LARGEST_DOT)
    legend = alt.Legend(title="% of time", gradientLength=120, gradientThickness=12)
    scale = alt.Scale(domain=[0, 100 * top], range=list(SEQUENTIAL))
    mark = alt.Chart(data(rows)).mark_point(filled=True, opacity=1, size=area, shape="circle", strokeWidth=0)
    return mark.encode(x=x, y=y, color=alt.Color("v:Q", scale=scale, legend=legend))


def _names(names: Sequence[str], x: Any, y: Any) -> list[Any]:
    import altair as alt

    found = []
    middle = sum(place[0] for place in corners(len(names))) / len(names)
    for name, (px, py) in zip(names, corners(len(names)), strict=True):
        side = "center" if abs(px - middle) < 0.12 else "left" if px > middle else "right"
        up = py > 0.5
        shift = {"dx": 0 if side == "center" else 6 if side == "left" else -6, "dy": -14 if up else 14}
        align = "center" if side == "center" else "right" if side == "left" else "left"
        mark = alt.Chart(data([{"x": px, "y": py, "t": short(name, 22)}])).mark_text(
            align=align if not up else "center", fontSize=13, fontWeight="bold", **shift
        )
        found.append(mark.encode(x=x, y=y, text="t:N"))
    return found
