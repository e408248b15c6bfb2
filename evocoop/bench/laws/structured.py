"""Structured populations: graphs, critical benefit-to-cost ratios, groups."""

from __future__ import annotations

from functools import partial

from evocoop.bench.laws.record import Law
from evocoop.dynamics import (
    Graph,
    complete,
    critical_benefit_to_cost,
    exact_fixation_on_graph,
    fixation_in_groups_limit,
    fixation_on_star,
    graph_from_edges,
    random_regular,
    ring,
)

LIEBERMAN = "Lieberman, Hauert & Nowak 2005, Nature 433:312; Broom & Rychtar 2008, Proc R Soc A 464:2609"
TAYLOR = "Taylor, Day & Wild 2007, Nature 447:469, (N-2)/(N/k-2); Ohtsuki et al. 2006, Nature 441:502"
ALLEN = "Allen, Lippner, Chen, Fotouhi, Momeni, Yau & Nowak 2017, Nature 544:227"
IMITATION = "Ohtsuki et al. 2006, Nature 441:502, k+2 on large graphs; (N(k+2)-2(k+1))/(N-2(k+1)) on small ones"
GROUPS = "Traulsen & Nowak 2006, PNAS 103:10952, 1 + n/(m-2)"


def _isothermal(graph: Graph) -> float:
    advantage = ((1.1, 1.1), (1.0, 1.0))
    return exact_fixation_on_graph(advantage, graph=graph, selection_strength=1.0, process="birth_death").probability


def _joined_stars(leaves: int) -> float:
    first = [(0, leaf) for leaf in range(1, leaves + 1)]
    second = [(a + leaves + 1, b + leaves + 1) for a, b in first]
    return critical_benefit_to_cost(graph_from_edges([*first, *second, (0, leaves + 1)]))


def _groups(groups: int, group_size: int) -> float:
    """Return what a benefit must outweigh: slopes of the exact ln rho in costs and in benefits, by differences."""

    def slope(payoffs: tuple[tuple[float, float], tuple[float, float]]) -> float:
        ends = [
            fixation_in_groups_limit(
                payoffs, groups=groups, group_size=group_size, selection_strength=w, fitness="exponential", log=True
            )
            for w in (0.0, 1e-6)
        ]
        return (ends[1] - ends[0]) / 1e-6

    return -slope(((-1.0, -1.0), (0.0, 0.0))) / slope(((1.0, 0.0), (1.0, 0.0)))


LAWS = (
    *(
        Law("structured", f"star with {n} leaves, birth-death, r=1.1: fixation of one mutant", LIEBERMAN, value,
            partial(fixation_on_star, leaves=n, fitness=1.1), 5e-12)
        for n, value in ((4, 0.252908760312), (10, 0.176936590632), (99, 0.170273850215))
    ),
    *(
        Law("structured", f"isothermal theorem: {graph.name} equals the Moran process, r=1.1", LIEBERMAN,
            (1 - 1 / 1.1) / (1 - 1.1**-graph.nodes), partial(_isothermal, graph), 1e-12)
        for graph in (ring(10), complete(10), ring(100), random_regular(10, 3, seed=1))
    ),
    *(
        Law("structured", f"ring of {n}: critical b/c under death-birth by coalescence times", TAYLOR,
            (n - 2) / (n / 2 - 2), partial(critical_benefit_to_cost, ring(n)), 1e-10)
        for n in (10, 30)
    ),
    Law("structured", "random 4-regular graph of 60: critical b/c under death-birth", TAYLOR,
        (60 - 2) / (60 / 4 - 2), partial(critical_benefit_to_cost, random_regular(60, 4, seed=1)), 1e-9),
    Law("structured", "random 4-regular graph of 60: critical b/c under imitation", IMITATION,
        (60 * 6 - 10) / (60 - 10),
        partial(critical_benefit_to_cost, random_regular(60, 4, seed=1), process="imitation"), 1e-9),
    Law("structured", "two stars of 300 leaves joined at their hubs: critical b/c under death-birth near 5/2", ALLEN,
        2.5, partial(_joined_stars, 300), 3e-3),
    *(
        Law("structured", f"two-level selection, {m} groups of {n}, rare splitting: critical b/c", GROUPS,
            1 + n / (m - 2), partial(_groups, m, n), 1e-4)
        for m, n in ((10, 10), (50, 5))
    ),
)  # fmt: skip
