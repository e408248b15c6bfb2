"""The checks of play tell a strategy from one with a constant, a comparison or an entry of its data changed.

The strategies themselves are held to the library by the tests of conformance; this holds those tests to account.
"""

import numpy as np
import pytest
from driven import all_scripts, drive, random_scripts
from mutants import mutants_of_code, mutants_of_data

from evocoop.strategies.resolve import plan_of

SCRIPTS = (all_scripts(9), random_scripts(6, 300, seed=5))
CODE = (
    "TitForTat",
    "Grudger",
    "Gradual",
    "APavlov2006",
    "LimitedRetaliate",
    "Stalker",
    "FirstByShubik",
    "FirstByGrofman",
    "FirstByTullock",
)
DATA = {
    "SecondByLeyvraz": None,
    "WinStayLoseShift": None,
    "Random(0.4)": None,
    "MemoryOnePlayer((0.9, 0.6, 0.4, 0.2))": None,
    f"MemoryTwoPlayer({tuple(round(0.05 + 0.06 * k, 2) for k in range(16))})": None,
    "Cycler('CCDCDD')": slice(1, None),
    "Fortress4": slice(1, None, 2),
    "EvolvedFSM16": slice(1, None, 2),
}
"""Which entries of a strategy's table are plays; numbers are probabilities."""


def _same(one, two):
    return all(np.array_equal(drive(one, scripts, 7), drive(two, scripts, 7)) for scripts in SCRIPTS)


@pytest.mark.parametrize("name", CODE)
def test_a_change_in_the_code_shows(name):
    plan = plan_of(name)
    assert _same(plan, plan)
    mutants = list(mutants_of_code(plan))
    assert mutants
    assert [said for said, mutant in mutants if _same(plan, mutant)] == []


@pytest.mark.parametrize("name", DATA)
def test_a_change_in_the_data_shows(name):
    plan = plan_of(name)
    entries = range(len(plan.table))[DATA[name]] if DATA[name] else ()
    mutants = list(mutants_of_data(plan, entries))
    assert mutants
    assert [said for said, mutant in mutants if _same(plan, mutant)] == []
