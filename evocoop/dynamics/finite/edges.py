"""Two of n strategies with mutation between them: where they coexist, and what is reached first from where."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evocoop.dynamics.finite.fixation import log_ratios
from evocoop.dynamics.finite.processes import two_strategy_logs
from evocoop.dynamics.finite.setting import Setting
from evocoop.dynamics.logs import log_running_sum, log_sum, safe_log

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

STILL = 1e-12  # a logarithm of T-/T+ nearer to 0 than this, relative to the largest, is no drift


@dataclass(frozen=True, eq=False)
class Edge:
    """The birth-death chain of two strategies, cut where something of interest is.

    Args:
        pair: positions of the two strategies.
        cuts: counts of the first at which the chain is watched: 0, the stable coexistences, Z.
        up: log probability of a step to one more of the first, array (Z+1,), mutation between the two included.
        down: the same, to one fewer.
        hits: array (Z+1, cuts), log probability that each cut is the first one met; a cut meets itself.
        lasting: array (Z+1, 2), log of the mean time until then, weighted by the share of either strategy; no time
            at a cut.
    """

    pair: tuple[int, int]
    cuts: IntArray
    up: FloatArray
    down: FloatArray
    hits: FloatArray
    lasting: FloatArray

    def around(self, cut: int) -> FloatArray:
        """Return the log of the mean time at each count between leaving an inner cut and meeting one; (Z+1,)."""
        place = int(self.cuts[cut])
        visits = np.full(len(self.up), -np.inf)
        visits[place] = 0.0
        for low, high, entered in ((place, int(self.cuts[cut + 1]), 0), (int(self.cuts[cut - 1]), place, -1)):
            inner = slice(low + 1, high)
            if high - low < 2:
                continue
            below, above, weight = _segment(self.up[inner], self.down[inner])
            enter = self.up[place] if entered == 0 else self.down[place]
            start = below[0] + above if entered == 0 else below + above[-1]
            visits[inner] = enter + start - self.up[inner] - weight
        return visits

    def from_cut(self, cut: int) -> FloatArray:
        """Return the log probability that each cut is met next when an inner cut is left; array (cuts,)."""
        place = int(self.cuts[cut])
        steps = np.array([self.up[place], self.down[place]])
        found: FloatArray = log_sum(steps[:, None] + self.hits[[place + 1, place - 1]], axis=0)
        return found


def _segment(up: FloatArray, down: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return s_i, 1 - s_i/s_L and q_i, on logarithms, for the states between two cuts (Ewens 2004, ch. 2)."""
    weights = np.concatenate([[0.0], np.cumsum(down - up)])
    below = log_running_sum(weights)
    above = log_running_sum(weights[::-1])[::-1][1:] - below[-1]
    return below[:-1], above, weights[1:]


def edges_of(world: Setting, first: IntArray, second: IntArray, strength: float, mutation: float) -> tuple[Edge, ...]:
    """Return the chains of the chosen pairs of strategies, each with mutation between its two."""
    size, n = world.population_size, len(world.strategies)
    payoffs = world.pairs(first, second)
    ratios = log_ratios(world.process, payoffs, np.array([strength]))[0]
    adopt = two_strategy_logs(world.process, payoffs, strength)
    logs = world.process.log_mutated(adopt, mutation, n)
    count = np.arange(size + 1.0)
    ups = safe_log((size - count) / size) + logs[..., 1, 0]
    downs = safe_log(count / size) + logs[..., 0, 1]
    cuts = [np.array([0, *coexistences(row), size]) for row in ratios]
    pairs = zip(first.tolist(), second.tolist(), strict=True)
    return tuple(_edge(pair, *one) for pair, *one in zip(pairs, cuts, ups, downs, strict=True))


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
            nearer = left + int(np.argmin(np.abs(ratios[[left, right]]))) * (right - left)
            found.append(1 + (nearer if right == left + 1 else (left + right) // 2))
    return found


def _edge(pair: tuple[int, int], cuts: IntArray, up: FloatArray, down: FloatArray) -> Edge:
    size = len(up) - 1
    count = np.arange(size + 1.0)
    shares = safe_log(np.stack([count, size - count], axis=1) / size)
    hits, lasting = np.full((size + 1, len(cuts)), -np.inf), np.full((size + 1, 2), -np.inf)
    hits[cuts, np.arange(len(cuts))] = 0.0
    for cut, (low, high) in enumerate(zip(cuts[:-1].tolist(), cuts[1:].tolist(), strict=True)):
        inner = slice(low + 1, high)
        if high - low < 2:
            continue
        below, above, weight = _segment(up[inner], down[inner])
        whole = np.logaddexp(below[-1], weight[-1])
        hits[inner, cut], hits[inner, cut + 1] = above, below - whole
        for side in (0, 1):
            held = shares[inner, side] - up[inner] - weight
            left = log_running_sum(below + held)
            right = np.append(log_running_sum((above + held)[::-1])[::-1][1:], -np.inf)
            lasting[inner, side] = np.logaddexp(above + left, below + right)
    return Edge(pair, cuts, up, down, hits, lasting)
