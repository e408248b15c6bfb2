"""Evolvable strategies: the library's operators at the same seed, and a genetic algorithm that finds known optima."""

import itertools

import numpy as np
import pytest

from evocoop.core.errors import InputError
from evocoop.play import evolvable_player, evolve_strategies, match
from evocoop.play.evolvable import Panel
from evocoop.play.setting import terms
from evocoop.strategies.resolve import plan_of

KINDS = {
    "FSMPlayer": [{"num_states": 1}, {"num_states": 4}, {"num_states": 9, "mutation_probability": 0.6}],
    "LookerUp": [{"parameters": (1, 1, 1)}, {"parameters": (0, 2, 1), "mutation_probability": 0.4}],
    "Gambler": [{"parameters": (2, 1, 0)}, {"parameters": (1, 1, 1), "mutation_probability": 0.9}],
    "Cycler": [{"cycle_length": 7}, {"cycle": "CCDCD", "mutation_probability": 0.9, "mutation_potency": 3}],
    "ANN": [{"num_features": 17, "num_hidden": 3}, {"num_features": 17, "num_hidden": 1, "mutation_distance": 2}],
    "HMMPlayer": [{"num_states": 2}, {"num_states": 9, "mutation_probability": 0.3}],
}
CASES = [(kind, size) for kind, sizes in KINDS.items() for size in sizes]


def plain(value):
    """Return a parameter of the library's player with plays as texts and plain lists."""
    if type(value).__name__ == "Action":
        return str(value)
    if isinstance(value, (list, tuple, np.ndarray)):
        return [plain(item) for item in value]
    return value.item() if hasattr(value, "item") else value


def parameters_of(player, kind):
    """Return what the library's player plays by, under our names."""
    found = {name: plain(value) for name, value in player.init_kwargs.items() if name not in ("seed", "lookup_dict")}
    if kind in ("LookerUp", "Gambler"):
        found["initial_actions"] = plain(player.initial_actions)
    return found


def ours_of(individual):
    found = {name: plain(value) for name, value in individual.parameters.items()}
    if individual.kind == "LookerUp":
        found["pattern"] = list(found["pattern"])
    return found


PEDIGREE = [
    *[("mutate", 0)] * 3,
    *[("mutate", k) for k in range(4, 10)],
    *[("cross", 0, 1), ("cross", 1, 0), ("cross", 5, 1), ("cross", 1, 10), ("mutate", 14), ("cross", 0, 15)],
]
"""Three mutants of the first founder, a line of six, crosses of relatives and strangers; numbers are players so far."""


@pytest.mark.axelrod
@pytest.mark.parametrize(("kind", "size"), CASES, ids=lambda value: str(value)[:40])
def test_the_operators_are_the_librarys_at_the_same_seed(kind, size):
    """Every parameter and every seed, compared at birth: later mutations of a parent change the library's children."""
    axelrod = pytest.importorskip("axelrod")
    cls = getattr(axelrod, f"Evolvable{kind}")
    for seed in range(8):
        theirs = [cls(seed=2 * seed + k, **size) for k in range(2)]
        ours = [evolvable_player(kind, seed=2 * seed + k, compat="axelrod", **size) for k in range(2)]
        for step in [None, *PEDIGREE]:
            for family in (theirs, ours) if step else ():
                one, *others = (family[k] for k in step[1:])
                family.append(one.mutate() if step[0] == "mutate" else one.crossover(*others))
            assert parameters_of(theirs[-1], kind) == ours_of(ours[-1])
            assert int(theirs[-1]._seed) == ours[-1].seed


@pytest.mark.axelrod
@pytest.mark.parametrize(("kind", "size"), CASES, ids=lambda value: str(value)[:40])
def test_evolvable_strategies_play_as_the_librarys(kind, size):
    axelrod = pytest.importorskip("axelrod")
    for seed in range(3):
        theirs = getattr(axelrod, f"Evolvable{kind}")(seed=seed, **size).mutate()
        ours = evolvable_player(kind, seed=seed, compat="axelrod", **size).mutate()
        for opponent in ("Random", "TitForTat"):
            bout = axelrod.Match((theirs.clone(), getattr(axelrod, opponent)()), turns=40, seed=5)
            plays = ["".join(map(str, side)) for side in zip(*bout.play(), strict=True)]
            assert list(match(ours.spec, opponent, turns=40, seed=5).sequences) == plays


