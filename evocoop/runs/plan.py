"""From an experiment to its cells, none of which is held in memory until it is asked for.

A cell is one game at one point of the sweep, one replicate. It is a pure function of its resolved parameters and its
seed; which worker computes it, when, and beside which others makes no difference.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from evocoop.config import catalogue
from evocoop.config.experiment import DynamicsAsk, Experiment, GameAsk, PlayAsk, SweepAsk, Values
from evocoop.config.settings import parameters_at, sweep_of
from evocoop.config.sweeping import PLAY_PARAMETERS
from evocoop.core.errors import InputError


@dataclass(frozen=True)
class Cell:
    """One piece of work.

    Args:
        number: its place in the plan, from 0.
        replicate: the number of the replicate, from 0.
        game: the game, its parameters at this point of the sweep.
        population: names of the strategies; empty means all of the game's.
        play: how library strategies play, or None.
        dynamics: the dynamics, their parameters at this point of the sweep.
        seed: the seed of this replicate; replicate 0 has the experiment's own.
        leads: whether it is the first cell with this game, play and replicate, which therefore keeps the payoffs.
        shown: whether it keeps examples of what is simulated: the first, middle and last point of a game's sweep do.
    """

    number: int
    replicate: int
    game: GameAsk
    population: tuple[str, ...]
    play: PlayAsk | None
    dynamics: tuple[DynamicsAsk, ...]
    seed: int
    leads: bool
    shown: bool = False

    @property
    def table_key(self) -> str:
        """What the payoffs depend on, as text."""
        return json.dumps(
            [self.game.name, self.game.parameters, self.population, vars(self.play) if self.play else None, self.seed]
        )

    def stream_seed(self, label: str) -> int:
        """Return the seed of one of the dynamics: a hash of the cell's seed, the label and everything it depends on."""
        dynamics = next(one.parameters for one in self.dynamics if one.label == label)
        return hashed_seed(self.table_key, label, json.dumps(dynamics, sort_keys=True))


def hashed_seed(*parts: object) -> int:
    """Return a seed below 2^31 that depends on every part.

    >>> hashed_seed(1, "replicator") != hashed_seed(2, "replicator")
    True
    """
    digest = hashlib.sha256(json.dumps([str(part) for part in parts]).encode()).digest()
    return int.from_bytes(digest[:4], "big") >> 1


@dataclass(frozen=True)
class Plan:
    """All cells of an experiment, in order: by game, replicate, point of the sweep.

    >>> from evocoop.config.experiment import Experiment, GameAsk
    >>> plan = Plan(Experiment("x", "?", (GameAsk("stag_hunt", "stag_hunt"),), replicates=3))
    >>> len(plan), plan.cell(2).replicate
    (3, 2)
    """

    experiment: Experiment

    def __len__(self) -> int:
        return sum(self._sizes)

    @cached_property
    def sweeps(self) -> tuple[SweepAsk, ...]:
        """The sweep as each game sees it."""
        return tuple(sweep_of(self.experiment, game) for game in self.experiment.games)

    @cached_property
    def _sizes(self) -> tuple[int, ...]:
        return tuple(len(sweep) * self.experiment.replicates for sweep in self.sweeps)

    @cached_property
    def _leaders(self) -> tuple[frozenset[int], ...]:
        """For each game, the points of the sweep that are the first with their game and play settings."""
        found = []
        for sweep in self.sweeps:
            seen: dict[str, int] = {}
            for number in range(len(sweep)):
                point = {k: v for k, v in sweep.point(number).items() if not k.startswith("dynamics.")}
                seen.setdefault(json.dumps(point, sort_keys=True), number)
            found.append(frozenset(seen.values()))
        return tuple(found)

    def _leads(self, game: int, point: int) -> bool:
        sweep = self.sweeps[game]
        if sweep.mode != "grid":
            return point in self._leaders[game]
        inner = 1
        for key, values in sweep.axes.items():
            if key.startswith("dynamics."):
                inner *= len(values)
        return point % inner == 0

    def cell(self, number: int) -> Cell:
        """Return one cell.

        Raises:
            InputError: when there is no cell of that number.
        """
        rest = number
        for index, size in enumerate(self._sizes):
            if 0 <= rest < size:
                replicate, point = divmod(rest, len(self.sweeps[index]))
                return self._cell(number, index, replicate, point)
            rest -= size
        raise InputError(f"there is no cell {number}: the plan has {len(self)} cells, from 0")

    def _cell(self, number: int, index: int, replicate: int, point: int) -> Cell:
        asked = self.experiment
        game = asked.games[index]
        setting = self.sweeps[index].point(point)
        known = catalogue.parameter_names(catalogue.games().find(game.name))
        return Cell(
            number=number,
            replicate=replicate,
            game=replace(game, parameters=parameters_at("game", game.label, known, game.parameters, setting)),
            population=game.strategies or asked.population,
            play=asked.play and play_at(asked.play, setting),
            dynamics=tuple(dynamics_at(one, setting) for one in asked.dynamics if one.meets(game)),
            seed=asked.seed if replicate == 0 else hashed_seed(asked.seed, "replicate", replicate),
            leads=self._leads(index, point),
            shown=replicate == 0 and point in (0, len(self.sweeps[index]) // 2, len(self.sweeps[index]) - 1),
        )


def play_at(play: PlayAsk, point: Values) -> PlayAsk:
    """Return how the game is played at one point of the sweep."""
    changes: dict[str, Any] = {
        parameter.name: point[f"play.{parameter.name}"]
        for parameter in PLAY_PARAMETERS
        if f"play.{parameter.name}" in point
    }
    return replace(play, **changes) if changes else play


def dynamics_at(dynamics: DynamicsAsk, point: Values) -> DynamicsAsk:
    """Return one of the dynamics at one point of the sweep."""
    known = catalogue.parameter_names(catalogue.dynamics().find(dynamics.name))
    values = parameters_at("dynamics", dynamics.label, known, dynamics.parameters, point)
    return replace(dynamics, parameters=values)
