"""Who meets whom in two populations, from the states of both, and what each earns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from evocoop.report.drawing.heat import Board, heat
from evocoop.report.drawing.lines import beside
from evocoop.report.drawing.square import time_square
from evocoop.report.figure import Figure
from evocoop.report.slices import Slice, Slices
from evocoop.report.words import listed, percent, plain, short, slug, upper

MOST_TILES = 24
NOTABLE = 0.05


@dataclass(frozen=True)
class Roles:
    """Two populations and the strategies of each."""

    populations: tuple[str, str]
    first: tuple[str, ...]
    second: tuple[str, ...]

    @cached_property
    def places(self) -> Mapping[tuple[str, str], int]:
        """The place of every strategy of both populations, one after the other."""
        every = [(self.populations[0], name) for name in self.first]
        every += [(self.populations[1], name) for name in self.second]
        return {key: place for place, key in enumerate(every)}

    def axis(self, which: int) -> str:
        """Return what an axis is called that says the share of a population's first strategy."""
        names = (self.first, self.second)[which]
        return f"share of {short(names[0], 20)} ({short(self.populations[which], 20)})"

    @property
    def labels(self) -> list[str]:
        """Every strategy with its population."""
        return [f"{population}: {name}" for population, name in self.places]


@dataclass(frozen=True)
class Pair:
    """How often a strategy of the first population meets one of the second."""

    first: str
    second: str
    share: float


def roles_of(one: Slice) -> Roles:
    """Return the populations of a setting and their strategies, in the order of the table."""
    every = list(dict.fromkeys(zip(one.frame["population"].to_list(), one.frame["strategy"].to_list(), strict=True)))
    names = list(dict.fromkeys(str(population) for population, _ in every))
    names += [""] * (2 - len(names))
    mine, theirs = (tuple(str(name) for at, name in every if str(at) == population) for population in names[:2])
    return Roles((names[0], names[1]), mine, theirs)


def counts_of(one: Slice) -> list[tuple[list[int], float]]:
    """Return every state: counts of both populations, one after the other, and its probability."""
    place = roles_of(one).places
    found: dict[int, tuple[list[int], float]] = {}
    for row in one.rows():
        counts, _ = found.setdefault(int(row["state"]), ([0] * len(place), float(row["probability"] or 0.0)))
        counts[place[str(row["population"]), str(row["strategy"])]] = int(row["count"])
    return list(found.values())


def meetings(one: Slice) -> list[Pair]:
    """Return how often individuals of each pair of strategies meet: the mean product of their shares."""
    roles = roles_of(one)
    total: dict[tuple[int, int], float] = {}
    first = len(roles.first)
    for counts, probability in counts_of(one):
        mine, theirs = counts[:first], counts[first:]
        size = (sum(mine) * sum(theirs)) or 1
        for i, a in enumerate(mine):
            for j, b in enumerate(theirs):
                if a and b:
                    total[i, j] = total.get((i, j), 0.0) + probability * a * b / size
    return [Pair(a, b, total.get((i, j), 0.0)) for i, a in enumerate(roles.first) for j, b in enumerate(roles.second)]


def most_met(found: Sequence[Pair]) -> list[Pair]:
    """Return pairs, those that meet most often first."""
    return sorted(found, key=lambda pair: -pair.share)


def brief(one: Slice) -> str:
    """Return which two strategies meet most often, in words."""
    return meetings_said(one, 1)


def meetings_said(one: Slice, most: int = 3) -> str:
    """Return which strategies meet most often, in words."""
    first, second = (short(name, 20) for name in roles_of(one).populations)
    ranked = most_met(meetings(one))
    shown = [pair for pair in ranked[:most] if pair.share >= NOTABLE] or ranked[:1]
    best = shown[0]
    head = f"{short(best.first)} ({first}) meets {short(best.second)} ({second}) in {percent(best.share)} of cases"
    rest = [f"{short(pair.first)} meets {short(pair.second)} in {percent(pair.share)}" for pair in shown[1:]]
    return listed([head, *rest])


