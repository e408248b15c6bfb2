"""Who emerges? The answer of a run in one screen of a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evocoop.cli.output import print_table, print_text

if TYPE_CHECKING:
    import polars as pl

    from evocoop.runs.reading import Run

MOST_LINES = 24
MOST_STRATEGIES = 3
MOST_SETTINGS = 12


def leaders(path: Path) -> list[dict[str, Any]]:
    """Return the mean long-run share of every strategy, by game, dynamics and what is swept, as plain rows."""
    from evocoop.runs.reading import open_run

    run = open_run(path)
    return _shares(run).to_dicts() if "prevalence" in run.kinds else []


def print_summary(path: Path) -> None:
    """Print the question and who emerges: per game, dynamics and point of the sweep the largest shares."""
    from evocoop.runs.reading import open_run

    run = open_run(path)
    if "prevalence" in run.kinds:
        shares = _shares(run)
        if _settings(shares) > MOST_SETTINGS:
            _print_answer(run)
            return
    print_text(_question(run))
    words = _why(run)
    if "prevalence" in run.kinds:
        _print_shares(shares)
        if words:
            print_text(words)
    elif "rankings" in run.kinds:
        _print_rankings(run)
    elif words:
        print_text(words)
    elif run.kinds:
        from evocoop.report.answer import answer
        from evocoop.report.context import Context

        print_text(answer(Context(run)).lead)
    else:
        print_text("no cell gave a result")


def _question(run: Run) -> str:
    return f"{run.experiment.name}: {' '.join(run.experiment.question.split())}"


def _why(run: Run) -> str:
    """Return which capacities carry what was found, where that was asked."""
    if not {"ablation", "capacities"} & set(run.kinds):
        return ""
    from evocoop.report.answer import why
    from evocoop.report.context import Context

    return why(Context(run))


def _settings(shares: pl.DataFrame) -> int:
    keys = [name for name in shares.columns if name not in _MEASURES]
    return shares.select(keys).n_unique()


def _print_answer(run: Run) -> None:
    """Print the report's answer in words: too many settings for a table on one screen."""
    from evocoop.report.answer import answer, brief
    from evocoop.report.context import Context

    context = Context(run)
    short = brief(context)
    print_text(run.experiment.name if short else _question(run))
    if short is not None:
        print_text(short.lead)
        if short.why:
            print_text(short.why)
        under = f" under “{short.dynamics}”" if short.dynamics else ""
        print_table(
            f"who leads{under} (how sure, and where: see the report)", ("game", "leads", "cooperation"), short.rows
        )
        return
    said = answer(context)
    print_text(said.lead)
    if said.why:
        print_text(said.why)
    if said.points:
        print_table("who emerges", ("game", "in the long run"), said.points)
    print_text(f"{said.certainty} {said.caution}".strip())


def _shares(run: Run) -> pl.DataFrame:
    """Return mean shares with standard errors, averaged over replicates."""
    import polars as pl

    frame = run.table("prevalence").collect()
    swept = [name for name in frame.columns if "." in name and not name.endswith(".seed")]
    two = "population" in frame.columns and bool(frame["population"].is_not_null().any())
    keys = ["game", *(["population"] if two else []), "dynamics", *(name for name in swept if _varies(frame, name))]
    unknown = (pl.col("standard_error").is_null() & ~pl.col("exact")).any() & (pl.len() < 2)
    within = pl.col("standard_error").fill_null(0.0).pow(2).sum().sqrt() / pl.len()
    between = (pl.col("share").std() / pl.len().sqrt()).fill_null(0.0)
    return frame.group_by([*keys, "strategy"], maintain_order=True).agg(
        pl.col("share").mean(),
        pl.when(~unknown).then(pl.max_horizontal(within, between)).alias("standard_error"),
        pl.col("exact").all(),
    )


def _varies(frame: pl.DataFrame, name: str) -> bool:
    """Return whether a parameter takes more than one value within some game or dynamics."""
    import polars as pl

    return bool(frame.group_by("game", "dynamics").agg(pl.col(name).n_unique())[name].max() > 1)  # type: ignore[operator]


def _print_shares(shares: pl.DataFrame) -> None:
    """Print one line per setting with its leading strategies, or one line per strategy when there is one setting."""
    keys = [name for name in shares.columns if name not in _MEASURES and shares[name].n_unique() > 1]
    if not keys:
        best = shares.sort("share", descending=True, maintain_order=True).head(MOST_LINES)
        rows = [(row["strategy"], *_said(row), _bar(row["share"])) for row in best.iter_rows(named=True)]
        print_table("who emerges (long-run shares)", ("strategy", "share", "±", ""), rows, right=("share", "±"))
        return
    groups = shares.partition_by(keys, maintain_order=True)
    shown = _spread(groups, MOST_LINES)
    lines = []
    for group in shown:
        best = group.sort("share", descending=True, maintain_order=True).head(MOST_STRATEGIES)
        said = [" ".join((row["strategy"], *_said(row))).strip() for row in best.iter_rows(named=True)]
        lines.append((*(_brief(group.row(0, named=True)[key]) for key in keys), *said))
    places = ("first", "second", "third")[: max(len(line) for line in lines) - len(keys)]
    lines = [(*line, *[""] * (len(keys) + len(places) - len(line))) for line in lines]
    print_table("who emerges (long-run shares)", (*(_short(key, keys) for key in keys), *places), lines)
    if len(shown) < len(groups):
        print_text(f"{len(shown)} of {len(groups)} settings are shown; the report has all")


_MEASURES = ("strategy", "share", "standard_error", "exact")


def _said(row: dict[str, Any]) -> tuple[str, str]:
    size = "?" if row["standard_error"] is None else f"{100 * row['standard_error']:.1f}"
    error = "" if row["exact"] else f"± {size}"
    return f"{100 * row['share']:.1f} %", error


def _bar(share: float) -> str:
    return "█" * round(30 * share)


def _short(key: str, keys: Sequence[str]) -> str:
    """Return a parameter's name without its section, unless another section has one of that name."""
    name = key.partition(".")[2]
    return name if name and sum(other.partition(".")[2] == name for other in keys) == 1 else key


def _brief(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    return "" if value is None else str(value)


def _spread(items: Sequence[Any], most: int) -> list[Any]:
    """Return at most so many items, evenly spread, first and last included."""
    if len(items) <= most:
        return list(items)
    return [items[round(i * (len(items) - 1) / (most - 1))] for i in range(most)]


def _print_rankings(run: Run) -> None:
    """Print the best of one tournament, or the first places of each when there are several."""
    frame = run.table("rankings").collect()
    keys = [name for name in ("game", *frame.columns) if ("." in name or name == "game") and frame[name].n_unique() > 1]
    if frame["cell"].n_unique() == 1:
        best = frame.sort("rank").head(MOST_LINES).iter_rows(named=True)
        rows = [(row["rank"], row["strategy"], f"{row['score']:.3f}") for row in best]
        print_table("ranking by median score", ("rank", "strategy", "mean score a turn"), rows)
        return
    lines = []
    for group in _spread(frame.partition_by("cell", maintain_order=True), MOST_LINES):
        places = group.sort("rank").head(MOST_STRATEGIES).to_dicts()
        said = [f"{row['strategy']} {row['score']:.3f}" for row in places]
        lines.append((*(_brief(places[0][key]) for key in keys), *said, *[""] * (MOST_STRATEGIES - len(said))))
    headers = (*(_short(key, keys) for key in keys), "first", "second", "third")
    print_table("ranking by median score, with mean scores a turn", headers, lines)
