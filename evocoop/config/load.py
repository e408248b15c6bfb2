"""From the bytes of an experiment file to a checked Experiment, or to the list of everything that is wrong with it."""

from __future__ import annotations

import os
import stat
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path as FilePath
from typing import Any

from evocoop.config import catalogue
from evocoop.config.check import build
from evocoop.config.experiment import Experiment
from evocoop.config.limits import LIMITS
from evocoop.config.problems import Problems
from evocoop.config.shape import check_shape
from evocoop.core.errors import ConfigError, InputError, hint
from evocoop.core.locate import Path, key_lines

LARGEST_FILE = 4_000_000


def load_experiment(
    path: str | os.PathLike[str],
    *,
    overrides: Sequence[str] = (),
    seed: int | None = None,
    limits: Mapping[str, float] = LIMITS,
) -> Experiment:
    """Return the experiment described by a TOML file.

    Args:
        path: the file.
        overrides: settings ``a.b=value`` that replace or add keys; the value is written as in TOML.
        seed: replaces the seed of the file.
        limits: how large the experiment may be.

    Raises:
        ConfigError: naming every mistake with file, line, key and what is allowed.
        InputError: when the file cannot be read.
    """
    return parse_experiment(read_bytes(path), str(path), overrides=overrides, seed=seed, limits=limits)


def read_bytes(path: str | os.PathLike[str]) -> bytes:
    """Return the bytes of an experiment file or raise InputError saying why it cannot be read."""
    file = FilePath(path)
    try:
        problem = _unreadable(file)
        content = b"" if problem else file.read_bytes()
    except FileNotFoundError:
        problem = "there is no such file"
    except (OSError, ValueError) as error:
        problem = getattr(error, "strerror", None) or str(error)
    if problem:
        raise InputError(f"cannot read {path}: {problem}")
    return content


def _unreadable(file: FilePath) -> str:
    """Return why a file is no experiment file, or an empty text."""
    if file.is_dir():
        return "it is a directory; give an experiment file (TOML)"
    if not stat.S_ISREG(file.stat().st_mode):
        return "it is not a regular file"
    if file.stat().st_size > LARGEST_FILE:
        return f"it is larger than an experiment file may be ({LARGEST_FILE} bytes)"
    return ""


def parse_experiment(
    content: bytes,
    file: str = "experiment.toml",
    *,
    overrides: Sequence[str] = (),
    seed: int | None = None,
    limits: Mapping[str, float] = LIMITS,
) -> Experiment:
    """Return the experiment described by the bytes of a TOML file; see :func:`load_experiment`."""
    text, data = _parse(content, file)
    problems = Problems(file, key_lines(text))
    for setting in overrides:
        _override(data, setting, problems)
    if seed is not None:
        _set(data, ["experiment", "seed"], seed, f"--seed {seed}", problems)
    check_shape(data, problems)
    experiment = build(data, problems, limits)
    problems.stop_if_any()
    assert experiment is not None  # build returns None only after noting a problem
    return experiment


def _parse(content: bytes, file: str) -> tuple[str, dict[str, Any]]:
    try:
        text = content.decode("utf-8")
        return text, tomllib.loads(text)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ConfigError([f"{file}:{line}: not a text file in UTF-8"]) from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError([_not_toml(file, text, str(error))]) from None
    except (RecursionError, ValueError, OverflowError):
        raise ConfigError([f"{file}:1: not TOML that can be read: too deeply nested, or a number too long"]) from None


def _not_toml(file: str, text: str, message: str) -> str:
    reason, _, place = message.partition(" (at ")
    words = place.rstrip(")").replace(",", "").split()
    line = int(words[1]) if words[:1] == ["line"] and len(words) > 1 else text.count("\n") + 1
    return f"{file}:{line}: not valid TOML: {reason}"


def _override(data: dict[str, Any], setting: str, problems: Problems) -> None:
    key, equals, text = setting.partition("=")
    if not equals or not key.strip():
        raise InputError(f"--set takes key=value, such as game.cost=0.5, not {setting!r}")
    _set(data, key.strip().split("."), _value(text.strip()), f"--set {setting}", problems)


def _value(text: str) -> Any:
    """Return a value written as in TOML; what is not TOML is taken as a bare text."""
    try:
        found = tomllib.loads(f"value = {text}\n")
    except (tomllib.TOMLDecodeError, RecursionError, ValueError):
        return text
    return found["value"] if len(found) == 1 else text


def _set(data: dict[str, Any], parts: list[str], value: Any, blame: str, problems: Problems) -> None:
    """Set a key given as dotted parts."""
    if parts[0] == "sweep" and len(parts) > 2:
        parts = ["sweep", ".".join(parts[1:])]
    if parts[0] == "game" and "game" not in data and isinstance(data.get("games"), list):
        parts = ["games", *parts[1:]]  # as in a sweep, game.KEY means every game that has the key
    here: Any = data
    path: Path = ()
    for depth, part in enumerate(parts[:-1]):
        if isinstance(here, list):
            path, here = (*path, number := _element(here, part, blame)), here[number]
        else:
            path, here = (*path, part), here.setdefault(part, {})
        if not isinstance(here, (dict, list)):
            raise InputError(f"{blame}: {'.'.join(parts[: depth + 1])} is not a section")
    if isinstance(here, dict):
        here[parts[-1]] = value
        problems.overrides[(*path, parts[-1])] = blame
        return
    for number, item in _having(here, path, parts[-1], blame):
        item[parts[-1]] = value
        problems.overrides[(*path, number, parts[-1])] = blame


def _element(items: list[Any], part: str, blame: str) -> int:
    """Return the position of a list's element given by number, label or name."""
    if part.isdecimal() and int(part) < len(items):
        return int(part)
    for key in ("label", "name"):
        for number, item in enumerate(items):
            if isinstance(item, dict) and item.get(key) == part:
                return number
    raise InputError(f"{blame}: no element {part!r}; use its number (0 to {len(items) - 1}), label or name")


def _having(items: list[Any], path: Path, key: str, blame: str) -> list[tuple[int, dict[str, Any]]]:
    """Return those of the games or dynamics listed that have a parameter of that name."""
    registry = catalogue.dynamics() if path == ("dynamics",) else catalogue.games()
    found: list[tuple[int, dict[str, Any]]] = []
    known: dict[str, None] = {}
    for number, item in enumerate(items):
        name = item.get("name") if isinstance(item, dict) else None
        names = catalogue.parameter_names(registry.find(str(name))) if name in registry else ()
        known.update(dict.fromkeys(names))
        if key in names:
            found.append((number, item))
    if not found:
        where = path[-1] if path else "the file"
        raise InputError(f"{blame}: nothing in {where} has a parameter {key!r}{hint(key, list(known))}")
    return found
