"""What a browser would make of a report: elements, attributes and texts, read by the standard library's parser."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

VOID = {"meta", "br", "hr", "img", "link"}


class Page(HTMLParser):
    """A parsed page: its elements with their attributes, its text by element, and whether all tags were closed."""

    def __init__(self, path: Path) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[tuple[str, str]] = []
        self.open: list[str] = []
        self.broken: list[str] = []
        self.source = path.read_text("utf-8")
        self.feed(self.source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.broken.append(tag)

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.texts.append((self.open[-1] if self.open else "", " ".join(data.split())))

    def of(self, *tags: str) -> list[str]:
        """Return the texts that stand directly in elements of some kinds."""
        return [text for tag, text in self.texts if tag in tags]

    @property
    def text(self) -> str:
        """All text outside the style sheet."""
        return " ".join(text for tag, text in self.texts if tag != "style").replace("\u00a0", " ")

    @property
    def titles(self) -> list[str]:
        """The titles of the figures, blanks made plain."""
        return [text.replace("\u00a0", " ") for text in self.of("h3")]


def assert_harmless(page: Page) -> None:
    """Check that nothing on the page runs, loads or breaks out of its place."""
    assert page.broken == [] and page.open == [], "every element is closed, in order"
    assert "could not be drawn" not in page.text
    tags = {tag for tag, _ in page.elements}
    assert not tags & {"script", "iframe", "object", "embed", "img", "link", "form", "base", "foreignobject", "image"}
    for tag, attributes in page.elements:
        for name, value in attributes.items():
            assert not name.startswith("on"), f"{tag} has {name}"
            assert name not in ("src", "srcset", "action", "xlink:href", "formaction")
            assert "javascript:" not in value.casefold() or name in ("aria-label", "content")
            if name == "href":
                assert tag == "a" and value.startswith("#")
            if "url(" in value and name != "aria-label":
                assert value.startswith("url(#")
            if name == "style":
                assert "url" not in value
    policies = [a["content"] for tag, a in page.elements if tag == "meta" and "http-equiv" in a]
    assert len(policies) == 1 and policies[0].startswith("default-src 'none'")
    assert "script-src" not in policies[0]
    assert "@import" not in page.source.split("</style>")[0] and "url(" not in page.source.split("</style>")[0]
