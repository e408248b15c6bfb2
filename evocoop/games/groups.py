"""N-person games of cooperators and defectors, in closed form."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from evocoop.core.errors import check_integer, check_number, check_probability
from evocoop.games.group_game import GroupGame, binomial_weights, check_threshold, keep
from evocoop.games.payoffs import FloatArray


@dataclass(frozen=True, kw_only=True)
class PublicGoods(GroupGame):
    """The linear public goods game: contributions are multiplied and shared by everybody.

    With k contributors ``P_D = F c k / N`` and ``P_C = P_D - c``. Defection is dominant when F < N.

    Args:
        group_size: N, at least 2.
        multiplier: F, the factor by which contributions grow.
        cost: c, what a cooperator contributes.

    Raises:
        InputError: when a parameter is out of range.

    Source: Hauert, De Monte, Hofbauer & Sigmund 2002, J Theor Biol 218:187.

    >>> game = PublicGoods(group_size=4, multiplier=2, cost=1)
    >>> game.payoff_table().values.tolist()
    [[1.0, 0.5, 0.0, -0.5], [1.5, 1.0, 0.5, 0.0]]
    """

    group_size: int = 5
    multiplier: float = 3.0
    cost: float = 1.0

    def __post_init__(self) -> None:
        keep(
            self,
            group_size=check_integer("group_size", self.group_size, minimum=2),
            multiplier=check_number("multiplier", self.multiplier, minimum=0.0),
            cost=check_number("cost", self.cost, minimum=0.0),
        )

    def payoffs(self, cooperators: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """Return ``F c k / N - c`` and ``F c k / N``."""
        k = np.asarray(cooperators, dtype=np.float64)
        share = self.multiplier * self.cost * k / self.group_size
        return share - self.cost, share

    def finite_gain(self, population_size: int) -> float:
        """Return ``f_C - f_D`` in a population of Z, the same at every state: ``c [(F/N)(Z-N)/(Z-1) - 1]``."""
        z = check_integer("population_size", population_size, minimum=self.group_size)
        return self.cost * (self.multiplier / self.group_size * (z - self.group_size) / (z - 1) - 1.0)


@dataclass(frozen=True, kw_only=True)
class NPersonStagHunt(GroupGame):
    """The N-person stag hunt: a public good that needs M hunters.

    With k hunters ``P_D = F c k / N`` if k >= M, else 0; ``P_C = P_D - c``. With M = 1 it is the linear public goods
    game.

    Args:
        group_size: N, at least 2.
        threshold: M, hunters needed, 1 to N.
        multiplier: F, the factor by which the hunters' efforts grow.
        cost: c, what a hunter pays.

    Raises:
        InputError: when a parameter is out of range or the threshold is above the group size.

    Source: Pacheco, Santos, Souza & Skyrms 2009, Proc R Soc B 276:315.

    >>> game = NPersonStagHunt(group_size=5, threshold=3, multiplier=4, cost=1)
    >>> [round(x, 6) for x in game.roots()], round(game.critical_multiplier, 4)
    ([0.412116, 0.815506], 3.3069)
    """

    group_size: int = 5
    threshold: int = 3
    multiplier: float = 4.0
    cost: float = 1.0

    def __post_init__(self) -> None:
        size = check_integer("group_size", self.group_size, minimum=2)
        keep(
            self,
            group_size=size,
            threshold=check_threshold(self.threshold, size),
            multiplier=check_number("multiplier", self.multiplier, minimum=0.0),
            cost=check_number("cost", self.cost, minimum=0.0),
        )

    def payoffs(self, cooperators: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """Return ``P_D - c`` and ``P_D = F c k / N`` from the threshold on."""
        k = np.asarray(cooperators, dtype=np.float64)
        share = np.where(k >= self.threshold, self.multiplier * self.cost * k / self.group_size, 0.0)
        return share - self.cost, share

    def success(self, share: ArrayLike) -> FloatArray:
        """Return R(x), with which ``f_C - f_D = c [(F/N) R(x) - 1]``; it is highest at ``x = M/N``."""
        others = np.arange(self.group_size)
        returns = np.where(others >= self.threshold, 1.0, 0.0)
        returns[self.threshold - 1] = self.threshold
        return np.asarray(binomial_weights(self.group_size - 1, share) @ returns)

    @property
    def critical_multiplier(self) -> float:
        """F* = N / R(M/N): below it nobody hunts in an infinite population."""
        return self.group_size / float(self.success(self.threshold / self.group_size))


@dataclass(frozen=True, kw_only=True)
class NPersonSnowdrift(GroupGame):
    """The N-person snowdrift game: everybody gains when at least M work, and those who work share the cost.

    ``P_C = b - c/k`` if k >= M, else ``-c/M``; ``P_D = b`` if k >= M, else 0.

    Args:
        group_size: N, at least 2.
        threshold: M, workers needed, 1 to N.
        benefit: b, what everybody gets once the work is done.
        cost: c, the whole work.

    Raises:
        InputError: when a parameter is out of range or the threshold is above the group size.

    Source: Souza, Pacheco & Santos 2009, J Theor Biol 260:581; for M = 1 Zheng, Yin, Chan & Hui 2007, EPL 80:18002.

    >>> [round(x, 4) for x in NPersonSnowdrift(group_size=5, threshold=1, benefit=1, cost=0.3).roots()]
    [0.3864]
    """

    group_size: int = 5
    threshold: int = 1
    benefit: float = 1.0
    cost: float = 0.5

    def __post_init__(self) -> None:
        size = check_integer("group_size", self.group_size, minimum=2)
        keep(
            self,
            group_size=size,
            threshold=check_threshold(self.threshold, size),
            benefit=check_number("benefit", self.benefit, minimum=0.0),
            cost=check_number("cost", self.cost, minimum=0.0),
        )

    def payoffs(self, cooperators: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """Return ``b - c/k`` and ``b`` from the threshold on, ``-c/M`` and 0 below it."""
        k = np.asarray(cooperators, dtype=np.float64)
        done = k >= self.threshold
        part = self.cost / np.maximum(k, self.threshold)
        benefit = np.where(done, self.benefit, 0.0)
        return benefit - part, benefit


@dataclass(frozen=True, kw_only=True)
class CollectiveRiskDilemma(GroupGame):
    """The collective-risk dilemma: unless M contribute, everybody loses what is left, with probability r.

    With k contributors ``P_D = e`` if k >= M, else ``(1 - r) e``; ``P_C = P_D - c``, e the endowment.

    Args:
        group_size: N, at least 2.
        threshold: M, contributors needed, 1 to N.
        risk: r, the probability of losing everything when the group fails.
        contribution: c, what a cooperator gives, at most the endowment.
        endowment: e, what everybody starts with.

    Raises:
        InputError: when a parameter is out of range or the threshold is above the group size.

    Source: Santos & Pacheco 2011, PNAS 108:10421; the experiment is Milinski et al. 2008, PNAS 105:2291.

    >>> game = CollectiveRiskDilemma(group_size=6, threshold=3, risk=0.7, contribution=0.1)
    >>> [round(x, 6) for x in game.roots()], round(game.critical_ratio, 4)
    ([0.153453, 0.688938], 0.3456)
    """

    group_size: int = 6
    threshold: int = 3
    risk: float = 0.7
    contribution: float = 0.1
    endowment: float = 1.0

    def __post_init__(self) -> None:
        size = check_integer("group_size", self.group_size, minimum=2)
        endowment = check_number("endowment", self.endowment, minimum=0.0)
        keep(
            self,
            group_size=size,
            threshold=check_threshold(self.threshold, size),
            risk=check_probability("risk", self.risk),
            contribution=check_number("contribution", self.contribution, minimum=0.0, maximum=endowment),
            endowment=endowment,
        )

    def payoffs(self, cooperators: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """Return ``P_D - c`` and ``P_D``."""
        k = np.asarray(cooperators, dtype=np.float64)
        kept = np.where(k >= self.threshold, self.endowment, (1.0 - self.risk) * self.endowment)
        return kept - self.contribution, kept

    @property
    def critical_ratio(self) -> float:
        """The cost-to-risk ratio c/(r e) above which nobody contributes in an infinite population."""
        peak = (self.threshold - 1) / (self.group_size - 1)
        return float(binomial_weights(self.group_size - 1, peak)[self.threshold - 1])
