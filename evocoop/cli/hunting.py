"""The verb that runs a hunt on the plane and draws it: chase."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from evocoop.cli.guard import say
from evocoop.cli.output import Format, print_json, print_table, wants_json
from evocoop.core.errors import InputError


def chase(
    hunters: Annotated[int, typer.Option(help="How many hunt.")] = 4,
    prey: Annotated[int, typer.Option(help="How many prey there are to choose from.")] = 1,
    threshold: Annotated[int, typer.Option(help="Hunters needed for a kill.")] = 2,
    mind: Annotated[str, typer.Option(help="imagined_we, independent or nearest.")] = "imagined_we",
    roles: Annotated[bool, typer.Option(help="Whether hunters take places around their quarry.")] = True,
    signals: Annotated[bool, typer.Option(help="Whether hunters call their quarry.")] = True,
    noise: Annotated[float, typer.Option(help="Probability that a call is misheard.")] = 0.1,
    horizon: Annotated[int, typer.Option(help="Steps a hunter looks ahead.")] = 3,
    prey_speed: Annotated[float, typer.Option(help="In units of a hunter's speed.")] = 1.1,
    repetitions: Annotated[int, typer.Option(help="Hunts from which success is estimated.")] = 1000,
    seed: Annotated[int, typer.Option(help="Seed.")] = 0,
    strip: Annotated[Path | None, typer.Option(help="Write a strip of moments to this SVG file.")] = None,
    animation: Annotated[Path | None, typer.Option(help="Write an animated picture to this SVG file.")] = None,
    format: Format = "table",
) -> None:
    """Run hunts on a plane: how often do they succeed, and what does one look like?"""
    json_wanted = wants_json(format)
    for path in (strip, animation):
        if path is not None and path.exists():
            raise InputError(f"{path} exists; nothing is overwritten")
    from evocoop import hunt

    ground = hunt.Ground(
        hunters=hunters, prey=prey, threshold=threshold, mind=mind, roles=roles, signals=signals, noise=noise,
        horizon=horizon, prey_speed=prey_speed,
    )  # fmt: skip
    found = hunt.chase_success(ground, replicates=repetitions, seed=seed)
    one = hunt.hunt_once(ground, seed=seed)
    for path, draw in ((strip, hunt.strip), (animation, hunt.animation)):
        if path is not None:
            path.write_text(draw(one), encoding="utf-8")
            say(f"picture: {path}")
    rows = {
        "success": found.success, "low": found.interval[0], "high": found.interval[1],
        "agreement": found.agreement, "mean_time": found.mean_time, "hunts": found.hunts, "seed": seed,
    }  # fmt: skip
    if json_wanted:
        print_json(rows)
    else:
        print_table(f"{hunters} hunters, {prey} prey", ("what", "figure"), [(k, f"{v:.6g}") for k, v in rows.items()])
