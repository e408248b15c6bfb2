"""The verbs that hold one strategy against others: bench, fingerprint."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from evocoop.cli.output import Format, print_json, print_table, wants_json
from evocoop.core.errors import InputError, check_integer, check_number

if TYPE_CHECKING:
    from evocoop.bench.card import Card, Comparison, Pair
    from evocoop.play import Fingerprint

Strategy = Annotated[str, typer.Argument(help="A strategy, or FILE:NAME for one of yours.", show_default=False)]
Workers = Annotated[int, typer.Option(help="Threads.")]
Seed = Annotated[int | None, typer.Option(help="Seed; a fresh one when left out.", show_default=False)]
Picture = Annotated[
    Path | None,
    typer.Option("--out", metavar="PICTURE", help="Draw the fingerprint to this .svg or .png.", show_default=False),
]


def bench(
    strategy: Strategy,
    against: Annotated[str | None, typer.Option(help="Compare with this strategy.", show_default=False)] = None,
    turns: Annotated[int, typer.Option(help="Turns per match.")] = 200,
    repetitions: Annotated[int, typer.Option(help="Matches per pair.")] = 10,
    noise: Annotated[float, typer.Option(help="Probability of a flipped play in the noisy tournament.")] = 0.05,
    quick: Annotated[
        bool, typer.Option("--quick", help="Leave out the 18 slow strategies: meet 222, not 240.")
    ] = False,
    pairs: Annotated[bool, typer.Option("--pairs", help="List every opponent, too.")] = False,
    workers: Annotated[
        int | None, typer.Option(help="Threads; all processors when left out.", show_default=False)
    ] = None,
    seed: Seed = None,
    format: Format = "table",
    out: Picture = None,
) -> None:
    """Give a strategy its report card: rank among all native strategies, character, partners, fingerprint."""
    json_wanted = wants_json(format)
    _check_picture(out)
    if against is not None and out is not None:
        raise InputError("--out draws the fingerprint of one strategy; leave out --against")
    from evocoop.bench.card import compare, field_of, report_card
    from evocoop.cli.progress import compile_beforehand, telling
    from evocoop.play.setting import seed_of

    check_integer("turns", turns, minimum=1, maximum=100_000)
    used = seed_of(seed)
    compile_beforehand([strategy, *([against] if against else ()), *field_of(None, quick)])
    about: dict[str, Any] = {
        "turns": turns,
        "repetitions": repetitions,
        "noise": noise,
        "quick": quick,
        "workers": (os.cpu_count() or 1) if workers is None else workers,
        "seed": used,
    }
    if against is not None:
        with telling("playing") as told:
            both = compare(strategy, against, told=told, **about)
        if json_wanted:
            print_json({"strategies": [strategy, against], **asdict(both), "seed": used})
        else:
            _print_comparison(both, (strategy, against), used, pairs)
        return
    with telling("playing") as told:
        card = report_card(strategy, told=told, **about)
    _draw(card.fingerprint, out)
    if json_wanted:
        print_json(asdict(card))
    else:
        _print_card(card)
        if pairs:
            _print_pairs(card.pairs, card.settings["population_size"])


def _print_comparison(both: Comparison, names: tuple[str, str], seed: int, everybody: bool) -> None:
    columns = (*names, "difference")
    rows = [_difference(name, one, two) for name, (one, two) in both.measures.items()]
    print_table(f"side by side, seed {seed}", ("measure", *columns), rows, right=columns)
    order = sorted(both.pairs, key=lambda pair: -abs(pair[0].payoff - pair[1].payoff))
    listed = both.pairs if everybody else order[:10]
    rows = [_difference(one.opponent, one.payoff, two.payoff) for one, two in listed]
    title = "payoff a turn" if everybody else "payoff a turn, where it differs most"
    print_table(title, ("opponent", *columns), rows, right=columns)


def _difference(name: str, one: float, two: float) -> tuple[str, ...]:
    return name, f"{one:.3f}", f"{two:.3f}", f"{one - two:+.3f}"


def _print_pairs(pairs: Sequence[Pair], size: int) -> None:
    columns = ("payoff a turn", "the other's", "takes over", "is taken over")
    rows = [
        (pair.opponent, f"{pair.payoff:.3f}", f"{pair.given:.3f}", f"{pair.fixation:.3f}", f"{pair.invaded:.3f}")
        for pair in pairs
    ]
    title = f"pair by pair; taking over: one among {size - 1}, 1 = by chance"
    print_table(title, ("opponent", *columns), rows, right=columns)


def _print_card(card: Card) -> None:
    rows = [("without noise", card.plain), (f"noise {card.noise:g}", card.noisy), *card.robustness.items()]
    print_table(
        f"{card.strategy} among {card.plain.players} strategies, seed {card.settings['seed']}",
        ("tournament", "rank", "95 %", "score a turn", "wins", "on top"),
        [
            (name, s.rank, f"{s.interval[0]}-{s.interval[1]}", f"{s.score:.3f}", f"{s.wins:.0f}",
             f"{s.best[0]} ({s.best[1]:.3f})")
            for name, s in rows
        ],
        right=("rank", "score a turn", "wins"),
    )  # fmt: skip
    own = card.character
    print_table(
        "character",
        ("measure", "figure"),
        [
            ("cooperates", f"{own.cooperation:.1%} of turns"),
            ("opens with cooperation", f"{own.opening:.1%} of matches"),
            ("never first to defect", f"against {own.nice:.1%} of the others"),
            ("defects after CD (retaliates)", f"{own.retaliating:.1%}"),
            ("cooperates after DD (forgives)", f"{own.forgiving:.1%}"),
            ("cooperates after CC", f"{own.steadfast:.1%}"),
            ("cooperates after its own DC", f"{own.contrite:.1%}"),
            ("payoff against itself", f"{own.self_play:.3f} a turn"),
            ("outscored most by", f"{own.exploited[0]} ({own.exploited[1]:+.3f} a turn)"),
            ("best partners", _named(card.partners["best"])),
            ("worst partners", _named(card.partners["worst"])),
            (f"invades (Moran, Z = {card.settings['population_size']})", f"{card.invades:.1%} of the others"),
            ("resists", f"{card.resists:.1%} of the others"),
            ("best invaders (1 = chance)", _named(card.invaders)),
        ],
    )
    _print_fingerprint(card.fingerprint)


def _named(pairs: tuple[tuple[str, float], ...]) -> str:
    return ", ".join(f"{name} {value:.2f}" for name, value in pairs)


def fingerprint(
    strategy: Strategy,
    probe: Annotated[str, typer.Option(help="The strategy that is mixed with chance.")] = "TitForTat",
    step: Annotated[float, typer.Option(help="Distance of points, 0.01 to 1.")] = 0.05,
    turns: Annotated[int, typer.Option(help="Turns per match; 0, with --exact, for the long run.")] = 50,
    repetitions: Annotated[int, typer.Option(help="Matches at each point.")] = 10,
    noise: Annotated[float, typer.Option(help="Probability that an action is flipped.")] = 0.0,
    exact: Annotated[
        bool, typer.Option("--exact", help="Expected payoffs of finite automata, nothing played.")
    ] = False,
    workers: Workers = 1,
    seed: Seed = None,
    format: Format = "table",
    out: Picture = None,
) -> None:
    """Give a strategy its Ashlock fingerprint: its payoffs against a probe mixed with cooperation and defection."""
    json_wanted = wants_json(format)
    _check_picture(out)
    check_number("step", step, minimum=0.01, maximum=1.0)
    check_integer("turns", turns, minimum=0 if exact else 1, maximum=100_000)
    check_integer("repetitions", repetitions, minimum=1, maximum=100_000)
    from evocoop.play import fingerprint as take

    found = take(
        strategy, probe=probe, step=step, turns=turns or None, repetitions=repetitions, noise=noise, seed=seed,
        workers=workers, exact=exact,
    )  # fmt: skip
    _draw(found, out)
    if json_wanted:
        print_json({**asdict(found), "exact": found.exact})
    else:
        _print_fingerprint(found)


def _check_picture(out: Path | None) -> None:
    if out is not None and out.suffix not in (".svg", ".png"):
        raise InputError(f"--out must end in .svg or .png, not {out.suffix!r}")


def _draw(found: Fingerprint, out: Path | None) -> None:
    if out is not None:
        from evocoop.report.fingerprints import draw

        draw(found).save(out)


def _print_fingerprint(found: Fingerprint) -> None:
    """Print payoffs at about five values of x (rows) and y (columns)."""
    last = len(found.shares) - 1
    some = sorted({round(last * quarter / 4) for quarter in range(5)})
    how = "expected" if found.exact else f"{found.repetitions} matches each, seed {found.seed}"
    columns = ["cooperates anyway, x", *(f"y = {found.shares[j]:g}" for j in some)]
    print_table(
        f"fingerprint of {found.strategy}: payoff a turn against {found.probe} that defects anyway with y ({how})",
        columns,
        [(f"{found.shares[i]:g}", *(f"{found.scores[i, j]:.2f}" for j in some)) for i in some],
        right=columns[1:],
    )
