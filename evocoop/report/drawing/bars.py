"""Bars: shares, basins, rankings, distributions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from evocoop.report.drawing.base import Row, colours, data
from evocoop.report.look import COLOURS, GREY, INK, OTHERS, Style, ink_on
from evocoop.report.words import percent, short

Bar = tuple[str, float, float]
"""A bar: name, value, standard error."""


def bars(
    rows: Sequence[Bar],
    look: Mapping[str, Style],
    *,
    x: str,
    shares: bool = True,
    width: int = 560,
    row_height: int = 26,
    title: str = "",
) -> Any:
    """Return horizontal bars of shares, or dots of scores, with values beside them and rules for one standard error.

    Args:
        rows: the bars, top to bottom.
        look: how each name is drawn; others are grey.
        x: what runs to the right, in words.
        shares: whether values are shares in [0, 1], shown in per cent.
        width: of the panel.
        row_height: height of one bar with its gap.
        title: of this panel, when there are several.
    """
    import altair as alt

    factor = 100.0 if shares else 1.0
    drawn = [_bar(place, *row, factor=factor, shares=shares, look=look) for place, row in enumerate(rows)]
    rung = alt.Scale(domain=list(range(len(drawn))), paddingInner=0.25)
    base = alt.Chart(data(drawn)).encode(y=alt.Y("k:O", sort=None, axis=None, scale=rung))
    right = _share_axis(drawn, x) if shares else _score_axis(drawn, x)
    place = alt.X("v:Q", **right)
    if shares:
        body = base.mark_bar().encode(x=place, x2=alt.datum(0.0), color=alt.Color("c:N", scale=None))
    else:
        body = base.mark_point(filled=True, size=80, color=COLOURS[0], opacity=1).encode(x=place)
    layers = (
        [base.mark_rule(color="#e4e4e4").encode(x=alt.value(0), x2=alt.value(width)), body] if not shares else [body]
    )
    if any(row["hi"] > row["v"] for row in drawn):
        layers.append(base.mark_rule(strokeWidth=1.6, color=INK).encode(x=alt.X("lo:Q", **right), x2="hi:Q"))
    gap = 6 if shares else 9
    layers.append(base.mark_text(align="left", dx=gap, fontSize=12).encode(x=alt.X("hi:Q", **right), text="said:N"))
    layers.append(base.mark_text(align="right", dx=-8, fontSize=12).encode(x=alt.value(0), text="text:N"))
    return alt.layer(*layers).properties(width=width, height=row_height * max(1, len(drawn)), **_panel(title))


def _share_axis(drawn: Sequence[Row], title: str) -> dict[str, Any]:
    import altair as alt

    top = min(max(1.16 * max((row["hi"] for row in drawn), default=0.0), 5.0), 116.0)
    axis = alt.Axis(title=title, labelExpr="datum.value + ' %'", values=[v for v in _ticks(top) if v <= 100])
    return {"scale": alt.Scale(domain=[0, top], nice=False), "axis": axis}


def _ticks(top: float) -> list[float]:
    step = next(step for step in (1, 2, 5, 10, 20) if top / step <= 7 or step == 20)
    return [float(step * place) for place in range(int(top / step) + 1)]


def _score_axis(drawn: Sequence[Row], title: str) -> dict[str, Any]:
    import altair as alt

    low, high = min((row["lo"] for row in drawn), default=0.0), max((row["hi"] for row in drawn), default=1.0)
    span = (high - low) or 1.0
    scale = alt.Scale(domain=[low - 0.05 * span, high + 0.25 * span], nice=False, zero=False)
    return {"scale": scale, "axis": alt.Axis(title=title, tickCount=6)}


def _bar(
    place: int, name: str, value: float, error: float, *, factor: float, shares: bool, look: Mapping[str, Style]
) -> dict[str, Any]:
    said = percent(value, 1) if shares else f"{value:.3f}"
    if error > 0:
        said += f" ± {100 * error:.1f}" if shares else f" ± {error:.3f}"
    return {
        "k": place,
        "v": factor * value,
        "lo": factor * (max(0.0, value - error) if shares else value - error),
        "hi": factor * (min(1.0, value + error) if shares else value + error),
        "said": said,
        "text": short(name, 34),
        "c": look[name].colour if name in look and name != OTHERS else GREY,
    }


def _panel(title: str) -> dict[str, Any]:
    if not title:
        return {}
    return {"title": {"text": title, "fontSize": 13, "fontWeight": "bold", "offset": 8, "anchor": "start"}}


def stacked(
    rows: Sequence[tuple[Sequence[str], Sequence[tuple[str, float]]]],
    look: Mapping[str, Style],
    *,
    x: str,
    heads: Sequence[str] = (),
    width: int = 560,
    row_height: int = 28,
) -> Any:
    """Return one full bar per setting, divided by shares, with names written into what is wide enough.

    Args:
        rows: labels of the setting, one for each column before the bar, and its (name, share) in drawing order.
        look: how each name is drawn.
        x: what runs to the right, in words.
        heads: what stands above each column of labels.
        width: of the panel.
        row_height: height of one bar with its gap.
    """
    import altair as alt

    y = alt.Y("k:O", axis=None, scale=alt.Scale(domain=list(range(len(rows))), paddingInner=0.22))
    scale = alt.Scale(domain=[0, 100], nice=False)
    axis = alt.Axis(title=x, labelExpr="datum.value + ' %'", tickCount=5, grid=False)
    pieces = [piece for place, (_, parts) in enumerate(rows) for piece in _pieces(place, parts, look, width)]
    base = alt.Chart(data(pieces)).encode(y=y)
    body = base.mark_bar(stroke="white", strokeWidth=1).encode(
        x=alt.X("x:Q", scale=scale, axis=axis), x2="x2:Q", color=alt.Color("c:N", scale=None)
    )
    words = base.mark_text(fontSize=11).encode(
        x=alt.X("mid:Q", scale=scale), text="text:N", color=alt.Color("ink:N", scale=None)
    )
    labels = _label_columns([list(label) for label, _ in rows], heads, y)
    return alt.layer(body, words, *labels).properties(width=width, height=row_height * max(1, len(rows)))


def _pieces(place: int, parts: Sequence[tuple[str, float]], look: Mapping[str, Style], width: int) -> list[Row]:
    """Return the pieces of one divided bar."""
    found, start = [], 0.0
    for name, share in parts:
        colour = look[name].colour if name in look else GREY
        text = short(name, 20)
        roomy = share * width > 7.2 * len(text) + 8
        ends = {"x": 100 * start, "x2": 100 * (start + share), "mid": 100 * (start + share / 2)}
        found.append({"k": place, **ends, "c": colour, "ink": ink_on(colour), "text": text if roomy else ""})
        start += share
    return found


def _label_columns(labels: Sequence[Sequence[str]], heads: Sequence[str], y: Any) -> list[Any]:
    """Return columns of labels to the left of the bars, the last one next to them, each with its head."""
    import altair as alt

    layers, edge = [], -10.0
    for place in reversed(range(max((len(one) for one in labels), default=0))):
        texts = [short(one[place], 44) if place < len(one) else "" for one in labels]
        rows = [{"k": number, "text": text} for number, text in enumerate(texts)]
        mark = alt.Chart(data(rows)).mark_text(align="right", fontSize=12)
        layers.append(mark.encode(x=alt.value(edge), y=y, text="text:N"))
        head = short(heads[place], 30) if place < len(heads) else ""
        if head:
            above = alt.Chart(data([{"text": head}])).mark_text(align="right", fontSize=11, color="#444444")
            layers.append(above.encode(x=alt.value(edge), y=alt.value(-10), text="text:N"))
        edge -= 14 + 6.4 * max(len(text) for text in (*texts, head))
    return layers


def columns(
    rows: Sequence[tuple[float, float, str]],
    look: Mapping[str, Style],
    *,
    x: str,
    y: str,
    width: int = 620,
    height: int = 220,
    title: str = "",
) -> Any:
    """Return upright columns of a distribution: place, height in per cent, name."""
    import altair as alt

    drawn: list[Row] = [{"x": place, "v": 100 * value, "s": name} for place, value, name in rows]
    names = list(dict.fromkeys(row["s"] for row in drawn))
    step = width / max(1, len(drawn))
    chart = (
        alt.Chart(data(drawn))
        .mark_bar(size=max(1.0, min(24.0, step * 0.85)))
        .encode(
            x=alt.X("x:Q", scale=alt.Scale(nice=False, padding=step / 2), axis=alt.Axis(title=x, grid=False)),
            y=alt.Y("v:Q", axis=alt.Axis(title=y, labelExpr="datum.value + ' %'", tickCount=5)),
            color=colours(look, names),
        )
    )
    return chart.properties(width=width, height=height, **_panel(title))
