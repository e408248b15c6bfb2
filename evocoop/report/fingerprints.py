"""The picture of a fingerprint: ``draw(evocoop.play.fingerprint("TitForTat")).save("picture.svg")``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from evocoop.report.drawing.base import Row, data
from evocoop.report.drawing.heat import quoted
from evocoop.report.figure import Figure
from evocoop.report.look import SEQUENTIAL
from evocoop.report.words import percent, short

if TYPE_CHECKING:
    from evocoop.play.fingerprints import Fingerprint, TransitiveFingerprint

SIZE = 420
MOST_LABELS = 25


def draw(found: Fingerprint | TransitiveFingerprint) -> Figure:
    """Return the picture of a fingerprint: a map of scores over the probes, or of cooperation over the turns.

    Args:
        found: what ``evocoop.play.fingerprint`` or ``evocoop.play.transitive_fingerprint`` gives.

    >>> from evocoop.play import fingerprint
    >>> draw(fingerprint("Defector", step=0.5, turns=None, exact=True)).title
    'Defector gets 1.00 to 5.00 a turn, most where x = 1 and y = 0'
    """
    from evocoop.play.fingerprints import Fingerprint

    return _square(found) if isinstance(found, Fingerprint) else _turns(found)


def _square(found: Fingerprint) -> Figure:
    """Return the map of scores over x and y."""
    shares, scores = found.shares, np.asarray(found.scores)
    half = 0.5 / (len(shares) - 1)
    i, j = np.unravel_index(int(scores.argmax()), scores.shape)
    name, probe = short(found.strategy), short(found.probe)
    where = f"x = {shares[i]:g} and y = {shares[j]:g}"
    said = f"{name} gets {scores.min():.2f} to {scores.max():.2f} a turn, most where {where}"
    points = [(float(x), float(y), float(scores[a, b])) for a, x in enumerate(shares) for b, y in enumerate(shares)]
    tiles = [
        {"x": max(x - half, 0.0), "x2": min(x + half, 1.0), "y": max(y - half, 0.0), "y2": min(y + half, 1.0), "v": v}
        for x, y, v in points
    ]
    ticks = [0.0, 0.25, 0.5, 0.75, 1.0]
    how = "in the long run" if found.turns is None else f"over {found.turns} turns"
    kind = "expected" if found.exact else f"mean of {found.repetitions}"
    return Figure(
        "fingerprint",
        said,
        f"Payoff a turn {how} ({kind}) against {probe} mixed with cooperation (x) and defection (y)",
        f"Heat map over the unit square. {said}.",
        _map(tiles, "payoff a turn", _axis("x, cooperates anyway", ticks), _axis("y, defects anyway", ticks)),
        ("x", "y", "payoff a turn"),
        points,
        note=f"With probability x the opponent cooperates, with probability y it defects, and otherwise it plays as "
        f"{probe} does. Above the diagonal x + y = 1 it is the dual of the mixture with 1 - x and 1 - y.",
    )


def _turns(found: TransitiveFingerprint) -> Figure:
    """Return the map of cooperation over opponents and turns."""
    shares = np.asarray(found.cooperation)
    rows, turns = shares.shape
    means = shares.mean(axis=1)
    name, names = short(found.strategy), [_rounded(one) for one in found.opponents]
    low, high = int(means.argmin()), int(means.argmax())
    said = f"{name} cooperates in {percent(float(means[low]))} of turns with {names[low]}"
    if rows > 1:
        said += f", in {percent(float(means[high]))} with {names[high]}"
    tiles = [
        {"x": t + 0.5, "x2": t + 1.5, "y": k - 0.5, "y2": k + 0.5, "v": float(shares[k, t])}
        for k in range(rows)
        for t in range(turns)
    ]
    shown = sorted({round(k) for k in np.linspace(0, rows - 1, min(rows, MOST_LABELS))})
    return Figure(
        "transitive-fingerprint",
        said,
        f"Share of {found.repetitions} matches in which {name} cooperates, by opponent and turn",
        f"Heat map of {rows} opponents and {turns} turns. {said}.",
        _map(tiles, "cooperation", _axis("turn", None), _axis("opponent", shown, names), domain=(0.0, 1.0)),
        ("opponent", "turn", "cooperation"),
        [(found.opponents[k], t + 1, float(shares[k, t])) for k in range(rows) for t in range(turns)],
    )


def _rounded(label: str) -> str:
    """Return a label with its long numbers cut to three digits."""
    return short(re.sub(r"\d+\.\d{4,}", lambda found: f"{float(found[0]):.3g}", label))


def _axis(title: str, values: Sequence[float] | None, labels: Sequence[str] | None = None) -> Any:
    import altair as alt

    more: dict[str, Any] = {} if values is None else {"values": list(values), "format": ".3~r"}
    if labels is not None:
        said = ",".join(quoted(label) for label in labels)
        more["labelExpr"] = f"[{said}][datum.value]"
    return alt.Axis(title=title, grid=False, **more)


def _map(tiles: list[Row], title: str, x: Any, y: Any, domain: tuple[float, float] | None = None) -> Any:
    """Return rectangles coloured by value, edge to edge."""
    import altair as alt

    values = [tile["v"] for tile in tiles]
    low, high = domain or (min(values), max(values))
    high = high if high > low else low + 1.0
    spans = {axis: [min(t[axis] for t in tiles), max(t[f"{axis}2"] for t in tiles)] for axis in "xy"}
    scale = alt.Scale(domain=[low, high], range=list(SEQUENTIAL), clamp=True)
    legend = alt.Legend(title=title, gradientLength=160, gradientThickness=12, format=".3~r", tickCount=4)
    marks = alt.Chart(data(tiles)).mark_rect(strokeWidth=0.6, clip=True)
    return marks.encode(
        x=alt.X("x:Q", axis=x, scale=alt.Scale(domain=spans["x"], nice=False)),
        x2="x2:Q",
        y=alt.Y("y:Q", axis=y, scale=alt.Scale(domain=spans["y"], nice=False)),
        y2="y2:Q",
        color=alt.Color("v:Q", scale=scale, legend=legend),
        stroke=alt.Stroke("v:Q", scale=scale, legend=None),
    ).properties(width=SIZE, height=SIZE)
