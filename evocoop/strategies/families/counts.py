"""Players that go by counts and opening plays and remember nothing of their own.

An opponent's defections are ``me.cd + me.dd``, its cooperations ``me.cc + me.dc``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from evocoop.core.jit import kernel
from evocoop.strategies.draws import random, random_choice, uniform
from evocoop.strategies.families.memory_one import vector
from evocoop.strategies.families.schedules import plays
from evocoop.strategies.machines import Machine, explore
from evocoop.strategies.plan import Numbers, Plan, Strategies, rule
from evocoop.strategies.state import C, D, Player, entry, number, their_play


@kernel
def last_turns(me: Player, count: int) -> bool:
    """Return whether this is one of the last turns of a match whose length is known."""
    return 0.0 < me.length - me.turn <= count


@kernel
def opened(me: Player, first: int, one: int, two: int) -> bool:
    """Return whether the opponent's plays of two turns in a row, from ``first`` on, were ``one`` and ``two``."""
    return their_play(me, first) == one and their_play(me, first + 1) == two


@kernel
def defected_within(me: Player, turns: int) -> bool:
    """Return whether the opponent defected in the first so many turns."""
    found = False
    for turn in range(min(turns, me.turn)):
        found = found or their_play(me, turn) == D
    return found


@rule
def grudger(me: Player) -> int:
    """Cooperate until the opponent defects once, then defect for ever."""
    return int(me.cd + me.dd > 0)


@rule
def late_grudger(me: Player) -> int:
    """Play one way for some turns, then defect once the opponent has defected; table: how many turns, that play."""
    if me.turn < entry(me, 0):
        return entry(me, 1)
    return int(me.cd + me.dd > 0)


def davis(rounds_to_cooperate: int = 10) -> Plan:
    """Cooperate for some turns, then defect for ever once the opponent has defected."""
    return Plan(late_grudger, table=(rounds_to_cooperate, C))


@rule
def opposite_grudger(me: Player) -> int:
    """Defect until the opponent cooperates once, then cooperate for ever."""
    return int(me.cc + me.dc == 0)


@rule
def easy_go(me: Player) -> int:
    """Defect until the opponent defects once, then cooperate for ever."""
    return int(me.cd + me.dd == 0)


@rule
def grudger_alternator(me: Player) -> int:
    """Cooperate until the opponent defects once, then alternate."""
    return int(me.cd + me.dd > 0 and not me.mine & 1)


@rule
def average_copier(me: Player) -> int:
    """Cooperate as often as the opponent did; numbers: probability to cooperate first."""
    if me.turn == 0:
        return random_choice(me, number(me, 0))
    return random_choice(me, (me.cc + me.dc) / me.turn)


@rule
def anonymous(me: Player) -> int:
    """Cooperate with a probability drawn anew each turn between 0.3 and 0.7."""
    return random_choice(me, uniform(me, 3, 7) / 10)


@rule
def backstabber(me: Player) -> int:
    """Forgive three defections, then defect; defect on the last two turns anyway."""
    return int(last_turns(me, 2) or me.cd + me.dd > 3)


@rule
def double_crosser(me: Player) -> int:
    """Play tit for two tats up to turn 180 if the opponent began with seven cooperations; otherwise backstab."""
    if last_turns(me, 2):
        return D
    if 7 < me.turn + 1 <= 180 and not defected_within(me, 7):
        return int(me.theirs & 3 == 3)
    return int(me.cd + me.dd > 3)


@rule
def better_and_better(me: Player) -> int:
    """Cooperate with a probability that grows by a thousandth a turn."""
    return random_choice(me, (me.turn + 1) / 1000)


@rule
def worse_and_worse(me: Player) -> int:
    """Cooperate with a probability that shrinks by a thousandth a turn."""
    return random_choice(me, 1 - (me.turn + 1) / 1000)


@rule
def knowledgeable_worse_and_worse(me: Player) -> int:
    """Cooperate with a probability that shrinks to nothing over the known length of the match."""
    return random_choice(me, 1 - (me.turn + 1) / me.length)


@rule
def worse_and_worse_2(me: Player) -> int:
    """Play tit for tat for twenty turns, then cooperate with probability 20/turn."""
    if me.turn < 20:
        return me.theirs & 1
    return random_choice(me, 20 / (me.turn + 1))


