"""Chimpanzee-like hunting: acting on what is seen, hunters who start others, and figures from the field.

"Chimp-like" names a region of parameters, not a verdict on a species.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evocoop.core.errors import InputError, check_integer, check_number, check_probability
from evocoop.games.payoffs import IntArray


@dataclass(frozen=True)
class Site:
    """Red colobus hunting at one field site.

    Args:
        name: the site.
        hunted: share of encounters with prey that became hunts; None where it is not reported.
        success: share of hunts with at least one capture.
        prey: captures per successful hunt; None where it is not reported.
    """

    name: str
    hunted: float | None
    success: float
    prey: float | None


SITES = (
    Site("Kanyawara", 0.079, 119 / 194, 152 / 119),
    Site("Kasekela", 0.647, 0.623, 1.90),
    Site("Mitumba", 0.480, 0.532, 1.30),
    Site("Ngogo", 61 / 164, 0.775, 3.41),
)
"""Gilby et al. 2015, Phil Trans R Soc B 370:20150005, and Mitani & Watts for Ngogo (success 0.73 to 0.82: its middle).

Hunts at these sites are described as mostly not coordinated, those at Tai as coordinated; they should not be averaged.
"""
TAI_ALONE, TAI_GROUP, TAI_HUNTERS = 0.16, 0.61, 3.08
"""Tai: success of lone hunters, of group hunts, and the mean number of hunters (Boesch 2002, Human Nature 13:27)."""


def independent_success(alone: float, hunters: float) -> float:
    """Return ``1 - (1 - q)^n``, the success of n who hunt side by side without helping or hindering each other.

    What a group achieves beyond it is synergy.

    >>> round(independent_success(TAI_ALONE, TAI_HUNTERS), 3), TAI_GROUP
    (0.416, 0.61)
    """
    alone = check_probability("alone", alone)
    return float(1.0 - (1.0 - alone) ** check_number("hunters", hunters, minimum=0.0))


def stag_belief(*, benefit: float, cost: float, hare: float, belief: float) -> bool:
    """Return whether a myopic best responder hunts: ``p b - c > h``.

    Raises:
        InputError: when a number is out of range.

    Source: Skyrms 2004, The Stag Hunt and the Evolution of Social Structure, Cambridge University Press.

    >>> stag_belief(benefit=4, cost=1, hare=1, belief=0.6)
    True
    """
    gain = check_probability("belief", belief) * check_number("benefit", benefit)
    return bool(gain - check_number("cost", cost, minimum=0.0) > check_number("hare", hare))


KEENNESS = 0.7
"""Calibrated: pairs reach the stag 91 times of 100 (Bullinger et al. 2011, Int J Primatol 32:1296), if each is seen."""


def calibrated_keenness(rate: float, *, visibility: float = 1.0) -> float:
    """Return the keenness at which a pair that does not call reaches the stag at a given rate.

    It solves ``kappa^2 + 2 kappa (1 - kappa) v = rate``. One rate fixes one of two chances: the 91 % of Bullinger et
    al. 2011 fit a keenness of 0.7 when whoever goes is seen, and of 0.95 when nobody is.

    Raises:
        InputError: when a number is not a probability.

    The formula is our hypothesis.

    >>> round(calibrated_keenness(0.91), 3), round(calibrated_keenness(0.91, visibility=0.0), 3)
    (0.7, 0.954)
    """
    rate, v = check_probability("rate", rate), check_probability("visibility", visibility)
    # this form of the root in [0, 1] divides by nothing small where v is near one half
    root = math.sqrt(max(0.0, v * v + (1.0 - 2.0 * v) * rate))
    return rate / (v + root) if v + root else 0.0


def dyad_stag_rate(*, keenness: float = KEENNESS, visibility: float = 1.0, heard: float = 0.0) -> float:
    """Return how often a pair ends up hunting the stag together.

    Each goes first with probability kappa; who did not go follows when it sees the other gone (probability v)::

        look = kappa^2 + 2 kappa (1 - kappa) v

    Pairs that communicate agree before, when a call of either is heard (probability q each), and look otherwise:
    ``1 - (1-q)^2 (1 - look)``.

    Args:
        keenness: kappa; lower where hunting alone is riskier.
        visibility: v.
        heard: q; 0 for pairs that do not call.

    Raises:
        InputError: when a number is not a probability.

    Sources: chimpanzee pairs lead and follow without communicating beforehand: Bullinger et al. 2011, Int J Primatol
    32:1296 (91 %), from which kappa is calibrated. A barrier between the partners made no difference there, so it did
    not hide who had gone: v is the chance to notice that, not the view of the partner. Where risk is high and
    visibility poor chimpanzees coordinate less often and children keep coordinating, by communicating: Duguid et al.
    2014, Proc R Soc B 281:20141973; by how much is not fitted here. The formula is our hypothesis.

    >>> round(dyad_stag_rate(), 2), round(dyad_stag_rate(visibility=0.2, keenness=0.4), 3)
    (0.91, 0.256)
    >>> round(dyad_stag_rate(visibility=0.2, keenness=0.4, heard=0.8), 3)
    0.97
    """
    kappa, v = check_probability("keenness", keenness), check_probability("visibility", visibility)
    q = check_probability("heard", heard)
    look = kappa**2 + 2 * kappa * (1 - kappa) * v
    return 1.0 - (1.0 - q) ** 2 * (1.0 - look)


def impact_cascade(costs: Sequence[float], *, success: Sequence[float], meat: float, dilution: float) -> IntArray:
    """Return who joins, in order of cost, as long as joining pays after those who already hunt.

    i joins after n others iff ``q(n+1) m > c_i exp(-d n)``: hunters dilute the prey's defence for those who follow. If
    nobody has ``c_i < q(1) m``, no hunt starts, whatever the size of the party.

    Args:
        costs: c_i, what hunting first costs each, at least 0.
        success: q(1) … q(n), chance of a kill by the number of hunters.
        meat: m, what a kill brings a hunter, at least 0.
        dilution: d, at least 0.

    Returns:
        Positions of those who hunt, in the order of joining, array.

    Raises:
        InputError: when lengths do not fit or a number is out of range.

    Source: impact hunters: Gilby et al. 2015, Phil Trans R Soc B 370:20150005; the rule is ours.

    >>> impact_cascade([0.2, 1.5, 1.5], success=[0.3, 0.5, 0.6], meat=1, dilution=1.5).tolist()
    [0, 1, 2]
    >>> impact_cascade([0.4, 1.5, 1.5], success=[0.3, 0.5, 0.6], meat=1, dilution=1.5).tolist()
    []
    """
    price, chance = np.asarray(costs, dtype=np.float64), np.asarray(success, dtype=np.float64)
    if (
        price.ndim != 1
        or chance.shape != price.shape
        or not ((price >= 0).all() and ((chance >= 0) & (chance <= 1)).all())
    ):
        raise InputError("impact_cascade needs a cost of at least 0 and a probability of success for every hunter")
    meat, dilution = check_number("meat", meat, minimum=0.0), check_number("dilution", dilution, minimum=0.0)
    order = np.argsort(price, kind="stable")
    joined = 0
    while joined < len(order) and chance[joined] * meat > price[order[joined]] * np.exp(-dilution * joined):
        joined += 1
    return np.asarray(order[:joined])


def scrap_range(*, alone: float, together: float, scraps: float) -> float:
    """Return ``S Q/q``, the party size up to which hunting in a group gives a better chance of some meat than alone.

    Args:
        alone: q, success of a lone hunter, above 0.
        together: Q, success of the group.
        scraps: S, how many a kill feeds with some meat, at least 0.

    Source: Tennie, Gilby & Mundry 2009, Behav Ecol Sociobiol 63:421 (the meat-scrap hypothesis); the form is ours.

    >>> round(scrap_range(alone=0.16, together=0.61, scraps=1), 2)
    3.81
    """
    alone = check_number("alone", alone, minimum=0.0, maximum=1.0, exclusive=True)
    return check_number("scraps", scraps, minimum=0.0) * check_probability("together", together) / alone


def party_odds(males: int, *, base: float, per_male: float) -> float:
    """Return the chance that an encounter becomes a hunt when every further male multiplies the odds by ``per_male``.

    At Kanyawara the factor is 1.48, at Kasekela 1.08, at Mitumba 1.72 (Gilby et al. 2015).

    >>> round(party_odds(1, base=0.05, per_male=1.48), 3), round(party_odds(10, base=0.05, per_male=1.48), 3)
    (0.05, 0.642)
    """
    males = check_integer("males", males, minimum=1)
    base = check_number("base", base, minimum=0.0, maximum=1.0)
    if base in (0.0, 1.0):
        return base
    odds = base / (1 - base) * check_number("per_male", per_male, minimum=0.0, exclusive=True) ** (males - 1)
    return odds / (1 + odds)
