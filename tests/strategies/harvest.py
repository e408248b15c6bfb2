"""The plays the installed library's own tests expect: its tests are run, and every match they play is written down.

Nothing of them is copied: the package ships its tests, and they are read where it is installed.
"""

from __future__ import annotations

import copy
import importlib
import inspect
import pkgutil
import unittest
import warnings
from collections.abc import Iterator
from typing import Any, NamedTuple


class Call(NamedTuple):
    """One match that a test of the library expects."""

    test: str
    players: tuple[Any, Any]
    expected: tuple[str, str]
    turns: int
    noise: float
    seed: int | None
    attributes: dict[str, Any]


def harvest() -> list[Call]:
    """Return every call of ``versus_test`` in the library's tests of strategies and transformers that passes there."""
    match = importlib.import_module("axelrod.tests.strategies.test_player").TestMatch
    original = match.versus_test
    calls: list[Call] = []
    test = ""

    def record(self: Any, *given: Any, **named: Any) -> None:
        asked = inspect.signature(original).bind(self, *given, **named).arguments
        calls.append(_call(test, asked))
        original(self, *given, **named)

    match.versus_test = record
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for case, name in _tests():
                test = f"{case.__module__.rpartition('.')[2]}.{case.__name__}.{name}"
                case(name).debug()
    finally:
        match.versus_test = original
    return calls


def _call(test: str, asked: dict[str, Any]) -> Call:
    expected = _text(asked["expected_actions1"]), _text(asked["expected_actions2"])
    return Call(
        test=test,
        players=(_fresh(asked["player1"]), _fresh(asked["player2"])),
        expected=expected,
        turns=asked.get("turns") or len(expected[0]),
        noise=asked.get("noise") or 0.0,
        seed=asked.get("seed"),
        attributes=asked.get("match_attributes") or {},
    )


def _fresh(player: Any) -> Any:
    """Return a player made anew, whose arguments do not change when a test goes on with the lists it gave."""
    fresh = player.clone()
    fresh.init_kwargs = copy.deepcopy(fresh.init_kwargs)
    return fresh


def _tests() -> Iterator[tuple[type[unittest.TestCase], str]]:
    """Yield the test methods that expect plays, but those that are expected to fail."""
    package = importlib.import_module("axelrod.tests.strategies")
    modules = [f"{package.__name__}.{found.name}" for found in pkgutil.iter_modules(package.__path__)]
    for path in (*modules, "axelrod.tests.unit.test_strategy_transformers"):
        module = importlib.import_module(path)
        for case in vars(module).values():
            if not isinstance(case, type) or not issubclass(case, unittest.TestCase) or case.__module__ != path:
                continue
            for name, method in inspect.getmembers(case, inspect.isfunction):
                if name.startswith("test_") and _expects_plays(method):
                    yield case, name


def _expects_plays(method: Any) -> bool:
    source = inspect.getsource(method)
    told = "versus_test(" in source or "transitions_test(" in source
    wrong = getattr(method, "__unittest_expecting_failure__", False) or "incorrect" in method.__name__
    return told and not wrong


def _text(actions: Any) -> str:
    return "".join(str(action) for action in actions)
