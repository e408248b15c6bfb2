"""The Moran process of players who meet in matches, and the ecosystem that follows from a tournament."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evocoop.core.errors import InputError, check_integer, check_probability
from evocoop.play import moran_kernels
from evocoop.play.entrants import find_natives
from evocoop.play.kernels import chunk_memory
from evocoop.play.results import TournamentResult
from evocoop.play.seats import Row
from evocoop.play.setting import Terms, seed_of, terms
from evocoop.strategies.draws import STREAM_WORDS, next_seed, start_stream
from evocoop.strategies.resolve import Entrant

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Edges = Any
"""Pairs of positions, or a graph that has them as ``edges``: the library's or one of networkx, directed or not."""

MODES = ("bd", "db")
COMPATS = ("correct", "axelrod")
BLOCK = 10_000
MOST_TURNS = 10_000_000


@dataclass(frozen=True)
class MoranResult:
    """One Moran process.

    Args:
        types: the types of player, in order of appearance.
        counts: individuals of each type, array (steps + 1, types).
        winner: the type that took over, or None when it did not end.
        seed: the seed that gives this process again.
    """

    types: tuple[str, ...]
    counts: Ints
    winner: str | None
    seed: int

    @property
    def steps(self) -> int:
        """How many births and deaths there were."""
        return len(self.counts) - 1

    @property
    def populations(self) -> list[dict[str, int]]:
        """Individuals of each type that is present, step by step, as the library gives them."""
        return [{name: int(count) for name, count in zip(self.types, row, strict=True) if count} for row in self.counts]


def moran_process(
    players: Sequence[Any],
    *,
    turns: int | None = None,
    seed: int | None = None,
    noise: float = 0.0,
    prob_end: float | None = None,
    game: Any = None,
    mode: str = "bd",
    mutation: float = 0.0,
    interaction: Edges | None = None,
    reproduction: Edges | None = None,
    steps: int | None = None,
    approximate: int = 0,
    compat: str = "correct",
) -> MoranResult:
    """Run a Moran process: neighbours play matches, one gives birth in proportion to its payoffs, one dies.

    The fitness of an individual is the sum of its payoffs per turn over one match with each neighbour. Birth-death: a
    parent is drawn in proportion to fitness, and its offspring replaces one of its neighbours (or itself).
    Death-birth: somebody dies, and its neighbours compete for its place.

    Args:
        players: specs such as ``"GTFT(p=0.2)"``, or player objects of the library, one for each individual.
        turns: how many turns a match has; 200 when neither this nor ``prob_end`` is given.
        seed: 0 … 2^32 - 1; a fresh one when left out.
        noise: probability that a play is flipped.
        prob_end: probability that a match ends after a turn.
        game: R, S, T, P as four numbers or a 2×2 matrix; 3, 0, 5, 1 when left out. Payoffs must not be negative.
        mode: ``"bd"`` (birth-death) or ``"db"`` (death-birth).
        mutation: probability that an offspring is of another of the first types.
        interaction: pairs of positions that play, or a graph with such ``edges`` (the library's, or one of networkx);
            everybody with everybody when left out. In a directed graph players play along its edges.
        reproduction: pairs of positions that replace each other, or a graph, along whose edges offspring goes if it is
            directed; when left out, those that play (and in birth-death everybody itself).
        steps: how many births at most; needed with mutation, else the process runs until one type is left.
        approximate: draw the outcome of a match that holds chance from so many matches of the same types played
            beforehand, instead of playing it; 0 plays every match. Faster, and exact only as this number grows.
        compat: ``"correct"``, or ``"axelrod"`` to insist on the library's process at the same seed. The two are one
            but for two defects of the library, which ``"axelrod"`` refuses rather than repeats: it keeps deterministic
            matches by the players' bare names, so that types that differ in parameters only share results; and its
            death-birth process takes the number of a neighbour in a list for its position and pairs the wrong players.

    Raises:
        InputError: when a player, a number or an edge is refused.

    Source: Moran 1958, Math Proc Camb Phil Soc 54:60; the library's process is that of Axelrod 4.13.

    >>> result = moran_process(["Defector", "TitForTat", "TitForTat"], seed=1)
    >>> result.winner in result.types, int(result.counts[-1].max())
    (True, 3)
    """
    agreed = terms(turns, noise, prob_end, game)
    used = seed_of(seed)
    entrants = find_natives(players, "a Moran process")
    check_process(len(entrants), mode, compat, agreed)
    chance = check_probability("mutation", mutation)
    if chance > 0 and steps is None:
        raise InputError("with mutation the process never ends: give steps")
    graph = Neighbours(len(entrants), interaction, reproduction, mode)
    beforehand = check_integer("approximate", approximate, minimum=0, maximum=1_000_000)
    if beforehand and compat == "axelrod":
        raise InputError("compat='axelrod' plays every match: leave out approximate")
    process = Process(entrants, agreed, used, compat, beforehand)
    limit = None if steps is None else check_integer("steps", steps, minimum=1)
    return process.run(graph, mode, chance, limit)


