"""Where does each key of a TOML text stand?

``tomllib`` gives values without positions, so this small scanner walks a text that ``tomllib`` has already accepted and
notes the line of every key and array element, under the path by which it is reached in the parsed data.
"""

from __future__ import annotations

import tomllib

Path = tuple[str | int, ...]


def key_lines(text: str) -> dict[Path, int]:
    """Return the line (from 1) of every key and array element of a valid TOML text.

    >>> key_lines('[game]\\ncost = 1')
    {('game',): 1, ('game', 'cost'): 2}
    """
    return _Scanner(text.replace("\r\n", "\n")).scan()


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text, self.at, self.line = text, 0, 1
        self.lines: dict[Path, int] = {}
        self.arrays: dict[Path, int] = {}

    def scan(self) -> dict[Path, int]:
        table: Path = ()
        self.blank()
        while self.at < len(self.text):
            if self.peek() == "[":
                table = self.header()
            else:
                self.pair(table)
            self.blank()
        return self.lines

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def step(self, count: int = 1) -> None:
        self.line += self.text.count("\n", self.at, self.at + count)
        self.at += count

    def blank(self) -> None:
        """Skip spaces, line ends and comments."""
        while self.at < len(self.text):
            if self.peek() in " \t\n\r":
                self.step()
            elif self.peek() == "#":
                end = self.text.find("\n", self.at)
                self.step((end if end >= 0 else len(self.text)) - self.at)
            else:
                return

    def spaces(self) -> None:
        while self.peek() in (" ", "\t"):
            self.step()

    def header(self) -> Path:
        line, many = self.line, self.text.startswith("[[", self.at)
        self.step(2 if many else 1)
        path = self.resolve(self.key())
        self.step(2 if many else 1)
        if many:
            number = self.arrays.get(path, -1) + 1
            self.arrays[path] = number
            self.note(path, line)
            path = (*path, number)
        self.note(path, line)
        return path

    def resolve(self, key: list[str]) -> Path:
        """Return the path of a header's key, stepping into the last element of every array of tables on the way."""
        path: Path = ()
        for depth, part in enumerate(key):
            path = (*path, part)
            if path in self.arrays and depth < len(key) - 1:
                path = (*path, self.arrays[path])
        return path

    def pair(self, table: Path) -> None:
        line, path = self.line, table
        for part in self.key():
            path = (*path, part)
            self.note(path, line)
        self.step()  # the equals sign
        self.spaces()
        self.value(path)

    def note(self, path: Path, line: int) -> None:
        self.lines.setdefault(path, line)

    def key(self) -> list[str]:
        """Read a dotted key and stop at what follows it."""
        parts = []
        while True:
            self.spaces()
            if self.peek() in ("'", '"'):
                start = self.at
                self.string()
                parts.append(tomllib.loads(f"k = {self.text[start : self.at]}")["k"])
            else:
                start = self.at
                while self.peek() and (self.peek().isalnum() or self.peek() in "_-"):
                    self.step()
                parts.append(self.text[start : self.at])
            self.spaces()
            if self.peek() != ".":
                return parts
            self.step()

    def value(self, path: Path) -> None:
        opening = self.peek()
        if opening in ("'", '"'):
            self.string()
        elif opening == "[":
            self.array(path)
        elif opening == "{":
            self.inline_table(path)
        else:
            while self.peek() and self.peek() not in ",]}#\n":
                self.step()

    def string(self) -> None:
        quote = self.peek()
        long = self.text.startswith(quote * 3, self.at)
        closing = quote * 3 if long else quote
        self.step(len(closing))
        while self.at < len(self.text) and not self.text.startswith(closing, self.at):
            self.step(2 if quote == '"' and self.peek() == "\\" else 1)
        self.step(len(closing))
        while long and self.peek() == quote:  # a long string may end in up to two quotes of its own
            self.step()

    def array(self, path: Path) -> None:
        self.step()
        self.blank()
        number = 0
        while self.at < len(self.text) and self.peek() != "]":
            self.note((*path, number), self.line)
            self.value((*path, number))
            number += 1
            self.comma()
        self.step()

    def inline_table(self, path: Path) -> None:
        self.step()
        self.blank()
        while self.at < len(self.text) and self.peek() != "}":
            self.pair(path)
            self.comma()
        self.step()

    def comma(self) -> None:
        self.blank()
        if self.peek() == ",":
            self.step()
            self.blank()
