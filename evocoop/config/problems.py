"""Collects every mistake in an experiment file, each with file, line and key, and raises them at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from evocoop.core.errors import ConfigError, hint
from evocoop.core.locate import Path

MOST_LISTED = 30


def dotted(path: Sequence[str | int]) -> str:
    """Return a key path as it is written in messages.

    >>> dotted(("games", 1, "cost"))
    'games[1].cost'
    """
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


@dataclass
class Problems:
    """The mistakes found so far in one file.

    Args:
        file: the file's name, for the messages.
        lines: line of every key; a missing key is blamed on the nearest section that holds it.
        overrides: keys set on the command line, blamed there instead.
    """

    file: str
    lines: dict[Path, int] = field(default_factory=dict)
    overrides: dict[Path, str] = field(default_factory=dict)
    found: list[tuple[int, str]] = field(default_factory=list)

    def add(self, path: Path, message: str) -> None:
        """Note a mistake at a key."""
        key = dotted(path)
        where, line = self.place(path)
        text = f"{where}: {key}: {message}" if key else f"{where}: {message}"
        if (line, text) not in self.found:
            self.found.append((line, text))

    def unknown_key(self, path: Path, allowed: Sequence[str]) -> None:
        """Note a key that is not known in its section."""
        self.add(path, f"unknown key{hint(str(path[-1]), tuple(allowed), most=20)}")

    def place(self, path: Path) -> tuple[str, int]:
        """Return where a key stands, as ``file:line`` or the command-line option that set it, and its line."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.overrides:
                return self.overrides[path[:length]], 0
            if path[:length] in self.lines:
                line = self.lines[path[:length]]
                return f"{self.file}:{line}", line
        return f"{self.file}:1", 1

    def stop_if_any(self) -> None:
        """Raise ConfigError with every mistake found, in the order of the file."""
        if not self.found:
            return
        messages = [message for _, message in sorted(self.found, key=lambda item: item[0])]
        if len(messages) > MOST_LISTED:
            messages[MOST_LISTED:] = [f"{self.file}: … and {len(messages) - MOST_LISTED} more mistakes"]
        raise ConfigError(messages)
