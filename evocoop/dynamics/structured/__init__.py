"""Structured populations: graphs and groups, simulated and exact. Public names live in :mod:`evocoop.dynamics`."""
