"""Pictures of a hunt as SVG text: a strip of moments for a page, an animation for a class. No script, no network."""

from __future__ import annotations

import numpy as np

from evocoop.core.errors import check_integer, check_number
from evocoop.hunt.chase import Chase
from evocoop.hunt.chase_kernels import FloatArray, IntArray

INK, FIELD, PREY = "#222222", "#f6f3ea", "#d55e00"
HUNTERS = ("#0072b2", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#f0e442")
PANEL, GAP, CAPTION = 180, 10, 34


def strip(hunt: Chase, *, moments: int = 5) -> str:
    """Return a strip of moments of a hunt, from its start to its end, as SVG text.

    Hunters are discs with a letter for their place (B blocker, D driver, C chaser, A ambusher), prey are diamonds, and
    a thin line leads from each hunter to its quarry. The plane is turned so that the hunt ends in the middle.

    Args:
        hunt: the hunt.
        moments: how many moments, 2 to 12.

    Raises:
        InputError: when ``moments`` is out of range.

    >>> from evocoop.hunt.chase import hunt_once
    >>> strip(hunt_once(seed=1)).startswith("<svg")
    True
    """
    count = check_integer("moments", moments, minimum=2, maximum=12)
    steps = np.unique(np.linspace(0, hunt.steps, count).round().astype(int))
    hunters, prey = _centred(hunt)
    width, height = len(steps) * (PANEL + GAP) - GAP, PANEL + CAPTION
    parts = [_opening(width, height, _said(hunt))]
    for place, step in enumerate(steps):
        parts.append(f'<g transform="translate({place * (PANEL + GAP)} 0)">{_panel()}')
        parts.append(_moment(hunt, hunters, prey, int(step)))
        parts.append(f'<text x="{PANEL / 2}" y="{PANEL + 15}" text-anchor="middle">step {step}</text></g>')
    letters = "B blocker · D driver · C chaser · A ambusher · diamond: prey"
    parts.append(f'<text x="0" y="{height - 4}">{letters}</text></svg>')
    return "".join(parts)


def animation(hunt: Chase, *, seconds: float = 8.0) -> str:
    """Return an animated picture of a hunt as SVG text that any browser plays, over and over.

    Args:
        hunt: the hunt.
        seconds: how long one showing lasts, above 0.

    Raises:
        InputError: when ``seconds`` is out of range.

    >>> from evocoop.hunt.chase import hunt_once
    >>> "<animateTransform" in animation(hunt_once(seed=1))
    True
    """
    length = check_number("seconds", seconds, minimum=0.0, exclusive=True)
    hunters, prey = _centred(hunt)
    size = 2 * PANEL
    scale = size / hunt.ground.size
    parts = [_opening(size, size + CAPTION, _said(hunt)), f'<rect width="{size}" height="{size}" fill="{FIELD}"/>']
    for g in range(hunt.ground.prey):
        parts.append(f"<g>{_moving(prey[:, g] * scale, length)}{_diamond(7)}</g>")
    for h in range(hunt.ground.hunters):
        colour = HUNTERS[h % len(HUNTERS)]
        disc = f'<circle r="7" fill="{colour}" stroke="{INK}"/>'
        parts.append(f"<g>{_moving(hunters[:, h] * scale, length)}{disc}</g>")
    parts.append(f'<text x="0" y="{size + 20}">{_said(hunt)}</text></svg>')
    return "".join(parts)


def _said(hunt: Chase) -> str:
    ended = "take their prey" if hunt.taken is not None else "give up"
    return f"{hunt.ground.hunters} hunters {ended} after {hunt.steps} steps"


def _opening(width: float, height: float, said: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-6 -6 {width + 12} {height + 12}" width="{width + 12}" '
        f'role="img" aria-label="{said}" font-family="sans-serif" font-size="12" fill="{INK}">'
    )


def _panel() -> str:
    return f'<rect width="{PANEL}" height="{PANEL}" fill="{FIELD}" stroke="{INK}" stroke-width="0.5"/>'


def _centred(hunt: Chase) -> tuple[FloatArray, FloatArray]:
    """Return all paths on a plane turned so that the last quarry ends in the middle."""
    last = hunt.taken if hunt.taken is not None else int(np.bincount(hunt.quarries[-1]).argmax())
    shift = hunt.ground.size / 2 - hunt.prey[-1, last]
    return (hunt.hunters + shift) % hunt.ground.size, (hunt.prey + shift) % hunt.ground.size


def _moment(hunt: Chase, hunters: FloatArray, prey: FloatArray, step: int) -> str:
    scale = PANEL / hunt.ground.size
    quarries: IntArray = hunt.quarries[min(step + 1, hunt.steps)]
    parts = [_sight_line(hunters[step, h] * scale, prey[step, q] * scale) for h, q in enumerate(quarries)]
    for g in range(hunt.ground.prey):
        parts.append(f"<g {_at(prey[step, g] * scale)}>{_diamond(6)}</g>")
    for h in range(hunt.ground.hunters):
        letter = hunt.role(h, step)[0].upper()
        disc = f'<circle r="7" fill="{HUNTERS[h % len(HUNTERS)]}" stroke="{INK}" stroke-width="0.7"/>'
        text = (
            '<text y="3.5" text-anchor="middle" font-size="9" font-weight="bold" '
            f'stroke="white" stroke-width="2" paint-order="stroke">{letter}</text>'
        )
        parts.append(f"<g {_at(hunters[step, h] * scale)}>{disc}{text}</g>")
    return "".join(parts)


def _sight_line(here: FloatArray, there: FloatArray) -> str:
    """Return the line from hunter to quarry, or nothing when the short way leads around the torus."""
    if np.abs(here - there).max() > PANEL / 2:
        return ""
    ends = f'x1="{here[0]:.1f}" y1="{here[1]:.1f}" x2="{there[0]:.1f}" y2="{there[1]:.1f}"'
    return f'<line {ends} stroke="{INK}" stroke-width="0.5" stroke-dasharray="2 2"/>'


def _diamond(reach: int) -> str:
    return f'<path d="M0 {-reach}L{reach} 0L0 {reach}L{-reach} 0Z" fill="{PREY}" stroke="{INK}"/>'


def _at(place: FloatArray) -> str:
    return f'transform="translate({place[0]:.1f} {place[1]:.1f})"'


def _moving(path: FloatArray, seconds: float) -> str:
    values = ";".join(f"{x:.1f} {y:.1f}" for x, y in path)
    return (
        f'<animateTransform attributeName="transform" type="translate" calcMode="discrete" values="{values}" '
        f'dur="{seconds:g}s" repeatCount="indefinite"/>'
    )
