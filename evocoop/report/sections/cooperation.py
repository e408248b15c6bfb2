"""Figures of cooperation: how much of it the long run holds, game by game."""

from __future__ import annotations

from collections.abc import Sequence

from evocoop.report.context import Context
from evocoop.report.drawing.bars import bars
from evocoop.report.drawing.heat import Board, heat
from evocoop.report.drawing.lines import beside, share_lines
from evocoop.report.families import Family
from evocoop.report.figure import Figure
from evocoop.report.findings import capital, cooperation_by_game, cooperation_lasts, mean_cooperation
from evocoop.report.look import styles
from evocoop.report.sections.maps import levels
from evocoop.report.words import key_name, number, plain, short, slug

_WHAT = "Cooperation among one's own kind, each strategy weighted by its long-run share"


def figures(context: Context) -> list[Figure]:
    """Return how much cooperation there is in each game, for each of the dynamics."""
    found = []
    known = [one for one in context.families if mean_cooperation(one) is not None]
    if len(known) == 1 and len(known[0].strategies) <= 2:
        return []
    for dynamics in dict.fromkeys(one.dynamics for one in known):
        families = [one for one in known if one.dynamics == dynamics]
        lines = [one for one in families if one.shape == "line"]
        grids = [one for one in families if one.shape == "grid"]
        if lines:
            axes = dict.fromkeys(one.axis for one in lines)
            found += [_lines([one for one in lines if one.axis == axis], dynamics) for axis in axes]
        elif grids:
            found.append(_maps(grids[:4], dynamics))
        elif len(families) > 1:
            found.append(_bars(families, dynamics))
    return found


def _table(families: Sequence[Family]) -> tuple[list[str], list[list[object]]]:
    keys = list(dict.fromkeys(key for one in families for key in one.keys))
    head = ["game", "dynamics", *(key_name(key, keys) for key in keys), "cooperation"]
    rows: list[list[object]] = [
        [family.game, family.dynamics, *(setting.values.get(key) for key in keys), setting.cooperation]
        for family in families
        for setting in family.settings
    ]
    return head, rows


def _lines(families: Sequence[Family], dynamics: str) -> Figure:
    look = styles([plain(one.game) for one in families])
    shown = {}
    for family in families:
        key = family.axis or ""
        points = [(one.values[key], one.cooperation or 0.0, 0.0) for one in family.settings]
        shown[plain(family.game)] = sorted(points)
    axis = families[0].axis or ""
    over = "" if all(len(one.settings) == 1 for one in families) else " on average over the sweep"
    return Figure(
        f"cooperation-{slug(dynamics)}",
        capital(cooperation_lasts(families)) or f"Cooperation{over} {cooperation_by_game(families)}",
        f"{_WHAT} · {plain(dynamics, 40)}",
        f"Lines of cooperation, one for each game. Cooperation {cooperation_by_game(families)}.",
        share_lines(shown, look, x=key_name(axis, families[0].keys), y="cooperation", width=600),
        *_table(families),
    )


def _bars(families: Sequence[Family], dynamics: str) -> Figure:
    rows = [(one.game, mean_cooperation(one) or 0.0, 0.0) for one in families[:24]]
    return Figure(
        f"cooperation-{slug(dynamics)}",
        f"Cooperation {cooperation_by_game(families)}",
        f"{_WHAT} · {plain(dynamics, 40)}",
        f"Bars of cooperation, one for each game. Cooperation {cooperation_by_game(families)}.",
        bars(rows, styles([one.game for one in families]), x="cooperation"),
        *_table(families),
    )


def _maps(families: Sequence[Family], dynamics: str) -> Figure:
    panels = []
    for family in families:
        down, across = family.keys
        rows, columns = levels(family, down)[::-1], levels(family, across)
        tiles = [
            (rows.index(one.values[down]), columns.index(one.values[across]), 100 * (one.cooperation or 0.0))
            for one in family.settings
        ]
        cell = max(10, min(64, 300 // max(1, len(columns))))
        names = key_name(down, family.keys), key_name(across, family.keys)
        labels = [number(one) for one in rows], [number(one) for one in columns]
        board = Board(*labels, *names, cell=cell, title=short(family.game, 40))
        texts = [f"{value:.0f}" if cell >= 24 else "" for _, _, value in tiles]
        panels.append(heat(tiles, board, value_title="%", domain=(0, 100), texts=texts))
    return Figure(
        f"cooperation-{slug(dynamics)}",
        f"Cooperation on average over the sweep {cooperation_by_game(families)}",
        f"{_WHAT}, in per cent · {plain(dynamics, 40)}",
        f"Heat maps of cooperation, one for each game. Cooperation {cooperation_by_game(families)}.",
        beside(panels),
        *_table(families),
    )
