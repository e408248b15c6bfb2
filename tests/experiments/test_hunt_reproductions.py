"""Published models of hunts, roles, recognition and agreement, run from their shipped files, land on their figures."""

from pathlib import Path

import polars as pl
import pytest

import evocoop

FOLDER = Path(__file__).resolve().parents[2] / "experiments"


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    """Return a function that runs a shipped experiment once and gives one of its tables."""
    done = {}

    def get(name, kind):
        if name not in done:
            out = tmp_path_factory.mktemp(name) / "run"
            done[name] = evocoop.run(FOLDER / f"{name}.toml", out=out, settings=["outputs.report=false"])
            assert not done[name].failed
        return done[name].table(kind).collect()

    return get


def interior(frame, strategy):
    """Return shares of a strategy at rest points in the interior, with stability, in order."""
    inside = (pl.col("share") > 1e-9) & (pl.col("share") < 1 - 1e-9) & (pl.col("strategy") == strategy)
    return frame.filter(inside)


def leaders(frame, *keys):
    """Return the largest share at every setting."""
    best = frame.sort("share", descending=True).group_by(*keys, maintain_order=True).first()
    return {row[:-1]: row[-1] for row in best.select(*keys, "strategy").iter_rows()}


REDUCTIONS = {
    "two hunters": [(0.5, "unstable")],
    "all five": [(0.840896, "unstable")],
    "three of five": [(0.385728, "unstable")],
    "two of five": [(0.159104, "unstable")],
    "five of ten": [(0.393085, "unstable")],
    "stag hunt of Pacheco et al., five of ten": [(0.346798, "unstable"), (0.706795, "stable")],
    "snowdrift of five": [(0.260571, "stable")],
}
"""Roots of P(Bin(N-1, x) >= M-1) = (c+h)/b, of Pacheco et al. 2009 and of Souza et al. 2009."""


@pytest.mark.parametrize("game", REDUCTIONS)
def test_limits_of_the_coordinated_hunt(table, game):
    points = interior(table("hunt-reductions", "rest_points").filter(game=game), "Hunter")
    found = sorted(points.select("share", "stability").rows())
    assert [share for share, _ in found] == pytest.approx([share for share, _ in REDUCTIONS[game]], abs=1e-6)
    assert [kind for _, kind in found] == [kind for _, kind in REDUCTIONS[game]]


PLAN = {0.0: 1.0, 0.05: 0.85911, 0.1: 0.73542, 0.2: 0.53375, 0.3: 0.38392, 0.5: 0.20117, 1.0: 0.09375}
"""Chance that four fill four roles, by inclusion and exclusion; 4!/4^4 without a plan."""


@pytest.mark.parametrize("noise", PLAN)
def test_what_a_plan_is_worth_on_a_noisy_channel(table, noise):
    frame = table("roles-plan-noise", "payoffs").filter(pl.col("game.noise") == noise)
    planners = frame.filter(strategy="Hunter+plan+generalise", opponent="3 Hunter+plan+generalise")["payoff"]
    others = frame.filter(strategy="Hunter", opponent="3 Hunter")["payoff"]
    assert planners.to_list() == pytest.approx([PLAN[noise]], abs=1e-5)
    assert others.to_list() == pytest.approx([0.09375], abs=1e-12)


COMMIT = {
    "b = 4, c = 1": (0.35, 0.936, 0.758),
    "b = 4, c = 1, half as accurate": (0.65, 0.950, 0.758),
    "b = 2, c = 1": (0.65, 0.654, 0.636),
    "b = 2, c = 1, half as accurate": (0.90, 0.650, 0.636),
    "harsh": (0.90, 0.272, 0.269),
}
"""Best confidence on a grid of 0.05, share there, share of those who always agree: an independent calculation of the
model of Han, Santos, Lenaerts & Pereira 2015, Sci Rep 5:9312."""


@pytest.mark.parametrize("game", COMMIT)
def test_predicting_first_is_best_at_an_intermediate_confidence(table, game):
    frame = table("predict-then-commit", "prevalence").filter(game=game, strategy="IRCOM")
    shares = dict(frame.select("game.confidence", "share").iter_rows())
    best = max(shares, key=shares.get)
    assert (best, shares[best], shares[1.0]) == pytest.approx(COMMIT[game], abs=6e-4)


def test_recognition_errors_raise_an_invasion_barrier(table):
    """x* of Rusch 2019; none without mistakes, Newton 2017."""
    points = interior(table("recognition-errors", "rest_points"), "SI").sort("game.false_positive")
    assert points["share"].to_list() == pytest.approx([1 / 21, 0.1, 0.25], abs=1e-9)
    assert set(points["stability"]) == {"unstable"}


