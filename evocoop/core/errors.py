"""Every error evocoop raises on purpose, and the checks that raise them.

EvocoopError
├── InputError            what was asked is wrong: names the argument, what is allowed and the nearest valid name
│   ├── UnknownNameError  a name that is in no table
│   ├── StrategyError     a strategy that does not work: it raises, or plays neither C nor D
│   └── ConfigError       mistakes in an experiment file, all of them at once
├── RunError              a run directory cannot be used as asked
└── NumericalError        an answer would not be trustworthy, so none is given
"""

from __future__ import annotations

import difflib
import math
import operator
from collections.abc import Iterable, Sequence
from typing import SupportsFloat, SupportsIndex


class EvocoopError(Exception):
    """The root of every error raised on purpose; its text is one clear message."""


class InputError(EvocoopError, ValueError):
    """An argument, key or file that cannot be accepted."""


class UnknownNameError(InputError):
    """A name that is in no table.

    Args:
        kind: what the name should have named, for example ``"strategy"``.
        name: the name that was given.
        choices: all valid names.
    """

    def __init__(self, kind: str, name: object, choices: Iterable[str]) -> None:
        self.kind, self.name, self.choices = kind, name, tuple(choices)
        super().__init__(f"unknown {kind} {name!r}{hint(str(name), self.choices)}")


class StrategyError(InputError):
    """A strategy that does not work.

    Args:
        strategy: which, as it was asked for.
        said: what it did, with the opponent and the turn where they are known.
    """

    def __init__(self, strategy: str, said: str) -> None:
        self.strategy = strategy
        super().__init__(f"{strategy} {said}")


class ConfigError(InputError):
    """All mistakes found in one experiment file, one line each.

    Args:
        problems: one message per mistake, each naming file, line and key.
    """

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


class RunError(EvocoopError):
    """A run directory that cannot be used as asked."""


class NumericalError(EvocoopError, ArithmeticError):
    """A computation whose answer could not be trusted and is therefore refused."""


def nearest(name: str, choices: Iterable[str]) -> str | None:
    """Return the choice that looks most like ``name``, or None when none does.

    >>> nearest("TitForTatt", ["TitForTat", "Grudger"])
    'TitForTat'
    """
    by_folded = {choice.casefold(): choice for choice in choices}
    found = difflib.get_close_matches(name.casefold(), by_folded, n=1, cutoff=0.55)
    return by_folded[found[0]] if found else None


def hint(name: str, choices: Sequence[str], most: int = 12) -> str:
    """Return the tail of a message: the nearest name, or the allowed names when there are few.

    >>> hint("replicater", ["replicator", "logit"])
    "; did you mean 'replicator'? (allowed: replicator, logit)"
    """
    close = nearest(name, choices)
    said = f"; did you mean {close!r}?" if close else ""
    if 0 < len(choices) <= most:
        listing = ", ".join(choices)
        return f"{said} (allowed: {listing})" if said else f"; allowed: {listing}"
    return said


def check_probability(name: str, value: SupportsFloat) -> float:
    """Return ``value`` as a float in [0, 1] or raise InputError naming the argument."""
    return check_number(name, value, minimum=0.0, maximum=1.0)


def check_number(
    name: str,
    value: SupportsFloat,
    *,
    minimum: float = -math.inf,
    maximum: float = math.inf,
    exclusive: bool = False,
) -> float:
    """Return ``value`` as a finite float within the bounds or raise InputError naming the argument.

    Args:
        name: the argument's name, for the message.
        value: the number given.
        minimum: the smallest value allowed.
        maximum: the largest value allowed.
        exclusive: whether the bounds themselves are refused.
    """
    try:
        if isinstance(value, (bool, str)):
            raise TypeError
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    inside = minimum < number < maximum if exclusive else minimum <= number <= maximum
    if not math.isfinite(number) or not inside:
        raise InputError(f"{name} must be {_span('a finite number', minimum, maximum, exclusive)}, not {value!r}")
    return number


def check_integer(name: str, value: SupportsIndex, *, minimum: int | None = None, maximum: int | None = None) -> int:
    """Return ``value`` as an int within the bounds or raise InputError naming the argument."""
    low = -math.inf if minimum is None else minimum
    high = math.inf if maximum is None else maximum
    try:
        if isinstance(value, bool):
            raise TypeError
        number = operator.index(value)
    except TypeError:
        raise InputError(f"{name} must be {_span('a whole number', low, high, False)}, not {value!r}") from None
    if not low <= number <= high:
        raise InputError(f"{name} must be {_span('a whole number', low, high, False)}, not {value!r}")
    return number


def _span(kind: str, minimum: float, maximum: float, exclusive: bool) -> str:
    open_, close = ("(", ")") if exclusive else ("[", "]")
    if minimum > -math.inf and maximum < math.inf:
        return f"{kind} in {open_}{minimum:g}, {maximum:g}{close}"
    if minimum > -math.inf:
        return f"{kind} {'above' if exclusive else 'of at least'} {minimum:g}"
    if maximum < math.inf:
        return f"{kind} {'below' if exclusive else 'of at most'} {maximum:g}"
    return kind
