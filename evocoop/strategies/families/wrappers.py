"""Players wrapped by the library's transformers.

A wrapped player stands in its wrapper's place: it has the same history and draws from the same stream, first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from evocoop.core.errors import InputError
from evocoop.strategies.draws import choice_by, random, random_choice
from evocoop.strategies.families.schedules import plays
from evocoop.strategies.families.teams import inner_play, nice, one_only
from evocoop.strategies.plan import Factory, Plan, Rule, rule
from evocoop.strategies.registry import Strategy
from evocoop.strategies.spec import Spec
from evocoop.strategies.state import C, D, Player, advance, decide, entry, member, my_play, number, their_play


@rule
def identity(me: Player) -> int:
    """Play what the wrapped player proposes."""
    return inner_play(me)


@rule
def flipped(me: Player) -> int:
    """Play the opposite of what the wrapped player proposes."""
    return 1 - inner_play(me)


@rule
def dual(me: Player) -> int:
    """Play the opposite of what the wrapped player proposes, who is told the opposite of its own plays."""
    inner = member(me, 0)
    if me.turn > 0:
        advance(inner, 1 - (me.mine & 1), me.theirs & 1)
    return 1 - decide(inner)  # type: ignore[no-any-return]


@rule
def noisy(me: Player) -> int:
    """Flip what the wrapped player proposes with a probability; numbers: the probability."""
    play, noise = inner_play(me), number(me, 0)
    if noise == 0.0:
        return play
    return 1 - play if noise == 1.0 or random(me) < noise else play


@rule
def forgiver(me: Player) -> int:
    """Turn a proposal to defect into cooperation with a probability; numbers: the probability."""
    return random_choice(me, number(me, 0)) if inner_play(me) else C


@rule
def initial(me: Player) -> int:
    """Begin with given plays; table: how many, the plays."""
    play = inner_play(me)
    return entry(me, 1 + me.turn) if me.turn < entry(me, 0) else play


@rule
def final(me: Player) -> int:
    """End with given plays if the length is known; table: how many, the plays."""
    play, left = inner_play(me), me.length - me.turn
    if 1 <= left <= entry(me, 0):
        return entry(me, 1 + entry(me, 0) - int(left))
    return play


@rule
def deadlock_breaking(me: Player) -> int:
    """Cooperate when both have just taken turns in defecting."""
    play, own, other = inner_play(me), me.mine & 3, me.theirs & 3
    return C if (own == 1 and other == 2) or (own == 2 and other == 1) else play


@rule
def grudging(me: Player) -> int:
    """Defect for ever after more than so many defections; numbers: how many."""
    play = inner_play(me)
    return D if me.cd + me.dd > number(me, 0) else play


@rule
def apologizing(me: Player) -> int:
    """Cooperate after given plays of both; table: how many, the own plays, the opponent's plays."""
    play, length = inner_play(me), entry(me, 0)
    if me.turn < length:
        return play
    for k in range(length):
        turn = me.turn - length + k
        if my_play(me, turn) != entry(me, 1 + k) or their_play(me, turn) != entry(me, 1 + length + k):
            return play
    return C


@rule
def joss_ann(me: Player) -> int:
    """Cooperate, defect or play what the wrapped player proposes at random; numbers: cumulated probabilities."""
    play, drawn = inner_play(me), choice_by(me, 0, 3)
    return play if drawn == 2 else drawn


@rule
def constant(me: Player) -> int:
    """Play one thing always, and ask the wrapped player only to have it draw; table: the play."""
    if me.stochastic:
        inner_play(me)
    return entry(me, 0)


@rule
def retaliating(me: Player) -> int:
    """Answer every defection so many times; table: how many times."""
    play = inner_play(me)
    if me.turn > 0 and me.theirs & 1:
        me.i[0] += entry(me, 0) - 1
        return D
    if me.i[0]:
        me.i[0] -= 1
        return D
    return play


@rule
def until_apology(me: Player) -> int:
    """Answer every defection, otherwise play what the wrapped player proposes."""
    return inner_play(me) | (me.theirs & 1)


def wrapped(wrapper: Rule, player: str | Spec, stochastic: bool | None = None, **data: Any) -> Plan:
    """Return the plan of a wrapped player; stochastic as the player is, unless it is said.

    The library has two players that no transformer reaches, since they replace their own method when they are made:
    Random with p = 0 or 1, and MetaMixer when it asks one member only.
    """
    from evocoop.strategies.resolve import plan_of

    inner = plan_of(player)
    drawn = inner.stochastic if stochastic is None else stochastic
    inner = _seeded(inner, drawn or data.get("seeded", False))
    if inner.rule is one_only or _is_sure_coin(player):
        return inner
    data = {"shares": "everything", "seeded": inner.seeded, **data}
    return Plan(wrapper, drawn, team=(inner,), **data)


def _seeded(plan: Plan, stochastic: bool) -> Plan:
    """Return a plan that counts as stochastic or not, together with those that stand in its place."""
    team = plan.team if plan.shares == "nothing" else tuple(_seeded(inner, stochastic) for inner in plan.team)
    return (
        plan if plan.stochastic == stochastic and team == plan.team else replace(plan, stochastic=stochastic, team=team)
    )


def _innermost(player: str | Spec) -> tuple[Strategy, Spec]:
    """Return the strategy under all wrappers."""
    from evocoop.strategies.resolve import bind, read

    row, spec = read(player)
    return _innermost(bind(row, spec)["player"]) if row.family == "wrappers" else (row, spec)


