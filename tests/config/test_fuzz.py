"""The reader of experiment files, fed with nonsense, accepts rightly or refuses with file, line, key and reason."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_a_thousand_hostile_files_are_accepted_rightly_or_refused_with_place_and_reason() -> None:
    """In a process of its own, which ends itself when a single case takes too long."""
    words = [sys.executable, str(ROOT / "tests" / "fuzz.py"), "--cases", "1000", "--seed", "11"]
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(words, capture_output=True, text=True, timeout=900, env=surroundings)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    cases, accepted, computed, reasons, defects = map(int, re.findall(r"\d+", done.stdout))
    assert (cases, defects) == (1000, 0)
    assert accepted > 200, "too few are accepted to say much"
    assert computed > 50 and computed > 2 * reasons, "too few are computed to say much"
