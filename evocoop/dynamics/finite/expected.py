"""Expected payoffs in a finite population: groups drawn without replacement among the others.

A *pair table* holds the payoffs of two strategies against each other, array (2, N): row = strategy, column = how many
of the N-1 co-players follow the second. *Co-player payoffs* are expectations given the composition of the Z-1 others.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from evocoop.core.errors import InputError
from evocoop.games.payoffs import Game, PayoffTable

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

MOST_WEIGHTS = 100_000_000


@lru_cache(maxsize=64)
def hypergeometric(others: int, drawn: int) -> FloatArray:
    """Return H[a, m], the probability that ``drawn`` of ``others`` individuals hold m of the a marked ones.

    Built by drawing one individual after the other, so that no term is ever subtracted; array (others+1, drawn+1).

    >>> hypergeometric(3, 1)[1].round(6).tolist()
    [0.666667, 0.333333]
    """
    marked = np.arange(others + 1.0)[:, None]
    found = np.arange(drawn + 1.0)
    table = np.zeros((others + 1, drawn + 1))
    table[:, 0] = 1.0
    for size in range(drawn):
        left = others - size
        hit = table * np.maximum(marked - found, 0.0) / left
        table = table * np.maximum(others - marked - (size - found), 0.0) / left
        table[:, 1:] += hit[:, :-1]
    table.setflags(write=False)
    return table


@lru_cache(maxsize=64)
def pair_positions(n: int) -> tuple[IntArray, IntArray]:
    """Return the positions (i, j), i < j, of all pairs of n strategies."""
    first, second = np.triu_indices(n, 1)
    for positions in (first, second):
        positions.setflags(write=False)
    return first.astype(np.int64, copy=False), second.astype(np.int64, copy=False)


MOST_CELLS = 2_000_000


def pair_tables(game: Game | PayoffTable, first: IntArray, second: IntArray) -> FloatArray:
    """Return the pair tables of the chosen pairs, array (pairs, 2, N), never asking for the whole table."""
    if game.group_size == 2:
        rows = np.stack([first, second], axis=1)
        return game.payoff_table().values[rows[:, :, None], rows[:, None, :]]
    if isinstance(game, Game) and game.exact:
        most = max(1, MOST_CELLS // ((game.group_size + 1) * len(game.strategies)))
        parts = [slice(start, start + most) for start in range(0, len(first), most)]
        tables = [_groups_of_pairs(game, first[part], second[part]) for part in parts]
        return np.concatenate(tables) if tables else np.empty((0, 2, game.group_size))
    whole = [game.payoff_table([int(i), int(j)]).values for i, j in zip(first, second, strict=True)]
    return np.stack(whole) if whole else np.empty((0, 2, game.group_size))


def _groups_of_pairs(game: Game, first: IntArray, second: IntArray) -> FloatArray:
    """Return the pair tables of a game by asking for all groups of two strategies at once, array (pairs, 2, N)."""
    size, pairs = game.group_size, np.arange(len(first))
    counts = np.zeros((len(first), size + 1, len(game.strategies)), dtype=np.int64)
    seconds = np.arange(size + 1)
    counts[pairs[:, None], seconds, first[:, None]] = size - seconds
    counts[pairs[:, None], seconds, second[:, None]] = seconds
    payoffs = game.group_payoffs(counts.reshape(-1, counts.shape[-1])).reshape(counts.shape)
    ours = payoffs[pairs[:, None], seconds, first[:, None]][:, :-1]
    theirs = payoffs[pairs[:, None], seconds, second[:, None]][:, 1:]
    return np.stack([ours, theirs], axis=1)


def pair_payoffs(tables: FloatArray, population_size: int) -> FloatArray:
    """Return G[..., s, a]: payoff of strategy s (0 or 1) when a of the Z-1 others follow the first; (..., 2, Z)."""
    table = hypergeometric(population_size - 1, tables.shape[-1] - 1)
    payoffs: FloatArray = tables[..., ::-1] @ table.T
    return payoffs


def advantage(payoffs: FloatArray) -> FloatArray:
    """Return f_A - f_B at 1 … Z-1 individuals of the first strategy, from co-player payoffs; (..., Z-1)."""
    difference: FloatArray = payoffs[..., 0, :-1] - payoffs[..., 1, 1:]
    return difference


def composition_payoffs(table: PayoffTable, others: IntArray) -> FloatArray:
    """Return the expected payoff of every strategy among the given others, array (m, n).

    Args:
        table: payoffs of all n strategies.
        others: compositions (m, n) of the Z-1 other individuals.
    """
    if table.group_size == 2:
        return others @ table.values.T / int(others[0].sum())
    return group_weights(others, table.compositions) @ table.values.T


def group_weights(others: IntArray, groups: IntArray) -> FloatArray:
    """Return W[s, c], the probability that a random group of co-players out of ``others[s]`` is ``groups[c]``.

    The multivariate hypergeometric law, prod_j C(others_j, groups_j) / C(Z-1, N-1).
    """
    total, drawn = int(others[0].sum()), int(groups[0].sum())
    if len(others) * len(groups) > MOST_WEIGHTS:
        raise InputError(
            f"{len(others):,} states times {len(groups):,} groups need a table of "
            f"{len(others) * len(groups) / 2**27:,.1f} GiB; use small_mutation_limit, or fewer individuals"
        )
    choose = np.array([[float(math.comb(a, m)) for m in range(drawn + 1)] for a in range(total + 1)])
    weights = np.full((len(others), len(groups)), 1.0 / float(math.comb(total, drawn)))
    for strategy in range(others.shape[1]):
        weights *= choose[others[:, strategy][:, None], groups[:, strategy][None, :]]
    return weights
