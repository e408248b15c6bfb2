"""One match between two players, equal to the Axelrod library's at the same seed."""

from __future__ import annotations

import warnings
from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evocoop.core.errors import InputError, StrategyError
from evocoop.play.entrants import find_entrant
from evocoop.play.kernels import play_once
from evocoop.play.seats import Seat
from evocoop.play.setting import MOST_TURNS, Terms, letters, seed_of, terms
from evocoop.strategies.draws import STREAM_WORDS, start_stream
from evocoop.strategies.plan import Plan
from evocoop.strategies.resolve import Entrant
from evocoop.strategies.user import is_user_strategy

Plays = NDArray[np.uint8]


class BridgeWarning(UserWarning):
    """Some players run over the Axelrod library, which is slow."""


@dataclass(frozen=True)
class MatchResult:
    """One played match.

    Args:
        players: the two players, as they were asked for.
        labels: the two players, as the library prints them.
        sequences: the plays of each, as texts of C and D.
        scores: the total payoff of each.
        seed: the seed that gives this match again.
        turns: how many turns were played.
        notes: what one should know, for example that a player ran over the slow bridge.
    """

    players: tuple[str, str]
    labels: tuple[str, str]
    sequences: tuple[str, str]
    scores: tuple[float, float]
    seed: int
    turns: int
    notes: tuple[str, ...] = ()

    @property
    def cooperation(self) -> tuple[int, int]:
        """How often each cooperated."""
        return self.sequences[0].count("C"), self.sequences[1].count("C")

    @property
    def normalised_cooperation(self) -> tuple[float, float]:
        """Share of turns in which each cooperated."""
        return self.cooperation[0] / self.turns, self.cooperation[1] / self.turns

    @property
    def scores_per_turn(self) -> tuple[float, float]:
        """Mean payoff per turn of each."""
        return self.scores[0] / self.turns, self.scores[1] / self.turns

    @property
    def winner(self) -> str | None:
        """Who scored more, as the library prints it; None after a tie."""
        first, second = self.scores
        return None if first == second else self.labels[int(second > first)]

    @property
    def state_distribution(self) -> Counter[tuple[str, str]]:
        """How often each joint play happened, the first player's play first."""
        return Counter(zip(*self.sequences, strict=True))

    @property
    def normalised_state_distribution(self) -> dict[tuple[str, str], float]:
        """Share of turns of each joint play."""
        return {state: count / self.turns for state, count in self.state_distribution.items()}

    @property
    def state_to_action_distribution(self) -> tuple[Counter[Any], Counter[Any]]:
        """How often each player answered each joint play (the first player's play first) by each play."""
        before = list(zip(*self.sequences, strict=True))[:-1]
        first, second = (Counter(zip(before, plays[1:], strict=True)) for plays in self.sequences)
        return first, second

    @property
    def normalised_state_to_action_distribution(self) -> tuple[dict[Any, float], dict[Any, float]]:
        """How likely each player answered each joint play by each play."""
        first, second = (_shares_of_answers(counts) for counts in self.state_to_action_distribution)
        return first, second

    def sparklines(self, c_symbol: str = "█", d_symbol: str = " ") -> str:
        """Return the plays of both as two lines of symbols."""
        symbols = str.maketrans({"C": c_symbol, "D": d_symbol})
        return "\n".join(plays.translate(symbols) for plays in self.sequences)


def _shares_of_answers(counts: Counter[Any]) -> dict[Any, float]:
    totals = Counter[Any]()
    for (state, _), count in counts.items():
        totals[state] += count
    return {(state, play): count / totals[state] for (state, play), count in counts.items()}


