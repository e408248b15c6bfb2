"""Known answers: the authors' reference vectors for Philox4x32-10 (Salmon et al. 2011, kat_vectors of Random123)."""

import numpy as np
import pytest

from evocoop.core import streams
from evocoop.core.jit import kernel

U = np.uint64


def words(pair):
    return [int(word) >> shift & 0xFFFFFFFF for word in pair for shift in (0, 32)]


@pytest.mark.parametrize(
    ("key", "low", "high", "expected"),
    [
        (0, 0, 0, [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]),
        (2**64 - 1, 2**64 - 1, 2**64 - 1, [0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD]),
        (
            0x299F31D0_A4093822,
            0x85A308D3_243F6A88,
            0x03707344_13198A2E,
            [0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1],
        ),
    ],
)
def test_philox_known_answers(key, low, high, expected):
    assert words(streams.philox(U(key), U(low), U(high))) == expected


@kernel
def draw(seed, cell, replicate, role, count):
    state = streams.stream(seed, cell, replicate, role)
    out = np.empty(count)
    for i in range(count):
        out[i] = streams.uniform(state)
    return out


def test_streams_differ_in_every_key_and_repeat_exactly():
    base = draw(1, 2, 3, 4, 100)
    assert np.array_equal(base, draw(1, 2, 3, 4, 100))
    for key in ((2, 2, 3, 4), (1, 3, 3, 4), (1, 2, 4, 4), (1, 2, 3, 5)):
        assert not np.isin(base, draw(*key, 100)).any()


def test_uniform_is_uniform():
    """Chi-square of 100,000 draws in 100 bins, 99 degrees of freedom: outside (57.0, 158.0) by chance in 1 of 2,000."""
    counts, _ = np.histogram(draw(7, 0, 0, 0, 100_000), bins=100, range=(0, 1))
    assert 57.0 < ((counts - 1000) ** 2 / 1000).sum() < 158.0


def test_below_and_geometric_have_their_means():
    """Six standard errors: a false alarm in less than one of 10^8."""
    state = streams.stream(3, 0, 0, 0)
    dice = np.array([streams.below(state, 6) for _ in range(20_000)])
    assert set(dice) == set(range(6))
    assert abs(dice.mean() - 2.5) < 6 * np.sqrt(35 / 12 / len(dice))
    waits = np.array([streams.geometric(state, 0.2) for _ in range(20_000)])
    assert abs(waits.mean() - 4.0) < 6 * np.sqrt(0.8) / 0.2 / np.sqrt(len(waits))
    assert streams.geometric(state, 1.0) == 0.0
