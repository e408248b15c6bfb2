"""The loops of play: a turn, a match, a chunk of matches. Everything here runs compiled, for any strategies."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from evocoop.core.errors import InputError
from evocoop.core.jit import kernel, loader, storer
from evocoop.strategies.draws import (
    COLUMN_WORDS,
    COLUMNS,
    FEW,
    SEED_ROWS,
    STREAM_WORDS,
    WORDS,
    bits_after,
    fill_columns,
    first_bits,
    leave_bits,
    machine_play,
    next_double,
    next_seed,
    peek_bits,
    put_seed,
    seed_in_column,
    start_stream,
    take_column,
)
from evocoop.strategies.state import SIZE, Player, advance, count_defections, decide, player_at, see

_clear_word = storer("i8")
_read_word = loader("i8")
_read_play, _write_play = loader("u1"), storer("u1")
_GATHER: Final = 0x0102040810204080
"""Times eight bytes of one bit each: those bits, from the 56th on."""


@kernel
def reset(root: Player, their_plays: int) -> None:
    """Bring a player and its team to the start of a match against the owner of ``their_plays``."""
    for k in range(root.block):
        player = player_at(root.address + k * SIZE)
        player.turn = player.mine = player.theirs = 0
        player.cc = player.cd = player.dc = player.dd = player.state = 0
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
    """Play so many turns between two players that have been reset and seeded; see :func:`play_until_settled`."""
    period = play_until_settled(one, two, turns, noise, stream)
    if period:
        repeat(one, period, turns)
        repeat(two, period, turns)


@kernel
def repeat(player: Player, period: int, turns: int) -> None:
    """Write the plays of a match that has settled, up to so many turns."""
    for turn in range(player.turn, turns):
        _write_play(player.my_plays, turn, _read_play(player.my_plays, turn - period))


@kernel
def play_until_settled(one: Player, two: Player, turns: int, noise: float, stream: int) -> int:
    """Play so many turns, or fewer when the rest of the match is known; return the period of that rest, 0 if none.

    Two machines that never draw come back to a pair of states they have been in; from then on the last plays repeat.
    The players' ``turn`` says how many turns have been written.

    Raises:
        InputError: when a rule returns neither C nor D.
    """
    if one.machine and two.machine:
        if noise == 0.0 and one.sure and two.sure:
            return play_sure_machines(one, two, turns)
        play_machines(one, two, turns, noise, stream)
    elif noise != 0.0:
        play_noisily(one, two, turns, noise, stream)
    elif one.machine:
        play_machine_and_rule(one, two, turns)
    elif two.machine:
        play_machine_and_rule(two, one, turns)
    else:
        for _ in range(turns):
            first, second = decide(one), decide(two)
            check_plays(first | second)
            advance(one, first, second)
            advance(two, second, first)
    return 0


@kernel
def check_plays(plays: int) -> None:
    """Check that rules have returned C or D."""
    if plays & ~1:
        raise InputError("a rule returned neither C (0) nor D (1)")


@kernel
def play_noisily(one: Player, two: Player, turns: int, noise: float, stream: int) -> None:
    """Play two players, of which one at least is a rule, with noise."""
    for turn in range(turns):
        first = machine_play(one) if one.machine else decide(one)
        second = machine_play(two) if two.machine else decide(two)
        check_plays(first | second)
        first, second = flip(stream, first, noise), flip(stream, second, noise)
        note(one, turn, first, second)
        note(two, turn, second, first)


@kernel
def play_machine_and_rule(machine: Player, rule: Player, turns: int) -> None:
    """Play a machine and a rule, either of which may draw."""
    sure, state, here = machine.sure, 0, first_bits(machine.stream, machine.sure)
    for turn in range(turns):
        bound = _read_word(machine.machine, 8 * state)
        play = int(bound == 0) if sure else int(peek_bits(machine.stream, here) >= bound)
        here = here if sure else bits_after(machine.stream, here, bound)
        machine.turn = turn
        reply = decide(rule)
        check_plays(reply)
        _write_play(machine.my_plays, turn, play)
        state = _read_word(machine.machine, 8 * state + 1 + 2 * play + reply)
        advance(rule, reply, play)
    leave_bits(machine.stream, here, sure)
    machine.turn = turns


@kernel
def note(player: Player, turn: int, play: int, reply: int) -> None:
    """Let a player see one turn, and write its play."""
    if player.machine:
        _write_play(player.my_plays, turn, play)
        player.turn = turn + 1
        see(player, play, reply)
    else:
        advance(player, play, reply)


@kernel
def play_sure_machines(one: Player, two: Player, turns: int) -> int:
    """Play two machines that never draw until both states repeat; return the period, or 0 after all turns.

    Source: the search for a cycle of Brent 1980, BIT 20:176.
    """
    first, second, marked_first, marked_second, marked, far = 0, 0, 0, 0, 0, 1
    for turn in range(1, turns + 1):
        play = int(_read_word(one.machine, 8 * first) == 0)
        reply = int(_read_word(two.machine, 8 * second) == 0)
        _write_play(one.my_plays, turn - 1, play)
        _write_play(two.my_plays, turn - 1, reply)
        first = _read_word(one.machine, 8 * first + 1 + 2 * play + reply)
        second = _read_word(two.machine, 8 * second + 1 + 2 * reply + play)
        if first == marked_first and second == marked_second:
            one.turn = two.turn = turn
            return turn - marked
        if turn == far:
            marked_first, marked_second, marked, far = first, second, turn, 2 * far
    one.turn = two.turn = turns
    return 0


@kernel
def play_machines(one: Player, two: Player, turns: int, noise: float, stream: int) -> None:
    """Play two machines, of which some draw: no branch depends on a play, and what was not drawn for is not used up."""
    first, second = 0, 0
    here, there = first_bits(one.stream, one.sure), first_bits(two.stream, two.sure)
    for turn in range(turns):
        bound = _read_word(one.machine, 8 * first)
        play = int(peek_bits(one.stream, here) >= bound)
        here = bits_after(one.stream, here, bound)
        bound = _read_word(two.machine, 8 * second)
        reply = int(peek_bits(two.stream, there) >= bound)
        there = bits_after(two.stream, there, bound)
        if noise != 0.0:
            play = flip(stream, play, noise)
            reply = flip(stream, reply, noise)
        _write_play(one.my_plays, turn, play)
        _write_play(two.my_plays, turn, reply)
        first = _read_word(one.machine, 8 * first + 1 + 2 * play + reply)
        second = _read_word(two.machine, 8 * second + 1 + 2 * reply + play)
    leave_bits(one.stream, here, one.sure)
    leave_bits(two.stream, there, two.sure)
    one.turn = two.turn = turns


@kernel
def start(one: Player, two: Player, stream: int) -> None:
    """Reset both players and seed those that are stochastic, in order."""
    reset(one, two.my_plays)
    reset(two, one.my_plays)
    if one.stochastic:
        start_stream(one.stream, next_seed(stream))
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


@kernel
def tally(one: int, two: int, begin: int, end: int, times: int, joint: Any, moves: Any) -> None:
    """Count, so many times over, the joint plays of turns begin … end - 1, and the moves to each from the one before.

    63 turns of both players are packed into words of bits, whose overlaps are counted.
    """
    if begin >= end:
        return
    if begin == 0:
        joint[2 * _read_play(one, 0) + _read_play(two, 0)] += times
        begin = 1
    for first in range(begin - 1, end - 1, 62):
        count = min(63, end - first)
        mine, theirs = packed(one + first, count), packed(two + first, count)
        known = (1 << (count - 1)) - 1
        for last in range(4):
            before = known & (mine if last >> 1 else ~mine) & (theirs if last & 1 else ~theirs)
            for now in range(4):
                after = (mine if now >> 1 else ~mine) & (theirs if now & 1 else ~theirs)
                found = times * count_defections(before & (after >> 1), 62)
                moves[4 * last + now] += found
                joint[now] += found


@kernel
def packed(plays: int, count: int) -> int:
    """Return up to 63 plays as bits, the first the lowest; eight at once are gathered by a product."""
    word = 0
    for k in range(count >> 3):
        word |= ((_read_word(plays, k) * _GATHER >> 56) & 255) << (8 * k)
    for k in range(count & ~7, count):
        word |= _read_play(plays, k) << k
    return word


@kernel
def play_and_tally(one: Player, two: Player, turns: int, noise: float, stream: int, joint: Any, moves: Any) -> None:
    """Play a match and count its joint plays and moves; the rest of a match that has settled is counted, not played."""
    mine, theirs = one.my_plays, two.my_plays
    period = play_until_settled(one, two, turns, noise, stream)
    written = one.turn
    tally(mine, theirs, 0, written, 1, joint, moves)
    if period:
        left, known = turns - written, min(turns, written + period)
        repeat(one, period, known)
        repeat(two, period, known)
        tally(mine, theirs, written, known, left // period, joint, moves)
        tally(mine, theirs, written, written + left % period, 1, joint, moves)


CHUNK: Final = 0
REPETITION: Final = 1
DRAWN: Final = 2


@kernel
def deal(
    firsts: Any, seconds: Any, pairs: Any, seeds: Any, rules: Any, stream: int, room: int, repetitions: int,
    end: int, place: Any, early: Any, columns: int, hand: Any,
) -> int:  # fmt: skip
    """Deal the next matches up to chunk ``end``, so that the streams of many can be seeded side by side.

    Args:
        firsts: see :func:`play_chunks`, like all up to ``room``.
        repetitions: of each chunk.
        end: one past the last chunk.
        place: next chunk, its next repetition, the chunk up to which ``early`` holds seeds; int64[3], moved on here.
        early: seeds that match streams of which nothing else is drawn give, chunk after chunk; int64[COLUMNS, 2].
        columns: address of columns of streams, free to use.
        hand: chunk, repetition, length, seeds of both players; int64[COLUMNS, 5], filled here.

    Returns:
        How many matches; fewer than possible before one that needs more room, which is then in ``rules[3]``.
    """
    turns, prob_end, noise = rules[0], rules[1], rules[2]
    free = noise == 0.0 and prob_end == 0.0
    count, streams = 0, 0
    while place[CHUNK] < end and count < COLUMNS and streams < COLUMNS - 1:
        chunk, repetition, length = place[CHUNK], place[REPETITION], turns
        one, two = player_at(firsts[pairs[chunk, 0]]), player_at(seconds[pairs[chunk, 1]])
        chance = one.stochastic + two.stochastic
        seed, other = -1, -1
        if free and chance and repetitions == 1:
            if chunk >= place[DRAWN]:
                draw_early(seeds, chunk, min(chunk + COLUMNS, end), stream, columns, early)
                place[DRAWN] = chunk + COLUMNS
            row = chunk + COLUMNS - place[DRAWN]
            seed = early[row, 0] if one.stochastic else -1
            other = early[row, int(one.stochastic)] if two.stochastic else -1
        elif chance or not free:
            if repetition == 0:
                start_stream(stream, seeds[chunk])
            length = sample_turns(stream, prob_end, turns)
            if length <= room:
                seed = next_seed(stream) if one.stochastic else -1
                other = next_seed(stream) if two.stochastic else -1
        if length > room:
            rules[3] = length
            return count
        hand[count, 0], hand[count, 1], hand[count, 2], hand[count, 3], hand[count, 4] = (
            chunk, repetition, int(length), seed, other,
        )  # fmt: skip
        count += 1
        streams += chance
        over = repetition == repetitions - 1 or (free and chance == 0)
        place[CHUNK] += over
        place[REPETITION] = 0 if over else repetition + 1
        if noise != 0.0:
            break
    return count


@kernel
def draw_early(seeds: Any, begin: int, end: int, stream: int, columns: int, early: Any) -> None:
    """Fill in the first two seeds that the match streams of some chunks give."""
    wide = end - begin >= FEW
    if wide:
        for k in range(end - begin):
            put_seed(columns, k, seeds[begin + k])
        fill_columns(columns, SEED_ROWS)
    for k in range(end - begin):
        for which in range(2):
            early[k, which] = seed_in_column(columns, k, which) if wide else -1
        if early[k, 0] < 0 or early[k, 1] < 0:
            start_stream(stream, seeds[begin + k])
            early[k, 0], early[k, 1] = next_seed(stream), next_seed(stream)


def chunk_memory() -> NDArray[np.int64]:
    """Return the memory :func:`play_chunks` works in."""
    return np.zeros(STREAM_WORDS + COLUMN_WORDS, dtype=np.int64)


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
        stream: address of the match stream and of columns behind it, so many words as :func:`chunk_memory` gives.
        room: how many turns the players' memory holds.
        joint: counts of CC, CD, DC, DD as the first player sees them; int64[m, repetitions, 4], filled here.
        opening: the first joint play; uint8[m, repetitions], filled here.
        moves: counts of joint play to next joint play; int64[m, 16], filled here.
        begin: first chunk to play.
        end: one past the last.

    Returns:
        ``end``, or a chunk and the room it needs as ``-(chunk + 1)`` after writing the room to ``rules[3]``.
    """
    repetitions = joint.shape[1]
    place, early = np.array([begin, 0, begin]), np.empty((COLUMNS, 2), dtype=np.int64)
    hand, columns = np.empty((COLUMNS, 5), dtype=np.int64), stream + 8 * STREAM_WORDS
    while place[CHUNK] < end:
        dealt = deal(
            firsts, seconds, pairs, seeds, rules, stream, room, repetitions, end, place, early, columns, hand
        )  # fmt: skip
        wide = seed_hand(hand, dealt, columns)
        column = 0
        for match in range(dealt):
            chunk, repetition, length, seed, other = (
                hand[match, 0], hand[match, 1], hand[match, 2], hand[match, 3], hand[match, 4],
            )  # fmt: skip
            one, two = player_at(firsts[pairs[chunk, 0]]), player_at(seconds[pairs[chunk, 1]])
            column = start_dealt(one, two, seed, other, wide, columns, column)
            play_and_tally(one, two, length, rules[2], stream, joint[chunk, repetition], moves[chunk])
            if length:
                opening[chunk, repetition] = 2 * _read_play(one.my_plays, 0) + _read_play(two.my_plays, 0)
            if rules[1] == 0.0 and rules[2] == 0.0 and one.stochastic + two.stochastic == 0:
                copy_settled(joint[chunk], opening[chunk], moves[chunk])
        if rules[3] > room:
            chunk = place[CHUNK]
            joint[chunk] = 0
            moves[chunk] = 0
            return -(chunk + 1)  # type: ignore[no-any-return]
    return end


