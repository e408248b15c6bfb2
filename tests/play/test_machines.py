"""Strategies played from the tables of their machines play as their rules do, and hands of matches as single ones."""

import numpy as np
import pytest

from evocoop.core.jit import kernel
from evocoop.play.kernels import chunk_memory, play_chunks, play_once, play_until_settled, reset, tally
from evocoop.play.seats import Seat
from evocoop.strategies.draws import STREAM_WORDS, machine_play, next_double, start_stream
from evocoop.strategies.machines import SURE, Machine
from evocoop.strategies.plan import Setting
from evocoop.strategies.registry import catalogue
from evocoop.strategies.resolve import plan_of
from evocoop.strategies.state import advance, decide, player_at, see

SPECS = ["GTFT(p=0.2)", "Cycler(cycle='DDCCD')", "Random(p=0.9)", "NaiveProber(p=1)", "ReactivePlayer([0.3, 1e-17])"]
NAMED = [row.key for row in catalogue().values() if row.native and row.keeps_rules and not row.is_team]
MACHINES = [name for name in NAMED + SPECS if plan_of(name).machine_in(Setting()) is not None]


@kernel
def _compare(by_rule, by_table, seed, letters):
    """Return the turn at which rule and table differ on a history of joint plays, or -1; then the draws must agree."""
    rule, table = player_at(by_rule), player_at(by_table)
    reset(rule, table.my_plays)
    reset(table, rule.my_plays)
    start_stream(rule.stream, seed)
    start_stream(table.stream, seed)
    for turn in range(len(letters)):
        mine, theirs = letters[turn] >> 1, letters[turn] & 1
        if decide(rule) != machine_play(table):
            return turn
        advance(rule, mine, theirs)
        see(table, mine, theirs)
        advance(table, theirs, mine)  # writes the opponent's play, which the rule may read
    return -1 if next_double(rule.stream) == next_double(table.stream) else len(letters)


def test_seventy_strategies_and_more_are_machines_by_their_making():
    assert len(MACHINES) >= 75
    assert {"TitForTat", "Defector", "EvolvedFSM16", "GTFT", "ZDExtort2", "EvolvedLookerUp2_2_2"} <= set(MACHINES)


@pytest.mark.parametrize("name", MACHINES)
def test_a_machine_plays_as_its_rule_does(name):
    """On histories of every mix of joint plays, whatever the machine itself would have played, draw for draw."""
    plan, dice = plan_of(name), np.random.default_rng(3)
    seats = [Seat(plan, Setting(), 400) for _ in range(2)]
    for seed in range(30):
        letters = dice.choice(4, 300, p=dice.dirichlet([0.4] * 4))
        assert _compare(seats[0].address, seats[1].address, seed, letters) == -1


def _counts(names, plain, rules, seeds, room=400):
    """Return what play_chunks counts for all pairs, by rules alone where ``plain``."""
    seats = [[Seat(plan_of(name), Setting(), room) for name in names] for _ in range(2)]
    for seat in (one for side in seats for one in side if plain):
        seat.record["machine"] = 0
    firsts, seconds = (np.array([seat.address for seat in side]) for side in seats)
    pairs = np.array([(i, j) for i in range(len(names)) for j in range(i, len(names))])
    repetitions, *said = rules
    joint, opening = np.zeros((len(pairs), repetitions, 4), np.int64), np.zeros((len(pairs), repetitions), np.uint8)
    moves, stream = np.zeros((len(pairs), 16), np.int64), chunk_memory()
    done = play_chunks(
        firsts, seconds, pairs, np.arange(len(pairs)) + seeds, np.array([*said, 0.0]), stream.ctypes.data, room,
        joint, opening, moves, 0, len(pairs),
    )  # fmt: skip
    assert done == len(pairs)
    return joint, opening, moves, (seats, pairs)


MIXED = ["TitForTat", "EvolvedFSM16", "GTFT", "Random", "CyclerCCCDCD", "TF1", "Grudger", "FirstByJoss", "Adaptive",
         "MetaMajorityMemoryOne", "ZDExtort2", "EvolvedLookerUp1_1_1", "SecondByChampion", "Calculator"]  # fmt: skip


@pytest.mark.parametrize(
    "rules", [(1, 200, 0, 0), (1, 1, 0, 0), (1, 7, 0, 0), (3, 33, 0, 0), (5, 50, 0, 0.1), (20, 300, 0.05, 0)]
)
def test_tables_change_nothing(rules):
    for found, expected in zip(_counts(MIXED, False, rules, 5)[:3], _counts(MIXED, True, rules, 5)[:3], strict=True):
        assert found.tolist() == expected.tolist()


