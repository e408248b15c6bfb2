"""Shared intentions and technology: joint moves make new conventions possible, and demes that have them win."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evocoop.core.errors import InputError, check_integer, check_number, check_probability
from evocoop.dynamics.sampling import mean_and_interval, share_out, stream_keys
from evocoop.games.payoffs import FloatArray

ROLE = 0x74656368  # keeps these streams apart from any other room's


@dataclass(frozen=True, eq=False)
class Technology:
    """Independent histories of populations in demes.

    Args:
        sharing: share of individuals that share intentions, array (replicates, generations).
        level: mean level of technology, array (replicates, generations).
        long_run: share over the second half: mean, low and high end of its 95 % interval.
        growth: levels gained per generation: mean, low and high end of its 95 % interval.
    """

    sharing: FloatArray
    level: FloatArray
    long_run: tuple[float, float, float]
    growth: tuple[float, float, float]


def technology_takeoff(
    alpha: float,
    *,
    demes: int = 10,
    deme_size: int = 24,
    degree: int = 4,
    periods: int = 40,
    price: float = 0.1,
    mutation: float = 0.01,
    contests: float = 0.3,
    generations: int = 300,
    replicates: int = 8,
    seed: int = 0,
    workers: int = 1,
) -> Technology:
    """Return how sharing intentions and technology rise together, or do not.

    Everybody lives on a ring and matches conventions with ``degree`` neighbours: a match on the new one is worth alpha
    times a match on the old. In every period somebody who shares intentions may switch together with the run of its
    like around it, if all of them gain, and one individual takes the better convention on its own. A deme in which the
    new convention has taken over rises by one level, where it is the old one. Then all reproduce within their demes in
    proportion to payoff (sharing has a price), and now and then a deme at a higher level replaces another.

    On such a ring a run of s >= 3 gains by switching iff ``alpha > 2`` (degree 4), the whole ring iff alpha > 1.

    Args:
        alpha: what a match on the new convention is worth, above 0.
        demes: how many, at least 2.
        deme_size: individuals in a deme, more than ``degree``.
        degree: neighbours, even.
        periods: in a generation.
        price: of sharing intentions, in units of a match on the old convention with everybody.
        mutation: chance that a child differs.
        contests: chance of a contest of two demes in a generation.
        generations: how many, at least 2.
        replicates: independent histories.
        seed: the seed.
        workers: threads; they do not change the numbers.

    Raises:
        InputError: when a number is out of range.

    Source: Angus & Newton 2015, PLoS Comput Biol 11:e1004587, for the structure and the ordering (sharing spreads and
    technology grows only where alpha is large); sizes, rates and the ring are ours.

    >>> low, high = (technology_takeoff(a, generations=100, replicates=2).growth[0] for a in (1.2, 3.0))
    >>> low < 0.2 < 0.5 < high
    True
    """
    from evocoop.minds import technology_kernels as kernels

    alpha = check_number("alpha", alpha, minimum=0.0, exclusive=True)
    degree = check_integer("degree", degree, minimum=2)
    size = check_integer("deme_size", deme_size, minimum=degree + 1, maximum=10_000)
    if degree % 2:
        raise InputError(f"degree must be even, as many neighbours on either side, not {degree}")
    groups = check_integer("demes", demes, minimum=2, maximum=10_000)
    length = check_integer("generations", generations, minimum=2, maximum=1_000_000)
    turns = check_integer("periods", periods, minimum=1, maximum=1_000_000)
    price = check_number("price", price, minimum=0.0)
    chances = check_probability("mutation", mutation), check_probability("contests", contests)
    keys = stream_keys(seed, 0, replicates, ROLE)
    out = np.zeros((len(keys), length, 2))

    def run(part: slice) -> None:
        for one in range(part.start, part.stop):
            kernels.history(
                keys[one], groups, size, degree // 2, alpha, turns, price, chances[0], chances[1], out[one]
            )  # fmt: skip

    share_out(run, len(keys), workers)
    late = out[:, length // 2 :, 0].mean(axis=1)
    growth = out[:, -1, 1] / length
    mean, _, ends = mean_and_interval(np.stack([late, growth], axis=1))
    found = [(float(mean[i]), float(ends[i, 0]), float(ends[i, 1])) for i in range(2)]
    return Technology(out[:, :, 0], out[:, :, 1], found[0], found[1])
