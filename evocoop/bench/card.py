"""The report card of one strategy against all others: rank, character, partners, invasions, robustness."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from evocoop.core.errors import InputError, check_integer, check_probability
from evocoop.dynamics import fixation_probability
from evocoop.games.payoffs import PayoffTable
from evocoop.play import Fingerprint, TournamentResult, fingerprint, tournament
from evocoop.play.entrants import find_entrant
from evocoop.play.setting import seed_of
from evocoop.strategies.plan import Setting
from evocoop.strategies.registry import catalogue

GAMES = {
    "prisoner's dilemma": (3.0, 0.0, 5.0, 1.0),
    "mild dilemma": (3.0, 1.0, 4.0, 2.0),
    "snowdrift": (3.0, 1.0, 5.0, 0.0),
    "stag hunt": (5.0, 0.0, 3.0, 1.0),
}
"""The games of the robustness table: R, S, T, P. Strategies that do not exist in one stay away from it."""
FINGERPRINT_STEP = 0.05
STEPS = 5 + len(GAMES)
"""Two tournaments, two more lengths, the games and the fingerprint."""

Told = Callable[[int, int], None]
Step = TypeVar("Step")


@dataclass(frozen=True)
class Standing:
    """How a strategy does in one tournament.

    Args:
        rank: its place among ``players``, from 1.
        interval: 95 % interval of its place over the repetitions.
        score: its median payoff per turn.
        best: the strategy on top, and its score.
        wins: median number of opponents outscored.
        players: how many took part.
    """

    rank: int
    interval: tuple[int, int]
    score: float
    best: tuple[str, float]
    wins: float
    players: int


@dataclass(frozen=True)
class Character:
    """How a strategy behaves, over all matches against others.

    Args:
        cooperation: share of turns in which it cooperates.
        opening: share of matches it opens with cooperation.
        nice: share of opponents against which it is never the first to defect.
        retaliating: probability to defect after being defected on while cooperating (CD).
        forgiving: probability to cooperate after mutual defection (DD).
        steadfast: probability to cooperate after mutual cooperation (CC).
        contrite: probability to cooperate after its own defection on a cooperator (DC).
        self_play: payoff per turn against itself.
        exploited: the largest margin by which an opponent outscores it, per turn, and who.
    """

    cooperation: float
    opening: float
    nice: float
    retaliating: float
    forgiving: float
    steadfast: float
    contrite: float
    self_play: float
    exploited: tuple[str, float]


@dataclass(frozen=True)
class Pair:
    """How a strategy fares with one other (without noise).

    Args:
        opponent: the other.
        payoff: what it gets from the other, per turn.
        given: what the other gets from it.
        fixation: Z times the probability that one of it takes over Z - 1 of the other; above 1 it invades.
        invaded: Z times the probability that one of the other takes over Z - 1 of it; below 1 it resists.
    """

    opponent: str
    payoff: float
    given: float
    fixation: float
    invaded: float


@dataclass(frozen=True)
class Comparison:
    """Two strategies side by side.

    Args:
        measures: measure → the figure of each.
        pairs: how each fares with every strategy of the field, in the order of the field.
    """

    measures: dict[str, tuple[float, float]]
    pairs: tuple[tuple[Pair, Pair], ...]


@dataclass(frozen=True)
class Card:
    """The report card of a strategy.

    Args:
        strategy: which.
        plain: its standing without noise.
        noisy: its standing with noise.
        noise: that noise.
        character: how it behaves (without noise).
        partners: best and worst partners: the payoff it gets from each.
        invades: share of the others in whose population one of it fixates more often than chance (1/Z).
        resists: share of the others of whom one among its kind fixates less often than chance.
        invaders: those who fixate best among its kind, with Z times their fixation probability.
        pairs: how it fares with each of the others, in the order of the field.
        robustness: standing by turns and game.
        fingerprint: its Ashlock fingerprint against tit for tat: payoff by how often the probe errs either way.
        settings: turns, repetitions, seed, population size.
    """

    strategy: str
    plain: Standing
    noisy: Standing
    noise: float
    character: Character
    partners: dict[str, tuple[tuple[str, float], ...]]
    invades: float
    resists: float
    invaders: tuple[tuple[str, float], ...]
    pairs: tuple[Pair, ...]
    robustness: dict[str, Standing]
    fingerprint: Fingerprint
    settings: dict[str, int]


def field_of(strategies: Sequence[str] | None = None, quick: bool = False) -> list[str]:
    """Return who a strategy is held against: the named ones, or every native strategy, or the quick ones of them."""
    if strategies is not None:
        return list(strategies)
    rows = catalogue().values()
    return [row.key for row in rows if row.native and row.listed and not (quick and row.classifier["long_run_time"])]


def report_card(
    strategy: Any,
    *,
    field: Sequence[str] | None = None,
    quick: bool = False,
    turns: int = 200,
    repetitions: int = 10,
    noise: float = 0.05,
    population_size: int = 20,
    seed: int | None = None,
    workers: int = 1,
    told: Told | None = None,
) -> Card:
    """Return the report card of a strategy.

    Args:
        strategy: a spec, a user's ``FILE:NAME``, or a player object of the library.
        field: who it is held against; all 240 native strategies when left out.
        quick: whether the 18 slow strategies (teams of many, tree search) stay away, as always from the robustness.
        turns: turns of a match.
        repetitions: matches of each pair, at least 2.
        noise: of the noisy tournament.
        population_size: Z of the Moran process between it and each other: fitness is payoff per turn, as in the
            library's Moran process, with expected payoffs.
        seed: a fresh one when left out.
        workers: threads.
        told: called with how many of how many steps are done.

    Raises:
        InputError: when the strategy or a number is refused.

    >>> card = report_card("TitForTat", field=["Defector", "Grudger", "Random"], turns=20, repetitions=2, seed=1)
    >>> card.plain.players, card.character.nice
    (4, 1.0)
    """
    check_integer("repetitions", repetitions, minimum=2)
    check_probability("noise", noise)
    used, me = seed_of(seed), find_entrant(strategy)
    players: list[Any] = [*(name for name in field_of(field, quick) if name != me.spec), me]
    if len(players) < 2:
        raise InputError("the field needs at least one other strategy")
    asked: dict[str, Any] = {"repetitions": repetitions, "seed": used, "workers": workers}
    step = _Steps(told)
    plain = step(tournament(players, turns=turns, **asked))
    noisy = step(tournament(players, turns=turns, noise=noise, **asked))
    pairs = _pairs(plain.payoff_table(), population_size)
    return Card(
        strategy=me.spec,
        plain=standing(plain),
        noisy=standing(noisy),
        noise=noise,
        character=_character(plain),
        partners=_partners(pairs),
        **_invasions(pairs),
        pairs=pairs,
        robustness=_robustness([*(name for name in field_of(field, True) if name != me.spec), me], turns, asked, step),
        fingerprint=step(fingerprint(me, step=FINGERPRINT_STEP, seed=used, workers=workers)),
        settings={"turns": turns, "repetitions": repetitions, "seed": used, "population_size": population_size},
    )


class _Steps:
    """Counts the steps of a card, and tells how many are done."""

    def __init__(self, told: Told | None) -> None:
        self._told, self._done = told, 0

    def __call__(self, result: Step) -> Step:
        """Return the result of a step that is done."""
        self._done += 1
        if self._told is not None:
            self._told(self._done, STEPS)
        return result


def standing(result: TournamentResult) -> Standing:
    """Return the standing of the last player of a tournament."""
    scores = np.array(result.normalised_scores)
    places = 1 + (scores[:-1] > scores[-1]).sum(axis=0)
    low, high = np.quantile(places, [0.025, 0.975], method="inverted_cdf")
    medians = np.median(scores, axis=1)
    top = result.ranking[0]
    return Standing(
        rank=1 + result.ranking.index(len(scores) - 1),
        interval=(int(low), int(high)),
        score=float(medians[-1]),
        best=(result.players[top], float(medians[top])),
        wins=float(np.median(result.wins[-1])),
        players=len(scores),
    )


def _character(result: TournamentResult) -> Character:
    row = next(row for row in result.summarise() if row.Name == result.labels[-1])
    payoffs = np.array(result.payoff_matrix)
    margins = payoffs[:-1, -1] - payoffs[-1, :-1]
    worst = int(margins.argmax())
    return Character(
        cooperation=row.Cooperation_rating,
        opening=row.Initial_C_rate,
        nice=_nice(result),
        retaliating=1.0 - row.CD_to_C_rate,
        forgiving=row.DD_to_C_rate,
        steadfast=row.CC_to_C_rate,
        contrite=row.DC_to_C_rate,
        self_play=float(payoffs[-1, -1]),
        exploited=(result.players[worst], float(margins[worst])),
    )


def _nice(result: TournamentResult) -> float:
    """Return the share of opponents on whom it is never first to defect: no opening and no turn after CC with its D."""
    me = result.num_players - 1
    never = []
    for chunk, (first, second) in enumerate(result.pairs):
        if me not in (first, second) or first == second:
            continue
        mine = 2 if first == me else 1
        moves = result.moves[chunk].reshape(4, 4)[0]
        opened = result.opening[chunk] & mine
        never.append(not opened.any() and not moves[[k for k in range(4) if k & mine]].any())
    return float(np.mean(never))


def _pairs(table: PayoffTable, size: int) -> tuple[Pair, ...]:
    """Return payoffs with each other and the exact Moran process, with fitness equal to payoff per turn."""
    check_integer("population_size", size, minimum=2, maximum=10_000)
    me, found = len(table.strategies) - 1, []
    for other in range(me):
        pair = table.restrict([me, other])
        payoffs = float(table.values[me, other]), float(table.values[other, me])
        found.append(Pair(table.strategies[other], *payoffs, _fixation(pair, size, 0, 1), _fixation(pair, size, 1, 0)))
    return tuple(found)


def _partners(pairs: Sequence[Pair]) -> dict[str, tuple[tuple[str, float], ...]]:
    named = [(pair.opponent, pair.payoff) for pair in sorted(pairs, key=lambda pair: -pair.payoff)]
    return {"best": tuple(named[:5]), "worst": tuple(named[:-6:-1])}


def _invasions(pairs: Sequence[Pair]) -> dict[str, Any]:
    best = sorted(pairs, key=lambda pair: -pair.invaded)[:5]
    return {
        "invades": float(np.mean([pair.fixation > 1.0 + 1e-9 for pair in pairs])),
        "resists": float(np.mean([pair.invaded < 1.0 - 1e-9 for pair in pairs])),
        "invaders": tuple((pair.opponent, pair.invaded) for pair in best),
    }


def _fixation(pair: PayoffTable, size: int, mutant: int, resident: int) -> float:
    """Return Z times the fixation probability of one mutant."""
    return size * fixation_probability(
        pair, population_size=size, selection_strength=1.0, process="moran", mutant=mutant, resident=resident
    )


def _robustness(players: Sequence[Any], turns: int, asked: dict[str, Any], step: _Steps) -> dict[str, Standing]:
    found = {f"{few} turns": standing(step(tournament(players, turns=few, **asked))) for few in (10, 5 * turns)}
    for name, game in GAMES.items():
        able = [player for player in players if _defined(player, game)]
        if able[-1] is players[-1] and len(able) > 1:
            found[name] = standing(step(tournament(able, turns=turns, game=game, **asked)))
    return found


def _defined(player: Any, game: tuple[float, float, float, float]) -> bool:
    """Return whether a strategy exists for the payoffs of a game; some solve equations that have no solution."""
    plan = find_entrant(player).plan
    if plan is None:
        return True
    try:
        for one in plan.everyone():
            one.numbers_in(Setting(*game))
    except InputError:
        return False
    return True


def compare(first: Any, second: Any, **asked: Any) -> Comparison:
    """Return two strategies, or two versions of one, side by side on the same field and seed, pair by pair.

    Args:
        first: a spec, a user's ``FILE:NAME``, or a player object.
        second: the other.
        **asked: see :func:`report_card`.

    >>> both = compare("TitForTat", "Defector", field=["Grudger", "Random"], turns=20, repetitions=2, seed=1)
    >>> both.measures["cooperation"][0] > both.measures["cooperation"][1]
    True
    >>> [(one.opponent, one.payoff, two.payoff) for one, two in both.pairs][0]
    ('Grudger', 3.0, 1.2)
    """
    asked["seed"] = seed_of(asked.get("seed"))
    names = field_of(asked.pop("field", None), asked.get("quick", False))
    both = [find_entrant(first), find_entrant(second)]
    shared = [name for name in names if name not in {one.spec for one in both}]
    told = asked.pop("told", None)
    second_half = told and (lambda done, steps: told(done + steps, 2 * steps))
    first_half = told and (lambda done, steps: told(done, 2 * steps))
    cards = [
        report_card(one, field=shared, told=half, **asked)
        for one, half in zip(both, (first_half, second_half), strict=True)
    ]
    figures = {name: (value, measures(cards[1])[name]) for name, value in measures(cards[0]).items()}
    return Comparison(figures, tuple(zip(cards[0].pairs, cards[1].pairs, strict=True)))


def measures(card: Card) -> dict[str, float]:
    """Return the figures of a card by name."""
    return {
        "rank": card.plain.rank,
        "score": card.plain.score,
        "wins": card.plain.wins,
        "rank with noise": card.noisy.rank,
        "score with noise": card.noisy.score,
        "cooperation": card.character.cooperation,
        "nice": card.character.nice,
        "retaliating": card.character.retaliating,
        "forgiving": card.character.forgiving,
        "self-play": card.character.self_play,
        "exploited by at most": card.character.exploited[1],
        "invades": card.invades,
        "resists": card.resists,
    }
