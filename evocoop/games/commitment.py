"""Prior agreements: proposing a commitment before a two-player game, always or only when in doubt."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evocoop.core.errors import check_number, check_probability
from evocoop.games.group_game import keep
from evocoop.games.matrix import PairwiseGame, rstp
from evocoop.games.payoffs import FloatArray


@dataclass(frozen=True)
class CommitmentThresholds:
    """Where proposers are risk-dominant against each other strategy.

    Args:
        over_free: a proposal must cost less than this against free riders on commitments, ``2(R - P)/3``.
        over_defectors: and less than this against defectors, ``2(R - P)``.
        over_fakers: the compensation must exceed this against fakers, ``(T + P - R - S)/2 + 3 eps/4``.
    """

    over_free: float
    over_defectors: float
    over_fakers: float


@dataclass(frozen=True, kw_only=True)
class _Agreement(PairwiseGame):
    temptation: float = 2.0
    reward: float = 1.0
    punishment: float = 0.0
    sucker: float = -1.0
    proposal_cost: float = 0.25
    compensation: float = 2.0
    no_deal: float = 0.0

    def __post_init__(self) -> None:
        keep(self, **{name: check_number(name, getattr(self, name)) for name in ("temptation", "reward")})
        keep(self, **{name: check_number(name, getattr(self, name)) for name in ("punishment", "sucker", "no_deal")})
        costs = ("proposal_cost", "compensation")
        keep(self, **{name: check_number(name, getattr(self, name), minimum=0.0) for name in costs})

    @property
    def base(self) -> tuple[float, float, float, float]:
        """R, S, T, P of the game that is played."""
        return self.reward, self.sucker, self.temptation, self.punishment

    def self_cooperation(self) -> FloatArray:
        """Return (1, 1, 0, 0, 0): proposers and cooperators cooperate among their own kind."""
        return np.array([1.0, 1.0, 0.0, 0.0, 0.0])


@dataclass(frozen=True, kw_only=True)
class Commitment(_Agreement):
    """A 2×2 game before which one may propose a deal to cooperate.

    COMP proposes, at cost eps (shared when both propose), and cooperates under the deal; C accepts and cooperates; D
    refuses, and then nobody plays; FAKE accepts, defects, and pays the compensation delta; FREE cooperates only
    when somebody else proposes. Row against column, in the order COMP, C, D, FAKE, FREE::

        COMP  R - eps/2   R - eps   n   S + delta - eps   R - eps
        C     R           R         S   S                 S
        D     n           T         P   P                 P
        FAKE  T - delta   T         P   P                 P
        FREE  R           T         P   P                 P

    Args:
        temptation: T, the defector's payoff against a cooperator.
        reward: R, for mutual cooperation.
        punishment: P, for mutual defection.
        sucker: S, the cooperator's payoff against a defector.
        proposal_cost: eps, what arranging a deal costs its proposer, at least 0.
        compensation: delta, what who breaks a deal pays the other, at least 0.
        no_deal: n, what both get when a proposal is refused and the game is not played; hares, in a stag hunt.

    Raises:
        InputError: when a number is not finite or a cost is negative.

    Source: Han, Pereira, Santos & Lenaerts 2013, Sci Rep 3:2695 (n = 0).

    >>> game = Commitment(proposal_cost=0.05, compensation=4)
    >>> game.matrix[0].tolist()
    [0.975, 0.95, 0.0, 2.95, 0.95]
    >>> round(game.thresholds.over_free, 4), game.thresholds.over_fakers
    (0.6667, 1.0375)
    """

    @property
    def strategies(self) -> tuple[str, ...]:
        """``("COMP", "C", "D", "FAKE", "FREE")``."""
        return ("COMP", "C", "D", "FAKE", "FREE")

    def _matrix(self) -> FloatArray:
        r, s, t, p = self.base
        eps, delta, n = self.proposal_cost, self.compensation, self.no_deal
        return np.array(
            [
                [r - eps / 2, r - eps, n, s + delta - eps, r - eps],
                [r, r, s, s, s],
                [n, t, p, p, p],
                [t - delta, t, p, p, p],
                [r, t, p, p, p],
            ]
        )

    @property
    def thresholds(self) -> CommitmentThresholds:
        """The proposal costs and the compensation at which proposers become risk-dominant."""
        r, s, t, p = self.base
        return CommitmentThresholds(2 * (r - p) / 3, 2 * (r - p), (t + p - r - s) / 2 + 3 * self.proposal_cost / 4)


@dataclass(frozen=True, kw_only=True)
class RecognitionCommitment(_Agreement):
    """Predict first, and propose a commitment only when in doubt.

    IRCOM reads the other's intention with confidence x, uniform on [0, 1], and is right with probability r x. If x is
    above theta it acts on the prediction (cooperates with whom it takes for a cooperator), else it proposes a deal as
    COMP does. With ``pc = r (1 - theta^2)/2`` (acts and is right), ``pw = 1 - theta - pc`` and ``p = r (1 + theta)/2``,
    in the order IRCOM, C, D, FAKE, FREE it gets::

        IRCOM  (1 - (1-theta)^2)(R - eps/2) + (1-theta)^2 [p^2 R + p(1-p)(S + T) + (1-p)^2 P]
        C      theta (R - eps) + pc R + pw T
        D      theta n + pc P + pw S
        FAKE   theta (S + delta - eps) + pc P + pw S
        FREE   theta (R - eps) + pc P + pw S

    theta = 1 always proposes and is :class:`Commitment`; theta = 0 never does.

    Args:
        temptation: T, the defector's payoff against a cooperator.
        reward: R, for mutual cooperation.
        punishment: P, for mutual defection.
        sucker: S, the cooperator's payoff against a defector.
        proposal_cost: eps, what arranging a deal costs its proposer, at least 0.
        compensation: delta, what who breaks a deal pays the other, at least 0.
        no_deal: n, what both get when a proposal is refused.
        confidence: theta, the confidence needed to act without a deal, in [0, 1].
        accuracy: r, how often full confidence is right, in [0, 1].

    Raises:
        InputError: when a number is out of range.

    Source: Han, Santos, Lenaerts & Pereira 2015, Sci Rep 5:9312; how accuracy grows with confidence, and what two
    predictors do to each other, is our reading.

    >>> always = RecognitionCommitment(confidence=1.0)
    >>> bool((always.matrix == Commitment().matrix).all())
    True
    """

    confidence: float = 0.65
    accuracy: float = 1.0

    def __post_init__(self) -> None:
        super().__post_init__()
        keep(self, **{name: check_probability(name, getattr(self, name)) for name in ("confidence", "accuracy")})

    @property
    def strategies(self) -> tuple[str, ...]:
        """``("IRCOM", "C", "D", "FAKE", "FREE")``."""
        return ("IRCOM", "C", "D", "FAKE", "FREE")

    def _matrix(self) -> FloatArray:
        r, s, t, p = self.base
        theta, right = self.confidence, self.accuracy * (1 - self.confidence**2) / 2
        wrong = 1 - theta - right
        sure = self.accuracy * (1 + theta) / 2
        blind = (1 - theta) ** 2
        matrix = Commitment(**{name: getattr(self, name) for name in _Agreement.__dataclass_fields__}).matrix.copy()
        matrix[0, 1:] *= theta
        matrix[1:, 0] *= theta
        matrix[0, 1:] += [right * r + wrong * t] + [right * p + wrong * s] * 3
        matrix[1:, 0] += [right * r + wrong * s] + [right * p + wrong * t] * 3
        both = sure**2 * r + sure * (1 - sure) * (s + t) + (1 - sure) ** 2 * p
        matrix[0, 0] = (1 - blind) * (r - self.proposal_cost / 2) + blind * both
        return matrix

    def self_cooperation(self) -> FloatArray:
        """Return how often each strategy cooperates with its own kind; IRCOM under a deal or on a right prediction."""
        blind, sure = (1 - self.confidence) ** 2, self.accuracy * (1 + self.confidence) / 2
        return np.array([1 - blind + blind * sure, 1.0, 0.0, 0.0, 0.0])


def commitment_on(payoffs: object, *, proposal_cost: float, compensation: float, no_deal: float = 0.0) -> Commitment:
    """Return the commitment game played before any 2×2 game, table or matrix.

    Raises:
        InputError: when it is not a two-player game of two strategies, or a cost is negative.

    >>> from evocoop.games.named import stag_hunt
    >>> commitment_on(stag_hunt(), proposal_cost=0.25, compensation=2, no_deal=3).matrix[0].tolist()
    [3.875, 3.75, 3.0, 1.75, 3.75]
    """
    reward, sucker, temptation, punishment = rstp(payoffs)
    return Commitment(
        reward=reward,
        sucker=sucker,
        temptation=temptation,
        punishment=punishment,
        proposal_cost=proposal_cost,
        compensation=compensation,
        no_deal=no_deal,
    )
