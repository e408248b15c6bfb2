"""Pictures of strategies over places: a line through time, or moments of a plane."""

from __future__ import annotations

import numpy as np

from evocoop.games.payoffs import FloatArray
from evocoop.report.context import Context
from evocoop.report.drawing.fields import FieldPanel, fields_picture
from evocoop.report.figure import Figure, Picture
from evocoop.report.look import COLOURS
from evocoop.report.slices import Slice, read_slices
from evocoop.report.words import listed, number, percent, plain, short, slug, upper

NOTE = "Each place has the mix of the colours of the strategies in it."


def figures(context: Context) -> list[Figure]:
    """Return a picture of each game under each of the dynamics in space, in the middle of the sweep."""
    frame = context.frame("fields")
    if frame is None:
        return []
    found = read_slices(frame, context.experiment.sweep.keys)[:4]
    return [_figure(context, slices.cells[len(slices.cells) // 2], slices.place) for slices in found]


def _figure(context: Context, cell: Slice, place: str) -> Figure:
    names = [str(name) for name in cell.frame["strategy"].unique(maintain_order=True)]
    times, ys, xs = (_marks(cell, column) for column in ("time", "y", "x"))
    shares = np.asarray(cell.frame["share"], dtype=float).reshape(len(times), max(len(ys), 1), len(xs), len(names))
    means = shares.mean(axis=(1, 2))
    panels = _moments(shares, times, ys, xs) if ys else [_line(shares[:, 0], times, xs)]
    at = f"at {cell.said}, " if cell.said else ""
    title = f"{at}{_said(names, means[0], means[-1])}"
    shape = f"{len(ys)} by {len(xs)} places of a plane" if ys else f"{len(xs)} places of a line, time downwards"
    rows = [[time, *share] for time, share in zip(times, means.tolist(), strict=True)]
    return Picture(
        f"fields-{slug(cell.game)}-{slug(cell.dynamics)}",
        upper(title),
        f"Strategies over {shape} · {plain(place, 60)}",
        f"A picture of {shape}, coloured by strategy. {upper(title)}.",
        None,
        ["time", *names],
        rows,
        note=NOTE,
        drawing=fields_picture(
            panels, list(zip((short(name) for name in names), _colours(context, names), strict=True))
        ),
    )


def _colours(context: Context, names: list[str]) -> list[str]:
    """Return the colours of the report, or those of this picture alone where two would be the same."""
    own = [context.look[name].colour for name in names]
    return own if len(set(own)) == len(own) else [COLOURS[place % len(COLOURS)] for place in range(len(names))]


def _said(names: list[str], first: FloatArray, last: FloatArray) -> str:
    """Return in words which strategy gains most, and how much."""
    best = int((last - first).argmax())
    if last[best] - first[best] < 0.005:
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
    across = "place", "0", _end(xs)
    return FieldPanel(shares, "", across, ("time", number(times[0]), number(times[-1])), width=560, height=320)


def _moments(shares: FloatArray, times: list[float], ys: list[float], xs: list[float]) -> list[FieldPanel]:
    ends = ("", "0", _end(xs)), ("", "0", _end(ys))
    high = round(240 * len(ys) / len(xs))
    return [
        FieldPanel(field, f"time {number(time)}", *ends, width=240, height=min(max(high, 60), 480))
        for field, time in zip(shares, times, strict=True)
    ]
