"""The report says in words what its tables hold, for each kind of question; titles equal values from the data."""

from __future__ import annotations

import itertools
import math
from pathlib import Path
from typing import Any

import pytest
from reading_pages import Page, assert_harmless
from runs_by_hand import MATRIX, shares, swept

from evocoop.config.experiment import DynamicsAsk, GameAsk, SweepAsk
from evocoop.core.errors import InputError
from evocoop.report import write_report


def read(path: Path) -> Page:
    page = Page(write_report(path))
    assert_harmless(page)
    return page


def lead(page: Page) -> str:
    """Return the first paragraph of the answer."""
    place = next(i for i, (tag, text) in enumerate(page.texts) if (tag, text) == ("h2", "The answer"))
    return next(text for tag, text in page.texts[place + 1 :] if tag == "p").replace("\u00a0", " ")


def test_one_game_one_setting(make_run: Any) -> None:
    page = read(make_run({"prevalence": shares({"COMP": 0.8139, "C": 0.0978, "D": 0.0883})}))
    assert "COMP holds 81.4 % of the population, ahead of C with 9.8 %" in lead(page)
    assert "COMP holds 81 % of the population, ahead of C with 10 %" in page.titles
    assert "computed exactly" in page.text and "in this model" in page.text.lower()
    assert "hypothesis" in page.text


def test_sampled_shares_carry_their_error_and_near_ties_are_said(make_run: Any) -> None:
    rows = shares({"A": 0.52, "B": 0.48}, standard_error=0.03, exact=False)
    page = read(make_run({"prevalence": rows}))
    assert "A has the largest share, 52.0 % ± 3.0, but B cannot be told from it" in lead(page)
    assert "largest standard error is 3.0 percentage points" in page.text
    near = read(
        make_run({"prevalence": shares({"A": 0.336, "B": 0.335, "C": 0.329}, standard_error=0.005, exact=False)})
    )
    assert "no lead can be told from chance: all 3 hold 32.9 % to 33.6 %" in lead(near).replace("No", "no")


def test_unknown_errors_are_not_called_exact(make_run: Any) -> None:
    page = read(make_run({"prevalence": shares({"A": 0.9, "B": 0.1}, standard_error=None, exact=False)}))
    assert "no standard error can be given" in page.text and "computed exactly" not in page.text
    assert "90.0 % ± ?" in lead(page)


def test_equal_shares_favour_nobody(make_run: Any) -> None:
    page = read(make_run({"prevalence": shares({"A": 1 / 3, "B": 1 / 3, "C": 1 / 3})}))
    assert "no strategy is favoured: all 3 hold about 33.3 %" in lead(page).replace("No", "no")


def line_rows(points: dict[float, dict[str, float]], **more: Any) -> list[dict[str, Any]]:
    return [
        row
        for cell, (value, held) in enumerate(points.items())
        for row in shares(held, cell=cell, **{"game.cost": value}, **more)
    ]


def test_a_sweep_says_where_the_lead_changes(make_run: Any) -> None:
    rows = line_rows({0.1: {"A": 0.9, "B": 0.1}, 0.2: {"A": 0.7, "B": 0.3}, 0.3: {"A": 0.2, "B": 0.8}})
    page = read(make_run({"prevalence": rows}, sweep=swept("game.cost", [0.1, 0.2, 0.3])))
    assert "A leads up to cost = 0.2 and B at 0.3" in lead(page)
    assert "at cost = 0.1 A holds 90.0 %" in lead(page).replace("At", "at")
    assert "A leads up to cost = 0.2 and B at 0.3" in page.titles


def test_a_sweep_without_a_switch_says_how_the_share_moves(make_run: Any) -> None:
    rows = line_rows({3.0: {"A": 0.9, "B": 0.1}, 1.0: {"A": 0.6, "B": 0.4}, 2.0: {"A": 0.7, "B": 0.3}})
    page = read(make_run({"prevalence": rows}, sweep=swept("game.cost", [3.0, 1.0, 2.0])))
    assert "A leads at every cost from 1 to 3. Its share rises from 60.0 % to 90.0 %" in lead(page)


def test_replicates_are_averaged_with_their_spread(make_run: Any) -> None:
    rows = [row for r, held in enumerate((0.6, 0.8)) for row in shares({"A": held, "B": 1 - held}, replicate=r, cell=r)]
    page = read(make_run({"prevalence": rows}, replicates=2))
    assert "70.0 % ± 10.0" in lead(page)  # standard error of 0.6 and 0.8 is 0.1


