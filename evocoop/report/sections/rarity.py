"""How rare mutations must be for the limit of rare mutations to hold, in words: a caution, no figure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from evocoop.report.context import Context
from evocoop.report.slices import Slice
from evocoop.report.words import listed, short

if TYPE_CHECKING:
    import polars as pl

MOST_PAIRS = 2
HOPELESS = 1e-12
"""Below this bound no population mutates."""


def said(context: Context) -> str:
    """Return below which mutation the limit of rare mutations is sure to hold, and who keeps it from holding."""
    shares = context.frame("prevalence")
    if shares is None or "mutation_bound" not in shares.columns or not shares["mutation_bound"].is_not_null().any():
        return ""
    bounds = shares.drop_nulls("mutation_bound").unique(["cell", "dynamics"])
    pairs = _coexisting(context.frame("fixation"))
    marked = {(row["cell"], row["dynamics"]) for row in pairs}
    apart = [row["mutation_bound"] for row in bounds.to_dicts() if (row["cell"], row["dynamics"]) not in marked]
    close = [row["mutation_bound"] for row in bounds.to_dicts() if (row["cell"], row["dynamics"]) in marked]
    words = "The limit of rare mutations is sure to hold"
    if not close:
        return f"{words} below a mutation probability of {_number(min(apart))}."
    names = list(dict.fromkeys(f"{short(row['mutant'])} and {short(row['resident'])}" for row in pairs))
    total = len(apart) + len(close)
    where = "" if not apart else f" in {len(close)} of {total} settings"
    only = "which no population has" if max(close) < HOPELESS else "which is very little"
    others = f"; elsewhere below {_number(min(apart))}" if apart else ""
    return (
        f"{words} only below a mutation probability of {_number(min(close))}{where}, {only}, because "
        f"{listed(names[:MOST_PAIRS], last='or')} can coexist{others}. With more mutation they live side by "
        "side: hierarchical_chain and stationary_distribution tell how."
    )


def note(cells: Sequence[Slice]) -> str:
    """Return which strategies of some settings can coexist, to stand under a diagram."""
    rows = [row for one in cells for row in _coexisting(one.frame)]
    names = list(dict.fromkeys(f"{short(row['mutant'])} and {short(row['resident'])}" for row in rows))
    if not names:
        return ""
    return f" {listed(names, most=3)} can coexist, and live side by side unless mutations are rarer than rare."


def _coexisting(frame: pl.DataFrame | None) -> list[dict[str, object]]:
    """Return one row for each pair of strategies that can coexist."""
    if frame is None or "coexist" not in frame.columns:
        return []
    rows = frame.filter(frame["coexist"].fill_null(False)).to_dicts()
    return [row for row in rows if str(row["mutant"]) < str(row["resident"])]


def _number(bound: float) -> str:
    return f"{bound:.2g}" if bound >= 1e-300 else "1e-300"
