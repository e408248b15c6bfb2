"""Apology and forgiveness: what becomes of an agreement after a mistake."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from evocoop.core.errors import check_number, check_probability
from evocoop.games.group_game import keep
from evocoop.games.matrix import PairwiseGame
from evocoop.games.payoffs import FloatArray

KINDS = ("Apologiser", "Revenger", "FakeApologiser", "Cooperator", "Defector")
_INTENDS = np.array([1, 1, 0, 1, 0])
_APOLOGISES = np.array([1, 0, 1, 0, 0])
_FORGIVES = np.array([1, 0, 1, 1, 1])
_RETALIATES = np.array([1, 1, 0, 0, 0])
AGREED: Final = 0
BROKEN: Final = 1


@dataclass(frozen=True, kw_only=True)
class Apology(PairwiseGame):
    r"""Partners in a long prisoner's dilemma who make mistakes, apologise for them, and forgive, or do not.

    The game goes on with probability omega after each round; who means to cooperate defects by mistake with probability
    alpha. Five ways to act:

    - Apologiser: cooperates, pays gamma to the partner whenever it defected, forgives a defection that came with an
      apology, and defects for ever after one that did not;
    - Revenger: cooperates, never apologises, defects for ever after any defection;
    - FakeApologiser: always defects, and apologises every time as long as it is believed;
    - Cooperator, Defector: always cooperates, or defects, and never apologises.

    A pair is in one of two states, agreed or broken. With v the value of both states, r the payoffs of a round and P
    the moves between states, payoffs per round are ``(1-omega) v_agreed``, where ``v = r + omega P v``.

    Args:
        temptation: T.
        reward: R.
        punishment: P.
        sucker: S.
        apology_cost: gamma, what an apology costs and brings the partner, at least 0.
        mistakes: alpha, in [0, 1].
        continuation: omega, in [0, 1).

    Raises:
        InputError: when a number is out of range.

    Source: the question is that of Martinez-Vaquero, Han, Pereira & Lenaerts 2015, Sci Rep 5:10639 (omega = 0.9,
    b/c = 2); two states and these five are our simpler form of it. Without mistakes sincere apologies resist fake
    ones, by risk dominance, iff ``gamma > (T + P - R - S)/2``; in the donation game iff gamma exceeds c.

    >>> game = Apology(mistakes=0.0, apology_cost=1.5)
    >>> game.matrix[0].round(6).tolist()
    [1.0, 1.0, 0.5, 1.0, -0.1]
    """

    temptation: float = 2.0
    reward: float = 1.0
    punishment: float = 0.0
    sucker: float = -1.0
    apology_cost: float = 1.5
    mistakes: float = 0.05
    continuation: float = 0.9

    def __post_init__(self) -> None:
        for name in ("temptation", "reward", "punishment", "sucker"):
            keep(self, **{name: check_number(name, getattr(self, name))})
        keep(self, apology_cost=check_number("apology_cost", self.apology_cost, minimum=0.0))
        keep(self, mistakes=check_probability("mistakes", self.mistakes))
        keep(self, continuation=check_number("continuation", self.continuation, minimum=0.0, maximum=1.0 - 1e-9))

    @property
    def strategies(self) -> tuple[str, ...]:
        """``("Apologiser", "Revenger", "FakeApologiser", "Cooperator", "Defector")``."""
        return KINDS

    @property
    def sincerity_threshold(self) -> float:
        """The apology cost above which sincere apologies are risk-dominant over fake ones, without mistakes."""
        return (self.temptation + self.punishment - self.reward - self.sucker) / 2

    def _chances(self, kind: int, state: int) -> float:
        """Return the probability to cooperate."""
        if not _INTENDS[kind] or (state == BROKEN and _RETALIATES[kind]):
            return 0.0
        return 1.0 - self.mistakes

    def _round(self, one: int, two: int, state: int) -> tuple[float, float, float]:
        """Return the payoff of the first, its cooperation, and the chance that the agreement is broken after."""
        payoffs = np.array([[self.punishment, self.temptation], [self.sucker, self.reward]])
        chances = self._chances(one, state), self._chances(two, state)
        gain, broken = 0.0, 0.0
        for mine in (0, 1):
            for other in (0, 1):
                p = (chances[0] if mine else 1 - chances[0]) * (chances[1] if other else 1 - chances[1])
                sorry = state == AGREED and not mine and _APOLOGISES[one]
                sorry_too = state == AGREED and not other and _APOLOGISES[two]
                value = payoffs[mine, other] + self.apology_cost * (float(sorry_too) - float(sorry))
                gain += p * value
                hurt = not other and _RETALIATES[one] and not (sorry_too and _FORGIVES[one])
                hurt_too = not mine and _RETALIATES[two] and not (sorry and _FORGIVES[two])
                broken += p * float(state == BROKEN or hurt or hurt_too)
        return gain, chances[0], broken

    def _long_run(self, one: int, two: int) -> tuple[float, float]:
        """Return payoff and cooperation of the first per round."""
        rounds = [self._round(one, two, state) for state in (AGREED, BROKEN)]
        moves = np.array([[1.0 - broken, broken] for _, _, broken in rounds])
        yields = np.array([[gain, cooperation] for gain, cooperation, _ in rounds])
        value = np.linalg.solve(np.eye(2) - self.continuation * moves, yields)
        payoff, cooperation = (1.0 - self.continuation) * value[AGREED]
        return float(payoff), float(cooperation)

    def _matrix(self) -> FloatArray:
        kinds = range(len(KINDS))
        return np.array([[self._long_run(i, j)[0] for j in kinds] for i in kinds])

    def self_cooperation(self) -> FloatArray:
        """Return how often each cooperates with its own kind."""
        return np.array([self._long_run(i, i)[1] for i in range(len(KINDS))])
