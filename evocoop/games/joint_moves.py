"""Neighbours on a network who may move jointly, among those who only move alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evocoop.core.errors import InputError, check_integer, check_number, hint
from evocoop.games.group_game import keep
from evocoop.games.payoffs import FloatArray, Game, IntArray

KINDS = ("dilemma", "convention")


@dataclass(frozen=True, kw_only=True)
class JointMoves(Game):
    """N neighbours of one another on a network of degree k; of them j share intentions and may move jointly.

    Everybody outside keeps to the old. With b the benefit and c the cost::

        dilemma      who donates pays c and gives b to each of its k neighbours. The j donate iff b (j-1) > k c;
                     others never do, and get b j.
        convention   a match on the new is worth b, on the old 1. The j take the new iff b (j-1) > k; then the others
                     follow one by one iff b j > k - j, and the payoff is b (N-1) to all. If they do not, the j get
                     b (j-1) and the others k - j; without a move all get k.

    So all N move iff ``b/c > k/(N-1)``, or ``b > k/(N-1)``. Sharing intentions costs ``price``.

    Args:
        group_size: N, a clique of the network, at least 2.
        degree: k, neighbours of everybody, at least N-1.
        kind: ``"dilemma"`` or ``"convention"``.
        benefit: b, at least 0.
        cost: c, of a donation to one neighbour, at least 0; conventions have none.
        price: of sharing intentions, at least 0.

    Raises:
        InputError: when a number is out of range, or the degree too small for the clique.

    Sources: Angus & Newton 2020, PLoS Comput Biol 16:e1007557 (dilemma), and 2015, PLoS Comput Biol 11:e1004587
    (convention); the clique among players who stay, and so the closed forms, are ours.

    >>> JointMoves(group_size=4, degree=4, benefit=1.5).group_payoffs([[4, 0], [3, 1]])[:, 0].tolist()
    [0.5, 0.0]
    """

    group_size: int = 4
    degree: int = 4
    kind: str = "dilemma"
    benefit: float = 2.0
    cost: float = 1.0
    price: float = 0.0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise InputError(f"kind cannot be {self.kind!r}{hint(str(self.kind), KINDS)}")
        keep(self, group_size=check_integer("group_size", self.group_size, minimum=2))
        keep(self, degree=check_integer("degree", self.degree, minimum=1))
        if self.degree < self.group_size - 1:
            raise InputError(
                f"degree {self.degree} is too small: {self.group_size} neighbours of one another have more"
            )
        for name in ("benefit", "cost", "price"):
            keep(self, **{name: check_number(name, getattr(self, name), minimum=0.0)})

    @property
    def strategies(self) -> tuple[str, ...]:
        """``("SI", "N")``: shares intentions, or does not."""
        return ("SI", "N")

    def moves(self, sharing: FloatArray | IntArray | int) -> np.ndarray:
        """Return whether so many who share intentions gain by a joint move."""
        other = self.cost if self.kind == "dilemma" else 1.0
        return np.asarray(self.benefit * (np.asarray(sharing) - 1) > self.degree * other)

    def group_payoffs(self, counts: IntArray) -> FloatArray:
        """Return the payoffs of SI and N in groups of the given compositions, array (m, 2)."""
        j = np.asarray(counts)[:, 0]
        moves = self.moves(j)
        if self.kind == "dilemma":
            sharers = np.where(moves, self.benefit * (j - 1) - self.degree * self.cost, 0.0)
            others = np.where(moves, self.benefit * j, 0.0)
        else:
            follow = self.benefit * j > self.degree - j
            all_new = self.benefit * (self.group_size - 1)
            sharers = np.where(moves, np.where(follow, all_new, self.benefit * (j - 1)), self.degree)
            others = np.where(moves, np.where(follow, all_new, self.degree - j), self.degree)
        return np.stack([sharers - self.price, others], axis=1).astype(np.float64)

    def self_cooperation(self) -> FloatArray:
        """Return 1 for those who move together among their own kind."""
        return np.array([float(self.moves(self.group_size)), 0.0])
