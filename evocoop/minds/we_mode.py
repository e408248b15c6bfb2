"""The we-mode: coalition moves, team reasoning, homo moralis, and how to tell them apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evocoop.core.errors import InputError, check_integer, check_number, check_probability, hint
from evocoop.games.group_game import keep
from evocoop.games.matrix import PairwiseGame
from evocoop.games.payoffs import FloatArray

GAMES = ("stag_hunt", "donation", "hi_lo")


def coalition_gain(*, inside: int, degree: int) -> float:
    """Return ``k/d_S``: the ratio that a joint move must exceed when each member has d_S of k neighbours with it.

    Switching to a better convention, matching on which is worth alpha times matching on the old one, pays a coalition
    iff ``alpha > k/d_S``; switching from defection to donating (b, c per neighbour) iff ``b/c > k/d_S``. For a clique
    of s players ``d_S = s - 1``.

    Args:
        inside: d_S, the fewest neighbours that a member has in the coalition, at least 1.
        degree: k, neighbours of everybody, at least d_S.

    Source: Angus & Newton 2015, PLoS Comput Biol 11:e1004587, and 2020, PLoS Comput Biol 16:e1007557; closed form ours.

    >>> coalition_gain(inside=2, degree=4)
    2.0
    """
    inside = check_integer("inside", inside, minimum=1)
    return check_integer("degree", degree, minimum=inside) / inside


def pair_cooperation(joint: float) -> float:
    """Return ``2q/(1+2q)``, the long-run cooperation of isolated pairs in a prisoner's dilemma.

    Each period with probability q the two may move jointly (to mutual cooperation), else one of them, chosen at random,
    replies best on its own. A joint move must be better for both, so the chain goes CC -> CD with probability 1-q,
    CD -> DD with (1-q)/2, and DD -> CC with q.

    Source: the setting of Angus & Newton 2020, PLoS Comput Biol 16:e1007557; the formula is ours.

    >>> [round(pair_cooperation(q), 4) for q in (0.01, 0.1, 0.25, 0.5)]
    [0.0196, 0.1667, 0.3333, 0.5]
    """
    joint = check_probability("joint", joint)
    return 2 * joint / (1 + 2 * joint)


def recognition_threshold(
    *, benefit: float, cost: float, hare: float, false_positive: float, false_negative: float
) -> float:
    """Return ``x* = phi (c+h) / [phi (c+h) + (1-f)(b-c-h)]``, the share of collaborators above which they gain.

    A collaborator proposes the joint hunt to whom it takes for one: wrongly with probability phi, failing to with f.
    The share is infinite where hunting together brings no more than the hare, ``b - c <= h``, and errors cost.

    Raises:
        InputError: when a number is out of range.

    Source: Rusch 2019, Games Econ Behav 114:118, for the stag hunt; phi = 0 is Newton 2017, Games Econ Behav 104:517.

    >>> round(recognition_threshold(benefit=4, cost=1, hare=1, false_positive=0.3, false_negative=0.1), 4)
    0.25
    """
    benefit, hare = check_number("benefit", benefit), check_number("hare", hare)
    cost = check_number("cost", cost, minimum=0.0)
    wrong = check_probability("false_positive", false_positive) * (cost + hare)
    right = (1.0 - check_probability("false_negative", false_negative)) * (benefit - cost - hare)
    if right <= 0.0:
        return float("inf") if wrong > 0.0 or right < 0.0 else 0.0
    return max(0.0, wrong / (wrong + right)) if wrong + right > 0.0 else 0.0


@dataclass(frozen=True, kw_only=True)
class Collaboration(PairwiseGame):
    """Collaborators, who recognise one another with errors, among individualists, in a stag hunt.

    ``SI`` against ``SI`` gets ``(1-f)(b-c) + f h``, against ``N`` ``-phi c + (1-phi) h``; ``N`` always gets h.

    Args:
        benefit: b, each hunter's part of the stag, at least 0.
        cost: c, what hunting costs, at least 0.
        hare: h.
        false_positive: phi.
        false_negative: f; two collaborators recognise each other, or neither does.

    Raises:
        InputError: when a number is out of range.

    Source: Rusch 2019, Games Econ Behav 114:118; Newton 2017, Games Econ Behav 104:517.

    >>> Collaboration(false_positive=0.0).matrix.tolist()
    [[3.0, 1.0], [1.0, 1.0]]
    """

    benefit: float = 4.0
    cost: float = 1.0
    hare: float = 1.0
    false_positive: float = 0.1
    false_negative: float = 0.0

    def __post_init__(self) -> None:
        keep(self, **{name: check_number(name, getattr(self, name), minimum=0.0) for name in ("benefit", "cost")})
        keep(self, hare=check_number("hare", self.hare))
        errors = ("false_positive", "false_negative")
        keep(self, **{name: check_probability(name, getattr(self, name)) for name in errors})

    @property
    def strategies(self) -> tuple[str, ...]:
        """``("SI", "N")``: shares intentions, or does not."""
        return ("SI", "N")

    def _matrix(self) -> FloatArray:
        wrong, missed = self.false_positive, self.false_negative
        together = (1 - missed) * (self.benefit - self.cost) + missed * self.hare
        return np.array([[together, -wrong * self.cost + (1 - wrong) * self.hare], [self.hare, self.hare]])

    def self_cooperation(self) -> FloatArray:
        """Return how often each hunts among its own kind."""
        return np.array([1.0 - self.false_negative, 0.0])


def moral_threshold(*, group_size: int, multiplier: float) -> float:
    """Return ``kappa* = (N-r)/((N-1) r)``, the morality from which a public goods game is contributed to.

    Homo moralis has ``u = (1-kappa) pi(x, y) + kappa pi(x, x)``. In the donation game it is ``c/b``.

    Source: Alger & Weibull 2013, Econometrica 81:2269; 2016, Games Econ Behav 98:56.

    >>> [round(moral_threshold(group_size=n, multiplier=r), 4) for n, r in ((2, 1.6), (5, 3), (5, 2), (10, 3))]
    [0.25, 0.1667, 0.375, 0.2593]
    """
    size = check_integer("group_size", group_size, minimum=2)
    multiplier = check_number("multiplier", multiplier, minimum=0.0, exclusive=True)
    return max(0.0, (size - multiplier) / ((size - 1) * multiplier))


@dataclass(frozen=True, kw_only=True)
class Reasoners(PairwiseGame):
    """Four ways of reasoning about one 2×2 game, each of which makes up its mind once.

    With base payoffs A (act 0: stag, donate, Hi), belief p that the other takes act 0, and gains of act 0 over 1::

        Selfish        p A00 + (1-p) A01 > p A10 + (1-p) A11
        TeamReasoner   act 0 iff the group's expected payoff of "both members who team-reason do 0" is highest, each
                       team-reasoning with probability omega and otherwise doing act 1 (what the individual does)
        HomoMoralis    (1-kappa)[p A00 + (1-p) A01] + kappa A00 > (1-kappa)[p A10 + (1-p) A11] + kappa A11
        Altruist       as Selfish on the sum of both payoffs

    Ties go to act 1. In Hi-Lo a TeamReasoner always plays Hi, a Selfish one only at a belief above lo/(hi+lo);
    in the donation game Selfish never donates; so three games tell the four apart.

    Args:
        base: ``"stag_hunt"`` (b, c, h), ``"donation"`` (b, c) or ``"hi_lo"`` (b for Hi, h for Lo).
        benefit: b.
        cost: c.
        hare: h.
        team: omega, in [0, 1].
        morality: kappa, in [0, 1].
        belief: p, in [0, 1].

    Raises:
        InputError: when a number is out of range or the base game is unknown.

    Sources: Bacharach 2006, Beyond Individual Choice, Princeton; Sugden 1993, Soc Philos Policy 10:69; Alger & Weibull
    2013, Econometrica 81:2269. The belief, and what the default is, are our reading.

    >>> Reasoners(base="donation", morality=0.6).acts
    (1, 0, 0, 0)
    """

    base: str = "stag_hunt"
    benefit: float = 4.0
    cost: float = 1.0
    hare: float = 1.0
    team: float = 0.75
    morality: float = 0.5
    belief: float = 0.4

    def __post_init__(self) -> None:
        if self.base not in GAMES:
            raise InputError(f"base cannot be {self.base!r}{hint(str(self.base), GAMES)}")
        for name in ("benefit", "cost", "hare"):
            keep(self, **{name: check_number(name, getattr(self, name), minimum=0.0)})
        for name in ("team", "morality", "belief"):
            keep(self, **{name: check_probability(name, getattr(self, name))})

    @property
    def strategies(self) -> tuple[str, ...]:
        """``("Selfish", "TeamReasoner", "HomoMoralis", "Altruist")``."""
        return ("Selfish", "TeamReasoner", "HomoMoralis", "Altruist")

    @property
    def base_matrix(self) -> FloatArray:
        """The payoffs of the base game."""
        b, c, h = self.benefit, self.cost, self.hare
        tables = {
            "stag_hunt": [[b - c, -c], [h, h]],
            "donation": [[b - c, -c], [b, 0.0]],
            "hi_lo": [[b, 0.0], [0.0, h]],
        }
        return np.array(tables[self.base])

    @property
    def acts(self) -> tuple[int, ...]:
        """What each way of reasoning does: 0 for stag, donating or Hi, else 1."""
        a, p, w, k = self.base_matrix, self.belief, self.team, self.morality
        both = a + a.T
        own, sums = a @ [p, 1 - p], both @ [p, 1 - p]
        moral = (1 - k) * own + k * np.diag(a)
        joint = w * w * both[0, 0] + 2 * w * (1 - w) * both[0, 1] + (1 - w) ** 2 * both[1, 1]
        team = both[0, 0] > both[1, 1] if self.base == "hi_lo" else joint > both[1, 1]
        return tuple(int(not better) for better in (own[0] > own[1], team, moral[0] > moral[1], sums[0] > sums[1]))

    def _matrix(self) -> FloatArray:
        acts = np.array(self.acts)
        return np.asarray(self.base_matrix[np.ix_(acts, acts)])

    def self_cooperation(self) -> FloatArray:
        """Return 1 for those who take act 0."""
        return 1.0 - np.array(self.acts, dtype=np.float64)
