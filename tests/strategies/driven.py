"""A strategy driven through scripts: the opponent's plays are given and its own answers read, here and in the library.

There is no opponent that answers, so every history can be visited: all scripts of a length, one after the other.
``python tests/strategies/driven.py 12 DBS MetaWinner`` does so for any strategies, however slow in the library.
"""

from __future__ import annotations

import itertools
import random
import sys
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from evocoop.core.jit import kernel
from evocoop.play.kernels import reset
from evocoop.play.seats import Seat
from evocoop.strategies.axelrod_door import library, make_player
from evocoop.strategies.draws import start_stream
from evocoop.strategies.plan import Plan, Setting
from evocoop.strategies.resolve import plan_of, read
from evocoop.strategies.state import Player, advance, decide, player_at

Scripts = NDArray[np.uint8]
NO_PLAY: Final = 2
"""The answer of a rule that returns neither C nor D."""


def all_scripts(turns: int) -> Scripts:
    """Return every sequence of so many plays, one a row."""
    return np.array(list(itertools.product((0, 1), repeat=turns)), dtype=np.uint8)


def random_scripts(count: int, turns: int, seed: int) -> Scripts:
    """Return long sequences, each with its own share of defection."""
    dice = random.Random(seed)
    return np.array([[dice.random() < (k + 1) / (count + 1) for _ in range(turns)] for k in range(count)], np.uint8)


def moody_scripts(count: int, turns: int, seed: int) -> tuple[Scripts, Scripts]:
    """Return long sequences in which moods change, and in every other one which of the own plays are flipped.

    A mood is a share of defection from seldom to nearly always, or a short cycle, and lasts for a while.
    """
    dice = random.Random(seed)
    scripts, flips = np.zeros((count, turns), np.uint8), np.zeros((count, turns), np.uint8)
    for k in range(count):
        cycle, share, left = [0], 0.0, 0
        for turn in range(turns):
            if left == 0:
                cycle = [dice.randrange(2) for _ in range(dice.randint(1, 6))]
                share = dice.choice((0.02, 0.1, 0.3, 0.5, 0.8, 0.97, -1.0, -1.0))
                left = dice.choice((12, 40, 150, turns))
            scripts[k, turn] = cycle[turn % len(cycle)] if share < 0 else dice.random() < share
            flips[k, turn] = k % 2 and dice.random() < 0.07
            left -= 1
    return scripts, flips


@kernel
def _replay(root: Player, scripts: Any, flips: Any, first: int, seed: int, answers: Any) -> None:
    for k in range(len(scripts)):
        reset(root, first + k * scripts.shape[1])
        if root.stochastic:
            start_stream(root.stream, seed)
        for turn in range(scripts.shape[1]):
            play = decide(root)
            answers[k, turn] = NO_PLAY if play & ~1 else play
            advance(root, play & 1 ^ flips[k, turn], scripts[k, turn])


@kernel
def _drive(address: int, scripts: Any, flips: Any, first: int, seed: int, answers: Any) -> None:
    _replay(player_at(address), scripts, flips, first, seed, answers)


def drive(plan: Plan, scripts: Scripts, seed: int, flips: Scripts | None = None) -> Scripts:
    """Return the answers of a plan to each script, some of them flipped before they are played.

    ``NO_PLAY`` stands where the rule returns neither play.
    """
    scripts = np.ascontiguousarray(scripts)
    answers = np.zeros_like(scripts)
    flips = np.zeros_like(scripts) if flips is None else flips
    seat = Seat(plan, Setting(length=float(scripts.shape[1])), scripts.shape[1])
    _drive(seat.address, scripts, flips, scripts.ctypes.data, seed, answers)
    return answers


def library_answers(name: str, scripts: Scripts, seed: int, flips: Scripts | None = None) -> Scripts:
    """Return the answers of the library's player to each script."""
    axelrod = library()
    C, D = axelrod.Action.C, axelrod.Action.D
    player, opponent = make_player(read(name)[1]), axelrod.MockPlayer()
    chance = axelrod.Classifiers["stochastic"](player)
    answers = np.zeros_like(scripts)
    for k, script in enumerate(scripts.tolist()):
        player.reset()
        player.set_match_attributes(length=len(script), game=axelrod.DefaultGame, noise=0)
        if chance:
            player.set_seed(seed)
        opponent._history = axelrod.history.History()
        for turn, code in enumerate(script):
            answer, reply = player.strategy(opponent), D if code else C
            answers[k, turn] = answer is D
            played = answer.flip() if flips is not None and flips[k, turn] else answer
            player.update_history(played, reply)
            opponent.update_history(reply, played)
    return answers


def driven_difference(name: str, scripts: Scripts, seed: int = 7, flips: Scripts | None = None) -> str:
    """Return the first script whose answers differ, in words; empty when there is none."""
    ours, theirs = drive(plan_of(name), scripts, seed, flips), library_answers(name, scripts, seed, flips)
    wrong = np.flatnonzero((ours != theirs).any(axis=1))
    if not len(wrong):
        return ""
    said = ["".join("CD"[play] for play in row[wrong[0]]) for row in (scripts, ours, theirs)]
    return f"{name}: {len(wrong)} of {len(scripts)} scripts; {said[0]} is answered {said[1]}, by the library {said[2]}"


if __name__ == "__main__":
    for strategy in sys.argv[2:]:
        difference = driven_difference(strategy, all_scripts(int(sys.argv[1])))
        print(difference or f"{strategy}: none of {2 ** int(sys.argv[1])} differs", flush=True)
