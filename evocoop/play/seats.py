"""A seat is the memory of one player of a match: its record, those of its team, and all that hangs on them."""

from __future__ import annotations

import struct

import numpy as np
from numpy.typing import NDArray

from evocoop.strategies.draws import COLUMN_WORDS, FEW, fresh_streams
from evocoop.strategies.machines import SURE
from evocoop.strategies.plan import Plan, Setting
from evocoop.strategies.state import PLAYER

_FIXED = PLAYER.names[7:-4]  # type: ignore[index]
"""The fields that stay the same from match to match, in the order in which they are written."""
_FIRST = PLAYER.fields[_FIXED[0]][1]  # type: ignore[index]
_PACKED = struct.Struct("=" + "".join("d" if PLAYER[name].kind == "f" else "q" for name in _FIXED))


class Seat:
    """The memory of one player, laid out once and used for many matches.

    Args:
        plan: who sits here.
        setting: the game and the known length.
        turns: the most turns a match may have.
    """

    def __init__(self, plan: Plan, setting: Setting, turns: int) -> None:
        everyone = plan.everyone()
        self.plan = plan
        self._setting = setting
        self.records = np.zeros(len(everyone), dtype=PLAYER)
        self.plays = np.zeros((len(everyone), turns), dtype=np.uint8)
        self._streams = fresh_streams(len(everyone))
        self._blocks: list[NDArray[np.generic]] = []
        self.address = int(self.records.ctypes.data)
        """Where the player's record lives in memory."""
        self._write(everyone, setting, turns)

    @property
    def stream(self) -> NDArray[np.int64]:
        """The player's random stream."""
        return np.asarray(self._streams[0])

    @property
    def turn(self) -> int:
        """How many turns of the match have been played."""
        return int(self.records[0]["turn"])

    def take(self, plan: Plan) -> bool:
        """Give the seat to a plan of the same rule and size, and return whether it fits; quicker than a new seat.

        It is then played by its rule, whether it is a machine or not.
        """
        old = self.plan
        if plan.team or old.team or plan.rule is not old.rule or plan.store != old.store:
            return False
        numbers, (here, table, *_) = plan.numbers_in(self._setting), self._blocks
        if len(numbers) != len(here) or len(plan.table) != len(table):
            return False
        here[:] = numbers
        table[:] = plan.table
        self.records[0]["stochastic"] = plan.stochastic or plan.seeded
        self.records[0]["machine"] = self.records[0]["sure"] = 0
        self.plan = plan
        return True

    def _write(self, everyone: list[Plan], setting: Setting, turns: int) -> None:
        """Write all records: teams stand in one piece each, and may use what is their leader's."""
        first_plays, first_stream = int(self.plays.ctypes.data), int(self._streams.ctypes.data)
        plays = [first_plays + k * turns for k in range(len(everyone))]
        streams = [first_stream + k * self._streams.strides[0] for k in range(len(everyone))]
        first = 1
        for k, plan in enumerate(everyone):
            for inner in range(first, first + len(plan.team)):
                streams[inner] = streams[k] if plan.shares != "nothing" else streams[inner]
                plays[inner] = plays[k] if plan.shares == "everything" else plays[inner]
            _PACKED.pack_into(
                self.records.data,
                k * PLAYER.itemsize + _FIRST,
                *setting,
                plan.rule.address,
                self.address + k * PLAYER.itemsize,
                plan.stochastic or plan.seeded,
                streams[k],
                plays[k],
                first_plays,
                *self._hung(plan, setting, turns),
                self.address + first * PLAYER.itemsize,
                len(plan.team),
                0 if k else len(everyone),
            )
            first += len(plan.team)

    def _hung(self, plan: Plan, setting: Setting, turns: int) -> tuple[int, ...]:
        """Return where the blocks of memory are that a record points to, and what it says of them."""
        store = plan.store_for(turns)
        words = plan.machine_words(setting)
        wide = sum(inner.stochastic for inner in plan.team) >= FEW
        return (
            self._hang(np.array(plan.numbers_in(setting), dtype=np.float64)),
            self._hang(np.array(plan.table, dtype=np.int64)),
            self._hang(np.zeros(store, dtype=np.int64)),
            store,
            0 if words is None else self._hang(words),
            words is not None and not (words[:, 0] % SURE).any(),
            self._hang(np.empty(COLUMN_WORDS if wide else 0, dtype=np.int64)),
        )

    def _hang(self, block: NDArray[np.generic]) -> int:
        self._blocks.append(block)
        return int(block.ctypes.data) if block.size else 0
