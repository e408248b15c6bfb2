"""How charts look: the colours of Okabe and Ito (2008), dashes and shapes beside them, type and lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
DASHES = ((1, 0), (7, 3), (2, 2), (9, 3, 2, 3), (4, 2), (1, 3), (12, 3))
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down", "triangle-right")
OTHERS = "others"
GREY = "#767676"
INK = "#1a1a1a"
FONT = "Arial, Helvetica, 'Liberation Sans', sans-serif"
SEQUENTIAL = ("#f4f8fb", "#d6e6f2", "#9cc4e0", "#569ccb", "#0072B2", "#00436b")

CONFIG: dict[str, Any] = {
    "aria": False,
    "background": "#ffffff",
    "font": FONT,
    "view": {"stroke": None},
    "axis": {
        "labelColor": INK,
        "titleColor": INK,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "gridColor": "#ececec",
        "domainColor": "#8a8a8a",
        "tickColor": "#8a8a8a",
        "labelLimit": 220,
        "titlePadding": 8,
    },
    "title": {
        "anchor": "start",
        "color": INK,
        "fontSize": 15,
        "fontWeight": "bold",
        "subtitleColor": "#444444",
        "subtitleFontSize": 12,
        "subtitlePadding": 6,
        "offset": 12,
        "limit": 900,
    },
    "legend": {"labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal", "labelLimit": 220},
    "text": {"color": INK, "fontSize": 12},
}


@dataclass(frozen=True)
class Style:
    """How one strategy is drawn everywhere in a report."""

    colour: str
    dash: tuple[int, ...]
    shape: str


def styles(names: Iterable[str]) -> Mapping[str, Style]:
    """Return a style for each name, in order; the first seven have a colour to themselves.

    >>> look = styles(["C", "D"])
    >>> look["C"].colour, look["D"].shape
    ('#0072B2', 'square')
    """
    found: dict[str, Style] = {}
    for place, name in enumerate(dict.fromkeys(names)):
        turn, colour = divmod(place, len(COLOURS))
        shifted = (colour + turn) % len(DASHES)
        found[name] = Style(COLOURS[colour], DASHES[shifted], SHAPES[shifted])
    found[OTHERS] = Style(GREY, (3, 3), "circle")
    return found


def ink_on(colour: str) -> str:
    """Return black or white, whichever reads better on a colour.

    >>> ink_on("#0072B2"), ink_on("#E69F00")
    ('#ffffff', '#1a1a1a')
    """
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    light = sum(
        weight * (value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4)
        for weight, value in zip((0.2126, 0.7152, 0.0722), (red, green, blue), strict=True)
    )
    return "#ffffff" if light < 0.22 else INK
