"""Overlap of reviews: three reviews and five studies worked by hand, and bounds against every
completion of the lists.
"""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import plain
import pytest

import evidence
from evidence.synthesis.inclusions import citation_matrix, review_union
from evidence.synthesis.overlap import _bounds, _labels, covered_area

LISTS = {
    "a": ["s1 2000", "s2 2005", "s3 2008"],
    "b": ["s2 2005", "s3 2008", "s4 2011"],
    "c": ["s3 2008", "s5 2013"],
}
YEARS = {"a": 2010, "b": 2012, "c": 2015}


def three(
    ev,
    says: dict[str, int | None] | None = None,
    lists: dict[str, list[str]] | None = None,
    studies: dict[str, str] | None = None,
):
    """Three reviews of five studies. N = 8, S = 5; review a is older than s4 and s5, review b than
    s5.
    """
    lists = lists or LISTS
    sizes = {name: len(cited) for name, cited in lists.items()} | (says or {})
    reviews = pd.DataFrame(
        {
            "review_id": list(lists),
            "year": [YEARS[name] for name in lists],
            "n_studies": [sizes[name] for name in lists],
        }
    )
    reviews = reviews.astype({"review_id": "str", "year": "Int64", "n_studies": "Int64"}).assign(
        question="risk", title="", kind="", note=""
    )
    rows = [
        (f"{name}-{i}", name, cited)
        for name, each in lists.items()
        for i, cited in enumerate(each, 1)
    ]
    inclusions = pd.DataFrame(rows, columns=["inclusion_id", "review_id", "cited_as"]).astype("str")
    inclusions["study_id"] = inclusions["cited_as"].map(studies or {}).astype("str")
    inclusions["match"] = pd.Categorical(
        np.where(inclusions["study_id"].isna(), "not_in_table", "named")
    )
    return ev.with_tables(dict(ev.tables) | {"reviews": reviews, "review_inclusions": inclusions})


def test_by_hand(ev):
    area = covered_area(three(ev))
    assert (area.reviews, area.studies, area.inclusions, area.impossible) == (3, 5, 8, 3)
    assert area.cca == pytest.approx((8 - 5) / (5 * 2))
    assert area.cca_possible == pytest.approx((8 - 5) / (5 * 2 - 3))
    assert area.low == area.high == area.cca
    assert area.incomplete == () and area.label == "very high"
    pairs = area.pairs.set_index(["first", "second"])
    assert pairs["shared"].to_list() == [2, 1, 1]
    assert pairs["cca"].to_list() == pytest.approx([2 / 4, 1 / 4, 1 / 4])
    assert pairs["cca_possible"].to_list() == pytest.approx([2 / 3, 1 / 3, 1 / 3])
    assert (pairs["low"] == pairs["cca"]).all() and (pairs["high"] == pairs["cca"]).all()


def test_the_matrix_by_hand(ev):
    matrix = citation_matrix(three(ev, says={"c": 4}))
    yes, no, unknown, never = "included", "not_included", "unknown", "impossible"
    assert matrix.columns.to_list() == ["s1 2000", "s2 2005", "s3 2008", "s4 2011", "s5 2013"]
    assert matrix.loc["a"].to_list() == [yes, yes, yes, never, never]
    assert matrix.loc["b"].to_list() == [no, yes, yes, yes, never]
    assert matrix.loc["c"].to_list() == [unknown, unknown, yes, unknown, yes]


@pytest.mark.parametrize(
    ("says", "low", "high", "incomplete"),
    [
        (
            {"c": 4},
            3 / (7 * 2),
            (10 - 5) / (5 * 2),
            ("c",),
        ),  # two missing: both new, or both among s1, s2, s4
        (
            {"a": 5},
            3 / (7 * 2),
            3 / (7 * 2),
            ("a",),
        ),  # a is too old for s4 and s5: its missing ones are new
        ({"a": 5, "c": 4}, 3 / (9 * 2), (12 - 7) / (7 * 2), ("a", "c")),
        ({"c": None}, 0.0, (11 - 5) / (5 * 2), ("c",)),  # of any length
        (
            {"a": None, "b": None, "c": None},
            0.0,
            1.0,
            ("a", "b", "c"),
        ),  # all may share any number of further studies
    ],
)
def test_incomplete_lists_give_bounds_and_no_point(ev, says, low, high, incomplete):
    area = covered_area(three(ev, says=says))
    assert np.isnan(area.cca) and np.isnan(area.cca_possible) and area.label == ""
    assert (area.low, area.high) == (pytest.approx(low), pytest.approx(high))
    assert area.incomplete == incomplete and area.known == pytest.approx(0.3)
    assert "between" in area.verdict and "very high" not in area.verdict
    touched = area.pairs["first"].isin(incomplete) | area.pairs["second"].isin(incomplete)
    assert (area.pairs["label"].eq("") == touched).all() and (
        area.pairs["cca"].isna() == touched
    ).all()
    assert (area.pairs["low"] <= area.pairs["high"]).all()


