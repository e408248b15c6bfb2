"""Fixation of a single mutant: probabilities and times."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from evocoop.bench.laws.record import Law
from evocoop.dynamics import fixation_probability, fixation_time

PRISONERS_DILEMMA = ((1.0, -0.5), (1.5, 0.0))
STAG_HUNT = ((4.0, 0.0), (3.0, 3.0))
HAWK_DOVE = ((-0.5, 2.0), (0.0, 1.0))

MORAN = "Moran 1958, Proc Camb Phil Soc 54:60; Lieberman, Hauert & Nowak 2005, Nature 433:312"
TIMES = "Altrock & Traulsen 2009, New J Phys 11:013012"
FERMI = "Traulsen, Nowak & Pacheco 2006, Phys Rev E 74:011909, closed form of the Fermi process"
ONE_THIRD = "Nowak, Sasaki, Taylor & Fudenberg 2004, Nature 428:646"


def _moran(population_size: int, fitness: float) -> float:
    game = ((fitness, fitness), (1.0, 1.0))
    return fixation_probability(
        game, population_size=population_size, selection_strength=1.0, process="moran", mutant=0, resident=1
    )


def _fermi(game: object, population_size: int, beta: float, mutant: int, log: bool = False) -> float:
    return fixation_probability(
        game, population_size=population_size, selection_strength=beta, mutant=mutant, resident=1 - mutant, log=log
    )


def _time(game: object, population_size: int, strength: float, process: str, kind: str) -> float:
    times = fixation_time(
        game, population_size=population_size, selection_strength=strength, process=process, mutant=0, resident=1
    )
    return float(getattr(times, kind))


def _scaled(a: float, b: float, c: float, d: float, population_size: int, strength: float) -> float:
    rho = fixation_probability(
        ((a, b), (c, d)),
        population_size=population_size,
        selection_strength=strength,
        process="moran",
        mutant=0,
        resident=1,
    )
    return population_size * rho


def _constant_selection() -> list[Law]:
    rows = (
        (10, 1.1, 0.147950358984),
        (100, 1.1, 0.0909156882711),
        (100, 1.01, 0.0157086565598),
        (100, 0.9, 2.95134493492e-6),
        (10, 2.0, 0.500488758553),
    )
    return [
        Law("fixation", f"Moran: rho = (1-1/r)/(1-r^-N), N={n}, r={r}", MORAN, rho, partial(_moran, n, r))
        for n, r, rho in rows
    ]


def _two_strategies() -> list[Law]:
    rows = (
        ("prisoner's dilemma", PRISONERS_DILEMMA, 100, 0.01, 0, 0.007664145344),
        ("prisoner's dilemma", PRISONERS_DILEMMA, 100, 0.1, 0, 0.000307905125),
        ("prisoner's dilemma", PRISONERS_DILEMMA, 100, 0.1, 1, 0.05050318587),
        ("prisoner's dilemma", PRISONERS_DILEMMA, 100, 1.0, 0, 2.856566439e-23),
        ("prisoner's dilemma", PRISONERS_DILEMMA, 50, 0.1, 0, 0.004129151558),
        ("stag hunt", STAG_HUNT, 100, 0.01, 0, 0.004147035686),
        ("stag hunt", STAG_HUNT, 100, 0.1, 1, 0.008204225653),
        ("stag hunt", STAG_HUNT, 100, 1.0, 0, 7.602204511e-51),
        ("stag hunt", STAG_HUNT, 100, 2.0, 0, 1.019228e-99),
        ("hawk-dove", HAWK_DOVE, 100, 0.1, 0, 0.07093302732),
        ("hawk-dove", HAWK_DOVE, 100, 1.0, 1, 1.960028683e-12),
    )
    return [
        Law(
            "fixation",
            f"Fermi, {name}, Z={z}, beta={beta:g}: one {'AB'[mutant]} fixates in {'BA'[mutant]}",
            FERMI,
            rho,
            partial(_fermi, game, z, beta, mutant),
            5e-7 if rho < 1e-90 else 2e-9,
        )
        for name, game, z, beta, mutant, rho in rows
    ]


def _ratio_law() -> Law:
    """ln(rho_A/rho_B) = beta * sum_j (f_A(j) - f_B(j)), here for the prisoner's dilemma at Z = 100, beta = 1."""
    population_size, ((a, b), (c, d)) = 100, PRISONERS_DILEMMA
    total = sum(
        (a * (j - 1) + b * (population_size - j) - c * j - d * (population_size - j - 1)) / (population_size - 1)
        for j in range(1, population_size)
    )

    def figure() -> float:
        logs = [_fermi(PRISONERS_DILEMMA, population_size, 1.0, mutant, log=True) for mutant in (0, 1)]
        return logs[0] - logs[1]

    return Law(
        "fixation", "ln(rho_A/rho_B) = beta sum(f_A - f_B), prisoner's dilemma, Z=100, beta=1", FERMI, total, figure
    )


