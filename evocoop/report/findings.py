"""What the shares say, in plain words: who emerges, how sure that is, and where along the sweep it changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import groupby, pairwise

from evocoop.report.families import Family, Setting
from evocoop.report.words import count, key_name, listed, number, percent, quoted, short, with_error

MOST_STRETCHES = 4
NOTABLE = 0.01


def who(setting: Setting, *, brief: bool = False) -> str:
    """Return who emerges in one setting.

    >>> from evocoop.report.families import Share
    >>> who(Setting({}, (Share("C", 0.8, 0.0, True), Share("D", 0.2, 0.0, True))))
    'C holds 80.0\\xa0% of the population, ahead of D with 20.0\\xa0%'
    """
    best = setting.shares[0]
    said = percent(best.share) if brief else with_error(best.share, best.error, best.exact)
    level, unsure = setting.level, [short(one.strategy) for one in setting.unsure]
    if len(level) == len(setting.shares) > 1:
        return f"no strategy is favoured: all {len(level)} hold about {said}"
    if len(level) > 1 and len(level) + len(unsure) == len(setting.shares):
        least, most = (percent(one.share, 1) for one in (setting.shares[-1], best))
        return f"no lead can be told from chance: all {len(setting.shares)} hold {least} to {most}"
    if len(level) > 1:
        names = listed([short(one.strategy) for one in level])
        if unsure:
            return f"{names} have the largest shares, about {said} each, but {listed(unsure)} cannot be told from them"
        return f"{names} share the lead with about {said} each ({percent(sum(one.share for one in level))} together)"
    if unsure:
        return f"{short(best.strategy)} has the largest share, {said}, but {listed(unsure)} cannot be told from it"
    half = best.share >= 0.5
    first = f"{short(best.strategy)} {f'holds {said} of the population' if half else f'is the most common with {said}'}"
    rest = [one for one in setting.shares[1:] if one.share >= 0.005]
    if not rest:
        return first
    second = percent(rest[0].share) if brief else with_error(rest[0].share, rest[0].error, rest[0].exact)
    return f"{first}, ahead of {short(rest[0].strategy)} with {second}"


def headline(family: Family) -> str:
    """Return what a family says, as the title of a chart."""
    said = {"single": lambda one: who(one.settings[0], brief=True), "line": along}.get(family.shape, majority)
    return capital(said(family))


def sentence(family: Family) -> str:
    """Return what a family says, in one to three sentences."""
    if family.shape == "single":
        return f"{capital(who(family.settings[0]))}.{_cooperating(family)}"
    if family.shape == "line":
        return f"{capital(along(family))}.{_ends(family)}{_cooperation_along(family)}"
    leader = family.strategies[0]
    effects = ""
    if all(any(one.strategy == leader for one in setting.shares) for setting in family.settings):
        effects = _effects(family, lambda one: one.share_of(leader), f"the share of {short(leader)}")
    cooperation = _effects(family, lambda one: one.cooperation, "cooperation")
    return f"{capital(majority(family))}.{effects if family.full else _extremes(family)}{cooperation}"


def stretches(family: Family) -> list[tuple[tuple[str, ...], list[Setting]]]:
    """Return the runs of settings along a line that have the same winner."""
    return [(winner, list(group)) for winner, group in groupby(family.settings, key=lambda one: one.winner)]


def along(family: Family) -> str:
    """Return who is in front along a swept number, and between which values that changes."""
    key = family.axis or ""
    name = key_name(key, family.keys)
    runs = stretches(family)
    first, last = (number(family.settings[place].values[key]) for place in (0, -1))
    if len(runs) == 1:
        return f"{_front(runs[0][0])} at every {name} from {first} to {last}"
    if len(runs) > MOST_STRETCHES:
        return f"{majority(family)}; the lead changes {len(runs) - 1} times between {name} = {first} and {last}"
    parts = []
    for place, (winner, settings) in enumerate(runs):
        low, high = (number(settings[end].values[key]) for end in (0, -1))
        span = f"at {low}" if low == high else f"from {low} to {high}"
        if place == 0:
            parts.append(f"{_front(winner)} {f'at {name} = {low}' if low == high else f'up to {name} = {high}'}")
        else:
            parts.append(f"{_names(winner)} {f'from {low} on' if place == len(runs) - 1 and low != high else span}")
    return listed(parts, most=MOST_STRETCHES)


def majority(family: Family) -> str:
    """Return how many settings each strategy leads."""
    wins = Counter(one.winner for one in family.settings)
    total = len(family.settings)
    if len(wins) == 1:
        return f"{_front(next(iter(wins)))} in all {count(total, 'setting')}"
    alone = [(winner, many) for winner, many in wins.most_common() if len(winner) == 1]
    parts = []
    for place, (winner, many) in enumerate(alone[:4]):
        rule = wherever(family, winner)
        parts.append(f"{short(winner[0])} {'leads ' if place == 0 else ''}in {many}{f' ({rule})' if rule else ''}")
    others = sum(many for _, many in alone[4:])
    tied = total - sum(many for _, many in alone)
    parts += [f"others in {others}"] if others else []
    parts += [f"several tie in {tied}"] if tied else []
    return f"of {total} settings, {listed(parts, most=6)}"


def wherever(family: Family, winner: tuple[str, ...]) -> str:
    """Return the one condition on one swept number that tells exactly where somebody leads, if there is one."""
    for key in family.keys:
        values = [one.values[key] for one in family.settings]
        if not all(isinstance(value, (int, float)) for value in values):
            continue
        won = [one.values[key] for one in family.settings if one.winner == winner]
        name = key_name(key, family.keys)
        if len(won) == sum(value >= min(won) for value in values) < len(values):
            return f"wherever {name} is at least {number(min(won))}"
        if len(won) == sum(value <= max(won) for value in values) < len(values):
            return f"wherever {name} is at most {number(max(won))}"
    return ""


def _ends(family: Family) -> str:
    """Return how the leader's share changes along the line, as a further sentence."""
    key = family.axis or ""
    name = key_name(key, family.keys)
    first, last = family.settings[0], family.settings[-1]
    if len(stretches(family)) > 1 or len(first.level) > 1:
        at = [f"at {name} = {number(one.values[key])} {who(one)}" for one in (first, last)]
        return f" {capital('; '.join(at))}."
    leader = first.shares[0].strategy
    before, after = first.share_of(leader), last.share_of(leader)
    if abs(before - after) < NOTABLE:
        return f" It holds {percent(before, 1)} at both ends of that range."
    return f" Its share {'falls' if after < before else 'rises'} from {percent(before, 1)} to {percent(after, 1)}."


