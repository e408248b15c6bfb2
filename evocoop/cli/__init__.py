"""What a person types: the command ``evocoop``."""

from __future__ import annotations

from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; never returns but exits with 0, 1, 2 or 3."""
    from evocoop.cli.app import app

    app(args=None if arguments is None else list(arguments), prog_name="evocoop")
