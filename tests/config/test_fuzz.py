"""The reader of experiment files, fed with nonsense, accepts rightly or refuses with file, line, key and reason."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_a_thousand_hostile_files_are_accepted_rightly_or_refused_with_place_and_reason() -> None:
    """In a process of its own, which ends itself when a single case takes too long."""
    words = [sys.executable, str(ROOT / "tests" / "fuzz.py"), "--cases", "1000", "--seed", "11"]
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(words, capture_output=True, text=True, timeout=900, env=surroundings)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    cases, accepted, computed, reasons, defects = map(int, re.findall(r"\d+", done.stdout))
    assert (cases, defects) == (1000, 0)
    assert accepted > 150, "too few are accepted to say much"
    assert computed > 50 and computed > 2 * reasons, "too few are computed to say much"


def test_nothing_that_is_read_is_evaluated() -> None:
    """In the rooms that read files: no eval, exec or compile, and no module that turns bytes into code or objects."""
    never = {"eval", "exec", "compile", "__import__", "pickle", "marshal", "shelve", "cloudpickle", "yaml", "runpy"}
    for path in sorted(ROOT.glob("evocoop/**/*.py")):
        if path.relative_to(ROOT).parts[1] not in ("config", "runs", "report", "cli"):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names: list[str] = []
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                names = [node.func.id]
            elif isinstance(node, ast.Import):
                names = [one.name.partition(".")[0] for one in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [(node.module or "").partition(".")[0]]
            assert not never & set(names), f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"
