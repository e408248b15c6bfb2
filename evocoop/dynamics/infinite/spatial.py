"""The replicator equation in space: strategies that play where they are, and spread."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from evocoop.core.errors import InputError, UnknownNameError, check_integer, check_number
from evocoop.dynamics.infinite import spatial_kernels as kernels
from evocoop.dynamics.infinite.setting import FloatArray, Flow, flow

PATTERNS = {
    "front": "stripes of equal width, each of one strategy, in their order",
    "patch": "the first strategy alone in the middle fifth, the given shares of the others around it",
    "random": "every place is of one strategy, drawn with the given shares as chances",
    "even": "the given shares everywhere",
}
BOUNDARIES = ("no_flux", "periodic")
COARSEST = 1.0
SHORTEST_FRONT = 10.0
STEADY = 2e-3
MOST_PLACES = 4_000_000
MOST_UPDATES = 10**11
MOST_RECORDED = 100_000_000


@dataclass(frozen=True, eq=False)
class SpatialPath:
    """Shares at every place of a line or a plane, through time.

    Args:
        strategies: names, in the order of the last axis.
        times: array (T,).
        fields: array (T, places, n), or (T, rows, columns, n); shares at one place sum to 1.
        spacing: distance of neighbouring places.
        diffusion: rate of each strategy (n,).
        boundary: ``"no_flux"`` or ``"periodic"``.
        step: length of a step in time.
        front_width: sqrt(D/F), the length over which selection balances diffusion; infinite without selection.
    """

    strategies: tuple[str, ...]
    times: FloatArray
    fields: FloatArray
    spacing: float
    diffusion: FloatArray
    boundary: str
    step: float
    front_width: float

    @property
    def shares(self) -> FloatArray:
        """Mean shares over all places, array (T, n)."""
        means: FloatArray = self.fields.reshape(len(self.times), -1, len(self.strategies)).mean(axis=1)
        return means

    @property
    def final(self) -> FloatArray:
        """Shares at every place at the last time."""
        last: FloatArray = self.fields[-1]
        return last

    def front_speed(self, strategy: str | int = 0, since: float = 0.5) -> float:
        """Return the speed at which a strategy advances over a line, negative where it is driven back.

        With one front on a line without flux over its ends, the length held by a strategy grows by the speed times the
        step in its share from end to end; the speed is the slope of a straight line through it.

        Args:
            strategy: name or position.
            since: the part of the time that is left out, 0 to 1.

        Raises:
            InputError: on a plane or a ring, or where there is no front, or one too near the ends.
        """
        place = self.strategies.index(strategy) if strategy in self.strategies else strategy
        if not isinstance(place, int) or not 0 <= place < len(self.strategies):
            raise UnknownNameError("strategy", strategy, self.strategies)
        if self.fields.ndim != 3 or self.boundary != "no_flux":
            raise InputError("front_speed is for a line with boundary 'no_flux'")
        first = round(check_number("since", since, minimum=0.0, maximum=0.99) * (len(self.times) - 1))
        some = self.fields[first:, :, place]
        jump = some[:, 0] - some[:, -1]
        if len(some) < 2 or np.abs(jump).min() < 0.05 or np.ptp(jump) > STEADY * np.abs(jump).max():
            raise InputError(
                f"no front of {self.strategies[place]!r} stays between the ends of the line from time "
                f"{self.times[first]:g} to {self.times[-1]:g}; take a longer line, a shorter time, or pattern 'front'"
            )
        held = some.sum(axis=1) * self.spacing / np.abs(jump).mean()
        return float(np.polyfit(self.times[first:], held, 1)[0])


def spatial_replicator(
    payoffs: Any,
    *,
    shape: int | Sequence[int] = 200,
    spacing: float | None = None,
    diffusion: ArrayLike = 1.0,
    start: ArrayLike | None = None,
    pattern: str | None = None,
    boundary: str = "no_flux",
    time: float = 100.0,
    samples: int = 101,
    step: float | None = None,
    seed: int = 0,
) -> SpatialPath:
    r"""Return shares through time where strategies play at their place and diffuse, on a line or a plane.

    With f the expected payoffs against co-players of the same place and m their mean there, shares x obey::

        dx_i/dt = x_i (f_i - m) + D_i lap x_i - x_i sum_j D_j lap x_j

    the equation of densities that diffuse while growth, f_i minus the same for all, holds their sum at 1 at every
    place. The last sum is 0 when all rates are equal, and the equation the replicator equation with diffusing shares.

    Space: second order, five points on a plane. Time: third order, a mean of explicit Euler steps (Shu & Osher 1988, J
    Comput Phys 77:439); below the limit ``1/(2d (2 max D - min D)/spacing^2 + F)``, with d the dimension and F the
    largest payoff difference between strategies, every Euler step keeps shares in the simplex, and so does the method.

    Args:
        payoffs: a square matrix, a game, or a PayoffTable, of two players or groups.
        shape: places of a line, or (rows, columns) of a plane.
        spacing: distance of neighbouring places, at most sqrt(D/F), the width of a front; half of it when left out.
        diffusion: D, one rate for all or one for each strategy, at least 0.
        start: shares everywhere or in the pattern, (n,), even when left out; or the shares of every place.
        pattern: ``"front"``, ``"patch"``, ``"random"`` or ``"even"``, see ``evocoop.dynamics.PATTERNS``; front when
            neither this nor ``start`` is given, even when only ``start`` is.
        boundary: ``"no_flux"`` or ``"periodic"``.
        time: the last time, above 0.
        samples: number of recorded times, evenly spaced from 0 to ``time``.
        step: longest step in time; left out, nine tenths of the limit, and no more than 0.1/F.
        seed: of the random pattern.

    Raises:
        InputError: for arguments out of range, a step above the limit, or a grid too coarse or too short for a front.

    Source: Vickers 1989, J Theor Biol 140:129; Hutson & Vickers 1995, Phil Trans R Soc B 348:393; Fisher 1937, Ann
    Eugen 7:355; Kolmogorov, Petrovsky & Piskunov 1937.

    >>> path = spatial_replicator([[0.5, -0.25], [0, 0]], shape=240, spacing=0.5, time=200)
    >>> round(path.front_speed(), 3)  # sqrt(D s/2) (1 - 2a) with s = 3/4, a = 1/3
    0.204
    """
    world = flow(payoffs)
    n = len(world.table.strategies)
    size = _shape(shape)
    rates = _rates(diffusion, n)
    strongest = float(np.ptp(world.table.values, axis=0).max())
    width = math.sqrt(rates[rates > 0].min() / strongest) if rates.any() and strongest > 0 else math.inf
    spacing = (width / 2 if width < math.inf else 1.0) if spacing is None else spacing
    spacing = check_number("spacing", spacing, minimum=0.0, exclusive=True)
    if boundary not in BOUNDARIES:
        raise UnknownNameError("boundary", boundary, BOUNDARIES)
    field, made = _field(start, pattern, size, n, check_integer("seed", seed, minimum=0))
    _resolved(width, spacing, size[0] if made == "front" else None)
    time = check_number("time", time, minimum=0.0, exclusive=True)
    samples = check_integer("samples", samples, minimum=2)
    every, length = _steps(time, step, samples, _limit(rates, strongest, spacing, size), strongest)
    _affordable(size, n, every, samples)
    fields = _followed(world, field, samples, every, length, rates / spacing**2, boundary == "periodic")
    return SpatialPath(
        world.table.strategies, np.linspace(0.0, time, samples), fields.reshape(samples, *size, n), spacing, rates,
        boundary, length, width,
    )  # fmt: skip


def _followed(
    world: Flow, field: FloatArray, samples: int, every: int, step: float, scale: FloatArray, periodic: bool
) -> FloatArray:
    fields = np.empty((samples, *field.shape))
    fields[0] = field
    for record in range(1, samples):
        kernels.advance(field, every, step, scale, periodic, *world.arrays)
        fields[record] = field
    return fields


def _shape(shape: int | Sequence[int]) -> tuple[int, ...]:
    given: list[Any] = [shape] if isinstance(shape, (int, np.integer)) else list(shape)
    whole = [int(side) if isinstance(side, float) and side.is_integer() else side for side in given]
    if len(whole) not in (1, 2):
        raise InputError(f"shape must be the places of a line, or rows and columns of a plane, not {shape!r}")
    size = tuple(check_integer("shape", side, minimum=3) for side in whole)
    if math.prod(size) > MOST_PLACES:
        raise InputError(f"shape {size} has {math.prod(size):,} places, more than the {MOST_PLACES:,} allowed")
    return size


def _rates(diffusion: ArrayLike, n: int) -> FloatArray:
    try:
        rates = np.atleast_1d(np.array(diffusion, dtype=np.float64))
    except (TypeError, ValueError):
        raise InputError(f"diffusion must be one rate, or one for each of {n} strategies") from None
    if rates.shape not in ((1,), (n,)) or not np.isfinite(rates).all() or (rates < 0).any():
        raise InputError(f"diffusion must be one rate of at least 0, or one for each of {n} strategies")
    return np.ascontiguousarray(np.broadcast_to(rates, (n,)))


def _resolved(width: float, spacing: float, places: int | None) -> None:
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


def _limit(rates: FloatArray, strongest: float, spacing: float, size: tuple[int, ...]) -> float:
    speed = 2.0 * len(size) * (2.0 * rates.max() - rates.min()) / spacing**2 + strongest
    return 1.0 / speed if speed > 0 else math.inf


def _steps(time: float, step: float | None, samples: int, limit: float, strongest: float) -> tuple[int, float]:
    """Return how many steps lie between two records, and their length."""
    if step is None:
        step = min(0.9 * limit, 0.1 / strongest if strongest > 0 else math.inf, time)
    step = check_number("step", step, minimum=0.0, exclusive=True)
    if step > limit * (1.0 + 1e-9):
        raise InputError(
            f"step {step:g} is above {limit:.4g}, the limit below which shares stay in the simplex on this grid; take "
            "a shorter step, or leave it out"
        )
    every = max(1, math.ceil(time / step / (samples - 1) - 1e-9))
    return every, time / every / (samples - 1)


def _affordable(size: tuple[int, ...], n: int, every: int, samples: int) -> None:
    places, steps = math.prod(size), every * (samples - 1)
    if samples * places * n > MOST_RECORDED:
        raise InputError(
            f"{samples} records of {places:,} places are {samples * places * n:,} numbers, more than the "
            f"{MOST_RECORDED:,} kept; ask for fewer samples"
        )
    if places * steps > MOST_UPDATES:
        raise InputError(
            f"{steps:,} steps on {places:,} places are too many; take a shorter time, fewer places, or a larger "
            "spacing (steps grow with diffusion over squared spacing)"
        )


def _field(
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
