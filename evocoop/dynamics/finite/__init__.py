"""Finite populations: exact chains, their limits, and simulation. Public names live in :mod:`evocoop.dynamics`."""
