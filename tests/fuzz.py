"""Feeds the reader of experiment files with nonsense; ``python tests/fuzz.py --cases 10000`` for a night.

A third of the cases are built from the registries (games, dynamics, parameters, sweeps, mostly right, sometimes wrong
in one of many ways), a third from the JSON Schema, a third are shipped files with some of their bytes changed. Some are
read with settings as given to ``--set``. Each must be accepted, or refused with file, line, key and reason; nothing
else may ever be raised, and no case may take long. What is accepted must be a plan within the limits that survives
JSON and fits the schema; the first cell of the cheap ones is computed, and must give rows or a reason.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
import re
import sys
import threading
import tomllib
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
FILE = "x.toml"
LONGEST_CASE = 60
CHEAP = 0.02

STRANGE: tuple[Any, ...] = (
    0, 1, 2, 3, 5, 7, -1, 10, 1e-9, 0.5, 1.0, 1.5, -0.25, 1e300, -1e300, math.inf, -math.inf, math.nan, 2**31, 2**63,
    2**64 + 1, 10**30, True, False, "", "C", "é", "../x", "\0", "x" * 300, [], [1], [[1, 2], [3, 4]], [[1], [2, 3]],
    [[]], [math.nan, 1], ["C", "D"], ["C", "C"], {}, {"a": 1}, {"name": "matrix"},
)  # fmt: skip


@dataclass
class Tally:
    """What happened.

    Args:
        cases: how many cases were tried.
        accepted: how many were accepted.
        computed: of how many of those the first cell was computed.
        reasons: how many of those cells gave a reason in place of rows.
        defects: what should not have happened, with the file that made it happen.
    """

    cases: int = 0
    accepted: int = 0
    computed: int = 0
    reasons: int = 0
    defects: list[str] = field(default_factory=list)


def written(value: Any) -> str:
    """Return a value as TOML."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, str):
        return json.dumps(value).replace("\x7f", "\\u007f")
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(written(item) for item in value)}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {written(item)}" for key, item in value.items()) + "}"
    return str(value)


def fitting(parameter: Any, chance: random.Random) -> Any:
    """Return a value that the registry allows for a parameter."""
    low = 0.0 if parameter.minimum is None else parameter.minimum
    high = low + 6.0 if parameter.maximum is None else min(parameter.maximum, low + 30.0)
    if parameter.kind == "integer":
        return chance.randint(math.ceil(low), max(math.ceil(low), math.floor(high)))
    if parameter.kind in ("number", "probability"):
        return chance.choice([low, high, chance.uniform(low, high), chance.uniform(0.0, 1.0)])
    if parameter.kind == "boolean":
        return chance.random() < 0.5
    if parameter.choices:
        return chance.choice(parameter.choices)
    size = chance.choice([1, 2, 2, 2, 3, 4])
    row = [
        round(chance.uniform(-1, 3) if parameter.minimum is None else chance.uniform(low, high), 2) for _ in range(size)
    ]
    if parameter.kind == "vector":
        return [1.0 / size] * size if chance.random() < 0.7 else row
    if parameter.kind == "matrix":
        return [[round(chance.uniform(-1, 3), 2) for _ in range(size)] for _ in range(size)]
    return ["C", "D"] if parameter.kind == "names" else "C"


def section(entry: Any, chance: random.Random, wrong: float) -> dict[str, Any]:
    """Return a section that names an entry with some of its parameters."""
    found: dict[str, Any] = {"name": entry.name}
    for parameter in entry.parameters:
        if parameter.required or chance.random() < 0.4:
            found[parameter.name] = chance.choice(STRANGE) if chance.random() < wrong else fitting(parameter, chance)
    if chance.random() < wrong:
        found[chance.choice(["nonsense", "label", "strategies", "name", "seed"])] = chance.choice(STRANGE)
    return found


