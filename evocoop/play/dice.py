"""Sources of chance for individuals that vary: the library's stream, or one of our own."""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np
from numpy.typing import NDArray

from evocoop.core.streams import below, next_word, stream, uniform
from evocoop.play.variation_kernels import fill_from_library, fill_from_stream, move_from_library, move_from_stream
from evocoop.strategies.draws import STREAM_WORDS, next_below, next_double, next_seed, start_stream

Floats = NDArray[np.float64]


class Dice(ABC):
    """A source of chance."""

    @abstractmethod
    def random(self) -> float:
        """Return a double uniform on [0, 1)."""

    @abstractmethod
    def below(self, bound: int) -> int:
        """Return an integer uniform on 0 … bound - 1."""

    @abstractmethod
    def seed(self) -> int:
        """Return a seed for another source."""

    @abstractmethod
    def randoms(self, count: int) -> Floats:
        """Return so many doubles uniform on [0, 1)."""

    @abstractmethod
    def move(self, rows: Floats, chance: float) -> None:
        """Move probabilities by up to 1/4, each with a chance, row after row."""

    def hits(self, count: int, chance: float) -> list[int]:
        """Return which of so many parts change, each with the probability; draws one double for each."""
        found: list[int] = (self.randoms(count) < chance).nonzero()[0].tolist()
        return found

    def play(self) -> str:
        """Return C or D, each as likely."""
        return "CD"[self.below(2)]

    def within(self, reach: float) -> float:
        """Return a double uniform on [-reach, reach)."""
        return (-1.0 + 2.0 * self.random()) * reach


class LibraryDice(Dice):
    """The source the Axelrod library gives a player: NumPy's legacy generator, compiled."""

    def __init__(self, seed: int) -> None:
        self._words = np.zeros(STREAM_WORDS, dtype=np.int64)
        self._stream = int(self._words.ctypes.data)
        start_stream(self._stream, seed)

    def random(self) -> float:
        """Return a double uniform on [0, 1)."""
        return float(next_double(self._stream))

    def randoms(self, count: int) -> Floats:
        """Return so many doubles uniform on [0, 1)."""
        out = np.empty(count)
        fill_from_library(self._stream, out)
        return out

    def move(self, rows: Floats, chance: float) -> None:
        """Move probabilities by up to 1/4, each with a chance, row after row."""
        move_from_library(self._stream, rows, chance)

    def below(self, bound: int) -> int:
        """Return an integer uniform on 0 … bound - 1."""
        return int(next_below(self._stream, bound))

    def seed(self) -> int:
        """Return a seed for another source."""
        return int(next_seed(self._stream))

    def go_on(self, stream: NDArray[np.int64]) -> None:
        """Draw from a copy of another stream from now on."""
        self._words[:] = stream


class StreamDice(Dice):
    """The stream (seed, cell, replicate, role)."""

    def __init__(self, seed: int, cell: int = 0, replicate: int = 0, role: int = 0) -> None:
        self._state = stream(seed, cell, replicate, role)

    def random(self) -> float:
        """Return a double uniform on [0, 1)."""
        return float(uniform(self._state))

    def randoms(self, count: int) -> Floats:
        """Return so many doubles uniform on [0, 1)."""
        out = np.empty(count)
        fill_from_stream(self._state, out)
        return out

    def move(self, rows: Floats, chance: float) -> None:
        """Move probabilities by up to 1/4, each with a chance, row after row."""
        move_from_stream(self._state, rows, chance)

    def below(self, bound: int) -> int:
        """Return an integer uniform on 0 … bound - 1."""
        return int(below(self._state, bound))

    def seed(self) -> int:
        """Return a seed for another source."""
        return int(next_word(self._state)) >> 32