def _is_sure_coin(player: str | Spec) -> bool:
    """Return whether the strategy under all wrappers is Random with p = 0 or 1."""
    from evocoop.strategies.resolve import plan_of

    row, spec = _innermost(player)
    return row.key == "Random" and not plan_of(spec).stochastic


INSISTENT = (
    "HMMPlayer", "EvolvedHMM5", "ArrogantQLearner", "CautiousQLearner", "HesitantQLearner", "RiskyQLearner",
    "NMWEDeterministic",
)  # fmt: skip
"""Strategies that classify themselves anew before every match: the library seeds them even where they never draw."""


def _seeded_anyway(player: str | Spec) -> bool:
    """Return whether the library seeds the strategy under all wrappers, although these leave it nothing to draw."""
    from evocoop.strategies.resolve import plan_of

    row, spec = _innermost(player)
    return row.key in INSISTENT and plan_of(spec).stochastic


def _drawn(chance: float) -> bool | None:
    """Return True where a chance must be drawn, and otherwise None: it depends on the wrapped player."""
    return None if chance in (0, 1) else True


def _chance(name: str, value: Any) -> float:
    if not isinstance(value, (int, float)) or not 0 <= value <= 1:
        raise InputError(f"{name} must be a probability in [0, 1], not {value!r}")
    return float(value)


def _sequence(name: str, given: Sequence[str] | None) -> tuple[int, ...]:
    if given is None:
        raise InputError(f"{name} must be given as a list of plays, for example [C, D]")
    text = "".join(str(play) for play in given)
    return (len(text), *(plays(text) if text else ()))


def _plain(wrapper: Rule, **data: Any) -> Factory:
    def factory(player: str | Spec) -> Plan:
        return wrapped(wrapper, player, **data)

    return factory


def noisy_transformer(player: str | Spec, noise: float) -> Plan:
    """Flip plays with a probability."""
    chance = _chance("noise", noise)
    return wrapped(noisy, player, _drawn(chance), numbers=(chance,))


def forgiver_transformer(player: str | Spec, p: float) -> Plan:
    """Turn defections into cooperation with probability p."""
    chance = _chance("p", p)
    return wrapped(forgiver, player, _drawn(chance), numbers=(chance,))


def initial_transformer(player: str | Spec, initial_seq: Sequence[str]) -> Plan:
    """Begin with given plays."""
    return wrapped(initial, player, table=_sequence("initial_seq", initial_seq))


def final_transformer(player: str | Spec, seq: Sequence[str]) -> Plan:
    """End with given plays if the length is known."""
    return wrapped(final, player, table=_sequence("seq", seq))


def grudge_transformer(player: str | Spec, grudges: float) -> Plan:
    """Defect for ever after more than so many defections."""
    if not isinstance(grudges, (int, float)):
        raise InputError(f"grudges must be a number, not {grudges!r}")
    return wrapped(grudging, player, numbers=(float(grudges),))


def apology_transformer(player: str | Spec, myseq: Sequence[str], opseq: Sequence[str]) -> Plan:
    """Cooperate after given plays of both."""
    own, other = _sequence("myseq", myseq), _sequence("opseq", opseq)
    if own[0] != other[0] or own[0] < 1:
        raise InputError("myseq and opseq must be equally long and not empty")
    return wrapped(apologizing, player, table=(*own, *other[1:]))


def joss_ann_transformer(player: str | Spec, probability: Sequence[float]) -> Plan:
    """Cooperate with the first probability, defect with the second, otherwise play as the wrapped strategy."""
    if not isinstance(probability, (list, tuple)) or len(probability) != 2 or min(probability) < 0:
        raise InputError(f"probability must hold two probabilities, not {probability!r}")
    total = sum(probability)
    first, second = (part / total if total > 1 else part for part in probability)
    chances = (first, second, max(0, 1 - first - second))
    if 1 in chances[:2]:
        return wrapped(constant, player, False, table=(chances.index(1),), seeded=_seeded_anyway(player))
    if 1 in chances:
        return wrapped(identity, player, True)
    cumulated = np.cumsum(chances)
    return wrapped(joss_ann, player, True, numbers=tuple(cumulated / cumulated[-1]))


def retaliation_transformer(player: str | Spec, retaliations: int) -> Plan:
    """Answer every defection so many times; each player counts for itself.

    The library keeps one count for all players so wrapped, so two of them in one match play differently there.
    """
    if not isinstance(retaliations, int) or retaliations < 1:
        raise InputError(f"retaliations must be 1 or more, not {retaliations!r}")
    return wrapped(retaliating, player, table=(retaliations,))


WRAPPERS: dict[str, Callable[..., Plan]] = {
    "IdentityTransformer": _plain(identity),
    "TrackHistoryTransformer": _plain(identity),
    "FlipTransformer": _plain(flipped),
    "DualTransformer": _plain(dual, shares="stream"),
    "NoisyTransformer": noisy_transformer,
    "ForgiverTransformer": forgiver_transformer,
    "NiceTransformer": _plain(nice),
    "InitialTransformer": initial_transformer,
    "FinalTransformer": final_transformer,
    "DeadlockBreakingTransformer": _plain(deadlock_breaking),
    "GrudgeTransformer": grudge_transformer,
    "ApologyTransformer": apology_transformer,
    "JossAnnTransformer": joss_ann_transformer,
    "RetaliationTransformer": retaliation_transformer,
    "RetaliateUntilApologyTransformer": _plain(until_apology),
}
"""Factories by the name of the transformer; their first argument is the strategy to wrap."""
