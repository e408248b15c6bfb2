"""Moran processes of evolving players: the library's at the same seed, and what selection must do."""

import itertools

import numpy as np
import pytest

from evocoop.core.errors import InputError
from evocoop.play import evolvable_player, evolving_moran_process, match, moran_process

KINDS = {
    "FSMPlayer": {"num_states": 3, "mutation_probability": 0.4},
    "LookerUp": {"parameters": (1, 1, 1), "mutation_probability": 0.3},
    "Gambler": {"parameters": (1, 1, 0), "mutation_probability": 0.5},
    "Cycler": {"cycle_length": 5, "mutation_probability": 0.9, "mutation_potency": 2},
    "ANN": {"num_features": 17, "num_hidden": 2},
    "HMMPlayer": {"num_states": 2, "mutation_probability": 0.4},
}
STEPS = 15
RING = [(0, 1), (1, 2), (2, 3), (3, 4), (4, 0)]
MIXED = ["FSMPlayer", "Gambler", "FSMPlayer", "Cycler", "Cycler"]
CASES = [
    *((f"{kind}, noise {noise}", [kind] * 5, {"noise": noise}) for kind in KINDS for noise in (0.0, 0.1)),
    ("mixed", MIXED, {}),
    ("mixed on a ring", MIXED, {"interaction": RING}),
    ("machines on a ring", ["FSMPlayer"] * 5, {"interaction": RING, "noise": 0.05}),
    ("chance endings", ["LookerUp", "Gambler"] * 2, {"noise": 0.05, "prob_end": 0.1, "turns": 40}),
]


def plain(value):
    if type(value).__name__ == "Action":
        return str(value)
    if isinstance(value, (list, tuple, np.ndarray)):
        return [plain(item) for item in value]
    return value.item() if hasattr(value, "item") else value


def genes(individual):
    """Return what an individual of ours or of the library plays by."""
    ours = hasattr(individual, "spec")
    given = individual.parameters if ours else individual.init_kwargs
    found = {name: plain(value) for name, value in given.items() if name not in ("seed", "lookup_dict")}
    for name in {"pattern", "initial_actions"} & set(found):
        found[name] = list(found[name])
    return found, int(individual.seed if ours else individual._seed)


def library_process(axelrod, kinds, about):
    graph = {}
    if "interaction" in about:
        graph["interaction_graph"] = axelrod.graph.Graph(about["interaction"])
    terms = {"turns": 12, **{name: value for name, value in about.items() if name != "interaction"}}
    players = [getattr(axelrod, f"Evolvable{kind}")(seed=k, **KINDS[kind]) for k, kind in enumerate(kinds)]
    return axelrod.MoranProcess(players, seed=7, mutation_method="atomic", **terms, **graph)


@pytest.mark.axelrod
@pytest.mark.parametrize(("kinds", "about"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_the_process_is_the_librarys_individual_for_individual(kinds, about):
    """Everybody at the start, and every newborn: parameters, seed, place; and everybody's fitness."""
    axelrod = pytest.importorskip("axelrod")
    theirs = library_process(axelrod, kinds, about)
    players = [evolvable_player(kind, seed=k, compat="axelrod", **KINDS[kind]) for k, kind in enumerate(kinds)]
    ours = evolving_moran_process(players, steps=STEPS, seed=7, compat="axelrod", **{"turns": 12, **about})
    assert [genes(one) for one in theirs.players] == [genes(one) for one in ours.individuals[: len(kinds)]]
    for step in range(STEPS):
        before = list(theirs.players)
        next(theirs)
        (place,) = (k for k, one in enumerate(theirs.players) if one is not before[k])
        assert ours.members[step + 1, place] == len(kinds) + step
        assert genes(theirs.players[place]) == genes(ours.individuals[len(kinds) + step])
    assert np.allclose(theirs.score_history, ours.fitness, rtol=0, atol=1e-12)


def cycles(*texts, **about):
    return [evolvable_player("Cycler", cycle=text, seed=k, **about) for k, text in enumerate(texts)]


def test_fitness_is_that_of_matches_between_those_who_live():
    players = [*cycles("CCD", "D", "C"), evolvable_player("FSMPlayer", num_states=3, seed=5), "EvolvedLookerUp1_1_1"]
    run = evolving_moran_process(players, steps=30, turns=10, seed=4)
    for step in (0, 15, 29):
        living = [run.individuals[k] for k in run.members[step]]
        expected = [
            sum(match(one, two, turns=10).scores_per_turn[0] for j, two in enumerate(living) if i != j)
            for i, one in enumerate(living)
        ]
        assert run.fitness[step] == pytest.approx(expected)


@pytest.mark.parametrize("mode", ["bd", "db"])
def test_without_mutation_it_is_the_ordinary_process(mode):
    """Cycles that never mutate: births and deaths are those of unchanging types at the same seed."""
    texts = ["CCD", "D", "CCD", "CDDC", "CDDC", "C"]
    for seed in range(6):
        types = moran_process([f"Cycler('{text}')" for text in texts], turns=20, seed=seed, mode=mode, steps=60)
        run = evolving_moran_process(
            cycles(*texts, mutation_probability=0.0), turns=20, seed=seed, mode=mode, steps=types.steps
        )
        kinds = list(dict.fromkeys(texts))
        for row, counts in zip(run.members, types.counts, strict=True):
            living = [run.individuals[k].parameters["cycle"] for k in row]
            assert [living.count(kind) for kind in kinds] == counts.tolist()
        assert np.isnan(run.fitness).any() == (mode == "db")


def test_defection_spreads_among_cycles():
    """Against cycles defection always pays; four runs at fixed seeds, from nothing but cooperators."""
    shares = []
    for seed in range(4):
        run = evolving_moran_process(cycles(*["CCCC"] * 20, mutation_probability=0.05), steps=1500, turns=8, seed=seed)
        defects = np.array([one.parameters["cycle"].count("D") / 4 for one in run.individuals])
        shares.append(defects[run.members[500:]].mean())
    assert defects[:20].sum() == 0 and np.mean(shares) > 0.7
    line = run.ancestry(int(run.members[-1, 0]))
    assert line[-1] < 20 and all(run.parents[a] == b for a, b in itertools.pairwise(line))


def test_the_seed_decides_everything_and_players_stay_as_they_were():
    players = [evolvable_player("Gambler", parameters=(1, 1, 0), seed=k) for k in range(3)]
    for _ in range(2):
        runs = [evolving_moran_process(players, steps=20, turns=5, seed=s, noise=0.1) for s in (1, 1, 2)]
    specs = [[one.spec for one in run.individuals] for run in runs]
    assert specs[0] == specs[1] != specs[2]
    assert players[0].mutate().spec == evolvable_player("Gambler", parameters=(1, 1, 0), seed=0).mutate().spec


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"players": cycles("C")}, "at least two"),
        ({"players": ["TitForTat", "MetaWinner"]}, "none of FSMPlayer"),
        ({"players": ["Darwin", "Defector"]}, "Darwin is none of"),
        ({"steps": 0}, "steps"),
        ({"mode": "db", "compat": "axelrod"}, "wrong players"),
        ({"compat": "axelrod", "prob_end": 0.1}, "prob_end only with noise"),
        ({"game": (3, -1, 5, 1)}, "negative"),
        ({"interaction": [(0, 0), (1, 1)]}, "no neighbour"),
    ],
)
def test_what_is_no_process_is_refused(asked, said):
    with pytest.raises(InputError, match=said):
        evolving_moran_process(**{"players": cycles("CC", "DD"), "steps": 5, **asked})