def match(
    a: Any,
    b: Any,
    *,
    turns: int | None = None,
    seed: int | None = None,
    noise: float = 0.0,
    prob_end: float | None = None,
    game: Any = None,
) -> MatchResult:
    """Play one match; same players, terms and seed give the same plays as the Axelrod library.

    Args:
        a: the first player: a spec such as ``"GTFT(p=0.2)"``, or a player object of the library.
        b: the second player.
        turns: how many turns; 200 when neither this nor ``prob_end`` is given, the most turns when both are.
        seed: 0 … 2^32 - 1; a fresh one when left out, and the result tells which.
        noise: probability that a play is flipped, for both players to see.
        prob_end: probability that the match ends after a turn.
        game: R, S, T, P as four numbers or a 2×2 matrix, or a two-strategy game; 3, 0, 5, 1 when left out. An
            asymmetric game is a pair of 2×2 matrices: payoffs of the first and of the second player, both by the first
            player's play (row) and the second's (column).

    Returns:
        The players, their plays as texts of C and D, their total payoffs, the seed.

    Raises:
        InputError: when a player or a number is refused; StrategyError when a player does not work.

    >>> match("TitForTat", "Alternator", turns=5).sequences
    ('CCDCD', 'CDCDC')
    """
    agreed = terms(turns, noise, prob_end, game, asymmetric=True)
    seed = seed_of(seed)
    pair = find_entrant(a), find_entrant(b)
    notes = bridge_notes(pair)
    plays = native_or_bridged(pair, agreed, seed)
    own, others = (np.array(setting[:4]).reshape(2, 2) for setting in agreed.settings)
    totals = float(own[plays[0], plays[1]].sum()), float(others[plays[1], plays[0]].sum())
    return MatchResult(
        players=(pair[0].spec, pair[1].spec),
        labels=(pair[0].label, pair[1].label),
        sequences=(letters(plays[0]), letters(plays[1])),
        scores=totals,
        seed=seed,
        turns=len(plays[0]),
        notes=notes,
    )


def bridge_notes(entrants: tuple[Entrant, ...], depth: int = 3) -> tuple[str, ...]:
    """Return a note, and warn the caller so many calls up, when players run over the bridge."""
    slow = sorted({entrant.spec for entrant in entrants if entrant.plan is None})
    if not slow:
        return ()
    note = f"{', '.join(slow)}: played over the Axelrod library, hundreds of times slower than native strategies"
    warnings.warn(note, BridgeWarning, stacklevel=depth)
    return (note,)


def native_or_bridged(pair: tuple[Entrant, Entrant], agreed: Terms, seed: int) -> tuple[Plays, Plays]:
    """Return the plays of one match, over the bridge when a player is not native."""
    if pair[0].plan is not None and pair[1].plan is not None:
        try:
            return play_plans(pair[0].plan, pair[1].plan, agreed, seed)
        except InputError as error:
            raise broken(pair, error) from None
    from evocoop.strategies.axelrod_door import play_over_bridge

    played: tuple[Plays, Plays] = play_over_bridge(pair, agreed, seed, repetitions=1)[0]
    return played


def broken(pair: tuple[Entrant, Entrant], error: InputError) -> InputError:
    """Return the error of a match with the strategy named that is to blame: only one of the user's can be."""
    users = [k for k, who in enumerate(pair) if is_user_strategy(who.spec)]
    if not users:
        return error
    return StrategyError(pair[users[0]].spec, f"against {pair[1 - users[0]].spec}, {error}")


def play_plans(one: Plan, two: Plan, agreed: Terms, seed: int) -> tuple[Plays, Plays]:
    """Return the plays of a match between two native plans, 0 for C and 1 for D."""
    stream = np.zeros(STREAM_WORDS, dtype=np.int64)
    room = int(min(agreed.turns, 1024.0)) if agreed.prob_end else int(agreed.turns)
    while True:
        seats = [Seat(plan, setting, room) for plan, setting in zip((one, two), agreed.settings, strict=True)]
        start_stream(stream.ctypes.data, seed)
        rules = agreed.turns, agreed.prob_end, agreed.noise
        try:
            length = play_once(seats[0].address, seats[1].address, *rules, stream.ctypes.data, room)
        except InputError as error:
            raise InputError(f"turn {seats[0].turn + 1}: {error}") from None
        if length >= 0:
            return seats[0].plays[:length].copy(), seats[1].plays[:length].copy()
        room = check_room(-length)


def check_room(turns: int) -> int:
    """Return the turns a match needs, or refuse a match of too many."""
    if turns > MOST_TURNS:
        raise InputError(f"a match would last {turns} turns, at most {MOST_TURNS} are played; give turns, too")
    return turns
