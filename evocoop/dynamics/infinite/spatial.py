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
from evocoop.dynamics.infinite.spatial_grid import (
    BOUNDARIES,
    SAMPLES,
    check_affordable,
    check_resolved,
    first_field,
    longest_step,
    rates_of,
    shape_of,
    steps_of,
)

STEADY = 2e-3
LARGEST = 1e100


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
    samples: int = SAMPLES,
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
    size = shape_of(shape)
    rates = rates_of(diffusion, n)
    strongest = float(np.ptp(world.table.values, axis=0).max())
    if not max(strongest, rates.max()) < LARGEST:
        raise InputError(f"payoff differences and diffusion must be below {LARGEST:g}; take other units")
    width = math.sqrt(rates[rates > 0].min() / strongest) if rates.any() and strongest > 0 else math.inf
    spacing = (width / 2 if width < math.inf else 1.0) if spacing is None else spacing
    spacing = check_number("spacing", spacing, minimum=0.0, exclusive=True)
    if boundary not in BOUNDARIES:
        raise UnknownNameError("boundary", boundary, BOUNDARIES)
    field, made = first_field(start, pattern, size, n, check_integer("seed", seed, minimum=0))
    check_resolved(width, spacing, size[0] if made == "front" else None)
    time = check_number("time", time, minimum=0.0, exclusive=True)
    samples = check_integer("samples", samples, minimum=2)
    every, length = steps_of(time, step, samples, longest_step(rates, strongest, spacing, size), strongest)
    check_affordable(size, n, every, samples)
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
