"""Learning the automaton of a strategy without chance: states are told apart by how they answer probes.

Source: Angluin 1987, Information and Computation 75:87; Rivest & Schapire 1993, ibid. 103:299 (one probe for each
counterexample).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from evocoop.core.jit import kernel
from evocoop.play.kernels import reset
from evocoop.play.seats import Seat
from evocoop.strategies.plan import Plan, Setting
from evocoop.strategies.resolve import plan_of
from evocoop.strategies.state import advance, decide, player_at

Ints = NDArray[np.int64]
Word = tuple[int, ...]
Table = tuple[Ints, Ints]
"""The play in each state, and the next state after each joint play, array (S, 4)."""

TRIAL = 800
RANDOM_TRIALS = 200
SHORT = 60
CHANGES = (7, 60, 300)
"""Turns on which a trial goes over from one block to another: what counts without bound shows."""


class Teacher:
    """Answers what a strategy without chance plays after a history of joint plays, of up to so many turns."""

    def __init__(self, plan: Plan, setting: Setting, room: int) -> None:
        self._seats = Seat(plan, setting, room), Seat(plan_of("Cooperator"), setting, room)
        self._addresses = self._seats[0].address, self._seats[1].address

    def answers(self, words: Sequence[Word]) -> list[int]:
        """Return the play after each word."""
        lengths = np.array([len(word) for word in words], dtype=np.int64)
        flat = np.fromiter(itertools.chain.from_iterable(words), dtype=np.int64, count=int(lengths.sum()))
        out = np.empty(len(words), dtype=np.int64)
        ask(*self._addresses, flat, lengths, out)
        return [int(play) for play in out]

    def objection(self, table: Table, depth: int, trials: bool = True) -> Word | None:
        """Return a history after which the strategy plays otherwise than a table says, or None.

        Every history of up to ``depth`` turns is tried, then, with ``trials``, 200 random ones of 60 turns, and trials
        of 800 turns: every block of up to three joint plays repeated, every block of up to two and then another, random
        ones of uneven mix, and runs in which its own plays are mostly those it chooses.
        """
        code = first_wrong(*self._addresses, *table, depth)
        if code >= 0:
            word = [code >> 2 * (depth - 1 - turn) & 3 for turn in range(depth)]
            return self._cut(np.array(word, dtype=np.int64), table)
        long = _trials(table) if trials else ()
        return next((self._cut(trial, table) for trial in long if self._differs(trial, table) >= 0), None)

    def _differs(self, letters: Ints, table: Table) -> int:
        return int(follow(*self._addresses, np.ascontiguousarray(letters, dtype=np.int64), *table))

    def _cut(self, letters: Ints, table: Table) -> Word:
        return tuple(int(letter) for letter in letters[: self._differs(letters, table)])


@kernel
def follow(first: int, second: int, letters: Ints, plays: Ints, moves: Ints) -> int:
    """Return the first turn of a history, or just after it, on which a player plays otherwise than a table; or -1."""
    one, two = player_at(first), player_at(second)
    reset(one, two.my_plays)
    reset(two, one.my_plays)
    state = 0
    for turn in range(len(letters) + 1):
        if decide(one) != plays[state]:
            return turn
        if turn < len(letters):
            letter = letters[turn]
            advance(one, letter >> 1, letter & 1)
            advance(two, letter & 1, letter >> 1)
            state = moves[state, letter]
    return -1


@kernel
def first_wrong(first: int, second: int, plays: Ints, moves: Ints, depth: int) -> int:
    """Return the first history of so many turns on which a player and a table differ, as digits of base 4; or -1."""
    letters = np.zeros(depth, dtype=np.int64)
    for code in range(4**depth):
        for turn in range(depth):
            letters[turn] = code >> 2 * (depth - 1 - turn) & 3
        if follow(first, second, letters, plays, moves) >= 0:
            return code
    return -1


@kernel
def ask(first: int, second: int, letters: Ints, lengths: Ints, out: Ints) -> None:
    """Fill in what the first player plays after each history of joint plays."""
    one, two = player_at(first), player_at(second)
    at = 0
    for word in range(len(lengths)):
        reset(one, two.my_plays)
        reset(two, one.my_plays)
        for _ in range(lengths[word]):
            decide(one)
            advance(one, letters[at] >> 1, letters[at] & 1)
            advance(two, letters[at] & 1, letters[at] >> 1)
            at += 1
        out[word] = decide(one)


def learn(plan: Plan, setting: Setting, depth: int, most_states: int) -> Table | None:
    """Return the smallest table that plays as a strategy does, or None when it would need more states than that."""
    teacher = Teacher(plan, setting, TRIAL + most_states + 8)
    probes: list[Word] = [(), (0,), (1,), (2,), (3,)]
    known: dict[Word, list[int]] = {}
    while True:
        found = _closed(teacher, probes, known, most_states)
        if found is None:
            return None
        accesses, table = found
        wrong = teacher.objection(table, depth)
        if wrong is None:
            return table
        probes.append(_telling(teacher, wrong, accesses, table))


def _rows(teacher: Teacher, words: Sequence[Word], probes: list[Word], known: dict[Word, list[int]]) -> None:
    """Complete the answers to all probes after some words."""
    asked = [(word, probe) for word in words for probe in probes[len(known.setdefault(word, [])) :]]
    for (word, _), play in zip(asked, teacher.answers([word + probe for word, probe in asked]), strict=True):
        known[word].append(play)


def _closed(
    teacher: Teacher, probes: list[Word], known: dict[Word, list[int]], most_states: int
) -> tuple[list[Word], Table] | None:
    """Return a history that leads to each state, and the table whose states are the answers to all probes."""
    _rows(teacher, list(known) or [()], probes, known)
    places = {tuple(known[()]): 0}
    accesses: list[Word] = [()]
    moves = []
    for access in accesses:
        after = [(*access, letter) for letter in range(4)]
        _rows(teacher, after, probes, known)
        for word in after:
            if tuple(known[word]) not in places:
                if len(places) >= most_states:
                    return None
                places[tuple(known[word])] = len(places)
                accesses.append(word)
        moves.append([places[tuple(known[word])] for word in after])
    return accesses, (np.array([known[word][0] for word in accesses], dtype=np.int64), np.array(moves, dtype=np.int64))


def _telling(teacher: Teacher, wrong: Word, accesses: list[Word], table: Table) -> Word:
    """Return the shortest end of a counterexample that tells two histories apart that the table takes for one state."""
    states = [0]
    for letter in wrong:
        states.append(int(table[1][states[-1], letter]))
    plays = teacher.answers([accesses[state] + wrong[k:] for k, state in enumerate(states)])
    last = max(k for k in range(len(wrong)) if plays[k] != plays[k + 1])
    return wrong[last + 1 :]


def _trials(table: Table) -> Iterator[Ints]:
    """Yield long histories of many kinds."""
    dice = np.random.Generator(np.random.Philox(7))
    for _ in range(RANDOM_TRIALS):
        yield dice.integers(0, 4, SHORT)
    for block in _blocks(3):
        yield np.resize(block, TRIAL)
    for one, two in itertools.permutations(_blocks(2), 2):
        for turns in CHANGES:
            yield np.concatenate([np.resize(one, turns), np.resize(two, TRIAL - turns)])
    for _ in range(60):
        yield dice.choice(4, TRIAL, p=dice.dirichlet([0.3, 0.3, 0.3, 0.3]))
    for _ in range(60):
        yield _lifelike(table, dice)


def _blocks(size: int) -> list[Ints]:
    """Return all sequences of one up to so many joint plays."""
    return [np.array(block) for k in range(1, size + 1) for block in itertools.product(range(4), repeat=k)]


def _lifelike(table: Table, dice: np.random.Generator) -> Ints:
    """Return a history in which own plays are those of the table but for a few mistakes."""
    plays, moves = (part.tolist() for part in table)
    defects, slips = dice.random() ** 2, dice.choice([0.0, 0.02])
    theirs = (dice.random(TRIAL) < (defects if dice.random() < 0.5 else 1 - defects)).tolist()
    flips = (dice.random(TRIAL) < slips).tolist()
    letters, state = np.empty(TRIAL, dtype=np.int64), 0
    for turn in range(TRIAL):
        letter = 2 * (plays[state] != flips[turn]) + theirs[turn]
        letters[turn] = letter
        state = moves[state][letter]
    return letters
