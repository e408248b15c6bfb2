"""Results on standard output: as a table for people, or as JSON alone for machines."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterable, Sequence
from typing import Annotated, Any

import typer

from evocoop.core.errors import UnknownNameError

FORMATS = ("table", "json")

Format = Annotated[str, typer.Option("--format", metavar="table|json", help="How results are printed.")]


def wants_json(format: str) -> bool:
    """Return whether JSON is asked for, or raise UnknownNameError for an unknown format."""
    if format not in FORMATS:
        raise UnknownNameError("format", format, FORMATS)
    return format == "json"


def print_json(data: Any) -> None:
    """Print plain data as JSON on standard output; numbers that are not finite become null."""
    sys.stdout.write(json.dumps(_finite(data), indent=2, ensure_ascii=True) + "\n")


def _finite(data: Any) -> Any:
    if isinstance(data, dict):
        return {str(key): _finite(value) for key, value in data.items()}
    if isinstance(data, (list, tuple)):
        return [_finite(item) for item in data]
    if hasattr(data, "tolist"):
        return _finite(data.tolist())
    return None if isinstance(data, float) and not math.isfinite(data) else data


def print_table(
    title: str, columns: Sequence[str], rows: Iterable[Sequence[object]], right: Iterable[str] = ()
) -> None:
    """Print rows as a table on standard output; the columns named in ``right`` are set flush right."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=Text(title) if title else None, title_justify="left", header_style="bold", expand=False)
    aligned = set(right)
    for column in columns:
        table.add_column(column, justify="right" if column in aligned else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(str(value)) for value in row))
    Console(soft_wrap=False).print(table)


def print_text(text: str) -> None:
    """Print plain text on standard output."""
    print(text.encode(sys.stdout.encoding or "utf-8", "backslashreplace").decode(sys.stdout.encoding or "utf-8"))
