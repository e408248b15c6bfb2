"""Games of continuous traits: how much effort, how forgiving - what a mutant earns among residents of another trait."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from evocoop.core.errors import InputError, check_number
from evocoop.games.payoffs import FloatArray

Bounds = tuple[tuple[float, float], ...]
PLAYED_AS_GIVEN, POLYNOMIAL, JOINT_EFFORT, REACTIVE, MEMORY_ONE = range(5)
"""How a compiled loop works a payoff out; see :mod:`evocoop.dynamics.finite.trait_kernels`."""


class TraitGame:
    """A game of two players, each with one or more real traits in a box.

    Subclasses are frozen, keyword-only dataclasses. A game has ``traits`` (names), ``bounds`` (lowest and highest value
    of each) and :meth:`payoff`. It has no strategies to enumerate, so it goes to adaptive dynamics and nowhere else.
    """

    analytic: bool = True
    group_size = 2
    exact = True

    @property
    def strategies(self) -> tuple[str, ...]:
        """Nothing: traits are continuous."""
        return ()

    def self_cooperation(self) -> None:
        """Return None: there are no strategies."""

    @property
    def traits(self) -> tuple[str, ...]:
        """The names of the traits."""
        raise NotImplementedError

    @property
    def bounds(self) -> Bounds:
        """Lowest and highest value of each trait."""
        raise NotImplementedError

    @property
    def polynomial(self) -> FloatArray | None:
        """Coefficients ``c[i, j]`` of ``pi(y, x) = sum_ij c[i, j] y^i x^j`` (one trait), or None."""
        return None

    @property
    def compiled(self) -> tuple[int, FloatArray]:
        """How a compiled loop works the payoff out, and the numbers it needs."""
        table = self.polynomial
        return (PLAYED_AS_GIVEN, np.zeros(1)) if table is None else (POLYNOMIAL, np.ascontiguousarray(table).ravel())

    def payoff(self, mutant: ArrayLike, resident: ArrayLike) -> Any:
        """Return ``pi(y, x)``, what a player with traits y gets from one with traits x.

        Args:
            mutant: y, array (…, traits). With one trait that axis may be left out, unless the last axis has length 1.
            resident: x, likewise; the two are broadcast against each other.
        """
        table = self.polynomial
        if table is None:
            raise NotImplementedError
        return np.polynomial.polynomial.polyval2d(*one_trait(mutant, resident), table)


def one_trait(mutant: ArrayLike, resident: ArrayLike) -> tuple[Any, Any]:
    """Return both as arrays of one number each, broadcast."""
    y, x = np.asarray(mutant), np.asarray(resident)
    y, x = (one[..., 0] if one.ndim and one.shape[-1] == 1 else one for one in (y, x))
    return tuple(np.broadcast_arrays(y, x))  # type: ignore[return-value]


def _checked(game: Any, *fields: str, minimum: float = -np.inf) -> None:
    for name in fields:
        object.__setattr__(game, name, check_number(name, getattr(game, name), minimum=minimum))


class _Effort(TraitGame):
    """A game of one trait, an effort from 0 to ``highest``."""

    highest: float

    @property
    def traits(self) -> tuple[str, ...]:
        """The one trait, effort."""
        return ("effort",)

    @property
    def bounds(self) -> Bounds:
        """From no effort to the highest."""
        return ((0.0, self.highest),)

    def _check(self, *others: str) -> None:
        _checked(self, *others)
        object.__setattr__(self, "highest", check_number("highest", self.highest, minimum=0.0, exclusive=True))


@dataclass(frozen=True, kw_only=True)
class ContinuousSnowdrift(_Effort):
    """The continuous snowdrift game: what both put in benefits both, and each bears the cost of its own effort.

    ``pi(y, x) = B(x + y) - C(y)`` with ``B(s) = b1 s + b2 s^2`` and ``C(y) = c1 y + c2 y^2``. The singular effort is
    ``(c1 - b1) / (4 b2 - 2 c2)``; it is convergence stable when ``2 b2 < c2``, evolutionarily stable when ``b2 < c2``.

    Args:
        benefit: b1.
        benefit_curvature: b2.
        cost: c1.
        cost_curvature: c2.
        highest: the highest effort, above 0.

    Raises:
        InputError: when a number is not finite, or ``highest`` not above 0.

    Source: Doebeli, Hauert & Killingback 2004, Science 306:859.

    >>> float(ContinuousSnowdrift().payoff(1.0, 0.0).round(12))
    1.64
    """

    benefit: float = 6.0
    benefit_curvature: float = -1.4
    cost: float = 4.56
    cost_curvature: float = -1.6
    highest: float = 1.0

    def __post_init__(self) -> None:
        self._check("benefit", "benefit_curvature", "cost", "cost_curvature")

    @property
    def polynomial(self) -> FloatArray:
        """Coefficients of ``b1 (x+y) + b2 (x+y)^2 - c1 y - c2 y^2``."""
        b1, b2, c1, c2 = self.benefit, self.benefit_curvature, self.cost, self.cost_curvature
        return np.array([[0.0, b1, b2], [b1 - c1, 2.0 * b2, 0.0], [b2 - c2, 0.0, 0.0]])


@dataclass(frozen=True, kw_only=True)
class ContinuousDonation(_Effort):
    """The continuous prisoner's dilemma: what one puts in benefits the other alone.

    ``pi(y, x) = B(x) - C(y)`` with ``B(x) = b1 x + b2 x^2`` and ``C(y) = c1 y + c2 y^2``; without curvature, donation.

    Args:
        benefit: b1.
        cost: c1.
        benefit_curvature: b2.
        cost_curvature: c2.
        highest: the highest effort, above 0.

    Raises:
        InputError: when a number is not finite, or ``highest`` not above 0.

    Source: Killingback, Doebeli & Knowlton 1999, Proc R Soc B 266:1723.

    >>> float(ContinuousDonation().payoff(1.0, 0.5))
    0.5
    """

    benefit: float = 3.0
    cost: float = 1.0
    benefit_curvature: float = 0.0
    cost_curvature: float = 0.0
    highest: float = 1.0

    def __post_init__(self) -> None:
        self._check("benefit", "benefit_curvature", "cost", "cost_curvature")

    @property
    def polynomial(self) -> FloatArray:
        """Coefficients of ``b1 x + b2 x^2 - c1 y - c2 y^2``."""
        return np.array(
            [[0.0, self.benefit, self.benefit_curvature], [-self.cost, 0.0, 0.0], [-self.cost_curvature, 0.0, 0.0]]
        )


@dataclass(frozen=True, kw_only=True)
class ContinuousCommons(_Effort):
    """Two who harvest one commons: every effort lowers what a unit of effort yields to both.

    ``pi(y, x) = y (a - b (x + y)) - c y``. Evolution stops at ``(a - c) / (3 b)``, above ``(a - c) / (4 b)``, which
    would be best for both.

    Args:
        yield_alone: a, what a unit of effort yields in an untouched commons.
        crowding: b, by how much each unit of effort lowers that; above 0.
        cost: c, of a unit of effort.
        highest: the highest effort, above 0.

    Raises:
        InputError: when a number is not finite or out of range.

    Source: Gordon 1954, J Polit Econ 62:124; Hardin 1968, Science 162:1243.

    >>> float(ContinuousCommons().payoff(1.0, 0.5))
    0.5
    """

    yield_alone: float = 3.0
    crowding: float = 1.0
    cost: float = 1.0
    highest: float = 2.0

    def __post_init__(self) -> None:
        self._check("yield_alone", "cost")
        object.__setattr__(self, "crowding", check_number("crowding", self.crowding, minimum=0.0, exclusive=True))

    @property
    def polynomial(self) -> FloatArray:
        """Coefficients of ``(a - c) y - b y^2 - b x y``."""
        return np.array([[0.0, 0.0], [self.yield_alone - self.cost, -self.crowding], [-self.crowding, 0.0]])


@dataclass(frozen=True, kw_only=True)
class JointEffort(_Effort):
    """A joint hunt of two whose success rises with their total effort, in an S around a threshold.

    ``pi(y, x) = V / (1 + exp(-k (x + y - M))) - c1 y - c2 y^2``. With ``c2 < 0`` setting off is what costs most.

    Args:
        prize: V, what each gets of a kill.
        threshold: M, the total effort at which half of the hunts succeed.
        steepness: k, how sharp the threshold is; above 0.
        cost: c1, of effort.
        cost_curvature: c2.
        highest: the highest effort, above 0.

    Raises:
        InputError: when a number is not finite or out of range.

    Source: our hypothesis; its limit of a quadratic success is the continuous snowdrift game of Doebeli, Hauert &
    Killingback 2004, Science 306:859.

    >>> float(JointEffort(prize=4.0, threshold=1.0, cost=0.0, cost_curvature=0.0).payoff(0.5, 0.5))
    2.0
    """

    prize: float = 4.0
    threshold: float = 0.8
    steepness: float = 4.0
    cost: float = 4.0
    cost_curvature: float = -2.0
    highest: float = 1.0

    def __post_init__(self) -> None:
        self._check("prize", "threshold", "cost", "cost_curvature")
        object.__setattr__(self, "steepness", check_number("steepness", self.steepness, minimum=0.0, exclusive=True))

    @property
    def compiled(self) -> tuple[int, FloatArray]:
        """The five numbers of the payoff."""
        numbers = [self.prize, self.threshold, self.steepness, self.cost, self.cost_curvature]
        return JOINT_EFFORT, np.array(numbers, dtype=np.float64)

    def payoff(self, mutant: ArrayLike, resident: ArrayLike) -> Any:
        """Return what a hunter of effort y gets beside one of effort x."""
        y, x = one_trait(mutant, resident)
        success = 0.5 + 0.5 * np.tanh(0.5 * self.steepness * (x + y - self.threshold))
        return self.prize * success - self.cost * y - self.cost_curvature * y * y


class _Dilemma(TraitGame):
    """A game repeated for ever, in which each move is flipped now and then."""

    temptation: float
    reward: float
    punishment: float
    sucker: float
    noise: float

    def __post_init__(self) -> None:
        _checked(self, "temptation", "reward", "punishment", "sucker")
        noise = check_number("noise", self.noise, minimum=0.0, maximum=0.5)
        if noise == 0.0:
            raise InputError(
                "noise must be above 0: without mistakes the first move could decide about a match for ever"
            )
        object.__setattr__(self, "noise", noise)

    @property
    def _terms(self) -> tuple[float, float, float, float]:
        return self.reward, self.sucker, self.temptation, self.punishment

    @property
    def bounds(self) -> Bounds:
        """Probabilities, from 0 to 1."""
        return ((0.0, 1.0),) * len(self.traits)

    def _moves(self, traits: ArrayLike) -> Any:
        """Return the probabilities to cooperate, mistakes included."""
        given = np.asarray(traits)
        if not given.ndim or given.shape[-1] != len(self.traits):
            raise InputError(f"a player has {len(self.traits)} traits, {', '.join(self.traits)}, not {traits!r}")
        return self.noise + (1.0 - 2.0 * self.noise) * given


@dataclass(frozen=True, kw_only=True)
class ReactiveDilemma(_Dilemma):
    """The prisoner's dilemma repeated for ever between reactive strategies (p, q).

    A player cooperates with probability p after the other's C and q after its D. With ``r = p - q`` both cooperate at
    the rates ``s = (q + r q') / (1 - r r')`` and ``s'``, independently, so that
    ``pi = R s s' + S s (1 - s') + T (1 - s) s' + P (1 - s)(1 - s')``.

    Args:
        temptation: T.
        reward: R.
        punishment: P.
        sucker: S.
        noise: chance that a move is flipped, in (0, 0.5].

    Raises:
        InputError: when a number is not finite or out of range.

    Source: Nowak & Sigmund 1990, Acta Applicandae Mathematicae 20:247.

    >>> float(ReactiveDilemma().payoff([0, 0], [1, 1]).round(12))  # a defector against a cooperator
    2.96
    """

    temptation: float = 3.0
    reward: float = 2.0
    punishment: float = 0.0
    sucker: float = -1.0
    noise: float = 0.01

    @property
    def traits(self) -> tuple[str, ...]:
        """Cooperation after C and after D."""
        return ("p", "q")

    @property
    def compiled(self) -> tuple[int, FloatArray]:
        """R, S, T, P and the noise."""
        return REACTIVE, np.array([*self._terms, self.noise])

    def payoff(self, mutant: ArrayLike, resident: ArrayLike) -> Any:
        """Return what a player with (p, q) gets against another."""
        own, other = self._moves(mutant), self._moves(resident)
        r, k = own[..., 0] - own[..., 1], other[..., 0] - other[..., 1]
        s = (own[..., 1] + r * other[..., 1]) / (1.0 - r * k)
        o = (other[..., 1] + k * own[..., 1]) / (1.0 - r * k)
        reward, sucker, temptation, punishment = self._terms
        return reward * s * o + sucker * s * (1 - o) + temptation * (1 - s) * o + punishment * (1 - s) * (1 - o)


@dataclass(frozen=True, kw_only=True)
class MemoryOneDilemma(_Dilemma):
    """The prisoner's dilemma repeated for ever between memory-one strategies (p_CC, p_CD, p_DC, p_DD).

    A player cooperates with a probability for each outcome of the last round, its own move first. The payoff is that of
    the stationary distribution of the chain of outcomes, as a ratio of determinants (Press & Dyson 2012, PNAS
    109:10409).

    Args:
        temptation: T.
        reward: R.
        punishment: P.
        sucker: S.
        noise: chance that a move is flipped, in (0, 0.5].

    Raises:
        InputError: when a number is not finite or out of range.

    Sources: Nowak & Sigmund 1993, Nature 364:56; LaPorte, Hilbe & Nowak 2023, PLoS Comput Biol 19:e1010987.

    >>> game = MemoryOneDilemma(temptation=5, reward=3, punishment=1, sucker=0)
    >>> float(game.payoff([1, 0, 0, 1], [0, 0, 0, 0]).round(6))  # win-stay lose-shift against a defector
    0.535
    """

    temptation: float = 3.0
    reward: float = 2.0
    punishment: float = 0.0
    sucker: float = -1.0
    noise: float = 0.01

    @property
    def traits(self) -> tuple[str, ...]:
        """Cooperation after each outcome, the own move first."""
        return ("p_CC", "p_CD", "p_DC", "p_DD")

    @property
    def compiled(self) -> tuple[int, FloatArray]:
        """R, S, T, P and the noise."""
        return MEMORY_ONE, np.array([*self._terms, self.noise])

    def payoff(self, mutant: ArrayLike, resident: ArrayLike) -> Any:
        """Return what a player with four probabilities gets against another."""
        own, other = np.broadcast_arrays(self._moves(mutant), self._moves(resident))
        other = other[..., [0, 2, 1, 3]]
        cornered = np.empty((*own.shape, 4), dtype=np.result_type(own, other))
        cornered[..., 0] = own * other - [1, 0, 0, 0]
        cornered[..., 1] = own - [1, 1, 0, 0]
        cornered[..., 2] = other - [1, 0, 1, 0]
        cornered[..., 3] = self._terms
        gained = np.linalg.det(cornered)
        cornered[..., 3] = 1.0
        return gained / np.linalg.det(cornered)


class TraitFunction(TraitGame):
    """Any game of continuous traits, from a function of the mutant's and the resident's traits.

    Args:
        function: ``pi(y, x)`` of arrays (…, traits), giving an array (…); it must work on whole arrays.
        bounds: lowest and highest value of each trait.
        traits: names; ``("x",)`` or ``("x1", "x2", …)`` when left out.
        analytic: whether it may be given complex numbers (it uses no ``abs``, ``max`` or comparison); derivatives are
            then exact to rounding, else they are differences.

    Raises:
        InputError: when bounds or names do not fit.

    >>> game = TraitFunction(lambda y, x: (y * (1 - x - y))[..., 0], bounds=[(0, 1)])
    >>> float(game.payoff(0.5, 0.25))
    0.125
    """

    def __init__(
        self,
        function: Callable[[Any, Any], Any],
        *,
        bounds: Sequence[Sequence[float]],
        traits: Sequence[str] = (),
        analytic: bool = False,
    ) -> None:
        box = np.asarray(bounds, dtype=np.float64)
        if (
            box.ndim != 2
            or not box.size
            or box.shape[1] != 2
            or not np.isfinite(box).all()
            or (box.T[0] >= box.T[1]).any()
        ):
            raise InputError("bounds must give (lowest, highest) for each trait, lowest below highest")
        names = tuple(traits) or (("x",) if len(box) == 1 else tuple(f"x{k + 1}" for k in range(len(box))))
        if len(names) != len(box) or len(set(names)) != len(names) or isinstance(traits, str):
            raise InputError(f"traits must be {len(box)} different names, not {traits!r}")
        self.function, self.analytic = function, analytic
        self._names = names
        self._bounds: Bounds = tuple((float(low), float(high)) for low, high in box)

    @property
    def traits(self) -> tuple[str, ...]:
        """The names of the traits."""
        return self._names

    @property
    def bounds(self) -> Bounds:
        """Lowest and highest value of each trait."""
        return self._bounds

    def payoff(self, mutant: ArrayLike, resident: ArrayLike) -> Any:
        """Return what the function says."""
        y, x = np.asarray(mutant), np.asarray(resident)
        if len(self._names) == 1:
            y, x = (one[..., None] if not one.ndim or one.shape[-1] != 1 else one for one in (y, x))
        return np.asarray(self.function(y, x))


def as_trait_game(game: Any) -> TraitGame:
    """Return the game, or raise InputError when its traits are not continuous."""
    if not isinstance(game, TraitGame):
        raise InputError(
            "a game of continuous traits is needed, such as ContinuousSnowdrift or TraitFunction, "
            f"not {type(game).__name__}"
        )
    return game
