"""What a view shows is what the functions of the package give."""

from __future__ import annotations

import re

import pytest

import evidence
from evidence.explorer.contents import NOT_PLACED, Contents
from evidence.explorer.view import View, view_of


def test_every_number_has_its_studies(contents):
    """In every cell are as many studies as it says, and together they are the studies of the
    view.
    """
    members, counts = contents.members, contents.counts
    for number, (_, line) in enumerate(counts.iterrows()):
        row = members[members["row"] == number]
        assert {word: int((row["vote"] == word).sum()) for word in contents.words} == {
            word: line[word] for word in contents.words
        }
    if contents.view.rows(contents.ev) != "outcome_domain":
        assert sorted(members["study_id"]) == sorted(contents.part.studies["study_id"])
    assert set(members["study_id"]) <= set(contents.part.studies["study_id"])


def test_counts_are_those_of_the_balance(ev):
    contents = Contents(
        ev, view_of(ev, question="treatment", population="human", design="rct", lens="direction")
    )
    table = evidence.balance(
        ev.select(question="treatment", population="human", design="rct", counted=True),
        None,
        "direction",
    )
    assert contents.counts.frame.equals(table.frame) and contents.counts["units"].item() > 0
    assert contents.words == ["harm", "benefit", "mixed", NOT_PLACED]


@pytest.mark.parametrize("overlap", ["possible", "certain"])
def test_one_report_per_cohort_is_that_of_the_selection(ev, overlap):
    """As ``ev.select`` and the web page choose it; the chart says so."""
    contents = Contents(ev, view_of(ev, question="risk", one_per_cohort=True, overlap=overlap))
    part = ev.select(question="risk", counted=True, one_per_cohort=True, overlap=overlap)
    assert contents.members["study_id"].to_list() == part.studies["study_id"].to_list()
    assert len(part) < len(ev.select(question="risk", counted=True))
    assert f"one report per cohort, {overlap} overlaps" in contents.chart().title


def test_with_an_outcome_each_study_votes_on_it(ev):
    """The vote of a whole study may be about another outcome than the one that was chosen."""
    contents = Contents(
        ev,
        view_of(
            ev, question="treatment", population="human", outcome_domain="function", by="design"
        ),
    )
    by_outcome = evidence.balance(
        ev.select(question="treatment", population="human", counted=True), "outcome_domain"
    )
    wanted = by_outcome[by_outcome["outcome_domain"] == "function"].iloc[0]
    # Studies whose findings on it only compare exercise with exercise are in no row.
    assert contents.row_names == ["Exercising with ALS, people, function"]
    assert [contents.counts[word].iloc[0] for word in contents.words] == [
        wanted[word] for word in contents.words
    ]
    assert "function" in contents.lens_table["outcome_domain"].to_list()


def test_the_title_of_the_chart_says_what_was_chosen(ev):
    contents = Contents(
        ev,
        view_of(
            ev,
            question="treatment",
            design=["rct", "single_arm"],
            years=(2000, None),
            min_sample_size=10,
        ),
    )
    said = (
        "exercising with ALS; design: randomised trial or single-arm study; from 2000; at least 10"
        " took part"
    )
    assert contents.chart().title == f"Exercise and ALS ({said}): which way do the studies point?"
    assert Contents(ev, View()).chart().title == evidence.balance(ev, None).chart().title
    assert View(years=(1999, 2005)).said(ev) == ["1999 to 2005"] and View(
        years=(None, 2005), cited_by_article=True
    ).said(ev) == [
        "to 2005",
        "sources of the article",
    ]


def test_lenses_are_told_for_every_part(contents):
    lines = contents.lens_lines
    assert len(lines) == len(contents.lens_table) / 3
    for _, said in lines:
        assert [title for title, _ in said] == ["As concluded", "Direction", "Size"] and all(
            re.search("[a-z]", verdict) for _, verdict in said
        )


@pytest.mark.parametrize(
    ("conditions", "words"),
    [
        ({"desing": "rct"}, "did you mean 'design'"),
        ({"design": "trial"}, "design is never 'trial'"),
        ({"lens": "size"}, "allowed: concluded, direction"),
        ({"by": "desing"}, "no column 'desing'"),
        ({"counted": False}, "leave counted out"),
    ],
)
def test_what_a_view_refuses(ev, conditions, words):
    with pytest.raises(evidence.UsageError, match=words):
        view_of(ev, **conditions)


def test_a_view_without_studies_is_empty(ev):
    contents = Contents(ev, view_of(ev, question="mechanism"))
    assert len(contents.counts) == len(contents.members) == 0 and contents.lens_lines == []
    with pytest.raises(evidence.UsageError, match="no study meets"):
        contents.chart()
