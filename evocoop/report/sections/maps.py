"""Maps of who leads over two swept keys, side by side for the levels of further keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

from evocoop.report.drawing.heat import Board, heat, regions
from evocoop.report.drawing.lines import beside
from evocoop.report.families import Family, Setting
from evocoop.report.figure import Figure
from evocoop.report.findings import headline
from evocoop.report.look import OTHERS, Style
from evocoop.report.words import count, key_name, number, plain, short, slug

MOST_LEVELS = 50
MOST_PANELS = 4


def levels(family: Family, key: str) -> list[Any]:
    """Return the values of a swept key, sorted where they are numbers."""
    found = list(dict.fromkeys(one.values[key] for one in family.settings))
    return sorted(found) if all(isinstance(one, (int, float)) for one in found) else found


def grid_figure(family: Family, look: Mapping[str, Style]) -> Figure:
    """Return who leads over two swept keys, and the share of the overall leader."""
    leader = family.strategies[0]
    settings, board = _board(family, family.keys, 330)
    share_board = replace(board, title=f"share of {short(leader, 20)}")
    return _figure(
        family,
        "Who leads at each point of the sweep, and the share of the strategy with the largest mean",
        [_led(settings, look, replace(board, title="who leads")), _held(settings, leader, share_board)],
    )


def facet_figure(family: Family, look: Mapping[str, Style]) -> Figure:
    """Return maps of who leads over the two keys with the most values, one for each of a few settings of the others."""
    ranked = sorted(family.keys, key=lambda key: -len(levels(family, key)))
    inner = tuple(key for key in family.keys if key in ranked[:2])
    outer = tuple(key for key in family.keys if key not in inner)
    combinations = list(product(*(levels(family, key) for key in outer)))
    panels = []
    shown = _spread(combinations, MOST_PANELS)
    for values in shown:
        some = tuple(
            one for one in family.settings if all(one.values[k] == v for k, v in zip(outer, values, strict=True))
        )
        settings, board = _board(replace(family, settings=some), inner, 280)
        title = ", ".join(
            f"{key_name(key, family.keys)} = {number(value)}" for key, value in zip(outer, values, strict=True)
        )
        panels.append(_led(settings, look, replace(board, title=title)))
    left = len(combinations) - len(shown)
    more = f"{count(left, 'more setting')} of the other keys in the table of results." if left else ""
    return _figure(family, "Who leads at each point of the sweep", panels, more)


def _figure(family: Family, what: str, panels: Sequence[Any], note: str = "") -> Figure:
    from evocoop.report.sections.shares import share_table

    return Figure(
        f"map-{slug(family.game)}-{slug(family.dynamics)}",
        headline(family),
        f"{what} · {plain(family.game, 40)} · {plain(family.dynamics, 40)}",
        f"{count(len(panels), 'map')} over the swept keys. {headline(family)}.",
        beside(panels),
        *share_table([family]),
        note=note,
    )


Tiles = list[tuple[int, int, Setting]]


def _board(family: Family, keys: Sequence[str], width: int) -> tuple[Tiles, Board]:
    """Return the settings with their places, and the grid; of very many levels only some, evenly spread."""
    down, across = keys
    rows = _spread(levels(family, down), MOST_LEVELS)[::-1]
    columns = _spread(levels(family, across), MOST_LEVELS)
    tiles = [
        (rows.index(one.values[down]), columns.index(one.values[across]), one)
        for one in family.settings
        if one.values[down] in rows and one.values[across] in columns
    ]
    cell = max(6, min(64, width // max(1, len(columns))))
    height = max(6, min(30, 300 // max(1, len(rows))))
    labels = [number(one) for one in rows], [number(one) for one in columns]
    names = key_name(down, family.keys), key_name(across, family.keys)
    return tiles, Board(*labels, *names, cell=cell, height=height)


def _led(tiles: Tiles, look: Mapping[str, Style], board: Board) -> Any:
    won = []
    for row, column, setting in tiles:
        winner = setting.winner
        text = short(winner[0], 8) if len(winner) == 1 else "tie" if winner else "="
        fits = board.cell >= 7 * len(text)
        won.append((row, column, winner[0] if len(winner) == 1 else OTHERS, text if fits else ""))
    return regions(won, look, board, legend=not all(text for *_, text in won))


def _held(tiles: Tiles, leader: str, board: Board) -> Any:
    held = [(row, column, 100 * setting.share_of(leader)) for row, column, setting in tiles]
    texts = [f"{value:.0f}" if board.cell >= 24 else "" for _, _, value in held]
    return heat(held, board, value_title="%", domain=(0, 100), texts=texts)


def _spread(items: Sequence[Any], most: int) -> list[Any]:
    if len(items) <= most:
        return list(items)
    return [items[round(place * (len(items) - 1) / (most - 1))] for place in range(most)]
