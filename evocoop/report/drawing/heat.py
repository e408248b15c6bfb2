"""Heat maps: payoffs, shares over two swept keys, who leads where, fixation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from evocoop.report.drawing.base import data
from evocoop.report.look import GREY, INK, SEQUENTIAL, Style, ink_on
from evocoop.report.words import short

Tile = tuple[int, int, float | None]


def heat(
    tiles: Sequence[Tile],
    rows: Sequence[str],
    columns: Sequence[str],
    *,
    row_title: str,
    column_title: str,
    value_title: str,
    domain: tuple[float, float] | None = None,
    texts: Sequence[str] | None = None,
    cell: int = 46,
    height: int | None = None,
    title: str = "",
) -> Any:
    """Return a heat map; values are written into the cells where they fit.

    Args:
        tiles: row, column, value.
        rows: labels, top to bottom.
        columns: labels, left to right.
        row_title: what a row is.
        column_title: what a column is.
        value_title: what the colour says.
        domain: lowest and highest value of the colours.
        texts: what is written into each tile.
        cell: width of a tile.
        height: of a tile.
        title: of this panel, when there are several.
    """
    import altair as alt

    known = [value for _, _, value in tiles if value is not None]
    low, high = domain or (min(known, default=0.0), max(known, default=1.0))
    high = high if high > low else low + 1.0
    ramp = list(SEQUENTIAL)
    drawn = []
    for place, (row, column, value) in enumerate(tiles):
        at = 0.0 if value is None else (value - low) / (high - low)
        dark = at > 0.56
        said = texts[place] if texts is not None else ("" if value is None else f"{value:.3g}")
        drawn.append({"r": row, "c": column, "v": value, "text": said, "ink": "#ffffff" if dark else INK})
    scale = alt.Scale(domain=[low, high], range=ramp, clamp=True)
    legend = alt.Legend(title=value_title, gradientLength=140, gradientThickness=12, format="~g")
    body = _grid(drawn, rows, columns, row_title, column_title).encode(
        color=alt.Color("v:Q", scale=scale, legend=legend)
    )
    return _finish(body, drawn, rows, columns, cell, height, title)


def regions(
    tiles: Sequence[tuple[int, int, str, str]],
    look: Mapping[str, Style],
    rows: Sequence[str],
    columns: Sequence[str],
    *,
    row_title: str,
    column_title: str,
    cell: int = 46,
    height: int | None = None,
    title: str = "",
) -> Any:
    """Return a map of who leads where: row, column, name whose colour it has, what is written into it."""
    import altair as alt

    drawn = []
    for row, column, name, text in tiles:
        colour = look[name].colour if name in look else GREY
        drawn.append({"r": row, "c": column, "colour": colour, "text": text, "ink": ink_on(colour)})
    body = _grid(drawn, rows, columns, row_title, column_title).encode(color=alt.Color("colour:N", scale=None))
    return _finish(body, drawn, rows, columns, cell, height, title)


def _channels(rows: Sequence[str], columns: Sequence[str], row_title: str, column_title: str) -> dict[str, Any]:
    import altair as alt

    def channel(kind: Any, field: str, labels: Sequence[str], title: str, **more: Any) -> Any:
        said = [short(label, 26) for label in labels]
        quoted = ",".join(_quoted(one) for one in said)
        axis = alt.Axis(title=title, labelExpr=f"[{quoted}][datum.value]", domain=False, ticks=False, **more)
        return kind(f"{field}:O", axis=axis, scale=alt.Scale(domain=list(range(len(labels))), padding=0))

    upright = max((len(short(label, 26)) for label in columns), default=0) <= 6
    return {
        "x": channel(alt.X, "c", columns, column_title, orient="bottom", labelAngle=0 if upright else -40),
        "y": channel(alt.Y, "r", rows, row_title),
    }


def _quoted(text: str) -> str:
    """Return a text as a literal of the chart's expression language, every unusual letter escaped."""
    return '"' + "".join(letter if letter.isalnum() and letter.isascii() else _code(letter) for letter in text) + '"'


def _code(letter: str) -> str:
    units = letter.encode("utf-16-be", "replace")
    return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))


def _grid(drawn: Any, rows: Sequence[str], columns: Sequence[str], row_title: str, column_title: str) -> Any:
    import altair as alt

    return (
        alt.Chart(data(drawn))
        .mark_rect(stroke="#ffffff", strokeWidth=1)
        .encode(**_channels(rows, columns, row_title, column_title))
    )


def _finish(
    body: Any, drawn: Any, rows: Sequence[str], columns: Sequence[str], cell: int, height: int | None, title: str
) -> Any:
    import altair as alt

    tall = height or min(cell, 30)
    words = (
        alt.Chart(data(drawn))
        .mark_text(fontSize=11)
        .encode(
            x=alt.X("c:O", scale=alt.Scale(domain=list(range(len(columns))), padding=0)),
            y=alt.Y("r:O", scale=alt.Scale(domain=list(range(len(rows))), padding=0)),
            text="text:N",
            color=alt.Color("ink:N", scale=None),
        )
    )
    named = {"title": {"text": title, "fontSize": 13, "fontWeight": "bold", "anchor": "start"}} if title else {}
    layers = [body, words] if any(one["text"] for one in drawn) else [body]
    return (
        alt.layer(*layers)
        .resolve_scale(color="independent")
        .properties(width=cell * max(1, len(columns)), height=tall * max(1, len(rows)), **named)
    )
