"""Capacities of minds: joint moves on networks, the we-mode, recognition and verification.

Figures come from payoffs and chains, not from the closed forms they are held to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

import numpy as np

from evocoop.bench.laws.record import Law
from evocoop.dynamics import Graph, complete, lattice, rest_points, ring
from evocoop.games import PublicGoods
from evocoop.minds import Collaboration, Reasoners, technology_takeoff, value_of_checking

NETWORKS = "Angus & Newton 2020, PLoS Comput Biol 16:e1007557, for the setting"
TECHNOLOGY = "Angus & Newton 2015, PLoS Comput Biol 11:e1004587, for the setting"
MORAL = "Alger & Weibull 2013, Econometrica 81:2269; 2016, Games Econ Behav 98:56"
TEAM = "Bacharach 2006, Beyond Individual Choice; Sugden 1993, Soc Philos Policy 10:69"
ERRORS = "Rusch 2019, Games Econ Behav 114:118; Newton 2017, Games Econ Behav 104:517"


def first_above(holds: Callable[[float], bool], low: float, high: float) -> float:
    """Return where a condition that fails at ``low`` and holds at ``high`` begins to hold, by bisection."""
    while high - low > 1e-13 * high:
        middle = (low + high) / 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high


def pairs_in_the_long_run(joint: float, benefit: float = 2.0, cost: float = 1.0) -> float:
    """Return how often isolated pairs cooperate when better moves are joint with probability ``joint``, else single."""
    states = [(a, b) for a in (0, 1) for b in (0, 1)]
    chain = np.zeros((4, 4))

    def pay(acts: tuple[int, int], me: int) -> float:
        return benefit * acts[1 - me] - cost * acts[me]

    for here, acts in enumerate(states):
        better = all(pay((1, 1), me) > pay(acts, me) for me in (0, 1))
        chain[here, states.index((1, 1)) if better else here] += joint
        for me in (0, 1):
            options = [(own, acts[1]) if me == 0 else (acts[0], own) for own in (0, 1)]
            best = max(options, key=lambda option, me=me: pay(option, me))  # type: ignore[misc]
            chain[here, states.index(best)] += (1 - joint) / 2
    weights = np.linalg.lstsq(np.vstack([chain.T - np.eye(4), np.ones(4)]), np.array([0, 0, 0, 0, 1.0]), rcond=None)[0]
    return float(weights @ np.array(states).mean(axis=1))


def joint_switch_pays(graph: Graph, members: Iterable[int], dilemma: bool) -> float:
    """Return the benefit above which every member gains when all switch together while nobody else does.

    Among holders of an old convention the benefit is what a match on the new one is worth; in a dilemma, b/c.
    """
    links, new = graph.matrix(), np.zeros(graph.nodes)
    who = list(members)
    new[who] = 1.0

    def pay(acts: np.ndarray, benefit: float) -> np.ndarray:
        if dilemma:
            return np.asarray(benefit * (links @ acts) - acts * graph.degrees)
        return np.asarray(np.where(acts > 0, benefit * (links @ acts), links @ (1 - acts)))

    def gains(benefit: float) -> bool:
        return bool((pay(new, benefit) > pay(0 * new, benefit))[who].all())

    return first_above(gains, 0.0, 1000.0)


def morality_needed(game: PublicGoods) -> float:
    """Return the morality above which contributing is better than not among those who do not contribute."""
    gives, keeps = game.payoffs(np.arange(game.group_size + 1))
    alone, together = gives[1] - keeps[0], gives[-1] - keeps[0]
    return first_above(lambda moral: bool((1 - moral) * alone + moral * together > 0), 0.0, 1.0)


def taking_part(which: str, base: str, **about: float) -> float:
    """Return the level of a trait above which one way of reasoning takes part in a game."""
    kind = 1 if which == "team" else 2

    def takes_part(level: float) -> bool:
        return Reasoners(base=base, **{**about, which: level}).acts[kind] == 0

    return first_above(takes_part, 0.0, 1.0)


def invasion_barrier(false_positive: float, false_negative: float) -> float:
    """Return the share of collaborators at the mixture that rests."""
    game = Collaboration(false_positive=false_positive, false_negative=false_negative)
    inside = (float(point.shares[0]) for point in rest_points(game).points)
    return next(share for share in inside if 0.0 < share < 1.0)


def two_regimes() -> float:
    """Return 1 when sharing and technology rise at a large benefit, their intervals above those at a small one."""
    low, high = (technology_takeoff(alpha, generations=200, seed=1) for alpha in (1.2, 3.0))
    return float(low.long_run[2] < high.long_run[1] and low.growth[2] < high.growth[1])


def _best_checked() -> float:
    beliefs = np.linspace(0.0, 1.0, 1001)
    return float(beliefs[np.argmax(value_of_checking(beliefs, benefit=4, cost=1, hare=1))])


COALITIONS = (
    ("a pair on the square lattice", lattice(6, 6), (0, 1), 4.0),
    ("a block of four on the square lattice", lattice(6, 6), (0, 1, 6, 7), 2.0),
    ("a block of four where diagonals are neighbours too", lattice(6, 6, 8), (0, 1, 6, 7), 8 / 3),
    ("a run of five on a ring", ring(12), (0, 1, 2, 3, 4), 2.0),
    ("a whole ring", ring(12), range(12), 1.0),
    ("four of ten who all know one another", complete(10), (0, 1, 2, 3), 3.0),
)
"""Which coalition, on which graph, k/d_S; k/(s-1) where all s members are neighbours."""

LAWS = (
    *(
        Law("minds", f"isolated pairs, joint moves with probability q={q:g}: cooperation 2q/(1+2q)", NETWORKS,
            2 * q / (1 + 2 * q), partial(pairs_in_the_long_run, q), 1e-11)
        for q in (0.01, 0.05, 0.1, 0.25, 0.5)
    ),
    *(
        Law("minds", f"{who}: {what} > k/d_S", citation, value,
            partial(joint_switch_pays, graph, members, dilemma), 1e-11)
        for who, graph, members, value in COALITIONS
        for what, citation, dilemma in (("a joint move to a new convention pays iff alpha", TECHNOLOGY, False),
                                        ("joint cooperation pays iff b/c", NETWORKS, True))
    ),
    Law("minds", "sharing intentions spreads and technology takes off at alpha=3, not at 1.2 (1: intervals apart)",
        TECHNOLOGY, 1.0, two_regimes, 0.0),
    *(
        Law("minds", f"homo moralis, public goods, N={n}, r={r:g}: contributes iff kappa > (N-r)/((N-1)r)", MORAL,
            (n - r) / ((n - 1) * r), partial(morality_needed, PublicGoods(group_size=n, multiplier=r, cost=1.0)), 1e-11)
        for n, r in ((2, 1.6), (5, 3.0), (5, 2.0), (10, 3.0))
    ),
    Law("minds", "homo moralis, donation game, b=4, c=1: donates iff kappa > c/b", MORAL, 0.25,
        partial(taking_part, "morality", "donation", belief=0.3), 1e-11),
    *(
        Law("minds", f"homo moralis, stag hunt, b=4, c=h=1, belief {p:g}: hunts iff kappa > ((c+h)/b-p)/(1-p)", MORAL,
            (0.5 - p) / (1 - p), partial(taking_part, "morality", "stag_hunt", belief=p), 1e-11)
        for p in (0.0, 0.2)
    ),
    Law("minds", "team reasoning, stag hunt, b=4, c=h=1: hunts iff omega > (c+h)/b", TEAM, 0.5,
        partial(taking_part, "team", "stag_hunt"), 1e-11),
    *(
        Law("minds", f"recognition errors phi={wrong:g}, f={missed:g}: collaborators gain above x*", ERRORS, value,
            partial(invasion_barrier, wrong, missed), 1e-9)
        for wrong, missed, value in ((0.05, 0.0, 1 / 21), (0.1, 0.1, 0.1), (0.3, 0.1, 0.25))
    ),
    Law("minds", "checking on the partner is worth most at the belief p* = (c+h)/b", "Howard 1966, IEEE Trans SSC 2:22",
        0.5, _best_checked, 1e-9),
)  # fmt: skip
