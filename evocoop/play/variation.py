"""How evolvable strategies are drawn at random, mutated and crossed: six kinds, the operators of the Axelrod library.

An individual is a dictionary of parameters under the library's own names, with plays as the texts C and D. Every
operator draws in the library's order, so that the library's stream gives the library's child.

Source of the operators: Harper, Knight, Jones, Koutsovoulos, Glynatsi & Campbell 2017, PLoS ONE 12:e0188046, as they
stand in Axelrod 4.13.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from evocoop.core.errors import InputError, UnknownNameError, check_integer, check_number
from evocoop.play.dice import Dice

Parameters = dict[str, Any]
FLIPPED = {"C": "D", "D": "C"}
MOST_NUMBERS = 100_000


class Kind(ABC):
    """One kind of evolvable strategy.

    Args:
        base: the strategy that plays with these parameters.
        size: names and default values of what is needed to draw one at random.
        played: the parameters that ``base`` takes.
        rates: how it varies: names and default values; None where the default depends on the size.
        own: the parameters that the library's operators change in the parent, too.
        chance: whether it may draw while it plays.
    """

    base: ClassVar[str]
    size: ClassVar[Parameters]
    played: ClassVar[tuple[str, ...]]
    rates: ClassVar[Parameters]
    own: ClassVar[tuple[str, ...]] = ()
    chance: ClassVar[bool] = False

    @abstractmethod
    def complete(self, given: Parameters, dice: Dice, as_library: bool) -> Parameters:
        """Return all parameters; what is not given is drawn at random or has its default."""

    @abstractmethod
    def mutate(self, one: Parameters, dice: Dice, as_library: bool) -> Parameters:
        """Return the parameters that a mutation changes."""

    @abstractmethod
    def crossover(self, one: Parameters, two: Parameters, dice: Dice) -> Parameters:
        """Return the parameters that a crossover changes in the first parent."""


class Machines(Kind):
    """Finite-state machines: plays flip, two states swap their names, the start changes now and then."""

    base = "FSMPlayer"
    size: ClassVar[Parameters] = {"num_states": 8}
    played = ("transitions", "initial_state", "initial_action")
    rates: ClassVar[Parameters] = {"mutation_probability": 0.1}
    own = ("transitions",)

    def complete(self, given: Parameters, dice: Dice, as_library: bool) -> Parameters:
        """Return all parameters; a machine that is not wholly given is drawn with ``num_states`` states."""
        one = {**self.rates, **given}
        if not _all_given(one, self.played):
            states = _size(one, "num_states", 1, MOST_NUMBERS)
            rows = [(state, seen, dice.below(states), dice.play()) for state in range(states) for seen in "CD"]
            one |= {"transitions": rows, "initial_state": dice.below(states), "initial_action": dice.play()}
        table = {(row[0], row[1]): (row[0], row[1], row[2], row[3]) for row in map(tuple, one["transitions"])}
        names = {state: place for place, state in enumerate(dict.fromkeys(state for state, _ in table))}
        one |= {"transitions": tuple(table.values()), "num_states": len(names)}
        if not as_library and any(state != place for state, place in names.items()):
            one["initial_state"] = names.get(one["initial_state"], one["initial_state"])
            one["transitions"] = tuple(
                (names[state], seen, names.get(to, to), play) for state, seen, to, play in table.values()
            )
        return one

    def mutate(self, one: Parameters, dice: Dice, as_library: bool) -> Parameters:
        """Flip each play with the probability, swap two states with 1/2; the first play and state seldom change."""
        chance, states = one["mutation_probability"], one["num_states"]
        while True:
            first, start = one["initial_action"], one["initial_state"]
            if dice.random() < chance / 10:
                first = FLIPPED[first]
            if dice.random() < chance / (10 * states):
                start = dice.below(states)
            rows = self._mutate_rows(one["transitions"], chance, dice)
            if _hangs_together(rows, one["initial_state"]):
                return {"transitions": tuple(rows), "initial_state": start, "initial_action": first}

    @staticmethod
    def _mutate_rows(given: Sequence[Any], chance: float, dice: Dice) -> list[Any]:
        rows = list(given)
        for place in dice.hits(len(rows), chance):
            state, seen, to, play = rows[place]
            rows[place] = state, seen, to, FLIPPED[play]
        if dice.random() < 0.5:
            a, b = dice.below(len(rows) // 2), dice.below(len(rows) // 2)
            renamed = {a: b, b: a}
            rows = [(renamed.get(state, state), *rest) for state, *rest in rows]
            rows.sort(key=lambda row: (row[0], row[1]))
        return rows

    def crossover(self, one: Parameters, two: Parameters, dice: Dice) -> Parameters:
        """Take the first rows of one machine and the last of the other, whole states."""
        rows, others = one["transitions"], two["transitions"]
        _same(one, two, "num_states")
        point = 2 * dice.below(len(rows) // 2)
        return {"transitions": (*rows[:point], *others[point:])}


def _hangs_together(rows: Sequence[Any], start: Any) -> bool:
    """Return whether a machine has a row for every play in each state that it can be in."""
    steps = {(state, seen): to for state, seen, to, _ in rows}
    return all((state, seen) in steps for state in {start, *steps.values()} for seen in "CD")


class Tables(Kind):
    """Look-up tables: entries and opening plays flip."""

    base = "LookerUp"
    size: ClassVar[Parameters] = {"parameters": (1, 1, 1)}
    played = ("pattern", "parameters", "initial_actions")
    rates: ClassVar[Parameters] = {"mutation_probability": None}

    def complete(self, given: Parameters, dice: Dice, as_library: bool) -> Parameters:
        """Return all parameters; the library draws the pattern anew unless opening plays are given, too."""
        one = dict(given)
        if "parameters" not in one:
            raise InputError("parameters must be given with a pattern: how many plays of each kind it remembers")
        depths = tuple(check_integer("parameters", depth, minimum=0, maximum=8) for depth in one["parameters"])
        if len(depths) != 3 or not 1 <= sum(depths) <= 16:
            raise InputError(f"parameters must be three numbers of plays with a sum of 1 … 16, not {depths}")
        if not one.get("pattern") or (as_library and not one.get("initial_actions")):
            one["pattern"] = [self.entry(dice) for _ in range(1 << sum(depths))]
        if not one.get("initial_actions"):
            one["initial_actions"] = [dice.play() for _ in range(max(depths))]
        opening = ("".join(one["initial_actions"]) + "C" * max(depths))[: max(depths)]
        one |= {"parameters": depths, "pattern": self.pattern(one["pattern"]), "initial_actions": tuple(opening)}
        if one.get("mutation_probability") is None:
            one["mutation_probability"] = 2.0 / (1 << sum(depths))
        return one

    def entry(self, dice: Dice) -> Any:
        """Return an entry drawn at random."""
        return dice.play()

    def pattern(self, given: Sequence[Any]) -> Any:
        """Return a pattern in one form."""
        return "".join(given)

    def changed(self, entry: Any, dice: Dice) -> Any:
        """Return a mutated entry."""
        return FLIPPED[entry]

    def mutate(self, one: Parameters, dice: Dice, as_library: bool) -> Parameters:
        """Change each entry and each opening play with the probability."""
        chance = one["mutation_probability"]
        pattern = list(one["pattern"])
        for place in dice.hits(len(pattern), chance):
            pattern[place] = self.changed(pattern[place], dice)
        opening = tuple(FLIPPED[play] if dice.random() < chance else play for play in one["initial_actions"])
        return {"pattern": self.pattern(pattern), "initial_actions": opening}

    def crossover(self, one: Parameters, two: Parameters, dice: Dice) -> Parameters:
        """Take the first entries of one table and the last of the other."""
        _same(one, two, "parameters")
        return {"pattern": self.pattern(_crossed(one["pattern"], two["pattern"], dice))}


class Gamblers(Tables):
    """Tables of probabilities: entries move by up to 1/4, within [0, 1]."""

    base = "Gambler"
    chance = True

    def entry(self, dice: Dice) -> float:
        """Return a probability drawn at random."""
        return dice.random()

    def pattern(self, given: Sequence[Any]) -> list[float]:
        """Return a pattern as a list of probabilities."""
        if set(map(type, given)) == {float}:
            return list(given)
        return [{"C": 1.0, "D": 0.0}[item] if isinstance(item, str) else float(item) for item in given]

    def changed(self, entry: float, dice: Dice) -> float:
        """Return a mutated probability."""
        return min(1.0, max(0.0, entry + dice.within(1.0) / 4))


class Cycles(Kind):
    """Cycles of plays: with a probability, some plays flip."""

    base = "Cycler"
    size: ClassVar[Parameters] = {"cycle_length": 8}
    played = ("cycle",)
    rates: ClassVar[Parameters] = {"mutation_probability": 0.2, "mutation_potency": 1}

    def complete(self, given: Parameters, dice: Dice, as_library: bool) -> Parameters:
        """Return all parameters; a cycle that is not given is drawn with ``cycle_length`` plays."""
        one = {**self.rates, **given}
        _size(one, "mutation_potency", 0, MOST_NUMBERS)
        if not one.get("cycle"):
            one["cycle"] = "".join(dice.play() for _ in range(_size(one, "cycle_length", 1, MOST_NUMBERS)))
        one["cycle_length"] = len(one["cycle"])
        return one

    def mutate(self, one: Parameters, dice: Dice, as_library: bool) -> Parameters:
        """Flip so many plays with the probability; the library never flips the last one."""
        cycle = list(one["cycle"])
        open_to_change = len(cycle) - 1 if as_library else len(cycle)
        if dice.random() <= one["mutation_probability"]:
            if open_to_change == 0:
                raise InputError("the library cannot mutate a cycle of one play; use compat='correct'")
            for _ in range(one["mutation_potency"]):
                at = dice.below(open_to_change)
                cycle[at] = FLIPPED[cycle[at]]
        return {"cycle": "".join(cycle)}

    def crossover(self, one: Parameters, two: Parameters, dice: Dice) -> Parameters:
        """Take the first plays of one cycle and the last of the other."""
        return {"cycle": "".join(_crossed(one["cycle"], two["cycle"], dice))}


class Networks(Kind):
    """Neural networks: weights are multiplied by numbers up to ``mutation_distance`` away from 1."""

    base = "ANN"
    size: ClassVar[Parameters] = {"num_features": 17, "num_hidden": 10}
    played = ("num_features", "num_hidden", "weights")
    rates: ClassVar[Parameters] = {"mutation_probability": None, "mutation_distance": 5}
    own = ("weights",)

    def complete(self, given: Parameters, dice: Dice, as_library: bool) -> Parameters:
        """Return all parameters; weights that are not given are drawn from [-1, 1)."""
        one = {**self.rates, **given}
        check_number("mutation_distance", one["mutation_distance"])
        hidden = _size(one, "num_hidden", 1, 1000)
        count = hidden * (_size(one, "num_features", 1, 100) + 2)
        if not one.get("weights"):
            one["weights"] = [dice.within(1.0) for _ in range(count)]
        one["weights"] = list(map(float, one["weights"]))
        if one.get("mutation_probability") is None:
            one["mutation_probability"] = 10.0 / count
        return one

    def mutate(self, one: Parameters, dice: Dice, as_library: bool) -> Parameters:
        """Multiply each weight with the probability."""
        weights = list(one["weights"])
        for place in dice.hits(len(weights), one["mutation_probability"]):
            weights[place] *= 1 + dice.within(1.0) * one["mutation_distance"]
        return {"weights": weights}

    def crossover(self, one: Parameters, two: Parameters, dice: Dice) -> Parameters:
        """Take the first weights of one network and the last of the other."""
        _same(one, two, "num_hidden")
        return {"weights": _crossed(one["weights"], two["weights"], dice)}


class Hidden(Kind):
    """Hidden Markov models: probabilities move by up to 1/4, rows are scaled to sum to 1."""

    base = "HMMPlayer"
    size: ClassVar[Parameters] = {"num_states": 5}
    played = ("transitions_C", "transitions_D", "emission_probabilities", "initial_state", "initial_action")
    rates: ClassVar[Parameters] = {"mutation_probability": None}
    own = ("transitions_C", "transitions_D", "emission_probabilities")
    chance = True

    def complete(self, given: Parameters, dice: Dice, as_library: bool) -> Parameters:
        """Return all parameters; a model that is not wholly given is drawn with ``num_states`` states."""
        one = {"initial_state": 0, "initial_action": "C", **given}
        if not _all_given(one, self.own):
            states = _size(one, "num_states", 1, 100)
            drawn = [(_vector(dice, states), _vector(dice, states), dice.random()) for _ in range(states)]
            one |= {name: [row[k] for row in drawn] for k, name in enumerate(self.own)}
            one |= {"initial_state": dice.below(states), "initial_action": "C"}
        for name in self.own[:2]:
            one[name] = [list(map(float, row)) for row in one[name]]
        one["emission_probabilities"] = list(map(float, one["emission_probabilities"]))
        one["num_states"] = check_integer("num_states", len(one["emission_probabilities"]), minimum=1)
        if one.get("mutation_probability") is None:
            one["mutation_probability"] = 10 / (one["num_states"] ** 2)
        return one

    def mutate(self, one: Parameters, dice: Dice, as_library: bool) -> Parameters:
        """Move each probability with the probability; the first play and state seldom change."""
        chance, states = one["mutation_probability"], one["num_states"]
        moved: Parameters = {}
        for name in self.own[:2]:
            moved[name] = list(map(_scaled, _moved(one[name], chance, dice)))
        (moved["emission_probabilities"],) = _moved([one["emission_probabilities"]], chance, dice)
        first, start = one["initial_action"], one["initial_state"]
        if dice.random() < chance / 10:
            first = FLIPPED[first]
        if dice.random() < chance / (10 * states):
            start = dice.below(states)
        return {**moved, "initial_state": start, "initial_action": first}

    def crossover(self, one: Parameters, two: Parameters, dice: Dice) -> Parameters:
        """Take the first rows of one model and the last of the other, at three places."""
        _same(one, two, "num_states")
        return {name: _crossed(one[name], two[name], dice) for name in self.own}


def _vector(dice: Dice, size: int) -> list[float]:
    drawn = dice.randoms(size)
    shares: list[float] = (drawn / np.sum(drawn)).tolist()
    return shares


def _moved(rows: Sequence[Sequence[float]], chance: float, dice: Dice) -> list[list[float]]:
    out = np.array(rows, dtype=np.float64)
    if len(out):
        dice.move(out, chance)
    return out.tolist()  # type: ignore[no-any-return]


def _scaled(row: Sequence[float]) -> list[float]:
    """Return a row scaled to sum to 1; one of nothing but 0 becomes even."""
    total = sum(row)
    return [share / total for share in row] if total > 0 else [1.0 / len(row)] * len(row)


def _crossed(one: Sequence[Any], two: Sequence[Any], dice: Dice) -> list[Any]:
    point = dice.below(len(one))
    return [*one[:point], *two[point:]]


def _same(one: Parameters, two: Parameters, name: str) -> None:
    if one[name] != two[name]:
        raise InputError(f"a crossover needs two parents of one {name}, not {one[name]} and {two[name]}")


def _all_given(one: Parameters, names: Sequence[str]) -> bool:
    """Return whether all of them are given, or refuse when some are."""
    missing = [name for name in names if one.get(name) is None]
    if missing and len(missing) < len(names):
        raise InputError(f"{', '.join(missing)} must be given, too, or none of {', '.join(names)}")
    return not missing


def _size(one: Parameters, name: str, minimum: int, maximum: int) -> int:
    if one.get(name) is None:
        raise InputError(f"{name} must be given")
    return check_integer(name, one[name], minimum=minimum, maximum=maximum)


KINDS: dict[str, Kind] = {
    kind.base: kind for kind in (Machines(), Tables(), Gamblers(), Cycles(), Networks(), Hidden())
}
"""The kinds by the strategy that plays them."""


def is_kind(name: object) -> bool:
    """Return whether there is a kind of that name, with or without ``Evolvable`` before it."""
    return isinstance(name, str) and name.removeprefix("Evolvable") in KINDS


def kind_of(name: str) -> Kind:
    """Return the kind of that name, with or without ``Evolvable`` before it.

    Raises:
        UnknownNameError: when there is none.
    """
    if not is_kind(name):
        raise UnknownNameError("kind of evolvable strategy", name, list(KINDS))
    return KINDS[name.removeprefix("Evolvable")]


def complete(kind: Kind, given: Parameters, dice: Dice, as_library: bool = False) -> Parameters:
    """Return all parameters of an individual.

    Raises:
        InputError: when a parameter is unknown or out of range.
    """
    known = {**kind.size, **kind.rates, **dict.fromkeys(kind.played)}
    for name in given:
        if name not in known:
            raise UnknownNameError(f"parameter of {kind.base}", name, sorted(known))
    meant = {name: value for name, value in given.items() if value is not None}
    try:
        one = kind.complete(meant, dice, as_library)
    except InputError:
        raise
    except (TypeError, ValueError, LookupError, AttributeError) as error:
        raise InputError(f"{kind.base} cannot be made of {meant}: {error}") from None
    check_number("mutation_probability", one["mutation_probability"], minimum=0.0)
    if one.get("initial_action", "C") not in ("C", "D"):
        raise InputError(f"initial_action must be C or D, not {one['initial_action']!r}")
    return one
