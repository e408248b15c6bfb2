"""What a report says about derivatives is what stands in the table, and can be read."""

from __future__ import annotations

from typing import Any

from reading_pages import Page, assert_harmless
from runs_by_hand import shares, swept

from evocoop.report import write_report


def derivatives(values: dict[str, tuple[float, float]], **more: Any) -> list[dict[str, Any]]:
    """Return rows of one measure: parameter → value of it, derivative."""
    about = {"measure": "cooperation", "value": 0.4, **more}
    return [{**about, "parameter": key, "at": at, "derivative": slope} for key, (at, slope) in values.items()]


def test_the_title_says_on_what_cooperation_depends_most(make_run: Any) -> None:
    rows = derivatives({"game.temptation": (5.0, -0.16), "game.sucker": (0.0, 0.5), "dynamics.mutation": (0.01, 9.0)})
    path = make_run({"prevalence": shares({"C": 0.4, "D": 0.6}), "sensitivities": rows})
    page = Page(write_report(path))
    assert_harmless(page)
    said = "Cooperation depends most on the temptation: 1 % more of it takes away 0.8 percentage points; "
    assert said + "then on the mutation (+0.09)" in page.titles
    assert page.text.count(said) >= 2, "the answer says it too"
    assert "sucker = 0" in page.source and "What is 0 has no per cent" in page.text


def test_payoffs_are_named_where_the_game_has_no_parameters(make_run: Any) -> None:
    rows = [
        {"measure": "share", "strategy": "A", "value": 0.7, "parameter": "payoff", "earner": a, "opponent": b,
         "at": 2.0, "derivative": slope}
        for a, b, slope in (("A", "B", 0.1), ("B", "A", -0.3))
    ]  # fmt: skip
    (title,) = Page(write_report(make_run({"sensitivities": rows}))).titles
    assert title.startswith("The share of A depends most on the payoff of B against A: 1 % more of it takes away 0.6")


def test_along_a_sweep_the_title_says_where_what_matters_most(make_run: Any) -> None:
    rows = []
    for cell, cost in enumerate((0.1, 0.2, 0.3)):
        slopes = {"game.cost": (cost, -1.0), "game.benefit": (2.0, 0.08)}
        rows += derivatives(slopes, cell=cell, **{"game.cost": cost})
    (title,) = Page(write_report(make_run({"sensitivities": rows}, sweep=swept("game.cost", [0.1, 0.2, 0.3])))).titles
    assert title == "Cooperation depends most on the benefit up to cost = 0.1 and on the cost from 0.2"


def test_chances_of_takeover_are_told_in_per_cent_and_games_by_name(make_run: Any) -> None:
    about = {"measure": "log_fixation", "strategy": "D", "resident": "C", "value": -3.0, "at": 2.0}
    rows = [
        {**about, "parameter": "game.cost", "derivative": slope, "game": game}
        for game, slope in (("easy", 0.001), ("hard", -4.0))
    ]
    titles = Page(write_report(make_run({"sensitivities": rows}))).titles
    assert (
        "In hard, the chance that D takes over from C depends most on the cost: 1 % more of it lowers it by 8 %"
        in titles
    )
    assert titles[0].startswith("In easy, ")


def test_nothing_that_matters_is_said_so(make_run: Any) -> None:
    (title,) = Page(write_report(make_run({"sensitivities": derivatives({"game.cost": (1.0, 1e-9)})}))).titles
    assert title.startswith("Cooperation hardly depends on anything")


def test_time_moves_from_state_to_state(make_run: Any) -> None:
    about = {"measure": "probability", "value": 0.3, "parameter": "game.cost", "at": 1.0}
    rows = [{**about, "state": state, "derivative": slope} for state, slope in enumerate((0.4, 0.1, -0.5))]
    states = [
        {"state": state, "strategy": name, "count": count, "probability": 1 / 3}
        for state in range(3)
        for name, count in (("C", state), ("D", 2 - state))
    ]
    titles = Page(write_report(make_run({"sensitivities": rows, "stationary": states}))).titles
    assert titles[-1] == "1 % more of the cost moves most time from populations with 2 C to those with 0"
