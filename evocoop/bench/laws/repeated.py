"""Repeated games: exact payoffs of automata with mistakes, reciprocity, extortion."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from evocoop.bench.laws.record import Law
from evocoop.dynamics import small_mutation_limit
from evocoop.play import exact_match

NOWAK = "Nowak & Sigmund 1993, Nature 364:56; stationary vector of the four-state chain, mistakes 0.01"
PRESS = "Press & Dyson 2012, PNAS 109:10409"
VECTORS: dict[str, tuple[float, float, float, float]] = {
    "ALLC": (1, 1, 1, 1),
    "ALLD": (0, 0, 0, 0),
    "TFT": (1, 0, 1, 0),
    "GTFT": (1, 1 / 3, 1, 1 / 3),
    "WSLS": (1, 0, 0, 1),
    "EXTORT3": (11 / 13, 1 / 2, 7 / 26, 0),
}
PAYOFFS = (
    ("ALLC", "WSLS", 1.515),
    ("ALLD", "GTFT", 2.359368),
    ("ALLD", "WSLS", 2.985),
    ("TFT", "TFT", 2.25),
    ("TFT", "ALLC", 3.009402),
    ("GTFT", "GTFT", 2.970322),
    ("GTFT", "WSLS", 2.76808),
    ("WSLS", "WSLS", 2.951092),
    ("WSLS", "ALLD", 0.535),
)


def _payoff(row: str, column: str, noise: float = 0.01) -> float:
    """Expected payoff per turn of the row player in the infinitely repeated game."""
    result = exact_match(_spec(row), _spec(column), turns=None, noise=noise)
    return float(result.payoffs[0])


def _spec(name: str) -> str:
    vector = ", ".join(repr(float(p)) for p in VECTORS[name])
    return f"MemoryOnePlayer(four_vector=({vector}))"


def _extortion() -> float:
    mine, other = _payoff("EXTORT3", "ALLC", 0.0), _payoff("ALLC", "EXTORT3", 0.0)
    return (mine - 1.0) / (other - 1.0)


def _share(position: int, beta: float) -> float:
    names = ("ALLC", "ALLD", "TFT", "WSLS")
    table = np.array([[_payoff(row, column) for column in names] for row in names])
    result: Any = small_mutation_limit(table, population_size=100, selection_strength=beta)
    return float(result.prevalence[position])


LAWS = (
    *(
        Law("repeated", f"payoff per turn of {row} against {column}", NOWAK, value, partial(_payoff, row, column), 1e-6)
        for row, column, value in PAYOFFS
    ),
    Law("repeated", "Extort-3 v ALLC earns 41/11", PRESS, 41 / 11, partial(_payoff, "EXTORT3", "ALLC", 0.0), 1e-9),
    Law("repeated", "Extort-3 enforces (s_X - P) = 3 (s_Y - P)", PRESS, 3.0, _extortion, 1e-9),
    *(
        Law("repeated", f"ALLC, ALLD, TFT, WSLS with mistakes, Z=100, beta={beta:g}: share of {name}",
            "Imhof, Fudenberg & Nowak 2007, J Theor Biol 247:574", value, partial(_share, i, beta), 5e-6)
        for beta, i, name, value in ((0.1, 1, "ALLD", 0.467465216), (0.1, 3, "WSLS", 0.333965919),
                                     (1.0, 1, "ALLD", 0.633317541), (1.0, 3, "WSLS", 0.254862148))
    ),
)  # fmt: skip
