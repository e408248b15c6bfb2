"""Long-run behaviour: small-mutation limits and stationary distributions of the full chain."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import Any

import numpy as np

from evocoop.bench.laws.coexistence import COEXISTENCE
from evocoop.bench.laws.record import Law
from evocoop.dynamics import small_mutation_limit, stationary_distribution
from evocoop.games import CollectiveRiskDilemma, Commitment, PrePlaySignals, QuorumSignalling

IMHOF = "Imhof, Fudenberg & Nowak 2005, PNAS 102:10797 (T=5, R=3, P=1, S=0.1, 10 rounds, complexity cost 0.8)"
COMMITMENT = "Han, Pereira, Santos & Lenaerts 2013, Sci Rep 3:2695"
QUORUM = "Pacheco, Vasconcelos, Santos & Skyrms 2015, PLoS Comput Biol 11:e1004101"
SIGNALS = "Santos, Pacheco & Skyrms 2011, J Theor Biol 274:30"
RISK = "Santos & Pacheco 2011, PNAS 108:10421"
ROCK_PAPER_SCISSORS = ((0.0, -1.0, 1.0), (1.0, 0.0, -1.0), (-1.0, 1.0, 0.0))
IMHOF_MATRIX = np.array([[30, 1, 30], [50, 10, 14], [29.2, 8.3, 29.2]])


def _share(payoffs: Any, position: int, **options: Any) -> float:
    return float(small_mutation_limit(payoffs, **options).prevalence[position])


def _reciprocity() -> list[Law]:
    moran = {"process": "moran", "selection_strength": 1.0}
    rows: tuple[tuple[str, Any, dict[str, Any], int, float], ...] = (
        ("Moran, N=20", IMHOF_MATRIX, {"population_size": 20, **moran}, 2, 0.5709923),
        ("Moran, N=50", IMHOF_MATRIX, {"population_size": 50, **moran}, 2, 0.535735843),
        ("Moran, N=100", IMHOF_MATRIX, {"population_size": 100, **moran}, 1, 0.577608786),
        ("Fermi, Z=50", IMHOF_MATRIX / 10, {"population_size": 50, "selection_strength": 0.1}, 2, 0.55496947),
        ("Fermi, Z=100", IMHOF_MATRIX / 10, {"population_size": 100, "selection_strength": 0.1}, 2, 0.583977581),
    )
    names = ("ALLC", "ALLD", "TFT")
    return [
        Law("long_run", f"ALLC, ALLD, TFT, {how}: share of {names[i]}", IMHOF, value,
            partial(_share, matrix, i, **options), 2e-8)
        for how, matrix, options, i, value in rows
    ]  # fmt: skip


def _commitment() -> list[Law]:
    rows = (
        (0.1, 0.05, 4.0, 0, 0.81391081),
        (0.1, 0.25, 4.0, 0, 0.68234873),
        (0.1, 0.25, 1.0, 3, 0.43663989),
        (0.1, 0.05, 0.0, 3, 0.6375),
        (1.0, 0.7, 4.0, 4, 0.7477),
        (1.0, 0.05, 1.5, 0, 0.8427),
    )
    names = ("COMP", "C", "D", "FAKE", "FREE")
    return [
        Law(
            "long_run",
            f"commitment in the prisoner's dilemma, eps={eps:g}, delta={delta:g}, beta={beta:g}: share of {names[i]}",
            COMMITMENT,
            value,
            partial(
                _share,
                Commitment(proposal_cost=eps, compensation=delta),
                i,
                population_size=100,
                selection_strength=beta,
            ),
            2e-8 if len(str(value)) > 8 else 1e-4,
        )
        for beta, eps, delta, i, value in rows
    ]


def _quorum() -> list[Law]:
    def share(signal_cost: float) -> float:
        game = QuorumSignalling(
            group_size=9,
            threshold=5,
            multiplier=10.0,
            cost=0.5,
            signal_cost=signal_cost,
            state_probability=0.5,
            quorum=5,
        )
        result = small_mutation_limit(game, population_size=100, selection_strength=5.0)
        return float(result.prevalence[game.strategies.index("10|01")])

    rows = ((0.01, 0.996, 5e-4), (0.22, 0.9956, 5e-5), (0.24, 0.6786, 1e-4), (0.25, 0.170, 3e-3), (0.3, 0.0, 5e-4))
    return [
        Law("long_run", f"quorum signalling, signal cost {cost:g}: share of the signalling system 10|01", QUORUM,
            value, partial(share, cost), tolerance)
        for cost, value, tolerance in rows
    ]  # fmt: skip


def _signals() -> list[Law]:
    def cooperation(payoffs: tuple[tuple[float, float], tuple[float, float]], beta: float, signals: int) -> float:
        game = PrePlaySignals(signals=signals, payoffs=payoffs)
        result = small_mutation_limit(game, population_size=150, selection_strength=beta)
        return float(result.prevalence @ game.self_cooperation())

    stag, dilemma = ((1.0, -0.5), (0.5, 0.0)), ((1.0, -0.2), (1.2, 0.0))
    rows = (
        ("stag hunt", stag, 0.1, 1, 0.475020813),
        ("stag hunt", stag, 0.1, 2, 0.903362968),
        ("stag hunt", stag, 0.1, 3, 0.951425458),
        ("stag hunt", stag, 1.0, 1, float(1 / (1 + np.e))),
        ("prisoner's dilemma", dilemma, 0.1, 2, 0.438064221),
        ("prisoner's dilemma", dilemma, 1.0, 3, 0.370651847),
    )
    return [
        Law("long_run", f"pre-play signals, {name}, beta={beta:g}, {signals} signal(s): cooperative acts", SIGNALS,
            value, partial(cooperation, matrix, beta, signals), 5e-8)
        for name, matrix, beta, signals, value in rows
    ]  # fmt: skip


def _risk() -> list[Law]:
    @lru_cache(maxsize=8)
    def chain(population_size: int, risk: float, mutation: float) -> Any:
        game = CollectiveRiskDilemma(group_size=6, threshold=3, risk=risk, contribution=0.1)
        return stationary_distribution(
            game, population_size=population_size, selection_strength=5.0, mutation=mutation
        ).probabilities

    def mean(population_size: int, risk: float, mutation: float) -> float:
        return float(chain(population_size, risk, mutation) @ np.arange(population_size + 1) / population_size)

    def end(population_size: int, risk: float, mutation: float, count: int) -> float:
        return float(chain(population_size, risk, mutation)[count])

    means = (
        (50, 0.2, 0.02, 0.1082396782),
        (50, 0.7, 0.02, 0.6575406259),
        (50, 0.9, 0.005, 0.7124776234),
        (100, 0.7, 0.01, 0.6733328456),
        (100, 0.9, 0.01, 0.7078705319),
    )
    laws = [
        Law("long_run", f"collective risk, N=6, M=3, c=0.1, Z={z}, r={r:g}, mu={mu:g}: mean cooperation", RISK,
            value, partial(mean, z, r, mu))
        for z, r, mu, value in means
    ]  # fmt: skip
    tails = ((50, 0.2, 0.02, 50, 2.96039152e-8), (100, 0.9, 0.01, 0, 1.74369936e-16))
    return laws + [
        Law("long_run", f"collective risk, Z={z}, r={r:g}, mu={mu:g}: time with {k} cooperators", RISK,
            value, partial(end, z, r, mu, k), 1e-8)
        for z, r, mu, k, value in tails
    ]  # fmt: skip


def _chains() -> list[Law]:
    def corner() -> float:
        result = stationary_distribution(ROCK_PAPER_SCISSORS, population_size=50, selection_strength=1.0, mutation=0.01)
        alone = result.states.max(axis=1) == 50
        return float(result.probabilities[alone].sum())

    return [
        Law("long_run", "rock-paper-scissors, Z=50, beta=1, mu=0.01 (1326 states): time in monomorphic states",
            "exact sparse solve of the pairwise-comparison chain", 0.0491862168, corner, 5e-9),
        Law("long_run", "stag hunt (4,0;3,3), Z=100, beta=2: share of stag hunters (rates down to 1e-99)",
            "Fudenberg & Imhof 2006, J Econ Theory 131:251, on the Fermi process", 1.019228e-99 / 5.441977024e-12,
            partial(_share, ((4.0, 0.0), (3.0, 3.0)), 0, population_size=100, selection_strength=2.0), 1e-6),
    ]  # fmt: skip


LAWS = (*_reciprocity(), *_commitment(), *_quorum(), *_signals(), *_risk(), *_chains(), *COEXISTENCE)
