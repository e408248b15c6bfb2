"""Players with one mood, credit or counter of their own, mostly from the two tournaments of 1980 and the library."""

from __future__ import annotations

import math
from typing import Final

from evocoop.core.errors import InputError
from evocoop.core.jit import kernel
from evocoop.strategies.draws import random, random_choice
from evocoop.strategies.families.counts import last_turns
from evocoop.strategies.machines import Machine, explore
from evocoop.strategies.plan import Numbers, Plan, Strategies, rule
from evocoop.strategies.state import C, D, Player, count_defections, entry, number, their_play

MOOD: Final = 0


@rule
def grumpy(me: Player) -> int:
    """Turn grumpy, and defect, when defections exceed cooperations by much; turn nice when the reverse holds.

    table: 1 to begin grumpy, the excess that makes grumpy, the excess below which it turns nice.
    """
    if me.turn == 0:
        me.i[MOOD] = entry(me, 0)
    excess = me.cd + me.dd - me.cc - me.dc
    if me.i[MOOD]:
        if excess < entry(me, 2):
            me.i[MOOD] = 0
    elif excess > entry(me, 1):
        me.i[MOOD] = 1
    return int(me.i[MOOD])


def grump(starting_state: str = "Nice", grumpy_threshold: int = 10, nice_threshold: int = -10) -> Plan:
    """Defect while grumpy; moods change at two thresholds of defections minus cooperations."""
    if starting_state not in ("Nice", "Grumpy"):
        raise InputError(f"starting_state must be Nice or Grumpy, not {starting_state!r}")
    return Plan(grumpy, table=(int(starting_state == "Grumpy"), grumpy_threshold, nice_threshold))


@rule
def random_hunter(me: Player) -> int:
    """Defect against who seems to answer at random, after eleven turns."""
    if me.turn > 1 and (me.mine >> 1 & 1) == (me.theirs & 1):
        me.i[me.theirs & 1] += 1
    if me.turn <= 10:
        return C
    own_c, own_d = me.cc + me.cd, me.dc + me.dd
    known, odd = 0, 0
    if own_c > 5:
        known += 1
        odd += abs(me.i[0] / own_c - 0.5) >= 0.25
    if own_d > 5:
        known += 1
        odd += abs(me.i[1] / own_d - 0.5) >= 0.25
    return int(known > 0 and odd == 0)


@rule
def michaelos(me: Player) -> int:
    """Play tit for tat; having defected on a cooperator, turn defector for ever with probability 1/2."""
    play = me.theirs & 1
    if me.i[MOOD]:
        play = D
    elif me.turn > 0 and me.mine & 1 and not me.theirs & 1:
        play = random_choice(me, 0.5)
        me.i[MOOD] = play
    return D if last_turns(me, 1) else play


@rule
def n_tits_for_m_tats(me: Player) -> int:
    """Answer M defections in a row with N defections; table: N, M."""
    tats = entry(me, 1)
    if tats == 0 or (me.turn >= tats and _defections_in_a_row(me, tats)):
        me.i[MOOD] = entry(me, 0)
    if me.i[MOOD]:
        me.i[MOOD] -= 1
        return D
    return C


@kernel
def _defections_in_a_row(me: Player, count: int) -> bool:
    if count <= 63:
        return count_defections(me.theirs, count) == count
    found = 0
    for back in range(1, count + 1):
        found += their_play(me, me.turn - back)
    return found == count


def tits_for_tats(N: int = 3, M: int = 2) -> Plan:
    """Answer M defections in a row with N defections."""
    if M < 0 or N < 0:
        raise InputError(f"N and M must be at least 0, not {N} and {M}")
    return Plan(n_tits_for_m_tats, table=(N, M))


@rule
def random_tit_for_tat(me: Player) -> int:
    """Copy the opponent every other turn and toss a coin between; numbers: probability to cooperate then."""
    if me.turn == 0:
        return C
    me.i[MOOD] = 1 - me.i[MOOD]
    return me.theirs & 1 if me.i[MOOD] else random_choice(me, number(me, 0))


