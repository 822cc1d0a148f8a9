"""A retracted paper is shown as such on every chart; without one, no chart changes."""

from __future__ import annotations

import functools
from collections.abc import Callable

import pandas as pd
import pytest
from layout import assert_nothing_overlaps
from portion import portion

import evidence
from evidence import charts
from evidence.display.gallery import GALLERY

NAMES = {
    "effect_direction",
    "forest",
    "citations",
    "risk_of_bias",
}  # charts on which papers stand by name
DRAWN = {entry.name for entry in GALLERY}


def told(ev: evidence.Evidence, *papers: str, notice: str = "retraction") -> evidence.Evidence:
    """The data set in which a service calls some papers retracted."""
    rows = [
        {
            "table": "studies" if paper in set(ev.studies["study_id"]) else "reviews",
            "id": paper,
            "service": "pubmed",
        }
        for paper in papers
    ]
    status = pd.DataFrame(rows, columns=ev.source_status.columns).assign(
        notice=notice, result="matches", checked="2026-01-31"
    )
    return ev.with_tables(dict(ev.tables) | {"source_status": status})


@pytest.fixture(scope="module")
def plain(ev) -> Callable[[str], charts.Chart]:
    return functools.cache(lambda name: evidence.chart(ev, name))


@pytest.mark.parametrize("name", portion(sorted(DRAWN), 3))
def test_every_chart_says_so(name, ev):
    """With all studies and reviews retracted, whatever a chart holds is retracted; where names
    stand, each carries the mark.
    """
    chart = evidence.chart(told(ev, *ev.studies["study_id"], *ev.reviews["review_id"]), name)
    line = next((note for note in chart.notes if note.startswith("Includes")), "")
    assert "retracted papers: " in line and line.endswith("."), chart.notes
    assert line in chart.alt
    marked = (
        chart.marks[["label", "row"]]
        .astype("str")
        .apply(lambda column: column.str.contains("(retracted)", regex=False))
        .any(axis=None)
    )
    assert marked == (name in NAMES)


@pytest.mark.parametrize(
    "name",
    portion(["balance", "three_lenses", "timeline", "sample_sizes", "study_flow", "claims"], 3),
)
def test_one_retracted_study_is_named(ev, name, plain):
    chart = evidence.chart(told(ev, "abel2007"), name)
    assert (
        chart.alt == f"{plain(name).alt} Includes 1 retracted paper: Abel 2007."
        and chart.title == plain(name).title
    )
    assert_nothing_overlaps(chart)


@pytest.mark.parametrize("name", portion(sorted(NAMES), 2))
def test_marked_names_fit(ev, name):
    some = told(ev, *ev.studies["study_id"][::7], *ev.reviews["review_id"][::7])
    assert_nothing_overlaps(evidence.chart(some, name, "slide"))


@pytest.mark.parametrize("name", ["balance", "study_flow", "timeline"])
def test_a_correction_changes_nothing(ev, name, plain):
    """Neither does the table of the status itself: only a retraction marks a study."""
    chart = evidence.chart(told(ev, "abel2007", notice="correction"), name)
    assert (
        chart.text == plain(name).text
        and chart.alt == plain(name).alt
        and "retracted" not in chart.text
    )


def test_a_study_that_is_not_in_the_chart_is_not_named(ev):
    ev = told(ev, "abel2007", "visser2018")
    part = ev.select(question="risk", design="cohort")
    chart = charts.balance(evidence.balance(part))
    assert "Includes 1 retracted paper: Abel 2007." in chart.alt and "Visser" not in chart.text
    without = charts.balance(evidence.balance(ev.select(retracted=False))).text
    assert "Includes" not in without and "Selection: not retracted" in without


def test_a_retracted_report_in_the_vote_of_its_cohort_is_named(ev):
    """The vote of a cohort rests on all its reports, although one stands for it."""
    table = evidence.balance(told(ev, "abel2007"), unit="cohort")
    assert table.retracted == ("abel2007",)


def test_no_chart_function_is_left_out():
    """Whoever adds a chart function wraps it too."""
    functions = {
        name: getattr(charts, name)
        for name in charts.__all__
        if name not in ("Chart", "Words", "words")
    }
    assert [name for name, draw in functions.items() if not hasattr(draw, "__wrapped__")] == []
