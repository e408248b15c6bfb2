"""Strategies compiled beforehand: on all processors, once, told about, and without the script that asks for them."""

import subprocess
import sys

import pytest

from evocoop.core.errors import InputError
from evocoop.play import compile_strategies
from evocoop.play.compiling import _address, _is_ours, compile_plans
from evocoop.strategies.registry import catalogue
from evocoop.strategies.resolve import plan_of

SCRIPT = """
import resource
print("script", flush=True)
from evocoop.play import compiling
from evocoop.strategies.resolve import plan_of

compiling.FEW = 2
told = []
plans = [plan_of(name) for name in ("Cooperator", "Defector", "TitForTat", "Alternator", "Random", "Grudger")]
count = compiling.compile_plans(plans, workers=2, told=lambda done, of: told.append((done, of)))
print(count, told[-1], sorted(told) == told)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime > 0.1)
print(compiling.compile_plans(plans))
"""


def test_other_processes_compile_into_the_cache_and_leave_the_script_alone(tmp_path, monkeypatch):
    """The script has no guard: a worker that read it would print its first line again."""
    file = tmp_path / "script.py"
    file.write_text(SCRIPT)
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.delenv("EVOCOOP_PLAIN", raising=False)
    again = "import evocoop.play.compiling as c; from evocoop.strategies.resolve import plan_of as p; "
    again += "print(c.compile_plans([p('Grudger'), p('TitForTat')]), c.compile_plans([p('Prober')]))"
    first = subprocess.run([sys.executable, file], capture_output=True, text=True, check=True).stdout.split("\n")
    assert first[0] == "script" and first.count("script") == 1
    assert first[1].startswith(("5 (5, 5) True", "6 (6, 6) True")) and first[2] == "True"
    assert subprocess.run([sys.executable, "-c", again], capture_output=True, text=True).stdout == "0 1\n"
    assert first[3] == "0"


def test_every_rule_of_the_catalogue_can_be_found_by_a_worker():
    plans = [plan_of(key) for key, row in catalogue().items() if row.native and row.listed]
    rules = {one.rule for plan in plans for one in plan.everyone()}
    assert len(rules) > 120 and all(_is_ours(rule) for rule in rules)
    assert len({_address(rule) for rule in rules}) == len(rules)


def test_what_is_compiled_already_is_not_told_about():
    told = []
    compile_plans([plan_of("TitForTat")])
    assert compile_plans([plan_of("TitForTat")], told=lambda *numbers: told.append(numbers)) == 0
    assert told == []
    with pytest.raises(InputError, match="TitForTat"):
        compile_strategies(["TitForTot"])
