"""The inner loops of evolving minds: generations of hunters whose capacities mutate one by one."""

from __future__ import annotations

import numpy as np

from evocoop.core.jit import kernel
from evocoop.core.streams import below, stream, uniform
from evocoop.hunt.group_kernels import (
    ACCEPT,
    COMMIT,
    FORESIGHT,
    MIND,
    ROWS,
    Draws,
    Ecology,
    FloatArray,
    IntArray,
    all_switches,
    happens,
    hunt,
)


@kernel
def mind_of(disposition: int, capacities: int, idle: int, kept: int) -> int:
    """Return the switches of a mind that acts: with its promises, and idle where it does not see the kill ahead."""
    mind = disposition | capacities
    if mind & COMMIT:
        mind |= ACCEPT
    if idle == 2 or (idle == 1 and not mind & FORESIGHT):
        mind &= kept
    return mind


@kernel
def shuffle(order: IntArray, draws: Draws) -> None:
    """Put a population in random order (Fisher-Yates)."""
    for last in range(len(order) - 1, 0, -1):
        other = np.int64(below(draws, last + 1))
        order[last], order[other] = order[other], order[last]


@kernel
def season(
    minds: IntArray, order: IntArray, group: IntArray, rounds: int, eco: Ecology, tables: FloatArray,
    pay: FloatArray, payoffs: FloatArray, draws: Draws,
) -> tuple[float, float]:  # fmt: skip
    """Let random groups hunt; fill the mean payoffs, and return the share of hunters and of successful hunts."""
    size, groups = group.shape[1], len(order) // group.shape[1]
    hunters, kills = 0, 0
    payoffs[:] = 0.0
    for _ in range(rounds):
        shuffle(order, draws)
        for one in range(groups):
            for me in range(size):
                group[MIND, me] = minds[order[one * size + me]]
            party, kill = hunt(group, all_switches(group), eco, tables, pay, draws)
            hunters += party
            kills += 1 if kill else 0
            for me in range(size):
                payoffs[order[one * size + me]] += pay[me] / rounds
    return hunters / (rounds * groups * size), kills / (rounds * groups)


@kernel
def breed(
    kinds: IntArray, capacities: IntArray, payoffs: FloatArray, strength: float, young: IntArray, draws: Draws
) -> None:
    """Replace a population by offspring of parents drawn by ``exp(strength * payoff)``."""
    highest = payoffs.max()
    running = np.exp(strength * (payoffs - highest)).cumsum()
    for child in range(len(kinds)):
        parent = min(np.searchsorted(running, uniform(draws) * running[-1], side="right"), len(kinds) - 1)
        young[0, child], young[1, child] = kinds[parent], capacities[parent]
    kinds[:], capacities[:] = young[0], young[1]


@kernel
def mutate(
    kinds: IntArray, capacities: IntArray, dispositions: int, bits: IntArray, mutation: float, draws: Draws
) -> None:
    """Switch each capacity, and redraw the disposition, with the mutation probability."""
    for me in range(len(kinds)):
        for bit in bits:
            if happens(draws, mutation):
                capacities[me] ^= bit
        if happens(draws, mutation):
            kinds[me] = np.int64(below(draws, dispositions))


@kernel
def evolve(
    key: IntArray, dispositions: IntArray, bits: IntArray, prices: FloatArray, kinds: IntArray, capacities: IntArray,
    idle: int, kept: int, size: int, rounds: int, strength: float, mutation: float, eco: Ecology, tables: FloatArray,
    every: int, kept_kinds: FloatArray, kept_bits: FloatArray, kept_hunts: FloatArray,
) -> None:  # fmt: skip
    """Run one population for as many generations as there is room to record, times ``every``.

    Args:
        key: seed, cell, replicate and role of the random stream.
        dispositions: switches of each disposition.
        bits: the capacities that may evolve.
        prices: what each of them costs its bearer.
        kinds: disposition of each individual; changed.
        capacities: of each individual, as bits; changed.
        idle: 1 when minds without foresight never start, 2 when nobody does.
        kept: the switches that an idle mind keeps.
        size: members of a group.
        rounds: hunts of everybody in a generation.
        strength: selection strength.
        mutation: chance that a capacity is switched, or a disposition redrawn, at birth.
        eco: the game.
        tables: see :func:`evocoop.hunt.group_kernels.hunt`.
        every: generations that are averaged into one record.
        kept_kinds: (records, dispositions), filled with shares.
        kept_bits: (records, capacities), filled with shares.
        kept_hunts: (records, 2), filled with the share of hunters and of successful hunts.
    """
    draws = stream(key[0], key[1], key[2], key[3])
    people = len(kinds)
    order, minds = np.arange(people), np.zeros(people, dtype=np.int64)
    young, payoffs = np.zeros((2, people), dtype=np.int64), np.zeros(people)
    group, pay = np.zeros((ROWS, size), dtype=np.int64), np.zeros(size)
    for record in range(len(kept_hunts)):
        for _ in range(every):
            for me in range(people):
                minds[me] = mind_of(dispositions[kinds[me]], capacities[me], idle, kept)
                kept_kinds[record, kinds[me]] += 1.0 / (people * every)
                for number in range(len(bits)):
                    if capacities[me] & bits[number]:
                        kept_bits[record, number] += 1.0 / (people * every)
            hunters, kills = season(minds, order, group, rounds, eco, tables, pay, payoffs, draws)
            kept_hunts[record, 0] += hunters / every
            kept_hunts[record, 1] += kills / every
            for me in range(people):
                for number in range(len(bits)):
                    if capacities[me] & bits[number]:
                        payoffs[me] -= prices[number]
            breed(kinds, capacities, payoffs, strength, young, draws)
            mutate(kinds, capacities, len(dispositions), bits, mutation, draws)
