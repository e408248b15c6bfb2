"""Large runs stay small in memory: peaks of small ones, measured in processes of their own, and what they grow by."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("resource")
ROOT = Path(__file__).parents[2]
LIMIT = 1024.0


def peak(*words: object) -> float:
    """Return the peak memory in MiB of one experiment of the benchmark."""
    command = [sys.executable, str(ROOT / "benchmarks" / "bench_memory.py"), *map(str, words)]
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, env=surroundings)
    assert done.returncode == 0, done.stderr
    found = re.search(r"peak (\d+) MiB", done.stdout)
    assert found, done.stdout
    return float(found[1])


def test_a_sweep_of_a_hundred_thousand_cells_would_stay_below_a_gibibyte() -> None:
    small, large = peak("sweep", 1_000), peak("sweep", 9_000)
    assert large + (100_000 - 9_000) * max(large - small, 0.0) / 8_000 < LIMIT


def test_a_tournament_of_240_strategies_and_a_thousand_repetitions_would_stay_below_a_gibibyte() -> None:
    """Counts grow with pairs times repetitions: the tournament asked for has 10 times those of the larger one here."""
    pairs, wanted = 30 * 31 / 2, 240 * 241 / 2 * 1_000
    peak("tournament", 30, 1)  # compiles, which takes memory of its own
    small, large = peak("tournament", 30, 1_000), peak("tournament", 30, 6_000)
    assert large + (wanted - pairs * 6_000) * max(large - small, 0.0) / (pairs * 5_000) < LIMIT
