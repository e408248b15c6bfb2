"""The command line: what a person types. Nothing heavy is imported before a verb needs it."""


def main() -> None:
    """Run the command line."""
    from evocoop.cli.app import main as run

    run()
