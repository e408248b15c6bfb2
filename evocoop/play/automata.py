"""Strategies as finite automata: read off where the rule is a table, learned by asking where it is not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evocoop.play.entrants import find_entrant, is_bridged
from evocoop.play.teacher import TRIAL, Teacher, learn
from evocoop.strategies.families.attention import attend
from evocoop.strategies.families.counts import anonymous
from evocoop.strategies.families.wrappers import dual, flipped, forgiver, joss_ann, noisy
from evocoop.strategies.plan import Numbers, Plan, Rule, Setting
from evocoop.strategies.registry import find, recorded_automata
from evocoop.strategies.resolve import Entrant
from evocoop.strategies.spec import Spec, parse
from evocoop.strategies.user import is_user_strategy

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MOST_STATES = 200
DEPTH = 8
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
    told apart by how they answer probes, and probes are added until automaton and strategy agree, turn by turn, on
    every history of up to 8 turns (10 for the recorded ones), 200 random ones of 60, and trials of 800 turns: every
    block of up to three joint plays repeated, every block of up to two and then another, random ones of uneven mix, and
    runs in which its own plays are mostly those it chooses. Strategies that count without bound, use the length of the
    match, or chance in another way, have none; nor have those of more than 200 states here.

    Args:
        who: a spec, a player object, or an entrant.
        setting: the payoffs of the game; 3, 0, 5, 1 when left out.

    Raises:
        InputError: when the strategy is unknown.

    Source: Angluin 1987, Information and Computation 75:87; Rivest & Schapire 1993, ibid. 103:299.

    >>> automaton_of("TitForTat").states, automaton_of("Grudger").states
    (2, 2)
    """
    if is_bridged(who):
        return None
    entrant = who if isinstance(who, Entrant) else find_entrant(who)
    plan, world = entrant.plan, setting or Setting()
    if plan is None or (plan.team and plan.shares == "nothing") or _uses_length(entrant):
        return None
    if any(one.rule is attend for one in plan.everyone()):
        return None
    key = (entrant.spec, world[:4])
    if key not in _learned:
        known = recorded_automata() if key[1] == Setting()[:4] else {}
        _learned[key] = _recorded(known[entrant.spec]) if entrant.spec in known else _found(entrant, plan, world)
    return _learned[key]


def _found(entrant: Entrant, plan: Plan, setting: Setting) -> Automaton | None:
    """Return the automaton of a plan; that of a user's rule must not depend on the length of the match."""
    found = find_automaton(plan, setting)
    if found is None or found.verified is None or not is_user_strategy(entrant.spec):
        return found
    short, long = (setting._replace(length=turns + 1.0) for turns in (DEPTH, TRIAL))
    return found if holds(plan, found, short, DEPTH, trials=False) and holds(plan, found, long, DEPTH) else None


def find_automaton(plan: Plan, setting: Setting) -> Automaton | None:
    """Return the smallest automaton of a plan, read off its table or learned; None when none is found."""
    found = _read_off(plan, setting) or _in_law(plan, setting)
    if found is not None or plan.stochastic:
        return found
    table = learn(plan, setting, DEPTH, MOST_STATES)
    return table and Automaton((1 - table[0]).astype(np.float64), table[1], DEPTH)


def holds(plan: Plan, automaton: Automaton, setting: Setting, depth: int, trials: bool = True) -> bool:
    """Return whether a strategy without chance plays as an automaton does on every history of up to so many turns."""
    table = 1 - automaton.cooperates.astype(np.int64), automaton.moves
    return Teacher(plan, setting, TRIAL + 8).objection(table, depth, trials) is None


def _recorded(row: dict[str, Any] | None) -> Automaton | None:
    if row is None:
        return None
    return Automaton(np.array(row["cooperates"], dtype=np.float64), np.array(row["moves"]), row["verified"])


def _uses_length(entrant: Entrant) -> bool:
    if is_user_strategy(entrant.spec):
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


def _in_law(plan: Plan, setting: Setting) -> Automaton | None:
    """Return the automaton that plays alike in law, though it draws otherwise: of a transformed one, or of a coin."""
    if plan.rule is anonymous:
        return Automaton(np.array([0.5]), np.zeros((1, 4), dtype=np.int64))
    change = _CHANGES.get(plan.rule)
    inner = find_automaton(plan.team[0], setting) if change else None
    if change is None or inner is None:
        return None
    moves = inner.moves[:, [2, 3, 0, 1]] if plan.rule is dual else inner.moves
    return _minimal(change(inner.cooperates, plan.numbers_in(setting)), moves)


_CHANGES: dict[Rule, Callable[[Floats, Numbers], Floats]] = {
    flipped: lambda chances, numbers: 1.0 - chances,
    dual: lambda chances, numbers: 1.0 - chances,
    noisy: lambda chances, numbers: chances * (1.0 - numbers[0]) + (1.0 - chances) * numbers[0],
    forgiver: lambda chances, numbers: chances + (1.0 - chances) * numbers[0],
    joss_ann: lambda chances, numbers: numbers[0] + (numbers[2] - numbers[1]) * chances,
}
"""What transformers make of the probability to cooperate."""


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
