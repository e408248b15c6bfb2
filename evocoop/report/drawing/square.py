"""The square of two populations of two strategies: paths with arrows, rest points, time spent where."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from evocoop.report.drawing.base import data, percent_axis
from evocoop.report.drawing.simplex import path_layers, rest_point_layers
from evocoop.report.look import SEQUENTIAL

Place = tuple[float, float]


def square_chart(
    paths: Sequence[Sequence[Place]],
    points: Sequence[tuple[float, float, str]],
    *,
    x: str,
    y: str,
    size: int = 380,
    title: str = "",
) -> Any:
    """Return the picture of two populations, the share of one strategy of each to the right and up.

    Args:
        paths: shares of both in [0, 1], one after the other.
        points: rest points, shares of both and stability.
        x: what runs to the right, in words.
        y: what runs up, in words.
        size: width and height of the panel.
        title: of this panel, when there are several.
    """
    import altair as alt

    across, up = _channels(x, y, 4.0)
    edge = [
        {"x": a, "y": b, "o": place} for place, (a, b) in enumerate([(0, 0), (100, 0), (100, 100), (0, 100), (0, 0)])
    ]
    frame = alt.Chart(data(edge)).mark_line(color="#8a8a8a", strokeWidth=1.2).encode(x=across, y=up, order="o:Q")
    layers = [frame, *path_layers([[(100 * a, 100 * b) for a, b in path] for path in paths], across, up, 100.0)]
    layers += rest_point_layers([(100 * a, 100 * b, kind) for a, b, kind in points], across, up)
    named = {"title": {"text": title, "fontSize": 13, "anchor": "start", "offset": 6}} if title else {}
    return alt.layer(*layers).properties(width=size, height=size, **named)


def time_square(tiles: Sequence[tuple[float, float, float, float, float]], *, x: str, y: str, size: int = 300) -> Any:
    """Return the share of time spent in each part of the square.

    Args:
        tiles: left and right, low and high ends in [0, 1], and the share of time in per cent.
        x: what runs to the right, in words.
        y: what runs up, in words.
        size: width and height of the panel.
    """
    import altair as alt

    across, up = _channels(x, y, 0.0)
    rows = [{"x": 100 * a, "x2": 100 * b, "y": 100 * c, "y2": 100 * d, "v": value} for a, b, c, d, value in tiles]
    legend = alt.Legend(title="% of time", gradientLength=120, gradientThickness=12, format=".3~r", tickCount=4)
    top = max((row["v"] for row in rows), default=1.0) or 1.0
    scale = alt.Scale(domain=[0, top], range=list(SEQUENTIAL))
    mark = alt.Chart(data(rows)).mark_rect(stroke="#ffffff", strokeWidth=0.5)
    chart = mark.encode(x=across, x2="x2:Q", y=up, y2="y2:Q", color=alt.Color("v:Q", scale=scale, legend=legend))
    return chart.properties(width=size, height=size)


def _channels(x: str, y: str, room: float) -> tuple[Any, Any]:
    """Return the position channels, in per cent, with some room beyond the square."""
    import altair as alt

    axes = [percent_axis(name) for name in (x, y)]
    for axis in axes:
        axis["scale"] = alt.Scale(domain=[-room, 100 + room], nice=False, zero=False)
        axis["axis"].grid = False
        axis["axis"].values = [0, 25, 50, 75, 100]
    return alt.X("x:Q", **axes[0]), alt.Y("y:Q", **axes[1])