@pytest.mark.axelrod
def test_quirks_of_the_library_are_repeated_or_refused():
    axelrod = pytest.importorskip("axelrod")
    theirs = axelrod.EvolvableLookerUp(pattern="DDDD", parameters=(1, 1, 0), seed=4)
    ours = evolvable_player("LookerUp", pattern="DDDD", parameters=(1, 1, 0), seed=4, compat="axelrod")
    assert plain(theirs.pattern) == list(ours.parameters["pattern"]) != list("DDDD")
    assert evolvable_player("LookerUp", pattern="DDDD", parameters=(1, 1, 0), seed=4).parameters["pattern"] == "DDDD"
    sure = {"cycle": "C", "mutation_probability": 1.0, "seed": 1}
    with pytest.raises(ValueError):
        axelrod.EvolvableCycler(**sure).mutate()
    with pytest.raises(InputError, match="one play"):
        evolvable_player("Cycler", compat="axelrod", **sure).mutate()
    assert evolvable_player("Cycler", **sure).mutate().parameters["cycle"] == "D"


@pytest.mark.parametrize("kind", KINDS)
def test_correct_mutation_leaves_the_parent_alone_and_a_child_can_be_made_again(kind):
    size = KINDS[kind][-1]
    parent, again = (evolvable_player(kind, seed=7, **size) for _ in range(2))
    before = ours_of(parent)
    children = [parent.mutate() for _ in range(3)]
    assert ours_of(parent) == before
    assert [ours_of(one) for one in children] == [ours_of(again.mutate()) for _ in range(3)]
    assert any(ours_of(one) != before for one in children)
    assert len({one.seed for one in children}) == 3


def test_machines_with_other_names_of_states_can_be_crossed():
    """Tit for tat and its opposite with states named 7 and 3: numbered from 0, crossed, still machines."""
    named = [(7, "C", 7, "C"), (7, "D", 3, "D"), (3, "C", 7, "C"), (3, "D", 3, "D")]
    opposite = [(s, seen, to, {"C": "D", "D": "C"}[play]) for s, seen, to, play in named]
    one, two = (
        evolvable_player("FSMPlayer", transitions=rows, initial_state=3, initial_action="C", seed=seed)
        for seed, rows in enumerate((named, opposite))
    )
    assert one.parameters["transitions"][1] == (0, "D", 1, "D") and one.parameters["initial_state"] == 1
    assert (
        match(one.spec, "Random", turns=30, seed=1).sequences
        == match("TitForTat", "Random", turns=30, seed=1).sequences
    )
    found = {one.crossover(two).parameters["transitions"] for _ in range(20)}
    assert found == {
        two.parameters["transitions"],
        (*one.parameters["transitions"][:2], *two.parameters["transitions"][2:]),
    }
    founders = [one, two]
    assert (
        evolve_strategies("FSMPlayer", ["TitForTat"], founders=founders, generations=5, turns=9, seed=1).scores.size
        == 40
    )


@pytest.mark.axelrod
def test_a_mutation_that_tears_a_machine_apart_is_drawn_again_as_in_the_library():
    """States named 1 and 2: half of all swaps are with a state 0 that is not there."""
    axelrod = pytest.importorskip("axelrod")
    rows = [(1, "C", 2, "C"), (1, "D", 1, "D"), (2, "C", 1, "C"), (2, "D", 2, "D")]
    actions = {"C": axelrod.Action.C, "D": axelrod.Action.D}
    library_rows = [(state, actions[seen], to, actions[play]) for state, seen, to, play in rows]
    for seed in range(40):
        theirs = axelrod.EvolvableFSMPlayer(library_rows, 1, actions["C"], seed=seed).mutate()
        about = {"transitions": rows, "initial_state": 1, "initial_action": "C", "compat": "axelrod"}
        ours = evolvable_player("FSMPlayer", seed=seed, **about).mutate()
        assert parameters_of(theirs, "FSMPlayer") == ours_of(ours)
        assert {row[0] for row in ours.parameters["transitions"]} == {1, 2}


def test_the_last_play_of_a_cycle_can_mutate():
    """Each of four plays flips with 1/4: 400 children, 4 standard errors."""
    parent = evolvable_player("Cycler", cycle="CCCC", seed=1, mutation_probability=1.0)
    flips = np.sum([[play == "D" for play in parent.mutate().parameters["cycle"]] for _ in range(400)], axis=0)
    assert flips.sum() == 400
    assert (np.abs(flips - 100) < 4 * np.sqrt(400 * 0.25 * 0.75)).all()


