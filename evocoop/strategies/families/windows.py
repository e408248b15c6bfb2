"""Players that look at the last few plays only: tables and counts over a window."""

from __future__ import annotations

from evocoop.strategies.plan import Plan, Strategies, rule
from evocoop.strategies.state import Player


@rule
def tit_for_two_tats(me: Player) -> int:
    """Defect after two defections in a row."""
    return int(me.theirs & 3 == 3)


STRATEGIES: Strategies = {
    "TitFor2Tats": Plan(tit_for_two_tats),
}
