"""Every shipped experiment runs from its file and lands on the figures of its source."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from published import FIRST

import evocoop

FOLDER = Path(__file__).resolve().parents[2] / "experiments"


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Return a function that runs a shipped experiment once and returns its results."""
    done = {}

    def run(name):
        if name not in done:
            done[name] = evocoop.run(FOLDER / f"{name}.toml", out=tmp_path_factory.mktemp(name) / "run")
            assert not done[name].failed
        return done[name]

    return run


def prevalence(run, *keys):
    return run.table("prevalence").collect().select(*keys, "game", "dynamics", "strategy", "share", "self_cooperation")


def cooperation(frame, *keys):
    total = (pl.col("share") * pl.col("self_cooperation")).sum()
    return frame.group_by(*keys, maintain_order=True).agg(cooperation=total)


COMMITMENT = [
    (0.1, 0.05, 4.0, (0.8139, 0.0319, 0.0882, 0.0162, 0.0497)),
    (0.1, 0.25, 2.0, (0.6365, 0.0432, 0.1426, 0.0714, 0.1063)),
    (0.1, 0.50, 4.0, (0.4782, 0.0522, 0.1941, 0.0385, 0.2371)),
    (0.1, 0.70, 4.0, (0.3108, 0.0445, 0.2194, 0.0452, 0.3801)),
    (0.1, 0.05, 0.0, (0.0983, 0.0039, 0.1721, 0.6375, 0.0883)),
    (1.0, 0.50, 4.0, (0.4222, 0.0505, 0.3960, 0.0396, 0.0918)),
    (1.0, 0.70, 4.0, (0.0586, 0.0093, 0.1681, 0.0164, 0.7477)),
    (1.0, 0.05, 1.0, (0.2365, 0.0039, 0.0978, 0.6459, 0.0159)),
    (1.0, 0.05, 1.5, (0.8427, 0.0140, 0.1004, 0.0266, 0.0163)),
]
"""Payoffs of Han, Pereira, Santos & Lenaerts 2013; prevalences of an independent calculation of the same chain."""


@pytest.mark.parametrize(("strength", "fee", "compensation", "expected"), COMMITMENT)
def test_commitment_takeover(runs, strength, fee, compensation, expected):
    keys = ("dynamics.selection_strength", "game.proposal_cost", "game.compensation")
    frame = prevalence(runs("commitment-takeover"), *keys)
    here = frame.filter(pl.concat_list(*keys) == [strength, fee, compensation])
    assert here["strategy"].to_list() == ["COMP", "C", "D", "FAKE", "FREE"]
    assert here["share"].to_list() == pytest.approx(expected, abs=6e-5)


QUORUM = {0.01: 0.996, 0.05: 1.0, 0.1: 1.0, 0.2: 1.0, 0.22: 0.9956, 0.24: 0.6786, 0.25: 0.170, 0.26: 0.0196, 0.3: 0.0}
"""Share of the signalling system 10|01 in the setting of Pacheco, Vasconcelos, Santos & Skyrms 2015."""


def test_quorum_signalling_switches_off_at_half_the_cost_of_hunting(runs):
    frame = prevalence(runs("quorum-signalling"), "game.signal_cost").filter(strategy="10|01")
    found = dict(frame.select("game.signal_cost", "share").iter_rows())
    assert found.keys() == QUORUM.keys()
    assert all(found[cost] == pytest.approx(share, abs=6e-4) for cost, share in QUORUM.items())
    assert found[0.24] > 0.5 > found[0.25]


SIGNALS = {
    ("Stag hunt", 0.01): (0.375, 0.470, 0.500),
    ("Stag hunt", 0.1): (0.006, 0.495, 0.648),
    ("Stag hunt", 1.0): (0.000, 0.994, 0.997),
    ("Prisoner's dilemma", 0.01): (0.473, 0.516, 0.531),
    ("Prisoner's dilemma", 0.1): (0.250, 0.547, 0.667),
    ("Prisoner's dilemma", 1.0): (0.000, 0.272, 0.474),
}
"""Cooperation with one, two and three signals: the ordering of Santos, Pacheco & Skyrms 2011, recomputed."""


