"""Partners who make links and break them, much faster than strategies change: the payoffs that are left."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from evocoop.core.errors import InputError, check_number
from evocoop.games.group_game import keep
from evocoop.games.matrix import PairwiseGame
from evocoop.games.payoffs import FloatArray, PayoffTable, as_payoffs


def active_linking(payoffs: Any, *, making: ArrayLike = 1.0, breaking: ArrayLike) -> PayoffTable:
    """Return the payoffs of a population in which links are made and broken before anybody changes strategy.

    A link between strategies i and j is made at rate a_i a_j and broken at rate k_ij, so that it is there for the share
    phi_ij = a_i a_j / (a_i a_j + k_ij) of the time. Payoffs are added up over links, and fast links leave a game of a
    well-mixed population whose payoff is phi_ij times the old one.

    Args:
        payoffs: a square matrix, or a game played in pairs.
        making: propensities a_i >= 0 to make links, one for each strategy or one for all.
        breaking: rates k_ij >= 0, a symmetric matrix, or one for all links.

    Raises:
        InputError: for a game in larger groups, or rates that do not fit.

    Source: Pacheco, Traulsen & Nowak 2006, Phys Rev Lett 97:258103, and J Theor Biol 243:437.

    >>> active_linking([[3, 0], [5, 1]], breaking=[[0, 4], [4, 1]]).values.tolist()
    [[3.0, 0.0], [1.0, 0.5]]
    """
    given = as_payoffs(payoffs)
    if given.group_size != 2:
        raise InputError(f"links join two; the game is played in groups of {given.group_size}")
    table = given.payoff_table()
    n = len(table.strategies)
    made = np.broadcast_to(_rates("making", making, (n,)), (n,))
    broken = np.broadcast_to(_rates("breaking", breaking, (n, n)), (n, n))
    if not np.array_equal(broken, broken.T):
        raise InputError("breaking must be symmetric: a link of i and j is the same as one of j and i")
    gain = np.outer(made, made)
    if (gain + broken == 0).any():
        i, j = np.argwhere(gain + broken == 0)[0]
        raise InputError(f"making or breaking must be above 0 for links of {table.strategies[i]}-{table.strategies[j]}")
    there = gain / (gain + broken)
    known = given.self_cooperation()
    return PayoffTable(table.strategies, table.values * there, table.standard_errors * there, cooperation=known)


def _rates(name: str, given: ArrayLike, shape: tuple[int, ...]) -> FloatArray:
    try:
        rates = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError):
        raise InputError(f"{name} must be numbers, not {given!r}") from None
    if rates.shape not in ((), shape) or not np.isfinite(rates).all() or (rates < 0).any():
        raise InputError(f"{name} must be one number of at least 0, or an array of them of shape {shape}")
    return rates


@dataclass(frozen=True, kw_only=True)
class ActiveLinking(PairwiseGame):
    """A 2×2 game between partners who make links and break them, fast; see :func:`active_linking`.

    Args:
        temptation: T, the defector's payoff against a cooperator.
        reward: R, for mutual cooperation.
        punishment: P, for mutual defection.
        sucker: S, the cooperator's payoff against a defector.
        making: a, the propensity to make links; they are made at rate a^2.
        breaking_cc: rate at which links of two cooperators are broken.
        breaking_cd: of a cooperator and a defector: how soon the exploited leave.
        breaking_dd: of two defectors.

    Raises:
        InputError: when a number is not finite or a rate is negative.

    Source: Pacheco, Traulsen & Nowak 2006, Phys Rev Lett 97:258103.

    >>> game = ActiveLinking(breaking_cc=0.1, breaking_cd=2.0)
    >>> game.strategies, round(game.critical_breaking, 4), game.matrix.round(3).tolist()
    (('C', 'D'), 1.2, [[0.909, -0.333], [0.667, 0.0]])
    """

    temptation: float = 2.0
    reward: float = 1.0
    punishment: float = 0.0
    sucker: float = -1.0
    making: float = 1.0
    breaking_cc: float = 1.0
    breaking_cd: float = 1.0
    breaking_dd: float = 1.0

    def __post_init__(self) -> None:
        payoffs = ("temptation", "reward", "punishment", "sucker")
        keep(self, **{name: check_number(name, getattr(self, name)) for name in payoffs})
        rates = [field.name for field in fields(self) if field.name not in payoffs]
        keep(self, **{name: check_number(name, getattr(self, name), minimum=0.0) for name in rates})
        if self.making == 0:
            raise InputError("making must be above 0, or nobody ever meets")

    @property
    def strategies(self) -> tuple[str, ...]:
        """``("C", "D")``."""
        return ("C", "D")

    @property
    def critical_breaking(self) -> float:
        """Rate of breaking C-D links above which a few defectors cannot invade, T/R (a² + k_CC) - a².

        There phi_CC R = phi_CD T: the dilemma becomes a stag hunt (or, where S > P too, more). Not a number unless R
        and T are above 0.
        """
        if self.reward <= 0 or self.temptation <= 0:
            return float("nan")
        made = self.making**2
        return max(0.0, self.temptation / self.reward * (made + self.breaking_cc) - made)

    def self_cooperation(self) -> FloatArray:
        """Return (1, 0)."""
        return np.array([1.0, 0.0])

    def _matrix(self) -> FloatArray:
        base = [[self.reward, self.sucker], [self.temptation, self.punishment]]
        broken = [[self.breaking_cc, self.breaking_cd], [self.breaking_cd, self.breaking_dd]]
        return active_linking(base, making=self.making, breaking=broken).values
