"""Reviews against studies."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from layout import ODD_NAMES, assert_nothing_overlaps

from evidence.charts.citation_matrix import SIGNS, citation_matrix
from evidence.errors import UsageError


def matrix(
    reviews: int, studies: int, rows: list[str] | None = None, columns: list[str] | None = None
) -> pd.DataFrame:
    signs = list(SIGNS)
    return pd.DataFrame(
        [[signs[(i * 3 + j * 5 + i * j) % 4] for j in range(studies)] for i in range(reviews)],
        index=rows or [f"Reviewer {1900 + i}" for i in range(reviews)],
        columns=columns or [f"Author {1900 + i}" for i in range(studies)],
    )


def read(chart) -> dict[tuple[str, str], str]:
    return {
        tuple(row.split(", ")): label
        for row, label in zip(chart.marks["row"], chart.marks["label"], strict=True)
    }


def test_every_cell_has_its_sign(words):
    data = matrix(5, 7)
    chart = citation_matrix(data, words)
    assert read(chart) == {(a, b): SIGNS[data.at[a, b]] for a in data.index for b in data.columns}
    assert len(chart.marks) == 35


def test_signs_differ_by_shape_and_hatch_not_by_colour_alone(words):
    marks = citation_matrix(matrix(4, 4), words).marks
    look = marks.groupby("label")[["mark", "look", "size"]].first()
    assert look.loc["Included", "look"].startswith("#0072b2")
    assert look.loc["Not included", "look"].startswith("none")
    assert look.loc["Not included", "size"] < look.loc["Included", "size"]
    assert look.loc["Not known", "look"] == "#ffffff ////"
    assert look.loc["Review older than study", "look"] == "#ffffff xxxxx"


def test_many_studies_go_down_the_page(words):
    data = matrix(4, 60)
    chart = citation_matrix(data, words)
    assert read(chart) == {(b, a): SIGNS[data.at[a, b]] for a in data.index for b in data.columns}
    assert "studies go down, reviews across" in " ".join(
        text.get_text() for sub in chart.figure.subfigs for text in sub.texts
    )
    assert chart.data.shape == (4, 60)


def test_an_empty_cell_is_unknown(words):
    data = matrix(2, 2)
    data.iat[0, 0] = np.nan
    assert read(citation_matrix(data, words))[("Reviewer 1900", "Author 1900")] == "Not known"
    assert (
        "not known 4"
        in citation_matrix(pd.DataFrame(np.nan, index=["a", "b"], columns=["c", "d"]), words).text
    )


def test_counts_stand_in_notes_and_alt_text(words):
    data = matrix(5, 7)
    chart = citation_matrix(data, words)
    for word, label in SIGNS.items():
        n = int((data == word).to_numpy().sum())
        assert f"{label.lower()} {n}" in chart.alt and f"{label.lower()} {n}" in chart.notes[0]
    never = int((~(data == "included").any()).sum())
    assert f"In no review here: {never} " in chart.notes[1]


def test_a_changed_cell_changes_the_text(words):
    before, after = matrix(4, 4), matrix(4, 4)
    after.iat[1, 1] = "included" if before.iat[1, 1] != "included" else "unknown"
    assert citation_matrix(before, words).text != citation_matrix(after, words).text


@pytest.mark.parametrize("shape", [(1, 1), (3, 3), (30, 26), (18, 60), (150, 20), (20, 150)])
def test_any_shape(words, shape):
    assert_nothing_overlaps(citation_matrix(matrix(*shape), words))


def test_layout_and_odd_names(words, size):
    assert_nothing_overlaps(citation_matrix(matrix(18, 60), words, size=size))
    assert_nothing_overlaps(citation_matrix(matrix(8, 8, ODD_NAMES, ODD_NAMES), words, size=size))


def test_wrong_use_has_one_message(words):
    with pytest.raises(UsageError, match="nothing to draw"):
        citation_matrix(pd.DataFrame(), words)
    with pytest.raises(
        UsageError,
        match="a cell holds 'maybe'; allowed: included, not_included, unknown, impossible",
    ):
        citation_matrix(matrix(2, 2).replace("included", "maybe"), words)
    with pytest.raises(UsageError, match="150 reviews by 150 studies do not fit"):
        citation_matrix(matrix(150, 150), words)


def test_on_given_axes(words):
    from matplotlib.figure import Figure

    ax = Figure(figsize=(6, 4)).add_subplot()
    assert citation_matrix(matrix(3, 3), words, ax=ax).figure is ax.figure


def test_same_bytes(words, assert_same_bytes):
    assert_same_bytes(lambda: citation_matrix(matrix(4, 4), words))
