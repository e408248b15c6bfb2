"""Every example in a docstring runs and prints what it says; every public function has a docstring."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import evocoop

SKIPPED = {"evocoop.__main__"}
MODULES = sorted(
    module.name for module in pkgutil.walk_packages(evocoop.__path__, "evocoop.") if module.name not in SKIPPED
)
FLAGS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS


@pytest.mark.parametrize("name", MODULES)
def test_docstring_examples_run(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    failed, _ = doctest.testmod(importlib.import_module(name), optionflags=FLAGS)
    assert failed == 0


@pytest.mark.parametrize("room", ["games", "dynamics", "play", "runs", "report"])
def test_every_public_name_is_documented_and_functions_of_the_dynamics_show_an_example(room):
    package = importlib.import_module(f"evocoop.{room}")
    names = [name for name in package.__all__ if callable(getattr(package, name))]
    undocumented = [name for name in names if not (getattr(package, name).__doc__ or "").strip()]
    assert not undocumented
    if room == "dynamics":
        functions = [name for name in names if not isinstance(getattr(package, name), type)]
        assert not [name for name in functions if ">>>" not in getattr(package, name).__doc__]
