"""Strategies of the catalogue as individuals that can vary: parameters read off their plans."""

from __future__ import annotations

import numpy as np

from evocoop.play.variation import KINDS, Kind, Parameters
from evocoop.strategies.families.automata import machine
from evocoop.strategies.families.lookup import look_up
from evocoop.strategies.families.networks import FEATURES, hidden_markov, network
from evocoop.strategies.families.schedules import cycle_plays
from evocoop.strategies.plan import Plan, Setting


def genes_of(plan: Plan) -> tuple[Kind, Parameters] | None:
    """Return the kind of a plan and its parameters, or None when it is of no evolvable kind."""
    if plan.rule is machine:
        return KINDS["FSMPlayer"], _machine(plan)
    if plan.rule is look_up and plan.table[3] == max(plan.table[:3]) > 0:
        return KINDS["Gambler" if plan.stochastic else "LookerUp"], _table(plan)
    if plan.rule is cycle_plays:
        return KINDS["Cycler"], {"cycle": _letters(plan.table[1:])}
    if plan.rule is network:
        weights = list(plan.numbers_in(Setting()))[: plan.table[0] * (FEATURES + 2)]
        return KINDS["ANN"], {"num_features": FEATURES, "num_hidden": plan.table[0], "weights": weights}
    if plan.rule is hidden_markov:
        return KINDS["HMMPlayer"], _hidden(plan)
    return None


def _letters(plays: tuple[int, ...]) -> str:
    return "".join("CD"[play] for play in plays)


def _machine(plan: Plan) -> Parameters:
    start, first, *rest = plan.table
    rows = [(at // 4, "CD"[at // 2 % 2], rest[at], "CD"[rest[at + 1]]) for at in range(0, len(rest), 2)]
    return {"transitions": rows, "initial_state": start, "initial_action": "CD"[first]}


def _table(plan: Plan) -> Parameters:
    chances = plan.numbers_in(Setting())
    pattern = list(chances) if plan.stochastic else "".join("DC"[int(chance)] for chance in chances)
    return {
        "pattern": pattern,
        "parameters": tuple(plan.table[:3]),
        "initial_actions": tuple(_letters(plan.table[4:])),
    }


def _hidden(plan: Plan) -> Parameters:
    states, start, first = plan.table[:3]
    numbers = np.array(plan.numbers_in(Setting()))
    rows = np.diff(numbers[: 2 * states * states].reshape(states, 2, states), axis=2, prepend=0.0)
    return {
        "transitions_C": rows[:, 0].tolist(),
        "transitions_D": rows[:, 1].tolist(),
        "emission_probabilities": numbers[2 * states * states :].tolist(),
        "initial_state": start,
        "initial_action": "CD"[first],
    }
