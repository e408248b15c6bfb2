"""What all charts share: data without surprises, scales, direct labels that keep out of each other's way."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from evocoop.report.look import DASHES, SHAPES, Style

Row = dict[str, Any]


def data(rows: Iterable[Row]) -> Any:
    """Return rows as inline data; what is not finite becomes empty."""
    import altair as alt

    return alt.InlineData(values=[{key: _plain(value) for key, value in row.items()} for row in rows])


def _plain(value: Any) -> Any:
    if hasattr(value, "item"):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def colours(look: Mapping[str, Style], names: Sequence[str], **more: Any) -> Any:
    """Return the colour channel of field ``s``, without legend."""
    import altair as alt

    scale = alt.Scale(domain=list(names), range=[look[name].colour for name in names])
    return alt.Color("s:N", scale=scale, legend=None, **more)


def dashes(look: Mapping[str, Style], names: Sequence[str]) -> Any:
    """Return the dash channel of field ``s``."""
    import altair as alt

    scale = alt.Scale(domain=list(names), range=[list(look[name].dash) for name in names])
    return alt.StrokeDash("s:N", scale=scale, legend=None)


def shapes(look: Mapping[str, Style], names: Sequence[str]) -> Any:
    """Return the shape channel of field ``s``."""
    import altair as alt

    return alt.Shape("s:N", scale=alt.Scale(domain=list(names), range=[look[n].shape for n in names]), legend=None)


def number_axis(values: Sequence[float], title: str, *, at_values: bool = True) -> dict[str, Any]:
    """Return scale and axis for a swept number: logarithmic where it spans decades evenly, ticks at the values."""
    import altair as alt

    low, high = min(values), max(values)
    logarithmic = low > 0 and high / low >= 50 and len(values) > 2
    spread = {} if low < high else {"domain": [low - 1, high + 1]}
    scale = alt.Scale(type="log" if logarithmic else "linear", zero=False, nice=False, **spread)
    ticks = {"values": sorted(set(values))} if at_values and len(set(values)) <= 12 else {}
    axis = alt.Axis(title=title, grid=False, format=".6~r", labelOverlap="greedy", labelFlush=False, **ticks)
    return {"scale": scale, "axis": axis}


def percent_axis(title: str | None, top: float = 100.0) -> dict[str, Any]:
    """Return scale and axis for shares in per cent."""
    import altair as alt

    return {
        "scale": alt.Scale(domain=[0, top], nice=False),
        "axis": alt.Axis(title=title, tickCount=5, labelExpr="datum.value + ' %'"),
    }


def dodged(places: Sequence[float], height: float, gap: float = 15.0) -> list[float]:
    """Return label positions near the places asked for, at least a gap apart, all within the height.

    >>> dodged([50.0, 52.0], 100.0, gap=10.0)
    [46.0, 56.0]
    """
    order = sorted(range(len(places)), key=lambda i: places[i])
    groups: list[list[float]] = []  # [sum of wished starts, members, start]
    for rank in order:
        groups.append([places[rank], 1.0, places[rank]])
        while len(groups) > 1 and groups[-1][2] < groups[-2][2] + groups[-2][1] * gap:
            later = groups.pop()
            wished = groups[-1][0] + later[0] - groups[-1][1] * later[1] * gap
            members = groups[-1][1] + later[1]
            groups[-1] = [wished, members, wished / members]
    flat = [start + gap * step for _, members, start in groups for step in range(int(members))]
    for step in range(len(flat) - 1, -1, -1):
        ceiling = height if step == len(flat) - 1 else flat[step + 1] - gap
        flat[step] = min(flat[step], ceiling)
    found = [0.0] * len(places)
    for rank, place in zip(order, flat, strict=True):
        found[rank] = place
    return found


def plain_looks(names: Sequence[str]) -> tuple[list[tuple[int, ...]], list[str]]:
    """Return dashes and shapes for names in order, where colour is used for something else."""
    return [DASHES[i % len(DASHES)] for i in range(len(names))], [SHAPES[i % len(SHAPES)] for i in range(len(names))]
