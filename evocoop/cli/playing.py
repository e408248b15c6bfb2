"""The verbs that play: tournament, match."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from evocoop.cli.guard import say
from evocoop.cli.output import Format, print_json, print_table, print_text, wants_json
from evocoop.core.errors import InputError, check_integer, check_probability

Turns = Annotated[int, typer.Option(help="Turns per match.")]
Noise = Annotated[float, typer.Option(help="Probability that an action is flipped.")]
Seed = Annotated[int | None, typer.Option(help="Seed; a fresh one, which is told, when left out.", show_default=False)]

ProbEnd = Annotated[
    float | None, typer.Option(help="Probability that a match ends after each turn.", show_default=False)
]
GameText = Annotated[
    str | None,
    typer.Option("--game", metavar="R,S,T,P", help="Payoffs; 3,0,5,1 when left out.", show_default=False),
]

MOST_TURNS = 1_000_000
MOST_WORK = 2e10
MOST_LENGTHS = 2_000_000


def match(
    first: Annotated[str, typer.Argument(metavar="A", help="A strategy, such as TitForTat.", show_default=False)],
    second: Annotated[str, typer.Argument(metavar="B", help="The other, such as 'Random(0.5)'.", show_default=False)],
    turns: Turns = 200,
    seed: Seed = None,
    noise: Noise = 0.0,
    prob_end: ProbEnd = None,
    game: GameText = None,
    format: Format = "table",
) -> None:
    """Play one match and print what both did."""
    json_wanted = wants_json(format)
    check_integer("turns", turns, minimum=1, maximum=MOST_TURNS)
    check_probability("noise", noise)
    used = _seed(seed)
    from evocoop.play import match as play

    result = play(first, second, turns=turns, seed=used, noise=noise, prob_end=prob_end, game=_payoffs(game))
    players, sequences, scores = _match_parts(result)
    if json_wanted:
        print_json({"players": players, "sequences": sequences, "scores": scores, "seed": used})
        return
    for player, sequence, score in zip(players, sequences, scores, strict=True):
        print_text(f"{player}: {score:g}\n{sequence}")
    print_text(f"seed {used}")


def _match_parts(result: Any) -> tuple[list[str], list[str], list[float]]:
    return list(result.players), list(result.sequences), [float(score) for score in result.scores]


def tournament(
    names: Annotated[list[str], typer.Argument(metavar="NAME…", help="Two or more strategies.", show_default=False)],
    turns: Turns = 200,
    repetitions: Annotated[int, typer.Option(help="Matches per pair.")] = 10,
    noise: Noise = 0.0,
    prob_end: ProbEnd = None,
    game: GameText = None,
    exact: Annotated[bool, typer.Option("--exact", help="Tell expected payoffs of finite automata, too.")] = False,
    leave_out: Annotated[
        bool, typer.Option("--leave-out", help="Go on without a strategy that does not work.")
    ] = False,
    workers: Annotated[int, typer.Option(help="Threads.")] = 1,
    seed: Seed = None,
    format: Format = "table",
) -> None:
    """Play everybody against everybody and rank them."""
    json_wanted = wants_json(format)
    check_integer("turns", turns, minimum=1, maximum=MOST_TURNS)
    check_integer("repetitions", repetitions, minimum=1, maximum=100_000)
    check_probability("noise", noise)
    if prob_end is not None:
        check_probability("prob_end", prob_end)
    if len(names) < 2:
        raise InputError("a tournament takes at least two strategies")
    if len(names) ** 2 / 2 * turns * repetitions > MOST_WORK:
        raise InputError(
            f"{len(names)} strategies × {turns} turns × {repetitions} repetitions is too much for one call"
        )
    used = _seed(seed)
    from evocoop.cli.progress import compile_beforehand
    from evocoop.play import tournament as play

    compile_beforehand(names)
    result = play(
        names, turns=turns, repetitions=repetitions, noise=noise, prob_end=prob_end, game=_payoffs(game), exact=exact,
        workers=workers, on_error="leave out" if leave_out else "raise", seed=used,
    )  # fmt: skip
    if json_wanted:
        print_json({**_results(result), **_expected(result), "seed": used})
        return
    rows = [
        (rank, result.players[i], f"{_median(result.normalised_scores[i]):.3f}", _median(result.wins[i]))
        for rank, i in enumerate(result.ranking, start=1)
    ]
    print_table(f"{len(rows)} strategies, seed {used}", ("rank", "strategy", "score a turn", "wins"), rows)
    if exact:
        _print_expected(result)


def _payoffs(text: str | None) -> list[float] | None:
    """Return the four payoffs of a text such as 3,0,5,1."""
    if text is None:
        return None
    try:
        payoffs = [float(part) for part in text.split(",")]
    except ValueError:
        payoffs = []
    if len(payoffs) != 4:
        raise InputError(f"--game must be four payoffs R,S,T,P such as 3,0,5,1, not {text!r}")
    return payoffs


def _expected(result: Any) -> dict[str, Any]:
    """Return expected payoffs per turn of each against each, None where they are not known."""
    if result.expected is None:
        return {}
    rows = result.expected[:, :, 0].tolist()
    return {"expected_payoffs": [[None if value != value else value for value in row] for row in rows]}


def _print_expected(result: Any) -> None:
    known = _expected(result)["expected_payoffs"]
    pairs = [(i, j) for i in range(len(known)) for j in range(len(known)) if known[i][j] is not None]
    rows = [(result.players[i], result.players[j], f"{known[i][j]:.6f}") for i, j in pairs]
    print_table("expected payoffs of finite automata", ("strategy", "against", "payoff a turn"), rows)


_KEYS = (
    "players",
    "ranked_names",
    "ranking",
    "scores",
    "normalised_scores",
    "wins",
    "payoff_matrix",
    "payoff_stddevs",
    "match_lengths",
    "cooperating_rating",
    "cooperation",
)


def _results(result: Any) -> dict[str, Any]:
    """Return a tournament's results under the Axelrod library's names; what would fill the memory is left out."""
    keys = list(_KEYS)
    if len(result.players) ** 2 * result.repetitions > MOST_LENGTHS:
        keys.remove("match_lengths")
        say(f"match_lengths are left out: there are more than {MOST_LENGTHS}")
    return {key: value for key in keys if (value := getattr(result, key, None)) is not None}


def _median(values: Any) -> float:
    import statistics

    return float(statistics.median(values))


def _seed(seed: int | None) -> int:
    if seed is not None:
        return check_integer("seed", seed, minimum=0, maximum=2**32 - 1)
    import secrets

    return secrets.randbelow(2**31)
