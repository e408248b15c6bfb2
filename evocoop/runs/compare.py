"""Which conclusions changed between two runs, and by how much?"""

from __future__ import annotations

import json
import math
import os
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from evocoop.config.experiment import Values
from evocoop.core.errors import RunError
from evocoop.runs.reading import Run, open_run

if TYPE_CHECKING:
    import polars as pl

SIGMAS = 3.0


@dataclass(frozen=True)
class Change:
    """A share that differs.

    Args:
        where: game, dynamics and what is swept, in words.
        strategy: whose share.
        first: share in the first run.
        second: share in the second.
        difference: second minus first.
    """

    where: str
    strategy: str
    first: float
    second: float
    difference: float


@dataclass(frozen=True)
class Comparison:
    """What differs between two runs.

    Args:
        settings: key, value in the first and value in the second, where the questions differ.
        compared: how many settings both runs have an answer for.
        changes: shares that differ by more than the tolerance and three standard errors, largest first.
        upset: where another strategy leads now: where, first leader, second leader.
    """

    settings: tuple[tuple[str, str, str], ...]
    compared: int
    changes: tuple[Change, ...]
    upset: tuple[tuple[str, str, str], ...]

    @property
    def verdict(self) -> str:
        """The outcome in a sentence or two."""
        if not self.compared:
            return "The runs have no setting in common: nothing to compare."
        if not self.changes:
            return f"All conclusions agree in {self.compared} settings."
        leads = [f"{where}: {before} led, now {after}" for where, before, after in self.upset[:5]]
        more = f" The leader changed in {len(self.upset)}: " + "; ".join(leads) + "." if leads else ""
        return f"{len(self.changes)} shares differ in {self.compared} settings.{more}"

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {**asdict(self), "verdict": self.verdict}


def compare_runs(
    first: str | os.PathLike[str], second: str | os.PathLike[str], *, tolerance: float = 0.01
) -> Comparison:
    """Compare the long-run shares of two runs, setting by setting.

    Args:
        first: a run directory.
        second: another.
        tolerance: shares that differ by less count as equal.

    Raises:
        InputError: when a directory is not a run.
        RunError: when a run has no table of prevalence.
    """
    runs = open_run(first), open_run(second)
    names = _swept(*runs)
    answers = [_answers(run, names) for run in runs]
    common = [where for where in answers[0] if where in answers[1]]
    changes, upset = [], []
    for where in common:
        one, two = answers[0][where], answers[1][where]
        found = [_change(where, name, one, two) for name in dict.fromkeys([*one, *two])]
        changes += [change for change, noise in found if abs(change.difference) > max(tolerance, SIGMAS * noise)]
        before, after = _leader(one), _leader(two)
        if before != after and any(change.where == where for change in changes):
            upset.append((where, before, after))
    changes.sort(key=lambda change: -abs(change.difference))
    return Comparison(_settings(*runs), len(common), tuple(changes), tuple(upset))


Shares = dict[str, tuple[float, float]]


def _change(where: str, name: str, one: Shares, two: Shares) -> tuple[Change, float]:
    (before, noise), (after, more) = one.get(name, (0.0, 0.0)), two.get(name, (0.0, 0.0))
    return Change(where, name, before, after, after - before), math.hypot(noise, more)


def _leader(shares: Shares) -> str:
    return max(shares, key=lambda name: shares[name][0])


def _swept(*runs: Run) -> list[str]:
    """Return the parameters that vary within some run: they tell settings apart."""
    found: dict[str, None] = {}
    for run in runs:
        frame = _prevalence(run)
        names = [name for name in frame.columns if "." in name]
        found.update(dict.fromkeys(name for name in names if frame[name].n_unique() > 1))
    return list(found)


def _prevalence(run: Run) -> pl.DataFrame:
    if "prevalence" not in run.kinds:
        raise RunError(f"{run.path} has no long-run shares to compare")
    return run.table("prevalence").collect()


def _answers(run: Run, names: list[str]) -> dict[str, Shares]:
    """Return the mean share and its standard error of every strategy, by setting."""
    import polars as pl

    frame = _prevalence(run)
    keys = ["game", "dynamics", *(name for name in ("population", *names) if name in frame.columns)]
    grouped = frame.group_by([*keys, "strategy"], maintain_order=True).agg(
        pl.col("share").mean(),
        (pl.col("standard_error").fill_null(0.0).pow(2).sum().sqrt() / pl.len()).alias("error"),
    )
    found: dict[str, Shares] = {}
    for row in grouped.iter_rows(named=True):
        where = ", ".join(f"{key} {row[key]}" if "." in key else str(row[key]) for key in keys if row[key] is not None)
        found.setdefault(where, {})[row["strategy"]] = (row["share"], row["error"])
    return found


def _settings(first: Run, second: Run) -> tuple[tuple[str, str, str], ...]:
    """Return where the two questions differ."""
    one, two = _flat(first.experiment.to_dict()), _flat(second.experiment.to_dict())
    keys = [key for key in dict.fromkeys([*one, *two]) if one.get(key) != two.get(key)]
    return tuple((key, one.get(key, "-"), two.get(key, "-")) for key in keys)


def _flat(data: Any, prefix: str = "") -> dict[str, str]:
    parts: Values = {}
    if isinstance(data, dict):
        parts = {f"{prefix}.{key}" if prefix else str(key): value for key, value in data.items()}
    elif isinstance(data, (list, tuple)) and any(isinstance(item, dict) for item in data):
        parts = {f"{prefix}[{number}]": value for number, value in enumerate(data)}
    if not parts:
        return {prefix: json.dumps(data)}
    return {key: value for name, part in parts.items() for key, value in _flat(part, name).items()}
