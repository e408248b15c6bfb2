"""The loop behind transitive fingerprints."""

from __future__ import annotations

from typing import Any

from evocoop.core.jit import kernel
from evocoop.play.kernels import play_turns, start
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
