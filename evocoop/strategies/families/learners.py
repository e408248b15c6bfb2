"""Players that fill a table as they learn."""

from __future__ import annotations

from evocoop.strategies.plan import Strategies

STRATEGIES: Strategies = {}
