"""A bibliography that was just written is known without reading it: reading says the same."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from made import rows
from portion import number

from evidence.bibliography.bibtex.table import COLUMNS
from evidence.bibliography.entries import parse_text
from evidence.bibliography.written import written_bibliography

BEFORE = "% One entry for each study.\n\n"
ODD = ["50 % & {b}", "p--q", "''x''", "@misc{q,", 'a "b"', "http://x.org/a", "two  spaces", "Tea"]
NAMES = [
    "Smith, A",
    "{Oak, Ash and Co}",
    "A, B, C, D",
    "others",
    "Smith J, Jones K",
    "Smith, A and",
]


def frame(made: list[dict[str, str]]) -> pd.DataFrame:
    return pd.DataFrame(made, columns=COLUMNS).astype("str")


def is_the_same(entries: pd.DataFrame) -> None:
    text, known = written_bibliography(entries, BEFORE, "a.bib")
    read = parse_text(text, "a.bib")
    pd.testing.assert_frame_equal(known.entries, read.entries)
    assert (known.lines, known.faults, known.others) == (read.lines, read.faults, read.others)


@settings(max_examples=number(100, 33), deadline=None)
@given(made=st.lists(rows(), max_size=4))
@example(made=[{"key": "a", "entry_type": "misc", "title": "x"}] * 2)
def test_any_entries(made):
    is_the_same(frame(made))


@pytest.mark.parametrize("odd", ODD)
def test_what_reads_back_in_another_form_is_read(odd):
    plain = {"key": "a", "entry_type": "article", "title": "Tea", "author": "Li, B", "year": "2001"}
    other = {"key": "b", "entry_type": "misc", "title": odd, "container": odd}
    is_the_same(frame([plain, other, {**plain, "key": "c", "year": "2001 May"}]))
    is_the_same(frame([plain, other, {**plain, "key": "c", "date": "2001-05"}]).fillna(""))


@pytest.mark.parametrize("names", NAMES)
def test_names_with_a_problem_have_their_line(names):
    plain = {"key": "a", "entry_type": "misc", "author": "Li, B", "title": "Tea"}
    is_the_same(frame([plain, {**plain, "key": "b", "author": names, "editor": names}]))


def test_the_real_bibliography(ev):
    is_the_same(ev.bibliography)
