"""The compiled random streams are NumPy's legacy generator, draw for draw, in any mixture of draws."""

import random

import numpy as np
import pytest

from evocoop.core.jit import kernel
from evocoop.play.kernels import draw_seeds
from evocoop.strategies.draws import (
    COLUMN_WORDS,
    COLUMNS,
    SEED_ROWS,
    STREAM_WORDS,
    fill_columns,
    next_below,
    next_double,
    next_seed,
    next_word,
    put_seed,
    seed_in_column,
    start_stream,
    take_column,
)

SEEDS = [0, 1, 19650218, 2**31, 2**32 - 1]


@kernel
def _drawn(stream, kinds, bounds, out):
    for k in range(len(kinds)):
        if kinds[k] == 0:
            out[k] = next_double(stream)
        elif kinds[k] == 1:
            out[k] = next_word(stream)
        elif kinds[k] == 2:
            out[k] = next_seed(stream)
        else:
            out[k] = next_below(stream, bounds[k])


@kernel
def _seeded(columns, stream, seeds, column, drawn):
    """Seed all columns, read the first seeds off one of them, and start a stream from it."""
    for k in range(len(seeds)):
        put_seed(columns, k, seeds[k])
    fill_columns(columns, SEED_ROWS)
    for k in range(2):
        drawn[k] = seed_in_column(columns, column, k)
    fill_columns(columns, 624)
    take_column(columns, column, stream)


def _expected(seed, kinds, bounds):
    numpy = np.random.RandomState(seed)
    draws = {
        0: lambda bound: numpy.rand(),
        1: lambda bound: numpy.randint(0, 2**32, dtype=np.uint64),
        2: lambda bound: numpy.randint(0, 2**32 - 1, dtype=np.uint64),
        3: lambda bound: numpy.choice(bound),
    }
    return [float(draws[kind](int(bound))) for kind, bound in zip(kinds, bounds, strict=True)]


@pytest.mark.parametrize("column", [None, 0, 1, COLUMNS - 1])
@pytest.mark.parametrize("seed", SEEDS)
def test_any_mixture_of_draws_is_numpys(seed, column):
    """Four thousand draws: single words shift the doubles to odd places, and blocks of 624 words end in between."""
    dice = random.Random(seed)
    kinds = np.array(dice.choices(range(4), (8, 1, 1, 2), k=4000))
    bounds = np.array([dice.choice((1, 2, 3, 4, 7, 100, 65537)) for _ in kinds])
    stream = np.zeros(STREAM_WORDS, dtype=np.int64)
    if column is None:
        start_stream(stream.ctypes.data, seed)
    else:
        columns = np.zeros(COLUMN_WORDS, dtype=np.int64)
        seeds, drawn = np.arange(COLUMNS) + 17, np.zeros(2, dtype=np.int64)
        seeds[column] = seed
        _seeded(columns.ctypes.data, stream.ctypes.data, seeds, column, drawn)
        assert drawn.tolist() == np.random.RandomState(seed).randint(0, 2**32 - 1, size=2, dtype=np.uint64).tolist()
    out = np.empty(len(kinds))
    _drawn(stream.ctypes.data, kinds, bounds, out)
    assert out.tolist() == _expected(seed, kinds, bounds)


@pytest.mark.parametrize(
    "before",
    [0, 1, 224, 225, 226, 227, 228, 396, 397, 398, 429, 430, 620, 621, 622, 623, 624, 625, 849, 850, 1246, 1247],
)
def test_doubles_are_numpys_from_any_place_of_the_block(before):
    stream = np.zeros(STREAM_WORDS, dtype=np.int64)
    start_stream(stream.ctypes.data, 7)
    numpy = np.random.RandomState(7)
    kinds = np.array([1] * before + [0] * 4)
    out = np.empty(len(kinds))
    _drawn(stream.ctypes.data, kinds, np.ones(len(kinds), dtype=np.int64), out)
    numpy.randint(0, 2**32, size=before, dtype=np.uint64)
    assert out[before:].tolist() == numpy.rand(4).tolist()


def test_seeds_of_chunks_are_those_of_the_librarys_batches():
    """The library draws seeds a thousand at a time from one stream."""
    seeds = np.empty(2500, dtype=np.int64)
    stream = np.zeros(STREAM_WORDS, dtype=np.int64)
    draw_seeds(99, stream.ctypes.data, seeds)
    numpy = np.random.RandomState(99)
    batches = [numpy.randint(0, 2**32 - 1, size=1000, dtype=np.uint64) for _ in range(3)]
    assert seeds.tolist() == np.concatenate(batches)[:2500].tolist()
