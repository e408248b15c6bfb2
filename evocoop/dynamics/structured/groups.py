"""Selection between groups: groups grow, split when they are large, and take the place of others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evocoop.core.errors import InputError, UnknownNameError, check_integer, check_number, check_probability
from evocoop.dynamics.logs import log_sum
from evocoop.dynamics.sampling import (
    MOST_STEPS,
    FixationEstimate,
    SimulatedRuns,
    check_recorded,
    fixation_estimate,
    mean_and_interval,
    share_out,
    stream_keys,
)
from evocoop.dynamics.structured import group_kernels
from evocoop.dynamics.structured.world import FITNESSES, MOST_EXPONENT
from evocoop.games.payoffs import as_payoffs, strategy_index

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

MOST_MEMBERS = 10_000_000
ROLE = 0x67727073  # keeps these streams apart from any other room's


@dataclass(frozen=True, eq=False)
class GroupSimulation(SimulatedRuns):
    """Independent runs of a population of groups.

    Beside the names, times, counts and means of every :class:`~evocoop.dynamics.sampling.SimulatedRuns`:

    Args:
        absorbed_at: step at which one strategy was left, one for each replicate; -1 if never.
        groups: number of groups.
        group_size: members of a full group.
        selection_strength: beta or w.
        mutation: mu.
        seed: the seed.
    """

    groups: int
    group_size: int
    selection_strength: float
    mutation: float
    seed: int


@dataclass(frozen=True, eq=False)
class _Herd:
    """What a simulation of groups is asked about, checked."""

    names: tuple[str, ...]
    matrix: FloatArray
    groups: int
    group_size: int
    strength: float
    exponential: bool
    splitting: float
    migration: float

    def run(
        self, first: IntArray, mutation: float, steps: int, burn_in: int, every: int, keys: IntArray, records: int,
        workers: int,
    ) -> tuple[IntArray, FloatArray, IntArray, IntArray]:  # fmt: skip
        """Return paths, sums of shares over time, final counts and absorption of all runs."""
        n = len(self.names)
        paths = np.zeros((len(keys), records, n), dtype=np.int64)
        shares, counts = np.zeros((len(keys), n)), np.zeros((len(keys), n), dtype=np.int64)
        absorbed = np.zeros(len(keys), dtype=np.int64)
        rule = self.group_size, self.strength, self.exponential, self.splitting, self.migration, mutation

        def share(part: slice) -> None:
            out = keys[part], paths[part], shares[part], counts[part], absorbed[part]
            group_kernels.compete_all(self.matrix, first, *rule, steps, burn_in, every, *out)

        share_out(share, len(keys), workers)
        return paths, shares, counts, absorbed


def _herd(
    payoffs: Any, groups: int, group_size: int, strength: float, fitness: str, splitting: float, migration: float
) -> _Herd:
    game = as_payoffs(payoffs)
    if game.group_size != 2:
        raise InputError(f"members of a group play in pairs here; the game is played in groups of {game.group_size}")
    if len(game.strategies) < 2:
        raise InputError("a population of groups needs at least two strategies")
    if fitness not in FITNESSES:
        raise UnknownNameError("fitness", fitness, FITNESSES)
    matrix = np.ascontiguousarray(game.payoff_table().values)
    strength = check_number("selection_strength", strength, minimum=0.0)
    if fitness == "exponential":
        if strength * np.abs(matrix).max() > MOST_EXPONENT:
            raise InputError(f"selection_strength x payoff must stay within {MOST_EXPONENT:g}")
    elif strength > 1 or 1.0 - strength + strength * min(0.0, float(matrix.min())) <= 0:
        raise InputError(
            "payoffs must give positive fitness 1 - w + w f with selection_strength w in [0, 1]; lower it, shift the "
            "payoffs, or use fitness='exponential'"
        )
    groups = check_integer("groups", groups, minimum=1, maximum=100_000)
    group_size = check_integer("group_size", group_size, minimum=2, maximum=100_000)
    if groups * group_size > MOST_MEMBERS:
        raise InputError(f"groups x group_size must be at most {MOST_MEMBERS:,}, not {groups * group_size:,}")
    return _Herd(
        game.strategies,
        matrix,
        groups,
        group_size,
        strength,
        fitness == "exponential",
        check_probability("splitting", splitting),
        check_probability("migration", migration),
    )


def simulate_groups(
    payoffs: Any,
    *,
    groups: int,
    group_size: int,
    selection_strength: float,
    splitting: float = 0.01,
    migration: float = 0.0,
    mutation: float = 0.0,
    fitness: str = "linear",
    start: Sequence[int] | None = None,
    steps: int = 10_000,
    replicates: int = 1,
    burn_in: int = 0,
    samples: int = 101,
    seed: int = 0,
    cell: int = 0,
    workers: int = 1,
) -> GroupSimulation:
    """Return simulated runs of a population of groups whose members play only among themselves.

    In a step one individual, chosen by fitness among all, has an offspring that joins its group. A group that grows
    beyond ``group_size`` loses a random member; but with probability ``splitting`` it divides at random into two, one
    of which takes the place of another random group. So groups that reproduce faster spread.

    Args:
        payoffs: a square matrix, or a game played in pairs.
        groups: m, number of groups.
        group_size: n, members of a full group.
        selection_strength: w in [0, 1], or beta >= 0 with exponential fitness.
        splitting: q, probability that a group grown too large divides.
        migration: probability that an offspring joins another random group.
        mutation: probability that an offspring takes another strategy.
        fitness: ``"linear"``, 1 - w + w f, or ``"exponential"``, exp(beta f); f is the mean payoff in the group.
        start: counts per strategy that add up to ``groups x group_size``, placed at random; left out, even.
        steps: births in a run.
        replicates: number of independent runs.
        burn_in: steps not counted in ``shares``.
        samples: number of recorded times, evenly spaced from 0 to ``steps``.
        seed: the seed.
        cell: a second key.
        workers: threads.

    Raises:
        InputError: for arguments out of range.

    Source: Traulsen & Nowak 2006, PNAS 103:10952.

    >>> run = simulate_groups([[1, -1], [2, 0]], groups=5, group_size=4, selection_strength=0.1, steps=200, seed=1)
    >>> run.counts.shape
    (1, 101, 2)
    """
    herd = _herd(payoffs, groups, group_size, selection_strength, fitness, splitting, migration)
    mutation = check_probability("mutation", mutation)
    steps = check_integer("steps", steps, minimum=1, maximum=MOST_STEPS)
    burn_in = check_integer("burn_in", burn_in, minimum=0, maximum=steps - 1)
    samples = check_integer("samples", samples, minimum=1)
    keys = stream_keys(seed, cell, replicates, ROLE)
    n, size = len(herd.names), herd.groups * herd.group_size
    first = np.array([size // n + (i < size % n) for i in range(n)] if start is None else start)
    if first.shape != (n,) or first.dtype.kind not in "iu" or first.min() < 0 or first.sum() != size:
        raise InputError(f"start must hold {n} counts that add up to groups x group_size = {size}, not {start!r}")
    every = max(1, steps // max(samples - 1, 1))
    records = min(samples, steps // every + 1)
    check_recorded("the recorded counts", len(keys), records * n, "fewer samples or replicates")
    times = np.arange(records) * every
    paths, spent, _, absorbed = herd.run(
        first.astype(np.int64), mutation, steps, burn_in, every, keys, len(times), workers
    )
    shares, errors, interval = mean_and_interval(spent / (steps - burn_in))
    return GroupSimulation(
        herd.names, times, paths, shares, errors, interval, absorbed, herd.groups, herd.group_size, herd.strength,
        mutation, seed,
    )  # fmt: skip


def fixation_in_groups(
    payoffs: Any,
    *,
    groups: int,
    group_size: int,
    selection_strength: float,
    splitting: float = 0.01,
    migration: float = 0.0,
    mutant: str | int | None = None,
    resident: str | int | None = None,
    fitness: str = "linear",
    replicates: int = 10_000,
    max_steps: int = 100_000_000,
    seed: int = 0,
    cell: int = 0,
    workers: int = 1,
) -> FixationEstimate:
    """Return the probability, estimated by simulation, that one mutant takes over a population of groups.

    Args:
        payoffs: a square matrix, or a game played in pairs.
        groups: m, number of groups.
        group_size: n, members of a full group; at the start all are full.
        selection_strength: w in [0, 1], or beta >= 0 with exponential fitness.
        splitting: q, probability that a group grown too large divides.
        migration: probability that an offspring joins another random group.
        mutant: name or position of the invading strategy; may be left out with two strategies (the first).
        resident: name or position of the strategy invaded.
        fitness: ``"linear"`` or ``"exponential"``.
        replicates: number of runs.
        max_steps: a run that is not over by then is censored.
        seed: the seed.
        cell: a second key.
        workers: threads.

    Raises:
        InputError: for arguments out of range.

    Source: Traulsen & Nowak 2006, PNAS 103:10952.

    >>> found = fixation_in_groups([[1, 1], [1, 1]], groups=3, group_size=2, selection_strength=0, splitting=0.5)
    >>> found.interval[0] < 1 / 6 < found.interval[1]
    True
    """
    herd = _herd(_restricted(payoffs, mutant, resident), groups, group_size, selection_strength, fitness, splitting,
                 migration)  # fmt: skip
    if herd.splitting == 0 and herd.migration == 0 and herd.groups > 1:
        raise InputError("splitting or migration must be above 0, or nothing ever leaves its group")
    max_steps = check_integer("max_steps", max_steps, minimum=1, maximum=MOST_STEPS)
    keys = stream_keys(seed, cell, replicates, ROLE)
    size = herd.groups * herd.group_size
    _, _, counts, absorbed = herd.run(np.array([1, size - 1]), 0.0, max_steps, max_steps, max_steps, keys, 0, workers)
    return fixation_estimate((herd.names[0], herd.names[1]), counts[:, 1] == 0, absorbed, max_steps, size, seed)


def _restricted(payoffs: Any, mutant: str | int | None, resident: str | int | None) -> Any:
    game = as_payoffs(payoffs)
    names = game.strategies
    if mutant is None and resident is None and len(names) == 2:
        return game
    if mutant is None or resident is None:
        raise InputError(f"mutant and resident must both be named; strategies: {', '.join(names)}")
    pair = strategy_index(names, mutant), strategy_index(names, resident)
    if pair[0] == pair[1]:
        raise InputError(f"mutant and resident must differ, but both are {names[pair[0]]!r}")
    return game.payoff_table(list(pair))


def fixation_in_groups_limit(
    payoffs: Any,
    *,
    groups: int,
    group_size: int,
    selection_strength: float,
    mutant: str | int | None = None,
    resident: str | int | None = None,
    fitness: str = "linear",
    log: bool = False,
) -> float:
    r"""Return the exact fixation probability of one mutant where groups divide very rarely.

    Then every group is of one kind before the next division: the mutant must take over its group, a Moran process of n,
    and its group all others, a Moran process of m whose fitness is that of a whole group: rho = rho_n x rho_m.

    Args:
        payoffs: a square matrix, or a game played in pairs.
        groups: m, number of groups.
        group_size: n, members of a full group.
        selection_strength: w in [0, 1], or beta >= 0 with exponential fitness.
        mutant: name or position of the invading strategy; may be left out with two strategies (the first).
        resident: name or position of the strategy invaded.
        fitness: ``"linear"`` or ``"exponential"``.
        log: return the natural logarithm.

    Raises:
        InputError: for arguments out of range.

    Source: Traulsen & Nowak 2006, PNAS 103:10952, eq. 1.

    >>> round(fixation_in_groups_limit([[1, 1], [1, 1]], groups=4, group_size=5, selection_strength=0), 9)
    0.05
    """
    herd = _herd(_restricted(payoffs, mutant, resident), groups, group_size, selection_strength, fitness, 0.0, 0.0)
    n, m = herd.group_size, herd.groups
    (a, b), (c, d) = herd.matrix
    count = np.arange(1.0, n)
    mine = (a * (count - 1) + b * (n - count)) / (n - 1)
    theirs = (c * count + d * (n - count - 1)) / (n - 1)
    within = _log_fitness(herd, theirs) - _log_fitness(herd, mine)
    between = _log_fitness(herd, np.full(m - 1, d)) - _log_fitness(herd, np.full(m - 1, a))
    logs = -sum(float(log_sum(np.concatenate([[0.0], np.cumsum(ratios)]))) for ratios in (within, between))
    return logs if log else float(np.exp(logs))


def _log_fitness(herd: _Herd, payoffs: FloatArray) -> FloatArray:
    if herd.exponential:
        return herd.strength * payoffs
    return np.log1p(herd.strength * (payoffs - 1.0))


def multilevel_critical_ratio(*, groups: int, group_size: int) -> float:
    """Return the benefit-to-cost ratio above which rare splitting and weak selection favour cooperators, 1 + n/(m-2).

    Args:
        groups: m, at least 3; with two groups no benefit suffices.
        group_size: n.

    Raises:
        InputError: for numbers out of range.

    Source: Traulsen & Nowak 2006, PNAS 103:10952, eq. 2.

    >>> multilevel_critical_ratio(groups=12, group_size=5)
    1.5
    """
    groups = check_integer("groups", groups, minimum=3)
    group_size = check_integer("group_size", group_size, minimum=2)
    return 1.0 + group_size / (groups - 2)
