"""Charts in one call: a game or a result in, a figure out, with ``.svg``, ``.png`` and ``.save(path)``.

Every figure's title states what was found. The same drawings stand in the report of a run.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from evocoop.core.errors import InputError
from evocoop.games.payoffs import as_payoffs
from evocoop.report.diagrams import basins, pairwise_invasibility, phase_diagram
from evocoop.report.drawing.bars import bars
from evocoop.report.drawing.heat import Board, heat
from evocoop.report.drawing.invasion import Arrow, ring
from evocoop.report.drawing.simplex import simplex_chart
from evocoop.report.drawing.slopes import gradients, rest_points
from evocoop.report.figure import Figure
from evocoop.report.findings import capital
from evocoop.report.look import styles
from evocoop.report.sections import gradient as gradient_words
from evocoop.report.sections import paths, payoffs, takeover
from evocoop.report.sections.places import places
from evocoop.report.words import count, listed, number, percent, short
from evocoop.runs.long_run import still

MOST_BARS = 20
MOST_NODES = 10

__all__ = [
    "basins",
    "bifurcation",
    "gradient",
    "heat_map",
    "invasion",
    "pairwise_invasibility",
    "phase_diagram",
    "places",
    "prevalence",
    "simplex",
    "trajectories",
]


def simplex(
    given: Any, *, dynamic: str = "replicator", starts: ArrayLike | int = 24, time: float = 60.0, seed: int = 0
) -> Figure:
    """Return the flow of a dynamic in the simplex of three or four strategies, with its rest points.

    Args:
        given: a payoff matrix, a game, a PayoffTable, or a Trajectory that is there already.
        dynamic: which of the deterministic dynamics, where a game is given.
        starts: how many paths, or the population states they start from.
        time: how long they run.
        seed: of the starting points, when their number is given.

    Raises:
        InputError: when there are not three or four strategies.

    >>> simplex([[0, -1, 1], [1, 0, -1], [-1, 1, 0]], starts=6).columns
    ('start', 'time', '0', '1', '2')
    """
    points: list[tuple[list[float], str]] = []
    if not hasattr(given, "times"):
        from evocoop.dynamics import trajectory

        table = as_payoffs(given)
        _three_or_four(table.strategies)
        points = _rest_points(table, dynamic)
        moments = time * np.linspace(0.0, 1.0, 400) ** 2
        given = trajectory(table, dynamic=dynamic, starts=starts, times=moments, seed=seed)
    names = [str(name) for name in given.strategies]
    _three_or_four(names)
    states = _states(given)
    drawn = [[state for _, state in path] for path in states.values()]
    said = capital(paths.end_text(names, states, _moving(given)))
    return Figure(
        "simplex",
        said,
        "Paths of the population through all mixtures; each corner is a population of one strategy",
        f"A simplex of {listed([short(name) for name in names])} with {count(len(drawn), 'path')}. {said}.",
        simplex_chart(names, drawn, points, size=460),
        *_ends(names, states),
        note="Rest points are filled where stable, open where unstable, half filled where saddles." if points else "",
    )


def _three_or_four(names: Sequence[str]) -> None:
    if len(names) not in (3, 4):
        raise InputError(f"a simplex can be drawn for three or four strategies, not {len(names)}")


def _rest_points(table: Any, dynamic: str) -> list[tuple[list[float], str]]:
    from evocoop.dynamics import rest_points as find

    found = find(table, dynamic=dynamic)
    return [([float(share) for share in point.shares], str(point.stability)) for point in found.points]


def _states(path: Any) -> dict[int, paths.States]:
    """Return the times and states of every path of a Trajectory."""
    shares = np.asarray(path.shares, dtype=float)
    shares = shares[None] if shares.ndim == 2 else shares
    times = [float(moment) for moment in np.asarray(path.times, dtype=float)]
    return {
        start: [(moment, [float(share) for share in state]) for moment, state in zip(times, one, strict=True)]
        for start, one in enumerate(shares)
    }


def _moving(path: Any) -> set[int]:
    """Return which paths of a Trajectory do not come to rest."""
    shares = np.asarray(path.shares, dtype=float)
    resting = still(shares[None] if shares.ndim == 2 else shares, np.asarray(path.times, dtype=float))
    return set(np.flatnonzero(~resting).tolist())


def _ends(names: Sequence[str], states: Mapping[int, paths.States]) -> tuple[tuple[str, ...], list[list[Any]]]:
    rows = [[start, time, *state] for start, path in states.items() for time, state in (path[0], path[-1])]
    return ("start", "time", *names), rows


def trajectories(path: Any, *, start: int = 0) -> Figure:
    """Return shares over time: every start for two strategies, one start for more.

    Args:
        path: a Trajectory, as ``evocoop.dynamics.replicator`` gives it.
        start: which start is drawn, for more than two strategies.

    Raises:
        InputError: when there is no such start.
    """
    names = [str(name) for name in path.strategies]
    states = _states(path)
    if start not in states:
        raise InputError(f"start must be in [0, {len(states) - 1}], not {start!r}")
    if len(names) == 2:
        chart, what = (
            paths.two_strategies(names, states),
            f"Share of {short(names[0])} over time, one line for each start",
        )
    else:
        chart = paths.many_strategies(names, states[start], styles(names))
        what = "Shares of the strategies over time"
        states = {start: states[start]}
    said = capital(paths.end_text(names, states, _moving(path)))
    return Figure("trajectories", said, what, f"Lines of shares over time. {said}.", chart, *_ends(names, states))


def gradient(
    given: Any, *, population_size: int = 100, selection_strength: float = 1.0, process: str = "pairwise"
) -> Figure:
    """Return the gradient of selection between two strategies, with its roots.

    Args:
        given: a 2x2 matrix, a game of two strategies, or a PayoffTable; or label → game, for several curves.
        population_size: Z.
        selection_strength: beta.
        process: the update rule.

    Raises:
        InputError: as ``evocoop.dynamics.gradient_of_selection``.

    >>> gradient([[4, 0], [3, 3]], population_size=20).title
    'Selection favours 0 above 76.4\\xa0%'
    """
    from evocoop.dynamics import gradient_of_selection

    games = given if isinstance(given, Mapping) else {"": given}
    curves, names = {}, []
    for label, game in games.items():
        values = gradient_of_selection(
            game, population_size=population_size, selection_strength=selection_strength, process=process
        )
        curves[str(label)] = [(place / (len(values) - 1), float(value)) for place, value in enumerate(values)]
        names.append(as_payoffs(game).strategies[0])
    roots = {label: gradient_words.roots(points) for label, points in curves.items()}
    parts = [
        f"{f'{short(label)}: ' if label else ''}{gradient_words.said(points, name)}"
        for (label, points), name in zip(curves.items(), names, strict=True)
    ]
    said = capital(listed(parts, most=3))
    return Figure(
        "gradient",
        said,
        f"Gradient of selection in a population of {population_size}; filled points are stable",
        f"Curves of the gradient of selection. {said}.",
        gradients(curves, roots, x=f"share of {short(names[0])}"),
        ("curve", "share at the root", "stability"),
        [[label, place, kind] for label, some in roots.items() for place, kind in some],
    )


def invasion(limit: Any) -> Figure:
    """Return the invasion diagram: who takes over from whom more often than chance would have it.

    Args:
        limit: what ``evocoop.dynamics.small_mutation_limit`` or ``invasion_diagram`` gives.

    Raises:
        InputError: when it holds several strengths of selection.
    """
    held = np.asarray(limit.prevalence, dtype=float)
    if held.ndim != 1:
        raise InputError("an invasion diagram shows one strength of selection; give one number, not a list")
    names = [str(name) for name in limit.strategies]
    shares = dict(sorted(zip(names, held.tolist(), strict=True), key=lambda one: -one[1]))
    if hasattr(limit, "edges"):
        edges = [Arrow(edge.resident, edge.mutant, edge.log_advantage) for edge in limit.edges]
    else:
        gain = np.asarray(limit.fixation) + math.log(limit.population_size)
        places = range(len(names))
        edges = [Arrow(names[r], names[m], float(gain[r, m])) for r in places for m in places if r != m]
    shown = dict(list(shares.items())[:MOST_NODES])
    said = capital(takeover.invaders(shares, edges))
    return Figure(
        "invasion",
        said,
        "Who invades whom: arrows point to favoured invaders, discs are sized by long-run share",
        f"Ring of strategies with arrows to favoured invaders. {said}.",
        ring(shown, edges, styles(shares), size=430),
        ("resident", "mutant", "times as likely as a neutral mutant"),
        [[edge.resident, edge.mutant, math.exp(min(edge.log_advantage, 700.0))] for edge in edges],
        note=takeover.NOTE,
    )


def prevalence(result: Any) -> Figure:
    """Return long-run shares as bars, the largest first.

    Args:
        result: what ``evocoop.dynamics.small_mutation_limit`` gives, or any record of strategies and prevalence.
    """
    held = np.asarray(result.prevalence, dtype=float)
    if held.ndim != 1:
        raise InputError("bars show one strength of selection; give one number, not a list")
    ranked = sorted(zip(map(str, result.strategies), held.tolist(), strict=True), key=lambda one: -one[1])
    said = f"{short(ranked[0][0])} holds {percent(ranked[0][1])} of the population"
    if len(ranked) > 1:
        said += f", ahead of {short(ranked[1][0])} with {percent(ranked[1][1])}"
    rows = [(name, share, 0.0) for name, share in ranked[:MOST_BARS]]
    chart = bars(rows, styles(name for name, _ in ranked), x="long-run share")
    return Figure(
        "prevalence", said, "Long-run share of each strategy", f"Bars. {said}.", chart, ("strategy", "share"), ranked
    )


def heat_map(given: Any) -> Figure:
    """Return payoffs as a heat map, rows against columns.

    Args:
        given: a payoff matrix, a two-player game, or a PayoffTable of one.

    Raises:
        InputError: for groups of more than two.

    >>> heat_map([[3, 0], [5, 1]]).title
    '1 is a best reply to itself'
    """
    table = as_payoffs(given).payoff_table()
    if table.group_size != 2:
        raise InputError(f"a heat map shows payoffs of two players, not of groups of {table.group_size}")
    names = [str(name) for name in table.strategies]
    matrix = [[float(value) for value in row] for row in table.values]
    said = capital(payoffs.said(names, matrix))
    cell = 46 if len(names) <= 12 else max(13, 420 // len(names))
    tiles = [(i, j, matrix[i][j]) for i in range(len(names)) for j in range(len(names))]
    board = Board(names, names, "strategy", "co-player", cell=cell, height=min(cell, 28))
    return Figure(
        "payoffs",
        said,
        "Payoff of the row's strategy against the column's",
        f"Heat map of payoffs of {count(len(names), 'strategy', 'strategies')}. {said}.",
        heat(tiles, board, value_title="payoff", texts=None if cell >= 40 else [""] * len(tiles)),
        ("strategy", "co-player", "payoff"),
        [[names[i], names[j], value] for i, j, value in tiles],
    )


def bifurcation(
    given: Any, games: Sequence[Any] | None = None, *, parameter: str = "parameter", strategy: str | None = None
) -> Figure:
    """Return the rest points of the replicator dynamics along a parameter.

    Args:
        given: what ``evocoop.dynamics.bifurcation`` gives, or values of the parameter.
        games: one game (or its RestPoints) for each value, where values are given.
        parameter: what it is called.
        strategy: whose share is shown; the first one when left out.

    Raises:
        InputError: when the numbers of values and games differ, or there is no such strategy.

    >>> from evocoop.dynamics import bifurcation as find
    >>> bifurcation(find(lambda hare: [[4, 0], [hare, hare]], [1.0, 3.0, 5.0]), parameter="hare").title
    '2 stable rest points at hare = 1, 1 at 5'
    """
    from evocoop.dynamics import rest_points as find

    values, games = (given.values.tolist(), given.found) if hasattr(given, "found") else (given, games or ())
    if len(values) != len(games) or not len(values):
        raise InputError(f"bifurcation takes one game for each value: {len(values)} values, {len(games)} games")
    first = games[0] if hasattr(games[0], "points") else as_payoffs(games[0])
    names = [str(name) for name in first.strategies]
    if strategy is not None and strategy not in names:
        raise InputError(f"there is no strategy {strategy!r}; there are: {', '.join(names)}")
    place = 0 if strategy is None else names.index(strategy)
    rows = []
    for value, game in zip(values, games, strict=True):
        found = game if hasattr(game, "points") else find(game)
        rows += [(float(value), float(point.shares[place]), str(point.stability)) for point in found.points]
    stable = [sum(kind == "stable" and at == value for at, _, kind in rows) for value in values]
    said = (
        f"{count(stable[0], 'stable rest point')} at {parameter} = {number(values[0])}, "
        f"{stable[-1]} at {number(values[-1])}"
    )
    return Figure(
        "bifurcation",
        said,
        f"Share of {short(names[place])} at every rest point; filled points are stable, open ones unstable",
        f"Rest points over {parameter}. {said}.",
        rest_points(rows, x=parameter, y=f"share of {short(names[place], 20)}"),
        (parameter, f"share of {names[place]}", "stability"),
        rows,
    )
