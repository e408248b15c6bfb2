"""One match between two players, equal to the Axelrod library's at the same seed."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from evocoop.core.errors import InputError
from evocoop.play.kernels import play_once
from evocoop.play.seats import Seat
from evocoop.strategies.draws import STREAM_WORDS, start_stream
from evocoop.strategies.plan import Plan, Setting

MOST_TURNS = 20_000_000
LETTERS = np.frombuffer(b"CD", dtype=np.uint8)


def play_plans(
    one: Plan, two: Plan, *, turns: float, seed: int, noise: float = 0.0, prob_end: float = 0.0, setting: Setting
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Return the plays of both players, 0 for C and 1 for D."""
    stream = np.zeros(STREAM_WORDS, dtype=np.int64)
    room = int(turns) if math.isfinite(turns) else 1024
    while True:
        seats = Seat(one, setting, room), Seat(two, setting, room)
        start_stream(stream.ctypes.data, seed)
        length = play_once(seats[0].address, seats[1].address, turns, prob_end, noise, stream.ctypes.data, room)
        if length >= 0:
            return seats[0].plays[0, :length].copy(), seats[1].plays[0, :length].copy()
        room = -length
        if room > MOST_TURNS:
            raise InputError(f"the match would last {room} turns; at most {MOST_TURNS} are played")
