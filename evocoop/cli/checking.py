"""The verb that holds the toolkit against the laws of the field: laws."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from evocoop.cli.guard import SOME_FAILED, say
from evocoop.cli.output import Format, print_json, print_table, wants_json


def laws(
    topics: Annotated[list[str] | None, typer.Argument(help="Topics; all when left out.", show_default=False)] = None,
    format: Format = "table",
) -> None:
    """Compute the laws and reference numbers of the field: our figure, the expected one, the difference."""
    json_wanted = wants_json(format)
    from evocoop.bench.laws import TOPICS, all_laws, check_laws
    from evocoop.core.errors import UnknownNameError

    for topic in topics or ():
        if topic not in TOPICS:
            raise UnknownNameError("topic", topic, TOPICS)
    rows: list[dict[str, Any]] = [
        {
            "topic": verdict.law.topic,
            "law": verdict.law.statement,
            "expected": verdict.law.expected,
            "ours": verdict.figure,
            "difference": verdict.difference,
            "holds": verdict.holds,
            "source": verdict.law.citation,
        }
        for verdict in check_laws(all_laws(topics or TOPICS))
    ]
    held = sum(row["holds"] for row in rows)
    if json_wanted:
        print_json({"laws": rows, "held": held, "of": len(rows)})
    else:
        print_table("laws of the field", ("law and source", *_NUMBERS, "holds"), map(_cells, rows), right=_NUMBERS)
    say(f"{held} of {len(rows)} laws hold")
    if held < len(rows):
        raise typer.Exit(SOME_FAILED)


_NUMBERS = ("expected", "ours", "difference")


def _cells(row: dict[str, Any]) -> list[str]:
    numbers = (f"{row['expected']:.9g}", f"{row['ours']:.9g}", f"{row['difference']:.0e}")
    return [f"{row['law']}\n  {row['source']}", *numbers, "yes" if row["holds"] else "NO"]
