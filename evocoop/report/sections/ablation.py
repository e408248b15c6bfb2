"""Figures of ablation: which capacity carries the weight, which need one another, and what each may cost."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations
from typing import Any

from evocoop.report.context import Context
from evocoop.report.drawing.effects import Bar, pairs_triangle, signed, signed_bars
from evocoop.report.drawing.lines import beside
from evocoop.report.figure import Figure
from evocoop.report.sections import regions
from evocoop.report.slices import Slices, read_slices
from evocoop.report.words import count, key_name, listed, plain, quoted, short, slug, upper

NOTABLE = 1.0
STRONG = 5.0
MOST_GAMES = 3
_PANELS = {
    "cooperation": "share of hunters (points)",
    "success": "successful hunts (points)",
    "prevalence": "share of the bearers (points)",
}


@dataclass(frozen=True)
class Knockouts:
    """What capacities carry in one game under one of the dynamics, in percentage points.

    Args:
        slices: the rows, cell by cell.
    """

    slices: Slices

    @cached_property
    def _cells(self) -> list[dict[tuple[str, str], dict[str, Any]]]:
        return [{(str(r["capacities"]), str(r["measure"])): r for r in one.rows()} for one in self.slices.cells]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The single capacities, in the order of the table."""
        rows = [row for cell in self._cells for row in cell.values() if row["taken"] == 1]
        return tuple(dict.fromkeys(str(row["capacities"]) for row in rows))

    @property
    def ranked(self) -> tuple[str, ...]:
        """The single capacities, the largest effect on cooperation first."""
        return tuple(sorted(self.names, key=lambda name: -abs(self.effect(name).value)))

    @property
    def single(self) -> bool:
        """Whether there is one setting alone."""
        return len(self._cells) == 1

    def effect(self, capacities: str, measure: str = "cooperation") -> Bar:
        """Return a measure's mean effect over all settings: with its interval, or from the least to the most."""
        rows = [cell[capacities, measure] for cell in self._cells if (capacities, measure) in cell]
        if not rows:
            return Bar(0.0, 0.0, 0.0, "")
        values = [100.0 * row["effect"] for row in rows]
        mean = sum(values) / len(values)
        low, high = min(values), max(values)
        if len(rows) == 1 and rows[0]["low"] is not None:
            low, high = 100.0 * rows[0]["low"], 100.0 * rows[0]["high"]
        return Bar(mean, low, high, _said(mean, low, high, self.single))

    def pairs(self) -> dict[tuple[str, str], float]:
        """Return the interaction of every pair, the strongest first."""
        found = {}
        for first, second in combinations(self.names, 2):
            for pair in ((first, second), (second, first)):
                if any((" + ".join(pair), "interaction") in cell for cell in self._cells):
                    found[first, second] = self.effect(" + ".join(pair), "interaction").value
        return dict(sorted(found.items(), key=lambda one: -abs(one[1])))

    def both(self, first: str, second: str) -> float:
        """Return what taking two away costs in cooperation."""
        forward = self.effect(f"{first} + {second}")
        return (forward if forward.said else self.effect(f"{second} + {first}")).value

    def sure(self, first: str, second: str) -> bool:
        """Return whether the interval of an interaction leaves out zero, where there is one setting."""
        rows = [cell.get((f"{a} + {b}", "interaction")) for cell in self._cells for a, b in _both_ways(first, second)]
        return not self.single or any(row["relation"] != "independent" for row in rows if row)

    def prices(self) -> list[dict[str, float | None]]:
        """Return, for every setting, the price at which each capacity stops paying."""
        return [
            {name: cell.get((name, "cooperation"), {}).get("break_even") for name in self.names} for cell in self._cells
        ]


def _both_ways(first: str, second: str) -> tuple[tuple[str, str], tuple[str, str]]:
    return (first, second), (second, first)


