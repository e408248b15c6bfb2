"""One cell, from game to rows: build the game, play if asked, run each of the dynamics, write what they say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from evocoop.config import catalogue
from evocoop.config.experiment import DynamicsAsk, GameAsk, Values
from evocoop.games.payoffs import FloatArray, Game, IntArray, PayoffTable, composition_text, count_compositions
from evocoop.games.traits import TraitGame
from evocoop.games.two_populations import TwoPopulationGame
from evocoop.runs.answers import Answer, Answers, answer
from evocoop.runs.plan import Cell, hashed_seed
from evocoop.runs.sensitivities import Slopes, no_slopes
from evocoop.runs.slopes import GameSlopes
from evocoop.runs.two_populations import payoff_columns

if TYPE_CHECKING:
    from evocoop.runs.columns import Tables

MOST_GROUP_ENTRIES = 20_000
RESAMPLES = 16
_RESAMPLED = ("prevalence", "fixation", "gradient", "stationary", "basins", "sensitivities")


def evaluate(cell: Cell, tables: Tables) -> None:
    """Compute one cell and add its rows to the tables."""
    about: Values = {"cell": cell.number, "replicate": cell.replicate, "game": cell.game.label}
    about.update({f"game.{name}": value for name, value in cell.game.parameters.items()})
    if cell.play is None:
        game = build_game(cell.game, cell.seed)
        payoffs = _kept(game, cell.population)
        if cell.shown and hasattr(game, "record"):
            _add_chases(game, payoffs.strategies, about, tables)
    else:
        about.update({f"play.{name}": value for name, value in vars(cell.play).items()})
        played = _played(cell.table_key, cell)
        payoffs = played.payoff_table()
        if cell.leads:
            _add_rankings(played, about, tables)
    if cell.leads and "payoffs" in tables:
        _add_payoffs(payoffs, about, tables)
    slopes = _slopes(cell, payoffs)
    for one in cell.dynamics:
        _add_dynamics(one, cell, payoffs, slopes, about, tables)


def build_game(ask: GameAsk, seed: int = 0) -> Any:
    """Return the game that is asked for; a simulated one gets the seed unless it has one of its own."""
    entry = catalogue.games().find(ask.name)
    seeded = {"seed": seed} if "seed" in catalogue.parameter_names(entry) else {}
    return entry.load()(**{**seeded, **ask.parameters})


class ChosenStrategies(Game):
    """A game in which only some of the strategies are in the population; payoffs are computed when asked for."""

    def __init__(self, game: Game, chosen: Sequence[str]) -> None:
        self.game, self._chosen, self.group_size = game, tuple(chosen), game.group_size

    @property
    def strategies(self) -> tuple[str, ...]:
        """The names of the strategies in the population."""
        return self._chosen

    def group_payoffs(self, counts: IntArray) -> FloatArray:
        """Return the payoff of each chosen strategy in whole groups of the given compositions."""
        places = [self.game.strategies.index(name) for name in self._chosen]
        wide = np.zeros((len(counts), len(self.game.strategies)), dtype=np.int64)
        wide[:, places] = counts
        return self.game.group_payoffs(wide)[:, places]

    def self_cooperation(self) -> FloatArray | None:
        """Return how often each chosen strategy cooperates among its own kind."""
        known = self.game.self_cooperation()
        return None if known is None else known[[self.game.strategies.index(name) for name in self._chosen]]

    def payoff_table(self, strategies: Sequence[str | int] | None = None) -> PayoffTable:
        """Return the payoffs of all chosen strategies, or of some of them."""
        some = range(len(self._chosen)) if strategies is None else strategies
        return self.game.payoff_table([self._chosen[s] if isinstance(s, int) else s for s in some])


def _kept(game: Any, population: tuple[str, ...]) -> Any:
    if isinstance(game, TwoPopulationGame):
        return game.only(population) if population else game
    if not game.exact:
        return game.payoff_table(population or None)
    return ChosenStrategies(game, population) if population and population != game.strategies else game


@lru_cache(maxsize=2)
def _remembered(key: str, cell: _ByKey) -> Any:
    from evocoop.play import tournament

    play = cell.cell.play
    assert play is not None
    return tournament(
        list(cell.cell.population),
        game=build_game(cell.cell.game),
        turns=play.turns,
        repetitions=play.repetitions,
        noise=play.noise,
        prob_end=play.prob_end or None,
        seed=cell.cell.seed,
        exact=play.exact,
    )


class _ByKey:
    """A cell that equals every other, so that only the key beside it tells cached results apart."""

    def __init__(self, cell: Cell) -> None:
        self.cell = cell

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByKey)

    def __hash__(self) -> int:
        return 0


def _played(key: str, cell: Cell) -> Any:
    """Return the tournament of a cell; neighbouring cells that differ only in their dynamics share it."""
    return _remembered(key, _ByKey(cell))


def _add_payoffs(payoffs: Any, about: Values, tables: Tables) -> None:
    if isinstance(payoffs, TraitGame):
        return
    if isinstance(payoffs, TwoPopulationGame):
        tables.add("payoffs", about, payoff_columns(payoffs))
        return
    names, group = payoffs.strategies, payoffs.group_size
    if group > 2 and len(names) * count_compositions(group - 1, len(names)) > MOST_GROUP_ENTRIES:
        return
    table: PayoffTable = payoffs.payoff_table()
    opponents = names if group == 2 else [composition_text(row, names) for row in table.compositions]
    width = len(opponents)
    tables.add(
        "payoffs",
        about,
        {
            "strategy": [name for name in names for _ in range(width)],
            "opponent": list(opponents) * len(names),
            "payoff": table.values.ravel(),
            "standard_error": table.standard_errors.ravel(),
            "exact": (table.standard_errors == 0).ravel(),
        },
    )


def _add_rankings(played: Any, about: Values, tables: Tables) -> None:
    """Add the standing of every player of a tournament."""
    names = list(played.payoff_table().strategies)
    scores = np.asarray(played.normalised_scores, dtype=float)
    scores = scores.reshape(len(names), -1)
    count = scores.shape[1]
    spread = scores.std(axis=1, ddof=1) / np.sqrt(count) if count > 1 else np.zeros(len(names))
    rank = np.empty(len(names), dtype=np.int64)
    rank[np.asarray(played.ranking)] = np.arange(1, len(names) + 1)
    wins = np.median(np.asarray(played.wins, dtype=float).reshape(len(names), -1), axis=1)
    tables.add(
        "rankings",
        about,
        {
            "strategy": names,
            "rank": rank,
            "score": scores.mean(axis=1),
            "wins": wins,
            "cooperation": np.asarray(played.cooperating_rating, dtype=float),
            "standard_error": spread,
            "exact": spread == 0,
        },
    )


def _add_chases(game: Any, strategies: Sequence[str], about: Values, tables: Tables) -> None:
    """Add the course of a hunt of each of the strategies that are shown hunting."""
    from evocoop.runs.hunts import CHASERS, chase_columns

    for name in CHASERS if "chases" in tables else ():
        if name in strategies:
            tables.add("chases", about, chase_columns(name, game.record(name)))


def _add_dynamics(one: DynamicsAsk, cell: Cell, payoffs: Any, slopes: Slopes, about: Values, tables: Tables) -> None:
    entry = catalogue.dynamics().find(one.name)
    given = dict(one.parameters)
    if "seed" in catalogue.parameter_names(entry) and "seed" not in given:
        given["seed"] = cell.stream_seed(one.label)
    about = {**about, "dynamics": one.label, **{f"dynamics.{name}": value for name, value in given.items()}}
    function = entry.load()
    answers = answer(one.name, function, payoffs, given, slopes)
    errors = _resampled(one.name, function, payoffs, given, answers) if not _exact(payoffs) else {}
    for kind, found in answers.items():
        columns = dict(found.columns)
        length = len(next(iter(columns.values())))
        sampled = found.standard_error is not None or not _exact(payoffs)
        error = _combined(found.standard_error, errors.get(kind)) if sampled else np.zeros(length)
        columns["standard_error"] = (
            [None] * length if error is None else [None if e != e else e for e in error.tolist()]
        )
        columns["exact"] = [not sampled] * length
        tables.add(kind, about, columns)


def _slopes(cell: Cell, payoffs: Any) -> Slopes:
    """Return how payoffs answer to the parameters of the game, unless they were played or simulated."""
    if cell.play is not None or not _exact(payoffs):
        return no_slopes

    def make(changes: Values) -> Any:
        return build_game(replace(cell.game, parameters={**cell.game.parameters, **changes}), cell.seed)

    return GameSlopes(cell.game, make, tuple(payoffs.strategies), payoffs.group_size)


def _exact(payoffs: Any) -> bool:
    return bool(payoffs.exact) if isinstance(payoffs, PayoffTable) else True


def _combined(own: FloatArray | None, inherited: FloatArray | None) -> FloatArray | None:
    """Return the standard error from sampling in the dynamics and from sampled payoffs, taken as independent."""
    if own is None or inherited is None:
        return inherited if own is None else own
    return np.asarray(np.hypot(own, inherited))


def _resampled(
    name: str, function: Any, payoffs: PayoffTable, given: Values, answers: Answers
) -> dict[str, FloatArray]:
    """Return standard errors that sampled payoffs bring with them: the spread of the answer over redrawn payoffs."""
    wanted = [kind for kind in _RESAMPLED if kind in answers]
    if not wanted:
        return {}
    random = np.random.Generator(np.random.Philox(hashed_seed(name, payoffs.values.tobytes().hex())))
    drawn: dict[str, list[FloatArray]] = {kind: [] for kind in wanted}
    for _ in range(RESAMPLES):
        values = payoffs.values + payoffs.standard_errors * random.standard_normal(payoffs.values.shape)
        table = replace(payoffs, values=values.clip(payoffs.values.min(), payoffs.values.max()))
        again = answer(name, function, table, given)
        for kind in wanted:
            drawn[kind].append(_value(again[kind]))
    same = {kind: rows for kind, rows in drawn.items() if len({row.shape for row in rows}) == 1}
    return {kind: np.std(rows, axis=0, ddof=1) for kind, rows in same.items()}


def _value(found: Answer) -> FloatArray:
    return np.asarray(found.columns[found.value], dtype=np.float64)
