"""Recognising intentions: which plan is the other following, and what is the best reply to it?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from evocoop.core.errors import InputError, check_number, check_probability
from evocoop.games.group_game import keep
from evocoop.games.matrix import PairwiseGame
from evocoop.games.payoffs import FloatArray, IntArray

if TYPE_CHECKING:  # a compiler stands behind it, and a file is checked without one
    from evocoop.play.automata import Automaton

PLANS = ("Cooperator", "Defector", "TitForTat", "WinStayLoseShift")
RECOGNISER = "Recogniser"


def plan_posterior(
    mine: str, theirs: str, *, plans: Sequence[str] = PLANS, error: float = 0.05, prior: Sequence[float] | None = None
) -> FloatArray:
    """Return the probability that each plan is what the other follows, after a history of plays.

    ``P(plan | history) ~ P(plan) prod_t P(their play at t | plan, history before t)``, where a play is flipped with
    probability e.

    Args:
        mine: my plays, a text of C and D.
        theirs: the other's plays, equally long.
        plans: names of strategies that are finite automata.
        error: e, in [0, 1].
        prior: of the plans, positive; equal when left out.

    Returns:
        Array of one probability for each plan.

    Raises:
        InputError: when the history fits no plan, texts differ in length, or a plan is no automaton.

    Source: Bayes' rule over plans: Han, Pereira & Santos 2011, Adaptive Behavior 19:264.

    >>> plan_posterior("CD", "CC", error=0.1).round(3).tolist()
    [0.332, 0.004, 0.332, 0.332]
    """
    return _posterior(mine, theirs, _machines(plans), error, prior)


def _posterior(
    mine: str, theirs: str, machines: Sequence[Automaton], error: float, prior: Sequence[float] | None
) -> FloatArray:
    if len(mine) != len(theirs) or set(mine + theirs) - set("CD"):
        raise InputError(f"mine and theirs must be equally long texts of C and D, not {mine!r} and {theirs!r}")
    error = check_probability("error", error)
    weights = _prior(prior, len(machines))
    for k, machine in enumerate(machines):
        state = 0
        for my_play, their_play in zip(mine, theirs, strict=True):
            chance = _noisy(machine.cooperates[state], error)
            weights[k] *= chance if their_play == "C" else 1.0 - chance
            state = machine.moves[state, 2 * (their_play == "D") + (my_play == "D")]
    if not weights.sum():
        raise InputError("no plan could have led to this history; allow for errors, or name more plans")
    return np.asarray(weights / weights.sum())


def _prior(prior: Sequence[float] | None, count: int) -> FloatArray:
    weights = np.ones(count) if prior is None else np.array(prior, dtype=np.float64)
    if weights.shape != (count,) or not (weights > 0).all():
        raise InputError(f"prior must be {count} positive numbers, one for each plan")
    return np.asarray(weights / weights.sum())


def _machines(plans: Sequence[str]) -> list[Automaton]:
    from evocoop.play.automata import automaton_of

    found = [automaton_of(plan) for plan in plans]
    for plan, machine in zip(plans, found, strict=True):
        if machine is None:
            raise InputError(f"{plan} is no finite automaton, so its plan cannot be recognised")
    return [machine for machine in found if machine is not None]


def _noisy(cooperates: float, error: float) -> float:
    return float(cooperates * (1.0 - error) + (1.0 - cooperates) * error)


@dataclass(frozen=True, kw_only=True)
class IntentionRecognition(PairwiseGame):
    """A repeated prisoner's dilemma in which one kind of player recognises the plan of the other.

    The Recogniser opens with given plays, then finds by Bayes' rule how probable each plan is, and follows, for good,
    that best reply to one of the plans which is worth most on average over all of them. Besides the plans it knows its
    own kind: somebody who opens as it does and then plays tit for tat. Others follow their plans. Payoffs per turn are
    expected on the Markov chain of both players, with errors, and the Recogniser pays for its mind.

    Args:
        plans: names of strategies that are finite automata: who else there is, and what is looked for.
        opening: the Recogniser's first plays, one to six; a defection among them tells plans apart. CDC leaves tit for
            tat and win-stay, lose-shift alike; CDDC does not.
        temptation: T.
        reward: R.
        punishment: P.
        sucker: S.
        error: probability that a play is flipped, in [0, 1].
        continuation: w, probability of another turn, in [0, 1).
        mind_cost: what recognising costs, per turn, at least 0.

    Raises:
        InputError: when a number is out of range or a plan is no finite automaton.

    Source: Han, Pereira & Santos 2011, Adaptive Behavior 19:264, and 2012, Artificial Life 18:365, who learn plans from
    a corpus of play; exact inference, one decision after the opening, and these plans are ours.

    >>> game = IntentionRecognition()
    >>> game.matrix[-1].round(2).tolist()
    [1.87, -0.09, 0.23, 0.92, 0.93]
    """

    plans: tuple[str, ...] = PLANS
    opening: str = "CDC"
    temptation: float = 2.0
    reward: float = 1.0
    punishment: float = 0.0
    sucker: float = -1.0
    error: float = 0.01
    continuation: float = 0.95
    mind_cost: float = 0.0

    def __post_init__(self) -> None:
        names: Any = self.plans
        if isinstance(names, str) or not names or not all(isinstance(name, str) for name in names):
            raise InputError(f"plans must be a list of names of strategies, not {names!r}")
        if len(set(names)) < len(names) or RECOGNISER in names:
            raise InputError(f"plans must differ from each other and from {RECOGNISER}")
        keep(self, plans=tuple(names))
        if not 1 <= len(self.opening) <= 6 or set(self.opening) - set("CD"):
            raise InputError(f"opening must be one to six plays, a text of C and D, not {self.opening!r}")
        for name in ("temptation", "reward", "punishment", "sucker"):
            keep(self, **{name: check_number(name, getattr(self, name))})
        keep(self, error=check_probability("error", self.error))
        keep(self, continuation=check_number("continuation", self.continuation, minimum=0.0, maximum=1.0 - 1e-6))
        keep(self, mind_cost=check_number("mind_cost", self.mind_cost, minimum=0.0))

    @property
    def strategies(self) -> tuple[str, ...]:
        """The plans, then the Recogniser."""
        return (*self.plans, RECOGNISER)

    @cached_property
    def _all(self) -> list[Automaton]:
        machines = _machines(self.plans)
        return [*machines, _Thinker(self, [*machines, _fellow(self.opening)]).automaton]

    @cached_property
    def _long_run(self) -> tuple[FloatArray, FloatArray]:
        """Return payoffs and cooperation per turn, of rows against columns."""
        from evocoop.play.exact import Chain

        payoffs = self.reward, self.sucker, self.temptation, self.punishment
        size = len(self._all)
        gains, cooperation = np.empty((size, size)), np.empty((size, size))
        for i, one in enumerate(self._all):
            for j, two in enumerate(self._all[i:], start=i):
                means, _, length = Chain(one, two, self.error, payoffs).totals(None, 1.0 - self.continuation)
                gains[i, j], gains[j, i] = means[:2] / length
                cooperation[i, j], cooperation[j, i] = means[2:] / length
        gains[-1] -= self.mind_cost
        return gains, cooperation

    def _matrix(self) -> FloatArray:
        return self._long_run[0]

    def self_cooperation(self) -> FloatArray:
        """Return how often each cooperates with its own kind."""
        return self._long_run[1].diagonal().copy()


class _Thinker:
    """The Recogniser as an automaton: a tree of histories of the opening, then one of the replies."""

    def __init__(self, game: IntentionRecognition, machines: list[Automaton]) -> None:
        self.game, self.machines = game, machines
        self.replies = [self._best_reply(machine) for machine in machines]
        self.values = [[self._worth(reply, i, other) for other in machines] for i, reply in enumerate(self.replies)]

    @cached_property
    def automaton(self) -> Automaton:
        """States: every history of the opening, then for every plan's reply the states of that plan."""
        from evocoop.play.automata import Automaton

        starts = np.cumsum([0, *(machine.states for machine in self.machines)])
        depth = len(self.game.opening)
        tree = [history for length in range(depth) for history in np.ndindex(*(4,) * length)]
        place = {history: int(starts[-1]) + k for k, history in enumerate(tree)}
        cooperates, moves = [], []
        for machine, reply, start in zip(self.machines, self.replies, starts, strict=False):
            cooperates.extend(reply.tolist())
            moves.extend((_seen_by_the_other(machine) + start).tolist())
        for history in tree:
            cooperates.append(float(self.game.opening[len(history)] == "C"))
            longer = [(*history, joint) for joint in range(4)]
            moves.append([place[one] if one in place else self._settle(one, starts) for one in longer])
        order = [place[()], *(k for k in range(len(cooperates)) if k != place[()])]
        new = np.argsort(order)
        table = new[np.array(moves, dtype=np.int64)][order]
        return Automaton(np.array(cooperates)[order], table)

    def _settle(self, history: tuple[int, ...], starts: IntArray) -> int:
        """Return the state in which the reply chosen after an opening goes on."""
        mine = "".join("CD"[joint >> 1] for joint in history)
        theirs = "".join("CD"[joint & 1] for joint in history)
        reached = [self._reached(machine, history) for machine in self.machines]
        try:
            belief = _posterior(mine, theirs, self.machines, self.game.error, None)
        except InputError:
            belief = np.full(len(self.machines), 1.0 / len(self.machines))
        worth = [
            sum(p * value[reached[i], reached[j]] for j, (p, value) in enumerate(zip(belief, row, strict=True)))
            for i, row in enumerate(self.values)
        ]
        chosen = int(np.argmax(np.round(worth, 12)))
        return int(starts[chosen]) + reached[chosen]

    def _reached(self, machine: Automaton, history: tuple[int, ...]) -> int:
        state = 0
        for joint in history:
            state = int(machine.moves[state, (joint & 1) * 2 + (joint >> 1)])
        return state

    def _yields(self) -> FloatArray:
        game = self.game
        return np.array([[game.reward, game.sucker], [game.temptation, game.punishment]])

    def _turn(self, mine: float, theirs: float) -> FloatArray:
        """Return the probability of each joint play CC, CD, DC, DD, mine first, by intended cooperation."""
        p, q = _noisy(mine, self.game.error), _noisy(theirs, self.game.error)
        return np.array([p * q, p * (1 - q), (1 - p) * q, (1 - p) * (1 - q)])

    def _best_reply(self, machine: Automaton) -> FloatArray:
        """Return the plays (1 cooperates) that are worth most against a plan, one for each of its states.

        By policy iteration (Howard 1960, Dynamic Programming and Markov Processes); ties go to cooperation.
        """
        gains, moves = self._yields().ravel(), _seen_by_the_other(machine)
        chances = np.array([[self._turn(mine, c) for mine in (0.0, 1.0)] for c in machine.cooperates])
        states, reply = np.arange(machine.states), np.ones(machine.states, dtype=np.int64)
        for _ in range(2 ** min(machine.states, 10)):
            turn = chances[states, reply]
            ahead = np.eye(machine.states)
            np.subtract.at(ahead, (states[:, None], moves), self.game.continuation * turn)
            value = np.linalg.solve(ahead, turn @ gains)
            worth = (chances * (gains + self.game.continuation * value[moves])[:, None, :]).sum(axis=2)
            slack = 1e-12 * (1.0 + np.abs(value))
            better = np.where(
                worth[:, 1] > worth[:, 0] + slack, 1, np.where(worth[:, 0] > worth[:, 1] + slack, 0, reply)
            )
            if (better == reply).all():
                break
            reply = better
        return np.asarray(reply, dtype=np.float64)

    def _worth(self, reply: FloatArray, meant: int, other: Automaton) -> FloatArray:
        """Return what a reply meant for one plan is worth against another, from every pair of states."""
        supposed, actual = _seen_by_the_other(self.machines[meant]), _seen_by_the_other(other)
        rows, columns = self.machines[meant].states, other.states
        gains = self._yields().ravel()
        matrix, reward = np.eye(rows * columns), np.zeros(rows * columns)
        for a in range(rows):
            for b in range(columns):
                chances = self._turn(reply[a], other.cooperates[b])
                reward[a * columns + b] = chances @ gains
                for joint in range(4):
                    after = supposed[a, joint] * columns + actual[b, joint]
                    matrix[a * columns + b, after] -= self.game.continuation * chances[joint]
        return np.asarray(np.linalg.solve(matrix, reward).reshape(rows, columns))


def _fellow(opening: str) -> Automaton:
    """Return who opens in a given way, whatever the other does, and then plays tit for tat."""
    from evocoop.play.automata import Automaton

    depth = len(opening)
    cooperates = np.array([*(float(play == "C") for play in opening), 1.0, 0.0])
    moves = np.array([*([k + 1] * 4 for k in range(depth)), *[[depth, depth + 1, depth, depth + 1]] * 2])
    return Automaton(cooperates, moves)


def _seen_by_the_other(machine: Automaton) -> IntArray:
    """Return a machine's moves with joint plays as its partner codes them, the partner's own play first."""
    return machine.moves[:, [0, 2, 1, 3]]