@kernel
def copy_settled(joint: Any, opening: Any, moves: Any) -> None:
    """Fill in the other repetitions of a match that is always the same."""
    for repetition in range(1, len(opening)):
        joint[repetition] = joint[0]
        opening[repetition] = opening[0]
    for cell in range(16):
        moves[cell] *= len(opening)


@kernel
def seed_hand(hand: Any, dealt: int, columns: int) -> bool:
    """Seed the streams of a hand side by side, each in a column of its own, and say whether it was worth it."""
    streams = 0
    for match in range(dealt):
        for side in range(3, 5):
            if hand[match, side] >= 0:
                put_seed(columns, streams, hand[match, side])
                streams += 1
    if streams < FEW:
        return False
    fill_columns(columns, WORDS)
    return True


@kernel
def start_dealt(one: Player, two: Player, seed: int, other: int, wide: bool, columns: int, column: int) -> int:
    """Reset both players and start the streams of those that are seeded, from this column on; return the next one."""
    reset(one, two.my_plays)
    reset(two, one.my_plays)
    if seed >= 0:
        take_stream(one.stream, seed, wide, columns, column)
        column += 1
    if other >= 0:
        take_stream(two.stream, other, wide, columns, column)
        column += 1
    return column


@kernel
def take_stream(stream: int, seed: int, wide: bool, columns: int, column: int) -> None:
    """Start a player's stream, from its column if it has been seeded there."""
    if wide:
        take_column(columns, column, stream)
    else:
        start_stream(stream, seed)


@kernel
def draw_seeds(seed: int, stream: int, seeds: Any) -> None:
    """Fill ``seeds`` with the seeds of chunks that the library draws from the seed of a tournament."""
    start_stream(stream, seed)
    for chunk in range(len(seeds)):
        seeds[chunk] = next_seed(stream)
