"""Services may answer with anything: nothing of it moves a terminal's cursor, hides in a table, or
ends in a traceback.
"""

from __future__ import annotations

import json
import re
import sqlite3
from dataclasses import replace
from itertools import product

import pytest
from portion import portion
from server import Body, Paper, Status, crossref_work, europepmc_result
from test_add import NEW

import evidence
from evidence.cli import main
from evidence.quoting import HIDDEN

ESCAPE = "\x1b]0;owned\x07\x1b[2J\x1b[31m"
TURNED = "\u202eabc\u202c\u2066d\u2069"
HALF = "\ud800"


@pytest.fixture
def run(capsys, data, commands):
    def run(*arguments: str) -> tuple[int, str]:
        code = main([arguments[0], "--data", str(data.folder), *arguments[1:]])
        captured = capsys.readouterr()
        return code, captured.out + captured.err

    return run


def shows_nothing_hidden(text: str) -> None:
    assert not HIDDEN.search(text.replace("\n", "").replace("\t", "")), HIDDEN.findall(text)


@pytest.mark.parametrize(
    "command", [("add", "--doi", "10.1000/new"), ("refresh", "--only", "abel2007")]
)
@pytest.mark.parametrize(
    "headers", [{}, {"Retry-After": f"soon {ESCAPE}"}, {"Retry-After": "9" * 300}]
)
def test_reasons_and_waits(run, server, command, headers):
    for service in ("crossref", "pubmed", "europepmc"):
        server.fault(service, "*", *[Status(403, headers, reason=f"No {ESCAPE}")] * 9)
    code, said = run(*command)
    assert code == 3 and "No " in said and "Traceback" not in said
    shows_nothing_hidden(said)
    assert max(map(len, said.splitlines())) < 600


@pytest.mark.parametrize("content", [f"text/{ESCAPE}", "x" * 5000])
def test_a_kind_of_content(run, server, content):
    for service in ("crossref", "pubmed", "europepmc"):
        server.fault(service, "*", *[Body(b"x", content)] * 9)
    code, said = run("add", "--doi", "10.1000/new")
    assert code == 3 and "instead of" in said
    shows_nothing_hidden(said)


@pytest.mark.parametrize(
    "mark", portion([ESCAPE, TURNED, "\x9b2J", "\u2028", "a\r\nER  - \n", "\ue000", "\x00"], 2)
)
def test_records(run, server, data, mark):
    """What a service states reaches tables and bibliography on one line, without marks that nobody
    sees; nothing else moves.
    """
    spoilt = {
        "title": f"Swim{mark}ming",
        "journal": f"J{mark}",
        "volume": f"1{mark}",
        "issue": f"2{mark}",
        "pages": f"3{mark}",
        "abstract": mark,
    }
    server.papers = [
        replace(
            NEW,
            pmid="",
            pmcid="",
            authors=((f"Abe{mark}", f"Bo{mark}"),),
            hidden=("pubmed",),
            **spoilt,
        )
    ]
    code, said = run("add", "--doi", "10.1000/new")
    assert code == 0
    shows_nothing_hidden(said)
    row = evidence.load(data.folder).studies.set_index("doi").loc["10.1000/new"]
    assert re.fullmatch(r"Swim.*ming", row["title"]) and not HIDDEN.search(row["title"])
    shows_nothing_hidden(data.bibliography.read_text(encoding="utf-8"))
    assert not any(fault.rule == "text" for fault in data.faults())


def test_a_half_letter_in_json(run, server, data):
    """A lone surrogate, which no file can hold: in a title, a DOI and a number."""
    paper = replace(NEW, hidden=("pubmed",))
    work = crossref_work(paper) | {
        "title": [f"Swim{HALF}"],
        "author": [{"family": f"Abe{HALF}"}],
        "DOI": paper.doi.lower(),
    }
    result = europepmc_result(paper) | {"title": HALF, "id": f"1{HALF}", "pmid": f"2{HALF}"}
    server.fault(
        "crossref", "*", *[Body(json.dumps({"status": "ok", "message": work}).encode())] * 5
    )
    server.fault(
        "europepmc",
        "*",
        *[Body(json.dumps({"hitCount": 1, "resultList": {"result": [result]}}).encode())] * 5,
    )
    code, said = run("add", "--doi", "10.1000/new")
    assert code == 0 and "Traceback" not in said
    assert "Swim" in evidence.load(data.folder).studies.set_index("doi").loc["10.1000/new", "title"]


def test_a_half_letter_in_a_search(run, server):
    server.fault(
        "pubmed",
        "*",
        *[Body(json.dumps({"esearchresult": {"count": "1", "idlist": [HALF]}}).encode())] * 5,
    )
    code, said = run("watch", "--out", "out")
    assert code in (0, 3) and "Traceback" not in said


@pytest.mark.parametrize(
    ("body", "asked"),
    portion(product([None, b"\xff", 7, "{"], [1e300, float("inf"), -1e300, "soon", None, 1e12]), 5),
)
def test_a_store_that_somebody_spoilt(run, server, tmp_path, papers, asked, body):
    server.papers = papers
    assert run("refresh", "--only", "abel2007")[0] == 0
    with sqlite3.connect(tmp_path / "cache" / "answers.sqlite") as store:
        store.execute("UPDATE answers SET asked = ?", (asked,))
        if body is not None:
            store.execute("UPDATE answers SET body = ?", (body,))
    for options in ((), ("--offline",)):
        code, said = run("refresh", "--only", "abel2007", *options)
        assert code in (0, 1, 3) and "Traceback" not in said


def test_a_title_with_nothing_but_marks(run, server):
    server.papers = [Paper(doi="10.1000/bare", title="\u202e\x1b", authors=(), hidden=("pubmed",))]
    code, said = run("add", "--doi", "10.1000/bare")
    assert code == 0
    shows_nothing_hidden(said)
