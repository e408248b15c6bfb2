"""Strategies as finite automata: read off where the rule is a table, learned by asking where it is not."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evocoop.core.jit import kernel
from evocoop.play.entrants import find_entrant, is_bridged
from evocoop.play.kernels import reset
from evocoop.play.seats import Seat
from evocoop.strategies.families.attention import attend
from evocoop.strategies.plan import Plan, Setting
from evocoop.strategies.registry import find, recorded_automata
from evocoop.strategies.resolve import Entrant, plan_of
from evocoop.strategies.spec import Spec, parse
from evocoop.strategies.state import advance, decide, player_at

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Word = tuple[int, ...]

MOST_STATES = 120
DEPTH = 6
LONG_WORDS = 200
LONG = 60
TRIAL = 800
_learned: dict[Any, Automaton | None] = {}


@dataclass(frozen=True)
class Automaton:
    """A strategy as a machine that sees joint plays.

    Joint plays are coded CC, CD, DC, DD = 0, 1, 2, 3, own play first, as they were played (after noise).

    Args:
        cooperates: probability to cooperate in each state, array (S,); the match starts in state 0.
        moves: next state after each joint play, array (S, 4).
        verified: length up to which every history was held against the strategy; None where it is read off a table.
    """

    cooperates: Floats
    moves: Ints
    verified: int | None = None

    @property
    def states(self) -> int:
        """How many states it has."""
        return len(self.cooperates)


def automaton_of(who: Any, setting: Setting | None = None) -> Automaton | None:
    """Return the smallest automaton that plays as a strategy does, or None when none is found.

    Tables (memory-one, look-up tables, coins) are read off. Other strategies without chance are learned: states are
    told apart by how they answer probes, and probes are added until every history of up to 6 turns and 200 random ones
    of 60 turns agree. What was learned must then hold, play by play, on trials of 800 turns: every block of up to three
    joint plays repeated, random ones of uneven mix, and runs in which its own plays are mostly those it chooses.
    Strategies that count without bound, use the length of the match, or chance in another way, have none.

    Args:
        who: a spec, a player object, or an entrant.
        setting: the payoffs of the game; 3, 0, 5, 1 when left out.

    Raises:
        InputError: when the strategy is unknown.

    Source: Angluin 1987, Information and Computation 75:87; Maler & Pnueli 1995, ibid. 118:316 (counterexamples).

    >>> automaton_of("TitForTat").states, automaton_of("Grudger").states
    (2, 2)
    """
    if is_bridged(who):
        return None
    entrant = who if isinstance(who, Entrant) else find_entrant(who)
    plan, world = entrant.plan, setting or Setting()
    if plan is None or (plan.team and (plan.stochastic or plan.shares == "nothing")) or _uses_length(entrant):
        return None
    if any(one.rule is attend for one in plan.everyone()):
        return None
    key = (entrant.spec, world[:4])
    if key not in _learned:
        known = recorded_automata() if key[1] == Setting()[:4] else {}
        _learned[key] = _recorded(known[entrant.spec]) if entrant.spec in known else find_automaton(plan, world)
    return _learned[key]


def find_automaton(plan: Plan, setting: Setting) -> Automaton | None:
    """Return the smallest automaton of a plan, read off its table or learned; None when none is found."""
    return _read_off(plan, setting) if plan.stochastic else _read_off(plan, setting) or _learn(plan, setting)


def _recorded(row: dict[str, Any] | None) -> Automaton | None:
    if row is None:
        return None
    return Automaton(np.array(row["cooperates"], dtype=np.float64), np.array(row["moves"]), row["verified"])


def _uses_length(entrant: Entrant) -> bool:
    if ":" in entrant.spec:
        return False
    rows = [find(name) for name in _named(entrant.spec)]
    return any(row.key == "FinalTransformer" or "length" in row.classifier.get("makes_use_of", ()) for row in rows)


def _named(value: Any) -> Iterator[str]:
    """Yield the strategies and transformers that a spec names, at any depth."""
    if isinstance(value, str):
        value = parse(value)
    if isinstance(value, Spec):
        yield value.name
        value = (*value.positional, *(one for _, one in value.named))
    for one in value if isinstance(value, tuple) else ():
        if isinstance(one, (Spec, tuple)):
            yield from _named(one)


def _read_off(plan: Plan, setting: Setting) -> Automaton | None:
    machine = plan.machine_in(setting)
    return machine and _minimal(np.array(machine.cooperates), np.array(machine.moves))


def _minimal(cooperates: Floats, moves: Ints) -> Automaton:
    """Merge states that no history tells apart (Moore 1956), and drop those that cannot be reached."""
    reached, pending = [0], [0]
    while pending:
        for state in moves[pending.pop()]:
            if state not in reached:
                reached.append(int(state))
                pending.append(int(state))
    _, blocks = np.unique(cooperates, return_inverse=True)
    while True:
        signature = np.column_stack([blocks, blocks[moves]])
        _, finer = np.unique(signature[reached], axis=0, return_inverse=True)
        wider = np.full(len(blocks), -1)
        wider[reached] = finer.ravel()
        if len(np.unique(finer)) == len(np.unique(blocks[reached])):
            break
        blocks = wider
    order = {int(blocks[0]): 0}
    pending = [0]
    first = {0: 0}
    for state in pending:
        for after in moves[state]:
            block = int(blocks[after])
            if block not in order:
                order[block] = len(order)
                first[order[block]] = int(after)
                pending.append(int(after))
    rows = [first[k] for k in range(len(order))]
    table = np.array([[order[int(blocks[after])] for after in moves[row]] for row in rows], dtype=np.int64)
    return Automaton(cooperates[rows].astype(np.float64), table)


class Teacher:
    """Answers what a strategy without chance plays after a history of joint plays."""

    def __init__(self, plan: Plan, setting: Setting) -> None:
        room = TRIAL + 8
        self._seats = Seat(plan, setting, room), Seat(plan_of("Cooperator"), setting, room)

    def answers(self, words: list[Word]) -> list[int]:
        """Return the play after each word."""
        lengths = np.array([len(word) for word in words], dtype=np.int64)
        flat = np.array([letter for word in words for letter in word], dtype=np.int64)
        out = np.empty(len(words), dtype=np.int64)
        ask(self._seats[0].address, self._seats[1].address, flat, lengths, out)
        return [int(play) for play in out]

    def agrees(self, automaton: Automaton, letters: Ints) -> bool:
        """Return whether the strategy plays as an automaton does at every turn of a history."""
        letters = np.ascontiguousarray(letters, dtype=np.int64)
        out = np.empty(len(letters), dtype=np.int64)
        follow(self._seats[0].address, self._seats[1].address, letters, out)
        state, plays = 0, 1 - automaton.cooperates.astype(np.int64)
        for letter, play in zip(letters.tolist(), out.tolist(), strict=True):
            if plays[state] != play:
                return False
            state = automaton.moves[state, letter]
        return True


@kernel
def follow(first: int, second: int, letters: Any, out: Any) -> None:
    """Fill in what the first player would play at every turn of one history of joint plays."""
    one, two = player_at(first), player_at(second)
    reset(one, two.my_plays)
    reset(two, one.my_plays)
    for turn in range(len(letters)):
        out[turn] = decide(one)
        advance(one, letters[turn] >> 1, letters[turn] & 1)
        advance(two, letters[turn] & 1, letters[turn] >> 1)


@kernel
def ask(first: int, second: int, letters: Any, lengths: Any, out: Any) -> None:
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


def _learn(plan: Plan, setting: Setting) -> Automaton | None:
    teacher = Teacher(plan, setting)
    probes: list[Word] = [(), (0,), (1,), (2,), (3,)]
    words = [word for length in range(DEPTH + 1) for word in itertools.product(range(4), repeat=length)]
    dice = np.random.Generator(np.random.Philox(7))
    words += [tuple(int(k) for k in dice.integers(0, 4, LONG)) for _ in range(LONG_WORDS)]
    truth = teacher.answers(words)
    while True:
        found = _closed(teacher, probes)
        if found is None:
            return None
        wrong = next((word for word, play in zip(words, truth, strict=True) if _play(found, word) != play), None)
        if wrong is None:
            return Automaton(found.cooperates, found.moves, DEPTH) if _holds(teacher, found) else None
        suffixes = [wrong[k:] for k in range(len(wrong))]
        probes += [suffix for suffix in suffixes if suffix not in probes]
        if len(probes) > 10 * LONG:
            return None


def _closed(teacher: Teacher, probes: list[Word]) -> Automaton | None:
    """Return the automaton whose states are the answers to all probes, or None when there are too many."""
    row = tuple(teacher.answers(probes))
    places: dict[tuple[int, ...], int] = {row: 0}
    accesses: list[Word] = [()]
    outputs, moves = [1.0 - row[0]], []
    for access in accesses:
        here = []
        for letter in range(4):
            after = (*access, letter)
            row = tuple(teacher.answers([(*after, *probe) for probe in probes]))
            if row not in places:
                if len(places) >= MOST_STATES:
                    return None
                places[row] = len(places)
                accesses.append(after)
                outputs.append(1.0 - row[0])
            here.append(places[row])
        moves.append(here)
    return Automaton(np.array(outputs), np.array(moves, dtype=np.int64))


def _holds(teacher: Teacher, automaton: Automaton) -> bool:
    """Return whether an automaton plays as the strategy does on long and uneven trials."""
    dice = np.random.Generator(np.random.Philox(11))
    for size in (1, 2, 3):
        for block in itertools.product(range(4), repeat=size):
            if not teacher.agrees(automaton, np.resize(np.array(block), TRIAL)):
                return False
    for _ in range(60):
        mix = dice.dirichlet([0.3, 0.3, 0.3, 0.3])
        if not teacher.agrees(automaton, dice.choice(4, TRIAL, p=mix)):
            return False
    return all(teacher.agrees(automaton, _lifelike(automaton, dice)) for _ in range(60))


def _lifelike(automaton: Automaton, dice: np.random.Generator) -> Ints:
    """Return a history in which own plays are those of the automaton but for a few mistakes."""
    defects, slips = dice.random() ** 2, dice.choice([0.0, 0.02])
    theirs = dice.random(TRIAL) < (defects if dice.random() < 0.5 else 1 - defects)
    flips = dice.random(TRIAL) < slips
    letters, state = np.empty(TRIAL, dtype=np.int64), 0
    for turn in range(TRIAL):
        mine = (automaton.cooperates[state] < 0.5) != flips[turn]
        letters[turn] = 2 * mine + theirs[turn]
        state = automaton.moves[state, letters[turn]]
    return letters


def _play(automaton: Automaton, word: Word) -> int:
    state = 0
    for letter in word:
        state = automaton.moves[state, letter]
    return int(1.0 - automaton.cooperates[state])
