"""Strategies of the user: what works plays like the library's, what does not is refused with file, rule and turn."""

import pytest

import evocoop
from evocoop.core.errors import InputError

PYTHON = '''
from evocoop.strategies.draws import random_choice
from evocoop.strategies.plan import Plan, rule
from evocoop.strategies.state import C, D


def grim(me):
    """Defect for ever after the first defection."""
    return D if me.cd + me.dd else C


@rule
def moody(me):
    """Cooperate seven times of ten."""
    return random_choice(me, 0.7)


def planned():
    return Plan(moody, stochastic=True)


def odd(me):
    return 2 if me.turn == 3 else C


def broken(me):
    return 0 * (1 // (me.turn - 5))


thing = 3
'''

TABLES = """
[Tat]
kind = "machine"
[Tat.states.calm]
C = ["calm", "C"]
D = ["calm", "D"]

[Generous]
kind = "memory"
cooperate = {CC = 1.0, CD = 0.3, DC = 1.0, DD = 0.3}

[TwoTats]
kind = "memory"
[TwoTats.cooperate]
CCCC = 1
CCCD = 1
CCDC = 1
CCDD = 0
CDCC = 1
CDCD = 1
CDDC = 1
CDDD = 0
DCCC = 1
DCCD = 1
DCDC = 1
DCDD = 0
DDCC = 1
DDCD = 1
DDDC = 1
DDDD = 0

[Hole]
kind = "machine"
states = {calm = {C = ["calm", "C"]}}

[Nowhere]
kind = "machine"
states = {calm = {C = ["calm", "C"], D = ["clam", "D"]}}

[High]
kind = "memory"
cooperate = {CC = 1.3, CD = 0, DC = 0, DD = 0}

[Few]
kind = "memory"
cooperate = {CC = 1, CD = 0}

[Kindless]
knd = "memory"
"""


@pytest.fixture
def files(tmp_path):
    (tmp_path / "mine.py").write_text(PYTHON)
    (tmp_path / "tables.toml").write_text(TABLES)
    (tmp_path / "bad.py").write_text("x = 1\n1 / 0\n")
    (tmp_path / "bad.toml").write_text("[a\n")
    return tmp_path


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ("mine.py:grim", "Grudger"),
        ("mine.py:moody", "Random(0.7)"),
        ("mine.py:planned", "Random(0.7)"),
        ("tables.toml:Tat", "TitForTat"),
        ("tables.toml:Generous", "GTFT(p=0.3)"),
        ("tables.toml:TwoTats", "TitFor2Tats"),
    ],
)
def test_a_strategy_of_the_user_plays_like_its_twin(files, mine, theirs):
    for rival in ("Alternator", "Random", "Gradual"):
        ours = evocoop.match(f"{files}/{mine}", rival, turns=60, seed=4, noise=0.05)
        twin = evocoop.match(theirs, rival, turns=60, seed=4, noise=0.05)
        assert ours.sequences == twin.sequences


def test_it_takes_part_in_tournaments(files):
    names = [f"{files}/mine.py:grim", "TitForTat", f"{files}/tables.toml:Generous", "Defector"]
    found = evocoop.tournament(names, turns=20, repetitions=2, seed=1)
    twins = evocoop.tournament(["Grudger", "TitForTat", "GTFT(p=0.3)", "Defector"], turns=20, repetitions=2, seed=1)
    assert found.players[0] == names[0]
    assert found.scores == twins.scores


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("mine.py:odd", r"mine.py:odd against Cooperator, turn 4: the rule of line 22 returned 2, which is neither C"),
        ("mine.py:broken", r"mine.py:broken against Cooperator, turn 6: line 27: .*divide by zero"),
        ("mine.py:thing", "must be a rule, a plan, or a player class"),
        ("mine.py:moodi", "did you mean 'moody'"),
        ("none.py:x", "there is no such file"),
        ("bad.py:x", "bad.py, line 2: ZeroDivisionError"),
        ("bad.toml:x", "not a TOML file"),
        ("tables.toml:Hole", r"tables.toml:34: \[Hole\] state 'calm' has no transition after the opponent's D"),
        (
            "tables.toml:Nowhere",
            r"tables.toml:38: \[Nowhere\] state 'calm', D: there is no state 'clam'; did you mean 'calm'",
        ),
        ("tables.toml:High", r"tables.toml:42: \[High\] cooperate.CC must be a probability in \[0, 1\], not 1.3"),
        ("tables.toml:Few", r"tables.toml:46: \[Few\] cooperate has no probability after DC, DD"),
        ("tables.toml:Kindless", r"tables.toml:48: \[Kindless\] kind must be 'machine' or 'memory'"),
        ("tables.toml:Tit", r"there is no table \[Tit\]"),
    ],
)
def test_what_does_not_work_is_refused(files, name, said):
    with pytest.raises(InputError, match=said):
        evocoop.match(f"{files}/{name}", "TitForTat", turns=10, seed=1)
