"""A small experiment whose cells take well under a millisecond, and what a run of it left behind."""

from __future__ import annotations

from pathlib import Path

from evocoop.config import Experiment, parse_experiment

HUNT = """
schema_version = 1

[experiment]
name = "A hunt / ../ of five"
question = "Who hunts?"
seed = 3

[game]
name = "n_person_stag_hunt"
group_size = 5
threshold = 3

[[dynamics]]
name = "small_mutation_limit"
population_size = 20
selection_strength = 0.1

[[dynamics]]
name = "gradient_of_selection"
population_size = 20
selection_strength = 0.1

[sweep]
game.multiplier = {multipliers}
dynamics.selection_strength = [0.1, 0.5, 1.0]
"""


def hunt(points: int = 40) -> str:
    return HUNT.format(multipliers=[1.0 + number / 4 for number in range(points)])


def read(text: str) -> Experiment:
    return parse_experiment(text.encode())


def results(directory: Path) -> dict[str, bytes]:
    found = {path.name: path.read_bytes() for path in sorted((directory / "results").iterdir())}
    assert found
    return found
