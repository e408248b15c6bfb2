"""From result tables to figures: one module for each kind of table."""
