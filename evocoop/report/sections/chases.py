"""Pictures of a hunt on the plane, from the steps that the run kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from evocoop.report.context import Context
from evocoop.report.figure import Figure, Picture
from evocoop.report.slices import Slice, read_slices
from evocoop.report.words import count, listed, plain, short, slug, upper

if TYPE_CHECKING:
    from evocoop.hunt.chase import Chase

MOMENTS = 5


def figures(context: Context) -> list[Figure]:
    """Return strips of moments: one hunt of each kind of hunter, in the middle of the first game's sweep."""
    frame = context.frame("chases")
    if frame is None:
        return []
    slices = read_slices(frame, context.experiment.sweep.keys)[0]
    cell = slices.cells[len(slices.cells) // 2]
    hunts = {str(name): _chase(cell, str(name)) for name in cell.frame["hunters"].unique(maintain_order=True)}
    return [_figure(cell, name, hunt) for name, hunt in hunts.items()]


def _chase(cell: Slice, hunters: str) -> Chase:
    """Return a hunt as it was kept."""
    from evocoop.hunt.chase import Chase
    from evocoop.hunt.ground import Ground

    frame = cell.frame.filter(cell.frame["hunters"] == hunters).sort("step", maintain_order=True)
    steps = int(frame["step"].max()) + 1  # type: ignore[arg-type]
    rows = frame.to_dicts()
    ours = [row for row in rows if row["animal"] == "hunter"]
    prey = [row for row in rows if row["animal"] != "hunter"]
    ground = Ground(
        hunters=len(ours) // steps,
        prey=len(prey) // steps,
        threshold=1,
        size=float(rows[0]["size"]),
        sight=float(rows[0]["size"]) / 4,
    )
    quarries = np.array([row["quarry"] for row in ours], dtype=np.int64).reshape(steps, -1)
    taken = rows[0]["taken"]
    return Chase(ground, 0, _places(ours, steps), _places(prey, steps), quarries, taken, 1.0)


def _places(rows: list[dict[str, Any]], steps: int) -> Any:
    return np.array([[row["x"], row["y"]] for row in rows], dtype=np.float64).reshape(steps, -1, 2)


def _figure(cell: Slice, name: str, hunt: Chase) -> Figure:
    from evocoop.hunt.pictures import strip

    ended = f"take their prey after {count(hunt.steps, 'step')}" if hunt.taken is not None else "catch nothing"
    at = f"at {cell.said}, " if cell.values else ""
    title = f"{at}{count(hunt.ground.hunters, short(name))} {ended}"
    roles = [
        [step, number, hunt.role(number, step)]
        for step in range(0, hunt.steps + 1, 5)
        for number in range(hunt.ground.hunters)
    ]
    said = listed(sorted({str(role) for *_, role in roles}))
    return Picture(
        f"chase-{slug(cell.game)}-{slug(name)}",
        upper(title),
        f"Moments of one hunt, from its start to its end; it ended as most of its kind did · {plain(cell.game, 40)}",
        f"Panels of a plane with hunters as lettered discs and prey as diamonds; places taken: {said}.",
        None,
        ["step", "hunter", "place"],
        roles,
        note="The plane has no edges: who leaves on one side comes in on the other.",
        drawing=strip(hunt, moments=MOMENTS),
    )
