"""The direction of selection in a finite population of two strategies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evocoop.core.errors import InputError, check_probability
from evocoop.dynamics.finite.expected import advantage
from evocoop.dynamics.finite.processes import BIRTH_PROCESSES, step_logs, two_strategy_logs
from evocoop.dynamics.finite.setting import Setting, check_strength, setting

FloatArray = NDArray[np.float64]


def gradient_of_selection(
    payoffs: Any,
    *,
    population_size: int,
    selection_strength: float,
    process: str = "pairwise",
    fitness: str = "linear",
    mutation: float = 0.0,
) -> FloatArray:
    r"""Return g(k) = T+(k) - T-(k) for k = 0 … Z individuals of the first of two strategies.

    Under pairwise comparison g(k) = (k/Z)((Z-k)/Z) tanh(beta (f_1 - f_2)/2), as it is published: focal and model are
    drawn with replacement. (In the Markov chains of this package they are distinct; the signs are the same and
    the chain's drift is Z/(Z-1) times larger.) With mutation, g(k) is (1-mu) times that, plus mu (Z-2k)/Z.

    Args:
        payoffs: a 2x2 matrix, a game of two strategies, or a PayoffTable.
        population_size: Z, at least 2 and at least the group size.
        selection_strength: beta >= 0, or w in [0, 1].
        process: see ``evocoop.dynamics.PROCESSES``; Wright-Fisher gives the expected change of k/Z per generation.
        fitness: ``"linear"`` or ``"exponential"``, for the birth processes.
        mutation: mu in [0, 1].

    Returns:
        Array (Z+1,).

    Raises:
        InputError: for arguments out of range, or other than two strategies.

    Source: Pacheco, Santos, Souza & Skyrms 2009, Proc R Soc B 276:315, eq. 2.7.

    >>> gradient_of_selection([[1, 0], [0, 1]], population_size=4, selection_strength=1).round(4).tolist()
    [0.0, -0.0603, 0.0, 0.0603, 0.0]
    """
    world = setting(payoffs, population_size, process, fitness)
    strength = check_strength(world.process, selection_strength)
    mutation = check_probability("mutation", mutation)
    if len(world.strategies) != 2:
        raise InputError(f"gradient_of_selection needs two strategies, not {len(world.strategies)}")
    return gradient(world, strength, mutation)


def gradient(world: Setting, strength: float, mutation: float = 0.0) -> FloatArray:
    """Return the gradient of a checked setting of two strategies, array (Z+1,)."""
    size = world.population_size
    payoffs = world.pairs(np.array([0]), np.array([1]))[0]
    count = np.arange(size + 1.0)
    if world.process.name == "pairwise":
        answer = np.zeros(size + 1)
        answer[1:-1] = np.tanh(strength * advantage(payoffs) / 2) * (count * (size - count))[1:-1] / size**2
        return (1 - mutation) * answer + mutation * (size - 2 * count) / size
    if world.process.name in BIRTH_PROCESSES and not world.process.one_at_a_time:
        choice = two_strategy_logs(world.process, payoffs, strength, mutation)
        return np.exp(choice[:, 1, 0]) - count / size
    up, down = step_logs(world.process, payoffs, strength, mutation)
    return np.exp(up) - np.exp(down)


@dataclass(frozen=True)
class GradientRoot:
    """A composition at which selection stands still or turns round.

    Args:
        fraction: share of the first strategy; between two counts it is interpolated linearly.
        count: the same in individuals.
        stability: ``"stable"`` (an attractor), ``"unstable"`` or ``"neutral"``.
    """

    fraction: float
    count: float
    stability: str


def selection_roots(
    payoffs: Any,
    *,
    population_size: int,
    selection_strength: float,
    process: str = "pairwise",
    fitness: str = "linear",
    mutation: float = 0.0,
) -> tuple[GradientRoot, ...]:
    """Return the roots of the gradient of selection, ascending, the two ends included where they are rest points.

    Args:
        payoffs: a 2x2 matrix, a game of two strategies, or a PayoffTable.
        population_size: Z, at least 2 and at least the group size.
        selection_strength: beta >= 0, or w in [0, 1].
        process: see ``evocoop.dynamics.PROCESSES``.
        fitness: ``"linear"`` or ``"exponential"``, for the birth processes.
        mutation: mu in [0, 1].

    Raises:
        InputError: as :func:`gradient_of_selection`.

    Source: Pacheco, Santos, Souza & Skyrms 2009, Proc R Soc B 276:315.

    >>> hawk_dove = [[-0.5, 2], [0, 1]]
    >>> [(round(root.fraction, 3), root.stability) for root in selection_roots(
    ...     hawk_dove, population_size=100, selection_strength=1)]
    [(0.0, 'unstable'), (0.677, 'stable'), (1.0, 'unstable')]
    """
    values = gradient_of_selection(
        payoffs,
        population_size=population_size,
        selection_strength=selection_strength,
        process=process,
        fitness=fitness,
        mutation=mutation,
    )
    size = len(values) - 1
    signs = np.sign(np.where(np.abs(values) < 1e-14 * max(1e-300, float(np.abs(values).max())), 0.0, values))
    roots = []
    for count in range(size + 1):
        if signs[count] == 0:
            below = signs[count - 1] if count else -signs[1]
            above = signs[count + 1] if count < size else -signs[size - 1]
            roots.append(GradientRoot(count / size, float(count), _stability(below, above)))
        elif count < size and signs[count] * signs[count + 1] < 0:
            place = count + float(values[count] / (values[count] - values[count + 1]))
            roots.append(GradientRoot(place / size, place, _stability(signs[count], signs[count + 1])))
    return tuple(roots)


def _stability(below: float, above: float) -> str:
    return "stable" if below > 0 > above else "unstable" if below < 0 < above else "neutral"
