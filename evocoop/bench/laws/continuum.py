"""Continuous populations: the diffusion limit of finite ones, and waves in space."""

from __future__ import annotations

import math
from functools import partial

import numpy as np

from evocoop.bench.laws.record import Law
from evocoop.dynamics import (
    diffusion_fixation,
    diffusion_stationary,
    fixation_probability,
    spatial_replicator,
    stationary_distribution,
)

KIMURA = "Kimura 1962, Genetics 47:713, with 2a/b = 2Z(r-1)/(r+1) of the Moran process"
OHTA = "Kimura & Ohta 1969, Genetics 61:763"
TRAULSEN = "Traulsen, Claussen & Hauert 2005, Phys Rev Lett 95:238701; 2006, Phys Rev E 74:011901"
NAGUMO = "Hutson & Vickers 1995, Phil Trans R Soc B 348:393; Murray 2002, Mathematical Biology I, section 13.5"
KPP = "Fisher 1937, Ann Eugen 7:355; Kolmogorov, Petrovsky & Piskunov 1937; delay, Bramson 1983, Mem AMS 285"
EXACT_WAVE = "Ablowitz & Zeppetella 1979, Bull Math Biol 41:835"
STAG_HUNT = ((4.0, 0.0), (3.0, 3.0))
NEUTRAL = ((1.0, 1.0), (1.0, 1.0))
ADVANTAGE = ((1.0, 1.0), (0.0, 0.0))


def _kimura(size: int, r: float) -> float:
    game = ((r, r), (1.0, 1.0))
    return diffusion_fixation(game, population_size=size, selection_strength=1.0, process="moran").probability


def _closed(size: int, r: float) -> float:
    slope = 2.0 * (r - 1.0) / (r + 1.0)
    return math.expm1(-slope) / math.expm1(-slope * size)


def _fixation_ratio(size: int) -> float:
    strength = 4.0 / size
    limit = diffusion_fixation(STAG_HUNT, population_size=size, selection_strength=strength)
    chain = fixation_probability(STAG_HUNT, population_size=size, selection_strength=strength, log=True)
    return math.exp(limit.log_probability - float(chain))


def _neutral_time(size: int, start: int, kind: str) -> float:
    found = diffusion_fixation(NEUTRAL, population_size=size, selection_strength=0.0, process="moran", start=start)
    return float(getattr(found, kind))


def _mean_difference(size: int) -> float:
    strength, mutation = 4.0 / size, 0.2 / size
    limit = diffusion_stationary(
        STAG_HUNT, population_size=size, selection_strength=strength, mutation=mutation
    ).shares[0]
    chain = stationary_distribution(
        STAG_HUNT, population_size=size, selection_strength=strength, mutation=mutation
    ).probabilities
    return float(limit / (chain @ np.arange(size + 1.0) / size))


def _bistable(strength: float, threshold: float, diffusion: float) -> float:
    game = ((strength * (1 - threshold), -strength * threshold), (0.0, 0.0))
    spacing = 0.25 * math.sqrt(diffusion / strength)
    path = spatial_replicator(game, shape=320, spacing=spacing, diffusion=diffusion, time=30.0 / strength)
    return path.front_speed()


def _explicit_wave() -> float:
    places = (np.arange(400) + 0.5) * 0.2 - 20.0
    wave = (1.0 + np.exp(places / math.sqrt(6.0))) ** -2.0
    path = spatial_replicator(ADVANTAGE, shape=400, spacing=0.2, time=6.0, start=np.stack([wave, 1 - wave], axis=1))
    return path.front_speed()


def _pulled(rate: float, diffusion: float) -> float:
    """Return the speed from time 30/r to 60/r with Bramson's delay, 3/(4 r t) of it, made up for."""
    spacing = 0.2 * math.sqrt(diffusion / rate)
    start = np.zeros((750, 2))
    start[:50, 0] = start[50:, 1] = 1.0
    game = ((rate, rate), (0.0, 0.0))
    path = spatial_replicator(
        game, shape=750, spacing=spacing, diffusion=diffusion, time=60.0 / rate, start=start, samples=61
    )
    delay = 1.5 * np.polyfit(path.times[30:], np.log(path.times[30:]), 1)[0] * math.sqrt(diffusion / rate)
    return path.front_speed() + float(delay)


LAWS = (
    *(
        Law("continuum", f"fixation in the diffusion limit, constant advantage r={r}, Z={z}", KIMURA, _closed(z, r),
            partial(_kimura, z, r), 1e-11)
        for z, r in ((100, 1.02), (1000, 0.98))
    ),
    Law("continuum", "fixation, stag hunt, Z=400, Z beta = 4: diffusion limit over chain", TRAULSEN, 1.0,
        partial(_fixation_ratio, 400), 3e-4),
    Law("continuum", "stationary mean, stag hunt, Z=400, Z beta = 4, Z mu = 0.2: diffusion limit over chain", TRAULSEN,
        1.0, partial(_mean_difference, 400), 1e-3),
    Law("continuum", "neutral Moran, Z=100: generations to fixation from one mutant, -Z(1-x)/x ln(1-x)", OHTA,
        -100 * 99 * math.log1p(-0.01), partial(_neutral_time, 100, 1, "conditional"), 1e-11),
    Law("continuum", "neutral Moran, Z=100: generations until either is lost from one half, Z ln 2", OHTA,
        100 * math.log(2.0), partial(_neutral_time, 100, 50, "unconditional"), 1e-11),
    *(
        Law("continuum", f"front of a coordination game, s={s}, a={a}, D={d}: speed sqrt(D s/2)(1-2a)", NAGUMO,
            math.sqrt(d * s / 2) * (1 - 2 * a), partial(_bistable, s, a, d), 2e-3)
        for s, a, d in ((1.0, 0.3, 1.0), (3.0, 0.65, 0.4))
    ),
    *(
        Law("continuum", f"front of a constant advantage r={r}, D={d}: speed 2 sqrt(D r)", KPP, 2 * math.sqrt(d * r),
            partial(_pulled, r, d), 1e-2)
        for r, d in ((1.0, 1.0), (0.5, 3.0))
    ),
    Law("continuum", "explicit front of a constant advantage 1, D=1: speed 5/sqrt(6)", EXACT_WAVE, 5 / math.sqrt(6.0),
        _explicit_wave, 1e-3),
)  # fmt: skip
