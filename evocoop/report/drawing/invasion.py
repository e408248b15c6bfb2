"""The invasion diagram: strategies on a ring, arrows to those that selection favours to take over."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evocoop.report.drawing.base import Row, data
from evocoop.report.look import GREY, INK, Style
from evocoop.report.words import percent, short

_STEPS = 24
_LABELLED = 14
NEUTRAL_BAND = 0.01


@dataclass(frozen=True)
class Arrow:
    """An arrow from a resident strategy to a mutant.

    Args:
        resident: the strategy invaded.
        mutant: the strategy that invades.
        log_advantage: ln(Z rho), above 0 where selection favours the mutant.
    """

    resident: str
    mutant: str
    log_advantage: float

    @property
    def neutral(self) -> bool:
        """Whether the mutant does as well as chance alone would have it."""
        return abs(self.log_advantage) < NEUTRAL_BAND

    @property
    def said(self) -> str:
        """How much more often than a neutral mutant it takes over."""
        gain = math.exp(min(self.log_advantage, 700.0))
        return f"×{gain:.0f}" if gain >= 9.95 else f"×{gain:.1f}"


def drawn_arrows(arrows: Sequence[Arrow], names: Sequence[str], most: int) -> list[Arrow]:
    """Return the arrows to draw: the strongest out of each node first, then the strongest of the rest."""
    inside = [one for one in arrows if one.resident in names and one.mutant in names and one.log_advantage > 0]
    favoured = sorted((one for one in inside if not one.neutral), key=lambda one: -one.log_advantage)
    first: dict[str, Arrow] = {}
    for one in favoured:
        first.setdefault(one.resident, one)
    rest = [one for one in favoured if one not in first.values()]
    return [*first.values(), *rest][:most]


def ring(
    shares: Mapping[str, float],
    arrows: Sequence[Arrow],
    look: Mapping[str, Style],
    *,
    size: int = 420,
    most: int = 22,
    title: str = "",
) -> Any:
    """Return the diagram.

    Args:
        shares: strategy → long-run share, in the order round the ring.
        arrows: every ordered pair of strategies.
        look: how each strategy is drawn.
        size: height of the panel.
        most: arrows drawn at most.
        title: of this panel, when there are several.
    """
    import altair as alt

    nodes = _nodes(shares, look)
    at = {row["s"]: row for row in nodes}
    half_wide, half_high = 1.75, 1.3
    x = alt.X("x:Q", scale=alt.Scale(domain=[-half_wide, half_wide], nice=False, zero=False), axis=None)
    y = alt.Y("y:Q", scale=alt.Scale(domain=[-half_high, half_high], nice=False, zero=False), axis=None)
    layers = [_neutral(arrows, at, x, y)] if any(one.neutral for one in arrows) else []
    layers += _arrow_layers(drawn_arrows(arrows, list(shares), most), at, x, y)
    layers += _node_layers(nodes, x, y)
    named = {"title": {"text": title, "fontSize": 13, "anchor": "start", "offset": 2}} if title else {}
    return alt.layer(*layers).properties(width=round(size * half_wide / half_high), height=size, **named)


def _arrow_layers(drawn: Sequence[Arrow], at: Mapping[str, Row], x: Any, y: Any) -> list[Any]:
    """Return bowed arrows, thicker where the advantage is larger, with their strength written on them when few."""
    import altair as alt

    pairs = {(one.resident, one.mutant) for one in drawn}
    paths, heads, words = [], [], []
    for number, one in enumerate(drawn):
        bow = 0.2 if (one.mutant, one.resident) in pairs else 0.10
        line = _curve(at[one.resident], at[one.mutant], bow)
        thick = 1.0 + min(2.4, 0.5 * one.log_advantage)
        paths += [{"x": px, "y": py, "i": number, "o": step, "w": thick} for step, (px, py) in enumerate(line)]
        (x0, y0), (x1, y1) = line[-3], line[-1]
        heads.append({"x": x1, "y": y1, "a": math.degrees(math.atan2(x1 - x0, y1 - y0))})
        if len(drawn) <= _LABELLED:
            px, py = line[int(_STEPS * 0.42)]
            words.append({"x": px, "y": py, "t": one.said})
    thickness = alt.StrokeWidth("w:Q", scale=None)
    body = alt.Chart(data(paths)).mark_line(color="#5b5b5b")
    head = alt.Chart(data(heads)).mark_point(shape="triangle", filled=True, size=90, color="#3b3b3b", opacity=1)
    layers = [
        body.encode(x=x, y=y, detail="i:N", order="o:Q", strokeWidth=thickness),
        head.encode(x=x, y=y, angle=alt.Angle("a:Q", scale=None)),
    ]
    for more in ({"stroke": "white", "strokeWidth": 4}, {}):
        mark = alt.Chart(data(words)).mark_text(fontSize=11, color=INK, **more)
        layers.append(mark.encode(x=x, y=y, text="t:N"))
    return layers


def _nodes(shares: Mapping[str, float], look: Mapping[str, Style]) -> list[dict[str, Any]]:
    rows = []
    for place, (name, share) in enumerate(shares.items()):
        turn = 2 * math.pi * place / len(shares)
        radius = 0.055 + 0.16 * math.sqrt(max(share, 0.0))
        x, y = math.sin(turn), math.cos(turn)
        away = radius + 0.07
        side = "center" if abs(x) < 0.15 else "left" if x > 0 else "right"
        rows.append(
            {
                "s": name,
                "x": x,
                "y": y,
                "r": radius,
                "tx": x + away * x,
                "ty": y + (away + (0.04 if side == "center" else 0.0)) * y,
                "side": side,
                "t": f"{short(name, 18)}  {percent(share)}",
                "c": look[name].colour if name in look else GREY,
            }
        )
    return rows


def _node_layers(nodes: list[dict[str, Any]], x: Any, y: Any) -> list[Any]:
    import altair as alt

    pixels = 420 / 2.6
    rows = [{**row, "area": math.pi * (row["r"] * pixels) ** 2} for row in nodes]
    dots = (
        alt.Chart(data(rows))
        .mark_point(filled=True, opacity=1, stroke=INK, strokeWidth=1.2)
        .encode(x=x, y=y, size=alt.Size("area:Q", scale=None), color=alt.Color("c:N", scale=None))
    )
    layers = [dots]
    for side in ("left", "right", "center"):
        some = [{"x": row["tx"], "y": row["ty"], "t": row["t"]} for row in rows if row["side"] == side]
        if some:
            mark = alt.Chart(data(some)).mark_text(align=side, baseline="middle", fontSize=12)
            layers.append(mark.encode(x=x, y=y, text="t:N"))
    return layers


def _neutral(arrows: Sequence[Arrow], at: Mapping[str, Any], x: Any, y: Any) -> Any:
    """Return dashed lines between strategies that drift into each other."""
    import altair as alt

    rows = []
    for number, one in enumerate(arrows):
        if one.neutral and one.resident in at and one.mutant in at and one.resident < one.mutant:
            for step, node in enumerate((at[one.resident], at[one.mutant])):
                rows.append({"x": node["x"], "y": node["y"], "i": number, "o": step})
    mark = alt.Chart(data(rows)).mark_line(strokeDash=[3, 4], color="#8a8a8a", strokeWidth=1.4)
    return mark.encode(x=x, y=y, detail="i:N", order="o:Q")


def _curve(start: Mapping[str, Any], end: Mapping[str, Any], bow: float) -> list[tuple[float, float]]:
    """Return points of a bowed line from the rim of one node to the rim of another."""
    x0, y0, x1, y1 = start["x"], start["y"], end["x"], end["y"]
    length = math.hypot(x1 - x0, y1 - y0) or 1.0
    mx, my = (x0 + x1) / 2 - bow * (y1 - y0), (y0 + y1) / 2 + bow * (x1 - x0)

    def at(t: float) -> tuple[float, float]:
        a, b, c = (1 - t) ** 2, 2 * t * (1 - t), t * t
        return a * x0 + b * mx + c * x1, a * y0 + b * my + c * y1

    first, last = (start["r"] + 0.02) / length, 1 - (end["r"] + 0.06) / length
    return [at(first + (last - first) * step / _STEPS) for step in range(_STEPS + 1)]