def test_cooperation_rises_with_the_number_of_signals(runs):
    keys = ("game", "dynamics.selection_strength", "game.signals")
    frame = prevalence(runs("pre-play-signals"), *keys[1:])
    found = {row[:3]: row[3] for row in cooperation(frame, *keys).iter_rows()}
    for (game, strength), expected in SIGNALS.items():
        ours = [found[game, strength, signals] for signals in (1, 2, 3)]
        assert ours == pytest.approx(expected, abs=6e-4)
        assert ours[0] < ours[1] < ours[2]


ROOTS = {5.0: (), 6.0: (0.444550, 0.559984), 8.0: (0.346798, 0.706795), 10.0: (0.306681,), 12.0: (0.281209,)}
"""Interior rest points of ten hunters, five needed: roots of the gradient in Pacheco, Santos, Souza & Skyrms 2009."""


def test_n_person_stag_hunt_has_the_published_rest_points(runs):
    frame = runs("n-person-stag-hunt").table("rest_points").collect().filter(pl.col("strategy") == "C")
    for multiplier, roots in ROOTS.items():
        here = frame.filter((pl.col("game.multiplier") == multiplier) & pl.col("share").is_between(1e-9, 1 - 1e-9))
        assert sorted(here["share"]) == pytest.approx(roots, abs=6e-7)
        assert here.sort("share")["stability"].to_list() == ["unstable", "stable"][: len(roots)]


def test_agreement_and_signals_carry_cooperation_past_the_point_where_it_collapses_without(runs):
    frame = prevalence(runs("agreement-or-sight"), "game.hare").filter(dynamics="strong selection")
    found = {row[:2]: row[2] for row in cooperation(frame, "game", "game.hare").iter_rows()}
    for hare in (1.0, 1.5, 2.0):
        assert found["Hunt: chimp-like only", hare] < 1e-6
        assert found["Hunt: no proposals", hare] > 0.75
        assert found["Hunt: no signals", hare] > 0.75
        assert found["Hunt: all minds", hare] > 0.9
    assert found["Hunt: chimp-like only", 0.25] > 0.99
    assert found["Dilemma: chimp-like only", None] < 0.01
    assert found["Dilemma: all minds", None] > 0.5


def test_plans_and_deals_carry_the_hard_hunt(runs):
    """Our hypothesis; the figures are those of the model as shipped."""
    run = runs("humans-vs-chimps")
    frame = prevalence(run, "game.hare").filter(dynamics="strong selection")
    found = {row[:2]: row[2] for row in cooperation(frame, "game", "game.hare").iter_rows()}
    assert 0.7 < found["Hard hunt: all minds", 0.25] < 0.9
    for hare in (0.75, 1.0, 2.5):
        assert found["Hard hunt: all minds", hare] > 0.98
        assert found["Hard hunt: chimp-like only", hare] < 1e-3
        leader = frame.filter(pl.col("game.hare") == hare, game="Easy hunt: all minds").sort("share")["strategy"][-1]
        assert leader == "Taker"
    assert found["Hard hunt: all minds", 3.0] < 0.2
    assert found["One-shot dilemma: all minds", None] > 0.5 > 0.05 > found["One-shot dilemma: chimp-like only", None]
    assert found["Repeated dilemma: reciprocators", None] > 0.6
    one = pl.col("taken") == 1
    effects = run.table("ablation").filter(one, measure="cooperation").collect()
    hard = effects.filter(pl.col("game.hare") == 1.5, game="Hard hunt: all minds").sort("effect", descending=True)
    assert set(hard["capacities"].head(2)) == {"plan", "commit"}
    assert effects.filter(game="Easy hunt: all minds")["effect"].abs().max() < 1e-6
    evolved = run.table("capacities").collect()
    assert evolved.height > 0


