"""Turns whatever goes wrong in a verb into one clear message on standard error and the right exit code."""

from __future__ import annotations

import functools
import os
import sys
import warnings
from collections.abc import Callable
from typing import Any

import typer

from evocoop.core.errors import EvocoopError

_READERS = ("polars", "pyo3_runtime")
"""Whose errors mean that a table on disk is damaged; they are known by name so that nothing heavy is loaded."""

DONE, SOME_FAILED, BAD_INPUT, INTERRUPTED = 0, 1, 2, 3


def guarded(verb: Callable[..., Any]) -> Callable[..., Any]:
    """Return a verb that exits with 2 on bad input and 3 when interrupted, and never shows a traceback for either."""

    @functools.wraps(verb)
    def safely(*args: Any, **kwargs: Any) -> Any:
        try:
            with warnings.catch_warnings():
                warnings.showwarning = functools.partial(_note, warnings.showwarning)
                return verb(*args, **kwargs)
        except EvocoopError as error:
            raise typer.Exit(_refuse(error)) from None
        except KeyboardInterrupt:
            say("interrupted")
            raise typer.Exit(INTERRUPTED) from None
        except BrokenPipeError:
            sys.stdout = open(os.devnull, "w")  # noqa: SIM115 - the reader has gone: nothing left to say
            raise typer.Exit(DONE) from None
        except (OSError, MemoryError) as error:
            say(f"error: {error or type(error).__name__}")
            raise typer.Exit(BAD_INPUT) from None
        except BaseException as error:
            if type(error).__module__.partition(".")[0] not in _READERS:
                raise
            say(f"error: a result table cannot be read ({error}); try: evocoop verify DIRECTORY")
            raise typer.Exit(BAD_INPUT) from None

    return safely


def _note(show: Callable[..., None], message: Warning | str, category: type[Warning], *where: Any) -> None:
    """Say a warning that is meant for the person, without the line of code that gave it."""
    if issubclass(category, UserWarning):
        say(f"note: {message}")
    else:
        show(message, category, *where)


def _refuse(error: EvocoopError) -> int:
    say(f"error: {error}")
    return INTERRUPTED if type(error).__name__ == "RunInterrupted" else BAD_INPUT


def say(message: str) -> None:
    """Print a message for the person on standard error, with control characters made visible."""
    clean = "".join(c if c.isprintable() or c == "\n" else repr(c)[1:-1] for c in message)
    print(clean.encode(sys.stderr.encoding or "utf-8", "backslashreplace").decode(), file=sys.stderr)
