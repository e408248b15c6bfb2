"""Figures of kinds of mind: how much of the population each holds, in games that sort their strategies into kinds."""

from __future__ import annotations

from collections.abc import Sequence

from evocoop.report.context import Context
from evocoop.report.drawing.bars import bars
from evocoop.report.drawing.lines import share_lines
from evocoop.report.families import Family, Setting
from evocoop.report.figure import Figure
from evocoop.report.look import styles
from evocoop.report.words import key_name, listed, percent, plain, quoted, short, slug


def figures(context: Context) -> list[Figure]:
    """Return the share of one kind of mind in each game in which several compete, for each of the dynamics."""
    found = []
    families = mixed(context)
    for dynamics in dict.fromkeys(one.dynamics for one in families):
        some = [one for one in families if one.dynamics == dynamics]
        lines = [one for one in some if one.shape == "line" and one.axis == some[0].axis]
        drawn = lines or [one for one in some if one.shape == "single"]
        if drawn:
            found.append(_figure(context, drawn, dynamics))
    return found


def mixed(context: Context) -> list[Family]:
    """Return the families in which strategies of several kinds compete."""
    return [
        one
        for one in context.families
        if len({context.kinds.get(one.game, {}).get(name, "") for name in one.strategies}) > 1
    ]


def share_of_kind(setting: Setting, kinds: dict[str, str], kind: str) -> float:
    """Return the share of all strategies of one kind."""
    return sum(one.share for one in setting.shares if kinds.get(one.strategy) == kind)


def _figure(context: Context, families: Sequence[Family], dynamics: str) -> Figure:
    every = list(dict.fromkeys(kind for one in families for kind in context.kinds[one.game].values()))
    kind = next((one for one in every if "human" in one), every[-1])
    shares = {
        one.game: [share_of_kind(setting, context.kinds[one.game], kind) for setting in one.settings]
        for one in families
    }
    means = {game: sum(some) / len(some) for game, some in shares.items()}
    said = listed([f"{percent(means[game])} in {quoted(game)}" for game in sorted(means, key=lambda one: -means[one])])
    look = styles([plain(game) for game in means])
    if families[0].shape == "line":
        key = families[0].axis or ""
        lines = {
            plain(one.game): [
                (at.values[key], share, 0.0) for at, share in zip(one.settings, shares[one.game], strict=True)
            ]
            for one in families
        }
        chart = share_lines(
            lines, look, x=key_name(key, families[0].keys), y=f"share of {short(kind)} minds", width=600
        )
    else:
        chart = bars(
            [(plain(game), share, 0.0) for game, share in means.items()], look, x=f"share of {short(kind)} minds"
        )
    keys = list(dict.fromkeys(key for one in families for key in one.keys))
    rows = [
        [one.game, dynamics, *(setting.values.get(key) for key in keys), share]
        for one in families
        for setting, share in zip(one.settings, shares[one.game], strict=True)
    ]
    over = " on average over the sweep" if len(rows) > len(families) else ""
    return Figure(
        f"minds-{slug(dynamics)}",
        f"{kind[:1].upper()}{short(kind)[1:]} minds hold{over} {said}",
        f"Share of all {short(kind)} strategies together, in games where several kinds compete · {plain(dynamics, 40)}",
        f"Share of {short(kind)} minds, game by game: {said}.",
        chart,
        ["game", "dynamics", *(key_name(key, keys) for key in keys), f"share of {kind}"],
        rows,
    )
