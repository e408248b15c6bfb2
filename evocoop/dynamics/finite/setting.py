"""What every function of this room is asked about: a game, a population size, an update rule - checked once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evocoop.core.errors import InputError, check_integer
from evocoop.dynamics.finite.expected import pair_payoffs, pair_positions, pair_tables
from evocoop.dynamics.finite.processes import SCALED, Process, scale_of
from evocoop.games.payoffs import Game, PayoffTable, as_payoffs, mutant_and_resident

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

MOST_INDIVIDUALS = 10_000_000
MOST_NUMBERS = 50_000_000
AT_ONCE = 2_000_000


@dataclass(frozen=True)
class Setting:
    """A finite population that plays a game under an update rule.

    Args:
        game: the game or payoff table.
        population_size: Z.
        process: the update rule.
    """

    game: Game | PayoffTable
    population_size: int
    process: Process

    @property
    def strategies(self) -> tuple[str, ...]:
        """The names of the strategies."""
        return self.game.strategies

    def pairs(self, first: IntArray, second: IntArray) -> FloatArray:
        """Return the co-player payoffs of the chosen pairs, array (pairs, 2, Z)."""
        return pair_payoffs(pair_tables(self.game, first, second), self.population_size)

    def pair(self, mutant: str | int | None, resident: str | int | None) -> tuple[int, int]:
        """Return the positions of mutant and resident; with two strategies they default to the first and second."""
        return mutant_and_resident(self.strategies, mutant, resident)


def setting(payoffs: Any, population_size: int, process: str = "pairwise", fitness: str = "linear") -> Setting:
    """Check and return the setting; see :class:`Setting`."""
    game = as_payoffs(payoffs)
    size = check_integer("population_size", population_size, minimum=2, maximum=MOST_INDIVIDUALS)
    if size < game.group_size:
        raise InputError(f"population_size must be at least the group size {game.group_size}, not {size}")
    check_room(f"groups of {game.group_size} out of {size:,}", size * game.group_size, "a smaller population")
    scale = 0.0
    if process in SCALED and len(game.strategies) > 1:
        scale = scale_of(process, pair_tables(game, *pair_positions(len(game.strategies))))
    return Setting(game, size, Process(process, fitness, scale))


def check_room(what: str, numbers: int, instead: str) -> None:
    """Refuse what would fill too much memory, saying how much and what to use instead."""
    if numbers > MOST_NUMBERS:
        raise InputError(
            f"{what} need a table of {numbers:,} numbers ({numbers / 2**27:,.1f} GiB), more than the {MOST_NUMBERS:,} "
            f"allowed; use {instead}"
        )


def blocks(count: int, numbers_each: int) -> Iterator[slice]:
    """Yield slices over ``count`` items, each of a bounded number of numbers."""
    step = max(1, AT_ONCE // numbers_each)
    for start in range(0, count, step):
        yield slice(start, min(start + step, count))


def check_strengths(process: Process, selection_strength: ArrayLike) -> FloatArray:
    """Return the selection strength, a number or an array of them, as an array of non-negative finite floats."""
    try:
        if isinstance(selection_strength, (bool, str)):
            raise TypeError
        strengths = np.array(selection_strength, dtype=np.float64)
    except (TypeError, ValueError):
        raise InputError(
            f"selection_strength must be a number or an array of numbers, not {selection_strength!r}"
        ) from None
    if strengths.ndim > 1 or not np.isfinite(strengths).all() or (strengths < 0).any() or not strengths.size:
        raise InputError(
            f"selection_strength must be a finite number of at least 0, or a list of them, not {selection_strength!r}"
        )
    process.check_strength(strengths)
    return strengths


def check_strength(process: Process, selection_strength: float) -> float:
    """Return the selection strength as one non-negative finite float."""
    strengths = check_strengths(process, selection_strength)
    if strengths.ndim:
        raise InputError("selection_strength must be one number here, not a list")
    return float(strengths)
