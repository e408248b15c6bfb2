"""The shipped catalogue of strategies is that of the installed library, row for row."""

import inspect
import json
import subprocess
import sys

import pytest

from evocoop.core.errors import UnknownNameError
from evocoop.strategies.families import native
from evocoop.strategies.make_catalogue import CATALOGUE, GENERIC, LATER, rows
from evocoop.strategies.registry import catalogue, find, names


def test_the_file_is_what_the_families_say():
    """Renew it with ``python -m evocoop.strategies.make_catalogue --families-only`` when this fails."""
    shipped = json.loads(CATALOGUE.read_text("utf-8"))["strategies"]
    assert {key for key, row in rows(shipped).items() if row != shipped[key]} == set()


def test_every_strategy_that_keeps_the_rules_is_native_and_darwin_is_the_one_that_does_not():
    listed = [row for row in catalogue().values() if row.listed]
    assert len(listed) == 241
    assert sum(row.keeps_rules for row in listed) == 240
    assert [row.key for row in listed if not row.keeps_rules] == ["Darwin"]
    assert [row.key for row in catalogue().values() if not row.native] == ["Darwin", "EvolvedAttention"]
    assert set(native()) == set(catalogue()) - {"Darwin", "EvolvedAttention"}
    assert {row.key for row in catalogue().values() if row.since} == set(LATER)


def test_every_row_says_what_the_strategy_does():
    for row in catalogue().values():
        assert not row.native or (row.family and row.summary.endswith(".")), row.key


def test_a_name_is_found_whatever_its_case_and_a_wrong_one_brings_the_nearest():
    assert {find(name).key for name in ("TitForTat", "tit for tat", "TITFORTAT")} == {"TitForTat"}
    with pytest.raises(UnknownNameError, match="did you mean 'TitForTat'"):
        find("TitForTatt")


def test_listing_imports_neither_the_library_nor_a_compiler():
    code = (
        "import sys; from evocoop.strategies.registry import names; assert len(names()) > 240; "
        "print([name for name in ('axelrod', 'numba', 'polars', 'altair') if name in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.strip() == "[]"


@pytest.fixture(scope="module")
def library():
    return pytest.importorskip("axelrod")


@pytest.mark.axelrod
def test_the_catalogue_holds_exactly_the_librarys_lists(library):
    listed = {row.key: row for row in catalogue().values() if row.listed}
    assert list(listed) == [cls.__name__ for cls in library.all_strategies]
    assert {key for key, row in listed.items() if row.keeps_rules} == {cls.__name__ for cls in library.strategies}
    assert {key for key in listed if not listed[key].keeps_rules} == {
        cls.__name__ for cls in library.cheating_strategies
    }
    assert {key for key, row in listed.items() if row.keeps_rules and row.classifier["long_run_time"]} == {
        cls.__name__ for cls in library.long_run_time_strategies
    }
    assert set(names()) - set(listed) - set(LATER) == set(GENERIC)


def test_every_row_tells_where_it_comes_from():
    assert all(row.sources for row in catalogue().values())
    assert catalogue()["TitForTat"].sources == ("Axelrod1980",)
    assert catalogue()["GoByMajority5"].sources == ("Karol Langner (Axelrod library)",)


@pytest.mark.axelrod
def test_every_row_equals_the_installed_library(library):
    """Names, labels, classifiers, parameters with defaults, citations."""
    from evocoop.strategies.axelrod_door import describe_library

    installed = describe_library(GENERIC)
    shipped = json.loads(CATALOGUE.read_text("utf-8"))
    assert shipped["axelrod"] == installed["axelrod"]
    known = {
        key: {field: row[field] for field in installed["strategies"].get(key, row)}
        for key, row in shipped["strategies"].items()
        if key not in LATER
    }
    differ = {key for key in known if known[key] != installed["strategies"].get(key)}
    assert not differ, {key: (known[key], installed["strategies"].get(key)) for key in sorted(differ)[:3]}
    assert known.keys() == installed["strategies"].keys()


@pytest.mark.axelrod
def test_parameters_are_those_of_the_librarys_own_constructors(library):
    """Read another way than the catalogue was made: off the signatures of the classes."""
    wrong = {}
    for row in catalogue().values():
        if row.since:
            continue
        signature = inspect.signature(getattr(library, row.key).__init__).parameters
        taken = {name: one for name, one in signature.items() if name not in ("self", "args", "kwargs")}
        if taken.keys() != row.parameters.keys():
            wrong[row.key] = (list(taken), list(row.parameters))
    assert not wrong


@pytest.mark.axelrod
def test_labels_and_stochastic_instances_are_the_librarys(library):
    from conformance import label_difference

    examples = {"ANN": f"ANN(17, 1, {[0.5] * 19})", "ReactivePlayer": "ReactivePlayer((0.9, 0.2))"}
    specs = [examples.get(key, key) for key in native() if key not in LATER]
    assert len(specs) == 249
    assert [line for spec in specs for line in label_difference(spec)] == []


@pytest.mark.axelrod
@pytest.mark.parametrize(
    ("spec", "stochastic"),
    [
        ("Random(1)", False),
        ("Random(0.3)", True),
        ("GTFT(p=0)", True),
        ("MemoryOnePlayer((1, 0, 0, 1))", False),
        ("MemoryOnePlayer((1, 0.5, 0, 1))", True),
        ("MemoryTwoPlayer", True),
        ("NaiveProber(p=0)", False),
        ("RandomTitForTat(p=1)", False),
        ("MetaMixer(team=[TitForTat, Random])", True),
        ("Cycler('CDD')", False),
        ("GoByMajority(memory_depth=3, soft=False)", False),
        ("FlipTransformer(HardGoByMajority(4))", False),
        ("NoisyTransformer(GoByMajority40, 0.1)", True),
        ("NoisyTransformer(FlipTransformer(Random(0.4)), noise=0.1)", True),
        ("FSMPlayer", False),
    ],
)
def test_instances_are_classified_one_by_one(library, spec, stochastic):
    from evocoop.strategies.axelrod_door import make_player
    from evocoop.strategies.resolve import entrant_of, read

    player = make_player(read(spec)[1])
    ours, theirs = entrant_of(spec).stochastic, bool(library.Classifiers["stochastic"](player))
    assert (ours, entrant_of(spec).label) == (theirs, str(player))
    if spec not in ("GTFT(p=0)", "MemoryTwoPlayer"):
        assert ours is stochastic
