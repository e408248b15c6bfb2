"""What a run tells whoever listens while it works."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Progress:
    """How far a run is.

    Args:
        stage: ``"started"``, ``"working"``, ``"merging"`` or ``"finished"``; ``"compiling"`` before a tournament.
        cells: cells in all.
        done: cells finished, whether before or in this call.
        failed: cells of those that failed.
        reused: cells that were there before this call.
        rate: cells per second in this call, 0 before the first batch.
    """

    stage: str
    cells: int
    done: int
    failed: int
    reused: int
    rate: float = 0.0

    @property
    def remaining(self) -> float | None:
        """Seconds still to go at this rate, or None when that cannot be told."""
        return (self.cells - self.done) / self.rate if self.rate > 0 else None


Listener = Callable[[Progress], None]


def silent(progress: Progress) -> None:
    """Listen to nothing."""
