"""Figures of payoffs: heat maps of who earns what against whom, or curves over the number of co-players."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from evocoop.report.context import Context
from evocoop.report.drawing.heat import Board, heat
from evocoop.report.drawing.lines import beside, value_lines
from evocoop.report.figure import Figure
from evocoop.report.findings import capital
from evocoop.report.slices import Slice, Slices, read_slices
from evocoop.report.words import listed, number, short, slug, spans

MOST_SHOWN = 30
ENDS = 12

Matrix = list[list[float]]


def figures(context: Context) -> list[Figure]:
    """Return a picture of the payoffs of each game, at the first and the last setting."""
    frame = context.frame("payoffs")
    if frame is None:
        return []
    found = []
    for slices in read_slices(frame, context.experiment.sweep.keys)[:3]:
        names = [str(name) for name in slices.cells[0].frame["strategy"].unique(maintain_order=True)]
        matrix = uniform(slices.cells[0])
        if matrix is None and len(names) == 2:
            found.append(_curves(slices, names, context))
        elif matrix is not None:
            found.append(_maps(slices))
    return found


def uniform(one: Slice) -> tuple[list[str], Matrix] | None:
    """Return the payoffs against co-players that are all alike, or None where groups of two strategies are drawn."""
    rows = one.rows()
    names = list(dict.fromkeys(str(row["strategy"]) for row in rows))
    opponents = list(dict.fromkeys(str(row["opponent"]) for row in rows))
    if set(opponents) == set(names):
        wanted = {name: name for name in names}
    else:
        if len(names) == 2:
            return None
        size = _co_players(opponents, names)
        wanted = {f"{size} {name}": name for name in names}
    found = {(str(row["strategy"]), wanted[str(row["opponent"])]): row for row in rows if row["opponent"] in wanted}
    if len(found) < len(names) ** 2:
        return None
    return names, [[float(found[mine, theirs]["payoff"]) for theirs in names] for mine in names]


def _co_players(opponents: Sequence[str], names: Sequence[str]) -> str:
    """Return the number of co-players, as text: what stands before the first strategy's name alone."""
    ending = f" {names[0]}"
    alone = [one[: -len(ending)] for one in opponents if one.endswith(ending) and one[: -len(ending)].isdigit()]
    return max(alone, key=int, default="0")


def self_best(names: Sequence[str], matrix: Matrix) -> list[str]:
    """Return the strategies that nobody does better against than themselves (symmetric Nash equilibria)."""
    return [name for i, name in enumerate(names) if all(row[i] <= matrix[i][i] + 1e-12 for row in matrix)]


def said(names: Sequence[str], matrix: Matrix) -> str:
    """Return which strategies are best replies to themselves, in words."""
    stable = self_best(names, matrix)
    if len(stable) == len(names):
        return "every strategy is a best reply to itself"
    if not stable:
        return "no strategy is a best reply to itself"
    one = len(stable) == 1
    those = listed([short(name) for name in stable], most=4)
    return f"{those} {'is a best reply to itself' if one else 'are best replies to themselves'}"


def _chosen(names: list[str], matrix: Matrix) -> list[int]:
    """Return which strategies are shown: all, or those with the highest and the lowest mean payoffs."""
    if len(names) <= MOST_SHOWN:
        return list(range(len(names)))
    order = sorted(range(len(names)), key=lambda i: -sum(matrix[i]))
    return [*order[:ENDS], *order[-ENDS:]]


