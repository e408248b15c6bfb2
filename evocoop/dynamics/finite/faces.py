"""Three of n strategies with mutation: to which two the population comes back, and after how long."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evocoop.core.errors import NumericalError
from evocoop.dynamics.finite.chain import chain_of, population_states, state_keys
from evocoop.dynamics.finite.setting import Setting
from evocoop.dynamics.logs import absorption_logs, safe_log

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

TRUSTED_ERROR = 1e-6
MOST_ON_LOGARITHMS = 2_500
SIDES = ((0, 1), (0, 2), (1, 2))


@dataclass(frozen=True, eq=False)
class Face:
    """What comes of a mutant of the third strategy on each composition of the other two, until one has vanished.

    Rows and columns are compositions on the three sides (0, 1), (0, 2), (1, 2), one after the other, by the count of
    the first strategy of the side, 0 … Z.

    Args:
        strategies: positions of the three.
        back: array (3(Z+1), 3(Z+1)), where a population comes back to a side that left it at the row by a mutant in
            place of an individual drawn at random.
        inside: array (3(Z+1), 3), mean time until then, weighted by the share of each of the three.
    """

    strategies: tuple[int, int, int]
    back: FloatArray
    inside: FloatArray


def face_of(world: Setting, strategies: tuple[int, int, int], strength: float, mutation: float) -> Face:
    """Return what comes of mutants among three strategies, by one elimination over all compositions.

    Raises:
        NumericalError: when the population may stay inside for so long that the elimination cannot be trusted.
    """
    size, names = world.population_size, [world.strategies[one] for one in strategies]
    states = population_states(size, 3)
    around = np.flatnonzero(states.min(axis=1) == 0)
    ends = np.zeros((len(states), 3 * (size + 1) + 3))
    ends[around, _columns(states[around], size)] = 1.0
    within = np.flatnonzero(states.min(axis=1) > 0)
    if len(within):
        inside = Setting(world.game.payoff_table(names), size, world.process)
        held = states[within] / size
        ends[within] = _absorbed(chain_of(inside, strength, mutation, len(world.strategies)), within, ends, held, names)
    keys = state_keys(states, size)
    mixed = np.concatenate([_entered(side, size, keys, ends) for side in range(3)])
    return Face(strategies, mixed[:, :-3], mixed[:, -3:])


def _columns(states: IntArray, size: int) -> IntArray:
    """Return the column of each composition that lacks one strategy."""
    columns = np.empty(len(states), dtype=np.int64)
    for side, pair in enumerate(SIDES):
        here = states[:, 3 - sum(pair)] == 0
        columns[here] = side * (size + 1) + states[here, pair[0]]
    return columns


def _entered(side: int, size: int, keys: IntArray, ends: FloatArray) -> FloatArray:
    """Return the mean of ``ends`` after a mutant has replaced one of k and Z-k individuals, for k = 0 … Z."""
    first, second = SIDES[side]
    left = np.arange(size)
    states = np.ones((size, 3), dtype=np.int64)
    states[:, first], states[:, second] = left, size - 1 - left
    found = ends[np.searchsorted(keys, state_keys(states, size))]
    mixed = np.zeros((size + 1, ends.shape[1]))
    mixed[1:] += ((left + 1) / size)[:, None] * found
    mixed[:-1] += ((size - left) / size)[:, None] * found
    return mixed


def _absorbed(chain: Any, within: IntArray, ends: FloatArray, held: FloatArray, names: list[str]) -> FloatArray:
    """Return the rows of ``ends`` of the compositions within, from those around them."""
    around = np.setdiff1d(np.arange(len(chain.states)), within)
    steps = chain.generator[within]
    out, among = steps[:, around], steps[:, within]
    source = out @ ends[around]
    source[:, -3:] += held
    try:
        found = _by_levels(-among, source, chain.states[within, 0])
    except np.linalg.LinAlgError:
        found = np.full_like(source, np.nan)
    stay = found[:, -3:].sum(axis=1)
    if stay.min() > 0 and np.finfo(float).eps * stay.max() * chain.fastest < TRUSTED_ERROR:
        return np.maximum(found, 0.0)
    if len(within) > MOST_ON_LOGARITHMS:
        raise NumericalError(
            f"{', '.join(names[:-1])} and {names[-1]} stay together for so long that what comes after cannot be "
            "trusted: this chain is for coexistence of two; use stationary_distribution, or a smaller population"
        )
    logs = safe_log(np.where(np.eye(len(within)), 0.0, among.toarray()))
    leave = safe_log(np.asarray(out.sum(axis=1)).ravel())
    absorbed: FloatArray = np.exp(absorption_logs(logs, leave, safe_log(source)))
    return absorbed


def _by_levels(system: Any, source: FloatArray, levels: IntArray) -> FloatArray:
    """Return the solution of a system whose steps lead to neighbouring levels only; nan or inf where it has none.

    Args:
        system: sparse array (S, S), minus the generator among the states.
        source: array (S, Q).
        levels: array (S,), ascending from 1.
    """
    bounds = np.searchsorted(levels, np.arange(1, levels[-1] + 2))
    parts = [slice(low, high) for low, high in itertools.pairwise(bounds.tolist())]
    upward: list[FloatArray] = []
    found = source.copy()
    for level, part in enumerate(parts):
        block = system[part, part].toarray()
        if level:
            back = system[part, parts[level - 1]]
            block -= back @ upward[-1]
            found[part] -= back @ found[parts[level - 1]]
        last = level + 1 == len(parts)
        ahead = np.zeros((len(block), 0)) if last else system[part, parts[level + 1]].toarray()
        solved = np.linalg.solve(block, np.hstack([ahead, found[part]]))
        upward.append(solved[:, : ahead.shape[1]])
        found[part] = solved[:, ahead.shape[1] :]
    for level in range(len(parts) - 2, -1, -1):
        found[parts[level]] -= upward[level] @ found[parts[level + 1]]
    return found
