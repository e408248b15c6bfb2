"""Populations whose size changes, and networks that do, from an experiment file to tables and a report."""

import polars as pl
import pytest

import evocoop
from evocoop.config import parse_experiment
from evocoop.core.errors import ConfigError
from evocoop.report import write_report

FILE = """
schema_version = 1

[experiment]
name = "Sizes"
question = "Who lasts?"
seed = 1

[[games]]
name = "public_goods"
label = "goods"
group_size = 4

[[games]]
name = "matrix"
label = "pairs"
payoffs = [[1.0, 0.8], [1.3, 0.5]]

[[dynamics]]
name = "ecological"
games = ["goods"]
death = 0.7
starts = 3
time = 100

[[dynamics]]
name = "competition"
games = ["pairs"]
starts = 3

[[dynamics]]
name = "demography"
games = ["pairs"]
scale = 8
death = 0.6
time = 40
start = [3, 3]
replicates = 30

[[dynamics]]
name = "demographic_extinction"
games = ["pairs"]
scale = 5
death = 0.6
max_time = 20
replicates = 100

[[dynamics]]
name = "demographic_fixation"
games = ["pairs"]
scale = 10
replicates = 200

[[dynamics]]
name = "dynamic_network"
games = ["pairs"]
graph = "random_regular"
nodes = 20
degree = 4
selection_strength = 0.1
rewiring_speed = 1.0
adverse = [[0, 1], [0, 1]]
mutation = 0.01
steps = 1000
"""


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sizes")
    (folder / "sizes.toml").write_text(FILE)
    found = evocoop.run(folder / "sizes.toml", out=folder / "run")
    assert not found.failed
    return found


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("1.3, 0.5", "1.3, 0.0", "payoffs must be above 0"),
        ('games = ["pairs"]\nscale = 8', 'games = ["goods"]\nscale = 8', "played in groups of 4"),
        ('games = ["pairs"]\ngraph', 'games = ["goods"]\ngraph', "links join two"),
        ("start = [3, 3]", "start = [3]", "2 whole numbers"),
        ("start = [3, 3]", "start = [0, 0]", "not all 0"),
        ("time = 40", "time = 40\nburn_in = 50", "burn_in must be below"),
        ("scale = 5\ndeath = 0.6", "scale = 5\ndeath = 0", "death must be above 0"),
        ("scale = 10", 'scale = 10\nmutant = "X"', "unknown mutant 'X'"),
        ("[[0, 1], [0, 1]]", "[[0, 1], [0, 2]]", "adverse"),
        ("[[0, 1], [0, 1]]", "[[0, 1]]", "adverse"),
        ("starts = 3\ntime", "start = [0.6, 0.6]\ntime", "at most all places"),
        ("starts = 3\n\n", "start = [0.6]\n\n", "2 densities"),
        ("group_size = 4", "group_size = 1000", "too many to follow"),
    ],
)
def test_what_cannot_be_asked_is_refused_before_anything_runs(old, new, words):
    assert FILE.count(old) == 1
    with pytest.raises(ConfigError, match=words):
        parse_experiment(FILE.replace(old, new).encode())


def test_shares_of_the_living_and_of_nobody_make_one(done):
    frame = done.table("prevalence").collect()
    sums = frame.group_by("dynamics").agg(pl.col("share").sum())
    assert sums.height == 4 and sums["share"].to_list() == pytest.approx([1] * 4)
    nobody = frame.filter((pl.col("strategy") == "nobody") & (pl.col("dynamics") == "demography"))
    assert 0 < nobody["share"][0] < 1 and 0 < nobody["standard_error"][0] < 0.2
    assert "nobody" not in frame.filter(dynamics="competition")["strategy"]
    paths = done.table("trajectories").collect()
    for row in paths.group_by("dynamics", "start", "time").agg(pl.col("share").sum()).iter_rows():
        assert row[-1] == pytest.approx(1)
    assert "free places" in paths.filter(dynamics="ecological")["strategy"]


def test_sizes_and_lifetimes(done):
    sizes = done.table("sizes").collect()
    assert set(sizes["dynamics"]) == {"ecological", "competition", "demography"}
    mine = sizes.filter(dynamics="demography")
    assert mine["size"][0] == 6 and mine["extinct"][0] == 0 and mine["extinct"].is_sorted()
    lives = done.table("times").collect().filter(pl.col("outcome") == "extinction")
    assert lives["mutant"].to_list() == lives["resident"].to_list() == ["C", "D"]
    assert (lives["finished"] <= 1).all() and lives["steps"][0] > lives["steps"][1]
    fixed = done.table("fixation").collect()
    assert fixed["neutral"].to_list() == pytest.approx([1 / 5, 1 / 10])


def test_the_report_shows_them(done):
    page = write_report(done.path).read_text("utf-8")
    assert "How large populations are" in page and "free places" in page
