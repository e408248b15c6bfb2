"""HTML that what it shows cannot break: every text is cleaned and escaped, only elements built here are markup."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200e\u200f\ufeff\ufffe\uffff]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_VOID = frozenset({"br", "hr", "meta", "link", "img"})
_NAMES = re.compile("[a-z][a-z0-9-]*")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


def clean(text: object) -> str:
    """Return a text without control characters, direction marks and lone surrogates; white space becomes one blank.

    >>> clean("a\\x00b\\u202e  c")
    'ab c'
    """
    bare = _SURROGATES.sub("\ufffd", _CONTROLS.sub("", str(text)))
    return re.sub(r"[ \t\r\n\u2028\u2029]+", " ", bare).strip()


def isolated(text: str) -> str:
    """Return a clean text, set apart from what surrounds it when it is written from right to left."""
    return f"\u2068{text}\u2069" if _RIGHT_TO_LEFT.search(text) else text


def escape(text: object) -> Markup:
    """Return a text as HTML; what is markup already stays as it is."""
    if isinstance(text, Markup):
        return text
    bare = _SURROGATES.sub("\ufffd", re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e]", "", str(text)))
    return Markup(html.escape(bare, quote=True))


def element(tag: str, *children: object, **attributes: object) -> Markup:
    """Return an HTML element. Children and attribute values are escaped; ``class_`` stands for ``class``.

    >>> element("p", "a < b", class_="lead")
    '<p class="lead">a &lt; b</p>'
    """
    if not _NAMES.fullmatch(tag):
        raise ValueError(f"{tag!r} is not the name of an element")
    pairs = ((key.rstrip("_").replace("_", "-"), value) for key, value in attributes.items() if value is not None)
    said = "".join(f' {key}="{escape(str(value))}"' for key, value in pairs)
    if tag in _VOID:
        return Markup(f"<{tag}{said}>")
    return Markup(f"<{tag}{said}>{''.join(escape(child) for child in children)}</{tag}>")


def join(parts: Iterable[Markup], between: str = "\n") -> Markup:
    """Return pieces of HTML one after the other."""
    return Markup(between.join(parts))


def table(columns: Iterable[str], rows: Iterable[Iterable[object]], caption: str = "") -> Markup:
    """Return a data table: numbers stand to the right, with four significant digits."""
    head = element("tr", *(element("th", one, scope="col") for one in columns))
    body = (element("tr", *(_cell(value) for value in row)) for row in rows)
    title = element("caption", caption) if caption else Markup("")
    return element("table", title, element("thead", head), element("tbody", join(body)))


def _cell(value: object) -> Markup:
    if value is None:
        return element("td", "–", class_="n")
    if isinstance(value, bool):
        return element("td", "yes" if value else "no")
    if isinstance(value, (int, float)):
        return element("td", f"{value:,}" if isinstance(value, int) else f"{value:.4g}", class_="n")
    return element("td", element("bdi", clean(value)))
