"""Which node may change next, and with what probability: whole populations of two strategies at once, in NumPy."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evocoop.dynamics.structured.kernels import HOSTED, PAIRS
from evocoop.dynamics.structured.world import World, binomials

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Flips:
    """Transition probabilities of populations of mutants (strategy 0) and residents (strategy 1) on a graph.

    Args:
        world: what is asked, with two strategies.
    """

    world: World

    @cached_property
    def links(self) -> Any:
        """The weights as a sparse matrix."""
        from scipy.sparse import csr_matrix

        graph = self.world.graph
        return csr_matrix((graph.weights, graph.indices, graph.indptr), shape=(graph.nodes, graph.nodes))

    def payoffs(self, states: FloatArray) -> FloatArray:
        """Return the payoff of every node in every state, array (S, nodes); states hold 1.0 for a mutant."""
        if self.world.mode == PAIRS:
            return self._pairs(states)
        return self._hosted(states) if self.world.mode == HOSTED else self._sampled(states)

    def _pairs(self, states: FloatArray) -> FloatArray:
        ((a, b), (c, d)) = self.world.tables[2]
        strengths = self.world.graph.strengths
        near: FloatArray = states @ self.links
        far = strengths - near
        earned: FloatArray = np.where(states > 0, a * near + b * far, c * near + d * far)
        if not self.world.total:
            earned /= strengths
        return earned

    def _hosted(self, states: FloatArray) -> FloatArray:
        graph, tables = self.world.graph, self.world.tables
        members = np.rint(states @ self.links + states).astype(np.int64)
        sizes = graph.degrees + 1
        for_mutant, for_resident = np.zeros_like(states), np.zeros_like(states)
        for size, table in tables.items():
            here = sizes == size
            mutants = members[:, here]
            for_mutant[:, here] = table[0, np.clip(size - mutants, 0, size - 1)]
            for_resident[:, here] = table[1, np.clip(size - 1 - mutants, 0, size - 1)]
        as_mutant = for_mutant @ self.links + for_mutant
        as_resident = for_resident @ self.links + for_resident
        earned: FloatArray = np.where(states > 0, as_mutant, as_resident)
        if not self.world.total:
            earned /= sizes
        return earned

    def _sampled(self, states: FloatArray) -> FloatArray:
        ((size, table),) = self.world.tables.items()
        degrees = self.world.graph.degrees
        near = np.rint(states @ self.links).astype(np.int64)
        choose = binomials(int(degrees.max()), size)
        earned = np.zeros_like(states)
        for residents in range(size):
            ways = choose[near, size - 1 - residents] * choose[degrees - near, residents] / choose[degrees, size - 1]
            earned += ways * np.where(states > 0, table[0, residents], table[1, residents])
        return earned

    def fitness(self, states: FloatArray) -> FloatArray:
        """Return the fitness of every node in every state."""
        payoffs, strength = self.payoffs(states), self.world.strength
        return np.exp(strength * payoffs) if self.world.exponential else 1.0 - strength + strength * payoffs

    def __call__(self, states: FloatArray) -> FloatArray:
        """Return the probability that each node changes in one step, array (S, nodes)."""
        graph = self.world.graph
        if self.world.process == "pairwise":
            return self._comparison(states)
        fitness = self.fitness(states)
        if self.world.process == "birth_death":
            births = fitness / fitness.sum(axis=1, keepdims=True) / graph.strengths
            into_residents = (births * states) @ self.links
            into_mutants = (births * (1 - states)) @ self.links
            changes: FloatArray = np.where(states > 0, into_mutants, into_residents)
            return changes
        mutants = (fitness * states) @ self.links
        residents = (fitness * (1 - states)) @ self.links
        own = fitness if self.world.process == "imitation" else 0.0
        changes = np.where(states > 0, residents, mutants) / (mutants + residents + own) / graph.nodes
        return changes

    def _comparison(self, states: FloatArray) -> FloatArray:
        from scipy.sparse import csr_matrix

        graph = self.world.graph
        payoffs = self.payoffs(states)
        near, far = graph.sources, graph.indices
        gains = payoffs[:, far] - payoffs[:, near]
        switch = graph.weights / graph.strengths[near] / (1.0 + np.exp(-self.world.strength * gains))
        switch *= states[:, far] != states[:, near]
        gather = csr_matrix((np.ones(len(near)), (np.arange(len(near)), near)), shape=(len(near), graph.nodes))
        changes: FloatArray = switch @ gather / graph.nodes
        return changes
