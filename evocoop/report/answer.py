"""The first paragraphs of a report: the answer to the experiment's question, from the data, in plain words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from evocoop.report.context import Context
from evocoop.report.families import Family
from evocoop.report.findings import (
    along,
    capital,
    certainty,
    cooperation_by_game,
    cooperation_lasts,
    majority,
    mean_cooperation,
    sentence,
    uncapital,
    who,
)
from evocoop.report.sections import (
    ablation,
    basins,
    capacities,
    gradient,
    minds,
    paths,
    rankings,
    rarity,
    regimes,
    rest,
    sensitivity,
    stationary,
    takeover,
    traits,
    two_populations,
)
from evocoop.report.slices import read_slices
from evocoop.report.words import count, listed, percent, plain, quoted, short, upper

MOST_POINTS = 14
FULL_SENTENCES = 4

_CAUTION = "This follows from the model and its parameters; whether it explains anything that lives is a hypothesis."
_CHIMPS = " “Chimpanzee-like” names a region of parameters, not a verdict on a species."


@dataclass(frozen=True)
class Answer:
    """What the report says first.

    Args:
        lead: the answer in one to three sentences.
        why: which capacities carry it, where that was asked.
        points: the answer game by game, where there are several: where, what.
        certainty: how sure it is.
        caution: what it does not say.
    """

    lead: str
    why: str = ""
    points: tuple[tuple[str, str], ...] = ()
    certainty: str = ""
    caution: str = ""


def answer(context: Context) -> Answer:
    """Return the answer in words."""
    families, caution = context.families, _caution(context)
    if two_populations.said(context):
        return _of_two(context, caution)
    if len(families) == 1:
        parts = [f"In this model, in the long run: {uncapital(sentence(families[0]))}", _kinds(context), _rest(context)]
        parts += [paths.restless_said(context, families[0].game, families[0].dynamics), _basins(context)]
        said = " ".join(part for part in parts if part)
        return Answer(said, why(context), (), _certainty(context), caution)
    if families:
        return Answer(_lead(context), why(context), _points(context, families), _certainty(context), caution)
    for words in (_basins, _rankings):
        said = words(context)
        if said:
            return Answer(said, why(context), (), _certainty(context), caution)
    for words in (_carried, _others):
        said = words(context)
        if said:
            return Answer(said, certainty=_certainty(context), caution=caution)
    return Answer("There are no results yet, so the question stays open.")


@dataclass(frozen=True)
class Brief:
    """The answer over several games on one screen of a terminal.

    Args:
        lead: how much cooperation there is, and how much each kind of mind holds.
        why: what carries it, where that was asked.
        dynamics: the dynamics of the rows.
        rows: game, who leads and in how many settings, mean cooperation.
    """

    lead: str
    why: str
    dynamics: str
    rows: tuple[tuple[str, str, str], ...]


def brief(context: Context) -> Brief | None:
    """Return the answer over several games in short, or None where there is one game, or two populations."""
    families = context.families
    some = [one for one in families if one.dynamics == families[0].dynamics]
    if len(some) < 2 or two_populations.said(context):
        return None
    said = [f"In this model, {_levels(families)}." if _levels(families) else "", _kinds(context)]
    carried = ablation.said(context)
    rows = [(short(plain(one.game), 34), _leads(one), _mean(one)) for one in some]
    lead = " ".join(part for part in said if part) or f"In this model: {capital(_winners(families))}"
    return Brief(lead, f"Why: {carried}" if carried else why(context), some[0].dynamics, tuple(rows))


def _leads(family: Family) -> str:
    """Return who leads in most settings, and in how many."""
    settings = family.settings
    if len(settings) == 1:
        best = settings[0].level
        return f"{listed([short(one.strategy) for one in best], most=2)} {percent(best[0].share)}"
    winner, many = Counter(one.winner for one in settings).most_common(1)[0]
    names = listed([short(name) for name in winner], most=2) if winner else "all alike"
    return f"{names} in {many} of {len(settings)}"


def _mean(family: Family) -> str:
    mean = mean_cooperation(family)
    return "" if mean is None else percent(mean)


def _of_two(context: Context, caution: str) -> Answer:
    """Return the answer where games of two populations are among those that are asked about."""
    parts = [two_populations.said(context), _lead(context) if context.families else ""]
    said = " ".join(part for part in parts if part)
    points = _points(context, (*context.families, *context.populations))
    return Answer(said, why(context), points, _certainty(context), caution)


def _certainty(context: Context) -> str:
    """Return how sure the answer is: its shares, its ablation, its evolving capacities, its limit of rare mutations."""
    parts = [
        certainty((*context.families, *context.populations)),
        ablation.certainty(context),
        capacities.certainty(context),
    ]
    parts.append(rarity.said(context))
    return " ".join(part for part in parts if part)


def _lead(context: Context) -> str:
    """Return the answer over several games or kinds of dynamics."""
    families = context.families
    parts = [_cooperation(families), _kinds(context), _winners(families), _rest(context), _basins(context)]
    said = " ".join(part for part in parts if part) or f"{along_or_who(families[0])}."
    return f"In this model: {capital(said)}" if not _cooperation(families) else f"In this model, {said}"


def why(context: Context) -> str:
    """Return which capacities carry what was found, which evolve, and on what it depends, where that was asked."""
    carried = ablation.said(context)
    parts = (f"Why: {carried}" if carried else "", capacities.said(context), sensitivity.said(context))
    return " ".join(one for one in parts if one)


def _carried(context: Context) -> str:
    """Return the same where nothing else was asked."""
    said = why(context).removeprefix("Why: ")
    return f"In this model, {said[0].lower()}{said[1:]}" if said else ""


def _cooperation(families: Sequence[Family]) -> str:
    """Return how much cooperation there is, and up to where it stands above one half."""
    said = _levels(families)
    lasts = cooperation_lasts(_telling(families)) if said else ""
    return f"{said}.{f' {capital(lasts)}.' if lasts else ''}" if said else ""


def _telling(families: Sequence[Family]) -> list[Family]:
    """Return the families whose cooperation is told: under the first dynamics, if there are several games."""
    known = [one for one in families if mean_cooperation(one) is not None]
    first = [one for one in known if one.dynamics == known[0].dynamics]
    return first if len(first) > 1 else known


def _levels(families: Sequence[Family]) -> str:
    """Return how much cooperation there is, without a full stop; nothing where fewer than two families can tell."""
    some = _telling(families)
    if len(some) < 2:
        return ""
    notes = ["averages over the sweep"] if any(len(one.settings) > 1 for one in some) else []
    if len({one.dynamics for one in some}) == 1 < len({one.dynamics for one in families}):
        notes.append(f"under {quoted(some[0].dynamics)}")
    said = cooperation_by_game(some)
    if len({one.game for one in some}) < 2:
        parts = [f"{percent(mean_cooperation(one) or 0.0)} under {quoted(one.dynamics)}" for one in some]
        said = f"is {listed(parts, most=4)}"
    more = f" ({listed(notes)})" if notes else ""
    return f"cooperation in the long run {said}{more}"


def _kinds(context: Context) -> str:
    """Return how much each kind of mind holds where several compete."""
    total: dict[str, float] = {}
    mixed = minds.mixed(context)
    settings = sum(len(one.settings) for one in mixed)
    for family in mixed:
        for name in family.strategies:
            kind = context.kinds[family.game].get(name, "other")
            total[kind] = total.get(kind, 0.0) + family.mean_share(name) * len(family.settings)
    if not settings:
        return ""
    ranked = sorted(total.items(), key=lambda one: -one[1])
    parts = [f"{short(kind)} strategies hold {percent(value / settings)}" for kind, value in ranked]
    return f"Where both compete, {listed(parts)} of the population on average."


def _winners(families: Sequence[Family]) -> str:
    """Return who leads in how many settings, unless most of them are ties."""
    wins = Counter(one.winner for family in families for one in family.settings)
    total = sum(wins.values())
    alone = {winner[0]: many for winner, many in wins.items() if len(winner) == 1}
    if 2 * sum(alone.values()) < total:
        return ""
    ranked = sorted(alone.items(), key=lambda one: -one[1])
    parts = [f"{short(name)} in {many}" for name, many in ranked[:4]]
    tied = total - sum(alone.values())
    if tied:
        parts.append(f"to a tie in {tied}")
    more = " (and others elsewhere)" if len(ranked) > 4 else ""
    games = count(len({one.game for one in families}), "game")
    return f"In {total} settings of {games}, the largest share goes to {listed(parts)}{more}."


def _points(context: Context, families: Sequence[Family]) -> tuple[tuple[str, str], ...]:
    """Return what each game says, under each of the dynamics."""
    full = len(families) <= FULL_SENTENCES
    several = len({one.dynamics for one in families}) > 1
    said: dict[str, list[str]] = {}
    for family in families[:MOST_POINTS]:
        words = sentence(family) if full else f"{capital(along_or_who(family))}."
        restless = paths.restless_said(context, family.game, family.dynamics)
        words = f"{words} {restless}" if full and restless else words
        under = f"Under {quoted(family.dynamics)}: " if several else ""
        said.setdefault(family.game, []).append(f"{under}{words}")
    found = [(plain(game), " ".join(words)) for game, words in said.items()]
    left = len(families) - MOST_POINTS
    if left > 0:
        found.append(("And", f"{count(left, 'more combination')} of game and dynamics: see the charts."))
    return tuple(found)


def along_or_who(family: Family) -> str:
    """Return what one game says under one of the dynamics, as short as it can be said."""
    if family.shape == "single":
        return who(family.settings[0])
    return along(family) if family.shape == "line" else majority(family)


def _rest(context: Context) -> str:
    """Return where the only game of two strategies can rest along its sweep, or any only game over two keys."""
    frame = context.frame("rest_points")
    if frame is None or frame["game"].n_unique() > 1:
        return ""
    slices = read_slices(frame, context.experiment.sweep.keys)[0]
    if regimes.is_grid(slices):
        return f"{upper(regimes.said(slices, rest.points))}."
    return f"{capital(rest.said(slices))}." if slices.axis and len(context.strategies) == 2 else ""


def _basins(context: Context) -> str:
    return f"{basins.said(context.basins[0])}." if context.basins else ""


def _rankings(context: Context) -> str:
    frame = context.frame("rankings")
    if frame is None:
        return ""
    one = read_slices(frame, context.experiment.sweep.keys)[0].cells[0]
    rows = sorted(one.rows(), key=lambda row: row["rank"])
    where = f" (at {one.said})" if one.said else ""
    invaders = " ".join(f"{one.title}." for one in takeover.figures(context)[:2])
    return f"In this tournament{where}, {rankings.said(rows)}. {invaders}".strip()


def _others(context: Context) -> str:
    """Return the finding of the first chart when there are neither shares nor rankings."""
    if traits.said(context):
        return traits.said(context)
    for section in (rest, gradient, sensitivity, takeover, stationary):
        figures = section.figures(context)
        if figures:
            return f"In this model: {figures[0].title}."
    kinds = [kind for kind in context.run.kinds if context.frame(kind) is not None]
    return f"No long-run shares were asked for; the tables of {listed(kinds, most=9)} are shown below." if kinds else ""


def _caution(context: Context) -> str:
    asked = context.experiment
    words = f"{asked.name} {asked.question} {asked.expected} {' '.join(one.label for one in asked.games)}".casefold()
    return _CAUTION + (_CHIMPS if "chimp" in words else "")
