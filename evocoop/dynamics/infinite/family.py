"""The relatives of the replicator: one function for each of the dynamics, all driven by one integrator."""

from __future__ import annotations

from typing import Any, TypedDict, Unpack

from numpy.typing import ArrayLike

from evocoop.dynamics.infinite.trajectories import Trajectory, trajectory


class Following(TypedDict, total=False):
    """Which paths are followed and how: see the arguments of :func:`evocoop.dynamics.trajectory`."""

    start: ArrayLike | None
    starts: int | ArrayLike | None
    time: float
    times: ArrayLike | None
    tolerance: float
    seed: int
    workers: int


def maynard_smith_replicator(payoffs: Any, **options: Unpack[Following]) -> Trajectory:
    """Return paths of the payoff-adjusted replicator equation, ``dx_i/dt = x_i (f_i - m) / m``.

    The replicator's paths at another speed; all payoffs must be above 0.

    Args:
        payoffs: a square matrix, a game, or a PayoffTable.
        **options: start, starts, time, times, tolerance, seed and workers, as of :func:`evocoop.dynamics.trajectory`.

    Raises:
        InputError: when an argument is refused.

    Source: Maynard Smith 1982, Evolution and the Theory of Games, appendix D.

    >>> maynard_smith_replicator([[4, 1], [3, 3]], start=[0.9, 0.1], time=50).final.round(3).tolist()
    [[1.0, 0.0]]
    """
    return trajectory(payoffs, dynamic="maynard_smith_replicator", **options)


def imitative_logit(payoffs: Any, *, noise: float = 0.1, **options: Unpack[Following]) -> Trajectory:
    """Return paths of the imitative logit dynamic, ``dx_i/dt = x_i exp(f_i/eta) / sum_j x_j exp(f_j/eta) - x_i``.

    Absent strategies stay absent.

    Args:
        payoffs: a square matrix, a game, or a PayoffTable.
        noise: eta, above 0; small noise makes imitators choosy.
        **options: start, starts, time, times, tolerance, seed and workers, as of :func:`evocoop.dynamics.trajectory`.

    Raises:
        InputError: when an argument is refused.

    Source: Weibull 1995, Evolutionary Game Theory, MIT Press, chapter 4; Sandholm 2010, example 5.4.7.

    >>> imitative_logit([[1, 0], [0, 1]], noise=0.5, start=[0.6, 0.4], time=60).final.round(3).tolist()
    [[1.0, 0.0]]
    """
    return trajectory(payoffs, dynamic="imitative_logit", noise=noise, **options)


def replicator_mutator(payoffs: Any, *, mutation: ArrayLike = 0.01, **options: Unpack[Following]) -> Trajectory:
    """Return paths of the replicator-mutator equation, ``dx_i/dt = sum_j x_j f_j q_ji - x_i m``.

    Args:
        payoffs: a square matrix, a game, or a PayoffTable.
        mutation: probability to become another strategy, or a matrix (n, n), row j saying what the offspring of j is.
        **options: start, starts, time, times, tolerance, seed and workers, as of :func:`evocoop.dynamics.trajectory`.

    Raises:
        InputError: when an argument is refused.

    Source: Hadeler 1981, SIAM J Appl Math 41:1; Page & Nowak 2002, J Theor Biol 219:93.

    >>> replicator_mutator([[1, 1], [1, 1]], mutation=0.1, start=[0.9, 0.1], time=60).final.round(3).tolist()
    [[0.5, 0.5]]
    """
    return trajectory(payoffs, dynamic="replicator_mutator", mutation=mutation, **options)


def logit(payoffs: Any, *, noise: float = 0.1, **options: Unpack[Following]) -> Trajectory:
    """Return paths of the logit dynamic, ``dx_i/dt = exp(f_i/eta) / sum_j exp(f_j/eta) - x_i``.

    Everybody turns to the better strategies, with noise; rest points are the quantal responses.

    Args:
        payoffs: a square matrix, a game, or a PayoffTable.
        noise: eta, above 0.
        **options: start, starts, time, times, tolerance, seed and workers, as of :func:`evocoop.dynamics.trajectory`.

    Raises:
        InputError: when an argument is refused.

    Source: Fudenberg & Levine 1998, The Theory of Learning in Games, MIT Press.

    >>> logit([[1, 0], [0, 1]], noise=10.0, start=[0.9, 0.1], time=40).final.round(3).tolist()
    [[0.5, 0.5]]
    """
    return trajectory(payoffs, dynamic="logit", noise=noise, **options)


