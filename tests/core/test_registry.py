import pytest

from evocoop.core.errors import UnknownNameError
from evocoop.core.registry import Entry, Registry

TABLE = Registry("game", (Entry("sqrt", "math:sqrt", "a root"), Entry("floor", "math:floor", "down")))


def test_lookup_ignores_case_and_loads_lazily():
    assert TABLE.find("SQRT").load()(9) == 3.0
    assert "Floor" in TABLE and "ceil" not in TABLE and 3 not in TABLE
    assert TABLE.names == ("sqrt", "floor") and len(TABLE) == 2 and [e.name for e in TABLE] == ["sqrt", "floor"]


def test_unknown_names_get_the_nearest():
    with pytest.raises(UnknownNameError, match="unknown game 'flor'; did you mean 'floor'"):
        TABLE.find("flor")
    with pytest.raises(UnknownNameError):
        TABLE.find(None)


def test_two_entries_of_one_name_are_refused():
    with pytest.raises(ValueError, match="share a name"):
        Registry("game", (Entry("a", "m:a", ""), Entry("A", "m:b", "")))
