"""Derivatives of means over the stationary distribution of a population's chain: one adjoint solve for each mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evocoop.dynamics.finite.chain import Chain, chain_of, multinomial_chain, other_places, state_keys, state_payoffs
from evocoop.dynamics.finite.expected import group_weights
from evocoop.dynamics.finite.processes import BIRTH_PROCESSES
from evocoop.dynamics.finite.setting import Setting
from evocoop.dynamics.finite.slopes import log_slopes
from evocoop.dynamics.finite.stationary import check_memory, solve

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

TARGETS_AT_ONCE = 16


@dataclass(frozen=True, eq=False)
class ChainSlopes:
    """A population's chain, its stationary distribution, and how its steps answer to changes.

    Args:
        world: the setting.
        mutation: mu.
        chain: the chain.
        weights: its stationary distribution.
        rest: all states but one.
        factors: of minus the generator among them.
        adopt: P[s, j, i] without mutation.
        by_strength: d P / d strength.
        by_payoff: d P / d payoffs, array (S, n, n, n).
    """

    world: Setting
    mutation: float
    chain: Chain
    weights: FloatArray
    rest: IntArray
    factors: Any
    adopt: FloatArray
    by_strength: FloatArray
    by_payoff: FloatArray

    @classmethod
    def of(cls, world: Setting, strength: float, mutation: float) -> ChainSlopes:
        """Build and solve the chain, or refuse it as :func:`stationary_distribution` does."""
        check_memory(world)
        chain = (chain_of if world.process.one_at_a_time else multinomial_chain)(world, strength, mutation)
        weights, _, _ = solve(chain)
        rest, factors = chain.factor(int(np.argmax(weights)))
        counts, payoffs = chain.states.astype(float), state_payoffs(world, chain.states)
        logs = world.process.log_adopt(counts, payoffs, strength)
        by_strength, by_payoff = log_slopes(world.process, counts, payoffs, strength, logs)
        adopt = np.exp(logs)
        present = adopt > 0
        by_strength = np.where(present, adopt * by_strength, 0.0)
        by_payoff = np.where(present[..., None], adopt[..., None] * by_payoff, 0.0)
        return cls(world, mutation, chain, weights, rest, factors, adopt, by_strength, by_payoff)

    @property
    def kept(self) -> float:
        """How much of a change of P is left with mutation."""
        stray = self.mutation / (len(self.world.strategies) - 1)
        return 1.0 - self.mutation - (stray if self.world.process.name in BIRTH_PROCESSES else 0.0)

    def of_means(self, target: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return the derivatives of ``weights @ target``, array (S, m): by payoffs, strength and mutation.

        Returns:
            Arrays (m, n, columns), (m,) and (m,).
        """
        parts = [
            self._some_means(target[:, start : start + TARGETS_AT_ONCE])
            for start in range(0, target.shape[1], TARGETS_AT_ONCE)
        ]
        by_payoff, by_strength, by_mutation = (np.concatenate(part) for part in zip(*parts, strict=True))
        return by_payoff, by_strength, by_mutation

    def _some_means(self, target: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        adjoint = np.zeros_like(target)
        adjoint[self.rest] = self.factors.solve((target - self.weights @ target)[self.rest])
        lever = self._lever(adjoint)
        focal = lever.shape[1]
        n = len(self.world.strategies)
        by_strength = self.kept * np.einsum("sjim,sji->m", lever, self.by_strength[:, :focal])
        births = self.world.process.name in BIRTH_PROCESSES
        stray = (1.0 - self.adopt[:, :focal] if births else np.ones_like(self.adopt)) / (n - 1)
        by_mutation = np.einsum("sjim,sji->m", lever, stray - self.adopt[:, :focal])
        felt = self.kept * np.einsum("sjim,sjik->sjkm", lever, self.by_payoff[:, :focal], optimize=True)
        return self._by_table(felt), by_strength, by_mutation

    def _lever(self, adjoint: FloatArray) -> FloatArray:
        """Return how the means answer to P[s, j, i], array (S, n, n, m); or to offspring, array (S, 1, n, m)."""
        states, size = self.chain.states, self.world.population_size
        n = states.shape[1]
        if not self.world.process.one_at_a_time:
            return self._lever_of_offspring(adjoint)
        lever = np.zeros((len(states), n, n, adjoint.shape[1]))
        keys = state_keys(states, size)
        for focal in range(n):
            here = np.flatnonzero(states[:, focal])
            chosen = (self.weights[here] * states[here, focal] / size)[:, None]
            for adopted in range(n):
                if adopted != focal:
                    moved = states[here].copy()
                    moved[:, focal] -= 1
                    moved[:, adopted] += 1
                    there = np.searchsorted(keys, state_keys(moved, size))
                    lever[here, focal, adopted] = chosen * (adjoint[there] - adjoint[here])
        return lever

    def _lever_of_offspring(self, adjoint: FloatArray) -> FloatArray:
        states, n = self.chain.states, self.chain.states.shape[1]
        parents = self.adopt[:, 0]
        offspring = (1.0 - self.mutation) * parents + self.mutation / (n - 1) * (1.0 - parents)
        lever = np.zeros((len(states), 1, n, adjoint.shape[1]))
        for strategy in range(n):
            later = self.chain.matrix @ (adjoint * states[:, strategy, None])
            share = (self.weights / np.maximum(offspring[:, strategy], 1e-300))[:, None]
            lever[:, 0, strategy] = np.where(offspring[:, strategy, None] > 0, share * later, 0.0)
        return lever

    def _by_table(self, felt: FloatArray) -> FloatArray:
        """Return derivatives by the payoff table, array (m, n, columns), from those by payoffs felt, (S, j, k, m)."""
        table = self.world.game.payoff_table()
        others, place = other_places(self.chain.states, self.world.population_size)
        groups = others / others[0].sum() if table.group_size == 2 else group_weights(others, table.compositions)
        n = len(self.world.strategies)
        slopes = np.zeros((felt.shape[3], n, groups.shape[1]))
        for strategy in range(n):
            for focal in range(felt.shape[1]):
                by_others = np.zeros((len(others), felt.shape[3]))
                felt_at = focal if self.world.process.name == "introspection" else strategy
                np.add.at(by_others, place[:, felt_at], felt[:, focal, strategy])
                slopes[:, strategy] += by_others.T @ groups
        return slopes
