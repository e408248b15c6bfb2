"""Players that consult a team of players."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from typing import Any, Final

import numpy as np

from evocoop.core.errors import InputError
from evocoop.core.jit import inner_kernel, kernel, loader, storer
from evocoop.strategies.draws import (
    COLUMNS,
    WORDS,
    choice,
    choice_by,
    fill_columns,
    machine_play,
    put_stream,
    random,
    random_seed_int,
    seed_player,
    take_column,
)
from evocoop.strategies.families.schedules import plays
from evocoop.strategies.plan import Plan, Rule, Strategies, rule
from evocoop.strategies.registry import Strategy, catalogue, find
from evocoop.strategies.spec import Spec, parse
from evocoop.strategies.state import (
    SIZE,
    C,
    D,
    Player,
    advance,
    decide,
    entry,
    keep,
    member,
    number,
    player_at,
    see,
    stored,
)

Names = Sequence[str | Spec]
_kept, _keep = loader("i8"), storer("i8")


@inner_kernel
def propose(player: Player, last: int, reply: int, first: bool) -> int:
    """Return what a member of the team proposes after its last proposal and the opponent's last play.

    A member's own history is what it proposed, not what the team played.
    """
    if player.machine:
        if not first:
            see(player, last, reply)
        return machine_play(player)
    if not first:
        advance(player, last, reply)
    return decide(player)  # type: ignore[no-any-return]


@kernel
def ask(me: Player, k: int) -> int:
    """Ask one member of a team of whom the others are not asked this turn; a stochastic team seeds it."""
    if me.turn == 0 and me.stochastic:
        seed_player(member(me, k), random_seed_int(me))
    play = propose(member(me, k), stored(me, k), me.theirs & 1, me.turn == 0)
    keep(me, k, play)
    return play


@kernel
def seed_team(me: Player) -> None:
    """Seed all members, the stochastic ones side by side."""
    column, first = 0, 0
    for k in range(me.members):
        player = member(me, k)
        seed_player(player, random_seed_int(me))
        if me.columns and player.stochastic:
            column = put_stream(me.columns, column, player.stream)
        if column == COLUMNS or (column and k == me.members - 1):
            fill_columns(me.columns, WORDS)
            column = 0
            for j in range(first, k + 1):
                if member(me, j).stochastic:
                    take_column(me.columns, column, member(me, j).stream)
                    column += 1
            column, first = 0, k + 1


@kernel
def consult(me: Player) -> int:
    """Ask every member of the team, keep the proposals in the store, and return how many would defect.

    A stochastic team seeds all its members.
    """
    if me.turn == 0 and me.stochastic:
        seed_team(me)
    defections, first, reply, store, team = 0, me.turn == 0, me.theirs & 1, me.store, me.team
    for k in range(me.members):
        play = propose(player_at(team + k * SIZE), _kept(store, k), reply, first)
        _keep(store, k, play)
        defections += play
    return defections


@kernel
def inner_play(me: Player) -> int:
    """Return what the one player wrapped by this one would play; it stands in this player's place."""
    inner = member(me, 0)
    if me.turn > 0:
        advance(inner, me.mine & 1, me.theirs & 1)
    return decide(inner)  # type: ignore[no-any-return]


@rule
def nice(me: Player) -> int:
    """Play what the wrapped player proposes, but do not defect before the opponent has."""
    play = inner_play(me)
    return play if me.cd + me.dd else C


@rule
def majority(me: Player) -> int:
    """Play what more than half of the team proposes; cooperate in a tie."""
    return int(2 * consult(me) > me.members)


@rule
def minority(me: Player) -> int:
    """Play what less than half of the team proposes; cooperate in a tie."""
    return int(2 * consult(me) < me.members)


@rule
def any_defects(me: Player) -> int:
    """Defect if a member does; otherwise cooperate, and from turn 102 on play tit for tat."""
    if consult(me):
        return D
    return me.theirs & 1 if me.turn > 100 else C


@rule
def mix(me: Player) -> int:
    """Play the proposal of a member drawn evenly."""
    consult(me)
    return stored(me, choice(me, me.members))


