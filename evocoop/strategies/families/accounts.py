"""Players that keep accounts of payoffs or other running numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from evocoop.core.errors import InputError
from evocoop.core.jit import kernel
from evocoop.strategies.draws import random, random_choice
from evocoop.strategies.families.counts import last_turns
from evocoop.strategies.families.schedules import plays
from evocoop.strategies.plan import Plan, Setting, Strategies, rule
from evocoop.strategies.state import C, D, Player, entry, number

OWN: Final = 0
THEIRS: Final = 1


@kernel
def earned(me: Player) -> float:
    """Return the player's payoff of the last turn."""
    if me.mine & 1:
        return me.punishment if me.theirs & 1 else me.temptation
    return me.sucker if me.theirs & 1 else me.reward


@kernel
def given(me: Player) -> float:
    """Return the opponent's payoff of the last turn."""
    if me.theirs & 1:
        return me.punishment if me.mine & 1 else me.temptation
    return me.sucker if me.mine & 1 else me.reward


@kernel
def book(me: Player) -> None:
    """Add the payoffs of the last turn to both accounts."""
    me.x[OWN] += earned(me)
    me.x[THEIRS] += given(me)


@kernel
def far_from_chance(defections: int, turns: int) -> bool:
    """Return whether a number of defections is three standard deviations off that of a fair coin."""
    three = 3 * (math.sqrt(turns) / 2)
    return defections <= turns / 2 - three or defections >= turns / 2 + three


@rule
def adaptive(me: Player) -> int:
    """Play an opening, then whichever play has earned more so far; table: length of the opening, its plays."""
    if me.turn > 0:
        me.x[me.mine & 1] += earned(me)
    if me.turn < entry(me, 0):
        return entry(me, 1 + me.turn)
    return C if me.x[C] > me.x[D] else D


def adaptive_player(initial_plays: Sequence[str] | None = None) -> Plan:
    """Try both plays in an opening, then play what has paid more in total."""
    opening = plays("".join(initial_plays)) if initial_plays else plays("CCCCCCDDDDD")
    return Plan(adaptive, table=(len(opening), *opening))


@rule
def adaptor(me: Player) -> int:
    """Cooperate while a sum stays within one of zero, with few errors; numbers: what CC, CD, DC, DD add, the errors."""
    if me.turn > 0:
        me.x[0] += number(me, 2 * (me.mine & 1) + (me.theirs & 1))
    within = (1.0 if me.x[0] + 1 >= 0 else 0.0) - (1.0 if me.x[0] - 1 >= 0 else 0.0)
    return random_choice(me, number(me, 4) + (1.0 - 2 * number(me, 4)) * within)


@rule
def adaptive_tit_for_tat(me: Player) -> int:
    """Cooperate while a running estimate of the opponent's cooperation is at least a half; numbers: its rate."""
    if me.turn == 0:
        me.x[0] = number(me, 0)
        return C
    if me.theirs & 1:
        me.x[0] -= number(me, 0) * me.x[0]
    else:
        me.x[0] += number(me, 0) * (1.0 - me.x[0])
    return C if me.x[0] >= 0.5 else D


def adaptive_tit_for_tat_player(rate: float = 0.5) -> Plan:
    """Follow a running estimate of the opponent's cooperation."""
    return Plan(adaptive_tit_for_tat, numbers=(float(rate),))


@rule
def momentum(me: Player) -> int:
    """Cooperate while a slowly fading trust is high enough; numbers: how slowly, the least trust."""
    if me.turn == 0:
        me.x[0] = 1.0
        return C
    me.x[0] = number(me, 0) * me.x[0] + (1 - number(me, 0)) * (1 - (me.theirs & 1))
    return C if me.x[0] >= number(me, 1) else D


def momentum_player(alpha: float = 0.9914655399877477, threshold: float = 0.9676595613724907) -> Plan:
    """Cooperate while a trust that fades with defections is high enough."""
    return Plan(momentum, numbers=(float(alpha), float(threshold)))


@rule
def bush_mosteller(me: Player) -> int:
    """Reinforce plays that pay more than aspired to; numbers: propensities to C and D, aspiration, learning rate."""
    if me.turn == 0:
        me.x[C], me.x[D] = number(me, 0), number(me, 1)
        return random_choice(me, me.x[C] / (me.x[C] + me.x[D]))
    aspired = number(me, 2)
    most = max(max(me.reward, me.punishment), max(me.sucker, me.temptation))
    stimulus = max(-1.0, (earned(me) - aspired) / abs(most - aspired))
    done = me.mine & 1
    room = 1 - me.x[done] if stimulus >= 0 else me.x[done]
    me.x[done] += number(me, 3) * stimulus * room
    return random_choice(me, me.x[C] / (me.x[C] + me.x[D]))


