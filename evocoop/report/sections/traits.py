"""Figures of continuous traits: where they go, whether a population splits, and who invades whom."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import Any

from evocoop.report.context import Context
from evocoop.report.drawing.lines import beside, value_lines
from evocoop.report.drawing.traits import invasibility, invasibility_tiles, side_by_side, strip
from evocoop.report.figure import Figure
from evocoop.report.look import styles
from evocoop.report.slices import Slice, Slices, read_slices
from evocoop.report.words import listed, number, percent, short, slug, upper

NEAR = 0.02
MOST_LINES = 30


def figures(context: Context) -> list[Figure]:
    """Return how populations of continuous traits split, where small steps lead, and who invades whom."""
    traits = _read(context, "traits")
    found = [_spread(slices, traits) for slices in _read(context, "histograms")]
    found += [_paths(slices) for slices in traits if all(one.frame["variance"].is_null().all() for one in slices.cells)]
    return [*found, *(_invaders(slices) for slices in _read(context, "invasibility"))]


def said(context: Context) -> str:
    """Return where evolution stops or splits, in one sentence; else what the first chart says."""
    singular = _read(context, "singular")
    if not singular:
        some = figures(context)
        return f"In this model: {some[0].title}." if some else ""
    parts = [f"{f'at {one.said}, ' if one.said else ''}{_kinds(one)}" for one in singular[0].spread(4)]
    lead = f"In this model, small steps of {short(singular[0].cells[0].frame['trait'][0])} lead: {'; '.join(parts)}."
    traits, simulated = _read(context, "traits"), _read(context, "histograms")
    return f"{lead} Simulated: {_spread(simulated[0], traits).title}." if simulated else lead


def _read(context: Context, kind: str) -> tuple[Slices, ...]:
    frame = context.frame(kind)
    return () if frame is None else read_slices(frame, context.experiment.sweep.keys)


def _kinds(one: Slice) -> str:
    """Return where small steps lead, in words."""
    words = {"branching point": " (a branching point: the population splits)", "attracting end": " (an end)"}
    reached = [row for row in one.rows() if row["attracts"]]
    return listed([f"to {_value(row['value'])}{words.get(row['kind'], '')}" for row in reached]) or "nowhere"


def _value(value: float) -> str:
    return f"{round(value, 3) + 0.0:g}"


def _title(parts: list[tuple[Slice, str]]) -> str:
    return upper("; ".join(f"{f'at {one.said}, ' if one.said else ''}{words}" for one, words in parts))


def _spread(slices: Slices, traits: tuple[Slices, ...]) -> Figure:
    cells = slices.spread(3)
    means = {one.cell: one for other in traits if (other.game, other.dynamics) == _key(slices) for one in other.cells}
    trait = str(cells[0].frame["trait"][0])
    parts = [(one, _groups(one, means[one.cell], trait) if one.cell in means else "") for one in cells]
    every = [row for one in cells for row in one.rows() if row["trait"] == trait]
    bounds = min(row["low"] for row in every), max(row["high"] for row in every)
    wide = 560 if len(cells) == 1 else 250
    panels = [strip(_tiles(one, trait), trait=short(trait), bounds=bounds, title=one.said, width=wide) for one in cells]
    title = _title([part for part in parts if part[1]]) or f"{short(trait)} over time"
    return Figure(
        f"traits-{slug(slices.game)}-{slug(slices.dynamics)}",
        title,
        f"Spread of {short(trait)} in the first simulated population · {slices.place}",
        f"Strips of time in which the darker is more of the population. {title}.",
        beside(panels),
        [*slices.keys, "run", "groups at the end"],
        [
            [*one.values.values(), run, many]
            for one in cells
            if one.cell in means
            for run, many in _last(means[one.cell])
        ],
    )


def _key(slices: Slices) -> tuple[str, str]:
    return slices.game, slices.dynamics


def _last(one: Slice) -> list[tuple[int, int]]:
    """Return into how many groups each run has split in the end."""
    return [(run, groups) for run, groups in {int(row["start"]): int(row["groups"]) for row in one.rows()}.items()]


def _groups(one: Slice, means: Slice, trait: str) -> str:
    """Return in words how many runs have split in the end, and where the first stays if it has not."""
    ends = _last(means)
    split = sum(many > 1 for _, many in ends)
    runs = f"{'the population' if len(ends) == 1 else f'{split} of {len(ends)} populations'}"
    if split:
        return f"{runs} split{'s' if len(ends) == 1 else ''}"
    last = {int(row["start"]): float(row["value"]) for row in means.rows() if row["trait"] == trait}
    stays = "the population stays" if len(ends) == 1 else f"all {len(ends)} populations stay"
    low, high = min(last.values()), max(last.values())
    return f"{stays} one, at {low:.2g}{f' to {high:.2g}' if high - low > NEAR else ''}"


def _tiles(one: Slice, trait: str) -> list[dict[str, Any]]:
    rows = [row for row in one.rows() if row["trait"] == trait and row["start"] == one.frame["start"].min()]
    times = sorted({float(row["time"]) for row in rows})
    until = dict(pairwise(times))
    step = times[-1] - times[-2] if len(times) > 1 else 1.0
    return [
        {
            "x": row["time"], "x2": until.get(row["time"], row["time"] + step), "y": row["low"], "y2": row["high"],
            "v": 100 * row["share"],
        }
        for row in rows
    ]  # fmt: skip


def _paths(slices: Slices) -> Figure:
    cells = slices.spread(3)
    names = [str(name) for name in cells[0].frame["trait"].unique(maintain_order=True)]
    panels, parts = [], []
    look = styles(names)
    for one in cells:
        lines: dict[str, list[tuple[float, float, float]]] = {}
        for row in one.rows():
            key = str(row["start"]) if len(names) == 1 else str(row["trait"])
            if len(names) == 1 or row["start"] == 0:
                lines.setdefault(key, []).append((float(row["time"]), float(row["value"]), 0.0))
        shown = dict(list(lines.items())[:MOST_LINES])
        groups = dict.fromkeys(shown, names[0]) if len(names) == 1 else {}
        y = short(names[0]) if len(names) == 1 else "value of the trait"
        width = 560 if len(cells) == 1 else 230
        panels.append(value_lines(shown, look, x="time", y=y, title=one.said, width=width, marks=False, groups=groups))
        parts.append((one, _ends(one, names)))
    return Figure(
        f"trait-paths-{slug(slices.game)}-{slug(slices.dynamics)}",
        _title(parts),
        f"{'Every start' if len(names) == 1 else 'The first start'}, small and rare mutations · {slices.place}",
        f"Lines of traits over time. {_title(parts)}.",
        beside(panels),
        [*slices.keys, "start", "time", "trait", "value"],
        [
            [*one.values.values(), row["start"], row["time"], row["trait"], row["value"]]
            for one in cells
            for row in one.rows()
            if row["time"] in (one.frame["time"].min(), one.frame["time"].max())
        ],
    )


def _ends(one: Slice, names: list[str]) -> str:
    """Return where how many paths end, in words."""
    last: dict[int, dict[str, float]] = {}
    for row in one.rows():
        last.setdefault(int(row["start"]), {})[str(row["trait"])] = float(row["value"])
    ends = Counter(tuple(f"{round(end[name], 2) + 0.0:g}" for name in names) for end in last.values())
    words = [f"{many}{'' if k else ' end'} at {_named(names, end)}" for k, (end, many) in enumerate(ends.most_common())]
    if len(ends) == 1:
        who = "the path ends" if len(last) == 1 else f"all {len(last)} paths end"
        return f"{who} at {_named(names, next(iter(ends)))}"
    return f"of {len(last)} paths, {listed(words, most=3)}"


def _named(names: list[str], end: tuple[str, ...]) -> str:
    if len(names) == 1:
        return f"{short(names[0])} {end[0]}"
    return ", ".join(f"{short(name)} = {value}" for name, value in zip(names, end, strict=True))


def _invaders(slices: Slices) -> Figure:
    cells = slices.spread(3)
    trait, panels, parts = str(cells[0].frame["trait"][0]), [], []
    for one in cells:
        fitness = {(float(row["mutant"]), float(row["resident"])): float(row["fitness"]) for row in one.rows()}
        tiles = invasibility_tiles(fitness)
        parts.append((one, f"{percent(side_by_side(tiles))} of pairs can live side by side"))
        size = 380 if len(cells) == 1 else 230
        panels.append(invasibility(tiles, trait=short(trait), title=one.said, size=size))
    return Figure(
        f"invasibility-{slug(slices.game)}-{slug(slices.dynamics)}",
        _title(parts),
        f"Which mutants invade which residents · {slices.place}",
        f"A square of residents and mutants. {_title(parts)}.",
        beside(panels),
        [*slices.keys, "pairs that live side by side"],
        [[*one.values.values(), words.split(" of")[0]] for one, words in parts],
        note=f"Small steps follow the diagonal. {number(len(cells))} of {number(len(slices.cells))} settings are drawn."
        if len(cells) < len(slices.cells)
        else "Small steps follow the diagonal.",
    )
