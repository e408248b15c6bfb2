"""Minds as genotypes: a disposition, and the capacities that are switched on.

``"LeaderFollower+signal+commit"`` is a disposition with two capacities; ``"HumanLike"`` has all capacities that a game
gives it, ``"HumanLike-signal"`` all but one, and ``"Hare*signal*commit"`` stands for the four genotypes with and
without each. ``"10|01"`` is a quorum code: signal with and without big game | hunt below and at the quorum.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, combinations

import numpy as np

from evocoop.core.errors import InputError, UnknownNameError
from evocoop.games.payoffs import IntArray

CAPACITY_NAMES = (
    *("attend", "signal", "we", "recognise", "commit", "choose"),
    *("plan", "generalise", "foresight", "verify", "attune", "merit"),
)
"""Every capacity that can be switched on; what each does stands in :class:`evocoop.games.CoordinatedHunt`."""

DISPOSITIONS: dict[str, tuple[str, ...]] = {
    "Hunter": ("hunt", "accept"),
    "Hare": (),
    "LeaderFollower": ("keen", "follow"),
    "Joiner": ("join",),
    "Scavenger": ("scavenge",),
    "Taker": ("keen", "follow", "take"),
    "Harasser": ("harass",),
    "ImpactHunter": ("hunt", "impact"),
    "Myopic": ("myopic",),
    "Accepter": ("accept",),
    "Faker": ("accept", "fake"),
    "Liar": ("lie",),
}
"""What a mind does without any capacity: the switches of each disposition."""

SWITCHES = (
    *("code", "signal_big", "signal_none", "act_below", "act_at"),
    *("hunt", "keen", "impact", "follow", "join", "scavenge", "take", "harass", "myopic", "accept", "fake", "lie"),
    *CAPACITY_NAMES,
)
"""The columns of a switch table."""

HUMAN_LIKE = "HumanLike"
_CODE = re.compile(r"[01]{2}\|[01]{2}")


@dataclass(frozen=True)
class Genotype:
    """A named set of switches.

    Args:
        name: as it stands in tables.
        disposition: what it does without capacities, or a quorum code.
        capacities: those switched on, in the order of ``CAPACITY_NAMES``.
    """

    name: str
    disposition: str
    capacities: tuple[str, ...] = ()

    @property
    def switches(self) -> frozenset[str]:
        """The names of all switches that are on."""
        if _CODE.fullmatch(self.disposition):
            bits = self.disposition.replace("|", "")
            names = ("signal_big", "signal_none", "act_below", "act_at")
            return frozenset({"code", *(name for name, bit in zip(names, bits, strict=True) if bit == "1")})
        on = {*DISPOSITIONS[self.disposition], *self.capacities}
        return frozenset(on | {"accept"} if "commit" in on else on)

    @property
    def kind(self) -> str:
        """``"human-like"`` where it agrees, signals or lives on those who do, else ``"chimp-like"``.

        >>> Genotype("Hare", "Hare").kind, Genotype("Hare+signal", "Hare", ("signal",)).kind
        ('chimp-like', 'human-like')
        """
        agrees = self.disposition in ("Accepter", "Faker", "Liar") or _CODE.fullmatch(self.disposition)
        return "human-like" if self.capacities or agrees else "chimp-like"


def read_genotypes(names: Iterable[str], capacities: Sequence[str], disposition: str) -> tuple[Genotype, ...]:
    """Return the genotypes that a list of names stands for, each once, in order.

    Args:
        names: as described at the top of this module.
        capacities: what ``"HumanLike"`` has.
        disposition: what ``"HumanLike"`` does without them.

    Raises:
        UnknownNameError: for an unknown disposition or capacity.
        InputError: when the list is empty or no list, or a code is given capacities.

    >>> [mind.name for mind in read_genotypes(["Hare*signal*commit"], (), "Hare")]
    ['Hare', 'Hare+signal', 'Hare+commit', 'Hare+signal+commit']
    """
    found: dict[str, Genotype] = {}
    if isinstance(names, str):
        raise InputError(f"minds must be a list of names, not {names!r}")
    for name in names:
        for genotype in _read(str(name), tuple(capacities), disposition):
            found.setdefault(genotype.name, genotype)
    if not found:
        raise InputError("minds must name at least one mind")
    return tuple(found.values())


def _read(name: str, capacities: tuple[str, ...], disposition: str) -> list[Genotype]:
    parts = re.split(r"([+*-])", name)
    head, steps = parts[0].strip(), list(zip(parts[1::2], (part.strip() for part in parts[2::2]), strict=True))
    if _CODE.fullmatch(head):
        if steps:
            raise InputError(f"the quorum code {head!r} takes no capacities, but {name!r} gives it some")
        return [Genotype(head, head)]
    base = disposition if head == HUMAN_LIKE else check_disposition(head)
    own = set(capacities if head == HUMAN_LIKE else ())
    free = []
    for sign, capacity in steps:
        check_capacities([capacity])
        if sign == "-":
            own.discard(capacity)
        elif sign == "+":
            own.add(capacity)
        else:
            free.append(capacity)
    fixed = "".join(f"{sign}{capacity}" for sign, capacity in steps if sign != "*")
    subsets = chain.from_iterable(combinations(free, size) for size in range(len(free) + 1))
    return [
        Genotype(f"{head}{fixed}{''.join(f'+{one}' for one in more)}", base, in_order({*own, *more}))
        for more in subsets
    ]


def check_disposition(name: str) -> str:
    """Return a known disposition or raise UnknownNameError."""
    if name not in DISPOSITIONS:
        raise UnknownNameError("mind", name, (HUMAN_LIKE, *DISPOSITIONS))
    return name


def check_capacities(names: Iterable[str]) -> tuple[str, ...]:
    """Return known capacities in order; ``("none",)`` is the empty set.

    Raises:
        UnknownNameError: for a capacity that is in no table.

    >>> check_capacities(["commit", "signal"]), check_capacities(["none"])
    (('signal', 'commit'), ())
    """
    if isinstance(names, str):
        raise InputError(f"capacities must be a list of names, not {names!r}")
    given = [name for name in names if name != "none"]
    for name in given:
        if name not in CAPACITY_NAMES:
            raise UnknownNameError("capacity", name, CAPACITY_NAMES)
    return in_order(set(given))


def in_order(capacities: set[str]) -> tuple[str, ...]:
    """Return capacities in the order of ``CAPACITY_NAMES``."""
    return tuple(name for name in CAPACITY_NAMES if name in capacities)


def switch_table(genotypes: Sequence[Genotype]) -> IntArray:
    """Return one row of 0 and 1 for each genotype, one column for each of ``SWITCHES``."""
    return np.array([[name in genotype.switches for name in SWITCHES] for genotype in genotypes], dtype=np.int64)
