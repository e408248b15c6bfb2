"""Players that search the whole history."""

from __future__ import annotations

from evocoop.strategies.plan import Strategies

STRATEGIES: Strategies = {}
