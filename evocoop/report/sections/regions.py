"""Figures of where along a sweep each capacity is kept: a strip for each capacity, or a map over two keys."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evocoop.report.drawing.heat import Board, Tile, heat, regions
from evocoop.report.drawing.lines import beside
from evocoop.report.figure import Figure
from evocoop.report.look import Style, styles
from evocoop.report.slices import Slice, Slices
from evocoop.report.words import count, key_name, listed, number, plain, quoted, short, slug, upper

MOST_COLUMNS = 16
MOST_MAPS = 6
MOST_SAID = 5
NONE = "none"

Found = Sequence[Mapping[str, float | None]]
"""For every setting: capacity → its price or its share."""


@dataclass(frozen=True)
class Part:
    """The capacities of one game along its sweep.

    Args:
        slices: the settings.
        names: the capacities.
        found: price or share of each in each setting.
        kept: whether each is kept in each setting.
    """

    slices: Slices
    names: Sequence[str]
    found: Found
    kept: Sequence[Mapping[str, bool]]

    @property
    def is_grid(self) -> bool:
        """Whether two numbers are swept, each value of one with each of the other."""
        sizes = [len({str(cell.values[key]) for cell in self.slices.cells}) for key in self.slices.keys]
        return len(sizes) == 2 and self.slices.axis is None and math.prod(sizes) == len(self.slices.cells)


@dataclass(frozen=True)
class Measure:
    """What is drawn of each capacity.

    Args:
        name: in the names of files.
        verbs: what one capacity that is kept does, and what several do.
        title: what the colour says.
        low: the value of the lightest colour.
        top: the value of the darkest colour.
        text: a value in words.
    """

    name: str
    verbs: tuple[str, str]
    title: str
    low: float
    top: float
    text: Callable[[float], str]


KEPT = Measure("kept", ("is kept", "are kept"), "share of bearers", 0.0, 1.0, lambda share: f"{100 * share:.0f}")


def price_figures(priced: Sequence[tuple[Slices, Sequence[str], Found]]) -> list[Figure]:
    """Return where each capacity pays, by the price at which it stops paying."""
    parts = [Part(*one, [{name: bool(price) for name, price in some.items()} for some in one[2]]) for one in priced]
    every = [price for _, _, prices in priced for some in prices for price in some.values()]
    top = max((price for price in every if price is not None and math.isfinite(price)), default=0.0) or 1.0
    what = "The price at which each capacity stops paying beside minds that lack it alone; 0: not even for free"
    light = -0.3 * top  # so that a small price is not white
    return _figures(parts, Measure("prices", ("pays", "pay"), "price", light, top, _price), what)


def share_figures(parts: Sequence[Part]) -> list[Figure]:
    """Return where each capacity is kept, by the long-run share of its bearers."""
    what = (
        "Long-run share of the bearers of each capacity, in per cent; kept: surely above the half that mutation gives"
    )
    return _figures(parts, KEPT, what)


def _figures(parts: Sequence[Part], measure: Measure, what: str) -> list[Figure]:
    """Return one figure for all games that have a strip, and one for each that has a map."""
    strips = [part for part in parts if not part.is_grid]
    groups = [*([strips] if strips else []), *([part] for part in parts if part.is_grid)]
    return [_figure(some, measure, what) for some in groups]


def _price(price: float) -> str:
    if math.isinf(price):
        return "any"
    if 0 < price < 0.01:
        return "<0.01"
    return f"{price:.2f}" if 0 < price < 10 else f"{price:.0f}"


def _figure(parts: Sequence[Part], measure: Measure, what: str) -> Figure:
    first = parts[0].slices
    several = len(parts) > 1
    drawn = [
        _maps(part, measure) if part.is_grid else _strip(part, measure, plain(part.slices.game) if several else "")
        for part in parts
    ]
    words = {part.slices.game: kept_said(part, measure.verbs) for part in parts}
    said = "; ".join(f"in {quoted(plain(game))}, {text}" for game, text in words.items())
    said = said if len(set(words.values())) > 1 else words[first.game]
    shown = listed([short(name) for name in parts[0].names], most=12)
    return Figure(
        f"{measure.name}-{slug(first.game)}-{slug(first.dynamics)}",
        upper(said),
        f"{what} · {plain(first.dynamics, 40) if several else first.place}",
        f"A map of {count(len(first.cells), 'setting')} for {shown}. {said}.",
        beside(drawn, columns=1),
        *_table(parts, measure),
    )


def _table(parts: Sequence[Part], measure: Measure) -> tuple[list[str], list[list[Any]]]:
    keys = list(dict.fromkeys(key for part in parts for key in part.slices.keys))
    head = ["game", *(key_name(key, keys) for key in keys), "capacity", measure.title, measure.verbs[0]]
    rows = []
    for part in parts:
        for cell, some, kept in zip(part.slices.cells, part.found, part.kept, strict=True):
            at = [part.slices.game, *(cell.values.get(key) for key in keys)]
            rows += [[*at, name, _finite(some.get(name)), kept.get(name, False)] for name in part.names]
    return head, rows


def _finite(value: float | None) -> float | str | None:
    return "any" if value is not None and math.isinf(value) else value


def kept_said(part: Part, verbs: tuple[str, str] = KEPT.verbs) -> str:
    """Return where along a sweep each capacity is kept, in words; those kept in the same places are said together."""
    places: dict[str, list[str]] = {}
    flags = {name: [some.get(name, False) for some in part.kept] for name in part.names}
    for name in sorted(part.names, key=lambda name: -sum(flags[name])):
        places.setdefault(where_said(part.slices, flags[name]), []).append(short(name))
    parts = [f"{listed(some)} {verbs[len(some) > 1]} {where}" for where, some in list(places.items())[:MOST_SAID]]
    left = sum(len(some) for some in list(places.values())[MOST_SAID:])
    return listed([*parts, *([f"{left} more less often"] if left else [])], most=MOST_SAID + 1)


def where_said(slices: Slices, flags: Sequence[bool]) -> str:
    """Return where along a sweep something holds, in words."""
    if all(flags) or not any(flags):
        return "everywhere" if all(flags) else "nowhere"
    for key in slices.keys if slices.axis is None else (slices.axis,):
        values = [cell.values[key] for cell in slices.cells]
        if not all(isinstance(value, (int, float)) for value in values):
            continue
        name = key_name(key, slices.keys)
        inside = [value for value, flag in zip(values, flags, strict=True) if flag]
        low, high = min(inside), max(inside)
        if all((low <= value <= high) == flag for value, flag in zip(values, flags, strict=True)):
            if low == high:
                return f"at {name} = {number(low)} alone"
            if low == min(values):
                return f"up to {name} = {number(high)}"
            return f"from {name} = {number(low)}" + (" on" if high == max(values) else f" to {number(high)}")
    return f"in {sum(flags)} of {len(flags)} settings"


def _strip(part: Part, measure: Measure, game: str) -> Any:
    """Return one row for each capacity, one column for each setting."""
    cells, axis = part.slices.cells, part.slices.axis
    places = _spread(len(cells), MOST_COLUMNS)
    labels = [number(cells[i].values[axis]) if axis else cells[i].said for i in places]
    width = max(34, min(76, 640 // max(1, len(places))))
    title = key_name(axis, part.slices.keys) if axis else ""
    board = Board(list(part.names), labels, "", title, cell=width, height=30, title=game)
    tiles = [
        (row, column, part.found[i].get(name)) for row, name in enumerate(part.names) for column, i in enumerate(places)
    ]
    return _heat(tiles, board, measure, legend=True)


def _heat(tiles: Sequence[Tile], board: Board, measure: Measure, *, legend: bool) -> Any:
    texts = ["" if value is None or board.cell < 24 else measure.text(value) for *_, value in tiles]
    low, top = (measure.low if any(texts) else 0.0), measure.top
    drawn = [(row, column, None if value is None else min(value, top) or low) for row, column, value in tiles]
    legend = legend and not any(texts)
    return heat(drawn, board, value_title=measure.title, domain=(low, top), texts=texts, legend=legend)


def _maps(part: Part, measure: Measure) -> Any:
    """Return a map of the set of capacities that are kept, and one of each capacity."""
    down, across = part.slices.keys
    cells = part.slices.cells
    rows, columns = _levels(cells, down)[::-1], _levels(cells, across)
    labels = [number(one) for one in rows], [number(one) for one in columns]
    titles = key_name(down, part.slices.keys), key_name(across, part.slices.keys)
    places = [(rows.index(cell.values[down]), columns.index(cell.values[across])) for cell in cells]
    sets = [_set_said([name for name in part.names if some.get(name, False)], part.names) for some in part.kept]
    width = max(30, min(64, 420 // len(columns)))
    board = Board(*labels, *titles, cell=width, height=34, title=f"which {measure.verbs[1]}")
    tiles = [(*place, one, "") for place, one in zip(places, sets, strict=True)]
    look = {**styles(one for one in sets if one != NONE), NONE: Style("#d4d4d4", (1, 0), "circle")}
    panels = []
    for name in part.names[:MOST_MAPS]:
        small = Board(*labels, *titles, cell=max(16, min(40, 200 // len(columns))), height=24, title=short(name))
        some = [(*place, at.get(name)) for place, at in zip(places, part.found, strict=True)]
        panels.append(_heat(some, small, measure, legend=False))
    return _above(regions(tiles, look, board, legend=True), beside(panels, columns=3))


def _above(first: Any, second: Any) -> Any:
    """Return one picture above another."""
    import altair as alt

    return alt.vconcat(first, second, spacing=28).resolve_scale(color="independent")


def _set_said(kept: Sequence[str], names: Sequence[str]) -> str:
    lost = [name for name in names if name not in kept]
    if not kept or not lost:
        return "all" if kept else NONE
    return f"all but {lost[0]}" if len(lost) == 1 and len(names) > 2 else " + ".join(kept)


def _levels(cells: Sequence[Slice], key: str) -> list[Any]:
    found = list(dict.fromkeys(one.values[key] for one in cells))
    return sorted(found) if all(isinstance(one, (int, float)) for one in found) else found


def _spread(total: int, most: int) -> list[int]:
    if total <= most:
        return list(range(total))
    return [round(place * (total - 1) / (most - 1)) for place in range(most)]
