"""Figures of basins of attraction: how many of the starting points end where."""

from __future__ import annotations

from evocoop.report.context import Context
from evocoop.report.drawing.bars import bars, stacked
from evocoop.report.drawing.lines import share_lines
from evocoop.report.families import Family
from evocoop.report.figure import Figure
from evocoop.report.look import styles
from evocoop.report.sections.shares import MOST_BARS, MOST_STACKED, kept
from evocoop.report.words import key_name, listed, number, percent, plain, short, slug


def figures(context: Context) -> list[Figure]:
    """Return the basins of each game under each of the dynamics."""
    return [_figure(family) for family in context.basins[:3]]


def said(family: Family) -> str:
    """Return which attractors the starting points end at."""
    first = family.settings[0]
    if len(family.settings) == 1:
        parts = [f"{percent(one.share)} at {short(one.strategy, 44)}" for one in first.shares if one.share >= 0.005]
        return f"Of all starting points, {listed(parts, most=4)} end"
    best = family.strategies[0]
    if family.shape == "line":
        last = family.settings[-1]
        name, key = key_name(family.axis or "", family.keys), family.axis or ""
        return (
            f"The basin of {short(best, 40)} goes from {percent(first.share_of(best))} of the starting points at "
            f"{name} = {number(first.values[key])} to {percent(last.share_of(best))} at {number(last.values[key])}"
        )
    return f"{short(best, 40)} draws {percent(family.mean_share(best))} of the starting points on average"


def _figure(family: Family) -> Figure:
    names = kept(family, MOST_BARS)
    look = styles(names)
    if family.shape == "single":
        rows = [(one.strategy, one.share, 0.0 if one.exact else one.error or 0.0) for one in family.settings[0].shares]
        chart = bars(rows[:MOST_BARS], look, x="share of the starting points")
    elif family.shape == "line":
        key = family.axis or ""
        lines = {name: [(one.values[key], one.share_of(name), 0.0) for one in family.settings] for name in names[:7]}
        chart = share_lines(lines, look, x=key_name(key, family.keys), y="share of the starting points")
    else:
        shown = [((family.said(one),), [(name, one.share_of(name)) for name in names]) for one in family.settings]
        chart = stacked(shown[:MOST_STACKED], look, x="share of the starting points")
    keys = [key_name(key, family.keys) for key in family.keys]
    rows_behind = [
        [*(setting.values[key] for key in family.keys), one.strategy, one.share, one.error, one.exact]
        for setting in family.settings
        for one in setting.shares
    ]
    return Figure(
        f"basins-{slug(family.game)}-{slug(family.dynamics)}",
        said(family),
        "Share of the starting points that end at each attractor"
        f" · {plain(family.game, 40)} · {plain(family.dynamics, 40)}",
        f"{said(family)}.",
        chart,
        [*keys, "attractor", "share", "standard error", "exact"],
        rows_behind,
    )
