"""Players that follow the members of a team whose proposals would have earned most."""

from __future__ import annotations

import math

from evocoop.core.jit import kernel, loader, storer
from evocoop.strategies.draws import choice
from evocoop.strategies.families.teams import (
    Names,
    consult,
    finite_memory,
    is_deterministic,
    is_stochastic,
    long_memory,
    made_nice,
    members_of,
    memory_one,
    of_all,
    team_plan,
)
from evocoop.strategies.plan import Plan, Strategies, rule
from evocoop.strategies.state import D, Player, entry, stored

_proposed = loader("i8")
_score_of, _set_score = loader("f8"), storer("f8")


@kernel
def _score(me: Player) -> None:
    """Add what every proposal for the last turn would have earned to its member's score; scores follow proposals."""
    if me.turn == 0:
        return
    after_c = me.sucker if me.theirs & 1 else me.reward
    after_d = me.punishment if me.theirs & 1 else me.temptation
    members, store = me.members, me.store
    for k in range(members):
        earned = after_d if _proposed(store, k) else after_c
        _set_score(store, members + k, _score_of(store, members + k) + earned)


@rule
def winner(me: Player) -> int:
    """Cooperate if one of the members whose proposals would have earned most proposes to."""
    _score(me)
    consult(me)
    members, store, best, play = me.members, me.store, -math.inf, D
    for k in range(members):
        score = _score_of(store, members + k)
        if score > best:
            best, play = score, D
        if score == best:
            play &= _proposed(store, k)
    return play


@kernel
def _ranked(me: Player, rank: int) -> int:
    """Return who is in a place (0 the first) by score; of equals, the later in the team comes first."""
    members, store = me.members, me.store
    found, bound = members, math.inf
    for _ in range(rank + 1):
        best, most = -1, -math.inf
        for k in range(members):
            score = _score_of(store, members + k)
            if most <= score <= bound and (score < bound or k < found):
                best, most = k, score
        found, bound = best, most
    return found


@rule
def winner_ensemble(me: Player) -> int:
    """Draw one of the best 8 % of the team by what proposals would have earned; table: how many these are."""
    _score(me)
    consult(me)
    return stored(me, _ranked(me, choice(me, entry(me, 0))))


@rule
def one_member(me: Player) -> int:
    """Play what the first member proposes, with everybody seeded and asked."""
    consult(me)
    return stored(me, 0)


def winner_plan(members: tuple[Plan, ...]) -> Plan:
    """Cooperate if one of the members whose proposals would have earned most proposes to."""
    return team_plan(winner, members)


def ensemble_plan(members: tuple[Plan, ...]) -> Plan:
    """Return the plan that draws from the best 8 % of a team; one that is all alike has its first member play."""
    if len(set(map(id, members))) == 1:
        return team_plan(one_member, members)
    return team_plan(winner_ensemble, members, True, table=(max(1, int(len(members) * 0.08)),))


def meta_winner(team: Names | None = None) -> Plan:
    """Cooperate if one of the members whose proposals would have earned most proposes to."""
    return winner_plan(members_of(team))


def meta_winner_ensemble(team: Names | None = None) -> Plan:
    """Play the proposal of one of the best 8 % of a team, by what proposals would have earned."""
    return ensemble_plan(members_of(team))


def nice_meta_winner(team: Names | None = None) -> Plan:
    """Play as the best of a team, but do not defect before the opponent has."""
    return made_nice(meta_winner(team))


def nice_meta_winner_ensemble(team: Names | None = None) -> Plan:
    """Play as one of the best 8 % of a team, but do not defect before the opponent has."""
    return made_nice(meta_winner_ensemble(team))


def nice_ensemble_plan(members: tuple[Plan, ...]) -> Plan:
    """Play as one of the best 8 % of a team, but do not defect before the opponent has."""
    return made_nice(ensemble_plan(members))


STRATEGIES: Strategies = {
    "MetaWinner": meta_winner,
    "MetaWinnerDeterministic": of_all(winner_plan, is_deterministic),
    "MetaWinnerEnsemble": meta_winner_ensemble,
    "MetaWinnerMemoryOne": of_all(winner_plan, memory_one),
    "MetaWinnerFiniteMemory": of_all(winner_plan, finite_memory),
    "MetaWinnerLongMemory": of_all(winner_plan, long_memory),
    "MetaWinnerStochastic": of_all(winner_plan, is_stochastic),
    "NMWEDeterministic": of_all(nice_ensemble_plan, is_deterministic),
    "NMWEFiniteMemory": of_all(nice_ensemble_plan, finite_memory),
    "NMWELongMemory": of_all(nice_ensemble_plan, long_memory),
    "NMWEMemoryOne": of_all(nice_ensemble_plan, memory_one),
    "NMWEStochastic": of_all(nice_ensemble_plan, is_stochastic),
    "NiceMetaWinner": nice_meta_winner,
    "NiceMetaWinnerEnsemble": nice_meta_winner_ensemble,
}
