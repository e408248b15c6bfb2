"""What the tests of the report share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from runs_by_hand import write_run


@pytest.fixture
def make_run(tmp_path: Path) -> Any:
    """Return a function that writes a run by hand and gives its directory."""
    made = iter(range(100))
    return lambda tables, **fields: write_run(tmp_path / f"run{next(made)}", tables, **fields)
