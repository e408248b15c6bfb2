"""Figures of trajectories: lines over time, or paths in the simplex of three or four strategies."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as Some
from typing import TYPE_CHECKING, Any

import numpy as np

from evocoop.report.context import Context
from evocoop.report.drawing.lines import beside, share_lines
from evocoop.report.drawing.simplex import simplex_chart
from evocoop.report.figure import Figure
from evocoop.report.look import OTHERS, Style, styles
from evocoop.report.slices import Slice, Slices, read_slices
from evocoop.report.words import listed, number, percent, short, slug, upper
from evocoop.runs.long_run import NEAR, STILL

if TYPE_CHECKING:
    import polars as pl

MOST_ENDS = 3
MOST_STARTS = 40
MOST_LINES = 7
CLOCKS = {"fictitious_play": "rounds", "regret_matching": "rounds", "quantal_response": "1/noise"}
"""What the time of a path is, where it is not time."""
BRANCHES = ("quantal_response",)
"""What has paths that go along a parameter."""

States = list[tuple[float, list[float]]]


def figures(context: Context) -> list[Figure]:
    """Return a picture of the trajectories of each game under each of the dynamics."""
    frame = context.frame("trajectories")
    if frame is None:
        return []
    found = []
    for slices in read_slices(frame, context.experiment.sweep.keys)[:4]:
        names = _names(slices.cells[0])
        if len(names) in (3, 4):
            found.append(_simplex(context, slices, names))
        else:
            found.append(_over_time(context, slices))
    return found


def _names(one: Slice) -> list[str]:
    return [str(name) for name in one.frame["strategy"].unique(maintain_order=True)]


def paths(one: Slice, names: Sequence[str]) -> dict[int, States]:
    """Return, for each start, the times and population states of its path."""
    found: dict[int, dict[float, list[float]]] = {}
    place = {name: number for number, name in enumerate(names)}
    for row in one.rows():
        states = found.setdefault(int(row["start"]), {})
        state = states.setdefault(float(row["time"]), [0.0] * len(names))
        state[place[str(row["strategy"])]] = float(row["share"] or 0.0)
    return {start: sorted(states.items()) for start, states in sorted(found.items())}


def ends(states: Mapping[int, States]) -> list[tuple[list[float], int]]:
    """Return where the paths end and how many end there, the most frequent first."""
    found: list[tuple[list[float], int]] = []
    for path in states.values():
        last = path[-1][1]
        for place, (centre, many) in enumerate(found):
            if math.dist(centre, last) < NEAR:
                found[place] = (centre, many + 1)
                break
        else:
            found.append((last, 1))
    return sorted(found, key=lambda one: -one[1])


def state_text(names: Sequence[str], state: Sequence[float]) -> str:
    """Return a population state in words."""
    present = sorted(((share, name) for share, name in zip(state, names, strict=True) if share >= 0.01), reverse=True)
    if present and present[0][0] > 0.99:
        return f"only {short(present[0][1])}"
    parts = [f"{percent(share)} {short(name)}" for share, name in present]
    rest = 1.0 - sum(share for share, _ in present)
    return listed([*parts, *(["many others"] if rest > 0.05 else [])], most=3)


def moving(frame: pl.DataFrame) -> pl.DataFrame:
    """Return which paths of a table do not come to rest, by more than two standard errors: dynamics, cell and start."""
    import polars as pl

    one = [name for name in ("dynamics", "cell", "start", "population", "strategy") if name in frame.columns]
    error = pl.col("standard_error").fill_nan(0.0).fill_null(0.0) if "standard_error" in frame.columns else pl.lit(0.0)
    first, last = (bound.over("dynamics", "cell") for bound in (pl.col("time").min(), pl.col("time").max()))
    late = frame.filter(pl.col("time") >= last - STILL * (last - first)).with_columns(error=error).sort("time")
    ends = [pl.col(name).last().over(one).alias(f"last_{name}") for name in ("share", "error")]
    away = (pl.col("share") - pl.col("last_share")).abs()
    blur = 2.0 * (pl.col("error") ** 2 + pl.col("last_error") ** 2).sqrt()
    return late.with_columns(ends).filter(away >= NEAR + blur).select("dynamics", "cell", "start").unique()


def moving_starts(one: Slice) -> set[int]:
    """Return the starts of the paths of one setting that do not come to rest."""
    return set(moving(one.frame)["start"].to_list())


def restless_said(context: Context, game: str, dynamics: str) -> str:
    """Return that no path of a game comes to rest, where that is so, as a sentence."""
    frame = context.frame("trajectories")
    if frame is None or _name(context, dynamics) in BRANCHES:
        return ""
    part = frame.filter((frame["game"] == game) & (frame["dynamics"] == dynamics))
    paths_of = part.select("cell", "start").unique()["cell"].value_counts()
    restless = set(moving(part)["cell"].value_counts().join(paths_of, on=("cell", "count"))["cell"])
    if not restless:
        return ""
    where = "" if len(restless) == paths_of.height else f"in {len(restless)} of {paths_of.height} settings "
    return upper(f"{where}no path comes to rest; where paths circle, shares are means over time.")


def end_text(names: Sequence[str], states: Mapping[int, States], restless: Some[int]) -> str:
    """Return where how many paths of one population end, in words; see :func:`ends_said`."""
    return ends_said(states, restless, lambda state: state_text(names, state), lambda state: leader(names, state))


def leader(names: Sequence[str], state: Sequence[float]) -> str:
    """Return whose share is the largest."""
    return short(names[int(np.argmax(state))], 20)


def ends_said(
    states: Mapping[int, States],
    restless: Some[int],
    state_said: Callable[[list[float]], str],
    front: Callable[[list[float]], str],
) -> str:
    """Return where how many paths end and how many still move, in words.

    Args:
        states: the path from each start.
        restless: the starts of those that do not come to rest.
        state_said: what a state is called.
        front: who is in front in a state, for paths that end in many places.
    """
    total = len(states)
    resting = {start: path for start, path in states.items() if start not in restless}
    if not resting:
        return "the path keeps moving" if total == 1 else f"all {total} paths keep moving"
    found, left = ends(resting), total - len(resting)
    if len(found) == 1 and not left:
        return f"{'the path ends' if total == 1 else f'all {total} starts end'} with {state_said(found[0][0])}"
    parts = [(many, f"with {state_said(state)}") for state, many in found]
    if len(found) > MOST_ENDS:
        fronts = Counter[str]()
        for state, many in found:
            fronts[front(state)] += many
        parts = [(many, f"with {name} in front") for name, many in fronts.most_common(MOST_ENDS)]
        others = len(resting) - sum(many for many, _ in parts)
        parts += [(others, "otherwise")] if others else []
    texts = [f"{many} {text}" for many, text in parts]
    texts[0] = f"{parts[0][0]} end{'s' if parts[0][0] == 1 else ''} {parts[0][1]}"
    texts += [f"{left} keep{'s' if left == 1 else ''} moving"] if left else []
    return f"of {total} starts, {listed(texts)}"


def _rows(cells: Sequence[Slice]) -> tuple[list[str], list[list[Any]]]:
    """Return where each path starts and ends; whole paths are in the result tables."""
    names = _names(cells[0])
    head = [*cells[0].values, "start", "time", *names]
    rows: list[list[Any]] = []
    for one in cells:
        mine = _names(one)
        for start, states in paths(one, mine).items():
            for time, state in (states[0], states[-1]):
                shares = dict(zip(mine, state, strict=True))
                rows.append([*one.values.values(), start, time, *(shares.get(name) for name in names)])
    return head, rows


def _last(cells: Sequence[Slice]) -> float:
    return max(float(row) for one in cells for row in one.frame["time"])


def _title(said: Sequence[tuple[Slice, str]]) -> str:
    if len(said) == 1:
        return said[0][1][0].upper() + said[0][1][1:]
    return f"At {said[0][0].said}, {said[0][1]}; at {said[-1][0].said}, {said[-1][1]}"


def _simplex(context: Context, slices: Slices, names: list[str]) -> Figure:
    cells = slices.spread(2)
    panels, said, known = [], [], False
    for one in cells:
        states = paths(one, names)
        drawn = [[state for _, state in path] for path in list(states.values())[:MOST_STARTS]]
        points = rest_points_of(context, one, names)
        known = known or bool(points)
        wide = len(cells) == 1
        panels.append(simplex_chart(names, drawn, points, size=460 if wide else 360, title="" if wide else one.said))
        said.append((one, end_text(names, states, _moving(context, one))))
    kind = "triangle" if len(names) == 3 else "tetrahedron seen from the side"
    return Figure(
        f"simplex-{slug(slices.game)}-{slug(slices.dynamics)}",
        _title(said),
        f"Paths through all mixtures, until {_clock(context, slices)} {number(_last(cells))} · {slices.place}",
        f"A {kind} with paths of the population. {_title(said)}.",
        beside(panels),
        *_rows(cells),
        note="Each corner is a population of one strategy."
        + (" Rest points: filled where stable, open where unstable, half filled where saddles." if known else ""),
    )


def rest_points_of(context: Context, one: Slice, names: Sequence[str]) -> list[tuple[list[float], str]]:
    """Return the rest points of a cell, whichever of the dynamics they were asked under."""
    frame = context.frame("rest_points")
    if frame is None:
        return []
    part = frame.filter(frame["cell"] == one.cell)
    found: dict[tuple[str, int], tuple[dict[str, float], str]] = {}
    for row in part.to_dicts():
        shares, _ = found.setdefault((str(row["dynamics"]), int(row["point"])), ({}, str(row["stability"])))
        shares[str(row["strategy"])] = float(row["share"] or 0.0)
    return [([shares.get(name, 0.0) for name in names], kind) for shares, kind in found.values()]


def _name(context: Context, dynamics: str) -> str:
    return next((one.name for one in context.experiment.dynamics if one.label == dynamics), "")


def _clock(context: Context, slices: Slices) -> str:
    return CLOCKS.get(_name(context, slices.dynamics), "time")


def _moving(context: Context, one: Slice) -> set[int]:
    return set() if _name(context, one.dynamics) in BRANCHES else moving_starts(one)


def _over_time(context: Context, slices: Slices) -> Figure:
    clock = _clock(context, slices)
    two = len(_names(slices.cells[0])) == 2
    cells = slices.spread(4 if two else 2)
    panels, said = [], []
    for one in cells:
        names = _names(one)
        states = paths(one, names)
        title = one.said if len(cells) > 1 else ""
        width = 560 if len(cells) == 1 else 320
        if two:
            panels.append(two_strategies(names, states, title=title, width=width, clock=clock))
        else:
            path = next(iter(states.values()))
            panels.append(many_strategies(names, path, context.look, title=title, width=width, clock=clock))
        said.append((one, end_text(names, states, _moving(context, one))))
    names = _names(cells[0])
    what = (
        f"Share of {short(names[0])} over {clock}, one line for each start"
        if two
        else f"Shares over {clock} from the first start"
    )
    return Figure(
        f"trajectories-{slug(slices.game)}-{slug(slices.dynamics)}",
        _title(said),
        f"{what}, until {clock} {number(_last(cells))} · {slices.place}",
        f"Lines of shares over time. {_title(said)}.",
        beside(panels),
        *_rows(cells),
    )


def two_strategies(
    names: list[str], states: Mapping[int, States], *, title: str = "", width: int = 560, clock: str = "time"
) -> Any:
    """Return the share of the first of two strategies from every start, one style for each end point."""
    clusters = ends(states)
    lines: dict[str, list[tuple[float, float, float]]] = {}
    groups: dict[str, str] = {}
    for start, path in list(states.items())[:MOST_STARTS]:
        near = min(clusters, key=lambda one: math.dist(one[0], path[-1][1]))
        groups[str(start)] = state_text(names, near[0])
        lines[str(start)] = [(time, state[0], 0.0) for time, state in path]
    look = styles(dict.fromkeys(state_text(names, state) for state, _ in clusters))
    y = f"share of {short(names[0], 20)}"
    return share_lines(lines, look, x=clock, y=y, width=width, title=title, marks=False, groups=groups)


def many_strategies(
    names: list[str],
    path: States,
    look: Mapping[str, Style],
    *,
    title: str = "",
    width: int = 560,
    clock: str = "time",
) -> Any:
    """Return the shares of the largest strategies along one path."""
    peak = {name: max(state[place] for _, state in path) for place, name in enumerate(names)}
    top = sorted(names, key=lambda name: -path[-1][1][names.index(name)] - 1e-3 * peak[name])[:MOST_LINES]
    lines = {name: [(time, state[names.index(name)], 0.0) for time, state in path] for name in top}
    rest = [(time, max(0.0, 1.0 - sum(state[names.index(name)] for name in top)), 0.0) for time, state in path]
    if max(share for _, share, _ in rest) >= 0.02:
        lines[OTHERS] = rest
    return share_lines(lines, look, x=clock, width=width, title=title, marks=False)
