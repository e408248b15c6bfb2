"""Signalling for a quorum: hunters that can call each other before a hunt."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

from evocoop.core.errors import check_integer, check_number, check_probability
from evocoop.games.group_game import check_threshold, keep
from evocoop.games.payoffs import FloatArray, Game, IntArray

_BITS = tuple(product((1, 0), repeat=4))


@dataclass(frozen=True, kw_only=True)
class QuorumSignalling(Game):
    """An N-person stag hunt in a changing world, before which everybody may signal.

    With probability lambda there is big game (state alpha: the payoffs of :class:`NPersonStagHunt`), else none (state
    beta: hunting only costs c). A strategy ``s_a s_b|a_0 a_1`` says whether to signal in alpha and in beta, and
    whether to hunt when fewer than Q of the group signal and when at least Q do; so ``"10|01"`` is the honest
    signalling system and ``"00|00"`` never does anything. Every signal costs c_S.

    The payoff in state s is ``[s = alpha][k >= M] F c k / N - c a - c_S sigma``, averaged over the states, with k
    hunters in the group, own act a and own signal sigma.

    Args:
        group_size: N, at least 2.
        threshold: M, hunters needed, 1 to N.
        multiplier: F, the factor by which the hunters' efforts grow.
        cost: c, what hunting costs.
        signal_cost: c_S, what a signal costs.
        state_probability: lambda, the probability of big game.
        quorum: Q, signals needed, the own one included, 1 to N; left out, the threshold.

    Raises:
        InputError: when a parameter is out of range, or threshold or quorum are above the group size.

    Source: Pacheco, Vasconcelos, Santos & Skyrms 2015, PLoS Comput Biol 11:e1004101, whose values are the defaults.
    That the quorum equals the threshold and that hunting in vain costs c in state beta is our reading.

    >>> game = QuorumSignalling()
    >>> len(game.strategies), game.signals_needed
    (16, 5)
    >>> game.payoff_table(["10|01"]).values.tolist()
    [[2.225]]
    """

    group_size: int = 9
    threshold: int = 5
    multiplier: float = 10.0
    cost: float = 0.5
    signal_cost: float = 0.05
    state_probability: float = 0.5
    quorum: int | None = None

    def __post_init__(self) -> None:
        size = check_integer("group_size", self.group_size, minimum=2)
        threshold = check_threshold(self.threshold, size)
        if self.quorum is not None:
            keep(self, quorum=check_threshold(self.quorum, size, "quorum"))
        keep(
            self,
            group_size=size,
            threshold=threshold,
            multiplier=check_number("multiplier", self.multiplier, minimum=0.0),
            cost=check_number("cost", self.cost, minimum=0.0),
            signal_cost=check_number("signal_cost", self.signal_cost, minimum=0.0),
            state_probability=check_probability("state_probability", self.state_probability),
        )

    @property
    def strategies(self) -> tuple[str, ...]:
        """The sixteen strategies, ``"11|11"`` to ``"00|00"``."""
        return tuple(f"{a}{b}|{c}{d}" for a, b, c, d in _BITS)

    @property
    def signals_needed(self) -> int:
        """Q, the quorum; the threshold unless another was given."""
        return self.threshold if self.quorum is None else self.quorum

    def group_payoffs(self, counts: IntArray) -> FloatArray:
        """Return the payoff of each strategy in groups of the given compositions, array (m, 16)."""
        bits = np.array(_BITS, dtype=np.int64)
        reward = self.multiplier * self.cost / self.group_size
        payoffs = np.zeros(counts.shape)
        for state, probability in enumerate((self.state_probability, 1.0 - self.state_probability)):
            signals = bits[:, state]
            quorate = (counts @ signals >= self.signals_needed)[:, None]
            acts = np.where(quorate, bits[:, 3], bits[:, 2])
            hunters = (counts * acts).sum(axis=1, keepdims=True)
            spoils = np.where(hunters >= self.threshold, reward * hunters, 0.0) if state == 0 else 0.0
            payoffs += probability * (spoils - self.cost * acts - self.signal_cost * signals)
        return payoffs

    def self_cooperation(self) -> FloatArray:
        """Return how often each strategy hunts among its own kind when there is big game: 0 or 1."""
        return np.array([float(d if a else c) for a, _, c, d in _BITS])
