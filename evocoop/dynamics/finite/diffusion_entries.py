"""The entries of the diffusion limit in the table of dynamics. Data only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from evocoop.core.registry import Entry, Parameter

_SMOOTH = ("pairwise", "pairwise_linear", "moran", "death_birth", "wright_fisher")
"""Processes without a jump where payoffs cross, and in which nothing comes back by itself."""


def diffusion_entries(
    finite: Sequence[Parameter], mutation: Parameter, pair: Sequence[Parameter], seed: Parameter
) -> tuple[Entry, ...]:
    """Return the entries, given the parameters that all finite populations share."""
    fixing = [replace(one, choices=_SMOOTH) if one.name == "process" else one for one in finite]
    lasting = [replace(one, choices=(*_SMOOTH, "introspection")) if one.name == "process" else one for one in finite]
    return (
        Entry(
            "diffusion",
            "evocoop.dynamics.finite.diffusion:diffusion",
            "paths of shares in a large finite population: selection drifts, chance jitters (Langevin equation)",
            "Traulsen, Claussen & Hauert 2005, Physical Review Letters 95:238701; 2012, Physical Review E 85:041901",
            (
                *finite,
                mutation,
                Parameter(
                    "start",
                    "vector",
                    "shares at time 0, one per strategy, summing to 1; even when left out",
                    minimum=0.0,
                    maximum=1.0,
                ),
                Parameter("time", "number", "how long, in generations of Z steps", default=100.0, minimum=1e-9),
                Parameter("burn_in", "number", "time that does not count in mean shares", default=0.0, minimum=0.0),
                Parameter("step", "number", "longest step, in generations", default=0.02, minimum=1e-6, maximum=0.5),
                Parameter("replicates", "integer", "number of paths", default=20, minimum=2, maximum=1_000_000),
                seed,
            ),
            tags=("finite population", "sampled"),
            check="evocoop.dynamics.asked:check_start",
        ),
        Entry(
            "diffusion_fixation",
            "evocoop.dynamics.finite.diffusion_limit:diffusion_fixation",
            "the chance that mutants take over, and how long it takes, in the diffusion limit: an approximation",
            "Kimura 1962, Genetics 47:713; Kimura & Ohta 1969, Genetics 61:763",
            (
                *fixing,
                *pair,
                Parameter("start", "integer", "mutants at time 0", default=1, minimum=1, maximum=99_999),
            ),
            tags=("finite population", "approximate"),
            check="evocoop.dynamics.asked:check_mutants",
        ),
        Entry(
            "diffusion_stationary",
            "evocoop.dynamics.finite.diffusion_limit:diffusion_stationary",
            "how long two strategies spend in each state in the diffusion limit, with mutation: an approximation",
            "Kimura 1964, Journal of Applied Probability 1:177; Traulsen et al. 2006, Physical Review E 74:011901",
            (*lasting, replace(mutation, required=True, default=None)),
            tags=("finite population", "approximate"),
            check="evocoop.dynamics.asked:check_density",
        ),
    )
