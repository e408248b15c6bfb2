"""Pictures of continuous traits: how a population is spread over time, and which mutants invade which residents."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from evocoop.report.drawing.base import Row, data
from evocoop.report.look import COLOURS, SEQUENTIAL

_INVADES = (
    ("the mutant dies out", "#e8e8e8"),
    ("the mutant invades", COLOURS[5]),
    ("each invades the other", COLOURS[0]),
)


def strip(rows: Sequence[Row], *, trait: str, bounds: tuple[float, float], title: str = "", width: int = 560) -> Any:
    """Return time to the right, the trait upwards, and the share of the population as darkness.

    Args:
        rows: ``x``, ``x2``, ``y``, ``y2`` and ``v``, a share in per cent.
        trait: its name.
        bounds: lowest and highest value drawn.
        title: of this panel, when there are several.
        width: of the panel.
    """
    import altair as alt

    scale = alt.Scale(domain=list(bounds), nice=False, zero=False)
    last = max(row["x2"] for row in rows)
    across = alt.X("x:Q", title="generation", scale=alt.Scale(domain=[0, last], nice=False))
    up = alt.Y("y:Q", title=trait, scale=scale)
    dark = alt.Scale(type="sqrt", domain=[0, 100], range=list(SEQUENTIAL[1:]))
    legend = alt.Legend(title="% of the population", gradientLength=120, gradientThickness=12, tickCount=4)
    chart = alt.Chart(data(rows)).mark_rect().encode(
        x=across, x2="x2:Q", y=up, y2="y2:Q", color=alt.Color("v:Q", scale=dark, legend=legend)
    )  # fmt: skip
    return chart.properties(width=width, height=260, **_named(title))


def invasibility_tiles(fitness: Mapping[tuple[float, float], float]) -> list[Row]:
    """Return what :func:`invasibility` draws, from the fitness of every mutant (first) among residents (second)."""
    values = sorted({value for pair in fitness for value in pair})
    half = (values[1] - values[0]) / 2
    return [
        {
            "x": x - half, "x2": x + half, "y": y - half, "y2": y + half,
            "k": (1 + (fitness[x, y] > 0)) if fitness[y, x] > 0 else 0,
        }
        for y in values
        for x in values
    ]  # fmt: skip


def side_by_side(rows: Sequence[Row]) -> float:
    """Return the share of pairs of different values of which each invades the other."""
    many = math.isqrt(len(rows))
    return sum(int(row["k"] == 2) for row in rows) / max(1, many**2 - many)


def invasibility(rows: Sequence[Row], *, trait: str, title: str = "", size: int = 300) -> Any:
    """Return the plot of pairwise invasibility: residents to the right, mutants upwards.

    Args:
        rows: ``x``, ``x2``, ``y``, ``y2`` and ``k``: 0 the mutant dies out, 1 it invades, 2 each invades the other.
        trait: its name.
        title: of this panel, when there are several.
        size: of the panel.
    """
    import altair as alt

    bounds = [min(row["x"] for row in rows), max(row["x2"] for row in rows)]
    scale = alt.Scale(domain=bounds, nice=False, zero=False)
    words = [one for one, _ in _INVADES]
    drawn = [{**row, "s": words[row["k"]]} for row in rows]
    colour = alt.Color(
        "s:N", scale=alt.Scale(domain=words, range=[one for _, one in _INVADES]), legend=alt.Legend(title=None)
    )
    chart = alt.Chart(data(drawn)).mark_rect().encode(
        x=alt.X("x:Q", title=f"{trait} of residents", scale=scale), x2="x2:Q",
        y=alt.Y("y:Q", title=f"{trait} of the mutant", scale=scale), y2="y2:Q", color=colour,
    )  # fmt: skip
    return chart.properties(width=size, height=size, **_named(title))


def _named(title: str) -> dict[str, Any]:
    return {"title": {"text": title, "fontSize": 13, "anchor": "start"}} if title else {}
