"""What the terminal says of several games over a sweep: one screen, whatever the report says at length."""

from __future__ import annotations

from typing import Any

import pytest
from runs_by_hand import shares, swept

from evocoop.cli.summary import print_summary

HARES = [0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0]


def hunts(game: str, first: float, cooperation: float) -> list[dict[str, Any]]:
    """Return shares of two strategies along the sweep; the second leads at its end."""
    rows = []
    for cell, hare in enumerate(HARES):
        share = first if hare < 4 else 1 - first
        for row in shares({"Stag": share, "Hare": 1 - share}, game=game, dynamics="long run"):
            cooperates = cooperation if row["strategy"] == "Stag" else 0.0
            rows.append({**row, "cell": cell, "game.hare": hare, "self_cooperation": cooperates})
    return rows


def test_several_games_over_a_sweep_fit_a_screen(make_run: Any, capsys: pytest.CaptureFixture[str]) -> None:
    games = {"Easy hunt": 0.9, "Hard hunt": 0.8, "Hard hunt of a name that is much too long for its column": 0.4}
    rows = [row for game, first in games.items() for row in hunts(game, first, 1.0)]
    print_summary(make_run({"prevalence": rows}, sweep=swept("game.hare", HARES)))
    said = capsys.readouterr().out
    assert max(map(len, said.splitlines()[2:])) <= 80
    assert sum(-(-len(line) // 80) for line in said.splitlines()) <= 24
    table = {line.split("│")[1].strip(): line.split("│")[2:4] for line in said.splitlines() if "│" in line}
    assert [cell.strip().replace("\xa0", " ") for cell in table["Easy hunt"]] == ["Stag in 7 of 8", "80 %"]
    assert table["Hard hunt"][0].strip() == "Stag in 7 of 8"
    assert any("…" in name for name in table)
    assert "ranges" in said or "cooperation in the long run is" in said
