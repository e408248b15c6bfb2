"""The coordinated hunt: the one game behind all hunts, played by minds that are genotypes of capacities."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from evocoop.core.errors import InputError, check_integer, check_number, check_probability, hint
from evocoop.games import genotypes as minds_
from evocoop.games.group_game import check_threshold, keep
from evocoop.games.hunt_outcomes import Outcomes
from evocoop.games.hunt_rules import hunting_range, ranked_shares
from evocoop.games.payoffs import FloatArray, Game, IntArray

REACH = ("all", "near")
_CHANCES = (
    *("leakage", "success", "noise", "practice", "keenness", "visibility", "belief", "big_game", "harassment"),
    *("desertion", "discount", "false_positive", "false_negative", "acuity"),
)
_COSTS = (
    *("cost", "signal_cost", "proposal_cost", "compensation", "verification_cost", "upkeep", "impact_cost"),
    *("injury", "dilution", "cost_sharing", "dominance", "coupling"),
)


@dataclass(frozen=True)
class HuntRecord:
    """How hunting goes in groups of given compositions.

    Args:
        hunting: expected share of the group that hunts to the end.
        success: probability of a kill.
    """

    hunting: FloatArray
    success: FloatArray


@dataclass(frozen=True, kw_only=True)
class CoordinatedHunt(Game):
    """A group of N hunts big game that needs M hunters, K roles and L stages. The whole is our hypothesis.

    Each mind is a set of switches (:mod:`evocoop.games.genotypes`). With probability lambda big game is about:

    1. **Signal.** Minds with ``signal`` (and Liars) call, at cost c_S, and go when they know of Q callers. Each call is
       lost on each listener with probability nu; those who ``attend`` jointly all hear the callers, or none of them.
    2. **We.** A mind with ``we`` goes when it sees M of its kind, itself included; it misses fellows and mistakes
       others with the two error probabilities, which ``recognise`` multiplies by ``1 - acuity``.
    3. **Commit.** Minds with ``commit`` propose; they, Hunters, Accepters and Fakers accept; from F members on the deal
       stands. Members hunt to the end, proposers share its cost eps, a Faker stays away and pays them delta.
       With ``choose`` the proposers do not let Fakers in.
    4. **Go.** Hunters go; the keen (LeaderFollower, Taker) with probability kappa; the Myopic when it pays at the prior
       belief p. Who follows goes when it sees somebody gone (probability: visibility).
    5. **Verify.** Minds with ``verify`` that did not go find out, at a cost, and go when they and those gone are M.
       Joiners then go when they see M gone.
    6. **Pursue** L stages. Who sees fewer stages ahead (``horizon``) never starts, unless it has ``foresight``; nobody
       does when ``discount^L`` times the prey per hunter is below a hare. At every stage a hunter not bound by a deal
       deserts for a hare with the probability ``desertion``.
    7. **Kill.** k >= M hunters, all K roles filled, and luck: ``s = s0 + (1-s0) r``. Who has ``plan`` takes the role it
       is told; the message is lost with probability nu, and without ``generalise`` it can fill the role only with
       probability ``practice``. r is the attunement of those with ``attune``, :func:`attunement` of their share
       times the coupling.
    8. **Share** V(k), ``b k`` or one prey. A share xi leaks to all (``reach = "all"``) or to those near by (hunters and
       Scavengers). The rest is split by weight: hunters 1, Takers ``exp(kappa_d)``, begging Harassers w. ``merit``
       among a share m of the hunters multiplies leak, kappa_d and w by 1 - m.

    ``Pi_hunter = s cov [(1-xi) V/k + xi V/N] - c max(k, M)^-sigma - rho k^-tau`` and ``Pi_other = h + s cov xi V/N``.

    Args:
        group_size: N, at least 2.
        threshold: M, hunters needed, 1 to N.
        roles: K, roles to fill, 1 to N.
        stages: L, stages of the pursuit, at least 1.
        prey_value: V, what the one prey is worth; or
        prey_per_hunter: b, prey for each hunter, ``V = b k``; 4 when neither is given.
        hare: h, what staying out yields.
        cost: c, what hunting costs.
        leakage: xi, the share of the spoils that the hunters cannot keep.
        success: s0, the chance of a kill without attunement.
        reach: who eats of what leaks, ``"all"`` or ``"near"``.
        cost_sharing: sigma; 1 splits the work among the hunters.
        injury: rho, expected harm to a lone hunter.
        dilution: tau, how harm falls with their number.
        dominance: kappa_d, how steeply Takers take.
        harassment: w, what a Harasser gets for each portion of a hunter.
        big_game: lambda, the chance that there is big game; without it all but quorum codes live on hares.
        noise: nu, the chance that a message is lost.
        signal_cost: c_S.
        quorum: Q, 1 to N; left out, the threshold but at least 2.
        proposal_cost: eps.
        compensation: delta.
        participation: F, 1 to N; left out, the threshold but at least 2.
        keenness: kappa.
        visibility: the chance to see what others did.
        belief: p, the share of the others that the Myopic believe to hunt.
        impact_cost: c_i, what hunting costs an ImpactHunter.
        false_positive: the chance that ``we`` takes another for a fellow.
        false_negative: the chance that ``we`` misses a fellow.
        acuity: by how much ``recognise`` lowers both errors, in [0, 1].
        practice: the chance that who does not generalise can fill the role it is told.
        horizon: stages that are seen ahead without ``foresight``, at least 1; left out, all.
        discount: gamma, what a stage of waiting leaves of the prey's worth.
        desertion: the chance to leave at a stage.
        coupling: K of the attunement, in units of the spread of the hunters' rhythms.
        verification_cost: what finding out costs.
        upkeep: what every capacity costs its bearer, whatever happens.
        capacities: what a ``"HumanLike"`` mind has; ``("none",)`` for none.
        disposition: what a ``"HumanLike"`` mind does without them.
        minds: who there is; see :mod:`evocoop.games.genotypes`.

    Raises:
        InputError: when the ecology is impossible, with the reason.

    Sources: Pacheco, Santos, Souza & Skyrms 2009, Proc R Soc B 276:315 (threshold); Pacheco et al. 2015, PLoS Comput
    Biol 11:e1004101 (signals); Newton 2017, Games Econ Behav 104:517, and Rusch 2019, Games Econ Behav 114:118 (we and
    its errors); Han, Pereira, Santos & Lenaerts 2013, Sci Rep 3:2695 (deals); Boesch 2002, Human Nature 13:27 (roles);
    Packer & Ruttan 1988, Am Nat 132:159, and Gilby et al. 2015, Phil Trans R Soc B 370:20150005 (chimp-like minds).
    How they meet in one hunt is ours.

    >>> hunt = CoordinatedHunt(group_size=2, threshold=2, prey_per_hunter=4, minds=("Hunter", "Hare"))
    >>> hunt.payoff_table().values.tolist()
    [[3.0, -1.0], [1.0, 1.0]]
    """

    group_size: int = 5
    threshold: int = 3
    roles: int = 1
    stages: int = 1
    prey_value: float | None = None
    prey_per_hunter: float | None = None
    hare: float = 1.0
    cost: float = 1.0
    leakage: float = 0.0
    success: float = 1.0
    reach: str = "all"
    cost_sharing: float = 0.0
    injury: float = 0.0
    dilution: float = 0.0
    dominance: float = 0.0
    harassment: float = 0.5
    big_game: float = 1.0
    noise: float = 0.0
    signal_cost: float = 0.1
    quorum: int | None = None
    proposal_cost: float = 0.25
    compensation: float = 2.0
    participation: int | None = None
    keenness: float = 0.2
    visibility: float = 1.0
    belief: float = 0.5
    impact_cost: float = 0.0
    false_positive: float = 0.0
    false_negative: float = 0.0
    acuity: float = 1.0
    practice: float = 1.0
    horizon: int | None = None
    discount: float = 1.0
    desertion: float = 0.0
    coupling: float = 4.0
    verification_cost: float = 0.1
    upkeep: float = 0.0
    capacities: tuple[str, ...] = ("signal", "commit")
    disposition: str = "Hare"
    minds: tuple[str, ...] = ("HumanLike", "Hunter", "Hare", "LeaderFollower", "Joiner", "Scavenger", "Faker")

    def __post_init__(self) -> None:
        size = check_integer("group_size", self.group_size, minimum=2)
        keep(self, group_size=size, threshold=check_threshold(self.threshold, size))
        for name in ("participation", "quorum"):
            if getattr(self, name) is not None:
                keep(self, **{name: check_threshold(getattr(self, name), size, name)})
        if check_integer("roles", self.roles, minimum=1) > size:
            raise InputError(f"roles {self.roles} are more than the group size {size}: they could never all be filled")
        check_integer("stages", self.stages, minimum=1)
        if self.horizon is not None:
            check_integer("horizon", self.horizon, minimum=1)
        keep(self, **{name: check_probability(name, getattr(self, name)) for name in _CHANCES})
        keep(self, **{name: check_number(name, getattr(self, name), minimum=0.0) for name in _COSTS})
        keep(self, hare=check_number("hare", self.hare))
        self._check_prey()
        if self.reach not in REACH:
            raise InputError(f"reach cannot be {self.reach!r}{hint(str(self.reach), REACH)}")
        minds_.check_disposition(self.disposition)
        keep(self, capacities=minds_.check_capacities(self.capacities) or ("none",), minds=check_names(self.minds))
        _ = self.genotypes

    def _check_prey(self) -> None:
        if self.prey_value is not None and self.prey_per_hunter is not None:
            raise InputError("give prey_value (one prey) or prey_per_hunter (a herd), not both")
        for name in ("prey_value", "prey_per_hunter"):
            if getattr(self, name) is not None:
                keep(self, **{name: check_number(name, getattr(self, name), minimum=0.0)})

    @cached_property
    def genotypes(self) -> tuple[minds_.Genotype, ...]:
        """The minds as sets of switches."""
        return minds_.read_genotypes(self.minds, minds_.check_capacities(self.capacities), self.disposition)

    @property
    def strategies(self) -> tuple[str, ...]:
        """The names of the minds."""
        return tuple(genotype.name for genotype in self.genotypes)

    @property
    def members_needed(self) -> int:
        """F, members a deal needs."""
        return max(2, self.threshold) if self.participation is None else self.participation

    @property
    def signals_needed(self) -> int:
        """Q, the quorum of the signallers."""
        return max(2, self.threshold) if self.quorum is None else self.quorum

    def prey(self, hunters: ArrayLike) -> FloatArray:
        """Return V(k), what there is to share when k hunters make a kill."""
        k = np.asarray(hunters, dtype=np.float64)
        if self.prey_value is not None:
            return np.full(k.shape, self.prey_value)
        return k * (4.0 if self.prey_per_hunter is None else self.prey_per_hunter)

    @property
    def idles(self) -> bool:
        """Whether nobody ever starts, because waiting for the kill is worth less than a hare."""
        each = float(self.prey(self.group_size)) / self.group_size
        return not (self.discount == 1.0 or self.hare <= 0 or self._in_range(each))

    @property
    def idles_without_foresight(self) -> bool:
        """Whether minds that do not have ``foresight`` never start."""
        return self.horizon is not None and self.horizon < self.stages

    @cached_property
    def starts(self) -> IntArray:
        """1 for every mind that starts a pursuit of L stages at all."""
        far = not self.idles_without_foresight
        sees = [far or "foresight" in genotype.switches for genotype in self.genotypes]
        return np.array(sees, dtype=np.int64) * int(not self.idles)

    def _in_range(self, each: float) -> bool:
        return each > 0 and self.stages <= hunting_range(each, self.hare, self.discount)

    @cached_property
    def switches(self) -> Mapping[str, IntArray]:
        """For every switch, 1 for the minds that have it on; those that never start a pursuit have none of its acts."""
        table = minds_.switch_table(self.genotypes)
        code = minds_.SWITCHES.index("code")
        idle = (self.starts == 0) & (table[:, code] == 0)
        kept = [name in ("scavenge", "harass") for name in minds_.SWITCHES]
        table[np.ix_(idle, ~np.array(kept))] = 0
        return {name: np.ascontiguousarray(table[:, i]) for i, name in enumerate(minds_.SWITCHES)}

    @cached_property
    def upkeeps(self) -> FloatArray:
        """What each mind pays for its capacities, array (n,)."""
        return self.upkeep * np.array([len(genotype.capacities) for genotype in self.genotypes], dtype=np.float64)

    @cached_property
    def paid_before_leaving(self) -> float:
        """The expected share of the cost that a deserter has paid: the stages done before it left."""
        left = self.desertion * (1.0 - self.desertion) ** np.arange(self.stages)
        return float(left @ np.arange(self.stages) / self.stages / left.sum()) if self.desertion else 0.0

    @cached_property
    def _outcomes(self) -> Outcomes:
        return Outcomes(self)

    @property
    def bold(self) -> bool:
        """Whether the Myopic hunt: it pays when each of the others does with the prior probability."""
        return self._outcomes.worth_trying

    @property
    def success_by_party(self) -> FloatArray:
        """The chance of a kill once all roles are filled, array (N + 1, N + 1) by hunters and by attuned hunters."""
        return self._outcomes.success

    def group_payoffs(self, counts: IntArray) -> FloatArray:
        """Return the payoff of each mind in groups of the given compositions, array (m, n)."""
        counts = np.asarray(counts, dtype=np.int64)
        payoffs = self.big_game * self._outcomes.payoffs(counts, True) if self.big_game else 0.0
        if self.big_game < 1.0:
            payoffs = payoffs + (1.0 - self.big_game) * self._outcomes.payoffs(counts, False)
        return np.asarray(payoffs - self.upkeeps)

    def hunting(self, counts: IntArray) -> HuntRecord:
        """Return how hunting goes in groups of the given compositions, when there is big game.

        >>> import numpy as np
        >>> hunt = CoordinatedHunt(success=0.5, minds=("Hunter", "Hare"))
        >>> hunt.hunting(np.array([[5, 0], [2, 3]])).success.tolist()
        [0.5, 0.0]
        """
        counts = np.asarray(counts, dtype=np.int64)
        frame, _ = self._outcomes.frame(counts, True)
        share = frame.stayed.sum(axis=1) / self.group_size
        kills = self._outcomes.kills(frame, True)
        return HuntRecord(
            *(np.bincount(frame.group, frame.weight * value, len(counts)).astype(float) for value in (share, kills))
        )

    def own_hunting(self) -> HuntRecord:
        """Return how hunting goes for each mind among its own kind, arrays (n,)."""
        return self.hunting(np.eye(len(self.strategies), dtype=np.int64) * self.group_size)

    def self_cooperation(self) -> FloatArray:
        """Return the share of a group of each mind's own kind that hunts when there is big game."""
        return np.clip(self.own_hunting().hunting, 0.0, 1.0)

    def willing_ranks(self) -> int:
        """Return how many hunt when spoils go by rank: the largest party in which everybody's share still pays.

        Rank j of k hunts when ``s0 w_j(k) V(k) - c(k) >= h``; when that leaves fewer than M, nobody hunts.

        >>> [CoordinatedHunt(group_size=10, prey_per_hunter=8, dominance=d).willing_ranks() for d in (0, 0.5, 1, 2)]
        [10, 5, 3, 0]
        """
        for party in range(self.group_size, self.threshold - 1, -1):
            share = ranked_shares(party, self.dominance) * float(self.prey(party)) * self.success
            cost = self.cost * party**-self.cost_sharing + self.injury * party**-self.dilution
            if share[-1] - cost >= self.hare:
                return party
        return 0


def check_names(names: object) -> tuple[str, ...]:
    """Return a list of names as a tuple, or raise InputError."""
    if isinstance(names, str) or not isinstance(names, (list, tuple)):
        raise InputError(f"minds must be a list of names, not {names!r}")
    return tuple(names)
