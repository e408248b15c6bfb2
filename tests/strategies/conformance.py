"""Does a native strategy play as the library's does? Action for action, at the same seeds.

Run it on the strategies at work: ``python tests/strategies/conformance.py TitForTat "GTFT(p=0.2)"``, or call
:func:`differences` in a test. The library's own matches are the judge.
"""

from __future__ import annotations

import itertools
import random
import sys
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from evocoop.play.matches import play_plans
from evocoop.play.setting import terms
from evocoop.strategies.axelrod_door import library, make_player
from evocoop.strategies.families.schedules import cycler
from evocoop.strategies.plan import Plan
from evocoop.strategies.resolve import entrant_of, plan_of, read

PANEL = ("Cooperator", "Defector", "TitForTat", "Alternator", "Random", "Cycler('CCDCDD')", "itself")


class Conditions(NamedTuple):
    """What a match is played under."""

    turns: int
    seed: int
    noise: float = 0.0
    prob_end: float | None = None
    game: tuple[float, float, float, float] = (3, 0, 5, 1)


USUAL = (
    Conditions(1, 1),
    Conditions(40, 2),
    Conditions(200, 3),
    Conditions(200, 4),
    Conditions(120, 5, noise=0.05),
    Conditions(120, 6, noise=0.05),
    Conditions(300, 7, prob_end=0.01),
    Conditions(60, 8, game=(3.25, 0.5, 4.5, 0.75)),
)


def scripted(plays: str) -> Plan:
    """Return a player that follows a script over and over."""
    return cycler(plays)


def differences(names: Iterable[str], conditions: Iterable[Conditions] = USUAL, driven: bool = True) -> list[str]:
    """Return one line for every match that differs; none means the strategies conform.

    Args:
        names: specs of the strategies to check.
        conditions: what each is played under, against every member of the panel, as first and as second player.
        driven: whether to play every script of six plays too, and long random ones.
    """
    found: list[str] = []
    conditions = tuple(conditions)
    for name in names:
        found.extend(label_difference(name))
        for rival in PANEL:
            other = name if rival == "itself" else rival
            for under in conditions:
                found.extend(compare(name, other, under))
                if other != name:
                    found.extend(compare(other, name, under))
        if driven:
            found.extend(driven_differences(name))
    return found


def label_difference(name: str) -> Iterator[str]:
    """Yield a line when label or classification differ from the library's."""
    entrant, player = entrant_of(name), make_player(read(name)[1])
    stochastic = bool(library().Classifiers["stochastic"](player))
    if (entrant.label, entrant.stochastic) != (str(player), stochastic):
        yield f"{name}: {entrant.label!r}, stochastic {entrant.stochastic}; library {str(player)!r}, {stochastic}"


def driven_differences(name: str, length: int = 6, long: int = 8, turns: int = 250) -> list[str]:
    """Return the differences against scripts: every one of the given length, and some long random ones."""
    scripts = ["".join(plays) for plays in itertools.product("CD", repeat=length)]
    dice = random.Random(7)
    scripts += ["".join(dice.choices("CD", (k % 4 + 1, 2), k=turns)) for k in range(long)]
    found: list[str] = []
    for k, script in enumerate(scripts):
        noise = 0.05 if k >= len(scripts) - long // 2 else 0.0
        found.extend(compare(name, script, Conditions(len(script), 11 + k, noise=noise)))
    return found


def compare(first: str, second: str, under: Conditions) -> Iterator[str]:
    """Yield a line when the native match differs from the library's; a text of C and D only is a script."""
    ours, theirs = native_plays(first, second, under), library_plays(first, second, under)
    if ours != theirs:
        pairs = zip(ours[0], ours[1], theirs[0], theirs[1], strict=False)
        turn = next((k for k, (a, b, c, d) in enumerate(pairs) if (a, b) != (c, d)), -1)
        said = f"{first} v {second}, {under}: differs at turn {turn} (lengths {len(ours[0])} and {len(theirs[0])})"
        start = max(0, turn - 20)
        tails = [text[start : turn + 1] for text in (*ours, *theirs)]
        yield f"{said}\n  native  {tails[0]}\n          {tails[1]}\n  library {tails[2]}\n          {tails[3]}"


def native_plays(first: str, second: str, under: Conditions) -> tuple[str, str]:
    """Return the plays of a native match as two texts."""
    one, two = (scripted(name) if _is_script(name) else plan_of(name) for name in (first, second))
    agreed = terms(under.turns, under.noise, under.prob_end, under.game)
    plays = play_plans(one, two, agreed, under.seed)
    return _text(plays[0]), _text(plays[1])


def library_plays(first: str, second: str, under: Conditions) -> tuple[str, str]:
    """Return the plays of the library's match as two texts."""
    axelrod = library()
    players = [_library_player(name) for name in (first, second)]
    R, S, T, P = under.game
    match = axelrod.Match(
        players,
        turns=under.turns,
        prob_end=under.prob_end,
        noise=under.noise,
        seed=under.seed,
        game=axelrod.Game(r=R, s=S, t=T, p=P),
    )
    plays = match.play()
    return "".join(str(a) for a, _ in plays), "".join(str(b) for _, b in plays)


def _library_player(name: str) -> Any:
    if _is_script(name):
        return library().MockPlayer([library().Action.from_char(letter) for letter in name])
    return make_player(read(name)[1])


def _is_script(name: str) -> bool:
    return not set(name) - set("CD")


def _text(plays: Any) -> str:
    return "".join("CD"[play] for play in plays)


if __name__ == "__main__":
    wrong = differences(sys.argv[1:])
    print("\n".join(wrong[:20]) or "all conform", f"({len(wrong)} differences)")
    sys.exit(bool(wrong))