@rule
def worse_and_worse_3(me: Player) -> int:
    """Cooperate as often as the opponent did, cooperation first."""
    if me.turn == 0:
        return C
    return random_choice(me, 1 - (me.cd + me.dd) / me.turn)


@rule
def tricky_defector(me: Player) -> int:
    """Defect, but cooperate after three defections of an opponent that once cooperated."""
    return int(not (me.cc + me.dc > 0 and me.turn >= 3 and me.theirs & 7 == 7))


@rule
def forgiver(me: Player) -> int:
    """Defect while the opponent defected in more than a tenth of turns; table: 1 to copy its last play instead."""
    if me.cd + me.dd > me.turn / 10.0:
        return me.theirs & 1 if entry(me, 0) else D
    return C


@rule
def gradual_killer(me: Player) -> int:
    """Defect five times, cooperate twice, then defect for ever if the opponent defected on both of those turns."""
    if me.turn < 7:
        return int(me.turn < 5)
    return int(opened(me, 5, D, D))


@rule
def handshake(me: Player) -> int:
    """Play an opening and cooperate for ever with who played the same; table: its length, its plays."""
    length = entry(me, 0)
    if me.turn < length:
        return entry(me, 1 + me.turn)
    for turn in range(length):
        if their_play(me, turn) != entry(me, 1 + turn):
            return D
    return C


def handshaker(initial_plays: Sequence[str] | None = None) -> Plan:
    """Cooperate with players that open as it does itself."""
    opening = plays("".join(initial_plays)) if initial_plays else plays("CD")
    return Plan(handshake, table=(len(opening), *opening))


@rule
def detective(me: Player) -> int:
    """Open, then play tit for tat with who defected meanwhile, and exploit others; table: as in the handshake."""
    length = entry(me, 0)
    if me.turn < length:
        return entry(me, 1 + me.turn)
    return me.theirs & 1 if defected_within(me, length) else D


def detective_player(initial_actions: Sequence[str] | None = None) -> Plan:
    """Find out who can be exploited by an opening of four plays."""
    text = "CDCC" if initial_actions is None else "".join(initial_actions)
    opening = plays(text) if text else ()
    return Plan(detective, table=(len(opening), *opening))


@rule
def defector_hunter(me: Player) -> int:
    """Defect, from the fifth turn on, against who only ever plays one play; table: that play."""
    hunted = me.cc + me.dc if entry(me, 0) == C else me.cd + me.dd
    return int(me.turn >= 4 and hunted == me.turn)


@rule
def alternator_hunter(me: Player) -> int:
    """Defect, from the seventh turn on, against who alternated for six turns."""
    if me.turn < 6:
        return C
    for turn in range(5):
        if their_play(me, turn) == their_play(me, turn + 1):
            return C
    return D


@rule
def inverse(me: Player) -> int:
    """Defect with probability 1/n when the opponent's last defection is n turns ago."""
    for turn in range(me.i[1], me.turn):
        if their_play(me, turn):
            me.i[0] = turn + 1
    me.i[1] = me.turn
    return random_choice(me, 1 - 1 / (me.turn + 1 - me.i[0])) if me.i[0] else C


@rule
def cooperation_ratio(me: Player) -> int:
    """Defect while cooperations per defection of both together are above a number; numbers: that number."""
    if me.turn == 0:
        return C
    defections = me.cd + me.dd
    if defections == 0:
        return D
    return int((me.cc + me.dc + me.cc + me.cd) / (defections + me.dc + me.dd) > number(me, 0))


@rule
def prober(me: Player) -> int:
    """Play an opening, then exploit or repay by how the opponent took it.

    table: length of the opening; the opponent's plays on turns 1 and 2 that decide; what to play for ever after them;
    the opening. Any other answer brings tit for tat.
    """
    if me.turn < entry(me, 0):
        return entry(me, 4 + me.turn)
    if opened(me, 1, entry(me, 1), entry(me, 2)):
        return entry(me, 3)
    return me.theirs & 1


def probe(opening: str, after: str, then: str) -> Plan:
    """Return the plan of a prober."""
    return Plan(prober, table=(len(opening), *plays(after), *plays(then), *plays(opening)))