def bush_mosteller_player(
    c_prob: float = 0.5, d_prob: float = 0.5, aspiration_level_divider: float = 3.0, learning_rate: float = 0.5
) -> Plan:
    """Learn by reinforcement; the aspiration is a part of the largest payoff of the default game, as in the library."""
    if not aspiration_level_divider:
        raise InputError("aspiration_level_divider must not be 0")
    if c_prob < 0 or d_prob < 0 or c_prob + d_prob == 0:
        raise InputError(f"c_prob and d_prob must be at least 0 and not both 0, not {c_prob} and {d_prob}")
    aspiration = abs(Setting().T / aspiration_level_divider)
    return Plan(bush_mosteller, stochastic=True, numbers=(c_prob, d_prob, aspiration, learning_rate))


@rule
def first_by_downing(me: Player) -> int:
    """Defect twice, then play what pays more by the opponent's answers to either play so far."""
    if me.turn == 0:
        return D
    if me.theirs & 1 == C:
        if me.turn == 1:
            me.i[C] += 1
        else:
            me.i[me.mine >> 1 & 1] += 1
    if me.turn == 1:
        return D
    kind = me.i[C] / (me.cc + me.cd + 1)
    meek = me.i[D] / max(me.dc + me.dd, 2)
    cooperating = kind * me.reward + (1 - kind) * me.sucker
    defecting = meek * me.temptation + (1 - meek) * me.punishment
    if cooperating > defecting:
        return C
    return D if cooperating < defecting else 1 - (me.mine & 1)


@rule
def revised_downing(me: Player) -> int:
    """Cooperate first, then play what pays more by the opponent's answers to either play so far."""
    if me.turn == 0:
        me.x[C] = 1.0
        return C
    if me.turn > 1:
        before = me.mine >> 1 & 1
        me.i[before] += 1 - (me.theirs & 1)
        me.i[2 + before] += 1
        me.x[before] = me.i[before] / me.i[2 + before]
    cooperating = 6.0 * me.x[C] - 8.0 * me.x[D] - 2
    alternating = 4.0 * me.x[C] - 5.0 * me.x[D] - 1
    if cooperating >= 0 and cooperating >= alternating:
        return C
    return 1 - (me.mine & 1) if alternating >= 0 else D


LENGTH, LEFT, FRESH, STARTED, COUNTED = 0, 1, 2, 3, 4


@kernel
def _retaliate(me: Player) -> int:
    """Defect once more of what is left to retaliate."""
    me.i[LEFT] -= 1
    return D


@kernel
def _tideman_play(me: Player) -> int:
    now = me.turn + 1
    waited = me.i[STARTED] == 0 or now - me.i[STARTED] >= 20
    ahead = me.x[OWN] - me.x[THEIRS] >= 10 and me.length - now >= 10
    if waited and ahead and me.theirs & 1 == C and far_from_chance(me.i[COUNTED], me.turn):
        me.i[STARTED], me.i[FRESH] = now, 1
        me.i[LENGTH] = me.i[LEFT] = me.i[COUNTED] = 0
        return C
    if me.i[LEFT]:
        return _retaliate(me)
    if me.theirs & 1:
        me.i[LENGTH] += 1
        me.i[LEFT] = me.i[LENGTH]
        return _retaliate(me)
    return C


@rule
def first_by_tideman(me: Player) -> int:
    """Retaliate longer each time, but offer a fresh start when far ahead; defect on the last two turns."""
    play = C
    if me.turn > 0:
        me.i[COUNTED] += me.theirs & 1
        book(me)
        if me.i[FRESH]:
            me.i[FRESH] = 0
        else:
            play = _tideman_play(me)
    return D if last_turns(me, 2) else play


TO_BEAT, STEP = 2, 3


@rule
def second_by_tideman(me: Player) -> int:
    """Cooperate while ahead by a margin that grows with the opponent's defections; offer fresh starts."""
    now = me.turn + 1
    if me.turn == 0:
        return C
    book(me)
    if me.i[FRESH]:
        me.x[OWN] = me.x[THEIRS] = me.x[TO_BEAT] = me.x[STEP] = 0.0
        me.i[STARTED], me.i[FRESH] = now, 0
        return C
    turned = me.theirs & 3 == 1
    if turned:
        me.x[TO_BEAT] += me.x[STEP]
        me.x[STEP] += 5
    if me.x[OWN] - me.x[THEIRS] >= me.x[TO_BEAT]:
        return C
    if not turned and now - me.i[STARTED] >= 10 and far_from_chance(me.cd + me.dd, me.turn):
        me.i[FRESH] = 1
        return C
    return D


SINCE, SUFFERED, ONE, TWO = 0, 1, 2, 3


@kernel
def _learn_what_defection_brings(me: Player) -> None:
    """Average what the two turns after an unprovoked defection earned."""
    phase = me.i[SINCE]
    if phase:
        own, other = me.mine & 1, me.theirs & 1
        worth = (3 - 3 * other) + 2 * own - other * own
        which = ONE if phase == 1 else TWO
        count = me.i[which]
        me.x[which] = (me.x[which] * count + worth) / (count + 1)
        me.i[which] += 1
        me.i[SINCE] = 2 if phase == 1 else 0