def best_response(payoffs: Any, **options: Unpack[Following]) -> Trajectory:
    """Return paths of the best response dynamic, ``dx_i/dt = b_i - x_i, b the mix of best replies``.

    The path goes in straight lines from switch to switch and slides along ties: between two players all in closed form;
    in groups switches are located to rounding, and slides along curved ties are good to about 1e-8.

    Args:
        payoffs: a square matrix, a game, or a PayoffTable.
        **options: start, starts, time, times, tolerance, seed and workers, as of :func:`evocoop.dynamics.trajectory`.

    Raises:
        InputError: when an argument is refused.

    Source: Gilboa & Matsui 1991, Econometrica 59:859.

    >>> best_response([[4, 0], [3, 3]], start=[0.7, 0.3], time=30).final.round(3).tolist()
    [[0.0, 1.0]]
    """
    return trajectory(payoffs, dynamic="best_response", **options)


def smith(payoffs: Any, **options: Unpack[Following]) -> Trajectory:
    """Return paths of the Smith dynamic, ``dx_i/dt = sum_j x_j [f_i - f_j]+ - x_i sum_j [f_j - f_i]+``.

    Pairwise comparison: all strategies are compared, absent ones too.

    Args:
        payoffs: a square matrix, a game, or a PayoffTable.
        **options: start, starts, time, times, tolerance, seed and workers, as of :func:`evocoop.dynamics.trajectory`.

    Raises:
        InputError: when an argument is refused.

    Source: Smith 1984, Transportation Science 18:245.

    >>> smith([[4, 0], [3, 3]], start=[0.7, 0.3], time=30).final.round(3).tolist()
    [[0.0, 1.0]]
    """
    return trajectory(payoffs, dynamic="smith", **options)


def bnn(payoffs: Any, **options: Unpack[Following]) -> Trajectory:
    """Return paths of the Brown-von Neumann-Nash dynamic, ``dx_i/dt = [f_i - m]+ - x_i sum_j [f_j - m]+``.

    Strategies that earn more than the mean are taken up, absent ones too.

    Args:
        payoffs: a square matrix, a game, or a PayoffTable.
        **options: start, starts, time, times, tolerance, seed and workers, as of :func:`evocoop.dynamics.trajectory`.

    Raises:
        InputError: when an argument is refused.

    Source: Brown & von Neumann 1950, Contributions to the Theory of Games I:73.

    >>> bnn([[1, 1], [0, 0]], start=[0.1, 0.9], time=2000).final.round(3).tolist()
    [[1.0, 0.0]]
    """
    return trajectory(payoffs, dynamic="bnn", **options)


def projection(payoffs: Any, **options: Unpack[Following]) -> Trajectory:
    """Return paths of the projection dynamic, ``dx/dt = the point of the tangent cone at x that is nearest to f``.

    In the interior ``dx_i/dt = f_i - mean of f``; a path that slides along a face is good to about 1e-4.

    Args:
        payoffs: a square matrix, a game, or a PayoffTable.
        **options: start, starts, time, times, tolerance, seed and workers, as of :func:`evocoop.dynamics.trajectory`.

    Raises:
        InputError: when an argument is refused.

    Source: Nagurney & Zhang 1996, Projected Dynamical Systems, Kluwer; Lahkar & Sandholm 2008, Games Econ Behav 64:565.

    >>> projection([[4, 0], [3, 3]], start=[0.7, 0.3], time=30).final.round(3).tolist()
    [[0.0, 1.0]]
    """
    return trajectory(payoffs, dynamic="projection", **options)


def best_experienced_payoff(payoffs: Any, *, trials: int = 1, **options: Unpack[Following]) -> Trajectory:
    """Return paths of the best experienced payoff dynamic, ``dx_i/dt = P(i does best in k trials of each) - x_i``.

    All strategies are tried, k times each, every time against new co-players; what did best on the mean is kept, ties
    are broken evenly.

    Args:
        payoffs: a square matrix, a game, or a PayoffTable.
        trials: k, at least 1.
        **options: start, starts, time, times, tolerance, seed and workers, as of :func:`evocoop.dynamics.trajectory`.

    Raises:
        InputError: when an argument is refused.

    Source: Sandholm, Izquierdo & Izquierdo 2019, Theoretical Economics 14:1377.

    >>> best_experienced_payoff([[2, 2], [1, 1]], start=[0.1, 0.9], time=40).final.round(3).tolist()
    [[1.0, 0.0]]
    """
    return trajectory(payoffs, dynamic="best_experienced_payoff", trials=trials, **options)
