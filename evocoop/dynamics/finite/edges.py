"""Two of n strategies with mutation: where they coexist, and what follows on each of their compositions."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from evocoop.dynamics.finite.expected import pair_positions
from evocoop.dynamics.finite.fixation import log_ratios
from evocoop.dynamics.finite.processes import two_strategy_logs
from evocoop.dynamics.finite.setting import Setting
from evocoop.dynamics.logs import safe_log

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

STILL = 1e-12  # a logarithm of T-/T+ nearer to 0 than this, relative to the largest, is no drift


@dataclass(frozen=True, eq=False)
class Edges:
    """The birth-death chains of all pairs of strategies, stopped at the configurations that lie on them.

    Args:
        first: positions of the strategies that are counted, array (E,).
        second: positions of the other strategy of each pair.
        up: log probability of a step to one more of the first, array (E, Z+1), mutation between the two included.
        down: the same, to one fewer.
        stray: log probability that a mutant of one given strategy arises in a step.
        stops: array (E, Z+1), number of the configuration at each count; -1 where there is none.
    """

    first: IntArray
    second: IntArray
    up: FloatArray
    down: FloatArray
    stray: float
    stops: IntArray

    @property
    def size(self) -> int:
        """Z."""
        return int(self.up.shape[1]) - 1

    @cached_property
    def _forward(self) -> tuple[FloatArray, FloatArray]:
        """Return log d_k and log(1 - up_k/d_k), with d_k the probability to leave k for good or upwards."""
        strategies = int(self.second.max()) + 1
        lost = self.stray + safe_log(strategies - 2.0)
        leave, other = np.zeros_like(self.up), np.zeros_like(self.up)
        for k in range(1, self.size):
            back = np.logaddexp(lost, self.down[:, k] + other[:, k - 1])
            leave[:, k] = np.logaddexp(self.up[:, k], back)
            other[:, k] = np.where(self.stops[:, k] < 0, back - leave[:, k], 0.0)
        return leave, other

    def settle(self, known: FloatArray, source: FloatArray) -> FloatArray:
        r"""Return log x with x_k = source_k + up_k x_(k+1) + down_k x_(k-1) + stay_k x_k, and x known at the stops.

        Elimination from 0 upwards without subtraction, for all pairs at once; third mutants leave the edge.

        Args:
            known: array (E, Z+1, Q), read at the stops.
            source: array (E, Z+1, Q), read elsewhere.
        """
        leave, _ = self._forward
        moving = self.stops < 0
        found = np.where(moving[:, :, None], source, known)
        for k in range(1, self.size):
            below = np.logaddexp(source[:, k], self.down[:, k, None] + found[:, k - 1]) - leave[:, k, None]
            found[:, k] = np.where(moving[:, k, None], below, found[:, k])
        for k in range(self.size - 1, 0, -1):
            more = np.logaddexp(found[:, k], (self.up - leave)[:, k, None] + found[:, k + 1])
            found[:, k] = np.where(moving[:, k, None], more, found[:, k])
        return found


def edges_of(world: Setting, strength: float, mutation: float) -> tuple[Edges, list[tuple[int, int]]]:
    """Return the chains of all pairs, and the coexistences: position of the pair, count of its first strategy."""
    size, n = world.population_size, len(world.strategies)
    first, second = pair_positions(n)
    payoffs = world.pairs(first, second)
    ratios = log_ratios(world.process, payoffs, np.array([strength]))[0]
    adopt = two_strategy_logs(world.process, payoffs, strength)
    logs = world.process.log_mutated(adopt, mutation, n)
    count = np.arange(size + 1.0)
    up = safe_log((size - count) / size) + logs[..., 1, 0]
    down = safe_log(count / size) + logs[..., 0, 1]
    mixed = [(edge, count) for edge, row in enumerate(ratios) for count in coexistences(row)]
    stops = np.full(up.shape, -1, dtype=np.int64)
    stops[:, 0], stops[:, -1] = second, first
    for number, place in enumerate(mixed, start=n):
        stops[place] = number
    return Edges(first, second, up, down, float(np.log(mutation / (n - 1))), stops), mixed


def coexistences(ratios: FloatArray) -> list[int]:
    """Return the counts 1 … Z-1 at which drift turns from gain to loss, from log T-/T+ there.

    >>> coexistences(np.array([-1.0, -0.2, 0.1, 1.0])), coexistences(np.array([1.0, -1.0])), coexistences(np.zeros(3))
    ([3], [], [])
    """
    finite = np.abs(ratios[np.isfinite(ratios)])
    still = STILL * max(1.0, float(finite.max(initial=0.0)))
    signs = np.where(np.abs(ratios) > still, np.sign(ratios), 0.0)
    moving = np.flatnonzero(signs)
    found = []
    for left, right in zip(moving[:-1].tolist(), moving[1:].tolist(), strict=True):
        if signs[left] < 0 < signs[right]:
            nearer = left if abs(ratios[left]) <= abs(ratios[right]) else right
            found.append(1 + (nearer if right == left + 1 else (left + right) // 2))
    return found
