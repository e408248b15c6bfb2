"""A seat is the memory of one player of a match: its record, those of its team, and all that hangs on them."""

from __future__ import annotations

import struct
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evocoop.strategies.draws import COLUMN_WORDS, FEW, STREAM_WORDS, fresh_streams
from evocoop.strategies.plan import Plan, Setting
from evocoop.strategies.state import PLAYER

_FIXED = PLAYER.names[7:-4]  # type: ignore[index]
"""The fields that stay the same from match to match, in the order in which they are written."""
_FIRST = PLAYER.fields[_FIXED[0]][1]  # type: ignore[index]
_PACKED = struct.Struct("=" + "".join("d" if PLAYER[name].kind == "f" else "q" for name in _FIXED))
_RECORD_WORDS = PLAYER.itemsize // 8


class Seat:
    """The memory of one player, laid out once and used for many matches.

    All of it is one array: the records, the streams, the plays, then what each record points to. Numbers, tables and
    machines belong to the plans.

    Args:
        plan: who sits here.
        setting: the game and the known length.
        turns: the most turns a match may have.
    """

    def __init__(self, plan: Plan, setting: Setting, turns: int) -> None:
        self.plan = plan
        self._setting, self._turns = setting, turns
        everyone = plan.everyone()
        self._count = len(everyone)
        self._streams = self._count * _RECORD_WORDS
        self._plays = self._streams + self._count * STREAM_WORDS
        hung = self._plays + (self._count * turns + 7) // 8
        stores = [one.store_for(turns) for one in everyone]
        wide = [COLUMN_WORDS * _wide(one) for one in everyone]
        self._memory = np.zeros(hung + sum(stores) + sum(wide), dtype=np.int64)
        self.address = int(self._memory.ctypes.data)
        """Where the player's record lives in memory."""
        fresh_streams(self._memory[self._streams : self._plays].reshape(-1, STREAM_WORDS))
        self._write(everyone, stores, wide, self.address + 8 * hung)

    @property
    def record(self) -> Any:
        """The player's record."""
        return self._memory[:_RECORD_WORDS].view(PLAYER)[0]

    @property
    def plays(self) -> NDArray[np.uint8]:
        """Room for the player's own plays."""
        return self._memory[self._plays :].view(np.uint8)[: self._turns]

    @property
    def plays_address(self) -> int:
        """Where they live in memory."""
        return self.address + 8 * self._plays

    @property
    def stream(self) -> NDArray[np.int64]:
        """The player's random stream."""
        return self._memory[self._streams : self._streams + STREAM_WORDS]

    @property
    def turn(self) -> int:
        """How many turns of the match have been played."""
        return int(self.record["turn"])

    def take(self, plan: Plan) -> bool:
        """Give the seat to another plan, and return whether it fits; quicker than a new seat.

        It is then played by its rule, whether it is a machine or not.
        """
        if plan.team or self.plan.team or plan.store != self.plan.store:
            return False
        record = self.record
        record["rule"] = plan.rule.address
        record["numbers"], record["table"] = plan.data_in(self._setting)
        record["stochastic"] = plan.stochastic or plan.seeded
        record["machine"] = record["sure"] = 0
        self.plan = plan
        return True

    def _write(self, everyone: list[Plan], stores: list[int], wide: list[int], hung: int) -> None:
        """Write all records: teams stand in one piece each, and may use what is their leader's."""
        plays = [self.plays_address + k * self._turns for k in range(self._count)]
        streams = [self.address + 8 * (self._streams + k * STREAM_WORDS) for k in range(self._count)]
        first = 1
        for k, plan in enumerate(everyone):
            for inner in range(first, first + len(plan.team)):
                streams[inner] = streams[k] if plan.shares != "nothing" else streams[inner]
                plays[inner] = plays[k] if plan.shares == "everything" else plays[inner]
            _PACKED.pack_into(
                self._memory.data,
                k * PLAYER.itemsize + _FIRST,
                *self._setting,
                plan.rule.address,
                self.address + k * PLAYER.itemsize,
                plan.stochastic or plan.seeded,
                streams[k],
                plays[k],
                self.plays_address,
                *plan.data_in(self._setting),
                hung,
                stores[k],
                *plan.machine_words(self._setting),
                hung + 8 * stores[k] if wide[k] else 0,
                self.address + first * PLAYER.itemsize,
                len(plan.team),
                0 if k else self._count,
            )
            first += len(plan.team)
            hung += 8 * (stores[k] + wide[k])


def _wide(plan: Plan) -> bool:
    """Return whether so many of a team draw that their streams are seeded side by side."""
    return sum(inner.stochastic for inner in plan.team) >= FEW
