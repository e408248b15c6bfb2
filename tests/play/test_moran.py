"""The Moran process: the library's own at the same seed, exact fixation probabilities, graphs."""

import numpy as np
import pytest

from evocoop.core.errors import InputError
from evocoop.play import ecosystem, moran_process, tournament

POPULATIONS = [
    ["Defector", "Cooperator", "TitForTat", "Grudger"],
    ["Defector", "Defector", "TitForTat", "Random", "GTFT", "WinStayLoseShift"],
    ["Random", "TitForTat", "TitForTat", "Alternator"],
]


@pytest.mark.axelrod
@pytest.mark.parametrize("names", POPULATIONS)
@pytest.mark.parametrize("terms", [{}, {"noise": 0.05}, {"prob_end": 0.1}], ids=["plain", "noise", "prob_end"])
def test_birth_death_is_the_librarys_at_the_same_seed(names, terms):
    axelrod = pytest.importorskip("axelrod")
    for seed in (1, 2, 3):
        players = [getattr(axelrod, name)() for name in names]
        theirs = axelrod.MoranProcess(players, turns=20, seed=seed, **terms)
        theirs.play()
        ours = moran_process(names, turns=20, seed=seed, compat="axelrod", **terms)
        assert ours.populations == [dict(one) for one in theirs.populations]
        assert ours.winner == theirs.winning_strategy_name


@pytest.mark.axelrod
def test_mutation_and_graphs_are_the_librarys_at_the_same_seed():
    axelrod = pytest.importorskip("axelrod")
    from axelrod.graph import Graph

    names = ["Defector", "TitForTat", "Random", "Cooperator", "GTFT"]
    edges = [(0, 1), (1, 2), (2, 3), (3, 4), (4, 0), (0, 2)]
    for seed in (4, 5):
        players = [getattr(axelrod, name)() for name in names]
        theirs = axelrod.MoranProcess(
            players, turns=10, seed=seed, mutation_rate=0.2, interaction_graph=Graph(edges), stop_on_fixation=False
        )
        for _ in range(60):
            next(theirs)
        ours = moran_process(names, turns=10, seed=seed, mutation=0.2, interaction=edges, steps=60, compat="axelrod")
        assert ours.populations == [dict(one) for one in theirs.populations]


@pytest.mark.axelrod
def test_directed_graphs_are_the_librarys_at_the_same_seed():
    axelrod = pytest.importorskip("axelrod")
    from axelrod.graph import Graph

    names = ["Defector", "TitForTat", "Random", "Cooperator", "GTFT"]
    ring = Graph([(k, (k + 1) % 5) for k in range(5)], directed=True)
    wheel = Graph([(k, (k + 1) % 5) for k in range(5)] + [(0, 3), (2, 0)])
    for plays, spreads in ((ring, wheel), (wheel, ring), (ring, ring)):
        players = [getattr(axelrod, name)() for name in names]
        theirs = axelrod.MoranProcess(players, turns=10, seed=3, interaction_graph=plays, reproduction_graph=spreads)
        theirs.play()
        ours = moran_process(names, turns=10, seed=3, interaction=plays, reproduction=spreads, compat="axelrod")
        assert ours.populations == [dict(one) for one in theirs.populations]


def test_graphs_of_networkx_are_graphs():
    networkx = pytest.importorskip("networkx")
    names, ring = ["Cooperator"] * 3 + ["Defector"] * 3, networkx.cycle_graph(6)
    for graph in (ring, ring.to_directed()):
        run = moran_process(names, turns=5, seed=1, mode="db", interaction=graph)
        assert run.populations == moran_process(names, turns=5, seed=1, mode="db", interaction=ring.edges).populations
    one_way = networkx.DiGraph(ring.edges)
    with pytest.raises(InputError, match="player 5 has no neighbour"):
        moran_process(names, turns=5, seed=1, interaction=one_way)


def test_fixation_of_one_mutant_is_that_of_the_exact_process():
    """3000 runs of one TitForTat among seven Defectors against the exact chain; false alarm 1 in 15000 (4 errors)."""
    names = ["TitForTat"] + ["Defector"] * 7
    runs, size = 3000, 8
    won = sum(moran_process(names, turns=10, seed=seed).winner == "Tit For Tat" for seed in range(runs))
    r, s, t, p = 3.0, 9 / 10, 14 / 10, 1.0
    ratios = []
    for k in range(1, size):
        mutant = (k - 1) * r + (size - k) * s
        resident = k * t + (size - k - 1) * p
        ratios.append(resident / mutant)
    exact = 1 / (1 + np.cumprod(ratios).sum())
    assert abs(won / runs - exact) < 4 * np.sqrt(exact * (1 - exact) / runs)


