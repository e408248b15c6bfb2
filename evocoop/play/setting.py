"""What a match is played under: checked and converted once, for matches and tournaments alike."""

from __future__ import annotations

import math
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evocoop.core.errors import InputError, check_integer, check_probability
from evocoop.games.payoffs import Game, PayoffTable
from evocoop.strategies.plan import Setting

DEFAULT_TURNS = 200
MOST_TURNS = 20_000_000
LARGEST_SEED = 2**32 - 1


Payoffs = tuple[float, float, float, float]


@dataclass(frozen=True)
class Terms:
    """The terms of a match.

    Args:
        turns: the most turns; inf when only chance ends the match.
        prob_end: probability that the match ends after a turn; 0.0 when its length is fixed.
        noise: probability that a play is flipped.
        payoffs: R, S, T, P.
        known_length: the length players are told.
        second: R, S, T, P of the second player where they are not those of the first: an asymmetric game.
    """

    turns: float
    prob_end: float
    noise: float
    payoffs: Payoffs
    known_length: float
    second: Payoffs | None = None

    @property
    def setting(self) -> Setting:
        """What the first player knows of it."""
        return Setting(*self.payoffs, length=self.known_length)

    @property
    def settings(self) -> tuple[Setting, Setting]:
        """What the first and the second player know of it, each by its own payoffs."""
        return self.setting, Setting(*(self.second or self.payoffs), length=self.known_length)


def terms(turns: int | None, noise: float, prob_end: float | None, game: Any, *, asymmetric: bool = False) -> Terms:
    """Check and return the terms of a match, with the library's defaults.

    Without ``turns`` and ``prob_end`` a match has 200 turns; with ``prob_end`` alone it has no other end, and with both
    it has at most ``turns``. With ``asymmetric`` the game may give the second player payoffs of its own.

    Raises:
        InputError: when a number is out of range, or a match could go on for ever.
    """
    noise = check_probability("noise", noise)
    ending = None if prob_end is None else check_probability("prob_end", prob_end)
    if turns is not None:
        turns = check_integer("turns", turns, minimum=1, maximum=MOST_TURNS)
    elif ending is None:
        turns = DEFAULT_TURNS
    elif ending == 0.0:
        raise InputError("prob_end must be above 0 when turns are not given, or the match would never end")
    most = math.inf if turns is None else float(turns)
    own, second = payoffs_of_both(game) if asymmetric else (payoffs_of(game), None)
    return Terms(most, ending or 0.0, noise, own, most if ending is None else math.inf, second)


def payoffs_of_both(game: Any) -> tuple[Payoffs, Payoffs | None]:
    """Return R, S, T, P of the first and of the second player, whose are None in a symmetric game.

    An asymmetric game is a pair of 2×2 matrices, or a game of the library that holds them as A and B: payoffs of the
    first and of the second player, both by the first player's play (row) and the second's (column).

    Raises:
        InputError: when it is no game.

    >>> payoffs_of_both([[[3, 0], [5, 1]], [[2, 4], [0, 1]]])
    ((3.0, 0.0, 5.0, 1.0), (2.0, 0.0, 4.0, 1.0))
    """
    if hasattr(game, "A") and hasattr(game, "B"):
        game = [game.A, game.B]
    if not isinstance(game, (list, tuple, np.ndarray)) or np.ndim(_cells(game)) != 3:
        return payoffs_of(game), None
    cells = _cells(game)
    if cells.shape != (2, 2, 2):
        raise InputError(f"an asymmetric game must be two 2 by 2 matrices, not {game!r}")
    own, second = payoffs_of(cells[0]), payoffs_of(cells[1].T)
    return own, None if own == second else second


def payoffs_of(game: Any) -> Payoffs:
    """Return R, S, T, P of a game: None (3, 0, 5, 1), four numbers, a 2×2 matrix, or a game of two strategies.

    It may also be the library's own game.

    Raises:
        InputError: when it is none of these.

    >>> payoffs_of([[2, -1], [3, 0]])
    (2.0, -1.0, 3.0, 0.0)
    """
    if game is None:
        return (3.0, 0.0, 5.0, 1.0)
    if isinstance(game, (Game, PayoffTable)):
        table = game.payoff_table()
        if table.group_size != 2 or len(table.strategies) != 2:
            raise InputError("game must have two players and two strategies, cooperation first")
        game = table.values
    if hasattr(game, "RPST"):
        R, P, S, T = game.RPST()
        game = (R, S, T, P)
    cells = _cells(game)
    if cells.shape not in ((4,), (2, 2)) or not np.isfinite(cells).all():
        raise InputError(f"game must be four payoffs R, S, T, P or a 2 by 2 matrix of finite numbers, not {game!r}")
    R, S, T, P = (float(cell) for cell in cells.ravel())
    return (R, S, T, P)


def _cells(game: Any) -> NDArray[np.float64]:
    try:
        return np.asarray(game, dtype=np.float64)
    except (TypeError, ValueError):
        return np.empty(0)


def seed_of(seed: int | None) -> int:
    """Return the seed given, checked, or a fresh one."""
    return secrets.randbelow(2**32) if seed is None else check_integer("seed", seed, minimum=0, maximum=LARGEST_SEED)


def letters(plays: NDArray[np.uint8] | Sequence[int]) -> str:
    """Return plays as a text of C and D."""
    return np.where(np.asarray(plays, dtype=np.uint8) == 0, b"C", b"D").astype("S1").tobytes().decode()
