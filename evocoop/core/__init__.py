"""Core: the one door to the compiler, random streams, errors and registries.

The ground floor of the house. Nothing in here knows what a game or a strategy is.
"""
