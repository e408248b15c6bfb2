"""Which game is this payoff matrix? The taxonomy of 2×2 dilemmas, and a short account of larger ones."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np

from evocoop.core.errors import check_number
from evocoop.games.matrix import as_matrix
from evocoop.games.payoffs import FloatArray, as_payoffs

_BY_SIGNS = {
    (1, 1): "prisoner's dilemma",
    (-1, 1): "stag hunt",
    (1, -1): "snowdrift",
    (-1, -1): "harmony",
    (0, 0): "neutral",
}
_BETWEEN = {
    (0, 1): "between prisoner's dilemma and stag hunt",
    (0, -1): "between snowdrift and harmony",
    (1, 0): "between prisoner's dilemma and snowdrift",
    (-1, 0): "between stag hunt and harmony",
}


@dataclass(frozen=True, kw_only=True)
class Classification:
    """What a payoff matrix is.

    Args:
        name: for two strategies ``"prisoner's dilemma"``, ``"stag hunt"``, ``"snowdrift"``, ``"harmony"``,
            ``"deadlock"``, ``"borderline"`` (greed or fear is zero) or ``"neutral"`` (both are); for more,
            ``"dominance"``, ``"cyclic"``, ``"coordination"``, ``"neutral"`` or ``"mixed"``; ``"single strategy"``.
        subcases: finer names that also hold, such as ``"donation"``.
        inequalities: the relations that hold, in words of R, S, T and P (two strategies).
        cooperator: position of the strategy that plays the cooperator's part (two strategies).
        mixed_share: the cooperator's share at the interior rest point of the replicator dynamics, or None.
        equilibria: positions of the strategies that are symmetric Nash equilibria.
        strict: positions of those that are strict.
        explanation: one sentence.
    """

    name: str
    subcases: tuple[str, ...] = ()
    inequalities: tuple[str, ...] = ()
    cooperator: int = 0
    mixed_share: float | None = None
    equilibria: tuple[int, ...] = ()
    strict: tuple[int, ...] = ()
    explanation: str = ""

    def __str__(self) -> str:
        finer = f" ({', '.join(self.subcases)})" if self.subcases else ""
        return f"{self.name}{finer}: {self.explanation}"


def classify(payoffs: Any, *, tolerance: float = 1e-9) -> Classification:
    """Return which game a symmetric two-player payoff matrix is.

    With two strategies, *greed* ``T - R`` and *fear* ``P - S`` decide: both positive make a prisoner's dilemma (or
    deadlock, when P > R), fear alone a stag hunt, greed alone a snowdrift, neither harmony. The first strategy is
    taken for cooperation unless only the swapped reading fits (``cooperator`` says which).

    Args:
        payoffs: a matrix, two-player game or table.
        tolerance: differences below this share of the largest absolute payoff count as none.

    Raises:
        InputError: when the payoffs are no square finite matrix of a two-player game.

    >>> hunt = classify([[4, 0], [3, 3]])
    >>> hunt.name, hunt.subcases, hunt.mixed_share
    ('stag hunt', ('safe hare', 'defection is risk-dominant'), 0.75)
    >>> classify([[2, -1], [3, 0]]).subcases
    ('donation', 'alternation does not pay')
    """
    matrix = as_matrix(payoffs)
    slack = check_number("tolerance", tolerance, minimum=0.0) * max(float(np.abs(matrix).max()), 1e-300)
    equilibria, strict = _equilibria(matrix, slack)
    if len(matrix) == 2:
        return _two(matrix, slack, equilibria, strict)
    name, explanation = _many(matrix, slack, strict)
    return Classification(name=name, equilibria=equilibria, strict=strict, explanation=explanation)


def _two(matrix: FloatArray, slack: float, equilibria: tuple[int, ...], strict: tuple[int, ...]) -> Classification:
    cooperator = 0
    (r, s), (t, p) = matrix.tolist()
    greed, fear, gain = _sign(t - r, slack), _sign(p - s, slack), _sign(r - p, slack)
    if gain < 0 and not (greed >= 0 and fear >= 0):
        cooperator = 1
        (p, t), (s, r) = (r, s), (t, p)
        greed, fear, gain = _sign(t - r, slack), _sign(p - s, slack), 1
    name = _BY_SIGNS.get((greed, fear), "borderline")
    subcases = [_BETWEEN[greed, fear]] if name == "borderline" else []
    if gain < 0:
        subcases = [between.replace("prisoner's dilemma", "deadlock") for between in subcases]
    if name == "prisoner's dilemma" and gain <= 0:
        name = "deadlock" if gain < 0 else "borderline"
        subcases += ["mutual defection pays as much as mutual cooperation"] if gain == 0 else []
    subcases += _subcases(name, r, s, t, p, slack)
    interior = name in ("stag hunt", "snowdrift")
    return Classification(
        name=name,
        subcases=tuple(subcases),
        inequalities=_inequalities({"R": r, "S": s, "T": t, "P": p}, slack),
        cooperator=cooperator,
        mixed_share=(p - s) / ((r - t) + (p - s)) if interior else None,
        equilibria=equilibria,
        strict=strict,
        explanation=_EXPLANATIONS[name],
    )


_EXPLANATIONS = {
    "prisoner's dilemma": "defection is the better reply to both, yet both would gain from cooperating.",
    "stag hunt": "each strategy is the best reply to itself; cooperation pays most but trusts the other.",
    "snowdrift": "each strategy is the better reply to the other, so both persist.",
    "harmony": "cooperation is the better reply to both.",
    "deadlock": "defection is the better reply to both, and mutual defection pays more than mutual cooperation.",
    "borderline": "a tie between payoffs puts it on the border of two games.",
    "neutral": "whatever the other does, both strategies earn the same.",
}


def _subcases(name: str, r: float, s: float, t: float, p: float, slack: float) -> list[str]:
    found = []
    equal_gains = _sign((t - r) - (p - s), slack) == 0
    if name == "prisoner's dilemma" and equal_gains:
        found.append("donation")
    if name == "prisoner's dilemma":
        pays = _sign(t + s - 2 * r, slack) > 0
        found.append("alternation pays" if pays else "alternation does not pay")
    if name == "borderline" and _sign(p - s, slack) == 0 and _sign(t - r, slack) > 0 and _sign(r - p, slack) > 0:
        found.append("weak prisoner's dilemma")
    if name == "stag hunt":
        found += _coordination(r, s, t, p, slack)
    if name == "snowdrift":
        found += _anti_coordination(r, s, t, p, slack)
    return found


def _coordination(r: float, s: float, t: float, p: float, slack: float) -> list[str]:
    order = _sign((r + s) - (t + p), slack)
    risk = {1: "cooperation is risk-dominant", 0: "equal risk", -1: "defection is risk-dominant"}[order]
    if _sign(t - s, slack) == 0 and _sign(r - p, slack) == 0:
        return ["pure coordination", risk]
    if _sign(t - p, slack) == 0:
        return ["safe hare", risk]
    return ["hi-lo", risk] if _sign(t - s, slack) == 0 else [risk]


def _anti_coordination(r: float, s: float, t: float, p: float, slack: float) -> list[str]:
    if _sign(s - r, slack) > 0:
        return ["hero" if _sign(s - t, slack) > 0 else "leader"]
    found = ["chicken"] if _sign(r - s, slack) > 0 and _sign(s - p, slack) > 0 else []
    return [*found, "shared work"] if _sign(2 * r - t - s, slack) == 0 else found


def _inequalities(payoffs: dict[str, float], slack: float) -> tuple[str, ...]:
    r, s, t, p = (payoffs[key] for key in "RSTP")
    ordered = sorted(payoffs, key=lambda key: (-payoffs[key], "TRPS".index(key)))
    chain = ordered[0]
    for above, below in itertools.pairwise(ordered):
        chain += f" {'>' if _sign(payoffs[above] - payoffs[below], slack) > 0 else '='} {below}"
    said = [chain]
    for left, right, value in (("2R", "T + S", 2 * r - t - s), ("R + S", "T + P", r + s - t - p)):
        said.append(f"{left} {'<=>'[_sign(value, slack) + 1]} {right}")
    return tuple(said)


def _equilibria(matrix: FloatArray, slack: float) -> tuple[tuple[int, ...], tuple[int, ...]]:
    own = np.diag(matrix)
    lead = own - matrix
    np.fill_diagonal(lead, np.inf)
    weak = (lead >= -slack).all(axis=0)
    strict = (lead > slack).all(axis=0)
    return tuple(map(int, np.flatnonzero(weak))), tuple(map(int, np.flatnonzero(strict)))


def _many(matrix: FloatArray, slack: float, strict: tuple[int, ...]) -> tuple[str, str]:
    n = len(matrix)
    if n == 1:
        return "single strategy", "there is nothing to choose between."
    if np.ptp(matrix, axis=0).max() <= slack:
        return "neutral", "whatever the other does, all strategies earn the same."
    lead = matrix[:, None, :] - matrix[None, :, :]
    dominates = (lead > slack).all(axis=2)
    best = np.flatnonzero(dominates.sum(axis=1) == n - 1)
    if best.size:
        return "dominance", f"strategy {int(best[0])} is the strictly best reply to every strategy."
    if len(strict) == n:
        return "coordination", "every strategy is the strict best reply to itself."
    if n == 3 and _cyclic(matrix, slack):
        return (
            "cyclic",
            "each strategy invades one of the others and is invaded by the third, as in rock-paper-scissors.",
        )
    return "mixed", f"{len(strict)} of {n} strategies are strict equilibria; none dominates all others."


def _cyclic(matrix: FloatArray, slack: float) -> bool:
    beats = [
        [matrix[i, j] > matrix[j, j] + slack and matrix[i, i] > matrix[j, i] + slack for j in range(3)]
        for i in range(3)
    ]
    return any(beats[a][b] and beats[b][c] and beats[c][a] for a, b, c in ((0, 1, 2), (0, 2, 1)))


def _sign(value: float, slack: float) -> int:
    return 0 if abs(value) <= slack else (1 if value > 0 else -1)


def risk_dominance(payoffs: Any, first: str | int, second: str | int) -> float:
    """Return by how much one strategy is risk-dominant over another: above 0, a rare mutant of it is favoured.

    ``sum_k pi_A(k) - sum_k pi_B(k)`` over all compositions of a co-player group of the two; with two players
    ``a + b - c - d``. In large populations under weak selection its sign says which of the two fixes more easily.

    Args:
        payoffs: a game, a PayoffTable or a matrix.
        first: the strategy A, by name or position.
        second: the strategy B.

    Raises:
        InputError: when a strategy is unknown.

    Source: Nowak, Sasaki, Taylor & Fudenberg 2004, Nature 428:646; for groups Kurokawa & Ihara 2009, Proc R Soc B
    276:1379.

    >>> risk_dominance([[4, 0], [3, 3]], 0, 1)
    -2.0
    """
    table = as_payoffs(payoffs).payoff_table([first, second])
    return float(table.values[0].sum() - table.values[1].sum())
