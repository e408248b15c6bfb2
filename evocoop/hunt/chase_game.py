"""The chase as a game: minds that differ in how they choose and plan share a plane, a prey, and the spoils."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from evocoop.core.errors import InputError, UnknownNameError, check_integer, check_number, check_probability
from evocoop.games.payoffs import FloatArray, Game, IntArray, PayoffTable, compositions, strategy_index
from evocoop.hunt.ground import IMAGINED_WE, MINDS, NEAREST, Ground

if TYPE_CHECKING:
    from evocoop.hunt.chase import Chase

_STRATEGIES = ("Planner", "Follower", "Opportunist", "Hare")
_MINDS = (IMAGINED_WE, IMAGINED_WE, NEAREST)
_PLANS = (1, 0, 0)
_TRIED = 24


@dataclass(frozen=True, kw_only=True)
class ChaseGame(Game):
    """A group of N meets prey on a plane; who hunts, how, and what it yields is simulated. The model is our hypothesis.

    A Planner infers and calls what *we* hunt and takes its place in the plan, at cost p; a Follower infers it too but
    runs at the quarry; an Opportunist runs at whatever is nearest; a Hare lives on hares. With k hunters at the kill
    of prey worth V, n hunters in all::

        Pi_hunter = (1-xi) V/k (if at the kill) + xi V/n - c - p (if a Planner)        Pi_Hare = h

    Payoffs are means over ``hunts`` simulated hunts of each composition and carry their standard errors, never below
    that of the share of successful hunts by Laplace's rule, so that one that never failed is not called exact.

    Args:
        group_size: N, 2 to 12.
        prey: how many prey there are to choose from.
        threshold: hunters within reach that a kill needs, 1 to N.
        prey_value: V, at least 0.
        hare: h.
        cost: c, what hunting costs, at least 0.
        plan_cost: p, what planning and calling cost, at least 0.
        leak: xi, the share of the spoils that goes to all who hunted, in [0, 1].
        prey_speed: in units of a hunter's speed.
        horizon: steps by which hunters look ahead of their quarry.
        noise: probability that a call is misheard.
        hunts: simulated hunts of each composition, at least 2.
        seed: the seed.

    Raises:
        InputError: when a number is out of range.

    Sources: see :class:`evocoop.hunt.ground.Ground`.

    >>> game = ChaseGame(group_size=3, hunts=50)
    >>> game.payoff_table(["Planner", "Hare"]).values.shape
    (2, 3)
    """

    group_size: int = 4
    prey: int = 2
    threshold: int = 2
    prey_value: float = 16.0
    hare: float = 1.0
    cost: float = 0.25
    plan_cost: float = 0.1
    leak: float = 0.3
    prey_speed: float = 1.1
    horizon: int = 3
    noise: float = 0.1
    hunts: int = 200
    seed: int = 0

    exact = False

    def __post_init__(self) -> None:
        check_integer("group_size", self.group_size, minimum=2, maximum=12)
        if check_integer("threshold", self.threshold, minimum=1) > self.group_size:
            raise InputError(f"threshold {self.threshold} is above the group size {self.group_size}")
        for name in ("prey_value", "cost", "plan_cost"):
            check_number(name, getattr(self, name), minimum=0.0)
        check_number("hare", self.hare)
        check_probability("leak", self.leak)
        check_integer("hunts", self.hunts, minimum=2, maximum=1_000_000)
        check_integer("seed", self.seed, minimum=0)
        self._ground(self.threshold)

    @property
    def strategies(self) -> tuple[str, ...]:
        """``("Planner", "Follower", "Opportunist", "Hare")``."""
        return _STRATEGIES

    def _ground(self, hunters: int) -> Ground:
        return Ground(
            hunters=hunters,
            prey=self.prey,
            threshold=self.threshold,
            prey_speed=self.prey_speed,
            horizon=self.horizon,
            noise=self.noise,
        )

    @cached_property
    def _known(self) -> dict[bytes, tuple[FloatArray, FloatArray, float]]:
        return {}

    def _simulated(self, counts: IntArray) -> tuple[FloatArray, FloatArray, float]:
        """Return mean payoff, standard error and success of one composition; each is simulated once."""
        key = counts.tobytes()
        if key not in self._known:
            self._known[key] = self._simulate(counts)
        return self._known[key]

    def _simulate(self, counts: IntArray) -> tuple[FloatArray, FloatArray, float]:
        from evocoop.hunt.chase import run_chases  # needs a compiler; checking an experiment does not

        kinds = np.repeat(np.arange(3), counts[:3])
        costs = np.array([self.cost + self.plan_cost, self.cost, self.cost])
        means, errors = np.append(-costs, self.hare), np.zeros(4)
        if len(kinds) < self.threshold:
            return means, errors, 0.0
        asked = self._ground(len(kinds))._asked() | {
            "minds": np.array(_MINDS)[kinds],
            "planners": np.array(_PLANS)[kinds],
        }
        keys = np.zeros((self.hunts, 4), dtype=np.int64)
        keys[:, 0], keys[:, 2] = self.seed, np.arange(self.hunts)
        keys[:, 1] = 1 + int(counts @ np.array([1, 13, 169, 2197]))
        taken, _, _, there = run_chases(asked, keys)
        won = (taken >= 0)[:, None]
        here = there * won
        shares = here / np.maximum(here.sum(axis=1, keepdims=True), 1)
        spoils = self.prey_value * ((1.0 - self.leak) * shares + self.leak * won / len(kinds))
        chance = (won.sum() + 1) / (self.hunts + 2)
        floor = self.prey_value / len(kinds) * np.sqrt(chance * (1 - chance) / self.hunts)
        for kind in range(3):
            if counts[kind]:
                own = spoils[:, kinds == kind].mean(axis=1)
                means[kind] = own.mean() - costs[kind]
                errors[kind] = max(floor, own.std(ddof=1) / np.sqrt(self.hunts))
        return means, errors, float(won.mean())

    def record(self, strategy: str) -> Chase:
        """Return the course of one hunt of a whole group of a strategy: the first that ends as most of 24 do.

        Raises:
            UnknownNameError: when the strategy does not hunt.

        >>> ChaseGame(hunts=2).record("Planner").hunters.shape[1:]
        (4, 2)
        """
        from evocoop.hunt.chase import hunt_once

        if strategy not in _STRATEGIES[:3]:
            raise UnknownNameError("hunting strategy", strategy, _STRATEGIES[:3])
        kind = _STRATEGIES.index(strategy)
        mind = next(name for name, number in MINDS.items() if number == _MINDS[kind])
        ground = replace(self._ground(self.group_size), mind=mind, roles=bool(_PLANS[kind]))
        hunts = [hunt_once(ground, seed=self.seed, replicate=one) for one in range(_TRIED)]
        mostly = 2 * sum(hunt.taken is not None for hunt in hunts) >= _TRIED
        return next(hunt for hunt in hunts if (hunt.taken is not None) == mostly)

    def group_payoffs(self, counts: IntArray) -> FloatArray:
        """Return the mean payoff of each strategy in groups of the given compositions, array (m, 4)."""
        return np.array([self._simulated(np.ascontiguousarray(row))[0] for row in counts])

    def payoff_table(self, strategies: Sequence[str | int] | None = None) -> PayoffTable:
        """Return the payoffs of all strategies, or of the chosen ones, with their standard errors."""
        chosen = list(range(4)) if strategies is None else [strategy_index(_STRATEGIES, s) for s in strategies]
        others = compositions(self.group_size - 1, len(chosen))
        values, errors = np.empty((len(chosen), len(others))), np.empty((len(chosen), len(others)))
        for row, strategy in enumerate(chosen):
            for column, among in enumerate(others):
                counts = np.zeros(4, dtype=np.int64)
                counts[chosen] = among
                counts[strategy] += 1
                found = self._simulated(counts)
                values[row, column], errors[row, column] = found[0][strategy], found[1][strategy]
        names = tuple(_STRATEGIES[i] for i in chosen)
        cooperation = self.self_cooperation()[chosen]
        return PayoffTable(names, values, errors, self.group_size, cooperation)

    def self_cooperation(self) -> FloatArray:
        """Return how often a group of each strategy's own kind makes a kill."""
        own = np.eye(4, dtype=np.int64) * self.group_size
        return np.array([self._simulated(row)[2] for row in own])
