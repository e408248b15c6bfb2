"""The opponents of a fingerprint: a probe that cooperates or defects anyway now and then, at all points of a square."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from evocoop.play.automata import Automaton
from evocoop.play.fingerprint_kernels import play_square
from evocoop.play.kernels import draw_seeds
from evocoop.play.seats import Seat
from evocoop.play.setting import Terms
from evocoop.strategies.draws import STREAM_WORDS
from evocoop.strategies.families.wrappers import joss_ann
from evocoop.strategies.plan import Plan
from evocoop.strategies.resolve import NotNativeError, plan_of
from evocoop.strategies.spec import Spec
from evocoop.strategies.state import PLAYER

Floats = NDArray[np.float64]

_FLIPPED = [2, 3, 0, 1]


def mixed(probe: Spec, x: float, y: float) -> Spec:
    """Return the opponent at the point (x, y)."""
    if x + y >= 1:
        return Spec("DualTransformer", (Spec("JossAnnTransformer", (probe, (1 - x, 1 - y))),))
    return Spec("JossAnnTransformer", (probe, (x, y)))


def mixed_automaton(probe: Automaton, x: float, y: float) -> Automaton:
    """Return the automaton of the opponent at the point (x, y)."""
    cooperates = (1 - y) * probe.cooperates + x * (1 - probe.cooperates)
    return Automaton(cooperates, probe.moves if x + y < 1 else probe.moves[:, _FLIPPED])


class Mixtures:
    """The opponents of all points: a few plans, and the numbers in which points that share a plan differ.

    Args:
        probe: the strategy that is mixed.
        shares: the values of x and of y.
    """

    def __init__(self, probe: Spec, shares: Floats) -> None:
        self.points = np.array([(x, y) for x in shares for y in shares])
        dual = self.points.sum(axis=1) >= 1
        parts = np.where(dual[:, None], 1 - self.points, self.points)
        parts = parts / np.maximum(parts[:, :1] + parts[:, 1:], 1)
        chances = np.column_stack([parts, np.maximum(0, 1 - parts[:, 0] - parts[:, 1])])
        cumulated = np.cumsum(chances, axis=1)
        self.numbers = np.ascontiguousarray(cumulated / cumulated[:, 2:])
        self.which = dual.astype(np.int64)
        self.plans: list[Plan] | None = None
        try:
            plans = [plan_of(mixed(probe, share, share)) for share in (0.25, 0.75)]
            for k in np.flatnonzero((chances == 1).any(axis=1)):
                self.which[k] = len(plans)
                plans.append(plan_of(mixed(probe, *self.points[k].tolist())))
        except NotNativeError:
            return
        self.plans = plans

    def meet(self, me: Plan, agreed: Terms, repetitions: int, seed: int, workers: int) -> NDArray[np.int64]:
        """Return the counts of joint plays of a strategy with every mixture, int64[points, repetitions, 4]."""
        seeds = np.empty(len(self.points), dtype=np.int64)
        stream = np.zeros(STREAM_WORDS, dtype=np.int64)
        draw_seeds(seed, stream.ctypes.data, seeds)
        joint = np.zeros((len(seeds), repetitions, 4), dtype=np.int64)
        parts = np.array_split(np.arange(len(seeds)), min(workers, len(seeds)))
        with ThreadPoolExecutor(len(parts)) as pool:
            work = [pool.submit(self._meet, me, agreed, seeds, joint, part[0], part[-1] + 1) for part in parts]
        for one in work:
            one.result()
        return joint

    def _meet(
        self, me: Plan, agreed: Terms, seeds: NDArray[np.int64], joint: NDArray[np.int64], begin: int, end: int
    ) -> None:
        turns = int(agreed.turns)
        own = Seat(me, agreed.setting, turns)
        seats = [Seat(plan, agreed.setting, turns) for plan in self.plans or ()]
        numbers = self.numbers[begin:end]
        stream = np.zeros(STREAM_WORDS, dtype=np.int64)
        seconds = np.array([seat.address for seat in seats], dtype=np.int64)
        mixed = np.array([_numbered(seat) if k < 2 else 0 for k, seat in enumerate(seats)], dtype=np.int64)
        rules = np.array([agreed.turns, agreed.noise])
        play_square(
            own.address, seconds, mixed, self.which[begin:end], numbers.ctypes.data, seeds[begin:end], rules,
            stream.ctypes.data, joint[begin:end],
        )  # fmt: skip


def _numbered(seat: Seat) -> int:
    """Return the address of the record that holds the probabilities of a mixture, or 0 when it has none."""
    places = [k for k, plan in enumerate(seat.plan.everyone()) if plan.rule is joss_ann]
    return seat.address + places[0] * PLAYER.itemsize if places else 0
