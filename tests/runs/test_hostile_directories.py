"""A run directory with any of its bytes changed is read, put right or refused in words; never a traceback."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest
from small_runs import hunt, read, results
from typer.testing import CliRunner

from evocoop.cli.app import app
from evocoop.runs.run import start

TEXT = hunt(2) + "\n[outputs]\nreport = false\n"
STRANGE = (b"9", b"-", b"[", b"]", b'"', b"{", b"}", b"\n", b"null", b"1e9", b"\xff", b"\0", b"../../x", b"true", b"")


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sound") / "run"
    start(read(TEXT), path, TEXT.encode())
    return path


def spoil(content: bytes, chance: random.Random) -> bytes:
    """Return bytes with some of them replaced, removed or cut off."""
    for _ in range(chance.choice([1, 1, 2, 5])):
        at, length = chance.randrange(len(content) + 1), chance.choice([0, 1, 1, 3, 30])
        content = content[:at] + chance.choice(STRANGE) + content[at + length :]
    return content if chance.random() < 0.9 else content[: chance.randrange(len(content) + 1)]


def test_spoiled_directories_are_read_put_right_or_refused(sound: Path, tmp_path: Path) -> None:
    chance = random.Random(3)
    codes: list[int] = []
    for number in range(80):
        path = tmp_path / f"run-{number}"
        shutil.copytree(sound, path)
        file = chance.choice(sorted(one for one in path.rglob("*") if one.is_file() and one.name != "lock"))
        file.write_bytes(spoil(file.read_bytes(), chance))
        for words in (["verify"], ["compare", str(sound)], ["resume"], ["verify"], ["report", "--format", "json"]):
            if words[0] == "report" and number % 10:
                continue
            found = CliRunner().invoke(app, [*words, str(path)])
            where = (file.relative_to(path), words[0], found.output[-300:])
            assert found.exception is None or isinstance(found.exception, SystemExit), (where, repr(found.exception))
            assert found.exit_code in (0, 1, 2, 3), where
        codes.append(CliRunner().invoke(app, ["verify", str(path)]).exit_code)
        if codes[-1] == 0 and file.name != "resolved.json":
            assert results(path) == results(sound), file
        shutil.rmtree(path)
    assert codes.count(0) > 40, "most of what was spoiled can be put right"
