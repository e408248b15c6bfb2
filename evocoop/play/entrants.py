"""Who plays: strategies by name, player objects, and strategies of the user, which are tried out before they play."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from evocoop.core.errors import InputError, StrategyError
from evocoop.core.jit import kernel
from evocoop.play.kernels import reset
from evocoop.play.seats import Seat
from evocoop.strategies.plan import Plan, Setting
from evocoop.strategies.resolve import Entrant, entrant_of, is_native, plan_of, read
from evocoop.strategies.spec import Spec
from evocoop.strategies.state import C, D, Player, advance, decide
from evocoop.strategies.user import is_user_strategy, line_in, load

TRIAL_TURNS = 40
OPPONENTS = ("Cooperator", "Defector", "TitForTat", "Alternator")
_tried: dict[str, Entrant] = {}


def find_entrant(who: Any) -> Entrant:
    """Return who plays: a spec, a player object of the library, an entrant or what has one, or ``FILE:NAME``.

    A user's rule is first tried out as plain Python against a few opponents, so that a mistake comes with strategy,
    opponent and turn.

    Raises:
        InputError: when a strategy is unknown; StrategyError when it does not work.
    """
    if not isinstance(who, str) or not is_user_strategy(who):
        own = getattr(who, "entrant", None)
        return own if isinstance(own, Entrant) else entrant_of(who)
    if who not in _tried:
        _tried[who] = _user_entrant(who)
    return _tried[who]


def find_natives(players: Iterable[Any], taker: str) -> list[Entrant]:
    """Return who plays, all of them compiled; whoever the catalogue says is not is refused by its name alone.

    Args:
        players: see :func:`find_entrant`.
        taker: what takes native strategies only, for the message.

    Raises:
        InputError: when a strategy is unknown or plays over the library.
    """
    asked = list(players)
    slow = {who for who in asked if is_bridged(who)}
    found = [] if slow else [find_entrant(who) for who in asked]
    slow |= {one.spec for one in found if one.plan is None}
    if slow:
        raise InputError(f"{taker} takes native strategies only, not {', '.join(sorted(slow))}")
    return found


def is_bridged(who: Any) -> bool:
    """Return whether a name is that of a strategy that plays over the library; asks the catalogue alone."""
    named = isinstance(who, Spec) or (isinstance(who, str) and not is_user_strategy(who))
    return named and not is_native(read(who)[1])


def _user_entrant(name: str) -> Entrant:
    found = load(name)
    if not isinstance(found, Plan):
        return replace(entrant_of(found), spec=name)
    for opponent in OPPONENTS if name.rpartition(":")[0].endswith(".py") else ():
        for turn, said in trial(found, plan_of(opponent), TRIAL_TURNS):
            raise StrategyError(name, f"against {opponent}, turn {turn + 1}: {said}")
    try:
        found.compile()
    except Exception as error:
        lines = [line for line in str(error).splitlines() if line.strip()]
        raise StrategyError(name, f"cannot be compiled: {' '.join(lines[:3])}") from None
    return Entrant(name, name.rpartition(":")[2], found.stochastic, found)


@kernel
def _reply(player: Player) -> int:
    """Return a compiled player's next play."""
    return decide(player)  # type: ignore[no-any-return]


def trial(plan: Plan, opponent: Plan, turns: int) -> Iterator[tuple[int, str]]:
    """Play a match with the plan's rule as plain Python; yield turn and reason when it raises or gives no play."""
    setting = Setting(length=float(turns))
    seats = Seat(replace(plan, rule=plan_of("Cooperator").rule), setting, turns), Seat(opponent, setting, turns)
    one, two = (seat.record for seat in seats)
    reset(one, int(two["my_plays"]))
    reset(two, int(one["my_plays"]))
    for turn in range(turns):
        try:
            with np.errstate(all="raise"):
                play: Any = plan.rule.function(one)
        except Exception as error:
            line = line_in(error, plan.rule.function.__code__.co_filename)
            yield turn, f"line {line}: {type(error).__name__}: {error}"
            return
        if isinstance(play, float) or play not in (C, D):
            line = plan.rule.function.__code__.co_firstlineno
            yield turn, f"the rule of line {line} returned {play!r}, which is neither C (0) nor D (1)"
            return
        reply = int(_reply(two))
        advance(one, int(play), reply)
        advance(two, reply, int(play))
