"""Players that look ahead in a game tree.

Derived Belief Strategy: Au & Nau 2006, "Accident or intention: that is the question (in the noisy iterated prisoner's
dilemma)", AAMAS 2006, 561-568.
"""

from __future__ import annotations

from typing import Final

from evocoop.core.errors import InputError
from evocoop.core.jit import kernel
from evocoop.strategies.plan import Plan, Strategies, rule
from evocoop.strategies.state import C, D, Player, entry, keep, my_play, number, stored, their_play

FIRM: Final = 0
DEFAULT: Final = 4
VIOLATIONS: Final = 8
RUN: Final = 12
NO_RULE: Final = 0
DEFECTS: Final = 1
COOPERATES: Final = 2
PAYOFFS: Final = (3.0, 0.0, 5.0, 1.0)
"""Of CC, CD, DC, DD, whatever the match's game."""
BELIEVED: Final = (1.0, 1.0, 0.0, 0.0)


@kernel
def _observe(me: Player, outcome: int, answer: int) -> int:
    """Take in the opponent's answer to an outcome, firm rules first; return 1 if a firm rule foretold it.

    Scratch: the firm rule, the default rule, the violations of the firm rule and the run of equal answers (below 0 for
    defections) of every outcome; store: violations of default rules.
    """
    step = 1 if answer == COOPERATES else -1
    run = me.i[RUN + outcome]
    me.i[RUN + outcome] = run + step if run * step > 0 else step
    if me.i[FIRM + outcome] == NO_RULE and abs(me.i[RUN + outcome]) >= number(me, 1):
        me.i[FIRM + outcome] = answer
        me.i[VIOLATIONS + outcome] = 0
    if me.i[FIRM + outcome] == answer:
        me.i[VIOLATIONS + outcome] = 0
    elif me.i[FIRM + outcome] != NO_RULE:
        me.i[VIOLATIONS + outcome] += 1
        if me.i[VIOLATIONS + outcome] >= number(me, 2):
            for k in range(4):
                if me.i[FIRM + k] != NO_RULE:
                    me.i[DEFAULT + k] = me.i[FIRM + k]
                me.i[FIRM + k] = me.i[VIOLATIONS + k] = 0
            keep(me, 0, 0)
    return int(me.i[FIRM + outcome] == answer)


@kernel
def _doubt(me: Player, outcome: int, answer: int, foretold: int) -> None:
    """Count violations of the default rules, and drop these when there are too many."""
    violated = me.i[DEFAULT + outcome] == COOPERATES + DEFECTS - answer
    keep(me, 0, stored(me, 0) + int(violated))
    if stored(me, 0) > number(me, 3) or (foretold and violated):
        for k in range(4):
            me.i[DEFAULT + k] = NO_RULE
        keep(me, 0, 0)


@kernel
def _frequency(me: Player, outcome: int) -> float:
    """Return the discounted share of cooperation after an outcome, newest first; at the beginning tit for tat."""
    cooperated, seen, weight = 0.0, 0.0, 1.0
    for turn in range(me.turn - 2, -1, -1):
        if 2 * my_play(me, turn) + their_play(me, turn) == outcome:
            seen += weight
            if their_play(me, turn + 1) == C:
                cooperated += weight
        weight = number(me, 0) * weight
    return (cooperated + weight * BELIEVED[outcome]) / (seen + weight)


@kernel
def _believe(me: Player) -> None:
    """Write the chances that the opponent cooperates after CC, CD, DC and DD to x[0…3]."""
    for outcome in range(4):
        if me.i[DEFAULT + outcome] != NO_RULE:
            me.x[outcome] = 1.0 if me.i[DEFAULT + outcome] == COOPERATES else 0.0
        elif me.i[FIRM + outcome] != NO_RULE:
            me.x[outcome] = 1.0 if me.i[FIRM + outcome] == COOPERATES else 0.0
        else:
            me.x[outcome] = _frequency(me, outcome)


@kernel
def _expected(me: Player, chance: float, play: int) -> float:
    """Return the worth of a play when the opponent cooperates with a chance; x[4…7]: worth of each outcome."""
    return chance * me.x[4 + 2 * play] + (1 - chance) * me.x[5 + 2 * play]  # type: ignore[no-any-return]


@kernel
def _best(me: Player, depth: int) -> int:
    """Return the play of highest worth in a tree of so many turns; x[4…7] holds the worth of each outcome in it."""
    for outcome in range(4):
        me.x[4 + outcome] = PAYOFFS[outcome]
    for _ in range(depth - 1):
        a = max(_expected(me, me.x[0], C), _expected(me, me.x[0], D)) + PAYOFFS[0]
        b = max(_expected(me, me.x[1], C), _expected(me, me.x[1], D)) + PAYOFFS[1]
        c = max(_expected(me, me.x[2], C), _expected(me, me.x[2], D)) + PAYOFFS[2]
        d = max(_expected(me, me.x[3], C), _expected(me, me.x[3], D)) + PAYOFFS[3]
        me.x[4], me.x[5], me.x[6], me.x[7] = a, b, c, d
    now = 2 * (me.mine & 1) + (me.theirs & 1)
    cooperate = _expected(me, me.x[now], C) + PAYOFFS[now]
    return int(_expected(me, me.x[now], D) + PAYOFFS[now] > cooperate)


@rule
def dbs(me: Player) -> int:
    """Learn the opponent's rules through noise and play the best answer a few turns ahead.

    numbers: discount, answers that make a rule, violations that end it, violations that end the default rules; table:
    turns ahead.
    """
    if me.turn == 0:
        for outcome in range(4):
            me.i[DEFAULT + outcome] = COOPERATES if BELIEVED[outcome] == 1.0 else DEFECTS
        return C
    if me.turn >= 2:
        outcome = 2 * (me.mine >> 1 & 1) + (me.theirs >> 1 & 1)
        answer = DEFECTS if me.theirs & 1 else COOPERATES
        foretold = _observe(me, outcome, answer)
        _doubt(me, outcome, answer, foretold)
    _believe(me)
    return _best(me, entry(me, 0))


def derived_belief(
    discount_factor: float = 0.75,
    promotion_threshold: int = 3,
    violation_threshold: int = 4,
    reject_threshold: int = 3,
    tree_depth: int = 5,
) -> Plan:
    """Learn the opponent's rules through noise, and play the best answer in a tree of the next turns."""
    if tree_depth < 1:
        raise InputError(f"tree_depth must be 1 or more, not {tree_depth}")
    numbers = (discount_factor, promotion_threshold, violation_threshold, reject_threshold)
    return Plan(dbs, numbers=numbers, table=(tree_depth,), store=1)


STRATEGIES: Strategies = {"DBS": derived_belief}
