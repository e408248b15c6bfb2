"""Everything the sections of one report share: the run, its tables as families, and how each strategy is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from evocoop.config.experiment import Experiment
from evocoop.report.families import Family, read_families
from evocoop.report.look import Style, styles
from evocoop.report.words import plain
from evocoop.runs.reading import Run

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Context:
    """A run as the report sees it.

    Args:
        run: the run.
    """

    run: Run

    @property
    def experiment(self) -> Experiment:
        """What was asked."""
        return self.run.experiment

    @cached_property
    def _frames(self) -> dict[str, pl.DataFrame]:
        return {}

    def whole(self, kind: str) -> pl.DataFrame | None:
        """Return a table, or None when the run has none of that kind or it is empty."""
        if kind not in self.run.kinds:
            return None
        if kind not in self._frames:
            self._frames[kind] = self.run.table(kind).collect()
        found = self._frames[kind]
        return found if found.height else None

    def frame(self, kind: str) -> pl.DataFrame | None:
        """Return the rows of a table that are of one population, or None when there are none."""
        found = self.whole(kind)
        if found is None or "population" not in found.columns:
            return found
        found = found.filter(found["population"].is_null())
        return found if found.height else None

    def two(self, kind: str) -> pl.DataFrame | None:
        """Return the rows of a table that are of games of two populations, or None when there are none."""
        found = self.whole(kind)
        if found is None or "population" not in found.columns:
            return None
        found = found.filter(found["population"].is_not_null())
        return found if found.height else None

    @cached_property
    def families(self) -> tuple[Family, ...]:
        """Long-run shares by game and dynamics, of one population."""
        frame = self.frame("prevalence")
        return () if frame is None else read_families(frame, order=self.experiment.sweep.keys)

    @cached_property
    def populations(self) -> tuple[Family, ...]:
        """Long-run shares in games of two populations, each population as if it were a game: ``"Contest: owner"``."""
        import polars as pl

        frame = self.two("prevalence")
        if frame is None:
            return ()
        pairs = zip(frame["game"].to_list(), frame["population"].to_list(), strict=True)
        named = frame.with_columns(game=pl.Series([f"{plain(game)}: {population}" for game, population in pairs]))
        return read_families(named, order=self.experiment.sweep.keys)

    @cached_property
    def basins(self) -> tuple[Family, ...]:
        """Shares of the starting points by attractor, by game and dynamics."""
        frame = self.frame("basins")
        return () if frame is None else read_families(frame, "attractor", self.experiment.sweep.keys)

    @cached_property
    def strategies(self) -> tuple[str, ...]:
        """All strategies of all tables, those that hold most first."""
        total: dict[str, float] = {}
        for family in (*self.families, *self.populations):
            for name in family.strategies:
                total[name] = total.get(name, 0.0) + family.mean_share(name)
        for kind in ("rankings", "basins", "rest_points", "trajectories", "fields", "stationary", "payoffs"):
            frame = self.whole(kind)
            if frame is not None:
                for name in frame["strategy"].drop_nulls().unique(maintain_order=True):
                    total.setdefault(str(name), 0.0)
        return tuple(sorted(total, key=lambda name: -total[name]))

    @cached_property
    def look(self) -> Mapping[str, Style]:
        """How each strategy is drawn."""
        return styles(self.strategies)

    @cached_property
    def kinds(self) -> dict[str, dict[str, str]]:
        """For each game that sorts its strategies into kinds of mind: strategy → kind."""
        from evocoop.runs.evaluate import build_game

        found: dict[str, dict[str, str]] = {}
        for game in self.experiment.games:
            try:
                built: Any = build_game(game)
                minds = getattr(built, "genotypes", None)
                kinds = [one.kind for one in minds] if minds else getattr(built, "minds", None)
                if kinds:
                    found[game.label] = dict(zip(built.strategies, (str(one) for one in kinds), strict=True))
            except Exception:
                continue
        return found
