"""Which shares of a path count for the long run."""

from __future__ import annotations

import numpy as np
import pytest

from evocoop.dynamics import replicator, rest_points
from evocoop.runs.long_run import long_run_shares, moments, still

CIRCLES = [[0, -2, 1], [2, 0, -1], [-1, 1, 0]]
"""Zero-sum: replicator paths circle about the rest point (1, 1, 2) / 4 for ever."""


def test_circling_paths_count_with_their_mean_the_rest_point() -> None:
    """Hofbauer & Sigmund 1998, section 7.6: time averages of replicator paths are the rest point inside."""
    kept, times = moments(400.0)
    path = replicator(CIRCLES, starts=8, times=times)
    assert len(kept) == 200 and kept[-1] == 400.0 and set(kept) < set(times)
    (inside,) = (point.shares for point in rest_points(CIRCLES).points if min(point.shares) > 0)
    assert inside == pytest.approx([0.25, 0.25, 0.5])
    assert not still(path.shares, times).any()
    assert np.abs(path.final - inside).max() > 0.1
    assert np.abs(long_run_shares(path.shares, times) - inside).max() < 2e-3


def test_paths_at_rest_or_on_their_way_count_with_their_end() -> None:
    times = np.linspace(0.0, 10.0, 101)
    resting, climbing = 1.0 - 0.9 * np.exp(-times), times / 20.0
    shares = np.stack([[resting, 1 - resting], [climbing, 1 - climbing]]).swapaxes(1, 2)
    assert still(shares, times).tolist() == [True, False]
    assert long_run_shares(shares, times) == pytest.approx(shares[:, -1])


def test_two_times_count_with_the_last() -> None:
    assert long_run_shares(np.array([[[1.0, 0.0], [0.0, 1.0]]]), np.array([0.0, 1.0])).tolist() == [[0.0, 1.0]]
