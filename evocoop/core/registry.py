"""Explicit tables of named things: games, strategies, dynamics.

An entry says where its implementation lives as ``"module:attribute"`` and is loaded only when asked
for, so that listing and checking never import a compiler.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from evocoop.core.errors import UnknownNameError


@dataclass(frozen=True)
class Parameter:
    """One parameter of a registered thing.

    Args:
        name: the keyword it is given by.
        kind: ``"integer"``, ``"number"``, ``"probability"``, ``"boolean"``, ``"string"``, ``"matrix"``,
            ``"vector"``, ``"names"`` (a list of strings) or ``"table"`` (names with numbers).
        summary: one line: what it means, its symbol, its range.
        default: the value when it is left out; ``None`` with ``required`` true means there is none.
        required: whether it must be given.
        minimum: the smallest value allowed, if any; of each entry, where there are several.
        maximum: the largest value allowed, if any.
        choices: the allowed strings, if the kind is ``"string"`` and they are few.
    """

    name: str
    kind: str
    summary: str
    default: Any = None
    required: bool = False
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Entry:
    """One named thing: what it is, where it comes from, and where it lives.

    Args:
        name: the name it is looked up by.
        target: ``"module:attribute"``; the attribute is the factory or function.
        summary: one line that says what it is.
        citation: author, year, journal and pages of its source.
        parameters: what it can be given.
        behaviour_version: rises only when the numbers it gives may change.
        tags: free words for listing and filtering.
        check: for what does not fit every game, ``"module:attribute"`` of a function of the game, the names of its
            strategies and the parameters that raises InputError where it cannot be asked.
    """

    name: str
    target: str
    summary: str
    citation: str = ""
    parameters: tuple[Parameter, ...] = ()
    behaviour_version: int = 1
    tags: tuple[str, ...] = ()
    check: str = ""

    def load(self) -> Any:
        """Import and return the implementation."""
        return _imported(self.target)

    def refuse(self, game: Any, strategies: Sequence[str], parameters: Mapping[str, Any]) -> None:
        """Raise InputError when this cannot be asked of a game."""
        if self.check:
            _imported(self.check)(game, strategies, parameters)


@dataclass(frozen=True)
class Registry:
    """A table of entries of one kind, looked up by name, case-insensitively.

    Args:
        kind: the word used in messages, for example ``"game"``.
        entries: the entries, in the order they are listed.
    """

    kind: str
    entries: tuple[Entry, ...]
    _by_name: dict[str, Entry] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        table = {entry.name.casefold(): entry for entry in self.entries}
        if len(table) != len(self.entries):
            raise ValueError(f"two {self.kind} entries share a name")
        object.__setattr__(self, "_by_name", table)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.casefold() in self._by_name

    @property
    def names(self) -> tuple[str, ...]:
        """All names, in the order they are listed."""
        return tuple(entry.name for entry in self.entries)

    def find(self, name: str) -> Entry:
        """Return the entry of that name or raise UnknownNameError with the nearest one."""
        try:
            return self._by_name[name.casefold()]
        except (KeyError, AttributeError):
            raise UnknownNameError(self.kind, name, self.names) from None


def _imported(target: str) -> Any:
    module, _, attribute = target.partition(":")
    return getattr(importlib.import_module(module), attribute)
