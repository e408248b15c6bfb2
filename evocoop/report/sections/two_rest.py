"""Where two populations rest: on the square, as bars, or along a swept number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from evocoop.report.context import Context
from evocoop.report.drawing.bars import stacked
from evocoop.report.drawing.lines import beside
from evocoop.report.drawing.slopes import rest_points as rest_point_lines
from evocoop.report.drawing.square import square_chart
from evocoop.report.figure import Figure
from evocoop.report.look import styles
from evocoop.report.sections import regimes
from evocoop.report.sections.meetings import Roles, later, place, roles_of
from evocoop.report.sections.paths import state_text
from evocoop.report.slices import Slice, Slices
from evocoop.report.words import count, key_name, listed, short, upper

MOST_POINTS = 8
MOST_SAID = 3
_LASTING = ("stable", "neutral")

Points = list[tuple[list[float], str]]


def state_said(roles: Roles, state: Sequence[float]) -> str:
    """Return the shares in both populations, in words."""
    first = len(roles.first)
    texts = [state_text(names, part) for names, part in ((roles.first, state[:first]), (roles.second, state[first:]))]
    return " and ".join(
        f"{text.removeprefix('only ')} ({short(population, 20)})"
        for text, population in zip(texts, roles.populations, strict=True)
    )


def points(one: Slice, roles: Roles) -> Points:
    """Return the rest points of a setting: shares of both populations, and stability."""
    at = roles.places
    found: dict[int, tuple[list[float], str]] = {}
    for row in one.rows():
        shares, _ = found.setdefault(int(row["point"]), ([0.0] * len(at), str(row["stability"])))
        shares[at[str(row["population"]), str(row["strategy"])]] = float(row["share"] or 0.0)
    return sorted(found.values(), key=lambda point: (point[1] != "stable", point[1]))


def points_of_cell(context: Context, one: Slice, roles: Roles) -> Points:
    """Return the rest points of a cell, whichever of the dynamics they were asked under."""
    frame = context.two("rest_points")
    if frame is None:
        return []
    part = frame.filter(frame["cell"] == one.cell)
    return points(Slice(one.game, "", one.cell, {}, part), roles) if part.height else []


def said(one: Slice) -> str:
    """Return which rest points of a setting are stable, or else which are neutral, in words."""
    roles = roles_of(one)
    found = points(one, roles)
    stable, neutral = ([state_said(roles, shares) for shares, kind in found if kind == one] for one in _LASTING)
    if stable:
        return f"{count(len(stable), 'stable rest point')} of {len(found)}: {'; '.join(stable[:MOST_SAID])}"
    more = f", but neutral {listed(neutral, most=MOST_SAID)}" if neutral else ""
    return f"none of {count(len(found), 'rest point')} is stable{more}"


def _rest_table(slices: Slices, roles: Roles) -> tuple[list[str], list[list[Any]]]:
    rows = [[*one.values.values(), kind, *shares] for one in slices.cells for shares, kind in points(one, roles)]
    return [*slices.keys, "stability", *roles.labels], rows


def said_of_all(slices: Slices) -> str:
    """Return what is stable in all settings, in words."""
    return regimes.said(slices, together) if regimes.is_grid(slices) else said(slices.cells[0]) + later(slices, said)


def figures(slices: Slices, *, alone: bool) -> list[Figure]:
    """Return the rest points over two keys, along one, or alone, where paths do not show them already."""
    if regimes.is_grid(slices):
        return [regimes.figure(slices, together)]
    if slices.axis:
        return [along(slices)]
    return [single(slices)] if alone else []


def single(slices: Slices) -> Figure:
    """Return the rest points of the first setting: on the square, or as bars."""
    one = slices.cells[0]
    roles = roles_of(one)
    found = points(one, roles)
    words = f"{f'at {one.said}, ' if one.said else ''}{said(one)}"
    x, y = roles.axis(0), roles.axis(1)
    if len(roles.first) == len(roles.second) == 2:
        chart = square_chart([], [(shares[0], shares[len(roles.first)], kind) for shares, kind in found], x=x, y=y)
    else:
        chart = _rest_bars(roles, found[:MOST_POINTS])
    return Figure(
        f"two-rest-{place(slices)}",
        upper(words),
        f"Rest points of both populations · {slices.place}",
        f"Rest points. {words}.",
        chart,
        *_rest_table(slices, roles),
        note="Rest points are filled where stable, open where unstable, half filled where saddles, grey where neutral.",
    )


def _rest_bars(roles: Roles, found: Points) -> Any:
    first, rows = len(roles.first), []
    for shares, kind in found:
        for population, names, part in (
            (roles.populations[0], roles.first, shares[:first]), (roles.populations[1], roles.second, shares[first:]),
        ):  # fmt: skip
            rows.append(((kind, short(population, 20)), list(zip(names, part, strict=True))))
    return stacked(rows, styles([*roles.first, *roles.second]), x="share of the population")


def together(one: Slice) -> regimes.Points:
    """Return the rest points of a setting with every share under its strategy and population."""
    roles = roles_of(one)
    names = [f"{name} ({short(population, 14)})" for population, name in roles.places]
    return [(dict(zip(names, shares, strict=True)), kind) for shares, kind in points(one, roles)]


def along(slices: Slices) -> Figure:
    """Return the rest points along a swept number, one panel for each population."""
    key = slices.axis or ""
    name = key_name(key, slices.keys)
    roles = roles_of(slices.cells[0])
    panels = []
    for which, at in enumerate((0, len(roles.first))):
        drawn = [
            (float(one.values[key]), shares[at], kind) for one in slices.cells for shares, kind in points(one, roles)
        ]
        panels.append(rest_point_lines(drawn, x=name, y=roles.axis(which), width=330))
    words = f"{said(slices.cells[0])}{later(slices, said)}"
    return Figure(
        f"two-rest-{place(slices)}",
        upper(words),
        f"Rest points of both populations along {name} · {slices.place}",
        f"Rest points over {name}. {words}.",
        beside(panels),
        *_rest_table(slices, roles),
        note="Filled points are stable, open ones unstable, half-filled ones saddles, grey ones neutral.",
    )
