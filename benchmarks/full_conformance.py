"""Every pair of native strategies once, native and in the Axelrod library: matches, turns, mismatches.

``python benchmarks/full_conformance.py`` plays each pair twice: without noise, and with noise in the other order. Pairs
with teams come last and are short, since the library takes up to seconds for each. What has been played is kept in a
file, one line for each first player; started again, the script goes on from there.
"""

from __future__ import annotations

import argparse
import tempfile
import time
import warnings
from pathlib import Path
from typing import Any

from evocoop.play.matches import play_plans
from evocoop.play.setting import letters, terms
from evocoop.strategies.axelrod_door import library, make_player
from evocoop.strategies.registry import catalogue
from evocoop.strategies.resolve import plan_of, read

EXAMPLES = {"ANN": f"ANN(17, 1, {[0.25, -0.5] * 9 + [0.5]})", "ReactivePlayer": "ReactivePlayer((0.9, 0.2))"}


class Pairing:
    """Plays pairs by name, keeping the players of both sides."""

    def __init__(self, turns: int, noise: float, seed: int) -> None:
        self.turns, self.noise, self.seed = turns, noise, seed
        self.players: dict[tuple[str, int], Any] = {}

    def player(self, name: str, side: int) -> Any:
        """Return the library's player for one side of the table."""
        if (name, side) not in self.players:
            self.players[name, side] = make_player(read(name)[1])
        return self.players[name, side]

    def check(self, one: str, two: str, turns: int) -> list[str]:
        """Play a pair in both orders; return what differs."""
        differ = []
        for first, second, noise in ((one, two, 0.0), (two, one, self.noise)):
            pair = self.player(first, 0), self.player(second, 1)
            plays = library().Match(pair, turns=turns, noise=noise, seed=self.seed).play()
            theirs = tuple("".join(str(both[k]) for both in plays) for k in (0, 1))
            played = play_plans(plan_of(first), plan_of(second), terms(turns, noise, None, None), self.seed)
            ours = letters(played[0]), letters(played[1])
            if ours != theirs:
                differ.append(f"{first} v {second}, {turns} turns, noise {noise}: {ours} not {theirs}")
        return differ


def rows_of(order: list[tuple[str, bool]], turns: int, team_turns: int) -> list[tuple[str, list[str], int]]:
    """Return the work in order: a first player, its rivals, the turns; everything with teams at the end."""
    plain = [name for name, team in order if not team]
    teams = [name for name, team in order if team]
    rows = [(name, plain[k:], turns) for k, name in enumerate(plain)]
    return rows + [(name, plain + teams[: k + 1], team_turns) for k, name in enumerate(teams)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=60)
    parser.add_argument("--team-turns", type=int, default=10)
    parser.add_argument("--noise", type=float, default=0.05)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()) / "evocoop_full_conformance.tsv")
    given = parser.parse_args()
    warnings.simplefilter("ignore")
    native = [(EXAMPLES.get(row.key, row.key), row.is_team) for row in catalogue().values() if _judged(row)]
    work = rows_of(native, given.turns, given.team_turns)
    head = f"# {library().__version__} {given.turns} {given.team_turns} {given.noise} {given.seed}"
    lines = given.keep.read_text("utf-8").splitlines() if given.keep.exists() else []
    done = {line.split("\t")[0]: line.split("\t") for line in lines[1:]} if lines[:1] == [head] else {}
    if not done:
        given.keep.write_text(f"{head}\n", "utf-8")
    pairing, start = Pairing(given.turns, given.noise, given.seed), time.time()
    for name, rivals, turns in work:
        if name not in done:
            differ = [said for rival in rivals for said in pairing.check(name, rival, turns)]
            counts = 2 * len(rivals), 4 * turns * len(rivals), len(differ)
            done[name] = [name, *map(str, counts), " | ".join(differ)]
            with given.keep.open("a", encoding="utf-8") as file:
                file.write("\t".join(done[name]) + "\n")
            print(f"{len(done)}/{len(work)} {name}: {len(differ)} mismatches, {time.time() - start:.0f} s", flush=True)
    matches, plays, wrong = (sum(int(row[k]) for row in done.values()) for k in (1, 2, 3))
    print(f"{len(done)} strategies, {matches} matches, {plays} plays, {wrong} mismatches")
    print("\n".join(row[4] for row in done.values() if row[3] != "0"))


def _judged(row: Any) -> bool:
    return row.native and not row.since


if __name__ == "__main__":
    main()
