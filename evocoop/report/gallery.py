"""Which figures a report shows, in which order: the most telling first, sixteen at most."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from evocoop.report.context import Context
from evocoop.report.figure import Figure
from evocoop.report.sections import (
    ablation,
    basins,
    capacities,
    chases,
    cooperation,
    gradient,
    minds,
    paths,
    payoffs,
    places,
    rankings,
    rest,
    sensitivity,
    shares,
    sizes,
    stationary,
    takeover,
    traits,
    two_populations,
)

MOST_FIGURES = 16

_PARTS: Sequence[tuple[str, str, int, Callable[[Context], list[Figure]]]] = (
    ("emerge", "Who emerges", 4, shares.figures),
    ("weight", "Which capacity carries the weight", 5, ablation.figures),
    ("evolve", "Which capacities evolve", 3, capacities.figures),
    ("depends", "What the answer depends on", 3, sensitivity.figures),
    ("minds", "Which kind of mind", 1, minds.figures),
    ("cooperate", "How much cooperation there is", 2, cooperation.figures),
    ("chase", "A hunt, moment by moment", 2, chases.figures),
    ("ranking", "Who wins the tournament", 1, rankings.figures),
    ("basins", "Where populations end", 2, basins.figures),
    ("two", "How two populations meet", 8, two_populations.figures),
    ("paths", "How populations move", 3, paths.figures),
    ("traits", "How traits evolve", 6, traits.figures),
    ("places", "Who holds which place", 4, places.figures),
    ("rest", "Where populations rest", 2, rest.figures),
    ("size", "How large populations are", 2, sizes.figures),
    ("gradient", "Which way selection pushes", 2, gradient.figures),
    ("invasion", "Who invades whom", 2, takeover.figures),
    ("stationary", "How long a population spends where", 2, stationary.figures),
    ("tilt", "What moves a population from state to state", 1, sensitivity.state_figures),
    ("payoffs", "Who earns what", 2, payoffs.figures),
)


@dataclass(frozen=True)
class Part:
    """A part of a report: anchor, heading, figures, and what kept it from being drawn, if anything did."""

    anchor: str
    heading: str
    figures: tuple[Figure, ...] = ()
    trouble: str = ""


def gallery(context: Context) -> list[Part]:
    """Return the parts that have any figures, each figure under a name of its own.

    A part that cannot be drawn says so in its place: the rest of a report of hours of work is worth having.
    """
    found: list[Part] = []
    taken = {"answer", "reproduce", *(anchor for anchor, *_ in _PARTS)}
    room = MOST_FIGURES
    for anchor, heading, most, figures in _PARTS:
        try:
            some = tuple(_under_own_name(one, taken) for one in figures(context)[: min(most, room)])
            _ = [figure.inline for figure in some]
        except Exception as error:
            found.append(Part(anchor, heading, trouble=f"{type(error).__name__}: {error}"))
            continue
        room -= len(some)
        if some:
            found.append(Part(anchor, heading, some))
    return found


def _under_own_name(figure: Figure, taken: set[str]) -> Figure:
    name, number = figure.name, 2
    while name in taken:
        name, number = f"{figure.name}-{number}", number + 1
    taken.add(name)
    return replace(figure, name=name)