def _one_third_law() -> list[Law]:
    rows = (
        (0.45, 100, 1e-4, 1.00006283051),
        (0.45, 1000, 1e-4, 1.00151812531),
        (0.45, 100, 1e-2, 1.00150363601),
        (0.55, 100, 1e-4, 0.999736265257),
        (0.55, 1000, 1e-4, 0.99820007249),
        (0.55, 100, 1e-2, 0.969936861897),
    )
    return [
        Law(
            "fixation",
            f"one-third law: x*={'0.310 < 1/3' if d < 0.5 else '0.355 > 1/3'}, N={n}, w={w:g}: N rho "
            f"{'above' if d < 0.5 else 'below'} 1",
            ONE_THIRD,
            value,
            partial(_scaled, 3.0, 0.0, 2.0, d, n, w),
        )
        for d, n, w, value in rows
    ]


def _times() -> list[Law]:
    neutral, better = ((1.0, 1.0), (1.0, 1.0)), ((1.1, 1.1), (1.0, 1.0))
    rows: tuple[tuple[str, object, str, str, float], ...] = (
        ("neutral Moran, N=20, unconditional: N H(N-1)", neutral, "moran", "unconditional", 70.9547931429),
        ("neutral Moran, N=20, conditional: N(N-1)", neutral, "moran", "conditional", 380.0),
        ("neutral Fermi, N=20, unconditional: 2(N-1) H(N-1)", neutral, "pairwise", "unconditional", 134.814106971),
        ("neutral Fermi, N=20, conditional: 2(N-1)^2", neutral, "pairwise", "conditional", 722.0),
        ("Moran r=1.1, N=20, unconditional", better, "moran", "unconditional", 82.7453084242),
        ("Moran r=1.1, N=20, conditional", better, "moran", "conditional", 361.70412827),
    )
    compute: Callable[..., float] = _time
    return [
        Law("fixation", f"fixation time in steps, {what}", TIMES, value, partial(compute, game, 20, 1.0, process, kind))
        for what, game, process, kind, value in rows
    ]


def _neutral() -> Law:
    return Law(
        "fixation",
        "a neutral mutant fixates with probability 1/Z under any strength of selection (Z=37, beta=5)",
        FERMI,
        1 / 37,
        partial(_fermi, ((1.0, 1.0), (1.0, 1.0)), 37, 5.0, 0),
        1e-13,
    )


def _wright_fisher() -> Law:
    game = ((1.02, 1.02), (1.0, 1.0))
    return Law(
        "fixation",
        "Wright-Fisher, haploid, N=50, s=0.02, exact linear solve (Kimura's diffusion gives 0.0453477)",
        "Kimura 1962, Genetics 47:713",
        0.0450933321897,
        lambda: fixation_probability(
            game, population_size=50, selection_strength=1.0, process="wright_fisher", mutant=0, resident=1
        ),
    )


LAWS = (
    *_constant_selection(),
    _neutral(),
    *_two_strategies(),
    _ratio_law(),
    *_one_third_law(),
    *_times(),
    _wright_fisher(),
)