def test_a_strategy_missing_from_a_replicate_counts_as_absent(make_run: Any) -> None:
    rows = [*shares({"A": 0.6, "B": 0.4}), *shares({"A": 1.0}, replicate=1, cell=1)]
    page = read(make_run({"prevalence": rows}, replicates=2))
    assert "A" in lead(page) and "80.0 %" in lead(page)


def test_two_swept_keys_give_regions_and_trends(make_run: Any) -> None:
    rows = []
    for cell, (x, y) in enumerate([(x, y) for x in (1.0, 2.0) for y in (1.0, 2.0)]):
        held = {(1.0, 1.0): 0.9, (1.0, 2.0): 0.7, (2.0, 1.0): 0.6, (2.0, 2.0): 0.2}[x, y]
        rows += shares({"A": held, "B": 1 - held}, cell=cell, **{"game.cost": x, "game.gain": y})
    sweep = SweepAsk("grid", {"game.cost": (1.0, 2.0), "game.gain": (1.0, 2.0)})
    page = read(make_run({"prevalence": rows}, sweep=sweep))
    assert "Of 4 settings, A leads in 3 and B in 1" in page.titles
    assert "the share of A falls from 80 % to 40 % as cost goes from 1 to 2" in lead(page)
    assert "falls from 75 % to 45 % as gain goes from 1 to 2" in lead(page)


def test_a_list_of_settings_names_the_best_and_the_worst(make_run: Any) -> None:
    rows = []
    for cell, (x, y, held) in enumerate([(1.0, "a", 0.9), (2.0, "b", 0.3), (2.0, "a", 0.8)]):
        rows += shares({"A": held, "B": 1 - held}, cell=cell, **{"game.cost": x, "game.kind": y})
    points = ({"game.cost": 1.0}, {"game.kind": "b"}, {"game.cost": 2.0})
    page = read(make_run({"prevalence": rows}, sweep=SweepAsk("list", {}, points)))
    assert "A does best at cost = 1, kind = a (90.0 %) and worst at cost = 2, kind = b (30.0 %)" in lead(page)


def test_several_games_are_compared_by_cooperation(make_run: Any) -> None:
    rows = []
    for cell, (game, held) in enumerate({"with talk": 0.9, "without": 0.2}.items()):
        rows += [
            {"strategy": "C", "share": held, "self_cooperation": 1.0, "game": game, "cell": cell},
            {"strategy": "D", "share": 1 - held, "self_cooperation": 0.0, "game": game, "cell": cell},
        ]
    games = (GameAsk("matrix", "with talk", MATRIX), GameAsk("matrix", "without", MATRIX))
    page = read(make_run({"prevalence": rows}, games=games))
    assert "cooperation in the long run is 90 % in “with talk” and 20 % in without" in lead(page)
    assert "with talk" in page.of("dt") and "without" in page.of("dt")
    assert any("C in “with talk” and D in without" in title for title in page.titles)


def test_kinds_of_mind_are_summed_up(make_run: Any) -> None:
    held = {"Hunter": 0.25, "Hare": 0.05, "Proposer": 0.7}
    games = (GameAsk("mixed_hunt", "hunt", {"group_size": 3, "threshold": 2}),)
    page = read(make_run({"prevalence": shares(held, game="hunt")}, games=games))
    assert "human-like strategies hold 70 % and chimp-like strategies hold 30 %" in lead(page)


def test_basins_answer_when_there_are_no_shares(make_run: Any) -> None:
    basins = [
        {"attractor": "Stag", "strategy": "Stag", "share": 0.25},
        {"attractor": "Hare", "strategy": "Hare", "share": 0.75},
    ]
    path = [
        {"start": s, "time": t, "strategy": name, "share": share}
        for s, end in enumerate((0.0, 1.0, 1.0))
        for t, first in ((0.0, 0.5), (1.0, end))
        for name, share in (("Hare", first), ("Stag", 1 - first))
    ]
    page = read(make_run({"basins": basins, "trajectories": path}))
    assert "75 % at Hare and 25 % at Stag" in lead(page)
    assert "Of 3 starts, 2 end with only Hare and 1 with only Stag" in page.titles


def test_paths_that_do_not_rest_are_told(make_run: Any) -> None:
    # of two starts the first goes up and down to the end, the second is still
    path = [
        {"start": start, "time": time, "strategy": name, "share": share}
        for start, waves in ((0, 0.3), (1, 0.0))
        for time, first in ((float(t), 0.5 + waves * (t % 2)) for t in range(21))
        for name, share in (("Hare", first), ("Stag", 1 - first))
    ]
    both = read(make_run({"trajectories": path}))
    assert "Of 2 starts, 1 ends with 50 % Stag and 50 % Hare and 1 keeps moving" in both.titles
    circling = [row for row in path if row["start"] == 0]
    page = read(make_run({"prevalence": shares({"Hare": 0.65, "Stag": 0.35}), "trajectories": circling}))
    assert "The path keeps moving" in page.titles
    assert "No path comes to rest; where paths circle, shares are means over time." in lead(page)
    still = [{**row, "share": 0.5} for row in circling]
    page = read(make_run({"prevalence": shares({"Hare": 0.65, "Stag": 0.35}), "trajectories": still}))
    assert "comes to rest" not in lead(page)