@pytest.mark.parametrize("seed", range(12))
def test_bounds_against_every_completion(seed):
    """All ways to fill the lists, with known studies and new ones that any review may share."""
    random = np.random.default_rng(seed)
    m, s = 3, 4
    a = random.random((m, s)) < 0.5
    a[0, ~a.any(axis=0)] = True
    possible = a | (random.random((m, s)) < 0.7)
    missing = random.integers(0, 3, m)
    new = range(s, s + int(missing.sum()))
    choices = [
        list(itertools.combinations([*np.flatnonzero(possible[i] & ~a[i]), *new], missing[i]))
        for i in range(m)
    ]
    areas = []
    for filled in itertools.product(*choices):
        lists = [set(np.flatnonzero(a[i])) | set(filled[i]) for i in range(m)]
        total, distinct = sum(map(len, lists)), len(set().union(*lists))
        areas.append((total - distinct) / (distinct * (m - 1)))
    free = (possible & ~a).sum(axis=1)
    low, high = _bounds(
        float(a.sum()), float(s), missing[None, :].astype(float), free[None, :].astype(float)
    )
    assert (low[0], high[0]) == (pytest.approx(min(areas)), pytest.approx(max(areas)))


def test_words_of_pieper():
    assert _labels(np.array([0, 0.05, 0.06, 0.10, 0.15, 0.151, np.nan])).tolist() == [
        "slight", "slight", "moderate", "moderate", "high", "very high", "",
    ]  # fmt: skip


def test_a_study_cited_under_two_names_is_one_study(ev):
    lists = {"a": ["One 2001", "Another 2002"], "b": ["One and Co 2001"]}
    area = covered_area(
        three(ev, lists=lists, studies={"One 2001": "drory2001", "One and Co 2001": "drory2001"})
    )
    assert (area.studies, area.inclusions, area.cca) == (2, 3, 0.5)
    union = review_union(
        three(ev, lists=lists, studies={"One 2001": "drory2001", "One and Co 2001": "drory2001"})
    )
    assert union["in_table"].to_list() == [False, True] and union["reviews"].to_list() == [1, 2]
    assert union.loc[1, "which"] == "a; b"


def test_the_real_reviews(ev):
    area = covered_area(ev)
    assert area.reviews + len(area.unlisted) == len(ev.reviews)
    assert area.inclusions == len(ev.review_inclusions)
    assert area.probable == (plain.table("review_inclusions")["match"] == "probable").sum() > 0
    assert (
        np.isnan(area.cca)
        and area.low <= area.known <= area.high
        and set(area.incomplete) >= {"chapman2023", "soofi2017"}
    )
    pairs = area.pairs.set_index(["first", "second"])
    assert pairs.loc[("ashworth2012", "dalbellohaas2013"), "cca"] == 0.5  # one of two studies
    assert len(pairs) == area.reviews * (area.reviews - 1) / 2
    matrix = citation_matrix(ev).frame
    assert (
        matrix.shape == (area.reviews, area.studies)
        and (matrix == "included").to_numpy().sum() == area.inclusions
    )
    assert (matrix == "impossible").to_numpy().sum() == area.impossible
    assert (
        matrix.loc["ashworth2012", "pinto2012"] == "not_included"
    )  # the same year is possible, and the list of one is complete
    assert matrix.loc["silva2019", "drory2001"] == "unknown"
    union = review_union(ev)
    assert (
        len(union) == area.studies
        and (~union["in_table"]).sum() == ev.review_inclusions["study_id"].isna().sum()
    )


def test_every_review_and_every_study(ev):
    matrix = citation_matrix(ev, every=True, named=True)
    lacking = (~review_union(ev)["in_table"]).sum()
    assert matrix.shape == (len(ev.reviews), len(ev.studies) + lacking)
    assert matrix.index.is_unique and matrix.columns.is_unique


def test_leaving_an_inclusion_out_changes_its_cell(ev):
    before = citation_matrix(ev).frame
    inclusions = ev.review_inclusions
    fewer = inclusions[inclusions["inclusion_id"] != "gibbons2018-2"]
    after = citation_matrix(ev.with_tables(dict(ev.tables) | {"review_inclusions": fewer})).frame
    moved = (before != after.reindex_like(before)).any(axis=1)
    assert before.index[moved].to_list() == ["gibbons2018"]
    # its list is now incomplete, so that what is not on it is unknown
    assert (
        after.loc["gibbons2018", "pinto2012"] == "unknown"
        and after.loc["gibbons2018", "drory2001"] == "unknown"
    )


def test_row_order_does_not_matter(ev):
    tables = dict(ev.tables)
    for name in ("reviews", "review_inclusions", "studies"):
        tables[name] = tables[name].sample(frac=1, random_state=3).reset_index(drop=True)
    other = ev.with_tables(tables)
    pd.testing.assert_frame_equal(citation_matrix(ev).frame, citation_matrix(other).frame)
    pd.testing.assert_frame_equal(review_union(ev), review_union(other))
    one, two = covered_area(ev), covered_area(other)
    assert (one.low, one.high, one.known, set(one.incomplete)) == (
        two.low,
        two.high,
        two.known,
        set(two.incomplete),
    )


def test_one_review_or_none_has_no_overlap(ev):
    assert "no overlap to measure" in covered_area(ev, "risk").verdict
    none = three(ev, lists={"a": ["s1 2000"]})
    none = none.with_tables(
        dict(none.tables) | {"review_inclusions": none.review_inclusions.iloc[:0]}
    )
    area = covered_area(none)
    assert (
        area.reviews == 0
        and np.isnan(area.low)
        and area.pairs.empty
        and citation_matrix(none).empty
        and review_union(none).empty
    )


def test_wrong_use(ev):
    with pytest.raises(evidence.UsageError, match="allowed: risk, treatment"):
        covered_area(ev, "colour")
    bare = ev.with_tables(
        {name: table for name, table in ev.tables.items() if name != "review_inclusions"}
    )
    for function in (citation_matrix, covered_area, review_union):
        with pytest.raises(evidence.UsageError, match="no lists of what reviews include"):
            function(bare)
