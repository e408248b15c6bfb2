"""Bench: report cards. A strategy against all the others, and the toolkit itself against the laws of the field."""
