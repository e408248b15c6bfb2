"""Figures of rest points: along a swept number, or on their own."""

from __future__ import annotations

from typing import Any

from evocoop.report.context import Context
from evocoop.report.drawing.bars import stacked
from evocoop.report.drawing.slopes import rest_points
from evocoop.report.figure import Figure
from evocoop.report.findings import capital
from evocoop.report.sections import regimes
from evocoop.report.sections.paths import state_text
from evocoop.report.slices import Slice, Slices, read_slices
from evocoop.report.words import count, key_name, listed, number, percent, short, slug

MOST_POINTS = 14
_LASTING = ("stable", "neutral")
_NOTE = "Filled points are stable, open ones unstable, half-filled ones saddles, grey ones neutral."


def figures(context: Context) -> list[Figure]:
    """Return the rest points of each game under each of the dynamics."""
    frame = context.frame("rest_points")
    if frame is None:
        return []
    drawn = []
    for slices in read_slices(frame, context.experiment.sweep.keys)[:3]:
        if regimes.is_grid(slices):
            drawn.append(regimes.figure(slices, points))
        else:
            drawn.append(_along(slices) if slices.axis else _alone(context, slices))
    return drawn


def points(one: Slice) -> list[tuple[dict[str, float], str]]:
    """Return the rest points of a cell: shares by strategy, and stability."""
    found: dict[int, tuple[dict[str, float], str]] = {}
    for row in one.rows():
        shares, _ = found.setdefault(int(row["point"]), ({}, str(row["stability"])))
        shares[str(row["strategy"])] = float(row["share"] or 0.0)
    return list(found.values())


def _table(slices: Slices) -> tuple[list[str], list[list[Any]]]:
    names = list(dict.fromkeys(str(name) for one in slices.cells for name in one.frame["strategy"]))
    rows = [
        [*one.values.values(), kind, *(shares.get(name) for name in names)]
        for one in slices.cells
        for shares, kind in points(one)
    ]
    return [*slices.keys, "stability", *names], rows


def _along(slices: Slices) -> Figure:
    key = slices.axis or ""
    name = key_name(key, slices.keys)
    spread: dict[str, set[float]] = {}
    drawn = []
    for one in slices.cells:
        for shares, _ in points(one):
            for strategy, share in shares.items():
                spread.setdefault(strategy, set()).add(round(share, 4))
    strategy = next(iter(spread)) if len(spread) == 2 else max(spread, key=lambda one: len(spread[one]))
    for one in slices.cells:
        drawn += [(float(one.values[key]), shares.get(strategy, 0.0), kind) for shares, kind in points(one)]
    finding = said(slices)
    return Figure(
        f"rest-points-{slug(slices.game)}-{slug(slices.dynamics)}",
        capital(finding),
        f"Share of {short(strategy)} at every rest point · {slices.place}",
        f"Rest points over {name}. {capital(finding)}.",
        rest_points(drawn, x=name, y=f"share of {short(strategy, 20)}"),
        *_table(slices),
        note=_NOTE,
    )


def said(slices: Slices) -> str:
    """Return how the stable rest points change along the sweep: where they are for two strategies, else how many."""
    key = slices.axis or ""
    name = key_name(key, slices.keys)
    names = list(dict.fromkeys(str(one) for cell in slices.cells for one in cell.frame["strategy"]))
    if len(names) == 2:
        lasting = [
            (one.values[key], [(shares.get(names[0], 0.0), kind) for shares, kind in points(one) if kind in _LASTING])
            for one in slices.cells
        ]
        return _held(names[0], name, lasting)
    runs: list[tuple[Any, Any, int]] = []
    for one in slices.cells:
        value, stable = one.values[key], sum(kind == "stable" for _, kind in points(one))
        if runs and runs[-1][2] == stable:
            runs[-1] = (runs[-1][0], value, stable)
        else:
            runs.append((value, value, stable))
    parts = [
        f"{count(many, 'stable rest point')} at {name} = {number(low)}" + (f" to {number(high)}" if high != low else "")
        for low, high, many in runs
    ]
    return listed(parts, most=4)


def _held(strategy: str, name: str, found: list[tuple[Any, list[tuple[float, str]]]]) -> str:
    """Return at which shares a strategy can last in a population at rest, value by value."""
    there = [(value, *max(points)) for value, points in found if points and max(points)[0] > 0.005]
    if not there:
        return f"no stable population holds {short(strategy)}"
    if len(there) > 5:
        there = [there[0], there[len(there) // 2], there[-1]]
    parts = [
        f"{percent(share, 1)} at {f'{name} = ' if place == 0 else ''}{number(value)}"
        + (" (neutrally stable)" if kind == "neutral" else "")
        for place, (value, share, kind) in enumerate(there)
    ]
    nowhere = [number(value) for value, points in found if not points or max(points)[0] <= 0.005]
    without = f", but not at {listed(nowhere, last='or', most=4)}" if nowhere else ""
    return f"{short(strategy)} can hold a stable population at {listed(parts)}{without}"


def _alone(context: Context, slices: Slices) -> Figure:
    rows, shown = [], []
    for one in slices.cells:
        found = sorted(points(one), key=lambda point: (point[1] != "stable", point[1]))
        for shares, kind in found[: max(1, MOST_POINTS // len(slices.cells))]:
            ordered = sorted(shares.items(), key=lambda item: -item[1])
            rows.append(((*([one.said] if one.said else []), kind), ordered))
        shown.append((one, found))
    one, found = shown[0]
    stable = [shares for shares, kind in found if kind == "stable"]
    states = [state_text(list(shares), list(shares.values())) for shares in stable]
    where = f"at {one.said}, " if one.said else ""
    finding = f"{where}{count(len(stable), 'stable rest point')} of {len(found)}: {listed(states, most=4)}"
    if not stable:
        finding = f"{where}none of {count(len(found), 'rest point')} is stable"
    return Figure(
        f"rest-points-{slug(slices.game)}-{slug(slices.dynamics)}",
        capital(finding),
        f"Shares at each rest point, stable ones first · {slices.place}",
        f"One bar for each rest point, divided by shares. {finding}.",
        stacked(rows, context.look, x="share of the population"),
        *_table(slices),
    )
