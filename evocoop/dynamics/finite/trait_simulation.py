"""Finite populations with continuous traits: children differ a little from their parents, and are selected."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evocoop.core.errors import (
    InputError,
    NumericalError,
    UnknownNameError,
    check_integer,
    check_number,
    check_probability,
)
from evocoop.core.streams import stream
from evocoop.dynamics.finite import trait_kernels as kernels
from evocoop.dynamics.sampling import check_recorded, share_out, stream_keys
from evocoop.dynamics.trait_checks import check_work, start_of
from evocoop.games.traits import PLAYED_AS_GIVEN, TraitGame, as_trait_game

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

ROLE = 0x7472616974  # keeps these streams apart from any other room's
TRAIT_PROCESSES = ("wright_fisher", "pairwise")
LEAST_SHARE = 0.05


@dataclass(frozen=True, eq=False)
class TraitSimulation:
    """Independent populations with continuous traits.

    Args:
        traits: names.
        edges: of the bins of each trait, array (traits, bins + 1).
        generations: which were recorded, array (records,).
        histograms: share of the population in each bin, array (replicates, records, traits, bins).
        means: of each trait, array (replicates, records, traits).
        variances: of each trait (divided by Z - 1), array (replicates, records, traits).
        final: the last populations, array (replicates, Z, traits).
        population_size: Z.
        seed: the seed.
    """

    traits: tuple[str, ...]
    edges: FloatArray
    generations: IntArray
    histograms: FloatArray
    means: FloatArray
    variances: FloatArray
    final: FloatArray
    population_size: int
    seed: int

    @property
    def branches(self) -> IntArray:
        """Groups into which the first trait has split, array (replicates, records).

        A group is a stretch of bins between empty stretches of at least a tenth of the range, with a twentieth of all.
        """
        bins = self.histograms.shape[-1]
        return np.array([[groups(row, max(1, bins // 10)) for row in one] for one in self.histograms[:, :, 0]])


def groups(shares: FloatArray, gap: int) -> int:
    """Return how many groups a histogram has: stretches with shares of 0.05 between at least ``gap`` empty bins.

    >>> groups(np.array([0.5, 0.1, 0, 0, 0.4, 0]), 2), groups(np.array([0.5, 0.1, 0, 0.4]), 2)
    (2, 1)
    """
    held = np.flatnonzero(shares > 0)
    parts = np.split(held, np.flatnonzero(np.diff(held) > gap) + 1)
    return sum(float(shares[part].sum()) >= LEAST_SHARE for part in parts)


def trait_simulation(
    game: TraitGame,
    *,
    population_size: int,
    selection_strength: float,
    mutation: float = 0.01,
    mutation_size: ArrayLike = 0.02,
    generations: int = 5000,
    process: str = "wright_fisher",
    start: ArrayLike | None = None,
    records: int = 100,
    bins: int = 50,
    replicates: int = 8,
    seed: int = 0,
    workers: int = 1,
) -> TraitSimulation:
    """Return finite populations whose continuous traits evolve.

    Everybody plays with all others. ``"wright_fisher"``: parents of the next generation are drawn in proportion to
    ``exp(beta payoff)``, and a child mutates with probability mu. ``"pairwise"``: Z times a generation somebody mutates
    with probability mu, or else meets another and takes over its traits with probability
    ``1 / (1 + exp(-beta (theirs - mine)))``. A mutation moves every trait by a normal step, reflected at the bounds.

    Small steps and rare mutants follow :func:`evocoop.dynamics.adaptive_dynamics`; what happens at branching points is
    seen here only. Without selection the variance settles at ``Z mu sigma^2``, or pairwise at
    ``(Z - 1) mu sigma^2 / (1 - mu)``. Strong selection of whole generations overshoots and can lose a branch that
    pairwise imitation keeps.

    Args:
        game: a game of continuous traits; a function of yours by ``"wright_fisher"`` only.
        population_size: Z, at least 2.
        selection_strength: beta, at least 0.
        mutation: mu, in [0, 1].
        mutation_size: sigma, the standard deviation of a step: a number, or one for each trait; 0 keeps a trait fixed.
        generations: how many.
        process: ``"wright_fisher"`` or ``"pairwise"``.
        start: traits of everybody at first; the middle of the box when left out.
        records: how many populations are recorded, evenly spaced in time, the first and the last among them.
        bins: of the recorded histograms.
        replicates: independent populations, each with a stream of its own.
        seed: the seed.
        workers: threads; they do not change the numbers.

    Raises:
        InputError: when an argument is refused; NumericalError when a payoff is not finite.

    Source: Doebeli, Hauert & Killingback 2004, Science 306:859; Champagnat, Ferriere & Meleard 2006, Theor Popul Biol
    69:297.

    >>> from evocoop.games import ContinuousSnowdrift
    >>> run = trait_simulation(ContinuousSnowdrift(), population_size=100, selection_strength=10, generations=50)
    >>> run.histograms.shape
    (8, 51, 1, 50)
    """
    game = as_trait_game(game)
    code, numbers = game.compiled
    if process not in TRAIT_PROCESSES:
        raise UnknownNameError("process", str(process), TRAIT_PROCESSES)
    if code == PLAYED_AS_GIVEN and process == "pairwise":
        raise InputError("a game given by a function is simulated by process 'wright_fisher' only")
    people = check_integer("population_size", population_size, minimum=2, maximum=1_000_000)
    strength = check_number("selection_strength", selection_strength, minimum=0.0)
    chance = check_probability("mutation", mutation)
    sizes, first = _sizes(game, mutation_size), start_of(game, start)
    moments = _moments(check_integer("generations", generations, minimum=1), records)
    width = check_integer("bins", bins, minimum=2, maximum=10_000)
    keys = stream_keys(seed, 0, replicates, ROLE)
    check_work(game, people, int(moments[-1]), len(keys), process)
    kinds = len(first)
    check_recorded("histograms", len(keys), len(moments) * kinds * width + people * kinds, "fewer records or bins")
    shares = np.zeros((len(keys), len(moments), kinds, width))
    means, variances = np.zeros((2, len(keys), len(moments), kinds))
    final = np.tile(first, (len(keys), people, 1))
    box, powers = np.array(game.bounds), 1 if game.polynomial is None else game.polynomial.shape[1]

    def run(part: slice) -> None:
        for one in range(part.start, part.stop):
            kept = shares[one], means[one], variances[one]
            if code == PLAYED_AS_GIVEN:
                _live(game, keys[one], final[one], strength, chance, sizes, moments, kept)
            else:
                kernels.live(
                    keys[one], code, numbers, powers, final[one], process == "pairwise", strength, chance, box, sizes,
                    moments, *kept,
                )  # fmt: skip

    share_out(run, len(keys), workers)
    edges = np.linspace(box[:, 0], box[:, 1], width + 1, axis=1)
    return TraitSimulation(game.traits, edges, moments, shares, means, variances, final, people, int(keys[0, 0]))


def _live(
    game: TraitGame, key: IntArray, traits: FloatArray, strength: float, mutation: float, sizes: FloatArray,
    moments: IntArray, kept: tuple[FloatArray, FloatArray, FloatArray],
) -> None:  # fmt: skip
    """Run one population whose payoffs come from a function."""
    draws, box, others = stream(key[0], key[1], key[2], key[3]), np.array(game.bounds), len(traits) - 1
    young, generation = np.zeros_like(traits), 0
    for place, moment in enumerate(moments):
        for _ in range(generation, int(moment)):
            met = np.array(game.payoff(traits[:, None], traits[None, :]), dtype=np.float64)
            met = np.array(np.broadcast_to(met, (len(traits), len(traits))))
            np.fill_diagonal(met, 0.0)
            if not np.isfinite(met).all():
                raise NumericalError("the payoff is not finite everywhere within the bounds")
            kernels.breed(traits, young, met.sum(axis=1) / others, strength, mutation, box, sizes, draws)
        generation = int(moment)
        kernels.note(traits, box, kept[0][place], kept[1][place], kept[2][place])


def _sizes(game: TraitGame, given: ArrayLike) -> FloatArray:
    try:
        sizes = np.array(np.broadcast_to(np.asarray(given, dtype=np.float64), (len(game.traits),)))
    except (TypeError, ValueError):
        sizes = np.array([np.nan])
    if not (np.isfinite(sizes) & (sizes >= 0.0)).all():
        raise InputError(f"mutation_size must be a finite number of at least 0, or {len(game.traits)} of them")
    return sizes


def _moments(generations: int, records: int) -> IntArray:
    count = check_integer("records", records, minimum=2, maximum=1_000_000)
    return np.unique(np.linspace(0, generations, min(count, generations + 1)).round().astype(np.int64))
