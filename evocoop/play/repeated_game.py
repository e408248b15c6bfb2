"""The repeated game between strategies that are finite automata, as one game with exact payoffs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from evocoop.core.errors import InputError, check_number, check_probability
from evocoop.games.matrix import PairwiseGame
from evocoop.games.payoffs import FloatArray
from evocoop.strategies.registry import find, recorded_automata
from evocoop.strategies.spec import parse

CLASSICAL = ("Cooperator", "Defector", "TitForTat", "GTFT", "WinStayLoseShift", "Grudger")


@dataclass(frozen=True, kw_only=True)
class RepeatedGame(PairwiseGame):
    """Two players meet again and again, each by a strategy that is a finite automaton.

    The payoff of i against j is the expectation of ``sum_t (1-w)^t r_t / sum_t (1-w)^t``: per turn, computed on the
    Markov chain of the two automata and never sampled; for w = 0 the long-run mean.

    Args:
        players: names or specs of strategies of the catalogue, all finite automata.
        temptation: T.
        reward: R.
        punishment: P.
        sucker: S.
        noise: probability that a play is flipped, in [0, 1].
        prob_end: w, probability that the match ends after a turn, in [0, 1]; 0 for matches without end.

    Raises:
        InputError: when a player is unknown, stands twice, or is no finite automaton (when payoffs are computed).

    Source: Nowak & Sigmund 1993, Nature 364:56 (the chain of two memory-one strategies).

    >>> game = RepeatedGame(players=["TitForTat", "Defector"], noise=0, prob_end=0.1)
    >>> game.payoff_table().values.round(12).tolist()
    [[3.0, 0.9], [1.4, 1.0]]
    """

    players: tuple[str, ...] = CLASSICAL
    temptation: float = 5.0
    reward: float = 3.0
    punishment: float = 1.0
    sucker: float = 0.0
    noise: float = 0.01
    prob_end: float = 0.0

    def __post_init__(self) -> None:
        names: Any = self.players
        if isinstance(names, str) or not names or not all(isinstance(name, str) for name in names):
            raise InputError(f"players must be a list of names of strategies, not {names!r}")
        for name in names:
            key = find(parse(name).name).key
            if key == name and recorded_automata().get(key, {}) is None:
                raise InputError(
                    f"{name} is no finite automaton; tournaments play it, a repeated game cannot expect it"
                )
        if len(set(names)) < len(names):
            raise InputError(
                f"players must differ, but {next(n for n in names if list(names).count(n) > 1)} stands twice"
            )
        object.__setattr__(self, "players", tuple(names))
        for field in ("temptation", "reward", "punishment", "sucker"):
            check_number(field, getattr(self, field))
        check_probability("noise", self.noise)
        check_probability("prob_end", self.prob_end)

    @property
    def strategies(self) -> tuple[str, ...]:
        """The players."""
        return self.players

    @cached_property
    def _pairs(self) -> tuple[FloatArray, FloatArray]:
        """Return payoffs and shares of cooperation, of rows against columns."""
        from evocoop.play.exact import exact_match

        size, terms = len(self.players), (self.reward, self.sucker, self.temptation, self.punishment)
        payoffs, cooperation = np.empty((size, size)), np.empty((size, size))
        for i, one in enumerate(self.players):
            for j, two in enumerate(self.players[i:], start=i):
                met = exact_match(one, two, noise=self.noise, prob_end=self.prob_end or None, game=terms)
                payoffs[i, j], payoffs[j, i] = met.payoffs
                cooperation[i, j], cooperation[j, i] = met.cooperation
        return payoffs, cooperation

    def _matrix(self) -> FloatArray:
        return self._pairs[0]

    def self_cooperation(self) -> FloatArray:
        """Return how often each player cooperates with its own kind, array (n,)."""
        return np.diag(self._pairs[1]).copy()
