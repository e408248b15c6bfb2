"""Whether a file may ask populations that change of its game: networks that change, and sizes that do. No compiler."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from evocoop.core.errors import InputError, UnknownNameError
from evocoop.games.payoffs import count_compositions

MOST_ENTRIES = 200_000
"""Payoffs by compositions of a group with free places that are followed."""


def check_network(game: Any, strategies: Sequence[str], given: Mapping[str, Any]) -> None:
    """Raise InputError where links of a game cannot be led elsewhere as asked."""
    _check_pairs(game, "links join two")
    if len(strategies) < 2:
        raise InputError("a structured population needs at least two strategies")
    rows = given.get("adverse")
    square = rows is None or (len(rows) == len(strategies) and all(len(row) == len(strategies) for row in rows))
    if not square or any(entry not in (0, 1) for row in rows or () for entry in row):
        n = len(strategies)
        raise InputError(f"adverse must be a matrix of 0 and 1, {n} by {n}: who would leave whom")


def check_demography(game: Any, strategies: Sequence[str], given: Mapping[str, Any]) -> None:
    """Raise InputError where a population cannot live by the payoffs of a game as asked."""
    _check_competition(game, strategies)
    start = given.get("start")
    if start is not None and (
        len(start) != len(strategies) or any(count < 0 or count != int(count) for count in start) or not sum(start)
    ):
        raise InputError(f"start must hold {len(strategies)} whole numbers of at least 0, not all 0, not {start!r}")
    if given.get("burn_in", 0.0) >= given.get("time", 100.0):
        raise InputError(f"burn_in must be below time = {given.get('time', 100.0):g}, not {given['burn_in']:g}")


def check_lifetimes(game: Any, strategies: Sequence[str], given: Mapping[str, Any]) -> None:
    """Raise InputError where nobody would ever die out."""
    _check_competition(game, strategies)
    if given.get("death") == 0:
        raise InputError("death must be above 0, or the last individual never dies")


def check_fixation(game: Any, strategies: Sequence[str], given: Mapping[str, Any]) -> None:
    """Raise InputError where there is no such pair of mutant and resident."""
    _check_competition(game, strategies)
    for role in ("mutant", "resident"):
        if given.get(role) is not None and given[role] not in strategies:
            raise UnknownNameError(role, given[role], tuple(strategies))


def check_competition(game: Any, strategies: Sequence[str], given: Mapping[str, Any]) -> None:
    """Raise InputError where payoffs make no room, or paths cannot start as asked."""
    _check_competition(game, strategies)
    _check_densities(strategies, given)


def check_ecological(game: Any, strategies: Sequence[str], given: Mapping[str, Any]) -> None:
    """Raise InputError where groups have too many compositions, or paths cannot start as asked."""
    columns = count_compositions(game.group_size - 1, len(strategies) + 1)
    if len(strategies) * columns > MOST_ENTRIES:
        raise InputError(
            f"{len(strategies)} strategies in groups of {game.group_size} have {columns:,} compositions; too many to "
            "follow"
        )
    _check_densities(strategies, given)
    if sum(given.get("start") or ()) > 1 + 1e-12:
        raise InputError(f"start must hold at most all places, not {sum(given['start']):g} of them")


def _check_pairs(game: Any, why: str) -> None:
    if game.group_size != 2:
        raise InputError(f"{why}; the game is played in groups of {game.group_size}")


def _check_competition(game: Any, strategies: Sequence[str]) -> None:
    _check_pairs(game, "individuals compete in pairs here")
    if game.exact and set(strategies) <= set(game.strategies):
        least = float(game.payoff_table(list(strategies)).values.min())
        if least <= 0:
            raise InputError(f"payoffs must be above 0, for they make room; shift them, the smallest is {least:g}")


def _check_densities(strategies: Sequence[str], given: Mapping[str, Any]) -> None:
    start = given.get("start")
    if start is not None and (len(start) != len(strategies) or min(start) < 0):
        raise InputError(f"start must be {len(strategies)} densities of at least 0, not {start!r}")
