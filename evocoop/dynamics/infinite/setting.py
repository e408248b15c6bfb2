"""What every deterministic dynamic is asked about: payoffs as arrays, its parameter, starting points - checked once."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evocoop.core.errors import InputError, UnknownNameError, check_integer, check_number, check_probability
from evocoop.dynamics.infinite import kernels
from evocoop.dynamics.sampling import share_out
from evocoop.dynamics.shares import as_shares
from evocoop.games.payoffs import PayoffTable, as_payoffs, compositions, count_compositions

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

DYNAMICS = {
    "replicator": kernels.REPLICATOR,
    "maynard_smith_replicator": kernels.MAYNARD_SMITH,
    "imitative_logit": kernels.IMITATIVE_LOGIT,
    "replicator_mutator": kernels.REPLICATOR_MUTATOR,
    "logit": kernels.LOGIT,
    "best_response": kernels.BEST_RESPONSE,
    "smith": kernels.SMITH,
    "bnn": kernels.BNN,
    "projection": kernels.PROJECTION,
    "best_experienced_payoff": kernels.EXPERIENCED,
}
"""The dynamics in continuous time, by name."""
EQUALISING = ("replicator", "maynard_smith_replicator", "imitative_logit")
"""Dynamics that rest where all strategies present earn the same."""
NASH = ("best_response", "smith", "bnn", "projection")
"""Dynamics that rest at the Nash equilibria and nowhere else (Sandholm 2010, chapters 5 and 6)."""
MOST_TRIED = 3000


@dataclass(frozen=True)
class Flow:
    """A deterministic dynamic on a game.

    Args:
        table: the payoffs.
        dynamic: its name, one of ``DYNAMICS``.
        noise: eta of the logit dynamics.
        mutation: array (n, n) of the replicator-mutator dynamic; row j says what the offspring of j is.
        first: how many of the strategies belong to the first of two populations; 0 where there is one population.
        trials: how often each strategy is tried, of the best experienced payoff dynamic.
    """

    table: PayoffTable
    dynamic: str
    noise: float
    mutation: FloatArray
    first: int = 0
    trials: int = 1

    @property
    def code(self) -> int:
        """The number of the dynamic in the kernels."""
        return DYNAMICS[self.dynamic]

    @property
    def imitative(self) -> bool:
        """Whether absent strategies stay absent."""
        return self.code <= kernels.LAST_IMITATIVE

    @cached_property
    def arrays(self) -> tuple[FloatArray, IntArray, FloatArray]:
        """Payoff values (n, C), compositions (C, n) and the number of ways to arrange each composition (C,)."""
        groups = np.ascontiguousarray(self.table.compositions)
        whole = math.factorial(self.table.group_size - 1)
        try:
            ways = [float(whole // math.prod(math.factorial(int(k)) for k in row)) for row in groups]
        except OverflowError:
            raise InputError(f"groups of {self.table.group_size} are too large for expected payoffs") from None
        values = np.ascontiguousarray(self.table.values)
        return tried(values, groups, np.array(ways, dtype=np.float64), self.trials)

    @cached_property
    def blocks(self) -> IntArray:
        """Where the strategies of each population begin, and how many there are."""
        return np.array(sorted({0, self.first, len(self.table.strategies)}), dtype=np.int64)

    def follow(self, point: FloatArray, moments: FloatArray, tolerance: float, most_steps: int, out: FloatArray) -> int:
        """Integrate one path, filling ``out`` (times, n) with shares; return the steps taken, below 0 if it failed."""
        return int(follow_all([self], point[None], moments, tolerance, most_steps, out[None])[0])

    def velocities(self, points: FloatArray) -> FloatArray:
        """Return dx/dt at points, array (m, n)."""
        points = np.ascontiguousarray(points, dtype=np.float64)
        out = np.empty_like(points)
        kernels.field(self.code, points, *self.arrays, self.noise, self.mutation, self.blocks, out)
        return out

    def payoffs(self, shares: FloatArray) -> FloatArray:
        """Return the expected payoff of every strategy at one point, array (n,)."""
        f, chances = np.empty(len(shares)), np.empty(len(self.arrays[2]))
        kernels.payoffs_at(np.ascontiguousarray(shares, dtype=np.float64), *self.arrays, chances, f)
        return f


def follow_all(
    worlds: Sequence[Flow], points: FloatArray, moments: FloatArray, tolerance: float, most_steps: int, out: FloatArray,
    *, which: IntArray | None = None, workers: int = 1,
) -> IntArray:  # fmt: skip
    """Integrate many paths in one go; return the steps each took, below 0 if it failed.

    Args:
        worlds: one dynamic on one or several games of the same shape, parameters included.
        points: starts, array (starts, n).
        moments: times to record, ascending.
        tolerance: error allowed in a step.
        most_steps: when to give a path up.
        out: filled with shares, array (starts, times, n).
        which: the world of each start; the first when left out.
        workers: threads; they do not change the numbers.
    """
    from evocoop.dynamics.infinite import group_replies, integrator, replies  # only here: loading them takes a moment

    first = worlds[0]
    _, groups, ways = first.arrays
    games = np.zeros(len(points), dtype=np.int64) if which is None else which
    values = np.stack([world.arrays[0] for world in worlds])
    noises = np.array([world.noise for world in worlds])
    mutations = np.stack([world.mutation for world in worlds])
    taken = np.empty(len(points), dtype=np.int64)

    def share(part: slice) -> None:
        asked = points[part], games[part], moments, values
        if first.dynamic == "best_response" and first.table.group_size == 2:
            replies.paths(*asked, first.blocks, most_steps, out[part], taken[part])
            return
        if first.dynamic == "best_response":
            group_replies.paths(*asked, groups, ways, most_steps, out[part], taken[part])
            return
        integrator.paths(
            first.code, points[part], games[part], moments, values, groups, ways, noises, mutations, first.blocks,
            tolerance, most_steps, out[part], taken[part],
        )  # fmt: skip

    share_out(share, len(points), workers)
    return taken


def tried(
    values: FloatArray, groups: IntArray, ways: FloatArray, trials: int
) -> tuple[FloatArray, IntArray, FloatArray]:
    """Return the mean payoffs of several trials by what all their co-players are together, as payoffs of one group.

    A multiset of k compositions has the probability ``k!/prod m_c! prod (ways_c prod_j x_j^c_j)^m_c``: again a number
    of ways times powers of shares.
    """
    if trials == 1:
        return values, groups, ways
    count = count_compositions(trials, len(groups))
    if count > MOST_TRIED:
        raise InputError(
            f"{trials} trials have {count} outcomes for each strategy; lower trials (at most {MOST_TRIED})"
        )
    times = compositions(trials, len(groups))
    orders = [math.factorial(trials) / math.prod(math.factorial(k) for k in row) for row in times.tolist()]
    return (
        np.ascontiguousarray(values @ times.T / trials),
        np.ascontiguousarray(times @ groups),
        np.array(orders) * np.prod(ways**times, axis=1),
    )


def flow(
    payoffs: Any, dynamic: str = "replicator", *, noise: float = 0.1, mutation: ArrayLike = 0.01, trials: int = 1
) -> Flow:
    """Check and return a flow; see :class:`Flow`.

    Raises:
        InputError: when payoffs or parameters are refused.
    """
    if dynamic not in DYNAMICS:
        raise UnknownNameError("dynamic", str(dynamic), tuple(DYNAMICS))
    table = as_payoffs(payoffs).payoff_table()
    eta = check_number("noise", noise, minimum=0.0, exclusive=True)
    if dynamic == "maynard_smith_replicator" and table.values.min() <= 0.0:
        raise InputError(
            f"the Maynard Smith replicator divides by mean payoff and needs payoffs above 0, not {table.values.min():g}"
        )
    times = check_integer("trials", trials, minimum=1)
    if times > 1 and dynamic != "best_experienced_payoff":
        raise InputError(f"trials are of the best experienced payoff dynamic, not of {dynamic}")
    return Flow(table, dynamic, eta, _mutation_matrix(mutation, len(table.strategies)), trials=times)


def _mutation_matrix(mutation: ArrayLike, n: int) -> FloatArray:
    given = np.asarray(mutation, dtype=np.float64) if not isinstance(mutation, (str, bytes)) else np.empty(0)
    if given.ndim == 0:
        chance = check_probability("mutation", float(given))
        matrix = np.full((n, n), chance / max(n - 1, 1))
        np.fill_diagonal(matrix, 1.0 - chance if n > 1 else 1.0)
        return matrix
    if given.shape != (n, n) or (given < 0).any() or not np.allclose(given.sum(axis=1), 1.0, atol=1e-12):
        raise InputError(f"mutation must be a probability, or a {n} by {n} matrix whose rows sum to 1")
    return given


def points_of(start: ArrayLike | None, starts: int | ArrayLike | None, n: int, seed: int) -> FloatArray:
    """Return starting points, array (starts, n): one given, several given, or so many spread over the simplex.

    Two strategies: evenly spaced in the interior. Three and more: a scrambled Sobol sequence, uniform on the simplex.

    Raises:
        InputError: when both are given, or shares are negative, do not sum to one, or are not n.
    """
    if start is not None and starts is not None:
        raise InputError("give either start (one point) or starts (several, or how many), not both")
    if starts is None:
        return as_shares("start", np.full((1, n), 1.0 / n) if start is None else [start], n)
    if not isinstance(starts, (int, np.integer)) or isinstance(starts, bool):
        return as_shares("starts", starts, n)
    count = check_integer("starts", starts, minimum=1, maximum=1_000_000)
    if n == 1:
        return np.ones((count, 1))
    if n == 2:
        first = (np.arange(count) + 0.5) / count
        return np.stack([first, 1.0 - first], axis=1)
    return uniform_points(count, n, seed)


def uniform_points(count: int, n: int, seed: int) -> FloatArray:
    """Return points spread uniformly over the simplex: spacings of a sorted scrambled Sobol sequence."""
    from scipy.stats import qmc

    whole = 1 << max(0, (count - 1).bit_length())
    cuts = np.sort(qmc.Sobol(n - 1, seed=check_integer("seed", seed, minimum=0)).random(whole)[:count], axis=1)
    return np.asarray(np.diff(cuts, axis=1, prepend=0.0, append=1.0))
