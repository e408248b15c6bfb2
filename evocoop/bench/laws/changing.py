"""Populations that change: networks whose links are made and broken, and sizes that follow from the game."""

from __future__ import annotations

from functools import partial

from evocoop.bench.laws.record import Law
from evocoop.dynamics import competition, ecological, payoffs_at_density, rest_points
from evocoop.games import PublicGoods, active_linking

LINKING = "Pacheco, Traulsen & Nowak 2006, Phys Rev Lett 97:258103, and J Theor Biol 243:437"
HAUERT = "Hauert, Holmes & Doebeli 2006, Proc R Soc B 273:2565"
HUANG = "Huang, Hauert & Traulsen 2015, PNAS 112:9064; Lotka 1925, Volterra 1926"
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


def _loss(free: float, multiplier: float, size: int) -> float:
    """Return F(z), by which defectors outdo cooperators, in closed form."""
    return 1 + (multiplier - 1) * free ** (size - 1) - multiplier / size * (1 - free**size) / (1 - free)


def _measured_loss(free: float, multiplier: float, size: int) -> float:
    goods = PublicGoods(group_size=size, multiplier=multiplier, cost=1.0)
    cooperators, defectors = payoffs_at_density(goods, [0.3 * (1 - free), 0.7 * (1 - free)])
    return float(defectors - cooperators)


def _thin(multiplier: float) -> float:
    """Return the share of free places in the long run: groups of 8, b = 1, d = 1.2."""
    goods = PublicGoods(group_size=8, multiplier=multiplier, cost=1.0)
    return 1.0 - float(ecological(goods, birth=1.0, death=1.2, start=(0.3, 0.1), time=3000.0).totals[0, -1])


def _thin_expected(multiplier: float) -> float:
    """Return the root of F by bisection; F falls from 1 - r/8 > 0 at z = 0 and is negative just below z = 1."""
    low, high = 1e-9, 0.9
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if _loss(middle, multiplier, 8) > 0 else (low, middle)
    return low


def _rivals() -> float:
    """Return the density of the first of two competitors in the long run."""
    return float(competition(((1.0, 2.0), (1.5, 1.0)), death=0.25, start=(0.2, 0.4), time=400.0).final[0, 0])


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
    *(
        Law("changing", f"public goods of {size}, r={multiplier:g}, {free:.0%} free places: f_D - f_C", HAUERT,
            _loss(free, multiplier, size), partial(_measured_loss, free, multiplier, size), 1e-11)
        for size, multiplier, free in ((8, 3.0, 0.5), (5, 2.5, 0.9))
    ),
    *(
        Law("changing", f"public goods of 8, r={multiplier:g}, b=1, d=1.2: free places where both strategies last",
            HAUERT, _thin_expected(multiplier), partial(_thin, multiplier), 1e-6)
        for multiplier in (3.0, 4.0)
    ),
    Law("changing", "competition by payoffs ((1, 2), (1.5, 1)), b=1, d=0.25: density of the first, 3/4 (b - d)", HUANG,
        0.75 * 0.75, _rivals, 1e-8),
)  # fmt: skip
