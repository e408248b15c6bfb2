"""Numbers and names in plain words."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any

from evocoop.report.markup import clean, isolated

NBSP = "\u00a0"


def percent(share: float, digits: int = 0) -> str:
    """Return a share as a percentage; what is nearly nothing or nearly everything is not rounded to it.

    >>> percent(0.8139), percent(0.8139, 1), percent(0.0002), percent(0.99999), percent(1.0)
    ('81\\xa0%', '81.4\\xa0%', '<1\\xa0%', '>99\\xa0%', '100\\xa0%')
    """
    if not math.isfinite(share):
        return "unknown"
    step = 10.0**-digits
    value = 100.0 * share
    if 1e-7 < value < step / 2:
        return f"<{step:g}{NBSP}%"
    if 100.0 - step / 2 < value < 100.0 - 1e-7:
        return f">{100.0 - step:g}{NBSP}%"
    return f"{max(value, 0.0):.{digits}f}{NBSP}%"


def with_error(share: float, error: float | None, exact: bool) -> str:
    """Return a share with how sure it is.

    >>> with_error(0.5, 0.012, False)
    '50.0\\xa0% ± 1.2'
    """
    if exact:
        return percent(share, 1)
    return f"{percent(share, 1)} ± {'?' if error is None else f'{100 * error:.1f}'}"


def number(value: Any) -> str:
    """Return a parameter's value as it would be said."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.4g}"
    if value is None:
        return "none"
    return short(str(value), 24) if not isinstance(value, int) else str(value)


def short(name: object, most: int = 28) -> str:
    """Return a clean name, its middle left out when it is long.

    >>> short("a" * 40, 9)
    'aaaa…aaaa'
    """
    bare = clean(name) or "(no name)"
    if len(bare) > most:
        half = (most - 1) // 2
        bare = f"{bare[: most - 1 - half]}…{bare[-half:]}"
    return isolated(bare)


def listed(items: Sequence[str], last: str = "and", most: int = 5) -> str:
    """Return several things as one phrase.

    >>> listed(["a", "b", "c"]), listed(["a", "b", "c"], most=2)
    ('a, b and c', 'a, b and 1 more')
    """
    shown = list(items)
    if len(shown) > most:
        shown = [*shown[:most], f"{len(items) - most} more"]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} {last} {shown[-1]}" if shown else "none"


def key_name(key: str, keys: Sequence[str] = ()) -> str:
    """Return a parameter's dotted key in words, without its section where that is not needed.

    >>> key_name("game.signal_cost"), key_name("game.a", ["game.a", "play.a"])
    ('signal cost', 'game a')
    """
    tail = key.partition(".")[2] or key
    alike = sum((other.partition(".")[2] or other) == tail for other in keys)
    return (tail if alike <= 1 else key).replace(".", " ").replace("_", " ")


def upper(text: str) -> str:
    """Return a text that begins with a capital.

    >>> upper("commit is kept")
    'Commit is kept'
    """
    return text[:1].upper() + text[1:]


def count(number_of: int, thing: str, things: str = "") -> str:
    """Return how many of a thing there are.

    >>> count(1, "point"), count(3, "point"), count(2, "basis", "bases")
    ('1 point', '3 points', '2 bases')
    """
    return f"{number_of:,} {thing if number_of == 1 else things or thing + 's'}"


def slug(text: str) -> str:
    """Return a text as a file name or an anchor.

    >>> slug("Hunt: all minds")
    'hunt-all-minds'
    """
    kept = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in clean(text).lower())
    return "-".join(part for part in kept.split("-") if part)[:60] or "x"


def as_value(text: Any) -> Any:
    """Return a swept value as a number where its text is one."""
    if not isinstance(text, str):
        return text
    try:
        found = json.loads(text)
    except ValueError:
        return text
    return found if isinstance(found, (int, float)) and not isinstance(found, bool) else text


def quoted(label: object, most: int = 44) -> str:
    """Return a label in quotation marks where it is more than one word.

    >>> quoted("hunt"), quoted("Hunt: all minds")
    ('hunt', '“Hunt: all minds”')
    """
    said = plain(label, most)
    return f"“{said}”" if " " in said else said


def plain(label: object, most: int = 60) -> str:
    """Return the label of a game or of dynamics; a registered name is said with blanks.

    >>> plain("small_mutation_limit")
    'small mutation limit'
    """
    said = short(label, most)
    return said.replace("_", " ") if said.isidentifier() and said.islower() else said


def spans(numbers: Sequence[int]) -> str:
    """Return whole numbers as ranges.

    >>> spans([1, 2, 3, 5])
    '1 to 3 or 5'
    """
    runs: list[list[int]] = []
    for one in sorted(numbers):
        if runs and one == runs[-1][-1] + 1:
            runs[-1].append(one)
        else:
            runs.append([one])
    return listed([str(run[0]) if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs], last="or")