def built(chance: random.Random) -> bytes:
    """Return an experiment file built from the registries."""
    from evocoop.config import catalogue

    wrong = chance.choice([0.0, 0.0, 0.02, 0.1])
    games, dynamics = list(catalogue.games()), list(catalogue.dynamics())
    if chance.random() < 0.9:  # all of one population, of two, or of traits
        kind = chance.choices([set(), {"two populations"}, {"continuous traits"}], [0.7, 0.15, 0.15])[0]
        special = {"two populations", "continuous traits"}
        games, dynamics = ([e for e in some if set(e.tags) & special == kind] for some in (games, dynamics))
    chosen = [chance.choice(games) for _ in range(chance.choice([1, 1, 1, 2]))]
    methods = [chance.choice(dynamics) for _ in range(chance.choice([0, 1, 1, 1, 1, 2]))]
    data: dict[str, Any] = {
        "schema_version": chance.choice(STRANGE) if chance.random() < wrong else 1,
        "experiment": {"name": "x", "question": "?", "seed": chance.randint(0, 9)},
        "dynamics": [{**section(one, chance, wrong), "label": f"d{n}"} for n, one in enumerate(methods)],
    }
    told = [{**section(one, chance, wrong), "label": f"g{n}"} for n, one in enumerate(chosen)]
    data.update({"game": told[0]} if len(told) == 1 else {"games": told})
    swept = [("game", one) for one in chosen] + [("dynamics", one) for one in methods]
    if chance.random() < 0.6 and any(one.parameters for _, one in swept):
        root, one = chance.choice([pair for pair in swept if pair[1].parameters])
        parameter = chance.choice(one.parameters)
        values = [fitting(parameter, chance) for _ in range(chance.randint(1, 3))]
        if chance.random() < wrong:
            values.append(chance.choice(STRANGE))
        data["sweep"] = {f"{root}.{parameter.name}": values}
    if chance.random() < 0.15:
        data["play"] = {"turns": chance.randint(1, 9), "repetitions": 2}
        data["population"] = {"strategies": ["TitForTat", "Defector", "Random(0.3)"]}
    if chance.random() < wrong:
        data[chance.choice(["experiment", "sweep", "outputs", "population", "play", "dynamics", "zzz"])] = (
            chance.choice(STRANGE)
        )
    return file_of(data)


def file_of(data: Any) -> bytes:
    """Return data as the bytes of an experiment file."""
    if not isinstance(data, dict):
        return written(data).encode("utf-8", "replace")
    return "".join(f"{json.dumps(key)} = {written(value)}\n" for key, value in data.items()).encode("utf-8", "replace")


def mutated(chance: random.Random, files: list[bytes]) -> bytes:
    """Return a shipped file with some of its bytes flipped, removed, doubled, or taken from another file."""
    content = bytearray(chance.choice(files))
    for _ in range(chance.choice([1, 1, 1, 2, 3, 10])):
        at, length = chance.randrange(len(content) + 1), chance.choice([1, 1, 2, 5, 40])
        kind = chance.randrange(6)
        if kind == 0:
            content[at : at + length] = bytes(chance.randrange(256) for _ in range(length))
        elif kind == 1:
            del content[at : at + length]
        elif kind == 2:
            content[at:at] = content[at : at + length]
        elif kind == 3:
            content[at : at + 1] = chance.choice([b"9", b"-", b"[", b"]", b'"', b"=", b".", b"#", b"{", b"\n", b"e9"])
        elif kind == 4:
            other = chance.choice(files)
            start = chance.randrange(len(other))
            content[at:at] = other[start : start + length]
        else:
            numbers = list(re.finditer(rb"\d+", bytes(content)))
            if numbers:
                spot = chance.choice(numbers)
                content[spot.start() : spot.end()] = written(chance.choice(STRANGE)).encode("utf-8", "replace")
    return bytes(content)


def settings(chance: random.Random) -> list[str]:
    """Return settings as given to ``--set``, most of the time none."""
    roots = ("game", "games", "games.g0", "games.1", "dynamics", "dynamics.d0", "play", "sweep", "experiment", "", "x")
    keys = ("cost", "name", "label", "population_size", "turns", "game.cost", "seed", "0", "9" * 5000, "", "a.b.c")
    found = []
    while chance.random() < 0.1:
        value = chance.choice(STRANGE) if chance.random() < 0.7 else chance.choice(["[", "1\na = 2", "\udc80", "{}}"])
        text = value if isinstance(value, str) else written(value)
        found.append(f"{chance.choice(roots)}.{chance.choice(keys)}={text}")
    return found


