"""Figures of who invades whom: the invasion diagram, or a map of fixation probabilities where shares are not known."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from evocoop.report.context import Context
from evocoop.report.drawing.bars import bars
from evocoop.report.drawing.heat import Board, heat
from evocoop.report.drawing.invasion import Arrow, ring
from evocoop.report.drawing.lines import beside
from evocoop.report.figure import Figure
from evocoop.report.sections import rarity
from evocoop.report.slices import Slice, Slices, read_slices
from evocoop.report.words import listed, percent, short, slug

MOST_NODES = 8
MOST_MAP = 30
ENDS = 20
NOTE = (
    "An arrow points to a strategy of which a single mutant takes over more often than by chance alone (1/Z): "
    "×12 is twelve times as often. Dashed lines join strategies that drift into each other. Discs are sized by share."
)


def figures(context: Context) -> list[Figure]:
    """Return an invasion diagram for each game under the first dynamics that has one, at one or two settings."""
    frame = context.frame("fixation")
    if frame is None:
        return []
    found = []
    for slices in read_slices(frame, context.experiment.sweep.keys):
        shares = [_shares(context, one) for one in slices.cells]
        if any(shares):
            found.append((slices, shares))
        else:
            return _without_shares(read_slices(frame, context.experiment.sweep.keys)[:2])
    first = found[0][0].dynamics
    return [_diagram(context, slices) for slices, _ in found if slices.dynamics == first][:3]


def arrows(one: Slice) -> list[Arrow]:
    """Return every ordered pair of strategies of a cell."""
    return [
        Arrow(str(row["resident"]), str(row["mutant"]), float(row["log_probability"]) - math.log(row["neutral"]))
        for row in one.rows()
        if row["log_probability"] is not None and row["neutral"]
    ]


def _shares(context: Context, one: Slice) -> dict[str, float]:
    frame = context.frame("prevalence")
    if frame is None:
        return {}
    rows = frame.filter((frame["cell"] == one.cell) & (frame["dynamics"] == one.dynamics)).to_dicts()
    rows.sort(key=lambda row: -row["share"])
    return {str(row["strategy"]): float(row["share"]) for row in rows}


def _diagram(context: Context, slices: Slices) -> Figure:
    cells = slices.spread(2)
    panels, said, rows = [], [], []
    order = _ring_order([_shares(context, one) for one in cells])
    for one in cells:
        shares = _shares(context, one)
        edges = arrows(one)
        names = {name: shares[name] for name in order if name in shares}
        wide = len(cells) == 1
        panels.append(ring(names, edges, context.look, size=430 if wide else 300, title="" if wide else one.said))
        said.append((one, invaders(shares, edges)))
        rows += [[*one.values.values(), a.resident, a.mutant, math.exp(min(a.log_advantage, 700))] for a in edges]
    title = said[0][1] if len(said) == 1 else f"At {said[0][0].said}, {said[0][1]}"
    left = max(0, len(_shares(context, cells[0])) - MOST_NODES)
    more = f" The {left} strategies with the smallest shares are left out." if left else ""
    others = "" if len(said) == 1 else f" At {said[1][0].said}, {said[1][1]}."
    return Figure(
        f"invasion-{slug(slices.game)}-{slug(slices.dynamics)}",
        title,
        f"Who invades whom · {slices.place}",
        f"Ring of strategies with arrows to favoured invaders. {said[0][1]}.{others}",
        beside(panels),
        [*cells[0].values, "resident", "mutant", "times as likely as a neutral mutant"],
        rows,
        note=NOTE + more + rarity.note(cells),
    )


def _ring_order(every: Sequence[Mapping[str, float]]) -> list[str]:
    """Return the strategies drawn, the same and in the same order in all panels: the largest mean shares first."""
    total: dict[str, float] = {}
    for shares in every:
        for name, share in shares.items():
            total[name] = total.get(name, 0.0) + share
    return sorted(total, key=lambda name: -total[name])[:MOST_NODES]


def invaders(shares: Mapping[str, float], edges: list[Arrow]) -> str:
    """Return what the diagram says about the strategy that holds most."""
    best = max(shares, key=lambda name: shares[name])
    against = [one for one in edges if one.resident == best and one.log_advantage > 0 and not one.neutral]
    against.sort(key=lambda one: -one.log_advantage)
    drift = [one.mutant for one in edges if one.resident == best and one.neutral]
    who = f"{short(best)} ({percent(shares[best])})"
    if against:
        names = [f"{short(one.mutant)} ({one.said})" for one in against]
        return f"{who} can be invaded by {listed(names, most=3)}"
    if drift:
        return (
            f"selection favours no invader of {who}, but {listed([short(one) for one in drift], most=3)} can drift in"
        )
    return f"selection favours no invader of {who}"


def _without_shares(found: Sequence[Slices]) -> list[Figure]:
    """Return maps of who invades whom, or means over all residents where there are too many strategies for a map."""
    figures = []
    for slices in found:
        if slices.cells[0].frame["mutant"].n_unique() <= MOST_MAP:
            figures.append(_map(slices))
        else:
            figures += [_means(slices, one) for one in slices.spread(2)]
    return figures


def _means(slices: Slices, one: Slice) -> Figure:
    """Return the strategies that take over most often, on average over all others as residents."""
    rows = one.frame.drop_nulls("probability").select("mutant", "probability", "neutral")
    about = rows.group_by("mutant", maintain_order=True).mean()
    best = sorted(about.iter_rows(), key=lambda row: -row[1])
    (first, chance, neutral), shown = best[0], [*best[:ENDS], *best[-5:]]
    where = f"At {one.said}, " if one.said else ""
    return Figure(
        f"takeover-{slug(slices.game)}-{slug(slices.dynamics)}-{one.cell}",
        f"{where}{short(first)} takes over most often: {chance:.3f} on average over {len(best) - 1} residents, "
        f"{chance / neutral:.2f} times as often as by chance",
        f"Mean fixation probability of a single mutant · {slices.place}",
        f"Dots of mean fixation probabilities, one row for each strategy. {short(first)} comes first.",
        bars([(short(name), value, 0.0) for name, value, _ in shown], {}, x="mean over all residents", shares=False,
             row_height=24),
        ["mutant", "mean fixation probability", "by chance"],
        [list(row) for row in best],
        note=f"The first {ENDS} and the last 5 of {len(best)} are shown.",
    )  # fmt: skip


def _map(slices: Slices) -> Figure:
    one = slices.cells[0]
    edges = arrows(one)
    names = list(dict.fromkeys(edge.resident for edge in edges) | dict.fromkeys(edge.mutant for edge in edges))
    names = names[:MOST_MAP]
    inside = [edge for edge in edges if edge.resident in names and edge.mutant in names]
    tiles = [
        (names.index(edge.resident), names.index(edge.mutant), edge.log_advantage / math.log(10)) for edge in inside
    ]
    favoured = [edge for edge in inside if edge.log_advantage > 0 and not edge.neutral]
    best = max(inside, key=lambda edge: edge.log_advantage)
    where = f" at {one.said}" if one.said else ""
    many = len(names) > 12
    return Figure(
        f"fixation-{slug(slices.game)}-{slug(slices.dynamics)}",
        f"Selection favours {len(favoured)} of {len(inside)} takeovers{where}; most of all that of "
        f"{short(best.resident)} by {short(best.mutant)} ({best.said})",
        f"Fixation probability relative to a neutral mutant's, as a power of ten · {slices.place}",
        "Heat map of fixation probabilities, one row for each resident and one column for each mutant.",
        heat(
            tiles,
            Board(names, names, "resident", "mutant", cell=20 if many else 56, height=20 if many else 28),
            value_title="power of ten",
            texts=[""] * len(tiles) if many else None,
        ),
        ["resident", "mutant", "times as likely as a neutral mutant"],
        [[edge.resident, edge.mutant, math.exp(min(edge.log_advantage, 700.0))] for edge in inside],
    )
