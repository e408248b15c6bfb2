"""The loops of play: a turn, a match, a chunk of matches. Everything here runs compiled, for any strategies."""

from __future__ import annotations

import math

from evocoop.core.jit import kernel, storer
from evocoop.strategies.draws import next_double, next_seed, start_stream
from evocoop.strategies.state import SIZE, Player, advance, decide, player_at

_clear_word = storer("i8")


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
    """Play so many turns between two players that have been reset and seeded."""
    for _ in range(turns):
        first, second = decide(one), decide(two)
        if noise != 0.0:
            first = flip(stream, first, noise)
            second = flip(stream, second, noise)
        advance(one, first, second)
        advance(two, second, first)


@kernel
def start(one: Player, two: Player, stream: int) -> None:
    """Reset both players and seed those that are stochastic, in order."""
    reset(one, two.my_plays)
    if one.stochastic:
        start_stream(one.stream, next_seed(stream))
    reset(two, one.my_plays)
    if two.stochastic:
        start_stream(two.stream, next_seed(stream))


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