def _maps(slices: Slices) -> Figure:
    cells = [one for one in slices.spread(2) if uniform(one) is not None]
    drawn = [(one, *(uniform(one) or ([], []))) for one in cells]
    values = [value for _, _, matrix in drawn for row in matrix for value in row]
    panels, rows = [], []
    for one, names, matrix in drawn:
        shown = _chosen(names, matrix)
        panels.append(_panel(one.said if len(drawn) > 1 else "", names, matrix, shown, (min(values), max(values))))
        rows += [
            [*one.values.values(), names[i], names[j], matrix[i][j]]
            for i in range(len(names))
            for j in range(len(names))
        ]
    one, names, matrix = drawn[0]
    where = f"At {one.said}, " if len(drawn) > 1 else ""
    finding = where + said(names, matrix)
    note = (
        ""
        if len(names) <= MOST_SHOWN
        else f"The {ENDS} strategies with the highest and the lowest mean payoff are shown."
    )
    group = "" if set(one.frame["opponent"]) == set(names) else " against co-players that are all alike"
    return Figure(
        f"payoffs-{slug(slices.game)}",
        capital(finding) if not where else finding,
        f"Payoff of the row's strategy against the column's{group} · {slices.place}",
        f"Heat map of payoffs of {len(names)} strategies. {finding}.",
        beside(panels),
        [*one.values, "strategy", "opponent", "payoff"],
        rows,
        note=note,
    )


def _panel(title: str, names: list[str], matrix: Matrix, shown: list[int], domain: tuple[float, float]) -> Any:
    tiles = [(a, b, matrix[i][j]) for a, i in enumerate(shown) for b, j in enumerate(shown)]
    labels = [names[i] for i in shown]
    few = len(shown) <= 6
    cell = 52 if few else 36 if len(shown) <= 10 and not title else max(13, 300 // len(shown))
    texts = [number(float(value)) if cell >= 36 and len(number(float(value))) < 6 else "" for _, _, value in tiles]
    board = Board(labels, labels, "strategy", "co-player", cell=cell, height=min(cell, 28), title=title)
    return heat(tiles, board, value_title="payoff", domain=domain, texts=texts)


def _curves(slices: Slices, names: list[str], context: Context) -> Figure:
    """Return payoffs of two strategies over the number of co-players who play the first."""
    cells = slices.spread(2)
    panels, rows = [], []
    found: list[tuple[Slice, str]] = []
    for cell in cells:
        lines: dict[str, list[tuple[float, float, float]]] = {name: [] for name in names}
        for row in cell.rows():
            head = str(row["opponent"])
            ending = f" {names[0]}"
            number_of = head.split(ending)[0] if head.endswith(ending) or f"{ending} + " in head else "0"
            place = float(number_of) if number_of.isdigit() else 0.0
            lines[str(row["strategy"])].append((place, float(row["payoff"]), float(row["standard_error"] or 0.0)))
            rows.append([*cell.values.values(), row["strategy"], head, row["payoff"]])
        lines = {name: sorted(points) for name, points in lines.items()}
        width = 560 if len(cells) == 1 else 320
        label = f"co-players who play {short(names[0], 20)}"
        title = cell.said if len(cells) > 1 else ""
        panels.append(value_lines(lines, context.look, x=label, y="payoff", width=width, title=title))
        found.append((cell, _ahead(names, lines)))
    (one, first), (other, last) = found[0], found[-1]
    finding = first if len(found) == 1 else f"At {one.said}, {first}; at {other.said}, {last}"
    return Figure(
        f"payoffs-{slug(slices.game)}",
        finding,
        f"Payoff by the number of co-players who play {short(names[0])} · {slices.place}",
        f"Lines of the payoffs of {listed([short(name) for name in names])}. {finding}.",
        beside(panels),
        [*cells[0].values, "strategy", "co-players", "payoff"],
        rows,
    )


def _ahead(names: list[str], lines: dict[str, list[tuple[float, float, float]]]) -> str:
    """Return beside how many co-players the first strategy earns more than the second."""
    first, second = (lines[name] for name in names)
    better = [int(a[0]) for a, b in zip(first, second, strict=False) if a[1] > b[1] + 1e-12]
    who, other = (short(name) for name in names)
    if not better:
        return f"{who} never earns more than {other}"
    if len(better) == len(first):
        return f"{who} always earns more than {other}"
    return f"{who} earns more than {other} beside {spans(better)} of its kind"
