"""Rules by family, one module each; every module lists what it defines in its own table ``STRATEGIES``.

``STRATEGIES`` maps a class name of the library to a :class:`~evocoop.strategies.plan.Plan`, or to a function with the
library's own parameters and defaults that returns one.
"""

from __future__ import annotations

import importlib
from functools import cache

from evocoop.strategies.plan import Factory, Plan

FAMILIES = (
    "schedules",
    "memory_one",
    "windows",
    "lookup",
    "automata",
    "networks",
    "counts",
    "moods",
    "flags",
    "contestants",
    "harrington",
    "accounts",
    "learners",
    "scanners",
    "statistics",
    "search",
    "teams",
    "winners",
)


@cache
def native() -> dict[str, Plan | Factory]:
    """Return everything the families define, by class name."""
    found: dict[str, Plan | Factory] = {}
    for family in FAMILIES:
        strategies = importlib.import_module(f"{__name__}.{family}").STRATEGIES
        twice = found.keys() & strategies.keys()
        if twice:
            raise ValueError(f"{', '.join(sorted(twice))}: defined in {family} and in another family")
        found.update(strategies)
    return found


@cache
def optional() -> dict[str, Factory]:
    """Return the strategies that are native only where what they need is installed, by class name."""
    from evocoop.strategies.families.attention import OPTIONAL

    return OPTIONAL


@cache
def family_of() -> dict[str, str]:
    """Return the family of every native strategy, by class name."""
    return {name: family for family in FAMILIES for name in importlib.import_module(f"{__name__}.{family}").STRATEGIES}
