"""How rest points change along a parameter, and over the plane of two."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evocoop.core.errors import InputError, check_number
from evocoop.dynamics.infinite.rest import RestPoint, RestPoints, rest_points
from evocoop.dynamics.infinite.setting import FloatArray

PRESENT = 1e-9
JUMP = 0.3
MOST_HALVINGS = 60


@dataclass(frozen=True)
class Branch:
    """A rest point followed along the parameter.

    Args:
        values: of the parameter, ascending, array (k,).
        shares: array (k, n).
        stability: k words, see :class:`evocoop.dynamics.RestPoint`.
    """

    values: FloatArray
    shares: FloatArray
    stability: tuple[str, ...]


@dataclass(frozen=True)
class Bifurcation:
    """Rest points along a parameter.

    Args:
        strategies: names, in the order of the shares.
        values: of the parameter, array (k,).
        found: the rest points at each value.
        branches: the same, joined to branches.
        critical: between which values their number or stability changes, narrowed where games can be made at any value,
            array (changes, 2).
        complete: whether it is proved at every value that there are no other rest points.
    """

    strategies: tuple[str, ...]
    values: FloatArray
    found: tuple[RestPoints, ...]
    branches: tuple[Branch, ...]
    critical: FloatArray
    complete: bool


@dataclass(frozen=True)
class PhaseDiagram:
    """Which regime holds over the plane of two parameters.

    Args:
        first: values of the first parameter, array (k,).
        second: values of the second, array (l,).
        regimes: number of the regime, array (k, l).
        descriptions: of each regime, such as ``"stable: D, C + D; unstable: C, C + D"``.
    """

    first: FloatArray
    second: FloatArray
    regimes: NDArray[np.int64]
    descriptions: tuple[str, ...]


def bifurcation(
    games: Callable[[float], Any] | Sequence[Any],
    values: ArrayLike,
    *,
    dynamic: str = "replicator",
    noise: float = 0.1,
    mutation: ArrayLike = 0.01,
    tolerance: float = 1e-9,
    seed: int = 0,
) -> Bifurcation:
    """Return the rest points along a parameter, joined to branches, and the values at which they change.

    Args:
        games: makes payoffs (a matrix, a game or a PayoffTable) of a value of the parameter; or one game for each
            value. To vary ``noise`` or ``mutation`` instead, see :func:`bifurcation_of_noise`.
        values: of the parameter, ascending, at least two.
        dynamic: see :func:`evocoop.dynamics.trajectory`.
        noise: eta of the logit dynamics, above 0.
        mutation: of the replicator-mutator dynamic.
        tolerance: how closely changes are located, where ``games`` is a function.
        seed: of searches.

    Raises:
        InputError: when an argument is refused.

    Source: Gokhale & Traulsen 2010, PNAS 107:5500; Pena, Lehmann & Noldeke 2014, J Theor Biol 346:23.

    >>> found = bifurcation(lambda b: [[1, 0], [b, 0.5]], [0.5, 0.8, 1.2, 1.5])
    >>> found.critical.round(6).tolist(), len(found.branches)
    ([[1.0, 1.0]], 3)
    """
    moments = _ascending("values", values)
    narrow = check_number("tolerance", tolerance, minimum=0.0, exclusive=True)

    def at(game: Any) -> RestPoints:
        return rest_points(game, dynamic=dynamic, noise=noise, mutation=mutation, seed=seed)

    if callable(games):
        return _along(moments, lambda value: at(games(value)), [at(games(float(value))) for value in moments], narrow)
    if len(games) != len(moments):
        raise InputError(f"there must be one game for each value, but there are {len(games)} and {len(moments)}")
    return _along(moments, None, [at(game) for game in games], narrow)


def bifurcation_of_noise(
    payoffs: Any, values: ArrayLike, *, dynamic: str = "logit", tolerance: float = 1e-9, seed: int = 0
) -> Bifurcation:
    """Return the rest points along the noise of a logit dynamic, or along the mutation of the replicator-mutator.

    Args:
        payoffs: a square matrix, a game, or a PayoffTable.
        values: of eta (or mu), ascending, at least two.
        dynamic: ``"logit"``, ``"imitative_logit"`` or ``"replicator_mutator"``.
        tolerance: how closely changes are located.
        seed: of searches.

    Raises:
        InputError: when an argument is refused.

    Source: McKelvey & Palfrey 1995, Games Econ Behav 10:6 (the logit correspondence).

    >>> found = bifurcation_of_noise([[1, 0], [0, 1]], [0.2, 0.4, 0.6])
    >>> [len(points.points) for points in found.found], found.critical.round(4).tolist()
    ([3, 3, 1], [[0.5, 0.5]])
    """
    moments = _ascending("values", values)
    narrow = check_number("tolerance", tolerance, minimum=0.0, exclusive=True)
    name = "mutation" if dynamic == "replicator_mutator" else "noise"

    def at(value: float) -> RestPoints:
        chosen: dict[str, Any] = {name: value}
        return rest_points(payoffs, dynamic=dynamic, seed=seed, **chosen)

    return _along(moments, at, [at(float(value)) for value in moments], narrow)


def phase_diagram(
    make: Callable[[float, float], Any], first: ArrayLike, second: ArrayLike, *, dynamic: str = "replicator"
) -> PhaseDiagram:
    """Return which regime - which rest points, how stable - holds at every pair of values of two parameters.

    Args:
        make: makes payoffs (a matrix, a game or a PayoffTable) of the two values.
        first: values of the first parameter, ascending.
        second: values of the second, ascending.
        dynamic: see :func:`evocoop.dynamics.trajectory`.

    Raises:
        InputError: when an argument is refused.

    >>> found = phase_diagram(lambda t, s: [[1, s], [t, 0]], [0.5, 1.5], [-0.5, 0.5])
    >>> found.regimes.tolist()
    [[0, 1], [2, 3]]
    >>> found.descriptions[0]
    'stable: 0, 1; unstable: 0 + 1'
    """
    one, two = _ascending("first", first, least=1), _ascending("second", second, least=1)
    descriptions: list[str] = []
    regimes = np.empty((len(one), len(two)), dtype=np.int64)
    for i, a in enumerate(one.tolist()):
        for j, b in enumerate(two.tolist()):
            said = _in_words(rest_points(make(a, b), dynamic=dynamic))
            if said not in descriptions:
                descriptions.append(said)
            regimes[i, j] = descriptions.index(said)
    return PhaseDiagram(one, two, regimes, tuple(descriptions))


def _ascending(name: str, values: ArrayLike, least: int = 2) -> FloatArray:
    try:
        given = np.array(values, dtype=np.float64)
    except (TypeError, ValueError):
        given = np.empty((0, 0))
    if given.ndim != 1 or len(given) < least or not np.isfinite(given).all() or (np.diff(given) <= 0).any():
        raise InputError(f"{name} must be at least {least} finite numbers in ascending order")
    return given


def _present(point: RestPoint) -> tuple[int, ...]:
    return tuple(np.flatnonzero(point.shares > PRESENT).tolist())


def _regime(found: RestPoints) -> Counter[tuple[tuple[int, ...], str]]:
    return Counter((_present(point), point.stability) for point in found.points)


def _in_words(found: RestPoints) -> str:
    said = []
    for kind in ("stable", "neutral", "saddle", "unstable"):
        points = sorted(_present(point) for point in found.points if point.stability == kind)
        mixes = [" + ".join(found.strategies[i] for i in place) for place in points]
        said += [f"{kind}: {', '.join(mixes)}"] if mixes else []
    return "; ".join(said)


def _along(
    values: FloatArray, at: Callable[[float], RestPoints] | None, found: list[RestPoints], tolerance: float
) -> Bifurcation:
    names = found[0].strategies
    if any(one.strategies != names for one in found):
        raise InputError("all games along the parameter must have the same strategies")
    critical = []
    for k in range(len(values) - 1):
        regime = _regime(found[k])
        if regime == _regime(found[k + 1]):
            continue
        low, high = float(values[k]), float(values[k + 1])
        for _ in range(MOST_HALVINGS if at is not None else 0):
            middle = (low + high) / 2.0
            if high - low <= tolerance or at is None:
                break
            low, high = (middle, high) if _regime(at(middle)) == regime else (low, middle)
        critical.append((low, high))
    return Bifurcation(
        names, values, tuple(found), _branches(values, found), np.array(critical).reshape(-1, 2),
        all(one.complete for one in found),
    )  # fmt: skip


def _branches(values: FloatArray, found: Sequence[RestPoints]) -> tuple[Branch, ...]:
    """Join each rest point to the nearest with the same strategies present at the next value."""
    from scipy.optimize import linear_sum_assignment

    open_: list[list[tuple[float, RestPoint]]] = []
    closed: list[list[tuple[float, RestPoint]]] = []
    for value, here in zip(values.tolist(), found, strict=True):
        points = list(here.points)
        cost = np.full((len(open_), len(points)), 1e6)
        for i, line in enumerate(open_):
            for j, point in enumerate(points):
                if _present(line[-1][1]) == _present(point):
                    cost[i, j] = np.abs(line[-1][1].shares - point.shares).max()
        taken: set[int] = set()
        going: list[list[tuple[float, RestPoint]]] = []
        for i, j in zip(*linear_sum_assignment(cost), strict=True):
            if cost[i, j] < JUMP:
                open_[i].append((value, points[j]))
                going.append(open_[i])
                taken.add(int(j))
        closed += [line for line in open_ if not any(line is one for one in going)]
        open_ = going + [[(value, point)] for j, point in enumerate(points) if j not in taken]
    lines = sorted(closed + open_, key=lambda line: (line[0][0], tuple(-line[0][1].shares)))
    return tuple(
        Branch(
            np.array([value for value, _ in line]),
            np.stack([point.shares for _, point in line]),
            tuple(point.stability for _, point in line),
        )
        for line in lines
    )
