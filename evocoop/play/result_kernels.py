"""Compiled passes over the counts of a tournament."""

from __future__ import annotations

from typing import Any

from evocoop.core.jit import kernel


@kernel
def add_rows(places: Any, rows: Any, result: Any) -> None:
    """Add rows to the rows of a result at their places, in order."""
    for k in range(len(places)):
        for cell in range(rows.shape[1]):
            result[places[k], cell] += rows[k, cell]


@kernel
def see_joint(joint: Any, sides: Any, seen: Any) -> None:
    """Fill in joint plays as some sides saw them: first players are sides 0 … m - 1, second ones m … 2m - 1."""
    half = len(joint)
    for k in range(len(sides)):
        match, second = sides[k] % half, int(sides[k] >= half)
        for repetition in range(seen.shape[1]):
            counts = joint[match, repetition]
            seen[k, repetition, 0], seen[k, repetition, 3] = counts[0], counts[3]
            seen[k, repetition, 1], seen[k, repetition, 2] = counts[1 + second], counts[2 - second]


@kernel
def weigh_joint(joint: Any, sides: Any, weights: Any, sums: Any) -> None:
    """Fill in the sum of joint plays as some sides saw them, times the weights of first or second players (2, 4)."""
    half = len(joint)
    for k in range(len(sides)):
        match, second = sides[k] % half, int(sides[k] >= half)
        weight = weights[second]
        for repetition in range(sums.shape[1]):
            counts = joint[match, repetition]
            own = weight[0] * counts[0] + weight[1] * counts[1 + second]
            sums[k, repetition] = own + weight[2] * counts[2 - second] + weight[3] * counts[3]


@kernel
def count_states(joint: Any, pairs: Any, states: Any) -> None:
    """Add up joint plays by player and opponent, own play first, without matches against itself."""
    for match in range(len(pairs)):
        one, two = pairs[match]
        if one == two:
            continue
        for repetition in range(joint.shape[1]):
            for state in range(4):
                count = joint[match, repetition, state]
                states[one, two, state] += count
                states[two, one, (state >> 1) | (state & 1) << 1] += count


@kernel
def add_shares(states: Any, answers: Any, shares: Any, rates: Any, known: Any) -> None:
    """Add up over opponents, by player: shares of joint plays, rates of C after each, and how often there is any."""
    for player in range(len(states)):
        for other in range(len(states)):
            seen = states[player, other]
            turns = max(seen[0] + seen[1] + seen[2] + seen[3], 1)
            for state in range(4):
                shares[player, state] += seen[state] / turns
                cooperated, defected = answers[player, other, state]
                if cooperated:
                    rates[player, state] += cooperated / (cooperated + defected)
                    known[player, state] += 1


@kernel
def count_answers(moves: Any, pairs: Any, answers: Any) -> None:
    """Add up each player's own C and D after each joint play, by opponent, without matches against itself."""
    for match in range(len(pairs)):
        one, two = pairs[match]
        if one == two:
            continue
        for last in range(4):
            for now in range(4):
                count = moves[match, 4 * last + now]
                answers[one, two, last, now >> 1] += count
                answers[two, one, (last >> 1) | (last & 1) << 1, now & 1] += count
