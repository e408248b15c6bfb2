"""The verb that holds one strategy against all others: bench."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from evocoop.cli.output import Format, print_json, print_table, wants_json

if TYPE_CHECKING:
    from evocoop.bench.card import Card


def bench(
    strategy: Annotated[str, typer.Argument(help="A strategy, or FILE:NAME for one of yours.", show_default=False)],
    against: Annotated[str | None, typer.Option(help="Compare with this strategy.", show_default=False)] = None,
    turns: Annotated[int, typer.Option(help="Turns per match.")] = 200,
    repetitions: Annotated[int, typer.Option(help="Matches per pair.")] = 10,
    noise: Annotated[float, typer.Option(help="Probability of a flipped play in the noisy tournament.")] = 0.05,
    workers: Annotated[int, typer.Option(help="Threads.")] = 1,
    seed: Annotated[int | None, typer.Option(help="Seed; a fresh one when left out.", show_default=False)] = None,
    format: Format = "table",
) -> None:
    """Give a strategy its report card: rank among all native strategies, character, partners, invasions."""
    json_wanted = wants_json(format)
    from evocoop.bench.card import compare, report_card
    from evocoop.core.errors import check_integer
    from evocoop.play.setting import seed_of

    check_integer("turns", turns, minimum=1, maximum=100_000)
    used = seed_of(seed)
    about: dict[str, Any] = {
        "turns": turns,
        "repetitions": repetitions,
        "noise": noise,
        "workers": workers,
        "seed": used,
    }
    if against is not None:
        both = compare(strategy, against, **about)
        if json_wanted:
            print_json({"strategies": [strategy, against], "measures": both, "seed": used})
        else:
            rows = [(name, f"{one:.3f}", f"{two:.3f}", f"{one - two:+.3f}") for name, (one, two) in both.items()]
            columns = ("measure", strategy, against, "difference")
            print_table(f"side by side, seed {used}", columns, rows, right=columns[1:])
        return
    card = report_card(strategy, **about)
    if json_wanted:
        print_json(asdict(card))
    else:
        _print_card(card)


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


def _named(pairs: tuple[tuple[str, float], ...]) -> str:
    return ", ".join(f"{name} {value:.2f}" for name, value in pairs)
