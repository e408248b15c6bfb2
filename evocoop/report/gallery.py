"""Which figures a report shows, in which order: the most telling first, a dozen at most."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from evocoop.report.context import Context
from evocoop.report.figure import Figure
from evocoop.report.sections import (
    basins,
    cooperation,
    gradient,
    paths,
    payoffs,
    rankings,
    rest,
    shares,
    stationary,
    takeover,
)

MOST_FIGURES = 12

_PARTS: Sequence[tuple[str, str, int, Callable[[Context], list[Figure]]]] = (
    ("emerge", "Who emerges", 4, shares.figures),
    ("cooperate", "How much cooperation there is", 2, cooperation.figures),
    ("ranking", "Who wins the tournament", 1, rankings.figures),
    ("basins", "Where populations end", 2, basins.figures),
    ("paths", "How populations move", 3, paths.figures),
    ("rest", "Where populations rest", 2, rest.figures),
    ("gradient", "Which way selection pushes", 2, gradient.figures),
    ("invasion", "Who invades whom", 2, takeover.figures),
    ("stationary", "How long a population spends where", 2, stationary.figures),
    ("payoffs", "Who earns what", 2, payoffs.figures),
)


def gallery(context: Context) -> list[tuple[str, str, Sequence[Figure]]]:
    """Return anchor, heading and figures of each part that has any."""
    found: list[tuple[str, str, Sequence[Figure]]] = []
    room = MOST_FIGURES
    for anchor, heading, most, figures in _PARTS:
        some = figures(context)[: min(most, room)]
        room -= len(some)
        if some:
            found.append((anchor, heading, some))
    return found
