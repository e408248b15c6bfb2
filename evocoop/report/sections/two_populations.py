"""Figures of two populations: how they move, where they rest, who meets whom, and what each earns."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from itertools import pairwise
from typing import Any

from evocoop.report.context import Context
from evocoop.report.drawing.lines import beside
from evocoop.report.drawing.square import square_chart
from evocoop.report.figure import Figure
from evocoop.report.sections import two_rest
from evocoop.report.sections.meetings import (
    Roles,
    brief,
    later,
    meeting_figure,
    meetings_said,
    payoff_figure,
    place,
    roles_of,
)
from evocoop.report.sections.paths import States, ends_said, leader, many_strategies, moving_starts
from evocoop.report.slices import Slice, Slices, read_slices
from evocoop.report.words import count, plain, quoted, short, upper

MOST_GAMES = 4
MOST_STARTS = 40
LONGEST = 2.2
"""Up to which length a path is drawn, in sides of the square."""


def figures(context: Context) -> list[Figure]:
    """Return the figures of games of two populations: game by game how they move, who meets whom, where they rest."""
    moving, met = _read(context, "trajectories"), _read(context, "stationary")
    rest, earned = _read(context, "rest_points"), _read(context, "payoffs")
    found = []
    for game in dict.fromkeys(slices.game for slices in (*moving, *met, *rest)):
        found += [_paths(context, slices) for slices in moving if slices.game == game]
        found += [meeting_figure(slices) for slices in met if slices.game == game]
        for slices in rest:
            if slices.game == game:
                found += two_rest.figures(slices, alone=not any(one.game == game for one in moving))
    return [*found, *(payoff_figure(slices) for slices in earned)]


def _read(context: Context, kind: str) -> list[Slices]:
    """Return a table cut by game, dynamics and cell, where every cell has two populations."""
    frame = context.two(kind)
    found = () if frame is None else read_slices(frame, context.experiment.sweep.keys)
    return [slices for slices in found if all(one.frame["population"].n_unique() == 2 for one in slices.cells)]


def said(context: Context) -> str:
    """Return what happens in the long run between two populations, game by game, in one or two sentences."""
    parts: dict[str, str] = {}
    for slices in _read(context, "stationary"):
        single = len(slices.cells) == 1
        words = meetings_said(slices.cells[0]) if single else brief(slices.cells[0]) + later(slices, brief)
        parts.setdefault(slices.game, words)
    for slices in _read(context, "trajectories"):
        if slices.game in parts and all(len(moving_starts(one)) == _starts(one) for one in slices.cells):
            parts[slices.game] += ", and no path comes to rest"
        parts.setdefault(slices.game, _ends_said(slices.cells[0]) + later(slices, _ends_said))
    for slices in _read(context, "rest_points"):
        parts.setdefault(slices.game, two_rest.said_of_all(slices))
    shown = list(parts.items())[:MOST_GAMES]
    if len(shown) == 1:
        return f"In this model, {shown[0][1]}."
    left = len(parts) - len(shown)
    more = f" {count(left, 'more game')} of two populations: see the charts." if left > 0 else ""
    words = "; ".join(f"in {quoted(plain(game))}, {one}" for game, one in shown)
    return f"In this model: {words}.{more}" if shown else ""


def joint_paths(one: Slice, roles: Roles) -> dict[int, States]:
    """Return, for each start, the times and the shares of both populations, one after the other."""
    at = roles.places
    found: dict[int, dict[float, list[float]]] = {}
    for row in one.rows():
        states = found.setdefault(int(row["start"]), {})
        state = states.setdefault(float(row["time"]), [0.0] * len(at))
        state[at[str(row["population"]), str(row["strategy"])]] = float(row["share"] or 0.0)
    return {start: sorted(states.items()) for start, states in sorted(found.items())}


def _ends_said(one: Slice) -> str:
    """Return where how many paths end, and how many do not come to rest, in words."""
    roles = roles_of(one)
    said, front = partial(two_rest.state_said, roles), partial(_front, roles)
    return ends_said(joint_paths(one, roles), moving_starts(one), said, front)


def _starts(one: Slice) -> int:
    return int(one.frame["start"].n_unique())


def _front(roles: Roles, state: Sequence[float]) -> str:
    """Return which strategy leads in each population."""
    first = len(roles.first)
    leaders = leader(roles.first, state[:first]), leader(roles.second, state[first:])
    return " and ".join(f"{name} ({short(who, 20)})" for name, who in zip(leaders, roles.populations, strict=True))


def _paths(context: Context, slices: Slices) -> Figure:
    cells = slices.spread(2)
    roles = roles_of(cells[0])
    square = len(roles.first) == len(roles.second) == 2
    panels = [_square(context, one, wide=len(cells) == 1) if square else _over_time(context, one) for one in cells]
    parts = [f"{f'at {one.said}, ' if one.said else ''}{_ends_said(one)}" for one in cells]
    what = "Paths of both populations" if square else "Shares in both populations over time, from the first start"
    note = "Of paths that are long, the first part is drawn."
    if two_rest.points_of_cell(context, cells[0], roles):
        note += " Rest points: filled where stable, open where unstable, half filled where saddles, grey where neutral."
    rows = [
        [*one.values.values(), start, time, *state]
        for one in cells
        for start, path in joint_paths(one, roles).items()
        for time, state in (path[0], path[-1])
    ]
    return Figure(
        f"two-paths-{place(slices)}",
        upper("; ".join(parts)),
        f"{what} · {slices.place}",
        f"{'A square' if square else 'Lines'} of shares. {'; '.join(parts)}.",
        beside(panels),
        [*cells[0].values, "start", "time", *roles.labels],
        rows,
        note=note if square else "",
    )


def _square(context: Context, one: Slice, *, wide: bool) -> Any:
    roles = roles_of(one)
    first = len(roles.first)
    drawn = [_begun([(state[0], state[first]) for _, state in path]) for path in joint_paths(one, roles).values()]
    points = [
        (shares[0], shares[len(roles.first)], kind) for shares, kind in two_rest.points_of_cell(context, one, roles)
    ]
    x, y = roles.axis(0), roles.axis(1)
    return square_chart(
        drawn[:MOST_STARTS], points, x=x, y=y, size=400 if wide else 330, title="" if wide else one.said
    )


def _begun(path: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return the first part of a path, no longer than a few sides of the square: what circles is drawn about once."""
    kept, walked = [path[0]], 0.0
    for before, after in pairwise(path):
        walked += math.dist(before, after)
        if walked > LONGEST:
            break
        kept.append(after)
    return kept


def _over_time(context: Context, one: Slice) -> Any:
    roles = roles_of(one)
    path = next(iter(joint_paths(one, roles).values()))
    first = len(roles.first)
    panels = []
    for names, population, part in (
        (roles.first, roles.populations[0], slice(0, first)),
        (roles.second, roles.populations[1], slice(first, None)),
    ):
        states = [(time, state[part]) for time, state in path]
        title = f"{short(population)}{f', {one.said}' if one.said else ''}"
        panels.append(many_strategies(list(names), states, context.look, title=title, width=300))
    return beside(panels)