@rule
def mix_by(me: Player) -> int:
    """Play the proposal of a member drawn with given probabilities; numbers: these, cumulated."""
    consult(me)
    return stored(me, choice_by(me, 0, me.members))


@rule
def one_only(me: Player) -> int:
    """Ask one member only; table: which."""
    if me.turn == 0 and me.stochastic:
        for _ in range(entry(me, 0)):
            random_seed_int(me)
    return ask(me, entry(me, 0))


MEMORY: Final = 1
REMEMBERED: Final = 0


@kernel
def _fade(me: Player) -> None:
    """Change and drop remembered plays at random; numbers: probabilities to change one and to drop one."""
    if random(me) <= number(me, 0):
        changed = MEMORY + choice(me, me.i[REMEMBERED])
        keep(me, changed, 1 - stored(me, changed))
    if random(me) <= number(me, 1):
        me.i[REMEMBERED] -= 1
        for k in range(MEMORY + choice(me, me.i[REMEMBERED] + 1), MEMORY + me.i[REMEMBERED]):
            keep(me, k, stored(me, k + 1))


@rule
def remember_and_forget(me: Player) -> int:
    """Play as its one member at first, then defect if what it remembers sums to less than nothing.

    numbers: probabilities to change and to drop a remembered play, worth of C, worth of D; table: turns of the member,
    plays remembered from before, these plays.
    """
    if me.turn == 0:
        me.i[REMEMBERED] = entry(me, 1)
        for k in range(entry(me, 1)):
            keep(me, MEMORY + k, entry(me, 2 + k))
    else:
        keep(me, MEMORY + me.i[REMEMBERED], me.theirs & 1)
        me.i[REMEMBERED] += 1
    play = ask(me, 0)
    if me.turn < entry(me, 0):
        return play
    _fade(me)
    total = 0.0
    for k in range(me.i[REMEMBERED]):
        total += number(me, 3) if stored(me, MEMORY + k) else number(me, 2)
    return int(total < 0)


def ordinary(chosen: Callable[[Strategy], bool] = lambda row: True) -> tuple[str, ...]:
    """Return the class names of all strategies of the library that keep the rules and consult no team."""
    return tuple(row.key for row in catalogue().values() if row.keeps_rules and not row.is_team and chosen(row))


def _memory(row: Strategy) -> float:
    depth = row.classifier["memory_depth"]
    return float("inf") if depth is None else float(depth)


def is_stochastic(row: Strategy) -> bool:
    """Return whether the library says that a strategy draws."""
    return bool(row.classifier["stochastic"])


def memory_one(row: Strategy) -> bool:
    """Return whether the library says that a strategy looks back one turn at most."""
    return _memory(row) <= 1


def finite_memory(row: Strategy) -> bool:
    """Return whether the library says that a strategy looks back a fixed number of turns."""
    return _memory(row) < float("inf")


def is_deterministic(row: Strategy) -> bool:
    """Return whether the library says that a strategy never draws."""
    return not is_stochastic(row)


def long_memory(row: Strategy) -> bool:
    """Return whether the library says that a strategy looks back without end."""
    return not finite_memory(row)


@cache
def _plan_of_name(name: str) -> Plan:
    from evocoop.strategies.resolve import plan_of

    return plan_of(name)


def members_of(team: Names | None, chosen: Callable[[Strategy], bool] = lambda row: True) -> tuple[Plan, ...]:
    """Return the plans of a team without its teams; all chosen ordinary strategies when none is given."""
    if not team:
        return tuple(_plan_of_name(name) for name in ordinary(chosen))
    names = [name for name in team if not find((name if isinstance(name, Spec) else parse(name)).name).is_team]
    if not names:
        raise InputError("a team needs members that are no teams themselves")
    return tuple(_plan_of_name(str(name)) for name in names)


def team_plan(decider: Rule, members: tuple[Plan, ...], stochastic: bool | None = None, **data: Any) -> Plan:
    """Return the plan of a rule that consults a team; stochastic if a member is, unless it is said."""
    drawn = any(plan.stochastic for plan in members) if stochastic is None else stochastic
    return Plan(decider, drawn, store=2 * len(members), team=members, **data)


