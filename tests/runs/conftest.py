"""Fixtures of tests of runs."""

from __future__ import annotations

import pytest


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make batches of a few cells, so that there are many of them."""
    from evocoop.runs import drive

    monkeypatch.setattr(drive, "MOST_CELLS", 7)
