"""Two-player games given by a payoff matrix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from evocoop.core.errors import InputError
from evocoop.games.payoffs import (
    FloatArray,
    Game,
    IntArray,
    PayoffTable,
    as_payoffs,
    strategy_index,
)


class PairwiseGame(Game):
    """A two-player game: subclasses write :meth:`_matrix`, row against column."""

    group_size = 2

    def _matrix(self) -> FloatArray:
        raise NotImplementedError

    @cached_property
    def matrix(self) -> FloatArray:
        """The payoff matrix (n, n), read-only: what a player of the row gets from a co-player of the column."""
        matrix = np.array(self._matrix(), dtype=np.float64)
        matrix.setflags(write=False)
        return matrix

    def group_payoffs(self, counts: IntArray) -> FloatArray:
        """Return the payoff of each strategy in pairs of the given compositions, array (m, n)."""
        matrix = self.matrix
        return np.asarray(counts @ matrix.T - np.diag(matrix), dtype=np.float64)

    def payoff_table(self, strategies: Sequence[str | int] | None = None) -> PayoffTable:
        """Return the exact payoff matrix of all strategies, or of the chosen ones, in the order given."""
        names = self.strategies
        chosen = list(range(len(names))) if strategies is None else [strategy_index(names, s) for s in strategies]
        return PayoffTable(tuple(names[i] for i in chosen), self.matrix[np.ix_(chosen, chosen)])


@dataclass(frozen=True, kw_only=True)
class MatrixGame(PairwiseGame):
    """Any symmetric two-player game, given by its payoffs.

    ``payoffs[i][j]`` is what a player of strategy ``i`` gets from a co-player of strategy ``j``. With two strategies,
    cooperate first, the entries are ``((R, S), (T, P))``.

    Args:
        payoffs: n rows of n finite numbers.
        strategies: n different names; left out, ``("C", "D")`` for two strategies and ``("0", "1", …)`` for more.

    Raises:
        InputError: when the matrix is not square and finite, or the names do not fit.

    >>> game = MatrixGame(payoffs=[[3, 0], [5, 1]])
    >>> game.strategies, game.temptation, game.sucker
    (('C', 'D'), 5.0, 0.0)
    """

    payoffs: ArrayLike
    strategies: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        values = as_matrix(self.payoffs)
        names: Any = self.strategies
        if not names:
            names = ("C", "D") if len(values) == 2 else tuple(str(i) for i in range(len(values)))
        if isinstance(names, str) or not all(isinstance(name, str) for name in names):
            raise InputError(f"strategies must be a list of names, not {names!r}")
        if len(names) != len(values):
            raise InputError(f"strategies must name {len(values)} strategies, one per row, not {len(names)}")
        PayoffTable(tuple(names), values)
        object.__setattr__(self, "payoffs", tuple(tuple(row) for row in values.tolist()))
        object.__setattr__(self, "strategies", tuple(names))

    def _matrix(self) -> FloatArray:
        return np.array(self.payoffs, dtype=np.float64)

    @property
    def rstp(self) -> tuple[float, float, float, float]:
        """Reward R, sucker's payoff S, temptation T and punishment P of a 2×2 game, cooperation first."""
        return rstp(self)

    @property
    def reward(self) -> float:
        """R: both cooperate."""
        return self.rstp[0]

    @property
    def sucker(self) -> float:
        """S: I cooperate, the other defects."""
        return self.rstp[1]

    @property
    def temptation(self) -> float:
        """T: I defect, the other cooperates."""
        return self.rstp[2]

    @property
    def punishment(self) -> float:
        """P: both defect."""
        return self.rstp[3]

    def self_cooperation(self) -> FloatArray | None:
        """Return (1, 0) for a 2×2 game whose strategies are called C and D, else None."""
        return np.array([1.0, 0.0]) if self.strategies == ("C", "D") else None


def rstp(payoffs: Any) -> tuple[float, float, float, float]:
    """Return (R, S, T, P) of any two-player game of two strategies, the first taken for cooperation.

    Args:
        payoffs: a game, a PayoffTable or a 2×2 matrix.

    Raises:
        InputError: when it is not a two-player game of two strategies.

    >>> rstp([[3, 0], [5, 1]])
    (3.0, 0.0, 5.0, 1.0)
    """
    table = as_payoffs(payoffs).payoff_table()
    if table.values.shape != (2, 2) or table.group_size != 2:
        raise InputError(
            f"R, S, T and P belong to games of two players with two strategies; this one has "
            f"{len(table.strategies)} strategies in groups of {table.group_size}"
        )
    (reward, sucker), (temptation, punishment) = table.values.tolist()
    return reward, sucker, temptation, punishment


def as_matrix(payoffs: Any) -> FloatArray:
    """Return the payoff matrix of a two-player game, table or matrix.

    Raises:
        InputError: when it is none of these or a game of more than two players.
    """
    table = as_payoffs(payoffs).payoff_table()
    if table.group_size != 2:
        raise InputError(f"a payoff matrix needs groups of two players, not of {table.group_size}")
    return table.values
