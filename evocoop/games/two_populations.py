"""Games between two populations: two roles with strategies and payoffs of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from evocoop.core.errors import InputError, UnknownNameError, check_number, check_probability
from evocoop.games.payoffs import FloatArray


@dataclass(frozen=True, kw_only=True)
class TwoPopulationGame:
    """Any game of two roles, each played by a population of its own.

    An individual of the first population that plays ``i`` gets ``payoffs[i][j]`` from one of the second that plays
    ``j``, who gets ``other[i][j]``. Nobody meets its own population, so this is no game of one population and does not
    stand where those do; ``matrices`` go to the dynamics of two populations.

    Args:
        payoffs: n rows of m finite numbers, what the first population gets.
        other: n rows of m finite numbers, what the second gets.
        first_strategies: n different names; ``("0", "1", …)`` when left out.
        second_strategies: m different names.
        populations: two different names.

    Raises:
        InputError: when matrices are not finite or of different shapes, or names do not fit.

    >>> game = TwoPopulationGame(payoffs=[[2, 0], [0, 1]], other=[[1, 0], [0, 2]], populations=("buyer", "seller"))
    >>> game.strategies
    ('buyer: 0', 'buyer: 1', 'seller: 0', 'seller: 1')
    """

    payoffs: ArrayLike
    other: ArrayLike
    first_strategies: tuple[str, ...] = ()
    second_strategies: tuple[str, ...] = ()
    populations: tuple[str, str] = ("first", "second")

    group_size = 2
    exact = True

    def __post_init__(self) -> None:
        first, second = payoff_matrices(self.payoffs, self.other)
        names = _names("populations", self.populations, 2)
        object.__setattr__(self, "populations", names)
        for field, size in zip(("first_strategies", "second_strategies"), first.shape, strict=True):
            given = getattr(self, field) or tuple(str(i) for i in range(size))
            object.__setattr__(self, field, _names(field, given, size))
        for field, matrix in (("payoffs", first), ("other", second)):
            object.__setattr__(self, field, tuple(tuple(row) for row in matrix.tolist()))
        if len(set(self.strategies)) != len(self.strategies):
            raise InputError("populations and strategies must be told apart by their names")

    @property
    def matrices(self) -> tuple[FloatArray, FloatArray]:
        """Both payoff matrices (n, m), the first population's strategies in rows."""
        return np.array(self.payoffs, dtype=np.float64), np.array(self.other, dtype=np.float64)

    @property
    def names(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The strategies of each population."""
        return self.first_strategies, self.second_strategies

    @property
    def strategies(self) -> tuple[str, ...]:
        """All strategies, each with its population: ``"owner: Hawk"``."""
        return tuple(
            f"{population}: {name}"
            for population, names in zip(self.populations, self.names, strict=True)
            for name in names
        )

    def self_cooperation(self) -> None:
        """Return None: nobody meets its own kind."""

    def only(self, strategies: Sequence[str]) -> TwoPopulationGame:
        """Return the game in which only some strategies are left, each given with its population.

        Raises:
            InputError: when a strategy is unknown, or a population is left without any.
        """
        for name in strategies:
            if name not in self.strategies:
                raise UnknownNameError("strategy", name, self.strategies)
        places = [self.strategies.index(name) for name in strategies]
        n = len(self.first_strategies)
        rows, columns = [i for i in places if i < n], [i - n for i in places if i >= n]
        for population, left in zip(self.populations, (rows, columns), strict=True):
            if not left:
                raise InputError(
                    f"strategies must leave population {population!r} at least one, such as {self._some()}"
                )
        first, second = (matrix[np.ix_(rows, columns)].tolist() for matrix in self.matrices)
        return replace(
            self, payoffs=first, other=second,
            first_strategies=tuple(self.first_strategies[i] for i in rows),
            second_strategies=tuple(self.second_strategies[j] for j in columns),
        )  # fmt: skip

    def _some(self) -> str:
        return repr([self.strategies[0], self.strategies[-1]])


def payoff_matrices(payoffs: ArrayLike, other: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return what the first population gets and what the second gets, both (n, m).

    Raises:
        InputError: when one is no matrix of finite numbers, or their shapes differ.
    """
    first, second = _matrix("payoffs", payoffs), _matrix("other", other)
    if first.shape != second.shape:
        raise InputError(
            f"payoffs and other must have one shape, a row for each strategy of the first population and a column "
            f"for each of the second, not {first.shape} and {second.shape}"
        )
    return first, second


def _matrix(name: str, given: ArrayLike) -> FloatArray:
    try:
        matrix = np.array(given, dtype=np.float64)
    except (TypeError, ValueError):
        raise InputError(f"{name} must be a matrix of numbers with rows of equal length") from None
    if matrix.ndim != 2 or not matrix.size or not np.isfinite(matrix).all():
        raise InputError(f"{name} must be a matrix of finite numbers, one row per strategy of the first population")
    return matrix


def _names(field: str, given: Any, size: int) -> tuple[str, ...]:
    if isinstance(given, str) or not all(isinstance(name, str) and name for name in given):
        raise InputError(f"{field} must be a list of names, not {given!r}")
    if len(given) != size or len(set(given)) != size:
        raise InputError(f"{field} must be {size} different names, not {list(given)!r}")
    return tuple(given)


def battle_of_the_sexes(*, favourite: float = 3.0, other: float = 2.0, apart: float = 0.0) -> TwoPopulationGame:
    """Return the battle of the sexes: both want to meet, each rather at its own favourite place.

    Args:
        favourite: what meeting at the own favourite place is worth.
        other: what meeting at the other's is worth; below the favourite.
        apart: what not meeting is worth; below both.

    Raises:
        InputError: when the payoffs make another game.

    Source: Luce & Raiffa 1957, Games and Decisions, section 5.3.

    >>> battle_of_the_sexes().matrices[0].tolist()
    [[3.0, 0.0], [0.0, 2.0]]
    """
    best, second, worst = (check_number(*one) for one in (("favourite", favourite), ("other", other), ("apart", apart)))
    if not best > second > worst:
        raise InputError(f"a battle of the sexes needs favourite > other > apart, not {best:g}, {second:g}, {worst:g}")
    places = ("Opera", "Football")
    return TwoPopulationGame(
        payoffs=[[best, worst], [worst, second]], other=[[second, worst], [worst, best]],
        first_strategies=places, second_strategies=places, populations=("opera lover", "football fan"),
    )  # fmt: skip


def courtship(*, benefit: float = 15.0, raising: float = 20.0, courting: float = 3.0) -> TwoPopulationGame:
    """Return Dawkins's battle of the sexes: males faithful or not, females coy or fast; an endless cycle.

    Args:
        benefit: G, what a child is worth to each parent.
        raising: C, the cost of raising it, shared by parents who stay.
        courting: E, the cost of a long courtship to each; below what is gained together, G - C/2, and E < C/2.

    Raises:
        InputError: when the payoffs make another game.

    Sources: Dawkins 1976, The Selfish Gene, chapter 9; Schuster & Sigmund 1981, Anim Behav 29:186.

    >>> courtship().matrices[1].tolist()
    [[2.0, 5.0], [0.0, -5.0]]
    """
    gain = check_number("benefit", benefit, minimum=0.0)
    cost, delay = check_number("raising", raising, minimum=0.0), check_number("courting", courting, minimum=0.0)
    if not (0.0 < delay < gain - cost / 2 and gain < cost):
        raise InputError(
            "courtship needs 0 < courting < benefit - raising/2 and benefit < raising, "
            f"not courting = {delay:g}, benefit = {gain:g}, raising = {cost:g}"
        )
    stays, waits = gain - cost / 2, gain - cost / 2 - delay
    return TwoPopulationGame(
        payoffs=[[waits, stays], [0.0, gain]], other=[[waits, stays], [0.0, gain - cost]],
        first_strategies=("Faithful", "Philanderer"), second_strategies=("Coy", "Fast"), populations=("male", "female"),
    )  # fmt: skip


def ultimatum_game(*, pie: float = 4.0, low: float = 1.0, high: float = 2.0) -> TwoPopulationGame:
    """Return the mini ultimatum game: a fair offer is accepted, a greedy one may be refused, which leaves both nothing.

    Args:
        pie: what there is to share.
        low: what a greedy offer leaves the responder.
        high: what a fair offer gives; above the low one, at most the pie.

    Raises:
        InputError: when the offers make another game.

    Source: Gale, Binmore & Samuelson 1995, Games Econ Behav 8:56.

    >>> ultimatum_game().matrices[0].tolist()
    [[2.0, 2.0], [3.0, 0.0]]
    """
    whole = check_number("pie", pie, minimum=0.0)
    least, fair = check_number("low", low, minimum=0.0), check_number("high", high, minimum=0.0)
    if not least < fair <= whole:
        raise InputError(f"an ultimatum game needs low < high <= pie, not {least:g}, {fair:g}, {whole:g}")
    return TwoPopulationGame(
        payoffs=[[whole - fair, whole - fair], [whole - least, 0.0]], other=[[fair, fair], [least, 0.0]],
        first_strategies=("Fair", "Greedy"), second_strategies=("Accept", "Refuse"),
        populations=("proposer", "responder"),
    )  # fmt: skip


def owner_intruder(*, value: float = 2.0, cost: float = 4.0, advantage: float = 0.5) -> TwoPopulationGame:
    """Return hawk and dove with roles: an owner and an intruder contest a resource.

    Args:
        value: V, what the resource is worth.
        cost: C, what losing a fight costs; above the value.
        advantage: the chance that the owner wins a fight.

    Raises:
        InputError: when the payoffs make another game.

    Source: Maynard Smith & Parker 1976, Anim Behav 24:159.

    >>> owner_intruder().matrices[0].tolist()
    [[-1.0, 2.0], [0.0, 1.0]]
    """
    worth, loss = check_number("value", value, minimum=0.0), check_number("cost", cost, minimum=0.0)
    wins = check_probability("advantage", advantage)
    if not 0.0 < worth < loss:
        raise InputError(f"owner and intruder need 0 < value < cost, not {worth:g} and {loss:g}")
    fights = wins * worth - (1.0 - wins) * loss, (1.0 - wins) * worth - wins * loss
    acts = ("Hawk", "Dove")
    return TwoPopulationGame(
        payoffs=[[fights[0], worth], [0.0, worth / 2]], other=[[fights[1], 0.0], [worth, worth / 2]],
        first_strategies=acts, second_strategies=acts, populations=("owner", "intruder"),
    )  # fmt: skip


def inspection_game(
    *, price: float = 4.0, quality: float = 2.0, inspection: float = 1.0, worth: float = 8.0
) -> TwoPopulationGame:
    """Return an inspection game: sellers may cheat, buyers may look; whoever is caught is not paid.

    At rest sellers cheat with probability inspection / price, and buyers inspect with quality / price.

    Args:
        price: what a seller is paid unless caught cheating.
        quality: what good quality costs the seller; below the price.
        inspection: what looking costs the buyer; below what good quality costs.
        worth: what good quality is worth to the buyer; above the price.

    Raises:
        InputError: when the payoffs make another game.

    Sources: Dresher 1962, RAND RM-2972; Fudenberg & Tirole 1991, Game Theory, example 1.7.

    >>> inspection_game().matrices[0].tolist()
    [[2.0, 2.0], [0.0, 4.0]]
    """
    paid, effort = check_number("price", price, minimum=0.0), check_number("quality", quality, minimum=0.0)
    looking, good = check_number("inspection", inspection, minimum=0.0), check_number("worth", worth, minimum=0.0)
    if not 0.0 < looking < effort < paid < good:
        raise InputError(
            "an inspection game needs 0 < inspection < quality < price < worth, "
            f"not {looking:g}, {effort:g}, {paid:g}, {good:g}"
        )
    return TwoPopulationGame(
        payoffs=[[paid - effort, paid - effort], [0.0, paid]],
        other=[[good - paid - looking, good - paid], [-looking, -paid]],
        first_strategies=("Honest", "Cheat"), second_strategies=("Inspect", "Trust"), populations=("seller", "buyer"),
    )  # fmt: skip
