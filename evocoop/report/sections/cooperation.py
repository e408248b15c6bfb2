"""Figures of cooperation: how much of it the long run holds, game by game."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from evocoop.report.context import Context
from evocoop.report.drawing.bars import bars
from evocoop.report.drawing.heat import heat
from evocoop.report.drawing.lines import beside, share_lines
from evocoop.report.families import Family
from evocoop.report.figure import Figure
from evocoop.report.look import styles
from evocoop.report.sections.shares import _levels
from evocoop.report.words import key_name, listed, number, percent, short, slug

_WHAT = "Cooperation among one's own kind, each strategy weighted by its long-run share"


def figures(context: Context) -> list[Figure]:
    """Return how much cooperation there is in each game, for each of the dynamics."""
    found = []
    known = [one for one in context.families if one.settings[0].cooperation is not None]
    for dynamics, part in groupby(sorted(known, key=lambda one: one.dynamics), key=lambda one: one.dynamics):
        families = list(part)
        lines = [one for one in families if one.shape == "line"]
        grids = [one for one in families if one.shape == "grid"]
        if lines:
            found.append(_lines(lines, dynamics))
        elif grids:
            found.append(_maps(grids[:4], dynamics))
        elif len(families) > 1:
            found.append(_bars(families, dynamics))
    return found


def mean_cooperation(family: Family) -> float | None:
    """Return mean cooperation over all settings, or None where it is not known."""
    values = [one.cooperation for one in family.settings]
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if len(known) == len(values) else None


def said(families: Sequence[Family]) -> str:
    """Return mean cooperation game by game, in words."""
    ordered = sorted(families, key=lambda one: -(mean_cooperation(one) or 0.0))
    parts = [f"{percent(mean_cooperation(one) or 0.0)} in {short(one.game)}" for one in ordered]
    return listed(parts, most=6)


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
    look = styles([one.game for one in families])
    shown = {}
    for family in families:
        key = family.axis or ""
        points = [(one.values[key], one.cooperation or 0.0, 0.0) for one in family.settings]
        shown[family.game] = sorted(points)
    axis = families[0].axis or ""
    over = "" if all(len(one.settings) == 1 for one in families) else " on average over the sweep"
    return Figure(
        f"cooperation-{slug(dynamics)}",
        f"Cooperation{over}: {said(families)}",
        f"{_WHAT} · {short(dynamics, 40)}",
        f"Lines of cooperation, one for each game: {said(families)}.",
        share_lines(shown, look, x=key_name(axis, families[0].keys), y="cooperation", width=600),
        *_table(families),
    )


def _bars(families: Sequence[Family], dynamics: str) -> Figure:
    rows = [(one.game, mean_cooperation(one) or 0.0, 0.0) for one in families[:24]]
    return Figure(
        f"cooperation-{slug(dynamics)}",
        f"Cooperation: {said(families)}",
        f"{_WHAT} · {short(dynamics, 40)}",
        f"Bars of cooperation, one for each game: {said(families)}.",
        bars(rows, styles([one.game for one in families]), x="cooperation"),
        *_table(families),
    )


def _maps(families: Sequence[Family], dynamics: str) -> Figure:
    panels = []
    for family in families:
        down, across = family.keys
        rows, columns = _levels(family, down)[::-1], _levels(family, across)
        tiles = [
            (rows.index(one.values[down]), columns.index(one.values[across]), 100 * (one.cooperation or 0.0))
            for one in family.settings
        ]
        cell = max(10, min(64, 300 // max(1, len(columns))))
        panels.append(
            heat(
                tiles,
                [number(one) for one in rows],
                [number(one) for one in columns],
                row_title=key_name(down, family.keys),
                column_title=key_name(across, family.keys),
                value_title="%",
                domain=(0, 100),
                texts=[f"{value:.0f}" if cell >= 24 else "" for _, _, value in tiles],
                cell=cell,
                title=family.game,
            )
        )
    return Figure(
        f"cooperation-{slug(dynamics)}",
        f"Cooperation on average over the sweep: {said(families)}",
        f"{_WHAT}, in per cent · {short(dynamics, 40)}",
        f"Heat maps of cooperation, one for each game: {said(families)}.",
        beside(panels),
        *_table(families),
    )