def _said(mean: float, low: float, high: float, single: bool) -> str:
    if high - low < 0.05:
        return signed(mean) if abs(mean) >= 1 or abs(mean) < 0.05 else f"{mean:+.1f}".replace("-", "−")
    return f"{signed(mean)}  ({signed(low)} … {signed(high)})"


def read(context: Context) -> list[Knockouts]:
    """Return the ablations of a run, by game and dynamics."""
    frame = context.frame("ablation")
    if frame is None:
        return []
    return [one for one in map(Knockouts, read_slices(frame, context.experiment.sweep.keys)) if one.names]


def figures(context: Context) -> list[Figure]:
    """Return the figures of ablation under each of the dynamics: effects, pairs, prices; games side by side."""
    found = []
    every = read(context)
    for dynamics in dict.fromkeys(one.slices.dynamics for one in every):
        group = [one for one in every if one.slices.dynamics == dynamics][:MOST_GAMES]
        found.append(_bars(group))
        if any(one.pairs() for one in group):
            found.append(_triangles([one for one in group if one.pairs()]))
        priced = [one for one in group if any(p is not None for some in one.prices() for p in some.values())]
        if priced and all(one.single for one in priced):
            found.append(_price_bars(priced))
        elif priced:
            found += regions.price_figures([(one.slices, one.names, one.prices()) for one in priced])
    return found


def _ranked(group: Sequence[Knockouts]) -> list[str]:
    names = dict.fromkeys(name for one in group for name in one.ranked)
    return sorted(names, key=lambda name: -max(abs(one.effect(name).value) for one in group))


def _place(group: Sequence[Knockouts]) -> str:
    return group[0].slices.place if len(group) == 1 else plain(group[0].slices.dynamics, 40)


def _by_game(group: Sequence[Knockouts], words: Callable[[Knockouts], str]) -> str:
    """Return what is said of each game; what is the same in all of them is said once."""
    parts = {one.slices.game: words(one) for one in group}
    if len(set(parts.values())) == 1:
        return next(iter(parts.values()))
    return "; ".join(f"in {quoted(plain(game))}, {said}" for game, said in parts.items() if said)


