"""Derivatives of long-run measures as rows of a result table: by payoffs, and by parameters of games and dynamics."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from evocoop.config.experiment import Values
from evocoop.games.payoffs import FloatArray, PayoffTable, composition_text
from evocoop.runs.slopes import Slope

MOST_PAYOFF_ROWS = 20_000

Slopes = Callable[[Sequence[str]], Iterable[Slope]]
"""Returns how the payoffs of some strategies answer to the parameters of their game."""


def no_slopes(strategies: Sequence[str]) -> Iterable[Slope]:
    """Return nothing: where payoffs were played, they are not known as a function of parameters."""
    return ()


@dataclass(frozen=True)
class Measured:
    """Measures with their derivatives by payoffs.

    Args:
        measure: what they are.
        values: array (k,).
        payoffs: array (k, strategies, compositions), derivatives.
        strategies: of each, where it belongs to one.
        residents: of each, for mutants.
        states: number of each, for states.
        logarithmic: whether they are logarithms already.
    """

    measure: str
    values: FloatArray
    payoffs: FloatArray
    strategies: Sequence[str | None]
    residents: Sequence[str | None] = ()
    states: Sequence[int | None] = ()
    logarithmic: bool = False


@dataclass
class _Rows:
    """Rows of the table, column by column."""

    columns: dict[str, list[Any]] = field(
        default_factory=lambda: {
            name: []
            for name in (
                "measure", "strategy", "resident", "state", "value", "parameter", "earner", "opponent", "at",
                "derivative", "elasticity",
            )
        }
    )  # fmt: skip

    def add(self, of: Measured, parameter: str, at: float, slopes: FloatArray, payoff: tuple[Any, Any]) -> None:
        """Add the derivatives of all measures by one thing."""
        count = len(of.values)
        scale = np.ones(count) if of.logarithmic else of.values
        known = [None if s == 0 or at == 0 else float(d * at / s) for s, d in zip(scale, slopes, strict=True)]
        for name, column in (
            ("measure", [of.measure] * count),
            ("strategy", of.strategies),
            ("resident", of.residents or [None] * count),
            ("state", of.states or [None] * count),
            ("value", of.values.tolist()),
            ("parameter", [parameter] * count),
            ("earner", [payoff[0]] * count),
            ("opponent", [payoff[1]] * count),
            ("at", [at] * count),
            ("derivative", slopes.tolist()),
            ("elasticity", known),
        ):
            self.columns[name].extend(column)


def of_shares(function: Callable[..., Any], payoffs: Any, parameters: Values, slopes: Slopes) -> tuple[Any, Values]:
    """Return the derivatives of the long-run shares, and of cooperation where that is known: the result, the rows."""
    result = function(payoffs, **parameters)
    table, rows = payoffs.payoff_table(), _Rows()
    by_game = list(slopes(result.strategies))
    known = payoffs.self_cooperation()
    shares = Measured("share", result.shares, result.payoffs, list(result.strategies))
    others = {
        "selection_strength": result.selection_strength,
        **({} if result.mutation is None else {"mutation": result.mutation}),
    }
    _write(rows, shares, table, by_game, {key: (parameters[key], found) for key, found in others.items()})
    if known is not None:
        weights = np.asarray(known, dtype=float)
        mean = Measured(
            "cooperation", np.array([result.shares @ weights]),
            np.tensordot(weights, result.payoffs, axes=1)[None], [None],
        )  # fmt: skip
        felt = {key: (parameters[key], np.array([found @ weights])) for key, found in others.items()}
        own = [0.0 if one.cooperation is None else float(result.shares @ one.cooperation) for one in by_game]
        _write(rows, mean, table, by_game, felt, own)
    return result, rows.columns


def of_states(function: Callable[..., Any], payoffs: Any, parameters: Values, slopes: Slopes) -> tuple[Any, Values]:
    """Return the derivatives of the probability of every state: the result, the rows."""
    result = function(payoffs, **parameters)
    rows, count = _Rows(), len(result.probabilities)
    of = Measured("probability", result.probabilities, result.payoffs, [None] * count, states=list(range(count)))
    others = {key: (parameters[key], getattr(result, key)) for key in ("selection_strength", "mutation")}
    _write(rows, of, payoffs.payoff_table(), list(slopes(result.strategies)), others)
    return result, rows.columns


def of_fixation(
    function: Callable[..., Any], payoffs: Any, parameters: Values, slopes: Slopes
) -> tuple[list[Any], Values]:
    """Return the derivatives of ln rho of the pair asked for, or of all pairs: the results, the rows."""
    rows, results = _Rows(), []
    rest = {key: value for key, value in parameters.items() if key not in ("mutant", "resident")}
    for mutant, resident in pairs(payoffs.strategies, parameters):
        one = function(payoffs, mutant=mutant, resident=resident, **rest)
        results.append(one)
        of = Measured(
            "log_fixation", np.array([one.log_probability]), one.payoffs[None], [mutant], [resident], logarithmic=True
        )
        strength = {"selection_strength": (rest["selection_strength"], np.array([one.selection_strength]))}
        both = (mutant, resident)
        _write(rows, of, payoffs.payoff_table(list(both)), list(slopes(both)), strength)
    return results, rows.columns


def pairs(names: Sequence[str], parameters: Values) -> list[tuple[str, str]]:
    """Return the pairs of mutant and resident that are asked for.

    >>> pairs(["C", "D"], {"mutant": "D"})
    [('D', 'C')]
    """
    return [
        (mutant, resident)
        for mutant, resident in itertools.permutations(names, 2)
        if parameters.get("mutant") in (None, mutant) and parameters.get("resident") in (None, resident)
    ]


def _write(
    rows: _Rows,
    of: Measured,
    table: PayoffTable,
    by_game: Sequence[Slope],
    others: dict[str, tuple[float, FloatArray]],
    own: Sequence[float] = (),
) -> None:
    """Write the derivatives of some measures by everything: what the game's parameters do goes through its payoffs."""
    for place, slope in enumerate(by_game):
        felt = np.tensordot(of.payoffs, slope.payoffs.values, axes=2) + (own[place] if own else 0.0)
        rows.add(of, slope.key, slope.value, felt, (None, None))
    for key, (value, felt) in others.items():
        rows.add(of, f"dynamics.{key}", float(value), felt, (None, None))
    if of.payoffs.size <= MOST_PAYOFF_ROWS:
        for (i, c), earner, opponent in _payoffs(table):
            rows.add(of, "payoff", float(table.values[i, c]), of.payoffs[:, i, c], (earner, opponent))


def _payoffs(table: PayoffTable) -> Iterator[tuple[tuple[int, int], str, str]]:
    """Yield the place of every payoff, who earns it, and against whom."""
    names = table.strategies
    texts = names if table.group_size == 2 else [composition_text(row, names) for row in table.compositions]
    for i, name in enumerate(names):
        for c, text in enumerate(texts):
            yield (i, c), name, text
