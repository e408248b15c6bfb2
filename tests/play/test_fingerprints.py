"""Fingerprints: the library's own at the same seed, closed forms, expectations against play, refusals."""

import csv
import json
import warnings

import numpy as np
import pytest
from typer.testing import CliRunner

from evocoop.cli.app import app
from evocoop.core.errors import InputError
from evocoop.play import fingerprint, transitive_fingerprint
from evocoop.report.fingerprints import draw

PAIRS = [
    ("WinStayLoseShift", "TitForTat"),
    ("Random", "TitForTat"),
    ("EvolvedFSM16", "Random"),
    ("Grudger", "WinStayLoseShift"),
    ("Gradual", "GTFT"),
    ("TitForTat", "Cooperator"),
    ("EvolvedHMM5", "Alternator"),
    ("MetaHunter", "Grudger"),
    ("WinStayLoseShift", "Calculator"),
    ("Random", "EvolvedHMM5"),
    ("Random", "RiskyQLearner"),
]


@pytest.mark.axelrod
@pytest.mark.parametrize(("strategy", "probe"), PAIRS)
def test_fingerprints_are_the_librarys_at_the_same_seed(strategy, probe):
    """Every score is the same double, at a step that does not divide 1 too."""
    axelrod = pytest.importorskip("axelrod")
    about = {"turns": 15, "repetitions": 3, "seed": 11}
    for step in (0.25, 0.3):
        theirs = axelrod.AshlockFingerprint(getattr(axelrod, strategy), getattr(axelrod, probe))
        expected = theirs.fingerprint(step=step, progress_bar=False, **about)
        ours = fingerprint(strategy, probe=probe, step=step, **about)
        assert ours.data == {(float(x), float(y)): float(score) for (x, y), score in expected.items()}


@pytest.mark.axelrod
def test_fingerprints_of_player_objects_are_the_librarys():
    """A coin that falls one way is a probe that no mixture reaches; a class of one's own plays over the bridge."""
    axelrod = pytest.importorskip("axelrod")

    class Mine(axelrod.TitForTat):
        pass

    about = {"turns": 10, "repetitions": 2, "step": 0.25, "seed": 3}
    probes = [
        axelrod.MemoryOnePlayer((0.9, 0.1, 0.5, 0.2)),
        axelrod.Random(1),
        axelrod.MetaMixer(team=[axelrod.Prober]),
    ]
    for me, probe in [*((axelrod.Random(0.3), probe) for probe in probes), (Mine(), axelrod.GTFT())]:
        theirs = axelrod.AshlockFingerprint(me, probe).fingerprint(progress_bar=False, **about)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ours = fingerprint(me, probe=probe, workers=2, **about)
        assert list(ours.data.values()) == [float(score) for score in theirs.values()]
        assert bool(ours.notes) == isinstance(me, Mine)


def librarys_row(axelrod, strategy, **about):
    """Return the library's transitive fingerprint, its matches counted here: its own counting fails with NumPy 2.4."""

    def count(file):
        with open(file, newline="") as lines:
            rows = [row for row in csv.DictReader(lines) if row["Player index"] == "0"]
        return [(int(row["Opponent index"]), [play == "C" for play in row["Actions"]]) for row in rows]

    opponents = about.pop("opponents", None)
    theirs = axelrod.TransitiveFingerprint(strategy, opponents, about.pop("number_of_opponents", 0))
    theirs.analyse_cooperation_ratio = count
    matches = theirs.fingerprint(progress_bar=False, **about)
    ends = sorted({opponent for opponent, _ in matches})
    return np.array([np.mean([plays for opponent, plays in matches if opponent == end], axis=0) for end in ends])


