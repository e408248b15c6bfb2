"""Figures of derivatives: on what the answer depends most, and how that changes along a sweep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

from evocoop.report.context import Context
from evocoop.report.drawing.effects import Bar, signed_bars
from evocoop.report.drawing.lines import beside, value_lines
from evocoop.report.figure import Figure
from evocoop.report.findings import capital
from evocoop.report.look import styles
from evocoop.report.slices import Slice, Slices, read_slices
from evocoop.report.words import NBSP, key_name, listed, number, plain, quoted, short, slug, upper

MOST_BARS = 12
MOST_LINES = 5
MOST_STRETCHES = 4
MOST_GAMES = 3
NOTHING = 1e-3
_FIXATION = "log_fixation"


@dataclass(frozen=True)
class Effect:
    """What a small change of one thing does.

    Args:
        name: of the thing, in words.
        at: its value.
        relative: of a share, percentage points for one per cent more of the thing; of a chance, per cent.
        absolute: the same for 0.01 more of it.
    """

    name: str
    at: float
    relative: float
    absolute: float


@dataclass(frozen=True)
class Answers:
    """How one measure answers to everything, in one setting.

    Args:
        measure: its kind, as in the table.
        strategy: whose it is, if anybody's.
        resident: of a mutant.
        value: the measure.
        effects: by name, the largest first.
    """

    measure: str
    strategy: str
    resident: str
    value: float
    effects: tuple[Effect, ...]

    @property
    def subject(self) -> str:
        """What answers, in words."""
        if self.measure == "cooperation":
            return "cooperation"
        if self.measure == _FIXATION:
            return f"the chance that {short(self.strategy, 20)} takes over from {short(self.resident, 20)}"
        return f"the share of {short(self.strategy)}"

    @property
    def unit(self) -> str:
        """What effects are measured in."""
        return "%" if self.measure == _FIXATION else "points"

    @cached_property
    def by_name(self) -> Mapping[str, Effect]:
        """The effects by the names of what is changed."""
        return {one.name: one for one in self.effects}


def answers(one: Slice) -> list[Answers]:
    """Return how the measures of a setting answer; of shares, cooperation alone where it is known."""
    rows = [row for row in one.rows() if row["measure"] != "probability"]
    names = {str(row["measure"]) for row in rows}
    named = any(str(row["parameter"]).startswith("game.") for row in rows)
    found: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for row in rows:
        if "cooperation" in names and row["measure"] == "share":
            continue
        if row["parameter"] != "payoff" or not named:
            key = (str(row["measure"]), str(row["strategy"] or ""), str(row["resident"] or ""))
            found.setdefault(key, []).append(row)
    every = [_answers(key, some) for key, some in found.items()]
    return sorted(every, key=lambda one: -one.value)


def _answers(key: tuple[str, str, str], rows: Sequence[dict[str, Any]]) -> Answers:
    keys = [str(row["parameter"]) for row in rows]
    effects = [_effect(row, keys) for row in rows]
    effects.sort(key=lambda one: (-abs(one.relative), -abs(one.absolute)))
    return Answers(*key, float(rows[0]["value"]), tuple(effects))


def _effect(row: Mapping[str, Any], keys: Sequence[str]) -> Effect:
    name, at, slope = key_name(str(row["parameter"]), sorted(set(keys))), float(row["at"]), float(row["derivative"])
    if row["parameter"] == "payoff":
        name = f"payoff of {short(row['earner'], 16)} against {short(row['opponent'], 20)}"
    return Effect(name, at, slope * at, slope)


def figures(context: Context) -> list[Figure]:
    """Return, for each game under each of the dynamics, on what the answer depends, at two settings or along a line."""
    found = []
    read = _read(context)
    several = len({one.game for one in read}) > 1
    for slices in read:
        every = [(one, some) for one in slices.cells if (some := answers(one))]
        place = f"in {quoted(plain(slices.game))}, " if several else ""
        if every and _is_line(slices):
            found.append(_along(slices, every, place))
        elif every:
            found.append(_bars(slices, every, place))
    return found


def _read(context: Context) -> list[Slices]:
    """Return the derivatives by game and dynamics: the first dynamics of every game, then the second, and so on."""
    frame = context.frame("sensitivities")
    if frame is None:
        return []
    turns: dict[str, int] = {}
    found = []
    for one in read_slices(frame, context.experiment.sweep.keys):
        turns[one.game] = turns.get(one.game, 0) + 1
        found.append((turns[one.game], one))
    return [one for _, one in sorted(found, key=lambda item: item[0])]


def _is_line(slices: Slices) -> bool:
    return slices.axis is not None and len(slices.cells) > 2


def said(context: Context) -> str:
    """Return on what the answer depends most, in one sentence, where that was asked."""
    parts: dict[str, str] = {}
    for slices in _read(context):
        every = [(one, some) for one in slices.cells if (some := answers(one))]
        if every and every[0][1][0].measure != _FIXATION:
            words = _most_along(slices, every) if _is_line(slices) else _most(every[0][1][0])
            parts.setdefault(slices.game, words)
    shown = list(parts.items())[:MOST_GAMES]
    if len(shown) < 2:
        return f"{upper(shown[0][1])}." if shown else ""
    return f"{upper('; '.join(f'in {quoted(plain(game))}, {words}' for game, words in shown))}."


def _most(one: Answers) -> str:
    """Return on what a measure depends most."""
    felt = [effect for effect in one.effects if abs(effect.relative) >= NOTHING]
    if not felt:
        return f"{one.subject} hardly depends on anything: 1{NBSP}% more of any parameter changes it by next to nothing"
    first = felt[0]
    size = signed_number(abs(first.relative)).lstrip("+")
    amount = f"{size}{NBSP}%" if one.unit == "%" else f"{size} percentage {'point' if size == '1' else 'points'}"
    way = ("adds", "takes away") if one.unit != "%" else ("raises it by", "lowers it by")
    rest = [f"the {effect.name} ({signed_number(effect.relative)})" for effect in felt[1:3]]
    then = f"; then on {listed(rest)}" if rest else ""
    return (
        f"{one.subject} depends most on the {first.name}: 1{NBSP}% more of it {way[first.relative < 0]} {amount}{then}"
    )


def signed_number(value: float) -> str:
    """Return a small number with its sign.

    >>> signed_number(0.126), signed_number(-12.3), signed_number(0.0002)
    ('+0.13', '−12', '0')
    """
    if abs(value) < NOTHING:
        return "0"
    text = f"{value:+.2g}" if abs(value) < 100 else f"{value:+.0f}"
    return text.replace("-", "−")


def _bars(slices: Slices, every: Sequence[tuple[Slice, Sequence[Answers]]], place: str) -> Figure:
    first = every[0][1]
    if len(every) > 1:
        some = [(one.said, found[0]) for one, found in (every[0], every[-1])]
    else:
        shown = first[:2] if first[0].measure == _FIXATION else first[:1]
        some = [(one.subject if len(shown) > 1 else "", one) for one in shown]
    drawn = [_pair_of_panels(title, one) for title, one in some]
    parts = [_most(one) if len(every) == 1 else f"at {title}, {_most(one)}" for title, one in some]
    one = some[0][1]
    what = "per cent of that chance" if one.unit == "%" else "percentage points of the share"
    return Figure(
        f"sensitivity-{slug(slices.game)}-{slug(slices.dynamics)}",
        upper(place + "; ".join(parts[: 1 if len(every) == 1 else 2])),
        f"What a little more of each parameter does, in {what} · {slices.place}",
        f"Bars for each parameter. {'; '.join(parts)}.",
        beside(drawn, columns=1),
        *_table(slices),
        note="Exact slopes: for small changes effects add up. Blue to the right: more of it raises the measure; "
        "orange to the left: more of it lowers it. What is 0 has no per cent; at a bound the slope is from the inside.",
    )


def _pair_of_panels(title: str, one: Answers) -> Any:
    """Return bars for one per cent more and for 0.01 more, each on a scale of its own."""
    import altair as alt

    shown = one.effects[:MOST_BARS]
    names = [f"{effect.name} = {number(effect.at)}" for effect in shown]
    relative = [_bar(effect.relative, "" if effect.at == 0 else None) for effect in shown]
    absolute = [_bar(effect.absolute) for effect in shown]
    left = signed_bars(names, {f"{one.unit} for 1 % more of it": relative}, [270])
    right = signed_bars((), {f"{one.unit} for 0.01 more of it": absolute}, [210])
    both = alt.hconcat(left, right, spacing=24)
    return both.properties(title={"text": upper(title), "fontSize": 13, "anchor": "start"}) if title else both


def _bar(value: float, said: str | None = None) -> Bar:
    return Bar(value, value, value, signed_number(value) if said is None else said)


def _along(slices: Slices, every: Sequence[tuple[Slice, Sequence[Answers]]], place: str) -> Figure:
    """Return lines of the effects of what matters most somewhere along the sweep."""
    key = slices.axis or ""
    name = key_name(key, slices.keys)
    followed = [(float(one.values[key]), _same(found, every[0][1][0])) for one, found in every]
    peak: dict[str, float] = {}
    for _, one in followed:
        for effect in one.effects:
            peak[effect.name] = max(peak.get(effect.name, 0.0), abs(effect.relative))
    top = sorted(peak, key=lambda one: -peak[one])[:MOST_LINES]
    lines = {
        effect: [(at, one.by_name[effect].relative, 0.0) for at, one in followed if effect in one.by_name]
        for effect in top
    }
    subject, unit = followed[0][1].subject, followed[0][1].unit
    finding = _most_along(slices, every)
    return Figure(
        f"sensitivity-{slug(slices.game)}-{slug(slices.dynamics)}",
        upper(place + finding),
        f"What 1 % more of each parameter does to {subject}, in {'per cent' if unit == '%' else 'percentage points'} · "
        f"{slices.place}",
        f"Lines over {name}. {upper(finding)}.",
        value_lines(lines, styles(top), x=name, y=f"{unit} for 1 % more of it"),
        *_table(slices),
        note="Exact slopes: for small changes effects add up. Above 0: more of it raises the measure.",
    )


def _same(found: Sequence[Answers], first: Answers) -> Answers:
    """Return the same measure of the same strategy in another setting."""
    key = (first.measure, first.strategy, first.resident)
    return next((one for one in found if (one.measure, one.strategy, one.resident) == key), found[0])


def _most_along(slices: Slices, every: Sequence[tuple[Slice, Sequence[Answers]]]) -> str:
    """Return on what a measure depends most, stretch by stretch."""
    key = slices.axis or ""
    name = key_name(key, slices.keys)
    followed = [(one.values[key], _same(found, every[0][1][0])) for one, found in every]
    subject = followed[0][1].subject
    led = [(value, one.effects[0].name if abs(one.effects[0].relative) >= NOTHING else "") for value, one in followed]
    runs = [(who, [value for value, _ in group]) for who, group in groupby(led, key=lambda one: one[1])]
    if len(runs) == 1:
        return _everywhere(subject, runs[0][0], followed, name)
    parts = []
    for place, (who, values) in enumerate(runs[:MOST_STRETCHES]):
        where = f"up to {number(values[-1])}" if place == 0 else f"from {number(values[0])}"
        if place == 0:
            where = f"up to {name} = {number(values[-1])}"
        parts.append(f"on {f'the {who}' if who else 'nothing'} {where}")
    left = len(runs) - MOST_STRETCHES
    return f"{subject} depends most {listed(parts)}" + (f", and changes {left} more times" if left > 0 else "")


def _everywhere(subject: str, who: str, followed: Sequence[tuple[Any, Answers]], name: str) -> str:
    if not who:
        return f"{subject} hardly depends on anything along {name}"
    value, one = max(followed, key=lambda item: abs(item[1].by_name[who].relative))
    most = signed_number(one.by_name[who].relative)
    where = f"most of all at {name} = {number(value)} ({most} for 1{NBSP}% more)"
    return f"{subject} depends most on the {who} throughout, {where}"


def _table(slices: Slices) -> tuple[list[str], list[list[Any]]]:
    columns = ("measure", "strategy", "resident", "value", "parameter", "earner", "opponent", "at", "derivative")
    head = [*slices.keys, *columns, "elasticity"]
    rows = [
        [*one.values.values(), *(row[name] for name in (*columns, "elasticity"))]
        for one in slices.cells
        for row in one.rows()
        if row["measure"] != "probability"
    ]
    return head, rows


def tilt(one: Slice) -> dict[str, list[tuple[int, float]]]:
    """Return, by parameter, how the probability of each state answers: number of the state, points for 1 % more."""
    found: dict[str, list[tuple[int, float]]] = {}
    rows = [row for row in one.rows() if row["measure"] == "probability"]
    named = any(str(row["parameter"]).startswith("game.") for row in rows)
    keys = sorted({str(row["parameter"]) for row in rows})
    for row in rows:
        if row["parameter"] != "payoff" or not named:
            effect = _effect(row, keys)
            found.setdefault(effect.name, []).append((int(row["state"]), effect.relative))
    return found


def state_figures(context: Context) -> list[Figure]:
    """Return how the time spent at each count of the first of two strategies answers to what matters most."""
    found = []
    for slices in _read(context):
        figure = _tilted(context, slices)
        found += [figure] if figure is not None else []
    return found


def _tilted(context: Context, slices: Slices) -> Figure | None:
    one = slices.cells[0]
    effects, counts = tilt(one), _counts(context, one)
    if not effects or not counts:
        return None
    first, place = counts
    total = {name: sum(abs(value) for _, value in points) for name, points in effects.items()}
    top = sorted(total, key=lambda name: -total[name])[:MOST_LINES]
    lines = {name: sorted((float(place[s]), value, 0.0) for s, value in effects[name] if s in place) for name in top}
    felt = {name: [(x, value) for x, value, _ in points] for name, points in lines.items()}
    best = lines[top[0]]
    gains, loses = max(best, key=lambda point: point[1]), min(best, key=lambda point: point[1])
    where = f"At {one.said}, " if one.said else ""
    said = (
        f"{where}1{NBSP}% more of the {top[0]} moves most time from populations with {loses[0]:.0f} {short(first)} "
        f"to those with {gains[0]:.0f}"
    )
    return Figure(
        f"tilt-{slug(slices.game)}-{slug(slices.dynamics)}",
        capital(upper(said)),
        f"What 1 % more of each parameter does to the time spent in each state, in percentage points · {slices.place}",
        f"Lines over the number of {short(first)}. {upper(said)}.",
        value_lines(lines, styles(top), x=f"individuals of {short(first, 20)}", y="points for 1 % more of it"),
        [f"individuals of {short(first)}", *top],
        [[at, *(dict(felt[name]).get(at) for name in top)] for at, _, _ in best],
    )


def _counts(context: Context, one: Slice) -> tuple[str, dict[int, int]] | None:
    """Return the first of two strategies and how many of it there are in each state, as the stationary table has it."""
    frame = context.frame("stationary")
    if frame is None:
        return None
    rows = frame.filter((frame["cell"] == one.cell) & (frame["dynamics"] == one.dynamics)).to_dicts()
    names = list(dict.fromkeys(str(row["strategy"]) for row in rows))
    if len(names) != 2:
        return None
    return names[0], {int(row["state"]): int(row["count"]) for row in rows if row["strategy"] == names[0]}
