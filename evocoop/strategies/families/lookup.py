"""Players that look up the next play in a table over recent plays and the opponent's opening.

The key of a table is: the last plays of one's own, the opponent's last plays, the opponent's opening plays, each oldest
first. Entries are C, D or the probability to cooperate, in the order of the keys, C before D.

Tables of the trained players: Harper, Knight, Jones, Koutsovoulos, Glynatsi & Campbell 2017, PLoS ONE 12:e0188046.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from evocoop.core.errors import InputError
from evocoop.core.jit import kernel
from evocoop.strategies.draws import random_choice
from evocoop.strategies.families.schedules import plays
from evocoop.strategies.machines import Machine, explore
from evocoop.strategies.parameters import parameter_table
from evocoop.strategies.plan import Numbers, Plan, Strategies, rule
from evocoop.strategies.state import Player, entry, number, their_play

Depths = tuple[int, int, int]
Pattern = str | Sequence[float | str]
TRAINED = parameter_table("trained")


@kernel
def _opening(me: Player, plays: int) -> int:
    """Return the opponent's first plays as bits, the first play highest."""
    bits = 0
    for turn in range(plays):
        bits = 2 * bits + their_play(me, turn)
    return bits


@rule
def look_up(me: Player) -> int:
    """Play an opening, then by table.

    numbers: probability to cooperate for each key; table: three depths, length of the opening, its plays.
    """
    if me.turn < entry(me, 3):
        return entry(me, 4 + me.turn)
    own, other, opening = entry(me, 0), entry(me, 1), entry(me, 2)
    key = me.mine & ((1 << own) - 1)
    key = (key << other) | (me.theirs & ((1 << other) - 1))
    if opening:
        key = (key << opening) | _opening(me, opening)
    return random_choice(me, number(me, key))


@look_up.read
def _remembering(plan: Plan, numbers: Numbers) -> Machine | None:
    """Return the machine whose state is the turn of the opening and the plays remembered."""
    own, other, opening, first = plan.table[:4]

    def chance(state: tuple[int, int, int, int]) -> float:
        turn, mine, theirs, opened = state
        if turn < first:
            return 1.0 - plan.table[4 + turn]
        return numbers[((mine << other | theirs) << opening) | opened]

    def after(state: tuple[int, int, int, int], play: int, reply: int) -> tuple[int, int, int, int]:
        turn, mine, theirs, opened = state
        return (
            min(turn + 1, first),
            (mine << 1 | play) & ((1 << own) - 1),
            (theirs << 1 | reply) & ((1 << other) - 1),
            opened << 1 | reply if turn < opening else opened,
        )

    return explore((0, 0, 0, 0), chance, after) if opening <= first else None


def look_up_plan(pattern: Pattern, depths: Depths, opening: Sequence[str], stochastic: bool) -> Plan:
    """Return the plan of a table; the opening is cut or filled with cooperation to the largest depth."""
    chances = _chances(pattern)
    if len(chances) != 1 << sum(depths):
        raise InputError(f"pattern must have {1 << sum(depths)} entries for depths {tuple(depths)}, not {len(chances)}")
    first = ("".join(opening) + "C" * max(depths))[: max(depths)]
    return Plan(look_up, stochastic, chances, (*depths, len(first), *(plays(first) if first else ())))


def _chances(pattern: Pattern) -> tuple[float, ...]:
    if isinstance(pattern, str) and set(pattern) <= {"C", "D"}:
        return tuple(map({"C": 1.0, "D": 0.0}.__getitem__, pattern))
    return tuple(_chance(item) for item in pattern)


def _chance(item: float | str) -> float:
    if type(item) is float and 0.0 <= item <= 1.0:
        return item
    chance = {"C": 1.0, "D": 0.0}.get(item, -1.0) if isinstance(item, str) else float(item)
    if not 0 <= chance <= 1:
        raise InputError(f"a pattern holds C, D or probabilities in [0, 1], not {item!r}")
    return chance


def _from_dict(table: Mapping[Sequence[Sequence[str]], float | str]) -> tuple[Pattern, Depths]:
    """Return the pattern and the depths of a table given as {(own plays, other's plays, opening): entry}."""
    by_key = {tuple("".join(str(play) for play in part) for part in key): item for key, item in table.items()}
    own, other, opening = (len(part) for part in next(iter(by_key)))
    ordered = [by_key[key] for key in sorted(by_key)]
    return [item if isinstance(item, (int, float)) else str(item) for item in ordered], (own, other, opening)


