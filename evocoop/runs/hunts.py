"""What hunts leave in result tables: knocked-out capacities, evolving ones, and the course of a chase."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from evocoop.config.experiment import Values
from evocoop.dynamics.sampling import mean_and_interval
from evocoop.games.payoffs import FloatArray
from evocoop.hunt.asked import hunt_of

CHASERS = ("Planner", "Opportunist")
_MEASURES = ("cooperation", "success", "prevalence", "interaction")


def hunt_among(payoffs: Any) -> Any:
    """Return the coordinated hunt behind payoffs, of the strategies that are in the population."""
    return hunt_of(getattr(payoffs, "game", payoffs), payoffs.strategies)


def ablation_columns(found: Any) -> tuple[Values, FloatArray]:
    """Return the columns of what capacities carry, and the standard errors."""
    rows, errors = [], []
    for one in (*found.effects, *found.pairs):
        for name in _MEASURES:
            measure = getattr(one, name)
            if measure is not None:
                known = name != "interaction"
                rows.append(
                    {
                        "capacities": " + ".join(one.capacities),
                        "taken": len(one.capacities),
                        "measure": name,
                        "effect": measure.value,
                        "low": measure.low,
                        "high": measure.high,
                        "whole": found.baseline[name].value if known else None,
                        "relation": None if known else one.relation,
                        "break_even": _price(found.break_even, one.capacities),
                    }
                )
                errors.append(measure.standard_error)
    return {name: [row[name] for row in rows] for name in rows[0]}, np.array(errors)


def _price(prices: Values, capacities: Sequence[str]) -> float | None:
    """Return the price at which one capacity stops paying, 0 where it never pays; None where it is not known."""
    if len(capacities) != 1 or capacities[0] not in prices:
        return None
    price = prices[capacities[0]]
    return 0.0 if price is None else float(price)


def capacity_columns(found: Any, burn_in: int) -> tuple[Values, FloatArray]:
    """Return the columns of evolving capacities: the long run first, then the path; and the standard errors."""
    outcomes = np.stack([found.hunting_paths, found.success_paths], axis=2)
    traits = [*found.capacities, *found.dispositions, "cooperation", "success"]
    kinds = ["capacity"] * len(found.capacities) + ["disposition"] * len(found.dispositions) + ["outcome"] * 2
    paths = np.concatenate([found.capacity_paths, found.disposition_paths, outcomes], axis=2)
    every, records = int(found.generations[0]), len(found.generations)
    late = paths[:, min(burn_in // every, records - 1) :].mean(axis=1)
    means, errors, ends = mean_and_interval(np.concatenate([late[:, None], paths], axis=1).reshape(len(paths), -1))
    ends = np.clip(ends, 0.0, 1.0)
    columns = {
        "trait": traits * (records + 1),
        "kind": kinds * (records + 1),
        "generation": [moment for moment in (None, *found.generations.tolist()) for _ in traits],
        "share": means,
        "low": _known(ends[:, 0]),
        "high": _known(ends[:, 1]),
    }
    return columns, errors


def _known(values: FloatArray) -> list[float | None]:
    return [None if value != value else value for value in values.tolist()]


def chase_columns(strategy: str, hunt: Any) -> Values:
    """Return the columns of the course of one hunt on the plane."""
    steps, hunters, prey = hunt.steps + 1, hunt.ground.hunters, hunt.ground.prey
    places = np.concatenate([hunt.hunters, hunt.prey], axis=1).reshape(-1, 2)
    quarries = [[*some, *[None] * prey] for some in hunt.quarries.tolist()]
    return {
        "hunters": [strategy] * len(places),
        "step": np.repeat(np.arange(steps), hunters + prey),
        "animal": (["hunter"] * hunters + ["prey"] * prey) * steps,
        "number": [*range(hunters), *range(prey)] * steps,
        "x": places[:, 0],
        "y": places[:, 1],
        "size": [hunt.ground.size] * len(places),
        "quarry": [one for some in quarries for one in some],
        "taken": [hunt.taken] * len(places),
        "standard_error": [0.0] * len(places),
        "exact": [True] * len(places),
    }
