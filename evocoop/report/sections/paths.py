"""Figures of trajectories: lines over time, or paths in the simplex of three or four strategies."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from evocoop.report.context import Context
from evocoop.report.drawing.lines import beside, share_lines
from evocoop.report.drawing.simplex import simplex_chart
from evocoop.report.figure import Figure
from evocoop.report.look import OTHERS, Style, styles
from evocoop.report.slices import Slice, Slices, read_slices
from evocoop.report.words import listed, number, percent, short, slug

NEAR = 0.03
MOST_STARTS = 40
MOST_LINES = 7

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


def end_text(names: Sequence[str], states: Mapping[int, States]) -> str:
    """Return where how many paths end, in words."""
    found, total = ends(states), len(states)
    if len(found) == 1:
        return f"{'the path ends' if total == 1 else f'all {total} starts end'} with {state_text(names, found[0][0])}"
    if len(found) <= 3:
        first = [f"{found[0][1]} end with {state_text(names, found[0][0])}"]
        rest = [f"{many} with {state_text(names, state)}" for state, many in found[1:]]
        return f"of {total} starts, {listed(first + rest)}"
    front: dict[str, int] = {}
    for state, many in found:
        best = names[max(range(len(names)), key=lambda place: state[place])]
        front[best] = front.get(best, 0) + many
    ranked = sorted(front.items(), key=lambda one: -one[1])
    parts = [f"{many} end with {short(name)} in front" for name, many in ranked[:3]]
    left = sum(many for _, many in ranked[3:])
    return f"of {total} starts, {listed([*parts, *([f'{left} otherwise'] if left else [])])}"


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
        said.append((one, end_text(names, states)))
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


CLOCKS = {"fictitious_play": "rounds", "regret_matching": "rounds", "quantal_response": "1/noise"}
"""What the time of a path is, where it is not time."""


def _clock(context: Context, slices: Slices) -> str:
    names = {one.label: one.name for one in context.experiment.dynamics}
    return CLOCKS.get(names.get(slices.dynamics, ""), "time")


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
        said.append((one, end_text(names, states)))
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
