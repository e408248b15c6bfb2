"""Figures of where along a sweep each capacity is kept: a strip for each capacity, or a map over two keys."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evocoop.report.drawing.heat import Board, heat, regions
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
"""For every setting: capacity → what tells whether it is kept."""


Part = tuple[Slices, Sequence[str], Found]
"""One game: its settings, its capacities, and what was found in each setting."""


@dataclass(frozen=True)
class Measure:
    """What tells whether a capacity is kept.

    Args:
        name: in the names of files.
        verbs: what one capacity does, and what several do.
        least: above which it is kept.
        title: what the colour says.
        top: the value of the darkest colour.
        text: a value in words.
    """

    name: str
    verbs: tuple[str, str]
    least: float
    title: str
    top: float
    text: Callable[[float], str]

    def keeps(self, value: float | None) -> bool:
        """Return whether a capacity with this value is kept."""
        return value is not None and value > self.least


KEPT = Measure("kept", ("is kept", "are kept"), 0.5, "share of bearers", 1.0, lambda share: f"{100 * share:.0f}")


def price_figures(parts: Sequence[Part]) -> list[Figure]:
    """Return where each capacity pays, by the price at which it stops paying."""
    every = [price for _, _, prices in parts for some in prices for price in some.values()]
    top = max((price for price in every if price is not None and math.isfinite(price)), default=0.0) or 1.0
    what = "The price at which each capacity stops paying beside minds that lack it alone; 0: not even for free"
    return _figures(parts, Measure("prices", ("pays", "pay"), 0.0, "price", top, _price), what)


def share_figures(parts: Sequence[Part]) -> list[Figure]:
    """Return where each capacity is kept, by the long-run share of its bearers."""
    what = (
        "Long-run share of the bearers of each capacity, in per cent; kept: above one half, what mutation alone gives"
    )
    return _figures(parts, KEPT, what)


def _figures(parts: Sequence[Part], measure: Measure, what: str) -> list[Figure]:
    """Return one figure for all games that have a strip, and one for each that has a map."""
    mapped = [part for part in parts if _is_grid(part[0])]
    strips = [part for part in parts if part not in mapped]
    return [_figure(some, measure, what) for some in ([strips] if strips else []) + [[one] for one in mapped]]


def _is_grid(slices: Slices) -> bool:
    sizes = [len({str(cell.values[key]) for cell in slices.cells}) for key in slices.keys]
    return len(sizes) == 2 and slices.axis is None and math.prod(sizes) == len(slices.cells)


def _price(price: float) -> str:
    return (
        "any"
        if math.isinf(price)
        else "0"
        if price == 0
        else "<0.01"
        if price < 0.01
        else f"{price:.2f}"
        if price < 10
        else f"{price:.0f}"
    )


def _figure(parts: Sequence[Part], measure: Measure, what: str) -> Figure:
    first = parts[0][0]
    several = len(parts) > 1
    drawn = [
        _maps(*part, measure) if _is_grid(part[0]) else _strip(*part, measure, plain(part[0].game) if several else "")
        for part in parts
    ]
    words = {slices.game: kept_said(slices, names, found, measure) for slices, names, found in parts}
    said = "; ".join(f"in {quoted(plain(game))}, {text}" for game, text in words.items())
    said = said if len(set(words.values())) > 1 else words[first.game]
    keys = list(dict.fromkeys(key for slices, _, _ in parts for key in slices.keys))
    rows = [
        [
            slices.game,
            *(cell.values.get(key) for key in keys),
            name,
            _finite(some.get(name)),
            measure.keeps(some.get(name)),
        ]
        for slices, names, found in parts
        for cell, some in zip(slices.cells, found, strict=True)
        for name in names
    ]
    return Figure(
        f"{measure.name}-{slug(first.game)}-{slug(first.dynamics)}",
        upper(said),
        f"{what} · {plain(first.dynamics, 40) if several else first.place}",
        f"A map of {count(len(first.cells), 'setting')} for {listed(list(map(short, parts[0][1])), most=12)}. {said}.",
        beside(drawn, columns=1),
        ["game", *(key_name(key, keys) for key in keys), "capacity", measure.title, measure.verbs[0]],
        rows,
    )


def _finite(value: float | None) -> float | str | None:
    return "any" if value is not None and math.isinf(value) else value


def kept_said(slices: Slices, names: Sequence[str], found: Found, measure: Measure = KEPT) -> str:
    """Return where along a sweep each capacity is kept, in words; those kept in the same places are said together."""
    places: dict[str, list[str]] = {}
    kept = {name: [measure.keeps(some.get(name)) for some in found] for name in names}
    for name in sorted(names, key=lambda name: -sum(kept[name])):
        places.setdefault(_where(slices, kept[name]), []).append(short(name))
    parts = [
        f"{listed(some)} {measure.verbs[len(some) > 1]} {where}" for where, some in list(places.items())[:MOST_SAID]
    ]
    left = sum(len(some) for some in list(places.values())[MOST_SAID:])
    return listed([*parts, *([f"{left} more less often"] if left else [])], most=MOST_SAID + 1)


def _where(slices: Slices, flags: Sequence[bool]) -> str:
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


def _strip(slices: Slices, names: Sequence[str], found: Found, measure: Measure, game: str) -> Any:
    """Return one row for each capacity, one column for each setting."""
    places = _spread(len(slices.cells), MOST_COLUMNS)
    axis = slices.axis
    labels = [number(slices.cells[i].values[axis]) if axis else slices.cells[i].said for i in places]
    cell = max(34, min(76, 640 // max(1, len(places))))
    title = key_name(axis, slices.keys) if axis else ""
    board = Board(list(names), labels, "", title, cell=cell, height=30, title=game)
    tiles = [(row, column, found[i].get(name)) for row, name in enumerate(names) for column, i in enumerate(places)]
    return _heat(tiles, board, measure, legend=True)


def _heat(tiles: Sequence[tuple[int, int, float | None]], board: Board, measure: Measure, *, legend: bool) -> Any:
    texts = ["" if value is None or board.cell < 24 else measure.text(value) for *_, value in tiles]
    drawn = [(row, column, value if value is None else min(value, measure.top)) for row, column, value in tiles]
    written = any(texts)
    low = -0.3 * measure.top if written and measure.least == 0.0 else 0.0  # so that a small price is not white
    drawn = [(r, c, low if value == 0.0 else value) for r, c, value in drawn]
    legend = legend and not written
    return heat(drawn, board, value_title=measure.title, domain=(low, measure.top), texts=texts, legend=legend)


def _maps(slices: Slices, names: Sequence[str], found: Found, measure: Measure) -> Any:
    """Return a map of the set of capacities that are kept, and one of each capacity."""
    down, across = slices.keys
    rows, columns = _levels(slices.cells, down)[::-1], _levels(slices.cells, across)
    labels = [number(one) for one in rows], [number(one) for one in columns]
    titles = key_name(down, slices.keys), key_name(across, slices.keys)
    places = [(rows.index(cell.values[down]), columns.index(cell.values[across])) for cell in slices.cells]
    sets = [_set_said([name for name in names if measure.keeps(some.get(name))], names) for some in found]
    wide = Board(
        *labels, *titles, cell=max(30, min(64, 420 // len(columns))), height=34, title=f"which {measure.verbs[1]}"
    )
    tiles = [(*place, one, "") for place, one in zip(places, sets, strict=True)]
    look = {**styles(one for one in sets if one != NONE), NONE: Style("#d4d4d4", (1, 0), "circle")}
    panels = [regions(tiles, look, wide, legend=True)]
    for name in names[:MOST_MAPS]:
        board = Board(*labels, *titles, cell=max(16, min(40, 200 // len(columns))), height=24, title=short(name))
        some = [(*place, at.get(name)) for place, at in zip(places, found, strict=True)]
        panels.append(_heat(some, board, measure, legend=False))
    return _above(panels[0], beside(panels[1:], columns=3))


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
