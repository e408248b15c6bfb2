"""The loops of play: a turn, a match, a chunk of matches. Everything here runs compiled, for any strategies."""

from __future__ import annotations

import math
from typing import Any

from evocoop.core.errors import InputError
from evocoop.core.jit import kernel, loader, storer
from evocoop.strategies.draws import fill_both, next_double, next_seed, start_stream
from evocoop.strategies.state import SIZE, Player, advance, decide, player_at

_clear_word = storer("i8")
_read_play = loader("u1")


@kernel
def reset(root: Player, their_plays: int) -> None:
    """Bring a player and its team to the start of a match against the owner of ``their_plays``."""
    for k in range(root.block):
        player = player_at(root.address + k * SIZE)
        player.turn = player.mine = player.theirs = 0
        player.cc = player.cd = player.dc = player.dd = 0
        for cell in range(16):
            player.i[cell] = 0
        for cell in range(8):
            player.x[cell] = 0.0
        for cell in range(player.store_words):
            _clear_word(player.store, cell, 0)
        player.their_plays = their_plays


@kernel
def flip(stream: int, play: int, noise: float) -> int:
    """Return the play, flipped with probability ``noise``; nothing is drawn when it is exactly 1."""
    if noise == 1.0 or next_double(stream) < noise:
        return 1 - play
    return play


@kernel
def play_turns(one: Player, two: Player, turns: int, noise: float, stream: int) -> None:
    """Play so many turns between two players that have been reset and seeded.

    Raises:
        InputError: when a rule returns neither C nor D.
    """
    for _ in range(turns):
        first, second = decide(one), decide(two)
        if (first | second) & ~1:
            raise InputError("a rule returned neither C (0) nor D (1)")
        if noise != 0.0:
            first = flip(stream, first, noise)
            second = flip(stream, second, noise)
        advance(one, first, second)
        advance(two, second, first)


@kernel
def start(one: Player, two: Player, stream: int) -> None:
    """Reset both players and seed those that are stochastic, in order."""
    reset(one, two.my_plays)
    reset(two, one.my_plays)
    if one.stochastic:
        start_stream(one.stream, next_seed(stream))
    if two.stochastic:
        start_stream(two.stream, next_seed(stream))
        if one.stochastic:
            fill_both(one.stream, two.stream)


@kernel
def sample_turns(stream: int, prob_end: float, turns: float) -> float:
    """Return the length of a match that ends after each turn with a probability, at most ``turns`` (may be inf)."""
    if prob_end == 0.0:
        return turns
    drawn = next_double(stream)
    if prob_end == 1.0:
        return min(1.0, turns)
    return min(math.ceil(math.log(1.0 - drawn) / math.log(1.0 - prob_end)), turns)


@kernel
def play_once(first: int, second: int, turns: float, prob_end: float, noise: float, stream: int, room: int) -> int:
    """Play one match on a match stream that has been seeded; return its turns, or minus the room it would need."""
    one, two = player_at(first), player_at(second)
    length = int(sample_turns(stream, prob_end, turns))
    if length > room:
        return -length
    start(one, two, stream)
    play_turns(one, two, length, noise, stream)
    return length


@kernel
def tally(one: int, two: int, turns: int, joint: Any, moves: Any) -> None:
    """Count the joint plays of a match, and the moves from each joint play to the next, from the plays in memory.

    Fifteen moves at a time are counted in the sixteen nibbles of one word, so that no count waits for the one before.
    """
    if turns == 0:
        return
    last = 2 * _read_play(one, 0) + _read_play(two, 0)
    joint[last] += 1
    for first in range(1, turns, 15):
        nibbles = 0
        for turn in range(first, min(first + 15, turns)):
            now = 2 * _read_play(one, turn) + _read_play(two, turn)
            nibbles += 1 << (16 * last + 4 * now)
            last = now
        for cell in range(16):
            count = (nibbles >> (4 * cell)) & 15
            moves[cell] += count
            joint[cell & 3] += count


@kernel
def play_chunks(
    firsts: Any,
    seconds: Any,
    pairs: Any,
    seeds: Any,
    rules: Any,
    stream: int,
    room: int,
    joint: Any,
    opening: Any,
    moves: Any,
    begin: int,
    end: int,
) -> int:
    """Play chunks begin … end - 1: every repetition of a pair on one match stream.

    Args:
        firsts: address of each player's record as first player; int64[n].
        seconds: the same as second player; int64[n].
        pairs: who meets whom; int64[m, 2].
        seeds: seed of each chunk; int64[m].
        rules: turns (may be inf), prob_end, noise; float64[3].
        stream: address of the match stream.
        room: how many turns the players' memory holds.
        joint: counts of CC, CD, DC, DD as the first player sees them; int64[m, repetitions, 4], filled here.
        opening: the first joint play; uint8[m, repetitions], filled here.
        moves: counts of joint play to next joint play; int64[m, 16], filled here.
        begin: first chunk to play.
        end: one past the last.

    Returns:
        ``end``, or a chunk and the room it needs as ``-(chunk + 1)`` after writing the room to ``rules[3]``.
    """
    turns, prob_end, noise = rules[0], rules[1], rules[2]
    repetitions = joint.shape[1]
    for chunk in range(begin, end):
        one, two = player_at(firsts[pairs[chunk, 0]]), player_at(seconds[pairs[chunk, 1]])
        start_stream(stream, seeds[chunk])
        settled = noise == 0.0 and prob_end == 0.0 and one.stochastic + two.stochastic == 0
        for repetition in range(repetitions):
            if settled and repetition:
                joint[chunk, repetition] = joint[chunk, 0]
                opening[chunk, repetition] = opening[chunk, 0]
                continue
            length = int(sample_turns(stream, prob_end, turns))
            if length > room:
                rules[3] = length
                joint[chunk] = 0
                moves[chunk] = 0
                return -(chunk + 1)
            start(one, two, stream)
            play_turns(one, two, length, noise, stream)
            tally(one.my_plays, two.my_plays, length, joint[chunk, repetition], moves[chunk])
            if length:
                opening[chunk, repetition] = 2 * _read_play(one.my_plays, 0) + _read_play(two.my_plays, 0)
        if settled:
            for cell in range(16):
                moves[chunk, cell] *= repetitions
    return end


@kernel
def draw_seeds(seed: int, stream: int, seeds: Any) -> None:
    """Fill ``seeds`` with the seeds of chunks that the library draws from the seed of a tournament."""
    start_stream(stream, seed)
    for chunk in range(len(seeds)):
        seeds[chunk] = next_seed(stream)
