"""Structured populations: graphs, critical benefit-to-cost ratios, groups."""

from __future__ import annotations

from functools import partial

from evocoop.bench.laws.record import Law
from evocoop.dynamics import critical_benefit_to_cost, fixation_on_star, multilevel_critical_ratio, random_regular, ring

LIEBERMAN = "Lieberman, Hauert & Nowak 2005, Nature 433:312; Broom & Rychtar 2008, Proc R Soc A 464:2609"
TAYLOR = "Taylor, Day & Wild 2007, Nature 447:469, (N-2)/(N/k-2); Ohtsuki et al. 2006, Nature 441:502"
GROUPS = "Traulsen & Nowak 2006, PNAS 103:10952, 1 + n/(m-2)"


LAWS = (
    *(
        Law("structured", f"star with {n} leaves, birth-death, r=1.1: fixation of one mutant", LIEBERMAN, value,
            partial(fixation_on_star, leaves=n, fitness=1.1), 5e-12)
        for n, value in ((4, 0.252908760312), (10, 0.176936590632), (99, 0.170273850215))
    ),
    *(
        Law("structured", f"ring of {n}: critical b/c under death-birth by coalescence times", TAYLOR,
            (n - 2) / (n / 2 - 2), lambda n=n: float(critical_benefit_to_cost(ring(n))), 1e-10)  # type: ignore[misc]
        for n in (10, 30)
    ),
    Law("structured", "random 4-regular graph of 60: critical b/c under death-birth", TAYLOR,
        (60 - 2) / (60 / 4 - 2), lambda: float(critical_benefit_to_cost(random_regular(60, 4, seed=1))), 1e-9),
    *(
        Law("structured", f"two-level selection, {m} groups of {n}: critical b/c", GROUPS, 1 + n / (m - 2),
            partial(multilevel_critical_ratio, groups=m, group_size=n), 1e-9)
        for m, n in ((10, 10), (50, 5))
    ),
)  # fmt: skip
