"""Games between partners who choose their links, as experiment files may name them. Data only."""

from __future__ import annotations

from evocoop.core.registry import Entry
from evocoop.games.parameters import base_payoffs, number

LINKING_ENTRIES = (
    Entry(
        "active_linking",
        "evocoop.games.linking:ActiveLinking",
        "a game between partners who make links and break them, much faster than they change strategy",
        "Pacheco, Traulsen & Nowak 2006, Physical Review Letters 97:258103",
        (
            *base_payoffs(2.0, 1.0, 0.0, -1.0),
            number("making", "a, the propensity to make links, above 0; they are made at rate a^2", 1.0),
            number("breaking_cc", "rate at which links of two cooperators are broken", 1.0),
            number("breaking_cd", "rate at which links of a cooperator and a defector are broken", 1.0),
            number("breaking_dd", "rate at which links of two defectors are broken", 1.0),
        ),
        tags=("two players", "dilemma"),
    ),
)
"""Entries of the table of games; see :mod:`evocoop.games.registry`."""