def test_rankings_answer_when_there_is_nothing_else(make_run: Any) -> None:
    rows = [
        {"strategy": name, "rank": rank, "score": score, "standard_error": error, "exact": False}
        for rank, (name, score, error) in enumerate((("TFT", 2.8, 0.01), ("GTFT", 2.79, 0.01), ("D", 1.5, 0.1)), 1)
    ]
    page = read(make_run({"rankings": rows}))
    assert "TFT comes first of 3 with 2.800 points a turn; GTFT cannot be told from it" in lead(page)


def test_after_a_tournament_comes_who_takes_over(make_run: Any) -> None:
    names = [f"S{k}" for k in range(32)]
    ranks = [
        {"strategy": name, "rank": rank, "score": 3.0 - rank / 40, "standard_error": 0.001, "exact": False}
        for rank, name in enumerate(names, 1)
    ]
    taken = [
        {"mutant": a, "resident": b, "log_probability": math.log(chance), "probability": chance, "neutral": 0.1}
        for a, b in itertools.permutations(names, 2)
        for chance in [0.3 if a == "S7" else 0.05]
    ]
    page = read(make_run({"rankings": ranks, "fixation": taken}))
    assert "S0 comes first of 32" in lead(page)
    assert "S7 takes over most often: 0.300 on average over 31 residents, 3.00 times as often as by chance." in lead(
        page
    )


def test_expectation_and_source_are_quoted_and_species_are_not_judged(make_run: Any) -> None:
    page = read(
        make_run(
            {"prevalence": shares({"A": 1.0})},
            question="Do chimp-like minds cooperate?",
            expected="A & B <together>",
            source="Skyrms 2004",
        )
    )
    assert "A & B <together>" in page.of("blockquote") and "Source: Skyrms 2004" in page.of("p")
    assert "region of parameters, not a verdict on a species" in page.text


def test_an_empty_run_says_so(make_run: Any) -> None:
    page = read(make_run({}, done=False))
    assert "no results yet" in lead(page) or "no results yet" in page.text
    assert "not complete" in page.text and page.titles == []


def test_failed_cells_are_mentioned(make_run: Any) -> None:
    page = read(make_run({"prevalence": shares({"A": 1.0})}, failed=((7, "out of memory"),)))
    assert "1 cell failed" in page.text and "cell 7: out of memory" in page.text


def test_what_is_not_a_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not a run"):
        write_report(tmp_path)


def test_how_to_reproduce_gives_command_versions_seed_and_hash(make_run: Any) -> None:
    path = make_run({"prevalence": shares({"A": 1.0})}, seed=42)
    page = read(path)
    cells = page.of("td", "bdi")
    assert "evocoop run experiment.toml" in page.of("code") and "42" in cells
    import json

    about = json.loads((path / "provenance.json").read_text())
    assert about["id"] in cells and about["packages"]["numpy"] in cells
    assert "# by hand" in page.of("pre")


def test_reports_of_one_run_are_equal(make_run: Any) -> None:
    path = make_run({"prevalence": shares({"A": 0.6, "B": 0.4})})
    first = write_report(path).read_bytes()
    assert write_report(path).read_bytes() == first


def test_many_games_and_dynamics_stay_within_a_dozen_charts(make_run: Any) -> None:
    rows, games = [], []
    for g in range(9):
        games.append(GameAsk("matrix", f"game {g}", MATRIX))
        for d in range(3):
            for cell, cost in enumerate((0.1, 0.2)):
                held = {f"s{i}": (i + 1) / 210 for i in range(20)}
                rows += shares(held, game=f"game {g}", dynamics=f"d{d}", cell=10 * g + cell, **{"game.cost": cost})
    kinds = tuple(DynamicsAsk("small_mutation_limit", f"d{d}") for d in range(3))
    page = read(make_run({"prevalence": rows}, games=tuple(games), dynamics=kinds))
    assert 1 <= len(page.titles) <= 12


