"""Games in populations whose density changes: places that may be free, and competition that depends on strategies."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, is_dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evocoop.core.errors import InputError, NumericalError, check_integer, check_number
from evocoop.dynamics.changing_asked import MOST_ENTRIES
from evocoop.games.payoffs import Game, PayoffTable, as_payoffs, compositions, count_compositions

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

EXTINCT = 1e-6
TIMES = 201


@dataclass(frozen=True, eq=False)
class DensityTrajectory:
    """Paths of densities through time.

    Args:
        strategies: names, in the order of the last axis.
        times: array (T,).
        densities: array (starts, T, n): shares of all places, or individuals per unit of scale.
        limited: whether densities are shares of places, so that what is left of 1 is free.
        group_sizes: sizes of the groups in which the game was played.
    """

    strategies: tuple[str, ...]
    times: FloatArray
    densities: FloatArray
    limited: bool
    group_sizes: tuple[int, ...]

    @property
    def totals(self) -> FloatArray:
        """Density of the whole population, array (starts, T)."""
        return np.asarray(self.densities.sum(axis=-1))

    @property
    def shares(self) -> FloatArray:
        """Shares of the population, array (starts, T, n); 0 for all where it has died out."""
        living = self.totals[..., None]
        return np.where(living > EXTINCT, self.densities / np.maximum(living, EXTINCT), 0.0)

    @property
    def final(self) -> FloatArray:
        """Densities at the last time, array (starts, n)."""
        return self.densities[:, -1]

    @property
    def extinct(self) -> NDArray[np.bool_]:
        """Whether less than a millionth is left at the end, array (starts,)."""
        return np.asarray(self.totals[:, -1] <= EXTINCT)


@dataclass(frozen=True, eq=False)
class _Places:
    """Expected payoffs of those who hold places, by how many of each strategy hold the others of a group, or nobody."""

    names: tuple[str, ...]
    values: FloatArray
    others: IntArray
    ways: FloatArray
    sizes: tuple[int, ...]

    def payoffs(self, densities: FloatArray) -> FloatArray:
        """Return the mean payoff of each strategy, array (n,)."""
        held = np.append(densities, 1.0 - densities.sum())
        chances = self.ways * np.prod(held**self.others, axis=1)
        return np.asarray(self.values @ chances)


def payoffs_at_density(payoffs: Any, densities: ArrayLike, *, alone: float = 0.0) -> FloatArray:
    """Return what each strategy earns on average where some places are free.

    A group is N places drawn at random, so that a player meets S - 1 others with probability
    C(N-1, S-1) (1-z)^(S-1) z^(N-S) where z is the share of free places. Games that know how to be played by any number
    are played by the S who are there; others only where all N places are held, and pay nothing else.

    Args:
        payoffs: a square matrix, a game, or a PayoffTable.
        densities: share of the places that each strategy holds, n numbers that add up to at most 1.
        alone: payoff of who meets nobody.

    Raises:
        InputError: for densities out of range, or a game with too many compositions.

    Source: Hauert, Holmes & Doebeli 2006, Proc R Soc B 273:2565.

    >>> from evocoop.games import PublicGoods
    >>> payoffs_at_density(PublicGoods(group_size=2, multiplier=1.5, cost=1), [0.25, 0.25]).round(4).tolist()
    [0.0625, 0.1875]
    """
    places = _places(payoffs, alone)
    held = np.asarray(densities, dtype=np.float64)
    if held.shape != (len(places.names),) or not np.isfinite(held).all() or held.min() < 0 or held.sum() > 1 + 1e-12:
        raise InputError(f"densities must be {len(places.names)} shares of places that add up to at most 1")
    return places.payoffs(held)


def ecological(
    payoffs: Any,
    *,
    birth: float = 1.0,
    death: float = 0.5,
    alone: float = 0.0,
    start: ArrayLike | None = None,
    starts: int = 20,
    time: float = 500.0,
    seed: int = 0,
) -> DensityTrajectory:
    """Return paths of densities in a population that may be thin, or die out.

    Offspring need a free place, of which there is the share z = 1 - sum u::

        du_i/dt = u_i (z (f_i + b) - d)

    Payoffs f_i are those of groups drawn from all places (:func:`payoffs_at_density`): where few are alive, groups are
    small, and in small groups a public good pays more for what one gives oneself. So defectors thin the population out
    until cooperators gain: both may last together, steadily or in cycles, where one would be lost in a full population.

    Args:
        payoffs: a square matrix, a game, or a PayoffTable.
        birth: b, births of those who earn nothing.
        death: d.
        alone: payoff of who meets nobody.
        start: densities at time 0, adding up to at most 1.
        starts: how many starting points to spread over all densities instead.
        time: the last time, above 0; 201 times are recorded, the closer the earlier.
        seed: of the starting points.

    Raises:
        InputError: for arguments out of range; NumericalError when a path cannot be followed.

    Source: Hauert, Holmes & Doebeli 2006, Proc R Soc B 273:2565.

    >>> empty = [[0, 0], [0, 0]]
    >>> path = ecological(empty, birth=1, death=0.25, start=[0.1, 0.1])
    >>> path.final.round(4).tolist(), path.totals[0, -1].round(4).tolist()
    ([[0.375, 0.375]], 0.75)
    """
    places = _places(payoffs, alone)
    birth = check_number("birth", birth)
    death = check_number("death", death, minimum=0.0)
    points = _points(len(places.names), start, starts, seed, 1.0, True)

    def velocity(densities: FloatArray) -> FloatArray:
        free = 1.0 - densities.sum()
        return np.asarray(densities * (free * (places.payoffs(densities) + birth) - death))

    return _followed(velocity, places.names, points, time, True, places.sizes)


def competition(
    payoffs: Any,
    *,
    birth: float = 1.0,
    death: float = 0.0,
    start: ArrayLike | None = None,
    starts: int = 20,
    time: float = 100.0,
    seed: int = 0,
) -> DensityTrajectory:
    """Return paths of a large population in which who earns more needs less room: competitive Lotka-Volterra equations.

    With x_i individuals per unit of scale, ``dx_i/dt = x_i (b - d - sum_j x_j / a_ij)``: what ``simulate_demography``
    tends to at large scale.

    Args:
        payoffs: a square matrix of payoffs above 0, or a game played in pairs.
        birth: b.
        death: d.
        start: densities at time 0.
        starts: how many starting points to spread over densities up to the largest payoff instead.
        time: the last time, above 0; 201 times are recorded, the closer the earlier.
        seed: of the starting points.

    Raises:
        InputError: for arguments out of range; NumericalError when a path cannot be followed.

    Source: Huang, Hauert & Traulsen 2015, PNAS 112:9064.

    >>> competition([[2, 2], [1, 1]], birth=1, death=0.1, start=[0.1, 0.9], time=200).final.round(3).tolist()
    [[1.8, 0.0]]
    """
    game = as_payoffs(payoffs)
    if game.group_size != 2:
        raise InputError(f"individuals compete in pairs here; the game is played in groups of {game.group_size}")
    matrix = game.payoff_table().values
    if matrix.min() <= 0:
        raise InputError(
            f"payoffs must be above 0, for they make room; the smallest is {matrix.min():g}, so shift them"
        )
    growth = check_number("birth", birth, minimum=0.0) - check_number("death", death, minimum=0.0)
    points = _points(len(matrix), start, starts, seed, float(matrix.max()), False)

    def velocity(densities: FloatArray) -> FloatArray:
        return np.asarray(densities * (growth - (densities / matrix).sum(axis=1)))

    return _followed(velocity, game.strategies, points, time, False, (2,))


def _places(payoffs: Any, alone: float) -> _Places:
    game = as_payoffs(payoffs)
    names, largest = game.strategies, game.group_size
    alone = check_number("alone", alone)
    n, columns = len(names), count_compositions(largest - 1, len(names) + 1)
    if n * columns > MOST_ENTRIES:
        raise InputError(f"{n} strategies in groups of {largest} have {columns:,} compositions; too many to follow")
    others = compositions(largest - 1, n + 1)
    tables = _tables(game)
    values = np.zeros((n, columns))
    for size, table in tables.items():
        here = others[:, -1] == largest - size
        place = {tuple(row): column for column, row in enumerate(table.compositions.tolist())}
        values[:, here] = table.values[:, [place[tuple(row)] for row in others[here, :-1].tolist()]]
    values[:, others[:, -1] == largest - 1] = alone
    logs = [math.lgamma(largest) - sum(math.lgamma(count + 1.0) for count in row) for row in others.tolist()]
    return _Places(names, values, others, np.rint(np.exp(logs)), tuple(sorted(tables)))


def _tables(game: Game | PayoffTable) -> dict[int, PayoffTable]:
    """Return the payoffs of groups of each size that the game can be played in: all up to its own, or its own only."""
    largest, sized = game.group_size, _resized(game)
    if largest > 2 and sized is not None:
        try:
            return {size: sized(size).payoff_table() for size in range(2, largest + 1)}
        except (InputError, TypeError):
            pass
    return {largest: game.payoff_table()}


def _resized(game: Any) -> Callable[[int], Any] | None:
    """Return how to get the same game for a group of another size, where that is known."""
    if not is_dataclass(game) or isinstance(game, (PayoffTable, type)):
        return None
    whole: Any = game
    return lambda size: whole if size == whole.group_size else replace(whole, group_size=size)


def _points(n: int, start: ArrayLike | None, starts: int, seed: int, most: float, limited: bool) -> FloatArray:
    """Return where paths begin, array (starts, n)."""
    if start is None:
        many = check_integer("starts", starts, minimum=1, maximum=100_000)
        seed = check_integer("seed", seed, minimum=0, maximum=2**63 - 1)
        spread = np.random.Generator(np.random.Philox(seed)).dirichlet(np.ones(n + 1), many)
        return np.asarray(most * spread[:, :-1])
    try:
        point = np.asarray(start, dtype=np.float64)
    except (TypeError, ValueError):
        raise InputError(f"start must be {n} densities, not {start!r}") from None
    if point.shape != (n,) or not np.isfinite(point).all() or point.min() < 0:
        raise InputError(f"start must be {n} densities of at least 0, not {start!r}")
    if limited and point.sum() > 1.0 + 1e-12:
        raise InputError(f"start must hold at most all places, not {point.sum():g} of them")
    return point[None]


def _followed(
    velocity: Callable[[FloatArray], FloatArray], names: tuple[str, ...], points: FloatArray, time: float,
    limited: bool, sizes: tuple[int, ...],
) -> DensityTrajectory:  # fmt: skip
    from scipy.integrate import solve_ivp

    moments = check_number("time", time, minimum=1e-9, maximum=1e6) * np.linspace(0.0, 1.0, TIMES) ** 2
    densities = np.empty((len(points), TIMES, len(names)))
    for path, point in zip(densities, points, strict=True):
        found = solve_ivp(
            lambda _, now: velocity(now), (0.0, moments[-1]), point, method="LSODA", t_eval=moments, rtol=1e-9,
            atol=1e-13,
        )  # fmt: skip
        if not found.success or not np.isfinite(found.y).all():
            raise NumericalError(f"the path from {point.tolist()} cannot be followed: {found.message}")
        path[:] = np.maximum(found.y.T, 0.0)
    return DensityTrajectory(names, moments, densities, limited, sizes)
