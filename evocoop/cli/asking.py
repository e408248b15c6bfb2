"""The verbs that only look: check, schema, doctor."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer

from evocoop.cli.guard import say
from evocoop.cli.output import Format, print_json, print_table, print_text, wants_json
from evocoop.cli.running import File, Raise, Seed, Set


def check(
    file: File,
    set: Set = [],  # noqa: B006
    seed: Seed = None,
    raise_limit: Raise = [],  # noqa: B006
    measure: Annotated[bool, typer.Option("--measure", help="Compute one cell to measure the time.")] = False,
    format: Format = "table",
) -> None:
    """Check an experiment file, count its cells and estimate the work; run nothing."""
    from evocoop.config.limits import raised
    from evocoop.config.load import load_experiment
    from evocoop.runs.cost import check_work, duration
    from evocoop.runs.identity import run_id
    from evocoop.runs.plan import Plan

    json_wanted = wants_json(format)
    limits = raised(raise_limit)
    experiment = load_experiment(file, overrides=set, seed=seed, limits=limits)
    plan = Plan(experiment)
    found = check_work(plan, limits)
    about: dict[str, Any] = {
        "name": experiment.name,
        "question": experiment.question,
        "games": [game.label for game in experiment.games],
        "dynamics": [one.label for one in experiment.dynamics],
        "cells": found.cells,
        "estimated_seconds": found.seconds,
        "estimated_bytes": int(found.bytes),
        "id": run_id(experiment),
    }
    if measure:
        about["measured_seconds"] = _measured(plan)
    if json_wanted:
        print_json(about)
        return
    about["estimated_seconds"] = f"{duration(found.seconds)} on one core"
    about["estimated_bytes"] = f"{found.bytes / 1e6:.1f} MB"
    if measure:
        about["measured_seconds"] = f"{duration(about['measured_seconds'])} on one core"
    rows = [(key.replace("_", " "), ", ".join(v) if isinstance(v, list) else v) for key, v in about.items()]
    print_table(f"{file}: ready to run", ("", ""), rows)


def _measured(plan: Any) -> float:
    """Return the measured seconds of all cells, from computing one of them twice (the first time may compile)."""
    import json

    from evocoop.runs.work import compute

    question = json.dumps(plan.experiment.to_dict())
    compute(question, 0, 1)
    return compute(question, 0, 1).seconds * len(plan)


def schema() -> None:
    """Print the JSON Schema of an experiment file, for editors."""
    from evocoop.config.schema import json_schema

    print_json(json_schema())


def doctor(
    compile: Annotated[
        bool, typer.Option("--compile", help="Compile all strategies now, so that the first tournament need not.")
    ] = False,
    format: Format = "table",
) -> None:
    """Print versions, sizes, the kernel cache, and what is missing."""
    json_wanted = wants_json(format)
    from evocoop.cli.health import findings

    if compile:
        from evocoop.cli.progress import compile_beforehand

        say(f"{compile_beforehand()} rules of strategies compiled, now all are in the cache")
    found = findings()
    if json_wanted:
        print_json(found)
        return
    rows = [(name, version) for name, version in found["packages"].items()]
    print_table(f"evocoop {found['evocoop']} on Python {sys.version.split()[0]}", ("package", "version"), rows)
    for line in found["notes"]:
        print_text(line)
