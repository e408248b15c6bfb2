"""Whether what an experiment file asks about capacities can be asked of its game. Needs no compiler."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from evocoop.core.errors import InputError, UnknownNameError
from evocoop.games.coordinated_hunt import CoordinatedHunt
from evocoop.games.genotypes import DISPOSITIONS, HUMAN_LIKE, check_capacities
from evocoop.games.payoffs import count_compositions

MOST_TABLE_ENTRIES = 2_000_000
"""What simulated populations are tabulated up to; see :mod:`evocoop.dynamics.finite.tabulated`."""


def hunt_of(game: Any, strategies: Sequence[str] = ()) -> CoordinatedHunt:
    """Return a game as the coordinated hunt it is, of the strategies that are kept.

    Raises:
        InputError: when it is another game.
    """
    if not isinstance(game, CoordinatedHunt):
        raise InputError("capacities can be asked about in the game coordinated_hunt alone")
    return replace(game, minds=tuple(strategies)) if strategies and tuple(strategies) != game.strategies else game


def check_ablation(game: Any, strategies: Sequence[str], given: Mapping[str, Any]) -> None:
    """Raise InputError when there is nothing that could be knocked out."""
    hunt = hunt_of(game, strategies)
    if not any(name.startswith(HUMAN_LIKE) for name in hunt.strategies):
        raise InputError(f"the hunt has no {HUMAN_LIKE} mind whose capacities could be knocked out")
    if not check_capacities(given.get("capacities", hunt.capacities)):
        raise InputError("there is nothing to knock out: capacities are empty")
    if "mutation" in given:
        minds = len(hunt.strategies) + bool(given.get("prices", True))  # prices are tried beside one mind more
        people = given.get("population_size", 100)
        if count_compositions(people, minds) * minds**2 > MOST_TABLE_ENTRIES:
            raise InputError(
                f"population_size {people} with {minds} minds has too many states to be simulated; "
                "take a smaller population, or leave mutation out for the limit of rare mutations"
            )


def check_evolution(game: Any, strategies: Sequence[str], given: Mapping[str, Any]) -> None:
    """Raise InputError when capacities cannot evolve as asked."""
    hunt = hunt_of(game, strategies)
    able = check_capacities(given.get("capacities", hunt.capacities))
    if not able:
        raise InputError("there is nothing to evolve: capacities are empty")
    for name in given.get("dispositions", ()):
        if name not in DISPOSITIONS:
            raise UnknownNameError("disposition", name, tuple(DISPOSITIONS))
    for name in given.get("prices", ()):
        if name not in able:
            raise UnknownNameError("capacity with a price", name, able)
    people = given.get("population_size", 100)
    if people % hunt.group_size:
        raise InputError(f"population_size must be a multiple of the group size {hunt.group_size}, not {people}")
    if given.get("burn_in", 0) >= given.get("generations", 1):
        raise InputError(f"burn_in {given['burn_in']} must be below generations {given['generations']}")