def _bars(group: Sequence[Knockouts]) -> Figure:
    names, one = _ranked(group), group[0]
    if len(group) == 1:
        panels = {x: [one.effect(name, measure) for name in names] for measure, x in _PANELS.items()}
        widths = [320, 150, 150]
    else:
        panels = {f"{plain(one.slices.game, 24)} (points)": [one.effect(name) for name in names] for one in group}
        widths = [640 // len(group)] * len(group)
    panels = {
        x: some if not place and len(group) == 1 else list(map(_brief, some))
        for place, (x, some) in enumerate(panels.items())
    }
    spread = "its 95 % interval, where it was sampled" if one.single else "the least and the most over the sweep"
    of = "" if len(group) == 1 else "the long-run share of hunters, game by game, in "
    shown = [f"{short(name)} {one.effect(name).said}" for name in names]
    return Figure(
        f"ablation-{slug(one.slices.game)}-{slug(one.slices.dynamics)}",
        upper(_by_game(group, lambda one: effects_said(one, 3 if len(group) == 1 else 2))),
        f"What is lost when one capacity is taken away, in {of}percentage points, with {spread} · {_place(group)}",
        f"Bars for each capacity, ranked: {listed(shown, most=12)}.",
        signed_bars([short(name) for name in names], panels, widths),
        *_effect_table(group),
        note="Blue to the right: with the capacity there is more of it. Orange to the left: without it there is more.",
    )


def _brief(bar: Bar) -> Bar:
    return replace(bar, said=bar.said.partition("  ")[0])


def _effect_table(group: Sequence[Knockouts]) -> tuple[list[str], list[list[Any]]]:
    keys = list(dict.fromkeys(key for one in group for key in one.slices.keys))
    head = ["game", *(key_name(key, keys) for key in keys), "taken away", "measure", "effect", "low", "high", "exact"]
    columns = ("capacities", "measure", "effect", "low", "high", "exact")
    rows = [
        [one.slices.game, *(cell.values.get(key) for key in keys), *(row[name] for name in columns)]
        for one in group
        for cell in one.slices.cells
        for row in cell.rows()
    ]
    return head, rows


def effects_said(one: Knockouts, most: int = 3) -> str:
    """Return what is lost without each capacity, in words, the largest first."""
    over = "" if one.single else " on average over the sweep"
    felt = [name for name in one.ranked if abs(one.effect(name).value) >= NOTABLE]
    if not felt:
        return f"any one capacity can be missed: without it cooperation changes by less than a point{over}"
    parts = []
    for place, name in enumerate(felt[:most]):
        value = one.effect(name).value
        way = "falls" if value > 0 else "rises"
        same = place and (value > 0) == (one.effect(felt[0]).value > 0)
        points = count(round(abs(value)), "point")
        parts.append(
            f"without {short(name)} by {round(abs(value))}"
            if same
            else f"without {short(name)} {'it' if place else 'cooperation'} {way} by {points}"
        )
    return f"{listed(parts)}{over}"


def pairs_said(one: Knockouts) -> str:
    """Return which two need one another most, and which two replace one another most."""
    strong = [(pair, value) for pair, value in one.pairs().items() if abs(value) >= STRONG and one.sure(*pair)]
    parts = []
    for sign, words in ((1, "need one another"), (-1, "stand in for one another")):
        for pair, value in strong:
            if sign * value > 0:
                parts.append(f"{short(pair[0])} and {short(pair[1])} {words}")
                break
    return "; ".join(parts)


def _triangles(group: Sequence[Knockouts]) -> Figure:
    names, one = _ranked(group), group[0]
    most = max(abs(value) for one in group for value in one.pairs().values())
    panels = [_triangle(one, names, most, group) for one in group]
    said = _by_game(group, pairs_said) or "no two capacities need or replace one another"
    shown = [f"{short(a)} with {short(b)} {signed(value)}" for (a, b), value in one.pairs().items()]
    mean = "" if one.single else ", mean over the sweep"
    return Figure(
        f"pairs-{slug(one.slices.game)}-{slug(one.slices.dynamics)}",
        upper(said),
        f"Interaction of two capacities in cooperation, in points{mean} · {_place(group)}",
        f"A triangle of pairs: {listed(shown, most=10)}.",
        beside(panels),
        ["game", "first", "second", "interaction (points)", "both taken away (points)"],
        [[one.slices.game, a, b, value, one.both(a, b)] for one in group for (a, b), value in one.pairs().items()],
        note="Blue: together they carry more than each by itself, so one is of little use without the other. "
        "Orange: where one is there, the other can be missed.",
    )


def _triangle(one: Knockouts, ranked: Sequence[str], most: float, group: Sequence[Knockouts]) -> Any:
    """Return the pairs of one game; all games have the same order and colours."""
    mine = [name for name in ranked if name in one.names]
    place = {name: number for number, name in enumerate(mine)}
    found = {}
    for pair, value in one.pairs().items():
        first, second = sorted(pair, key=place.__getitem__)
        found[first, second] = value
    several = len(group) > 1
    title = plain(one.slices.game, 40) if several else ""
    cell = 76 if not several else max(44, min(76, 300 // len(mine)))
    return pairs_triangle(mine, found, most=most, title=title, legend=one is group[-1], cell=cell)


def _price_bars(group: Sequence[Knockouts]) -> Figure:
    prices = [{name: price for name, price in one.prices()[0].items() if price is not None} for one in group]
    names = [name for name in _ranked(group) if any(name in some for some in prices)]
    names.sort(key=lambda name: -max(some.get(name, 0.0) for some in prices))
    highest = max((p for some in prices for p in some.values() if math.isfinite(p)), default=0.0) or 1.0
    panels = {}
    for one, some in zip(group, prices, strict=True):
        x = "price, in the units of payoff" if len(group) == 1 else f"{plain(one.slices.game, 30)} (price)"
        panels[x] = [_price_bar(some.get(name), 1.15 * highest) for name in names]
    one, shown = group[0], [f"{short(name)} {price_said(price)}" for name, price in prices[0].items()]
    said = {id(one): prices_said(some) for one, some in zip(group, prices, strict=True)}
    return Figure(
        f"prices-{slug(one.slices.game)}-{slug(one.slices.dynamics)}",
        upper(_by_game(group, lambda one: said[id(one)])),
        "The price at which each capacity stops paying: those who bear it are no longer more common than those who "
        f"lack it and live beside them · {_place(group)}",
        f"Bars of prices: {listed(shown, most=12)}.",
        signed_bars(
            [short(name) for name in names], panels, [480 if len(group) == 1 else 640 // len(group)] * len(group)
        ),
        ["game", "capacity", "price at which it stops paying"],
        [[one.slices.game, n, price_said(p)] for one, some in zip(group, prices, strict=True) for n, p in some.items()],
        note="One that does not pay even for free can still carry weight: another stands in for it while it is there.",
    )


def _price_bar(price: float | None, most: float) -> Bar:
    if price is None:
        return Bar(0.0, 0.0, 0.0, "–")
    shown = min(price, most)
    return Bar(shown, shown, shown, price_said(price))


def price_said(price: float) -> str:
    """Return a price in words.

    >>> price_said(0.0), price_said(0.4868), price_said(math.inf)
    ('not even for free', '0.49', 'any price tried')
    """
    return "not even for free" if price == 0 else "any price tried" if math.isinf(price) else f"{price:.2g}"


def prices_said(prices: Mapping[str, float]) -> str:
    """Return which capacities pay up to which price."""
    paying = sorted((name for name in prices if prices[name] > 0), key=lambda name: -prices[name])
    free = [short(name) for name in paying if math.isinf(prices[name])]
    bound = [name for name in paying if math.isfinite(prices[name])]
    parts = [f"{listed(free)} {'pays' if len(free) == 1 else 'pay'} at any price tried"] if free else []
    for place, name in enumerate(bound[:4]):
        up = "up to" if place else f"{'' if free else 'pays '}up to a price of"
        parts.append(f"{short(name)} {up} {price_said(prices[name])}")
    lost = [short(name) for name in prices if prices[name] == 0]
    if not parts:
        return "no capacity pays, even for free, beside those that lack it alone"
    return listed(parts) + (f"; {listed(lost)} not even for free" if lost else "")


def said(context: Context) -> str:
    """Return in one plain sentence which capacities carry cooperation, game by game."""
    found = read(context)
    if not found:
        return ""
    first = [one for one in found if one.slices.dynamics == found[0].slices.dynamics]
    return f"{_by_game(first[:MOST_GAMES], lambda one: _why(one, 3 if len(first) == 1 else 2))}."


def _why(one: Knockouts, most: int = 3) -> str:
    said = effects_said(one, most)
    for (first, second), value in one.pairs().items():
        both = one.both(first, second)
        alone = max(abs(one.effect(name).value) for name in (first, second))
        if value <= -STRONG and one.sure(first, second) and both >= 10.0 and alone < both / 2:
            pair = f"{short(first)} and {short(second)} stand in for one another"
            return f"{said}; {pair}: without both it falls by {round(both)}"
    return said


def certainty(context: Context) -> str:
    """Return how sure the effects are where they are sampled, in one sentence."""
    rows = [row for one in read(context) for cell in one.slices.cells for row in cell.rows() if not row["exact"]]
    if not rows:
        return ""
    widest = max((row["high"] - row["low"]) / 2 for row in rows)
    return (
        "What is lost without a capacity is estimated from simulated populations, "
        f"with 95 % intervals of at most ± {100 * widest:.0f} points."
    )
