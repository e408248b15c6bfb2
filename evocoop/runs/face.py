"""Running an experiment from Python in one call."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from evocoop.config.limits import LIMITS
from evocoop.config.load import load_experiment, read_bytes
from evocoop.core.errors import check_integer
from evocoop.runs.cost import check_work
from evocoop.runs.executors import MOST_WORKERS, dask, local_processes
from evocoop.runs.plan import Plan
from evocoop.runs.reading import Run, open_run
from evocoop.runs.run import directory_for, start


def run(
    file: str | os.PathLike[str],
    *,
    out: str | os.PathLike[str] | None = None,
    settings: Sequence[str] = (),
    seed: int | None = None,
    workers: int = 1,
    cluster: str | None = None,
    limits: Mapping[str, float] = LIMITS,
) -> Run:
    """Run an experiment file and return its results; the same question asked again is not computed again.

    Args:
        file: the experiment file (TOML).
        out: the run directory; ``runs/<name>/<id>`` when left out.
        settings: settings ``key=value`` that change the file, as ``--set`` does.
        seed: seed in place of the file's.
        workers: local worker processes; 1 computes in this process.
        cluster: address of a Dask scheduler, or ``local:N``, in place of local workers.
        limits: how large the experiment may be.

    Returns:
        The finished run; ``.table("prevalence")`` is a lazy polars frame, ``.failed`` lists failed cells.

    Raises:
        ConfigError: naming every mistake in the file.
        InputError: when the work would be above the limits.
        RunError: when the directory holds something else or is in use.
    """
    check_integer("workers", workers, minimum=1, maximum=MOST_WORKERS)
    experiment = load_experiment(file, overrides=settings, seed=seed, limits=limits)
    check_work(Plan(experiment), limits)
    said = [*(f"--set {one}" for one in settings), *([f"--seed {seed}"] if seed is not None else [])]
    where = Path(out) if out is not None else directory_for(experiment)
    engine = dask(cluster) if cluster is not None else local_processes(workers)
    finished = start(experiment, where, read_bytes(file), engine=engine, settings=said)
    return open_run(finished.path)
