"""Two strategies in the diffusion limit, exactly: fixation, times and the stationary density by quadrature, in logs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evocoop.core.errors import InputError, check_integer, check_probability
from evocoop.dynamics.finite.diffusion import rates
from evocoop.dynamics.finite.setting import Setting, check_strength, setting
from evocoop.dynamics.logs import log_sum, safe_log

FloatArray = NDArray[np.float64]

NODES = 8
MOST_PANELS = 400_000
MOST_POSITIONS = 1000
FINEST = 1e-13


@dataclass(frozen=True)
class DiffusionFixation:
    """Fixation of mutants in the diffusion limit.

    Args:
        mutant: the strategy whose fixation is meant.
        resident: the other strategy.
        start: mutants at the start.
        probability: of fixation.
        log_probability: its natural logarithm.
        unconditional: mean time in generations until either has taken over.
        conditional: mean time of the paths in which the mutant fixates.
        extinction: mean time of the paths in which the mutant vanishes.
        log_unconditional: natural logarithm of the first time, finite where the time overflows.
        log_conditional: natural logarithm of the second.
        log_extinction: natural logarithm of the third.
        population_size: Z.
        selection_strength: beta or w.
        process: the update rule.
    """

    mutant: str
    resident: str
    start: int
    probability: float
    log_probability: float
    unconditional: float
    conditional: float
    extinction: float
    log_unconditional: float
    log_conditional: float
    log_extinction: float
    population_size: int
    selection_strength: float
    process: str


@dataclass(frozen=True, eq=False)
class StationaryDensity:
    """The long run of two strategies in the diffusion limit.

    Args:
        strategies: names; positions are shares of the first.
        positions: array (P,), evenly spaced from 0 to 1; k/Z for up to 1000 individuals.
        density: array (P,), per unit of share.
        edges: probability to be exactly at 0, and exactly at 1.
        shares: mean share of each strategy.
        variance: of the share of the first.
        population_size: Z.
        selection_strength: beta or w.
        mutation: mu.
        process: the update rule.
    """

    strategies: tuple[str, ...]
    positions: FloatArray
    density: FloatArray
    edges: tuple[float, float]
    shares: FloatArray
    variance: float
    population_size: int
    selection_strength: float
    mutation: float
    process: str


def diffusion_fixation(
    payoffs: Any,
    *,
    population_size: int,
    selection_strength: float,
    process: str = "pairwise",
    mutant: str | int | None = None,
    resident: str | int | None = None,
    start: int = 1,
    fitness: str = "linear",
) -> DiffusionFixation:
    r"""Return fixation probability and mean times, in generations, of the diffusion limit of two strategies.

    With drift a and variance b of :func:`diffusion`, the share x of the mutant has::

        psi(x) = -int_0^x 2a/b,    phi(x) = int_0^x exp(psi) / int_0^1 exp(psi)

    and its times are integrals of phi and 1 - phi with the speed 2 exp(-psi)/b. All are Gauss-Legendre sums of
    positive terms on panels short enough for 2a/b, on logarithms: 1e-300 is a number here.

    When selection is of order 1/Z, the relative difference to :func:`fixation_probability` and to the conditional time
    of :func:`fixation_time` (which counts steps: Z to a generation) falls like 1/Z or faster; so do all times from a
    fixed share. How soon a single mutant vanishes is decided among few individuals: there the difference falls like
    1/ln Z only. At a fixed strength it does not vanish: the chain has ln(T-/T+) where the limit has
    2(T- - T+)/(T- + T+).

    Args:
        payoffs: a square matrix, a game, or a PayoffTable.
        population_size: Z, at least 2 and at least the group size.
        selection_strength: beta >= 0, or w in [0, 1].
        process: any of ``evocoop.dynamics.PROCESSES`` but ``"imitate_if_better"``, which jumps, and introspection.
        mutant: name or position of the invading strategy; may be left out with two strategies (the first).
        resident: name or position of the strategy invaded.
        start: number of mutants at the start, 1 … Z-1.
        fitness: ``"linear"`` or ``"exponential"``, for the birth processes.

    Raises:
        InputError: for arguments out of range.

    Source: Kimura 1962, Genetics 47:713; Kimura & Ohta 1969, Genetics 61:763; Traulsen, Pacheco & Imhof 2006, Phys Rev
    E 74:021905.

    >>> found = diffusion_fixation([[1, 1], [1, 1]], population_size=50, selection_strength=0, process="moran")
    >>> round(found.probability, 12), round(found.conditional, 6)  # -Z (Z-1) ln(1 - 1/Z)
    (0.02, 49.496633)
    """
    world = setting(payoffs, population_size, process, fitness)
    strength, ends = check_strength(world.process, selection_strength), world.pair(mutant, resident)
    pair = Setting(world.game.payoff_table(list(ends)), world.population_size, world.process)
    if not pair.process.imitates:
        raise InputError(f"process {process!r} has no absorbing states, so nothing fixates")
    start = check_integer("start", start, minimum=1, maximum=world.population_size - 1)
    point = start / world.population_size
    grid = _Grid.of(pair, strength, 0.0, point)
    logs = grid.fixation(point)
    with np.errstate(over="ignore"):
        win, either, fixed, lost = np.exp(logs).tolist()
    names = world.strategies[ends[0]], world.strategies[ends[1]]
    return DiffusionFixation(
        *names, start, win, logs[0], either, fixed, lost, *logs[1:], world.population_size, strength, process
    )  # fmt: skip


def diffusion_stationary(
    payoffs: Any,
    *,
    population_size: int,
    selection_strength: float,
    mutation: float,
    process: str = "pairwise",
    fitness: str = "linear",
) -> StationaryDensity:
    r"""Return the stationary density of two strategies in the diffusion limit, with mutation.

    The solution without flux is p(x) = c/b exp(int 2a/b). Where mutants enter, b is not 0 at the edge, and the edge
    itself holds the probability b p / (2|a|): with it the mean drift is 0, as that of the chain is. Without it - with
    edges that only reflect - means are off by about Z^(-2 Z mu) instead of 1/Z when Z mu is small.

    Args:
        payoffs: a square matrix, a game, or a PayoffTable, of two strategies.
        population_size: Z, at least 2 and at least the group size.
        selection_strength: beta >= 0, or w in [0, 1].
        mutation: mu in (0, 1]; for introspection also 0.
        process: any of ``evocoop.dynamics.PROCESSES`` but ``"imitate_if_better"``, which jumps.
        fitness: ``"linear"`` or ``"exponential"``, for the birth processes.

    Raises:
        InputError: for arguments out of range, or more than two strategies.

    Source: Kimura 1964, J Appl Probab 1:177; Traulsen, Claussen & Hauert 2006, Phys Rev E 74:011901.

    >>> found = diffusion_stationary([[0, 1], [1, 0]], population_size=50, selection_strength=0.5, mutation=0.01)
    >>> found.shares.round(6).tolist(), bool(found.density[25] > found.density[5])
    ([0.5, 0.5], True)
    """
    world = setting(payoffs, population_size, process, fitness)
    strength, chance = check_strength(world.process, selection_strength), check_probability("mutation", mutation)
    if len(world.strategies) != 2:
        raise InputError(f"a density is known for two strategies, not {len(world.strategies)}; use diffusion")
    if chance == 0 and world.process.imitates:
        raise InputError("mutation must be above 0 for a stationary density; use diffusion_fixation without it")
    positions = positions_of(world)
    found = _Grid.of(world, strength, chance, 0.5).stationary(positions)
    return StationaryDensity(
        world.strategies, positions, *found, world.population_size, strength, chance, process
    )  # fmt: skip


def positions_of(world: Setting) -> FloatArray:
    """Return the shares at which densities are told, evenly spaced."""
    return np.linspace(0.0, 1.0, min(world.population_size, MOST_POSITIONS) + 1)


@dataclass(frozen=True, eq=False)
class _Grid:
    """Gauss-Legendre nodes on panels, with what the diffusion does there.

    Args:
        edges: ends of the panels (P+1,).
        x: nodes (P, NODES).
        slope: 2a/b at the nodes.
        log_noise: log b at the nodes.
        edge_slope: 2a/b at the first and last edge; not meaningful where b is 0.
        edge_noise: log b at the edges.
    """

    edges: FloatArray
    x: FloatArray
    slope: FloatArray
    log_noise: FloatArray
    edge_slope: FloatArray
    edge_noise: FloatArray

    @classmethod
    def of(cls, world: Setting, strength: float, mutation: float, point: float) -> _Grid:
        """Return a grid on which 2a/b and the edges are well resolved, with ``point`` between two panels."""
        if world.process.name == "imitate_if_better":
            raise InputError(
                "process 'imitate_if_better' jumps where payoffs cross; use diffusion, or fixation_probability"
            )
        steep = np.abs(_law(world, strength, mutation, np.linspace(0.0, 1.0, 2003)[1:-1])[0]).max()
        panels = max(32, int(steep) + 1)
        if panels > MOST_PANELS:
            raise InputError(
                f"selection over noise of up to {steep:,.0f} is more than {MOST_PANELS:,} panels can hold; use a "
                "smaller population or weaker selection"
            )
        least = max(min(point, 1.0 - point, 1e-3 * mutation if mutation else 1.0) / 4.0, FINEST)
        graded = least * 2.0 ** np.arange(max(1, int(np.log2(0.5 / least)) + 1))
        graded = graded[graded < 0.5]
        even = positions_of(world)
        panels = (len(even) - 1) * math.ceil(panels / (len(even) - 1))
        edges = np.unique(np.concatenate([np.linspace(0.0, 1.0, panels + 1), even, [point], graded, 1.0 - graded]))
        edges = edges[np.concatenate([[True], np.diff(edges) > 1e-15])]
        edges[-1] = 1.0
        nodes, _, _ = _rule()
        x = edges[:-1, None] + np.diff(edges)[:, None] * nodes
        slope, noise = (part.reshape(x.shape) for part in _law(world, strength, mutation, x.ravel()))
        edge_slope, edge_noise = _law(world, strength, mutation, edges)
        return cls(edges, x, slope, safe_log(noise), edge_slope[[0, -1]], safe_log(edge_noise))

    @cached_property
    def potential(self) -> tuple[FloatArray, FloatArray]:
        """The integral of 2a/b from 0, at the edges (P+1,) and at the nodes (P, NODES)."""
        _, weights, inner = _rule()
        width = np.diff(self.edges)[:, None]
        at_edges = np.concatenate([[0.0], np.cumsum((self.slope * weights * width).sum(axis=1))])
        return at_edges, at_edges[:-1, None] + width * (self.slope @ inner.T)

    def sums(self, logs: FloatArray) -> FloatArray:
        """Return the logarithm of the integral over each panel of a function given by its logarithm at the nodes."""
        _, weights, _ = _rule()
        return log_sum(logs + np.log(weights)) + np.log(np.diff(self.edges))

    def fixation(self, point: float) -> tuple[float, float, float, float]:
        """Return log probability, and log times until either, fixation and loss, from a share that is an edge."""
        _, _, inner = _rule()
        scale = -self.potential[1]
        panel = self.sums(scale)
        below = np.concatenate([[-np.inf], np.logaddexp.accumulate(panel)])
        above = np.concatenate([np.logaddexp.accumulate(panel[::-1])[::-1], [-np.inf]])
        top = scale.max(axis=1, keepdims=True)
        part = np.diff(self.edges)[:, None] * np.exp(scale - top)
        under = np.logaddexp(below[:-1, None], safe_log(np.maximum(part @ inner.T, 0.0)) + top)
        over = np.logaddexp(above[1:, None], safe_log(np.maximum(part @ (_rule()[1] - inner).T, 0.0)) + top)
        whole, place = below[-1], int(np.searchsorted(self.edges, point - 1e-15))
        speed = np.log(2.0) - self.log_noise - scale
        win, lose = below[place] - whole, above[place] - whole
        visits = speed + np.concatenate([under[:place] + lose, over[place:] + win])
        either = log_sum(self.sums(visits))
        fixed = log_sum(self.sums(visits + under - whole)) - win
        lost = log_sum(self.sums(visits + over - whole)) - lose
        return float(win), float(either), float(fixed), float(lost)

    def stationary(self, positions: FloatArray) -> tuple[FloatArray, tuple[float, float], FloatArray, float]:
        """Return the density at positions that are edges of panels, that of 0 and 1 itself, mean shares, variance."""
        at_edges, inside = self.potential
        logs = inside - self.log_noise
        edges = (at_edges - self.edge_noise)[[0, -1]] - np.log(np.abs(self.edge_slope))
        whole = log_sum(np.concatenate([self.sums(logs), edges]))
        none, all_ = np.exp(edges - whole).tolist()
        mean = float(np.exp(self.sums(logs + np.log(self.x)) - whole).sum() + all_)
        square = np.exp(self.sums(logs + 2.0 * safe_log(np.abs(self.x - mean))) - whole).sum()
        variance = float(square + none * mean**2 + all_ * (1.0 - mean) ** 2)
        places = np.searchsorted(self.edges, positions - 1e-15)
        density = np.exp(at_edges[places] - self.edge_noise[places] - whole)
        return density, (none, all_), np.array([mean, 1.0 - mean]), variance


def _law(world: Setting, strength: float, mutation: float, x: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return 2a/b and b at shares of the first strategy; 2a/b is 0 where b is."""
    flows, noises = rates(world, strength, mutation, np.stack([x, 1.0 - x], axis=1))
    drift, noise = flows[:, 1, 0] - flows[:, 0, 1], noises[:, 0, 1]
    return np.divide(2.0 * drift, noise, out=np.zeros_like(drift), where=noise > 0), noise


def _rule() -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return nodes and weights on [0, 1], and the weights of the integral from 0 to each node, (NODES, NODES)."""
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    basis = np.eye(NODES)
    rising = [np.polynomial.legendre.legval(nodes, np.polynomial.legendre.legint(row, lbnd=-1)) for row in basis]
    inner = np.array(rising).T @ np.linalg.inv(np.polynomial.legendre.legvander(nodes, NODES - 1))
    return (nodes + 1.0) / 2.0, weights / 2.0, inner / 2.0
