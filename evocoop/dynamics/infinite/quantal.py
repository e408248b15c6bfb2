"""Logit quantal response equilibria: the branch that starts at even shares, followed as noise falls."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evocoop.core.errors import InputError, NumericalError, check_number
from evocoop.dynamics.infinite.setting import FloatArray, Flow, flow
from evocoop.dynamics.infinite.two_populations import _world

LONGEST, MOST_STEPS, MOST_CHANGE = 1e5, 20_000, 0.05
LIMIT = 1e-6
PRESENT = 1e-3


@dataclass(frozen=True)
class QuantalResponse:
    """The principal branch of logit quantal response equilibria.

    Args:
        strategies: names; those of the columns after those of the rows where there are two populations.
        noise: eta along the branch, array (T,), infinite at first; it rises again between turning points.
        shares: equilibria, array (T, n); of two populations, rows and then columns.
        residuals: largest difference between shares and the logit response to them, array (T,).
        turning_points: eta where the branch turns back, array (k,).
        crossings: eta where another branch crosses it, array (l,).
        limit: where it leads as noise vanishes, array (n,).
        nash: whether ``limit`` was confirmed to be a Nash equilibrium.
        regular: whether it is isolated there, as a solution with its strategies.
        first: how many strategies belong to the rows; 0 where there is one population.
    """

    strategies: tuple[str, ...]
    noise: FloatArray
    shares: FloatArray
    residuals: FloatArray
    turning_points: FloatArray
    crossings: FloatArray
    limit: FloatArray
    nash: bool
    regular: bool
    first: int = 0

    @property
    def precision(self) -> FloatArray:
        """1/noise along the branch, from 0."""
        return np.asarray(1.0 / self.noise)

    @property
    def support(self) -> tuple[str, ...]:
        """The strategies that are present in the limit."""
        return tuple(name for name, share in zip(self.strategies, self.limit, strict=True) if share > 0.0)


def quantal_response(
    payoffs: Any, other: ArrayLike | None = None, *, noise: ArrayLike | None = None, lowest: float | None = None
) -> QuantalResponse:
    """Return the principal branch of ``x_i = exp(f_i(x)/eta) / sum_j exp(f_j(x)/eta)``.

    It starts from even shares at infinite noise and is followed in logarithms of shares by its arc length (tangent,
    then Newton's method), so that it may turn back, and on to noise of a millionth of the payoff differences, or as far
    as it can be followed: there its limit is read and confirmed.

    Args:
        payoffs: a square matrix, a game or a PayoffTable; or, with ``other``, payoffs of the rows, array (n, m).
        other: payoffs of the columns, array (n, m).
        noise: levels of eta, above 0: the branch is given at these, in the order in which it passes them (several times
            where it turns back). When left out, all steps are given.
        lowest: the least eta given among the steps; a thousandth of the payoff differences when left out.

    Raises:
        InputError: when an argument is refused.
        NumericalError: when the branch cannot be followed.

    Source: McKelvey & Palfrey 1995, Games Econ Behav 10:6; method, Turocy 2005, Games Econ Behav 51:243.

    >>> found = quantal_response([[1, 0, 0], [0, 2, 0], [0, 0, 3]], noise=[1.0])
    >>> found.shares.round(9).tolist(), found.support
    ([[0.071024088, 0.077199593, 0.851776319]], ('2',))
    """
    world = flow(payoffs) if other is None else _world(payoffs, other)
    branch = Branching(world)
    levels = None if noise is None else _levels(noise)
    least = LIMIT * 1e3 * branch.span if lowest is None else check_number("lowest", lowest, minimum=0.0, exclusive=True)
    least = max(least, 1e-9 * branch.span) if levels is None else float(levels.min())
    trace = branch.trace(branch.span / least, max(branch.span / least, 1.0 / LIMIT))
    if levels is None:
        kept = trace.rows[trace.rows[:, -1] <= branch.span / least * (1 + 1e-12)]
        kept = np.vstack([kept, *branch.passing(trace.rows, branch.span / least)])
    else:
        kept = _in_order([(row, k) for level in levels for row, k in branch.placed(trace.rows, branch.span / level)])
    shares, values = np.exp(kept[:, :-1]), kept[:, -1]
    residuals = np.array([branch.residual(row) for row in kept])
    limit, nash, regular = branch.limit(trace.rows[-1])
    with np.errstate(divide="ignore"):
        return QuantalResponse(
            world.table.strategies, branch.span / values, shares, residuals, branch.span / trace.turning,
            branch.span / trace.crossing, limit, nash, regular, world.first,
        )  # fmt: skip


def _levels(noise: ArrayLike) -> FloatArray:
    try:
        levels = np.unique(np.atleast_1d(np.array(noise, dtype=np.float64)))
    except (TypeError, ValueError):
        raise InputError("noise must be numbers above 0") from None
    if levels.ndim != 1 or not len(levels) or not np.isfinite(levels).all() or (levels <= 0).any():
        raise InputError("noise must be finite numbers above 0")
    return levels


def _in_order(found: list[tuple[FloatArray, float]]) -> FloatArray:
    return np.array([row for row, _ in sorted(found, key=lambda one: one[1])])


@dataclass(frozen=True)
class Trace:
    """Steps (logarithms of shares, then precision), and the precisions of turning points and crossings."""

    rows: FloatArray
    turning: FloatArray
    crossing: FloatArray


class Branching:
    """The equations of a game's quantal responses, with payoffs measured in units of their differences."""

    def __init__(self, world: Flow) -> None:
        values, groups, ways = world.arrays
        self.blocks = [slice(a, b) for a, b in zip(world.blocks[:-1], world.blocks[1:], strict=True)]
        parts = [values[block] for block in self.blocks]
        if world.first:
            parts = [parts[0][:, world.first :], parts[1][:, : world.first]]
        self.span = max(float((part.max(axis=0) - part.min(axis=0)).max()) for part in parts) or 1.0
        self.values, self.groups, self.ways = values / self.span, groups.astype(np.float64), ways

    def response(self, u: FloatArray, precision: float) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return logarithms of the logit response, payoffs, and payoffs' slopes by logarithms of shares."""
        chances = self.ways * np.exp(self.groups @ u)
        f, slopes = self.values @ chances, self.values @ (chances[:, None] * self.groups)
        out = np.empty_like(u)
        for block in self.blocks:
            scaled = precision * (f[block] - f[block].max())
            out[block] = scaled - np.log(np.exp(scaled).sum())
        return out, f, slopes

    def system(self, y: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return u - log response, and its slopes by u and by precision, array (n, n+1)."""
        u, precision = y[:-1], float(y[-1])
        reply, f, slopes = self.response(u, precision)
        whole = np.empty((len(u), len(y)))
        for block in self.blocks:
            p = np.exp(reply[block])
            whole[block, :-1] = -precision * (slopes[block] - p @ slopes[block])
            whole[block, -1] = p @ f[block] - f[block]
        whole[:, :-1] += np.eye(len(u))
        return u - reply, whole

    def residual(self, y: FloatArray) -> float:
        """Return the largest difference of shares from the response to them."""
        return float(np.abs(np.exp(y[:-1]) - np.exp(self.response(y[:-1], float(y[-1]))[0])).max())

    def newton(self, y: FloatArray, row: FloatArray, most: int = 8) -> tuple[FloatArray, bool]:
        """Return the equilibrium on the plane through y that ``row`` is normal to, and whether it was found."""
        here, size, target = y.copy(), np.inf, float(row @ y)
        for _ in range(most):
            miss, slopes = self.system(here)
            try:
                step = np.linalg.solve(np.vstack([slopes, row]), np.append(miss, row @ here - target))
            except np.linalg.LinAlgError:
                return here, False
            small = float(np.abs(step / (1.0 + np.abs(here))).max())
            if not np.isfinite(small) or small > 1.0 or (small > 0.5 * size and small > 1e-11):
                return here, False
            here, size = here - step, small
            if small < 1e-14:
                break
        return here, size < 1e-11

    def tangent(self, y: FloatArray, before: FloatArray) -> tuple[FloatArray, float]:
        """Return the direction of the branch, along the one before, and the sign of its bordered determinant."""
        slopes = self.system(y)[1]
        found = np.linalg.svd(slopes)[2][-1]
        found = found if found @ before > 0 else -found
        return found, float(np.linalg.slogdet(np.vstack([slopes, found]))[0])

    def trace(self, needed: float, last: float) -> Trace:
        """Follow the branch until precision ``last``, or until it is lost beyond the one that is needed."""
        n = len(self.values)
        even = np.concatenate([np.full(b.stop - b.start, -np.log(b.stop - b.start)) for b in self.blocks])
        y, before = np.append(even, 0.0), np.append(np.zeros(n), 1.0)
        before, sign = self.tangent(y, before)
        rows, turning, crossing, length = [y], [], [], 0.01
        for _ in range(MOST_STEPS):
            ahead, good = self.newton(y + length * before, before)
            if good:
                after, new = self.tangent(ahead, before)
                moved = float(np.abs(np.exp(ahead[:-1]) - np.exp(y[:-1])).max())
                good = bool(moved < MOST_CHANGE and after @ before > 0.9 and ahead[-1] >= 0.0)
            if not good:
                length *= 0.53
                if length < 1e-9 and y[-1] >= needed:
                    break
                if length < 1e-9:
                    raise NumericalError(f"the branch of quantal responses is lost at noise {self.span / y[-1]:.6g}")
                continue
            if after[-1] * before[-1] < 0:
                turning.append(self.located(y, before, length, sign, turning=True))
            if new != sign:
                crossing.append(self.located(y, before, length, sign, turning=False))
            y, before, sign = ahead, after, new
            rows.append(y)
            length = min(length * (1.3 if moved > 0.2 * MOST_CHANGE else 1.7), LONGEST)
            if y[-1] >= last:
                break
        else:
            raise NumericalError(f"the branch of quantal responses takes more than {MOST_STEPS} steps")
        return Trace(np.array(rows), np.array(turning), np.array(crossing))

    def located(self, y: FloatArray, along: FloatArray, length: float, sign: float, *, turning: bool) -> float:
        """Return the precision, within one step, at which the branch turns back or another one crosses it."""
        low, high, precision = 0.0, length, float(y[-1])
        for _ in range(40):
            middle = 0.5 * (low + high)
            here, good = self.newton(y + middle * along, along)
            if not good:
                break
            after, new = self.tangent(here, along)
            changed = after[-1] * along[-1] < 0 if turning else new != sign
            precision = float(here[-1])
            low, high = (low, middle) if changed else (middle, high)
        return precision

    def placed(self, rows: FloatArray, precision: float) -> list[tuple[FloatArray, float]]:
        """Return where the branch passes a precision, each with its place along the steps."""
        row = np.append(np.zeros(len(self.values)), 1.0)
        found: list[tuple[FloatArray, float]] = []
        for k in np.flatnonzero((rows[:-1, -1] - precision) * (rows[1:, -1] - precision) <= 0):
            reach = rows[k + 1, -1] - rows[k, -1]
            part = (precision - rows[k, -1]) / reach if reach else 0.0
            guess = rows[k] + part * (rows[k + 1] - rows[k])
            guess[-1] = precision
            here, good = self.newton(guess, row, 20)
            if not good:
                raise NumericalError(f"no quantal response was found at noise {self.span / precision:.6g}")
            if not found or np.abs(here - found[-1][0]).max() > 1e-9:
                found.append((here, k + part))
        return found

    def passing(self, rows: FloatArray, precision: float) -> list[FloatArray]:
        """Return the last point at a precision, if the branch passes it."""
        return [row for row, _ in self.placed(rows, precision)[-1:]]

    def limit(self, y: FloatArray) -> tuple[FloatArray, bool, bool]:
        """Return where the branch leads, whether that is a Nash equilibrium, and whether it is isolated."""
        x = np.where(np.exp(y[:-1]) > PRESENT, np.exp(y[:-1]), 0.0)
        here = np.flatnonzero(x)
        regular = True
        for _ in range(20):
            with np.errstate(divide="ignore"):
                chances = self.ways * np.prod(np.power(x, self.groups), axis=1)
            f = self.values @ chances
            miss, slopes = [], []
            for block in self.blocks:
                inside = [i for i in here if block.start <= i < block.stop]
                miss += [f[i] - f[inside[0]] for i in inside[1:]] + [x[block].sum() - 1.0]
                by = (self.values @ (chances[:, None] * self.groups))[:, here] / x[here]
                slopes += [by[i] - by[inside[0]] for i in inside[1:]]
                slopes.append(((here >= block.start) & (here < block.stop)).astype(np.float64))
            matrix: NDArray[np.float64] = np.array(slopes)
            step, _, rank, _ = np.linalg.lstsq(matrix, np.array(miss), rcond=1e-9)
            regular = int(rank) == len(here)
            x[here] -= step
            if (x[here] <= 0).any():
                return np.exp(y[:-1]), False, False
            if np.abs(step).max() < 1e-15:
                break
        f = self.values @ (self.ways * np.prod(np.power(x, self.groups), axis=1))
        best = [max(f[block]) - x[block] @ f[block] for block in self.blocks]
        near = float(np.abs(x - np.exp(y[:-1])).max()) < 0.01
        return x, bool(max(best) < 1e-9) and near, regular
