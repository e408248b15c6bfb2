"""The page: one HTML file that needs nothing else, with its style, its contents and a policy that forbids the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evocoop.report.figure import Figure
from evocoop.report.markup import Markup, element, join, table
from evocoop.report.style import CSS

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
MOST_ROWS = 400


@dataclass(frozen=True)
class Section:
    """A part of the page: its anchor, its heading, what it holds, and the figures in it."""

    anchor: str
    heading: str
    body: Markup
    figures: Sequence[Figure] = ()


def page(title: str, head: Markup, sections: Sequence[Section]) -> str:
    """Return a whole HTML document.

    Args:
        title: of the document.
        head: what stands above the sections.
        sections: the parts, each in the table of contents.
    """
    metas = (
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=POLICY),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="referrer", content="no-referrer"),
        element("title", title),
        element("style", Markup(CSS)),
    )
    body = element("div", _contents(sections), element("main", head, *map(_section, sections)), class_="page")
    return f'<!DOCTYPE html>\n<html lang="en">{element("head", *metas)}{element("body", body)}</html>\n'


def _contents(sections: Sequence[Section]) -> Markup:
    links = [element("li", element("a", one.heading, href=f"#{one.anchor}")) for one in sections]
    return element("nav", element("p", "Contents"), element("ol", *links), aria_label="Contents")


def _section(section: Section) -> Markup:
    figures = [figure_block(one) for one in section.figures]
    return element("section", element("h2", section.heading), section.body, *figures, id=section.anchor)


def figure_block(figure: Figure) -> Markup:
    """Return a figure with its title, its picture and the numbers behind it."""
    parts = [
        element("h3", figure.title),
        element("p", figure.subtitle, class_="subtitle"),
        element("div", Markup(figure.inline), class_="picture"),
    ]
    if figure.note:
        parts.append(element("p", figure.note, class_="note"))
    parts.append(_behind(figure))
    return element("figure", *parts, id=figure.name)


def _behind(figure: Figure) -> Markup:
    if not figure.rows:
        return Markup("")
    shown = figure.rows[:MOST_ROWS]
    left = len(figure.rows) - len(shown)
    more = element("p", f"{left} more rows are in the result tables of the run.") if left else Markup("")
    summary = element("summary", f"The numbers behind this chart ({len(figure.rows)} rows)")
    return element("details", summary, element("div", table(figure.columns, shown), class_="scroll"), more)


def paragraphs(texts: Sequence[str], **attributes: object) -> Markup:
    """Return texts as paragraphs."""
    return join(element("p", text, **attributes) for text in texts if text)
