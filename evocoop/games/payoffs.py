"""The seam of the house: everything that plays returns a PayoffTable, everything that evolves takes one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evocoop.core.errors import InputError, UnknownNameError

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

MOST_ENTRIES = 50_000_000


def count_compositions(members: int, strategies: int) -> int:
    """Return how many ways ``members`` individuals can be spread over ``strategies``: C(members+n-1, n-1).

    >>> count_compositions(4, 3)
    15
    """
    return math.comb(members + strategies - 1, strategies - 1)


def compositions(members: int, strategies: int) -> IntArray:
    """Return every way to spread ``members`` individuals over ``strategies``, one row of counts each.

    Rows descend lexicographically, so for one member the table is the identity matrix, and for two strategies row
    ``c`` holds ``c`` individuals of the second.

    >>> compositions(2, 2).tolist()
    [[2, 0], [1, 1], [0, 2]]
    """
    if strategies == 1:
        return np.array([[members]], dtype=np.int64)
    if strategies == 2:
        second = np.arange(members + 1)
        return np.stack([members - second, second], axis=1)
    if members <= 1:
        return np.eye(strategies, dtype=np.int64) if members else np.zeros((1, strategies), dtype=np.int64)
    blocks = []
    for first in range(members, -1, -1):
        rest = compositions(members - first, strategies - 1)
        blocks.append(np.column_stack([np.full(len(rest), first), rest]))
    return np.concatenate(blocks)


def composition_text(counts: Sequence[int], names: Sequence[str]) -> str:
    """Return the members of a group in words.

    >>> composition_text([3, 1], ["C", "D"])
    '3 C + 1 D'
    """
    return " + ".join(f"{count} {name}" for count, name in zip(counts, names, strict=True) if count)


@dataclass(frozen=True, eq=False)
class PayoffTable:
    """Payoffs of every strategy against every composition of its co-players.

    ``values[i, c]`` is the payoff of a player of strategy ``i`` whose ``group_size - 1`` co-players have the
    composition ``compositions[c]`` (counts of each strategy). With groups of two, composition ``c`` is one co-player
    of strategy ``c``, so ``values`` is the ordinary payoff matrix, row against column.

    Args:
        strategies: n names.
        values: array (n, C(N-1+n-1, n-1)) of finite payoffs.
        standard_errors: array of the same shape, 0 where the payoff is exact; omitted means exact everywhere.
        group_size: N, at least 2.
        cooperation: array (n,), how often each strategy cooperates among its own kind, where that is known.

    Raises:
        InputError: when names repeat, shapes do not fit, or a payoff is not finite.

    >>> table = PayoffTable(("C", "D"), [[3, 0], [5, 1]])
    >>> table.exact, table.restrict(["D"]).values.tolist()
    (True, [[1.0]])
    """

    strategies: tuple[str, ...]
    values: FloatArray
    standard_errors: FloatArray = None  # type: ignore[assignment]
    group_size: int = 2
    cooperation: FloatArray | None = None

    def __post_init__(self) -> None:
        names = tuple(str(name) for name in self.strategies)
        if not names:
            raise InputError("strategies must name at least one strategy")
        if len(set(names)) != len(names):
            raise InputError(f"strategies must differ, but {_repeated(names)!r} stands twice")
        if self.group_size < 2:
            raise InputError(f"group_size must be at least 2, not {self.group_size}")
        values = _numbers("payoffs", self.values)
        shape = (len(names), count_compositions(self.group_size - 1, len(names)))
        if values.shape != shape:
            raise InputError(
                f"payoffs of {len(names)} strategies in groups of {self.group_size} must have shape {shape}, "
                f"not {values.shape}"
            )
        errors = np.zeros(shape) if self.standard_errors is None else _numbers("standard_errors", self.standard_errors)
        if errors.shape != shape or (errors < 0).any():
            raise InputError(f"standard_errors must be non-negative numbers of shape {shape}")
        for field, value in (("strategies", names), ("values", values), ("standard_errors", errors)):
            object.__setattr__(self, field, value)

    @property
    def exact(self) -> bool:
        """Whether no entry carries a sampling error."""
        return not self.standard_errors.any()

    def self_cooperation(self) -> FloatArray | None:
        """Return how often each strategy cooperates among its own kind, or None where that is not known."""
        return self.cooperation

    @cached_property
    def compositions(self) -> IntArray:
        """Counts of each strategy among the co-players, one row per column of ``values``."""
        return compositions(self.group_size - 1, len(self.strategies))

    def index(self, strategy: str | int) -> int:
        """Return the position of a strategy given by name or position."""
        return strategy_index(self.strategies, strategy)

    def payoff_table(self, strategies: Sequence[str | int] | None = None) -> PayoffTable:
        """Return this table, or its restriction; lets a table stand wherever a game does."""
        return self if strategies is None else self.restrict(strategies)

    def restrict(self, strategies: Sequence[str | int]) -> PayoffTable:
        """Return the table of the named strategies alone, in the order given."""
        chosen = [self.index(strategy) for strategy in strategies]
        small = compositions(self.group_size - 1, len(chosen))
        wide = np.zeros((len(small), len(self.strategies)), dtype=np.int64)
        wide[:, chosen] = small
        columns = [self._column(row) for row in wide]
        grid = np.ix_(chosen, columns)
        names = tuple(self.strategies[i] for i in chosen)
        cooperation = None if self.cooperation is None else np.asarray(self.cooperation)[chosen]
        return PayoffTable(names, self.values[grid], self.standard_errors[grid], self.group_size, cooperation)

    @cached_property
    def _columns(self) -> dict[bytes, int]:
        return {row.tobytes(): column for column, row in enumerate(self.compositions)}

    def _column(self, counts: IntArray) -> int:
        return self._columns[np.ascontiguousarray(counts, dtype=np.int64).tobytes()]


class Game:
    """A game whose strategies are enumerated and whose payoffs are exact (or, with ``exact = False``, simulated).

    A game has ``strategies`` (names) and ``group_size`` and gives, for groups of any composition, the payoff of each
    strategy present. Subclasses are frozen dataclasses, keyword-only, and write :meth:`group_payoffs`.
    """

    group_size: int
    exact: bool = True

    @property
    def strategies(self) -> tuple[str, ...]:
        """The names of the strategies, in table order."""
        raise NotImplementedError

    def group_payoffs(self, counts: IntArray) -> FloatArray:
        """Return the payoff of each strategy in whole groups of the given compositions.

        Args:
            counts: array (m, n) of group compositions, each row summing to ``group_size``.

        Returns:
            Array (m, n); entries of strategies that are absent from a group are ignored and may hold anything.
        """
        raise NotImplementedError

    def self_cooperation(self) -> FloatArray | None:
        """Return how often each strategy cooperates in a group of its own kind, or None where that has no meaning.

        Array (n,) of shares in [0, 1], one per strategy; a share of the long-run population weighted with it is the
        cooperation seen in the long run.
        """
        return None

    def payoff_table(self, strategies: Sequence[str | int] | None = None) -> PayoffTable:
        """Return the exact payoffs of all strategies, or of the chosen ones, in the order given."""
        names = self.strategies
        chosen = list(range(len(names))) if strategies is None else [strategy_index(names, s) for s in strategies]
        columns = count_compositions(self.group_size - 1, len(chosen))
        if columns * len(names) > MOST_ENTRIES:
            raise InputError(
                f"a payoff table of {len(chosen)} strategies in groups of {self.group_size} has {columns} columns; "
                "choose fewer strategies (the small-mutation limit works on pairs and needs no whole table)"
            )
        others = compositions(self.group_size - 1, len(chosen))
        values = np.empty((len(chosen), columns))
        for row, strategy in enumerate(chosen):
            counts = np.zeros((columns, len(names)), dtype=np.int64)
            counts[:, chosen] = others
            counts[:, strategy] += 1
            values[row] = self.group_payoffs(counts)[:, strategy]
        return PayoffTable(tuple(names[i] for i in chosen), values, group_size=self.group_size)


def as_payoffs(payoffs: Any) -> Game | PayoffTable:
    """Return a game or table from whatever a caller may give: a game, a PayoffTable or a square matrix.

    Raises:
        InputError: when it is none of these, or the matrix is not square and finite.

    >>> as_payoffs([[1, 0], [0, 1]]).strategies
    ('0', '1')
    """
    if isinstance(payoffs, (Game, PayoffTable)):
        return payoffs
    if hasattr(payoffs, "populations"):
        raise InputError(
            "this game is of two populations; give its matrices to the functions of two populations, as in "
            "replicator_two_populations(*game.matrices)"
        )
    matrix = _numbers("payoffs", payoffs)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or not matrix.size:
        raise InputError(f"a payoff matrix must be square, one row per strategy, not of shape {matrix.shape}")
    return PayoffTable(tuple(str(i) for i in range(len(matrix))), matrix)


def strategy_index(names: Sequence[str], strategy: str | int) -> int:
    """Return the position of a strategy given by name or by position (negative counts from the end)."""
    if isinstance(strategy, (int, np.integer)) and not isinstance(strategy, bool):
        if -len(names) <= strategy < len(names):
            return int(strategy) % len(names)
        raise InputError(
            f"strategy {strategy} is out of range: there are {len(names)} strategies, 0 to {len(names) - 1}"
        )
    try:
        return list(names).index(strategy)  # type: ignore[arg-type]
    except ValueError:
        raise UnknownNameError("strategy", strategy, names) from None


def mutant_and_resident(names: Sequence[str], mutant: str | int | None, resident: str | int | None) -> tuple[int, int]:
    """Return the positions of mutant and resident; with two strategies they default to the first and second.

    Raises:
        InputError: when one is not named, or both are the same.
    """
    if mutant is None and resident is None and len(names) == 2:
        return 0, 1
    if mutant is None or resident is None:
        raise InputError(f"mutant and resident must both be named; strategies: {', '.join(names)}")
    found = strategy_index(names, mutant), strategy_index(names, resident)
    if found[0] == found[1]:
        raise InputError(f"mutant and resident must differ, but both are {names[found[0]]!r}")
    return found


def _numbers(what: str, given: ArrayLike) -> FloatArray:
    try:
        array = np.array(given, dtype=np.float64)
    except (TypeError, ValueError):
        raise InputError(f"{what} must be an array of numbers with rows of equal length") from None
    if not np.isfinite(array).all():
        place = tuple(int(i) for i in np.argwhere(~np.isfinite(array))[0])
        raise InputError(f"{what} must be finite, but entry {place} is {array[place]}")
    return array


def _repeated(names: Sequence[str]) -> str:
    return next(name for i, name in enumerate(names) if name in names[:i])
