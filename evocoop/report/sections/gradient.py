"""Figures of the gradient of selection and its roots."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from evocoop.report.context import Context
from evocoop.report.drawing.slopes import Root, gradients
from evocoop.report.figure import Figure
from evocoop.report.slices import Slice, Slices, read_slices
from evocoop.report.words import listed, percent, short, slug

MOST_CURVES = 6

Curve = list[tuple[float, float]]


def figures(context: Context) -> list[Figure]:
    """Return the gradients of each game under each of the dynamics."""
    frame = context.frame("gradient")
    if frame is None:
        return []
    return [_figure(context, slices) for slices in read_slices(frame, context.experiment.sweep.keys)[:3]]


def curve(one: Slice) -> Curve:
    """Return (share of the first strategy, gradient), sorted."""
    return sorted((float(row["fraction"]), float(row["gradient"])) for row in one.rows())


def roots(points: Sequence[tuple[float, float]]) -> list[Root]:
    """Return where a gradient changes sign inside, with stability, and where selection leads at the ends.

    >>> roots([(0.0, 0.0), (0.25, -1.0), (0.75, 1.0), (1.0, 0.0)])
    [(0.0, 'stable'), (0.5, 'unstable'), (1.0, 'stable')]
    """
    inner = [(x, g) for x, g in points if 0.0 < x < 1.0 and g != 0.0]
    if not inner:
        return []
    found: list[Root] = [(0.0, "stable" if inner[0][1] < 0 else "unstable")]
    for (x0, g0), (x1, g1) in pairwise(inner):
        if g0 * g1 < 0:
            found.append((x0 + (x1 - x0) * g0 / (g0 - g1), "stable" if g0 > 0 else "unstable"))
    return [*found, (1.0, "stable" if inner[-1][1] > 0 else "unstable")]


def said(points: Sequence[tuple[float, float]], name: str) -> str:
    """Return in words where selection leads.

    >>> said([(0.0, 0.0), (0.25, -1.0), (0.75, 1.0), (1.0, 0.0)], "C")
    'selection favours C above 50.0\\xa0%'
    """
    found = roots(points)
    inner = found[1:-1]
    if not found:
        return "selection is neutral everywhere"
    if not inner:
        return f"selection {'always' if found[-1][1] == 'stable' else 'never'} favours {short(name)}"
    if len(inner) == 1:
        place, kind = inner[0]
        side = "below" if kind == "stable" else "above"
        return f"selection favours {short(name)} {side} {percent(place, 1)}"
    parts = [f"{percent(place, 1)} ({kind})" for place, kind in inner]
    return f"selection turns at {listed(parts)} {short(name)}"


def _first(context: Context, one: Slice) -> str:
    """Return the name of the first strategy of a game, as other tables of the run give it."""
    for kind in ("payoffs", "rest_points", "trajectories", "prevalence"):
        frame = context.frame(kind)
        if frame is not None:
            part = frame.filter(frame["game"] == one.game)
            if part.height:
                return str(part["strategy"][0])
    return "the first strategy"


def _figure(context: Context, slices: Slices) -> Figure:
    cells = slices.spread(MOST_CURVES)
    name = _first(context, cells[0])
    curves: dict[str, Curve] = {one.said or short(slices.game): curve(one) for one in cells}
    marked = {label: roots(points) for label, points in curves.items()}
    parts = [f"{f'at {one.said}, ' if one.said else ''}{said(curve(one), name)}" for one in cells]
    title = parts[0] if len(parts) == 1 else f"{parts[0]}; {parts[-1]}"
    keys = list(slices.keys)
    rows: list[list[Any]] = [
        [*one.values.values(), place, kind] for one in slices.cells for place, kind in roots(curve(one))
    ]
    return Figure(
        f"gradient-{slug(slices.game)}-{slug(slices.dynamics)}",
        title[0].upper() + title[1:],
        f"Gradient of selection over the share of {short(name)} · {slices.place}",
        f"Curves of the gradient of selection. {'; '.join(parts)}.",
        gradients(curves, marked, x=f"share of {short(name)}"),
        [*keys, f"share of {short(name)} at the root", "stability"],
        rows,
        note="Above the line selection favours the strategy, below it works against it. Filled points are stable.",
    )
