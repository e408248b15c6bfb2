"""Evolving capacities: a population of hunters in which every capacity may be gained and lost on its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from evocoop.core.errors import InputError, UnknownNameError, check_integer, check_number, check_probability
from evocoop.dynamics.sampling import mean_and_interval, share_out, stream_keys
from evocoop.games.coordinated_hunt import CoordinatedHunt
from evocoop.games.genotypes import DISPOSITIONS, SWITCHES, Genotype, check_capacities, switch_table
from evocoop.games.payoffs import FloatArray, IntArray
from evocoop.hunt import evolution_kernels as kernels
from evocoop.hunt.payoff_level import ecology, party_tables

ROLE = 0x65766F6C  # keeps these streams apart from any other room's


@dataclass(frozen=True, eq=False)
class Evolution:
    """Independent populations of evolving minds.

    Args:
        capacities: those that could evolve.
        dispositions: those that could evolve.
        generations: the last generation of each record, array (records,).
        capacity_paths: share of bearers, array (replicates, records, capacities).
        disposition_paths: shares, array (replicates, records, dispositions).
        hunting_paths: share of the population that hunts, array (replicates, records).
        success_paths: share of hunts that succeed, array (replicates, records).
        shares: long-run share of each capacity's bearers, after the burn-in.
        standard_errors: of ``shares``, between replicates; nan with one replicate.
        interval: array (capacities, 2), 95 % intervals of ``shares``.
        disposition_shares: long-run shares of the dispositions.
        cooperation: long-run share of hunters: mean, low and high end of its 95 % interval.
        success: long-run share of successful hunts, likewise.
    """

    capacities: tuple[str, ...]
    dispositions: tuple[str, ...]
    generations: IntArray
    capacity_paths: FloatArray
    disposition_paths: FloatArray
    hunting_paths: FloatArray
    success_paths: FloatArray
    shares: FloatArray
    standard_errors: FloatArray
    interval: FloatArray
    disposition_shares: FloatArray
    cooperation: tuple[float, float, float]
    success: tuple[float, float, float]


def evolve(
    game: CoordinatedHunt,
    *,
    capacities: Sequence[str],
    dispositions: Sequence[str] = ("Hare",),
    prices: Mapping[str, float] | None = None,
    population_size: int = 100,
    selection_strength: float = 1.0,
    mutation: float = 0.005,
    rounds: int = 2,
    generations: int = 2000,
    burn_in: int = 500,
    records: int = 100,
    replicates: int = 8,
    seed: int = 0,
    workers: int = 1,
) -> Evolution:
    """Return populations in which dispositions and single capacities evolve by hunting (Wright-Fisher).

    Each generation everybody hunts ``rounds`` times in random groups; parents are drawn in proportion to
    ``exp(beta payoff)``; each capacity of a child is switched, and its disposition redrawn, with probability mu. All
    2^n combinations of capacities can arise. The first generation has no capacities and equal shares of dispositions.

    Args:
        game: the ecology; its own list of minds is not used.
        capacities: those that may evolve.
        dispositions: those that may evolve.
        prices: what bearing a capacity costs, by name; the game's upkeep for those left out.
        population_size: Z, a multiple of the group size.
        selection_strength: beta, at least 0.
        mutation: mu, in [0, 1].
        rounds: hunts of everybody in a generation.
        generations: how many.
        burn_in: generations that the long-run shares leave out.
        records: points of the recorded paths, each the mean of the generations since the last.
        replicates: independent populations, each with a stream of its own.
        seed: the seed.
        workers: threads; they do not change the numbers.

    Raises:
        InputError: when a number is out of range; UnknownNameError for an unknown capacity or disposition.

    Source: Wright 1931, Genetics 16:97; the minds and their hunt are our hypothesis.

    >>> from evocoop.games import CoordinatedHunt
    >>> run = evolve(CoordinatedHunt(), capacities=["commit"], generations=200, burn_in=50, replicates=2)
    >>> run.capacity_paths.shape
    (2, 100, 1)
    """
    able, kinds = check_capacities(capacities), _checked(dispositions)
    people = check_integer("population_size", population_size, minimum=game.group_size, maximum=1_000_000)
    if people % game.group_size:
        raise InputError(f"population_size must be a multiple of the group size {game.group_size}, not {people}")
    records = check_integer("records", records, minimum=1)
    every = max(1, check_integer("generations", generations, minimum=1) // records)
    records = min(records, generations)
    skipped = check_integer("burn_in", burn_in, minimum=0, maximum=generations - 1) // every
    keys = stream_keys(seed, 0, replicates, ROLE)
    paths = tuple(np.zeros((len(keys), records, width)) for width in (len(kinds), len(able), 2))
    rows = switch_table([Genotype(kind, kind) for kind in kinds]) << np.arange(len(SWITCHES))
    bits = np.array([1 << SWITCHES.index(name) for name in able], dtype=np.int64)
    idle = 2 if game.idles else int(game.idles_without_foresight)
    rounds = check_integer("rounds", rounds, minimum=1)
    strength = check_number("selection_strength", selection_strength, minimum=0.0)
    mutation = check_probability("mutation", mutation)
    eco, tables = ecology(game), party_tables(game)
    costs = _prices(game, able, prices)

    def run(part: slice) -> None:
        for one in range(part.start, part.stop):
            start = np.arange(people) % len(kinds), np.zeros(people, dtype=np.int64)
            kernels.evolve(
                keys[one], rows.sum(axis=1), bits, costs, start[0], start[1], idle, _kept(), game.group_size, rounds,
                strength, mutation, eco, tables, every, paths[0][one], paths[1][one], paths[2][one],
            )  # fmt: skip

    share_out(run, len(keys), workers)
    return _record(able, kinds, paths, every, min(skipped, records - 1))


def _record(
    able: tuple[str, ...], kinds: tuple[str, ...], paths: tuple[FloatArray, ...], every: int, skipped: int
) -> Evolution:
    late = [path[:, skipped:].mean(axis=1) for path in paths]
    shares, errors, interval = mean_and_interval(late[1]) if able else (np.zeros(0), np.zeros(0), np.zeros((0, 2)))
    mean, _, ends = mean_and_interval(late[2])
    hunting, success = ((float(mean[i]), float(ends[i, 0]), float(ends[i, 1])) for i in range(2))
    times = every * np.arange(1, paths[0].shape[1] + 1)
    return Evolution(
        able, kinds, times, paths[1], paths[0], paths[2][:, :, 0], paths[2][:, :, 1], shares, errors, interval,
        late[0].mean(axis=0), hunting, success,
    )  # fmt: skip


def _checked(dispositions: Sequence[str]) -> tuple[str, ...]:
    for name in dispositions:
        if name not in DISPOSITIONS:
            raise UnknownNameError("disposition", name, tuple(DISPOSITIONS))
    if not dispositions or isinstance(dispositions, str):
        raise InputError("dispositions must be a list of at least one name")
    return tuple(dict.fromkeys(dispositions))


def _kept() -> int:
    return sum(1 << SWITCHES.index(name) for name in ("scavenge", "harass"))


def _prices(game: CoordinatedHunt, able: tuple[str, ...], prices: Mapping[str, float] | None) -> FloatArray:
    given = dict(prices or {})
    for name in given:
        if name not in able:
            raise UnknownNameError("capacity with a price", name, able)
    return np.array([check_number("prices", given.get(name, game.upkeep)) for name in able], dtype=np.float64)
