"""Figures of long-run shares: bars for one setting, lines along a sweep, maps over two keys, stacked bars for lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from evocoop.report.context import Context
from evocoop.report.drawing.bars import bars, stacked
from evocoop.report.drawing.lines import beside, share_lines
from evocoop.report.families import Family
from evocoop.report.figure import Figure
from evocoop.report.findings import headline, stretches
from evocoop.report.look import OTHERS, Style
from evocoop.report.sections import maps
from evocoop.report.words import count, key_name, listed, number, percent, plain, quoted, short, slug

MOST_LINES = 7
MOST_BARS = 10
MOST_PANELS = 6
MOST_STACKED = 30
VISIBLE = 0.02


def figures(context: Context) -> list[Figure]:
    """Return the figures of who emerges, one for each dynamics and shape of the sweep."""
    found: list[Figure] = []
    every = (*context.families, *context.populations)
    for dynamics in dict.fromkeys(one.dynamics for one in every):
        families = [one for one in every if one.dynamics == dynamics]
        for shape in ("line", "grid", "list", "single"):
            some = [one for one in families if one.shape == shape]
            if some:
                found += _DRAWN[shape](some, context.look, dynamics)
    return found


def kept(family: Family, most: int = MOST_LINES) -> tuple[str, ...]:
    """Return the strategies worth a line: those that are ever visible, the largest first."""
    peak = {name: max(one.share_of(name) for one in family.settings) for name in family.strategies}
    seen = [name for name in family.strategies if peak[name] >= VISIBLE]
    return tuple((seen or list(family.strategies))[:most])


def share_table(families: Sequence[Family]) -> tuple[list[str], list[list[Any]]]:
    """Return the shares of some families as one table: a row for each setting and strategy."""
    keys = list(dict.fromkeys(key for one in families for key in one.keys))
    head = ["game", "dynamics", *(key_name(key, keys) for key in keys), "strategy", "share", "standard error", "exact"]
    rows = []
    for family in families:
        for setting in family.settings:
            at = [setting.values.get(key) for key in keys]
            rows += [
                [family.game, family.dynamics, *at, one.strategy, one.share, one.error, one.exact]
                for one in setting.shares
            ]
    return head, rows


def _singles(families: list[Family], look: Mapping[str, Style], dynamics: str) -> list[Figure]:
    if len(families) > 1:
        return [_across_games(families, look, dynamics)]
    return [bar_figure(one, look) for one in families]


def bar_figure(family: Family, look: Mapping[str, Style]) -> Figure:
    """Return the shares of one setting as bars, the largest first, the rest as one."""
    shares = family.settings[0].shares
    rows = [(one.strategy, one.share, one.error or 0.0) for one in shares[:MOST_BARS]]
    rest = shares[MOST_BARS:]
    if rest:
        rows.append((f"{len(rest)} {OTHERS}", sum(one.share for one in rest), 0.0))
    said = listed([f"{short(name)} {percent(share, 1)}" for name, share, _ in rows], most=12)
    return Figure(
        f"shares-{slug(family.game)}-{slug(family.dynamics)}",
        headline(family),
        _below("Long-run share of each strategy; rules show one standard error", [family]),
        f"Horizontal bars of long-run shares: {said}.",
        bars(rows, look, x="long-run share"),
        *share_table([family]),
    )


def _across_games(families: Sequence[Family], look: Mapping[str, Style], dynamics: str) -> Figure:
    rows = [((plain(one.game),), _parts(one, 0)) for one in families[:MOST_STACKED]]
    said = "; ".join(f"{short(one.game)}: {headline(one)}" for one in families[:8])
    leaders = listed([f"{_leader(one)} in {quoted(one.game)}" for one in families], most=4)
    return Figure(
        f"shares-games-{slug(dynamics)}",
        f"Most of the population: {leaders}",
        _below("Long-run shares in each game", families),
        f"One bar for each game, divided by long-run shares. {said}.",
        stacked(rows, look, x="long-run share"),
        *share_table(families),
    )


def _leader(family: Family) -> str:
    winner = family.settings[0].winner
    return listed([short(name) for name in winner], most=3) if winner else "nobody"


def _parts(family: Family, place: int) -> list[tuple[str, float]]:
    names = kept(family, 8)
    setting = family.settings[place]
    parts = [(name, setting.share_of(name)) for name in names]
    return [*parts, (OTHERS, max(0.0, 1.0 - sum(share for _, share in parts)))]


def _lines(families: list[Family], look: Mapping[str, Style], dynamics: str) -> list[Figure]:
    found = []
    for start in range(0, len(families), MOST_PANELS):
        some = families[start : start + MOST_PANELS]
        wide = len(some) == 1
        panels = [line_panel(one, look, width=640 if wide else 330, title="" if wide else one.game) for one in some]
        found.append(
            Figure(
                f"sweep-{slug(dynamics)}-{start}",
                headline(some[0]) if wide else _several(some),
                _below("Long-run shares along the sweep; the strip above says who leads", some),
                f"{count(len(some), 'line chart')} of shares. "
                + " ".join(f"{one.game}: {headline(one)}." for one in some),
                beside(panels),
                *share_table(some),
            )
        )
    return found


def _several(families: Sequence[Family]) -> str:
    """Return who leads most of the sweep, game by game."""
    parts = [
        f"{short(one.strategies[0])} {percent(one.mean_share(one.strategies[0]))} in {quoted(one.game)}"
        for one in families
    ]
    return f"Largest mean shares over the sweep: {listed(parts, most=4)}"


def line_panel(family: Family, look: Mapping[str, Style], *, width: int, title: str) -> Any:
    """Return the shares of a family along the swept number."""
    key = family.axis or ""
    names = kept(family)
    settings = sorted(family.settings, key=lambda one: one.values[key])
    lines: dict[str, list[tuple[float, float, float]]] = {name: [] for name in names}
    for setting in settings:
        errors = {one.strategy: 0.0 if one.exact else one.error or 0.0 for one in setting.shares}
        for name in names:
            lines[name].append((setting.values[key], setting.share_of(name), errors.get(name, 0.0)))
    rest = [
        (one.values[key], max(0.0, sum(s.share for s in one.shares if s.strategy not in lines)), 0.0)
        for one in settings
    ]
    if any(share >= VISIBLE for _, share, _ in rest):
        lines[OTHERS] = rest
    label = key_name(key, family.keys)
    return share_lines(lines, look, x=label, title=title, width=width, bands=_bands(family, key))


def _bands(family: Family, key: str) -> list[tuple[float, float, str, str]]:
    """Return who leads from where to where; the border lies halfway between two settings."""
    runs = stretches(family)
    found = []
    for place, (winner, settings) in enumerate(runs):
        low = settings[0].values[key]
        high = settings[-1].values[key]
        if place:
            low = (low + runs[place - 1][1][-1].values[key]) / 2
        if place < len(runs) - 1:
            high = (high + runs[place + 1][1][0].values[key]) / 2
        names = " = ".join(short(one, 14) for one in winner[:2]) + (" …" if len(winner) > 2 else "")
        found.append((low, high, names or "nobody", winner[0] if len(winner) == 1 else OTHERS))
    return found


def _grids(families: list[Family], look: Mapping[str, Style], dynamics: str) -> list[Figure]:
    return [maps.grid_figure(one, look) for one in families]


def _lists(families: list[Family], look: Mapping[str, Style], dynamics: str) -> list[Figure]:
    found = []
    for family in families:
        if len(family.keys) > 2 and len(family.settings) > MOST_STACKED // 2 and family.full:
            found.append(maps.facet_figure(family, look))
            continue
        shown = family.settings[:MOST_STACKED]
        rows = [
            (tuple(number(one.values[key]) for key in family.keys), _parts(family, place))
            for place, one in enumerate(shown)
        ]
        heads = [key_name(key, family.keys) for key in family.keys]
        left = len(family.settings) - len(shown)
        found.append(
            Figure(
                f"settings-{slug(family.game)}-{slug(dynamics)}",
                headline(family),
                _below("Long-run shares at each point of the sweep", [family]),
                f"One bar for each of {count(len(shown), 'setting')}, divided by long-run shares. {headline(family)}.",
                stacked(rows, look, x="long-run share", heads=heads),
                *share_table([family]),
                note=f"{left} more settings are in the table of results." if left else "",
            )
        )
    return found


def _below(text: str, families: Sequence[Family]) -> str:
    game = f" · {plain(families[0].game, 40)}" if len(families) == 1 else ""
    return f"{text}{game} · {plain(families[0].dynamics, 40)}"


_DRAWN = {"single": _singles, "line": _lines, "grid": _grids, "list": _lists}
