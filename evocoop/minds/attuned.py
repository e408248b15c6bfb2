"""Emotional attunement: hunters as oscillators that fall into step."""

from __future__ import annotations

import math

import numpy as np

from evocoop.core.errors import InputError, check_integer, check_number
from evocoop.games.payoffs import FloatArray

MOST_STEPS = 1_000_000


def critical_coupling(spread: float = 1.0) -> float:
    """Return ``K_c = 2 gamma``, the coupling above which a large group falls into step.

    Source: Kuramoto 1984, Chemical Oscillations, Waves, and Turbulence; frequencies Lorentzian of half width gamma.

    >>> critical_coupling(0.5)
    1.0
    """
    return 2.0 * check_number("spread", spread, minimum=0.0, exclusive=True)


def natural_rhythms(people: int, spread: float = 1.0) -> FloatArray:
    """Return n frequencies at the quantiles of a Lorentzian, ``gamma tan(pi (q - 1/2))``, so that nothing is drawn.

    >>> natural_rhythms(3).round(3).tolist()
    [-1.732, 0.0, 1.732]
    """
    people = check_integer("people", people, minimum=1)
    quantiles = (np.arange(people) + 0.5) / people
    return np.asarray(check_number("spread", spread, minimum=0.0, exclusive=True) * np.tan(np.pi * (quantiles - 0.5)))


def synchrony(
    coupling: float, *, people: int = 400, spread: float = 1.0, time: float = 120.0, step: float = 0.05
) -> float:
    r"""Return how far a group falls into step: the mean of ``r = |sum_j exp(i theta_j)|/n`` over the second half.

    Everybody follows an own rhythm and is drawn to that of the others (Kuramoto)::

        d theta_i/dt = omega_i + (K/n) sum_j sin(theta_j - theta_i)

    started with phases that spread evenly and integrated by the classical Runge-Kutta method, in steps that shorten
    where the coupling is strong. For many people r approaches :func:`evocoop.games.hunt_rules.attunement`,
    ``sqrt(1 - 2 gamma/K)`` above the critical coupling and 0 below; a group of n keeps a remainder of the order of
    ``n^-1/2``.

    Args:
        coupling: K, at least 0.
        people: n, at least 1.
        spread: gamma, half width of the rhythms.
        time: how long, in units of 1/gamma.
        step: the longest step of the integration, in the same units.

    Raises:
        InputError: when a number is out of range, or more than a million steps would be needed.

    Source: Kuramoto 1984; as a model of solidarity in collective action: Bruggeman 2015, arXiv 1312.6809. That
    attuned hunters kill more surely is our hypothesis.

    >>> synchrony(8) > 0.8 > 0.2 > synchrony(0.5)
    True
    """
    coupling = check_number("coupling", coupling, minimum=0.0)
    rhythms = natural_rhythms(people, spread) / spread
    coupling = coupling / spread
    step = min(check_number("step", step, minimum=0.0, exclusive=True), 1.0 / (1.0 + coupling))
    steps = max(2, math.ceil(check_number("time", time, minimum=0.0, exclusive=True) / step))
    if steps > MOST_STEPS:
        raise InputError(f"time {time!r} takes {steps} steps at coupling/spread {coupling:g}; at most {MOST_STEPS}")
    phases: FloatArray = np.asarray(2 * np.pi * np.arange(people) * ((5**0.5 - 1) / 2), dtype=np.float64)

    def slope(at: FloatArray) -> FloatArray:
        field = np.exp(1j * at).mean()
        return np.asarray(rhythms + coupling * np.imag(field * np.exp(-1j * at)))

    kept = []
    for number in range(steps):
        first = slope(phases)
        second = slope(phases + step / 2 * first)
        third = slope(phases + step / 2 * second)
        fourth = slope(phases + step * third)
        phases = np.asarray(phases + step / 6 * (first + 2 * second + 2 * third + fourth), dtype=np.float64)
        if number >= steps // 2:
            kept.append(abs(np.exp(1j * phases).mean()))
    return float(np.mean(kept))
