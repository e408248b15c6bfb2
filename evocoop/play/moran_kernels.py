"""The loop of the Moran process: matches, a birth in proportion to fitness, a death, all compiled."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np

from evocoop.core.jit import kernel, loader
from evocoop.play.kernels import draw_early, play_once, play_turns, seed_hand, start_dealt
from evocoop.strategies.draws import COLUMNS, STREAM_WORDS, next_below, next_double, next_seed, start_stream
from evocoop.strategies.state import player_at

_read_play = loader("u1")


@kernel
def score(one: int, two: int, turns: int, payoffs: Any, out: Any) -> None:
    """Fill in the payoffs per turn of both sides of a match, from the plays in memory."""
    first, second = 0.0, 0.0
    for turn in range(turns):
        mine, theirs = _read_play(one, turn), _read_play(two, turn)
        first += payoffs[2 * mine + theirs]
        second += payoffs[2 * theirs + mine]
    out[0], out[1] = first / turns, second / turns


@kernel
def weigh(
    types: Any, pairs: Any, dead: int, firsts: Any, seconds: Any, plays: Any, settled: Any, known: Any, rules: Any,
    payoffs: Any, outcomes: Any, bulk: int, stream: int, room: int, scores: Any,
) -> int:  # fmt: skip
    """Let neighbours play and fill in everybody's fitness; return 0, or the room that a match would need.

    A match that holds chance is one of the outcomes played beforehand, if there are any.
    """
    earned, free = np.zeros((len(pairs), 2)), rules[1] == 0.0 and rules[2] == 0.0
    waiting, seeds, dealt = np.empty(HAND, dtype=np.int64), np.empty(HAND, dtype=np.int64), 0
    for row in range(len(pairs)):
        i, j = pairs[row, 0], pairs[row, 1]
        if i == dead or j == dead:
            continue
        a, b = types[i], types[j]
        seed = next_seed(bulk)
        if settled[a, b] and not math.isnan(known[a, b, 0]):
            earned[row] = known[a, b]
        elif outcomes.shape[2] and not settled[a, b]:
            earned[row] = outcomes[a, b, seed % outcomes.shape[2]]
        elif free and not settled[a, b]:
            waiting[dealt], seeds[dealt] = row, seed
            dealt += 1
            if dealt == HAND:
                play_hand(waiting, seeds, types, pairs, firsts, seconds, plays, rules, payoffs, stream, earned)
                dealt = 0
        else:
            start_stream(stream, seed)
            length = play_once(firsts[a], seconds[b], rules[0], rules[1], rules[2], stream, room)
            if length < 0:
                return -length
            score(plays[0, a], plays[1, b], length, payoffs, earned[row])
            if settled[a, b]:
                known[a, b] = earned[row]
    play_hand(waiting[:dealt], seeds, types, pairs, firsts, seconds, plays, rules, payoffs, stream, earned)
    add_up(pairs, dead, earned, scores)
    return 0


HAND: Final = COLUMNS // 2
"""How many matches are played with streams seeded side by side; each may need two."""


@kernel
def play_hand(
    rows: Any, seeds: Any, types: Any, pairs: Any, firsts: Any, seconds: Any, plays: Any, rules: Any, payoffs: Any,
    stream: int, earned: Any,
) -> None:  # fmt: skip
    """Play matches that wait, each on the match stream of its seed, and fill in what both sides earned in its row."""
    columns, turns = stream + 8 * STREAM_WORDS, int(rules[0])
    early, hand = np.empty((HAND, 2), dtype=np.int64), np.full((HAND, 5), -1)
    draw_early(seeds, 0, len(rows), stream, columns, early)
    for k in range(len(rows)):
        i, j = pairs[rows[k], 0], pairs[rows[k], 1]
        one, two = player_at(firsts[types[i]]), player_at(seconds[types[j]])
        if one.stochastic:
            hand[k, 3] = early[k, 0]
        if two.stochastic:
            hand[k, 4] = early[k, 1 if one.stochastic else 0]
    wide, column = seed_hand(hand, len(rows), columns), 0
    for k in range(len(rows)):
        a, b = types[pairs[rows[k], 0]], types[pairs[rows[k], 1]]
        one, two = player_at(firsts[a]), player_at(seconds[b])
        column = start_dealt(one, two, hand[k, 3], hand[k, 4], wide, columns, column)
        play_turns(one, two, turns, 0.0, stream)
        score(plays[0, a], plays[1, b], turns, payoffs, earned[rows[k]])


@kernel
def add_up(pairs: Any, dead: int, earned: Any, scores: Any) -> None:
    """Fill in everybody's fitness: the sum of what it earned, in the order of matches."""
    scores[:] = 0.0
    for row in range(len(pairs)):
        i, j = pairs[row, 0], pairs[row, 1]
        if i != dead and j != dead:
            scores[i] += earned[row, 0]
            scores[j] += earned[row, 1]


