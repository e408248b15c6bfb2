"""Is everything there that a run says it holds, and is it unchanged?"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

from evocoop.runs.store import RunDirectory, missing


@dataclass(frozen=True)
class Examination:
    """What an examination of a run found.

    Args:
        cells: how many cells the run has.
        sound: how many of them are there, unchanged and current.
        failed: how many of those failed.
        troubles: cells and what is wrong with them.
        done: whether the run is marked complete.
    """

    cells: int
    sound: int
    failed: int
    troubles: tuple[tuple[str, str], ...]
    done: bool

    @property
    def whole(self) -> bool:
        """Whether nothing is missing, damaged or stale."""
        return self.done and self.sound == self.cells and not self.troubles

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        troubles = [{"cells": cells, "trouble": trouble} for cells, trouble in self.troubles]
        return {
            "cells": self.cells,
            "sound": self.sound,
            "failed": self.failed,
            "done": self.done,
            "whole": self.whole,
            "troubles": troubles,
        }


def examine(path: str | os.PathLike[str]) -> Examination:
    """Recompute every checksum of a run and return what is wrong; changes nothing.

    Raises:
        InputError: when the directory is not a run.
    """
    directory = RunDirectory.open(path)
    first, stop = directory.span
    sound = directory.sound()
    troubles = [
        (batch.folder, trouble) for batch in directory.batches() if (trouble := directory.trouble(batch)) is not None
    ]
    gaps = [(max(a, first), b) for a, b in missing(directory.batches(), stop) if b > first]
    troubles += [(f"{a:06d}-{b - 1:06d}", "missing: not computed yet") for a, b in gaps]
    if (results := directory.results_trouble()) is not None:
        troubles.append(("all", results))
    if not directory.done:
        troubles.append(("all", "the run is not complete"))
    return Examination(
        stop - first,
        sum(batch.stop - batch.start for batch in sound),
        sum(len(batch.failed) for batch in sound),
        tuple(sorted(troubles)),
        directory.done,
    )
