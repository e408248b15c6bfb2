"""What each kind of result of the dynamics says, as columns of result tables: one small function per kind."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from evocoop.config.experiment import Values
from evocoop.core.errors import EvocoopError
from evocoop.dynamics.registry import DETERMINISTIC
from evocoop.games.payoffs import FloatArray
from evocoop.runs import continuum, growth, hunts, learning, sensitivities, traits, two_populations
from evocoop.runs.long_run import PATH_TIMES, long_run_shares, moments
from evocoop.runs.sensitivities import Slopes, no_slopes
from evocoop.runs.tables import TABLES

PATHS = (*DETERMINISTIC, "trajectory", "discrete_replicator", "fictitious_play")
"""Dynamics that give paths."""
MOST_LOG = 709.0


@dataclass(frozen=True)
class Answer:
    """Rows of one kind of table.

    Args:
        kind: the kind of table.
        columns: its own columns.
        standard_error: of the measured value, nan where it cannot be told, or None where the dynamics are exact.
    """

    kind: str
    columns: Mapping[str, Any]
    standard_error: FloatArray | None = None

    @property
    def value(self) -> str:
        """The column of the measured value."""
        return TABLES[self.kind].value


Answers = dict[str, Answer]


def answer(
    name: str, function: Callable[..., Any], payoffs: Any, parameters: Values, slopes: Slopes = no_slopes
) -> Answers:
    """Run one of the dynamics on payoffs and return its rows by kind of table.

    Args:
        name: of the dynamics.
        function: what runs them.
        payoffs: the payoffs.
        parameters: of the dynamics.
        slopes: how payoffs answer to the parameters of their game, for dynamics that ask.

    Raises:
        EvocoopError: when it gives a result of a kind that no table is made for.
    """
    if name in DERIVED:
        return DERIVED[name](function, payoffs, parameters, slopes)
    asked = ASKED.get(name)
    if asked is not None:
        return asked(function, payoffs, parameters)
    result = function(payoffs, **parameters)
    shape = SHAPES.get(type(result).__name__)
    if shape is None:
        raise EvocoopError(f"no table is made for what {name} gives ({type(result).__name__})")
    return shape(result, payoffs)


def _gathered(*answers: Answer) -> Answers:
    return {one.kind: one for one in answers}


def _prevalence(strategies: Sequence[str], shares: FloatArray, payoffs: Any, error: FloatArray | None = None) -> Answer:
    cooperation = getattr(payoffs, "self_cooperation", None)
    known = cooperation() if callable(cooperation) else cooperation
    return Answer(
        "prevalence",
        {
            "strategy": list(strategies),
            "share": shares,
            "self_cooperation": [None] * len(strategies) if known is None else np.asarray(known, dtype=float),
        },
        error,
    )


def small_mutation(result: Any, payoffs: Any) -> Answers:
    """Long-run shares, fixation probabilities between all pairs, and below which mutation the limit is sure to hold."""
    names, size = result.strategies, result.population_size
    pairs = list(itertools.permutations(range(len(names)), 2))
    logs = np.array([result.fixation[resident, mutant] for mutant, resident in pairs])
    fixation = _fixation([(names[mutant], names[resident]) for mutant, resident in pairs], logs, size)
    shares = _prevalence(names, result.prevalence, payoffs)
    bound = [result.mutation_bound] * len(names)
    return _gathered(
        replace(shares, columns={**shares.columns, "mutation_bound": bound}), _with_coexistence(fixation, result)
    )


def _with_coexistence(fixation: Answer, result: Any) -> Answer:
    """Return rows of fixation that also say which pairs can coexist."""
    together = {frozenset(pair) for pair in result.coexisting}
    pairs = zip(fixation.columns["mutant"], fixation.columns["resident"], strict=True)
    return replace(fixation, columns={**fixation.columns, "coexist": [frozenset(pair) in together for pair in pairs]})


def hierarchical(result: Any, payoffs: Any) -> Answers:
    """Mean shares, the time spent in each configuration, and fixation probabilities; exact up to three strategies."""
    names = result.strategies
    pairs = [(names[m], names[r]) for m, r in itertools.permutations(range(len(names)), 2)]
    columns = {
        "state": np.repeat(np.arange(len(result.configurations)), len(names)),
        "strategy": list(names) * len(result.configurations),
        "count": result.compositions.ravel(),
        "probability": np.repeat(result.prevalence, len(names)),
    }
    unknown = (None, None) if result.exact else (np.full(len(columns["count"]), np.nan), np.full(len(names), np.nan))
    found = [Answer("stationary", columns, unknown[0]), _prevalence(names, result.shares, payoffs, unknown[1])]
    if np.isfinite(result.plain).all():
        logs = [result.fixation[r, m] for m, r in itertools.permutations(range(len(names)), 2)]
        found.append(_with_coexistence(_fixation(pairs, np.array(logs), result.population_size), result))
    return _gathered(*found)


def _fixation(pairs: Sequence[tuple[str, str]], logs: FloatArray, size: int) -> Answer:
    return Answer(
        "fixation",
        {
            "mutant": [mutant for mutant, _ in pairs],
            "resident": [resident for _, resident in pairs],
            "log_probability": logs,
            "probability": np.exp(logs),
            "neutral": [1.0 / size] * len(pairs),
        },
    )


def fixation_probability(function: Callable[..., Any], payoffs: Any, parameters: Values) -> Answers:
    """Fixation probabilities of the pair asked for, or of all pairs."""
    from evocoop.dynamics import fixation_probabilities

    pairs, rest = _pairs(payoffs, parameters)
    if parameters.get("mutant") or parameters.get("resident"):
        logs = [function(payoffs, mutant=mutant, resident=resident, log=True, **rest) for mutant, resident in pairs]
        return _gathered(_fixation(pairs, np.array(logs), parameters["population_size"]))
    found = fixation_probabilities(payoffs, log=True, **rest)
    place = {name: k for k, name in enumerate(payoffs.strategies)}
    at = np.array([(place[resident], place[mutant]) for mutant, resident in pairs])
    return _gathered(_fixation(pairs, found[at[:, 0], at[:, 1]], parameters["population_size"]))


def fixation_times(function: Callable[..., Any], payoffs: Any, parameters: Values) -> Answers:
    """Mean times until the pair asked for, or any pair, is decided."""
    pairs, rest = _pairs(payoffs, parameters)
    found = [function(payoffs, mutant=mutant, resident=resident, **rest) for mutant, resident in pairs]
    logs = [(one.log_unconditional, one.log_conditional, one.log_extinction) for one in found]
    return _gathered(_times(pairs, ("either", "fixation", "loss"), np.array(logs), np.ones(len(pairs))))


def sampled_fixation(function: Callable[..., Any], payoffs: Any, parameters: Values) -> Answers:
    """Fixation probabilities and times estimated from runs, of the pair asked for, or of all pairs."""
    pairs, rest = _pairs(payoffs, parameters)
    found = [function(payoffs, mutant=mutant, resident=resident, **rest) for mutant, resident in pairs]
    columns = {
        "mutant": [mutant for mutant, _ in pairs],
        "resident": [resident for _, resident in pairs],
        "log_probability": [math.log(one.probability) if one.probability > 0 else None for one in found],
        "probability": [one.probability for one in found],
        "neutral": [1.0 / one.population_size for one in found],
    }
    means = np.array([(one.time, one.fixation_time) for one in found])
    errors = np.array([(one.time_error, one.fixation_time_error) for one in found])
    finished = np.array([1.0 - one.censored / one.replicates for one in found])
    times = _times(pairs, ("either", "fixation"), np.log(np.maximum(means, 1e-300)), finished, errors)
    return _gathered(Answer("fixation", columns, np.array([one.standard_error for one in found])), times)


def _pairs(payoffs: Any, parameters: Values) -> tuple[list[tuple[str, str]], Values]:
    """Return the pairs (mutant, resident) asked for, and the other parameters."""
    rest = {key: value for key, value in parameters.items() if key not in ("mutant", "resident", "log")}
    return sensitivities.pairs(payoffs.strategies, parameters), rest


def _times(
    pairs: Sequence[tuple[str, str]],
    outcomes: Sequence[str],
    logs: FloatArray,
    finished: FloatArray,
    errors: FloatArray | None = None,
) -> Answer:
    """Return rows of mean times from their logarithms, arrays (pairs, outcomes); nan where never seen."""
    known = [None if math.isnan(log) else log for log in logs.ravel().tolist()]
    columns = {
        "mutant": [mutant for mutant, _ in pairs for _ in outcomes],
        "resident": [resident for _, resident in pairs for _ in outcomes],
        "outcome": list(outcomes) * len(pairs),
        "steps": [None if log is None or log > MOST_LOG else math.exp(log) for log in known],
        "log_steps": known,
        "finished": np.repeat(finished, len(outcomes)),
    }
    return Answer("times", columns, None if errors is None else errors.ravel())


def gradient(function: Callable[..., Any], payoffs: Any, parameters: Values) -> Answers:
    """The gradient of selection at every count of the first strategy."""
    values = np.asarray(function(payoffs, **parameters))
    count = np.arange(len(values))
    columns = {"count": count, "fraction": count / (len(values) - 1), "gradient": values}
    return _gathered(Answer("gradient", columns))


def stationary(result: Any, payoffs: Any) -> Answers:
    """The stationary distribution state by state, and the mean share of each strategy in it."""
    states, names = np.asarray(result.states), result.strategies
    numbers = np.repeat(np.arange(len(states)), len(names))
    columns = {
        "state": numbers,
        "strategy": list(names) * len(states),
        "count": states.ravel(),
        "probability": np.repeat(result.probabilities, len(names)),
    }
    shares = result.probabilities @ states / result.population_size
    return _gathered(Answer("stationary", columns), _prevalence(names, shares, payoffs))


def sampled_stationary(result: Any, payoffs: Any) -> Answers:
    """The estimated stationary distribution and mean shares, with standard errors."""
    exact = stationary(result, payoffs)
    spread = np.repeat(result.standard_errors, len(result.strategies))
    shares = _prevalence(result.strategies, result.shares, payoffs, result.shares_errors)
    return _gathered(replace(exact["stationary"], standard_error=spread), shares)


def simulation(result: Any, payoffs: Any) -> Answers:
    """Mean shares over time and runs, and the mean share at each recorded time."""
    names, fractions = result.strategies, result.fractions
    columns = {
        "start": np.zeros(len(result.times) * len(names), dtype=np.int64),
        "time": np.repeat(result.times.astype(float), len(names)),
        "strategy": list(names) * len(result.times),
        "share": fractions.mean(axis=0).ravel(),
    }
    spread = fractions.std(axis=0, ddof=1).ravel() / math.sqrt(len(fractions))
    paths = Answer("trajectories", columns, spread)
    return _gathered(paths, _prevalence(names, result.shares, payoffs, result.standard_errors))


def diffusion(result: Any, payoffs: Any) -> Answers:
    """Mean shares of noisy paths over time, and their mean over time."""
    paths = Answer("trajectories", *continuum.noisy_columns(result))
    return _gathered(paths, _prevalence(result.strategies, result.shares, payoffs, result.standard_errors))


def density(result: Any, payoffs: Any) -> Answers:
    """The density of the diffusion limit state by state, and mean shares; how far off they are is not known."""
    columns, nothing = continuum.density_columns(result), np.full(2, np.nan)
    states = Answer("stationary", columns, np.full(len(columns["count"]), np.nan))
    return _gathered(states, _prevalence(result.strategies, result.shares, payoffs, nothing))


def approximate_fixation(function: Callable[..., Any], payoffs: Any, parameters: Values) -> Answers:
    """Fixation probabilities and times of the diffusion limit, in steps; how far off they are is not known."""
    pairs, rest = _pairs(payoffs, parameters)
    found = [function(payoffs, mutant=mutant, resident=resident, **rest) for mutant, resident in pairs]
    size, generations = parameters["population_size"], rest.get("process") == "wright_fisher"
    logs = np.array([(one.log_unconditional, one.log_conditional, one.log_extinction) for one in found])
    times = _times(
        pairs, ("either", "fixation", "loss"), logs + (0.0 if generations else math.log(size)), np.ones(len(pairs)),
        np.full(logs.shape, np.nan),
    )  # fmt: skip
    chances = _fixation(pairs, np.array([one.log_probability for one in found]), size)
    neutral = [parameters.get("start", 1) / size] * len(pairs)
    chances = replace(chances, columns={**chances.columns, "neutral": neutral})
    return _gathered(replace(chances, standard_error=np.full(len(pairs), np.nan)), times)


def spatial(result: Any, payoffs: Any) -> Answers:
    """Mean shares of a line or plane over time and in the long run, and shares place by place."""
    paths = Answer("trajectories", continuum.mean_columns(result))
    shares = _prevalence(result.strategies, long_run_shares(result.shares[None], result.times)[0], payoffs)
    return _gathered(paths, shares, Answer("fields", continuum.field_columns(result)))


def trajectory(result: Any, payoffs: Any, kept: FloatArray | None = None) -> Answers:
    """The paths at the times to keep, or else at 200 of them, and mean shares over all starts in the long run."""
    names, count = result.strategies, len(result.times)
    if kept is None:
        at = np.unique(np.linspace(0, count - 1, min(count, PATH_TIMES)).round().astype(int))
    else:
        at = np.searchsorted(result.times, kept)
    shares = result.shares[:, at]
    starts = len(shares)
    columns = {
        "start": np.repeat(np.arange(starts), len(at) * len(names)),
        "time": np.tile(np.repeat(result.times[at], len(names)), starts),
        "strategy": list(names) * (starts * len(at)),
        "share": shares.ravel(),
    }
    ends = long_run_shares(result.shares, result.times)
    spread = ends.std(axis=0, ddof=1) / np.sqrt(starts) if starts > 1 else None
    return _gathered(Answer("trajectories", columns), _prevalence(names, ends.mean(axis=0), payoffs, spread))


def followed(function: Callable[..., Any], payoffs: Any, parameters: Values) -> Answers:
    """The paths from the start that is given, or else from starts spread over the simplex; early moments lie closer."""
    start = parameters.get("start")
    rest = {key: value for key, value in parameters.items() if key != ("start" if start is None else "starts")}
    if "time" not in rest:
        return trajectory(function(payoffs, **rest), payoffs)
    kept, times = moments(rest.pop("time"))
    return trajectory(function(payoffs, times=times, **rest), payoffs, kept)


def rest_points(result: Any, payoffs: Any) -> Answers:
    """The rest points, one row for each strategy in each."""
    names, points = result.strategies, result.points
    columns = {
        "point": np.repeat(np.arange(len(points)), len(names)),
        "strategy": list(names) * len(points),
        "share": np.concatenate([point.shares for point in points]) if points else np.zeros(0),
        "stability": [point.stability for point in points for _ in names],
    }
    return _gathered(Answer("rest_points", columns))


def basins(result: Any, payoffs: Any) -> Answers:
    """The share of all starting points that ends at each attractor."""
    columns = {"attractor": list(result.attractors), "strategy": list(result.strategies), "share": result.shares}
    return _gathered(Answer("basins", columns, None if result.exact else result.standard_errors))


def densities(result: Any, payoffs: Any) -> Answers:
    """Paths of densities, long-run shares of the population, and its density over time."""
    paths, shares, error, sizes = growth.density_columns(result, payoffs)
    return _gathered(Answer("trajectories", paths), Answer("prevalence", shares, error), Answer("sizes", sizes))


def demography(result: Any, payoffs: Any) -> Answers:
    """Mean shares of populations whose size changes, over time and in the long run, and their sizes."""
    paths, sizes = growth.path_columns(result), growth.size_columns(result)
    shares = growth.shares_with_nobody(result, payoffs)
    return _gathered(Answer("trajectories", *paths), Answer("prevalence", *shares), Answer("sizes", *sizes))


def lifetimes(function: Callable[..., Any], payoffs: Any, parameters: Values) -> Answers:
    """Mean time until a population of each strategy has died out."""
    alone = [function(payoffs.payoff_table([name]), **parameters) for name in payoffs.strategies]
    return _gathered(Answer("times", *growth.lifetimes(alone)))


def regret_matching(result: Any, payoffs: Any) -> Answers:
    """Mean shares of regret matching over its rounds, and at their end."""
    paths, spread, last, error = learning.regret_columns(result)
    return _gathered(Answer("trajectories", paths, spread), _prevalence(result.strategies, last, payoffs, error))


def quantal_response(result: Any, payoffs: Any) -> Answers:
    """Quantal response equilibria over 1/noise, and the equilibrium they lead to."""
    paths = Answer("trajectories", learning.quantal_columns(result))
    return _gathered(paths, _prevalence(result.strategies, result.limit, payoffs))


def ablation(function: Callable[..., Any], payoffs: Any, parameters: Values) -> Answers:
    """What each capacity of the minds of a hunt carries, and each pair of them."""
    columns, errors = hunts.ablation_columns(function(hunts.hunt_among(payoffs), **parameters))
    return _gathered(Answer("ablation", columns, errors if "mutation" in parameters else None))


def capacity_evolution(function: Callable[..., Any], payoffs: Any, parameters: Values) -> Answers:
    """Capacities that evolve in a hunt: their path and their share in the long run."""
    hunt = hunts.hunt_among(payoffs)
    found = function(hunt, **{"capacities": hunt.capacities, **parameters})
    return _gathered(Answer("capacities", *hunts.capacity_columns(found, parameters["burn_in"])))


def of_two_populations(function: Callable[..., Any], game: Any, parameters: Values) -> Answers:
    """What the dynamics of two populations say; every row has its population."""
    found = two_populations.columns(function, game, parameters)
    return _gathered(*(Answer(kind, columns, error) for kind, (columns, error) in found.items()))


def of_traits(function: Callable[..., Any], game: Any, parameters: Values) -> Answers:
    """What the dynamics of continuous traits say."""
    found = traits.columns(function, game, parameters)
    return _gathered(*(Answer(kind, columns, error) for kind, (columns, error) in found.items()))


def derived_shares(function: Callable[..., Any], payoffs: Any, parameters: Values, slopes: Slopes) -> Answers:
    """Derivatives of long-run shares, and the shares."""
    result, columns = sensitivities.of_shares(function, payoffs, parameters, slopes)
    return _gathered(Answer("sensitivities", columns), _prevalence(result.strategies, result.shares, payoffs))


def derived_states(function: Callable[..., Any], payoffs: Any, parameters: Values, slopes: Slopes) -> Answers:
    """Derivatives of the probability of each state, and the stationary distribution."""
    result, columns = sensitivities.of_states(function, payoffs, parameters, slopes)
    return _gathered(Answer("sensitivities", columns), stationary(result, payoffs)["stationary"])


def derived_fixation(function: Callable[..., Any], payoffs: Any, parameters: Values, slopes: Slopes) -> Answers:
    """Derivatives of fixation probabilities, and the probabilities."""
    results, columns = sensitivities.of_fixation(function, payoffs, parameters, slopes)
    pairs, logs = [(one.mutant, one.resident) for one in results], [one.log_probability for one in results]
    fixation = _fixation(pairs, np.array(logs), parameters["population_size"])
    return _gathered(Answer("sensitivities", columns), fixation)


DERIVED: dict[str, Callable[[Callable[..., Any], Any, Values, Slopes], Answers]] = {
    "sensitivity": derived_shares,
    "stationary_sensitivity": derived_states,
    "fixation_sensitivity": derived_fixation,
}
"""Dynamics that ask how payoffs answer to the parameters of their game, by name."""

ASKED: dict[str, Callable[[Callable[..., Any], Any, Values], Answers]] = {
    **dict.fromkeys(PATHS, followed),
    "fixation_probability": fixation_probability,
    "gradient_of_selection": gradient,
    "fixation_time": fixation_times,
    "estimate_fixation": sampled_fixation,
    "diffusion_fixation": approximate_fixation,
    "structured_fixation": sampled_fixation,
    "group_fixation": sampled_fixation,
    "demographic_fixation": sampled_fixation,
    "demographic_extinction": lifetimes,
    "ablation": ablation,
    "capacity_evolution": capacity_evolution,
    **dict.fromkeys(two_populations.COLUMNS, of_two_populations),
    **dict.fromkeys(traits.COLUMNS, of_traits),
}
"""Dynamics that are called in a way of their own, by name."""

SHAPES: dict[str, Callable[[Any, Any], Answers]] = {
    "SmallMutationLimit": small_mutation,
    "HierarchicalChain": hierarchical,
    "StationaryDistribution": stationary,
    "StationaryEstimate": sampled_stationary,
    "Simulation": simulation,
    "GraphSimulation": simulation,
    "GroupSimulation": simulation,
    "RewiringSimulation": simulation,
    "Diffusion": diffusion,
    "StationaryDensity": density,
    "SpatialPath": spatial,
    "Trajectory": trajectory,
    "DensityTrajectory": densities,
    "DemographicSimulation": demography,
    "RestPoints": rest_points,
    "RegretMatching": regret_matching,
    "QuantalResponse": quantal_response,
    "Basins": basins,
}
"""What is made of a result, by the name of its class."""
