"""Players that look ahead in a game tree."""

from __future__ import annotations

from evocoop.strategies.plan import Strategies

STRATEGIES: Strategies = {}
