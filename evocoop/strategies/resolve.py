"""From what a caller names to who plays: a native plan, or a player of the Axelrod library behind the bridge."""

from __future__ import annotations

import inspect
import sys
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

from evocoop.core.errors import InputError, hint
from evocoop.strategies.families import native, optional
from evocoop.strategies.families.wrappers import WRAPPERS
from evocoop.strategies.plan import Plan
from evocoop.strategies.registry import Strategy, catalogue, find
from evocoop.strategies.spec import Spec, parse


class NotNativeError(InputError):
    """A strategy that plays over the bridge was asked for where only native ones can play."""


@dataclass(frozen=True)
class Entrant:
    """One player of a match or tournament.

    Args:
        spec: how it was asked for.
        label: how the library prints it, for example ``"Random: 0.5"``.
        stochastic: whether the library classifies this instance as stochastic.
        plan: its native plan, or None when it plays over the bridge.
        player: the library's player behind the bridge, or None.
    """

    spec: str
    label: str
    stochastic: bool
    plan: Plan | None = None
    player: Any = None


def read(name: str | Spec) -> tuple[Strategy, Spec]:
    """Return the catalogue's row and the spec under its class name.

    Raises:
        InputError: when the text cannot be read; UnknownNameError when the catalogue has no such strategy.
    """
    if isinstance(name, Spec):
        spec = name
    elif isinstance(name, str):
        spec = parse(name)
    else:
        raise InputError(f"a strategy is given by its name, not by {name!r}")
    row = find(spec.name)
    return row, Spec(row.key, spec.positional, spec.named)


def plan_of(name: str | Spec) -> Plan:
    """Return the native plan of a strategy.

    Raises:
        InputError: when the strategy or a parameter is unknown or out of range, or when it is not native.
    """
    row, spec = read(name)
    made = native().get(row.key) or WRAPPERS.get(row.key) or optional().get(row.key)
    if made is None:
        raise NotNativeError(f"{row.key} is not native")
    arguments = bind(row, spec)
    try:
        return made if isinstance(made, Plan) else _call(made, arguments)
    except InputError as error:
        if type(error) is not InputError:
            raise
        raise InputError(f"{spec}: {error}") from None


def entrant_of(who: Any) -> Entrant:
    """Return who plays: given by a spec, or by a player object of the library; native when it can be."""
    if isinstance(who, Entrant):
        return who
    if not isinstance(who, (str, Spec)):
        return _entrant_of_player(who)
    try:
        return _native_entrant(who) if isinstance(who, str) else _native_entrant.__wrapped__(who)
    except NotNativeError:
        from evocoop.strategies.axelrod_door import make_player

        spec = read(who)[1]
        return _bridged(str(spec), make_player(spec))


@lru_cache(maxsize=4096)
def _native_entrant(who: str | Spec) -> Entrant:
    row, spec = read(who)
    arguments = bind(row, spec)
    plan = plan_of(spec)
    return Entrant(str(spec), label_of(row, spec, arguments), plan.stochastic, plan)


def _entrant_of_player(player: Any) -> Entrant:
    """Return the entrant of a player object: native when it is an untouched player of a native class."""
    if "axelrod" not in sys.modules:
        raise InputError(f"a strategy is given by its name or as a player object, not by {player!r}")
    from evocoop.strategies.axelrod_door import is_player, spec_of

    if not is_player(player):
        raise InputError(f"a strategy is given by its name or as a player object, not by {player!r}")
    spec = spec_of(player)
    if spec is None or not is_native(spec):
        return _bridged(str(player), player)
    found = entrant_of(spec)
    row = find(spec.name)
    defaults = row.family != "wrappers" and row.parameters and bind(row, Spec(spec.name)) == dict(spec.named)
    return replace(found, spec=spec.name if defaults else found.spec, label=str(player))


def is_native(spec: Spec) -> bool:
    """Return whether a strategy runs compiled."""
    try:
        plan_of(spec)
    except NotNativeError:
        return False
    return True


def _bridged(spec: str, player: Any) -> Entrant:
    from evocoop.strategies.axelrod_door import is_stochastic

    return Entrant(spec, str(player), is_stochastic(player), player=player)


def bind(row: Strategy, spec: Spec) -> dict[str, Any]:
    """Return all arguments of a strategy by name, defaults filled in, in the library's order.

    Raises:
        InputError: when there are too many, or one is unknown or given twice.
    """
    parameters = list(row.parameters)
    if len(spec.positional) > len(parameters):
        takes = f"takes {', '.join(parameters)}" if parameters else "takes no parameters"
        raise InputError(f"{row.key} {takes}, but is given {len(spec.positional)} values")
    given = dict(zip(parameters, spec.positional, strict=False))
    for name, value in spec.named:
        if name not in row.parameters:
            raise InputError(f"{row.key} has no parameter {name!r}{hint(name, parameters)}")
        if name in given:
            raise InputError(f"{row.key} is given {name} twice")
        given[name] = value
    for name, value in given.items():
        if isinstance(value, Spec) and not (value.positional or value.named or value.name in catalogue()):
            near = hint(value.name, list(catalogue()))
            raise InputError(
                f"{row.key}: {name}={value} names no strategy; a text is written in quotes: '{value}'{near}"
            )
    return {**{name: _restored(value) for name, value in row.parameters.items()}, **given}


