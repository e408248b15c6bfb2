"""The grid of the replicator equation in space: what fits it, what it costs, and who is where at first."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evocoop.core.errors import InputError, UnknownNameError, check_integer, check_number

FloatArray = NDArray[np.float64]

PATTERNS = {
    "front": "stripes of equal width, each of one strategy, in their order",
    "patch": "the first strategy alone in the middle fifth, the given shares of the others around it",
    "random": "every place is of one strategy, drawn with the given shares as chances",
    "even": "the given shares everywhere",
}
BOUNDARIES = ("no_flux", "periodic")
SAMPLES = 101
COARSEST = 1.0
SHORTEST_FRONT = 10.0
MOST_PLACES = 4_000_000
MOST_UPDATES = 10**11
MOST_RECORDED = 100_000_000


def check_space(game: Any, strategies: Sequence[str], given: Mapping[str, Any]) -> None:
    """Raise InputError when a game cannot be laid out in space as asked."""
    n = len(strategies)
    size = shape_of(given.get("shape", 200))
    rates_of(given.get("diffusion", 1.0), n)
    if math.prod(size) * n * SAMPLES > MOST_RECORDED:
        raise InputError(f"shape {size} has too many places to record; take at most {MOST_RECORDED // n // SAMPLES:,}")
    start = given.get("start")
    if start is not None and (len(start) != n or min(start) < 0 or abs(sum(start) - 1.0) > 1e-9):
        raise InputError(f"start must hold {n} shares that sum to 1, one for each strategy, not {list(start)}")


def shape_of(shape: int | Sequence[int]) -> tuple[int, ...]:
    """Return places of a line, or rows and columns of a plane, checked."""
    given: list[Any] = list(shape) if isinstance(shape, (list, tuple, np.ndarray)) else [shape]
    whole = [int(side) if isinstance(side, float) and side.is_integer() else side for side in given]
    if len(whole) not in (1, 2):
        raise InputError(f"shape must be the places of a line, or rows and columns of a plane, not {shape!r}")
    size = tuple(check_integer("shape", side, minimum=3) for side in whole)
    if math.prod(size) > MOST_PLACES:
        raise InputError(f"shape {size} has {math.prod(size):,} places, more than the {MOST_PLACES:,} allowed")
    return size


def rates_of(diffusion: ArrayLike, n: int) -> FloatArray:
    """Return the rate of diffusion of each strategy."""
    try:
        rates = np.atleast_1d(np.array(diffusion, dtype=np.float64))
    except (TypeError, ValueError):
        raise InputError(f"diffusion must be one rate, or one for each of {n} strategies") from None
    if rates.shape not in ((1,), (n,)) or not np.isfinite(rates).all() or (rates < 0).any():
        raise InputError(f"diffusion must be one rate of at least 0, or one for each of {n} strategies")
    return np.ascontiguousarray(np.broadcast_to(rates, (n,)))


def check_resolved(width: float, spacing: float, places: int | None) -> None:
    """Refuse a grid whose places, or whose length with a front on it, do not fit the width of fronts."""
    if spacing > COARSEST * width:
        raise InputError(
            f"spacing {spacing:g} is too coarse: fronts are about sqrt(D/F) = {width:.3g} wide; take a spacing of at "
            f"most {COARSEST * width:.3g}, a larger diffusion, or smaller payoff differences"
        )
    if places and width < math.inf and places * spacing < SHORTEST_FRONT * width:
        raise InputError(
            f"a length of {places * spacing:.3g} is too short for a front, about sqrt(D/F) = {width:.3g} wide; "
            f"take at least {SHORTEST_FRONT * width:.3g}, or another pattern"
        )


def longest_step(rates: FloatArray, strongest: float, spacing: float, size: tuple[int, ...]) -> float:
    """Return the step below which explicit Euler keeps shares in the simplex."""
    speed = 2.0 * len(size) * (2.0 * rates.max() - rates.min()) / spacing**2 + strongest
    return 1.0 / speed if speed > 0 else math.inf


def steps_of(time: float, step: float | None, samples: int, limit: float, strongest: float) -> tuple[int, float]:
    """Return how many steps lie between two records, and their length."""
    if step is None:
        step = min(0.9 * limit, 0.1 / strongest if strongest > 0 else math.inf, time)
    step = check_number("step", step, minimum=0.0, exclusive=True)
    if step > limit * (1.0 + 1e-9):
        raise InputError(
            f"step {step:g} is above {limit:.4g}, the limit below which shares stay in the simplex on this grid; "
            "take a shorter step, or leave it out"
        )
    every = max(1, math.ceil(time / step / (samples - 1) - 1e-9))
    return every, time / every / (samples - 1)


def check_affordable(size: tuple[int, ...], n: int, every: int, samples: int) -> None:
    """Refuse more records, or more steps, than can be done."""
    places, steps = math.prod(size), every * (samples - 1)
    if samples * places * n > MOST_RECORDED:
        raise InputError(
            f"{samples} records of {places:,} places are {samples * places * n:,} numbers, more than the "
            f"{MOST_RECORDED:,} kept; ask for fewer samples"
        )
    if places * steps > MOST_UPDATES:
        raise InputError(
            f"{float(steps):.3g} steps on {places:,} places are too many; take a shorter time, fewer places, or a "
            "larger spacing (steps grow with diffusion over squared spacing)"
        )


def first_field(
    start: ArrayLike | None, pattern: str | None, size: tuple[int, ...], n: int, seed: int
) -> tuple[FloatArray, str]:
    """Return shares of every place at time 0, array (rows, columns, n), and the name of the pattern, if any."""
    flat = size if len(size) == 2 else (*size, 1)
    given = np.full(n, 1.0 / n) if start is None else _numbers(start)
    if given.shape == (*size, n) and given.ndim > 1:
        if pattern is not None:
            raise InputError("give either the shares of every place as start, or a pattern, not both")
        return _simplex(given).reshape(*flat, n), ""
    if given.shape != (n,):
        raise InputError(f"start must hold {n} shares, or those of every place, {(*size, n)}, not {given.shape}")
    shares = _simplex(given)
    name = pattern or ("front" if start is None else "even")
    if name not in PATTERNS:
        raise UnknownNameError("pattern", name, tuple(PATTERNS))
    field = np.tile(shares, (*flat, 1))
    if name == "front":
        field[:] = np.eye(n)[np.arange(flat[0]) * n // flat[0]][:, None]
    elif name == "patch":
        others = np.concatenate([[0.0], shares[1:]])
        field[:] = others / others.sum() if others.sum() > 0 else np.eye(n)[-1]
        inside = [np.abs(2 * np.arange(side) + 1 - side) * 5 <= side if side > 1 else np.ones(1, bool) for side in flat]
        field[np.ix_(*inside)] = np.eye(n)[0]
    elif name == "random":
        draws = np.random.Generator(np.random.Philox(key=seed)).random(flat)
        field = np.eye(n)[np.minimum((draws[..., None] >= np.cumsum(shares)).sum(axis=-1), n - 1)]
    return np.ascontiguousarray(field), name


def _numbers(start: ArrayLike) -> FloatArray:
    try:
        return np.array(start, dtype=np.float64)
    except (TypeError, ValueError):
        raise InputError("start must be shares: one for each strategy, or those of every place") from None


def _simplex(shares: FloatArray) -> FloatArray:
    total = shares.sum(axis=-1, keepdims=True)
    if not np.isfinite(shares).all() or (shares < 0).any() or not np.allclose(total, 1.0, atol=1e-9):
        raise InputError("start must be shares of at least 0 that sum to 1")
    return np.asarray(shares / total)