def test_a_rule_that_tells_exactly_where_somebody_leads_is_given(make_run: Any) -> None:
    """Leads of FREE are exactly those with a cost of at least 0.7; no single condition tells those of COMP."""
    rows = []
    points = [(0.1, 4.0, "COMP"), (0.7, 4.0, "FREE"), (0.8, 2.0, "FREE"), (0.2, 0.0, "FAKE"), (0.3, 2.0, "COMP")]
    for cell, (cost, fine, best) in enumerate(points):
        held = {name: 0.6 if name == best else 0.2 for name in ("COMP", "FREE", "FAKE")}
        rows += shares(held, cell=cell, **{"game.cost": cost, "game.fine": fine})
    sweep = SweepAsk("list", {}, tuple({"game.cost": cost, "game.fine": fine} for cost, fine, _ in points))
    page = read(make_run({"prevalence": rows}, sweep=sweep))
    ranked = "of 5 settings, COMP leads in 2, FREE in 2 (wherever cost is at least 0.7) and FAKE in 1"
    assert ranked in lead(page)


def test_how_far_cooperation_lasts_is_compared_between_games(make_run: Any) -> None:
    rows = []
    for game, last in (("talk", 3.0), ("silence", 1.0)):
        for cell, hare in enumerate((1.0, 2.0, 3.0, 4.0)):
            at = {"game": game, "cell": cell + 10 * (game == "talk"), "game.hare": hare}
            good = 0.9 if hare <= last else 0.1
            rows += [
                {"strategy": "C", "share": good, "self_cooperation": 1.0, **at},
                {"strategy": "D", "share": 1 - good, "self_cooperation": 0.0, **at},
            ]
    games = (GameAsk("matrix", "talk", MATRIX), GameAsk("matrix", "silence", MATRIX))
    page = read(make_run({"prevalence": rows}, games=games, sweep=swept("game.hare", [1.0, 2.0, 3.0, 4.0])))
    lasts = "Cooperation stands above one half up to hare = 3 in talk and up to hare = 1 in silence"
    assert lasts in lead(page) and lasts in page.titles
    assert "cooperation in the long run is 70 % in talk and 30 % in silence" in lead(page)


def test_in_one_game_it_is_compared_between_dynamics(make_run: Any) -> None:
    rows = []
    for cell, hare in enumerate((1.0, 2.0, 3.0, 4.0)):
        for label, last in (("mixed", 1.0), ("side by side", 3.0)):
            at = {"game": "hunt", "dynamics": label, "cell": cell, "game.hare": hare}
            good = 0.9 if hare <= last else 0.1
            rows += [
                {"strategy": "C", "share": good, "self_cooperation": 1.0, **at},
                {"strategy": "D", "share": 1 - good, "self_cooperation": 0.0, **at},
            ]
    games = (GameAsk("matrix", "hunt", MATRIX),)
    page = read(make_run({"prevalence": rows}, games=games, sweep=swept("game.hare", [1.0, 2.0, 3.0, 4.0])))
    assert "one half up to hare = 3 under “side by side” and up to hare = 1 under mixed" in lead(page)


def test_three_swept_keys_give_one_map_for_each_level_of_the_shortest(make_run: Any) -> None:
    rows, values = [], {"game.a": (1.0, 2.0, 3.0), "game.b": (1.0, 2.0, 3.0), "game.c": ("low", "high")}
    for cell, (a, b, c) in enumerate(itertools.product(*values.values())):
        held = 0.1 * a + 0.1 * b + (0.1 if c == "low" else 0.3)
        rows += shares({"A": held, "B": 1 - held}, cell=cell, **{"game.a": a, "game.b": b, "game.c": c})
    page = read(make_run({"prevalence": rows}, sweep=SweepAsk("grid", values)))
    drawn = [text for tag, text in page.texts if tag == "text"]
    assert "c = low" in drawn and "c = high" in drawn
    wins = sum(row["share"] > 0.5 for row in rows if row["strategy"] == "A")
    ties = sum(abs(row["share"] - 0.5) < 1e-9 for row in rows if row["strategy"] == "A")
    assert f"A leads in {wins}, B in {18 - wins - ties} and several tie in {ties}" in lead(page)
    assert "the share of A rises from 50 % to 70 % as a goes from 1 to 3" in lead(page)


def test_many_settings_in_a_list_are_cut_with_a_note(make_run: Any) -> None:
    rows = []
    for cell in range(40):
        at = {"cell": cell, "game.a": float(cell % 7), "game.b": float(cell % 11), "game.c": float(cell % 3)}
        rows += shares({"A": 0.9, "B": 0.1}, **at)
    points = tuple({"game.a": row["game.a"]} for row in rows)
    page = read(make_run({"prevalence": rows}, sweep=SweepAsk("list", {}, points)))
    assert "A leads in all 40 settings" in page.titles
    assert "10 more settings are in the table of results." in page.text
