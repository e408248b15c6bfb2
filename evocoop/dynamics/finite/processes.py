"""The update rules, each as one formula: who adopts which strategy in one step.

Everything is said by one quantity, the log probability that an individual picked for change (the *focal*) takes over
strategy i, given that its own is j. A step of the population is then k_j/Z times that. Mutation replaces the adopted
strategy by one of the n-1 others: instead of imitating ("focal"), or when the offspring is born ("offspring").
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evocoop.core.errors import InputError, UnknownNameError
from evocoop.dynamics.logs import log_complement, log_sum, safe_log

FloatArray = NDArray[np.float64]

PROCESSES = {
    "pairwise": "pairwise comparison: a random model is imitated with probability 1/(1+exp(-beta(f_model-f_focal)))",
    "pairwise_linear": "pairwise comparison with probability 1/2 + (w/2)(f_model-f_focal)/(largest payoff difference)",
    "imitate_if_better": "pairwise comparison with probability 1 if the model earns more, 1/2 on a tie, else 0",
    "moran": "birth-death: a parent is chosen by fitness, its offspring replaces a random individual",
    "death_birth": "death-birth: a random individual dies, the others compete for its place by fitness",
    "wright_fisher": "all Z are replaced at once, each by an offspring of a parent chosen by fitness",
    "introspection": "the focal compares its payoff with what another strategy would earn in its place",
}
BIRTH_PROCESSES = ("moran", "death_birth", "wright_fisher")
WEIGHT_PROCESSES = ("pairwise_linear",)
SCALED = (*WEIGHT_PROCESSES, "imitate_if_better")
TIE = 1e-13
"""Differences up to this part of the largest payoff are ties: rounding must not decide who earns more."""
FITNESSES = ("linear", "exponential")


@dataclass(frozen=True)
class Process:
    """An update rule with all it needs besides payoffs and strength.

    Args:
        name: one of ``PROCESSES``.
        fitness: ``"linear"`` (1 - w + w f) or ``"exponential"`` (exp(beta f)), for the birth processes.
        scale: what payoff differences are held against; see :func:`scale_of`.
    """

    name: str
    fitness: str = "linear"
    scale: float = 0.0

    def __post_init__(self) -> None:
        if self.name not in PROCESSES:
            raise UnknownNameError("process", self.name, tuple(PROCESSES))
        if self.fitness not in FITNESSES:
            raise UnknownNameError("fitness", self.fitness, FITNESSES)

    @property
    def one_at_a_time(self) -> bool:
        """Whether a step changes at most one individual."""
        return self.name != "wright_fisher"

    @property
    def imitates(self) -> bool:
        """Whether absent strategies can only come in by mutation."""
        return self.name != "introspection"

    def check_strength(self, strength: FloatArray) -> None:
        """Refuse a selection strength outside the range of the rule."""
        linear = self.name in WEIGHT_PROCESSES or (self.name in BIRTH_PROCESSES and self.fitness == "linear")
        if linear and (strength > 1).any():
            raise InputError(
                f"selection_strength must lie in [0, 1] for process {self.name!r} with linear fitness, "
                f"not {strength.max():g}"
                + ("; fitness='exponential' takes any" if self.name in BIRTH_PROCESSES else "")
            )

    def log_fitness(self, payoffs: FloatArray, strength: FloatArray | float) -> FloatArray:
        """Return the logarithm of the fitness that payoffs give."""
        if self.fitness == "exponential":
            return strength * payoffs
        fitness = 1.0 - strength + strength * payoffs
        if (fitness < 0).any():
            raise InputError(
                f"payoffs must give non-negative fitness 1 - w + w f for process {self.name!r}, but one is "
                f"{fitness.min():g}; lower selection_strength, shift the payoffs, or use fitness='exponential'"
            )
        return safe_log(fitness)

    def log_comparison(self, difference: FloatArray, strength: FloatArray | float) -> FloatArray:
        """Return the log probability to switch to what earns ``difference`` more (comparison, introspection)."""
        if self.name == "pairwise_linear":
            scaled = difference / self.scale if self.scale > 0 else np.zeros_like(difference)
            return safe_log(0.5 + 0.5 * strength * np.clip(scaled, -1.0, 1.0))
        if self.name == "imitate_if_better":
            better = np.where(np.abs(difference) <= self.scale, 0.0, np.sign(difference))
            return safe_log(0.5 + 0.5 * better + 0.0 * strength)
        logs: FloatArray = -np.logaddexp(0.0, -strength * difference)
        return logs

    def log_adopt(self, counts: FloatArray, payoffs: FloatArray, strength: FloatArray | float) -> FloatArray:
        """Return log P[..., j, i]: a focal of strategy j takes over strategy i, without mutation.

        Args:
            counts: array (..., n) of individuals per strategy; rows sum to Z.
            payoffs: array (..., n, n); ``[j, i]`` is the payoff of i among the others of a focal of strategy j (what
                an i would earn in the focal's place). Strategy i itself earns ``[i, i]``.
            strength: beta or w, broadcastable against ``payoffs``.
        """
        n, size = counts.shape[-1], counts[0].sum()
        own = np.diagonal(payoffs, axis1=-2, axis2=-1)
        if self.name == "introspection":
            uniform = -np.log(n - 1.0) if n > 1 else 0.0
            return uniform + self.log_comparison(payoffs - own[..., :, None], strength)
        if self.name not in BIRTH_PROCESSES:
            switch = self.log_comparison(own[..., None, :] - own[..., :, None], strength)
            return switch + safe_log(counts / (size - 1.0))[..., None, :]
        present = np.where(counts > 0, own, 1.0)
        fitness = self.log_fitness(present[..., None, :], strength)
        parents = counts[..., None, :] - np.eye(n) * (self.name == "death_birth")
        logs = safe_log(np.maximum(parents, 0.0)) + fitness
        return logs - log_sum(logs)[..., None]

    def log_mutated(self, log_adopt: FloatArray, mutation: float, strategies: int | None = None) -> FloatArray:
        """Return log P[..., j, i] with mutation; the diagonal is not meaningful.

        ``strategies`` is how many a mutant may turn to, itself included, where that is more than are present.
        """
        n = strategies or log_adopt.shape[-1]
        if n < 2:
            return log_adopt
        stray = safe_log(mutation / (n - 1.0))
        if self.name in BIRTH_PROCESSES:
            stray = stray + log_complement(log_adopt)
        mutated: FloatArray = np.logaddexp(safe_log(1.0 - mutation) + log_adopt, stray)
        return mutated


def two_strategy_places(payoffs: FloatArray) -> FloatArray:
    """Return the payoffs (..., Z+1, 2, 2) that :meth:`Process.log_adopt` reads, from co-player payoffs (..., 2, Z).

    Entries of strategies that are absent repeat the nearest state; they are never reached.
    """
    size = payoffs.shape[-1]
    others_of_first = np.clip(np.arange(size + 1) - 1, 0, size - 1)
    others_of_second = np.clip(np.arange(size + 1), 0, size - 1)
    first = np.moveaxis(payoffs[..., others_of_first], -2, -1)
    second = np.moveaxis(payoffs[..., others_of_second], -2, -1)
    return np.stack([first, second], axis=-2)


def two_strategy_logs(process: Process, payoffs: FloatArray, strength: float, mutation: float = 0.0) -> FloatArray:
    """Return log P[..., k, j, i] for k = 0 … Z individuals of the first strategy."""
    size = payoffs.shape[-1]
    counts = np.stack([np.arange(size + 1.0), np.arange(size, -1.0, -1.0)], axis=-1)
    adopt = process.log_adopt(counts, two_strategy_places(payoffs), strength)
    return process.log_mutated(adopt, mutation) if mutation else adopt


def step_logs(
    process: Process, payoffs: FloatArray, strength: float, mutation: float = 0.0
) -> tuple[FloatArray, FloatArray]:
    """Return (log T+, log T-), arrays (..., Z+1) over the count of the first strategy."""
    size = payoffs.shape[-1]
    logs = two_strategy_logs(process, payoffs, strength, mutation)
    count = np.arange(size + 1.0)
    up = safe_log((size - count) / size) + logs[..., 1, 0]
    down = safe_log(count / size) + logs[..., 0, 1]
    return up, down


def scale_of(name: str, tables: FloatArray, axis: int | None = None) -> float:
    """Return what a process holds payoff differences against: the largest one (linear rule), or what is still a tie.

    Args:
        name: of the process.
        tables: all payoffs.
        axis: along which payoffs are compared, all with all when left out.
    """
    if name in WEIGHT_PROCESSES:
        return float(np.max(np.ptp(tables, axis=axis)))
    return TIE * float(np.abs(tables).max()) if name == "imitate_if_better" else 0.0
