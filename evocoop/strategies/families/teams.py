"""Players that consult a team of players, and players wrapped by the library's transformers."""

from __future__ import annotations

from collections.abc import Sequence

from evocoop.core.jit import kernel
from evocoop.strategies.draws import random_seed_int, seed_player
from evocoop.strategies.plan import Plan, Rule, Strategies, rule
from evocoop.strategies.spec import Spec
from evocoop.strategies.state import Player, advance, decide, keep, member, stored


@kernel
def consult(me: Player) -> int:
    """Ask every member of the team, keep the proposals in the store, and return how many would defect.

    A member's own history is what it proposed, not what the team played. A stochastic team seeds all its members.
    """
    defections = 0
    for k in range(me.members):
        player = member(me, k)
        if me.turn > 0:
            advance(player, stored(me, k), me.theirs & 1)
        elif me.stochastic:
            seed_player(player, random_seed_int(me))
        play = decide(player)
        keep(me, k, play)
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
def majority(me: Player) -> int:
    """Play what more than half of the team proposes; cooperate in a tie."""
    return int(2 * consult(me) > me.members)


@rule
def minority(me: Player) -> int:
    """Play what less than half of the team proposes; cooperate in a tie."""
    return int(2 * consult(me) < me.members)


def team_plan(decider: Rule, team: Sequence[str | Spec]) -> Plan:
    """Return the plan of a rule that consults a team."""
    from evocoop.strategies.resolve import plan_of

    plans = tuple(plan_of(name) for name in team)
    return Plan(decider, any(plan.stochastic for plan in plans), store=len(plans), team=plans)


STRATEGIES: Strategies = {}
