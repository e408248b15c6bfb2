"""Finite-state machines, given as tables.

A machine is written ``(first play, first state, transitions)``; ``"1:1C,2D"`` reads: in state 1, after the opponent's C
go to state 1 and play C, after its D go to state 2 and play D. The tables are those of the library, which names the
sources of each machine: Ashlock & Kim 2008, IEEE Trans. Evol. Comput. 12:647 (Fortress, Predator, Pun1, Raider, Ripoff,
Solution, Thumper, Usually…); Harper et al. 2017, PLoS ONE 12(12): e0188046 (evolved machines, TF1-TF3).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from evocoop.core.errors import InputError
from evocoop.strategies.families.schedules import plays
from evocoop.strategies.machines import Machine, explore
from evocoop.strategies.plan import Numbers, Plan, Strategies, rule
from evocoop.strategies.state import C, D, Player, entry

Transition = tuple[int, str, int, str]
_CODES = {"C": C, "D": D}


@rule
def machine(me: Player) -> int:
    """Follow a machine; table: first state, first play, then per state the next state and play after C and after D."""
    if me.turn == 0:
        me.i[0] = entry(me, 0)
        return entry(me, 1)
    row = 2 + 4 * me.i[0] + 2 * (me.theirs & 1)
    me.i[0] = entry(me, row)
    return entry(me, row + 1)


@machine.read
def _moore(plan: Plan, numbers: Numbers) -> Machine | None:
    """Return the machine with a state for each state and play that led to it."""
    table = plan.table

    def after(state: tuple[int, int], play: int, reply: int) -> tuple[int, int]:
        row = 2 + 4 * state[0] + 2 * reply
        return table[row], table[row + 1]

    return explore((table[0], table[1]), lambda state: 1.0 - state[1], after)


def fsm_player(
    transitions: Sequence[Transition] = ((1, "C", 1, "C"), (1, "D", 1, "D")),
    initial_state: int = 1,
    initial_action: str = "C",
) -> Plan:
    """Follow a machine given as rows (state, opponent's play, next state, own play)."""
    steps: dict[tuple[Any, str], tuple[Any, str]] = {}
    for row in transitions:
        if len(row) != 4 or row[1] not in ("C", "D") or row[3] not in ("C", "D"):
            raise InputError(f"a transition must be (state, C or D, next state, C or D), not {row!r}")
        steps[row[0], row[1]] = (row[2], row[3])
    states = list(dict.fromkeys([initial_state, *(to for to, _ in steps.values())]))
    for state in states:
        if (state, "C") not in steps or (state, "D") not in steps:
            missing = [reply for reply in "CD" if (state, reply) not in steps]
            raise InputError(f"state {state} has no transition after {' or '.join(missing)}")
    order = {state: position for position, state in enumerate(states)}
    table = [order[initial_state], *plays(initial_action)]
    for state in states:
        for reply in "CD":
            to, play = steps[state, reply]
            table += (order[to], _CODES[play])
    return Plan(machine, table=tuple(table))


def written(first_play: str, first_state: int, text: str) -> Plan:
    """Return the plan of a machine in this module's notation."""
    transitions: list[Transition] = []
    for row in text.split():
        state, _, steps = row.partition(":")
        after_c, after_d = steps.split(",")
        transitions.append((int(state), "C", int(after_c[:-1]), after_c[-1]))
        transitions.append((int(state), "D", int(after_d[:-1]), after_d[-1]))
    return fsm_player(transitions, first_state, first_play)


MACHINES: dict[str, tuple[str, int, str]] = {
    "EvolvedFSM16": (
        "C",
        0,
        "0:0C,12D 1:3D,6C 2:2D,14D 3:3D,3D 5:12D,10D 6:5C,12D 7:3D,1C 8:5C,5C 10:11D,8C 11:15D,5D "
        "12:8C,11D 13:13D,7D 14:13D,13D 15:15D,2C",
    ),
    "EvolvedFSM16Noise05": (
        "C",
        0,
        "0:8C,3D 1:13C,15D 2:12C,3D 3:10C,3D 4:5D,4D 5:4D,10D 6:8C,6D 8:2C,4D 10:4D,1D 11:14D,13C "
        "12:13C,2C 13:13C,6C 14:3D,13D 15:5D,11C",
    ),
    "EvolvedFSM4": ("C", 0, "0:0C,2D 1:3D,0C 2:2D,1C 3:3D,1D"),
    "EvolvedFSM6": ("C", 4, "2:2D,7D 3:6D,4C 4:4C,6D 5:2D,7D 6:3C,5D 7:2C,3D"),
    "Fortress3": ("D", 1, "1:1D,2D 2:1D,3C 3:3C,1D"),
    "Fortress4": ("D", 1, "1:1D,2D 2:1D,3D 3:1D,4C 4:4C,1D"),
    "Predator": ("C", 0, "0:0D,1D 1:2D,3D 2:4C,3D 3:5D,4C 4:2C,6D 5:7D,3D 6:7C,7D 7:8D,7D 8:8D,6D"),
    "Pun1": ("D", 1, "1:2C,2C 2:1C,1D"),
    "Raider": ("D", 0, "0:2D,2D 1:1C,1D 2:0D,3C 3:0D,1C"),
    "Ripoff": ("D", 1, "1:2C,3C 2:1D,3C 3:3C,3D"),
    "SecondByColbert": (
        "C",
        0,
        "0:1C,1C 1:2C,2C 2:3C,3C 3:4C,4C 4:5D,5D 5:6C,6C 6:7C,7C 7:7C,8D 8:9D,9D 9:10C,10C 10:7C,7C",
    ),
    "SolutionB1": ("D", 1, "1:2D,1D 2:2C,3C 3:3C,3C"),
    "SolutionB5": ("D", 1, "1:2C,6D 2:2C,3D 3:6C,1D 4:3C,6D 5:5D,4D 6:3C,5D"),
    "TF1": (
        "C",
        0,
        "0:7C,1C 1:11D,11D 2:8D,8C 3:3C,12D 4:6C,3C 5:11C,8D 6:13D,14C 7:4D,2D 8:14D,8D 9:0C,10D "
        "10:8C,15C 11:6D,5D 12:6D,9D 13:9D,8D 14:8D,13D 15:4C,5C",
    ),
    "TF2": (
        "C",
        0,
        "0:13D,12D 1:3D,4D 2:14D,9D 3:0C,1D 4:1D,2D 7:12D,2D 8:7D,9D 9:8D,0D 10:2C,15C 11:7D,13D "
        "12:3C,8D 13:7C,10D 14:10D,7D 15:15C,11D",
    ),
    "TF3": ("C", 0, "0:0C,3C 1:5D,0C 2:3C,2D 3:4D,6D 4:3C,1D 5:6C,3D 6:6D,6D 7:7D,5C"),
    "Thumper": ("C", 1, "1:1C,2D 2:1D,1D"),
    "UsuallyCooperates": ("C", 1, "1:1C,2C 2:1D,1C"),
    "UsuallyDefects": ("D", 1, "1:2D,1D 2:1D,1C"),
}

STRATEGIES: Strategies = {"FSMPlayer": fsm_player} | {name: written(*row) for name, row in MACHINES.items()}
