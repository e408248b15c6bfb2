"""Populations that change their shape: networks whose links are made and broken."""

from __future__ import annotations

from functools import partial

from evocoop.bench.laws.record import Law
from evocoop.dynamics import rest_points
from evocoop.games import active_linking

LINKING = "Pacheco, Traulsen & Nowak 2006, Phys Rev Lett 97:258103, and J Theor Biol 243:437"
PAYOFFS = ((1.0, -0.2), (1.3, 0.1))


def _linked_mix(cc: float, cd: float, dd: float) -> float:
    """Return the share of cooperators at the mixed rest point under fast linking, alpha = 1."""
    table = active_linking(PAYOFFS, breaking=((cc, cd), (cd, dd)))
    return float(next(point.shares[0] for point in rest_points(table).points if 0 < point.shares[0] < 1))


def _linked_mix_expected(cc: float, cd: float, dd: float) -> float:
    (r, s), (t, p) = PAYOFFS
    rr, mixed, pp = r / (1 + cc), 1 / (1 + cd), p / (1 + dd)
    return (pp - s * mixed) / (rr - (s + t) * mixed + pp)


def _critical_breaking(cc: float) -> float:
    """Return the rate of breaking C-D links from which cooperators resist defectors, by bisection on stability."""
    low, high = 0.0, 16.0
    while high - low > 1e-9:
        middle = (low + high) / 2
        found = rest_points(active_linking(PAYOFFS, breaking=((cc, middle), (middle, 1.0)))).points
        safe = next(point.stability == "stable" for point in found if point.shares[0] == 1.0)
        low, high = (low, middle) if safe else (middle, high)
    return (low + high) / 2


LAWS = (
    *(
        Law("changing", f"fast links broken at rates {cc:g}, {cd:g}, {dd:g} (CC, CD, DD): mixed rest point", LINKING,
            _linked_mix_expected(cc, cd, dd), partial(_linked_mix, cc, cd, dd), 1e-10)
        for cc, cd, dd in ((0.1, 2.0, 1.0), (0.5, 4.0, 0.5))
    ),
    *(
        Law("changing", f"links of cooperators broken at {cc:g}: rate of leaving defectors that protects cooperators",
            LINKING, 1.3 * (1 + cc) - 1, partial(_critical_breaking, cc), 1e-7)
        for cc in (0.1, 1.0)
    ),
)  # fmt: skip
