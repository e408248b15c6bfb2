"""What the shares say, in plain words: who emerges, how sure that is, and where along the sweep it changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import groupby

from evocoop.report.families import Family, Setting
from evocoop.report.words import count, key_name, listed, number, percent, short, with_error

MOST_STRETCHES = 4


def who(setting: Setting, *, brief: bool = False) -> str:
    """Return who emerges in one setting.

    >>> from evocoop.report.families import Share
    >>> who(Setting({}, (Share("C", 0.8, 0.0, True), Share("D", 0.2, 0.0, True))))
    'C holds 80.0\\xa0% of the population, ahead of D with 20.0\\xa0%'
    """
    tied, best = setting.tied, setting.shares[0]
    said = with_error(best.share, best.error, best.exact) if not brief else percent(best.share)
    if len(tied) == len(setting.shares) and len(tied) > 1:
        return f"no strategy is favoured: all {len(tied)} hold about {said}"
    if len(tied) > 1:
        names = listed([short(one.strategy) for one in tied])
        total = sum(one.share for one in tied)
        return f"{names} share the lead with about {said} each ({percent(total)} together)"
    verb = "holds" if best.share >= 0.5 else "is the most common with"
    first = f"{short(best.strategy)} {verb} {said}{' of the population' if best.share >= 0.5 else ''}"
    rest = [one for one in setting.shares[1:] if one.share >= 0.005]
    if not rest:
        return first
    second = rest[0]
    said = with_error(second.share, second.error, second.exact) if not brief else percent(second.share)
    return f"{first}, ahead of {short(second.strategy)} with {said}"


def headline(family: Family) -> str:
    """Return what a family says, as the title of a chart: numbers rounded, nothing left vague."""
    if family.shape == "single":
        return _capital(who(family.settings[0], brief=True))
    if family.shape == "line":
        return _capital(along(family))
    return _capital(regions(family))


def sentence(family: Family) -> str:
    """Return what a family says, as a sentence of the answer."""
    if family.shape == "single":
        return f"{_capital(who(family.settings[0]))}."
    if family.shape == "line":
        extra = _ends(family)
        return f"{_capital(along(family))}.{extra}"
    return f"{_capital(regions(family))}.{_trends(family)}"


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
    if len(runs) <= MOST_STRETCHES:
        parts = []
        for place, (winner, settings) in enumerate(runs):
            low, high = (number(settings[end].values[key]) for end in (0, -1))
            span = f"up to {name} {high}" if place == 0 else f"from {low} on" if place == len(runs) - 1 else ""
            if 0 < place < len(runs) - 1:
                span = f"at {low}" if low == high else f"from {low} to {high}"
            parts.append(f"{_front(winner)} {span}")
        return listed(parts, most=MOST_STRETCHES)
    return f"{_majority(family)}; the lead changes {len(runs) - 1} times between {name} {first} and {last}"


def regions(family: Family) -> str:
    """Return how many settings each strategy leads."""
    return _majority(family)


def _majority(family: Family) -> str:
    wins = Counter(one.winner for one in family.settings)
    total = len(family.settings)
    if len(wins) == 1:
        winner = next(iter(wins))
        return f"{_front(winner)} in all {count(total, 'setting')}"
    parts = [f"{_names(winner)} leads in {wins[winner]}" for winner, _ in wins.most_common()]
    return f"of {total} settings, {listed(parts, most=4)}"


def _ends(family: Family) -> str:
    """Return how the leader's share changes along the line, as a further sentence."""
    name = key_name(family.axis or "", family.keys)
    first, last = family.settings[0], family.settings[-1]
    leader = first.shares[0].strategy
    at = [f"at {name} {number(one.values[family.axis or ''])} {who(one)}" for one in (first, last)]
    if first.winner == last.winner and len(first.tied) == 1:
        before, after = first.share_of(leader), last.share_of(leader)
        if abs(before - after) >= 0.01:
            way = "falls" if after < before else "rises"
            return f" Its share {way} from {percent(before, 1)} to {percent(after, 1)} along the way."
        return f" It holds {percent(before, 1)} throughout the ends of the range."
    return f" {_capital('; '.join(at))}."


def _trends(family: Family) -> str:
    """Return at which settings the overall leader stands best and worst, as a further sentence."""
    leader = family.strategies[0]
    best = max(family.settings, key=lambda one: one.share_of(leader))
    worst = min(family.settings, key=lambda one: one.share_of(leader))
    if best is worst or best.share_of(leader) - worst.share_of(leader) < 0.01:
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
        return f"{some} estimates from samples, and for some no standard error can be given."
    return f"{some} estimates from samples; the largest standard error is {100 * max(known):.1f} percentage points."


def _front(winner: tuple[str, ...]) -> str:
    """Return the strategies in front, with the verb."""
    if not winner:
        return "no strategy leads"
    names = listed([short(one) for one in winner], most=3)
    return f"{names} leads" if len(winner) == 1 else f"{names} lead together"


def _names(winner: tuple[str, ...]) -> str:
    return " = ".join(short(one) for one in winner[:3]) + (" = …" if len(winner) > 3 else "") if winner else "nobody"


def _capital(text: str) -> str:
    """Return a sentence that begins with a capital, unless a name stands first."""
    return text[0].upper() + text[1:] if text.startswith(("no strategy", "of ", "at ")) else text