def _looker(stochastic: bool):  # type: ignore[no-untyped-def]
    def factory(
        lookup_dict: Mapping[Sequence[Sequence[str]], float | str] | None = None,
        initial_actions: Sequence[str] | None = None,
        pattern: Pattern | None = None,
        parameters: Depths | None = None,
    ) -> Plan:
        """Play by a table given as a dictionary, or as a pattern and its three depths."""
        if lookup_dict:
            pattern, parameters = _from_dict(lookup_dict)
        elif pattern is None or parameters is None:
            pattern, parameters = "CD", (0, 1, 0)
        return look_up_plan(pattern, parameters, initial_actions or "", stochastic)

    return factory


def trained(name: str) -> Plan:
    """Return the plan of a trained player of the parameter table."""
    row = TRAINED[name]
    depths: Depths = tuple(row["depths"])
    return look_up_plan(row["pattern"], depths, row.get("opening", ""), not isinstance(row["pattern"], str))


def memory_two_player(sixteen_vector: Sequence[float] | None = None, initial: Sequence[str] | None = None) -> Plan:
    """Cooperate with a probability for each pair of own last two and the opponent's last two plays."""
    chances = tuple(sixteen_vector or (1,) * 16)
    return look_up_plan(chances, (2, 2, 0), initial or "CC", any(0 < p < 1 for p in chances))


CAPRI_COOPERATES = (
    "CC CC CC", "CC CC DC", "CC DC CD", "DC CD CC", "CD CC CC", "CC CD DC", "CD DC CC", "DC CC CC",
    "DD DD DC", "DD DC CC", "DD DD CD", "DD CD CC", "DD DD CC", "DD CC CC",
)  # fmt: skip
"""The three last joint plays (oldest first, own play first) after which CAPRI cooperates: Murase & Baek 2020."""


def by_joint_plays(cooperates: Sequence[str]) -> Plan:
    """Cooperate after the given runs of three joint plays and defect otherwise."""
    chances = [0.0] * 64
    for run in cooperates:
        pairs = run.split()
        chances[int("".join("01"["CD".index(pair[side])] for side in (0, 1) for pair in pairs), 2)] = 1.0
    return Plan(look_up, numbers=tuple(chances), table=(3, 3, 0, 0))


@rule
def nydegger(me: Player) -> int:
    """Play tit for tat for three turns (but defect third after DC), then defect at some weighted sums of three turns.

    A joint play weighs 1 for one's own defection and 2 for the opponent's; the last turn counts 16-fold, the one before
    4-fold. table: 1 for each sum at which it defects.
    """
    if me.turn < 3:
        return int(me.theirs & 1 or (me.turn == 2 and me.theirs & 3 == 2))
    total = 0
    for back in range(3):
        total += ((me.mine >> back & 1) + 2 * (me.theirs >> back & 1)) << (4 - 2 * back)
    return entry(me, total)


NYDEGGER_DEFECTS = (1, 6, 7, 17, 22, 23, 26, 29, 30, 31, 33, 38, 39, 45, 49, 54, 55, 58, 61)
"""Axelrod 1980, J Conflict Resolution 24:3-25."""

LEYVRAZ = (1.0, 0.5, 0.0, 0.25, 1.0, 1.0, 1.0, 0.25)
"""Probability to cooperate after the opponent's CCC, CCD, CDC, CDD, DCC, DCD, DDC, DDD (oldest first)."""


STRATEGIES: Strategies = {
    "LookerUp": _looker(stochastic=False),
    "Gambler": _looker(stochastic=True),
    "EvolvedLookerUp1_1_1": trained("EvolvedLookerUp1_1_1"),
    "EvolvedLookerUp2_2_2": trained("EvolvedLookerUp2_2_2"),
    "Winner12": trained("Winner12"),
    "Winner21": trained("Winner21"),
    "PSOGamblerMem1": trained("PSOGamblerMem1"),
    "PSOGambler1_1_1": trained("PSOGambler1_1_1"),
    "PSOGambler2_2_2": trained("PSOGambler2_2_2"),
    "PSOGambler2_2_2_Noise05": trained("PSOGambler2_2_2_Noise05"),
    "ZDMem2": trained("ZDMem2"),
    "MemoryTwoPlayer": memory_two_player,
    "AON2": memory_two_player((1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1)),
    "DelayedAON1": memory_two_player((1, 0, 0, 0, 0, 1, 0, 1, 0, 0, 1, 0, 0, 1, 0, 1)),
    "Capri": by_joint_plays(CAPRI_COOPERATES),
    "FirstByNydegger": Plan(nydegger, table=tuple(int(total in NYDEGGER_DEFECTS) for total in range(64))),
    "SecondByLeyvraz": Plan(look_up, True, LEYVRAZ, (0, 3, 0, 0)),
}
