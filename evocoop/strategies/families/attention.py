"""A player who attends to the whole match: a transformer of 24 layers, trained in self-play by Marc-Olivier Derouin.

It came with axelrod 4.14, and its weights are read from there (:mod:`evocoop.strategies.attention_weights`).

The network is the encoder of Devlin, Chang, Lee & Toutanova 2019, "BERT", NAACL-HLT 2019, 4171-4186, over the last 200
joint plays, the latest first, behind a token of its own; layers as in Vaswani et al. 2017, "Attention is all you need".
"""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np

from evocoop.core.jit import array_at, kernel
from evocoop.strategies.attention_weights import HEADS, INNER, LAYERS, MEMORY, TOKENS, WIDTH, weights
from evocoop.strategies.plan import Factory, Plan, rule
from evocoop.strategies.state import C, D, Player, entry, my_play, their_play

_SMALL: Final = np.float32(1e-12)
_HALF: Final = np.float32(0.5)
_ROOT: Final = np.float32(math.sqrt(0.5))
_LEAST: Final = np.float32(-3.0e38)

_FIRST: Final = TOKENS * WIDTH + (MEMORY + 1) * WIDTH + 2 * WIDTH
_LAYER: Final = 4 * (WIDTH * WIDTH + WIDTH) + 4 * WIDTH + 2 * WIDTH * INNER + INNER + WIDTH

_numbers_at = array_at("f4")


@rule
def attend(me: Player) -> int:
    """Cooperate when a transformer's output over the last 200 joint plays is below 0; table: where its weights are."""
    seen = min(me.turn, MEMORY)
    tokens = np.zeros(seen + 1, dtype=np.int64)
    for k in range(seen):
        mine, theirs = my_play(me, me.turn - 1 - k), their_play(me, me.turn - 1 - k)
        tokens[k + 1] = 5 if mine & theirs else 2 + mine if mine | theirs else 4
    return C if output(entry(me, 0), tokens) < 0.0 else D


@kernel
def output(address: int, tokens: Any) -> float:
    """Return the transformer's output for a row of tokens."""
    count = len(tokens)
    size = _FIRST + LAYERS * _LAYER + WIDTH * WIDTH + 2 * WIDTH + 1
    weights = _numbers_at(address, size)
    x = np.empty((count, WIDTH), dtype=np.float32)
    for k in range(count):
        for j in range(WIDTH):
            x[k, j] = weights[tokens[k] * WIDTH + j] + weights[(TOKENS + k) * WIDTH + j]
    at = (TOKENS + MEMORY + 1) * WIDTH
    _normalise(x, weights[at : at + WIDTH], weights[at + WIDTH : at + 2 * WIDTH])
    for layer in range(LAYERS):
        at = _FIRST + layer * _LAYER
        x = _layer(x, weights[at : at + _LAYER], 1 if layer == LAYERS - 1 else count)
    at = _FIRST + LAYERS * _LAYER
    pooled = _linear(x[:1], weights, at, WIDTH)
    at += WIDTH * WIDTH + WIDTH
    total = weights[at + WIDTH]
    for j in range(WIDTH):
        total += np.float32(math.tanh(pooled[0, j])) * weights[at + j]
    return float(total)


@kernel
def _layer(x: Any, weights: Any, rows: int) -> Any:
    """Return the first rows of what a layer makes of its input."""
    square = WIDTH * WIDTH + WIDTH
    queries = _linear(x[:rows], weights, 0, WIDTH)
    keys, values = _linear(x, weights, square, WIDTH), _linear(x, weights, 2 * square, WIDTH)
    y = _linear(_attention(queries, keys, values), weights, 3 * square, WIDTH)
    _add(y, x)
    at = 4 * square
    _normalise(y, weights[at : at + WIDTH], weights[at + WIDTH : at + 2 * WIDTH])
    at += 2 * WIDTH
    inner = _linear(y, weights, at, INNER)
    for i in range(rows):
        for j in range(INNER):
            inner[i, j] *= _HALF * (np.float32(1.0) + np.float32(math.erf(inner[i, j] * _ROOT)))
    at += WIDTH * INNER + INNER
    z = _linear(inner, weights, at, WIDTH)
    _add(z, y)
    at += INNER * WIDTH + WIDTH
    _normalise(z, weights[at : at + WIDTH], weights[at + WIDTH : at + 2 * WIDTH])
    return z


@kernel
def _linear(x: Any, weights: Any, at: int, width: int) -> Any:
    """Return x W + b, with W (row for each number in) and then b in the weights from a place on."""
    size = x.shape[1] * width
    y = np.dot(x, weights[at : at + size].reshape(x.shape[1], width))
    for i in range(len(y)):
        for j in range(width):
            y[i, j] += weights[at + size + j]
    return y


@kernel
def _add(x: Any, other: Any) -> None:
    """Add to each row of x the same row of another array."""
    for i in range(len(x)):
        for j in range(x.shape[1]):
            x[i, j] += other[i, j]


@kernel
def _normalise(x: Any, scale: Any, shift: Any) -> None:
    """Bring each row to mean 0 and variance 1, then scale and shift it."""
    width = np.float32(x.shape[1])
    for i in range(len(x)):
        mean = np.float32(0.0)
        for value in x[i]:
            mean += value
        mean /= width
        spread = np.float32(0.0)
        for value in x[i]:
            spread += (value - mean) * (value - mean)
        factor = np.float32(1.0) / np.sqrt(spread / width + _SMALL)
        for j in range(x.shape[1]):
            x[i, j] = (x[i, j] - mean) * factor * scale[j] + shift[j]


@kernel
def _attention(queries: Any, keys: Any, values: Any) -> Any:
    """Return, for each query and head, the mean of the values weighted by softmax(q k / sqrt(width))."""
    rows, count = len(queries), len(keys)
    size = WIDTH // HEADS
    scale = np.float32(1.0 / math.sqrt(size))
    out = np.empty((rows, WIDTH), dtype=np.float32)
    q, v = np.empty((rows, size), dtype=np.float32), np.empty((count, size), dtype=np.float32)
    k = np.empty((size, count), dtype=np.float32)
    for head in range(HEADS):
        first = head * size
        for j in range(size):
            for i in range(rows):
                q[i, j] = queries[i, first + j] * scale
            for i in range(count):
                k[j, i], v[i, j] = keys[i, first + j], values[i, first + j]
        shares = np.dot(q, k)
        for i in range(rows):
            _weigh(shares[i])
        mixed = np.dot(shares, v)
        for i in range(rows):
            for j in range(size):
                out[i, first + j] = mixed[i, j]
    return out


@kernel
def _weigh(scores: Any) -> None:
    """Turn scores into shares: exp(score), scaled to sum to 1."""
    most = _LEAST
    for score in scores:
        most = max(most, score)
    total = np.float32(0.0)
    for j in range(len(scores)):
        scores[j] = math.exp(scores[j] - most)
        total += scores[j]
    for j in range(len(scores)):
        scores[j] /= total


def evolved_attention() -> Plan:
    """Attend to the last 200 joint plays with a trained transformer.

    Raises:
        InputError: when its weights are not installed, or the file does not hold them.
    """
    return Plan(attend, table=(int(weights().ctypes.data),))


OPTIONAL: dict[str, Factory] = {"EvolvedAttention": evolved_attention}
"""Strategies that are native where what they need is installed."""
