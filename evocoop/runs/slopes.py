"""How the payoffs of a game answer to its parameters: derivatives by differences, none where payoffs have a kink."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any

import numpy as np

from evocoop.config import catalogue
from evocoop.config.experiment import GameAsk, Values
from evocoop.core.errors import EvocoopError
from evocoop.games.payoffs import FloatArray, PayoffTable, count_compositions

MOST_ENTRIES = 20_000
STEP = 1e-4
NOISE = 1e-10
KINK = 1e-6
_SIDES: tuple[tuple[tuple[int, ...], tuple[float, ...]], ...] = (
    ((-2, -1, 1, 2), (1 / 12, -8 / 12, 8 / 12, -1 / 12)),
    ((0, 1, 2, 3), (-11 / 6, 3.0, -1.5, 1 / 3)),
    ((0, -1, -2, -3), (11 / 6, -3.0, 1.5, -1 / 3)),
)
"""Differences from both sides, or from one where the other is out of range: steps and their weights."""

Make = Callable[[Values], Any]
"""Returns the game with some of its parameters changed."""


@dataclass(frozen=True)
class Slope:
    """How a game answers to one of its parameters.

    Args:
        key: the parameter, as a sweep would name it.
        value: its value.
        payoffs: derivatives of all payoffs, in the places of the payoffs.
        cooperation: derivatives of how often each strategy cooperates among its own kind, where that is known.
    """

    key: str
    value: float
    payoffs: PayoffTable
    cooperation: FloatArray | None


@dataclass(frozen=True)
class GameSlopes:
    """How the payoffs of any of some strategies answer to the parameters of their game.

    A table that is not too large is differenced once, for all strategies; of a larger one, what is asked for.

    Args:
        ask: the game that is asked for.
        make: returns it with some of its parameters changed.
        strategies: of the population.
        group_size: of the game.
    """

    ask: GameAsk
    make: Make
    strategies: tuple[str, ...]
    group_size: int

    @cached_property
    def _whole(self) -> tuple[Slope, ...]:
        return tuple(game_slopes(self.ask, self.make, self.strategies, self.group_size))

    def __call__(self, strategies: Sequence[str]) -> Iterable[Slope]:
        """Return how the payoffs of some of the strategies answer."""
        names = tuple(strategies)
        columns = count_compositions(self.group_size - 1, len(self.strategies))
        if len(self.strategies) * columns > MOST_ENTRIES:
            return game_slopes(self.ask, self.make, names, self.group_size)
        if names == self.strategies:
            return self._whole
        parts = [_restricted(one, self.strategies, names) for one in self._whole]
        return [one for one in parts if one.payoffs.values.any() or _moves(one.cooperation)]


def _restricted(slope: Slope, all_: Sequence[str], names: Sequence[str]) -> Slope:
    places = [all_.index(name) for name in names]
    known = None if slope.cooperation is None else slope.cooperation[places]
    return replace(slope, payoffs=slope.payoffs.restrict(names), cooperation=known)


def _moves(cooperation: FloatArray | None) -> bool:
    return cooperation is not None and bool(cooperation.any())


def game_slopes(ask: GameAsk, make: Make, strategies: Sequence[str], group_size: int) -> Iterator[Slope]:
    """Yield how the payoffs of some strategies answer to each number among the parameters of a game.

    Parameters that the payoffs do not depend on, and those at which they have a kink, are left out.

    Args:
        ask: the game that is asked for.
        make: returns it with some of its parameters changed.
        strategies: those whose payoffs are meant.
        group_size: of the game.
    """
    names = tuple(strategies)
    for parameter in catalogue.games().find(ask.name).parameters:
        value = ask.parameters.get(parameter.name)
        if parameter.kind not in ("number", "probability") or value is None:
            continue
        found = _slope(partial(_at, make, parameter.name, names), float(value))
        if found is not None and found.any():
            values, cooperation = found[: -len(names)].reshape(len(names), -1), found[-len(names) :]
            known = None if np.isnan(cooperation).any() else cooperation
            table = PayoffTable(names, values, group_size=group_size)
            yield Slope(f"game.{parameter.name}", float(value), table, known)


def _at(make: Make, name: str, strategies: Sequence[str], value: float) -> FloatArray:
    return _seen(make({name: value}), strategies)


def _seen(game: Any, strategies: Sequence[str]) -> FloatArray:
    """Return all payoffs, and how often each strategy cooperates among its own kind, one after the other."""
    values = game.payoff_table(list(strategies)).values
    known = game.self_cooperation()
    place = [list(game.strategies).index(name) for name in strategies]
    cooperation = np.full(len(strategies), np.nan) if known is None else np.asarray(known, dtype=float)[place]
    return np.concatenate([values.ravel(), cooperation])


def _slope(at: Callable[[float], FloatArray], value: float) -> FloatArray | None:
    """Return the derivative at a value, or None where there is none."""
    step = STEP * max(1.0, abs(value))
    for steps, weights in _SIDES:
        try:
            seen = [at(value + place * step) for place in steps]
            here = at(value)
        except EvocoopError:
            continue
        if any(one.shape != here.shape for one in seen) or (steps[0] < 0 and _has_kink(here, seen)):
            return None
        found = sum(weight * one for weight, one in zip(weights, seen, strict=True)) / step
        scale = max(1.0, float(np.nanmax(np.abs(here))))
        return np.asarray(np.where(np.abs(found) < NOISE * scale, 0.0, found))
    return None


def _has_kink(here: FloatArray, seen: Sequence[FloatArray]) -> bool:
    """Return whether there is a corner: at twice the step its bend doubles; that of a smooth curve grows fourfold."""
    two_left, left, right, two_right = seen
    near, far = left - 2.0 * here + right, two_left - 2.0 * here + two_right
    bent = np.abs(near) > KINK * STEP * np.maximum(1.0, np.abs(here))
    return bool((bent & (np.abs(far) < 3.0 * np.abs(near))).any())
