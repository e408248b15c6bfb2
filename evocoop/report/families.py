"""Result tables sorted into families: one game under one of the dynamics, at every point of the sweep."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from evocoop.report.words import as_value, key_name, number

if TYPE_CHECKING:
    import polars as pl

NEGLIGIBLE = 1e-9
SAME = 0.005


@dataclass(frozen=True)
class Share:
    """The share of one strategy (or attractor) in one setting.

    Args:
        strategy: its name.
        share: in [0, 1].
        error: standard error; None where it cannot be told.
        exact: whether it was computed rather than sampled.
        cooperation: how often it cooperates among its own kind, where known.
    """

    strategy: str
    share: float
    error: float | None
    exact: bool
    cooperation: float | None = None


@dataclass(frozen=True)
class Setting:
    """One point of the sweep: what is set, and the shares there, largest first."""

    values: dict[str, Any]
    shares: tuple[Share, ...]

    @property
    def level(self) -> tuple[Share, ...]:
        """The leader and all whose shares are the same, but for half a percentage point or a fiftieth."""
        return tuple(one for one in self.shares if self.shares[0].share - one.share <= _same(self.shares[0]))

    @property
    def unsure(self) -> tuple[Share, ...]:
        """Those behind the leader by less than two standard errors."""
        best = self.shares[0]
        return tuple(one for one in self.shares[len(self.level) :] if best.share - one.share <= _blur(best, one))

    @property
    def winner(self) -> tuple[str, ...]:
        """The strategies in front, by name; none when all are equal."""
        level = self.level
        return () if 2 < len(level) == len(self.shares) else tuple(sorted(one.strategy for one in level))

    @property
    def cooperation(self) -> float | None:
        """Mean cooperation of strategies among their own kind, each weighted by its share."""
        known = [one for one in self.shares if one.cooperation is not None]
        if not known or sum(one.share for one in known) < 0.999:
            return None
        return float(sum(one.share * (one.cooperation or 0.0) for one in known))

    def share_of(self, strategy: str) -> float:
        """Return the share of a strategy, 0 where it does not take part."""
        return float(sum(one.share for one in self.shares if one.strategy == strategy))


def _same(best: Share) -> float:
    """Return below which difference two shares count as equal: half a percentage point, less where all are small."""
    return min(SAME, 0.02 * best.share + NEGLIGIBLE)


def _blur(first: Share, second: Share) -> float:
    """Return below which difference two sampled shares cannot be told apart: two standard errors."""
    return 2.0 * math.hypot(*(0.0 if one.exact else one.error or 0.0 for one in (first, second)))


@dataclass(frozen=True)
class Family:
    """All settings of one game under one of the dynamics.

    Args:
        game: its label.
        dynamics: their label; empty where there is none.
        keys: what differs between settings, dotted.
        settings: in the order of the sweep.
    """

    game: str
    dynamics: str
    keys: tuple[str, ...]
    settings: tuple[Setting, ...]

    @cached_property
    def strategies(self) -> tuple[str, ...]:
        """All strategies, the largest mean share first."""
        total: dict[str, float] = {}
        for setting in self.settings:
            for one in setting.shares:
                total[one.strategy] = total.get(one.strategy, 0.0) + one.share
        return tuple(sorted(total, key=lambda name: -total[name]))

    @cached_property
    def shape(self) -> str:
        """How the settings lie: ``"single"``, ``"line"`` (one number varies), ``"grid"`` (two do) or ``"list"``."""
        if len(self.settings) == 1:
            return "single"
        if self.axis is not None:
            return "line"
        if len(self.keys) == 2 and self.full:
            return "grid"
        return "list"

    @cached_property
    def full(self) -> bool:
        """Whether every combination of the values of all keys is there."""
        sizes = [len({str(one.values[key]) for one in self.settings}) for key in self.keys]
        return math.prod(sizes) == len(self.settings)

    @cached_property
    def axis(self) -> str | None:
        """The number that tells all settings apart and along which all other keys go one way, or None."""
        return line_axis(self.keys, [one.values for one in self.settings])

    @cached_property
    def exact(self) -> bool:
        """Whether every share was computed rather than sampled."""
        return all(one.exact for setting in self.settings for one in setting.shares)

    @cached_property
    def largest_error(self) -> float | None:
        """The largest standard error, or None when some cannot be told."""
        errors = [one.error for setting in self.settings for one in setting.shares if not one.exact]
        known = [error for error in errors if error is not None]
        return max(known, default=0.0) if len(known) == len(errors) else None

    def mean_share(self, strategy: str) -> float:
        """Return the mean share of a strategy over all settings."""
        return float(sum(one.share_of(strategy) for one in self.settings)) / len(self.settings)

    def said(self, setting: Setting) -> str:
        """Return what is set, in words."""
        return ", ".join(f"{key_name(key, self.keys)} = {number(setting.values[key])}" for key in self.keys)


def line_axis(keys: Sequence[str], points: Sequence[dict[str, Any]]) -> str | None:
    """Return the number that tells all points apart and along which all other keys go one way, or None.

    >>> line_axis(["a", "b"], [{"a": 1, "b": 5}, {"a": 2, "b": 3}])
    'a'
    """
    if not all(isinstance(one[key], (int, float)) for key in keys for one in points):
        return None
    for axis in keys:
        if len({one[axis] for one in points}) == len(points) > 1:
            ordered = sorted(points, key=lambda one: one[axis])
            columns = [[one[key] for one in ordered] for key in keys]
            if all(column in (sorted(column), sorted(column, reverse=True)) for column in columns):
                return axis
    return None


def read_families(frame: pl.DataFrame, thing: str = "strategy", order: Sequence[str] = ()) -> tuple[Family, ...]:
    """Return the families of a table of shares, replicates averaged.

    Args:
        frame: the table (prevalence, basins).
        thing: the column that names what has the share.
        order: keys of the sweep, in the order in which they vary.
    """
    parameters = [name for name in frame.columns if "." in name and not name.endswith(".seed")]
    labels = [name for name in ("game", "dynamics") if name in frame.columns]
    families = []
    for part in frame.partition_by(labels, maintain_order=True):
        keys = varying(part, parameters, order)
        first = part.row(0, named=True)
        settings = tuple(_setting(one, keys, thing) for one in _averaged(part, keys, thing))
        families.append(Family(str(first["game"]), str(first.get("dynamics", "")), keys, _in_order(settings, keys)))
    return tuple(families)


def varying(part: pl.DataFrame, parameters: Sequence[str], order: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the parameters that take more than one value, those of the sweep first."""
    found = [name for name in parameters if part[name].n_unique() > 1]
    place = {f"{key.split('.')[0]}.{key.split('.')[-1]}": number for number, key in enumerate(order)}
    return tuple(sorted(found, key=lambda key: place.get(key, len(place))))


