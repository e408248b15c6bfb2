"""Round robins and other tournaments, equal to the Axelrod library's at the same seed."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from evocoop.core.errors import InputError, StrategyError, check_integer
from evocoop.play.compiling import compile_plans
from evocoop.play.entrants import find_entrant
from evocoop.play.kernels import chunk_memory, draw_seeds, play_chunks, tally
from evocoop.play.matches import bridge_notes, broken, check_room
from evocoop.play.results import TournamentResult
from evocoop.play.seats import Row
from evocoop.play.setting import MOST_TURNS, Terms, seed_of, terms
from evocoop.strategies.draws import STREAM_WORDS
from evocoop.strategies.resolve import Entrant

Edges = Iterable[tuple[Any, Any]]
BLOCK = 2048
"""How many matches are played at a time."""


def tournament(
    players: Sequence[Any],
    *,
    turns: int | None = None,
    repetitions: int = 10,
    seed: int | None = None,
    noise: float = 0.0,
    prob_end: float | None = None,
    edges: Edges | None = None,
    game: Any = None,
    workers: int = 1,
    exact: bool = False,
    on_error: Literal["raise", "leave out"] = "raise",
) -> TournamentResult:
    """Let every player meet every other and itself; same players, terms and seed give the library's own result.

    Args:
        players: specs such as ``"GTFT(p=0.2)"``, or player objects of the library; a name may stand twice.
        turns: how many turns a match has; 200 when neither this nor ``prob_end`` is given, the most when both are.
        repetitions: how often each pair meets.
        seed: 0 … 2^32 - 1; a fresh one when left out, and the result tells which.
        noise: probability that a play is flipped.
        prob_end: probability that a match ends after a turn.
        edges: pairs of positions (or names) that meet; all pairs when left out. Every player must meet someone.
        game: R, S, T, P as four numbers or a 2×2 matrix, or a two-strategy game; 3, 0, 5, 1 when left out. Two 2×2
            matrices make an asymmetric game, see :func:`evocoop.match`; of a pair the one that stands first in
            ``players`` (or in the edge) is the first player.
        workers: how many threads play; the result does not depend on it.
        exact: whether ``payoff_table()`` holds expected payoffs, with standard error 0, for pairs of finite automata.
        on_error: what becomes of a strategy that raises or returns neither C nor D: an error, or a tournament without
            it, as if it had never been asked for; a warning and ``notes`` say so.

    Returns:
        The result, under the library's own names; each measure is computed when it is asked for.

    Raises:
        InputError: when a player, a number or an edge is refused; StrategyError when a player does not work.

    >>> result = tournament(["Cooperator", "Defector", "TitForTat"], turns=10, repetitions=1, seed=1)
    >>> result.ranked_names, result.scores
    (['Defector', 'Tit For Tat', 'Cooperator'], [[30.0], [64.0], [39.0]])
    """
    agreed = terms(turns, noise, prob_end, game, asymmetric=True)
    repetitions = check_integer("repetitions", repetitions, minimum=1)
    workers = check_integer("workers", workers, minimum=1)
    seed = seed_of(seed)
    if exact and agreed.second is not None:
        raise InputError("exact=True needs a symmetric game")
    if on_error not in ("raise", "leave out"):
        raise InputError(f"on_error must be 'raise' or 'leave out', not {on_error!r}")
    if isinstance(players, str) or not isinstance(players, Iterable) or not list(players):
        raise InputError("players must be a list of at least one strategy")
    if edges is not None and not isinstance(edges, Iterable):
        raise InputError(f"edges must be pairs of players, not {edges!r}")
    asked, met, notes = list(players), None if edges is None else list(edges), list[str]()
    while True:
        try:
            result = _played(asked, met, agreed, repetitions, seed, workers, exact)
            return replace(result, notes=(*result.notes, *notes)) if notes else result
        except StrategyError as error:
            asked, met = _without(error, asked, met, on_error)
            notes.append(f"left out: {error}")
            warnings.warn(notes[-1], stacklevel=2)


def _without(
    error: StrategyError, players: list[Any], edges: list[Any] | None, on_error: str
) -> tuple[list[Any], list[Any] | None]:
    """Return players and edges without a strategy that does not work, or raise its error."""
    gone = {k for k, player in enumerate(players) if str(player) == error.strategy}
    left = [k for k in range(len(players)) if k not in gone]
    if on_error == "raise" or not gone or not left:
        raise error
    if edges is not None:
        places = {old: new for new, old in enumerate(left)}
        lost = {*gone, error.strategy}
        edges = [tuple(places.get(end, end) for end in _ends(edge)) for edge in edges if not lost & set(_ends(edge))]
    return [players[k] for k in left], edges


def _played(
    players: list[Any],
    edges: Edges | None,
    agreed: Terms,
    repetitions: int,
    seed: int,
    workers: int,
    exact: bool,
) -> TournamentResult:
    """Play a tournament whose terms have been checked."""
    entrants = tuple(find_entrant(player) for player in players)
    pairs = pairs_of(entrants, edges)
    notes = bridge_notes(entrants, depth=4)
    seeds = np.empty(len(pairs), dtype=np.int64)
    stream = np.zeros(STREAM_WORDS, dtype=np.int64)
    draw_seeds(seed, stream.ctypes.data, seeds)
    compile_plans([entrant.plan for entrant in entrants if entrant.plan is not None])
    record = Record(entrants, pairs, seeds, agreed, repetitions)
    record.play(workers)
    return TournamentResult(
        players=tuple(entrant.spec for entrant in entrants),
        labels=tuple(entrant.label for entrant in entrants),
        pairs=pairs,
        joint=record.joint,
        opening=record.opening,
        moves=record.moves,
        payoffs_of_game=agreed.payoffs,
        payoffs_of_second=agreed.second,
        settled=record.settled,
        seed=seed,
        repetitions=repetitions,
        notes=notes,
        expected=_expected(entrants, agreed) if exact else None,
    )


def _expected(entrants: Sequence[Entrant], agreed: Terms) -> NDArray[np.float64]:
    from evocoop.play.exact import expected_payoffs

    return expected_payoffs(entrants, agreed)


def pairs_of(entrants: Sequence[Entrant], edges: Edges | None) -> NDArray[np.int64]:
    """Return who meets whom, in the order in which the library plays; int64[m, 2].

    Raises:
        InputError: when an edge names a player that is not there, or a player is in no edge.
    """
    count = len(entrants)
    if edges is None:
        return np.column_stack(np.triu_indices(count)).astype(np.int64)
    pairs = [tuple(_position(entrants, end) for end in _ends(edge)) for edge in edges]
    lonely = sorted(set(range(count)) - {end for pair in pairs for end in pair})
    if lonely:
        raise InputError(f"edges must include every player, but {entrants[lonely[0]].spec!r} meets nobody")
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)


def _ends(edge: Any) -> tuple[Any, Any]:
    ends = tuple(edge) if isinstance(edge, Iterable) and not isinstance(edge, str) else ()
    if len(ends) != 2:
        raise InputError(f"an edge must name two players, not {edge!r}")
    return ends


def _position(entrants: Sequence[Entrant], end: Any) -> int:
    if isinstance(end, str):
        found = [k for k, entrant in enumerate(entrants) if end in (entrant.spec, entrant.label)]
        if len(found) != 1:
            problem = "no player" if not found else "more than one player"
            raise InputError(f"edges: {end!r} names {problem}")
        return found[0]
    return check_integer("edges: a player's position", end, minimum=0, maximum=len(entrants) - 1)


def _runs(chosen: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return where runs of true values start and end."""
    edges = np.flatnonzero(np.diff(chosen, prepend=False, append=False))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


