"""Learning roles: by doing each, or by seeing the plan from above."""

from __future__ import annotations

from evocoop.core.errors import check_integer, check_probability


def hunts_to_learn(roles: int, *, generalisation: float = 0.0) -> float:
    """Return the expected number of hunts until all K roles are mastered.

    Each hunt gives one role at random; with probability g the experience teaches all roles at once. With j roles still
    unknown, the next hunt finishes with probability g, else teaches a new one with probability j/K::

        E_j = 1 + (1-g) [ (j/K) E_(j-1) + (1 - j/K) E_j ],   E_0 = 0

    g = 0 is the collector's problem, ``K H_K``; g = 1 takes one hunt.

    Args:
        roles: K, at least 1.
        generalisation: g, in [0, 1].

    The equation is our hypothesis. Role learning at Tai: Boesch 2002, Human Nature 13:27 (about twenty years).

    >>> round(hunts_to_learn(4), 2), hunts_to_learn(4, generalisation=1)
    (8.33, 1.0)
    """
    size = check_integer("roles", roles, minimum=1)
    g = check_probability("generalisation", generalisation)
    expected = 0.0
    for unknown in range(1, size + 1):
        new = unknown / size
        expected = (1 + (1 - g) * new * expected) / (1 - (1 - g) * (1 - new))
    return expected


def mastery(roles: int, hunts: int, *, generalisation: float = 0.0) -> float:
    """Return the chance that a role one is told is mastered after so many hunts: ``1 - [(1-g)(1 - 1/K)]^t``.

    It is what :class:`evocoop.games.CoordinatedHunt` calls practice.

    >>> mastery(4, 0), round(mastery(4, 8), 4), mastery(4, 1, generalisation=1)
    (0.0, 0.8999, 1.0)
    """
    size = check_integer("roles", roles, minimum=1)
    g = check_probability("generalisation", generalisation)
    return 1.0 - ((1 - g) * (1 - 1 / size)) ** check_integer("hunts", hunts, minimum=0)
