"""Derivatives in experiment files: what stands in the table is what small changes of the file do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from evocoop.config import parse_experiment
from evocoop.config.experiment import GameAsk
from evocoop.core.errors import ConfigError
from evocoop.games import MatrixGame
from evocoop.runs import open_run
from evocoop.runs.evaluate import build_game
from evocoop.runs.face import run
from evocoop.runs.slopes import GameSlopes, game_slopes

ABOUT = 'schema_version = 1\n[experiment]\nname = "slopes"\nquestion = "What matters?"\nseed = 3\n'
DEALS = '[[games]]\nname = "commitment"\nlabel = "deals"\nproposal_cost = {cost}\n'
HUNT = '[[games]]\nname = "n_person_stag_hunt"\nlabel = "hunt"\nmultiplier = {multiplier}\n'
SMALL = "population_size = 30\nselection_strength = {strength}\n"


def asked(name: str, *, strength: float = 0.2, mutation: float | None = None, **more: str) -> str:
    lines = [f'[[dynamics]]\nname = "{name}"', SMALL.format(strength=strength)]
    lines += [] if mutation is None else [f"mutation = {mutation!r}"]
    return "\n".join([*lines, *(f"{key} = {value}" for key, value in more.items())]) + "\n"


def rows(folder: Path, kind: str, *parts: str) -> list[dict[str, Any]]:
    path = folder / "file.toml"
    path.write_text("\n".join((ABOUT, *parts, "[outputs]\nreport = false\n")))
    done = run(path, out=folder / f"run{len(list(folder.iterdir()))}")
    assert not done.failed
    return open_run(done.path).table(kind).collect().to_dicts()


def pick(found: list[dict[str, Any]], **wanted: Any) -> dict[str, Any]:
    (row,) = [row for row in found if all(row[key] == value for key, value in wanted.items())]
    return row


@pytest.mark.parametrize("mutation", [None, 0.02])
@pytest.mark.parametrize("parameter", ["game.multiplier", "dynamics.selection_strength"])
def test_shares_answer_as_the_table_says(tmp_path: Path, parameter: str, mutation: float | None) -> None:
    at, step = (3.7 if parameter == "game.multiplier" else 0.2), 1e-4

    def share(change: float) -> float:
        game = HUNT.format(multiplier=3.7 + change * (parameter == "game.multiplier"))
        strength = 0.2 + change * (parameter != "game.multiplier")
        name = "small_mutation_limit" if mutation is None else "stationary_distribution"
        found = rows(tmp_path, "prevalence", game, asked(name, strength=strength, mutation=mutation))
        return float(pick(found, strategy="C")["share"])

    table = rows(tmp_path, "sensitivities", HUNT.format(multiplier=3.7), asked("sensitivity", mutation=mutation))
    row = pick(table, measure="share", strategy="C", parameter=parameter)
    assert row["derivative"] == pytest.approx((share(step) - share(-step)) / (2 * step), rel=1e-5)
    assert row["value"] == pytest.approx(share(0.0), rel=1e-12) and row["at"] == at
    assert row["elasticity"] == pytest.approx(row["derivative"] * at / row["value"])
    assert row["exact"] and row["standard_error"] == 0.0
    assert pick(table, measure="cooperation", parameter=parameter)["derivative"] == pytest.approx(row["derivative"])


def test_states_and_fixation_answer_as_the_table_says(tmp_path: Path) -> None:
    step = 1e-4
    game = HUNT.format(multiplier=3.7)
    moved = [HUNT.format(multiplier=3.7 + sign * step) for sign in (-1, 1)]
    chances = [rows(tmp_path, "fixation", one, asked("fixation_probability")) for one in moved]
    table = rows(tmp_path, "sensitivities", game, asked("fixation_sensitivity"))
    for mutant, resident in (("C", "D"), ("D", "C")):
        low, high = (pick(found, mutant=mutant, resident=resident)["log_probability"] for found in chances)
        row = pick(table, strategy=mutant, resident=resident, parameter="game.multiplier")
        assert row["derivative"] == pytest.approx((high - low) / (2 * step), rel=1e-5)
        assert row["elasticity"] == pytest.approx(3.7 * row["derivative"])
    times = [rows(tmp_path, "stationary", one, asked("stationary_distribution", mutation=0.02)) for one in moved]
    table = rows(tmp_path, "sensitivities", game, asked("stationary_sensitivity", mutation=0.02))
    for state in (0, 7, 30):
        low, high = (pick(found, state=state, strategy="C")["probability"] for found in times)
        row = pick(table, state=state, parameter="game.multiplier")
        assert row["derivative"] == pytest.approx((high - low) / (2 * step), rel=1e-4)
    kinds = {row["parameter"] for row in table}
    assert kinds == {"payoff", "game.multiplier", "game.cost", "dynamics.selection_strength", "dynamics.mutation"}


def test_a_parameter_works_through_the_payoffs(tmp_path: Path) -> None:
    """The temptation of a prisoner's dilemma is the payoff of D against C."""
    table = rows(tmp_path, "sensitivities", '[[games]]\nname = "prisoners_dilemma"\n', asked("sensitivity"))
    by_name = pick(table, measure="share", strategy="C", parameter="game.temptation")
    by_place = pick(table, measure="share", strategy="C", parameter="payoff", earner="D", opponent="C")
    assert by_name["derivative"] == pytest.approx(by_place["derivative"], rel=1e-9)
    assert by_name["at"] == by_place["at"] == 5.0
    assert pick(table, measure="share", strategy="C", parameter="game.sucker")["elasticity"] is None