def _averaged(part: pl.DataFrame, keys: Sequence[str], thing: str) -> list[list[dict[str, Any]]]:
    """Return, per setting, one row for each strategy: means over replicates and their standard errors."""
    import polars as pl

    replicates = part["replicate"].n_unique() if "replicate" in part.columns else 1
    within = pl.col("standard_error").pow(2).sum().sqrt() / pl.len()
    between = (pl.col("share").std() / pl.len().sqrt()).fill_null(0.0)
    unknown = (pl.col("standard_error").is_null() & ~pl.col("exact")).any() & (pl.len() < 2)
    extra = [pl.col("self_cooperation").mean()] if "self_cooperation" in part.columns else []
    rows = part.group_by([*keys, thing], maintain_order=True).agg(
        (pl.col("share").sum() / replicates).alias("share"),
        pl.when(unknown).then(None).otherwise(pl.max_horizontal(within, between)).alias("standard_error"),
        (pl.col("exact").all() & (between <= NEGLIGIBLE)).alias("exact"),
        *extra,
    )
    if not keys:
        return [rows.to_dicts()]
    return [one.to_dicts() for one in rows.partition_by(list(keys), maintain_order=True)]


def _setting(rows: list[dict[str, Any]], keys: Sequence[str], thing: str) -> Setting:
    shares = [
        Share(str(row[thing]), float(row["share"] or 0.0), row["standard_error"], bool(row["exact"]), _coop(row))
        for row in rows
    ]
    shares.sort(key=lambda one: -one.share)
    return Setting({key: as_value(rows[0][key]) for key in keys}, tuple(shares))


def _coop(row: dict[str, Any]) -> float | None:
    value = row.get("self_cooperation")
    return None if value is None or value != value else float(value)


def _in_order(settings: tuple[Setting, ...], keys: Sequence[str]) -> tuple[Setting, ...]:
    """Return settings sorted along a single number, else as they are."""
    axis = line_axis(keys, [one.values for one in settings])
    return settings if axis is None else tuple(sorted(settings, key=lambda one: one.values[axis]))
