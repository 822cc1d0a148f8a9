"""Tables of the notebooks speak to readers: words in place of codes, every heading its own, text
to the left and numbers to the right.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest

import evidence

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted([*ROOT.glob("notebooks/*.ipynb"), *ROOT.glob("examples/*/notebooks/*.ipynb")])
# Words that the issue bans from readers' eyes.
OLD_WORDS = ("Not placed", "Ci low", "Ci high", "Why not", "Share of benefit")
NUMBER = re.compile(r"[<>]? ?[-−]?[\d,.]+ ?%?(?: \+ \d+ unknown)?|unknown")


class Tables(HTMLParser):
    """Rows of cells, each with its text and style."""

    def __init__(self, html: str):
        super().__init__()
        self.tables: list[list[list[tuple[str, str]]]] = []
        self.cell: list[str] | None = None
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        if tag == "table":
            self.tables.append([])
        elif tag == "tr" and self.tables:
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.cell, self.style = [], dict(attributes).get("style") or ""

    def handle_endtag(self, tag):
        if tag in ("td", "th") and self.cell is not None:
            self.tables[-1][-1].append(("".join(self.cell).strip(), self.style))
            self.cell = None

    def handle_data(self, data):
        if self.cell is not None:
            self.cell.append(data)


def codes() -> set[str]:
    """Values of the dictionary that no reader should see, and keys of studies and reviews."""
    ev = evidence.load()
    fields = [field for table in ev.dictionary.tables.values() for field in table.fields]
    values = {one.value for field in fields for one in field.categories if "_" in one.value}
    names = {field.name for field in fields if "_" in field.name}
    keys = set(ev.studies["study_id"]) | set(ev.reviews["review_id"])
    return values | names | keys - set(ev.names)  # without an author a study is called by its key


CODES = codes()


def tables(path: Path) -> list[list[list[tuple[str, str]]]]:
    notebook = nbformat.read(path, as_version=4)
    shown = [
        str(output.data["text/html"])
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if "text/html" in output.get("data", {})
    ]
    return [table for html in shown for table in Tables(html).tables]


def test_codes_are_known():
    assert {"no_clear_difference", "garbugino2018"} <= CODES and len(CODES) > 300


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_no_raw_code_is_shown(path):
    cells = {text for table in tables(path) for row in table for text, _ in row}
    assert not cells & CODES
    assert not [text for text in cells if re.fullmatch(r"[a-z]+\d{4}[a-z]?-\d+", text)]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_headings_are_plain_and_each_is_its_own(path):
    for table in tables(path):
        heads = [text for text, _ in table[0]]
        assert len(heads) == len(set(heads)), heads
        assert not set(heads) & set(OLD_WORDS), heads
        assert not [head for head in heads if "_" in head], heads


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_text_stands_left_and_numbers_right(path):
    for table in tables(path):
        if not any("text-align" in style for row in table for _, style in row):
            continue  # a table of the explorer has a style sheet of its own
        for column in zip(*table[1:], strict=True):
            filled = [(text, style) for text, style in column if text]
            if filled and all(NUMBER.fullmatch(text) for text, _ in filled):
                continue
            assert all("left" in style for _, style in filled), filled[:3]
