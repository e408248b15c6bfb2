"""What a picture of a flow needs: velocities on a grid of the simplex, as shares and as places in the picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from evocoop.core.errors import InputError, check_integer
from evocoop.dynamics.infinite.setting import FloatArray, flow
from evocoop.games.payoffs import compositions, count_compositions

MOST_POINTS = 1_000_000


@dataclass(frozen=True)
class FlowField:
    """Velocities of a dynamic on a grid of the simplex.

    Args:
        strategies: n names.
        points: shares at the grid points, array (m, n).
        velocities: dx/dt there, array (m, n); every row sums to 0.
        dynamic: the name of the dynamic.
    """

    strategies: tuple[str, ...]
    points: FloatArray
    velocities: FloatArray
    dynamic: str

    @property
    def speeds(self) -> FloatArray:
        """Lengths of the velocities in the picture, array (m,)."""
        return np.asarray(np.linalg.norm(self.arrows, axis=1))

    @property
    def places(self) -> FloatArray:
        """The grid points in the picture, array (m, n-1); corners as of :func:`corners`."""
        return np.asarray(self.points @ corners(len(self.strategies)))

    @property
    def arrows(self) -> FloatArray:
        """The velocities in the picture, array (m, n-1)."""
        return np.asarray(self.velocities @ corners(len(self.strategies)))


def corners(n: int) -> FloatArray:
    """Return the corners of a regular simplex with edges of length 1, array (n, n-1): segment, triangle, tetrahedron.

    >>> corners(3).round(3).tolist()
    [[0.0, 0.0], [1.0, 0.0], [0.5, 0.866]]
    """
    places = np.zeros((n, max(n - 1, 1)))
    for k in range(1, n):
        places[k, : k - 1] = places[:k, : k - 1].mean(axis=0)
        places[k, k - 1] = np.sqrt(1.0 - ((places[k, : k - 1] - places[0, : k - 1]) ** 2).sum())
    return places


def flow_field(
    payoffs: Any, *, resolution: int = 20, dynamic: str = "replicator", noise: float = 0.1, mutation: ArrayLike = 0.01
) -> FlowField:
    """Return the velocities of a dynamic on the grid of all shares that are multiples of 1/resolution.

    Args:
        payoffs: a square matrix, a game, or a PayoffTable.
        resolution: how many steps along an edge, at least 1.
        dynamic: see :func:`evocoop.dynamics.trajectory`.
        noise: eta of the logit dynamics, above 0.
        mutation: of the replicator-mutator dynamic.

    Raises:
        InputError: when an argument is refused, or the grid is too large.

    >>> field = flow_field([[0, -1, 1], [1, 0, -1], [-1, 1, 0]], resolution=3)
    >>> field.places.shape, float(abs(field.velocities.sum(axis=1)).max()) < 1e-12
    ((10, 2), True)
    """
    world = flow(payoffs, dynamic, noise=noise, mutation=mutation)
    steps, n = check_integer("resolution", resolution, minimum=1), len(world.table.strategies)
    if count_compositions(steps, n) > MOST_POINTS:
        raise InputError(f"a grid of {count_compositions(steps, n)} points is too large; lower resolution")
    points = compositions(steps, n) / steps
    return FlowField(world.table.strategies, points, world.velocities(points), dynamic)


def velocities(
    payoffs: Any,
    points: ArrayLike,
    *,
    dynamic: str = "replicator",
    noise: float = 0.1,
    mutation: ArrayLike = 0.01,
    trials: int = 1,
) -> FloatArray:
    """Return dx/dt of a dynamic at many points.

    Args:
        payoffs: a square matrix, a game, or a PayoffTable.
        points: shares, array (m, n); they are used as given, so that slopes can be taken across the rim as well.
        dynamic: see :func:`evocoop.dynamics.trajectory`.
        noise: eta of the logit dynamics, above 0.
        mutation: of the replicator-mutator dynamic.
        trials: of the best experienced payoff dynamic.

    Returns:
        Array (m, n).

    Raises:
        InputError: when an argument is refused.

    >>> velocities([[1, 1], [0, 0]], [[0.5, 0.5], [1, 0]]).tolist()
    [[0.25, -0.25], [0.0, -0.0]]
    """
    world = flow(payoffs, dynamic, noise=noise, mutation=mutation, trials=trials)
    given = np.array(points, dtype=np.float64)
    n = len(world.table.strategies)
    if given.ndim != 2 or given.shape[1] != n or not np.isfinite(given).all():
        raise InputError(f"points must be an array of finite shares with {n} columns")
    return world.velocities(given)
