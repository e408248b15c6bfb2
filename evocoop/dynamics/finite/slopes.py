"""Derivatives of the update rules: how the chance to take over a strategy answers to payoffs and strength."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from evocoop.core.errors import InputError
from evocoop.dynamics.finite.processes import BIRTH_PROCESSES, Process

FloatArray = NDArray[np.float64]


def check_smooth(process: Process) -> None:
    """Refuse an update rule that jumps."""
    if process.name == "imitate_if_better":
        raise InputError("process 'imitate_if_better' jumps where payoffs tie, so it has no derivatives")


def log_slopes(
    process: Process, counts: FloatArray, payoffs: FloatArray, strength: float, log_adopt: FloatArray
) -> tuple[FloatArray, FloatArray]:
    r"""Return d ln P[..., j, i] / d strength and / d payoff of each strategy k (on the last axis).

    Comparison: d ln phi / d gain, with respect to the payoffs of i and j. Births: ln P_i = ln c_i + ln F_i - ln sum
    c F, so that a change of ln F_k counts (1 if k = i) - P_k. The linear rule's scale, the largest payoff difference,
    is held fixed.

    Args:
        process: the update rule, a smooth one.
        counts: array (..., n) of individuals per strategy.
        payoffs: array (..., n, n); ``[j, i]`` is the payoff of i among the others of a focal of strategy j.
        strength: beta or w.
        log_adopt: what :meth:`Process.log_adopt` says of them.

    Returns:
        Arrays (..., n, n) and (..., n, n, n); the payoffs meant are ``[k, k]``, under introspection ``[j, k]``.
    """
    n = payoffs.shape[-1]
    same = np.eye(n)
    own = np.diagonal(payoffs, axis1=-2, axis2=-1)
    if process.name in BIRTH_PROCESSES:
        by_strength, by_payoff = _fitness_slopes(process, np.where(counts > 0, own, 1.0), strength)
        weight = same - np.exp(log_adopt)[..., None, :]
        return (weight * by_strength[..., None, None, :]).sum(axis=-1), weight * by_payoff[..., None, None, :]
    earned = payoffs if process.name == "introspection" else own[..., None, :]
    gain = earned - own[..., :, None]
    by_gain, by_strength = _comparison_slopes(process, gain, strength)
    turn = same[None, :, :] - same[:, None, :]
    return by_strength, by_gain[..., None] * turn


def _comparison_slopes(process: Process, gain: FloatArray, strength: float) -> tuple[FloatArray, FloatArray]:
    """Return d ln phi / d gain and d ln phi / d strength."""
    if process.name == "pairwise_linear":
        scale = 0.5 / process.scale if process.scale > 0 else 0.0
        chance = 0.5 + strength * scale * gain
        with np.errstate(divide="ignore"):
            return strength * scale / chance, gain * scale / chance
    other: FloatArray = np.exp(-np.logaddexp(0.0, strength * gain))
    return strength * other, gain * other


def _fitness_slopes(process: Process, payoffs: FloatArray, strength: float) -> tuple[FloatArray, FloatArray]:
    """Return d ln F / d strength and d ln F / d payoff."""
    if process.fitness == "exponential":
        return payoffs, np.full_like(payoffs, strength)
    fitness = 1.0 - strength + strength * payoffs
    if (fitness <= 0).any():
        raise InputError("payoffs must give fitness above 0 for derivatives; lower selection_strength or shift them")
    return (payoffs - 1.0) / fitness, strength / fitness
