"""The catalogue of strategies: every strategy of the Axelrod library, as data shipped with evocoop.

Reading it imports neither the library nor a compiler. ``python -m evocoop.strategies.make_catalogue`` makes it anew.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

from evocoop.core.errors import UnknownNameError
from evocoop.strategies.transformers import TRANSFORMERS


@dataclass(frozen=True)
class Strategy:
    """One strategy of the catalogue.

    Args:
        key: its class name, by which it is asked for.
        name: its display name in the library.
        label: how the library prints it with default parameters.
        listed: whether it stands in the library's list of all strategies, or is a parametrised base of others.
        family: the evocoop family that plays it; empty when it is played over the bridge.
        native: whether it runs compiled.
        summary: one line that says what it does; empty for those played over the bridge.
        sources: where it was published, as keys of the library's bibliography, or who brought it to the library.
        parameters: names and default values.
        classifier: the library's classification of the default instance.
        since: the version of the library that added it, when that is newer than the one the catalogue was made from.
    """

    key: str
    name: str
    label: str
    listed: bool
    family: str
    native: bool
    summary: str
    sources: tuple[str, ...]
    parameters: dict[str, Any] = field(hash=False)
    classifier: dict[str, Any] = field(hash=False)
    since: str = ""

    @property
    def keeps_rules(self) -> bool:
        """Whether it is an ordinary strategy: it reads no other player's mind and changes nothing but its own state."""
        cheats = ("inspects_source", "manipulates_source", "manipulates_state")
        return self.listed and not any(self.classifier[cheat] for cheat in cheats)

    @property
    def is_team(self) -> bool:
        """Whether it consults a team of other strategies."""
        return self.key.startswith(("Meta", "NMWE", "NiceMeta", "MemoryDecay"))


@cache
def catalogue() -> dict[str, Strategy]:
    """Return all strategies by class name, in the library's order."""
    text = resources.files("evocoop.strategies").joinpath("catalogue.json").read_text(encoding="utf-8")
    rows = json.loads(text)["strategies"]
    return {key: Strategy(key=key, **{**row, "sources": tuple(row["sources"])}) for key, row in rows.items()}


@cache
def recorded_automata() -> dict[str, dict[str, Any] | None]:
    """Return the smallest automaton of each strategy, None where it has none, by class name, for payoffs 3, 0, 5, 1.

    An automaton has ``cooperates`` (a probability for each state), ``moves`` (the next state after CC, CD, DC, DD) and
    ``verified`` (the length up to which it was held against the strategy on every history; None: read off a table).
    """
    text = resources.files("evocoop.strategies").joinpath("data/automata.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


def names() -> tuple[str, ...]:
    """Return the class names of all strategies, in the library's order."""
    return tuple(catalogue())


def find(name: str) -> Strategy:
    """Return the strategy of that class name or display name, whatever the case of its letters; or a transformer.

    Raises:
        UnknownNameError: when there is none; the message gives the nearest name.

    >>> find("tit for tat").key, find("ZDExtort2").label
    ('TitForTat', 'ZD-Extort-2: 0.1111111111111111, 0.5')
    """
    try:
        return _by_name()[name.casefold()]
    except (KeyError, AttributeError):
        choices = [*catalogue(), *(row.name for row in catalogue().values()), *TRANSFORMERS]
        raise UnknownNameError("strategy", name, choices) from None


@cache
def _by_name() -> dict[str, Strategy]:
    rows = catalogue().values()
    transformers = {name.casefold(): _transformer(name) for name in TRANSFORMERS}
    return transformers | {row.name.casefold(): row for row in rows} | {row.key.casefold(): row for row in rows}


def _transformer(name: str) -> Strategy:
    """Return the row of a transformer, whose first parameter is the strategy it transforms."""
    prefix, summary, parameters = TRANSFORMERS[name]
    return Strategy(
        key=name,
        name=name,
        label=name,
        listed=False,
        family="wrappers",
        native=name != "MixedTransformer",
        summary=summary,
        sources=(),
        parameters={"player": None, **parameters, "name_prefix": prefix},
        classifier={},
    )
