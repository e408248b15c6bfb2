"""What may be named in an experiment file: the registries of the rooms below, loaded only when asked for."""

from __future__ import annotations

from collections.abc import Iterable

from evocoop.core.errors import InputError
from evocoop.core.registry import Entry, Registry

PLAY_VERSION = 1


def games() -> Registry:
    """Return the registered games."""
    from evocoop.games.registry import GAMES

    return GAMES


def dynamics() -> Registry:
    """Return the registered dynamics."""
    from evocoop.dynamics.registry import DYNAMICS

    return DYNAMICS


def parameter_names(entry: Entry) -> tuple[str, ...]:
    """Return the names of an entry's parameters."""
    return tuple(parameter.name for parameter in entry.parameters)


def check_players(names: Iterable[str]) -> list[tuple[int, str]]:
    """Return the position and the message of every name that is no library strategy."""
    from evocoop.strategies.registry import find
    from evocoop.strategies.spec import parse

    wrong = []
    for position, name in enumerate(names):
        try:
            find(parse(name).name)
        except InputError as error:
            wrong.append((position, str(error)))
    return wrong


def player_versions() -> dict[str, int]:
    """Return the behaviour version of play between library strategies."""
    return {"play": PLAY_VERSION}
