"""Adaptive dynamics of continuous traits: who can invade, which way selection pushes, and the path it makes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from evocoop.core.errors import InputError, NumericalError, check_integer, check_number
from evocoop.dynamics.infinite.trait_slopes import by_mutant
from evocoop.games.payoffs import FloatArray
from evocoop.games.traits import TraitGame, as_trait_game

MOST_EVALUATIONS = 20_000
MOST_GRID = 2001


@dataclass(frozen=True, eq=False)
class TraitPath:
    """Paths of traits through time.

    Args:
        traits: names, in the order of the last axis.
        bounds: lowest and highest value of each, array (traits, 2).
        times: array (T,).
        values: array (starts, T, traits).
    """

    traits: tuple[str, ...]
    bounds: FloatArray
    times: FloatArray
    values: FloatArray

    @property
    def final(self) -> FloatArray:
        """Traits at the last time, array (starts, traits)."""
        return self.values[:, -1]


@dataclass(frozen=True, eq=False)
class PairwiseInvasibility:
    """Which mutants can invade which residents.

    Args:
        trait: name of the trait.
        values: of the trait, array (n,), for residents and mutants alike.
        fitness: invasion fitness, array (n, n), mutant in rows and resident in columns; 0 on the diagonal.
    """

    trait: str
    values: FloatArray
    fitness: FloatArray

    @property
    def mutual(self) -> Any:
        """Whether each of two can invade the other, so that both persist, boolean array (n, n)."""
        return (self.fitness > 0.0) & (self.fitness.T > 0.0)


def invasion_fitness(game: TraitGame, *, mutant: ArrayLike, resident: ArrayLike) -> Any:
    """Return how much better a rare mutant fares than the residents it lives among: ``pi(y, x) - pi(x, x)``.

    Args:
        game: a game of continuous traits.
        mutant: y, one number for each trait, or several such points, array (…, traits).
        resident: x, likewise.

    Returns:
        A float for one pair, else an array (…).

    Raises:
        InputError: when traits are not numbers within their bounds.

    Source: Metz, Nisbet & Geritz 1992, Trends Ecol Evol 7:198.

    >>> from evocoop.games import ContinuousDonation
    >>> invasion_fitness(ContinuousDonation(), mutant=0.25, resident=0.5)
    0.25
    """
    game = as_trait_game(game)
    y, x = points_in(game, "mutant", mutant), points_in(game, "resident", resident)
    gained = np.asarray(game.payoff(y, x) - game.payoff(x, x), dtype=np.float64)
    return float(gained) if gained.ndim == 0 else gained


def selection_gradient(game: TraitGame, *, at: ArrayLike) -> FloatArray:
    """Return the slope of invasion fitness at the resident, ``D_k(x) = d pi(y, x) / d y_k`` at ``y = x``.

    Args:
        game: a game of continuous traits.
        at: x, one number for each trait, or several such points, array (…, traits).

    Returns:
        Array (…, traits). Exact to rounding where the game is analytic, as all ready-made ones are; else differences.

    Raises:
        InputError: when traits are not numbers within their bounds.

    Source: Dieckmann & Law 1996, J Math Biol 34:579.

    >>> from evocoop.games import ContinuousSnowdrift
    >>> selection_gradient(ContinuousSnowdrift(), at=0.1).round(12).tolist()  # 6 - 4.56 - (4 * 1.4 - 2 * 1.6) * 0.1
    [1.2]
    """
    game = as_trait_game(game)
    point = points_in(game, "at", at)
    return by_mutant(game, point, point)


def adaptive_dynamics(
    game: TraitGame,
    *,
    start: ArrayLike | None = None,
    starts: int | ArrayLike | None = None,
    time: float = 100.0,
    times: ArrayLike | None = None,
    covariance: ArrayLike = 1.0,
    tolerance: float = 1e-9,
) -> TraitPath:
    """Return the paths of traits under small, rare mutations: the canonical equation of adaptive dynamics.

    ``dx/dt = K D(x)`` with the selection gradient D and the mutational covariance K, which also holds how often mutants
    arise: in a population of Z, selected with strength beta, whose children mutate with probability mu by steps of
    variance sigma^2, ``K = Z mu sigma^2 beta`` for each generation. At an edge of the box a trait stays until selection
    turns.

    Args:
        game: a game of continuous traits.
        start: the traits at time 0; the middle of the box when neither this nor ``starts`` is given.
        starts: several starting points, or how many to spread over the box (evenly with one trait, else at random).
        time: the last time, above 0; 201 times are recorded.
        times: the times to record instead, ascending, the first at least 0.
        covariance: K: a number, one for each trait, or a symmetric matrix without negative eigenvalues.
        tolerance: error allowed per step.

    Raises:
        InputError: when an argument is refused; NumericalError when a path cannot be followed.

    Source: Dieckmann & Law 1996, J Math Biol 34:579; the pair of Dormand & Prince of order 5.

    >>> from evocoop.games import ContinuousSnowdrift
    >>> path = adaptive_dynamics(ContinuousSnowdrift(), start=0.1, time=20)
    >>> path.final.round(6).tolist()
    [[0.6]]
    """
    from scipy.integrate import solve_ivp

    game = as_trait_game(game)
    points, moments = _starts(game, start, starts), _moments(time, times)
    mutation = _covariance(covariance, len(game.traits))
    low, high = np.array(game.bounds).T
    allowed = check_number("tolerance", tolerance, minimum=1e-13, maximum=0.1)
    asked = 0

    def move(_: float, flat: FloatArray) -> FloatArray:
        nonlocal asked
        asked += 1
        if asked > MOST_EVALUATIONS:
            raise NumericalError("the path would need too many steps; ask for a shorter time or a larger tolerance")
        return velocities(game, np.clip(flat.reshape(points.shape), low, high), mutation).ravel()

    span = (0.0, float(moments[-1]))
    found = solve_ivp(
        move, span, points.ravel(), t_eval=moments, rtol=allowed, atol=allowed * float((high - low).min())
    )
    if not found.success or not np.isfinite(found.y).all():
        raise NumericalError(f"the path cannot be followed: {found.message}")
    values = found.y.T.reshape(len(moments), *points.shape).swapaxes(0, 1)
    return TraitPath(game.traits, np.array(game.bounds), moments, np.clip(values, low, high))


def velocities(game: TraitGame, points: FloatArray, covariance: FloatArray) -> FloatArray:
    """Return ``K D(x)`` at points (m, traits), without what would lead out of the box."""
    slopes = by_mutant(game, points, points)
    if not np.isfinite(slopes).all():
        raise NumericalError(
            f"the payoff has no finite slope at {points[~np.isfinite(slopes).all(axis=-1)][0].tolist()}"
        )
    moved = slopes @ covariance
    low, high = np.array(game.bounds).T
    stuck = ((points <= low) & (moved < 0.0)) | ((points >= high) & (moved > 0.0))
    return np.where(stuck, 0.0, moved)


def pairwise_invasibility(game: TraitGame, *, grid: int = 101) -> PairwiseInvasibility:
    """Return the pairwise invasibility of a game of one trait: the fitness of every mutant among every resident.

    Args:
        game: a game of one continuous trait.
        grid: how many values of the trait, evenly spaced from its lowest to its highest; 2 to 2001.

    Raises:
        InputError: when the game has several traits, or the grid is refused.

    Source: van Tienderen & de Jong 1986, J Theor Biol 122:69; Geritz et al. 1998, Evol Ecol 12:35.

    >>> from evocoop.games import ContinuousSnowdrift
    >>> pip = pairwise_invasibility(ContinuousSnowdrift(), grid=6)
    >>> (pip.fitness[:, 3] > 0).tolist()  # at 0.6, a branching point, all mutants can invade
    [True, True, True, False, True, True]
    """
    game = one_trait_only(game)
    count = check_integer("grid", grid, minimum=2, maximum=MOST_GRID)
    values = np.linspace(*game.bounds[0], count)
    y, x = values[:, None, None], values[None, :, None]
    fitness = np.asarray(game.payoff(y, x) - game.payoff(x, x), dtype=np.float64)
    np.fill_diagonal(fitness, 0.0)
    return PairwiseInvasibility(game.traits[0], values, fitness)


def one_trait_only(game: TraitGame) -> TraitGame:
    """Return a game of one trait, or raise InputError."""
    game = as_trait_game(game)
    if len(game.traits) != 1:
        raise InputError(f"this needs a game of one trait; {type(game).__name__} has {', '.join(game.traits)}")
    return game


def points_in(game: TraitGame, name: str, given: ArrayLike) -> FloatArray:
    """Return points of the box, array (…, traits), or raise InputError."""
    size = len(game.traits)
    try:
        points = np.array(given, dtype=np.float64)
    except (TypeError, ValueError):
        raise InputError(f"{name} must be numbers, one for each of {', '.join(game.traits)}, not {given!r}") from None
    if size == 1 and (points.ndim == 0 or points.shape[-1] != 1):
        points = points[..., None]
    if points.ndim == 0 or points.shape[-1] != size:
        raise InputError(f"{name} must have {size} numbers, one for each of {', '.join(game.traits)}, not {given!r}")
    for trait, (low, high), column in zip(game.traits, game.bounds, np.moveaxis(points, -1, 0), strict=True):
        if not ((column >= low) & (column <= high)).all():
            raise InputError(f"{name} must have {trait} in [{low:g}, {high:g}], not {given!r}")
    return points


def _starts(game: TraitGame, start: ArrayLike | None, starts: int | ArrayLike | None) -> FloatArray:
    if start is not None and starts is not None:
        raise InputError("give either start (one point) or starts (several, or how many), not both")
    low, high = np.array(game.bounds).T
    if starts is None:
        return np.atleast_2d(points_in(game, "start", (low + high) / 2 if start is None else start))
    if not isinstance(starts, (int, np.integer)) or isinstance(starts, bool):
        return np.atleast_2d(points_in(game, "starts", starts))
    count = check_integer("starts", starts, minimum=1, maximum=10_000)
    if len(low) == 1:
        return np.asarray(low + (high - low) * (np.arange(count)[:, None] + 0.5) / count)
    from scipy.stats import qmc

    whole = 1 << max(0, (count - 1).bit_length())
    return np.asarray(low + (high - low) * qmc.Sobol(len(low), seed=0).random(whole)[:count])


def _moments(time: float, times: ArrayLike | None) -> FloatArray:
    if times is None:
        return np.linspace(0.0, check_number("time", time, minimum=0.0, exclusive=True), 201)
    moments = np.array(times, dtype=np.float64)
    if moments.ndim != 1 or not len(moments) or not np.isfinite(moments).all() or moments[0] < 0 or moments[-1] <= 0:
        raise InputError("times must be a list of finite numbers, the first at least 0, the last above 0")
    if (np.diff(moments) <= 0).any():
        raise InputError("times must ascend")
    return moments


def _covariance(given: ArrayLike, size: int) -> FloatArray:
    try:
        matrix = np.array(given, dtype=np.float64)
    except (TypeError, ValueError):
        matrix = np.full(3, np.nan)
    if matrix.ndim == 0:
        matrix = np.full(size, float(matrix))
    if matrix.ndim == 1 and len(matrix) == size:
        matrix = np.diag(matrix)
    if matrix.shape != (size, size) or not np.isfinite(matrix).all() or not np.allclose(matrix, matrix.T):
        raise InputError(f"covariance must be a number, {size} of them, or a symmetric {size} by {size} matrix")
    if np.linalg.eigvalsh(matrix).min() < -1e-12 * max(1.0, float(np.abs(matrix).max())):
        raise InputError("covariance must have no negative eigenvalues")
    return matrix