def test_the_slopes_of_deals_are_the_differences_of_the_published_chain(runs):
    """Cooperation falls with the proposal cost as the slope says; the reward matters more while deals are cheap."""
    table = runs("what-it-depends-on").table("sensitivities").filter(game="Deals", measure="cooperation").collect()
    slope = dict(table.filter(parameter="game.proposal_cost").select("at", "derivative").iter_rows())
    value = dict(table.filter(parameter="game.proposal_cost").select("at", "value").iter_rows())
    for low, high in ((0.05, 0.15), (0.35, 0.45), (0.65, 0.75)):
        trapezium = (slope[low] + slope[high]) / 2 * (high - low)
        assert value[high] - value[low] == pytest.approx(trapezium, rel=0.03)
    felt = table.filter(pl.col("parameter") != "payoff").with_columns(
        pl.col("elasticity").abs().fill_null(0.0).alias("size")
    )
    most = felt.sort("size", descending=True).group_by("game.proposal_cost", maintain_order=True).first()
    leaders = dict(most.select("game.proposal_cost", "parameter").iter_rows())
    assert {cost for cost, key in leaders.items() if key == "game.proposal_cost"} == {0.55, 0.65, 0.75}
    assert {key for cost, key in leaders.items() if cost < 0.5} == {"game.reward"}


def test_two_roles_settle_or_circle_as_published(runs):
    """Conventions of owners (Maynard Smith & Parker 1976); Dawkins's circle, a centre (Schuster & Sigmund 1981)."""
    run = runs("two-populations")
    rest = run.table("rest_points").filter(game="Courtship", stability="neutral").collect()
    inside = dict(rest.select("strategy", "share").iter_rows())
    assert (inside["Faithful"], inside["Coy"]) == pytest.approx((5 / 8, 5 / 6))
    circle = run.table("trajectories").filter(game="Courtship", start=3).collect()
    x, y = (circle.filter(strategy=name)["share"].to_numpy() for name in ("Faithful", "Coy"))
    constant = 5 * np.log(x) + 3 * np.log(1 - x) + 10 * np.log(y) + 2 * np.log(1 - y)
    assert np.ptp(constant) < 1e-6 and np.ptp(x) > 0.2, "dx = x(1-x)(12y-10) and dy = y(1-y)(5-8x) conserve it"
    contest = run.table("stationary").filter(game="Contest", dynamics="rare mutations").collect()
    assert contest.filter(count=50, strategy="Hawk", population="owner", state=1)["probability"][0] > 0.49
    offer = run.table("prevalence").filter(game="Offer", dynamics="rare mutations").collect()
    found = dict(offer.select("strategy", "share").iter_rows())
    assert found["Greedy"] == pytest.approx(0.954, abs=1e-3) and found["Accept"] == pytest.approx(0.964, abs=1e-3)


def ranking(run):
    return run.table("rankings").collect().sort("rank").select("strategy", "score").rows()


def test_axelrods_first_tournament_at_seed_one(runs):
    found = ranking(runs("axelrod-first-tournament"))
    assert [name for name, _ in found] == list(FIRST)
    assert [score for _, score in found] == pytest.approx(list(FIRST.values()), abs=6e-4)


def test_generosity_wins_stewart_and_plotkins_tournament_and_extortion_does_not(runs):
    """Ranks 1 and 2 of Stewart & Plotkin 2012, and the foot of their table."""
    names = [name for name, _ in ranking(runs("stewart-plotkin-2012"))]
    assert names[:2] == ["ZDGTFT2", "GTFT"]
    assert {"ZDExtort2", "Prober3"} <= set(names[-4:])
    shares = dict(prevalence(runs("stewart-plotkin-2012")).select("strategy", "share").iter_rows())
    assert shares["ZDExtort2"] < 0.01


