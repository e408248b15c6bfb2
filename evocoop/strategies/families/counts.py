"""Players that need counts and opening plays but remember nothing of their own."""

from __future__ import annotations

from evocoop.strategies.plan import Plan, Strategies, rule
from evocoop.strategies.state import Player


@rule
def grudger(me: Player) -> int:
    """Cooperate until the opponent defects once, then defect for ever."""
    return int(me.cd + me.dd > 0)


STRATEGIES: Strategies = {
    "Grudger": Plan(grudger),
}
