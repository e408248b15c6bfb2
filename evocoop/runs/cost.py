"""How much work is a plan? A rough model, good enough to tell seconds from days before anything runs."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from evocoop.config import catalogue
from evocoop.config.experiment import Values
from evocoop.core.errors import InputError
from evocoop.runs.plan import Cell, Plan

MOST_LOOKED_AT = 200
SECONDS_A_HUNT = 2e-4
SECONDS_A_STEP = 1e-7
BYTES_A_ROW = 24
"""Parts and merged results together, compressed."""


@dataclass(frozen=True)
class Estimate:
    """What a plan would take.

    Args:
        cells: how many cells there are.
        seconds: time on one core, without compiling.
        bytes: disk space.
    """

    cells: int
    seconds: float
    bytes: float


def estimate(plan: Plan) -> Estimate:
    """Return a rough estimate of a plan's work from a sample of its cells."""
    cells = len(plan)
    step = max(1, cells // MOST_LOOKED_AT)
    looked_at = [cost_of(plan.cell(number)) for number in range(0, cells, step)]
    scale = cells / len(looked_at)
    return Estimate(cells, scale * sum(s for s, _ in looked_at), scale * BYTES_A_ROW * sum(r for _, r in looked_at))


def check_work(plan: Plan, limits: Mapping[str, float]) -> Estimate:
    """Return the estimate of a plan's work.

    Raises:
        InputError: when it is above the limit.
    """
    found = estimate(plan)
    if found.seconds > limits["work"]:
        raise InputError(
            f"this would take about {duration(found.seconds)} of one core, above the limit of "
            f"{duration(limits['work'])}; if you mean it, add --raise-limit work={math.ceil(found.seconds)}"
        )
    return found


def duration(seconds: float) -> str:
    """Return a length of time in words.

    >>> duration(7200)
    '2.0 hours'
    """
    for unit, size in (("years", 31_557_600.0), ("days", 86400.0), ("hours", 3600.0), ("minutes", 60.0)):
        if seconds >= 2 * size:
            return f"{seconds / size:.3g} {unit}" if unit == "years" else f"{seconds / size:.1f} {unit}"
    return f"{seconds:.2g} seconds"


def cost_of(cell: Cell) -> tuple[float, float]:
    """Return the estimated seconds and rows of one cell."""
    strategies = strategy_count(cell)
    group = int(cell.game.parameters.get("group_size", 2))
    seconds, rows = 3e-4, 0.0
    if cell.leads:
        rows += strategies * strategies
    if cell.play is not None and cell.leads:
        turns = cell.play.turns or (math.inf if cell.play.prob_end else 200)
        turns = min(turns, 1 / cell.play.prob_end) if cell.play.prob_end else turns
        seconds += strategies * (strategies + 1) / 2 * cell.play.repetitions * (3e-6 + 5e-8 * turns)
    table = float(math.comb(group + strategies - 2, group - 1)) if group > 2 else float(strategies)
    if "simulated" in catalogue.games().find(cell.game.name).tags:
        seconds += table * float(cell.game.parameters.get("hunts", 100)) * SECONDS_A_HUNT
    for one in cell.dynamics:
        more, lines = _model(one.name)(strategies, group, {"dynamic": one.name, **one.parameters})
        if "infinite population" in catalogue.dynamics().find(one.name).tags and group > 2:
            more *= 1.0 + table / 1000.0
        seconds, rows = seconds + more, rows + lines
    return seconds, rows


def strategy_count(cell: Cell) -> int:
    """Return how many strategies a cell has in its population."""
    if cell.population:
        return len(cell.population)
    try:
        return len(catalogue.games().find(cell.game.name).load()(**cell.game.parameters).strategies)
    except (ValueError, TypeError):
        return 2


def _size(given: Values) -> float:
    return float(given.get("population_size", 100))


def _starts(given: Values) -> float:
    starts: Any = given.get("starts", 1)
    return float(len(starts) if isinstance(starts, list) else starts or 1)


def _unknown(strategies: int, group: int, given: Values) -> tuple[float, float]:
    return 5e-3, strategies


def _small_mutation(strategies: int, group: int, given: Values) -> tuple[float, float]:
    pairs = strategies**2
    return 3e-4 + pairs * (2e-5 * group + 5e-8 * _size(given) * group) + 1e-9 * strategies**3, pairs


def _fixation(strategies: int, group: int, given: Values) -> tuple[float, float]:
    return strategies**2 * (2e-4 + 5e-8 * _size(given) * group), strategies**2


def _gradient(strategies: int, group: int, given: Values) -> tuple[float, float]:
    return 2e-4 + 5e-8 * _size(given) * group, _size(given)


def _stationary(strategies: int, group: int, given: Values) -> tuple[float, float]:
    states = math.comb(int(_size(given)) + strategies - 1, strategies - 1) if strategies < 8 else 1e9
    return 5e-4 + 1e-6 * states ** (1.0 if strategies == 2 else 1.5), states * strategies


def _sensitivity(strategies: int, group: int, given: Values) -> tuple[float, float]:
    """One solve more for each measure, and some payoff tables for each parameter of the game."""
    table = strategies * math.comb(group + strategies - 2, group - 1)
    if "mutation" in given:
        states, solve = (
            math.comb(int(_size(given)) + strategies - 1, strategies - 1),
            _stationary(strategies, group, given),
        )
        measures = states if given["dynamic"] == "stationary_sensitivity" else strategies
        return 2e-2 + 2.0 * solve[0] + 2e-7 * measures * states * strategies, float(measures * (table + 10))
    limit = _small_mutation(strategies, group, given)[0]
    return 2e-2 + 2.0 * limit + 1e-6 * strategies**3 * table, float(strategies * (table + 10))


def _fixation_sensitivity(strategies: int, group: int, given: Values) -> tuple[float, float]:
    pairs = strategies * (strategies - 1)
    return 2e-2 + pairs * (3e-3 + 2e-7 * _size(given) * group), float(pairs * (2 * group + 10))


def _hierarchical(strategies: int, group: int, given: Values) -> tuple[float, float]:
    """One elimination for every three strategies."""
    size, order = _size(given), given.get("order", 1)
    faces = math.comb(strategies, 3) * (6e-6 * size**2 + 1e-10 * size**4)
    edges = strategies**2 * (2e-4 + 5e-8 * size * group)
    return edges + (faces if order else 0.0), strategies**3


def _paths(strategies: int, group: int, given: Values) -> tuple[float, float]:
    lasts = 1e-3 + 1e-5 * float(given.get("time") or given.get("generations") or 100)
    return _starts(given) * lasts * _slowness(strategies, given), 200 * strategies * _starts(given)


def _slowness(strategies: int, given: Values) -> float:
    """Return how much longer a path takes than one of the replicator dynamic with few strategies; measured."""
    if given["dynamic"] == "best_experienced_payoff":
        return 1.0 + 1.5e-3 * strategies**4
    if given["dynamic"] == "best_response":  # where it winds to a mixed state it switches without end
        return 50.0
    slow = {"smith": 10.0, "bnn": 3.0, "projection": 3.0}
    return 1.0 + slow.get(given["dynamic"], 1.0) * strategies**2 / 1300.0


def _rest_points(strategies: int, group: int, given: Values) -> tuple[float, float]:
    return 2e-3 * 2.0 ** min(strategies, 12), strategies * 4


def _basins(strategies: int, group: int, given: Values) -> tuple[float, float]:
    paths = 1e-3 * float(given.get("starts") or 1000) * _slowness(strategies, given)
    return paths + _rest_points(strategies, group, given)[0], strategies


def _simulated(strategies: int, group: int, given: Values) -> tuple[float, float]:
    """Steps asked for, or those until a mutant is gone or has taken over, in each of the runs."""
    size = float(given.get("nodes") or 0) or float(given.get("groups") or 1) * float(given.get("group_size") or 1)
    size = max(size, float(given.get("population_size") or 1))
    runs = float(given.get("replicates") or 1)
    if "max_steps" in given:
        pairs = strategies * (strategies - 1)
        return 1e-3 + pairs * runs * min(float(given["max_steps"]), 20.0 * size) * SECONDS_A_STEP, 3 * pairs
    steps = float(given.get("steps") or 1e6) + float(given.get("burn_in") or 0)
    steps *= 1.0 + float(given.get("rewiring_speed") or 0)
    return 1e-3 + runs * steps * SECONDS_A_STEP, 200 * strategies


def _demographic(strategies: int, group: int, given: Values) -> tuple[float, float]:
    """Births and deaths at a capacity for payoffs of about 3, until the end or until something is decided."""
    events = 6.0 * float(given.get("birth", 1.0)) ** 2 * float(given.get("scale", 100.0))
    asked = {"demographic_fixation": strategies * (strategies - 1), "demographic_extinction": strategies}
    times = float(given.get("time") or 100.0) if "max_time" not in given else min(float(given["max_time"]), 1000.0)
    runs = float(given.get("replicates") or 1) * asked.get(given["dynamic"], 1)
    return 1e-3 + events * times * runs * 5e-8, 300.0 * strategies


def _ablation(strategies: int, group: int, given: Values) -> tuple[float, float]:
    """One long run for each capacity and pair taken away, and some twenty for each price."""
    able = len(given.get("capacities", ())) or 4
    variants = 1 + able + (able * (able - 1) // 2 if given.get("pairs", True) else 0)
    runs = variants + 16 * able * bool(given.get("prices", True))
    steps = float(given.get("steps", 0)) * float(given.get("replicates", 8)) if "mutation" in given else 0.0
    seconds = runs * (_small_mutation(strategies + 1, group, given)[0] + 4e-4 * group + steps * SECONDS_A_STEP)
    return seconds, 4.0 * variants


def _capacity_evolution(strategies: int, group: int, given: Values) -> tuple[float, float]:
    hunts = float(given.get("generations", 2000)) * float(given.get("rounds", 2)) * _size(given)
    return 1e-2 + float(given.get("replicates", 8)) * hunts * 3e-7, 10.0 * float(given.get("records", 100))


def _diffusion(strategies: int, group: int, given: Values) -> tuple[float, float]:
    steps = float(given.get("time", 100)) / float(given.get("step") or 0.02) * float(given.get("replicates") or 20)
    table = float(math.comb(group + strategies - 2, group - 1)) if group > 2 else float(strategies)
    return 1e-3 + steps * (8e-8 + 4e-9 * strategies * (strategies + table * group)), 101 * strategies


def _spatial(strategies: int, group: int, given: Values) -> tuple[float, float]:
    """Steps of the length that the default spacing allows, for a payoff difference of 1; rows that are kept."""
    shape: Any = given.get("shape") or [200.0]
    places = math.prod(float(side) for side in shape)
    steps = float(given.get("time", 100)) * (12.0 if len(shape) == 1 else 20.0)
    kept = min(places, 96.0) * 48 if len(shape) == 1 else min(places, 2304.0) * 3
    return 1e-3 + steps * places * 3e-8 * strategies, (101 + kept) * strategies


def _traits(strategies: int, group: int, given: Values) -> tuple[float, float]:
    """Individuals of a simulation, generation by generation; or entries of a grid."""
    if given["dynamic"] != "trait_simulation":
        return 2e-2, _starts(given) * 202 if "starts" in given else float(given["grid"]) ** 2
    runs, records = float(given["replicates"]), float(given["records"])
    seconds = _size(given) ** 2 * float(given["generations"]) * runs * 1.5e-8
    return 1e-3 + seconds, runs * records * float(given["bins"]) / 3


Model = Callable[[int, int, Values], tuple[float, float]]


def _learning(strategies: int, group: int, given: Values) -> tuple[float, float]:
    """Rounds of fictitious play or regret matching; a branch of quantal responses takes no rounds."""
    runs = 1 if given.get("start") else int(given.get("starts") or given.get("replicates") or 1)
    work = max(1.0, runs * int(given.get("rounds") or 0) * strategies * group)
    return 0.1 + SECONDS_A_STEP * work, 200.0 * strategies * (runs if "starts" in given else 1)


_MODELS: dict[str, Model] = {
    **dict.fromkeys(("fictitious_play", "regret_matching", "quantal_response"), _learning),
    "small_mutation_limit": _small_mutation,
    "fixation_probability": _fixation,
    "fixation_time": _fixation,
    "gradient_of_selection": _gradient,
    "stationary_distribution": _stationary,
    "sensitivity": _sensitivity,
    "stationary_sensitivity": _sensitivity,
    "fixation_sensitivity": _fixation_sensitivity,
    "diffusion": _diffusion,
    "diffusion_fixation": _fixation,
    "spatial_replicator": _spatial,
    "hierarchical_chain": _hierarchical,
    "rest_points": _rest_points,
    "basins": _basins,
    **dict.fromkeys(("demography", "demographic_extinction", "demographic_fixation"), _demographic),
    "ablation": _ablation,
    **dict.fromkeys(("adaptive_dynamics", "pairwise_invasibility", "trait_simulation"), _traits),
    "capacity_evolution": _capacity_evolution,
}


def _model(name: str) -> Model:
    """Return the model of one of the dynamics, by its name or else by what its tags say it is."""
    tags = catalogue.dynamics().find(name).tags
    rest = _simulated if "simulated" in tags else _paths if "infinite population" in tags else _unknown
    return _MODELS.get(name, rest)
