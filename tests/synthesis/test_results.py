"""Conditions are written as the files are, and mean the same wherever they stand."""

from __future__ import annotations

import pandas as pd
import pytest

import evidence
from evidence.errors import UsageError
from evidence.frames import cell_texts
from evidence.synthesis.claim_rules import meets as meets_term
from evidence.synthesis.poolable import _excluded
from evidence.synthesis.results import matching
from evidence.tables.conditions import meets, parse_criteria


def condition(column: str, *values: str) -> pd.DataFrame:
    return pd.DataFrame({"column": column, "value": list(values)})


@pytest.mark.parametrize(
    ("cells", "texts"),
    [
        (pd.Series([True, None], dtype="boolean"), ["true", None]),
        (pd.Series([12, None], dtype="Int64"), ["12", None]),
        (pd.Series([12.0, 1.5, float("nan")]), ["12", "1.5", None]),
        (pd.Series(["a", None], dtype="category"), ["a", None]),
        (pd.Series([True, 12.0, "True story", None], dtype="object"), ["true", "12", "True story"]),
    ],
)
def test_a_cell_is_what_its_file_says(cells, texts):
    found = cell_texts(cells)
    assert [None if pd.isna(cell) else cell for cell in found][: len(texts)] == texts


def test_truth_values_and_colons_are_met():
    table = pd.DataFrame({"main": pd.Series([True, False, None], dtype="boolean")})
    assert matching(table, condition("main", "true"))["main"].to_list() == [True, False, False]
    assert matching(table, condition("main", "not:true"))["main"].to_list() == [False, True, True]
    table = pd.DataFrame({"kind": ["at rest: slow", "a", None]})
    assert matching(table, condition("kind", "at rest: slow"))["kind"].to_list()[:2] == [
        True,
        False,
    ]
    either = matching(table, condition("kind", "or_empty:at rest: slow"))["kind"]
    assert either.to_list() == [True, False, True]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("is_primary", "true"),
        ("significant", "false"),
        ("sport", "american_football"),
        ("design", "rct"),
        ("outcome", "history of >=1 head/neck injury: age at onset 54.1 vs 61.8 years"),
    ],
)
def test_a_condition_means_the_same_in_selections_and_criteria(ev, column, value):
    part = ev.select(**{column: value})
    rows = evidence.results(ev).frame
    met = matching(rows, condition(column, value), ev.dictionary)[column]
    of_findings = column in ev.findings and column not in ev.studies
    if of_findings:
        assert set(rows.loc[met, "finding_id"]) == set(part.findings["finding_id"])
    else:
        assert set(rows.loc[met, "study_id"]) == set(part.findings["study_id"])
    assert met.any()


def test_a_pool_takes_conditions_on_truth_values(ev):
    asked = [("question", "risk"), ("comparator", "lower_exposure"), ("is_primary", "true")]
    criteria = pd.DataFrame(asked, columns=["column", "value"])
    found = evidence.poolable(ev, "OR", criteria, one_per_cohort=True)
    assert "alves2025" in set(found.included["study_id"])


def test_numbers_are_equal_however_they_are_stored():
    (one,) = parse_criteria("weeks=12")
    assert meets(pd.Series([12.0, 11.5, None]), one).to_list() == [True, False, False]
    rows = pd.DataFrame({"main": pd.Series([True, False], dtype="boolean"), "n": [12.0, None]})
    assert meets_term(rows, "main=true")[0].tolist() == [True, False]
    assert meets_term(rows, "n=12")[0].tolist() == [True, False]
    with pytest.raises(UsageError):
        meets_term(rows, "who=12")


def test_of_a_study_that_is_out_the_main_result_gives_the_reason():
    """Where nothing else is nearer; a result that is not said to be main is not."""
    rows = pd.DataFrame(
        {
            "study_id": ["a", "a"],
            "finding_id": ["a-1", "a-2"],
            "estimate": [1.0, 1.0],
            "se": [0.1, 0.1],
            "is_primary": pd.array([None, True], dtype="boolean"),
        }
    )
    reasons = pd.Series(["first", "second"])
    assert _excluded(rows, reasons, set())["reason"].to_list() == ["second"]