def check_process(size: int, mode: str, compat: str, agreed: Terms) -> None:
    """Refuse what no Moran process can be.

    Raises:
        InputError: when there are too few players, a payoff is negative, or mode or compat are none.
    """
    if size < 2:
        raise InputError("a Moran process needs at least two players")
    for name, value, allowed in (("mode", mode, MODES), ("compat", compat, COMPATS)):
        if value not in allowed:
            raise InputError(f"{name} must be {' or '.join(allowed)}, not {value!r}")
    if compat == "axelrod" and mode == "db":
        raise InputError("compat='axelrod' is for mode 'bd': the library's death-birth process pairs the wrong players")
    if min(agreed.payoffs) < 0:
        raise InputError(f"payoffs must not be negative, because births go by payoff, but one is {min(agreed.payoffs)}")


def match_room(agreed: Terms) -> int:
    """Return room for any match; by chance one lasts longer than this once in 10^17 matches."""
    if not agreed.prob_end:
        return int(agreed.turns)
    return int(min(agreed.turns, 2 + 40.0 / agreed.prob_end, MOST_TURNS))


class Neighbours:
    """Who plays whom and who replaces whom, as arrays."""

    def __init__(self, size: int, interaction: Edges | None, reproduction: Edges | None, mode: str) -> None:
        plays = _neighbours("interaction", size, interaction)
        spreads = plays if reproduction is None else _neighbours("reproduction", size, reproduction)
        if mode == "bd":
            blocks = [_matches(range(size), plays)]
            near = [sorted({*spreads[k], k}) if reproduction is None else spreads[k] for k in range(size)]
        else:
            blocks = [_matches(plays[dead], plays) for dead in range(size)]
            near = spreads
        self.pairs = np.array([pair for block in blocks for pair in block], dtype=np.int64).reshape(-1, 2)
        self.first_pair = np.cumsum([0, *map(len, blocks)])
        self.next_to = np.array([k for some in near for k in some], dtype=np.int64)
        self.first_next = np.cumsum([0, *map(len, near)])


def _neighbours(name: str, size: int, edges: Edges | None) -> list[list[int]]:
    if edges is None:
        return [[k for k in range(size) if k != one] for one in range(size)]
    directed = getattr(edges, "directed", False) or (hasattr(edges, "is_directed") and edges.is_directed())
    near: list[set[int]] = [set() for _ in range(size)]
    pairs = getattr(edges, "edges", edges)
    if not isinstance(pairs, Iterable):
        raise InputError(f"{name} must be pairs of positions or a graph, not {edges!r}")
    for edge in pairs:
        ends = tuple(edge) if isinstance(edge, Iterable) else ()
        if len(ends) != 2:
            raise InputError(f"{name} must hold pairs of positions, not {edge!r}")
        a, b = (check_integer(f"{name}: a position", end, minimum=0, maximum=size - 1) for end in ends)
        near[a].add(b)
        if not directed:
            near[b].add(a)
    lonely = [k for k, some in enumerate(near) if not some - {k}]
    if lonely:
        raise InputError(f"{name}: player {lonely[0]} has no neighbour")
    return [sorted(some) for some in near]