def label_of(row: Strategy, spec: Spec, arguments: dict[str, Any]) -> str:
    """Return how the library prints the player: its name, then its parameters."""
    if row.family == "wrappers":
        return _printed_wrapper(row, spec, arguments)
    if not spec.positional and not spec.named:
        return row.label
    if row.key in _ROUNDED:
        rounded = arguments[_ROUNDED[row.key]]
        return row.label if rounded is None else f"{row.name}: {round(rounded, 2)}"
    if row.is_team and row.key != "MemoryDecay":
        return _printed_team(row, arguments.get("team"))
    if row.key == "Momentum":
        return "Momentum: 1.0, Alpha: {alpha}, Threshold: {threshold}".format_map(arguments)
    if row.key == "GeneralSoftGrudger":
        return f"{row.name}: {','.join(f'{name}={_shown(value)}' for name, value in arguments.items())}"
    if row.key in _MAJORITIES:
        return _name(row, arguments)
    plain = _printed(row.name, bind(row, Spec(row.key)))
    return _printed(row.name, arguments) + (row.label[len(plain) :] if row.label.startswith(plain) else "")


_ROUNDED = {"GTFT": "p", "SoftJoss": "q"}
_MAJORITY = " Go By Majority"
_MAJORITIES = ("GoByMajority", "HardGoByMajority")


def _printed(name: str, arguments: dict[str, Any]) -> str:
    values = [_shown(value) for value in arguments.values() if value is not None]
    return f"{name}: {', '.join(values)}" if values else name


def _printed_wrapper(wrapper: Strategy, spec: Spec, arguments: dict[str, Any]) -> str:
    """Return the label of the wrapped strategy with the prefix, and with what was given by position."""
    row, inner = read(arguments["player"])
    given = bind(row, inner)
    label = label_of(row, inner, given)[len(_name(row, given)) :]
    values = ", ".join(_shown(value) for value in spec.positional[1:])
    return _name(wrapper, arguments) + label + (values and f": {values}")


def _name(row: Strategy, arguments: dict[str, Any]) -> str:
    """Return the name of an instance; majorities, wrapped or not, go by a name that tells their parameters."""
    if row.key in _MAJORITIES:
        mood, depth = "Soft" if arguments.get("soft") else "Hard", arguments["memory_depth"]
        return f"{mood}{_MAJORITY}" + (f": {int(depth)}" if 0 < depth < float("inf") else "")
    if row.family != "wrappers":
        return row.name
    inner, spec = read(arguments["player"])
    name, prefix = _name(inner, bind(inner, spec)), arguments["name_prefix"]
    return f"{prefix} {name}" if prefix and _MAJORITY not in name else name


def _printed_team(row: Strategy, team: Any) -> str:
    if not team:
        return row.label
    size = sum(not find((name if isinstance(name, Spec) else parse(name)).name).is_team for name in team)
    return f"{row.name}: {size} player{'s' if size > 1 else ''}"


def _shown(value: Any) -> str:
    """Return a value as the library prints it, where actions are objects that print as C and D."""
    if isinstance(value, Spec):
        return find(value.name).name
    if isinstance(value, (list, tuple)):
        inner = ", ".join(item if item in ("C", "D") else _shown_inside(item) for item in value)
        return f"[{inner}]" if isinstance(value, list) else f"({inner}{',' if len(value) == 1 else ''})"
    return str(value)


def _shown_inside(value: Any) -> str:
    return _shown(value) if isinstance(value, (Spec, list, tuple)) else repr(value)


def _restored(value: Any) -> Any:
    """Return a default value of the catalogue, where infinity, strategies and lists stand as texts."""
    if value == "inf":
        return float("inf")
    if isinstance(value, str) and value.startswith(("(", "[")):
        return parse(f"_({value})").positional[0]
    return Spec(value) if isinstance(value, str) and value in catalogue() else value


def _call(factory: Any, arguments: dict[str, Any]) -> Plan:
    accepted = inspect.signature(factory).parameters
    try:
        plan = factory(**{name: value for name, value in arguments.items() if name in accepted})
    except (TypeError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"{factory.__name__} cannot take {arguments}: {error}") from None
    if not isinstance(plan, Plan):
        raise TypeError(f"{factory} must return a Plan")
    numbers = () if callable(plan.numbers) else plan.numbers
    wrong = [value for value in (*numbers, *plan.table) if not isinstance(value, (int, float, np.number))]
    if wrong:
        raise InputError(f"{wrong[0]!r} is no number")
    return plan