def test_outcomes_played_beforehand_approximate_the_process():
    """1500 runs each way, of one GTFT among Random players; difference within 4 errors (false alarm 1 in 15000)."""
    names, runs = ["GTFT", "Random", "Random", "Random"], 1500
    won = [
        sum(moran_process(names, turns=20, seed=seed, approximate=k).winner.startswith("GTFT") for seed in range(runs))
        for k in (0, 200)
    ]
    spread = np.sqrt(sum(one / runs * (1 - one / runs) / runs for one in won))
    assert abs(won[0] - won[1]) / runs < 4 * spread
    assert (
        moran_process(names, seed=3, approximate=5).populations
        == moran_process(names, seed=3, approximate=5).populations
    )


def test_matches_without_chance_need_no_outcomes_beforehand():
    names = ["Defector", "TitForTat", "Cooperator", "Grudger"]
    for seed in range(5):
        plain, other = (moran_process(names, seed=seed, approximate=k) for k in (0, 7))
        assert plain.populations == other.populations


def test_death_birth_on_a_ring_pairs_the_neighbours_of_the_dead():
    ring = [(k, (k + 1) % 6) for k in range(6)]
    result = moran_process(["Cooperator"] * 3 + ["Defector"] * 3, turns=5, seed=1, mode="db", interaction=ring)
    assert result.winner in ("Cooperator", "Defector")
    assert (np.abs(np.diff(result.counts, axis=0)).sum(axis=1) <= 2).all()


def test_types_that_differ_in_parameters_only_are_kept_apart():
    """The library takes the matches of one cycler for those of the other; here the defecting one wins more often."""
    names = ["Cycler('C')", "Cycler('D')", "Cycler('C')", "Cycler('D')"]
    won = [moran_process(names, turns=5, seed=seed).winner for seed in range(60)]
    assert sum(name.endswith("D") for name in won) > 45
    with pytest.raises(InputError, match="differ in parameters only"):
        moran_process(names, turns=5, seed=1, compat="axelrod")


def test_an_ecosystem_starves_out_what_lives_on_others():
    result = tournament(["Cooperator", "Defector", "TitForTat"], turns=50, repetitions=1, seed=1)
    shares = ecosystem(result, generations=300)
    assert shares.sum(axis=1) == pytest.approx(np.ones(301))
    assert shares[20, 1] > shares[-1, 1]
    assert shares[-1, 2] > 0.5
    steep = ecosystem(result, generations=20, fitness=lambda payoffs: np.exp(2 * payoffs))
    assert steep[20, 1] < shares[20, 1]
    with pytest.raises(InputError, match="fitness must give 3 numbers"):
        ecosystem(result, fitness=lambda payoffs: payoffs - 10)


@pytest.mark.axelrod
def test_an_ecosystem_without_chance_is_the_librarys():
    axelrod = pytest.importorskip("axelrod")
    names = ["Defector", "TitForTat", "Grudger", "Cooperator", "EvolvedFSM16"]
    results = axelrod.Tournament([getattr(axelrod, name)() for name in names], turns=20, repetitions=2, seed=3)
    theirs = axelrod.Ecosystem(results.play(progress_bar=False), fitness=lambda payoff: payoff**2)
    theirs.reproduce(40)
    result = tournament(names, turns=20, repetitions=2, seed=3)
    ours = ecosystem(result, generations=40, fitness=lambda payoffs: payoffs**2)
    assert ours == pytest.approx(np.array(theirs.population_sizes), abs=1e-12)


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ({"players": ["TitForTat"]}, "at least two players"),
        ({"mode": "dead"}, "mode must be bd or db"),
        ({"mode": "db", "compat": "axelrod"}, "pairs the wrong players"),
        ({"approximate": -1}, "approximate"),
        ({"approximate": 9, "compat": "axelrod"}, "plays every match"),
        ({"mutation": 0.1}, "give steps"),
        ({"mutation": 1.1}, "mutation"),
        ({"game": (3, -1, 5, 1)}, "must not be negative"),
        ({"interaction": [(0, 1)]}, "player 2 has no neighbour"),
        ({"interaction": [(0, 5)]}, "position"),
        ({"interaction": [0, 1]}, "must hold pairs of positions, not 0"),
        ({"interaction": 3}, "pairs of positions or a graph, not 3"),
        ({"players": ["TitForTat", "Defector", "Tit4Tat"]}, "unknown strategy 'Tit4Tat'"),
    ],
)
def test_bad_processes_are_refused(bad, said):
    asked = {"players": ["TitForTat", "Defector", "Cooperator"], "seed": 1, **bad}
    with pytest.raises(InputError, match=said):
        moran_process(**asked)
