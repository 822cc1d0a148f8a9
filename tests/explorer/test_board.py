"""The explorer of the page in a notebook: what Python gives it, and what it makes of its address.
How it works in JupyterLab is seen in tests/browser/test_lab.py.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from views import VIEWS

import evidence
from evidence.explorer.board import HOST, Board, start_of, view_at, widget_class
from evidence.explorer.view import State, View, view_of
from evidence.site.browser_data import browser_data
from evidence.site.bundles import bundle
from evidence.site.hosted import style


@pytest.fixture(scope="module")
def data(ev):
    return browser_data(ev)


@pytest.fixture
def board(ev, tmp_path):
    return Board(ev, View(), State(), tmp_path / "out")


@pytest.mark.parametrize("conditions", VIEWS.values(), ids=VIEWS)
def test_every_view_has_an_address_and_comes_back(ev, data, conditions):
    view = view_of(ev, **conditions)
    start = start_of(view, data)
    back = view_at(ev, start.address, start.fixed)
    assert (
        back.part(ev).studies["study_id"].to_list() == view.part(ev).studies["study_id"].to_list()
    )
    assert (back.lens, back.rows(ev)) == (view.lens, view.rows(ev))


def test_what_the_page_cannot_ask_for_holds_throughout(ev, data):
    view = view_of(ev, question="risk", measure="OR")
    start = start_of(view, data)
    assert "measure" not in start.address and dict(start.fixed.columns) == {"measure": ("OR",)}
    board = Board(ev, view, State())
    given = json.loads(board.widget.data)
    part = ev.select(measure="OR", counted=True)
    assert given["studies"]["id"] == part.studies["study_id"].to_list()
    assert given["code"]["part"] == 'ev.select(measure="OR", counted=True)'
    assert len(board.contents.part) == len(view.part(ev))


def test_rows_that_the_page_cannot_make_are_refused(ev, data):
    view = view_of(ev, by="measure")
    assert start_of(view, data) is None
    with pytest.raises(evidence.EvidenceError, match="no rows of 'measure'"):
        Board(ev, view, State())


def test_the_data_are_those_of_the_page(ev, board, data):
    given = json.loads(board.widget.data)
    assert given | {"code": None} == json.loads(json.dumps(data)) | {"code": None}
    assert board.widget.start == board.widget.address == "lens=concluded"


def test_the_state_is_the_address(ev):
    state = State()
    Board(ev, View(), state).widget.address = "question=risk&beside=lens%3Ddirection"
    assert state.address == "question=risk&beside=lens%3Ddirection"
    again = Board(ev, View(), state)
    assert again.widget.address == state.address and again.widget.start == "lens=concluded"
    assert len(again.contents.part) == len(ev.select(question="risk", counted=True))


def test_export_writes_what_is_shown(ev, board, tmp_path):
    board.widget.address = "question=risk&design=cohort&lens=direction"
    said = board.export()
    (folder,) = (tmp_path / "out").iterdir()
    assert said.startswith(f"{len(list(folder.iterdir()))} files in ")
    space: dict = {}
    exec((folder / "view.py").read_text(encoding="utf-8"), space)
    assert len(space["part"]) == len(ev.select(question="risk", design="cohort", counted=True))
    board.widget.address = "question=risk&population=animal"
    assert board.export().startswith("Not exported. ")


def test_rows_and_words_are_sent_when_they_are_asked_for(ev, board, monkeypatch):
    sent: list = []
    monkeypatch.setattr(board.widget, "send", sent.append)
    for asked in ("rows", "search", "something else"):
        board.answer({"ask": asked})
    assert [one["ask"] for one in sent] == ["rows", "search"]
    assert set(ev.studies["study_id"]) <= set(sent[0]["content"]["lines"])
    assert len(json.dumps(sent[1]["content"]["cells"]["text"])) > 10_000


class Parsed(HTMLParser):
    def __init__(self, html: str):
        super().__init__()
        self.tags: list[str] = []
        self.named: list[tuple[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.named += [(name, str(value)) for name, value in attrs]


def test_words_of_the_data_are_not_html(ev):
    studies = ev.studies.assign(title="<script>alert(1)</script>", country="<img src=x onerror=a>")
    settings = dict(ev.dictionary.settings) | {"caution": "<script>alert(2)</script>"}
    bad = replace(ev, dictionary=replace(ev.dictionary, settings=settings))
    board = Board(bad.with_tables(dict(bad.tables) | {"studies": studies}), View(), State())
    found = Parsed(board.widget.markup)
    assert not {"script", "img", "iframe", "object", "style"} & set(found.tags)
    assert not [name for name, _ in found.named if name.startswith("on") or name == "style"]


def test_every_id_is_there_once_and_every_reference_leads_somewhere(board):
    found = Parsed(board.widget.markup)
    ids = [value for name, value in found.named if name == "id"]
    assert len(ids) == len(set(ids)) > 30
    pointed = {v for name, v in found.named if name in ("for", "form", "aria-labelledby")}
    assert pointed <= set(ids)


def test_the_style_keeps_to_its_element(board):
    text = board.widget._css
    assert text.startswith(f"{HOST} {{") and "@font-face" not in text
    depth, outside = 0, ""
    for letter in style(HOST):
        depth += {"{": 1, "}": -1}.get(letter, 0)
        outside += letter if depth == 0 else ""
    assert re.sub(r"[}\s]", "", outside) == HOST and depth == 0


def test_the_scripts_are_those_of_the_page(root):
    """All but those that only a page needs; nothing is evaluated as text."""
    module = widget_class()._esm
    folder = root / "evidence" / "site" / "static" / "js"
    own = {"page", "ready", "search", "studies"}
    for path in folder.glob("*.js"):
        text = bundle([path.stem]).split("\n", 2)[2]
        assert (text in module) is (path.stem not in own), path.name
