"""Charts of whole games in one call: regimes over two parameters, where populations end, which mutants invade."""

from __future__ import annotations

from collections import Counter
from typing import Any

from evocoop.report.drawing.bars import bars
from evocoop.report.drawing.heat import Board, regions
from evocoop.report.drawing.traits import invasibility, invasibility_tiles, side_by_side
from evocoop.report.figure import Figure
from evocoop.report.look import styles
from evocoop.report.words import count, listed, number, percent, short


def phase_diagram(found: Any, *, first: str = "first parameter", second: str = "second parameter") -> Figure:
    """Return which regime holds over the plane of two parameters, one colour for each.

    Args:
        found: what ``evocoop.dynamics.phase_diagram`` gives.
        first: what its first parameter is called; it runs to the right.
        second: what its second is called; it runs upwards.

    >>> from evocoop.dynamics import phase_diagram as find
    >>> phase_diagram(find(lambda t, s: [[1, s], [t, 0]], [0.5, 1.5], [-0.5, 0.5]), first="T", second="S").title
    '4 regimes over T and S'
    """
    across, up = found.first.tolist(), found.second.tolist()
    letters = [_letter(place) for place in range(len(found.descriptions))]
    board = Board(
        [number(value) for value in reversed(up)], [number(value) for value in across], second, first,
        cell=max(9, min(46, 460 // len(across))), height=max(7, min(28, 300 // len(up))),
    )  # fmt: skip
    small = board.cell < 20 or board.height < 14
    tiles = [
        (len(up) - 1 - j, i, letters[found.regimes[i, j]], "" if small else letters[found.regimes[i, j]])
        for i in range(len(across))
        for j in range(len(up))
    ]
    held = Counter(letters[place] for place in found.regimes.ravel().tolist())
    said = f"{count(len(letters), 'regime')} over {first} and {second}"
    meaning = [f"{letter}: {words}" for letter, words in zip(letters, found.descriptions, strict=True)]
    return Figure(
        "phase-diagram",
        said,
        f"Rest points at every pair of values. {' · '.join(meaning)}",
        f"Map of regimes. {'. '.join(meaning)}.",
        regions(tiles, styles([letter for letter, _ in held.most_common()]), board, legend=small),
        (first, second, "regime", "rest points"),
        [
            [across[i], up[j], letters[found.regimes[i, j]], found.descriptions[found.regimes[i, j]]]
            for i in range(len(across))
            for j in range(len(up))
        ],
    )


def _letter(place: int) -> str:
    return chr(65 + place) if place < 26 else f"{chr(65 + place // 26 - 1)}{chr(65 + place % 26)}"


def basins(given: Any, *, dynamic: str = "replicator") -> Figure:
    """Return the basins of attraction as bars, with standard errors where they are sampled.

    Args:
        given: what ``evocoop.dynamics.basins`` gives, or a payoff matrix, a game, or a PayoffTable.
        dynamic: which of the deterministic dynamics, where a game is given.

    Raises:
        InputError: as ``evocoop.dynamics.basins``.

    >>> basins([[4, 0], [3, 3]]).title
    'Of all starting points, 75\\xa0% at 1 and 25\\xa0% at 0 end'
    """
    if not hasattr(given, "attractors"):
        from evocoop.dynamics import basins as find

        given = find(given, dynamic=dynamic)
    rows = sorted(
        zip(given.attractors, given.shares.tolist(), given.standard_errors.tolist(), strict=True),
        key=lambda row: -row[1],
    )
    said = (
        f"Of all starting points, {listed([f'{percent(s)} at {short(name, 44)}' for name, s, _ in rows], most=4)} end"
    )
    return Figure(
        "basins",
        said,
        "Share of the starting points that end at each attractor",
        f"Bars. {said}.",
        bars(rows, styles(name for name, _, _ in rows), x="share of the starting points"),
        ("attractor", "share", "standard error"),
        rows,
    )


def pairwise_invasibility(found: Any) -> Figure:
    """Return which mutants of a continuous trait invade which residents.

    Args:
        found: what ``evocoop.dynamics.pairwise_invasibility`` gives.

    >>> from evocoop.dynamics import pairwise_invasibility as find
    >>> from evocoop.games import ContinuousSnowdrift
    >>> game = ContinuousSnowdrift(benefit=6.0, benefit_curvature=-1.4, cost=4.56, cost_curvature=-1.6)
    >>> pairwise_invasibility(find(game, grid=21)).subtitle
    'Which mutants invade which residents'
    """
    values = found.values.tolist()
    pairs = [(mutant, resident) for mutant in values for resident in values]
    fitness = dict(zip(pairs, found.fitness.ravel().tolist(), strict=True))
    tiles = invasibility_tiles(fitness)
    said = f"{percent(side_by_side(tiles))} of pairs of {short(found.trait)} can live side by side"
    return Figure(
        "invasibility",
        said,
        "Which mutants invade which residents",
        f"A square of residents and mutants. {said}.",
        invasibility(tiles, trait=short(found.trait), size=380),
        ("mutant", "resident", "invasion fitness"),
        [[*pair, gain] for pair, gain in fitness.items()],
        note="Small steps follow the diagonal.",
    )
