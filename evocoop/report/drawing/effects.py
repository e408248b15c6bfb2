"""Drawings of what capacities carry: signed bars with intervals, a triangle of pairs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evocoop.report.drawing.base import Row, data
from evocoop.report.drawing.heat import Board
from evocoop.report.look import COLOURS, INK
from evocoop.report.words import short

CARRIES, HINDERS = COLOURS[0], COLOURS[1]
LEAST = 20.0


@dataclass(frozen=True)
class Bar:
    """A bar from zero: its value, the ends of its interval, and what is written beside it."""

    value: float
    low: float
    high: float
    said: str


def signed_bars(
    names: Sequence[str], panels: Mapping[str, Sequence[Bar]], widths: Sequence[int], *, row_height: int = 30
) -> Any:
    """Return panels of horizontal bars that start at zero, with rules for their intervals, all on one scale.

    Args:
        names: of the rows, top to bottom.
        panels: what runs to the right, in words → the bars.
        widths: of the panels.
        row_height: height of one bar with its gap.
    """
    import altair as alt

    every = [end for some in panels.values() for one in some for end in (one.low, one.value, one.high)]
    limits = min(0.0, *every), max(0.0, *every)
    drawn = [
        _panel(names if place == 0 else (), x, some, limits, widths[place], row_height)
        for place, (x, some) in enumerate(panels.items())
    ]
    return drawn[0] if len(drawn) == 1 else alt.hconcat(*drawn, spacing=24)


def _panel(
    names: Sequence[str], x: str, some: Sequence[Bar], limits: tuple[float, float], width: int, row_height: int
) -> Any:
    import altair as alt

    rows: list[Row] = [
        {
            "k": place,
            "v": one.value,
            "lo": one.low,
            "hi": one.high,
            "at": max(one.high, one.value, 0.0),
            "said": one.said,
            "text": short(names[place], 30) if names else "",
            "c": CARRIES if one.value >= 0 else HINDERS,
        }
        for place, one in enumerate(some)
    ]
    low, high = limits
    room = 8.0 * max(len(one.said) for one in some) + 12.0
    span = (high - low) * width / max(width - room, 40.0) or 1.0
    scale = alt.Scale(domain=[low - 0.02 * span, low + span], nice=False, zero=False)
    step = _step((high - low) / max(2, width // 70))
    ticks = [step * place for place in range(math.floor(low / step), math.ceil(high / step) + 1)]
    axis = alt.Axis(title=x, values=[tick for tick in ticks if low <= tick <= high], format=".6~r")
    right = {"scale": scale, "axis": axis}
    rung = alt.Scale(domain=list(range(len(rows))), paddingInner=0.25)
    base = alt.Chart(data(rows)).encode(y=alt.Y("k:O", sort=None, axis=None, scale=rung))
    place = alt.X("v:Q", **right)
    layers = [
        base.mark_bar().encode(x=place, x2=alt.datum(0.0), color=alt.Color("c:N", scale=None)),
        alt.Chart(data([{"z": 0.0}])).mark_rule(color="#8a8a8a").encode(x=alt.X("z:Q", **right)),
    ]
    if any(row["hi"] > row["lo"] for row in rows):
        layers.append(base.mark_rule(strokeWidth=1.6, color=INK).encode(x=alt.X("lo:Q", **right), x2="hi:Q"))
    layers.append(base.mark_text(align="left", dx=6, fontSize=12).encode(x=alt.X("at:Q", **right), text="said:N"))
    if names:
        layers.append(base.mark_text(align="right", dx=-8, fontSize=12).encode(x=alt.value(0), text="text:N"))
    return alt.layer(*layers).properties(width=width, height=row_height * max(1, len(rows)))


def _step(least: float) -> float:
    """Return the smallest round number that is not below another."""
    power = 10.0 ** math.floor(math.log10(least)) if least > 0 else 1.0
    return next(digit * power for digit in (1.0, 2.0, 5.0, 10.0) if digit * power >= least * (1.0 - 1e-9))


def pairs_triangle(
    names: Sequence[str],
    found: Mapping[tuple[str, str], float],
    *,
    most: float = LEAST,
    title: str = "",
    legend: bool = True,
    cell: int = 76,
) -> Any:
    """Return a triangle of pairs: blue where two need one another, orange where one stands in for the other.

    Args:
        names: what is paired, in order.
        found: pair, in that order → percentage points.
        most: what the full colours stand for, at least.
        title: of this panel, when there are several.
        legend: whether the colours are explained beside it.
        cell: width of a tile.
    """
    import altair as alt

    most = max((abs(value) for value in found.values()), default=0.0) if most <= LEAST else most
    most = max(most, LEAST)
    down, across = list(names[1:]), list(names[:-1])
    tiles: list[Row] = [
        {
            "r": down.index(second),
            "c": across.index(first),
            "v": value,
            "text": signed(value),
            "ink": "#ffffff" if abs(value) > 0.62 * most else INK,
        }
        for (first, second), value in found.items()
    ]
    scale = alt.Scale(domain=[-most, 0.0, most], range=[HINDERS, "#f5f5f5", CARRIES])
    shown = alt.Legend(title="points", gradientLength=110, gradientThickness=12, format=".6~r", tickCount=4)
    board = Board(down, across, "", "", cell=cell, height=34, title=title)
    return board.finished(tiles, alt.Color("v:Q", scale=scale, legend=shown if legend else None))


def signed(value: float) -> str:
    """Return a number of points with its sign.

    >>> signed(43.2), signed(-0.2), signed(-88.0)
    ('+43', '0', '−88')
    """
    whole = round(value)
    return f"+{whole}" if whole > 0 else f"−{-whole}" if whole < 0 else "0"