def _cooperating(family: Family) -> str:
    value = family.settings[0].cooperation
    return "" if value is None else f" Cooperation stands at {percent(value, 1)}."


def _cooperation_along(family: Family) -> str:
    """Return how cooperation changes along the line, as a further sentence."""
    first, last = family.settings[0].cooperation, family.settings[-1].cooperation
    if first is None or last is None:
        return ""
    if abs(first - last) < NOTABLE:
        return f" Cooperation is {percent(first)} at both ends."
    return f" Cooperation {'rises' if last > first else 'falls'} from {percent(first)} to {percent(last)}."


def _effects(family: Family, value: Callable[[Setting], float | None], what: str) -> str:
    """Return how something changes with each swept number, the others averaged, as a further sentence."""
    if len(family.keys) < 2 or not family.full or any(value(one) is None for one in family.settings):
        return ""
    parts = []
    for key in family.keys:
        levels = {one.values[key] for one in family.settings}
        if not all(isinstance(level, (int, float)) for level in levels):
            continue
        means = []
        for level in (min(levels), max(levels)):
            there = [value(one) or 0.0 for one in family.settings if one.values[key] == level]
            means.append(sum(there) / len(there))
        if abs(means[1] - means[0]) >= NOTABLE:
            way = "rises" if means[1] > means[0] else "falls"
            span = f"from {number(min(levels))} to {number(max(levels))}"
            parts.append(
                f"{way} from {percent(means[0])} to {percent(means[1])} as {key_name(key, family.keys)} goes {span}"
            )
    return f" On average {what} {listed(parts)}." if parts else f" On average {what} hardly changes."


def _extremes(family: Family) -> str:
    """Return at which settings the overall leader stands best and worst, as a further sentence."""
    leader = family.strategies[0]
    best = max(family.settings, key=lambda one: one.share_of(leader))
    worst = min(family.settings, key=lambda one: one.share_of(leader))
    if best.share_of(leader) - worst.share_of(leader) < NOTABLE:
        return ""
    return (
        f" {short(leader)} does best at {family.said(best)} ({percent(best.share_of(leader), 1)}) "
        f"and worst at {family.said(worst)} ({percent(worst.share_of(leader), 1)})."
    )


