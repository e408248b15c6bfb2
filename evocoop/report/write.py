"""The two things a report does with a run: write its page, and write its charts as files."""

from __future__ import annotations

import os
from pathlib import Path

from evocoop.core.errors import InputError
from evocoop.report.answer import answer
from evocoop.report.context import Context
from evocoop.report.gallery import gallery
from evocoop.report.markup import Markup, clean, element, join
from evocoop.report.page import Section, page, paragraphs
from evocoop.report.provenance import reproduce
from evocoop.report.words import count
from evocoop.runs.files import write_aside
from evocoop.runs.plan import Plan
from evocoop.runs.reading import open_run


def write_report(directory: str | os.PathLike[str]) -> Path:
    """Write the report of a run: one HTML file that needs no network and runs no script.

    Any run can be reported, complete or not; the report says what is missing.

    Args:
        directory: the run directory.

    Returns:
        The path of ``report.html`` in it.

    Raises:
        InputError: when the directory is not a run.
    """
    context = Context(open_run(directory))
    sections = [
        _answer(context),
        *_charts(context),
        Section("reproduce", "How to reproduce this", reproduce(context.run)),
    ]
    text = page(clean(context.experiment.name), _head(context), sections)
    path = context.run.path / "report.html"
    write_aside(path, text.encode("utf-8", "replace"))
    return path


def export_charts(directory: str | os.PathLike[str], format: str = "svg") -> list[Path]:
    """Write every chart of a run's report as a file of its own, ``charts/NAME.svg`` or ``.png``.

    Args:
        directory: the run directory.
        format: ``"svg"`` or ``"png"``.

    Returns:
        The files written.

    Raises:
        InputError: when the directory is not a run, or for another format.
    """
    if format not in ("svg", "png"):
        raise InputError(f"format must be svg or png, not {format!r}")
    context = Context(open_run(directory))
    folder = context.run.path / "charts"
    folder.mkdir(exist_ok=True)
    figures = [figure for part in gallery(context) for figure in part.figures]
    return [figure.save(folder / f"{figure.name}.{format}") for figure in figures]


def _head(context: Context) -> Markup:
    asked = context.experiment
    return element(
        "header",
        element("p", "An experiment in evolutionary game theory", class_="kind"),
        element("h1", element("bdi", clean(asked.name))),
        element("p", element("bdi", clean(asked.question)), class_="question"),
    )


def _answer(context: Context) -> Section:
    said, asked = answer(context), context.experiment
    parts = [_trouble(context), element("p", said.lead, class_="lead"), paragraphs([said.why], class_="lead")]
    if said.points:
        pairs = (join([element("dt", place), element("dd", words)], "") for place, words in said.points)
        parts.append(element("dl", *pairs, class_="points"))
    parts.append(paragraphs([said.certainty]))
    if asked.expected or asked.source:
        parts.append(
            element(
                "aside",
                element("h3", "Expected beforehand"),
                element("blockquote", clean(asked.expected) or "Nothing was written down."),
                element("p", f"Source: {clean(asked.source)}") if asked.source else "",
            )
        )
    parts.append(paragraphs([said.caution], class_="note"))
    return Section("answer", "The answer", join(parts))


def _trouble(context: Context) -> Markup:
    """Return what is missing: cells not computed, cells that failed."""
    directory = context.run.directories[0]
    parts = []
    if not directory.done:
        there = sum(batch.stop - batch.start for batch in directory.batches())
        total = len(Plan(context.experiment))
        parts.append(element("p", f"This run is not complete: {there} of {count(total, 'cell')} are computed."))
    failed = context.run.failed
    if failed:
        parts.append(element("p", f"{count(len(failed), 'cell')} failed and left no rows:"))
        lines = [element("li", f"cell {cell}: {clean(error)}") for cell, error in failed[:8]]
        if len(failed) > 8:
            lines.append(element("li", f"and {len(failed) - 8} more, listed in manifest.jsonl"))
        parts.append(element("ul", *lines))
    return element("div", *parts, class_="warning") if parts else Markup("")


def _charts(context: Context) -> list[Section]:
    return [Section(one.anchor, one.heading, _undrawn(one.trouble), one.figures) for one in gallery(context)]


def _undrawn(trouble: str) -> Markup:
    if not trouble:
        return Markup("")
    return element(
        "p", f"This part could not be drawn ({clean(trouble)[:300]}); its tables are whole.", class_="warning"
    )
