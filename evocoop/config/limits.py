"""How large an experiment may be before somebody must ask for more by name.

A limit guards against a slip of the pen (a population of 10^9, a sweep of 10^12 cells) costing a machine its memory or
a week; ``--raise-limit NAME=VALUE`` lifts one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from evocoop.core.errors import InputError, UnknownNameError

SEED_LIMIT = 2**32 - 1

LIMITS: Mapping[str, float] = MappingProxyType(
    {
        "cells": 100_000,
        "replicates": 10_000,
        "population_size": 100_000,
        "group_size": 1_000,
        "turns": 1_000_000,
        "repetitions": 100_000,
        "rounds": 1_000_000,
        "steps": 1_000_000_000,
        "max_steps": 1_000_000_000,
        "burn_in": 1_000_000_000,
        "stages": 1_000,
        "hunts": 1_000_000,
        "generations": 100_000_000,
        "starts": 10_000,
        "points": 1_000_000,
        "samples": 10_000_000,
        "time": 1e7,
        "work": 24 * 3600.0,  # seconds of one core, as estimated beforehand
    }
)


def raised(settings: Iterable[str]) -> dict[str, float]:
    """Return the limits with some of them raised by ``NAME=VALUE`` settings.

    >>> raised(["cells=500000"])["cells"]
    500000.0
    """
    limits = dict(LIMITS)
    for setting in settings:
        name, _, value = setting.partition("=")
        if name.strip() not in limits:
            raise UnknownNameError("limit", name.strip(), tuple(LIMITS))
        try:
            number = float(value)
        except ValueError:
            number = float("nan")
        if not number >= 1:
            raise InputError(f"--raise-limit {name}=… takes a number of at least 1, not {value!r}")
        limits[name.strip()] = number
    return limits
