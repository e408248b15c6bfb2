"""Published tournaments: their figures, and those of the shipped experiments beside them.

``python tests/experiments/published.py`` runs the experiments and prints the tables of the documentation.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import polars as pl

import evocoop

FOLDER = Path(__file__).resolve().parents[2] / "experiments"
FIRST = {
    "FirstBySteinAndRapoport": 2.587, "FirstByGrofman": 2.536, "FirstByShubik": 2.506, "TitForTat": 2.502,
    "FirstByNydegger": 2.461, "FirstByTidemanAndChieruzzi": 2.464, "Grudger": 2.403, "FirstByDavis": 2.398,
    "FirstByGraaskamp": 2.295, "FirstByDowning": 2.207, "FirstByFeld": 1.923, "FirstByTullock": 1.788,
    "FirstByJoss": 1.768, "FirstByAnonymous": 1.682, "Random": 1.662,
}  # fmt: skip
"""Order and mean payoff per turn at seed 1, from the documentation of the Axelrod library."""
SECOND = {
    "TitForTat": 2.878, "SecondByBorufsen": 2.861, "SecondByWmAdams": 2.826, "SecondByCave": 2.826,
    "SecondByHarrington": 2.826, "SecondByKluepfel": 2.817, "SecondByTidemanAndChieruzzi": 2.812,
    "SecondByWeiner": 2.811, "SecondByGraaskampKatzen": 2.810, "SecondByLeyvraz": 2.808, "SecondByGetzler": 2.801,
    "SecondByChampion": 2.791, "SecondByWhite": 2.776, "SecondByEatherley": 2.772, "SecondByBlack": 2.743,
}  # fmt: skip
"""The fifteen that lead when the 63 entries are run again: Knight et al., Revisiting Axelrod's second tournament."""
STEWART = {
    "ZDGTFT2": (1, 16), "GTFT": (2, 18), "TitFor2Tats": (3, 19), "HardProber": (5, 6), "HardTitFor2Tats": (6, 17),
    "WinStayLoseShift": (7, 13), "Random": (8, 8), "Prober2": (9, 12), "Grudger": (10, 11), "HardTitForTat": (12, 10),
    "HardGoByMajority": (13, 5), "Prober": (15, 9), "FirstByJoss": (16, 4), "Prober3": (17, 7), "ZDExtort2": (18, 2),
}  # fmt: skip
"""Places by score and by wins among 19: Stewart & Plotkin 2012, as the Axelrod library's documentation records them."""
HARPER = {
    0.0: {
        "EvolvedLookerUp2_2_2": 2.955, "EvolvedHMM5": 2.954, "EvolvedFSM16": 2.952, "PSOGambler2_2_2": 2.938,
        "EvolvedFSM16Noise05": 2.919, "PSOGambler1_1_1": 2.912, "EvolvedANN5": 2.912, "EvolvedFSM4": 2.910,
        "EvolvedANN": 2.907, "PSOGamblerMem1": 2.901, "DBS": 2.857, "Winner12": 2.849, "FoolMeOnce": 2.844,
        "OmegaTFT": 2.841,
    },
    0.05: {
        "DBS": 2.573, "EvolvedFSM16Noise05": 2.515, "EvolvedFSM4": 2.393, "EvolvedHMM5": 2.392, "LevelPunisher": 2.388,
        "OmegaTFT": 2.387, "SpitefulTitForTat": 2.383, "EvolvedFSM16": 2.375, "PSOGambler2_2_2_Noise05": 2.371,
        "Adaptive": 2.369, "MathConstantHunter": 2.344, "OriginalGradual": 2.341,
    },
}  # fmt: skip
"""Mean scores a turn of Harper et al. 2017, PLoS ONE 12(12):e0188046, tables of the best 15 of 176."""
KNIGHT = {
    2: {
        "CollectiveStrategy": 0.6651, "Defector": 0.6496, "Aggravater": 0.6328, "Predator": 0.6301,
        "Handshake": 0.6240, "Prober4": 0.6183,
    },
    14: {
        "EvolvedFSM16": 0.2096, "PSOGambler2_2_2": 0.2042, "EvolvedLookerUp2_2_2": 0.2014, "EvolvedANN": 0.2014,
        "EvolvedANN5": 0.2004, "EvolvedHMM5": 0.1972,
    },
}  # fmt: skip
"""Mean fixation probabilities of Knight et al. 2018, PLoS ONE 13(10):e0204981."""

Pairs = list[tuple[str, float]]


def best_first(frame: pl.LazyFrame, value: pl.Expr) -> Pairs:
    """Return strategies with a mean, best first."""
    means = frame.group_by("strategy").agg(value=value).sort("value", "strategy", descending=[True, False])
    return means.collect().rows()


def second(done: Any) -> Pairs:
    """Return the order of the second tournament: means over all turns of its matches of five lengths."""
    turns = pl.col("play.turns")
    return best_first(done.table("rankings"), (pl.col("score") * turns).sum() / turns.sum())


def side_by_side(title: str, published: dict[str, Any], found: Pairs, digits: int) -> Iterator[str]:
    """Yield the lines of a table: the published figure, ours, and our place."""
    places = {name: (place, value) for place, (name, value) in enumerate(found, start=1)}
    yield from (f"| {title} | published | ours | our place |", "|---|---|---|---|")
    for name, figure in published.items():
        place, value = places[name]
        said = "place {} by score, {} by wins".format(*figure) if isinstance(figure, tuple) else f"{figure:.{digits}f}"
        yield f"| {name} | {said} | {value:.{digits}f} | {place} |"
    yield ""


def tables(folder: Path, names: Iterable[str]) -> Iterator[str]:
    """Run some of the experiments and yield the lines of their tables."""
    for name in names:
        done = evocoop.run(FOLDER / f"{name}.toml", out=folder / name, settings=["outputs.report=false"])
        score = pl.col("score").mean()
        if name == "axelrod-first-tournament":
            yield from side_by_side("first tournament", FIRST, best_first(done.table("rankings"), score), 3)
        elif name == "axelrod-second-tournament":
            yield from side_by_side("second tournament", SECOND, second(done), 3)
        elif name == "stewart-plotkin-2012":
            yield from side_by_side("Stewart & Plotkin", STEWART, best_first(done.table("rankings"), score), 3)
        elif name == "harper-2017":
            for noise, published in HARPER.items():
                frame = done.table("rankings").filter(pl.col("play.noise") == noise)
                yield from side_by_side(f"Harper et al., noise {noise:g}", published, best_first(frame, score), 3)
        else:
            for size, published in KNIGHT.items():
                frame = done.table("fixation").filter(pl.col("dynamics.population_size") == size)
                means = best_first(frame.rename({"mutant": "strategy"}), pl.col("probability").mean())
                yield from side_by_side(f"Knight et al., one of {size}", published, means, 4)


QUICK = ("axelrod-first-tournament", "axelrod-second-tournament", "stewart-plotkin-2012")

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        print("\n".join(tables(Path(scratch), (*QUICK, "harper-2017", "knight-2018"))))