def test_kinks_and_what_does_not_matter_are_left_out() -> None:
    def make(changes: dict[str, float]) -> MatrixGame:
        given = {"benefit": 2.0, "cost": 1.0, **changes}
        return MatrixGame(payoffs=[[given["benefit"] ** 2, abs(given["cost"] - 1.0)], [1.0, 0.0]])

    found = list(game_slopes(GameAsk("donation", "x", {"benefit": 2.0, "cost": 1.0}), make, ("C", "D"), 2))
    assert [one.key for one in found] == ["game.benefit"]
    assert found[0].payoffs.values.ravel() == pytest.approx([4.0, 0.0, 0.0, 0.0], abs=1e-9)
    deals = GameAsk("commitment", "x", {"no_deal": 0.0, "proposal_cost": 0.0, "reward": 1.0})

    def deal(changes: dict[str, float]) -> Any:
        return build_game(GameAsk("commitment", "x", {**deals.parameters, **changes}))

    at_bound = {one.key: one for one in game_slopes(deals, deal, deal({}).strategies, 2)}
    assert {"game.proposal_cost", "game.reward", "game.no_deal"} <= set(at_bound), "one side is enough at a bound"


def test_pairs_are_cut_out_of_the_whole_table(monkeypatch: pytest.MonkeyPatch) -> None:
    ask = GameAsk("public_goods", "x", {"group_size": 4, "multiplier": 2.0, "cost": 1.0})

    def make(changes: dict[str, float]) -> Any:
        return build_game(GameAsk("public_goods", "x", {**ask.parameters, **changes}))

    cut = {one.key: one.payoffs.values for one in GameSlopes(ask, make, ("C", "D"), 4)(("D", "C"))}
    monkeypatch.setattr("evocoop.runs.slopes.MOST_ENTRIES", 1)
    alone = {one.key: one.payoffs.values for one in GameSlopes(ask, make, ("C", "D"), 4)(("D", "C"))}
    assert cut.keys() == alone.keys() == {"game.multiplier", "game.cost"}
    assert all(cut[key] == pytest.approx(alone[key], abs=1e-9) for key in cut)


def test_played_payoffs_give_derivatives_with_errors(tmp_path: Path) -> None:
    play = '[play]\nturns = 20\nrepetitions = 3\nnoise = 0.1\n[population]\nstrategies = ["TitForTat", "Defector"]\n'
    table = rows(tmp_path, "sensitivities", '[game]\nname = "prisoners_dilemma"\n', play, asked("sensitivity"))
    assert {row["parameter"] for row in table} == {"payoff", "dynamics.selection_strength"}
    assert all(not row["exact"] and row["standard_error"] > 0 for row in table if row["parameter"] == "payoff")


REFUSED = [
    ("sensitivity", {"process": '"imitate_if_better"'}, None, "is not allowed; allowed: pairwise"),
    ("sensitivity", {"process": '"introspection"'}, None, "one imitator at a time"),
    ("sensitivity", {}, 0.0, "leave it out for the limit of rare mutations"),
    ("fixation_sensitivity", {"mutant": '"Cc"'}, None, "did you mean 'C'"),
    ("fixation_sensitivity", {"mutant": '"C"', "resident": '"C"'}, None, "must differ"),
    ("stationary_sensitivity", {}, None, "mutation: is missing"),
    ("stationary_sensitivity", {"process": '"moran"'}, 1.5, "in [0, 1], not 1.5"),
    ("sensitivty", {}, None, "did you mean 'sensitivity'"),
]


@pytest.mark.parametrize(("name", "more", "mutation", "reason"), REFUSED)
def test_what_cannot_be_asked_is_refused_with_place_and_reason(
    name: str, more: dict[str, str], mutation: float | None, reason: str
) -> None:
    text = "\n".join((ABOUT, HUNT.format(multiplier=4.0), asked(name, mutation=mutation, **more)))
    with pytest.raises(ConfigError) as refusal:
        parse_experiment(text.encode(), "x.toml")
    assert reason in "\n".join(refusal.value.problems)
    assert all(problem.startswith("x.toml:") for problem in refusal.value.problems)


def test_too_many_derivatives_are_refused_before_anything_runs() -> None:
    quorum = '[game]\nname = "quorum_signalling"\n'
    with pytest.raises(ConfigError, match="fixation_sensitivity, which works on pairs"):
        parse_experiment("\n".join((ABOUT, quorum, asked("sensitivity"))).encode())
    four = '[game]\nname = "matrix"\npayoffs = [[1,0,0,0],[0,1,0,0],[0,0,1,0],[0,0,0,1]]\n'
    with pytest.raises(ConfigError, match="ask sensitivity, which gives those of the shares"):
        parse_experiment("\n".join((ABOUT, four, asked("stationary_sensitivity", mutation=0.1))).encode())


def test_derivatives_can_be_swept(tmp_path: Path) -> None:
    sweep = "[sweep]\ngame.proposal_cost = [0.1, 0.3]\ndynamics.process = ['pairwise', 'moran']\n"
    found = rows(tmp_path, "sensitivities", DEALS.format(cost=0.2), asked("sensitivity"), sweep)
    values = {(row["cell"], row["game.proposal_cost"], row["dynamics.process"]) for row in found}
    assert len(values) == 4
    assert all(row["at"] == row["game.proposal_cost"] for row in found if row["parameter"] == "game.proposal_cost")
