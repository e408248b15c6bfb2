"""The command and its verbs; each verb's work is imported when it is called."""

from __future__ import annotations

import typer

from evocoop.cli import asking, benching, checking, hunting, listing, playing, reading, running
from evocoop.cli.guard import guarded

EPILOG = "Exit codes: 0 done, 1 some cells failed, 2 bad input, 3 interrupted but resumable."

app = typer.Typer(
    name="evocoop",
    help="Experiments in evolutionary game theory: which strategies emerge?",
    epilog=EPILOG,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

for verb in (
    running.run,
    asking.check,
    running.resume,
    reading.report,
    reading.compare,
    running.verify,
    running.merge,
    listing.list_,
    listing.show,
    playing.tournament,
    playing.match,
    benching.bench,
    benching.fingerprint,
    hunting.chase,
    checking.laws,
    asking.schema,
    asking.doctor,
):
    app.command(verb.__name__.rstrip("_"))(guarded(verb))
