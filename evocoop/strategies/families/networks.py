"""Hidden Markov models and neural networks."""

from __future__ import annotations

from evocoop.strategies.plan import Strategies

STRATEGIES: Strategies = {}
