import dataclasses
import inspect
import subprocess
import sys

import numpy as np
import pytest

import evocoop.games as games
from evocoop.core.errors import InputError, UnknownNameError
from evocoop.core.registry import Registry
from evocoop.games import GAMES, Game, TraitGame, TwoPopulationGame

REQUIRED = {"payoffs": [[3, 0], [5, 1]], "other": [[1, 2], [0, 4]]}
OTHERS = {"two populations": TwoPopulationGame, "continuous traits": TraitGame}
OF_ONE = [entry for entry in GAMES if not OTHERS.keys() & set(entry.tags)]
OF_TWO = [entry for entry in GAMES if "two populations" in entry.tags]


def build(entry, **changes):
    given = {p.name: p.default for p in entry.parameters if p.default is not None}
    given |= {p.name: REQUIRED[p.name] for p in entry.parameters if p.required}
    return entry.load()(**given | changes)


@pytest.mark.parametrize("entry", GAMES, ids=lambda entry: entry.name)
def test_every_game_is_built_from_its_listed_parameters_with_its_own_defaults(entry):
    game = build(entry)
    assert isinstance(game, next((OTHERS[tag] for tag in entry.tags if tag in OTHERS), Game))
    required = {p.name: REQUIRED[p.name] for p in entry.parameters if p.required}
    assert game == entry.load()(**required)
    accepted = inspect.signature(entry.load()).parameters
    assert [p.name for p in entry.parameters if p.name not in accepted] == []
    assert all(p.kind is inspect.Parameter.KEYWORD_ONLY for p in accepted.values())
    assert set(accepted) == {p.name for p in entry.parameters}
    assert entry.summary
    assert entry.citation


@pytest.mark.parametrize("entry", OF_ONE, ids=lambda entry: entry.name)
def test_every_game_has_a_finite_pair_table_and_meaningful_self_cooperation(entry):
    game = build(entry)
    table = game.payoff_table([0, -1])
    assert table.exact == game.exact
    assert np.isfinite(table.values).all()
    assert np.array_equal(game.payoff_table([-1, 0]).values, table.values[::-1, ::-1])
    shares = game.self_cooperation()
    if shares is not None:
        assert shares.shape == (len(game.strategies),)
        assert ((shares >= 0) & (shares <= 1)).all()


@pytest.mark.parametrize("entry", GAMES, ids=lambda entry: entry.name)
def test_games_are_frozen(entry):
    game = build(entry)
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(game, dataclasses.fields(game)[0].name, 1)


BOUNDED = [(entry, p) for entry in GAMES for p in entry.parameters if p.minimum is not None]


@pytest.mark.parametrize(("entry", "parameter"), BOUNDED, ids=lambda value: getattr(value, "name", ""))
def test_listed_bounds_are_the_games_own(entry, parameter):
    assert parameter.default is None or parameter.default >= parameter.minimum
    with pytest.raises(InputError, match=parameter.name):
        build(entry, **{parameter.name: parameter.minimum - 1})
    if parameter.maximum is not None:
        with pytest.raises(InputError, match=parameter.name):
            build(entry, **{parameter.name: parameter.maximum + 1})


def test_names_are_found_whatever_their_case_and_misspellings_get_a_hint():
    assert isinstance(GAMES, Registry)
    assert GAMES.find("Prisoners_Dilemma").name == "prisoners_dilemma"
    with pytest.raises(UnknownNameError, match="did you mean 'stag_hunt'"):
        GAMES.find("staghunt")


def test_every_public_name_can_be_loaded_and_is_documented():
    for name in games.__all__:
        thing = getattr(games, name)
        assert getattr(thing, "__doc__", None), name
    with pytest.raises(AttributeError, match="no attribute 'Chess'"):
        games.Chess  # noqa: B018


def test_listing_games_imports_nothing_heavy():
    code = (
        "import sys, evocoop.games.registry as r; list(r.GAMES); "
        "print([m for m in ('numba', 'scipy', 'numpy', 'polars') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