def test_the_spec_of_an_individual_plays_the_same_wherever_it_is_named():
    for kind, size in CASES:
        individual = evolvable_player(kind, seed=3, **size)
        assert plan_of(individual.spec) == individual.plan
        assert match(individual.spec, "Random", turns=20, seed=1).turns == 20


@pytest.mark.parametrize(
    ("strategy", "kind"),
    [
        ("EvolvedFSM16", "FSMPlayer"),
        ("EvolvedLookerUp2_2_2", "LookerUp"),
        ("PSOGambler2_2_2", "Gambler"),
        ("CyclerCCCDCD", "Cycler"),
        ("EvolvedANN5", "ANN"),
        ("EvolvedHMM5", "HMMPlayer"),
    ],
)
def test_a_strategy_of_the_catalogue_can_vary(strategy, kind):
    """It plays as before and its mutants, a founder among them, do not all."""
    own = evolvable_player(strategy, seed=1)
    assert own.kind == kind
    for seed in range(5):
        about = {"turns": 60, "seed": seed}
        assert match(own, "Random", **about).sequences == match(strategy, "Random", **about).sequences
    children = {match(own.mutate(), "Random", turns=60, seed=1).sequences for _ in range(20)}
    assert len(children) > 1
    found = evolve_strategies(kind, ["TitForTat"], founders=[own], generations=1, population_size=4, elites=1, turns=5)
    assert len(found.population) == 4


@pytest.mark.parametrize("objective", ["score", "difference"])
def test_the_objective_is_that_of_single_matches(objective):
    """Without chance, the mean over opponents of the payoff per turn (beyond the opponent's)."""
    panel = ["TitForTat", "Alternator", "Grudger"]
    found = evolve_strategies("FSMPlayer", panel, num_states=3, generations=3, population_size=6, elites=2, turns=25,
                              objective=objective, seed=5)  # fmt: skip
    for individual, score in zip(found.population, found.scores, strict=True):
        totals = [match(individual.spec, opponent, turns=25).scores for opponent in panel]
        own = np.mean([(a - b if objective == "difference" else a) / 25 for a, b in totals])
        assert score == pytest.approx(own, abs=1e-12)
    assert (np.diff(found.best_scores) >= 0).all() and found.best_scores[-1] == found.scores[0]


def test_evolution_finds_the_best_table_of_all():
    """All 64 tables that remember one play of each side and begin with C or D, against five opponents."""
    opponents = ["TitForTat", "Grudger", "Alternator", "WinStayLoseShift", "SuspiciousTitForTat"]
    panel = Panel(opponents, terms(50, 0.0, None, None), 1, 1, 0, "score")
    every = [
        plan_of(f"LookerUp(pattern='{''.join(pattern)}', parameters=(1, 1, 0), initial_actions='{first}')")
        for pattern in itertools.product("CD", repeat=4)
        for first in "CD"
    ]
    found = evolve_strategies("LookerUp", opponents, parameters=(1, 1, 0), turns=50, generations=15,
                              population_size=20, elites=5, seed=2)  # fmt: skip
    assert found.best_scores[-1] == panel.scores(0, every).max()


def test_evolution_repays_a_panel_of_cooperators_with_defection():
    bred = evolve_strategies("Gambler", ["Cooperator"], parameters=(0, 1, 0), mutation_probability=0.5, turns=30,
                             generations=60, seed=3)  # fmt: skip
    assert bred.best_scores[-1] > 4.9
    assert bred.best.parameters["pattern"][0] < 0.05


def test_elites_meet_new_chance_in_every_generation():
    """Their scores are measured again, so that the best score can fall; kept ones could only rise."""
    found = evolve_strategies("Cycler", ["Random"], turns=10, generations=30, population_size=6, elites=5, seed=4)
    assert (np.diff(found.best_scores) < 0).any()


def test_evolution_does_not_depend_on_workers_and_takes_founders():
    founder = evolvable_player("FSMPlayer", seed=1, num_states=3)
    about = {"generations": 4, "population_size": 7, "elites": 3, "noise": 0.05, "prob_end": 0.1, "seed": 9}
    runs = [
        evolve_strategies("FSMPlayer", ["TitForTat", "Random"], founders=[founder], workers=workers, **about)
        for workers in (1, 3)
    ]
    assert [one.spec for one in runs[0].population] == [one.spec for one in runs[1].population]
    np.testing.assert_array_equal(runs[0].best_scores, runs[1].best_scores)
    assert {one.parameters["num_states"] for one in runs[0].population} == {3}
    kept = evolve_strategies("FSMPlayer", ["Random"], founders=[founder], generations=0, population_size=2, elites=1)
    assert founder.spec in {one.spec for one in kept.population}


