"""Fingerprints of strategies: how they fare against a square of probes, and what they do against a row of opponents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evocoop.core.errors import InputError, check_integer, check_number
from evocoop.play.automata import automaton_of
from evocoop.play.entrants import find_entrant, is_bridged
from evocoop.play.fingerprint_kernels import count_cooperation
from evocoop.play.kernels import draw_seeds
from evocoop.play.matches import bridge_notes
from evocoop.play.mixtures import Mixtures, mixed, mixed_automaton
from evocoop.play.seats import Row, Seat
from evocoop.play.setting import MOST_TURNS, Terms, seed_of, terms
from evocoop.play.tournaments import tournament
from evocoop.strategies.draws import STREAM_WORDS
from evocoop.strategies.plan import Plan
from evocoop.strategies.resolve import Entrant, entrant_of
from evocoop.strategies.spec import Spec, parse

Floats = NDArray[np.float64]

MOST_POINTS = 1001


@dataclass(frozen=True, eq=False)
class Fingerprint:
    """How a strategy fares against every mixture of a probe with cooperation and defection at random.

    Args:
        strategy: whose fingerprint it is.
        probe: the strategy that is mixed.
        shares: the values of x, and of y: equally spaced on [0, 1], array (n,).
        scores: mean payoff per turn; ``scores[i, j]`` where the probe cooperates anyway with probability
            ``x = shares[i]`` and defects anyway with probability ``y = shares[j]``, array (n, n).
        turns: length of a match; None for the limit of long ones.
        repetitions: matches at each point; 0 where expectations were computed.
        seed: the seed that gives this fingerprint again; None where expectations were computed.
        notes: what one should know, for example that a player ran over the slow bridge.
    """

    strategy: str
    probe: str
    shares: Floats
    scores: Floats
    turns: int | None
    repetitions: int
    seed: int | None
    notes: tuple[str, ...] = ()

    @property
    def exact(self) -> bool:
        """Whether the scores are expectations."""
        return self.seed is None

    @property
    def data(self) -> dict[tuple[float, float], float]:
        """The scores by point (x, y), in the order in which the library gives them."""
        points = [float(share) for share in self.shares]
        return {(x, y): float(self.scores[i, j]) for i, x in enumerate(points) for j, y in enumerate(points)}


@dataclass(frozen=True, eq=False)
class TransitiveFingerprint:
    """How often a strategy cooperates, turn by turn, with each opponent of a row.

    Args:
        strategy: whose fingerprint it is.
        opponents: the row, as the library prints them.
        cooperation: share of matches in which it cooperates, array (opponents, turns).
        repetitions: matches with each opponent.
        noise: probability that a play is flipped.
        seed: the seed that gives this fingerprint again.
        notes: what one should know, for example that a player ran over the slow bridge.
    """

    strategy: str
    opponents: tuple[str, ...]
    cooperation: Floats
    repetitions: int
    noise: float
    seed: int
    notes: tuple[str, ...] = ()


def fingerprint(
    strategy: Any,
    *,
    probe: Any = "TitForTat",
    step: float = 0.01,
    turns: int | None = 50,
    repetitions: int = 10,
    noise: float = 0.0,
    game: Any = None,
    seed: int | None = None,
    workers: int = 1,
    exact: bool = False,
) -> Fingerprint:
    """Return the Ashlock fingerprint of a strategy; same probe, step, turns and seed give the Axelrod library's own.

    At the point (x, y) with x + y < 1 the opponent cooperates with probability x, defects with probability y, and
    plays as the probe does otherwise (the Joss-Ann of the probe). Where x + y >= 1 it is the dual, which plays the
    opposite of what it would play had its own plays been the opposite, of the Joss-Ann with 1 - x and 1 - y: this
    continues the same function over the whole square.

    Args:
        strategy: whose fingerprint: a spec, a user's ``FILE:NAME``, or a player object of the library.
        probe: a spec or a player object of the library.
        step: distance of points; (1/step + 1)^2 points are played.
        turns: length of a match; None, with ``exact``, for the limit of long matches.
        repetitions: matches at each point.
        noise: probability that a play is flipped.
        game: R, S, T, P as four numbers or a 2×2 matrix; 3, 0, 5, 1 when left out.
        seed: 0 … 2^32 - 1; a fresh one when left out.
        workers: how many threads play; the result does not depend on it.
        exact: compute expectations, without playing; strategy and probe must be finite automata.

    Raises:
        InputError: when a player or a number is refused, or an expectation is asked for that cannot be computed.

    Source: Ashlock & Kim 2008, IEEE Trans. Evol. Comput. 12:647.

    >>> long_run = fingerprint("Defector", step=0.5, turns=None, exact=True)
    >>> long_run.scores[:, 0]  # 1 + 4x
    array([1., 3., 5.])
    """
    shares = _shares(step)
    if turns is None and not exact:
        raise InputError("turns must be given, unless exact=True")
    agreed = terms(turns, noise, None, game)
    if exact and is_bridged(strategy):
        raise InputError(f"{strategy} is no finite automaton; leave out exact=True to play matches")
    me = find_entrant(strategy)
    spec = _probe_spec(probe)
    about: dict[str, Any] = {"strategy": me.spec, "probe": str(spec), "shares": shares, "turns": turns}
    if exact:
        scores = _expected(me, entrant_of(spec), shares, agreed, turns)
        return Fingerprint(scores=scores, repetitions=0, seed=None, **about)
    used = seed_of(seed)
    repetitions = check_integer("repetitions", repetitions, minimum=1)
    workers = check_integer("workers", workers, minimum=1, maximum=1024)
    mixtures = Mixtures(spec, shares)
    notes: tuple[str, ...] = ()
    if me.plan is not None and mixtures.plans is not None:
        joint = mixtures.meet(me.plan, agreed, repetitions, used, workers)
    else:
        opponents = [entrant_of(mixed(spec, x, y)) for x, y in mixtures.points.tolist()]
        edges = [(0, k + 1) for k in range(len(opponents))]
        result = tournament(
            [me, *opponents], turns=turns, repetitions=repetitions, seed=used, noise=noise, game=game, edges=edges
        )
        joint, notes = result.joint, result.notes
    per_turn = joint @ np.array(agreed.payoffs) / joint.sum(axis=2)
    scores = per_turn.mean(axis=1).reshape(len(shares), len(shares))
    return Fingerprint(scores=scores, repetitions=repetitions, seed=used, notes=notes, **about)


def _shares(step: float) -> Floats:
    least = 1.0 / (MOST_POINTS - 1)
    number = int((1.0 / check_number("step", step, minimum=least, maximum=1.0)) // 1) + 1
    return np.linspace(0.0, 1.0, number)


def _probe_spec(probe: Any) -> Spec:
    found = find_entrant(probe)
    if found.player is not None or ":" in found.spec:
        raise InputError(f"probe must be a strategy of the catalogue, since it is transformed, not {found.spec}")
    if not isinstance(probe, (str, Spec)) and found.plan is not None:
        from evocoop.strategies.axelrod_door import spec_of

        return spec_of(probe) or parse(found.spec)
    return probe if isinstance(probe, Spec) else parse(found.spec)


def _expected(me: Entrant, probe: Entrant, shares: Floats, agreed: Terms, turns: int | None) -> Floats:
    from evocoop.play.exact import Chain

    machines = []
    for one in (me, probe):
        machine = automaton_of(one, agreed.setting)
        if machine is None:
            raise InputError(f"{one.spec} is no finite automaton; leave out exact=True to play matches")
        machines.append(machine)
    scores = np.empty((len(shares), len(shares)))
    for i, x in enumerate(shares.tolist()):
        for j, y in enumerate(shares.tolist()):
            chain = Chain(machines[0], mixed_automaton(machines[1], x, y), agreed.noise, agreed.payoffs)
            means, _, length = chain.totals(turns, None)
            scores[i, j] = means[0] / length
    return scores


def transitive_fingerprint(
    strategy: Any,
    *,
    opponents: Sequence[Any] | None = None,
    number_of_opponents: int = 50,
    turns: int = 50,
    repetitions: int = 1000,
    noise: float = 0.0,
    seed: int | None = None,
) -> TransitiveFingerprint:
    """Return the transitive fingerprint of a strategy; the same seed gives the Axelrod library's own.

    Args:
        strategy: whose fingerprint: a spec, a user's ``FILE:NAME``, or a player object of the library.
        opponents: the row of opponents; players who cooperate at random with probabilities 0 … 1 when left out.
        number_of_opponents: how many of these.
        turns: length of a match.
        repetitions: matches with each opponent.
        noise: probability that a play is flipped.
        seed: 0 … 2^32 - 1; a fresh one when left out.

    Raises:
        InputError: when a player or a number is refused.

    Source: Axelrod-Python, "Transitive fingerprint" (version 4).

    >>> transitive_fingerprint("TitForTat", opponents=["Alternator"], turns=4, repetitions=1, seed=1).cooperation
    array([[1., 1., 0., 1.]])
    """
    turns = check_integer("turns", turns, minimum=1, maximum=MOST_TURNS)
    agreed = terms(turns, noise, None, None)
    repetitions = check_integer("repetitions", repetitions, minimum=1)
    used = seed_of(seed)
    me = find_entrant(strategy)
    row = [find_entrant(one) for one in _row(opponents, number_of_opponents)]
    seeds = np.empty(len(row), dtype=np.int64)
    stream = np.zeros(STREAM_WORDS, dtype=np.int64)
    draw_seeds(used, stream.ctypes.data, seeds)
    notes = bridge_notes((me, *row))
    counts = np.zeros((len(row), turns), dtype=np.int64)
    native = [k for k, one in enumerate(row) if me.plan is not None and one.plan is not None]
    if native and me.plan is not None:
        plans = [plan for k in native if (plan := row[k].plan) is not None]
        counts[native] = _count(me.plan, plans, agreed, seeds[native], turns, repetitions)
    for k in set(range(len(row))) - set(native):
        counts[k] = _count_over_bridge((me, row[k]), agreed, int(seeds[k]), repetitions)
    labels = tuple(one.label for one in row)
    return TransitiveFingerprint(me.spec, labels, counts / repetitions, repetitions, agreed.noise, used, notes)


def _row(opponents: Sequence[Any] | None, number: int) -> Sequence[Any]:
    if opponents is None:
        many = check_integer("number_of_opponents", number, minimum=1, maximum=MOST_POINTS)
        return [Spec("Random", (share,)) for share in np.linspace(0.0, 1.0, many).tolist()]
    if not isinstance(opponents, (list, tuple)) or not opponents:
        raise InputError(f"opponents must be a list of at least one strategy, not {opponents!r}")
    return opponents


def _count(
    me: Plan, others: list[Plan], agreed: Terms, seeds: NDArray[np.int64], turns: int, repetitions: int
) -> NDArray[np.int64]:
    own = Seat(me, agreed.setting, turns)
    row = Row(others, agreed.setting, turns)
    stream = np.zeros(STREAM_WORDS, dtype=np.int64)
    counts = np.zeros((len(others), turns), dtype=np.int64)
    count_cooperation(own.address, row.addresses, seeds, agreed.noise, repetitions, stream.ctypes.data, counts)
    return counts


def _count_over_bridge(pair: tuple[Entrant, Entrant], agreed: Terms, seed: int, repetitions: int) -> NDArray[np.int64]:
    from evocoop.strategies.axelrod_door import play_over_bridge

    played = play_over_bridge(pair, agreed, seed, repetitions)
    counts: NDArray[np.int64] = np.array([one == 0 for one, _ in played], dtype=np.int64).sum(axis=0)
    return counts
