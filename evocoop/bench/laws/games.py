"""N-person games: critical values, rest points, and payoffs in finite populations."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from evocoop.bench.laws.record import Law
from evocoop.dynamics import fixation_probability, gradient_of_selection, rest_points
from evocoop.games import CollectiveRiskDilemma, CoordinatedHunt, NPersonSnowdrift, NPersonStagHunt, PublicGoods

HUNT = "Pacheco, Santos, Souza & Skyrms 2009, Proc R Soc B 276:315"
SNOWDRIFT = "Souza, Pacheco & Santos 2009, J Theor Biol 260:581; Zheng et al. 2007, EPL 80:18002"
RISK = "Santos & Pacheco 2011, PNAS 108:10421"


def interior(game: Any) -> list[float]:
    """Return the first strategy's share at every interior rest point, ascending."""
    shares = (float(point.shares[0]) for point in rest_points(game).points)
    return sorted(share for share in shares if 1e-12 < share < 1 - 1e-12)


def _root(game: Any, which: int) -> float:
    return interior(game)[which]


def _stag(group_size: int, threshold: int, multiplier: float) -> NPersonStagHunt:
    return NPersonStagHunt(group_size=group_size, threshold=threshold, multiplier=multiplier, cost=1.0)


def _snowdrift(group_size: int, threshold: int, ratio: float) -> NPersonSnowdrift:
    return NPersonSnowdrift(group_size=group_size, threshold=threshold, benefit=1.0, cost=ratio)


def _risky(group_size: int, threshold: int, risk: float) -> CollectiveRiskDilemma:
    return CollectiveRiskDilemma(group_size=group_size, threshold=threshold, risk=risk, contribution=0.1)


Build = Callable[[int, int, float], Any]


def _roots(
    build: Build, what: str, citation: str, rows: tuple[tuple[int, int, float, tuple[float, ...]], ...]
) -> list[Law]:
    return [
        Law("games", f"{what}, N={n}, M={m}, {value:g}: interior rest point {k + 1} of {len(roots)}", citation, root,
            partial(_root, build(n, m, value), k), 6e-7 / root if len(str(root)) < 10 else 1e-9)
        for n, m, value, roots in rows
        for k, root in enumerate(roots)
    ]  # fmt: skip


STAG_ROOTS = (
    (5, 3, 4.0, (0.412116223447, 0.81550624422)),
    (6, 3, 4.5, (0.388605597213, 0.632057890873)),
    (10, 5, 8.0, (0.346798022721, 0.706795369432)),
    (20, 10, 12.0, (0.401490359029, 0.616876455161)),
    (10, 5, 12.0, (0.281208918663,)),
    (10, 10, 8.0, (0.793700525984,)),
)
SNOWDRIFT_ROOTS = (
    (2, 1, 0.5, (0.666666666667,)),
    (5, 3, 0.5, (0.210154, 0.830627)),
    (5, 2, 0.3, (0.042581, 0.684656)),
)
RISK_ROOTS = (
    (6, 3, 0.3, (0.342266628076, 0.459652398828)),
    (6, 3, 0.9, (0.129867569277, 0.722988124522)),
    (4, 2, 0.5, (0.078510547023, 0.688921957892)),
)


def _critical() -> list[Law]:
    rows = (
        (4, 2, 3.2),
        (5, 3, 3.30687830688),
        (10, 5, 5.77878103837),
        (20, 10, 8.84184821287),
        (20, 15, 5.71364649054),
    )
    return [
        Law("games", f"N-person stag hunt, N={n}, M={m}: critical multiplier F* below which nobody hunts", HUNT, value,
            lambda n=n, m=m: float(_stag(n, m, 2.0).critical_multiplier), 1e-11)  # type: ignore[misc]
        for n, m, value in rows
    ]  # fmt: skip


def _finite() -> list[Law]:
    game = _stag(5, 3, 4.0)

    def gradient(count: int) -> float:
        return float(gradient_of_selection(game, population_size=100, selection_strength=1.0)[count])

    def fixes(mutant: str, resident: str, beta: float) -> float:
        return fixation_probability(
            game, population_size=100, selection_strength=beta, mutant=mutant, resident=resident
        )

    laws = [
        Law("games", f"N-person stag hunt, N=5, M=3, F=4, Z=100: gradient of selection at k={k}", HUNT, value,
            partial(gradient, k), 5e-9)
        for k, value in ((25, -0.0450954733), (50, 0.0148087393), (75, 0.00472806811))
    ]  # fmt: skip
    return laws + [
        Law("games", f"N-person stag hunt, Z=100, beta={beta:g}: one {m} fixates in {r}", HUNT, value,
            partial(fixes, m, r, beta), 5e-9)
        for m, r, beta, value in (("C", "D", 0.1, 0.00131435955), ("C", "D", 1.0, 1.863716606e-12),
                                  ("D", "C", 0.1, 0.01310966196))
    ]  # fmt: skip


def _hunts() -> list[Law]:
    def own_hunt(group_size: int, threshold: int) -> float:
        """Hunters-only spoils b = 4 each, c = h = 1."""
        game = CoordinatedHunt(
            group_size=group_size, threshold=threshold, prey_per_hunter=4.0, cost=1.0, hare=1.0,
            minds=("Hunter", "Hare"),
        )  # fmt: skip
        return _root(game, 0)

    rows = ((2, 2, 0.5), (5, 5, 0.840896), (5, 2, 0.159104), (5, 3, 0.385728), (10, 5, 0.393085))
    return [
        Law("games", f"hunters-only spoils, N={n}, M={m}: P(Bin(N-1,x) >= M-1) = (c+h)/b", "closed form", value,
            partial(own_hunt, n, m), 6e-7 / value)
        for n, m, value in rows
    ]  # fmt: skip


def _public_goods() -> Law:
    """Linear public goods: f_C - f_D = c (r/N - 1), whatever the others do."""
    game = PublicGoods(group_size=5, multiplier=3.0, cost=1.0)

    def advantage() -> float:
        values = game.payoff_table().values
        return float(np.mean(values[0] - values[1]))

    return Law(
        "games", "linear public goods, N=5, r=3: f_C - f_D = c(r/N - 1)", "Hamburger 1973", -0.4, advantage, 1e-12
    )


LAWS = (
    *_critical(),
    *_roots(_stag, "N-person stag hunt, F", HUNT, STAG_ROOTS),
    *_roots(_snowdrift, "N-person snowdrift, c/b", SNOWDRIFT, SNOWDRIFT_ROOTS),
    *_roots(_risky, "collective risk, c=0.1, r", RISK, RISK_ROOTS),
    *_finite(),
    *_hunts(),
    _public_goods(),
)
