"""The one door to the Axelrod library, which takes half a minute to import: nothing native passes through it."""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from typing import Any

import numpy as np

from evocoop.core.errors import InputError, StrategyError
from evocoop.strategies.registry import catalogue, find
from evocoop.strategies.spec import Spec, parse
from evocoop.strategies.transformers import TRANSFORMERS


@cache
def library() -> Any:
    """Import and return the Axelrod library."""
    import axelrod

    return axelrod


def make_player(spec: Spec) -> Any:
    """Return the library's player for a spec, whatever is native."""
    cls, inner = _class_of(spec)
    positional = [_for_library(value) for value in inner.positional]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return cls(*positional, **{name: _for_library(value) for name, value in inner.named})


def _class_of(spec: Spec) -> tuple[Any, Spec]:
    """Return the class of a player, transformed as the spec says, and the spec under all transformers."""
    name = find(spec.name).key
    if name not in TRANSFORMERS:
        if not hasattr(library(), name):
            raise InputError(f"{name} came with axelrod {find(name).since}; axelrod {version('axelrod')} is installed")
        return getattr(library(), name), spec
    given = dict(spec.named)
    player, *positional = (given.pop("player"), *spec.positional) if "player" in given else spec.positional
    cls, inner = _class_of(player if isinstance(player, Spec) else parse(player))
    options = {key: _for_library(value) for key, value in given.items()}
    transformer = getattr(library().strategy_transformers, name)(*map(_for_library, positional), **options)
    return transformer(cls), inner


def _for_library(value: Any) -> Any:
    axelrod = library()
    if isinstance(value, Spec):
        return make_player(value) if value.positional or value.named else getattr(axelrod, value.name)
    if isinstance(value, (list, tuple)):
        return type(value)(_for_library(item) for item in value)
    if value in ("C", "D"):
        return axelrod.Action.from_char(value)
    if isinstance(value, str) and value in catalogue():
        return getattr(axelrod, value)
    return value


def describe_library(generic: Mapping[str, tuple[Any, ...]]) -> dict[str, Any]:
    """Return what the catalogue records of every strategy of the installed library, in the library's order.

    Args:
        generic: parametrised classes that stand in none of the library's lists, with the arguments of an example.
    """
    axelrod = library()
    listed = {cls.__name__: cls for cls in axelrod.all_strategies}
    classes = listed | {name: getattr(axelrod, name) for name in generic if name not in listed}
    return {
        "axelrod": version("axelrod"),
        "strategies": {
            name: _describe(_example(cls, generic.get(name, ())), name in listed) for name, cls in classes.items()
        },
    }


def _describe(player: Any, listed: bool) -> dict[str, Any]:
    classify = library().Classifiers
    memory = classify["memory_depth"](player)
    return {
        "name": player.name,
        "label": str(player),
        "listed": listed,
        "sources": _sources(type(player)),
        "parameters": {name: _plain(value) for name, value in player.init_kwargs.items()},
        "classifier": {
            "stochastic": bool(classify["stochastic"](player)),
            "memory_depth": None if math.isinf(memory) else int(memory),
            "makes_use_of": sorted(classify["makes_use_of"](player)),
            "long_run_time": bool(classify["long_run_time"](player)),
            "inspects_source": bool(classify["inspects_source"](player)),
            "manipulates_source": bool(classify["manipulates_source"](player)),
            "manipulates_state": bool(classify["manipulates_state"](player)),
        },
    }


def _example(cls: Any, arguments: tuple[Any, ...]) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return cls(*arguments)


def _sources(cls: Any) -> list[str]:
    """Return where a strategy was published, as keys of the library's bibliography, or else who brought it there."""
    import re

    text = cls.__doc__ or ""
    known = sorted(set(re.findall(r"\[(\w+\d{4}\w*)\]_", text)))
    people = re.findall(r"^.*\b[Bb]y:? ([A-Z][^\n\[]+?)\.?\s*$", text, re.MULTILINE)
    return known or [f"{people[-1]} (Axelrod library)" if people else "Axelrod library"]


def _plain(value: Any) -> Any:
    if isinstance(value, float) and math.isinf(value):
        return "inf"
    if isinstance(value, type):
        return value.__name__
    if isinstance(value, (int, float, str)) or value is None:
        return value
    return str(value)


def is_stochastic(player: Any) -> bool:
    """Return whether the library classifies this player as stochastic."""
    return bool(library().Classifiers["stochastic"](player))


def spec_of(player: Any) -> Spec | None:
    """Return the spec of a player object of a class of the library or one made by its transformers, and None otherwise.

    A subclass or a player whose strategy was replaced has no spec and plays over the bridge.
    """
    if "strategy" in vars(player) and not _replaces_itself(type(player)):
        return None
    arguments = tuple((name, _from_library(value)) for name, value in player.init_kwargs.items())
    return _spec_of_class(type(player), arguments)