@random_tit_for_tat.read
def _every_other(plan: Plan, numbers: Numbers) -> Machine | None:
    """Return the machine of first turn, copying and coin; its state also holds the opponent's last play."""
    return explore(
        (0, C),
        lambda state: (1.0, 1.0 - state[1], numbers[0])[state[0]],
        lambda state, play, reply: (2 if state[0] == 1 else 1, reply),
    )


def coin_tit_for_tat(p: float = 0.5) -> Plan:
    """Copy the opponent every other turn and cooperate with probability p between."""
    return Plan(random_tit_for_tat, p not in (0, 1), (float(p),))


@rule
def anti_cycler(me: Player) -> int:
    """Play C, D, D, then a defection after one cooperation, after two, after three and so on."""
    if me.turn < 3:
        return int(me.turn > 0)
    if me.i[0] <= me.i[1]:
        me.i[0] += 1
        return C
    me.i[1] += 1
    me.i[0] = 0
    return D


@rule
def tester(me: Player) -> int:
    """Defect first; apologise to who defects and play tit for tat with it, else exploit every other turn."""
    if me.turn == 0:
        return D
    if me.i[MOOD]:
        return me.theirs & 1
    if me.theirs & 1:
        me.i[MOOD] = 1
        return C
    return C if me.turn in (1, 2) else 1 - (me.mine & 1)


@rule
def mikkelson(me: Player) -> int:
    """Keep a credit that cooperations raise and defections lower twice as fast; defect when it is used up."""
    if me.turn == 0:
        me.i[MOOD] = 7
        return C
    me.i[MOOD] = max(me.i[MOOD] - 2, -7) if me.theirs & 1 else min(me.i[MOOD] + 1, 8)
    turn = me.turn + 1
    if turn == 2 or me.i[MOOD] > 0:
        return C
    if turn <= 10:
        me.i[MOOD] = 4
        return D
    return int((me.cd + me.dd) / turn >= 0.15)


@rule
def appold(me: Player) -> int:
    """Cooperate four turns, forgive one defection, then cooperate as often as the opponent did after that play."""
    if me.turn == 0:
        me.i[1] = me.i[3] = 1
        return C
    before = me.mine >> 1 & 1
    me.i[2 + before] += 1
    me.i[before] += 1 - (me.theirs & 1)
    if me.turn < 4:
        return C
    if me.theirs & 1 and not me.i[4]:
        me.i[4] = 1
        return C
    return random_choice(me, me.i[before] / me.i[2 + before])


@kernel
def _seems_random(same: int, other: int) -> bool:
    return same >= (same + other) / 2 - 0.75 * math.sqrt(same + other)


@rule
def kluepfel(me: Player) -> int:
    """Defect against who seems to answer at random; else mostly repeat the opponent, the surer the longer its run."""
    if me.turn >= 2:
        me.i[2 * (me.mine >> 1 & 1) + (me.theirs & 1)] += 1
    if me.turn > 26 and _seems_random(me.i[2], me.i[3]) and _seems_random(me.i[1], me.i[0]):
        return D
    one, two, three = me.theirs & 1, me.theirs >> 1 & 1, me.theirs >> 2 & 1
    if one == two == three:
        return one
    sure = 0.9 if one == two else 0.7 if one == C else 0.6
    return one if random(me) < sure else 1 - one


STRATEGIES: Strategies = {
    "Grumpy": grump,
    "RandomHunter": Plan(random_hunter),
    "Michaelos": Plan(michaelos, True),
    "NTitsForMTats": tits_for_tats,
    "RandomTitForTat": coin_tit_for_tat,
    "AntiCycler": Plan(anti_cycler),
    "SecondByTester": Plan(tester),
    "SecondByMikkelson": Plan(mikkelson),
    "SecondByAppold": Plan(appold, True),
    "SecondByKluepfel": Plan(kluepfel, True),
}
