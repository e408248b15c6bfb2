"""A seat is the memory of one player of a match: its record, those of its team, and all that hangs on them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from evocoop.strategies.draws import STREAM_WORDS, start_stream
from evocoop.strategies.plan import Plan, Setting
from evocoop.strategies.state import PLAYER


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
        self._streams = np.zeros((len(everyone), STREAM_WORDS), dtype=np.int64)
        self._blocks: list[NDArray[np.generic]] = []
        self._set_all(everyone, setting, turns)
        self._link_teams(everyone)

    @property
    def address(self) -> int:
        """Where the player's record lives in memory."""
        return int(self.records.ctypes.data)

    @property
    def stream(self) -> NDArray[np.int64]:
        """The player's random stream."""
        return np.asarray(self._streams[0])

    @property
    def turn(self) -> int:
        """How many turns of the match have been played."""
        return int(self.records[0]["turn"])

    def take(self, plan: Plan) -> bool:
        """Give the seat to a plan of the same rule and size, and return whether it fits; quicker than a new seat."""
        old = self.plan
        if plan.team or old.team or plan.rule is not old.rule or plan.store != old.store:
            return False
        numbers, (here, table, _) = plan.numbers_in(self._setting), self._blocks
        if len(numbers) != len(here) or len(plan.table) != len(table):
            return False
        here[:] = numbers
        table[:] = plan.table
        self.records[0]["stochastic"] = plan.stochastic or plan.seeded
        self.plan = plan
        return True

    def _set_all(self, everyone: list[Plan], setting: Setting, turns: int) -> None:
        own = self.address
        for k, (plan, record) in enumerate(zip(everyone, self.records, strict=True)):
            record["rule"] = plan.rule.address
            record["address"] = own + k * PLAYER.itemsize
            record["my_plays"] = self.plays[k].ctypes.data
            record["played"] = self.plays[0].ctypes.data
            for field, value in zip(("reward", "sucker", "temptation", "punishment", "length"), setting, strict=True):
                record[field] = value
            record["numbers"] = self._hang(np.array(plan.numbers_in(setting), dtype=np.float64))
            record["table"] = self._hang(np.array(plan.table, dtype=np.int64))
            record["store_words"] = plan.store_for(turns)
            record["store"] = self._hang(np.zeros(plan.store_for(turns), dtype=np.int64))
            record["stochastic"] = plan.stochastic or plan.seeded
            record["stream"] = self._streams[k].ctypes.data
            start_stream(record["stream"], 0)
        self.records[0]["block"] = len(everyone)

    def _link_teams(self, everyone: list[Plan]) -> None:
        first = 1
        for plan, record in zip(everyone, self.records, strict=True):
            record["members"] = len(plan.team)
            record["team"] = self.address + first * PLAYER.itemsize
            for inner in self.records[first : first + len(plan.team)]:
                if plan.shares != "nothing":
                    inner["stream"] = record["stream"]
                if plan.shares == "everything":
                    inner["my_plays"] = record["my_plays"]
            first += len(plan.team)

    def _hang(self, block: NDArray[np.generic]) -> int:
        self._blocks.append(block)
        return int(block.ctypes.data)
