"""Phase diagrams: which rest points are stable at each point of a sweep over two keys."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from evocoop.report.drawing.heat import Board, heat, regions
from evocoop.report.drawing.lines import beside
from evocoop.report.figure import Figure
from evocoop.report.look import Style, styles
from evocoop.report.sections.regions import where_said
from evocoop.report.slices import Slice, Slices
from evocoop.report.words import count, key_name, listed, number, short, slug, upper

PRESENT = 1e-6
MOST_SAID = 4
NOTHING = "nothing"
LONG = 22

Points = Sequence[tuple[dict[str, float], str]]
"""Rest points: shares by strategy, and stability."""
Read = Callable[[Slice], Points]


@dataclass(frozen=True)
class Regime:
    """What is stable in one setting.

    Args:
        stable: the stable rest points in words, by who is present in them.
        number: how many there are.
        best: the largest share of the first strategy in any of them; None where nothing is stable.
    """

    stable: str
    number: int
    best: float | None


def is_grid(slices: Slices) -> bool:
    """Return whether two keys are swept, each value of one with each of the other, and the settings are no line."""
    sizes = [len({str(cell.values[key]) for cell in slices.cells}) for key in slices.keys]
    return len(sizes) == 2 and min(sizes) > 1 and slices.axis is None and math.prod(sizes) == len(slices.cells)


def regime(points: Points, first: str) -> Regime:
    """Return what is stable among rest points; where nothing is, what is neutral.

    >>> regime([({"C": 1.0, "D": 0.0}, "stable"), ({"C": 0.3, "D": 0.7}, "unstable")], "C").stable
    'C'
    """
    stable = [shares for shares, kind in points if kind == "stable"]
    words = [_present(shares) for shares in stable]
    best = max((shares.get(first, 0.0) for shares in stable), default=None)
    if not stable:
        neutral = [_present(shares) for shares, kind in points if kind == "neutral"]
        return Regime(f"{NOTHING} (but {_either(neutral)} neutral)" if neutral else NOTHING, 0, best)
    return Regime(_either(words), len(stable), best)


def _present(shares: dict[str, float]) -> str:
    return " + ".join(short(name, 20) for name, share in shares.items() if share > PRESENT)


def _either(words: Sequence[str]) -> str:
    """Return alternatives; several of a kind are counted."""
    held = Counter(sorted(words, key=lambda one: (one.count("+"), one)))
    return " or ".join(word if many == 1 else f"{many} × ({word})" for word, many in held.items())


def regimes(slices: Slices, read: Read) -> list[Regime]:
    """Return what is stable in each setting."""
    return [regime(read(one), first_of(slices, read)) for one in slices.cells]


def first_of(slices: Slices, read: Read) -> str:
    """Return the strategy that is named first in the rest points."""
    return next((name for one in slices.cells for shares, _ in read(one) for name in shares), "")


def said(slices: Slices, read: Read) -> str:
    """Return what is stable where, in words, the most frequent first."""
    found = [one.stable for one in regimes(slices, read)]
    parts = []
    for place, (words, _) in enumerate(Counter(found).most_common(MOST_SAID)):
        where = where_said(slices, [one == words for one in found])
        where = where if place == 0 else where.removesuffix(f" of {len(found)} settings")
        parts.append(f"{words} {'is stable ' if place == 0 else ''}{where}")
    left = len(set(found)) - MOST_SAID
    return listed([*parts, *([f"{count(left, 'more combination')} elsewhere"] if left > 0 else [])], most=9)


def figure(slices: Slices, read: Read) -> Figure:
    """Return the phase diagram of a sweep over two keys.

    Args:
        slices: the rest points, setting by setting.
        read: returns those of one setting.
    """
    found, finding, first = regimes(slices, read), said(slices, read), first_of(slices, read)
    board, places = _board(slices)
    names = [name for name, _ in Counter(one.stable for one in found).most_common()]
    two = len({name for points in map(read, slices.cells) for shares, _ in points for name in shares}) == 2
    right = _shares(places, found, board, first) if two else _numbers(places, found, board)
    keys = [key_name(key, slices.keys) for key in slices.keys]
    labels = _labels(names)
    letters = ". ".join(f"{label}: {name}" for name, label in labels.items() if label != name)
    return Figure(
        f"phases-{slug(slices.game)}-{slug(slices.dynamics)}",
        upper(finding),
        f"What is stable at each point of the sweep over {listed(keys)}; “+” joins those who are present together · "
        f"{slices.place}{f'. {letters}' if letters else ''}",
        f"A map of {count(len(found), 'setting')} and {count(len(names), 'regime')}. {upper(finding)}.",
        beside([_map(places, found, board, labels), right]),
        [*keys, "stable", "stable rest points", f"largest stable share of {first}"],
        [
            [*cell.values.values(), one.stable, one.number, one.best]
            for cell, one in zip(slices.cells, found, strict=True)
        ],
        note="Left: who is present in the stable rest points; “or” stands between several. "
        + (f"Right: the largest share of {short(first)} that is stable." if two else "Right: how many are stable."),
    )


def _board(slices: Slices) -> tuple[Board, list[tuple[int, int]]]:
    """Return the grid, and the place of every setting in it."""
    down, across = slices.keys
    rows, columns = _levels(slices, down)[::-1], _levels(slices, across)
    places = [(rows.index(cell.values[down]), columns.index(cell.values[across])) for cell in slices.cells]
    board = Board(
        [number(one) for one in rows], [number(one) for one in columns],
        key_name(down, slices.keys), key_name(across, slices.keys),
        cell=max(7, min(64, 300 // len(columns))), height=max(7, min(34, 300 // len(rows))),
    )  # fmt: skip
    return board, places


def _levels(slices: Slices, key: str) -> list[Any]:
    found = list(dict.fromkeys(cell.values[key] for cell in slices.cells))
    return sorted(found) if all(isinstance(one, (int, float)) for one in found) else found


def _labels(names: Sequence[str]) -> dict[str, str]:
    """Return how each regime is called in the map: by itself, or by a letter where some are long."""
    if max(map(len, names)) <= LONG:
        return {name: name for name in names}
    return {name: f"{chr(65 + place % 26)}{place // 26 or ''}" for place, name in enumerate(names)}


def _map(places: Sequence[tuple[int, int]], found: Sequence[Regime], board: Board, labels: dict[str, str]) -> Any:
    texts = [labels[one.stable] if 7 * len(labels[one.stable]) <= board.cell else "" for one in found]
    if board.height < 12:
        texts = [""] * len(found)
    look = {**styles(label for name, label in labels.items() if name != NOTHING)}
    if NOTHING in labels:
        look[labels[NOTHING]] = Style("#d4d4d4", (1, 0), "circle")
    tiles = [(*place, labels[one.stable], text) for place, one, text in zip(places, found, texts, strict=True)]
    return regions(tiles, look, replace(board, title="what is stable"), legend=not all(texts), rest="others")


def _shares(places: Sequence[tuple[int, int]], found: Sequence[Regime], board: Board, first: str) -> Any:
    tiles = [(*at, None if one.best is None else 100 * one.best) for at, one in zip(places, found, strict=True)]
    texts = [f"{value:.0f}" if value is not None and board.cell >= 24 else "" for *_, value in tiles]
    titled = replace(board, title=f"largest stable share of {short(first, 16)}")
    return heat(tiles, titled, value_title="%", domain=(0, 100), texts=texts)


def _numbers(places: Sequence[tuple[int, int]], found: Sequence[Regime], board: Board) -> Any:
    tiles = [(*at, float(one.number)) for at, one in zip(places, found, strict=True)]
    texts = [f"{value:.0f}" if board.cell >= 14 else "" for *_, value in tiles]
    top = max(1.0, *(value for *_, value in tiles))
    titled = replace(board, title="how many rest points are stable")
    return heat(tiles, titled, value_title="stable", domain=(0, top), texts=texts, legend=not all(texts))