@rule
def second_by_tranquilizer(me: Player) -> int:
    """Defect unprovoked now and then when all goes well, more often the more it earns."""
    if me.turn == 0:
        me.x[ONE] = 5.0
        me.i[ONE] = me.i[TWO] = 1
        return C
    other = me.theirs & 1
    me.i[SUFFERED] = me.i[SUFFERED] + 1 if other else 0
    _learn_what_defection_brings(me)
    if me.i[SINCE]:
        return C
    turns = me.turn + 1
    own = 3 * me.cc + 5 * me.dc + me.dd
    if own / turns >= 2.25:
        chance = 0.95 - (me.x[ONE] + me.x[TWO] - 5) / 15 + 1 / turns**2 - other / 4
        if random(me) <= chance:
            return C
        me.i[SINCE] = 1
        return D
    if own / turns >= 1.75:
        ahead = own - (3 * me.cc + 5 * me.cd + me.dd)
        chance = 0.25 + (me.cc + me.dc + 1) / turns - me.i[SUFFERED] * 0.25 + ahead / 100 + 4 / turns
        return C if random(me) <= chance else D
    return other


@rule
def second_by_graaskamp_katzen(me: Player) -> int:
    """Play tit for tat, and defect for ever if it has earned too little; table: turns, what they must have earned."""
    if me.i[0]:
        return D
    if me.turn == 0:
        return C
    me.x[OWN] += earned(me)
    for k in range(6):
        if me.turn == entry(me, 2 * k) and me.x[OWN] < entry(me, 2 * k + 1):
            me.i[0] = 1
            return D
    return me.theirs & 1


@rule
def second_by_getzler(me: Player) -> int:
    """Defect with a probability that every defection raises and every turn halves."""
    if me.turn == 0:
        return C
    me.x[0] = (me.x[0] + (me.theirs & 1)) * 0.5
    return random_choice(me, 1.0 - me.x[0])


NORMAL, TWO_MORE, ONE_MORE, ENDED = 0, 1, 2, 3
MODE, DISTRUST = 0, 1


@rule
def second_by_rowsam(me: Player) -> int:
    """Cooperate, but look at the average payoff every six turns: distrust grows with how low it is."""
    now = me.turn + 1
    if me.turn > 0:
        book(me)
    if me.i[MODE] == ENDED:
        return D
    if me.i[MODE] == TWO_MORE:
        me.i[MODE] = ONE_MORE
        return C
    if me.i[MODE] == ONE_MORE:
        me.i[MODE] = NORMAL
        return D
    if now % 18 == 0 and me.i[DISTRUST] >= 3:
        me.i[DISTRUST] -= 1
    average = me.x[OWN] / now
    if now % 6 != 0 or average >= 2.5:
        return C
    me.i[DISTRUST] += 5 if average < 1.0 else 3 if average < 1.5 else 2 if average < 2.0 else 1
    me.i[MODE] = ENDED if me.i[DISTRUST] >= 7 else TWO_MORE
    return D


@kernel
def _stalk(me: Player) -> int:
    average = me.x[OWN] / me.turn
    if average > me.reward:
        return D
    if (me.reward + me.punishment) / 2 < average < me.reward or average > 2:
        return C
    if 1 < average < 2:
        return D
    return random_choice(me, 0.5)


@rule
def stalker(me: Player) -> int:
    """Keep the average payoff between what mutual cooperation and mutual defection pay; defect on the last turn."""
    play = C
    if me.turn > 0:
        me.x[OWN] += earned(me)
        play = _stalk(me)
    return D if last_turns(me, 1) else play


STRATEGIES: Strategies = {
    "Adaptive": adaptive_player,
    "AdaptiveTitForTat": adaptive_tit_for_tat_player,
    "AdaptorBrief": Plan(adaptor, stochastic=True, numbers=(0.0, -1.001505, 0.992107, -0.638734, 0.01)),
    "AdaptorLong": Plan(adaptor, stochastic=True, numbers=(0.0, 1.888159, 1.858883, -0.995703, 0.01)),
    "BushMosteller": bush_mosteller_player,
    "FirstByDowning": Plan(first_by_downing),
    "FirstByTidemanAndChieruzzi": Plan(first_by_tideman),
    "Momentum": momentum_player,
    "RevisedDowning": Plan(revised_downing),
    "SecondByGetzler": Plan(second_by_getzler, stochastic=True),
    "SecondByGraaskampKatzen": Plan(
        second_by_graaskamp_katzen, table=(10, 23, 20, 53, 30, 83, 40, 113, 50, 143, 100, 293)
    ),
    "SecondByRowsam": Plan(second_by_rowsam),
    "SecondByTidemanAndChieruzzi": Plan(second_by_tideman),
    "SecondByTranquilizer": Plan(second_by_tranquilizer, stochastic=True),
    "Stalker": Plan(stalker, stochastic=True),
}
