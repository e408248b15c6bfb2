"""What N-person games of cooperators and defectors have in common."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from evocoop.core.errors import InputError, check_integer
from evocoop.games.payoffs import FloatArray, Game, IntArray


class GroupGame(Game):
    """A game of cooperators (C) and defectors (D) whose payoffs depend on how many of the group cooperate.

    Subclasses write :meth:`payoffs`.
    """

    @property
    def strategies(self) -> tuple[str, ...]:
        """``("C", "D")``."""
        return ("C", "D")

    def payoffs(self, cooperators: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """Return the payoffs of a cooperator and of a defector in groups with so many cooperators, itself included."""
        raise NotImplementedError

    def group_payoffs(self, counts: IntArray) -> FloatArray:
        """Return the payoffs of C and D in groups of the given compositions, array (m, 2)."""
        return np.stack(self.payoffs(counts[:, 0]), axis=1)

    def self_cooperation(self) -> FloatArray:
        """Return (1, 0): cooperators cooperate, defectors do not."""
        return np.array([1.0, 0.0])

    def advantages(self) -> FloatArray:
        """Return what cooperating gains over defecting when 0 … N-1 of the co-players cooperate, array (N,)."""
        others = np.arange(self.group_size)
        return self.payoffs(others + 1)[0] - self.payoffs(others)[1]

    def gain(self, share: ArrayLike) -> FloatArray:
        """Return ``f_C - f_D`` in an infinite population in which that share cooperates.

        ``sum_j C(N-1, j) x^j (1-x)^(N-1-j) [P_C(j+1) - P_D(j)]``, the group formed by random draws.

        Args:
            share: the cooperators' share x, a number or an array, in [0, 1].

        Raises:
            InputError: when a share lies outside [0, 1].
        """
        return np.asarray(binomial_weights(self.group_size - 1, share) @ self.advantages())

    def roots(self, *, tolerance: float = 1e-13) -> tuple[float, ...]:
        """Return the shares in (0, 1) at which the gain changes sign, ascending.

        Every sign change that a grid of shares spaced by 1/(200 N) sees is bisected to ``tolerance``.
        """
        grid = np.linspace(0.0, 1.0, 200 * self.group_size + 1)[1:-1]
        values = self.gain(grid)
        slack = 1e-13 * max(1.0, float(np.abs(self.advantages()).max()))
        signs = np.where(np.abs(values) <= slack, 0, np.sign(values))
        found = []
        last = 0
        for here in np.flatnonzero(signs):
            if signs[last] * signs[here] < 0:
                found.append(self._bisect(grid[last], grid[here], tolerance))
            last = int(here)
        return tuple(found)

    def _bisect(self, low: float, high: float, tolerance: float) -> float:
        rising = self.gain(low) < 0
        while high - low > tolerance:
            middle = (low + high) / 2
            if (self.gain(middle) < 0) == rising:
                low = middle
            else:
                high = middle
            if middle in (low, high) and math.nextafter(low, 1.0) >= high:
                break
        return float((low + high) / 2)


def binomial_weights(trials: int, share: ArrayLike) -> FloatArray:
    """Return ``C(n, j) x^j (1-x)^(n-j)`` for j = 0 … n, array (…, n + 1), safe for large n.

    Raises:
        InputError: when a share lies outside [0, 1].

    >>> binomial_weights(2, 0.5).tolist()
    [0.25, 0.5, 0.25]
    """
    x = np.asarray(share, dtype=np.float64)[..., None]
    if not ((x >= 0.0) & (x <= 1.0)).all():
        raise InputError(f"share must lie in [0, 1], not {share!r}")
    j = np.arange(trials + 1)
    if trials <= 60:
        choose = np.array([math.comb(trials, int(i)) for i in j], dtype=np.float64)
        return np.asarray(choose * x**j * (1.0 - x) ** (trials - j))
    table = np.array([math.lgamma(i + 1.0) for i in range(trials + 1)])
    choose = table[-1] - table - table[::-1]
    with np.errstate(divide="ignore", invalid="ignore"):
        up = np.where(j == 0, 0.0, j * np.log(x))
        down = np.where(j == trials, 0.0, (trials - j) * np.log1p(-x))
    return np.asarray(np.exp(choose + up + down))


def check_threshold(threshold: int, group_size: int, name: str = "threshold") -> int:
    """Return a threshold as an int from 1 to the group size, or raise InputError."""
    found = check_integer(name, threshold, minimum=1)
    if found > group_size:
        raise InputError(f"{name} {found} is above the group size {group_size}: a group could never reach it")
    return found


def keep(game: object, **values: object) -> None:
    """Set checked values on a frozen game while it is being made."""
    for name, value in values.items():
        object.__setattr__(game, name, value)
