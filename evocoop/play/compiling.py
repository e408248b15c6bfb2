"""Strategies compiled beforehand, on all processors, into the disk cache."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, as_completed
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import parent_process
from typing import Any

from evocoop.core.errors import check_integer
from evocoop.core.processes import kill_pool, process_pool
from evocoop.play.entrants import find_entrant, is_bridged
from evocoop.strategies.plan import Plan, Rule
from evocoop.strategies.registry import catalogue

Told = Callable[[int, int], None]
Address = tuple[str, str]

FEW = 48
"""So many rules are compiled sooner than another process is started."""
BATCH = 3


def compile_strategies(
    names: Iterable[Any] | None = None, *, workers: int | None = None, told: Told | None = None
) -> int:
    """Compile strategies and the loops they are played in, and return how many rules had to be compiled.

    What is compiled is kept in the disk cache, so that matches and tournaments start at once from then on, in this
    process and in later ones.

    Args:
        names: strategies, see :func:`evocoop.match`; every native one of the catalogue when left out.
        workers: how many processes compile, this one included; as many as there are processors when left out.
        told: called with the rules compiled so far and in all, whenever some are.

    Raises:
        InputError: when a strategy is unknown.

    >>> compile_strategies(["TitForTat", "Grudger"]) >= 0, compile_strategies(["TitForTat", "Grudger"])
    (True, 0)
    """
    asked = [key for key, row in catalogue().items() if row.native] if names is None else list(names)
    entrants = [find_entrant(who) for who in asked if not is_bridged(who)]
    count = compile_plans([one.plan for one in entrants if one.plan is not None], workers=workers, told=told)
    _play_a_little()
    return count


def compile_plans(plans: Sequence[Plan], *, workers: int | None = None, told: Told | None = None) -> int:
    """Compile the rules of plans that are neither compiled nor in the disk cache, and return how many they were.

    Many are shared out among processes, each of which puts its own into the disk cache. A rule of the user's is
    compiled here, so that no other process needs to read the user's files.
    """
    rules = {one.rule for plan in plans for one in plan.everyone()}
    missing = sorted((one for one in rules if not one.load()), key=_address)
    count = min(os.cpu_count() or 1, 1024) if workers is None else check_integer("workers", workers, minimum=1)
    report = told or (lambda done, of: None)
    shared = [one for one in missing if _is_ours(one)] if count > 1 and parent_process() is None else []
    ready = 0
    if len(shared) >= FEW:
        for batch in _shared_out([_address(one) for one in shared], min(count, 1 + len(shared) // BATCH)):
            ready += batch
            report(ready, len(missing))
    for done, rule in enumerate(missing, start=1):
        rule.address  # noqa: B018
        report(max(ready, done), len(missing))
    return len(missing)


def _address(rule: Rule) -> Address:
    return rule.function.__module__, rule.__name__


def _is_ours(rule: Rule) -> bool:
    module, name = _address(rule)
    return module.startswith("evocoop.") and getattr(sys.modules.get(module), name, None) is rule


def _shared_out(addresses: list[Address], workers: int) -> Iterable[int]:
    """Compile in other processes, and in this one from the other end of the list; yield how many, batch by batch."""
    batches = [addresses[k : k + BATCH] for k in range(0, len(addresses), BATCH)]
    pool = process_pool(workers - 1)
    try:
        loops = pool.submit(_play_a_little)
        futures: list[Future[int]] = [pool.submit(compile_rules, batch) for batch in batches]
        for future, batch in zip(reversed(futures), reversed(batches), strict=True):
            if future.cancel():
                yield compile_rules(batch)
        for future in as_completed([loops, *(one for one in futures if not one.cancelled())]):
            yield future.result()
    except BrokenProcessPool:
        return
    finally:
        kill_pool(pool)


def compile_rules(addresses: Sequence[Address]) -> int:
    """Compile rules given by module and name into the disk cache, and return how many."""
    from importlib import import_module

    for module, name in addresses:
        getattr(import_module(module), name).address  # noqa: B018
    return len(addresses)


def _play_a_little() -> int:
    """Play one match and one tournament, so that the loops of play are compiled, too; return no rules."""
    from evocoop.play.matches import match
    from evocoop.play.tournaments import tournament

    match("TitForTat", "Random", turns=2, seed=1)
    tournament(["TitForTat", "Random"], turns=2, repetitions=1, seed=1).ranked_names  # noqa: B018
    return 0
