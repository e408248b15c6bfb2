"""The memory of players: their records, those of their teams, and all that hangs on them."""

from __future__ import annotations

import copy
import struct
from collections.abc import Sequence
from itertools import accumulate
from operator import add
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
_WITHIN = ("address", "stream", "my_plays", "played", "store", "columns", "team")
"""The fields that hold a place in the row's own memory, or 0."""


class Row:
    """The memory of players side by side, laid out once and used for many matches.

    All of it is one array: the records, the streams, the plays, then what each record points to. Numbers, tables and
    machines belong to the plans.

    Args:
        plans: who sits here; None leaves a place empty.
        setting: the game and the known length.
        turns: the most turns a match may have.
    """

    def __init__(self, plans: Sequence[Plan | None], setting: Setting, turns: int) -> None:
        parties = [plan.everyone() if plan else [] for plan in plans]
        everyone = [one for party in parties for one in party]
        self.turns, count = turns, len(everyone)
        self._streams = count * _RECORD_WORDS
        self._plays = self._streams + count * STREAM_WORDS
        hung = self._plays + (count * turns + 7) // 8
        stores = [one.store_for(turns) for one in everyone]
        wide = [COLUMN_WORDS * _wide(one) for one in everyone]
        self.memory = np.zeros(hung + sum(stores) + sum(wide), dtype=np.int64)
        self._base = int(self.memory.ctypes.data)
        fresh_streams(self.memory[self._streams : self._plays].reshape(-1, STREAM_WORDS))
        self._leaders = np.array([0, *accumulate(map(len, parties))][:-1], dtype=np.int64)
        places = accumulate(map(add, stores, wide), initial=hung)
        hangs = [(self._base + 8 * place, *room) for place, *room in zip(places, stores, wide, strict=False)]
        for leader, party in zip(self._leaders.tolist(), parties, strict=True):
            if party:
                self._write(party, leader, setting, hangs[leader : leader + len(party)])

    @property
    def addresses(self) -> NDArray[np.int64]:
        """Where each player's record is in memory; empty places are nobody's; int64[n]."""
        return self._base + self._leaders * PLAYER.itemsize

    @property
    def plays_addresses(self) -> NDArray[np.int64]:
        """Where each player's plays are in memory; int64[n]."""
        return self._base + 8 * self._plays + self._leaders * self.turns

    def record_of(self, k: int) -> Any:
        """The record of a player."""
        return self.memory[: self._streams].view(PLAYER)[self._leaders[k]]

    def twin(self) -> Row:
        """Return a row of the same players that has not been played, if this one has not."""
        twin = copy.copy(self)
        twin.memory = self.memory.copy()
        twin._base = int(twin.memory.ctypes.data)
        records = twin.memory[: self._streams].view(PLAYER)
        for name in _WITHIN:
            places = records[name]
            places[places != 0] += twin._base - self._base
        return twin

    def _write(self, party: list[Plan], leader: int, setting: Setting, hangs: Sequence[Sequence[int]]) -> None:
        """Write the records of a player and its team: teams stand in one piece each, and may use what is the leader's.

        ``hangs`` says where the store of each is, of how many words, and how many columns are behind it.
        """
        ours = range(leader, leader + len(party))
        plays = [self._base + 8 * self._plays + k * self.turns for k in ours]
        streams = [self._base + 8 * (self._streams + k * STREAM_WORDS) for k in ours]
        played, first = plays[0], 1
        for k, plan in enumerate(party):
            for inner in range(first, first + len(plan.team)):
                streams[inner] = streams[k] if plan.shares != "nothing" else streams[inner]
                plays[inner] = plays[k] if plan.shares == "everything" else plays[inner]
            place, store, wide = hangs[k]
            _PACKED.pack_into(
                self.memory.data,
                (leader + k) * PLAYER.itemsize + _FIRST,
                *setting,
                plan.rule.address,
                self._base + (leader + k) * PLAYER.itemsize,
                plan.stochastic or plan.seeded,
                streams[k],
                plays[k],
                played,
                *plan.data_in(setting),
                place,
                store,
                *plan.machine_words(setting),
                place + 8 * store if wide else 0,
                self._base + (leader + first) * PLAYER.itemsize,
                len(plan.team),
                0 if k else len(party),
            )
            first += len(plan.team)


class Seat(Row):
    """The memory of one player.

    Args:
        plan: who sits here.
        setting: the game and the known length.
        turns: the most turns a match may have.
    """

    def __init__(self, plan: Plan, setting: Setting, turns: int) -> None:
        super().__init__([plan], setting, turns)
        self.plan, self._setting = plan, setting
        self.address = self._base
        """Where the player's record lives in memory."""
        self.plays_address = self._base + 8 * self._plays
        """Where its own plays do."""

    @property
    def record(self) -> Any:
        """The player's record."""
        return self.record_of(0)

    @property
    def plays(self) -> NDArray[np.uint8]:
        """Room for the player's own plays."""
        return self.memory[self._plays :].view(np.uint8)[: self.turns]

    @property
    def stream(self) -> NDArray[np.int64]:
        """The player's random stream."""
        return self.memory[self._streams : self._streams + STREAM_WORDS]

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


def _wide(plan: Plan) -> bool:
    """Return whether so many of a team draw that their streams are seeded side by side."""
    return sum(inner.stochastic for inner in plan.team) >= FEW
