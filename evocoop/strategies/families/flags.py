"""Players with a few flags or counters of their own."""

from __future__ import annotations

from typing import Final

from evocoop.core.errors import InputError
from evocoop.strategies.draws import random
from evocoop.strategies.families.memory_one import vector
from evocoop.strategies.families.schedules import plays
from evocoop.strategies.plan import Plan, Strategies, rule
from evocoop.strategies.state import C, D, Player, count_defections, entry, number, their_play

PUNISH: Final = 0
CALM: Final = 1


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


PUNISHMENTS: Final = 2


@rule
def original_gradual(me: Player) -> int:
    """Answer the n-th defection met in peace with n defections, then cooperate twice whatever happens."""
    if me.i[PUNISH] > 0:
        me.i[PUNISH] -= 1
        return D
    if me.i[CALM] > 0:
        me.i[CALM] -= 1
        return C
    if me.theirs & 1:
        me.i[PUNISHMENTS] += 1
        me.i[PUNISH] = me.i[PUNISHMENTS] - 1
        me.i[CALM] = 2
        return D
    return C


LENGTH: Final = 0
GRUDGED: Final = 1
SERVED: Final = 2


@rule
def punisher(me: Player) -> int:
    """Punish a defection the longer, the more the opponent has defected; table: 1 to weigh its cooperations instead."""
    if me.turn == 0:
        return C
    if me.turn == 1 or me.i[SERVED] >= me.i[LENGTH]:
        me.i[SERVED] = me.i[GRUDGED] = 0
    if me.i[GRUDGED]:
        me.i[SERVED] += 1
        return D
    if me.theirs & 1:
        inverse = entry(me, 0)
        plays = me.cc + me.dc if inverse else me.cd + me.dd
        me.i[LENGTH] = max(plays * 20 // me.turn, inverse)
        me.i[GRUDGED] = 1
        return D
    return C


@rule
def retaliate(me: Player) -> int:
    """Defect while it was exploited more often than a share of the times it exploited; numbers: the share."""
    return int(me.cd > me.dc * number(me, 0))


@rule
def limited_retaliate(me: Player) -> int:
    """Retaliate, but a limited number of turns at a time; numbers: the share of exploits allowed, the limit."""
    if not me.cd > me.dc * number(me, 0):
        me.i[0] = 0
    elif me.i[0] < number(me, 1):
        me.i[0] += 1
        return D
    else:
        me.i[0] = 0
    return C


@rule
def omega_tft(me: Player) -> int:
    """Play tit for tat, break deadlocks, give up on noise; numbers: thresholds of deadlock and randomness."""
    if me.turn < 2:
        return me.theirs & 1
    deadlock, threshold = me.i[0], number(me, 0)
    if deadlock >= threshold:
        me.i[0] = deadlock + 1 if deadlock == threshold else 0
        return C
    last, before = me.theirs & 1, me.theirs >> 1 & 1
    me.i[1] += int(before != last) + int(me.mine & 1 != last) - int(last + before == 0)
    if me.i[1] >= number(me, 1):
        return D
    me.i[0] = deadlock + 1 if before != last else 0
    return last


COOPERATIVE: Final = 1
HOSTILE: Final = 2
SUSPICIOUS: Final = 3
PAVLOV: Final = 4


@rule
def adaptive_pavlov_2006(me: Player) -> int:
    """Take the opponent for one of five players by each six plays, and answer each in its own way."""
    last, phase = me.theirs & 1, me.turn % 6
    if me.turn < 6:
        return last
    if phase == 0:
        six = me.theirs & 0b111111
        if six == 0:
            me.i[0] = COOPERATIVE
        elif six == 0b111111:
            me.i[0] = HOSTILE
        elif six == 0b101010:
            me.i[0] = SUSPICIOUS
        elif six == 0b110110:
            me.i[0] = PAVLOV
        elif me.i[0] == 0:
            me.i[0] = HOSTILE
    kind = me.i[0]
    if kind == HOSTILE:
        return D
    if kind == PAVLOV:
        return int(phase == 0)
    return C if kind == SUSPICIOUS and phase <= 1 else last


@rule
def adaptive_pavlov_2011(me: Player) -> int:
    """Take the opponent for one of four players by each six plays, and answer each in its own way."""
    if me.turn < 6:
        return me.theirs & 1
    if me.turn % 6 == 0:
        defections = count_defections(me.theirs, 6)
        if defections == 0:
            me.i[0] = COOPERATIVE
        elif defections >= 4:
            me.i[0] = HOSTILE
        elif defections == 3:
            me.i[0] = SUSPICIOUS
        elif me.i[0] == 0:
            me.i[0] = HOSTILE
    if me.i[0] == HOSTILE:
        return D
    if me.i[0] == SUSPICIOUS:
        return int(me.theirs & 3 == 3)
    return me.theirs & 1


@rule
def prober_4(me: Player) -> int:
    """Play an opening, defect for ever on those that mind defections or not alike; table: the opening."""
    if me.turn < 20:
        me.i[0] = me.dd - me.cd
        return entry(me, me.turn)
    if abs(me.i[0]) <= 2:
        return D
    return me.theirs & 1 if me.turn >= 25 else C


MODE: Final = 0
COUNTDOWN: Final = 1
DEFECTS: Final = 2


@rule
def mem2(me: Player) -> int:
    """Change between tit for tat, tit for two tats and defection by two turns; stay at defection chosen twice."""
    if me.turn == 0:
        me.i[COUNTDOWN] = 3
    me.i[COUNTDOWN] -= 1
    if me.i[COUNTDOWN] == 0 and me.i[DEFECTS] < 2:
        me.i[COUNTDOWN] = 2
        own, other = me.mine & 3, me.theirs & 3
        if own + other == 0:
            me.i[MODE] = 0
        elif own + other == 3 and (own == 1 or own == 2):
            me.i[MODE] = 1
        else:
            me.i[MODE] = 2
            me.i[DEFECTS] += 1
    if me.i[MODE] == 2:
        return D
    return int(me.theirs & 3 == 3) if me.i[MODE] == 1 else me.theirs & 1


CONTRITE: Final = 0
PROPOSED: Final = 1


@rule
def contrite_tit_for_tat(me: Player) -> int:
    """Play tit for tat, but after an own defection by noise accept the answer until a cooperation succeeded."""
    if me.i[CONTRITE] and me.mine & 1 == C:
        me.i[CONTRITE] = 0
        me.i[PROPOSED] = C
        return C
    if me.mine & 1 == D and me.i[PROPOSED] == C and me.theirs & 1 == C:
        me.i[CONTRITE] = 1
    me.i[PROPOSED] = me.theirs & 1
    return me.theirs & 1


@rule
def remorseful_prober(me: Player) -> int:
    """Play tit for tat, but defect at random and forgive the answer to that; numbers: probability to defect."""
    if me.turn == 0:
        return C
    if me.theirs & 1:
        play = C if me.i[0] else D
        me.i[0] = 0
        return play
    p = number(me, 0)
    me.i[0] = int(p == 1.0 or (p != 0.0 and not random(me) < 1 - p))
    return me.i[0]  # type: ignore[no-any-return]


@rule
def once_bitten(me: Player) -> int:
    """Defect for ten more turns after two defections in a row."""
    if me.i[SERVED] >= 10:
        me.i[SERVED] = me.i[GRUDGED] = 0
    if me.i[GRUDGED]:
        me.i[SERVED] += 1
        return D
    me.i[GRUDGED] = int(me.theirs & 3 == 3)
    return me.i[GRUDGED]  # type: ignore[no-any-return]


@rule
def fool_me_once(me: Player) -> int:
    """Defect for ever after the second defection."""
    return int(me.cd + me.dd > 1)


@rule
def forgetful_fool_me_once(me: Player) -> int:
    """Defect after the second defection, until a draw makes it forget; numbers: probability to forget."""
    forgets = random(me) < number(me, 0)
    me.i[0] = 0 if forgets else me.i[0] + (me.theirs & 1)
    return int(me.i[0] > 1)


@rule
def forgetful_grudger(me: Player) -> int:
    """Defect for ten turns after a defection."""
    if me.i[SERVED] == 10:
        me.i[SERVED] = me.i[GRUDGED] = 0
    me.i[GRUDGED] |= me.theirs & 1
    me.i[SERVED] += me.i[GRUDGED]
    return me.i[GRUDGED]  # type: ignore[no-any-return]


@rule
def soft_grudger(me: Player) -> int:
    """Answer n defections in a row with d defections and c cooperations whatever happens; table: n, d, c."""
    trigger, defections = entry(me, 0), entry(me, 1)
    if me.i[GRUDGED]:
        me.i[SERVED] += 1
        play = int(me.i[SERVED] < defections)
        if me.i[SERVED] == max(defections - 1, 0) + entry(me, 2):
            me.i[SERVED] = me.i[GRUDGED] = 0
        return play
    run = 0
    while run < trigger and run < me.turn and their_play(me, me.turn - 1 - run):
        run += 1
    me.i[GRUDGED] = int(run == trigger and (trigger > 0 or me.turn == 0))
    return me.i[GRUDGED]  # type: ignore[no-any-return]


@rule
def doubler(me: Player) -> int:
    """Answer a defection unless the opponent has cooperated more than twice as often as it has defected."""
    return int(me.theirs & 1 and me.cc + me.dc <= 2 * (me.cd + me.dd))


@rule
def spiteful_tit_for_tat(me: Player) -> int:
    """Play tit for tat, and defect for ever after two defections in a row."""
    me.i[0] |= int(me.theirs & 3 == 3)
    return me.i[0] | (me.theirs & 1)  # type: ignore[no-any-return]


@rule
def collective(me: Player) -> int:
    """Open with C and D, and cooperate only with those that did so too and have never defected again."""
    if me.turn < 2:
        return me.turn
    defections = me.cd + me.dd
    return int(defections > 1 or their_play(me, 0) == D or their_play(me, 1) == C)


def _retaliate(share: float):  # type: ignore[no-untyped-def]
    def factory(retaliation_threshold: float = share) -> Plan:
        """Defect while it was exploited more often than a share of the times it exploited."""
        return Plan(retaliate, numbers=(retaliation_threshold,))

    return factory


def _limited_retaliate(share: float, limit: int):  # type: ignore[no-untyped-def]
    def factory(retaliation_threshold: float = share, retaliation_limit: int = limit) -> Plan:
        """Retaliate, but a limited number of turns at a time."""
        return Plan(limited_retaliate, numbers=(retaliation_threshold, retaliation_limit))

    return factory


def omega(deadlock_threshold: int = 3, randomness_threshold: int = 8) -> Plan:
    """Play tit for tat, but break deadlocks and give up on those that seem random."""
    return Plan(omega_tft, numbers=(deadlock_threshold, randomness_threshold))


def remorseful(p: float = 0.1) -> Plan:
    """Play tit for tat, but defect with probability p after a cooperation, and forgive the answer to that."""
    return Plan(remorseful_prober, stochastic=p not in (0, 1), numbers=(p,))


def forgetful(forget_probability: float = 0.05) -> Plan:
    """Defect after the second defection, until it forgets, with a probability a turn."""
    return Plan(forgetful_fool_me_once, stochastic=True, numbers=(forget_probability,))


def general_soft_grudger(n: int = 1, d: int = 4, c: int = 2) -> Plan:
    """Answer n defections in a row with d defections and c cooperations, whatever happens meanwhile."""
    if n < 0 or max(d - 1, 0) + max(c, 0) < 1:
        raise InputError(f"n must be 0 or more and d - 1 + c at least 1, not n={n}, d={d}, c={c}")
    return Plan(soft_grudger, table=(n, d, max(c, 0)))


STRATEGIES: Strategies = {
    "Gradual": Plan(gradual),
    "OriginalGradual": Plan(original_gradual),
    "Punisher": Plan(punisher, table=(0,)),
    "InversePunisher": Plan(punisher, table=(1,)),
    "Retaliate": _retaliate(0.1),
    "Retaliate2": _retaliate(0.08),
    "Retaliate3": _retaliate(0.05),
    "LimitedRetaliate": _limited_retaliate(0.1, 20),
    "LimitedRetaliate2": _limited_retaliate(0.08, 15),
    "LimitedRetaliate3": _limited_retaliate(0.05, 20),
    "OmegaTFT": omega,
    "APavlov2006": Plan(adaptive_pavlov_2006),
    "APavlov2011": Plan(adaptive_pavlov_2011),
    "Prober4": Plan(prober_4, table=plays("CCDCDDDCCDCDCCDCDDCD")),
    "MEM2": Plan(mem2),
    "ContriteTitForTat": Plan(contrite_tit_for_tat),
    "RemorsefulProber": remorseful,
    "OnceBitten": Plan(once_bitten),
    "FoolMeOnce": Plan(fool_me_once),
    "ForgetfulFoolMeOnce": forgetful,
    "ForgetfulGrudger": Plan(forgetful_grudger),
    "SoftGrudger": general_soft_grudger(),
    "GeneralSoftGrudger": general_soft_grudger,
    "Doubler": Plan(doubler),
    "SpitefulTitForTat": Plan(spiteful_tit_for_tat),
    "CollectiveStrategy": Plan(collective),
    "Appeaser": vector((1, 0, 0, 1)),
}