def test_the_speed_of_the_prey_decides_which_hunters_emerge(runs):
    frame = prevalence(runs("the-chase"), "game.prey_speed").filter(game="speed of the prey")
    best = frame.sort("share", descending=True).group_by("game.prey_speed").first()
    leaders = dict(best.select("game.prey_speed", "strategy").iter_rows())
    assert leaders[0.8] in ("Follower", "Opportunist")
    assert leaders[1.0] == leaders[1.1] == "Planner"
    for game, key, hares in (("planning horizon", "horizon", 0), ("noise of calls", "noise", 1.0)):
        frame = prevalence(runs("the-chase"), f"game.{key}").filter(game=game)
        best = frame.sort("share", descending=True).group_by(f"game.{key}").first()
        found = dict(best.select(f"game.{key}", "strategy").iter_rows())
        assert {key for key, who in found.items() if who == "Hare"} == {hares}
        assert set(found.values()) == {"Hare", "Planner"}
    assert leaders[1.4] == "Hare"


def test_forgiveness_takes_over_when_classical_strategies_make_mistakes(runs):
    """Nowak & Sigmund 1993: TitForTat cannot live with mistakes; a table of shares at noise 0 and 0.01."""
    frame = prevalence(runs("classical-strategies"), "play.noise").filter(dynamics="small_mutation_limit")
    shares = {row[:2]: row[2] for row in frame.select("play.noise", "strategy", "share").iter_rows()}
    nice = ("TitForTat", "Grudger", "GTFT", "Gradual", "TitFor2Tats", "WinStayLoseShift")
    assert sum(shares[0.0, name] for name in nice) > 0.9
    assert shares[0.0, "TitForTat"] > 0.15 > 0.1 > shares[0.01, "TitForTat"]
    assert shares[0.01, "GTFT"] > shares[0.0, "GTFT"]


def test_coexistence_is_seen_where_the_limit_of_rare_mutations_waits_for_its_end(runs):
    """The chain of configurations agrees with the chain over all states at every mutation rate; the limit does not."""
    frame = prevalence(runs("two-in-coexistence"), "dynamics.mutation")
    wide = frame.pivot(on="dynamics", index=["game", "dynamics.mutation", "strategy"], values="share")
    assert len(wide) == 24
    gap = lambda name: (pl.col(name) - pl.col("every state")).abs()  # noqa: E731
    assert wide.select(gap("with coexistence").max()).item() < 1e-8
    contest = wide.filter(game="Hawks and doves", strategy="Retaliator")
    assert contest.select(gap("one at a time").min()).item() > 0.87 and contest["every state"].max() < 2e-3
    snow = wide.filter(pl.col("dynamics.mutation") >= 1e-4, game="Snowdrift with loners", strategy="Worker")
    assert snow.select(gap("one at a time").min()).item() > 0.3


def test_the_large_version_asks_the_same_at_one_of_its_points(tmp_path):
    point = {"hare": 1.0, "threshold": 4, "visibility": 0.5, "noise": 0.1, "dominance": 1.0, "leakage": 0.2}
    settings = [f"sweep.game.{key}=[{value}]" for key, value in point.items()]
    done = evocoop.run(
        FOLDER / "humans-vs-chimps-large.toml", out=tmp_path / "run", settings=["outputs.report=false", *settings]
    )
    assert not done.failed
    frame = prevalence(done).sort("share", descending=True)
    assert frame.filter(game="Hunt: all minds")["strategy"][0] == "HumanLike"
    effects = done.table("ablation").filter(pl.col("taken") == 1, measure="cooperation").collect()
    assert set(effects.sort("effect", descending=True)["capacities"].head(2)) == {"plan", "commit"}


