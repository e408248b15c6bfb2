"""The reference pages list what the code has: tables with their columns, sections with their keys, limits, verbs.

Each list stands between two marks in its page. ``python tests/docs/test_reference.py`` writes all of them anew.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Yield the lines of a table in Markdown."""
    for row in (columns, ["---"] * len(columns), *rows):
        yield "| " + " | ".join(str(cell).replace("|", r"\|") for cell in row) + " |"


def result_tables() -> Iterator[str]:
    from evocoop.runs.tables import DYNAMICS_COLUMN, TABLES

    for kind, one in TABLES.items():
        yield from (f"### `{kind}`", "", f"One row: {one.summary}. Its standard error belongs to `{one.value}`.", "")
        own = [DYNAMICS_COLUMN, *one.columns] if one.per_dynamics else one.columns
        rows = [(f"`{c.name}`", c.dtype + (", or null" if c.nullable else ""), c.summary) for c in own]
        yield from (*table(("column", "type", "meaning"), rows), "")


def common_columns() -> Iterator[str]:
    from evocoop.runs.tables import ERROR_COLUMNS, KEY_COLUMNS

    parameters = ("`game.…`, `play.…`, `dynamics.…`", "as the parameter", "every parameter of the cell")
    before, after = (
        [(f"`{c.name}`", c.dtype + (", or null" if c.nullable else ""), c.summary) for c in columns]
        for columns in (KEY_COLUMNS, ERROR_COLUMNS)
    )
    own = ("…", "", "the table's own columns, below")
    yield from table(("column", "type", "meaning"), [*before, own, parameters, *after])


TITLES = {
    "ExperimentFile": "The file itself",
    "ExperimentSection": "`[experiment]`",
    "GameSection": "`[game]`, or several `[[games]]`",
    "PopulationSection": "`[population]`",
    "PlaySection": "`[play]`",
    "DynamicsSection": "`[[dynamics]]`",
    "SweepSection": "`[sweep]`",
    "OutputsSection": "`[outputs]`",
}


def sections() -> Iterator[str]:
    from evocoop.config import models
    from evocoop.config.models import ExperimentFile

    for name, title in TITLES.items():
        model: Any = getattr(models, name)
        about = "" if model is ExperimentFile else f"{model.__doc__} "
        rows = []
        for key, field in model.model_fields.items():
            if model is not ExperimentFile or key == "schema_version":
                default = "required" if field.is_required() else _said(field.get_default())
                rows.append((f"`{key}`", default, field.description))
        yield from (f"### {title}", "", *([about.strip(), ""] if about else []))
        yield from (*table(("key", "default", "meaning"), rows), "")


def _said(value: Any) -> str:
    return "" if value in (None, "", []) else f"`{str(value).lower() if isinstance(value, bool) else value}`"


def limits() -> Iterator[str]:
    from evocoop.config.limits import LIMITS

    yield from table(("limit", "at most"), [(f"`{name}`", f"{most:,.0f}") for name, most in LIMITS.items()])


def verbs() -> Iterator[str]:
    from typer.main import get_command

    from evocoop.cli.app import app

    for name, verb in get_command(app).commands.items():  # type: ignore[attr-defined]
        words = [one.metavar or one.name.upper() for one in verb.params if one.param_type_name == "argument"]
        yield from (f"### `evocoop {' '.join((name, *words))}`", "", (verb.help or "").strip(), "")
        options = [one for one in verb.params if one.param_type_name == "option" and one.name != "help"]
        if options:
            yield from (*table(("option", "default", "meaning"), map(_option, options)), "")


def _option(one: Any) -> tuple[str, str, str]:
    names = " / ".join(f"`{name}`" for name in (*one.opts, *one.secondary_opts))
    value = "" if one.is_flag else f" {one.metavar or one.name.upper()}"
    shown = isinstance(one.default, (int, float, str)) and one.show_default
    default = {True: "yes", False: "no"}[one.default] if isinstance(one.default, bool) else one.default
    return names + value, str(default) if shown else "", one.help or ""


LISTS: dict[str, tuple[str, Callable[[], Iterator[str]]]] = {
    "common columns": ("results.md", common_columns),
    "tables": ("results.md", result_tables),
    "sections": ("experiment-files.md", sections),
    "limits": ("experiment-files.md", limits),
    "verbs": ("command-line.md", verbs),
}


def marked(name: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?<=<!-- {name}: written by tests/docs/test_reference.py -->\n)(.*?)(?=<!-- end -->)", re.DOTALL
    )


def wanted(name: str) -> str:
    return "\n" + "\n".join(LISTS[name][1]()).strip() + "\n\n"


@pytest.mark.parametrize("name", LISTS)
def test_the_page_lists_what_the_code_has(name: str) -> None:
    found = marked(name).search((DOCS / LISTS[name][0]).read_text("utf-8"))
    assert found, f"{LISTS[name][0]} has no place for {name}"
    assert found[1] == wanted(name), "write it anew: python tests/docs/test_reference.py"


def main() -> None:
    """Write all lists anew."""
    sys.path.insert(0, str(DOCS.parent))
    for name, (page, _) in LISTS.items():
        text = (DOCS / page).read_text("utf-8")
        (DOCS / page).write_text(marked(name).sub(lambda _, name=name: wanted(name), text, count=1), "utf-8")


if __name__ == "__main__":
    main()
