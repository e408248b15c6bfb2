"""Experiment files: what is accepted, and how every mistake is told."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evocoop.config import Experiment, json_schema, load_experiment, parse_experiment
from evocoop.config.experiment import KINDS
from evocoop.config.limits import raised
from evocoop.core.errors import ConfigError, InputError
from evocoop.core.locate import key_lines
from evocoop.runs.tables import TABLES

ROOT = Path(__file__).parents[2]
SHIPPED = sorted((ROOT / "experiments").glob("*.toml"))

GOOD = """
schema_version = 1

[experiment]
name = "A hunt"
question = "Who hunts?"

[game]
name = "n_person_stag_hunt"
group_size = 5
threshold = 3
multiplier = 4.0

[[dynamics]]
name = "small_mutation_limit"
population_size = 50
selection_strength = 0.1

[sweep]
"game.multiplier" = [2.0, 4.0, 8.0]
dynamics.selection_strength = [0.1, 1]
"""


def mistakes(text: str, **kwargs: object) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        parse_experiment(text.encode(), "x.toml", **kwargs)  # type: ignore[arg-type]
    return list(caught.value.problems)


def test_a_good_file_is_read_with_every_default_filled_in() -> None:
    found = parse_experiment(GOOD.encode())
    assert found.games[0].parameters == {"group_size": 5, "threshold": 3, "multiplier": 4.0, "cost": 1.0}
    assert len(found.sweep) == 6
    assert found.sweep.point(0) == {"game.multiplier": 2.0, "dynamics.selection_strength": 0.1}
    assert found.sweep.point(1) == {"game.multiplier": 2.0, "dynamics.selection_strength": 1.0}
    assert found.sweep.point(5) == {"game.multiplier": 8.0, "dynamics.selection_strength": 1.0}
    assert isinstance(found.sweep.point(1)["dynamics.selection_strength"], float)


def test_the_resolved_question_survives_json() -> None:
    found = parse_experiment(GOOD.encode())
    assert Experiment.from_dict(json.loads(json.dumps(found.to_dict()))) == found


def test_all_mistakes_are_told_at_once_with_line_key_and_nearest_name() -> None:
    text = (
        GOOD.replace('name = "A hunt"', 'nam = "A hunt"')
        .replace("threshold = 3", "treshold = 3")
        .replace('"small_mutation_limit"', '"small_mutation_limits"')
        .replace('"game.multiplier" =', '"game.multiplyer" =')
    )
    found = mistakes(text)
    assert found == [
        "x.toml:4: experiment.name: is missing",
        "x.toml:5: experiment.nam: unknown key; did you mean 'name'? "
        "(allowed: name, question, expected, source, seed, replicates)",
        *found[2:],
    ]
    assert found[2].startswith("x.toml:11: game.treshold: unknown key; did you mean 'threshold'?")
    assert any(
        re.match(r"x.toml:15: dynamics\[0\].name: unknown .*did you mean 'small_mutation_limit'", p) for p in found
    )
    assert any(p.startswith("x.toml:20: sweep.game.multiplyer: there is no 'game.multiplyer'") for p in found)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("group_size = 5", "group_size = 5.5", r"x.toml:10: game.group_size: it must be a whole number"),
        ("threshold = 3", "threshold = 6", r"x.toml:8: game: threshold .*6.*5"),
        ("multiplier = 4.0", "multiplier = nan", r"x.toml:12: game.multiplier: it must be a finite number"),
        ("multiplier = 4.0", "multiplier = inf", r"x.toml:12: game.multiplier: it must be a finite number"),
        ("multiplier = 4.0", 'multiplier = "4"', r"x.toml:12: game.multiplier: it must be a finite number"),
        ("multiplier = 4.0", "multiplier = 1" + "0" * 400, r"x.toml:12: game.multiplier"),
        ("multiplier = 4.0", "multiplier = 2001-01-01", r"x.toml:12: game.multiplier"),
        ("population_size = 50", "", r"x.toml:14: dynamics\[0\].population_size: is missing"),
        ("population_size = 50", "population_size = 1000000000", r"above the limit of 100000.*--raise-limit"),
        ("schema_version = 1", "schema_version = 2", r"x.toml:2: schema_version: must be 1, not 2"),
        ("schema_version = 1", "", r"x.toml:1: schema_version: is missing"),
        ('"game.multiplier" = [2.0, 4.0, 8.0]', '"game.multiplier" = []', r"x.toml:20: .*must be a list of values"),
        ('"game.multiplier" = [2.0, 4.0, 8.0]', '"game.multiplier" = [2.0,\nnan]', r"x.toml:21: .*finite"),
        ("[sweep]", '[sweep]\nmode = "zip"', r"x.toml:19: sweep: zipped lists must be equally long"),
        ("[sweep]", '[sweep]\nmode = "list"', r"every key belongs into a point"),
        ("[sweep]", '[sweep]\nmode = "both"', r"x.toml:20: sweep.mode: must be 'grid', 'zip' or 'list'"),
        ("[sweep]", '[outputs]\ntables = ["payoff"]\n[sweep]', r"x.toml:20: outputs.tables\[0\].*'payoffs'"),
        ("[sweep]", '[population]\nstrategies = ["C", "E"]\n[sweep]', r"x.toml:20: population.strategies\[1\].*'E'"),
        ("[sweep]", "[play]\nturns = -1\n[sweep]", r"x.toml:20: play.turns: must be at least 1, not -1"),
        ("[sweep]", "[play]\nnoise = 1.5\n[sweep]", r"x.toml:20: play.noise: must be at most 1, not 1.5"),
        ("[sweep]", "[play]\nrepetitions = 0\n[sweep]", r"x.toml:20: play.repetitions: must be at least 1, not 0"),
        ("[game]", "[games]", r"x.toml:8: games: must be a list"),
        ("[experiment]", "experiment = 3\n[other]", r"x.toml:4: experiment: must be a section"),
        ('question = "Who hunts?"', 'question = ""', r"x.toml:6: experiment.question: must not be empty"),
        ('question = "Who hunts?"', 'question = "?"\nseed = -1', r"x.toml:7: experiment.seed: must be at least 0"),
    ],
)
def test_bad_input_is_refused_with_the_place_and_what_is_allowed(before: str, after: str, expected: str) -> None:
    assert before in GOOD
    found = mistakes(GOOD.replace(before, after, 1))
    assert any(re.search(expected, problem) for problem in found), found


FOLLOWED = """
schema_version = 1
[experiment]
name = "A hunt"
question = "Who hunts?"
[game]
name = "stag_hunt"
[[dynamics]]
"""


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ('name = "replicator"\nstart = [0.3, 0.3, 0.4]', "start must have 2 shares, one for each of C, D in game"),
        ('name = "replicator"\nstart = [0.3, 0.3]', r"shares of at least 0 that sum to 1, not \[0.3, 0.3\]"),
        ('name = "logit"\nstart = [1.3, -0.3]', r"x.toml:10: .*start: each entry must be a finite number in \[0, 1\]"),
        ('name = "fictitious_play"\nstart = [1.0]', "start must have 2 shares"),
        ('name = "diffusion"\npopulation_size = 9\nselection_strength = 1\nstart = [0.5, 0.4]', "that sum to 1"),
        ('name = "spatial_replicator"\nstart = [0.5, 0.4]', "start must hold 2 shares that sum to 1"),
        ('name = "quantal_response"\nnoise = [1.0, 0.0]', r"x.toml:10: .*noise: each entry must be .* at least 1e-12"),
    ],
)
def test_lists_of_numbers_are_checked_entry_by_entry_and_against_the_game(asked: str, expected: str) -> None:
    found = mistakes(FOLLOWED + asked)
    assert any(re.search(expected, problem) for problem in found), found


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "schema_version: is missing"),
        (b"x = [1", "x.toml:1: not valid TOML"),
        (b"a = 1\nb = = 2\n", "x.toml:2: not valid TOML"),
        (b"a = 1\n\xff\xfe", "x.toml:2: not a text file in UTF-8"),
        (b"a = " + b"[" * 5000, "x.toml:1: not TOML that can be read|x.toml:1: not valid TOML"),
        (b"a = 1" + b"0" * 5000, "x.toml:1: not TOML that can be read|x.toml:1: a: unknown key"),
        (b"PK\x03\x04", "not valid TOML"),
    ],
)
def test_what_is_no_toml_is_refused_with_its_line(content: bytes, expected: str) -> None:
    with pytest.raises(ConfigError, match=expected):
        parse_experiment(content, "x.toml")


def test_matrices_of_the_wrong_shape_are_refused() -> None:
    text = GOOD[: GOOD.index("[game]")] + '[game]\nname = "matrix"\npayoffs = {}\n'
    for wrong in ("[[1, 2], [3]]", "[[1, 2]]", "[1, 2]", "[]", "3", "[[1, nan], [0, 1]]", '[["a", 1], [0, 1]]'):
        assert any("x.toml:8: game" in p or "x.toml:10: game.payoffs" in p for p in mistakes(text.format(wrong))), wrong


def test_a_missing_file_a_directory_and_a_device_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "none.toml", tmp_path, Path("/dev/null"), tmp_path / "a\0b"):
        with pytest.raises(InputError, match="cannot read"):
            load_experiment(path)


def test_settings_change_the_file_and_are_blamed_for_their_mistakes() -> None:
    found = parse_experiment(GOOD.encode(), overrides=["game.cost=0.5", "dynamics.population_size=20"], seed=7)
    assert (found.games[0].parameters["cost"], found.dynamics[0].parameters["population_size"]) == (0.5, 20)
    assert found.seed == 7
    assert mistakes(GOOD, overrides=["game.cots=1"])[0].startswith("--set game.cots=1: game.cots: unknown key")
    assert mistakes(GOOD, seed=-1)[0].startswith("--seed -1: experiment.seed: must be at least 0")
    for wrong in ("game.cost", "=1", "game.threshold.x=1", "dynamics.nothing=1", "dynamics.9.x=1"):
        with pytest.raises(InputError, match="--set"):
            parse_experiment(GOOD.encode(), overrides=[wrong])


def test_limits_are_raised_only_by_name() -> None:
    wide = GOOD.replace("[0.1, 1]", str([i / 1000 for i in range(40_000)]))
    assert any("120000 cells are above the limit of 100000" in p for p in mistakes(wide))
    assert len(parse_experiment(wide.encode(), limits=raised(["cells=120000"])).sweep) == 120_000
    with pytest.raises(InputError, match="did you mean 'cells'"):
        raised(["cell=5"])
    with pytest.raises(InputError, match="takes a number"):
        raised(["cells=many"])


def test_astronomic_sweeps_are_refused_without_being_visited() -> None:
    axis = str([float(i) for i in range(1000)])
    wide = GOOD.replace("[0.1, 1]", axis).replace("[2.0, 4.0, 8.0]", axis) + f"game.cost = {axis}\n"
    assert any("1000000000 cells are above the limit" in p for p in mistakes(wide))
    assert any("replicates" in p for p in mistakes(GOOD.replace('name = "A', f'replicates = {10**30}\nname = "A')))


def test_a_swept_key_may_stand_in_for_a_required_one() -> None:
    found = parse_experiment(GOOD.replace("selection_strength = 0.1", "", 1).encode())
    assert "selection_strength" not in found.dynamics[0].parameters


def test_games_and_dynamics_of_one_name_need_labels() -> None:
    twice = GOOD + '[[dynamics]]\nname = "small_mutation_limit"\npopulation_size = 9\nselection_strength = 1\n'
    assert any("called 'small_mutation_limit'; give each its own label" in p for p in mistakes(twice))
    assert len(parse_experiment((twice + 'label = "small"\n').encode()).dynamics) == 2


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_files_are_accepted_and_fit_the_schema(path: Path) -> None:
    import jsonschema

    content = path.read_bytes()
    assert content.startswith(b"#:schema ./experiment.schema.json\n")
    assert load_experiment(path).expected
    jsonschema.validate(tomllib.loads(content.decode()), json_schema())


def test_the_shipped_schema_is_the_one_evocoop_prints() -> None:
    shipped = json.loads((ROOT / "experiments" / "experiment.schema.json").read_text())
    assert shipped == json.loads(json.dumps(json_schema())), (
        "write it anew: evocoop schema > experiments/experiment.schema.json"
    )


def test_the_schema_refuses_what_the_reader_refuses() -> None:
    import jsonschema

    validator = jsonschema.Draft202012Validator(json_schema())
    good = tomllib.loads(GOOD)
    assert validator.is_valid(good)
    learning = tomllib.loads(FOLLOWED + 'name = "quantal_response"')
    assert validator.is_valid(learning)
    learning["dynamics"][0]["noise"] = [1.0, 0.0]
    assert not validator.is_valid(learning)
    for path, value in ((("game", "nonsense"), 1), (("game", "cost"), "a"), (("dynamics", 0, "name"), "x")):
        bad = json.loads(json.dumps(good))
        here = bad
        for step in path[:-1]:
            here = here[step]
        here[path[-1]] = value
        assert not validator.is_valid(bad), path


def test_kinds_of_tables_are_the_same_in_the_file_and_in_the_store() -> None:
    assert set(KINDS) == set(TABLES)


def paths_of(data: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    found = [path] if path else []
    for key, value in items:
        found += paths_of(value, (*path, key))
    return found


TRICKY = '''# a comment = 1
"quoted key" = 1
a.b . "c.d" = """
looks = "like a key"
[not.a.header]
"""
lit = \'\'\'
x = 1 \'\'quoted\'\'
ends in quotes\'\'\'\'\'
[t]   # comment ] [
arr = [ 1, # one
  [2, { x = 3, "y z" = [4] }],
  "str # no comment ]", ]
[[list]]
k = 1
[list.sub]
m = "esc \\\\" # "
[[list.deep]]
n = 1
[[list.deep]]
n = 2
[[list]]
k = 2
[[list.deep]]
n = 3
'''


def test_every_key_of_a_tricky_file_is_found_on_its_line() -> None:
    lines = key_lines(TRICKY)
    assert set(paths_of(tomllib.loads(TRICKY))) <= set(lines)
    text = TRICKY.split("\n")
    for path, line in lines.items():
        name = next(str(part) for part in reversed(path) if isinstance(part, str))
        if isinstance(path[-1], str):
            assert name in text[line - 1], (path, line)
    assert lines[("list", 0, "deep", 1, "n")] == 21
    assert lines[("list", 1, "deep", 0, "n")] == 25
    assert lines[("t", "arr", 1, 1, "y z", 0)] == 12


scalars = st.one_of(
    st.integers(-(10**6), 10**6),
    st.booleans(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(codec="ascii"), max_size=8),
)
keys = st.text(st.sampled_from("ab.#=\"[]{} \\'"), min_size=1, max_size=4)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3), max_leaves=8
)


def inline(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {inline(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",\n ".join(inline(item) for item in value) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value).replace("\\u007f", "\\u007F") if isinstance(value, str) else repr(value)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(keys, values, max_size=4))
def test_every_key_of_any_file_is_found(data: dict[str, object]) -> None:
    text = "\n".join(f"# line\n{json.dumps(key)} = {inline(value)}" for key, value in data.items()).replace("\x7f", "")
    parsed = tomllib.loads(text)
    assert set(paths_of(parsed)) <= set(key_lines(text))
