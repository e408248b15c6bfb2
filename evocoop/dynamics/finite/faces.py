"""Three strategies without mutation: where a population ends that a third strategy has entered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evocoop.core.errors import NumericalError
from evocoop.dynamics.finite.chain import Chain, chain_of, population_states, state_keys
from evocoop.dynamics.finite.edges import Edge
from evocoop.dynamics.finite.setting import Setting
from evocoop.dynamics.logs import absorption_logs, log_sum, safe_log

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

TRUSTED_ERROR = 1e-6
MOST_ON_LOGARITHMS = 2_500
SIDES = ((0, 1), (0, 2), (1, 2))


@dataclass(frozen=True, eq=False)
class Face:
    """What comes of every composition of three strategies until a cut of one of the three edges is met.

    Args:
        strategies: positions of the three.
        size: Z.
        targets: numbers of the configurations that may be met, one per column of ``logs``.
        keys: one number per composition, ascending.
        logs: array (S, targets + 3), log probability that each target is met first, then log of the mean time until
            then, weighted by the share of each of the three.
    """

    strategies: tuple[int, int, int]
    size: int
    targets: IntArray
    keys: IntArray
    logs: FloatArray

    def entered(self, edge: Edge, mutant: int) -> FloatArray:
        """Return ``logs`` for one mutant that replaces one of 0 … Z of an edge's first, or one of its second.

        Returns:
            Array (2, Z+1, targets + 3); rows in which there is nobody to replace are minus infinity.
        """
        first, second, third = (self.strategies.index(one) for one in (*edge.pair, mutant))
        counts = np.arange(self.size + 1)
        found = np.full((2, self.size + 1, self.logs.shape[1]), -np.inf)
        for replaced, rows in enumerate((counts[1:], counts[:-1])):
            states = np.zeros((len(rows), 3), dtype=np.int64)
            states[:, first], states[:, second], states[:, third] = rows, self.size - rows, 1
            states[:, (first, second)[replaced]] -= 1
            found[replaced, rows] = self.logs[np.searchsorted(self.keys, state_keys(states, self.size))]
        return found


def face_of(
    world: Setting,
    strategies: tuple[int, int, int],
    edges: Mapping[tuple[int, int], Edge],
    numbers: Mapping[tuple[int, int], IntArray],
    strength: float,
) -> Face:
    """Return what comes of every composition of three strategies, by one elimination.

    Args:
        world: the setting of all strategies.
        strategies: positions of the three, ascending.
        edges: the three edges among others, by the positions of their strategies.
        numbers: for each edge, the number of the configuration at each of its cuts.
        strength: beta or w.

    Raises:
        NumericalError: when the population may stay inside for so long that the elimination cannot be trusted.
    """
    names = [world.strategies[one] for one in strategies]
    inside = Setting(world.game.payoff_table(names), world.population_size, world.process)
    states = population_states(world.population_size, 3)
    sides = [(strategies[i], strategies[j]) for i, j in SIDES]
    met = np.unique(np.concatenate([numbers[pair] for pair in sides]))
    wide = len(met)
    logs = np.full((len(states), wide + 3), -np.inf)
    for side, pair in zip(SIDES, sides, strict=True):
        rows = np.flatnonzero(states[:, 3 - sum(side)] == 0)
        count = states[rows, side[0]]
        logs[rows[:, None], np.searchsorted(met, numbers[pair])] = edges[pair].hits[count]
        logs[rows[:, None], [wide + side[0], wide + side[1]]] = edges[pair].lasting[count]
    within = np.flatnonzero(states.min(axis=1) > 0)
    if len(within):
        logs[within] = _absorbed(chain_of(inside, strength, 0.0), within, logs, names)
    return Face(strategies, world.population_size, met, state_keys(states, world.population_size), logs)


def _absorbed(chain: Chain, within: IntArray, logs: FloatArray, names: list[str]) -> FloatArray:
    """Return the rows of ``logs`` of the states within, from those on the edges."""
    size = chain.states[0].sum()
    held = np.full((len(within), logs.shape[1]), -np.inf)
    held[:, -3:] = safe_log(chain.states[within] / size)
    around = np.setdiff1d(np.arange(len(chain.states)), within)
    steps = chain.generator[within]
    source = np.exp(held) + steps[:, around] @ np.exp(logs[around])
    values, error = _by_factors(-steps[:, within], source, chain.fastest)
    if error < TRUSTED_ERROR:
        return safe_log(values)
    if len(within) > MOST_ON_LOGARITHMS:
        raise NumericalError(
            f"{', '.join(names[:-1])} and {names[-1]} stay together for so long that what comes after cannot be "
            "trusted: this chain is for coexistence of two; use stationary_distribution, or a smaller population"
        )
    among = safe_log(np.where(np.eye(len(within)), 0.0, steps[:, within].toarray()))
    leave = safe_log(np.asarray(steps[:, around].sum(axis=1)).ravel())
    source_logs = np.logaddexp(held, _into_edges(steps[:, around], logs[around]))
    return absorption_logs(among, leave, source_logs)


def _into_edges(steps: Any, logs: FloatArray) -> FloatArray:
    """Return log (steps @ exp(logs)) without underflow, for the few states that have such steps."""
    found = np.full((steps.shape[0], logs.shape[1]), -np.inf)
    for row in np.flatnonzero(np.diff(steps.indptr)):
        part = slice(steps.indptr[row], steps.indptr[row + 1])
        found[row] = log_sum(np.log(steps.data[part])[:, None] + logs[steps.indices[part]], axis=0)
    return found


def _by_factors(system: Any, source: FloatArray, fastest: float) -> tuple[FloatArray, float]:
    """Return the solution, and a bound on its relative error: round-off times the longest mean stay."""
    from scipy.sparse.linalg import splu

    try:
        factors = splu(
            system.tocsc(), permc_spec="MMD_AT_PLUS_A", options={"SymmetricMode": True, "DiagPivotThresh": 0.0}
        )
    except RuntimeError:
        return source, np.inf
    stay = factors.solve(np.ones(system.shape[0]))
    if not (np.isfinite(stay).all() and (stay > 0).all()):
        return source, np.inf
    return np.maximum(factors.solve(source), 0.0), float(np.finfo(float).eps * stay.max() * fastest)
