"""Figures of stationary distributions: how long a finite population spends in each state."""

from __future__ import annotations

from evocoop.report.context import Context
from evocoop.report.drawing.bars import columns
from evocoop.report.drawing.lines import beside
from evocoop.report.drawing.simplex import simplex_chart
from evocoop.report.figure import Figure
from evocoop.report.slices import Slice, Slices, read_slices
from evocoop.report.words import listed, number, percent, short, slug


def figures(context: Context) -> list[Figure]:
    """Return the stationary distributions of each game under each of the dynamics."""
    frame = context.frame("stationary")
    if frame is None:
        return []
    return [_figure(context, slices) for slices in read_slices(frame, context.experiment.sweep.keys)[:3]]


def states(one: Slice) -> tuple[list[str], list[tuple[list[int], float]]]:
    """Return the strategies, and for each state their counts and its probability."""
    names = [str(name) for name in one.frame["strategy"].unique(maintain_order=True)]
    found: dict[int, tuple[dict[str, int], float]] = {}
    for row in one.rows():
        counts, _ = found.setdefault(int(row["state"]), ({}, float(row["probability"] or 0.0)))
        counts[str(row["strategy"])] = int(row["count"])
    return names, [([counts.get(name, 0) for name in names], value) for counts, value in found.values()]


def marginal(found: list[tuple[list[int], float]], place: int) -> dict[int, float]:
    """Return the probability of each count of one strategy."""
    total: dict[int, float] = {}
    for counts, value in found:
        total[counts[place]] = total.get(counts[place], 0.0) + value
    return dict(sorted(total.items()))


def means(found: list[tuple[list[int], float]]) -> list[float]:
    """Return the mean share of each strategy."""
    size = sum(found[0][0]) or 1
    return [sum(counts[place] * value for counts, value in found) / size for place in range(len(found[0][0]))]


def said(names: list[str], found: list[tuple[list[int], float]]) -> str:
    """Return the mean share of the leading strategy, and how long it holds nine tenths of the population."""
    share, size = means(found), sum(found[0][0]) or 1
    best = max(range(len(names)), key=lambda place: share[place])
    tied = [short(name) for name, one in zip(names, share, strict=True) if share[best] - one <= 0.005]
    most = sum(value for count, value in marginal(found, best).items() if count >= 0.9 * size)
    if len(tied) > 1:
        return f"{listed(tied)} each make up {percent(share[best])} of the population on average"
    return (
        f"{short(names[best])} makes up {percent(share[best])} of the population on average, and at least nine tenths "
        f"of it for {percent(most)} of the time"
    )


def _figure(context: Context, slices: Slices) -> Figure:
    cells = slices.spread(2)
    panels, parts, rows = [], [], []
    for one in cells:
        names, found = states(one)
        title = one.said if len(cells) > 1 else ""
        if len(names) == 3:
            size = sum(found[0][0]) or 1
            density = [([count / size for count in counts], value) for counts, value in found]
            panels.append(simplex_chart(names, density=density, size=440 if not title else 340, title=title))
        else:
            share = means(found)
            place = share.index(max(share))
            drawn = [(float(count), value, names[place]) for count, value in marginal(found, place).items()]
            width = 600 if not title else 330
            label = f"individuals of {short(names[place], 20)}"
            panels.append(columns(drawn, context.look, x=label, y="share of time", width=width, title=title))
        parts.append(f"{f'At {one.said}, ' if one.said else ''}{said(names, found)}")
        likely = sorted(found, key=lambda state: -state[1])[:200]
        rows += [[*one.values.values(), *counts, value] for counts, value in likely]
    return Figure(
        f"stationary-{slug(slices.game)}-{slug(slices.dynamics)}",
        parts[0],
        f"Share of time spent in each state of the population · {slices.place}",
        f"A distribution over the states of the population. {'; '.join(parts)}.",
        beside(panels),
        [*cells[0].values, *(f"count of {short(name)}" for name in states(cells[0])[0]), "probability"],
        rows,
        note=f"The table holds the {number(200)} most likely states." if len(states(cells[0])[1]) > 200 else "",
    )
