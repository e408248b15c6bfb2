"""The Moran process of players that evolve: every offspring is a mutant of its parent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evocoop.core.errors import InputError, check_integer
from evocoop.play import moran_kernels
from evocoop.play.evolvable import Evolvable, evolvable_player
from evocoop.play.kernels import chunk_memory
from evocoop.play.moran import Edges, Neighbours, check_process, match_room
from evocoop.play.seats import Seat
from evocoop.play.setting import Terms, seed_of, terms
from evocoop.strategies.draws import next_below, next_double, next_seed, start_stream

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

MOST_STEPS = 1_000_000
MATCHES, PROCESS, BULK, IDLE = range(4)
"""Streams: of a match, of the process, of the seeds of matches, and one that nothing depends on."""


@dataclass(frozen=True, eq=False)
class Lineages:
    """One Moran process of players that evolve.

    Args:
        individuals: everybody who ever lived, by birth; the first ones were there at the start.
        parents: the parent of each, as a number in ``individuals``; -1 for those of the start.
        members: who lives at each position, array (steps + 1, positions) of numbers in ``individuals``.
        fitness: sum over neighbours of payoffs per turn, array (steps, positions); nan for the dead.
        seed: the seed that gives this process again.
    """

    individuals: tuple[Evolvable, ...]
    parents: Ints
    members: Ints
    fitness: Floats
    seed: int

    @property
    def steps(self) -> int:
        """How many births and deaths there were."""
        return len(self.members) - 1

    @property
    def population(self) -> tuple[Evolvable, ...]:
        """Who lives at the end."""
        return tuple(self.individuals[k] for k in self.members[-1])

    def ancestry(self, individual: int) -> list[int]:
        """Return an individual and its ancestors, back to the start."""
        line = [check_integer("individual", individual, minimum=0, maximum=len(self.individuals) - 1)]
        while self.parents[line[-1]] >= 0:
            line.append(int(self.parents[line[-1]]))
        return line


def evolving_moran_process(
    players: Sequence[Any],
    *,
    steps: int,
    turns: int | None = None,
    seed: int | None = None,
    noise: float = 0.0,
    prob_end: float | None = None,
    game: Any = None,
    mode: str = "bd",
    interaction: Edges | None = None,
    reproduction: Edges | None = None,
    compat: str = "correct",
) -> Lineages:
    """Run a Moran process in which every offspring is a mutant of its parent, by the parent's own mutation.

    Matches, births in proportion to payoff and deaths are those of :func:`moran_process`; a match that holds no chance
    is played once for each two individuals.

    Args:
        players: individuals of :func:`evolvable_player`, or strategies of the catalogue that are of one of its kinds.
            They give their parameters; their sources of chance are seeded anew.
        steps: how many births.
        turns: how many turns a match has; 200 when neither this nor ``prob_end`` is given.
        seed: 0 … 2^32 - 1; a fresh one when left out.
        noise: probability that a play is flipped.
        prob_end: probability that a match ends after a turn.
        game: R, S, T, P as four numbers or a 2×2 matrix; 3, 0, 5, 1 when left out. Payoffs must not be negative.
        mode: ``"bd"`` (birth-death) or ``"db"`` (death-birth).
        interaction: pairs of positions that play; everybody with everybody when left out.
        reproduction: pairs of positions that replace each other, see :func:`moran_process`.
        compat: ``"axelrod"`` gives the library's process with ``mutation_method="atomic"`` at the same seed, individual
            for individual. Two things are repeated that ``"correct"`` does better. The library keeps matches without
            chance by the players' bare names: once two machines have met, all machines score as these two did. And
            a match starts a player's source of chance anew, so that a parent's next child varies as its last one did.

    Raises:
        InputError: when a player, a number or an edge is refused.

    Source: Moran 1958, Math Proc Camb Phil Soc 54:60; the library's process is that of Axelrod 4.13.

    >>> cycles = [evolvable_player("Cycler", cycle="CCCC", mutation_probability=0.5, seed=k) for k in range(5)]
    >>> run = evolving_moran_process(cycles, steps=60, turns=8, seed=1)
    >>> run.members.shape, len(run.individuals), run.ancestry(64)[-1] < 5
    ((61, 5), 65, True)
    >>> sum(one.parameters["cycle"].count("D") for one in run.population) > 10
    True
    """
    agreed, used = terms(turns, noise, prob_end, game), seed_of(seed)
    first = [one if isinstance(one, Evolvable) else evolvable_player(one, seed=0, compat=compat) for one in players]
    check_process(len(first), mode, compat, agreed)
    if compat == "axelrod" and agreed.prob_end and not agreed.noise:
        raise InputError("compat='axelrod' takes prob_end only with noise")
    graph = Neighbours(len(first), interaction, reproduction, mode)
    last = check_integer("steps", steps, minimum=1, maximum=MOST_STEPS)
    return Population(first, agreed, used, compat).run(graph, mode, last)


class Population:
    """Those who live: their seats, and the payoffs known so far."""

    def __init__(self, players: Sequence[Evolvable], agreed: Terms, seed: int, compat: str) -> None:
        self.agreed, self.seed, self.as_library = agreed, seed, compat == "axelrod"
        self._words = [chunk_memory() for _ in range(4)]
        self.streams = [int(one.ctypes.data) for one in self._words]
        start_stream(self.streams[PROCESS], seed)
        start_stream(self.streams[BULK], next_seed(self.streams[PROCESS]))
        self.living = [one.again(int(next_seed(self.streams[BULK])), compat) for one in players]
        self.everybody = list(self.living)
        self.size, self.room = len(players), match_room(agreed)
        self.seats = [[Seat(one.plan, agreed.setting, self.room) for one in self.living] for _ in range(2)]
        self.addresses = np.array([[seat.address for seat in side] for side in self.seats])
        self.plays = np.array([[seat.plays_address for seat in side] for side in self.seats])
        chance = np.array([one.plan.stochastic for one in self.living])
        self.still = agreed.noise == 0.0 and agreed.prob_end == 0.0
        self.settled = ~(chance[:, None] | chance[None, :]) & self.still
        self.known = np.full((self.size, self.size, 2), np.nan)
        self.by_name: dict[tuple[str, str], Floats] = {}
        self.drawn: set[int] = set()
        self.scores = np.empty(self.size)

    def run(self, graph: Neighbours, mode: str, steps: int) -> Lineages:
        """Run the process."""
        process, births = self.streams[PROCESS], mode == "bd"
        members = np.empty((steps + 1, self.size), dtype=np.int64)
        members[0] = np.arange(self.size)
        parents = np.full(self.size + steps, -1)
        fitness = np.empty((steps, self.size))
        for step in range(steps):
            dead = -1 if births else int(self.size * next_double(process))
            block = 0 if births else dead
            pairs = graph.pairs[graph.first_pair[block] : graph.first_pair[block + 1]]
            self._meet(pairs, dead)
            eligible = np.ones(self.size, dtype=np.bool_)
            if not births:
                eligible[:] = False
                eligible[graph.next_to[graph.first_next[dead] : graph.first_next[dead + 1]]] = True
            parent = int(moran_kernels.chosen(self.scores, eligible, next_double(process)))
            fitness[step] = self.scores
            if births:
                near = graph.next_to[graph.first_next[parent] : graph.first_next[parent + 1]]
                dead = int(near[next_below(process, len(near))])
            else:
                fitness[step, dead] = np.nan
            if self.as_library and self.living[parent].plan.stochastic:
                self.living[parent].go_on(self._last_stream(pairs, parent))
            members[step + 1], parents[self.size + step] = members[step], members[step, parent]
            members[step + 1, dead] = self.size + step
            self.drawn.add(parent)
            self._replace(dead, self.living[parent].mutate())
        return Lineages(tuple(self.everybody), parents, members, fitness, self.seed)

    def _meet(self, pairs: Ints, dead: int) -> None:
        """Let neighbours play, and fill in everybody's fitness."""
        if self.as_library:
            self._know_by_name(pairs)
        self._weigh(pairs, dead, BULK, self.scores)

    def _weigh(self, pairs: Ints, dead: int, seeds: int, scores: Floats) -> None:
        agreed, (firsts, seconds) = self.agreed, self.addresses
        needed = moran_kernels.weigh(
            np.arange(self.size), pairs, dead, firsts, seconds, self.plays, self.settled, self.known,
            np.array([agreed.turns, agreed.prob_end, agreed.noise]), np.array(agreed.payoffs),
            np.empty((self.size, self.size, 0, 2)), self.streams[seeds], self.streams[MATCHES], self.room, scores,
        )  # fmt: skip
        if needed:
            raise InputError(f"a match would last {needed} turns; give turns, too")

    def _know_by_name(self, pairs: Ints) -> None:
        """Know payoffs as the library does: by the names of players; whoever plays a match starts anew."""
        if not self.settled.any():
            self._start_anew(*range(self.size))
            return
        for i, j in pairs.tolist():
            names = self.living[i].kind, self.living[j].kind
            if not self.settled[i, j]:
                self._start_anew(i, j)
                continue
            if names not in self.by_name:
                self._start_anew(i, j)
                self._weigh(np.array([[i, j]]), -1, IDLE, np.empty(self.size))
                self.by_name[names] = self.known[i, j].copy()
            self.known[i, j] = self.by_name[names]

    def _start_anew(self, *places: int) -> None:
        for place in self.drawn.intersection(places):
            self.living[place].start_anew()
            self.drawn.remove(place)

    def _last_stream(self, pairs: Ints, who: int) -> Ints:
        """Return the stream from which a player drew in its last match."""
        row = int(np.flatnonzero((pairs == who).any(axis=1))[-1])
        return self.seats[int(pairs[row, 1] == who)][who].stream

    def _replace(self, place: int, child: Evolvable) -> None:
        self.living[place] = child
        self.everybody.append(child)
        self.drawn.discard(place)
        self.known[place] = self.known[:, place] = np.nan
        calm = [self.still and not (one.plan.stochastic or child.plan.stochastic) for one in self.living]
        self.settled[place] = self.settled[:, place] = calm
        for number, side in enumerate(self.seats):
            if not side[place].take(child.plan):
                seat = side[place] = Seat(child.plan, self.agreed.setting, self.room)
                self.addresses[number, place], self.plays[number, place] = seat.address, seat.plays_address
