"""How to get the same numbers again: the command, the versions, the seed and the file that was asked."""

from __future__ import annotations

import shlex
from typing import Any

from evocoop.report.markup import Markup, element, join, table
from evocoop.runs.reading import Run

_LONGEST = 60_000


def reproduce(run: Run) -> Markup:
    """Return the section on reproducing a run."""
    directory = run.directories[0]
    about = directory.about()
    settings = [str(one) for one in about.get("settings", [])]
    command = " ".join(["evocoop run experiment.toml", *(_quoted(one) for one in settings)])
    parts = [
        element(
            "p", "Save the experiment below as ", element("code", "experiment.toml"), " and give the same versions:"
        ),
        element("pre", element("code", command)),
        table(("what", "value"), _facts(run, about)),
        element("details", element("summary", "The experiment as it was given"), element("pre", _given(run))),
    ]
    return join(parts)


def _quoted(setting: str) -> str:
    flag, _, value = setting.partition(" ")
    return f"{flag} {shlex.quote(value)}" if value else shlex.quote(flag)


def _facts(run: Run, about: dict[str, Any]) -> list[tuple[str, str]]:
    packages = about.get("packages", {})
    behaviour = about.get("behaviour_versions", {})
    facts = [
        ("evocoop", str(about.get("evocoop", "unknown"))),
        ("hash of the question", str(about.get("id", "unknown"))),
        ("seed", str(about.get("seed", run.experiment.seed))),
        ("replicates", str(run.experiment.replicates)),
        ("python", str(about.get("python", "unknown"))),
        ("platform", str(about.get("platform", "unknown"))),
    ]
    if isinstance(packages, dict):
        facts += [(str(name), str(version)) for name, version in packages.items()]
    if isinstance(behaviour, dict):
        facts.append(("behaviour versions", ", ".join(f"{name}: {version}" for name, version in behaviour.items())))
    return facts


def _given(run: Run) -> str:
    try:
        text = (run.path / "experiment.toml").read_text("utf-8", "replace")
    except OSError:
        return "(the file is missing)"
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "\n… (cut)"
