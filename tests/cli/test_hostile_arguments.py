"""Whatever is typed, the command line answers or refuses in words; it never shows a traceback or works without end."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from evocoop.cli.app import app

FILE = """
schema_version = 1
[experiment]
name = "tiny"
question = "Who hunts?"
[game]
name = "stag_hunt"
[[dynamics]]
name = "small_mutation_limit"
population_size = 20
selection_strength = 0.1
[outputs]
report = false
"""
WORDS = (
    "", " ", "-", "--", "é", "漢", "\x1b[31m", "\ud800", "a" * 5000, "9" * 5000, "../x", "/", "/dev/null", ".", "~",
    "0", "-1", "1", "1.5", "1e400", "nan", "inf", "-inf", "1e18", "99999999999999999999", "²", "١", "true", "x=y", "%s",
    "a.b=1", "games.0.cost=1", "[[1,2],[3,4]]", "1/2", "2/1", "0/0", "cells=1e9", "cells=nan", "work=-1", "json", "=",
    "TitForTat", "Random(0.5)", "Random(2)", "GTFT(p=", "GTFT(p=[1])", "Random(p=1e400)", "x.py:f", "tiny.toml:f",
    "tiny.toml", "run", "empty", "none", "strategies", "games", "local:0", "local:" + "9" * 5000, "tcp://", "svg",
)  # fmt: skip
SENSE = {
    "file": ("tiny.toml",), "directory": ("run",), "directories": ("run",), "names": ("TitForTat", "Random"),
    "first": ("TitForTat", "run"), "second": ("Random", "run"), "what": ("games",), "name": ("TitForTat",),
    "format": ("json",), "out": ("other",), "set": ("dynamics.mutation=0.1", "sweep.game.reward=[5, 6]"),
}  # fmt: skip
NEVER = {"workers", "cluster", "measure"}
"""Options that would start processes or compile."""
SLOW = {"bench", "chase", "laws", "fingerprint", "doctor"}
"""Verbs that compute for long when given sense; they are only given nonsense."""
MOST = {"turns": "9", "repetitions": "2"}


def line(verb: str, parameters: list[Any], chance: random.Random) -> list[str]:
    """Return a command line of a verb: its arguments, some options, mostly nonsense."""
    found = [verb]
    for one in parameters:
        if one.name in NEVER or one.name == "help":
            continue
        word = chance.choice(WORDS if chance.random() < 0.5 else SENSE.get(one.name, WORDS))
        if one.param_type_name == "argument":
            found += [word] * chance.choice([0, 1, 1, 1, 2 if one.nargs == -1 else 1])
        elif chance.random() < 0.3:
            found += [one.opts[0]] if one.is_flag else [one.opts[0], word]
    for name, most in MOST.items():  # what is not said otherwise stays small
        if any(one.name == name for one in parameters) and f"--{name}" not in found:
            found += [f"--{name}", most]
    return found


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    monkeypatch.chdir(inside)
    (inside / "tiny.toml").write_text(FILE)
    (inside / "empty").mkdir()
    assert CliRunner().invoke(app, ["run", "tiny.toml", "--out", "run"]).exit_code == 0


@pytest.mark.usefixtures("here")
def test_hostile_words_are_answered_or_refused_in_words() -> None:
    chance = random.Random(5)
    verbs = get_command(app).commands  # type: ignore[attr-defined]
    names = [name for name in sorted(verbs) if name not in SLOW]
    codes = []
    for _ in range(400):
        words = line(name := chance.choice(names), verbs[name].params, chance)
        found = CliRunner().invoke(app, words)
        assert found.exception is None or isinstance(found.exception, SystemExit), (words, repr(found.exception))
        assert found.exit_code in (0, 1, 2, 3), words
        assert found.exit_code != 2 or "rror" in found.stderr or "Usage" in found.stderr, words
        assert "Traceback" not in found.output, words
        codes.append(found.exit_code)
    assert codes.count(0) > 20, "too few lines make sense to say much"
