"""How a strategy is named: ``TitForTat``, ``GTFT(p=0.2)``, ``MetaMixer(team=[TitForTat, GTFT(0.1)])``.

The text is parsed by a small grammar and never evaluated::

    spec   = name [ "(" [ value-or-pair { "," value-or-pair } ] ")" ]
    pair   = word "=" value
    value  = number [ "/" number ] | "text" | word | spec | "(" values ")" | "[" values "]"
    word   = True, False, None, inf, C or D, or the name of a strategy

A name may be the library's class name or its display name (``ZD-Extort-2``). Actions are the texts ``"C"`` and ``"D"``.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from evocoop.core.errors import InputError

_TOKEN = re.compile(
    r"\s*(?:(?P<number>[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)|(?P<text>\"[^\"]*\"|'[^']*')"
    r"|(?P<word>[A-Za-z_]\w*)|(?P<mark>[()\[\],=/]))"
)
_WORDS: dict[str, Any] = {"True": True, "False": False, "None": None, "inf": math.inf, "C": "C", "D": "D"}

DEEPEST = 64


@dataclass(frozen=True)
class Spec:
    """A strategy's name and the arguments it is given.

    Args:
        name: class name or display name.
        positional: arguments given by position.
        named: arguments given by name, in the order given.
    """

    name: str
    positional: tuple[Any, ...] = ()
    named: tuple[tuple[str, Any], ...] = ()

    def __str__(self) -> str:
        arguments = [_text(value) for value in self.positional]
        arguments += [f"{name}={_text(value)}" for name, value in self.named]
        return f"{self.name}({', '.join(arguments)})" if arguments else self.name


def parse(text: str) -> Spec:
    """Return the spec a text stands for.

    Raises:
        InputError: when the text does not follow the grammar; the message shows where.

    >>> parse("GTFT(p=1/3)").named
    (('p', 0.3333333333333333),)
    >>> str(parse("Cycler( 'CCD' )"))
    "Cycler('CCD')"
    """
    name, bracket, _ = text.strip().partition("(")
    if not name.strip():
        raise InputError(f"a strategy must have a name, not {text!r}")
    if not bracket:
        return Spec(name.strip())
    if max(accumulate((mark in "([") - (mark in ")]") for mark in text)) > DEEPEST:
        raise InputError(f"cannot read a strategy whose brackets stand more than {DEEPEST} deep")
    reader = _Reader(text, text.index("(") + 1)
    spec = reader.arguments(name.strip())
    reader.finish()
    return spec


class _Reader:
    """Reads one text from left to right."""

    def __init__(self, text: str, place: int) -> None:
        self.text, self.place = text, place

    def peek(self) -> tuple[str, str]:
        found = _TOKEN.match(self.text, self.place)
        if found is None or found.lastgroup is None:
            return "", self.text[self.place :].strip()[:1]
        return found.lastgroup, found[found.lastgroup]

    def take(self) -> tuple[str, str]:
        kind, token = self.peek()
        if not kind:
            raise self.wrong("a value" if token else "a closing bracket")
        found = _TOKEN.match(self.text, self.place)
        self.place = found.end() if found else self.place
        return kind, token

    def wrong(self, expected: str) -> InputError:
        before = self.text[: self.place].rstrip()
        return InputError(f"cannot read the strategy {self.text!r}: expected {expected} after {before!r}")

    def finish(self) -> None:
        if self.text[self.place :].strip():
            raise self.wrong("the end")

    def arguments(self, name: str) -> Spec:
        positional: list[Any] = []
        named: dict[str, Any] = {}
        while self.peek()[1] != ")":
            mark = self.place
            kind, token = self.take()
            if kind == "word" and self.peek()[1] == "=":
                self.take()
                if token in named:
                    raise InputError(f"cannot read the strategy {self.text!r}: {token} is given twice")
                named[token] = self.value()
            elif named:
                raise self.wrong("name=value (after a named argument)")
            else:
                self.place = mark
                positional.append(self.value())
            self.comma(")")
        self.take()
        return Spec(name, tuple(positional), tuple(named.items()))

    def comma(self, end: str) -> None:
        if self.peek()[1] == ",":
            self.take()
        elif self.peek()[1] != end:
            raise self.wrong(f"',' or {end!r}")

    def value(self) -> Any:
        kind, token = self.take()
        if kind == "number":
            return self.ratio(_number(token))
        if kind == "text":
            return token[1:-1]
        if kind == "word":
            if self.peek()[1] == "(":
                self.take()
                return self.arguments(token)
            return _WORDS.get(token, Spec(token))
        if token in ("(", "["):
            return self.values(")" if token == "(" else "]")
        raise self.wrong("a value")

    def ratio(self, number: float) -> float:
        if self.peek()[1] != "/":
            return number
        self.take()
        kind, token = self.take()
        if kind != "number" or not _number(token):
            raise self.wrong("a number other than 0")
        return number / _number(token)

    def values(self, end: str) -> Any:
        found = []
        while self.peek()[1] != end:
            found.append(self.value())
            self.comma(end)
        self.take()
        return tuple(found) if end == ")" else found


def _number(token: str) -> int | float:
    return int(token) if re.fullmatch(r"[-+]?\d+", token) else float(token)


def _text(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        inner = ", ".join(_text(item) for item in value)
        return f"[{inner}]" if isinstance(value, list) else f"({inner}{',' if len(value) == 1 else ''})"
    return str(value) if isinstance(value, Spec) else repr(value)
