"""Who hunts whom, where, and with what mind: the setting of a chase, as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from evocoop.core.errors import InputError, UnknownNameError, check_integer, check_number, check_probability

IMAGINED_WE, INDEPENDENT, NEAREST = 0, 1, 2

MINDS = {"imagined_we": IMAGINED_WE, "independent": INDEPENDENT, "nearest": NEAREST}
"""How hunters choose their quarry: what *we* hunt, a first choice of one's own, or whatever is nearest."""

MOST_STEPS = 100_000


@dataclass(frozen=True, kw_only=True)
class Ground:
    """Who hunts whom, where, and with what mind. The model is our hypothesis; its parts are published.

    The plane is a torus (no corner to drive prey into). A prey that sees a hunter runs where the gap to the nearest
    hunter is widest. Hunters either run at their quarry, or, with ``roles``, first spread on a ring just out of its
    sight and close in together when all are in place: those ahead of it block, those beside it drive, those behind
    chase. Minds differ in how they choose the quarry::

        imagined_we    P(g | seen) ~ P(g) prod_j exp(rationality cos(step_j, way to g)) P(signal_j | g); the likeliest g
        independent    a first choice, at random, kept to the end
        nearest        whatever is nearest now

    A signal names the sender's quarry and is heard as a random prey with probability ``noise``.

    Args:
        hunters: how many hunt, 1 to 50.
        prey: how many there are to choose from, 1 to 50.
        threshold: hunters within reach that a kill needs, 1 to ``hunters``.
        mind: ``"imagined_we"``, ``"independent"`` or ``"nearest"``.
        roles: whether a team takes places around its quarry.
        signals: whether hunters call the quarry they are after.
        noise: probability that a call is misheard, in [0, 1].
        horizon: steps by which a hunter looks ahead of its quarry, at least 0.
        prey_speed: in units of a hunter's speed, above 0; above 1 nobody catches prey from behind.
        size: side of the torus, in hunter's steps.
        sight: how far prey sees, below ``size / 2``.
        reach: how close a hunter must be.
        rationality: how straight others are taken to go for what they want, at least 0.
        steps: when hunters give up.

    Raises:
        InputError: when a number is out of range; UnknownNameError for an unknown mind.

    Sources: the imagined we, Tang, Gong, Zhao, Zhou, Shen & Gao 2025, Proc R Soc B 292:20243070; roles, Boesch 2002,
    Human Nature 13:27; inference in a spatial stag hunt, Yoshida, Dolan & Friston 2008, PLoS Comput Biol 4:e1000254.

    >>> Ground(hunters=3, prey=2).threshold
    2
    """

    hunters: int = 4
    prey: int = 1
    threshold: int = 2
    mind: str = "imagined_we"
    roles: bool = True
    signals: bool = True
    noise: float = 0.1
    horizon: int = 3
    prey_speed: float = 1.1
    size: float = 40.0
    sight: float = 10.0
    reach: float = 1.5
    rationality: float = 1.0
    steps: int = 300

    def __post_init__(self) -> None:
        check_integer("hunters", self.hunters, minimum=1, maximum=50)
        check_integer("prey", self.prey, minimum=1, maximum=50)
        check_integer("horizon", self.horizon, minimum=0, maximum=1000)
        check_integer("steps", self.steps, minimum=1, maximum=MOST_STEPS)
        check_integer("threshold", self.threshold, minimum=1)
        if self.threshold > self.hunters:
            raise InputError(f"threshold {self.threshold} is above the number of hunters {self.hunters}")
        if self.mind not in MINDS:
            raise UnknownNameError("mind", self.mind, tuple(MINDS))
        check_probability("noise", self.noise)
        for name in ("prey_speed", "size", "sight", "reach"):
            check_number(name, getattr(self, name), minimum=0.0, exclusive=True)
        check_number("rationality", self.rationality, minimum=0.0)
        if self.sight >= self.size / 2:
            raise InputError(f"sight must be below half the size {self.size:g}, not {self.sight:g}")

    def _asked(self) -> dict[str, Any]:
        numbers = (self.size, 1.0, self.prey_speed, self.sight, self.reach, self.noise, self.rationality)
        return {
            "minds": np.full(self.hunters, MINDS[self.mind], dtype=np.int64),
            "planners": np.full(self.hunters, int(self.roles), dtype=np.int64),
            "signals": self.signals,
            "horizon": self.horizon,
            "threshold": self.threshold,
            "most_steps": self.steps,
            "numbers": np.array(numbers, dtype=np.float64),
            "preys": self.prey,
        }
