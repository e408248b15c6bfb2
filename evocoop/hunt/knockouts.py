"""Ablation: what becomes of hunting together when one capacity, or two, are taken away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import numpy as np

from evocoop.core.errors import InputError, UnknownNameError, check_integer, check_number
from evocoop.dynamics.finite.simulation import simulate
from evocoop.dynamics.finite.small_mutation import small_mutation_limit
from evocoop.dynamics.sampling import mean_and_interval
from evocoop.games.coordinated_hunt import CoordinatedHunt
from evocoop.games.genotypes import HUMAN_LIKE, check_capacities
from evocoop.games.payoffs import FloatArray, Game, IntArray

MEASURES = ("cooperation", "success", "prevalence")
_ALIKE = 1e-9


@dataclass(frozen=True)
class Measure:
    """A number with its 95 % interval.

    Args:
        value: the mean over ecologies, or over replicates when there is one ecology.
        standard_error: between ecologies or replicates; 0 where it was computed, not sampled.
        low: lower end of the 95 % interval.
        high: upper end.
    """

    value: float
    standard_error: float
    low: float
    high: float


@dataclass(frozen=True)
class Effect:
    """What a set of capacities carries: the measures with all capacities minus those without the set.

    Args:
        capacities: those knocked out, one or two.
        cooperation: effect on the long-run share of hunters.
        success: effect on the long-run share of hunts that succeed.
        prevalence: effect on the long-run share of the minds that bear the capacities.
        interaction: for a pair, ``Y(all) - Y(-i) - Y(-j) + Y(-i-j)`` of cooperation; None for one.
        relation: for a pair, ``"complements"`` (above 0: need one another), ``"substitutes"`` (below 0: replace one
            another), or ``"independent"`` (the interval holds 0).
    """

    capacities: tuple[str, ...]
    cooperation: Measure
    success: Measure
    prevalence: Measure
    interaction: Measure | None = None
    relation: str = ""


@dataclass(frozen=True)
class Ablation:
    """What each capacity carries.

    Args:
        capacities: those that were there.
        baseline: cooperation, success and prevalence with all of them, by name.
        effects: of single capacities, the largest effect on cooperation first.
        pairs: of pairs, the strongest interaction first.
        break_even: for each capacity the price at which it stops paying; None where it does not pay even for free,
            infinite where it still pays at the highest price tried.
        ecologies: how many were looked at.
    """

    capacities: tuple[str, ...]
    baseline: dict[str, Measure]
    effects: tuple[Effect, ...]
    pairs: tuple[Effect, ...]
    break_even: dict[str, float | None]
    ecologies: int

    def effect(self, *capacities: str) -> Effect:
        """Return the effect of a capacity, or of a pair.

        Raises:
            UnknownNameError: when it was not knocked out.
        """
        for one in (*self.effects, *self.pairs):
            if set(one.capacities) == set(capacities):
                return one
        raise UnknownNameError("ablation", "+".join(capacities), ["+".join(e.capacities) for e in self.effects])


Factory = Callable[[tuple[str, ...]], CoordinatedHunt]


def ablation(
    games: CoordinatedHunt | Factory | Sequence[CoordinatedHunt | Factory],
    *,
    capacities: Sequence[str] | None = None,
    population_size: int = 100,
    selection_strength: float = 1.0,
    mutation: float | None = None,
    process: str = "pairwise",
    steps: int = 200_000,
    replicates: int = 8,
    seed: int = 0,
    pairs: bool = True,
    prices: bool = True,
    highest_price: float = 16.0,
    tolerance: float = 1e-3,
) -> Ablation:
    """Return what each capacity of the HumanLike minds carries, and how capacities depend on one another.

    With Y a long-run measure and C all capacities, the effect of i is ``Y(C) - Y(C - i)``, the interaction of i and j
    ``Y(C) - Y(C-i) - Y(C-j) + Y(C-i-j)``. The long run is the small-mutation limit, computed without sampling, or a
    simulated population when a mutation probability is given. With several ecologies the numbers are means over them
    and intervals show how much they differ (Student's t, pairing each ecology with itself).

    Args:
        games: a hunt with a HumanLike mind; or a function from capacities to a hunt; or several of these, one for each
            ecology.
        capacities: those to knock out; those of the (first) hunt when left out, and needed with functions.
        population_size: Z.
        selection_strength: beta.
        mutation: when given, populations are simulated with it.
        process: update rule of the simulation; see ``evocoop.dynamics.PROCESSES``.
        steps: length of a simulated run, half of which is burn-in.
        replicates: simulated runs.
        seed: the seed; every variant uses the same streams, so that differences are paired.
        pairs: whether to knock out pairs.
        prices: whether to look for the price at which each capacity stops paying: at which minds with all capacities
            are no longer more common in the long run than those without this one, which live beside them.
        highest_price: the highest price tried.
        tolerance: of the price.

    Raises:
        InputError: when there is no HumanLike mind, or nothing to knock out.

    The measures are ours; interaction as departure from additivity, Rothman 1976, Am J Epidemiol 103:506.

    >>> from evocoop.games import CoordinatedHunt
    >>> hunt = CoordinatedHunt(threshold=4, hare=2, minds=("HumanLike", "Hare", "LeaderFollower"))
    >>> found = ablation(hunt)
    >>> found.effect("signal", "commit").relation
    'substitutes'
    """
    makers = [_factory(one) for one in (games if isinstance(games, Sequence) else [games])]
    able = check_capacities(_asked(games, capacities))
    if not makers or not able:
        raise InputError("there is nothing to knock out: name ecologies and capacities")
    long_run = _LongRun(population_size, selection_strength, mutation, process, steps, replicates, seed)
    known: dict[tuple[str, ...], FloatArray] = {(): _rows(makers, able, (), long_run)}
    for size in (1, 2) if pairs else (1,):
        for out in combinations(able, size):
            known[out] = _rows(makers, able, out, long_run)
    singles = [_effect(known, (one,)) for one in able]
    doubles = [_effect(known, pair) for pair in combinations(able, 2)] if pairs else []
    costs = {one: _break_even(makers, able, one, long_run, highest_price, tolerance) for one in able} if prices else {}
    return Ablation(
        able,
        {name: _measure(known[()][:, place]) for place, name in enumerate(MEASURES)},
        tuple(sorted(singles, key=lambda one: -abs(one.cooperation.value))),
        tuple(sorted(doubles, key=lambda one: -abs(one.interaction.value if one.interaction else 0.0))),
        costs,
        len(makers),
    )


@dataclass(frozen=True)
class _LongRun:
    """How the long run is found."""

    population_size: int
    selection_strength: float
    mutation: float | None
    process: str
    steps: int
    replicates: int
    seed: int

    def shares(self, payoffs: Any) -> FloatArray:
        """Return the long-run shares of the strategies, array (replicates or 1, n)."""
        if self.mutation is None:
            limit = small_mutation_limit(
                payoffs, population_size=self.population_size, selection_strength=self.selection_strength,
            )  # fmt: skip
            return limit.prevalence[None]
        run = simulate(
            payoffs, population_size=self.population_size, selection_strength=self.selection_strength,
            mutation=self.mutation, process=self.process, steps=check_integer("steps", self.steps, minimum=2),
            burn_in=self.steps // 2, replicates=self.replicates, seed=self.seed,
        )  # fmt: skip
        late = run.counts[:, len(run.times) // 2 :].mean(axis=1)
        return np.asarray(late / self.population_size)


def _factory(game: CoordinatedHunt | Factory) -> Factory:
    if not isinstance(game, CoordinatedHunt):
        return game
    if not any(name.startswith(HUMAN_LIKE) for name in game.minds):
        raise InputError(f"the hunt has no {HUMAN_LIKE} mind whose capacities could be knocked out")
    return lambda capacities: replace(game, capacities=capacities or ("none",))


def _asked(games: object, capacities: Sequence[str] | None) -> Sequence[str]:
    first = games[0] if isinstance(games, Sequence) and games else games
    if capacities is not None:
        return capacities
    if not isinstance(first, CoordinatedHunt):
        raise InputError("capacities must be named when hunts are made by a function")
    return first.capacities


def _rows(makers: list[Factory], able: tuple[str, ...], out: tuple[str, ...], long_run: _LongRun) -> FloatArray:
    """Return cooperation, success and prevalence, one row for each ecology, or replicate when there is one ecology."""
    rows = []
    for maker in makers:
        game = maker(tuple(name for name in able if name not in out))
        shares, own = long_run.shares(game), game.own_hunting()
        human = np.array([name.startswith(HUMAN_LIKE) for name in game.strategies], dtype=np.float64)
        rows.append(np.stack([shares @ own.hunting, shares @ own.success, shares @ human], axis=1))
    return rows[0] if len(rows) == 1 else np.array([row.mean(axis=0) for row in rows])


def _measure(values: FloatArray) -> Measure:
    if len(values) == 1:
        value = float(values[0])
        return Measure(value, 0.0, value, value)
    mean, error, ends = mean_and_interval(values[:, None])
    return Measure(float(mean[0]), float(error[0]), float(ends[0, 0]), float(ends[0, 1]))


def _effect(known: dict[tuple[str, ...], FloatArray], out: tuple[str, ...]) -> Effect:
    whole = known[()]
    cooperation, success, prevalence = (_measure(whole[:, i] - known[out][:, i]) for i in range(len(MEASURES)))
    if len(out) == 1:
        return Effect(out, cooperation, success, prevalence)
    both = whole - known[out[:1]] - known[out[1:]] + known[out]
    interaction = _measure(both[:, 0])
    relation = "independent"
    if interaction.low > _ALIKE or interaction.high < -_ALIKE:
        relation = "complements" if interaction.value > 0 else "substitutes"
    return Effect(out, cooperation, success, prevalence, interaction, relation)


class PricedHunt(Game):
    """A coordinated hunt in which some minds pay a price whatever happens.

    Args:
        game: the hunt.
        taken: what each of its minds pays.
    """

    def __init__(self, game: CoordinatedHunt, taken: FloatArray) -> None:
        self.game, self.taken, self.group_size = game, taken, game.group_size

    @property
    def strategies(self) -> tuple[str, ...]:
        """The names of the minds."""
        return self.game.strategies

    def group_payoffs(self, counts: IntArray) -> FloatArray:
        """Return the payoff of each mind, its price taken off."""
        return self.game.group_payoffs(counts) - self.taken


def _break_even(
    makers: list[Factory], able: tuple[str, ...], capacity: str, long_run: _LongRun, highest: float, tolerance: float
) -> float | None:
    """Return the price at which minds that bear the capacity stop being more common than those that lack it."""
    highest = check_number("highest_price", highest, minimum=0.0, exclusive=True)
    tolerance = check_number("tolerance", tolerance, minimum=0.0, exclusive=True)
    games = []
    for maker in makers:
        game = maker(able)
        lacking = f"{HUMAN_LIKE}-{capacity}"
        games.append(replace(game, minds=(HUMAN_LIKE, lacking, *(m for m in game.minds if m != HUMAN_LIKE))))

    def pays(price: float) -> bool:
        gaps = []
        for game in games:
            taken = price * np.array([capacity in mind.capacities for mind in game.genotypes])
            shares = long_run.shares(PricedHunt(game, taken)).mean(axis=0)
            gaps.append(shares[0] - shares[1])
        return float(np.mean(gaps)) > _ALIKE

    if not pays(0.0):
        return None
    if pays(highest):
        return float("inf")
    low, high = 0.0, highest
    while high - low > tolerance:
        middle = (low + high) / 2
        low, high = (middle, high) if pays(middle) else (low, middle)
    return (low + high) / 2
