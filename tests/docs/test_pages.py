"""Every Python block of every page runs, and every command shown is one that the command line knows."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
FENCE = re.compile(r"^```(\w+)[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(page: Path, language: str) -> list[str]:
    return [body for name, body in FENCE.findall(page.read_text("utf-8")) if name == language]


@pytest.mark.parametrize("page", [p for p in PAGES if blocks(p, "python")], ids=lambda p: p.name)
def test_python_blocks_run(page, tmp_path, monkeypatch):
    (tmp_path / "experiments").symlink_to(ROOT / "experiments")
    monkeypatch.chdir(tmp_path)
    namespace: dict[str, object] = {"__name__": "page"}
    for number, body in enumerate(blocks(page, "python"), 1):
        exec(compile(body, f"{page.name}, block {number}", "exec"), namespace)


def commands() -> list[tuple[str, str]]:
    found = []
    for page in PAGES:
        for body in blocks(page, "console") + blocks(page, "bash") + blocks(page, "sh"):
            for line in body.splitlines():
                words = line.removeprefix("$ ").split("evocoop ", 1)
                if line.startswith(("$ evocoop ", "evocoop ", ".venv/bin/evocoop ")) and len(words) == 2:
                    found.append((page.name, words[1]))
    return sorted(set(found))


@pytest.mark.parametrize(("page", "command"), commands(), ids=lambda value: str(value)[:60])
def test_commands_are_known(page, command):
    """A command's verb and its options are those of the command line (asked by ``--help``, nothing is run)."""
    words = shlex.split(command.split("#")[0])
    verb = words[0]
    if verb.startswith("-"):
        return
    shown = _help(verb)
    for word in words[1:]:
        if word.startswith("--"):
            assert word.split("=")[0] in shown, f"{page}: {verb} has no option {word}"


def _help(verb: str, seen: dict[str, str] = {}) -> str:  # noqa: B006 - one help text a verb is enough
    if verb not in seen:
        done = subprocess.run(
            [sys.executable, "-m", "evocoop", verb, "--help"], capture_output=True, text=True, timeout=120,
            env={**__import__("os").environ, "COLUMNS": "200", "NO_COLOR": "1"},
        )  # fmt: skip
        assert done.returncode == 0, f"evocoop {verb} --help: {done.stderr}"
        seen[verb] = re.sub(r"\x1b\[[0-9;]*m", "", done.stdout)
    return seen[verb]


def test_every_page_is_in_the_table_of_contents():
    index = (ROOT / "docs" / "index.md").read_text("utf-8")
    blocks = FENCE.findall(index.replace("{toctree}", "toctree"))
    listed = {line.strip() for block in blocks for line in block[1].split("\n")}
    pages = {page.stem for page in (ROOT / "docs").glob("*.md")} - {"index"}
    assert pages <= listed, f"pages that no table of contents names: {sorted(pages - listed)}"
