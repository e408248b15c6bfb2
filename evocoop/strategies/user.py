"""Strategies of the user: a rule in a Python file, or a table in a TOML file, named ``FILE:NAME``."""

from __future__ import annotations

import dis
import hashlib
import importlib.util
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from evocoop.core.errors import InputError, hint
from evocoop.core.locate import key_lines
from evocoop.strategies.plan import Plan, Rule

KINDS = ("machine", "memory")


def is_user_strategy(name: str) -> bool:
    """Return whether a name reads ``FILE.py:NAME`` or ``FILE.toml:NAME``."""
    file, _, inner = name.rpartition(":")
    return bool(inner) and file.endswith((".py", ".toml"))


def load(name: str) -> Any:
    """Return the plan, or the library's player, of a user's strategy.

    Args:
        name: ``FILE.py:NAME`` (a rule, a plan, a function that returns a plan, or a player class of the Axelrod
            library) or ``FILE.toml:NAME`` (a table).

    Raises:
        InputError: naming the file and what is wrong in it.
    """
    file, _, inner = name.rpartition(":")
    path = Path(file)
    if not path.is_file():
        raise InputError(f"{file}: there is no such file")
    return _from_toml(path, inner) if path.suffix == ".toml" else _from_python(path, inner)


def _from_python(path: Path, name: str) -> Any:
    module = _module(str(path.resolve()))
    if not hasattr(module, name):
        public = [one for one in vars(module) if not one.startswith("_")]
        raise InputError(f"{path}: there is no {name!r}{hint(name, public)}")
    found = getattr(module, name)
    if isinstance(found, type):
        return _player(path, name, found)
    if isinstance(found, Plan):
        plan = found
    elif isinstance(found, Rule):
        plan = Plan(found, _draws(found.function))
    elif callable(found):
        plan = _made(path, name, found)
    else:
        raise InputError(f"{path}: {name} must be a rule, a plan, or a player class of the Axelrod library")
    return plan


@cache
def _module(path: str) -> ModuleType:
    label = f"user_strategies_{hashlib.sha256(path.encode()).hexdigest()[:12]}"
    spec = importlib.util.spec_from_file_location(label, path)
    if spec is None or spec.loader is None:
        raise InputError(f"{path}: cannot be read as Python")
    module = importlib.util.module_from_spec(spec)
    sys.modules[label] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        del sys.modules[label]
        line = getattr(error, "lineno", None) or line_in(error, path)
        raise InputError(f"{path}{f', line {line}' if line else ''}: {type(error).__name__}: {error}") from None
    return module


def line_in(error: BaseException, path: str) -> int | None:
    """Return the line of a file on which an error came up."""
    trace, line = error.__traceback__, None
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == path:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _player(path: Path, name: str, cls: type) -> Any:
    from evocoop.strategies.axelrod_door import is_player

    try:
        player = cls()
    except Exception as error:
        raise InputError(f"{path}: {name}() fails: {error}") from None
    if not is_player(player):
        raise InputError(f"{path}: {name} is a class, but no player class of the Axelrod library")
    return player


def _made(path: Path, name: str, function: Any) -> Plan:
    """Return the plan of a function: one that makes a plan, or one that is a rule without the mark."""
    code = getattr(function, "__code__", None)
    if code is not None and code.co_argcount == 1 and function.__defaults__ is None:
        return Plan(Rule(function), _draws(function))
    try:
        plan = function()
    except Exception as error:
        raise InputError(f"{path}: {name}() fails: {error}") from None
    if not isinstance(plan, Plan):
        raise InputError(f"{path}: {name}() must return a Plan, not {type(plan).__name__}")
    return plan


def _draws(function: Any) -> bool:
    """Return whether a rule names a function that draws random numbers."""
    used = {step.argval for step in dis.get_instructions(function) if step.opname.startswith("LOAD_")}
    known = {name: function.__globals__.get(name) for name in used if isinstance(name, str)}
    home = "evocoop.strategies.draws"
    return any(home in (getattr(value, "__module__", ""), getattr(value, "__name__", "")) for value in known.values())


