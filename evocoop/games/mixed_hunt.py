"""One hunt for all kinds of mind: human-like agreement and signals against chimpanzee-like ways of hunting together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from evocoop.core.errors import InputError, check_integer, check_number, check_probability, hint
from evocoop.games.group_game import check_threshold, keep
from evocoop.games.payoffs import FloatArray, Game, IntArray

PREY = ("herd", "carcass")
REACH = ("near", "all")


class _Kinds(NamedTuple):
    hunter: IntArray
    hare: IntArray
    leader_follower: IntArray
    scavenger: IntArray
    joiner: IntArray
    proposer: IntArray
    accepter: IntArray
    faker: IntArray
    signaller: IntArray
    liar: IntArray


@dataclass(frozen=True, kw_only=True)
class MixedHunt(Game):
    """A one-shot hunt of N in which ten kinds of mind meet. The rules are our hypothesis; its parts are published.

    In turn:

    1. **Signal.** Every Signaller and every Liar calls, at cost c_S; the call stands when at least Q call.
    2. **Commit.** When there is a Proposer, Proposers, Accepters, Signallers, Hunters and Fakers agree to hunt; the
       deal stands when they are at least F. Proposers then share its cost eps, and what every Faker pays, delta each.
    3. **Go.** Hunters always hunt; Proposers and Accepters under a deal; Signallers under a deal or call; Liars never.
    4. **Follow.** LeaderFollowers hunt when somebody went, or when one of them is keen (each with probability kappa).
    5. **Join.** Joiners hunt when at least M already do: they only go for a sure kill.
    6. **Share.** With k hunters there is prey worth V(k) when k >= M, else none; a share xi of it leaks.

    ``Pi_hunter = (1-xi) V/k + xi V/e - c`` and ``Pi_other = xi V/e (if it eats) + h (unless it scavenges)``, with e
    those who eat: the hunters and the Scavengers who waited near by (``reach = "near"``), or the whole group
    (``reach = "all"``). Scavengers wait instead of taking a hare.

    Args:
        group_size: N, at least 2.
        threshold: M, hunters needed, 1 to N.
        benefit: b, prey per hunter: ``V = b k`` for a herd, ``V = b M`` for one carcass.
        cost: c, what hunting costs.
        hare: h, what staying out yields.
        leak: xi, the share of the spoils that the hunters cannot keep, in [0, 1].
        reach: who eats of what leaks, ``"near"`` or ``"all"``.
        prey: ``"herd"`` or ``"carcass"``.
        keenness: kappa, in [0, 1].
        proposal_cost: eps.
        compensation: delta.
        participation: F, 1 to N; left out, the threshold but at least 2.
        signal_cost: c_S.
        quorum: Q, 1 to N; left out, the threshold but at least 2.

    Raises:
        InputError: when a parameter is out of range.

    Sources: stag hunt Skyrms 2004; commitments Han, Pereira, Santos & Lenaerts 2013, Sci Rep 3:2695; quorum signals
    Pacheco et al. 2015, PLoS Comput Biol 11:e1004101; leader-follower Bullinger et al. 2011, Int J Primatol 32:1296;
    keen hunters who start and others who join Gilby et al. 2015, Phil Trans R Soc B 370:20150005; scavengers Packer &
    Ruttan 1988, Am Nat 132:159.

    >>> hunt = MixedHunt(group_size=2, threshold=2, benefit=4, cost=1, hare=1)
    >>> hunt.payoff_table(["Hunter", "Hare"]).values.tolist()
    [[3.0, -1.0], [1.0, 1.0]]
    """

    group_size: int = 5
    threshold: int = 3
    benefit: float = 4.0
    cost: float = 1.0
    hare: float = 1.0
    leak: float = 0.3
    reach: str = "near"
    prey: str = "herd"
    keenness: float = 0.2
    proposal_cost: float = 0.25
    compensation: float = 2.0
    participation: int | None = None
    signal_cost: float = 0.1
    quorum: int | None = None

    def __post_init__(self) -> None:
        size = check_integer("group_size", self.group_size, minimum=2)
        keep(self, group_size=size, threshold=check_threshold(self.threshold, size))
        for name in ("participation", "quorum"):
            if getattr(self, name) is not None:
                keep(self, **{name: check_threshold(getattr(self, name), size, name)})
        for name in ("benefit", "cost", "proposal_cost", "compensation", "signal_cost"):
            keep(self, **{name: check_number(name, getattr(self, name), minimum=0.0)})
        keep(self, hare=check_number("hare", self.hare))
        for name in ("leak", "keenness"):
            keep(self, **{name: check_probability(name, getattr(self, name))})
        for name, allowed in (("reach", REACH), ("prey", PREY)):
            if getattr(self, name) not in allowed:
                given = getattr(self, name)
                raise InputError(f"{name} cannot be {given!r}{hint(str(given), allowed)}")

    @property
    def strategies(self) -> tuple[str, ...]:
        """The ten strategies: five chimpanzee-like, then those that agree or signal, and their cheats."""
        return (
            *("Hunter", "Hare", "LeaderFollower", "Scavenger", "Joiner"),
            *("Proposer", "Accepter", "Faker", "Signaller", "Liar"),
        )

    @property
    def minds(self) -> tuple[str, ...]:
        """For each strategy ``"chimp-like"`` (acts on what it sees) or ``"human-like"`` (agrees or signals first)."""
        return ("chimp-like",) * 5 + ("human-like",) * 5

    @property
    def members_needed(self) -> int:
        """F, members a deal needs."""
        return max(2, self.threshold) if self.participation is None else self.participation

    @property
    def signals_needed(self) -> int:
        """Q, the quorum of the signallers."""
        return max(2, self.threshold) if self.quorum is None else self.quorum

    def group_payoffs(self, counts: IntArray) -> FloatArray:
        """Return the payoff of each strategy in groups of the given compositions, array (m, 10)."""
        kinds = _Kinds(*counts.T)
        deal = self._deal(kinds)
        going = self._going(kinds, deal)
        settled = self._settle(kinds, deal)
        someone = kinds.hunter + going @ np.array([0, 0, 0, 0, 0, 1, 1, 0, 1, 0]) > 0
        keen = np.where(someone, 1.0, 1.0 - (1.0 - self.keenness) ** kinds.leader_follower)
        led, alone = going.copy(), going
        led[:, 2] = kinds.leader_follower
        chance = keen[:, None]
        settled += chance * self._share(counts, led) + (1.0 - chance) * self._share(counts, alone)
        return settled

    def _deal(self, kinds: _Kinds) -> np.ndarray:
        members = kinds.proposer + kinds.accepter + kinds.signaller + kinds.hunter + kinds.faker
        return np.asarray((kinds.proposer > 0) & (members >= self.members_needed))

    def _going(self, kinds: _Kinds, deal: np.ndarray) -> IntArray:
        """Return how many of each strategy set out before anybody follows or joins."""
        going = np.zeros((len(deal), 10), dtype=np.int64)
        going[:, 0] = kinds.hunter
        going[:, 5] = np.where(deal, kinds.proposer, 0)
        going[:, 6] = np.where(deal, kinds.accepter, 0)
        going[:, 8] = np.where(deal | (kinds.signaller + kinds.liar >= self.signals_needed), kinds.signaller, 0)
        return going

    def _settle(self, kinds: _Kinds, deal: np.ndarray) -> FloatArray:
        """Return what deals and signals cost and pay each strategy."""
        settled = np.zeros((len(deal), 10))
        each = (self.compensation * kinds.faker - self.proposal_cost) / np.maximum(kinds.proposer, 1)
        settled[:, 5] = np.where(deal, each, 0.0)
        settled[:, 7] = np.where(deal, -self.compensation, 0.0)
        settled[:, 8:] = -self.signal_cost
        return settled

    def _share(self, counts: IntArray, going: IntArray) -> FloatArray:
        """Return what hunting yields each strategy once all who set out, and then the joiners, have gone."""
        joining = going.sum(axis=1) >= self.threshold
        hunts = (going > 0).astype(np.float64)
        hunts[:, 4] = joining
        hunters = going.sum(axis=1) + np.where(joining, counts[:, 4], 0)
        size = hunters if self.prey == "herd" else self.threshold
        spoils = np.where(joining, self.benefit * size, 0.0)
        eaters = hunters + counts[:, 3] if self.reach == "near" else np.full(len(counts), self.group_size)
        scrap = self.leak * spoils / np.maximum(eaters, 1)
        own = (1.0 - self.leak) * spoils / np.maximum(hunters, 1) + scrap - self.cost
        payoffs = np.tile(scrap[:, None], (1, 10)) if self.reach == "all" else np.zeros(counts.shape)
        payoffs += self.hare
        payoffs[:, 3] = scrap
        return np.asarray(hunts * own[:, None] + (1.0 - hunts) * payoffs, dtype=np.float64)

    def self_cooperation(self) -> FloatArray:
        """Return how often each strategy hunts, and kills, among its own kind."""
        counts = np.eye(10, dtype=np.int64) * self.group_size
        kinds = _Kinds(*counts.T)
        going = self._going(kinds, self._deal(kinds)).sum(axis=1) > 0
        hunts: FloatArray = going.astype(np.float64)
        hunts[2] = 1.0 - (1.0 - self.keenness) ** self.group_size
        return hunts


def mixed_stag_hunt(
    *,
    benefit: float = 4.0,
    cost: float = 1.0,
    hare: float = 1.0,
    keenness: float = 0.2,
    proposal_cost: float = 0.25,
    compensation: float = 2.0,
    signal_cost: float = 0.1,
) -> MixedHunt:
    """Return the two-player stag hunt of all minds: ``R = b - c, S = -c, T = P = h``.

    >>> mixed_stag_hunt().payoff_table(["Proposer", "Hare"]).values.tolist()
    [[2.875, 1.0], [1.0, 1.0]]
    """
    return MixedHunt(
        group_size=2,
        threshold=2,
        benefit=benefit,
        cost=cost,
        hare=hare,
        keenness=keenness,
        proposal_cost=proposal_cost,
        compensation=compensation,
        signal_cost=signal_cost,
    )


def mixed_prisoners_dilemma(
    *,
    benefit: float = 2.0,
    cost: float = 1.0,
    keenness: float = 0.2,
    proposal_cost: float = 0.25,
    compensation: float = 2.0,
    signal_cost: float = 0.1,
) -> MixedHunt:
    """Return the two-player prisoner's dilemma of all minds: ``R = b - c, S = -c, T = b, P = 0``.

    Each hunter catches 2b at a cost of b + c, and everything is shared with whoever stayed at home. Hunting is
    cooperating; Hare and Scavenger both defect always.

    Raises:
        InputError: unless 0 < cost < benefit.

    >>> mixed_prisoners_dilemma().payoff_table(["Hunter", "Scavenger"]).values.tolist()
    [[1.0, -1.0], [2.0, 0.0]]
    """
    benefit = check_number("benefit", benefit, minimum=0.0, exclusive=True)
    cost = check_number("cost", cost, minimum=0.0, maximum=benefit, exclusive=True)
    return MixedHunt(
        group_size=2,
        threshold=1,
        benefit=2 * benefit,
        cost=benefit + cost,
        hare=0.0,
        leak=1.0,
        reach="all",
        keenness=keenness,
        proposal_cost=proposal_cost,
        compensation=compensation,
        signal_cost=signal_cost,
    )