def made_nice(plan: Plan) -> Plan:
    """Return a plan that does not defect before the opponent has."""
    return Plan(nice, plan.stochastic, team=(plan,), shares="everything")


def majority_plan(members: tuple[Plan, ...]) -> Plan:
    """Play what more than half of a team proposes."""
    return team_plan(majority, members)


def meta_majority(team: Names | None = None) -> Plan:
    """Play what more than half of a team proposes."""
    return majority_plan(members_of(team))


def meta_minority(team: Names | None = None) -> Plan:
    """Play what less than half of a team proposes."""
    return team_plan(minority, members_of(team))


HUNTERS = (
    "DefectorHunter",
    "AlternatorHunter",
    "RandomHunter",
    "MathConstantHunter",
    "CycleHunter",
    "EventualCycleHunter",
)


def meta_hunter() -> Plan:
    """Defect as soon as one of six hunters does."""
    return team_plan(any_defects, members_of(HUNTERS))


def meta_hunter_aggressive(team: Names | None = None) -> Plan:
    """Defect as soon as one of a team does, by default of seven hunters."""
    return team_plan(any_defects, members_of(team or (*HUNTERS, "CooperatorHunter")))


def meta_mixer(team: Names | None = None, distribution: Sequence[float] | None = None) -> Plan:
    """Play the proposal of a member of a team, drawn anew each turn."""
    members = members_of(team)
    chances = tuple(distribution or ())
    if len(members) == 1:
        return replace(team_plan(one_only, members), table=(0,))
    if not any(chances):
        return team_plan(mix, members, True)
    if len(chances) != len(members) or min(chances) < 0:
        raise InputError(f"distribution must hold {len(members)} probabilities, not {chances}")
    shares = np.array(chances) / sum(chances)
    if 1 in shares:
        index = list(shares).index(1)
        return team_plan(one_only, members, members[index].stochastic, table=(index,))
    if abs(sum(chances) - 1) > 1e-8:
        raise InputError(f"distribution must sum to 1, not to {sum(chances)}")
    cumulated = np.cumsum(chances)
    return team_plan(mix_by, members, True, numbers=tuple(cumulated / cumulated[-1]))


def of_all(make: Callable[[tuple[Plan, ...]], Plan], chosen: Callable[[Strategy], bool]) -> Callable[[], Plan]:
    """Return a factory without parameters: a team of the chosen ordinary strategies."""

    def factory() -> Plan:
        return make(members_of(None, chosen))

    factory.__doc__ = make.__doc__
    return factory


def memory_decay(
    p_memory_delete: float = 0.1,
    p_memory_alter: float = 0.03,
    loss_value: float = -2,
    gain_value: float = 1,
    memory: Sequence[str] | None = None,
    start_strategy: str | Spec = "TitForTat",
    start_strategy_duration: int = 15,
) -> Plan:
    """Play another strategy first, then by what it remembers of the opponent's plays, which fades and errs."""
    if start_strategy_duration < 1 and not memory:
        raise InputError(f"start_strategy_duration must be 1 or more, not {start_strategy_duration}")
    known = plays("".join(memory)) if memory else ()
    return Plan(
        remember_and_forget,
        stochastic=True,
        numbers=(p_memory_alter, p_memory_delete, gain_value, loss_value),
        table=(start_strategy_duration, len(known), *known),
        store=lambda turns: MEMORY + len(known) + turns,
        team=members_of((start_strategy,)),
    )


STRATEGIES: Strategies = {
    "MemoryDecay": memory_decay,
    "MetaHunter": meta_hunter,
    "MetaHunterAggressive": meta_hunter_aggressive,
    "MetaMajority": meta_majority,
    "MetaMajorityMemoryOne": of_all(majority_plan, memory_one),
    "MetaMajorityFiniteMemory": of_all(majority_plan, finite_memory),
    "MetaMajorityLongMemory": of_all(majority_plan, long_memory),
    "MetaMinority": meta_minority,
    "MetaMixer": meta_mixer,
}
