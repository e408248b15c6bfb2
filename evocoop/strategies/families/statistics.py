"""Players that test the opponent's plays for randomness."""

from __future__ import annotations

from evocoop.strategies.plan import Strategies

STRATEGIES: Strategies = {}
