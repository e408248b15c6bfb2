"""Signals without any meaning of their own, sent before a two-player game."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from string import ascii_lowercase

import numpy as np
from numpy.typing import ArrayLike

from evocoop.core.errors import InputError, check_integer
from evocoop.games.group_game import keep
from evocoop.games.matrix import PairwiseGame, as_matrix
from evocoop.games.payoffs import FloatArray, IntArray

MOST_SIGNALS = 8


@dataclass(frozen=True, kw_only=True)
class PrePlaySignals(PairwiseGame):
    """Two players show each other one of s costless signals and then play a 2×2 game.

    A strategy is an own signal and an act towards each signal, ``s 2^s`` in all: ``"b:CD"`` shows b, cooperates with
    those who show a and defects against those who show b. The payoff is ``A[act_i(signal_j), act_j(signal_i)]``.
    One signal is the same as none.

    Args:
        signals: s, 1 to 8.
        payoffs: the 2×2 game, ``((R, S), (T, P))``; a stag hunt when left out.

    Raises:
        InputError: when there are too few or too many signals, or the payoffs are no 2×2 game.

    Source: Santos, Pacheco & Skyrms 2011, J Theor Biol 274:30; Skyrms 2002, Philosophy of Science 69:407; the secret
    handshake is Robson 1990, J Theor Biol 144:379.

    >>> PrePlaySignals(signals=2).strategies
    ('a:CC', 'a:CD', 'a:DC', 'a:DD', 'b:CC', 'b:CD', 'b:DC', 'b:DD')
    """

    signals: int = 2
    payoffs: ArrayLike = ((4.0, 0.0), (3.0, 3.0))

    def __post_init__(self) -> None:
        matrix = as_matrix(self.payoffs)
        if matrix.shape != (2, 2):
            raise InputError(f"payoffs must be those of a game of two strategies, not of {len(matrix)}")
        keep(
            self,
            signals=check_integer("signals", self.signals, minimum=1, maximum=MOST_SIGNALS),
            payoffs=tuple(tuple(row) for row in matrix.tolist()),
        )

    @property
    def strategies(self) -> tuple[str, ...]:
        """The strategies: own signal, colon, act towards each signal in turn."""
        plans = ["".join(plan) for plan in product("CD", repeat=self.signals)]
        return tuple(f"{letter}:{plan}" for letter in ascii_lowercase[: self.signals] for plan in plans)

    def _plans(self) -> tuple[IntArray, IntArray]:
        plans = np.array(list(product((0, 1), repeat=self.signals)), dtype=np.int64)
        return np.repeat(np.arange(self.signals), len(plans)), np.tile(plans, (self.signals, 1))

    def _matrix(self) -> FloatArray:
        shown, plan = self._plans()
        act = plan[:, shown]
        return np.array(self.payoffs)[act, act.T]

    def self_cooperation(self) -> FloatArray:
        """Return 1 for each strategy that cooperates with its own kind, 0 for the others."""
        shown, plan = self._plans()
        return np.asarray(1.0 - plan[np.arange(len(plan)), shown], dtype=np.float64)
