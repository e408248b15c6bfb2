"""Infinite populations: paths, rest points and basins of deterministic dynamics."""
