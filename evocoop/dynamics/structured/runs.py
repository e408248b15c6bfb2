"""All replicates of a simulation on a graph, one random stream each."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from evocoop.core.jit import kernel
from evocoop.core.streams import stream
from evocoop.dynamics.structured.kernels import BIRTH_DEATH, Net, Play, Rule, evolve, life, scatter, shuffle

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

IN_PLACE, SHUFFLED, SCATTERED = 0, 1, 2


@kernel
def run_all(
    net: Net,
    play: Play,
    rule: Rule,
    first: IntArray,
    placing: int,
    steps: int,
    burn_in: int,
    every: int,
    keys: IntArray,
    paths: IntArray,
    spent: FloatArray,
    final: IntArray,
    counts: IntArray,
    absorbed: IntArray,
) -> None:
    """Evolve once for each row of ``keys``; see :func:`evocoop.dynamics.structured.kernels.evolve`.

    Args:
        net: the graph.
        play: payoffs.
        rule: the update rule.
        first: strategies of the nodes at the start; with ``SCATTERED`` the number of mutants (strategy 0).
        placing: whether ``first`` is taken as it stands, in random order, or scattered.
        steps: length of a run.
        burn_in: steps not counted in ``spent``.
        every: steps between two records.
        keys: seed, cell, replicate and role of each random stream.
        paths: filled with the recorded counts, (runs, records, n).
        spent: filled with the sums of counts over time, (runs, n).
        final: filled with the strategies of the nodes at the end, (runs, nodes), or empty rows.
        counts: filled with the counts at the end, (runs, n).
        absorbed: filled with the step after which nothing could change, or -1.
    """
    nodes = len(net.strengths)
    degree = (net.indptr[1:] - net.indptr[:-1]).max()
    live = life(nodes, play.strategies, degree, rule.process == BIRTH_DEATH)
    for run in range(len(keys)):
        draws = stream(keys[run, 0], keys[run, 1], keys[run, 2], keys[run, 3])
        if placing == SCATTERED:
            scatter(live.state, first[0], draws)
        else:
            live.state[:] = first
            if placing == SHUFFLED:
                shuffle(live.state, draws)
        absorbed[run] = evolve(net, play, rule, live, draws, steps, burn_in, every, paths[run], spent[run])
        counts[run] = live.counts
        if final.shape[1] > 0:
            final[run] = live.state
