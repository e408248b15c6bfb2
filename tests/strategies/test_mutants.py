"""The checks of play tell a strategy from one with a constant, a comparison or an entry of its data changed.

The strategies themselves are held to the library by the tests of conformance; this holds those tests to account.
"""

import numpy as np
import pytest
from driven import all_scripts, drive, moody_scripts
from mutants import mutants_of_code, mutants_of_data

from evocoop.strategies.resolve import plan_of

SCRIPTS = ((all_scripts(12), None), moody_scripts(48, 300, seed=9))
"""Those of the tests of conformance."""
ASKED = [(scripts, 7, flips) for scripts, flips in SCRIPTS]
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
    "FirstByFeld",
    "FirstBySteinAndRapoport",
    "SecondByGetzler",
    "SecondByGrofman",
    "SecondByWhite",
    "SecondByEatherley",
    "Prober4",
    "Adaptive",
    "BackStabber",
    "GradualKiller",
    "LevelPunisher",
    "ForgetfulGrudger",
    "CollectiveStrategy",
    "AlternatorHunter",
    "OnceBitten",
)
"""Rules in which every change matters; ``benchmarks/all_mutants.py`` changes all rules."""
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
    return all(np.array_equal(drive(one, *asked), drive(two, *asked)) for asked in ASKED)


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