class Record:
    """The counts of a tournament, while it is played."""

    def __init__(
        self,
        entrants: tuple[Entrant, ...],
        pairs: NDArray[np.int64],
        seeds: NDArray[np.int64],
        agreed: Terms,
        repetitions: int,
    ) -> None:
        self.entrants, self.pairs, self.seeds, self.agreed = entrants, pairs, seeds, agreed
        counts = np.min_scalar_type(int(min(agreed.turns, MOST_TURNS)))
        self.joint = np.zeros((len(pairs), repetitions, 4), dtype=counts)
        self.opening = np.zeros((len(pairs), repetitions), dtype=np.uint8)
        self.moves = np.zeros((len(pairs), 16), dtype=np.int64)
        chance = np.array([entrant.stochastic for entrant in entrants])
        free = agreed.noise == 0.0 and agreed.prob_end == 0.0
        self.settled = ~(chance[pairs[:, 0]] | chance[pairs[:, 1]]) & free

    def play(self, workers: int) -> None:
        """Play all chunks: those of native players compiled, on so many threads; the others over the bridge."""
        native = np.array([entrant.plan is not None for entrant in self.entrants])
        compiled = native[self.pairs[:, 0]] & native[self.pairs[:, 1]]
        size = max(16, BLOCK // self.joint.shape[1])
        blocks = [slice(k, min(k + size, end)) for start, end in _runs(compiled) for k in range(start, end, size)]
        workers = min(workers, len(blocks), os.cpu_count() or 1)
        if workers > 1:
            for entrant in self.entrants:
                if entrant.plan is not None:
                    entrant.plan.compile()
            with ThreadPoolExecutor(workers) as pool:
                list(pool.map(self._play_blocks, [blocks[k::workers] for k in range(workers)]))
        else:
            self._play_blocks(blocks)
        for chunk in np.flatnonzero(~compiled):
            self._bridge(int(chunk))

    def _play_blocks(self, blocks: list[slice]) -> None:
        table = Table(self.entrants, self.agreed)
        for block in blocks:
            table.play(self, block)

    def _bridge(self, chunk: int) -> None:
        from evocoop.strategies.axelrod_door import play_over_bridge

        first, second = (self.entrants[k] for k in self.pairs[chunk])
        repetitions = self.joint.shape[1]
        played = play_over_bridge((first, second), self.agreed, int(self.seeds[chunk]), repetitions)
        for repetition, (one, two) in enumerate(played):
            addresses = one.ctypes.data, two.ctypes.data
            counts = np.zeros(4, dtype=np.int64)
            tally(*addresses, 0, len(one), 1, counts, self.moves[chunk])
            self.joint[chunk, repetition] = counts
            self.opening[chunk, repetition] = 2 * one[0] + two[0] if len(one) else 0


class Table:
    """The seats of all native players, and the arrays the loop of chunks works on; one for each thread."""

    def __init__(self, entrants: tuple[Entrant, ...], agreed: Terms) -> None:
        self.entrants, self.agreed = entrants, agreed
        self.stream = chunk_memory()
        self.seat(int(min(agreed.turns, 1024.0)) if agreed.prob_end else int(agreed.turns))

    def seat(self, room: int) -> None:
        """Give every player two seats with room for matches of so many turns: as first and as second player."""
        self.room = room
        plans = [entrant.plan for entrant in self.entrants]
        first, second = self.agreed.settings
        one = Row(plans, first, room)
        self.rows = one, one.twin() if first == second else Row(plans, second, room)
        self.addresses = [row.addresses for row in self.rows]

    def play(self, record: Record, chunks: slice) -> None:
        """Play some chunks into a record."""
        rules = np.array([self.agreed.turns, self.agreed.prob_end, self.agreed.noise, 0.0])
        pairs, seeds = record.pairs[chunks], record.seeds[chunks]
        joint, opening, moves = record.joint[chunks].astype(np.int64), record.opening[chunks], record.moves[chunks]
        done = 0
        while done < len(pairs):
            try:
                done = play_chunks(
                    self.addresses[0], self.addresses[1], pairs, seeds, rules, self.stream.ctypes.data, self.room,
                    joint, opening, moves, done, len(pairs),
                )  # fmt: skip
            except InputError as error:
                raise self._blamed(pairs[done:], joint[done:], error) from None
            if done < 0:
                done = -done - 1
                self.seat(2 * check_room(int(rules[3])))
        record.joint[chunks] = joint

    def _blamed(self, pairs: NDArray[np.int64], joint: NDArray[np.int64], error: InputError) -> InputError:
        """Return the error with strategy, opponent and turn: it is in the first chunk that is not complete."""
        chunk = int(np.argmin(joint.sum(axis=2).all(axis=1)))
        one, two = (int(k) for k in pairs[chunk])
        said = InputError(f"turn {self.rows[0].record_of(one)['turn'] + 1}: {error}")
        return broken((self.entrants[one], self.entrants[two]), said)
