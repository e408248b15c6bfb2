"""Whether what an experiment file asks of dynamics can be asked of its game. Needs no compiler."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from evocoop.core.errors import InputError, UnknownNameError
from evocoop.dynamics.finite.sensitivity_entries import MOST_SLOPES, ONE_MUTANT
from evocoop.games.payoffs import count_compositions

MOST_DERIVATIVES = 2_000_000
MOST_STRATEGIES_OF_TWO = 16
MOST_STATES_OF_TWO = 60_000


def check_sensitivity(game: Any, strategies: Sequence[str], given: Mapping[str, Any]) -> None:
    """Raise InputError when the long-run shares have no derivatives that could be computed."""
    _check_population(game, strategies, given)
    process, derivatives = given.get("process", "pairwise"), len(strategies) * _table_size(game, strategies)
    if "mutation" not in given and process not in ONE_MUTANT:
        raise InputError(
            f"without mutation, sensitivity needs a process that changes one imitator at a time "
            f"({', '.join(ONE_MUTANT)}), not {process!r}; give mutation, or another process"
        )
    _check_mutation(given, "; leave it out for the limit of rare mutations")
    if derivatives > MOST_DERIVATIVES:
        raise InputError(
            f"{len(strategies)} strategies in groups of {game.group_size} have {derivatives:,} derivatives by payoffs, "
            f"more than {MOST_DERIVATIVES:,}; keep fewer strategies, or ask fixation_sensitivity, which works on pairs"
        )


def check_fixation_sensitivity(game: Any, strategies: Sequence[str], given: Mapping[str, Any]) -> None:
    """Raise InputError when there is no such pair of mutant and resident."""
    _check_population(game, strategies, given)
    for role in ("mutant", "resident"):
        if given.get(role) is not None and given[role] not in strategies:
            raise UnknownNameError(role, given[role], tuple(strategies))
    if given.get("mutant") is not None and given.get("mutant") == given.get("resident"):
        raise InputError(f"mutant and resident must differ, but both are {given['mutant']!r}")


def check_stationary_sensitivity(game: Any, strategies: Sequence[str], given: Mapping[str, Any]) -> None:
    """Raise InputError when there are too many states, or no mutation."""
    _check_population(game, strategies, given)
    _check_mutation(given, "; sensitivity without mutation takes the limit of rare mutations")
    states = count_compositions(given.get("population_size", 2), len(strategies))
    if states * max(states, _table_size(game, strategies)) > MOST_SLOPES:
        raise InputError(
            f"a population with {states:,} states has too many derivatives; ask sensitivity, which gives those of the "
            "shares, or take a smaller population"
        )


def _table_size(game: Any, strategies: Sequence[str]) -> int:
    return len(strategies) * count_compositions(game.group_size - 1, len(strategies))


def _check_population(game: Any, strategies: Sequence[str], given: Mapping[str, Any]) -> None:
    if len(strategies) < 2:
        raise InputError("derivatives need at least two strategies")
    if given.get("population_size", game.group_size) < game.group_size:
        raise InputError(
            f"population_size must be at least the group size {game.group_size}, not {given['population_size']}"
        )


def _check_mutation(given: Mapping[str, Any], instead: str) -> None:
    if given.get("mutation") == 0:
        raise InputError(f"mutation must be above 0{instead}")


def check_mutants(game: Any, strategies: Sequence[str], given: Mapping[str, Any]) -> None:
    """Raise InputError when there are as many mutants as individuals, or there is no such pair."""
    check_fixation_sensitivity(game, strategies, given)
    if given.get("start", 1) >= given.get("population_size", math.inf):
        raise InputError(f"start must be fewer mutants than population_size {given['population_size']}, not all")


def check_density(game: Any, strategies: Sequence[str], given: Mapping[str, Any]) -> None:
    """Raise InputError when there are more than two strategies, or no mutation where nothing else brings them back."""
    if len(strategies) != 2:
        raise InputError(f"a density is known for two strategies, not {len(strategies)}; use diffusion, or keep two")
    if given.get("process", "pairwise") != "introspection":
        _check_mutation(given, "; diffusion_fixation works without it")


def check_start(game: Any, strategies: Sequence[str], given: Mapping[str, Any]) -> None:
    """Raise InputError when the starting point does not fit the strategies."""
    if given.get("start") is not None:
        _check_shares("start", given["start"], strategies)


def _check_shares(name: str, start: Sequence[float], strategies: Sequence[str], of: str = "") -> None:
    if len(start) != len(strategies):
        raise InputError(f"{name} must have {len(strategies)} shares, one for each of {', '.join(strategies)}{of}")
    if min(start) < 0 or abs(sum(start) - 1.0) > 1e-9:
        raise InputError(f"{name} must be shares of at least 0 that sum to 1, not {list(start)}")


def check_two_populations_path(game: Any, strategies: Sequence[str], given: Mapping[str, Any]) -> None:
    """Raise InputError when the starting points do not fit the two populations, or payoffs are not above 0."""
    kept = game.only(strategies)
    for name, population, mine in zip(("first_start", "second_start"), kept.populations, kept.names, strict=True):
        if given.get(name) is not None:
            _check_shares(name, given[name], mine, f" of {population}")
    if given.get("dynamic") == "maynard_smith_replicator" and min(matrix.min() for matrix in kept.matrices) <= 0:
        raise InputError("the Maynard Smith replicator divides by mean payoff and needs payoffs above 0")


def check_two_populations_rest(game: Any, strategies: Sequence[str], given: Mapping[str, Any]) -> None:
    """Raise InputError when there are too many strategies for all supports to be tried."""
    if len(strategies) > MOST_STRATEGIES_OF_TWO:
        raise InputError(
            f"rest points of two populations can be found for {MOST_STRATEGIES_OF_TWO} strategies in all, not "
            f"{len(strategies)}; keep fewer by strategies = [...], or follow paths"
        )


def check_two_populations_states(game: Any, strategies: Sequence[str], given: Mapping[str, Any]) -> None:
    """Raise InputError when there are too many states, or no mutation."""
    size, sizes = given.get("population_size", 2), [len(names) for names in game.only(strategies).names]
    if given.get("mutation") == 0 and given.get("process") != "introspection":
        raise InputError("mutation must be above 0; ask small_mutation_limit_two_populations for rare mutations")
    states = count_compositions(size, sizes[0]) * count_compositions(size, sizes[1])
    if states > MOST_STATES_OF_TWO:
        raise InputError(
            f"two populations of {size} with {sizes[0]} and {sizes[1]} strategies make {states:,} states, more than "
            f"{MOST_STATES_OF_TWO:,}; ask small_mutation_limit_two_populations, or take smaller populations"
        )
    if states == 1:
        raise InputError("with one strategy on each side there is nothing to solve")
