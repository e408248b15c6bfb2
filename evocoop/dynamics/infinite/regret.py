"""Regret matching: play whose empirical distribution tends to the correlated equilibria."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evocoop.core.errors import InputError, UnknownNameError, check_integer, check_number
from evocoop.dynamics.infinite import learning_kernels as kernels
from evocoop.dynamics.infinite.fictitious import rounds_of
from evocoop.dynamics.infinite.setting import FloatArray
from evocoop.games.payoffs import PayoffTable, as_payoffs
from evocoop.games.two_populations import payoff_matrices

REGRETS = {"external": kernels.EXTERNAL, "internal": kernels.INTERNAL}
"""For not having always played another strategy; or for not having played it whenever a given one was played."""
MOST_PROFILES = 1_000_000


@dataclass(frozen=True)
class RegretMatching:
    """Runs of regret matching.

    Args:
        strategies: names, those of one player after those of the other where they differ.
        rounds: the recorded rounds, array (T,).
        players: shares of strategies played up to then, array (replicates, T, players, n); 0 past a player's last one.
        regrets: the largest mean regret of any player up to then, array (replicates, T).
        joint: how often each profile was played in the whole, array (replicates, n, ..., n); its entries sum to 1.
        regret: ``"internal"`` or ``"external"``.
    """

    strategies: tuple[str, ...]
    rounds: NDArray[np.int64]
    players: FloatArray
    regrets: FloatArray
    joint: FloatArray
    regret: str

    @property
    def shares(self) -> FloatArray:
        """Shares over all players, array (replicates, T, n)."""
        return np.asarray(self.players.mean(axis=2))


def regret_matching(
    payoffs: Any,
    other: ArrayLike | None = None,
    *,
    rounds: int = 10_000,
    recorded: ArrayLike | None = None,
    regret: str = "internal",
    inertia: float = 2.0,
    replicates: int = 10,
    seed: int = 0,
) -> RegretMatching:
    """Return runs of regret matching between all players of a game.

    With D(j, k) the mean gain, over all rounds so far, had k been played whenever j was: from j a player switches to k
    with probability ``[D(j, k)]+ / mu`` (internal). With D(k) the mean gain had k always been played, a player plays k
    with probability ``[D(k)]+ / sum_l [D(l)]+`` (external). The joint distribution tends to the correlated equilibria,
    or to the coarse ones. External regret falls like ``1/sqrt(t)``, internal regret more slowly, as inertia is large.

    Args:
        payoffs: a square matrix, a game or a PayoffTable, each of N players with regrets of its own; or, with
            ``other``, the payoffs of the row player, array (n, m).
        other: payoffs of the column player, array (n, m).
        rounds: how many; about 200 of them are recorded, evenly spaced in their logarithm.
        recorded: the rounds to record instead, ascending, from 1.
        regret: ``"internal"`` or ``"external"``.
        inertia: mu in units of (n - 1) times the largest payoff difference, above 1; internal regret only.
        replicates: how many runs.
        seed: of the runs.

    Raises:
        InputError: when an argument is refused, or there are too many profiles.

    Source: Hart & Mas-Colell 2000, Econometrica 68:1127; external regret, Hannan 1957, Contributions to the Theory of
    Games III:97.

    >>> runs = regret_matching([[6, 2], [7, 0]], rounds=20_000, seed=1)
    >>> bool(runs.regrets[:, -1].max() < 0.1), runs.joint.shape
    (True, (10, 2, 2))
    """
    if regret not in REGRETS:
        raise UnknownNameError("regret", regret, tuple(REGRETS))
    kept = rounds_of(rounds, recorded)
    kept = kept[kept > 0] if recorded is None else kept
    if kept[0] < 1:
        raise InputError("recorded must begin at round 1 or later: before it there is no regret")
    names, values = normal_form(payoffs, other)
    runs = check_integer("replicates", replicates, minimum=1, maximum=1_000_000)
    slack = check_number("inertia", inertia, minimum=1.0, exclusive=True)
    sizes = np.array(values.shape[1:], dtype=np.int64)
    strides = np.array([int(np.prod(sizes[p + 1 :])) for p in range(len(sizes))], dtype=np.int64)
    flat = np.ascontiguousarray(values.reshape(len(sizes), -1))
    gains = [_spread(one, player) for player, one in enumerate(values)]
    most = np.maximum(slack * (sizes - 1) * np.array(gains), 1e-300)
    joint = np.zeros((runs, flat.shape[1]), dtype=np.int64)
    played = np.zeros((runs, len(kept), len(sizes), int(sizes.max())))
    largest = np.zeros((runs, len(kept)))
    keyed = check_integer("seed", seed, minimum=0)
    for one in range(runs):
        kernels.regrets(
            flat, sizes, strides, REGRETS[regret], most, kept, keyed, one, joint[one], played[one], largest[one]
        )
    shape = (runs, *values.shape[1:])
    return RegretMatching(names, kept, played, largest, joint.reshape(shape) / kept[-1], regret)


def _spread(values: FloatArray, player: int) -> float:
    """Return the most that a player can gain by another strategy, whatever the others play."""
    return float((values.max(axis=player) - values.min(axis=player)).max())


def normal_form(payoffs: Any, other: ArrayLike | None = None) -> tuple[tuple[str, ...], FloatArray]:
    """Return strategies, and payoffs of every player in every profile of strategies, array (players, n, ..., n).

    Raises:
        InputError: when payoffs are refused, or there are more than a million profiles.

    >>> normal_form([[3, 0], [5, 1]])[1].tolist()
    [[[3.0, 0.0], [5.0, 1.0]], [[3.0, 5.0], [0.0, 1.0]]]
    """
    if other is not None:
        a, b = payoff_matrices(payoffs, other)
        names = [f"row {i}" for i in range(a.shape[0])] + [f"column {j}" for j in range(a.shape[1])]
        return tuple(names), np.stack([a, b])
    game = as_payoffs(payoffs)
    count, n = game.group_size, len(game.strategies)
    if n**count * count > MOST_PROFILES:
        raise InputError(f"{count} players of {n} strategies have {n**count:,} profiles, too many; choose fewer")
    table = game.payoff_table()
    return table.strategies, _profiles(table)


def _profiles(table: PayoffTable) -> FloatArray:
    """Return payoffs of each player in each profile of a symmetric game."""
    count, n = table.group_size, len(table.strategies)
    place = {tuple(row): c for c, row in enumerate(table.compositions.tolist())}
    values = np.empty((count,) + (n,) * count)
    for profile in itertools.product(range(n), repeat=count):
        held = [profile.count(k) for k in range(n)]
        for player, mine in enumerate(profile):
            held[mine] -= 1
            values[(player, *profile)] = table.values[mine, place[tuple(held)]]
            held[mine] += 1
    return values


@dataclass(frozen=True)
class Correlation:
    """How far a joint distribution is from the correlated equilibria.

    Args:
        regret: the largest sum a player could gain by replacing one strategy by another whenever it is played;
            0 or less at a correlated equilibrium.
        coarse_regret: the largest gain from always playing one strategy; 0 or less at a coarse correlated equilibrium.
        distance: half the sum of absolute differences from the nearest correlated equilibrium, in [0, 1].
        nearest: that equilibrium, in the shape of the distribution.
    """

    regret: float
    coarse_regret: float
    distance: float
    nearest: FloatArray


def correlated_equilibrium_distance(payoffs: Any, joint: ArrayLike, other: ArrayLike | None = None) -> Correlation:
    """Return how far a joint distribution of play is from the correlated equilibria, by a linear programme.

    Args:
        payoffs: as in :func:`regret_matching`.
        joint: probabilities of profiles, array (n, ..., n) with one axis for each player, summing to 1.
        other: payoffs of the column player, where there are two kinds.

    Raises:
        InputError: when an argument is refused.

    Source: Aumann 1974, J Math Econ 1:67; Hart & Mas-Colell 2000, Econometrica 68:1127.

    >>> found = correlated_equilibrium_distance([[6, 2], [7, 0]], [[1 / 3, 1 / 3], [1 / 3, 0]])
    >>> found.distance < 1e-9, found.regret < 1e-9  # Aumann's chicken
    (True, True)
    """
    from scipy.optimize import linprog

    _, values = normal_form(payoffs, other)
    given = np.asarray(joint, dtype=np.float64)
    if given.shape != values.shape[1:]:
        raise InputError(f"joint must have shape {values.shape[1:]}, one axis for each player, not {given.shape}")
    if not np.isfinite(given).all() or (given < 0).any() or abs(given.sum() - 1.0) > 1e-9:
        raise InputError("joint must be probabilities of at least 0 that sum to 1")
    internal, coarse = _gains(values)
    flat, size = given.ravel(), given.size
    # variables: z, and d >= |z - joint|
    eye = np.eye(size)
    limits = np.block([[internal, np.zeros((len(internal), size))], [eye, -eye], [-eye, -eye]])
    most = np.concatenate([np.zeros(len(internal)), flat, -flat])
    found = linprog(
        np.concatenate([np.zeros(size), np.full(size, 0.5)]), limits, most,
        np.concatenate([np.ones(size), np.zeros(size)])[None], [1.0],
    )  # fmt: skip
    near = np.asarray(found.x[:size]).reshape(given.shape)
    gain = float((internal @ flat).max()) if len(internal) else 0.0
    return Correlation(gain, float((coarse @ flat).max()), float(found.fun), near)


def _gains(values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return what each replacement gains in each profile: of one strategy by another, and of all by one."""
    internal: list[FloatArray] = []
    coarse: list[FloatArray] = []
    for player, mine in enumerate(values):
        sizes: Sequence[int] = mine.shape
        played = np.indices(sizes)[player]
        for k in range(sizes[player]):
            gain = np.broadcast_to(np.take(mine, [k], axis=player), sizes) - mine
            coarse.append(gain.ravel())
            internal += [np.where(played == j, gain, 0.0).ravel() for j in range(sizes[player]) if j != k]
    size = values[0].size
    return np.array(internal).reshape(-1, size), np.array(coarse).reshape(-1, size)
