"""The experiment file's sections as strict models: unknown keys and wrong types are refused.

Parameters of games and dynamics stand beside ``name`` and ``label`` in their section and are checked against the
registries in :mod:`evocoop.config.check`, because which are allowed depends on the name.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticKnownError

from evocoop.config.limits import SEED_LIMIT

Name = Annotated[str, Field(min_length=1, max_length=120)]
Text = Annotated[str, Field(max_length=20_000)]
Probability = Annotated[float, Field(ge=0.0, le=1.0, allow_inf_nan=False)]


def _whole(value: Any) -> Any:
    """Refuse true and 1.0, which equal 1 but are not it."""
    if type(value) is not int:
        raise PydanticKnownError("int_type")
    return value


Version = Annotated[Literal[1], BeforeValidator(_whole)]


class Section(BaseModel):
    """A section whose keys are all known."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class OpenSection(BaseModel):
    """A section whose further keys are the parameters of what it names."""

    model_config = ConfigDict(extra="allow", strict=True, frozen=True)


class ExperimentSection(Section):
    """What the experiment is about."""

    name: Name = Field(description="What the experiment is called; its run directory is named after it.")
    question: Annotated[str, Field(min_length=1, max_length=20_000)] = Field(
        description="The question it answers, in words."
    )
    expected: Text = Field("", description="The answer expected beforehand, in words.")
    source: Text = Field("", description="Where the question and its expected figures come from.")
    seed: int = Field(0, ge=0, le=SEED_LIMIT, description="Seed of every random stream.")
    replicates: int = Field(1, ge=1, description="How often each cell is repeated with fresh random numbers.")


class GameSection(OpenSection):
    """A game by name, with its parameters beside the name."""

    name: Name = Field(description="Name of the game; see 'evocoop list games'.")
    label: Name | None = Field(None, description="Name in tables and charts; the game's name when left out.")


class PopulationSection(Section):
    """Who is in the population."""

    strategies: list[Name] = Field(
        min_length=1, description="Names of strategies: library players with [play], else strategies of the game."
    )


class PlaySection(Section):
    """How library strategies play the repeated two-player game."""

    turns: int = Field(200, ge=1, description="Turns per match; with prob_end the most there can be.")
    repetitions: int = Field(10, ge=1, description="Matches per pair.")
    noise: Probability = Field(0.0, description="Probability that an action is flipped.")
    prob_end: Probability = Field(0.0, description="Probability that a match ends after each turn; 0: fixed length.")
    exact: bool = Field(False, description="Solve pairs exactly instead of playing, where both are finite machines.")


class DynamicsSection(OpenSection):
    """One of the dynamics by name, with its parameters beside the name."""

    name: Name = Field(description="Name of the dynamics; see 'evocoop list dynamics'.")
    label: Name | None = Field(None, description="Name in tables and charts; the dynamics' name when left out.")
    games: list[Name] | None = Field(None, description="Labels of the games it is asked of; all when left out.")


class SweepSection(OpenSection):
    """Points to visit: dotted keys with lists of values (grid, zip), or a list of points."""

    mode: Literal["grid", "zip", "list"] = Field(
        "grid", description="grid: all combinations; zip: first with first, second with second; list: the points."
    )
    points: list[dict[str, Any]] = Field([], description='With mode = "list": one table per point, dotted key = value.')


class OutputsSection(Section):
    """What to keep."""

    tables: list[str] = Field([], description="Kinds of result tables to keep; all when left out.")
    report: bool = Field(True, description="Whether to write report.html.")


class ExperimentFile(Section):
    """An experiment file."""

    schema_version: Version = Field(description="Version of this file format: 1.")
    experiment: ExperimentSection
    game: GameSection | None = Field(None, description="The game, when there is one.")
    games: list[GameSection] | None = Field(None, description="The games, when there are several.")
    population: PopulationSection | None = None
    play: PlaySection | None = None
    dynamics: list[DynamicsSection] = Field([], description="The dynamics, one or several.")
    sweep: SweepSection | None = None
    outputs: OutputsSection | None = None
