"""What follows on each configuration of a population: one strategy alone, or two that coexist."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evocoop.dynamics.finite.edges import Edge
from evocoop.dynamics.finite.faces import Face, face_of
from evocoop.dynamics.finite.setting import Setting
from evocoop.dynamics.logs import log_sum, safe_log

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Numbers = Mapping[tuple[int, int], IntArray]


@dataclass(frozen=True, eq=False)
class Flows:
    """What happens from leaving each configuration, be it for one step, to meeting one again; on logarithms.

    Args:
        jumps: array (C, C), how often each configuration is met next; the diagonal is not meaningful.
        times: array (C, n), mean time until then, weighted by the share of each strategy.
        between: array (C,), the part of it spent outside the configuration.
    """

    jumps: FloatArray
    times: FloatArray
    between: FloatArray

    def add(self, row: int, targets: IntArray, hits: FloatArray, held: tuple[int, ...], lasting: FloatArray) -> None:
        """Add a way of leaving: the log probabilities that targets are met, and the log times on it."""
        among = list(held)
        self.jumps[row, targets] = np.logaddexp(self.jumps[row, targets], hits)
        self.times[row, among] = np.logaddexp(self.times[row, among], lasting)

    def add_way(
        self, row: int, targets: IntArray, hits: FloatArray, held: tuple[int, ...], lasting: FloatArray
    ) -> None:
        """Add a way on which the configuration itself is left behind."""
        self.add(row, targets, hits, held, lasting)
        self.between[row] = np.logaddexp(self.between[row], log_sum(lasting))


def numbered(edges: tuple[Edge, ...], n: int) -> dict[tuple[int, int], IntArray]:
    """Return the numbers of the configurations at the cuts of each edge: strategies first, then coexistences."""
    numbers, following = {}, n
    for edge in edges:
        inner = len(edge.cuts) - 2
        numbers[edge.pair] = np.array([edge.pair[1], *range(following, following + inner), edge.pair[0]])
        following += inner
    return numbers


def flows_of(world: Setting, edges: tuple[Edge, ...], numbers: Numbers, strength: float, mutation: float) -> Flows:
    """Return the flows between all configurations, ``numbers`` being those at the cuts of each edge."""
    n = len(world.strategies)
    total = 1 + max(int(those.max()) for those in numbers.values())
    flows = Flows(np.full((total, total), -np.inf), np.full((total, n), -np.inf), np.full(total, -np.inf))
    stray = float(np.log(mutation / (n - 1)))
    flows.times[np.arange(n), np.arange(n)] = 0.0
    for edge in edges:
        _along(flows, edge, numbers[edge.pair], stray)
    by_pair = {edge.pair: edge for edge in edges}
    for i, j, m in itertools.combinations(range(n), 3):
        sides = [by_pair[pair] for pair in ((i, j), (i, m), (j, m))]
        if any(len(edge.cuts) > 2 for edge in sides):
            face = face_of(world, (i, j, m), by_pair, numbers, strength)
            for edge, mutant in zip(sides, (m, j, i), strict=True):
                _into(flows, face, edge, mutant, numbers[edge.pair], stray)
    return flows


def _along(flows: Flows, edge: Edge, numbers: IntArray, stray: float) -> None:
    """Add what happens on one edge: a mutant among its residents, and each of its coexistences."""
    size = len(edge.up) - 1
    for resident, count in ((0, size - 1), (1, 1)):
        flows.add_way(edge.pair[resident], numbers, stray + edge.hits[count], edge.pair, stray + edge.lasting[count])
    for cut in range(1, len(edge.cuts) - 1):
        flows.add(int(numbers[cut]), numbers, edge.from_cut(cut), edge.pair, log_sum(_picked(edge, cut)))


def _into(flows: Flows, face: Face, edge: Edge, mutant: int, numbers: IntArray, stray: float) -> None:
    """Add what happens when a third strategy arises in the coexistences of an edge."""
    if len(edge.cuts) == 2:
        return
    entered = face.entered(edge, mutant)
    for cut in range(1, len(edge.cuts) - 1):
        found = log_sum(log_sum(stray + _picked(edge, cut)[..., None] + entered, axis=0), axis=0)
        flows.add_way(int(numbers[cut]), face.targets, found[:-3], face.strategies, found[-3:])


def _picked(edge: Edge, cut: int) -> FloatArray:
    """Return the log of the mean time around a coexistence with each count, times the share of either strategy."""
    size = len(edge.up) - 1
    count = np.arange(size + 1.0)
    picked: FloatArray = safe_log(np.stack([count, size - count]) / size) + edge.around(cut)
    return picked
