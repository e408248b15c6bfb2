"""Players that look at the last joint play only: a probability of cooperation after each of CC, CD, DC and DD.

Zero-determinant players: Press & Dyson 2012, PNAS 109:10409; in the parametrisation of Hilbe, Nowak & Sigmund 2013,
PNAS 110:6913, equation 14.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from evocoop.core.errors import InputError
from evocoop.strategies.draws import random_choice
from evocoop.strategies.machines import Machine, recent
from evocoop.strategies.plan import Numbers, Plan, Setting, Strategies, rule
from evocoop.strategies.state import Player, number


@rule
def last_joint_play(me: Player) -> int:
    """Cooperate by the last joint play; numbers: p after CC, CD, DC, DD, then p of the first turn."""
    if me.turn == 0:
        return random_choice(me, number(me, 4))
    return random_choice(me, number(me, 2 * (me.mine & 1) + (me.theirs & 1)))


@last_joint_play.read
def _vector(plan: Plan, numbers: Numbers) -> Machine | None:
    return recent(lambda turn, mine, theirs: numbers[2 * mine + theirs if turn else 4], 1, 1, 1)


@rule
def tit_for_tat(me: Player) -> int:
    """Do what the opponent did last; cooperate first."""
    return me.theirs & 1


@tit_for_tat.read
def _copier(plan: Plan, numbers: Numbers) -> Machine | None:
    return recent(lambda turn, mine, theirs: 1.0 - theirs, 0, 0, 1)


def vector(four: Sequence[float], initial: str | float = "C") -> Plan:
    """Return the plan of a memory-one vector; ``initial`` is C, D or the probability to cooperate first."""
    if len(four) != 4 or not all(0 <= p <= 1 for p in four):
        raise InputError(f"four_vector must hold four probabilities, not {tuple(four)}")
    first = {"C": 1.0, "D": 0.0}.get(initial, initial) if isinstance(initial, str) else initial
    if not isinstance(first, (int, float)):
        raise InputError(f"initial must be C or D, not {initial!r}")
    stochastic = any(0 < p < 1 for p in (*four, first))
    return Plan(last_joint_play, stochastic, (*map(float, four), float(first)))


def memory_one_player(four_vector: Sequence[float] | None = None, initial: str = "C") -> Plan:
    """Cooperate with the given probabilities after CC, CD, DC and DD (own play first)."""
    return vector(four_vector or (1, 0, 0, 1), initial)


def reactive_player(probabilities: Sequence[float]) -> Plan:
    """Cooperate with one probability after the opponent's C and another after its D."""
    return vector((*probabilities, *probabilities))


def gtft(p: float | None = None) -> Plan:
    """Play tit for tat, but forgive a defection with probability p.

    The default is min(1 - (T-R)/(R-S), (R-P)/(T-P)) of the default game, whatever the match's game, as in the library.
    """
    default = Setting()
    if p is None:
        p = min(
            1 - (default.T - default.R) / (default.R - default.S), (default.R - default.P) / (default.T - default.P)
        )
    return vector((1, p, 1, p))


def soft_joss(q: float = 0.9) -> Plan:
    """Answer a defection with a defection with probability q, otherwise cooperate."""
    return vector((1.0, 1 - q, 1, 1 - q))


def stochastic_wsls(ep: float = 0.05) -> Plan:
    """Play win-stay lose-shift with errors of probability ep."""
    return vector((1.0 - ep, ep, ep, 1.0 - ep))


def joss(p: float = 0.9) -> Plan:
    """Cooperate with probability p after a cooperation, never after a defection."""
    return vector((p, 0, p, 0))


def win_shift_lose_stay(initial: str = "D") -> Plan:
    """Change after R or T, repeat after S or P."""
    return vector((0, 1, 1, 0), initial)


def zero_determinant(phi: float, s: float, baseline: Callable[[Setting], float]) -> Plan:
    """Return the plan that enforces the slope s about a baseline payoff l in whatever game it meets.

    p = (1 - φ(1-s)(R-l), 1 - φ(s(l-S) + T-l), φ(l-S + s(T-l)), φ(1-s)(l-P)).
    """

    def four(setting: Setting) -> Numbers:
        R, S, T, P, _ = setting
        base = baseline(setting)
        least = -min((T - base) / (base - S), (base - S) / (T - base))
        numbers = (
            1 - phi * (1 - s) * (R - base),
            1 - phi * (s * (base - S) + (T - base)),
            phi * ((base - S) + s * (T - base)),
            phi * (1 - s) * (base - P),
        )
        if not P <= base <= R or not least <= s <= 1 or not all(0 <= p <= 1 for p in numbers):
            raise InputError(f"no zero-determinant strategy has phi={phi}, s={s}, l={base} in the game {setting[:4]}")
        return (*numbers, 1.0)

    # The library classifies the player in the default game; one found deterministic there never draws in another.
    if any(0 < p < 1 for p in four(Setting())):
        return Plan(last_joint_play, True, four)
    return Plan(last_joint_play, False, lambda setting: tuple(float(p > 0) for p in four(setting)))


def _zd(phi: float, s: float, baseline: float) -> Callable[..., Plan]:
    def factory(phi: float = phi, s: float = s, l: float = baseline) -> Plan:  # noqa: E741
        return zero_determinant(phi, s, lambda setting: l)

    return factory


def extort_2(phi: float = 1 / 9, s: float = 0.5) -> Plan:
    """Extort twice the opponent's surplus over P."""
    return zero_determinant(phi, s, lambda setting: setting.P)


def zd_gtft_2(phi: float = 0.25, s: float = 0.5) -> Plan:
    """Concede twice the opponent's shortfall from R."""
    return zero_determinant(phi, s, lambda setting: setting.R)


STRATEGIES: Strategies = {
    "TitForTat": Plan(tit_for_tat),
    "SuspiciousTitForTat": vector((1, 0, 1, 0), "D"),
    "AntiTitForTat": vector((0, 1, 0, 1)),
    "Bully": vector((0, 1, 0, 1), "D"),
    "Alternator": vector((0, 0, 1, 1)),
    "WinStayLoseShift": vector((1, 0, 0, 1)),
    "WinShiftLoseStay": win_shift_lose_stay,
    "MemoryOnePlayer": memory_one_player,
    "ReactivePlayer": reactive_player,
    "GTFT": gtft,
    "FirmButFair": vector((1, 0, 1, 2 / 3)),
    "StochasticCooperator": vector((0.935, 0.229, 0.266, 0.42)),
    "StochasticWSLS": stochastic_wsls,
    "SoftJoss": soft_joss,
    "FirstByJoss": joss,
    "ZDExtortion": _zd(0.2, 0.1, 1),
    "ZDExtort2": extort_2,
    "ZDExtort2v2": _zd(1 / 8, 0.5, 1),
    "ZDExtort3": _zd(3 / 26, 1 / 3, 1),
    "ZDExtort4": _zd(4 / 17, 0.25, 1),
    "ZDGTFT2": zd_gtft_2,
    "ZDGen2": _zd(1 / 8, 0.5, 3),
    "ZDMischief": _zd(0.1, 0.0, 1),
    "ZDSet2": _zd(1 / 4, 0.0, 2),
}
