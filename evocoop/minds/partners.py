"""Partner choice: links that are made with anybody and kept with those who are worth it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evocoop.core.errors import check_number, check_probability
from evocoop.games.group_game import keep
from evocoop.games.matrix import PairwiseGame
from evocoop.games.payoffs import FloatArray


def link_share(*, seeking: float, breaking: float) -> float:
    """Return ``phi = a^2/(a^2 + gamma)``, the share of time that two players are linked.

    Unlinked players who both seek at rate a meet at rate a^2; a link ends at rate gamma.

    Source: Pacheco, Traulsen & Nowak 2006, Phys Rev Lett 97:258103.

    >>> round(link_share(seeking=0.4, breaking=0.8), 4)
    0.1667
    """
    made = check_number("seeking", seeking, minimum=0.0) ** 2
    ended = check_number("breaking", breaking, minimum=0.0)
    return made / (made + ended) if made else 0.0


@dataclass(frozen=True, kw_only=True)
class PartnerMarket(PairwiseGame):
    """Donors and defectors who choose their partners: links with defectors are broken sooner.

    Links are made and broken much faster than strategies change, so that i meets j for the share phi_ij of the time and
    the payoff matrix is ``pi_ij phi_ij``. In the donation game donors and defectors are both stable, on either side of
    ``x* = c phi_CD/((b-c)(phi_CC - phi_CD))``. Without choice (all links end alike) defection alone is stable.

    Args:
        benefit: b, at least 0.
        cost: c, at least 0.
        seeking: a, the rate at which everybody seeks partners, at least 0.
        keep_partner: the rate at which two donors part.
        leave_defector: the rate at which a link with a defector ends, whoever ends it.
        choosy: the share of donors' links with defectors that follow that rate; the others end as among donors.

    Raises:
        InputError: when a number is out of range.

    Source: Pacheco, Traulsen & Nowak 2006, Phys Rev Lett 97:258103; ``choosy`` is ours.

    >>> market = PartnerMarket(seeking=0.4, keep_partner=0.16, leave_defector=0.8)
    >>> round(market.threshold, 12)
    0.5
    """

    benefit: float = 2.0
    cost: float = 1.0
    seeking: float = 0.4
    keep_partner: float = 0.16
    leave_defector: float = 0.8
    choosy: float = 1.0

    def __post_init__(self) -> None:
        for name in ("benefit", "cost", "seeking", "keep_partner", "leave_defector"):
            keep(self, **{name: check_number(name, getattr(self, name), minimum=0.0)})
        keep(self, choosy=check_probability("choosy", self.choosy))

    @property
    def strategies(self) -> tuple[str, ...]:
        """``("C", "D")``: donors and defectors."""
        return ("C", "D")

    @property
    def links(self) -> FloatArray:
        """The share of time that each meets each, array (2, 2)."""
        kept = link_share(seeking=self.seeking, breaking=self.keep_partner)
        left = link_share(seeking=self.seeking, breaking=self.leave_defector)
        mixed = self.choosy * left + (1 - self.choosy) * kept
        return np.array([[kept, mixed], [mixed, left]])

    def _matrix(self) -> FloatArray:
        b, c = self.benefit, self.cost
        return np.asarray(self.links * [[b - c, -c], [b, 0.0]])

    @property
    def threshold(self) -> float:
        """The share of donors above which donating spreads; infinite where it never does."""
        (together, apart), _ = self.links
        gain = (self.benefit - self.cost) * (together - apart)
        return float(self.cost * apart / gain) if gain > 0 else float("inf")

    def self_cooperation(self) -> FloatArray:
        """Return (1, 0)."""
        return np.array([1.0, 0.0])
