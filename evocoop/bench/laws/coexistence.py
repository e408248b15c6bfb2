"""Coexistence at small mutation rates: the chain of configurations against the chain over all states."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from evocoop.bench.laws.record import Law
from evocoop.dynamics import fixation_time, hierarchical_chain, stationary_distribution

HIERARCHY = "Vasconcelos, Santos, Santos & Pacheco 2017, Phys Rev Lett 118:058301"
PRODUCT = f"van Kampen 2007, Stochastic Processes in Physics and Chemistry, ch. VI; {HIERARCHY}"
LIFETIME = f"{HIERARCHY}; mean time to fixation: Antal & Scheuring 2006, Bull Math Biol 68:1923"
HAWK_DOVE = ((-1.0, 2.0), (0.0, 1.0))
RETALIATOR = ((-1.0, 2.0, -1.0), (0.0, 1.0, 1.0), (-1.0, 1.0, 1.0))
LONER = ((0.7, 0.4, 0.25), (1.0, 0.0, 0.25), (0.25, 0.25, 0.25))
FOUR = ((0.0, 1.0, 0.5, 0.3), (1.0, 0.0, 0.6, 0.2), (0.55, 0.55, 0.0, 0.4), (0.6, 0.2, 0.3, 0.35))
ASK: dict[str, Any] = {"population_size": 50, "selection_strength": 2.0}


def _share(payoffs: Any, mutation: float) -> float:
    return float(hierarchical_chain(payoffs, mutation=mutation, **ASK).shares[0])


def _error(mutation: float) -> float:
    ask: dict[str, Any] = {"population_size": 12, "selection_strength": 0.3, "mutation": mutation}
    whole = stationary_distribution(FOUR, **ask).shares
    return float(np.abs(hierarchical_chain(FOUR, **ask).shares - whole).max())


def _lifetime() -> float:
    """Mean time from the coexistence of hawks and doves to either, without mutation to speak of, over the exact one."""
    found = hierarchical_chain(HAWK_DOVE, mutation=1e-300, **ASK)
    exact = fixation_time(HAWK_DOVE, start=int(found.compositions[2, 0]), **ASK)
    return float(1.0 / found.rates[2].sum() / exact.unconditional)


COEXISTENCE = (
    Law("long_run", "hawks and doves (V=2, C=4), Z=50, beta=2, mu=1e-4: mean hawks from jumps between configurations",
        PRODUCT, 0.5208879665039176, partial(_share, HAWK_DOVE, 1e-4), 5e-9),
    Law("long_run", "hawks, doves, retaliators, Z=50, beta=2, mu=1e-5: mean hawks, as by the chain over 1326 states",
        HIERARCHY, 0.5206901092003229, partial(_share, RETALIATOR, 1e-5), 5e-9),
    Law("long_run", "snowdrift with loners, Z=50, beta=2, mu=1e-5: mean workers, as by the chain over 1326 states",
        HIERARCHY, 0.796930544864858, partial(_share, LONER, 1e-5), 5e-9),
    Law("long_run", "four strategies that coexist in pairs, Z=12: error at mu=1e-4 over that at 1e-5, as mu squared",
        HIERARCHY, 100.0, lambda: _error(1e-4) / _error(1e-5), 0.02),
    Law("long_run", "hawks and doves: lifetime of their coexistence over the mean time to fixation from it",
        LIFETIME, 1.0, _lifetime, 1e-9),
)  # fmt: skip
