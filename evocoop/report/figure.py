"""A finished chart: what it says, what it shows, the numbers behind it, and its pictures."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evocoop.core.errors import InputError
from evocoop.report.look import CONFIG
from evocoop.report.markup import escape

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
        return _labelled(_svg(self._spec(titled=True)), f"{self.title}. {self.alt}")

    @property
    def png(self) -> bytes:
        """The chart with its title as PNG, two pixels to a point."""
        import vl_convert

        return bytes(vl_convert.vegalite_to_png(self._spec(titled=True), vl_version=_version(), scale=2))

    @property
    def inline(self) -> str:
        """The chart without its title as SVG that can stand in a page beside others."""
        drawn = _svg(self._spec(titled=False))
        for used in set(re.findall(r'\bid="((?:clip|gradient|pattern)[\w-]*)"', drawn)):
            own = f"{self.name}-{used}"
            drawn = drawn.replace(f'id="{used}"', f'id="{own}"').replace(f"url(#{used})", f"url(#{own})")
        return _labelled(drawn, f"{self.title}. {self.alt}")

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

    def _spec(self, titled: bool) -> dict[str, Any]:
        spec: dict[str, Any] = self.chart.to_dict()
        spec["config"] = CONFIG
        if titled:
            lines = {"text": _wrapped(self.title, _LINE - 20), "subtitle": _wrapped(self.subtitle, _LINE)}
            spec["title"] = {"anchor": "start", **lines}
        return spec


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width) or [" "]


def _version() -> str:
    import altair

    return ".".join(str(altair.SCHEMA_VERSION).lstrip("v").split(".")[:2])


def _svg(spec: dict[str, Any]) -> str:
    import vl_convert

    return str(vl_convert.vegalite_to_svg(spec, vl_version=_version(), allowed_base_urls=[]))


def _labelled(drawn: str, label: str) -> str:
    return drawn.replace("<svg ", f'<svg role="img" aria-label="{escape(label)}" ', 1)
