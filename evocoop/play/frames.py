"""A tournament as tidy tables: one row for a player, a repetition of a player, a pair, a match."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import polars as pl

    from evocoop.play.results import TournamentResult


def frames_of(result: TournamentResult) -> dict[str, pl.DataFrame]:
    """Return the tables ``players``, ``repetitions``, ``pairs`` and ``matches`` of a tournament."""
    import polars as pl

    tables = {
        "players": _players(result),
        "repetitions": _repetitions(result),
        "pairs": _pairs(result),
        "matches": _matches(result),
    }
    return {name: pl.DataFrame(columns) for name, columns in tables.items()}


def write_frames(result: TournamentResult, folder: str | Path) -> list[Path]:
    """Write the tables as Parquet files into a folder, made if need be, and return their paths."""
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, frame in frames_of(result).items():
        paths.append(place / f"{name}.parquet")
        frame.write_parquet(paths[-1])
    return paths


def _players(result: TournamentResult) -> dict[str, Any]:
    order = result.ranking
    summary = result.summarise()
    ratings = ("good_partner_rating", "eigenjesus_rating", "eigenmoses_rating")
    measures = [name for name in summary[0]._fields if name not in ("Rank", "Name")]
    return {
        "rank": np.arange(1, len(order) + 1),
        "position": order,
        "strategy": [result.players[k] for k in order],
        "label": [result.labels[k] for k in order],
        **{name.lower(): [getattr(row, name) for row in summary] for name in measures},
        **{name: [getattr(result, name)[k] for k in order] for name in ratings},
    }


def _repetitions(result: TournamentResult) -> dict[str, Any]:
    count, repetitions = result.num_players, result.repetitions
    return {
        "position": np.repeat(np.arange(count), repetitions),
        "strategy": np.repeat(np.array(result.players, dtype=object), repetitions),
        "repetition": np.tile(np.arange(repetitions), count),
        "score": np.array(result.scores).ravel(),
        "normalised_score": np.array(result.normalised_scores).ravel(),
        "wins": np.array(result.wins).ravel(),
    }


def _pairs(result: TournamentResult) -> dict[str, Any]:
    lengths = np.array(result.match_lengths).sum(axis=0)
    one, two = np.nonzero(lengths)
    measures = ("payoff_matrix", "payoff_stddevs", "payoff_diffs_means", "normalised_cooperation")
    answers = result.normalised_state_to_action_distribution
    states = result.state_distribution
    names = np.array(result.players, dtype=object)
    expected = np.full(lengths.shape, np.nan) if result.expected is None else result.expected[..., 0]
    after = {f"{a}{b}_to_c": ((a, b), "C") for a in "CD" for b in "CD"}
    known = {f"{a}{b}": (a, b) for a in "CD" for b in "CD"}
    return {
        "position": one,
        "strategy": names[one],
        "opponent_position": two,
        "opponent": names[two],
        **{name.removesuffix("_matrix"): np.array(getattr(result, name))[one, two] for name in measures},
        "exact": np.isfinite(expected[one, two]),
        "expected_payoff": [float(value) if np.isfinite(value) else None for value in expected[one, two]],
        "turns": lengths[one, two].astype(np.int64),
        **{name.lower(): [states[i][j][key] for i, j in zip(one, two, strict=True)] for name, key in known.items()},
        **{
            name.lower(): [float(answers[i][j][key]) for i, j in zip(one, two, strict=True)]
            for name, key in after.items()
        },
    }


def _matches(result: TournamentResult) -> dict[str, Any]:
    joint = result.joint.astype(np.int64).reshape(-1, 4)
    firsts, seconds = (np.repeat(result.pairs[:, side], result.repetitions) for side in (0, 1))
    names = np.array(result.players, dtype=object)
    own = np.array(result.payoffs_of_game)
    others = np.array(result.payoffs_of_second or result.payoffs_of_game)[[0, 2, 1, 3]]
    return {
        "first_position": firsts,
        "first": names[firsts],
        "second_position": seconds,
        "second": names[seconds],
        "repetition": np.tile(np.arange(result.repetitions), len(result.pairs)),
        "turns": joint.sum(axis=1),
        **dict(zip(("cc", "cd", "dc", "dd"), joint.T, strict=True)),
        "first_score": joint @ own,
        "second_score": joint @ others,
    }