@rule
def prober_3(me: Player) -> int:
    """Open with defection and cooperation; exploit who cooperated on the second turn, play tit for tat with others."""
    if me.turn < 2:
        return 1 - me.turn
    return me.theirs & 1 if their_play(me, 1) else D


def naive(p: float = 0.1) -> Plan:
    """Play tit for tat, but defect unprovoked with probability p."""
    return vector((1 - p, 0, 1 - p, 0))


@rule
def level_punisher(me: Player) -> int:
    """Defect, from the eleventh turn on, while the opponent defected in more than a fifth of turns."""
    return int(me.turn >= 10 and (me.cd + me.dd) / me.turn > 0.2)


@rule
def tricky_level_punisher(me: Player) -> int:
    """Defect while the opponent's share of defections is above a level that falls as the match goes on."""
    if me.turn == 0:
        return C
    share = (me.cd + me.dd) / me.turn
    early, middle = me.turn < 10 and share > 0.2, me.turn < 50 and share > 0.1
    return int(early or middle or (me.turn < 100 and share > 0.05))


SELF_ESTEEM = tuple(math.sin(2 * math.pi * turn / 10) for turn in range(10))


@rule
def self_esteem(me: Player) -> int:
    """Follow a mood that swings with a period of ten turns; numbers: the mood at each of them."""
    mood = number(me, me.turn % 10)
    if mood > 0.95:
        return D
    if 0.95 > abs(mood) > 0.3:
        return me.theirs & 1
    if 0.3 > mood > -0.3:
        return random_choice(me, 0.5)
    return C


@self_esteem.read
def _swings(plan: Plan, numbers: Numbers) -> Machine | None:
    def chance(state: tuple[int, int]) -> float:
        mood, theirs = numbers[state[0]], state[1]
        sure = 0.0 if mood > 0.95 else 1.0 - theirs if abs(mood) > 0.3 else 0.5
        return 1.0 if mood < -0.95 else sure

    return explore((0, 0), chance, lambda state, mine, theirs: ((state[0] + 1) % 10, theirs))


@rule
def thue_morse(me: Player) -> int:
    """Play the Thue-Morse sequence, the parity of the ones in the turn's binary number; table: 1 to invert it."""
    left, parity = me.turn, 1 - entry(me, 0)
    while left:
        left &= left - 1
        parity = 1 - parity
    return parity


@rule
def dynamic_two_tits(me: Player) -> int:
    """After a defection in the last two turns cooperate as often as the opponent did, else cooperate."""
    if me.theirs & 3:
        return random_choice(me, (me.cc + me.dc) / me.turn)
    return C


@rule
def sneaky_tit_for_tat(me: Player) -> int:
    """Cooperate twice, defect until the opponent does, then play tit for tat but accept the answer to a defection."""
    if me.turn < 2:
        return C
    if me.cd + me.dd == 0:
        return D
    return int(me.theirs & 1 and not me.mine & 2)


@rule
def alexei(me: Player) -> int:
    """Play tit for tat, but defect on the last turn."""
    return int(last_turns(me, 1) or me.theirs & 1)


@rule
def eugine_nier(me: Player) -> int:
    """Play tit for tat until the opponent has defected five times, then defect; defect on the last turn."""
    return int(last_turns(me, 1) or me.cd + me.dd >= 5 or me.theirs & 1)


@rule
def very_bad(me: Player) -> int:
    """Cooperate three times, then do what the opponent did more often; at a tie what it did last."""
    if me.turn < 3:
        return C
    balance = 2 * (me.cc + me.dc) - me.turn
    return me.theirs & 1 if balance == 0 else int(balance < 0)


@rule
def champion(me: Player) -> int:
    """Cooperate ten turns, play tit for tat up to the 25th, then answer defections of frequent defectors."""
    if me.turn < 10:
        return C
    if me.turn < 25:
        return me.theirs & 1
    return int(me.theirs & 1 and (me.cd + me.dd) / me.turn >= max(0.4, random(me)))


@rule
def eatherley(me: Player) -> int:
    """Answer a defection with defection as often as the opponent defected."""
    if not me.theirs & 1:
        return C
    return random_choice(me, 1 - (me.cd + me.dd) / me.turn)


