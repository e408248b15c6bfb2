"""Who invades whom, and who is left when selection is as strong as can be."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evocoop.core.errors import InputError
from evocoop.dynamics.finite.expected import advantage, pair_positions
from evocoop.dynamics.finite.setting import check_strength, setting
from evocoop.dynamics.finite.small_mutation import small_mutation_limit
from evocoop.dynamics.logs import eliminate

FloatArray = NDArray[np.float64]

NEUTRAL = 1e-9


@dataclass(frozen=True)
class Invasion:
    """One arrow of an invasion diagram.

    Args:
        resident: the strategy invaded.
        mutant: the strategy that invades.
        advantage: Z rho, fixation probability in units of a neutral mutant's; above 1 selection favours it.
        log_advantage: its natural logarithm.
        kind: ``"favoured"``, ``"neutral"`` or ``"opposed"``.
    """

    resident: str
    mutant: str
    advantage: float
    log_advantage: float
    kind: str


@dataclass(frozen=True, eq=False)
class InvasionDiagram:
    """The small-mutation chain as a graph: monomorphic states, and how strongly one gives way to another.

    Args:
        strategies: the nodes.
        prevalence: share of time spent in each node.
        edges: every ordered pair of strategies.
        population_size: Z.
        selection_strength: beta or w.
        process: the update rule.
        residual: see SmallMutationLimit.
    """

    strategies: tuple[str, ...]
    prevalence: FloatArray
    edges: tuple[Invasion, ...]
    population_size: int
    selection_strength: float
    process: str
    residual: float

    @property
    def arrows(self) -> tuple[Invasion, ...]:
        """The edges that are usually drawn: those selection favours, strongest first."""
        favoured = [edge for edge in self.edges if edge.kind == "favoured"]
        return tuple(sorted(favoured, key=lambda edge: -edge.log_advantage))


def invasion_diagram(
    payoffs: Any,
    *,
    population_size: int,
    selection_strength: float,
    process: str = "pairwise",
    fitness: str = "linear",
) -> InvasionDiagram:
    """Return the invasion diagram: nodes with their prevalence, edges with Z rho of the mutant among residents.

    Args:
        payoffs: a square matrix, a game, or a PayoffTable.
        population_size: Z, at least 2 and at least the group size.
        selection_strength: beta >= 0, or w in [0, 1].
        process: see ``evocoop.dynamics.PROCESSES``.
        fitness: ``"linear"`` or ``"exponential"``, for the birth processes.

    Raises:
        InputError: for arguments out of range.
        NumericalError: when some strategy can never be replaced.

    Source: as drawn by Hauert, Traulsen, Brandt, Nowak & Sigmund 2007, Science 316:1905.

    >>> dilemma = [[3, 0], [5, 1]]
    >>> [edge.mutant for edge in invasion_diagram(dilemma, population_size=50, selection_strength=0.1).arrows]
    ['1']
    """
    strength = check_strength(setting(payoffs, population_size, process, fitness).process, selection_strength)
    limit = small_mutation_limit(
        payoffs, population_size=population_size, selection_strength=strength, process=process, fitness=fitness
    )
    names = limit.strategies
    log_gain = limit.fixation + math.log(limit.population_size)
    edges = tuple(
        _edge(names[r], names[m], float(log_gain[r, m])) for r in range(len(names)) for m in range(len(names)) if r != m
    )
    return InvasionDiagram(names, limit.prevalence, edges, limit.population_size, strength, process, limit.residual)


def _edge(resident: str, mutant: str, log_gain: float) -> Invasion:
    kind = "neutral" if abs(log_gain) < NEUTRAL else "favoured" if log_gain > 0 else "opposed"
    return Invasion(resident, mutant, math.exp(log_gain), log_gain, kind)


@dataclass(frozen=True, eq=False)
class StochasticStability:
    """Which strategies are left in the limit of rare mutations and then of ever stronger selection.

    Args:
        strategies: names.
        stable: the stochastically stable ones; one name, or several where they tie.
        potentials: array (n,), 0 for the stable ones; prevalence falls as exp(-beta potential).
        costs: array (n, n), ``[r, m]`` = lim -(1/beta) ln rho of m among r.
        population_size: Z.
        process: the update rule.
    """

    strategies: tuple[str, ...]
    stable: tuple[str, ...]
    potentials: FloatArray
    costs: FloatArray
    population_size: int
    process: str


def stochastic_stability(payoffs: Any, *, population_size: int, process: str = "pairwise") -> StochasticStability:
    r"""Return the stochastically stable strategies under pairwise comparison, beta to infinity after mu to 0.

    A takeover costs c = max(0, max_k -sum_{j<=k} (f_mutant(j) - f_resident(j))), since rho ~ exp(-beta c).
    The potential of a state is the cost of its cheapest in-tree over all states; it comes from the elimination of the
    small-mutation limit with (max, +) in place of (+, x).

    Args:
        payoffs: a square matrix, a game, or a PayoffTable.
        population_size: Z, at least 2 and at least the group size.
        process: only ``"pairwise"``, whose noise has this limit.

    Raises:
        InputError: for arguments out of range or another process.

    Sources: Young 1993, Econometrica 61:57; Freidlin & Wentzell 1984; Fudenberg & Imhof 2006, J Econ Theory 131:251.

    >>> stochastic_stability([[4, 0], [3, 3]], population_size=50).stable
    ('1',)
    """
    world = setting(payoffs, population_size, process)
    if process != "pairwise":
        raise InputError(f"stochastic_stability is defined for process 'pairwise', not {process!r}")
    n = len(world.strategies)
    first, second = pair_positions(n)
    sums = np.cumsum(advantage(world.pairs(first, second)), axis=-1)
    costs = np.zeros((n, n))
    costs[second, first] = np.maximum(-sums, 0.0).max(axis=-1)
    costs[first, second] = costs[second, first] + sums[:, -1]
    logs = eliminate(-costs, np.maximum, lambda array: array.max(axis=-1))
    potentials = 0.0 - logs
    scale = max(1.0, float(costs.max()))
    stable = tuple(name for name, height in zip(world.strategies, potentials, strict=True) if height < 1e-9 * scale)
    return StochasticStability(world.strategies, stable, potentials, costs, world.population_size, process)
