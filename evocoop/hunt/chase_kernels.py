"""The inner loops of the chase: what prey and hunters see, believe and do at each step."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from evocoop.core.jit import kernel
from evocoop.core.streams import below, stream, uniform
from evocoop.hunt.ground import IMAGINED_WE, INDEPENDENT

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

WAYS = 16
TURN = 2.0 * np.pi


@kernel
def away(here: FloatArray, there: FloatArray, size: float) -> tuple[float, float, float]:
    """Return the shortest way from one place to another on the torus: dx, dy and its length."""
    dx = there[0] - here[0]
    dy = there[1] - here[1]
    dx -= size * np.round(dx / size)
    dy -= size * np.round(dy / size)
    return dx, dy, np.sqrt(dx * dx + dy * dy)


@kernel
def walk_towards(place: FloatArray, x: float, y: float, speed: float, size: float) -> tuple[float, float]:
    """Move a place by the way (x, y), at most ``speed`` far; return the step taken."""
    length = np.sqrt(x * x + y * y)
    share = 1.0 if length <= speed else speed / length
    place[0] = (place[0] + share * x) % size
    place[1] = (place[1] + share * y) % size
    return share * x, share * y


@kernel
def scatter(places: FloatArray, size: float, draws: NDArray[np.uint64]) -> None:
    """Put everybody at a random place."""
    for one in range(len(places)):
        places[one, 0] = size * uniform(draws)
        places[one, 1] = size * uniform(draws)


@kernel
def flee(
    prey: FloatArray, headings: FloatArray, hunters: FloatArray, speed: float, sight: float, size: float,
    draws: NDArray[np.uint64],
) -> None:  # fmt: skip
    """Move every prey: through the widest gap when it sees a hunter, at a third of its speed and idly when not."""
    for one in range(len(prey)):
        turn = uniform(draws)
        closest = size
        for h in range(len(hunters)):
            closest = min(closest, away(prey[one], hunters[h], size)[2])
        angle, pace = headings[one] + (turn - 0.5), speed / 3.0
        if closest <= sight:
            pace, widest = speed, -1.0
            for way in range(WAYS):
                here = TURN * (way + turn) / WAYS
                gap = size
                for h in range(len(hunters)):
                    dx, dy, _ = away(prey[one], hunters[h], size)
                    dx -= 2.0 * speed * np.cos(here)
                    dy -= 2.0 * speed * np.sin(here)
                    gap = min(gap, np.sqrt(dx * dx + dy * dy))
                if gap > widest:
                    angle, widest = here, gap
        headings[one] = angle
        walk_towards(prey[one], pace * np.cos(angle), pace * np.sin(angle), pace, size)


@kernel
def bearing_order(bearings: FloatArray, order: IntArray) -> None:
    """Sort the members of a team by their bearing, smallest first (insertion sort; teams are small)."""
    for k in range(len(order)):
        order[k] = k
    for k in range(1, len(order)):
        one, back = order[k], k
        while back > 0 and bearings[order[back - 1]] > bearings[one]:
            order[back] = order[back - 1]
            back -= 1
        order[back] = one


@kernel
def slots(
    team: IntArray, count: int, quarry: FloatArray, hunters: FloatArray, size: float, radius: float, ways: FloatArray
) -> float:  # fmt: skip
    """Give every member of a team its role, a place of its own on a ring around the quarry; return the longest way.

    Places are evenly spread; members keep their order around the quarry, and the ring turns so that together they
    have the shortest way. Everybody works this out alone from what all can see: no signal is needed once the quarry
    is agreed.
    """
    bearings = np.empty(count)
    for k in range(count):
        dx, dy, _ = away(quarry, hunters[team[k]], size)
        bearings[k] = np.arctan2(dy, dx) % TURN
    order = np.empty(count, dtype=np.int64)
    bearing_order(bearings, order)
    east, north = 0.0, 0.0
    for k in range(count):
        offset = bearings[order[k]] - TURN * k / count
        east += np.cos(offset)
        north += np.sin(offset)
    start = np.arctan2(north, east)
    longest = 0.0
    for k in range(count):
        angle = start + TURN * k / count
        dx, dy, _ = away(hunters[team[order[k]]], quarry, size)
        ways[team[order[k]], 0] = dx + radius * np.cos(angle)
        ways[team[order[k]], 1] = dy + radius * np.sin(angle)
        longest = max(longest, np.sqrt(ways[team[order[k]], 0] ** 2 + ways[team[order[k]], 1] ** 2))
    return longest


@kernel
def believe(
    beliefs: FloatArray, steps: FloatArray, hunters: FloatArray, prey: FloatArray, said: IntArray, size: float,
    rationality: float, noise: float, signals: bool, draws: NDArray[np.uint64],
) -> None:  # fmt: skip
    """Update every hunter's belief about which prey *we* hunt, from how the others move and what they say.

    ``P(g | seen) ~ P(g) prod_j exp(rationality cos(step_j, way to g)) L(said_j | g)``, where a signal names the
    sender's quarry and is heard as a random prey with probability ``noise``.
    """
    count = len(prey)
    if count == 1:
        return
    for me in range(len(hunters)):
        for other in range(len(hunters)):
            if other == me:
                continue
            heard = said[other]
            if signals and uniform(draws) < noise:
                heard = below(draws, count)
            length = np.sqrt(steps[other, 0] ** 2 + steps[other, 1] ** 2)
            for g in range(count):
                if length > 0.0:
                    dx, dy, far = away(hunters[other], prey[g], size)
                    if far > 0.0:
                        along = (steps[other, 0] * dx + steps[other, 1] * dy) / (length * far)
                        beliefs[me, g] += rationality * along
                if signals:
                    beliefs[me, g] += np.log(noise / count + (1.0 - noise) * (1.0 if heard == g else 0.0) + 1e-12)
        top = beliefs[me].max()
        beliefs[me] -= top
        for g in range(count):
            beliefs[me, g] = max(beliefs[me, g], -20.0)


@kernel
def choose(
    mind: int, me: int, beliefs: FloatArray, hunters: FloatArray, prey: FloatArray, size: float, before: int
) -> int:
    """Return the quarry of one hunter: what we most likely hunt, its own first choice, or whatever is nearest."""
    if mind == INDEPENDENT:
        return before
    best, most = 0, -1e300
    for g in range(len(prey)):
        value = beliefs[me, g] if mind == IMAGINED_WE else -away(hunters[me], prey[g], size)[2]
        if value > most:
            best, most = g, value
    return best


@kernel
def commonest(quarry: IntArray, preys: int) -> int:
    """Return how many hunters are after the commonest quarry."""
    most = 0
    for g in range(preys):
        most = max(most, np.sum(quarry == g))
    return most


@kernel
def killed(hunters: FloatArray, prey: FloatArray, threshold: int, reach: float, size: float, at_kill: IntArray) -> int:
    """Return the first prey with enough hunters within reach, or -1, and mark who is there."""
    for g in range(len(prey)):
        near = 0
        for me in range(len(hunters)):
            at_kill[me] = away(hunters[me], prey[g], size)[2] <= reach
            near += at_kill[me]
        if near >= threshold:
            return g
    at_kill[:] = 0
    return -1


@kernel
def plan(
    g: int, quarry: IntArray, planners: IntArray, hunters: FloatArray, prey: FloatArray, heading: float,
    lead: float, sight: float, size: float, closing: NDArray[np.bool_], ways: FloatArray,
) -> None:  # fmt: skip
    """Tell everybody who is after prey ``g`` where to go: planners to their places until all are there, then at it."""
    ahead, team = np.empty(2), np.empty(len(hunters), dtype=np.int64)
    ahead[0] = prey[g, 0] + lead * np.cos(heading)
    ahead[1] = prey[g, 1] + lead * np.sin(heading)
    members, nearest = 0, size
    for me in range(len(hunters)):
        if quarry[me] == g:
            ways[me, 0], ways[me, 1], _ = away(hunters[me], ahead, size)
            if planners[me]:
                team[members] = me
                members += 1
                nearest = min(nearest, away(hunters[me], prey[g], size)[2])
    if members < 2:
        return
    if closing[g]:
        closing[g] = nearest <= 1.5 * sight
    else:
        closing[g] = slots(team, members, prey[g], hunters, size, 1.1 * sight, ways) <= 0.3 * sight


@kernel
def chase(
    minds: IntArray, planners: IntArray, signals: bool, horizon: int, threshold: int, most_steps: int,
    numbers: FloatArray, preys: int, key: IntArray, path: FloatArray, quarries: IntArray, at_kill: IntArray,
) -> tuple[int, int, float]:  # fmt: skip
    """Run one chase; return the prey taken (or -1), the step, and the mean share of hunters on the commonest quarry.

    Args:
        minds: how each hunter chooses its quarry.
        planners: 1 for each hunter that takes a place around its quarry, 0 for one that runs at it.
        signals: whether hunters call the quarry they are after.
        horizon: steps by which a hunter looks ahead of its quarry.
        threshold: hunters needed within reach for a kill.
        most_steps: when to give up.
        numbers: size, hunter speed, prey speed, sight, reach, noise, rationality.
        preys: prey.
        key: seed, cell, replicate and role of the random stream.
        path: (steps + 1, hunters + preys, 2), filled with everybody's places; or empty.
        quarries: (steps + 1, hunters), filled with the quarry of every hunter; or empty.
        at_kill: filled with 1 for the hunters within reach of the kill, 0 for the others.
    """
    size, quick, swift, sight, reach, noise, rationality = numbers
    count = len(minds)
    draws = stream(key[0], key[1], key[2], key[3])
    hunters, prey = np.empty((count, 2)), np.empty((preys, 2))
    scatter(hunters, size, draws)
    scatter(prey, size, draws)
    headings, closing = np.empty(preys), np.zeros(preys, dtype=np.bool_)
    for g in range(preys):
        headings[g] = TURN * uniform(draws)
    quarry = np.empty(count, dtype=np.int64)
    beliefs, steps, ways = np.zeros((count, preys)), np.zeros((count, 2)), np.zeros((count, 2))
    for me in range(count):
        quarry[me] = below(draws, preys)
        beliefs[me, quarry[me]] = 1.0
    time, agreed = 0, 0.0
    while True:
        if len(path) > 0:
            path[time, :count] = hunters
            path[time, count:] = prey
            quarries[time] = quarry
        agreed += commonest(quarry, preys) / count
        taken = killed(hunters, prey, threshold, reach, size, at_kill)
        if taken >= 0 or time == most_steps:
            return taken, time, agreed / (time + 1)
        believe(beliefs, steps, hunters, prey, quarry, size, rationality, noise, signals, draws)
        for me in range(count):
            quarry[me] = choose(minds[me], me, beliefs, hunters, prey, size, quarry[me])
        for g in range(preys):
            plan(g, quarry, planners, hunters, prey, headings[g], horizon * swift, sight, size, closing, ways)
        for me in range(count):
            steps[me, 0], steps[me, 1] = walk_towards(hunters[me], ways[me, 0], ways[me, 1], quick, size)
        flee(prey, headings, hunters, swift, sight, size, draws)
        time += 1


@kernel
def chase_all(
    minds: IntArray, planners: IntArray, signals: bool, horizon: int, threshold: int, most_steps: int,
    numbers: FloatArray, preys: int, keys: IntArray, taken: IntArray, times: IntArray, agreement: FloatArray,
    at_kill: IntArray,
) -> None:  # fmt: skip
    """Run one chase for each row of ``keys``; see :func:`chase`."""
    nowhere, nothing = np.empty((0, 0, 2)), np.empty((0, 0), dtype=np.int64)
    for run in range(len(keys)):
        taken[run], times[run], agreement[run] = chase(
            minds, planners, signals, horizon, threshold, most_steps, numbers, preys, keys[run], nowhere, nothing,
            at_kill[run],
        )  # fmt: skip
