"""A finished chart: what it says, what it shows, the numbers behind it, and its pictures."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from evocoop.core.errors import InputError
from evocoop.report.look import CONFIG
from evocoop.report.markup import escape
from evocoop.report.words import slug

_LINE = 92


@dataclass(frozen=True)
class Figure:
    """A chart with its words and its data.

    Args:
        name: file name and anchor.
        title: what was found, in words.
        subtitle: what the picture shows.
        alt: the picture in words, for who cannot see it.
        chart: the Altair chart, without title.
        columns: the columns of the data behind it.
        rows: the data behind it.
        note: how to read it, where that is not plain.
    """

    name: str
    title: str
    subtitle: str
    alt: str
    chart: Any = field(repr=False)
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[Any]] = field(default=(), repr=False)
    note: str = ""

    @property
    def svg(self) -> str:
        """The chart with its title as SVG."""
        return self._drawn(titled=True)

    @property
    def png(self) -> bytes:
        """The chart with its title as PNG, two pixels to a point."""
        import vl_convert

        return bytes(vl_convert.vegalite_to_png(self._spec(titled=True), vl_version=_version(), scale=2))

    @cached_property
    def inline(self) -> str:
        """The chart without its title as SVG that can stand in a page beside others."""
        return self._drawn(titled=False)

    def save(self, path: str | Path) -> Path:
        """Write the chart to a file whose ending says how: ``.svg`` or ``.png``.

        Raises:
            InputError: for any other ending.
        """
        where = Path(path)
        if where.suffix == ".svg":
            where.write_text(self.svg, encoding="utf-8")
        elif where.suffix == ".png":
            where.write_bytes(self.png)
        else:
            raise InputError(f"path must end in .svg or .png, not {where.suffix!r}")
        return where

    def _repr_svg_(self) -> str:
        return self.svg

    def _drawn(self, titled: bool) -> str:
        import vl_convert

        drawn = vl_convert.vegalite_to_svg(self._spec(titled), vl_version=_version(), allowed_base_urls=[])
        label = escape(f"{self.title}. {self.alt}")
        return _own_ids(drawn, self.name).replace("<svg ", f'<svg role="img" aria-label="{label}" ', 1)

    def _spec(self, titled: bool) -> dict[str, Any]:
        spec: dict[str, Any] = self.chart.to_dict()
        spec["config"] = CONFIG
        if titled:
            lines = {"text": _wrapped(self.title, _LINE - 20), "subtitle": _wrapped(self.subtitle, _LINE)}
            spec["title"] = {"anchor": "start", **lines}
        return spec


@dataclass(frozen=True)
class Picture(Figure):
    """A figure that is drawn already, as SVG.

    Args:
        drawing: the SVG.
    """

    drawing: str = field(default="", repr=False)

    @property
    def png(self) -> bytes:
        """The picture with its title as PNG, two pixels to a point."""
        import vl_convert

        return bytes(vl_convert.svg_to_png(self.svg, scale=2))

    def _drawn(self, titled: bool) -> str:
        if not titled:
            return self.drawing
        size = re.search(r'viewBox="\S+ \S+ (\S+) (\S+)"', self.drawing)
        wide, high = (float(one) for one in size.groups()) if size else (900.0, 300.0)
        lines = _wrapped(self.title, _LINE - 20)
        top = 22 * len(lines) + 8
        words = "".join(
            f'<text x="6" y="{22 * place + 18}" font-family="sans-serif" font-size="15" font-weight="bold">'
            f"{escape(line)}</text>"
            for place, line in enumerate(lines)
        )
        inner = self.drawing.replace("<svg ", f'<svg y="{top}" height="{high:g}" ', 1)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(f"{self.title}. {self.alt}")}" '
            f'width="{wide:g}" height="{high + top:g}" viewBox="0 0 {wide:g} {high + top:g}">'
            f'<rect width="100%" height="100%" fill="#ffffff"/>{words}{inner}</svg>'
        )


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width) or [" "]


def _version() -> str:
    import altair

    return ".".join(str(altair.SCHEMA_VERSION).lstrip("v").split(".")[:2])


def _own_ids(drawn: str, name: str) -> str:
    """Return SVG whose ids are its own: no two pictures of a page share one, and none depends on what came before."""
    used = dict.fromkeys(re.findall(r'\bid="((?:clip|gradient|pattern)_?\d+)"', drawn))
    own = {one: f"{slug(name)}-{place}" for place, one in enumerate(used)}
    return re.sub(
        r'(\bid="|url\(#)((?:clip|gradient|pattern)_?\d+)(?=["\)])',
        lambda found: found[1] + own.get(found[2], found[2]),
        drawn,
    )
