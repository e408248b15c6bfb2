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
        """Return the shares in (0, 1) at which the gain changes sign, ascending: the interior rest points.

        The gain is a Bernstein polynomial with :meth:`advantages` for coefficients; it is halved until their signs
        change at most once, which leaves exactly one root or none, and that one is bisected to ``tolerance``. None is
        missed unless two lie within 1e-9 of each other.

        Source: Pena, Lehmann & Noldeke 2014, J Theor Biol 346:23.
        """
        coefficients = self.advantages()
        slack = 1e-14 * float(np.abs(coefficients).max())
        found: list[float] = []
        waiting = [(0.0, 1.0, coefficients)]
        while waiting:
            low, high, pieces = waiting.pop()
            signs = _signs(pieces, slack)
            changes = int(np.count_nonzero(np.diff(signs)))
            if changes == 1:
                found.append(self._bisect(low, high, signs[0] < 0, tolerance))
            elif changes > 1 and high - low > 1e-9:
                left, right = _halves(pieces)
                middle = (low + high) / 2
                before, after = _signs(left, slack), _signs(right, slack)
                if abs(left[-1]) <= slack and before.size and after.size and before[-1] != after[0]:
                    found.append(middle)
                waiting += [(low, middle, left), (middle, high, right)]
        return tuple(sorted(found))

    def _bisect(self, low: float, high: float, rising: bool, tolerance: float) -> float:
        while high - low > tolerance:
            middle = (low + high) / 2
            if (self.gain(middle) < 0) == rising:
                low = middle
            else:
                high = middle
        return float((low + high) / 2)


def _signs(values: FloatArray, slack: float) -> FloatArray:
    """Return the signs of the values that are not zero."""
    return np.asarray(np.sign(values[np.abs(values) > slack]))


def _halves(coefficients: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the Bernstein coefficients of the two halves of the interval (de Casteljau)."""
    left, right = np.empty_like(coefficients), np.empty_like(coefficients)
    row = coefficients
    for i in range(len(coefficients)):
        left[i], right[len(right) - 1 - i] = row[0], row[-1]
        row = (row[:-1] + row[1:]) / 2
    return left, right


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
