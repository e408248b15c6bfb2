"""The loops behind fingerprints."""

from __future__ import annotations

from typing import Any

import numpy as np

from evocoop.core.jit import kernel
from evocoop.play.kernels import play_and_tally, play_turns, start
from evocoop.strategies.draws import start_stream
from evocoop.strategies.state import my_play, player_at


@kernel
def count_cooperation(
    first: int, others: Any, seeds: Any, noise: float, repetitions: int, stream: int, out: Any
) -> None:
    """Count in how many repetitions the first player cooperates, by opponent and turn.

    Args:
        first: address of the player's record.
        others: addresses of the opponents' records; int64[m].
        seeds: one for each opponent; int64[m].
        noise: probability that a play is flipped.
        repetitions: matches against each opponent, on one match stream.
        stream: address of the match stream.
        out: the counts; int64[m, turns], filled here.
    """
    one = player_at(first)
    turns = out.shape[1]
    for k in range(len(others)):
        two = player_at(others[k])
        start_stream(stream, seeds[k])
        settled = noise == 0.0 and one.stochastic + two.stochastic == 0
        for _ in range(1 if settled else repetitions):
            start(one, two, stream)
            play_turns(one, two, turns, noise, stream)
            for turn in range(turns):
                out[k, turn] += 1 - my_play(one, turn)
        if settled:
            for turn in range(turns):
                out[k, turn] *= repetitions


@kernel
def play_square(
    first: int, seconds: Any, mixed: Any, which: Any, numbers: int, seeds: Any, terms: Any, stream: int, out: Any
) -> None:
    """Play a strategy against the opponents of many points, which differ in their probabilities only.

    Args:
        first: address of the strategy's record.
        seconds: addresses of opponents; int64[kinds].
        mixed: for each of them the address of the record whose numbers are the point's, or 0; int64[kinds].
        which: the opponent of each point; int64[m].
        numbers: address of the points' numbers, three for each point.
        seeds: one for each point; int64[m].
        terms: turns, noise; float64[2].
        stream: address of the match stream.
        out: counts of CC, CD, DC, DD as the strategy sees them; int64[m, repetitions, 4], filled here.
    """
    one = player_at(first)
    turns, noise, moves = int(terms[0]), terms[1], np.zeros(16, dtype=np.int64)
    for k in range(len(seeds)):
        two = player_at(seconds[which[k]])
        if mixed[which[k]]:
            player_at(mixed[which[k]]).numbers = numbers + 24 * k
        start_stream(stream, seeds[k])
        settled = noise == 0.0 and one.stochastic + two.stochastic == 0
        for repetition in range(out.shape[1]):
            if settled and repetition:
                out[k, repetition] = out[k, 0]
                continue
            start(one, two, stream)
            play_and_tally(one, two, turns, noise, stream, out[k, repetition], moves)
