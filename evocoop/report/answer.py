"""The first paragraphs of a report: the answer to the experiment's question, from the data, in plain words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evocoop.report.context import Context
from evocoop.report.families import Family
from evocoop.report.findings import certainty, sentence
from evocoop.report.sections import cooperation
from evocoop.report.words import count, listed, percent, short

MOST_POINTS = 8


@dataclass(frozen=True)
class Answer:
    """What the report says first.

    Args:
        lead: the answer in one or two sentences.
        points: the answer game by game, where there are several.
        certainty: how sure it is.
        caution: what it does not say.
    """

    lead: str
    points: tuple[tuple[str, str], ...] = ()
    certainty: str = ""
    caution: str = ""


def answer(context: Context) -> Answer:
    """Return the answer in words."""
    families = context.families
    caution = _caution(context)
    if families:
        points = tuple((_place(one, families), sentence(one)) for one in families[:MOST_POINTS])
        left = len(families) - MOST_POINTS
        if left > 0:
            points = (*points, ("", f"{count(left, 'more combination')} of game and dynamics: see the charts."))
        lead = _lead(context, families)
        return Answer(lead, () if len(families) == 1 else points, certainty(families), caution)
    for words in (_basins, _rankings, _others):
        said = words(context)
        if said:
            return Answer(said, caution=caution)
    return Answer("There are no results yet, so the question stays open.", caution="")


def _place(family: Family, families: Sequence[Family]) -> str:
    dynamics = {one.dynamics for one in families}
    games = {one.game for one in families}
    parts = [short(family.game, 60)] if len(games) > 1 or len(dynamics) == 1 else []
    if len(dynamics) > 1:
        parts.append(short(family.dynamics, 60))
    return ", ".join(parts)


def _lead(context: Context, families: Sequence[Family]) -> str:
    if len(families) == 1:
        return f"In this model, in the long run: {sentence(families[0])}"
    overall: dict[str, float] = {}
    settings = sum(len(one.settings) for one in families)
    for family in families:
        for name in family.strategies:
            overall[name] = overall.get(name, 0.0) + family.mean_share(name) * len(family.settings) / settings
    best = sorted(overall, key=lambda name: -overall[name])[:3]
    said = listed([f"{short(name)} ({percent(overall[name])})" for name in best])
    games = len({one.game for one in families})
    scope = f"{count(games, 'game')}, {count(len({one.dynamics for one in families}), 'kind')} of dynamics and {count(settings, 'setting')}"
    lead = f"In this model, over {scope}, the largest mean shares in the long run are those of {said}."
    known = [one for one in families if cooperation.mean_cooperation(one) is not None]
    if len({one.game for one in known}) > 1:
        first = [one for one in known if one.dynamics == known[0].dynamics]
        under = f" under {short(first[0].dynamics)}" if len({one.dynamics for one in known}) > 1 else ""
        lead += f" Cooperation averages {cooperation.said(first)}{under}."
    return lead


def _basins(context: Context) -> str:
    if not context.basins:
        return ""
    family = context.basins[0]
    best = family.settings[0].shares[:3]
    where = f" (at {family.said(family.settings[0])})" if family.keys else ""
    said = listed([f"{percent(one.share, 1)} at {short(one.strategy, 60)}" for one in best])
    return f"In this model, of all starting points{where} these shares end at each attractor: {said}."


def _rankings(context: Context) -> str:
    frame = context.frame("rankings")
    if frame is None:
        return ""
    first = frame.filter(frame["cell"] == frame["cell"].min()).sort("rank")
    rows = first.head(3).to_dicts()
    others = listed([f"{short(row['strategy'])} ({row['score']:.3f})" for row in rows[1:]])
    return (
        f"{short(rows[0]['strategy'])} wins the tournament of {first.height} strategies with {rows[0]['score']:.3f} points "
        f"a turn{', ahead of ' + others if len(rows) > 1 else ''}."
    )


def _others(context: Context) -> str:
    kinds = [kind for kind in context.run.kinds if context.frame(kind) is not None]
    return f"No long-run shares were asked for; the tables of {listed(kinds, most=9)} are shown below." if kinds else ""


def _caution(context: Context) -> str:
    asked = context.experiment
    words = f"{asked.name} {asked.question} {asked.expected} {' '.join(one.label for one in asked.games)}".lower()
    caution = "This is what follows from the model and its parameters. Whether it explains anything that lives is a hypothesis."
    if "chimp" in words:
        caution += " 'Chimpanzee-like' names a region of parameters, not a verdict on a species."
    return caution
