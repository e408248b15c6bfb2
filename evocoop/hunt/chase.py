"""The chase: a group hunt on a plane, in which agreeing on one prey and on who goes where decides who eats."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from evocoop.core.errors import UnknownNameError, check_integer
from evocoop.hunt import chase_kernels as kernels
from evocoop.hunt.chase_kernels import FloatArray, IntArray
from evocoop.hunt.ground import Ground


@dataclass(frozen=True)
class Chase:
    """One hunt, step by step.

    Args:
        ground: who hunted whom.
        seed: the seed that gives this hunt again.
        hunters: places, array (steps + 1, hunters, 2), on [0, size).
        prey: places, array (steps + 1, prey, 2).
        quarries: number of the prey each hunter was after, array (steps + 1, hunters).
        taken: number of the prey that was caught, or None.
        agreement: mean share of the hunters that were after the commonest quarry.
    """

    ground: Ground
    seed: int
    hunters: FloatArray
    prey: FloatArray
    quarries: IntArray
    taken: int | None
    agreement: float

    @property
    def steps(self) -> int:
        """How many steps the hunt lasted."""
        return len(self.hunters) - 1

    def role(self, hunter: int, step: int) -> str:
        """Return what a hunter's place means for its quarry: ``"blocker"``, ``"driver"``, ``"chaser"``, ``"ambusher"``.

        Ahead of the quarry (within 45 degrees of where it moves) a hunter blocks, or waits in ambush when it stands
        almost still; behind it (beyond 135 degrees) it chases; beside it, it drives.
        """
        step = min(max(step, 1), self.steps)
        quarry, size = self.quarries[step, hunter], self.ground.size
        moves = _short(self.prey[step, quarry] - self.prey[step - 1, quarry], size)
        lies = _short(self.hunters[step, hunter] - self.prey[step, quarry], size)
        angle = abs(np.angle(complex(*lies) * complex(*moves).conjugate()))
        if angle > 0.75 * np.pi:
            return "chaser"
        if angle > 0.25 * np.pi:
            return "driver"
        stride = _short(self.hunters[step, hunter] - self.hunters[step - 1, hunter], size)
        return "ambusher" if np.hypot(*stride) < 0.2 else "blocker"


@dataclass(frozen=True)
class ChaseSuccess:
    """How often hunts succeed.

    Args:
        ground: who hunts whom.
        success: share of the hunts that end with a kill.
        interval: 95 % interval of it (Wilson 1927, J Am Stat Assoc 22:209).
        standard_error: of it.
        mean_time: mean number of steps of the successful hunts; nan when there is none.
        agreement: mean share of the hunters that were after the commonest quarry.
        agreement_error: its standard error.
        hunts: how many were run.
    """

    ground: Ground
    success: float
    interval: tuple[float, float]
    standard_error: float
    mean_time: float
    agreement: float
    agreement_error: float
    hunts: int


def hunt_once(ground: Ground | None = None, *, seed: int = 0, replicate: int = 0, **changes: Any) -> Chase:
    """Run one hunt and return everybody's path.

    Args:
        ground: who hunts whom; the default ground when left out.
        seed: the seed, at least 0.
        replicate: number of the hunt among those of the seed.
        **changes: fields of :class:`Ground` to change.

    Raises:
        InputError: when a number is out of range or a field is unknown.

    >>> hunt = hunt_once(hunters=4, seed=1)
    >>> hunt.taken, hunt.hunters.shape == (hunt.steps + 1, 4, 2)
    (0, True)
    """
    ground = _ground(ground, changes)
    key = _keys(seed, replicate, 1)[0]
    path = np.zeros((ground.steps + 1, ground.hunters + ground.prey, 2))
    quarries = np.zeros((ground.steps + 1, ground.hunters), dtype=np.int64)
    there = np.zeros(ground.hunters, dtype=np.int64)
    taken, time, agreement = kernels.chase(**ground._asked(), key=key, path=path, quarries=quarries, at_kill=there)
    path, quarries = path[: time + 1], quarries[: time + 1]
    hunters, prey = path[:, : ground.hunters].copy(), path[:, ground.hunters :].copy()
    return Chase(ground, seed, hunters, prey, quarries.copy(), None if taken < 0 else int(taken), float(agreement))


def chase_success(
    ground: Ground | None = None, *, replicates: int = 1000, seed: int = 0, workers: int = 1, **changes: Any
) -> ChaseSuccess:
    """Run many hunts and return how often they succeed; the same numbers for any number of workers.

    Args:
        ground: who hunts whom; the default ground when left out.
        replicates: how many hunts, at least 2.
        seed: the seed, at least 0.
        workers: threads.
        **changes: fields of :class:`Ground` to change.

    Raises:
        InputError: when a number is out of range or a field is unknown.

    >>> planned = chase_success(hunters=4, replicates=200)
    >>> scattered = chase_success(hunters=4, replicates=200, roles=False)
    >>> planned.success > 0.7 > 0.3 > scattered.success
    True
    """
    ground = _ground(ground, changes)
    hunts = check_integer("replicates", replicates, minimum=2, maximum=10_000_000)
    keys = _keys(seed, 0, hunts)
    taken, times, agreement, _ = run_chases(ground._asked(), keys, workers)
    won = taken >= 0
    share = float(won.mean())
    return ChaseSuccess(
        ground=ground,
        success=share,
        interval=_wilson(share, hunts),
        standard_error=float(np.sqrt(share * (1.0 - share) / hunts)),
        mean_time=float(times[won].mean()) if won.any() else float("nan"),
        agreement=float(agreement.mean()),
        agreement_error=float(agreement.std(ddof=1) / np.sqrt(hunts)),
        hunts=hunts,
    )


def run_chases(
    asked: dict[str, Any], keys: IntArray, workers: int = 1
) -> tuple[IntArray, IntArray, FloatArray, IntArray]:
    """Run one chase for each key, on threads; return the prey taken, the steps, the agreement and who was there."""
    hunts = len(keys)
    taken, times, agreement = np.empty(hunts, dtype=np.int64), np.empty(hunts, dtype=np.int64), np.empty(hunts)
    there = np.empty((hunts, len(asked["minds"])), dtype=np.int64)
    parts = np.array_split(np.arange(hunts), min(check_integer("workers", workers, minimum=1), hunts))

    def run(part: IntArray) -> None:
        here = slice(int(part[0]), int(part[-1]) + 1)
        kernels.chase_all(
            **asked, keys=keys[here], taken=taken[here], times=times[here], agreement=agreement[here],
            at_kill=there[here],
        )  # fmt: skip

    if len(parts) == 1:
        run(parts[0])
    else:
        with ThreadPoolExecutor(len(parts)) as pool:
            list(pool.map(run, parts))
    return taken, times, agreement, there


def match_probability(hunters: int, prey: int) -> float:
    """Return m^(1-N), the chance that N independent choosers of one in m prey all choose the same.

    >>> match_probability(3, 4)
    0.0625
    """
    hunters = check_integer("hunters", hunters, minimum=1)
    return float(check_integer("prey", prey, minimum=1)) ** (1 - hunters)


def _ground(ground: Ground | None, changes: dict[str, Any]) -> Ground:
    known = tuple(field.name for field in fields(Ground))
    for name in changes:
        if name not in known:
            raise UnknownNameError("field of the ground", name, known)
    return replace(ground, **changes) if ground is not None else Ground(**changes)


def _keys(seed: int, first: int, count: int) -> IntArray:
    keys = np.zeros((count, 4), dtype=np.int64)
    keys[:, 0] = check_integer("seed", seed, minimum=0, maximum=2**62)
    keys[:, 2] = check_integer("replicate", first, minimum=0) + np.arange(count)
    return keys


def _short(way: FloatArray, size: float) -> FloatArray:
    """Return the shortest of equal ways on the torus."""
    return np.asarray(way - size * np.round(way / size))


def _wilson(share: float, count: int) -> tuple[float, float]:
    z = 1.959963984540054
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z / (1 + z * z / count) * np.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    return max(0.0, float(middle - half)), min(1.0, float(middle + half))
