"""Pictures of strategies over places: a line through time, or moments of a plane."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from evocoop.games.payoffs import FloatArray
from evocoop.report.context import Context
from evocoop.report.drawing.fields import FieldPanel, fields_picture
from evocoop.report.figure import Figure, Picture
from evocoop.report.look import COLOURS, styles
from evocoop.report.slices import Slice, read_slices
from evocoop.report.words import listed, number, percent, plain, short, slug, upper
from evocoop.runs.continuum import telling_moments

STILL, FEWEST = 0.01, 12
NOTE = "Each place has the mix of the colours of the strategies in it."


def figures(context: Context) -> list[Figure]:
    """Return pictures of each game under each of the dynamics in space: at both ends of the sweep."""
    frame = context.frame("fields")
    if frame is None:
        return []
    found = read_slices(frame, context.experiment.sweep.keys)[:4]
    drawn = [_figure(context, cell, slices.place) for slices in found for cell in slices.spread(2)]
    return [figure for figure in drawn if figure is not None]


def places(path: Any) -> Figure:
    """Return who holds which place: a line through time, or a plane at its first, a middle and its last time.

    Args:
        path: what ``evocoop.dynamics.spatial_replicator`` gives.

    >>> from evocoop.dynamics import spatial_replicator
    >>> places(spatial_replicator([[1, 1], [0, 0]], shape=60, time=9)).title[:14]
    '0 spreads from'
    """
    fields = np.asarray(path.fields, dtype=float)
    plane = fields.ndim == 4
    kept = telling_moments(fields) if plane else np.arange(len(fields))
    marks = [((np.arange(side) + 0.5) * path.spacing).tolist() for side in fields.shape[1:-1]]
    times, ys, xs = np.asarray(path.times)[kept].tolist(), marks[0] if plane else [], marks[-1]
    names = [str(name) for name in path.strategies]
    shares = fields[kept] if plane else fields[kept][:, None]
    look = styles(names)
    return _drawn("places", "", "", names, [look[name].colour for name in names], (times, ys, xs), shares)


def _figure(context: Context, cell: Slice, place: str) -> Figure | None:
    """Return the picture of a cell, or nothing where its rows are no grid of times and places."""
    names = [str(name) for name in cell.frame["strategy"].unique(maintain_order=True)]
    times, ys, xs = (_marks(cell, column) for column in ("time", "y", "x"))
    sides = len(times), max(len(ys), 1), len(xs), len(names)
    if cell.frame.height != math.prod(sides):
        return None
    shares = np.asarray(cell.frame["share"], dtype=float).reshape(sides)
    at = f"at {cell.said}, " if cell.said else ""
    name = f"fields-{slug(cell.game)}-{slug(cell.dynamics)}"
    where = f" · {plain(place, 60)}"
    marks = times, ys, xs
    return _drawn(name, at, where, names, _colours(context, names), marks, shares, _whole(context, cell, names))


def _whole(context: Context, cell: Slice, names: list[str]) -> tuple[FloatArray, FloatArray] | None:
    """Return the shares over all places at first and in the end, where the paths were kept."""
    frame = context.frame("trajectories")
    if frame is None:
        return None
    mine = frame.filter((frame["cell"] == cell.cell) & (frame["dynamics"] == cell.dynamics))
    if mine.height < len(names) or mine["strategy"].to_list() != names * (mine.height // len(names)):
        return None
    shares = np.asarray(mine["share"], dtype=float).reshape(-1, len(names))
    return shares[0], shares[-1]


def _drawn(
    name: str,
    at: str,
    place: str,
    names: list[str],
    colours: list[str],
    marks: tuple[list[float], list[float], list[float]],
    shares: FloatArray,
    whole: tuple[FloatArray, FloatArray] | None = None,
) -> Figure:
    """Return a picture of shares (times, ys or 1, xs, strategies), given the marks of its first three axes."""
    times, ys, xs = marks
    means = shares.mean(axis=(1, 2))
    panels = _moments(shares, times, ys, xs) if ys else [_line(shares[:, 0], times, xs)]
    title = upper(f"{at}{_said(names, *(whole or (means[0], means[-1])))}")
    shape = f"{len(ys)} by {len(xs)} places of a plane" if ys else f"{len(xs)} places of a line, time downwards"
    return Picture(
        name,
        title,
        f"Strategies over {shape}{place}",
        f"A picture of {shape}, coloured by strategy. {title}.",
        None,
        ["time", *names],
        [[time, *share] for time, share in zip(times, means.tolist(), strict=True)],
        note=NOTE,
        drawing=fields_picture(panels, list(zip((short(one) for one in names), colours, strict=True))),
    )


def _colours(context: Context, names: list[str]) -> list[str]:
    """Return the colours of the report, or those of this picture alone where two would be the same."""
    own = [context.look[name].colour for name in names]
    return own if len(set(own)) == len(own) else [COLOURS[place % len(COLOURS)] for place in range(len(names))]


def _said(names: list[str], first: FloatArray, last: FloatArray) -> str:
    """Return in words which strategy gains most, and how much."""
    best = int((last - first).argmax())
    if last[best] - first[best] < 0.02:
        return f"nothing changes much over the whole: {_mix(names, last)}"
    return f"{short(names[best])} spreads from {percent(first[best])} to {percent(last[best])} of the population"


def _mix(names: list[str], shares: FloatArray) -> str:
    order = np.argsort(-shares)[:3]
    return listed([f"{percent(shares[place])} {short(names[place])}" for place in order])


def _marks(cell: Slice, column: str) -> list[float]:
    return [float(mark) for mark in cell.frame[column].drop_nulls().unique(maintain_order=True)]


def _end(marks: list[float]) -> str:
    """Return where an axis ends, whose marks are the middles of places."""
    return f"{marks[0] + marks[-1]:.3g}"


def _line(shares: FloatArray, times: list[float], xs: list[float]) -> FieldPanel:
    """Return a line through time, until nothing changes any more."""
    moving = np.flatnonzero(np.abs(shares - shares[-1]).max(axis=(1, 2)) > STILL)
    shown = min(len(times), max(FEWEST, int(1.2 * (moving[-1] + 1)))) if len(moving) else len(times)
    shares, times = shares[:shown], times[:shown]
    across = "place", "0", _end(xs)
    return FieldPanel(shares, "", across, ("time", number(times[0]), number(times[-1])), width=560, height=320)


def _moments(shares: FloatArray, times: list[float], ys: list[float], xs: list[float]) -> list[FieldPanel]:
    ends = ("", "0", _end(xs)), ("", "0", _end(ys))
    high = round(240 * len(ys) / len(xs))
    return [
        FieldPanel(field, f"time {number(time)}", *ends, width=240, height=min(max(high, 60), 480))
        for field, time in zip(shares, times, strict=True)
    ]
