"""The rules of a coordinated hunt in closed form: roles filled, time kept, spoils ranked, others recognised."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from evocoop.core.errors import check_integer, check_number, check_probability
from evocoop.games.group_game import binomial_weights
from evocoop.games.payoffs import FloatArray


def role_coverage(hunters: int, roles: int, *, planners: int = 0, noise: float = 0.0) -> float:
    r"""Return the probability that every role is filled.

    Planners are told their roles in turn; a message is replaced by a role at random with probability nu. The others
    choose at random. By inclusion and exclusion over the sets of roles that nobody fills,
    ``cov = sum_S (-1)^|S| prod_i P(hunter i is in no role of S)``. Without planners this is
    ``sum_j (-1)^j C(K,j) (1-j/K)^k``; with k = K planners ``sum_j C(K,j) (1-nu)^(K-j) (nu/K)^j j!``.

    Args:
        hunters: k, at least 0.
        roles: K, at least 1.
        planners: how many of the hunters follow the plan, 0 to k.
        noise: nu, in [0, 1].

    Raises:
        InputError: when a number is out of range.

    Source: the roles are those of Boesch 2002, Human Nature 13:27; the formula is ours (the classical occupancy
    problem, Feller 1968, An Introduction to Probability Theory and Its Applications, IV.2).

    >>> role_coverage(4, 4), round(role_coverage(4, 4, planners=4, noise=0.1), 5)
    (0.09375, 0.73542)
    """
    hunters = check_integer("hunters", hunters, minimum=0)
    planners = check_integer("planners", planners, minimum=0, maximum=hunters)
    return coverage(
        hunters, planners, 0, check_integer("roles", roles, minimum=1), check_probability("noise", noise), 1.0
    )


@lru_cache(maxsize=100_000)
def coverage(hunters: int, sure: int, unsure: int, roles: int, noise: float, unsure_noise: float) -> float:
    """Return the coverage with two kinds of planner, whose messages are lost with different probabilities."""
    told = [(_given(sure, 0, role, roles), _given(unsure, sure, role, roles)) for role in range(roles)]
    total = 0.0
    for missing in range(roles + 1):
        share = missing / roles
        ways = np.zeros(missing + 1)
        ways[0] = 1.0
        for a, b in told:
            inside = (noise * (1 - share)) ** a * (unsure_noise * (1 - share)) ** b
            outside = (1 - noise * share) ** a * (1 - unsure_noise * share) ** b
            ways[1:] = ways[1:] * outside + ways[:-1] * inside
            ways[0] *= outside
        total += (-1) ** missing * float(ways[missing]) * (1 - share) ** (hunters - sure - unsure)
    return min(1.0, max(0.0, total))


def _given(planners: int, first: int, role: int, roles: int) -> int:
    """Return how many of the planners, told roles in turn from ``first`` on, are told this one."""
    return (planners - 1 - (role - first) % roles) // roles + 1 if planners else 0


def attunement(coupling: float, spread: float = 1.0) -> float:
    """Return the order parameter r of Kuramoto's oscillators: 0 below ``K_c = 2 gamma``, then ``sqrt(1 - K_c/K)``.

    Source: Kuramoto 1984, Chemical Oscillations, Waves, and Turbulence; as a model of solidarity Bruggeman 2015,
    arXiv 1312.6809. Closed form for many oscillators with Lorentzian frequencies of width gamma.

    >>> [round(attunement(k), 4) for k in (1, 2.5, 4, 8)]
    [0.0, 0.4472, 0.7071, 0.866]
    """
    coupling = check_number("coupling", coupling, minimum=0.0)
    critical = 2.0 * check_number("spread", spread, minimum=0.0, exclusive=True)
    return math.sqrt(1.0 - critical / coupling) if coupling > critical else 0.0


def ranked_shares(hunters: int, dominance: float) -> FloatArray:
    """Return the share of each rank at the carcass, ``w_j ~ exp(-kappa_d j)``, highest first; equal when kappa_d = 0.

    The rule is our hypothesis of how dominance splits spoils.

    >>> (80 * ranked_shares(10, 1.0)).round(1).tolist()[:2]
    [50.6, 18.6]
    """
    hunters = check_integer("hunters", hunters, minimum=1)
    weights = np.exp(-check_number("dominance", dominance, minimum=0.0) * np.arange(hunters))
    return np.asarray(weights / weights.sum())


def hunting_range(prey: float, hare: float, discount: float) -> float:
    """Return ``ln(h/v)/ln(gamma)``, the longest pursuit that is worth starting when waiting is discounted and free.

    >>> round(hunting_range(3, 1, 0.9), 2)
    10.43
    """
    prey = check_number("prey", prey, minimum=0.0, exclusive=True)
    hare = check_number("hare", hare, minimum=0.0, exclusive=True)
    discount = check_number("discount", discount, minimum=0.0, maximum=1.0)
    if discount == 1.0 or discount == 0.0:
        return (math.inf if prey >= hare else -math.inf) if discount else (0.0 if prey >= hare else -math.inf)
    return math.log(hare / prey) / math.log(discount)


def tails(trials: int, probability: float) -> FloatArray:
    """Return P[n, m], the probability of at least m successes in n trials, array (trials + 1, trials + 2)."""
    table = np.zeros((trials + 1, trials + 2))
    for n in range(trials + 1):
        weights = binomial_weights(n, probability)
        table[n, : n + 1] = np.minimum(1.0, weights[::-1].cumsum()[::-1])
        table[n, 0] = 1.0
    return table


def fellowship(group_size: int, threshold: int, false_positive: float, false_negative: float) -> FloatArray:
    """Return, for 0 … N of one's kind in the group, the probability to see at least M of them, oneself included.

    Fellows are missed with probability ``false_negative``, others taken for fellows with ``false_positive``.
    """
    seen = np.zeros(group_size + 1)
    for fellows in range(1, group_size + 1):
        right = binomial_weights(fellows - 1, 1.0 - false_negative)
        wrong = binomial_weights(group_size - fellows, false_positive)
        seen[fellows] = np.convolve(right, wrong)[threshold - 1 :].sum()
    return np.asarray(np.minimum(seen, 1.0))
