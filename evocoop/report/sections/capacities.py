"""Figures of evolving capacities: who bears them generation by generation, and where along a sweep they are kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from evocoop.report.context import Context
from evocoop.report.drawing.lines import beside, share_lines
from evocoop.report.figure import Figure
from evocoop.report.look import OTHERS, Style, styles
from evocoop.report.sections import regions
from evocoop.report.slices import Slice, Slices, read_slices
from evocoop.report.words import key_name, listed, percent, plain, quoted, short, slug, upper

HUNTING = "share that hunts"


@dataclass(frozen=True)
class Path:
    """How capacities evolve in one setting.

    Args:
        cell: the rows.
    """

    cell: Slice

    @cached_property
    def _rows(self) -> list[dict[str, Any]]:
        return self.cell.rows()

    @property
    def long_run(self) -> dict[str, dict[str, Any]]:
        """The row of the long run of every capacity."""
        return {str(r["trait"]): r for r in self._rows if r["generation"] is None and r["kind"] == "capacity"}

    def lines(self) -> dict[str, list[tuple[float, float, float]]]:
        """Return generation, share and half the width of its interval, of every capacity and of those who hunt.

        Nobody bears any capacity at the start.
        """
        found: dict[str, list[tuple[float, float, float]]] = {name: [(0.0, 0.0, 0.0)] for name in self.long_run}
        for row in self._rows:
            hunts = row["kind"] == "outcome" and row["trait"] == "cooperation"
            if row["generation"] is not None and (row["kind"] == "capacity" or hunts):
                reach = max(
                    0.0, (row["high"] or row["share"]) - row["share"], row["share"] - (row["low"] or row["share"])
                )
                line = found.setdefault(OTHERS if hunts else str(row["trait"]), [])
                line.append((float(row["generation"]), float(row["share"]), reach))
        return found


def read(context: Context) -> list[Slices]:
    """Return evolving capacities, by game and dynamics."""
    frame = context.frame("capacities")
    return [] if frame is None else list(read_slices(frame, context.experiment.sweep.keys))


def figures(context: Context) -> list[Figure]:
    """Return the paths of capacities and, where there is a sweep, where they are kept."""
    parts = [part for slices in read(context) if (part := _part(slices)).names]
    swept = [part for part in parts if len(part.slices.cells) > 1]
    maps = regions.share_figures(swept) if swept else []
    return [*maps[:1], *(_paths(part.slices, part.names, styles(part.names)) for part in parts), *maps[1:]]


def _part(slices: Slices) -> regions.Part:
    """Return the capacities of a game and their long-run shares in each setting."""
    every = [Path(cell).long_run for cell in slices.cells]
    names = list(dict.fromkeys(name for one in every for name in one))
    shares = [{name: row["share"] for name, row in one.items()} for one in every]
    return regions.Part(
        slices, names, shares, [{name: _ends(row)[0] > 0.5 for name, row in one.items()} for one in every]
    )


def _ends(row: Mapping[str, Any]) -> tuple[float, float]:
    """Return the interval of a share, or the share twice where there is none."""
    low, high = (row["share"] if row[end] is None else row[end] for end in ("low", "high"))
    return float(low), float(high)


def _paths(slices: Slices, names: Sequence[str], look: Mapping[str, Style]) -> Figure:
    cells = slices.spread(2)
    wide = len(cells) == 1
    panels = [
        share_lines(
            {HUNTING if name == OTHERS else name: line for name, line in Path(cell).lines().items()},
            {**look, HUNTING: look[OTHERS]},
            x="generation",
            y="share of the population",
            title="" if wide else cell.said,
            width=600 if wide else 300,
            marks=False,
        )
        for cell in cells
    ]
    said = kept_said(Path(cells[0]).long_run)
    if not wide:
        said = "; ".join(f"at {cell.said}, {kept_said(Path(cell).long_run)}" for cell in cells)
    keys = [key_name(key, slices.keys) for key in slices.keys]
    rows = [
        [*cell.values.values(), name, row["share"], row["low"], row["high"]]
        for cell in slices.cells
        for name, row in Path(cell).long_run.items()
    ]
    return Figure(
        f"capacities-{slug(slices.game)}-{slug(slices.dynamics)}",
        upper(said),
        "Share of the bearers of each capacity, generation by generation, mean of independent populations with its "
        f"95 % interval; grey: those who hunt · {slices.place}",
        f"Lines of the share of bearers over generations. In the long run: {kept_said(Path(cells[-1]).long_run)}.",
        beside(panels),
        [*keys, "capacity", "long-run share", "low", "high"],
        rows,
        note="A capacity that makes no difference drifts about one half, because it is gained as often as it is lost.",
    )


def kept_said(long_run: Mapping[str, Mapping[str, Any]]) -> str:
    """Return which capacities are kept, selected against, or neither, in words."""
    kept, lost, drifting = [], [], []
    for name, row in sorted(long_run.items(), key=lambda one: -one[1]["share"]):
        low, high = _ends(row)
        if low > 0.5:
            kept.append(f"{short(name)} ({percent(row['share'])})")
        elif high < 0.5:
            lost.append(f"{short(name)} ({percent(row['share'])})")
        else:
            drifting.append(short(name))
    parts = [f"{listed(kept)} {_verb(kept)} kept"] if kept else ["no capacity is kept"]
    parts += [f"{listed(lost)} {_verb(lost)} selected against"] if lost else []
    parts += [f"{listed(drifting)} {'drifts' if len(drifting) == 1 else 'drift'}"] if drifting else []
    return ", ".join(parts)


def _verb(names: Sequence[str]) -> str:
    return "is" if len(names) == 1 else "are"


def said(context: Context) -> str:
    """Return which capacities are kept where each can arise on its own, in one sentence."""
    found = read(context)
    if not found:
        return ""
    part = _part(found[0])
    one = part.slices
    where = f" in {quoted(plain(one.game))}" if len({slices.game for slices in found}) > 1 else ""
    if len(one.cells) == 1:
        return f"Where each capacity can arise on its own{where}, {kept_said(Path(one.cells[0]).long_run)}."
    return f"Where each capacity can arise on its own{where}, {regions.kept_said(part)}."


def certainty(context: Context) -> str:
    """Return how sure the shares of evolving capacities are, in one sentence."""
    rows = [row for slices in read(context) for cell in slices.cells for row in Path(cell).long_run.values()]
    if not rows:
        return ""
    if any(row["low"] is None or row["high"] is None for row in rows):
        return "How common evolving capacities become is read off one simulated population, so no error can be given."
    widest = max((_ends(row)[1] - _ends(row)[0]) / 2 for row in rows)
    return (
        "How common evolving capacities become is a mean of simulated populations, "
        f"with 95 % intervals of at most ± {100 * widest:.0f} percentage points."
    )
