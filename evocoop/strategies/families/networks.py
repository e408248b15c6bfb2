"""Feed-forward networks over 17 features of the history, and hidden Markov players."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from evocoop.core.errors import InputError
from evocoop.core.jit import kernel
from evocoop.strategies.draws import choice_by, random_choice
from evocoop.strategies.families.schedules import plays
from evocoop.strategies.parameters import parameter_table
from evocoop.strategies.plan import Plan, Strategies, rule
from evocoop.strategies.state import C, D, Player, entry, number, their_play

TRAINED = parameter_table("networks")
FEATURES = 17


@kernel
def _feature(me: Player, k: int) -> float:
    """Return feature k: opening and recent plays as pairs (was C, was D), then four counts, then the turn.

    The pairs: the opponent's first, its second, one's own last, last but one, the opponent's last, last but one.
    """
    if k == 16:
        return float(me.turn)
    if k >= 12:
        if k == 12:
            return float(me.cc + me.dc)
        if k == 13:
            return float(me.cd + me.dd)
        if k == 14:
            return float(me.cc + me.cd)
        return float(me.dc + me.dd)
    pair = k >> 1
    if me.turn < 1 + (pair & 1):
        return 0.0
    if pair < 2:
        play = their_play(me, pair)
    elif pair < 4:
        play = (me.mine >> (pair - 2)) & 1
    else:
        play = (me.theirs >> (pair - 4)) & 1
    return 1.0 if play == k & 1 else 0.0


@kernel
def _weighed(me: Player, h: int) -> float:
    """Return the weighed sum of all features for a hidden unit, feature by feature."""
    total = 0.0
    for k in range(FEATURES):
        total += number(me, h * FEATURES + k) * _feature(me, k)
    return total


@kernel
def _known(me: Player) -> int:
    """Return which of the 64 cases the six plays that matter make, from the third turn on."""
    opening = 2 * their_play(me, 0) + their_play(me, 1)
    return 16 * opening + 4 * (2 * (me.mine & 1) + (me.mine >> 1 & 1)) + 2 * (me.theirs & 1) + (me.theirs >> 1 & 1)


@rule
def network(me: Player) -> int:
    """Cooperate when the network's output is positive: sum_h out_h max(0, bias_h + sum_k w_hk feature_k).

    When the first unit is silent the library's rectifier returns whole numbers and drops the fraction of every unit.
    numbers: w by hidden unit, then out, then bias, then the sum over the first twelve features by case and hidden unit;
    table: hidden units.
    """
    hidden = entry(me, 0)
    output = 0.0
    whole = False
    case = hidden * (FEATURES + 2)
    if me.turn >= 2:
        case += hidden * _known(me)
    for h in range(hidden):
        if me.turn < 2:
            total = _weighed(me, h)
        else:
            total = number(me, case + h) + number(me, h * FEATURES + 12) * (me.cc + me.dc)
            total += number(me, h * FEATURES + 13) * (me.cd + me.dd)
            total += number(me, h * FEATURES + 14) * (me.cc + me.cd)
            total += number(me, h * FEATURES + 15) * (me.dc + me.dd)
            total += number(me, h * FEATURES + 16) * me.turn
        value = number(me, hidden * (FEATURES + 1) + h) + total
        if h == 0:
            whole = value < 0.0
        if value > 0.0:
            output += (float(int(value)) if whole else value) * number(me, hidden * FEATURES + h)
    return C if output > 0.0 else D


def ann(num_features: int = FEATURES, num_hidden: int = 10, weights: Sequence[float] | None = None) -> Plan:
    """Play by a network given as its weights: input to hidden, hidden to output, bias."""
    weights = tuple(weights or ())
    if num_features != FEATURES or len(weights) != num_hidden * (FEATURES + 2):
        raise InputError(
            f"a network of {num_hidden} hidden units needs num_features={FEATURES} and "
            f"{num_hidden * (FEATURES + 2)} weights, not {num_features} and {len(weights)}"
        )
    return Plan(network, numbers=(*weights, *_sums_by_case(weights, num_hidden)), table=(num_hidden,))


_SEEN = np.array([[2 * pair + (case >> (5 - pair) & 1) for case in range(1 << 6)] for pair in range(6)])
"""Which feature each of six plays sets, by play and case."""


def _sums_by_case(weights: Sequence[float], hidden: int) -> list[float]:
    """Return, for each case of six plays and each hidden unit, the weights of its features, added in their order."""
    by_feature = np.array(weights[: hidden * FEATURES], dtype=np.float64).reshape(hidden, FEATURES).T
    listed: list[float] = np.add.reduce(by_feature[_SEEN], axis=0).ravel().tolist()
    return listed


def trained(name: str) -> Plan:
    """Return the plan of a trained network."""
    row = TRAINED[name]
    return ann(row["features"], row["hidden"], row["weights"])


@rule
def hidden_markov(me: Player) -> int:
    """Move to a state by the opponent's last play, then cooperate with the state's probability.

    numbers: for each state, cumulative transition probabilities after C, then after D; then the emissions.
    table: states, initial state, initial play, then for each state the sure next state after C and D, or -1.
    """
    states = entry(me, 0)
    if me.turn == 0:
        me.i[0] = entry(me, 1)
        return entry(me, 2)
    row = 2 * me.i[0] + (me.theirs & 1)
    sure = entry(me, 3 + row)
    me.i[0] = sure if sure >= 0 else choice_by(me, row * states, states)
    return random_choice(me, number(me, 2 * states * states + me.i[0]))


def hmm_player(
    transitions_C: Sequence[Sequence[float]] | None = None,
    transitions_D: Sequence[Sequence[float]] | None = None,
    emission_probabilities: Sequence[float] | None = None,
    initial_state: int = 0,
    initial_action: str = "C",
) -> Plan:
    """Play by a hidden Markov model: transitions after the opponent's C and D, and cooperation by state."""
    if not transitions_C:
        transitions_C, transitions_D, emission_probabilities, initial_state = [[1]], [[1]], [0.5], 0
    after_d, emissions = transitions_D or [], emission_probabilities or []
    rows = [row for pair in zip(transitions_C, after_d, strict=True) for row in pair]
    _check_model(rows, emissions, initial_state)
    sure = [list(row).index(1) if 1 in row else -1 for row in rows]
    values = {p for row in rows for p in row} | set(emissions)
    sums = np.cumsum(rows, axis=1, dtype=np.float64)
    return Plan(
        hidden_markov,
        not values <= {0, 1},
        (*(sums / sums[:, -1:]).ravel().tolist(), *map(float, emissions)),
        (len(emissions), initial_state, *plays(initial_action), *sure),
    )


