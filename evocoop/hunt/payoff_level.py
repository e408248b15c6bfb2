"""The coordinated hunt by simulation: who gets what in groups of individuals, with the error of the answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evocoop.core.errors import InputError, check_integer
from evocoop.dynamics.sampling import share_out, stream_keys, wilson
from evocoop.games.coordinated_hunt import CoordinatedHunt
from evocoop.games.genotypes import SWITCHES
from evocoop.games.payoffs import FloatArray, IntArray, PayoffTable, compositions, strategy_index
from evocoop.hunt import group_kernels as kernels

BATCH = 4096
ROLE = 0x68756E74  # keeps these streams apart from any other room's


@dataclass(frozen=True, eq=False)
class HuntSample:
    """Many simulated hunts of one group.

    Args:
        strategies: names of the minds.
        counts: how many of each are in the group.
        payoffs: mean payoff of each; nan for those who are not in the group.
        standard_errors: of the payoffs, from the spread between hunts.
        hunting: mean share of the group that hunts to the end.
        hunting_error: its standard error.
        success: share of the hunts that end with a kill.
        interval: 95 % interval of it (Wilson 1927, J Am Stat Assoc 22:209).
        hunts: how many were simulated.
    """

    strategies: tuple[str, ...]
    counts: IntArray
    payoffs: FloatArray
    standard_errors: FloatArray
    hunting: float
    hunting_error: float
    success: float
    interval: tuple[float, float]
    hunts: int


def sample_hunts(
    game: CoordinatedHunt, counts: Sequence[int], *, hunts: int = 10_000, seed: int = 0, cell: int = 0, workers: int = 1
) -> HuntSample:
    """Return what many simulated hunts of one group yield; the same bits for any number of workers.

    Individuals signal, agree, set out, follow, desert, take roles and share one by one, by the rules of
    :class:`evocoop.games.CoordinatedHunt`; nothing is taken from its exact payoffs but its tables of attunement.

    Args:
        game: the hunt.
        counts: how many of each of its minds are in the group, adding up to the group size.
        hunts: how many, at least 2.
        seed: the seed.
        cell: a second key, for one of many groups.
        workers: threads.

    Raises:
        InputError: when the counts do not fit or a number is out of range.

    >>> from evocoop.games import CoordinatedHunt
    >>> hunt = CoordinatedHunt(success=0.5, minds=("Hunter", "Hare"))
    >>> sample = sample_hunts(hunt, [3, 2], hunts=2000)
    >>> bool(abs(sample.success - 0.5) < 0.05), float(sample.hunting)
    (True, 0.6)
    """
    chosen = np.array(counts, dtype=np.int64)
    if chosen.shape != (len(game.strategies),) or (chosen < 0).any() or chosen.sum() != game.group_size:
        raise InputError(
            f"counts must be {len(game.strategies)} whole numbers that add up to the group size {game.group_size}"
        )
    total = check_integer("hunts", hunts, minimum=2, maximum=10**12)
    kinds = np.repeat(np.arange(len(chosen)), chosen)
    batches = -(-total // BATCH)
    many = np.full(batches, BATCH)
    many[-1] = total - BATCH * (batches - 1)
    keys = stream_keys(seed, cell, batches, ROLE)
    sums, squares = np.zeros((batches, len(chosen))), np.zeros((batches, len(chosen)))
    stayed, kills = np.zeros((batches, 2)), np.zeros(batches)
    masks, eco, tables = mind_masks(game)[kinds], ecology(game), party_tables(game)

    def run(part: slice) -> None:
        kernels.hunts(
            masks, kinds, eco, tables, keys[part], many[part], sums[part], squares[part], stayed[part],
            kills[part],
        )  # fmt: skip

    share_out(run, batches, workers)
    means = sums.sum(axis=0) / total
    errors = np.maximum(_errors(means, squares.sum(axis=0), total), _floor(game, total))
    party, party_squares = stayed.sum(axis=0)
    share = party / total
    absent = np.where(chosen > 0, 0.0, np.nan)
    return HuntSample(
        game.strategies, chosen, means - game.upkeeps + absent, errors + absent, share / game.group_size,
        float(_errors(share, party_squares, total)) / game.group_size, float(kills.sum()) / total,
        wilson(int(kills.sum()), total), total,
    )  # fmt: skip


def sampled_table(
    game: CoordinatedHunt,
    strategies: Sequence[str | int] | None = None,
    *,
    hunts: int = 10_000,
    seed: int = 0,
    workers: int = 1,
) -> PayoffTable:
    """Return the payoffs of all minds, or of the chosen ones, from simulated hunts, with their standard errors.

    Every composition is simulated ``hunts`` times in a stream of its own, whoever asks for it.

    Raises:
        InputError: when a number is out of range or a mind is unknown.

    >>> from evocoop.games import CoordinatedHunt
    >>> sampled_table(CoordinatedHunt(minds=("Hunter", "Hare")), hunts=100).values.round(6).tolist()[0]
    [3.0, 3.0, 3.0, -1.0, -1.0]
    """
    names = game.strategies
    chosen = list(range(len(names))) if strategies is None else [strategy_index(names, s) for s in strategies]
    others = compositions(game.group_size - 1, len(chosen))
    values, errors = np.empty((len(chosen), len(others))), np.empty((len(chosen), len(others)))
    known: dict[bytes, HuntSample] = {}
    for row, strategy in enumerate(chosen):
        for column, among in enumerate(others):
            counts = np.zeros(len(names), dtype=np.int64)
            counts[chosen] = among
            counts[strategy] += 1
            key = counts.tobytes()
            if key not in known:
                cell = int.from_bytes(key, "little") % (2**61 - 1)
                known[key] = sample_hunts(game, counts.tolist(), hunts=hunts, seed=seed, cell=cell, workers=workers)
            values[row, column] = known[key].payoffs[strategy]
            errors[row, column] = known[key].standard_errors[strategy]
    cooperation = game.self_cooperation()[chosen]
    return PayoffTable(tuple(names[i] for i in chosen), values, errors, game.group_size, cooperation)


def ecology(game: CoordinatedHunt) -> kernels.Ecology:
    """Return what the loops know of a game."""
    names = [name for name in kernels.Ecology._fields if isinstance(getattr(game, name, None), float)]
    given = {name: getattr(game, name) for name in names}
    whole = {"threshold": game.threshold, "roles": game.roles, "stages": game.stages}
    whole |= {"quorum": game.signals_needed, "members": game.members_needed}
    herd = game.prey_value is None
    prey = float(game.prey(1))
    return kernels.Ecology(**(given | whole), herd=herd, prey=prey, near=game.reach == "near", bold=game.bold)


def party_tables(game: CoordinatedHunt) -> FloatArray:
    """Return, by hunters, the share of the cost, the injury and the chances of a kill, array (N + 3, N + 1)."""
    party = np.arange(game.group_size + 1, dtype=np.float64)
    effort = np.maximum(party, game.threshold) ** -game.cost_sharing
    return np.vstack([effort, game.injury * np.maximum(party, 1.0) ** -game.dilution, game.success_by_party.T])


def mind_masks(game: CoordinatedHunt) -> IntArray:
    """Return the switches of each mind as the bits of an integer."""
    table = np.stack([game.switches[name] for name in SWITCHES])
    return np.asarray((table << np.arange(len(SWITCHES))[:, None]).sum(axis=0), dtype=np.int64)


def _errors(means: FloatArray, squares: FloatArray, hunts: int) -> FloatArray:
    variance = squares / hunts - means * means
    variance = np.where(variance > 1e-13 * (squares / hunts), variance, 0.0)
    return np.asarray(np.sqrt(variance / (hunts - 1)))


def _floor(game: CoordinatedHunt, hunts: int) -> float:
    """Return the least error of a sampled payoff: that of an event not seen yet (Laplace's rule); 0 without chance."""
    if not _by_chance(game):
        return 0.0
    chance = 1.0 / (hunts + 2)
    most = float(game.prey(game.group_size)) / max(1, game.threshold) + game.cost + abs(game.hare)
    return most * float(np.sqrt(chance * (1.0 - chance) / hunts))


def _by_chance(game: CoordinatedHunt) -> bool:
    """Return whether anything in a hunt of the game's minds is left to chance."""
    has = {name: bool(column.any()) for name, column in game.switches.items()}
    chances = [game.success, game.big_game, game.desertion]
    chances += [game.keenness] * has["keen"] + [game.visibility] * (has["follow"] or has["join"])
    chances += [game.noise] * (has["signal"] or has["code"]) + [game.false_positive, game.false_negative] * has["we"]
    return game.roles > 1 or any(chance not in (0.0, 1.0) for chance in chances)
