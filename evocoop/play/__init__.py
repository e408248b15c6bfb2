"""Play: strategies in, payoffs out. Matches, tournaments, exact pairs and what follows from them."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from evocoop.play.matches import BridgeWarning, MatchResult, match
    from evocoop.play.results import Summary, TournamentResult
    from evocoop.play.tournaments import tournament

_HOMES = {
    "BridgeWarning": "matches",
    "MatchResult": "matches",
    "Summary": "results",
    "TournamentResult": "results",
    "match": "matches",
    "tournament": "tournaments",
}

__all__ = ["BridgeWarning", "MatchResult", "Summary", "TournamentResult", "match", "tournament"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted(_HOMES)