@rule
def cave(me: Player) -> int:
    """Give up on frequent defectors, the sooner the more they defect; else toss a coin after a defection."""
    if me.turn == 0:
        return C
    turn, defections = me.turn + 1, me.cd + me.dd
    share = defections / turn
    if (turn > 39 and share > 0.39) or (turn > 29 and share > 0.65) or (turn > 19 and share > 0.79):
        return D
    if not me.theirs & 1:
        return C
    return D if defections > 17 else random_choice(me, 0.5)


@rule
def wm_adams(me: Player) -> int:
    """Defect at the fourth, seventh and ninth defection, and after that with a halving patience."""
    if me.turn <= 1:
        return C
    defections = me.cd + me.dd - their_play(me, 0)
    if defections in (4, 7, 9):
        return D
    if defections > 9 and me.theirs & 1:
        return random_choice(me, 0.5 ** (defections - 9))
    return C


STRATEGIES: Strategies = {
    "Grudger": Plan(grudger),
    "FirstByDavis": davis,
    "Aggravater": Plan(late_grudger, table=(3, D)),
    "SpitefulCC": Plan(late_grudger, table=(2, C)),
    "OppositeGrudger": Plan(opposite_grudger),
    "EasyGo": Plan(easy_go),
    "GrudgerAlternator": Plan(grudger_alternator),
    "AverageCopier": Plan(average_copier, True, (0.5,)),
    "NiceAverageCopier": Plan(average_copier, True, (1.0,)),
    "FirstByAnonymous": Plan(anonymous, True),
    "BackStabber": Plan(backstabber),
    "DoubleCrosser": Plan(double_crosser),
    "BetterAndBetter": Plan(better_and_better, True),
    "WorseAndWorse": Plan(worse_and_worse, True),
    "KnowledgeableWorseAndWorse": Plan(knowledgeable_worse_and_worse, True),
    "WorseAndWorse2": Plan(worse_and_worse_2, True),
    "WorseAndWorse3": Plan(worse_and_worse_3, True),
    "TrickyDefector": Plan(tricky_defector),
    "Forgiver": Plan(forgiver, table=(0,)),
    "ForgivingTitForTat": Plan(forgiver, table=(1,)),
    "GradualKiller": Plan(gradual_killer),
    "Handshake": handshaker,
    "Detective": detective_player,
    "DefectorHunter": Plan(defector_hunter, table=(D,)),
    "CooperatorHunter": Plan(defector_hunter, table=(C,)),
    "AlternatorHunter": Plan(alternator_hunter),
    "Inverse": Plan(inverse, True),
    "Golden": Plan(cooperation_ratio, numbers=((1 + math.sqrt(5)) / 2,)),
    "Pi": Plan(cooperation_ratio, numbers=(math.pi,)),
    "e": Plan(cooperation_ratio, numbers=(math.e,)),
    "ALLCorALLD": vector((1, 1, 0, 0), 0.6),
    "Desperate": vector((0, 0, 0, 1), 0.5),
    "Hopeless": vector((0, 1, 1, 1), 0.5),
    "Willing": vector((1, 1, 1, 0), 0.5),
    "Negation": vector((0, 1, 0, 1), 0.5),
    "Prober": probe("DCC", "CC", "D"),
    "Prober2": probe("DCC", "DC", "C"),
    "Prober3": Plan(prober_3),
    "HardProber": probe("DDCC", "CC", "D"),
    "NaiveProber": naive,
    "LevelPunisher": Plan(level_punisher),
    "TrickyLevelPunisher": Plan(tricky_level_punisher),
    "SelfSteem": Plan(self_esteem, True, SELF_ESTEEM),
    "ThueMorse": Plan(thue_morse, table=(0,)),
    "ThueMorseInverse": Plan(thue_morse, table=(1,)),
    "DynamicTwoTitsForTat": Plan(dynamic_two_tits, True),
    "SneakyTitForTat": Plan(sneaky_tit_for_tat),
    "Alexei": Plan(alexei),
    "EugineNier": Plan(eugine_nier),
    "BurnBothEnds": vector((0.9, 0, 0.9, 0)),
    "VeryBad": Plan(very_bad),
    "SecondByChampion": Plan(champion, True),
    "SecondByEatherley": Plan(eatherley, True),
    "SecondByCave": Plan(cave, True),
    "SecondByWmAdams": Plan(wm_adams, True),
}