def examine(content: bytes, overrides: list[str], tally: Tally, validator: Any) -> None:
    """Feed one file and note what happens."""
    from evocoop.config import Experiment, parse_experiment
    from evocoop.config.limits import LIMITS
    from evocoop.core.errors import ConfigError, InputError
    from evocoop.runs.cost import check_work, cost_of
    from evocoop.runs.identity import run_id
    from evocoop.runs.plan import Plan
    from evocoop.strategies.registry import find
    from evocoop.strategies.spec import parse

    try:
        experiment = parse_experiment(content, FILE, overrides=overrides)
        plan = Plan(experiment)
        check_work(plan, LIMITS)
    except ConfigError as refusal:
        for problem in refusal.problems:
            place = rf"{re.escape(FILE)}:(\d+:| …)|--set "
            if not re.fullmatch(rf"({place}) ?\S.*(?<!: )", problem, re.DOTALL):
                tally.defects.append(f"refused without place or reason: {problem!r}")
        return
    except InputError as refusal:
        if "--raise-limit work" not in str(refusal) and not str(refusal).startswith("--set "):
            tally.defects.append(f"refused without place: {refusal!r}")
        return
    tally.accepted += 1
    if len(plan) > LIMITS["cells"]:
        tally.defects.append(f"{len(plan)} cells")
    plain = json.loads(json.dumps(experiment.to_dict(), allow_nan=False))
    if Experiment.from_dict(plain) != experiment or run_id(Experiment.from_dict(plain)) != run_id(experiment):
        tally.defects.append("the question does not survive JSON")
    if not overrides and not validator.is_valid(tomllib.loads(content.decode())):
        tally.defects.append("accepted, but the schema refuses it")
    native = all(find(parse(name).name).native for name in experiment.population) if experiment.play else True
    if native and cost_of(plan.cell(0))[0] < CHEAP:
        compute_one(plain, tally)


def compute_one(plain: dict[str, Any], tally: Tally) -> None:
    """Compute the first cell of an accepted experiment: it must give rows, or a reason in words."""
    from evocoop.runs.work import compute

    outcome = compute(json.dumps(plain), 0, 1)
    tally.computed += 1
    for _, error in outcome.failed:
        tally.reasons += 1
        if re.match(r"\w*(Error|Exception|Warning)\b", error):
            tally.defects.append(f"a cell failed without a reason in words: {error}")


def give_up(number: int, content: bytes) -> None:
    """End everything: a case takes too long, and compiled code cannot be interrupted."""
    print(f"case {number} takes too long\n{content.decode('utf-8', 'backslashreplace')}", file=sys.stderr, flush=True)
    os._exit(1)


def torment(numbers: Iterable[int], seed: int, say: Callable[[str], None] = lambda text: None) -> Tally:
    """Try the cases of these numbers and return what happened; a case depends on the seed and its number alone."""
    import jsonschema
    from from_schema import Builder

    from evocoop.config import json_schema

    tally, schema = Tally(), json_schema()
    files = [path.read_bytes() for path in sorted((ROOT / "experiments").glob("*.toml"))]
    validator = jsonschema.Draft202012Validator(schema)
    for number in numbers:
        chance = random.Random(f"{seed}/{number}")
        if number % 3 == 0:
            content = built(chance)
        elif number % 3 == 1:
            content = file_of(Builder(schema, chance, chance.choice([0.0, 0.0, 0.02, 0.1]), STRANGE).file())
        else:
            content = mutated(chance, files)
        before = len(tally.defects)
        watch = threading.Timer(LONGEST_CASE, give_up, (number, content))
        watch.daemon = True
        watch.start()
        try:
            examine(content, settings(chance), tally, validator)
        except Exception as error:
            tally.defects.append(f"{type(error).__name__}: {error}")
        finally:
            watch.cancel()
        tally.cases += 1
        if len(tally.defects) > before:
            tally.defects[-1] += f"\n--- case {number}\n{content.decode('utf-8', 'backslashreplace')}---"
            say(tally.defects[-1])
    return tally


def main() -> int:
    """Try as many cases as asked and print what happened."""
    parser = argparse.ArgumentParser(description="Feed the reader of experiment files with nonsense.")
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--first", type=int, default=0, help="the first case's number, to see one again")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    warnings.simplefilter("error", RuntimeWarning)
    numbers = range(asked.first, asked.first + asked.cases)
    tally = torment(numbers, asked.seed, lambda text: print(text, file=sys.stderr))
    print(
        f"{tally.cases} cases, {tally.accepted} accepted, {tally.computed} computed ({tally.reasons} with a reason in "
        f"place of rows), {len(tally.defects)} defects"
    )
    return 1 if tally.defects else 0


if __name__ == "__main__":
    sys.exit(main())
