"""What is written reads back to the same entries."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from made import TYPES, rows

import evidence
from evidence.bibliography.entries import COLUMNS, parse_text
from evidence.bibliography.formats import read_text
from evidence.bibliography.formats.write import FORMS, write_entries


def filled(entries: pd.DataFrame) -> list[dict[str, str]]:
    return [
        {name: text for name, text in row.items() if isinstance(text, str)}
        for row in entries.to_dict("records")
    ]


@pytest.mark.parametrize("form", FORMS)
def test_the_real_bibliography_comes_back(ev, form):
    read = read_text(write_entries(ev.bibliography, form), "a")
    assert read.problems == []
    for back, row in zip(filled(read.entries), filled(ev.bibliography), strict=True):
        assert back == row


def test_another_form_is_refused(ev):
    with pytest.raises(evidence.UsageError, match="allowed: bibtex, ris, csl"):
        write_entries(ev.bibliography, "word")


def test_a_key_that_bibtex_cannot_have_is_refused():
    entries = pd.DataFrame([{"key": "a b", "entry_type": "misc"}], columns=COLUMNS).astype("str")
    with pytest.raises(evidence.UsageError, match="'a b'"):
        write_entries(entries, "bibtex")


@pytest.mark.parametrize("form", FORMS)
def test_nothing_to_write(form):
    assert write_entries(pd.DataFrame(columns=COLUMNS, dtype="str"), form).strip() in ("", "[]")


ENTRIES = st.lists(rows(), max_size=3, unique_by=lambda row: row["key"])


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=50, deadline=None)
@given(made=ENTRIES)
@example(made=[{"key": "a", "entry_type": "article", "author": "{A, B, C, and D Group}"}])
def test_any_entries_come_back(form, made):
    made = [row for row in made if set(row) - {"key", "entry_type"}]
    text = write_entries(pd.DataFrame(made, columns=COLUMNS).astype("str"), form)
    if made:
        read = read_text(text, "a")
        assert filled(read.entries) == made
        assert not [fault for fault in read.problems if fault.rule != "encoding"]
    if form == "bibtex":
        assert parse_text(text, "a").faults == []


def test_every_type_has_its_counterpart():
    for form in FORMS:
        made = [
            {"key": f"k{i}", "entry_type": kind, "title": "T", "container": "C"}
            for i, kind in enumerate(TYPES)
        ]
        assert (
            filled(
                read_text(
                    write_entries(pd.DataFrame(made, columns=COLUMNS).astype("str"), form), "a"
                ).entries
            )
            == made
        )