def _matches(sources: Iterable[int], plays: list[list[int]]) -> list[tuple[int, int]]:
    """Return the matches of a step in the order of the library: that of a set of pairs."""
    found: set[tuple[int, int]] = set()
    for one in sources:
        for two in plays[one]:
            if one != two and (two, one) not in found:
                found.add((one, two))
    return list(found)


class Process:
    """The memory of a Moran process: types, seats, streams and the payoffs known so far."""

    def __init__(self, entrants: Sequence[Entrant], agreed: Terms, seed: int, compat: str, beforehand: int = 0) -> None:
        kinds = list(dict.fromkeys(one.label for one in entrants))
        self.kinds = [next(one for one in entrants if one.label == label) for label in kinds]
        self.types = np.array([kinds.index(one.label) for one in entrants], dtype=np.int64)
        self.agreed, self.seed = agreed, seed
        chance = np.array([one.stochastic for one in self.kinds])
        still = agreed.noise == 0.0 and agreed.prob_end == 0.0
        self.settled = ~(chance[:, None] | chance[None, :]) & still
        self.streams = [np.zeros(STREAM_WORDS, dtype=np.int64) for _ in range(2)] + [chunk_memory()]
        self.room = match_room(agreed)
        row = Row([_plan(one) for one in self.kinds], agreed.setting, self.room)
        self.rows = row, row.twin()
        self.known = np.full((len(kinds), len(kinds), 2), np.nan)
        self.outcomes = np.zeros((len(kinds), len(kinds), beforehand, 2))
        names = [label.split(":")[0] for label in kinds]
        if compat == "axelrod" and len(set(names)) < len(names):
            raise InputError(
                "compat='axelrod' cannot repeat what the library does when types differ in parameters only: it takes "
                "the matches of one for those of the other; use compat='correct'"
            )

    def run(self, graph: Neighbours, mode: str, mutation: float, limit: int | None) -> MoranResult:
        """Run the process, block after block of steps."""
        streams = [int(one.ctypes.data) for one in self.streams]
        start_stream(streams[0], self.seed)
        start_stream(streams[1], next_seed(streams[0]))
        self._play_beforehand(streams)
        count, types = len(self.kinds), self.types.copy()
        here = np.bincount(types, minlength=count)
        blocks = [here[None].astype(np.int64)]
        done = 0
        while limit is None or done < limit:
            wanted = BLOCK if limit is None else min(BLOCK, limit - done)
            counts = np.zeros((wanted + 1, count), dtype=np.int64)
            counts[0] = blocks[-1][-1]
            ran = self._block(types, counts, graph, mode, mutation, streams)
            if ran < 0:
                raise InputError(f"a match would last {-ran} turns; give turns, too")
            blocks.append(counts[1 : ran + 1])
            done += ran
            if ran < wanted:
                break
        counts = np.concatenate(blocks)
        last = counts[-1]
        labels = tuple(one.label for one in self.kinds)
        winner = labels[int(last.argmax())] if last.max() == len(types) and mutation == 0.0 else None
        return MoranResult(labels, counts, winner, self.seed)

    def _records(self) -> tuple[Ints, Ints, Ints]:
        """Return addresses of the types as first and as second players, and of their plays."""
        one, two = self.rows
        return one.addresses, two.addresses, np.array([one.plays_addresses, two.plays_addresses])

    def _play_beforehand(self, streams: list[int]) -> None:
        firsts, seconds, plays = self._records()
        agreed = self.agreed
        rules = np.array([agreed.turns, agreed.prob_end, agreed.noise])
        needed = moran_kernels.sample_outcomes(
            firsts, seconds, plays, self.settled, rules, np.array(agreed.payoffs), streams[1], streams[2], self.room,
            self.outcomes,
        )  # fmt: skip
        if needed:
            raise InputError(f"a match would last {needed} turns; give turns, too")

    def _block(
        self, types: Ints, counts: Ints, graph: Neighbours, mode: str, mutation: float, streams: list[int]
    ) -> int:
        order = sorted(range(len(self.kinds)), key=lambda k: self.kinds[k].label)
        others = [[k for k in order if k != own] for own in range(len(self.kinds))]
        firsts, seconds, plays = self._records()
        agreed = self.agreed
        steps: int = moran_kernels.moran(
            types, counts, mode == "bd", mutation if len(self.kinds) > 1 else 0.0, graph.pairs, graph.first_pair,
            graph.next_to, graph.first_next, firsts, seconds, plays, self.settled, self.known,
            np.array([agreed.turns, agreed.prob_end, agreed.noise]), np.array(agreed.payoffs), self.outcomes,
            np.array(others, dtype=np.int64).reshape(len(self.kinds), -1), streams[0], streams[1], streams[2],
            self.room, mutation == 0.0,
        )  # fmt: skip
        return steps


