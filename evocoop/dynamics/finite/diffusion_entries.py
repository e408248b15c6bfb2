"""The entry of the diffusion limit in the table of dynamics. Data only."""

from __future__ import annotations

from collections.abc import Sequence

from evocoop.core.registry import Entry, Parameter


def diffusion_entries(finite: Sequence[Parameter], mutation: Parameter, seed: Parameter) -> tuple[Entry, ...]:
    """Return the entries, given the parameters that all finite populations share."""
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
    )