def test_partner_choice_carries_harder_dilemmas_only_where_it_is_quicker(runs):
    """Santos, Pacheco & Lenaerts 2006: the speed at which cooperators take over grows with the dilemma."""
    frame = prevalence(runs("partner-choice"), "dynamics.rewiring_speed").filter(strategy="C")
    found = {row[:2]: row[2] for row in frame.select("game", "dynamics.rewiring_speed", "share").iter_rows()}
    for game, speed in (("mild dilemma", 1.0), ("dilemma", 2.0), ("hard dilemma", 4.0)):
        assert found[game, 0.0] < 0.2
        assert found[game, speed] > 0.9
    assert found["mild dilemma", 0.5] > found["dilemma", 0.5] > found["hard dilemma", 0.5]
    assert found["hard dilemma", 1.0] < 0.5 < found["dilemma", 1.0]


def test_thin_populations_keep_cooperators_in_groups_but_not_in_pairs(runs):
    """Hauert, Holmes & Doebeli 2006: both last where F(z) = 0, at z = 0.690954 for groups of 8 and r = 3."""
    keys = ("game", "dynamics.death")
    shares = prevalence(runs("thin-populations"), "dynamics.death")
    found = {row[:3]: row[3] for row in shares.select(*keys, "strategy", "share").iter_rows()}
    assert found["Groups of eight", 0.4, "C"] < 1e-3 and found["Pairs", 0.4, "D"] > 0.99
    assert found["Groups of eight", 0.9, "C"] > 0.1 and found["Groups of eight", 1.1, "C"] > 0.25
    assert found["Pairs", 1.2, "nobody"] > 0.99 > 0.5 > found["Groups of eight", 1.2, "nobody"]
    paths = runs("thin-populations").table("trajectories").collect()
    ends = paths.filter((pl.col("time") == 1000) & (pl.col("strategy") == "free places"))
    both = ends.filter((pl.col("game") == "Groups of eight") & (pl.col("dynamics.death") == 0.9))
    assert both["share"].to_list() == pytest.approx([0.690954] * 20, abs=2e-6)


def test_spread_in_space(runs):
    """Space moves the bound from a = 1/5 to 1/2 (Hutson & Vickers 1995); chance as the exact chain says.

    False alarm of the four sampled shares at 4.5 standard errors: below 5e-5.
    """
    frame = prevalence(runs("spread-in-space"), "game.temptation").filter(pl.col("strategy") == "C")
    held = {key: rows["share"].to_list() for (key,), rows in frame.group_by("dynamics", maintain_order=True)}
    assert held["spread over all"] == pytest.approx([1] * 2 + [0] * 6, abs=1e-9)
    assert held["side by side"] == pytest.approx([1] * 6 + [0] * 2, abs=1e-9)
    for share, hare in zip(held["spread over 200"][:4], (0.4, 0.7, 0.9, 1.2), strict=True):
        game = [[4, 0], [hare, hare]]
        rho = evocoop.dynamics.fixation_probability(game, population_size=200, selection_strength=0.1, start=40)
        assert abs(share - rho) < 4.5 * np.sqrt(rho * (1 - rho) / 100)


def test_effort_splits_where_the_threshold_is_neither_shallow_nor_steep(runs):
    run = runs("gradual-effort")
    singular = run.table("singular").collect()
    inner = {
        (row["game.steepness"], row["kind"]): row["value"]
        for row in singular.to_dicts()
        if row["attracts"] and 0 < row["value"] < 1
    }
    assert inner == {
        (4.0, "branching point"): pytest.approx(0.70498, abs=1e-5),
        (6.0, "continuously stable"): pytest.approx(0.61761, abs=1e-5),
    }
    traits = run.table("traits").collect()
    last = traits.filter((traits["time"] == 1000) & traits["groups"].is_not_null())
    groups = {value: last.filter(last["game.steepness"] == value)["groups"].to_list() for value in (4.0, 6.0)}
    assert groups == {4.0: [2, 2], 6.0: [1, 1]}
