"""What a tournament yields, under the Axelrod library's own names and definitions, each computed when asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from evocoop.core.errors import InputError
from evocoop.games.payoffs import PayoffTable

if TYPE_CHECKING:
    import polars as pl

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Matrix = list[list[float]]
State = tuple[str, str]
Value = Callable[[Ints], NDArray[Any]]
"""A measure of some sides of matches, one row each."""

BLOCK = 250_000
"""Sides times repetitions that are looked at together."""

STATES: tuple[State, ...] = (("C", "C"), ("C", "D"), ("D", "C"), ("D", "D"))
_SWAPPED = [0, 2, 1, 3]


class Summary(NamedTuple):
    """One row of the summary: a player's rank, medians over repetitions, and rates."""

    Rank: int
    Name: str
    Median_score: float
    Cooperation_rating: float
    Wins: float
    Initial_C_rate: float
    CC_rate: float
    CD_rate: float
    DC_rate: float
    DD_rate: float
    CC_to_C_rate: float
    CD_to_C_rate: float
    DC_to_C_rate: float
    DD_to_C_rate: float


@dataclass(frozen=True, eq=False)
class TournamentResult:
    """The counts of a tournament and everything that follows from them.

    Lists run over players in the order given; ``[i][j]`` is player i against player j, ``[i][r]`` player i in
    repetition r. Scores against oneself are left out of ``scores``, ``wins`` and ``normalised_scores``.

    Args:
        players: the players, as they were asked for.
        labels: the players, as the library prints them.
        pairs: who met whom, first and second player; int64[m, 2].
        joint: counts of CC, CD, DC and DD as the first player saw them; [m, repetitions, 4], of the smallest type that
            holds the length of a match, because these counts are what a large tournament's memory goes to.
        opening: the first joint play of each match, 0 … 3; uint8[m, repetitions].
        moves: counts of each joint play followed by each, over all repetitions; int64[m, 16].
        payoffs_of_game: R, S, T, P.
        settled: which pairs have no chance in them, so that one repetition tells all; bool[m].
        seed: the seed that gives this result again.
        repetitions: how often each pair met.
        notes: what one should know, for example that a player ran over the slow bridge.
        payoffs_of_second: R, S, T, P of the second player of each pair, where the game is asymmetric.
        expected: expected payoff per turn and cooperation of pairs of finite automata, (n, n, 2), nan elsewhere; None
            unless asked for.
    """

    players: tuple[str, ...]
    labels: tuple[str, ...]
    pairs: Ints
    joint: NDArray[Any]
    opening: NDArray[np.uint8]
    moves: Ints
    payoffs_of_game: tuple[float, float, float, float]
    settled: NDArray[np.bool_]
    seed: int
    repetitions: int
    notes: tuple[str, ...] = field(default=())
    payoffs_of_second: tuple[float, float, float, float] | None = None
    expected: Floats | None = None

    @property
    def num_players(self) -> int:
        """How many players took part."""
        return len(self.players)

    @cached_property
    def _player(self) -> Ints:
        """Who plays on each side of each match: first the first players of all pairs, then the second; (2m,)."""
        return np.concatenate([self.pairs[:, 0], self.pairs[:, 1]])

    @cached_property
    def _opponent(self) -> Ints:
        """Against whom each side plays; (2m,)."""
        return np.concatenate([self.pairs[:, 1], self.pairs[:, 0]])

    @cached_property
    def _others(self) -> NDArray[np.bool_]:
        """Which sides are against somebody else."""
        return np.asarray(self._player != self._opponent)

    def _seen(self, sides: Ints) -> Ints:
        """Joint plays as some sides saw them; (sides, repetitions, 4)."""
        from evocoop.play.result_kernels import see_joint

        seen = np.empty((len(sides), self.repetitions, 4), dtype=np.int64)
        see_joint(self.joint, sides, seen)
        return seen

    def _weighed(self, sides: Ints, weights: NDArray[Any]) -> NDArray[Any]:
        """Sums of joint plays as some sides saw them, times weights (2, 4) of first and second players."""
        from evocoop.play.result_kernels import weigh_joint

        sums = np.empty((len(sides), self.repetitions), dtype=weights.dtype)
        weigh_joint(self.joint, sides, weights, sums)
        return sums

    def _across(self, sides: Ints) -> Ints:
        """The other sides of the same matches."""
        return (sides + len(self.pairs)) % (2 * len(self.pairs))

    def _totals(self, sides: Ints) -> Floats:
        """Total payoff of some sides; (sides, repetitions)."""
        first = self.payoffs_of_game
        return self._weighed(sides, np.array([first, self.payoffs_of_second or first], dtype=np.float64))

    def _turns(self, sides: Ints) -> Ints:
        """Turns of some sides; (sides, repetitions)."""
        return self._weighed(sides, np.ones((2, 4), dtype=np.int64))

    def _per_turn(self, sides: Ints) -> Floats:
        with np.errstate(invalid="ignore"):
            return np.asarray(self._totals(sides) / self._turns(sides))

    def _blocks(self) -> Iterator[Ints]:
        """Yield all sides in order, in blocks that stay small however many repetitions there are."""
        count, size = 2 * len(self.pairs), max(1, BLOCK // self.repetitions)
        for start in range(0, count, size):
            yield np.arange(start, min(start + size, count))

    def _by_player(self, value: Value) -> NDArray[Any]:
        """Add up values of all sides against others by player; (n, …)."""
        blocks = (sides[self._others[sides]] for sides in self._blocks())
        return _gathered(self.num_players, ((self._player[sides], value(sides)) for sides in blocks))

    def _by_pair(self, value: Value) -> NDArray[Any]:
        """Add up values of all sides by player and opponent; (n, n, …)."""
        n = self.num_players
        where = ((n * self._player[sides] + self._opponent[sides], value(sides)) for sides in self._blocks())
        found = _gathered(n * n, where)
        return found.reshape(n, n, *found.shape[1:])

    @cached_property
    def _matches(self) -> Ints:
        """How many sides stand behind each pair: 0 if it never met, 2 on the diagonal; (n, n)."""
        return self._by_pair(lambda sides: np.ones(len(sides), dtype=np.int64))

    def _means_by_opponent(self, value: Value) -> Iterator[Floats]:
        """Yield for each player the mean over sides by opponent and repetition, NaN if they never met; (n, reps)."""
        order = np.argsort(self._player, kind="stable")
        ends = np.cumsum(np.bincount(self._player, minlength=self.num_players))
        for k, sides in enumerate(np.split(order, ends[:-1])):
            row = np.zeros((self.num_players, self.repetitions))
            np.add.at(row, self._opponent[sides], value(sides))
            with np.errstate(invalid="ignore"):
                yield row / self._matches[k][:, None]

    @cached_property
    def scores(self) -> Matrix:
        """Total payoff of each player over all opponents but itself, in each repetition."""
        return _matrix(self._by_player(self._totals))

    @cached_property
    def wins(self) -> list[list[int]]:
        """How many opponents each player outscored in each repetition; ties give nobody a win."""
        return _counts(self._by_player(lambda sides: self._margins(sides, self._totals) > 0))

    def _margins(self, sides: Ints, value: Value) -> NDArray[Any]:
        """By how much some sides have more than the sides across."""
        return np.asarray(value(sides) - value(self._across(sides)))

    @cached_property
    def normalised_scores(self) -> Matrix:
        """Mean over opponents of payoff per turn, in each repetition."""
        rows, own = self._rows_by_player
        total, lost = np.zeros((2, self.num_players, self.repetitions))
        for part in np.array_split(np.arange(rows.shape[1]), 1 + rows.size * self.repetitions // BLOCK):
            values = self._per_turn(rows[:, part].ravel()).reshape(*rows[:, part].shape, self.repetitions)
            for column in np.moveaxis(np.where(own[:, part, None], values, 0.0), 1, 0):
                step = column - lost
                longer = total + step
                lost, total = longer - total - step, longer
        return _matrix(total / np.maximum(own.sum(axis=1), 1)[:, None])

    @cached_property
    def _rows_by_player(self) -> tuple[Ints, NDArray[np.bool_]]:
        """The sides of each player against others, in the order played, in rows filled up; and which are real.

        The library adds scores in this order with compensation, and its ranking breaks near-ties by the last bit.
        """
        player = self._player
        chunk = np.tile(np.arange(len(self.pairs)), 2)
        sides = np.lexsort((chunk, player))
        sides = sides[self._others[sides]]
        counts = np.bincount(player[sides], minlength=self.num_players)
        real = np.arange(max(counts.max(initial=0), 1)) < counts[:, None]
        rows = np.zeros(real.shape, dtype=np.int64)
        rows[real] = sides
        return rows, real

    @cached_property
    def ranking(self) -> list[int]:
        """Players by descending median of normalised scores; equal ones in the order given."""
        return [int(k) for k in np.argsort(-self._median_scores, kind="stable")]

    @cached_property
    def _median_scores(self) -> Floats:
        return _medians(self.normalised_scores)

    @cached_property
    def ranked_names(self) -> list[str]:
        """The players' labels, best first."""
        return [self.labels[k] for k in self.ranking]

    @cached_property
    def payoffs(self) -> list[Matrix]:
        """Payoff per turn of each player against each opponent in each repetition; empty if they never met."""
        met = self._matches > 0
        return [
            [_vector(means) if one else [] for means, one in zip(rows, met[k], strict=True)]
            for k, rows in enumerate(self._means_by_opponent(self._per_turn))
        ]

    @cached_property
    def payoff_matrix(self) -> Matrix:
        """Mean payoff per turn of each player against each opponent; 0 if they never met."""
        return _matrix(np.nan_to_num(self._means))

    @cached_property
    def _means(self) -> Floats:
        """Mean payoff per turn by player and opponent, NaN if they never met; (n, n)."""
        return np.array([rows.mean(axis=1) for rows in self._means_by_opponent(self._per_turn)])

    @cached_property
    def payoff_stddevs(self) -> Matrix:
        """Standard deviation over repetitions (of the population) of payoff per turn; 0 if they never met."""
        return _matrix(np.nan_to_num(self._spread(0)))

    def _spread(self, ddof: int) -> Floats:
        """Standard deviation over repetitions of payoff per turn, by player and opponent; (n, n)."""
        return np.array([rows.std(axis=1, ddof=ddof) for rows in self._means_by_opponent(self._per_turn)])

    @cached_property
    def score_diffs(self) -> list[Matrix]:
        """Difference of payoff per turn in each repetition; 0 if they never met."""
        return [_matrix(np.nan_to_num(rows)) for rows in self._means_by_opponent(self._leads)]

    def _leads(self, sides: Ints) -> Floats:
        return self._margins(sides, self._per_turn)

    @cached_property
    def payoff_diffs_means(self) -> Matrix:
        """Mean difference of payoff per turn."""
        return _matrix(np.array([np.nan_to_num(rows).mean(axis=1) for rows in self._means_by_opponent(self._leads)]))

    @cached_property
    def match_lengths(self) -> list[Matrix]:
        """Turns of each match, by repetition, player and opponent."""
        means = np.stack([np.nan_to_num(rows) for rows in self._means_by_opponent(self._turns)])
        return _cube(np.moveaxis(means, 2, 0))

    def _cooperations(self, sides: Ints) -> Ints:
        """Turns on which some sides cooperated; (sides, repetitions)."""
        return self._weighed(sides, np.array([[1, 1, 0, 0]] * 2, dtype=np.int64))

    @cached_property
    def cooperation(self) -> list[list[int]]:
        """How often each player cooperated with each opponent, over all repetitions."""
        counts = self._by_pair(lambda sides: self._cooperations(sides).sum(axis=1))
        np.fill_diagonal(counts, np.diag(counts) // 2)
        return _counts(counts)

    @cached_property
    def normalised_cooperation(self) -> Matrix:
        """Share of turns in which each player cooperated with each opponent; 0 if they never met."""
        lengths = self._by_pair(lambda sides: self._turns(sides).sum(axis=1))
        np.fill_diagonal(lengths, np.diag(lengths) // 2)
        return _matrix(np.array(self.cooperation) / np.where(lengths > 0, lengths, 1.0))

    @cached_property
    def cooperating_rating(self) -> list[float]:
        """Share of all turns against others in which each player cooperated."""
        seen = self._states.sum(axis=1)
        return _vector(seen[:, :2].sum(axis=1) / np.maximum(seen.sum(axis=1), 1))

    @cached_property
    def vengeful_cooperation(self) -> Matrix:
        """2 (c - 1/2) for every entry c of ``normalised_cooperation``."""
        return _matrix(2 * (np.array(self.normalised_cooperation) - 0.5))

    @cached_property
    def good_partner_matrix(self) -> list[list[int]]:
        """In how many matches each player cooperated at least as often as its opponent; 0 against itself."""
        counts = self._by_pair(lambda sides: (self._margins(sides, self._cooperations) >= 0).sum(axis=1))
        np.fill_diagonal(counts, 0)
        return _counts(counts)

    @cached_property
    def _interactions(self) -> Ints:
        return self._by_player(lambda sides: np.full(len(sides), self.repetitions, dtype=np.int64))

    @cached_property
    def good_partner_rating(self) -> list[float]:
        """Share of matches in which each player was a good partner."""
        return _vector(np.array(self.good_partner_matrix).sum(axis=1) / np.maximum(self._interactions, 1))

    @cached_property
    def initial_cooperation_count(self) -> list[int]:
        """How often each player opened with cooperation against others."""
        openings = np.concatenate([self.opening >> 1, self.opening & 1])
        return _positions(self._by_player(lambda sides: (openings[sides] == 0).sum(axis=1)))

    @cached_property
    def initial_cooperation_rate(self) -> list[float]:
        """Share of matches against others that each player opened with cooperation."""
        return _vector(np.array(self.initial_cooperation_count) / np.maximum(self._interactions, 1))

    @cached_property
    def eigenjesus_rating(self) -> list[float]:
        """Principal eigenvector of ``normalised_cooperation``, to the library's tolerance of 1e-3."""
        return _vector(_principal(np.array(self.normalised_cooperation)))

    @cached_property
    def eigenmoses_rating(self) -> list[float]:
        """Principal eigenvector of ``vengeful_cooperation``, to the library's tolerance of 1e-3."""
        return _vector(_principal(np.array(self.vengeful_cooperation)))

    @cached_property
    def _states(self) -> Ints:
        """Counts of CC, CD, DC, DD by player and opponent, none against itself; (n, n, 4)."""
        from evocoop.play.result_kernels import count_states

        states = np.zeros((self.num_players, self.num_players, 4), dtype=np.int64)
        count_states(self.joint, self.pairs, states)
        return states

    @cached_property
    def state_distribution(self) -> list[list[Counter[State]]]:
        """How often each joint play happened (own play first), over all repetitions."""
        return [[_counter(STATES, cell) for cell in row] for row in self._states]

    @cached_property
    def normalised_state_distribution(self) -> list[list[Counter[State]]]:
        """Share of turns of each joint play that happened."""
        shares = self._states / np.maximum(_all_four(self._states)[:, :, None], 1)
        return [[_counter(STATES, cell) for cell in row] for row in shares]

    @cached_property
    def _answers(self) -> Ints:
        """Counts of own C and own D after each joint play, by player and opponent; (n, n, 4, 2)."""
        from evocoop.play.result_kernels import count_answers

        answers = np.zeros((self.num_players, self.num_players, 4, 2), dtype=np.int64)
        count_answers(self.moves, self.pairs, answers)
        return answers

    @cached_property
    def state_to_action_distribution(self) -> list[list[Counter[tuple[State, str]]]]:
        """How often each player answered each joint play by each play."""
        return [[_counter(_ANSWERS, cell.ravel()) for cell in row] for row in self._answers]

    @cached_property
    def normalised_state_to_action_distribution(self) -> list[list[Counter[tuple[State, str]]]]:
        """Probability of each answer after each joint play that happened."""
        return [[_counter(_ANSWERS, cell.ravel()) for cell in row] for row in self._answer_rates]

    @cached_property
    def _answer_rates(self) -> Floats:
        return np.asarray(self._answers / np.maximum(self._answers[..., :1] + self._answers[..., 1:], 1))

    def summarise(self) -> list[Summary]:
        """Return one row for each player, best first."""
        from evocoop.play.result_kernels import add_shares

        states, answers, known = np.zeros((3, self.num_players, 4))
        add_shares(self._states, self._answers, states, answers, known)
        states = states / np.where(states.sum(axis=1) > 0, states.sum(axis=1), 1.0)[:, None]
        answers = answers / np.maximum(known, 1)
        rates = self.cooperating_rating, _medians(self.wins), self.initial_cooperation_rate
        rows = np.column_stack([self._median_scores, *rates, states, answers])[self.ranking].tolist()
        return [
            Summary(rank, self.labels[k], *row) for rank, (k, row) in enumerate(zip(self.ranking, rows, strict=True))
        ]

    def frames(self) -> dict[str, pl.DataFrame]:
        """Return the tidy tables ``players`` (summary, ratings), ``repetitions`` (scores), ``pairs`` and ``matches``.

        ``position`` is the place in ``players``, since a name may stand there twice; own plays come first.
        """
        from evocoop.play.frames import frames_of

        return frames_of(self)

    def write(self, folder: str | Path) -> list[Path]:
        """Write the tables of :meth:`frames` as Parquet files into a folder, and return their paths."""
        from evocoop.play.frames import write_frames

        return write_frames(self, folder)

    def payoff_table(self) -> PayoffTable:
        """Return mean payoffs per turn with their standard errors, for dynamics.

        An entry without chance has standard error 0. Of the others it is the standard deviation over repetitions
        divided by the root of their number; with one repetition it is estimated from the spread of single turns, as if
        they were independent.

        Raises:
            InputError: when some pair never met, two players share a name, or the game is asymmetric.
        """
        if self.payoffs_of_second is not None:
            raise InputError("no payoff table: in an asymmetric game a payoff depends on who is the first player")
        if not (self._matches > 0).all():
            i, j = np.argwhere(self._matches == 0)[0]
            raise InputError(f"no payoff table: {self.players[i]} and {self.players[j]} never met")
        means = self._means
        cooperation = np.diagonal(np.array(self.normalised_cooperation, dtype=np.float64)).copy()
        errors = self._standard_errors()
        if self.expected is not None:
            known = np.isfinite(self.expected[..., 0])
            means, errors = np.where(known, self.expected[..., 0], means), np.where(known, 0.0, errors)
            own = np.diagonal(self.expected[..., 1])
            cooperation = np.where(np.isfinite(own), own, cooperation)
        return PayoffTable(self.players, means, errors, 2, cooperation)

    def _standard_errors(self) -> Floats:
        if self.repetitions > 1:
            spread = self._spread(1) / np.sqrt(self.repetitions)
        else:
            states = self._by_pair(lambda sides: self._seen(sides).sum(axis=1))
            share = states / np.maximum(states.sum(axis=2, keepdims=True), 1)
            cells = np.array(self.payoffs_of_game)
            variance = share @ cells**2 - (share @ cells) ** 2
            spread = np.sqrt(np.maximum(variance, 0.0) / np.maximum(states.sum(axis=2), 1))
        chance = self._by_pair(lambda sides: ~self.settled[sides % len(self.pairs)]) > 0
        return np.where(chance, spread, 0.0)


_ANSWERS = tuple((state, play) for state in STATES for play in "CD")


def _gathered(count: int, pieces: Iterable[tuple[Ints, NDArray[Any]]]) -> NDArray[Any]:
    """Add up rows of values at their places, in order; counts stay whole numbers."""
    from evocoop.play.result_kernels import add_rows

    result: NDArray[Any] | None = None
    for places, values in pieces:
        kind = np.result_type(values, np.int64)
        if result is None:
            result = np.zeros((count, *values.shape[1:]), dtype=kind)
        rows = np.ascontiguousarray(values, dtype=kind).reshape(len(places), -1)
        add_rows(places, rows, result.reshape(count, -1))
    assert result is not None  # every tournament has a pair
    return result


def _medians(rows: Any) -> Floats:
    """Return the median of each row without its NaN; NaN where there is nothing else."""
    values = np.array(rows)
    return np.asarray((np.nanmedian if np.isnan(values).any() else np.median)(values, axis=1))


def _all_four(counts: NDArray[Any]) -> NDArray[Any]:
    """Add up counts of CC, CD, DC and DD along the last axis; several times faster than a sum over so short an axis."""
    return np.asarray(counts[..., 0] + counts[..., 1] + counts[..., 2] + counts[..., 3])


def _vector(array: NDArray[Any]) -> list[float]:
    return [float(value) for value in array]


def _positions(array: NDArray[Any]) -> list[int]:
    return [int(value) for value in array]


def _matrix(array: NDArray[Any]) -> Matrix:
    rows: Matrix = array.tolist()
    return rows


def _counts(array: NDArray[Any]) -> list[list[int]]:
    rows: list[list[int]] = array.tolist()
    return rows


def _cube(array: NDArray[Any]) -> list[Matrix]:
    layers: list[Matrix] = array.tolist()
    return layers


def _counter(keys: Any, counts: NDArray[Any]) -> Counter[Any]:
    return Counter({key: count for key, count in zip(keys, counts.tolist(), strict=True) if count})


def _principal(matrix: Floats) -> Floats:
    """Return the principal eigenvector by power iteration from ones, until a step is shorter than 1e-3."""
    vector = last = np.ones(len(matrix))
    for step in range(1002):
        vector = matrix @ last
        with np.errstate(invalid="ignore"):
            vector = vector / np.sqrt(vector @ vector)
        if step > 1000 or np.sqrt((vector - last) @ (vector - last)) < 1e-3:
            break
        last = vector
    return vector