@pytest.mark.parametrize(
    ("kind", "asked", "said"),
    [
        ("FMSPlayer", {}, "did you mean 'FSMPlayer'"),
        ("FSMPlayer", {"num_states": 0}, "num_states"),
        ("FSMPlayer", {"nun_states": 3}, "num_states"),
        ("FSMPlayer", {"transitions": [(0, "C", 0, "C"), (0, "D", 0, "D")]}, "must be given, too"),
        ("FSMPlayer", {"transitions": [(0, "C", 1, "C")], "initial_state": 0, "initial_action": "C"}, "transition"),
        ("LookerUp", {"pattern": "CD"}, "parameters must be given"),
        ("LookerUp", {"parameters": (0, 0, 0)}, "1 … 16"),
        ("LookerUp", {"pattern": "CDC", "parameters": (1, 1, 0)}, "entries"),
        ("Gambler", {"pattern": [0.5, 2.0], "parameters": (1, 0, 0)}, "probabilities"),
        ("Cycler", {"cycle": "CX"}, "plays"),
        ("Cycler", {"mutation_probability": -1}, "mutation_probability"),
        ("ANN", {"weights": [1.0], "num_features": 17, "num_hidden": 2}, "weights"),
        ("HMMPlayer", {"transitions_C": [[1.0]]}, "must be given, too"),
        ("Cycler", {"compat": "wrong"}, "compat"),
        ("Gradual", {}, "is none of FSMPlayer"),
        ("Capri", {}, "is none of"),
        ("Cycler", {"seed": -1}, "seed"),
    ],
)
def test_bad_individuals_are_refused(kind, asked, said):
    with pytest.raises(InputError, match=said):
        evolvable_player(kind, **{"seed": 1, **asked})


@pytest.mark.parametrize("kind", KINDS)
def test_nonsense_is_refused_by_one_clear_error(kind):
    """Every parameter, alone and within a whole individual, given something of every type."""
    whole = evolvable_player(kind, seed=1)
    names = [*whole._kind.size, *whole._kind.played, *whole._kind.rates]
    nonsense = [-1, True, "x", "CD", [[1]], {"a": 1}, float("nan"), object(), (1, 2, 3), [["C"]], b"x", []]
    refused = 0
    for name, value in itertools.product(names, nonsense):
        for given in ({}, {one: whole.parameters[one] for one in whole._kind.played}):
            try:
                evolvable_player(kind, seed=1, **{**given, name: value}).mutate()
            except InputError:
                refused += 1
    assert refused > 8 * len(names)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"opponents": 5}, "opponents"),
        ({"founders": ["TitForTat"]}, "founders"),
        ({"opponents": []}, "opponents"),
        ({"opponents": ["Tit4Tat"]}, "unknown strategy"),
        ({"population_size": 1}, "population_size"),
        ({"elites": 40}, "elites"),
        ({"objective": "scores"}, "objective"),
        ({"turns": 0}, "turns"),
        ({"cycle_lenght": 3}, "cycle_length"),
        ({"founders": [1] * 50}, "founders"),
    ],
)
def test_bad_evolutions_are_refused(asked, said):
    with pytest.raises(InputError, match=said):
        evolve_strategies(**{"kind": "Cycler", "opponents": ["TitForTat"], "turns": 5, "seed": 1, **asked})


def test_parents_of_two_kinds_or_sizes_are_refused():
    with pytest.raises(InputError, match="one kind"):
        evolvable_player("Cycler", seed=1).crossover(evolvable_player("ANN", seed=1))
    for kind, name, sizes in (("ANN", "num_hidden", (2, 3)), ("LookerUp", "parameters", ((1, 1, 0), (0, 1, 1)))):
        one, two = (evolvable_player(kind, seed=1, **{name: size}) for size in sizes)
        with pytest.raises(InputError, match=name):
            one.crossover(two)
    founders = [evolvable_player("FSMPlayer", seed=1, num_states=states) for states in (2, 3)]
    with pytest.raises(InputError, match="one size"):
        evolve_strategies("FSMPlayer", ["TitForTat"], founders=founders)
    with pytest.raises(InputError, match="num_states"):
        founders[0].crossover(founders[1])
    with pytest.raises(InputError, match="founders"):
        evolve_strategies("ANN", ["TitForTat"], founders=[evolvable_player("Cycler", seed=1)])
