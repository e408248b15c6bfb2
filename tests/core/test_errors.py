import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evocoop.core import errors


def test_nearest_forgives_case_and_one_slip():
    assert errors.nearest("titfortat", ["TitForTat", "Grudger"]) == "TitForTat"
    assert errors.nearest("Grudgr", ["TitForTat", "Grudger"]) == "Grudger"
    assert errors.nearest("xyzzy", ["TitForTat", "Grudger"]) is None


def test_unknown_name_lists_few_choices_and_the_nearest():
    message = str(errors.UnknownNameError("dynamics", "replicater", ["replicator", "logit"]))
    assert "unknown dynamics 'replicater'" in message
    assert "did you mean 'replicator'?" in message
    assert "allowed: replicator, logit" in message


def test_unknown_name_does_not_list_many_choices():
    message = str(errors.UnknownNameError("strategy", "zzz", [f"name{i}" for i in range(200)]))
    assert message == "unknown strategy 'zzz'"


@pytest.mark.parametrize("bad", [-0.1, 1.1, math.nan, math.inf, "0.5", True, None])
def test_a_probability_outside_zero_and_one_is_refused_by_name(bad):
    with pytest.raises(errors.InputError, match=r"noise must be a finite number in \[0, 1\]"):
        errors.check_probability("noise", bad)


@given(st.floats(0, 1))
def test_probabilities_pass_unchanged(value):
    assert errors.check_probability("noise", value) == value


def test_bounds_are_said_in_words():
    with pytest.raises(errors.InputError, match="turns must be a whole number of at least 1, not 0"):
        errors.check_integer("turns", 0, minimum=1)
    with pytest.raises(errors.InputError, match="turns must be a whole number of at least 1, not 1.5"):
        errors.check_integer("turns", 1.5, minimum=1)
    with pytest.raises(errors.InputError, match="whole number"):
        errors.check_integer("turns", True)
    with pytest.raises(errors.InputError, match="cost must be a finite number above 0, not 0"):
        errors.check_number("cost", 0, minimum=0, exclusive=True)
    assert errors.check_integer("turns", 3, minimum=1, maximum=3) == 3


def test_a_config_error_keeps_every_problem():
    error = errors.ConfigError(["a.toml:1: first", "a.toml:2: second"])
    assert error.problems == ("a.toml:1: first", "a.toml:2: second")
    assert str(error).splitlines() == list(error.problems)
