"""Verifying the other's mind: what it is worth to know before one acts."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from evocoop.core.errors import InputError, check_number
from evocoop.games.payoffs import FloatArray


def value_of_checking(belief: ArrayLike, *, benefit: float, cost: float, hare: float) -> FloatArray:
    """Return ``VOI(p) = p (b-c) + (1-p) h - max(h, p b - c)``, what a perfect check of the partner is worth.

    It peaks at ``p* = (c+h)/b`` with ``p* (b-c-h)``; checking pays iff it costs less.

    Args:
        belief: p, that the partner will hunt, in [0, 1].
        benefit: b, each hunter's part of the stag.
        cost: c, what hunting costs.
        hare: h.

    Raises:
        InputError: when a belief lies outside [0, 1].

    Source: the value of information of Howard 1966, IEEE Trans Syst Sci Cybern 2:22, applied to the stag hunt.

    >>> value_of_checking([0.0, 0.5, 1.0], benefit=4, cost=1, hare=1).tolist()
    [0.0, 1.0, 0.0]
    """
    p = np.asarray(belief, dtype=np.float64)
    if not ((p >= 0) & (p <= 1)).all():
        raise InputError(f"belief must lie in [0, 1], not {belief!r}")
    benefit, cost = check_number("benefit", benefit), check_number("cost", cost)
    hare = check_number("hare", hare)
    return np.asarray(p * (benefit - cost) + (1 - p) * hare - np.maximum(hare, p * benefit - cost))
