"""The Markov chain of a population of n strategies over all its compositions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evocoop.core.errors import NumericalError
from evocoop.dynamics.finite.expected import composition_payoffs
from evocoop.dynamics.finite.processes import Process
from evocoop.dynamics.finite.setting import Setting
from evocoop.dynamics.logs import safe_log

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


def population_states(size: int, n: int) -> IntArray:
    """Return all ways to spread ``size`` individuals over n strategies, rows ascending lexicographically.

    >>> population_states(2, 2).tolist()
    [[0, 2], [1, 1], [2, 0]]
    """
    rows = np.zeros((1, 0), dtype=np.int64)
    for _ in range(n - 1):
        left = size - rows.sum(axis=1)
        owner = np.repeat(np.arange(len(rows)), left + 1)
        start = np.repeat(np.cumsum(left + 1) - (left + 1), left + 1)
        rows = np.column_stack([rows[owner], np.arange(len(owner)) - start])
    return np.column_stack([rows, size - rows.sum(axis=1)])


def state_keys(states: IntArray, size: int) -> IntArray:
    """Return one number per state that rises with its position."""
    places: IntArray = (size + 2) ** np.arange(states.shape[1] - 1, -1, -1, dtype=np.int64)
    keys: IntArray = states @ places
    return keys


@dataclass(frozen=True, eq=False)
class Chain:
    """A chain over population states.

    Args:
        states: array (S, n) of counts.
        generator: the transition matrix minus the identity, its diagonal minus the sum of the others, sparse (S, S).
    """

    states: IntArray
    generator: Any

    @property
    def matrix(self) -> Any:
        """The row-stochastic transition matrix, sparse (S, S)."""
        from scipy.sparse import identity

        return (self.generator + identity(len(self.states))).tocsr()

    @property
    def fastest(self) -> float:
        """The largest probability to leave a state in one step."""
        return float(-self.generator.diagonal().min())

    def factor(self, fixed: int) -> tuple[IntArray, Any]:
        """Return the states other than ``fixed`` and the factors of minus the generator among them."""
        from scipy.sparse.linalg import splu

        rest = np.delete(np.arange(len(self.states)), fixed)
        inner = -(self.generator[1:, 1:] if fixed == 0 else self.generator[rest][:, rest]).tocsc()
        options = {"SymmetricMode": True, "DiagPivotThresh": 0.0}
        try:
            return rest, splu(inner, permc_spec="MMD_AT_PLUS_A", options=options)
        except RuntimeError:
            raise NumericalError(
                "the chain is numerically reducible: some states are never left; raise mutation, lower "
                "selection_strength, or use small_mutation_limit"
            ) from None

    def solve_with(self, fixed: int) -> tuple[FloatArray, float]:
        """Return stationary weights with weight 1 at ``fixed``, and the longest mean time to reach it."""
        rest, factors = self.factor(fixed)
        into = np.delete(self.generator[[fixed]].toarray()[0], fixed)
        weights = np.ones(len(self.states))
        weights[rest] = factors.solve(into, trans="T")
        times = factors.solve(np.ones(len(rest)))
        longest = float(times.max()) if (times > 0).all() else np.inf
        return weights, longest


def state_payoffs(world: Setting, states: IntArray) -> FloatArray:
    """Return f[s, j, i]: payoff of strategy i among the others of a focal of strategy j, in state s.

    Where strategy j is absent the row is never used and repeats a neighbouring state.
    """
    others, place = other_places(states, world.population_size)
    return composition_payoffs(world.game.payoff_table(), others)[place]


def other_places(states: IntArray, size: int) -> tuple[IntArray, IntArray]:
    """Return the compositions of the Z-1 others, and the position there of each state less one of each strategy."""
    n = states.shape[1]
    others = population_states(size - 1, n)
    keys = state_keys(others, size)
    place = np.empty((len(states), n), dtype=np.int64)
    for focal in range(n):
        left = states.copy()
        left[:, focal] -= 1
        place[:, focal] = np.clip(np.searchsorted(keys, state_keys(left, size)), 0, len(others) - 1)
    return others, place


def adopt_logs(
    world: Setting, states: IntArray, strength: float, mutation: float, strategies: int | None = None
) -> FloatArray:
    """Return log P[s, j, i] that a focal of strategy j becomes i, with mutation."""
    logs = world.process.log_adopt(states.astype(float), state_payoffs(world, states), strength)
    return world.process.log_mutated(logs, mutation, strategies) if mutation else logs


def chain_of(world: Setting, strength: float, mutation: float, strategies: int | None = None) -> Chain:
    """Return the chain of a process that changes one individual at a time.

    Where these are some of more ``strategies``, mutants of the others are left out.
    """
    size, n = world.population_size, len(world.strategies)
    states = population_states(size, n)
    rates = np.exp(adopt_logs(world, states, strength, mutation, strategies)) * (states / size)[:, :, None]
    keys = state_keys(states, size)
    rows, columns, values = [], [], []
    for focal in range(n):
        present = np.flatnonzero(states[:, focal])
        for adopted in range(n):
            if adopted == focal:
                continue
            moved = states[present].copy()
            moved[:, focal] -= 1
            moved[:, adopted] += 1
            rows.append(present)
            columns.append(np.searchsorted(keys, state_keys(moved, size)))
            values.append(rates[present, focal, adopted])
    return as_chain(states, np.concatenate(rows), np.concatenate(columns), np.concatenate(values))


def as_chain(states: IntArray, rows: IntArray, columns: IntArray, values: FloatArray) -> Chain:
    """Return the chain of the given states with these probabilities of steps from one state to another."""
    from scipy.sparse import csr_matrix

    every = np.arange(len(states))
    leave = np.bincount(rows, weights=values, minlength=len(states))
    entries = np.concatenate([values, -leave]), (np.concatenate([rows, every]), np.concatenate([columns, every]))
    return Chain(states, csr_matrix(entries, shape=(len(states), len(states))))


def multinomial_chain(world: Setting, strength: float, mutation: float) -> Chain:
    """Return the chain of the Wright-Fisher process: all Z offspring drawn at once."""
    size, n = world.population_size, len(world.strategies)
    states = population_states(size, n)
    payoffs = state_payoffs(world, states)
    weights = offspring_logs(world.process, states.astype(float), payoffs, strength, mutation)
    factorials = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1.0, size + 1)))])
    ways = factorials[size] - factorials[states].sum(axis=1)
    matrix = np.exp(ways + weights @ states.T)
    np.fill_diagonal(matrix, 0.0)
    rows, columns = np.nonzero(matrix)
    return as_chain(states, rows, columns, matrix[rows, columns])


def offspring_logs(
    process: Process, counts: FloatArray, payoffs: FloatArray, strength: float, mutation: float
) -> FloatArray:
    """Return log probabilities that an offspring has each strategy, array (S, n), mutation included."""
    n = counts.shape[1]
    parents = np.exp(process.log_adopt(counts, payoffs, strength)[:, 0])
    return safe_log((1.0 - mutation) * parents + mutation / (n - 1.0) * (1.0 - parents))
