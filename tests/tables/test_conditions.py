"""Conditions in one cell: their forms, what they meet, and what a check says about wrong ones."""

from __future__ import annotations

import pandas as pd
import pytest

import evidence
from evidence.model.dictionary import Category, Field
from evidence.tables.conditions import meets, parse_criteria


@pytest.mark.parametrize(
    "text",
    [
        "",
        "design",
        "design=rct;",
        "sample_size<many",
        "sample_size>",
        "=rct",
        "harms.finished~",
        "Design=rct",
        "a.b.c=1",
    ],
)
def test_other_forms_are_refused(text):
    with pytest.raises(evidence.UsageError):
        parse_criteria(text)


def test_the_parts_of_a_condition():
    one, other = parse_criteria("harms.arm=exercise|all; sample_size<50")
    assert (one.table, one.column, one.sign, one.alternatives) == (
        "harms",
        "arm",
        "=",
        ["exercise", "all"],
    )
    assert (other.table, other.column, other.sign, other.value) == ("", "sample_size", "<", "50")


@pytest.mark.parametrize(
    ("text", "cells", "met"),
    [
        ("a=x|y", ["x", "y", "z", None], [True, True, False, False]),
        ("a=", ["x", None], [False, True]),
        ("a=|x", ["x", "y", None], [True, False, True]),
        ("a!=x", ["x", "y", None], [False, True, True]),
        ("a<50", [49, 50, None], [True, False, False]),
        ("a>1.5", [1.5, 1.6, None], [False, True, False]),
        ("a~Sod1", ["SOD1 mouse", "TDP-43", None], [True, False, False]),
        ("a~.", ["a.b", "ab"], [True, False]),  # a text, no pattern
    ],
)
def test_what_is_met(text, cells, met):
    (one,) = parse_criteria(text)
    assert meets(pd.Series(cells), one).to_list() == met


def test_truth_is_written_in_lower_case():
    (one,) = parse_criteria("shown=false")
    assert meets(pd.Series([True, False, None], dtype="boolean"), one).to_list() == [
        False,
        True,
        False,
    ]


def test_a_cell_with_several_values_meets_each_of_them():
    field = Field(
        "sport", "list", "Sport", "", categories=(Category("rugby", "Rugby"),), delimiter=";"
    )
    (one,) = parse_criteria("sport=rugby")
    cells = pd.Series(["soccer;rugby", "soccer", None, "rugby_league"])
    assert meets(cells, one, field).to_list() == [True, False, False, False]


@pytest.mark.parametrize(
    ("criteria", "words"),
    [
        ("desing=rct", "there is no such column"),
        ("harms.finish=", "there is no such column"),
        ("cohorts.label=a", "there is no such column"),  # no table of studies
        ("design=trial", "'trial' is not a value of design"),
        ("design<3", "design holds no numbers"),
        ("design", "is not a condition"),
    ],
)
def test_the_check_names_the_cell(data, criteria, words):
    line = data.change("cautions", 2, criteria=criteria)
    (fault,) = data.faults()
    assert (fault.line, fault.column, fault.record) == (
        line,
        "criteria",
        "risk:human:other_explanations",
    )
    assert words in fault.message and fault.allowed
