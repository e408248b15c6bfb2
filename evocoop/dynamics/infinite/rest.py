"""Rest points: all of them where that can be proved, with their stability."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evocoop.core.errors import InputError
from evocoop.dynamics.infinite.candidates import Candidate, enclosed, of_groups, of_two_players, on_a_line
from evocoop.dynamics.infinite.setting import EQUALISING, NASH, FloatArray, Flow, flow
from evocoop.dynamics.infinite.stability import along_simplex, by_derivative, by_paths, jacobian

MOST_STRATEGIES = 12


@dataclass(frozen=True)
class RestPoint:
    """One rest point.

    Args:
        shares: array (n,), summing to 1.
        stability: ``"stable"`` (asymptotically), ``"unstable"``, ``"saddle"`` or ``"neutral"`` (the linear part does
            not tell, or the point lies in a component of rest points).
        eigenvalues: of the Jacobian along the simplex, array (n-1,); empty for dynamics without derivatives there (best
            response, smith, bnn, projection).
        dimension: of the component of rest points it lies in; 0 when isolated.
        equilibrium: ``"ESS"``, ``"NSS"`` (neutrally stable), ``"Nash"`` or ``""``; not told where points are searched.
    """

    shares: FloatArray
    stability: str
    eigenvalues: NDArray[np.complex128]
    dimension: int = 0
    equilibrium: str = ""


@dataclass(frozen=True)
class RestPoints:
    """The rest points of a dynamic.

    Args:
        strategies: names, in the order of the shares.
        points: the rest points; of a component of them, one point inside it.
        complete: whether it is proved that there are no others.
        dynamic: the name of the dynamic.
        undecided: lowest and highest shares of the regions that may hold others, array (regions, 2, n); where rest
            points are enclosed (logit, replicator-mutator, best experienced payoff), else empty.
    """

    strategies: tuple[str, ...]
    points: tuple[RestPoint, ...]
    complete: bool
    dynamic: str
    undecided: FloatArray = field(default_factory=lambda: np.empty((0, 2, 0)))

    @property
    def stable(self) -> tuple[RestPoint, ...]:
        """The asymptotically stable ones."""
        return tuple(point for point in self.points if point.stability == "stable")


def rest_points(
    payoffs: Any,
    *,
    dynamic: str = "replicator",
    noise: float = 0.1,
    mutation: ArrayLike = 0.01,
    trials: int = 1,
    seed: int = 0,
) -> RestPoints:
    """Return the rest points of a dynamic, each with its stability.

    The replicator, the Maynard Smith replicator and the imitative logit dynamic rest where all strategies present earn
    the same; best response, Smith, Brown-von Neumann-Nash and projection rest at the Nash equilibria. These are found
    with proof: two players, every support in exact fractions, components of rest points included; two strategies in
    groups, every root of the gain in exact arithmetic; more strategies in groups, every mixture enclosed on the
    simplex. Rest points of the other dynamics (logit, replicator-mutator, best experienced payoff) are enclosed, up to
    four strategies: two strategies with polynomial velocities in exact arithmetic, else in interval arithmetic, boxes
    being emptied or shown to hold exactly one; with five and more they are searched. ``complete`` says whether the
    proof went through, and ``undecided`` where it did not.

    Stability is told exactly for two strategies, else by eigenvalues where velocities have derivatives, else by
    following paths that start 0.001 away.

    Args:
        payoffs: a square matrix, a game, or a PayoffTable.
        dynamic: see :func:`evocoop.dynamics.trajectory`.
        noise: eta of the logit dynamics, above 0.
        mutation: of the replicator-mutator dynamic.
        trials: of the best experienced payoff dynamic.
        seed: of the searches.

    Raises:
        InputError: when an argument is refused.

    Source: Hofbauer & Sigmund 1998, Evolutionary Games and Population Dynamics, chapters 7-8; Sandholm 2010,
    Population Games and Evolutionary Dynamics (Nash stationarity); groups of N, Gokhale & Traulsen 2010, PNAS 107:5500;
    Pena, Lehmann & Noldeke 2014, J Theor Biol 346:23 (Bernstein form); Krawczyk 1969, Computing 4:187 (existence and
    uniqueness in a box).

    >>> [(p.shares.tolist(), p.stability) for p in rest_points([[4, 0], [3, 3]]).points]
    [([1.0, 0.0], 'stable'), ([0.0, 1.0], 'stable'), ([0.75, 0.25], 'unstable')]
    """
    world = flow(payoffs, dynamic, noise=noise, mutation=mutation, trials=trials)
    n = len(world.table.strategies)
    if n > MOST_STRATEGIES:
        raise InputError(
            f"rest points of {n} strategies have {2**n - 1} supports; choose at most {MOST_STRATEGIES} strategies"
        )
    if world.dynamic == "replicator_mutator" and np.array_equal(world.mutation, np.eye(n)):
        world = replace(world, dynamic="replicator")
    found, complete, undecided = _candidates(world, seed)
    points = tuple(_described(world, one, seed) for one in found)
    return RestPoints(world.table.strategies, points, complete, dynamic, undecided)


def _candidates(world: Flow, seed: int) -> tuple[list[Candidate], bool, FloatArray]:
    n = len(world.table.strategies)
    if world.dynamic not in EQUALISING and world.dynamic not in NASH and n > 1:
        return enclosed(world, seed)
    if n == 2:
        found, complete = on_a_line(world.table)
        if world.dynamic in NASH:
            found = [one for one in found if one.equilibrium]
    else:
        found, complete = of_two_players(world) if world.table.group_size == 2 else of_groups(world)
    return found, complete, np.empty((0, 2, n))


def _described(world: Flow, one: Candidate, seed: int) -> RestPoint:
    values = np.empty(0, dtype=np.complex128)
    kind = "neutral" if one.dimension else one.stability
    if world.dynamic not in NASH:
        values = along_simplex(jacobian(world, one.shares))
        kind = kind or by_derivative(_telling(world, one, values))
    if not kind or kind == "neutral":
        kind = _told_otherwise(world, one, seed)
    return RestPoint(one.shares, kind, values, one.dimension, one.equilibrium)


def _telling(world: Flow, one: Candidate, values: NDArray[np.complex128]) -> NDArray[np.complex128]:
    """Return eigenvalues with the right signs: of dynamics that rest with the replicator its own, which are exact.

    The derivative within the strategies present is that of the replicator divided by eta or by mean payoff, and absent
    strategies grow where they earn more than the mean.
    """
    if world.dynamic not in EQUALISING or world.dynamic == "replicator":
        return values
    return along_simplex(jacobian(replace(world, dynamic="replicator"), one.shares))


def _told_otherwise(world: Flow, one: Candidate, seed: int) -> str:
    """Tell stability where eigenvalues do not: isolated evolutionarily stable states attract; else by paths.

    Mixtures of all strategies that are neutrally stable belong to games in which best response, Smith and
    Brown-von Neumann-Nash lead there from everywhere (Hofbauer & Sandholm 2009, J Econ Theory 144:1665).
    """
    if one.dimension or one.stability == "neutral" or len(one.shares) == 1:
        return "neutral"
    if one.equilibrium == "ESS" and world.dynamic in (*EQUALISING, *NASH):
        return "stable"
    if one.equilibrium == "NSS" and world.dynamic in NASH and one.shares.min() > 0.0:
        return "neutral" if world.dynamic == "projection" else "stable"
    return by_paths(world, one.shares, seed) if world.dynamic in NASH else "neutral"


def evolutionarily_stable(payoffs: Any) -> tuple[RestPoint, ...]:
    """Return the evolutionarily stable and the neutrally stable strategies of a symmetric game.

    x is evolutionarily stable when ``x A y > y A y`` for all y near x other than x, and neutrally stable with >= in
    place of >. In groups of N: for two strategies, where gain turns into loss; for more, strict equilibria.

    Raises:
        InputError: when payoffs are refused.

    Source: Maynard Smith & Price 1973, Nature 246:15; Haigh 1975, Adv Appl Prob 7:8; groups, Broom, Cannings &
    Vickers 1997, Bull Math Biol 59:931.

    >>> [(p.shares.tolist(), p.equilibrium) for p in evolutionarily_stable([[-1, 2], [0, 1]])]
    [([0.5, 0.5], 'ESS')]
    """
    return tuple(point for point in rest_points(payoffs).points if point.equilibrium in ("ESS", "NSS"))


def nash_equilibria(payoffs: Any) -> tuple[RestPoint, ...]:
    """Return the symmetric Nash equilibria of a game; a component stands for itself by one point inside it.

    x is one when no strategy earns more among co-players drawn from x than x does: ``max_i f_i(x) = sum_i x_i f_i(x)``.

    Raises:
        InputError: when payoffs are refused.

    Source: Nash 1951, Annals of Mathematics 54:286.

    >>> len(nash_equilibria([[4, 0], [3, 3]]))
    3
    """
    return rest_points(payoffs, dynamic="best_response").points
