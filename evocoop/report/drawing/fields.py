"""Pictures of shares over places as SVG: a line through time, or moments of a plane, in mixed colours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evocoop.games.payoffs import FloatArray
from evocoop.report.look import FONT, INK
from evocoop.report.markup import escape

LEVELS = 12
GAP, TOP, LEFT, BELOW = 16, 24, 52, 44


@dataclass(frozen=True, eq=False)
class FieldPanel:
    """One picture of shares over two axes.

    Args:
        shares: array (rows, columns, strategies), rows from top to bottom.
        title: what it shows.
        across: what the columns are, with their first and last value.
        down: what the rows are, with their first and last value.
        width: in points.
        height: in points.
    """

    shares: FloatArray
    title: str
    across: tuple[str, str, str]
    down: tuple[str, str, str]
    width: int = 260
    height: int = 260


def fields_picture(panels: Sequence[FieldPanel], legend: Sequence[tuple[str, str]]) -> str:
    """Return panels side by side above a legend, as SVG text; a place has the mix of the colours of its shares.

    Args:
        panels: what is drawn.
        legend: name and colour of each strategy, in the order of the last axis of shares.
    """
    width = sum(panel.width + LEFT + GAP for panel in panels)
    height = TOP + max(panel.height for panel in panels) + BELOW + 26
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" role="img" '
        f'font-family="{escape(FONT)}" font-size="12" fill="{INK}">'
    ]
    at = 0
    for panel in panels:
        parts.append(
            f'<g transform="translate({at + LEFT} {TOP})">{_panel(panel, [colour for _, colour in legend])}</g>'
        )
        at += panel.width + LEFT + GAP
    place = LEFT
    for name, colour in legend:
        parts.append(f'<rect x="{place}" y="{height - 20}" width="12" height="12" fill="{colour}"/>')
        parts.append(f'<text x="{place + 17}" y="{height - 10}">{escape(name)}</text>')
        place += 34 + 7 * len(name)
    return "".join([*parts, "</svg>"])


def _panel(panel: FieldPanel, colours: Sequence[str]) -> str:
    w, h = panel.width, panel.height
    across, down = panel.across, panel.down
    return (
        f'<text x="0" y="-8" font-size="13" font-weight="bold">{escape(panel.title)}</text>'
        f'<g shape-rendering="crispEdges">{_tiles(panel, colours)}</g>'
        f'<rect width="{w}" height="{h}" fill="none" stroke="{INK}" stroke-width="0.6"/>'
        f'<text x="0" y="{h + 15}">{escape(across[1])}</text>'
        f'<text x="{w}" y="{h + 15}" text-anchor="end">{escape(across[2])}</text>'
        f'<text x="{w / 2}" y="{h + 30}" text-anchor="middle">{escape(across[0])}</text>'
        f'<text x="-6" y="11" text-anchor="end">{escape(down[1])}</text>'
        f'<text x="-6" y="{h}" text-anchor="end">{escape(down[2])}</text>'
        f'<text x="-34" y="{h / 2}" text-anchor="middle" transform="rotate(-90 -34 {h / 2})">{escape(down[0])}</text>'
    )


def _tiles(panel: FieldPanel, colours: Sequence[str]) -> str:
    """Return one path for each colour, of runs along the rows."""
    pure = np.array([[int(colour[k : k + 2], 16) for k in (1, 3, 5)] for colour in colours])
    weights = np.maximum(np.rint(panel.shares * LEVELS), 1e-9)
    mixed = np.rint(weights / weights.sum(axis=-1, keepdims=True) @ pure).astype(np.int64)
    codes = mixed @ np.array([65536, 256, 1])
    rows, columns = codes.shape
    high, wide = panel.height / rows, panel.width / columns
    drawn: dict[int, list[str]] = {}
    for a in range(rows):
        cuts = np.flatnonzero(np.diff(codes[a], prepend=-1))
        for start, stop in zip(cuts, [*cuts[1:], columns], strict=True):
            x, y, length = start * wide, a * high, (stop - start) * wide
            run = f"M{x:.2f} {y:.2f}h{length:.2f}v{high:.2f}h{-length:.2f}z"
            drawn.setdefault(int(codes[a, start]), []).append(run)
    return "".join(f'<path fill="#{code:06x}" d="{"".join(runs)}"/>' for code, runs in drawn.items())
