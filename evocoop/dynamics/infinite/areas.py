"""Areas of the triangle of three shares by where paths go: triangles are quartered along the borders of basins."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from evocoop.dynamics.infinite.setting import FloatArray, IntArray

COARSEST, COARSE = 8, 32
FEWEST = (COARSEST + 1) * (COARSEST + 2) // 2
DEEPEST = 16
WHOLE = COARSE << DEEPEST + 1
HALVINGS = 4
"""How often an edge is halved to tell where a border crosses it."""
ASIDE = 1e-6
CENTRE = np.array([0.36, 0.31, 0.33])
"""Points are moved by a millionth towards this one, off the rim and off lines of symmetry: paths decide there."""

Labels = Callable[[FloatArray], IntArray]


@dataclass(frozen=True)
class Areas:
    """Shares of the triangle by label.

    Args:
        labels: array (k,).
        shares: estimates, triangles with two labels being cut where the border crosses their edges, array (k,); summing
            to 1.
        bounds: what is settled, and that plus all triangles that touch the label, array (k, 2).
        points: how many corners and crossings were followed.
    """

    labels: IntArray
    shares: FloatArray
    bounds: FloatArray
    points: int


@dataclass
class _Division:
    """Triangles, corners (cells, 3, 2) in whole numbers of the finest steps, and how often each was quartered.

    ``marks`` are places whose labels are known; a triangle that holds one has that label too.
    """

    label: Labels
    marks: Callable[[], Sequence[FloatArray]]
    most: int
    cells: IntArray
    levels: IntArray
    coarse: int
    known: dict[int, int] = field(default_factory=dict)

    def learn(self, corners: IntArray) -> bool:
        """Follow the corners that are new; return False, and follow none, where that would be too many."""
        codes, first = np.unique(_codes(corners), return_index=True)
        new = np.array([code not in self.known for code in codes.tolist()])
        if len(self.known) + new.sum() > self.most:
            return False
        if new.any():
            told = self.follow(corners[first[new]])
            self.known.update(zip(codes[new].tolist(), told.tolist(), strict=True))
        return True

    def follow(self, places: FloatArray | IntArray) -> IntArray:
        """Return the labels of places."""
        shares = np.column_stack([places / WHOLE, 1.0 - places.sum(axis=1) / WHOLE])
        return self.label((1.0 - ASIDE) * np.maximum(shares, 0.0) + ASIDE * CENTRE)

    def told(self) -> IntArray:
        """Return the labels of the corners, array (cells, 3)."""
        codes = _codes(self.cells).ravel().tolist()
        return np.array([self.known[code] for code in codes], dtype=np.int64).reshape(-1, 3)

    def mixed(self) -> NDArray[np.bool_]:
        """Return which triangles have several labels."""
        told = self.told()
        several = (told != told[:, :1]).any(axis=1)
        for label, place in enumerate(self.marks()):
            several |= _holding(self.cells, place[:2] * WHOLE) & (told[:, 0] != label)
        return np.asarray(several)

    def unsettled(self) -> NDArray[np.bool_]:
        """Return which triangles have several labels, or touch one that has at a corner or half of an edge."""
        mixed = self.mixed()
        border = np.unique(_codes(self.cells[mixed]))
        touching = np.isin(_codes(np.concatenate([self.cells, _middles(self.cells)], axis=1)), border).any(axis=1)
        return np.asarray(mixed | touching)

    def split(self, which: NDArray[np.bool_]) -> bool:
        """Quarter some triangles; return False, and quarter none, where that would need too many corners."""
        parts = _quartered(self.cells[which])
        if not self.learn(parts.reshape(-1, 2)):
            return False
        self.cells = np.concatenate([self.cells[~which], parts])
        self.levels = np.concatenate([self.levels[~which], np.repeat(self.levels[which] + 1, 4)])
        return True

    def located(self, told: IntArray) -> tuple[FloatArray, int]:
        """Return what part of each triangle its corners hold, array (cells, 3), and how many points that took.

        Where one corner differs from the other two, the border is located by halving on both edges that it crosses.
        """
        parts = np.full(told.shape, 1.0 / 3.0)
        alone = [(told[:, k] != told[:, k - 1]) & (told[:, k - 1] == told[:, k - 2]) for k in range(3)]
        rows = np.concatenate([np.flatnonzero(which) for which in alone])
        odd = np.repeat(np.arange(3), [which.sum() for which in alone])
        if not len(rows):
            return parts, 0
        ends = np.stack([self.cells[rows, odd - 1], self.cells[rows, odd - 2]], axis=1)
        start = np.stack([self.cells[rows, odd]] * 2, axis=1)
        pairs = np.sort(np.stack([_codes(start), _codes(ends)], axis=2).reshape(-1, 2), axis=1)
        edges, place = np.unique(pairs, axis=0, return_inverse=True)
        below, above = (np.column_stack(np.divmod(edges[:, side], WHOLE + 1)) for side in range(2))
        own = np.array([self.known[code] for code in edges[:, 0].tolist()])
        low, high = np.zeros(len(edges)), np.ones(len(edges))
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            here = self.follow(below + middle[:, None] * (above - below)) == own
            low, high = np.where(here, middle, low), np.where(here, high, middle)
        reach = ((low + high) / 2)[place.ravel()]
        reach = np.where(_codes(start).ravel() == pairs[:, 0], reach, 1.0 - reach).reshape(-1, 2)
        parts[rows] = (1.0 - reach.prod(axis=1))[:, None] / 2.0
        parts[rows, odd] = reach.prod(axis=1)
        return parts, HALVINGS * len(edges)

    def summed(self) -> Areas:
        """Return the areas."""
        told, open_ = self.told(), self.unsettled()
        area = 1.0 / (self.coarse**2 * 4.0**self.levels)
        parts, more = self.located(told)
        labels = np.unique(told)
        shares = np.array([(area[:, None] * parts * (told == one)).sum() for one in labels])
        low = np.array([area[~open_ & (told[:, 0] == one)].sum() for one in labels])
        high = low + np.array([area[open_ & self.reached(told, one)].sum() for one in labels])
        slack = 3 * ASIDE
        bounds = np.stack([np.maximum(low - slack, 0.0), np.minimum(high + slack, 1.0)], axis=1)
        return Areas(labels, shares, bounds, len(self.known) + more)

    def reached(self, told: IntArray, one: int) -> NDArray[np.bool_]:
        """Return which triangles have a label at a corner, or touch one with several labels that has."""
        own = (told == one).any(axis=1)
        border = np.unique(_codes(self.cells[own & self.mixed()]))
        return np.asarray(own | np.isin(_codes(self.cells), border).any(axis=1))


def divided(label: Labels, most: int, marks: Callable[[], Sequence[FloatArray]] = tuple) -> Areas:
    """Divide the triangle of three shares by label, following at most so many corners.

    A triangle is settled when its corners have one label and none of the triangles that it touches has several.
    Triangles that are not are quartered, coarse ones first, and settled ones again where a border comes near; with the
    last corners only those of several labels.

    Args:
        label: tells the label, 0, 1, … or -1, of shares, array (points, 3).
        most: how many corners to follow, at least ``FEWEST``.
        marks: tells the places of labels 0, 1, …, as far as they are known.
    """
    coarse = COARSEST
    while coarse < COARSE and (2 * coarse + 1) * (2 * coarse + 2) // 2 <= most / 10:
        coarse *= 2
    cells = _first(coarse)
    found = _Division(label, marks, most, cells, np.zeros(len(cells), dtype=np.int64), coarse)
    found.learn(cells.reshape(-1, 2))
    for level in range(1, DEEPEST + 1):
        while True:
            which = (found.levels < level) & found.unsettled()
            if not which.any():
                break
            if not found.split(which):
                found.split(which & found.mixed())
                return found.summed()
    return found.summed()


def _first(coarse: int) -> IntArray:
    """Return the triangles to begin with."""
    ups = [[(i, j), (i + 1, j), (i, j + 1)] for i in range(coarse) for j in range(coarse - i)]
    downs = [[(i + 1, j + 1), (i, j + 1), (i + 1, j)] for i in range(coarse) for j in range(coarse - i - 1)]
    return np.asarray(WHOLE // coarse * np.array(ups + downs, dtype=np.int64))


def _codes(corners: IntArray) -> IntArray:
    return np.asarray(corners[..., 0] * (WHOLE + 1) + corners[..., 1])


def _middles(cells: IntArray) -> IntArray:
    return np.asarray((cells + cells[:, [1, 2, 0]]) // 2)


def _quartered(cells: IntArray) -> IntArray:
    between = _middles(cells)
    corners = [np.stack([cells[:, k], between[:, k], between[:, k - 1]], axis=1) for k in range(3)]
    return np.stack([*corners, between], axis=1).reshape(-1, 3, 2)


def _holding(cells: IntArray, place: FloatArray) -> NDArray[np.bool_]:
    """Return which triangles hold a place: it lies on one side of all three edges."""
    edges = cells[:, [1, 2, 0]] - cells
    away = place - cells
    turns = edges[..., 0] * away[..., 1] - edges[..., 1] * away[..., 0]
    return np.asarray((turns >= 0).all(axis=1) | (turns <= 0).all(axis=1))