@pytest.mark.axelrod
@pytest.mark.parametrize("strategy", ["TitForTat", "Random", "EvolvedANN5", "SecondByWhite"])
@pytest.mark.parametrize("noise", [0.0, 0.05])
def test_transitive_fingerprints_are_the_librarys_at_the_same_seed(strategy, noise):
    axelrod = pytest.importorskip("axelrod")
    about = {"number_of_opponents": 4, "turns": 12, "repetitions": 5, "seed": 7}
    ours = transitive_fingerprint(strategy, noise=noise, **about)
    theirs = librarys_row(axelrod, getattr(axelrod, strategy), noise=noise or None, **about)
    np.testing.assert_array_equal(ours.cooperation, theirs)


@pytest.mark.axelrod
def test_a_row_of_opponents_may_hold_one_played_over_the_bridge():
    axelrod = pytest.importorskip("axelrod")
    row = [axelrod.Alternator(), axelrod.Darwin(), axelrod.Random(0.4)]
    theirs = librarys_row(axelrod, axelrod.GTFT(), opponents=row, turns=8, repetitions=3, seed=5)
    with pytest.warns(UserWarning, match="Darwin"):
        ours = transitive_fingerprint("GTFT", opponents=row, turns=8, repetitions=3, seed=5)
    np.testing.assert_array_equal(ours.cooperation, theirs)


def long_run(strategy, **more):
    found = fingerprint(strategy, step=0.125, turns=None, exact=True, **more)
    x, y = np.meshgrid(found.shares, found.shares, indexing="ij")
    return x, y, found.scores


def test_long_fingerprints_have_closed_forms():
    """Against tit for tat: 1 + 4x (defector), 3 - 3y (cooperator), (3x^2 + 5xy + y^2)/(x + y)^2 (tit for tat).

    The mixed probe copies a defector's D with 1 - x - y, so cooperates with x; a cooperator's C, so defects with y. Two
    copiers play independent draws of the share q = x/(x + y) that solves q = x + (1 - x - y) q.
    """
    x, y, scores = long_run("Defector")
    np.testing.assert_allclose(scores, 1 + 4 * x, atol=1e-12)
    x, y, scores = long_run("Cooperator")
    np.testing.assert_allclose(scores, 3 - 3 * y, atol=1e-12)
    x, y, scores = long_run("TitForTat")
    x[0, 0] = 1.0  # without mistakes nobody ever defects: 3
    np.testing.assert_allclose(scores, (3 * x**2 + 5 * x * y + y**2) / (x + y) ** 2, atol=1e-12)


def test_edges_of_the_square_leave_no_crumbs_of_chance():
    """Along y = 0 no cooperator is ever defected on, whatever the rounding of x: 3; along x = 0 grudgers starve: 1."""
    for strategy in ("WinStayLoseShift", "Grudger", "TitForTat"):
        scores = fingerprint(strategy, step=0.05, turns=None, exact=True).scores
        np.testing.assert_allclose(scores[:, 0], 3.0, atol=1e-12)
    grudger = fingerprint("Grudger", step=0.05, turns=None, exact=True).scores
    np.testing.assert_allclose(grudger[0, 1:], 1.0, atol=1e-12)


def test_the_fingerprint_of_a_coin_does_not_depend_on_its_probe_but_at_its_corners():
    """Against a probe that cooperates with q the joint Joss-Ann cooperates with x + (1 - x - y) q."""
    x, y, scores = long_run("Random", probe="Random(0.3)")
    q = x + (1 - x - y) * 0.3
    np.testing.assert_allclose(scores, 0.5 * (3 * q) + 0.5 * (5 * q + (1 - q)), atol=1e-12)


@pytest.mark.parametrize("strategy", ["WinStayLoseShift", "Grudger", "GTFT", "TitFor2Tats"])
@pytest.mark.parametrize("probe", ["TitForTat", "WinStayLoseShift", "Grudger"])
def test_expected_fingerprints_are_the_means_of_played_ones(strategy, probe):
    """36 points, 5 standard errors of 400 matches: false alarm below 1 in 30000; points without chance are equal."""
    about = {"probe": probe, "step": 0.2, "turns": 20}
    exact = fingerprint(strategy, exact=True, **about)
    few = [fingerprint(strategy, repetitions=40, seed=seed, **about).scores for seed in range(10)]
    error = np.std(few, axis=0, ddof=1) / np.sqrt(10)
    assert (np.abs(np.mean(few, axis=0) - exact.scores) <= 9 * error + 1e-12).all()