def certainty(families: Sequence[Family]) -> str:
    """Return how sure the shares are."""
    if not families:
        return ""
    if all(one.exact for one in families):
        return "All shares are computed exactly from the model, not sampled: they carry no sampling error."
    errors = [one.largest_error for one in families]
    known = [error for error in errors if error is not None]
    some = "Some shares are" if any(one.exact for one in families) else "The shares are"
    if len(known) < len(errors):
        return f"{some} estimates, from samples or by approximation, and for some no standard error can be given."
    size = f"the largest standard error is {100 * max(known):.1f} percentage points"
    total = sum(len(one.settings) for one in families)
    close = sum(bool(setting.unsure) for one in families for setting in one.settings)
    if not close:
        return f"{some} estimates from samples; {size}, and every lead is beyond two standard errors."
    where = "the lead is" if total == 1 else f"in {close} of {total} settings the lead is"
    return f"{some} estimates from samples; {size}, and {where} within two standard errors, so it may be chance."


def mean_cooperation(family: Family) -> float | None:
    """Return mean cooperation over all settings, or None where it is not known."""
    values = [one.cooperation for one in family.settings]
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if len(known) == len(values) else None


def cooperation_by_game(families: Sequence[Family], most: int = 4) -> str:
    """Return mean cooperation game by game, the most first; of many games only the extremes."""
    ordered = sorted(families, key=lambda one: -(mean_cooperation(one) or 0.0))
    parts = [f"{percent(mean_cooperation(one) or 0.0)} in {quoted(one.game)}" for one in ordered]
    if len(parts) <= most:
        return f"is {listed(parts, most=most)}"
    return f"ranges from {parts[0]} down to {parts[-1]}"


def cooperation_lasts(families: Sequence[Family]) -> str:
    """Return up to where (or from where on) along the sweep most cooperate, by game, or by dynamics in one game."""
    lines = [one for one in families if one.shape == "line" and mean_cooperation(one) is not None]
    if len(lines) < 2 or len({one.axis for one in lines}) > 1:
        return ""
    key = lines[0].axis or ""
    lines.sort(key=lambda one: -(mean_cooperation(one) or 0.0))
    spans = [_majority_span(one, key) for one in lines]
    if None in spans or len(set(spans)) == 1:
        return ""
    several = len({one.game for one in lines}) > 1
    where = [f"in {quoted(one.game)}" if several else f"under {quoted(one.dynamics)}" for one in lines]
    parts = [f"{span} {place}" for span, place in zip(spans, where, strict=True)]
    if len(parts) > 5:
        parts = [*parts[:2], *parts[-2:]]
    return f"cooperation stands above one half {', '.join(parts[:-1])} and {parts[-1]}"


def _majority_span(family: Family, key: str) -> str | None:
    """Return where cooperation is above one half, or None where that is not one stretch from an end."""
    above = [(one.cooperation or 0.0) > 0.5 for one in family.settings]
    changes = sum(before != after for before, after in pairwise(above))
    if changes == 0:
        return "everywhere" if above[0] else "nowhere"
    if changes > 1:
        return None
    name = key_name(key, family.keys)
    if above[0]:
        return f"up to {name} = {number(family.settings[above.index(False) - 1].values[key])}"
    return f"from {name} = {number(family.settings[above.index(True)].values[key])} on"


def _front(winner: tuple[str, ...]) -> str:
    """Return the strategies in front, with the verb."""
    return f"{_names(winner)} {'lead' if len(winner) > 1 else 'leads'}"


def _names(winner: tuple[str, ...]) -> str:
    if not winner:
        return "no strategy"
    return f"{listed([short(one) for one in winner], most=2)}{' together' if len(winner) > 1 else ''}"


def capital(text: str) -> str:
    """Return a sentence that begins with a capital, unless a name stands first."""
    ours = ("cooperation ", "no strategy", "no lead", "of ", "at ", "all ", "every ", "selection ", "the path", "none ")
    return text[0].upper() + text[1:] if text.startswith(ours) else text


def uncapital(text: str) -> str:
    """Return a sentence as it goes on after a colon; names keep their capitals.

    >>> uncapital("Of 9 settings"), uncapital("COMP leads")
    ('of 9 settings', 'COMP leads')
    """
    lowered = text[:1].lower() + text[1:]
    return lowered if capital(lowered) == text else text
