"""The verbs that read finished runs: report, compare."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from evocoop.cli.guard import say
from evocoop.cli.output import Format, print_json, print_table, print_text, wants_json
from evocoop.cli.running import Directory
from evocoop.core.errors import InputError


def report(
    directory: Directory,
    export: Annotated[
        str | None,
        typer.Option(metavar="svg|png", help="Write every chart as a file of its own, too.", show_default=False),
    ] = None,
    format: Format = "table",
) -> None:
    """Write a run's report anew and print who emerges."""
    from evocoop.cli.summary import leaders, print_summary
    from evocoop.runs.store import RunDirectory

    json_wanted = wants_json(format)
    if export not in (None, "svg", "png"):
        raise InputError(f"--export must be svg or png, not {export!r}")
    there = RunDirectory.open(directory)
    if not there.done:
        say(f"the run is not complete; the report shows what is there. Go on with: evocoop resume {directory}")
    from evocoop.report import export_charts, write_report

    path = write_report(directory)
    charts = export_charts(directory, export) if export else []
    if json_wanted:
        print_json(
            {"directory": str(directory), "report": str(path), **_listed(charts), "prevalence": leaders(directory)}
        )
    else:
        print_summary(directory)
    if charts:
        say(f"{len(charts)} charts in {charts[0].parent}")
    say(f"report: {path}")


def _listed(charts: list[Path]) -> dict[str, list[str]]:
    return {"charts": [str(chart) for chart in charts]} if charts else {}


def compare(
    first: Annotated[Path, typer.Argument(help="Run directory.", show_default=False)],
    second: Annotated[Path, typer.Argument(help="Another.", show_default=False)],
    tolerance: Annotated[float, typer.Option(help="Shares that differ by less count as equal.")] = 0.01,
    format: Format = "table",
) -> None:
    """Say which conclusions differ between two runs, and by how much."""
    from evocoop.runs.compare import compare_runs

    json_wanted = wants_json(format)
    found = compare_runs(first, second, tolerance=tolerance)
    if json_wanted:
        print_json(found.to_dict())
        return
    if found.settings:
        print_table("asked differently", ("key", "first", "second"), found.settings)
    if found.changes:
        rows = [
            (c.where, c.strategy, f"{c.first:.4f}", f"{c.second:.4f}", f"{c.difference:+.4f}") for c in found.changes
        ]
        print_table("shares that differ", ("where", "strategy", "first", "second", "difference"), rows)
    print_text(found.verdict)
