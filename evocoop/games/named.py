"""The two-player games that have names, as matrix games of two strategies, cooperation first."""

from __future__ import annotations

from evocoop.core.errors import InputError, check_number
from evocoop.games.matrix import MatrixGame
from evocoop.games.taxonomy import Classification, classify


def prisoners_dilemma(
    *, temptation: float = 5.0, reward: float = 3.0, punishment: float = 1.0, sucker: float = 0.0
) -> MatrixGame:
    """Return a prisoner's dilemma, ``T > R > P ≥ S``; the defaults are those of Axelrod's tournaments.

    With P = S it is the weak prisoner's dilemma of Nowak & May 1992 (Nature 359:826).

    Source: Axelrod & Hamilton 1981, Science 211:1390.

    Raises:
        InputError: when the payoffs make another game, which the message names.

    >>> prisoners_dilemma().rstp
    (3.0, 0.0, 5.0, 1.0)
    """
    game = _dilemma(temptation, reward, punishment, sucker)
    found = classify(game)
    weak = "weak prisoner's dilemma" in found.subcases
    _require("a prisoner's dilemma", "T > R > P >= S", game, found, ("prisoner's dilemma",), weak)
    return game


def stag_hunt(
    *, temptation: float = 3.0, reward: float = 4.0, punishment: float = 3.0, sucker: float = 0.0
) -> MatrixGame:
    """Return a stag hunt, ``R > T``, ``P > S`` and ``R > P``: hunting together is best, hunting alone is worst.

    Source: Skyrms 2004, The Stag Hunt and the Evolution of Social Structure (whose payoffs are the defaults).

    Raises:
        InputError: when the payoffs make another game, which the message names.

    >>> classify(stag_hunt()).mixed_share
    0.75
    """
    game = _dilemma(temptation, reward, punishment, sucker)
    _require("a stag hunt", "R > T, P > S, R > P", game, classify(game), ("stag hunt",))
    return game


def harmony(
    *, temptation: float = 2.0, reward: float = 3.0, punishment: float = 0.0, sucker: float = 1.0
) -> MatrixGame:
    """Return a harmony game, ``R > T`` and ``S > P``: cooperation is always the better reply.

    Raises:
        InputError: when the payoffs make another game, which the message names.

    >>> classify(harmony()).name
    'harmony'
    """
    game = _dilemma(temptation, reward, punishment, sucker)
    _require("a harmony game", "R > T, S > P, R >= P", game, classify(game), ("harmony",))
    return game


def snowdrift(*, benefit: float = 1.0, cost: float = 0.5) -> MatrixGame:
    """Return the snowdrift game: the work is done by whoever cooperates, and shared when both do.

    ``R = b - c/2, S = b - c, T = b, P = 0`` with ``0 < c < b``; cooperators and defectors coexist at
    ``x* = 1 - r/(2 - r)``, ``r = c/b``.

    Source: Hauert & Doebeli 2004, Nature 428:643.

    Raises:
        InputError: unless 0 < cost < benefit.

    >>> snowdrift(benefit=4, cost=2).rstp
    (3.0, 2.0, 4.0, 0.0)
    """
    benefit, cost = _benefit_and_cost(benefit, cost)
    return _dilemma(benefit, benefit - cost / 2, 0.0, benefit - cost)


def hawk_dove(*, value: float = 2.0, cost: float = 4.0) -> MatrixGame:
    """Return the hawk–dove game over a resource of worth V when an escalated fight costs C > V.

    Strategies ``("Dove", "Hawk")``, payoffs ``((V/2, 0), (V, (V - C)/2))``; hawks settle at V/C.

    Source: Maynard Smith & Price 1973, Nature 246:15.

    Raises:
        InputError: unless 0 < value < cost.

    >>> classify(hawk_dove()).name, classify(hawk_dove()).mixed_share
    ('snowdrift', 0.5)
    """
    value = check_number("value", value, minimum=0.0, exclusive=True)
    cost = check_number("cost", cost, minimum=value, exclusive=True)
    return MatrixGame(payoffs=((value / 2, 0.0), (value, (value - cost) / 2)), strategies=("Dove", "Hawk"))


def donation(*, benefit: float = 2.0, cost: float = 1.0) -> MatrixGame:
    """Return the donation game: a cooperator pays c so that the other gets b.

    ``R = b - c, S = -c, T = b, P = 0``: a prisoner's dilemma with equal gains from switching.

    Raises:
        InputError: unless 0 < cost < benefit.

    >>> donation(benefit=3, cost=1).rstp
    (2.0, -1.0, 3.0, 0.0)
    """
    benefit, cost = _benefit_and_cost(benefit, cost)
    return _dilemma(benefit, benefit - cost, 0.0, -cost)


def _dilemma(temptation: float, reward: float, punishment: float, sucker: float) -> MatrixGame:
    t, r = check_number("temptation", temptation), check_number("reward", reward)
    p, s = check_number("punishment", punishment), check_number("sucker", sucker)
    return MatrixGame(payoffs=((r, s), (t, p)))


def _benefit_and_cost(benefit: float, cost: float) -> tuple[float, float]:
    benefit = check_number("benefit", benefit, minimum=0.0, exclusive=True)
    return benefit, check_number("cost", cost, minimum=0.0, maximum=benefit, exclusive=True)


def _require(
    what: str, rule: str, game: MatrixGame, found: Classification, names: tuple[str, ...], also: bool = False
) -> None:
    if also or (found.name in names and found.cooperator == 0):
        return
    r, s, t, p = game.rstp
    swapped = " with its strategies swapped" if found.name in names else ""
    raise InputError(
        f"{what} needs {rule}, but T={t:g}, R={r:g}, P={p:g}, S={s:g} make: {found.name}{swapped} "
        "(use MatrixGame for any payoffs)"
    )
