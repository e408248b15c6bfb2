"""What follows on each configuration of a population: one strategy alone, or two that coexist."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evocoop.core.errors import NumericalError
from evocoop.dynamics.finite.edges import Edges
from evocoop.dynamics.finite.faces import Face, face_of
from evocoop.dynamics.finite.setting import Setting
from evocoop.dynamics.logs import log_sum, safe_log

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

SETTLED = 1e-11
MOST_ROUNDS = 400


@dataclass(frozen=True, eq=False)
class Flows:
    """What happens from leaving each configuration, be it for one step, to meeting one again; on logarithms.

    Args:
        jumps: array (C, C), probability that each configuration is met next; the diagonal is not meaningful.
        times: array (C, n), mean time until then, weighted by the share of each strategy.
        inside: array (C,), the part of it during which three strategies are present.
    """

    jumps: FloatArray
    times: FloatArray
    inside: FloatArray


def flows_of(world: Setting, edges: Edges, mixed: list[tuple[int, int]], strength: float, mutation: float) -> Flows:
    """Return the flows between all configurations: strategies, then coexistences at (pair, count)."""
    n, size = len(world.strategies), world.population_size
    configurations = n + len(mixed)
    faces = [face_of(world, three, strength, mutation) for three in itertools.combinations(range(n), 3)]
    ends, strays = _settled(edges, faces, n, configurations)
    count = np.arange(size + 1.0)
    rows = np.full((configurations, ends.shape[2]), -np.inf)
    for one in range(n):
        there = [ends[edges.first == one, size - 1], ends[edges.second == one, 1]]
        rows[one] = edges.stray + log_sum(np.concatenate(there), axis=0)
        rows[one, configurations + one] = np.logaddexp(rows[one, configurations + one], 0.0)
    for row, (edge, k) in enumerate(mixed, start=n):
        steps = np.stack([edges.up[edge, k] + ends[edge, k + 1], edges.down[edge, k] + ends[edge, k - 1]])
        rows[row] = np.logaddexp(log_sum(steps, axis=0), strays[edge, k])
        for one, here in ((edges.first[edge], count[k]), (edges.second[edge], size - count[k])):
            rows[row, configurations + one] = np.logaddexp(rows[row, configurations + one], np.log(here / size))
    return Flows(rows[:, :configurations], rows[:, configurations:-1], rows[:, -1])


def _settled(edges: Edges, faces: list[Face], n: int, configurations: int) -> tuple[FloatArray, FloatArray]:
    """Return what follows on each composition of two, and on a third mutant there times its probability.

    Columns: probability that each configuration is met first, then mean times weighted by the share of each
    strategy, then the part of them with three strategies. Every round allows for one more third mutant on the way.

    Raises:
        NumericalError: when so many come that the rounds do not end.
    """
    count, places = np.arange(edges.size + 1.0), np.arange(len(edges.first))
    wide = configurations + n + 1
    known, held = (np.full((*edges.stops.shape, wide), -np.inf) for _ in range(2))
    edge, at = np.nonzero(edges.stops >= 0)
    known[edge, at, edges.stops[edge, at]] = 0.0
    held[places, :, configurations + edges.first] = safe_log(count / edges.size)
    held[places, :, configurations + edges.second] = safe_log(1 - count / edges.size)
    strays = np.full_like(held, -np.inf)
    ends = edges.settle(known, held)
    for _ in range(MOST_ROUNDS if faces else 0):
        strays = edges.stray + safe_log(_strays(edges, faces, np.exp(ends), configurations))
        before, ends = ends, edges.settle(known, np.logaddexp(held, strays))
        if _alike(before, ends):
            return ends, strays
    if not faces:
        return ends, strays
    raise NumericalError(
        "mutation is not small: mutants come before any configuration is met; use stationary_distribution or simulate"
    )


def _alike(before: FloatArray, after: FloatArray) -> bool:
    """Return whether nothing grows any more."""
    possible = np.isfinite(after)
    return bool(np.isfinite(before[possible]).all() and (after[possible] - before[possible] < SETTLED).all())


def _strays(edges: Edges, faces: list[Face], ends: FloatArray, configurations: int) -> FloatArray:
    """Return what follows on a third mutant, summed over all third strategies; array like ``ends``."""
    found = np.zeros_like(ends)
    number = {pair: k for k, pair in enumerate(zip(edges.first.tolist(), edges.second.tolist(), strict=True))}
    for face in faces:
        i, j, m = face.strategies
        sides = [number[pair] for pair in ((i, j), (i, m), (j, m))]
        after = face.back @ ends[sides].reshape(-1, ends.shape[2])
        after[:, [configurations + one for one in face.strategies]] += face.inside
        after[:, -1] += face.inside.sum(axis=1)
        found[sides] += after.reshape(3, -1, ends.shape[2])
    return found
