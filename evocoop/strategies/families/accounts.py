"""Players that keep accounts of payoffs or other running numbers."""

from __future__ import annotations

from collections.abc import Sequence

from evocoop.strategies.families.schedules import plays
from evocoop.strategies.plan import Plan, Strategies, rule
from evocoop.strategies.state import C, D, Player, entry


@rule
def adaptive(me: Player) -> int:
    """Play an opening, then whichever play has earned more so far; table: length of the opening, its plays."""
    if me.turn > 0:
        if me.mine & 1:
            me.x[D] += me.punishment if me.theirs & 1 else me.temptation
        else:
            me.x[C] += me.sucker if me.theirs & 1 else me.reward
    if me.turn < entry(me, 0):
        return entry(me, 1 + me.turn)
    return C if me.x[C] > me.x[D] else D


def adaptive_player(initial_plays: Sequence[str] | None = None) -> Plan:
    """Try both plays in an opening, then play what has paid more in total."""
    opening = plays("".join(initial_plays)) if initial_plays else plays("CCCCCCDDDDD")
    return Plan(adaptive, table=(len(opening), *opening))


STRATEGIES: Strategies = {
    "Adaptive": adaptive_player,
}
