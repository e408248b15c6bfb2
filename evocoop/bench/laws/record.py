"""What a law is, and how a list of them is checked."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

TOPICS = (
    "fixation",
    "long_run",
    "games",
    "deterministic",
    "repeated",
    "structured",
    "changing",
    "continuum",
    "learning",
    "minds",
)


@dataclass(frozen=True)
class Law:
    """One law or reference number of the field.

    Args:
        topic: one of ``TOPICS``.
        statement: what holds, in words and symbols.
        citation: who showed it, and where.
        expected: the figure it predicts.
        figure: computes our figure.
        tolerance: the largest relative difference that still counts as equal (absolute when ``expected`` is 0).
    """

    topic: str
    statement: str
    citation: str
    expected: float
    figure: Callable[[], float]
    tolerance: float = 5e-9


@dataclass(frozen=True)
class Verdict:
    """Our figure for one law, and whether it is the expected one."""

    law: Law
    figure: float

    @property
    def difference(self) -> float:
        """Relative difference (figure - expected)/|expected|; absolute when ``expected`` is 0."""
        expected = self.law.expected
        return (self.figure - expected) / abs(expected) if expected else self.figure

    @property
    def holds(self) -> bool:
        """Whether the difference is within the law's tolerance."""
        return abs(self.difference) <= self.law.tolerance


def all_laws(topics: Iterable[str] = TOPICS) -> tuple[Law, ...]:
    """Return the laws of the given topics, in order."""
    found: list[Law] = []
    for topic in topics:
        found.extend(importlib.import_module(f"evocoop.bench.laws.{topic}").LAWS)
    return tuple(found)


def check_laws(laws: Iterable[Law]) -> Iterator[Verdict]:
    """Compute our figure for each law, one after the other."""
    for law in laws:
        yield Verdict(law, float(law.figure()))
