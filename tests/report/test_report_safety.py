"""Nothing that a run holds can run, load or break the page: hostile texts in every field."""

from __future__ import annotations

import dataclasses
import itertools
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading_pages import Page, assert_harmless
from runs_by_hand import MATRIX, shares, swept, table_frame, write_run

from evocoop.config.experiment import DynamicsAsk, GameAsk
from evocoop.report import export_charts, write_report
from evocoop.report.markup import clean, element, escape
from evocoop.report.page import POLICY

HOSTILE = (
    "</script><script>alert(1)</script>",
    "</title></style><img src=x onerror=alert(1)>",
    "\"' onmouseover='alert(1)' x=\"",
    "🦌🐒 stag",
    "צייד \u202egnp.exe\u202c",
    "]]></svg><svg onload=alert(1)>",
    "url(http://example.com/x.svg#a)",
    "javascript:alert(1)",
    "x" * 3000,
    "a\x00b\x1bc\ud800d",
    "{{7*7}} ${alert(1)} datum.value",
    " = ",
    "",
)


def hostile_tables() -> dict[str, list[dict[str, Any]]]:
    """Return a table of every kind whose every text is hostile."""
    names, game, dynamics = HOSTILE[:4], HOSTILE[0], HOSTILE[1]
    at = {"game": game, "dynamics": dynamics}
    played = {"game": game}
    pairs = list(itertools.permutations(names, 2))
    return {
        "prevalence": [
            {**row, "game.note": note, "cell": cell}
            for cell, note in enumerate(HOSTILE)
            for row in shares(dict(zip(names, (0.4, 0.3, 0.2, 0.1), strict=True)), **at)
        ],
        "payoffs": [
            {"strategy": a, "opponent": b, "payoff": i * j, **played}
            for i, a in enumerate(names)
            for j, b in enumerate(names)
        ],
        "rankings": [{"strategy": name, "rank": i + 1, "score": 3.0 - i, **played} for i, name in enumerate(names)],
        "fixation": [
            {"mutant": a, "resident": b, "log_probability": -3.0, "probability": 0.05, "neutral": 0.02, **at}
            for a, b in pairs
        ],
        "trajectories": [
            {"start": 0, "time": float(time), "strategy": name, "share": 0.25, **at}
            for time in (0, 1, 2)
            for name in names
        ],
        "rest_points": [{"point": 0, "strategy": name, "share": 0.25, "stability": HOSTILE[5], **at} for name in names],
        "basins": [{"attractor": name, "strategy": None, "share": 1 / len(HOSTILE), **at} for name in HOSTILE],
        "gradient": [{"count": k, "fraction": k / 4, "gradient": k * (4 - k) / 9, **at} for k in range(5)],
        "stationary": [
            {"state": state, "strategy": name, "count": 2 * ((state + i) % 2), "probability": 0.5, **at}
            for state in range(2)
            for i, name in enumerate(names[:2])
        ],
    }


@pytest.fixture(scope="module")
def hostile_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("hostile") / "run"
    return write_run(
        path,
        {kind: [_printable(row) for row in rows] for kind, rows in hostile_tables().items()},
        name=HOSTILE[0],
        question=HOSTILE[1],
        expected=HOSTILE[2],
        source=HOSTILE[5],
        games=(GameAsk("matrix", HOSTILE[0], MATRIX),),
        dynamics=(DynamicsAsk("small_mutation_limit", HOSTILE[1]),),
        sweep=swept("game.note", [_storable(text) for text in HOSTILE]),
        failed=((3, HOSTILE[0]), (4, HOSTILE[1])),
    )


def _storable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def _printable(row: dict[str, Any]) -> dict[str, Any]:
    return {key: _storable(value) if isinstance(value, str) else value for key, value in row.items()}


def test_hostile_texts_stay_texts(hostile_run: Path) -> None:
    (hostile_run / "experiment.toml").write_text("# </pre></script><script>alert(1)</script>\n")
    provenance = (
        '{"evocoop": "<script>1</script>", "settings": ["--set </code><script>x</script>"], "packages": {"<b>": 1}}'
    )
    (hostile_run / "provenance.json").write_text(provenance)
    page = Page(write_report(hostile_run))
    assert_harmless(page)
    assert clean(HOSTILE[0]) in page.of("bdi") and "cell 3:" in page.text
    assert "alert(1)</script>" in page.text
    assert len(page.titles) >= 9
    for place in (0, 1, 3):
        short_name = clean(HOSTILE[place])
        assert short_name in page.of("bdi"), "the data tables give every name in full"


def test_pictures_of_hostile_names_are_sound_xml(hostile_run: Path) -> None:
    for path in export_charts(hostile_run, "svg"):
        tree = ElementTree.fromstring(path.read_text("utf-8"))
        for one in tree.iter():
            assert one.tag.split("}")[1] not in ("script", "image", "foreignObject", "a")
            assert not [name for name in one.attrib if name.startswith("on") or name.endswith("href")]
    assert not [
        path.name for path in (hostile_run / "charts").iterdir() if not re.fullmatch(r"[a-z0-9-]+\.svg", path.name)
    ]


def test_names_that_are_words_of_the_chart_language_stay_names(make_run: Any) -> None:
    """Vega 6 reads a literal that is the name of one of its functions as a call of it."""
    names = ("if", "toString", "in", "datum", "slice")
    at = {"log_probability": -3.0, "probability": 0.05, "neutral": 0.02}
    pairs = [{"mutant": a, "resident": b, **at} for a, b in itertools.permutations(names, 2)]
    page = Page(write_report(make_run({"fixation": pairs})))
    assert_harmless(page)
    assert set(names) <= set(page.of("text"))


def test_the_policy_forbids_everything_but_inline_style() -> None:
    assert POLICY.startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:")
    assert "script" not in POLICY


@given(st.text())
@settings(max_examples=200, deadline=None)
def test_any_text_is_escaped_and_comes_back_as_text(text: str) -> None:
    from html.parser import HTMLParser

    class Reader(HTMLParser):
        tags: tuple[str, ...] = ()
        said = ""

        def handle_starttag(self, tag: str, attrs: Any) -> None:
            self.tags = (*self.tags, tag)

        def handle_data(self, data: str) -> None:
            self.said += data

    reader = Reader()
    reader.feed(element("p", text, title=text))
    reader.close()
    assert reader.tags == ("p",)
    assert reader.said == re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e]", "", text)


@given(st.text(alphabet=st.characters(codec=None), max_size=40))
@settings(max_examples=200, deadline=None)
def test_a_clean_text_can_be_stored_and_stands_on_one_line(text: str) -> None:
    found = clean(text)
    found.encode("utf-8")
    assert "\n" not in found and found == clean(found) and not set(found) & set("\x00\x1b\u202e\u2066")


def test_only_built_elements_are_markup() -> None:
    assert escape("<b>") == "&lt;b&gt;" and escape(element("b", "<")) == "<b>&lt;</b>"
    with pytest.raises(ValueError, match="not the name of an element"):
        element("b onclick=x")


def test_records_hold_what_the_tables_promise() -> None:
    frame = table_frame("prevalence", shares({"C": 1.0}))
    assert frame["exact"].to_list() == [True] and dataclasses.is_dataclass(GameAsk)
