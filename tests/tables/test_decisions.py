"""Decisions of people: appended one by one, whatever happens beside it."""

from __future__ import annotations

import csv
import multiprocessing
import re

import pytest

import evidence
from evidence.lock import locked
from evidence.tables import decisions
from evidence.tables.decisions import append_decision
from evidence.tables.dictionary_file import read_dictionary

ROW = {
    "reading_id": "abel2007:design",
    "table": "studies",
    "id": "abel2007",
    "field": "design",
    "verdict": "right",
    "value": "cohort",
    "who": "A. Reader",
    "why": "",
}


def rows(data) -> list[dict[str, str]]:
    with (data.folder / "adjudications.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_decision_is_one_line_more(data):
    dictionary = read_dictionary(data.folder)
    path = data.folder / "adjudications.csv"
    before = path.read_bytes()
    append_decision(dictionary, ROW)
    first = path.read_bytes()
    append_decision(
        dictionary,
        ROW | {"verdict": "wrong", "value": "case_series", "why": "page 3,\n“a  series”"},
    )
    assert first.startswith(before) and path.read_bytes().startswith(first)
    one, two = rows(data)
    assert one | two.keys() and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", one["when"])
    assert one["adjudication_id"] != two["adjudication_id"] and one["who"] == "A. Reader"
    assert two["why"] == "page 3, “a series”" and two["value"] == "case_series"
    assert evidence.check(data.folder) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"who": ""}, "needs who"),
        ({"who": " \t"}, "needs who"),
        ({"verdict": "maybe"}, "verdict is 'maybe'"),
        ({"table": "reviews"}, "table is 'reviews'"),
        ({"mood": "good"}, "no part 'mood'"),
    ],
)
def test_what_is_not_whole_is_not_kept(data, change, words):
    with pytest.raises(evidence.UsageError, match=words):
        append_decision(read_dictionary(data.folder), ROW | change)
    assert rows(data) == []


@pytest.mark.parametrize("content", ["", "a,b\n", "no end of line"])
def test_a_file_that_is_not_as_it_should_be_is_left_alone(data, content):
    path = data.folder / "adjudications.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(evidence.DataError):
        append_decision(read_dictionary(data.folder), ROW)
    assert path.read_text(encoding="utf-8") == content


def _ten(folder, who):
    dictionary = read_dictionary(folder)
    for _ in range(10):
        append_decision(dictionary, ROW | {"who": who})


def test_two_people_at_the_same_time_lose_nothing(data):
    """Without the lock each would put its own file over the other's."""
    start = multiprocessing.get_context("spawn")
    people = [
        start.Process(target=_ten, args=(data.folder, who)) for who in ("one", "two", "three")
    ]
    for one in people:
        one.start()
    for one in people:
        one.join(60)
    assert [one.exitcode for one in people] == [0, 0, 0]
    found = rows(data)
    assert len(found) == 30 and len({row["adjudication_id"] for row in found}) == 30
    assert sorted(row["who"] for row in found) == ["one"] * 10 + ["three"] * 10 + ["two"] * 10


def test_who_waits_too_long_is_told(data, monkeypatch):
    """A command that changes the tables holds the same lock."""
    monkeypatch.setattr(decisions, "PATIENCE", 0.1)
    with (
        locked(data.folder),
        pytest.raises(evidence.EvidenceError, match="one of them is at work there, try again"),
    ):
        append_decision(read_dictionary(data.folder), ROW)
    assert rows(data) == []
    append_decision(read_dictionary(data.folder), ROW)
    assert len(rows(data)) == 1
