"""Agreements before a public goods game: how many must take part, and what becomes of those who do not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evocoop.core.errors import check_integer, check_number, check_probability
from evocoop.games.group_game import check_threshold, keep
from evocoop.games.payoffs import FloatArray, Game, IntArray


@dataclass(frozen=True, kw_only=True)
class GroupCommitment(Game):
    """A public goods game before which a deal to contribute may be proposed.

    COMP proposes; COMP, C, FAKE and FREE accept, D refuses. The deal stands when at least F accept, and then COMP, C
    and FREE contribute c, FAKE does not and pays delta, and the proposers share eps, what the fakers pay, and (when
    somebody refused) the cost of keeping the others off. Who refused gets the share psi of what the others get. When
    a proposal fails nobody plays; when nobody proposes, C alone contributes. With k contributors, p proposers and f
    fakers::

        no proposer   C: F' c k/N - c                           D, FAKE, FREE: F' c k/N
        deal          COMP: F' c k/N - c - (eps - delta f)/p    C, FREE: F' c k/N - c
                      FAKE: F' c k/N - delta                    D: psi F' c k/N
        no deal       everybody: 0

    where F' is the multiplier. With N = F = 2 it is :class:`Commitment` on ``R = (F'-1)c, S = F'c/2 - c, T = F'c/2,
    P = 0``.

    Args:
        group_size: N, at least 2.
        multiplier: the factor by which contributions grow.
        cost: c, what a contributor gives.
        proposal_cost: eps, shared by the proposers of a deal that stands.
        compensation: delta, what who breaks a deal pays, shared by the proposers.
        participation: F, members a deal needs, 1 to N; left out, N (refuse to play unless all commit).
        access: psi, the share of the good that who refused can still use, in [0, 1].
        restriction_cost: what keeping them off costs, shared by the proposers.

    Raises:
        InputError: when a parameter is out of range.

    Sources: Han, Pereira & Lenaerts 2017, Auton Agent Multi-Agent Syst 31:561 (participation); Han, Pereira & Lenaerts
    2015, J R Soc Interface 12:20141203 (avoid or restrict). How costs are shared is our reading.

    >>> GroupCommitment(group_size=5, participation=3).members_needed
    3
    """

    group_size: int = 5
    multiplier: float = 3.0
    cost: float = 1.0
    proposal_cost: float = 0.25
    compensation: float = 2.0
    participation: int | None = None
    access: float = 1.0
    restriction_cost: float = 0.0

    def __post_init__(self) -> None:
        size = check_integer("group_size", self.group_size, minimum=2)
        keep(self, group_size=size, access=check_probability("access", self.access))
        if self.participation is not None:
            keep(self, participation=check_threshold(self.participation, size, "participation"))
        for name in ("multiplier", "cost", "proposal_cost", "compensation", "restriction_cost"):
            keep(self, **{name: check_number(name, getattr(self, name), minimum=0.0)})

    @property
    def strategies(self) -> tuple[str, ...]:
        """``("COMP", "C", "D", "FAKE", "FREE")``."""
        return ("COMP", "C", "D", "FAKE", "FREE")

    @property
    def members_needed(self) -> int:
        """F, members a deal needs."""
        return self.group_size if self.participation is None else self.participation

    def group_payoffs(self, counts: IntArray) -> FloatArray:
        """Return the payoff of each strategy in groups of the given compositions, array (m, 5)."""
        proposers, cooperators, refusers, fakers, free = counts.T
        proposed = proposers > 0
        deal = proposed & (self.group_size - refusers >= self.members_needed)
        givers = np.where(deal, proposers + cooperators + free, np.where(proposed, 0, cooperators))
        good = self.multiplier * self.cost * givers / self.group_size
        fence = np.where(refusers > 0, self.restriction_cost, 0.0)
        bill = (self.proposal_cost + fence - self.compensation * fakers) / np.maximum(proposers, 1)
        plays = np.where(deal | ~proposed, good, 0.0)
        payoffs = np.tile(plays[:, None], (1, 5))
        payoffs[:, 0] -= np.where(deal, self.cost + bill, 0.0)
        payoffs[:, 1] -= np.where(deal | ~proposed, self.cost, 0.0)
        payoffs[:, 2] *= np.where(deal, self.access, 1.0)
        payoffs[:, 3] -= np.where(deal, self.compensation, 0.0)
        payoffs[:, 4] -= np.where(deal, self.cost, 0.0)
        return payoffs

    def self_cooperation(self) -> FloatArray:
        """Return (1, 1, 0, 0, 0): proposers and cooperators cooperate among their own kind."""
        return np.array([1.0, 1.0, 0.0, 0.0, 0.0])
