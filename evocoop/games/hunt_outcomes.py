"""Every way in which a coordinated hunt may go, with its probability: the exact side of the game.

All cases stand in one flat frame, a row each. A stage at which individuals decide by chance splits every row into one
for each number that decides so.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from evocoop.games.group_game import binomial_weights
from evocoop.games.hunt_rules import attunement, coverage, fellowship, tails
from evocoop.games.payoffs import FloatArray, IntArray

if TYPE_CHECKING:
    from evocoop.games.coordinated_hunt import CoordinatedHunt


class Deal(NamedTuple):
    """What was agreed, for each group: whether a deal stands, and how many it caught cheating on it."""

    stands: FloatArray
    cheats: IntArray


@dataclass(frozen=True, eq=False)
class Frame:
    """Cases: the group each belongs to, its probability, and how many of each mind set out, checked and stayed."""

    group: IntArray
    weight: FloatArray
    gone: IntArray
    checked: IntArray
    stayed: IntArray

    def split(self, field: str, mind: int, trials: IntArray, chance: FloatArray) -> Frame:
        """Return the frame in which each of ``trials`` individuals does so with that chance."""
        if not (trials > 0).any():
            return self
        open_ = (chance > 0.0) & (chance < 1.0) & (trials > 0)
        if not open_.any():
            moved = getattr(self, field).copy()
            moved[:, mind] += np.where(chance >= 1.0, trials, 0)
            return replace(self, **{field: moved})
        cases = np.where(open_, trials + 1, 1)
        row = np.repeat(np.arange(len(cases)), cases)
        number = np.arange(len(row)) - np.repeat(cases.cumsum() - cases, cases)
        many, p, split = trials[row], chance[row], open_[row]
        number = np.where(split, number, np.where(p >= 1.0, many, 0))
        weight = self.weight[row] * np.where(split, _binomial(many, number, p), 1.0)
        moved = {name: getattr(self, name)[row] for name in ("gone", "checked", "stayed")}
        moved[field] = moved[field].copy()
        moved[field][:, mind] += number
        return Frame(self.group[row], weight, **moved)


def _binomial(trials: IntArray, hits: IntArray, chance: FloatArray) -> FloatArray:
    most = int(trials.max(initial=0))
    choose = np.array([[math.comb(n, m) for m in range(most + 1)] for n in range(most + 1)], dtype=np.float64)
    return np.asarray(choose[trials, hits] * chance**hits * (1.0 - chance) ** (trials - hits))


def _joined(frames: list[Frame]) -> Frame:
    """Return the cases of several frames in one."""
    names = ("group", "weight", "gone", "checked", "stayed")
    return Frame(*(np.concatenate([getattr(frame, name) for frame in frames]) for name in names))


class Outcomes:
    """The outcomes of one game; made once, asked about many groups.

    Args:
        game: the game.
    """

    def __init__(self, game: CoordinatedHunt) -> None:
        self.game, self.has = game, game.switches
        n, m = game.group_size, game.threshold
        self.heard = tails(n, 1.0 - game.noise)
        clear = 1.0 - game.acuity
        sharp = fellowship(n, m, game.false_positive * clear, game.false_negative * clear)
        dull = fellowship(n, m, game.false_positive, game.false_negative)
        self.fellows = np.where(self.has["recognise"][:, None] > 0, sharp, dull)
        self.worth_trying = self._worth_trying()
        self.bold = self.has["myopic"] * float(self.worth_trying)
        self.covered, self.success = self._tables()

    def _tables(self) -> tuple[FloatArray, FloatArray]:
        """Return coverage by hunters, generalist planners and other planners, and success by hunters and attuned."""
        game, size = self.game, self.game.group_size + 1
        covered, success = np.zeros((size, size, size)), np.zeros((size, size))
        lost = 1.0 - (1.0 - game.noise) * game.practice
        for k in range(size):
            for a in range(k + 1):
                together = attunement(game.coupling * a / k) if a > 1 else 0.0
                success[k, a] = game.success + (1.0 - game.success) * together
                for b in range(k + 1 - a):
                    covered[k, a, b] = coverage(k, a, b, game.roles, game.noise, lost)
        return covered, success

    def _worth_trying(self) -> bool:
        """Return whether hunting pays when each of the others is believed to hunt with the prior probability."""
        game = self.game
        k = np.arange(1, game.group_size + 1)
        kill = (
            np.array([coverage(int(i), 0, 0, game.roles, 1.0, 1.0) for i in k]) * game.success * (k >= game.threshold)
        )
        cost = game.cost * np.maximum(k, game.threshold) ** -game.cost_sharing + game.injury * k**-game.dilution
        others = binomial_weights(game.group_size - 1, game.belief)
        value = others @ (kill * game.prey(k) * ((1 - game.leakage) / k + game.leakage / game.group_size) - cost)
        return bool(value >= game.hare)

    def frame(self, counts: IntArray, big: bool) -> tuple[Frame, Deal]:
        """Return all cases of groups of the given compositions, with big game about or not, and their deals."""
        deal = self._deal(counts, big)
        frame = _joined([self._set_out(counts, deal, big, hearing) for hearing in self._hearings()])
        for mind in self._with("follow"):
            left = counts[frame.group, mind] - frame.gone[:, mind]
            frame = frame.split("gone", mind, left, self.game.visibility * big * (frame.gone.sum(axis=1) > 0))
        frame = self._check(frame, counts, big)
        for mind in self._with("join"):
            left = counts[frame.group, mind] - frame.gone[:, mind]
            sure = frame.gone.sum(axis=1) >= self.game.threshold
            frame = frame.split("gone", mind, left, self.game.visibility * big * sure)
        keeps = (1.0 - self.game.desertion) ** self.game.stages
        for mind in range(counts.shape[1]):
            bound = deal.stands[frame.group] * (self.has["accept"][mind] > self.has["fake"][mind])
            chance = np.where(bound > 0, 1.0, keeps) * np.ones(len(frame.group))
            frame = frame.split("stayed", mind, frame.gone[:, mind], chance)
        return frame, deal

    def _with(self, switch: str) -> list[int]:
        """Return the minds that have a switch on."""
        return [mind for mind, on in enumerate(self.has[switch].tolist()) if on]

    def _hearings(self) -> tuple[tuple[bool, float], ...]:
        """Return whether those who attend jointly hear the call, with the probability of each case."""
        noise = self.game.noise
        if not self.has["attend"].any() or not noise:
            return ((True, 1.0),)
        return tuple((heard, p) for heard, p in ((True, 1.0 - noise), (False, noise)) if p > 0)

    def _deal(self, counts: IntArray, big: bool) -> Deal:
        has = self.has
        choosy = counts @ (has["commit"] * has["choose"]) > 0
        cheats = np.where(choosy, 0, counts @ has["fake"])
        members = counts @ (has["accept"] - has["fake"]) + cheats
        stands = (counts @ has["commit"] > 0) & (members >= self.game.members_needed) & big
        return Deal(stands.astype(np.float64), np.where(stands, cheats, 0))

    def signallers(self, big: bool) -> IntArray:
        """Return 1 for every mind that signals in this state of the world."""
        has = self.has
        if not big:
            return np.asarray(has["signal_none"])
        return np.asarray(np.maximum.reduce([has["signal_big"], has["signal"], has["lie"]]))

    def _set_out(self, counts: IntArray, deal: Deal, big: bool, hearing: tuple[bool, float]) -> Frame:
        """Return the cases after everybody who acts on a disposition, a deal, a call or a we has set out or not."""
        has, game = self.has, self.game
        own = self.signallers(big)
        calls = np.maximum((counts @ own)[:, None] - own[None, :], 0)
        needed = np.clip(game.signals_needed - own, 0, game.group_size)
        quorate = self.heard[calls, needed[None, :]]
        public = (calls if hearing[0] else 0 * calls) >= needed
        quorate = np.where(has["attend"] > 0, public, quorate)
        coded = np.where(quorate, quorate * has["act_at"] + (1 - quorate) * has["act_below"], has["act_below"])
        stays = (1 - has["hunt"]) * (1 - game.keenness * has["keen"]) * (1 - self.bold) * np.ones(counts.shape)
        stays *= 1 - deal.stands[:, None] * (has["accept"] * (1 - has["fake"]))
        stays *= 1 - has["signal"] * quorate
        stays *= 1 - has["we"] * self.fellows[np.arange(counts.shape[1]), (counts @ has["we"])[:, None]]
        chance = np.where(has["code"] > 0, coded, (1.0 - stays) * big)
        none = np.zeros(counts.shape, dtype=np.int64)
        frame = Frame(np.arange(len(counts)), np.full(len(counts), hearing[1]), none, none, none)
        for mind in range(counts.shape[1]):
            frame = frame.split("gone", mind, counts[frame.group, mind], chance[frame.group, mind])
        return frame

    def _check(self, frame: Frame, counts: IntArray, big: bool) -> Frame:
        """Return the frame after those who verify what the others do have found out, and gone when they are enough."""
        if not big or not self.has["verify"].any():
            return frame
        left = (counts[frame.group] - frame.gone) * self.has["verify"]
        enough = frame.gone.sum(axis=1) + left.sum(axis=1) >= self.game.threshold
        return replace(frame, gone=frame.gone + left * enough[:, None], checked=left)

    def payoffs(self, counts: IntArray, big: bool) -> FloatArray:
        """Return the expected payoff of each mind in groups of the given compositions, array (m, n)."""
        frame, deal = self.frame(counts, big)
        here = counts[frame.group]
        inside, outside, deserted = self._shares(frame, here, big)
        total = frame.stayed * inside + (frame.gone - frame.stayed) * deserted + (here - frame.gone) * outside
        total -= self.game.verification_cost * frame.checked
        each = frame.weight[:, None] * total / np.maximum(here, 1)
        mean = np.zeros(counts.shape)
        np.add.at(mean, frame.group, each)
        return mean + self._settled(counts, deal, big)

    def _settled(self, counts: IntArray, deal: Deal, big: bool) -> FloatArray:
        """Return what deals and signals cost and pay, whatever becomes of the hunt."""
        has, game = self.has, self.game
        bill = game.compensation * deal.cheats - game.proposal_cost * deal.stands
        settled = has["commit"] * (bill / np.maximum(counts @ has["commit"], 1))[:, None]
        settled -= has["fake"] * (game.compensation * (deal.cheats > 0))[:, None]
        return np.asarray(settled - game.signal_cost * self.signallers(big))

    def kills(self, frame: Frame, big: bool) -> FloatArray:
        """Return the probability of a kill in every case."""
        has, k = self.has, frame.stayed.sum(axis=1)
        generalists = frame.stayed @ (has["plan"] * has["generalise"])
        covered = self.covered[k, generalists, frame.stayed @ has["plan"] - generalists]
        chance = covered * self.success[k, frame.stayed @ has["attune"]] * (k >= self.game.threshold)
        return np.asarray(chance * big)

    def _shares(self, frame: Frame, here: IntArray, big: bool) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return what each mind gets in every case as a hunter, as one who stayed away, and as one who deserted."""
        has, game, k = self.has, self.game, frame.stayed.sum(axis=1)
        prey = self.kills(frame, big) * game.prey(k)
        party = np.maximum(k, 1)
        lax = (1.0 - frame.stayed @ has["merit"] / party)[:, None]
        grip = np.exp(game.dominance * has["take"] * lax)
        begging = game.harassment * has["harass"] * lax
        waiting = has["scavenge"] if game.reach == "near" else np.ones_like(has["scavenge"])
        eaters = game.group_size if game.reach == "all" else k + here @ has["scavenge"]
        scrap = (game.leakage * prey / np.maximum(eaters, 1))[:, None] * lax
        plates = np.maximum((frame.stayed * grip + (here - frame.gone) * begging).sum(axis=1), 1e-300)
        plate = ((1.0 - game.leakage * lax[:, 0]) * prey / plates)[:, None]
        price = np.where(has["impact"] > 0, game.impact_cost, game.cost)
        cost = price * (np.maximum(k, game.threshold) ** -game.cost_sharing)[:, None]
        cost += (game.injury * party**-game.dilution)[:, None]
        inside = plate * grip + scrap - cost
        outside = plate * begging + scrap * waiting + game.hare * (1 - has["scavenge"]) * (1 - has["harass"])
        return inside, outside, game.hare - price * game.paid_before_leaving
