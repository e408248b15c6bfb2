"""Evolvable strategies and a genetic algorithm that breeds them against a panel of opponents."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evocoop.core.errors import InputError, UnknownNameError, check_integer
from evocoop.play.dice import Dice, LibraryDice, StreamDice
from evocoop.play.entrants import find_entrant, find_natives, is_bridged
from evocoop.play.genes import genes_of
from evocoop.play.kernels import chunk_memory, play_chunks
from evocoop.play.seats import Row, Seat
from evocoop.play.setting import MOST_TURNS, Terms, seed_of, terms
from evocoop.play.variation import KINDS, Kind, Parameters, complete, is_kind, kind_of
from evocoop.strategies.families import native
from evocoop.strategies.plan import Plan
from evocoop.strategies.resolve import Entrant, entrant_of
from evocoop.strategies.spec import Spec

Floats = NDArray[np.float64]

COMPATS = ("correct", "axelrod")
OBJECTIVES = ("score", "difference")
FOUND, BREED, MATCH, OWN = range(4)
"""Roles of the streams (seed, generation, place, role)."""


class Evolvable:
    """A strategy that can be mutated and crossed: parameters, and a source of chance of its own.

    Make one with :func:`evolvable_player`.

    Args:
        kind: what it is.
        given: parameters; what is missing is drawn at random.
        seed: of its source of chance.
        compat: ``"correct"`` or ``"axelrod"``.
    """

    def __init__(self, kind: Kind, given: Parameters, seed: int, compat: str) -> None:
        self._kind, self._compat = kind, compat
        self.seed = seed
        self._dice = self._own_dice()
        self.parameters = complete(kind, given, self._dice, compat == "axelrod")
        self._varied = dict(self.parameters)
        self.plan = _plan(kind, self.parameters)

    def _own_dice(self) -> Dice:
        return LibraryDice(self.seed) if self._compat == "axelrod" else StreamDice(self.seed, role=OWN)

    def again(self, seed: int, compat: str) -> Evolvable:
        """Return an individual with the same parameters and another source of chance."""
        return Evolvable(self._kind, self.parameters, seed, compat)

    def start_anew(self) -> None:
        """Start the source of chance anew and forget what mutations did, as a match of the library does."""
        self._dice = self._own_dice()
        self._varied = dict(self.parameters)

    def go_on(self, words: NDArray[np.int64]) -> None:
        """Draw on from a copy of a stream of the library, as a player does after a match."""
        if isinstance(self._dice, LibraryDice):
            self._dice.go_on(words)

    def __repr__(self) -> str:
        return f"<Evolvable {self.spec}>"

    @property
    def kind(self) -> str:
        """The strategy of the catalogue that plays with these parameters."""
        return self._kind.base

    @property
    def spec(self) -> str:
        """The text under which it plays wherever a strategy is named."""
        return str(_spec(self._kind, self.parameters))

    @property
    def entrant(self) -> Entrant:
        """What takes part in matches and tournaments."""
        return entrant_of(_spec(self._kind, self.parameters))

    def mutate(self) -> Evolvable:
        """Return a mutated child; this one stays as it is, but for its source of chance."""
        as_library = self._compat == "axelrod"
        changed = self._kind.mutate(self._varied, self._dice, as_library)
        if as_library:
            self._varied |= {name: changed[name] for name in self._kind.own}
        return self._child(changed)

    def crossover(self, other: Evolvable) -> Evolvable:
        """Return a child of two parents of one kind.

        Raises:
            InputError: when the kinds or sizes differ, or the child is no strategy.
        """
        if self._kind is not other._kind:
            raise InputError(f"a crossover needs two parents of one kind, not {self.kind} and {other.kind}")
        return self._child(self._kind.crossover(self._varied, other._varied, self._dice))

    def _child(self, changed: Parameters) -> Evolvable:
        return Evolvable(self._kind, {**self.parameters, **changed}, self._dice.seed(), self._compat)


def _spec(kind: Kind, one: Parameters) -> Spec:
    return Spec(kind.base, (), tuple((name, one[name]) for name in kind.played))


def _plan(kind: Kind, one: Parameters) -> Plan:
    factory: Any = native()[kind.base]
    try:
        plan: Plan = factory(**{name: one[name] for name in kind.played})
    except (TypeError, ValueError, IndexError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"{kind.base} cannot be made of {one}: {error}") from None
    return plan


def evolvable_player(kind: str, *, seed: int | None = None, compat: str = "correct", **parameters: Any) -> Evolvable:
    """Return an evolvable strategy: of a kind, drawn at random but for what is given, or one of the catalogue.

    Kinds and what draws one at random: ``FSMPlayer`` (num_states), ``LookerUp`` and ``Gambler`` (parameters: plays
    remembered of its own, of the opponent, and of the opponent's opening), ``Cycler`` (cycle_length), ``ANN``
    (num_features, num_hidden), ``HMMPlayer`` (num_states); with ``Evolvable`` before them, if you like.

    Args:
        kind: one of these; or a strategy that is one of them, such as ``EvolvedFSM16`` or ``Cycler("CCD")``.
        seed: of its own source of chance, 0 … 2^32 - 1; a fresh one when left out.
        compat: ``"axelrod"`` draws from the library's stream in the library's order: parameters, mutants and crosses
            are those of the library's evolvable player of this seed, and so are theirs. ``"correct"`` draws
            from our own streams and differs in four points: parents stay as they are (in the library a mutation of a
            machine, a network or a hidden Markov model changes the parent, too), the last play of a cycle can mutate,
            a pattern is kept when no opening plays are given, and states of machines are numbered from 0, so that any
            two machines of one size can be crossed.
        **parameters: under the library's names; plays are the texts C and D.

    Raises:
        InputError: when the kind or a parameter is unknown or out of range, or the strategy is of no kind.

    Source: Harper et al. 2017, PLoS ONE 12:e0188046; Axelrod 4.13, ``EvolvablePlayer``.

    >>> parent = evolvable_player("Cycler", cycle="CCCC", seed=3, mutation_probability=1.0)
    >>> parent.mutate().parameters["cycle"].count("D"), parent.spec
    (1, "Cycler(cycle='CCCC')")
    """
    if compat not in COMPATS:
        raise InputError(f"compat must be {' or '.join(COMPATS)}, not {compat!r}")
    if not is_kind(kind):
        return _like(kind, seed_of(seed), compat, parameters)
    found = kind_of(kind)
    drawn = not any(parameters.get(name) for name in found.played if name not in found.size)
    given = {**found.size, **parameters} if drawn else parameters
    return Evolvable(found, given, seed_of(seed), compat)


def _like(strategy: Any, seed: int, compat: str, parameters: Parameters) -> Evolvable:
    """Return the individual that plays as a strategy does."""
    entrant = None if is_bridged(strategy) else find_entrant(strategy)
    genes = None if entrant is None or entrant.plan is None else genes_of(entrant.plan)
    if genes is None:
        raise InputError(f"{entrant.spec if entrant else strategy} is none of {', '.join(KINDS)}")
    return Evolvable(genes[0], {**genes[1], **parameters}, seed, compat)


@dataclass(frozen=True, eq=False)
class Evolution:
    """What a genetic algorithm bred.

    Args:
        kind: the kind of strategy.
        opponents: the panel.
        population: the last generation, best first.
        scores: their objectives, array (population_size,).
        best_scores: the best objective of each generation, array (generations + 1,).
        mean_scores: the mean objective of each generation, array (generations + 1,).
        seed: the seed that gives this evolution again.
    """

    kind: str
    opponents: tuple[str, ...]
    population: tuple[Evolvable, ...]
    scores: Floats
    best_scores: Floats
    mean_scores: Floats
    seed: int

    @property
    def best(self) -> Evolvable:
        """The best of the last generation."""
        return self.population[0]


def evolve_strategies(
    kind: str,
    opponents: Sequence[Any],
    *,
    population_size: int = 40,
    generations: int = 50,
    elites: int = 8,
    objective: str = "score",
    turns: int | None = None,
    repetitions: int = 1,
    noise: float = 0.0,
    prob_end: float | None = None,
    game: Any = None,
    founders: Sequence[Evolvable] = (),
    seed: int | None = None,
    workers: int = 1,
    **parameters: Any,
) -> Evolution:
    """Breed strategies against a panel: the best of each generation stay and have crossed and mutated children.

    The objective of an individual is the mean over opponents and repetitions of its payoff per turn. All individuals
    of a generation meet the panel at the same seeds, which change from one generation to the next.

    Args:
        kind: what is bred, see :func:`evolvable_player`.
        opponents: the panel: native strategies, as specs or player objects of the library.
        population_size: individuals of a generation, at least 2.
        generations: how many follow the first.
        elites: how many of the best stay unchanged and are the parents of the others, 1 … population_size - 1.
        objective: ``"score"``, or ``"difference"`` for the payoff beyond the opponent's.
        turns: length of a match; 200 when neither this nor ``prob_end`` is given.
        repetitions: matches with each opponent.
        noise: probability that a play is flipped.
        prob_end: probability that a match ends after a turn.
        game: R, S, T, P as four numbers or a 2×2 matrix; 3, 0, 5, 1 when left out.
        founders: individuals of the first generation; the others are drawn at random.
        seed: 0 … 2^32 - 1; a fresh one when left out.
        workers: how many threads play; the result does not depend on it.
        **parameters: size and mutation of the individuals, see :func:`evolvable_player`.

    Raises:
        InputError: when a name or a number is refused.

    Source: Harper et al. 2017, PLoS ONE 12:e0188046 (training against a panel; survivors, crossover, mutation).

    >>> bred = evolve_strategies("Cycler", ["Cooperator"], cycle_length=3, generations=20, turns=6, seed=1)
    >>> bred.best.spec, float(bred.best_scores[-1])
    ("Cycler(cycle='DDD')", 5.0)
    """
    size = check_integer("population_size", population_size, minimum=2, maximum=100_000)
    keep = check_integer("elites", elites, minimum=1, maximum=size - 1)
    last = check_integer("generations", generations, minimum=0, maximum=1_000_000)
    if objective not in OBJECTIVES:
        raise UnknownNameError("objective", objective, OBJECTIVES)
    used, found = seed_of(seed), kind_of(kind)
    panel = Panel(opponents, terms(turns, noise, prob_end, game), repetitions, workers, used, objective)
    individuals = _first(found, founders, size, parameters, used)
    scores = panel.scores(0, [_plan(found, one) for one in individuals])
    best, mean = np.empty(last + 1), np.empty(last + 1)
    for generation in range(last + 1):
        order = np.argsort(-scores, kind="stable")
        individuals, scores = [individuals[k] for k in order], scores[order]
        best[generation], mean[generation] = scores[0], scores.mean()
        if generation == last:
            break
        parents = individuals[:keep]
        children = [_bred(found, parents, StreamDice(used, generation, k, BREED)) for k in range(keep, size)]
        individuals = [*parents, *children]
        known = scores[:keep] if panel.settled and not found.chance else None
        fresh = children if known is not None else individuals
        new = panel.scores(generation + 1, [_plan(found, one) for one in fresh])
        scores = new if known is None else np.concatenate([known, new])
    population = tuple(Evolvable(found, one, used, "correct") for one in individuals)
    return Evolution(found.base, panel.names, population, scores, best, mean, used)


def _first(kind: Kind, founders: Sequence[Evolvable], size: int, parameters: Parameters, seed: int) -> list[Parameters]:
    """Return the first generation: the founders, and others drawn at random."""
    if not isinstance(founders, (list, tuple)) or not all(isinstance(one, Evolvable) for one in founders):
        raise InputError(f"founders must be a list of evolvable players, not {founders!r}")
    if len(founders) > size:
        raise InputError(f"founders must be at most population_size = {size}, not {len(founders)}")
    for founder in founders:
        if founder.kind != kind.base:
            raise InputError(f"founders must be of the kind {kind.base}, not {founder.kind}")
    rates = {name: value for name, value in parameters.items() if name in kind.rates}
    drawn = {**kind.size, **parameters}
    for founder in founders:
        drawn |= {name: founders[0].parameters[name] for name in kind.size}
        if any(founder.parameters[name] != drawn[name] for name in kind.size):
            raise InputError(f"founders must be of one size: {', '.join(kind.size)}")
    found = [complete(kind, {**founder.parameters, **rates}, StreamDice(seed)) for founder in founders]
    for k in range(len(found), size):
        found.append(complete(kind, drawn, StreamDice(seed, 0, k, FOUND)))
    return found


def _bred(kind: Kind, parents: Sequence[Parameters], dice: Dice) -> Parameters:
    """Return the mutated child of two parents drawn at random."""
    one, two = (parents[dice.below(len(parents))] for _ in range(2))
    child = {**one, **kind.crossover(one, two, dice)}
    return {**child, **kind.mutate(child, dice, False)}


class Panel:
    """Opponents in their seats, one row of them for each thread, and the terms of the matches."""

    def __init__(
        self, opponents: Sequence[Any], agreed: Terms, repetitions: int, workers: int, seed: int, objective: str
    ) -> None:
        if not isinstance(opponents, (list, tuple)) or not opponents:
            raise InputError(f"opponents must be a list of at least one strategy, not {opponents!r}")
        entrants = find_natives(opponents, "a panel")
        self.names = tuple(one.spec for one in entrants)
        self.agreed, self.seed, self.objective = agreed, seed, objective
        self.repetitions = check_integer("repetitions", repetitions, minimum=1, maximum=1_000_000)
        chance = any(one.stochastic for one in entrants) or agreed.noise > 0 or agreed.prob_end > 0
        self.settled = not chance
        self.room = _room(agreed)
        count = check_integer("workers", workers, minimum=1, maximum=1024)
        plans = [one.plan for one in entrants if one.plan is not None]
        self._rows = [Row(plans, agreed.setting, self.room) for _ in range(count)]
        self._own: list[list[Seat]] = [[] for _ in range(count)]

    def scores(self, generation: int, plans: Sequence[Plan]) -> Floats:
        """Return the objective of each plan against the panel."""
        dice = StreamDice(self.seed, generation, 0, MATCH)
        seeds = np.array([dice.seed() for _ in self.names], dtype=np.int64)
        parts = [list(part) for part in np.array_split(np.arange(len(plans)), len(self._rows))]
        if len(parts) == 1:
            return self._play(self._rows[0], self._own[0], plans, seeds)
        with ThreadPoolExecutor(len(parts)) as pool:
            work = [
                pool.submit(self._play, row, own, [plans[k] for k in part], seeds)
                for row, own, part in zip(self._rows, self._own, parts, strict=True)
            ]
        return np.concatenate([one.result() for one in work])

    def _seat(self, seat: Seat, plan: Plan) -> Seat:
        """Return the seat with another plan in it, or a new one where the plan does not fit."""
        return seat if seat.take(plan) else Seat(plan, self.agreed.setting, self.room)

    def _play(self, row: Row, own: list[Seat], plans: Sequence[Plan], seeds: NDArray[np.int64]) -> Floats:
        agreed, many = self.agreed, len(self.names)
        if not plans:
            return np.empty(0)
        seats = [*map(self._seat, own, plans), *(Seat(plan, agreed.setting, self.room) for plan in plans[len(own) :])]
        own[: len(seats)] = seats
        firsts, seconds = np.array([seat.address for seat in seats], dtype=np.int64), row.addresses
        pairs = np.indices((len(seats), many), dtype=np.int64).reshape(2, -1).T.copy()
        joint = np.zeros((len(pairs), self.repetitions, 4), dtype=np.int64)
        opening = np.zeros((len(pairs), self.repetitions), dtype=np.uint8)
        moves = np.zeros((len(pairs), 16), dtype=np.int64)
        stream = chunk_memory()
        rules = np.array([agreed.turns, agreed.prob_end, agreed.noise, 0.0])
        done = play_chunks(
            firsts, seconds, pairs, np.tile(seeds, len(seats)), rules, stream.ctypes.data, self.room, joint, opening,
            moves, 0, len(pairs),
        )  # fmt: skip
        if done < 0:
            raise InputError(f"a match would last {int(rules[3])} turns; give turns, too")
        R, S, T, P = agreed.payoffs
        worth = np.array([R, S, T, P]) - (np.array([R, T, S, P]) if self.objective == "difference" else 0.0)
        per_turn = (joint @ worth) / np.maximum(joint.sum(axis=2), 1)
        return np.asarray(per_turn.reshape(len(seats), -1).mean(axis=1))


def _room(agreed: Terms) -> int:
    """Return room for any match; by chance one lasts longer than this once in 10^17 matches."""
    if not agreed.prob_end:
        return int(agreed.turns)
    return int(min(agreed.turns, 2 + 40.0 / agreed.prob_end, MOST_TURNS))
