"""References find their studies by number, title, or author and year; never by a guess."""

from __future__ import annotations

import pandas as pd
import pytest

from evidence.bibliography.bibtex.table import COLUMNS
from evidence.importing.match_references import _matched


def entries(*rows: dict[str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=COLUMNS).astype("str").fillna("")


ONE = {"key": "a", "author": "Doe, Jane", "title": "Tea and sleep in older adults", "year": "2010"}


@pytest.mark.parametrize(
    ("study", "reference", "fits"),
    [
        ({"doi": "10.1/A"}, {"doi": "10.1/a", "title": "Something else"}, True),
        ({"pmid": "12"}, {"pmid": "12"}, True),
        (ONE, {"title": "TEA and sleep, in older adults.", "year": "2011"}, True),
        (
            ONE,
            {"title": "Tea and sleep in the older adults", "year": "2010", "author": "Roe, R."},
            True,
        ),
        (
            ONE,
            {"title": "Tea and sleep in the older adults", "year": "2012", "author": "Roe, R."},
            False,
        ),
        (
            {"author": "Doe and others", "year": "2010"},
            {"author": "Doe, Jane and Roe, R.", "year": "2010", "title": "Any"},
            True,
        ),
        ({"author": "Doe", "year": "2010"}, {"author": "Doe, Jane", "year": "2009"}, False),
        ({"author": "Doe"}, {"author": "Doe, Jane"}, False),
    ],
)
def test_signs(study, reference, fits):
    assert _matched(entries(study), entries(reference)) == ({0: 0} if fits else {})


def test_no_guess_between_two():
    two = entries(
        {"author": "Doe, J.", "year": "2010", "title": "One"},
        {"author": "Doe, K.", "year": "2010", "title": "Two"},
    )
    assert _matched(entries({"author": "Doe", "year": "2010"}), two) == {}
    assert _matched(two, entries({"author": "Doe, L.", "year": "2010"})) == {}
    assert _matched(entries({"title": "Two", "year": "2010"}), two) == {0: 1}


def test_a_reference_belongs_to_one_study():
    studies = entries({"doi": "10.1/a"}, {"author": "Doe", "year": "2010"})
    assert _matched(studies, entries({"doi": "10.1/a", "author": "Doe, J.", "year": "2010"})) == {
        0: 0
    }
