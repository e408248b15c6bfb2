"""What was asked, as plain records: every default filled in, every name checked.

These are what the rest of evocoop sees of an experiment file; ``to_dict`` and ``from_dict`` turn them into plain JSON
data and back without loss, so that the resolved question can be hashed, stored and sent to workers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

Values = dict[str, Any]

SCHEMA_VERSION = 1
KINDS = (
    "payoffs",
    "rankings",
    "prevalence",
    "trajectories",
    "sizes",
    "fields",
    "traits",
    "histograms",
    "singular",
    "invasibility",
    "rest_points",
    "basins",
    "fixation",
    "times",
    "gradient",
    "stationary",
    "sensitivities",
    "ablation",
    "capacities",
    "chases",
)


@dataclass(frozen=True)
class GameAsk:
    """One game: registered name, label in tables and charts, parameters, and the strategies kept (empty: all)."""

    name: str
    label: str
    parameters: Values = field(default_factory=dict)
    strategies: tuple[str, ...] = ()


@dataclass(frozen=True)
class PlayAsk:
    """How library strategies play the repeated game: turns per match, repetitions, noise, probability of ending.

    ``turns`` is None where matches end by chance alone.
    """

    turns: int | None = 200
    repetitions: int = 10
    noise: float = 0.0
    prob_end: float = 0.0
    exact: bool = False


@dataclass(frozen=True)
class DynamicsAsk:
    """One of the dynamics: registered name, label in tables and charts, parameters, games it is for (empty: all)."""

    name: str
    label: str
    parameters: Values = field(default_factory=dict)
    games: tuple[str, ...] = ()

    def meets(self, game: GameAsk) -> bool:
        """Return whether it is asked of a game."""
        return not self.games or game.label in self.games


@dataclass(frozen=True)
class SweepAsk:
    """Points to visit: ``axes`` (key → values) crossed or zipped, or ``points`` listed one by one."""

    mode: str = "grid"
    axes: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    points: tuple[Values, ...] = ()

    def __len__(self) -> int:
        if self.mode == "list":
            return max(1, len(self.points))
        if self.mode == "zip":
            return max(1, min((len(values) for values in self.axes.values()), default=1))
        size = 1
        for values in self.axes.values():
            size *= len(values)
        return size

    def point(self, number: int) -> Values:
        """Return what point ``number`` sets, key → value; in a grid the last key varies fastest."""
        if self.mode == "list":
            return dict(self.points[number]) if self.points else {}
        if self.mode == "zip":
            return {key: values[number] for key, values in self.axes.items()}
        setting = {}
        for key, values in reversed(self.axes.items()):
            number, place = divmod(number, len(values))
            setting[key] = values[place]
        return {key: setting[key] for key in self.axes}

    @property
    def keys(self) -> tuple[str, ...]:
        """Every key that some point sets, in order of appearance."""
        found = dict.fromkeys(self.axes)
        for point in self.points:
            found.update(dict.fromkeys(point))
        return tuple(found)


@dataclass(frozen=True)
class OutputsAsk:
    """What to keep: the kinds of result tables (all when empty) and whether to write the report."""

    tables: tuple[str, ...] = ()
    report: bool = True


@dataclass(frozen=True)
class Experiment:
    """A checked experiment: what is asked, of which games and strategies, under which dynamics.

    Args:
        name: what it is called; the run directory is named after it.
        question: the question it answers, in words.
        expected: the answer expected beforehand, in words.
        source: where question and expected figures come from.
        seed: seed of all its random streams.
        replicates: how often each cell is repeated with fresh random numbers.
        games: the games.
        population: names of the strategies in the population; empty means all of each game's.
        play: how library strategies play the games; None when the games are one-shot with strategies of their own.
        dynamics: the dynamics that turn payoffs into shares.
        sweep: the points of the sweep.
        outputs: what to keep.
    """

    name: str
    question: str
    games: tuple[GameAsk, ...]
    expected: str = ""
    source: str = ""
    seed: int = 0
    replicates: int = 1
    population: tuple[str, ...] = ()
    play: PlayAsk | None = None
    dynamics: tuple[DynamicsAsk, ...] = ()
    sweep: SweepAsk = field(default_factory=SweepAsk)
    outputs: OutputsAsk = field(default_factory=OutputsAsk)

    def to_dict(self) -> Values:
        """Return the experiment as plain data that survives a trip through JSON."""
        return {"schema_version": SCHEMA_VERSION, **asdict(self)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Experiment:
        """Return the experiment that ``to_dict`` wrote."""
        plain = {key: value for key, value in data.items() if key != "schema_version"}
        sweep = plain["sweep"]
        return cls(
            **{
                **plain,
                "games": tuple(GameAsk(**{**game, "strategies": tuple(game["strategies"])}) for game in plain["games"]),
                "population": tuple(plain["population"]),
                "play": PlayAsk(**plain["play"]) if plain["play"] else None,
                "dynamics": tuple(
                    DynamicsAsk(**{**one, "games": tuple(one.get("games", ()))}) for one in plain["dynamics"]
                ),
                "sweep": SweepAsk(
                    sweep["mode"],
                    {key: tuple(values) for key, values in sweep["axes"].items()},
                    tuple(sweep["points"]),
                ),
                "outputs": OutputsAsk(tuple(plain["outputs"]["tables"]), plain["outputs"]["report"]),
            }
        )