def time_map(one: Slice) -> Any:
    """Return the share of time at each number of individuals of the first strategies, or None unless there are two.

    A limit of rare mutations has no states between the corners, and gives none either.
    """
    roles, found = roles_of(one), counts_of(one)
    if not (len(roles.first) == len(roles.second) == 2) or len(found) <= 4:
        return None
    size = sum(found[0][0][:2])
    step = max(1, -(-(size + 1) // MOST_TILES))
    total: dict[tuple[int, int], float] = {}
    for counts, probability in found:
        at = counts[0] // step, counts[2] // step
        total[at] = total.get(at, 0.0) + 100 * probability
    parts = size + 1
    tiles = [
        (i * step / parts, min(1.0, (i + 1) * step / parts), j * step / parts, min(1.0, (j + 1) * step / parts), value)
        for (i, j), value in total.items()
    ]
    return time_square(tiles, x=roles.axis(0), y=roles.axis(1))


def later(slices: Slices, words: Callable[[Slice], str]) -> str:
    """Return what is said of the last setting of a sweep, where it differs."""
    if len(slices.cells) < 2:
        return ""
    first, last = words(slices.cells[0]), words(slices.cells[-1])
    return (
        f" (at {slices.cells[0].said}); at {slices.cells[-1].said}, {last}"
        if first != last
        else ", all along the sweep"
    )


def place(slices: Slices) -> str:
    """Return game and dynamics as a part of the name of a file."""
    return f"{slug(slices.game)}-{slug(slices.dynamics)}"


def meeting_figure(slices: Slices) -> Figure:
    """Return how often strategies of the two meet, at the first and the last setting."""
    cells = slices.spread(2)
    panels, rows = [], []
    for one in cells:
        roles, found = roles_of(one), meetings(one)
        panels.append(_meeting_map(roles, found, one.said if len(cells) > 1 else ""))
        if len(cells) == 1 and (map_of_time := time_map(one)) is not None:
            panels.append(map_of_time)
        rows += [[*one.values.values(), pair.first, pair.second, pair.share] for pair in most_met(found)]
    one = cells[0]
    words = meetings_said(one) if len(cells) == 1 else brief(one) + later(slices, brief)
    first, second = roles_of(one).populations
    return Figure(
        f"two-meetings-{place(slices)}",
        upper(words),
        f"How often {short(first)} and {short(second)} of each strategy meet in the long run · {slices.place}",
        f"A map of pairs of strategies. {words}.",
        beside(panels),
        [*one.values, first, second, "share of meetings"],
        rows,
        note="To the right: the share of time at each number of individuals." if len(panels) > len(cells) else "",
    )


def _meeting_map(roles: Roles, found: Sequence[Pair], title: str) -> Any:
    tiles = [(roles.first.index(one.first), roles.second.index(one.second), 100 * one.share) for one in found]
    board = Board(
        [short(name, 18) for name in roles.first], [short(name, 18) for name in roles.second],
        short(roles.populations[0], 24), short(roles.populations[1], 24),
        cell=max(34, min(92, 330 // len(roles.second))), height=max(26, min(64, 240 // len(roles.first))), title=title,
    )  # fmt: skip
    texts = [percent(value / 100) for *_, value in tiles] if len(tiles) <= 36 else [""] * len(tiles)
    return heat(tiles, board, value_title="% of meetings", domain=(0, 100), texts=texts, legend=len(tiles) > 36)


def payoff_figure(slices: Slices) -> Figure:
    """Return what each of the two gets, and where nobody gains by changing."""
    one = slices.cells[0]
    roles = roles_of(one)
    gets: dict[tuple[int, int, int], float] = {}
    for row in one.rows():
        mine, theirs = str(row["strategy"]), str(row["opponent"])
        if row["population"] == roles.populations[0]:
            gets[0, roles.first.index(mine), roles.second.index(theirs)] = float(row["payoff"])
        else:
            gets[1, roles.first.index(theirs), roles.second.index(mine)] = float(row["payoff"])
    panels = []
    for which, population in enumerate(roles.populations):
        tiles = [(i, j, value) for (w, i, j), value in gets.items() if w == which]
        board = Board(
            [short(name, 18) for name in roles.first], [short(name, 18) for name in roles.second],
            short(roles.populations[0], 24), short(roles.populations[1], 24),
            cell=max(40, min(80, 300 // len(roles.second))), height=36, title=f"what the {short(population, 24)} gets",
        )  # fmt: skip
        panels.append(heat(tiles, board, value_title="payoff", legend=False))
    words = f"{f'At {one.said}, ' if len(slices.cells) > 1 else ''}{_equilibria(roles, gets)}"
    return Figure(
        f"two-payoffs-{slug(slices.game)}",
        upper(words),
        f"Payoffs of each pair of strategies · {plain(slices.game, 40)}",
        f"Two maps of payoffs. {words}.",
        beside(panels),
        [*roles.populations, *(f"what the {name} gets" for name in roles.populations)],
        [
            [mine, theirs, gets.get((0, i, j)), gets.get((1, i, j))]
            for i, mine in enumerate(roles.first)
            for j, theirs in enumerate(roles.second)
        ],
    )


def _equilibria(roles: Roles, gets: dict[tuple[int, int, int], float]) -> str:
    """Return at which pairs of strategies nobody could gain by changing, in words."""
    found = [
        f"{short(mine)} with {short(theirs)}"
        for i, mine in enumerate(roles.first)
        for j, theirs in enumerate(roles.second)
        if all(gets[0, k, j] <= gets[0, i, j] for k in range(len(roles.first)))
        and all(gets[1, i, k] <= gets[1, i, j] for k in range(len(roles.second)))
    ]
    if not found:
        return "no pair of strategies is an equilibrium: somebody always gains by changing"
    return f"nobody gains by changing at {listed(found, most=4)}"