def _check_model(rows: Sequence[Sequence[float]], emissions: Sequence[float], initial_state: int) -> None:
    states = len(emissions)
    for row in rows:
        if len(row) != states or not 0 <= min(row) <= max(row) <= 1 or not abs(sum(row) - 1) <= 1e-8:
            raise InputError(f"each row of transitions must hold {states} probabilities that sum to 1, not {list(row)}")
    if any(not 0 <= p <= 1 for p in emissions) or not 0 <= initial_state < states or len(rows) != 2 * states:
        raise InputError(f"emission_probabilities and initial_state must fit {states} states")


EVOLVED_HMM_5 = hmm_player(
    [[1, 0, 0, 0, 0], [0, 1, 0, 0, 0], [0, 1, 0, 0, 0], [0.631, 0, 0, 0.369, 0], [0.143, 0.018, 0.118, 0, 0.721]],
    [[0, 1, 0, 0, 0], [0, 0.487, 0.513, 0, 0], [0, 0, 0, 0.59, 0.41], [1, 0, 0, 0, 0], [0, 0.287, 0.456, 0.146, 0.111]],
    [1, 0, 0, 1, 0.111],
    3,
)
"""Harper, Knight, Jones, Koutsovoulos, Glynatsi & Campbell 2017, PLoS ONE 12:e0188046."""

STRATEGIES: Strategies = {
    "ANN": ann,
    "EvolvedANN": trained("EvolvedANN"),
    "EvolvedANN5": trained("EvolvedANN5"),
    "EvolvedANNNoise05": trained("EvolvedANNNoise05"),
    "HMMPlayer": hmm_player,
    "EvolvedHMM5": EVOLVED_HMM_5,
}
