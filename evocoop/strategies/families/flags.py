"""Players with a few flags or counters of their own."""

from __future__ import annotations

from evocoop.strategies.plan import Plan, Strategies, rule
from evocoop.strategies.state import C, D, Player

PUNISH, CALM = 0, 1


@rule
def gradual(me: Player) -> int:
    """Answer the n-th defection with n defections, then cooperate twice whatever happens."""
    if me.i[PUNISH] > 0:
        me.i[PUNISH] -= 1
        return D
    if me.i[CALM] > 0:
        me.i[CALM] -= 1
        return C
    if me.theirs & 1:
        me.i[PUNISH] = me.cd + me.dd - 1
        me.i[CALM] = 2
        return D
    return C


STRATEGIES: Strategies = {
    "Gradual": Plan(gradual),
}