def test_neighbours_move_together_above_the_degree_over_the_inner_degree(table):
    """b/c > k/(s-1), alpha > k/(s-1); profiting without joining undoes it: Newton 2017, Games Econ Behav 104:517."""
    frame = table("joint-moves", "prevalence").filter(strategy="SI")
    for game, held in (("dilemma", {1.4, 1.9}), ("convention", {1.4, 1.9, 2.1, 3.0, 5.0})):
        rows = frame.filter(game=game).select("game.benefit", "share", "self_cooperation").rows()
        assert [benefit for benefit, _, moves in rows if moves] == [1.4, 1.9, 2.1, 3.0, 5.0]
        assert {benefit for benefit, share, _ in rows if share > 0.99} == held
        assert [share for benefit, share, _ in rows if benefit < 4 / 3] == pytest.approx([0.5, 0.5], abs=1e-9)
        assert all(share < 1e-9 for benefit, share, moves in rows if moves and benefit not in held)


def test_three_games_tell_the_we_mode_from_self_interest_and_altruism(table):
    frame = table("we-mode", "prevalence")
    acts = {}
    for strategy in ("Selfish", "TeamReasoner", "HomoMoralis", "Altruist"):
        rows = frame.filter(strategy=strategy)
        acts[strategy] = tuple(dict(rows.select("game", "self_cooperation").iter_rows()).values())
    assert acts["Selfish"] == (0, 0, 0) and acts["Altruist"] == (0, 1, 0)
    assert acts["TeamReasoner"] == acts["HomoMoralis"] == (1, 1, 1)
    shares = dict(frame.filter(game="donation").select("strategy", "share").iter_rows())
    assert shares["Selfish"] > 0.99


SNOWDRIFT = {
    ("pairs", 0.1): [0.9474], ("pairs", 0.3): [0.8235], ("pairs", 0.5): [0.6667], ("pairs", 0.8): [0.3333],
    ("fives", 0.1): [0.5686], ("fives", 0.3): [0.3864], ("fives", 0.5): [0.2606], ("fives", 0.8): [0.1005],
    ("tens", 0.1): [0.3215], ("tens", 0.3): [0.2003], ("tens", 0.5): [0.1281], ("tens", 0.8): [0.0464],
    ("three of five", 0.5): [0.210154, 0.830627], ("two of five", 0.3): [0.042581, 0.684656],
}  # fmt: skip
"""Souza, Pacheco & Santos 2009, J Theor Biol 260:581: roots of the gain; 1 - r/(2-r) in pairs."""


@pytest.mark.parametrize(("game", "cost"), SNOWDRIFT)
def test_shares_of_workers_in_the_snowdrift(table, game, cost):
    frame = table("n-person-snowdrift", "rest_points").filter(pl.col("game.cost") == cost, game=game)
    found = sorted(interior(frame, "C")["share"])
    assert found == pytest.approx(SNOWDRIFT[game, cost], abs=5.1e-5)


def test_cooperators_share_large_prey_until_hunting_alone_is_half_as_good(table):
    """The condition of Packer & Ruttan 1988 in our form: q2 V/2 - c against q1 V - c."""
    found = leaders(table("cheats-and-scavengers", "prevalence"), "game.alone")
    assert {alone: who for (alone,), who in found.items() if alone != 0.4} == {
        **dict.fromkeys((0.05, 0.1, 0.2, 0.3), "Cooperator"),
        **dict.fromkeys((0.5, 0.6, 0.7, 0.8), "Solitary"),
    }


def test_hunting_without_agreements_needs_impact_hunters(table):
    """The ordering of Gilby et al. 2015: no hunts where it costs everybody the same to go first."""
    frame = table("impact-hunters", "prevalence")
    total = (pl.col("share") * pl.col("self_cooperation")).sum()
    hunting = dict(frame.group_by("game.impact_cost").agg(total).iter_rows())
    assert min(hunting[cost] for cost in (0.0, 0.5, 1.0)) > 0.99
    assert max(hunting[cost] for cost in (2.0, 2.5)) < 0.01


def test_apologies_must_cost_more_than_what_they_apologise_for(table):
    found = leaders(table("sincere-apologies", "prevalence"), "game.apology_cost", "game.mistakes")
    assert {who for (cost, _), who in found.items() if 1 < cost <= 4} == {"Apologiser"}
    assert "Apologiser" not in {who for (cost, _), who in found.items() if cost < 1}


def test_recognisers_fade_as_their_mind_becomes_dearer(table):
    frame = table("intention-recognition", "prevalence").filter(strategy="Recogniser").sort("game.mind_cost")
    shares = frame["share"].to_list()
    assert shares == sorted(shares, reverse=True) and shares[0] > 0.99 and shares[-1] < 0.1