def test_a_fingerprint_does_not_depend_on_the_number_of_workers():
    one = fingerprint("GTFT", step=0.1, turns=10, repetitions=2, seed=1)
    two = fingerprint("GTFT", step=0.1, turns=10, repetitions=2, seed=1, workers=2)
    np.testing.assert_array_equal(one.scores, two.scores)
    assert one.seed == 1 and not one.exact and one.shares.shape == (11,)


def test_transitive_fingerprint_of_tit_for_tat_copies_the_row():
    """Turn 1 is cooperation; from then on the share of cooperation is the opponent's, 4 standard errors of 2000."""
    found = transitive_fingerprint("TitForTat", number_of_opponents=5, turns=6, repetitions=2000, seed=2).cooperation
    assert (found[:, 0] == 1.0).all()
    shares = np.linspace(0, 1, 5)[:, None]
    assert (np.abs(found[:, 1:] - shares) <= 4 * np.sqrt(shares * (1 - shares) / 2000)).all()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"step": 0.0}, "step"),
        ({"step": 2}, "step"),
        ({"turns": None}, "turns"),
        ({"probe": "Tit4Tat"}, "unknown strategy"),
        ({"repetitions": 0}, "repetitions"),
        ({"exact": True, "strategy": "Gradual"}, "no finite automaton"),
        ({"exact": True, "probe": "Gradual"}, "no finite automaton"),
    ],
)
def test_bad_fingerprints_are_refused(asked, said):
    with pytest.raises(InputError, match=said):
        fingerprint(**{"strategy": "TitForTat", "step": 0.5, "turns": 5, "seed": 1, **asked})


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"opponents": []}, "opponents"),
        ({"opponents": "TitForTat"}, "opponents"),
        ({"number_of_opponents": 0}, "number_of_opponents"),
        ({"turns": 0}, "turns"),
        ({"repetitions": 0}, "repetitions"),
    ],
)
def test_bad_transitive_fingerprints_are_refused(asked, said):
    with pytest.raises(InputError, match=said):
        transitive_fingerprint(**{"strategy": "TitForTat", "turns": 5, "seed": 1, **asked})


def test_the_picture_says_what_the_numbers_say(tmp_path):
    figure = draw(fingerprint("Defector", step=0.25, turns=None, exact=True))
    assert figure.title == "Defector gets 1.00 to 5.00 a turn, most where x = 1 and y = 0"
    assert len(figure.rows) == 25 and (0.5, 0.0, 3.0) in figure.rows
    assert figure.save(tmp_path / "square.svg").read_text().count("<path") > 25
    row = draw(transitive_fingerprint("Alternator", opponents=["Random(1/3)", "Defector"], turns=4, repetitions=2))
    assert row.title.replace("\u00a0", " ") == (
        "Alternator cooperates in 50 % of turns with Random: 0.333, in 50 % with Random: 0.333"
    )
    assert row.rows[4:6] == [("Defector", 1, 1.0), ("Defector", 2, 0.0)]


def test_the_verb_prints_and_draws(tmp_path):
    run = CliRunner()
    asked = ["fingerprint", "Defector", "--exact", "--turns", "0", "--step", "0.5"]
    shown = run.invoke(app, [*asked, "--format", "json", "--out", str(tmp_path / "one.png")])
    assert json.loads(shown.stdout)["scores"] == [[1.0, 1.0, 1.0], [3.0, 3.0, 3.0], [5.0, 5.0, 5.0]]
    assert (tmp_path / "one.png").read_bytes().startswith(b"\x89PNG")
    assert "5.00" in run.invoke(app, asked).stdout
    for wrong in (["--out", "one.pdf"], ["--step", "0"], ["--probe", "Gradual"]):
        assert run.invoke(app, [*asked, *wrong]).exit_code == 2
