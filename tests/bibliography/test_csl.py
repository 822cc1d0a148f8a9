"""The bibliography as CSL-JSON, and back."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from hypothesis import given, settings
from made import rows

from evidence.bibliography.csl import csl_items, row_of
from evidence.bibliography.entries import COLUMNS


def test_every_entry_of_the_real_file_comes_back(ev):
    items = json.loads(json.dumps(csl_items(ev.bibliography)))
    for item, row in zip(items, ev.bibliography.to_dict("records"), strict=True):
        back, unknown = row_of(item)
        assert back == {column: text for column, text in row.items() if isinstance(text, str)}
        assert unknown == []


def test_an_article_a_thesis_and_a_site(ev):
    items = {item["id"]: item for item in csl_items(ev.bibliography)}
    article = items["vangroenestijn2019"]
    assert article["author"][0] == {
        "family": "Groenestijn",
        "given": article["author"][0]["given"],
        "non-dropping-particle": "van",
    }
    assert article["container-title"] == "Neurorehabilitation and Neural Repair" and article[
        "issued"
    ] == {"date-parts": [[2019]]}
    assert (
        items["sawula2017"]["type"],
        items["sawula2017"]["genre"],
        items["sawula2017"]["publisher"],
    ) == (
        "thesis",
        "Master's thesis",
        "Queen's University",
    )
    assert items["harvardhealth"] == {
        "id": "harvardhealth",
        "type": "webpage",
        "title": "The 4 most important types of exercise",
        "author": [{"literal": "Harvard Health Publishing"}],
        "container-title": "Harvard Health",
    }
    assert items["beghi2010"]["author"][-1] == {"literal": "others"}


def test_what_crossref_sends_is_understood():
    item = {
        "type": "journal-article",
        "title": ["A  title", "B"],
        "container-title": [],
        "author": [
            {"family": "A", "given": "B", "sequence": "first", "affiliation": []},
            {"name": "A Group"},
        ],
        "issued": {"date-parts": [[2020, 5, 12]]},
        "volume": 3,
        "DOI": "10.1/x",
        "ISSN": ["1"],
    }
    row, unknown = row_of(item)
    assert row == {
        "entry_type": "article",
        "author": "A, B and {A Group}",
        "title": "A title",
        "year": "2020",
        "date": "2020-05-12",
        "volume": "3",
        "doi": "10.1/x",
    }
    assert unknown == ["ISSN"]


def test_a_type_without_a_counterpart_is_said():
    assert row_of({"id": "a", "type": "map", "title": "T"}) == (
        {"key": "a", "entry_type": "misc", "title": "T"},
        ["type=map"],
    )


@pytest.mark.parametrize(
    ("issued", "year", "date"),
    [
        ({"date-parts": [[2020]]}, "2020", None),
        ({"date-parts": [["2020", "5"]]}, "2020", "2020-05"),
        ({"date-parts": [[None]]}, None, None),
        ({"date-parts": []}, None, None),
        ({"raw": "12 May 2020"}, "2020", "2020-05-12"),
        ({"literal": "in press"}, "in press", None),
        ({"literal": "2001–2002"}, "2001–2002", None),
        ({"date-parts": [[-44]]}, "-44", None),
        ({"date-parts": [[2001, 0, 0]]}, "2001", None),
        ({"date-parts": [["2001", "May"]]}, "2001", "2001-05"),
        ("2020", None, None),
        (None, None, None),
    ],
)
def test_dates(issued, year, date):
    row, _ = row_of({"id": "a", "type": "book", "issued": issued})
    assert (row.get("year"), row.get("date")) == (year, date)


@pytest.mark.parametrize(
    ("parts", "year", "date", "odd"),
    [
        ([[2001, 13, 45]], "2001", None, "2001-13-45"),
        ([[2001, 5, 45]], "2001", "2001-05", "2001-5-45"),
        ([[-44, 3, 15]], "-44", None, "-44-3-15"),
        ([[-2001, 3]], "-2001", None, "-2001-3"),
        ([[2001, "spring"]], "2001", None, "2001-spring"),
        ([[2001, 5], [2001, 6]], "2001", "2001-05", "2001-5/2001-6"),
    ],
)
def test_what_of_a_date_is_none_is_said(parts, year, date, odd):
    row, unknown = row_of({"id": "a", "type": "book", "issued": {"date-parts": parts}})
    assert (row["year"], row.get("date"), unknown) == (year, date, [f"issued={odd}"])


@pytest.mark.parametrize("junk", [None, 1, [], {}, [None], ["x"], [{}], {"a": 1}, True, [[1]]])
@pytest.mark.parametrize(
    "field", ["title", "author", "issued", "page", "type", "id", "container-title", "volume"]
)
def test_junk_in_a_field_raises_nothing(field, junk):
    row, _ = row_of({"id": "a", "type": "article-journal", field: junk})
    assert all(isinstance(text, str) and text for text in row.values())


@settings(deadline=None)
@given(rows())
def test_rows_come_back(row):
    item = csl_items(pd.DataFrame([row], columns=COLUMNS).astype("str"))[0]
    back, unknown = row_of(json.loads(json.dumps(item)))
    assert (back, unknown) == (row, [])
