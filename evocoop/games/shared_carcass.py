"""Cooperators, cheaters, scavengers and solitary hunters at one prey."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evocoop.core.errors import check_number, check_probability
from evocoop.games.group_game import keep
from evocoop.games.matrix import PairwiseGame
from evocoop.games.payoffs import FloatArray


@dataclass(frozen=True, kw_only=True)
class SharedCarcass(PairwiseGame):
    """Two predators meet one prey; either finds it first with probability 1/2.

    A Cooperator always hunts and joins; a Cheater hunts when it is first and else lets the other do it; a Scavenger
    never hunts; a Solitary hunts for itself elsewhere. A hunter kills with probability q1 alone, two with q2; a kill
    of two is split, and who held back takes the share s of a lone partner's kill. With ``a = q1 V``::

        Cooperator vs Cooperator  q2 V/2 - c
        Cooperator vs Cheater     [(q2 V/2 - c) + (1-s) a - c]/2     Cheater gets [(q2 V/2 - c) + s a]/2
        Cooperator vs Scavenger   (1-s) a - c                         Scavenger gets s a
        Cheater    vs Cheater     (a - c)/2
        Cheater    vs Scavenger   [(1-s) a - c]/2                     Scavenger gets s a/2
        anybody    vs Solitary    a - c, a Scavenger 0                Solitary gets a - c

    Args:
        alone: q1, the chance that a lone hunt kills.
        together: q2, the chance that a hunt of two kills.
        prey: V, what the prey is worth, at least 0.
        cost: c, what hunting costs, at least 0.
        scavenged: s, the share of a lone partner's kill that who held back takes, in [0, 1].

    Raises:
        InputError: when a number is out of range.

    Source: the strategies of Packer & Ruttan 1988, Am Nat 132:159; this two-player form is ours.

    >>> game = SharedCarcass(alone=0.2, together=0.9, prey=10, cost=1, scavenged=0.5)
    >>> game.cooperators_resist_cheaters
    True
    """

    alone: float = 0.2
    together: float = 0.8
    prey: float = 10.0
    cost: float = 1.0
    scavenged: float = 0.5

    def __post_init__(self) -> None:
        keep(
            self, **{name: check_probability(name, getattr(self, name)) for name in ("alone", "together", "scavenged")}
        )
        keep(self, **{name: check_number(name, getattr(self, name), minimum=0.0) for name in ("prey", "cost")})

    @property
    def strategies(self) -> tuple[str, ...]:
        """``("Cooperator", "Cheater", "Scavenger", "Solitary")``."""
        return ("Cooperator", "Cheater", "Scavenger", "Solitary")

    def _matrix(self) -> FloatArray:
        kill = self.alone * self.prey
        both = self.together * self.prey / 2 - self.cost
        robbed, scraps, solo = (1 - self.scavenged) * kill - self.cost, self.scavenged * kill, kill - self.cost
        return np.array(
            [
                [both, (both + robbed) / 2, robbed, solo],
                [(both + scraps) / 2, (robbed + scraps) / 2, robbed / 2, solo],
                [scraps, scraps / 2, 0.0, 0.0],
                [solo, solo, solo, solo],
            ]
        )

    @property
    def cooperators_resist_cheaters(self) -> bool:
        """Whether ``q2 V/2 - c > s q1 V``: a rare cheater then earns less than the cooperators around it."""
        return self.together * self.prey / 2 - self.cost > self.scavenged * self.alone * self.prey

    def self_cooperation(self) -> FloatArray:
        """Return (1, 0, 0, 0): only cooperators hunt together."""
        return np.array([1.0, 0.0, 0.0, 0.0])
