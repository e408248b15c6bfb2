"""Heat maps: payoffs, shares over two swept keys, who leads where, fixation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evocoop.report.drawing.base import Row, data
from evocoop.report.look import COLOURS, GREY, INK, OTHERS, SEQUENTIAL, Style, ink_on
from evocoop.report.words import short

Tile = tuple[int, int, float | None]

_DARK = 0.56


@dataclass(frozen=True)
class Board:
    """The grid of a map: labels, what rows and columns are, and the size of a tile.

    Args:
        rows: labels, top to bottom.
        columns: labels, left to right.
        row_title: what a row is.
        column_title: what a column is.
        cell: width of a tile.
        height: of a tile.
        title: of this panel, when there are several.
    """

    rows: Sequence[str]
    columns: Sequence[str]
    row_title: str
    column_title: str
    cell: int = 46
    height: int = 28
    title: str = ""

    def channels(self) -> dict[str, Any]:
        """Return the position channels, with axes."""
        import altair as alt

        upright = max((len(short(label, 26)) for label in self.columns), default=0) * 7 <= self.cell
        x = _channel(
            alt.X,
            "c",
            self.columns,
            self.column_title,
            orient="bottom",
            labelAngle=0 if upright else -40 if self.cell >= 24 else -90,
        )
        return {"x": x, "y": _channel(alt.Y, "r", self.rows, self.row_title)}

    def finished(self, tiles: Sequence[Row], colour: Any) -> Any:
        """Return the map of tiles, each with its text."""
        import altair as alt

        channels = self.channels()
        body = alt.Chart(data(tiles)).mark_rect(stroke="#ffffff", strokeWidth=1).encode(**channels, color=colour)
        layers = [body]
        if any(one["text"] for one in tiles):
            ink = alt.Color("ink:N", scale=None)
            words = alt.Chart(data(tiles)).mark_text(fontSize=11)
            layers.append(words.encode(**channels, text="text:N", color=ink))
        named = {"title": {"text": self.title, "fontSize": 13, "anchor": "start"}} if self.title else {}
        width, height = self.cell * max(1, len(self.columns)), self.height * max(1, len(self.rows))
        drawn = alt.layer(*layers).resolve_scale(color="independent")
        return drawn.properties(width=width, height=height, **named)


def heat(
    tiles: Sequence[Tile],
    board: Board,
    *,
    value_title: str,
    domain: tuple[float, float] | None = None,
    texts: Sequence[str] | None = None,
    legend: bool = True,
) -> Any:
    """Return a heat map.

    Args:
        tiles: row, column, value.
        board: the grid.
        value_title: what the colour says.
        domain: lowest and highest value of the colours.
        texts: what is written into each tile; the values when left out.
        legend: whether the colours are explained beside the map.
    """
    import altair as alt

    known = [value for _, _, value in tiles if value is not None]
    low, high = domain or (min(known, default=0.0), max(known, default=1.0))
    high = high if high > low else low + 1.0
    drawn = []
    for place, (row, column, value) in enumerate(tiles):
        at = 0.0 if value is None else (value - low) / (high - low)
        said = texts[place] if texts is not None else ("" if value is None else f"{round(value, 9) + 0.0:.3g}")
        drawn.append({"r": row, "c": column, "v": value, "text": said, "ink": "#ffffff" if at > _DARK else INK})
    scale = alt.Scale(domain=[low, high], range=list(SEQUENTIAL), clamp=True)
    shown = alt.Legend(title=value_title, gradientLength=120, gradientThickness=12, format=".3~r", tickCount=4)
    return board.finished(drawn, alt.Color("v:Q", scale=scale, legend=shown if legend else None))


def regions(
    tiles: Sequence[tuple[int, int, str, str]],
    look: Mapping[str, Style],
    board: Board,
    *,
    legend: bool = False,
    rest: str = "ties and others",
) -> Any:
    """Return a map of who leads where: row, column, name whose colour it has, what is written into it.

    With a legend, the names that hold most tiles are listed beside the map, all others as what ``rest`` says; it is for
    tiles too small for their names.
    """
    import altair as alt

    most = Counter(name for _, _, name, _ in tiles if name in look).most_common(len(COLOURS))
    names = [name for name, _ in most if name != OTHERS]
    own = [look[name].colour for name in names]
    palette = [*(own if len(set(own)) == len(own) else COLOURS[: len(own)]), GREY]
    drawn: list[Row] = []
    for row, column, name, text in tiles:
        place = names.index(name) if name in names else len(names)
        drawn.append({"r": row, "c": column, "s": place, "text": text, "ink": ink_on(palette[place])})
    said = ",".join(quoted(short(name, 22)) for name in [*names, rest])
    domain = sorted({row["s"] for row in drawn})
    shown = alt.Legend(title=None, labelExpr=f"[{said}][datum.value]", symbolType="square") if legend else None
    scale = alt.Scale(domain=domain, range=[palette[place] for place in domain])
    return board.finished(drawn, alt.Color("s:N", scale=scale, legend=shown))


def _channel(kind: Any, field: str, labels: Sequence[str], title: str, **more: Any) -> Any:
    """Return a channel of places 0, 1, 2 … whose axis says the labels; two labels may be equal."""
    import altair as alt

    said = ",".join(quoted(short(label, 26)) for label in labels)
    axis = alt.Axis(title=title, labelExpr=f"[{said}][datum.value]", domain=False, ticks=False, **more)
    return kind(f"{field}:O", axis=axis, scale=alt.Scale(domain=list(range(len(labels))), padding=0))


def quoted(text: str) -> str:
    r"""Return a text in the chart's expression language, every unusual letter as its code.

    The blank before it is cut off again: Vega takes a literal that is the name of one of its functions for a call.

    >>> quoted("a'")
    'slice(" a\\u0027",1)'
    """
    codes = "".join(letter if letter.isalnum() and letter.isascii() else _code(letter) for letter in text)
    return f'slice(" {codes}",1)'


def _code(letter: str) -> str:
    units = letter.encode("utf-16-be", "replace")
    return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))