@pytest.mark.parametrize(
    "rules", [(1, 60, 0, 0), (30, 20, 0, 0), (4, 60, 0, 0.05), (9, 300, 0.05, 0), (2, 300, 0.1, 0.1)]
)
def test_a_hand_of_matches_is_played_as_one_by_one(rules):
    """One match after the other on the chunk's stream, each player seeded alone, everything counted turn by turn."""
    joint, opening, moves, (seats, pairs) = _counts(MIXED, False, rules, 11)
    stream = np.zeros(STREAM_WORDS, np.int64)
    for chunk, (i, j) in enumerate(pairs):
        one, two = seats[0][i], seats[1][j]
        start_stream(stream.ctypes.data, chunk + 11)
        seen = np.zeros(16, np.int64)
        for repetition in range(rules[0]):
            length = play_once(one.address, two.address, *rules[1:], stream.ctypes.data, 400)
            plays = 2 * one.plays[:length].astype(int) + two.plays[:length]
            assert joint[chunk, repetition].tolist() == np.bincount(plays, minlength=4).tolist()
            assert length == 0 or opening[chunk, repetition] == plays[0]
            seen += np.bincount(4 * plays[:-1] + plays[1:], minlength=16)
        assert moves[chunk].tolist() == seen.tolist()


@pytest.mark.parametrize(
    "pair", [("TF1", "EvolvedFSM16Noise05"), ("CyclerCCCDCD", "CyclerDDC"), ("Defector", "TitForTat")]
)
def test_a_match_that_settles_repeats_its_last_plays(pair):
    seats = [Seat(plan_of(name), Setting(), 500) for name in pair]
    _reset(seats[0].address, seats[1].address)
    period = _settle(seats[0].address, seats[1].address, 500)
    written = seats[0].turn
    assert 0 < period <= written < 200
    known = seats[0].plays.copy(), seats[1].plays.copy()
    for seat in seats:
        seat.record["machine"] = 0
    _reset(seats[0].address, seats[1].address)
    assert _settle(seats[0].address, seats[1].address, 500) == 0
    for seat, early in zip(seats, known, strict=True):
        assert seat.plays[:written].tolist() == early[:written].tolist()
        assert seat.plays[written:].tolist() == seat.plays[written - period : -period].tolist()


def test_draws_go_on_where_a_match_ended():
    """After a match by tables the players' streams stand where they stand after one by rules."""
    left = []
    for plain in (False, True):
        seats = [Seat(plan_of(name), Setting(), 400) for name in ("GTFT", "Random")]
        for seat in seats if plain else ():
            seat.record["machine"] = 0
        stream = np.zeros(STREAM_WORDS, np.int64)
        start_stream(stream.ctypes.data, 3)
        play_once(seats[0].address, seats[1].address, 400.0, 0.0, 0.0, stream.ctypes.data, 400)
        left.append([_next(seat.stream.ctypes.data) for seat in seats])
    assert left[0] == left[1]


@kernel
def _next(stream):
    return next_double(stream)


@kernel
def _reset(first, second):
    one, two = player_at(first), player_at(second)
    reset(one, two.my_plays)
    reset(two, one.my_plays)


@kernel
def _settle(first, second, turns):
    return play_until_settled(player_at(first), player_at(second), turns, 0.0, 0)


def test_parts_of_a_match_are_counted_so_many_times():
    dice = np.random.default_rng(1)
    one, two = dice.integers(0, 2, (2, 100)).astype(np.uint8)
    plays = 2 * one.astype(int) + two
    for begin, end in ((0, 100), (0, 1), (1, 2), (37, 85), (50, 50)):
        joint, moves = np.zeros(4, np.int64), np.zeros(16, np.int64)
        tally(one.ctypes.data, two.ctypes.data, begin, end, 3, joint, moves)
        before = max(begin, 1)
        steps = 4 * plays[before - 1 : max(end - 1, before - 1)] + plays[before : max(end, before)]
        assert joint.tolist() == (3 * np.bincount(plays[begin:end], minlength=4)).tolist()
        assert moves.tolist() == (3 * np.bincount(steps, minlength=16)).tolist()


def test_bounds_of_a_table_are_whole_numbers_that_a_draw_is_compared_with():
    words = Machine((0.0, 1.0, 0.5, 1e-300, 1 - 2**-53), ((0, 0, 0, 0),) * 5).words()
    assert words[:, 0].tolist() == [0, SURE, SURE // 2, 1, SURE - 1]