@dataclass(frozen=True)
class _Table:
    """A table of a TOML file that knows where its keys stand."""

    path: Path
    name: str
    rows: Mapping[str, Any]
    lines: Mapping[tuple[str | int, ...], int]

    def at(self, *keys: str) -> str:
        """Return the file, the line of a key (or of what it is missing in) and the table, as a message begins."""
        known = (self.lines.get((self.name, *keys[:length])) for length in range(len(keys), -1, -1))
        return f"{self.path}:{next(line for line in known if line)}: [{self.name}]"

    def check_keys(self, allowed: tuple[str, ...], *keys: str, of: str = "") -> None:
        """Refuse keys that are none of those allowed, in the table or in a table within it."""
        rows: Any = self.rows
        for key in keys:
            rows = rows[key]
        for key in rows:
            if key not in allowed:
                raise InputError(f"{self.at(*keys, key)}{of}: unknown key {key!r}{hint(key, allowed)}")

    def first(self) -> str:
        """Return the first play."""
        first = self.rows.get("first", "C")
        if first not in ("C", "D"):
            raise InputError(f"{self.at('first')} first must be 'C' or 'D', not {first!r}")
        return str(first)


def _from_toml(path: Path, name: str) -> Plan:
    try:
        text = path.read_text(encoding="utf-8")
        tables = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: not a TOML file: {error}") from None
    if name not in tables or not isinstance(tables[name], dict):
        raise InputError(f"{path}: there is no table [{name}]{hint(name, list(tables))}")
    table = _Table(path, name, tables[name], key_lines(text))
    kind = table.rows.get("kind")
    if kind not in KINDS:
        raise InputError(f"{table.at('kind')} kind must be 'machine' or 'memory', not {kind!r}{hint(str(kind), KINDS)}")
    return _machine(table) if kind == "machine" else _memory(table)


def _machine(table: _Table) -> Plan:
    """Read a finite-state machine: first play, first state, and per state ``C = [next state, play]`` and ``D = …``."""
    from evocoop.strategies.families.automata import fsm_player

    table.check_keys(("kind", "first", "start", "states"))
    states = table.rows.get("states")
    if not isinstance(states, dict) or not states:
        raise InputError(
            f"{table.at('states')} needs states, each with C = [next state, play] and D = [next state, play]"
        )
    start = table.rows.get("start", next(iter(states)))
    if start not in states:
        raise InputError(f"{table.at('start')} start: there is no state {start!r}{hint(str(start), list(states))}")
    transitions = []
    for state, moves in states.items():
        if not isinstance(moves, dict):
            here = table.at("states", state)
            raise InputError(f"{here} state {state!r} must hold C = [next state, play] and D = [next state, play]")
        table.check_keys(("C", "D"), "states", state, of=f" state {state!r}")
        for seen in "CD":
            here = f"{table.at('states', state, seen)} state {state!r}"
            move = moves.get(seen)
            if move is None:
                raise InputError(f"{here} has no transition after the opponent's {seen}")
            if not isinstance(move, list) or len(move) != 2 or move[1] not in ("C", "D"):
                raise InputError(f"{here}, {seen}: must be [next state, 'C' or 'D'], not {move!r}")
            if move[0] not in states:
                raise InputError(f"{here}, {seen}: there is no state {move[0]!r}{hint(str(move[0]), list(states))}")
            transitions.append((state, seen, move[0], move[1]))
    return fsm_player(transitions, start, table.first())


def _memory(table: _Table) -> Plan:
    """Read probabilities to cooperate by the last plays of both, keys such as ``CD`` or ``CCDC`` (own plays first)."""
    from evocoop.strategies.families.lookup import look_up_plan

    table.check_keys(("kind", "first", "cooperate"))
    chances, where = table.rows.get("cooperate"), table.at("cooperate")
    if not isinstance(chances, dict) or not chances:
        raise InputError(f"{where} needs cooperate = {{CC = …, CD = …, DC = …, DD = …}}")
    length = len(next(iter(chances)))
    if length % 2 or not 2 <= length <= 8:
        raise InputError(f"{where} cooperate: keys hold one's own last plays, then the opponent's, 1 to 4 of each")
    keys = ["".join("CD"[k >> bit & 1] for bit in range(length - 1, -1, -1)) for k in range(1 << length)]
    table.check_keys(tuple(keys), "cooperate", of=" cooperate")
    missing = [key for key in keys if key not in chances]
    if missing:
        raise InputError(f"{where} cooperate has no probability after {', '.join(missing[:4])}")
    for key, chance in chances.items():
        if isinstance(chance, bool) or not isinstance(chance, (int, float)) or not 0 <= chance <= 1:
            here = table.at("cooperate", key)
            raise InputError(f"{here} cooperate.{key} must be a probability in [0, 1], not {chance!r}")
    pattern = [float(chances[key]) for key in keys]
    depth = length // 2
    first = table.first()
    return look_up_plan(pattern, (depth, depth, 0), first * depth, any(0 < chance < 1 for chance in pattern))