def _plan(entrant: Entrant) -> Any:
    assert entrant.plan is not None
    return entrant.plan


def ecosystem(
    result: TournamentResult,
    *,
    generations: int = 100,
    population: ArrayLike | None = None,
    fitness: Callable[[Floats], ArrayLike] | None = None,
    seed: int = 0,
) -> Floats:
    """Return shares of the players, generation after generation, when each grows in proportion to its payoff.

    ``x_i' ~ x_i sum_j p_ij x_j``, with p_ij drawn from a normal distribution with the mean and the standard deviation
    of the tournament (a pair without chance gives its payoff).

    Args:
        result: of a tournament in which everybody met everybody.
        generations: how many, at least 1.
        population: shares at first; even ones when left out.
        fitness: gives rates of growth from the array of payoffs; the payoffs, 0 for negative ones, when left out.
        seed: of the draws.

    Returns:
        Array (generations + 1, players); every row sums to 1.

    Raises:
        InputError: when a number is refused.

    Source: Axelrod 1984, The Evolution of Cooperation, chapter 2 (ecological tournament).

    >>> from evocoop.play import tournament
    >>> shares = ecosystem(tournament(["TitForTat", "Defector", "Cooperator"], seed=1), generations=50)
    >>> shares.shape, bool(shares[-1, 0] > shares[-1, 1])
    ((51, 3), True)
    """
    count = check_integer("generations", generations, minimum=1, maximum=10_000_000)
    means, spreads = np.array(result.payoff_matrix), np.array(result.payoff_stddevs)
    n = result.num_players
    shares = np.empty((count + 1, n))
    first = np.full(n, 1.0 / n) if population is None else np.array(population, dtype=np.float64)
    if first.shape != (n,) or not np.isfinite(first).all() or (first < 0).any() or first.sum() <= 0:
        raise InputError(f"population must be {n} numbers of at least 0, not all 0")
    shares[0] = first / first.sum()
    draws = np.random.Generator(np.random.Philox(check_integer("seed", seed, minimum=0)))
    for generation in range(count):
        payoffs = (means + spreads * draws.standard_normal((n, n))) @ shares[generation]
        rates = np.maximum(payoffs, 0.0) if fitness is None else np.asarray(fitness(payoffs), dtype=np.float64)
        if rates.shape != (n,) or not np.isfinite(rates).all() or (rates < 0).any() or not rates @ shares[generation]:
            raise InputError(f"fitness must give {n} numbers of at least 0, not all 0, and not {rates}")
        grown = shares[generation] * rates
        shares[generation + 1] = grown / grown.sum()
    return shares
