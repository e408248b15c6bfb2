"""A plan is one instance of a strategy, ready to play: a rule and the data it works on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from evocoop.core.errors import InputError
from evocoop.core.jit import address_of, stored_address_of
from evocoop.strategies.machines import SURE, Machine
from evocoop.strategies.state import PLAYER, Player


class Setting(NamedTuple):
    """What players know of a match before it starts: the game's payoffs and the length (inf by chance, -1 unknown)."""

    R: float = 3.0
    S: float = 0.0
    T: float = 5.0
    P: float = 1.0
    length: float = -1.0


class Rule:
    """A function from a player's record to its next play, compiled when it is first used."""

    def __init__(self, function: Callable[[Player], int]) -> None:
        self.function = function
        self.machine_of: MachineOf | None = None
        self.__doc__ = function.__doc__
        self.__name__ = function.__name__

    def __repr__(self) -> str:
        return f"<rule {self.function.__module__}.{self.__name__}>"

    @cached_property
    def address(self) -> int:
        """Where the compiled function lives in memory."""
        return address_of(self.function, PLAYER)

    def read(self, machine_of: MachineOf) -> MachineOf:
        """Mark a function that gives the machine which a plan of this rule is, from the plan and its numbers."""
        self.machine_of = machine_of
        return machine_of

    def load(self) -> bool:
        """Take the compiled function from the disk cache if it is there, and return whether it is compiled."""
        if "address" not in vars(self):
            found = stored_address_of(self.function, PLAYER)
            if found is not None:
                vars(self)["address"] = found
        return "address" in vars(self)


def rule(function: Callable[[Player], int]) -> Rule:
    """Mark a function of a player's record as a rule."""
    return Rule(function)


Numbers = tuple[float, ...]
MachineOf = Callable[["Plan", Numbers], "Machine | None"]


@dataclass(frozen=True)
class Plan:
    """One instance of a strategy.

    Args:
        rule: decides each play.
        stochastic: whether the library classifies this instance as stochastic, so that the match seeds its stream.
        numbers: doubles for ``number(me, k)``; or a function of the setting that gives them, called once per match.
        table: integers for ``entry(me, k)``.
        store: words of 64 bits for ``stored``/``keep``, all 0 when the match starts; or a function of the most turns.
        team: plans of the players this one consults, reached by ``member(me, k)``.
        shares: what the team uses of this player's: nothing (each member has its own history and its own stream),
            its random stream, or everything (stream and history: the team stands in this player's own place).
        seeded: whether the match seeds its stream although the library classifies it as not stochastic.
    """

    rule: Rule
    stochastic: bool = False
    numbers: Numbers | Callable[[Setting], Numbers] = ()
    table: tuple[int, ...] = ()
    store: int | Callable[[int], int] = 0
    team: tuple[Plan, ...] = ()
    shares: Literal["nothing", "stream", "everything"] = "nothing"
    seeded: bool = False

    def numbers_in(self, setting: Setting) -> Numbers:
        """Return the numbers of this instance for one setting.

        Raises:
            InputError: when the strategy is not defined for the payoffs of this game.
        """
        if not callable(self.numbers):
            return self.numbers
        try:
            return self.numbers(setting)
        except (ZeroDivisionError, ValueError) as error:
            payoffs = ", ".join(f"{value:g}" for value in setting[:4])
            raise InputError(
                f"a player by the rule {self.rule.__name__} is not defined for the payoffs {payoffs}: {error}"
            ) from None

    def machine_in(self, setting: Setting) -> Machine | None:
        """Return the machine this instance is in one setting, or None when its rule names none."""
        read = self.rule.machine_of
        return read(self, self.numbers_in(setting)) if read else None

    def data_in(self, setting: Setting) -> tuple[int, int]:
        """Return where in memory the numbers and the table of this instance are, for one setting; 0 if there are none.

        They are there as long as the plan is.
        """
        known, key = self._known("data"), setting if callable(self.numbers) else None
        if key not in known:
            numbers = np.array(self.numbers_in(setting), dtype=np.float64)
            table = np.array(self.table, dtype=np.int64)
            known.setdefault(key, (_address(numbers), _address(table), numbers, table))
        numbers_address, table_address, *_ = known[key]
        return numbers_address, table_address

    def machine_words(self, setting: Setting) -> tuple[int, bool]:
        """Return where the table of that machine is, as a compiled loop reads it, or 0; and whether it never draws."""
        known, key = self._known("machines"), setting if callable(self.numbers) else None
        if key not in known:
            machine = self.machine_in(setting)
            words = machine.words() if machine else np.empty((0, 8), dtype=np.int64)
            known.setdefault(key, (_address(words), len(words) > 0 and not (words[:, 0] % SURE).any(), words))
        address, sure, _ = known[key]
        return address, sure

    def _known(self, what: str) -> dict[Setting | None, Any]:
        """Return what is kept for each setting; threads share it, and nothing in it is ever replaced."""
        return vars(self).setdefault(f"_{what}", {})  # type: ignore[no-any-return]

    def store_for(self, turns: int) -> int:
        """Return the words of store needed for matches of up to so many turns."""
        return self.store(turns) if callable(self.store) else self.store

    def compile(self) -> None:
        """Compile whatever this plan needs, or load it from the disk cache."""
        for plan in self.everyone():
            plan.rule.address  # noqa: B018

    def everyone(self) -> list[Plan]:
        """Return this plan and all plans under it, each team in one piece, this plan first."""
        found = [self]
        for plan in found:
            found.extend(plan.team)
        return found


def _address(block: NDArray[np.generic]) -> int:
    return int(block.ctypes.data) if block.size else 0


Factory = Callable[..., Plan]
Strategies = dict[str, Plan | Factory]
