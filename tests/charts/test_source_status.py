"""Where the sources stand, as bars."""

from __future__ import annotations

import pandas as pd
import pytest
from layout import assert_nothing_overlaps

import evidence
from evidence.charts.source_status import source_status
from evidence.errors import UsageError


@pytest.fixture
def overview(ev):
    return evidence.source_overview(ev)


def test_the_bars_are_the_counts(overview, words):
    bars = source_status(overview, words).marks.query("mark == 'bar'")
    for name, title in (("studies", "Studies"), ("reviews", "Reviews")):
        drawn = bars[bars["label"] == title].set_index("row")
        wide = (drawn["x_to"] - drawn["x"]).to_dict()
        assert wide == {
            what[:1].upper() + what[1:]: n
            for what, n in zip(overview["what"], overview[name], strict=True)
            if n
        }
    assert (
        bars["look"].nunique() == 2
        and bars.loc[bars["label"] == "Reviews", "look"].str.contains("//").all()
    )


def test_it_says_that_nobody_was_asked(overview, words):
    chart = source_status(overview, words)
    assert (
        "No service was asked yet" in chart.notes[0]
        and "No service was asked yet" in chart.alt
        and "160 studies and 60 reviews" in chart.alt
    )
    overview.attrs |= {"first": "2026-01-05", "last": "2026-01-07"}
    assert (
        source_status(overview, words).notes[0]
        == "Checked with services from 2026-01-05 to 2026-01-07."
    )
    overview.attrs |= {"first": "2026-01-07"}
    assert source_status(overview, words).notes[0] == "Checked with services on 2026-01-07."


def test_nothing_overlaps(overview, words, size):
    more = pd.DataFrame(
        {
            "group": "Notices",
            "what": ["expression of concern", "retracted"],
            "studies": [1, 2],
            "reviews": 0,
        }
    )
    table = pd.concat([overview, more], ignore_index=True)
    table.attrs = overview.attrs
    assert_nothing_overlaps(source_status(table, words, size=size))


def test_same_bytes(overview, words, assert_same_bytes):
    assert_same_bytes(lambda: source_status(overview, words))


def test_a_data_set_without_reviews(overview, words):
    table = overview.drop(columns="reviews")
    table.attrs = overview.attrs | {"tables": ["studies"]}
    chart = source_status(table, words)
    assert "160 + 60" not in chart.text and set(chart.marks.query("mark == 'bar'")["label"]) == {
        "Studies"
    }


def test_nothing_to_draw(overview, words):
    with pytest.raises(UsageError, match="no entry"):
        source_status(overview.iloc[:0], words)
