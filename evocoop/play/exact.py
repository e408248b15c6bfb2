"""Expected payoffs of a match between two automata, without playing it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evocoop.core.errors import InputError, check_integer, check_probability
from evocoop.play.automata import Automaton, automaton_of
from evocoop.play.entrants import find_entrant, is_bridged
from evocoop.play.setting import MOST_TURNS, Terms, payoffs_of
from evocoop.strategies.plan import Setting
from evocoop.strategies.resolve import Entrant

Floats = NDArray[np.float64]

DENSE = 100
"""Chains of more states are solved as sparse matrices."""


@dataclass(frozen=True)
class ExactMatch:
    """What a match between two automata yields on average.

    Args:
        players: who meets whom.
        payoffs: expected payoff per turn of each (total over expected turns; in the limit, the long-run mean).
        variances: variance of the total payoff of each; in the limit that of the long-run mean, which is 0 unless
            chance decides for ever how the match goes on.
        cooperation: expected share of cooperation of each.
        turns: expected number of turns; inf in the limit.
        states: joint states of the two automata that can be reached.
    """

    players: tuple[str, str]
    payoffs: tuple[float, float]
    variances: tuple[float, float]
    cooperation: tuple[float, float]
    turns: float
    states: int


def exact_match(
    a: Any,
    b: Any,
    *,
    turns: int | None = None,
    noise: float = 0.0,
    prob_end: float | None = None,
    game: Any = None,
) -> ExactMatch:
    """Return expected payoffs of a match between two strategies that are finite automata.

    The pair of states is a Markov chain with transition matrix P and expected payoffs r of the next turn. T turns:
    ``sum_t e_1 P^t r``. Ending with probability w after each turn: ``e_1 (I - (1-w) P)^-1 r`` over ``1/w`` turns, or
    ``sum_t e_1 ((1-w) P)^t r`` if it has at most T turns. Neither: the long-run mean, over the recurrent classes that
    the first states lead to.

    Args:
        a: the first player, see :func:`evocoop.match`.
        b: the second player.
        turns: length of the match, the most turns with ``prob_end``; the limit of long matches when both are left out.
        noise: probability that a play is flipped.
        prob_end: probability that the match ends after a turn, above 0.
        game: R, S, T, P as four numbers or a 2×2 matrix; 3, 0, 5, 1 when left out.

    Raises:
        InputError: when a number is refused, or a strategy is no finite automaton.

    Source: Nowak & Sigmund 1993, Nature 364:56 (stationary vectors); Press & Dyson 2012, PNAS 109:10409.

    >>> exact_match("TitForTat", "TitForTat", noise=0.01).payoffs
    (2.25, 2.25)
    >>> exact_match("TitForTat", "Defector", turns=10).payoffs
    (0.9, 1.4)
    """
    error = check_probability("noise", noise)
    if turns is not None:
        check_integer("turns", turns, minimum=1, maximum=MOST_TURNS)
    if prob_end is not None and check_probability("prob_end", prob_end) == 0.0:
        raise InputError("prob_end must be above 0; leave it out for the limit of long matches")
    payoffs = payoffs_of(game)
    bridged = [who for who in (a, b) if is_bridged(who)]
    if bridged:
        raise InputError(f"{bridged[0]} is no finite automaton; play a match instead")
    entrants = find_entrant(a), find_entrant(b)
    machines = []
    for entrant in entrants:
        machine = automaton_of(entrant, Setting(*payoffs))
        if machine is None:
            raise InputError(f"{entrant.spec} is no finite automaton; play a match instead")
        machines.append(machine)
    chain = Chain(machines[0], machines[1], error, payoffs)
    means, squares, length = chain.totals(turns, prob_end)
    return ExactMatch(
        players=(entrants[0].spec, entrants[1].spec),
        payoffs=(_tidy(means[0] / length), _tidy(means[1] / length)),
        variances=(_spread(means[0], squares[0]), _spread(means[1], squares[1])),
        cooperation=(_tidy(means[2] / length), _tidy(means[3] / length)),
        turns=float("inf") if turns is None and prob_end is None else length,
        states=len(chain.pairs),
    )


def expected_payoffs(entrants: Sequence[Entrant], agreed: Terms) -> Floats:
    """Return what every player expects per turn against every other, and how often it cooperates, nan where unknown.

    Array (n, n, 2). Both must be finite automata.
    """
    out = np.full((len(entrants), len(entrants), 2), np.nan)
    machines = [automaton_of(entrant, agreed.setting) for entrant in entrants]
    turns = int(agreed.turns) if np.isfinite(agreed.turns) else None
    for i, one in enumerate(machines):
        for j, two in enumerate(machines[i:], start=i):
            if one is None or two is None:
                continue
            means, _, length = Chain(one, two, agreed.noise, agreed.payoffs).totals(turns, agreed.prob_end or None)
            out[i, j] = means[0] / length, means[2] / length
            out[j, i] = means[1] / length, means[3] / length
    return out


def _tidy(value: float) -> float:
    """Return a figure without the last digits of round-off."""
    return float(np.round(value, 13))


def _spread(mean: float, square: float) -> float:
    return max(0.0, float(np.round(square - mean * mean, 12)))


class Chain:
    """The Markov chain of two automata, and what each turn yields."""

    def __init__(
        self, one: Automaton, two: Automaton, noise: float, payoffs: tuple[float, float, float, float]
    ) -> None:
        R, S, T, P = payoffs
        yields = np.array([[R, R, 1, 1], [S, T, 1, 0], [T, S, 0, 1], [P, P, 0, 0]])
        self.pairs = {(0, 0): 0}
        pending = [(0, 0)]
        rows: list[tuple[int, int, float, int]] = []
        for i, j in pending:
            first = one.cooperates[i] * (1 - noise) + (1 - one.cooperates[i]) * noise
            second = two.cooperates[j] * (1 - noise) + (1 - two.cooperates[j]) * noise
            for joint in range(4):
                chance = (1 - first if joint >> 1 else first) * (1 - second if joint & 1 else second)
                if chance == 0.0:
                    continue
                after = int(one.moves[i, joint]), int(two.moves[j, (joint & 1) * 2 + (joint >> 1)])
                if after not in self.pairs:
                    self.pairs[after] = len(self.pairs)
                    pending.append(after)
                rows.append((self.pairs[i, j], self.pairs[after], chance, joint))
        self.here = np.array([row[0] for row in rows])
        self.there = np.array([row[1] for row in rows])
        self.chance = np.array([row[2] for row in rows])
        self.gain = yields[[row[3] for row in rows]]

    def _expect(self, values: Floats) -> Floats:
        """Return, for each state, the expectation of a value given on the ways out of it."""
        out = np.zeros((len(self.pairs), values.shape[1]))
        np.add.at(out, self.here, self.chance[:, None] * values)
        return out

    def totals(self, turns: int | None, prob_end: float | None) -> tuple[Floats, Floats, float]:
        """Return mean and mean square of total payoffs and cooperations (4,), and the expected number of turns."""
        if turns is not None:
            return self._fixed(turns, 1.0 - (prob_end or 0.0))
        if prob_end is not None:
            return self._ending(prob_end)
        return *self._limit(), 1.0

    def _fixed(self, turns: int, stay: float) -> tuple[Floats, Floats, float]:
        mean, square = np.zeros((len(self.pairs), 4)), np.zeros((len(self.pairs), 4))
        for _ in range(turns):
            later = stay * mean[self.there]
            square = self._expect(self.gain**2 + 2.0 * self.gain * later + stay * square[self.there])
            mean = self._expect(self.gain + later)
        return mean[0], square[0], float(turns) if stay == 1.0 else (1.0 - stay**turns) / (1.0 - stay)

    def _ending(self, prob_end: float) -> tuple[Floats, Floats, float]:
        matrix = (1.0 - prob_end) * self.matrix()
        mean = _solve(matrix, self._expect(self.gain))
        now = self.gain**2 + 2.0 * (1.0 - prob_end) * self.gain * mean[self.there]
        square = _solve(matrix, self._expect(now))
        return mean[0], square[0], 1.0 / prob_end

    def matrix(self) -> Any:
        """Return the transition matrix, sparse."""
        from scipy.sparse import csr_matrix

        size = len(self.pairs)
        return csr_matrix((self.chance, (self.here, self.there)), shape=(size, size))

    def _limit(self) -> tuple[Floats, Floats]:
        """Return mean and mean square of long-run means: of each recurrent class, by the chance to end in it."""
        from scipy.sparse.csgraph import connected_components

        matrix, rewards = self.matrix(), self._expect(self.gain)
        count, label = connected_components(matrix, directed=True, connection="strong")
        closed = np.ones(count, dtype=bool)
        closed[label[self.here[label[self.here] != label[self.there]]]] = False
        ends = np.zeros((len(label), 4))
        for component in np.flatnonzero(closed):
            inside = np.flatnonzero(label == component)
            ends[inside] = _stationary(matrix[inside][:, inside]) @ rewards[inside]
        ends = np.hstack([ends, ends**2])
        passing = np.flatnonzero(~closed[label])
        if len(passing):
            settled = np.flatnonzero(closed[label])
            ends[passing] = _solve(matrix[passing][:, passing], matrix[passing][:, settled] @ ends[settled])
        return ends[0, :4], ends[0, 4:]


def _solve(matrix: Any, right: Floats) -> Floats:
    """Return x of x = matrix x + right, for a sparse matrix."""
    from scipy.sparse import identity
    from scipy.sparse.linalg import splu

    size = matrix.shape[0]
    if size <= DENSE:
        return np.linalg.solve(np.eye(size) - matrix.toarray(), right)
    return np.asarray(splu((identity(size) - matrix).tocsc()).solve(right))


def _stationary(matrix: Any) -> Floats:
    """Return the stationary distribution of an irreducible chain by elimination, without subtraction if it is small.

    Source: Grassmann, Taksar & Heyman 1985, Operations Research 33:1107.
    """
    size = matrix.shape[0]
    if size > DENSE:
        shares = np.append(1.0, _solve(matrix[1:, 1:].T, matrix[0, 1:].toarray().ravel()))
        return np.asarray(shares / shares.sum())
    work = matrix.toarray()
    for k in range(size - 1, 0, -1):
        work[:k, k] /= work[k, :k].sum()
        work[:k, :k] += np.outer(work[:k, k], work[k, :k])
    shares = np.ones(size)
    for k in range(1, size):
        shares[k] = shares[:k] @ work[:k, k]
    return np.asarray(shares / shares.sum())
