"""All transitions of a population in one table, and runs over it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evocoop.core.errors import InputError
from evocoop.dynamics.finite import simulation_kernels as kernels
from evocoop.dynamics.finite.chain import adopt_logs, offspring_logs, population_states, state_keys, state_payoffs
from evocoop.dynamics.finite.processes import Process
from evocoop.dynamics.finite.setting import Setting
from evocoop.dynamics.sampling import check_recorded, share_out
from evocoop.games.payoffs import PayoffTable, count_compositions

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

MOST_TABLE_ENTRIES = 2_000_000
ROLE = 0x66696E  # keeps these streams apart from any other room's


def fits(world: Setting) -> bool:
    """Return whether a setting is small enough to tabulate, or has no other way."""
    entries = count_compositions(world.population_size, len(world.strategies)) * len(world.strategies) ** 2
    meetings = world.process.name == "pairwise" and isinstance(world.game, PayoffTable) and world.game.group_size == 2
    return entries <= MOST_TABLE_ENTRIES or not meetings


@dataclass(frozen=True, eq=False)
class Table:
    """All transitions of a population, tabulated for the walk.

    Args:
        states: array (S, n) of counts.
        log_stay: log probability to stay in each state.
        cumulative: running shares of the ways out (one at a time) or of the offspring (Wright-Fisher), rows (S, ·).
        targets: where each way leads; empty for Wright-Fisher.
        process: the update rule.
    """

    states: IntArray
    log_stay: FloatArray
    cumulative: FloatArray
    targets: IntArray
    process: Process

    @classmethod
    def of(cls, world: Setting, strength: float, mutation: float) -> Table:
        """Tabulate a setting, or refuse when it is too large."""
        n, size = len(world.strategies), world.population_size
        entries = count_compositions(size, n) * n * n
        if entries > MOST_TABLE_ENTRIES:
            raise InputError(
                f"population_size {size} with {n} strategies makes {count_compositions(size, n):,} states, too many to "
                "tabulate; use process 'pairwise' on a payoff matrix, which needs no table, or a smaller population"
            )
        states = population_states(size, n)
        if not world.process.one_at_a_time:
            payoffs = state_payoffs(world, states)
            logs = offspring_logs(world.process, states.astype(float), payoffs, strength, mutation)
            alone = (states == size).any(axis=1) if mutation == 0 else np.zeros(len(states), dtype=bool)
            return cls(states, np.where(alone, 0.0, -1.0), _running(np.exp(logs)), np.empty((0, 0), int), world.process)
        rates = np.exp(adopt_logs(world, states, strength, mutation)) * (states / size)[:, :, None]
        focal, adopted = np.nonzero(~np.eye(n, dtype=bool))
        ways = rates[:, focal, adopted]
        keys = state_keys(states, size)
        step = np.eye(n, dtype=np.int64)[adopted] - np.eye(n, dtype=np.int64)[focal]
        moved = keys[:, None] + state_keys(step, size)[None, :]
        targets = np.clip(np.searchsorted(keys, moved), 0, len(keys) - 1)
        leave = np.minimum(ways.sum(axis=1), 1.0)
        log_stay = np.where(leave < 1.0, np.log1p(-np.minimum(leave, 1.0 - 2**-53)), -800.0)
        return cls(states, log_stay, _running(ways), targets, world.process)

    def index(self, counts: IntArray) -> int:
        """Return the position of a state."""
        size = int(counts.sum())
        return int(np.searchsorted(state_keys(self.states, size), state_keys(counts[None], size)[0]))

    def run(
        self,
        origin: IntArray,
        steps: int,
        burn_in: int,
        every: int,
        keys: IntArray,
        records: int,
        *,
        count: bool = True,
        workers: int = 1,
    ) -> tuple[IntArray, IntArray, IntArray]:
        """Return occupancy (R, S), paths (R, records) and the steps of absorption (R,)."""
        runs, size = len(keys), int(self.states[0].sum())
        if count:
            check_recorded("the times in all states", runs, len(self.states), "fewer replicates")
        occupancy = np.zeros((runs, len(self.states) if count else 0), dtype=np.int64)
        paths = np.zeros((runs, records), dtype=np.int64)
        absorbed = np.empty(runs, dtype=np.int64)
        places = state_keys(np.eye(self.states.shape[1], dtype=np.int64), size)
        ordered, still = state_keys(self.states, size), self.log_stay == 0.0

        def share(part: slice) -> None:
            common = steps, burn_in, every, keys[part], occupancy[part], paths[part], absorbed[part]
            if self.process.one_at_a_time:
                kernels.walk_all(self.log_stay, self.cumulative, self.targets, origin[part], *common)
            else:
                kernels.generations(self.cumulative, still, places, ordered, size, origin[part], *common)

        share_out(share, runs, workers)
        return occupancy, paths, absorbed


def _running(weights: FloatArray) -> FloatArray:
    running: FloatArray = np.cumsum(weights, axis=1)
    running /= np.maximum(running[:, -1:], 1e-300)
    running[:, -1] = 2.0
    return running
