import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evocoop.core.errors import InputError, UnknownNameError
from evocoop.games.payoffs import PayoffTable, as_payoffs, compositions, count_compositions


@given(st.integers(1, 6), st.integers(1, 4))
def test_compositions_are_complete_distinct_and_descending(members, strategies):
    table = compositions(members, strategies)
    assert table.shape == (count_compositions(members, strategies), strategies)
    assert (table.sum(axis=1) == members).all()
    rows = [tuple(row) for row in table]
    assert rows == sorted(set(rows), reverse=True)


def test_one_coplayer_gives_the_ordinary_matrix():
    assert np.array_equal(compositions(1, 3), np.eye(3))


def test_restriction_of_a_group_table_matches_the_full_one():
    rng = np.random.default_rng(5)
    table = PayoffTable(("a", "b", "c"), rng.normal(size=(3, 15)), group_size=5)
    pair = table.restrict(["c", "a"])
    assert pair.strategies == ("c", "a")
    for row, counts in enumerate(pair.compositions):
        wide = np.array([counts[1], 0, counts[0]])
        column = int(np.flatnonzero((table.compositions == wide).all(axis=1))[0])
        assert pair.values[0, row] == table.values[2, column]
        assert pair.values[1, row] == table.values[0, column]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: PayoffTable(("a", "a"), [[0, 0], [0, 0]]), "'a' stands twice"),
        (lambda: PayoffTable(("a", "b"), [[0, 0]]), r"must have shape \(2, 2\), not \(1, 2\)"),
        (lambda: PayoffTable(("a", "b"), [[0, np.nan], [0, 0]]), r"entry \(0, 1\) is nan"),
        (lambda: PayoffTable(("a", "b"), [[0, 1], [0, 0]], group_size=1), "at least 2"),
        (lambda: PayoffTable(("a",), [[0]], [[-1]]), "non-negative"),
        (lambda: PayoffTable((), []), "at least one strategy"),
        (lambda: as_payoffs([[1, 2, 3], [4, 5, 6]]), "square"),
        (lambda: as_payoffs([[1, 2], [3]]), "rows of equal length"),
        (lambda: as_payoffs("nonsense"), "array of numbers"),
    ],
)
def test_bad_tables_are_refused_with_the_reason(make, message):
    with pytest.raises(InputError, match=message):
        make()


def test_strategies_by_name_and_position():
    table = PayoffTable(("C", "D"), [[3, 0], [5, 1]])
    assert table.index("D") == table.index(1) == table.index(-1) == 1
    with pytest.raises(UnknownNameError, match="unknown strategy 'E'"):
        table.index("E")
    with pytest.raises(InputError, match="out of range"):
        table.index(2)
