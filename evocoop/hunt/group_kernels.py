"""The inner loops of the coordinated hunt: one group of individuals, stage by stage, by chance."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from evocoop.core.jit import kernel
from evocoop.core.streams import below, stream, uniform
from evocoop.games.genotypes import SWITCHES

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Draws = NDArray[np.uint64]

(
    CODE, SIGNAL_BIG, SIGNAL_NONE, ACT_BELOW, ACT_AT,
    HUNT, KEEN, IMPACT, FOLLOW, JOIN, SCAVENGE, TAKE, HARASS, MYOPIC, ACCEPT, FAKE, LIE,
    ATTEND, SIGNAL, WE, RECOGNISE, COMMIT, CHOOSE, PLAN, GENERALISE, FORESIGHT, VERIFY, ATTUNE, MERIT,
) = (1 << place for place in range(len(SWITCHES)))  # fmt: skip

AWAY, GONE, DESERTED = 0, 1, 2
MIND, WHERE, CALL, CHECK, LEFT, ROWS = 0, 1, 2, 3, 4, 5


class Ecology(NamedTuple):
    """What the loops know of a game: its parameters, and what follows from them alone."""

    threshold: int
    roles: int
    stages: int
    quorum: int
    members: int
    herd: bool
    prey: float
    hare: float
    cost: float
    leakage: float
    near: bool
    dominance: float
    harassment: float
    big_game: float
    noise: float
    signal_cost: float
    proposal_cost: float
    compensation: float
    keenness: float
    visibility: float
    bold: bool
    impact_cost: float
    false_positive: float
    false_negative: float
    acuity: float
    practice: float
    desertion: float
    verification_cost: float


@kernel
def happens(draws: Draws, chance: float) -> bool:
    """Return whether something of that chance happens; certainties draw nothing."""
    if chance <= 0.0:
        return False
    if chance >= 1.0:
        return True
    return uniform(draws) < chance


@kernel
def all_switches(group: IntArray) -> np.int64:
    """Return every switch that somebody has on."""
    found = np.int64(0)
    for me in range(group.shape[1]):
        found |= group[MIND, me]
    return found


@kernel
def quorate(group: IntArray, me: int, callers: int, public: bool, quorum: int, noise: float, draws: Draws) -> bool:
    """Return whether somebody knows of as many callers as the quorum, its own call included."""
    if group[MIND, me] & ATTEND or noise <= 0.0:
        return (callers if public or noise <= 0.0 else group[CALL, me]) >= quorum
    known = group[CALL, me]
    for other in range(group.shape[1]):
        if other != me and group[CALL, other] and happens(draws, 1.0 - noise):
            known += 1
    return bool(known >= quorum)


@kernel
def among_fellows(group: IntArray, me: int, wrong: float, missed: float, needed: int, draws: Draws) -> bool:
    """Return whether somebody with a sense of we sees as many fellows as the hunt needs, itself included."""
    seen = 1
    for other in range(group.shape[1]):
        if other != me and happens(draws, 1.0 - missed if group[MIND, other] & WE else wrong):
            seen += 1
    return seen >= needed


@kernel
def call(group: IntArray, voice: int, price: float, pay: FloatArray) -> int:
    """Let everybody with such a voice call, at that price; return how many did."""
    callers = 0
    for me in range(group.shape[1]):
        group[CALL, me] = 1 if group[MIND, me] & voice else 0
        callers += group[CALL, me]
        pay[me] -= price * group[CALL, me]
    return callers


@kernel
def set_out(group: IntArray, deal: bool, callers: int, public: bool, eco: Ecology, draws: Draws) -> int:
    """Let those set out who do so by themselves, by a deal, a call or a we, when there is big game; return how many."""
    bold, keenness, quorum, noise = MYOPIC if eco.bold else 0, eco.keenness, eco.quorum, eco.noise
    party = 0
    for me in range(group.shape[1]):
        mind = group[MIND, me]
        if mind & CODE:
            heard = quorate(group, me, callers, public, quorum, noise, draws)
            goes = mind & (ACT_AT if heard else ACT_BELOW) != 0
        elif mind & (HUNT | bold) or (deal and mind & ACCEPT and not mind & FAKE):
            goes = True
        else:
            goes = mind & KEEN != 0 and happens(draws, keenness)
            if not goes and mind & SIGNAL:
                goes = quorate(group, me, callers, public, quorum, noise, draws)
            if not goes and mind & WE:
                blur = 1.0 - eco.acuity if mind & RECOGNISE else 1.0
                wrong, missed = eco.false_positive * blur, eco.false_negative * blur
                goes = among_fellows(group, me, wrong, missed, eco.threshold, draws)
        group[WHERE, me] = GONE if goes else AWAY
        party += group[WHERE, me]
    return party


@kernel
def set_out_in_vain(group: IntArray, callers: int, public: bool, eco: Ecology, draws: Draws) -> int:
    """Let those whose code says so set out without big game; return how many."""
    party = 0
    for me in range(group.shape[1]):
        goes = False
        if group[MIND, me] & CODE:
            heard = quorate(group, me, callers, public, eco.quorum, eco.noise, draws)
            goes = group[MIND, me] & (ACT_AT if heard else ACT_BELOW) != 0
        group[WHERE, me] = GONE if goes else AWAY
        party += group[WHERE, me]
    return party


@kernel
def go_after(group: IntArray, switch: int, visibility: float, draws: Draws) -> int:
    """Let those with a switch on who see it go after those who are gone; return how many do."""
    more = 0
    for me in range(group.shape[1]):
        if group[WHERE, me] == AWAY and group[MIND, me] & switch and happens(draws, visibility):
            group[WHERE, me] = GONE
            more += 1
    return more


@kernel
def verify(group: IntArray, party: int, needed: int, price: float, pay: FloatArray) -> int:
    """Let verifiers find out at a price whether they and those gone are enough, and go then; return how many go."""
    waiting = 0
    for me in range(group.shape[1]):
        group[CHECK, me] = 1 if group[WHERE, me] == AWAY and group[MIND, me] & VERIFY else 0
        pay[me] -= price * group[CHECK, me]
        waiting += group[CHECK, me]
    if waiting == 0 or party + waiting < needed:
        return 0
    for me in range(group.shape[1]):
        group[WHERE, me] += group[CHECK, me]
    return waiting


@kernel
def pursue(group: IntArray, deal: bool, stages: int, chance: float, draws: Draws) -> int:
    """Let hunters not bound by a deal desert at each stage, noting when; return how many do."""
    deserters = 0
    for me in range(group.shape[1]):
        if group[WHERE, me] != GONE or (deal and group[MIND, me] & ACCEPT and not group[MIND, me] & FAKE):
            continue
        for stage in range(stages):
            if happens(draws, chance):
                group[WHERE, me], group[LEFT, me] = DESERTED, stage
                deserters += 1
                break
    return deserters


@kernel
def roles_filled(group: IntArray, roles: int, noise: float, practice: float, draws: Draws) -> bool:
    """Return whether every role is filled: planners are told theirs in turn, generalists first; others take any."""
    filled, told = np.int64(0), np.int64(0)
    for turn in range(3):
        chance = (1.0 - noise) * (1.0 if turn == 0 else practice)
        for me in range(group.shape[1]):
            kind = 2 if not group[MIND, me] & PLAN else (0 if group[MIND, me] & GENERALISE else 1)
            if group[WHERE, me] != GONE or kind != turn:
                continue
            role = np.int64(-1)
            if turn < 2:
                if happens(draws, chance):
                    role = told % roles
                told += 1
            if role < 0:
                role = np.int64(below(draws, roles))
            filled |= 1 << role
    return bool(filled == (1 << roles) - 1)


@kernel
def having(group: IntArray, switch: int) -> int:
    """Return how many hunters have a switch on."""
    found = 0
    for me in range(group.shape[1]):
        if group[WHERE, me] == GONE and group[MIND, me] & switch:
            found += 1
    return found


@kernel
def divide(
    group: IntArray,
    stayed: int,
    prey: float,
    lax: float,
    special: bool,
    eco: Ecology,
    tables: FloatArray,
    pay: FloatArray,
) -> None:
    """Add what hunting, staying away or deserting yields everybody.

    Args:
        group: the members' rows.
        stayed: hunters at the kill.
        prey: what there is to share.
        lax: share of the hunters that do not share by merit.
        special: whether some take, beg, scavenge, keep count or pay a price of their own.
        eco: the game.
        tables: see :func:`hunt`.
        pay: payoffs, added to.
    """
    size, plates, eaters = group.shape[1], float(stayed), stayed if eco.near else group.shape[1]
    grip, begging = 1.0, eco.harassment * lax
    if special:
        grip = np.exp(eco.dominance * lax)
        plates = 0.0
        for me in range(size):
            if group[WHERE, me] == GONE:
                plates += grip if group[MIND, me] & TAKE else 1.0
            elif group[WHERE, me] == AWAY and group[MIND, me] & HARASS:
                plates += begging
            if eco.near and group[MIND, me] & SCAVENGE:
                eaters += 1
    scrap = eco.leakage * lax * prey / max(eaters, 1)
    plate = (1.0 - eco.leakage * lax) * prey / max(plates, 1e-300)
    aside = 0.0 if eco.near else scrap
    effort, harm = tables[0, stayed], tables[1, stayed]
    for me in range(size):
        price = eco.impact_cost if group[MIND, me] & IMPACT else eco.cost
        if group[WHERE, me] == GONE:
            pay[me] += plate * (grip if group[MIND, me] & TAKE else 1.0) + scrap - price * effort - harm
        elif group[WHERE, me] == DESERTED:
            pay[me] += eco.hare - price * group[LEFT, me] / eco.stages
        elif group[MIND, me] & HARASS:
            pay[me] += plate * begging + aside
        elif group[MIND, me] & SCAVENGE:
            pay[me] += scrap
        else:
            pay[me] += eco.hare + aside


@kernel
def settle_deal(group: IntArray, needed: int, fee: float, fine: float, pay: FloatArray) -> bool:
    """Find out whether a deal stands, add what it costs and pays, and return whether it does."""
    proposers, cheats, choosy, members = 0, 0, False, 0
    for me in range(group.shape[1]):
        mind = group[MIND, me]
        if mind & COMMIT:
            proposers += 1
            choosy = choosy or mind & CHOOSE != 0
        if mind & FAKE:
            cheats += 1
        elif mind & ACCEPT:
            members += 1
    cheats = 0 if choosy else cheats
    if proposers == 0 or members + cheats < needed:
        return False
    for me in range(group.shape[1]):
        if group[MIND, me] & COMMIT:
            pay[me] += (fine * cheats - fee) / proposers
        if group[MIND, me] & FAKE and cheats > 0:
            pay[me] -= fine
    return True


@kernel
def hunt(
    group: IntArray, present: np.int64, eco: Ecology, tables: FloatArray, pay: FloatArray, draws: Draws
) -> tuple[int, bool]:
    """Let one group hunt once; fill ``pay`` and return how many hunted to the end, and whether they killed.

    Args:
        group: (rows, members): switches as the bits of an integer, whereabouts, calls, checks, stage of desertion.
        present: every switch that some member has on.
        eco: the game.
        tables: (N + 3, N + 1) by hunters: share of the cost, injury, chance of a kill for 0 … N attuned hunters.
        pay: filled with the members' payoffs.
        draws: the random stream.
    """
    pay[:] = 0.0
    big, callers = happens(draws, eco.big_game), 0
    voice = (SIGNAL_BIG | SIGNAL | LIE) if big else SIGNAL_NONE
    if present & (voice | CODE):
        callers = call(group, voice, eco.signal_cost, pay)
    public = present & ATTEND == 0 or happens(draws, 1.0 - eco.noise)
    deal = False
    if big:
        if present & COMMIT:
            deal = settle_deal(group, eco.members, eco.proposal_cost, eco.compensation, pay)
        party = set_out(group, deal, callers, public, eco, draws)
        if party > 0 and present & FOLLOW:
            party += go_after(group, FOLLOW, eco.visibility, draws)
        if present & VERIFY:
            party += verify(group, party, eco.threshold, eco.verification_cost, pay)
        if party >= eco.threshold and present & JOIN:
            party += go_after(group, JOIN, eco.visibility, draws)
    else:
        party = set_out_in_vain(group, callers, public, eco, draws)
    if eco.desertion > 0.0 and party > 0:
        party -= pursue(group, deal, eco.stages, eco.desertion, draws)
    kill = big and party >= eco.threshold
    if kill and eco.roles > 1:
        kill = roles_filled(group, eco.roles, eco.noise, eco.practice, draws)
    if kill:
        attuned = having(group, ATTUNE) if present & ATTUNE else 0
        kill = happens(draws, tables[2 + attuned, party])
    prey = 0.0
    if kill:
        prey = eco.prey * party if eco.herd else eco.prey
    lax = 1.0
    if present & MERIT and party > 0:
        lax -= having(group, MERIT) / party
    divide(group, party, prey, lax, present & (TAKE | HARASS | SCAVENGE) != 0, eco, tables, pay)
    return party, kill


@kernel
def hunts(
    minds: IntArray, kinds: IntArray, eco: Ecology, tables: FloatArray, keys: IntArray, many: IntArray,
    sums: FloatArray, squares: FloatArray, stayed: FloatArray, kills: FloatArray,
) -> None:  # fmt: skip
    """Let one group hunt many times, in batches with a stream each; fill sums of the mean payoff of each kind.

    Args:
        minds: switches of each member.
        kinds: number of each member's strategy.
        eco: the game.
        tables: see :func:`hunt`.
        keys: seed, cell, batch and role of each batch's stream.
        many: hunts in each batch.
        sums: (batches, n), filled with the sums over hunts.
        squares: (batches, n), filled with the sums of squares.
        stayed: (batches, 2), filled with the sums of hunters and of its squares.
        kills: (batches,), filled with the number of kills.
    """
    size, n = len(minds), sums.shape[1]
    group, pay, mean, part = np.zeros((ROWS, size), dtype=np.int64), np.zeros(size), np.zeros(n), np.zeros(n)
    group[MIND] = minds
    present = all_switches(group)
    for kind in kinds:
        part[kind] += 1.0
    for kind in range(n):
        part[kind] = 1.0 / max(part[kind], 1.0)
    for batch in range(len(keys)):
        draws = stream(keys[batch, 0], keys[batch, 1], keys[batch, 2], keys[batch, 3])
        for _ in range(many[batch]):
            party, kill = hunt(group, present, eco, tables, pay, draws)
            mean[:] = 0.0
            for me in range(size):
                mean[kinds[me]] += pay[me]
            for kind in range(n):
                value = mean[kind] * part[kind]
                sums[batch, kind] += value
                squares[batch, kind] += value * value
            stayed[batch, 0] += party
            stayed[batch, 1] += party * party
            kills[batch] += 1.0 if kill else 0.0