def _spec_of_class(cls: Any, arguments: tuple[tuple[str, Any], ...]) -> Spec | None:
    axelrod = library()
    known = getattr(axelrod, cls.__name__, None) is cls
    if known and issubclass(cls, axelrod.Player):
        return _native_spec(cls, arguments)
    if "decorator" not in vars(cls):
        return None
    decorator = cls.decorator
    wrapper = decorator.__reduce__()[1][0][0]
    inner = _spec_of_class(cls.original_class, arguments)
    if inner is None or wrapper not in _transformers():
        return None
    name = _transformers()[wrapper]
    named = [(key, _from_library(value)) for key, value in decorator.kwargs.items()]
    if decorator.name_prefix != TRANSFORMERS[name].prefix:
        named.append(("name_prefix", decorator.name_prefix))
    return Spec(name, (inner, *map(_from_library, decorator.args)), tuple(named))


def _native_spec(cls: Any, arguments: tuple[tuple[str, Any], ...]) -> Spec | None:
    """Return the spec of a class of the library; an evolvable player is an instance of what it evolves."""
    axelrod = library()
    if cls is axelrod.MockPlayer:
        plays = dict(arguments).get("actions")
        return Spec("Cycler", (), (("cycle", "".join(plays)),)) if plays else Spec("Cooperator")
    if issubclass(cls, axelrod.EvolvablePlayer):
        cls = next((base for base in cls.__mro__ if base.__name__ in catalogue()), cls)
    row = catalogue().get(cls.__name__)
    if row is None:
        return None
    return Spec(row.key, (), tuple(pair for pair in arguments if pair[0] in row.parameters))


@cache
def _transformers() -> dict[Any, str]:
    """Return the library's transformers by the function that does their work."""
    module = library().strategy_transformers
    return {getattr(module, name)().__reduce__()[1][0][0]: name for name in TRANSFORMERS}


def _replaces_itself(cls: Any) -> bool:
    """Return whether players of a class replace their own method when they are made."""
    return issubclass(cls, (library().Random, library().MetaMixer))


def is_player(thing: Any) -> bool:
    """Return whether something is a player object of the library."""
    return isinstance(thing, library().Player)


def _from_library(value: Any) -> Any:
    axelrod = library()
    if isinstance(value, axelrod.Action):
        return str(value)
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, dict):
        return {_from_library(key): _from_library(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return (list if isinstance(value, list) else tuple)(_from_library(item) for item in value)
    if isinstance(value, type) and issubclass(value, axelrod.Player):
        return Spec(value.__name__)
    return value


def play_over_bridge(pair: Any, agreed: Any, seed: int, repetitions: int) -> list[Any]:
    """Play one chunk in the library: every repetition of a pair on one match stream.

    Args:
        pair: two entrants.
        agreed: the terms of the match.
        seed: seed of the chunk.
        repetitions: how often to play.

    Returns:
        For every repetition the plays of both players, 0 for C and 1 for D.
    """
    axelrod = library()
    game = _game(agreed)
    bout = axelrod.Match(
        [make_player(parse(who.spec)) if who.player is None else who.player.clone() for who in pair],
        turns=_whole(agreed.turns),
        prob_end=agreed.prob_end or None,
        noise=agreed.noise,
        seed=seed,
        game=game,
        match_attributes={"length": _whole(agreed.known_length), "game": game, "noise": agreed.noise},
    )
    try:
        return [_codes(bout.play(), pair) for _ in range(repetitions)]
    except StrategyError:
        raise
    except Exception as error:
        foreign = [not type(player).__module__.startswith("axelrod.") for player in bout.players]
        said = f"{type(error).__name__}: {error}"
        raise _failure(pair, foreign.index(max(foreign)), len(bout.players[0].history), said) from error


def _failure(pair: Any, who: int, turn: int, said: str) -> StrategyError:
    return StrategyError(pair[who].spec, f"against {pair[1 - who].spec}, turn {turn + 1}: {said}")


def _game(agreed: Any) -> Any:
    """Return the library's game; a player that asks an asymmetric one for R, P, S, T fails there."""
    axelrod = library()
    R, S, T, P = (_whole(payoff) for payoff in agreed.payoffs)
    if agreed.second is None:
        return axelrod.Game(r=R, s=S, t=T, p=P)
    r, s, t, p = (_whole(payoff) for payoff in agreed.second)
    return axelrod.AsymmetricGame(np.array([[R, S], [T, P]]), np.array([[r, t], [s, p]]))


def _whole(number: float) -> float:
    """Return a whole number as an int, since the library's players count with it."""
    return int(number) if float(number).is_integer() else number


def _codes(plays: list[Any], pair: Any) -> tuple[Any, Any]:
    action, defect = library().Action, library().Action.D
    for turn, both in enumerate(plays):
        for who, play in enumerate(both):
            if not isinstance(play, action):
                raise _failure(pair, who, turn, f"returned {play!r}, which is neither Action.C nor Action.D")
    codes = np.array([[first is defect, second is defect] for first, second in plays], dtype=np.uint8).reshape(-1, 2)
    return codes[:, 0].copy(), codes[:, 1].copy()