@kernel
def sample_outcomes(
    firsts: Any, seconds: Any, plays: Any, settled: Any, rules: Any, payoffs: Any, bulk: int, stream: int, room: int,
    out: Any,
) -> int:  # fmt: skip
    """Play matches of every pair of types that hold chance; fill payoffs per turn; return 0, or the room needed."""
    for a in range(out.shape[0]):
        for b in range(out.shape[1]):
            for k in range(out.shape[2]):
                if settled[a, b]:
                    continue
                start_stream(stream, next_seed(bulk))
                length = play_once(firsts[a], seconds[b], rules[0], rules[1], rules[2], stream, room)
                if length < 0:
                    return -length
                score(plays[0, a], plays[1, b], length, payoffs, out[a, b, k])
    return 0


@kernel
def chosen(scores: Any, eligible: Any, drawn: float) -> int:
    """Return one of the eligible in proportion to fitness, for a double drawn from [0, 1)."""
    total = 0.0
    for k in range(len(scores)):
        if eligible[k]:
            total += scores[k]
    mark, sum_so_far, last = drawn * total, 0.0, -1
    for k in range(len(scores)):
        if eligible[k]:
            sum_so_far += scores[k]
            last = k
            if sum_so_far >= mark:
                return k
    return last


@kernel
def moran(
    types: Any, counts: Any, births: bool, mutation: float, pairs: Any, first_pair: Any, next_to: Any, first_next: Any,
    firsts: Any, seconds: Any, plays: Any, settled: Any, known: Any, rules: Any, payoffs: Any, outcomes: Any,
    others: Any, process: int, bulk: int, stream: int, room: int, stop: bool,
) -> int:  # fmt: skip
    """Run a Moran process until one type is left or ``counts`` is full; return the steps, or minus the room needed.

    Args:
        types: type of each individual; changed here.
        counts: (steps + 1, types), row 0 given; filled here.
        births: birth first, then the death of a neighbour; else death first.
        mutation: probability that an offspring is of another type.
        pairs: who plays whom, row after row; for deaths first one block for each place of the dead.
        first_pair: where each block of pairs begins, and the end.
        next_to: neighbours that may be replaced (births first) or give birth (deaths first), block after block.
        first_next: where each block of neighbours begins, and the end.
        firsts: address of each type's record as first player.
        seconds: the same as second player.
        plays: (2, types), address of the plays of those records.
        settled: (types, types), whether a match holds no chance.
        known: (types, types, 2), payoffs of settled matches, nan before they are played.
        rules: turns, prob_end, noise.
        payoffs: R, S, T, P.
        outcomes: (types, types, k, 2), payoffs of matches played beforehand; k = 0 to play every match.
        others: (types, types - 1), what each type may mutate to.
        process: address of the stream of the process.
        bulk: address of the stream of match seeds.
        stream: address of the match stream and of columns behind it, see :func:`evocoop.play.kernels.chunk_memory`.
        room: turns the players' memory holds.
        stop: whether to stop when one type is left.
    """
    size = len(types)
    scores, eligible = np.empty(size), np.ones(size, dtype=np.bool_)
    for step in range(len(counts) - 1):
        if stop and counts[step].max() == size:
            return step
        dead = -1
        if not births:
            dead = int(size * next_double(process))
        block = 0 if births else dead
        needed = weigh(
            types, pairs[first_pair[block] : first_pair[block + 1]], dead, firsts, seconds, plays, settled, known,
            rules, payoffs, outcomes, bulk, stream, room, scores,
        )  # fmt: skip
        if needed:
            return -needed
        if births:
            parent = chosen(scores, eligible, next_double(process))
            near = next_to[first_next[parent] : first_next[parent + 1]]
            dead = near[next_below(process, len(near))]
        else:
            eligible[:] = False
            for k in next_to[first_next[dead] : first_next[dead + 1]]:
                eligible[k] = True
            parent = chosen(scores, eligible, next_double(process))
        kind = types[parent]
        if mutation > 0.0 and next_double(process) < mutation:
            kind = others[kind, int(others.shape[1] * next_double(process))]
        counts[step + 1] = counts[step]
        counts[step + 1, types[dead]] -= 1
        counts[step + 1, kind] += 1
        types[dead] = kind
    return len(counts) - 1
